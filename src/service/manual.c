/* The sales manual: fills the sheet that the document room prints. */
#include "service/manual.h"

#include "service/catalogue.h"
#include "service/documents.h"
#include "service/monument_words.h"
#include "service/pricing.h"
#include "service/settings.h"
#include "text/message.h"

#define T(key) msg_text(arena, lang, MSG_##key)

enum { PRICES_MAX = 2000, INTRO = 2, CONTACT = 2, TAG_BYTES = 16 };

static struct manual_labels labels(struct arena *arena, enum lang lang)
{
    return (struct manual_labels){
        .booking_heading = T(manual_booking_heading), .rules_heading = T(manual_rules_heading),
        .rule_monument = T(manual_rule_monument), .rule_mandatory = T(manual_rule_mandatory),
        .rule_maximum = T(manual_rule_maximum), .rule_option = T(manual_rule_option), .contents = T(manual_contents),
        .hours = T(manual_hours), .closing = T(manual_closing), .prices = T(manual_prices),
        .booking = T(manual_booking), .contact = T(manual_contact), .page = T(manual_page)};
}

/* ---- one monument ---- */

static struct str hours_text(struct arena *arena, enum lang lang, const struct monument_page *page)
{
    if (!page->hours_known)
        return T(manual_hours_ask);
    struct str summer = words_hours(arena, lang, &page->opening_rules->summer);
    struct str winter = words_hours(arena, lang, &page->opening_rules->winter);
    struct str season_s = words_season(arena, lang, page->opening_rules, OPENING_SUMMER);
    struct str season_w = words_season(arena, lang, page->opening_rules, OPENING_WINTER);
    return msg_text(arena, lang, MSG_manual_hours_value, ARG("summer", season_s), ARG("a", summer),
                    ARG("winter", season_w), ARG("b", winter));
}

static struct str prices_text(struct arena *arena, enum lang lang, const struct monument_page *page)
{
    struct buf out = buf_new(PRICES_MAX);
    for (size_t i = 0; i < page->tariffs.n; i++) {
        const struct tariff *tariff = &page->tariffs.p[i];
        struct str who = words_tariff_for(arena, lang, tariff, page->tariffs.p, page->tariffs.n);
        struct str line = msg_text(arena, lang, MSG_manual_price, ARG("name", tariff_label(arena, lang, tariff->code)),
                                   ARG("who", who), ARG("price", words_money(arena, lang, tariff->amount)));
        if (i > 0)
            buf_c(&out, " ");
        buf_str(&out, line);
    }
    struct str text = str_dup(arena, buf_view(&out));
    buf_free(&out);
    return text;
}

static struct str booking_text(struct arena *arena, enum lang lang, const struct monument *monument)
{
    switch (monument->mode) {
    case SALE_GROUP_SLOTS: return T(manual_mode_slots);
    case SALE_DATED: return T(manual_mode_dated);
    case SALE_CONTACT: break;
    }
    return T(manual_mode_contact);
}

static struct manual_entry entry_of(struct arena *arena, enum lang lang, const struct monument_page *page)
{
    const struct monument *m = &page->monument;
    struct str area = str_eq(m->city, m->department) ? m->region : m->department;
    return (struct manual_entry){
        .region = m->region, .name = m->name,
        .place = str_format(arena, "%.*s (%.*s)", STR_ARG(m->city), STR_ARG(area)),
        .kind = monument_kind_name(m->kind, lang), .summary = monument_description(m, lang),
        .hours = hours_text(arena, lang, page),
        .closing = page->hours_known ? words_closings(arena, lang, page->opening_rules) : (struct str){0},
        .prices = prices_text(arena, lang, page), .booking = booking_text(arena, lang, m),
        .contact = str_format(arena, "%.*s, %.*s", STR_ARG(m->contact_email), STR_ARG(m->contact_phone))};
}

/* ---- the parts before the monuments ---- */

