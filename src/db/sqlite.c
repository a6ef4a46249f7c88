/* The SQLite engine: one file, write-ahead log, every commit synced to disk.
 *
 * It is stricter than SQLite itself where PostgreSQL is: after a failed statement a transaction takes nothing but undo
 * and rollback, and changes are made only inside a DB_WRITE transaction. So a mistake shows on both engines. */
#include "db/db.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

enum {
    BUSY_TIMEOUT_MS = 5000, /* another process's commit is far shorter */
    OPEN_TRIES = 100,       /* switching a new file to WAL does not wait by itself */
    OPEN_PAUSE_MS = 20,
    CACHE_FIRST = 64
};

enum control { BEGIN_READ, BEGIN_WRITE, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, UNDO, CONTROL_COUNT };

static const char *const control_text[CONTROL_COUNT] = {
    [BEGIN_READ] = "BEGIN DEFERRED", [BEGIN_WRITE] = "BEGIN IMMEDIATE", [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",         [SAVEPOINT] = "SAVEPOINT s",       [RELEASE] = "RELEASE s",
    [UNDO] = "ROLLBACK TO s",
};

enum state { IDLE, READING, WRITING };

struct kept {
    const struct db_statement *statement;
    sqlite3_stmt *prepared;
};

struct db_cursor {
    struct sqlite_db *owner; /* NULL while the cursor is not in use */
    const struct db_statement *statement;
    sqlite3_stmt *prepared;
    bool at_end;
    int64_t count;
};

struct sqlite_db {
    struct db db;
    sqlite3 *handle;
    enum state state;
    bool failed; /* a statement of this transaction failed: only undo and rollback are left */
    struct db_cursor cursor;
    sqlite3_stmt *control[CONTROL_COUNT];
    struct kept *kept;
    int kept_size;
};

static struct sqlite_db *sqlite_of(struct db *db)
{
    assert(db->engine == &db_sqlite);
    return (struct sqlite_db *)db;
}

static enum err err_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return ERR_CONFLICT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return ERR_IO;
    default:
        return ERR_DB;
    }
}

/* Remembers and reports a failure; `doing` is a statement's name or an operation. */
static enum err fail(struct sqlite_db *sqlite, int code, const char *doing, struct fault *fault)
{
    int basic = code & 0xff;
    if (sqlite->state != IDLE)
        sqlite->failed = true;
    if (basic == SQLITE_IOERR || basic == SQLITE_CORRUPT || basic == SQLITE_NOTADB)
        sqlite->db.broken = true;
    return fault_set(fault, err_of(code), "%s: %s (%d)", doing, sqlite3_errmsg(sqlite->handle),
                     sqlite3_extended_errcode(sqlite->handle));
}

/* ---- statements that steer transactions ---- */

static int run_control(struct sqlite_db *sqlite, enum control control)
{
    sqlite3_stmt **prepared = &sqlite->control[control];
    if (*prepared == NULL) {
        int code = sqlite3_prepare_v3(sqlite->handle, control_text[control], -1, SQLITE_PREPARE_PERSISTENT, prepared,
                                      NULL);
        if (code != SQLITE_OK)
            return code;
    }
    int code = sqlite3_step(*prepared);
    sqlite3_reset(*prepared);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static enum err sqlite_begin(struct db *db, enum db_mode mode, struct fault *fault)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    if (sqlite->state != IDLE)
        return fault_set(fault, ERR_BUG, "begin: a transaction is open already");
    int code = run_control(sqlite, mode == DB_WRITE ? BEGIN_WRITE : BEGIN_READ);
    if (code != SQLITE_OK)
        return fail(sqlite, code, "begin", fault);
    sqlite->state = mode == DB_WRITE ? WRITING : READING;
    sqlite->failed = false;
    return OK;
}

static void end_cursor(struct db_cursor *cursor)
{
    if (cursor->owner == NULL)
        return;
    sqlite3_reset(cursor->prepared);
    sqlite3_clear_bindings(cursor->prepared);
    if (cursor->statement->id < 0)
        sqlite3_finalize(cursor->prepared);
    cursor->prepared = NULL;
    cursor->owner = NULL;
}

