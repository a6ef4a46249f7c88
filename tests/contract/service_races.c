/* Two servers on one database, people and jobs at the same moment, and a process that dies between any two steps: what
 * must still hold afterwards (PLA-4, OPT-4, CRT-3). */
#include "contract/service_purchase.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include "base/log.h"
#include "job/jobs.h"
#include "service/mailer.h"

/* ---- one server waits for the other's row ---- */

struct paying {
    struct stage *stage;
    struct service *service;
    const char *event;
    enum err err;
    enum settlement settlement;
    _Atomic bool done;
};

static void *pay(void *argument)
{
    struct paying *paying = argument;
    struct arena *arena = arena_new();
    struct fault fault = {.err = OK};
    paying->err = payment_notified(paying->service, arena, S("signed"), str_of(paying->event), &paying->settlement, &fault);
    paying->done = true;
    arena_free(&arena);
    return NULL;
}

static int64_t ask_again(struct stage *stage, const char *sql)
{
    static const enum db_type number = DB_INT;
    const struct db_statement statement = {.name = "test", .sqlite = sql, .postgres = sql, .id = -1, .column_count = 1,
                                           .column_types = &number};
    struct db *db = NULL;
    struct db_value value = {.type = DB_NULL};
    bool found = false;
    stage_ok(db_pool_take(stage->service.reads, &db, &fault));
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(db_run_one(db, &statement, NULL, stage->arena, &value, &found, &fault));
    db_rollback(db);
    db_pool_give(stage->service.reads, db);
    return value.number;
}

/* Until the settlement stands before a locked row. SQLite lets nobody in before the other's commit anyway. */
static void wait_until_it_waits(struct stage *stage, struct paying *paying)
{
    if (!engine_is_postgres(stage->test))
        return;
    while (!paying->done && ask_again(stage, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0)
        sched_yield();
}

/* Late money meets, on another server, the end of the hold that it would book: the places are given back by the one and
 * must be taken again by the other. */
static void late_money_meets(struct stage *stage, const char *ending)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result held = hold_on(stage, buyer, 1, 0, 20, false);
    struct str ref = order_to_pay(stage, buyer);
    struct pay_state state = buyer->fake.state;
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, ref, &settlement, &fault));
    buyer->fake.state = state;
    pays(buyer, "pi_late");

    struct db *db = stage->test->db;
    stage_ok(db_begin(db, DB_WRITE, &fault));
    stage_ok(db->engine->script(db, str_format(stage->arena, ending, (long long)held.visit_id).p, &fault));
    stage_ok(db->engine->script(db, "UPDATE slot SET taken = taken - 20 WHERE monument_id = 1 AND taken = 20", &fault));
    struct paying paying = {.stage = stage, .service = &stage->service, .event = "evt_late"};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, pay, &paying), 0);
    wait_until_it_waits(stage, &paying);
    stage_ok(db_commit(db, &fault));
    pthread_join(thread, NULL);

    assert_int_equal(paying.err, OK);
    assert_int_equal(paying.settlement, SETTLED_CONFIRMED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_healthy(stage);
}

STAGED(late_money_meets_the_end_of_its_hold)
{
    late_money_meets(stage, "UPDATE visit SET state = 'expired', closed_at = 1 WHERE id = %lld");
}

STAGED(late_money_meets_a_cancellation)
{
    late_money_meets(stage, "UPDATE visit SET state = 'cancelled', closed_at = 1, in_cart = 0 WHERE id = %lld");
}

/* ---- two servers want the same cart ---- */

struct ordering {
    struct buyer *buyer;
    struct service *service;
    const struct visit_choice *choice;
    const char *key;
    enum err err;
    struct validation_result result;
};

static void *order_it(void *argument)
{
    struct ordering *ordering = argument;
    struct arena *arena = arena_new();
    struct fault fault = {.err = OK};
    struct validation validation = {.choices = ordering->choice, .choice_count = 1, .terms_version = S("v1"),
                                    .request_key = str_of(ordering->key)};
    ordering->err = order_place(ordering->service, arena, &ordering->buyer->caller, &validation, &ordering->result, &fault);
    arena_free(&arena);
    return NULL;
}

