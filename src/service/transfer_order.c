/* Orders by transfer: at validation, allowed or refused, over. */
#include "service/transfer_parts.h"

#include "domain/rf_reference.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/staff_session.h"

struct str transfer_buyer(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

enum err transfer_mail(struct db *db, struct arena *arena, int64_t order_id, const struct order_by_id_row *order,
                       struct str kind, struct str detail, instant now, struct fault *fault)
{
    return outbox_add(db, arena, (struct outbox_row){
        .kind = kind, .organisation_id = order->organisation_id, .order_id = order_id, .recipient = order->email,
        .recipient_name = transfer_buyer(arena, order->first_name, order->last_name), .lang = lang_of(order->lang),
        .detail = detail, .now = now}, fault);
}

static enum err desk_mail(struct db *db, struct arena *arena, int64_t order_id, const struct order_by_id_row *order,
                          struct str kind, instant now, struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = kind, .organisation_id = order->organisation_id, .order_id = order_id,
        .recipient = settings.contact_groups, .lang = LANG_FR, .now = now}, fault);
}

enum err transfer_refund_due_mails(struct db *db, struct arena *arena, int64_t order_id,
                                   const struct order_by_id_row *order, instant now, struct fault *fault)
{
    enum err err = transfer_mail(db, arena, order_id, order, S("refund-due"), (struct str){0}, now, fault);
    return err == OK ? desk_mail(db, arena, order_id, order, S("refund-due-desk"), now, fault) : err;
}

/* ---- At validation ---------------------------------------------------------------------------------------------- */

static instant first_start(const struct cart *cart)
{
    instant first = 0;
    for (size_t i = 0; i < cart->n; i++)
        if (cart->p[i].has_start && (first == 0 || cart->p[i].start_at < first))
            first = cart->p[i].start_at;
    return first;
}

/* School and special groups cannot have an option: the FAQ gives them card or transfer (VIS-1). */
static bool school_alone(const struct cart *cart)
{
    for (size_t i = 0; i < cart->n; i++)
        if (str_eq(cart->p[i].audience, S("adults")))
            return false;
    return cart->n > 0;
}

enum err transfer_judge(struct service *service, struct db *db, struct arena *arena, const struct settings *settings,
                        int64_t organisation_id, const struct cart *cart, instant now, struct transfer_terms *ret_terms,
                        struct fault *fault)
{
    struct organisation_billing_row organisation;
    struct transfer_asked_count_row asked;
    enum err err = q_organisation_billing(db, arena, (struct organisation_billing_in){.id = organisation_id},
                                          &organisation, NULL, fault);
    if (err == OK)
        err = q_transfer_asked_count(db, arena, (struct transfer_asked_count_in){.organisation_id = organisation_id},
                                     &asked, NULL, fault);
    if (err != OK)
        return err;
    struct transfer_terms terms = {.refusal = REFUSED_NOT};
    if (organisation.transfer_allowed)
        terms.why = S("account");
    else if (settings->transfer_school && school_alone(cart))
        terms.why = S("school");
    terms.allowed = !str_empty(terms.why);
    struct transfer_rule rule = transfer_rule_of(settings);
    instant first = first_start(cart);
    if (!transfer_deadline(&service->zone, now, rule, first, &terms.due_at))
        terms.refusal = REFUSED_TRANSFER_LATE;
    else if (!terms.allowed && asked.n >= settings->transfer_asked_max)
        terms.refusal = REFUSED_TRANSFER_ASKED;
    if (terms.refusal == REFUSED_NOT && !terms.allowed) {
        rule.days = (int)settings->transfer_answer_days; /* customer service answers within these */
        rule.least_days = 0;
        (void)transfer_deadline(&service->zone, now, rule, first, &terms.due_at);
    }
    *ret_terms = terms;
    return OK;
}

/* The places, and what is told, of an order that may be paid by transfer from now on. */
static enum err hold_firm(struct db *db, struct arena *arena, int64_t order_id, instant due_at, instant now,
                          struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = q_transfer_hold_firm(db, (struct transfer_hold_firm_in){.order_id = order_id, .due_at = due_at,
                                                                           .now = now}, NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &order, NULL, fault);
    return err == OK ? transfer_mail(db, arena, order_id, &order, S("transfer-proforma"), (struct str){0}, now, fault)
                     : err;
}

