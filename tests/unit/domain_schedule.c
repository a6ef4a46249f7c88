/* Templates to slots (OPS-2): seasons, exceptions, closing days, private events, leap day, changes of the clock. */
#include "unit.h"

#include "domain/schedule.h"

static day_number on(int year, int month, int day)
{
    return day_of((struct date){year, month, day});
}

enum { WORKDAYS = 0x1f, WEEKEND = 0x60 };

static struct schedule_line morning = {.weekdays = SCHEDULE_EVERY_DAY, .first = 540, .last = 720, .step = 30,
                                       .minutes = 30, .capacity = 50, .for_groups = true};

static struct schedule_period season_of(struct schedule_line *lines, size_t n)
{
    return (struct schedule_period){.id = 1, .first = on(2028, 1, 1), .last = on(2028, 12, 31), .lines = {lines, n}};
}

static struct schedule_slot slots[SCHEDULE_DAY_SLOTS];

static size_t count(const struct schedule *schedule, day_number day)
{
    struct zone zone = unit_paris();
    return schedule_day(schedule, &zone, day, slots);
}

static void a_line_makes_its_slots(void **state)
{
    (void)state;
    struct schedule_period period = season_of(&morning, 1);
    struct schedule schedule = {.periods = {&period, 1}};
    struct zone zone = unit_paris();
    assert_int_equal(count(&schedule, on(2028, 2, 29)), 7); /* the leap day is a day like any other */
    assert_int_equal(slots[0].start, instant_of(&zone, on(2028, 2, 29), 540));
    assert_int_equal(slots[6].minute, 720); /* the last start is one of them */
    assert_int_equal(slots[3].capacity, 50);
    assert_int_equal(slots[3].minutes, 30);
    assert_int_equal(slots[3].on_sale_from, 0);
    assert_int_equal(count(&schedule, on(2027, 12, 31)), 0); /* the day before the season */
    assert_int_equal(count(&schedule, on(2028, 1, 1)), 7);
    assert_int_equal(count(&schedule, on(2028, 12, 31)), 7);
    assert_int_equal(count(&schedule, on(2029, 1, 1)), 0);
}

static void weekdays_and_a_last_start_off_the_step(void **state)
{
    (void)state;
    struct schedule_line lines[] = {
        {.weekdays = WORKDAYS,
         .first = 600,
         .last = 655,
         .step = 20,
         .minutes = 20,
         .capacity = 10,
         .for_groups = true},
        {.weekdays = WEEKEND, .first = 600, .last = 600, .step = 20, .minutes = 20, .capacity = 10},
    };
    struct schedule_period period = season_of(lines, 2);
    struct schedule schedule = {.periods = {&period, 1}};
    assert_int_equal(count(&schedule, on(2028, 3, 3)), 3); /* a Friday: 10:00, 10:20, 10:40 */
    assert_true(slots[0].for_groups);
    assert_int_equal(count(&schedule, on(2028, 3, 4)), 1);
    assert_false(slots[0].for_groups);
}

static void lines_come_sorted_and_the_first_wins(void **state)
{
    (void)state;
    struct schedule_line lines[] = {
        {.weekdays = 127, .first = 660, .last = 720, .step = 30, .minutes = 30, .capacity = 1},
        {.weekdays = 127, .first = 600, .last = 690, .step = 30, .minutes = 30, .capacity = 2},
    };
    struct schedule_period period = season_of(lines, 2);
    struct schedule schedule = {.periods = {&period, 1}};
    const int minutes[] = {600, 630, 660, 690, 720}, capacities[] = {2, 2, 1, 1, 1};
    assert_int_equal(count(&schedule, on(2028, 5, 5)), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(slots[i].minute, minutes[i]);
        assert_int_equal(slots[i].capacity, capacities[i]);
    }
    int minute = 0;
    assert_true(schedule_lines_clash(&lines[0], &lines[1], &minute));
    assert_int_equal(minute, 660);
    lines[0].weekdays = WORKDAYS;
    lines[1].weekdays = WEEKEND;
    assert_false(schedule_lines_clash(&lines[0], &lines[1], &minute));
    lines[1].weekdays = 127;
    lines[1].first = 605;
    assert_false(schedule_lines_clash(&lines[0], &lines[1], &minute));
}

