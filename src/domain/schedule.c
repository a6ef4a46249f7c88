/* Templates to slots; see schedule.h. */
#include "domain/schedule.h"

#include "domain/names.h"

static const char *const sales_names[SALES_KINDS] = {"now", "months", "day"};

const char *schedule_sales_name(enum schedule_sales sales)
{
    return sales_names[sales];
}

bool schedule_sales_parse(struct str name, enum schedule_sales *ret_sales)
{
    int index = 0;
    if (!names_find(sales_names, SALES_KINDS, name, &index))
        return false;
    *ret_sales = (enum schedule_sales)index;
    return true;
}

enum schedule_line_fault schedule_line_check(const struct schedule_line *line)
{
    if (line->weekdays == 0 || line->weekdays > SCHEDULE_EVERY_DAY)
        return LINE_WEEKDAYS;
    if (line->first < 0 || line->last < line->first || line->last >= MINUTES_A_DAY)
        return LINE_TIMES;
    if (line->step < SCHEDULE_STEP_LEAST || line->step > MINUTES_A_DAY)
        return LINE_STEP;
    if (line->minutes < SCHEDULE_STEP_LEAST || line->minutes > MINUTES_A_DAY)
        return LINE_MINUTES;
    return line->capacity < 0 || line->capacity > SCHEDULE_CAPACITY_MOST ? LINE_CAPACITY : LINE_GOOD;
}

static bool line_starts_at(const struct schedule_line *line, int minute)
{
    return minute >= line->first && minute <= line->last && (minute - line->first) % line->step == 0;
}

bool schedule_lines_clash(const struct schedule_line *a, const struct schedule_line *b, int *ret_minute)
{
    if ((a->weekdays & b->weekdays) == 0)
        return false;
    for (int minute = a->first; minute <= a->last; minute += a->step)
        if (line_starts_at(b, minute)) {
            *ret_minute = minute;
            return true;
        }
    return false;
}

instant schedule_sales_open(const struct schedule_period *period, const struct zone *zone, day_number day)
{
    if (period->sales == SALES_DAY)
        return instant_of(zone, period->sales_day, period->sales_minute);
    if (period->sales == SALES_NOW)
        return 0;
    struct date date = date_of(day);
    date.day = 1;
    return instant_of(zone, day_add_months(day_of(date), -period->sales_months), period->sales_minute);
}

const struct schedule_period *schedule_period_of(const struct schedule *schedule, day_number day)
{
    const struct schedule_period *found = NULL;
    for (size_t i = 0; i < schedule->periods.n; i++) {
        const struct schedule_period *period = &schedule->periods.p[i];
        if (day >= period->first && day <= period->last && (found == NULL || (period->exception && !found->exception)))
            found = period;
    }
    return found;
}

enum closed_why schedule_closed(const struct schedule *schedule, day_number day)
{
    const struct schedule_period *period = schedule_period_of(schedule, day);
    if (!schedule->has_closings || (period != NULL && period->exception))
        return CLOSED_NOT;
    enum closed_why why = opening_of(&schedule->closings, day).why;
    /* «On request» says that groups come outside of any hours: the season's lines say when. */
    return why == CLOSED_ON_REQUEST ? CLOSED_NOT : why;
}

const struct schedule_event *schedule_event_at(const struct schedule *schedule, day_number day, int minute)
{
    for (size_t i = 0; i < schedule->events.n; i++) {
        const struct schedule_event *event = &schedule->events.p[i];
        /* A ticket for the day has no hour: an event on any part of the day closes it. */
        if (event->day == day && (schedule->whole_day || (minute >= event->from && minute < event->to)))
            return event;
    }
    return NULL;
}

/* Puts one in at its place by start; false when there is one already, or no room. */
static bool insert(struct schedule_slot slots[SCHEDULE_DAY_SLOTS], size_t *n, const struct schedule_slot *slot)
{
    size_t at = *n;
    if (at == SCHEDULE_DAY_SLOTS)
        return false;
    while (at > 0 && slots[at - 1].start > slot->start)
        at--;
    if (at > 0 && slots[at - 1].start == slot->start)
        return false;
    for (size_t i = *n; i > at; i--)
        slots[i] = slots[i - 1];
    slots[at] = *slot;
    (*n)++;
    return true;
}

size_t schedule_day(const struct schedule *schedule, const struct zone *zone, day_number day,
                    struct schedule_slot slots[SCHEDULE_DAY_SLOTS])
{
    const struct schedule_period *period = schedule_period_of(schedule, day);
    size_t n = 0;
    if (period == NULL || schedule_closed(schedule, day) != CLOSED_NOT)
        return 0;
    instant on_sale = schedule_sales_open(period, zone, day);
    for (size_t i = 0; i < period->lines.n; i++) {
        const struct schedule_line *line = &period->lines.p[i];
        if ((line->weekdays >> weekday_of(day) & 1) == 0 || schedule_line_check(line) != LINE_GOOD)
            continue;
        int last = schedule->whole_day ? line->first : line->last;
        for (int minute = line->first; minute <= last; minute += line->step) {
            instant start = instant_of(zone, day, minute);
            struct local_time local = local_of(zone, start);
            if (local.day != day || local.minute != minute)
                continue; /* a time that this day does not have */
            (void)insert(slots, &n,
                         &(struct schedule_slot){.start = start,
                                                 .day = day,
                                                 .minute = minute,
                                                 .minutes = line->minutes,
                                                 .capacity = line->capacity,
                                                 .for_groups = line->for_groups,
                                                 .on_sale_from = on_sale,
                                                 .event = schedule_event_at(schedule, day, minute)});
        }
    }
    /* Whole days: one slot, whatever the lines say. */
    return schedule->whole_day && n > 1 ? 1 : n;
}
