/* The network's time zone: reading the POSIX form, and going between instants and wall clock time. */
#include "base/civil.h"

#include <stdlib.h>

enum { DAYS_400_YEARS = 146097 };

/* What is left to read; every reader below takes from its start and says whether it could. */
static bool take_char(struct str *rest, char c)
{
    if (rest->n == 0 || rest->p[0] != c)
        return false;
    *rest = str_sub(*rest, 1, rest->n);
    return true;
}

static bool take_number(struct str *rest, int max, int *ret_value)
{
    int value = 0;
    size_t digits = 0;
    while (digits < rest->n && digits < 4 && rest->p[digits] >= '0' && rest->p[digits] <= '9')
        value = value * 10 + (rest->p[digits++] - '0');
    if (digits == 0 || value > max)
        return false;
    *rest = str_sub(*rest, digits, rest->n);
    *ret_value = value;
    return true;
}

/* «CET» or «<+0330>»: at least three characters; the name itself is not kept. */
static bool take_name(struct str *rest)
{
    bool quoted = take_char(rest, '<');
    size_t n = 0;
    for (; n < rest->n; n++) {
        char c = rest->p[n];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(quoted && ((c >= '0' && c <= '9') || c == '+' || c == '-')))
            break;
    }
    if (n < 3)
        return false;
    *rest = str_sub(*rest, n, rest->n);
    return !quoted || take_char(rest, '>');
}

/* [+-]h[:m[:s]] to seconds. */
static bool take_time(struct str *rest, int max_hour, int *ret_seconds)
{
    bool negative = take_char(rest, '-');
    if (!negative)
        (void)take_char(rest, '+');
    int hour, minute = 0, second = 0;
    if (!take_number(rest, max_hour, &hour))
        return false;
    if (take_char(rest, ':')) {
        if (!take_number(rest, 59, &minute))
            return false;
        if (take_char(rest, ':') && !take_number(rest, 59, &second))
            return false;
    }
    int seconds = hour * 3600 + minute * 60 + second;
    *ret_seconds = negative ? -seconds : seconds;
    return true;
}

/* Mm.w.d[/time] */
static bool take_change(struct str *rest, struct zone_change *ret_change)
{
    struct zone_change change = {.second = 2 * 3600}; /* POSIX: 02:00 unless said otherwise */
    if (!take_char(rest, ',') || !take_char(rest, 'M') || !take_number(rest, 12, &change.month) ||
        !take_char(rest, '.') || !take_number(rest, 5, &change.week) || !take_char(rest, '.') ||
        !take_number(rest, 6, &change.weekday))
        return false;
    if (change.month < 1 || change.week < 1)
        return false;
    if (take_char(rest, '/') && !take_time(rest, 167, &change.second))
        return false;
    *ret_change = change;
    return true;
}

/* The instant of a change in `year`; `offset` is the one in force before it. */
static instant change_instant(const struct zone_change *change, int year, int offset)
{
    day_number first = day_of((struct date){year, change->month, 1});
    int first_weekday = ((int)weekday_of(first) + 1) % 7; /* from 0 on Monday to 0 on Sunday */
    int day = (change->weekday - first_weekday + 7) % 7 + (change->week - 1) * 7;
    while (day >= days_in_month(year, change->month))
        day -= 7;
    return (instant)(first + day) * SECONDS_A_DAY + change->second - offset;
}

enum err zone_parse(struct str posix, struct zone *ret_zone, struct fault *fault)
{
    struct zone zone = {0};
    struct str rest = posix;
    int west; /* POSIX counts west of Greenwich as positive */
    bool good = take_name(&rest) && take_time(&rest, 24, &west);
    if (good) {
        zone.standard_offset = zone.summer_offset = -west;
        zone.has_summer = rest.n != 0;
    }
    if (good && zone.has_summer) {
        good = take_name(&rest);
        zone.summer_offset = zone.standard_offset + 3600;
        if (good && rest.n != 0 && rest.p[0] != ',') {
            good = take_time(&rest, 24, &west);
            zone.summer_offset = -west;
        }
        good = good && take_change(&rest, &zone.summer_starts) && take_change(&rest, &zone.summer_ends) && rest.n == 0;
    }
    if (!good)
        return fault_set(fault, ERR_INPUT, "time zone «%.*s» is not of the form CET-1CEST,M3.5.0,M10.5.0/3",
                         (int)(posix.n < 100 ? posix.n : 100), posix.p);
    for (int i = 0; zone.has_summer && i < ZONE_YEARS; i++) {
        zone.starts[i] = change_instant(&zone.summer_starts, ZONE_FIRST_YEAR + i, zone.standard_offset);
        zone.ends[i] = change_instant(&zone.summer_ends, ZONE_FIRST_YEAR + i, zone.summer_offset);
    }
    *ret_zone = zone;
    return OK;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static int offset_at(const struct zone *zone, instant at)
{
    if (!zone->has_summer)
        return zone->standard_offset;
    /* Around New Year the mean length of a year may name the neighbour, whose answer is the same then. */
    int64_t year = 1970 + floor_divide(floor_divide(at, SECONDS_A_DAY) * 400, DAYS_400_YEARS);
    bool known = year >= ZONE_FIRST_YEAR && year < ZONE_FIRST_YEAR + ZONE_YEARS;
    instant start = known ? zone->starts[year - ZONE_FIRST_YEAR]
                          : change_instant(&zone->summer_starts, (int)year, zone->standard_offset);
    instant end = known ? zone->ends[year - ZONE_FIRST_YEAR]
                        : change_instant(&zone->summer_ends, (int)year, zone->summer_offset);
    /* South of the equator summer begins in one year and ends in the next. */
    bool summer = start < end ? at >= start && at < end : at >= start || at < end;
    return summer ? zone->summer_offset : zone->standard_offset;
}

struct local_time local_of(const struct zone *zone, instant at)
{
    int offset = offset_at(zone, at);
    int64_t day = floor_divide(at + offset, SECONDS_A_DAY);
    int second = (int)(at + offset - day * SECONDS_A_DAY);
    return (struct local_time){
        .day = (day_number)day, .minute = second / 60, .second = second % 60, .offset = offset};
}

instant instant_of(const struct zone *zone, day_number day, int minute)
{
    instant wall = (instant)day * SECONDS_A_DAY + (instant)minute * 60;
    bool summer_ahead = zone->summer_offset > zone->standard_offset;
    int larger = summer_ahead ? zone->summer_offset : zone->standard_offset;
    int smaller = summer_ahead ? zone->standard_offset : zone->summer_offset;
    /* The larger offset gives the earlier instant, which is the first of a time that occurs twice. Where it is not in
     * force the smaller is, or the time is skipped, and before a skip the smaller one was in force. */
    instant first = wall - larger;
    return offset_at(zone, first) == larger ? first : wall - smaller;
}
