/* Notes on a customer's line of time: added, never changed (OPS-1). */
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"

static const struct field_spec NOTE[] = {
    F_LONG_TEXT(struct note_form, body, "note", MSG_customer_note, .required = true, .max = CUSTOMER_NOTE_MOST,
                .hint = MSG_customer_note_hint),
};

static void show(struct page *page, struct note_view *view)
{
    account_title(page, MSG_customer_note_add, &view->form.head);
    tpl_customer_note(page_out(page), page, view);
}

void note_page(struct page *page)
{
    struct note_view view = {.of.id = 0};
    if (!customer_find(page, TASK_CUSTOMER_NOTE, &view.of))
        return;
    form_blank(page->arena, FORM(NOTE, view.form));
    show(page, &view);
}

void note_sent(struct page *page)
{
    struct note_view view = {.of.id = 0};
    if (!customer_find(page, TASK_CUSTOMER_NOTE, &view.of))
        return;
    if (!form_read(page->arena, page->request->form, FORM(NOTE, view.form))) {
        page->response->status = 422;
        show(page, &view);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct customer_act act = customer_act_of(page, &caller, &view.of, (struct str){NULL, 0});
    struct fault fault = {.err = OK};
    enum err err = customer_note_add(page_service(page), page->arena, &act, view.form.body.v, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        customer_done(page, view.of.id, MSG_customer_note_done);
}
