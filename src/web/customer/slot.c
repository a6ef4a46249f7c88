/* The slots of one monument on one day: which groups hold places in them, for whom and in which order (OPS-1). */
#include "service/desk.h"
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"
#include "web/staff/desk_words.h"

static void fill(struct page *page, const struct desk_slots *slots, struct desk_slots_view *view)
{
    view->lines = (struct desk_slot_lines){ARENA_ARRAY(page->arena, slots->n + 1, struct desk_slot_line), slots->n};
    for (size_t i = 0; i < slots->n; i++) {
        struct desk_slot *slot = &slots->p[i];
        struct desk_group_lines groups = {ARENA_ARRAY(page->arena, slot->group_count + 1, struct desk_group_line),
                                          slot->group_count};
        for (size_t k = 0; k < slot->group_count; k++)
            groups.p[k] = (struct desk_group_line){&slot->groups[k], desk_word("visit_state", slot->groups[k].state),
                                                   phone_shown(page->arena, slot->groups[k].leader_phone)};
        view->lines.p[i] = (struct desk_slot_line){slot, groups};
        view->busy += slot->group_count > 0;
    }
}

void desk_slots_page(struct page *page)
{
    day_number day = 0;
    if (!page_staff_need(page, TASK_SEARCH))
        return;
    if (!day_parse(page_capture(page, "day"), &day)) {
        page_error(page, 404);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct desk_slots_view view = {.busy = 0};
    struct fault fault = {.err = OK};
    enum err err = desk_slots(page_service(page), page->arena, &caller, page_capture(page, "slug"), day, &view.slots,
                              &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    fill(page, &view.slots, &view);
    page->nav = S("service-clients");
    page->title = msg_text(page->arena, page->lang, MSG_customer_slots_title, ARG("name", view.slots.name));
    tpl_customer_slots(page_out(page), page, &view);
}
