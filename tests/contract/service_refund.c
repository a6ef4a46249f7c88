/* Money that goes back, and visits that end (ORD-4, INV-1): decided once, moved once, never more than came. */
#include "contract/service_purchase.h"

#include "service/refund.h"
#include "service/visit_void.h"

/* ---- a provider that keeps a book of refunds by key, as real ones do ---- */

enum { BOOK = 512 };

struct refund_book {
    struct {
        struct str key, payment_ref;
        int64_t amount;
    } rows[BOOK];
    size_t count;
    int calls;
    enum err lose;  /* the money moves, the answer is this error */
    enum err refuse; /* nothing moves, the answer is this error */
    enum pay_refund_outcome outcome;
};

static struct refund_book book;

static enum err book_refund(void *context, struct arena *arena, struct str payment_ref, struct cents amount,
                            struct str key, struct pay_refund *ret_refund, struct fault *fault)
{
    (void)context;
    book.calls++;
    if (book.refuse != OK)
        return fault_set(fault, book.refuse, "book says no");
    size_t at = 0;
    while (at < book.count && !str_eq(book.rows[at].key, key))
        at++;
    if (at == book.count) {
        assert_true(book.count < BOOK);
        book.rows[book.count].key = str_dup(arena, key);
        book.rows[book.count].payment_ref = str_dup(arena, payment_ref);
        book.rows[book.count++].amount = amount.v;
    }
    assert_int_equal(book.rows[at].amount, amount.v); /* the same key with other money would be a conflict */
    if (book.lose != OK)
        return fault_set(fault, book.lose, "answer lost");
    *ret_refund = (struct pay_refund){.refund_ref = str_format(arena, "re_%zu", at), .outcome = book.outcome};
    return OK;
}

static int64_t gone_back(void)
{
    int64_t sum = 0;
    for (size_t i = 0; i < book.count; i++)
        sum += book.rows[i].amount;
    return sum;
}

/* ---- steps ---- */

/* An order of 20 persons at 14 euros, paid by card. */
static struct str paid_order(struct stage *stage, struct buyer *buyer, int slot_index, const char *payment)
{
    memset(&book, 0, sizeof book);
    buyer->fake.port.refund = book_refund;
    hold_on(stage, buyer, 1, slot_index, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, payment);
    assert_int_equal(notify(stage, payment), SETTLED_CONFIRMED);
    return ref;
}

static int64_t visit_of_order(struct stage *stage, int64_t order_id)
{
    return stage_number(stage, str_format(stage->arena, "SELECT min(visit_id) FROM order_line WHERE order_id = %lld",
                                          (long long)order_id).p);
}

struct deciding {
    struct service *service;
    struct refund_request request;
    struct refund_made made;
};

static enum err decide_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct deciding *d = argument;
    return refund_add(d->service, db, arena, &d->request, service_now(d->service), &d->made, fault);
}

/* So many persons of the order's visit. */
static enum err try_decide(struct stage *stage, int64_t order_id, int64_t persons, int64_t unit, int64_t amount,
                           const char *key, struct refund_made *ret_made)
{
    struct refund_line line = {.visit_id = visit_of_order(stage, order_id),
                               .tariff_code = S("group"),
                               .role = S("visitor"),
                               .quantity = persons,
                               .unit = cents(unit),
                               .vat_code = S("outside")};
    struct deciding d = {.service = &stage->service,
                         .request = {.order_id = order_id, .amount = cents(amount), .lines = &line, .line_count = 1,
                                     .reason = S("desk"), .request_key = str_of(key)}};
    enum err err = service_write(&stage->service, stage->arena, decide_command, 0, &d, NULL);
    *ret_made = d.made;
    return err;
}

static struct refund_made decide(struct stage *stage, int64_t order_id, int64_t persons, int64_t amount,
                                 const char *key)
{
    struct refund_made made = {.refusal = REFUND_NOTHING};
    assert_int_equal(try_decide(stage, order_id, persons, 1400, amount, key, &made), OK);
    return made;
}

static int send_due(struct stage *stage)
{
    int sent = -1;
    stage_ok(refund_send_due(&stage->service, stage->arena, &sent, &fault));
    return sent;
}

static int64_t last_order(struct stage *stage)
{
    return stage_number(stage, "SELECT max(id) FROM orders");
}

static bool part_is(struct stage *stage, const char *state)
{
    return str_eq(stage_text(stage, "SELECT state FROM refund_part ORDER BY id DESC LIMIT 1"), str_of(state));
}

/* ---- refunds ---- */

