/* Reads Stripe's JSON: answers and notifications. */
#include "pay/stripe_parts.h"

#include <jansson.h>
#include <string.h>

#include "pay/signature.h"
#include "pay/stripe.h"

static json_t *parse(struct str body)
{
    return json_loadb(body.p != NULL ? body.p : "", body.n, JSON_REJECT_DUPLICATES, NULL);
}

/* A string member copied into the arena; absent, null or of another type gives the empty str. */
static struct str text(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    if (!json_is_string(v)) {
        return (struct str){0};
    }
    return str_dup(arena, (struct str){json_string_value(v), json_string_length(v)});
}

static bool whole(const json_t *object, const char *name, int64_t *ret)
{
    const json_t *v = json_object_get(object, name);
    if (!json_is_integer(v) || json_integer_value(v) < 0) {
        return false;
    }
    *ret = json_integer_value(v);
    return true;
}

/* A reference that the provider may have expanded into the object itself. */
static struct str reference(struct arena *arena, const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return json_is_object(v) ? text(arena, v, "id") : text(arena, object, name);
}

struct stripe_error stripe_error_read(struct arena *arena, struct str body)
{
    json_t *root = parse(body);
    const json_t *e = json_object_get(root, "error");
    struct stripe_error error = {text(arena, e, "type"), text(arena, e, "code"), text(arena, e, "message")};
    json_decref(root);
    return error;
}

/* Paid counts more than closed: a session is never taken for expired while the provider has the money. */
static bool outcome_read(const json_t *session, enum pay_outcome *ret)
{
    const char *status = json_string_value(json_object_get(session, "status"));
    const char *payment = json_string_value(json_object_get(session, "payment_status"));
    if (status == NULL || payment == NULL) {
        return false;
    }
    if (strcmp(payment, "paid") == 0) {
        *ret = PAY_PAID;
    } else if (strcmp(status, "expired") == 0) {
        *ret = PAY_EXPIRED;
    } else if (strcmp(status, "open") == 0 || strcmp(status, "complete") == 0) {
        *ret = PAY_OPEN; /* complete and unpaid: a deferred means of payment is still running */
    } else {
        return false;
    }
    return true;
}

static bool session_read(struct arena *arena, const json_t *session, struct pay_state *ret)
{
    struct pay_state s = {
        .provider_ref = text(arena, session, "id"),
        .attempt_ref = text(arena, session, "client_reference_id"),
        .payment_ref = reference(arena, session, "payment_intent"),
        .currency = text(arena, session, "currency"),
    };
    if (!str_starts(s.provider_ref, S("cs_")) || s.currency.n != 3 || !outcome_read(session, &s.outcome) ||
        !whole(session, "amount_total", &s.amount.v) || !whole(session, "expires_at", &s.expires_at) ||
        (s.outcome == PAY_PAID && str_empty(s.payment_ref))) {
        return false;
    }
    *ret = s;
    return true;
}

enum err stripe_redirect_read(struct arena *arena, struct str body, struct pay_redirect *ret, struct fault *fault)
{
    json_t *root = parse(body);
    struct pay_state state;
    struct str url = text(arena, root, "url");
    bool ok = session_read(arena, root, &state);
    json_decref(root);
    /* A replayed key gives the first answer, which always has the page's address. */
    if (!ok || !(str_starts(url, S("https://")) || str_starts(url, S("http://")))) {
        return fault_set(fault, ERR_UNCERTAIN, "payment provider: the new session cannot be read");
    }
    *ret = (struct pay_redirect){.url = url, .provider_ref = state.provider_ref, .expires_at = state.expires_at};
    return OK;
}

enum err stripe_state_read(struct arena *arena, struct str body, struct pay_state *ret, struct fault *fault)
{
    json_t *root = parse(body);
    bool ok = session_read(arena, root, ret);
    json_decref(root);
    return ok ? OK : fault_set(fault, ERR_IO, "payment provider: the session cannot be read");
}

