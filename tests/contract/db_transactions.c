/* Transactions, savepoints, reading without changing, and the pool, the same on every engine. */
#include "contract/engines.h"

#include <pthread.h>
#include <string.h>

#include "contract/fixture.h"

static void put(struct db *db, int64_t id, const char *words)
{
    struct fault fault;
    ASSERT_OK(q_thing_keyed(db, (struct thing_keyed_in){id, str_of(words)}, NULL, &fault), fault);
}

static int64_t count(struct engine_test *t, struct db *db)
{
    struct fault fault;
    struct thing_sums_row row;
    ASSERT_OK(q_thing_sums(db, t->arena, &row, NULL, &fault), fault);
    return row.count;
}

static void begin(struct db *db, enum db_mode mode)
{
    struct fault fault;
    ASSERT_OK(db_begin(db, mode, &fault), fault);
}

static void commit(struct db *db)
{
    struct fault fault;
    ASSERT_OK(db_commit(db, &fault), fault);
}

static struct db *another(struct engine_test *t)
{
    struct fault fault;
    struct db *db;
    ASSERT_OK(t->source.open(t->source.context, &db, &fault), fault);
    return db;
}

static void committed_is_seen_rolled_back_is_not(void **state)
{
    struct engine_test *t = *state;
    struct db *other = another(t);
    begin(t->db, DB_WRITE);
    put(t->db, 1, "kept");
    assert_int_equal(count(t, other), 0);
    commit(t->db);
    assert_int_equal(count(t, other), 1);
    begin(t->db, DB_WRITE);
    put(t->db, 2, "gone");
    db_rollback(t->db);
    assert_int_equal(count(t, other), 1);
    begin(t->db, DB_WRITE);
    put(t->db, 3, "gone with its connection");
    db_close(&t->db);
    assert_int_equal(count(t, other), 1);
    db_close(&other);
}

static void reading_cannot_change(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    begin(t->db, DB_READ);
    ASSERT_ERR(q_thing_keyed(t->db, (struct thing_keyed_in){1, S("x")}, NULL, &fault), ERR_BUG);
    db_rollback(t->db);
    ASSERT_ERR(q_thing_keyed(t->db, (struct thing_keyed_in){1, S("x")}, NULL, &fault), ERR_BUG); /* in no transaction */
    assert_int_equal(count(t, t->db), 0);
    begin(t->db, DB_WRITE);
    put(t->db, 1, "x");
    commit(t->db);
}

static void reading_sees_one_state(void **state)
{
    struct engine_test *t = *state;
    struct db *reader = another(t);
    begin(reader, DB_READ);
    assert_int_equal(count(t, reader), 0);
    begin(t->db, DB_WRITE);
    put(t->db, 1, "later");
    commit(t->db);
    assert_int_equal(count(t, reader), 0);
    commit(reader);
    assert_int_equal(count(t, reader), 1);
    db_close(&reader);
}

static void undo_goes_back_to_the_savepoint(void **state)
{
    struct engine_test *t = *state;
    const struct db_engine *engine = t->db->engine;
    struct fault fault;
    begin(t->db, DB_WRITE);
    put(t->db, 1, "before");
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    put(t->db, 2, "undone");
    ASSERT_OK(engine->undo(t->db, &fault), fault);
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    put(t->db, 3, "released");
    ASSERT_OK(engine->release(t->db, &fault), fault);
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    ASSERT_OK(engine->undo(t->db, &fault), fault); /* of nothing */
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    ASSERT_OK(engine->release(t->db, &fault), fault);
    commit(t->db);
    struct thing_all_list list;
    ASSERT_OK(q_thing_all(t->db, t->arena, &list, &fault), fault);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.p[0].id, 1);
    assert_int_equal(list.p[1].id, 3);
}

static void savepoints_nest(void **state)
{
    struct engine_test *t = *state;
    const struct db_engine *engine = t->db->engine;
    struct fault fault;
    begin(t->db, DB_WRITE);
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    put(t->db, 1, "outer");
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    put(t->db, 2, "inner");
    ASSERT_OK(engine->undo(t->db, &fault), fault);
    assert_int_equal(count(t, t->db), 1);
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    put(t->db, 3, "inner");
    ASSERT_OK(engine->release(t->db, &fault), fault);
    ASSERT_OK(engine->undo(t->db, &fault), fault);
    assert_int_equal(count(t, t->db), 0);
    commit(t->db);
}

static void many_savepoints_without_work(void **state)
{
    struct engine_test *t = *state;
    const struct db_engine *engine = t->db->engine;
    struct fault fault;
    begin(t->db, DB_WRITE);
    for (int i = 0; i < 30; i++)
        ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    put(t->db, 1, "deep");
    for (int i = 0; i < 30; i++)
        ASSERT_OK(engine->release(t->db, &fault), fault);
    commit(t->db);
    assert_int_equal(count(t, t->db), 1);
}