STAGED(a_refund_is_decided_once_and_moved_once)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    int64_t order = last_order(stage);
    struct refund_made made = decide(stage, order, 5, 7000, "form");
    assert_int_equal(made.refusal, REFUND_NOT_REFUSED);
    assert_true(made.by_provider);
    assert_true(str_starts(made.credit_note, S("AV2026-000001")));
    struct refund_made again = decide(stage, order, 5, 7000, "form");
    assert_int_equal(again.refund_id, made.refund_id);
    assert_true(str_eq(again.credit_note, made.credit_note) && again.by_provider && again.amount.v == 7000);
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(gone_back(), 7000);
    assert_true(str_eq(book.rows[0].payment_ref, S("pi_1")));
    assert_true(part_is(stage, "done"));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'refund'"), 1);
    assert_healthy(stage);
}

STAGED(no_more_goes_back_than_came)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    int64_t order = last_order(stage);
    assert_int_equal(decide(stage, order, 21, 29400, "much").refusal, REFUND_TOO_MUCH);
    assert_int_equal(decide(stage, order, 2, 2801, "above its lines").refusal, REFUND_TOO_MUCH);
    assert_int_equal(decide(stage, order, 15, 21000, "first").refusal, REFUND_NOT_REFUSED);
    assert_int_equal(decide(stage, order, 6, 8400, "too much after that").refusal, REFUND_TOO_MUCH);
    assert_int_equal(decide(stage, order, 5, 7000, "the rest").refusal, REFUND_NOT_REFUSED);
    assert_int_equal(decide(stage, order, 1, 1, "a cent").refusal, REFUND_TOO_MUCH);
    while (send_due(stage) > 0)
        continue;
    assert_int_equal(gone_back(), 28000);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM invoice WHERE kind = 'credit-note'"), 2);
    assert_int_equal(stage_number(stage, "SELECT next FROM number_series WHERE series = 'AV'"),
                     3); /* refusals draw none */
    assert_healthy(stage);
}

STAGED(an_uncertain_answer_is_asked_again_with_its_key)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    decide(stage, last_order(stage), 20, 28000, "all");
    book.lose = ERR_UNCERTAIN;
    assert_int_equal(send_due(stage), 0);
    assert_true(part_is(stage, "waiting"));
    assert_int_equal(book.calls, 1);
    assert_int_equal(send_due(stage), 0); /* not at once */
    assert_int_equal(book.calls, 1);
    book.lose = OK;
    stage->now += 60;
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(book.count, 1);
    assert_int_equal(gone_back(), 28000);
    assert_true(part_is(stage, "done"));
    assert_healthy(stage);
}

STAGED(a_key_that_grew_old_is_not_sent_again)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    decide(stage, last_order(stage), 20, 28000, "all");
    book.lose = ERR_UNCERTAIN;
    send_due(stage);
    int calls = book.calls;
    stage->now += 21 * HOUR;
    book.lose = OK;
    send_due(stage);
    assert_int_equal(book.calls, calls);
    assert_true(part_is(stage, "unclear"));
    /* the provider's own word settles it, although its reference never reached us */
    struct pay_event event = {.kind = PAY_EVENT_REFUND, .event_id = S("evt_r"), .type = S("refund.updated"),
                              .refund_ref = S("re_0"), .payment_ref = S("pi_1"), .refund = PAY_REFUND_DONE,
                              .amount = cents(28000), .currency = S("eur")};
    stage_ok(refund_notified(&stage->service, stage->arena, &event, &fault));
    assert_true(part_is(stage, "done"));
    stage_ok(refund_notified(&stage->service, stage->arena, &event, &fault));
    assert_true(part_is(stage, "done"));
    assert_healthy(stage);
}

STAGED(what_the_provider_refuses_waits_for_a_person)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    int64_t order = last_order(stage);
    decide(stage, order, 20, 28000, "all");
    book.refuse = ERR_REFUSED;
    send_due(stage);
    assert_true(part_is(stage, "failed"));
    struct db *db = stage->test->db;
    struct refund_views views = {0};
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(refund_list(db, stage->arena, order, &views, &fault));
    db_rollback(db);
    assert_int_equal(views.n, 1);
    assert_true(views.p[0].failed && !views.p[0].done);
    assert_healthy(stage);
}

STAGED(pending_at_the_provider_is_settled_by_its_notification)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    decide(stage, last_order(stage), 20, 28000, "all");
    book.outcome = PAY_REFUND_PENDING;
    assert_int_equal(send_due(stage), 1);
    assert_true(part_is(stage, "sent"));
    stage->now += DAY;
    assert_int_equal(send_due(stage), 0);
    struct pay_event event = {.kind = PAY_EVENT_REFUND, .event_id = S("evt_r"), .type = S("refund.updated"),
                              .refund_ref = S("re_0"), .payment_ref = S("pi_1"), .refund = PAY_REFUND_DONE,
                              .amount = cents(28000), .currency = S("eur")};
    stage_ok(refund_notified(&stage->service, stage->arena, &event, &fault));
    assert_true(part_is(stage, "done"));
    event.refund = PAY_REFUND_PENDING; /* late news */
    stage_ok(refund_notified(&stage->service, stage->arena, &event, &fault));
    assert_true(part_is(stage, "done"));
    event.refund_ref = S("re_unknown");
    event.payment_ref = S("pi_unknown");
    stage_ok(refund_notified(&stage->service, stage->arena, &event, &fault));
    assert_healthy(stage);
}

