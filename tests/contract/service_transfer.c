/* Payment by transfer (CRT-4, OPS-5): allowed or asked for, places held until the deadline, part, over and double
 * payments as states, and nothing lost whatever breaks. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/transfer.h"

/* ---- steps ---- */

static struct worker desk;

static struct buyer *open_transfers(struct stage *stage, bool allowed)
{
    struct buyer *buyer = open_shop(stage);
    desk = worker(stage, "ines@m.example", ROLE_CUSTOMER_SERVICE);
    if (allowed) {
        enum transfer_refusal refusal = TRANSFER_REASON;
        stage_ok(transfer_allow_account(&stage->service, stage->arena, &desk.head.caller, buyer->caller.organisation_id,
                                        true, S("agence connue"), &refusal, &fault));
        assert_int_equal(refusal, TRANSFER_NOT_REFUSED);
    }
    return buyer;
}

static struct validation_result order_by_transfer(struct stage *stage, struct buyer *buyer, struct str key)
{
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    struct visit_choice *choices = ARENA_ARRAY(stage->arena, cart.n + 1, struct visit_choice);
    for (size_t i = 0; i < cart.n; i++)
        choices[i] = (struct visit_choice){.visit_id = cart.p[i].id, .leader_id = buyer->guide};
    struct validation validation = {.choices = choices, .choice_count = cart.n, .terms_version = S("v1"),
                                    .transfer = true, .request_key = key};
    struct validation_result result = {0};
    stage_ok(order_place(&stage->service, stage->arena, &buyer->caller, &validation, &result, &fault));
    return result;
}

/* 20 persons at 14 euros. */
static struct str waiting_order(struct stage *stage, struct buyer *buyer, int slot_index)
{
    hold_on(stage, buyer, 1, slot_index, 20, false);
    struct validation_result result = order_by_transfer(stage, buyer, new_key(stage, buyer));
    assert_int_equal(result.refusal, REFUSED_NOT);
    assert_false(result.to_pay);
    return result.order_ref;
}

static struct transfer_outcome receive(struct stage *stage, struct str ref, int64_t amount, const char *key)
{
    struct transfer_record record = {.ref = ref, .amount = cents(amount), .request_key = str_of(key),
                                     .day = service_day(&stage->service, stage->now), .bank_ref = S("VIR 77"),
                                     .reason = S("relevé du jour")};
    struct transfer_outcome outcome = {.refusal = TRANSFER_REASON};
    stage_ok(transfer_record(&stage->service, stage->arena, &desk.head.caller, &record, &outcome, &fault));
    assert_int_equal(outcome.refusal, TRANSFER_NOT_REFUSED);
    return outcome;
}

static struct transfer_view view_of(struct stage *stage, struct buyer *buyer, struct str ref)
{
    struct transfer_view view = {0};
    stage_ok(transfer_of_order(&stage->service, stage->arena, &buyer->caller, ref, &view, &fault));
    return view;
}

static int step(struct stage *stage)
{
    int done = -1;
    stage_ok(transfer_step(&stage->service, stage->arena, &done, &fault));
    return done;
}

static int64_t mails_of(struct stage *stage, const char *kind)
{
    return stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM outbox WHERE kind = '%s'", kind).p);
}

static bool order_is(struct stage *stage, struct buyer *buyer, struct str ref, enum order_state state)
{
    return order_now(stage, buyer, ref).state == state;
}

/* ---- an allowed account ---- */

