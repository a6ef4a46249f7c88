/* The calls to Stripe Checkout: create, query, expire, refund. Notifications are read in stripe_event.c. */
#include "pay/stripe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "pay/stripe_parts.h"
#include "pay/transport.h"

enum {
    REPETITIONS = 2,
    FORM_MAX = 128 * 1024,
    KEY_MAX = 255 /* the provider's bound of an idempotency key */
};

struct stripe {
    struct transport *transport;
    char *base_url, *page_origin, *key, *secret, *secret_previous, *version;
    long retry_pause_ms;
};

static char *copy(const char *text, const char *otherwise)
{
    char *c = strdup(text != NULL ? text : otherwise);
    if (c == NULL) {
        abort();
    }
    return c;
}

static bool header_safe(const char *text)
{
    if (text == NULL || *text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text == 127) {
            return false;
        }
    }
    return true;
}

enum err stripe_new(const struct stripe_settings *settings, struct stripe **ret_stripe, struct fault *fault)
{
    const char *base = settings->base_url != NULL ? settings->base_url : STRIPE_BASE_URL;
    if (!transport_base_ok(str_of(base))) {
        return fault_set(fault, ERR_INPUT, "payment provider: the address must be https://HOST, or http:// on this "
                                           "machine, without a path");
    }
    if (!header_safe(settings->key) || !header_safe(settings->webhook_secret) ||
        (settings->version != NULL && !header_safe(settings->version))) {
        return fault_set(fault, ERR_INPUT, "payment provider: key or webhook secret is missing or malformed");
    }
    struct transport *transport;
    enum err err = transport_new(settings->ca_file, settings->connect_timeout_ms ? settings->connect_timeout_ms : 5000,
                                 settings->timeout_ms ? settings->timeout_ms : 20000, &transport, fault);
    if (err != OK) {
        return err;
    }
    struct stripe *s = calloc(1, sizeof *s);
    if (s == NULL) {
        abort();
    }
    s->transport = transport;
    s->base_url = copy(base, "");
    s->page_origin = copy(settings->page_origin, STRIPE_PAGE_ORIGIN);
    s->key = copy(settings->key, "");
    s->secret = copy(settings->webhook_secret, "");
    s->secret_previous = copy(settings->webhook_secret_previous, "");
    s->version = copy(settings->version, STRIPE_VERSION);
    s->retry_pause_ms = settings->retry_pause_ms ? settings->retry_pause_ms : 400;
    *ret_stripe = s;
    return OK;
}

void stripe_free(struct stripe **stripe)
{
    struct stripe *s = *stripe;
    if (s == NULL) {
        return;
    }
    transport_free(&s->transport);
    free(s->base_url);
    free(s->page_origin);
    free(s->key);
    free(s->secret);
    free(s->secret_previous);
    free(s->version);
    free(s);
    *stripe = NULL;
}