STAGED(late_money_goes_back_without_a_credit_note)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 1, 0, 20, false);
    order_to_pay(stage, buyer);
    memset(&book, 0, sizeof book);
    buyer->fake.port.refund = book_refund;
    pays(buyer, "pi_1");
    buyer->fake.state.amount = cents(100); /* not what was asked for */
    assert_int_equal(notify(stage, "evt_1"), SETTLED_REFUND_DUE);
    struct deciding d = {.service = &stage->service,
                         .request = {.order_id = last_order(stage),
                                     .amount = cents(100),
                                     .reason = S("late"),
                                     .request_key = S("late"),
                                     .payment_id = stage_number(stage, "SELECT max(id) FROM payment")}};
    stage_ok(service_write(&stage->service, stage->arena, decide_command, 0, &d, &fault));
    assert_int_equal(d.made.refusal, REFUND_NOT_REFUSED);
    assert_int_equal(d.made.credit_note.n, 0);
    assert_int_equal(send_due(stage), 1);
    assert_true(str_eq(stage_text(stage, "SELECT state FROM payment"), S("refunded")));
    d.request.request_key = S("again");
    stage_ok(service_write(&stage->service, stage->arena, decide_command, 0, &d, &fault));
    assert_int_equal(d.made.refusal, REFUND_TOO_MUCH);
    assert_int_equal(gone_back(), 100);
}

/* ---- visits ---- */

struct voiding {
    int64_t visit_id;
    instant now;
    bool voided;
};

static enum err void_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct voiding *v = argument;
    return visit_void(db, arena, v->visit_id, S("closure"), v->now, &v->voided, fault);
}

STAGED(a_visit_ends_once_and_its_places_return)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    struct voiding v = {.visit_id = visit_of_order(stage, last_order(stage)), .now = stage->now};
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    stage_ok(service_write(&stage->service, stage->arena, void_command, 0, &v, &fault));
    assert_true(v.voided);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(stage_number(stage,
                                  "SELECT count(*) FROM ticket WHERE state = 'cancelled' AND ended_why = 'closure'"
                                  " AND ended_at IS NOT NULL"),
                     20);
    stage_ok(service_write(&stage->service, stage->arena, void_command, 0, &v, &fault));
    assert_false(v.voided);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_healthy(stage);
}

/* ---- faults ---- */

/* Whatever breaks while a refund is decided and sent, the money moves once and the numbers have no gap. */
static void refund_with_faults(struct stage *stage, enum fail_operation operation, bool done)
{
    struct buyer *buyer = open_shop(stage);
    paid_order(stage, buyer, 0, "pi_1");
    int64_t order = last_order(stage);
    int64_t spoilt = 0;
    int decided = 0;
    for (int64_t nth = 1; nth <= 200; nth++) {
        const char *key = str_format(stage->arena, "form-%lld", (long long)nth).p;
        struct refund_made made = {0};
        stage->test->plan = (struct fail_plan){.operation = operation, .nth = nth, .err = ERR_DB, .done = done};
        bool good = try_decide(stage, order, 1, 100, 100, key, &made) == OK;
        int sent = 0;
        if (good)
            (void)refund_send_due(&stage->service, stage->arena, &sent, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        assert_int_equal(try_decide(stage, order, 1, 100, 100, key, &made), OK);
        assert_int_equal(made.refusal, REFUND_NOT_REFUSED);
        decided++;
        stage->now += HOUR; /* leases end */
        while (send_due(stage) > 0)
            continue;
        assert_int_equal(gone_back(), 100 * decided);
        assert_int_equal(book.count, decided);
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, 2, 1000);
    assert_healthy(stage);
}

STAGED_FAULTY(refunding_survives_any_fault)
{
    refund_with_faults(stage, FAIL_ANY, false);
}

STAGED_FAULTY(refunding_survives_lost_answers)
{
    refund_with_faults(stage, FAIL_COMMIT, true);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(a_refund_is_decided_once_and_moved_once),
        staged_test(no_more_goes_back_than_came),
        staged_test(an_uncertain_answer_is_asked_again_with_its_key),
        staged_test(a_key_that_grew_old_is_not_sent_again),
        staged_test(what_the_provider_refuses_waits_for_a_person),
        staged_test(pending_at_the_provider_is_settled_by_its_notification),
        staged_test(late_money_goes_back_without_a_credit_note),
        staged_test(a_visit_ends_once_and_its_places_return),
        staged_test(refunding_survives_any_fault),
        staged_test(refunding_survives_lost_answers),
    };
    return ENGINES_MAIN(argc, argv, "refunds", tests);
}