enum err transfer_open(struct db *db, struct arena *arena, int64_t order_id, const struct transfer_terms *terms,
                       instant now, struct service *service, struct fault *fault)
{
    char rf[RF_SIZE];
    if (!rf_of_order(date_of(service_day(service, now)).year, order_id, rf))
        return fault_set(fault, ERR_BUG, "reference of a transfer");
    enum err err = q_transfer_method(db, (struct transfer_method_in){.order_id = order_id}, NULL, fault);
    if (err == OK)
        err = q_transfer_insert(db, (struct transfer_insert_in){
            .order_id = order_id, .rf = str_of(rf), .now = now, .allowed_at = {.is = terms->allowed, .v = now},
            .allowed_why = terms->allowed ? terms->why : (struct str){"", 0}, .due_at = terms->due_at}, NULL, fault);
    if (err != OK)
        return err;
    if (terms->allowed)
        return hold_firm(db, arena, order_id, terms->due_at, now, fault);
    struct order_by_id_row order;
    err = q_transfer_hold(db, (struct transfer_hold_in){.order_id = order_id, .due_at = terms->due_at}, NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &order, NULL, fault);
    if (err == OK)
        err = transfer_mail(db, arena, order_id, &order, S("transfer-asked"), (struct str){0}, now, fault);
    return err == OK ? desk_mail(db, arena, order_id, &order, S("transfer-asked-desk"), now, fault) : err;
}

/* ---- The end without the money ---------------------------------------------------------------------------------- */

static enum err give_places(struct db *db, struct arena *arena, int64_t order_id, instant now, struct fault *fault)
{
    struct transfer_give_back_list visits;
    enum err err = q_transfer_give_back(db, arena, (struct transfer_give_back_in){.order_id = order_id, .now = now},
                                        &visits, fault);
    for (size_t i = 0; err == OK && i < visits.n; i++)
        if (visits.p[i].start_at.is)
            err = q_slot_give(db, (struct slot_give_in){.monument_id = visits.p[i].monument_id,
                .start_at = visits.p[i].start_at.v, .persons = visits.p[i].persons}, NULL, fault);
    return err;
}

enum err transfer_lapse(struct db *db, struct arena *arena, int64_t order_id, bool give_back, instant now,
                        bool *ret_ended, struct fault *fault)
{
    int64_t ended = 0;
    enum err err = q_transfer_end(db, (struct transfer_end_in){.order_id = order_id, .now = now}, NULL, fault);
    if (err == OK)
        err = q_order_expire(db, (struct order_expire_in){.id = order_id}, &ended, fault);
    *ret_ended = err == OK && ended == 1;
    if (err != OK || ended == 0)
        return err;
    err = give_back ? give_places(db, arena, order_id, now, fault)
                    : q_order_detach_visits(db, (struct order_detach_visits_in){.order_id = order_id}, NULL, fault);
    struct transfer_money_row money;
    struct order_by_id_row order;
    if (err == OK)
        err = q_transfer_money(db, arena, (struct transfer_money_in){.order_id = order_id}, &money, NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &order, NULL, fault);
    if (err != OK || money.waiting_cents == 0)
        return err;
    err = q_payments_waiting_become(
        db,
        (struct payments_waiting_become_in){.order_id = order_id, .state = S("refund-due"), .reason = S("incomplete")},
        NULL, fault);
    return err == OK ? transfer_refund_due_mails(db, arena, order_id, &order, now, fault) : err;
}

struct giving_up {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    bool done;
};

