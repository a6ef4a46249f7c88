/* The link of an invitation: somebody becomes a member of an organisation (ACC-5), or one of the operator's people sets
 * name and password and goes on to the second factor (ACC-6). */
#include "service/role_words.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/staff/common.h"
#include "web/staff/pages.h"

enum { TRIES_A_PEER = 30, TRIES_SECONDS = 3600 };

static const struct field_spec MEMBER[] = {
    F_FIRST_NAME(struct invitation_form, .autocomplete = "given-name"),
    F_LAST_NAME(struct invitation_form, .autocomplete = "family-name"),
    F_PHONE(struct invitation_form, phone, "telephone", MSG_account_phone, .required = true, .autocomplete = "tel"),
    F_PASSWORD(struct invitation_form, password, "motdepasse", MSG_member_password, .required = true,
               .min = PASSWORD_MIN, .hint = MSG_account_password_hint, .autocomplete = "new-password"),
};
static const struct field_spec STAFF[] = {
    F_FIRST_NAME(struct invitation_form, .autocomplete = "given-name"),
    F_LAST_NAME(struct invitation_form, .autocomplete = "family-name"),
    F_PASSWORD(struct invitation_form, password, "motdepasse", MSG_member_password, .required = true,
               .min = PASSWORD_MIN, .hint = MSG_account_password_hint, .autocomplete = "new-password"),
};

/* What the link is worth. false: the page has ended, with the reason. */
static bool check(struct page *page, struct invitation_page_view *view)
{
    if (!page_allow(page, "invitation-peer", page->request->peer, TRIES_A_PEER, TRIES_SECONDS))
        return false;
    struct fault fault = {.err = OK};
    view->token = page_capture(page, "token");
    response_header(page->response, "X-Robots-Tag", S("noindex, nofollow"));
    enum err err = invitation_check(page_service(page), page->arena, view->token, &view->invitation, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    if (view->invitation.refusal == ACCOUNT_REFUSED_NOT && view->invitation.staff == page->staff_side) {
        view->role = msg_text(page->arena, page->lang, role_message(view->invitation.role));
        return true;
    }
    /* The other side's link at this side's address is no link. */
    enum account_refusal refusal = view->invitation.refusal == ACCOUNT_REFUSED_NOT ? ACCOUNT_LINK_UNKNOWN
                                                                                   : view->invitation.refusal;
    view->refused = account_refusal_message(refusal);
    page->response->status = 404;
    account_title(page, MSG_member_link_bad, NULL);
    tpl_staff_invitation(page_out(page), page, view);
    return false;
}

static void show(struct page *page, struct invitation_page_view *view)
{
    struct form *form = &view->form.head;
    page->title = view->invitation.staff ? msg_text(page->arena, page->lang, MSG_staff_accept)
                                         : msg_text(page->arena, page->lang, MSG_member_accept,
                                                    ARG("organisation", view->invitation.organisation));
    if (form->error_count > 0)
        page->title = msg_text(page->arena, page->lang, MSG_account_error_title, ARG("title", page->title));
    tpl_staff_invitation(page_out(page), page, view);
}

void invitation_page(struct page *page)
{
    struct invitation_page_view view = {.refused = MSG_none};
    if (!check(page, &view))
        return;
    if (view.invitation.staff)
        form_blank(page->arena, FORM(STAFF, view.form));
    else
        form_blank(page->arena, FORM(MEMBER, view.form));
    show(page, &view);
}

static void refuse(struct page *page, struct invitation_page_view *view, enum account_refusal refusal)
{
    if (refusal != ACCOUNT_REFUSED_NOT)
        account_refuse(&view->form.head, refusal);
    page->response->status = 422;
    show(page, view);
}

static void accept_staff(struct page *page, struct invitation_page_view *view)
{
    struct staff_accept accept = {.first_name = view->form.first_name.v, .last_name = view->form.last_name.v,
                                  .password = view->form.password.v};
    struct staff_step step = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = staff_accept(page_service(page), page->arena, view->token, accept, &step, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (step.refusal != ACCOUNT_REFUSED_NOT)
        refuse(page, view, step.refusal);
    else
        staff_next_step(page, &step, page_url(page, "/service"));
}

static void accept_member(struct page *page, struct invitation_page_view *view)
{
    struct member_accept accept = {.first_name = view->form.first_name.v, .last_name = view->form.last_name.v,
                                   .phone = view->form.phone.v, .password = view->form.password.v, .lang = page->lang};
    struct member_accepted accepted = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = member_accept(page_service(page), page->arena, view->token, accept, &accepted, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (accepted.refusal != ACCOUNT_REFUSED_NOT) {
        refuse(page, view, accepted.refusal);
    } else {
        page_flash(page, FLASH_SUCCESS, MSG_member_accepted);
        page_redirect(page, page_url(page, "/connexion"));
    }
}

void invitation_sent(struct page *page)
{
    struct invitation_page_view view = {.refused = MSG_none};
    if (!check(page, &view))
        return;
    bool staff = view.invitation.staff;
    bool good = staff ? form_read(page->arena, page->request->form, FORM(STAFF, view.form))
                      : form_read(page->arena, page->request->form, FORM(MEMBER, view.form));
    if (!good)
        refuse(page, &view, ACCOUNT_REFUSED_NOT);
    else if (staff)
        accept_staff(page, &view);
    else
        accept_member(page, &view);
}
