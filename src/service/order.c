/* Orders: reading them for their buyer. */
#include "service/order.h"

#include "domain/leader.h"
#include "service/audit.h"
#include "service/documents.h"
#include "service/outbox.h"
#include "service/permit.h"
#include "service/pricing.h"
#include "service/sheets.h"
#include "store/queries.h"
#include "text/message.h"

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

/* ---- Search ----------------------------------------------------------------------------------------------------- */

struct search {
    struct order_search_in in;
    struct order_search_list rows;
};

static enum err search_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct search *search = argument;
    return q_order_search(db, arena, search->in, &search->rows, fault);
}

enum err order_search(struct service *service, struct arena *arena, const struct caller *caller, day_number from,
                      day_number to, struct order_rows *ret_rows, struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct search search = {.in = {.organisation_id = caller->organisation_id,
                                   .from_at = instant_of(&service->zone, from, 0),
                                   .to_at = instant_of(&service->zone, to < INT32_MAX ? to + 1 : to, 0)}};
    enum err err = service_read(service, arena, search_read, &search, fault);
    if (err != OK)
        return err;
    struct order_row *rows = ARENA_ARRAY(arena, search.rows.n + 1, struct order_row);
    for (size_t i = 0; i < search.rows.n; i++) {
        const struct order_search_row *row = &search.rows.p[i];
        rows[i] = (struct order_row){
            .ref = row->ref, .total = cents(row->total_cents), .created_at = row->created_at,
            .buyer = full_name(arena, row->first_name, row->last_name), .visits = (int)row->visits,
            .persons = (int)row->persons, .first_monument = row->first_monument, .refund_due = row->refund_due > 0,
            .by_service = row->staff_id.is};
        if (!order_state_parse(row->state, &rows[i].state))
            return fault_set(fault, ERR_BUG, "order state");
    }
    *ret_rows = (struct order_rows){rows, search.rows.n};
    return OK;
}

/* ---- One order -------------------------------------------------------------------------------------------------- */

struct reading {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    struct order_view view;
};

/* The free ticket of a leader is named after the leader, not after the tariff that it does not pay. */
static struct str line_tariff(struct arena *arena, enum lang lang, const struct order_lines_row *line)
{
    if (line->unit_cents == 0 && str_eq(line->role, S("guide")))
        return msg_text(arena, lang, MSG_tariff_guide_free);
    if (line->unit_cents == 0 && str_eq(line->role, S("leader")))
        return msg_text(arena, lang, MSG_tariff_leader_free);
    return tariff_label(arena, lang, line->tariff_code);
}

static struct order_line_views lines_of_visit(struct arena *arena, enum lang lang, const struct order_lines_list *lines,
                                              int64_t visit_id)
{
    struct order_line_view *views = ARENA_ARRAY(arena, lines->n + 1, struct order_line_view);
    size_t count = 0;
    for (size_t i = 0; i < lines->n; i++) {
        const struct order_lines_row *line = &lines->p[i];
        if (line->visit_id != visit_id)
            continue;
        views[count++] = (struct order_line_view){
            .tariff = line_tariff(arena, lang, line),
            .why = price_why(arena, lang, line->why, line->why_number), .quantity = (int)line->quantity,
            .unit = cents(line->unit_cents), .total = cents(line->unit_cents * line->quantity)};
    }
    return (struct order_line_views){views, count};
}

static struct order_visit_view visit_view(struct arena *arena, const struct reading *reading,
                                          const struct order_visits_row *row, const struct order_lines_list *lines)
{
    bool own = !row->contact_mail.is;
    return (struct order_visit_view){
        .id = row->id, .monument_slug = row->monument_slug, .monument_name = row->monument_name,
        .monument_kind = row->monument_kind, .contact_email = row->contact_email, .contact_phone = row->contact_phone, .kind = row->kind,
        .has_start = row->start_at.is, .start_at = row->start_at.v, .minutes = (int)row->minutes.v,
        .persons = (int)row->persons, .audience = row->audience, .leader_kind = row->leader_kind,
        .leader = full_name(arena, row->leader_first.v, row->leader_last.v),
        .recipient = own ? reading->view.buyer : full_name(arena, row->contact_first.v, row->contact_last.v),
        .recipient_email = own ? reading->view.buyer_email : row->contact_mail.v,
        .recipient_lang = own ? caller_mail_lang(reading->caller) : lang_of(row->contact_lang.v), .tickets = (int)row->tickets,
        .lines = lines_of_visit(arena, reading->caller->lang, lines, row->id)};
}

