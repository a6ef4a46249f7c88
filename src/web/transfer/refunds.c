/* The refunds desk: lists, and one page for each act (ORD-4, OPS-5). */
#include "templates.h"
#include "web/transfer/common.h"
#include "web/transfer/pages.h"

static const struct choice REMEDIES[] = {
    {"relancer", MSG_refund_send_again},
    {"fait", MSG_refund_seen_done},
    {"virer", MSG_refund_transfer_instead},
};
static const enum refund_remedy remedies[] = {REFUND_SEND_AGAIN, REFUND_SEEN_DONE, REFUND_TRANSFER_INSTEAD};

static const struct field_spec DUE[] = {F_WHY(struct why_form, .hint = MSG_refund_due_reason_hint)};
static const struct field_spec TRANSFERRED[] = {
    F_DAY(struct transferred_form, day, "date", MSG_refund_transferred_day, .required = true),
    F_TEXT(struct transferred_form, bank_ref, "reference", MSG_refund_transferred_ref, .required = true, .max = 140),
};
static const struct field_spec REMEDY[] = {
    F_CHOICE(struct remedy_form, remedy, "remede", MSG_refund_remedy, .required = true, .radio = true,
             CHOICES(REMEDIES)),
    F_WHY(struct remedy_form, .hint = MSG_refund_remedy_reason_hint),
};

