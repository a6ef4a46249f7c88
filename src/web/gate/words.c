/* What an answer is called, for the page, for the JSON, and with gaps for the script. */
#include "service/pricing.h"
#include "text/format.h"
#include "web/gate/pages.h"

enum { TEXT_BYTES = 400 };

static const struct {
    enum msg word;
    const char *tone, *icon;
} results[GATE_RESULTS] = {
    [GATE_VALID] = {MSG_gate_result_valid, "ok", "check"},
    [GATE_USED] = {MSG_gate_result_used, "bad", "cross"},
    [GATE_WRONG_SLOT] = {MSG_gate_result_wrong_slot, "warn", "clock"},
    [GATE_WRONG_DAY] = {MSG_gate_result_wrong_day, "warn", "calendar"},
    [GATE_WRONG_MONUMENT] = {MSG_gate_result_wrong_monument, "warn", "monument"},
    [GATE_CANCELLED] = {MSG_gate_result_cancelled, "bad", "cross"},
    [GATE_EXPIRED] = {MSG_gate_result_expired, "bad", "calendar"},
    [GATE_UNKNOWN] = {MSG_gate_result_unknown, "bad", "help"},
    [GATE_FORGED] = {MSG_gate_result_forged, "bad", "warning"},
    [GATE_TOO_MANY] = {MSG_gate_result_too_many, "warn", "users"},
    [GATE_UNDONE] = {MSG_gate_result_undone, "warn", "arrow-left"},
};

enum msg gate_result_word(enum gate_result result)
{
    return results[result].word;
}

const char *gate_tone(enum gate_result result)
{
    return results[result].tone;
}

const char *gate_icon(enum gate_result result)
{
    return results[result].icon;
}

static struct str taken(const struct page *page, struct buf *buf)
{
    struct str text = str_dup(page->arena, buf_view(buf));
    buf_free(buf);
    return text;
}

struct str gate_when(const struct page *page, instant at)
{
    struct buf buf = buf_new(TEXT_BYTES);
    format_instant_short(&buf, page->lang, page->zone, at);
    return taken(page, &buf);
}

struct str gate_minute(const struct page *page, instant at)
{
    struct buf buf = buf_new(TEXT_BYTES);
    format_minute(&buf, local_of(page->zone, at).minute);
    return taken(page, &buf);
}

struct str gate_date(const struct page *page, instant at)
{
    struct buf buf = buf_new(TEXT_BYTES);
    format_day(&buf, page->lang, local_of(page->zone, at).day);
    return taken(page, &buf);
}

/* What stands in the gaps of a message; every message takes what it names. */
struct gaps {
    struct str when, where, slot, day, monument, why;
    int64_t n;
};

static struct str say(const struct page *page, enum msg message, const struct gaps *g)
{
    return msg_text(page->arena, page->lang, message, ARG("when", g->when), ARG("where", g->where), ARG("slot", g->slot),
                    ARG("day", g->day), ARG("monument", g->monument), ARG("why", g->why), ARG("n", g->n));
}

static enum msg cancelled_text(struct str why)
{
    return str_eq(why, S("replaced"))    ? MSG_gate_text_cancelled_replaced
           : str_eq(why, S("closure"))   ? MSG_gate_text_cancelled_closure
           : str_eq(why, S("refunded"))  ? MSG_gate_text_cancelled_refunded
           : str_eq(why, S("exchanged")) ? MSG_gate_text_cancelled_exchanged
                                         : MSG_gate_text_cancelled;
}

static enum msg text_of(const struct gate_answer *a)
{
    switch (a->result) {
    case GATE_VALID: return MSG_gate_text_heads;
    case GATE_USED:
        return !a->has_prior ? MSG_gate_text_used_bare
               : a->prior_act == GATE_ACT_GROUP ? MSG_gate_text_used_group : MSG_gate_text_used;
    case GATE_WRONG_SLOT: return MSG_gate_text_wrong_slot;
    case GATE_WRONG_DAY: return a->kind == TICKET_SLOT ? MSG_gate_text_wrong_day_slot : MSG_gate_text_wrong_day;
    case GATE_WRONG_MONUMENT: return MSG_gate_text_wrong_monument;
    case GATE_CANCELLED: return cancelled_text(a->ended_why);
    case GATE_EXPIRED: return MSG_gate_text_expired;
    case GATE_FORGED: return MSG_gate_text_forged;
    case GATE_TOO_MANY: return MSG_gate_text_too_many;
    case GATE_UNDONE: return MSG_gate_text_undone;
    case GATE_UNKNOWN: break;
    }
    return MSG_gate_text_unknown;
}