static enum err read_visits(struct reading *reading, struct db *db, struct arena *arena, struct fault *fault)
{
    struct order_visits_list visits;
    struct order_lines_list lines;
    enum err err = q_order_visits(db, arena, (struct order_visits_in){.order_id = reading->view.id}, &visits, fault);
    if (err == OK)
        err = q_order_lines(db, arena, (struct order_lines_in){.order_id = reading->view.id}, &lines, fault);
    if (err != OK)
        return err;
    struct order_visit_view *views = ARENA_ARRAY(arena, visits.n + 1, struct order_visit_view);
    for (size_t i = 0; i < visits.n; i++)
        views[i] = visit_view(arena, reading, &visits.p[i], &lines);
    reading->view.visits = (struct order_visit_views){views, visits.n};
    return OK;
}

static enum err read_payments(struct reading *reading, struct db *db, struct arena *arena, struct fault *fault)
{
    struct payments_of_order_list rows;
    enum err err = q_payments_of_order(db, arena, (struct payments_of_order_in){.order_id = reading->view.id}, &rows, fault);
    if (err != OK)
        return err;
    struct order_payment_view *views = ARENA_ARRAY(arena, rows.n + 1, struct order_payment_view);
    for (size_t i = 0; i < rows.n; i++) {
        views[i] = (struct order_payment_view){.amount = cents(rows.p[i].amount_cents),
            .received_at = rows.p[i].received_at, .reason = rows.p[i].reason, .provider = rows.p[i].provider};
        if (!payment_state_parse(rows.p[i].state, &views[i].state))
            return fault_set(fault, ERR_BUG, "payment state");
        if (views[i].state == PAYMENT_REFUND_DUE)
            reading->view.refund_due = true;
    }
    reading->view.payments = (struct order_payment_views){views, rows.n};
    return OK;
}

static enum err read_payability(struct reading *reading, struct db *db, struct arena *arena, struct fault *fault)
{
    struct attempt_last_row attempt;
    bool found = false;
    enum err err = q_attempt_last(db, arena, (struct attempt_last_in){.order_id = reading->view.id}, &attempt, &found, fault);
    if (err != OK || !found)
        return err;
    struct order_option_end_row option;
    err = q_order_option_end(db, arena, (struct order_option_end_in){.order_id = reading->view.id}, &option, NULL, fault);
    if (err != OK)
        return err;
    bool open = str_eq(attempt.state, S("open")) || str_eq(attempt.state, S("created"));
    bool ends_first = option.ends_at.is && option.ends_at.v < attempt.expires_at;
    reading->view.pay_until = ends_first ? option.ends_at.v : attempt.expires_at;
    reading->view.payable = reading->view.state == ORDER_PENDING && open
                            && reading->view.pay_until > service_now(reading->service);
    return OK;
}

