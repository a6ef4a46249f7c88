/* A request as its customer sees it: what happens now, answering a proposal, paying, saying something (MON-2). */
#include "service/payment.h"
#include "service/pricing.h"
#include "templates.h"
#include "web/request/pages.h"
#include "web/request/words.h"
#include "web/sales/words.h"

/* Messages about one request that may be sent in an hour. */
enum { SAY_MAX = 20, SAY_SECONDS = 3600 };

static const struct field_spec MESSAGE[] = {
    F_LONG_TEXT(struct request_message_form, words, "message", MSG_request_say, .required = true, .max = 1500),
};

static void fill_price(const struct page *page, struct request_page_view *view)
{
    const struct price *price = &view->f.r.price;
    if (!view->f.r.payable)
        return;
    view->lines = (struct sale_lines){ARENA_ARRAY(page->arena, price->count + 1, struct sale_line), price->count};
    for (size_t i = 0; i < price->count; i++) {
        const struct price_line *line = &price->lines[i];
        enum lang lang = page->lang;
        struct str tariff = line->role == ROLE_GUIDE ? msg_text(page->arena, lang, MSG_tariff_guide_free)
                            : line->role == ROLE_LEADER && line->unit.v == 0
                                ? msg_text(page->arena, lang, MSG_tariff_leader_free)
                                : tariff_label(page->arena, lang, line->tariff_code);
        view->lines.p[i] = (struct sale_line){
            .text = str_format(page->arena, "%d × %.*s", line->quantity, STR_ARG(tariff)),
            .why = price_why(page->arena, lang, str_of(line->why), line->why_number), .amount = line->total,
            .free = line->total.v == 0};
    }
}