STAGED(one_cart_is_one_order_on_two_servers)
{
    struct buyer *buyer = open_shop(stage);
    struct service second = stage_second(stage);
    for (int round = 0; round < 20; round++) {
        struct place_result held = hold_on(stage, buyer, 2, round % 4, 8, false);
        struct visit_choice choice = {.visit_id = held.visit_id, .leader_id = buyer->guide};
        char keys[2][16];
        struct ordering both[2] = {{.buyer = buyer, .service = &stage->service, .choice = &choice, .key = keys[0]},
                                   {.buyer = buyer, .service = &second, .choice = &choice, .key = keys[1]}};
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) {
            snprintf(keys[i], sizeof keys[i], "form-%d-%d", round, i);
            assert_int_equal(pthread_create(&threads[i], NULL, order_it, &both[i]), 0);
        }
        int placed = 0;
        for (int i = 0; i < 2; i++) {
            pthread_join(threads[i], NULL);
            assert_int_equal(both[i].err, OK);
            placed += both[i].result.refusal == REFUSED_NOT;
        }
        assert_int_equal(placed, 1);
        stage_script(stage, "UPDATE slot SET capacity = capacity + 8");
    }
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders"), 20);
    writer_stop(&second.writer);
    assert_healthy(stage);
}

/* ---- everybody at once, on two servers ---- */

/* A provider that answers from what its reference says; all sessions are paid when asked about. */
static enum err till_create(void *context, struct arena *arena, const struct pay_attempt *attempt,
                            struct pay_redirect *ret_redirect, struct fault *fault)
{
    (void)context;
    (void)fault;
    struct str ref = str_format(arena, "cs_%.*s_%lld", STR_ARG(attempt->reference), (long long)attempt->total.v);
    *ret_redirect = (struct pay_redirect){.url = ref, .provider_ref = ref, .expires_at = attempt->expires_at};
    return OK;
}

static enum err till_query(void *context, struct arena *arena, struct str provider_ref, struct pay_state *ret_state,
                           struct fault *fault)
{
    (void)context;
    (void)fault;
    struct str rest = str_sub(provider_ref, 3, SIZE_MAX);
    struct str reference = str_cut(&rest, '_');
    int64_t amount = 0;
    bool pays = str_int(rest, &amount) && provider_ref.p[provider_ref.n - 4] % 2 == 0; /* about every other one */
    *ret_state = (struct pay_state){.outcome = pays ? PAY_PAID : PAY_EXPIRED, .provider_ref = provider_ref,
                                    .attempt_ref = reference, .payment_ref = str_join2(arena, S("pi_"), provider_ref),
                                    .amount = cents(amount), .currency = S("eur")};
    return OK;
}

static enum err till_expire(void *context, struct arena *arena, struct str provider_ref, struct fault *fault)
{
    (void)context;
    (void)arena;
    (void)provider_ref;
    (void)fault;
    return OK;
}

/* The body of a notification is the session's reference; with «!» it was paid after all, whatever was said before. */
static enum err till_read(void *context, struct arena *arena, struct str signature, struct str body, instant now,
                          struct pay_event *ret_event, struct fault *fault)
{
    (void)now;
    struct pay_state state;
    bool after_all = str_ends(body, S("!"));
    if (after_all)
        body.n--;
    enum err err = till_query(context, arena, body, &state, fault);
    if (after_all)
        state.outcome = PAY_PAID;
    *ret_event = (struct pay_event){.event_id = str_join2(arena, S("evt_"), signature), .type = S("test"),
                                    .kind = PAY_EVENT_ATTEMPT, .provider_ref = body, .attempt_ref = state.attempt_ref,
                                    .payment_ref = state.payment_ref, .outcome = state.outcome, .amount = state.amount,
                                    .currency = state.currency};
    return err;
}

struct crowd {
    struct service service;
    struct caller caller;
    int64_t guide;
    instant slots;
    int number, steps;
    unsigned dice;
    char late[80]; /* a session whose notification is on its way */
    enum err worst;
    struct fault fault;
};

static unsigned throw_of(struct crowd *one, unsigned sides)
{
    one->dice = one->dice * 1103515245u + 12345u;
    return (one->dice >> 16) % sides;
}

static void note(struct crowd *one, enum err err, const struct fault *fault)
{
    if (err == OK || err == ERR_NOT_FOUND || one->worst != OK)
        return;
    one->worst = err;
    one->fault = *fault;
}

