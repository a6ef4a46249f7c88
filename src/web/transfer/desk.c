/* «Virements à recevoir»: what waits, «reçu», who may pay by transfer (OPS-5, CRT-4). */
#include "templates.h"
#include "web/staff/desk_words.h"
#include "web/transfer/common.h"
#include "web/transfer/pages.h"

static const struct choice ANSWERS[] = {{"oui", MSG_transfer_allow}, {"non", MSG_transfer_refuse}};

static const struct field_spec RECEIVED[] = {
    F_TEXT(struct received_form, amount, "montant", MSG_transfer_amount, .required = true, .max = 20,
           .hint = MSG_transfer_amount_hint),
    F_DAY(struct received_form, day, "date", MSG_transfer_day, .required = true),
    F_TEXT(struct received_form, bank_ref, "reference", MSG_transfer_bank_ref, .max = 140,
           .hint = MSG_transfer_bank_ref_hint),
    F_WHY(struct received_form, .hint = MSG_transfer_received_reason_hint),
};
static const struct field_spec ANSWER[] = {
    F_CHOICE(struct answer_form, answer, "reponse", MSG_transfer_answer, .required = true, .radio = true,
             CHOICES(ANSWERS)),
    F_WHY(struct answer_form, .hint = MSG_transfer_answer_reason_hint),
};
static const struct field_spec ACCOUNT[] = {
    F_WHY(struct why_form, .hint = MSG_transfer_account_reason_hint),
};

void transfers_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct transfer_desk_view view = {.can_import = page_staff_may(page, TASK_BANK_IMPORT),
                                      .can_refund = page_staff_may(page, TASK_REFUND)};
    struct fault fault = {.err = OK};
    enum err err = transfer_list(page_service(page), page->arena, &caller, &view.lists, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page->nav = S("service-virements");
    account_title(page, MSG_transfer_desk, NULL);
    tpl_transfer_desk(page_out(page), page, &view);
}

/* ---- One order -------------------------------------------------------------------------------------------------- */

