/* What the script of the gate asks and sends. The answers are for our own page only; so are their names. */
#include <stdio.h>

#include "base/limits.h"
#include "web/gate/pages.h"

enum { SCANS_AT_ONCE = 50 };

static void name(struct buf *out, const char *key)
{
    if (out->n > 0 && out->p[out->n - 1] != '{' && out->p[out->n - 1] != '[')
        buf_char(out, ',');
    buf_json(out, str_of(key));
    buf_char(out, ':');
}

static void text(struct buf *out, const char *key, struct str value)
{
    name(out, key);
    buf_json(out, value);
}

static void number(struct buf *out, const char *key, int64_t value)
{
    name(out, key);
    buf_int(out, value);
}

static void begin_json(struct page *page)
{
    page->response->content_type = S("application/json");
    buf_clear(page_out(page));
}

/* ---- the day ---- */

static void put_visits(struct page *page, const struct gate_day *day)
{
    struct buf *out = page_out(page);
    name(out, "visits");
    buf_char(out, '[');
    for (size_t i = 0; i < day->visits.n; i++) {
        const struct gate_visit *v = &day->visits.p[i];
        buf_c(out, i == 0 ? "{" : ",{");
        number(out, "id", v->id);
        text(out, "kind", str_of(ticket_kind_name(v->kind)));
        number(out, "start", v->start_at);
        text(out, "when", v->kind == TICKET_SLOT ? gate_minute(page, v->start_at) : S(""));
        number(out, "until", v->start_at + v->minutes * 60 - 1);
        number(out, "persons", v->persons);
        number(out, "arrived", v->arrived);
        text(out, "organisation", v->organisation);
        text(out, "leader", v->leader);
        number(out, "cancelled", v->cancelled);
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

/* Many rows: lists without names. */
static void put_tickets(struct buf *out, const struct gate_day *day)
{
    name(out, "tickets");
    buf_char(out, '[');
    for (size_t i = 0; i < day->tickets.n; i++) {
        const struct gate_ticket *t = &day->tickets.p[i];
        buf_format(out, "%s[\"%.*s\",%lld,\"%s\",\"%.*s\",\"%.*s\",%lld,%lld,%lld,\"%.*s\"]", i == 0 ? "" : ",",
                   STR_ARG(t->number), (long long)t->visit_id, ticket_role_name(t->role), STR_ARG(t->tariff_code),
                   STR_ARG(t->state), (long long)t->from, (long long)t->until, (long long)t->used_at,
                   STR_ARG(t->ended_why));
    }
    buf_char(out, ']');
    name(out, "ended");
    buf_char(out, '[');
    for (size_t i = 0; i < day->ended.n; i++) {
        const struct gate_ticket *t = &day->ended.p[i];
        buf_format(out, "%s[\"%.*s\",\"%.*s\",%lld,\"%.*s\"]", i == 0 ? "" : ",", STR_ARG(t->number), STR_ARG(t->state),
                   (long long)t->used_at, STR_ARG(t->ended_why));
    }
    buf_char(out, ']');
}

static void put_keys(struct buf *out, const struct gate_day *day)
{
    name(out, "keys");
    buf_char(out, '{');
    for (size_t i = 0; i < day->keys.n; i++) {
        char id[8];
        (void)snprintf(id, sizeof id, "%d", day->keys.p[i].id);
        name(out, id);
        buf_char(out, '"');
        buf_base64(out, day->keys.p[i].public_key.p, day->keys.p[i].public_key.n);
        buf_char(out, '"');
    }
    buf_char(out, '}');
}

void gate_day_json(struct page *page)
{
    struct staff_caller caller;
    struct gate_place place;
    struct gate_day day;
    struct fault fault = {.err = OK};
    if (!gate_place_of(page, &caller, &place) || !gate_allow(page, &caller))
        return;
    enum err err = gate_day(page_service(page), page->arena, &caller, place.id, &day, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    begin_json(page);
    struct buf *out = page_out(page);
    buf_char(out, '{');
    number(out, "now", day.now);
    number(out, "from", day.from);
    number(out, "until", day.until);
    number(out, "offset", local_of(page->zone, day.from + SECONDS_A_DAY / 2).offset);
    text(out, "label", gate_date(page, day.from));
    text(out, "csrf", page->csrf);
    number(out, "monument", place.id);
    text(out, "slug", place.slug);
    text(out, "name", place.name);
    number(out, "early", day.tolerance.early);
    number(out, "late", day.tolerance.late);
    number(out, "rest", day.tolerance.rest);
    number(out, "conflicts", day.conflicts);
    put_keys(out, &day);
    put_visits(page, &day);
    put_tickets(out, &day);
    buf_char(out, '}');
}

/* ---- scans ---- */

static void put_answer(struct page *page, struct str key, const struct gate_answer *a)
{
    struct buf *out = page_out(page);
    struct gate_words words = gate_words_of(page, a);
    buf_char(out, '{');
    text(out, "key", key);
    number(out, "id", a->scan_id);
    text(out, "act", str_of(gate_act_name(a->act)));
    text(out, "result", str_of(gate_result_name(a->result)));
    text(out, "title", words.title);
    text(out, "text", words.text);
    name(out, "lines");
    buf_char(out, '[');
    for (size_t i = 0; i < words.more.n; i++) {
        if (i > 0)
            buf_char(out, ',');
        buf_json(out, words.more.p[i]);
    }
    buf_char(out, ']');
    text(out, "number", a->number);
    number(out, "visit", a->visit_id);
    number(out, "persons", a->persons);
    number(out, "arrived", a->arrived);
    number(out, "heads", a->heads);
    number(out, "undo", a->may_undo);
    buf_char(out, '}');
}

/* «key~act~visit~counted~at~told~gate~code»: the code last, since it may hold anything. `at` 0: now, online. */
static bool read_line(struct str line, struct gate_request *request)
{
    int64_t visit = 0, counted = 0, at = 0;
    struct str key = str_cut(&line, '~'), act = str_cut(&line, '~'), of = str_cut(&line, '~'), heads = str_cut(&line, '~');
    struct str when = str_cut(&line, '~'), told = str_cut(&line, '~'), gate = str_cut(&line, '~');
    if (!gate_act_parse(act, &request->act) || request->act == GATE_ACT_UNDO || !str_int(of, &visit) ||
        !str_int(heads, &counted) || counted < 0 || counted > LIMIT_VISIT_PERSONS || !str_int(when, &at))
        return false;
    request->offline = !str_empty(told);
    if (request->offline && !gate_result_parse(told, &request->told))
        return false;
    request->key = key;
    request->visit_id = visit;
    request->counted = (int)counted;
    request->at = at;
    request->gate = gate;
    request->code = line;
    return true;
}

/* One after the other, each in its own transaction; a line that cannot be read is left out of the answers and stays with
 * the device. A failure ends the list there: what was answered is done, the rest comes again. */
void gate_scans_json(struct page *page)
{
    struct staff_caller caller;
    struct gate_place place;
    if (!gate_place_of(page, &caller, &place) || !gate_allow(page, &caller))
        return;
    begin_json(page);
    struct buf *out = page_out(page);
    buf_char(out, '{');
    number(out, "now", page->now);
    name(out, "answers");
    buf_char(out, '[');
    struct str device = pairs_get(page->request->form, S("appareil"));
    size_t done = 0;
    enum err err = OK;
    for (size_t i = 0; i < page->request->form.n && done < SCANS_AT_ONCE && err == OK; i++) {
        struct gate_request request = {.monument_id = place.id, .device = device};
        struct gate_answer answer;
        struct fault fault = {.err = OK};
        if (!str_eq(page->request->form.p[i].name, S("lecture")) ||
            !read_line(page->request->form.p[i].value, &request))
            continue;
        err = gate_scan(page_service(page), page->arena, &caller, &request, &answer, &fault);
        if (err == OK) {
            if (done++ > 0)
                buf_char(out, ',');
            put_answer(page, request.key, &answer);
        } else if (done == 0) {
            page_fail(page, err, &fault);
            return;
        }
    }
    buf_c(out, "]}");
}