static enum err buy(struct crowd *one, struct arena *arena, int step, struct fault *fault)
{
    struct cart cart = {0};
    enum err err = cart_read(&one->service, arena, &one->caller, &cart, fault);
    struct visit_choice *choices = ARENA_ARRAY(arena, cart.n + 1, struct visit_choice);
    for (size_t i = 0; err == OK && i < cart.n; i++) {
        enum refusal refusal = REFUSED_NOT;
        choices[i] = (struct visit_choice){.visit_id = cart.p[i].id, .leader_id = one->guide};
        if (cart.p[i].ended)
            err = place_cancel(&one->service, arena, &one->caller, cart.p[i].id, false, &refusal, fault);
    }
    struct validation validation = {.choices = choices, .choice_count = cart.n, .terms_version = S("v1"),
                                    .request_key = str_format(arena, "buy-%d-%d", one->number, step)};
    struct validation_result result = {0};
    if (err == OK)
        err = order_place(&one->service, arena, &one->caller, &validation, &result, fault);
    struct payment_page page = {0};
    if (err != OK || result.refusal != REFUSED_NOT || !result.to_pay)
        return err;
    err = payment_open(&one->service, arena, &one->caller, result.order_ref, &page, fault);
    enum settlement settlement = SETTLED_NOTHING;
    if (err != OK || page.refusal != REFUSED_NOT)
        return err;
    if (throw_of(one, 3) == 0) {
        err = payment_abandon(&one->service, arena, &one->caller, result.order_ref, &settlement, fault);
        if (err != OK)
            return err;
    }
    if (throw_of(one, 2) == 0) {
        snprintf(one->late, sizeof one->late, "%.*s!", STR_ARG(page.url));
        return OK;
    }
    return payment_notified(&one->service, arena, str_format(arena, "%d-%d", one->number, step), page.url, &settlement, fault);
}

static enum err act(struct crowd *one, struct arena *arena, int step, struct fault *fault)
{
    struct service *service = &one->service;
    struct place_result result = {0};
    enum refusal refusal = REFUSED_NOT;
    int count = 0, ended = 0;
    int64_t visit = 1 + throw_of(one, 30 * (unsigned)(1 + one->number / 6));
    enum settlement settlement = SETTLED_NOTHING;
    struct place_request request = {.monument_id = 1, .start_at = one->slots + throw_of(one, 2) * HOUR,
                                    .persons = 8 + (int)throw_of(one, 4), .audience = AUDIENCE_ADULTS,
                                    .leader = LEADER_ACCOMPANYING, .option = throw_of(one, 2) == 0,
                                    .request_key = str_format(arena, "one-%d-%d", one->number, step)};
    switch (throw_of(one, 10)) {
    case 0: return place_cancel(service, arena, &one->caller, visit, false, &refusal, fault);
    case 1: return place_options_to_cart(service, arena, &one->caller, &visit, 1, &count, fault);
    case 2: return place_again(service, arena, &one->caller, visit, &result, fault);
    case 3: return place_expire(service, arena, &ended, fault);
    case 4: return payment_reconcile(service, arena, &count, &ended, fault);
    case 5:
    case 6: return buy(one, arena, step, fault);
    case 7:
        if (one->late[0] == '\0')
            return OK;
        return payment_notified(service, arena, str_format(arena, "late-%d-%d", one->number, step), str_of(one->late),
                                &settlement, fault);
    default: return place_hold(service, arena, &one->caller, &request, &result, fault);
    }
}

static void *live(void *argument)
{
    struct crowd *one = argument;
    struct arena *arena = arena_new();
    for (int step = 0; step < one->steps; step++) {
        struct fault fault = {.err = OK};
        arena_reset(arena);
        note(one, act(one, arena, step, &fault), &fault);
    }
    arena_free(&arena);
    return NULL;
}

/* Time passes for some: what they hold ends, what they may pay closes. */
static void time_passes(struct stage *stage)
{
    stage_script(stage, str_format(stage->arena,
        "UPDATE visit SET ends_at = %lld, pay_until = CASE WHEN pay_until IS NULL THEN NULL ELSE %lld END"
        " WHERE state IN ('option', 'cart') AND id %% 3 = 0", (long long)stage->now - 1, (long long)stage->now - 1).p);
    stage_script(stage, str_format(stage->arena,
        "UPDATE payment_attempt SET expires_at = %lld WHERE state IN ('created', 'open') AND id %% 3 = 0",
        (long long)stage->now - 1).p);
}