static void sqlite_rollback(struct db *db)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    end_cursor(&sqlite->cursor);
    /* Some failures (a full disk) have made SQLite roll back by itself. */
    if (!sqlite3_get_autocommit(sqlite->handle) && run_control(sqlite, ROLLBACK) != SQLITE_OK)
        sqlite->db.broken = true;
    sqlite->state = IDLE;
    sqlite->failed = false;
}

static enum err sqlite_commit(struct db *db, struct fault *fault)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    if (sqlite->state == IDLE || sqlite->failed || sqlite->cursor.owner != NULL) {
        sqlite_rollback(db);
        return fault_set(fault, ERR_BUG, "commit: no transaction, or a statement of it failed or is open; rolled back");
    }
    int code = run_control(sqlite, COMMIT);
    if (code == SQLITE_OK) {
        sqlite->state = IDLE;
        return OK;
    }
    enum err err = fail(sqlite, code, "commit", fault);
    /* The log may hold the whole transaction although its sync failed; a recovery would then find it. */
    if ((code & 0xff) == SQLITE_IOERR)
        err = fault_set(fault, ERR_UNCERTAIN, "commit: %s", sqlite3_errmsg(sqlite->handle));
    sqlite_rollback(db);
    return err;
}

static enum err step_savepoint(struct db *db, enum control control, const char *doing, struct fault *fault)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    if (sqlite->state == IDLE || sqlite->failed)
        return fault_set(fault, ERR_BUG, "%s: no transaction, or a statement of it failed", doing);
    int code = run_control(sqlite, control);
    return code == SQLITE_OK ? OK : fail(sqlite, code, doing, fault);
}

static enum err sqlite_savepoint(struct db *db, struct fault *fault)
{
    return step_savepoint(db, SAVEPOINT, "savepoint", fault);
}

static enum err sqlite_release(struct db *db, struct fault *fault)
{
    return step_savepoint(db, RELEASE, "release", fault);
}

static enum err sqlite_undo(struct db *db, struct fault *fault)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    end_cursor(&sqlite->cursor);
    sqlite->failed = false;
    enum err err = step_savepoint(db, UNDO, "undo", fault);
    return err != OK ? err : step_savepoint(db, RELEASE, "undo", fault);
}

/* ---- statements ---- */

static enum err check_shape(const struct db_statement *statement, sqlite3_stmt *prepared, struct fault *fault)
{
    int columns = sqlite3_column_count(prepared);
    int parameters = sqlite3_bind_parameter_count(prepared);
    if (columns == statement->column_count && parameters == statement->parameter_count)
        return OK;
    return fault_set(fault, ERR_BUG, "%s: %d columns and %d parameters, but %d and %d are declared", statement->name,
                     columns, parameters, statement->column_count, statement->parameter_count);
}

static enum err prepare(struct sqlite_db *sqlite, const struct db_statement *statement, sqlite3_stmt **ret_prepared,
                        struct fault *fault)
{
    unsigned flags = statement->id < 0 ? 0 : SQLITE_PREPARE_PERSISTENT;
    sqlite3_stmt *prepared;
    int code = sqlite3_prepare_v3(sqlite->handle, statement->sqlite, -1, flags, &prepared, NULL);
    if (code != SQLITE_OK)
        return fail(sqlite, code, statement->name, fault);
    enum err err = check_shape(statement, prepared, fault);
    if (err != OK) {
        sqlite3_finalize(prepared);
        return err;
    }
    *ret_prepared = prepared;
    return OK;
}

static void grow_kept(struct sqlite_db *sqlite, int id)
{
    int size = sqlite->kept_size == 0 ? CACHE_FIRST : sqlite->kept_size;
    while (size <= id)
        size *= 2;
    struct kept *kept = realloc(sqlite->kept, (size_t)size * sizeof *kept);
    if (kept == NULL)
        abort(); /* as everywhere: no memory ends the process */
    for (int i = sqlite->kept_size; i < size; i++)
        kept[i] = (struct kept){NULL, NULL};
    sqlite->kept = kept;
    sqlite->kept_size = size;
}

