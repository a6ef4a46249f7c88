/* Changing a paid visit in place (OPT-6): successor, difference, what was there before; all or nothing, whatever fails
 * and whoever else acts at the same moment. */
#include "contract/service_order_change.h"

#include "base/log.h"
#include "service/leader.h"
#include "service/mails.h"
#include "service/refund.h"

struct refunding {
    struct service *service;
    struct refund_request request;
    struct refund_made made;
};

static enum err refund_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct refunding *refunding = argument;
    return refund_add(refunding->service, db, arena, &refunding->request, service_now(refunding->service),
                      &refunding->made, fault);
}

static enum refund_refusal refund_of(struct stage *stage, struct str ref, int64_t cents_back, const char *key)
{
    struct refunding refunding = {.service = &stage->service, .request = {
        .order_id = stage_number(stage, str_format(stage->arena, "SELECT id FROM orders WHERE ref = '%.*s'",
                                                   STR_ARG(ref)).p),
        .amount = cents(cents_back), .reason = S("desk"), .request_key = str_of(key)}};
    stage_ok(service_write(&stage->service, stage->arena, refund_command, 0, &refunding, &fault));
    return refunding.made.refusal;
}

/* ---- without a difference, or with money back ---- */

STAGED(another_slot_at_the_same_price)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_to(stage, buyer, ref, 2, 20, 0);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_false(result.to_pay);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 2), 20);
    struct order_view order = order_now(stage, buyer, result.order_ref);
    assert_int_equal(order.state, ORDER_CONFIRMED);
    assert_int_equal(order.total.v, 20 * 1400);
    assert_int_equal(order.visits.p[0].start_at, buyer->slots + 2 * HOUR);
    assert_int_equal(order.visits.p[0].tickets, 20);
    /* The old order and its invoice stay; its visit lets nobody in any more. */
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, ref).visits.p[0].tickets, 0);
    assert_int_equal(count(stage, "ticket WHERE state = 'cancelled' AND ended_why = 'replaced'"), 20);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 20);
    assert_int_equal(count(stage, "invoice WHERE kind = 'invoice'"), 2);
    assert_int_equal(count(stage, "invoice WHERE kind = 'credit-note' AND total_cents = 28000"), 1);
    assert_int_equal(count(stage, "refund_part"), 0);
    assert_int_equal(count(stage, "outbox WHERE kind = 'order-changed'"), 1);
    assert_int_equal(count(stage, "outbox WHERE kind = 'tickets'"), 2);
    assert_int_equal(count(stage, "audit WHERE act = 'order.change' AND was LIKE '%20 persons%'"), 1);
    assert_healthy(stage);
}

STAGED(fewer_persons_give_the_difference_back)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 24, "1"); /* 23 pay, the leader of more than 20 is free */
    struct visit_change_result result = change_to(stage, buyer, ref, 0, 21, 20 * 1400 - 23 * 1400);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_int_equal(taken(stage, buyer, 1, 0), 21);
    assert_int_equal(stage_number(stage, "SELECT amount_cents FROM refund WHERE reason = 'change'"), 3 * 1400);
    assert_int_equal(stage_number(stage, "SELECT amount_cents FROM refund_part WHERE way = 'provider'"), 3 * 1400);
    assert_int_equal(count(stage, "invoice WHERE kind = 'credit-note' AND total_cents = 23 * 1400"), 1);
    assert_int_equal(order_now(stage, buyer, result.order_ref).total.v, 20 * 1400);
    assert_healthy(stage);
    /* A second change goes on from the first: its money is what was carried over. */
    struct visit_change_result again = change_visit(stage, buyer, result.order_ref, newest_visit(stage), 1, 20, 0);
    assert_int_equal(again.refusal, CHANGE_NOT_REFUSED);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 1), 20);
    assert_int_equal(count(stage, "order_change WHERE state = 'done'"), 2);
    assert_healthy(stage);
}

