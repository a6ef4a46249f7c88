/* The stand-in's machine interface: the shapes, errors and idempotency of the provider's API. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "pay/standin_parts.h"

enum {
    AMOUNT_MIN = 50,             /* cents, the provider's minimum */
    AMOUNT_MAX = 99999999,
    LIFE_MIN = 30 * 60,          /* seconds a page may live */
    LIFE_MAX = 24 * 3600,
    LIFE_SLACK = 5,              /* seconds that the call may have been on its way */
    LINES_MAX = 100,
    PAGE_DEFAULT = 10,
    PAGE_MAX = 100,
    KEY_MAX = 255
};

/* One call on its way through. */
struct call {
    struct standin *standin;
    struct arena *arena;
    struct request *request;
    int status;
};

struct standin_operation {
    json_t *(*run)(struct call *call); /* the answer, or NULL after `refuse` … */
    enum book_table table;             /* … for those that only read */
};

static json_t *error_object(const char *type, const char *code, const char *param, const char *message)
{
    json_t *error = json_pack("{s: s, s: s}", "type", type, "message", message);
    if (code != NULL) {
        json_object_set_new(error, "code", json_string(code));
    }
    if (param != NULL) {
        json_object_set_new(error, "param", json_string(param));
    }
    return json_pack("{s: o}", "error", error);
}

static json_t *refuse(struct call *call, int status, const char *code, const char *param, const char *message)
{
    call->status = status;
    return error_object("invalid_request_error", code, param, message);
}

static struct str form(const struct call *call, const char *name)
{
    return pairs_get(call->request->form, str_of(name));
}

static json_t *text_or_null(struct str s)
{
    return s.n == 0 ? json_null() : json_stringn(s.p, s.n);
}

/* «prefix[name]» fields as an object. */
static json_t *bracketed(const struct call *call, struct str prefix)
{
    json_t *object = json_object();
    const struct pairs *fields = &call->request->form;
    for (size_t i = 0; i < fields->n; i++) {
        struct str name = fields->p[i].name;
        if (str_starts(name, prefix) && str_ends(name, S("]"))) {
            struct str key = str_sub(name, prefix.n, name.n - prefix.n - 1);
            json_object_set_new(object, str_c(call->arena, key),
                                json_stringn(fields->p[i].value.p, fields->p[i].value.n));
        }
    }
    return json_object_size(object) <= 50 ? object : (json_object_clear(object), object);
}

/* One line item into `lines`; false when it is not one. */
static bool line_read(struct call *call, int i, json_t *lines, int64_t *total)
{
    struct arena *a = call->arena;
    struct str name = form(call, str_format(a, "line_items[%d][price_data][product_data][name]", i).p);
    struct str currency = form(call, str_format(a, "line_items[%d][price_data][currency]", i).p);
    int64_t unit, quantity, amount;
    if (name.n == 0 || !str_eq(currency, S("eur")) ||
        !str_int(form(call, str_format(a, "line_items[%d][price_data][unit_amount]", i).p), &unit) || unit < 0 ||
        !str_int(form(call, str_format(a, "line_items[%d][quantity]", i).p), &quantity) || quantity < 1 ||
        __builtin_mul_overflow(unit, quantity, &amount) || __builtin_add_overflow(*total, amount, total)) {
        return false;
    }
    json_array_append_new(lines, json_pack("{s: o, s: I, s: I}", "name", json_stringn(name.p, name.n), "unit",
                                           (json_int_t)unit, "quantity", (json_int_t)quantity));
    return true;
}

static json_t *lines_read(struct call *call, int64_t *total)
{
    json_t *lines = json_array();
    *total = 0;
    for (int i = 0; i <= LINES_MAX; i++) {
        struct str quantity = str_format(call->arena, "line_items[%d][quantity]", i);
        if (!pairs_has(call->request->form, quantity)) {
            break;
        }
        if (i == LINES_MAX || !line_read(call, i, lines, total)) {
            json_decref(lines);
            return NULL;
        }
    }
    return lines;
}

static bool web_address(struct str url)
{
    for (size_t i = 0; i < url.n; i++) {
        if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 127) {
            return false;
        }
    }
    return url.n <= 5000 && (str_starts(url, S("https://")) || str_starts(url, S("http://")));
}

