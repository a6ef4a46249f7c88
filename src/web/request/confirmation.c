/* The reservation confirmation: a page to show on a phone, and the document (MON-2). */
#include "base/limits.h"
#include "templates.h"
#include "web/request/pages.h"
#include "web/request/words.h"

void request_confirmation_page(struct page *page)
{
    struct request_confirmation_view view = {.ref = {NULL, 0}};
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (!request_captured(page, &view.ref))
        return;
    enum err err = request_confirmation(page_service(page), page->arena, &caller, view.ref, &view.sheet, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    const struct confirmation_sheet *sheet = &view.sheet;
    view.facts = (struct request_sheet_facts){sheet->facts, sheet->fact_count};
    view.payment = (struct request_texts){sheet->payment.p, sheet->payment.n};
    view.conditions = (struct request_texts){sheet->conditions.p, sheet->conditions.n};
    view.contact = (struct request_texts){sheet->contact.p, sheet->contact.n};
    page->nav = S("commandes");
    page->title = str_format(page->arena, "%.*s %.*s", STR_ARG(view.sheet.title), STR_ARG(view.ref));
    tpl_request_confirmation(page_out(page), page, &view);
}

void request_confirmation_download(struct page *page)
{
    struct str ref;
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (!request_captured(page, &ref))
        return;
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    enum err err = request_confirmation_pdf(page_service(page), page->arena, &caller, ref, &pdf, &fault);
    if (err == OK)
        page_document(page, "application/pdf", str_format(page->arena, "confirmation-%.*s.pdf", STR_ARG(ref)), true,
                      buf_view(&pdf));
    else
        page_fail(page, err, &fault);
    buf_free(&pdf);
}
