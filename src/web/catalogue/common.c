/* What the pages of this area share; see common.h. */
#include "web/catalogue/common.h"

#include "service/monument_words.h"
#include "service/photo.h"
#include "service/pricing.h"
#include "web/asset.h"
#include "web/monument/photo_file.h"

/* ---- pictures and cards ----------------------------------------------------------------------------------------- */

static struct str picture_named(const struct page *page, struct str name, size_t variant)
{
    return asset_url(variant == 0 ? str_format(page->arena, "svg/kind/%.*s.svg", STR_ARG(name))
                                  : str_format(page->arena, "svg/kind/%.*s-%zu.svg", STR_ARG(name), variant + 1));
}

struct safe_url monument_picture(const struct page *page, const struct monument *monument)
{
    struct str folded = str_fold(page->arena, monument->kind);
    char *copy = arena_alloc(page->arena, folded.n + 1);
    for (size_t i = 0; i < folded.n; i++)
        copy[i] = folded.p[i] == ' ' ? '-' : folded.p[i];
    struct str name = {copy, folded.n};
    size_t variants = 0;
    while (picture_named(page, name, variants).n > 0)
        variants++;
    if (variants == 0)
        return safe_url_of_path(picture_named(page, S("monument"), 0));
    unsigned sum = 0;
    for (size_t i = 0; i < monument->slug.n; i++)
        sum = sum * 31 + (unsigned char)monument->slug.p[i];
    return safe_url_of_path(picture_named(page, name, sum % variants));
}

struct monument_card monument_card_of(const struct page *page, const struct monument *monument)
{
    struct monument_card card = {
        .slug = monument->slug, .name = monument->name,
        .place = str_eq(monument->city, monument->region)
                     ? monument->city
                     : str_format(page->arena, "%.*s, %.*s", STR_ARG(monument->city), STR_ARG(monument->region)),
        .kind = monument_kind_name(monument->kind, page->lang), .text = monument_description(monument, page->lang),
        .picture = monument_picture(page, monument),
        .link = safe_url_of_path(page_url(page, "/monuments/{}", monument->slug)), .mode = monument->mode};
    if (monument->has_rule && monument->mode == SALE_GROUP_SLOTS) {
        card.minimum = words_minimum(page->arena, page->lang, &monument->rule);
        card.maximum = words_maximum(page->arena, page->lang, &monument->rule, false);
        card.option = words_option(page->arena, page->lang, &monument->rule);
    }
    return card;
}

void cards_photos(struct page *page, const struct monument_list *list, struct monument_cards *cards)
{
    struct photo_covers covers = {.n = 0};
    if (photo_cover_list(page_service(page), page->arena, &covers, NULL) != OK)
        return;
    for (size_t i = 0; i < cards->n; i++)
        for (size_t k = 0; k < covers.n; k++) {
            const struct photo_cover *cover = &covers.p[k];
            if (cover->monument_id != list->p[i].id)
                continue;
            cards->p[i].picture = photo_url(page, cover->id, cover->mark, false);
            cards->p[i].alt = page->lang == LANG_EN ? cover->alt_en : cover->alt_fr;
        }
}

struct monument_photos photos_of(struct page *page, int64_t monument_id)
{
    struct photos list = {.n = 0};
    (void)photo_list(page_service(page), page->arena, monument_id, &list, NULL);
    struct monument_photos photos = {ARENA_ARRAY(page->arena, list.n + 1, struct monument_photo), list.n};
    for (size_t i = 0; i < list.n; i++)
        photos.p[i] = (struct monument_photo){.large = photo_url(page, list.p[i].id, list.p[i].mark, true),
                                              .small = photo_url(page, list.p[i].id, list.p[i].mark, false),
                                              .alt = page->lang == LANG_EN ? list.p[i].alt_en : list.p[i].alt_fr,
                                              .credit = list.p[i].credit};
    return photos;
}

/* «+33 1 99…» as tel: wants it. */
static struct str phone_plain(const struct page *page, struct str phone)
{
    char *plain = arena_alloc(page->arena, phone.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < phone.n; i++)
        if ((phone.p[i] >= '0' && phone.p[i] <= '9') || (phone.p[i] == '+' && n == 0))
            plain[n++] = phone.p[i];
    return (struct str){plain, n};
}

struct contact_view contact_of(const struct page *page, const struct monument *monument)
{
    struct str area = str_eq(monument->department, monument->city) ? monument->region : monument->department;
    return (struct contact_view){
        .email = monument->contact_email, .phone = monument->contact_phone,
        .phone_plain = phone_plain(page, monument->contact_phone),
        .place = str_format(page->arena, "%.*s, %.*s", STR_ARG(monument->city), STR_ARG(area))};
}

/* ---- addresses -------------------------------------------------------------------------------------------------- */

const char *planning_kind_name(enum planning_kind kind)
{
    return kind == PLANNING_MONTH ? "mois" : kind == PLANNING_WEEK ? "semaine" : "jour";
}