static void exceptions_go_before_seasons(void **state)
{
    (void)state;
    struct schedule_line evening = {.weekdays = 127, .first = 1140, .last = 1200, .step = 60, .minutes = 60,
                                    .capacity = 20, .for_groups = true};
    struct schedule_period periods[] = {
        season_of(&morning, 1),
        {.id = 2, .exception = true, .first = on(2028, 7, 14), .last = on(2028, 7, 15), .lines = {&evening, 1}},
        {.id = 3, .exception = true, .first = on(2028, 8, 1), .last = on(2028, 8, 1)},
    };
    struct schedule schedule = {.periods = {periods, 3}, .has_closings = true};
    assert_int_equal(opening_parse(S("09:00-18:00"), S("closed"), S("07-14"), &schedule.closings, NULL), OK);
    assert_int_equal(count(&schedule, on(2028, 7, 13)), 7);
    assert_int_equal(count(&schedule, on(2028, 7, 14)), 2); /* on a closing day too */
    assert_int_equal(schedule_period_of(&schedule, on(2028, 7, 14))->id, 2);
    assert_int_equal(count(&schedule, on(2028, 8, 1)), 0); /* an exception without hours */
    assert_int_equal(count(&schedule, on(2028, 8, 2)), 7);
    assert_int_equal(count(&schedule, on(2028, 11, 2)), 0); /* the winter is closed */
}

static void closing_days_empty_a_season(void **state)
{
    (void)state;
    struct schedule_period period = season_of(&morning, 1);
    struct schedule schedule = {.periods = {&period, 1}, .has_closings = true};
    assert_int_equal(opening_parse(S("09:00-18:00"), S("on-request"), S("05-01,mon@winter,easter-monday,12-24/12-26"),
                                   &schedule.closings, NULL), OK);
    assert_int_equal(schedule_closed(&schedule, on(2028, 5, 1)), CLOSED_DATE);
    assert_int_equal(count(&schedule, on(2028, 5, 1)), 0);
    assert_int_equal(count(&schedule, on(2028, 4, 17)), 0);  /* Easter Monday */
    assert_int_equal(count(&schedule, on(2028, 12, 25)), 0);
    assert_int_equal(count(&schedule, on(2028, 1, 3)), 0);   /* a Monday in winter */
    assert_int_equal(count(&schedule, on(2028, 1, 4)), 7);   /* on request: the lines say when */
    assert_int_equal(count(&schedule, on(2028, 7, 3)), 7);   /* a Monday in summer */
}

static void the_change_of_the_clock(void **state)
{
    (void)state;
    struct schedule_line night = {.weekdays = 127, .first = 60, .last = 240, .step = 30, .minutes = 30, .capacity = 5};
    struct schedule_period period = season_of(&night, 1);
    struct schedule schedule = {.periods = {&period, 1}};
    assert_int_equal(count(&schedule, on(2028, 3, 25)), 7);
    /* 26 March: 02:00 and 02:30 do not exist; the others are each there once. */
    assert_int_equal(count(&schedule, on(2028, 3, 26)), 5);
    for (size_t i = 1; i < 5; i++)
        assert_true(slots[i].start > slots[i - 1].start);
    assert_int_equal(slots[1].minute, 90);
    assert_int_equal(slots[2].minute, 180);
    assert_int_equal(slots[2].start - slots[1].start, 1800);
    /* 29 October: 02:00 and 02:30 come twice, the slots once; an hour and a half lies between 02:30 and 03:00. */
    assert_int_equal(count(&schedule, on(2028, 10, 29)), 7);
    assert_int_equal(slots[4].minute, 180);
    assert_int_equal(slots[4].start - slots[3].start, 5400);
}

static void sales_open_by_the_rule(void **state)
{
    (void)state;
    struct schedule_period period = season_of(&morning, 1);
    struct schedule schedule = {.periods = {&period, 1}};
    struct zone zone = unit_paris();
    period.sales = SALES_MONTHS;
    period.sales_months = 12;
    period.sales_minute = 540;
    assert_int_equal(count(&schedule, on(2028, 2, 29)), 7);
    assert_int_equal(slots[0].on_sale_from, instant_of(&zone, on(2027, 2, 1), 540));
    period.sales = SALES_DAY;
    period.sales_day = on(2027, 9, 15);
    assert_int_equal(count(&schedule, on(2028, 2, 29)), 7);
    assert_int_equal(slots[6].on_sale_from, instant_of(&zone, on(2027, 9, 15), 540));
}

