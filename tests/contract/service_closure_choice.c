/* What customers choose after a closure, on each engine: another slot or the money, once, whatever breaks (ORD-4). */
#include "contract/service_closure.h"

#include "service/refund_desk.h"
#include "service/transfer.h"

struct shop {
    struct buyer *buyer;
    struct staff_caller caller;
    int64_t visit, closure;
};

/* A visit of `persons` that was paid and then closed. */
static struct shop closed_shop(struct stage *stage, int persons)
{
    struct shop shop = {.buyer = open_shop(stage), .caller = desk(stage)};
    leader_with_mail(stage, shop.buyer);
    shop.visit = bought(stage, shop.buyer, 0, persons, "pi_1");
    shop.closure = close_it(stage, &shop.caller, the_slot(shop.buyer, 0), "a");
    work(stage);
    return shop;
}

static struct choice_result to_slot(struct stage *stage, struct shop *shop, int slot_index, int persons)
{
    struct choice_result result = {.refusal = CHOICE_MONEY};
    stage_ok(closure_choose_slot(&stage->service, stage->arena, &shop->buyer->caller, shop->visit,
                                 shop->buyer->slots + slot_index * HOUR, persons, &result, &fault));
    return result;
}

static struct choice_result to_refund(struct stage *stage, struct shop *shop)
{
    struct choice_result result = {.refusal = CHOICE_MONEY};
    stage_ok(closure_choose_refund(&stage->service, stage->arena, &shop->buyer->caller, shop->visit, &result, &fault));
    return result;
}

static struct closure_choice choice_of(struct stage *stage, struct shop *shop)
{
    struct closure_choice choice = {.visit_id = 0};
    stage_ok(closure_choice_read(&stage->service, stage->arena, &shop->buyer->caller, shop->visit, &choice, &fault));
    return choice;
}

static int default_step(struct stage *stage)
{
    int done = -1;
    stage_ok(closure_default(&stage->service, stage->arena, &done, &fault));
    return done;
}

/* ---- another slot ---- */

STAGED(another_slot_with_new_tickets)
{
    struct shop shop = closed_shop(stage, 26);
    struct closure_choices list = {0};
    stage_ok(closure_choices(&stage->service, stage->arena, &shop.buyer->caller, &list, &fault));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.p[0].visit_id, shop.visit);
    struct closure_choice choice = choice_of(stage, &shop);
    assert_int_equal(choice.state, CHOICE_OPEN);
    assert_int_equal(choice.amount.v, 25 * 1400); /* the leader of more than twenty is free */
    assert_true(choice.refund_by_default);
    assert_int_equal(to_slot(stage, &shop, 1, 26).refusal, CHOICE_NOT_REFUSED);
    assert_str(state_of_visit(stage, shop.visit), "confirmed");
    assert_int_equal(taken(stage, shop.buyer, 1, 0), 0);
    assert_int_equal(taken(stage, shop.buyer, 1, 1), 26);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 26);
    assert_int_equal(count(stage, "ticket WHERE state = 'cancelled' AND ended_why = 'replaced'"), 26);
    assert_int_equal(stage_number(stage, "SELECT min(valid_from) FROM ticket WHERE state = 'valid'"), shop.buyer->slots + HOUR);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid' AND role <> 'visitor' AND price_cents = 0"), 1);
    assert_int_equal(count(stage, "refund"), 0);
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure-moved'"), 2);
    assert_int_equal(count(stage, "outbox WHERE kind = 'tickets'"), 2); /* the old ones and the new ones */
    assert_int_equal(count(stage, "audit WHERE act = 'closure.move'"), 1);
    assert_true(str_has(mail_text(stage, "closure-moved", shop.visit, LANG_FR), S("26 personnes")));
    /* The same again is what was chosen; anything else is too late. */
    assert_int_equal(to_slot(stage, &shop, 1, 26).refusal, CHOICE_NOT_REFUSED);
    assert_int_equal(to_slot(stage, &shop, 2, 26).refusal, CHOICE_MADE);
    assert_int_equal(to_refund(stage, &shop).refusal, CHOICE_MADE);
    assert_int_equal(choice_of(stage, &shop).state, CHOICE_MOVED);
    assert_int_equal(count(stage, "ticket"), 52);
    assert_healthy(stage);
}

