/* Settings, catalogue, planning and the demonstration data, on each engine: CAT-1 to CAT-4, PLA-1 to PLA-6, VIS-1. */
#include "contract/service_stage.h"

#include "base/limits.h"
#include "service/catalogue.h"
#include "service/demo.h"
#include "service/planning.h"
#include "service/settings.h"

static const struct caller reader_fr = {.lang = LANG_FR}, reader_en = {.lang = LANG_EN};

static day_number day(int year, int month, int d)
{
    return day_of((struct date){year, month, d});
}

/* Seeding takes a moment, so that several checks share one seeded database: those of one theme, which only read. */
static void seed(struct stage *stage, struct demo_options options)
{
    bool seeded = false;
    stage_ok(demo_seed(&stage->service, options, &seeded, &fault));
    assert_true(seeded);
}

static struct planning month(struct stage *stage, const char *slug, day_number from, day_number to, int persons)
{
    struct planning planning = {0};
    struct planning_range range = {
        .slug = str_of(slug), .from = from, .to = to, .group = {.persons = persons, .audience = AUDIENCE_ADULTS}};
    stage_ok(planning_read(&stage->service, stage->arena, &reader_fr, range, &planning, &fault));
    return planning;
}

static size_t found(struct stage *stage, struct catalogue_filter filter, struct monument_list *ret_list)
{
    stage_ok(catalogue_search(&stage->service, stage->arena, filter, ret_list, &fault));
    return ret_list->n;
}

static bool has_slug(const struct monument_list *list, const char *slug)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->p[i].slug, str_of(slug)))
            return true;
    return false;
}

/* ---- the seed ---- */

static void seed_is_whole(struct stage *stage)
{
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM monument"), 101);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM monument WHERE sale_mode = 'group-slots'"), 4);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM monument WHERE sale_mode = 'dated'"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM group_rule"), 5);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM legal_text"), 6);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM monument WHERE contact_email NOT LIKE '%.example'"), 0);
    /* every monument has both rates */
    assert_int_equal(stage_number(stage, "SELECT count(DISTINCT monument_id) FROM tariff WHERE code = 'group'"), 101);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM person WHERE verified_at IS NULL"), 0);
    /* the two accounts have their placeholders */
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM leader WHERE placeholder = 1"), 4);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM public_email"), 3);
    assert_true(stage_number(stage, "SELECT count(*) FROM slot") > 30000);
}

/* PLA-4: what is taken is what live visits and bookings by telephone hold, and every option is legal. */
static void seed_keeps_the_invariants(struct stage *stage)
{
    assert_true(stage_number(stage, "SELECT count(*) FROM visit") > 40);
    assert_int_equal(
        stage_number(stage, "SELECT count(*) FROM slot s WHERE s.taken <> COALESCE((SELECT CAST(SUM(v.persons) AS "
                            "BIGINT) FROM visit v WHERE v.monument_id = s.monument_id AND v.start_at = s.start_at AND "
                            "v.state IN ('option', 'cart', 'confirmed')), 0) + COALESCE((SELECT CAST(SUM(b.persons) AS "
                            "BIGINT) FROM phone_booking b WHERE b.monument_id = s.monument_id AND b.start_at = "
                            "s.start_at AND b.cancelled_at IS NULL), 0)"),
        0);
    assert_int_equal(
        stage_number(stage, "SELECT count(*) FROM visit v JOIN group_rule r ON r.monument_id = v.monument_id WHERE "
                            "r.option_days IS NULL OR v.ends_at > v.start_at OR v.ends_at - v.placed_at > "
                            "r.option_days * 86400 + 3600 OR v.persons > r.max_persons OR v.persons < r.min_persons"),
        0);
    /* options of other customers are not past their end, and there are full slots because of them */
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option' AND ends_at <= 1795000000"), 0);
    assert_true(stage_number(stage, "SELECT count(*) FROM slot WHERE taken = capacity AND capacity > 20") > 5);
}

