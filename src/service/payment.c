/* Payment: opening the provider's page, settling what it says. */
#include "service/payment.h"

#include "base/log.h"
#include "service/audit.h"
#include "service/fulfil.h"
#include "service/outbox.h"
#include "service/payer.h"
#include "service/permit.h"
#include "service/pricing.h"
#include "service/refund.h"
#include "service/settings.h"
#include "store/queries.h"

/* ---- Settlement ------------------------------------------------------------------------------------------------- */

/* What the provider said, from a notification or from an answer. */
struct news {
    struct str event_id, event_type; /* empty when we asked */
    struct str provider_ref, attempt_ref, payment_ref;
    enum pay_outcome outcome;
    struct cents amount;
    struct str currency;
};

struct settle {
    struct service *service;
    struct news news;
    enum settlement settlement;
};

struct attempt {
    int64_t id, order_id, amount;
    bool open;
};

static struct str provider_name(const struct service *service)
{
    return str_of(service->payer->name);
}

/* «K7Q2XD4M.2»: order reference and number of the attempt. */
static bool reference_read(struct str reference, struct str *ret_order, int64_t *ret_number)
{
    struct str rest = reference;
    struct str order = str_cut(&rest, '.');
    if (str_empty(order) || !str_int(rest, ret_number))
        return false;
    *ret_order = order;
    return true;
}

static enum err attempt_find(struct settle *settle, struct db *db, struct arena *arena, struct attempt *ret_attempt,
                             bool *ret_found, struct fault *fault)
{
    const struct news *news = &settle->news;
    struct attempt_by_provider_row by_provider;
    bool found = false;
    enum err err = q_attempt_by_provider(db, arena,
        (struct attempt_by_provider_in){.provider = provider_name(settle->service), .provider_ref = news->provider_ref},
        &by_provider, &found, fault);
    if (err != OK)
        return err;
    if (found) {
        *ret_attempt = (struct attempt){by_provider.id, by_provider.order_id, by_provider.amount_cents,
                                        str_eq(by_provider.state, S("open")) || str_eq(by_provider.state, S("created"))};
        *ret_found = true;
        return OK;
    }
    struct str order_ref = {0};
    int64_t number = 0;
    *ret_found = false;
    if (!reference_read(news->attempt_ref, &order_ref, &number))
        return OK;
    struct attempt_by_reference_row by_reference;
    err = q_attempt_by_reference(db, arena,
        (struct attempt_by_reference_in){.provider = provider_name(settle->service), .ref = order_ref, .number = number},
        &by_reference, &found, fault);
    if (err != OK || !found)
        return err;
    *ret_attempt = (struct attempt){by_reference.id, by_reference.order_id, by_reference.amount_cents,
                                    str_eq(by_reference.state, S("open")) || str_eq(by_reference.state, S("created"))};
    *ret_found = true;
    return OK;
}

/* Money that cannot be booked: said to the buyer and to customer service, never dropped. */
static enum err refund_due_mails(struct settle *settle, struct db *db, struct arena *arena,
                                 const struct order_by_id_row *order, int64_t order_id, instant now, struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    enum lang lang = lang_of(order->lang);
    err = outbox_add(db, arena, (struct outbox_row){
        .kind = S("refund-due"), .organisation_id = order->organisation_id, .order_id = order_id,
        .recipient = order->email, .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(order->first_name),
                                                                STR_ARG(order->last_name)),
        .lang = lang, .now = now}, fault);
    if (err != OK)
        return err;
    err = outbox_add(db, arena, (struct outbox_row){
        .kind = S("refund-due-desk"), .organisation_id = order->organisation_id, .order_id = order_id,
        .recipient = settings.contact_groups, .lang = LANG_FR, .now = now}, fault);
    if (err != OK)
        return err;
    (void)settle;
    return audit_add(db, arena, (struct audit_row){
        .at = now, .organisation_id = order->organisation_id, .act = S("payment.refund-due"), .subject = order->ref}, fault);
}

