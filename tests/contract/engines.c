/* Fresh databases for the contract suites: a file each on SQLite, a schema each on PostgreSQL. */
#include "contract/engines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, MAX_TESTS = 200 };

/* What all tests of one run share. */
struct run {
    const char *engine;
    char folder[64];
    char postgres[ENGINE_ADDRESS]; /* the cluster's address */
    bool own_cluster;
    int tests; /* begun so far */
};

struct running {
    struct engine_test test;
    struct run *run;
    int at;
};

static enum err open_where(void *context, struct db **ret_db, struct fault *fault)
{
    const struct engine_test *t = context;
    return db_open(t->where, ret_db, fault);
}

bool engine_is_postgres(const struct engine_test *t)
{
    return strcmp(t->engine, "postgres") == 0;
}

/* ---- PostgreSQL ---- */

/* Takes the address that the script prints. Returns its exit status. */
static int start_cluster(struct run *run)
{
    char command[ENGINE_ADDRESS];
    snprintf(command, sizeof command, "'%s' start '%s/pg' %ld", TEST_POSTGRES, run->folder, (long)getpid());
    FILE *output = popen(command, "r");
    if (output == NULL)
        return 1;
    if (fgets(run->postgres, sizeof run->postgres, output) != NULL)
        run->postgres[strcspn(run->postgres, "\n")] = '\0';
    int status = pclose(output);
    run->own_cluster = status == 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int prepare_postgres(struct run *run)
{
    const char *given = getenv("GUICHET_TEST_PG");
    if (given == NULL || *given == '\0')
        return start_cluster(run);
    snprintf(run->postgres, sizeof run->postgres, "%s", given);
    return 0;
}

static void run_on_cluster(const struct run *run, const char *sql)
{
    struct db *db;
    struct fault fault = {.err = OK};
    ASSERT_OK(db_open(run->postgres, &db, &fault), fault);
    ASSERT_OK(db_begin(db, DB_WRITE, &fault), fault);
    ASSERT_OK(db->engine->script(db, sql, &fault), fault);
    ASSERT_OK(db_commit(db, &fault), fault);
    db_close(&db);
}

/* ---- one test ---- */

static void database_name(const struct running *running, int number, char *name, size_t size)
{
    snprintf(name, size, "guichet_test_%ld_%d_%d", (long)getpid(), running->at, number);
}

void engine_empty(struct engine_test *t, char where[ENGINE_ADDRESS])
{
    struct running *running = (struct running *)t;
    char name[80];
    database_name(running, t->number++, name, sizeof name);
    if (!engine_is_postgres(t)) {
        snprintf(where, ENGINE_ADDRESS, "%s/%s.db", running->run->folder, name);
        return;
    }
    char sql[200];
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", name);
    run_on_cluster(running->run, sql);
    const char *base = running->run->postgres;
    int length = snprintf(where, ENGINE_ADDRESS, "%s%coptions=-csearch_path%%3D%s", base,
                          strchr(base, '?') == NULL ? '?' : '&', name);
    assert_in_range(length, 1, ENGINE_ADDRESS - 1);
}

static void remove_databases(struct running *running)
{
    struct engine_test *t = &running->test;
    for (int i = 0; i < t->number; i++) {
        char name[80], text[200];
        database_name(running, i, name, sizeof name);
        if (engine_is_postgres(t)) {
            snprintf(text, sizeof text, "DROP SCHEMA %s CASCADE", name);
            run_on_cluster(running->run, text);
            continue;
        }
        static const char *const endings[] = {"", "-wal", "-shm"};
        for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
            snprintf(text, sizeof text, "%s/%s.db%s", running->run->folder, name, endings[k]);
            unlink(text);
        }
    }
}

static int set_up_test(void **state)
{
    struct run *run = *state;
    struct running *running = test_calloc(1, sizeof *running);
    struct engine_test *t = &running->test;
    struct fault fault = {.err = OK};
    running->run = run;
    running->at = run->tests++;
    t->engine = run->engine;
    t->arena = arena_new();
    engine_empty(t, t->where);
    t->source = (struct db_source){.open = open_where, .context = t};
    if (strcmp(t->engine, "failing") == 0) {
        t->failing_context = (struct fail_source){.inner = t->source, .plan = &t->no_plan};
        t->source = db_failing_source(&t->failing_context);
    }
    t->faulty_context = (struct fail_source){.inner = t->source, .plan = &t->plan};
    t->faulty = db_failing_source(&t->faulty_context);
    ASSERT_OK(t->source.open(t->source.context, &t->db, &fault), fault);
    ASSERT_OK(db_migrate(t->db, NULL, &fault), fault);
    *state = t;
    return 0;
}

static int tear_down_test(void **state)
{
    struct running *running = *state;
    struct engine_test *t = &running->test;
    db_close(&t->db);
    arena_free(&t->arena);
    remove_databases(running);
    test_free(running);
    return 0;
}

/* ---- the run ---- */

static void tear_down_run(struct run *run)
{
    char command[ENGINE_ADDRESS];
    if (run->own_cluster) {
        snprintf(command, sizeof command, "'%s' stop '%s/pg'", TEST_POSTGRES, run->folder);
        if (system(command) != 0)
            fprintf(stderr, "the cluster in %s could not be stopped\n", run->folder);
    }
    rmdir(run->folder);
}

static int run_on_engine(struct run *run, const char *name, const struct CMUnitTest *tests, size_t count)
{
    struct CMUnitTest on_engine[MAX_TESTS];
    char title[100];
    if (count > MAX_TESTS)
        return 1;
    for (size_t i = 0; i < count; i++) {
        on_engine[i] = tests[i];
        on_engine[i].setup_func = set_up_test;
        on_engine[i].teardown_func = tear_down_test;
        on_engine[i].initial_state = run;
    }
    snprintf(title, sizeof title, "%s on %s", name, run->engine);
    return _cmocka_run_group_tests(title, on_engine, count, NULL, NULL);
}

int engines_main(int argc, char **argv, const char *name, const struct CMUnitTest *tests, size_t count)
{
    struct run run = {.engine = argc > 1 ? argv[1] : "sqlite", .folder = "/tmp/guichet-test.XXXXXX"};
    if (argc > 2)
        cmocka_set_test_filter(argv[2]);
    if (mkdtemp(run.folder) == NULL) {
        perror(run.folder);
        return 1;
    }
    int status = strcmp(run.engine, "postgres") == 0 ? prepare_postgres(&run) : 0;
    if (status == SKIPPED)
        fprintf(stderr, "%s on postgres: skipped, because PostgreSQL is not installed\n", name);
    else if (status == 0)
        status = run_on_engine(&run, name, tests, count);
    tear_down_run(&run);
    return status;
}
