/* The PostgreSQL engine, over libpq in pipeline mode.
 *
 * What steers a transaction (BEGIN, SAVEPOINT, RELEASE, undo) is not sent by itself but together with the next
 * statement, so that a command of the writer costs one round trip; only a commit, a rollback and a statement wait for
 * the server. Reading transactions see one snapshot, as SQLite's do; writing ones are READ COMMITTED, where a
 * conditional UPDATE sees the row as it is. Outside a transaction for writing the server itself refuses changes.
 *
 * Several cursors may not be open at once. A connection that the server closed while it was idle (a restart) is opened
 * again by begin; one lost inside a transaction is `broken`. */
#include "db/db.h"

#include <assert.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres_wire.h"

enum { MAX_PENDING = 8, MAX_PARAMETERS = 64, PREPARED_FIRST = 64, NAME_SIZE = 16 };

enum state { IDLE, READING, WRITING };

static const char *const savepoint_text = "SAVEPOINT s";
static const char *const release_text = "RELEASE SAVEPOINT s";

struct db_cursor {
    struct postgres_db *owner; /* NULL while the cursor is not in use */
    const struct db_statement *statement;
    PGresult *result;
    int row;
    int64_t count;
};

struct postgres_db {
    struct db db;
    PGconn *link;
    char *where;
    enum state state;
    bool failed;  /* a statement of this transaction failed: only undo and rollback are left */
    bool started; /* the server knows of this transaction */
    const char *pending[MAX_PENDING]; /* to be sent before the next statement */
    int pending_count;
    const struct db_statement **prepared; /* by id: what the server has prepared under that number */
    int prepared_size;
    struct db_cursor cursor;
};

static struct postgres_db *postgres_of(struct db *db)
{
    assert(db->engine == &db_postgres);
    return (struct postgres_db *)db;
}

/* ---- errors ---- */

static enum err err_of(const char *state)
{
    if (strncmp(state, "23", 2) == 0)
        return ERR_CONFLICT;
    if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0 || strcmp(state, "55P03") == 0)
        return ERR_BUSY; /* serialisation, deadlock, lock time-out */
    if (strcmp(state, "25006") == 0)
        return ERR_BUG; /* changes data where only reading is allowed */
    if (strncmp(state, "53", 2) == 0 || strncmp(state, "57", 2) == 0 || strncmp(state, "58", 2) == 0 ||
        strncmp(state, "08", 2) == 0)
        return ERR_IO; /* resources, shutdown, time-out, system, connection */
    return ERR_DB;
}

/* 26000 and 0A000: what was prepared is gone or outdated, so the connection must begin afresh. */
static bool needs_new_link(const char *state)
{
    return strncmp(state, "57P", 3) == 0 || strncmp(state, "08", 2) == 0 || strcmp(state, "26000") == 0 ||
           strcmp(state, "0A000") == 0;
}

static enum err fail_link(struct postgres_db *pg, const char *doing, struct fault *fault)
{
    pg->db.broken = true;
    pg->failed = pg->state != IDLE;
    return fault_set(fault, ERR_IO, "%s: connection lost: %.160s", doing, PQerrorMessage(pg->link));
}

/* The server's primary message and the constraint's name; its detail would show customers' data. */
static enum err fail_result(struct postgres_db *pg, const PGresult *result, const char *doing, struct fault *fault)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (state == NULL || PQstatus(pg->link) == CONNECTION_BAD)
        return fail_link(pg, doing, fault);
    bool fatal = severity != NULL && strcmp(severity, "ERROR") != 0; /* the server hangs up after it */
    if (fatal || needs_new_link(state))
        pg->db.broken = true;
    pg->failed = pg->state != IDLE;
    enum err err = fatal ? ERR_IO : err_of(state);
    return fault_set(fault, err, "%s: %s (%s)", doing, message == NULL ? "?" : message, state);
}

/* ---- one exchange with the server: what is pending, then a statement or a command ---- */

struct call {
    const struct db_statement *statement;
    const struct db_value *parameters;
    const char *command; /* when there is no statement; NULL: only what is pending */
    bool prepares;       /* this call also prepares the statement */
};

static void statement_name(char name[NAME_SIZE], const struct db_statement *statement)
{
    snprintf(name, NAME_SIZE, "q%d", statement->id);
}

static bool is_prepared(const struct postgres_db *pg, const struct db_statement *statement)
{
    return statement->id < pg->prepared_size && pg->prepared[statement->id] == statement;
}

