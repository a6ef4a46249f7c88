/* States of orders and payments in words. */
#ifndef GUICHET_WEB_SALES_ORDER_WORDS_H
#define GUICHET_WEB_SALES_ORDER_WORDS_H

#include "service/order.h"
#include "web/sales/views.h"

/* Money that waits for its refund is told before anything else, unless the order is confirmed all the same. */
struct state_badge order_badge(enum order_state state, bool refund_due, bool free);
struct state_badge payment_badge(enum payment_state state);
/* Why a payment waits: MSG_none for a booked one. */
enum msg payment_reason(enum payment_state state, struct str reason);

#endif
