/* The planning of a monument: see planning.h. */
#include "service/planning.h"

#include <string.h>

#include "base/limits.h"
#include "domain/split.h"
#include "store/queries.h"

/* What every function here needs while it reads. */
struct reading {
    const struct service *service;
    enum lang lang;
    instant now;
    struct monument monument;
    struct planning_group group;
};

/* ---- one slot ---- */

enum refusal planning_state_refusal(enum slot_state state)
{
    switch (state) {
    case SLOT_FREE: return REFUSED_NOT;
    case SLOT_SHORT: return REFUSED_SHORT;
    case SLOT_FULL: return REFUSED_FULL;
    case SLOT_NOT_FOR_GROUPS: return REFUSED_NOT_FOR_GROUPS;
    case SLOT_CLOSED: return REFUSED_CLOSED;
    case SLOT_PAST: return REFUSED_PAST;
    case SLOT_NOT_ON_SALE: break;
    }
    return REFUSED_NOT_ON_SALE;
}

/* Whether the group may place an option on a free slot (OPT-1, VIS-1). */
static enum refusal option_refusal(const struct reading *reading, instant start, instant *ret_end)
{
    const struct group_rule *rule = &reading->monument.rule;
    if (!reading->monument.has_rule || !rule->has_option)
        return REFUSED_NO_OPTION_HERE;
    if (!audience_has_options(reading->group.audience))
        return REFUSED_NO_OPTION_SCHOOL;
    switch (option_end(rule, &reading->service->zone, reading->now, start, ret_end)) {
    case OPTION_GIVEN: return REFUSED_NOT;
    case OPTION_NOT_HERE: return REFUSED_NO_OPTION_HERE;
    case OPTION_TOO_LATE: break;
    }
    return REFUSED_OPTION_TOO_LATE;
}

/* `persons` decides between free and short, `verdict` whether the group may book here at all. */
static struct planning_slot slot_of(const struct reading *reading, const struct planning_slots_row *row, int persons,
                                    enum refusal verdict)
{
    struct slot_facts facts = {
        .start = row->start_at, .capacity = (int)row->capacity, .taken = (int)row->taken,
        .closed = row->closed_fr.is, .not_for_groups = row->for_groups == 0, .on_sale_from = row->on_sale_from,
        .booking_cutoff = reading->monument.has_rule ? group_sales_close(&reading->monument.rule, row->start_at)
                                                     : row->start_at};
    /* A dated ticket is sold through its day, up to the closing time less the same margin. */
    if (row->whole_day) {
        facts.start += row->minutes * 60;
        facts.booking_cutoff += row->minutes * 60;
    }
    struct planning_slot slot = {
        .start = row->start_at, .day = (day_number)row->day,
        .minute = local_of(&reading->service->zone, row->start_at).minute, .minutes = (int)row->minutes,
        .whole_day = row->whole_day != 0, .capacity = (int)row->capacity, .left = slot_left(&facts),
        .state = slot_state_of(&facts, persons, reading->now),
        .closed = reading->lang == LANG_EN ? row->closed_en.v : row->closed_fr.v, .on_sale_from = row->on_sale_from};
    slot.no_option = planning_state_refusal(slot.state);
    if (slot.no_option == REFUSED_NOT)
        slot.no_option = verdict;
    slot.can_cart = slot.no_option == REFUSED_NOT;
    if (slot.can_cart)
        slot.no_option = option_refusal(reading, slot.start, &slot.option_end);
    slot.can_option = slot.can_cart && slot.no_option == REFUSED_NOT;
    return slot;
}

/* Statements that give the same columns have rows of different types. */
#define SLOT_ROW(row)                                                                                                  \
    ((struct planning_slots_row){                                                                                      \
        .start_at = (row).start_at, .day = (row).day, .minutes = (row).minutes, .whole_day = (row).whole_day,          \
        .capacity = (row).capacity, .taken = (row).taken, .for_groups = (row).for_groups,                              \
        .closed_fr = (row).closed_fr, .closed_en = (row).closed_en, .on_sale_from = (row).on_sale_from})