/* Numbers taken by another statement of the same id (two generated sets in one program) run unprepared. */
static bool can_prepare(const struct postgres_db *pg, const struct db_statement *statement)
{
    return statement->id >= 0 && (statement->id >= pg->prepared_size || pg->prepared[statement->id] == NULL ||
                                  pg->prepared[statement->id] == statement);
}

static void remember_prepared(struct postgres_db *pg, const struct db_statement *statement)
{
    int size = pg->prepared_size == 0 ? PREPARED_FIRST : pg->prepared_size;
    while (size <= statement->id)
        size *= 2;
    if (size > pg->prepared_size) {
        const struct db_statement **prepared = realloc(pg->prepared, (size_t)size * sizeof(*prepared));
        if (prepared == NULL)
            abort(); /* as everywhere: no memory ends the process */
        for (int i = pg->prepared_size; i < size; i++)
            prepared[i] = NULL;
        pg->prepared = prepared;
        pg->prepared_size = size;
    }
    pg->prepared[statement->id] = statement;
}

static void parameter_types(const struct db_statement *statement, Oid types[MAX_PARAMETERS])
{
    for (int i = 0; i < statement->parameter_count; i++)
        types[i] = statement->parameter_types[i] == DB_INT    ? WIRE_INT8
                   : statement->parameter_types[i] == DB_BLOB ? WIRE_BYTEA
                                                              : WIRE_TEXT;
}

struct wire_parameters {
    const char *values[MAX_PARAMETERS];
    int lengths[MAX_PARAMETERS];
    int formats[MAX_PARAMETERS];
    unsigned char numbers[MAX_PARAMETERS][8];
};

static void wire_parameters(const struct call *call, struct wire_parameters *wire)
{
    for (int i = 0; i < call->statement->parameter_count; i++) {
        const struct db_value *value = &call->parameters[i];
        wire->formats[i] = 1;
        if (value->type == DB_NULL) {
            wire->values[i] = NULL;
            wire->lengths[i] = 0;
        } else if (value->type == DB_INT) {
            wire_put_int8(wire->numbers[i], value->number);
            wire->values[i] = (const char *)wire->numbers[i];
            wire->lengths[i] = 8;
        } else {
            wire->values[i] = value->bytes.p == NULL ? "" : value->bytes.p;
            wire->lengths[i] = (int)value->bytes.n;
        }
    }
}

static bool send_statement(struct postgres_db *pg, struct call *call)
{
    const struct db_statement *statement = call->statement;
    Oid types[MAX_PARAMETERS];
    struct wire_parameters wire;
    char name[NAME_SIZE];
    wire_parameters(call, &wire);
    parameter_types(statement, types);
    int n = statement->parameter_count;
    if (!can_prepare(pg, statement))
        return PQsendQueryParams(pg->link, statement->postgres, n, types, wire.values, wire.lengths, wire.formats,
                                 1) == 1;
    statement_name(name, statement);
    call->prepares = !is_prepared(pg, statement);
    if (call->prepares && PQsendPrepare(pg->link, name, statement->postgres, n, types) != 1)
        return false;
    return PQsendQueryPrepared(pg->link, name, n, wire.values, wire.lengths, wire.formats, 1) == 1;
}

