/* «Quitter l’organisation»: whoever leaves does so alone; what was ordered stays with the organisation (ACC-5). */
#include "templates.h"
#include "web/account/common.h"
#include "web/account/pages.h"

static void show(struct page *page, struct member_leave_view *view)
{
    view->organisation = page->organisation_name;
    view->email = page_session(page)->email;
    page->nav = S("client");
    account_title(page, MSG_leave_title, &view->head);
    tpl_account_leave(page_out(page), page, view);
}

void member_leave_page(struct page *page)
{
    struct member_leave_view view = {.email = {NULL, 0}};
    if (page_may(page, TASK_OWN_ACCOUNT))
        show(page, &view);
    else
        page_error(page, 403);
}

void member_leave_sent(struct page *page)
{
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = member_leave(page_service(page), page->arena, page_caller(page), &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != ACCOUNT_REFUSED_NOT) {
        struct member_leave_view view = {.email = {NULL, 0}};
        form_refuse_all(&view.head, account_refusal_message(refusal));
        page->response->status = 422;
        show(page, &view);
    } else { /* the sessions have ended with it */
        site_set_session(page, (struct str){NULL, 0}, 0);
        page_flash(page, FLASH_SUCCESS, MSG_leave_done);
        page_redirect(page, page_url(page, "/"));
    }
}
