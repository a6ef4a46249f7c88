/* «Renvoyer»: a mail of the timeline goes out once more (OPS-1). */
#include "service/customer.h"

#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/invitation_parts.h"
#include "service/outbox.h"
#include "store/queries.h"

/* Mails whose whole point is a one-time link. Only its hash is kept, so it is made anew and never replayed. */
enum link_kind { NO_LINK, VERIFY_LINK, RESET_LINK, INVITATION_LINK };

static enum link_kind link_of(struct str kind)
{
    return str_eq(kind, S("verify-email"))     ? VERIFY_LINK
           : str_eq(kind, S("reset-password")) ? RESET_LINK
           : str_eq(kind, S("invite-member"))  ? INVITATION_LINK
                                               : NO_LINK;
}

struct mailing {
    struct customer_act act;
    int64_t mail_id;
    struct str token; /* of a new link, drawn before the write */
    instant now;
    struct customer_mail_row row;
    enum customer_refusal refusal;
};

static enum err mail_look(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct mailing *m = argument;
    bool found = false;
    enum err err = q_customer_mail(
        db, arena, (struct customer_mail_in){.id = m->mail_id, .organisation_id = m->act.organisation_id}, &m->row,
        &found, fault);
    return err == OK && !found ? fault_set(fault, ERR_NOT_FOUND, "mail of the organisation") : err;
}

static bool waits(const struct customer_mail_row *row)
{
    return str_eq(row->state, S("waiting")) || str_eq(row->state, S("sending"));
}

enum err customer_mail_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t organisation_id, int64_t mail_id, struct customer_mail *ret_mail,
                            struct fault *fault)
{
    struct mailing m = {.act.organisation_id = organisation_id, .mail_id = mail_id};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, mail_look, &m, fault);
    if (err == OK)
        *ret_mail = (struct customer_mail){.kind = m.row.kind, .recipient = m.row.recipient,
                                           .link = link_of(m.row.kind) != NO_LINK, .waiting = waits(&m.row)};
    return err;
}

static struct str name_of(struct arena *arena, struct str first, struct str last)
{
    return str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last));
}

/* The same mail to the same reader; to a manager when the reader has left. Tickets stay with whom they are attributed
 * to. */
static enum err send_copy(struct db *db, struct arena *arena, struct mailing *m, struct fault *fault)
{
    const struct customer_mail_row *row = &m->row;
    struct outbox_row mail = {.kind = row->kind, .organisation_id = m->act.organisation_id, .order_id = row->order_id.v,
                              .visit_id = row->visit_id.v, .recipient = row->recipient,
                              .recipient_name = row->recipient_name, .lang = lang_of(row->lang), .now = m->now};
    struct customer_mail_successor_row manager;
    bool found = false;
    enum err err = OK;
    if (!str_eq(row->kind, S("tickets")))
        err = q_customer_mail_successor(
            db, arena,
            (struct customer_mail_successor_in){.organisation_id = m->act.organisation_id, .recipient = row->recipient},
            &manager, &found, fault);
    if (found) {
        mail.recipient = manager.email;
        mail.recipient_name = name_of(arena, manager.first_name, manager.last_name);
        mail.lang = lang_of(manager.lang);
    }
    return err != OK ? err : outbox_add(db, arena, mail, fault);
}

