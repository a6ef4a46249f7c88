/* No option is alive after its end, whoever pays meanwhile (OPT-1, OPT-4): its places return within the minute, and
 * money that comes after it is booked where the places remain, or waits visibly for its refund (CRT-3). */
#include "contract/service_purchase.h"

#include "base/log.h"

enum { TEN_MINUTES = 600, PATIENCE = 30 };

/* An option that is being paid when only ten minutes of its life are left. */
static struct str pay_at_the_last_minute(struct stage *stage, struct buyer *buyer, instant *ret_end)
{
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    stage->now = option.ends_at - TEN_MINUTES;
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 1);
    struct str ref = order_to_pay(stage, buyer);
    struct order_view order = order_now(stage, buyer, ref);
    assert_true(order.payable);
    assert_int_equal(order.pay_until, option.ends_at); /* the buyer is told the true end */
    *ret_end = option.ends_at;
    return ref;
}

static void end_orders(struct stage *stage)
{
    int ended = 0;
    stage_ok(payment_end_orders(&stage->service, stage->arena, &ended, &fault));
    do {
        stage_ok(place_expire(&stage->service, stage->arena, &ended, &fault));
    } while (ended > 0);
}

static int64_t live_options(struct stage *stage)
{
    return stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option'");
}

STAGED(an_option_ends_although_it_is_being_paid)
{
    struct buyer *buyer = open_shop(stage);
    instant end = 0;
    struct str ref = pay_at_the_last_minute(stage, buyer, &end);
    stage->now = end - 1;
    expire_all(stage);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_PENDING);

    stage->now = end;
    expire_all(stage);
    assert_int_equal(live_options(stage), 0);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    assert_int_equal(buyer->fake.expired, 1); /* the provider's page takes no money any more */
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-ended'"), 1);
    assert_healthy(stage);
}

STAGED(paid_in_the_last_moment_is_paid)
{
    struct buyer *buyer = open_shop(stage);
    instant end = 0;
    struct str ref = pay_at_the_last_minute(stage, buyer, &end);
    stage->now = end - 1;
    pays(buyer, "pi_1"); /* the notification is still on its way */
    stage->now = end;
    expire_all(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_healthy(stage);
}

STAGED(a_silent_provider_prolongs_nothing)
{
    struct buyer *buyer = open_shop(stage);
    instant end = 0;
    struct str ref = pay_at_the_last_minute(stage, buyer, &end);
    buyer->fake.query_error = buyer->fake.expire_error = ERR_IO;
    stage->now = end + PATIENCE;
    end_orders(stage);
    assert_int_equal(live_options(stage), 0);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    assert_healthy(stage);

    /* It answers again: its page is closed at once, not only when its own half hour is over. */
    buyer->fake.query_error = buyer->fake.expire_error = OK;
    expire_all(stage);
    assert_int_equal(buyer->fake.state.outcome, PAY_EXPIRED);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment_attempt WHERE state = 'open'"), 0);
    assert_healthy(stage);
}

STAGED(money_after_the_end_takes_the_places_that_remain)
{
    struct buyer *buyer = open_shop(stage);
    instant end = 0;
    struct str ref = pay_at_the_last_minute(stage, buyer, &end);
    buyer->fake.query_error = buyer->fake.expire_error = ERR_IO;
    stage->now = end + PATIENCE;
    end_orders(stage);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_healthy(stage);
}

STAGED(money_after_the_end_for_places_gone_waits_for_its_refund)
{
    struct buyer *buyer = open_shop(stage);
    instant end = 0;
    struct str ref = pay_at_the_last_minute(stage, buyer, &end);
    buyer->fake.query_error = buyer->fake.expire_error = ERR_IO;
    stage->now = end + PATIENCE;
    end_orders(stage);
    hold_on(stage, buyer, 1, 0, 26, false);
    hold_on(stage, buyer, 1, 0, 24, false);
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_REFUND_DUE);
    assert_true(order_now(stage, buyer, ref).refund_due);
    assert_int_equal(taken(stage, buyer, 1, 0), 50);
    assert_healthy(stage);
}

STAGED(nobody_is_sent_to_pay_an_option_that_has_ended)
{
    struct buyer *buyer = open_shop(stage);
    instant end = 0;
    struct str ref = pay_at_the_last_minute(stage, buyer, &end);
    stage->now = end; /* before any job has run */
    assert_false(order_now(stage, buyer, ref).payable);
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_ORDER_ENDED);
}

/* What else was in the order keeps what is left of its own life. */
STAGED(the_rest_of_the_order_is_kept_in_the_cart)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result first = hold_on(stage, buyer, 1, 0, 20, true);
    stage->now = first.ends_at - 60;
    struct place_result fresh = hold_on(stage, buyer, 2, 1, 10, false);
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &first.visit_id, 1, &moved, &fault));
    struct str ref = order_to_pay(stage, buyer);
    stage->now = first.ends_at;
    expire_all(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    assert_int_equal(cart.n, 1);
    assert_int_equal(cart.p[0].id, fresh.visit_id);
    assert_false(cart.p[0].ended);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(an_option_ends_although_it_is_being_paid),
        staged_test(paid_in_the_last_moment_is_paid),
        staged_test(a_silent_provider_prolongs_nothing),
        staged_test(money_after_the_end_takes_the_places_that_remain),
        staged_test(money_after_the_end_for_places_gone_waits_for_its_refund),
        staged_test(nobody_is_sent_to_pay_an_option_that_has_ended),
        staged_test(the_rest_of_the_order_is_kept_in_the_cart),
    };
    return ENGINES_MAIN(argc, argv, "service_option_end", tests);
}
