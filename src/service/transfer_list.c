/* What pages show of transfers: one order's, and the lists of the operator's people. */
#include "service/transfer_parts.h"

#include "base/log.h"
#include "domain/epc.h"
#include "domain/rf_reference.h"

/* Groups of four, as on a bank's card. */
static struct str in_fours(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.n + text.n / 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (i > 0 && i % 4 == 0)
            out[n++] = ' ';
        out[n++] = text.p[i];
    }
    out[n] = '\0';
    return (struct str){out, n};
}

static struct str rf_text(struct arena *arena, struct str rf)
{
    char display[RF_DISPLAY];
    return rf_display(rf, display) ? str_dup(arena, str_of(display)) : rf;
}

/* Bank details that no application can read are still printed: the code is left out, and the log says why. */
static struct str epc_text(struct arena *arena, const struct settings *settings, struct cents amount, struct str rf)
{
    struct epc_transfer transfer = {.name = settings->seller_name, .iban = settings->seller_iban,
                                    .bic = settings->seller_bic, .amount = amount, .rf = rf};
    struct fault fault = {.err = OK};
    struct str payload = {0};
    if (amount.v > 0 && epc_payload(arena, &transfer, &payload, &fault) != OK)
        LOG(LOG_WARNING, "transfer.epc", LOG_TEXT("detail", str_of(fault.text)));
    return payload;
}

enum err transfer_view_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                            struct transfer_view *ret_view, struct fault *fault)
{
    struct transfer_of_row transfer;
    struct transfer_money_row money;
    struct order_by_id_row order;
    struct settings settings;
    bool found = false;
    enum err err = q_transfer_of(db, arena, (struct transfer_of_in){.order_id = order_id}, &transfer, &found, fault);
    if (err == OK)
        err = q_transfer_money(db, arena, (struct transfer_money_in){.order_id = order_id}, &money, NULL, fault);
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = order_id}, &order, NULL, fault);
    if (err == OK)
        err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    bool pending = str_eq(order.state, S("pending"));
    int64_t received = money.waiting_cents + money.booked_cents;
    int64_t left = pending || str_eq(order.state, S("expired")) ? order.total_cents - money.carried_cents - received
                                                                : 0;
    struct transfer_view view = {.total = cents(order.total_cents), .received = cents(received), .left = cents(left),
                                 .to_return = cents(money.due_cents)};
    if (found) {
        view.is = true;
        view.asked = !transfer.allowed_at.is;
        view.waits = pending;
        view.due_at = transfer.due_at;
        view.due_day = service_day(service, transfer.due_at - 1);
        view.rf = rf_text(arena, transfer.rf);
        view.payee = settings.seller_name;
        view.bank = settings.seller_bank;
        view.iban = in_fours(arena, settings.seller_iban);
        view.bic = settings.seller_bic;
        if (pending && !view.asked)
            view.epc = epc_text(arena, &settings, view.left, transfer.rf);
    }
    *ret_view = view;
    return OK;
}

/* ---- The customer's --------------------------------------------------------------------------------------------- */

struct own_reading {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    struct transfer_view view;
};

static enum err own_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct own_reading *reading = argument;
    struct order_of_row order;
    bool found = false;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = reading->ref,
        .organisation_id = reading->caller->organisation_id}, &order, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    return err == OK ? transfer_view_read(reading->service, db, arena, order.id, &reading->view, fault) : err;
}

enum err transfer_of_order(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           struct transfer_view *ret_view, struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct own_reading reading = {.service = service, .caller = caller, .ref = ref};
    enum err err = service_read(service, arena, own_in, &reading, fault);
    if (err == OK)
        *ret_view = reading.view;
    return err;
}

struct offering {
    struct service *service;
    const struct caller *caller;
    struct cart cart;
    struct transfer_terms terms;
};

static enum err offer_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct offering *o = argument;
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    return err != OK ? err
                     : transfer_judge(o->service, db, arena, &settings, o->caller->organisation_id, &o->cart,
                                      service_now(o->service), &o->terms, fault);
}

enum err transfer_offer(struct service *service, struct arena *arena, const struct caller *caller,
                        struct transfer_terms *ret_terms, struct fault *fault)
{
    enum err may = permit(caller, TASK_ORDER, fault);
    if (may != OK)
        return may;
    struct offering o = {.service = service, .caller = caller};
    enum err err = cart_read(service, arena, caller, &o.cart, fault);
    if (err == OK)
        err = service_read(service, arena, offer_in, &o, fault);
    if (err == OK)
        *ret_terms = o.terms;
    return err;
}

/* ---- The operator's --------------------------------------------------------------------------------------------- */

enum { ENDED_DAYS = 30 };

struct listing {
    struct service *service;
    instant now;
    struct transfer_lists lists;
};

