/* The stand-in's delivery thread: signed notifications, repeated with growing pauses until they are taken or given up,
 * and the expiry of pages by the clock. */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "pay/signature.h"
#include "pay/standin_parts.h"
#include "pay/transport.h"

enum {
    WAITING_MAX = 65536, /* deliveries at once; beyond, an event waits for a restart or for redeliver */
    TICK_US = 200 * 1000 /* how often pages are expired when nothing else happens */
};

struct delivery {
    char event_id[64];
    int tries;
    int64_t due_us; /* monotonic */
    int64_t number; /* order of arrival, for equal times */
    struct delivery_order order;
};

struct deliveries {
    struct standin *standin;
    struct transport *transport;
    int64_t retry_base_us;
    int retry_max;
    pthread_t thread;
    pthread_mutex_t mutex; /* of all below; never taken before the book's lock by this thread */
    pthread_cond_t changed;
    struct delivery *waiting;
    size_t count, room;
    int64_t next_number;
    bool stop;
};

static void put(struct deliveries *d, struct delivery delivery)
{
    if (d->count == WAITING_MAX) {
        return;
    }
    if (d->count == d->room) {
        d->room = d->room == 0 ? 16 : d->room * 2;
        d->waiting = realloc(d->waiting, d->room * sizeof *d->waiting);
        if (d->waiting == NULL) {
            abort();
        }
    }
    d->waiting[d->count++] = delivery;
}

void deliveries_add(struct deliveries *d, const char *event_id, struct delivery_order order)
{
    struct delivery delivery = {.order = order, .due_us = clock_monotonic_us() + order.delay_ms * 1000};
    strncpy(delivery.event_id, event_id, sizeof delivery.event_id - 1);
    pthread_mutex_lock(&d->mutex);
    delivery.number = d->next_number++;
    put(d, delivery);
    pthread_cond_signal(&d->changed);
    pthread_mutex_unlock(&d->mutex);
}

/* Takes the delivery that is due first; false when none is due, and *ret_wait_us says how long. Needs the mutex. */
static bool take_due(struct deliveries *d, struct delivery *ret_delivery, int64_t *ret_wait_us)
{
    size_t best = d->count;
    for (size_t i = 0; i < d->count; i++) {
        const struct delivery *a = &d->waiting[i], *b = &d->waiting[best];
        if (best == d->count || a->due_us < b->due_us || (a->due_us == b->due_us && a->number < b->number)) {
            best = i;
        }
    }
    *ret_wait_us = TICK_US;
    if (best == d->count) {
        return false;
    }
    int64_t wait = d->waiting[best].due_us - clock_monotonic_us();
    if (wait > 0) {
        *ret_wait_us = wait < TICK_US ? wait : TICK_US;
        return false;
    }
    *ret_delivery = d->waiting[best];
    d->waiting[best] = d->waiting[--d->count];
    return true;
}

/* The event's bytes, or NULL when it is unknown. */
static char *event_text(struct standin *s, const char *event_id)
{
    book_lock(s->book);
    const json_t *event = book_get(s->book, BOOK_EVENTS, event_id);
    char *text = event != NULL ? json_dumps(event, JSON_INDENT(2)) : NULL;
    book_unlock(s->book);
    return text;
}

/* One try: the status answered, 0 when there was no answer. */
static int send_once(struct deliveries *d, const struct delivery *delivery, const char *text)
{
    struct standin *s = d->standin;
    struct arena *arena = arena_new();
    struct str secret = delivery->tries < delivery->order.badsig ? S("whsec_of_somebody_else") : str_of(s->webhook_secret);
    struct str signature = signature_make(arena, str_of(text), secret, clock_now(&s->clock));
    struct exchange x = {.url = s->webhook_url, .post = true, .body = str_of(text)};
    x.headers[0] = "Content-Type: application/json; charset=utf-8";
    x.headers[1] = str_format(arena, "Stripe-Signature: %.*s", STR_ARG(signature)).p;
    x.headers[2] = "User-Agent: guichet-standin";
    struct answer answer;
    int status = transport_exchange(d->transport, arena, &x, &answer, NULL) == OK ? answer.status : 0;
    arena_free(&arena);
    return status;
}

