/* The stock at the desk: what is in it, lists that come in, one number, who has the right (STK-1). */
#include "templates.h"
#include "web/account/common.h"
#include "web/rights/common.h"

/* A list may hold thousands of numbers, each looked up. */
enum { FILES = 60, FILES_SECONDS = 600 };

static const struct field_spec REASON[] = {
    F_LONG_TEXT(struct rights_reason_form, reason, "motif", MSG_rights_reason, .required = true, .max = 300),
};

/* ---- the overview ---- */

static enum err read_grants(struct page *page, struct stock_desk_view *view, struct fault *fault)
{
    struct staff_caller caller = page_staff_caller(page);
    struct right_rows rows;
    view->may_grant = page_staff_may(page, TASK_STOCK_GRANT);
    if (!view->may_grant)
        return OK;
    enum err err = stock_right_list(page_service(page), page->arena, &caller, &view->rights, fault);
    if (err == OK)
        err = right_booking_list(page_service(page), page->arena, &caller, RIGHT_STOCK, &rows, fault);
    if (err != OK)
        return err;
    view->exchanges = (struct right_lines){ARENA_ARRAY(page->arena, rows.n + 1, struct right_line), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        view->exchanges.p[i] = right_line_of(&rows.p[i]);
    return OK;
}

static enum err read_number(struct page *page, struct stock_desk_view *view, struct fault *fault)
{
    struct staff_caller caller = page_staff_caller(page);
    static const struct {
        const char *state;
        enum msg message;
    } states[] = {{"available", MSG_rights_stock_available},
                  {"used", MSG_rights_stock_used},
                  {"expired", MSG_rights_stock_expired},
                  {"withdrawn", MSG_rights_stock_withdrawn}};
    if (view->typed.n == 0)
        return OK;
    enum err err = stock_look(page_service(page), page->arena, &caller, view->typed, &view->number, fault);
    view->looked = err == OK;
    for (size_t i = 0; err == OK && i < sizeof states / sizeof *states; i++)
        if (str_eq(view->number.state, str_of(states[i].state)))
            view->number_state = states[i].message;
    return err;
}

static void show(struct page *page, struct stock_desk_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct stock_overview overview;
    struct fault fault = {.err = OK};
    enum err err = stock_overview(page_service(page), page->arena, &caller, &overview, &fault);
    if (err == OK)
        err = read_grants(page, view, &fault);
    if (err == OK)
        err = read_number(page, view, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view->sums = (struct stock_sums){overview.sums, overview.sum_count};
    view->files = (struct stock_files){overview.files, overview.file_count};
    page->nav = S("service-stock");
    account_title(page, MSG_rights_stock_title, NULL);
    tpl_rights_stock_desk(page_out(page), page, view);
}

void stock_desk_page(struct page *page)
{
    struct stock_desk_view view = {.typed = str_sub(str_trim(page_query(page, "numero")), 0, RIGHT_NUMBER_BYTES),
                                   .import_error = MSG_none};
    form_blank(page->arena, FORM(REASON, view.form));
    show(page, &view);
}

/* ---- a list comes in ---- */

static enum msg line_message(enum stock_line_fault fault)
{
    static const enum msg messages[STOCK_LINE_FAULTS] = {[STOCK_LINE_GOOD] = MSG_none,
                                                         [STOCK_LINE_COLUMNS] = MSG_rights_line_columns,
                                                         [STOCK_LINE_NUMBER] = MSG_rights_number_shape,
                                                         [STOCK_LINE_TWICE] = MSG_rights_line_twice,
                                                         [STOCK_LINE_MONUMENT] = MSG_rights_line_monument,
                                                         [STOCK_LINE_DAY] = MSG_rights_line_day,
                                                         [STOCK_LINE_PAST] = MSG_rights_line_past,
                                                         [STOCK_LINE_ORGANISATION] = MSG_rights_line_organisation,
                                                         [STOCK_LINE_OTHER] = MSG_rights_line_other,
                                                         [STOCK_LINE_OURS] = MSG_rights_line_ours};
    return messages[fault];
}

void stock_file_sent(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct stock_desk_view view = {.import_error = MSG_none};
    const struct upload *file = uploads_get(page->request->files, S("fichier"));
    struct fault fault = {.err = OK};
    if (!page_staff_need(page, TASK_STOCK_MANAGE))
        return;
    if (!page_allow(page, "stock-file", str_format(page->arena, "%lld", (long long)caller.staff_id), FILES,
                    FILES_SECONDS))
        return;
    form_blank(page->arena, FORM(REASON, view.form));
    if (file != NULL) {
        enum err err = stock_import(page_service(page), page->arena, &caller, file->file_name, file->bytes,
                                    &view.import, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
    }
    if (view.import.done) {
        page_flash(page, FLASH_SUCCESS, MSG_rights_import_done);
        page_redirect(page, page_url(page, "/service/stock"));
        return;
    }
    view.imported = true;
    view.import_error = file == NULL            ? MSG_rights_import_missing
                        : view.import.same_file ? MSG_rights_import_same
                        : view.import.too_long  ? MSG_rights_import_long
                        : view.import.empty     ? MSG_rights_import_empty
                                                : MSG_rights_import_faults;
    const struct stock_lines *lines = &view.import.lines;
    view.lines = (struct stock_line_rows){ARENA_ARRAY(page->arena, lines->n + 1, struct stock_line_row), lines->n};
    for (size_t i = 0; i < lines->n; i++)
        view.lines.p[i] = (struct stock_line_row){&lines->p[i], line_message(lines->p[i].fault)};
    page->response->status = 422;
    show(page, &view);
}

/* ---- one number ---- */

void stock_number_sent(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct stock_desk_view view = {
        .typed = str_sub(str_trim(pairs_get(page->request->form, S("numero"))), 0, RIGHT_NUMBER_BYTES),
        .import_error = MSG_none};
    bool withdraw = str_eq(pairs_get(page->request->form, S("action")), S("retirer")), done = false;
    struct fault fault = {.err = OK};
    if (!page_staff_need(page, TASK_STOCK_MANAGE))
        return;
    if (!form_read(page->arena, page->request->form, FORM(REASON, view.form))) {
        page->response->status = 422;
        show(page, &view);
        return;
    }
    enum err err = stock_withdraw(page_service(page), page->arena, &caller, view.typed, withdraw, view.form.reason.v,
                                  &done, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, done ? FLASH_SUCCESS : FLASH_ERROR,
               done ? MSG_rights_number_changed : MSG_rights_number_unchanged);
    page_redirect(page, page_url(page, "/service/stock?numero={}", view.typed));
}

/* ---- the right of one organisation ---- */

static bool find_right(struct page *page, struct stock_right_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!page_staff_need(page, TASK_STOCK_GRANT) || !rights_id(page, "id", &id))
        return false;
    enum err err = stock_right_read(page_service(page), page->arena, &caller, id, &view->right, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show_right(struct page *page, struct stock_right_view *view)
{
    page->nav = S("service-stock");
    account_title(page, MSG_rights_right_title, &view->form.head);
    tpl_rights_stock_right(page_out(page), page, view);
}

void stock_right_page(struct page *page)
{
    struct stock_right_view view = {.right = {.live = false}};
    if (!find_right(page, &view))
        return;
    form_blank(page->arena, FORM(REASON, view.form));
    show_right(page, &view);
}

void stock_right_sent(struct page *page)
{
    struct stock_right_view view = {.right = {.live = false}};
    struct staff_caller caller = page_staff_caller(page);
    bool grant = str_eq(pairs_get(page->request->form, S("action")), S("accorder")), changed = false;
    struct fault fault = {.err = OK};
    if (!find_right(page, &view))
        return;
    if (!form_read(page->arena, page->request->form, FORM(REASON, view.form))) {
        page->response->status = 422;
        show_right(page, &view);
        return;
    }
    int64_t id = view.right.organisation_id;
    enum err err = stock_right_set(page_service(page), page->arena, &caller, id, grant, view.form.reason.v, &changed,
                                   &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, grant ? MSG_rights_right_granted : MSG_rights_right_revoked);
    page_redirect(page, page_url(page, "/service/organisations/{}", str_format(page->arena, "%lld", (long long)id)));
}