struct safe_url planning_link(const struct page *page, struct str slug, enum planning_kind kind, day_number day,
                              struct planning_group group, struct str anchor)
{
    struct str base = page_url(page, "/monuments/{}/planning", slug);
    struct buf out = buf_new(1000);
    buf_str(&out, base);
    buf_format(&out, "?vue=%s&jour=%s", planning_kind_name(kind), day_iso(page->arena, day).p);
    if (group.persons > 0)
        buf_format(&out, "&personnes=%d", group.persons);
    if (group.audience != AUDIENCE_ADULTS)
        buf_format(&out, "&public=%s", audience_name(group.audience));
    if (group.guided)
        buf_c(&out, "&guide=1");
    if (anchor.n > 0) {
        buf_char(&out, '#');
        buf_str(&out, anchor);
    }
    struct str url = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return safe_url_of_path(url);
}

struct named_links school_plannings(struct page *page, struct planning_group group)
{
    struct monument_list list = {0};
    struct named_links links = {0};
    struct catalogue_filter filter = {.has_mode = true, .mode = SALE_GROUP_SLOTS};
    struct fault fault = {.err = OK};
    if (catalogue_search(page_service(page), page->arena, filter, &list, &fault) != OK)
        return links;
    links.p = ARENA_ARRAY(page->arena, list.n + 1, struct named_link);
    day_number today = local_of(page->zone, page->now).day;
    for (size_t i = 0; i < list.n; i++)
        if (list.p[i].has_rule && group_sold_online(&list.p[i].rule, AUDIENCE_SCHOOL))
            links.p[links.n++] = (struct named_link){
                list.p[i].name, planning_link(page, list.p[i].slug, PLANNING_MONTH, today, group, S(""))};
    return links;
}

/* ---- prices ----------------------------------------------------------------------------------------------------- */

enum leader_kind leader_of(struct planning_group group)
{
    return group.guided ? LEADER_GUIDE : LEADER_ACCOMPANYING;
}

bool price_for(const struct tariff_list *tariffs, struct planning_group group, int free_above, day_number day,
               struct price *ret_price)
{
    return price_of(tariffs->p, tariffs->n, group.audience, group.persons, leader_of(group), free_above, day,
                    ret_price) == PRICE_GIVEN;
}

bool price_in_words(const struct page *page, const struct tariff_list *tariffs, struct planning_group group,
                    int free_above, day_number day, struct str *ret_price, struct sum_lines *ret_lines)
{
    struct arena *arena = page->arena;
    struct price price;
    if (!price_for(tariffs, group, free_above, day, &price))
        return false;
    struct sum_lines lines = {.p = ARENA_ARRAY(arena, PRICE_LINES + 1, struct sum_line)};
    for (size_t i = 0; i < price.count; i++) {
        const struct price_line *line = &price.lines[i];
        struct str why = price_why(arena, page->lang, str_of(line->why), line->why_number);
        lines.p[lines.n++].text =
            line->unit.v == 0 && line->role != ROLE_VISITOR
                ? msg_text(arena, page->lang, MSG_planning_line_free, ARG("n", line->quantity), ARG("why", why))
                : msg_text(arena, page->lang, MSG_planning_line, ARG("n", line->quantity),
                           ARG("unit", words_money(arena, page->lang, line->unit)), ARG("why", why));
    }
    if (price.leader_pays)
        lines.p[lines.n++].text = price_why(arena, page->lang, S("price.why.leader_pays"), free_above);
    *ret_price = msg_text(arena, page->lang, MSG_planning_price, ARG("n", group.persons),
                          ARG("total", words_money(arena, page->lang, price.total)));
    *ret_lines = lines;
    return true;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

struct str option_words(const struct page *page, bool possible, instant end, enum refusal why_not)
{
    struct arena *arena = page->arena;
    struct local_time local = local_of(page->zone, end);
    if (possible)
        return msg_text(arena, page->lang, MSG_note_option_until,
                        ARG("day", words_day_short(arena, page->lang, local.day)),
                        ARG("time", words_minute(arena, local.minute)));
    switch (why_not) {
    case REFUSED_NO_OPTION_HERE: return msg_text(arena, page->lang, MSG_note_no_option_here);
    case REFUSED_NO_OPTION_SCHOOL: return msg_text(arena, page->lang, MSG_note_no_option_school);
    case REFUSED_OPTION_TOO_LATE: return msg_text(arena, page->lang, MSG_note_option_too_late);
    default: return (struct str){0};
    }
}

struct str refusal_details(const struct page *page, const struct place_result *result)
{
    struct arena *arena = page->arena;
    switch (result->refusal) {
    case REFUSED_BELOW_MINIMUM:
        return msg_text(arena, page->lang, result->guide_helps ? MSG_refused_minimum_guide : MSG_refused_minimum,
                        ARG("n", result->minimum));
    case REFUSED_ABOVE_MAXIMUM: return msg_text(arena, page->lang, MSG_refused_maximum, ARG("n", result->maximum));
    case REFUSED_OPTION_CAP: return msg_text(arena, page->lang, MSG_refused_cap, ARG("n", result->maximum));
    case REFUSED_SHORT: return msg_text(arena, page->lang, MSG_refused_left, ARG("n", result->left));
    default: return (struct str){0};
    }
}