static void seed_is_idempotent(struct stage *stage)
{
    int64_t slots = stage_number(stage, "SELECT count(*) FROM slot");
    int64_t taken = stage_number(stage, "SELECT CAST(SUM(taken) AS BIGINT) FROM slot");
    bool seeded = true;
    stage_ok(demo_seed(&stage->service, (struct demo_options){.seed = 9}, &seeded, &fault));
    assert_false(seeded);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot"), slots);
    assert_int_equal(stage_number(stage, "SELECT CAST(SUM(taken) AS BIGINT) FROM slot"), taken);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 7);
}

/* ---- settings and legal texts ---- */

static void settings_have_defaults_that_a_row_overrides(struct stage *stage)
{
    struct settings settings;
    stage_ok(settings_load(&stage->service, stage->arena, &settings, &fault));
    assert_int_equal(settings.cart_hold_minutes, 20);
    assert_int_equal(settings.ticket_validity_years, 3);
    assert_int_equal(settings.leader_free_above, 20);
    assert_true(str_eq(settings.contact_groups, S("billetterie.reservations-groupes@monuments-nationaux.fr")));
    assert_true(str_eq(settings.contact_lectures, S("visites-conferences@monuments-nationaux.fr")));
    assert_int_equal(settings.zone.summer_offset, 7200);

    stage_ok(settings_put(&stage->service, stage->arena, S("cart.hold_minutes"), S("5"), &fault));
    stage_ok(settings_put(&stage->service, stage->arena, S("cart.hold_minutes"), S("7"), &fault));
    stage_ok(settings_load(&stage->service, stage->arena, &settings, &fault));
    assert_int_equal(settings.cart_hold_minutes, 7);
    stage_ok(settings_put(&stage->service, stage->arena, S("cart.hold_minutes"), S("20"), &fault));

    static const struct {
        const char *key, *value;
    } bad[] = {{"cart.hold_minutes", "0"}, {"cart.hold_minutes", "1441"}, {"cart.hold_minutes", "x"},
               {"cart.hold_minutes", ""},  {"zone", "nowhere"},           {"no.such", "1"}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(settings_put(&stage->service, stage->arena, str_of(bad[i].key), str_of(bad[i].value), NULL),
                         ERR_INPUT);
    stage_ok(settings_load(&stage->service, stage->arena, &settings, &fault));
    assert_int_equal(settings.cart_hold_minutes, 20);
}

struct legal_ask {
    enum legal_kind kind;
    enum lang lang;
    instant at;
    struct legal_text text;
};

static enum err legal_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct legal_ask *ask = argument;
    enum err err = legal_text_current(db, arena, ask->kind, ask->lang, ask->at, &ask->text, fault);
    return err == OK ? legal_text_of_version(db, arena, ask->kind, ask->lang, ask->text.version, &ask->text, fault)
                     : err;
}

static void legal_texts_are_versioned(struct stage *stage)
{
    struct legal_ask ask = {.kind = LEGAL_TERMS, .lang = LANG_FR, .at = stage->now};
    stage_ok(service_read(&stage->service, stage->arena, legal_read, &ask, &fault));
    assert_true(str_eq(ask.text.version, S("2026-11")));
    assert_true(str_has(ask.text.body, S("ni remboursables ni échangeables")));
    ask = (struct legal_ask){.kind = LEGAL_TERMS, .lang = LANG_EN, .at = stage->now};
    stage_ok(service_read(&stage->service, stage->arena, legal_read, &ask, &fault));
    assert_true(str_has(ask.text.body, S("neither refundable nor exchangeable")));
    ask.at = 0;
    assert_int_equal(service_read(&stage->service, stage->arena, legal_read, &ask, NULL), ERR_NOT_FOUND);
}

/* ---- catalogue ---- */

