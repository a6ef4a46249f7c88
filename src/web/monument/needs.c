/* What a group needs, said by the customer whose visit it is; the monument reads it on its day sheet. */
#include "templates.h"
#include "web/monument/common.h"

static const struct field_spec NEEDS[] = {
    F_LONG_TEXT(struct needs_form, needs, "besoins", MSG_sheet_needs, .max = NEEDS_MOST, .hint = MSG_sheet_needs_hint),
};

static bool find(struct page *page, struct own_needs_view *view)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!work_id(page, "visite", &id))
        return false;
    enum err err = visit_needs_read(page_service(page), page->arena, &caller, id, &view->group, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    struct str back = view->group.order_ref.n > 0 ? page_url(page, "/commandes/{}", view->group.order_ref)
                                                  : page_url(page, "/options");
    view->back = safe_url_of_path(back);
    return true;
}

static void show(struct page *page, struct own_needs_view *view)
{
    page->nav = view->group.order_ref.n > 0 ? S("commandes") : S("options");
    account_title(page, MSG_sheet_needs, &view->form.head);
    tpl_monument_own_needs(page_out(page), page, view);
}

void own_needs_page(struct page *page)
{
    struct own_needs_view view = {.form = {.needs = {.v = {NULL, 0}}}};
    if (!find(page, &view))
        return;
    form_blank(page->arena, FORM(NEEDS, view.form));
    field_set_text(&view.form.needs, view.group.needs);
    show(page, &view);
}

void own_needs_sent(struct page *page)
{
    struct own_needs_view view = {.form = {.needs = {.v = {NULL, 0}}}};
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (!find(page, &view))
        return;
    if (!form_read(page->arena, page->request->form, FORM(NEEDS, view.form))) {
        page->response->status = 422;
        show(page, &view);
        return;
    }
    enum err err = visit_needs_say(page_service(page), page->arena, &caller, view.group.id, view.form.needs.v, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_sheet_needs_said);
    page_redirect(page, view.back.s);
}