/* What a change carried over can go back from the order that it made, once, out of the payments that brought it. */
STAGED(carried_money_goes_back_once)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1"); /* 28000 */
    struct visit_change_result result = change_to(stage, buyer, ref, 1, 25, 4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    assert_int_equal(refund_of(stage, ref, 1, "old"), REFUND_TOO_MUCH); /* it is the new order's money now */
    assert_int_equal(refund_of(stage, result.order_ref, 24 * 1400 + 1, "more"), REFUND_TOO_MUCH);
    assert_int_equal(refund_of(stage, result.order_ref, 24 * 1400, "all"), REFUND_NOT_REFUSED);
    assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund_part"), 24 * 1400);
    assert_int_equal(count(stage, "refund_part"), 2);
    assert_int_equal(refund_of(stage, result.order_ref, 1, "again"), REFUND_TOO_MUCH);
    assert_int_equal(count(stage, "payment p WHERE amount_cents < (SELECT sum(q.amount_cents) FROM refund_part q"
                                  " WHERE q.payment_id = p.id)"), 0);
}

STAGED(a_network_that_gives_nothing_back)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 24, "1");
    stage_ok(settings_put(&stage->service, stage->arena, S("change.refund"), S("0"), &fault));
    struct visit_change_result result = change_to(stage, buyer, ref, 0, 21, -3 * 1400);
    assert_int_equal(result.refusal, CHANGE_CREDIT);
    assert_int_equal(taken(stage, buyer, 1, 0), 24);
    assert_int_equal(count(stage, "order_change"), 0);
    /* Customer service decides for itself. */
    struct caller acting = acting_for(stage, buyer);
    result = change_as(stage, &acting, buyer, ref, newest_visit(stage), 0, 21, -3 * 1400, "geste commercial");
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_healthy(stage);
}

/* ---- with a difference to pay ---- */

STAGED(the_difference_is_paid_and_then_the_change_is_made)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_to(stage, buyer, ref, 1, 25, 24 * 1400 - 20 * 1400);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_true(result.to_pay);
    /* Both are held, the old visit is as it was. */
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(taken(stage, buyer, 1, 1), 25);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 20);
    assert_int_equal(change_to(stage, buyer, ref, 2, 20, 0).refusal, CHANGE_PAYING);
    assert_healthy(stage);
    open_payment(stage, buyer, result.order_ref);
    assert_int_equal(buyer->fake.state.amount.v, 4 * 1400); /* the difference, not the whole */
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    assert_int_equal(notify(stage, "evt_2"), SETTLED_BEFORE);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 1), 25);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 25);
    assert_int_equal(count(stage, "payment WHERE state = 'booked'"), 2);
    assert_int_equal(count(stage, "refund_part"), 0);
    assert_healthy(stage);
}

STAGED(inside_its_slot_only_the_difference_is_needed)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    hold_on(stage, other, 1, 0, 25, true); /* 5 places are left */
    stage->service.payer = &buyer->fake.port;
    int64_t visit_id = newest_visit_of(stage, ref);
    assert_int_equal(change_visit(stage, buyer, ref, visit_id, 0, 26, 5 * 1400).refusal, CHANGE_PLACES);
    struct visit_change_result result = change_visit(stage, buyer, ref, visit_id, 0, 25, 4 * 1400);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_int_equal(taken(stage, buyer, 1, 0), 50);
    assert_healthy(stage); /* the sums know of the places that are lent */
    open_payment(stage, buyer, result.order_ref);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 50);
    assert_int_equal(count(stage, "visit WHERE state = 'confirmed' AND persons = 25 AND lent_persons = 0"), 1);
    assert_healthy(stage);
}

static void as_it_was(struct stage *stage, struct buyer *buyer, struct str ref)
{
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(taken(stage, buyer, 1, 1), 0);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 20);
    assert_int_equal(count(stage, "visit WHERE state = 'confirmed'"), 1);
    assert_int_equal(order_now(stage, buyer, ref).visits.p[0].tickets, 20);
    assert_int_equal(count(stage, "invoice"), 1);
    assert_healthy(stage);
}