static void search_folds_and_joins_words(struct stage *stage)
{
    struct monument_list list;
    assert_int_equal(found(stage, (struct catalogue_filter){0}, &list), 101);
    for (size_t i = 1; i < list.n; i++)
        assert_true(str_cmp(list.p[i - 1].search_text, list.p[i].search_text) <= 0);

    size_t castles = found(stage, (struct catalogue_filter){.text = S("chateau")}, &list);
    assert_true(castles >= 30 && castles < 101);
    assert_true(has_slug(&list, "chateau-de-vincennes"));
    struct monument_list same;
    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("  CHÂTEAU ")}, &same), castles);

    /* «Île» begins a word of the region and is not found inside «Versailles» or «Bastille» */
    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("Île")}, &list), 19);
    for (size_t i = 0; i < list.n; i++)
        assert_true(str_eq(list.p[i].region, S("Île-de-France")));

    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("l'arc de triomphe")}, &list), 1);
    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("chapelle paris")}, &list), 2);
    assert_true(has_slug(&list, "sainte-chapelle"));
    assert_true(found(stage, (struct catalogue_filter){.text = S("castle")}, &list) >= 30);
    /* signs of LIKE are letters here */
    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("%%")}, &list), 0);
    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("par_s")}, &list), 0);
    assert_int_equal(found(stage, (struct catalogue_filter){.text = S("nulle part")}, &list), 0);
}

static void filters_agree_with_facets(struct stage *stage)
{
    struct catalogue_facets facets;
    stage_ok(catalogue_facets(&stage->service, stage->arena, &facets, &fault));
    assert_int_equal(facets.regions.n, 12);
    /* alphabetical for a reader: Île-de-France before Normandie */
    assert_true(str_eq(facets.regions.p[0].value, S("Auvergne-Rhône-Alpes")));
    assert_true(str_eq(facets.regions.p[6].value, S("Île-de-France")));
    assert_true(str_eq(facets.kinds.p[0].value, S("château")) && facets.kinds.p[0].count == 30);
    assert_int_equal(facets.modes.n, 3);
    assert_true(str_eq(facets.modes.p[0].value, S("group-slots")) && facets.modes.p[0].count == 4);

    struct monument_list list;
    size_t sum = 0;
    for (size_t i = 0; i < facets.regions.n; i++) {
        size_t n = found(stage, (struct catalogue_filter){.region = facets.regions.p[i].value}, &list);
        assert_int_equal(n, facets.regions.p[i].count);
        sum += n;
    }
    assert_int_equal(sum, 101);
    struct catalogue_filter slots = {.has_mode = true, .mode = SALE_GROUP_SLOTS, .kind = S("palais")};
    assert_int_equal(found(stage, slots, &list), 1);
    assert_true(has_slug(&list, "conciergerie"));
}

static void monument_page_has_rule_and_prices(struct stage *stage)
{
    struct monument_page page;
    stage_ok(catalogue_monument(&stage->service, stage->arena, S("conciergerie"), day(2026, 11, 18), &page, &fault));
    assert_true(page.monument.has_rule);
    assert_int_equal(page.monument.rule.min_persons, 8);
    assert_true(page.monument.rule.guide_waives_minimum);
    assert_int_equal(page.monument.rule.max_persons, 26);
    assert_int_equal(page.monument.rule.option_days, 60);
    assert_int_equal(page.monument.latitude_e4, 488560);
    assert_int_equal(page.tariffs.n, 2);
    assert_int_equal(page.announced.n, 2);
    const struct tariff *tariff = tariff_for(page.tariffs.p, page.tariffs.n, AUDIENCE_ADULTS, 20, page.day);
    assert_non_null(tariff);
    assert_int_equal(tariff->amount.v, 1100);
    assert_int_equal(page.opening.why, CLOSED_NOT);
    assert_true(str_eq(monument_kind_name(page.monument.kind, LANG_EN), S("palace")));

    stage_ok(catalogue_monument(&stage->service, stage->arena, S("conciergerie"), day(2027, 4, 1), &page, &fault));
    tariff = tariff_for(page.tariffs.p, page.tariffs.n, AUDIENCE_ADULTS, 20, page.day);
    assert_int_equal(tariff->amount.v, 1200);
    stage_ok(catalogue_monument(&stage->service, stage->arena, S("conciergerie"), day(2027, 5, 1), &page, &fault));
    assert_int_equal(page.opening.why, CLOSED_DATE);

    assert_int_equal(catalogue_monument(&stage->service, stage->arena, S("nulle-part"), 0, &page, NULL),
                     ERR_NOT_FOUND);
}

