/* Mails: what each kind says. */
#include "service/mails.h"

#include "base/buf.h"
#include "base/limits.h"
#include "service/documents.h"
#include "service/invitation_parts.h"
#include "service/order.h"
#include "service/role_words.h"
#include "service/settings.h"
#include "service/sheets.h"
#include "store/queries.h"
#include "text/format.h"
#include "text/message.h"

/* An order of LIMIT_CART_VISITS visits has a paragraph for each, and a few more. */
enum { MAX_PARAGRAPHS = LIMIT_CART_VISITS + 8, MAX_ATTACHMENTS = 2 };

/* A mail is a greeting, paragraphs, perhaps one link, and the network's signature: composed once, written as text and
 * as HTML. */
struct draft {
    struct service *service;
    struct db *db;
    struct arena *arena;
    const struct mail_job *job;
    enum lang lang;
    struct settings settings;
    struct str subject;
    struct str paragraphs[MAX_PARAGRAPHS];
    size_t count;
    struct str link, link_label;
    struct mail_attachment attachments[MAX_ATTACHMENTS];
    size_t attachment_count;
    struct buf scratch;
};

#define SAY(draft, key, ...)                                                                                         \
    say((draft), msg_text((draft)->arena, (draft)->lang, MSG_##key __VA_OPT__(, ) __VA_ARGS__))

static void say(struct draft *draft, struct str paragraph)
{
    if (draft->count < MAX_PARAGRAPHS && !str_empty(paragraph))
        draft->paragraphs[draft->count++] = paragraph;
}

static struct str taken(struct draft *draft)
{
    struct str text = str_dup(draft->arena, buf_view(&draft->scratch));
    buf_clear(&draft->scratch);
    return text;
}

static struct str when(struct draft *draft, instant at)
{
    format_instant(&draft->scratch, draft->lang, &draft->service->zone, at);
    return taken(draft);
}

static struct str url(struct draft *draft, struct str path)
{
    return str_format(draft->arena, "%.*s/%.*s%.*s", STR_ARG(draft->service->public_url),
                      STR_ARG(lang_code(draft->lang)), STR_ARG(path));
}

static void attach(struct draft *draft, struct str name, struct buf *pdf)
{
    struct str bytes = str_dup(draft->arena, buf_view(pdf));
    draft->attachments[draft->attachment_count++] =
        (struct mail_attachment){.name = name, .content_type = S("application/pdf"), .bytes = bytes};
}

/* ---- Accounts --------------------------------------------------------------------------------------------------- */

static enum err verify_email(struct draft *draft, struct fault *fault)
{
    (void)fault;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_verify_subject);
    SAY(draft, mail_verify_text);
    SAY(draft, mail_verify_ignore);
    draft->link = url(draft, str_join2(draft->arena, S("/verification/"), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_verify_link);
    return OK;
}

static enum err reset_password(struct draft *draft, struct fault *fault)
{
    (void)fault;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_reset_subject);
    SAY(draft, mail_reset_text);
    SAY(draft, mail_reset_ignore);
    draft->link = url(draft, str_join2(draft->arena, S("/mot-de-passe/"), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_reset_link);
    return OK;
}

/* What an invitation that is due is about; one that was accepted, withdrawn or replaced meanwhile is not sent. */
static enum err invitation_of_job(struct draft *draft, bool staff, struct invitation_find_row *ret_row,
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

static enum err invite_member(struct draft *draft, struct fault *fault)
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
    SAY(draft, mail_invite_until, ARG("when", when(draft, row.expires_at)));
    SAY(draft, mail_invite_ignore);
    draft->link = url(draft, str_join2(draft->arena, S(INVITATION_PATH), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_invite_member_link);
    return OK;
}

static enum err invite_staff(struct draft *draft, struct fault *fault)
{
    struct invitation_find_row row;
    enum msg role = MSG_none;
    enum err err = invitation_of_job(draft, true, &row, &role, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_invite_staff_subject);
    SAY(draft, mail_invite_staff_text, ARG("role", msg_text(draft->arena, draft->lang, role)));
    SAY(draft, mail_invite_staff_factor);
    SAY(draft, mail_invite_until, ARG("when", when(draft, row.expires_at)));
    SAY(draft, mail_invite_ignore);
    draft->link = url(draft, str_join2(draft->arena, S(STAFF_INVITATION_PATH), draft->job->detail));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_invite_staff_link);
    return OK;
}

/* ---- Options ---------------------------------------------------------------------------------------------------- */

static enum err say_visit(struct draft *draft, struct visit_for_mail_row *visit, struct fault *fault)
{
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    if (!visit->split_key.is) {
        SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", when(draft, visit->start_at.v)),
            ARG("n", visit->persons));
        return OK;
    }
    struct visits_of_split_list parts;
    err = q_visits_of_split(draft->db, draft->arena, (struct visits_of_split_in){
        .organisation_id = visit->organisation_id, .split_key = visit->split_key.v}, &parts, fault);
    for (size_t i = 0; err == OK && i < parts.n; i++)
        SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", when(draft, parts.p[i].start_at.v)),
            ARG("n", parts.p[i].persons));
    return err;
}

