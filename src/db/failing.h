/* An engine that fails on purpose: it wraps another and spoils the operation that a plan names. For tests only. */
#ifndef GUICHET_DB_FAILING_H
#define GUICHET_DB_FAILING_H

#include <stdatomic.h>

#include "db/db.h"

enum fail_operation {
    FAIL_NOTHING,
    FAIL_ANY, /* every operation but rollback and close, which cannot fail */
    FAIL_OPEN,
    FAIL_BEGIN,
    FAIL_COMMIT,
    FAIL_SAVEPOINT,
    FAIL_RELEASE,
    FAIL_UNDO,
    FAIL_START,
    FAIL_NEXT,
    FAIL_SCRIPT
};

/* Shared by all connections wrapped with it, which may belong to several threads; outlives them. Set it while none of
 * them is at work. */
struct fail_plan {
    enum fail_operation operation;
    int64_t nth;   /* the first spoilt operation of that kind, from 1 */
    int64_t times; /* how many from there; 0 is one */
    enum err err;  /* what they return */
    bool done;     /* the operation is carried out and then reported as failed: a commit whose answer is lost */
    bool breaks;   /* the connection is lost with it; what was not committed is gone */
    _Atomic int64_t seen; /* operations of that kind so far */
};

/* Wraps `*inner`, which belongs to the result from then on (and becomes NULL). */
struct db *db_failing_wrap(struct db **inner, struct fail_plan *plan);

/* Wraps each connection that another source opens; FAIL_OPEN spoils the opening itself. Outlives its source. */
struct fail_source {
    struct db_source inner;
    struct fail_plan *plan;
};
struct db_source db_failing_source(struct fail_source *failing);

#endif
