/* «Demander une visite de groupe»: the form of a request, and the organisation's list (MON-2). */
#include "base/limits.h"
#include "service/leader.h"
#include "service/monument_words.h"
#include "templates.h"
#include "web/catalogue/common.h"
#include "web/request/pages.h"
#include "web/request/words.h"

static const struct choice AUDIENCES[] = {
    {"adults", MSG_request_audience_adults},
    {"school", MSG_request_audience_school},
    {"special", MSG_request_audience_special},
};
static const struct choice LEADERS[] = {
    {"accompanying", MSG_request_with_leader},
    {"guide", MSG_request_with_guide},
    {"none", MSG_request_with_none},
};
static const enum leader_kind leader_kinds[] = {LEADER_ACCOMPANYING, LEADER_GUIDE, LEADER_NONE};
static const struct choice LANGUAGES[] = {
    {"fr", MSG_request_language_fr}, {"en", MSG_request_language_en}, {"de", MSG_request_language_de},
    {"es", MSG_request_language_es}, {"it", MSG_request_language_it}, {"nl", MSG_request_language_nl},
    {"pt", MSG_request_language_pt}, {"ja", MSG_request_language_ja}, {"zh", MSG_request_language_zh},
};
_Static_assert(sizeof LANGUAGES / sizeof *LANGUAGES == REQUEST_LANGUAGES, "each language has a name");

static const struct field_spec ASK[] = {
    F_DAY(struct request_form, day, "jour", MSG_request_day, .required = true),
    F_TIME(struct request_form, from, "de", MSG_request_from, .required = true),
    F_TIME(struct request_form, to, "a", MSG_request_to, .required = true),
    F_INT(struct request_form, persons, "personnes", MSG_request_number, .required = true, .min = 1,
          .max = LIMIT_VISIT_PERSONS, .hint = MSG_request_number_hint),
    F_CHOICE(struct request_form, audience, "public", MSG_request_audience, CHOICES(AUDIENCES), .required = true,
             .radio = true),
    F_CHOICE(struct request_form, leader, "accompagnement", MSG_request_leader_kind, CHOICES(LEADERS), .required = true,
             .radio = true),
    F_CHOICE(struct request_form, leader_id, "accompagnateur", MSG_request_leader_name, .hint = MSG_request_leader_hint),
    F_CHOICE(struct request_form, visit_lang, "langue", MSG_request_visit_lang, CHOICES(LANGUAGES), .required = true),
    F_LONG_TEXT(struct request_form, words, "message", MSG_request_message, .max = 1500,
                .hint = MSG_request_message_hint),
};

static void add_fact(struct fact_rows *rows, struct str label, struct str value)
{
    if (value.n > 0)
        rows->p[rows->n++] = (struct fact_row){label, value};
}

static void fill_hours(const struct page *page, const struct monument_page *from, struct request_ask_view *view)
{
    enum { FACTS = 3 };
    struct arena *arena = page->arena;
    view->facts.p = ARENA_ARRAY(arena, FACTS, struct fact_row);
    if (!from->hours_known)
        return;
    const struct opening_rules *rules = from->opening_rules;
    add_fact(&view->facts, words_season(arena, page->lang, rules, OPENING_SUMMER), words_hours(arena, page->lang, &rules->summer));
    add_fact(&view->facts, words_season(arena, page->lang, rules, OPENING_WINTER), words_hours(arena, page->lang, &rules->winter));
    add_fact(&view->facts, msg_text(arena, page->lang, MSG_monument_closed), words_closings(arena, page->lang, rules));
}