static enum err order_read_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *reading = argument;
    struct order_of_row row;
    bool found = false;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = reading->ref,
        .organisation_id = reading->caller->organisation_id}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "order");
    reading->view = (struct order_view){
        .id = row.id, .ref = reading->ref, .method = row.method, .total = cents(row.total_cents),
        .created_at = row.created_at, .confirmed_at = row.confirmed_at.v,
        .buyer = full_name(arena, row.first_name, row.last_name), .buyer_email = row.email,
        .organisation = row.organisation_name, .terms_version = row.terms_version, .by_service = row.staff_id.is};
    if (!order_state_parse(row.state, &reading->view.state))
        return fault_set(fault, ERR_BUG, "order state");
    struct invoice_of_order_row invoice;
    err = q_invoice_of_order(db, arena, (struct invoice_of_order_in){.order_id = row.id}, &invoice, &found, fault);
    if (err == OK && found)
        reading->view.invoice = invoice.number;
    if (err == OK)
        err = read_visits(reading, db, arena, fault);
    if (err == OK)
        err = read_payments(reading, db, arena, fault);
    if (err == OK)
        err = read_payability(reading, db, arena, fault);
    return err;
}

enum err order_read(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                    struct order_view *ret_order, struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct reading reading = {.service = service, .caller = caller, .ref = ref};
    enum err err = service_read(service, arena, order_read_in, &reading, fault);
    if (err == OK)
        *ret_order = reading.view;
    return err;
}

/* ---- Documents -------------------------------------------------------------------------------------------------- */

struct document_reading {
    struct service *service;
    struct str ref;
    int64_t organisation_id; /* 0: the reader came by a signed link */
    int64_t visit_id;
    enum lang lang;
    struct ticket_sheet tickets;
    struct invoice_sheet invoice;
};

static enum err document_order(struct document_reading *reading, struct db *db, struct arena *arena, int64_t *ret_id,
                               struct fault *fault)
{
    bool found = false;
    if (reading->organisation_id == 0) {
        struct order_id_by_ref_row row;
        enum err err = q_order_id_by_ref(db, arena, (struct order_id_by_ref_in){.ref = reading->ref}, &row, &found, fault);
        if (err == OK && found)
            *ret_id = row.id;
        return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "order") : err;
    }
    struct order_of_row row;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = reading->ref,
        .organisation_id = reading->organisation_id}, &row, &found, fault);
    if (err == OK && found)
        *ret_id = row.id;
    return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "order") : err;
}

static enum err tickets_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct document_reading *reading = argument;
    int64_t order_id = 0;
    enum err err = document_order(reading, db, arena, &order_id, fault);
    if (err != OK)
        return err;
    return ticket_sheet_read(reading->service, db, arena, order_id, reading->visit_id, reading->lang, &reading->tickets, fault);
}

static enum err invoice_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct document_reading *reading = argument;
    int64_t order_id = 0;
    enum err err = document_order(reading, db, arena, &order_id, fault);
    if (err != OK)
        return err;
    return invoice_sheet_read(reading->service, db, arena, order_id, reading->lang, &reading->invoice, fault);
}

enum err order_ticket_sheet(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                            int64_t visit_id, struct ticket_sheet *ret_sheet, struct fault *fault)
{
    enum err may = permit(caller, TASK_TICKETS, fault);
    if (may != OK)
        return may;
    struct document_reading reading = {.service = service, .ref = ref, .organisation_id = caller->organisation_id,
                                       .visit_id = visit_id, .lang = caller->lang};
    enum err err = service_read(service, arena, tickets_in, &reading, fault);
    if (err == OK)
        *ret_sheet = reading.tickets;
    return err;
}

enum err order_tickets_pdf(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           int64_t visit_id, struct buf *out, struct fault *fault)
{
    struct ticket_sheet sheet;
    enum err err = order_ticket_sheet(service, arena, caller, ref, visit_id, &sheet, fault);
    if (err != OK)
        return err;
    return service->documents->tickets(service->documents->context, &sheet, out, fault);
}

enum err order_invoice_pdf(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           struct buf *out, struct fault *fault)
{
    enum err may = permit(caller, TASK_INVOICES, fault);
    if (may != OK)
        return may;
    struct document_reading reading = {.service = service, .ref = ref, .organisation_id = caller->organisation_id,
                                       .lang = caller->lang};
    enum err err = service_read(service, arena, invoice_in, &reading, fault);
    if (err != OK)
        return err;
    return service->documents->invoice(service->documents->context, &reading.invoice, out, fault);
}

