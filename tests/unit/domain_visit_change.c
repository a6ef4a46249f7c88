/* Until when a paid visit may be changed, and what the change costs (OPT-6). */
#include "domain/visit_change.h"
#include "unit.h"

static void the_cut_off_is_a_local_midnight(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    /* The clock goes forward on 28 March: the days are calendar days all the same. */
    instant visit = instant_of(&paris, unit_day(2027, 3, 30), 10 * 60);
    instant cutoff = change_cutoff(&paris, visit, 3);
    assert_true(cutoff == instant_of(&paris, unit_day(2027, 3, 28), 0));
    assert_int_equal(local_of(&paris, cutoff - 1).day, unit_day(2027, 3, 27));
    assert_true(change_cutoff(&paris, visit, 1) == instant_of(&paris, unit_day(2027, 3, 30), 0));
    assert_true(change_cutoff(&paris, visit, 0) == visit); /* the day itself, until it begins */
    assert_true(change_cutoff(&paris, instant_of(&paris, unit_day(2027, 3, 30), 0), 1) ==
                instant_of(&paris, unit_day(2027, 3, 30), 0));
}

static void the_money_of_the_old_visit(void **state)
{
    (void)state;
    struct change_sums sums = change_sums_of(cents(28000), cents(33600));
    assert_int_equal(sums.carried.v, 28000);
    assert_int_equal(sums.to_pay.v, 5600);
    assert_int_equal(sums.returned.v, 0);
    sums = change_sums_of(cents(33600), cents(28000));
    assert_int_equal(sums.carried.v, 28000);
    assert_int_equal(sums.to_pay.v, 0);
    assert_int_equal(sums.returned.v, 5600);
    sums = change_sums_of(cents(28000), cents(28000));
    assert_int_equal(sums.carried.v, 28000);
    assert_int_equal(sums.to_pay.v + sums.returned.v, 0);
}

static void places_of_its_own_slot(void **state)
{
    (void)state;
    assert_int_equal(change_places_more(20, 25), 5);
    assert_int_equal(change_places_more(20, 20), 0);
    assert_int_equal(change_places_more(25, 20), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cut_off_is_a_local_midnight),
        cmocka_unit_test(the_money_of_the_old_visit),
        cmocka_unit_test(places_of_its_own_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
