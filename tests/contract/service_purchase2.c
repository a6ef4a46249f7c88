/* Purchases that go wrong: what was found by trying to break the sale, one test each (PLA-4, OPT-1, OPT-4, CRT-1 to CRT-3,
 * COM-2, COM-3, TKT-3, VIS-1). */
#include "contract/service_purchase.h"

#include "base/buf.h"
#include "base/log.h"
#include "service/planning.h"
#include "service/settings.h"

static struct place_request group_of(struct stage *stage, struct buyer *buyer, int monument, int persons)
{
    return (struct place_request){.monument_id = monument, .start_at = buyer->slots, .persons = persons,
                                  .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                  .request_key = new_key(stage, buyer)};
}

static struct place_result asked(struct stage *stage, struct buyer *buyer, struct place_request request)
{
    struct place_result result = {0};
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &result, &fault));
    return result;
}

static int64_t last_order(struct stage *stage)
{
    return stage_number(stage, "SELECT max(id) FROM orders");
}

/* ---- jobs ---- */

STAGED(one_broken_hold_does_not_keep_the_others_alive)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, true);
    struct place_result second = hold_on(stage, buyer, 1, 1, 20, true);
    stage_script(stage, "UPDATE slot SET taken = 0 WHERE monument_id = 1 AND start_at = (SELECT min(start_at) FROM slot)");
    stage->now = second.ends_at;
    int ended = -1;
    (void)place_expire(&stage->service, stage->arena, &ended, NULL);
    assert_int_equal(taken(stage, buyer, 1, 1), 0);
    ended = 0;
    (void)place_expire(&stage->service, stage->arena, &ended, NULL); /* «call again while it is not 0» must come to an end */
    assert_int_equal(ended, 0);
}

/* ---- time ---- */

static void whole_day_at(struct stage *stage, instant start)
{
    stage_script(stage, str_format(stage->arena,
        "INSERT INTO slot (monument_id, start_at, day, minutes, whole_day, capacity, on_sale_from)"
        " VALUES (2, %lld, %d, 480, 1, 100, 0)", (long long)start, (int)local_of(&stage->service.zone, start).day).p);
}

STAGED(late_money_buys_no_day_that_is_over)
{
    struct buyer *buyer = open_shop(stage);
    instant start = stage->now + 3 * HOUR;
    whole_day_at(stage, start);
    struct place_request request = group_of(stage, buyer, 2, 10);
    request.start_at = start;
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NOT);
    order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    stage->now = start + 30 * HOUR;
    expire_all(stage);
    buyer->fake.state = state;
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_REFUND_DUE);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 0);
    assert_healthy(stage);
}

STAGED(a_hold_ends_with_the_sale)
{
    struct buyer *buyer = open_shop(stage);
    stage_script(stage, "UPDATE group_rule SET sales_close_minutes = 0");
    stage->now = buyer->slots - 5 * 60;
    struct place_result held = asked(stage, buyer, group_of(stage, buyer, 1, 10));
    assert_int_equal(held.refusal, REFUSED_NOT);
    assert_int_equal(held.ends_at, buyer->slots); /* not 20 minutes: the visit begins before */
    stage->now = buyer->slots;
    assert_int_equal(validate(stage, buyer, S("late")).refusal, REFUSED_ENDED);
    struct place_result again = {0};
    expire_all(stage);
    stage_ok(place_again(&stage->service, stage->arena, &buyer->caller, held.visit_id, &again, &fault));
    assert_int_equal(again.refusal, REFUSED_PAST);
}

STAGED(no_ticket_for_a_visit_that_is_over)
{
    struct buyer *buyer = open_shop(stage);
    stage_script(stage, "UPDATE group_rule SET sales_close_minutes = 0");
    stage->now = buyer->slots - 60;
    assert_int_equal(asked(stage, buyer, group_of(stage, buyer, 1, 10)).refusal, REFUSED_NOT);
    struct str ref = order_to_pay(stage, buyer);
    stage->now = buyer->slots + 30 * 60; /* the slot is over, the page may still be paid */
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_REFUND_DUE);
    assert_true(order_now(stage, buyer, ref).refund_due);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 0);
    assert_healthy(stage);
    stage->now += HOUR;
    expire_all(stage);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_healthy(stage);
}

