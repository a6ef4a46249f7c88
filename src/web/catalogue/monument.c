/* One monument: what it is, when it opens, what it costs, whom to ask, and how a group books there (CAT-1, CAT-3,
 * CAT-4, MON-1, VIS-1). */
#include "base/limits.h"
#include "service/monument_words.h"
#include "service/pricing.h"
#include "templates.h"
#include "web/catalogue/common.h"

/* ---- the form of undated tickets -------------------------------------------------------------------------------- */

static const struct choice LEADERS[] = {
    {"none", MSG_monument_leader_none},
    {"guide", MSG_monument_leader_guide},
    {"accompanying", MSG_monument_leader_accompanying},
};
static const struct field_spec TICKETS[] = {
    F_INT(struct tickets_form, persons, "personnes", MSG_monument_tickets, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS),
    F_CHOICE(struct tickets_form, leader, "accompagnateur", MSG_monument_leader_kind, CHOICES(LEADERS),
             .required = true, .radio = true),
};

/* ---- facts and prices ------------------------------------------------------------------------------------------- */

static void add_fact(struct fact_rows *rows, struct str label, struct str value)
{
    if (value.n > 0)
        rows->p[rows->n++] = (struct fact_row){label, value};
}

static void fill_facts(const struct page *page, const struct monument_page *from, struct monument_view *view)
{
    enum { FACTS = 4 };
    struct arena *arena = page->arena;
    enum lang lang = page->lang;
    view->facts.p = ARENA_ARRAY(arena, FACTS, struct fact_row);
    if (!from->hours_known) {
        add_fact(&view->facts, msg_text(arena, lang, MSG_monument_hours), msg_text(arena, lang, MSG_manual_hours_ask));
        return;
    }
    const struct opening_rules *rules = from->opening_rules;
    add_fact(&view->facts, words_season(arena, lang, rules, OPENING_SUMMER), words_hours(arena, lang, &rules->summer));
    add_fact(&view->facts, words_season(arena, lang, rules, OPENING_WINTER), words_hours(arena, lang, &rules->winter));
    add_fact(&view->facts, msg_text(arena, lang, MSG_monument_closed), words_closings(arena, lang, rules));
    view->closed_today = from->opening.why != CLOSED_NOT;
    if (view->closed_today) {
        view->today = words_closed_why(arena, lang, from->opening.why);
        return;
    }
    struct opening_hours hours = {.kind = HOURS_OPEN, .count = from->opening.count};
    for (size_t i = 0; i < hours.count && i < OPENING_INTERVALS; i++)
        hours.intervals[i] = from->opening.intervals[i];
    view->today = words_hours(arena, lang, &hours);
}

static struct price_rows price_rows(const struct page *page, const struct tariff_list *tariffs,
                                    const struct tariff_list *among, bool announced)
{
    struct arena *arena = page->arena;
    struct price_rows rows = {.p = ARENA_ARRAY(arena, tariffs->n + 1, struct price_row), .n = tariffs->n};
    for (size_t i = 0; i < tariffs->n; i++) {
        const struct tariff *tariff = &tariffs->p[i];
        struct price_row *row = &rows.p[i];
        row->name = tariff_label(arena, page->lang, tariff->code);
        row->who = words_tariff_for(arena, page->lang, tariff, among->p, among->n);
        row->amount = tariff->amount;
        if (announced)
            row->validity = msg_text(arena, page->lang, MSG_monument_price_from,
                                     ARG("day", words_day(arena, page->lang, tariff->valid_from)));
        else if (tariff->valid_to != TARIFF_NO_END)
            row->validity = msg_text(arena, page->lang, MSG_monument_price_until,
                                     ARG("day", words_day(arena, page->lang, tariff->valid_to)));
        else
            row->validity = msg_text(arena, page->lang, MSG_monument_price_open);
    }
    return rows;
}

