/* Values between C and the columns of a statement: what the generated functions of store/queries.h are made of. */
#ifndef GUICHET_DB_VALUES_H
#define GUICHET_DB_VALUES_H

#include "db/db.h"

/* A column or parameter that may be NULL. */
struct maybe_int {
    bool is;
    int64_t v;
};

struct maybe_str {
    bool is;
    struct str v;
};

static inline struct maybe_int some_int(int64_t v)
{
    return (struct maybe_int){.is = true, .v = v};
}

static inline struct maybe_str some_str(struct str v)
{
    return (struct maybe_str){.is = true, .v = v};
}

static inline struct db_value db_put_int(int64_t v)
{
    return (struct db_value){.type = DB_INT, .number = v};
}

static inline struct db_value db_put_text(struct str v)
{
    return (struct db_value){.type = DB_TEXT, .bytes = v};
}

static inline struct db_value db_put_blob(struct str v)
{
    return (struct db_value){.type = DB_BLOB, .bytes = v};
}

static inline struct db_value db_put_maybe_int(struct maybe_int v)
{
    return v.is ? db_put_int(v.v) : (struct db_value){.type = DB_NULL};
}

static inline struct db_value db_put_maybe_text(struct maybe_str v)
{
    return v.is ? db_put_text(v.v) : (struct db_value){.type = DB_NULL};
}

static inline struct db_value db_put_maybe_blob(struct maybe_str v)
{
    return v.is ? db_put_blob(v.v) : (struct db_value){.type = DB_NULL};
}

/* The readers expect what the engines promise: a column has its statement's type, or is NULL where that is allowed. */
static inline int64_t db_get_int(const struct db_value *column)
{
    return column->number;
}

static inline struct str db_get_text(const struct db_value *column)
{
    return column->bytes;
}

static inline struct str db_get_blob(const struct db_value *column)
{
    return column->bytes;
}

static inline struct maybe_int db_get_maybe_int(const struct db_value *column)
{
    return column->type == DB_NULL ? (struct maybe_int){.is = false} : some_int(column->number);
}

static inline struct maybe_str db_get_maybe_text(const struct db_value *column)
{
    return column->type == DB_NULL ? (struct maybe_str){.is = false} : some_str(column->bytes);
}

static inline struct maybe_str db_get_maybe_blob(const struct db_value *column)
{
    return db_get_maybe_text(column);
}

/* A list that grows in an arena while a statement's rows are read. */
struct db_rows {
    struct arena *arena;
    void *p;
    size_t n;
    size_t capacity;
};

/* Room for one more row of `size` bytes; the rows lie side by side in `rows->p`. */
void *db_rows_add(struct db_rows *rows, size_t size);

#endif
