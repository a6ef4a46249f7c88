/* Running a statement from start to end, the same for every engine: what the generated functions call. */
#include "db/db.h"
#include "db/values.h"

#include <string.h>

#include "base/limits.h"

enum { FIRST_ROWS = 16, MAX_COLUMNS = 64 };

void *db_rows_add(struct db_rows *rows, size_t size)
{
    if (rows->n == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? FIRST_ROWS : rows->capacity * 2;
        void *grown = arena_array(rows->arena, capacity, size);
        if (rows->n > 0)
            memcpy(grown, rows->p, rows->n * size);
        rows->p = grown;
        rows->capacity = capacity;
    }
    return (char *)rows->p + rows->n++ * size;
}

/* Both engines must refuse the same text: PostgreSQL takes only well-formed UTF-8 without NUL, SQLite anything. */
static enum err check_parameters(const struct db_statement *statement, const struct db_value *parameters,
                                 struct fault *fault)
{
    for (int i = 0; i < statement->parameter_count; i++)
        if (parameters[i].type == DB_TEXT && !utf8_valid(parameters[i].bytes))
            return fault_set(fault, ERR_INPUT, "%s: parameter %d is not well-formed UTF-8", statement->name, i + 1);
    return OK;
}

/* A column has its statement's type, or is NULL where that is allowed. */
static enum err check_columns(const struct db_statement *statement, const struct db_value *columns, struct fault *fault)
{
    for (int i = 0; i < statement->column_count; i++) {
        if (columns[i].type == statement->column_types[i])
            continue;
        if (columns[i].type != DB_NULL)
            return fault_set(fault, ERR_DB, "%s: column %d has another type than promised", statement->name, i + 1);
        if (statement->column_nullable != NULL && !statement->column_nullable[i])
            return fault_set(fault, ERR_DB, "%s: column %d is NULL", statement->name, i + 1);
    }
    return OK;
}

static void keep_columns(struct arena *arena, const struct db_statement *statement, struct db_value *columns)
{
    for (int i = 0; i < statement->column_count; i++)
        if (columns[i].type == DB_TEXT || columns[i].type == DB_BLOB)
            columns[i].bytes = str_dup(arena, columns[i].bytes);
}

static enum err start(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                      struct db_cursor **ret_cursor, struct fault *fault)
{
    enum err err = check_parameters(statement, parameters, fault);
    if (err != OK)
        return err;
    return db->engine->start(db, statement, parameters, ret_cursor, fault);
}

static enum err next(struct db *db, struct db_cursor *cursor, const struct db_statement *statement,
                     struct db_value *columns, bool *ret_row, struct fault *fault)
{
    bool row;
    enum err err = db->engine->next(cursor, columns, &row, fault);
    if (err == OK && row)
        err = check_columns(statement, columns, fault);
    if (err == OK)
        *ret_row = row;
    return err;
}

static enum err read_one(struct db *db, struct db_cursor *cursor, const struct db_statement *statement,
                         struct arena *arena, struct db_value *columns, bool *ret_found, struct fault *fault)
{
    bool found;
    enum err err = next(db, cursor, statement, columns, &found, fault);
    if (err != OK || !found) {
        if (err == OK)
            *ret_found = false;
        return err;
    }
    keep_columns(arena, statement, columns);
    /* To the end: a statement that changes rows is only done then, and a second row is a mistake to be seen. */
    struct db_value others[MAX_COLUMNS];
    bool another;
    err = next(db, cursor, statement, others, &another, fault);
    if (err != OK)
        return err;
    if (another)
        return fault_set(fault, ERR_BUG, "%s: more than one row", statement->name);
    *ret_found = true;
    return OK;
}

enum err db_run_one(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                    struct arena *arena, struct db_value *columns, bool *ret_found, struct fault *fault)
{
    if (statement->column_count < 1 || statement->column_count > MAX_COLUMNS)
        return fault_set(fault, ERR_BUG, "%s: %d columns", statement->name, statement->column_count);
    struct db_cursor *cursor;
    enum err err = start(db, statement, parameters, &cursor, fault);
    if (err != OK)
        return err;
    err = read_one(db, cursor, statement, arena, columns, ret_found, fault);
    db->engine->finish(cursor);
    return err;
}

enum err db_run_exec(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                     int64_t *ret_changed, struct fault *fault)
{
    struct db_cursor *cursor;
    enum err err = start(db, statement, parameters, &cursor, fault);
    if (err != OK)
        return err;
    int64_t changed = db->engine->finish(cursor);
    if (ret_changed != NULL)
        *ret_changed = changed;
    return OK;
}

static enum err read_many(struct db *db, struct db_cursor *cursor, const struct db_statement *statement,
                          struct arena *arena, size_t max, void (*take)(void *context, const struct db_value *columns),
                          void *context, struct fault *fault)
{
    struct db_value columns[MAX_COLUMNS];
    for (size_t n = 0;; n++) {
        bool row;
        enum err err = next(db, cursor, statement, columns, &row, fault);
        if (err != OK || !row)
            return err;
        if (n == max)
            return fault_set(fault, ERR_LIMIT, "%s: more than %zu rows", statement->name, max);
        keep_columns(arena, statement, columns);
        take(context, columns);
    }
}

enum err db_run_many(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                     struct arena *arena, size_t max, void (*take)(void *context, const struct db_value *columns),
                     void *context, struct fault *fault)
{
    if (statement->column_count < 1 || statement->column_count > MAX_COLUMNS)
        return fault_set(fault, ERR_BUG, "%s: %d columns", statement->name, statement->column_count);
    struct db_cursor *cursor;
    enum err err = start(db, statement, parameters, &cursor, fault);
    if (err != OK)
        return err;
    err = read_many(db, cursor, statement, arena, max, take, context, fault);
    db->engine->finish(cursor);
    return err;
}
