/* From places to tickets through the services, on each engine, and all that must never happen on the way:
 * OPT-1 to OPT-5, PLA-4, PLA-5, CRT-1 to CRT-3, COM-2, COM-3, TKT-3, TKT-4. */
#include "contract/service_purchase.h"

#include <pthread.h>

#include "base/log.h"

/* ---- places ---- */

STAGED(option_takes_and_gives_places)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 25, true);
    assert_int_equal(option.refusal, REFUSED_NOT);
    /* 60 days from now would pass the visit: the day before at 18:00 comes first */
    instant visit = buyer->slots;
    day_number eve = local_of(&stage->service.zone, visit).day - 1;
    assert_int_equal(option.ends_at, instant_of(&stage->service.zone, eve, 18 * 60));
    assert_int_equal(taken(stage, buyer, 1, 0), 25);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-placed'"), 1);

    struct place_result too_many = hold_on(stage, buyer, 1, 0, 26, true);
    assert_int_equal(too_many.refusal, REFUSED_SHORT);
    assert_int_equal(too_many.left, 25);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 25, true).refusal, REFUSED_NOT); /* OPT-5: more on the same slot */
    assert_int_equal(hold_on(stage, buyer, 1, 0, 8, true).refusal, REFUSED_FULL);

    enum refusal refusal = REFUSED_FULL;
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, option.visit_id, false, &refusal, &fault));
    assert_int_equal(refusal, REFUSED_NOT);
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, option.visit_id, false, &refusal, &fault));
    assert_int_equal(refusal, REFUSED_ENDED);
    assert_int_equal(taken(stage, buyer, 1, 0), 25);
    assert_healthy(stage);
}

STAGED(rules_refuse)
{
    struct buyer *buyer = open_shop(stage);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 7, true).refusal, REFUSED_BELOW_MINIMUM);
    assert_true(hold_on(stage, buyer, 1, 0, 7, true).guide_helps);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 27, true).refusal, REFUSED_ABOVE_MAXIMUM);
    assert_int_equal(hold_on(stage, buyer, 2, 0, 8, true).refusal, REFUSED_NO_OPTION_HERE);
    assert_int_equal(hold_on(stage, buyer, 2, 0, 7, false).refusal, REFUSED_BELOW_MINIMUM);
    assert_int_equal(hold_on(stage, buyer, 1, 9, 10, true).refusal, REFUSED_NO_SLOT);
    assert_int_equal(hold_on(stage, buyer, 3, 0, 10, true).refusal, REFUSED_NO_SLOT);

    struct place_request request = {.monument_id = 1, .start_at = buyer->slots, .persons = 3, .audience = AUDIENCE_ADULTS,
                                    .leader = LEADER_GUIDE, .option = true, .request_key = S("guided")};
    struct place_result result = {0};
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT); /* PLA-3: any size with a guide */
    request.audience = AUDIENCE_SCHOOL;
    request.request_key = S("school");
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_SCHOOL_ELSEWHERE); /* VIS-1 */
    request.monument_id = 2;
    request.persons = 20;
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NO_OPTION_SCHOOL);
    request.option = false;
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);

    stage->now = buyer->slots - 3 * HOUR; /* after the last confirmation, before the end of sales */
    assert_int_equal(hold_on(stage, buyer, 1, 0, 10, true).refusal, REFUSED_OPTION_TOO_LATE);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 10, false).refusal, REFUSED_NOT);
    stage->now = buyer->slots - HOUR / 2;
    assert_int_equal(hold_on(stage, buyer, 1, 0, 10, false).refusal, REFUSED_PAST);
}

STAGED(same_form_twice_takes_once)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = {.monument_id = 1, .start_at = buyer->slots, .persons = 20, .audience = AUDIENCE_ADULTS,
                                    .leader = LEADER_ACCOMPANYING, .option = true, .request_key = S("same-form")};
    struct place_result first = {0}, second = {0};
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &first, &fault));
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &second, &fault));
    assert_int_equal(first.visit_id, second.visit_id);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
}

