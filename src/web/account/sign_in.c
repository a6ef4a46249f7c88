/* Signing in and out (ACC-4). */
#include "service/account.h"
#include "templates.h"
#include "web/account/pages.h"
#include "web/app.h"
#include "web/views.h"

/* Tries of one address of the network, and of one account, in a quarter of an hour. */
enum { TRIES_A_PEER = 60, TRIES_AN_ACCOUNT = 10, TRIES_SECONDS = 900 };

static const struct field_spec SIGN_IN[] = {
    F_EMAIL(struct sign_in_form, email, "courriel", MSG_account_email, .required = true, .autocomplete = "username"),
    F_PASSWORD(struct sign_in_form, password, "motdepasse", MSG_account_password, .required = true,
               .autocomplete = "current-password"),
};

static void show(struct page *page, struct sign_in_view *view)
{
    page->title = msg_text(page->arena, page->lang, MSG_account_sign_in);
    tpl_account_sign_in(page_out(page), page, view);
}

/* Where to go afterwards: a page of ours in either language, else the welcome page. */
static struct str way_back(const struct page *page, struct str asked)
{
    bool ours = (str_starts(asked, S("/fr/")) || str_starts(asked, S("/en/"))) && asked.n < 500;
    return ours ? asked : page_url(page, "/");
}

void sign_in_page(struct page *page)
{
    struct sign_in_view view = {.back = way_back(page, page_query(page, "retour"))};
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

void sign_in_sent(struct page *page)
{
    struct sign_in_view view = {.back = way_back(page, pairs_get(page->request->form, S("retour")))};
    if (!form_read(page->arena, page->request->form, FORM(SIGN_IN, view.form))) {
        refuse(page, &view, MSG_none);
        return;
    }
    if (!page_allow(page, "sign-in-peer", page->request->peer, TRIES_A_PEER, TRIES_SECONDS) ||
        !page_allow(page, "sign-in", str_fold(page->arena, view.form.email.v), TRIES_AN_ACCOUNT, TRIES_SECONDS))
        return;
    struct sign_in_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = account_sign_in(page_service(page), page->arena, (struct sign_in){
        .email = view.form.email.v, .password = view.form.password.v,
        .agent = request_header(page->request, "user-agent"), .address = page->request->peer}, &answer, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (answer.refusal != ACCOUNT_REFUSED_NOT) {
        refuse(page, &view, answer.refusal == ACCOUNT_UNVERIFIED ? MSG_account_unverified : MSG_account_sign_in_wrong);
        return;
    }
    site_set_session(page, answer.token, answer.expires_at - page->now);
    page_redirect(page, view.back);
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
    page_redirect(page, page_url(page, "/"));
}
