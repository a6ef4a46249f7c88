/* The stand-in's state and life: ids, events, expiry, faults, start and stop. Calls are in standin_api.c, the hosted page
 * in standin_page.c, notifications in standin_delivery.c. */
#include "pay/standin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "pay/stripe.h"
#include "pay/standin_parts.h"

const char *standin_id(struct standin *standin, struct arena *arena, const char *prefix)
{
    unsigned char bytes[12];
    random_fill(&standin->random, bytes, sizeof bytes);
    return str_join2(arena, str_of(prefix), str_hex(arena, bytes, sizeof bytes)).p;
}

json_t *standin_shown(const json_t *object)
{
    json_t *copy = json_object();
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (name[0] != '_') {
            json_object_set_new(copy, name, json_deep_copy(value));
        }
    }
    return copy;
}

const char *standin_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

int64_t standin_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

bool standin_is(const json_t *object, const char *name, const char *value)
{
    return strcmp(standin_text(object, name), value) == 0;
}

void standin_emit(struct standin *standin, struct arena *arena, const char *type, const json_t *object)
{
    const char *id = standin_id(standin, arena, "evt_");
    book_put(standin->book, BOOK_EVENTS, id,
             json_pack("{s: s, s: s, s: s, s: I, s: {s: o}, s: b, s: i, s: {s: n, s: n}, s: s}", "id", id, "object",
                       "event", "api_version", STRIPE_VERSION, "created", (json_int_t)clock_now(&standin->clock),
                       "data", "object", standin_shown(object), "livemode", 0, "pending_webhooks", 1, "request", "id",
                       "idempotency_key", "type", type));
    json_array_append_new(standin->emitted, json_string(id));
}

/* The types that the connector acts upon; faults take these unless told otherwise, or a test would have to know that
 * `payment_intent.succeeded` comes first. */
static bool takes_faults(const struct standin_faults *faults, const char *type)
{
    if (faults->type[0] != '\0') {
        return strncmp(type, faults->type, strlen(faults->type)) == 0;
    }
    return strncmp(type, "checkout.", 9) == 0 || strncmp(type, "refund.", 7) == 0;
}

/* Hands one event to the delivery thread, with the faults that were set for it. */
static void schedule(struct standin *s, const char *id)
{
    struct standin_faults *f = &s->faults;
    struct delivery_order order = {0};
    int copies = 1;
    if (takes_faults(f, standin_text(book_get(s->book, BOOK_EVENTS, id), "type"))) {
        order = (struct delivery_order){.delay_ms = f->delay_ms, .drop = f->drop, .badsig = f->badsig};
        copies += f->dup;
        f->delay_ms = 0;
        f->dup = f->drop = f->badsig = 0;
    }
    while (copies-- > 0) {
        deliveries_add(s->deliveries, id, order);
    }
}

static void dispatch(struct standin *s, const char *id)
{
    if (s->faults.reorder && s->held[0] == '\0') {
        snprintf(s->held, sizeof s->held, "%s", id);
        return;
    }
    schedule(s, id);
    if (s->held[0] != '\0') {
        schedule(s, s->held);
        s->held[0] = '\0';
        s->faults.reorder = false;
    }
}

enum err standin_commit(struct standin *standin, struct fault *fault)
{
    enum err err = book_commit(standin->book, fault);
    size_t i;
    json_t *id;
    if (err == OK && standin->webhook_url != NULL) {
        json_array_foreach(standin->emitted, i, id) {
            dispatch(standin, json_string_value(id));
        }
    }
    json_array_clear(standin->emitted);
    return err;
}

void standin_abandon(struct standin *standin)
{
    book_abandon(standin->book);
    json_array_clear(standin->emitted);
}

void standin_put_expired(struct standin *standin, struct arena *arena, const json_t *session)
{
    json_t *after = json_deep_copy(session);
    json_object_set_new(after, "status", json_string("expired"));
    json_object_set_new(after, "url", json_null());
    standin_emit(standin, arena, "checkout.session.expired", after);
    book_put(standin->book, BOOK_SESSIONS, standin_text(session, "id"), after);
}

