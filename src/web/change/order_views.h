/* What the page of an order shows of changes; without the rest of this area's views, which need those of sales. */
#ifndef GUICHET_WEB_CHANGE_ORDER_VIEWS_H
#define GUICHET_WEB_CHANGE_ORDER_VIEWS_H

#include <stdbool.h>

#include "base/money.h"
#include "base/str.h"

/* Of one visit. */
struct change_row {
    struct str ref;
    int64_t visit_id;
    bool changeable, leader_replaceable;
    bool replaced, pending;   /* by, or about to be by, the order `other_ref` */
    struct str other_ref;
    bool card_missing, card_expired;
    struct str name, when;    /* for the reader of a link */
};
/* Of the order: it is a change of a visit of another one. */
struct change_head {
    bool is_change;
    struct str old_ref;
    struct cents carried, due, returned; /* due: the difference that is or was to be paid */
    bool pending, done, ended;
};

#endif