static enum err settle_paid(struct settle *settle, struct db *db, struct arena *arena, const struct attempt *attempt,
                            instant now, struct fault *fault)
{
    const struct news *news = &settle->news;
    struct order_by_id_row order;
    enum err err = q_order_by_id(db, arena, (struct order_by_id_in){.id = attempt->order_id}, &order, NULL, fault);
    if (err != OK)
        return err;

    bool amount_right = news->amount.v == attempt->amount && str_eq(news->currency, S("eur"));
    bool may_confirm = str_eq(order.state, S("pending")) || str_eq(order.state, S("expired"));
    struct str reason = !amount_right ? S("amount") : !may_confirm ? S("paid-twice") : S("places-gone");

    /* First the money: a second bearer of the same news stops here. */
    struct payment_insert_row payment;
    bool fresh = false;
    err = q_payment_insert(db, arena, (struct payment_insert_in){
        .order_id = attempt->order_id, .attempt_id = attempt->id, .provider = provider_name(settle->service),
        .payment_ref = news->payment_ref, .amount_cents = news->amount.v, .now = now, .state = S("refund-due"),
        .reason = reason}, &payment, &fresh, fault);
    if (err != OK)
        return err;
    if (!fresh) {
        settle->settlement = SETTLED_BEFORE;
        return OK;
    }
    err = q_attempt_close(db, (struct attempt_close_in){.id = attempt->id, .state = S("paid"), .now = now}, NULL, fault);
    if (err != OK)
        return err;

    bool confirmed = false;
    if (amount_right && may_confirm) {
        err = order_fulfil(settle->service, db, arena, attempt->order_id, now, &confirmed, fault);
        if (err != OK)
            return err;
    }
    if (confirmed) {
        settle->settlement = SETTLED_CONFIRMED;
        return q_payment_book(db, (struct payment_book_in){.id = payment.id}, NULL, fault);
    }
    settle->settlement = SETTLED_REFUND_DUE;
    return refund_due_mails(settle, db, arena, &order, attempt->order_id, now, fault);
}

static enum err settle_closed(struct settle *settle, struct db *db, struct arena *arena, const struct attempt *attempt,
                              instant now, struct fault *fault)
{
    struct str state = settle->news.outcome == PAY_EXPIRED ? S("expired") : S("failed");
    int64_t closed = 0;
    enum err err = str_empty(settle->news.provider_ref)
        ? q_attempt_close_unopened(db, (struct attempt_close_unopened_in){.id = attempt->id, .state = state, .now = now},
                                   &closed, fault)
        : q_attempt_close(db, (struct attempt_close_in){.id = attempt->id, .state = state, .now = now}, &closed, fault);
    if (err != OK || closed == 0)
        return err;
    /* Only the newest attempt speaks for the order: an older one that ends late must not end it. */
    struct attempt_last_row last;
    err = q_attempt_last(db, arena, (struct attempt_last_in){.order_id = attempt->order_id}, &last, NULL, fault);
    if (err != OK || last.id != attempt->id)
        return err;
    bool ended = false;
    err = order_lapse(db, arena, attempt->order_id, now, &ended, fault);
    if (err == OK && ended)
        settle->settlement = SETTLED_CLOSED;
    return err;
}

static enum err settle_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct settle *settle = argument;
    const struct news *news = &settle->news;
    instant now = service_now(settle->service);
    settle->settlement = SETTLED_NOTHING;
    if (!str_empty(news->event_id)) {
        struct event_note_row note;
        bool fresh = false;
        enum err err = q_event_note(db, arena, (struct event_note_in){
            .provider = provider_name(settle->service), .event_id = news->event_id, .kind = news->event_type,
            .now = now}, &note, &fresh, fault);
        if (err != OK)
            return err;
        if (!fresh) {
            settle->settlement = SETTLED_BEFORE;
            return OK;
        }
    }
    struct attempt attempt;
    bool found = false;
    enum err err = attempt_find(settle, db, arena, &attempt, &found, fault);
    if (err != OK)
        return err;
    if (!found) {
        settle->settlement = SETTLED_UNKNOWN;
        /* Nothing of it is kept, so that the same notification may come again when the order is there. */
        return news->outcome == PAY_PAID ? ERR_REFUSED : OK;
    }
    if (news->outcome != PAY_OPEN)
        err = q_order_lock(db, (struct order_lock_in){.id = attempt.order_id}, NULL, fault);
    if (err != OK)
        return err;
    if (news->outcome == PAY_PAID)
        return settle_paid(settle, db, arena, &attempt, now, fault);
    if (news->outcome != PAY_OPEN && attempt.open)
        return settle_closed(settle, db, arena, &attempt, now, fault);
    return OK;
}