void standin_put_paid(struct standin *standin, struct arena *arena, const json_t *session)
{
    const char *intent = standin_id(standin, arena, "pi_"), *id = standin_text(session, "id");
    json_int_t amount = standin_number(session, "amount_total");
    json_t *metadata = json_object_get(session, "_intent_metadata");
    json_t *payment = json_pack("{s: s, s: s, s: I, s: I, s: I, s: s, s: s, s: b, s: o, s: s, s: i}", "id", intent,
                                "object", "payment_intent", "amount", amount, "amount_received", amount, "created",
                                (json_int_t)clock_now(&standin->clock), "currency", "eur", "latest_charge",
                                standin_id(standin, arena, "ch_"), "livemode", 0, "metadata",
                                metadata != NULL ? json_deep_copy(metadata) : json_object(), "status", "succeeded",
                                "_refunded", 0);
    json_t *after = json_deep_copy(session);
    json_object_set_new(after, "status", json_string("complete"));
    json_object_set_new(after, "payment_status", json_string("paid"));
    json_object_set_new(after, "payment_intent", json_string(intent));
    json_object_set_new(after, "url", json_null());
    standin_emit(standin, arena, "payment_intent.succeeded", payment);
    standin_emit(standin, arena, "checkout.session.completed", after);
    book_put(standin->book, BOOK_PAYMENTS, intent, payment);
    book_put(standin->book, BOOK_SESSIONS, id, after);
}

/* Looks at all sessions only when the first of them may have run out. */
void standin_expire_due(struct standin *standin)
{
    instant now = clock_now(&standin->clock);
    if (now < standin->next_expiry) {
        return;
    }
    struct arena *arena = arena_new();
    instant next = INT64_MAX;
    const char *id;
    json_t *session;
    json_object_foreach(book_rows(standin->book, BOOK_SESSIONS), id, session) {
        if (!standin_is(session, "status", "open")) {
            continue;
        }
        instant at = standin_number(session, "expires_at");
        if (at <= now) {
            standin_put_expired(standin, arena, session);
        } else if (at < next) {
            next = at;
        }
    }
    struct fault fault;
    if (standin_commit(standin, &fault) != OK) {
        LOG(LOG_ERROR, "standin.journal", LOG_TEXT("fault", str_of(fault.text)));
        next = now + 1; /* tried again, not at every tick of a full disk */
    }
    standin->next_expiry = next;
    arena_free(&arena);
}

static int64_t control_number(const struct request *request, const char *name, int64_t otherwise)
{
    struct str text = pairs_get(request->query, str_of(name));
    int64_t value;
    return str_int(text, &value) && value >= 0 && value <= 3600000 ? value : otherwise;
}

void standin_control(void *context, struct request *request, struct response *response, const void *data)
{
    (void)data;
    struct standin *s = context;
    book_lock(s->book);
    struct standin_faults *f = &s->faults;
    const char *event = str_c(request->arena, pairs_get(request->query, S("redeliver")));
    if (*event != '\0' && s->webhook_url != NULL) {
        deliveries_add(s->deliveries, event, (struct delivery_order){0});
    }
    f->dup = (int)control_number(request, "dup", f->dup);
    f->drop = (int)control_number(request, "drop", f->drop);
    f->badsig = (int)control_number(request, "badsig", f->badsig);
    f->fail = (int)control_number(request, "fail", f->fail);
    f->delay_ms = control_number(request, "delay", f->delay_ms);
    f->reorder = control_number(request, "reorder", f->reorder) != 0;
    f->lose = control_number(request, "lose", f->lose) != 0;
    if (pairs_has(request->query, S("type"))) {
        snprintf(f->type, sizeof f->type, "%.*s", STR_ARG(pairs_get(request->query, S("type"))));
    }
    response->content_type = S("application/json");
    buf_format(&response->body, "{\"dup\":%d,\"drop\":%d,\"badsig\":%d,\"fail\":%d,\"delay\":%" PRId64
                                ",\"reorder\":%d,\"lose\":%d,\"type\":", f->dup, f->drop, f->badsig, f->fail,
               f->delay_ms, f->reorder, f->lose);
    buf_json(&response->body, str_of(f->type));
    buf_c(&response->body, "}\n");
    book_unlock(s->book);
}

