/* A monument's own people at work, on each engine (OPS-2): bookings by telephone, prices, facts, rules, day sheet; and
 * the administrator's settings and texts. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/day_sheet.h"
#include "service/monument_work.h"
#include "service/network.h"
#include "service/phone_booking.h"
#include "service/pricing.h"

#define ROOM &stage->service, stage->arena

struct scene {
    struct buyer *buyer;
    struct worker manager, boss;
    const struct staff_caller *caller, *administrator;
    day_number today;
};

static struct scene open_scene(struct stage *stage)
{
    static const int64_t monuments[] = {1, 3};
    struct scene scene = {.buyer = open_shop(stage)};
    scene.manager = worker_of(stage, "m@network.example", ROLE_MONUMENT_MANAGER, monuments, 2);
    scene.boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    scene.today = service_day(&stage->service, stage->now);
    return scene;
}
#define SCENE                                                                                                        \
    struct scene scene = open_scene(stage);                                                                          \
    scene.caller = &scene.manager.head.caller;                                                                       \
    scene.administrator = &scene.boss.head.caller

/* ---- bookings by telephone ---- */

static struct phone_fields call(const struct scene *scene, int slot, int persons)
{
    return (struct phone_fields){.start = scene->buyer->slots + slot * HOUR, .persons = persons,
                                 .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING, .name = S("Mme Roche"),
                                 .phone = S("01 99 00 12 34"), .organisation = S("Amicale des anciens")};
}

static struct phone_answer book(struct stage *stage, struct scene *scene, struct phone_fields fields)
{
    struct phone_answer answer = {.fault = PHONE_REASON};
    stage_ok(phone_booking_add(ROOM, scene->caller, 1, &fields, new_key(stage, scene->buyer), &answer, &fault));
    return answer;
}

static struct phone_answer change(struct stage *stage, const struct scene *scene, int64_t id,
                                  struct phone_fields fields)
{
    struct phone_answer answer = {.fault = PHONE_REASON};
    stage_ok(phone_booking_change(ROOM, scene->caller, 1, id, &fields, &answer, &fault));
    return answer;
}

STAGED(a_call_takes_places_like_any_group)
{
    SCENE;
    struct phone_answer answer = book(stage, &scene, call(&scene, 0, 26));
    assert_int_equal(answer.fault, PHONE_GOOD);
    assert_int_equal(answer.refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, scene.buyer, 1, 0), 26);
    assert_healthy(stage);
    /* 50 places: 24 are left, for whoever comes, by whatever way. */
    answer = book(stage, &scene, call(&scene, 0, 25));
    assert_int_equal(answer.refusal, REFUSED_SHORT);
    assert_int_equal(answer.left, 24);
    assert_int_equal(hold_on(stage, scene.buyer, 1, 0, 25, true).refusal, REFUSED_SHORT);
    assert_int_equal(hold_on(stage, scene.buyer, 1, 0, 20, true).refusal, REFUSED_NOT);
    assert_int_equal(book(stage, &scene, call(&scene, 0, 5)).refusal, REFUSED_SHORT);
    assert_int_equal(book(stage, &scene, call(&scene, 0, 4)).refusal, REFUSED_NOT); /* the minimum does not bind */
    assert_int_equal(book(stage, &scene, call(&scene, 0, 1)).refusal, REFUSED_FULL);
    assert_int_equal(book(stage, &scene, call(&scene, 1, 27)).refusal, REFUSED_ABOVE_MAXIMUM);
    assert_int_equal(book(stage, &scene, call(&scene, 1, 0)).refusal, REFUSED_NUMBER);
    assert_int_equal(book(stage, &scene, call(&scene, 9, 5)).refusal, REFUSED_NO_SLOT);
    stage_script(stage, "UPDATE slot SET closed_fr = 'x', closed_en = 'y' WHERE taken = 0");
    assert_int_equal(book(stage, &scene, call(&scene, 1, 5)).refusal, REFUSED_CLOSED);
    assert_healthy(stage);
}

STAGED(the_same_form_twice_books_once)
{
    SCENE;
    struct phone_fields fields = call(&scene, 0, 10);
    struct phone_answer first, second;
    stage_ok(phone_booking_add(ROOM, scene.caller, 1, &fields, S("form"), &first, &fault));
    stage_ok(phone_booking_add(ROOM, scene.caller, 1, &fields, S("form"), &second, &fault));
    assert_int_equal(first.id, second.id);
    assert_int_equal(taken(stage, scene.buyer, 1, 0), 10);
}

