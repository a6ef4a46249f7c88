/* Faults on purpose, one operation at a time: whatever fails, what a caller was told is what the database holds. */
#include "contract/crowd.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 4 };

static struct writer *start_faulty(struct engine_test *t)
{
    struct fault fault;
    struct writer *writer;
    ASSERT_OK(writer_start_from(t->faulty, &writer, &fault), fault);
    return writer;
}

static void prepare(struct engine_test *t, struct caller *callers, struct booking *bookings, const char *name)
{
    for (int i = 0; i < BATCH; i++) {
        bookings[i] = (struct booking){1, 1, str_format(t->arena, "%s-%d", name, i), 0, 0};
        callers[i] = (struct caller){.command = book, .argument = &bookings[i], .order = 1};
    }
}

/* Runs a batch of bookings under the plan, which begins to count behind the gate. */
static void run_under(struct engine_test *t, struct writer *writer, struct fail_plan plan, struct caller *callers)
{
    struct gate gate;
    close_gate(&gate, writer);
    for (int i = 0; i < BATCH; i++) {
        callers[i].writer = writer;
        start_caller(&callers[i]);
        wait_for_queue(writer, i + 1);
    }
    t->plan = plan; /* the writer's thread stands in the gate; opening it makes this visible to it */
    open_gate(&gate);
    for (int i = 0; i < BATCH; i++)
        pthread_join(callers[i].thread, NULL);
}

static void assert_all(const struct caller *callers, enum err expected)
{
    for (int i = 0; i < BATCH; i++)
        ASSERT_ERR(callers[i].err, expected);
}

/* Whatever happened before, the writer works. */
static void assert_works(struct engine_test *t, struct writer *writer)
{
    struct booking booking = {1, 1, S("afterwards"), 0, 0};
    struct fault fault;
    int64_t before = balance(t, 1).taken;
    t->plan = (struct fail_plan){.operation = FAIL_NOTHING};
    ASSERT_OK(writer_run(writer, book, 1, t->arena, &booking, &fault), fault);
    assert_int_equal(balance(t, 1).taken, before + 1);
}

static void a_failed_commit_is_told_to_all(void **state)
{
    struct engine_test *t = *state;
    struct caller callers[BATCH];
    struct booking bookings[BATCH];
    struct writer *writer = start_faulty(t);
    add_slot(t, 1, 10);
    prepare(t, callers, bookings, "a");
    bookings[2].persons = 100; /* its refusal counted places that are not taken after all */
    run_under(t, writer, (struct fail_plan){.operation = FAIL_COMMIT, .nth = 1, .err = ERR_IO}, callers);
    assert_all(callers, ERR_IO);
    assert_int_equal(balance(t, 1).taken, 0);
    assert_works(t, writer);
    writer_stop(&writer);
}

static void an_uncertain_commit_is_told_to_all(void **state)
{
    struct engine_test *t = *state;
    struct caller callers[BATCH];
    struct booking bookings[BATCH];
    struct writer *writer = start_faulty(t);
    add_slot(t, 1, 20);
    for (int done = 0; done <= 1; done++) {
        prepare(t, callers, bookings, done ? "done" : "not done");
        int64_t before = balance(t, 1).taken;
        run_under(t, writer,
                  (struct fail_plan){
                      .operation = FAIL_COMMIT, .nth = 1, .err = ERR_UNCERTAIN, .done = done == 1, .breaks = true},
                  callers);
        assert_all(callers, ERR_UNCERTAIN);
        for (int i = 0; i < BATCH; i++)
            assert_int_equal(bookings[i].runs, 1); /* never again by itself */
        assert_int_equal(balance(t, 1).taken - before, done ? BATCH : 0);
    }
    assert_works(t, writer);
    writer_stop(&writer);
}

