/* Refunds: the decision and its credit note, the movements through the provider. */
#include "service/refund.h"

#include "base/log.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/permit.h"
#include "store/queries.h"

/* ---- The decision ----------------------------------------------------------------------------------------------- */

struct deciding {
    struct service *service;
    struct db *db;
    struct arena *arena;
    const struct refund_request *request;
    instant now;
    struct order_by_id_row order;
    struct refund_money_list money;
    struct refund_invoice_row invoice;
    struct refund_made made;
    int64_t credit_id; /* 0: none */
};

static int64_t lines_total(const struct refund_request *request)
{
    int64_t total = 0;
    for (size_t i = 0; i < request->line_count; i++)
        total += request->lines[i].quantity * request->lines[i].unit.v;
    return total;
}

/* Whether the decision may be made at all; reads what is needed to make it. */
static enum err judge(struct deciding *d, enum refund_refusal *ret_refusal, struct fault *fault)
{
    const struct refund_request *request = d->request;
    *ret_refusal = REFUND_NOT_REFUSED;
    enum err err = q_refund_money(d->db, d->arena, (struct refund_money_in){.order_id = request->order_id,
        .payment_id = request->payment_id}, &d->money, fault);
    if (err != OK)
        return err;
    int64_t left = 0;
    for (size_t i = 0; i < d->money.n; i++)
        left += d->money.p[i].left_cents;
    /* Of those payments a part may stand on another order: one that a change made, or one that it replaced (OPT-6). */
    struct change_money_row held;
    err = q_change_money(d->db, d->arena, (struct change_money_in){.order_id = request->order_id}, &held, NULL, fault);
    if (err != OK)
        return err;
    if (request->payment_id == 0 && held.left_cents < left)
        left = held.left_cents;
    if (request->amount.v < 0 || request->amount.v > left)
        *ret_refusal = REFUND_TOO_MUCH;
    else if (request->line_count == 0 && request->amount.v == 0)
        *ret_refusal = REFUND_NOTHING;
    if (*ret_refusal != REFUND_NOT_REFUSED || request->line_count == 0)
        return OK;
    int64_t total = lines_total(request);
    bool found = false;
    err = q_refund_invoice(d->db, d->arena, (struct refund_invoice_in){.order_id = request->order_id}, &d->invoice,
                           &found, fault);
    if (err != OK)
        return err;
    if (!found)
        *ret_refusal = REFUND_NO_INVOICE;
    else if (total > d->invoice.left_cents || request->amount.v > total)
        *ret_refusal = REFUND_TOO_MUCH;
    return OK;
}

/* A note of what was credited, with a number of its own series. Free lines alone are credited too: the note says that
 * the visit is gone. */
static enum err issue_credit_note(struct deciding *d, struct fault *fault)
{
    int year = date_of(service_day(d->service, d->now)).year;
    struct number_draw_row drawn;
    enum err err = q_number_draw(d->db, d->arena, (struct number_draw_in){.series = S("AV"), .year = year}, &drawn,
                                 NULL, fault);
    if (err != OK)
        return err;
    d->made.credit_note = str_format(d->arena, "AV%d-%06lld", year, (long long)drawn.number);
    struct credit_note_insert_row note;
    err = q_credit_note_insert(d->db, d->arena, (struct credit_note_insert_in){
        .number = d->made.credit_note, .series = S("AV"), .year = year, .sequence = drawn.number,
        .order_id = d->request->order_id, .now = d->now, .total_cents = lines_total(d->request),
        .seller = d->invoice.seller, .buyer = d->invoice.buyer, .credits = d->invoice.id}, &note, NULL, fault);
    for (size_t i = 0; err == OK && i < d->request->line_count; i++) {
        const struct refund_line *line = &d->request->lines[i];
        err = q_credit_line_insert(d->db, (struct credit_line_insert_in){
            .invoice_id = note.id, .position = (int64_t)i + 1, .visit_id = line->visit_id,
            .tariff_code = line->tariff_code, .role = line->role, .quantity = line->quantity,
            .unit_cents = line->unit.v, .vat_code = line->vat_code}, NULL, fault);
    }
    if (err == OK)
        d->credit_id = note.id;
    return err;
}

/* From the payments in their order, cards first: those go back by themselves. The key is random, not a number of ours:
 * a database that was restored must not meet a key that the provider knows for other money. */