/* What is wrong with a create call, or NULL and the end of the session's life. */
static json_t *create_check(struct call *call, int64_t total, instant *ret_expires_at)
{
    instant now = clock_now(&call->standin->clock);
    struct str expires = form(call, "expires_at");
    instant at = now + LIFE_MAX;
    if (!str_eq(form(call, "mode"), S("payment"))) {
        return refuse(call, 400, "parameter_missing", "mode", "You must provide `mode`: payment.");
    }
    if (!web_address(form(call, "success_url"))) {
        return refuse(call, 400, "url_invalid", "success_url", "Not a valid URL");
    }
    if (form(call, "cancel_url").n != 0 && !web_address(form(call, "cancel_url"))) {
        return refuse(call, 400, "url_invalid", "cancel_url", "Not a valid URL");
    }
    if (total < AMOUNT_MIN) {
        return refuse(call, 400, "amount_too_small", "line_items",
                      "The Checkout Session's total amount due must add up to at least €0.50 eur");
    }
    if (total > AMOUNT_MAX) {
        return refuse(call, 400, "amount_too_large", "line_items", "Amount must be no more than €999,999.99");
    }
    if (expires.n != 0 && !str_int(expires, &at)) {
        return refuse(call, 400, "parameter_invalid_integer", "expires_at", "Invalid integer");
    }
    if (at < now + LIFE_MIN - LIFE_SLACK || at > now + LIFE_MAX + LIFE_SLACK) {
        return refuse(call, 400, NULL, "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 "
                                                     "hours from Checkout Session creation.");
    }
    *ret_expires_at = at;
    return NULL;
}

static json_t *session_new(struct call *call, int64_t total, instant expires_at, json_t *lines)
{
    struct standin *s = call->standin;
    const char *id = standin_id(s, call->arena, "cs_test_");
    json_t *session = json_pack(
        "{s: s, s: s, s: I, s: I, s: o, s: o, s: I, s: s, s: o, s: I, s: b, s: o, s: o, s: s, s: n, s: [s], s: s, "
        "s: s, s: o, s: s, s: s}",
        "id", id, "object", "checkout.session", "amount_subtotal", (json_int_t)total, "amount_total",
        (json_int_t)total, "cancel_url", text_or_null(form(call, "cancel_url")), "client_reference_id",
        text_or_null(form(call, "client_reference_id")), "created", (json_int_t)clock_now(&s->clock), "currency",
        "eur", "customer_email", text_or_null(form(call, "customer_email")), "expires_at", (json_int_t)expires_at,
        "livemode", 0, "locale", text_or_null(form(call, "locale")), "metadata",
        bracketed(call, S("metadata[")), "mode", "payment", "payment_intent", "payment_method_types", "card",
        "payment_status", "unpaid", "status", "open", "success_url", text_or_null(form(call, "success_url")),
        "ui_mode", "hosted_page", "url", str_format(call->arena, "%s/c/pay/%s", s->public_url, id).p);
    json_object_set_new(session, "_lines", lines);
    json_object_set_new(session, "_intent_metadata", bracketed(call, S("payment_intent_data[metadata][")));
    book_put(s->book, BOOK_SESSIONS, id, session);
    if (expires_at < s->next_expiry) {
        s->next_expiry = expires_at;
    }
    return standin_shown(session);
}

static json_t *create(struct call *call)
{
    int64_t total;
    json_t *lines = lines_read(call, &total);
    if (lines == NULL || json_array_size(lines) == 0) {
        json_decref(lines);
        return refuse(call, 400, "parameter_invalid", "line_items",
                      "line_items: each needs price_data (currency eur, unit_amount, product_data[name]) and quantity");
    }
    instant expires_at = 0;
    json_t *wrong = create_check(call, total, &expires_at);
    if (wrong != NULL) {
        json_decref(lines);
        return wrong;
    }
    return session_new(call, total, expires_at, lines);
}

static json_t *missing(struct call *call, const char *what)
{
    return refuse(call, 404, "resource_missing", "id",
                  str_format(call->arena, "No such %s: '%s'", what,
                             str_c(call->arena, pairs_get(call->request->captures, S("id")))).p);
}

static const char *captured_id(struct call *call)
{
    return str_c(call->arena, pairs_get(call->request->captures, S("id")));
}

static json_t *expire(struct call *call)
{
    const char *id = captured_id(call);
    const json_t *session = book_get(call->standin->book, BOOK_SESSIONS, id);
    if (session == NULL) {
        return missing(call, "checkout.session");
    }
    if (!standin_is(session, "status", "open")) {
        return refuse(call, 400, NULL, NULL,
                      str_format(call->arena, "Only Checkout Sessions with a status in [\"open\"] can be expired. This "
                                              "Checkout Session has a status of %s.",
                                 standin_text(session, "status")).p);
    }
    standin_put_expired(call->standin, call->arena, session);
    json_t *answer = standin_shown(session);
    json_object_set_new(answer, "status", json_string("expired"));
    json_object_set_new(answer, "url", json_null());
    return answer;
}

