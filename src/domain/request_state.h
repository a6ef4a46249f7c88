/* The course of a request to a monument without slots (MON-2): who may do what in which state, and the moments that
 * follow from the network's numbers.
 *
 *   asked      accept ▶ accepted   propose ▶ proposed   decline ▶ declined   withdraw ▶ withdrawn   (time) ▶ lapsed
 *   proposed   take ▶ accepted   propose ▶ proposed (another)   decline ▶ declined   leave, withdraw ▶ withdrawn
 *              (time) ▶ lapsed
 *   accepted   pay ▶ paid   choose-till, (time) ▶ till   withdraw ▶ withdrawn   cancel ▶ cancelled
 *   till       pay ▶ paid   withdraw ▶ withdrawn   cancel ▶ cancelled
 *   paid       cancel ▶ cancelled
 *
 * An accepted request is a confirmed visit, whether or not it has been paid: what is not paid online by the deadline is
 * paid at the till on the day, as the FAQ has it. Nothing confirmed ever ends by itself. */
#ifndef GUICHET_DOMAIN_REQUEST_STATE_H
#define GUICHET_DOMAIN_REQUEST_STATE_H

#include "base/civil.h"
#include "domain/names.h"

enum request_state {
    REQUEST_ASKED,     /* waits for the monument, under the response timer */
    REQUEST_PROPOSED,  /* the monument proposed another time: waits for the customer */
    REQUEST_ACCEPTED,  /* confirmed; may be paid online until its deadline */
    REQUEST_TILL,      /* confirmed; to be paid at the till on the day */
    REQUEST_PAID,      /* confirmed and paid online */
    REQUEST_DECLINED,  /* by the monument */
    REQUEST_WITHDRAWN, /* by the customer */
    REQUEST_CANCELLED, /* confirmed, then cancelled by the monument */
    REQUEST_LAPSED     /* nobody answered in time */
};
enum { REQUEST_STATES = REQUEST_LAPSED + 1 };

/* `asked`, `proposed`, `accepted`, `till`, `paid`, `declined`, `withdrawn`, `cancelled`, `lapsed`. */
const char *request_state_name(enum request_state state);
bool request_state_parse(struct str name, enum request_state *ret_state);
/* A visit that takes place: the day sheet shows it, its confirmation can be printed. */
bool request_is_confirmed(enum request_state state);
/* Somebody is still to say something. */
bool request_is_open(enum request_state state);

enum request_act {
    /* the monument, or customer service in its place */
    REQUEST_ACCEPT,
    REQUEST_PROPOSE,
    REQUEST_DECLINE,
    REQUEST_CANCEL,
    /* the customer */
    REQUEST_TAKE,       /* the proposal */
    REQUEST_LEAVE,      /* the proposal */
    REQUEST_WITHDRAW,
    REQUEST_CHOOSE_TILL,
    /* a payment that arrived */
    REQUEST_PAY,
    /* time */
    REQUEST_LET_LAPSE,  /* the day came without an answer, or the proposal without the customer's */
    REQUEST_CLOSE_ONLINE /* the deadline of online payment has passed */
};
enum { REQUEST_ACTS = REQUEST_CLOSE_ONLINE + 1 };

/* `accept`, `propose`, … `close-online`. */
const char *request_act_name(enum request_act act);
bool request_act_parse(struct str name, enum request_act *ret_act);

/* What `state` becomes; false when the act is not possible in it. `online`: the visit can be paid online just now;
 * else what is confirmed goes to the till at once. */
bool request_after(enum request_state state, enum request_act act, bool online, enum request_state *ret_state);

/* `hours` of working time after `from`: Saturdays and Sundays of the network's local days do not count, public
 * holidays do. Hours are real ones, also on the days when the clocks change. */
instant request_hours_after(const struct zone *zone, instant from, int64_t hours);

/* Until when a visit at `start` can be paid online: 23:59 of the local day `days_before` before it, as people say a
 * day's end; with 0, its start. */
instant request_pay_until(const struct zone *zone, instant start, int64_t days_before);

#endif
