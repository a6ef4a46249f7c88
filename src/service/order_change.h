/* Changing a paid visit in place: more or fewer persons, another slot, another date of the same monument (OPT-6).
 *
 * A change makes a successor: a new visit, sold by a supplementary order, replaces the old one. The old order and its
 * invoice stay as they were; a credit note takes back the old visit's lines, the new order's invoice has the new ones.
 * What the old visit cost is carried over, the difference is paid or goes back. notes/2026-11-changes.md says why.
 *
 * The new places are taken before the old ones are freed. Without a difference to pay it is all one transaction. With
 * one, the new places are held while it is paid and the old visit stays as it is; the payment's settlement makes the
 * change, or, when that cannot be any more, leaves the money waiting visibly for its refund. When the process dies:
 *   before the first commit            nothing was asked for
 *   after it, before the payment       the new places wait for the payment's end, then return; the old visit is valid
 *   paid, the notification lost        the job asks, as for any order
 *   settlement rolled back             it comes again: the change is made by one commit with the money's booking */
#ifndef GUICHET_SERVICE_ORDER_CHANGE_H
#define GUICHET_SERVICE_ORDER_CHANGE_H

#include "domain/tariff.h"
#include "service/place.h"

enum change_refusal {
    CHANGE_NOT_REFUSED = 0,
    CHANGE_PLACES,  /* the places or the group's rules: `place` says which */
    CHANGE_GONE,    /* the visit is not confirmed (any more): replaced, closed, refunded */
    CHANGE_UNDATED, /* tickets without a date have nothing to change */
    CHANGE_SCANNED, /* the gate has let somebody of the group in */
    CHANGE_OVER,    /* the visit has been */
    CHANGE_LATE,    /* after the cut-off: customer service may, with a reason */
    CHANGE_PAYING,  /* another change of it is being paid */
    CHANGE_SAME,    /* nothing is different */
    CHANGE_PRICE,   /* the difference is another than the one that was shown */
    CHANGE_CREDIT,  /* it would cost less, and the network gives nothing back */
    CHANGE_SPLIT,   /* another part of the same large group stands in that slot (PLA-5) */
    CHANGE_DESK     /* not paid here (pass, ticket in stock, at the till) or credited in part: customer service */
};

/* A visit as the page of its change shows it. */
struct change_view {
    struct str order_ref;
    int64_t visit_id, monument_id;
    struct str monument_slug, monument_name, kind;
    instant start_at;
    int minutes, persons;
    enum audience audience;
    enum leader_kind leader;
    struct cents price;
    int days_before;             /* of the cut-off */
    instant until;               /* customers may change it before this moment */
    enum change_refusal refusal; /* why it cannot be changed, whatever is asked; LATE only for customers */
    bool late;                   /* after the cut-off: a reason is needed */
    struct str change_ref;       /* with PAYING the order to pay or to give up, with GONE the one that replaced it */
};

/* What it would cost with so many persons on another day. */
struct change_quote {
    bool given;                /* else nothing is sold to this group that day */
    struct price price;
    int64_t difference;        /* cents: above 0 to be paid, below 0 given back */
    bool no_credit;            /* given back it would be, but the network gives nothing back */
};

/* ERR_NOT_FOUND: not a visit of this order of the caller's organisation. */
enum err order_change_look(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           int64_t visit_id, struct change_view *ret_view, struct fault *fault);
enum err order_change_quote(struct service *service, struct arena *arena, const struct caller *caller,
                            const struct change_view *view, int persons, day_number day,
                            struct change_quote *ret_quote, struct fault *fault);

struct visit_change {
    struct str order_ref;
    int64_t visit_id;
    instant start_at;
    int persons;
    int64_t difference;     /* in cents, as it was shown: another one is refused, not taken */
    struct str reason;      /* of customer service, which after the cut-off must have one */
    struct str request_key; /* the same form again finds the change it made */
};

struct visit_change_result {
    enum change_refusal refusal; /* nothing was changed */
    struct place_result place;
    struct str order_ref;        /* of the supplementary order; with PAYING of the change that is being paid */
    bool to_pay;                 /* go on with payment_open; else the change is made */
    int64_t difference;          /* cents */
};

/* For the roles that order; on a customer's behalf also after the cut-off. ERR_NOT_FOUND as above. */
enum err order_change(struct service *service, struct arena *arena, const struct caller *caller,
                      const struct visit_change *change, struct visit_change_result *ret_result, struct fault *fault);

/* Job: gives back the places of changes whose order ended in another way than through order_change_order_ended. */
enum err order_change_sweep(struct service *service, struct arena *arena, int *ret_ended, struct fault *fault);

/* ---- for an order's page ---- */

struct change_note {
    int64_t visit_id;        /* the visit of this order that it is about */
    bool from_here;          /* it is replaced, or about to be; else it replaces one of `other_ref` */
    bool pending, done;
    struct str other_ref;
    struct cents carried, returned;
};
struct change_visit_note {
    int64_t visit_id;
    bool confirmed, changeable; /* may be changed by this caller now */
    bool leader_replaceable;
    instant until;
    bool card_missing, card_expired; /* of its guide, on the day of the visit */
};
struct change_notes {
    struct change_note *p;
    size_t n;
    struct change_visit_note *visits;
    size_t visit_count;
};
/* Nothing for an order of another organisation. */
enum err order_change_notes(struct service *service, struct arena *arena, const struct caller *caller,
                            int64_t order_id, struct change_notes *ret_notes, struct fault *fault);

/* ---- inside the write commands of payments ---- */

/* When the order is a change: takes what it sells in the place of the old visit, which ends with its tickets, its lines
 * credited, its money carried over. *ret_claimed false, and nothing is changed, when that cannot be any more. The
 * caller then confirms the order as any other. */
enum err order_change_take(struct service *service, struct db *db, struct arena *arena, int64_t order_id, instant now,
                           bool *ret_is_change, bool *ret_claimed, struct fault *fault);

/* An order ended without being paid: when it is a change its new places return at once. */
enum err order_change_order_ended(struct db *db, struct arena *arena, int64_t order_id, instant now,
                                  struct fault *fault);

#endif