struct str order_link_signature(const struct service *service, struct arena *arena, struct str ref, int64_t visit_id)
{
    unsigned char mac[CRYPTO_DIGEST];
    crypto_hmac_sha256((struct str){(const char *)service->secret, sizeof service->secret},
                       str_format(arena, "tickets:%.*s:%lld", STR_ARG(ref), (long long)visit_id), mac);
    return str_hex(arena, mac, 16);
}

enum err order_linked_sheet(struct service *service, struct arena *arena, struct str ref, int64_t visit_id,
                            struct str signature, enum lang lang, struct ticket_sheet *ret_sheet, struct fault *fault)
{
    if (!crypto_equal(signature, order_link_signature(service, arena, ref, visit_id)))
        return fault_set(fault, ERR_NOT_FOUND, "link");
    struct document_reading reading = {.service = service, .ref = ref, .visit_id = visit_id, .lang = lang};
    enum err err = service_read(service, arena, tickets_in, &reading, fault);
    if (err == OK)
        *ret_sheet = reading.tickets;
    return err;
}

enum err order_linked_pdf(struct service *service, struct arena *arena, struct str ref, int64_t visit_id,
                          struct str signature, enum lang lang, struct buf *out, struct fault *fault)
{
    struct ticket_sheet sheet;
    enum err err = order_linked_sheet(service, arena, ref, visit_id, signature, lang, &sheet, fault);
    if (err != OK)
        return err;
    return service->documents->tickets(service->documents->context, &sheet, out, fault);
}

/* ---- Sending again ---------------------------------------------------------------------------------------------- */

struct resend {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    int64_t visit_id;
};

/* A customer's own asking is not noted; customer service's is (OPS-1). */
static enum err resend_audit(const struct resend *resend, struct db *db, struct arena *arena, instant now,
                             struct fault *fault)
{
    const struct caller *caller = resend->caller;
    if (caller->staff_id == 0)
        return OK;
    return audit_add(db, arena, (struct audit_row){
        .at = now, .person_id = caller->person_id, .staff_id = caller->staff_id, .reason = caller->why,
        .organisation_id = caller->organisation_id, .act = S("order.resend"), .subject = resend->ref}, fault);
}

static enum err resend_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct resend *resend = argument;
    struct reading reading = {.service = resend->service, .caller = resend->caller, .ref = resend->ref};
    enum err err = order_read_in(db, arena, &reading, fault);
    if (err != OK)
        return err;
    const struct order_view *order = &reading.view;
    if (order->state != ORDER_CONFIRMED)
        return fault_set(fault, ERR_NOT_FOUND, "not confirmed");
    struct outbox_row row = {.kind = S("order-confirmed"), .organisation_id = resend->caller->organisation_id,
                             .order_id = order->id, .recipient = order->buyer_email, .recipient_name = order->buyer,
                             .lang = caller_mail_lang(resend->caller), .now = service_now(resend->service)};
    err = resend_audit(resend, db, arena, row.now, fault);
    if (err != OK || resend->visit_id == 0)
        return err != OK ? err : outbox_add(db, arena, row, fault);
    for (size_t i = 0; i < order->visits.n; i++) {
        const struct order_visit_view *visit = &order->visits.p[i];
        if (visit->id != resend->visit_id)
            continue;
        row.kind = S("tickets");
        row.visit_id = visit->id;
        row.recipient = visit->recipient_email;
        row.recipient_name = visit->recipient;
        row.lang = visit->recipient_lang;
        return outbox_add(db, arena, row, fault);
    }
    return fault_set(fault, ERR_NOT_FOUND, "visit");
}

enum err order_resend(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                      int64_t visit_id, struct fault *fault)
{
    enum err may = permit(caller, TASK_MAIL_AGAIN, fault);
    if (may != OK)
        return may;
    struct resend resend = {.service = service, .caller = caller, .ref = ref, .visit_id = visit_id};
    return service_write(service, arena, resend_command, 0, &resend, fault);
}
