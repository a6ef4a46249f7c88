/* Requests on the operator's side: the monument's list and page, and customer service's (MON-2). */
#include "templates.h"
#include "web/account/common.h"
#include "web/request/pages.h"
#include "web/request/words.h"

static const struct field_spec ACCEPT[] = {
    F_TIME(struct request_accept_form, time, "heure", MSG_request_fixed_time, .required = true),
    F_LONG_TEXT(struct request_accept_form, words, "mot", MSG_request_word_to_customer, .max = 1500),
};
static const struct field_spec PROPOSE[] = {
    F_DAY(struct request_propose_form, day, "jour-propose", MSG_request_day, .required = true),
    F_TIME(struct request_propose_form, time, "heure-proposee", MSG_request_time, .required = true),
    F_LONG_TEXT(struct request_propose_form, words, "mot-proposition", MSG_request_word_to_customer, .max = 1500),
};
static const struct field_spec DECLINE[] = {
    F_LONG_TEXT(struct request_message_form, words, "motif", MSG_request_reason, .required = true, .max = 1500,
                .hint = MSG_request_reason_hint),
};
static const struct field_spec CANCEL[] = {
    F_LONG_TEXT(struct request_message_form, words, "motif-annulation", MSG_request_reason, .required = true,
                .max = 1500, .hint = MSG_request_reason_hint),
};
static const struct field_spec MESSAGE[] = {
    F_LONG_TEXT(struct request_message_form, words, "message", MSG_request_say_customer, .required = true, .max = 1500),
};

void request_desk_list_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct request_desk desk = {.all = false};
    struct fault fault = {.err = OK};
    enum err err = request_desk_list(page_service(page), page->arena, &caller, &desk, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct request_desk_view view = {.waiting = request_rows_of(page, &desk.waiting, true),
                                     .others = request_rows_of(page, &desk.others, true), .all = desk.all};
    page->nav = S("service-demandes");
    account_title(page, MSG_request_desk, NULL);
    tpl_request_desk(page_out(page), page, &view);
}

/* The request of the address, or the page has ended. */
static bool read_request(struct page *page, struct request_desk_page_view *view)
{
    struct str ref;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!request_captured(page, &ref))
        return false;
    enum err err = request_desk_read(page_service(page), page->arena, &caller, ref, &view->f.r, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

/* Every form of the page as it is shown first. */
static void blank(struct page *page, struct request_desk_page_view *view)
{
    const struct request_view *r = &view->f.r;
    form_blank(page->arena, FORM(ACCEPT, view->accept));
    form_blank(page->arena, FORM(PROPOSE, view->propose));
    form_blank(page->arena, FORM(DECLINE, view->decline));
    form_blank(page->arena, FORM(CANCEL, view->cancel));
    form_blank(page->arena, FORM(MESSAGE, view->f.message));
    field_set_time(page->arena, &view->accept.time, r->from);
    field_set_day(page->arena, &view->propose.day, r->day);
}

static bool may_do(const struct request_view *r, enum request_act act)
{
    enum request_state ignored;
    return request_after(r->state, act, true, &ignored);
}

static void show(struct page *page, struct request_desk_page_view *view)
{
    struct request_view *r = &view->f.r;
    request_facts_fill(page, true, &view->f);
    view->f.can_say = true;
    view->can_accept = may_do(r, REQUEST_ACCEPT);
    view->can_propose = may_do(r, REQUEST_PROPOSE);
    view->can_decline = may_do(r, REQUEST_DECLINE);
    view->can_cancel = may_do(r, REQUEST_CANCEL) && !r->paying && !r->voided;
    view->asker_phone = phone_shown(page->arena, r->asker_phone);
    view->leader_phone = phone_shown(page->arena, r->leader_phone);
    const struct form *forms[] = {&view->accept.head, &view->propose.head, &view->decline.head, &view->cancel.head,
                                  &view->f.message.head};
    const struct form *wrong = NULL;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i]->error_count > 0)
            wrong = forms[i];
    page->nav = S("service-demandes");
    request_title(page, MSG_request_title, r->ref, wrong);
    for (int l = 0; l < LANG_COUNT; l++)
        page->in_lang[l] = safe_url_of_path(str_format(page->arena, "/%.*s/service/demandes/%.*s",
                                                       STR_ARG(lang_code((enum lang)l)), STR_ARG(r->ref)));
    tpl_request_desk_page(page_out(page), page, view);
}

void request_desk_one_page(struct page *page)
{
    struct request_desk_page_view view = {.can_accept = false};
    if (!read_request(page, &view))
        return;
    if (!str_eq(view.f.r.ref, page_capture(page, "ref"))) {
        page_redirect(page, page_url(page, "/service/demandes/{}", view.f.r.ref));
        return;
    }
    blank(page, &view);
    show(page, &view);
}

