/* Brings a database to the newest schema, each file of sql/schema once, whoever else is doing the same.
 *
 * Every file runs in a transaction of its own that first takes the one lock for migrations (SQLite's write lock, an
 * advisory lock in PostgreSQL) and then looks which files are recorded; so a second process finds them done. */
#include "db/db.h"

#include <inttypes.h>
#include <time.h>

#include "db/schema.h"
#include "db/values.h"

enum { MAX_TRIES = 20, PAUSE_MS = 100, MAX_MIGRATIONS = 9999 };

static const enum db_type int_types[] = {DB_INT, DB_TEXT, DB_INT};
static const enum db_type applied_types[] = {DB_INT, DB_INT};

static const struct db_statement statement_lock = {
    .name = "migration_lock",
    .sqlite = "SELECT 1", /* BEGIN IMMEDIATE is the lock */
    .postgres = "SELECT 1 FROM pg_advisory_xact_lock(7594306219401)",
    .id = -1,
    .column_count = 1,
    .column_types = int_types,
};

static const struct db_statement statement_exists = {
    .name = "migration_exists",
    .sqlite = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
    .postgres = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_migration')",
    .id = -1,
    .column_count = 1,
    .column_types = int_types,
};

static const struct db_statement statement_applied = {
    .name = "migration_applied",
    .sqlite = "SELECT version, sum FROM schema_migration ORDER BY version",
    .postgres = "SELECT version, sum FROM schema_migration ORDER BY version",
    .id = -1,
    .column_count = 2,
    .column_types = applied_types,
};

static const struct db_statement statement_record = {
    .name = "migration_record",
    .sqlite = "INSERT INTO schema_migration (version, name, sum) VALUES (?1, ?2, ?3)",
    .postgres = "INSERT INTO schema_migration (version, name, sum) VALUES ($1, $2, $3)",
    .id = -1,
    .parameter_count = 3,
    .parameter_types = int_types,
};

static const char *const make_table =
    "CREATE TABLE IF NOT EXISTS schema_migration "
    "(version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, sum BIGINT NOT NULL)";

/* A migration may take longer than a request may, and wait longer for its lock. */
static const char *const patience[] = {
    [DB_DIALECT_SQLITE] = "",
    [DB_DIALECT_POSTGRES] = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'",
};

/* What the record says, compared with this program's files as it is read. */
struct record {
    int applied;
    const char *mismatch; /* the first file that is not what was applied */
    bool newer;           /* the database knows versions that this program does not */
};

static void compare_applied(void *context, const struct db_value *columns)
{
    struct record *record = context;
    int at = record->applied++;
    if (at >= db_schema_file_count)
        record->newer = true;
    else if (record->mismatch == NULL &&
             (columns[0].number != db_schema_files[at].version || columns[1].number != db_schema_files[at].sum))
        record->mismatch = db_schema_files[at].name;
}

static enum err read_record(struct db *db, struct arena *arena, struct record *ret_record, struct fault *fault)
{
    struct record record = {.applied = 0};
    enum err err = db_run_many(db, &statement_applied, NULL, arena, MAX_MIGRATIONS, compare_applied, &record, fault);
    if (err != OK)
        return err;
    if (record.newer)
        return fault_set(fault, ERR_CONFLICT, "the database is at version %d, this program at %d", record.applied,
                         db_schema_file_count);
    if (record.mismatch != NULL)
        return fault_set(fault, ERR_CONFLICT, "the schema file %s was changed after it was applied",
                         record.mismatch);
    *ret_record = record;
    return OK;
}

static enum err take_lock(struct db *db, struct arena *arena, struct fault *fault)
{
    struct db_value column;
    bool found;
    enum err err = db->engine->script(db, patience[db->dialect], fault);
    if (err == OK)
        err = db_run_one(db, &statement_lock, NULL, arena, &column, &found, fault);
    if (err == OK)
        err = db->engine->script(db, make_table, fault);
    return err;
}

static enum err apply_file(struct db *db, const struct db_schema_file *file, struct fault *fault)
{
    const struct db_value parameters[] = {db_put_int(file->version), db_put_text(str_of(file->name)),
                                          db_put_int(file->sum)};
    const char *sql = db->dialect == DB_DIALECT_POSTGRES ? file->postgres : file->sqlite;
    enum err err = db->engine->script(db, sql, fault);
    return err != OK ? err : db_run_exec(db, &statement_record, parameters, NULL, fault);
}

/* Inside a transaction: applies the next file, if one is left. */
static enum err apply_next(struct db *db, struct arena *arena, bool *ret_applied, struct fault *fault)
{
    struct record record;
    enum err err = take_lock(db, arena, fault);
    if (err == OK)
        err = read_record(db, arena, &record, fault);
    if (err != OK)
        return err;
    bool left = record.applied < db_schema_file_count;
    if (left)
        err = apply_file(db, &db_schema_files[record.applied], fault);
    if (err == OK)
        *ret_applied = left;
    return err;
}

static enum err migrate_step(struct db *db, struct arena *arena, bool *ret_applied, struct fault *fault)
{
    bool applied;
    enum err err = db_begin(db, DB_WRITE, fault);
    if (err != OK)
        return err;
    err = apply_next(db, arena, &applied, fault);
    if (err == OK)
        err = db_commit(db, fault);
    else
        db_rollback(db);
    if (err == OK)
        *ret_applied = applied;
    return err;
}

static void pause_a_while(void)
{
    struct timespec pause = {.tv_sec = 0, .tv_nsec = PAUSE_MS * 1000000L};
    nanosleep(&pause, NULL);
}

enum err db_migrate(struct db *db, int *ret_applied, struct fault *fault)
{
    struct arena *arena = arena_new();
    enum err err = OK;
    int applied = 0, tries = 0;
    for (bool more = true; more && err == OK;) {
        err = migrate_step(db, arena, &more, fault);
        if (err == ERR_BUSY && ++tries < MAX_TRIES) {
            pause_a_while();
            err = OK;
        } else if (err == OK) {
            applied += more;
        }
    }
    arena_free(&arena);
    if (err == OK && ret_applied != NULL)
        *ret_applied = applied;
    return err;
}

static enum err check_record(struct db *db, struct arena *arena, struct fault *fault)
{
    struct db_value exists;
    bool found;
    struct record record = {.applied = 0};
    enum err err = db_run_one(db, &statement_exists, NULL, arena, &exists, &found, fault);
    if (err == OK && found && exists.number > 0)
        err = read_record(db, arena, &record, fault);
    if (err == OK && record.applied < db_schema_file_count)
        err = fault_set(fault, ERR_CONFLICT, "the database is at version %d, this program needs %d: migrate it",
                        record.applied, db_schema_file_count);
    return err;
}

enum err db_check_version(struct db *db, struct fault *fault)
{
    enum err err = db_begin(db, DB_READ, fault);
    if (err != OK)
        return err;
    struct arena *arena = arena_new();
    err = check_record(db, arena, fault);
    arena_free(&arena);
    db_rollback(db);
    return err;
}