static enum err settle_news(struct service *service, struct arena *arena, struct news news,
                            enum settlement *ret_settlement, struct fault *fault)
{
    struct settle settle = {.service = service, .news = news};
    enum err err = service_write(service, arena, settle_command, 0, &settle, fault);
    if (err == ERR_REFUSED) { /* money of an order that this database does not know: a person must look */
        LOG(LOG_ERROR, "payment.unknown", LOG_TEXT("attempt", news.attempt_ref), LOG_TEXT("payment", news.payment_ref),
            LOG_INT("cents", news.amount.v));
        err = OK;
    }
    if (err != OK)
        return err;
    if (settle.settlement != SETTLED_NOTHING && settle.settlement != SETTLED_BEFORE)
        LOG(LOG_INFO, "payment", LOG_TEXT("attempt", news.attempt_ref), LOG_INT("settlement", settle.settlement));
    *ret_settlement = settle.settlement;
    return OK;
}

enum err payment_notified(struct service *service, struct arena *arena, struct str signature, struct str body,
                          enum settlement *ret_settlement, struct fault *fault)
{
    const struct payer *payer = service->payer;
    struct pay_event event;
    enum err err = payer->read_notification(payer->context, arena, signature, body, service_now(service), &event, fault);
    if (err != OK)
        return err;
    if (event.kind == PAY_EVENT_DISPUTE)
        LOG(LOG_ERROR, "payment.dispute", LOG_TEXT("event", event.event_id), LOG_TEXT("payment", event.payment_ref),
            LOG_INT("cents", event.amount.v));
    if (event.kind != PAY_EVENT_ATTEMPT) {
        *ret_settlement = SETTLED_NOTHING;
        return event.kind == PAY_EVENT_REFUND ? refund_notified(service, arena, &event, fault) : OK;
    }
    return settle_news(service, arena, (struct news){
        .event_id = event.event_id, .event_type = event.type, .provider_ref = event.provider_ref,
        .attempt_ref = event.attempt_ref, .payment_ref = event.payment_ref, .outcome = event.outcome,
        .amount = event.amount, .currency = event.currency}, ret_settlement, fault);
}

/* ---- Asking the provider ---------------------------------------------------------------------------------------- */

static enum err ask_and_settle(struct service *service, struct arena *arena, struct str provider_ref,
                               enum settlement *ret_settlement, struct fault *fault)
{
    struct pay_state state;
    enum err err = service->payer->query(service->payer->context, arena, provider_ref, &state, fault);
    if (err == ERR_NOT_FOUND)
        state = (struct pay_state){.outcome = PAY_EXPIRED, .provider_ref = provider_ref};
    else if (err != OK)
        return err;
    return settle_news(service, arena, (struct news){
        .provider_ref = provider_ref, .attempt_ref = state.attempt_ref, .payment_ref = state.payment_ref,
        .outcome = state.outcome, .amount = state.amount, .currency = state.currency}, ret_settlement, fault);
}

/* Closes the page so that nobody can pay any more, then settles what is final. */
static enum err close_and_settle(struct service *service, struct arena *arena, struct str provider_ref,
                                 enum settlement *ret_settlement, struct fault *fault)
{
    enum err err = service->payer->expire(service->payer->context, arena, provider_ref, fault);
    if (err != OK && err != ERR_REFUSED && err != ERR_NOT_FOUND)
        return err;
    return ask_and_settle(service, arena, provider_ref, ret_settlement, fault);
}

/* ---- The order and its attempt ---------------------------------------------------------------------------------- */

struct order_read {
    struct str ref;
    int64_t organisation_id;
    struct order_of_row order;
    struct attempt_last_row attempt;
    bool has_attempt;
    struct order_option_end_row option;
    struct order_lines_list lines;
};

