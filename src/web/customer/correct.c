/* Corrections of a customer's data with a reason, and a lost second factor (OPS-1, ACC-6). The e-mail of an account does
 * not change (ACC-3). */
#include "service/role_words.h"
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"

static const struct field_spec ORGANISATION[] = {
    ORGANISATION_FIELDS(struct correct_organisation_form),
    F_REASON(struct correct_organisation_form, .hint = MSG_acting_reason_hint),
};
static const struct field_spec PERSON[] = {
    F_LAST_NAME(struct correct_person_form, .autocomplete = "off"),
    F_FIRST_NAME(struct correct_person_form, .autocomplete = "off"),
    F_PHONE(struct correct_person_form, phone, "telephone", MSG_account_phone, .required = true, .autocomplete = "off"),
    F_CHOICE(struct correct_person_form, lang, "langue", MSG_account_mail_lang, .required = true, .radio = true,
             CHOICES(lang_choices)),
    F_REASON(struct correct_person_form, .hint = MSG_acting_reason_hint),
};
static const struct field_spec UNLOCK[] = {F_REASON(struct reason_form, .hint = MSG_customer_unlock_hint)};

/* ---- the organisation ---- */

static void show_organisation(struct page *page, struct correct_organisation_view *view)
{
    account_title(page, MSG_customer_correct_organisation, &view->form.head);
    tpl_customer_organisation(page_out(page), page, view);
}

void correct_organisation_page(struct page *page)
{
    struct correct_organisation_view view = {.of.id = 0};
    if (!customer_find(page, TASK_CUSTOMER_CORRECT, &view.of))
        return;
    organisation_prepare(page, &view.form.organisation);
    form_blank(page->arena, FORM(ORGANISATION, view.form));
    organisation_fill(&view.form.organisation, &view.of.customer.organisation);
    show_organisation(page, &view);
}

void correct_organisation_sent(struct page *page)
{
    struct correct_organisation_view view = {.of.id = 0};
    struct correct_organisation_form *form = &view.form;
    if (!customer_find(page, TASK_CUSTOMER_CORRECT, &view.of))
        return;
    organisation_prepare(page, &form->organisation);
    bool well = form_read(page->arena, page->request->form, FORM(ORGANISATION, *form));
    if (organisation_check(page, &form->head, &form->organisation) && well) {
        struct staff_caller caller = page_staff_caller(page);
        struct customer_act act = customer_act_of(page, &caller, &view.of, form->reason.v);
        enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
        struct fault fault = {.err = OK};
        enum err err = customer_correct_organisation(page_service(page), page->arena, &act,
                                                     organisation_typed(&form->organisation), &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            customer_done(page, view.of.id, MSG_customer_corrected);
            return;
        }
        account_refuse(&form->head, refusal);
    }
    page->response->status = 422;
    show_organisation(page, &view);
}

/* ---- a person ---- */

static bool find_person(struct page *page, enum task task, struct correct_person_view *view)
{
    if (!customer_find(page, task, &view->of) || !customer_captured(page, "person", &view->person_id))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = customer_person_read(page_service(page), page->arena, &caller, view->of.id, view->person_id,
                                        &view->person, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->name = str_format(page->arena, "%.*s %.*s", STR_ARG(view->person.fields.first_name),
                            STR_ARG(view->person.fields.last_name));
    return true;
}

static void show_person(struct page *page, struct correct_person_view *view)
{
    account_title(page, MSG_customer_correct_person, &view->form.head);
    tpl_customer_person(page_out(page), page, view);
}

void correct_person_page(struct page *page)
{
    struct correct_person_view view = {.person_id = 0};
    if (!find_person(page, TASK_CUSTOMER_CORRECT, &view))
        return;
    form_blank(page->arena, FORM(PERSON, view.form));
    field_set_text(&view.form.last_name, view.person.fields.last_name);
    field_set_text(&view.form.first_name, view.person.fields.first_name);
    field_set_text(&view.form.phone, view.person.fields.phone);
    field_set_choice(&view.form.lang, lang_code(view.person.fields.lang));
    show_person(page, &view);
}

void correct_person_sent(struct page *page)
{
    struct correct_person_view view = {.person_id = 0};
    struct correct_person_form *form = &view.form;
    if (!find_person(page, TASK_CUSTOMER_CORRECT, &view))
        return;
    if (form_read(page->arena, page->request->form, FORM(PERSON, *form))) {
        struct staff_caller caller = page_staff_caller(page);
        struct customer_act act = customer_act_of(page, &caller, &view.of, form->reason.v);
        struct person_fields fields = {.first_name = form->first_name.v, .last_name = form->last_name.v,
                                       .phone = form->phone.v, .lang = (enum lang)form->lang.v};
        enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
        struct fault fault = {.err = OK};
        enum err err = customer_correct_person(page_service(page), page->arena, &act, view.person_id, fields, &refusal,
                                               &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            customer_done(page, view.of.id, MSG_customer_corrected);
            return;
        }
        account_refuse(&form->head, refusal);
    }
    page->response->status = 422;
    show_person(page, &view);
}

/* ---- a lost second factor ---- */

static void show_unlock(struct page *page, struct correct_person_view *view)
{
    account_title(page, MSG_customer_unlock_title, &view->unlock.head);
    tpl_customer_unlock(page_out(page), page, view);
}

void unlock_page(struct page *page)
{
    struct correct_person_view view = {.person_id = 0};
    if (!find_person(page, TASK_CUSTOMER_UNLOCK, &view))
        return;
    form_blank(page->arena, FORM(UNLOCK, view.unlock));
    show_unlock(page, &view);
}

void unlock_sent(struct page *page)
{
    struct correct_person_view view = {.person_id = 0};
    if (!find_person(page, TASK_CUSTOMER_UNLOCK, &view))
        return;
    if (!form_read(page->arena, page->request->form, FORM(UNLOCK, view.unlock))) {
        page->response->status = 422;
        show_unlock(page, &view);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = staff_customer_unlock(page_service(page), page->arena, &caller, view.of.id, view.person_id,
                                         view.unlock.reason.v, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        customer_done(page, view.of.id, MSG_customer_unlock_done);
}