STAGED(given_up_the_old_visit_stays)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_to(stage, buyer, ref, 1, 25, 4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, result.order_ref, &settlement, &fault));
    assert_int_equal(settlement, SETTLED_CLOSED);
    as_it_was(stage, buyer, ref);
    assert_int_equal(count(stage, "outbox WHERE kind = 'change-ended'"), 1);
    /* The buyer may try again. */
    result = change_to(stage, buyer, ref, 1, 25, 4 * 1400);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_int_equal(taken(stage, buyer, 1, 1), 25);
    assert_healthy(stage);
}

STAGED(unpaid_its_places_return_and_late_money_makes_it_all_the_same)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_to(stage, buyer, ref, 1, 25, 4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    buyer->fake.query_error = ERR_UNCERTAIN; /* the provider says nothing for hours */
    buyer->fake.expire_error = ERR_UNCERTAIN;
    stage->now += 3 * HOUR;
    expire_all(stage);
    as_it_was(stage, buyer, ref);
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 1), 25);
    assert_healthy(stage);
}

STAGED(late_money_for_what_is_gone_waits_for_its_refund)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_to(stage, buyer, ref, 1, 25, 4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    struct pay_state late = buyer->fake.state;
    buyer->fake.query_error = buyer->fake.expire_error = ERR_UNCERTAIN;
    stage->now += 3 * HOUR;
    expire_all(stage);
    /* Meanwhile another change was made of the same visit. */
    buyer->fake.query_error = buyer->fake.expire_error = OK;
    struct visit_change_result other = change_to(stage, buyer, ref, 2, 20, 0);
    assert_int_equal(other.refusal, CHANGE_NOT_REFUSED);
    buyer->fake.state = late;
    pays(buyer, "pi_late");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_REFUND_DUE);
    assert_int_equal(taken(stage, buyer, 1, 1), 0);
    assert_int_equal(taken(stage, buyer, 1, 2), 20);
    assert_int_equal(count(stage, "payment WHERE state = 'refund-due' AND amount_cents = 4 * 1400"), 1);
    assert_int_equal(count(stage, "outbox WHERE kind = 'refund-due'"), 1);
    assert_healthy(stage);
}

STAGED(paid_twice_the_second_waits_for_its_refund)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_to(stage, buyer, ref, 0, 25, 4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    buyer->fake.state.payment_ref = S("pi_3");
    assert_int_equal(notify(stage, "evt_3"), SETTLED_REFUND_DUE);
    assert_int_equal(taken(stage, buyer, 1, 0), 25);
    assert_int_equal(count(stage, "payment WHERE state = 'refund-due' AND reason = 'paid-twice'"), 1);
    assert_healthy(stage);
}

STAGED(an_old_visit_that_ends_while_the_difference_is_paid)
{
    struct buyer *buyer = open_shop(stage);
    bought(stage, buyer, 0, 20, "1");
    struct visit_change_result result = change_visit(stage, buyer, newest_ref(stage), newest_visit(stage), 0, 25,
                                                     4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    /* The gate lets the group in with its old tickets. */
    stage_script(stage, "UPDATE ticket SET state = 'used' WHERE position = 1");
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_REFUND_DUE);
    assert_int_equal(count(stage, "payment WHERE state = 'refund-due'"), 1);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 19);
    /* Its places are given back as well, whoever ends the order. */
    stage->now += 3 * HOUR;
    expire_all(stage);
    int ended = 0;
    stage_ok(order_change_sweep(&stage->service, stage->arena, &ended, &fault));
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    stage_script(stage, "UPDATE ticket SET state = 'valid'"); /* the doctor asks for the scan */
    assert_healthy(stage);
}

/* ---- refusals ---- */