static void add(struct gate_words *words, size_t *n, struct str line)
{
    if (!str_empty(line) && *n < GATE_LINES)
        words->lines[(*n)++] = line;
}

/* Whose ticket, at which price, what to ask for. */
static void add_ticket(const struct page *page, const struct gate_answer *a, struct gate_words *words, size_t *n)
{
    static const enum msg roles[] = {[ROLE_VISITOR] = MSG_ticket_role_visitor, [ROLE_GUIDE] = MSG_ticket_role_guide,
                                     [ROLE_LEADER] = MSG_ticket_role_leader};
    struct str role = msg_text(page->arena, page->lang, roles[a->role]);
    bool pass = str_eq(a->tariff_code, S("pass"));
    struct str tariff = pass ? S("Paris Museum Pass") : tariff_label(page->arena, page->lang, a->tariff_code);
    if (a->result == GATE_VALID && a->proof)
        add(words, n, str_empty(a->leader_card)
                          ? msg_text(page->arena, page->lang, MSG_gate_proof)
                          : msg_text(page->arena, page->lang, MSG_gate_proof_card, ARG("number", a->leader_card)));
    if (a->result == GATE_VALID && a->proof && a->has_card_until && a->card_until < local_of(page->zone, a->at).day)
        add(words, n, msg_text(page->arena, page->lang, MSG_gate_card_over));
    if (a->result == GATE_VALID && pass)
        add(words, n, msg_text(page->arena, page->lang, MSG_gate_proof_pass));
    add(words, n, str_format(page->arena, "%.*s, %.*s", STR_ARG(role), STR_ARG(tariff)));
}

struct gate_words gate_words_of(const struct page *page, const struct gate_answer *a)
{
    struct gaps g = {.monument = a->monument, .why = a->reason,
                     .n = a->result == GATE_TOO_MANY ? a->persons - a->arrived : a->heads};
    if (a->has_prior) {
        g.when = gate_when(page, a->prior_at);
        g.where = str_empty(a->prior_gate) ? msg_text(page->arena, page->lang, MSG_gate_unnamed) : a->prior_gate;
    }
    if (a->from != 0) {
        g.slot = gate_minute(page, a->from);
        g.day = gate_date(page, a->result == GATE_EXPIRED ? a->until : a->from);
    }
    if (a->result == GATE_VALID && a->heads == 0) /* an earlier scan than the one that was counted */
        g.n = a->counted;
    struct gate_words words = {.title = msg_text(page->arena, page->lang, gate_result_word(a->result)),
                               .text = say(page, text_of(a), &g), .tone = gate_tone(a->result),
                               .icon = gate_icon(a->result)};
    size_t n = 0;
    if (a->has_ticket)
        add_ticket(page, a, &words, &n);
    if (!str_empty(a->organisation))
        add(&words, &n, msg_text(page->arena, page->lang, MSG_gate_of_group, ARG("organisation", a->organisation)));
    if (!str_empty(a->leader))
        add(&words, &n, msg_text(page->arena, page->lang, MSG_gate_with_leader, ARG("leader", a->leader)));
    if (a->offline)
        add(&words, &n, msg_text(page->arena, page->lang, MSG_gate_checked_offline));
    struct str *lines = ARENA_ARRAY(page->arena, GATE_LINES, struct str);
    for (size_t i = 0; i < n; i++)
        lines[i] = words.lines[i];
    words.more.p = lines;
    words.more.n = n;
    return words;
}

/* ---- for the script ---- */