/* The prepared form from the cache, made on first use. */
static enum err prepared_of(struct sqlite_db *sqlite, const struct db_statement *statement, sqlite3_stmt **ret_prepared,
                            struct fault *fault)
{
    if (statement->id < 0)
        return prepare(sqlite, statement, ret_prepared, fault);
    if (statement->id >= sqlite->kept_size)
        grow_kept(sqlite, statement->id);
    struct kept *kept = &sqlite->kept[statement->id];
    if (kept->statement != statement) {
        sqlite3_stmt *prepared;
        enum err err = prepare(sqlite, statement, &prepared, fault);
        if (err != OK)
            return err;
        sqlite3_finalize(kept->prepared);
        *kept = (struct kept){statement, prepared};
    }
    *ret_prepared = kept->prepared;
    return OK;
}

/* The values are bound where they lie: the caller keeps them until the statement is finished. */
static int bind(sqlite3_stmt *prepared, int at, const struct db_value *value)
{
    const char *bytes = value->bytes.p == NULL ? "" : value->bytes.p;
    switch (value->type) {
    case DB_INT:
        return sqlite3_bind_int64(prepared, at, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(prepared, at, bytes, value->bytes.n, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(prepared, at, bytes, value->bytes.n, SQLITE_STATIC);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(prepared, at);
}

static enum err begin_statement(struct db_cursor *cursor, const struct db_value *parameters, struct fault *fault)
{
    struct sqlite_db *sqlite = cursor->owner;
    const struct db_statement *statement = cursor->statement;
    if (sqlite->state != WRITING && !sqlite3_stmt_readonly(cursor->prepared))
        return fault_set(fault, ERR_BUG, "%s: changes data outside a transaction for writing", statement->name);
    for (int i = 0; i < statement->parameter_count; i++) {
        int code = bind(cursor->prepared, i + 1, &parameters[i]);
        if (code != SQLITE_OK)
            return fail(sqlite, code, statement->name, fault);
    }
    if (statement->column_count > 0)
        return OK;
    int code = sqlite3_step(cursor->prepared);
    if (code != SQLITE_DONE)
        return fail(sqlite, code, statement->name, fault);
    cursor->at_end = true;
    cursor->count = sqlite3_changes64(sqlite->handle);
    return OK;
}

static enum err sqlite_start(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                             struct db_cursor **ret_cursor, struct fault *fault)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    struct db_cursor *cursor = &sqlite->cursor;
    if (cursor->owner != NULL)
        return fault_set(fault, ERR_BUG, "%s: %s is still open", statement->name, cursor->statement->name);
    if (sqlite->failed)
        return fault_set(fault, ERR_BUG, "%s: a statement of this transaction failed before", statement->name);
    sqlite3_stmt *prepared;
    enum err err = prepared_of(sqlite, statement, &prepared, fault);
    if (err != OK) {
        sqlite->failed = sqlite->state != IDLE;
        return err;
    }
    *cursor = (struct db_cursor){.owner = sqlite, .statement = statement, .prepared = prepared};
    err = begin_statement(cursor, parameters, fault);
    if (err != OK) {
        sqlite->failed = sqlite->state != IDLE;
        end_cursor(cursor);
        return err;
    }
    *ret_cursor = cursor;
    return OK;
}

static void read_column(sqlite3_stmt *prepared, int at, struct db_value *value)
{
    switch (sqlite3_column_type(prepared, at)) {
    case SQLITE_INTEGER:
        *value = (struct db_value){.type = DB_INT, .number = sqlite3_column_int64(prepared, at)};
        return;
    case SQLITE_BLOB:
        value->type = DB_BLOB;
        value->bytes.p = sqlite3_column_blob(prepared, at);
        break;
    case SQLITE_NULL:
        *value = (struct db_value){.type = DB_NULL};
        return;
    default: /* a fraction reads as text, which no statement that promises an integer accepts */
        value->type = DB_TEXT;
        value->bytes.p = (const char *)sqlite3_column_text(prepared, at);
        break;
    }
    value->bytes.n = (size_t)sqlite3_column_bytes(prepared, at);
    if (value->bytes.p == NULL)
        value->bytes.p = ""; /* an empty blob has no address */
}

static enum err sqlite_next(struct db_cursor *cursor, struct db_value *columns, bool *ret_row, struct fault *fault)
{
    assert(cursor->owner != NULL);
    if (cursor->at_end) {
        *ret_row = false;
        return OK;
    }
    int code = sqlite3_step(cursor->prepared);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail(cursor->owner, code, cursor->statement->name, fault);
    cursor->at_end = code == SQLITE_DONE;
    if (!cursor->at_end) {
        cursor->count++;
        for (int i = 0; i < cursor->statement->column_count; i++)
            read_column(cursor->prepared, i, &columns[i]);
    }
    *ret_row = !cursor->at_end;
    return OK;
}

static int64_t sqlite_finish(struct db_cursor *cursor)
{
    if (cursor == NULL)
        return 0;
    int64_t count = cursor->count;
    end_cursor(cursor);
    return count;
}

static enum err sqlite_script(struct db *db, const char *sql, struct fault *fault)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    int code = sqlite3_exec(sqlite->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : fail(sqlite, code, "script", fault);
}

/* ---- opening and closing ---- */

static const char *const settings =
    "PRAGMA synchronous = FULL;"        /* a commit that was told to the caller survives a power cut */
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA case_sensitive_like = ON;"  /* as PostgreSQL; searches use folded columns */
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -8000;"        /* 8 MB a connection */
    "PRAGMA mmap_size = 67108864;"
    "PRAGMA journal_size_limit = 67108864;";

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_sec = 0, .tv_nsec = ms * 1000000};
    nanosleep(&pause, NULL);
}

