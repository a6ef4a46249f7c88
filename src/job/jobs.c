/* Jobs: each worker does a round about every second. Those that wait for others (the payment provider, the mail) have
 * threads of their own: places come back within a minute whoever does not answer (OPT-4). */
#include "job/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "service/account.h"
#include "service/bank_desk.h"
#include "service/closure.h"
#include "service/closure_choice.h"
#include "service/mails.h"
#include "service/option.h"
#include "service/order_change.h"
#include "service/payment.h"
#include "service/place.h"
#include "service/request.h"
#include "service/refund.h"
#include "service/transfer.h"

/* Rounds between runs of a step: a round is a second, give or take. */
enum { EVERY_ROUND = 1, RECONCILE_ROUNDS = 5, REMIND_ROUNDS = 10, SWEEP_ROUNDS = 600 };

enum worker_name { PLACES, PAYMENTS, MAILS, WORKERS };

struct worker {
    struct jobs *jobs;
    enum worker_name name;
    struct arena *arena;
    pthread_t thread;
    int64_t rounds;
};

struct jobs {
    struct service *service;
    struct worker workers[WORKERS];
    int started;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t wake;
    bool stopping;
    struct jobs_stats stats;
};

static enum err expire_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int ended = 0;
    do {
        enum err err = place_expire(jobs->service, arena, &ended, fault);
        if (err != OK)
            return err;
        pthread_mutex_lock(&jobs->lock);
        jobs->stats.options_ended += ended;
        pthread_mutex_unlock(&jobs->lock);
        arena_reset(arena);
    } while (ended > 0);
    return OK;
}

static enum err remind_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int noted = 0;
    do {
        enum err err = option_remind(jobs->service, arena, &noted, fault);
        if (err != OK)
            return err;
        arena_reset(arena);
    } while (noted > 0);
    return OK;
}

static enum err transfers_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int done = 0;
    enum err err = transfer_step(jobs->service, arena, &done, fault);
    return err == OK ? bank_match_step(jobs->service, arena, &done, fault) : err;
}

static enum err request_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int done = 0;
    do {
        enum err err = request_run_timers(jobs->service, arena, &done, fault);
        if (err != OK)
            return err;
        arena_reset(arena);
    } while (done > 0);
    return OK;
}

static enum err mail_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int sent = 0;
    enum err err = mails_send_due(jobs->service, arena, &sent, fault);
    pthread_mutex_lock(&jobs->lock);
    jobs->stats.mails_sent += sent;
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

static enum err payment_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int asked = 0, ended = 0;
    enum err err = payment_reconcile(jobs->service, arena, &asked, &ended, fault);
    pthread_mutex_lock(&jobs->lock);
    jobs->stats.payments_asked += asked;
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

static enum err orders_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int ended = 0;
    return payment_end_orders(jobs->service, arena, &ended, fault);
}

static enum err refund_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int sent = 0;
    return refund_send_due(jobs->service, arena, &sent, fault);
}

/* A net under the settlement of payments: what ends in another way gives its new places back too (OPT-6). */
static enum err change_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int ended = 0;
    return order_change_sweep(jobs->service, arena, &ended, fault);
}

/* Whom a closure hits is told at once (COM-4). */
static enum err closure_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int done = 0;
    do {
        enum err err = closure_work(jobs->service, arena, &done, fault);
        if (err != OK)
            return err;
        arena_reset(arena);
    } while (done > 0);
    return OK;
}

static enum err closure_default_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int done = 0;
    return closure_default(jobs->service, arena, &done, fault);
}

static enum err closure_settle_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    int done = 0;
    return closure_settle(jobs->service, arena, &done, fault);
}

static enum err sweep_step(struct jobs *jobs, struct arena *arena, struct fault *fault)
{
    return account_sweep(jobs->service, arena, fault);
}

