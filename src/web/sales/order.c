/* One order: its state, its visits and money, paying it, giving it up, its mails, its invoice (ORD-1, ORD-2, CRT-3). */
#include "base/limits.h"
#include "service/customer.h"
#include "service/payment.h"
#include "templates.h"
#include "web/change/order_notes.h"
#include "web/sales/order_words.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"
#include "web/transfer/common.h"

/* Mails of one order that may be asked for again in an hour. */
enum { RESEND_MAX = 10, RESEND_SECONDS = 3600 };

static bool read_order(struct page *page, struct str ref, struct order_view *ret_order)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = order_read(page_service(page), page->arena, &caller, ref, ret_order, &fault);
    if (err == OK)
        return true;
    page_fail(page, err, &fault);
    return false;
}

static void go_to_order(struct page *page, struct str ref)
{
    page_redirect(page, page_url(page, "/commandes/{}", ref));
}

/* ---- The page --------------------------------------------------------------------------------------------------- */

static void fill_payments(struct page *page, const struct order_view *order, struct order_page_view *view)
{
    view->payments = (struct payment_rows){ARENA_ARRAY(page->arena, order->payments.n + 1, struct payment_row),
                                           order->payments.n};
    for (size_t i = 0; i < order->payments.n; i++) {
        const struct order_payment_view *payment = &order->payments.p[i];
        view->payments.p[i] = (struct payment_row){
            .at = payment->received_at, .transfer = str_eq(payment->provider, S("transfer")), .state = payment_badge(payment->state),
            .reason = payment_reason(payment->state, payment->reason), .amount = payment->amount};
        if (payment->state == PAYMENT_REFUND_DUE) {
            view->refund = cents_add(view->refund, payment->amount);
            view->refund_over = view->refund_over || str_eq(payment->reason, S("over"));
        }
    }
}

/* False: the page has ended. */
static bool fill_visits(struct page *page, const struct settings *settings, const struct order_view *order,
                        struct order_page_view *view)
{
    struct change_row *changes = NULL;
    struct closure_note_view *closed = ARENA_ARRAY(page->arena, order->visits.n + 1, struct closure_note_view);
    for (size_t i = 0; i < order->visits.n; i++)
        closed[i] = (struct closure_note_view){.visit_id = order->visits.p[i].id, .text = MSG_none};
    if (!order_notes_fill(page, order, &view->change, &changes)
        || !closure_notes_fill(page, order->ref, closed, order->visits.n))
        return false;
    view->visits = (struct order_visit_rows){ARENA_ARRAY(page->arena, order->visits.n + 1, struct order_visit_row),
                                             order->visits.n};
    for (size_t i = 0; i < order->visits.n; i++) {
        const struct order_visit_view *visit = &order->visits.p[i];
        view->visits.p[i] = (struct order_visit_row){
            .visit = sale_visit_of_order(page, settings, order, i), .tickets = visit->tickets, .leader = visit->leader,
            .recipient = visit->recipient, .recipient_email = visit->recipient_email, .change = changes[i],
            .closed = closed[i], .at_slot = visit->has_start};
    }
    return true;
}