STAGED(nothing_breaks_when_everybody_acts_at_once)
{
    enum { PEOPLE = 6, ROUNDS = 12 };
    struct buyer *buyer = open_shop(stage);
    struct payer till = {.name = "stripe", .create = till_create, .query = till_query, .expire = till_expire,
                         .read_notification = till_read};
    stage->service.payer = &till;
    struct service second = stage_second(stage);
    struct crowd people[PEOPLE] = {0};
    pthread_t threads[PEOPLE];
    for (int round = 0; round < ROUNDS; round++) {
        stage_script(stage, "UPDATE slot SET capacity = taken + 50");
        for (int i = 0; i < PEOPLE; i++) {
            struct crowd before = people[i];
            people[i] = (struct crowd){.service = i % 2 ? second : stage->service, .caller = buyer->caller,
                                       .guide = buyer->guide, .slots = buyer->slots, .number = round * PEOPLE + i,
                                       .steps = 12, .dice = (unsigned)(round * 97 + i * 31 + 5)};
            memcpy(people[i].late, before.late, sizeof before.late);
            assert_int_equal(pthread_create(&threads[i], NULL, live, &people[i]), 0);
        }
        for (int i = 0; i < PEOPLE; i++) {
            pthread_join(threads[i], NULL);
            if (people[i].worst != OK)
                fail_msg("%s: %s", err_name(people[i].worst), people[i].fault.text);
        }
        assert_healthy(stage);
        time_passes(stage);
    }
    writer_stop(&second.writer);
    expire_all(stage);
    assert_healthy(stage);
    assert_true(stage_number(stage, "SELECT count(*) FROM orders WHERE state = 'confirmed'") > 0);
}

/* ---- jobs that wait for others ---- */

struct silence {
    sem_t asked, answer;
};

static enum err say_nothing(void *context, struct arena *arena, struct str provider_ref, struct pay_state *ret_state,
                            struct fault *fault)
{
    struct silence *silence = context;
    (void)arena;
    (void)provider_ref;
    (void)ret_state;
    sem_post(&silence->asked);
    sem_wait(&silence->answer);
    sem_post(&silence->answer); /* from now on it answers at once */
    return fault_set(fault, ERR_IO, "no answer");
}

static enum err refuse_to_close(void *context, struct arena *arena, struct str provider_ref, struct fault *fault)
{
    (void)context;
    (void)arena;
    (void)provider_ref;
    return fault_set(fault, ERR_REFUSED, "not open");
}

static enum err take_mail(void *context, const struct mail_message *message, struct mail_outcome *ret_outcome,
                          struct fault *fault)
{
    (void)context;
    (void)message;
    (void)fault;
    *ret_outcome = (struct mail_outcome){.result = MAIL_SENT};
    return OK;
}

/* OPT-4: within a minute, even while the payment provider does not answer. */
STAGED(options_end_while_the_provider_is_silent)
{
    struct buyer *buyer = open_shop(stage);
    hold_on(stage, buyer, 2, 0, 10, false);
    order_to_pay(stage, buyer);
    struct silence silence;
    sem_init(&silence.asked, 0, 0);
    sem_init(&silence.answer, 0, 0);
    struct payer silent = buyer->fake.port;
    silent.context = &silence;
    silent.query = say_nothing;
    silent.expire = refuse_to_close;
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    stage->service.payer = &silent;
    struct mailer mailer = {.name = "test", .send = take_mail};
    stage->service.mailer = &mailer;
    stage_script(stage, str_format(stage->arena, "UPDATE visit SET ends_at = 0 WHERE id = %lld", (long long)option.visit_id).p);
    stage->now += 32 * 60;
    struct jobs *jobs = NULL;
    stage_ok(jobs_start(&stage->service, &jobs, &fault));
    sem_wait(&silence.asked);
    int64_t begun = clock_monotonic_us(), held = 20;
    while (held != 0 && clock_monotonic_us() - begun < 60 * 1000000LL)
        held = ask_again(stage, "SELECT taken FROM slot WHERE monument_id = 1 ORDER BY start_at LIMIT 1");
    sem_post(&silence.answer);
    jobs_stop(&jobs);
    assert_int_equal(held, 0);
    sem_destroy(&silence.asked);
    sem_destroy(&silence.answer);
}

/* ---- the process dies at any step ---- */

/* The n-th operation of the database fails, in one of four ways; then the same is asked again, as a person or a job
 * would. Nothing may have happened twice and nothing be lost. */
struct ending {
    const char *what;
    enum err err;
    bool done, breaks;
};
static const struct ending endings[] = {
    {"refused", ERR_DB, false, false},
    {"busy", ERR_BUSY, false, false},
    {"connection lost", ERR_IO, false, true},
    {"answer lost", ERR_IO, true, true},
};