/* ---- the group ---- */

/* The verdict on the group and the number that decides the states of the slots. */
static int judge(const struct reading *reading, struct planning *planning)
{
    const struct group_rule *rule = &reading->monument.rule;
    const struct planning_group *group = &reading->group;
    planning->monument = reading->monument;
    planning->group = *group;
    planning->verdict = REFUSED_NOT;
    if (!reading->monument.has_rule || reading->monument.mode == SALE_CONTACT) {
        planning->verdict = REFUSED_NOT_SOLD_SO;
        return group->persons;
    }
    planning->minimum = group_minimum(rule, group->guided);
    planning->maximum = rule->max_persons;
    if (!group_sold_online(rule, group->audience)) {
        planning->verdict = REFUSED_SCHOOL_ELSEWHERE;
        return group->persons < rule->max_persons ? group->persons : rule->max_persons;
    }
    if (group->persons < 1)
        return planning->minimum;
    switch (group_check(rule, group->persons, group->guided)) {
    case GROUP_FITS: break;
    case GROUP_BELOW_MINIMUM:
        planning->verdict = REFUSED_BELOW_MINIMUM;
        planning->guide_helps = group_check(rule, group->persons, true) == GROUP_FITS;
        break;
    case GROUP_ABOVE_MAXIMUM:
        planning->verdict = REFUSED_ABOVE_MAXIMUM;
        return rule->max_persons;
    }
    return group->persons;
}

/* Whether a slot serves the group at least as one of its parts. */
static bool serves(const struct planning *planning, const struct planning_slot *slot)
{
    return slot->state == SLOT_FREE &&
           (planning->verdict == REFUSED_NOT || planning->verdict == REFUSED_ABOVE_MAXIMUM);
}

/* ---- days ---- */

/* The most useful state first: it is what a square of the month shows. */
static const enum slot_state usefulness[SLOT_STATES] = {
    SLOT_FREE, SLOT_SHORT, SLOT_NOT_ON_SALE, SLOT_FULL, SLOT_NOT_FOR_GROUPS, SLOT_CLOSED, SLOT_PAST};

static void day_sum(struct planning_day *day)
{
    for (size_t i = 0; i < day->slots.n; i++) {
        const struct planning_slot *slot = &day->slots.p[i];
        day->count[slot->state]++;
        bool on_sale = slot->state == SLOT_FREE || slot->state == SLOT_SHORT;
        if (on_sale && slot->left > day->most_left)
            day->most_left = slot->left;
    }
    for (size_t i = 0; i < SLOT_STATES; i++)
        if (day->count[usefulness[i]] > 0) {
            day->best = usefulness[i];
            return;
        }
}

/* One day after the other; slots come in order of their start, so each day's are together. */
static void days_fill(const struct reading *reading, struct arena *arena, day_number from, day_number to,
                      struct planning *planning)
{
    struct opening_rules *rules = ARENA_NEW(arena, struct opening_rules);
    bool known = opening_parse(reading->monument.hours_summer, reading->monument.hours_winter,
                               reading->monument.closing_days, rules, NULL) == OK;
    size_t n = (size_t)(to - from) + 1, at = 0;
    planning->days = (struct planning_days){.p = ARENA_ARRAY(arena, n, struct planning_day), .n = n};
    for (size_t i = 0; i < n; i++) {
        struct planning_day *day = &planning->days.p[i];
        day->day = from + (day_number)i;
        day->slots.p = &planning->slots.p[at];
        while (at < planning->slots.n && planning->slots.p[at].day == day->day)
            at++, day->slots.n++;
        day->best = day->day < planning->today ? SLOT_PAST : SLOT_CLOSED;
        if (day->slots.n > 0)
            day_sum(day);
        else if (known)
            day->why = opening_of(rules, day->day).why;
    }
}

/* ---- the nearest slots that suit ---- */

static instant distance(instant a, instant b)
{
    return a < b ? b - a : a - b;
}