static void manual_has_every_monument_with_prices(struct stage *stage)
{
    struct monument_page_list list;
    stage_ok(catalogue_all(&stage->service, stage->arena, day(2026, 11, 18), &list, &fault));
    assert_int_equal(list.n, 101);
    for (size_t i = 0; i < list.n; i++) {
        assert_true(list.p[i].hours_known);
        size_t expected = str_eq(list.p[i].monument.slug, S("arc-de-triomphe")) ? 4 : 2;
        assert_int_equal(list.p[i].tariffs.n, expected);
    }
    /* By region and name as people read them: «Île-de-France» stands among the I, not behind the Z. */
    for (size_t i = 1; i < list.n; i++) {
        const struct monument *before = &list.p[i - 1].monument, *after = &list.p[i].monument;
        int order = str_cmp(str_fold(stage->arena, before->region), str_fold(stage->arena, after->region));
        if (order > 0 || (order == 0 && str_cmp(before->search_text, after->search_text) > 0))
            fail_msg("%.*s stands before %.*s", STR_ARG(before->name), STR_ARG(after->name));
    }
}

/* ---- planning ---- */

static void month_shows_every_state(struct stage *stage)
{
    int count[SLOT_STATES] = {0};
    size_t slots = 0;
    for (int m = 11; m <= 27; m++) {
        day_number first = day(2026 + (m - 1) / 12, (m - 1) % 12 + 1, 1);
        struct planning planning =
            month(stage, "sainte-chapelle", first, day_add_months(first, 1) - 1, 26);
        slots += planning.slots.n;
        size_t in_days = 0;
        for (size_t i = 0; i < planning.days.n; i++) {
            in_days += planning.days.p[i].slots.n;
            for (size_t s = 0; s < SLOT_STATES; s++)
                count[s] += planning.days.p[i].count[s];
        }
        assert_int_equal(in_days, planning.slots.n);
    }
    assert_true(slots > 7000);
    for (size_t s = 0; s < SLOT_STATES; s++)
        if (count[s] == 0)
            fail_msg("no slot is %s", slot_state_name((enum slot_state)s));
}

static void month_of_one_query_is_whole(struct stage *stage)
{
    struct planning july = month(stage, "arc-de-triomphe", day(2027, 7, 1), day(2027, 7, 31), 25);
    assert_int_equal(july.days.n, 31);
    assert_int_equal(july.slots.n, 31 * 25);
    assert_int_equal(july.verdict, REFUSED_NOT);
    assert_int_equal(july.first, day(2026, 11, 18));
    assert_true(july.last > day(2028, 2, 1));
    assert_int_equal(july.slots.p[0].minute, 600);
    assert_int_equal(july.slots.p[24].minute, 22 * 60);
    for (size_t i = 0; i < july.slots.n; i++) {
        const struct planning_slot *slot = &july.slots.p[i];
        assert_int_equal(slot->can_cart, slot->state == SLOT_FREE);
        assert_int_equal(slot->can_option, slot->can_cart);
        if (slot->can_option) /* 30 days from now come before the summer */
            assert_int_equal(slot->option_end, stage->now + 30 * 86400);
        assert_int_equal(slot->closed.n > 0, slot->state == SLOT_CLOSED);
    }
    /* the parade closes the morning of 14 July */
    assert_int_equal(july.days.p[13].slots.p[0].state, SLOT_CLOSED);
    assert_true(str_eq(july.days.p[13].slots.p[0].closed, S("Défilé du 14 juillet")));

    assert_int_equal(planning_read(&stage->service, stage->arena, &reader_fr,
                                   (struct planning_range){.slug = S("conciergerie"), .from = 10, .to = 9}, &july,
                                   NULL),
                     ERR_INPUT);
    assert_int_equal(planning_read(&stage->service, stage->arena, &reader_fr,
                                   (struct planning_range){.slug = S("conciergerie"), .from = 0, .to = PLANNING_DAYS},
                                   &july, NULL),
                     ERR_INPUT);
}