static void busy_runs_again(void **state)
{
    struct engine_test *t = *state;
    static const enum fail_operation operations[] = {FAIL_BEGIN, FAIL_COMMIT, FAIL_START, FAIL_NEXT};
    struct writer *writer = start_faulty(t);
    int64_t taken = 0;
    add_slot(t, 1, 100);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        struct caller callers[BATCH];
        struct booking bookings[BATCH];
        char name[20];
        snprintf(name, sizeof name, "busy-%zu", i);
        prepare(t, callers, bookings, name);
        int64_t before = writer_stats(writer).retried;
        run_under(t, writer, (struct fail_plan){.operation = operations[i], .nth = 1, .err = ERR_BUSY}, callers);
        assert_all(callers, OK);
        assert_int_equal(writer_stats(writer).retried, before + 1);
        assert_int_equal(balance(t, 1).taken, taken += BATCH);
    }
    writer_stop(&writer);
}

static void a_lost_connection_runs_again(void **state)
{
    struct engine_test *t = *state;
    static const enum fail_operation operations[] = {FAIL_BEGIN,   FAIL_START, FAIL_NEXT, FAIL_SAVEPOINT,
                                                     FAIL_RELEASE, FAIL_UNDO};
    struct writer *writer = start_faulty(t);
    int64_t taken = 0;
    add_slot(t, 1, 100);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        struct caller callers[BATCH];
        struct booking bookings[BATCH];
        char name[20];
        snprintf(name, sizeof name, "lost-%zu", i);
        prepare(t, callers, bookings, name);
        bookings[1].persons = 1000; /* so that there is an undo */
        run_under(t, writer, (struct fail_plan){.operation = operations[i], .nth = 1, .err = ERR_IO, .breaks = true},
                  callers);
        for (int k = 0; k < BATCH; k++)
            ASSERT_ERR(callers[k].err, k == 1 ? ERR_REFUSED : OK);
        bool before_command = operations[i] == FAIL_BEGIN || operations[i] == FAIL_SAVEPOINT;
        assert_int_equal(bookings[0].runs, before_command ? 1 : 2);
        assert_int_equal(balance(t, 1).taken, taken += BATCH - 1);
    }
    writer_stop(&writer);
}

/* One command that can never succeed must not take the others with it. */
static enum err always_busy(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)book(db, arena, argument, fault);
    return fault_set(fault, ERR_BUSY, "never");
}

static void what_is_always_busy_fails_alone(void **state)
{
    struct engine_test *t = *state;
    struct caller callers[BATCH];
    struct booking bookings[BATCH];
    struct writer *writer = start_faulty(t);
    add_slot(t, 1, 10);
    prepare(t, callers, bookings, "x");
    callers[1].command = always_busy;
    run_under(t, writer, (struct fail_plan){.operation = FAIL_NOTHING}, callers);
    for (int i = 0; i < BATCH; i++)
        ASSERT_ERR(callers[i].err, i == 1 ? ERR_BUSY : OK);
    assert_in_range(bookings[1].runs, 2, 20); /* bounded */
    assert_int_equal(balance(t, 1).taken, BATCH - 1);
    writer_stop(&writer);
}

static void a_database_that_is_away_comes_back(void **state)
{
    struct engine_test *t = *state;
    struct caller callers[BATCH];
    struct booking bookings[BATCH];
    struct writer *writer = start_faulty(t);
    struct fault fault;
    struct booking booking = {1, 1, S("away"), 0, 0};
    add_slot(t, 1, 10);
    prepare(t, callers, bookings, "x");
    const struct fail_plan away = {.operation = FAIL_ANY, .nth = 1, .times = 1000000, .err = ERR_IO, .breaks = true};
    run_under(t, writer, away, callers);
    assert_all(callers, ERR_IO);
    ASSERT_ERR(writer_run(writer, book, 1, t->arena, &booking, &fault), ERR_IO);
    assert_int_equal(balance(t, 1).taken, 0);
    assert_works(t, writer);
    writer_stop(&writer);
}

