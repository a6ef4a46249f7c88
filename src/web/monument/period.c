/* Seasons and exceptions of a planning, with the runs of slots in them. */
#include "templates.h"
#include "text/format.h"
#include "web/monument/common.h"

static const struct choice sales_choices[] = {
    {"now", MSG_plan_sales_now}, {"months", MSG_plan_sales_months}, {"day", MSG_plan_sales_day}};

static const struct field_spec PERIOD[] = {
    F_TEXT(struct season_form, name, "nom", MSG_plan_period_name, .required = true, .max = SCHEDULE_NAME,
           .hint = MSG_plan_period_name_hint),
    F_DAY(struct season_form, first, "du", MSG_plan_first_day, .required = true),
    F_DAY(struct season_form, last, "au", MSG_plan_last_day, .required = true),
    F_CHOICE(struct season_form, sales, "vente", MSG_plan_sales, .required = true, .radio = true,
             CHOICES(sales_choices)),
    F_INT(struct season_form, sales_months, "vente_mois", MSG_plan_sales_months_count, .min = 0,
          .max = SCHEDULE_MONTHS_MOST, .hint = MSG_plan_sales_months_hint),
    F_DAY(struct season_form, sales_day, "vente_jour", MSG_plan_sales_day_field),
    F_TIME(struct season_form, sales_minute, "vente_heure", MSG_plan_sales_minute),
};

static const struct field_spec LINE[] = {
    F_IDS(struct line_form, weekdays, "jours", MSG_plan_weekdays, .required = true,
          .required_error = MSG_plan_weekdays_none),
    F_TIME(struct line_form, first, "premier", MSG_plan_first_start, .required = true),
    F_TIME(struct line_form, last, "dernier", MSG_plan_last_start, .required = true, .hint = MSG_plan_last_start_hint),
    F_INT(struct line_form, step, "intervalle", MSG_plan_step, .required = true, .min = SCHEDULE_STEP_LEAST,
          .max = MINUTES_A_DAY),
    F_INT(struct line_form, minutes, "duree", MSG_plan_minutes, .required = true, .min = SCHEDULE_STEP_LEAST,
          .max = MINUTES_A_DAY),
    F_INT(struct line_form, capacity, "places", MSG_plan_capacity, .required = true, .min = 0,
          .max = SCHEDULE_CAPACITY_MOST, .hint = MSG_plan_capacity_hint),
    F_BOOL(struct line_form, for_groups, "groupes", MSG_plan_for_groups),
};

/* ---- refusals ---- */

static void refuse_period(struct page *page, struct period_view *view, const struct schedule_answer *answer)
{
    struct season_form *form = &view->form;
    switch (answer->refusal) {
    case SCHEDULE_NO_NAME: form_refuse(&form->head, &form->name.f, MSG_form_required); break;
    case SCHEDULE_DATES: form_refuse_n(&form->head, &form->last.f, MSG_plan_dates, SCHEDULE_DAYS); break;
    case SCHEDULE_SALES: form_refuse(&form->head, &form->sales.f, MSG_plan_sales_wrong); break;
    case SCHEDULE_TOO_MANY: form_refuse_all(&form->head, MSG_plan_too_many_periods); break;
    case SCHEDULE_OVERLAP:
        form_refuse(&form->head, &form->first.f, MSG_plan_overlap);
        view->refusal = msg_text(page->arena, page->lang, MSG_plan_overlap_with, ARG("name", answer->other));
        break;
    default: form_refuse_all(&form->head, MSG_plan_stale); break;
    }
}

static void refuse_line(struct page *page, struct line_form *form, struct str *refusal,
                        const struct schedule_answer *answer)
{
    if (answer->refusal == SCHEDULE_CLASH) {
        form_refuse(&form->head, &form->first.f, MSG_plan_clash);
        *refusal = msg_text(
            page->arena, page->lang, MSG_plan_clash_at,
            ARG("time", str_format(page->arena, "%02d:%02d", answer->minute / 60, answer->minute % 60)));
    } else if (answer->refusal == SCHEDULE_TOO_MANY) {
        form_refuse_n(&form->head, &form->first.f, MSG_plan_too_many_lines, SCHEDULE_LINES);
    } else if (answer->line == LINE_TIMES) {
        form_refuse(&form->head, &form->last.f, MSG_plan_times);
    } else {
        form_refuse_all(&form->head, MSG_plan_line_wrong);
    }
}

