/* Signing in and out (ACC-4), with a code for who has a second factor (ACC-6). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

/* Tries of one address of the network, and of one account, in a quarter of an hour. */
enum { TRIES_A_PEER = 20, TRIES_AN_ACCOUNT = 10, TRIES_SECONDS = 900, LONGEST_BACK = 500 };

static const struct field_spec SIGN_IN[] = {
    F_EMAIL(struct sign_in_form, email, "courriel", MSG_account_email, .required = true, .autocomplete = "username"),
    F_PASSWORD(struct sign_in_form, password, "motdepasse", MSG_account_password, .required = true,
               .autocomplete = "current-password"),
};

static void show(struct page *page, struct sign_in_view *view)
{
    account_title(page, MSG_account_sign_in, &view->form.head);
    tpl_account_sign_in(page_out(page), page, view);
}

/* Where to go afterwards: a page of ours in either language, else the welcome page. */
static struct str way_back(const struct page *page, struct str asked)
{
    bool ours = (str_starts(asked, S("/fr/")) || str_starts(asked, S("/en/"))) && asked.n < LONGEST_BACK;
    return ours ? asked : page_url(page, "/");
}

void sign_in_page(struct page *page)
{
    struct sign_in_view view = {.back = way_back(page, page_query(page, "retour"))};
    if (page->signed_in) {
        page_redirect(page, view.back);
        return;
    }
    form_blank(page->arena, FORM(SIGN_IN, view.form));
    show(page, &view);
}

static void refuse(struct page *page, struct sign_in_view *view, enum msg why)
{
    if (why != MSG_none)
        form_refuse_all(&view->form.head, why);
    page->response->status = 422;
    show(page, view);
}

/* The cookie gets a new value, so that nobody can know it from before; a session that was open in this browser ends. */
static void enter(struct page *page, const struct sign_in_answer *answer, struct str back)
{
    struct fault fault = {.err = OK};
    struct str before = pairs_get(page->request->cookies, S(SITE_SESSION_COOKIE));
    if (page->signed_in)
        (void)session_sign_out(page_service(page), page->arena, before, &fault); /* else it ends by its age */
    site_set_session(page, answer->token, answer->expires_at - page->now);
    page_redirect(page, back);
}

static void show_code(struct page *page, struct sign_in_code_view *view)
{
    account_title(page, MSG_factor_title, &view->form.head);
    tpl_account_sign_in_code(page_out(page), page, view);
}

static void ask_code(struct page *page, struct str step, struct str back)
{
    struct sign_in_code_view view = {.step = step, .back = back};
    form_blank(page->arena, FORM(code_specs, view.form));
    show_code(page, &view);
}

static void refuse_code(struct page *page, struct sign_in_code_view *view, enum account_refusal refusal)
{
    if (refusal == ACCOUNT_STEP_ENDED) {
        struct sign_in_view again = {.back = view->back};
        form_blank(page->arena, FORM(SIGN_IN, again.form));
        refuse(page, &again, account_refusal_message(refusal));
        return;
    }
    if (refusal != ACCOUNT_REFUSED_NOT)
        form_refuse(&view->form.head, &view->form.code.f, account_refusal_message(refusal));
    page->response->status = 422;
    show_code(page, view);
}

void sign_in_code_sent(struct page *page)
{
    struct pairs sent = page->request->form;
    struct sign_in_code_view view = {.step = pairs_get(sent, S("etape")),
                                     .back = way_back(page, pairs_get(sent, S("retour")))};
    if (!form_read(page->arena, sent, FORM(code_specs, view.form))) {
        refuse_code(page, &view, ACCOUNT_REFUSED_NOT);
        return;
    }
    if (!page_allow(page, "code-peer", page->request->peer, CODE_TRIES_A_PEER, CODE_TRIES_SECONDS))
        return;
    struct sign_in_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = account_sign_in_code(page_service(page), page->arena, (struct sign_in_code){
        .step = view.step, .code = view.form.code.v, .agent = request_header(page->request, "user-agent"),
        .address = page->request->peer}, &answer, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (answer.refusal != ACCOUNT_REFUSED_NOT)
        refuse_code(page, &view, answer.refusal);
    else
        enter(page, &answer, view.back);
}

void sign_in_sent(struct page *page)
{
    struct sign_in_view view = {.back = way_back(page, pairs_get(page->request->form, S("retour")))};
    if (!form_read(page->arena, page->request->form, FORM(SIGN_IN, view.form))) {
        refuse(page, &view, MSG_none);
        return;
    }
    if (!page_allow(page, "sign-in-peer", page->request->peer, TRIES_A_PEER, TRIES_SECONDS) ||
        !page_allow(page, "sign-in", email_key(page->arena, view.form.email.v), TRIES_AN_ACCOUNT, TRIES_SECONDS))
        return;
    struct sign_in_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = account_sign_in(page_service(page), page->arena, (struct sign_in){
        .email = view.form.email.v, .password = view.form.password.v,
        .agent = request_header(page->request, "user-agent"), .address = page->request->peer}, &answer, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (answer.refusal == ACCOUNT_SECOND_FACTOR)
        ask_code(page, answer.step, view.back);
    else if (answer.refusal != ACCOUNT_REFUSED_NOT)
        refuse(page, &view, account_refusal_message(answer.refusal));
    else
        enter(page, &answer, view.back);
}

void sign_out_sent(struct page *page)
{
    struct str token = pairs_get(page->request->cookies, S(SITE_SESSION_COOKIE));
    struct fault fault = {.err = OK};
    enum err err = session_sign_out(page_service(page), page->arena, token, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    site_set_session(page, (struct str){NULL, 0}, 0);
    page_flash(page, FLASH_INFO, MSG_account_signed_out);
    page_redirect(page, page_url(page, "/"));
}
