/* «Rechercher les commandes» (ORD-1). */
#include "base/limits.h"
#include "templates.h"
#include "web/sales/order_words.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"

/* Shown without being asked: the last three months. */
enum { DEFAULT_MONTHS = 3 };

static const struct field_spec PERIOD[] = {
    F_DAY(struct period_form, from, "du", MSG_orders_from, .required = true),
    F_DAY(struct period_form, to, "au", MSG_orders_to, .required = true),
};

/* ---- Words ------------------------------------------------------------------------------------------------------ */

struct state_badge order_badge(enum order_state state, bool refund_due, bool free)
{
    if (refund_due && state != ORDER_CONFIRMED)
        return (struct state_badge){MSG_order_state_refund, "bad", BADGE_REFUND};
    switch (state) {
    case ORDER_PENDING: return (struct state_badge){MSG_order_state_pending, "warn", BADGE_CLOCK};
    case ORDER_CONFIRMED:
        return (struct state_badge){free ? MSG_order_state_confirmed : MSG_order_state_paid, "ok", BADGE_CHECK};
    case ORDER_EXPIRED: return (struct state_badge){MSG_order_state_expired, "none", BADGE_CROSS};
    case ORDER_CANCELLED: return (struct state_badge){MSG_order_state_cancelled, "none", BADGE_CROSS};
    }
    return (struct state_badge){MSG_order_state_pending, "warn", BADGE_CLOCK};
}

struct state_badge payment_badge(enum payment_state state)
{
    switch (state) {
    case PAYMENT_BOOKED: return (struct state_badge){MSG_order_payment_booked, "ok", BADGE_CHECK};
    case PAYMENT_REFUND_DUE: return (struct state_badge){MSG_order_payment_refund_due, "warn", BADGE_REFUND};
    case PAYMENT_REFUNDED: return (struct state_badge){MSG_order_payment_refunded, "ok", BADGE_REFUND};
    case PAYMENT_WAITING: return (struct state_badge){MSG_order_payment_waiting, "warn", BADGE_REFUND};
    }
    return (struct state_badge){MSG_order_payment_booked, "ok", BADGE_CHECK};
}

enum msg payment_reason(enum payment_state state, struct str reason)
{
    if (state == PAYMENT_BOOKED || state == PAYMENT_WAITING)
        return MSG_none;
    return str_eq(reason, S("places-gone"))  ? MSG_order_reason_places_gone
           : str_eq(reason, S("paid-twice")) ? MSG_order_reason_paid_twice
           : str_eq(reason, S("amount"))     ? MSG_order_reason_amount
           : str_eq(reason, S("over"))       ? MSG_order_reason_over
           : str_eq(reason, S("late"))       ? MSG_order_reason_late
           : str_eq(reason, S("incomplete")) ? MSG_order_reason_incomplete : MSG_none;
}

/* «Conciergerie, 22 personnes», «Conciergerie et 2 autres visites, 70 personnes» */
static struct str what_of(const struct page *page, const struct order_row *row)
{
    struct str persons = msg_text(page->arena, page->lang, MSG_visit_persons, ARG("n", row->persons));
    if (row->visits <= 1)
        return str_format(page->arena, "%.*s, %.*s", STR_ARG(row->first_monument), STR_ARG(persons));
    return msg_text(page->arena, page->lang, MSG_orders_what_more, ARG("monument", row->first_monument),
                    ARG("n", row->visits - 1), ARG("persons", persons));
}

/* ---- Search ----------------------------------------------------------------------------------------------------- */

static bool read_period(struct page *page, struct orders_view *view)
{
    struct period_form *form = &view->period;
    if (pairs_has(page->request->query, S("du")) || pairs_has(page->request->query, S("au"))) {
        if (form_read(page->arena, page->request->query, FORM(PERIOD, *form)) && form->from.v > form->to.v)
            form_refuse(&form->head, &form->to.f, MSG_orders_period_backwards);
        return form->head.error_count == 0;
    }
    day_number today = local_of(page->zone, page->now).day;
    form_blank(page->arena, FORM(PERIOD, *form));
    field_set_day(page->arena, &form->from, day_add_months(today, -DEFAULT_MONTHS));
    field_set_day(page->arena, &form->to, today);
    return true;
}

static bool search(struct page *page, struct orders_view *view)
{
    struct caller caller = page_caller(page);
    struct order_rows rows;
    struct fault fault = {.err = OK};
    view->from = view->period.from.v;
    view->to = view->period.to.v;
    enum err err = order_search(page_service(page), page->arena, &caller, view->from, view->to, &rows, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->searched = true;
    view->all = rows.n < LIMIT_LIST;
    view->orders = (struct order_items){ARENA_ARRAY(page->arena, rows.n + 1, struct order_item), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        view->orders.p[i] = (struct order_item){
            .ref = rows.p[i].ref, .what = what_of(page, &rows.p[i]), .at = rows.p[i].created_at,
            .state = order_badge(rows.p[i].state, rows.p[i].refund_due, rows.p[i].total.v == 0),
            .total = rows.p[i].total, .by_service = rows.p[i].by_service};
    return true;
}

void orders_page(struct page *page)
{
    struct orders_view view = {.searched = false};
    if (read_period(page, &view)) {
        if (!search(page, &view))
            return;
    } else {
        page->response->status = 422;
    }
    page->title = msg_text(page->arena, page->lang, MSG_orders_title);
    page->nav = S("commandes");
    tpl_sales_orders(page_out(page), page, &view);
}
