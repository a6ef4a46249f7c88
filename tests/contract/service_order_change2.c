/* Changing a paid visit (OPT-6) when any operation of the database fails, and on two servers at once. */
#include "contract/service_order_change.h"

#include "service/refund_desk.h"

#include <pthread.h>

#include "base/log.h"

/* Where the group stands now: one confirmed visit, all its places and tickets, nothing of another. */
struct standing {
    int64_t visit_id, persons;
    instant start_at;
    struct str ref;
};

static struct standing one_visit(struct stage *stage)
{
    assert_int_equal(count(stage, "visit WHERE state = 'confirmed'"), 1);
    struct standing standing = {
        .visit_id = stage_number(stage, "SELECT id FROM visit WHERE state = 'confirmed'"),
        .persons = stage_number(stage, "SELECT persons FROM visit WHERE state = 'confirmed'"),
        .start_at = stage_number(stage, "SELECT start_at FROM visit WHERE state = 'confirmed'"),
        .ref = stage_text(stage, "SELECT o.ref FROM visit v JOIN orders o ON o.id = v.order_id"
                                 " WHERE v.state = 'confirmed'")};
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), standing.persons);
    return standing;
}

static struct visit_change to_other_slot(struct stage *stage, struct buyer *buyer, const struct standing *from,
                                         int64_t nth)
{
    instant first = buyer->slots;
    return (struct visit_change){
        .order_ref = from->ref, .visit_id = from->visit_id, .persons = (int)from->persons,
        .start_at = from->start_at == first ? first + HOUR : first,
        .request_key = str_format(stage->arena, "form-%lld", (long long)nth)};
}