static enum err order_and_attempt(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct order_read *read = argument;
    bool found = false;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = read->ref, .organisation_id = read->organisation_id},
                              &read->order, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    err = q_attempt_last(db, arena, (struct attempt_last_in){.order_id = read->order.id}, &read->attempt,
                         &read->has_attempt, fault);
    if (err == OK)
        err = q_order_option_end(db, arena, (struct order_option_end_in){.order_id = read->order.id}, &read->option, NULL,
                                 fault);
    if (err != OK)
        return err;
    return q_order_lines(db, arena, (struct order_lines_in){.order_id = read->order.id}, &read->lines, fault);
}

static enum err order_load(struct service *service, struct arena *arena, const struct caller *caller,
                           struct str order_ref, struct order_read *read, struct fault *fault)
{
    *read = (struct order_read){.ref = order_ref, .organisation_id = caller->organisation_id};
    return service_read(service, arena, order_and_attempt, read, fault);
}

struct opened {
    struct str provider;
    int64_t attempt_id;
    struct pay_redirect redirect;
    bool payable; /* the page is that of an open attempt */
};

static enum err opened_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct opened *opened = argument;
    int64_t changed = 0;
    enum err err = q_attempt_opened(db, (struct attempt_opened_in){
        .id = opened->attempt_id, .provider_ref = opened->redirect.provider_ref,
        .redirect_url = opened->redirect.url, .expires_at = opened->redirect.expires_at}, &changed, fault);
    opened->payable = err == OK && changed == 1;
    if (err != OK || opened->payable)
        return err;
    /* Not «created» any more: opened by a second click, or given up while the provider was asked. */
    struct attempt_by_provider_row attempt;
    bool found = false;
    err = q_attempt_by_provider(db, arena, (struct attempt_by_provider_in){
        .provider = opened->provider, .provider_ref = opened->redirect.provider_ref}, &attempt, &found, fault);
    opened->payable = err == OK && found && str_eq(attempt.state, S("open"));
    return err;
}

/* Nobody is sent to a page that nothing waits for; it is closed, and if even that fails its money would be settled. */
static enum err store_opened(struct service *service, struct arena *arena, struct opened *opened,
                             struct payment_page *ret_page, struct fault *fault)
{
    enum err err = service_write(service, arena, opened_command, 0, opened, fault);
    if (err != OK)
        return err;
    if (opened->payable) {
        *ret_page = (struct payment_page){.url = opened->redirect.url};
        return OK;
    }
    (void)service->payer->expire(service->payer->context, arena, opened->redirect.provider_ref, fault);
    *ret_page = (struct payment_page){.refusal = REFUSED_ORDER_ENDED};
    return OK;
}

/* The provider's page shows one line a price; what is free is not shown. */
static struct pay_line *lines_for_provider(struct arena *arena, const struct order_lines_list *lines, enum lang lang,
                                           size_t *ret_count)
{
    struct pay_line *out = ARENA_ARRAY(arena, lines->n, struct pay_line);
    size_t count = 0;
    for (size_t i = 0; i < lines->n; i++) {
        const struct order_lines_row *line = &lines->p[i];
        if (line->unit_cents == 0)
            continue;
        struct str tariff = tariff_label(arena, lang, line->tariff_code);
        out[count++] = (struct pay_line){
            .label = str_format(arena, "%.*s – %.*s", STR_ARG(line->monument_name), STR_ARG(tariff)),
            .quantity = line->quantity, .unit = cents(line->unit_cents)};
    }
    *ret_count = count;
    return out;
}

