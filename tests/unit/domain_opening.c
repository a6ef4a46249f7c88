/* Hours and closing days. */
#include "domain/opening.h"
#include "unit.h"

static struct opening_rules parsed(const char *summer, const char *winter, const char *closing)
{
    struct opening_rules rules;
    struct fault fault;
    if (opening_parse(str_of(summer), str_of(winter), str_of(closing), &rules, &fault) != OK)
        fail_msg("%s", fault.text);
    return rules;
}

static void seasons(void **state)
{
    (void)state;
    struct opening_rules rules = parsed("10:00-18:30", "10:00-12:30,14:00-17:00", "");
    struct opening opening = opening_of(&rules, unit_day(2027, 3, 31));
    assert_int_equal(opening.why, CLOSED_NOT);
    assert_int_equal(opening.season, OPENING_WINTER);
    assert_int_equal(opening.count, 2);
    assert_int_equal(opening.intervals[1].from, 14 * 60);
    assert_int_equal(opening.intervals[1].to, 17 * 60);
    opening = opening_of(&rules, unit_day(2027, 4, 1));
    assert_int_equal(opening.season, OPENING_SUMMER);
    assert_int_equal(opening.count, 1);
    assert_int_equal(opening.intervals[0].to, 18 * 60 + 30);
    assert_int_equal(opening_of(&rules, unit_day(2027, 9, 30)).season, OPENING_SUMMER);
    assert_int_equal(opening_of(&rules, unit_day(2027, 10, 1)).season, OPENING_WINTER);
    /* The season is data, and may pass the year's end. */
    rules.summer_from = 1101;
    rules.summer_to = 215;
    assert_int_equal(opening_of(&rules, unit_day(2027, 12, 31)).season, OPENING_SUMMER);
    assert_int_equal(opening_of(&rules, unit_day(2027, 2, 15)).season, OPENING_SUMMER);
    assert_int_equal(opening_of(&rules, unit_day(2027, 2, 16)).season, OPENING_WINTER);
}

static void check_closed(const struct opening_rules *rules, day_number day, enum closed_why why, const char *token)
{
    struct opening opening = opening_of(rules, day);
    assert_int_equal(opening.why, why);
    assert_int_equal(opening.count, 0);
    assert_string_equal(opening.token, token);
}

static void closing_days(void **state)
{
    (void)state;
    struct opening_rules rules = parsed("10:00-18:00", "10:00-17:00",
                                        "01-01, 05-01,easter-monday,11-16/02-14,08-10/08-12,mon@winter,tue,02-29");
    check_closed(&rules, unit_day(2027, 1, 1), CLOSED_DATE, "01-01");
    check_closed(&rules, unit_day(2027, 5, 1), CLOSED_DATE, "05-01");
    check_closed(&rules, unit_day(2027, 3, 29), CLOSED_EASTER_MONDAY, "easter-monday");
    check_closed(&rules, unit_day(2026, 4, 6), CLOSED_EASTER_MONDAY, "easter-monday");
    assert_int_equal(opening_of(&rules, unit_day(2028, 4, 24)).why, CLOSED_NOT); /* a Monday in summer */
    check_closed(&rules, unit_day(2027, 11, 16), CLOSED_PERIOD, "11-16/02-14");
    check_closed(&rules, unit_day(2027, 2, 14), CLOSED_PERIOD, "11-16/02-14");
    assert_int_equal(opening_of(&rules, unit_day(2026, 11, 15)).why, CLOSED_NOT);
    assert_int_equal(opening_of(&rules, unit_day(2028, 2, 16)).why, CLOSED_NOT);
    check_closed(&rules, unit_day(2027, 8, 12), CLOSED_PERIOD, "08-10/08-12");
    assert_int_equal(opening_of(&rules, unit_day(2027, 8, 13)).why, CLOSED_NOT);
    check_closed(&rules, unit_day(2027, 2, 22), CLOSED_WEEKDAY, "mon@winter");
    check_closed(&rules, unit_day(2027, 7, 6), CLOSED_WEEKDAY, "tue");
    check_closed(&rules, unit_day(2028, 2, 29), CLOSED_WEEKDAY, "tue"); /* the first written of two */
    struct opening_rules leap = parsed("10:00-18:00", "10:00-17:00", "02-29");
    check_closed(&leap, unit_day(2028, 2, 29), CLOSED_DATE, "02-29");
    assert_int_equal(opening_of(&leap, unit_day(2027, 3, 1)).why, CLOSED_NOT);
}

static void closed_seasons(void **state)
{
    (void)state;
    struct opening_rules rules = parsed("on-request", "closed", "05-01,sun@summer");
    check_closed(&rules, unit_day(2027, 7, 1), CLOSED_ON_REQUEST, "");
    check_closed(&rules, unit_day(2027, 1, 4), CLOSED_SEASON, "");
    check_closed(&rules, unit_day(2027, 5, 1), CLOSED_DATE, "05-01");
    check_closed(&rules, unit_day(2027, 7, 4), CLOSED_WEEKDAY, "sun@summer");
    check_closed(&rules, unit_day(2027, 1, 3), CLOSED_SEASON, "");
    assert_string_equal(closed_why_name(CLOSED_EASTER_MONDAY), "easter-monday");
    assert_string_equal(closed_why_name(CLOSED_ON_REQUEST), "on-request");
    assert_string_equal(closed_why_name(CLOSED_WEEKDAY), "weekday");
}

static void refuses_what_it_cannot_read(void **state)
{
    (void)state;
    static const char *const hours[] = {"", "10:00", "18:00-10:00", "10:00-10:00", "10:00-25:00", "10:00-12:00,11:00-13:00",
                                        "10:00-12:00,12:00-13:00", "open", "10:00-12:00,,", "10:00 - 12:00",
                                        "01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00,09:00-10:00"};
    static const char *const closing[] = {"13-01", "02-30", "01-00", "monday", "mon@spring", "01-01,,05-01", "1-1",
                                          "01-01/", "/01-01", "01-01/02-30", "a-very-long-token-that-is-nothing",
                                          "+1-01", "mon@"};
    struct opening_rules rules = parsed("10:00-18:00", "closed", "mon");
    struct opening_rules kept = rules;
    struct fault fault;
    for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++)
        assert_int_not_equal(opening_parse(str_of(hours[i]), S("closed"), S(""), &rules, &fault), OK);
    for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++)
        assert_int_equal(opening_parse(S("closed"), S("closed"), str_of(closing[i]), &rules, &fault), ERR_INPUT);
    assert_memory_equal(&kept, &rules, sizeof rules);
    char many[OPENING_CLOSINGS * 4 + 8] = "";
    for (int i = 0; i <= OPENING_CLOSINGS; i++)
        strcat(many, "mon,");
    assert_int_equal(opening_parse(S("closed"), S("closed"), str_of(many), &rules, &fault), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seasons),
        cmocka_unit_test(closing_days),
        cmocka_unit_test(closed_seasons),
        cmocka_unit_test(refuses_what_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
