/* Bringing the slots to the plan: first what would change, and whom it meets; then doing it. */
#include "templates.h"
#include "web/monument/common.h"

static const struct field_spec RANGE[] = {
    F_DAY(struct make_form, from, "du", MSG_plan_from, .required = true),
    F_DAY(struct make_form, to, "au", MSG_plan_to, .required = true, .hint = MSG_plan_to_hint),
    F_BOOL(struct make_form, also_by_hand, "manuels", MSG_plan_also_by_hand, .hint = MSG_plan_also_by_hand_hint),
};

static const struct {
    enum msg word;
    const char *tone;
} whats[SCHEDULE_WHATS] = {
    [SLOT_ADDED] = {MSG_plan_added, "ok"},     [SLOT_CHANGED] = {MSG_plan_changed, "warn"},
    [SLOT_REMOVED] = {MSG_plan_removed, "bad"}, [SLOT_RETIRED] = {MSG_plan_retired, "bad"},
    [SLOT_KEPT] = {MSG_plan_kept, "accent"},    [SLOT_SAME] = {MSG_plan_same, "accent"},
};

static struct str values_words(const struct page *page, const struct schedule_values *values)
{
    struct str places = msg_text(page->arena, page->lang, MSG_plan_places_minutes, ARG("n", values->capacity),
                                 ARG("minutes", values->minutes));
    if (values->event_id != 0)
        return str_format(page->arena, "%.*s, %.*s", STR_ARG(places),
                          STR_ARG(page->lang == LANG_EN ? values->closed_en : values->closed_fr));
    if (!values->for_groups)
        return str_format(page->arena, "%.*s, %.*s", STR_ARG(places),
                          STR_ARG(msg_text(page->arena, page->lang, MSG_plan_not_for_groups)));
    return places;
}

static struct make_line line_of(const struct page *page, const struct schedule_change *change)
{
    struct make_line line = {.change = change, .what = whats[change->what].word, .tone = whats[change->what].tone};
    if (change->what != SLOT_ADDED)
        line.was = values_words(page, &change->from);
    if (change->what != SLOT_REMOVED)
        line.becomes = values_words(page, &change->to);
    /* Only when sales open differs: the words would be the same. */
    if (change->what == SLOT_CHANGED && change->from.on_sale_from != change->to.on_sale_from)
        line.becomes = str_format(page->arena, "%.*s, %.*s", STR_ARG(line.becomes),
                                  STR_ARG(change->to.on_sale_from == 0
                                              ? msg_text(page->arena, page->lang, MSG_plan_sales_now)
                                              : msg_text(page->arena, page->lang, MSG_plan_on_sale_from,
                                                         ARG("when", moment_words(page, change->to.on_sale_from)))));
    return line;
}

static void fill(struct page *page, struct make_view *view, const struct schedule_preview *preview)
{
    const int *n = preview->count;
    int doing = n[SLOT_ADDED] + n[SLOT_CHANGED] + n[SLOT_REMOVED] + n[SLOT_RETIRED];
    view->asked = true;
    view->count = n;
    view->range = preview->range;
    view->mark = preview->mark;
    view->nothing = doing == 0;
    view->months = (struct make_months){ARENA_ARRAY(page->arena, preview->months.n + 1, struct make_month),
                                        preview->months.n};
    for (size_t i = 0; i < preview->months.n; i++)
        view->months.p[i] = (struct make_month){month_words(page, preview->months.p[i].month),
                                                preview->months.p[i].count};
    view->lines = (struct make_lines){ARENA_ARRAY(page->arena, preview->changes.n + 1, struct make_line),
                                      preview->changes.n};
    for (size_t i = 0; i < preview->changes.n; i++)
        view->lines.p[i] = line_of(page, &preview->changes.p[i]);
    view->more = doing > SCHEDULE_SHOWN;
    view->conflicts.p = ARENA_ARRAY(page->arena, preview->conflicts.n + 1, struct make_conflict);
    view->conflicts.n = preview->conflicts.n;
    for (size_t i = 0; i < preview->conflicts.n; i++)
        view->conflicts.p[i] = (struct make_conflict){
            preview->conflicts.p[i].change, group_lines_of(page, &view->frame, &preview->conflicts.p[i].groups)};
    view->more_conflicts = preview->more_conflicts;
}

static struct schedule_range range_of(const struct make_view *view)
{
    return (struct schedule_range){.monument_id = view->frame.id, .from = view->form.from.v, .to = view->form.to.v,
                                   .also_by_hand = view->form.also_by_hand.v};
}

static void refuse(struct make_view *view, enum schedule_refusal refusal)
{
    if (refusal == SCHEDULE_DATES)
        form_refuse_n(&view->form.head, &view->form.to.f, MSG_plan_make_dates, SCHEDULE_DAYS);
    else if (refusal == SCHEDULE_TOO_MANY)
        form_refuse_n(&view->form.head, &view->form.to.f, MSG_plan_too_many_slots, SCHEDULE_SLOTS);
}

static void show(struct page *page, struct make_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_make(page_out(page), page, view);
}

void make_page(struct page *page)
{
    struct make_view view = {.asked = false};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_preview *preview = ARENA_NEW(page->arena, struct schedule_preview);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_make, &view.frame, NULL))
        return;
    if (page->request->query.n == 0) {
        day_number today = local_of(page->zone, page->now).day;
        form_blank(page->arena, FORM(RANGE, view.form));
        field_set_day(page->arena, &view.form.from, today);
        field_set_day(page->arena, &view.form.to, day_add_months(today, 15));
    } else if (form_read(page->arena, page->request->query, FORM(RANGE, view.form))) {
        enum err err = schedule_preview(page_service(page), page->arena, &caller, range_of(&view), preview, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        refuse(&view, preview->refusal);
        if (preview->refusal == SCHEDULE_DONE)
            fill(page, &view, preview);
    }
    show(page, &view);
}

void make_sent(struct page *page)
{
    struct make_view view = {.asked = false};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_preview *preview = ARENA_NEW(page->arena, struct schedule_preview);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_make, &view.frame, NULL))
        return;
    if (form_read(page->arena, page->request->form, FORM(RANGE, view.form))) {
        struct str mark = pairs_get(page->request->form, S("empreinte"));
        enum err err = schedule_apply(page_service(page), page->arena, &caller, range_of(&view), mark, preview, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (preview->refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, S("/planning"), MSG_plan_made);
            return;
        }
        refuse(&view, preview->refusal);
        view.stale = preview->refusal == SCHEDULE_STALE;
        if (view.stale)
            fill(page, &view, preview);
    }
    page->response->status = view.stale ? 409 : 422;
    show(page, &view);
}
