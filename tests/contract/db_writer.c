/* The writer: group commit, order, refusals, and what happens when a batch cannot be committed. */
#include "contract/crowd.h"

#include <string.h>

#include "base/limits.h"

static struct writer *start(struct db_source source)
{
    struct fault fault;
    struct writer *writer;
    ASSERT_OK(writer_start_from(source, &writer, &fault), fault);
    return writer;
}

/* Bookings of one place each, with keys of their own. */
static void prepare(struct engine_test *t, struct caller *callers, struct booking *bookings, int count, int64_t slot_id)
{
    for (int i = 0; i < count; i++) {
        bookings[i] = (struct booking){slot_id, 1, str_format(t->arena, "key-%d", i), 0, 0};
        callers[i] = (struct caller){.command = book, .argument = &bookings[i], .order = slot_id};
    }
}

/* ---- the last places ---- */

struct fighter {
    struct writer *writer;
    int number;
    int64_t got, refused, other;
    pthread_t thread;
};

enum { FIGHTERS = 64, ROUNDS = 20, CAPACITY = 700 };

static void *fight(void *context)
{
    struct fighter *fighter = context;
    struct arena *arena = arena_new();
    for (int i = 0; i < ROUNDS; i++) {
        struct booking booking = {1, 1, str_format(arena, "%d/%d", fighter->number, i), 0, 0};
        enum err err = writer_run(fighter->writer, book, 1, arena, &booking, NULL);
        fighter->got += err == OK;
        fighter->refused += err == ERR_REFUSED;
        fighter->other += err != OK && err != ERR_REFUSED;
        arena_reset(arena);
    }
    arena_free(&arena);
    return NULL;
}

static void nobody_is_sold_a_place_twice(void **state)
{
    struct engine_test *t = *state;
    struct fighter fighters[FIGHTERS];
    struct writer *writers[2] = {start(t->source), start(t->source)}; /* two servers */
    int64_t got = 0;
    add_slot(t, 1, CAPACITY);
    for (int i = 0; i < FIGHTERS; i++) {
        fighters[i] = (struct fighter){.writer = writers[i % 2], .number = i};
        assert_int_equal(pthread_create(&fighters[i].thread, NULL, fight, &fighters[i]), 0);
    }
    for (int i = 0; i < FIGHTERS; i++) {
        pthread_join(fighters[i].thread, NULL);
        assert_int_equal(fighters[i].other, 0);
        assert_int_equal(fighters[i].got + fighters[i].refused, ROUNDS);
        got += fighters[i].got;
    }
    assert_int_equal(got, CAPACITY);
    assert_int_equal(balance(t, 1).taken, CAPACITY);
    assert_int_equal(balance(t, 1).holdings, CAPACITY);
    writer_stop(&writers[0]);
    writer_stop(&writers[1]);
}

/* ---- one batch ---- */

static void one_commit_serves_many(void **state)
{
    struct engine_test *t = *state;
    enum { COUNT = 40 };
    struct caller callers[COUNT];
    struct booking bookings[COUNT];
    struct writer *writer = start(t->source);
    add_slot(t, 1, COUNT);
    prepare(t, callers, bookings, COUNT, 1);
    run_as_one_batch(writer, callers, COUNT);
    for (int i = 0; i < COUNT; i++) {
        ASSERT_OK(callers[i].err, callers[i].fault);
        assert_int_equal(bookings[i].taken, i + 1); /* in the order of arrival */
        assert_int_equal(bookings[i].runs, 1);
    }
    struct writer_stats stats = writer_stats(writer);
    assert_int_equal(stats.batches, 2); /* the gate's and theirs */
    assert_int_equal(stats.commands, COUNT + 1);
    assert_int_equal(stats.refused, 1);
    assert_int_equal(stats.retried, 0);
    assert_int_equal(stats.waiting, 0);
    writer_stop(&writer);
    assert_null(writer);
    writer_stop(&writer);
}

static void a_refusal_is_undone_alone(void **state)
{
    struct engine_test *t = *state;
    enum { COUNT = 12 };
    struct caller callers[COUNT];
    struct booking bookings[COUNT];
    struct writer *writer = start(t->source);
    add_slot(t, 1, 10);
    prepare(t, callers, bookings, COUNT, 1);
    bookings[3].persons = 100;         /* more than there are */
    bookings[5].key = bookings[4].key; /* a key twice */
    bookings[7].slot_id = 99;          /* no such slot */
    run_as_one_batch(writer, callers, COUNT);
    for (int i = 0; i < COUNT; i++) {
        enum err expected = i == 3 ? ERR_REFUSED : i == 5 || i == 7 ? ERR_CONFLICT : OK;
        ASSERT_ERR(callers[i].err, expected);
        assert_true((callers[i].fault.text[0] != '\0') == (expected != OK));
    }
    assert_int_equal(balance(t, 1).taken, COUNT - 3);
    assert_int_equal(balance(t, 1).holdings, COUNT - 3);
    writer_stop(&writer);
}