/* Every single operation of a batch fails once, in every way: what a caller was told must be so. */
static bool sweep_at(struct engine_test *t, struct writer *writer, struct fail_plan plan)
{
    struct caller callers[BATCH];
    struct booking bookings[BATCH];
    char name[60];
    int64_t told = 0, unknown = 0, before = balance(t, 1).taken;
    snprintf(name, sizeof name, "%d-%d-%d-%d", (int)plan.nth, (int)plan.err, plan.done, plan.breaks);
    prepare(t, callers, bookings, name);
    bookings[1].persons = 1000000;
    run_under(t, writer, plan, callers);
    bool reached = t->plan.seen >= plan.nth;
    t->plan = (struct fail_plan){.operation = FAIL_NOTHING};
    for (int i = 0; i < BATCH; i++) {
        told += callers[i].err == OK;
        unknown += callers[i].err == ERR_UNCERTAIN;
    }
    int64_t taken = balance(t, 1).taken - before;
    if (unknown == 0)
        assert_int_equal(taken, told);
    else
        assert_true(told == 0 && (taken == 0 || taken == BATCH - 1));
    return reached;
}

static void every_operation_fails_once(void **state)
{
    struct engine_test *t = *state;
    static const struct fail_plan plans[] = {
        {.operation = FAIL_ANY, .err = ERR_BUSY},
        {.operation = FAIL_ANY, .err = ERR_DB},
        {.operation = FAIL_ANY, .err = ERR_CONFLICT},
        {.operation = FAIL_ANY, .err = ERR_IO, .breaks = true},
        {.operation = FAIL_COMMIT, .err = ERR_UNCERTAIN, .breaks = true},
        {.operation = FAIL_COMMIT, .err = ERR_UNCERTAIN, .breaks = true, .done = true},
    };
    struct writer *writer = start_faulty(t);
    add_slot(t, 1, 10000);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        struct fail_plan plan = plans[i];
        for (plan.nth = 1; sweep_at(t, writer, plan); plan.nth++)
            assert_in_range(plan.nth, 1, 200);
        assert_true(plan.nth > (plan.operation == FAIL_ANY ? 10 : 1));
    }
    assert_works(t, writer);
    writer_stop(&writer);
}

/* The same without the writer: a transaction on a connection of one's own. */
static enum err book_directly(struct db *db, struct arena *arena, struct booking *booking)
{
    enum err err = db_begin(db, DB_WRITE, NULL);
    if (err != OK)
        return err;
    err = book(db, arena, booking, NULL);
    if (err == OK)
        return db_commit(db, NULL);
    db_rollback(db);
    return err;
}

static void a_transaction_is_whole_or_nothing(void **state)
{
    struct engine_test *t = *state;
    bool reached = true;
    add_slot(t, 1, 1000);
    for (int64_t nth = 1; reached; nth++) {
        struct fault fault;
        struct db *db;
        ASSERT_OK(t->faulty.open(t->faulty.context, &db, &fault), fault);
        struct booking booking = {1, 1, str_format(t->arena, "%d", (int)nth), 0, 0};
        int64_t before = balance(t, 1).taken;
        t->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_IO};
        enum err err = book_directly(db, t->arena, &booking);
        reached = t->plan.seen >= nth;
        t->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        ASSERT_ERR(err, reached ? ERR_IO : OK);
        assert_int_equal(balance(t, 1).taken - before, err == OK);
        db_close(&db);
        assert_in_range(nth, 1, 50);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_commit_is_told_to_all),
        cmocka_unit_test(an_uncertain_commit_is_told_to_all),
        cmocka_unit_test(busy_runs_again),
        cmocka_unit_test(a_lost_connection_runs_again),
        cmocka_unit_test(what_is_always_busy_fails_alone),
        cmocka_unit_test(a_database_that_is_away_comes_back),
        cmocka_unit_test(every_operation_fails_once),
        cmocka_unit_test(a_transaction_is_whole_or_nothing),
    };
    return ENGINES_MAIN(argc, argv, "faults", tests);
}