static void closing_days_say_why(struct stage *stage)
{
    struct planning planning = month(stage, "sainte-chapelle", day(2026, 12, 24), day(2027, 1, 2), 10);
    assert_int_equal(planning.days.n, 10);
    const struct planning_day *christmas = &planning.days.p[1];
    assert_int_equal(christmas->slots.n, 0);
    assert_int_equal(christmas->best, SLOT_CLOSED);
    assert_int_equal(christmas->why, CLOSED_DATE);
    assert_true(planning.days.p[2].slots.n > 0);
    assert_int_equal(planning.days.p[2].why, CLOSED_NOT);
}

/* The reason is in the reader's language. */
static void reasons_are_translated(struct stage *stage)
{
    struct planning planning;
    struct planning_range range = {.slug = S("conciergerie"), .from = day(2026, 12, 8), .to = day(2026, 12, 8)};
    stage_ok(planning_read(&stage->service, stage->arena, &reader_en, range, &planning, &fault));
    assert_int_equal(planning.slots.p[0].state, SLOT_CLOSED);
    assert_true(str_eq(planning.slots.p[0].closed, S("Film shooting")));
    assert_int_equal(planning.slots.p[0].no_option, REFUSED_CLOSED);
}

static void daylight_saving_days_have_right_instants(struct stage *stage)
{
    static const struct {
        int year, month, day, hour_utc;
    } days[] = {{2027, 3, 27, 9}, {2027, 3, 28, 8}, {2027, 10, 30, 8}, {2027, 10, 31, 9}};
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        day_number d = day(days[i].year, days[i].month, days[i].day);
        struct planning planning = month(stage, "arc-de-triomphe", d, d, 10);
        assert_true(planning.slots.n == 24 || planning.slots.n == 25);
        assert_int_equal(planning.slots.p[0].minute, 600);
        assert_int_equal(planning.slots.p[0].start, (instant)d * 86400 + days[i].hour_utc * 3600);
        for (size_t s = 1; s < planning.slots.n; s++)
            assert_int_equal(planning.slots.p[s].start - planning.slots.p[s - 1].start, 1800);
    }
}

static void sales_open_on_the_first_of_the_month(struct stage *stage)
{
    day_number last = day(2027, 11, 30), next = day(2027, 12, 1);
    struct planning planning = month(stage, "conciergerie", last, next, 10);
    assert_int_equal(planning.days.p[0].count[SLOT_NOT_ON_SALE], 0);
    assert_true(planning.days.p[1].count[SLOT_NOT_ON_SALE] > 0);
    assert_int_equal(planning.days.p[1].count[SLOT_FREE], 0);
    instant opening = instant_of(&stage->service.zone, day(2026, 12, 1), 540);
    assert_int_equal(planning.days.p[1].slots.p[0].on_sale_from, opening);

    stage->now = opening;
    planning = month(stage, "conciergerie", next, next, 10);
    stage->now = 1795000000;
    assert_int_equal(planning.days.p[0].count[SLOT_NOT_ON_SALE], 0);
    assert_true(planning.days.p[0].count[SLOT_FREE] > 0);
}