STAGED(split_is_all_or_none)
{
    struct buyer *buyer = open_shop(stage);
    struct place_part parts[3] = {{buyer->slots, 25}, {buyer->slots + HOUR, 25}, {buyer->slots + 2 * HOUR, 25}};
    struct place_request request = {.monument_id = 1, .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                    .option = true, .request_key = S("split")};
    assert_int_equal(hold_on(stage, buyer, 1, 2, 26, true).refusal, REFUSED_NOT);
    assert_int_equal(hold_on(stage, buyer, 1, 2, 24, true).refusal, REFUSED_NOT); /* the third slot is full now */
    struct place_result result = {0};
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 3, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_FULL);
    assert_int_equal(result.start_at, parts[2].start_at);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 1), 0);

    parts[2].start_at = buyer->slots + 3 * HOUR;
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 3, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 3, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, buyer, 1, 0) + taken(stage, buyer, 1, 1) + taken(stage, buyer, 1, 3), 75);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE split_key LIKE 'split.%'"), 3);
    assert_healthy(stage);
}

STAGED(options_end_by_themselves)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    struct place_result cart = hold_on(stage, buyer, 2, 0, 10, false);
    stage->now = option.ends_at - 1;
    expire_all(stage);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(taken(stage, buyer, 2, 0), 0); /* the cart's hold ended long before */
    stage->now = option.ends_at;
    expire_all(stage);
    expire_all(stage);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-ended'"), 1);

    /* The ended hold is still in its cart and may be taken again. */
    struct cart held = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &held, &fault));
    assert_int_equal(held.n, 1);
    assert_true(held.p[0].ended);
    struct place_result again = {0};
    stage_ok(place_again(&stage->service, stage->arena, &buyer->caller, cart.visit_id, &again, &fault));
    assert_int_equal(again.refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, buyer, 2, 0), 10);
    assert_healthy(stage);
}

struct rush {
    struct stage *stage;
    struct buyer *buyer;
    int number, held;
};

static void *rush_in(void *argument)
{
    struct rush *rush = argument;
    struct arena *arena = arena_new();
    for (int i = 0; i < 6; i++) {
        struct place_request request = {.monument_id = 2, .start_at = rush->buyer->slots, .persons = 9,
                                        .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                        .request_key = str_format(arena, "rush-%d-%d", rush->number, i)};
        struct place_result result = {.refusal = REFUSED_FULL};
        struct fault fault;
        if (place_hold(&rush->stage->service, arena, &rush->buyer->caller, &request, &result, &fault) == OK
            && result.refusal == REFUSED_NOT)
            rush->held++;
    }
    arena_free(&arena);
    return NULL;
}

STAGED(never_sold_twice_under_a_rush)
{
    struct buyer *buyer = open_shop(stage);
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    struct rush rushes[THREADS];
    int held = 0;
    for (int i = 0; i < THREADS; i++) {
        rushes[i] = (struct rush){stage, buyer, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, rush_in, &rushes[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        held += rushes[i].held;
    }
    assert_int_equal(held, 5); /* 50 places, 9 a group */
    assert_int_equal(taken(stage, buyer, 2, 0), 45);
    assert_healthy(stage);
}

/* ---- validation ---- */

STAGED(missing_leader_is_named_and_the_cart_kept)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result visit = hold_on(stage, buyer, 1, 0, 10, false);
    struct validation validation = {.terms_version = S("v1"), .request_key = S("order-1")};
    struct validation_result result = {0};
    stage_ok(order_place(&stage->service, stage->arena, &buyer->caller, &validation, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_LEADER_MISSING);
    assert_int_equal(result.visit_count, 1);
    assert_int_equal(result.visits[0], visit.visit_id);
    assert_int_equal(taken(stage, buyer, 1, 0), 10);

    /* terms not accepted: refused, but the leader that was chosen is kept */
    struct visit_choice choice = {.visit_id = visit.visit_id, .leader_id = buyer->guide};
    validation.choices = &choice;
    validation.choice_count = 1;
    validation.terms_version = S("");
    stage_ok(order_place(&stage->service, stage->arena, &buyer->caller, &validation, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_TERMS);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    assert_int_equal(cart.p[0].leader_id, buyer->guide);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders"), 0);
}

STAGED(another_organisations_people_are_nobody)
{
    struct buyer *buyer = open_shop(stage);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    struct place_result visit = hold_on(stage, buyer, 1, 0, 10, false);
    buyer->guide = other->guide;
    assert_int_equal(validate(stage, buyer, S("k")).refusal, REFUSED_LEADER_MISSING);

    enum refusal refusal = REFUSED_NOT;
    ASSERT_ERR(place_cancel(&stage->service, stage->arena, &other->caller, visit.visit_id, false, &refusal, NULL),
               ERR_NOT_FOUND);
    int moved = -1;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &other->caller, &visit.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 0);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &other->caller, &cart, &fault));
    assert_int_equal(cart.n, 0);
}

