/* Replacing who accompanies a confirmed visit (COM-5): one page, one choice. */
#include "templates.h"
#include "web/app.h"
#include "web/change/pages.h"
#include "web/change/views.h"
#include "web/sales/words.h"
#include "web/views.h"

static enum msg refusal_words(enum replace_refusal refusal)
{
    switch (refusal) {
    case REPLACE_NOT_REFUSED: return MSG_none;
    case REPLACE_GONE: return MSG_leader_replace_gone;
    case REPLACE_UNDATED: return MSG_leader_replace_undated;
    case REPLACE_SCANNED: return MSG_leader_replace_scanned;
    case REPLACE_OVER: return MSG_leader_replace_over;
    case REPLACE_MISSING: return MSG_leader_replace_missing;
    case REPLACE_KIND: return MSG_leader_replace_kind;
    case REPLACE_SAME: return MSG_leader_replace_same;
    }
    return MSG_none;
}

static bool read_visit(struct page *page, struct replace_view *ret_view)
{
    struct str ref = {0};
    int64_t visit_id = 0;
    if (!captured_reference(page, &ref) || !captured_id(page, "visit", &visit_id))
        return false;
    struct caller caller = page_caller(page);
    struct fault fault = {.err = OK};
    enum err err = leader_replace_look(page_service(page), page->arena, &caller, ref, visit_id, ret_view, &fault);
    if (err == OK)
        return true;
    page_fail(page, err, &fault);
    return false;
}

static struct leader_choice choice_of(const struct page *page, const struct replace_view *visit,
                                      const struct leader *leader)
{
    day_number day = local_of(page->zone, visit->start_at).day;
    bool guided = visit->leader_kind == LEADER_GUIDE && !leader->placeholder;
    return (struct leader_choice){
        .id = leader->id, .current = leader->id == visit->leader_id,
        .name = str_format(page->arena, "%.*s %.*s", STR_ARG(leader->fields.first_name),
                           STR_ARG(leader->fields.last_name)),
        .card_missing = guided && str_empty(leader->fields.card),
        .card_expired = guided && leader->fields.has_card_until && leader->fields.card_until < day,
        .has_until = leader->fields.has_card_until, .until = leader->fields.card_until};
}

static void show(struct page *page, const struct replace_view *visit, int64_t chosen, enum replace_refusal refusal)
{
    struct leader_replace_view view = {
        .ref = visit->order_ref, .slug = visit->monument_slug, .name = visit->monument_name,
        .head = visit_when_head(page, visit->kind, visit->start_at, 0), .leader = visit->leader,
        .visit_id = visit->visit_id, .chosen = chosen, .persons = visit->persons,
        .guided = visit->leader_kind == LEADER_GUIDE, .blocked = refusal_words(visit->refusal),
        .refusal = refusal_words(refusal), .key = page_request_key(page)};
    if (view.blocked != MSG_none)
        view.refusal = MSG_none;
    view.choices.p = ARENA_ARRAY(page->arena, visit->choices.n + 1, struct leader_choice);
    for (size_t i = 0; i < visit->choices.n; i++)
        view.choices.p[view.choices.n++] = choice_of(page, visit, &visit->choices.p[i]);
    page->title = msg_text(page->arena, page->lang, MSG_leader_replace_title);
    page->nav = S("commandes");
    tpl_change_leader(page_out(page), page, &view);
}

void leader_replace_page(struct page *page)
{
    struct replace_view visit;
    if (read_visit(page, &visit))
        show(page, &visit, 0, REPLACE_NOT_REFUSED);
}

void leader_replace_sent(struct page *page)
{
    struct replace_view visit;
    if (!read_visit(page, &visit))
        return;
    struct caller caller = page_caller(page);
    struct leader_replacement replacement = {.order_ref = visit.order_ref, .visit_id = visit.visit_id,
                                             .request_key = page_sent_key(page)};
    (void)str_int(pairs_get(page->request->form, S("accompagnateur")), &replacement.leader_id);
    enum replace_refusal refusal = REPLACE_MISSING;
    struct fault fault = {.err = OK};
    if (!str_empty(replacement.request_key)) {
        enum err err = leader_replace(page_service(page), page->arena, &caller, &replacement, &refusal, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
    }
    if (refusal == REPLACE_NOT_REFUSED) {
        page_flash(page, FLASH_SUCCESS, MSG_leader_replace_done);
        page_redirect(page, page_url(page, "/commandes/{}", visit.order_ref));
        return;
    }
    page->response->status = 422;
    show(page, &visit, replacement.leader_id, refusal);
}