/* PLA-2, PLA-3, VIS-1: the number and the kind of group drive the verdict. */
static void verdict_follows_the_group(struct stage *stage)
{
    static const struct {
        const char *slug;
        struct planning_group group;
        enum refusal verdict;
        bool guide_helps;
    } cases[] = {
        {"arc-de-triomphe", {6, AUDIENCE_ADULTS, false}, REFUSED_BELOW_MINIMUM, false},
        {"arc-de-triomphe", {6, AUDIENCE_ADULTS, true}, REFUSED_BELOW_MINIMUM, false},
        {"arc-de-triomphe", {7, AUDIENCE_ADULTS, false}, REFUSED_NOT, false},
        {"arc-de-triomphe", {35, AUDIENCE_ADULTS, false}, REFUSED_NOT, false},
        {"arc-de-triomphe", {36, AUDIENCE_ADULTS, false}, REFUSED_ABOVE_MAXIMUM, false},
        {"arc-de-triomphe", {30, AUDIENCE_SCHOOL, false}, REFUSED_NOT, false},
        {"conciergerie", {7, AUDIENCE_ADULTS, false}, REFUSED_BELOW_MINIMUM, true},
        {"conciergerie", {1, AUDIENCE_ADULTS, true}, REFUSED_NOT, false},
        {"sainte-chapelle", {27, AUDIENCE_ADULTS, true}, REFUSED_ABOVE_MAXIMUM, false},
        {"sainte-chapelle", {75, AUDIENCE_ADULTS, true}, REFUSED_ABOVE_MAXIMUM, false},
        {"sainte-chapelle", {20, AUDIENCE_SPECIAL, false}, REFUSED_SCHOOL_ELSEWHERE, false},
        {"chateau-de-vincennes", {0, AUDIENCE_ADULTS, false}, REFUSED_NOT, false},
        {"chateau-angers", {20, AUDIENCE_ADULTS, false}, REFUSED_NOT_SOLD_SO, false},
    };
    day_number d = day(2026, 12, 3);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct planning planning;
        struct planning_range range = {.slug = str_of(cases[i].slug), .from = d, .to = d, .group = cases[i].group};
        stage_ok(planning_read(&stage->service, stage->arena, &reader_fr, range, &planning, &fault));
        if (planning.verdict != cases[i].verdict || planning.guide_helps != cases[i].guide_helps)
            fail_msg("case %zu: verdict %d", i, (int)planning.verdict);
        for (size_t s = 0; s < planning.slots.n; s++)
            assert_int_equal(planning.slots.p[s].can_cart,
                             planning.verdict == REFUSED_NOT && planning.slots.p[s].state == SLOT_FREE);
        /* Above the maximum the planning does not just say «complet» (PLA-2). */
        if (planning.verdict == REFUSED_ABOVE_MAXIMUM)
            assert_true(planning.days.p[0].count[SLOT_FREE] > 0);
        if (planning.verdict == REFUSED_SCHOOL_ELSEWHERE)
            assert_true(str_eq(planning.monument.contact_email,
                               S("reservation.sainte-chapelle@monuments.example")));
    }
}

/* OPT-1, VIS-1: what may be held without payment. */
static void options_follow_the_rules(struct stage *stage)
{
    day_number d = day(2027, 2, 4);
    struct planning planning = month(stage, "chateau-de-vincennes", d, d, 20);
    for (size_t i = 0; i < planning.slots.n; i++) {
        assert_false(planning.slots.p[i].can_option);
        if (planning.slots.p[i].state == SLOT_FREE)
            assert_int_equal(planning.slots.p[i].no_option, REFUSED_NO_OPTION_HERE);
    }
    struct planning_range school = {
        .slug = S("arc-de-triomphe"), .from = d, .to = d, .group = {.persons = 30, .audience = AUDIENCE_SCHOOL}};
    stage_ok(planning_read(&stage->service, stage->arena, &reader_fr, school, &planning, &fault));
    assert_true(planning.days.p[0].count[SLOT_FREE] > 0);
    for (size_t i = 0; i < planning.slots.n; i++)
        if (planning.slots.p[i].can_cart)
            assert_int_equal(planning.slots.p[i].no_option, REFUSED_NO_OPTION_SCHOOL);
    /* the day before at 18:00 has passed: to be paid, not held */
    stage->now = instant_of(&stage->service.zone, d - 1, 18 * 60);
    planning = month(stage, "sainte-chapelle", d, d, 20);
    stage->now = 1795000000;
    assert_true(planning.days.p[0].count[SLOT_FREE] > 0);
    for (size_t i = 0; i < planning.slots.n; i++)
        if (planning.slots.p[i].can_cart)
            assert_int_equal(planning.slots.p[i].no_option, REFUSED_OPTION_TOO_LATE);
}

