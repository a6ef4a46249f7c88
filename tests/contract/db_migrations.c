/* Migrations: each file once, whoever starts at the same time, and no start on a schema that is not this program's. */
#include "contract/engines.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract/fixture.h"
#include "db/schema.h"

static void once_only(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    char where[ENGINE_ADDRESS];
    struct db *db;
    int applied = -1;
    engine_empty(t, where);
    ASSERT_OK(db_open(where, &db, &fault), fault);
    ASSERT_ERR(db_check_version(db, &fault), ERR_CONFLICT);
    ASSERT_OK(db_migrate(db, &applied, &fault), fault);
    assert_int_equal(applied, db_schema_file_count);
    ASSERT_OK(db_check_version(db, &fault), fault);
    ASSERT_OK(db_migrate(db, &applied, &fault), fault);
    assert_int_equal(applied, 0);
    ASSERT_OK(db_migrate(db, NULL, &fault), fault);
    db_close(&db);
}

static void run_script(struct db *db, const char *sql)
{
    struct fault fault;
    ASSERT_OK(db_begin(db, DB_WRITE, &fault), fault);
    ASSERT_OK(db->engine->script(db, sql, &fault), fault);
    ASSERT_OK(db_commit(db, &fault), fault);
}

static void the_rest_is_caught_up(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    int applied;
    run_script(t->db, "DROP TABLE holding; DELETE FROM schema_migration WHERE version = 2");
    ASSERT_ERR(db_check_version(t->db, &fault), ERR_CONFLICT);
    ASSERT_OK(db_migrate(t->db, &applied, &fault), fault);
    assert_int_equal(applied, 1);
    ASSERT_OK(db_check_version(t->db, &fault), fault);
}

static void a_newer_database_is_left_alone(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    run_script(t->db, "INSERT INTO schema_migration (version, name, sum) VALUES (3, '0003_future.sql', 1)");
    ASSERT_ERR(db_check_version(t->db, &fault), ERR_CONFLICT);
    ASSERT_ERR(db_migrate(t->db, NULL, &fault), ERR_CONFLICT);
}

static void an_edited_file_is_seen(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    run_script(t->db, "UPDATE schema_migration SET sum = sum + 1 WHERE version = 1");
    ASSERT_ERR(db_check_version(t->db, &fault), ERR_CONFLICT);
    ASSERT_ERR(db_migrate(t->db, NULL, &fault), ERR_CONFLICT);
}

static void a_file_that_fails_leaves_nothing(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct thing_sums_row row;
    int applied;
    /* The name that the second file wants is taken: its first statement fails, or its last. */
    run_script(t->db, "DROP TABLE holding; DELETE FROM schema_migration WHERE version = 2;"
                      "CREATE TABLE other (x BIGINT); CREATE INDEX holding_by_slot ON other (x)");
    ASSERT_ERR(db_migrate(t->db, NULL, &fault), ERR_DB);
    ASSERT_OK(q_thing_sums(t->db, t->arena, &row, NULL, &fault), fault);
    run_script(t->db, "DROP INDEX holding_by_slot");
    ASSERT_OK(db_migrate(t->db, &applied, &fault), fault); /* so the table of the failed attempt was not there */
    assert_int_equal(applied, 1);
}

struct starter {
    const char *where;
    int applied;
    enum err err;
};

static void *start_up(void *context)
{
    struct starter *starter = context;
    struct db *db;
    starter->err = db_open(starter->where, &db, NULL);
    if (starter->err != OK)
        return NULL;
    starter->err = db_migrate(db, &starter->applied, NULL);
    db_close(&db);
    return NULL;
}

static void threads_at_once(void **state)
{
    struct engine_test *t = *state;
    enum { THREADS = 6 };
    char where[ENGINE_ADDRESS];
    pthread_t threads[THREADS];
    struct starter starters[THREADS];
    int applied = 0;
    engine_empty(t, where);
    for (int i = 0; i < THREADS; i++) {
        starters[i] = (struct starter){.where = where};
        assert_int_equal(pthread_create(&threads[i], NULL, start_up, &starters[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        ASSERT_ERR(starters[i].err, OK);
        applied += starters[i].applied;
    }
    assert_int_equal(applied, db_schema_file_count);
}

static void processes_at_once(void **state)
{
    struct engine_test *t = *state;
    enum { PROCESSES = 4, FAILED = 100 };
    char where[ENGINE_ADDRESS];
    pid_t children[PROCESSES];
    int applied = 0;
    engine_empty(t, where);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct starter starter = {.where = where};
            start_up(&starter);
            _exit(starter.err == OK ? starter.applied : FAILED);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_not_equal(WEXITSTATUS(status), FAILED);
        applied += WEXITSTATUS(status);
    }
    assert_int_equal(applied, db_schema_file_count);
}

static void the_last_file_is_in_force(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    struct slot_balance_row row;
    ASSERT_OK(db_begin(t->db, DB_WRITE, &fault), fault);
    ASSERT_OK(q_slot_add(t->db, (struct slot_add_in){1, 5}, NULL, &fault), fault);
    ASSERT_OK(q_holding_add(t->db, (struct holding_add_in){1, 2, S("k")}, NULL, &fault), fault);
    ASSERT_OK(q_slot_balance(t->db, t->arena, (struct slot_balance_in){1}, &row, NULL, &fault), fault);
    assert_int_equal(row.held, 2);
    ASSERT_OK(db_commit(t->db, &fault), fault);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_only),
        cmocka_unit_test(the_rest_is_caught_up),
        cmocka_unit_test(a_newer_database_is_left_alone),
        cmocka_unit_test(an_edited_file_is_seen),
        cmocka_unit_test(a_file_that_fails_leaves_nothing),
        cmocka_unit_test(threads_at_once),
        cmocka_unit_test(processes_at_once),
        cmocka_unit_test(the_last_file_is_in_force),
    };
    return ENGINES_MAIN(argc, argv, "migrations", tests);
}
