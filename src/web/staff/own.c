/* One's own access on the operator's side: password, recovery codes, sessions (ACC-4, ACC-6). */
#include "templates.h"
#include "web/account/common.h"
#include "web/staff/common.h"
#include "web/staff/pages.h"

#define OWN "/service/compte"

enum { TRIES = 10, TRIES_SECONDS = 900 };

static const struct field_spec PASSWORD[] = {
    F_PASSWORD(struct password_form, old_password, "ancien", MSG_account_old_password, .required = true,
               .autocomplete = "current-password"),
    F_PASSWORD(struct password_form, new_password, "motdepasse", MSG_account_new_password, .required = true,
               .min = PASSWORD_MIN, .autocomplete = "new-password", .hint = MSG_account_password_hint),
};

static void blank(struct page *page, struct staff_own_view *view)
{
    form_blank(page->arena, FORM(PASSWORD, view->password));
    form_blank(page->arena, FORM(app_code_specs, view->renew));
}

static void show(struct page *page, struct staff_own_view *view)
{
    const struct staff_head *head = page_staff(page);
    struct staff_own own = {.codes_left = 0};
    struct fault fault = {.err = OK};
    enum err err = staff_own_read(page_service(page), page->arena, head, &own, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view->email = head->email;
    view->name = page->person_name;
    view->codes_left = own.codes_left;
    view->sessions = (struct session_lines){ARENA_ARRAY(page->arena, own.sessions.n + 1, struct session_line),
                                            own.sessions.n};
    for (size_t i = 0; i < own.sessions.n; i++)
        view->sessions.p[i] = (struct session_line){&own.sessions.p[i], device_name(page, own.sessions.p[i].agent)};
    view->others = own.sessions.n > 1;
    account_title(page, MSG_own_title,
                  view->password.head.error_count > 0 ? &view->password.head : &view->renew.head);
    tpl_staff_own(page_out(page), page, view);
}

void own_page(struct page *page)
{
    struct staff_own_view view = {.others = false};
    blank(page, &view);
    show(page, &view);
}

static struct str own_key(const struct page *page)
{
    return str_format(page->arena, "%lld", (long long)page_staff(page)->caller.staff_id);
}

void own_password_sent(struct page *page)
{
    struct staff_own_view view = {.others = false};
    struct password_form *form = &view.password;
    form_blank(page->arena, FORM(app_code_specs, view.renew));
    if (form_read(page->arena, page->request->form, FORM(PASSWORD, *form))) {
        enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
        struct fault fault = {.err = OK};
        if (!page_allow(page, "staff-password", own_key(page), TRIES, TRIES_SECONDS))
            return;
        enum err err = staff_password_change(page_service(page), page->arena, page_staff(page), form->old_password.v,
                                             form->new_password.v, &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (refusal == ACCOUNT_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, MSG_own_password_changed);
            page_redirect(page, page_url(page, OWN));
            return;
        }
        account_refuse(&form->head, refusal);
    }
    page->response->status = 422;
    show(page, &view);
}

/* Shown here and never again, so this page is the answer itself and no redirect. */
static void show_codes(struct page *page, const struct factor_codes *codes)
{
    struct staff_codes_view view = {.codes = *codes, .next = safe_url_of_path(page_url(page, OWN))};
    response_header(page->response, "Cache-Control", S("no-store"));
    account_title(page, MSG_factor_codes_title, NULL);
    tpl_staff_codes(page_out(page), page, &view);
}

void own_codes_sent(struct page *page)
{
    struct staff_own_view view = {.others = false};
    form_blank(page->arena, FORM(PASSWORD, view.password));
    if (form_read(page->arena, page->request->form, FORM(app_code_specs, view.renew))) {
        struct staff_caller caller = page_staff_caller(page);
        struct factor_codes codes = {.refusal = ACCOUNT_REFUSED_NOT};
        struct fault fault = {.err = OK};
        if (!page_allow(page, "staff-code-peer", page->request->peer, CODE_TRIES_A_PEER, CODE_TRIES_SECONDS))
            return;
        enum err err = staff_codes_renew(page_service(page), page->arena, &caller, view.renew.code.v, &codes, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (codes.refusal == ACCOUNT_REFUSED_NOT) {
            show_codes(page, &codes);
            return;
        }
        form_refuse(&view.renew.head, &view.renew.code.f, account_refusal_message(codes.refusal));
    }
    page->response->status = 422;
    show(page, &view);
}

static void end_sessions(struct page *page, int64_t session_id)
{
    int64_t ended = 0;
    struct fault fault = {.err = OK};
    enum err err =
        staff_session_end(page_service(page), page->arena, page_staff(page), session_id, &ended, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (ended == 0 && session_id != 0) { /* not one's own, or ended already */
        page_error(page, 404);
    } else {
        page_flash(page, FLASH_SUCCESS, session_id == 0 ? MSG_account_sessions_ended : MSG_account_session_ended);
        page_redirect(page, page_url(page, OWN));
    }
}

void own_session_ended(struct page *page)
{
    int64_t id = 0;
    if (str_int(page_capture(page, "id"), &id) && id > 0)
        end_sessions(page, id);
    else
        page_error(page, 404);
}

void own_sessions_ended(struct page *page)
{
    end_sessions(page, 0);
}
