/* «Renvoyer»: a mail of the line of time goes out once more (OPS-1). */
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"
#include "web/staff/desk_words.h"

static const struct field_spec RESEND[] = {F_REASON(struct reason_form, .hint = MSG_acting_reason_hint)};

static bool find(struct page *page, struct resend_view *view)
{
    if (!customer_find(page, TASK_RESEND, &view->of) || !customer_captured(page, "mail", &view->mail_id))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = customer_mail_read(page_service(page), page->arena, &caller, view->of.id, view->mail_id, &view->mail,
                                      &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    enum msg word = desk_word("mail", view->mail.kind);
    view->what = word == MSG_none ? view->mail.kind : msg_text(page->arena, page->lang, word);
    return true;
}

static void show(struct page *page, struct resend_view *view)
{
    account_title(page, MSG_customer_resend_title, &view->form.head);
    tpl_customer_resend(page_out(page), page, view);
}

void resend_page(struct page *page)
{
    struct resend_view view = {.mail_id = 0};
    if (!find(page, &view))
        return;
    form_blank(page->arena, FORM(RESEND, view.form));
    show(page, &view);
}

void resend_sent(struct page *page)
{
    struct resend_view view = {.mail_id = 0};
    if (!find(page, &view))
        return;
    if (form_read(page->arena, page->request->form, FORM(RESEND, view.form))) {
        struct staff_caller caller = page_staff_caller(page);
        struct customer_act act = customer_act_of(page, &caller, &view.of, view.form.reason.v);
        enum customer_refusal refusal = CUSTOMER_REFUSED_NOT;
        struct fault fault = {.err = OK};
        enum err err = customer_mail_resend(page_service(page), page->arena, &act, view.mail_id, &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == CUSTOMER_REFUSED_NOT) {
            customer_done(page, view.of.id, MSG_customer_resend_done);
            return;
        }
        form_refuse_all(&view.form.head, customer_refusal_message(refusal));
    }
    page->response->status = 422;
    show(page, &view);
}