/* ---- the whole way ---- */

STAGED(option_to_tickets)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 25, true);
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 1);
    struct place_result undated = {0};
    stage_ok(place_undated(&stage->service, stage->arena, &buyer->caller, 3, 12, LEADER_NONE, S("undated"), &undated, &fault));
    assert_int_equal(undated.refusal, REFUSED_NOT);

    struct str ref = order_to_pay(stage, buyer);
    struct order_view pending = order_now(stage, buyer, ref);
    assert_int_equal(pending.state, ORDER_PENDING);
    assert_true(pending.payable);
    assert_int_equal(pending.total.v, 24 * 1400 + 12 * 900); /* COM-3: the leader of 25 is free */
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'tickets'"), 0);

    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(notify(stage, "evt_1"), SETTLED_BEFORE);  /* the same event again */
    assert_int_equal(notify(stage, "evt_2"), SETTLED_BEFORE);  /* the same money in another event */
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_returned(&stage->service, stage->arena, &buyer->caller, ref, &settlement, &fault));
    assert_int_equal(settlement, SETTLED_NOTHING);

    struct order_view order = order_now(stage, buyer, ref);
    assert_int_equal(order.state, ORDER_CONFIRMED);
    assert_int_equal(order.visits.n, 2);
    assert_int_equal(order.visits.p[0].tickets, 25);
    assert_int_equal(order.visits.p[1].tickets, 12);
    assert_int_equal(order.payments.n, 1);
    assert_true(str_starts(order.invoice, S("F2026-000001")));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE role = 'leader' AND price_cents = 0"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'tickets'"), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'order-confirmed'"), 1);

    struct ticket_sheet sheet = {0};
    stage_ok(order_ticket_sheet(&stage->service, stage->arena, &buyer->caller, ref, order.visits.p[0].id, &sheet, &fault));
    assert_int_equal(sheet.ticket_count, 25);
    assert_int_equal(sheet.tickets[0].role, SHEET_LEADER);
    assert_str(sheet.tickets[0].price, "gratuit");
    assert_int_equal(sheet.kind, SHEET_SLOT);
    stage_ok(order_ticket_sheet(&stage->service, stage->arena, &buyer->caller, ref, order.visits.p[1].id, &sheet, &fault));
    assert_int_equal(sheet.kind, SHEET_UNDATED);
    assert_true(str_has(sheet.valid_until, S("2029"))); /* TKT-3 */
    assert_healthy(stage);
}

STAGED(small_group_pays_its_leader)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    assert_int_equal(order_now(stage, buyer, ref).total.v, 20 * 1400);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE role = 'leader' AND price_cents = 1400"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 20);
    assert_healthy(stage);
}

STAGED(free_order_needs_no_payment)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = {.monument_id = 1, .start_at = buyer->slots, .persons = 1, .audience = AUDIENCE_ADULTS,
                                    .leader = LEADER_GUIDE, .request_key = S("alone")};
    struct place_result held = {0};
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &held, &fault));
    struct validation_result result = validate(stage, buyer, S("free"));
    assert_int_equal(result.refusal, REFUSED_NOT);
    assert_false(result.to_pay);
    assert_int_equal(order_now(stage, buyer, result.order_ref).state, ORDER_CONFIRMED);
    assert_int_equal(buyer->fake.created, 0);
    assert_healthy(stage);
}