static void events_close_what_starts_in_them(void **state)
{
    (void)state;
    struct schedule_period period = season_of(&morning, 1);
    struct schedule_event event = {.id = 9, .day = on(2028, 6, 1), .from = 600, .to = 660};
    struct schedule schedule = {.periods = {&period, 1}, .events = {&event, 1}};
    assert_int_equal(count(&schedule, on(2028, 6, 1)), 7);
    const bool closed[] = {false, false, true, true, false, false, false}; /* 10:00 and 10:30, not 11:00 */
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(slots[i].event != NULL, closed[i]);
    assert_int_equal(count(&schedule, on(2028, 6, 2)), 7);
    assert_null(slots[2].event);
}

static void a_ticket_for_the_day_is_one_slot(void **state)
{
    (void)state;
    struct schedule_event event = {.id = 9, .day = on(2028, 6, 1), .from = 1200, .to = 1260};
    struct schedule_period period = season_of(&morning, 1);
    struct schedule schedule = {.periods = {&period, 1}, .events = {&event, 1}, .whole_day = true};
    assert_int_equal(count(&schedule, on(2028, 6, 1)), 1);
    assert_int_equal(slots[0].minute, 540);
    assert_non_null(slots[0].event);
    assert_int_equal(count(&schedule, on(2028, 6, 2)), 1);
    assert_null(slots[0].event);
}

static void lines_that_cannot_be(void **state)
{
    (void)state;
    const struct {
        struct schedule_line line;
        enum schedule_line_fault fault;
    } cases[] = {
        {{.weekdays = 0, .first = 0, .last = 0, .step = 30, .minutes = 30}, LINE_WEEKDAYS},
        {{.weekdays = 128, .first = 0, .last = 0, .step = 30, .minutes = 30}, LINE_WEEKDAYS},
        {{.weekdays = 1, .first = 60, .last = 59, .step = 30, .minutes = 30}, LINE_TIMES},
        {{.weekdays = 1, .first = -1, .last = 59, .step = 30, .minutes = 30}, LINE_TIMES},
        {{.weekdays = 1, .first = 0, .last = 1440, .step = 30, .minutes = 30}, LINE_TIMES},
        {{.weekdays = 1, .first = 0, .last = 60, .step = 4, .minutes = 30}, LINE_STEP},
        {{.weekdays = 1, .first = 0, .last = 60, .step = 1441, .minutes = 30}, LINE_STEP},
        {{.weekdays = 1, .first = 0, .last = 60, .step = 30, .minutes = 0}, LINE_MINUTES},
        {{.weekdays = 1, .first = 0, .last = 60, .step = 30, .minutes = 30, .capacity = -1}, LINE_CAPACITY},
        {{.weekdays = 1, .first = 0, .last = 60, .step = 30, .minutes = 30, .capacity = 10001}, LINE_CAPACITY},
        {{.weekdays = 127, .first = 0, .last = 1439, .step = 5, .minutes = 1440, .capacity = 0}, LINE_GOOD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(schedule_line_check(&cases[i].line), cases[i].fault);
    struct schedule_line all = cases[10].line;
    struct schedule_period period = season_of(&all, 1);
    struct schedule schedule = {.periods = {&period, 1}};
    assert_int_equal(count(&schedule, on(2028, 6, 1)), SCHEDULE_DAY_SLOTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_makes_its_slots),
        cmocka_unit_test(weekdays_and_a_last_start_off_the_step),
        cmocka_unit_test(lines_come_sorted_and_the_first_wins),
        cmocka_unit_test(exceptions_go_before_seasons),
        cmocka_unit_test(closing_days_empty_a_season),
        cmocka_unit_test(the_change_of_the_clock),
        cmocka_unit_test(sales_open_by_the_rule),
        cmocka_unit_test(events_close_what_starts_in_them),
        cmocka_unit_test(a_ticket_for_the_day_is_one_slot),
        cmocka_unit_test(lines_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