static void refusals_alone(void **state)
{
    struct engine_test *t = *state;
    struct writer *writer = start(t->source);
    struct booking booking = {1, 100, S("too many"), 0, 0};
    struct fault fault;
    add_slot(t, 1, 10);
    ASSERT_ERR(writer_run(writer, book, 1, t->arena, &booking, &fault), ERR_REFUSED);
    assert_string_equal(fault.text, "sold out");
    assert_int_equal(balance(t, 1).holdings, 0);
    booking.persons = 10;
    ASSERT_OK(writer_run(writer, book, 1, t->arena, &booking, &fault), fault);
    assert_int_equal(balance(t, 1).holdings, 1);
    writer_stop(&writer);
}

struct note {
    int64_t order;
    int *next;
    int at;
};

static enum err take_number(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct note *note = argument;
    (void)db;
    (void)arena;
    note->at = (*note->next)++;
    return fault_set(fault, ERR_REFUSED, "only looking");
}

static void a_batch_runs_in_order(void **state)
{
    struct engine_test *t = *state;
    static const int64_t orders[] = {5, 3, 9, 3, INT64_MIN, 5, INT64_MAX, 3};
    static const int expected[] = {4, 1, 6, 2, 0, 5, 7, 3};
    enum { COUNT = sizeof orders / sizeof *orders };
    struct caller callers[COUNT];
    struct note notes[COUNT];
    struct writer *writer = start(t->source);
    int next = 0;
    for (int i = 0; i < COUNT; i++) {
        notes[i] = (struct note){orders[i], &next, -1};
        callers[i] = (struct caller){.command = take_number, .argument = &notes[i], .order = orders[i]};
    }
    run_as_one_batch(writer, callers, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(notes[i].at, expected[i]);
    writer_stop(&writer);
}

/* A command that hides that its statement failed must not take the batch with it. */
static enum err hide_failure(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)argument;
    (void)arena;
    (void)q_holding_add(db, (struct holding_add_in){99, 1, S("no such slot")}, NULL, fault);
    return OK;
}

static void a_hidden_failure_is_a_bug_of_its_own(void **state)
{
    struct engine_test *t = *state;
    struct caller callers[3];
    struct booking bookings[3];
    struct writer *writer = start(t->source);
    struct fault fault;
    add_slot(t, 1, 10);
    prepare(t, callers, bookings, 3, 1);
    callers[1].command = hide_failure;
    run_as_one_batch(writer, callers, 3);
    ASSERT_ERR(callers[0].err, OK);
    ASSERT_ERR(callers[1].err, ERR_BUG);
    ASSERT_ERR(callers[2].err, OK);
    ASSERT_ERR(writer_run(writer, hide_failure, 1, t->arena, NULL, &fault), ERR_BUG);
    assert_int_equal(balance(t, 1).taken, 2);
    writer_stop(&writer);
}

/* ---- the queue ---- */

static void a_full_queue_says_come_back(void **state)
{
    struct engine_test *t = *state;
    struct caller *callers = test_calloc(LIMIT_WRITE_QUEUE, sizeof *callers);
    struct note *notes = test_calloc(LIMIT_WRITE_QUEUE, sizeof *notes);
    struct writer *writer = start(t->source);
    struct gate gate;
    struct note late = {.order = 0};
    int next = 0;
    pthread_attr_t small;
    close_gate(&gate, writer);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 256 * 1024);
    for (int i = 0; i < LIMIT_WRITE_QUEUE; i++) {
        notes[i] = (struct note){.next = &next};
        callers[i] = (struct caller){.writer = writer, .command = take_number, .argument = &notes[i]};
        assert_int_equal(pthread_create(&callers[i].thread, &small, caller_main, &callers[i]), 0);
    }
    wait_for_queue(writer, LIMIT_WRITE_QUEUE);
    ASSERT_ERR(writer_run(writer, take_number, 0, t->arena, &late, NULL), ERR_BUSY);
    open_gate(&gate);
    for (int i = 0; i < LIMIT_WRITE_QUEUE; i++) {
        pthread_join(callers[i].thread, NULL);
        ASSERT_ERR(callers[i].err, ERR_REFUSED);
    }
    assert_int_equal(next, LIMIT_WRITE_QUEUE);
    assert_int_equal(writer_stats(writer).batches, 1 + LIMIT_WRITE_QUEUE / LIMIT_WRITE_BATCH);
    pthread_attr_destroy(&small);
    writer_stop(&writer);
    test_free(notes);
    test_free(callers);
}

static void *stop_main(void *context)
{
    struct writer *writer = context;
    writer_stop(&writer);
    return NULL;
}