static enum err move_money(struct deciding *d, struct fault *fault)
{
    struct str provider = str_of(d->service->payer != NULL ? d->service->payer->name : "");
    int64_t left = d->request->amount.v;
    enum err err = OK;
    d->made.by_provider = true;
    for (size_t i = 0; err == OK && i < d->money.n && left > 0; i++) {
        const struct refund_money_row *payment = &d->money.p[i];
        int64_t amount = payment->left_cents < left ? payment->left_cents : left;
        if (amount <= 0)
            continue;
        bool by_provider = payment->by_card != 0 && str_eq(payment->provider, provider);
        err = q_refund_part_insert(d->db, (struct refund_part_insert_in){
            .refund_id = d->made.refund_id, .payment_id = payment->id, .amount_cents = amount,
            .way = by_provider ? S("provider") : S("transfer"),
            .key = str_join2(d->arena, S("refund-"), random_token(&d->service->random, d->arena, 18)), .now = d->now},
            NULL, fault);
        d->made.by_provider = d->made.by_provider && by_provider;
        left -= amount;
    }
    return err;
}

static enum err tell(const struct deciding *d, struct fault *fault)
{
    const struct order_by_id_row *order = &d->order;
    enum err err = outbox_add(d->db, d->arena, (struct outbox_row){
        .kind = S("refund"), .organisation_id = order->organisation_id, .order_id = d->request->order_id,
        .recipient = order->email,
        .recipient_name = str_format(d->arena, "%.*s %.*s", STR_ARG(order->first_name), STR_ARG(order->last_name)),
        .lang = lang_of(order->lang), .detail = str_format(d->arena, "%lld", (long long)d->made.refund_id),
        .now = d->now}, fault);
    if (err != OK)
        return err;
    return audit_add(d->db, d->arena, (struct audit_row){
        .at = d->now, .staff_id = d->request->staff_id, .organisation_id = order->organisation_id,
        .act = S("refund.add"), .subject = order->ref,
        .detail = str_format(d->arena, "%lld cents %.*s", (long long)d->made.amount.v, STR_ARG(d->made.credit_note))},
        fault);
}

static enum err decide(struct deciding *d, struct fault *fault)
{
    const struct refund_request *request = d->request;
    enum err err = q_order_by_id(d->db, d->arena, (struct order_by_id_in){.id = request->order_id}, &d->order, NULL,
                                 fault);
    if (err == OK && request->line_count > 0)
        err = issue_credit_note(d, fault);
    struct refund_insert_row refund;
    if (err == OK)
        err = q_refund_insert(d->db, d->arena, (struct refund_insert_in){
            .order_id = request->order_id, .amount_cents = request->amount.v, .reason = request->reason,
            .request_key = request->request_key, .staff_id = {.is = request->staff_id != 0, .v = request->staff_id},
            .credit_id = {.is = d->credit_id != 0, .v = d->credit_id}, .now = d->now}, &refund, NULL, fault);
    if (err != OK)
        return err;
    d->made.refund_id = refund.id;
    d->made.amount = request->amount;
    err = move_money(d, fault);
    return err == OK ? tell(d, fault) : err;
}

enum err refund_add(struct service *service, struct db *db, struct arena *arena, const struct refund_request *request,
                    instant now, struct refund_made *ret_made, struct fault *fault)
{
    struct deciding d = {.service = service, .db = db, .arena = arena, .request = request, .now = now};
    /* The lock first: who decides at the same moment on another server sees what this one decided. */
    enum err err = q_order_customer_lock(db, (struct order_customer_lock_in){.order_id = request->order_id}, NULL, fault);
    if (err == OK)
        err = q_order_lock(db, (struct order_lock_in){.id = request->order_id}, NULL, fault);
    struct refund_by_key_row before;
    bool found = false;
    if (err == OK)
        err = q_refund_by_key(db, arena, (struct refund_by_key_in){.request_key = request->request_key}, &before,
                              &found, fault);
    if (err != OK)
        return err;
    if (found) {
        *ret_made = (struct refund_made){.refund_id = before.id, .amount = cents(before.amount_cents),
                                         .credit_note = before.credit_note.is ? before.credit_note.v : (struct str){0},
                                         .by_provider = before.by_hand == 0};
        return OK;
    }
    enum refund_refusal refusal = REFUND_NOT_REFUSED;
    err = judge(&d, &refusal, fault);
    if (err == OK && refusal != REFUND_NOT_REFUSED) {
        *ret_made = (struct refund_made){.refusal = refusal};
        return OK;
    }
    if (err == OK)
        err = decide(&d, fault);
    if (err == OK)
        *ret_made = d.made;
    return err;
}

