/* Group commit: one thread takes what waits, runs it in one transaction and commits once for all.
 *
 * What goes wrong with a batch is settled in this order. A command that says no is undone alone, by its savepoint. A
 * deadlock or a lost connection runs the whole batch again. If that does not help, each command runs in a transaction
 * of its own, so that one command that cannot succeed does not take the others with it. */
#include "db/writer.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "base/log.h"

enum { BATCH_TRIES = 3, SINGLE_TRIES = 8, OPEN_TRIES = 4, FIRST_PAUSE_MS = 2, LONGEST_PAUSE_MS = 200 };

/* Lives on the caller's stack until it is told. */
struct job {
    write_command command;
    int64_t order;
    int64_t sequence; /* commands of the same order keep the order of their arrival */
    struct arena *arena;
    void *argument;
    enum err err;
    struct fault fault;
    bool done;
    pthread_cond_t told;
    struct job *next;
};

struct writer {
    struct db_source source;
    struct db *db; /* the thread's own; NULL after a lost connection */
    pthread_t thread;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t wake;
    struct job *first;
    struct job **last;
    int64_t sequence;
    bool stopping;
    int64_t callers; /* inside writer_run, told or not: the writer must outlive them */
    pthread_cond_t left;
    struct writer_stats stats;
};

/* What became of one attempt to run a batch. */
enum outcome {
    SETTLED, /* every job has its own result and it is durable */
    AGAIN,   /* nothing was kept; another attempt may succeed */
    APART,   /* nothing was kept; some command of the batch spoils it */
    GIVE_UP  /* every job gets the error */
};

/* ---- the thread's side ---- */

/* Each pause is twice as long as the one before, up to half of it by chance: two servers that gave way to each other
 * must not meet again at the same moment. */
static void pause_before(int attempt)
{
    if (attempt == 0)
        return;
    long ms = FIRST_PAUSE_MS;
    for (int i = 1; i < attempt && ms < LONGEST_PAUSE_MS; i++)
        ms *= 2;
    long ns = (ms < LONGEST_PAUSE_MS ? ms : LONGEST_PAUSE_MS) * 1000000L;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec pause = {.tv_sec = 0, .tv_nsec = ns / 2 + now.tv_nsec % (ns / 2)};
    nanosleep(&pause, NULL);
}

static enum err ensure_open(struct writer *writer, struct fault *fault)
{
    if (writer->db != NULL && !writer->db->broken)
        return OK;
    db_close(&writer->db);
    enum err err = OK;
    for (int attempt = 0; attempt < OPEN_TRIES; attempt++) {
        pause_before(attempt == 0 ? 0 : attempt + OPEN_TRIES);
        err = writer->source.open(writer->source.context, &writer->db, fault);
        if (err == OK)
            break;
    }
    LOG(err == OK ? LOG_INFO : LOG_ERROR, "writer_reconnect", LOG_TEXT("result", str_of(err_name(err))));
    return err;
}

static void say(struct job *job, enum err err, const struct fault *fault)
{
    job->err = err;
    if (err != OK)
        job->fault = *fault;
}

/* Runs one job of a batch inside its savepoint. Returns what stops the whole batch; the job holds its own result. */
static enum err run_in_savepoint(struct db *db, struct job *job, struct fault *fault)
{
    const struct db_engine *engine = db->engine;
    enum err err = engine->savepoint(db, fault);
    if (err != OK)
        return err;
    err = job->command(db, job->arena, job->argument, fault);
    if (err == OK)
        err = engine->release(db, fault);
    if (err == ERR_BUSY || db->broken)
        return err != OK ? err : ERR_IO;
    say(job, err, fault);
    return err == OK ? OK : engine->undo(db, fault);
}

/* The only job of a transaction needs no savepoint: the transaction is one. */
static enum err run_alone(struct db *db, struct job *job, struct fault *fault)
{
    enum err err = job->command(db, job->arena, job->argument, fault);
    if (err == ERR_BUSY || db->broken)
        return err != OK ? err : ERR_IO;
    say(job, err, fault);
    return OK;
}

