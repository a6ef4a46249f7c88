/* The ticket numbers of an order as CSV, and what its mails carry (TKT-2). */
#include "base/limits.h"
#include "service/ticket_csv.h"
#include "web/rights/common.h"
#include "web/sales/words.h"

void tickets_csv_page(struct page *page)
{
    struct str ref = {0};
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return;
    struct caller caller = page_caller(page);
    struct buf csv = buf_new(LIMIT_PDF_BYTES);
    struct fault fault = {.err = OK};
    enum err err = order_tickets_csv(page_service(page), page->arena, &caller, ref, visit_id, &csv, &fault);
    if (err == OK)
        page_document(page, "text/csv; charset=utf-8",
                      str_format(page->arena, "%s-%.*s-%lld.csv", page->lang == LANG_FR ? "billets" : "tickets",
                                 STR_ARG(ref), (long long)visit_id),
                      true, buf_view(&csv));
    else
        page_fail(page, err, &fault);
    buf_free(&csv);
}

void tickets_format_sent(struct page *page)
{
    struct str ref = {0};
    enum tickets_as as = TICKETS_AS_PDF;
    if (!captured_reference(page, &ref))
        return;
    if (!tickets_as_parse(pairs_get(page->request->form, S("format")), &as)) {
        page_error(page, 404);
        return;
    }
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = order_tickets_choose(page_service(page), page->arena, &caller, ref, as, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_layout_chosen);
    page_redirect(page, page_url(page, "/commandes/{}", ref));
}
