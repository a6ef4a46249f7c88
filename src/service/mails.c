/* Mails: from a draft to a message, once as text and once as HTML. What each kind says is in the area's file. */
#include "service/mails_parts.h"

void mail_say(struct mail_draft *draft, struct str paragraph)
{
    if (draft->count < MAIL_PARAGRAPHS && !str_empty(paragraph))
        draft->paragraphs[draft->count++] = paragraph;
}

static struct str taken(struct mail_draft *draft)
{
    struct str text = str_dup(draft->arena, buf_view(&draft->scratch));
    buf_clear(&draft->scratch);
    return text;
}

struct str mail_when(struct mail_draft *draft, instant at)
{
    format_instant(&draft->scratch, draft->lang, &draft->service->zone, at);
    return taken(draft);
}

struct str mail_url(struct mail_draft *draft, struct str path)
{
    return str_format(draft->arena, "%.*s/%.*s%.*s", STR_ARG(draft->service->public_url),
                      STR_ARG(lang_code(draft->lang)), STR_ARG(path));
}

void mail_attach_as(struct mail_draft *draft, struct str name, struct str content_type, struct buf *bytes)
{
    if (draft->attachment_count == MAIL_ATTACHMENTS)
        return;
    draft->attachments[draft->attachment_count++] = (struct mail_attachment){
        .name = name, .content_type = content_type, .bytes = str_dup(draft->arena, buf_view(bytes))};
}

void mail_attach(struct mail_draft *draft, struct str name, struct buf *pdf)
{
    mail_attach_as(draft, name, S("application/pdf"), pdf);
}

static const struct mail_kind *const tables[] = {mails_of_rights, mails_of_accounts, mails_of_closures, mails_of_customers, mails_of_options, mails_of_requests,
                                                 mails_of_orders, mails_of_transfers, mails_of_changes};

/* ---- Writing ---------------------------------------------------------------------------------------------------- */

static struct str greeting(const struct mail_draft *draft)
{
    return str_empty(draft->job->recipient_name)
               ? msg_text(draft->arena, draft->lang, MSG_mail_hello)
               : msg_text(draft->arena, draft->lang, MSG_mail_hello_name, ARG("name", draft->job->recipient_name));
}

static struct str as_text(struct mail_draft *draft)
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

static struct str as_html(struct mail_draft *draft)
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

static void finish(struct mail_draft *draft, struct mail_message *ret_message)
{
    const struct mail_job *job = draft->job;
    struct mail_attachment *attachments = ARENA_ARRAY(draft->arena, MAIL_ATTACHMENTS, struct mail_attachment);
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

static const struct mail_kind *find_kind(struct str name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct mail_kind *kind = tables[i]; kind->kind != NULL; kind++)
            if (str_eq(name, str_of(kind->kind)))
                return kind;
    return NULL;
}

static enum err compose_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct composing *composing = argument;
    struct mail_draft draft = {.service = composing->service, .db = db, .arena = arena, .job = composing->job,
                          .lang = composing->job->lang, .scratch = buf_new(LIMIT_MAIL_BYTES)};
    enum err err = settings_read(db, arena, &draft.settings, fault);
    if (err == OK) {
        const struct mail_kind *kind = find_kind(composing->job->kind);
        err = kind == NULL ? fault_set(fault, ERR_NOT_FOUND, "no mail of this kind") : kind->draft(&draft, fault);
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
