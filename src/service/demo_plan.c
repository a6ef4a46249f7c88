/* The templates behind the demonstration's slots: a season for each summer and winter, its lines by the opening
 * hours; and a day of a monument's people, with bookings by telephone and a private event (OPS-2). The slots
 * themselves are made by demo_slots.c; what it makes otherwise than the lines say is marked as set by hand. */
#include "service/demo_parts.h"
#include "service/schedule_parts.h"
#include "store/queries.h"

enum { SEASONS_YEARS = 3, OPENS_AT = 9 * 60, EVENT_AHEAD = 45 };

static enum err line_add(struct db *db, struct arena *arena, int64_t period_id, const struct schedule_line *line,
                         struct fault *fault)
{
    struct schedule_line_add_row row;
    return q_schedule_line_add(
        db, arena,
        (struct schedule_line_add_in){.period_id = period_id, .weekdays = line->weekdays, .first_minute = line->first,
                                      .last_minute = line->last, .step_minutes = line->step, .minutes = line->minutes,
                                      .capacity = line->capacity, .for_groups = line->for_groups},
        &row, NULL, fault);
}

static bool weekday_kept(const struct monument *monument, int weekday, int minute)
{
    return demo_slot_kept(monument->slug, (enum weekday)weekday, minute);
}

/* One interval on one weekday, cut where the monument keeps slots for its other visitors. */
static enum err weekday_add(struct db *db, struct arena *arena, int64_t period_id, const struct monument *monument,
                            unsigned weekdays, int weekday, struct opening_interval interval, struct fault *fault)
{
    int last = interval.to - DEMO_LAST_START;
    struct schedule_line line = {.weekdays = weekdays, .first = interval.from, .step = DEMO_STEP, .minutes = DEMO_STEP,
                                 .capacity = 2 * monument->rule.max_persons};
    enum err err = OK;
    for (int minute = interval.from; err == OK && minute <= last; minute += DEMO_STEP) {
        line.for_groups = !weekday_kept(monument, weekday, minute);
        line.last = minute;
        bool ends = minute + DEMO_STEP > last ||
                    weekday_kept(monument, weekday, minute + DEMO_STEP) == line.for_groups;
        if (!ends)
            continue;
        err = line_add(db, arena, period_id, &line, fault);
        line.first = minute + DEMO_STEP;
    }
    return err;
}

static bool has_kept(const struct monument *monument, int weekday)
{
    for (int minute = 0; minute < MINUTES_A_DAY; minute += DEMO_STEP)
        if (weekday_kept(monument, weekday, minute))
            return true;
    return false;
}

static enum err lines_add(struct db *db, struct arena *arena, int64_t period_id, const struct monument *monument,
                          const struct opening_hours *hours, struct fault *fault)
{
    if (monument->mode == SALE_DATED) {
        int from = hours->intervals[0].from, to = hours->intervals[hours->count - 1].to;
        return line_add(db, arena, period_id,
                        &(struct schedule_line){.weekdays = SCHEDULE_EVERY_DAY, .first = from, .last = from,
                                                .step = to - from, .minutes = to - from,
                                                .capacity = monument->rule.max_persons, .for_groups = true},
                        fault);
    }
    unsigned plain = 0;
    enum err err = OK;
    for (int weekday = MONDAY; weekday <= SUNDAY; weekday++)
        if (!has_kept(monument, weekday))
            plain |= 1u << weekday;
    for (size_t i = 0; err == OK && i < hours->count; i++) {
        for (int weekday = MONDAY; err == OK && weekday <= SUNDAY; weekday++)
            if ((plain >> weekday & 1) == 0)
                err = weekday_add(db, arena, period_id, monument, 1u << weekday, weekday, hours->intervals[i], fault);
        int first = MONDAY;
        while (first <= SUNDAY && (plain >> first & 1) == 0)
            first++;
        if (err == OK && plain != 0)
            err = weekday_add(db, arena, period_id, monument, plain, first, hours->intervals[i], fault);
    }
    return err;
}

static enum err season_add(struct db *db, struct arena *arena, const struct monument *monument, struct str name,
                           day_number first, day_number last, const struct opening_hours *hours, struct fault *fault)
{
    struct schedule_period_add_row row;
    if (hours->kind != HOURS_OPEN)
        return OK;
    enum err err = q_schedule_period_add(
        db, arena,
        (struct schedule_period_add_in){.monument_id = monument->id, .kind = S("season"), .name = name,
                                        .first_day = first, .last_day = last, .sales = S("months"),
                                        .sales_months = DEMO_SALES_MONTHS, .sales_minute = OPENS_AT},
        &row, NULL, fault);
    return err == OK ? lines_add(db, arena, row.id, monument, hours, fault) : err;
}

