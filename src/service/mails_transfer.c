/* Mails of transfers and refunds. */
#include "service/mails_parts.h"

#include "service/documents.h"
#include "service/sheets_parts.h"
#include "service/transfer.h"

static struct str day_text(struct mail_draft *draft, day_number day)
{
    struct buf buf = buf_new(200);
    format_day(&buf, draft->lang, day);
    struct str text = str_dup(draft->arena, buf_view(&buf));
    buf_free(&buf);
    return text;
}

static void link_order(struct mail_draft *draft, struct str ref)
{
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
}

static enum err attach(struct mail_draft *draft, const struct invoice_sheet *sheet, struct str name, struct fault *fault)
{
    const struct documents *documents = draft->service->documents;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    enum err err = documents->invoice(documents->context, sheet, &pdf, fault);
    if (err == OK)
        mail_attach(draft, name, &pdf);
    buf_free(&pdf);
    return err;
}

/* ---- transfers ---- */

struct about {
    struct order_by_id_row order;
    struct transfer_view view;
};

static enum err read_about(struct mail_draft *draft, struct about *about, struct fault *fault)
{
    enum err err = mail_order(draft, &about->order, fault);
    if (err == OK)
        err = transfer_view_read(draft->service, draft->db, draft->arena, draft->job->order_id, &about->view, fault);
    return err;
}

/* What one needs for the transfer: also in the text, for who reads mail without attachments. */
static enum err say_details(struct mail_draft *draft, const struct about *about, struct fault *fault)
{
    const struct transfer_view *view = &about->view;
    SAY(draft, proforma_payee, ARG("name", view->payee));
    SAY(draft, proforma_iban, ARG("iban", view->iban));
    SAY(draft, proforma_bic, ARG("bic", view->bic));
    SAY(draft, proforma_reference, ARG("rf", view->rf));
    SAY(draft, proforma_deadline, ARG("day", day_text(draft, view->due_day)));
    link_order(draft, about->order.ref);
    struct invoice_sheet sheet;
    enum err err = proforma_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->lang, &sheet,
                                       fault);
    return err == OK ? attach(draft, &sheet, str_format(draft->arena, "proforma-%.*s.pdf", STR_ARG(about->order.ref)), fault)
                     : err;
}

static enum err proforma(struct mail_draft *draft, struct fault *fault)
{
    struct about about = {0};
    enum err err = read_about(draft, &about, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_transfer_subject, ARG("ref", about.order.ref));
    SAY(draft, mail_transfer_text, ARG("ref", about.order.ref), ARG("amount", about.view.left));
    err = mail_say_visits(draft, fault);
    return err == OK ? say_details(draft, &about, fault) : err;
}

static enum err reminder(struct mail_draft *draft, struct fault *fault)
{
    struct about about = {0};
    enum err err = read_about(draft, &about, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_transfer_reminder_subject, ARG("ref", about.order.ref),
                              ARG("day", day_text(draft, about.view.due_day)));
    SAY(draft, mail_transfer_reminder_text, ARG("ref", about.order.ref), ARG("amount", about.view.left));
    SAY(draft, mail_transfer_reminder_crossed);
    return say_details(draft, &about, fault);
}

static enum err part(struct mail_draft *draft, struct fault *fault)
{
    struct about about = {0};
    enum err err = read_about(draft, &about, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_transfer_part_subject, ARG("ref", about.order.ref));
    SAY(draft, mail_transfer_part_text, ARG("received", about.view.received), ARG("total", about.view.total),
        ARG("ref", about.order.ref), ARG("left", about.view.left));
    return say_details(draft, &about, fault);
}

static enum err asked(struct mail_draft *draft, struct fault *fault)
{
    struct about about = {0};
    enum err err = read_about(draft, &about, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_transfer_asked_subject, ARG("ref", about.order.ref));
    SAY(draft, mail_transfer_asked_text, ARG("ref", about.order.ref), ARG("day", day_text(draft, about.view.due_day)));
    link_order(draft, about.order.ref);
    return OK;
}

