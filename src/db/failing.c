/* The failing engine. It adds nothing of its own: where the plan says nothing it passes every call on. */
#include "db/failing.h"

#include <assert.h>
#include <stdlib.h>

struct db_cursor {
    struct failing_db *owner;
    struct db_cursor *inner;
};

struct failing_db {
    struct db db;
    struct db *inner;
    struct fail_plan *plan;
    bool failed; /* a spoilt statement fails the transaction, as a real one does */
    bool open;
    struct db_cursor cursor;
};

static const struct db_engine db_failing;

static struct failing_db *failing_of(struct db *db)
{
    assert(db->engine == &db_failing);
    return (struct failing_db *)db;
}

static bool is_spoilt(struct fail_plan *plan, enum fail_operation operation)
{
    if (plan->operation != operation && plan->operation != FAIL_ANY)
        return false;
    int64_t seen = ++plan->seen;
    return seen >= plan->nth && seen < plan->nth + (plan->times == 0 ? 1 : plan->times);
}

static enum err spoil(struct failing_db *failing, struct fault *fault)
{
    failing->failed = failing->open;
    if (failing->plan->breaks) {
        db_rollback(failing->inner);
        failing->db.broken = true;
    }
    return fault_set(fault, failing->plan->err, "failed on purpose");
}

/* What the inner connection has become is also what this one has become. */
static enum err pass(struct failing_db *failing, enum err err)
{
    failing->db.broken = failing->db.broken || failing->inner->broken;
    return err;
}

static enum err check_whole(const struct failing_db *failing, struct fault *fault)
{
    if (failing->db.broken)
        return fault_set(fault, ERR_IO, "the connection was lost before, on purpose");
    if (failing->failed)
        return fault_set(fault, ERR_BUG, "a statement of this transaction failed before");
    return OK;
}

static enum err failing_open(const char *where, struct db **ret_db, struct fault *fault)
{
    (void)where;
    (void)ret_db;
    return fault_set(fault, ERR_BUG, "a failing connection is made by wrapping another");
}

static void failing_close(struct db *db)
{
    struct failing_db *failing = failing_of(db);
    db_close(&failing->inner);
    free(failing);
}

static enum err failing_begin(struct db *db, enum db_mode mode, struct fault *fault)
{
    struct failing_db *failing = failing_of(db);
    enum err err = check_whole(failing, fault);
    if (err != OK)
        return err;
    if (is_spoilt(failing->plan, FAIL_BEGIN))
        return spoil(failing, fault);
    err = pass(failing, db_begin(failing->inner, mode, fault));
    failing->open = failing->open || err == OK;
    return err;
}

static void failing_rollback(struct db *db)
{
    struct failing_db *failing = failing_of(db);
    db_rollback(failing->inner);
    failing->failed = false;
    failing->open = false;
}

static enum err failing_commit(struct db *db, struct fault *fault)
{
    struct failing_db *failing = failing_of(db);
    enum err err = check_whole(failing, fault);
    bool spoilt = err == OK && is_spoilt(failing->plan, FAIL_COMMIT);
    if (spoilt && failing->plan->done)
        err = pass(failing, db_commit(failing->inner, fault));
    if (spoilt && err == OK)
        err = spoil(failing, fault);
    else if (err == OK)
        err = pass(failing, db_commit(failing->inner, fault));
    failing_rollback(db); /* a commit ends the transaction whatever it returns */
    return err;
}

static enum err failing_step(struct db *db, enum fail_operation operation,
                             enum err (*step)(struct db *db, struct fault *fault), struct fault *fault)
{
    struct failing_db *failing = failing_of(db);
    enum err err = check_whole(failing, fault);
    if (err != OK)
        return err;
    if (is_spoilt(failing->plan, operation))
        return spoil(failing, fault);
    return pass(failing, step(failing->inner, fault));
}

static enum err failing_savepoint(struct db *db, struct fault *fault)
{
    return failing_step(db, FAIL_SAVEPOINT, failing_of(db)->inner->engine->savepoint, fault);
}

static enum err failing_release(struct db *db, struct fault *fault)
{
    return failing_step(db, FAIL_RELEASE, failing_of(db)->inner->engine->release, fault);
}

static enum err failing_undo(struct db *db, struct fault *fault)
{
    struct failing_db *failing = failing_of(db);
    failing->failed = false;
    return failing_step(db, FAIL_UNDO, failing->inner->engine->undo, fault);
}

static enum err failing_start(struct db *db, const struct db_statement *statement, const struct db_value *parameters,
                              struct db_cursor **ret_cursor, struct fault *fault)
{
    struct failing_db *failing = failing_of(db);
    enum err err = check_whole(failing, fault);
    if (err != OK)
        return err;
    if (is_spoilt(failing->plan, FAIL_START))
        return spoil(failing, fault);
    struct db_cursor *inner;
    err = pass(failing, failing->inner->engine->start(failing->inner, statement, parameters, &inner, fault));
    if (err != OK)
        return err;
    failing->cursor = (struct db_cursor){.owner = failing, .inner = inner};
    *ret_cursor = &failing->cursor;
    return OK;
}

static enum err failing_next(struct db_cursor *cursor, struct db_value *columns, bool *ret_row, struct fault *fault)
{
    struct failing_db *failing = cursor->owner;
    enum err err = check_whole(failing, fault);
    if (err != OK)
        return err;
    if (is_spoilt(failing->plan, FAIL_NEXT)) {
        /* The inner cursor goes first: losing the connection would end it behind the caller's back. */
        failing->inner->engine->finish(cursor->inner);
        cursor->inner = NULL;
        return spoil(failing, fault);
    }
    return pass(failing, failing->inner->engine->next(cursor->inner, columns, ret_row, fault));
}

static int64_t failing_finish(struct db_cursor *cursor)
{
    return cursor == NULL ? 0 : cursor->owner->inner->engine->finish(cursor->inner);
}

static enum err failing_script(struct db *db, const char *sql, struct fault *fault)
{
    struct failing_db *failing = failing_of(db);
    enum err err = check_whole(failing, fault);
    if (err != OK)
        return err;
    if (is_spoilt(failing->plan, FAIL_SCRIPT))
        return spoil(failing, fault);
    return pass(failing, failing->inner->engine->script(failing->inner, sql, fault));
}

static const struct db_engine db_failing = {
    .name = "failing",
    .open = failing_open,
    .close = failing_close,
    .begin = failing_begin,
    .commit = failing_commit,
    .rollback = failing_rollback,
    .savepoint = failing_savepoint,
    .release = failing_release,
    .undo = failing_undo,
    .start = failing_start,
    .next = failing_next,
    .finish = failing_finish,
    .script = failing_script,
};

struct db *db_failing_wrap(struct db **inner, struct fail_plan *plan)
{
    struct failing_db *failing = calloc(1, sizeof *failing);
    if (failing == NULL)
        abort();
    failing->db = (struct db){.engine = &db_failing, .dialect = (*inner)->dialect};
    failing->inner = *inner;
    failing->plan = plan;
    *inner = NULL;
    return &failing->db;
}

static enum err open_failing(void *context, struct db **ret_db, struct fault *fault)
{
    struct fail_source *failing = context;
    if (is_spoilt(failing->plan, FAIL_OPEN))
        return fault_set(fault, failing->plan->err, "open: failed on purpose");
    struct db *inner;
    enum err err = failing->inner.open(failing->inner.context, &inner, fault);
    if (err == OK)
        *ret_db = db_failing_wrap(&inner, failing->plan);
    return err;
}

struct db_source db_failing_source(struct fail_source *failing)
{
    return (struct db_source){.open = open_failing, .context = failing};
}
