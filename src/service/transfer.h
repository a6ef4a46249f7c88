/* Payment by bank transfer (CRT-4, OPS-5): who may, how long the places wait, what the money does when it comes.
 *
 * An order by transfer is pending with its places held until a deadline (domain/transfer.h). Customer service allows it
 * for an account (from then on the customer chooses it) or for one order (the customer asks at validation, and the
 * places wait for the answer). Money is recorded by a person («reçu») or matched with the bank's statement
 * (bank_desk.h); both go through transfer_receive, one transaction each, so after a crash the money is there with all
 * that follows from it, or nothing is and it is recorded again with the same key:
 *   what is due arrived   the order is confirmed like one paid by card, the tickets go out
 *   less                  it waits for the rest; the customer is told what is missing
 *   more, or twice        the rest waits for its refund («à rendre»)
 *   after the deadline    confirmed if all of it came and the places can be taken again, else it waits for its refund
 * */
#ifndef GUICHET_SERVICE_TRANSFER_H
#define GUICHET_SERVICE_TRANSFER_H

#include "base/buf.h"
#include "service/checkout.h"
#include "service/permit.h"
#include "service/settings.h"

/* ---- at validation, inside order_place ---- */

struct transfer_terms {
    enum refusal refusal; /* TRANSFER_LATE, TRANSFER_ASKED: too many requests wait already */
    bool allowed;         /* false: it can be asked for */
    struct str why;       /* account, school: who allows it */
    instant due_at;       /* until then the places are held */
};
/* What a transfer of this cart would be. */
enum err transfer_judge(struct service *service, struct db *db, struct arena *arena, const struct settings *settings,
                        int64_t organisation_id, const struct cart *cart, instant now, struct transfer_terms *ret_terms,
                        struct fault *fault);
/* Inside the write that made the order and gave it its visits: makes it one by transfer, writes the mails. */
enum err transfer_open(struct db *db, struct arena *arena, int64_t order_id, const struct transfer_terms *terms,
                       instant now, struct service *service, struct fault *fault);

/* The same for the page that asks: what can be offered for the caller's cart. */
enum err transfer_offer(struct service *service, struct arena *arena, const struct caller *caller,
                        struct transfer_terms *ret_terms, struct fault *fault);

/* ---- the customer's order ---- */

struct transfer_view {
    bool is;               /* the order is one by transfer; nothing else counts otherwise */
    bool asked;            /* customer service has not decided yet */
    bool waits;            /* it is pending */
    instant due_at;
    day_number due_day;    /* the last day */
    struct cents total, received, left; /* received: what waits or is booked */
    struct cents to_return;             /* what waits for its refund */
    struct str rf;         /* in groups of four */
    struct str payee, bank, iban, bic; /* iban in groups of four */
    struct str epc;        /* payload of the QR code for what is left; empty when nothing is */
};
/* ERR_NOT_FOUND: no such order of the caller's organisation. */
enum err transfer_of_order(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           struct transfer_view *ret_view, struct fault *fault);
/* The same inside a read or write, for whoever may see the order. */
enum err transfer_view_read(struct service *service, struct db *db, struct arena *arena, int64_t order_id,
                            struct transfer_view *ret_view, struct fault *fault);
/* The buyer wants it no more: its visits are options and holds again with what is left of their life. *ret_done false:
 * it does not wait for a transfer, or money has come for it: customer service helps. */
enum err transfer_give_up(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                          bool *ret_done, struct fault *fault);
/* Appends the pro forma. ERR_NOT_FOUND as above, or it is no order that waits for an allowed transfer. */
enum err transfer_proforma_pdf(struct service *service, struct arena *arena, const struct caller *caller,
                               struct str ref, struct buf *out, struct fault *fault);
/* Appends one credit note of the order. */
enum err credit_note_pdf(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                         struct str number, struct buf *out, struct fault *fault);

/* ---- the operator's people ---- */

enum transfer_refusal {
    TRANSFER_NOT_REFUSED = 0,
    TRANSFER_REASON,    /* a reason is needed */
    TRANSFER_TOO_LATE,  /* the order is over, or its visit is too near */
    TRANSFER_DECIDED,   /* somebody has decided already */
    TRANSFER_AMOUNT,    /* not an amount */
    TRANSFER_DAY,       /* not a day up to today */
    TRANSFER_NO_ORDER   /* there is no such order */
};

