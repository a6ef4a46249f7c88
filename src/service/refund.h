/* Money that goes back: decided once, moved once, with its credit note (ORD-4, INV-1, OPS-5).
 *
 * A refund is a decision; its parts are movements, one for each payment that the money came in by. A decision is one
 * transaction: refund, parts, credit note with its gap-free number, mail. A card payment goes back through the
 * provider: a job sends each part with a key that was committed with the decision. A transfer goes back by a transfer:
 * the part waits in a list for the accountant («à virer»). What happens when the process dies:
 *   before the decision is committed   nothing was decided; the same request key decides it once
 *   after, before the call             the job sends it
 *   after the call, answer lost        the job sends the same key again: the provider knows it and moves nothing twice
 *   answer lost for most of a day      keys do not live for ever at the provider: the part becomes `unclear`, and a
 * person                                      looks there before anything is sent again */
#ifndef GUICHET_SERVICE_REFUND_H
#define GUICHET_SERVICE_REFUND_H

#include "base/money.h"
#include "service/payer.h"
#include "service/service.h"

/* One line that is credited, as it was sold. */
struct refund_line {
    int64_t visit_id;
    struct str tariff_code;
    struct str role;     /* visitor, guide, leader */
    int64_t quantity;    /* 1 or more */
    struct cents unit;   /* VAT included */
    struct str vat_code;
};

struct refund_request {
    int64_t order_id;
    struct cents amount;             /* what goes back; at most the sum of the lines, if there are any */
    const struct refund_line *lines; /* what is credited; none: money that was never invoiced, no credit note */
    size_t line_count;
    struct str reason;      /* closure, change, desk, late */
    struct str request_key; /* the same again finds the first decision, whatever else is asked */
    int64_t staff_id;       /* who of the operator's people; 0: nobody */
    int64_t payment_id;     /* a payment of state refund-due that goes back; 0: from what is booked on the order */
};

enum refund_refusal {
    REFUND_NOT_REFUSED = 0,
    REFUND_TOO_MUCH,  /* more than was received and has not gone back, or more than was invoiced */
    REFUND_NOTHING,   /* neither money nor lines */
    REFUND_NO_INVOICE /* lines of an order that has no invoice */
};

struct refund_made {
    int64_t refund_id;
    struct str credit_note; /* its number; empty when there is none */
    struct cents amount;
    bool by_provider;       /* all of it goes back by itself; false: some of it waits to be transferred */
    enum refund_refusal refusal; /* nothing was changed */
};

/* Inside a write command. Also writes the mail to the buyer and the audit's line. */
enum err refund_add(struct service *service, struct db *db, struct arena *arena, const struct refund_request *request,
                    instant now, struct refund_made *ret_made, struct fault *fault);

/* Job: sends what waits for the provider. *ret_sent: how many got an answer. */
enum err refund_send_due(struct service *service, struct arena *arena, int *ret_sent, struct fault *fault);

/* A notification of the provider about a refund; what is not ours, or known already, changes nothing. */
enum err refund_notified(struct service *service, struct arena *arena, const struct pay_event *event,
                         struct fault *fault);

/* Inside a write command: what the provider says of a part (done, pending or failed), with its reference, or what a
 * person saw there. */
enum err refund_part_settle(struct db *db, struct arena *arena, int64_t part_id, enum pay_refund_outcome outcome,
                            struct str refund_ref, struct str answer, instant now, struct fault *fault);

/* ---- what an order's page shows ---- */

struct refund_view {
    int64_t id;
    struct cents amount;
    struct str reason;       /* as above */
    instant made_at;
    struct str credit_note;  /* number, or empty */
    struct cents credited;   /* its total */
    bool by_transfer;        /* at least in part */
    bool failed;             /* the provider could not do it: customer service is at it */
    bool done;
    instant done_at;
};
struct refund_views {
    struct refund_view *p;
    size_t n;
};
/* Of the caller's organisation; ERR_NOT_FOUND otherwise. */
enum err refund_of_order(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                         struct refund_views *ret_views, struct fault *fault);
/* On a read or write connection; whose order it is was checked by the caller. */
enum err refund_list(struct db *db, struct arena *arena, int64_t order_id, struct refund_views *ret_views,
                     struct fault *fault);

#endif
