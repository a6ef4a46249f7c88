/* «Courriels envoyés»: the mails of the demonstration, which leave the machine for nobody. Mails carry links that open
 * accounts, so these pages exist nowhere else: without the demonstration's mailbox they are not found. */
#include "templates.h"
#include "web/app.h"
#include "web/info/pages.h"
#include "web/info/views.h"

enum { MAILS_A_PAGE = 25, MAIL_PIECES_MAX = 400 };

/* NULL when this is no demonstration; the page has ended then. */
static const struct mailbox *mailbox_of(struct page *page)
{
    const struct mailbox *mailbox = page->demonstration ? page_app(page)->mailbox : NULL;
    if (mailbox == NULL)
        page_error(page, 404);
    return mailbox;
}

static struct str person(const struct page *page, struct str name, struct str address)
{
    return name.n == 0 ? address
                       : str_format(page->arena, "%.*s <%.*s>", STR_ARG(name), STR_ARG(address));
}

static struct str subject_of(const struct page *page, struct str subject)
{
    return subject.n > 0 ? subject : msg_text(page->arena, page->lang, MSG_mails_no_subject);
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

static struct safe_url list_link(const struct page *page, int64_t number)
{
    struct str path = page_url(page, "/demonstration/courriels");
    return safe_url_of_path(str_format(page->arena, "%.*s?page=%lld", STR_ARG(path), (long long)number));
}

void mails_page(struct page *page)
{
    const struct mailbox *mailbox = mailbox_of(page);
    if (mailbox == NULL)
        return;
    struct mailbox_list list = {0};
    struct fault fault = {.err = OK};
    int64_t number = page_query_int(page, "page", 1);
    if (number < 1 || number > 100000) /* more than any mailbox has */
        number = 1;
    enum err err = mailbox->list(mailbox->context, page->arena, (size_t)(number - 1) * MAILS_A_PAGE, MAILS_A_PAGE,
                                 &list, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct mails_view view = {.total = list.total, .page = number,
                              .pages = (int64_t)((list.total + MAILS_A_PAGE - 1) / MAILS_A_PAGE)};
    if (number > 1 && number > view.pages) {
        page_error(page, 404);
        return;
    }
    if (number > 1)
        view.newer = list_link(page, number - 1);
    if (number < view.pages)
        view.older = list_link(page, number + 1);
    view.mails = (struct mail_lines){ARENA_ARRAY(page->arena, list.n + 1, struct mail_line), list.n};
    for (size_t i = 0; i < list.n; i++)
        view.mails.p[i] = (struct mail_line){
            .subject = subject_of(page, list.p[i].subject), .to = list.p[i].to, .date = list.p[i].date,
            .link = safe_url_of_path(page_url(page, "/demonstration/courriels/{}", list.p[i].id))};
    page->title = msg_text(page->arena, page->lang, MSG_mails_title);
    tpl_info_mails(page_out(page), page, &view);
}

/* ---- one mail --------------------------------------------------------------------------------------------------- */

/* Where the address that starts at `from` ends: before white space, or signs that belong to the sentence. */
static size_t address_end(struct str text, size_t from)
{
    size_t end = from;
    while (end < text.n && (unsigned char)text.p[end] > ' ' && (unsigned char)text.p[end] < 0x7f &&
           text.p[end] != '<' && text.p[end] != '>' && text.p[end] != '"')
        end++;
    while (end > from && (text.p[end - 1] == '.' || text.p[end - 1] == ',' || text.p[end - 1] == ';' ||
                          text.p[end - 1] == ':' || text.p[end - 1] == ')' || text.p[end - 1] == '!' ||
                          text.p[end - 1] == '?'))
        end--;
    return end;
}

/* The next address of this site at or after `from`: `own` followed by a slash. SIZE_MAX: none. */
static size_t own_address(struct str text, struct str own, size_t from)
{
    for (size_t at = from; own.n > 0 && at + own.n < text.n; at++)
        if (text.p[at + own.n] == '/' && str_eq(str_sub(text, at, own.n), own))
            return at;
    return SIZE_MAX;
}

/* Cuts the text around addresses of this site. They become paths, which lead to this server whatever its name is for
 * the reader; no other address becomes a link. */
static struct mail_pieces pieces_of(struct page *page, struct str text)
{
    struct str own = page_service(page)->public_url;
    struct mail_pieces pieces = {.p = ARENA_ARRAY(page->arena, MAIL_PIECES_MAX + 1, struct mail_piece)};
    size_t done = 0;
    for (;;) {
        size_t at = pieces.n + 2 <= MAIL_PIECES_MAX ? own_address(text, own, done) : SIZE_MAX;
        if (at == SIZE_MAX)
            break;
        size_t end = address_end(text, at);
        pieces.p[pieces.n++].text = str_sub(text, done, at - done);
        pieces.p[pieces.n++] = (struct mail_piece){
            str_sub(text, at, end - at), safe_url_of_path(str_sub(text, at + own.n, end - at - own.n))};
        done = end;
    }
    pieces.p[pieces.n++].text = str_sub(text, done, text.n);
    return pieces;
}

static struct str size_in_words(const struct page *page, size_t bytes)
{
    return bytes < 1024 ? msg_text(page->arena, page->lang, MSG_mails_bytes, ARG("n", bytes))
                        : msg_text(page->arena, page->lang, MSG_mails_kilobytes, ARG("n", (bytes + 1023) / 1024));
}

static struct mail_enclosures enclosures_of(const struct page *page, const struct mailbox_message *message)
{
    struct mail_enclosures list = {
        ARENA_ARRAY(page->arena, message->attachment_count + 1, struct mail_enclosure), message->attachment_count};
    for (size_t i = 0; i < list.n; i++) {
        const struct mail_attachment *part = &message->attachments[i];
        struct str number = str_format(page->arena, "%zu", i + 1);
        list.p[i] = (struct mail_enclosure){
            .name = part->name.n > 0 ? part->name : number, .size = size_in_words(page, part->bytes.n),
            .link = safe_url_of_path(page_url(page, "/demonstration/courriels/{}/piece/{}", message->head.id, number))};
    }
    return list;
}

/* The message of the address; false when there is none: the page has ended then. */
static bool message_of(struct page *page, struct mailbox_message *ret_message)
{
    const struct mailbox *mailbox = mailbox_of(page);
    if (mailbox == NULL)
        return false;
    struct fault fault = {.err = OK};
    enum err err = mailbox->read(mailbox->context, page->arena, page_capture(page, "id"), ret_message, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

void mail_page(struct page *page)
{
    struct mailbox_message message;
    if (!message_of(page, &message))
        return;
    struct mail_view view = {.subject = subject_of(page, message.head.subject),
                             .from = person(page, message.from_name, message.from),
                             .to = person(page, message.head.to_name, message.head.to), .date = message.head.date,
                             .body = pieces_of(page, str_trim(message.text)),
                             .enclosures = enclosures_of(page, &message)};
    page->title = msg_text(page->arena, page->lang, MSG_mails_mail_title, ARG("subject", view.subject));
    tpl_info_mail(page_out(page), page, &view);
}

/* ---- an attachment ---------------------------------------------------------------------------------------------- */

/* Only types that we send ourselves are named to the browser; anything else is bytes to keep. */
static const char *type_of(struct str type)
{
    static const char *const known[] = {"application/pdf", "text/calendar", "text/csv"};
    struct str plain = str_trim(str_cut(&type, ';'));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(plain, str_of(known[i])))
            return known[i];
    return "application/octet-stream";
}

/* A name that needs no quoting in a header. */
static struct str plain_name(struct arena *arena, struct str name)
{
    char *plain = arena_alloc(arena, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                    c == '_' || (c == '.' && n > 0);
        if (fine)
            plain[n++] = c;
    }
    return n > 0 ? (struct str){plain, n} : S("piece");
}

void mail_attachment_page(struct page *page)
{
    struct mailbox_message message;
    int64_t number = 0;
    if (!message_of(page, &message))
        return;
    if (!str_int(page_capture(page, "n"), &number) || number < 1 || (uint64_t)number > message.attachment_count) {
        page_error(page, 404);
        return;
    }
    const struct mail_attachment *part = &message.attachments[number - 1];
    page_document(page, type_of(part->content_type), plain_name(page->arena, part->name), true, part->bytes);
}