STAGED(validation_sent_twice_is_one_order)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct validation_result first = validate(stage, buyer, S("once"));
    struct validation_result second = validate(stage, buyer, S("once"));
    assert_int_equal(first.refusal, REFUSED_NOT);
    assert_true(str_eq(first.order_ref, second.order_ref));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders"), 1);
    struct payment_page one = {0}, two = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, first.order_ref, &one, &fault));
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, first.order_ref, &two, &fault));
    assert_true(str_eq(one.url, two.url));
    assert_int_equal(buyer->fake.created, 1);
}

STAGED(forged_notification_changes_nothing)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    enum settlement settlement = SETTLED_NOTHING;
    struct fault fault;
    ASSERT_ERR(payment_notified(&stage->service, stage->arena, S("forged"), S("evt"), &settlement, &fault), ERR_INPUT);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_PENDING);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM provider_event"), 0);
}

STAGED(wrong_amount_waits_for_its_refund)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 10, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    buyer->fake.state.amount.v -= 1;
    assert_int_equal(notify(stage, "evt_1"), SETTLED_REFUND_DUE);
    struct order_view order = order_now(stage, buyer, ref);
    assert_int_equal(order.state, ORDER_PENDING);
    assert_true(order.refund_due);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 0);
    assert_healthy(stage);
}

/* ---- time and money ---- */

STAGED(unpaid_order_returns_its_option)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option.visit_id, 1, &moved, &fault));
    hold_on(stage, buyer, 2, 0, 10, false);
    struct str ref = order_to_pay(stage, buyer);
    enum refusal refusal = REFUSED_NOT;
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, option.visit_id, false, &refusal, &fault));
    assert_int_equal(refusal, REFUSED_PAYING);

    stage->now += 25 * 60; /* the cart's hold would have ended, the payment may still come */
    expire_all(stage);
    assert_int_equal(taken(stage, buyer, 2, 0), 10);
    stage->now += 10 * 60;
    expire_all(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20); /* an option again, with what is left of its life */
    assert_int_equal(taken(stage, buyer, 2, 0), 0);
    assert_int_equal(buyer->fake.expired, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option' AND order_id IS NULL"), 1);
    assert_healthy(stage);
}

STAGED(abandoned_payment_frees_the_cart)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, ref, &settlement, &fault));
    assert_int_equal(settlement, SETTLED_CLOSED);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    assert_int_equal(cart.n, 1);
    assert_false(cart.p[0].ended);
    struct str second = order_to_pay(stage, buyer);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, second).state, ORDER_CONFIRMED);
    assert_healthy(stage);
}

STAGED(paid_while_abandoning_is_paid)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, ref, &settlement, &fault));
    assert_int_equal(settlement, SETTLED_CONFIRMED);
    assert_healthy(stage);
}

STAGED(late_money_books_places_that_remain)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    stage->now += 40 * 60;
    expire_all(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    buyer->fake.state = state;
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_healthy(stage);
}

STAGED(late_money_for_places_gone_waits_for_its_refund)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 26, false);
    hold_on(stage, buyer, 1, 1, 26, false);
    struct str ref = order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    stage->now += 40 * 60;
    expire_all(stage);
    hold_on(stage, buyer, 1, 1, 26, true); /* others take the second slot */
    hold_on(stage, buyer, 1, 1, 24, true);
    buyer->fake.state = state;
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_REFUND_DUE);
    struct order_view order = order_now(stage, buyer, ref);
    assert_int_equal(order.state, ORDER_EXPIRED);
    assert_true(order.refund_due);
    assert_str(order.payments.p[0].reason, "places-gone");
    assert_int_equal(taken(stage, buyer, 1, 0), 0); /* all or none: the first slot was given back */
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind IN ('refund-due', 'refund-due-desk')"), 2);
    assert_healthy(stage);
}

STAGED(paid_twice_keeps_one)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_REFUND_DUE);
    struct order_view order = order_now(stage, buyer, ref);
    assert_int_equal(order.payments.n, 2);
    assert_str(order.payments.p[1].reason, "paid-twice");
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket"), 20);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM invoice"), 1);
    assert_healthy(stage);
}