/* The accompanying persons to choose from; the placeholders are nobody. */
static bool prepare_leaders(struct page *page, struct request_form *form)
{
    struct leaders leaders = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = leader_list(page_service(page), page->arena, page_caller(page), &leaders, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    struct possibilities *possible = &form->leader_id.f.possible;
    *possible = (struct possibilities){ARENA_ARRAY(page->arena, leaders.n + 1, struct possibility), 0};
    for (size_t i = 0; i < leaders.n; i++) {
        const struct leader *leader = &leaders.p[i];
        if (leader->placeholder)
            continue;
        possible->p[possible->n++] = (struct possibility){
            .value = str_format(page->arena, "%lld", (long long)leader->id),
            .text = str_format(page->arena, "%.*s %.*s", STR_ARG(leader->fields.first_name),
                               STR_ARG(leader->fields.last_name))};
    }
    return true;
}

/* Reads the monument; false when the page has ended. What has slots or dated tickets has a planning instead. */
static bool open_form(struct page *page, struct monument_page *ret_monument, struct request_ask_view *view)
{
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL)
        return false;
    if (!page_may(page, TASK_REQUEST)) {
        page_error(page, 403);
        return false;
    }
    enum err err = catalogue_monument(page_service(page), page->arena, page_capture(page, "slug"),
                                      local_of(page->zone, page->now).day, ret_monument, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    if (ret_monument->monument.mode != SALE_CONTACT) {
        page_redirect(page, page_url(page, "/monuments/{}/planning", ret_monument->monument.slug));
        return false;
    }
    view->slug = ret_monument->monument.slug;
    view->name = ret_monument->monument.name;
    view->contact = contact_of(page, &ret_monument->monument);
    view->answer_hours = settings->request_answer_hours;
    fill_hours(page, ret_monument, view);
    return prepare_leaders(page, &view->form);
}

static void show(struct page *page, struct request_ask_view *view)
{
    view->key = page_request_key(page);
    page->nav = S("monuments");
    page->title = msg_text(page->arena, page->lang, MSG_request_ask_title, ARG("monument", view->name));
    if (view->form.head.error_count > 0)
        page->title = msg_text(page->arena, page->lang, MSG_request_error_title, ARG("title", page->title));
    tpl_request_ask(page_out(page), page, view);
}

void request_ask_page(struct page *page)
{
    struct monument_page monument;
    struct request_ask_view view = {.answer_hours = 0};
    if (!open_form(page, &monument, &view))
        return;
    form_blank(page->arena, FORM(ASK, view.form));
    field_set_choice(&view.form.audience, S("adults"));
    field_set_choice(&view.form.leader, S("accompanying"));
    field_set_choice(&view.form.visit_lang, lang_code(page->lang));
    show(page, &view);
}

/* Beside the field that it is about. */
static void place_refusal(struct request_form *form, const struct request_asked *asked)
{
    enum msg message = request_refused_message(asked->refusal);
    switch (asked->refusal) {
    case REQUEST_REFUSED_CLOSED:
    case REQUEST_REFUSED_SOON:
    case REQUEST_REFUSED_FAR: form_refuse_n(&form->head, &form->day.f, message, asked->number); return;
    case REQUEST_REFUSED_WINDOW: form_refuse(&form->head, &form->from.f, message); return;
    case REQUEST_REFUSED_NUMBER: form_refuse_n(&form->head, &form->persons.f, message, asked->number); return;
    case REQUEST_REFUSED_LEADER: form_refuse(&form->head, &form->leader_id.f, message); return;
    case REQUEST_REFUSED_WORDS: form_refuse(&form->head, &form->words.f, message); return;
    default: form_refuse_all(&form->head, message); return;
    }
}

static struct request_wish typed(const struct page *page, const struct request_form *form, int64_t monument_id)
{
    struct request_wish wish = {
        .monument_id = monument_id, .day = form->day.v, .from = form->from.v, .to = form->to.v,
        .persons = (int)form->persons.v, .audience = (enum audience)form->audience.v,
        .leader = leader_kinds[form->leader.v], .visit_lang = form->visit_lang.value, .words = form->words.v,
        .request_key = page_sent_key(page)};
    if (wish.leader != LEADER_NONE) /* who comes without has named nobody */
        (void)str_int(form->leader_id.value, &wish.leader_id);
    return wish;
}

void request_ask_sent(struct page *page)
{
    struct monument_page monument;
    struct request_ask_view view = {.answer_hours = 0};
    if (!open_form(page, &monument, &view))
        return;
    bool good = form_read(page->arena, page->request->form, FORM(ASK, view.form));
    if (good && str_empty(page_sent_key(page))) {
        form_refuse_all(&view.form.head, MSG_error_forbidden_title);
        good = false;
    }
    if (good) {
        struct caller caller = page_caller(page);
        struct request_wish wish = typed(page, &view.form, monument.monument.id);
        struct request_asked asked = {.refusal = REQUEST_REFUSED_NOT};
        struct fault fault = {.err = OK};
        enum err err = request_ask(page_service(page), page->arena, &caller, &wish, &asked, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (asked.refusal == REQUEST_REFUSED_NOT) {
            page_flash(page, FLASH_SUCCESS, MSG_request_asked_flash);
            page_redirect(page, page_url(page, "/demandes/{}", asked.ref));
            return;
        }
        place_refusal(&view.form, &asked);
    }
    page->response->status = 422;
    show(page, &view);
}

void request_list_page(struct page *page)
{
    struct caller caller = page_caller(page);
    struct request_lines lines = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = request_list(page_service(page), page->arena, &caller, &lines, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct request_list_view view = {.rows = request_rows_of(page, &lines, false)};
    page->nav = S("commandes");
    page->title = msg_text(page->arena, page->lang, MSG_request_list);
    tpl_request_list(page_out(page), page, &view);
}
