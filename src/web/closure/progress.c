/* One closure: how far it has come, whom it hit and what became of them, opening again. */
#include "templates.h"
#include "web/account/common.h"
#include "web/closure/pages.h"
#include "web/closure/words.h"
#include "web/sales/words.h"
#include "web/views.h"

static struct closure_row_lines lines_of(struct page *page, struct closure_rows *rows)
{
    struct closure_row_lines lines = {ARENA_ARRAY(page->arena, rows->n + 1, struct closure_row_line), rows->n};
    bool customers = page_staff_may(page, TASK_CUSTOMER_VIEW);
    for (size_t i = 0; i < rows->n; i++) {
        struct closure_row *row = &rows->p[i];
        struct closure_row_line *line = &lines.p[i];
        *line = (struct closure_row_line){
            .row = row, .way = closure_way(row->was), .has_amount = row->amount.v > 0,
            .phone = phone_shown(page->arena, str_empty(row->leader_phone) ? row->phone : row->leader_phone),
            .linked = customers && row->organisation_id != 0};
        line->state = closure_row_state(row, &line->tone);
    }
    return lines;
}

static bool read_progress(struct page *page, int64_t id, struct closure_progress *ret_progress)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = closure_read(page_service(page), page->arena, &caller, id, ret_progress, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

void closure_page(struct page *page)
{
    struct closure_progress_view view = {.percent = 0};
    int64_t id = 0;
    if (!page_staff_need(page, TASK_CLOSE_SLOT) || !captured_id(page, "id", &id) || !read_progress(page, id, &view.progress))
        return;
    struct closure_progress *progress = &view.progress;
    const struct closure_line *line = &progress->line;
    struct staff_caller caller = page_staff_caller(page);
    view.rows = lines_of(page, &progress->rows);
    view.bookings = lines_of(page, &progress->bookings);
    view.when = closure_when(page, line->scope, line->from_at, line->until_at, line->open_end);
    view.state = closure_state(line, &view.tone);
    view.percent = progress->total == 0 ? 100 : 100 * progress->worked / progress->total;
    view.last_day = local_of(page->zone, progress->choose_until - 1).day;
    view.left_alone = progress->gone + progress->spared;
    view.more_rows = progress->rows.n + progress->bookings.n < (size_t)progress->total;
    view.may_reopen = !line->reopened && line->until_at > page->now
                      && staff_may(&caller, closure_task(line->scope), line->monument_id);
    page->nav = S("service-fermetures");
    page->title = msg_text(page->arena, page->lang, MSG_closure_page_title, ARG("monument", line->monument));
    tpl_closure_progress(page_out(page), page, &view);
}

void closure_reopen_sent(struct page *page)
{
    int64_t id = 0;
    if (!page_staff_need(page, TASK_CLOSE_SLOT) || !captured_id(page, "id", &id))
        return;
    struct staff_caller caller = page_staff_caller(page);
    enum closure_refusal refusal = CLOSURE_NOT_REFUSED;
    struct fault fault = {.err = OK};
    enum err err = closure_reopen(page_service(page), page->arena, &caller, id, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, refusal == CLOSURE_NOT_REFUSED ? FLASH_SUCCESS : FLASH_INFO,
               refusal == CLOSURE_NOT_REFUSED ? MSG_closure_reopened : closure_refusal_message(refusal));
    page_redirect(page, page_url(page, "/service/fermetures/{}", str_format(page->arena, "%lld", (long long)id)));
}
