/* Tickets as a page and as PDF, for the buyer and for whoever has the link of the mail (TKT-1, TKT-4, ORD-2). */
#include "base/limits.h"
#include "service/documents.h"
#include "templates.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"

/* A page of tickets stays short enough for a telephone; the PDF has them all. */
enum { TICKETS_A_PAGE = 40, QR_MAX = 32 * 1024 };

static void send_pdf(struct page *page, enum err err, const struct fault *fault, struct str ref, int64_t visit_id,
                     const struct buf *pdf)
{
    if (err != OK) {
        page_fail(page, err, fault);
        return;
    }
    const char *word = page->lang == LANG_FR ? "billets" : "tickets";
    struct str name = str_format(page->arena, "%s-%.*s-%lld.pdf", word, STR_ARG(ref), (long long)visit_id);
    page_document(page, "application/pdf", name, true, buf_view(pdf));
}

static enum err draw(struct page *page, const struct ticket_sheet *sheet, const struct sheet_ticket *ticket,
                     struct html *ret_qr, struct fault *fault)
{
    const struct documents *documents = page_service(page)->documents;
    struct str label = str_format(page->arena, "%.*s %.*s", STR_ARG(sheet->labels.qr_alt), STR_ARG(ticket->number));
    struct buf svg = buf_new(QR_MAX);
    enum err err = documents->qr_svg(documents->context, ticket->qr, label, &svg, fault);
    if (err == OK && svg.overflowed)
        err = fault_set(fault, ERR_BUG, "a QR code of more than %d bytes", QR_MAX);
    if (err == OK)
        ret_qr->s = str_dup(page->arena, buf_view(&svg));
    buf_free(&svg);
    return err;
}

/* `base` is the address of the page without its number. */
static struct safe_url numbered(const struct page *page, struct str base, int number, int pages)
{
    if (number < 1 || number > pages)
        return (struct safe_url){{NULL, 0}};
    return safe_url_of_path(str_format(page->arena, "%.*s?page=%d", STR_ARG(base), number));
}

static void show(struct page *page, const struct ticket_sheet *sheet, struct str base, struct safe_url back)
{
    struct tickets_view view = {.sheet = sheet, .back = back,
                                .pages = (int)((sheet->ticket_count + TICKETS_A_PAGE - 1) / TICKETS_A_PAGE)};
    int64_t asked = page_query_int(page, "page", 1);
    view.page = asked < 1 ? 1 : asked > view.pages ? view.pages : (int)asked;
    size_t first = (size_t)(view.page - 1) * TICKETS_A_PAGE;
    view.tickets.p = ARENA_ARRAY(page->arena, TICKETS_A_PAGE, struct ticket_item);
    for (size_t i = first; i < sheet->ticket_count && view.tickets.n < TICKETS_A_PAGE; i++) {
        struct ticket_item *item = &view.tickets.p[view.tickets.n++];
        struct fault fault = {.err = OK};
        item->ticket = &sheet->tickets[i];
        enum err err = draw(page, sheet, item->ticket, &item->qr, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
    }
    view.pdf = safe_url_of_path(str_format(page->arena, "%.*s/pdf", STR_ARG(base)));
    view.earlier = numbered(page, base, view.page - 1, view.pages);
    view.later = numbered(page, base, view.page + 1, view.pages);
    page->title = msg_text(page->arena, page->lang, MSG_tickets_title, ARG("monument", sheet->monument));
    page->nav = S("commandes");
    response_header(page->response, "X-Robots-Tag", S("noindex, nofollow"));
    tpl_sales_tickets(page_out(page), page, &view);
}

/* ---- For the buyer ---------------------------------------------------------------------------------------------- */

void tickets_page(struct page *page)
{
    struct str ref = {0};
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return;
    struct caller caller = page_caller(page);
    struct ticket_sheet sheet;
    struct fault fault = {.err = OK};
    enum err err = order_ticket_sheet(page_service(page), page->arena, &caller, ref, visit_id, &sheet, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct str order = page_url(page, "/commandes/{}", ref);
    show(page, &sheet, str_format(page->arena, "%.*s/billets/%lld", STR_ARG(order), (long long)visit_id),
         safe_url_of_path(order));
}

void tickets_pdf(struct page *page)
{
    struct str ref = {0};
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return;
    struct caller caller = page_caller(page);
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    struct fault fault = {.err = OK};
    enum err err = order_tickets_pdf(page_service(page), page->arena, &caller, ref, visit_id, &pdf, &fault);
    send_pdf(page, err, &fault, ref, visit_id, &pdf);
    buf_free(&pdf);
}

/* ---- For whoever has the link ----------------------------------------------------------------------------------- */

void linked_tickets_page(struct page *page)
{
    struct str ref = {0}, signature = page_capture(page, "signature");
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return;
    struct ticket_sheet sheet;
    struct fault fault = {.err = OK};
    enum err err = order_linked_sheet(page_service(page), page->arena, ref, visit_id, signature, page->lang, &sheet,
                                      &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct str id = str_format(page->arena, "%lld", (long long)visit_id);
    show(page, &sheet, page_url(page, "/billets/{}/{}/{}", ref, id, signature), (struct safe_url){{NULL, 0}});
}

void linked_tickets_pdf(struct page *page)
{
    struct str ref = {0}, signature = page_capture(page, "signature");
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    struct fault fault = {.err = OK};
    enum err err = order_linked_pdf(page_service(page), page->arena, ref, visit_id, signature, page->lang, &pdf,
                                    &fault);
    send_pdf(page, err, &fault, ref, visit_id, &pdf);
    buf_free(&pdf);
}
