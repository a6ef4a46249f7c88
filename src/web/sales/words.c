/* Words for visits, their prices and their addresses. */
#include "web/sales/words.h"

#include "domain/audience.h"
#include "domain/reference.h"
#include "service/catalogue.h"
#include "service/pricing.h"
#include "text/format.h"
#include "web/catalogue/common.h"

/* ---- when and what ---------------------------------------------------------------------------------------------- */

/* French days begin with a small ASCII letter; at the head of a line they want a capital. */
static struct str capitalised(struct arena *arena, struct str text)
{
    if (str_empty(text) || text.p[0] < 'a' || text.p[0] > 'z')
        return text;
    char first = (char)(text.p[0] - 'a' + 'A');
    return str_join2(arena, (struct str){&first, 1}, str_sub(text, 1, text.n));
}

struct str visit_when(const struct page *page, struct str kind, instant start_at, int64_t validity_years)
{
    if (str_eq(kind, S("undated")))
        return msg_text(page->arena, page->lang, MSG_visit_undated, ARG("n", validity_years));
    struct buf out = buf_new(200);
    if (str_eq(kind, S("dated")))
        format_day(&out, page->lang, local_of(page->zone, start_at).day);
    else
        format_instant(&out, page->lang, page->zone, start_at);
    struct str when = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return when;
}

struct str visit_when_head(const struct page *page, struct str kind, instant start_at, int64_t validity_years)
{
    return capitalised(page->arena, visit_when(page, kind, start_at, validity_years));
}

static enum msg kind_message(struct str kind)
{
    return str_eq(kind, S("slot")) ? MSG_visit_slot : str_eq(kind, S("dated")) ? MSG_visit_dated : MSG_visit_tickets;
}

/* «Créneau de groupe, 25 personnes, avec guide-conférencier» */
static struct str visit_what(const struct page *page, struct str kind, int persons, struct str audience,
                             struct str leader_kind)
{
    struct arena *arena = page->arena;
    struct str what = msg_text(arena, page->lang, kind_message(kind), ARG("n", persons));
    enum msg more[2] = {MSG_none, MSG_none};
    if (str_eq(audience, S("school")))
        more[0] = MSG_visit_school;
    else if (!str_eq(audience, S("adults")))
        more[0] = MSG_visit_special;
    if (str_eq(leader_kind, S("guide")))
        more[1] = MSG_visit_guide;
    for (size_t i = 0; i < 2; i++)
        if (more[i] != MSG_none) {
            struct str word = msg_text(arena, page->lang, more[i]);
            what = str_format(arena, "%.*s, %.*s", STR_ARG(what), STR_ARG(word));
        }
    return what;
}

/* ---- prices ----------------------------------------------------------------------------------------------------- */

/* The free ticket of a leader is named after the leader, not after the tariff that it does not pay. */
static struct str line_tariff(const struct page *page, struct str tariff_code, enum ticket_role role, struct cents unit)
{
    if (unit.v == 0 && role == ROLE_GUIDE)
        return msg_text(page->arena, page->lang, MSG_tariff_guide_free);
    if (unit.v == 0 && role == ROLE_LEADER)
        return msg_text(page->arena, page->lang, MSG_tariff_leader_free);
    return tariff_label(page->arena, page->lang, tariff_code);
}

static struct str line_text(const struct page *page, int quantity, struct str tariff, struct cents unit)
{
    if (unit.v == 0)
        return msg_text(page->arena, page->lang, MSG_visit_line_free, ARG("n", quantity), ARG("tariff", tariff));
    return msg_text(page->arena, page->lang, MSG_visit_line, ARG("n", quantity), ARG("tariff", tariff),
                    ARG("unit", unit));
}

struct sale_lines sale_lines_of_price(const struct page *page, const struct settings *settings,
                                      const struct price *price)
{
    struct sale_lines lines = {.p = ARENA_ARRAY(page->arena, PRICE_LINES + 1, struct sale_line)};
    for (size_t i = 0; i < price->count; i++) {
        const struct price_line *line = &price->lines[i];
        struct str tariff = line_tariff(page, line->tariff_code, line->role, line->unit);
        struct str why = price_why(page->arena, page->lang, str_of(line->why), line->why_number);
        if (i == 0 && price->leader_pays)
            why = str_format(page->arena, "%.*s %.*s", STR_ARG(why),
                             STR_ARG(price_why(page->arena, page->lang, S("price.why.leader_pays"),
                                               settings->leader_free_above)));
        lines.p[lines.n++] = (struct sale_line){.text = line_text(page, line->quantity, tariff, line->unit), .why = why,
                                                .amount = line->total, .free = line->total.v == 0};
    }
    return lines;
}

/* ---- slots ------------------------------------------------------------------------------------------------------ */

