/* The closure desk: which closures there are, and a new one: where, whom it would hit, why, the word that confirms it. */
#include "service/settings.h"
#include "templates.h"
#include "web/account/common.h"
#include "web/closure/pages.h"
#include "web/closure/words.h"
#include "web/views.h"

static const struct field_spec WHERE[] = {
    F_CHOICE(struct closure_where_form, monument, "monument", MSG_closure_monument, .required = true),
    F_CHOICE(struct closure_where_form, scope, "portee", MSG_closure_scope, .required = true, .radio = true),
    F_DAY(struct closure_where_form, from, "du", MSG_closure_from, .required = true),
    F_DAY(struct closure_where_form, to, "au", MSG_closure_to, .hint = MSG_closure_to_hint),
    F_BOOL(struct closure_where_form, open_end, "suite", MSG_closure_open_end),
};
static const struct field_spec WHY[] = {
    F_LONG_TEXT(struct closure_why_form, reason_fr, "motif_fr", MSG_closure_reason_fr, .required = true,
                .max = CLOSURE_REASON_MOST, .hint = MSG_closure_reason_hint),
    F_LONG_TEXT(struct closure_why_form, reason_en, "motif_en", MSG_closure_reason_en, .required = true,
                .max = CLOSURE_REASON_MOST),
    F_TEXT(struct closure_why_form, word, "mot", MSG_closure_word_label, .required = true, .max = 40,
           .hint = MSG_closure_word_hint),
};

static bool failed(struct page *page, enum err err, const struct fault *fault)
{
    if (err != OK)
        page_fail(page, err, fault);
    return err != OK;
}

void closure_list_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct closure_lines lines = {.n = 0};
    struct fault fault = {.err = OK};
    if (failed(page, closure_list(page_service(page), page->arena, &caller, &lines, &fault), &fault))
        return;
    struct closure_list_view view = {.closures = {ARENA_ARRAY(page->arena, lines.n + 1, struct closure_card), lines.n}};
    for (size_t i = 0; i < lines.n; i++) {
        struct closure_line *line = &lines.p[i];
        struct closure_card *card = &view.closures.p[i];
        *card = (struct closure_card){
            .line = line, .when = closure_when(page, line->scope, line->from_at, line->until_at, line->open_end)};
        card->state = closure_state(line, &card->tone);
    }
    page->nav = S("service-fermetures");
    account_title(page, MSG_closure_title, NULL);
    tpl_closure_list(page_out(page), page, &view);
}

/* ---- A new one --------------------------------------------------------------------------------------------------- */

/* What the reader may close, and how. */
static bool prepare(struct page *page, struct closure_where_form *form)
{
    static const enum msg labels[CLOSURE_SCOPES] = {MSG_closure_scope_slot, MSG_closure_scope_days,
                                                    MSG_closure_scope_monument};
    struct staff_caller caller = page_staff_caller(page);
    struct closure_monuments monuments;
    struct fault fault = {.err = OK};
    if (failed(page, closure_monuments(page_service(page), page->arena, &caller, &monuments, &fault), &fault))
        return false;
    struct possibilities *possible = &form->monument.f.possible;
    possible->p = ARENA_ARRAY(page->arena, monuments.n + 1, struct possibility);
    for (size_t i = 0; i < monuments.n; i++)
        possible->p[possible->n++] = (struct possibility){
            .value = str_format(page->arena, "%lld", (long long)monuments.p[i].id), .text = monuments.p[i].name};
    possible = &form->scope.f.possible;
    possible->p = ARENA_ARRAY(page->arena, CLOSURE_SCOPES, struct possibility);
    for (int scope = 0; scope < CLOSURE_SCOPES; scope++)
        if (page_staff_may(page, closure_task((enum closure_scope)scope)))
            possible->p[possible->n++] = (struct possibility){
                .value = str_of(closure_scope_name((enum closure_scope)scope)), .label = labels[scope]};
    return true;
}

/* The range of a form that was read; its slot as it was sent, 0 when it is none. */
static struct closure_range range_of(const struct closure_where_form *form, struct pairs sent)
{
    struct closure_range range = {.from = form->from.v, .open_end = form->open_end.v};
    range.to = form->to.f.given ? form->to.v : form->from.v;
    (void)str_int(form->monument.value, &range.monument_id);
    (void)closure_scope_parse(form->scope.value, &range.scope);
    if (range.scope == CLOSURE_SLOT && !str_int(pairs_get(sent, S("debut")), &range.start_at))
        range.start_at = 0;
    return range;
}

static bool offer_slots(struct page *page, const struct closure_range *range, struct closure_new_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct closure_slots slots;
    struct fault fault = {.err = OK};
    if (failed(page, closure_slots(page_service(page), page->arena, &caller, range->monument_id, range->from, &slots,
                                   &fault), &fault))
        return false;
    view->choose_slot = true;
    view->slots.p = ARENA_ARRAY(page->arena, slots.n + 1, struct closure_slot_line);
    for (size_t i = 0; i < slots.n; i++) {
        const struct closure_slot *slot = &slots.p[i];
        view->slots.p[view->slots.n++] = (struct closure_slot_line){
            .start_at = slot->start_at, .minute = local_of(page->zone, slot->start_at).minute, .taken = slot->taken,
            .free = slot->capacity - slot->taken, .whole_day = slot->whole_day, .closed = slot->closed, .over = slot->over};
    }
    return true;
}