STAGED(money_confirms_the_order)
{
    struct buyer *buyer = open_transfers(stage, true);
    struct str ref = waiting_order(stage, buyer, 0);
    struct transfer_view view = view_of(stage, buyer, ref);
    assert_true(view.is && view.waits && !view.asked);
    assert_true(str_starts(view.rf, S("RF")));
    assert_true(str_starts(view.epc, S("BCD\n002")));
    assert_int_equal(view.left.v, 28000);
    assert_int_equal(mails_of(stage, "transfer-proforma"), 1);
    assert_int_equal(mails_of(stage, "tickets"), 0);
    stage->now += 5 * DAY; /* long after the cart's hold */
    expire_all(stage);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_true(order_is(stage, buyer, ref, ORDER_PENDING));
    assert_healthy(stage);
    assert_int_equal(receive(stage, ref, 28000, "form").end, TRANSFER_CONFIRMED);
    assert_true(receive(stage, ref, 28000, "form").before);
    assert_true(order_is(stage, buyer, ref, ORDER_CONFIRMED));
    assert_int_equal(mails_of(stage, "tickets"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'transfer.received' AND reason <> ''"),
                     1);
    stage->now += 30 * DAY;
    assert_int_equal(step(stage), 0);
    assert_healthy(stage);
}

STAGED(parts_wait_for_the_rest)
{
    struct buyer *buyer = open_transfers(stage, true);
    struct str ref = waiting_order(stage, buyer, 0);
    struct transfer_outcome first = receive(stage, ref, 10000, "one");
    assert_int_equal(first.end, TRANSFER_PART);
    assert_int_equal(first.left.v, 18000);
    struct transfer_view view = view_of(stage, buyer, ref);
    assert_true(view.received.v == 10000 && view.left.v == 18000 && view.to_return.v == 0);
    assert_int_equal(mails_of(stage, "transfer-part"), 1);
    assert_healthy(stage);
    assert_int_equal(receive(stage, ref, 5000, "two").left.v, 13000);
    struct transfer_outcome last = receive(stage, ref, 13500, "three");
    assert_int_equal(last.end, TRANSFER_CONFIRMED);
    assert_int_equal(last.excess.v, 500);
    view = view_of(stage, buyer, ref);
    assert_true(view.received.v == 28000 && view.left.v == 0 && view.to_return.v == 500);
    assert_int_equal(mails_of(stage, "refund-due"), 1);
    assert_healthy(stage);
}

STAGED(what_comes_twice_goes_back)
{
    struct buyer *buyer = open_transfers(stage, true);
    struct str ref = waiting_order(stage, buyer, 0);
    assert_int_equal(receive(stage, ref, 28000, "one").end, TRANSFER_CONFIRMED);
    struct transfer_outcome second = receive(stage, ref, 28000, "two");
    assert_int_equal(second.end, TRANSFER_RETURN);
    assert_int_equal(second.excess.v, 28000);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM invoice"), 1);
    assert_true(str_eq(stage_text(stage, "SELECT reason FROM payment WHERE state = 'refund-due'"), S("paid-twice")));
    assert_healthy(stage);
}

STAGED(a_transfer_for_an_order_by_card_pays_it_whole_or_goes_back)
{
    struct buyer *buyer = open_transfers(stage, true);
    hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    assert_int_equal(receive(stage, ref, 100, "part").end, TRANSFER_RETURN);
    assert_int_equal(receive(stage, ref, 28000, "whole").end, TRANSFER_CONFIRMED);
    pays(buyer, "pi_1"); /* and the card all the same */
    assert_int_equal(notify(stage, "evt_1"), SETTLED_REFUND_DUE);
    assert_healthy(stage);
}

/* ---- the deadline ---- */

STAGED(the_deadline_is_told_and_then_the_places_return)
{
    struct buyer *buyer = open_transfers(stage, true);
    hold_on(stage, buyer, 1, 1, 20, true); /* an option, validated with the rest */
    int moved = 0;
    int64_t option = stage_number(stage, "SELECT max(id) FROM visit");
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option, 1, &moved, &fault));
    struct str ref = waiting_order(stage, buyer, 0);
    struct transfer_view view = view_of(stage, buyer, ref);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option'"), 0);
    receive(stage, ref, 100, "part");
    assert_int_equal(step(stage), 0);
    stage->now = view.due_at - 3 * DAY - 1;
    assert_int_equal(step(stage), 0);
    stage->now += 1;
    assert_int_equal(step(stage), 1);
    assert_int_equal(step(stage), 0);
    assert_int_equal(mails_of(stage, "transfer-reminder"), 1);
    stage->now = view.due_at - 1;
    assert_int_equal(step(stage), 0);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_healthy(stage);
    stage->now = view.due_at;
    assert_int_equal(step(stage), 1);
    assert_int_equal(step(stage), 0);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 1), 0);
    assert_int_equal(mails_of(stage, "transfer-ended"), 1);
    assert_true(order_is(stage, buyer, ref, ORDER_EXPIRED));
    assert_int_equal(view_of(stage, buyer, ref).to_return.v, 100);
    assert_healthy(stage);
}