/* The amount to give back, or an error in *ret_wrong. */
static int64_t refund_amount(struct call *call, const json_t *payment, json_t **ret_wrong)
{
    int64_t left = standin_number(payment, "amount") - standin_number(payment, "_refunded");
    int64_t amount = left;
    struct str asked = form(call, "amount");
    *ret_wrong = NULL;
    if (left == 0) {
        *ret_wrong = refuse(call, 400, "charge_already_refunded", NULL,
                            str_format(call->arena, "Charge %s has already been refunded.",
                                       standin_text(payment, "latest_charge")).p);
    } else if (asked.n != 0 && (!str_int(asked, &amount) || amount < 1)) {
        *ret_wrong = refuse(call, 400, "parameter_invalid_integer", "amount", "Invalid positive integer");
    } else if (amount > left) {
        *ret_wrong = refuse(call, 400, NULL, "amount",
                            str_format(call->arena, "Refund amount (%" PRId64 ") is greater than unrefunded amount on "
                                                    "charge (%" PRId64 ")", amount, left).p);
    }
    return amount;
}

/* The payment with the larger sum given back, its charge's event and the refund's. */
static json_t *refund_put(struct call *call, const json_t *payment, int64_t amount)
{
    struct standin *s = call->standin;
    const char *id = standin_id(s, call->arena, "re_");
    const char *payment_id = standin_text(payment, "id"), *charge = standin_text(payment, "latest_charge");
    struct str reason = form(call, "reason");
    json_t *refund = json_pack("{s: s, s: s, s: I, s: s, s: I, s: s, s: o, s: s, s: o, s: s}", "id", id, "object",
                               "refund", "amount", (json_int_t)amount, "charge", charge, "created",
                               (json_int_t)clock_now(&s->clock), "currency", "eur", "metadata",
                               bracketed(call, S("metadata[")), "payment_intent", payment_id, "reason",
                               text_or_null(reason), "status", "succeeded");
    int64_t refunded = standin_number(payment, "_refunded") + amount, paid = standin_number(payment, "amount");
    json_t *after = json_deep_copy(payment);
    json_object_set_new(after, "_refunded", json_integer(refunded));
    json_t *of_charge = json_pack("{s: s, s: s, s: I, s: I, s: s, s: s, s: b}", "id", charge, "object", "charge",
                                  "amount", (json_int_t)paid, "amount_refunded", (json_int_t)refunded, "currency",
                                  "eur", "payment_intent", payment_id, "refunded", refunded == paid);
    standin_emit(s, call->arena, "refund.created", refund);
    standin_emit(s, call->arena, "charge.refunded", of_charge);
    json_decref(of_charge);
    book_put(s->book, BOOK_PAYMENTS, payment_id, after);
    book_put(s->book, BOOK_REFUNDS, id, refund);
    return standin_shown(refund);
}

static json_t *refund(struct call *call)
{
    const char *id = str_c(call->arena, form(call, "payment_intent"));
    const json_t *payment = book_get(call->standin->book, BOOK_PAYMENTS, id);
    if (payment == NULL) {
        return refuse(call, 404, "resource_missing", "payment_intent",
                      str_format(call->arena, "No such payment_intent: '%s'", id).p);
    }
    json_t *wrong;
    int64_t amount = refund_amount(call, payment, &wrong);
    return wrong != NULL ? wrong : refund_put(call, payment, amount);
}

static const char *thing(enum book_table table)
{
    return table == BOOK_SESSIONS   ? "checkout.session"
           : table == BOOK_PAYMENTS ? "payment_intent"
           : table == BOOK_REFUNDS  ? "refund"
                                    : "event";
}

static json_t *get_from(struct call *call, enum book_table table)
{
    const json_t *row = book_get(call->standin->book, table, captured_id(call));
    return row != NULL ? standin_shown(row) : missing(call, thing(table));
}

static json_t *get_session(struct call *call) { return get_from(call, BOOK_SESSIONS); }
static json_t *get_payment(struct call *call) { return get_from(call, BOOK_PAYMENTS); }
static json_t *get_refund(struct call *call) { return get_from(call, BOOK_REFUNDS); }
static json_t *get_event(struct call *call) { return get_from(call, BOOK_EVENTS); }

/* Whether a row has what the query asks of it: `type` and `payment_intent` are the filters we know. */
static bool row_asked(struct call *call, const json_t *row)
{
    static const char *const filters[] = {"type", "payment_intent", "status"};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        struct str want = pairs_get(call->request->query, str_of(filters[i]));
        if (want.n != 0 && !str_eq(want, str_of(standin_text(row, filters[i])))) {
            return false;
        }
    }
    return true;
}