/* Merges what lies before and after `around` by nearness, then orders it by time. */
static void next_merge(struct planning_slots *next, const struct planning_slot *before, size_t before_n,
                       const struct planning_slot *after, size_t after_n, instant around)
{
    size_t b = 0, a = 0;
    while (next->n < PLANNING_NEXT && (b < before_n || a < after_n)) {
        bool take_after = b >= before_n ||
                          (a < after_n && distance(after[a].start, around) <= distance(before[b].start, around));
        next->p[next->n++] = take_after ? after[a++] : before[b++];
    }
    for (size_t i = 1; i < next->n; i++)
        for (size_t k = i; k > 0 && next->p[k].start < next->p[k - 1].start; k--) {
            struct planning_slot moved = next->p[k];
            next->p[k] = next->p[k - 1];
            next->p[k - 1] = moved;
        }
}

static enum err next_read(const struct reading *reading, struct db *db, struct arena *arena, instant around,
                          int persons, struct planning *planning, struct fault *fault)
{
    int64_t id = reading->monument.id;
    /* A slot is sold up to its sales close: earlier ones than this are past. */
    instant earliest = reading->now + (instant)reading->monument.rule.sales_close_minutes * 60 + 1;
    instant at = around < earliest ? earliest : around;
    struct planning_free_from_list after = {0};
    struct planning_free_before_list before = {0};
    enum err err = q_planning_free_from(db, arena,
                                        (struct planning_free_from_in){.monument_id = id, .at = at, .now = reading->now,
                                                                       .persons = persons, .count = PLANNING_NEXT},
                                        &after, fault);
    if (err == OK)
        err = q_planning_free_before(db, arena,
                                     (struct planning_free_before_in){.monument_id = id, .at = at,
                                                                      .earliest = earliest, .now = reading->now,
                                                                      .persons = persons, .count = PLANNING_NEXT},
                                     &before, fault);
    if (err != OK)
        return err;
    struct planning_slot later[PLANNING_NEXT], sooner[PLANNING_NEXT];
    for (size_t i = 0; i < after.n; i++)
        later[i] = slot_of(reading, &SLOT_ROW(after.p[i]), persons, planning->verdict);
    for (size_t i = 0; i < before.n; i++)
        sooner[i] = slot_of(reading, &SLOT_ROW(before.p[i]), persons, planning->verdict);
    planning->next = (struct planning_slots){.p = ARENA_ARRAY(arena, PLANNING_NEXT, struct planning_slot)};
    next_merge(&planning->next, sooner, before.n, later, after.n, around);
    return OK;
}

/* Offers the nearest slots when nothing of what was read serves the group. */
static enum err next_unless_served(const struct reading *reading, struct db *db, struct arena *arena, instant around,
                                   int persons, struct planning *planning, struct fault *fault)
{
    bool may = planning->verdict == REFUSED_NOT || planning->verdict == REFUSED_ABOVE_MAXIMUM;
    for (size_t i = 0; i < planning->slots.n; i++)
        if (serves(planning, &planning->slots.p[i]))
            return OK;
    return may ? next_read(reading, db, arena, around, persons, planning, fault) : OK;
}

/* ---- a range ---- */

static enum err slots_read(const struct reading *reading, struct db *db, struct arena *arena, instant from,
                           instant until, int persons, enum refusal verdict, struct planning_slots *ret_slots,
                           struct fault *fault)
{
    struct planning_slots_list rows = {0};
    struct planning_slots_in in = {.monument_id = reading->monument.id, .from_at = from, .until_at = until};
    enum err err = q_planning_slots(db, arena, in, &rows, fault);
    if (err != OK)
        return err;
    struct planning_slots slots = {.p = ARENA_ARRAY(arena, rows.n + 1, struct planning_slot), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++)
        slots.p[i] = slot_of(reading, &rows.p[i], persons, verdict);
    *ret_slots = slots;
    return OK;
}