static struct pay_attempt attempt_for_provider(struct service *service, struct arena *arena,
                                               const struct order_read *read)
{
    const struct order_of_row *order = &read->order;
    enum lang lang = lang_of(order->lang);
    const char *prefix = lang == LANG_FR ? "fr" : "en";
    struct pay_attempt attempt = {
        .reference = str_format(arena, "%.*s.%lld", STR_ARG(read->ref), (long long)read->attempt.number),
        .idempotency_key = str_format(arena, "order-%.*s-pay-%lld", STR_ARG(read->ref), (long long)read->attempt.number),
        .title = str_format(arena, "%s %.*s", lang == LANG_FR ? "Commande" : "Order", STR_ARG(read->ref)),
        .total = cents(read->attempt.amount_cents),
        .email = order->email,
        .locale = str_of(prefix),
        .success_url = str_format(arena, "%.*s/%s/commandes/%.*s/retour", STR_ARG(service->public_url), prefix,
                                  STR_ARG(read->ref)),
        .cancel_url = str_format(arena, "%.*s/%s/commandes/%.*s?paiement=interrompu", STR_ARG(service->public_url),
                                 prefix, STR_ARG(read->ref)),
        .expires_at = read->attempt.expires_at};
    attempt.lines = lines_for_provider(arena, &read->lines, lang, &attempt.line_count);
    if (attempt.total.v != order->total_cents) { /* the rest was paid before: the difference of a change (OPT-6) */
        struct pay_line *rest = ARENA_NEW(arena, struct pay_line);
        *rest = (struct pay_line){.label = attempt.title, .quantity = 1, .unit = attempt.total};
        attempt.lines = rest;
        attempt.line_count = 1;
    }
    return attempt;
}

static enum err create_at_provider(struct service *service, struct arena *arena, const struct order_read *read,
                                   struct pay_redirect *ret_redirect, struct fault *fault)
{
    struct pay_attempt attempt = attempt_for_provider(service, arena, read);
    return service->payer->create(service->payer->context, arena, &attempt, ret_redirect, fault);
}

/* A new attempt in the place of one that the provider will never take. Its time is counted from now, but an order is
 * not carried on for ever in this way. */
enum { ATTEMPTS_MAX = 6, NOTIFICATION_GRACE = 120 };

struct renewal {
    struct service *service;
    struct order_read *read;
    bool renewed;
};

static enum err renew_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct renewal *renewal = argument;
    struct order_read *read = renewal->read;
    instant now = service_now(renewal->service);
    renewal->renewed = false;
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = q_order_lock(db, (struct order_lock_in){.id = read->order.id}, NULL, fault);
    struct order_by_id_row order;
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = read->order.id}, &order, NULL, fault);
    struct attempt_last_row last;
    if (err == OK)
        err = q_attempt_last(db, arena, (struct attempt_last_in){.order_id = read->order.id}, &last, NULL, fault);
    if (err != OK)
        return err;
    /* A second click may have replaced it already: its new attempt stays. */
    if (!str_eq(order.state, S("pending")) || last.id != read->attempt.id || !str_eq(last.state, S("created"))
        || last.number >= ATTEMPTS_MAX)
        return OK;
    err = q_attempt_close(db, (struct attempt_close_in){.id = last.id, .state = S("failed"), .now = now}, NULL, fault);
    if (err != OK)
        return err;
    struct attempt_insert_row inserted;
    struct attempt_insert_in attempt = {.order_id = read->order.id, .number = last.number + 1,
                                        .provider = provider_name(renewal->service), .amount_cents = last.amount_cents,
                                        .now = now, .expires_at = now + settings.payment_minutes * 60};
    err = q_attempt_insert(db, arena, attempt, &inserted, NULL, fault);
    if (err == OK)
        err = q_order_hold_on(db, (struct order_hold_on_in){.order_id = read->order.id,
            .pay_until = attempt.expires_at + NOTIFICATION_GRACE}, NULL, fault);
    if (err != OK)
        return err;
    read->attempt = last;
    read->attempt.id = inserted.id;
    read->attempt.number = attempt.number;
    read->attempt.expires_at = attempt.expires_at;
    renewal->renewed = true;
    return OK;
}

