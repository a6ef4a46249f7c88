/* The planning of a monument: by month, week and day, for the group that the reader describes (PLA-1 to PLA-3, PLA-6,
 * VIS-1). */
#include "base/limits.h"
#include "service/stock_booking.h"
#include "service/monument_words.h"
#include "templates.h"
#include "web/catalogue/planning_views.h"

enum { DAYS_BACK = 400, DAYS_AHEAD = 1200 }; /* how far from today a day may be asked for */
enum { SPLIT_FROM = 10 * 60, SPLIT_TO = 15 * 60 }; /* what the splitter's form proposes first */

/* ---- what is asked ---------------------------------------------------------------------------------------------- */

static void read_persons(struct str typed, struct planning_query *query)
{
    int64_t persons = 0;
    query->typed = str_sub(str_trim(typed), 0, 12);
    if (query->typed.n == 0)
        return;
    query->bad_number = !str_int(query->typed, &persons) || persons < 1 || persons > LIMIT_VISIT_PERSONS;
    if (!query->bad_number)
        query->group.persons = (int)persons;
}

struct planning_query planning_query_of(const struct page *page, struct pairs sent)
{
    struct planning_query query = {.slug = page_capture(page, "slug")};
    struct str view = pairs_get(sent, S("vue"));
    day_number today = local_of(page->zone, page->now).day;
    query.has_day = day_parse(str_trim(pairs_get(sent, S("jour"))), &query.day) && query.day >= today - DAYS_BACK &&
                    query.day <= today + DAYS_AHEAD;
    if (!query.has_day)
        query.day = today;
    query.kind = query.has_day ? PLANNING_DAY : PLANNING_MONTH;
    for (int kind = PLANNING_MONTH; kind <= PLANNING_DAY; kind++)
        if (str_eq(view, str_of(planning_kind_name((enum planning_kind)kind))))
            query.kind = (enum planning_kind)kind;
    read_persons(pairs_get(sent, S("personnes")), &query);
    if (!audience_parse(pairs_get(sent, S("public")), &query.group.audience))
        query.group.audience = AUDIENCE_ADULTS;
    query.group.guided = pairs_has(sent, S("guide"));
    return query;
}

/* ---- frame ------------------------------------------------------------------------------------------------------ */