STAGED(fewer_persons_get_their_part_back)
{
    struct shop shop = closed_shop(stage, 26);
    struct choice_result result = to_slot(stage, &shop, 1, 20);
    assert_int_equal(result.refusal, CHOICE_NOT_REFUSED);
    assert_int_equal(result.back.v, 6 * 1400);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 20);
    assert_int_equal(count(stage, "ticket WHERE ended_why = 'refunded'"), 6);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid' AND role <> 'visitor'"), 1);
    assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund WHERE reason = 'closure'"), 6 * 1400);
    assert_int_equal(stage_number(stage, "SELECT total_cents FROM invoice WHERE kind = 'credit-note'"), 6 * 1400);
    assert_int_equal(stage_number(stage, "SELECT persons FROM visit WHERE state = 'confirmed'"), 20);
    assert_int_equal(progress_of(stage, &shop.caller, shop.closure).moved, 1);
    assert_healthy(stage);
}

STAGED(what_cannot_be_chosen)
{
    struct shop shop = closed_shop(stage, 20);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    stage->service.payer = &shop.buyer->fake.port;
    other->slots = shop.buyer->slots;
    assert_int_equal(hold_on(stage, other, 1, 2, 26, true).refusal, REFUSED_NOT);
    assert_int_equal(hold_on(stage, other, 1, 2, 8, true).refusal, REFUSED_NOT);
    struct {
        int slot, persons;
        enum choice_refusal refusal;
        enum slot_state state;
    } cases[] = {{0, 20, CHOICE_SLOT, SLOT_CLOSED}, {2, 20, CHOICE_SLOT, SLOT_SHORT}, {1, 21, CHOICE_PERSONS, SLOT_FREE},
                 {1, 0, CHOICE_PERSONS, SLOT_FREE}, {-3000, 20, CHOICE_SLOT, SLOT_CLOSED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct choice_result result = to_slot(stage, &shop, cases[i].slot, cases[i].persons);
        assert_int_equal(result.refusal, cases[i].refusal);
        assert_int_equal(result.state, cases[i].state);
    }
    assert_int_equal(choice_of(stage, &shop).state, CHOICE_OPEN);
    /* Of another organisation nobody learns anything. */
    struct choice_result result;
    struct closure_choice choice;
    struct choice_slots slots;
    day_number day = local_of(&stage->service.zone, shop.buyer->slots).day;
    ASSERT_ERR(closure_choice_read(&stage->service, stage->arena, &other->caller, shop.visit, &choice, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_choose_refund(&stage->service, stage->arena, &other->caller, shop.visit, &result, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_choose_slot(&stage->service, stage->arena, &other->caller, shop.visit, shop.buyer->slots + HOUR, 8,
                                   &result, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_choice_slots(&stage->service, stage->arena, &other->caller, shop.visit, day, 8, &slots, NULL),
               ERR_NOT_FOUND);
    stage_ok(closure_choice_slots(&stage->service, stage->arena, &shop.buyer->caller, shop.visit, day, 20, &slots, &fault));
    assert_int_equal(slots.n, 4);
    static const enum slot_state states[] = {SLOT_CLOSED, SLOT_FREE, SLOT_SHORT, SLOT_FREE};
    for (size_t i = 0; i < slots.n; i++)
        assert_int_equal(slots.p[i].state, states[i]);
    /* Fewer than the minimum of a group may come: it is not a sale. */
    assert_int_equal(to_slot(stage, &shop, 2, 4).refusal, CHOICE_NOT_REFUSED);
    assert_healthy(stage);
}

/* The slot that was chosen closes too: the choice begins anew, and the money goes back whole. */
STAGED(closed_twice)
{
    struct shop shop = closed_shop(stage, 26);
    assert_int_equal(to_slot(stage, &shop, 1, 24).refusal, CHOICE_NOT_REFUSED);
    stage->now += 60;
    close_it(stage, &shop.caller, the_slot(shop.buyer, 1), "b");
    work(stage);
    assert_int_equal(choice_of(stage, &shop).state, CHOICE_OPEN);
    assert_int_equal(choice_of(stage, &shop).persons, 24);
    assert_int_equal(to_slot(stage, &shop, 2, 23).refusal, CHOICE_NOT_REFUSED);
    assert_healthy(stage);
    stage->now += 60;
    close_it(stage, &shop.caller, the_slot(shop.buyer, 2), "c");
    work(stage);
    assert_int_equal(to_refund(stage, &shop).refusal, CHOICE_NOT_REFUSED);
    assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund"), 25 * 1400);
    assert_int_equal(count(stage, "ticket WHERE state <> 'cancelled'"), 0);
    assert_healthy(stage);
}

/* ---- the money ---- */

STAGED(the_refund_once_with_its_credit_note)
{
    struct shop shop = closed_shop(stage, 20);
    struct choice_result result = to_refund(stage, &shop);
    assert_int_equal(result.refusal, CHOICE_NOT_REFUSED);
    assert_int_equal(result.back.v, 20 * 1400);
    assert_int_equal(to_refund(stage, &shop).refusal, CHOICE_NOT_REFUSED);
    assert_int_equal(to_slot(stage, &shop, 1, 20).refusal, CHOICE_MADE);
    assert_int_equal(count(stage, "refund WHERE reason = 'closure'"), 1);
    assert_int_equal(count(stage, "invoice WHERE kind = 'credit-note'"), 1);
    assert_int_equal(count(stage, "refund_part WHERE way = 'provider' AND amount_cents = 28000"), 1);
    assert_int_equal(count(stage, "outbox WHERE kind = 'refund'"), 1);
    struct closure_progress progress = progress_of(stage, &shop.caller, shop.closure);
    assert_int_equal(progress.chose_refund, 1);
    assert_int_equal(progress.refunds, 1);
    assert_int_equal(progress.to_refund.v, 20 * 1400);
    assert_true(progress.moving);
    stage->now += 30 * DAY;
    assert_int_equal(default_step(stage), 0);
    stage->now -= 30 * DAY;
    assert_healthy(stage);
}

STAGED(without_an_answer_the_promise_holds)
{
    struct shop shop = closed_shop(stage, 20);
    struct closure_choice choice = choice_of(stage, &shop);
    /* A setting that changes afterwards changes no promise. */
    stage_ok(settings_put(&stage->service, stage->arena, S("closure.refund_by_default"), S("0"), &fault));
    stage->now = choice.choose_until - 1;
    assert_int_equal(default_step(stage), 0);
    stage->now = choice.choose_until;
    assert_int_equal(to_slot(stage, &shop, 1, 20).refusal, CHOICE_MADE);
    assert_int_equal(default_step(stage), 1);
    assert_int_equal(default_step(stage), 0);
    assert_int_equal(choice_of(stage, &shop).state, CHOICE_DEFAULT);
    assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund"), 20 * 1400);
    /* Waiting is a promise too. */
    shop.visit = bought(stage, shop.buyer, 3, 20, "pi_2");
    close_it(stage, &shop.caller, the_slot(shop.buyer, 3), "b");
    work(stage);
    stage->now = choice_of(stage, &shop).choose_until + DAY;
    assert_int_equal(default_step(stage), 0);
    assert_int_equal(choice_of(stage, &shop).state, CHOICE_OPEN);
    assert_int_equal(to_refund(stage, &shop).refusal, CHOICE_NOT_REFUSED);
    assert_healthy(stage);
}

/* By transfer: no question, the refund waits for the accountant. By pass or ticket in stock: people call. */
STAGED(what_was_not_paid_by_card)
{
    struct shop shop = {.buyer = open_shop(stage), .caller = desk(stage)};
    int64_t transfer = bought(stage, shop.buyer, 0, 20, "pi_1"), pass = bought(stage, shop.buyer, 0, 8, "pi_2");
    stage_script(stage, str_format(stage->arena,
        "UPDATE orders SET method = 'transfer' WHERE id = (SELECT order_id FROM visit WHERE id = %lld);"
        "UPDATE orders SET settled_by = 'pass' WHERE id = (SELECT order_id FROM visit WHERE id = %lld)",
        (long long)transfer, (long long)pass).p);
    close_it(stage, &shop.caller, the_slot(shop.buyer, 0), "a");
    work(stage);
    assert_str(of_row(stage, "outcome", transfer), "refund");
    assert_str(of_row(stage, "outcome", pass), "call");
    assert_int_equal(count(stage, "refund WHERE reason = 'closure' AND amount_cents = 28000"), 1);
    assert_int_equal(count(stage, "refund"), 1);
    assert_true(str_has(mail_text(stage, "closure", transfer, LANG_FR), S("virement")));
    assert_true(str_has(mail_text(stage, "closure", pass, LANG_EN), S("not paid online")));
    shop.visit = transfer;
    struct closure_choice choice;
    ASSERT_ERR(closure_choice_read(&stage->service, stage->arena, &shop.buyer->caller, transfer, &choice, NULL),
               ERR_NOT_FOUND);
}

/* More went back already than is left: nothing is sent, a person sees why. */
STAGED(money_that_is_not_there_is_a_problem_to_see)
{
    struct shop shop = closed_shop(stage, 20);
    stage_script(stage, "UPDATE payment SET amount_cents = 100");
    assert_int_equal(to_refund(stage, &shop).refusal, CHOICE_MONEY);
    assert_int_equal(choice_of(stage, &shop).state, CHOICE_OPEN);
    stage->now += 40 * DAY;
    assert_int_equal(default_step(stage), 0);
    struct closure_progress progress = progress_of(stage, &shop.caller, shop.closure);
    assert_int_equal(progress.problems, 1);
    assert_true(progress.rows.p[0].failed);
    assert_int_equal(count(stage, "refund"), 0);
}

/* ---- a database that breaks ---- */

/* ---- the refunds desk at the same visits ---- */

/* An order of two visits, 20 persons in slot 0 and 20 in slot 1; the first one is the shop's. */
static struct shop two_visits(struct stage *stage)
{
    struct shop shop = {.buyer = open_shop(stage), .caller = desk(stage)};
    assert_int_equal(hold_on(stage, shop.buyer, 1, 1, 20, false).refusal, REFUSED_NOT);
    assert_int_equal(hold_on(stage, shop.buyer, 1, 0, 20, false).refusal, REFUSED_NOT);
    (void)order_to_pay(stage, shop.buyer);
    pays(shop.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    shop.visit = stage_number(stage, str_format(stage->arena, "SELECT id FROM visit WHERE start_at = %lld",
                                                (long long)shop.buyer->slots).p);
    return shop;
}

/* So many of the line of the shop's visit. */
static enum refund_desk_refusal desk_refunds(struct stage *stage, struct shop *shop, int64_t quantity, const char *key)
{
    struct refund_choice choice = {.quantity = quantity, .position = stage_number(stage, str_format(stage->arena,
        "SELECT position FROM order_line WHERE visit_id = %lld AND unit_cents > 0", (long long)shop->visit).p)};
    struct refund_order_request request = {.choices = &choice, .choice_count = 1, .reason = S("geste"),
        .request_key = str_of(key), .ref = stage_text(stage, "SELECT ref FROM orders")};
    struct refund_order_made made = {.refusal = REFUND_DESK_REASON};
    stage_ok(refund_order_pay(&stage->service, stage->arena, &shop->caller, &request, &made, &fault));
    return made.refusal;
}

static int64_t gone_back(struct stage *stage)
{
    return stage_number(stage, "SELECT COALESCE(sum(amount_cents), 0) FROM refund");
}

STAGED(what_the_desk_gave_back_the_closure_does_not)
{
    struct shop shop = two_visits(stage);
    assert_int_equal(desk_refunds(stage, &shop, 5, "part"), REFUND_DESK_NOT_REFUSED);
    shop.closure = close_it(stage, &shop.caller, the_slot(shop.buyer, 0), "a");
    work(stage);
    assert_int_equal(choice_of(stage, &shop).amount.v, 15 * 1400);
    struct choice_result result = to_refund(stage, &shop);
    assert_int_equal(result.refusal, CHOICE_NOT_REFUSED);
    assert_int_equal(result.back.v, 15 * 1400);
    assert_int_equal(gone_back(stage), 20 * 1400);
    assert_int_equal(desk_refunds(stage, &shop, 1, "more"), REFUND_DESK_TOO_MUCH);
    assert_healthy(stage);
}

STAGED(a_closed_visit_that_the_desk_refunded_has_nothing_to_choose)
{
    struct shop shop = two_visits(stage);
    shop.closure = close_it(stage, &shop.caller, the_slot(shop.buyer, 0), "a");
    work(stage);
    assert_int_equal(desk_refunds(stage, &shop, 4, "part"), REFUND_DESK_NOT_REFUSED);
    assert_int_equal(choice_of(stage, &shop).amount.v, 16 * 1400);
    assert_int_equal(desk_refunds(stage, &shop, 16, "rest"), REFUND_DESK_NOT_REFUSED);
    assert_int_equal(to_slot(stage, &shop, 2, 20).refusal, CHOICE_MADE);
    (void)to_refund(stage, &shop);
    stage->now += 400 * SECONDS_A_DAY;
    assert_int_equal(default_step(stage), 0);
    assert_int_equal(gone_back(stage), 20 * 1400);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 20);
    assert_str(state_of_visit(stage, shop.visit), "cancelled");
    assert_healthy(stage);
}

STAGED(what_the_closure_gave_back_the_desk_does_not)
{
    struct shop shop = two_visits(stage);
    shop.closure = close_it(stage, &shop.caller, the_slot(shop.buyer, 0), "a");
    work(stage);
    assert_int_equal(to_refund(stage, &shop).back.v, 20 * 1400);
    assert_int_equal(desk_refunds(stage, &shop, 1, "more"), REFUND_DESK_TOO_MUCH);
    assert_int_equal(gone_back(stage), 20 * 1400);
    assert_healthy(stage);
}

STAGED_FAULTY(a_choice_survives_any_fault)
{
    enum { ORDERS = 30 };
    struct shop shop = {.buyer = open_shop(stage), .caller = desk(stage)};
    int64_t visits[ORDERS];
    stage_script(stage, "UPDATE slot SET capacity = 1000");
    for (int i = 0; i < ORDERS; i++)
        visits[i] = bought(stage, shop.buyer, 0, 8, str_format(stage->arena, "pi_%d", i).p);
    close_it(stage, &shop.caller, the_slot(shop.buyer, 0), "a");
    work(stage);
    struct fail_plan *plan = &stage->test->plan;
    for (int i = 0; i < ORDERS; i++) {
        struct choice_result result = {.refusal = CHOICE_MONEY};
        shop.visit = visits[i];
        *plan = (struct fail_plan){.nth = 3 * i + 1, .err = i % 2 ? ERR_DB : ERR_BUSY, .operation = FAIL_ANY};
        if (i % 2)
            (void)closure_choose_refund(&stage->service, stage->arena, &shop.buyer->caller, visits[i], &result, NULL);
        else
            (void)closure_choose_slot(&stage->service, stage->arena, &shop.buyer->caller, visits[i],
                                      shop.buyer->slots + HOUR, 7, &result, NULL);
        plan->operation = FAIL_NOTHING;
        result = i % 2 ? to_refund(stage, &shop) : to_slot(stage, &shop, 1, 7);
        assert_int_equal(result.refusal, CHOICE_NOT_REFUSED);
    }
    assert_int_equal(count(stage, "refund WHERE reason = 'closure'"), ORDERS);
    assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund"), ORDERS / 2 * 9 * 1600);
    assert_int_equal(taken(stage, shop.buyer, 1, 1), ORDERS / 2 * 7);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(another_slot_with_new_tickets),
        staged_test(fewer_persons_get_their_part_back),
        staged_test(what_cannot_be_chosen),
        staged_test(closed_twice),
        staged_test(the_refund_once_with_its_credit_note),
        staged_test(without_an_answer_the_promise_holds),
        staged_test(what_was_not_paid_by_card),
        staged_test(money_that_is_not_there_is_a_problem_to_see),
        staged_test(what_the_desk_gave_back_the_closure_does_not),
        staged_test(a_closed_visit_that_the_desk_refunded_has_nothing_to_choose),
        staged_test(what_the_closure_gave_back_the_desk_does_not),
        staged_test(a_choice_survives_any_fault),
    };
    return ENGINES_MAIN(argc, argv, "choices after closures", tests);
}
