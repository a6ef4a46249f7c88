/* The views of the templates of this area. */
#ifndef GUICHET_WEB_CHANGE_VIEWS_H
#define GUICHET_WEB_CHANGE_VIEWS_H

#include "service/leader_replace.h"
#include "service/order_change.h"
#include "web/form.h"
#include "web/sales/views.h"

/* ---- changing a visit (OPT-6) ------------------------------------------------------------------------------------ */

struct visit_wish_form {
    struct form head;
    struct int_field persons;
    struct day_field day;
    struct text_field reason; /* of customer service after the cut-off */
};
struct visit_change_view {
    struct str ref, slug, name, head; /* of the visit as it is */
    int64_t visit_id;
    int persons, days_before;
    struct cents price;
    instant until;
    day_number last_day;        /* on which customers may still change it */
    bool staff, late;           /* customer service on the customer's behalf; after the cut-off */
    enum msg blocked;           /* nothing of it can be changed, and why; MSG_none */
    struct str change_ref;      /* with it, the order of another change; empty */
    struct visit_wish_form form;
    struct str key;
    bool asked, any;            /* the slots of that day were looked up; at least one may be chosen */
    struct change_slots slots;
    bool priced, dearer, cheaper, no_credit;
    struct cents new_price, difference; /* without its sign */
    int64_t signed_difference;
    struct sale_lines lines;
    struct str refusal;         /* of what was sent; empty: nothing was refused */
};

/* ---- replacing the accompanying person (COM-5) ------------------------------------------------------------------- */

struct leader_choice {
    int64_t id;
    struct str name;
    bool current, card_missing, card_expired; /* on the day of the visit */
    bool has_until;
    day_number until;
};
struct leader_choices {
    struct leader_choice *p;
    size_t n;
};
struct leader_replace_view {
    struct str ref, slug, name, head, leader;
    int64_t visit_id, chosen;
    int persons;
    bool guided;
    enum msg blocked, refusal; /* MSG_none */
    struct leader_choices choices;
    struct str key;
};

#endif