struct str slot_state_words(const struct page *page, enum slot_state state, int left)
{
    switch (state) {
    case SLOT_FREE: return msg_text(page->arena, page->lang, MSG_state_free, ARG("n", left));
    case SLOT_SHORT: return msg_text(page->arena, page->lang, MSG_state_short, ARG("n", left));
    case SLOT_FULL: return msg_text(page->arena, page->lang, MSG_state_full);
    case SLOT_NOT_FOR_GROUPS: return msg_text(page->arena, page->lang, MSG_state_not_for_groups);
    case SLOT_CLOSED: return msg_text(page->arena, page->lang, MSG_state_closed);
    case SLOT_PAST: return msg_text(page->arena, page->lang, MSG_state_past);
    case SLOT_NOT_ON_SALE: return msg_text(page->arena, page->lang, MSG_state_not_on_sale);
    }
    return (struct str){0};
}

struct str place_refusal_words(const struct page *page, const struct place_result *result)
{
    struct str words = msg_text(page->arena, page->lang, refusal_message(result->refusal));
    struct str more = refusal_details(page, result);
    return str_empty(more) ? words : str_format(page->arena, "%.*s %.*s", STR_ARG(words), STR_ARG(more));
}

/* ---- visits ----------------------------------------------------------------------------------------------------- */

static struct safe_url picture_of(const struct page *page, struct str slug, struct str kind)
{
    return monument_picture(page, &(struct monument){.slug = slug, .kind = kind});
}

static struct str part_of_group(const struct page *page, const struct cart *cart, size_t index)
{
    struct str key = cart->p[index].split_key;
    int parts = 0, persons = 0, number = 0;
    for (size_t i = 0; !str_empty(key) && i < cart->n; i++) {
        if (!str_eq(cart->p[i].split_key, key))
            continue;
        parts++;
        persons += cart->p[i].persons;
        if (i == index)
            number = parts;
    }
    if (parts < 2)
        return (struct str){0};
    return msg_text(page->arena, page->lang, MSG_visit_part, ARG("number", number), ARG("parts", parts),
                    ARG("n", persons));
}

struct sale_visit sale_visit_of_cart(const struct page *page, const struct settings *settings, const struct cart *cart,
                                     size_t index)
{
    const struct cart_visit *visit = &cart->p[index];
    struct sale_visit sale = {
        .id = visit->id, .slug = visit->monument_slug, .name = visit->monument_name,
        .when = visit_when(page, visit->kind, visit->start_at, settings->ticket_validity_years),
        .head = visit_when_head(page, visit->kind, visit->start_at, settings->ticket_validity_years),
        .what = visit_what(page, visit->kind, visit->persons, visit->audience, visit->leader_kind),
        .part = part_of_group(page, cart, index),
        .picture = picture_of(page, visit->monument_slug, visit->monument_kind)};
    if (visit->priced) {
        sale.lines = sale_lines_of_price(page, settings, &visit->price);
        sale.total = visit->price.total;
    }
    return sale;
}

struct sale_visit sale_visit_of_order(const struct page *page, const struct settings *settings,
                                      const struct order_view *order, size_t index)
{
    const struct order_visit_view *visit = &order->visits.p[index];
    struct sale_visit sale = {
        .id = visit->id, .slug = visit->monument_slug, .name = visit->monument_name,
        .when = visit_when(page, visit->kind, visit->start_at, settings->ticket_validity_years),
        .head = visit_when_head(page, visit->kind, visit->start_at, settings->ticket_validity_years),
        .what = visit_what(page, visit->kind, visit->persons, visit->audience, visit->leader_kind),
        .picture = picture_of(page, visit->monument_slug, visit->monument_kind),
        .lines = {.p = ARENA_ARRAY(page->arena, visit->lines.n + 1, struct sale_line)}};
    for (size_t i = 0; i < visit->lines.n; i++) {
        const struct order_line_view *line = &visit->lines.p[i];
        sale.lines.p[sale.lines.n++] = (struct sale_line){
            .text = line_text(page, line->quantity, line->tariff, line->unit), .why = line->why, .amount = line->total,
            .free = line->total.v == 0};
        sale.total = cents_add(sale.total, line->total);
    }
    return sale;
}

/* ---- addresses and reading -------------------------------------------------------------------------------------- */

bool captured_id(struct page *page, const char *name, int64_t *ret_id)
{
    if (str_int(page_capture(page, name), ret_id) && *ret_id > 0)
        return true;
    page_error(page, 404);
    return false;
}

bool captured_reference(struct page *page, struct str *ret_ref)
{
    char reference[REFERENCE_SIZE];
    if (!reference_parse(page_capture(page, "ref"), reference)) {
        page_error(page, 404);
        return false;
    }
    *ret_ref = str_dup(page->arena, str_of(reference));
    return true;
}

bool read_cart(struct page *page, struct cart *ret_cart)
{
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = cart_read(page_service(page), page->arena, &caller, ret_cart, &fault);
    if (err == OK)
        return true;
    page_fail(page, err, &fault);
    return false;
}
