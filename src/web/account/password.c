/* A forgotten password: a link by mail, then a new password (ACC-4). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

enum { MAILS_A_PEER = 10, MAILS_A_MAILBOX = 5, LINKS_A_PEER = 60, AN_HOUR = 3600 };

static const struct field_spec FORGOTTEN[] = {
    F_EMAIL(struct email_form, email, "courriel", MSG_account_email, .required = true, .autocomplete = "username"),
};
static const struct field_spec NEW_PASSWORD[] = {
    F_PASSWORD(struct new_password_form, password, "motdepasse", MSG_account_new_password, .required = true,
               .min = PASSWORD_MIN, .autocomplete = "new-password", .hint = MSG_account_password_hint),
};

/* ---- asking for the link ---- */

static void show_forgotten(struct page *page, struct forgotten_view *view)
{
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    view->minutes = settings->reset_link_minutes;
    account_title(page, MSG_account_forgotten, &view->form.head);
    tpl_account_forgotten(page_out(page), page, view);
}

void forgotten_page(struct page *page)
{
    struct forgotten_view view = {.sent = page_query(page, "envoye").n > 0};
    form_blank(page->arena, FORM(FORGOTTEN, view.form));
    show_forgotten(page, &view);
}

/* The answer is the same whether there is such an account or not. */
void forgotten_sent(struct page *page)
{
    struct forgotten_view view = {.sent = false};
    if (!form_read(page->arena, page->request->form, FORM(FORGOTTEN, view.form))) {
        page->response->status = 422;
        show_forgotten(page, &view);
        return;
    }
    struct str email = view.form.email.v;
    if (!page_allow(page, "forgotten-peer", page->request->peer, MAILS_A_PEER, AN_HOUR) ||
        !page_allow(page, "forgotten", email_key(page->arena, email), MAILS_A_MAILBOX, AN_HOUR))
        return;
    struct fault fault = {.err = OK};
    enum err err = account_password_forgotten(page_service(page), page->arena, email, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        page_redirect(page, page_url(page, "/mot-de-passe-oublie?envoye=1"));
}

/* ---- the link ---- */

static void show_new(struct page *page, struct new_password_view *view)
{
    account_title(page, MSG_account_new_password_title, &view->form.head);
    tpl_account_new_password(page_out(page), page, view);
}

static void show_refused(struct page *page, enum account_refusal refusal)
{
    struct link_view view = {.refused = account_refusal_message(refusal)};
    page->response->status = 422;
    account_title(page, MSG_account_new_password_title, NULL);
    tpl_account_link_refused(page_out(page), page, &view);
}

/* The way to both pages of the link. false: the page has ended. */
static bool link_good(struct page *page, struct new_password_view *view)
{
    struct link_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (!page_allow(page, "reset", page->request->peer, LINKS_A_PEER, AN_HOUR))
        return false;
    enum err err = account_reset_check(page_service(page), page->arena, view->token, &answer, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (answer.refusal != ACCOUNT_REFUSED_NOT)
        show_refused(page, answer.refusal);
    view->email = answer.email;
    return err == OK && answer.refusal == ACCOUNT_REFUSED_NOT;
}

void new_password_page(struct page *page)
{
    struct new_password_view view = {.token = page_capture(page, "token")};
    if (!link_good(page, &view))
        return;
    form_blank(page->arena, FORM(NEW_PASSWORD, view.form));
    show_new(page, &view);
}

static bool about_password(enum account_refusal refusal)
{
    return refusal >= ACCOUNT_PASSWORD_SHORT && refusal <= ACCOUNT_PASSWORD_WRONG;
}

static void changed(struct page *page)
{
    page_flash(page, FLASH_SUCCESS, MSG_account_password_new);
    page_redirect(page, page_url(page, "/connexion"));
}

void new_password_sent(struct page *page)
{
    struct new_password_view view = {.token = page_capture(page, "token")};
    if (!link_good(page, &view))
        return;
    if (form_read(page->arena, page->request->form, FORM(NEW_PASSWORD, view.form))) {
        struct link_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
        struct fault fault = {.err = OK};
        enum err err = account_password_reset(page_service(page), page->arena, view.token, view.form.password.v,
                                              &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == ACCOUNT_REFUSED_NOT) {
            changed(page);
            return;
        }
        if (!about_password(answer.refusal)) {
            show_refused(page, answer.refusal);
            return;
        }
        account_refuse(&view.form.head, answer.refusal);
    }
    page->response->status = 422;
    show_new(page, &view);
}
