/* Days, Easter and the time zone; above all the two days a year that do not have 24 hours. */
#include <stdlib.h>
#include <time.h>

#include "unit.h"

static void days_go_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(unit_day(1970, 1, 1), 0);
    assert_int_equal(unit_day(1969, 12, 31), -1);
    assert_int_equal(unit_day(2000, 3, 1), 11017);
    struct date before = date_of(unit_day(1599, 12, 31));
    for (day_number day = unit_day(1600, 1, 1); day <= unit_day(2401, 1, 1); day++) {
        struct date date = date_of(day);
        assert_true(date_exists(date));
        assert_int_equal(day_of(date), day);
        bool next_month = before.day == days_in_month(before.year, before.month);
        assert_int_equal(date.day, next_month ? 1 : before.day + 1);
        before = date;
    }
}

static void weekdays(void **state)
{
    (void)state;
    assert_int_equal(weekday_of(0), THURSDAY);
    assert_int_equal(weekday_of(unit_day(1969, 12, 29)), MONDAY);
    assert_int_equal(weekday_of(unit_day(1969, 12, 28)), SUNDAY);
    assert_int_equal(weekday_of(unit_day(2027, 3, 28)), SUNDAY);
    assert_int_equal(weekday_of(unit_day(2028, 2, 29)), TUESDAY);
}

static void leap_days(void **state)
{
    (void)state;
    assert_int_equal(days_in_month(2028, 2), 29);
    assert_int_equal(days_in_month(2100, 2), 28);
    assert_int_equal(days_in_month(2000, 2), 29);
    assert_false(date_exists((struct date){2027, 2, 29}));
    assert_false(date_exists((struct date){2027, 13, 1}));
    assert_false(date_exists((struct date){2027, 0, 1}));
    assert_false(date_exists((struct date){2027, 4, 31}));
    assert_int_equal(day_add_years(unit_day(2028, 2, 29), 3), unit_day(2031, 2, 28));
    assert_int_equal(day_add_years(unit_day(2028, 2, 29), 4), unit_day(2032, 2, 29));
    assert_int_equal(day_add_years(unit_day(2027, 2, 28), 1), unit_day(2028, 2, 28));
    assert_int_equal(day_add_months(unit_day(2027, 1, 31), 1), unit_day(2027, 2, 28));
    assert_int_equal(day_add_months(unit_day(2027, 12, 15), 1), unit_day(2028, 1, 15));
    assert_int_equal(day_add_months(unit_day(2027, 1, 15), -1), unit_day(2026, 12, 15));
    assert_int_equal(day_add_months(unit_day(2027, 3, 31), -13), unit_day(2026, 2, 28));
}

