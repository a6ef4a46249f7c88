/* «Membres»: a manager invites the organisation's people, changes their roles, removes who leaves (ACC-5). */
#include "service/role_words.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

#define LIST "/client/membres"

static const struct field_spec INVITE[] = {
    F_EMAIL(struct member_form, email, "courriel", MSG_account_email, .required = true, .hint = MSG_member_email_hint),
    F_CHOICE(struct member_form, role, "role", MSG_member_role, .required = true, .radio = true),
    F_CHOICE(struct member_form, lang, "langue", MSG_member_lang, .required = true, CHOICES(lang_choices)),
};
static const struct field_spec ROLE[] = {
    F_CHOICE(struct member_role_form, role, "role", MSG_member_role, .required = true, .radio = true),
};

static void fill(struct page *page, const struct members *members, struct members_view *view)
{
    view->members = (struct member_lines){ARENA_ARRAY(page->arena, members->n + 1, struct member_line), members->n};
    for (size_t i = 0; i < members->n; i++)
        view->members.p[i] = (struct member_line){&members->p[i], role_message(members->p[i].role)};
    size_t n = members->invitation_count;
    view->invitations =
        (struct member_invitation_lines){ARENA_ARRAY(page->arena, n + 1, struct member_invitation_line), n};
    for (size_t i = 0; i < n; i++)
        view->invitations.p[i] =
            (struct member_invitation_line){&members->invitations[i], role_message(members->invitations[i].role)};
}

/* The list and the form; view->form is ready. */
static void show(struct page *page, struct members_view *view)
{
    struct members members = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = member_list(page_service(page), page->arena, page_caller(page), &members, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    fill(page, &members, view);
    page->nav = S("client");
    account_title(page, MSG_member_title, &view->form.head);
    tpl_account_members(page_out(page), page, view);
}

void members_page(struct page *page)
{
    struct members_view view = {.form.role.f.possible = organisation_role_possibilities(page)};
    form_blank(page->arena, FORM(INVITE, view.form));
    field_set_choice(&view.form.role, str_of(role_name(ROLE_BOOKER)));
    field_set_choice(&view.form.lang, lang_code(page->lang));
    show(page, &view);
}

void member_invited(struct page *page)
{
    struct members_view view = {.form.role.f.possible = organisation_role_possibilities(page)};
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    bool good = form_read(page->arena, page->request->form, FORM(INVITE, view.form));
    if (good) {
        struct member_invite invite = {.email = view.form.email.v, .lang = (enum lang)view.form.lang.v};
        struct fault fault = {.err = OK};
        (void)organisation_role_parse(view.form.role.value, &invite.role);
        enum err err = member_invite(page_service(page), page->arena, page_caller(page), invite, &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, MSG_member_invited);
            page_redirect(page, page_url(page, LIST));
            return;
        }
        account_refuse(&view.form.head, refusal);
    }
    page->response->status = 422;
    show(page, &view);
}

void member_invitation_withdrawn(struct page *page)
{
    int64_t id = 0;
    if (!str_int(page_capture(page, "id"), &id)) {
        page_error(page, 404);
        return;
    }
    struct fault fault = {.err = OK};
    enum err err = member_invitation_withdraw(page_service(page), page->arena, page_caller(page), id, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_member_withdrawn);
    page_redirect(page, page_url(page, LIST));
}

/* The member of the address. false: the page has ended. */
static bool find(struct page *page, struct member *ret_member)
{
    int64_t id = 0;
    struct members members = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = member_list(page_service(page), page->arena, page_caller(page), &members, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    for (size_t i = 0; str_int(page_capture(page, "id"), &id) && i < members.n; i++) {
        if (members.p[i].person_id != id)
            continue;
        *ret_member = members.p[i];
        return true;
    }
    page_error(page, 404);
    return false;
}

static struct member_view view_of(const struct page *page, const struct member *member)
{
    return (struct member_view){
        .form.role.f.possible = organisation_role_possibilities(page), .id = member->person_id, .email = member->email,
        .name = str_format(page->arena, "%.*s %.*s", STR_ARG(member->first_name), STR_ARG(member->last_name)),
        .self = member->self};
}

static void show_role(struct page *page, struct member_view *view)
{
    page->nav = S("client");
    account_title(page, MSG_member_change_role, &view->form.head);
    tpl_account_member_role(page_out(page), page, view);
}

void member_role_page(struct page *page)
{
    struct member member;
    if (!find(page, &member))
        return;
    struct member_view view = view_of(page, &member);
    form_blank(page->arena, FORM(ROLE, view.form));
    field_set_choice(&view.form.role, str_of(role_name(member.role)));
    show_role(page, &view);
}

void member_role_sent(struct page *page)
{
    struct member member;
    if (!find(page, &member))
        return;
    struct member_view view = view_of(page, &member);
    if (form_read(page->arena, page->request->form, FORM(ROLE, view.form))) {
        enum role role = ROLE_NONE;
        enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
        struct fault fault = {.err = OK};
        (void)organisation_role_parse(view.form.role.value, &role);
        enum err err = member_role_change(page_service(page), page->arena, page_caller(page), member.person_id, role,
                                          &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, MSG_member_role_changed);
            page_redirect(page, page_url(page, member.self ? "/client" : LIST));
            return;
        }
        form_refuse_all(&view.form.head, account_refusal_message(refusal));
    }
    page->response->status = 422;
    show_role(page, &view);
}

static void show_remove(struct page *page, struct member_view *view)
{
    page->nav = S("client");
    account_title(page, MSG_member_remove, &view->form.head);
    tpl_account_member_remove(page_out(page), page, view);
}

void member_remove_page(struct page *page)
{
    struct member member;
    if (!find(page, &member))
        return;
    struct member_view view = view_of(page, &member);
    show_remove(page, &view);
}

void member_remove_sent(struct page *page)
{
    struct member member;
    if (!find(page, &member))
        return;
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err =
        member_remove(page_service(page), page->arena, page_caller(page), member.person_id, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != ACCOUNT_REFUSED_NOT) {
        struct member_view view = view_of(page, &member);
        form_blank(page->arena, FORM(ROLE, view.form));
        form_refuse_all(&view.form.head, account_refusal_message(refusal));
        page->response->status = 422;
        show_remove(page, &view);
    } else {
        page_flash(page, FLASH_SUCCESS, MSG_member_removed);
        page_redirect(page, page_url(page, member.self ? "/" : LIST));
    }
}
