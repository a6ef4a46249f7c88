/* The stand-in's memory: tables of JSON objects by id, and a journal that survives a crash at any moment.
 *
 * A change is collected with book_put and becomes one line of the journal and then visible at once, with book_commit: a
 * payment is there with its events or not at all. A line cut short by a crash is dropped when the journal is replayed.
 * It is no database on purpose: that room is not for tools. */
#ifndef GUICHET_PAY_STANDIN_BOOK_H
#define GUICHET_PAY_STANDIN_BOOK_H

#include <jansson.h>

#include "base/err.h"

enum book_table {
    BOOK_SESSIONS,
    BOOK_PAYMENTS,
    BOOK_REFUNDS,
    BOOK_EVENTS,
    BOOK_KEYS,       /* idempotency keys: what was asked and answered */
    BOOK_DELIVERIES, /* events that need no further delivery */
    BOOK_TABLES
};

enum { BOOK_ROWS_MAX = 200000 /* rows of one table; beyond, book_commit gives ERR_LIMIT */ };

struct book;

/* `path` NULL: memory only. */
enum err book_open(const char *path, struct book **ret_book, struct fault *fault);
void book_close(struct book **book);

/* Everything below needs the lock. */
void book_lock(struct book *book);
void book_unlock(struct book *book);

/* Borrowed, read-only; NULL when there is none. A value put but not committed is not seen. */
json_t *book_get(const struct book *book, enum book_table table, const char *id);
/* The table as an object in the order of arrival, borrowed. */
json_t *book_rows(const struct book *book, enum book_table table);
/* Takes the reference to `value`. */
void book_put(struct book *book, enum book_table table, const char *id, json_t *value);
/* Writes and shows what was put; on failure nothing is shown. Either way the change is over. */
enum err book_commit(struct book *book, struct fault *fault);
void book_abandon(struct book *book);

const char *book_table_name(enum book_table table);

#endif