static void fill_view(struct page *page, const struct monument_page *from, const struct settings *settings,
                      struct monument_view *view)
{
    const struct monument *m = &from->monument;
    view->slug = m->slug;
    view->name = m->name;
    view->kind = monument_kind_name(m->kind, page->lang);
    view->text = monument_description(m, page->lang);
    view->picture = monument_picture(page, m);
    view->photos = photos_of(page, m->id);
    view->here = safe_url_of_path(page_url(page, "/monuments/{}", m->slug));
    view->mode = m->mode;
    view->contact = contact_of(page, m);
    if (m->has_rule) {
        view->minimum = words_minimum(page->arena, page->lang, &m->rule);
        view->maximum = words_maximum(page->arena, page->lang, &m->rule, m->mode == SALE_DATED);
        view->option = words_option(page->arena, page->lang, &m->rule);
        view->max_persons = m->rule.max_persons;
        view->school_online = group_sold_online(&m->rule, AUDIENCE_SCHOOL);
    }
    fill_facts(page, from, view);
    view->prices = price_rows(page, &from->tariffs, &from->tariffs, false);
    view->announced = price_rows(page, &from->announced, &from->announced, true);
    view->leader_free_above = (int)settings->leader_free_above;
    view->vat_note = settings_vat_note(settings, page->lang);
    view->lectures = settings->contact_lectures;
    view->sold = from->tariffs.n > 0;
    view->key = page_request_key(page);
}

/* Reads the monument and the settings; false when the page has ended. */
static bool open_monument(struct page *page, struct monument_page *ret_monument, const struct settings **ret_settings)
{
    struct fault fault = {.err = OK};
    *ret_settings = page_settings(page);
    if (*ret_settings == NULL)
        return false;
    enum err err = catalogue_monument(page_service(page), page->arena, page_capture(page, "slug"),
                                      local_of(page->zone, page->now).day, ret_monument, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show(struct page *page, struct monument_view *view)
{
    page->nav = S("monuments");
    page->title = view->name;
    page->description = view->text;
    tpl_catalogue_monument(page_out(page), page, view);
}

void monument_page_show(struct page *page)
{
    struct monument_page monument;
    const struct settings *settings;
    struct monument_view view = {0};
    if (!open_monument(page, &monument, &settings))
        return;
    fill_view(page, &monument, settings, &view);
    form_blank(page->arena, FORM(TICKETS, view.form));
    field_set_choice(&view.form.leader, S("none"));
    show(page, &view);
}

/* ---- undated tickets into the cart ------------------------------------------------------------------------------ */

/* The page again, with what was typed and why it was not taken. */
static void show_again(struct page *page, struct monument_view *view, int status)
{
    page->response->status = status;
    for (int l = 0; l < LANG_COUNT; l++)
        page->in_lang[l] = safe_url_of_path(str_format(page->arena, "/%.*s/monuments/%.*s",
                                                       STR_ARG(lang_code((enum lang)l)), STR_ARG(view->slug)));
    show(page, view);
}

void monument_tickets(struct page *page)
{
    static const enum leader_kind kinds[] = {LEADER_NONE, LEADER_GUIDE, LEADER_ACCOMPANYING};
    struct monument_page monument;
    const struct settings *settings;
    struct monument_view view = {0};
    if (!open_monument(page, &monument, &settings))
        return;
    fill_view(page, &monument, settings, &view);
    bool good = form_read(page->arena, page->request->form, FORM(TICKETS, view.form));
    struct str key = page_sent_key(page);
    if (!good || str_empty(key)) {
        if (good)
            form_refuse_all(&view.form.head, MSG_error_forbidden_title);
        show_again(page, &view, 422);
        return;
    }
    struct caller caller = page_caller(page);
    struct place_result result = {0};
    struct fault fault = {.err = OK};
    enum err err = place_undated(page_service(page), page->arena, &caller, monument.monument.id,
                                 (int)view.form.persons.v, kinds[view.form.leader.v], key, &result, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (result.refusal != REFUSED_NOT) {
        view.refusal = msg_text(page->arena, page->lang, refusal_message(result.refusal));
        show_again(page, &view, 409);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_monument_tickets_added);
    page_redirect(page, page_url(page, "/panier"));
}