static void spoil_nth(struct stage *stage, int n, const struct ending *ending)
{
    struct fail_plan *plan = &stage->test->plan;
    plan->nth = n;
    plan->err = ending->err;
    plan->done = ending->done;
    plan->breaks = ending->breaks;
    plan->seen = 0;
    plan->operation = FAIL_ANY;
}

/* Whether the n-th operation was reached at all. */
static bool unspoil(struct stage *stage, int n)
{
    struct fail_plan *plan = &stage->test->plan;
    plan->operation = FAIL_NOTHING;
    return plan->seen >= n;
}

/* Runs `step` with every operation of it spoilt in every way; `step` is asked a second time after each. */
static void at_every_operation(struct stage *stage, struct buyer *buyer,
                               void (*prepare)(struct stage *stage, struct buyer *buyer),
                               enum err (*step)(struct stage *stage, struct buyer *buyer, struct fault *fault),
                               void (*check)(struct stage *stage, struct buyer *buyer))
{
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
        for (int n = 1;; n++) {
            prepare(stage, buyer);
            spoil_nth(stage, n, &endings[e]);
            enum err err = step(stage, buyer, NULL);
            bool reached = unspoil(stage, n);
            if (err != OK)
                stage_ok(step(stage, buyer, &fault));
            check(stage, buyer);
            assert_healthy(stage);
            if (!reached)
                break;
        }
}

static const struct caller *caller_of(const struct buyer *buyer)
{
    return &buyer->caller;
}

static void new_form(struct stage *stage, struct buyer *buyer)
{
    buyer->keys++;
    stage_script(stage, "UPDATE visit SET state = 'cancelled', in_cart = 0, ends_at = NULL, order_id = NULL, pay_until = NULL"
                        " WHERE state IN ('option', 'cart', 'expired')");
    stage_script(stage, "UPDATE slot SET taken = (SELECT COALESCE(sum(persons), 0) FROM visit v WHERE v.state = 'confirmed'"
                        " AND v.monument_id = slot.monument_id AND v.start_at = slot.start_at)");
    stage_script(stage, "UPDATE orders SET state = 'expired' WHERE state = 'pending'");
    stage_script(stage, "UPDATE payment_attempt SET state = 'expired' WHERE state IN ('created', 'open')");
    stage_script(stage, "UPDATE slot SET capacity = taken + 50");
}

static struct str form_key(struct stage *stage, const struct buyer *buyer)
{
    return str_format(stage->arena, "step-%d", buyer->keys);
}

static enum err split_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    struct place_part parts[3] = {{buyer->slots, 20}, {buyer->slots + HOUR, 20}, {buyer->slots + 2 * HOUR, 20}};
    struct place_request request = {.monument_id = 1, .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                    .option = true, .request_key = form_key(stage, buyer)};
    struct place_result result = {0};
    enum err err = place_split(&stage->service, stage->arena, caller_of(buyer), &request, parts, 3, &result, fault);
    if (err == OK)
        assert_int_equal(result.refusal, REFUSED_NOT);
    return err;
}

static void three_are_held(struct stage *stage, struct buyer *buyer)
{
    assert_int_equal(taken(stage, buyer, 1, 0) + taken(stage, buyer, 1, 1) + taken(stage, buyer, 1, 2), 60);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'option'"), 3);
}

STAGED_FAULTY(splitting_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, new_form, split_step, three_are_held);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-placed'"),
                     stage_number(stage, "SELECT count(DISTINCT split_key) FROM visit"));
}

static void one_in_cart(struct stage *stage, struct buyer *buyer)
{
    new_form(stage, buyer);
    hold_on(stage, buyer, 1, 0, 20, false);
}

static enum err order_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    struct visit_choice choice = {.visit_id = stage_number(stage, "SELECT max(id) FROM visit"), .leader_id = buyer->guide};
    struct validation validation = {.choices = &choice, .choice_count = 1, .terms_version = S("v1"),
                                    .request_key = form_key(stage, buyer)};
    struct validation_result result = {0};
    enum err err = order_place(&stage->service, stage->arena, caller_of(buyer), &validation, &result, fault);
    if (err == OK)
        assert_int_equal(result.refusal, REFUSED_NOT);
    return err;
}

static void one_is_pending(struct stage *stage, struct buyer *buyer)
{
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders WHERE state = 'pending'"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment_attempt WHERE state = 'created'"), 1);
}

STAGED_FAULTY(ordering_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, one_in_cart, order_step, one_is_pending);
}

static struct str last_ref(struct stage *stage)
{
    return stage_text(stage, "SELECT ref FROM orders ORDER BY id DESC LIMIT 1");
}