/* ---- values ---- */

static void prepare_weekdays(const struct page *page, struct line_form *form)
{
    struct possibilities *possible = &form->weekdays.f.possible;
    *possible = (struct possibilities){ARENA_ARRAY(page->arena, 7, struct possibility), 7};
    for (int i = MONDAY; i <= SUNDAY; i++)
        possible->p[i] = (struct possibility){.value = number_text(page, i + 1),
                                              .text = weekday_name(page->lang, (enum weekday)i)};
}

static void blank_line(struct page *page, struct line_form *form, const struct schedule_line *line)
{
    prepare_weekdays(page, form);
    form_blank(page->arena, FORM(LINE, *form));
    for (size_t i = 0; i < 7; i++)
        form->weekdays.f.possible.p[i].selected = line == NULL || (line->weekdays >> i & 1) != 0;
    field_set_bool(&form->for_groups, line == NULL || line->for_groups);
    field_set_int(page->arena, &form->step, line == NULL ? 30 : line->step);
    field_set_int(page->arena, &form->minutes, line == NULL ? 30 : line->minutes);
    if (line == NULL)
        return;
    field_set_time(page->arena, &form->first, line->first);
    field_set_time(page->arena, &form->last, line->last);
    field_set_int(page->arena, &form->capacity, line->capacity);
}

static struct schedule_line line_typed(const struct line_form *form)
{
    struct schedule_line line = {.first = form->first.v, .last = form->last.v, .step = (int)form->step.v,
                                 .minutes = (int)form->minutes.v, .capacity = (int)form->capacity.v,
                                 .for_groups = form->for_groups.v};
    for (size_t i = 0; i < form->weekdays.v.n; i++)
        line.weekdays |= 1u << (form->weekdays.v.p[i] - 1);
    return line;
}

static void fill_period(struct page *page, struct season_form *form, const struct schedule_period *period)
{
    field_set_text(&form->name, period->name);
    field_set_day(page->arena, &form->first, period->first);
    field_set_day(page->arena, &form->last, period->last);
    field_set_choice(&form->sales, str_of(schedule_sales_name(period->sales)));
    field_set_time(page->arena, &form->sales_minute, period->sales_minute);
    if (period->sales == SALES_MONTHS)
        field_set_int(page->arena, &form->sales_months, period->sales_months);
    if (period->sales == SALES_DAY)
        field_set_day(page->arena, &form->sales_day, period->sales_day);
}

/* What opens sales must be said: the other fields of that choice count for nothing. */
static bool period_typed(struct season_form *form, struct schedule_period *ret_period)
{
    enum { NINE = 9 * 60 };
    *ret_period = (struct schedule_period){
        .name = form->name.v, .first = form->first.v, .last = form->last.v, .sales = (enum schedule_sales)form->sales.v,
        .sales_months = form->sales_months.f.given ? (int)form->sales_months.v : 0, .sales_day = form->sales_day.v,
        .sales_minute = form->sales_minute.f.given ? form->sales_minute.v : NINE};
    if (ret_period->sales == SALES_MONTHS && !form->sales_months.f.given)
        form_refuse(&form->head, &form->sales_months.f, MSG_form_required);
    if (ret_period->sales == SALES_DAY && !form->sales_day.f.given)
        form_refuse(&form->head, &form->sales_day.f, MSG_form_required);
    return form->head.error_count == 0;
}

/* ---- periods ---- */