static void nearest_slots_are_offered(struct stage *stage)
{
    /* closed all day: the nearest are on both sides of it */
    day_number d = day(2026, 12, 25);
    struct planning planning = month(stage, "conciergerie", d, d, 26);
    assert_int_equal(planning.slots.n, 0);
    assert_int_equal(planning.next.n, PLANNING_NEXT);
    for (size_t i = 0; i < planning.next.n; i++) {
        assert_true(planning.next.p[i].can_cart);
        assert_true(planning.next.p[i].left >= 26);
        assert_true(planning.next.p[i].day >= d - 1 && planning.next.p[i].day <= d + 1);
        assert_true(i == 0 || planning.next.p[i - 1].start < planning.next.p[i].start);
    }
    /* nothing is offered where something is free, nor to whom may not book */
    assert_int_equal(month(stage, "conciergerie", day(2026, 12, 10), day(2026, 12, 12), 10).next.n, 0);
    assert_int_equal(month(stage, "conciergerie", d, d, 2).next.n, 0);
    /* one slot that is closed: the nearest to it are of the same day */
    instant start = instant_of(&stage->service.zone, day(2026, 12, 8), 12 * 60 + 30);
    stage_ok(planning_slot_read(&stage->service, stage->arena, &reader_fr, S("conciergerie"), start,
                                (struct planning_group){.persons = 10}, &planning, &fault));
    assert_int_equal(planning.slots.n, 1);
    assert_int_equal(planning.slots.p[0].state, SLOT_CLOSED);
    assert_int_equal(planning.next.n, PLANNING_NEXT);
    assert_true(planning.next.p[0].day == day(2026, 12, 8));
    assert_int_equal(planning_slot_read(&stage->service, stage->arena, &reader_fr, S("conciergerie"), start + 1,
                                        (struct planning_group){.persons = 10}, &planning, NULL),
                     ERR_NOT_FOUND);
}

/* Carcassonne sells days; the day's ticket is sold until shortly before closing. */
static void dated_monument_has_days(struct stage *stage)
{
    day_number first = day(2027, 6, 1);
    struct planning planning = month(stage, "carcassonne", first, first + 29, 40);
    assert_int_equal(planning.slots.n, 30);
    for (size_t i = 0; i < planning.slots.n; i++) {
        assert_true(planning.slots.p[i].whole_day);
        assert_int_equal(planning.slots.p[i].minutes, 510);
        assert_false(planning.slots.p[i].can_option);
    }
    stage->now = planning.slots.p[2].start + 3600;
    struct planning later = month(stage, "carcassonne", first, first + 29, 1);
    stage->now = 1795000000;
    assert_int_equal(later.slots.p[1].state, SLOT_PAST);
    assert_int_not_equal(later.slots.p[2].state, SLOT_PAST);
}

/* ---- splitting ---- */

static struct split_proposal split(struct stage *stage, const char *slug, day_number d, int persons, int from, int to,
                                   enum audience audience)
{
    struct split_proposal proposal = {0};
    struct split_window window = {.slug = str_of(slug), .day = d, .from_minute = from * 60, .to_minute = to * 60,
                                  .group = {.persons = persons, .audience = audience}};
    stage_ok(planning_split(&stage->service, stage->arena, &reader_fr, window, &proposal, &fault));
    return proposal;
}

static void large_group_is_split(struct stage *stage)
{
    /* PLA-5: 75 persons between 10:00 and 15:00 */
    day_number d = day(2026, 12, 10);
    struct split_proposal p = split(stage, "sainte-chapelle", d, 75, 10, 15, AUDIENCE_ADULTS);
    assert_int_equal(p.refusal, REFUSED_NOT);
    assert_int_equal(p.count, 3);
    assert_true(p.can_option);
    for (size_t i = 0; i < p.count; i++) {
        assert_int_equal(p.shares[i].persons, 25);
        assert_true(p.shares[i].slot.left >= 25);
        assert_int_equal(p.shares[i].slot.day, d);
        assert_true(p.shares[i].slot.minute >= 600 && p.shares[i].slot.minute <= 900);
        assert_true(i == 0 || p.shares[i - 1].slot.start < p.shares[i].slot.start);
        assert_true(p.option_end <= p.shares[i].slot.option_end);
    }
    p = split(stage, "chateau-de-vincennes", day(2027, 2, 4), 75, 9, 18, AUDIENCE_ADULTS);
    assert_int_equal(p.count, 3);
    assert_false(p.can_option);
    assert_int_equal(p.no_option, REFUSED_NO_OPTION_HERE);
    assert_int_equal(p.option_end, 0);

    p = split(stage, "sainte-chapelle", d, 75, 10, 10, AUDIENCE_ADULTS);
    assert_int_equal(p.refusal, REFUSED_NO_SPLIT);
    assert_true(p.largest <= 26);
    assert_int_equal(split(stage, "sainte-chapelle", d, 0, 10, 15, AUDIENCE_ADULTS).refusal, REFUSED_NUMBER);
    assert_int_equal(split(stage, "sainte-chapelle", d, LIMIT_VISIT_PERSONS + 1, 10, 15, AUDIENCE_ADULTS).refusal,
                     REFUSED_NUMBER);
    assert_int_equal(split(stage, "sainte-chapelle", d, 5, 10, 15, AUDIENCE_ADULTS).refusal, REFUSED_BELOW_MINIMUM);
    assert_int_equal(split(stage, "sainte-chapelle", d, 75, 10, 15, AUDIENCE_SCHOOL).refusal,
                     REFUSED_SCHOOL_ELSEWHERE);
    assert_int_equal(split(stage, "chateau-angers", d, 75, 10, 15, AUDIENCE_ADULTS).refusal, REFUSED_NOT_SOLD_SO);
    /* nothing is sold on a day that is past */
    assert_int_equal(split(stage, "sainte-chapelle", day(2026, 11, 10), 75, 10, 15, AUDIENCE_ADULTS).refusal,
                     REFUSED_NO_SPLIT);
}