static const struct route routes[] = {
    {HTTP_GET, "/v1/checkout/sessions", standin_api, &standin_sessions},
    {HTTP_POST, "/v1/checkout/sessions", standin_api, &standin_create},
    {HTTP_GET, "/v1/checkout/sessions/{id}", standin_api, &standin_retrieve},
    {HTTP_POST, "/v1/checkout/sessions/{id}/expire", standin_api, &standin_expire},
    {HTTP_GET, "/v1/refunds", standin_api, &standin_refunds},
    {HTTP_POST, "/v1/refunds", standin_api, &standin_refund},
    {HTTP_GET, "/v1/refunds/{id}", standin_api, &standin_refund_get},
    {HTTP_GET, "/v1/payment_intents/{id}", standin_api, &standin_payment_get},
    {HTTP_GET, "/v1/events", standin_api, &standin_events},
    {HTTP_GET, "/v1/events/{id}", standin_api, &standin_event_get},
    {HTTP_GET, "/c/style.css", standin_style, NULL},
    {HTTP_GET, "/c/pay/{id}", standin_page, NULL},
    {HTTP_POST, "/c/pay/{id}", standin_pay, NULL},
    {HTTP_GET, "/_book", standin_book, NULL},
    {HTTP_GET, "/_ctl", standin_control, NULL},
    {HTTP_POST, "/_ctl", standin_control, NULL},
};

static char *copy(const char *text, const char *otherwise)
{
    char *c = strdup(text != NULL ? text : otherwise);
    if (c == NULL) {
        abort();
    }
    return c;
}

static enum err book_start(struct standin *s, const char *folder, struct fault *fault)
{
    if (folder == NULL) {
        return book_open(NULL, &s->book, fault);
    }
    struct arena *arena = arena_new();
    enum err err = book_open(str_format(arena, "%s/standin.jsonl", folder).p, &s->book, fault);
    arena_free(&arena);
    return err;
}

/* Listening comes before the threads that need the port, and both need the book's lock: nothing runs before it is set. */
static enum err serve(struct standin *s, const struct standin_config *config, struct fault *fault)
{
    const char *address = config->address != NULL ? config->address : "127.0.0.1";
    struct http_config http = {.address = address, .port = config->port, .body_max = LIMIT_REQUEST_BODY};
    book_lock(s->book);
    enum err err = deliveries_start(s, config->retry_base_ms > 0 ? config->retry_base_ms : 200,
                                    config->retry_max > 0 ? config->retry_max : 8, &s->deliveries, fault);
    if (err == OK) {
        err = http_start(&http, routes, sizeof routes / sizeof routes[0], standin_unknown, s,
                         config->return_origin != NULL ? config->return_origin : "http://localhost:8080", &s->server,
                         fault);
    }
    if (err == OK) {
        char own[128];
        snprintf(own, sizeof own, "http://%s:%u", address, (unsigned)http_port(s->server));
        s->public_url = copy(config->public_url, own);
    }
    book_unlock(s->book);
    return err;
}

enum err standin_start(const struct standin_config *config, struct standin **ret_standin, struct fault *fault)
{
    struct standin *s = calloc(1, sizeof *s);
    if (s == NULL) {
        abort();
    }
    s->clock = config->clock;
    s->random = config->random;
    s->merchant = copy(config->merchant, "Guichet");
    s->key = copy(config->key, "sk_test_standin");
    s->webhook_secret = copy(config->webhook_secret, "whsec_standin");
    s->webhook_url = config->webhook_url != NULL ? copy(config->webhook_url, "") : NULL;
    s->emitted = json_array();
    enum err err = book_start(s, config->folder, fault);
    if (err == OK) {
        err = serve(s, config, fault);
    }
    if (err != OK) {
        standin_stop(&s);
        return err;
    }
    *ret_standin = s;
    return OK;
}

uint16_t standin_port(const struct standin *standin)
{
    return http_port(standin->server);
}

void standin_stop(struct standin **standin)
{
    struct standin *s = *standin;
    if (s == NULL) {
        return;
    }
    if (s->server != NULL) {
        http_stop(&s->server);
    }
    deliveries_stop(&s->deliveries);
    book_close(&s->book);
    json_decref(s->emitted);
    free(s->public_url);
    free(s->merchant);
    free(s->key);
    free(s->webhook_secret);
    free(s->webhook_url);
    free(s);
    *standin = NULL;
}