static bool send_command(struct postgres_db *pg, const char *command)
{
    return PQsendQueryParams(pg->link, command, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

static bool send_call(struct postgres_db *pg, struct call *call)
{
    for (int i = 0; i < pg->pending_count; i++)
        if (!send_command(pg, pg->pending[i]))
            return false;
    if (call->statement != NULL && !send_statement(pg, call))
        return false;
    if (call->command != NULL && !send_command(pg, call->command))
        return false;
    return PQpipelineSync(pg->link) == 1;
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Reads one answer and the NULL behind it; NULL when the connection is lost. */
static PGresult *read_answer(struct postgres_db *pg)
{
    PGresult *result = PQgetResult(pg->link);
    if (result == NULL)
        return NULL;
    PGresult *more;
    while ((more = PQgetResult(pg->link)) != NULL)
        PQclear(more);
    return result;
}

/* The pipeline's end; false when the connection is lost. */
static bool read_sync(struct postgres_db *pg)
{
    for (;;) {
        PGresult *result = PQgetResult(pg->link);
        if (result == NULL) {
            if (PQstatus(pg->link) == CONNECTION_BAD)
                return false;
            result = PQgetResult(pg->link);
            if (result == NULL)
                return false;
        }
        bool sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
        if (sync)
            return true;
    }
}

/* Reads the answers of `count` messages. The first bad one becomes the error; the last good one the result. */
static enum err read_answers(struct postgres_db *pg, const struct call *call, int count, const char *doing,
                             PGresult **ret_result, struct fault *fault)
{
    enum err err = OK;
    PGresult *last = NULL;
    for (int i = 0; i < count && err == OK; i++) {
        PQclear(last);
        last = read_answer(pg);
        if (last == NULL)
            err = fail_link(pg, doing, fault);
        else if (!is_good(last))
            err = fail_result(pg, last, doing, fault);
        else if (call->prepares && i == count - 2)
            remember_prepared(pg, call->statement);
        if (err == OK && i < pg->pending_count)
            pg->started = true;
    }
    if (PQstatus(pg->link) != CONNECTION_OK || !read_sync(pg)) {
        pg->db.broken = true;
        err = err != OK ? err : fail_link(pg, doing, fault);
    }
    if (err != OK) {
        PQclear(last);
        return err;
    }
    *ret_result = last;
    return OK;
}

static enum err exchange(struct postgres_db *pg, struct call *call, const char *doing, PGresult **ret_result,
                         struct fault *fault)
{
    if (pg->db.broken)
        return fault_set(fault, ERR_IO, "%s: the connection was lost before", doing);
    if (!send_call(pg, call))
        return fail_link(pg, doing, fault);
    int count = pg->pending_count + call->prepares + (call->statement != NULL) + (call->command != NULL);
    enum err err = read_answers(pg, call, count, doing, ret_result, fault);
    pg->pending_count = 0;
    return err;
}

static enum err exchange_command(struct postgres_db *pg, const char *command, const char *doing, struct fault *fault)
{
    PGresult *result = NULL;
    enum err err = exchange(pg, &(struct call){.command = command}, doing, &result, fault);
    if (err == OK)
        PQclear(result);
    return err;
}

/* ---- transactions ---- */

static enum err later(struct postgres_db *pg, const char *command, struct fault *fault)
{
    if (pg->pending_count == MAX_PENDING) {
        enum err err = exchange_command(pg, NULL, command, fault);
        if (err != OK)
            return err;
    }
    pg->pending[pg->pending_count++] = command;
    return OK;
}

static void end_cursor(struct db_cursor *cursor)
{
    PQclear(cursor->result);
    cursor->result = NULL;
    cursor->owner = NULL;
}

static enum err connect_link(struct postgres_db *pg, struct fault *fault);

/* An idle connection has nothing to say, unless the server closed it or told something: then ask whether it lives. */
static enum err revive(struct postgres_db *pg, struct fault *fault)
{
    struct pollfd wait = {.fd = PQsocket(pg->link), .events = POLLIN};
    if (poll(&wait, 1, 0) == 0)
        return OK;
    if (exchange_command(pg, "SELECT 1", "ping", fault) == OK)
        return OK;
    return connect_link(pg, fault);
}

static enum err postgres_begin(struct db *db, enum db_mode mode, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    if (pg->state != IDLE)
        return fault_set(fault, ERR_BUG, "begin: a transaction is open already");
    if (pg->db.broken)
        return fault_set(fault, ERR_IO, "begin: the connection was lost before");
    enum err err = revive(pg, fault);
    if (err != OK)
        return err;
    pg->pending[pg->pending_count++] =
        mode == DB_WRITE ? "BEGIN READ WRITE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    pg->state = mode == DB_WRITE ? WRITING : READING;
    pg->failed = false;
    pg->started = false;
    return OK;
}

static void end_transaction(struct postgres_db *pg)
{
    end_cursor(&pg->cursor);
    pg->pending_count = 0;
    pg->state = IDLE;
    pg->failed = false;
    pg->started = false;
}

static void postgres_rollback(struct db *db)
{
    struct postgres_db *pg = postgres_of(db);
    end_cursor(&pg->cursor);
    /* What is pending need not be sent any more. A failed BEGIN leaves nothing open either, and ROLLBACK minds not. */
    bool open = pg->state != IDLE && (pg->started || pg->failed) && !pg->db.broken;
    pg->pending_count = 0;
    if (open && exchange_command(pg, "ROLLBACK", "rollback", NULL) != OK)
        pg->db.broken = true;
    end_transaction(pg);
}

static enum err send_commit(struct postgres_db *pg, struct fault *fault)
{
    PGresult *result = NULL;
    enum err err = exchange(pg, &(struct call){.command = "COMMIT"}, "commit", &result, fault);
    if (err == OK) {
        /* The server answers a COMMIT of a failed transaction with «ROLLBACK», without an error. */
        if (strcmp(PQcmdStatus(result), "COMMIT") != 0)
            err = fault_set(fault, ERR_DB, "commit: the server rolled back");
        PQclear(result);
    } else if (pg->db.broken) {
        err = fault_set(fault, ERR_UNCERTAIN, "commit: the connection was lost meanwhile");
    }
    return err;
}

static enum err postgres_commit(struct db *db, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    if (pg->state == IDLE || pg->failed || pg->cursor.owner != NULL) {
        postgres_rollback(db);
        return fault_set(fault, ERR_BUG, "commit: no transaction, or a statement of it failed or is open; rolled back");
    }
    if (pg->db.broken) {
        postgres_rollback(db);
        return fault_set(fault, ERR_IO, "commit: the connection was lost before");
    }
    enum err err = pg->started ? send_commit(pg, fault) : OK;
    /* After an error the server has ended the transaction; a refused RELEASE before it may have left it open. */
    if (err != OK && !pg->db.broken)
        postgres_rollback(db);
    end_transaction(pg);
    return err;
}

static enum err check_open(const struct postgres_db *pg, const char *doing, struct fault *fault)
{
    if (pg->state == IDLE || pg->failed)
        return fault_set(fault, ERR_BUG, "%s: no transaction, or a statement of it failed", doing);
    return OK;
}

static enum err postgres_savepoint(struct db *db, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    enum err err = check_open(pg, "savepoint", fault);
    return err != OK ? err : later(pg, savepoint_text, fault);
}

/* A savepoint that was not even sent needs no end. */
static bool forget_savepoint(struct postgres_db *pg)
{
    bool unsent = pg->pending_count > 0 && pg->pending[pg->pending_count - 1] == savepoint_text;
    pg->pending_count -= unsent;
    return unsent;
}

static enum err postgres_release(struct db *db, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    enum err err = check_open(pg, "release", fault);
    if (err != OK || forget_savepoint(pg))
        return err;
    return later(pg, release_text, fault);
}

static enum err postgres_undo(struct db *db, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    end_cursor(&pg->cursor);
    if (pg->db.broken)
        return fault_set(fault, ERR_IO, "undo: the connection was lost before");
    pg->failed = false;
    enum err err = check_open(pg, "undo", fault);
    if (err != OK || forget_savepoint(pg))
        return err;
    err = later(pg, "ROLLBACK TO SAVEPOINT s", fault);
    return err != OK ? err : later(pg, release_text, fault);
}

/* ---- statements ---- */

static enum err check_result(const struct db_statement *statement, const PGresult *result, struct fault *fault)
{
    int columns = PQnfields(result);
    if (columns == statement->column_count)
        return OK;
    return fault_set(fault, ERR_BUG, "%s: %d columns, but %d are declared", statement->name, columns,
                     statement->column_count);
}

static int64_t changed_rows(PGresult *result)
{
    int64_t changed;
    return str_int(str_of(PQcmdTuples(result)), &changed) ? changed : 0;
}

static enum err postgres_start(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                               struct db_cursor **ret_cursor, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    struct db_cursor *cursor = &pg->cursor;
    if (cursor->owner != NULL)
        return fault_set(fault, ERR_BUG, "%s: %s is still open", statement->name, cursor->statement->name);
    if (pg->failed)
        return fault_set(fault, ERR_BUG, "%s: a statement of this transaction failed before", statement->name);
    if (statement->parameter_count > MAX_PARAMETERS)
        return fault_set(fault, ERR_BUG, "%s: more than %d parameters", statement->name, MAX_PARAMETERS);
    PGresult *result = NULL;
    struct call call = {.statement = statement, .parameters = parameters};
    enum err err = exchange(pg, &call, statement->name, &result, fault);
    if (err != OK)
        return err;
    err = check_result(statement, result, fault);
    if (err != OK) {
        pg->failed = pg->state != IDLE;
        PQclear(result);
        return err;
    }
    int64_t count = statement->column_count > 0 ? 0 : changed_rows(result);
    *cursor = (struct db_cursor){.owner = pg, .statement = statement, .result = result, .count = count};
    *ret_cursor = cursor;
    return OK;
}

static enum err read_column(const struct db_cursor *cursor, int at, struct db_value *value, struct fault *fault)
{
    const PGresult *result = cursor->result;
    if (PQgetisnull(result, cursor->row, at)) {
        *value = (struct db_value){.type = DB_NULL};
        return OK;
    }
    size_t size = (size_t)PQgetlength(result, cursor->row, at);
    unsigned type = PQftype(result, at);
    if (wire_get(type, PQgetvalue(result, cursor->row, at), size, value))
        return OK;
    cursor->owner->failed = cursor->owner->state != IDLE;
    return fault_set(fault, ERR_DB, "%s: column %d of type %u cannot be read", cursor->statement->name, at + 1, type);
}

static enum err postgres_next(struct db_cursor *cursor, struct db_value *columns, bool *ret_row, struct fault *fault)
{
    assert(cursor->owner != NULL);
    if (cursor->row == PQntuples(cursor->result)) {
        *ret_row = false;
        return OK;
    }
    for (int i = 0; i < cursor->statement->column_count; i++) {
        enum err err = read_column(cursor, i, &columns[i], fault);
        if (err != OK)
            return err;
    }
    cursor->row++;
    cursor->count++;
    *ret_row = true;
    return OK;
}

static int64_t postgres_finish(struct db_cursor *cursor)
{
    if (cursor == NULL)
        return 0;
    int64_t count = cursor->count;
    end_cursor(cursor);
    return count;
}

static enum err postgres_script(struct db *db, const char *sql, struct fault *fault)
{
    struct postgres_db *pg = postgres_of(db);
    enum err err = exchange_command(pg, NULL, "script", fault);
    if (err != OK)
        return err;
    /* Several statements in one text are not for pipelines. */
    if (PQexitPipelineMode(pg->link) != 1)
        return fail_link(pg, "script", fault);
    PGresult *result = PQexec(pg->link, sql);
    if (!is_good(result))
        err = fail_result(pg, result, "script", fault);
    PQclear(result);
    if (PQenterPipelineMode(pg->link) != 1 && err == OK)
        err = fail_link(pg, "script", fault);
    return err;
}

/* ---- opening and closing ---- */

/* Bounds for everything that could wait for ever. What commits is synchronous as the server is configured. */
static const char *const settings = "SET statement_timeout = '30s';"
                                    "SET lock_timeout = '5s';"
                                    "SET idle_in_transaction_session_timeout = '60s';"
                                    "SET default_transaction_isolation = 'read committed';"
                                    "SET default_transaction_read_only = on;"
                                    "SET standard_conforming_strings = on;"
                                    "SET client_min_messages = warning;"
                                    "SET timezone = 'UTC';"
                                    "SET jit = off";

static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static PGconn *dial(const char *where)
{
    static const char *const keywords[] = {"fallback_application_name", "connect_timeout", "client_encoding",
                                           "keepalives_idle", "keepalives_interval", "keepalives_count",
                                           "tcp_user_timeout", "dbname", NULL};
    const char *values[] = {"guichet", "5", "UTF8", "10", "5", "3", "30000", where, NULL};
    return PQconnectdbParams(keywords, values, 1);
}

/* Connects, or connects again: nothing is prepared on a new connection. */
static enum err connect_link(struct postgres_db *pg, struct fault *fault)
{
    PQfinish(pg->link);
    pg->link = dial(pg->where);
    pg->pending_count = 0;
    for (int i = 0; i < pg->prepared_size; i++)
        pg->prepared[i] = NULL;
    pg->db.broken = true;
    if (PQstatus(pg->link) != CONNECTION_OK)
        return fault_set(fault, ERR_IO, "open: %.200s", PQerrorMessage(pg->link));
    PQsetNoticeReceiver(pg->link, ignore_notice, NULL);
    PGresult *result = PQexec(pg->link, settings);
    bool good = is_good(result);
    PQclear(result);
    if (!good || PQenterPipelineMode(pg->link) != 1)
        return fault_set(fault, ERR_IO, "open: %.200s", PQerrorMessage(pg->link));
    pg->db.broken = false;
    return OK;
}

static void postgres_close(struct db *db)
{
    struct postgres_db *pg = postgres_of(db);
    end_cursor(&pg->cursor);
    PQfinish(pg->link); /* the server rolls back what is open */
    free(pg->prepared);
    free(pg->where);
    free(pg);
}

static enum err postgres_open(const char *where, struct db **ret_db, struct fault *fault)
{
    struct postgres_db *pg = calloc(1, sizeof *pg);
    char *copy = strdup(where);
    if (pg == NULL || copy == NULL)
        abort();
    pg->db.engine = &db_postgres;
    pg->db.dialect = DB_DIALECT_POSTGRES;
    pg->where = copy;
    enum err err = connect_link(pg, fault);
    if (err != OK) {
        postgres_close(&pg->db);
        return err;
    }
    *ret_db = &pg->db;
    return OK;
}

const struct db_engine db_postgres = {
    .name = "postgres",
    .open = postgres_open,
    .close = postgres_close,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .savepoint = postgres_savepoint,
    .release = postgres_release,
    .undo = postgres_undo,
    .start = postgres_start,
    .next = postgres_next,
    .finish = postgres_finish,
    .script = postgres_script,
};
