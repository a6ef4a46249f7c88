/* The cart: what is in it, how long its places are held, taking ended ones again (CRT-1). */
#include "service/place.h"
#include "templates.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"

/* What became of a hold that should have been taken again. */
struct cart_refusal {
    int64_t visit_id;
    const struct place_result *result;
};

static struct cart_row row_of(const struct page *page, const struct settings *settings, const struct cart *cart,
                              size_t index)
{
    const struct cart_visit *visit = &cart->p[index];
    struct cart_row row = {.visit = sale_visit_of_cart(page, settings, cart, index), .option = visit->option,
                           .ended = visit->ended, .held = visit->has_end && !visit->option, .priced = visit->priced,
                           .ends_at = visit->ends_at, .left = visit->ends_at - page->now};
    int64_t whole = settings->cart_hold_minutes * 60;
    int64_t share = whole > 0 ? 100 * row.left / whole : 0;
    row.share = (int)(share < 0 ? 0 : share > 100 ? 100 : share);
    return row;
}

static void show_cart(struct page *page, struct cart_refusal refused)
{
    const struct settings *settings = page_settings(page);
    struct cart cart;
    if (settings == NULL || !read_cart(page, &cart))
        return;
    struct cart_view view = {.visits = {ARENA_ARRAY(page->arena, cart.n + 1, struct cart_row), cart.n},
                             .total = cart.total, .can_order = cart.n > cart.ended,
                             .vat_note = settings_vat_note(settings, page->lang)};
    for (size_t i = 0; i < cart.n; i++) {
        struct cart_row *row = &view.visits.p[i];
        *row = row_of(page, settings, &cart, i);
        view.persons += cart.p[i].ended ? 0 : cart.p[i].persons;
        if (refused.visit_id != cart.p[i].id)
            continue;
        row->refusal = refusal_message(refused.result->refusal);
        row->places_left = refused.result->refusal == REFUSED_SHORT ? refused.result->left : 0;
    }
    page->title = msg_text(page->arena, page->lang, MSG_cart_title);
    page->nav = S("panier");
    tpl_sales_cart(page_out(page), page, &view);
}

void cart_page(struct page *page)
{
    show_cart(page, (struct cart_refusal){0});
}

void cart_again_sent(struct page *page)
{
    int64_t id = 0;
    if (!captured_id(page, "id", &id))
        return;
    struct caller caller = page_caller(page);
    struct place_result result = {.refusal = REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = place_again(page_service(page), page->arena, &caller, id, &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    /* Sent twice: the places were taken by the first. */
    if (result.refusal != REFUSED_NOT && result.refusal != REFUSED_ENDED) {
        page->response->status = 422;
        show_cart(page, (struct cart_refusal){id, &result});
        return;
    }
    if (result.refusal == REFUSED_NOT)
        page_flash(page, FLASH_SUCCESS, MSG_cart_again_done);
    page_redirect(page, page_url(page, "/panier"));
}

void cart_remove_sent(struct page *page)
{
    int64_t id = 0;
    if (!captured_id(page, "id", &id))
        return;
    struct caller caller = page_caller(page);
    enum refusal refusal = REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = place_cancel(page_service(page), page->arena, &caller, id, true, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (refusal == REFUSED_PAYING)
        page_flash(page, FLASH_ERROR, MSG_refusal_paying);
    else
        page_flash(page, FLASH_SUCCESS, MSG_cart_removed);
    page_redirect(page, page_url(page, "/panier"));
}