static bool load_lists(struct page *page, struct refund_lists *lists)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = refund_desk_list(page_service(page), page->arena, &caller, lists, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static struct part_lines part_lines_of(struct page *page, const struct refund_part_rows *rows)
{
    struct part_lines lines = {ARENA_ARRAY(page->arena, rows->n + 1, struct part_line), rows->n};
    for (size_t i = 0; i < rows->n; i++)
        lines.p[i] = (struct part_line){&rows->p[i], transfer_word("refund", rows->p[i].reason)};
    return lines;
}

void refunds_page(struct page *page)
{
    struct refund_lists *lists = ARENA_NEW(page->arena, struct refund_lists);
    struct refund_desk_view view = {.total_due = cents(0)};
    if (!page_staff_need(page, TASK_REFUND) || !load_lists(page, lists))
        return;
    view.due = (struct due_lines){ARENA_ARRAY(page->arena, lists->due.n + 1, struct due_line), lists->due.n};
    for (size_t i = 0; i < lists->due.n; i++) {
        view.due.p[i] = (struct due_line){&lists->due.p[i], transfer_word("due", lists->due.p[i].reason)};
        view.total_due = cents_add(view.total_due, lists->due.p[i].amount);
    }
    view.to_transfer = part_lines_of(page, &lists->to_transfer);
    for (size_t i = 0; i < lists->to_transfer.n; i++)
        view.total_to_transfer = cents_add(view.total_to_transfer, lists->to_transfer.p[i].amount);
    view.stuck = part_lines_of(page, &lists->stuck);
    view.under_way = part_lines_of(page, &lists->under_way);
    view.latest = (struct done_lines){ARENA_ARRAY(page->arena, lists->latest.n + 1, struct done_line), lists->latest.n};
    for (size_t i = 0; i < lists->latest.n; i++)
        view.latest.p[i] = (struct done_line){&lists->latest.p[i], transfer_word("refund", lists->latest.p[i].reason)};
    page->nav = S("service-virements");
    account_title(page, MSG_refund_desk, NULL);
    tpl_transfer_refunds(page_out(page), page, &view);
}

/* Somebody, or the same form a moment ago, has done it: the list says what is left. */
static void gone(struct page *page)
{
    page_flash(page, FLASH_INFO, MSG_transfer_decided);
    page_redirect(page, page_url(page, "/service/remboursements"));
}

static enum msg refusal_word(enum refund_desk_refusal refusal)
{
    switch (refusal) {
    case REFUND_DESK_NOT_REFUSED: return MSG_none;
    case REFUND_DESK_REASON: return MSG_transfer_reason_missing;
    case REFUND_DESK_NOTHING: return MSG_refund_nothing;
    case REFUND_DESK_TOO_MUCH: return MSG_refund_too_much;
    case REFUND_DESK_DECIDED: return MSG_transfer_decided;
    case REFUND_DESK_DAY: return MSG_transfer_day_wrong;
    case REFUND_DESK_REFERENCE: return MSG_refund_reference_missing;
    }
    return MSG_none;
}

static void back_to_list(struct page *page, enum msg done)
{
    page_flash(page, FLASH_SUCCESS, done);
    page_redirect(page, page_url(page, "/service/remboursements"));
}

/* ---- Money that waits ------------------------------------------------------------------------------------------- */

static bool load_due(struct page *page, struct refund_due_view *view)
{
    int64_t id = 0;
    struct refund_lists *lists = ARENA_NEW(page->arena, struct refund_lists);
    if (!page_staff_need(page, TASK_REFUND) || !transfer_captured_id(page, &id) || !load_lists(page, lists))
        return false;
    for (size_t i = 0; i < lists->due.n; i++)
        if (lists->due.p[i].payment_id == id) {
            view->line = (struct due_line){&lists->due.p[i], transfer_word("due", lists->due.p[i].reason)};
            form_blank(page->arena, FORM(DUE, view->form));
            return true;
        }
    gone(page);
    return false;
}

static void show_due(struct page *page, struct refund_due_view *view)
{
    if (str_empty(view->key))
        view->key = page_request_key(page);
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    page->nav = S("service-virements");
    account_title(page, MSG_refund_due, &view->form.head);
    tpl_transfer_refund_due(page_out(page), page, view);
}

void refund_due_page(struct page *page)
{
    struct refund_due_view view = {.key = {NULL, 0}};
    if (load_due(page, &view))
        show_due(page, &view);
}

void refund_due_sent(struct page *page)
{
    struct refund_due_view view = {.key = page_sent_key(page)};
    if (!load_due(page, &view))
        return;
    if (str_empty(view.key)) {
        page_error(page, 400);
        return;
    }
    if (!form_read(page->arena, page->request->form, FORM(DUE, view.form))) {
        show_due(page, &view);
        return;
    }
    struct refund_due_pay pay = {.payment_id = view.line.row->payment_id, .reason = view.form.reason.v,
                                 .request_key = view.key};
    struct staff_caller caller = page_staff_caller(page);
    enum refund_desk_refusal refusal = REFUND_DESK_NOT_REFUSED;
    struct fault fault = {.err = OK};
    enum err err = refund_desk_pay(page_service(page), page->arena, &caller, &pay, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != REFUND_DESK_NOT_REFUSED) {
        form_refuse_all(&view.form.head, refusal_word(refusal));
        show_due(page, &view);
    } else {
        back_to_list(page, view.line.row->by_card ? MSG_refund_decided_card : MSG_refund_decided_transfer);
    }
}

/* ---- Movements -------------------------------------------------------------------------------------------------- */

/* The movement of the address among those of one list. */
static bool load_part(struct page *page, bool stuck, struct part_line *ret_line)
{
    int64_t id = 0;
    struct refund_lists *lists = ARENA_NEW(page->arena, struct refund_lists);
    if (!page_staff_need(page, TASK_REFUND) || !transfer_captured_id(page, &id) || !load_lists(page, lists))
        return false;
    const struct refund_part_rows *rows = stuck ? &lists->stuck : &lists->to_transfer;
    for (size_t i = 0; i < rows->n; i++)
        if (rows->p[i].part_id == id) {
            *ret_line = (struct part_line){&rows->p[i], transfer_word("refund", rows->p[i].reason)};
            return true;
        }
    gone(page);
    return false;
}

static void show_transferred(struct page *page, struct refund_transferred_view *view)
{
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    page->nav = S("service-virements");
    account_title(page, MSG_refund_transferred, &view->form.head);
    tpl_transfer_refund_transferred(page_out(page), page, view);
}

void refund_transferred_page(struct page *page)
{
    struct refund_transferred_view view = {.line.row = NULL};
    if (!load_part(page, false, &view.line))
        return;
    form_blank(page->arena, FORM(TRANSFERRED, view.form));
    field_set_day(page->arena, &view.form.day, service_day(page_service(page), page->now));
    show_transferred(page, &view);
}

void refund_transferred_sent(struct page *page)
{
    struct refund_transferred_view view = {.line.row = NULL};
    if (!load_part(page, false, &view.line))
        return;
    if (!form_read(page->arena, page->request->form, FORM(TRANSFERRED, view.form))) {
        show_transferred(page, &view);
        return;
    }
    struct refund_transferred done = {.part_id = view.line.row->part_id, .day = view.form.day.v,
                                      .bank_ref = view.form.bank_ref.v};
    struct staff_caller caller = page_staff_caller(page);
    enum refund_desk_refusal refusal = REFUND_DESK_NOT_REFUSED;
    struct fault fault = {.err = OK};
    enum err err = refund_desk_transferred(page_service(page), page->arena, &caller, &done, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal == REFUND_DESK_DAY) {
        form_refuse(&view.form.head, &view.form.day.f, MSG_transfer_day_wrong);
        show_transferred(page, &view);
    } else if (refusal != REFUND_DESK_NOT_REFUSED) {
        form_refuse_all(&view.form.head, refusal_word(refusal));
        show_transferred(page, &view);
    } else {
        back_to_list(page, MSG_refund_transferred_done);
    }
}

static void show_remedy(struct page *page, struct refund_remedy_view *view)
{
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    page->nav = S("service-virements");
    account_title(page, MSG_refund_stuck_title, &view->form.head);
    tpl_transfer_refund_remedy(page_out(page), page, view);
}

void refund_remedy_page(struct page *page)
{
    struct refund_remedy_view view = {.line.row = NULL};
    if (!load_part(page, true, &view.line))
        return;
    form_blank(page->arena, FORM(REMEDY, view.form));
    show_remedy(page, &view);
}

void refund_remedy_sent(struct page *page)
{
    struct refund_remedy_view view = {.line.row = NULL};
    if (!load_part(page, true, &view.line))
        return;
    if (!form_read(page->arena, page->request->form, FORM(REMEDY, view.form))) {
        show_remedy(page, &view);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    enum refund_desk_refusal refusal = REFUND_DESK_NOT_REFUSED;
    struct fault fault = {.err = OK};
    enum err err = refund_desk_remedy(page_service(page), page->arena, &caller, view.line.row->part_id,
                                      remedies[view.form.remedy.v], view.form.reason.v, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != REFUND_DESK_NOT_REFUSED) {
        form_refuse_all(&view.form.head,
                        refusal == REFUND_DESK_DECIDED ? MSG_refund_remedy_not : refusal_word(refusal));
        show_remedy(page, &view);
    } else {
        back_to_list(page, MSG_refund_remedied);
    }
}