static enum err give_up_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct giving_up *g = argument;
    instant now = service_now(g->service);
    struct order_of_row order;
    struct transfer_of_row transfer;
    struct transfer_money_row money;
    bool found = false, by_transfer = false;
    g->done = false;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = g->ref,
        .organisation_id = g->caller->organisation_id}, &order, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err == OK)
        err = q_order_lock(db, (struct order_lock_in){.id = order.id}, NULL, fault);
    if (err == OK)
        err = q_transfer_of(db, arena, (struct transfer_of_in){.order_id = order.id}, &transfer, &by_transfer, fault);
    if (err == OK)
        err = q_transfer_money(db, arena, (struct transfer_money_in){.order_id = order.id}, &money, NULL, fault);
    if (err != OK || !by_transfer || transfer.ended_at.is || money.waiting_cents > 0)
        return err;
    err = transfer_lapse(db, arena, order.id, false, now, &g->done, fault);
    if (err != OK || !g->done)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = now, .person_id = g->caller->person_id, .staff_id = g->caller->staff_id,
        .organisation_id = g->caller->organisation_id, .act = S("transfer.give-up"), .subject = g->ref}, fault);
}

enum err transfer_give_up(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                          bool *ret_done, struct fault *fault)
{
    enum err may = permit(caller, TASK_ORDER, fault);
    if (may != OK)
        return may;
    struct giving_up g = {.service = service, .caller = caller, .ref = ref};
    enum err err = service_write(service, arena, give_up_command, 0, &g, fault);
    if (err == OK)
        *ret_done = g.done;
    return err;
}

/* ---- Allowed, or not -------------------------------------------------------------------------------------------- */

struct decision {
    struct service *service;
    const struct staff_caller *caller;
    struct str ref, reason;
    int64_t organisation_id;
    bool allow;
    enum transfer_refusal refusal;
    struct transfer_account account;
};

/* The request becomes a transfer, with a deadline of its own. */
static enum err allow_order(struct decision *d, struct db *db, struct arena *arena, int64_t order_id, struct str why,
                            instant now, struct fault *fault)
{
    struct settings settings;
    struct transfer_first_visit_row first;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = q_transfer_first_visit(db, arena, (struct transfer_first_visit_in){.order_id = order_id}, &first, NULL,
                                     fault);
    if (err != OK)
        return err;
    struct transfer_rule rule = transfer_rule_of(&settings);
    rule.least_days = 0; /* who decides knows how near the visit is; the lead time stays */
    instant due_at = 0;
    if (!transfer_deadline(&d->service->zone, now, rule, first.start_at.is ? first.start_at.v : 0, &due_at)) {
        d->refusal = TRANSFER_TOO_LATE;
        return OK;
    }
    int64_t changed = 0;
    err = q_transfer_allow(db, (struct transfer_allow_in){
        .order_id = order_id, .now = now, .why = why, .staff_id = {.is = true, .v = d->caller->staff_id},
        .due_at = due_at}, &changed, fault);
    if (err == OK && changed == 0)
        d->refusal = TRANSFER_DECIDED;
    return err == OK && changed == 1 ? hold_firm(db, arena, order_id, due_at, now, fault) : err;
}

static enum err refuse_order(struct db *db, struct arena *arena, int64_t order_id, const struct order_by_id_row *order,
                             instant now, struct fault *fault)
{
    bool ended = false;
    enum err err = transfer_lapse(db, arena, order_id, false, now, &ended, fault);
    return err == OK && ended
               ? transfer_mail(db, arena, order_id, order, S("transfer-refused"), (struct str){0}, now, fault)
               : err;
}

static enum err decide_order_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct decision *d = argument;
    instant now = service_now(d->service);
    d->refusal = TRANSFER_NOT_REFUSED;
    struct order_id_by_ref_row id;
    struct order_by_id_row order;
    struct transfer_of_row transfer;
    bool found = false;
    enum err err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = d->ref}, &id, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err == OK)
        err = q_order_lock(db, (struct order_lock_in){.id = id.id}, NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = id.id}, &order, NULL, fault);
    if (err == OK)
        err = q_transfer_of(db, arena, (struct transfer_of_in){.order_id = id.id}, &transfer, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "no transfer was asked for");
    if (err != OK)
        return err;
    if (transfer.allowed_at.is || !str_eq(order.state, S("pending")))
        d->refusal = transfer.allowed_at.is ? TRANSFER_DECIDED : TRANSFER_TOO_LATE;
    else
        err = d->allow ? allow_order(d, db, arena, id.id, S("order"), now, fault)
                       : refuse_order(db, arena, id.id, &order, now, fault);
    if (err != OK || d->refusal != TRANSFER_NOT_REFUSED)
        return err;
    return staff_audit(db, arena, d->caller, now, (struct staff_act){
        .act = S("transfer.order"), .subject = d->ref, .organisation_id = order.organisation_id, .reason = d->reason,
        .was = S("asked"), .became = d->allow ? S("allowed") : S("refused")}, fault);
}