/* ---- Through the provider --------------------------------------------------------------------------------------- */

/* A call takes a minute at most, so the lease outlives it. Providers keep a key for a day: well before that a person
 * takes over. */
enum { LEASE = 180, RETRY_FIRST = 30, RETRY_MOST = 3600, KEY_SAFE = 20 * 3600, RETRY_DOUBLINGS = 7 };

struct sending {
    struct service *service;
    instant now;
    struct refund_parts_to_send_list due;
    int64_t id;
    struct refund_part_begin_row part;
    bool begun;
    enum err error; /* of the call */
    struct pay_refund answer;
    struct str word;
};

static enum err read_due(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct sending *sending = argument;
    return q_refund_parts_to_send(db, arena, (struct refund_parts_to_send_in){.now = sending->now,
        .provider = str_of(sending->service->payer->name)}, &sending->due, fault);
}

enum err refund_part_settle(struct db *db, struct arena *arena, int64_t part_id, enum pay_refund_outcome outcome,
                            struct str refund_ref, struct str answer, instant now, struct fault *fault)
{
    struct str state = outcome == PAY_REFUND_DONE ? S("done") : outcome == PAY_REFUND_PENDING ? S("sent") : S("failed");
    int64_t changed = 0;
    enum err err = q_refund_part_answered(db, (struct refund_part_answered_in){
        .id = part_id, .state = state, .provider_ref = {.is = !str_empty(refund_ref), .v = refund_ref},
        .answer = str_sub(answer, 0, 200), .settled_at = {.is = outcome != PAY_REFUND_PENDING, .v = now}}, &changed,
        fault);
    struct refund_part_of_id_row part;
    if (err == OK && changed == 1)
        err = q_refund_part_of_id(db, arena, (struct refund_part_of_id_in){.id = part_id}, &part, NULL, fault);
    if (err != OK || changed != 1)
        return err;
    if (outcome == PAY_REFUND_DONE)
        return q_payment_refunded(db, (struct payment_refunded_in){.id = part.payment_id}, NULL, fault);
    if (outcome == PAY_REFUND_FAILED)
        return q_payment_due_again(db, (struct payment_due_again_in){.id = part.payment_id}, NULL, fault);
    return OK;
}

static enum err begin_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct sending *sending = argument;
    sending->begun = false;
    enum err err = q_refund_part_begin(db, arena, (struct refund_part_begin_in){.id = sending->id, .now = sending->now,
        .lease_until = sending->now + LEASE}, &sending->part, &sending->begun, fault);
    if (err != OK || !sending->begun || sending->now - sending->part.first_at < KEY_SAFE)
        return err;
    sending->begun = false;
    return q_refund_part_answered(db, (struct refund_part_answered_in){.id = sending->id, .state = S("unclear"),
        .answer = S("no answer while the key was safe")}, NULL, fault);
}

/* Half a minute, then doubled each time, up to an hour. */
static instant next_try(instant now, int64_t tries)
{
    int64_t pause = RETRY_FIRST;
    for (int64_t i = 1; i < tries && i < RETRY_DOUBLINGS; i++)
        pause *= 2;
    return now + (pause < RETRY_MOST ? pause : RETRY_MOST);
}

static enum err answered_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct sending *sending = argument;
    switch (sending->error) {
    case OK:
        return refund_part_settle(db, arena, sending->id, sending->answer.outcome, sending->answer.refund_ref,
                                  (struct str){0}, sending->now, fault);
    case ERR_REFUSED: /* certainly not done, and repeating does not help: a person decides */
    case ERR_NOT_FOUND:
    case ERR_CONFLICT:
    case ERR_INPUT:
        return refund_part_settle(db, arena, sending->id, PAY_REFUND_FAILED, (struct str){0}, sending->word,
                                  sending->now, fault);
    default: /* perhaps done, or not reached: the same key again */
        return q_refund_part_later(db,
                                   (struct refund_part_later_in){.id = sending->id,
                                                                 .next_at = next_try(sending->now, sending->part.tries),
                                                                 .answer = str_sub(sending->word, 0, 200)},
                                   NULL, fault);
    }
}

