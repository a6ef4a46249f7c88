/* The catalogue: cards, search, filters and the map (CAT-1). */
#include "templates.h"
#include "web/catalogue/common.h"
#include "web/catalogue/map.h"

static struct str mode_label(const struct page *page, struct str name)
{
    enum sale_mode mode = SALE_CONTACT;
    (void)sale_mode_parse(name, &mode);
    static const enum msg keys[SALE_MODES] = {MSG_mode_group_slots, MSG_mode_dated, MSG_mode_contact};
    return msg_text(page->arena, page->lang, keys[mode]);
}

static struct facet_options facet_options(const struct page *page, const struct catalogue_facet_list *facets,
                                          struct str chosen, struct str (*label)(const struct page *, struct str))
{
    struct facet_options options = {.p = ARENA_ARRAY(page->arena, facets->n + 1, struct facet_option), .n = facets->n};
    for (size_t i = 0; i < facets->n; i++)
        options.p[i] = (struct facet_option){.value = facets->p[i].value, .count = facets->p[i].count,
                                             .label = label(page, facets->p[i].value),
                                             .selected = str_eq(facets->p[i].value, chosen)};
    return options;
}

static struct str same(const struct page *page, struct str value)
{
    (void)page;
    return value;
}

static struct str kind_label(const struct page *page, struct str value)
{
    return monument_kind_name(value, page->lang);
}

/* What a group of adults pays a head at best. */
static void set_price(struct monument_card *card, const struct monument_page_list *all, int64_t id)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->p[i].monument.id != id)
            continue;
        for (size_t k = 0; k < all->p[i].tariffs.n; k++) {
            const struct tariff *tariff = &all->p[i].tariffs.p[k];
            if (tariff->audience != AUDIENCE_ADULTS || (card->has_price && tariff->amount.v >= card->price.v))
                continue;
            card->has_price = true;
            card->price = tariff->amount;
        }
    }
}

static enum err fill(struct page *page, struct catalogue_filter filter, struct monuments_view *view,
                     struct fault *fault)
{
    struct service *service = page_service(page);
    struct monument_list list = {0};
    struct monument_page_list all = {0};
    struct catalogue_facets facets = {0};
    enum err err = catalogue_search(service, page->arena, filter, &list, fault);
    if (err == OK)
        err = catalogue_all(service, page->arena, local_of(page->zone, page->now).day, &all, fault);
    if (err == OK)
        err = catalogue_facets(service, page->arena, &facets, fault);
    if (err != OK)
        return err;
    view->cards = (struct monument_cards){.p = ARENA_ARRAY(page->arena, list.n + 1, struct monument_card), .n = list.n};
    for (size_t i = 0; i < list.n; i++) {
        view->cards.p[i] = monument_card_of(page, &list.p[i]);
        set_price(&view->cards.p[i], &all, list.p[i].id);
    }
    cards_photos(page, &list, &view->cards);
    view->map = map_of(page, &list);
    view->regions = facet_options(page, &facets.regions, filter.region, same);
    view->kinds = facet_options(page, &facets.kinds, filter.kind, kind_label);
    view->modes = facet_options(page, &facets.modes, filter.has_mode ? str_of(sale_mode_name(filter.mode)) : S(""),
                                mode_label);
    return OK;
}

void monuments_page(struct page *page)
{
    struct monuments_view view = {.text = str_trim(page_query(page, "recherche"))};
    struct catalogue_filter filter = {
        .text = view.text, .region = page_query(page, "region"), .kind = page_query(page, "type")};
    filter.has_mode = sale_mode_parse(page_query(page, "mode"), &filter.mode);
    view.filtered = view.text.n > 0 || filter.region.n > 0 || filter.kind.n > 0 || filter.has_mode;
    struct fault fault = {.err = OK};
    enum err err = fill(page, filter, &view, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page->nav = S("monuments");
    page->title = msg_text(page->arena, page->lang, MSG_monuments_title);
    page->description = msg_text(page->arena, page->lang, MSG_monuments_lead);
    tpl_catalogue_monuments(page_out(page), page, &view);
}