/* Newest first, `limit` rows behind `starting_after`. */
static json_t *list_of(struct call *call, enum book_table table)
{
    json_t *rows = book_rows(call->standin->book, table);
    size_t count = json_object_size(rows), n = 0;
    const json_t **all = arena_array(call->arena, count + 1, sizeof *all);
    const char *id;
    json_t *row;
    json_object_foreach(rows, id, row) {
        all[n++] = row;
    }
    int64_t limit;
    if (!str_int(pairs_get(call->request->query, S("limit")), &limit) || limit < 1 || limit > PAGE_MAX) {
        limit = PAGE_DEFAULT;
    }
    struct str after = pairs_get(call->request->query, S("starting_after"));
    bool more = false, started = after.n == 0;
    json_t *data = json_array();
    while (n-- > 0 && !more) {
        if (started && row_asked(call, all[n])) {
            more = json_array_size(data) == (size_t)limit;
            if (!more) {
                json_array_append_new(data, standin_shown(all[n]));
            }
        }
        started |= str_eq(after, str_of(standin_text(all[n], "id")));
    }
    return json_pack("{s: s, s: o, s: o, s: b}", "object", "list", "url",
                     json_stringn(call->request->path.p, call->request->path.n), "data", data, "has_more", more);
}

static json_t *list_sessions(struct call *call) { return list_of(call, BOOK_SESSIONS); }
static json_t *list_refunds(struct call *call) { return list_of(call, BOOK_REFUNDS); }
static json_t *list_events(struct call *call) { return list_of(call, BOOK_EVENTS); }

const struct standin_operation standin_create = {create, BOOK_SESSIONS}, standin_retrieve = {get_session, BOOK_SESSIONS},
                               standin_expire = {expire, BOOK_SESSIONS}, standin_sessions = {list_sessions, BOOK_SESSIONS},
                               standin_refund = {refund, BOOK_REFUNDS}, standin_refund_get = {get_refund, BOOK_REFUNDS},
                               standin_refunds = {list_refunds, BOOK_REFUNDS},
                               standin_payment_get = {get_payment, BOOK_PAYMENTS},
                               standin_event_get = {get_event, BOOK_EVENTS}, standin_events = {list_events, BOOK_EVENTS};

/* «Bearer KEY», or Basic with the key as user name and no password. */
static bool authorised(const struct call *call)
{
    struct str given = request_header(call->request, "authorization");
    struct str key = str_of(call->standin->key);
    struct buf basic = buf_new(1024), pair = buf_new(512);
    buf_str(&pair, key);
    buf_char(&pair, ':');
    buf_c(&basic, "Basic ");
    buf_base64(&basic, pair.p, pair.n);
    bool good = crypto_equal(given, str_join2(call->arena, S("Bearer "), key)) || crypto_equal(given, buf_view(&basic));
    buf_free(&basic);
    buf_free(&pair);
    return good;
}

static struct str call_digest(struct call *call)
{
    unsigned char digest[CRYPTO_DIGEST];
    struct str all = str_format(call->arena, "%.*s\n%.*s", STR_ARG(call->request->path), STR_ARG(call->request->body));
    crypto_sha256(all, digest);
    return str_hex(call->arena, digest, sizeof digest);
}

/* JSON holds UTF-8 only; anything else in a form is the caller's mistake. */
static bool fields_valid(const struct pairs *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        if (!utf8_valid(fields->p[i].name) || !utf8_valid(fields->p[i].value)) {
            return false;
        }
    }
    return true;
}

/* The stored answer of this idempotency key, or the error of a key used otherwise, or NULL: go on. */
static json_t *replay(struct call *call, const char *key, struct response *response)
{
    const json_t *kept = book_get(call->standin->book, BOOK_KEYS, key);
    if (kept == NULL) {
        return NULL;
    }
    if (!str_eq(call_digest(call), str_of(standin_text(kept, "digest")))) {
        call->status = 400;
        return error_object("idempotency_error", NULL, NULL,
                            "Keys for idempotent requests can only be used with the same parameters they were first "
                            "used with. Try using a key other than the one you used.");
    }
    response_header(response, "Idempotent-Replayed", S("true"));
    return json_incref(json_object_get(kept, "answer"));
}

