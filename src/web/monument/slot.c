/* One slot changed by hand, and private events. */
#include "templates.h"
#include "web/monument/common.h"

static const struct field_spec SLOT[] = {
    F_INT(struct slot_form, capacity, "places", MSG_plan_capacity, .required = true, .min = 0,
          .max = SCHEDULE_CAPACITY_MOST, .hint = MSG_plan_capacity_hint),
    F_BOOL(struct slot_form, for_groups, "groupes", MSG_plan_for_groups),
    F_DAY(struct slot_form, sales_day, "vente_jour", MSG_plan_slot_sales_day, .hint = MSG_plan_slot_sales_hint),
    F_TIME(struct slot_form, sales_minute, "vente_heure", MSG_plan_sales_minute),
};

static const struct field_spec EVENT[] = {
    F_DAY(struct event_form, day, "jour", MSG_plan_event_day, .required = true),
    F_TIME(struct event_form, from, "de", MSG_plan_event_from, .required = true),
    F_TIME(struct event_form, to, "a", MSG_plan_event_to, .required = true, .hint = MSG_plan_event_to_hint),
    F_TEXT(struct event_form, reason_fr, "motif_fr", MSG_plan_reason_fr, .required = true, .max = SCHEDULE_NAME,
           .hint = MSG_plan_reason_hint),
    F_TEXT(struct event_form, reason_en, "motif_en", MSG_plan_reason_en, .required = true, .max = SCHEDULE_NAME),
};

/* ---- one slot ---- */

/* The slot of the address with whoever holds it. false: the page has ended. */
static bool find_slot(struct page *page, struct plan_slot_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t start = 0;
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_slot, &view->frame, NULL) ||
        !work_id(page, "debut", &start))
        return false;
    enum err err = schedule_slot(page_service(page), page->arena, &caller, view->frame.id, start, &view->slot, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    view->groups = group_lines_of(page, &view->frame, &view->slot.groups);
    view->frame.title = moment_words(page, start);
    return true;
}

static void show_slot(struct page *page, struct plan_slot_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_slot(page_out(page), page, view);
}

void slot_page(struct page *page)
{
    struct plan_slot_view view = {.taken = false};
    if (!find_slot(page, &view))
        return;
    form_blank(page->arena, FORM(SLOT, view.form));
    field_set_int(page->arena, &view.form.capacity, view.slot.capacity);
    field_set_bool(&view.form.for_groups, view.slot.for_groups);
    if (view.slot.on_sale_from > 0) {
        struct local_time local = local_of(page->zone, view.slot.on_sale_from);
        field_set_day(page->arena, &view.form.sales_day, local.day);
        field_set_time(page->arena, &view.form.sales_minute, local.minute);
    }
    show_slot(page, &view);
}

static void refuse_slot(struct plan_slot_view *view, const struct schedule_answer *answer)
{
    struct slot_form *form = &view->form;
    if (answer->refusal == SCHEDULE_TAKEN) {
        form_refuse_n(&form->head, &form->capacity.f, MSG_plan_below_taken, view->slot.taken);
        view->taken = true;
    } else if (answer->refusal == SCHEDULE_PAST) {
        form_refuse_all(&form->head, MSG_plan_begun);
    } else {
        form_refuse_n(&form->head, &form->capacity.f, MSG_form_max, SCHEDULE_CAPACITY_MOST);
    }
}

static struct str day_path(const struct page *page, day_number day)
{
    return str_format(page->arena, "/planning/jour/%.*s", STR_ARG(day_iso(page->arena, day)));
}

void slot_sent(struct page *page)
{
    struct plan_slot_view view = {.taken = false};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    struct fault fault = {.err = OK};
    if (!find_slot(page, &view))
        return;
    if (form_read(page->arena, page->request->form, FORM(SLOT, view.form))) {
        struct slot_form *form = &view.form;
        struct schedule_slot_wish wish = {.start = view.slot.start, .capacity = (int)form->capacity.v,
                                          .for_groups = form->for_groups.v};
        if (form->sales_day.f.given)
            wish.on_sale_from = instant_of(page->zone, form->sales_day.v,
                                           form->sales_minute.f.given ? form->sales_minute.v : 0);
        enum err err = schedule_slot_put(page_service(page), page->arena, &caller, view.frame.id, &wish, &answer,
                                         &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, day_path(page, view.slot.day), MSG_plan_slot_changed);
            return;
        }
        refuse_slot(&view, &answer);
    }
    page->response->status = 422;
    show_slot(page, &view);
}

void slot_released(struct page *page)
{
    struct plan_slot_view view = {.taken = false};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    struct fault fault = {.err = OK};
    if (!find_slot(page, &view))
        return;
    enum err err = schedule_slot_release(page_service(page), page->arena, &caller, view.frame.id, view.slot.start,
                                         &answer, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        work_done(page, &view.frame, day_path(page, view.slot.day), MSG_plan_slot_released);
}

/* ---- private events ---- */

static void show_event(struct page *page, struct event_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_event(page_out(page), page, view);
}

void event_page(struct page *page)
{
    struct event_view view = {.taken = false};
    day_number day;
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_event, &view.frame, NULL))
        return;
    form_blank(page->arena, FORM(EVENT, view.form));
    if (day_parse(page_query(page, "jour"), &day))
        field_set_day(page->arena, &view.form.day, day);
    show_event(page, &view);
}

static void refuse_event(struct page *page, struct event_view *view, const struct schedule_answer *answer)
{
    struct event_form *form = &view->form;
    switch (answer->refusal) {
    case SCHEDULE_TAKEN:
        form_refuse_all(&form->head, MSG_plan_event_taken);
        view->taken = true;
        view->groups = group_lines_of(page, &view->frame, &answer->groups);
        break;
    case SCHEDULE_WINDOW: form_refuse(&form->head, &form->to.f, MSG_plan_event_window); break;
    case SCHEDULE_PAST: form_refuse(&form->head, &form->day.f, MSG_plan_event_past); break;
    default: form_refuse(&form->head, &form->reason_fr.f, MSG_form_required); break;
    }
}

void event_sent(struct page *page)
{
    struct event_view view = {.taken = false};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_event, &view.frame, NULL))
        return;
    if (form_read(page->arena, page->request->form, FORM(EVENT, view.form))) {
        struct event_form *form = &view.form;
        struct schedule_event event = {.day = form->day.v, .from = form->from.v, .to = form->to.v,
                                       .reason_fr = form->reason_fr.v, .reason_en = form->reason_en.v};
        enum err err = schedule_event_add(page_service(page), page->arena, &caller, view.frame.id, &event, &answer,
                                          &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (answer.refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, day_path(page, event.day), MSG_plan_event_added);
            return;
        }
        refuse_event(page, &view, &answer);
    }
    page->response->status = 422;
    show_event(page, &view);
}

void event_removed(struct page *page)
{
    struct work_frame frame;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_event, &frame, NULL) || !work_id(page, "evenement", &id))
        return;
    enum err err = schedule_event_remove(page_service(page), page->arena, &caller, frame.id, id, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        work_done(page, &frame, S("/planning"), MSG_plan_event_removed);
}