static enum err option_placed(struct draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    SAY(draft, mail_option_placed_text);
    enum err err = say_visit(draft, &visit, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_option_placed_subject, ARG("monument", visit.monument_name));
    if (visit.ends_at.is)
        SAY(draft, mail_option_placed_end, ARG("when", when(draft, visit.ends_at.v)));
    draft->link = url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

static enum err option_changed(struct draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, &visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_option_changed_subject, ARG("monument", visit.monument_name));
    SAY(draft, mail_option_changed_text);
    SAY(draft, mail_visit, ARG("monument", visit.monument_name), ARG("when", when(draft, visit.start_at.v)),
        ARG("n", visit.persons));
    if (visit.ends_at.is)
        SAY(draft, mail_option_placed_end, ARG("when", when(draft, visit.ends_at.v)));
    draft->link = url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

static enum err option_ended(struct draft *draft, struct fault *fault)
{
    struct visit_for_mail_row visit;
    enum err err = q_visit_for_mail(draft->db, draft->arena, (struct visit_for_mail_in){.id = draft->job->visit_id}, &visit,
                                    NULL, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_option_ended_subject, ARG("monument", visit.monument_name));
    SAY(draft, mail_option_ended_text, ARG("when", when(draft, visit.ends_at.v)));
    SAY(draft, mail_visit, ARG("monument", visit.monument_name), ARG("when", when(draft, visit.start_at.v)),
        ARG("n", visit.persons));
    SAY(draft, mail_option_ended_again);
    draft->link = url(draft, str_format(draft->arena, "/monuments/%.*s/planning", STR_ARG(visit.monument_slug)));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_planning_link);
    return OK;
}

/* How many days are left is said as of the moment at which the reminder was due, whenever it is sent. */
static enum err option_reminder(struct draft *draft, struct fault *fault)
{
    struct option_for_reminder_row option;
    bool found = false;
    enum err err = q_option_for_reminder(draft->db, draft->arena, (struct option_for_reminder_in){
        .id = draft->job->visit_id}, &option, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "the option has ended or is being paid");
    const struct zone *zone = &draft->service->zone;
    day_number days = reminder_last_day(zone, option.ends_at) - local_of(zone, draft->job->created_at).day;
    draft->subject = msg_text(draft->arena, draft->lang, days > 0 ? MSG_mail_option_reminder_subject
                                                                  : MSG_mail_option_reminder_last_subject,
                              ARG("monument", option.monument_name));
    if (days > 0)
        SAY(draft, mail_option_reminder_text, ARG("n", days), ARG("when", when(draft, option.ends_at)));
    else
        SAY(draft, mail_option_reminder_last, ARG("when", when(draft, option.ends_at)));
    struct options_of_split_list parts = {.n = 0};
    if (option.split_key.is)
        err = q_options_of_split(draft->db, draft->arena, (struct options_of_split_in){
            .organisation_id = option.organisation_id, .split_key = option.split_key.v, .ends_at = option.ends_at}, &parts,
            fault);
    if (err != OK)
        return err;
    if (parts.n == 0)
        SAY(draft, mail_visit, ARG("monument", option.monument_name), ARG("when", when(draft, option.start_at)),
            ARG("n", option.persons));
    for (size_t i = 0; i < parts.n; i++)
        SAY(draft, mail_visit, ARG("monument", option.monument_name), ARG("when", when(draft, parts.p[i].start_at)),
            ARG("n", parts.p[i].persons));
    SAY(draft, mail_option_reminder_next);
    draft->link = url(draft, S("/options"));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_option_link);
    return OK;
}

/* ---- Orders ----------------------------------------------------------------------------------------------------- */

static enum err order_of_job(struct draft *draft, struct order_by_id_row *order, struct fault *fault)
{
    return q_order_by_id(draft->db, draft->arena, (struct order_by_id_in){.id = draft->job->order_id}, order, NULL, fault);
}

static enum err say_visits(struct draft *draft, struct fault *fault)
{
    struct order_visits_list visits;
    enum err err = q_order_visits(draft->db, draft->arena, (struct order_visits_in){.order_id = draft->job->order_id}, &visits,
                                  fault);
    for (size_t i = 0; err == OK && i < visits.n; i++) {
        const struct order_visits_row *visit = &visits.p[i];
        if (visit->start_at.is)
            SAY(draft, mail_visit, ARG("monument", visit->monument_name), ARG("when", when(draft, visit->start_at.v)),
                ARG("n", visit->persons));
        else
            SAY(draft, mail_undated, ARG("monument", visit->monument_name), ARG("n", visit->persons));
    }
    return err;
}

