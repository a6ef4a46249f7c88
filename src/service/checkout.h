/* The cart and its validation: from held places to an order that can be paid (CRT-1, CRT-2, COM-2). */
#ifndef GUICHET_SERVICE_CHECKOUT_H
#define GUICHET_SERVICE_CHECKOUT_H

#include "domain/tariff.h"
#include "service/refusal.h"
#include "service/service.h"

struct cart_visit {
    int64_t id, monument_id;
    struct str monument_slug, monument_name, monument_kind;
    struct str kind;       /* `slot`, `dated`, `undated` */
    bool has_start;
    instant start_at;
    int minutes, persons;
    struct str audience, leader_kind;
    bool option;           /* it stays an option until paid (OPT-3) */
    bool ended;            /* its hold is over: it must be taken again or removed */
    bool has_end;
    instant ends_at;
    bool needs_leader;     /* slot and dated visits (COM-2) */
    int64_t leader_id, contact_id; /* 0: none chosen yet; contact 0: the buyer's own address */
    struct str split_key;
    bool priced;           /* false: nothing is sold to this group that day */
    struct price price;
};

struct cart {
    struct cart_visit *p;
    size_t n;
    struct cents total; /* of what is not ended */
    size_t ended, options;
    instant first_end;  /* when the first hold of the cart ends; 0: none */
};

/* What is in the caller's cart, priced (CRT-1). */
enum err cart_read(struct service *service, struct arena *arena, const struct caller *caller, struct cart *ret_cart,
                   struct fault *fault);

/* What the buyer chose for one visit at validation. */
struct visit_choice {
    int64_t visit_id;
    int64_t leader_id;  /* 0: none */
    int64_t contact_id; /* 0: the buyer's own address */
};

struct validation {
    const struct visit_choice *choices;
    size_t choice_count;
    int64_t only_visit;       /* one visit of the cart alone (MON-2); 0: the whole cart */
    struct str terms_version; /* the version shown and accepted; empty: not accepted */
    bool transfer;            /* asks for a bank transfer instead of card (CRT-4) */
    struct str request_key;
};

struct validation_result {
    enum refusal refusal;
    struct str order_ref;
    bool to_pay;              /* go on with payment_open; else it is confirmed (nothing to pay), or an order of before */
    int64_t *visits;          /* which visits the refusal is about (LEADER_MISSING, ENDED, NO_TARIFF, CONTACT) */
    size_t visit_count;
};

/* Validates the whole cart as one order. A refusal changes nothing but keeps the choices made, so that nothing typed is
 * lost. The same request key again gives the same order, whatever has become of it: its page says so. What happens when the process dies: before the commit nothing
 * was made; after it the order is pending, its places are held until the payment's end, and the buyer finds it among
 * the orders with «Payer». */
enum err order_place(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct validation *validation, struct validation_result *ret_result, struct fault *fault);

/* Keeps what was chosen so far, while the buyer goes to create an accompanying person or a contact. A person of another
 * organisation, or one that was removed, is no person. */
enum err checkout_keep(struct service *service, struct arena *arena, const struct caller *caller,
                       const struct visit_choice *choices, size_t count, struct fault *fault);

#endif
