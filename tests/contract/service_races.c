/* Two servers on one database, people and jobs at the same moment, and a process that dies between any two steps: what
 * must still hold afterwards (PLA-4, OPT-4, CRT-3). */
#include "contract/service_purchase.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>

#include "base/log.h"
#include "job/jobs.h"

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

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(late_money_meets_the_end_of_its_hold),
        staged_test(late_money_meets_a_cancellation),
    };
    return ENGINES_MAIN(argc, argv, "service_races", tests);
}
