/* Opening an account (ACC-1, ACC-2). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/mailbox.h"
#include "web/account/pages.h"

/* ACC-2: forms of one address of the network that may learn, in an hour, whether an e-mail is known. */
enum { SIGN_UPS_A_PEER = 10, SIGN_UPS_SECONDS = 3600 };

static const struct field_spec SIGN_UP[] = {
    ORGANISATION_FIELDS(struct sign_up_form),
    F_LAST_NAME(struct sign_up_form, .autocomplete = "family-name"),
    F_FIRST_NAME(struct sign_up_form, .autocomplete = "given-name"),
    F_PHONE(struct sign_up_form, phone, "telephone", MSG_account_phone, .required = true, .autocomplete = "tel"),
    F_EMAIL(struct sign_up_form, email, "courriel", MSG_account_email, .required = true, .autocomplete = "email",
            .hint = MSG_account_email_hint),
    F_PASSWORD(struct sign_up_form, password, "motdepasse", MSG_account_password, .required = true,
               .min = PASSWORD_MIN, .autocomplete = "new-password", .hint = MSG_account_password_hint),
    F_BOOL(struct sign_up_form, privacy, "confidentialite", MSG_account_privacy, .required = true,
           .required_error = MSG_account_privacy_needed),
};

static void show(struct page *page, struct sign_up_view *view)
{
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    view->public_shop = settings->public_shop;
    account_title(page, MSG_account_sign_up, &view->form.head);
    tpl_account_sign_up(page_out(page), page, view);
}

void sign_up_page(struct page *page)
{
    struct sign_up_view view = {0};
    if (page->signed_in) {
        page_redirect(page, page_url(page, "/client"));
        return;
    }
    organisation_prepare(page, &view.form.organisation);
    form_blank(page->arena, FORM(SIGN_UP, view.form));
    field_set_choice(&view.form.organisation.country, S("FR"));
    show(page, &view);
}

static bool read(struct page *page, struct sign_up_form *form)
{
    organisation_prepare(page, &form->organisation);
    bool well = form_read(page->arena, page->request->form, FORM(SIGN_UP, *form));
    return organisation_check(page, &form->head, &form->organisation) && well;
}

static enum err sign_up(struct page *page, const struct sign_up_form *form, struct sign_up_answer *ret_answer,
                        struct fault *fault)
{
    return account_sign_up(page_service(page), page->arena,
                           (struct sign_up){.organisation = organisation_typed(&form->organisation),
                                            .first_name = form->first_name.v,
                                            .last_name = form->last_name.v,
                                            .email = form->email.v,
                                            .phone = form->phone.v,
                                            .password = form->password.v,
                                            .lang = page->lang},
                           ret_answer, fault);
}

void sign_up_sent(struct page *page)
{
    struct sign_up_view view = {0};
    struct sign_up_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (read(page, &view.form)) {
        /* Only a form without mistakes of its own gets so far as to tell something about an address. */
        if (!page_allow(page, "sign-up", page->request->peer, SIGN_UPS_A_PEER, SIGN_UPS_SECONDS))
            return;
        enum err err = sign_up(page, &view.form, &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == ACCOUNT_REFUSED_NOT) {
            mailbox_remember(page, view.form.email.v);
            page_redirect(page, page_url(page, "/verification"));
            return;
        }
        account_refuse(&view.form.head, answer.refusal);
        view.email_public = answer.refusal == ACCOUNT_EMAIL_PUBLIC;
    }
    page->response->status = 422;
    show(page, &view);
}
