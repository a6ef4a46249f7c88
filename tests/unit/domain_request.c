/* Every transition of a request (MON-2), the working hours of its timer, the deadline of its payment. */
#include "domain/request_state.h"
#include "unit.h"

/* Rows: states; columns: acts, in the order of their enums. A capital letter is the state it becomes. */
static void every_transition(void **state)
{
    (void)state;
    static const char letters[] = "APCTXDWZL"; /* asked proposed accepted till paid declined withdrawn cancelled lapsed */
    static const char *const table[REQUEST_STATES] = {
        /*                      accept propose decline cancel take leave withdraw till pay lapse close */
        [REQUEST_ASKED] =      "CPD---W--L-",
        [REQUEST_PROPOSED] =   "-PD-CWW--L-",
        [REQUEST_ACCEPTED] =   "---Z--WTX-T",
        [REQUEST_TILL] =       "---Z--W-X--",
        [REQUEST_PAID] =       "---Z-------",
        [REQUEST_DECLINED] =   "-----------",
        [REQUEST_WITHDRAWN] =  "-----------",
        [REQUEST_CANCELLED] =  "-----------",
        [REQUEST_LAPSED] =     "-----------",
    };
    _Static_assert(sizeof letters - 1 == REQUEST_STATES, "a letter a state");
    for (int from = 0; from < REQUEST_STATES; from++)
        for (int act = 0; act < REQUEST_ACTS; act++)
            for (int online = 0; online <= 1; online++) {
                enum request_state to = REQUEST_LAPSED;
                bool may = request_after((enum request_state)from, (enum request_act)act, online, &to);
                char expected = table[from][act];
                if (!online && expected == 'C')
                    expected = 'T'; /* nothing can be paid online: the till */
                char got = may ? letters[to] : '-';
                if (got != expected)
                    fail_msg("%s, %s: %c, not %c", request_state_name((enum request_state)from),
                             request_act_name((enum request_act)act), got, expected);
            }
}

static void names_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < REQUEST_STATES; i++) {
        enum request_state back = REQUEST_LAPSED;
        assert_true(request_state_parse(str_of(request_state_name((enum request_state)i)), &back));
        assert_int_equal(back, i);
    }
    for (int i = 0; i < REQUEST_ACTS; i++) {
        enum request_act back = REQUEST_CLOSE_ONLINE;
        assert_true(request_act_parse(str_of(request_act_name((enum request_act)i)), &back));
        assert_int_equal(back, i);
    }
    enum request_state ignored;
    assert_false(request_state_parse(S("confirmed"), &ignored));
    assert_true(request_is_confirmed(REQUEST_TILL) && request_is_confirmed(REQUEST_PAID));
    assert_false(request_is_confirmed(REQUEST_CANCELLED) || request_is_confirmed(REQUEST_PROPOSED));
    assert_true(request_is_open(REQUEST_ASKED) && request_is_open(REQUEST_PROPOSED));
    assert_false(request_is_open(REQUEST_ACCEPTED));
}

static instant at(const char *day, int minute)
{
    struct zone zone = unit_paris();
    day_number number = 0;
    assert_true(day_parse(str_of(day), &number));
    return instant_of(&zone, number, minute);
}

static void working_hours_skip_the_week_end(void **state)
{
    (void)state;
    struct zone zone = unit_paris();
    /* 20 November 2026 is a Friday. */
    assert_int_equal(request_hours_after(&zone, at("2026-11-18", 600), 24), at("2026-11-19", 600));
    assert_int_equal(request_hours_after(&zone, at("2026-11-20", 600), 14), at("2026-11-21", 0));
    assert_int_equal(request_hours_after(&zone, at("2026-11-20", 600), 15), at("2026-11-23", 60));
    assert_int_equal(request_hours_after(&zone, at("2026-11-20", 600), 48), at("2026-11-24", 600));
    assert_int_equal(request_hours_after(&zone, at("2026-11-21", 600), 1), at("2026-11-23", 60));
    assert_int_equal(request_hours_after(&zone, at("2026-11-22", 1439), 0), at("2026-11-23", 0));
    /* The night of Saturday to Sunday in which the clocks change is not working time at all. */
    assert_int_equal(request_hours_after(&zone, at("2026-10-23", 600), 24), at("2026-10-26", 600));
}

static void the_deadline_of_payment(void **state)
{
    (void)state;
    struct zone zone = unit_paris();
    instant visit = at("2026-12-12", 630);
    assert_int_equal(request_pay_until(&zone, visit, 0), visit);
    assert_int_equal(request_pay_until(&zone, visit, 1), at("2026-12-11", 1439));
    assert_int_equal(request_pay_until(&zone, visit, 7), at("2026-12-05", 1439));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition),
        cmocka_unit_test(names_read_back),
        cmocka_unit_test(working_hours_skip_the_week_end),
        cmocka_unit_test(the_deadline_of_payment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