static enum err span_read(const struct reading *reading, struct db *db, struct arena *arena, struct planning *planning,
                          struct fault *fault)
{
    const struct zone *zone = &reading->service->zone;
    struct planning_span_row span;
    bool found = false;
    planning->today = local_of(zone, reading->now).day;
    planning->first = planning->today + 1;
    planning->last = planning->today;
    enum err err = q_planning_span(db, arena,
                                   (struct planning_span_in){.monument_id = reading->monument.id,
                                                             .from_at = instant_of(zone, planning->today, 0)},
                                   &span, &found, fault);
    if (err == OK && found && span.first_at.is && span.last_at.is) {
        planning->first = local_of(zone, span.first_at.v).day;
        planning->last = local_of(zone, span.last_at.v).day;
    }
    return err;
}

struct range_read {
    struct reading reading;
    struct planning_range range;
    instant start; /* of the one slot that is asked for, or 0 */
    struct planning planning;
};

/* Where to look for the nearest slots: noon of the first day that is asked for. */
static enum err range_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct range_read *read = argument;
    struct reading *reading = &read->reading;
    const struct zone *zone = &reading->service->zone;
    struct planning planning = {0};
    enum err err = monument_by_slug(db, arena, read->range.slug, &reading->monument, fault);
    if (err != OK)
        return err;
    reading->group = read->range.group;
    int persons = judge(reading, &planning);
    bool one = read->start != 0;
    instant from = one ? read->start : instant_of(zone, read->range.from, 0);
    instant until = one ? read->start + 1 : instant_of(zone, read->range.to + 1, 0);
    err = span_read(reading, db, arena, &planning, fault);
    if (err == OK)
        err = slots_read(reading, db, arena, from, until, persons, planning.verdict, &planning.slots, fault);
    if (err == OK && one && planning.slots.n == 0)
        err = fault_set(fault, ERR_NOT_FOUND, "no slot at %lld", (long long)read->start);
    if (err == OK)
        err = next_unless_served(reading, db, arena, one ? from : instant_of(zone, read->range.from, 12 * 60), persons,
                                 &planning, fault);
    if (err != OK)
        return err;
    days_fill(reading, arena, read->range.from, read->range.to, &planning);
    read->planning = planning;
    return OK;
}

static struct reading reading_of(const struct service *service, const struct caller *caller)
{
    return (struct reading){.service = service, .lang = caller ? caller->lang : LANG_FR, .now = service_now(service)};
}

enum err planning_read(struct service *service, struct arena *arena, const struct caller *caller,
                       struct planning_range range, struct planning *ret_planning, struct fault *fault)
{
    if (range.to < range.from || (int64_t)range.to - range.from >= PLANNING_DAYS)
        return fault_set(fault, ERR_INPUT, "a planning shows 1 to %d days", PLANNING_DAYS);
    struct range_read read = {.reading = reading_of(service, caller), .range = range};
    enum err err = service_read(service, arena, range_read, &read, fault);
    if (err == OK)
        *ret_planning = read.planning;
    return err;
}