static void change_with_faults(struct stage *stage, enum fail_operation operation, bool done, bool breaks)
{
    struct buyer *buyer = open_shop(stage);
    bought(stage, buyer, 0, 20, "1");
    int64_t spoilt = 0;
    for (int64_t nth = 1;; nth++) {
        struct standing before = one_visit(stage);
        struct visit_change change = to_other_slot(stage, buyer, &before, nth);
        struct visit_change_result result = {0};
        stage->test->plan = (struct fail_plan){.operation = operation, .nth = nth, .err = ERR_DB, .done = done,
                                               .breaks = breaks};
        (void)order_change(&stage->service, stage->arena, &buyer->caller, &change, &result, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        /* What it had or what it asked for, never both and never neither. */
        struct standing now = one_visit(stage);
        assert_true(now.start_at == before.start_at || now.start_at == change.start_at);
        assert_int_equal(taken(stage, buyer, 1, 0) + taken(stage, buyer, 1, 1), 20);
        stage_ok(order_change(&stage->service, stage->arena, &buyer->caller, &change, &result, &fault));
        assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
        assert_true(one_visit(stage).start_at == change.start_at);
        assert_int_equal(count(stage, "order_change"), nth);
        assert_int_equal(count(stage, "invoice WHERE kind = 'credit-note'"), nth);
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, operation == FAIL_ANY ? 25 : 1, 2000);
    assert_healthy(stage);
}

STAGED_FAULTY(changing_survives_any_fault)
{
    change_with_faults(stage, FAIL_ANY, false, false);
}

STAGED_FAULTY(changing_survives_lost_connections)
{
    change_with_faults(stage, FAIL_ANY, false, true);
}

STAGED_FAULTY(changing_survives_lost_answers)
{
    change_with_faults(stage, FAIL_COMMIT, true, false);
}

/* The difference is paid while the database fails: the notification comes again, as providers send it, until it is
 * taken; the money is booked once, and the group stands in one slot throughout. */
static void pay_with_faults(struct stage *stage, enum fail_operation operation, bool done, bool breaks)
{
    struct buyer *buyer = open_shop(stage);
    bought(stage, buyer, 0, 20, "1");
    int64_t spoilt = 0;
    for (int64_t nth = 1;; nth++) {
        struct standing before = one_visit(stage);
        int slot_index = before.start_at == buyer->slots ? 1 : 0;
        struct visit_change_result more = change_visit(stage, buyer, before.ref, before.visit_id, slot_index, 25,
                                                       4 * 1400);
        assert_int_equal(more.refusal, CHANGE_NOT_REFUSED);
        open_payment(stage, buyer, more.order_ref);
        pays(buyer, str_format(stage->arena, "pi_x%lld", (long long)nth).p);
        struct str event = str_format(stage->arena, "evt_x%lld", (long long)nth);
        enum settlement settlement = SETTLED_NOTHING;
        stage->test->plan = (struct fail_plan){.operation = operation, .nth = nth, .err = ERR_DB, .done = done,
                                               .breaks = breaks};
        (void)payment_notified(&stage->service, stage->arena, S("signed"), event, &settlement, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        struct standing now = one_visit(stage);
        assert_true(now.persons == 25 || now.visit_id == before.visit_id);
        stage_ok(payment_notified(&stage->service, stage->arena, S("signed"), event, &settlement, &fault));
        assert_true(settlement == SETTLED_CONFIRMED || settlement == SETTLED_BEFORE);
        now = one_visit(stage);
        assert_int_equal(now.persons, 25);
        assert_int_equal(count(stage, "payment WHERE state = 'booked'"), nth + 1);
        assert_int_equal(count(stage, "payment WHERE state <> 'booked'"), 0);
        /* Back to what it was, so that the next round has a difference to pay. */
        struct visit_change_result fewer = change_visit(stage, buyer, now.ref, now.visit_id, slot_index, 20, -4 * 1400);
        assert_int_equal(fewer.refusal, CHANGE_NOT_REFUSED);
        assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund_part"), nth * 4 * 1400);
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, operation == FAIL_ANY ? 25 : 1, 2000);
    assert_healthy(stage);
}

STAGED_FAULTY(paying_survives_any_fault)
{
    pay_with_faults(stage, FAIL_ANY, false, false);
}

STAGED_FAULTY(paying_survives_lost_answers)
{
    pay_with_faults(stage, FAIL_COMMIT, true, false);
}

/* The end of an unpaid change, failing anywhere: what did not end now ends with the next look. */
STAGED_FAULTY(ending_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    bought(stage, buyer, 0, 20, "1");
    for (int64_t nth = 1;; nth++) {
        struct standing before = one_visit(stage);
        struct visit_change_result more = change_visit(stage, buyer, before.ref, before.visit_id, 0, 25, 4 * 1400);
        assert_int_equal(more.refusal, CHANGE_NOT_REFUSED);
        open_payment(stage, buyer, more.order_ref);
        enum settlement settlement = SETTLED_NOTHING;
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        (void)payment_abandon(&stage->service, stage->arena, &buyer->caller, more.order_ref, &settlement, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        assert_in_range(taken(stage, buyer, 1, 0), 20, 25);
        stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, more.order_ref, &settlement, &fault));
        assert_int_equal(taken(stage, buyer, 1, 0), 20);
        assert_int_equal(one_visit(stage).visit_id, before.visit_id);
        assert_int_equal(count(stage, "outbox WHERE kind = 'change-ended'"), nth);
        if (!reached)
            break;
    }
    assert_healthy(stage);
}

/* ---- two servers ---- */

struct rival {
    struct service *service;
    const struct caller *caller;
    struct visit_change change;
    struct visit_change_result result;
    enum err err;
    pthread_t thread;
};

static void *compete(void *context)
{
    struct rival *rival = context;
    struct arena *arena = arena_new();
    rival->err = order_change(rival->service, arena, rival->caller, &rival->change, &rival->result, NULL);
    rival->result.order_ref = (struct str){0};
    arena_free(&arena);
    return NULL;
}

enum { ROUNDS = 20 };

/* The same visit is changed on two servers at once, to two slots: one of them wins, the other is told. */
STAGED(two_servers_change_the_same_visit)
{
    struct buyer *buyer = open_shop(stage);
    struct service second = stage_second(stage);
    bought(stage, buyer, 0, 20, "1");
    for (int round = 0; round < ROUNDS; round++) {
        struct standing before = one_visit(stage);
        struct rival rivals[2];
        for (int i = 0; i < 2; i++) {
            instant start = buyer->slots + (1 + i + round % 2 * 2) % 4 * HOUR;
            if (start == before.start_at)
                start = buyer->slots + (start == buyer->slots ? 3 : 0) * HOUR;
            rivals[i] = (struct rival){
                .service = i == 0 ? &stage->service : &second, .caller = &buyer->caller,
                .change = {.order_ref = before.ref, .visit_id = before.visit_id, .persons = 20, .start_at = start,
                           .request_key = str_format(stage->arena, "race-%d-%d", round, i)}};
        }
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&rivals[i].thread, NULL, compete, &rivals[i]), 0);
        int won = 0;
        for (int i = 0; i < 2; i++) {
            pthread_join(rivals[i].thread, NULL);
            assert_int_equal(rivals[i].err, OK);
            won += rivals[i].result.refusal == CHANGE_NOT_REFUSED;
            assert_true(rivals[i].result.refusal == CHANGE_NOT_REFUSED || rivals[i].result.refusal == CHANGE_GONE);
        }
        assert_int_equal(won, 1);
        one_visit(stage);
    }
    writer_stop(&second.writer);
    int64_t all = 0;
    for (int i = 0; i < 4; i++)
        all += taken(stage, buyer, 1, i);
    assert_int_equal(all, 20);
    assert_int_equal(count(stage, "order_change"), ROUNDS);
    assert_healthy(stage);
}

struct teller {
    struct service *service;
    const char *event;
    enum settlement settlement;
    enum err err;
    pthread_t thread;
};

static void *tell(void *context)
{
    struct teller *teller = context;
    struct arena *arena = arena_new();
    teller->err = payment_notified(teller->service, arena, S("signed"), str_of(teller->event), &teller->settlement,
                                   NULL);
    arena_free(&arena);
    return NULL;
}