static void stopping_finishes_what_is_queued(void **state)
{
    struct engine_test *t = *state;
    enum { COUNT = 5 };
    struct caller callers[COUNT];
    struct booking bookings[COUNT];
    struct writer *writer = start(t->source);
    struct gate gate;
    pthread_t stopper;
    add_slot(t, 1, COUNT);
    prepare(t, callers, bookings, COUNT, 1);
    close_gate(&gate, writer);
    for (int i = 0; i < COUNT; i++) {
        callers[i].writer = writer;
        start_caller(&callers[i]);
    }
    wait_for_queue(writer, COUNT);
    assert_int_equal(pthread_create(&stopper, NULL, stop_main, writer), 0);
    open_gate(&gate);
    for (int i = 0; i < COUNT; i++) {
        pthread_join(callers[i].thread, NULL);
        ASSERT_OK(callers[i].err, callers[i].fault);
    }
    pthread_join(stopper, NULL);
    assert_int_equal(balance(t, 1).taken, COUNT);
}

/* ---- real deadlocks and lost connections, PostgreSQL alone ---- */

struct crossing {
    pthread_barrier_t *both;
    int64_t first, second;
    int runs;
};

static enum err cross(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct crossing *crossing = argument;
    struct slot_take_row row;
    enum err err = q_slot_take(db, arena, (struct slot_take_in){crossing->first, 1}, &row, NULL, fault);
    if (err == OK && crossing->runs++ == 0)
        pthread_barrier_wait(crossing->both); /* now each holds what the other wants */
    if (err == OK)
        err = q_slot_take(db, arena, (struct slot_take_in){crossing->second, 1}, &row, NULL, fault);
    return err;
}

static void a_deadlock_runs_again(void **state)
{
    struct engine_test *t = *state;
    struct writer *writers[2];
    struct crossing crossings[2];
    struct caller callers[2];
    pthread_barrier_t both;
    struct fault fault;
    if (!engine_is_postgres(t))
        skip();
    add_slot(t, 1, 10);
    add_slot(t, 2, 10);
    pthread_barrier_init(&both, NULL, 2);
    for (int i = 0; i < 2; i++) {
        writers[i] = start(t->source);
        crossings[i] = (struct crossing){&both, 1 + i, 2 - i, 0};
        callers[i] = (struct caller){.writer = writers[i], .command = cross, .argument = &crossings[i]};
        start_caller(&callers[i]);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(callers[i].thread, NULL);
        ASSERT_OK(callers[i].err, callers[i].fault);
    }
    /* One at least gave way; the server may also have ended both, or the one may have been too quick again. */
    assert_in_range(writer_stats(writers[0]).retried + writer_stats(writers[1]).retried, 1, 8);
    for (int64_t id = 1; id <= 2; id++) {
        struct slot_balance_row row;
        ASSERT_OK(q_slot_balance(t->db, t->arena, (struct slot_balance_in){id}, &row, NULL, &fault), fault);
        assert_int_equal(row.taken, 2);
    }
    for (int i = 0; i < 2; i++)
        writer_stop(&writers[i]);
    pthread_barrier_destroy(&both);
}

/* Ends its own connection in its first run, after it has changed something. */
static enum err lose_connection(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    static const enum db_type types[] = {DB_INT};
    const struct db_statement end = {
        .name = "end_self",
        .postgres = "SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END",
        .id = -1,
        .column_count = 1,
        .column_types = types,
    };
    struct booking *booking = argument;
    struct db_value value;
    bool found;
    enum err err = book(db, arena, argument, fault);
    if (err == OK && booking->runs == 1)
        err = db_run_one(db, &end, NULL, arena, &value, &found, fault);
    return err;
}

static void a_lost_connection_runs_again(void **state)
{
    struct engine_test *t = *state;
    struct caller callers[3];
    struct booking bookings[3];
    if (!engine_is_postgres(t))
        skip();
    struct writer *writer = start(t->source);
    add_slot(t, 1, 10);
    prepare(t, callers, bookings, 3, 1);
    callers[1].command = lose_connection;
    run_as_one_batch(writer, callers, 3);
    for (int i = 0; i < 3; i++)
        ASSERT_OK(callers[i].err, callers[i].fault);
    assert_int_equal(bookings[0].runs, 2);
    assert_int_equal(balance(t, 1).taken, 3);
    assert_int_equal(balance(t, 1).holdings, 3);
    writer_stop(&writer);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_sold_a_place_twice),
        cmocka_unit_test(one_commit_serves_many),
        cmocka_unit_test(a_refusal_is_undone_alone),
        cmocka_unit_test(refusals_alone),
        cmocka_unit_test(a_batch_runs_in_order),
        cmocka_unit_test(a_hidden_failure_is_a_bug_of_its_own),
        cmocka_unit_test(a_full_queue_says_come_back),
        cmocka_unit_test(stopping_finishes_what_is_queued),
        cmocka_unit_test(a_deadlock_runs_again),
        cmocka_unit_test(a_lost_connection_runs_again),
    };
    return ENGINES_MAIN(argc, argv, "writer", tests);
}
