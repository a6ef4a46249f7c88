/* What a customer chooses after their visit was closed: another slot of the same monument, or the money back (ORD-4).
 *
 * The choice is made once. Another slot costs nothing, whatever its day's prices: the order keeps what was paid, for as many
 * persons or fewer; of those who do not come the price goes back. Its places are taken first; then every old ticket is
 * replaced by a new one, all in one transaction. Without an answer the closure's own promise holds: the refund at the end
 * of the term, or nothing until somebody asks. */
#ifndef GUICHET_SERVICE_CLOSURE_CHOICE_H
#define GUICHET_SERVICE_CLOSURE_CHOICE_H

#include "base/money.h"
#include "domain/slot_state.h"
#include "service/service.h"

enum closure_choice_state { CHOICE_OPEN, CHOICE_MOVED, CHOICE_REFUND, CHOICE_DEFAULT, CHOICE_WAIVED };

struct closure_choice {
    int64_t closure_id, visit_id, monument_id;
    struct str monument, slug, ref, reason; /* the reason in the caller's language */
    instant start_at;
    bool whole_day;
    int persons;
    struct cents amount;       /* what the refund would be; 0: nothing was paid */
    instant choose_until;
    bool refund_by_default;
    enum closure_choice_state state;
    instant chosen_at, new_start_at; /* 0: none */
    int new_persons;
};
struct closure_choices {
    struct closure_choice *p;
    size_t n;
};

/* What the organisation has still to choose (TASK_VIEW). */
enum err closure_choices(struct service *service, struct arena *arena, const struct caller *caller,
                         struct closure_choices *ret_choices, struct fault *fault);
/* One visit, also when the choice was made (TASK_VIEW). ERR_NOT_FOUND: no such choice of this organisation. */
enum err closure_choice_read(struct service *service, struct arena *arena, const struct caller *caller,
                             int64_t visit_id, struct closure_choice *ret_choice, struct fault *fault);

/* What a closure did to a visit of an order, for the order's page: `outcome` choice, refund or call, `choice` as stored;
 * the newest first. One that was moved and takes place is not listed. */
struct closure_note {
    int64_t visit_id;
    struct str outcome, choice;
};
struct closure_notes {
    struct closure_note *p;
    size_t n;
};
enum err closure_notes(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                       struct closure_notes *ret_notes, struct fault *fault);

struct choice_slot {
    instant start_at;
    int minutes, left;
    bool whole_day;
    enum slot_state state;
};
struct choice_slots {
    struct choice_slot *p;
    size_t n;
};
/* The slots of a day of the monument, for that many persons. */
enum err closure_choice_slots(struct service *service, struct arena *arena, const struct caller *caller,
                              int64_t visit_id, day_number day, int persons, struct choice_slots *ret_slots,
                              struct fault *fault);

enum choice_refusal {
    CHOICE_NOT_REFUSED = 0,
    CHOICE_MADE,    /* something else was chosen before, or the term is over */
    CHOICE_PERSONS, /* none, or more than were paid for */
    CHOICE_SLOT,    /* there is no such slot, or it cannot be booked: `state` says why */
    CHOICE_MONEY    /* the refund cannot be made here: customer service looks into it */
};
struct choice_result {
    enum choice_refusal refusal;
    enum slot_state state;
    struct cents back;
};

/* TASK_ORDER. The same choice again is what was chosen already: no refusal. */
enum err closure_choose_slot(struct service *service, struct arena *arena, const struct caller *caller,
                             int64_t visit_id, instant start_at, int persons, struct choice_result *ret_result,
                             struct fault *fault);
enum err closure_choose_refund(struct service *service, struct arena *arena, const struct caller *caller,
                               int64_t visit_id, struct choice_result *ret_result, struct fault *fault);

/* Job: refunds by default what nobody chose in time. */
enum err closure_default(struct service *service, struct arena *arena, int *ret_done, struct fault *fault);

#endif