enum err payment_open(struct service *service, struct arena *arena, const struct caller *caller, struct str order_ref,
                      struct payment_page *ret_page, struct fault *fault)
{
    enum err may = permit(caller, TASK_PAY, fault);
    if (may != OK)
        return may;
    struct order_read read;
    enum err err = order_load(service, arena, caller, order_ref, &read, fault);
    if (err != OK)
        return err;
    if (str_eq(read.order.state, S("confirmed"))) {
        *ret_page = (struct payment_page){.refusal = REFUSED_PAID};
        return OK;
    }
    instant now = service_now(service);
    bool payable = str_eq(read.order.state, S("pending")) && read.has_attempt && read.attempt.expires_at > now
                   && !(read.option.ends_at.is && read.option.ends_at.v <= now);
    if (payable && str_eq(read.attempt.state, S("open"))) {
        *ret_page = (struct payment_page){.url = read.attempt.redirect_url};
        return OK;
    }
    if (!payable || !str_eq(read.attempt.state, S("created"))) {
        *ret_page = (struct payment_page){.refusal = REFUSED_ORDER_ENDED};
        return OK;
    }
    struct opened opened = {.provider = provider_name(service), .attempt_id = read.attempt.id};
    err = create_at_provider(service, arena, &read, &opened.redirect, fault);
    if (err == ERR_REFUSED || err == ERR_CONFLICT) {
        /* The provider will never take this attempt, for instance because too little of its time is left. */
        struct renewal renewal = {.service = service, .read = &read};
        err = service_write(service, arena, renew_command, 0, &renewal, fault);
        if (err == OK && renewal.renewed) {
            opened.attempt_id = read.attempt.id;
            err = create_at_provider(service, arena, &read, &opened.redirect, fault);
        }
    }
    if (err != OK || str_empty(opened.redirect.url)) {
        LOG(LOG_WARNING, "payment.provider", LOG_TEXT("order", order_ref), LOG_TEXT("error", str_of(err_name(err))),
            LOG_TEXT("detail", str_of(fault != NULL ? fault->text : "")));
        *ret_page = (struct payment_page){.refusal = REFUSED_PROVIDER};
        return OK;
    }
    return store_opened(service, arena, &opened, ret_page, fault);
}

enum err payment_returned(struct service *service, struct arena *arena, const struct caller *caller,
                          struct str order_ref, enum settlement *ret_settlement, struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct order_read read;
    enum err err = order_load(service, arena, caller, order_ref, &read, fault);
    if (err != OK)
        return err;
    if (!read.has_attempt || !read.attempt.provider_ref.is || !str_eq(read.attempt.state, S("open"))) {
        *ret_settlement = SETTLED_NOTHING;
        return OK;
    }
    return ask_and_settle(service, arena, read.attempt.provider_ref.v, ret_settlement, fault);
}

/* An attempt that never got its provider's reference: its page's address reached nobody, so nobody can pay it. */
static enum err close_unopened(struct service *service, struct arena *arena, struct str order_ref, int64_t number,
                               enum settlement *ret_settlement, struct fault *fault)
{
    return settle_news(service, arena, (struct news){
        .attempt_ref = str_format(arena, "%.*s.%lld", STR_ARG(order_ref), (long long)number),
        .outcome = PAY_EXPIRED}, ret_settlement, fault);
}

struct abandoning {
    const struct caller *caller;
    struct str order_ref;
    instant now;
};

static enum err abandon_note(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct abandoning *a = argument;
    return audit_add(db, arena, (struct audit_row){
        .at = a->now, .person_id = a->caller->person_id, .staff_id = a->caller->staff_id, .reason = a->caller->why,
        .organisation_id = a->caller->organisation_id, .act = S("order.abandon"), .subject = a->order_ref}, fault);
}

enum err payment_abandon(struct service *service, struct arena *arena, const struct caller *caller, struct str order_ref,
                         enum settlement *ret_settlement, struct fault *fault)
{
    enum err may = permit(caller, TASK_ORDER, fault);
    if (may != OK)
        return may;
    struct order_read read;
    enum err err = order_load(service, arena, caller, order_ref, &read, fault);
    if (err != OK)
        return err;
    if (!str_eq(read.order.state, S("pending")) || !read.has_attempt) {
        *ret_settlement = SETTLED_NOTHING;
        return OK;
    }
    if (caller->staff_id != 0) { /* noted before: the provider may answer, and the process end, at any time after */
        struct abandoning abandoning = {.caller = caller, .order_ref = order_ref, .now = service_now(service)};
        err = service_write(service, arena, abandon_note, 0, &abandoning, fault);
        if (err != OK)
            return err;
    }
    if (!read.attempt.provider_ref.is)
        return close_unopened(service, arena, order_ref, read.attempt.number, ret_settlement, fault);
    return close_and_settle(service, arena, read.attempt.provider_ref.v, ret_settlement, fault);
}

