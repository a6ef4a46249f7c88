/* The splitter: a group above the maximum is proposed several slots, which are held all or none (PLA-2, PLA-5). */
#include "base/limits.h"
#include "service/monument_words.h"
#include "templates.h"
#include "web/catalogue/common.h"

static const struct choice AUDIENCES[AUDIENCE_COUNT] = {
    {"adults", MSG_audience_adults},
    {"school", MSG_audience_school},
    {"special", MSG_audience_special},
};
static const struct field_spec SPLIT[] = {
    F_DAY(struct split_form, day, "jour", MSG_split_day, .required = true),
    F_TIME(struct split_form, from, "de", MSG_split_from, .required = true),
    F_TIME(struct split_form, to, "a", MSG_split_to, .required = true),
    F_INT(struct split_form, persons, "personnes", MSG_planning_persons, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS),
    F_CHOICE(struct split_form, audience, "public", MSG_planning_audience, CHOICES(AUDIENCES), .required = true),
    F_BOOL(struct split_form, guided, "guide", MSG_planning_guide_each),
};

enum { FROM = 10 * 60, TO = 15 * 60, PLAN_MAX = 1500 };

/* ---- the form --------------------------------------------------------------------------------------------------- */

static bool read_form(struct page *page, struct pairs sent, struct split_form *form)
{
    form->audience.v = AUDIENCE_ADULTS;
    bool good = form_read(page->arena, sent, FORM(SPLIT, *form));
    if (good && form->from.v > form->to.v) {
        form_refuse(&form->head, &form->to.f, MSG_split_window);
        good = false;
    }
    return good;
}

/* What the address already says stands in the form; the rest is a likely wish. */
static void blank_form(struct page *page, const struct planning_query *query, struct split_form *form)
{
    form_blank(page->arena, FORM(SPLIT, *form));
    field_set_day(page->arena, &form->day, query->day);
    field_set_time(page->arena, &form->from, FROM);
    field_set_time(page->arena, &form->to, TO);
    if (query->group.persons > 0)
        field_set_int(page->arena, &form->persons, query->group.persons);
    field_set_choice(&form->audience, str_of(audience_name(query->group.audience)));
    field_set_bool(&form->guided, query->group.guided);
}

/* ---- the proposal ----------------------------------------------------------------------------------------------- */

/* «1 h 30 min», in both languages. */
static struct str minutes_text(const struct page *page, int minutes)
{
    if (minutes < 60)
        return str_format(page->arena, "%d min", minutes);
    return minutes % 60 == 0 ? str_format(page->arena, "%d h", minutes / 60)
                             : str_format(page->arena, "%d h %d min", minutes / 60, minutes % 60);
}

static void fill_prices(struct page *page, const struct split_proposal *proposal, struct planning_group group,
                        day_number day, struct split_view *view)
{
    struct monument_page monument;
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL || catalogue_monument(page_service(page), page->arena, proposal->monument.slug, day, &monument,
                                               &fault) != OK)
        return;
    view->priced = true;
    for (size_t i = 0; i < view->groups.n; i++) {
        struct price price;
        group.persons = view->groups.p[i].persons;
        if (!price_for(&monument.tariffs, group, (int)settings->leader_free_above, day, &price)) {
            view->priced = false;
            return;
        }
        view->groups.p[i].price = words_money(page->arena, page->lang, price.total);
        view->total = cents_add(view->total, price.total);
    }
}

static void fill_proposal(struct page *page, const struct split_proposal *proposal, struct planning_group group,
                          day_number day, struct split_view *view)
{
    struct buf plan = buf_new(PLAN_MAX);
    view->proposed = true;
    view->groups.p = ARENA_ARRAY(page->arena, proposal->count, struct split_group_view);
    for (size_t i = 0; i < proposal->count; i++) {
        const struct split_share *share = &proposal->shares[i];
        view->groups.p[view->groups.n++] = (struct split_group_view){
            .start = share->slot.start, .minute = share->slot.minute, .persons = share->persons};
        buf_format(&plan, "%s%lld-%d", i > 0 ? "." : "", (long long)share->slot.start, share->persons);
    }
    view->plan = str_dup(page->arena, buf_view(&plan));
    buf_free(&plan);
    view->heading = msg_text(page->arena, page->lang, MSG_split_heading, ARG("n", proposal->count),
                             ARG("day", words_day(page->arena, page->lang, day)), ARG("persons", group.persons));
    if (view->groups.n > 1)
        view->spread = minutes_text(page, view->groups.p[view->groups.n - 1].minute - view->groups.p[0].minute);
    view->can_option = proposal->can_option;
    view->option_note = option_words(page, proposal->can_option, proposal->option_end, proposal->no_option);
    fill_prices(page, proposal, group, day, view);
}

static void fill_refusal(struct page *page, const struct split_proposal *proposal, struct split_view *view)
{
    struct place_result result = {.refusal = proposal->refusal, .minimum = proposal->monument.rule.min_persons,
                                  .maximum = proposal->monument.rule.max_persons,
                                  .guide_helps = proposal->monument.rule.guide_waives_minimum};
    view->refusal = msg_text(page->arena, page->lang, refusal_message(proposal->refusal));
    view->refusal_more = proposal->refusal == REFUSED_NO_SPLIT
                             ? msg_text(page->arena, page->lang, MSG_split_largest, ARG("n", proposal->largest))
                             : refusal_details(page, &result);
}