/* requires_action and pending are both on their way; canceled came to nothing, like failed. */
static bool refund_outcome(const json_t *refund, enum pay_refund_outcome *ret)
{
    static const struct {
        const char *word;
        enum pay_refund_outcome outcome;
    } words[] = {{"succeeded", PAY_REFUND_DONE}, {"pending", PAY_REFUND_PENDING},
                 {"requires_action", PAY_REFUND_PENDING}, {"failed", PAY_REFUND_FAILED},
                 {"canceled", PAY_REFUND_FAILED}};
    const char *status = json_string_value(json_object_get(refund, "status"));
    for (size_t i = 0; status != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(status, words[i].word) == 0) {
            *ret = words[i].outcome;
            return true;
        }
    }
    return false;
}

enum err stripe_refund_read(struct arena *arena, struct str body, struct pay_refund *ret, struct fault *fault)
{
    json_t *root = parse(body);
    struct pay_refund refund = {.refund_ref = text(arena, root, "id")};
    bool ok = refund_outcome(root, &refund.outcome) && !str_empty(refund.refund_ref);
    json_decref(root);
    if (!ok) {
        return fault_set(fault, ERR_UNCERTAIN, "payment provider: the refund cannot be read");
    }
    *ret = refund;
    return OK;
}

static bool attempt_event(struct arena *arena, const json_t *object, struct pay_event *e)
{
    struct pay_state s;
    if (!session_read(arena, object, &s)) {
        return false;
    }
    e->kind = PAY_EVENT_ATTEMPT;
    e->provider_ref = s.provider_ref;
    e->attempt_ref = s.attempt_ref;
    e->payment_ref = s.payment_ref;
    e->amount = s.amount;
    e->currency = s.currency;
    e->outcome = str_eq(e->type, S("checkout.session.async_payment_failed")) ? PAY_FAILED : s.outcome;
    return true;
}

static bool refund_event(struct arena *arena, const json_t *object, struct pay_event *e)
{
    e->kind = PAY_EVENT_REFUND;
    e->refund_ref = text(arena, object, "id");
    e->payment_ref = reference(arena, object, "payment_intent");
    e->currency = text(arena, object, "currency");
    return !str_empty(e->refund_ref) && e->currency.n == 3 && refund_outcome(object, &e->refund) &&
           whole(object, "amount", &e->amount.v);
}

static bool dispute_event(struct arena *arena, const json_t *object, struct pay_event *e)
{
    e->kind = PAY_EVENT_DISPUTE;
    e->payment_ref = reference(arena, object, "payment_intent");
    e->currency = text(arena, object, "currency");
    return e->currency.n == 3 && whole(object, "amount", &e->amount.v);
}

static bool event_read(struct arena *arena, const json_t *root, struct pay_event *e)
{
    const json_t *object = json_object_get(json_object_get(root, "data"), "object");
    const char *what = json_string_value(json_object_get(root, "object"));
    e->event_id = text(arena, root, "id");
    e->type = text(arena, root, "type");
    e->kind = PAY_EVENT_OTHER;
    if (what == NULL || strcmp(what, "event") != 0 || !str_starts(e->event_id, S("evt_")) || str_empty(e->type) ||
        !json_is_object(object)) {
        return false;
    }
    if (str_starts(e->type, S("checkout.session."))) {
        return attempt_event(arena, object, e);
    }
    if (str_starts(e->type, S("refund."))) {
        return refund_event(arena, object, e);
    }
    if (str_starts(e->type, S("charge.dispute."))) {
        return dispute_event(arena, object, e);
    }
    return true; /* payment_intent.*, charge.*: told again by the above, and types of the future */
}

enum err stripe_notification_read(struct arena *arena, struct str signature, struct str body,
                                  const struct str *secrets, size_t secret_count, instant now, struct pay_event *ret,
                                  struct fault *fault)
{
    if (body.n > STRIPE_NOTIFICATION_MAX) {
        return fault_set(fault, ERR_INPUT, "notification: longer than %d bytes", STRIPE_NOTIFICATION_MAX);
    }
    enum err err = signature_check(signature, body, secrets, secret_count, now, fault);
    if (err != OK) {
        return err;
    }
    json_t *root = parse(body);
    struct pay_event event = {0};
    bool ok = event_read(arena, root, &event);
    json_decref(root);
    if (!ok) {
        return fault_set(fault, ERR_INPUT, "notification: signed, but not an event we can read");
    }
    *ret = event;
    return OK;
}
