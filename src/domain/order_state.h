/* States of orders, visits, payment attempts and payments, their stored names and what may follow what.
 *
 * Money comes before the calendar: an order or visit that expired is confirmed after all when its payment arrives late
 * and the places can be taken again; if they cannot, the payment waits for its refund (CRT-3). */
#ifndef GUICHET_DOMAIN_ORDER_STATE_H
#define GUICHET_DOMAIN_ORDER_STATE_H

#include "domain/names.h"

enum order_state { ORDER_PENDING, ORDER_CONFIRMED, ORDER_EXPIRED, ORDER_CANCELLED };

/* `pending`, `confirmed`, `expired`, `cancelled`. */
const char *order_state_name(enum order_state state);
bool order_state_parse(struct str name, enum order_state *ret_state);
bool order_may_become(enum order_state from, enum order_state to);

/* An option that is put into the cart stays an option until it is paid (OPT-3). */
enum visit_state { VISIT_OPTION, VISIT_CART, VISIT_CONFIRMED, VISIT_CANCELLED, VISIT_EXPIRED };

/* `option`, `cart`, `confirmed`, `cancelled`, `expired`. */
const char *visit_state_name(enum visit_state state);
bool visit_state_parse(struct str name, enum visit_state *ret_state);
bool visit_may_become(enum visit_state from, enum visit_state to);
/* Whether the visit's persons are counted in its slot. */
bool visit_holds_places(enum visit_state state);

enum attempt_state {
    ATTEMPT_CREATED,  /* written before the provider is asked */
    ATTEMPT_OPEN,     /* the provider has a page for it */
    ATTEMPT_PAID,
    ATTEMPT_FAILED,
    ATTEMPT_EXPIRED,
    ATTEMPT_UNCERTAIN /* the provider's answer never came: ask again with the same idempotency key */
};

/* `created`, `open`, `paid`, `failed`, `expired`, `uncertain`. */
const char *attempt_state_name(enum attempt_state state);
bool attempt_state_parse(struct str name, enum attempt_state *ret_state);
bool attempt_may_become(enum attempt_state from, enum attempt_state to);

enum payment_state {
    PAYMENT_BOOKED,
    PAYMENT_REFUND_DUE,
    PAYMENT_REFUNDED,
    PAYMENT_WAITING /* a transfer that arrived in part waits for the rest (OPS-5) */
};

/* `booked`, `refund-due`, `refunded`, `waiting`. */
const char *payment_state_name(enum payment_state state);
bool payment_state_parse(struct str name, enum payment_state *ret_state);
bool payment_may_become(enum payment_state from, enum payment_state to);

#endif