STAGED(late_money_takes_the_places_again_or_goes_back)
{
    struct buyer *buyer = open_transfers(stage, true);
    struct str first = waiting_order(stage, buyer, 0), second = waiting_order(stage, buyer, 1);
    stage->now = view_of(stage, buyer, first).due_at;
    assert_int_equal(step(stage), 2);
    assert_int_equal(receive(stage, first, 27999, "short").end, TRANSFER_RETURN);
    assert_int_equal(receive(stage, first, 28000, "whole").end, TRANSFER_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    hold_on(stage, buyer, 1, 1, 26, false); /* somebody else was quicker */
    hold_on(stage, buyer, 1, 1, 20, false);
    struct transfer_outcome outcome = receive(stage, second, 28000, "late");
    assert_int_equal(outcome.end, TRANSFER_RETURN);
    assert_int_equal(outcome.excess.v, 28000);
    assert_true(order_is(stage, buyer, second, ORDER_EXPIRED));
    assert_healthy(stage);
}

STAGED(no_transfer_for_a_visit_that_is_near)
{
    struct buyer *buyer = open_transfers(stage, true);
    stage->now += 16 * DAY; /* the visit is in four days: three for the lead time, one left */
    hold_on(stage, buyer, 1, 0, 20, false);
    struct transfer_terms terms = {0};
    stage_ok(transfer_offer(&stage->service, stage->arena, &buyer->caller, &terms, &fault));
    assert_int_equal(terms.refusal, REFUSED_TRANSFER_LATE);
    assert_int_equal(order_by_transfer(stage, buyer, S("late")).refusal, REFUSED_TRANSFER_LATE);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders"), 0);
}

/* ---- asked for ---- */

STAGED(one_order_is_allowed)
{
    struct buyer *buyer = open_transfers(stage, false);
    hold_on(stage, buyer, 1, 0, 20, true);
    int moved = 0;
    int64_t option = stage_number(stage, "SELECT max(id) FROM visit");
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option, 1, &moved, &fault));
    struct validation_result placed = order_by_transfer(stage, buyer, S("asked"));
    assert_int_equal(placed.refusal, REFUSED_NOT);
    struct transfer_view view = view_of(stage, buyer, placed.order_ref);
    assert_true(view.asked && view.waits && view.epc.n == 0);
    assert_int_equal(mails_of(stage, "transfer-asked"), 1);
    assert_int_equal(mails_of(stage, "transfer-asked-desk"), 1);
    assert_int_equal(mails_of(stage, "transfer-proforma"), 0);
    assert_healthy(stage);
    enum transfer_refusal refusal = TRANSFER_NOT_REFUSED;
    stage_ok(transfer_decide_order(&stage->service, stage->arena, &desk.head.caller, placed.order_ref, true, S(" "),
                                   &refusal, &fault));
    assert_int_equal(refusal, TRANSFER_REASON);
    stage_ok(transfer_decide_order(&stage->service, stage->arena, &desk.head.caller, placed.order_ref, true,
                                   S("bon de commande reçu"), &refusal, &fault));
    assert_int_equal(refusal, TRANSFER_NOT_REFUSED);
    assert_int_equal(mails_of(stage, "transfer-proforma"), 1);
    stage_ok(transfer_decide_order(&stage->service, stage->arena, &desk.head.caller, placed.order_ref, false, S("non"),
                                   &refusal, &fault));
    assert_int_equal(refusal, TRANSFER_DECIDED);
    assert_true(view_of(stage, buyer, placed.order_ref).due_at > view.due_at);
    assert_healthy(stage);
    assert_int_equal(receive(stage, placed.order_ref, 28000, "form").end, TRANSFER_CONFIRMED);
    /* for this order alone */
    hold_on(stage, buyer, 1, 0, 10, false);
    struct transfer_terms terms = {.allowed = true};
    stage_ok(transfer_offer(&stage->service, stage->arena, &buyer->caller, &terms, &fault));
    assert_false(terms.allowed);
    assert_healthy(stage);
}

