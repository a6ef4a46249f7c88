/* All writes of a process go through one queue and one thread: group commit.
 *
 * The writer takes what waits, sorted by `order` (the slot a command touches, so that two servers lock in the same
 * order), runs each command in its own savepoint inside one transaction, commits once and wakes the callers. A command
 * that returns anything but OK is undone alone. A deadlock, a serialisation failure or a lost connection runs the whole
 * batch again, bounded; so a command must compute its result afresh each time it is run and touch nothing but its own
 * argument and the database. When the commit fails every command of the batch gets that error (ERR_UNCERTAIN when
 * nobody knows). */
#ifndef GUICHET_DB_WRITER_H
#define GUICHET_DB_WRITER_H

#include "db/db.h"

struct writer;

/* Does its work on `db` inside the batch's transaction; `arena` is the caller's own. */
typedef enum err (*write_command)(struct db *db, struct arena *arena, void *argument, struct fault *fault);

/* Opens its own connection and starts its thread. */
enum err writer_start(const char *where, struct writer **ret_writer, struct fault *fault);
enum err writer_start_from(struct db_source source, struct writer **ret_writer, struct fault *fault);
/* Finishes what is queued, waits until its callers have left, then ends the thread. Nobody may call writer_run from
 * then on. Accepts a pointer to NULL. */
void writer_stop(struct writer **writer);

/* Runs `command` and waits until it is durable. OK means committed. ERR_BUSY when the queue is full. */
enum err writer_run(struct writer *writer, write_command command, int64_t order, struct arena *arena, void *argument,
                    struct fault *fault);

struct writer_stats {
    int64_t commands, batches, refused, retried;
    int64_t waiting; /* in the queue now */
};
struct writer_stats writer_stats(struct writer *writer);

#endif
