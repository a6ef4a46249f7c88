/* The operator's people: who there is, inviting, changing, disabling (OPS-7). Pages of the administrator. */
#include "service/catalogue.h"
#include "service/role_words.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/staff/common.h"
#include "web/staff/pages.h"

#define LIST "/service/personnes"
enum { NAMES_SHOWN = 6, NAMES_BYTES = 4096 };

#define F_PERSON                                                                                                     \
    F_TEXT(struct staff_person_form, first_name, "prenom", MSG_account_first_name, .max = 120),                      \
    F_TEXT(struct staff_person_form, last_name, "nom", MSG_account_last_name, .max = 120),                           \
    F_CHOICE(struct staff_person_form, lang, "langue", MSG_account_mail_lang, .required = true,                      \
             CHOICES(lang_choices)),                                                                                 \
    F_CHOICE(struct staff_person_form, role, "role", MSG_member_role, .required = true, .radio = true),              \
    F_IDS(struct staff_person_form, monuments, "monuments", MSG_staff_monuments, .hint = MSG_staff_monuments_hint)

static const struct field_spec INVITE[] = {
    F_EMAIL(struct staff_person_form, email, "courriel", MSG_account_email, .required = true),
    F_PERSON,
};
static const struct field_spec CHANGE[] = {F_PERSON};

/* The first few; the person's page has all. */
static struct str names_of(const struct page *page, const struct staff_member *member)
{
    struct buf out = buf_new(NAMES_BYTES);
    for (size_t i = 0; i < member->monument_count && i < NAMES_SHOWN; i++) {
        if (i > 0)
            buf_c(&out, ", ");
        buf_str(&out, str_sub(member->monuments[i].name, 0, NAMES_BYTES / (2 * NAMES_SHOWN)));
    }
    if (member->monument_count > NAMES_SHOWN)
        buf_c(&out, " …");
    struct str names = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return names;
}

void people_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct staff_list list = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = staff_list(page_service(page), page->arena, &caller, &list, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct people_view view = {.people = {ARENA_ARRAY(page->arena, list.n + 1, struct people_line), list.n}};
    for (size_t i = 0; i < list.n; i++)
        view.people.p[i] = (struct people_line){.member = &list.p[i], .role = role_message(list.p[i].role),
                                                .monuments = names_of(page, &list.p[i]),
                                                .disabled = list.p[i].disabled_at != 0};
    page->nav = S("service-personnes");
    account_title(page, MSG_staff_people, NULL);
    tpl_staff_people(page_out(page), page, &view);
}

/* Roles and monuments are lists made for the page: before form_blank and form_read. false: the page has ended. */
static bool prepare(struct page *page, struct staff_person_form *form)
{
    struct monument_list monuments = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = catalogue_search(page_service(page), page->arena, (struct catalogue_filter){.has_mode = false},
                                    &monuments, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    struct possibilities *possible = &form->monuments.f.possible;
    *possible = (struct possibilities){ARENA_ARRAY(page->arena, monuments.n + 1, struct possibility), monuments.n};
    for (size_t i = 0; i < monuments.n; i++)
        possible->p[i] = (struct possibility){
            .value = str_format(page->arena, "%lld", (long long)monuments.p[i].id), .text = monuments.p[i].name};
    form->role.f.possible = staff_role_possibilities(page);
    return true;
}

static struct staff_fields typed(const struct staff_person_form *form)
{
    struct staff_fields fields = {.first_name = form->first_name.v, .last_name = form->last_name.v,
                                  .email = form->email.v, .lang = (enum lang)form->lang.v,
                                  .monuments = form->monuments.v.p, .monument_count = form->monuments.v.n};
    (void)staff_role_parse(form->role.value, &fields.role);
    return fields;
}

static void show_new(struct page *page, struct staff_person_view *view)
{
    page->nav = S("service-personnes");
    account_title(page, MSG_staff_invite, &view->form.head);
    tpl_staff_person_new(page_out(page), page, view);
}

void person_new_page(struct page *page)
{
    struct staff_person_view view = {.self = false};
    if (!page_staff_need(page, TASK_STAFF) || !prepare(page, &view.form))
        return;
    form_blank(page->arena, FORM(INVITE, view.form));
    field_set_choice(&view.form.lang, lang_code(page->lang));
    show_new(page, &view);
}

void person_invited(struct page *page)
{
    struct staff_person_view view = {.self = false};
    if (!page_staff_need(page, TASK_STAFF) || !prepare(page, &view.form))
        return;
    if (form_read(page->arena, page->request->form, FORM(INVITE, view.form))) {
        struct staff_caller caller = page_staff_caller(page);
        struct staff_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
        struct fault fault = {.err = OK};
        enum err err = staff_add(page_service(page), page->arena, &caller, typed(&view.form), true, &answer, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == ACCOUNT_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, MSG_member_invited);
            page_redirect(page, page_url(page, LIST));
            return;
        }
        account_refuse(&view.form.head, answer.refusal);
    }
    page->response->status = 422;
    show_new(page, &view);
}