STAGED(late_money_takes_no_closed_slot)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    stage->now += HOUR;
    expire_all(stage);
    stage_script(stage, "UPDATE slot SET closed_fr = 'Tempête', closed_en = 'Storm'");
    buyer->fake.state = state;
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_REFUND_DUE);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_healthy(stage);
}

/* ---- prices ---- */

STAGED(special_groups_pay_the_school_tariff)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = group_of(stage, buyer, 2, 10);
    request.audience = AUDIENCE_SPECIAL;
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NOT);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    assert_int_equal(cart.total.v, 10 * 500);
}

STAGED(old_prices_do_not_hide_the_new_one)
{
    struct buyer *buyer = open_shop(stage);
    for (int i = 1; i <= 120; i++)
        stage_script(stage, str_format(stage->arena, "INSERT INTO tariff (monument_id, code, audience, min_persons,"
            " amount_cents, vat_code, valid_from) VALUES (2, 'full', 'adults', 1, %d, 'outside', %d)", 2000 + i, i).p);
    hold_on(stage, buyer, 2, 0, 10, false);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    assert_int_equal(cart.total.v, 10 * 2120);
}

STAGED(a_price_is_what_it_was_when_ordered)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct str ref = order_to_pay(stage, buyer);
    stage_script(stage, "UPDATE tariff SET amount_cents = 9900");
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, ref).total.v, 10 * 1600);
    assert_healthy(stage);
}

STAGED(group_sizes_around_the_free_leader)
{
    struct buyer *buyer = open_shop(stage);
    static const struct {
        int persons;
        enum leader_kind leader;
        int64_t total, tickets_free;
    } cases[] = {
        {19, LEADER_ACCOMPANYING, 19 * 1600, 0}, {20, LEADER_ACCOMPANYING, 20 * 1400, 0},
        {21, LEADER_ACCOMPANYING, 20 * 1400, 1}, {26, LEADER_GUIDE, 25 * 1400, 1}, {2, LEADER_GUIDE, 1600, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        stage_script(stage, "UPDATE slot SET capacity = capacity + 50");
        struct place_request request = group_of(stage, buyer, 1, cases[i].persons);
        request.leader = cases[i].leader;
        assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NOT);
        struct str ref = order_to_pay(stage, buyer);
        assert_int_equal(order_now(stage, buyer, ref).total.v, cases[i].total);
        struct str payment = str_format(stage->arena, "pi_%zu", i);
        pays(buyer, payment.p);
        assert_int_equal(notify(stage, payment.p), SETTLED_CONFIRMED);
        assert_int_equal(stage_number(stage, str_format(stage->arena,
            "SELECT count(*) FROM ticket WHERE order_id = %lld", (long long)last_order(stage)).p), cases[i].persons);
        assert_int_equal(stage_number(stage, str_format(stage->arena,
            "SELECT count(*) FROM ticket WHERE price_cents = 0 AND position = 1 AND order_id = %lld",
            (long long)last_order(stage)).p), cases[i].tickets_free);
    }
    assert_healthy(stage);
}

STAGED(a_guides_place_needs_a_guide)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = group_of(stage, buyer, 1, 3);
    request.leader = LEADER_GUIDE;
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NOT);
    int64_t guide = buyer->guide;
    buyer->guide = stage_number(stage, "SELECT max(id) FROM leader WHERE kind = 'accompanying'");
    assert_int_equal(validate(stage, buyer, S("free-ride")).refusal, REFUSED_LEADER_MISSING);
    buyer->guide = guide;
    assert_int_equal(validate(stage, buyer, S("guided")).refusal, REFUSED_NOT);
}

/* ---- the same form again ---- */

STAGED(a_form_sent_again_with_other_numbers_is_another)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result first = {0}, second = {0};
    stage_ok(place_undated(&stage->service, stage->arena, &buyer->caller, 3, 10, LEADER_NONE, S("form"), &first, &fault));
    stage_ok(place_undated(&stage->service, stage->arena, &buyer->caller, 3, 12, LEADER_NONE, S("form"), &second, &fault));
    assert_int_not_equal(first.visit_id, second.visit_id);
    struct place_request request = group_of(stage, buyer, 1, 10);
    first = asked(stage, buyer, request);
    request.option = true; /* the other button of the same page */
    second = asked(stage, buyer, request);
    assert_int_not_equal(first.visit_id, second.visit_id);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option'"), 1);
    struct place_part parts[2] = {{buyer->slots + HOUR, 20}, {buyer->slots + 2 * HOUR, 20}};
    struct place_result split = {0};
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 2, &split, &fault));
    parts[1].start_at += HOUR;
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 2, &split, &fault));
    assert_int_equal(split.refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, buyer, 1, 3), 20);
    assert_int_equal(stage_number(stage, "SELECT count(DISTINCT split_key) FROM visit"), 2);
    assert_healthy(stage);
}

