/* Mails about passes, tickets from stock and voucher layouts. */
#include "service/mails_parts.h"

/* ---- passes and stock ---- */

static enum err right_cancelled(struct mail_draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = mail_order(draft, &order, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_right_cancelled_subject, ARG("ref", order.ref));
    SAY(draft, mail_right_cancelled_text, ARG("ref", order.ref));
    err = mail_say_visits(draft, fault);
    if (err != OK)
        return err;
    if (!str_empty(draft->job->detail))
        SAY(draft, mail_right_cancelled_why, ARG("why", draft->job->detail));
    SAY(draft, mail_right_cancelled_numbers);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    return OK;
}

static enum err stock_granted(struct mail_draft *draft, struct fault *fault)
{
    (void)fault;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_stock_granted_subject);
    SAY(draft, mail_stock_granted_text);
    SAY(draft, mail_stock_granted_how);
    draft->link = mail_url(draft, S("/monuments"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_stock_granted_link);
    return OK;
}

static enum err stock_revoked(struct mail_draft *draft, struct fault *fault)
{
    (void)fault;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_stock_revoked_subject);
    SAY(draft, mail_stock_revoked_text);
    if (!str_empty(draft->job->detail))
        SAY(draft, mail_right_cancelled_why, ARG("why", draft->job->detail));
    SAY(draft, mail_stock_revoked_contact, ARG("contact", draft->settings.contact_groups));
    return OK;
}

/* ---- layouts ---- */

static enum err find_layout(struct mail_draft *draft, struct layout_one_row *layout, struct fault *fault)
{
    int64_t id = 0;
    bool found = false;
    if (!str_int(draft->job->detail, &id))
        return fault_set(fault, ERR_NOT_FOUND, "layout");
    enum err err = q_layout_one(draft->db, draft->arena, (struct layout_one_in){.id = id}, layout, &found, fault);
    return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "layout") : err;
}

static void say_words(struct mail_draft *draft, const struct layout_one_row *layout)
{
    if (!str_empty(layout->words))
        SAY(draft, mail_layout_words, ARG("words", layout->words));
    draft->link = mail_url(draft, S("/client/maquettes"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_layout_link);
}

static enum err layout_approved(struct mail_draft *draft, struct fault *fault)
{
    struct layout_one_row layout;
    enum err err = find_layout(draft, &layout, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_layout_approved_subject, ARG("name", layout.name));
    SAY(draft, mail_layout_approved_text, ARG("name", layout.name));
    SAY(draft, mail_layout_approved_next);
    say_words(draft, &layout);
    return OK;
}

static enum err layout_refused(struct mail_draft *draft, struct fault *fault)
{
    struct layout_one_row layout;
    enum err err = find_layout(draft, &layout, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_layout_refused_subject, ARG("name", layout.name));
    SAY(draft, mail_layout_refused_text, ARG("name", layout.name));
    say_words(draft, &layout);
    return OK;
}

static enum err layout_withdrawn(struct mail_draft *draft, struct fault *fault)
{
    struct layout_one_row layout;
    enum err err = find_layout(draft, &layout, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_layout_withdrawn_subject, ARG("name", layout.name));
    SAY(draft, mail_layout_withdrawn_text, ARG("name", layout.name));
    say_words(draft, &layout);
    return OK;
}

/* To customer service: a layout waits for them. */
static enum err layout_desk(struct mail_draft *draft, struct fault *fault)
{
    struct layout_one_row layout;
    enum err err = find_layout(draft, &layout, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_layout_desk_subject,
                              ARG("organisation", layout.organisation));
    SAY(draft, mail_layout_desk_text, ARG("organisation", layout.organisation), ARG("name", layout.name));
    draft->link = mail_url(draft, str_format(draft->arena, "/service/maquettes/%lld", (long long)layout.id));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_layout_desk_link);
    return OK;
}

const struct mail_kind mails_of_rights[] = {
    {"right-cancelled", right_cancelled}, {"stock-granted", stock_granted},
    {"stock-revoked", stock_revoked},     {"layout-approved", layout_approved},
    {"layout-refused", layout_refused},   {"layout-withdrawn", layout_withdrawn},
    {"layout-desk", layout_desk},         {NULL, NULL},
};
