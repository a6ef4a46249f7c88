/* Jobs: one thread that does a round about every second. */
#include "job/jobs.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "service/account.h"
#include "service/mails.h"
#include "service/payment.h"
#include "service/place.h"

/* Rounds between runs of a step: a round is a second, give or take. */
enum { EVERY_ROUND = 1, RECONCILE_ROUNDS = 5, SWEEP_ROUNDS = 600 };

struct jobs {
    struct service *service;
    struct arena *arena;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
    struct jobs_stats stats;
};

static enum err expire_step(struct jobs *jobs, struct fault *fault)
{
    int ended = 0;
    do {
        enum err err = place_expire(jobs->service, jobs->arena, &ended, fault);
        if (err != OK)
            return err;
        pthread_mutex_lock(&jobs->lock);
        jobs->stats.options_ended += ended;
        pthread_mutex_unlock(&jobs->lock);
        arena_reset(jobs->arena);
    } while (ended > 0);
    return OK;
}

static enum err mail_step(struct jobs *jobs, struct fault *fault)
{
    int sent = 0;
    enum err err = mails_send_due(jobs->service, jobs->arena, &sent, fault);
    pthread_mutex_lock(&jobs->lock);
    jobs->stats.mails_sent += sent;
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

static enum err payment_step(struct jobs *jobs, struct fault *fault)
{
    int asked = 0, ended = 0;
    enum err err = payment_reconcile(jobs->service, jobs->arena, &asked, &ended, fault);
    pthread_mutex_lock(&jobs->lock);
    jobs->stats.payments_asked += asked;
    pthread_mutex_unlock(&jobs->lock);
    return err;
}

static enum err sweep_step(struct jobs *jobs, struct fault *fault)
{
    return account_sweep(jobs->service, jobs->arena, fault);
}

static const struct step {
    const char *name;
    int every;
    enum err (*run)(struct jobs *jobs, struct fault *fault);
} steps[] = {
    {"payments", RECONCILE_ROUNDS, payment_step},
    {"expiry", EVERY_ROUND, expire_step},
    {"mail", EVERY_ROUND, mail_step},
    {"sweep", SWEEP_ROUNDS, sweep_step},
};

static void run_round(struct jobs *jobs)
{
    int64_t round = jobs->stats.rounds;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (round % steps[i].every != 0)
            continue;
        struct fault fault = {.err = OK};
        arena_reset(jobs->arena);
        enum err err = steps[i].run(jobs, &fault);
        if (err == OK)
            continue;
        LOG(LOG_ERROR, "job", LOG_TEXT("step", str_of(steps[i].name)), LOG_TEXT("error", str_of(err_name(err))),
            LOG_TEXT("detail", str_of(fault.text)));
        pthread_mutex_lock(&jobs->lock);
        jobs->stats.failures++;
        pthread_mutex_unlock(&jobs->lock);
    }
    pthread_mutex_lock(&jobs->lock);
    jobs->stats.rounds++;
    jobs->stats.last_round_us = clock_monotonic_us();
    pthread_mutex_unlock(&jobs->lock);
}

static void *run(void *argument)
{
    struct jobs *jobs = argument;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->stopping) {
        pthread_mutex_unlock(&jobs->lock);
        run_round(jobs);
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

enum err jobs_start(struct service *service, struct jobs **ret_jobs, struct fault *fault)
{
    struct jobs *jobs = calloc(1, sizeof *jobs);
    if (jobs == NULL)
        return fault_set(fault, ERR_BUG, "out of memory");
    jobs->service = service;
    jobs->arena = arena_new();
    jobs->stats.last_round_us = clock_monotonic_us();
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_cond_init(&jobs->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&jobs->thread, NULL, run, jobs) != 0) {
        arena_free(&jobs->arena);
        free(jobs);
        return fault_set(fault, ERR_IO, "the job thread could not be started");
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
    pthread_cond_signal(&(*jobs)->wake);
    pthread_mutex_unlock(&(*jobs)->lock);
    pthread_join((*jobs)->thread, NULL);
    pthread_mutex_destroy(&(*jobs)->lock);
    pthread_cond_destroy(&(*jobs)->wake);
    arena_free(&(*jobs)->arena);
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
