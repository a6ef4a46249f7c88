/* Civil time: days, weekdays and local clock times, computed without the C library's global time zone.
 *
 * Instants are seconds since 1970 in UTC. A day is a number of days since 1970-01-01. Visits happen in the network's
 * local time zone, which is one setting in the POSIX form («CET-1CEST,M3.5.0,M10.5.0/3» for Europe/Paris). */
#ifndef GUICHET_BASE_CIVIL_H
#define GUICHET_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

typedef int64_t instant; /* seconds since 1970-01-01T00:00:00Z */
typedef int32_t day_number; /* days since 1970-01-01, negative before */

enum { MINUTES_A_DAY = 24 * 60, SECONDS_A_DAY = 24 * 3600 };

struct date {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

day_number day_of(struct date date);
struct date date_of(day_number day);
enum weekday weekday_of(day_number day);
int days_in_month(int year, int month);
bool date_exists(struct date date);

/* The same day `years` later; 29 February becomes 28 February when the year has none (TKT-3). */
day_number day_add_years(day_number day, int years);
/* The same day of the month `months` later, clamped to the month's last day. */
day_number day_add_months(day_number day, int months);
/* Gregorian Easter Sunday. */
day_number easter_sunday(int year);

/* ISO «2026-11-23»; false when it is not a date that exists. */
bool day_parse(struct str s, day_number *ret_day);
struct str day_iso(struct arena *arena, day_number day);
/* «09:30» to minutes since midnight; 24:00 is accepted. */
bool minute_parse(struct str s, int *ret_minute);

/* A POSIX time zone with at most one daylight saving rule in Mm.w.d form. */
struct zone_change {
    int month, week, weekday; /* week 5 is the last; weekday 0 is Sunday, as POSIX counts */
    int second;               /* local wall clock seconds after midnight */
};
enum { ZONE_FIRST_YEAR = 2000, ZONE_YEARS = 100 };
struct zone {
    int standard_offset; /* seconds east of UTC */
    int summer_offset;
    bool has_summer;
    struct zone_change summer_starts, summer_ends;
    /* The changes of ZONE_YEARS years, worked out once: every page asks for hundreds of local times. */
    instant starts[ZONE_YEARS], ends[ZONE_YEARS];
};

enum err zone_parse(struct str posix, struct zone *ret_zone, struct fault *fault);

struct local_time {
    day_number day;
    int minute; /* since midnight, 0 to 1439 */
    int second;
    int offset; /* seconds east of UTC in force then */
};

struct local_time local_of(const struct zone *zone, instant at);

/* The instant of a wall clock time. A time that the change to summer skips is taken as if the clock had not yet been
 * put forward (02:30 gives 03:30 summer time); a time that occurs twice gives the first. */
instant instant_of(const struct zone *zone, day_number day, int minute);

#endif
