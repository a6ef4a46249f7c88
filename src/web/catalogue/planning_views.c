/* Views of the planning; see planning_views.h. Every state has a word, a reason and a sign, never a colour alone
 * (PLA-1). */
#include "web/catalogue/planning_views.h"

#include "service/monument_words.h"
#include "text/format.h"

/* ---- spans ------------------------------------------------------------------------------------------------------ */

void planning_span(enum planning_kind kind, day_number day, day_number *ret_from, day_number *ret_to)
{
    struct date date = date_of(day);
    if (kind == PLANNING_MONTH) {
        *ret_from = day - (date.day - 1);
        *ret_to = *ret_from + days_in_month(date.year, date.month) - 1;
    } else if (kind == PLANNING_WEEK) {
        *ret_from = day - (day_number)weekday_of(day);
        *ret_to = *ret_from + 6;
    } else {
        *ret_from = *ret_to = day;
    }
}

static struct str month_name(const struct page *page, day_number day)
{
    struct buf out = buf_new(100);
    struct date date = date_of(day);
    format_month(&out, page->lang, date.year, date.month);
    struct str text = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return text;
}

static struct str short_day(const struct page *page, day_number day)
{
    struct date date = date_of(day);
    return words_month_day(page->arena, page->lang, date.month * 100 + date.day);
}

static struct str span_name(const struct page *page, enum planning_kind kind, day_number from, day_number to)
{
    if (kind == PLANNING_MONTH)
        return month_name(page, from);
    if (kind == PLANNING_DAY)
        return words_day(page->arena, page->lang, from);
    return msg_text(page->arena, page->lang, MSG_planning_week_of, ARG("from", short_day(page, from)),
                    ARG("to", short_day(page, to)),
                    ARG("year", str_format(page->arena, "%d", date_of(to).year)));
}

void planning_head_fill(const struct page *page, const struct planning *planning, const struct planning_query *query,
                        struct planning_view *view)
{
    day_number from, to;
    planning_span(query->kind, query->day, &from, &to);
    view->heading = span_name(page, query->kind, from, to);
    day_number before = query->kind == PLANNING_MONTH ? day_add_months(from, -1)
                        : query->kind == PLANNING_WEEK ? from - 7 : from - 1;
    day_number after = to + 1;
    day_number before_from, before_to, after_from, after_to;
    planning_span(query->kind, before, &before_from, &before_to);
    planning_span(query->kind, after, &after_from, &after_to);
    bool week = query->kind == PLANNING_WEEK;
    bool day = query->kind == PLANNING_DAY;
    view->earlier_name = week || day ? short_day(page, before_from) : month_name(page, before_from);
    view->later_name = week || day ? short_day(page, after_from) : month_name(page, after_from);
    view->has_earlier = before_to >= planning->today;
    view->has_later = after_from <= planning->last;
    view->earlier = planning_link(page, query->slug, query->kind, before, query->group, S(""));
    view->later = planning_link(page, query->slug, query->kind, after, query->group, S(""));
    view->month = planning_link(page, query->slug, PLANNING_MONTH, query->day, query->group, S(""));
    view->week = planning_link(page, query->slug, PLANNING_WEEK, query->day, query->group, S(""));
    view->day = planning_link(page, query->slug, PLANNING_DAY, query->day, query->group, S(""));
}

/* ---- one slot --------------------------------------------------------------------------------------------------- */

static struct str slot_word(const struct page *page, const struct planning_slot *slot)
{
    struct arena *arena = page->arena;
    switch (slot->state) {
    case SLOT_FREE: return msg_text(arena, page->lang, MSG_state_free, ARG("n", slot->left));
    case SLOT_SHORT: return msg_text(arena, page->lang, MSG_state_short, ARG("n", slot->left));
    case SLOT_FULL: return msg_text(arena, page->lang, MSG_state_full);
    case SLOT_NOT_FOR_GROUPS: return msg_text(arena, page->lang, MSG_state_not_for_groups);
    case SLOT_CLOSED: return msg_text(arena, page->lang, MSG_state_closed);
    case SLOT_PAST: return msg_text(arena, page->lang, MSG_state_past);
    case SLOT_NOT_ON_SALE: break;
    }
    return msg_text(arena, page->lang, MSG_state_not_on_sale);
}

static struct str opening_of_sales(const struct page *page, instant at)
{
    struct local_time local = local_of(page->zone, at);
    return msg_text(page->arena, page->lang, MSG_why_not_on_sale,
                    ARG("day", words_day(page->arena, page->lang, local.day)),
                    ARG("time", words_minute(page->arena, local.minute)));
}