static enum err order_confirmed(struct draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = order_of_job(draft, &order, fault);
    if (err != OK)
        return err;
    if (!str_eq(order.state, S("confirmed")))
        return fault_set(fault, ERR_NOT_FOUND, "order is not confirmed");
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_order_subject, ARG("ref", order.ref));
    SAY(draft, mail_order_text, ARG("ref", order.ref), ARG("total", cents(order.total_cents)));
    err = say_visits(draft, fault);
    if (err != OK)
        return err;
    SAY(draft, mail_order_tickets);
    draft->link = url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);

    struct invoice_sheet sheet;
    err = invoice_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->lang, &sheet, fault);
    if (err != OK)
        return err;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    err = draft->service->documents->invoice(draft->service->documents->context, &sheet, &pdf, fault);
    if (err == OK)
        attach(draft, str_format(draft->arena, "%s-%.*s.pdf", draft->lang == LANG_FR ? "facture" : "invoice",
                                 STR_ARG(sheet.number)), &pdf);
    buf_free(&pdf);
    return err;
}

static enum err tickets(struct draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = order_of_job(draft, &order, fault);
    struct ticket_sheet sheet;
    if (err == OK) /* finds tickets of confirmed orders only: none is mailed before the money is there */
        err = ticket_sheet_read(draft->service, draft->db, draft->arena, draft->job->order_id, draft->job->visit_id,
                                draft->lang, &sheet, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_tickets_subject, ARG("monument", sheet.monument),
                              ARG("ref", order.ref));
    SAY(draft, mail_tickets_text, ARG("n", sheet.ticket_count), ARG("monument", sheet.monument),
        ARG("organisation", order.organisation_name));
    if (sheet.kind == SHEET_UNDATED)
        SAY(draft, mail_tickets_undated, ARG("until", sheet.valid_until));
    else if (sheet.kind == SHEET_DATED)
        SAY(draft, mail_tickets_dated, ARG("date", sheet.date));
    else
        SAY(draft, mail_tickets_slot, ARG("date", sheet.date), ARG("time", sheet.time));
    if (!str_empty(sheet.leader))
        SAY(draft, mail_tickets_leader, ARG("leader", sheet.leader));
    SAY(draft, mail_tickets_one_each);
    struct str signature = order_link_signature(draft->service, draft->arena, order.ref, draft->job->visit_id);
    draft->link = url(draft, str_format(draft->arena, "/billets/%.*s/%lld/%.*s", STR_ARG(order.ref),
                                        (long long)draft->job->visit_id, STR_ARG(signature)));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_tickets_link);

    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    err = draft->service->documents->tickets(draft->service->documents->context, &sheet, &pdf, fault);
    if (err == OK)
        attach(draft, str_format(draft->arena, "%s-%.*s-%lld.pdf", draft->lang == LANG_FR ? "billets" : "tickets",
                                 STR_ARG(order.ref), (long long)draft->job->visit_id), &pdf);
    buf_free(&pdf);
    return err;
}

static enum err refund_due(struct draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = order_of_job(draft, &order, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_refund_due_subject, ARG("ref", order.ref));
    SAY(draft, mail_refund_due_text, ARG("ref", order.ref));
    SAY(draft, mail_refund_due_next, ARG("contact", draft->settings.contact_groups));
    draft->link = url(draft, str_join2(draft->arena, S("/commandes/"), order.ref));
    draft->link_label = msg_text(draft->arena, draft->lang, MSG_mail_order_link);
    return OK;
}

static enum err refund_due_desk(struct draft *draft, struct fault *fault)
{
    struct order_by_id_row order;
    enum err err = order_of_job(draft, &order, fault);
    if (err != OK)
        return err;
    draft->subject = msg_text(draft->arena, draft->lang, MSG_mail_refund_desk_subject, ARG("ref", order.ref));
    SAY(draft, mail_refund_desk_text, ARG("ref", order.ref), ARG("organisation", order.organisation_name),
        ARG("email", order.email));
    return OK;
}

static const struct {
    const char *kind;
    enum err (*draft)(struct draft *draft, struct fault *fault);
} kinds[] = {
    {"option-reminder", option_reminder}, {"option-changed", option_changed},
    {"verify-email", verify_email},       {"reset-password", reset_password}, {"option-placed", option_placed},
    {"option-ended", option_ended},       {"order-confirmed", order_confirmed}, {"tickets", tickets},
    {"invite-member", invite_member},     {"invite-staff", invite_staff},
    {"refund-due", refund_due},           {"refund-due-desk", refund_due_desk},
};

/* ---- Writing ---------------------------------------------------------------------------------------------------- */

