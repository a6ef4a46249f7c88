/* The e-mail of a new account is verified by a link (ACC-1). */
#include "base/limits.h"
#include "http/parse.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/account/mailbox.h"
#include "web/account/pages.h"

/* Mails that one address of the network, and one mailbox, may ask for in an hour; links that may be tried. */
enum { MAILS_A_PEER = 10, MAILS_A_MAILBOX = 5, LINKS_A_PEER = 60, AN_HOUR = 3600 };
#define MAILBOX_COOKIE "guichet_mailbox"

static const struct field_spec MAILBOX[] = {
    F_EMAIL(struct email_form, email, "courriel", MSG_account_email, .required = true, .autocomplete = "email"),
};

/* ---- the page after the form ---- */

void mailbox_remember(struct page *page, struct str email)
{
    struct buf value = buf_new(3 * LIMIT_EMAIL);
    buf_url(&value, email); /* an address may hold characters that a cookie may not */
    if (!value.overflowed)
        response_cookie(page->response, MAILBOX_COOKIE, str_dup(page->arena, buf_view(&value)), AN_HOUR);
    buf_free(&value);
}

static struct str remembered(const struct page *page)
{
    struct str email = {NULL, 0};
    struct str cookie = pairs_get(page->request->cookies, S(MAILBOX_COOKIE));
    bool good = percent_decode(page->arena, cookie, false, &email) && email_plausible(email);
    return good ? email : (struct str){NULL, 0};
}

static void show_mailbox(struct page *page, struct mailbox_view *view)
{
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    view->email = remembered(page);
    view->hours = settings->verify_link_hours;
    account_title(page, MSG_account_mailbox, &view->form.head);
    tpl_account_mailbox(page_out(page), page, view);
}

void mailbox_page(struct page *page)
{
    struct mailbox_view view = {.email = {NULL, 0}};
    form_blank(page->arena, FORM(MAILBOX, view.form));
    field_set_text(&view.form.email, remembered(page));
    show_mailbox(page, &view);
}

/* The answer is the same whether there is such an account or not. */
void mailbox_sent(struct page *page)
{
    struct mailbox_view view = {.email = {NULL, 0}};
    if (!form_read(page->arena, page->request->form, FORM(MAILBOX, view.form))) {
        page->response->status = 422;
        show_mailbox(page, &view);
        return;
    }
    struct str email = view.form.email.v;
    if (!page_allow(page, "resend-peer", page->request->peer, MAILS_A_PEER, AN_HOUR) ||
        !page_allow(page, "resend", email_key(page->arena, email), MAILS_A_MAILBOX, AN_HOUR))
        return;
    struct fault fault = {.err = OK};
    enum err err = account_resend_verification(page_service(page), page->arena, email, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    mailbox_remember(page, email);
    page_flash(page, FLASH_INFO, MSG_account_mailbox_sent);
    page_redirect(page, page_url(page, "/verification"));
}

/* ---- the link ---- */

static void show_link(struct page *page, struct link_view *view)
{
    form_blank(page->arena, FORM(MAILBOX, view->form));
    field_set_text(&view->form.email, remembered(page));
    account_title(page, MSG_account_verify, NULL);
    tpl_account_verify(page_out(page), page, view);
}

/* Programs that look into mails open their links: opening changes nothing, the button does. */
void verification_page(struct page *page)
{
    struct link_view view = {.token = page_capture(page, "token"), .refused = MSG_none};
    show_link(page, &view);
}

void verification_sent(struct page *page)
{
    if (!page_allow(page, "verify", page->request->peer, LINKS_A_PEER, AN_HOUR))
        return;
    struct link_view view = {.token = page_capture(page, "token"), .refused = MSG_none};
    struct link_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = account_verify(page_service(page), page->arena, view.token, &answer, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (answer.refusal != ACCOUNT_REFUSED_NOT) {
        view.refused = account_refusal_message(answer.refusal);
        page->response->status = 422;
        show_link(page, &view);
        return;
    }
    page_flash(page, FLASH_SUCCESS, answer.already ? MSG_account_verified_already : MSG_account_verified);
    page_redirect(page, page_url(page, "/connexion"));
}
