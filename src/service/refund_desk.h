/* The refunds desk (ORD-4, OPS-5): customer service gives back what a monument's cancellation costs the customer, and
 * whatever came too late, twice or too much; the accountant transfers what no provider can send (TASK_REFUND). */
#ifndef GUICHET_SERVICE_REFUND_DESK_H
#define GUICHET_SERVICE_REFUND_DESK_H

#include "service/permit.h"
#include "service/refund.h"

struct refund_due_row {
    int64_t payment_id, organisation_id;
    struct str ref, organisation, reason; /* reason: amount, paid-twice, places-gone, over, late, incomplete */
    struct cents amount;
    instant received_at;
    bool by_card;
};
struct refund_due_rows {
    struct refund_due_row *p;
    size_t n;
};
struct refund_part_row {
    int64_t part_id, organisation_id;
    struct str ref, organisation, reason, credit_note, answer, payment_ref;
    struct str payer, payer_iban; /* where the money came from, when the statement said so */
    struct cents amount;
    instant made_at;
};
struct refund_part_rows {
    struct refund_part_row *p;
    size_t n;
};
struct refund_done_row {
    int64_t organisation_id;
    struct str ref, organisation, reason, credit_note, by;
    struct cents amount;
    instant made_at;
};
struct refund_done_rows {
    struct refund_done_row *p;
    size_t n;
};
struct refund_lists {
    struct refund_due_rows due;          /* to be decided */
    struct refund_part_rows to_transfer; /* «à virer» */
    struct refund_part_rows stuck;       /* the provider said no, or nothing for too long */
    struct refund_part_rows under_way;   /* the provider is at it */
    struct refund_done_rows latest;      /* decisions of the last 30 days */
};
enum err refund_desk_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct refund_lists *ret_lists, struct fault *fault);

enum refund_desk_refusal {
    REFUND_DESK_NOT_REFUSED = 0,
    REFUND_DESK_REASON,   /* a reason is needed */
    REFUND_DESK_NOTHING,  /* nothing was chosen */
    REFUND_DESK_TOO_MUCH, /* more than was sold and not credited, or than was received */
    REFUND_DESK_DECIDED,  /* somebody has done it already */
    REFUND_DESK_DAY,      /* not a day up to today */
    REFUND_DESK_REFERENCE /* the transfer's reference is needed */
};

/* Gives back one payment that waits for it, whole. The same key again changes nothing. */
struct refund_due_pay {
    int64_t payment_id;
    struct str reason, request_key;
};
enum err refund_desk_pay(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct refund_due_pay *pay, enum refund_desk_refusal *ret_refusal, struct fault *fault);

/* ---- an order's visits ---- */

struct refund_order_line {
    int64_t position, visit_id;
    struct str tariff_code, role;
    int64_t quantity, left; /* left: not credited yet */
    struct cents unit;
};
struct refund_order_visit {
    int64_t visit_id;
    struct str monument;
    bool has_start, live; /* live: confirmed */
    instant start_at;
    struct refund_order_line *lines;
    size_t line_count;
    struct cents left;
};
struct refund_order {
    int64_t order_id, organisation_id;
    struct str ref, organisation, buyer, state, method;
    struct cents total, refundable; /* refundable: received and not given back */
    struct refund_order_visit *visits;
    size_t visit_count;
    struct refund_views refunds;
};
/* ERR_NOT_FOUND. */
enum err refund_order_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct str ref, struct refund_order *ret_order, struct fault *fault);

struct refund_choice {
    int64_t position, quantity; /* of a line of the order */
};
struct refund_order_request {
    struct str ref;
    const struct refund_choice *choices;
    size_t choice_count;
    struct str reason, request_key;
};
struct refund_order_made {
    enum refund_desk_refusal refusal;
    struct refund_made made;
    int voided; /* visits that ended with it: all of their persons are credited */
};
/* Gives back what the lines cost, with a credit note. A visit of which nobody is left ends: its tickets let nobody in
 * any more and its places return. */
enum err refund_order_pay(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          const struct refund_order_request *request, struct refund_order_made *ret_made,
                          struct fault *fault);

/* ---- single movements ---- */

/* «Viré le»: the accountant has transferred it; the customer is told. */
struct refund_transferred {
    int64_t part_id;
    day_number day;
    struct str bank_ref;
};
enum err refund_desk_transferred(struct service *service, struct arena *arena, const struct staff_caller *caller,
                                 const struct refund_transferred *done, enum refund_desk_refusal *ret_refusal,
                                 struct fault *fault);

enum refund_remedy {
    REFUND_SEND_AGAIN,     /* seen at the provider's: nothing moved */
    REFUND_SEEN_DONE,      /* seen at the provider's: it went back */
    REFUND_TRANSFER_INSTEAD /* seen at the provider's: it cannot go back there */
};
enum err refund_desk_remedy(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t part_id, enum refund_remedy remedy, struct str reason,
                            enum refund_desk_refusal *ret_refusal, struct fault *fault);

#endif