/* The request of the address, or the page has ended. */
static bool read_request(struct page *page, struct request_page_view *view)
{
    struct str ref;
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (!request_captured(page, &ref))
        return false;
    enum err err = request_read(page_service(page), page->arena, &caller, ref, &view->f.r, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show(struct page *page, struct request_page_view *view)
{
    struct request_view *r = &view->f.r;
    struct fault fault = {.err = OK};
    struct legal_text terms = {.version = {NULL, 0}};
    bool may = page_may(page, TASK_REQUEST);
    request_facts_fill(page, false, &view->f);
    view->f.can_say = may;
    view->can_take = may && r->state == REQUEST_PROPOSED;
    view->can_withdraw = may && !r->paying && (request_is_open(r->state) || r->state == REQUEST_ACCEPTED ||
                                               r->state == REQUEST_TILL);
    view->can_till = may && r->state == REQUEST_ACCEPTED && !r->paying;
    view->confirmed = request_is_confirmed(r->state) && !r->voided;
    r->payable = r->payable && page_may(page, TASK_ORDER);
    fill_price(page, view);
    view->contact = (struct contact_view){.email = r->contact_email, .phone = r->contact_phone,
                                          .phone_plain = r->contact_phone, .place = r->city};
    if (r->payable) {
        enum err err = legal_text_load(page_service(page), page->arena, LEGAL_TERMS, page->lang, page->now, &terms,
                                       &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        view->terms_version = terms.version;
    }
    page->nav = S("commandes");
    request_title(page, MSG_request_title, r->ref, &view->f.message.head);
    for (int l = 0; l < LANG_COUNT; l++) /* also after a form: the page itself */
        page->in_lang[l] = safe_url_of_path(str_format(page->arena, "/%.*s/demandes/%.*s",
                                                       STR_ARG(lang_code((enum lang)l)), STR_ARG(r->ref)));
    tpl_request_page(page_out(page), page, view);
}

void request_one_page(struct page *page)
{
    struct request_page_view view = {.confirmed = false};
    if (!read_request(page, &view))
        return;
    if (!str_eq(view.f.r.ref, page_capture(page, "ref"))) { /* typed in another way: one address for one request */
        page_redirect(page, page_url(page, "/demandes/{}", view.f.r.ref));
        return;
    }
    form_blank(page->arena, FORM(MESSAGE, view.f.message));
    show(page, &view);
}

/* The page as it is now, with what the service answered. */
static void show_refused(struct page *page, struct str words)
{
    struct request_page_view view = {.confirmed = false};
    if (!read_request(page, &view))
        return;
    page->response->status = 409;
    view.f.refusal = words;
    form_blank(page->arena, FORM(MESSAGE, view.f.message));
    show(page, &view);
}

static void go_back(struct page *page, struct str ref, enum msg message)
{
    page_flash(page, FLASH_SUCCESS, message);
    page_redirect(page, page_url(page, "/demandes/{}", ref));
}

static void answer(struct page *page, enum request_act act, enum msg done)
{
    struct request_answer answer = {.act = act, .turn = request_sent_turn(page), .request_key = page_sent_key(page)};
    struct caller caller = page_caller(page);
    enum request_refusal refusal = REQUEST_REFUSED_NOT;
    struct fault fault = {.err = OK};
    if (!request_captured(page, &answer.ref))
        return;
    if (answer.turn == 0 || str_empty(answer.request_key)) {
        show_refused(page, msg_text(page->arena, page->lang, MSG_request_refused_changed));
        return;
    }
    enum err err = request_answer(page_service(page), page->arena, &caller, &answer, &refusal, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (refusal != REQUEST_REFUSED_NOT)
        show_refused(page, msg_text(page->arena, page->lang, request_refused_message(refusal), ARG("n", 0)));
    else
        go_back(page, answer.ref, done);
}

void request_take_sent(struct page *page)
{
    answer(page, REQUEST_TAKE, MSG_request_done_take);
}

void request_leave_sent(struct page *page)
{
    answer(page, REQUEST_LEAVE, MSG_request_done_leave);
}

void request_withdraw_sent(struct page *page)
{
    answer(page, REQUEST_WITHDRAW, MSG_request_done_withdraw);
}

void request_till_sent(struct page *page)
{
    answer(page, REQUEST_CHOOSE_TILL, MSG_request_done_till);
}

void request_say_sent(struct page *page)
{
    struct request_page_view view = {.confirmed = false};
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (!read_request(page, &view) || !page_allow(page, "request-say", view.f.r.ref, SAY_MAX, SAY_SECONDS))
        return;
    if (form_read(page->arena, page->request->form, FORM(MESSAGE, view.f.message))) {
        enum request_refusal refusal = REQUEST_REFUSED_NOT;
        enum err err = request_say(page_service(page), page->arena, &caller, view.f.r.ref, view.f.message.words.v,
                                   page_sent_key(page), &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == REQUEST_REFUSED_NOT) {
            go_back(page, view.f.r.ref, MSG_request_done_say);
            return;
        }
        form_refuse(&view.f.message.head, &view.f.message.words.f, request_refused_message(refusal));
    }
    page->response->status = 422;
    show(page, &view);
}

/* ---- Paying ----------------------------------------------------------------------------------------------------- */

/* To the provider's page; who acts for a customer never pays in the customer's name. */
static void open_payment(struct page *page, const struct caller *caller, struct str order_ref)
{
    struct payment_page payment = {.refusal = REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (caller->staff_id != 0) {
        order_mail_link(page, order_ref, page_sent_key(page));
        return;
    }
    enum err err = payment_open(page_service(page), page->arena, caller, order_ref, &payment, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (payment.refusal == REFUSED_NOT) {
        response_redirect_external(page->response, payment.url);
        return;
    }
    page_flash(page, payment.refusal == REFUSED_PAID ? FLASH_INFO : FLASH_ERROR, refusal_message(payment.refusal));
    page_redirect(page, page_url(page, "/commandes/{}", order_ref));
}

void request_pay_sent(struct page *page)
{
    struct str ref;
    struct caller caller = page_caller(page);
    struct request_payment payment = {.refusal = REQUEST_REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (!request_captured(page, &ref))
        return;
    enum err err = request_pay(page_service(page), page->arena, &caller, ref,
                               pairs_get(page->request->form, S("cgv")), page_sent_key(page), &payment, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (payment.refusal == REQUEST_REFUSED_PAYING || (payment.order_ref.n > 0 && !payment.to_pay))
        page_redirect(page, page_url(page, "/commandes/{}", payment.order_ref));
    else if (payment.refusal != REQUEST_REFUSED_NOT)
        show_refused(page, msg_text(page->arena, page->lang, request_refused_message(payment.refusal), ARG("n", 0)));
    else if (payment.order_refusal != REFUSED_NOT)
        show_refused(page, msg_text(page->arena, page->lang, refusal_message(payment.order_refusal)));
    else
        open_payment(page, &caller, payment.order_ref);
}
