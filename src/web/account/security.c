/* «Sécurité»: a customer turns the second factor on and off, and gets new recovery codes (ACC-6). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

enum { TRIES = 10, TRIES_SECONDS = 900 };

static const struct field_spec START[] = {
    F_PASSWORD(struct factor_start_form, password, "motdepasse", MSG_security_password, .required = true,
               .autocomplete = "current-password"),
};
static const struct field_spec DISABLE[] = {
    F_TEXT(struct code_form, code, "code-fin", MSG_security_code_off, .required = true, .max = 20,
           .hint = MSG_factor_code_hint, .autocomplete = "one-time-code"),
};

static void blank(struct page *page, struct security_view *view)
{
    form_blank(page->arena, FORM(START, view->start));
    form_blank(page->arena, FORM(app_code_specs, view->renew));
    form_blank(page->arena, FORM(DISABLE, view->disable));
}

static void show(struct page *page, struct security_view *view)
{
    struct fault fault = {.err = OK};
    enum err err = factor_read(page_service(page), page->arena, page_caller(page), &view->state, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    const struct form *wrong = view->start.head.error_count > 0   ? &view->start.head
                               : view->renew.head.error_count > 0 ? &view->renew.head : &view->disable.head;
    view->email = page_session(page)->email;
    page->nav = S("client");
    account_title(page, MSG_security_title, wrong);
    tpl_account_security(page_out(page), page, view);
}

static void refuse(struct page *page, struct security_view *view, struct form *form, struct field *field,
                   enum account_refusal refusal)
{
    if (refusal == ACCOUNT_STEP_ENDED || refusal == ACCOUNT_FACTOR_ON)
        form_refuse_all(form, account_refusal_message(refusal));
    else if (refusal != ACCOUNT_REFUSED_NOT)
        form_refuse(form, field, account_refusal_message(refusal));
    page->response->status = 422;
    show(page, view);
}

void security_page(struct page *page)
{
    struct security_view view = {.email = {NULL, 0}};
    blank(page, &view);
    show(page, &view);
}

static void show_setup(struct page *page, struct security_setup_view *view, const struct factor_setup *setup)
{
    struct fault fault = {.err = OK};
    enum err err = factor_show(page, setup, &view->factor, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page->nav = S("client");
    account_title(page, MSG_security_setup, &view->form.head);
    tpl_account_security_setup(page_out(page), page, view);
}

void factor_begun(struct page *page)
{
    struct security_view view = {.email = {NULL, 0}};
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(START, view.start))) {
        refuse(page, &view, &view.start.head, &view.start.password.f, ACCOUNT_REFUSED_NOT);
        return;
    }
    struct caller caller = page_caller(page);
    if (!page_allow(page, "factor-begin", str_format(page->arena, "%lld", (long long)caller.person_id), TRIES,
                    TRIES_SECONDS))
        return;
    struct factor_setup setup = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = factor_begin(page_service(page), page->arena, caller, view.start.password.v, &setup, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (setup.refusal != ACCOUNT_REFUSED_NOT) {
        refuse(page, &view, &view.start.head, &view.start.password.f, setup.refusal);
    } else {
        struct security_setup_view next = {.factor = {.secret = {NULL, 0}}};
        form_blank(page->arena, FORM(app_code_specs, next.form));
        show_setup(page, &next, &setup);
    }
}

/* The codes are shown here and never again, so this page is the answer itself and no redirect. */
static void show_codes(struct page *page, const struct factor_codes *codes)
{
    struct security_codes_view view = {.codes = *codes};
    page->nav = S("client");
    response_header(page->response, "Cache-Control", S("no-store"));
    account_title(page, MSG_factor_codes_title, NULL);
    tpl_account_security_codes(page_out(page), page, &view);
}

static void refuse_setup(struct page *page, struct security_setup_view *view, const struct factor_codes *codes)
{
    if (codes->refusal == ACCOUNT_STEP_ENDED || codes->setup.secret.n == 0) {
        struct security_view again = {.email = {NULL, 0}};
        blank(page, &again);
        refuse(page, &again, &again.start.head, &again.start.password.f, ACCOUNT_STEP_ENDED);
        return;
    }
    form_refuse(&view->form.head, &view->form.code.f, account_refusal_message(codes->refusal));
    page->response->status = 422;
    show_setup(page, view, &codes->setup);
}

void factor_confirmed(struct page *page)
{
    struct security_setup_view view = {.factor = {.secret = {NULL, 0}}};
    (void)form_read(page->arena, page->request->form, FORM(app_code_specs, view.form));
    struct factor_codes codes = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    /* An empty code is left to the service too: its refusal brings the secret to show the page again. */
    enum err err = factor_confirm(page_service(page), page->arena, page_caller(page), view.form.code.v, &codes, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (codes.refusal != ACCOUNT_REFUSED_NOT)
        refuse_setup(page, &view, &codes);
    else
        show_codes(page, &codes);
}

void factor_codes_renewed(struct page *page)
{
    struct security_view view = {.email = {NULL, 0}};
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(app_code_specs, view.renew))) {
        refuse(page, &view, &view.renew.head, &view.renew.code.f, ACCOUNT_REFUSED_NOT);
        return;
    }
    struct factor_codes codes = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err =
        factor_codes_renew(page_service(page), page->arena, page_caller(page), view.renew.code.v, &codes, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (codes.refusal != ACCOUNT_REFUSED_NOT)
        refuse(page, &view, &view.renew.head, &view.renew.code.f, codes.refusal);
    else
        show_codes(page, &codes);
}

void factor_disabled(struct page *page)
{
    struct security_view view = {.email = {NULL, 0}};
    blank(page, &view);
    if (!form_read(page->arena, page->request->form, FORM(DISABLE, view.disable))) {
        refuse(page, &view, &view.disable.head, &view.disable.code.f, ACCOUNT_REFUSED_NOT);
        return;
    }
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err =
        factor_disable(page_service(page), page->arena, page_caller(page), view.disable.code.v, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != ACCOUNT_REFUSED_NOT) {
        refuse(page, &view, &view.disable.head, &view.disable.code.f, refusal);
    } else {
        page_flash(page, FLASH_SUCCESS, MSG_security_off_done);
        page_redirect(page, page_url(page, "/client/securite"));
    }
}
