/* The pages of the gate that need no script: a ticket at a time, groups of the day, the last acts, conflicts. */
#include "base/limits.h"
#include "templates.h"
#include "web/gate/pages.h"

#define HOME "/service/controle"
enum { SCANS_A_MINUTE = 600 };

static const struct choice modes[] = {{"billet", MSG_gate_mode_ticket}, {"groupe", MSG_gate_mode_group}};
#define F_HEADS                                                                                                      \
    F_INT(struct gate_form, heads, "personnes", MSG_gate_heads, .min = 1, .max = LIMIT_VISIT_PERSONS,                \
          .hint = MSG_gate_heads_hint),                                                                              \
    F_TEXT(struct gate_form, gate, "porte", MSG_gate_gate_name, .max = 40, .hint = MSG_gate_gate_name_hint)

static const struct field_spec SCAN[] = {
    F_TEXT(struct gate_form, code, "code", MSG_gate_code, .required = true, .max = LIMIT_TEXT_FIELD,
           .hint = MSG_gate_code_hint),
    F_CHOICE(struct gate_form, mode, "mode", MSG_gate_mode, .required = true, .radio = true, CHOICES(modes)),
    F_HEADS,
};
/* From the list of the day: no ticket is read. */
static const struct field_spec GROUP[] = {F_HEADS};
static const struct field_spec UNDO[] = {
    F_TEXT(struct gate_undo_form, reason, "motif", MSG_gate_undo_reason, .required = true, .max = 200,
           .hint = MSG_gate_undo_hint),
};

void gate_forms_blank(struct page *page, struct gate_page_view *view)
{
    form_blank(page->arena, FORM(SCAN, view->form));
    form_blank(page->arena, FORM(UNDO, view->undo));
    field_set_choice(&view->form.mode, S("billet"));
}