/* Carries the call out. Only what succeeded is kept under its key, as the provider does with refused arguments. */
static json_t *carry_out(struct call *call, const struct standin_operation *operation, const char *key)
{
    struct standin *s = call->standin;
    json_t *answer = operation->run(call);
    if (call->status != 200) {
        standin_abandon(s);
        return answer;
    }
    if (call->request->method == HTTP_POST && *key != '\0') {
        book_put(s->book, BOOK_KEYS, key, json_pack("{s: s, s: O}", "digest", call_digest(call).p, "answer", answer));
    }
    struct fault fault = {0};
    if (call->request->method == HTTP_POST && standin_commit(s, &fault) != OK) {
        json_decref(answer);
        call->status = 500;
        return error_object("api_error", NULL, NULL, fault.text);
    }
    return answer;
}

static json_t *answer_call(struct call *call, const struct standin_operation *operation, struct response *response)
{
    struct standin *s = call->standin;
    const char *key = str_c(call->arena, request_header(call->request, "idempotency-key"));
    bool post = call->request->method == HTTP_POST;
    if (!authorised(call)) {
        call->status = 401;
        return error_object("invalid_request_error", NULL, NULL, "Invalid API Key provided");
    }
    if (!fields_valid(&call->request->form)) {
        return refuse(call, 400, NULL, NULL, "Invalid UTF-8 in the parameters");
    }
    if (post && (strlen(key) > KEY_MAX || !utf8_valid(str_of(key)))) {
        return refuse(call, 400, NULL, NULL, "Idempotency keys have at most 255 characters");
    }
    if (s->faults.fail > 0) {
        s->faults.fail--;
        call->status = 500;
        response_header(response, "Stripe-Should-Retry", S("true"));
        return error_object("api_error", NULL, NULL, "A fault that was asked for");
    }
    json_t *answer = post && *key != '\0' ? replay(call, key, response) : NULL;
    if (answer == NULL) {
        answer = carry_out(call, operation, key);
    }
    if (s->faults.lose) {
        s->faults.lose = false;
        json_decref(answer);
        call->status = 500;
        return error_object("api_error", NULL, NULL, "The answer was lost, as asked for");
    }
    return answer;
}

static void answer_json(struct response *response, int status, const json_t *answer)
{
    char *text = json_dumps(answer, JSON_INDENT(2));
    response->status = status;
    response->content_type = S("application/json");
    buf_c(&response->body, text != NULL ? text : "{}");
    buf_char(&response->body, '\n');
    free(text);
}

void standin_api(void *context, struct request *request, struct response *response, const void *operation)
{
    struct call call = {.standin = context, .arena = request->arena, .request = request, .status = 200};
    book_lock(call.standin->book);
    standin_expire_due(call.standin);
    json_t *answer = answer_call(&call, operation, response);
    response_header(response, "Request-Id", str_of(standin_id(call.standin, call.arena, "req_")));
    answer_json(response, call.status, answer);
    json_decref(answer);
    book_unlock(call.standin->book);
}

void standin_unknown(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)data;
    json_t *answer = error_object("invalid_request_error", NULL, NULL,
                                  str_format(request->arena, "Unrecognized request URL (%.*s).",
                                             STR_ARG(request->path)).p);
    answer_json(response, 404, answer);
    json_decref(answer);
}

static json_t *book_of(const struct standin *s, enum book_table table, const char *const *members, size_t count)
{
    json_t *list = json_array();
    const char *id;
    json_t *row;
    json_object_foreach(book_rows(s->book, table), id, row) {
        json_t *short_row = json_object();
        for (size_t i = 0; i < count; i++) {
            json_t *value = json_object_get(row, members[i]);
            if (value != NULL) {
                json_object_set(short_row, members[i], value);
            }
        }
        json_array_append_new(list, short_row);
    }
    return list;
}

/* Only what a comparison needs, so that a long test's book still fits one answer. */
void standin_book(void *context, struct request *request, struct response *response, const void *data)
{
    (void)request;
    (void)data;
    static const char *const members[] = {"id",     "status",       "payment_status", "client_reference_id",
                                          "amount_total", "amount", "_refunded",      "payment_intent",
                                          "type",   "metadata",     "created",        "expires_at"};
    struct standin *s = context;
    book_lock(s->book);
    standin_expire_due(s);
    json_t *answer = json_object();
    for (enum book_table t = BOOK_SESSIONS; t <= BOOK_EVENTS; t++) {
        json_object_set_new(answer, book_table_name(t),
                            book_of(s, t, members, sizeof members / sizeof members[0]));
    }
    json_object_set(answer, "deliveries", book_rows(s->book, BOOK_DELIVERIES));
    answer_json(response, 200, answer);
    json_decref(answer);
    book_unlock(s->book);
}
