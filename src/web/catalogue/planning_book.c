/* «Poser une option» and «Ajouter au panier» for one slot (OPT-1, CRT-1). A refusal shows the day's planning again with
 * its reason beside the slot, and the group as it was typed. */
#include "web/catalogue/common.h"

/* The page that answers has an address that only takes forms: the language switch leads to the planning instead. */
static void point_to_planning(struct page *page, const struct planning_query *query)
{
    enum lang lang = page->lang;
    for (int l = 0; l < LANG_COUNT; l++) {
        page->lang = (enum lang)l;
        page->in_lang[l] = planning_link(page, query->slug, query->kind, query->day, query->group, S(""));
    }
    page->lang = lang;
}

static void refuse(struct page *page, struct planning_query query, instant start, struct place_result result)
{
    struct planning_answer answer = {.start = start, .result = result};
    page->response->status = 409;
    point_to_planning(page, &query);
    planning_show(page, query, &answer);
}

/* One page may place an option and fill the cart at the same slot: the form's key is told apart by both. */
static struct str slot_key(struct page *page, bool option, instant start)
{
    return str_format(page->arena, "%.*s.%s%lld", STR_ARG(page_sent_key(page)), option ? "o" : "c", (long long)start);
}

/* The slot's start as it was sent; 0 when it is none. */
static instant read_start(const struct page *page)
{
    int64_t start = 0;
    bool good = str_int(pairs_get(page->request->form, S("debut")), &start) && start > 0 && start < (int64_t)1 << 40;
    return good ? start : 0;
}

/* What cannot be asked of the service: a form without its slot, its number or its key. */
static enum refusal malformed(const struct page *page, const struct planning_query *query, instant start)
{
    if (start == 0)
        return REFUSED_NO_SLOT;
    return query->group.persons < 1 || page_sent_key(page).n == 0 ? REFUSED_NUMBER : REFUSED_NOT;
}

static void hold(struct page *page, bool option)
{
    struct planning_query query = planning_query_of(page, page->request->form);
    instant start = read_start(page);
    struct fault fault = {.err = OK};
    struct monument_page monument;
    query.kind = PLANNING_DAY;
    if (start != 0) {
        query.day = local_of(page->zone, start).day;
        query.has_day = true;
    }
    struct caller caller = page_caller(page);
    struct place_result result = {.refusal = malformed(page, &query, start)};
    enum err err = catalogue_monument(page_service(page), page->arena, query.slug,
                                      local_of(page->zone, page->now).day, &monument, &fault);
    if (err == OK && result.refusal == REFUSED_NOT) {
        struct place_request request = {
            .monument_id = monument.monument.id, .start_at = start, .persons = query.group.persons,
            .audience = query.group.audience, .leader = leader_of(query.group), .option = option,
            .request_key = slot_key(page, option, start)};
        err = place_hold(page_service(page), page->arena, &caller, &request, &result, &fault);
    }
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (result.refusal != REFUSED_NOT) {
        refuse(page, query, start, result);
        return;
    }
    page_flash(page, FLASH_SUCCESS, option ? MSG_planning_option_placed : MSG_planning_cart_added);
    page_redirect(page, option ? page_url(page, "/options") : page_url(page, "/panier"));
}

void planning_option(struct page *page)
{
    hold(page, true);
}

void planning_cart(struct page *page)
{
    hold(page, false);
}