static void one_ordered(struct stage *stage, struct buyer *buyer)
{
    one_in_cart(stage, buyer);
    stage_ok(order_step(stage, buyer, &fault));
}

static enum err open_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    struct payment_page page = {0};
    enum err err = payment_open(&stage->service, stage->arena, caller_of(buyer), last_ref(stage), &page, fault);
    if (err == OK)
        assert_int_equal(page.refusal, REFUSED_NOT);
    return err;
}

static void one_is_open(struct stage *stage, struct buyer *buyer)
{
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment_attempt WHERE state IN ('created', 'open')"), 1);
}

STAGED_FAULTY(opening_the_page_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, one_ordered, open_step, one_is_open);
}

static void one_opened(struct stage *stage, struct buyer *buyer)
{
    one_ordered(stage, buyer);
    stage_ok(open_step(stage, buyer, &fault));
}

static enum err abandon_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    enum settlement settlement = SETTLED_NOTHING;
    return payment_abandon(&stage->service, stage->arena, caller_of(buyer), last_ref(stage), &settlement, fault);
}

static void one_in_the_cart_again(struct stage *stage, struct buyer *buyer)
{
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE state = 'cart' AND order_id IS NULL"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders WHERE state <> 'expired'"), 0);
}

STAGED_FAULTY(giving_up_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, one_opened, abandon_step, one_in_the_cart_again);
}

static enum err cancel_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    enum refusal refusal = REFUSED_NOT;
    return place_cancel(&stage->service, stage->arena, caller_of(buyer), stage_number(stage, "SELECT max(id) FROM visit"),
                        false, &refusal, fault);
}

static void none_is_held(struct stage *stage, struct buyer *buyer)
{
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
}

STAGED_FAULTY(cancelling_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, one_in_cart, cancel_step, none_is_held);
}

static void one_option_is_due(struct stage *stage, struct buyer *buyer)
{
    new_form(stage, buyer);
    hold_on(stage, buyer, 1, 0, 20, true);
    stage_script(stage, "DELETE FROM outbox");
    stage_script(stage, "UPDATE visit SET ends_at = 1 WHERE state = 'option'");
}

static enum err expire_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    (void)buyer;
    int ended = 0;
    return place_expire(&stage->service, stage->arena, &ended, fault);
}

static void one_has_ended_and_is_told(struct stage *stage, struct buyer *buyer)
{
    none_is_held(stage, buyer);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-ended'"), 1);
}

STAGED_FAULTY(expiring_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, one_option_is_due, expire_step, one_has_ended_and_is_told);
}

static void one_paid_in_silence(struct stage *stage, struct buyer *buyer)
{
    one_opened(stage, buyer);
    stage_script(stage, "UPDATE payment_attempt SET expires_at = 1 WHERE state = 'open'");
    pays(buyer, str_format(stage->arena, "pi_%d", buyer->keys).p);
}

static enum err reconcile_step(struct stage *stage, struct buyer *buyer, struct fault *fault)
{
    (void)buyer;
    int asked = 0, ended = 0;
    enum err err = payment_reconcile(&stage->service, stage->arena, &asked, &ended, fault);
    return err != OK ? err : payment_reconcile(&stage->service, stage->arena, &asked, &ended, fault);
}

static void one_is_confirmed(struct stage *stage, struct buyer *buyer)
{
    (void)buyer;
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders WHERE state = 'pending'"), 0);
    assert_true(str_eq(stage_text(stage, "SELECT state FROM orders ORDER BY id DESC LIMIT 1"), S("confirmed")));
}

STAGED_FAULTY(asking_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    at_every_operation(stage, buyer, one_paid_in_silence, reconcile_step, one_is_confirmed);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM payment WHERE state <> 'booked'"), 0);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(late_money_meets_the_end_of_its_hold),
        staged_test(late_money_meets_a_cancellation),
        staged_test(one_cart_is_one_order_on_two_servers),
        staged_test(nothing_breaks_when_everybody_acts_at_once),
        staged_test(options_end_while_the_provider_is_silent),
        staged_test(splitting_survives_any_fault),
        staged_test(ordering_survives_any_fault),
        staged_test(opening_the_page_survives_any_fault),
        staged_test(giving_up_survives_any_fault),
        staged_test(cancelling_survives_any_fault),
        staged_test(expiring_survives_any_fault),
        staged_test(asking_survives_any_fault),
    };
    return ENGINES_MAIN(argc, argv, "service_races", tests);
}
