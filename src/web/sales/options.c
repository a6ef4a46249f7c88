/* Options: the list, cancelling one, and the way into the cart (OPT-2, OPT-3). */
#include "service/place.h"
#include "templates.h"
#include "web/sales/pages.h"
#include "web/sales/words.h"
#include "web/views.h"

/* An option that ends within three days is marked. */
enum { SOON_SECONDS = 3 * 24 * 3600 };

static const struct field_spec TICKED[] = {
    F_IDS(struct ticked_form, options, "option", MSG_options_title),
};

/* ---- The list --------------------------------------------------------------------------------------------------- */

static struct option_row row_of(const struct page *page, const struct option_view *option)
{
    return (struct option_row){
        .id = option->id, .slug = option->monument_slug, .name = option->monument_name,
        .when = visit_when(page, S("slot"), option->start_at, 0),
        .head = visit_when_head(page, S("slot"), option->start_at, 0), .order_ref = option->order_ref,
        .persons = option->persons, .ends_at = option->ends_at, .left = option->ends_at - page->now,
        .soon = option->ends_at - page->now < SOON_SECONDS, .in_cart = option->in_cart, .paying = option->paying,
        .by_service = option->by_service};
}

/* The parts of one large group stand together, where the first of them stands. */
static void group_rows(struct page *page, const struct option_views *options, struct options_view *view)
{
    struct option_group *groups = ARENA_ARRAY(page->arena, options->n + 1, struct option_group);
    bool *done = ARENA_ARRAY(page->arena, options->n + 1, bool);
    size_t count = 0;
    for (size_t i = 0; i < options->n; i++) {
        if (done[i])
            continue;
        struct option_group *group = &groups[count++];
        group->rows.p = ARENA_ARRAY(page->arena, options->n - i, struct option_row);
        for (size_t k = i; k < options->n; k++) {
            bool same = k == i || (!str_empty(options->p[i].split_key) &&
                                   str_eq(options->p[k].split_key, options->p[i].split_key));
            if (!same)
                continue;
            group->rows.p[group->rows.n++] = row_of(page, &options->p[k]);
            group->persons += options->p[k].persons;
            done[k] = true;
        }
    }
    view->groups = (struct option_groups){groups, count};
}

/* One that can be paid alone is ticked already (OPT-3). */
static void tick_the_only_one(struct options_view *view)
{
    struct option_row *only = NULL;
    size_t payable = 0;
    for (size_t g = 0; g < view->groups.n; g++)
        for (size_t i = 0; i < view->groups.p[g].rows.n; i++) {
            struct option_row *row = &view->groups.p[g].rows.p[i];
            payable += !row->paying;
            if (!row->paying)
                only = row;
        }
    view->can_pay = payable > 0;
    if (payable == 1)
        only->ticked = true;
}

static bool read_options(struct page *page, struct option_views *ret_options)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = place_options(page_service(page), page->arena, &caller, ret_options, &fault);
    if (err == OK)
        return true;
    page_fail(page, err, &fault);
    return false;
}

static void show_options(struct page *page, enum msg error)
{
    struct option_views options;
    if (!read_options(page, &options))
        return;
    struct options_view view = {.error = error};
    group_rows(page, &options, &view);
    tick_the_only_one(&view);
    page->title = msg_text(page->arena, page->lang, MSG_options_title);
    page->nav = S("options");
    if (error != MSG_none)
        page->response->status = 422;
    tpl_sales_options(page_out(page), page, &view);
}

void options_page(struct page *page)
{
    show_options(page, MSG_none);
}

/* ---- Into the cart ---------------------------------------------------------------------------------------------- */

void options_to_cart(struct page *page)
{
    struct ticked_form form = {.options.v = {0}};
    if (!form_read(page->arena, page->request->form, FORM(TICKED, form)) || form.options.v.n == 0) {
        show_options(page, MSG_options_none_ticked);
        return;
    }
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    int moved = 0;
    enum err err = place_options_to_cart(page_service(page), page->arena, &caller, form.options.v.p, form.options.v.n,
                                         &moved, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (moved == 0) {
        show_options(page, MSG_options_gone);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_options_moved);
    if ((size_t)moved < form.options.v.n)
        page_flash(page, FLASH_ERROR, MSG_options_some_gone);
    page_redirect(page, page_url(page, "/panier"));
}

/* ---- Cancelling ------------------------------------------------------------------------------------------------- */

void option_cancel_page(struct page *page)
{
    struct option_views options;
    int64_t id = 0;
    if (!captured_id(page, "id", &id) || !read_options(page, &options))
        return;
    for (size_t i = 0; i < options.n; i++) {
        if (options.p[i].id != id)
            continue;
        struct option_cancel_view view = {.option = row_of(page, &options.p[i])};
        page->title = msg_text(page->arena, page->lang, MSG_options_cancel_title);
        page->nav = S("options");
        tpl_sales_option_cancel(page_out(page), page, &view);
        return;
    }
    page_error(page, 404);
}

void option_cancel_sent(struct page *page)
{
    int64_t id = 0;
    if (!captured_id(page, "id", &id))
        return;
    struct caller caller = page_caller(page);
    enum refusal refusal = REFUSED_NOT;
    struct fault fault = {.err = OK};
    enum err err = place_cancel(page_service(page), page->arena, &caller, id, false, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (refusal == REFUSED_NOT)
        page_flash(page, FLASH_SUCCESS, MSG_options_cancelled);
    else
        page_flash(page, FLASH_ERROR, refusal == REFUSED_PAYING ? MSG_refusal_paying : MSG_options_over);
    page_redirect(page, page_url(page, "/options"));
}
