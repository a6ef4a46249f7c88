/* Orders as their buyer sees them: search, detail, tickets, invoice, sending again (ORD-1, ORD-2). */
#ifndef GUICHET_SERVICE_ORDER_H
#define GUICHET_SERVICE_ORDER_H

#include "base/buf.h"
#include "base/money.h"
#include "domain/document.h"
#include "domain/order_state.h"
#include "service/service.h"

struct order_row {
    struct str ref;
    enum order_state state;
    struct cents total;
    instant created_at;
    struct str buyer;          /* who placed it */
    int visits, persons;
    struct str first_monument;
    bool refund_due;
    bool by_service; /* placed by customer service on the customer's behalf (OPS-1) */
};
struct order_rows {
    struct order_row *p;
    size_t n;
};

/* «Rechercher les commandes»: orders placed from local day `from` to local day `to`, both included, newest first. */
enum err order_search(struct service *service, struct arena *arena, const struct caller *caller, day_number from,
                      day_number to, struct order_rows *ret_rows, struct fault *fault);

struct order_line_view {
    struct str tariff; /* name in the reader's language */
    struct str why;
    int quantity;
    struct cents unit, total;
};
struct order_line_views {
    struct order_line_view *p;
    size_t n;
};

struct order_visit_view {
    int64_t id;
    struct str monument_slug, monument_name, monument_kind, contact_email, contact_phone;
    struct str kind;        /* `slot`, `dated`, `undated` */
    bool has_start;
    instant start_at;
    int minutes, persons;
    struct str audience, leader_kind;
    struct str leader;      /* «Jeanne Martin», empty for undated tickets */
    struct str recipient;   /* to whom the tickets are mailed */
    struct str recipient_email;
    enum lang recipient_lang;
    int tickets;            /* issued */
    struct order_line_views lines;
};
struct order_visit_views {
    struct order_visit_view *p;
    size_t n;
};

struct order_payment_view {
    struct cents amount;
    instant received_at;
    enum payment_state state;
    struct str reason; /* why it waits: `places-gone`, `paid-twice`, `amount` */
    struct str provider;
};
struct order_payment_views {
    struct order_payment_view *p;
    size_t n;
};

struct order_view {
    int64_t id;
    struct str ref;
    enum order_state state;
    struct str method; /* `card`, `transfer`, `free` */
    struct cents total;
    instant created_at, confirmed_at;
    struct str buyer, buyer_email, organisation, terms_version;
    struct order_visit_views visits;
    struct order_payment_views payments;
    bool payable;           /* «Payer» may be offered */
    instant pay_until;
    struct str invoice;     /* number, empty when none */
    bool refund_due;
    bool by_service;        /* as above */
};

/* ERR_NOT_FOUND: no such order of this organisation. `ref` in its stored form. */
enum err order_read(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                    struct order_view *ret_order, struct fault *fault);

/* The tickets of one visit as a sheet, for the HTML page, and as PDF. ERR_NOT_FOUND as above, or not confirmed. */
enum err order_ticket_sheet(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                            int64_t visit_id, struct ticket_sheet *ret_sheet, struct fault *fault);
enum err order_tickets_pdf(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           int64_t visit_id, struct buf *out, struct fault *fault);
enum err order_invoice_pdf(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           struct buf *out, struct fault *fault);

/* Mails the tickets of one visit again, or with visit 0 the confirmation (ORD-2). The same page asked twice at once
 * sends twice: that is what was asked; the page limits how often. */
enum err order_resend(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                      int64_t visit_id, struct fault *fault);

/* The signed part of a download link that goes with the mail: whoever has the mail may fetch the tickets (TKT-4). */
struct str order_link_signature(const struct service *service, struct arena *arena, struct str ref, int64_t visit_id);
/* The tickets behind such a link, in the language of the address. ERR_NOT_FOUND also when the signature is wrong. */
enum err order_linked_sheet(struct service *service, struct arena *arena, struct str ref, int64_t visit_id,
                            struct str signature, enum lang lang, struct ticket_sheet *ret_sheet, struct fault *fault);
enum err order_linked_pdf(struct service *service, struct arena *arena, struct str ref, int64_t visit_id,
                          struct str signature, enum lang lang, struct buf *out, struct fault *fault);

#endif