static bool load(struct page *page, struct transfer_order_view *view)
{
    struct str ref;
    if (!page_staff_need(page, TASK_TRANSFER_RECORD) || !transfer_captured_ref(page, &ref))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = transfer_read(page_service(page), page->arena, &caller, ref, &view->d, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->state = desk_word("state", view->d.state);
    view->tone = desk_tone(view->d.state);
    view->can_allow = page_staff_may(page, TASK_TRANSFER_ALLOW);
    view->can_refund = page_staff_may(page, TASK_REFUND);
    form_blank(page->arena, FORM(RECEIVED, view->received));
    form_blank(page->arena, FORM(ANSWER, view->answer));
    field_set_day(page->arena, &view->received.day, service_day(page_service(page), page->now));
    if (view->d.view.left.v > 0)
        field_set_text(&view->received.amount, amount_typed(page, view->d.view.left));
    return true;
}

static void show(struct page *page, struct transfer_order_view *view, const struct form *form)
{
    if (str_empty(view->key))
        view->key = page_request_key(page);
    if (form != NULL)
        page->response->status = 422;
    page->nav = S("service-virements");
    struct str title = msg_text(page->arena, page->lang, MSG_transfer_order_title, ARG("ref", view->d.ref));
    page->title = form == NULL ? title
                               : msg_text(page->arena, page->lang, MSG_transfer_title_error, ARG("title", title));
    tpl_transfer_order(page_out(page), page, view);
}

void transfer_page(struct page *page)
{
    struct transfer_order_view view = {.tone = ""};
    if (load(page, &view))
        show(page, &view, NULL);
}

static void refuse_received(struct received_form *form, enum transfer_refusal refusal)
{
    if (refusal == TRANSFER_AMOUNT)
        form_refuse(&form->head, &form->amount.f, MSG_transfer_amount_wrong);
    else if (refusal == TRANSFER_DAY)
        form_refuse(&form->head, &form->day.f, MSG_transfer_day_wrong);
    else
        form_refuse(&form->head, &form->reason.f, MSG_transfer_reason_missing);
}

static enum msg told(const struct transfer_outcome *outcome)
{
    if (outcome->before)
        return MSG_transfer_recorded_before;
    switch (outcome->end) {
    case TRANSFER_PART: return MSG_transfer_recorded_part;
    case TRANSFER_CONFIRMED: return outcome->excess.v > 0 ? MSG_transfer_recorded_over : MSG_transfer_recorded;
    case TRANSFER_RETURN: break;
    }
    return MSG_transfer_recorded_return;
}

void transfer_received(struct page *page)
{
    struct transfer_order_view view = {.tone = "", .key = page_sent_key(page)};
    if (!load(page, &view))
        return;
    if (str_empty(view.key)) {
        page_error(page, 400);
        return;
    }
    struct cents amount = cents(0);
    bool good = form_read(page->arena, page->request->form, FORM(RECEIVED, view.received));
    if (good && !amount_parse(view.received.amount.v, &amount)) {
        form_refuse(&view.received.head, &view.received.amount.f, MSG_transfer_amount_wrong);
        good = false;
    }
    if (!good) {
        show(page, &view, &view.received.head);
        return;
    }
    struct transfer_record record = {.ref = view.d.ref, .amount = amount, .day = view.received.day.v,
                                     .bank_ref = view.received.bank_ref.v, .reason = view.received.reason.v,
                                     .request_key = view.key};
    struct staff_caller caller = page_staff_caller(page);
    struct transfer_outcome outcome;
    struct fault fault = {.err = OK};
    enum err err = transfer_record(page_service(page), page->arena, &caller, &record, &outcome, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (outcome.refusal != TRANSFER_NOT_REFUSED) {
        refuse_received(&view.received, outcome.refusal);
        show(page, &view, &view.received.head);
    } else {
        page_flash(page, outcome.end == TRANSFER_RETURN && !outcome.before ? FLASH_INFO : FLASH_SUCCESS,
                   told(&outcome));
        page_redirect(page, page_url(page, "/service/virements/{}", view.d.ref));
    }
}

void transfer_answered(struct page *page)
{
    struct transfer_order_view view = {.tone = ""};
    if (!page_staff_need(page, TASK_TRANSFER_ALLOW) || !load(page, &view))
        return;
    if (!form_read(page->arena, page->request->form, FORM(ANSWER, view.answer))) {
        show(page, &view, &view.answer.head);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    bool allow = str_eq(view.answer.answer.value, S("oui"));
    enum transfer_refusal refusal = TRANSFER_NOT_REFUSED;
    struct fault fault = {.err = OK};
    enum err err = transfer_decide_order(page_service(page), page->arena, &caller, view.d.ref, allow,
                                         view.answer.reason.v, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != TRANSFER_NOT_REFUSED) {
        form_refuse_all(&view.answer.head, refusal == TRANSFER_DECIDED ? MSG_transfer_decided : MSG_transfer_too_late);
        show(page, &view, &view.answer.head);
    } else {
        page_flash(page, FLASH_SUCCESS, allow ? MSG_transfer_allowed_done : MSG_transfer_refused_done);
        page_redirect(page, page_url(page, "/service/virements/{}", view.d.ref));
    }
}

/* ---- An account ------------------------------------------------------------------------------------------------- */

static bool load_account(struct page *page, struct transfer_account_view *view)
{
    int64_t id = 0;
    if (!page_staff_need(page, TASK_TRANSFER_ALLOW) || !transfer_captured_id(page, &id))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = transfer_account_read(page_service(page), page->arena, &caller, id, &view->account, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    form_blank(page->arena, FORM(ACCOUNT, view->form));
    return err == OK;
}

static void show_account(struct page *page, struct transfer_account_view *view)
{
    if (view->form.head.error_count > 0)
        page->response->status = 422;
    page->nav = S("service-clients");
    account_title(page, MSG_transfer_account, &view->form.head);
    tpl_transfer_account(page_out(page), page, view);
}

void transfer_account_page(struct page *page)
{
    struct transfer_account_view view = {.account.organisation_id = 0};
    if (load_account(page, &view))
        show_account(page, &view);
}

void transfer_account_sent(struct page *page)
{
    struct transfer_account_view view = {.account.organisation_id = 0};
    if (!load_account(page, &view))
        return;
    if (!form_read(page->arena, page->request->form, FORM(ACCOUNT, view.form))) {
        show_account(page, &view);
        return;
    }
    /* What the reader saw decides, not what it is by now: two people who press the same button want the same. */
    bool allow = str_eq(pairs_get(page->request->form, S("virement")), S("oui"));
    struct staff_caller caller = page_staff_caller(page);
    enum transfer_refusal refusal = TRANSFER_NOT_REFUSED;
    struct fault fault = {.err = OK};
    enum err err = transfer_allow_account(page_service(page), page->arena, &caller, view.account.organisation_id, allow,
                                          view.form.reason.v, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != TRANSFER_NOT_REFUSED) {
        form_refuse(&view.form.head, &view.form.reason.f, MSG_transfer_reason_missing);
        show_account(page, &view);
    } else {
        page_flash(page, FLASH_SUCCESS, allow ? MSG_transfer_account_allowed : MSG_transfer_account_withdrawn);
        page_redirect(page, page_url(page, "/service/organisations/{}",
                                     str_format(page->arena, "%lld", (long long)view.account.organisation_id)));
    }
}
