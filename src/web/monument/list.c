/* The reader's monuments, and what there is to do at one of them. */
#include "templates.h"
#include "web/monument/common.h"

static enum msg mode_message(enum sale_mode mode)
{
    return mode == SALE_GROUP_SLOTS ? MSG_mode_group_slots : mode == SALE_DATED ? MSG_mode_dated : MSG_mode_contact;
}

void work_list_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct monument_lines lines = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = monument_work_list(page_service(page), page->arena, &caller, &lines, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct work_list_view view = {.lines = {ARENA_ARRAY(page->arena, lines.n + 1, struct work_line), lines.n}};
    for (size_t i = 0; i < lines.n; i++)
        view.lines.p[i] = (struct work_line){&lines.p[i], mode_message(lines.p[i].mode), lines.p[i].published};
    page->nav = S("service-monuments");
    account_title(page, MSG_work_monuments, NULL);
    tpl_monument_list(page_out(page), page, &view);
}

void work_hub_page(struct page *page)
{
    struct work_hub_view view;
    if (!work_open(page, TASK_MONUMENT_VIEW, "", MSG_work_hub, &view.frame, NULL))
        return;
    work_title(page, &view.frame, NULL);
    tpl_monument_hub(page_out(page), page, &view);
}
