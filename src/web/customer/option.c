/* An option at the desk: a later end, or none, with a reason that its holder reads (OPS-1, OPT-7). */
#include "templates.h"
#include "web/customer/common.h"
#include "web/customer/pages.h"

static const struct field_spec EXTEND[] = {
    F_DAY(struct extend_form, day, "jour", MSG_customer_option_day, .required = true),
    F_TIME(struct extend_form, time, "heure", MSG_customer_option_time, .required = true),
    F_BOOL(struct extend_form, beyond, "audela", MSG_customer_option_beyond, .hint = MSG_customer_option_beyond_hint),
    F_REASON(struct extend_form, .hint = MSG_customer_reason_read),
};
static const struct field_spec CANCEL[] = {F_REASON(struct reason_form, .hint = MSG_customer_reason_read)};

/* false: the page has ended. */
static bool find(struct page *page, enum task task, struct option_desk_view *view)
{
    int64_t id = 0;
    if (!customer_find(page, task, &view->of) || !customer_captured(page, "visit", &id))
        return false;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = customer_option_read(page_service(page), page->arena, &caller, view->of.id, id, &view->option, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->over = customer_refusal_message(view->option.refusal);
    view->may_extend = page_staff_may(page, TASK_OPTION_EXTEND);
    view->may_cancel = page_staff_may(page, TASK_OPTION_CANCEL);
    return true;
}

/* The last moment to confirm is what is mostly meant. */
static void blank_extend(struct page *page, struct option_desk_view *view)
{
    bool later = view->option.confirm_by > view->option.ends_at;
    struct local_time end = local_of(page->zone, later ? view->option.confirm_by : view->option.ends_at);
    form_blank(page->arena, FORM(EXTEND, view->extend));
    field_set_day(page->arena, &view->extend.day, end.day);
    field_set_time(page->arena, &view->extend.time, end.minute);
}

static void blank_cancel(struct page *page, struct option_desk_view *view)
{
    form_blank(page->arena, FORM(CANCEL, view->cancel));
    view->cancel.reason.f.id = S("f-motif-annuler"); /* the same word stands in both forms */
}

static void show(struct page *page, struct option_desk_view *view, const struct form *refused)
{
    if (refused != NULL)
        page->response->status = 422;
    account_title(page, MSG_customer_option_title, refused);
    tpl_customer_option(page_out(page), page, view);
}

void option_desk_page(struct page *page)
{
    struct option_desk_view view = {.of.id = 0};
    /* Two acts and nothing to read: who does neither has the timeline (OPS-7). */
    if (!find(page, TASK_OPTION_EXTEND, &view))
        return;
    blank_extend(page, &view);
    blank_cancel(page, &view);
    show(page, &view, NULL);
}

void option_extended(struct page *page)
{
    struct option_desk_view view = {.of.id = 0};
    if (!find(page, TASK_OPTION_EXTEND, &view))
        return;
    blank_cancel(page, &view);
    struct extend_form *form = &view.extend;
    if (!form_read(page->arena, page->request->form, FORM(EXTEND, *form))) {
        show(page, &view, &form->head);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct customer_act act = customer_act_of(page, &caller, &view.of, form->reason.v);
    enum customer_refusal refusal = CUSTOMER_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = customer_option_extend(page_service(page), page->arena, &act, view.option.visit_id,
                                          instant_of(page->zone, form->day.v, form->time.v), form->beyond.v, &refusal,
                                          &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != CUSTOMER_REFUSED_NOT) {
        bool about_day = refusal == CUSTOMER_NOT_LATER || refusal == CUSTOMER_AFTER_START;
        struct field *field = about_day ? &form->day.f : &form->beyond.f;
        if (about_day || refusal == CUSTOMER_AFTER_CONFIRM)
            form_refuse(&form->head, field, customer_refusal_message(refusal));
        else
            form_refuse_all(&form->head, customer_refusal_message(refusal));
        show(page, &view, &form->head);
    } else {
        customer_done(page, view.of.id, MSG_customer_option_extended);
    }
}

void option_desk_cancelled(struct page *page)
{
    struct option_desk_view view = {.of.id = 0};
    if (!find(page, TASK_OPTION_CANCEL, &view))
        return;
    blank_extend(page, &view);
    bool good = form_read(page->arena, page->request->form, FORM(CANCEL, view.cancel));
    view.cancel.reason.f.id = S("f-motif-annuler");
    if (!good) {
        show(page, &view, &view.cancel.head);
        return;
    }
    struct staff_caller caller = page_staff_caller(page);
    struct customer_act act = customer_act_of(page, &caller, &view.of, view.cancel.reason.v);
    enum customer_refusal refusal = CUSTOMER_REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = customer_option_cancel(page_service(page), page->arena, &act, view.option.visit_id, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
    } else if (refusal != CUSTOMER_REFUSED_NOT) {
        form_refuse_all(&view.cancel.head, customer_refusal_message(refusal));
        show(page, &view, &view.cancel.head);
    } else {
        customer_done(page, view.of.id, MSG_customer_option_cancelled);
    }
}
