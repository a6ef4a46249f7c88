/* The demonstration's plannings: slots by the opening hours, a repeatable pattern of what happens in them, and options
 * of other customers, so that every state of PLA-1 shows for a real reason.
 *
 * A slot's `taken` is never invented: places that are gone are held by visits, and a slot that was never meant for many
 * has a small capacity. */
#include "service/demo_parts.h"
#include "store/queries.h"

enum {
    STEP_MINUTES = DEMO_STEP,
    LAST_START_MINUTES = DEMO_LAST_START,
    SALES_MONTHS = DEMO_SALES_MONTHS,
    SALES_OPEN_MINUTE = 9 * 60,
    NEAR_FROM_DAYS = 3, NEAR_TO_DAYS = 30 /* other customers hold places in these days */
};

/* What a slot is like. */
struct make {
    int capacity;
    bool for_groups;
    const char *closed_fr, *closed_en; /* NULL: open */
};

/* ---- the pattern ---- */

/* Splitmix64: small, and the same on every machine. */
static uint64_t mix(uint64_t seed, int64_t monument, int64_t day, int64_t minute)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15u * (uint64_t)(monument * 1000003 + day * 2003 + minute + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A weekly moment that a monument keeps for its other visitors. */
struct kept {
    const char *slug;
    enum weekday weekday;
    int from, to; /* minutes since midnight; starts from `from` and before `to` */
};
static const struct kept kept_hours[] = {
    {"arc-de-triomphe", SATURDAY, 17 * 60, 19 * 60},   {"arc-de-triomphe", SUNDAY, 17 * 60, 19 * 60},
    {"chateau-de-vincennes", SUNDAY, 14 * 60, 16 * 60}, {"conciergerie", SUNDAY, 0, 11 * 60},
    {"sainte-chapelle", SUNDAY, 0, 12 * 60},            {"sainte-chapelle", SATURDAY, 11 * 60, 13 * 60},
};

/* A closure that returns: on a date of the year (month * 100 + day), or on the nth weekday of every month. */
struct closure {
    const char *slug;
    int date, nth;
    enum weekday weekday;
    int from, to;
    const char *fr, *en;
};
static const struct closure closures[] = {
    {"arc-de-triomphe", 1111, 0, MONDAY, 0, 14 * 60, "Cérémonie officielle", "Official ceremony"},
    {"arc-de-triomphe", 508, 0, MONDAY, 0, 14 * 60, "Cérémonie officielle", "Official ceremony"},
    {"arc-de-triomphe", 714, 0, MONDAY, 0, 15 * 60, "Défilé du 14 juillet", "Parade of 14 July"},
    {"arc-de-triomphe", 0, 4, THURSDAY, 20 * 60, 24 * 60, "Entretien de l’ascenseur", "Lift maintenance"},
    {"chateau-de-vincennes", 0, 1, MONDAY, 0, 12 * 60, "Entretien du donjon", "Maintenance of the keep"},
    {"conciergerie", 0, 2, TUESDAY, 0, 13 * 60, "Tournage d’un film", "Film shooting"},
    {"sainte-chapelle", 0, 3, WEDNESDAY, 0, 14 * 60, "Restauration des vitraux",
     "Restoration of the stained glass"},
    {"carcassonne", 714, 0, MONDAY, 0, 24 * 60, "Préparation du feu d’artifice", "Preparation of the fireworks"},
};

static bool closure_holds(const struct closure *closure, struct str slug, day_number day, int minute)
{
    struct date date = date_of(day);
    if (!str_eq(str_of(closure->slug), slug) || minute < closure->from || minute >= closure->to)
        return false;
    if (closure->date != 0)
        return closure->date == date.month * 100 + date.day;
    return closure->weekday == weekday_of(day) && closure->nth == (date.day + 6) / 7;
}

bool demo_slot_kept(struct str slug, enum weekday weekday, int minute)
{
    for (size_t i = 0; i < sizeof(kept_hours) / sizeof(kept_hours[0]); i++)
        if (str_eq(str_of(kept_hours[i].slug), slug) && kept_hours[i].weekday == weekday &&
            minute >= kept_hours[i].from && minute < kept_hours[i].to)
            return true;
    return false;
}

static int whole_capacity(const struct monument *monument)
{
    return monument->mode == SALE_DATED ? monument->rule.max_persons : 2 * monument->rule.max_persons;
}

/* Most slots have all their places; some were given away to few or to none. */
static int capacity_of(const struct demo *demo, const struct monument *monument, day_number day, int minute)
{
    int whole = whole_capacity(monument);
    uint64_t chance = mix(demo->options.seed, monument->id, day, minute) % 100;
    if (chance < 6)
        return 0;
    if (chance < 14)
        return 12;
    return chance < 20 ? 20 : whole;
}

static struct make make_of(const struct demo *demo, const struct monument *monument, day_number day, int minute)
{
    struct make make = {.capacity = capacity_of(demo, monument, day, minute),
                        .for_groups = !demo_slot_kept(monument->slug, weekday_of(day), minute)};
    for (size_t i = 0; i < sizeof(closures) / sizeof(closures[0]); i++)
        if (closure_holds(&closures[i], monument->slug, day, minute)) {
            make.closed_fr = closures[i].fr;
            make.closed_en = closures[i].en;
        }
    return make;
}

static bool make_same(const struct make *a, const struct make *b)
{
    return a->capacity == b->capacity && a->for_groups == b->for_groups && a->closed_fr == b->closed_fr;
}

/* ---- slots ---- */

/* On the first of the month, a year before the slot's own month. */
static instant sale_opens(const struct zone *zone, day_number day)
{
    struct date date = date_of(day);
    date.day = 1;
    return instant_of(zone, day_add_months(day_of(date), -SALES_MONTHS), SALES_OPEN_MINUTE);
}

struct run {
    struct make make;
    int first, count, minutes;
    bool whole_day;
};

static enum err run_add(const struct demo *demo, struct db *db, const struct monument *monument, day_number day,
                        const struct run *run, struct fault *fault)
{
    const struct zone *zone = &demo->settings.zone;
    bool closed = run->make.closed_fr != NULL;
    return q_schedule_slots_add(
        db,
        (struct schedule_slots_add_in){
            .monument_id = monument->id, .first_at = instant_of(zone, day, run->first), .step = STEP_MINUTES * 60,
            .count = run->count, .day = day, .minutes = run->minutes, .whole_day = run->whole_day,
            .capacity = run->make.capacity, .for_groups = run->make.for_groups,
            .closed_fr = {.is = closed, .v = str_of(run->make.closed_fr)},
            .closed_en = {.is = closed, .v = str_of(run->make.closed_en)}, .on_sale_from = sale_opens(zone, day),
            /* The lines of demo_plan.c give every slot all its places. */
            .by_hand = run->make.capacity != whole_capacity(monument)},
        NULL, fault);
}

/* The slots of one opening interval, neighbours that are alike in one statement. */
static enum err interval_add(const struct demo *demo, struct db *db, const struct monument *monument, day_number day,
                             struct opening_interval interval, struct fault *fault)
{
    struct run run = {.count = 0};
    enum err err = OK;
    for (int minute = interval.from; err == OK && minute <= interval.to - LAST_START_MINUTES; minute += STEP_MINUTES) {
        struct make make = make_of(demo, monument, day, minute);
        if (run.count > 0 && make_same(&make, &run.make)) {
            run.count++;
            continue;
        }
        if (run.count > 0)
            err = run_add(demo, db, monument, day, &run, fault);
        run = (struct run){.make = make, .first = minute, .count = 1, .minutes = STEP_MINUTES};
    }
    if (err == OK && run.count > 0)
        err = run_add(demo, db, monument, day, &run, fault);
    return err;
}

static enum err day_add(const struct demo *demo, struct db *db, const struct monument *monument,
                        const struct opening_rules *rules, day_number day, struct fault *fault)
{
    struct opening opening = opening_of(rules, day);
    if (opening.count == 0)
        return OK;
    if (monument->mode == SALE_DATED) {
        int from = opening.intervals[0].from, to = opening.intervals[opening.count - 1].to;
        struct run run = {.make = make_of(demo, monument, day, from), .first = from, .count = 1, .minutes = to - from,
                          .whole_day = true};
        return run_add(demo, db, monument, day, &run, fault);
    }
    enum err err = OK;
    for (size_t i = 0; err == OK && i < opening.count; i++)
        err = interval_add(demo, db, monument, day, opening.intervals[i], fault);
    return err;
}

/* ---- places that other customers hold ---- */

static enum err option_add(const struct demo *demo, struct db *db, struct arena *arena, const struct monument *monument,
                           instant start, int persons, uint64_t chance, struct fault *fault)
{
    const struct demo_customer *customer = &demo->customers[chance % DEMO_CUSTOMERS];
    instant placed = demo->now - (instant)(chance / 8 % 48) * 3600, end = 0;
    struct slot_take_row taken;
    struct visit_insert_row row;
    bool found = false;
    if (option_end(&monument->rule, &demo->settings.zone, placed, start, &end) != OPTION_GIVEN || end <= demo->now)
        return OK;
    enum err err = q_slot_take(
        db, arena, (struct slot_take_in){.monument_id = monument->id, .start_at = start, .persons = persons}, &taken,
        &found, fault);
    if (err != OK || !found)
        return err;
    bool guided = chance / 512 % 2 == 0;
    return q_visit_insert(
        db, arena,
        (struct visit_insert_in){
            .organisation_id = customer->organisation_id, .person_id = customer->person_id,
            .monument_id = monument->id, .kind = S("slot"), .start_at = some_int(start), .persons = persons,
            .audience = str_of(audience_name(AUDIENCE_ADULTS)),
            .leader_kind = str_of(leader_kind_name(guided ? LEADER_GUIDE : LEADER_ACCOMPANYING)),
            .state = S("option"), .placed_at = placed, .ends_at = some_int(end), .in_cart = 0,
            .split_key = {.is = false},
            .request_key = str_format(arena, "demo-%lld-%lld-%llu", (long long)monument->id, (long long)start,
                                      (unsigned long long)chance)},
        &row, NULL, fault);
}

/* Fills one slot of the day whole, and takes some places of another one. */
static enum err day_hold(const struct demo *demo, struct db *db, struct arena *arena, const struct monument *monument,
                         const struct opening_rules *rules, day_number day, struct fault *fault)
{
    struct opening opening = opening_of(rules, day);
    enum err err = OK;
    for (int which = 0; err == OK && opening.count > 0 && which < 2; which++) {
        uint64_t chance = mix(demo->options.seed + 1, monument->id, day, which);
        int span = (opening.intervals[0].to - LAST_START_MINUTES - opening.intervals[0].from) / STEP_MINUTES + 1;
        if (span < 1)
            return OK;
        int minute = opening.intervals[0].from + (int)(chance / 16 % (uint64_t)span) * STEP_MINUTES;
        struct make make = make_of(demo, monument, day, minute);
        if (make.closed_fr || !make.for_groups)
            continue;
        instant start = instant_of(&demo->settings.zone, day, minute);
        int most = monument->rule.max_persons;
        if (which == 0) {
            err = option_add(demo, db, arena, monument, start, most, chance, fault);
            if (err == OK)
                err = option_add(demo, db, arena, monument, start, most, chance + 1, fault);
        } else {
            int persons = monument->rule.min_persons + (int)(chance / 1024 % (uint64_t)(most - 8));
            err = option_add(demo, db, arena, monument, start, persons, chance, fault);
        }
    }
    return err;
}

/* ---- all of it ---- */

static enum err monument_fill(const struct demo *demo, struct db *db, struct arena *arena,
                              const struct monument *monument, struct fault *fault)
{
    struct opening_rules rules;
    if (opening_parse(monument->hours_summer, monument->hours_winter, monument->closing_days, &rules, fault) != OK)
        return ERR_BUG;
    /* From the first of the month, so that the month's page also has days that are past. */
    day_number from = demo->today - (date_of(demo->today).day - 1);
    day_number to = day_add_months(demo->today, demo->options.months);
    enum err err = OK;
    for (day_number day = from; err == OK && day <= to; day++)
        err = day_add(demo, db, monument, &rules, day, fault);
    bool held = monument->rule.has_option && !demo->options.quiet;
    for (int ahead = NEAR_FROM_DAYS; err == OK && held && ahead <= NEAR_TO_DAYS; ahead++)
        err = day_hold(demo, db, arena, monument, &rules, demo->today + ahead, fault);
    return err;
}

enum err demo_add_slots(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < demo->monument_count; i++)
        if (demo->monuments[i].has_rule)
            err = monument_fill(demo, db, arena, &demo->monuments[i], fault);
    return err;
}