/* ---- Job -------------------------------------------------------------------------------------------------------- */

/* Well below the minute that OPT-4 gives. */
enum { PROVIDER_PATIENCE = 20 };

struct reconcile {
    struct service *service;
    int64_t after; /* attempts up to this one have been asked about */
    struct attempts_to_ask_list attempts;
    struct orders_due_list orders;
    int64_t ending; /* the one of them that ends now */
    instant now;
    int patience; /* seconds after an option's end that are left to the provider for its answer */
};

static enum err attempts_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reconcile *work = argument;
    return q_attempts_to_ask(db, arena, (struct attempts_to_ask_in){
        .provider = provider_name(work->service), .now = work->now, .after = work->after}, &work->attempts, fault);
}

static enum err orders_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reconcile *work = argument;
    return q_orders_due(db, arena, (struct orders_due_in){.now = service_now(work->service),
                                                          .patience = work->patience}, &work->orders, fault);
}

static enum err order_end_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct reconcile *work = argument;
    bool ended = false;
    return order_lapse(db, arena, work->ending, service_now(work->service), &ended, fault);
}

static enum err end_orders(struct reconcile *work, struct arena *arena, int *ended, struct fault *fault)
{
    enum err err = service_read(work->service, arena, orders_read, work, fault);
    for (size_t i = 0; err == OK && i < work->orders.n; i++) {
        work->ending = work->orders.p[i].id;
        *ended += service_write(work->service, arena, order_end_command, 0, work, NULL) == OK;
    }
    return err;
}

/* All of them, a list at a time: those of which the provider says nothing must not hide the others, nor hold the places
 * of orders that are over while each try waits for its answer. */
static enum err ask_all(struct reconcile *work, struct arena *arena, int *ret_asked, int *ended, struct fault *fault)
{
    enum err err = service_read(work->service, arena, attempts_read, work, fault);
    int asked = 0, failed = 0;
    while (err == OK && work->attempts.n > 0) {
        for (size_t i = 0; i < work->attempts.n; i++) {
            const struct attempts_to_ask_row *attempt = &work->attempts.p[i];
            enum settlement settlement = SETTLED_NOTHING;
            struct fault own = {.err = OK};
            bool good = (attempt->provider_ref.is
                ? close_and_settle(work->service, arena, attempt->provider_ref.v, &settlement, &own)
                : close_unopened(work->service, arena, attempt->order_ref, attempt->number, &settlement, &own)) == OK;
            asked += good;
            work->after = attempt->id;
            if (good)
                continue;
            if (failed++ == 0)
                LOG(LOG_WARNING, "payment.ask", LOG_TEXT("order", attempt->order_ref), LOG_TEXT("detail", str_of(own.text)));
            (void)end_orders(work, arena, ended, &own);
        }
        err = service_read(work->service, arena, attempts_read, work, fault);
    }
    *ret_asked = asked;
    return err;
}

enum err payment_end_orders(struct service *service, struct arena *arena, int *ret_ended, struct fault *fault)
{
    struct reconcile work = {.service = service, .now = service_now(service), .patience = PROVIDER_PATIENCE};
    int ended = 0;
    enum err err = end_orders(&work, arena, &ended, fault);
    if (err == OK)
        *ret_ended = ended;
    return err;
}

enum err payment_reconcile(struct service *service, struct arena *arena, int *ret_asked, int *ret_ended,
                           struct fault *fault)
{
    struct reconcile work = {.service = service, .now = service_now(service), .patience = PROVIDER_PATIENCE};
    int asked = 0, ended = 0;
    enum err err = ask_all(&work, arena, &asked, &ended, fault);
    if (err == OK)
        err = end_orders(&work, arena, &ended, fault);
    if (err != OK)
        return err;
    *ret_asked = asked;
    *ret_ended = ended;
    return OK;
}