/* ---- the page --------------------------------------------------------------------------------------------------- */

/* Shows the form, and the proposal when `good` says that the form is complete. */
static void show(struct page *page, struct planning_query query, bool good, struct split_view *view)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    struct split_proposal proposal = {0};
    struct planning_group group = query.group;
    group.persons = good ? (int)view->form.persons.v : 1;
    struct split_window window = {.slug = query.slug, .day = good ? view->form.day.v : query.day,
                                  .from_minute = good ? view->form.from.v : FROM,
                                  .to_minute = good ? view->form.to.v : TO, .group = group};
    enum err err = planning_split(page_service(page), page->arena, &caller, window, &proposal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (proposal.refusal == REFUSED_NOT_SOLD_SO) {
        page_redirect(page, page_url(page, "/monuments/{}", query.slug));
        return;
    }
    query.kind = PLANNING_DAY;
    planning_frame_fill(page, &proposal.monument, &query, &view->f);
    view->planning = view->f.back;
    view->f.back = page->in_lang[page->lang];
    view->key = page_request_key(page);
    view->from = words_minute(page->arena, window.from_minute);
    view->to = words_minute(page->arena, window.to_minute);
    if (good && proposal.refusal == REFUSED_NOT)
        fill_proposal(page, &proposal, group, window.day, view);
    else if (good && view->refusal.n == 0)
        fill_refusal(page, &proposal, view);
    page->nav = S("monuments");
    page->title = msg_text(page->arena, page->lang, MSG_split_title, ARG("name", view->f.name));
    tpl_catalogue_split(page_out(page), page, view);
}

void split_page(struct page *page)
{
    struct pairs sent = page->request->query;
    struct planning_query query = planning_query_of(page, sent);
    struct split_view view = {0};
    bool good = false;
    if (pairs_has(sent, S("de")) || pairs_has(sent, S("a")))
        good = read_form(page, sent, &view.form);
    else
        blank_form(page, &query, &view.form);
    show(page, query, good, &view);
}

/* ---- holding ---------------------------------------------------------------------------------------------------- */

/* «START-PERSONS.START-PERSONS…»; 0 when it is not so, or does not bring together the whole group. */
static size_t read_plan(struct str plan, int persons, struct place_part parts[LIMIT_CART_VISITS])
{
    size_t n = 0;
    int64_t sum = 0;
    while (plan.n > 0) {
        struct str rest = str_cut(&plan, '.');
        struct str start_text = str_cut(&rest, '-');
        int64_t start, count;
        if (n == LIMIT_CART_VISITS || !str_int(start_text, &start) || !str_int(rest, &count) || start < 1 ||
            count < 1 || count > LIMIT_VISIT_PERSONS)
            return 0;
        parts[n++] = (struct place_part){.start_at = start, .persons = (int)count};
        sum += count;
    }
    return sum == persons ? n : 0;
}

static void refuse(struct page *page, const struct planning_query *query, int status, bool good,
                   struct split_view *view)
{
    page->response->status = status;
    show(page, *query, good, view);
}

static enum err hold(struct page *page, const struct planning_query *query, const struct place_part *parts,
                     size_t count, bool option, struct place_result *ret_result, struct fault *fault)
{
    struct caller caller = page_caller(page);
    struct monument_page monument;
    enum err err = catalogue_monument(page_service(page), page->arena, query->slug,
                                      local_of(page->zone, page->now).day, &monument, fault);
    if (err != OK)
        return err;
    struct place_request request = {
        .monument_id = monument.monument.id, .audience = query->group.audience, .leader = leader_of(query->group),
        .option = option,
        .request_key = str_format(page->arena, "%.*s.%s", STR_ARG(page_sent_key(page)), option ? "so" : "sc")};
    return place_split(page_service(page), page->arena, &caller, &request, parts, count, ret_result, fault);
}

void split_hold(struct page *page)
{
    struct pairs sent = page->request->form;
    struct planning_query query = planning_query_of(page, sent);
    struct split_view view = {0};
    struct place_part parts[LIMIT_CART_VISITS];
    struct place_result result = {0};
    struct fault fault = {.err = OK};
    bool option = str_eq(pairs_get(sent, S("action")), S("option"));
    if (!read_form(page, sent, &view.form)) {
        refuse(page, &query, 422, false, &view);
        return;
    }
    size_t count = read_plan(pairs_get(sent, S("plan")), (int)view.form.persons.v, parts);
    if (count == 0 || page_sent_key(page).n == 0) {
        view.refusal = msg_text(page->arena, page->lang, MSG_split_again);
        refuse(page, &query, 422, true, &view);
        return;
    }
    enum err err = hold(page, &query, parts, count, option, &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (result.refusal != REFUSED_NOT) {
        view.refusal = msg_text(page->arena, page->lang, refusal_message(result.refusal));
        view.refusal_more = refusal_details(page, &result);
        refuse(page, &query, 409, true, &view);
        return;
    }
    page_flash(page, FLASH_SUCCESS, option ? MSG_split_options_placed : MSG_split_cart_added);
    page_redirect(page, option ? page_url(page, "/options") : page_url(page, "/panier"));
}
