/* The words of requests. */
#include "web/request/words.h"

#include "domain/reference.h"

struct state_badge request_badge(enum request_state state, bool desk)
{
    static const struct state_badge badges[REQUEST_STATES] = {
        [REQUEST_ASKED] = {MSG_request_state_asked, "warn", BADGE_CLOCK},
        [REQUEST_PROPOSED] = {MSG_request_state_proposed, "warn", BADGE_CLOCK},
        [REQUEST_ACCEPTED] = {MSG_request_state_accepted, "ok", BADGE_CHECK},
        [REQUEST_TILL] = {MSG_request_state_till, "ok", BADGE_CHECK},
        [REQUEST_PAID] = {MSG_request_state_paid, "ok", BADGE_CHECK},
        [REQUEST_DECLINED] = {MSG_request_state_declined, "bad", BADGE_CROSS},
        [REQUEST_WITHDRAWN] = {MSG_request_state_withdrawn, "bad", BADGE_CROSS},
        [REQUEST_CANCELLED] = {MSG_request_state_cancelled, "bad", BADGE_CROSS},
        [REQUEST_LAPSED] = {MSG_request_state_lapsed, "bad", BADGE_CROSS},
    };
    struct state_badge badge = badges[state];
    if (desk && state == REQUEST_ASKED)
        badge.word = MSG_request_desk_state_asked;
    if (desk && state == REQUEST_PROPOSED)
        badge.word = MSG_request_desk_state_proposed;
    return badge;
}

enum msg request_refused_message(enum request_refusal refusal)
{
    enum msg message = MSG_none;
    struct buf key = buf_new(64);
    buf_c(&key, "request.refused_");
    buf_c(&key, request_refusal_word(refusal));
    (void)msg_find(buf_view(&key), &message);
    buf_free(&key);
    return message;
}

static enum msg word(const char *group, struct str name)
{
    enum msg message = MSG_none;
    struct buf key = buf_new(96);
    buf_c(&key, group);
    for (size_t i = 0; i < name.n; i++)
        buf_char(&key, name.p[i] == '-' ? '_' : name.p[i]);
    (void)msg_find(buf_view(&key), &message);
    buf_free(&key);
    return message;
}

static struct str said(const struct page *page, enum msg message)
{
    return message == MSG_none ? (struct str){NULL, 0} : msg_text(page->arena, page->lang, message);
}

static struct request_event_line event_line(struct request_event_view *event)
{
    static const enum msg sides[] = {[REQUEST_SIDE_CUSTOMER] = MSG_request_side_customer,
                                     [REQUEST_SIDE_MONUMENT] = MSG_request_side_monument,
                                     [REQUEST_SIDE_SERVICE] = MSG_request_side_service,
                                     [REQUEST_SIDE_TIME] = MSG_none};
    static const char *const icons[] = {[REQUEST_SIDE_CUSTOMER] = "client", [REQUEST_SIDE_MONUMENT] = "monument",
                                        [REQUEST_SIDE_SERVICE] = "help", [REQUEST_SIDE_TIME] = "clock"};
    bool words = str_eq(event->act, S("message"));
    return (struct request_event_line){.event = event, .title = word("request.event_", event->act),
                                       .icon = words ? "mail" : icons[event->side], .side = sides[event->side]};
}

static enum msg next_of(const struct request_view *r, bool desk)
{
    if (r->voided)
        return MSG_request_next_voided;
    if (r->state == REQUEST_ASKED && r->escalated && !desk)
        return MSG_request_next_escalated;
    if (desk && (r->state == REQUEST_ASKED || r->state == REQUEST_PROPOSED))
        return r->state == REQUEST_ASKED ? MSG_request_desk_next_asked : MSG_request_desk_next_proposed;
    return word("request.next_", str_of(request_state_name(r->state)));
}

void request_facts_fill(const struct page *page, bool desk, struct request_facts *facts)
{
    struct request_view *r = &facts->r;
    facts->badge = request_badge(r->state, desk);
    if (r->voided)
        facts->badge = request_badge(REQUEST_CANCELLED, desk);
    facts->audience = said(page, word("request.audience_", str_of(audience_name(r->audience))));
    facts->language = said(page, word("request.language_", r->visit_lang));
    facts->leader = r->leader_name.n > 0 ? r->leader_name
                    : r->leader == LEADER_NONE ? msg_text(page->arena, page->lang, MSG_request_leader_none)
                                               : msg_text(page->arena, page->lang, MSG_request_leader_unknown);
    if (r->leader == LEADER_GUIDE)
        facts->leader = msg_text(page->arena, page->lang, MSG_request_leader_guide, ARG("name", facts->leader));
    facts->next = next_of(r, desk);
    facts->key = page_request_key(page);
    facts->events = (struct request_event_lines){ARENA_ARRAY(page->arena, r->events.n + 1, struct request_event_line),
                                                 r->events.n};
    for (size_t i = 0; i < r->events.n; i++)
        facts->events.p[i] = event_line(&r->events.p[i]);
}

struct request_rows request_rows_of(const struct page *page, const struct request_lines *lines, bool desk)
{
    struct request_rows rows = {ARENA_ARRAY(page->arena, lines->n + 1, struct request_row), lines->n};
    for (size_t i = 0; i < lines->n; i++)
        rows.p[i] = (struct request_row){
            .line = &lines->p[i], .badge = request_badge(lines->p[i].state, desk),
            .late = lines->p[i].escalated && lines->p[i].state == REQUEST_ASKED};
    return rows;
}

bool request_captured(struct page *page, struct str *ret_ref)
{
    char reference[REFERENCE_SIZE];
    if (!reference_parse(page_capture(page, "ref"), reference)) {
        page_error(page, 404);
        return false;
    }
    *ret_ref = str_dup(page->arena, str_of(reference));
    return true;
}

int64_t request_sent_turn(const struct page *page)
{
    int64_t turn = 0;
    return str_int(pairs_get(page->request->form, S("tour")), &turn) && turn > 0 ? turn : 0;
}

void request_title(struct page *page, enum msg title, struct str ref, const struct form *form)
{
    page->title = msg_text(page->arena, page->lang, title, ARG("ref", ref));
    if (form != NULL && form->error_count > 0)
        page->title = msg_text(page->arena, page->lang, MSG_request_error_title, ARG("title", page->title));
}
