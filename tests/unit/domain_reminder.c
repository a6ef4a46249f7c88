/* Reminders of an option's end (OPT-7): their days as data, and the moments at which they are due. */
#include "domain/reminder.h"
#include "unit.h"

static void days_as_data(void **state)
{
    (void)state;
    struct reminder_days days = {.count = 7};
    assert_true(reminder_days_parse(S("7,2,0"), &days));
    assert_int_equal(days.count, 3);
    assert_int_equal(days.days[0], 0);
    assert_int_equal(days.days[1], 2);
    assert_int_equal(days.days[2], 7);
    assert_true(reminder_days_parse(S(" 2 , 14,2,0 "), &days));
    assert_int_equal(days.count, 3);
    assert_int_equal(days.days[2], 14);
    assert_true(reminder_days_parse(S("60,1,2,3,4,5,6,7,7"), &days));
    assert_int_equal(days.count, 8);
    assert_true(reminder_days_parse(S("  "), &days));
    assert_int_equal(days.count, 0);
    days.count = 5;
    static const char *const wrong[] = {",", "7,", ",7", "7,,2", "61", "-1", "2 0", "a", "1,2,3,4,5,6,7,8,9"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (reminder_days_parse(str_of(wrong[i]), &days))
            fail_msg("accepted: %s", wrong[i]);
    assert_int_equal(days.count, 5);
}

static void due_in_local_time(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    enum { EIGHT = 8 * 60 };
    instant end = instant_of(&paris, unit_day(2027, 3, 30), 18 * 60); /* two days after the change to summer */
    assert_true(reminder_due(&paris, end, 0, EIGHT) == instant_of(&paris, unit_day(2027, 3, 30), EIGHT));
    assert_true(reminder_due(&paris, end, 7, EIGHT) == instant_of(&paris, unit_day(2027, 3, 23), EIGHT));
    assert_true(end - reminder_due(&paris, end, 7, EIGHT) == 7 * SECONDS_A_DAY + 10 * 3600 - 3600);
    /* Ends in the small hours: said when its last day begins. At midnight sharp: the day before was the last. */
    instant midnight = instant_of(&paris, unit_day(2027, 3, 30), 0);
    instant early = instant_of(&paris, unit_day(2027, 3, 30), 5 * 60);
    assert_true(reminder_due(&paris, early, 0, EIGHT) == midnight);
    assert_true(reminder_due(&paris, midnight, 0, EIGHT) == instant_of(&paris, unit_day(2027, 3, 29), EIGHT));
    assert_int_equal(reminder_last_day(&paris, midnight), unit_day(2027, 3, 29));
}

/* What the horizon lists is what is due, hour by hour over a change of the clock. */
static void horizon_is_what_is_due(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant from = instant_of(&paris, unit_day(2027, 3, 26), 0);
    static const int minutes[] = {0, 8 * 60, 23 * 60 + 59};
    for (size_t m = 0; m < 3; m++)
        for (int days = 0; days <= 3; days++)
            for (instant now = from; now < from + 4 * SECONDS_A_DAY; now += 1800)
                for (instant end = now + 1; end < now + 6 * SECONDS_A_DAY; end += 3599) {
                    bool due = reminder_due(&paris, end, days, minutes[m]) <= now;
                    assert_true(due == (end <= reminder_horizon(&paris, now, days, minutes[m])));
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_as_data),
        cmocka_unit_test(due_in_local_time),
        cmocka_unit_test(horizon_is_what_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