static void after_a_failure_only_undo_is_left(void **state)
{
    struct engine_test *t = *state;
    const struct db_engine *engine = t->db->engine;
    struct fault fault;
    begin(t->db, DB_WRITE);
    put(t->db, 1, "kept");
    ASSERT_OK(engine->savepoint(t->db, &fault), fault);
    ASSERT_ERR(q_holding_add(t->db, (struct holding_add_in){1, 1, S("no slot")}, NULL, &fault), ERR_CONFLICT);
    struct thing_all_list list;
    ASSERT_ERR(q_thing_all(t->db, t->arena, &list, &fault), ERR_BUG);
    ASSERT_ERR(engine->savepoint(t->db, &fault), ERR_BUG);
    ASSERT_ERR(engine->release(t->db, &fault), ERR_BUG);
    ASSERT_OK(engine->undo(t->db, &fault), fault);
    put(t->db, 2, "kept");
    commit(t->db);
    assert_int_equal(count(t, t->db), 2);
}

static void a_failed_transaction_is_not_committed(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    begin(t->db, DB_WRITE);
    put(t->db, 1, "lost");
    ASSERT_ERR(q_holding_add(t->db, (struct holding_add_in){1, 1, S("no slot")}, NULL, &fault), ERR_CONFLICT);
    ASSERT_ERR(db_commit(t->db, &fault), ERR_BUG);
    assert_int_equal(count(t, t->db), 0);
    begin(t->db, DB_WRITE);
    put(t->db, 1, "kept");
    commit(t->db);
    assert_int_equal(count(t, t->db), 1);
}

static void misuse_is_a_bug(void **state)
{
    struct engine_test *t = *state;
    const struct db_engine *engine = t->db->engine;
    struct fault fault;
    ASSERT_ERR(engine->savepoint(t->db, &fault), ERR_BUG);
    ASSERT_ERR(db_commit(t->db, &fault), ERR_BUG);
    db_rollback(t->db); /* of nothing: allowed */
    begin(t->db, DB_WRITE);
    ASSERT_ERR(db_begin(t->db, DB_READ, &fault), ERR_BUG);
    put(t->db, 1, "kept");
    commit(t->db);
    assert_false(t->db->broken);
}

static void an_empty_transaction_commits(void **state)
{
    struct engine_test *t = *state;
    begin(t->db, DB_WRITE);
    commit(t->db);
    begin(t->db, DB_READ);
    commit(t->db);
    begin(t->db, DB_WRITE);
    put(t->db, 1, "kept");
    commit(t->db);
}

static void an_address_that_leads_nowhere(void **state)
{
    struct engine_test *t = *state;
    struct db *db = NULL;
    struct fault fault = {.err = OK};
    const char *where = engine_is_postgres(t) ? "postgresql:///x?host=/nonexistent&user=x" : "/nonexistent/folder/x.db";
    ASSERT_ERR(db_open(where, &db, &fault), ERR_IO);
    assert_null(db);
    assert_true(fault.text[0] != '\0');
}

/* ---- the pool ---- */

struct borrower {
    struct db_pool *pool;
    int64_t sum;
};

static void *borrow(void *context)
{
    struct borrower *borrower = context;
    struct arena *arena = arena_new();
    for (int i = 0; i < 50; i++) {
        struct db *db;
        struct thing_sums_row row;
        if (db_pool_take(borrower->pool, &db, NULL) != OK)
            continue;
        if (db_begin(db, DB_READ, NULL) == OK && q_thing_sums(db, arena, &row, NULL, NULL) == OK)
            borrower->sum += row.count;
        db_pool_give(borrower->pool, db);
        arena_reset(arena);
    }
    arena_free(&arena);
    return NULL;
}