static struct str slot_why(const struct page *page, const struct planning *planning, const struct planning_slot *slot)
{
    struct arena *arena = page->arena;
    switch (slot->state) {
    case SLOT_FREE: return (struct str){0};
    case SLOT_SHORT:
        return msg_text(arena, page->lang, MSG_why_short,
                        ARG("n", planning->group.persons > 0 ? planning->group.persons : planning->minimum));
    case SLOT_FULL: return msg_text(arena, page->lang, MSG_why_full);
    case SLOT_NOT_FOR_GROUPS: return msg_text(arena, page->lang, MSG_why_not_for_groups);
    case SLOT_CLOSED: return msg_text(arena, page->lang, MSG_why_closed, ARG("why", slot->closed));
    case SLOT_PAST: return msg_text(arena, page->lang, MSG_why_past);
    case SLOT_NOT_ON_SALE: break;
    }
    return opening_of_sales(page, slot->on_sale_from);
}

/* A smaller group that this slot would take: as many as are left, or the maximum of a group that is to be split. */
static int suggestion(const struct planning *planning, const struct planning_slot *slot)
{
    if (slot->state == SLOT_FREE && planning->verdict == REFUSED_ABOVE_MAXIMUM)
        return planning->maximum;
    if (slot->state == SLOT_SHORT && slot->left >= planning->minimum && slot->left < planning->group.persons)
        return slot->left;
    return 0;
}

static struct slot_view slot_view_of(const struct page *page, const struct planning *planning,
                                     const struct planning_query *query, const struct planning_slot *slot)
{
    struct slot_view view = {
        .state = slot_state_name(slot->state), .day = slot->day, .minute = slot->minute,
        .end = slot->minute + slot->minutes, .left = slot->left, .whole_day = slot->whole_day, .start = slot->start,
        .anchor = str_format(page->arena, "h%02d%02d", slot->minute / 60, slot->minute % 60),
        .time = slot->whole_day ? short_day(page, slot->day) : words_minute(page->arena, slot->minute),
        .word = slot_word(page, slot), .why = slot_why(page, planning, slot),
        .served = slot->state == SLOT_FREE, .suggest = suggestion(planning, slot)};
    bool asked = planning->group.persons > 0;
    view.can_cart = asked && slot->can_cart;
    view.can_option = asked && slot->can_option;
    if (slot->can_cart)
        view.note = option_words(page, slot->can_option, slot->option_end, slot->no_option);
    view.link = planning_link(page, query->slug, PLANNING_DAY, slot->day, query->group, view.anchor);
    if (view.suggest > 0) {
        struct planning_group smaller = query->group;
        smaller.persons = view.suggest;
        view.suggest_link = planning_link(page, query->slug, PLANNING_DAY, slot->day, smaller, view.anchor);
    }
    return view;
}

/* ---- one day ---------------------------------------------------------------------------------------------------- */

/* Beyond the last day that has slots nothing is published yet: that is not a closing day. */
static bool is_unpublished(const struct planning *planning, const struct planning_day *day)
{
    return day->slots.n == 0 && day->why == CLOSED_NOT && day->day > planning->last && day->day >= planning->today;
}

static void day_words(const struct page *page, const struct planning *planning, const struct planning_day *day,
                      struct day_view *view)
{
    struct arena *arena = page->arena;
    enum lang lang = page->lang;
    const struct planning_slot *first = day->slots.n > 0 ? &day->slots.p[0] : NULL;
    enum slot_state best = is_unpublished(planning, day) ? SLOT_NOT_ON_SALE : day->best;
    view->state = slot_state_name(best);
    switch (best) {
    case SLOT_FREE:
        view->word = first->whole_day ? msg_text(arena, lang, MSG_state_free, ARG("n", day->most_left))
                                      : msg_text(arena, lang, MSG_day_free, ARG("n", day->count[SLOT_FREE]));
        if (day->count[SLOT_SHORT] > 0)
            view->detail = msg_text(arena, lang, MSG_day_free_short, ARG("n", day->count[SLOT_SHORT]));
        break;
    case SLOT_SHORT:
        view->word = msg_text(arena, lang, MSG_day_short);
        view->detail = msg_text(arena, lang, MSG_day_short_most, ARG("n", day->most_left));
        break;
    case SLOT_FULL: view->word = msg_text(arena, lang, MSG_state_full); break;
    case SLOT_NOT_FOR_GROUPS: view->word = msg_text(arena, lang, MSG_day_not_for_groups); break;
    case SLOT_CLOSED:
        view->word = msg_text(arena, lang, MSG_state_closed);
        view->detail = first != NULL ? first->closed
                       : day->why != CLOSED_NOT ? words_closed_why(arena, lang, day->why)
                                                : msg_text(arena, lang, MSG_day_no_slot);
        break;
    case SLOT_PAST: view->word = msg_text(arena, lang, MSG_state_past); break;
    case SLOT_NOT_ON_SALE:
        view->word = msg_text(arena, lang, MSG_day_not_on_sale);
        if (first != NULL) {
            day_number opens = local_of(page->zone, first->on_sale_from).day;
            view->detail = msg_text(arena, lang, MSG_day_sales_from, ARG("day", words_day_short(arena, lang, opens)));
        }
        break;
    }
}

