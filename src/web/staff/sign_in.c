/* Signing in of the operator's people: password, then always a code; who has no second factor yet sets it up first
 * (ACC-6). Their cookie is not a customer's. */
#include "templates.h"
#include "web/account/common.h"
#include "web/staff/common.h"
#include "web/staff/pages.h"

/* Tries of one address of the network, and of one account, in a quarter of an hour. */
enum { TRIES_A_PEER = 20, TRIES_AN_ACCOUNT = 10, TRIES_SECONDS = 900, LONGEST_BACK = 500 };

static const struct field_spec SIGN_IN[] = {
    F_EMAIL(struct sign_in_form, email, "courriel", MSG_account_email, .required = true, .autocomplete = "username"),
    F_PASSWORD(struct sign_in_form, password, "motdepasse", MSG_account_password, .required = true,
               .autocomplete = "current-password"),
};

static void show_sign_in(struct page *page, struct sign_in_view *view)
{
    account_title(page, MSG_staff_sign_in, &view->form.head);
    tpl_staff_sign_in(page_out(page), page, view);
}

/* A page of the operator's side in either language, else its first page. */
static struct str way_back(const struct page *page, struct str asked)
{
    bool ours = (str_starts(asked, S("/fr/service")) || str_starts(asked, S("/en/service"))) && asked.n < LONGEST_BACK;
    return ours ? asked : page_url(page, "/service");
}

void staff_sign_in_page(struct page *page)
{
    struct sign_in_view view = {.back = way_back(page, page_query(page, "retour"))};
    if (page->staff) {
        page_redirect(page, view.back);
        return;
    }
    form_blank(page->arena, FORM(SIGN_IN, view.form));
    show_sign_in(page, &view);
}

static void refuse_sign_in(struct page *page, struct sign_in_view *view, enum msg why)
{
    if (why != MSG_none)
        form_refuse_all(&view->form.head, why);
    page->response->status = 422;
    show_sign_in(page, view);
}

static void show_code(struct page *page, struct staff_code_view *view)
{
    account_title(page, MSG_factor_title, &view->form.head);
    tpl_staff_code(page_out(page), page, view);
}

