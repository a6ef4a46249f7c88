/* Mails of requests to monuments without slots (MON-2): each is about one event, whose number is the job's detail. */
#include "service/mails_parts.h"

#include "service/documents.h"
#include "service/request_parts.h"

/* What every mail of a request reads. */
struct about {
    struct request_event_row event;
    struct request_one_row row;
    struct request_view view;
    bool desk; /* for the operator's people: the link leads to their side */
};

static enum err read_about(struct mail_draft *draft, bool desk, struct about *about, struct fault *fault)
{
    int64_t event_id = 0;
    struct request_by_id_row id;
    bool found = false;
    if (!str_int(draft->job->detail, &event_id))
        return fault_set(fault, ERR_NOT_FOUND, "no event of a request");
    enum err err = q_request_event(draft->db, draft->arena, (struct request_event_in){.id = event_id}, &about->event,
                                   &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "no such event");
    if (err == OK)
        err = q_request_by_id(draft->db, draft->arena, (struct request_by_id_in){.id = about->event.request_id}, &id,
                              NULL, fault);
    if (err == OK)
        err = q_request_one(draft->db, draft->arena, (struct request_one_in){.ref = id.ref}, &about->row, NULL, fault);
    if (err == OK)
        err = request_view_fill(draft->service, draft->db, draft->arena, &about->row, &about->view, fault);
    about->view.ref = id.ref;
    about->desk = desk;
    return err;
}

static struct str taken(struct mail_draft *draft)
{
    struct str text = str_dup(draft->arena, buf_view(&draft->scratch));
    buf_clear(&draft->scratch);
    return text;
}

static struct str day_text(struct mail_draft *draft, day_number day)
{
    format_day(&draft->scratch, draft->lang, day);
    return taken(draft);
}

static struct str minute_text(struct mail_draft *draft, int minute)
{
    format_minute(&draft->scratch, minute);
    return taken(draft);
}

static void set_subject(struct mail_draft *draft, enum msg key, const struct about *about)
{
    draft->subject = msg_text(draft->arena, draft->lang, key, ARG("monument", about->view.monument),
                              ARG("ref", about->view.ref));
}

/* «Abbaye de Cluny, samedi 12 décembre 2026 entre 10:00 et 12:00, 25 personnes» */
static void say_wish(struct mail_draft *draft, const struct about *about)
{
    const struct request_view *view = &about->view;
    SAY(draft, mail_request_wish, ARG("monument", view->monument), ARG("day", day_text(draft, view->day)),
        ARG("from", minute_text(draft, view->from)), ARG("to", minute_text(draft, view->to)), ARG("n", view->persons));
}

static void say_visit(struct mail_draft *draft, const struct about *about)
{
    const struct request_view *view = &about->view;
    SAY(draft, mail_visit, ARG("monument", view->monument), ARG("when", mail_when(draft, about->event.start_at.is
        ? about->event.start_at.v : view->start_at)), ARG("n", view->persons));
}

/* Who asks, and how to reach them: a monument may answer by telephone too. */
static void say_asker(struct mail_draft *draft, const struct about *about)
{
    const struct request_view *view = &about->view;
    SAY(draft, mail_request_asker, ARG("organisation", view->organisation), ARG("name", view->asker),
        ARG("email", view->asker_email), ARG("phone", view->asker_phone));
}

static void say_words(struct mail_draft *draft, const struct about *about)
{
    if (!str_empty(about->event.words))
        SAY(draft, mail_request_words, ARG("words", about->event.words));
}

static void say_contact(struct mail_draft *draft, const struct about *about)
{
    const struct request_view *view = &about->view;
    struct str contact = str_empty(view->contact_phone)
        ? view->contact_email
        : str_format(draft->arena, "%.*s, %.*s", STR_ARG(view->contact_email), STR_ARG(view->contact_phone));
    if (!str_empty(contact))
        SAY(draft, mail_request_contact, ARG("contact", contact));
}