STAGED(every_refusal_leaves_everything)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    hold_on(stage, other, 1, 1, 25, true);
    hold_on(stage, other, 1, 1, 25, true);
    hold_on(stage, other, 1, 2, 26, true);
    stage->service.payer = &buyer->fake.port;
    stage_script(stage, str_format(stage->arena, "UPDATE slot SET closed_fr = 'Tempête', closed_en = 'Storm' WHERE"
                                   " monument_id = 1 AND start_at = %lld", (long long)(buyer->slots + 3 * HOUR)).p);
    static const struct {
        int slot_index, persons;
        enum change_refusal refusal;
        enum refusal place;
    } cases[] = {
        {1, 20, CHANGE_PLACES, REFUSED_FULL},          {2, 25, CHANGE_PLACES, REFUSED_SHORT},
        {3, 20, CHANGE_PLACES, REFUSED_CLOSED},        {9, 20, CHANGE_PLACES, REFUSED_NO_SLOT},
        {0, 7, CHANGE_PLACES, REFUSED_BELOW_MINIMUM},  {0, 27, CHANGE_PLACES, REFUSED_ABOVE_MAXIMUM},
        {0, 0, CHANGE_PLACES, REFUSED_NUMBER},         {0, 1001, CHANGE_PLACES, REFUSED_NUMBER},
        {0, 20, CHANGE_SAME, REFUSED_NOT},             {0, 22, CHANGE_PRICE, REFUSED_NOT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct visit_change_result result = change_visit(stage, buyer, ref, visit_id, cases[i].slot_index,
                                                         cases[i].persons, 7);
        assert_int_equal(result.refusal, cases[i].refusal);
        assert_int_equal(result.place.refusal, cases[i].place);
        assert_int_equal(taken(stage, buyer, 1, 0), 20);
        assert_int_equal(count(stage, "order_change"), 0);
        assert_int_equal(count(stage, "orders"), 1);
        assert_healthy(stage);
    }
    assert_int_equal(change_visit(stage, buyer, ref, visit_id, 0, 22, 0).difference, 21 * 1400 - 20 * 1400);
    ASSERT_ERR(change_err(stage, &other->caller, buyer, ref, visit_id), ERR_NOT_FOUND);
    struct caller reader = buyer->caller;
    reader.role = ROLE_READ_ONLY;
    ASSERT_ERR(change_err(stage, &reader, buyer, ref, visit_id), ERR_REFUSED);
    stage_script(stage, "UPDATE ticket SET state = 'used' WHERE position = 3");
    assert_int_equal(change_visit(stage, buyer, ref, visit_id, 0, 22, 1400).refusal, CHANGE_SCANNED);
}

STAGED(the_cut_off_is_data)
{
    struct buyer *buyer = open_shop(stage);
    const struct zone *zone = &stage->service.zone;
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage);
    struct change_view view = {0};
    stage_ok(order_change_look(&stage->service, stage->arena, &buyer->caller, ref, visit_id, &view, &fault));
    instant three_days = instant_of(zone, local_of(zone, buyer->slots).day - 2, 0);
    assert_true(view.until == three_days);
    stage->now = three_days; /* the first moment that is too late */
    assert_int_equal(change_visit(stage, buyer, ref, visit_id, 1, 20, 0).refusal, CHANGE_LATE);
    /* Customer service may, with a reason, and it is written down who did it for whom and why. */
    struct caller acting = acting_for(stage, buyer);
    assert_int_equal(change_as(stage, &acting, buyer, ref, visit_id, 1, 20, 0, "").refusal, CHANGE_LATE);
    struct visit_change_result result = change_as(stage, &acting, buyer, ref, visit_id, 1, 20, 0, "panne de car");
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_int_equal(count(stage, "audit WHERE act = 'order.change' AND reason = 'panne de car'"
                                  " AND staff_id IS NOT NULL"), 1);
    assert_int_equal(count(stage, "order_change WHERE reason = 'panne de car' AND staff_id IS NOT NULL"), 1);
    /* A monument may have its own. */
    stage_script(stage, "INSERT INTO change_rule VALUES (1, 1)");
    visit_id = newest_visit(stage);
    assert_int_equal(change_visit(stage, buyer, result.order_ref, visit_id, 2, 20, 0).refusal, CHANGE_NOT_REFUSED);
    stage->now = buyer->slots + 2 * HOUR + 1800;
    result = change_as(stage, &acting, buyer, newest_ref(stage), newest_visit(stage), 3, 20, 0, "trop tard");
    assert_int_equal(result.refusal, CHANGE_OVER);
    assert_healthy(stage);
}