static void fill_steps(struct arena *arena, enum lang lang, const struct settings *settings, struct manual_sheet *sheet)
{
    struct manual_step steps[] = {
        {T(manual_step_slots), T(manual_step_slots_text)},
        {T(manual_step_contact), T(manual_step_contact_text)},
        {T(manual_step_large), T(manual_step_large_text)},
        {T(manual_step_leader), T(manual_step_leader_text)},
        {T(manual_step_school), T(manual_step_school_text)},
        {T(manual_step_lecture),
         msg_text(arena, lang, MSG_manual_step_lecture_text, ARG("email", settings->contact_lectures))},
        {T(manual_step_tickets), T(manual_step_tickets_text)},
    };
    enum { STEPS = sizeof steps / sizeof steps[0] };
    struct manual_step *p = ARENA_ARRAY(arena, STEPS, struct manual_step);
    for (size_t i = 0; i < STEPS; i++)
        p[i] = steps[i];
    sheet->steps = p;
    sheet->step_count = STEPS;
}

static void fill_monuments(struct arena *arena, enum lang lang, const struct monument_page_list *all,
                           struct manual_sheet *sheet)
{
    struct manual_entry *entries = ARENA_ARRAY(arena, all->n + 1, struct manual_entry);
    struct manual_rule *rules = ARENA_ARRAY(arena, all->n + 1, struct manual_rule);
    size_t rule_count = 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct monument *m = &all->p[i].monument;
        entries[i] = entry_of(arena, lang, &all->p[i]);
        if (m->mode == SALE_GROUP_SLOTS && m->has_rule)
            rules[rule_count++] = (struct manual_rule){
                .monument = m->name, .mandatory = words_minimum(arena, lang, &m->rule),
                .maximum = words_maximum(arena, lang, &m->rule, false), .option = words_option(arena, lang, &m->rule)};
    }
    sheet->entries = entries;
    sheet->entry_count = all->n;
    sheet->rules = rules;
    sheet->rule_count = rule_count;
}

enum err manual_sheet_read(struct service *service, struct arena *arena, enum lang lang,
                           struct manual_sheet *ret_sheet, struct fault *fault)
{
    day_number today = service_day(service, service_now(service));
    struct settings settings;
    struct monument_page_list all = {0};
    enum err err = settings_load(service, arena, &settings, fault);
    if (err == OK)
        err = catalogue_all(service, arena, today, &all, fault);
    if (err != OK)
        return err;
    struct str *intro = ARENA_ARRAY(arena, INTRO, struct str), *contact = ARENA_ARRAY(arena, CONTACT, struct str);
    intro[0] = msg_text(arena, lang, MSG_manual_intro, ARG("n", all.n));
    intro[1] = T(manual_intro_prices);
    contact[0] = T(manual_contact_desk);
    contact[1] = settings.contact_groups;
    struct manual_sheet sheet = {
        .labels = labels(arena, lang), .language = lang_code(lang), .network = settings_network_name(&settings, lang),
        .title = T(manual_title), .subtitle = T(manual_subtitle),
        .edition = msg_text(arena, lang, MSG_manual_edition, ARG("day", words_day(arena, lang, today))),
        .intro = {intro, INTRO}, .contact = {contact, CONTACT}};
    fill_steps(arena, lang, &settings, &sheet);
    fill_monuments(arena, lang, &all, &sheet);
    *ret_sheet = sheet;
    return OK;
}

/* ---- its name, its bytes ---- */

struct str manual_sheet_tag(struct arena *arena, const struct manual_sheet *sheet)
{
    struct buf all = buf_new(4 * 1024 * 1024);
    const struct str head[] = {sheet->language, sheet->network, sheet->edition, sheet->contact.p[1]};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++) {
        buf_str(&all, head[i]);
        buf_char(&all, '\n');
    }
    for (size_t i = 0; i < sheet->entry_count; i++) {
        const struct manual_entry *e = &sheet->entries[i];
        const struct str parts[] = {e->region, e->name, e->place, e->kind, e->summary, e->hours,
                                    e->closing, e->prices, e->booking, e->contact};
        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
            buf_str(&all, parts[k]);
            buf_char(&all, '\n');
        }
    }
    for (size_t i = 0; i < sheet->rule_count; i++) {
        buf_str(&all, sheet->rules[i].mandatory);
        buf_str(&all, sheet->rules[i].maximum);
        buf_str(&all, sheet->rules[i].option);
    }
    unsigned char digest[CRYPTO_DIGEST];
    crypto_sha256(buf_view(&all), digest);
    buf_free(&all);
    return str_hex(arena, digest, TAG_BYTES);
}

enum err manual_print(struct service *service, const struct manual_sheet *sheet, struct buf *out, struct fault *fault)
{
    return service->documents->manual(service->documents->context, sheet, out, fault);
}
