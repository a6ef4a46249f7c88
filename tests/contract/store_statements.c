/* Every statement of the product is understood by every engine, on the product's own schema: names, types and columns.
 * What it does is tested with the use case it serves. */
#include "contract/engines.h"

#include <stdio.h>
#include <string.h>

#include "store/queries.h"

enum { MAX_PARAMETERS = 64, MAX_COLUMNS = 64 };

/* Values that fit the types and no row. */
static void fill(const struct db_statement *statement, struct db_value *parameters)
{
    for (int i = 0; i < statement->parameter_count; i++)
        parameters[i] = (struct db_value){
            .type = statement->parameter_types[i],
            .number = 1,
            .bytes = S("1"),
        };
}

static enum err run(struct db *db, const struct db_statement *statement, struct fault *fault)
{
    struct db_value parameters[MAX_PARAMETERS], columns[MAX_COLUMNS];
    struct db_cursor *cursor;
    bool row = statement->column_count > 0;
    fill(statement, parameters);
    enum err err = db->engine->start(db, statement, parameters, &cursor, fault);
    if (err != OK)
        return err;
    while (row && err == OK)
        err = db->engine->next(cursor, columns, &row, fault);
    db->engine->finish(cursor);
    return err;
}

static void every_statement_is_understood(void **state)
{
    struct engine_test *t = *state;
    int bad = 0;
    for (int i = 0; i < db_statement_count; i++) {
        struct fault fault = {.err = OK};
        ASSERT_OK(db_begin(t->db, DB_WRITE, &fault), fault);
        enum err err = run(t->db, db_statements[i], &fault);
        db_rollback(t->db);
        /* A value that a constraint refuses was understood all the same. */
        if (err == OK || err == ERR_CONFLICT)
            continue;
        print_error("%s: %s\n", err_name(err), fault.text);
        bad++;
    }
    assert_int_equal(bad, 0);
}

static void numbers_are_dense(void **state)
{
    (void)state;
    assert_true(db_statement_count > 0);
    for (int i = 0; i < db_statement_count; i++)
        assert_int_equal(db_statements[i]->id, i);
}

static void the_schema_is_current(void **state)
{
    struct engine_test *t = *state;
    struct fault fault;
    ASSERT_OK(db_check_version(t->db, &fault), fault);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_is_understood),
        cmocka_unit_test(numbers_are_dense),
        cmocka_unit_test(the_schema_is_current),
    };
    return ENGINES_MAIN(argc, argv, "statements of the store", tests);
}