static enum err seasons_add(const struct demo *demo, struct db *db, struct arena *arena,
                            const struct monument *monument, struct fault *fault)
{
    struct opening_rules rules;
    int year = date_of(demo->today).year - 1;
    if (opening_parse(monument->hours_summer, monument->hours_winter, monument->closing_days, &rules, fault) != OK)
        return ERR_BUG;
    enum err err = OK;
    for (int i = 0; err == OK && i <= SEASONS_YEARS; i++) {
        day_number summer = day_of((struct date){year + i, 4, 1}), winter = day_of((struct date){year + i, 10, 1});
        day_number next = day_of((struct date){year + i + 1, 4, 1});
        err = season_add(db, arena, monument, str_format(arena, "Été %d", year + i), summer, winter - 1, &rules.summer,
                         fault);
        if (err == OK)
            err = season_add(db, arena, monument, str_format(arena, "Hiver %d-%d", year + i, year + i + 1), winter,
                             next - 1, &rules.winter, fault);
    }
    return err;
}

/* ---- a day of the monument's people ---- */

static const struct {
    int ahead, minute, persons;
    enum leader_kind leader;
    const char *organisation, *name, *phone, *needs;
} calls[] = {
    {4, 11 * 60, 12, LEADER_ACCOMPANYING, "Amicale des anciens du rail", "Mme Roche", "+33199002471",
     "Deux fauteuils roulants."},
    {9, 15 * 60, 8, LEADER_GUIDE, "", "M. Teyssier", "+33199002472", "Visite en langue des signes."},
};

static enum err call_add(const struct demo *demo, struct db *db, struct arena *arena, const struct monument *monument,
                         int64_t staff_id, size_t index, struct fault *fault)
{
    instant start = instant_of(&demo->settings.zone, demo->today + calls[index].ahead, calls[index].minute);
    struct slot_take_row taken;
    struct phone_add_row row;
    bool found = false;
    enum err err = q_slot_take(
        db, arena,
        (struct slot_take_in){.monument_id = monument->id, .start_at = start, .persons = calls[index].persons}, &taken,
        &found, fault);
    if (err != OK || !found) /* closed or full that day */
        return err;
    return q_phone_add(db, arena,
                       (struct phone_add_in){.monument_id = monument->id, .start_at = start,
                                             .persons = calls[index].persons, .audience = S("adults"),
                                             .leader_kind = str_of(leader_kind_name(calls[index].leader)),
                                             .organisation = str_of(calls[index].organisation),
                                             .name = str_of(calls[index].name), .phone = str_of(calls[index].phone),
                                             .email = S(""), .lang = S("fr"), .needs = str_of(calls[index].needs),
                                             .staff_id = staff_id, .now = demo->now,
                                             .request_key = str_format(arena, "demo-call-%zu", index)},
                       &row, NULL, fault);
}

/* So far ahead that nobody holds places there. */
static enum err event_add(const struct demo *demo, struct db *db, struct arena *arena, const struct monument *monument,
                          struct fault *fault)
{
    enum { FROM = 14 * 60, TO = 16 * 60 };
    const struct zone *zone = &demo->settings.zone;
    day_number day = demo->today + EVENT_AHEAD;
    struct schedule_event_add_row row;
    enum err err = q_schedule_event_add(
        db, arena,
        (struct schedule_event_add_in){.monument_id = monument->id, .day = day, .from_minute = FROM, .to_minute = TO,
                                       .reason_fr = S("Concert privé"), .reason_en = S("Private concert"),
                                       .created_at = demo->now},
        &row, NULL, fault);
    if (err != OK)
        return err;
    return q_schedule_event_close(
        db,
        (struct schedule_event_close_in){.monument_id = monument->id, .from_at = instant_of(zone, day, FROM),
                                         .until_at = instant_of(zone, day, TO), .event_id = row.id,
                                         .reason_fr = S("Concert privé"), .reason_en = S("Private concert")},
        NULL, fault);
}

static enum err people_add(const struct demo *demo, struct db *db, struct arena *arena, const struct monument *monument,
                           struct fault *fault)
{
    struct demo_monument_manager_row manager;
    bool found = false;
    enum err err = q_demo_monument_manager(db, arena, (struct demo_monument_manager_in){.monument_id = monument->id},
                                           &manager, &found, fault);
    for (size_t i = 0; err == OK && found && i < sizeof calls / sizeof *calls; i++)
        err = call_add(demo, db, arena, monument, manager.staff_id, i, fault);
    return err == OK && found ? event_add(demo, db, arena, monument, fault) : err;
}

enum err demo_add_plans(const struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < demo->monument_count; i++) {
        const struct monument *monument = &demo->monuments[i];
        if (monument->has_rule)
            err = seasons_add(demo, db, arena, monument, fault);
        if (err == OK && !demo->options.quiet && str_eq(monument->slug, S("conciergerie")))
            err = people_add(demo, db, arena, monument, fault);
    }
    return err;
}