bool gate_place_of(struct page *page, struct staff_caller *ret_caller, struct gate_place *ret_place)
{
    *ret_caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = gate_place_find(page_service(page), page->arena, ret_caller, page_capture(page, "slug"), ret_place, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    page->nav = S("service-controle");
    return err == OK;
}

bool gate_allow(struct page *page, const struct staff_caller *caller)
{
    return page_allow(page, "gate", str_format(page->arena, "%lld", (long long)caller->staff_id), SCANS_A_MINUTE, 60);
}

static struct safe_url place_url(const struct page *page, struct str slug)
{
    return safe_url_of_path(page_url(page, HOME "/{}", slug));
}

void gate_home_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct gate_places places = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = gate_places(page_service(page), page->arena, &caller, &places, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (places.n == 1) {
        page_redirect(page, page_url(page, HOME "/{}", places.p[0].slug));
        return;
    }
    struct gate_places_view view = {.places = {ARENA_ARRAY(page->arena, places.n + 1, struct gate_place_line), places.n}};
    for (size_t i = 0; i < places.n; i++)
        view.places.p[i] = (struct gate_place_line){&places.p[i], place_url(page, places.p[i].slug)};
    page->nav = S("service-controle");
    page->title = msg_text(page->arena, page->lang, MSG_gate_task);
    tpl_gate_home(page_out(page), page, &view);
}

/* ---- one gate ---- */

static void fill_groups(struct page *page, const struct gate_day *day, struct gate_page_view *view)
{
    view->groups.p = ARENA_ARRAY(page->arena, day->visits.n + 1, struct gate_group_view);
    view->groups.n = day->visits.n;
    for (size_t i = 0; i < day->visits.n; i++) {
        const struct gate_visit *visit = &day->visits.p[i];
        view->groups.p[i] = (struct gate_group_view){
            .id = visit->id, .organisation = visit->organisation, .leader = visit->leader, .slug = view->place.slug,
            .gate = view->gate, .persons = visit->persons, .arrived = visit->arrived,
            .left = visit->persons - visit->arrived, .cancelled = visit->cancelled,
            .complete = visit->arrived >= visit->persons,
            .when = visit->kind == TICKET_SLOT ? gate_minute(page, visit->start_at)
                                               : msg_text(page->arena, page->lang, MSG_gate_whole_day)};
    }
}

/* Shows the page as the view says; the answer and the forms are in it already. */
static void show(struct page *page, const struct staff_caller *caller, struct gate_page_view *view)
{
    struct gate_day day = {.conflicts = 0};
    struct gate_places places = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = gate_day(page_service(page), page->arena, caller, view->place.id, &day, &fault);
    if (err == OK)
        err = gate_places(page_service(page), page->arena, caller, &places, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view->gate = view->form.gate.f.typed;
    view->several_places = places.n > 1;
    view->conflicts = day.conflicts;
    view->key = page_request_key(page);
    view->pattern.slug = view->place.slug;
    if (view->has_answer) {
        view->said = gate_words_of(page, &view->answer);
        view->left = view->answer.persons - view->answer.arrived;
    }
    fill_groups(page, &day, view);
    gate_script_words(page, view);
    gate_modules(view);
    page->title = str_format(page->arena, "%.*s, %.*s", STR_ARG(msg_text(page->arena, page->lang, MSG_gate_title)),
                             STR_ARG(view->place.name));
    tpl_gate_page(page_out(page), page, view);
}

/* An act of the address or of a form; 0: none. false: the page has ended. */
static bool read_answer(struct page *page, const struct staff_caller *caller, int64_t scan_id, struct gate_page_view *view)
{
    if (scan_id == 0)
        return true;
    struct fault fault = {.err = OK};
    enum err err = gate_answer_read(page_service(page), page->arena, caller, view->place.id, scan_id, &view->answer, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    view->has_answer = err == OK;
    return err == OK;
}

void gate_page(struct page *page)
{
    struct staff_caller caller;
    struct gate_page_view view = {.has_answer = false};
    if (!gate_place_of(page, &caller, &view.place) ||
        !read_answer(page, &caller, page_query_int(page, "lecture", 0), &view))
        return;
    gate_forms_blank(page, &view);
    if (page_query_int(page, "groupe", 0) != 0)
        field_set_choice(&view.form.mode, S("groupe"));
    field_set_text(&view.form.gate, str_sub(page_query(page, "porte"), 0, 40));
    show(page, &caller, &view);
}

static void go_to_answer(struct page *page, const struct gate_page_view *view, int64_t scan_id)
{
    struct str address = page_url(page, HOME "/{}?lecture={}&groupe={}&porte={}", view->place.slug,
                                  str_format(page->arena, "%lld", (long long)scan_id),
                                  view->form.mode.v == 1 ? S("1") : S("0"), view->form.gate.v);
    page_redirect(page, address);
}

/* The device of a form without a script: one for each of the operator's people. */
static struct str form_device(struct page *page, const struct staff_caller *caller)
{
    return str_format(page->arena, "formulaire-%lld", (long long)caller->staff_id);
}

void gate_scan_sent(struct page *page)
{
    struct staff_caller caller;
    struct gate_page_view view = {.has_answer = false};
    int64_t visit_id = 0;
    if (!gate_place_of(page, &caller, &view.place) || !gate_allow(page, &caller))
        return;
    (void)str_int(pairs_get(page->request->form, S("visite")), &visit_id);
    gate_forms_blank(page, &view);
    bool fine = visit_id != 0 ? form_read(page->arena, page->request->form, FORM(GROUP, view.form))
                              : form_read(page->arena, page->request->form, FORM(SCAN, view.form));
    if (!fine) {
        page->response->status = 422;
        show(page, &caller, &view);
        return;
    }
    struct str key = page_sent_key(page);
    struct gate_request request = {
        .monument_id = view.place.id, .act = visit_id != 0 || view.form.mode.v == 1 ? GATE_ACT_GROUP : GATE_ACT_TICKET,
        .code = view.form.code.v, .visit_id = visit_id, .counted = (int)view.form.heads.v,
        .device = form_device(page, &caller), .key = str_empty(key) ? page_request_key(page) : key,
        .gate = view.form.gate.v};
    struct gate_answer answer;
    struct fault fault = {.err = OK};
    enum err err = gate_scan(page_service(page), page->arena, &caller, &request, &answer, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    else
        go_to_answer(page, &view, answer.scan_id);
}

static enum msg undo_message(enum gate_undo_refusal refusal)
{
    switch (refusal) {
    case GATE_UNDO_DONE: return MSG_gate_undo_done;
    case GATE_UNDO_REASON: return MSG_gate_undo_no_reason;
    case GATE_UNDO_NOBODY: return MSG_gate_undo_nobody;
    case GATE_UNDO_BEFORE: return MSG_gate_undo_before;
    case GATE_UNDO_DISPUTED: break;
    }
    return MSG_gate_undo_disputed;
}

void gate_undo_sent(struct page *page)
{
    struct staff_caller caller;
    struct gate_page_view view = {.has_answer = false};
    int64_t scan_id = 0;
    if (!gate_place_of(page, &caller, &view.place) || !gate_allow(page, &caller))
        return;
    if (!str_int(pairs_get(page->request->form, S("lecture")), &scan_id)) {
        page_error(page, 404);
        return;
    }
    enum gate_undo_refusal refusal = GATE_UNDO_REASON;
    struct fault fault = {.err = OK};
    enum err err = OK;
    struct str key = page_sent_key(page);
    if (form_read(page->arena, page->request->form, FORM(UNDO, view.undo)))
        err = gate_undo(page_service(page), page->arena, &caller, view.place.id, scan_id, view.undo.reason.v,
                        form_device(page, &caller), str_empty(key) ? page_request_key(page) : key, &refusal, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    if (refusal == GATE_UNDO_DONE) {
        page_flash(page, FLASH_SUCCESS, MSG_gate_undo_done);
        page_redirect(page, page_url(page, HOME "/{}/lectures", view.place.slug));
        return;
    }
    if (view.undo.reason.f.error == MSG_none)
        form_refuse(&view.undo.head, &view.undo.reason.f, undo_message(refusal));
    if (!read_answer(page, &caller, scan_id, &view))
        return;
    form_blank(page->arena, FORM(SCAN, view.form));
    page->response->status = 422;
    show(page, &caller, &view);
}

/* ---- lists ---- */

void gate_log_page(struct page *page)
{
    static const enum msg acts[] = {[GATE_ACT_TICKET] = MSG_none, [GATE_ACT_GROUP] = MSG_gate_log_group,
                                    [GATE_ACT_UNDO] = MSG_gate_log_undo};
    struct staff_caller caller;
    struct gate_log_view view = {.entries = {.n = 0}};
    struct gate_entries entries = {.n = 0};
    struct fault fault = {.err = OK};
    if (!gate_place_of(page, &caller, &view.place))
        return;
    enum err err = gate_latest(page_service(page), page->arena, &caller, view.place.id, &entries, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view.entries.p = ARENA_ARRAY(page->arena, entries.n + 1, struct gate_entry_line);
    view.entries.n = entries.n;
    for (size_t i = 0; i < entries.n; i++) {
        struct str id = str_format(page->arena, "%lld", (long long)entries.p[i].id);
        view.entries.p[i] = (struct gate_entry_line){
            .entry = &entries.p[i], .result = gate_result_word(entries.p[i].result), .act = acts[entries.p[i].act],
            .tone = gate_tone(entries.p[i].result),
            .url = safe_url_of_path(page_url(page, HOME "/{}?lecture={}", view.place.slug, id))};
    }
    page->title = msg_text(page->arena, page->lang, MSG_gate_log);
    tpl_gate_log(page_out(page), page, &view);
}

static struct str side_text(const struct page *page, const struct gate_side *side)
{
    struct str where = str_empty(side->gate) ? msg_text(page->arena, page->lang, MSG_gate_unnamed) : side->gate;
    return msg_text(page->arena, page->lang, MSG_gate_conflict_side, ARG("when", gate_when(page, side->at)),
                    ARG("where", where), ARG("who", side->by));
}

void gate_conflicts_page(struct page *page)
{
    struct staff_caller caller;
    struct gate_conflicts_view view = {.conflicts = {.n = 0}};
    struct gate_conflicts list = {.n = 0};
    struct fault fault = {.err = OK};
    if (!gate_place_of(page, &caller, &view.place))
        return;
    enum err err = gate_conflicts(page_service(page), page->arena, &caller, view.place.id, &list, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    view.conflicts.p = ARENA_ARRAY(page->arena, list.n + 1, struct gate_conflict_line);
    view.conflicts.n = list.n;
    for (size_t i = 0; i < list.n; i++) {
        const struct gate_conflict *conflict = &list.p[i];
        struct gate_conflict_line *line = &view.conflicts.p[i];
        struct str result = msg_text(page->arena, page->lang, gate_result_word(conflict->why));
        *line = (struct gate_conflict_line){.conflict = &list.p[i], .loser = side_text(page, &conflict->loser)};
        line->what = conflict->why == GATE_USED && conflict->has_winner
                         ? msg_text(page->arena, page->lang, MSG_gate_conflict_twice)
                     : conflict->why == GATE_TOO_MANY
                         ? msg_text(page->arena, page->lang, MSG_gate_conflict_too_many)
                         : msg_text(page->arena, page->lang, MSG_gate_conflict_other, ARG("what", result));
        if (conflict->has_winner)
            line->winner = side_text(page, &conflict->winner);
    }
    page->title = msg_text(page->arena, page->lang, MSG_gate_conflicts);
    tpl_gate_conflicts(page_out(page), page, &view);
}