STAGED(provider_down_loses_nothing)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    buyer->fake.create_error = ERR_UNCERTAIN;
    struct validation_result result = validate(stage, buyer, S("down"));
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_PROVIDER);
    struct str key = buyer->fake.last_key;
    buyer->fake.create_error = OK;
    stage->now += 60;
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_NOT);
    assert_true(str_eq(key, buyer->fake.last_key)); /* the same key: the provider makes no second session */
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_healthy(stage);
}

STAGED(refused_attempt_is_replaced)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct validation_result result = validate(stage, buyer, S("late"));
    buyer->fake.create_error = ERR_REFUSED;
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_PROVIDER);
    buyer->fake.create_error = OK;
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_NOT);
    assert_true(str_ends(buyer->fake.last_key, S("-pay-2")));
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_healthy(stage);
}

STAGED(answer_lost_after_the_session_was_made)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    /* as if the process had died before it stored the provider's reference */
    stage_script(stage, "UPDATE payment_attempt SET state = 'created', provider_ref = NULL, redirect_url = ''");
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED); /* our own reference finds the attempt */
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_healthy(stage);
}

STAGED(lost_notification_is_asked_for)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    stage->now += 31 * 60; /* the page has closed, nobody told us, the places are still held */
    expire_all(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_healthy(stage);
}

/* ---- faults ---- */

/* The database fails at the n-th operation of a settlement, wherever that is: either nothing has happened and the
 * notification comes again, or all of it has. */
STAGED_FAULTY(settlement_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    int confirmed = 0;
    for (int n = 1; n <= 60; n++) {
        hold_on(stage, buyer, 2, n % 4, 8, false);
        struct str ref = order_to_pay(stage, buyer);
        char payment[24], event[24];
        snprintf(payment, sizeof payment, "pi_%d", n);
        snprintf(event, sizeof event, "evt_%d", n);
        pays(buyer, payment);
        struct fail_plan *plan = &stage->test->plan;
        plan->nth = n;
        plan->err = n % 2 ? ERR_DB : ERR_BUSY;
        plan->seen = 0;
        plan->operation = FAIL_ANY;
        enum settlement settlement = SETTLED_NOTHING;
        struct fault fault;
        enum err err = payment_notified(&stage->service, stage->arena, S("signed"), str_of(event), &settlement, &fault);
        plan->operation = FAIL_NOTHING;
        if (err != OK)
            settlement = notify(stage, event);
        assert_true(settlement == SETTLED_CONFIRMED || settlement == SETTLED_BEFORE);
        assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
        confirmed++;
        /* room for the next */
        stage_script(stage, "UPDATE slot SET capacity = capacity + 8 WHERE monument_id = 2");
    }
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment WHERE state = 'booked'"), confirmed);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM invoice"), confirmed);
    assert_int_equal(stage_number(stage, "SELECT max(sequence) FROM invoice"), confirmed);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(option_takes_and_gives_places),
        staged_test(rules_refuse),
        staged_test(same_form_twice_takes_once),
        staged_test(split_is_all_or_none),
        staged_test(options_end_by_themselves),
        staged_test(never_sold_twice_under_a_rush),
        staged_test(missing_leader_is_named_and_the_cart_kept),
        staged_test(another_organisations_people_are_nobody),
        staged_test(option_to_tickets),
        staged_test(small_group_pays_its_leader),
        staged_test(free_order_needs_no_payment),
        staged_test(validation_sent_twice_is_one_order),
        staged_test(forged_notification_changes_nothing),
        staged_test(wrong_amount_waits_for_its_refund),
        staged_test(unpaid_order_returns_its_option),
        staged_test(abandoned_payment_frees_the_cart),
        staged_test(paid_while_abandoning_is_paid),
        staged_test(late_money_books_places_that_remain),
        staged_test(late_money_for_places_gone_waits_for_its_refund),
        staged_test(paid_twice_keeps_one),
        staged_test(provider_down_loses_nothing),
        staged_test(refused_attempt_is_replaced),
        staged_test(answer_lost_after_the_session_was_made),
        staged_test(lost_notification_is_asked_for),
        staged_test(settlement_survives_any_fault),
    };
    return ENGINES_MAIN(argc, argv, "service_purchase", tests);
}