static enum outcome judge(const struct db *db, enum err err)
{
    if (err == ERR_UNCERTAIN)
        return GIVE_UP;
    if (err == ERR_BUSY || db->broken)
        return AGAIN;
    return err == ERR_CONFLICT ? APART : GIVE_UP; /* a constraint that is checked when committing */
}

static enum err run_jobs(struct db *db, struct job **jobs, size_t count, bool *ret_any, struct fault *fault)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        fault->err = OK;
        fault->text[0] = '\0';
        enum err err = count == 1 ? run_alone(db, jobs[i], fault) : run_in_savepoint(db, jobs[i], fault);
        if (err != OK)
            return err;
        any = any || jobs[i]->err == OK;
    }
    *ret_any = any;
    return OK;
}

static enum outcome attempt(struct writer *writer, struct job **jobs, size_t count, struct fault *fault)
{
    fault->err = ensure_open(writer, fault);
    if (fault->err != OK)
        return GIVE_UP;
    struct db *db = writer->db;
    bool any;
    enum err err = db_begin(db, DB_WRITE, fault);
    if (err == OK)
        err = run_jobs(db, jobs, count, &any, fault);
    if (err == OK && any) {
        err = db_commit(db, fault);
        if (err == ERR_UNCERTAIN)
            db->broken = true; /* whatever state it is in, begin afresh */
    } else {
        db_rollback(db);
    }
    fault->err = err;
    return err == OK ? SETTLED : judge(db, err);
}

static void count_retry(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->stats.retried++;
    pthread_mutex_unlock(&writer->lock);
}

static enum outcome run_tries(struct writer *writer, struct job **jobs, size_t count, struct fault *fault)
{
    int tries = count == 1 ? SINGLE_TRIES : BATCH_TRIES;
    enum outcome outcome = AGAIN;
    for (int i = 0; i < tries && outcome == AGAIN; i++) {
        if (i > 0)
            count_retry(writer);
        pause_before(i);
        outcome = attempt(writer, jobs, count, fault);
    }
    return outcome;
}

static void tell_fault(struct job **jobs, size_t count, const struct fault *fault)
{
    LOG(LOG_ERROR, "writer_failed", LOG_TEXT("error", str_of(err_name(fault->err))),
        LOG_TEXT("fault", str_of(fault->text)), LOG_INT("commands", count));
    for (size_t i = 0; i < count; i++)
        say(jobs[i], fault->err, fault);
}

static void run_batch(struct writer *writer, struct job **jobs, size_t count)
{
    struct fault fault = {.err = OK};
    enum outcome outcome = run_tries(writer, jobs, count, &fault);
    if (outcome == SETTLED)
        return;
    if (outcome == GIVE_UP || count == 1) {
        tell_fault(jobs, count, &fault);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        fault = (struct fault){.err = OK};
        if (run_tries(writer, &jobs[i], 1, &fault) != SETTLED)
            tell_fault(&jobs[i], 1, &fault);
    }
}

static int by_order(const void *a, const void *b)
{
    const struct job *x = *(struct job *const *)a, *y = *(struct job *const *)b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->sequence < y->sequence ? -1 : 1;
}

/* Under the lock: what the next batch runs. */
static size_t take_batch(struct writer *writer, struct job *jobs[LIMIT_WRITE_BATCH])
{
    size_t count = 0;
    while (count < LIMIT_WRITE_BATCH && writer->first != NULL) {
        jobs[count++] = writer->first;
        writer->first = writer->first->next;
    }
    if (writer->first == NULL)
        writer->last = &writer->first;
    writer->stats.waiting -= (int64_t)count;
    return count;
}

/* Under the lock. A caller cannot go away with its job before the lock is given back. */
static void tell_callers(struct writer *writer, struct job **jobs, size_t count)
{
    writer->stats.batches++;
    writer->stats.commands += (int64_t)count;
    for (size_t i = 0; i < count; i++) {
        writer->stats.refused += jobs[i]->err != OK;
        jobs[i]->done = true;
        pthread_cond_signal(&jobs[i]->told);
    }
}

