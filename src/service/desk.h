/* The desk of customer service: one search over all customers, one timeline of each, one page an order (OPS-1).
 * Read-only.
 *
 * TASK_SEARCH for the search, TASK_CUSTOMER_VIEW for the rest; a role without is refused (ERR_REFUSED). */
#ifndef GUICHET_SERVICE_DESK_H
#define GUICHET_SERVICE_DESK_H

#include "base/money.h"
#include "service/account.h"
#include "service/order.h"
#include "service/permit.h"
#include "service/refund.h"

enum { DESK_HITS = 100, DESK_TEXT_LEAST = 2, DESK_TEXT_MOST = 200 };

enum desk_found { DESK_ORGANISATION, DESK_PERSON, DESK_ORDER, DESK_TICKET, DESK_INVOICE, DESK_SLOT };

struct desk_hit {
    enum desk_found found;
    int64_t organisation_id;
    struct str organisation;
    struct str label;  /* the person's name, the order's reference, the number that was found */
    struct str detail; /* e-mail, city; of a ticket or an invoice its order's reference; the monument's slug */
    day_number day;    /* of slots */
    int persons;       /* those that have places in them */
    bool gone;         /* a person who has left the organisation */
};
struct desk_hits {
    struct desk_hit *p;
    size_t n;
    bool more; /* DESK_HITS are shown, and there are more */
};

/* An order's reference, a ticket's or an invoice's number is found whole; of names, towns, e-mail addresses and
 * registration numbers every word of `text` must occur, accents and capitals aside. With a day in it (domain/when.h) it is
 * a monument's name, or a part of it, whose slots of that day are found. A text below DESK_TEXT_LEAST
 * characters finds nothing. */
enum err desk_search(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str text,
                     struct desk_hits *ret_hits, struct fault *fault);

struct desk_order {
    int64_t organisation_id;
    struct str organisation, ref, state, buyer;
    struct cents total;
    instant created_at;
};
struct desk_orders {
    struct desk_order *p;
    size_t n;
};

/* The newest orders of all organisations. */
enum err desk_orders(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     struct desk_orders *ret_orders, struct fault *fault);

struct desk_person {
    int64_t id;
    struct str first_name, last_name, email, phone;
    enum role role;
    bool gone, verified, factor;
};
struct desk_people {
    struct desk_person *p;
    size_t n;
};

enum desk_event {
    DESK_EVENT_ORDER,
    DESK_EVENT_VISIT,
    DESK_EVENT_PAYMENT,
    DESK_EVENT_REFUND,
    DESK_EVENT_MAIL,
    DESK_EVENT_NOTE,
    DESK_EVENT_ACT
};

/* One thing that happened. Words are as stored; the page says them in the reader's language. */
struct desk_entry {
    instant at;
    enum desk_event event;
    int64_t id;        /* of a visit or a mail, for what can be done with it; else 0 */
    struct str word;   /* state of an order, visit or payment; reason of a refund; kind of a mail; act */
    struct str label;  /* monument; recipient; the credit note; the note; the act's subject */
    struct str ref;    /* the order's reference; may be empty */
    struct str who;    /* may be empty: the system itself */
    struct str staff;  /* which of the operator's people; may be empty */
    struct str detail, reason, was, became;
    struct cents amount;
    int persons;
    bool has_start;
    instant start_at;
    bool failed; /* a mail that could not be sent */
    bool waiting; /* a mail that has not gone out yet */
};
struct desk_entries {
    struct desk_entry *p; /* the newest first */
    size_t n;
};

struct desk_customer {
    struct organisation_fields organisation;
    bool transfer_allowed;
    instant created_at;
    struct desk_people people;
    struct desk_entries entries;
};

/* ERR_NOT_FOUND: no such organisation. */
enum err desk_customer(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t organisation_id, struct desk_customer *ret_customer, struct fault *fault);

/* ---- the slots of a day ---- */

struct desk_group {
    int64_t organisation_id;
    struct str organisation, state, ref; /* `ref` may be empty: an option, a cart */
    struct str leader, leader_phone;     /* empty for who has nothing to do with the day sheet */
    int persons;
};
struct desk_slot {
    instant start_at;
    int minutes, capacity, taken;
    bool whole_day, for_groups, closed;
    struct str why_closed;
    struct desk_group *groups;
    size_t group_count;
};
struct desk_slots {
    struct str name, city;
    day_number day;
    bool leaders; /* whether the reader's role sees them */
    struct desk_slot *p;
    size_t n;
};
/* TASK_SEARCH; leaders only for who has TASK_DAY_SHEET. ERR_NOT_FOUND: no such monument. */
enum err desk_slots(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    struct str monument_slug, day_number day, struct desk_slots *ret_slots, struct fault *fault);

/* ---- one order ---- */

struct desk_ticket {
    struct str number; /* in groups, as people read it */
    struct str role, state;
    struct cents price;
    instant ended_at;     /* 0: it has not ended */
    struct str ended_why;
};
struct desk_tickets {
    struct desk_ticket *p;
    size_t n;
};
struct desk_visit {
    int64_t id;
    struct str state;
    bool in_slot;
    int capacity, taken; /* of its slot now */
    struct desk_tickets tickets;
};
struct desk_visits {
    struct desk_visit *p;
    size_t n;
};
struct desk_order_view {
    int64_t organisation_id;
    struct order_view order;
    struct desk_visits visits; /* in the order of order.visits */
    struct refund_views refunds;
    struct str staff;            /* who of the operator's people placed it; may be empty */
    struct desk_entries entries; /* its mails and acts, the newest first */
};

/* TASK_CUSTOMER_VIEW. `ref` in its stored form. ERR_NOT_FOUND: no such order. */
enum err desk_order_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         struct str ref, struct desk_order_view *ret_order, struct fault *fault);

#endif
