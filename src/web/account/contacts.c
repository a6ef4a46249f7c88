/* Contacts: whom the tickets of a visit can be sent to instead of the buyer (CRT-2). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

#define LIST "/client/contacts"

static const struct choice kind_choices[CONTACT_KINDS] = {
    [CONTACT_CUSTOMER] = {"customer", MSG_contact_kind_customer},
    [CONTACT_COLLEAGUE] = {"colleague", MSG_contact_kind_colleague},
    [CONTACT_GUIDE] = {"guide", MSG_contact_kind_guide},
};
static const struct field_spec CONTACT[] = {
    F_CHOICE(struct contact_form, kind, "fonction", MSG_contact_kind, .required = true, .radio = true,
             CHOICES(kind_choices)),
    F_LAST_NAME(struct contact_form),
    F_FIRST_NAME(struct contact_form),
    F_EMAIL(struct contact_form, email, "courriel", MSG_account_email, .required = true,
            .hint = MSG_contact_email_hint),
    F_PHONE(struct contact_form, phone, "telephone", MSG_account_phone),
    F_CHOICE(struct contact_form, lang, "langue", MSG_contact_lang, .required = true, .radio = true,
             CHOICES(lang_choices)),
};

static struct str full_name(struct page *page, const struct contact_fields *fields)
{
    return str_format(page->arena, "%.*s %.*s", STR_ARG(fields->first_name), STR_ARG(fields->last_name));
}

/* The list beside the form; view->form is ready. */
static void show(struct page *page, struct contacts_view *view)
{
    struct fault fault = {.err = OK};
    struct contacts list = {0};
    enum err err = contact_list(page_service(page), page->arena, page_caller(page), &list, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view->contacts = (struct contact_lines){.p = ARENA_ARRAY(page->arena, list.n, struct contact_line), .n = list.n};
    for (size_t i = 0; i < list.n; i++) {
        list.p[i].fields.phone = phone_shown(page->arena, list.p[i].fields.phone);
        view->contacts.p[i] = (struct contact_line){&list.p[i], kind_choices[list.p[i].fields.kind].label,
                                                    lang_choices[list.p[i].fields.lang].label};
    }
    view->back = account_back(page);
    page->nav = S("client");
    account_title(page, MSG_contact_title, &view->form.head);
    tpl_account_contacts(page_out(page), page, view);
}

/* The contact of the address or of ?modifier=. false: the page has ended. */
static bool find(struct page *page, struct str id, struct contact *ret_contact)
{
    int64_t number = 0;
    struct fault fault = {.err = OK};
    if (!str_int(id, &number)) {
        page_error(page, 404);
        return false;
    }
    enum err err = contact_get(page_service(page), page->arena, page_caller(page), number, ret_contact, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

void contacts_page(struct page *page)
{
    struct contacts_view view = {.edited = 0};
    struct str asked = page_query(page, "modifier");
    struct contact contact;
    if (asked.n > 0 && !find(page, asked, &contact))
        return;
    form_blank(page->arena, FORM(CONTACT, view.form));
    if (asked.n > 0) {
        view.edited = contact.id;
        view.edited_name = full_name(page, &contact.fields);
        field_set_choice(&view.form.kind, str_of(contact_kind_name(contact.fields.kind)));
        field_set_text(&view.form.last_name, contact.fields.last_name);
        field_set_text(&view.form.first_name, contact.fields.first_name);
        field_set_text(&view.form.email, contact.fields.email);
        field_set_text(&view.form.phone, contact.fields.phone);
        field_set_choice(&view.form.lang, lang_code(contact.fields.lang));
    } else {
        field_set_choice(&view.form.lang, lang_code(page->lang));
    }
    show(page, &view);
}

static struct contact_fields typed(const struct contact_form *form)
{
    return (struct contact_fields){.kind = (enum contact_kind)form->kind.v, .last_name = form->last_name.v,
                                   .first_name = form->first_name.v, .email = form->email.v, .phone = form->phone.v,
                                   .lang = (enum lang)form->lang.v};
}

/* Creates (edited 0) or changes. */
static void save(struct page *page, struct contacts_view *view)
{
    if (form_read(page->arena, page->request->form, FORM(CONTACT, view->form))) {
        struct contact_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
        struct fault fault = {.err = OK};
        struct service *service = page_service(page);
        struct contact_fields fields = typed(&view->form);
        enum err err =
            view->edited == 0
                ? contact_create(service, page->arena, page_caller(page), fields, &answer, &fault)
                : contact_update(service, page->arena, page_caller(page), view->edited, fields, &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == ACCOUNT_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, view->edited == 0 ? MSG_contact_created : MSG_account_saved);
            account_go_back(page, LIST);
            return;
        }
        account_refuse(&view->form.head, answer.refusal);
    }
    page->response->status = 422;
    show(page, view);
}

void contact_created(struct page *page)
{
    struct contacts_view view = {.edited = 0};
    save(page, &view);
}

void contact_changed(struct page *page)
{
    struct contact contact;
    if (!find(page, page_capture(page, "id"), &contact))
        return;
    struct contacts_view view = {.edited = contact.id, .edited_name = full_name(page, &contact.fields)};
    save(page, &view);
}

/* ---- removing, after a question ---- */

void contact_remove_page(struct page *page)
{
    struct contact contact;
    if (!find(page, page_capture(page, "id"), &contact))
        return;
    struct remove_view view = {.title = MSG_contact_remove_title, .text = MSG_contact_remove_text,
                               .list_title = MSG_contact_title, .name = full_name(page, &contact.fields),
                               .list = S("contacts"), .id = contact.id, .back = account_back(page)};
    page->nav = S("client");
    page->title = msg_text(page->arena, page->lang, view.title, ARG("name", view.name));
    tpl_account_remove(page_out(page), page, &view);
}

void contact_remove_sent(struct page *page)
{
    int64_t id = 0;
    struct contact_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (!str_int(page_capture(page, "id"), &id)) {
        page_error(page, 404);
        return;
    }
    enum err err = contact_remove(page_service(page), page->arena, page_caller(page), id, &answer, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (answer.id == 0) { /* another organisation's, or removed already */
        page_error(page, 404);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_contact_removed);
    page_redirect(page, account_back(page).n > 0 ? page_url(page, LIST "?retour=validation") : page_url(page, LIST));
}