static void fill_preview(struct page *page, const struct closure_range *range, struct closure_new_view *view)
{
    struct closure_preview *preview = &view->preview;
    view->when = closure_when(page, range->scope, preview->from_at, preview->until_at, range->open_end);
    view->sums = (struct closure_sum_lines){ARENA_ARRAY(page->arena, preview->sums.n + 1, struct closure_sum_line),
                                            preview->sums.n};
    for (size_t i = 0; i < preview->sums.n; i++) {
        struct closure_sum *sum = &preview->sums.p[i];
        view->sums.p[i] = (struct closure_sum_line){.sum = sum, .way = closure_way(sum->was),
                                                    .next = closure_next(sum->was), .has_amount = sum->amount.v > 0};
    }
    view->hits = (struct closure_hit_lines){ARENA_ARRAY(page->arena, preview->hits.n + 1, struct closure_hit_line),
                                            preview->hits.n};
    for (size_t i = 0; i < preview->hits.n; i++) {
        struct closure_hit *hit = &preview->hits.p[i];
        view->hits.p[i] = (struct closure_hit_line){.hit = hit, .way = closure_way(hit->was),
                                                    .phone = phone_shown(page->arena, hit->phone),
                                                    .has_amount = hit->amount.v > 0};
    }
}

/* Whom it would hit; false: the page has ended. */
static bool look(struct page *page, const struct closure_range *range, struct closure_new_view *view)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    const struct settings *settings = page_settings(page);
    if (settings == NULL || failed(page, closure_preview(page_service(page), page->arena, &caller, range, &view->preview,
                                                         &fault), &fault))
        return false;
    if (view->preview.refusal != CLOSURE_NOT_REFUSED) {
        form_refuse(&view->where.head, &view->where.from.f, closure_refusal_message(view->preview.refusal));
        return true;
    }
    view->shown = true;
    view->start_at = range->start_at;
    view->choice_days = settings->closure_choice_days;
    view->refund_by_default = settings->closure_refund_by_default != 0;
    fill_preview(page, range, view);
    return true;
}

static void show(struct page *page, struct closure_new_view *view)
{
    if (view->where.head.error_count > 0 || view->why.head.error_count > 0)
        page->response->status = 422;
    view->key = page_request_key(page);
    view->word = msg_text(page->arena, page->lang, MSG_closure_word);
    page->nav = S("service-fermetures");
    account_title(page, MSG_closure_new, view->shown ? &view->why.head : &view->where.head);
    tpl_closure_new(page_out(page), page, view);
}

void closure_new_page(struct page *page)
{
    struct closure_new_view view = {.shown = false};
    if (!page_staff_need(page, TASK_CLOSE_SLOT) || !prepare(page, &view.where))
        return;
    form_blank(page->arena, FORM(WHY, view.why));
    if (!pairs_has(page->request->query, S("monument"))) {
        form_blank(page->arena, FORM(WHERE, view.where));
        field_set_choice(&view.where.scope, S("days"));
        show(page, &view);
        return;
    }
    if (form_read(page->arena, page->request->query, FORM(WHERE, view.where))) {
        struct closure_range range = range_of(&view.where, page->request->query);
        bool slot_missing = range.scope == CLOSURE_SLOT && range.start_at == 0;
        if (!(slot_missing ? offer_slots(page, &range, &view) : look(page, &range, &view)))
            return;
    }
    show(page, &view);
}

static bool word_given(const struct page *page, struct str typed)
{
    struct str word = msg_text(page->arena, page->lang, MSG_closure_word);
    return str_eq(str_fold(page->arena, typed), str_fold(page->arena, word));
}

void closure_sent(struct page *page)
{
    struct closure_new_view view = {.shown = false};
    if (!page_staff_need(page, TASK_CLOSE_SLOT) || !prepare(page, &view.where))
        return;
    struct str key = page_sent_key(page);
    bool where = form_read(page->arena, page->request->form, FORM(WHERE, view.where));
    bool why = form_read(page->arena, page->request->form, FORM(WHY, view.why));
    if (!where || str_empty(key)) {
        show(page, &view);
        return;
    }
    struct closure_range range = range_of(&view.where, page->request->form);
    if (view.why.word.f.error == MSG_none && !word_given(page, view.why.word.v)) {
        form_refuse(&view.why.head, &view.why.word.f, MSG_closure_word_wrong);
        why = false;
    }
    if (why) {
        struct staff_caller caller = page_staff_caller(page);
        struct closure_started started = {.refusal = CLOSURE_NOT_REFUSED};
        struct fault fault = {.err = OK};
        struct closure_request request = {.range = range, .reason_fr = view.why.reason_fr.v,
                                          .reason_en = view.why.reason_en.v, .request_key = key};
        if (failed(page, closure_start(page_service(page), page->arena, &caller, &request, &started, &fault), &fault))
            return;
        if (started.refusal == CLOSURE_NOT_REFUSED) {
            page_flash(page, FLASH_SUCCESS, MSG_closure_started);
            page_redirect(page, page_url(page, "/service/fermetures/{}",
                                         str_format(page->arena, "%lld", (long long)started.closure_id)));
            return;
        }
        form_refuse_all(&view.why.head, closure_refusal_message(started.refusal));
    }
    if (look(page, &range, &view))
        show(page, &view);
}