/* Notes that the event needs no further delivery. */
static void finish(struct standin *s, const struct delivery *delivery, int status)
{
    book_lock(s->book);
    book_put(s->book, BOOK_DELIVERIES, delivery->event_id,
             json_pack("{s: i, s: i}", "status", status, "tries", delivery->tries));
    struct fault fault;
    if (book_commit(s->book, &fault) != OK) {
        LOG(LOG_ERROR, "standin.journal", LOG_TEXT("fault", str_of(fault.text)));
    }
    book_unlock(s->book);
}

static void deliver(struct deliveries *d, struct delivery delivery)
{
    char *text = event_text(d->standin, delivery.event_id);
    if (text == NULL) {
        return;
    }
    bool lost = delivery.tries < delivery.order.drop;
    int status = lost ? 0 : send_once(d, &delivery, text);
    free(text);
    delivery.tries++;
    if (status >= 200 && status < 300) {
        finish(d->standin, &delivery, status);
        return;
    }
    LOG(LOG_INFO, "standin.retry", LOG_TEXT("event", str_of(delivery.event_id)), LOG_INT("status", status),
        LOG_INT("tries", delivery.tries));
    if (delivery.tries >= d->retry_max) {
        finish(d->standin, &delivery, status);
        return;
    }
    int doublings = delivery.tries - 1 < 10 ? delivery.tries - 1 : 10;
    delivery.due_us = clock_monotonic_us() + (d->retry_base_us << doublings);
    pthread_mutex_lock(&d->mutex);
    delivery.number = d->next_number++;
    put(d, delivery);
    pthread_mutex_unlock(&d->mutex);
}

static void wait_us(struct deliveries *d, int64_t us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + us * 1000;
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_cond_timedwait(&d->changed, &d->mutex, &until);
}

static void *run(void *argument)
{
    struct deliveries *d = argument;
    pthread_mutex_lock(&d->mutex);
    while (!d->stop) {
        struct delivery due;
        int64_t wait;
        bool found = take_due(d, &due, &wait);
        if (!found) {
            wait_us(d, wait);
        }
        pthread_mutex_unlock(&d->mutex);
        if (found) {
            deliver(d, due);
        }
        book_lock(d->standin->book);
        standin_expire_due(d->standin);
        book_unlock(d->standin->book);
        pthread_mutex_lock(&d->mutex);
    }
    pthread_mutex_unlock(&d->mutex);
    return NULL;
}

/* What a restart interrupted. */
static void resume(struct deliveries *d)
{
    struct book *book = d->standin->book;
    const char *id;
    json_t *event;
    json_object_foreach(book_rows(book, BOOK_EVENTS), id, event) {
        if (book_get(book, BOOK_DELIVERIES, id) == NULL) {
            deliveries_add(d, id, (struct delivery_order){0});
        }
    }
}

enum err deliveries_start(struct standin *standin, long retry_base_ms, int retry_max, struct deliveries **ret,
                          struct fault *fault)
{
    struct deliveries *d = calloc(1, sizeof *d);
    if (d == NULL) {
        abort();
    }
    enum err err = transport_new(NULL, 2000, 10000, &d->transport, fault);
    if (err != OK) {
        free(d);
        return err;
    }
    d->standin = standin;
    d->retry_base_us = retry_base_ms * 1000;
    d->retry_max = retry_max;
    pthread_mutex_init(&d->mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&d->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (standin->webhook_url != NULL) {
        resume(d);
    }
    *ret = d; /* before the thread starts, which may look at it through the stand-in */
    if (pthread_create(&d->thread, NULL, run, d) != 0) {
        *ret = NULL;
        transport_free(&d->transport);
        free(d->waiting);
        free(d);
        return fault_set(fault, ERR_IO, "stand-in: no thread for deliveries");
    }
    return OK;
}

void deliveries_stop(struct deliveries **deliveries)
{
    struct deliveries *d = *deliveries;
    if (d == NULL) {
        return;
    }
    pthread_mutex_lock(&d->mutex);
    d->stop = true;
    pthread_cond_signal(&d->changed);
    pthread_mutex_unlock(&d->mutex);
    pthread_join(d->thread, NULL);
    pthread_cond_destroy(&d->changed);
    pthread_mutex_destroy(&d->mutex);
    transport_free(&d->transport);
    free(d->waiting);
    free(d);
    *deliveries = NULL;
}
