/* Errors, for every room.
 *
 * Three things must not be mixed up: a refusal (sold out, too many, expired) is a value of the domain and travels in
 * the caller's result struct; a failure (disk, network, broken data) is an `enum err` with a `struct fault` that says
 * what happened; a bug is an assert. A function that fails leaves its `ret_` outputs untouched. */
#ifndef GUICHET_BASE_ERR_H
#define GUICHET_BASE_ERR_H

enum err {
    OK = 0,
    ERR_REFUSED,   /* the domain said no; the command's result struct says why; its writes are undone */
    ERR_NOT_FOUND, /* no such row, or not this reader's row */
    ERR_CONFLICT,  /* a unique key or a check of the database said no */
    ERR_BUSY,      /* try again: lock, deadlock, serialisation */
    ERR_UNCERTAIN, /* may or may not have happened: resolve by idempotency key, never guess */
    ERR_INPUT,     /* malformed input from outside */
    ERR_LIMIT,     /* a stated maximum was passed */
    ERR_IO,        /* file, socket, time-out */
    ERR_DB,        /* the database failed in a way that is neither CONFLICT nor BUSY */
    ERR_BUG        /* should not happen; logged and answered as 500 */
};

/* Room for one sentence for the log. Never shown to a customer, never holds a secret. */
struct fault {
    enum err err;
    char text[256];
};

/* Fills `fault` (may be NULL) and returns `err`, so that a failing function can end with `return fault_set(…)`. */
__attribute__((format(printf, 3, 4))) enum err fault_set(struct fault *fault, enum err err, const char *format, ...);

/* A stable English word for an error, for logs and tests. Never NULL. */
const char *err_name(enum err err);

#endif
