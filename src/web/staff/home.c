/* The first page of the operator's side: what the reader's role is for (OPS-7). */
#include "service/role_words.h"
#include "service/staff.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/staff/common.h"
#include "web/staff/pages.h"

static const struct {
    enum task task;
    struct staff_task link;
} tasks[] = {
    {TASK_SEARCH, {"/service/recherche", "search", MSG_staff_search, MSG_staff_search_text, {{NULL, 0}}}},
    {TASK_CUSTOMER_VIEW, {"/service/commandes", "orders", MSG_staff_orders, MSG_staff_orders_text, {{NULL, 0}}}},
    {TASK_GATE_SCAN, {"/service/controle", "ticket", MSG_gate_task, MSG_gate_task_text, {{NULL, 0}}}},
    {TASK_REQUEST_ANSWER, {"/service/demandes", "calendar", MSG_request_desk, MSG_request_desk_text, {{NULL, 0}}}},
    {TASK_CLOSE_SLOT, {"/service/fermetures", "lock", MSG_closure_title, MSG_closure_home_text, {{NULL, 0}}}},
    {TASK_PASS_BOOK, {"/service/pass", "ticket", MSG_rights_pass_title, MSG_rights_pass_task, {{NULL, 0}}}},
    {TASK_STOCK_MANAGE, {"/service/stock", "ticket", MSG_rights_stock_title, MSG_rights_stock_task, {{NULL, 0}}}},
    {TASK_LAYOUT_APPROVE, {"/service/maquettes", "print", MSG_layout_desk_title, MSG_layout_task, {{NULL, 0}}}},
    {TASK_TRANSFER_RECORD, {"/service/virements", "card", MSG_transfer_desk, MSG_transfer_task_text, {{NULL, 0}}}},
    {TASK_REFUND, {"/service/remboursements", "refund", MSG_refund_desk, MSG_refund_task_text, {{NULL, 0}}}},
    {TASK_MONUMENT_VIEW, {"/service/monuments", "monument", MSG_work_monuments, MSG_work_monuments_text, {{NULL, 0}}}},
    {TASK_SETTINGS, {"/service/reglages", "edit", MSG_net_title, MSG_net_lead, {{NULL, 0}}}},
    {TASK_STAFF, {"/service/personnes", "users", MSG_staff_people, MSG_staff_people_text, {{NULL, 0}}}},
    {TASK_AUDIT, {"/service/audit", "clock", MSG_audit_title, MSG_audit_text, {{NULL, 0}}}},
};

void staff_home_page(struct page *page)
{
    const struct staff_head *head = page_staff(page);
    struct staff_home_view view = {.role = role_message(head->caller.role), .role_hint = role_hint(head->caller.role),
                                   .first_name = head->first_name};
    view.tasks.p = ARENA_ARRAY(page->arena, sizeof tasks / sizeof *tasks, struct staff_task);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (!page_staff_may(page, tasks[i].task))
            continue;
        struct staff_task *task = &view.tasks.p[view.tasks.n++];
        *task = tasks[i].link;
        task->url = safe_url_of_path(page_url_of(page, task->path, NULL, 1));
    }
    account_title(page, MSG_staff_home, NULL);
    tpl_staff_home(page_out(page), page, &view);
}
