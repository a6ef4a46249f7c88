/* Group sizes, options, slots and leaders: the table of the FAQ and its boundaries. */
#include "domain/group_rule.h"
#include "domain/leader.h"
#include "domain/order_state.h"
#include "domain/slot_state.h"
#include "unit.h"

static const struct group_rule arc = {.min_persons = 7, .max_persons = 35, .has_option = true, .option_days = 30,
                                      .confirm_days_before = CONFIRM_DAYS_BEFORE, .confirm_minute = CONFIRM_MINUTE,
                                      .sales_close_minutes = 60, .school_online = true};
static const struct group_rule vincennes = {.min_persons = 8, .max_persons = 35,
                                            .confirm_days_before = 1, .confirm_minute = CONFIRM_MINUTE};
static const struct group_rule chapelle = {.min_persons = 8, .guide_waives_minimum = true, .max_persons = 26,
                                           .has_option = true, .option_days = 60, .confirm_days_before = 1,
                                           .confirm_minute = CONFIRM_MINUTE};

static void sizes(void **state)
{
    (void)state;
    assert_int_equal(group_check(&arc, 6, false), GROUP_BELOW_MINIMUM);
    assert_int_equal(group_check(&arc, 7, false), GROUP_FITS);
    assert_int_equal(group_check(&arc, 6, true), GROUP_BELOW_MINIMUM); /* a guide opens nothing here */
    assert_int_equal(group_check(&vincennes, 7, false), GROUP_BELOW_MINIMUM);
    assert_int_equal(group_check(&vincennes, 8, false), GROUP_FITS);
    assert_int_equal(group_check(&vincennes, 35, false), GROUP_FITS);
    assert_int_equal(group_check(&vincennes, 36, false), GROUP_ABOVE_MAXIMUM);
    assert_int_equal(group_check(&chapelle, 7, false), GROUP_BELOW_MINIMUM);
    assert_int_equal(group_check(&chapelle, 7, true), GROUP_FITS);
    assert_int_equal(group_check(&chapelle, 1, true), GROUP_FITS);
    assert_int_equal(group_check(&chapelle, 0, true), GROUP_BELOW_MINIMUM);
    assert_int_equal(group_check(&chapelle, -3, true), GROUP_BELOW_MINIMUM);
    assert_int_equal(group_check(&chapelle, 26, true), GROUP_FITS);
    assert_int_equal(group_check(&chapelle, 27, true), GROUP_ABOVE_MAXIMUM); /* the guide is one of the 27 */
    assert_true(group_sold_online(&arc, AUDIENCE_SPECIAL));
    assert_false(group_sold_online(&chapelle, AUDIENCE_SCHOOL));
    assert_true(group_sold_online(&chapelle, AUDIENCE_ADULTS));
    assert_false(audience_has_options(AUDIENCE_SCHOOL));
    assert_true(audience_has_options(AUDIENCE_ADULTS));
}

static instant at(const struct zone *zone, int year, int month, int day, int hour, int minute)
{
    return instant_of(zone, unit_day(year, month, day), hour * 60 + minute);
}

static void options_end(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant end = 5;
    instant visit = at(&paris, 2027, 6, 15, 10, 30);
    instant placed = at(&paris, 2027, 2, 1, 14, 5) + 42;
    assert_int_equal(option_end(&vincennes, &paris, placed, visit, &end), OPTION_NOT_HERE);
    assert_true(end == 5);
    assert_int_equal(option_end(&arc, &paris, placed, visit, &end), OPTION_GIVEN);
    assert_true(end == at(&paris, 2027, 3, 3, 14, 5) + 42);
    /* 60 days over the change to summer: the same wall clock time, one hour fewer. */
    assert_int_equal(option_end(&chapelle, &paris, placed, visit, &end), OPTION_GIVEN);
    assert_true(end == at(&paris, 2027, 4, 2, 14, 5) + 42);
    assert_true(end - placed == 60 * SECONDS_A_DAY - 3600);
    /* … and over the change back, one hour more. */
    placed = at(&paris, 2027, 10, 10, 9, 0);
    assert_int_equal(option_end(&arc, &paris, placed, at(&paris, 2027, 12, 20, 10, 0), &end), OPTION_GIVEN);
    assert_true(end - placed == 30 * SECONDS_A_DAY + 3600);
    /* Over a leap day. */
    assert_int_equal(option_end(&arc, &paris, at(&paris, 2028, 2, 10, 9, 0), at(&paris, 2028, 6, 1, 9, 0), &end),
                     OPTION_GIVEN);
    assert_true(end == at(&paris, 2028, 3, 11, 9, 0));
}

