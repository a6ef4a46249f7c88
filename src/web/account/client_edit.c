/* Correcting the organisation and the person, and a new password. */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

/* Passwords that one person may try here in a quarter of an hour. */
enum { TRIES = 10, TRIES_SECONDS = 900 };

static const struct field_spec ORGANISATION[] = {ORGANISATION_FIELDS(struct organisation_form)};
static const struct field_spec PERSON[] = {
    F_LAST_NAME(struct person_form, .autocomplete = "family-name"),
    F_FIRST_NAME(struct person_form, .autocomplete = "given-name"),
    F_PHONE(struct person_form, phone, "telephone", MSG_account_phone, .required = true, .autocomplete = "tel"),
    F_CHOICE(struct person_form, lang, "langue", MSG_account_mail_lang, .required = true, .radio = true,
             CHOICES(lang_choices)),
};
static const struct field_spec PASSWORD[] = {
    F_PASSWORD(struct password_form, old_password, "ancien", MSG_account_old_password, .required = true,
               .autocomplete = "current-password"),
    F_PASSWORD(struct password_form, new_password, "motdepasse", MSG_account_new_password, .required = true,
               .min = PASSWORD_MIN, .autocomplete = "new-password", .hint = MSG_account_password_hint),
};

static bool read_account(struct page *page, struct account *ret_account)
{
    struct fault fault = {.err = OK};
    enum err err = account_read(page_service(page), page->arena, page_caller(page), ret_account, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void saved(struct page *page, enum msg what)
{
    page_flash(page, FLASH_SUCCESS, what);
    page_redirect(page, page_url(page, "/client"));
}

/* ---- the organisation ---- */

static void show_organisation(struct page *page, struct client_edit_view *view)
{
    page->nav = S("client");
    account_title(page, MSG_account_edit_organisation, &view->organisation.head);
    tpl_account_edit_organisation(page_out(page), page, view);
}

void organisation_edit_page(struct page *page)
{
    struct client_edit_view view = {0};
    struct account account;
    if (!read_account(page, &account))
        return;
    organisation_prepare(page, &view.organisation.organisation);
    form_blank(page->arena, FORM(ORGANISATION, view.organisation));
    organisation_fill(&view.organisation.organisation, &account.organisation);
    show_organisation(page, &view);
}

void organisation_edit_sent(struct page *page)
{
    struct client_edit_view view = {0};
    struct organisation_form *form = &view.organisation;
    organisation_prepare(page, &form->organisation);
    bool well = form_read(page->arena, page->request->form, FORM(ORGANISATION, *form));
    if (organisation_check(page, &form->head, &form->organisation) && well) {
        enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
        struct fault fault = {.err = OK};
        enum err err = organisation_update(page_service(page), page->arena, page_caller(page),
                                           organisation_typed(&form->organisation), &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            saved(page, MSG_account_saved);
            return;
        }
        account_refuse(&form->head, refusal);
    }
    page->response->status = 422;
    show_organisation(page, &view);
}

/* ---- the person ---- */

static void show_person(struct page *page, struct client_edit_view *view)
{
    page->nav = S("client");
    account_title(page, MSG_account_edit_person, &view->person.head);
    tpl_account_edit_person(page_out(page), page, view);
}

void person_edit_page(struct page *page)
{
    struct client_edit_view view = {0};
    struct account account;
    if (!read_account(page, &account))
        return;
    form_blank(page->arena, FORM(PERSON, view.person));
    field_set_text(&view.person.last_name, account.last_name);
    field_set_text(&view.person.first_name, account.first_name);
    field_set_text(&view.person.phone, account.phone);
    field_set_choice(&view.person.lang, lang_code(account.lang));
    view.email = account.email;
    show_person(page, &view);
}

void person_edit_sent(struct page *page)
{
    struct client_edit_view view = {.email = page_session(page)->email};
    struct person_form *form = &view.person;
    if (form_read(page->arena, page->request->form, FORM(PERSON, *form))) {
        enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
        struct fault fault = {.err = OK};
        const struct person_fields fields = {.first_name = form->first_name.v, .last_name = form->last_name.v,
                                             .phone = form->phone.v, .lang = (enum lang)form->lang.v};
        enum err err = person_update(page_service(page), page->arena, page_caller(page), fields, &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            saved(page, MSG_account_saved);
            return;
        }
        account_refuse(&form->head, refusal);
    }
    page->response->status = 422;
    show_person(page, &view);
}

/* ---- the password ---- */

static void show_password(struct page *page, struct client_edit_view *view)
{
    view->email = page_session(page)->email;
    page->nav = S("client");
    account_title(page, MSG_account_change_password, &view->password.head);
    tpl_account_edit_password(page_out(page), page, view);
}

void password_edit_page(struct page *page)
{
    struct client_edit_view view = {0};
    form_blank(page->arena, FORM(PASSWORD, view.password));
    show_password(page, &view);
}

/* false: the page has ended. */
static bool change_password(struct page *page, struct password_form *form)
{
    const struct session_head *session = page_session(page);
    struct str who = str_format(page->arena, "%lld", (long long)session->caller.person_id);
    if (!page_allow(page, "password", who, TRIES, TRIES_SECONDS))
        return false;
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = account_password_change(page_service(page), page->arena, page_caller(page), session->session_id,
                                           form->old_password.v, form->new_password.v, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    if (refusal == ACCOUNT_REFUSED_NOT) {
        saved(page, MSG_account_password_changed);
        return false;
    }
    account_refuse(&form->head, refusal);
    return true;
}

void password_edit_sent(struct page *page)
{
    struct client_edit_view view = {0};
    if (form_read(page->arena, page->request->form, FORM(PASSWORD, view.password)) &&
        !change_password(page, &view.password))
        return;
    page->response->status = 422;
    show_password(page, &view);
}
