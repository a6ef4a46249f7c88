/* «Créer / gérer un accompagnateur» (COM-1). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

#define LIST "/client/accompagnateurs"

static const struct choice kind_choices[] = {
    {"guide", MSG_leader_kind_guide},
    {"accompanying", MSG_leader_kind_accompanying},
};
static const struct field_spec LEADER[] = {
    F_CHOICE(struct leader_form, kind, "fonction", MSG_leader_kind, .required = true, .radio = true,
             .hint = MSG_leader_kind_hint, CHOICES(kind_choices)),
    F_LAST_NAME(struct leader_form),
    F_FIRST_NAME(struct leader_form),
    F_EMAIL(struct leader_form, email, "courriel", MSG_account_email, .required = true),
    F_PHONE(struct leader_form, phone, "telephone", MSG_account_phone, .required = true, .hint = MSG_leader_phone_hint),
    F_TEXT(struct leader_form, card, "carte", MSG_leader_card, .max = 60, .hint = MSG_leader_card_hint),
    F_DAY(struct leader_form, card_until, "carte-fin", MSG_leader_card_until, .hint = MSG_leader_card_until_hint),
};

static struct str full_name(struct page *page, const struct leader_fields *fields)
{
    return str_format(page->arena, "%.*s %.*s", STR_ARG(fields->first_name), STR_ARG(fields->last_name));
}

/* The list beside the form; view->form is ready. */
static void show(struct page *page, struct leaders_view *view)
{
    struct fault fault = {.err = OK};
    enum err err = leader_list(page_service(page), page->arena, page_caller(page), &view->leaders, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    for (size_t i = 0; i < view->leaders.n; i++)
        view->leaders.p[i].fields.phone = phone_shown(page->arena, view->leaders.p[i].fields.phone);
    view->back = account_back(page);
    view->today = local_of(page->zone, page->now).day;
    page->nav = S("client");
    account_title(page, MSG_leader_title, &view->form.head);
    tpl_account_leaders(page_out(page), page, view);
}

/* The leader of the address or of ?modifier=, not a placeholder. false: the page has ended. */
static bool find(struct page *page, struct str id, struct leader *ret_leader)
{
    int64_t number = 0;
    struct fault fault = {.err = OK};
    if (!str_int(id, &number)) {
        page_error(page, 404);
        return false;
    }
    enum err err = leader_get(page_service(page), page->arena, page_caller(page), number, ret_leader, &fault);
    if (err == OK && !ret_leader->placeholder)
        return true;
    if (err == OK)
        page_error(page, 404);
    else
        page_fail(page, err, &fault);
    return false;
}

void leaders_page(struct page *page)
{
    struct leaders_view view = {.edited = 0};
    struct str asked = page_query(page, "modifier");
    struct leader leader;
    if (asked.n > 0 && !find(page, asked, &leader))
        return;
    form_blank(page->arena, FORM(LEADER, view.form));
    if (asked.n > 0) {
        view.edited = leader.id;
        view.edited_name = full_name(page, &leader.fields);
        field_set_choice(&view.form.kind, str_of(leader_kind_name(leader.fields.kind)));
        field_set_text(&view.form.last_name, leader.fields.last_name);
        field_set_text(&view.form.first_name, leader.fields.first_name);
        field_set_text(&view.form.email, leader.fields.email);
        field_set_text(&view.form.phone, leader.fields.phone);
        field_set_text(&view.form.card, leader.fields.card);
        if (leader.fields.has_card_until)
            field_set_day(page->arena, &view.form.card_until, leader.fields.card_until);
    }
    show(page, &view);
}

static struct leader_fields typed(const struct leader_form *form)
{
    struct leader_fields fields = {.last_name = form->last_name.v, .first_name = form->first_name.v,
                                   .email = form->email.v, .phone = form->phone.v, .card = form->card.v,
                                   .has_card_until = form->card_until.f.given, .card_until = form->card_until.v};
    fields.kind = form->kind.v == 0 ? LEADER_GUIDE : LEADER_ACCOMPANYING;
    return fields;
}

/* Creates (edited 0) or changes. */
static void save(struct page *page, struct leaders_view *view)
{
    if (form_read(page->arena, page->request->form, FORM(LEADER, view->form))) {
        struct leader_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
        struct fault fault = {.err = OK};
        struct service *service = page_service(page);
        enum err err = view->edited == 0
                           ? leader_create(service, page->arena, page_caller(page), typed(&view->form), &answer, &fault)
                           : leader_update(service, page->arena, page_caller(page), view->edited, typed(&view->form),
                                           &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == ACCOUNT_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, view->edited == 0 ? MSG_leader_created : MSG_account_saved);
            account_go_back(page, LIST);
            return;
        }
        account_refuse(&view->form.head, answer.refusal);
    }
    page->response->status = 422;
    show(page, view);
}

void leader_created(struct page *page)
{
    struct leaders_view view = {.edited = 0};
    save(page, &view);
}

void leader_changed(struct page *page)
{
    struct leader leader;
    if (!find(page, page_capture(page, "id"), &leader))
        return;
    struct leaders_view view = {.edited = leader.id, .edited_name = full_name(page, &leader.fields)};
    save(page, &view);
}

/* ---- removing, after a question ---- */

void leader_remove_page(struct page *page)
{
    struct leader leader;
    if (!find(page, page_capture(page, "id"), &leader))
        return;
    struct remove_view view = {.title = MSG_leader_remove_title, .text = MSG_leader_remove_text,
                               .list_title = MSG_leader_title, .name = full_name(page, &leader.fields),
                               .list = S("accompagnateurs"), .id = leader.id, .back = account_back(page)};
    page->nav = S("client");
    page->title = msg_text(page->arena, page->lang, view.title, ARG("name", view.name));
    tpl_account_remove(page_out(page), page, &view);
}

void leader_remove_sent(struct page *page)
{
    int64_t id = 0;
    struct leader_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    if (!str_int(page_capture(page, "id"), &id)) {
        page_error(page, 404);
        return;
    }
    enum err err = leader_remove(page_service(page), page->arena, page_caller(page), id, &answer, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (answer.id == 0) { /* another organisation's, a placeholder, or removed already */
        page_error(page, 404);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_leader_removed);
    page_redirect(page, account_back(page).n > 0 ? page_url(page, LIST "?retour=validation") : page_url(page, LIST));
}