STAGED(a_form_sent_again_does_not_praise_what_has_ended)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = group_of(stage, buyer, 1, 10);
    struct place_result held = asked(stage, buyer, request);
    enum refusal refusal = REFUSED_NOT;
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, held.visit_id, false, &refusal, &fault));
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_ENDED);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
}

STAGED(the_back_button_makes_no_second_order)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct validation_result first = validate(stage, buyer, S("form"));
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, first.order_ref, &settlement, &fault));
    assert_int_equal(settlement, SETTLED_CLOSED);
    struct validation_result again = validate(stage, buyer, S("form"));
    assert_true(str_eq(again.order_ref, first.order_ref));
    assert_false(again.to_pay);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders"), 1);
}

/* ---- carts ---- */

STAGED(ended_holds_do_not_hide_new_ones)
{
    struct buyer *buyer = open_shop(stage);
    stage_script(stage, "UPDATE slot SET capacity = 100000");
    bool full = false;
    for (int round = 0; round < 5 && !full; round++) {
        for (int i = 0; i < 40 && !full; i++)
            full = hold_on(stage, buyer, 2, 0, 8, false).refusal == REFUSED_CART_FULL;
        stage->now += HOUR;
        expire_all(stage);
    }
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    if (!full) {
        struct place_result last = hold_on(stage, buyer, 2, 0, 8, false);
        stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
        assert_int_equal(cart.p[cart.n - 1].id, last.visit_id);
    }
    assert_in_range(cart.n, 1, 40);
}

STAGED(options_do_not_overfill_a_cart)
{
    struct buyer *buyer = open_shop(stage);
    stage_script(stage, "UPDATE slot SET capacity = 100000");
    int64_t ids[60];
    for (int i = 0; i < 60; i++)
        ids[i] = hold_on(stage, buyer, 1, 0, 8, true).visit_id;
    int moved = 0, more = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, ids, 30, &moved, &fault));
    assert_int_equal(moved, 30);
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, ids, 40, &moved, &fault));
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, ids + 40, 20, &more, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE in_cart = 1"), 40);
    assert_int_equal(more, 0);
}

/* ---- where nothing is sold ---- */

STAGED(what_is_not_sold_so_is_refused)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = group_of(stage, buyer, 1, 10);
    stage_script(stage, "UPDATE monument SET sale_mode = 'contact' WHERE id = 1");
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NOT_SOLD_SO);
    stage_script(stage, "UPDATE monument SET sale_mode = 'group-slots', published = 0 WHERE id = 1");
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NO_SLOT);
    stage_script(stage, "UPDATE monument SET published = 1 WHERE id = 1");
    stage_script(stage, "DELETE FROM group_rule WHERE monument_id = 1");
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NOT_SOLD_SO);
    request.monument_id = 2;
    stage_script(stage, "DELETE FROM tariff WHERE monument_id = 2");
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NO_TARIFF);
    static const int odd[] = {0, -1, 1001, 2147483647, -2147483647 - 1};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        request.persons = odd[i];
        assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NUMBER);
        struct place_result undated = {0};
        stage_ok(place_undated(&stage->service, stage->arena, &buyer->caller, 3, odd[i], LEADER_NONE, new_key(stage, buyer),
                               &undated, &fault));
        assert_int_equal(undated.refusal, REFUSED_NUMBER);
    }
    request.persons = 10;
    request.start_at = INT64_MAX;
    assert_int_equal(asked(stage, buyer, request).refusal, REFUSED_NO_SLOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit"), 0);
}

/* ---- money of two attempts, visits of two orders ---- */

STAGED(a_visit_is_not_sold_with_two_orders)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str first = order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, first, &settlement, &fault));
    struct str second = order_to_pay(stage, buyer);
    struct pay_state other = buyer->fake.state;

    buyer->fake.state = state; /* the first is paid while the second is pending */
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_REFUND_DUE);
    assert_int_equal(order_now(stage, buyer, first).state, ORDER_EXPIRED);
    buyer->fake.state = other;
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, second).state, ORDER_CONFIRMED);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 20);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_healthy(stage);
}

