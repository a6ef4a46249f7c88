/* Mails of accounts: verification, new password, invitations. */
#include "service/mails_parts.h"

#include "service/invitation_parts.h"
#include "service/role_words.h"

static enum err verify_email(struct mail_draft *draft, struct fault *fault)
{
    (void)fault;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_verify_subject);
    SAY(draft, mail_verify_text);
    SAY(draft, mail_verify_ignore);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/verification/"), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_verify_link);
    return OK;
}

static enum err reset_password(struct mail_draft *draft, struct fault *fault)
{
    (void)fault;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_reset_subject);
    SAY(draft, mail_reset_text);
    SAY(draft, mail_reset_ignore);
    draft->link = mail_url(draft, str_join2(draft->arena, S("/mot-de-passe/"), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_reset_link);
    return OK;
}

/* What an invitation that is due is about; one that was accepted, withdrawn or replaced meanwhile is not sent. */
static enum err invitation_of_job(struct mail_draft *draft, bool staff, struct invitation_find_row *ret_row,
                                  enum msg *ret_role, struct fault *fault)
{
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    enum role role = ROLE_NONE;
    enum err err = invitation_judge(draft->db, draft->arena, draft->job->detail, staff, service_now(draft->service),
                                    ret_row, &refusal, fault);
    if (err == OK && refusal != ACCOUNT_REFUSED_NOT)
        return fault_set(fault, ERR_NOT_FOUND, "the invitation is not open any more");
    if (err == OK && !(staff ? staff_role_parse(ret_row->role, &role) : organisation_role_parse(ret_row->role, &role)))
        return fault_set(fault, ERR_BUG, "role of an invitation");
    *ret_role = role_message(role);
    return err;
}

static enum err invite_member(struct mail_draft *draft, struct fault *fault)
{
    struct invitation_find_row row;
    enum msg role = MSG_none;
    enum err err = invitation_of_job(draft, false, &row, &role, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_invite_member_subject,
                              ARG("organisation", row.organisation.v));
    SAY(draft, mail_invite_member_text, ARG("inviter", row.inviter), ARG("organisation", row.organisation.v),
        ARG("role", msg_text(draft->arena, draft->lang, role)));
    SAY(draft, mail_invite_until, ARG("when", mail_when(draft, row.expires_at)));
    SAY(draft, mail_invite_ignore);
    draft->link = mail_url(draft, str_join2(draft->arena, S(INVITATION_PATH), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_invite_member_link);
    return OK;
}

static enum err invite_staff(struct mail_draft *draft, struct fault *fault)
{
    struct invitation_find_row row;
    enum msg role = MSG_none;
    enum err err = invitation_of_job(draft, true, &row, &role, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_invite_staff_subject);
    SAY(draft, mail_invite_staff_text, ARG("role", msg_text(draft->arena, draft->lang, role)));
    SAY(draft, mail_invite_staff_factor);
    SAY(draft, mail_invite_until, ARG("when", mail_when(draft, row.expires_at)));
    SAY(draft, mail_invite_ignore);
    draft->link = mail_url(draft, str_join2(draft->arena, S(STAFF_INVITATION_PATH), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_invite_staff_link);
    return OK;
}

const struct mail_kind mails_of_accounts[] = {
    {"verify-email", verify_email},
    {"reset-password", reset_password},
    {"invite-member", invite_member},
    {"invite-staff", invite_staff},
    {NULL, NULL},
};
