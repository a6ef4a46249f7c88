/* One order as the operator's people see it: its visits, places, tickets, money, mails and acts, and what can be done with
 * it. Each area adds its acts to the table below. */
#include "service/desk.h"
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"
#include "web/sales/order_words.h"
#include "web/sales/words.h"
#include "web/staff/desk_words.h"
#include "web/staff/entries.h"

static bool always(const struct desk_order_view *order)
{
    (void)order;
    return true;
}

static bool costs(const struct desk_order_view *order)
{
    return order->order.total.v > 0;
}

static bool is_paid(const struct desk_order_view *order)
{
    return order->order.state == ORDER_CONFIRMED && order->order.total.v > 0;
}

/* What can be done with an order, by task: the address gets the order's reference, or with `customer` the number of the
 * organisation. Shown when the reader's role has the task and it fits the order. */
static const struct {
    enum task task;
    const char *path;
    bool customer;
    enum msg label;
    const char *icon;
    bool (*fits)(const struct desk_order_view *order);
} acts[] = {
    {TASK_ACT_FOR, "/service/organisations/{}/agir", true, MSG_acting_title, "users", always},
    {TASK_TRANSFER_RECORD, "/service/virements/{}", false, MSG_transfer_menu, "card", costs},
    {TASK_REFUND, "/service/remboursements/commandes/{}", false, MSG_refund_order, "refund", is_paid},
};
enum { ACTS = sizeof acts / sizeof *acts };

static void fill_acts(struct page *page, const struct desk_order_view *order, struct desk_order_page_view *view)
{
    struct str organisation = str_format(page->arena, "%lld", (long long)order->organisation_id);
    view->acts = (struct order_acts){ARENA_ARRAY(page->arena, ACTS, struct order_act), 0};
    for (size_t i = 0; i < ACTS; i++) {
        if (!page_staff_may(page, acts[i].task) || !acts[i].fits(order))
            continue;
        const struct str parts[] = {{NULL, 0}, acts[i].customer ? organisation : order->order.ref};
        view->acts.p[view->acts.n++] = (struct order_act){
            .url = safe_url_of_path(page_url_of(page, acts[i].path, parts, 2)), .label = acts[i].label,
            .icon = acts[i].icon};
    }
}

static struct desk_ticket_lines ticket_lines(const struct page *page, const struct desk_tickets *tickets)
{
    struct desk_ticket_lines lines = {ARENA_ARRAY(page->arena, tickets->n + 1, struct desk_ticket_line), tickets->n};
    for (size_t i = 0; i < tickets->n; i++) {
        struct desk_ticket *ticket = &tickets->p[i];
        bool valid = str_eq(ticket->state, S("valid"));
        lines.p[i] = (struct desk_ticket_line){
            .ticket = ticket, .state = desk_word("ticket_state", ticket->state),
            .tone = valid ? "ok" : str_eq(ticket->state, S("used")) ? "accent" : "bad",
            .why = str_empty(ticket->ended_why) ? MSG_none : desk_word("ticket_end", ticket->ended_why)};
    }
    return lines;
}

static void fill_visits(struct page *page, const struct settings *settings, const struct desk_order_view *order,
                        struct desk_order_page_view *view)
{
    const struct order_visit_views *visits = &order->order.visits;
    view->visits = (struct desk_visit_lines){ARENA_ARRAY(page->arena, visits->n + 1, struct desk_visit_line), visits->n};
    for (size_t i = 0; i < visits->n; i++) {
        struct desk_visit_line *line = &view->visits.p[i];
        *line = (struct desk_visit_line){.visit = sale_visit_of_order(page, settings, &order->order, i),
                                         .leader = visits->p[i].leader, .recipient = visits->p[i].recipient,
                                         .recipient_email = visits->p[i].recipient_email};
        for (size_t k = 0; k < order->visits.n; k++) {
            const struct desk_visit *own = &order->visits.p[k];
            if (own->id != visits->p[i].id)
                continue;
            line->state = desk_word("visit_state", own->state);
            line->in_slot = own->in_slot && own->capacity > 0;
            line->capacity = own->capacity;
            line->taken = own->taken;
            line->tickets = ticket_lines(page, &own->tickets);
        }
    }
}

static void fill_money(struct page *page, const struct desk_order_view *order, struct desk_order_page_view *view)
{
    const struct order_payment_views *payments = &order->order.payments;
    view->payments = (struct payment_rows){ARENA_ARRAY(page->arena, payments->n + 1, struct payment_row), payments->n};
    for (size_t i = 0; i < payments->n; i++)
        view->payments.p[i] = (struct payment_row){
            .at = payments->p[i].received_at, .state = payment_badge(payments->p[i].state),
            .reason = payment_reason(payments->p[i].state, payments->p[i].reason), .amount = payments->p[i].amount};
    view->refunds = (struct desk_refund_lines){ARENA_ARRAY(page->arena, order->refunds.n + 1, struct desk_refund_line),
                                               order->refunds.n};
    for (size_t i = 0; i < order->refunds.n; i++)
        view->refunds.p[i] = (struct desk_refund_line){&order->refunds.p[i],
                                                       desk_word("refund", order->refunds.p[i].reason)};
}

void desk_order_page(struct page *page)
{
    struct str ref = {NULL, 0};
    if (!page_staff_need(page, TASK_CUSTOMER_VIEW) || !captured_reference(page, &ref))
        return;
    const struct settings *settings = page_settings(page);
    struct staff_caller caller = page_staff_caller(page);
    struct desk_order_view order = {.organisation_id = 0};
    struct fault fault = {.err = OK};
    if (settings == NULL)
        return;
    enum err err = desk_order_read(page_service(page), page->arena, &caller, ref, &order, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct desk_order_page_view view = {
        .order = &order, .state = order_badge(order.order.state, order.order.refund_due, order.order.total.v == 0),
        .method = desk_word("method", order.order.method)};
    fill_acts(page, &order, &view);
    fill_visits(page, settings, &order, &view);
    fill_money(page, &order, &view);
    view.entries = desk_entry_lines(page, &order.entries, order.organisation_id);
    page->nav = S("service-commandes");
    page->title = msg_text(page->arena, page->lang, MSG_customer_order_title, ARG("ref", ref));
    tpl_customer_order(page_out(page), page, &view);
}