static const struct {
    const char *name;
    enum msg message;
} with_gaps[] = {
    {"online", MSG_gate_online}, {"offline", MSG_gate_offline}, {"signed-out", MSG_gate_signed_out},
    {"list-of", MSG_gate_list_of}, {"no-list", MSG_gate_no_list}, {"offline-text", MSG_gate_offline_text},
    {"signed-out-text", MSG_gate_signed_out_text}, {"unnamed", MSG_gate_unnamed}, {"whole-day", MSG_gate_whole_day},
    {"camera-refused", MSG_gate_camera_refused}, {"camera-open", MSG_gate_camera_open},
    {"camera-close", MSG_gate_camera_close}, {"sound-on", MSG_gate_sound_on}, {"sound-off", MSG_gate_sound_off},
    {"day-empty", MSG_gate_day_empty}, {"complete", MSG_gate_complete}, {"group-cancelled", MSG_gate_group_cancelled},
    {"count-label", MSG_gate_count_label}, {"undo-done", MSG_gate_undo_done}, {"undo-offline", MSG_gate_undo_offline},
    {"undo-no-reason", MSG_gate_undo_no_reason}, {"arrived", MSG_gate_arrived},
    {"text.used", MSG_gate_text_used}, {"text.used-group", MSG_gate_text_used_group},
    {"text.used-bare", MSG_gate_text_used_bare}, {"text.wrong-slot", MSG_gate_text_wrong_slot},
    {"text.wrong-day", MSG_gate_text_wrong_day}, {"text.wrong-day-slot", MSG_gate_text_wrong_day_slot},
    {"text.wrong-monument", MSG_gate_text_wrong_monument_bare}, {"text.expired", MSG_gate_text_expired},
    {"text.unknown", MSG_gate_text_unknown_offline}, {"text.forged", MSG_gate_text_forged},
    {"text.cancelled", MSG_gate_text_cancelled}, {"text.cancelled.replaced", MSG_gate_text_cancelled_replaced},
    {"text.cancelled.closure", MSG_gate_text_cancelled_closure},
    {"text.cancelled.refunded", MSG_gate_text_cancelled_refunded},
    {"text.cancelled.exchanged", MSG_gate_text_cancelled_exchanged},
    {"proof", MSG_gate_proof}, {"proof-pass", MSG_gate_proof_pass}, {"of-group", MSG_gate_of_group},
    {"with-leader", MSG_gate_with_leader}, {"checked-offline", MSG_gate_checked_offline},
    {"role.visitor", MSG_ticket_role_visitor}, {"role.guide", MSG_ticket_role_guide},
    {"role.leader", MSG_ticket_role_leader}, {"tariff.full", MSG_tariff_full}, {"tariff.group", MSG_tariff_group},
    {"tariff.school", MSG_tariff_school},
};

/* With a number the form is chosen by it: both forms go with the page, «1» standing for the number. */
static const struct {
    const char *name;
    enum msg message;
} with_number[] = {
    {"queue", MSG_gate_queue}, {"text.too-many", MSG_gate_text_too_many}, {"text.valid", MSG_gate_text_heads},
    {"conflicts", MSG_gate_conflict_count},
};

static void word(struct gate_page_view *view, const char *name, struct str text)
{
    view->words.p[view->words.n++] = (struct gate_word){name, text};
}

void gate_script_words(const struct page *page, struct gate_page_view *view)
{
    enum { GAPS = sizeof with_gaps / sizeof *with_gaps, NUMBERS = sizeof with_number / sizeof *with_number };
    struct arena *arena = page->arena;
    view->words.p = ARENA_ARRAY(arena, GAPS + 2 * NUMBERS + 3 * GATE_RESULTS, struct gate_word);
    for (size_t i = 0; i < GAPS; i++)
        word(view, with_gaps[i].name,
             msg_text(arena, page->lang, with_gaps[i].message, ARG("when", "{when}"), ARG("where", "{where}"),
                      ARG("slot", "{slot}"), ARG("day", "{day}"), ARG("monument", "{monument}"), ARG("why", "{why}"),
                      ARG("organisation", "{organisation}"), ARG("leader", "{leader}"), ARG("n", "{n}"),
                      ARG("of", "{of}")));
    for (size_t i = 0; i < NUMBERS; i++) {
        word(view, str_format(arena, "%s.one", with_number[i].name).p,
             msg_text(arena, page->lang, with_number[i].message, ARG("n", 1)));
        word(view, str_format(arena, "%s.many", with_number[i].name).p,
             msg_text(arena, page->lang, with_number[i].message, ARG("n", 2)));
    }
    for (int i = 0; i < GATE_RESULTS; i++) {
        const char *name = gate_result_name((enum gate_result)i);
        word(view, str_format(arena, "result.%s", name).p, msg_text(arena, page->lang, results[i].word));
        word(view, str_format(arena, "tone.%s", name).p, str_of(results[i].tone));
        word(view, str_format(arena, "icon.%s", name).p, str_of(results[i].icon));
    }
}
