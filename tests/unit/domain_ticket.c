/* Validity of tickets, and the numbers that people type. */
#include <stdio.h>

#include "domain/reference.h"
#include "domain/validity.h"
#include "unit.h"

static void undated_three_years(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant bought = instant_of(&paris, unit_day(2026, 11, 23), 14 * 60);
    struct validity validity = validity_undated(&paris, bought, VALIDITY_YEARS);
    instant end = instant_of(&paris, unit_day(2029, 11, 24), 0);
    assert_true(validity.from == bought);
    assert_true(validity.until == end - 1);
    assert_int_equal(local_of(&paris, validity.until).day, unit_day(2029, 11, 23));
    assert_int_equal(validity_at(validity, bought - 1), VALIDITY_NOT_YET);
    assert_int_equal(validity_at(validity, bought), VALIDITY_NOW);
    assert_int_equal(validity_at(validity, end - 1), VALIDITY_NOW);
    assert_int_equal(validity_at(validity, end), VALIDITY_OVER);
    /* Bought on a leap day. */
    validity = validity_undated(&paris, instant_of(&paris, unit_day(2028, 2, 29), 600), VALIDITY_YEARS);
    assert_int_equal(local_of(&paris, validity.until).day, unit_day(2031, 2, 28));
    /* The local day counts: 23:30 UTC is the next day in Paris. */
    bought = (instant)unit_day(2027, 6, 30) * SECONDS_A_DAY + 23 * 3600 + 1800;
    validity = validity_undated(&paris, bought, VALIDITY_YEARS);
    assert_int_equal(local_of(&paris, validity.until).day, unit_day(2030, 7, 1));
    /* Ends on a day of 25 hours: 2027-10-31. */
    validity = validity_undated(&paris, instant_of(&paris, unit_day(2024, 10, 31), 600), VALIDITY_YEARS);
    assert_true(validity.until == instant_of(&paris, unit_day(2027, 11, 1), 0) - 1);
}

static void slots_and_days(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    struct validity slot = validity_slot(1000000, 30);
    assert_int_equal(validity_at(slot, 999999), VALIDITY_NOT_YET);
    assert_int_equal(validity_at(slot, 1001799), VALIDITY_NOW);
    assert_int_equal(validity_at(slot, 1001800), VALIDITY_OVER);
    struct validity spring = validity_day(&paris, unit_day(2027, 3, 28));
    assert_true(spring.until - spring.from + 1 == 23 * 3600);
    struct validity autumn = validity_day(&paris, unit_day(2027, 10, 31));
    assert_true(autumn.until - autumn.from + 1 == 25 * 3600);
    assert_int_equal(local_of(&paris, autumn.until).day, unit_day(2027, 10, 31));
}

static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

static void references(void **state)
{
    (void)state;
    char reference[REFERENCE_SIZE], back[REFERENCE_SIZE], wrong[REFERENCE_SIZE];
    assert_true(reference_make(S("K7Q2XD4"), reference));
    assert_int_equal(strlen(reference), 9);
    assert_memory_equal(reference, "K7Q2-XD4", 8);
    assert_true(reference_parse(str_of(reference), back));
    assert_string_equal(back, reference);
    char typed[32];
    (void)snprintf(typed, sizeof typed, " k7 q2\xC2\xA0-x d4%c ", reference[8] | 0x20);
    assert_true(reference_parse(str_of(typed), back));
    assert_string_equal(back, reference);
    /* Every single wrong character is noticed. */
    for (int at = 0; at < 9; at++) {
        for (const char *c = letters; at != 4 && *c != '\0'; c++) {
            strcpy(wrong, reference);
            wrong[at] = *c;
            assert_int_equal(reference_parse(str_of(wrong), back), wrong[at] == reference[at]);
        }
    }
    assert_false(reference_parse(S(""), back));
    assert_false(reference_parse(S("K7Q2-XD4"), back));
    assert_false(reference_parse(S("K7Q2-XD4M2"), back));
    assert_false(reference_parse(S("K7Q2-XDOM"), back));
    assert_false(reference_make(S("K7Q2XD"), back));
    assert_false(reference_make(S("K7Q2XD0"), back));
    assert_string_equal(back, reference);
}

static void ticket_numbers(void **state)
{
    (void)state;
    char number[TICKET_NUMBER_SIZE], back[TICKET_NUMBER_SIZE], display[TICKET_NUMBER_DISPLAY];
    assert_true(ticket_number_make(7992739871, number)); /* Luhn's own example, with noughts before it */
    assert_string_equal(number, "0079927398713");
    assert_true(ticket_number_display(str_of(number), display));
    assert_string_equal(display, "0079 9273 9871 3");
    assert_true(ticket_number_parse(S(" 0079-9273 9871 3"), back));
    assert_string_equal(back, number);
    for (int at = 0; at < 13; at++) {
        for (char c = '0'; c <= '9'; c++) {
            char wrong[TICKET_NUMBER_SIZE];
            strcpy(wrong, number);
            wrong[at] = c;
            assert_int_equal(ticket_number_parse(str_of(wrong), back), c == number[at]);
        }
    }
    assert_true(ticket_number_make(0, number));
    assert_string_equal(number, "0000000000000");
    assert_true(ticket_number_make(TICKET_NUMBER_MAX, number));
    assert_false(ticket_number_make(TICKET_NUMBER_MAX + 1, number));
    assert_false(ticket_number_make(-1, number));
    assert_false(ticket_number_parse(S("00799273987130"), back));
    assert_false(ticket_number_parse(S("007992739871A"), back));
    assert_false(ticket_number_display(S("1"), display));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undated_three_years), cmocka_unit_test(slots_and_days), cmocka_unit_test(references),
        cmocka_unit_test(ticket_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
