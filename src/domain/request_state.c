/* Names, transitions and moments of requests. */
#include "domain/request_state.h"

enum { LAST_MINUTE = 23 * 60 + 59 };

static const char *const state_names[REQUEST_STATES] = {"asked",    "proposed",  "accepted",  "till",  "paid",
                                                        "declined", "withdrawn", "cancelled", "lapsed"};
static const char *const act_names[REQUEST_ACTS] = {"accept",   "propose",     "decline", "cancel", "take",        "leave",
                                                    "withdraw", "choose-till", "pay",     "lapse",  "close-online"};

const char *request_state_name(enum request_state state)
{
    return state_names[state];
}

bool request_state_parse(struct str name, enum request_state *ret_state)
{
    int index;
    if (!names_find(state_names, REQUEST_STATES, name, &index))
        return false;
    *ret_state = (enum request_state)index;
    return true;
}

const char *request_act_name(enum request_act act)
{
    return act_names[act];
}

bool request_act_parse(struct str name, enum request_act *ret_act)
{
    int index;
    if (!names_find(act_names, REQUEST_ACTS, name, &index))
        return false;
    *ret_act = (enum request_act)index;
    return true;
}

bool request_is_confirmed(enum request_state state)
{
    return state == REQUEST_ACCEPTED || state == REQUEST_TILL || state == REQUEST_PAID;
}

bool request_is_open(enum request_state state)
{
    return state == REQUEST_ASKED || state == REQUEST_PROPOSED;
}

/* From which states an act is possible, and where it leads. Where that is REQUEST_ACCEPTED, it is the till when nothing
 * can be paid online. */
#define IN(state) (1u << (state))
static const struct {
    unsigned from;
    enum request_state to;
} acts[REQUEST_ACTS] = {
    [REQUEST_ACCEPT] = {IN(REQUEST_ASKED), REQUEST_ACCEPTED},
    [REQUEST_PROPOSE] = {IN(REQUEST_ASKED) | IN(REQUEST_PROPOSED), REQUEST_PROPOSED},
    [REQUEST_DECLINE] = {IN(REQUEST_ASKED) | IN(REQUEST_PROPOSED), REQUEST_DECLINED},
    [REQUEST_CANCEL] = {IN(REQUEST_ACCEPTED) | IN(REQUEST_TILL) | IN(REQUEST_PAID), REQUEST_CANCELLED},
    [REQUEST_TAKE] = {IN(REQUEST_PROPOSED), REQUEST_ACCEPTED},
    [REQUEST_LEAVE] = {IN(REQUEST_PROPOSED), REQUEST_WITHDRAWN},
    /* What is paid is not refunded to a customer who gives up (ORD-3). */
    [REQUEST_WITHDRAW] = {IN(REQUEST_ASKED) | IN(REQUEST_PROPOSED) | IN(REQUEST_ACCEPTED) | IN(REQUEST_TILL),
                          REQUEST_WITHDRAWN},
    [REQUEST_CHOOSE_TILL] = {IN(REQUEST_ACCEPTED), REQUEST_TILL},
    [REQUEST_PAY] = {IN(REQUEST_ACCEPTED) | IN(REQUEST_TILL), REQUEST_PAID},
    [REQUEST_LET_LAPSE] = {IN(REQUEST_ASKED) | IN(REQUEST_PROPOSED), REQUEST_LAPSED},
    [REQUEST_CLOSE_ONLINE] = {IN(REQUEST_ACCEPTED), REQUEST_TILL},
};

bool request_after(enum request_state state, enum request_act act, bool online, enum request_state *ret_state)
{
    if ((acts[act].from & IN(state)) == 0)
        return false;
    *ret_state = acts[act].to == REQUEST_ACCEPTED && !online ? REQUEST_TILL : acts[act].to;
    return true;
}

instant request_hours_after(const struct zone *zone, instant from, int64_t hours)
{
    int64_t left = hours * 3600;
    instant at = from;
    for (;;) {
        day_number day = local_of(zone, at).day;
        instant next = instant_of(zone, day + 1, 0);
        bool working = weekday_of(day) < SATURDAY;
        if (working && left <= next - at)
            return at + left;
        left -= working ? next - at : 0;
        at = next;
    }
}

instant request_pay_until(const struct zone *zone, instant start, int64_t days_before)
{
    if (days_before <= 0)
        return start;
    return instant_of(zone, local_of(zone, start).day - (day_number)days_before, LAST_MINUTE);
}
