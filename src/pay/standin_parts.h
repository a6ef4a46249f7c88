/* What the files of the stand-in share: its state, the events, the deliveries. Not for others. */
#ifndef GUICHET_PAY_STANDIN_PARTS_H
#define GUICHET_PAY_STANDIN_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "http/http.h"
#include "pay/standin.h"
#include "pay/standin_book.h"

/* What /_ctl has set and nothing has used yet. */
struct standin_faults {
    int dup, drop, badsig, fail;
    bool reorder, lose;
    int64_t delay_ms;
    char type[64]; /* notifications whose type starts so take dup, drop, delay, badsig; empty: those that matter */
};

struct deliveries;

struct standin {
    struct clock clock;
    struct random random;
    char *public_url, *merchant, *key, *webhook_url, *webhook_secret;
    struct http_server *server;
    struct deliveries *deliveries;
    struct book *book;
    /* below: under the book's lock */
    struct standin_faults faults;
    instant next_expiry;  /* no open session ends before */
    json_t *emitted;      /* ids of the events of the change at work */
    char held[64];        /* the event that `reorder` keeps back; empty: none */
};

/* A new id: the prefix and 24 random hexadecimal digits, in the arena. */
const char *standin_id(struct standin *standin, struct arena *arena, const char *prefix);

/* A deep copy without the members whose names start with '_'. */
json_t *standin_shown(const json_t *object);

/* Adds an event about `object` (borrowed) to the change at work. */
void standin_emit(struct standin *standin, struct arena *arena, const char *type, const json_t *object);
/* Commits the change and hands its events to the delivery thread. */
enum err standin_commit(struct standin *standin, struct fault *fault);
void standin_abandon(struct standin *standin);

/* Closes what has run out by the clock. Needs the lock. */
void standin_expire_due(struct standin *standin);
/* Puts the session as expired, with its event. Needs the lock. */
void standin_put_expired(struct standin *standin, struct arena *arena, const json_t *session);
/* Puts payment, session and events of a successful payment of an open session. Needs the lock. */
void standin_put_paid(struct standin *standin, struct arena *arena, const json_t *session);
bool standin_is(const json_t *object, const char *name, const char *value);
int64_t standin_number(const json_t *object, const char *name);
const char *standin_text(const json_t *object, const char *name); /* "" when absent or null */

/* Handlers, for the table of routes. */
void standin_api(void *context, struct request *request, struct response *response, const void *operation);
extern const struct standin_operation standin_create, standin_retrieve, standin_expire, standin_sessions,
    standin_refund, standin_refund_get, standin_refunds, standin_payment_get, standin_event_get, standin_events;
void standin_page(void *context, struct request *request, struct response *response, const void *data);
void standin_pay(void *context, struct request *request, struct response *response, const void *data);
void standin_style(void *context, struct request *request, struct response *response, const void *data);
void standin_book(void *context, struct request *request, struct response *response, const void *data);
void standin_control(void *context, struct request *request, struct response *response, const void *data);
void standin_unknown(void *context, struct request *request, struct response *response, const void *data);

/* The delivery thread. */
struct delivery_order {
    int64_t delay_ms;
    int drop, badsig; /* tries to lose, tries to sign wrongly */
};
enum err deliveries_start(struct standin *standin, long retry_base_ms, int retry_max, struct deliveries **ret,
                          struct fault *fault);
void deliveries_add(struct deliveries *deliveries, const char *event_id, struct delivery_order order);
void deliveries_stop(struct deliveries **deliveries);

#endif
