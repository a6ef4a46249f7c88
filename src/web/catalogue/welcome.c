/* The welcome page: what the product is for a visitor, what is pending for a reader who is signed in. */
#include "service/order.h"
#include "templates.h"
#include "web/catalogue/common.h"

enum { SOON_OPTIONS = 3, LAST_ORDERS = 3, LAST_ORDERS_DAYS = 90 };

static enum err planning_cards(struct page *page, struct welcome_view *view, struct fault *fault)
{
    struct monument_list list = {0};
    struct catalogue_facets facets = {0};
    struct catalogue_filter filter = {.has_mode = true, .mode = SALE_GROUP_SLOTS};
    enum err err = catalogue_search(page_service(page), page->arena, filter, &list, fault);
    if (err == OK)
        err = catalogue_facets(page_service(page), page->arena, &facets, fault);
    if (err != OK)
        return err;
    view->planning.p = ARENA_ARRAY(page->arena, list.n + 1, struct monument_card);
    view->planning.n = list.n;
    for (size_t i = 0; i < list.n; i++) {
        view->planning.p[i] = monument_card_of(page, &list.p[i]);
        view->planning.p[i].link = safe_url_of_path(page_url(page, "/monuments/{}/planning", list.p[i].slug));
    }
    cards_photos(page, &list, &view->planning);
    for (size_t i = 0; i < facets.modes.n; i++)
        view->monuments += facets.modes.p[i].count;
    return OK;
}

static enum err pending(struct page *page, struct welcome_view *view, struct fault *fault)
{
    struct caller caller = page_caller(page);
    struct option_views options = {0};
    struct order_rows orders = {0};
    day_number today = local_of(page->zone, page->now).day;
    enum err err = place_options(page_service(page), page->arena, &caller, &options, fault);
    if (err == OK)
        err = order_search(page_service(page), page->arena, &caller, today - LAST_ORDERS_DAYS, today, &orders, fault);
    if (err != OK)
        return err;
    view->options.p = ARENA_ARRAY(page->arena, SOON_OPTIONS, struct welcome_option);
    for (size_t i = 0; i < options.n && i < SOON_OPTIONS; i++)
        view->options.p[view->options.n++] = (struct welcome_option){
            .name = options.p[i].monument_name, .start = options.p[i].start_at, .ends = options.p[i].ends_at,
            .persons = options.p[i].persons};
    view->orders.p = ARENA_ARRAY(page->arena, LAST_ORDERS, struct welcome_order);
    for (size_t i = 0; i < orders.n && i < LAST_ORDERS; i++)
        view->orders.p[view->orders.n++] = (struct welcome_order){
            .ref = orders.p[i].ref, .monument = orders.p[i].first_monument, .persons = orders.p[i].persons,
            .visits = orders.p[i].visits, .confirmed = orders.p[i].state == ORDER_CONFIRMED};
    view->first_name = page_session(page)->first_name;
    return OK;
}

void welcome_page(struct page *page)
{
    struct welcome_view view = {0};
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return;
    view.lectures = settings->contact_lectures;
    enum err err = planning_cards(page, &view, &fault);
    if (err == OK && page_session(page) != NULL)
        err = pending(page, &view, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page->title = msg_text(page->arena, page->lang, MSG_welcome_title);
    page->description = msg_text(page->arena, page->lang, MSG_welcome_lead);
    if (page_session(page) != NULL)
        tpl_catalogue_home(page_out(page), page, &view);
    else
        tpl_catalogue_welcome(page_out(page), page, &view);
}