/* The period of the address with its lines. false: the page has ended. */
static bool find_period(struct page *page, struct period_view *view, const struct schedule_period **ret_period)
{
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_plan *plan = ARENA_NEW(page->arena, struct schedule_plan);
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_season, &view->frame, NULL) ||
        !work_id(page, "saison", &view->id))
        return false;
    enum err err = schedule_read(page_service(page), page->arena, &caller, view->frame.id, plan, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    for (size_t i = 0; i < plan->schedule.periods.n; i++) {
        const struct schedule_period *period = &plan->schedule.periods.p[i];
        if (period->id != view->id)
            continue;
        *ret_period = period;
        view->exception = period->exception;
        view->whole_day = plan->schedule.whole_day;
        day_number from = period->first < plan->today ? plan->today : period->first;
        view->make = safe_url_of_path(work_url(
            page, &view->frame, str_format(page->arena, "/planning/mise-a-jour?du=%.*s&au=%.*s",
                                           STR_ARG(day_iso(page->arena, from)),
                                           STR_ARG(day_iso(page->arena, period->last))).p));
        view->frame.title = period->name;
        view->lines = (struct line_rows){ARENA_ARRAY(page->arena, period->lines.n + 1, struct line_row),
                                         period->lines.n};
        for (size_t k = 0; k < period->lines.n; k++)
            view->lines.p[k] = (struct line_row){&period->lines.p[k], weekday_words(page, period->lines.p[k].weekdays),
                                                 period->lines.p[k].for_groups};
        return true;
    }
    page_error(page, 404);
    return false;
}

static void show_new(struct page *page, struct period_view *view)
{
    work_title(page, &view->frame, &view->form.head);
    tpl_monument_period_new(page_out(page), page, view);
}

static bool open_new(struct page *page, struct period_view *view)
{
    struct pairs sent = page->request->method == HTTP_POST ? page->request->form : page->request->query;
    view->exception = str_eq(pairs_get(sent, S("type")), S("exception"));
    return work_open(page, TASK_PLANNING, "planning",
                     view->exception ? MSG_plan_new_exception : MSG_plan_new_season, &view->frame, NULL);
}

void period_new_page(struct page *page)
{
    struct period_view view = {.id = 0};
    if (!open_new(page, &view))
        return;
    form_blank(page->arena, FORM(PERIOD, view.form));
    field_set_choice(&view.form.sales, S("months"));
    field_set_int(page->arena, &view.form.sales_months, 12);
    field_set_time(page->arena, &view.form.sales_minute, 9 * 60);
    show_new(page, &view);
}

/* false: the page has ended with a failure; else *ret_answer says how it went. */
static bool save(struct page *page, struct period_view *view, struct schedule_period *period,
                 struct schedule_answer *ret_answer)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = schedule_period_save(page_service(page), page->arena, &caller, view->frame.id, period, ret_answer,
                                        &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static struct str period_path(const struct page *page, int64_t id)
{
    return str_format(page->arena, "/planning/saisons/%lld", (long long)id);
}

void period_new_sent(struct page *page)
{
    struct period_view view = {.id = 0};
    struct schedule_period period;
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    if (!open_new(page, &view))
        return;
    if (form_read(page->arena, page->request->form, FORM(PERIOD, view.form)) && period_typed(&view.form, &period)) {
        period.exception = view.exception;
        if (!save(page, &view, &period, &answer))
            return;
        if (answer.refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, period_path(page, answer.id), MSG_plan_period_added);
            return;
        }
        refuse_period(page, &view, &answer);
    }
    page->response->status = 422;
    show_new(page, &view);
}

static void show(struct page *page, struct period_view *view)
{
    const struct form *refused = view->line.head.error_count > 0 ? &view->line.head : &view->form.head;
    work_title(page, &view->frame, refused);
    tpl_monument_period(page_out(page), page, view);
}

void period_page(struct page *page)
{
    struct period_view view = {.id = 0};
    const struct schedule_period *period = NULL;
    if (!find_period(page, &view, &period))
        return;
    form_blank(page->arena, FORM(PERIOD, view.form));
    fill_period(page, &view.form, period);
    blank_line(page, &view.line, NULL);
    show(page, &view);
}

void period_sent(struct page *page)
{
    struct period_view view = {.id = 0};
    const struct schedule_period *was = NULL;
    struct schedule_period period;
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    if (!find_period(page, &view, &was))
        return;
    if (form_read(page->arena, page->request->form, FORM(PERIOD, view.form)) && period_typed(&view.form, &period)) {
        period.id = view.id;
        if (!save(page, &view, &period, &answer))
            return;
        if (answer.refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, period_path(page, view.id), MSG_plan_period_changed);
            return;
        }
        refuse_period(page, &view, &answer);
    }
    page->response->status = 422;
    blank_line(page, &view.line, NULL);
    show(page, &view);
}

