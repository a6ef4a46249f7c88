/* The closure desk: a monument cannot receive the groups it has sold to (OPS-4, COM-4, ORD-4).
 *
 * One act closes a slot, some days or a whole monument for a time. Sales stop in its transaction: every statement that
 * takes places asks for an open slot, and late money finds it closed. The same transaction lists whatever holds places
 * there. The list is worked off afterwards, row by row, each in one transaction that writes the messages to the buyer
 * and the accompanying person and gives the places back:
 *   option, cart      released
 *   being paid        told, then its page is ended at the provider, then released; money that comes all the same goes back
 *   paid by card      the customer chooses another slot or the refund (closure_choice.h)
 *   by transfer       refunded by transfer: the refund waits in the accountant's list
 *   otherwise         told whom to call: passes, tickets in stock, at the till, by telephone
 * Tickets let nobody in from then on. Undated tickets are not touched: no visit of theirs has a slot, and they outlive any
 * closure by years.
 *
 * When the process dies: before the first commit nothing was closed; after it the slots are closed and every row of the
 * list is either as it was or done, with its mails in the outbox and its refund decided. Rows are claimed by their
 * state, so two servers do none twice. notes/2026-11-closures.md says why it is so. */
#ifndef GUICHET_SERVICE_CLOSURE_H
#define GUICHET_SERVICE_CLOSURE_H

#include "base/money.h"
#include "service/permit.h"

enum closure_scope { CLOSURE_SLOT, CLOSURE_DAYS, CLOSURE_MONUMENT };
enum { CLOSURE_SCOPES = CLOSURE_MONUMENT + 1, CLOSURE_DAYS_MOST = 31, CLOSURE_REASON_MOST = 300, CLOSURE_YEARS_MOST = 5 };

/* «slot», «days», «monument». */
const char *closure_scope_name(enum closure_scope scope);
bool closure_scope_parse(struct str name, enum closure_scope *ret_scope);
/* TASK_CLOSE_SLOT, TASK_CLOSE_DAY, TASK_CLOSE_MONUMENT. */
enum task closure_task(enum closure_scope scope);

struct closure_range {
    int64_t monument_id;
    enum closure_scope scope;
    instant start_at;     /* CLOSURE_SLOT: the slot */
    day_number from, to;  /* else local days, both included */
    bool open_end;        /* CLOSURE_MONUMENT: until further notice; `to` is not read */
};

enum closure_refusal {
    CLOSURE_NOT_REFUSED = 0,
    CLOSURE_NOTHING,  /* no slot there that is not over */
    CLOSURE_DATES,    /* turned round, past, or further ahead than a planning goes */
    CLOSURE_TOO_LONG, /* more days than CLOSURE_DAYS_MOST: that is a closure of the monument */
    CLOSURE_REASON,   /* missing or too long in one of the languages */
    CLOSURE_OPEN      /* it was opened again before */
};

/* How many of one way of holding places. `was`: option, cart, pending, paid, transfer, free, other, phone. */
struct closure_sum {
    struct str was;
    int visits, persons, orders;
    struct cents amount;
};
struct closure_sums {
    struct closure_sum *p;
    size_t n;
};
struct closure_hit {
    struct str was, organisation, ref, leader, phone;
    instant start_at;
    int persons;
    struct cents amount;
};
struct closure_hits {
    struct closure_hit *p;
    size_t n;
};

struct closure_preview {
    enum closure_refusal refusal;
    struct str monument, slug;
    instant from_at, until_at; /* slots that begin from one and before the other */
    int slots, days;
    int closed;                /* of the slots, closed already */
    int visits, persons, leaders;
    struct cents back;         /* what would have to be paid back if everybody asked for it */
    struct closure_sums sums;  /* ways that occur, in a fixed order */
    struct closure_hits hits;  /* the first 300, then the first 100 by telephone */
    bool more;                 /* there are more than `hits` */
};

