/* Visits that numbers pay: Paris Museum Passes (PMP-1) and tickets from stock (STK-1). What both kinds of booking ask,
 * and what customer service sees of them afterwards: the newest, one with its numbers, its end with a reason. */
#ifndef GUICHET_SERVICE_RIGHT_BOOKING_H
#define GUICHET_SERVICE_RIGHT_BOOKING_H

#include "service/permit.h"
#include "service/place.h"

enum right_kind { RIGHT_PASS, RIGHT_STOCK };
enum { RIGHT_NUMBERS_MOST = 200, RIGHT_NUMBER_BYTES = 100, RIGHT_REASON_MOST = 1200 };

/* The visit that is wished. */
struct right_wish {
    int64_t monument_id;
    instant start_at;
    int persons; /* with the leader */
    enum audience audience;
    enum leader_kind leader;
    int64_t leader_id;         /* one of the organisation's (COM-2) */
    int64_t contact_id;        /* to whom the tickets go; 0: the buyer (CRT-2) */
    const struct str *numbers; /* as typed, at most RIGHT_NUMBERS_MOST */
    size_t count;
    struct str request_key;
};

/* Why a number is not taken; the first three are about how it is written. */
enum number_fault {
    NUMBER_GOOD = 0,
    NUMBER_SHAPE,    /* no number of this kind looks so */
    NUMBER_TWICE,    /* a second time in this list */
    NUMBER_TOO_MANY, /* more numbers than persons who need one */
    NUMBER_UNKNOWN,  /* not genuine, or somebody else's: nobody learns which (STK-1) */
    NUMBER_USED,     /* exchanged or scanned already; a pass: booked at this monument already */
    NUMBER_EXPIRED,  /* its last day lies before the visit */
    NUMBER_MONUMENT, /* for another monument: `detail` says which */
    NUMBER_DATED,    /* a ticket that has its date already */
    NUMBER_FREE,     /* the free ticket of a leader: it stands for nobody who pays (COM-3) */
    NUMBER_ENDED,    /* cancelled or taken out of stock */
    NUMBER_DAYS      /* a pass booked on a day too far from this one */
};
enum { NUMBER_FAULTS = NUMBER_DAYS + 1 };

struct number_answer {
    struct str typed; /* as it came, cut to RIGHT_NUMBER_BYTES */
    enum number_fault fault;
    struct str detail;
};

struct right_result {
    enum refusal refusal; /* of the slot, the group or its people; REFUSED_NUMBER: too many numbers to look at */
    struct place_result place;
    bool no_right; /* STK-1: the organisation has not the right (any more) */
    struct number_answer *numbers;
    size_t count;
    size_t faults; /* numbers with one */
    int needed;    /* numbers that this group needs; 0: not known, since the group is refused */
    bool terms_missing;
    bool done;
    struct str order_ref; /* when done */
    int64_t visit_id;
};

/* ---- for customer service ---- */

struct right_row {
    int64_t visit_id, organisation_id;
    struct str order_ref, organisation, monument, state;
    bool has_start;
    instant start_at, created_at;
    int persons;
};
struct right_rows {
    struct right_row *p;
    size_t n;
};

/* The newest 200 of a kind. TASK_PASS_BOOK or TASK_STOCK_GRANT. */
enum err right_booking_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            enum right_kind kind, struct right_rows *ret_rows, struct fault *fault);

struct right_number {
    struct str number;
    bool ended; /* free again */
};
struct right_booking {
    struct right_row row;
    enum right_kind kind;
    struct str leader;
    struct right_number *numbers;
    size_t count;
    bool live; /* it can be cancelled */
};

/* ERR_NOT_FOUND: no such booking of this kind. */
enum err right_booking_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            enum right_kind kind, int64_t visit_id, struct right_booking *ret_booking,
                            struct fault *fault);

/* Ends it with a reason of 1 to RIGHT_REASON_MOST bytes: places return, its tickets let nobody in any more, its
 * numbers are
 * free again, the customer gets a mail with the reason. One transaction. *ret_done false: it had ended already.
 * ERR_INPUT: the reason is missing or too long. */
enum err right_booking_cancel(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              enum right_kind kind, int64_t visit_id, struct str reason, bool *ret_done,
                              struct fault *fault);

/* ---- inside a write command ---- */

/* A visit has ended (closed, refunded, cancelled): its passes and its exchanged tickets are free again. Nothing happens
 * for a visit that money paid, and nothing the second time. */
enum err right_numbers_return(struct db *db, struct arena *arena, int64_t visit_id, instant now, struct fault *fault);

#endif