static enum err asked_desk(struct mail_draft *draft, struct fault *fault)
{
    struct about about = {0};
    enum err err = read_about(draft, &about, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_transfer_desk_subject, ARG("ref", about.order.ref));
    SAY(draft, mail_transfer_desk_text, ARG("organisation", about.order.organisation_name), ARG("ref", about.order.ref),
        ARG("amount", about.view.total), ARG("day", day_text(draft, about.view.due_day)));
    draft->link = mail_url(draft, str_join2(draft->arena, S("/service/virements/"), about.order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_transfer_desk_link);
    return OK;
}

static enum err over(struct mail_draft *draft, enum msg subject, enum msg text, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, subject, ARG("ref", order.ref));
    mail_say(draft, msg_text(draft->arena, draft->lang, text, ARG("ref", order.ref)));
    SAY(draft, mail_transfer_contact, ARG("contact", draft->settings.contact_groups));
    link_order(draft, order.ref);
    return OK;
}

static enum err ended(struct mail_draft *draft, struct fault *fault)
{
    return over(draft, MSG_mail_transfer_ended_subject, MSG_mail_transfer_ended_text, fault);
}

static enum err refused(struct mail_draft *draft, struct fault *fault)
{
    return over(draft, MSG_mail_transfer_refused_subject, MSG_mail_transfer_refused_text, fault);
}

/* ---- refunds ---- */

/* The decision that the job names, or, sent again, the order's last one. */
static enum err refund_of(struct mail_draft *draft, struct refunds_of_order_row *ret_refund, struct fault *fault)
{
    struct refunds_of_order_list list;
    enum err err = q_refunds_of_order(draft->db, draft->arena,
        (struct refunds_of_order_in){.order_id = draft->job->order_id}, &list, fault);
    if (err != OK)
        return err;
    if (list.n == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no refund");
    int64_t id = 0;
    bool named = str_int(draft->job->detail, &id);
    size_t at = list.n - 1;
    for (size_t i = 0; named && i < list.n; i++)
        if (list.p[i].id == id)
            at = i;
    *ret_refund = list.p[at];
    return OK;
}

static enum err refund(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    struct refunds_of_order_row row = {0};
    enum err err = mail_order(draft, &order, fault);
    if (err == OK)
        err = refund_of(draft, &row, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_refund_subject, ARG("ref", order.ref));
    if (row.amount_cents > 0)
        SAY(draft, mail_refund_text, ARG("ref", order.ref), ARG("amount", cents(row.amount_cents)));
    else
        SAY(draft, mail_refund_credit_text, ARG("ref", order.ref));
    if (row.amount_cents > 0 && row.by_hand > 0)
        SAY(draft, mail_refund_by_transfer);
    else if (row.amount_cents > 0)
        SAY(draft, mail_refund_by_card);
    link_order(draft, order.ref);
    if (!row.credit_note.is)
        return OK;
    SAY(draft, mail_refund_note, ARG("number", row.credit_note.v));
    struct invoice_sheet sheet;
    err = credit_note_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, row.credit_note.v,
                                 draft->lang, &sheet, fault);
    return err == OK ? attach(draft, &sheet, str_format(draft->arena, "%s-%.*s.pdf",
                                                        draft->lang == LANG_FR ? "avoir" : "credit-note",
                                                        STR_ARG(row.credit_note.v)), fault)
                     : err;
}

/* «Viré le»: the accountant has sent it. */
static enum err refund_sent(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    struct refunds_of_order_row row = {0};
    enum err err = mail_order(draft, &order, fault);
    if (err == OK)
        err = refund_of(draft, &row, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_refund_sent_subject, ARG("ref", order.ref));
    SAY(draft, mail_refund_sent_text, ARG("ref", order.ref), ARG("amount", cents(row.amount_cents)));
    link_order(draft, order.ref);
    return OK;
}

const struct mail_kind mails_of_transfers[] = {
    {"transfer-proforma", proforma},
    {"transfer-reminder", reminder},
    {"transfer-part", part},
    {"transfer-asked", asked},
    {"transfer-asked-desk", asked_desk},
    {"transfer-ended", ended},
    {"transfer-refused", refused},
    {"refund", refund},
    {"refund-sent", refund_sent},
    {NULL, NULL},
};
