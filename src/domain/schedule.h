/* From a monument's templates to the slots of a day (OPS-2): a pure rule, so that a preview shows exactly what will be
 * made.
 *
 * A season has lines, each a run of slots on some weekdays. An exception is a period whose lines go before those of
 * every season; without a line for the day it has no slots at all. Closing days of the monument empty a season's day,
 * not an exception's: whoever writes an exception means that very day. A private event closes the slots that start in
 * it.
 *
 * Times are wall clock times. A slot whose time the change to summer skips does not exist that day; one whose hour
 * comes twice in autumn exists once, the first time. */
#ifndef GUICHET_DOMAIN_SCHEDULE_H
#define GUICHET_DOMAIN_SCHEDULE_H

#include "base/civil.h"
#include "base/str.h"
#include "domain/opening.h"

enum { SCHEDULE_STEP_LEAST = 5, SCHEDULE_DAY_SLOTS = MINUTES_A_DAY / SCHEDULE_STEP_LEAST, SCHEDULE_EVERY_DAY = 127 };

struct schedule_line {
    int64_t id;
    unsigned weekdays;     /* bit 0 is Monday */
    int first, last;       /* starts of the first and of the last slot, minutes since midnight */
    int step;              /* from start to start */
    int minutes, capacity; /* of each slot */
    bool for_groups;
};
struct schedule_lines {
    struct schedule_line *p;
    size_t n;
};

enum schedule_sales {
    SALES_NOW,    /* on sale as soon as it is there */
    SALES_MONTHS, /* so many months before, on the first of the month */
    SALES_DAY     /* from one day on */
};
enum { SALES_KINDS = SALES_DAY + 1, SCHEDULE_MONTHS_MOST = 36 };

struct schedule_period {
    int64_t id;
    bool exception;
    struct str name;
    day_number first, last; /* both included */
    enum schedule_sales sales;
    int sales_months;
    day_number sales_day;
    int sales_minute; /* local time at which sales open that day */
    struct schedule_lines lines;
};
struct schedule_periods {
    struct schedule_period *p;
    size_t n;
};

struct schedule_event {
    int64_t id;
    day_number day;
    int from, to; /* minutes since midnight; `to` not included */
    struct str reason_fr, reason_en;
};
struct schedule_events {
    struct schedule_event *p;
    size_t n;
};

/* All that decides the slots of one monument. */
struct schedule {
    struct schedule_periods periods;
    struct schedule_events events;
    bool has_closings;             /* else every day of a season is open */
    struct opening_rules closings; /* of its opening hours only the closing days and closed seasons count */
    bool whole_day;                /* tickets for a day: each line is that one slot */
};

struct schedule_slot {
    instant start;
    day_number day;
    int minute, minutes, capacity;
    bool for_groups;
    instant on_sale_from;               /* 0: at once */
    const struct schedule_event *event; /* that closes it, or NULL */
};

/* Writes the slots of a day by their start, at most SCHEDULE_DAY_SLOTS, and returns their number. Of two lines that
 * name the same start the first one counts. */
size_t schedule_day(const struct schedule *schedule, const struct zone *zone, day_number day,
                    struct schedule_slot slots[SCHEDULE_DAY_SLOTS]);

/* Why the day has none of a season's slots; CLOSED_NOT also for an exception's day. */
enum closed_why schedule_closed(const struct schedule *schedule, day_number day);

/* The period whose lines count that day, or NULL. */
const struct schedule_period *schedule_period_of(const struct schedule *schedule, day_number day);

/* The event that closes a slot of that day and minute, or NULL. */
const struct schedule_event *schedule_event_at(const struct schedule *schedule, day_number day, int minute);

enum schedule_line_fault {
    LINE_GOOD,
    LINE_WEEKDAYS, /* none, or none that there is */
    LINE_TIMES,    /* the last start before the first, or not of a day */
    LINE_STEP,     /* below SCHEDULE_STEP_LEAST or above a day */
    LINE_MINUTES,
    LINE_CAPACITY
};
enum { SCHEDULE_CAPACITY_MOST = 10000 };
enum schedule_line_fault schedule_line_check(const struct schedule_line *line);

/* Whether two lines of one period name the same start on some weekday: then a slot would have two capacities. */
bool schedule_lines_clash(const struct schedule_line *a, const struct schedule_line *b, int *ret_minute);

/* When sales of a slot of that day open. */
instant schedule_sales_open(const struct schedule_period *period, const struct zone *zone, day_number day);

/* `now`, `months`, `day`. */
const char *schedule_sales_name(enum schedule_sales sales);
bool schedule_sales_parse(struct str name, enum schedule_sales *ret_sales);

#endif