/* The list of ticket numbers, where a voucher layout is approved (TKT-2). false: the page has ended. */
static bool fill_csv(struct page *page, struct str ref, struct order_page_view *view)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = order_tickets_form(page_service(page), page->arena, &caller, ref, &view->csv, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

void order_page(struct page *page)
{
    struct str ref = {0};
    struct order_view order;
    const struct settings *settings = page_settings(page);
    if (settings == NULL || !captured_reference(page, &ref) || !read_order(page, ref, &order))
        return;
    if (!str_eq(ref, page_capture(page, "ref"))) { /* typed in another way: one address for one order */
        go_to_order(page, ref);
        return;
    }
    struct order_page_view view = {
        .ref = ref, .buyer = order.buyer, .invoice = order.invoice, .terms_version = order.terms_version,
        .created_at = order.created_at, .total = order.total,
        .state = order_badge(order.state, order.refund_due, order.total.v == 0),
        .pending = order.state == ORDER_PENDING, .confirmed = order.state == ORDER_CONFIRMED,
        .expired = order.state == ORDER_EXPIRED, .payable = order.payable,
        .refund_due = order.refund_due, .pay_until = order.pay_until, .left = order.pay_until - page->now,
        .interrupted = str_eq(page_query(page, "paiement"), S("interrompu")),
        .service_email = settings->contact_groups, .key = page_request_key(page), .by_service = order.by_service};
    fill_payments(page, &order, &view);
    if (view.confirmed && !fill_csv(page, ref, &view))
        return;
    if (!fill_visits(page, settings, &order, &view) ||
        !transfer_box_fill(page, ref, settings->contact_groups, &view.transfer) ||
        !refund_box_fill(page, ref, &view.refunds))
        return;
    page->title = msg_text(page->arena, page->lang, MSG_order_title, ARG("ref", ref));
    page->nav = S("commandes");
    tpl_sales_order(page_out(page), page, &view);
}

/* ---- Paying ----------------------------------------------------------------------------------------------------- */

void order_pay_sent(struct page *page)
{
    struct str ref = {0};
    if (!captured_reference(page, &ref))
        return;
    struct caller caller = page_caller(page);
    struct payment_page payment = {.refusal = REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = payment_open(page_service(page), page->arena, &caller, ref, &payment, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (payment.refusal == REFUSED_NOT) {
        response_redirect_external(page->response, payment.url);
        return;
    }
    page_flash(page, payment.refusal == REFUSED_PAID ? FLASH_INFO : FLASH_ERROR, refusal_message(payment.refusal));
    go_to_order(page, ref);
}

void order_mail_link(struct page *page, struct str ref, struct str key)
{
    struct caller caller = page_caller(page);
    enum refusal refusal = REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = customer_payment_link(page_service(page), page->arena, &caller, ref, key, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (refusal == REFUSED_NOT)
        page_flash(page, FLASH_SUCCESS, MSG_acting_link_sent);
    else
        page_flash(page, refusal == REFUSED_PAID ? FLASH_INFO : FLASH_ERROR, refusal_message(refusal));
    go_to_order(page, ref);
}

void order_link_sent(struct page *page)
{
    struct str ref = {0};
    struct str key = page_sent_key(page);
    if (!captured_reference(page, &ref))
        return;
    if (str_empty(key))
        page_error(page, 400);
    else
        order_mail_link(page, ref, key);
}

/* The provider sends the buyer here, which proves nothing: it is asked. */
void order_return_page(struct page *page)
{
    struct str ref = {0};
    struct order_view order;
    if (!captured_reference(page, &ref))
        return;
    struct caller caller = page_caller(page);
    enum settlement settlement = SETTLED_NOTHING;
    struct fault fault = {.err = OK};
    enum err err = payment_returned(page_service(page), page->arena, &caller, ref, &settlement, &fault);
    if (err == ERR_NOT_FOUND) {
        page_fail(page, err, &fault);
        return;
    }
    /* A provider that does not answer now is asked again by the page or by the job. */
    if (!read_order(page, ref, &order))
        return;
    if (order.state == ORDER_PENDING) {
        struct order_return_view view = {.ref = ref};
        page->title = msg_text(page->arena, page->lang, MSG_order_return_title);
        page->nav = S("commandes");
        tpl_sales_order_return(page_out(page), page, &view);
        return;
    }
    if (order.state == ORDER_CONFIRMED && !order.refund_due)
        page_flash(page, FLASH_SUCCESS, MSG_order_paid_flash);
    go_to_order(page, ref);
}

void order_abandon_sent(struct page *page)
{
    struct str ref = {0};
    if (!captured_reference(page, &ref))
        return;
    struct caller caller = page_caller(page);
    enum settlement settlement = SETTLED_NOTHING;
    struct fault fault = {.err = OK};
    enum err err = payment_abandon(page_service(page), page->arena, &caller, ref, &settlement, &fault);
    if (err == ERR_NOT_FOUND) {
        page_fail(page, err, &fault);
        return;
    }
    if (err != OK) {
        page_flash(page, FLASH_ERROR, MSG_refusal_provider);
        go_to_order(page, ref);
        return;
    }
    /* The provider's notification may have settled it before we did: what counts is what the order is now. */
    struct order_view order;
    if (!read_order(page, ref, &order))
        return;
    if (order.state == ORDER_EXPIRED)
        page_flash(page, FLASH_INFO, MSG_order_abandoned);
    else if (order.state == ORDER_CONFIRMED)
        page_flash(page, FLASH_SUCCESS, MSG_order_paid_flash);
    go_to_order(page, ref);
}

/* ---- Mails and invoice ------------------------------------------------------------------------------------------ */

void order_resend_sent(struct page *page)
{
    struct str ref = {0};
    if (!captured_reference(page, &ref) || !page_allow(page, "resend", ref, RESEND_MAX, RESEND_SECONDS))
        return;
    int64_t visit_id = 0;
    (void)str_int(pairs_get(page->request->form, S("visite")), &visit_id);
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = order_resend(page_service(page), page->arena, &caller, ref, visit_id, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, visit_id == 0 ? MSG_order_resent : MSG_order_tickets_resent);
    go_to_order(page, ref);
}

void order_invoice(struct page *page)
{
    struct str ref = {0};
    if (!captured_reference(page, &ref))
        return;
    struct caller caller = page_caller(page);
    struct buf pdf = buf_new(LIMIT_PDF_BYTES);
    struct fault fault = {.err = OK};
    enum err err = order_invoice_pdf(page_service(page), page->arena, &caller, ref, &pdf, &fault);
    const char *word = page->lang == LANG_FR ? "facture" : "invoice";
    struct str name = str_format(page->arena, "%s-%.*s.pdf", word, STR_ARG(ref));
    if (err == OK)
        page_document(page, "application/pdf", name, true, buf_view(&pdf));
    else
        page_fail(page, err, &fault);
    buf_free(&pdf);
}