/* Whom it would hit; changes nothing. The task is that of the scope. ERR_NOT_FOUND: no such monument, or not one's own. */
enum err closure_preview(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct closure_range *range, struct closure_preview *ret_preview, struct fault *fault);

struct closure_request {
    struct closure_range range;
    struct str reason_fr, reason_en;
    struct str request_key; /* the same form again finds the closure it made */
};
struct closure_started {
    enum closure_refusal refusal;
    int64_t closure_id;
};
enum err closure_start(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       const struct closure_request *request, struct closure_started *ret_started, struct fault *fault);

/* The slots are on sale again, as they were before; one that another closure keeps closed stays so. What was cancelled
 * stays cancelled; whose turn had not come keeps the visit. ERR_NOT_FOUND as above. */
enum err closure_reopen(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t closure_id, enum closure_refusal *ret_refusal, struct fault *fault);

/* Monuments that the caller may close, and slots of a day to choose from. */
struct closure_monument {
    int64_t id;
    struct str name;
};
struct closure_monuments {
    struct closure_monument *p;
    size_t n;
};
enum err closure_monuments(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct closure_monuments *ret_monuments, struct fault *fault);
struct closure_slot {
    instant start_at;
    int minutes, capacity, taken;
    bool whole_day, closed, over;
};
struct closure_slots {
    struct closure_slot *p;
    size_t n;
};
enum err closure_slots(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, day_number day, struct closure_slots *ret_slots, struct fault *fault);

/* ---- what became of them ---- */

struct closure_line {
    int64_t id, monument_id;
    struct str monument, reason; /* in the caller's language */
    enum closure_scope scope;
    instant from_at, until_at, created_at;
    bool open_end, done, reopened;
    int visits, todo, open_choices;
};
struct closure_lines {
    struct closure_line *p;
    size_t n;
};
/* The newest first: of all monuments, or of one's own. */
enum err closure_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      struct closure_lines *ret_lines, struct fault *fault);

struct closure_row {
    int64_t visit_id, organisation_id;
    struct str organisation, ref, leader, leader_phone, phone;
    struct str was, state, outcome, choice, problem; /* as stored */
    instant start_at, new_start_at;                  /* the second 0: none */
    int persons, new_persons;
    struct cents amount;
    bool failed; /* a refund or a mail of it */
};
struct closure_rows {
    struct closure_row *p;
    size_t n;
};

struct closure_progress {
    struct closure_line line;
    struct str slug, reason_fr, reason_en, closed_by, reopened_by;
    instant done_at, reopened_at, choose_until;
    bool refund_by_default;
    int slots;
    int total, worked;                /* rows of the list, telephone included; those that are done */
    int released, gone, spared, call;
    int moved, chose_refund, defaulted, waived, open;
    struct cents open_amount;
    int mails, mails_sent, mails_failed;
    int refunds, refunds_done, refunds_failed, refunds_by_hand;
    struct cents refunded, to_refund; /* gone back; on its way or waiting to be transferred */
    int problems;
    struct closure_rows rows, bookings; /* at most 500 and 200; of bookings `organisation`, `leader` (name), `phone` */
    bool moving;                      /* there is still something under way by itself: look again */
};
enum err closure_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      int64_t closure_id, struct closure_progress *ret_progress, struct fault *fault);

/* ---- jobs ---- */

/* Works off what is to do, closes slots that a planning has made in a closed time, and ends what is done. Asks nobody
 * outside. *ret_done counts rows: call again while it is not 0. One row that fails does not stop the others: its error is
 * returned by the call that does nothing else. */
enum err closure_work(struct service *service, struct arena *arena, int *ret_done, struct fault *fault);
/* Ends at the provider what was being paid, and sends back what came too late. While the provider does not answer the
 * rows wait for the next call. */
enum err closure_settle(struct service *service, struct arena *arena, int *ret_done, struct fault *fault);

/* Inside a write command, after slots were made: those of a time that is closed are closed. */
enum err closure_cover(struct db *db, struct arena *arena, int64_t monument_id, instant from_at, instant until_at,
                       instant now, struct fault *fault);

#endif