struct transfer_row {
    struct str ref, rf, organisation, buyer;
    int64_t organisation_id;
    bool asked;
    day_number due_day;
    instant due_at, first_start; /* 0: no dated visit */
    struct cents total, received, left;
};
struct transfer_rows {
    struct transfer_row *p;
    size_t n;
};
struct transfer_ended_row {
    struct str ref, organisation;
    int64_t organisation_id;
    instant ended_at;
    bool confirmed;
    struct cents total;
};
struct transfer_ended_rows {
    struct transfer_ended_row *p;
    size_t n;
};
struct transfer_lists {
    struct transfer_rows asked, waiting;
    struct transfer_ended_rows ended; /* of the last 30 days */
    struct cents expected;            /* still to come, of those that wait */
};
/* «Virements à recevoir» (TASK_TRANSFER_RECORD). */
enum err transfer_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       struct transfer_lists *ret_lists, struct fault *fault);

struct receipt_row {
    struct cents amount, to_return;
    day_number day;
    struct str bank_ref, reason, by; /* by: who recorded it; empty: matched with the statement */
    instant recorded_at;
};
struct receipt_rows {
    struct receipt_row *p;
    size_t n;
};
struct transfer_detail {
    int64_t order_id, organisation_id;
    struct str ref, organisation, buyer, buyer_email;
    enum lang lang;
    struct str state; /* of the order */
    struct transfer_view view;
    struct receipt_rows receipts;
};
/* One order, also one that is paid by card: a transfer may have come for it all the same. ERR_NOT_FOUND. */
enum err transfer_read(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str ref,
                       struct transfer_detail *ret_detail, struct fault *fault);

/* Allows it for one order that asked, or says no: then its places return and the customer is told
 * (TASK_TRANSFER_ALLOW). */
enum err transfer_decide_order(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               struct str ref, bool allow, struct str reason, enum transfer_refusal *ret_refusal,
                               struct fault *fault);
struct transfer_account {
    int64_t organisation_id;
    struct str name;
    bool allowed;
};
enum err transfer_account_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t organisation_id, struct transfer_account *ret_account, struct fault *fault);
/* For all orders of an account, until it is taken back; requests that wait are allowed with it (TASK_TRANSFER_ALLOW).
 * */
enum err transfer_allow_account(struct service *service, struct arena *arena, const struct staff_caller *caller,
                                int64_t organisation_id, bool allow, struct str reason,
                                enum transfer_refusal *ret_refusal, struct fault *fault);

enum transfer_end {
    TRANSFER_PART,      /* it waits for the rest */
    TRANSFER_CONFIRMED, /* the order is confirmed; what was too much waits for its refund */
    TRANSFER_RETURN     /* all of it waits for its refund */
};
struct transfer_outcome {
    enum transfer_refusal refusal;
    bool before; /* this form, or this entry, was counted before; nothing else is told */
    enum transfer_end end;
    struct cents left;   /* PART: what is missing */
    struct cents excess; /* what goes back */
    int64_t receipt_id;
};
struct transfer_record {
    struct str ref;
    struct cents amount;
    day_number day;
    struct str bank_ref, reason, request_key;
};
/* «Reçu» (TASK_TRANSFER_RECORD). */
enum err transfer_record(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct transfer_record *record, struct transfer_outcome *ret_outcome,
                         struct fault *fault);

/* Inside a write command: money came for an order, from a form or from an entry of the statement. */
struct transfer_money {
    int64_t order_id;
    struct cents amount; /* above 0 */
    day_number day;
    struct str bank_ref, reason;
    int64_t staff_id; /* 0: the rule */
    int64_t entry_id; /* 0: a form */
    struct str request_key;
};
enum err transfer_receive(struct service *service, struct db *db, struct arena *arena,
                          const struct transfer_money *money, instant now, struct transfer_outcome *ret_outcome,
                          struct fault *fault);

/* ---- job ---- */

/* Reminds before the deadline, ends what has passed it. *ret_done: how many of both. */
enum err transfer_step(struct service *service, struct arena *arena, int *ret_done, struct fault *fault);

#endif
