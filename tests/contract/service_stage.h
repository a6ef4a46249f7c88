/* A stage for tests of the services on an engine of the harness: a writer, readers, and a clock that stands still until
 * it is moved. A test is written
 *
 *   STAGED(places_come_back)
 *   {
 *       stage->now += 60; …
 *   }
 *
 * and listed as staged_test(places_come_back). */
#ifndef GUICHET_TESTS_SERVICE_STAGE_H
#define GUICHET_TESTS_SERVICE_STAGE_H

#include "contract/engines.h"

#include <stdlib.h>
#include <string.h>

#include "service/gate_key.h"
#include "service/service.h"
#include "unit/unit.h"

struct stage {
    struct engine_test *test;
    struct arena *arena; /* the test's */
    instant now;
    struct service service;
};

/* Fails the test with what the fault says; the call passes `&fault`. */
#define stage_ok(call)                                                                                               \
    do {                                                                                                             \
        struct fault fault = {.err = OK};                                                                            \
        ASSERT_OK(call, fault);                                                                                      \
    } while (0)

static inline int64_t stage_clock(void *context)
{
    return *(instant *)context;
}

/* Runs plain SQL that both engines understand: facts that no service makes. */
static inline void stage_script(struct stage *stage, const char *sql)
{
    struct db *db = stage->test->db;
    stage_ok(db_begin(db, DB_WRITE, &fault));
    stage_ok(db->engine->script(db, sql, &fault));
    stage_ok(db_commit(db, &fault));
}

/* The first column of the first row: a number, or a text in the stage's arena. */
static inline struct db_value stage_ask(struct stage *stage, const char *sql, enum db_type type)
{
    const struct db_statement statement = {
        .name = "test", .sqlite = sql, .postgres = sql, .id = -1, .column_count = 1, .column_types = &type};
    struct db *db = stage->test->db;
    struct db_value value = {.type = DB_NULL};
    bool found = false;
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(db_run_one(db, &statement, NULL, stage->arena, &value, &found, &fault));
    db_rollback(db);
    if (!found)
        fail_msg("no row: %s", sql);
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

/* `source` is the test's own, or its faulty one. */
static inline struct stage *stage_open(struct engine_test *test, struct db_source source)
{
    struct stage *stage = ARENA_NEW(test->arena, struct stage);
    struct service *service = &stage->service;
    stage->test = test;
    stage->arena = test->arena;
    stage->now = 1795000000; /* 18 November 2026 */
    service->clock = (struct clock){.now = stage_clock, .context = &stage->now};
    service->random = random_system();
    service->zone = unit_paris();
    memset(service->secret, 7, sizeof(service->secret));
    service->public_url = S("http://localhost:8080");
    service->passwords = password_gate_new(2, 64);
    stage_ok(db_pool_open_from(source, 4, &service->reads, &fault));
    stage_ok(writer_start_from(source, &service->writer, &fault));
    stage_ok(gate_key_ensure(service, stage->arena, &fault)); /* as every program does when it begins */
    return stage;
}

static inline void stage_close(struct stage *stage)
{
    writer_stop(&stage->service.writer);
    db_pool_close(&stage->service.reads);
    password_gate_free(&stage->service.passwords);
}

/* Another server on the same database: its own writer, the same readers. End it with writer_stop. */
static inline struct service stage_second(struct stage *stage)
{
    struct service second = stage->service;
    second.writer = NULL;
    stage_ok(writer_start_from(stage->test->source, &second.writer, &fault));
    return second;
}

#define STAGED_FROM(name, which)                                                                                     \
    static void name##_on(struct stage *stage);                                                                      \
    static void name(void **state)                                                                                   \
    {                                                                                                                \
        struct engine_test *test = *state;                                                                           \
        assert_int_equal(crypto_init(NULL), OK);                                                                     \
        struct stage *stage = stage_open(test, test->which);                                                         \
        name##_on(stage);                                                                                            \
        stage_close(stage);                                                                                          \
    }                                                                                                                \
    static void name##_on(struct stage *stage)
#define STAGED(name) STAGED_FROM(name, source)
/* The service's connections follow test->plan; the stage's own questions do not. */
#define STAGED_FAULTY(name) STAGED_FROM(name, faulty)
#define staged_test(name) cmocka_unit_test(name)

#endif