static void easter(void **state)
{
    (void)state;
    static const struct date known[] = {{1961, 4, 2},  {2000, 4, 23}, {2008, 3, 23}, {2024, 3, 31}, {2025, 4, 20},
                                        {2026, 4, 5},  {2027, 3, 28}, {2028, 4, 16}, {2038, 4, 25}, {2285, 3, 22}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_int_equal(easter_sunday(known[i].year), day_of(known[i]));
    for (int year = 1900; year < 2300; year++)
        assert_int_equal(weekday_of(easter_sunday(year)), SUNDAY);
}

static void reads_days_and_minutes(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    day_number day = 7;
    assert_true(day_parse(S("2028-02-29"), &day));
    assert_int_equal(day, unit_day(2028, 2, 29));
    assert_str(day_iso(arena, day), "2028-02-29");
    const char *const wrong_days[] = {"2027-02-29", "2027-2-28", "2027-13-01", "27-01-01", "", "2027-01-01 ",
                                      "2027/01/01", "2027-00-10", "2027-01-00", "20a7-01-01", "-027-01-01"};
    for (size_t i = 0; i < sizeof wrong_days / sizeof wrong_days[0]; i++)
        assert_false(day_parse(str_of(wrong_days[i]), &day));
    assert_int_equal(day, unit_day(2028, 2, 29));
    int minute = 7;
    assert_true(minute_parse(S("24:00"), &minute));
    assert_int_equal(minute, MINUTES_A_DAY);
    assert_true(minute_parse(S("09:30"), &minute));
    assert_int_equal(minute, 570);
    const char *const wrong_minutes[] = {"24:01", "9:30", "09:60", "25:00", "", "09-30", "09:3", "ab:cd"};
    for (size_t i = 0; i < sizeof wrong_minutes / sizeof wrong_minutes[0]; i++)
        assert_false(minute_parse(str_of(wrong_minutes[i]), &minute));
    assert_int_equal(minute, 570);
    arena_free(&arena);
}

static void check_local(instant at, day_number day, int minute, int offset)
{
    struct zone paris = unit_paris();
    struct local_time local = local_of(&paris, at);
    assert_int_equal(local.day, day);
    assert_int_equal(local.minute, minute);
    assert_int_equal(local.offset, offset);
}

static void spring_forward(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    day_number day = unit_day(2027, 3, 28);
    instant change = (instant)day * SECONDS_A_DAY + 3600; /* 01:00 UTC */
    check_local(change - 1, day, 119, 3600);
    check_local(change, day, 180, 7200);
    assert_true(instant_of(&paris, day, 119) == change - 60);
    assert_true(instant_of(&paris, day, 120) == change);           /* 02:00 is 03:00 */
    assert_true(instant_of(&paris, day, 150) == change + 30 * 60); /* 02:30 is 03:30 */
    assert_true(instant_of(&paris, day, 180) == change);
    /* The day has 23 hours. */
    assert_true(instant_of(&paris, day + 1, 0) - instant_of(&paris, day, 0) == 23 * 3600);
    assert_true(instant_of(&paris, day, MINUTES_A_DAY) == instant_of(&paris, day + 1, 0));
}

static void autumn_back(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    day_number day = unit_day(2027, 10, 31);
    instant change = (instant)day * SECONDS_A_DAY + 3600;
    check_local(change - 1, day, 179, 7200);
    check_local(change, day, 120, 3600);
    assert_true(instant_of(&paris, day, 120) == change - 3600); /* the first 02:00 */
    assert_true(instant_of(&paris, day, 179) == change - 60);
    assert_true(instant_of(&paris, day, 180) == change + 3600);
    assert_true(instant_of(&paris, day + 1, 0) - instant_of(&paris, day, 0) == 25 * 3600);
}

/* The C library is asked for a second opinion, here and nowhere else. */
static void agrees_with_the_library(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
    tzset();
    instant from = (instant)unit_day(1990, 1, 1) * SECONDS_A_DAY, to = (instant)unit_day(2060, 1, 1) * SECONDS_A_DAY;
    for (instant at = from; at < to; at += 1799) {
        struct tm tm;
        time_t moment = (time_t)at;
        assert_non_null(localtime_r(&moment, &tm));
        struct local_time local = local_of(&paris, at);
        assert_int_equal(local.day, unit_day(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday));
        assert_int_equal(local.minute * 60 + local.second, (tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec);
        assert_int_equal(local.offset, tm.tm_gmtoff);
        /* Back again, but for the hour that occurs twice, of which the first is given. */
        instant back = instant_of(&paris, local.day, local.minute) + local.second;
        assert_true(back == at || back == at - 3600);
    }
    (void)unsetenv("TZ");
    tzset();
}

static void other_zones(void **state)
{
    (void)state;
    struct zone zone;
    struct fault fault;
    assert_int_equal(zone_parse(S("UTC0"), &zone, &fault), OK);
    assert_int_equal(local_of(&zone, -1).day, -1);
    assert_int_equal(local_of(&zone, -1).minute, MINUTES_A_DAY - 1);
    assert_int_equal(zone_parse(S("<-04>4"), &zone, &fault), OK); /* Martinique */
    assert_int_equal(zone.standard_offset, -4 * 3600);
    assert_int_equal(zone_parse(S("<+0530>-5:30"), &zone, &fault), OK);
    assert_int_equal(zone.standard_offset, 19800);
    /* South of the equator summer passes the year's end. */
    assert_int_equal(zone_parse(S("AEST-10AEDT,M10.1.0,M4.1.0/3"), &zone, &fault), OK);
    assert_int_equal(local_of(&zone, (instant)unit_day(2027, 1, 1) * SECONDS_A_DAY).offset, 11 * 3600);
    assert_int_equal(local_of(&zone, (instant)unit_day(2027, 7, 1) * SECONDS_A_DAY).offset, 10 * 3600);
    /* Ireland's «summer» is its winter, an hour back. */
    assert_int_equal(zone_parse(S("IST-1GMT0,M10.5.0,M3.5.0/1"), &zone, &fault), OK);
    assert_int_equal(local_of(&zone, (instant)unit_day(2027, 1, 1) * SECONDS_A_DAY).offset, 0);
    assert_int_equal(local_of(&zone, (instant)unit_day(2027, 7, 1) * SECONDS_A_DAY).offset, 3600);
    day_number change = unit_day(2027, 3, 28);
    assert_true(instant_of(&zone, change, 90) == (instant)change * SECONDS_A_DAY + 5400); /* skipped: GMT was in force */
    const char *const wrong[] = {"", "CET", "CE-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                                 "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
                                 "CET-1CEST,J60,J300", "CET-1CEST,M3.5.0,M10.5.0/3x", "Europe/Paris", "CET-25", "<+01-1"};
    struct zone kept = zone;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(zone_parse(str_of(wrong[i]), &zone, &fault), ERR_INPUT);
    assert_memory_equal(&kept, &zone, sizeof zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_go_there_and_back), cmocka_unit_test(weekdays),
        cmocka_unit_test(leap_days),              cmocka_unit_test(easter),
        cmocka_unit_test(reads_days_and_minutes), cmocka_unit_test(spring_forward),
        cmocka_unit_test(autumn_back),            cmocka_unit_test(agrees_with_the_library),
        cmocka_unit_test(other_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