STAGED(the_end_is_told_after_the_payment)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    buyer->fake.state.outcome = PAY_EXPIRED;
    assert_int_equal(notify(stage, "evt_2"), SETTLED_NOTHING);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_healthy(stage);
}

STAGED(the_first_attempts_money_comes_after_the_second_was_opened)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct validation_result result = validate(stage, buyer, S("two"));
    buyer->fake.create_error = ERR_REFUSED;
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    buyer->fake.create_error = OK;
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    struct pay_state second = buyer->fake.state;
    buyer->fake.state.attempt_ref = str_format(stage->arena, "%.*s.1", STR_ARG(result.order_ref));
    buyer->fake.state.provider_ref = S("cs_first");
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    buyer->fake.state = second;
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_REFUND_DUE);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment"), 2);
    assert_healthy(stage);
}

STAGED(wrong_amount_does_not_hold_places_for_ever)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    buyer->fake.state.amount.v -= 1;
    assert_int_equal(notify(stage, "evt_1"), SETTLED_REFUND_DUE);
    stage->now += 40 * 60;
    expire_all(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    assert_true(order_now(stage, buyer, ref).refund_due);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_healthy(stage);
}

/* The provider may examine and refuse the page each time: no click after click holds the places for ever. */
STAGED(clicking_does_not_hold_places_for_ever)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct validation_result result = validate(stage, buyer, S("endless"));
    buyer->fake.create_error = ERR_REFUSED;
    instant begun = stage->now;
    for (int i = 0; i < 100 && taken(stage, buyer, 1, 0) != 0; i++) {
        struct payment_page page = {0};
        stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
        assert_int_not_equal(page.refusal, REFUSED_NOT);
        stage->now += 30 * 60;
        expire_all(stage);
        assert_healthy(stage);
    }
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_in_range(stage->now - begun, 0, 4 * HOUR);
}

/* Two clicks at once on an attempt that the provider refuses: the second finds what the first has put in its place. */
struct two_clicks {
    struct stage *stage;
    struct buyer *buyer;
    struct str ref;
    int calls;
    struct payment_page page;
};

static enum err click_meanwhile(void *context, struct arena *arena, const struct pay_attempt *attempt,
                                struct pay_redirect *ret_redirect, struct fault *fault)
{
    struct two_clicks *two = context;
    int call = ++two->calls;
    if (call == 1) { /* the first click stands here while the second is served whole */
        assert_int_equal(payment_open(&two->stage->service, two->stage->arena, &two->buyer->caller, two->ref, &two->page,
                                      fault), OK);
        return fault_set(fault, ERR_REFUSED, "too late");
    }
    if (call == 2)
        return fault_set(fault, ERR_REFUSED, "too late");
    return fake_create(&two->buyer->fake, arena, attempt, ret_redirect, fault);
}

STAGED(two_clicks_have_one_page)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct validation_result result = validate(stage, buyer, S("clicks"));
    struct two_clicks two = {.stage = stage, .buyer = buyer, .ref = result.order_ref};
    struct payer port = buyer->fake.port;
    port.context = &two;
    port.create = click_meanwhile;
    stage->service.payer = &port;
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(two.page.refusal, REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment_attempt"), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment_attempt WHERE state = 'open'"), 1);
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_true(str_eq(page.url, two.page.url));
}

STAGED(days_at_the_end_of_time)
{
    struct buyer *buyer = open_shop(stage);
    struct order_rows rows = {0};
    stage_ok(order_search(&stage->service, stage->arena, &buyer->caller, INT32_MIN, INT32_MAX, &rows, &fault));
    assert_int_equal(rows.n, 0);
    struct planning planning;
    struct planning_range range = {.slug = S("chapel"), .from = INT32_MIN, .to = INT32_MAX};
    ASSERT_ERR(planning_read(&stage->service, stage->arena, &buyer->caller, range, &planning, NULL), ERR_INPUT);
}

STAGED(the_shortest_payment_leaves_the_provider_its_half_hour)
{
    ASSERT_ERR(settings_put(&stage->service, stage->arena, S("payment.minutes"), S("30"), NULL), ERR_INPUT);
    stage_ok(settings_put(&stage->service, stage->arena, S("payment.minutes"), S("31"), &fault));
    ASSERT_ERR(settings_put(&stage->service, stage->arena, S("payment.minutes"), S("1440"), NULL), ERR_INPUT);
}

