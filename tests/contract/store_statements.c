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

/* ---- statements that would read a whole table on the way of a request ---- */

/* Those that may, by the start of their name, and why. */
static const struct {
    const char *statement;
    const char *reason;
} whole_reads[] = {
    {"catalogue_", "the monuments and their tariffs are some hundred rows"},
    {"setting_all", "a page of settings"},
    {"gate_key", "a key, and the few before it"},
    {"vat_regimes", "a handful of rows"},
    {"outbox_counts", "the index holds only what is not sent"},
    {"link_", "links by mail are swept every day"},
    {"staff_list", "the operator's people are some hundred rows"},
    {"staff_lock_administrators", "likewise"},
    {"staff_administrators", "likewise"},
    {"desk_latest_orders", "walks its index from the newest and stops after a hundred"},
    {"closure_list", "walks its index from the newest and stops after two hundred"},
    {"closure_monuments", "the monuments are some hundred rows"},
    {"desk_names", "the desk folds the names itself, at most 20 000 of them, a few times an hour"},
    {"stock_sums", "counts the stock, for the page of who imports it"},
    {"stock_imports", "walks its rows from the newest and stops after fifty: some files a year"},
    {"stock_rights", "walks its index from the newest and stops after two hundred"},
    {"right_bookings", "walks the index of its kind from the newest and stops after two hundred"},
    {"refund_money", "an order and those that it replaced: a handful of rows that the statement itself makes"},
    {"monument_work_all", "the monuments are some hundred rows"},
    {"monument_has_slots", "one row that the statement itself makes"},
    {"network_texts", "some dozen versions of the legal texts"},
    {"photo_covers", "the photographs are some hundred rows"},
    {"schedule_slots_add", "a run of numbers that the statement itself makes"},
    {"demo_", "fills a new demonstration database"},
    {"doctor_", "checks everything, and nobody waits for it"},
};

static bool may_read_whole(const char *statement)
{
    for (size_t i = 0; i < sizeof whole_reads / sizeof *whole_reads; i++)
        if (str_starts(str_of(statement), str_of(whole_reads[i].statement)))
            return true;
    return false;
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Does the text hold this word, not merely a part of another one? */
static bool names(const char *text, struct str word)
{
    for (const char *p = strchr(text, word.p[0]); p != NULL; p = strchr(p + 1, word.p[0]))
        if (strncmp(p, word.p, word.n) == 0 && !is_word_char(p[word.n]) && (p == text || !is_word_char(p[-1])))
            return true;
    return false;
}

struct plan {
    const struct db_statement *statement;
    int whole_reads;
};

/* A step of SQLite's plan, in its words: «SCAN visit», «SEARCH slot USING PRIMARY KEY (…)». */
static void see_step(void *context, const struct db_value *columns)
{
    struct plan *plan = context;
    struct str step = columns[3].bytes;
    if (!str_starts(step, S("SCAN ")) || str_eq(step, S("SCAN CONSTANT ROW")))
        return;
    struct str rest = str_sub(step, strlen("SCAN "), SIZE_MAX);
    struct str table = str_cut(&rest, ' ');
    /* A table that the statement does not name is there for references; SQLite reads it only when one is open. */
    if (!names(plan->statement->sqlite, table))
        return;
    print_error("%s: %.*s\n", plan->statement->name, STR_ARG(step));
    plan->whole_reads++;
}

static void explain(struct engine_test *t, const struct db_statement *statement, struct plan *plan)
{
    static const enum db_type types[] = {DB_INT, DB_INT, DB_INT, DB_TEXT};
    struct db_statement explained = {
        .name = statement->name,
        .sqlite = str_format(t->arena, "EXPLAIN QUERY PLAN %s", statement->sqlite).p,
        .id = -1,
        .parameter_count = statement->parameter_count,
        .parameter_types = statement->parameter_types,
        .column_count = 4,
        .column_types = types,
    };
    struct db_value parameters[MAX_PARAMETERS];
    struct fault fault;
    fill(statement, parameters);
    ASSERT_OK(db_begin(t->db, DB_WRITE, &fault), fault);
    ASSERT_OK(db_run_many(t->db, &explained, parameters, t->arena, 1000, see_step, plan, &fault), fault);
    db_rollback(t->db);
}

static void no_request_reads_a_whole_table(void **state)
{
    struct engine_test *t = *state;
    int bad = 0;
    if (engine_is_postgres(t))
        skip(); /* its planner reads small tables whole, and all are empty here */
    for (int i = 0; i < db_statement_count; i++) {
        struct plan plan = {.statement = db_statements[i]};
        if (may_read_whole(plan.statement->name))
            continue;
        explain(t, db_statements[i], &plan);
        bad += plan.whole_reads;
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
        cmocka_unit_test(no_request_reads_a_whole_table),
        cmocka_unit_test(numbers_are_dense),
        cmocka_unit_test(the_schema_is_current),
    };
    return ENGINES_MAIN(argc, argv, "statements of the store", tests);
}