static void show_enrol(struct page *page, struct staff_enrol_view *view, const struct factor_setup *setup)
{
    struct fault fault = {.err = OK};
    enum err err = factor_show(page, setup, &view->factor, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    account_title(page, MSG_staff_enrol, &view->form.head);
    tpl_staff_enrol(page_out(page), page, view);
}

/* What was begun is over: the sign-in page says so. */
static void begin_again(struct page *page, enum account_refusal refusal)
{
    struct sign_in_view view = {.back = page_url(page, "/service")};
    form_blank(page->arena, FORM(SIGN_IN, view.form));
    refuse_sign_in(page, &view, account_refusal_message(refusal));
}

void staff_next_step(struct page *page, const struct staff_step *step, struct str back)
{
    if (!step->enrol) {
        struct staff_code_view view = {.step = step->step, .back = back};
        form_blank(page->arena, FORM(code_specs, view.form));
        show_code(page, &view);
        return;
    }
    struct factor_setup setup = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = staff_enrol_begin(page_service(page), page->arena, step->step, &setup, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (setup.refusal != ACCOUNT_REFUSED_NOT) {
        begin_again(page, setup.refusal);
        return;
    }
    struct staff_enrol_view view = {.step = step->step, .back = back};
    form_blank(page->arena, FORM(app_code_specs, view.form));
    show_enrol(page, &view, &setup);
}

void staff_sign_in_sent(struct page *page)
{
    struct sign_in_view view = {.back = way_back(page, pairs_get(page->request->form, S("retour")))};
    if (!form_read(page->arena, page->request->form, FORM(SIGN_IN, view.form))) {
        refuse_sign_in(page, &view, MSG_none);
        return;
    }
    if (!page_allow(page, "staff-sign-in-peer", page->request->peer, TRIES_A_PEER, TRIES_SECONDS) ||
        !page_allow(page, "staff-sign-in", email_key(page->arena, view.form.email.v), TRIES_AN_ACCOUNT, TRIES_SECONDS))
        return;
    struct staff_step step = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = staff_sign_in(page_service(page), page->arena, (struct sign_in){
        .email = view.form.email.v, .password = view.form.password.v,
        .agent = request_header(page->request, "user-agent"), .address = page->request->peer}, &step, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (step.refusal != ACCOUNT_REFUSED_NOT)
        refuse_sign_in(page, &view, account_refusal_message(step.refusal));
    else
        staff_next_step(page, &step, view.back);
}

/* The cookie gets a new value, so that nobody can know it from before; a session that was open in this browser ends. */
static void enter(struct page *page, const struct staff_entry *entry)
{
    struct fault fault = {.err = OK};
    if (page->staff)
        (void)staff_sign_out(page_service(page), page->arena, site_session_cookie(page), &fault); /* else by its age */
    site_set_session(page, entry->token, entry->expires_at - page->now);
}

static struct sign_in_code sent_code(const struct page *page, struct str step, struct str code)
{
    return (struct sign_in_code){.step = step, .code = code, .agent = request_header(page->request, "user-agent"),
                                 .address = page->request->peer};
}

static bool allow_code(struct page *page)
{
    return page_allow(page, "staff-code-peer", page->request->peer, CODE_TRIES_A_PEER, CODE_TRIES_SECONDS);
}

static void refuse_code(struct page *page, struct staff_code_view *view, enum account_refusal refusal)
{
    if (refusal == ACCOUNT_STEP_ENDED) {
        begin_again(page, refusal);
        return;
    }
    if (refusal != ACCOUNT_REFUSED_NOT)
        form_refuse(&view->form.head, &view->form.code.f, account_refusal_message(refusal));
    page->response->status = 422;
    show_code(page, view);
}

void staff_code_sent(struct page *page)
{
    struct pairs sent = page->request->form;
    struct staff_code_view view = {.step = pairs_get(sent, S("etape")),
                                   .back = way_back(page, pairs_get(sent, S("retour")))};
    if (!form_read(page->arena, sent, FORM(code_specs, view.form))) {
        refuse_code(page, &view, ACCOUNT_REFUSED_NOT);
        return;
    }
    if (!allow_code(page))
        return;
    struct staff_entry entry = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = staff_sign_in_code(page_service(page), page->arena, sent_code(page, view.step, view.form.code.v),
                                      &entry, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (entry.refusal != ACCOUNT_REFUSED_NOT) {
        refuse_code(page, &view, entry.refusal);
    } else {
        enter(page, &entry);
        page_redirect(page, view.back);
    }
}

static void refuse_enrol(struct page *page, struct staff_enrol_view *view, const struct staff_entry *entry)
{
    if (entry->refusal == ACCOUNT_STEP_ENDED || entry->refusal == ACCOUNT_FACTOR_ON ||
        entry->codes.setup.secret.n == 0) {
        begin_again(page, entry->refusal);
        return;
    }
    form_refuse(&view->form.head, &view->form.code.f, account_refusal_message(entry->refusal));
    page->response->status = 422;
    show_enrol(page, view, &entry->codes.setup);
}

/* The codes are shown here and never again, so this page is the answer itself and no redirect. */
static void show_codes(struct page *page, const struct staff_entry *entry, struct str back)
{
    struct staff_codes_view view = {.codes = entry->codes, .next = safe_url_of_path(back)};
    enter(page, entry);
    response_header(page->response, "Cache-Control", S("no-store"));
    account_title(page, MSG_factor_codes_title, NULL);
    tpl_staff_codes(page_out(page), page, &view);
}

void staff_enrol_sent(struct page *page)
{
    struct pairs sent = page->request->form;
    struct staff_enrol_view view = {.step = pairs_get(sent, S("etape")),
                                    .back = way_back(page, pairs_get(sent, S("retour")))};
    if (!form_read(page->arena, sent, FORM(app_code_specs, view.form))) {
        struct staff_step step = {.step = view.step, .enrol = true};
        page->response->status = 422;
        staff_next_step(page, &step, view.back);
        return;
    }
    if (!allow_code(page))
        return;
    struct staff_entry entry = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = staff_enrol_confirm(page_service(page), page->arena, sent_code(page, view.step, view.form.code.v),
                                       &entry, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else if (entry.refusal != ACCOUNT_REFUSED_NOT)
        refuse_enrol(page, &view, &entry);
    else
        show_codes(page, &entry, view.back);
}

void staff_sign_out_sent(struct page *page)
{
    struct fault fault = {.err = OK};
    enum err err = staff_sign_out(page_service(page), page->arena, site_session_cookie(page), &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    site_set_session(page, (struct str){NULL, 0}, 0);
    page_flash(page, FLASH_INFO, MSG_account_signed_out);
    page_redirect(page, page_url(page, "/service/connexion"));
}
