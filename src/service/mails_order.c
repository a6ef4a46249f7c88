/* Mails of orders: confirmation with the invoice, tickets, money that waits for a refund. */
#include "service/mails_parts.h"

#include "service/documents.h"
#include "service/order.h"
#include "service/sheets.h"
#include "service/ticket_csv.h"

enum err mail_order(struct mail_draft *draft, struct order_by_id_row *order, struct fault *fault)
{
    return q_order_by_id(draft->db, draft->arena, (struct order_by_id_in){.id = draft->job->order_id}, order, NULL, fault);
}

enum err mail_say_visits(struct mail_draft *draft, struct fault *fault)
{
    struct order_visits_list visits;
    enum err err = q_order_visits(draft->db, draft->arena, (struct order_visits_in){.order_id = draft->job->order_id}, &visits,
                                  fault);
    for (size_t i = 0; err == OK && i < visits.n; i++) {
        const struct order_visits_row *visit = &visits.p[i];
        if (visit->start_at.is)
            SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", mail_when(draft, visit->start_at.v)),
                ARG("n", visit->persons));
        else
            SAY(draft, mail_undated, ARG("monument", visit->monument_name), ARG("n", visit->persons));
    }
    return err;
}

static enum err order_confirmed(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    if (err != OK)
        return err;
    if (!str_eq(order.state, S("confirmed")))
        return fault_set(fault, ERR_NOT_FOUND, "order is not confirmed");
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_order_subject, ARG("ref", order.ref));
    SAY(draft, mail_order_text, ARG("ref", order.ref), ARG("total", cents(order.total_cents)));
    err = mail_say_visits(draft, fault);
    if (err != OK)
        return err;
    SAY(draft, mail_order_tickets);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);

    struct invoice_sheet sheet;
    err = invoice_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->lang, &sheet, fault);
    if (err != OK)
        return err;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    err = draft->service->documents->invoice(draft->service->documents->context, &sheet, &pdf, fault);
    if (err == OK)
        mail_attach(draft, str_format(draft->arena, "%s-%.*s.pdf", draft->lang == LANG_FR ? "facture" : "invoice",
                                 STR_ARG(sheet.number)), &pdf);
    buf_free(&pdf);
    return err;
}

static struct str file_of_tickets(struct mail_draft *draft, struct str ref, const char *kind)
{
    return str_format(draft->arena, "%s-%.*s-%lld.%s", draft->lang == LANG_FR ? "billets" : "tickets", STR_ARG(ref),
                      (long long)draft->job->visit_id, kind);
}

/* The list of numbers, where a voucher layout is approved and the customer wants it (TKT-2). */
static enum err attach_csv(struct mail_draft *draft, struct str ref, struct fault *fault)
{
    struct buf csv = buf_new(LIMIT_PDF_BYTES);
    enum err err = ticket_csv_write(draft->service, draft->db, draft->arena, draft->job->order_id, draft->job->visit_id,
                                    draft->lang, &csv, fault);
    if (err == OK) {
        SAY(draft, mail_tickets_csv);
        mail_attach_as(draft, file_of_tickets(draft, ref, "csv"), S("text/csv; charset=utf-8"), &csv);
    }
    buf_free(&csv);
    return err;
}

static enum err tickets(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    struct ticket_sheet sheet;
    if (err == OK) /* finds tickets of confirmed orders only: none is mailed before the money is there */
        err = ticket_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->job->visit_id,
                                draft->lang, &sheet, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_tickets_subject, ARG("monument", sheet.monument),
                              ARG("ref", order.ref));
    SAY(draft, mail_tickets_text, ARG("n", sheet.ticket_count), ARG("monument", sheet.monument),
        ARG("organisation", order.organisation_name));
    if (sheet.kind == SHEET_UNDATED)
        SAY(draft, mail_tickets_undated, ARG("until", sheet.valid_until));
    else if (sheet.kind == SHEET_DATED)
        SAY(draft, mail_tickets_dated, ARG("date", sheet.date));
    else
        SAY(draft, mail_tickets_slot, ARG("date", sheet.date), ARG("time", sheet.time));
    if (!str_empty(sheet.leader))
        SAY(draft, mail_tickets_leader, ARG("leader", sheet.leader));
    SAY(draft, mail_tickets_one_each);
    struct str signature = order_link_signature(draft->service, draft->arena, order.ref, draft->job->visit_id);
    draft->link = mail_url(draft, str_format(draft->arena, "/billets/%.*s/%lld/%.*s", STR_ARG(order.ref),
                                        (long long)draft->job->visit_id, STR_ARG(signature)));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_tickets_link);

    enum tickets_as as = TICKETS_AS_PDF;
    err = tickets_as_of(draft->db, draft->arena, draft->job->order_id, &as, fault);
    if (err == OK && as != TICKETS_AS_PDF)
        err = attach_csv(draft, order.ref, fault);
    if (err != OK || as == TICKETS_AS_CSV)
        return err;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    err = draft->service->documents->tickets(draft->service->documents->context, &sheet, &pdf, fault);
    if (err == OK)
        mail_attach(draft, file_of_tickets(draft, order.ref, "pdf"), &pdf);
    buf_free(&pdf);
    return err;
}

static enum err refund_due(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_refund_due_subject, ARG("ref", order.ref));
    SAY(draft, mail_refund_due_text, ARG("ref", order.ref));
    SAY(draft, mail_refund_due_next, ARG("contact", draft->settings.contact_groups));
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    return OK;
}

static enum err refund_due_desk(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_refund_desk_subject, ARG("ref", order.ref));
    SAY(draft, mail_refund_desk_text, ARG("ref", order.ref), ARG("organisation", order.organisation_name),
        ARG("email", order.email));
    return OK;
}

const struct mail_kind mails_of_orders[] = {
    {"order-confirmed", order_confirmed},
    {"tickets", tickets},
    {"refund-due", refund_due},
    {"refund-due-desk", refund_due_desk},
    {NULL, NULL},
};