/* Each silent answer takes a minute: what is over ends in between. */
struct mute {
    struct stage *stage;
    int asked, pending; /* orders that were pending at the second question */
};

static enum err say_nothing(void *context, struct arena *arena, struct str provider_ref, struct pay_state *ret_state,
                            struct fault *fault)
{
    struct mute *mute = context;
    (void)arena;
    (void)provider_ref;
    (void)ret_state;
    if (++mute->asked == 2)
        mute->pending = (int)stage_number(mute->stage, "SELECT count(*) FROM orders WHERE state = 'pending'");
    return fault_set(fault, ERR_IO, "no answer");
}

static enum err refuse_to_close(void *context, struct arena *arena, struct str provider_ref, struct fault *fault)
{
    (void)context;
    (void)arena;
    (void)provider_ref;
    return fault_set(fault, ERR_REFUSED, "not open");
}

STAGED(orders_end_while_the_provider_is_silent)
{
    struct buyer *buyer = open_shop(stage);
    for (int i = 0; i < 2; i++) {
        hold_on(stage, buyer, 2, i, 10, false);
        order_to_pay(stage, buyer);
    }
    struct mute mute = {.stage = stage, .pending = -1};
    struct payer port = buyer->fake.port;
    port.context = &mute;
    port.query = say_nothing;
    port.expire = refuse_to_close;
    stage->service.payer = &port;
    stage->now += 40 * 60;
    int asked = 0, ended = 0;
    stage_ok(payment_reconcile(&stage->service, stage->arena, &asked, &ended, &fault));
    assert_int_equal(mute.asked, 2);
    assert_int_equal(mute.pending, 0);
    assert_int_equal(ended, 2);
}

/* While the provider is asked for a page, the buyer gives up in another window. */
struct meanwhile {
    struct stage *stage;
    struct buyer *buyer;
    struct str ref;
    enum settlement settlement;
    int closed;
};

static enum err create_slowly(void *context, struct arena *arena, const struct pay_attempt *attempt,
                              struct pay_redirect *ret_redirect, struct fault *fault)
{
    struct meanwhile *meanwhile = context;
    struct stage *stage = meanwhile->stage;
    struct buyer *buyer = meanwhile->buyer;
    assert_int_equal(payment_abandon(&stage->service, stage->arena, &buyer->caller, meanwhile->ref,
                                     &meanwhile->settlement, fault), OK);
    return fake_create(&buyer->fake, arena, attempt, ret_redirect, fault);
}

static enum err close_it(void *context, struct arena *arena, struct str provider_ref, struct fault *fault)
{
    struct meanwhile *meanwhile = context;
    meanwhile->closed++;
    return fake_expire(&meanwhile->buyer->fake, arena, provider_ref, fault);
}

STAGED(nobody_is_sent_to_pay_what_was_given_up)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct validation_result result = validate(stage, buyer, S("slow"));
    struct meanwhile meanwhile = {.stage = stage, .buyer = buyer, .ref = result.order_ref};
    struct payer slow = buyer->fake.port;
    slow.context = &meanwhile;
    slow.create = create_slowly;
    slow.expire = close_it;
    stage->service.payer = &slow;
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(meanwhile.settlement, SETTLED_CLOSED);
    assert_int_equal(page.refusal, REFUSED_ORDER_ENDED);
    assert_int_equal(page.url.n, 0);
    assert_int_equal(meanwhile.closed, 1); /* and nobody can pay it any more */
    assert_healthy(stage);
}

STAGED(a_payment_of_no_order_is_kept_for_another_try)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct str ref = order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    pays(buyer, "pi_1");
    buyer->fake.state.provider_ref = S("cs_unknown");
    buyer->fake.state.attempt_ref = S("NOBODYS.1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_UNKNOWN);
    buyer->fake.state = state; /* sent again by hand, when the order is there */
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
}

/* ---- another organisation ---- */