static void set_link(struct mail_draft *draft, const struct about *about)
{
    draft->link = mail_url(draft, str_join2(draft->arena, about->desk ? S("/service/demandes/") : S("/demandes/"),
                                            about->view.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, about->desk ? MSG_mail_request_link_desk : MSG_mail_request_link);
}

/* ---- to the monument and to customer service -------------------------------------------------------------------- */

static enum err to_answer(struct mail_draft *draft, enum msg subject, enum msg text, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, true, &about, fault);
    if (err != OK)
        return err;
    if (about.view.state != REQUEST_ASKED)
        return fault_set(fault, ERR_NOT_FOUND, "the request has been answered");
    set_subject(draft, subject, &about);
    mail_say(draft, msg_text(draft->arena, draft->lang, text));
    say_wish(draft, &about);
    say_asker(draft, &about);
    say_words(draft, &about);
    SAY(draft, mail_request_due, ARG("when", mail_when(draft, about.view.due_at)));
    set_link(draft, &about);
    return OK;
}

static enum err draft_new(struct mail_draft *draft, struct fault *fault)
{
    return to_answer(draft, MSG_mail_request_new_subject, MSG_mail_request_new_text, fault);
}

static enum err draft_reminder(struct mail_draft *draft, struct fault *fault)
{
    return to_answer(draft, MSG_mail_request_reminder_subject, MSG_mail_request_reminder_text, fault);
}

static enum err draft_escalated(struct mail_draft *draft, struct fault *fault)
{
    return to_answer(draft, MSG_mail_request_escalated_subject, MSG_mail_request_escalated_text, fault);
}

static enum err desk_news(struct mail_draft *draft, enum msg subject, enum msg text, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, true, &about, fault);
    if (err != OK)
        return err;
    set_subject(draft, subject, &about);
    mail_say(draft, msg_text(draft->arena, draft->lang, text));
    if (about.view.has_start)
        say_visit(draft, &about);
    else
        say_wish(draft, &about);
    say_asker(draft, &about);
    say_words(draft, &about);
    set_link(draft, &about);
    return OK;
}

/* What the customer did, by the event's own word. */
static enum err draft_told(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, true, &about, fault);
    if (err != OK)
        return err;
    enum msg text = MSG_mail_request_told_withdraw;
    struct str key = str_format(draft->arena, "mail.request_told_%.*s",
                                STR_ARG(str_eq(about.event.act, S("choose-till")) ? S("till") : about.event.act));
    (void)msg_find(key, &text);
    return desk_news(draft, MSG_mail_request_told_subject, text, fault);
}

static enum err draft_words_desk(struct mail_draft *draft, struct fault *fault)
{
    return desk_news(draft, MSG_mail_request_words_subject, MSG_mail_request_words_desk_text, fault);
}

static enum err draft_refund(struct mail_draft *draft, struct fault *fault)
{
    return desk_news(draft, MSG_mail_request_refund_subject, MSG_mail_request_refund_text, fault);
}

static enum err draft_paid_late(struct mail_draft *draft, struct fault *fault)
{
    return desk_news(draft, MSG_mail_request_paid_late_subject, MSG_mail_request_paid_late_text, fault);
}

/* ---- to the customer -------------------------------------------------------------------------------------------- */

static enum err to_customer(struct mail_draft *draft, enum msg subject, enum msg text, bool contact,
                            struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err != OK)
        return err;
    set_subject(draft, subject, &about);
    mail_say(draft, msg_text(draft->arena, draft->lang, text));
    if (about.event.start_at.is)
        say_visit(draft, &about);
    else
        say_wish(draft, &about);
    say_words(draft, &about);
    if (contact)
        say_contact(draft, &about);
    set_link(draft, &about);
    return OK;
}

static enum err draft_asked(struct mail_draft *draft, struct fault *fault)
{
    return to_customer(draft, MSG_mail_request_asked_subject, MSG_mail_request_asked_text, false, fault);
}

static enum err draft_proposed(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err == OK && about.view.state == REQUEST_PROPOSED && about.event.start_at.v != about.view.start_at)
        err = fault_set(fault, ERR_NOT_FOUND, "another proposal has taken its place");
    if (err == OK)
        err = to_customer(draft, MSG_mail_request_proposed_subject, MSG_mail_request_proposed_text, false, fault);
    if (err == OK && about.view.has_due)
        SAY(draft, mail_request_proposed_due, ARG("when", mail_when(draft, about.view.due_at)));
    return err;
}

static enum err draft_declined(struct mail_draft *draft, struct fault *fault)
{
    return to_customer(draft, MSG_mail_request_declined_subject, MSG_mail_request_declined_text, true, fault);
}