static void options_end_before_the_visit(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant end = 5;
    instant visit = at(&paris, 2027, 3, 28, 10, 30); /* the day that begins summer time */
    instant confirm_by = at(&paris, 2027, 3, 27, 18, 0);
    assert_true(group_confirm_by(&arc, &paris, visit) == confirm_by);
    assert_int_equal(option_end(&arc, &paris, confirm_by - 1, visit, &end), OPTION_GIVEN);
    assert_true(end == confirm_by);
    end = 5;
    assert_int_equal(option_end(&arc, &paris, confirm_by, visit, &end), OPTION_TOO_LATE);
    assert_int_equal(option_end(&arc, &paris, visit + 1, visit, &end), OPTION_TOO_LATE);
    assert_true(end == 5);
    /* A time of confirmation that would come after the start is the start. */
    struct group_rule late = arc;
    late.confirm_days_before = 0;
    assert_true(group_confirm_by(&late, &paris, visit) == visit);
    assert_int_equal(option_end(&late, &paris, visit - 1, visit, &end), OPTION_GIVEN);
    assert_true(end == visit);
    assert_true(group_sales_close(&arc, visit) == visit - 3600);
}

/* Two years of placings by the hour: later placings never end earlier, none ends after the last moment or in the past,
 * and none is shorter than promised unless the last moment cuts it. */
static void option_end_is_monotonic(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    const struct group_rule *const rules[] = {&arc, &chapelle};
    for (int r = 0; r < 2; r++) {
        instant visit = at(&paris, 2028, 10, 30, 9, 30), before = 0;
        instant confirm_by = group_confirm_by(rules[r], &paris, visit);
        instant first = at(&paris, 2026, 10, 1, 0, 17);
        for (instant placed = first; placed < confirm_by; placed += 3600) {
            instant end;
            assert_int_equal(option_end(rules[r], &paris, placed, visit, &end), OPTION_GIVEN);
            assert_true(end >= before);
            assert_true(end > placed);
            assert_true(end <= confirm_by);
            int64_t promised = (int64_t)rules[r]->option_days * SECONDS_A_DAY;
            assert_true(end == confirm_by || (end - placed >= promised - 3600 && end - placed <= promised + 3600));
            before = end;
        }
        assert_true(before == confirm_by);
    }
    /* A later visit never shortens an option. */
    instant placed = at(&paris, 2027, 3, 1, 12, 0), before = 0;
    for (int hours = 48; hours < 24 * 120; hours++) {
        instant end;
        assert_int_equal(option_end(&arc, &paris, placed, placed + hours * 3600, &end), OPTION_GIVEN);
        assert_true(end >= before && end <= placed + hours * 3600);
        before = end;
    }
}

static void slot_states(void **state)
{
    (void)state;
    const instant start = 1000000, now = 900000;
    const struct slot_facts open = {.start = start, .capacity = 35, .taken = 10, .on_sale_from = 500000,
                                    .booking_cutoff = start - 3600};
    assert_int_equal(slot_left(&open), 25);
    assert_int_equal(slot_state_of(&open, 25, now), SLOT_FREE);
    assert_int_equal(slot_state_of(&open, 26, now), SLOT_SHORT);
    assert_int_equal(slot_state_of(&open, 0, now), SLOT_FREE);
    struct slot_facts slot = open;
    slot.taken = 35;
    assert_int_equal(slot_state_of(&slot, 0, now), SLOT_FULL);
    assert_int_equal(slot_state_of(&slot, 30, now), SLOT_FULL);
    slot.taken = 40; /* the capacity was lowered afterwards */
    assert_int_equal(slot_left(&slot), 0);
    slot.capacity = 0;
    slot.taken = 0;
    assert_int_equal(slot_state_of(&slot, 1, now), SLOT_FULL);
    /* Instants at their edges. */
    assert_int_equal(slot_state_of(&open, 1, open.on_sale_from - 1), SLOT_NOT_ON_SALE);
    assert_int_equal(slot_state_of(&open, 1, open.on_sale_from), SLOT_FREE);
    assert_int_equal(slot_state_of(&open, 1, open.booking_cutoff), SLOT_FREE);
    assert_int_equal(slot_state_of(&open, 1, open.booking_cutoff + 1), SLOT_PAST);
    slot = open;
    slot.booking_cutoff = start;
    assert_int_equal(slot_state_of(&slot, 1, start - 1), SLOT_FREE);
    assert_int_equal(slot_state_of(&slot, 1, start), SLOT_PAST);
    /* Reasons in their order. */
    slot = (struct slot_facts){.start = start, .closed = true, .not_for_groups = true, .on_sale_from = now + 1,
                               .booking_cutoff = start};
    assert_int_equal(slot_state_of(&slot, 1, start), SLOT_PAST);
    assert_int_equal(slot_state_of(&slot, 1, now), SLOT_CLOSED);
    slot.closed = false;
    assert_int_equal(slot_state_of(&slot, 1, now), SLOT_NOT_FOR_GROUPS);
    slot.not_for_groups = false;
    assert_int_equal(slot_state_of(&slot, 1, now), SLOT_NOT_ON_SALE);
}