static struct str greeting(const struct draft *draft)
{
    return str_empty(draft->job->recipient_name)
               ? msg_text(draft->arena, draft->lang, MSG_mail_hello)
               : msg_text(draft->arena, draft->lang, MSG_mail_hello_name, ARG("name", draft->job->recipient_name));
}

static struct str as_text(struct draft *draft)
{
    struct buf *out = &draft->scratch;
    buf_str(out, greeting(draft));
    for (size_t i = 0; i < draft->count; i++) {
        buf_c(out, "\n\n");
        buf_str(out, draft->paragraphs[i]);
    }
    if (!str_empty(draft->link)) {
        buf_c(out, "\n\n");
        buf_str(out, draft->link_label);
        buf_c(out, "\n");
        buf_str(out, draft->link);
    }
    buf_c(out, "\n\n-- \n");
    buf_str(out, settings_network_name(&draft->settings, draft->lang));
    buf_c(out, "\n");
    buf_str(out, draft->settings.contact_groups);
    buf_c(out, "\n");
    return taken(draft);
}

static void html_paragraph(struct buf *out, struct str text)
{
    buf_c(out, "<p>");
    buf_html(out, text);
    buf_c(out, "</p>\n");
}

static struct str as_html(struct draft *draft)
{
    struct buf *out = &draft->scratch;
    buf_c(out, "<!doctype html>\n<html lang=\"");
    buf_str(out, lang_code(draft->lang));
    buf_c(out, "\"><head><meta charset=\"utf-8\"><title>");
    buf_html(out, draft->subject);
    buf_c(out, "</title></head>\n<body style=\"font:16px/1.5 sans-serif;color:#1c2526;max-width:38em;margin:2em auto;"
               "padding:0 1em\">\n");
    html_paragraph(out, greeting(draft));
    for (size_t i = 0; i < draft->count; i++)
        html_paragraph(out, draft->paragraphs[i]);
    if (!str_empty(draft->link)) {
        buf_c(out, "<p><a style=\"color:#1d4f5c;font-weight:bold\" href=\"");
        buf_html(out, draft->link);
        buf_c(out, "\">");
        buf_html(out, draft->link_label);
        buf_c(out, "</a></p>\n");
    }
    buf_c(out, "<p style=\"color:#56635f;border-top:1px solid #d8d5cc;padding-top:1em\">");
    buf_html(out, settings_network_name(&draft->settings, draft->lang));
    buf_c(out, "<br>");
    buf_html(out, draft->settings.contact_groups);
    buf_c(out, "</p>\n</body></html>\n");
    return taken(draft);
}

/* The part of an address behind «@», for the Message-ID. */
static struct str domain_of(struct str address)
{
    (void)str_cut(&address, '@');
    return str_empty(address) ? S("localhost") : address;
}

static void finish(struct draft *draft, struct mail_message *ret_message)
{
    const struct mail_job *job = draft->job;
    struct mail_attachment *attachments = ARENA_ARRAY(draft->arena, MAX_ATTACHMENTS, struct mail_attachment);
    for (size_t i = 0; i < draft->attachment_count; i++)
        attachments[i] = draft->attachments[i];
    *ret_message = (struct mail_message){
        .from = draft->settings.mail_from, .from_name = settings_network_name(&draft->settings, draft->lang),
        .to = job->recipient, .to_name = job->recipient_name, .reply_to = draft->settings.contact_groups,
        .subject = draft->subject, .text = as_text(draft), .html = as_html(draft), .attachments = attachments,
        .attachment_count = draft->attachment_count,
        .message_id = str_format(draft->arena, "%.*s.%lld.%lld@%.*s", STR_ARG(job->kind), (long long)job->id,
                                 (long long)job->created_at, STR_ARG(domain_of(draft->settings.mail_from))),
        .date = job->created_at};
}

struct composing {
    struct service *service;
    const struct mail_job *job;
    struct mail_message message;
};

static enum err compose_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct composing *composing = argument;
    struct draft draft = {.service = composing->service, .db = db, .arena = arena, .job = composing->job,
                          .lang = composing->job->lang, .scratch = buf_new(LIMIT_MAIL_BYTES)};
    enum err err = settings_read(db, arena, &draft.settings, fault);
    if (err == OK) {
        err = fault_set(fault, ERR_NOT_FOUND, "no mail of this kind");
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (str_eq(composing->job->kind, str_of(kinds[i].kind)))
                err = kinds[i].draft(&draft, fault);
    }
    if (err == OK)
        finish(&draft, &composing->message);
    buf_free(&draft.scratch);
    return err;
}

enum err mails_compose(struct service *service, struct arena *arena, const struct mail_job *job,
                      struct mail_message *ret_message, struct fault *fault)
{
    struct composing composing = {.service = service, .job = job};
    enum err err = service_read(service, arena, compose_in, &composing, fault);
    if (err == OK)
        *ret_message = composing.message;
    return err;
}
