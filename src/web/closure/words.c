/* The words of closures; see words.h. */
#include "web/closure/words.h"

#include "text/format.h"

static const struct {
    const char *was;
    enum msg way, next;
} ways[] = {
    {"paid", MSG_closure_way_paid, MSG_closure_next_paid},
    {"transfer", MSG_closure_way_transfer, MSG_closure_next_transfer},
    {"free", MSG_closure_way_free, MSG_closure_next_free},
    {"other", MSG_closure_way_other, MSG_closure_next_other},
    {"pending", MSG_closure_way_pending, MSG_closure_next_pending},
    {"option", MSG_closure_way_option, MSG_closure_next_option},
    {"cart", MSG_closure_way_cart, MSG_closure_next_cart},
    {"phone", MSG_closure_way_phone, MSG_closure_next_phone},
};
enum { WAYS = sizeof ways / sizeof *ways };

enum msg closure_way(struct str was)
{
    for (size_t i = 0; i < WAYS; i++)
        if (str_eq(was, str_of(ways[i].was)))
            return ways[i].way;
    return MSG_none;
}

enum msg closure_next(struct str was)
{
    for (size_t i = 0; i < WAYS; i++)
        if (str_eq(was, str_of(ways[i].was)))
            return ways[i].next;
    return MSG_none;
}

enum msg closure_row_state(const struct closure_row *row, const char **ret_tone)
{
    static const struct {
        const char *outcome, *choice;
        enum msg words;
        const char *tone;
    } states[] = {
        {"", "", MSG_closure_row_todo, "warn"},
        {"released", "", MSG_closure_row_released, "ok"},
        {"choice", "open", MSG_closure_row_open, "warn"},
        {"choice", "moved", MSG_closure_row_moved, "ok"},
        {"choice", "refund", MSG_closure_row_refund, "ok"},
        {"choice", "default", MSG_closure_row_default, "ok"},
        {"choice", "waived", MSG_closure_row_waived, "ok"},
        {"refund", "", MSG_closure_row_transfer, "ok"},
        {"call", "", MSG_closure_row_call, "warn"},
        {"told", "", MSG_closure_row_told, "ok"},
        {"gone", "", MSG_closure_row_gone, "ok"},
        {"spared", "", MSG_closure_row_spared, "ok"},
    };
    *ret_tone = "warn";
    if (str_eq(row->state, S("told")))
        return MSG_closure_row_ending;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (str_eq(row->outcome, str_of(states[i].outcome)) && str_eq(row->choice, str_of(states[i].choice))) {
            *ret_tone = states[i].tone;
            return states[i].words;
        }
    return MSG_none;
}

enum msg closure_state(const struct closure_line *line, const char **ret_tone)
{
    *ret_tone = line->reopened ? "ok" : !line->done ? "warn" : "bad";
    return line->reopened ? MSG_closure_state_reopened : !line->done ? MSG_closure_state_working : MSG_closure_state_closed;
}

enum msg closure_refusal_message(enum closure_refusal refusal)
{
    switch (refusal) {
    case CLOSURE_NOT_REFUSED: return MSG_none;
    case CLOSURE_NOTHING: return MSG_closure_refused_nothing;
    case CLOSURE_DATES: return MSG_closure_refused_dates;
    case CLOSURE_TOO_LONG: return MSG_closure_refused_long;
    case CLOSURE_REASON: return MSG_closure_refused_reason;
    case CLOSURE_OPEN: return MSG_closure_refused_open;
    }
    return MSG_closure_refused_nothing;
}

enum { LONGEST = 120 };

static struct str taken(const struct page *page, struct buf *buf)
{
    struct str words = str_dup(page->arena, buf_view(buf));
    buf_free(buf);
    return words;
}

static struct str day_words(const struct page *page, day_number day)
{
    struct buf buf = buf_new(LONGEST);
    format_day(&buf, page->lang, day);
    return taken(page, &buf);
}

struct str closure_visit_when(const struct page *page, instant start_at, bool whole_day)
{
    struct buf buf = buf_new(LONGEST);
    if (whole_day)
        format_day(&buf, page->lang, local_of(page->zone, start_at).day);
    else
        format_instant(&buf, page->lang, page->zone, start_at);
    return taken(page, &buf);
}

struct str closure_when(const struct page *page, enum closure_scope scope, instant from_at, instant until_at,
                        bool open_end)
{
    if (scope == CLOSURE_SLOT)
        return closure_visit_when(page, from_at, false);
    day_number first = local_of(page->zone, from_at).day, last = local_of(page->zone, until_at - 1).day;
    if (open_end)
        return msg_text(page->arena, page->lang, MSG_closure_when_open, ARG("from", day_words(page, first)));
    if (first == last)
        return day_words(page, first);
    return msg_text(page->arena, page->lang, MSG_closure_when_days, ARG("from", day_words(page, first)),
                    ARG("to", day_words(page, last)));
}