STAGED(what_was_typed_is_looked_at)
{
    SCENE;
    struct phone_fields fields = call(&scene, 0, 10);
    fields.name = S(" ");
    assert_int_equal(book(stage, &scene, fields).fault, PHONE_NAME);
    fields = call(&scene, 0, 10);
    fields.phone = S("no number");
    assert_int_equal(book(stage, &scene, fields).fault, PHONE_NUMBER);
    fields = call(&scene, 0, 10);
    fields.email = S("somebody");
    assert_int_equal(book(stage, &scene, fields).fault, PHONE_EMAIL);
    assert_int_equal(taken(stage, scene.buyer, 1, 0), 0);
    /* A customer's address links the booking to them; their pages show nothing of it. */
    fields.email = S("A@horizon.example");
    fields.organisation = S("");
    struct phone_answer answer = book(stage, &scene, fields);
    struct phone_booking booking;
    stage_ok(phone_booking_read(ROOM, scene.caller, 1, answer.id, &booking, &fault));
    assert_int_equal(booking.organisation_id, scene.buyer->caller.organisation_id);
    assert_int_equal(booking.fields.organisation.n, 0); /* whose address it is, is not a monument's to know */
    assert_true(booking.has_price);
    assert_int_equal(booking.price.total.v, 10 * 1600);
    struct option_views options;
    stage_ok(place_options(ROOM, &scene.buyer->caller, &options, &fault));
    assert_int_equal(options.n, 0);
    struct order_rows orders;
    stage_ok(order_search(ROOM, &scene.buyer->caller, scene.today - 1, scene.today + 1, &orders, &fault));
    assert_int_equal(orders.n, 0);
    ASSERT_ERR(phone_booking_read(ROOM, scene.caller, 3, answer.id, &booking, NULL), ERR_NOT_FOUND);
}

STAGED(a_call_changes_and_ends)
{
    SCENE;
    int64_t id = book(stage, &scene, call(&scene, 0, 20)).id;
    assert_int_equal(book(stage, &scene, call(&scene, 1, 26)).refusal, REFUSED_NOT);
    assert_int_equal(change(stage, &scene, id, call(&scene, 0, 26)).refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, scene.buyer, 1, 0), 26);
    assert_int_equal(change(stage, &scene, id, call(&scene, 1, 25)).refusal, REFUSED_SHORT);
    assert_int_equal(taken(stage, scene.buyer, 1, 0), 26);
    assert_int_equal(change(stage, &scene, id, call(&scene, 1, 24)).refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, scene.buyer, 1, 0), 0);
    assert_int_equal(taken(stage, scene.buyer, 1, 1), 50);
    struct phone_answer answer;
    stage_ok(phone_booking_cancel(ROOM, scene.caller, 1, id, S("  "), &answer, &fault));
    assert_int_equal(answer.fault, PHONE_REASON);
    stage_ok(phone_booking_cancel(ROOM, scene.caller, 1, id, S("La cliente a rappelé"), &answer, &fault));
    assert_int_equal(answer.refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, scene.buyer, 1, 1), 26);
    stage_ok(phone_booking_cancel(ROOM, scene.caller, 1, id, S("Encore"), &answer, &fault));
    assert_int_equal(answer.refusal, REFUSED_ENDED);
    assert_int_equal(change(stage, &scene, id, call(&scene, 0, 5)).refusal, REFUSED_ENDED);
    assert_int_equal(taken(stage, scene.buyer, 1, 1), 26);
    assert_int_equal(
        stage_number(stage,
                     "SELECT count(*) FROM audit WHERE act = 'phone.cancel' AND reason = 'La cliente a rappelé'"),
        1);
    struct phone_lines lines;
    stage_ok(phone_booking_list(ROOM, scene.caller, 1, &lines, &fault));
    assert_int_equal(lines.n, 1);
    assert_healthy(stage);
}