void planning_frame_fill(struct page *page, const struct monument *monument, const struct planning_query *query,
                         struct planning_frame *frame)
{
    *frame = (struct planning_frame){
        .slug = monument->slug, .name = monument->name, .dated = monument->mode == SALE_DATED,
        .view = planning_kind_name(query->kind), .day = query->day, .typed = query->typed,
        .bad_number = query->bad_number, .audience = query->group.audience, .guided = query->group.guided,
        .contact = contact_of(page, monument),
        .back = planning_link(page, monument->slug, query->kind, query->day, query->group, S(""))};
    if (monument->has_rule) {
        frame->minimum = words_minimum(page->arena, page->lang, &monument->rule);
        frame->maximum = words_maximum(page->arena, page->lang, &monument->rule, frame->dated);
        frame->option = words_option(page->arena, page->lang, &monument->rule);
        if (query->group.audience != AUDIENCE_ADULTS && !group_sold_online(&monument->rule, query->group.audience))
            frame->school_here = school_plannings(page, query->group);
    }
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static enum err read_span(struct page *page, const struct planning_query *query, struct planning *ret_planning,
                          struct fault *fault)
{
    struct caller caller = page_caller(page);
    struct planning_range range = {.slug = query->slug, .group = query->group};
    planning_span(query->kind, query->day, &range.from, &range.to);
    return planning_read(page_service(page), page->arena, &caller, range, ret_planning, fault);
}

/* Without a day the planning opens where the first visits are. */
static enum err read_planning(struct page *page, struct planning_query *query, struct planning *ret_planning,
                              struct fault *fault)
{
    enum err err = read_span(page, query, ret_planning, fault);
    if (err != OK || query->has_day || ret_planning->first > ret_planning->last ||
        ret_planning->first <= query->day)
        return err;
    query->day = ret_planning->first;
    return read_span(page, query, ret_planning, fault);
}

/* ---- what depends on the verdict -------------------------------------------------------------------------------- */

static void fill_verdict(struct page *page, const struct planning *planning, const struct planning_query *query,
                         const struct settings *settings, struct planning_view *view)
{
    view->verdict = query->bad_number ? REFUSED_NUMBER : planning->verdict;
    view->persons = query->group.persons;
    view->min_persons = planning->monument.rule.min_persons;
    view->max_persons = planning->maximum;
    view->guide_helps = planning->guide_helps;
    view->shows = view->verdict == REFUSED_NOT || view->verdict == REFUSED_ABOVE_MAXIMUM;
    struct planning_group guided = query->group, single = query->group;
    guided.guided = true;
    single.persons = planning->maximum;
    view->with_guide = planning_link(page, query->slug, query->kind, query->day, guided, S(""));
    view->single = planning_link(page, query->slug, query->kind, query->day, single, S(""));
    view->public_shop = safe_url_external(settings->public_shop);
    view->shop_text = settings->public_shop;
    /* The splitter is asked for a day that has visits, if the one shown has none. */
    view->split_day = query->day < planning->first ? planning->first : query->day;
    view->split_from = SPLIT_FROM;
    view->split_to = SPLIT_TO;
}

static void fill_price(struct page *page, const struct planning_query *query, const struct settings *settings,
                       struct planning_view *view)
{
    struct monument_page monument;
    struct fault fault = {.err = OK};
    if (query->kind != PLANNING_DAY || query->group.persons < 1 || view->verdict != REFUSED_NOT)
        return;
    if (catalogue_monument(page_service(page), page->arena, query->slug, query->day, &monument, &fault) != OK)
        return; /* the planning is useful without its price, and the cart says it again */
    (void)price_in_words(page, &monument.tariffs, query->group, (int)settings->leader_free_above, query->day,
                         &view->price, &view->price_lines);
}

static void fill_answer(struct page *page, const struct planning_query *query, const struct planning_answer *answer,
                        struct planning_view *view)
{
    if (answer == NULL)
        return;
    view->refusal = msg_text(page->arena, page->lang, refusal_message(answer->result.refusal));
    view->refusal_more = refusal_details(page, &answer->result);
    for (size_t i = 0; i < view->one.slots.n; i++) {
        struct slot_view *slot = &view->one.slots.p[i];
        if (slot->start != answer->start)
            continue;
        slot->refused = str_format(page->arena, "%.*s %.*s", STR_ARG(view->refusal), STR_ARG(view->refusal_more));
        view->refusal_link = planning_link(page, query->slug, PLANNING_DAY, query->day, query->group, slot->anchor);
    }
}

/* ---- showing ---------------------------------------------------------------------------------------------------- */

/* Whether the slots offer «J’ai déjà un billet» (STK-1); without an answer they do not, and the page is useful still. */
static void fill_stock(struct page *page, struct planning_view *view)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    if (page->signed_in)
        (void)stock_right_mine(page_service(page), page->arena, &caller, &view->has_stock, &fault);
}

static void set_title(struct page *page, const struct planning_view *view)
{
    page->nav = S("monuments");
    page->title = view->shows ? msg_text(page->arena, page->lang, MSG_planning_title, ARG("name", view->f.name),
                                         ARG("span", view->heading))
                              : msg_text(page->arena, page->lang, MSG_planning_title_plain, ARG("name", view->f.name));
    page->wide = true;
}

void planning_show(struct page *page, struct planning_query query, const struct planning_answer *answer)
{
    struct planning planning = {0};
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    enum err err = read_planning(page, &query, &planning, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (planning.verdict == REFUSED_NOT_SOLD_SO) { /* its page says how this monument is booked */
        page_redirect(page, page_url(page, "/monuments/{}", query.slug));
        return;
    }
    struct planning_view view = {.kind = query.kind, .key = page_request_key(page)};
    fill_verdict(page, &planning, &query, settings, &view);
    planning_frame_fill(page, &planning.monument, &query, &view.f);
    planning_head_fill(page, &planning, &query, &view);
    if (view.shows) {
        planning_body_fill(page, &planning, &query, &view);
        view.next = planning_next_links(page, &planning, &query);
    }
    fill_price(page, &query, settings, &view);
    if (query.kind == PLANNING_DAY)
        fill_stock(page, &view);
    fill_answer(page, &query, answer, &view);
    set_title(page, &view);
    tpl_catalogue_planning(page_out(page), page, &view);
}

void planning_page(struct page *page)
{
    struct planning_query query = planning_query_of(page, page->request->query);
    planning_show(page, query, NULL);
}