static void pause_ms(long ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

static bool worth_repeating(enum err err, const struct answer *answer)
{
    if (err != OK) {
        return true;
    }
    if (answer->retry_said) {
        return answer->retry;
    }
    return answer->status == 409 || answer->status >= 500;
}

/* What an answer other than 200 means for the caller; the provider's own words go to the log. */
static enum err answer_error(struct arena *arena, const struct answer *answer, struct fault *fault)
{
    struct stripe_error error = stripe_error_read(arena, answer->body);
    enum err err = ERR_REFUSED;
    if (answer->status == 409 || answer->status >= 500 || answer->status < 400) {
        err = ERR_UNCERTAIN;
    } else if (answer->status == 401 || answer->status == 403 || answer->status == 429) {
        err = ERR_IO;
    } else if (answer->status == 404) {
        err = ERR_NOT_FOUND;
    } else if (str_eq(error.type, S("idempotency_error"))) {
        err = ERR_CONFLICT;
    }
    return fault_set(fault, err, "payment provider answers %d %.*s %.*s: %.*s", answer->status,
                     STR_ARG(str_sub(error.type, 0, 40)), STR_ARG(str_sub(error.code, 0, 40)),
                     STR_ARG(str_sub(error.message, 0, 120)));
}

/* One call with its repetitions. `form` NULL means GET, where nothing can be half done: UNCERTAIN becomes IO. A try that
 * may have been carried out stays UNCERTAIN when a later try could not even be sent or was turned away at the door. */
static enum err call(struct stripe *s, struct arena *arena, struct str path, const struct buf *form,
                     struct str idempotency_key, struct str *ret_body, struct fault *fault)
{
    if (form != NULL && form->overflowed) {
        return fault_set(fault, ERR_INPUT, "payment provider: the call is longer than %d bytes", FORM_MAX);
    }
    struct exchange x = {.post = form != NULL, .body = form != NULL ? buf_view(form) : (struct str){0}};
    x.url = str_format(arena, "%s%.*s", s->base_url, STR_ARG(path)).p;
    x.headers[0] = str_format(arena, "Authorization: Bearer %s", s->key).p;
    x.headers[1] = str_format(arena, "Stripe-Version: %s", s->version).p;
    x.headers[2] = "User-Agent: guichet";
    if (x.post) {
        x.headers[3] = "Content-Type: application/x-www-form-urlencoded";
        x.headers[4] = str_format(arena, "Idempotency-Key: %.*s", STR_ARG(idempotency_key)).p;
    }
    bool maybe_done = false;
    for (int try = 0;; try++) {
        struct answer answer = {0};
        enum err err = transport_exchange(s->transport, arena, &x, &answer, fault);
        if (err == OK && answer.status == 200) {
            *ret_body = answer.body;
            return OK;
        }
        bool again = try < REPETITIONS && worth_repeating(err, &answer);
        if (err == OK) {
            err = answer_error(arena, &answer, fault);
        }
        if (!again) {
            enum err end = !x.post && err == ERR_UNCERTAIN                ? ERR_IO
                           : x.post && maybe_done && err == ERR_IO ? ERR_UNCERTAIN
                                                                   : err;
            if (fault != NULL) {
                fault->err = end;
            }
            return end;
        }
        maybe_done |= err == ERR_UNCERTAIN;
        pause_ms(s->retry_pause_ms << try);
    }
}

static void field(struct buf *form, const char *name, struct str value)
{
    if (form->n != 0) {
        buf_char(form, '&');
    }
    buf_url(form, str_of(name));
    buf_char(form, '=');
    buf_url(form, value);
}

static void field_int(struct buf *form, struct arena *arena, const char *name, int64_t value)
{
    field(form, name, str_format(arena, "%" PRId64, value));
}

static void line(struct buf *form, struct arena *arena, size_t i, const struct pay_line *l)
{
    field(form, str_format(arena, "line_items[%zu][price_data][currency]", i).p, S("eur"));
    field(form, str_format(arena, "line_items[%zu][price_data][product_data][name]", i).p, l->label);
    field_int(form, arena, str_format(arena, "line_items[%zu][price_data][unit_amount]", i).p, l->unit.v);
    field_int(form, arena, str_format(arena, "line_items[%zu][quantity]", i).p, l->quantity);
}

/* Free lines are left out: the page is a bill, and some means of payment refuse lines of 0. */
static void lines(struct buf *form, struct arena *arena, const struct pay_attempt *attempt)
{
    size_t priced = 0;
    for (size_t i = 0; i < attempt->line_count; i++) {
        priced += attempt->lines[i].unit.v > 0;
    }
    if (priced > STRIPE_LINES_MAX) {
        line(form, arena, 0, &(struct pay_line){attempt->title, 1, attempt->total});
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < attempt->line_count; i++) {
        if (attempt->lines[i].unit.v > 0) {
            line(form, arena, n++, &attempt->lines[i]);
        }
    }
}

static bool key_ok(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] <= ' ' || key.p[i] >= 127) {
            return false;
        }
    }
    return key.n > 0 && key.n <= KEY_MAX;
}

static enum err attempt_check(const struct pay_attempt *attempt, struct fault *fault)
{
    int64_t sum = 0;
    for (size_t i = 0; i < attempt->line_count; i++) {
        const struct pay_line *l = &attempt->lines[i];
        int64_t amount;
        if (l->quantity < 1 || l->unit.v < 0 || str_empty(l->label) ||
            __builtin_mul_overflow(l->quantity, l->unit.v, &amount) || __builtin_add_overflow(sum, amount, &sum)) {
            return fault_set(fault, ERR_INPUT, "payment attempt: line %zu is not a line", i);
        }
    }
    if (sum != attempt->total.v || sum <= 0) {
        return fault_set(fault, ERR_INPUT, "payment attempt: lines sum up to %" PRId64 ", total says %" PRId64, sum,
                         attempt->total.v);
    }
    if (!key_ok(attempt->idempotency_key) || str_empty(attempt->reference)) {
        return fault_set(fault, ERR_INPUT, "payment attempt: reference or idempotency key is missing or malformed");
    }
    return OK;
}