STAGED(what_is_refused_or_not_answered_gives_the_option_back)
{
    struct buyer *buyer = open_transfers(stage, false);
    for (int i = 0; i < 2; i++) {
        struct place_result held = hold_on(stage, buyer, 1, i, 20, true);
        int moved = 0;
        stage_ok(
            place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &held.visit_id, 1, &moved, &fault));
        struct str ref = order_by_transfer(stage, buyer, new_key(stage, buyer)).order_ref;
        enum transfer_refusal refusal = TRANSFER_REASON;
        if (i == 0)
            stage_ok(transfer_decide_order(&stage->service, stage->arena, &desk.head.caller, ref, false,
                                           S("compte en litige"), &refusal, &fault));
        else
            stage->now = view_of(stage, buyer, ref).due_at;
        assert_int_equal(step(stage), i);
        assert_true(order_is(stage, buyer, ref, ORDER_EXPIRED));
        assert_int_equal(mails_of(stage, "transfer-refused"), i + 1);
        assert_int_equal(taken(stage, buyer, 1, i), 20); /* it is an option again */
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option' AND order_id IS NULL"),
                         i + 1);
    }
    assert_healthy(stage);
}

STAGED(requests_do_not_hoard)
{
    struct buyer *buyer = open_transfers(stage, false);
    for (int i = 0; i < 4; i++) {
        hold_on(stage, buyer, 1, i, 8, false);
        assert_int_equal(order_by_transfer(stage, buyer, new_key(stage, buyer)).refusal,
                         i < 3 ? REFUSED_NOT : REFUSED_TRANSFER_ASKED);
    }
    /* the account is allowed: what waited is allowed with it */
    enum transfer_refusal refusal = TRANSFER_REASON;
    stage_ok(transfer_allow_account(&stage->service, stage->arena, &desk.head.caller, buyer->caller.organisation_id,
                                    true, S("agence connue"), &refusal, &fault));
    assert_int_equal(mails_of(stage, "transfer-proforma"), 3);
    assert_int_equal(order_by_transfer(stage, buyer, new_key(stage, buyer)).refusal, REFUSED_NOT);
    assert_int_equal(mails_of(stage, "transfer-proforma"), 4);
    assert_healthy(stage);
}

STAGED(school_groups_need_not_ask)
{
    struct buyer *buyer = open_transfers(stage, false);
    struct place_request request = {.monument_id = 2, .start_at = buyer->slots, .persons = 20,
                                    .audience = AUDIENCE_SCHOOL, .leader = LEADER_ACCOMPANYING,
                                    .request_key = new_key(stage, buyer)};
    struct place_result held = {0};
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &held, &fault));
    assert_int_equal(held.refusal, REFUSED_NOT);
    struct transfer_terms terms = {0};
    stage_ok(transfer_offer(&stage->service, stage->arena, &buyer->caller, &terms, &fault));
    assert_true(terms.allowed && str_eq(terms.why, S("school")));
    hold_on(stage, buyer, 1, 0, 20, false);
    stage_ok(transfer_offer(&stage->service, stage->arena, &buyer->caller, &terms, &fault));
    assert_false(terms.allowed);
}