STAGED(parts_of_a_large_group_stay_apart)
{
    struct buyer *buyer = open_shop(stage);
    struct place_part parts[] = {{buyer->slots, 25}, {buyer->slots + HOUR, 25}};
    struct place_request request = {.monument_id = 1, .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                    .request_key = S("split")};
    struct place_result held = {0};
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 2, &held, &fault));
    assert_int_equal(held.refusal, REFUSED_NOT);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    int64_t first = stage_number(stage, "SELECT min(id) FROM visit");
    assert_int_equal(change_visit(stage, buyer, ref, first, 1, 25, 0).refusal, CHANGE_SPLIT);
    struct visit_change_result result = change_visit(stage, buyer, ref, first, 2, 25, 0);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    assert_int_equal(taken(stage, buyer, 1, 2), 25);
    /* The other part of the order is untouched, and its money is still there for a change of its own. */
    int64_t second = stage_number(stage, "SELECT max(id) FROM visit WHERE state = 'confirmed' AND id < 3");
    assert_int_equal(change_visit(stage, buyer, ref, second, 2, 25, 0).refusal, CHANGE_SPLIT);
    assert_int_equal(change_visit(stage, buyer, ref, second, 3, 24, -1400).refusal, CHANGE_NOT_REFUSED);
    assert_healthy(stage);
}

STAGED(what_was_not_paid_here_is_customer_services)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage);
    stage_script(stage, "UPDATE payment SET state = 'refund-due'");
    assert_int_equal(change_visit(stage, buyer, ref, visit_id, 1, 20, 0).refusal, CHANGE_DESK);
    stage_script(stage, "UPDATE payment SET state = 'booked'");
    struct str undated = undated_order(stage, buyer);
    assert_int_equal(change_visit(stage, buyer, undated, newest_visit(stage), 1, 20, 0).refusal, CHANGE_UNDATED);
    /* An order that is not paid yet has nothing to change. */
    hold_on(stage, buyer, 1, 1, 20, false);
    struct str unpaid = order_to_pay(stage, buyer);
    assert_int_equal(change_visit(stage, buyer, unpaid, newest_visit(stage), 2, 20, 0).refusal, CHANGE_GONE);
}

STAGED(the_same_form_changes_once)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct visit_change change = {.order_ref = ref, .visit_id = newest_visit(stage), .persons = 20,
                                  .start_at = buyer->slots + HOUR, .request_key = S("form")};
    struct visit_change_result first = {0}, second = {0};
    stage_ok(order_change(&stage->service, stage->arena, &buyer->caller, &change, &first, &fault));
    stage_ok(order_change(&stage->service, stage->arena, &buyer->caller, &change, &second, &fault));
    assert_int_equal(second.refusal, CHANGE_NOT_REFUSED);
    assert_string_equal(second.order_ref.p, first.order_ref.p);
    assert_int_equal(count(stage, "orders"), 2);
    assert_healthy(stage);
    /* The page of the back button, with a key of its own, says what became of the visit. */
    struct visit_change_result gone = change_visit(stage, buyer, ref, change.visit_id, 2, 20, 0);
    assert_int_equal(gone.refusal, CHANGE_GONE);
    assert_string_equal(gone.order_ref.p, first.order_ref.p);
}

STAGED(the_mails_say_what_it_was_and_what_it_is)
{
    struct buyer *buyer = open_shop(stage);
    stage->service.documents = &no_documents;
    struct str ref = bought(stage, buyer, 0, 20, "1");
    struct leader_answer leader = {0};
    stage_ok(leader_create(&stage->service, stage->arena, buyer->caller, (struct leader_fields){
        .kind = LEADER_ACCOMPANYING, .last_name = S("Martin"), .first_name = S("Jeanne"),
        .email = S("jeanne@horizon.example"), .phone = S("+33612345678")}, &leader, &fault));
    stage_script(stage, str_format(stage->arena, "UPDATE visit SET leader_id = %lld", (long long)leader.id).p);
    assert_int_equal(change_to(stage, buyer, ref, 1, 20, 0).refusal, CHANGE_NOT_REFUSED);
    struct mail_message said = mail_of_kind(stage, "order-changed");
    assert_true(str_has(said.text, S("Avant")) && str_has(said.text, S("Maintenant")));
    assert_true(str_has(said.text, ref));
    said = mail_of_kind(stage, "leader-moved");
    assert_string_equal(said.to.p, "jeanne@horizon.example");
    assert_true(str_has(said.text, S("Chapelle")));
    assert_int_equal(said.attachment_count, 1);
}