STAGED(nothing_of_another_organisation)
{
    struct buyer *buyer = open_shop(stage);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    stage->service.payer = &buyer->fake.port;
    struct place_result held = hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    struct service *service = &stage->service;
    struct arena *arena = stage->arena;
    const struct caller *stranger = &other->caller;
    struct order_view view;
    struct payment_page page;
    enum settlement settlement;
    struct ticket_sheet sheet;
    struct place_result again;
    struct option_views options;
    struct order_rows rows;
    enum refusal refusal;
    struct buf pdf = buf_new(1024);
    ASSERT_ERR(order_read(service, arena, stranger, ref, &view, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(payment_open(service, arena, stranger, ref, &page, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(payment_abandon(service, arena, stranger, ref, &settlement, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(payment_returned(service, arena, stranger, ref, &settlement, NULL), ERR_NOT_FOUND);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    ASSERT_ERR(order_ticket_sheet(service, arena, stranger, ref, held.visit_id, &sheet, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(order_tickets_pdf(service, arena, stranger, ref, held.visit_id, &pdf, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(order_invoice_pdf(service, arena, stranger, ref, &pdf, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(order_resend(service, arena, stranger, ref, 0, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(order_resend(service, arena, stranger, ref, held.visit_id, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(place_cancel(service, arena, stranger, held.visit_id, false, &refusal, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(place_again(service, arena, stranger, held.visit_id, &again, NULL), ERR_NOT_FOUND);
    stage_ok(place_options(service, arena, stranger, &options, &fault));
    assert_int_equal(options.n, 0);
    stage_ok(order_search(service, arena, stranger, 0, 40000, &rows, &fault));
    assert_int_equal(rows.n, 0);
    /* a visit of its own does not open another's order */
    hold_on(stage, other, 2, 0, 10, false);
    stage->service.payer = &other->fake.port;
    struct str own = order_to_pay(stage, other);
    ASSERT_ERR(order_ticket_sheet(service, arena, stranger, own, held.visit_id, &sheet, NULL), ERR_NOT_FOUND);
    /* and the same key is another form */
    struct place_request request = group_of(stage, buyer, 2, 8);
    request.request_key = S("shared");
    struct place_result one = asked(stage, buyer, request), two = asked(stage, other, request);
    assert_int_not_equal(one.visit_id, two.visit_id);
    buf_free(&pdf);
    assert_healthy(stage);
}

/* Money that comes late for a visit that was changed since is not the price of what it is now. */
STAGED(late_money_does_not_buy_more_persons)
{
    struct buyer *buyer = open_shop(stage);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 20, false).refusal, REFUSED_NOT);
    struct str ref = order_to_pay(stage, buyer);
    struct pay_state open = buyer->fake.state;
    enum settlement closed = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, ref, &closed, &fault));
    stage_script(stage, "UPDATE visit SET persons = 25; UPDATE slot SET taken = 25 WHERE taken = 20");
    buyer->fake.state = open;
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_REFUND_DUE);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 0);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(late_money_does_not_buy_more_persons),
        staged_test(one_broken_hold_does_not_keep_the_others_alive),
        staged_test(late_money_buys_no_day_that_is_over),
        staged_test(a_hold_ends_with_the_sale),
        staged_test(no_ticket_for_a_visit_that_is_over),
        staged_test(late_money_takes_no_closed_slot),
        staged_test(special_groups_pay_the_school_tariff),
        staged_test(old_prices_do_not_hide_the_new_one),
        staged_test(a_price_is_what_it_was_when_ordered),
        staged_test(group_sizes_around_the_free_leader),
        staged_test(a_guides_place_needs_a_guide),
        staged_test(a_form_sent_again_with_other_numbers_is_another),
        staged_test(a_form_sent_again_does_not_praise_what_has_ended),
        staged_test(the_back_button_makes_no_second_order),
        staged_test(ended_holds_do_not_hide_new_ones),
        staged_test(options_do_not_overfill_a_cart),
        staged_test(what_is_not_sold_so_is_refused),
        staged_test(a_visit_is_not_sold_with_two_orders),
        staged_test(the_end_is_told_after_the_payment),
        staged_test(the_first_attempts_money_comes_after_the_second_was_opened),
        staged_test(wrong_amount_does_not_hold_places_for_ever),
        staged_test(clicking_does_not_hold_places_for_ever),
        staged_test(two_clicks_have_one_page),
        staged_test(days_at_the_end_of_time),
        staged_test(the_shortest_payment_leaves_the_provider_its_half_hour),
        staged_test(orders_end_while_the_provider_is_silent),
        staged_test(nobody_is_sent_to_pay_what_was_given_up),
        staged_test(a_payment_of_no_order_is_kept_for_another_try),
        staged_test(nothing_of_another_organisation),
    };
    return ENGINES_MAIN(argc, argv, "service_purchase2", tests);
}
