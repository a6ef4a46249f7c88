/* Names and transitions; a row of a table is a bit set of what may follow. */
#include "domain/order_state.h"

#define TO(state) (1u << (state))

static const char *const order_names[] = {"pending", "confirmed", "expired", "cancelled"};
static const unsigned order_next[] = {
    [ORDER_PENDING] = TO(ORDER_CONFIRMED) | TO(ORDER_EXPIRED) | TO(ORDER_CANCELLED),
    [ORDER_CONFIRMED] = TO(ORDER_CANCELLED), /* the monument cancels (ORD-4) */
    [ORDER_EXPIRED] = TO(ORDER_CONFIRMED),   /* the money came late and the places were still there */
    [ORDER_CANCELLED] = 0,
};

static const char *const visit_names[] = {"option", "cart", "confirmed", "cancelled", "expired"};
static const unsigned visit_next[] = {
    [VISIT_OPTION] = TO(VISIT_CONFIRMED) | TO(VISIT_CANCELLED) | TO(VISIT_EXPIRED),
    [VISIT_CART] = TO(VISIT_CONFIRMED) | TO(VISIT_CANCELLED) | TO(VISIT_EXPIRED),
    [VISIT_CONFIRMED] = TO(VISIT_CANCELLED),
    [VISIT_CANCELLED] = 0,
    [VISIT_EXPIRED] = TO(VISIT_CONFIRMED), /* with its order */
};

static const char *const attempt_names[] = {"created", "open", "paid", "failed", "expired", "uncertain"};
static const unsigned attempt_next[] = {
    [ATTEMPT_CREATED] = TO(ATTEMPT_OPEN) | TO(ATTEMPT_PAID) | TO(ATTEMPT_FAILED) | TO(ATTEMPT_EXPIRED) |
                        TO(ATTEMPT_UNCERTAIN),
    [ATTEMPT_UNCERTAIN] = TO(ATTEMPT_OPEN) | TO(ATTEMPT_PAID) | TO(ATTEMPT_FAILED) | TO(ATTEMPT_EXPIRED),
    [ATTEMPT_OPEN] = TO(ATTEMPT_PAID) | TO(ATTEMPT_FAILED) | TO(ATTEMPT_EXPIRED),
    [ATTEMPT_PAID] = 0,
    /* Notifications arrive in any order: that the money came is believed even after the end was. */
    [ATTEMPT_FAILED] = TO(ATTEMPT_PAID),
    [ATTEMPT_EXPIRED] = TO(ATTEMPT_PAID),
};

static const char *const payment_names[] = {"booked", "refund-due", "refunded", "waiting"};
static const unsigned payment_next[] = {
    [PAYMENT_BOOKED] = TO(PAYMENT_REFUND_DUE),
    [PAYMENT_REFUND_DUE] = TO(PAYMENT_REFUNDED),
    [PAYMENT_REFUNDED] = TO(PAYMENT_REFUND_DUE), /* the provider took its word back */
    [PAYMENT_WAITING] = TO(PAYMENT_BOOKED) | TO(PAYMENT_REFUND_DUE),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* name, parse and may_become of one machine. */
#define MACHINE(machine)                                                                                              \
    const char *machine##_state_name(enum machine##_state state)                                                      \
    {                                                                                                                 \
        return machine##_names[state];                                                                                \
    }                                                                                                                 \
    bool machine##_state_parse(struct str name, enum machine##_state *ret_state)                                      \
    {                                                                                                                 \
        int index;                                                                                                    \
        if (!names_find(machine##_names, COUNT(machine##_names), name, &index))                                       \
            return false;                                                                                             \
        *ret_state = (enum machine##_state)index;                                                                     \
        return true;                                                                                                  \
    }                                                                                                                 \
    bool machine##_may_become(enum machine##_state from, enum machine##_state to)                                     \
    {                                                                                                                 \
        return (machine##_next[from] & TO(to)) != 0;                                                                  \
    }                                                                                                                 \
    _Static_assert(COUNT(machine##_names) == COUNT(machine##_next), "every state has a name and a row")

MACHINE(order);
MACHINE(visit);
MACHINE(attempt);
MACHINE(payment);

bool visit_holds_places(enum visit_state state)
{
    return state == VISIT_OPTION || state == VISIT_CART || state == VISIT_CONFIRMED;
}