static enum err send_account_link(struct db *db, struct arena *arena, struct mailing *m, bool verify,
                                  struct fault *fault)
{
    struct person_by_email_row person;
    struct link_count_row sent;
    bool found = false;
    enum err err = q_person_by_email(
        db, arena, (struct person_by_email_in){.email_key = email_key(arena, m->row.recipient)}, &person, &found,
        fault);
    if (err != OK)
        return err;
    if (!found || person.organisation_id != m->act.organisation_id || (verify && person.verified_at.is)) {
        m->refusal = CUSTOMER_MAIL_GONE;
        return OK;
    }
    struct account_link link = {.kind = verify ? ACCOUNT_LINK_VERIFY : ACCOUNT_LINK_RESET,
                                .person_id = person.id,
                                .organisation_id = person.organisation_id,
                                .email = person.email,
                                .name = name_of(arena, person.first_name, person.last_name),
                                .lang = lang_of(person.lang),
                                .token = m->token,
                                .now = m->now};
    err = q_link_count(db, arena,
                       (struct link_count_in){.person_id = person.id, .kind = account_link_word(link.kind),
                                              .since = m->now - 3600},
                       &sent, NULL, fault);
    if (err == OK && sent.n >= ACCOUNT_LINKS_AN_HOUR) {
        m->refusal = CUSTOMER_MAIL_OFTEN;
        return OK;
    }
    return err != OK ? err : account_link_send(db, arena, &link, fault);
}

static enum err send_invitation(struct db *db, struct arena *arena, struct mailing *m, struct fault *fault)
{
    struct customer_invitation_row row;
    bool found = false;
    enum err err = q_customer_invitation(
        db, arena,
        (struct customer_invitation_in){.organisation_id = m->act.organisation_id,
                                        .email_key = email_key(arena, m->row.recipient)},
        &row, &found, fault);
    if (err != OK)
        return err;
    struct invitation invitation = {.organisation_id = m->act.organisation_id, .token = m->token, .now = m->now,
                                    .mail = true};
    if (!found || !organisation_role_parse(row.role, &invitation.role)) {
        m->refusal = CUSTOMER_MAIL_GONE;
        return OK;
    }
    invitation.email = row.email;
    invitation.lang = lang_of(row.lang);
    invitation.inviter = row.inviter;
    return invitation_send(db, arena, &invitation, fault);
}

static enum err mail_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct mailing *m = argument;
    bool first = false;
    m->refusal = CUSTOMER_REFUSED_NOT;
    enum err err = mail_look(db, arena, m, fault);
    if (err == OK)
        err = staff_form_once(db, m->act.caller->staff_id, m->act.request_key, m->now, &first, fault);
    if (err != OK || !first)
        return err;
    if (waits(&m->row)) {
        m->refusal = CUSTOMER_MAIL_WAITING;
        return ERR_REFUSED;
    }
    switch (link_of(m->row.kind)) {
    case NO_LINK: err = send_copy(db, arena, m, fault); break;
    case VERIFY_LINK: err = send_account_link(db, arena, m, true, fault); break;
    case RESET_LINK: err = send_account_link(db, arena, m, false, fault); break;
    case INVITATION_LINK: err = send_invitation(db, arena, m, fault); break;
    }
    if (err == OK && m->refusal != CUSTOMER_REFUSED_NOT)
        return ERR_REFUSED; /* nothing stays, the form's key neither */
    if (err != OK)
        return err;
    return staff_audit(db, arena, m->act.caller, m->now, (struct staff_act){
        .act = S("customer.resend"), .subject = str_format(arena, "mail %lld", (long long)m->mail_id),
        .organisation_id = m->act.organisation_id, .detail = m->row.kind, .reason = m->act.reason}, fault);
}

enum err customer_mail_resend(struct service *service, struct arena *arena, const struct customer_act *act,
                              int64_t mail_id, enum customer_refusal *ret_refusal, struct fault *fault)
{
    struct mailing m = {.act = *act, .mail_id = mail_id, .now = service_now(service)};
    enum err err = permit_staff(act->caller, TASK_RESEND, 0, fault);
    if (err == OK && !staff_reason_good(act->reason))
        return fault_set(fault, ERR_INPUT, "a reason is needed");
    if (err != OK)
        return err;
    m.act.reason = str_trim(act->reason);
    m.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    err = service_write(service, arena, mail_write, 0, &m, fault);
    if (err != OK && (err != ERR_REFUSED || m.refusal == CUSTOMER_REFUSED_NOT))
        return err;
    *ret_refusal = m.refusal;
    return OK;
}
