/* The sales manual (CAT-2). It is made on request and named by what it says: a browser that has it already is told so,
 * and a change of the catalogue shows at once. */
#include "service/manual.h"

#include "base/limits.h"
#include "web/catalogue/common.h"

enum { MANUALS = 30, MANUAL_SECONDS = 60 };

void manual_page(struct page *page)
{
    struct service *service = page_service(page);
    struct manual_sheet sheet;
    struct fault fault = {.err = OK};
    if (!page_allow(page, "manual", page->request->peer, MANUALS, MANUAL_SECONDS))
        return;
    enum err err = manual_sheet_read(service, page->arena, page->lang, &sheet, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct str etag = str_format(page->arena, "\"%.*s\"", STR_ARG(manual_sheet_tag(page->arena, &sheet)));
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    if (str_eq(request_header(page->request, "if-none-match"), etag))
        page->response->status = 304;
    else if ((err = manual_print(service, &sheet, &pdf, &fault)) != OK)
        page_fail(page, err, &fault);
    else
        page_document(page, "application/pdf",
                      page->lang == LANG_EN ? S("sales-manual.pdf") : S("manuel-de-vente.pdf"), true, buf_view(&pdf));
    if (err == OK) {
        response_header(page->response, "ETag", etag);
        response_header(page->response, "Cache-Control", S("private, no-cache"));
    }
    buf_free(&pdf);
}