static enum err draft_words(struct mail_draft *draft, struct fault *fault)
{
    return to_customer(draft, MSG_mail_request_words_subject, MSG_mail_request_words_text, false, fault);
}

static enum err draft_lapsed(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err != OK)
        return err;
    return to_customer(draft, MSG_mail_request_lapsed_subject,
                       about.view.has_start ? MSG_mail_request_lapsed_proposal : MSG_mail_request_lapsed_text, true,
                       fault);
}

static enum err draft_cancelled(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err != OK)
        return err;
    set_subject(draft, MSG_mail_request_cancelled_subject, &about);
    SAY(draft, mail_request_cancelled_text);
    say_visit(draft, &about);
    say_words(draft, &about);
    if (!str_empty(about.view.order_ref))
        SAY(draft, mail_request_cancelled_refund, ARG("contact", draft->settings.contact_groups));
    say_contact(draft, &about);
    set_link(draft, &about);
    return OK;
}

static enum err draft_till(struct mail_draft *draft, struct fault *fault)
{
    return to_customer(draft, MSG_mail_request_till_subject, MSG_mail_request_till_text, true, fault);
}

/* ---- with the confirmation -------------------------------------------------------------------------------------- */

static enum err attach_confirmation(struct mail_draft *draft, const struct about *about, struct fault *fault)
{
    struct confirmation_sheet sheet;
    enum err err = request_sheet_read(draft->service, draft->db, draft->arena, about->view.id, draft->lang, &sheet,
                                      fault);
    if (err != OK)
        return err;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    err = draft->service->documents->confirmation(draft->service->documents->context, &sheet, &pdf, fault);
    if (err == OK)
        mail_attach(draft, str_format(draft->arena, "confirmation-%.*s.pdf", STR_ARG(about->view.ref)), &pdf);
    buf_free(&pdf);
    return err;
}

static enum err draft_confirmed(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err != OK)
        return err;
    set_subject(draft, MSG_mail_request_confirmed_subject, &about);
    SAY(draft, mail_request_confirmed_text);
    say_visit(draft, &about);
    say_words(draft, &about);
    if (about.view.state == REQUEST_ACCEPTED)
        SAY(draft, mail_request_confirmed_pay, ARG("when", mail_when(draft, about.view.pay_until)));
    else if (about.view.state == REQUEST_TILL)
        SAY(draft, mail_request_confirmed_till);
    SAY(draft, mail_request_confirmed_show);
    say_contact(draft, &about);
    set_link(draft, &about);
    return attach_confirmation(draft, &about, fault);
}

/* The accompanying person needs no account: everything is in the mail, and nothing about the price. */
static enum err draft_visit(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err != OK)
        return err;
    set_subject(draft, MSG_mail_request_visit_subject, &about);
    SAY(draft, mail_request_visit_text, ARG("organisation", about.view.organisation));
    say_visit(draft, &about);
    SAY(draft, mail_request_confirmed_show);
    say_contact(draft, &about);
    return attach_confirmation(draft, &about, fault);
}

static enum err draft_cancelled_visit(struct mail_draft *draft, struct fault *fault)
{
    struct about about;
    enum err err = read_about(draft, false, &about, fault);
    if (err != OK)
        return err;
    set_subject(draft, MSG_mail_request_cancelled_subject, &about);
    SAY(draft, mail_request_cancelled_visit_text, ARG("organisation", about.view.organisation));
    say_visit(draft, &about);
    say_contact(draft, &about);
    return OK;
}

const struct mail_kind mails_of_requests[] = {
    {"request-new", draft_new},
    {"request-reminder", draft_reminder},
    {"request-escalated", draft_escalated},
    {"request-told", draft_told},
    {"request-words-desk", draft_words_desk},
    {"request-refund", draft_refund},
    {"request-paid-late", draft_paid_late},
    {"request-asked", draft_asked},
    {"request-proposed", draft_proposed},
    {"request-declined", draft_declined},
    {"request-words", draft_words},
    {"request-lapsed", draft_lapsed},
    {"request-cancelled", draft_cancelled},
    {"request-till", draft_till},
    {"request-confirmed", draft_confirmed},
    {"request-visit", draft_visit},
    {"request-cancelled-visit", draft_cancelled_visit},
    {NULL, NULL},
};