STAGED(lists_show_what_waits)
{
    struct buyer *buyer = open_transfers(stage, true);
    struct str ref = waiting_order(stage, buyer, 0);
    receive(stage, ref, 10000, "part");
    struct str paid = waiting_order(stage, buyer, 1);
    receive(stage, paid, 28000, "whole");
    struct transfer_lists lists = {0};
    stage_ok(transfer_list(&stage->service, stage->arena, &desk.head.caller, &lists, &fault));
    assert_int_equal(lists.waiting.n, 1);
    assert_int_equal(lists.asked.n, 0);
    assert_int_equal(lists.ended.n, 1);
    assert_true(lists.ended.p[0].confirmed && str_eq(lists.ended.p[0].ref, paid));
    assert_true(str_eq(lists.waiting.p[0].ref, ref));
    assert_int_equal(lists.expected.v, 18000);
    struct transfer_detail detail = {0};
    stage_ok(transfer_read(&stage->service, stage->arena, &desk.head.caller, ref, &detail, &fault));
    assert_int_equal(detail.receipts.n, 1);
    assert_true(str_eq(detail.receipts.p[0].bank_ref, S("VIR 77")));
    assert_int_equal(transfer_read(&stage->service, stage->arena, &desk.head.caller, S("XXXX-XXXX"), &detail, NULL),
                     ERR_NOT_FOUND);
    /* another organisation's order is not found */
    struct buyer *other = buyer_new(stage, "b@other.example");
    struct transfer_view view;
    assert_int_equal(transfer_of_order(&stage->service, stage->arena, &other->caller, ref, &view, NULL), ERR_NOT_FOUND);
}

/* ---- faults ---- */

/* Whatever breaks while money is recorded, it stands on its order once. */
static void receive_with_faults(struct stage *stage, enum fail_operation operation, bool done)
{
    struct buyer *buyer = open_transfers(stage, true);
    int64_t spoilt = 0;
    for (int64_t nth = 1; nth < 400; nth += 3) {
        hold_on(stage, buyer, 2, (int)(nth % 4), 8, false);
        struct str ref = order_by_transfer(stage, buyer, new_key(stage, buyer)).order_ref;
        const char *key = str_format(stage->arena, "form-%lld", (long long)nth).p;
        struct transfer_record record = {.ref = ref, .amount = cents(8 * 1300), .request_key = str_of(key),
                                         .day = service_day(&stage->service, stage->now), .reason = S("relevé")};
        struct transfer_outcome outcome = {0};
        stage->test->plan = (struct fail_plan){.operation = operation, .nth = nth, .err = ERR_DB, .done = done};
        (void)transfer_record(&stage->service, stage->arena, &desk.head.caller, &record, &outcome, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        receive(stage, ref, 8 * 1300, key);
        assert_true(order_is(stage, buyer, ref, ORDER_CONFIRMED));
        assert_int_equal(view_of(stage, buyer, ref).to_return.v, 0);
        stage_script(stage, "UPDATE slot SET capacity = capacity + 8 WHERE monument_id = 2"); /* room for the next */
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, 1, 1000);
    assert_healthy(stage);
}

STAGED_FAULTY(receiving_survives_any_fault)
{
    receive_with_faults(stage, FAIL_ANY, false);
}

STAGED_FAULTY(receiving_survives_lost_answers)
{
    receive_with_faults(stage, FAIL_COMMIT, true);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(money_confirms_the_order),
        staged_test(parts_wait_for_the_rest),
        staged_test(what_comes_twice_goes_back),
        staged_test(a_transfer_for_an_order_by_card_pays_it_whole_or_goes_back),
        staged_test(the_deadline_is_told_and_then_the_places_return),
        staged_test(late_money_takes_the_places_again_or_goes_back),
        staged_test(no_transfer_for_a_visit_that_is_near),
        staged_test(one_order_is_allowed),
        staged_test(what_is_refused_or_not_answered_gives_the_option_back),
        staged_test(requests_do_not_hoard),
        staged_test(school_groups_need_not_ask),
        staged_test(lists_show_what_waits),
        staged_test(receiving_survives_any_fault),
        staged_test(receiving_survives_lost_answers),
    };
    return ENGINES_MAIN(argc, argv, "transfers", tests);
}
