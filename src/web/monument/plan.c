/* The planning of a monument: the month with what is in it, its seasons, exceptions and private events; one day. */
#include "service/monument_words.h"
#include "templates.h"
#include "text/format.h"
#include "web/monument/common.h"

static struct str day_words(const struct page *page, const struct schedule_day_sum *sum)
{
    if (sum->slots == 0)
        return sum->why != CLOSED_NOT ? words_closed_why(page->arena, page->lang, sum->why)
                                      : msg_text(page->arena, page->lang, MSG_plan_no_slot);
    return msg_text(page->arena, page->lang, MSG_plan_taken_of, ARG("taken", sum->taken), ARG("places", sum->capacity));
}

static struct plan_day plan_day_of(const struct page *page, const struct schedule_day_sum *sum, day_number today)
{
    struct plan_day day = {.day = sum->day, .number = date_of(sum->day).day, .today = sum->day == today,
                           .past = sum->day < today, .slots = sum->slots, .closed = sum->closed,
                           .left = sum->capacity - sum->taken, .words = day_words(page, sum),
                           .name = weekday_name(page->lang, weekday_of(sum->day))};
    day.state = sum->slots == 0 ? "past" : sum->closed == sum->slots ? "closed" : day.left <= 0 ? "full" : "free";
    return day;
}

/* Weeks from Monday on; days of other months are blank. */
static void fill_weeks(const struct page *page, const struct schedule_day_sums *sums, day_number today,
                       struct plan_view *view)
{
    int before = (int)weekday_of(sums->p[0].day);
    size_t weeks = ((size_t)before + sums->n + 6) / 7;
    view->weeks = (struct plan_weeks){ARENA_ARRAY(page->arena, weeks, struct plan_week), weeks};
    for (size_t w = 0; w < weeks; w++) {
        struct plan_days *days = &view->weeks.p[w].days;
        *days = (struct plan_days){ARENA_ARRAY(page->arena, 7, struct plan_day), 7};
        for (size_t d = 0; d < 7; d++) {
            size_t at = w * 7 + d;
            bool inside = at >= (size_t)before && at - (size_t)before < sums->n;
            days->p[d] = inside ? plan_day_of(page, &sums->p[at - (size_t)before], today)
                                : (struct plan_day){.outside = true, .state = "past"};
        }
    }
    view->heads = (struct plan_heads){ARENA_ARRAY(page->arena, 7, struct plan_head), 7};
    for (int i = MONDAY; i <= SUNDAY; i++)
        view->heads.p[i] = (struct plan_head){weekday_name(page->lang, (enum weekday)i),
                                              weekday_name_short(page->lang, (enum weekday)i)};
}

/* Those that are over are not shown: the list would only grow. */
static void fill_periods(const struct page *page, const struct schedule_plan *plan, struct plan_view *view)
{
    const struct schedule_periods *periods = &plan->schedule.periods;
    view->seasons.p = ARENA_ARRAY(page->arena, periods->n + 1, struct plan_period);
    view->exceptions.p = ARENA_ARRAY(page->arena, periods->n + 1, struct plan_period);
    for (size_t i = 0; i < periods->n; i++) {
        const struct schedule_period *period = &periods->p[i];
        struct plan_periods *list = period->exception ? &view->exceptions : &view->seasons;
        if (period->last >= plan->today)
            list->p[list->n++] = (struct plan_period){period, period->lines.n};
    }
    view->events = plan->schedule.events;
}

/* The first day of the month that is asked for. */
static day_number month_asked(const struct page *page, day_number today)
{
    day_number day = today;
    struct str asked = page_query(page, "mois");
    if (!day_parse(asked, &day) && !day_parse(str_format(page->arena, "%.*s-01", STR_ARG(asked)), &day))
        day = today;
    struct date date = date_of(day);
    date.day = 1;
    return date.year < 2000 || date.year > 2200 ? today : day_of(date);
}

void plan_page(struct page *page)
{
    struct plan_view view = {.has_slots = false};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_plan plan;
    struct schedule_day_sums sums;
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_title, &view.frame, NULL))
        return;
    day_number today = local_of(page->zone, page->now).day, first = month_asked(page, today);
    struct date date = date_of(first);
    enum err err = schedule_read(page_service(page), page->arena, &caller, view.frame.id, &plan, &fault);
    if (err == OK)
        err = schedule_days(page_service(page), page->arena, &caller, view.frame.id, first,
                            first + days_in_month(date.year, date.month) - 1, &sums, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view.month = month_words(page, first);
    view.previous = day_add_months(first, -1);
    view.next = day_add_months(first, 1);
    view.today = today;
    view.last = plan.last;
    view.has_slots = plan.last >= today;
    fill_weeks(page, &sums, today, &view);
    fill_periods(page, &plan, &view);
    work_title(page, &view.frame, NULL);
    page->wide = true;
    tpl_monument_plan(page_out(page), page, &view);
}

/* ---- one day ---- */

static struct slot_line slot_line_of(const struct page *page, const struct schedule_one *slot)
{
    struct slot_line line = {.slot = slot, .state = "free"};
    int left = slot->capacity - slot->taken;
    if (slot->past) {
        line.state = "past";
        line.words = msg_text(page->arena, page->lang, MSG_plan_past);
    } else if (slot->closed.n > 0) {
        line.state = "closed";
        line.words = msg_text(page->arena, page->lang, slot->by_event ? MSG_plan_event_named : MSG_plan_closed_named,
                              ARG("why", slot->closed));
    } else if (!slot->for_groups) {
        line.state = "not-for-groups";
        line.words = msg_text(page->arena, page->lang, MSG_plan_not_for_groups);
    } else if (slot->on_sale_from > page->now) {
        line.state = "not-on-sale";
        line.words = msg_text(page->arena, page->lang, MSG_plan_on_sale_from,
                              ARG("when", moment_words(page, slot->on_sale_from)));
    } else {
        line.state = left <= 0 ? "full" : "free";
        line.words = msg_text(page->arena, page->lang, left <= 0 ? MSG_plan_full : MSG_plan_free, ARG("n", left));
    }
    return line;
}

void plan_day_page(struct page *page)
{
    struct plan_day_view view = {.day = 0};
    struct staff_caller caller = page_staff_caller(page);
    struct schedule_ones slots;
    struct schedule_plan plan;
    struct fault fault = {.err = OK};
    if (!work_open(page, TASK_PLANNING, "planning", MSG_plan_day_title, &view.frame, NULL) ||
        !work_day(page, "jour", &view.day))
        return;
    enum err err = schedule_slots(page_service(page), page->arena, &caller, view.frame.id, view.day, &slots, &fault);
    if (err == OK)
        err = schedule_read(page_service(page), page->arena, &caller, view.frame.id, &plan, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view.previous = view.day - 1;
    view.next = view.day + 1;
    view.slots = (struct slot_lines){ARENA_ARRAY(page->arena, slots.n + 1, struct slot_line), slots.n};
    for (size_t i = 0; i < slots.n; i++)
        view.slots.p[i] = slot_line_of(page, &slots.p[i]);
    const struct schedule_period *period = schedule_period_of(&plan.schedule, view.day);
    if (period != NULL)
        view.period = period->name;
    view.closed = words_closed_why(page->arena, page->lang, schedule_closed(&plan.schedule, view.day));
    work_title(page, &view.frame, NULL);
    tpl_monument_plan_day(page_out(page), page, &view);
}