/* ---- on each engine ---- */

STAGED(demonstration)
{
    seed(stage, (struct demo_options){0});
    seed_is_whole(stage);
    seed_keeps_the_invariants(stage);
    seed_is_idempotent(stage);
}

/* The quiet seed of tests: nobody else holds places. */
STAGED(quiet_demonstration)
{
    seed(stage, (struct demo_options){.quiet = true, .months = 1});
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit"), 0);
    assert_int_equal(stage_number(stage, "SELECT CAST(SUM(taken) AS BIGINT) FROM slot"), 0);
}

/* A seed that fails leaves nothing behind, and can be run again. */
STAGED_FAULTY(demonstration_that_fails)
{
    struct fail_plan *plan = &stage->test->plan;
    static const struct {
        enum fail_operation operation;
        int64_t nth;
        enum err err;
    } faults[] = {{FAIL_START, 400, ERR_DB}, {FAIL_START, 1500, ERR_DB}, {FAIL_COMMIT, 2, ERR_DB}};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        bool seeded = false;
        plan->operation = faults[i].operation;
        plan->nth = faults[i].nth;
        plan->err = faults[i].err;
        plan->seen = 0;
        if (demo_seed(&stage->service, (struct demo_options){.months = 1}, &seeded, NULL) == OK)
            fail_msg("fault %zu was not met", i);
        assert_false(seeded);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM monument"), 0);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM legal_text"), 0);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM person"), 0);
    }
    plan->operation = FAIL_NOTHING;
    seed(stage, (struct demo_options){.months = 1});
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM monument"), 101);
}

STAGED(settings_and_texts)
{
    seed(stage, (struct demo_options){.months = 1});
    settings_have_defaults_that_a_row_overrides(stage);
    legal_texts_are_versioned(stage);
}

STAGED(catalogue)
{
    seed(stage, (struct demo_options){.months = 1});
    search_folds_and_joins_words(stage);
    filters_agree_with_facets(stage);
    monument_page_has_rule_and_prices(stage);
    manual_has_every_monument_with_prices(stage);
}

STAGED(planning)
{
    seed(stage, (struct demo_options){0});
    month_shows_every_state(stage);
    month_of_one_query_is_whole(stage);
    closing_days_say_why(stage);
    reasons_are_translated(stage);
    daylight_saving_days_have_right_instants(stage);
    sales_open_on_the_first_of_the_month(stage);
    dated_monument_has_days(stage);
}

STAGED(groups)
{
    seed(stage, (struct demo_options){.months = 3});
    verdict_follows_the_group(stage);
    options_follow_the_rules(stage);
    nearest_slots_are_offered(stage);
    large_group_is_split(stage);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(demonstration), staged_test(quiet_demonstration), staged_test(demonstration_that_fails),
        staged_test(settings_and_texts), staged_test(catalogue), staged_test(planning), staged_test(groups),
    };
    return ENGINES_MAIN(argc, argv, "planning", tests);
}