/* Two processes that open a new file at once meet here, and SQLite answers «busy» without waiting. */
static int set_wal(sqlite3 *handle)
{
    int code = SQLITE_BUSY;
    for (int i = 0; i < OPEN_TRIES && (code & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0)
            pause_ms(OPEN_PAUSE_MS);
        code = sqlite3_exec(handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
    return code;
}

static int set_up(sqlite3 *handle)
{
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, BUSY_TIMEOUT_MS);
    /* "x" is a name and never a text, as in PostgreSQL. */
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    int code = set_wal(handle);
    return code != SQLITE_OK ? code : sqlite3_exec(handle, settings, NULL, NULL, NULL);
}

static enum err sqlite_open(const char *where, struct db **ret_db, struct fault *fault)
{
    sqlite3 *handle = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(where, &handle, flags, NULL);
    if (code == SQLITE_OK)
        code = set_up(handle);
    if (code != SQLITE_OK) {
        enum err err = fault_set(fault, err_of(code), "open %s: %s", where,
                                 handle != NULL ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
        sqlite3_close_v2(handle);
        return err;
    }
    struct sqlite_db *sqlite = calloc(1, sizeof *sqlite);
    if (sqlite == NULL)
        abort();
    sqlite->db.engine = &db_sqlite;
    sqlite->db.dialect = DB_DIALECT_SQLITE;
    sqlite->handle = handle;
    *ret_db = &sqlite->db;
    return OK;
}

static void sqlite_close(struct db *db)
{
    struct sqlite_db *sqlite = sqlite_of(db);
    sqlite_rollback(db);
    for (int i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(sqlite->control[i]);
    for (int i = 0; i < sqlite->kept_size; i++)
        sqlite3_finalize(sqlite->kept[i].prepared);
    free(sqlite->kept);
    sqlite3_close_v2(sqlite->handle);
    free(sqlite);
}

const struct db_engine db_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .release = sqlite_release,
    .undo = sqlite_undo,
    .start = sqlite_start,
    .next = sqlite_next,
    .finish = sqlite_finish,
    .script = sqlite_script,
};
