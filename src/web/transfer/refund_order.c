/* An order's visits given back, whole or in part, after a monument's cancellation (ORD-4). */
#include "service/pricing.h"
#include "templates.h"
#include "web/transfer/common.h"
#include "web/transfer/pages.h"

static const struct field_spec REASON[] = {F_WHY(struct why_form, .hint = MSG_refund_order_reason_hint)};

static bool load(struct page *page, struct refund_order_view *view)
{
    struct str ref;
    if (!page_staff_need(page, TASK_REFUND) || !transfer_captured_ref(page, &ref))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = refund_order_read(page_service(page), page->arena, &caller, ref, &view->order, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    form_blank(page->arena, FORM(REASON, view->form));
    return true;
}

/* What was typed for each line, or with a page that was just opened: all that is left. */
static void fill_lines(struct page *page, struct refund_order_view *view, bool sent)
{
    const struct refund_order *order = &view->order;
    view->visits = (struct refund_visit_lines){
        ARENA_ARRAY(page->arena, order->visit_count + 1, struct refund_visit_line), order->visit_count};
    for (size_t i = 0; i < order->visit_count; i++) {
        const struct refund_order_visit *visit = &order->visits[i];
        struct refund_quantity *p = ARENA_ARRAY(page->arena, visit->line_count + 1, struct refund_quantity);
        for (size_t k = 0; k < visit->line_count; k++) {
            const struct refund_order_line *line = &visit->lines[k];
            struct str name = str_format(page->arena, "ligne-%lld", (long long)line->position);
            p[k] = (struct refund_quantity){.line = line, .name = name,
                                            .tariff = tariff_label(page->arena, page->lang, line->tariff_code)};
            p[k].typed = sent ? str_trim(pairs_get(page->request->form, name)) : S("0");
        }
        view->visits.p[i] = (struct refund_visit_line){visit, {p, visit->line_count}};
    }
}

static void show(struct page *page, struct refund_order_view *view)
{
    if (str_empty(view->key))
        view->key = page_request_key(page);
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    page->nav = S("service-virements");
    account_title(page, MSG_refund_order, &view->form.head);
    tpl_transfer_refund_order(page_out(page), page, view);
}

void refund_order_page(struct page *page)
{
    struct refund_order_view view = {.key = {NULL, 0}};
    if (!load(page, &view))
        return;
    fill_lines(page, &view, false);
    show(page, &view);
}

/* The quantities as numbers; those that are none, or too many, are marked. «Tout rembourser» asks for all that is
 * left. */
static bool read_choices(struct refund_order_view *view, struct refund_choice *choices, size_t *ret_count, bool all)
{
    bool good = true;
    size_t n = 0;
    for (size_t i = 0; i < view->visits.n; i++)
        for (size_t k = 0; k < view->visits.p[i].lines.n; k++) {
            struct refund_quantity *quantity = &view->visits.p[i].lines.p[k];
            int64_t number = 0;
            if (all)
                number = quantity->line->left;
            else if (!str_empty(quantity->typed) && !str_int(quantity->typed, &number))
                number = -1;
            quantity->wrong = number < 0 || number > quantity->line->left;
            good = good && !quantity->wrong;
            if (number > 0)
                choices[n++] = (struct refund_choice){.position = quantity->line->position, .quantity = number};
        }
    *ret_count = n;
    return good;
}

static void pay(struct page *page, struct refund_order_view *view, const struct refund_choice *choices, size_t count)
{
    struct refund_order_request request = {.ref = view->order.ref, .choices = choices, .choice_count = count,
                                           .reason = view->form.reason.v, .request_key = view->key};
    struct staff_caller caller = page_staff_caller(page);
    struct refund_order_made made;
    struct fault fault = {.err = OK};
    enum err err = refund_order_pay(page_service(page), page->arena, &caller, &request, &made, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (made.refusal != REFUND_DESK_NOT_REFUSED) {
        form_refuse_all(&view->form.head,
                        made.refusal == REFUND_DESK_NOTHING ? MSG_refund_nothing : MSG_refund_too_much);
        show(page, view);
    } else {
        page_flash(page, FLASH_SUCCESS, made.made.by_provider ? MSG_refund_decided_card : MSG_refund_decided_transfer);
        page_redirect(page, page_url(page, "/service/remboursements/commandes/{}", view->order.ref));
    }
}

void refund_order_sent(struct page *page)
{
    struct refund_order_view view = {.key = page_sent_key(page)};
    if (!load(page, &view))
        return;
    if (str_empty(view.key)) {
        page_error(page, 400);
        return;
    }
    fill_lines(page, &view, true);
    size_t lines = 0, count = 0;
    for (size_t i = 0; i < view.visits.n; i++)
        lines += view.visits.p[i].lines.n;
    struct refund_choice *choices = ARENA_ARRAY(page->arena, lines + 1, struct refund_choice);
    bool good = form_read(page->arena, page->request->form, FORM(REASON, view.form));
    bool all = str_eq(pairs_get(page->request->form, S("combien")), S("tout"));
    if (!read_choices(&view, choices, &count, all)) {
        form_refuse_all(&view.form.head, MSG_refund_quantity_wrong);
        good = false;
    }
    if (good)
        pay(page, &view, choices, count);
    else
        show(page, &view);
}
