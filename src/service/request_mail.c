/* Who is written to about a request: rows of the outbox, inside the change that causes them. */
#include "service/request_parts.h"

#include "service/outbox.h"

/* What of the mail is the same for everybody. */
static struct outbox_row mail_of(struct arena *arena, const struct request_one_row *row, const char *kind,
                                 int64_t event_id, instant now)
{
    return (struct outbox_row){.kind = str_of(kind), .organisation_id = row->organisation_id,
                               .detail = str_format(arena, "%lld", (long long)event_id), .now = now};
}

enum err request_mail_customer(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                               int64_t event_id, instant now, struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = row->person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    struct outbox_row mail = mail_of(arena, row, kind, event_id, now);
    mail.recipient = person.email;
    mail.recipient_name = request_name(arena, person.first_name, person.last_name);
    mail.lang = lang_of(person.lang);
    return outbox_add(db, arena, mail, fault);
}

enum err request_mail_leader(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                             int64_t event_id, instant now, struct fault *fault)
{
    struct request_names_row names;
    enum err err = q_request_names(db, arena, (struct request_names_in){.id = row->id}, &names, NULL, fault);
    /* The placeholders «Guide Type» and «Accompagnateur Type» have no address. Nobody is written to twice. */
    if (err != OK || !names.leader_email.is || str_empty(names.leader_email.v) ||
        str_eq(str_lower_ascii(arena, names.leader_email.v), str_lower_ascii(arena, names.email)))
        return err;
    struct outbox_row mail = mail_of(arena, row, kind, event_id, now);
    mail.recipient = names.leader_email.v;
    mail.recipient_name = request_name(arena, names.leader_first.v, names.leader_last.v);
    mail.lang = lang_of(names.lang);
    return outbox_add(db, arena, mail, fault);
}

enum err request_mail_monument(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                               int64_t event_id, instant now, struct fault *fault)
{
    struct request_names_row names;
    struct request_managers_list managers;
    enum err err = q_request_names(db, arena, (struct request_names_in){.id = row->id}, &names, NULL, fault);
    if (err == OK)
        err = q_request_managers(db, arena, (struct request_managers_in){.monument_id = row->monument_id}, &managers,
                                 fault);
    if (err != OK)
        return err;
    struct str contact = str_lower_ascii(arena, names.contact_email);
    if (!str_empty(contact)) {
        struct outbox_row mail = mail_of(arena, row, kind, event_id, now);
        mail.recipient = names.contact_email;
        mail.lang = LANG_FR; /* a service of the network, whose language is French */
        err = outbox_add(db, arena, mail, fault);
    }
    for (size_t i = 0; err == OK && i < managers.n; i++) {
        const struct request_managers_row *manager = &managers.p[i];
        if (str_eq(contact, str_lower_ascii(arena, manager->email)))
            continue;
        struct outbox_row mail = mail_of(arena, row, kind, event_id, now);
        mail.recipient = manager->email;
        mail.recipient_name = request_name(arena, manager->first_name, manager->last_name);
        mail.lang = lang_of(manager->lang);
        err = outbox_add(db, arena, mail, fault);
    }
    return err;
}

enum err request_mail_service(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                              int64_t event_id, instant now, struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    struct outbox_row mail = mail_of(arena, row, kind, event_id, now);
    mail.recipient = settings.contact_groups;
    mail.lang = LANG_FR;
    return outbox_add(db, arena, mail, fault);
}

enum err request_mail_change(struct db *db, struct arena *arena, const struct request_one_row *row,
                             const struct request_change *change, struct fault *fault)
{
    int64_t event = change->event_id;
    instant now = change->now;
    enum err err = OK;
    switch (change->act) {
    case REQUEST_TAKE:
        err = request_mail_monument(db, arena, row, "request-told", event, now, fault);
        if (err != OK)
            return err;
        __attribute__((fallthrough));
    case REQUEST_ACCEPT:
        err = request_mail_customer(db, arena, row, "request-confirmed", event, now, fault);
        return err != OK ? err : request_mail_leader(db, arena, row, "request-visit", event, now, fault);
    case REQUEST_PROPOSE: return request_mail_customer(db, arena, row, "request-proposed", event, now, fault);
    case REQUEST_DECLINE: return request_mail_customer(db, arena, row, "request-declined", event, now, fault);
    case REQUEST_CANCEL:
        err = request_mail_customer(db, arena, row, "request-cancelled", event, now, fault);
        if (err == OK)
            err = request_mail_leader(db, arena, row, "request-cancelled-visit", event, now, fault);
        if (err == OK && str_eq(row->state, S("paid"))) /* somebody must refund (ORD-4) */
            err = request_mail_service(db, arena, row, "request-refund", event, now, fault);
        return err;
    case REQUEST_WITHDRAW:
        err = request_mail_monument(db, arena, row, "request-told", event, now, fault);
        if (err == OK && (str_eq(row->state, S("accepted")) || str_eq(row->state, S("till"))))
            err = request_mail_leader(db, arena, row, "request-cancelled-visit", event, now, fault);
        return err;
    case REQUEST_LEAVE:
    case REQUEST_CHOOSE_TILL:
    case REQUEST_PAY: return request_mail_monument(db, arena, row, "request-told", event, now, fault);
    case REQUEST_LET_LAPSE: return request_mail_customer(db, arena, row, "request-lapsed", event, now, fault);
    case REQUEST_CLOSE_ONLINE: return request_mail_customer(db, arena, row, "request-till", event, now, fault);
    }
    return OK;
}
