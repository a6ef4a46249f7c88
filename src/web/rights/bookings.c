/* Bookings by pass and exchanges of stock at the desk: the newest, one with its numbers, its end (PMP-1, STK-1). */
#include "templates.h"
#include "web/account/common.h"
#include "web/rights/common.h"

static const struct field_spec REASON[] = {
    F_LONG_TEXT(struct rights_reason_form, reason, "motif", MSG_rights_reason, .required = true, .max = 300,
                .hint = MSG_rights_cancel_hint),
};

void pass_list_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct right_rows rows;
    struct fault fault = {.err = OK};
    enum err err = right_booking_list(page_service(page), page->arena, &caller, RIGHT_PASS, &rows, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct right_list_view view = {.lines = {ARENA_ARRAY(page->arena, rows.n + 1, struct right_line), rows.n}};
    for (size_t i = 0; i < rows.n; i++)
        view.lines.p[i] = right_line_of(&rows.p[i]);
    page->nav = S("service-pass");
    account_title(page, MSG_rights_pass_title, NULL);
    tpl_rights_pass_list(page_out(page), page, &view);
}

static const struct {
    const char *base, *list;
    enum task task;
    enum msg list_name;
} places[] = {[RIGHT_PASS] = {"/service/pass/", "/service/pass", TASK_PASS_BOOK, MSG_rights_pass_title},
              [RIGHT_STOCK] = {"/service/stock/echanges/", "/service/stock", TASK_STOCK_GRANT, MSG_rights_stock_title}};

static struct str address(const struct page *page, enum right_kind kind, int64_t id, const char *rest)
{
    return page_url_of(page, str_format(page->arena, "%s%lld%s", places[kind].base, (long long)id, rest).p, NULL, 1);
}

/* The booking of the address. false: the page has ended. */
static bool find(struct page *page, enum right_kind kind, struct right_booking_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!page_staff_need(page, places[kind].task) || !rights_id(page, "id", &id))
        return false;
    enum err err = right_booking_read(page_service(page), page->arena, &caller, kind, id, &view->booking, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show(struct page *page, enum right_kind kind, struct right_booking_view *view)
{
    int64_t id = view->booking.row.visit_id;
    view->numbers = (struct right_number_lines){view->booking.numbers, view->booking.count};
    view->line = right_line_of(&view->booking.row);
    view->list = safe_url_of_path(page_url_of(page, places[kind].list, NULL, 1));
    view->cancel = safe_url_of_path(address(page, kind, id, "/annuler"));
    view->list_name = places[kind].list_name;
    page->nav = kind == RIGHT_PASS ? S("service-pass") : S("service-stock");
    page->title = str_format(page->arena, "%.*s, %.*s", STR_ARG(view->booking.row.order_ref),
                             STR_ARG(view->booking.row.monument));
    tpl_rights_booking(page_out(page), page, view);
}

static void one(struct page *page, enum right_kind kind)
{
    struct right_booking_view view = {.base = places[kind].base};
    if (!find(page, kind, &view))
        return;
    form_blank(page->arena, FORM(REASON, view.form));
    show(page, kind, &view);
}

static void cancel(struct page *page, enum right_kind kind)
{
    struct right_booking_view view = {.base = places[kind].base};
    if (!find(page, kind, &view))
        return;
    if (!form_read(page->arena, page->request->form, FORM(REASON, view.form))) {
        page->response->status = 422;
        show(page, kind, &view);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    bool done = false;
    struct fault fault = {.err = OK};
    enum err err = right_booking_cancel(page_service(page), page->arena, &caller, kind, view.booking.row.visit_id,
                                        view.form.reason.v, &done, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, done ? FLASH_SUCCESS : FLASH_INFO, done ? MSG_rights_cancelled : MSG_rights_cancelled_before);
    page_redirect(page, address(page, kind, view.booking.row.visit_id, ""));
}

void pass_booking_page(struct page *page)
{
    one(page, RIGHT_PASS);
}

void pass_booking_cancelled(struct page *page)
{
    cancel(page, RIGHT_PASS);
}

void exchange_page(struct page *page)
{
    one(page, RIGHT_STOCK);
}

void exchange_cancelled(struct page *page)
{
    cancel(page, RIGHT_STOCK);
}