static enum err create(void *context, struct arena *arena, const struct pay_attempt *attempt,
                       struct pay_redirect *ret_redirect, struct fault *fault)
{
    enum err err = attempt_check(attempt, fault);
    if (err != OK) {
        return err;
    }
    struct buf form = buf_new(FORM_MAX);
    field(&form, "mode", S("payment"));
    field(&form, "client_reference_id", attempt->reference);
    field(&form, "metadata[attempt]", attempt->reference);
    field(&form, "payment_intent_data[metadata][attempt]", attempt->reference);
    field(&form, "success_url", attempt->success_url);
    field(&form, "cancel_url", attempt->cancel_url);
    field_int(&form, arena, "expires_at", attempt->expires_at);
    field(&form, "locale", str_empty(attempt->locale) ? S("auto") : attempt->locale);
    if (!str_empty(attempt->email)) {
        field(&form, "customer_email", attempt->email);
    }
    lines(&form, arena, attempt);
    struct str body;
    err = call(context, arena, S("/v1/checkout/sessions"), &form, attempt->idempotency_key, &body, fault);
    buf_free(&form);
    return err != OK ? err : stripe_redirect_read(arena, body, ret_redirect, fault);
}

/* «/v1/things/{ref}tail»; references come from outside, so they are encoded. */
static struct str path_of(struct arena *arena, const char *things, struct str ref, const char *tail)
{
    struct buf path = buf_new(2048);
    buf_c(&path, things);
    buf_url(&path, ref);
    buf_c(&path, tail);
    struct str s = str_dup(arena, buf_view(&path));
    buf_free(&path);
    return s;
}

static bool ref_ok(struct str ref, struct str prefix)
{
    return str_starts(ref, prefix) && key_ok(ref);
}

static enum err query(void *context, struct arena *arena, struct str provider_ref, struct pay_state *ret_state,
                      struct fault *fault)
{
    if (!ref_ok(provider_ref, S("cs_"))) {
        return fault_set(fault, ERR_NOT_FOUND, "payment provider: not a session reference");
    }
    struct str body;
    enum err err = call(context, arena, path_of(arena, "/v1/checkout/sessions/", provider_ref, ""), NULL,
                        (struct str){0}, &body, fault);
    return err != OK ? err : stripe_state_read(arena, body, ret_state, fault);
}

/* Closing twice is harmless, so the reference itself makes the key; the answer «not open» is never stored under it. */
static enum err expire(void *context, struct arena *arena, struct str provider_ref, struct fault *fault)
{
    if (!ref_ok(provider_ref, S("cs_")) || provider_ref.n > KEY_MAX - 8) {
        return fault_set(fault, ERR_NOT_FOUND, "payment provider: not a session reference");
    }
    struct buf form = buf_new(16);
    struct str body;
    enum err err = call(context, arena, path_of(arena, "/v1/checkout/sessions/", provider_ref, "/expire"), &form,
                        str_join2(arena, S("expire-"), provider_ref), &body, fault);
    buf_free(&form);
    return err;
}

static enum err refund(void *context, struct arena *arena, struct str payment_ref, struct cents amount,
                       struct str idempotency_key, struct pay_refund *ret_refund, struct fault *fault)
{
    if (!ref_ok(payment_ref, S("pi_")) || amount.v <= 0 || !key_ok(idempotency_key)) {
        return fault_set(fault, ERR_INPUT, "refund: payment reference, amount or key is malformed");
    }
    struct buf form = buf_new(FORM_MAX);
    field(&form, "payment_intent", payment_ref);
    field_int(&form, arena, "amount", amount.v);
    field(&form, "metadata[refund]", idempotency_key);
    struct str body;
    enum err err = call(context, arena, S("/v1/refunds"), &form, idempotency_key, &body, fault);
    buf_free(&form);
    return err != OK ? err : stripe_refund_read(arena, body, ret_refund, fault);
}

static enum err read_notification(void *context, struct arena *arena, struct str signature, struct str body,
                                  instant now, struct pay_event *ret_event, struct fault *fault)
{
    const struct stripe *s = context;
    struct str secrets[] = {str_of(s->secret), str_of(s->secret_previous)};
    return stripe_notification_read(arena, signature, body, secrets, 2, now, ret_event, fault);
}

struct payer stripe_payer(struct stripe *stripe)
{
    return (struct payer){.name = "stripe", .page_origin = stripe->page_origin, .context = stripe, .create = create,
                          .query = query, .expire = expire, .refund = refund,
                          .signature_header = "stripe-signature", .read_notification = read_notification};
}