static struct day_view day_view_of(const struct page *page, const struct planning *planning,
                                   const struct planning_query *query, const struct planning_day *day)
{
    struct day_view view = {
        .today = day->day == planning->today, .day = day->day, .number = date_of(day->day).day,
        .left = day->most_left, .anchor = str_format(page->arena, "j%s", day_iso(page->arena, day->day).p),
        .name = weekday_name(page->lang, weekday_of(day->day)),
        .abbr = weekday_name_short(page->lang, weekday_of(day->day)), .date = short_day(page, day->day),
        .link = planning_link(page, query->slug, PLANNING_DAY, day->day, query->group, S("")),
        .slots = {.p = ARENA_ARRAY(page->arena, day->slots.n + 1, struct slot_view), .n = day->slots.n}};
    day_words(page, planning, day, &view);
    /* A square of the month shows of each slot only its state: words and links for six hundred of them cost more than
     * the rest of the page. */
    for (size_t i = 0; i < day->slots.n; i++)
        view.slots.p[i] = query->kind == PLANNING_MONTH
                              ? (struct slot_view){.state = slot_state_name(day->slots.p[i].state)}
                              : slot_view_of(page, planning, query, &day->slots.p[i]);
    view.bars = day->slots.n > 1 && (day->count[SLOT_FREE] > 0 || day->count[SLOT_SHORT] > 0);
    return view;
}

/* ---- the three views -------------------------------------------------------------------------------------------- */

static void fill_month(const struct page *page, const struct planning *planning, const struct planning_query *query,
                       struct planning_view *view)
{
    enum { WEEKS = 6, DAYS = 7 };
    view->weeks.p = ARENA_ARRAY(page->arena, WEEKS, struct week_view);
    size_t column = planning->days.n > 0 ? (size_t)weekday_of(planning->days.p[0].day) : 0;
    for (size_t i = 0; i < planning->days.n;) {
        struct week_view *week = &view->weeks.p[view->weeks.n++];
        week->days = (struct day_views){.p = ARENA_ARRAY(page->arena, DAYS, struct day_view), .n = DAYS};
        for (size_t k = 0; k < DAYS; k++) {
            bool inside = k >= column && i < planning->days.n;
            week->days.p[k] = inside ? day_view_of(page, planning, query, &planning->days.p[i++])
                                     : (struct day_view){.outside = true,
                                                         .name = weekday_name(page->lang, (enum weekday)k),
                                                         .abbr = weekday_name_short(page->lang, (enum weekday)k)};
        }
        column = 0;
    }
}

void planning_body_fill(const struct page *page, const struct planning *planning, const struct planning_query *query,
                        struct planning_view *view)
{
    if (query->kind == PLANNING_MONTH) {
        fill_month(page, planning, query, view);
        return;
    }
    if (query->kind == PLANNING_DAY) {
        view->one = day_view_of(page, planning, query, &planning->days.p[0]);
        return;
    }
    size_t n = planning->days.n;
    view->days = (struct day_views){.p = ARENA_ARRAY(page->arena, n + 1, struct day_view), .n = n};
    for (size_t i = 0; i < n; i++)
        view->days.p[i] = day_view_of(page, planning, query, &planning->days.p[i]);
}

struct named_links planning_next_links(const struct page *page, const struct planning *planning,
                                       const struct planning_query *query)
{
    struct named_links links = {.p = ARENA_ARRAY(page->arena, planning->next.n + 1, struct named_link)};
    for (size_t i = 0; i < planning->next.n; i++) {
        const struct planning_slot *slot = &planning->next.p[i];
        struct slot_view view = slot_view_of(page, planning, query, slot);
        struct str day = words_day(page->arena, page->lang, slot->day);
        struct str name = slot->whole_day ? day
                                          : msg_text(page->arena, page->lang, MSG_planning_day_at, ARG("day", day),
                                                     ARG("time", words_minute(page->arena, slot->minute)));
        links.p[links.n++] = (struct named_link){name, view.link};
    }
    return links;
}