enum err planning_slot_read(struct service *service, struct arena *arena, const struct caller *caller, struct str slug,
                            instant start, struct planning_group group, struct planning *ret_planning,
                            struct fault *fault)
{
    day_number day = local_of(&service->zone, start).day;
    struct range_read read = {.reading = reading_of(service, caller),
                              .range = {.slug = slug, .from = day, .to = day, .group = group},
                              .start = start};
    if (start == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no slot at 0");
    enum err err = service_read(service, arena, range_read, &read, fault);
    if (err == OK)
        *ret_planning = read.planning;
    return err;
}

/* ---- splitting ---- */

struct split_read {
    struct reading reading;
    struct split_window window;
    struct split_proposal proposal;
};

/* The refusals that no splitting mends. */
static enum refusal split_refusal(const struct reading *reading)
{
    if (!reading->monument.has_rule || reading->monument.mode != SALE_GROUP_SLOTS)
        return REFUSED_NOT_SOLD_SO;
    if (reading->group.persons < 1 || reading->group.persons > LIMIT_VISIT_PERSONS)
        return REFUSED_NUMBER;
    if (!group_sold_online(&reading->monument.rule, reading->group.audience))
        return REFUSED_SCHOOL_ELSEWHERE;
    if (group_check(&reading->monument.rule, reading->group.persons, reading->group.guided) == GROUP_BELOW_MINIMUM)
        return REFUSED_BELOW_MINIMUM;
    return REFUSED_NOT;
}

/* The proposal's shares with what each slot allows to its sub-group. */
static void shares_fill(struct arena *arena, const struct split *split, const struct planning_slots *slots,
                        const size_t *index, struct split_proposal *proposal)
{
    proposal->count = split->count;
    proposal->shares = ARENA_ARRAY(arena, split->count, struct split_share);
    proposal->can_option = true;
    for (size_t i = 0; i < split->count; i++) {
        const struct planning_slot *slot = &slots->p[index[split->parts[i].slot]];
        proposal->shares[i] = (struct split_share){.slot = *slot, .persons = split->parts[i].persons};
        if (!slot->can_option) {
            proposal->can_option = false;
            proposal->no_option = slot->no_option;
        } else if (proposal->option_end == 0 || slot->option_end < proposal->option_end) {
            proposal->option_end = slot->option_end;
        }
    }
    if (!proposal->can_option)
        proposal->option_end = 0;
}

static void split_fill(const struct split_read *read, struct arena *arena, const struct planning_slots *slots,
                       struct split_proposal *proposal)
{
    struct split *split = ARENA_NEW(arena, struct split);
    struct split_slot *candidates = ARENA_ARRAY(arena, slots->n + 1, struct split_slot);
    size_t *index = ARENA_ARRAY(arena, slots->n + 1, size_t);
    size_t n = 0;
    for (size_t i = 0; i < slots->n; i++) {
        bool inside = slots->p[i].minute >= read->window.from_minute && slots->p[i].minute <= read->window.to_minute;
        if (!inside || slots->p[i].state != SLOT_FREE)
            continue;
        candidates[n] = (struct split_slot){.start = slots->p[i].start, .left = slots->p[i].left};
        index[n++] = i;
    }
    const struct planning_group *group = &read->reading.group;
    switch (split_group(&read->reading.monument.rule, group->guided, group->persons, candidates, n, split,
                        &proposal->largest)) {
    case SPLIT_FOUND: shares_fill(arena, split, slots, index, proposal); return;
    case SPLIT_IMPOSSIBLE:
    case SPLIT_TOO_MANY_SLOTS: proposal->refusal = REFUSED_NO_SPLIT; return;
    case SPLIT_BAD_NUMBER: proposal->refusal = REFUSED_NUMBER; return;
    }
}

static enum err split_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct split_read *read = argument;
    struct reading *reading = &read->reading;
    const struct zone *zone = &reading->service->zone;
    enum err err = monument_by_slug(db, arena, read->window.slug, &reading->monument, fault);
    if (err != OK)
        return err;
    reading->group = read->window.group;
    read->proposal = (struct split_proposal){.monument = reading->monument, .refusal = split_refusal(reading)};
    if (read->proposal.refusal != REFUSED_NOT)
        return OK;
    struct planning_slots slots = {0};
    /* With one person asked for, every slot that is on sale and has a place is «free». */
    err = slots_read(reading, db, arena, instant_of(zone, read->window.day, 0),
                     instant_of(zone, read->window.day + 1, 0), 1, REFUSED_NOT, &slots, fault);
    if (err == OK)
        split_fill(read, arena, &slots, &read->proposal);
    return err;
}

enum err planning_split(struct service *service, struct arena *arena, const struct caller *caller,
                        struct split_window window, struct split_proposal *ret_proposal, struct fault *fault)
{
    struct split_read read = {.reading = reading_of(service, caller), .window = window};
    enum err err = service_read(service, arena, split_read, &read, fault);
    if (err == OK)
        *ret_proposal = read.proposal;
    return err;
}
