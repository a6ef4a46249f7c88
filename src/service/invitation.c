/* Invitations: sending, judging and taking one. */
#include "service/invitation.h"

#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/invitation_parts.h"
#include "service/outbox.h"

static struct maybe_int id_or_null(int64_t id)
{
    return (struct maybe_int){.is = id != 0, .v = id};
}

enum err invitation_send(struct db *db, struct arena *arena, const struct invitation *i, struct fault *fault)
{
    struct str key = email_key(arena, i->email);
    enum err err = i->staff_id != 0
                       ? q_invitation_replace_staff(
                             db, (struct invitation_replace_staff_in){.staff_id = i->staff_id, .now = i->now}, NULL,
                             fault)
                       : q_invitation_replace(db,
                                              (struct invitation_replace_in){.organisation_id = i->organisation_id,
                                                                             .email_key = key,
                                                                             .now = i->now},
                                              NULL, fault);
    if (err == OK)
        err = q_invitation_add(db,
                               (struct invitation_add_in){.token_hash = account_token_hash(arena, i->token),
                                                          .organisation_id = id_or_null(i->organisation_id),
                                                          .staff_id = id_or_null(i->staff_id),
                                                          .role = str_of(role_name(i->role)),
                                                          .email = i->email,
                                                          .email_key = key,
                                                          .lang = lang_code(i->lang),
                                                          .inviter = i->inviter,
                                                          .created_at = i->now,
                                                          .expires_at = i->now + INVITATION_SECONDS},
                               NULL, fault);
    if (err != OK || !i->mail)
        return err;
    return outbox_add(db, arena,
                      (struct outbox_row){.kind = i->staff_id != 0 ? S("invite-staff") : S("invite-member"),
                                          .organisation_id = i->organisation_id,
                                          .recipient = i->email,
                                          .recipient_name = i->name,
                                          .lang = i->lang,
                                          .detail = i->token,
                                          .now = i->now},
                      fault);
}

enum err invitation_judge(struct db *db, struct arena *arena, struct str token, bool staff, instant now,
                          struct invitation_find_row *ret_row, enum account_refusal *ret_refusal, struct fault *fault)
{
    struct invitation_find_row row;
    bool found = false;
    enum err err = OK;
    if (token.n > 0 && token.n <= ACCOUNT_TOKEN_LONGEST)
        err = q_invitation_find(db, arena,
                                (struct invitation_find_in){.token_hash = account_token_hash(arena, token)}, &row,
                                &found, fault);
    if (err != OK)
        return err;
    if (!found || row.staff_id.is != staff) {
        *ret_refusal = ACCOUNT_LINK_UNKNOWN;
        return OK;
    }
    *ret_row = row;
    *ret_refusal = row.ended_at.is          ? ACCOUNT_LINK_USED
                   : row.expires_at <= now ? ACCOUNT_LINK_EXPIRED
                                            : ACCOUNT_REFUSED_NOT;
    return OK;
}

enum err invitation_take(struct db *db, const struct invitation_find_row *row, instant now,
                         enum account_refusal *ret_refusal, struct fault *fault)
{
    int64_t changed = 0;
    enum err err = q_invitation_accept(db, (struct invitation_accept_in){.id = row->id, .now = now}, &changed, fault);
    if (err == OK)
        *ret_refusal = changed > 0 ? ACCOUNT_REFUSED_NOT : ACCOUNT_LINK_USED;
    return err;
}

struct checking {
    struct str token;
    instant now;
    struct invitation_view view;
};

static enum err check_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct checking *c = argument;
    struct invitation_find_row row;
    enum account_refusal refusal = ACCOUNT_LINK_UNKNOWN;
    bool staff = false;
    enum err err = invitation_judge(db, arena, c->token, staff, c->now, &row, &refusal, fault);
    if (err == OK && refusal == ACCOUNT_LINK_UNKNOWN) {
        staff = true;
        err = invitation_judge(db, arena, c->token, staff, c->now, &row, &refusal, fault);
    }
    if (err != OK)
        return err;
    c->view = (struct invitation_view){.refusal = refusal};
    if (refusal == ACCOUNT_LINK_UNKNOWN)
        return OK;
    c->view.staff = staff;
    c->view.organisation = row.organisation.v;
    c->view.email = row.email;
    c->view.inviter = row.inviter;
    c->view.lang = lang_of(row.lang);
    c->view.expires_at = row.expires_at;
    if (!(staff ? staff_role_parse(row.role, &c->view.role) : organisation_role_parse(row.role, &c->view.role)))
        return fault_set(fault, ERR_BUG, "role of an invitation");
    return OK;
}

enum err invitation_check(struct service *service, struct arena *arena, struct str token,
                          struct invitation_view *ret_view, struct fault *fault)
{
    struct checking c = {.token = token, .now = service_now(service)};
    enum err err = service_read(service, arena, check_read, &c, fault);
    if (err == OK)
        *ret_view = c.view;
    return err;
}