static const struct step {
    const char *name;
    enum worker_name worker;
    int every;
    enum err (*run)(struct jobs *jobs, struct arena *arena, struct fault *fault);
} steps[] = {
    {"orders", PLACES, RECONCILE_ROUNDS, orders_step},
    {"changes", PLACES, RECONCILE_ROUNDS, change_step},
    {"expiry", PLACES, EVERY_ROUND, expire_step},
    {"reminders", PLACES, REMIND_ROUNDS, remind_step},
    {"requests", PLACES, REMIND_ROUNDS, request_step},
    {"closures", PLACES, EVERY_ROUND, closure_step},
    {"choices", PLACES, REMIND_ROUNDS, closure_default_step},
    {"sweep", PLACES, SWEEP_ROUNDS, sweep_step},
    {"closed", PAYMENTS, EVERY_ROUND, closure_settle_step},
    {"payments", PAYMENTS, RECONCILE_ROUNDS, payment_step},
    {"transfers", PLACES, RECONCILE_ROUNDS, transfers_step},
    {"refunds", PAYMENTS, EVERY_ROUND, refund_step},
    {"mail", MAILS, EVERY_ROUND, mail_step},
};

static void run_round(struct jobs *jobs, struct worker *worker)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i].worker != worker->name || worker->rounds % steps[i].every != 0)
            continue;
        struct fault fault = {.err = OK};
        arena_reset(worker->arena);
        enum err err = steps[i].run(jobs, worker->arena, &fault);
        if (err == OK)
            continue;
        LOG(LOG_ERROR, "job", LOG_TEXT("step", str_of(steps[i].name)), LOG_TEXT("error", str_of(err_name(err))),
            LOG_TEXT("detail", str_of(fault.text)));
        pthread_mutex_lock(&jobs->lock);
        jobs->stats.failures++;
        pthread_mutex_unlock(&jobs->lock);
    }
    worker->rounds++;
    if (worker->name != PLACES)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->stats.rounds++;
    jobs->stats.last_round_us = clock_monotonic_us();
    pthread_mutex_unlock(&jobs->lock);
}

static void *run(void *argument)
{
    struct worker *worker = argument;
    struct jobs *jobs = worker->jobs;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        pthread_mutex_unlock(&jobs->lock);
        run_round(jobs, worker);
        pthread_mutex_lock(&jobs->lock);
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += 1;
        while (!jobs->stopping && pthread_cond_timedwait(&jobs->wake, &jobs->lock, &until) != ETIMEDOUT)
            continue;
    }
    pthread_mutex_unlock(&jobs->lock);
    return NULL;
}

static bool start(struct jobs *jobs, enum worker_name name)
{
    struct worker *worker = &jobs->workers[name];
    *worker = (struct worker){.jobs = jobs, .name = name, .arena = arena_new()};
    if (pthread_create(&worker->thread, NULL, run, worker) != 0) {
        arena_free(&worker->arena);
        return false;
    }
    jobs->started++;
    return true;
}

enum err jobs_start(struct service *service, struct jobs **ret_jobs, struct fault *fault)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (jobs == NULL)
        return fault_set(fault, ERR_BUG, "out of memory");
    jobs->service = service;
    jobs->stats.last_round_us = clock_monotonic_us();
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    for (int i = 0; i < WORKERS; i++)
        if (!start(jobs, (enum worker_name)i)) {
            jobs_stop(&jobs);
            return fault_set(fault, ERR_IO, "a job thread could not be started");
        }
    *ret_jobs = jobs;
    return OK;
}

void jobs_stop(struct jobs **jobs)
{
    if (*jobs == NULL)
        return;
    pthread_mutex_lock(&(*jobs)->lock);
    (*jobs)->stopping = true;
    pthread_cond_broadcast(&(*jobs)->wake);
    pthread_mutex_unlock(&(*jobs)->lock);
    for (int i = 0; i < (*jobs)->started; i++) {
        pthread_join((*jobs)->workers[i].thread, NULL);
        arena_free(&(*jobs)->workers[i].arena);
    }
    pthread_mutex_destroy(&(*jobs)->lock);
    pthread_cond_destroy(&(*jobs)->wake);
    free(*jobs);
    *jobs = NULL;
}

struct jobs_stats jobs_stats(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    struct jobs_stats stats = jobs->stats;
    pthread_mutex_unlock(&jobs->lock);
    return stats;
}
