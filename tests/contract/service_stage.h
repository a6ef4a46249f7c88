/* A stage for tests of the services: a fresh database of an engine, its writer and readers, and a clock that stands
 * still until it is moved. */
#ifndef GUICHET_TESTS_SERVICE_STAGE_H
#define GUICHET_TESTS_SERVICE_STAGE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../unit/unit.h"
#include "db/values.h"
#include "service/service.h"

struct stage {
    char folder[64];
    char where[256];
    instant now;
    struct service service;
    struct arena *arena;
};

/* Fails the test with what the fault says. */
#define stage_ok(call)                                                                                               \
    do {                                                                                                             \
        struct fault fault = {0};                                                                                    \
        enum err stage_err = (call);                                                                                 \
        if (stage_err != OK)                                                                                         \
            fail_msg("%s:%d: %s: %s", __FILE__, __LINE__, err_name(stage_err), fault.text);                          \
    } while (0)

static inline int64_t stage_clock(void *context)
{
    return *(instant *)context;
}

/* PostgreSQL is tested where GUICHET_TEST_POSTGRES gives an address; its schema `public` is emptied. */
static inline const char *stage_postgres(void)
{
    return getenv("GUICHET_TEST_POSTGRES");
}

static inline void stage_script(struct stage *stage, const char *sql)
{
    struct db *db = NULL;
    stage_ok(db_open(stage->where, &db, &fault));
    stage_ok(db_begin(db, DB_WRITE, &fault));
    stage_ok(db->engine->script(db, sql, &fault));
    stage_ok(db_commit(db, &fault));
    db_close(&db);
}

/* The first column of the first row: a number, or a text in the stage's arena. */
static inline struct db_value stage_ask(struct stage *stage, const char *sql, enum db_type type)
{
    const struct db_statement statement = {
        .name = "test", .sqlite = sql, .postgres = sql, .id = -1, .column_count = 1, .column_types = &type};
    struct db *db = NULL;
    struct db_value value = {0};
    bool found = false;
    stage_ok(db_pool_take(stage->service.reads, &db, &fault));
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(db_run_one(db, &statement, NULL, stage->arena, &value, &found, &fault));
    db_rollback(db);
    db_pool_give(stage->service.reads, db);
    assert_true(found);
    return value;
}

static inline int64_t stage_number(struct stage *stage, const char *sql)
{
    return stage_ask(stage, sql, DB_INT).number;
}

static inline struct str stage_text(struct stage *stage, const char *sql)
{
    return stage_ask(stage, sql, DB_TEXT).bytes;
}

static inline struct stage *stage_open(const char *postgres)
{
    struct stage *stage = calloc(1, sizeof(*stage));
    assert_non_null(stage);
    stage->now = 1795000000; /* 2026-11-18 */
    stage->arena = arena_new();
    snprintf(stage->folder, sizeof(stage->folder), "/tmp/guichet-test-XXXXXX");
    assert_non_null(mkdtemp(stage->folder));
    if (postgres) {
        snprintf(stage->where, sizeof(stage->where), "%s", postgres);
        stage_script(stage, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
    } else {
        snprintf(stage->where, sizeof(stage->where), "%s/test.db", stage->folder);
    }
    struct db *db = NULL;
    stage_ok(db_open(stage->where, &db, &fault));
    stage_ok(db_migrate(db, NULL, &fault));
    db_close(&db);

    struct service *service = &stage->service;
    service->clock = (struct clock){.now = stage_clock, .context = &stage->now};
    service->random = random_system();
    service->zone = unit_paris();
    memset(service->secret, 7, sizeof(service->secret));
    service->public_url = S("http://localhost:8080");
    service->passwords = password_gate_new(2, 64);
    stage_ok(db_pool_open(stage->where, 4, &service->reads, &fault));
    stage_ok(writer_start(stage->where, &service->writer, &fault));
    return stage;
}

static inline void stage_close(struct stage **stage)
{
    struct stage *s = *stage;
    writer_stop(&s->service.writer);
    db_pool_close(&s->service.reads);
    password_gate_free(&s->service.passwords);
    arena_free(&s->arena);
    char command[128];
    snprintf(command, sizeof(command), "rm -rf %s", s->folder);
    if (system(command) != 0)
        print_error("%s is left\n", s->folder);
    free(s);
    *stage = NULL;
}

#endif
