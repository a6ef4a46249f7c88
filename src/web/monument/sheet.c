/* The day sheet: who comes, when, with whom, and what they need. Made to be printed. */
#include "templates.h"
#include "web/monument/common.h"

static const struct field_spec DAY[] = {F_DAY(struct sheet_form, day, "jour", MSG_sheet_day, .required = true)};

static void fill(struct page *page, struct sheet_view *view)
{
    const struct day_slots *slots = &view->sheet.slots;
    view->slots.p = ARENA_ARRAY(page->arena, slots->n + 1, struct sheet_slot);
    for (size_t i = 0; i < slots->n; i++) {
        const struct day_slot *slot = &slots->p[i];
        if (!view->all && slot->groups.n == 0)
            continue;
        view->slots.p[view->slots.n++] = (struct sheet_slot){
            .slot = slot, .groups = group_lines_of(page, &view->frame, &slot->groups), .whole_day = slot->whole_day,
            .for_groups = slot->for_groups, .left = slot->capacity - slot->taken};
    }
}

void sheet_page(struct page *page)
{
    struct sheet_view view = {.all = str_eq(page_query(page, "tous"), S("1"))};
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_DAY_SHEET, "journee", MSG_sheet_title, &view.frame, NULL))
        return;
    day_number day = view.today = local_of(page->zone, page->now).day;
    if (!day_parse(page_query(page, "jour"), &day))
        day = view.today;
    form_blank(page->arena, FORM(DAY, view.form));
    field_set_day(page->arena, &view.form.day, day);
    enum err err = day_sheet_read(page_service(page), page->arena, &caller, view.frame.id, day, &view.sheet, &fault);
    if (err == OK)
        err = request_visits_of_day(page_service(page), page->arena, &caller, view.frame.id, day, &view.visits, &fault);
    for (size_t i = 0; err == OK && i < view.visits.n; i++) {
        view.sheet.groups++;
        view.sheet.persons += view.visits.p[i].persons;
    }
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view.previous = day - 1;
    view.next = day + 1;
    fill(page, &view);
    view.other = safe_url_of_path(work_url(
        page, &view.frame,
        str_format(page->arena, "/journee?jour=%.*s%s", STR_ARG(day_iso(page->arena, day)), view.all ? "" : "&tous=1")
            .p));
    work_title(page, &view.frame, NULL);
    tpl_monument_sheet(page_out(page), page, &view);
}

/* ---- what a group needs ---- */

static const struct field_spec NEEDS[] = {
    F_LONG_TEXT(struct needs_form, needs, "besoins", MSG_sheet_needs, .max = NEEDS_MOST, .hint = MSG_sheet_needs_hint),
};

static bool find(struct page *page, struct needs_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    int64_t id = 0;
    if (!work_open(page, TASK_DAY_SHEET, "journee", MSG_sheet_needs, &view->frame, NULL) ||
        !work_id(page, "visite", &id))
        return false;
    enum err err = day_sheet_needs_read(page_service(page), page->arena, &caller, view->frame.id, id, &view->group,
                                        &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show(struct page *page, struct needs_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_needs(page_out(page), page, view);
}

void needs_page(struct page *page)
{
    struct needs_view view;
    if (!find(page, &view))
        return;
    view.form = (struct needs_form){.needs = {.v = {NULL, 0}}};
    form_blank(page->arena, FORM(NEEDS, view.form));
    field_set_text(&view.form.needs, view.group.needs);
    show(page, &view);
}

void needs_sent(struct page *page)
{
    struct needs_view view;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!find(page, &view))
        return;
    view.form = (struct needs_form){.needs = {.v = {NULL, 0}}};
    if (!form_read(page->arena, page->request->form, FORM(NEEDS, view.form))) {
        page->response->status = 422;
        show(page, &view);
        return;
    }
    enum err err = day_sheet_needs_put(page_service(page), page->arena, &caller, view.frame.id, view.group.id,
                                       view.form.needs.v, &fault);
    day_number day = local_of(page->zone, view.group.start).day;
    if (err != OK)
        page_fail(page, err, &fault);
    else
        work_done(page, &view.frame, str_format(page->arena, "/journee?jour=%.*s", STR_ARG(day_iso(page->arena, day))),
                  MSG_sheet_needs_kept);
}