enum err transfer_decide_order(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               struct str ref, bool allow, struct str reason, enum transfer_refusal *ret_refusal,
                               struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_TRANSFER_ALLOW, 0, fault);
    if (may != OK)
        return may;
    struct decision d = {.service = service, .caller = caller, .ref = ref, .reason = str_trim(reason), .allow = allow};
    if (str_empty(d.reason)) {
        *ret_refusal = TRANSFER_REASON;
        return OK;
    }
    enum err err = service_write(service, arena, decide_order_command, 0, &d, fault);
    if (err == OK)
        *ret_refusal = d.refusal;
    return err;
}

static enum err account_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct decision *d = argument;
    struct organisation_billing_row row;
    bool found = false;
    enum err err = q_organisation_billing(db, arena, (struct organisation_billing_in){.id = d->organisation_id}, &row,
                                          &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "organisation");
    if (err == OK)
        d->account = (struct transfer_account){.organisation_id = d->organisation_id, .name = row.name,
                                               .allowed = row.transfer_allowed != 0};
    return err;
}

enum err transfer_account_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t organisation_id, struct transfer_account *ret_account, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_TRANSFER_ALLOW, 0, fault);
    if (may != OK)
        return may;
    struct decision d = {.service = service, .organisation_id = organisation_id};
    enum err err = service_read(service, arena, account_in, &d, fault);
    if (err == OK)
        *ret_account = d.account;
    return err;
}

/* Requests of the account that wait: who may always, may this once. */
static enum err allow_asked(struct decision *d, struct db *db, struct arena *arena, instant now, struct fault *fault)
{
    struct transfer_list_live_list live;
    enum err err = q_transfer_list_live(db, arena, &live, fault);
    for (size_t i = 0; err == OK && i < live.n; i++)
        if (live.p[i].organisation_id == d->organisation_id && !live.p[i].allowed_at.is && live.p[i].due_at > now) {
            err = allow_order(d, db, arena, live.p[i].order_id, S("account"), now, fault);
            d->refusal = TRANSFER_NOT_REFUSED; /* one whose visit is too near waits for its end */
        }
    return err;
}

static enum err account_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct decision *d = argument;
    instant now = service_now(d->service);
    d->refusal = TRANSFER_NOT_REFUSED;
    int64_t changed = 0;
    enum err err = account_in(db, arena, d, fault);
    if (err == OK)
        err = q_organisation_transfer(db, (struct organisation_transfer_in){.id = d->organisation_id,
                                                                            .allowed = d->allow}, &changed, fault);
    if (err != OK || changed == 0)
        return err;
    if (d->allow)
        err = allow_asked(d, db, arena, now, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, d->caller, now, (struct staff_act){
        .act = S("transfer.account"), .subject = d->account.name, .organisation_id = d->organisation_id,
        .reason = d->reason, .was = d->allow ? S("not allowed") : S("allowed"),
        .became = d->allow ? S("allowed") : S("not allowed")}, fault);
}

enum err transfer_allow_account(struct service *service, struct arena *arena, const struct staff_caller *caller,
                                int64_t organisation_id, bool allow, struct str reason,
                                enum transfer_refusal *ret_refusal, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_TRANSFER_ALLOW, 0, fault);
    if (may != OK)
        return may;
    struct decision d = {.service = service, .caller = caller, .organisation_id = organisation_id,
                         .reason = str_trim(reason), .allow = allow};
    if (str_empty(d.reason)) {
        *ret_refusal = TRANSFER_REASON;
        return OK;
    }
    enum err err = service_write(service, arena, account_command, 0, &d, fault);
    if (err == OK)
        *ret_refusal = d.refusal;
    return err;
}
