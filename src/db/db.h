/* One small interface to a database, and the engines behind it: SQLite, PostgreSQL and one that fails on purpose.
 *
 * Nothing above this room names an engine. SQL is never built at run time: every statement is a `struct db_statement`
 * that the build generates from sql/queries (see sql/README.md), with its text for each engine. A connection is used
 * by one thread at a time. */
#ifndef GUICHET_DB_DB_H
#define GUICHET_DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    int64_t number;
    struct str bytes; /* text or blob; for a column it is valid until the next row */
};

/* A named statement, generated; lives as long as the program. */
struct db_statement {
    const char *name;
    const char *sqlite;           /* parameters ?1 … ?n */
    const char *postgres;         /* parameters $1 … $n */
    int id;                       /* dense from 0: engines cache prepared statements in an array; negative: not kept */
    int parameter_count;
    int column_count;
    const enum db_type *parameter_types;
    const enum db_type *column_types;
    const bool *column_nullable;  /* NULL: any column may be NULL */
};

enum db_mode { DB_READ, DB_WRITE };

struct db;        /* one connection of some engine; its first member is its engine */
struct db_cursor; /* an executing statement, owned by its connection; at most one is open on a connection at a time
                     unless the engine's comment says otherwise: read a list whole before the next query */

/* The whole of what an engine must do: twelve operations, none optional. */
struct db_engine {
    const char *name;
    enum err (*open)(const char *where, struct db **ret_db, struct fault *fault);
    void (*close)(struct db *db);
    enum err (*begin)(struct db *db, enum db_mode mode, struct fault *fault);
    /* ERR_UNCERTAIN when the connection was lost while committing. */
    enum err (*commit)(struct db *db, struct fault *fault);
    void (*rollback)(struct db *db);
    enum err (*savepoint)(struct db *db, struct fault *fault);
    enum err (*release)(struct db *db, struct fault *fault);
    /* Back to the savepoint, which ends. */
    enum err (*undo)(struct db *db, struct fault *fault);
    /* Starts a statement with `statement->parameter_count` values. A statement without columns runs to its end. */
    enum err (*start)(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                      struct db_cursor **ret_cursor, struct fault *fault);
    /* Next row into `columns` (statement->column_count of them); *ret_row false at the end. */
    enum err (*next)(struct db_cursor *cursor, struct db_value *columns, bool *ret_row, struct fault *fault);
    /* Ends the statement; returns the number of rows it changed (or returned). Accepts NULL. */
    int64_t (*finish)(struct db_cursor *cursor);
    /* Runs several statements of plain SQL text: migrations only. */
    enum err (*script)(struct db *db, const char *sql, struct fault *fault);
};

/* Which of a statement's two texts the connection reads. */
enum db_dialect { DB_DIALECT_SQLITE, DB_DIALECT_POSTGRES };

struct db {
    const struct db_engine *engine;
    enum db_dialect dialect;
    bool broken; /* the connection is lost; all it can still do is be closed */
};

extern const struct db_engine db_sqlite;
extern const struct db_engine db_postgres;

/* Opens by address: `postgresql://…` is PostgreSQL, anything else a path of an SQLite file (made when absent).
 * The caller owns the connection. */
enum err db_open(const char *where, struct db **ret_db, struct fault *fault);
void db_close(struct db **db);

/* Where connections come from, for those who open their own: an address, or a test's wrapped engine. */
struct db_source {
    enum err (*open)(void *context, struct db **ret_db, struct fault *fault);
    void *context;
};

/* Connections opened by address; `where` is not copied and must outlive the source. */
struct db_source db_source_at(const char *where);

/* In DB_READ all statements see one state of the database and changes are refused (ERR_BUG), as they are outside any
 * transaction. After a statement that failed only an undo or a rollback is left; a commit is ERR_BUG then. */
enum err db_begin(struct db *db, enum db_mode mode, struct fault *fault);
/* Ends the transaction whatever it returns; nothing of it is kept unless OK (or perhaps ERR_UNCERTAIN). */
enum err db_commit(struct db *db, struct fault *fault);
/* Also ends an open statement; does nothing when no transaction is open. */
void db_rollback(struct db *db);

/* Brings the schema to the newest version: the embedded files of sql/schema in order, each once, each in a transaction,
 * recorded in `schema_migration`. Two processes starting at once do not run one twice. */
enum err db_migrate(struct db *db, int *ret_applied, struct fault *fault);
/* ERR_CONFLICT when the database is not at the version of this program, or a file was edited after it was applied. */
enum err db_check_version(struct db *db, struct fault *fault);

/* A bounded set of read connections shared by request threads. */
struct db_pool;
enum err db_pool_open(const char *where, size_t size, struct db_pool **ret_pool, struct fault *fault);
enum err db_pool_open_from(struct db_source source, size_t size, struct db_pool **ret_pool, struct fault *fault);
/* All connections must have been given back. Accepts a pointer to NULL. */
void db_pool_close(struct db_pool **pool);
/* Waits until a connection is free. A broken connection is replaced by a new one (ERR_IO when that fails). */
enum err db_pool_take(struct db_pool *pool, struct db **ret_db, struct fault *fault);
/* Also rolls back what is still open on it. */
void db_pool_give(struct db_pool *pool, struct db *db);

/* Used by the generated functions in store/queries.h, not by hand.
 * db_run_one: runs a statement that gives at most one row, whose text is copied to `arena`; *ret_found says if it did.
 * db_run_exec: runs a statement without columns and gives the number of rows changed.
 * db_run_many: reads all rows (at most `max`; ERR_LIMIT past it) and calls `take` for each with its text in `arena`. */
enum err db_run_one(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                    struct arena *arena, struct db_value *columns, bool *ret_found, struct fault *fault);
enum err db_run_exec(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                     int64_t *ret_changed, struct fault *fault);
enum err db_run_many(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                     struct arena *arena, size_t max, void (*take)(void *context, const struct db_value *columns),
                     void *context, struct fault *fault);

#endif