/* Whatever a mistake or a hand in the database would leave is noticed. */
STAGED(the_doctor_notices_what_does_not_agree)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 24, "1");
    assert_int_equal(change_to(stage, buyer, ref, 0, 21, -3 * 1400).refusal, CHANGE_NOT_REFUSED);
    struct visit_change_result pending = change_visit(stage, buyer, newest_ref(stage), newest_visit(stage), 0, 25,
                                                      4 * 1400);
    assert_int_equal(pending.refusal, CHANGE_NOT_REFUSED);
    assert_healthy(stage);
    static const struct {
        const char *spoil, *mend;
    } cases[] = {
        {"UPDATE order_change SET carried_cents = carried_cents + 1 WHERE id = 1",
         "UPDATE order_change SET carried_cents = carried_cents - 1 WHERE id = 1"},
        {"UPDATE order_change SET returned_cents = returned_cents + 1, carried_cents = carried_cents - 1 WHERE id = 1",
         "UPDATE order_change SET returned_cents = returned_cents - 1, carried_cents = carried_cents + 1 WHERE id = 1"},
        {"UPDATE order_change SET state = 'ended' WHERE id = 1", "UPDATE order_change SET state = 'done' WHERE id = 1"},
        {"UPDATE order_change SET state = 'ended', closed_at = 1 WHERE id = 2",
         "UPDATE order_change SET state = 'pending', closed_at = NULL WHERE id = 2"},
        {"UPDATE visit SET lent_persons = lent_persons - 1 WHERE lent_persons > 0",
         "UPDATE visit SET lent_persons = lent_persons + 1 WHERE lent_persons > 0"},
        {"UPDATE visit SET lent_persons = 1 WHERE state = 'confirmed'",
         "UPDATE visit SET lent_persons = 0 WHERE state = 'confirmed'"},
        {"UPDATE order_change SET old_order_id = new_order_id + 0, new_order_id = old_order_id WHERE id = 1",
         "UPDATE order_change SET old_order_id = new_order_id + 0, new_order_id = old_order_id WHERE id = 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int findings = 0;
        stage_script(stage, cases[i].spoil);
        stage_ok(doctor_check(&stage->service, stage->arena, NULL, &findings, &fault));
        if (findings == 0)
            fail_msg("not noticed: %s", cases[i].spoil);
        stage_script(stage, cases[i].mend);
        assert_healthy(stage);
    }
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(another_slot_at_the_same_price),
        staged_test(fewer_persons_give_the_difference_back),
        staged_test(carried_money_goes_back_once),
        staged_test(a_network_that_gives_nothing_back),
        staged_test(the_difference_is_paid_and_then_the_change_is_made),
        staged_test(inside_its_slot_only_the_difference_is_needed),
        staged_test(given_up_the_old_visit_stays),
        staged_test(unpaid_its_places_return_and_late_money_makes_it_all_the_same),
        staged_test(late_money_for_what_is_gone_waits_for_its_refund),
        staged_test(paid_twice_the_second_waits_for_its_refund),
        staged_test(an_old_visit_that_ends_while_the_difference_is_paid),
        staged_test(every_refusal_leaves_everything),
        staged_test(the_cut_off_is_data),
        staged_test(parts_of_a_large_group_stay_apart),
        staged_test(what_was_not_paid_here_is_customer_services),
        staged_test(the_same_form_changes_once),
        staged_test(the_doctor_notices_what_does_not_agree),
        staged_test(the_mails_say_what_it_was_and_what_it_is),
    };
    return ENGINES_MAIN(argc, argv, "service_order_change", tests);
}
