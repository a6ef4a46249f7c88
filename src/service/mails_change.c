/* Mails of changes of paid visits (OPT-6) and of who accompanies them (COM-5). */
#include "service/mails_parts.h"

#include "service/documents.h"
#include "service/order.h"
#include "service/sheets.h"

static void say_visit(struct mail_draft *draft, enum msg key, struct str monument, instant start_at, int64_t persons)
{
    mail_say(draft, msg_text(draft->arena, draft->lang, key, ARG("monument", monument),
                             ARG("when", mail_when(draft, start_at)), ARG("n", persons)));
}

static enum err attach_invoice(struct mail_draft *draft, struct fault *fault)
{
    struct invoice_sheet sheet;
    enum err err = invoice_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->lang,
                                      &sheet, fault);
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

/* To the buyer: what it was, what it is, what became of the money and of the tickets. */
static enum err order_changed(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    struct change_of_order_row change;
    enum err err = mail_order(draft, &order, fault);
    if (err == OK)
        err = q_change_of_order(draft->db, draft->arena, (struct change_of_order_in){
            .new_order_id = draft->job->order_id}, &change, NULL, fault);
    if (err != OK)
        return err;
    if (!str_eq(change.state, S("done")))
        return fault_set(fault, ERR_NOT_FOUND, "the change was not made");
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_change_subject, ARG("monument", change.monument_name),
                              ARG("ref", order.ref));
    SAY(draft, mail_change_text, ARG("old", change.old_order_ref), ARG("ref", order.ref));
    say_visit(draft, MSG_mail_change_before, change.monument_name, change.old_start_at.v, change.old_persons);
    say_visit(draft, MSG_mail_change_now, change.monument_name, change.new_start_at.v, change.new_persons);
    int64_t paid = order.total_cents - change.carried_cents;
    if (paid > 0)
        SAY(draft, mail_change_paid, ARG("amount", cents(paid)));
    else if (change.returned_cents > 0)
        SAY(draft, mail_change_returned, ARG("amount", cents(change.returned_cents)));
    else
        SAY(draft, mail_change_same_price);
    SAY(draft, mail_change_tickets);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    return attach_invoice(draft, fault);
}

/* To the buyer: the difference was not paid, nothing has changed. */
static enum err change_ended(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    struct change_of_order_row change;
    enum err err = mail_order(draft, &order, fault);
    if (err == OK)
        err = q_change_of_order(draft->db, draft->arena, (struct change_of_order_in){
            .new_order_id = draft->job->order_id}, &change, NULL, fault);
    if (err != OK)
        return err;
    if (!str_eq(change.state, S("ended")))
        return fault_set(fault, ERR_NOT_FOUND, "the change was paid after all");
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_change_ended_subject,
                              ARG("monument", change.monument_name));
    SAY(draft, mail_change_ended_text);
    if (str_eq(change.old_state, S("confirmed")))
        say_visit(draft, MSG_mail_change_stays, change.monument_name, change.old_start_at.v, change.old_persons);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), change.old_order_ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    return OK;
}

/* The visit with its tickets, for the person who comes to the gate with the group. */
static enum err with_tickets(struct mail_draft *draft, const struct order_by_id_row *order, bool moved,
                             struct fault *fault)
{
    struct visit_for_mail_row visit;
    struct ticket_sheet sheet;
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id},
                                    &visit, NULL, fault);
    if (err == OK) /* finds no tickets of a visit that has ended: it is not announced any more */
        err = ticket_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->job->visit_id,
                                draft->lang, &sheet, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, moved ? MSG_mail_leader_moved_subject
                                                               : MSG_mail_leader_visit_subject,
                              ARG("monument", visit.monument_name));
    mail_say(draft, msg_text(draft->arena, draft->lang, moved ? MSG_mail_leader_moved_text : MSG_mail_leader_visit_text,
                             ARG("organisation", order->organisation_name)));
    say_visit(draft, MSG_mail_visit, visit.monument_name, visit.start_at.v, visit.persons);
    if (moved)
        SAY(draft, mail_leader_moved_tickets);
    else
        SAY(draft, mail_leader_visit_tickets);
    struct str contact = {0};
    for (size_t i = 0; i < sheet.contact.n; i++)
        contact = i == 0 ? sheet.contact.p[0]
                         : str_format(draft->arena, "%.*s, %.*s", STR_ARG(contact), STR_ARG(sheet.contact.p[i]));
    if (!str_empty(contact))
        SAY(draft, mail_leader_contact, ARG("contact", contact));
    struct str signature = order_link_signature(draft->service, draft->arena, order->ref, draft->job->visit_id);
    draft->link = mail_url(draft, str_format(draft->arena, "/billets/%.*s/%lld/%.*s", STR_ARG(order->ref),
                                             (long long)draft->job->visit_id, STR_ARG(signature)));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_tickets_link);
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    err = draft->service->documents->tickets(draft->service->documents->context, &sheet, &pdf, fault);
    if (err == OK)
        mail_attach(draft, str_format(draft->arena, "%s-%.*s-%lld.pdf", draft->lang == LANG_FR ? "billets" : "tickets",
                                      STR_ARG(order->ref), (long long)draft->job->visit_id), &pdf);
    buf_free(&pdf);
    return err;
}

static enum err leader_moved(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    return err == OK ? with_tickets(draft, &order, true, fault) : err;
}

static enum err leader_visit(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    return err == OK ? with_tickets(draft, &order, false, fault) : err;
}

/* Who accompanied the visit until now; without the tickets and without the name of who comes instead. */
static enum err leader_released(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    struct visit_for_mail_row visit;
    enum err err = mail_order(draft, &order, fault);
    if (err == OK)
        err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, &visit,
                               NULL, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_leader_released_subject,
                              ARG("monument", visit.monument_name));
    SAY(draft, mail_leader_released_text, ARG("organisation", order.organisation_name));
    say_visit(draft, MSG_mail_visit, visit.monument_name, visit.start_at.v, visit.persons);
    SAY(draft, mail_leader_released_tickets);
    return OK;
}

const struct mail_kind mails_of_changes[] = {
    {"order-changed", order_changed},
    {"change-ended", change_ended},
    {"leader-moved", leader_moved},
    {"leader-visit", leader_visit},
    {"leader-released", leader_released},
    {NULL, NULL},
};