static void a_pool_is_shared(void **state)
{
    struct engine_test *t = *state;
    enum { THREADS = 8 };
    struct db_pool *pool;
    struct fault fault;
    struct borrower borrowers[THREADS];
    pthread_t threads[THREADS];
    begin(t->db, DB_WRITE);
    put(t->db, 1, "x");
    commit(t->db);
    ASSERT_OK(db_pool_open_from(t->source, 3, &pool, &fault), fault);
    for (int i = 0; i < THREADS; i++) {
        borrowers[i] = (struct borrower){.pool = pool};
        assert_int_equal(pthread_create(&threads[i], NULL, borrow, &borrowers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(borrowers[i].sum, 50);
    }
    db_pool_close(&pool);
    assert_null(pool);
    db_pool_close(&pool);
}

static void a_broken_connection_is_replaced(void **state)
{
    struct engine_test *t = *state;
    struct db_pool *pool;
    struct db *db;
    struct fault fault;
    ASSERT_OK(db_pool_open_from(t->faulty, 1, &pool, &fault), fault);
    t->plan = (struct fail_plan){.operation = FAIL_START, .nth = 1, .err = ERR_IO, .breaks = true};
    ASSERT_OK(db_pool_take(pool, &db, &fault), fault);
    struct thing_sums_row row;
    ASSERT_ERR(q_thing_sums(db, t->arena, &row, NULL, &fault), ERR_IO);
    ASSERT_ERR(q_thing_sums(db, t->arena, &row, NULL, &fault), ERR_IO);
    assert_true(db->broken);
    db_pool_give(pool, db);
    t->plan = (struct fail_plan){.operation = FAIL_OPEN, .nth = 1, .err = ERR_IO};
    ASSERT_ERR(db_pool_take(pool, &db, &fault), ERR_IO); /* nobody answers for a moment */
    ASSERT_OK(db_pool_take(pool, &db, &fault), fault);
    assert_int_equal(count(t, db), 0);
    db_pool_give(pool, db);
    db_pool_close(&pool);
}

static void what_was_left_open_is_rolled_back(void **state)
{
    struct engine_test *t = *state;
    struct db_pool *pool;
    struct db *db;
    struct fault fault;
    ASSERT_OK(db_pool_open_from(t->source, 1, &pool, &fault), fault);
    ASSERT_OK(db_pool_take(pool, &db, &fault), fault);
    begin(db, DB_WRITE);
    put(db, 1, "forgotten");
    db_pool_give(pool, db);
    ASSERT_OK(db_pool_take(pool, &db, &fault), fault);
    assert_int_equal(count(t, db), 0);
    begin(db, DB_READ);
    db_pool_give(pool, db);
    db_pool_close(&pool);
}

/* ---- PostgreSQL alone: connections that the server ends ---- */

static void end_others(struct engine_test *t)
{
    static const enum db_type types[] = {DB_INT};
    const struct db_statement end = {
        .name = "end_others",
        .postgres = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        .id = -1,
        .column_count = 1,
        .column_types = types,
    };
    struct db_value value;
    bool found;
    struct fault fault;
    struct db *db;
    ASSERT_OK(db_open(t->where, &db, &fault), fault);
    ASSERT_OK(db_run_one(db, &end, NULL, t->arena, &value, &found, &fault), fault);
    assert_true(value.number > 0);
    db_close(&db);
}

static void an_idle_connection_comes_back(void **state)
{
    struct engine_test *t = *state;
    if (!engine_is_postgres(t))
        skip();
    begin(t->db, DB_WRITE);
    put(t->db, 1, "before");
    commit(t->db);
    end_others(t);
    begin(t->db, DB_WRITE);
    put(t->db, 2, "after");
    commit(t->db);
    assert_int_equal(count(t, t->db), 2);
}

static void a_connection_lost_inside_is_broken(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    if (!engine_is_postgres(t))
        skip();
    begin(t->db, DB_WRITE);
    put(t->db, 1, "lost");
    end_others(t);
    ASSERT_ERR(q_thing_keyed(t->db, (struct thing_keyed_in){2, S("x")}, NULL, &fault), ERR_IO);
    assert_true(t->db->broken);
    ASSERT_ERR(t->db->engine->undo(t->db, &fault), ERR_IO);
    db_rollback(t->db);
    ASSERT_ERR(db_begin(t->db, DB_WRITE, &fault), ERR_IO);
}

static void a_connection_lost_in_commit_is_uncertain(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    if (!engine_is_postgres(t))
        skip();
    begin(t->db, DB_WRITE);
    put(t->db, 1, "who knows");
    end_others(t);
    ASSERT_ERR(db_commit(t->db, &fault), ERR_UNCERTAIN);
    assert_true(t->db->broken);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(committed_is_seen_rolled_back_is_not),
        cmocka_unit_test(reading_cannot_change),
        cmocka_unit_test(reading_sees_one_state),
        cmocka_unit_test(undo_goes_back_to_the_savepoint),
        cmocka_unit_test(savepoints_nest),
        cmocka_unit_test(many_savepoints_without_work),
        cmocka_unit_test(after_a_failure_only_undo_is_left),
        cmocka_unit_test(a_failed_transaction_is_not_committed),
        cmocka_unit_test(misuse_is_a_bug),
        cmocka_unit_test(an_empty_transaction_commits),
        cmocka_unit_test(an_address_that_leads_nowhere),
        cmocka_unit_test(a_pool_is_shared),
        cmocka_unit_test(a_broken_connection_is_replaced),
        cmocka_unit_test(what_was_left_open_is_rolled_back),
        cmocka_unit_test(an_idle_connection_comes_back),
        cmocka_unit_test(a_connection_lost_inside_is_broken),
        cmocka_unit_test(a_connection_lost_in_commit_is_uncertain),
    };
    return ENGINES_MAIN(argc, argv, "transactions", tests);
}