static void *writer_main(void *context)
{
    struct writer *writer = context;
    struct job *jobs[LIMIT_WRITE_BATCH];
    pthread_mutex_lock(&writer->lock);
    for (;;) {
        while (writer->first == NULL && !writer->stopping)
            pthread_cond_wait(&writer->wake, &writer->lock);
        if (writer->first == NULL)
            break;
        size_t count = take_batch(writer, jobs);
        pthread_mutex_unlock(&writer->lock);
        qsort(jobs, count, sizeof(*jobs), by_order);
        run_batch(writer, jobs, count);
        pthread_mutex_lock(&writer->lock);
        tell_callers(writer, jobs, count);
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

/* ---- the callers' side ---- */

/* Signals are for the program's own thread. */
static int start_thread(struct writer *writer)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&writer->thread, NULL, writer_main, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void writer_free(struct writer *writer)
{
    db_close(&writer->db);
    pthread_cond_destroy(&writer->left);
    pthread_cond_destroy(&writer->wake);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

enum err writer_start_from(struct db_source source, struct writer **ret_writer, struct fault *fault)
{
    struct db *db;
    enum err err = source.open(source.context, &db, fault);
    if (err != OK)
        return err;
    struct writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        abort();
    writer->source = source;
    writer->db = db;
    writer->last = &writer->first;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->wake, NULL);
    pthread_cond_init(&writer->left, NULL);
    if (start_thread(writer) != 0) {
        writer_free(writer);
        return fault_set(fault, ERR_IO, "writer: no thread could be started");
    }
    *ret_writer = writer;
    return OK;
}

enum err writer_start(const char *where, struct writer **ret_writer, struct fault *fault)
{
    return writer_start_from(db_source_at(where), ret_writer, fault);
}

void writer_stop(struct writer **writer)
{
    if (*writer == NULL)
        return;
    pthread_mutex_lock(&(*writer)->lock);
    (*writer)->stopping = true;
    pthread_cond_signal(&(*writer)->wake);
    while ((*writer)->callers > 0)
        pthread_cond_wait(&(*writer)->left, &(*writer)->lock);
    pthread_mutex_unlock(&(*writer)->lock);
    pthread_join((*writer)->thread, NULL);
    writer_free(*writer);
    *writer = NULL;
}

/* Under the lock: queues the job and waits until it is told. */
static void wait_for(struct writer *writer, struct job *job)
{
    writer->callers++;
    job->sequence = writer->sequence++;
    if (writer->first == NULL)
        pthread_cond_signal(&writer->wake);
    *writer->last = job;
    writer->last = &job->next;
    writer->stats.waiting++;
    while (!job->done)
        pthread_cond_wait(&job->told, &writer->lock);
    writer->callers--;
    if (writer->stopping && writer->callers == 0)
        pthread_cond_signal(&writer->left);
}

enum err writer_run(struct writer *writer, write_command command, int64_t order, struct arena *arena, void *argument,
                    struct fault *fault)
{
    struct job job = {.command = command, .order = order, .arena = arena, .argument = argument};
    assert(!pthread_equal(pthread_self(), writer->thread)); /* it would wait for itself */
    pthread_mutex_lock(&writer->lock);
    if (writer->stopping || writer->stats.waiting >= LIMIT_WRITE_QUEUE) {
        pthread_mutex_unlock(&writer->lock);
        return fault_set(fault, ERR_BUSY, "writer: the queue is full");
    }
    pthread_cond_init(&job.told, NULL);
    wait_for(writer, &job);
    pthread_mutex_unlock(&writer->lock);
    pthread_cond_destroy(&job.told);
    if (job.err != OK && fault != NULL)
        *fault = job.fault;
    return job.err;
}

struct writer_stats writer_stats(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    struct writer_stats stats = writer->stats;
    pthread_mutex_unlock(&writer->lock);
    return stats;
}