/* The person of the address. false: the page has ended. */
static bool find(struct page *page, struct staff_member *ret_member)
{
    int64_t id = 0;
    if (!page_staff_need(page, TASK_STAFF))
        return false;
    if (!str_int(page_capture(page, "id"), &id)) {
        page_error(page, 404);
        return false;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = staff_read(page_service(page), page->arena, &caller, id, ret_member, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void fill(struct page *page, struct staff_person_view *view)
{
    const struct staff_member *member = &view->member;
    field_set_text(&view->form.first_name, member->first_name);
    field_set_text(&view->form.last_name, member->last_name);
    field_set_choice(&view->form.lang, lang_code(member->lang));
    field_set_choice(&view->form.role, str_of(role_name(member->role)));
    struct possibilities *possible = &view->form.monuments.f.possible;
    for (size_t i = 0; i < possible->n; i++)
        for (size_t k = 0; k < member->monument_count; k++)
            if (str_eq(possible->p[i].value, str_format(page->arena, "%lld", (long long)member->monuments[k].id)))
                possible->p[i].selected = true;
}

static void show_person(struct page *page, struct staff_person_view *view)
{
    const struct staff_member *member = &view->member;
    view->name =
        str_trim(str_format(page->arena, "%.*s %.*s", STR_ARG(member->first_name), STR_ARG(member->last_name)));
    if (view->name.n == 0)
        view->name = member->email;
    view->disabled = member->disabled_at != 0;
    view->self = page_staff(page)->caller.staff_id == member->id;
    page->nav = S("service-personnes");
    page->title = view->name;
    tpl_staff_person(page_out(page), page, view);
}

void person_page(struct page *page)
{
    struct staff_person_view view = {.self = false};
    if (!find(page, &view.member) || !prepare(page, &view.form))
        return;
    form_blank(page->arena, FORM(CHANGE, view.form));
    fill(page, &view);
    show_person(page, &view);
}

static void refuse_person(struct page *page, struct staff_person_view *view, enum account_refusal refusal)
{
    if (refusal != ACCOUNT_REFUSED_NOT)
        account_refuse(&view->form.head, refusal);
    page->response->status = 422;
    show_person(page, view);
}

static void go_to_person(struct page *page, int64_t id, enum msg message)
{
    page_flash(page, FLASH_SUCCESS, message);
    page_redirect(page, page_url(page, LIST "/{}", str_format(page->arena, "%lld", (long long)id)));
}

void person_changed(struct page *page)
{
    struct staff_person_view view = {.self = false};
    if (!find(page, &view.member) || !prepare(page, &view.form))
        return;
    if (!form_read(page->arena, page->request->form, FORM(CHANGE, view.form))) {
        refuse_person(page, &view, ACCOUNT_REFUSED_NOT);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = staff_update(page_service(page), page->arena, &caller, view.member.id, typed(&view.form), &refusal,
                                &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (refusal != ACCOUNT_REFUSED_NOT)
        refuse_person(page, &view, refusal);
    else
        go_to_person(page, view.member.id, MSG_staff_changed);
}

/* The person's page again, with why an act of it was refused. */
static void show_refused(struct page *page, struct staff_person_view *view, enum account_refusal refusal)
{
    if (!prepare(page, &view->form))
        return;
    form_blank(page->arena, FORM(CHANGE, view->form));
    fill(page, view);
    refuse_person(page, view, refusal);
}

static void send_link(struct page *page, bool forget_factor)
{
    struct staff_person_view view = {.self = false};
    if (!find(page, &view.member))
        return;
    struct staff_caller caller = page_staff_caller(page);
    struct staff_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = staff_link(page_service(page), page->arena, &caller, view.member.id, forget_factor, true, &answer,
                              &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (answer.refusal != ACCOUNT_REFUSED_NOT)
        show_refused(page, &view, answer.refusal);
    else
        go_to_person(page, view.member.id, MSG_staff_linked);
}

void person_linked(struct page *page)
{
    send_link(page, false);
}

void person_forgotten(struct page *page)
{
    send_link(page, true);
}

static void set_disabled(struct page *page, bool disabled)
{
    struct staff_person_view view = {.self = false};
    if (!find(page, &view.member))
        return;
    struct staff_caller caller = page_staff_caller(page);
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = staff_set_disabled(page_service(page), page->arena, &caller, view.member.id, disabled, &refusal,
                                      &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (refusal != ACCOUNT_REFUSED_NOT)
        show_refused(page, &view, refusal);
    else
        go_to_person(page, view.member.id, disabled ? MSG_staff_disabled_done : MSG_staff_enabled_done);
}

void person_disabled(struct page *page)
{
    set_disabled(page, true);
}

void person_enabled(struct page *page)
{
    set_disabled(page, false);
}