static struct transfer_row row_of(struct service *service, struct arena *arena,
                                  const struct transfer_list_live_row *row)
{
    return (struct transfer_row){
        .ref = row->ref, .rf = rf_text(arena, row->rf), .organisation = row->organisation,
        .buyer = transfer_buyer(arena, row->first_name, row->last_name), .organisation_id = row->organisation_id,
        .asked = !row->allowed_at.is, .due_day = service_day(service, row->due_at - 1), .due_at = row->due_at,
        .first_start = row->first_start.is ? row->first_start.v : 0, .total = cents(row->total_cents),
        .received = cents(row->received_cents), .left = cents(row->total_cents - row->received_cents)};
}

static enum err list_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    struct transfer_list_live_list live;
    struct transfer_list_ended_list ended;
    enum err err = q_transfer_list_live(db, arena, &live, fault);
    if (err == OK)
        err = q_transfer_list_ended(db, arena, (struct transfer_list_ended_in){
            .since = l->now - ENDED_DAYS * SECONDS_A_DAY}, &ended, fault);
    if (err != OK)
        return err;
    struct transfer_lists lists = {
        .asked.p = ARENA_ARRAY(arena, live.n + 1, struct transfer_row),
        .waiting.p = ARENA_ARRAY(arena, live.n + 1, struct transfer_row),
        .ended = {.p = ARENA_ARRAY(arena, ended.n + 1, struct transfer_ended_row), .n = ended.n}};
    for (size_t i = 0; i < live.n; i++) {
        struct transfer_row row = row_of(l->service, arena, &live.p[i]);
        if (row.asked) {
            lists.asked.p[lists.asked.n++] = row;
        } else {
            lists.waiting.p[lists.waiting.n++] = row;
            lists.expected = cents_add(lists.expected, row.left);
        }
    }
    for (size_t i = 0; i < ended.n; i++)
        lists.ended.p[i] = (struct transfer_ended_row){
            .ref = ended.p[i].ref, .organisation = ended.p[i].organisation,
            .organisation_id = ended.p[i].organisation_id, .ended_at = ended.p[i].ended_at,
            .confirmed = str_eq(ended.p[i].state, S("confirmed")), .total = cents(ended.p[i].total_cents)};
    l->lists = lists;
    return OK;
}

enum err transfer_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       struct transfer_lists *ret_lists, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_TRANSFER_RECORD, 0, fault);
    if (may != OK)
        return may;
    struct listing l = {.service = service, .now = service_now(service)};
    enum err err = service_read(service, arena, list_in, &l, fault);
    if (err == OK)
        *ret_lists = l.lists;
    return err;
}

struct detailing {
    struct service *service;
    struct str ref;
    struct transfer_detail detail;
};

static enum err receipts_in(struct db *db, struct arena *arena, struct transfer_detail *detail, struct fault *fault)
{
    struct receipts_of_order_list rows;
    enum err err = q_receipts_of_order(db, arena, (struct receipts_of_order_in){.order_id = detail->order_id}, &rows,
                                       fault);
    if (err != OK)
        return err;
    detail->receipts = (struct receipt_rows){.p = ARENA_ARRAY(arena, rows.n + 1, struct receipt_row), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct receipts_of_order_row *row = &rows.p[i];
        detail->receipts.p[i] = (struct receipt_row){
            .amount = cents(row->amount_cents), .to_return = cents(row->back_cents), .day = (day_number)row->day,
            .bank_ref = row->bank_ref, .reason = row->reason,
            .by = row->first_name.is ? transfer_buyer(arena, row->first_name.v, row->last_name.v) : (struct str){0},
            .recorded_at = row->recorded_at};
    }
    return OK;
}

static enum err detail_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct detailing *d = argument;
    struct order_id_by_ref_row id;
    struct order_by_id_row order;
    bool found = false;
    enum err err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = d->ref}, &id, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    if (err == OK)
        err = q_order_by_id(db, arena, (struct order_by_id_in){.id = id.id}, &order, NULL, fault);
    if (err != OK)
        return err;
    d->detail = (struct transfer_detail){
        .order_id = id.id, .organisation_id = order.organisation_id, .ref = d->ref,
        .organisation = order.organisation_name, .buyer = transfer_buyer(arena, order.first_name, order.last_name),
        .buyer_email = order.email, .lang = lang_of(order.lang), .state = order.state};
    err = transfer_view_read(d->service, db, arena, id.id, &d->detail.view, fault);
    return err == OK ? receipts_in(db, arena, &d->detail, fault) : err;
}

enum err transfer_read(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str ref,
                       struct transfer_detail *ret_detail, struct fault *fault)
{
    enum err may = permit_staff(caller, TASK_TRANSFER_RECORD, 0, fault);
    if (may != OK)
        return may;
    struct detailing d = {.service = service, .ref = ref};
    enum err err = service_read(service, arena, detail_in, &d, fault);
    if (err == OK)
        *ret_detail = d.detail;
    return err;
}