/* Late money meets another change of the same visit on another server: one of both is made, no money is lost. */
STAGED(late_money_meets_another_change)
{
    struct buyer *buyer = open_shop(stage);
    struct service second = stage_second(stage);
    bought(stage, buyer, 0, 20, "1");
    int made_late = 0, made_other = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct standing before = one_visit(stage);
        int index = (int)((before.start_at - buyer->slots) / HOUR);
        struct visit_change_result more = change_visit(stage, buyer, before.ref, before.visit_id, (index + 1) % 4, 25,
                                                       4 * 1400);
        assert_int_equal(more.refusal, CHANGE_NOT_REFUSED);
        open_payment(stage, buyer, more.order_ref);
        struct pay_state open = buyer->fake.state;
        enum settlement closed = SETTLED_NOTHING;
        stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, more.order_ref, &closed, &fault));
        buyer->fake.state = open;
        pays(buyer, str_format(stage->arena, "pi_r%d", round).p);
        struct teller teller = {.service = &second, .event = str_format(stage->arena, "evt_r%d", round).p};
        struct rival rival = {
            .service = &stage->service, .caller = &buyer->caller,
            .change = {.order_ref = before.ref, .visit_id = before.visit_id, .persons = 20,
                       .start_at = buyer->slots + (index + 2) % 4 * HOUR,
                       .request_key = str_format(stage->arena, "late-%d", round)}};
        assert_int_equal(pthread_create(&teller.thread, NULL, tell, &teller), 0);
        assert_int_equal(pthread_create(&rival.thread, NULL, compete, &rival), 0);
        pthread_join(teller.thread, NULL);
        pthread_join(rival.thread, NULL);
        assert_int_equal(teller.err, OK);
        assert_int_equal(rival.err, OK);
        bool late = teller.settlement == SETTLED_CONFIRMED, other = rival.result.refusal == CHANGE_NOT_REFUSED;
        assert_true(late != other);
        made_late += late;
        made_other += other;
        struct standing now = one_visit(stage);
        assert_int_equal(now.persons, late ? 25 : 20);
        if (late) /* back to 20 for the next round */
            assert_int_equal(change_visit(stage, buyer, now.ref, now.visit_id,
                                          (int)((now.start_at - buyer->slots) / HOUR), 20, -4 * 1400).refusal,
                             CHANGE_NOT_REFUSED);
    }
    writer_stop(&second.writer);
    assert_int_equal(made_late + made_other, ROUNDS);
    assert_int_equal(count(stage, "payment WHERE state = 'booked'"), made_late + 1);
    assert_int_equal(count(stage, "payment WHERE state = 'refund-due'"), made_other);
    assert_healthy(stage);
}

/* A part of the old visit goes back by the desk while the difference is paid: another visit of the same order has money
 * enough, but it is not this one's. */
STAGED(a_part_given_back_meanwhile_stops_the_change)
{
    struct buyer *buyer = open_shop(stage);
    assert_int_equal(hold_on(stage, buyer, 1, 1, 20, false).refusal, REFUSED_NOT);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit = stage_number(stage, str_format(stage->arena, "SELECT id FROM visit WHERE start_at = %lld",
                                                   (long long)buyer->slots).p);
    struct visit_change_result result = change_visit(stage, buyer, ref, visit, 2, 25, 4 * 1400);
    assert_int_equal(result.refusal, CHANGE_NOT_REFUSED);
    open_payment(stage, buyer, result.order_ref);
    stage_script(stage, "INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at) VALUES"
                        " ('s@net.example', 's@net.example', 'Paul', 'Vidal', 'fr', 'customer-service', 0)");
    struct staff_caller desk = {.staff_id = stage_number(stage, "SELECT max(id) FROM staff"),
                                .role = ROLE_CUSTOMER_SERVICE, .lang = LANG_FR};
    struct refund_choice choice = {.quantity = 10, .position = stage_number(stage, str_format(stage->arena,
        "SELECT position FROM order_line WHERE visit_id = %lld AND unit_cents > 0", (long long)visit).p)};
    struct refund_order_request request = {.ref = ref, .choices = &choice, .choice_count = 1, .reason = S("geste"),
                                           .request_key = S("part")};
    struct refund_order_made made = {.refusal = REFUND_DESK_REASON};
    stage_ok(refund_order_pay(&stage->service, stage->arena, &desk, &request, &made, &fault));
    assert_int_equal(made.refusal, REFUND_DESK_NOT_REFUSED);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_REFUND_DUE);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 40);
    assert_int_equal(count(stage, "order_change WHERE state = 'done'"), 0);
    assert_int_equal(stage_number(stage, "SELECT sum(total_cents) FROM invoice WHERE kind = 'credit-note'"), 10 * 1400);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(changing_survives_any_fault),
        staged_test(changing_survives_lost_connections),
        staged_test(changing_survives_lost_answers),
        staged_test(paying_survives_any_fault),
        staged_test(paying_survives_lost_answers),
        staged_test(a_part_given_back_meanwhile_stops_the_change),
        staged_test(ending_survives_any_fault),
        staged_test(two_servers_change_the_same_visit),
        staged_test(late_money_meets_another_change),
    };
    return ENGINES_MAIN(argc, argv, "service_order_change2", tests);
}
