/* «Client»: the organisation, the person, the e-mail that does not change (ACC-3), and the open sessions (ACC-4). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/countries.h"
#include "web/account/pages.h"

static enum err read_sessions(struct page *page, struct client_view *view, struct fault *fault)
{
    struct sessions sessions = {0};
    enum err err = session_list(page_service(page), page->arena, page_caller(page), page_session(page)->session_id,
                                &sessions, fault);
    if (err != OK)
        return err;
    view->sessions = (struct session_lines){.p = ARENA_ARRAY(page->arena, sessions.n, struct session_line),
                                            .n = sessions.n};
    for (size_t i = 0; i < sessions.n; i++) {
        view->sessions.p[i] = (struct session_line){&sessions.p[i], device_name(page, sessions.p[i].agent)};
        view->others = view->others || !sessions.p[i].current;
    }
    return OK;
}

void client_page(struct page *page)
{
    struct client_view view = {.others = false};
    struct fault fault = {.err = OK};
    enum err err = account_read(page_service(page), page->arena, page_caller(page), &view.account, &fault);
    if (err == OK && page_may(page, TASK_OWN_ACCOUNT))
        err = read_sessions(page, &view, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    bool french = str_eq(view.account.organisation.country, S("FR"));
    if (french)
        view.account.organisation.registration = siret_shown(page->arena, view.account.organisation.registration);
    view.account.phone = phone_shown(page->arena, view.account.phone);
    view.kind = organisation_kind_name(page, view.account.organisation.kind);
    view.country = country_name(view.account.organisation.country, page->lang);
    view.registration_label = french ? MSG_account_siret : MSG_account_registration_foreign;
    view.lang_name = msg_text(page->arena, page->lang, lang_choices[view.account.lang].label);
    page->nav = S("client");
    account_title(page, MSG_account_client, NULL);
    tpl_account_client(page_out(page), page, &view);
}

void session_end_sent(struct page *page)
{
    int64_t id = 0;
    bool ended = false;
    struct fault fault = {.err = OK};
    if (!str_int(page_capture(page, "id"), &id)) {
        page_error(page, 404);
        return;
    }
    enum err err = session_end(page_service(page), page->arena, page_caller(page), id, &ended, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (!ended) { /* not one's own, or ended already */
        page_error(page, 404);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_account_session_ended);
    page_redirect(page, page_url(page, "/client"));
}

void sessions_end_sent(struct page *page)
{
    int64_t ended = 0;
    struct fault fault = {.err = OK};
    enum err err = session_end_others(page_service(page), page->arena, page_caller(page),
                                      page_session(page)->session_id, &ended, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_account_sessions_ended);
    page_redirect(page, page_url(page, "/client"));
}
