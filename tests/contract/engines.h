/* The harness of the contract suites: runs one list of tests on one engine, each test on a fresh, migrated database.
 *
 *   int main(int argc, char **argv)
 *   {
 *       static const struct CMUnitTest tests[] = {cmocka_unit_test(…), …};
 *       return ENGINES_MAIN(argc, argv, "name", tests);
 *   }
 *
 * The first argument names the engine: sqlite, postgres or failing (SQLite behind an engine that may fail on purpose).
 * PostgreSQL is a private cluster made by script/test-postgres, or the one that GUICHET_TEST_PG names by its address;
 * without either the suite says why and ends with 77, which meson counts as skipped. A test begins with
 * `struct engine_test *t = *state;`. */
#ifndef GUICHET_TESTS_ENGINES_H
#define GUICHET_TESTS_ENGINES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/db.h"
#include "db/failing.h"

enum { ENGINE_ADDRESS = 512 };

struct engine_test {
    const char *engine;          /* sqlite, postgres or failing */
    char where[ENGINE_ADDRESS];  /* the address of this test's own database */
    struct db_source source;     /* opens connections to it */
    struct fail_plan plan;       /* says nothing at first */
    struct db_source faulty;     /* the same database behind an engine that follows `plan` */
    struct db *db;               /* a connection from `source` */
    struct arena *arena;
    struct fail_source faulty_context, failing_context;
    struct fail_plan no_plan;
    int number; /* of databases made for this test */
};

/* The address of one more database for this test, empty and not migrated. */
void engine_empty(struct engine_test *t, char where[ENGINE_ADDRESS]);

bool engine_is_postgres(const struct engine_test *t);

int engines_main(int argc, char **argv, const char *name, const struct CMUnitTest *tests, size_t count);

#define ENGINES_MAIN(argc, argv, name, tests)                                                                        \
    engines_main((argc), (argv), (name), (tests), sizeof(tests) / sizeof *(tests))

/* Fails the test with the fault's text when `call` is not OK; `fault` must be the call's own. */
#define ASSERT_OK(call, fault)                                                                                       \
    do {                                                                                                             \
        enum err assert_ok_err = (call);                                                                             \
        if (assert_ok_err != OK)                                                                                     \
            fail_msg("%s is %s: %s", #call, err_name(assert_ok_err), (fault).text);                                  \
    } while (0)

#define ASSERT_ERR(call, expected)                                                                                   \
    do {                                                                                                             \
        enum err assert_err_err = (call);                                                                            \
        if (assert_err_err != (expected))                                                                            \
            fail_msg("%s is %s, not %s", #call, err_name(assert_err_err), err_name(expected));                       \
    } while (0)

#endif
