/* Mails of transfers and refunds. */
#include "service/mails_parts.h"

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
    if (row.credit_note.is)
        SAY(draft, mail_refund_note, ARG("number", row.credit_note.v));
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    return OK;
}

const struct mail_kind mails_of_transfers[] = {
    {"refund", refund},
    {NULL, NULL},
};