static void names(void **state)
{
    (void)state;
    static const char *const slots[] = {"free", "short", "full", "not-for-groups", "closed", "past", "not-on-sale"};
    for (int i = 0; i < SLOT_STATES; i++) {
        enum slot_state slot;
        assert_string_equal(slot_state_name((enum slot_state)i), slots[i]);
        assert_true(slot_state_parse(str_of(slots[i]), &slot) && (int)slot == i);
    }
    enum slot_state kept = SLOT_PAST;
    assert_false(slot_state_parse(S("Free"), &kept));
    assert_int_equal(kept, SLOT_PAST);
    enum leader_kind leader;
    assert_true(leader_kind_parse(S("guide"), &leader) && leader == LEADER_GUIDE);
    assert_string_equal(leader_kind_name(LEADER_ACCOMPANYING), "accompanying");
    assert_false(leader_kind_parse(S(""), &leader));
    enum ticket_role role;
    assert_true(ticket_role_parse(S("leader"), &role) && role == ROLE_LEADER);
    assert_string_equal(ticket_role_name(ROLE_VISITOR), "visitor");
    enum audience audience;
    assert_true(audience_parse(S("special"), &audience) && audience == AUDIENCE_SPECIAL);
    assert_false(audience_parse(S("children"), &audience));
    assert_string_equal(audience_name(AUDIENCE_SCHOOL), "school");
}

static void free_leaders(void **state)
{
    (void)state;
    assert_false(leader_is_free(LEADER_ACCOMPANYING, 19, LEADER_FREE_ABOVE));
    assert_false(leader_is_free(LEADER_ACCOMPANYING, 20, LEADER_FREE_ABOVE));
    assert_true(leader_is_free(LEADER_ACCOMPANYING, 21, LEADER_FREE_ABOVE));
    assert_true(leader_is_free(LEADER_GUIDE, 1, LEADER_FREE_ABOVE));
    assert_false(leader_is_free(LEADER_NONE, 100, LEADER_FREE_ABOVE));
    assert_true(leader_shows_proof(LEADER_GUIDE));
    assert_false(leader_shows_proof(LEADER_ACCOMPANYING));
    assert_int_equal(leader_role(LEADER_GUIDE), ROLE_GUIDE);
    assert_int_equal(leader_role(LEADER_ACCOMPANYING), ROLE_LEADER);
    assert_int_equal(leader_role(LEADER_NONE), ROLE_VISITOR);
}

static void transitions(void **state)
{
    (void)state;
    assert_true(order_may_become(ORDER_PENDING, ORDER_CONFIRMED));
    assert_true(order_may_become(ORDER_EXPIRED, ORDER_CONFIRMED)); /* late money, places still there */
    assert_false(order_may_become(ORDER_CONFIRMED, ORDER_PENDING));
    assert_false(order_may_become(ORDER_CONFIRMED, ORDER_EXPIRED));
    assert_false(order_may_become(ORDER_CANCELLED, ORDER_CONFIRMED));
    assert_true(visit_may_become(VISIT_OPTION, VISIT_CONFIRMED));
    assert_false(visit_may_become(VISIT_OPTION, VISIT_CART));
    assert_false(visit_may_become(VISIT_CANCELLED, VISIT_OPTION));
    assert_true(attempt_may_become(ATTEMPT_UNCERTAIN, ATTEMPT_PAID));
    assert_true(attempt_may_become(ATTEMPT_EXPIRED, ATTEMPT_PAID));
    assert_false(payment_may_become(PAYMENT_BOOKED, PAYMENT_REFUNDED));
    assert_true(payment_may_become(PAYMENT_REFUND_DUE, PAYMENT_REFUNDED));
    for (int i = ATTEMPT_CREATED; i <= ATTEMPT_UNCERTAIN; i++) { /* what is paid stays paid */
        assert_false(attempt_may_become(ATTEMPT_PAID, (enum attempt_state)i));
        enum attempt_state back;
        assert_true(attempt_state_parse(str_of(attempt_state_name((enum attempt_state)i)), &back) && (int)back == i);
    }
    for (int i = VISIT_OPTION; i <= VISIT_EXPIRED; i++) {
        assert_false(visit_may_become((enum visit_state)i, (enum visit_state)i));
        assert_int_equal(visit_holds_places((enum visit_state)i), i <= VISIT_CONFIRMED);
    }
    assert_string_equal(payment_state_name(PAYMENT_REFUND_DUE), "refund-due");
    assert_string_equal(order_state_name(ORDER_EXPIRED), "expired");
    enum order_state order = ORDER_PENDING;
    assert_false(order_state_parse(S("open"), &order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),       cmocka_unit_test(options_end), cmocka_unit_test(options_end_before_the_visit),
        cmocka_unit_test(slot_states), cmocka_unit_test(names),       cmocka_unit_test(option_end_is_monotonic),
        cmocka_unit_test(transitions), cmocka_unit_test(free_leaders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