void period_removed(struct page *page)
{
    struct period_view view = {.id = 0};
    const struct schedule_period *period = NULL;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!find_period(page, &view, &period))
        return;
    enum err err = schedule_period_remove(page_service(page), page->arena, &caller, view.frame.id, view.id, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        work_done(page, &view.frame, S("/planning"), MSG_plan_period_removed);
}

/* ---- lines ---- */

static bool save_line(struct page *page, const struct work_frame *frame, int64_t period_id, int64_t id,
                      struct line_form *form, struct schedule_answer *ret_answer)
{
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_line line = line_typed(form);
    struct fault fault = {.err = OK};
    line.id = id;
    enum err err = schedule_line_save(page_service(page), page->arena, &caller, frame->id, period_id, &line, ret_answer,
                                      &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

void line_added(struct page *page)
{
    struct period_view view = {.id = 0};
    const struct schedule_period *period = NULL;
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    if (!find_period(page, &view, &period))
        return;
    prepare_weekdays(page, &view.line);
    if (form_read(page->arena, page->request->form, FORM(LINE, view.line))) {
        if (!save_line(page, &view.frame, view.id, 0, &view.line, &answer))
            return;
        if (answer.refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, period_path(page, view.id), MSG_plan_line_added);
            return;
        }
        refuse_line(page, &view.line, &view.refusal, &answer);
    }
    page->response->status = 422;
    form_blank(page->arena, FORM(PERIOD, view.form));
    fill_period(page, &view.form, period);
    show(page, &view);
}

/* The line of the address. false: the page has ended. */
static bool find_line(struct page *page, struct line_view *view, const struct schedule_line **ret_line)
{
    struct period_view period_view = {.id = 0};
    const struct schedule_period *period = NULL;
    if (!find_period(page, &period_view, &period) || !work_id(page, "ligne", &view->id))
        return false;
    view->frame = period_view.frame;
    view->frame.title = msg_text(page->arena, page->lang, MSG_plan_line);
    view->period = period->name;
    view->period_id = period->id;
    for (size_t i = 0; i < period->lines.n; i++)
        if (period->lines.p[i].id == view->id) {
            *ret_line = &period->lines.p[i];
            return true;
        }
    page_error(page, 404);
    return false;
}

void line_page(struct page *page)
{
    struct line_view view = {.id = 0};
    const struct schedule_line *line = NULL;
    if (!find_line(page, &view, &line))
        return;
    blank_line(page, &view.form, line);
    work_title(page, &view.frame, &view.form.head);
    tpl_monument_line(page_out(page), page, &view);
}

void line_sent(struct page *page)
{
    struct line_view view = {.id = 0};
    const struct schedule_line *line = NULL;
    struct schedule_answer answer = {.refusal = SCHEDULE_DONE};
    if (!find_line(page, &view, &line))
        return;
    prepare_weekdays(page, &view.form);
    if (form_read(page->arena, page->request->form, FORM(LINE, view.form))) {
        if (!save_line(page, &view.frame, view.period_id, view.id, &view.form, &answer))
            return;
        if (answer.refusal == SCHEDULE_DONE) {
            work_done(page, &view.frame, period_path(page, view.period_id), MSG_plan_line_changed);
            return;
        }
        refuse_line(page, &view.form, &view.refusal, &answer);
    }
    page->response->status = 422;
    work_title(page, &view.frame, &view.form.head);
    tpl_monument_line(page_out(page), page, &view);
}

void line_removed(struct page *page)
{
    struct line_view view = {.id = 0};
    const struct schedule_line *line = NULL;
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    if (!find_line(page, &view, &line))
        return;
    enum err err = schedule_line_remove(page_service(page), page->arena, &caller, view.frame.id, view.period_id,
                                        view.id, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        work_done(page, &view.frame, period_path(page, view.period_id), MSG_plan_line_removed);
}
