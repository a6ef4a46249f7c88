/* Mails that customer service causes: the way to a payment, an option that ends later or was cancelled. */
#include "service/mails_parts.h"

static enum err payment_link(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    struct attempt_last_row attempt;
    bool found = false;
    enum err err = mail_order(draft, &order, fault);
    if (err == OK)
        err = q_attempt_last(draft->db, draft->arena, (struct attempt_last_in){.order_id = draft->job->order_id}, &attempt,
                             &found, fault);
    if (err != OK)
        return err;
    if (!str_eq(order.state, S("pending")) || !found)
        return fault_set(fault, ERR_NOT_FOUND, "nothing waits for a payment any more");
    draft->subject = msg_text(draft->arena, draft->lang, MSG_customer_mail_pay_subject, ARG("ref", order.ref));
    SAY(draft, customer_mail_pay_text, ARG("ref", order.ref), ARG("total", cents(attempt.amount_cents)));
    err = mail_say_visits(draft, fault);
    if (err != OK)
        return err;
    SAY(draft, customer_mail_pay_until, ARG("when", mail_when(draft, attempt.expires_at)));
    SAY(draft, customer_mail_pay_terms);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_customer_mail_pay_link);
    return OK;
}

static enum err visit_and_reason(struct mail_draft *draft, struct str act, struct visit_for_mail_row *visit,
                                 struct fault *fault)
{
    struct customer_option_act_row reason;
    bool found = false;
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    err = q_customer_option_act(draft->db, draft->arena, (struct customer_option_act_in){
        .organisation_id = visit->organisation_id, .act = act, .until = draft->job->created_at,
        .subject = str_format(draft->arena, "visit %lld", (long long)draft->job->visit_id)}, &reason, &found, fault);
    if (err != OK)
        return err;
    SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", mail_when(draft, visit->start_at.v)),
        ARG("n", visit->persons));
    if (found)
        SAY(draft, customer_mail_reason, ARG("reason", reason.reason));
    return OK;
}

static enum err option_extended(struct mail_draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    SAY(draft, customer_mail_extended_text);
    enum err err = visit_and_reason(draft, S("customer.option-extend"), &visit, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_customer_mail_extended_subject,
                              ARG("monument", visit.monument_name));
    if (visit.ends_at.is)
        SAY(draft, mail_option_placed_end, ARG("when", mail_when(draft, visit.ends_at.v)));
    draft->link = mail_url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

static enum err option_cancelled(struct mail_draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    SAY(draft, customer_mail_cancelled_text);
    enum err err = visit_and_reason(draft, S("customer.option-cancel"), &visit, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_customer_mail_cancelled_subject,
                              ARG("monument", visit.monument_name));
    SAY(draft, customer_mail_cancelled_next);
    draft->link = mail_url(draft, str_format(draft->arena, "/monuments/%.*s/planning", STR_ARG(visit.monument_slug)));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_planning_link);
    return OK;
}

const struct mail_kind mails_of_customers[] = {
    {"payment-link", payment_link},
    {"option-extended", option_extended},
    {"option-cancelled", option_cancelled},
    {NULL, NULL},
};