/* What the service did with a form: it is done, or the page again, the error beside the field where there is one. */
static void finish(struct page *page, struct request_desk_page_view *view, enum request_refusal refusal,
                   struct form *form, struct field *time, struct field *words, enum msg done)
{
    struct str ref = view->f.r.ref;
    if (refusal == REQUEST_REFUSED_NOT) {
        page_flash(page, FLASH_SUCCESS, done);
        page_redirect(page, page_url(page, "/service/demandes/{}", ref));
        return;
    }
    if (refusal == REQUEST_REFUSED_TIME && time != NULL) {
        form_refuse(form, time, MSG_request_refused_time);
    } else if (refusal == REQUEST_REFUSED_WORDS && words != NULL) {
        form_refuse(form, words, MSG_request_refused_words);
    } else { /* somebody was quicker: the page as it is now */
        if (!read_request(page, view))
            return;
        view->f.refusal = msg_text(page->arena, page->lang, request_refused_message(refusal), ARG("n", 0));
        page->response->status = 409;
        show(page, view);
        return;
    }
    page->response->status = 422;
    show(page, view);
}

/* Sends an answer; false when the page has ended. */
static bool send(struct page *page, const struct request_desk_page_view *view, struct request_answer answer,
                 enum request_refusal *ret_refusal)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    answer.ref = view->f.r.ref;
    answer.turn = request_sent_turn(page);
    answer.request_key = page_sent_key(page);
    if (answer.turn == 0 || str_empty(answer.request_key)) {
        *ret_refusal = REQUEST_REFUSED_CHANGED;
        return true;
    }
    enum err err = request_desk_answer(page_service(page), page->arena, &caller, &answer, ret_refusal, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void again(struct page *page, struct request_desk_page_view *view)
{
    page->response->status = 422;
    show(page, view);
}

void request_desk_accept_sent(struct page *page)
{
    struct request_desk_page_view view = {.can_accept = false};
    enum request_refusal refusal = REQUEST_REFUSED_NOT;
    if (!read_request(page, &view))
        return;
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(ACCEPT, view.accept))) {
        again(page, &view);
        return;
    }
    struct request_answer answer = {.act = REQUEST_ACCEPT, .words = view.accept.words.v,
                                    .start_at = instant_of(page->zone, view.f.r.day, view.accept.time.v)};
    if (send(page, &view, answer, &refusal))
        finish(page, &view, refusal, &view.accept.head, &view.accept.time.f, &view.accept.words.f, MSG_request_done_accept);
}

void request_desk_propose_sent(struct page *page)
{
    struct request_desk_page_view view = {.can_accept = false};
    enum request_refusal refusal = REQUEST_REFUSED_NOT;
    if (!read_request(page, &view))
        return;
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(PROPOSE, view.propose))) {
        again(page, &view);
        return;
    }
    struct request_answer answer = {.act = REQUEST_PROPOSE, .words = view.propose.words.v,
                                    .start_at = instant_of(page->zone, view.propose.day.v, view.propose.time.v)};
    if (send(page, &view, answer, &refusal))
        finish(page, &view, refusal, &view.propose.head, &view.propose.day.f, &view.propose.words.f,
               MSG_request_done_propose);
}

void request_desk_decline_sent(struct page *page)
{
    struct request_desk_page_view view = {.can_accept = false};
    enum request_refusal refusal = REQUEST_REFUSED_NOT;
    if (!read_request(page, &view))
        return;
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(DECLINE, view.decline)))
        again(page, &view);
    else if (send(page, &view, (struct request_answer){.act = REQUEST_DECLINE, .words = view.decline.words.v}, &refusal))
        finish(page, &view, refusal, &view.decline.head, NULL, &view.decline.words.f, MSG_request_done_decline);
}

void request_desk_cancel_sent(struct page *page)
{
    struct request_desk_page_view view = {.can_accept = false};
    enum request_refusal refusal = REQUEST_REFUSED_NOT;
    if (!read_request(page, &view))
        return;
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(CANCEL, view.cancel)))
        again(page, &view);
    else if (send(page, &view, (struct request_answer){.act = REQUEST_CANCEL, .words = view.cancel.words.v}, &refusal))
        finish(page, &view, refusal, &view.cancel.head, NULL, &view.cancel.words.f, MSG_request_done_cancel);
}

void request_desk_say_sent(struct page *page)
{
    struct request_desk_page_view view = {.can_accept = false};
    enum request_refusal refusal = REQUEST_REFUSED_NOT;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!read_request(page, &view))
        return;
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(MESSAGE, view.f.message))) {
        again(page, &view);
        return;
    }
    enum err err = request_desk_say(page_service(page), page->arena, &caller, view.f.r.ref, view.f.message.words.v,
                                    page_sent_key(page), &refusal, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        finish(page, &view, refusal, &view.f.message.head, NULL, &view.f.message.words.f, MSG_request_done_say_desk);
}