STAGED_FAULTY(a_call_is_booked_whole_or_not)
{
    SCENE;
    for (int64_t nth = 1, spoilt = 0;; nth++, spoilt++) {
        struct phone_fields fields = call(&scene, 0, 1);
        struct phone_answer answer;
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        (void)phone_booking_add(ROOM, scene.caller, 1, &fields, new_key(stage, scene.buyer), &answer, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        assert_healthy(stage);
        if (reached)
            continue;
        assert_in_range(spoilt, 5, 1000);
        break;
    }
}

/* ---- the day sheet ---- */

STAGED(the_day_sheet_lists_who_comes)
{
    SCENE;
    struct place_result option = hold_on(stage, scene.buyer, 1, 0, 20, true);
    assert_int_equal(hold_on(stage, scene.buyer, 1, 0, 10, false).refusal, REFUSED_NOT); /* a cart is nobody yet */
    assert_int_equal(book(stage, &scene, call(&scene, 1, 12)).refusal, REFUSED_NOT);
    stage_ok(visit_needs_say(ROOM, &scene.buyer->caller, option.visit_id, S("Deux fauteuils roulants"), &fault));
    struct group own;
    stage_ok(visit_needs_read(ROOM, &scene.buyer->caller, option.visit_id, &own, &fault));
    assert_str(own.needs, "Deux fauteuils roulants");
    struct day_sheet sheet;
    day_number day = service_day(&stage->service, scene.buyer->slots);
    stage_ok(day_sheet_read(ROOM, scene.caller, 1, day, &sheet, &fault));
    assert_int_equal(sheet.groups, 2);
    assert_int_equal(sheet.persons, 32);
    assert_int_equal(sheet.slots.p[0].taken, 30);
    assert_int_equal(sheet.slots.p[0].groups.n, 1);
    assert_str(sheet.slots.p[0].groups.p[0].needs, "Deux fauteuils roulants");
    assert_int_equal(sheet.slots.p[1].groups.p[0].state, GROUP_PHONE);
    assert_str(sheet.slots.p[1].groups.p[0].contact, "Mme Roche");
    stage_ok(day_sheet_needs_put(ROOM, scene.caller, 1, option.visit_id, S("Trois"), &fault));
    struct group group;
    stage_ok(day_sheet_needs_read(ROOM, scene.caller, 1, option.visit_id, &group, &fault));
    assert_str(group.needs, "Trois");
    ASSERT_ERR(day_sheet_needs_put(ROOM, scene.caller, 3, option.visit_id, S("x"), NULL), ERR_NOT_FOUND);
    ASSERT_ERR(day_sheet_read(ROOM, scene.caller, 2, day, &sheet, NULL), ERR_NOT_FOUND);
    struct caller other = scene.buyer->caller;
    other.organisation_id += 1000;
    ASSERT_ERR(visit_needs_read(ROOM, &other, option.visit_id, &own, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(visit_needs_say(ROOM, &other, option.visit_id, S("x"), NULL), ERR_NOT_FOUND);
}

/* ---- prices ---- */

static enum price_fault price(struct stage *stage, const struct scene *scene, int from, int64_t amount)
{
    struct tariff tariff = {.code = S("full"), .audience = AUDIENCE_ADULTS, .min_persons = 1, .amount = {amount},
                            .vat_code = S("outside"), .valid_from = scene->today + from};
    enum price_fault wrong = PRICE_KIND;
    stage_ok(monument_price_add(ROOM, scene->caller, 1, &tariff, &wrong, &fault));
    return wrong;
}

static int64_t amount_on(struct stage *stage, const struct scene *scene, int day)
{
    return stage_number(
        stage,
        str_format(
            stage->arena,
            "SELECT COALESCE(sum(amount_cents), 0) FROM tariff WHERE monument_id = 1 AND code = 'full' AND "
            "valid_from <= %d AND "
            "(valid_to IS NULL OR valid_to >= %d)",
            scene->today + day, scene->today + day)
            .p);
}

STAGED(prices_follow_each_other_without_gap_or_overlap)
{
    SCENE;
    assert_int_equal(hold_on(stage, scene.buyer, 1, 0, 10, false).refusal, REFUSED_NOT);
    struct str ref = order_to_pay(stage, scene.buyer);
    pays(scene.buyer, "p1");
    assert_int_equal(notify(stage, "e1"), SETTLED_CONFIRMED);
    assert_int_equal(price(stage, &scene, 0, 1700), PRICE_FROM);
    assert_int_equal(price(stage, &scene, 10, 1700), PRICE_GOOD);
    assert_int_equal(price(stage, &scene, 10, 1800), PRICE_SAME_DAY);
    assert_int_equal(price(stage, &scene, 30, 1900), PRICE_GOOD);
    assert_int_equal(price(stage, &scene, 20, 1800), PRICE_GOOD);
    const int days[] = {0, 9, 10, 19, 20, 29, 30, 3000}, amounts[] = {1600, 1600, 1700, 1700, 1800, 1800, 1900, 1900};
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(amount_on(stage, &scene, days[i]), amounts[i]);
    assert_int_equal(order_now(stage, scene.buyer, ref).total.v, 16000); /* sold is sold */
    assert_healthy(stage);

    struct monument_prices prices;
    stage_ok(monument_prices_read(ROOM, scene.caller, 1, &prices, &fault));
    assert_false(prices.unsold);
    int64_t second = 0, first = 0;
    for (size_t i = 0; i < prices.rows.n; i++) {
        if (prices.rows.p[i].tariff.amount.v == 1800)
            second = prices.rows.p[i].id;
        if (prices.rows.p[i].tariff.amount.v == 1600)
            first = prices.rows.p[i].id;
    }
    enum price_fault wrong;
    stage_ok(monument_price_remove(ROOM, scene.caller, 1, first, &wrong, &fault));
    assert_int_equal(wrong, PRICE_RUNNING);
    stage_ok(monument_price_remove(ROOM, scene.caller, 1, second, &wrong, &fault));
    assert_int_equal(wrong, PRICE_GOOD);
    assert_int_equal(amount_on(stage, &scene, 25), 1700);
    stage_ok(monument_price_end(ROOM, scene.caller, 1, first, scene.today + 5, &wrong, &fault));
    assert_int_equal(wrong, PRICE_GOOD);
    assert_int_equal(amount_on(stage, &scene, 6), 0);
    stage_ok(monument_prices_read(ROOM, scene.caller, 1, &prices, &fault));
    int gaps = 0;
    for (size_t i = 0; i < prices.rows.n; i++)
        gaps += prices.rows.p[i].gap_after;
    assert_int_equal(gaps, 1); /* and the page says so */
    stage_ok(monument_price_end(ROOM, scene.caller, 1, first, scene.today - 1, &wrong, &fault));
    assert_int_equal(wrong, PRICE_TO);
    struct tariff bad = {.code = S("school"), .audience = AUDIENCE_ADULTS, .min_persons = 1, .vat_code = S("outside")};
    stage_ok(monument_price_add(ROOM, scene.caller, 1, &bad, &wrong, &fault));
    assert_int_equal(wrong, PRICE_KIND);
    bad = (struct tariff){.code = S("school"), .audience = AUDIENCE_SCHOOL, .min_persons = 1, .vat_code = S("none"),
                          .valid_from = scene.today};
    stage_ok(monument_price_add(ROOM, scene.caller, 1, &bad, &wrong, &fault));
    assert_int_equal(wrong, PRICE_VAT);
    bad.vat_code = S("outside");
    stage_ok(monument_price_add(ROOM, scene.caller, 1, &bad, &wrong, &fault));
    assert_int_equal(wrong, PRICE_GOOD); /* the first of its kind may begin today */
    ASSERT_ERR(monument_price_remove(ROOM, scene.caller, 3, second, &wrong, NULL), ERR_NOT_FOUND);
}

/* ---- facts and rules ---- */

STAGED(facts_are_looked_at_and_searched)
{
    SCENE;
    struct monument_work work;
    stage_ok(monument_work_read(ROOM, scene.caller, 1, &work, &fault));
    struct monument wish = work.monument;
    enum monument_fault wrong = MONUMENT_SLUG;
    stage_ok(monument_work_put(ROOM, scene.caller, &wish, true, &wrong, &fault));
    assert_int_equal(wrong, MONUMENT_DESCRIPTION_FR);
    wish.description_fr = S("Une chapelle.");
    wish.description_en = S("A chapel.");
    wish.name = S("Chapelle Saint-Éloi");
    wish.contact_phone = S("01 99 00 11 22");
    wish.hours_summer = S("09:00-18:00");
    wish.hours_winter = S("whenever");
    stage_ok(monument_work_put(ROOM, scene.caller, &wish, true, &wrong, &fault));
    assert_int_equal(wrong, MONUMENT_HOURS_WINTER);
    wish.hours_winter = S("closed");
    wish.closing_days = S("05-01,xyz");
    stage_ok(monument_work_put(ROOM, scene.caller, &wish, true, &wrong, &fault));
    assert_int_equal(wrong, MONUMENT_CLOSING);
    wish.closing_days = S("05-01");
    stage_ok(monument_work_put(ROOM, scene.caller, &wish, true, &wrong, &fault));
    assert_int_equal(wrong, MONUMENT_GOOD);
    struct monument_list found;
    stage_ok(catalogue_search(ROOM, (struct catalogue_filter){.text = S("eloi")}, &found, &fault));
    assert_int_equal(found.n, 1);
    stage_ok(monument_work_put(ROOM, scene.caller, &wish, false, &wrong, &fault));
    stage_ok(catalogue_search(ROOM, (struct catalogue_filter){.text = S("eloi")}, &found, &fault));
    assert_int_equal(found.n, 0);
    stage_ok(monument_work_read(ROOM, scene.caller, 1, &work, &fault)); /* its people still see it */
    assert_false(work.published);
    wish.id = 2;
    ASSERT_ERR(monument_work_put(ROOM, scene.caller, &wish, true, &wrong, NULL), ERR_NOT_FOUND);
    struct monument_lines lines;
    stage_ok(monument_work_list(ROOM, scene.caller, &lines, &fault));
    assert_int_equal(lines.n, 2);
    stage_ok(monument_work_list(ROOM, scene.administrator, &lines, &fault));
    assert_int_equal(lines.n, 3);
    int e4 = 0;
    assert_true(degrees_parse(S("-2.5"), &e4));
    assert_int_equal(e4, -25000);
    assert_str(degrees_text(stage->arena, -25000), "-2.5000");
    assert_false(degrees_parse(S("2,5"), &e4));
    assert_false(degrees_parse(S("2.12345"), &e4));
}

STAGED(rules_are_the_networks)
{
    SCENE;
    struct group_rule rule = {.min_persons = 10, .max_persons = 30, .has_option = true, .option_days = 14,
                              .confirm_days_before = 2, .confirm_minute = 720, .sales_close_minutes = 60};
    enum rule_fault wrong = RULE_MINIMUM;
    ASSERT_ERR(monument_rule_put(ROOM, scene.caller, 1, &rule, &wrong, NULL), ERR_REFUSED);
    stage_ok(monument_rule_put(ROOM, scene.administrator, 1, &rule, &wrong, &fault));
    assert_int_equal(wrong, RULE_GOOD);
    assert_int_equal(hold_on(stage, scene.buyer, 1, 0, 9, true).refusal, REFUSED_BELOW_MINIMUM);
    rule.max_persons = 9;
    stage_ok(monument_rule_put(ROOM, scene.administrator, 1, &rule, &wrong, &fault));
    assert_int_equal(wrong, RULE_MAXIMUM);
    rule.max_persons = 30;
    stage_ok(monument_rule_put(ROOM, scene.administrator, 3, &rule, &wrong, &fault));
    assert_int_equal(wrong, RULE_NOT_HERE);
    assert_int_equal(
        stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'monument.rule' AND was LIKE '8 to 26%'"), 1);
}

/* ---- the network ---- */

STAGED(settings_are_looked_at)
{
    SCENE;
    const struct {
        const char *key, *value;
        enum network_fault wrong;
    } cases[] = {
        {"cart.hold_minutes", "0", NETWORK_TYPE},  {"cart.hold_minutes", "25", NETWORK_GOOD},
        {"seller.iban", "FR76 1234", NETWORK_IBAN}, {"seller.siret", "1", NETWORK_SIRET},
        {"contact.groups", "nobody", NETWORK_EMAIL}, {"network.name_fr", " ", NETWORK_EMPTY},
        {"public_shop", "ftp://x", NETWORK_URL},    {"option.reminder_days", "a", NETWORK_TYPE},
        {"zone", "nowhere", NETWORK_TYPE},          {"seller.bic", "DEMOFRPP", NETWORK_GOOD},
        {"seller.country", "fr", NETWORK_GOOD},     {"seller.vat_number", "", NETWORK_GOOD},
    };
    enum network_fault wrong;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage_ok(network_setting_put(ROOM, scene.administrator, str_of(cases[i].key), str_of(cases[i].value), &wrong,
                                     &fault));
        assert_int_equal(wrong, cases[i].wrong);
    }
    struct settings settings;
    stage_ok(settings_load(ROOM, &settings, &fault));
    assert_int_equal(settings.cart_hold_minutes, 25);
    assert_int_equal(
        stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'setting.change' AND was = '20' AND became = '25'"),
        1);
    stage_ok(network_setting_reset(ROOM, scene.administrator, S("cart.hold_minutes"), &fault));
    stage_ok(settings_load(ROOM, &settings, &fault));
    assert_int_equal(settings.cart_hold_minutes, 20);
    ASSERT_ERR(network_setting_put(ROOM, scene.administrator, S("nothing"), S("1"), &wrong, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(network_setting_put(ROOM, scene.caller, S("cart.hold_minutes"), S("1"), &wrong, NULL), ERR_REFUSED);
}

STAGED(texts_have_versions)
{
    SCENE;
    struct network_text_new text = {.kind = LEGAL_TERMS, .version = S("v2"), .body_fr = S("Nouvelles"),
                                    .body_en = S("New"), .effective = scene.today + 10};
    enum network_fault wrong;
    stage_ok(network_text_add(ROOM, scene.administrator, &text, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_GOOD);
    struct legal_text now;
    stage_ok(legal_text_load(ROOM, LEGAL_TERMS, LANG_FR, stage->now, &now, &fault));
    assert_str(now.version, "v1");
    stage_ok(legal_text_load(ROOM, LEGAL_TERMS, LANG_FR, stage->now + 11 * DAY, &now, &fault));
    assert_str(now.version, "v2");
    text.effective = scene.today + 5; /* behind the one that is announced: it would never be seen */
    text.version = S("v3");
    stage_ok(network_text_add(ROOM, scene.administrator, &text, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_DATE);
    text.effective = scene.today + 20;
    text.version = S("v1");
    stage_ok(network_text_add(ROOM, scene.administrator, &text, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_VERSION_TAKEN);
    text.version = S("v 3");
    stage_ok(network_text_add(ROOM, scene.administrator, &text, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_VERSION);
    text.version = S("v3");
    text.body_en = S("  ");
    stage_ok(network_text_add(ROOM, scene.administrator, &text, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_BODY_EN);
    struct network_texts texts;
    stage_ok(network_texts_read(ROOM, scene.administrator, &texts, &fault));
    assert_int_equal(texts.n, 2);
    assert_true(texts.p[0].announced && texts.p[1].in_force && texts.p[1].fr && texts.p[1].en);
    bool added = false;
    stage_ok(network_text_import(ROOM, LEGAL_PRIVACY, LANG_FR, S("2027"), scene.today - 100, S("Texte"), &wrong, &added,
                                 &fault));
    assert_true(added && wrong == NETWORK_GOOD);
    stage_ok(network_text_import(ROOM, LEGAL_PRIVACY, LANG_FR, S("2027"), scene.today - 100, S("Texte"), &wrong, &added,
                                 &fault));
    assert_false(added);
    struct network_vat vat = {.code = S("reduced"), .rate_bp = 1000};
    stage_ok(network_vat_add(ROOM, scene.administrator, &vat, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_GOOD);
    stage_ok(network_vat_add(ROOM, scene.administrator, &vat, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_CODE);
    vat = (struct network_vat){.code = S("exempt"), .exempt = true};
    stage_ok(network_vat_add(ROOM, scene.administrator, &vat, &wrong, &fault));
    assert_int_equal(wrong, NETWORK_MENTION);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(a_call_takes_places_like_any_group),
        staged_test(the_same_form_twice_books_once),
        staged_test(what_was_typed_is_looked_at),
        staged_test(a_call_changes_and_ends),
        staged_test(a_call_is_booked_whole_or_not),
        staged_test(the_day_sheet_lists_who_comes),
        staged_test(prices_follow_each_other_without_gap_or_overlap),
        staged_test(facts_are_looked_at_and_searched),
        staged_test(rules_are_the_networks),
        staged_test(settings_are_looked_at),
        staged_test(texts_have_versions),
    };
    return ENGINES_MAIN(argc, argv, "monument", tests);
}