/* Commit, call, commit: between any two the process may die (refund.h). */
static enum err send_one(struct sending *sending, struct arena *arena, struct fault *fault)
{
    const struct payer *payer = sending->service->payer;
    enum err err = service_write(sending->service, arena, begin_command, 0, sending, fault);
    if (err != OK || !sending->begun)
        return err;
    struct fault own = {.err = OK};
    sending->error = payer->refund(payer->context, arena, sending->part.payment_ref, cents(sending->part.amount_cents),
                                   sending->part.key, &sending->answer, &own);
    sending->word = sending->error == OK ? (struct str){0} : str_dup(arena, str_of(own.text));
    LOG(sending->error == OK ? LOG_INFO : LOG_WARNING, "refund", LOG_INT("part", sending->id),
        LOG_INT("cents", sending->part.amount_cents), LOG_TEXT("answer", str_of(err_name(sending->error))));
    return service_write(sending->service, arena, answered_command, 0, sending, fault);
}

enum err refund_send_due(struct service *service, struct arena *arena, int *ret_sent, struct fault *fault)
{
    struct sending sending = {.service = service, .now = service_now(service)};
    int sent = 0;
    enum err err = service_read(service, arena, read_due, &sending, fault);
    for (size_t i = 0; err == OK && i < sending.due.n; i++) {
        sending.id = sending.due.p[i].id;
        err = send_one(&sending, arena, fault);
        sent += err == OK && sending.begun && sending.error == OK;
    }
    *ret_sent = sent;
    return err;
}

struct notified {
    const struct pay_event *event;
    struct str provider;
    instant now;
};

static enum err notified_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct notified *notified = argument;
    const struct pay_event *event = notified->event;
    struct refund_part_by_provider_row part;
    bool found = false;
    enum err err = q_refund_part_by_provider(db, arena, (struct refund_part_by_provider_in){
        .provider_ref = event->refund_ref, .provider = notified->provider}, &part, &found, fault);
    struct refund_part_unnamed_list unnamed = {0};
    if (err == OK && !found)
        err = q_refund_part_unnamed(db, arena, (struct refund_part_unnamed_in){.payment_ref = event->payment_ref,
            .provider = notified->provider, .amount_cents = event->amount.v}, &unnamed, fault);
    if (err != OK || (!found && unnamed.n != 1))
        return err; /* not ours, or the job's own answer will tell which */
    int64_t id = found ? part.id : unnamed.p[0].id;
    /* Notifications come in any order: «on its way» after «done» is old news. */
    if (found && event->refund == PAY_REFUND_PENDING)
        return OK;
    return refund_part_settle(db, arena, id, event->refund, event->refund_ref, event->type, notified->now, fault);
}

enum err refund_notified(struct service *service, struct arena *arena, const struct pay_event *event,
                         struct fault *fault)
{
    struct notified notified = {.event = event, .provider = str_of(service->payer->name), .now = service_now(service)};
    return service_write(service, arena, notified_command, 0, &notified, fault);
}

/* ---- What an order's page shows --------------------------------------------------------------------------------- */

enum err refund_list(struct db *db, struct arena *arena, int64_t order_id, struct refund_views *ret_views,
                     struct fault *fault)
{
    struct refunds_of_order_list rows;
    enum err err = q_refunds_of_order(db, arena, (struct refunds_of_order_in){.order_id = order_id}, &rows, fault);
    if (err != OK)
        return err;
    struct refund_views views = {.p = ARENA_ARRAY(arena, rows.n + 1, struct refund_view), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct refunds_of_order_row *row = &rows.p[i];
        views.p[i] = (struct refund_view){
            .id = row->id, .amount = cents(row->amount_cents), .reason = row->reason, .made_at = row->made_at,
            .credit_note = row->credit_note.is ? row->credit_note.v : (struct str){0},
            .credited = cents(row->credit_cents.v), .by_transfer = row->by_hand > 0,
            .failed = row->lacking_cents > 0, .done = row->open == 0 && row->lacking_cents == 0,
            .done_at = row->last_settled.is ? row->last_settled.v : row->made_at};
    }
    *ret_views = views;
    return OK;
}

struct own_reading {
    const struct caller *caller;
    struct str ref;
    struct refund_views views;
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
    return err == OK ? refund_list(db, arena, order.id, &reading->views, fault) : err;
}

enum err refund_of_order(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                         struct refund_views *ret_views, struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct own_reading reading = {.caller = caller, .ref = ref};
    enum err err = service_read(service, arena, own_in, &reading, fault);
    if (err == OK)
        *ret_views = reading.views;
    return err;
}
