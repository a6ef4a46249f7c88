/* Who comes to a monument, and when: the day sheet of its people (OPS-2), and the list of whom a change of the planning
 * would hit. */
#ifndef GUICHET_SERVICE_DAY_SHEET_H
#define GUICHET_SERVICE_DAY_SHEET_H

#include "domain/audience.h"
#include "domain/leader.h"
#include "service/permit.h"
#include "service/service.h"

enum group_state {
    GROUP_CART,      /* places in somebody's cart, for minutes */
    GROUP_OPTION,
    GROUP_PAYING,    /* an order that is not paid yet */
    GROUP_CONFIRMED,
    GROUP_PHONE      /* booked by telephone, pays at the till */
};

/* One group that holds places of a slot. */
struct group {
    enum group_state state;
    int64_t id; /* of the visit; of the booking for GROUP_PHONE */
    instant start, ends_at; /* `ends_at` of an option or a hold, else 0 */
    int persons;            /* leader included */
    enum audience audience;
    enum leader_kind leader_kind;
    int64_t organisation_id; /* 0: not a customer */
    struct str organisation, country, order_ref;
    struct str leader, leader_phone, leader_email; /* who comes with the group; empty while nobody is named */
    struct str leader_card;   /* number of a guide's professional card (COM-5); empty: none is known */
    bool has_card_until;
    day_number card_until;    /* its last day */
    struct str contact, contact_phone, contact_email; /* who booked */
    struct str needs;
    struct str
        passes; /* numbers of Paris Museum Passes that the gate compares, with commas; only on the day sheet (PMP-1) */
};
struct groups {
    struct group *p;
    size_t n;
    bool more; /* there are more than this list holds */
};

/* All that hold places of the slots from `from` until `until` (not included), by start; inside a transaction. */
enum err groups_read(struct db *db, struct arena *arena, int64_t monument_id, instant from, instant until,
                     struct groups *ret_groups, struct fault *fault);

struct day_slot {
    instant start;
    int minute, minutes, capacity, taken;
    bool whole_day, for_groups;
    struct str closed; /* why, in the reader's language; empty: open */
    struct groups groups; /* without holds of carts */
    int persons;          /* of these groups */
};
struct day_slots {
    struct day_slot *p;
    size_t n;
};

struct day_sheet {
    int64_t monument_id;
    struct str monument, slug;
    day_number day;
    struct day_slots slots;
    int groups, persons;
};

/* The sheet of one day (TASK_DAY_SHEET). */
enum err day_sheet_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t monument_id, day_number day, struct day_sheet *ret_sheet, struct fault *fault);

enum { NEEDS_MOST = 500 }; /* characters */

/* What a group needs (TASK_DAY_SHEET; noted in the audit). ERR_NOT_FOUND: no such visit at this monument. ERR_INPUT:
 * too long. */
enum err day_sheet_needs_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t visit_id, struct group *ret_group, struct fault *fault);
enum err day_sheet_needs_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                             int64_t monument_id, int64_t visit_id, struct str needs, struct fault *fault);

/* The same by the organisation whose visit it is (TASK_HOLD). `organisation` is the monument's name here. */
enum err visit_needs_read(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                          struct group *ret_group, struct fault *fault);
enum err visit_needs_say(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                         struct str needs, struct fault *fault);

#endif
