/* The planning of a monument: which slots there are, what each of them says to a group of so many persons, and how a
 * large group may be split (PLA-1 to PLA-6). Reads only; what is shown here is checked again when places are taken.
 *
 * `persons` is everywhere the whole group with its leader; 0 when nobody has said it yet. */
#ifndef GUICHET_SERVICE_PLANNING_H
#define GUICHET_SERVICE_PLANNING_H

#include "domain/slot_state.h"
#include "service/catalogue.h"
#include "service/refusal.h"
#include "service/service.h"

enum { PLANNING_DAYS = 62, PLANNING_NEXT = 3 };

/* Who comes. */
struct planning_group {
    int persons;
    enum audience audience;
    bool guided; /* a guide accompanies the group (PLA-3) */
};

struct planning_slot {
    instant start;
    day_number day;
    int minute;       /* local start, minutes since midnight */
    int minutes;      /* length */
    bool whole_day;   /* a dated ticket's day: the hour means nothing */
    int capacity, left;
    enum slot_state state;
    struct str closed;    /* why it is closed, in the reader's language; empty when it is not */
    instant on_sale_from; /* opening of sales, for SLOT_NOT_ON_SALE */
    bool can_cart;        /* this group may take it for payment now */
    bool can_option;      /* this group may place an option now … */
    instant option_end;   /* … which would end here; 0 when it may not */
    enum refusal no_option; /* why it may not: its state's, or the option rules' (OPT-1, VIS-1) */
};
struct planning_slots {
    struct planning_slot *p;
    size_t n;
};

/* One day of the planning, also one square of the month. */
struct planning_day {
    day_number day;
    struct planning_slots slots; /* part of planning.slots */
    int count[SLOT_STATES];      /* slots of each state */
    enum slot_state best;        /* the most useful one; SLOT_PAST or SLOT_CLOSED when there is no slot */
    int most_left;               /* places of the roomiest slot that is on sale */
    enum closed_why why;         /* why there is no slot: the monument's closing day or season; else CLOSED_NOT */
};
struct planning_days {
    struct planning_day *p;
    size_t n;
};

struct planning {
    struct monument monument;
    /* Whether a group of this kind books here at all: REFUSED_NOT, REFUSED_BELOW_MINIMUM (group booking starts at
     * `minimum`; `guide_helps` when a guide would open it), REFUSED_ABOVE_MAXIMUM (`maximum`; the splitter helps: the
     * slots show what a group of the maximum would find), REFUSED_SCHOOL_ELSEWHERE (the monument's contact), or
     * REFUSED_NOT_SOLD_SO (no planning here). */
    enum refusal verdict;
    int minimum, maximum;
    bool guide_helps;
    struct planning_group group;
    day_number today;
    day_number first, last; /* days that have slots, from today on; first > last when there is none */
    struct planning_slots slots; /* of the range, by start */
    struct planning_days days;   /* one for every day of the range */
    struct planning_slots next;  /* when nothing in the range suits the group: the nearest slots that do (PLA-6) */
};

struct planning_range {
    struct str slug;
    day_number from, to; /* both included, at most PLANNING_DAYS days */
    struct planning_group group;
};

/* ERR_NOT_FOUND: no such monument. ERR_INPUT: the range is turned round or too long. */
enum err planning_read(struct service *service, struct arena *arena, const struct caller *caller,
                       struct planning_range range, struct planning *ret_planning, struct fault *fault);

/* One slot with the verdict on the group: `days` has its day, `slots` that slot alone, `next` the nearest ones that
 * suit the group when this one does not. ERR_NOT_FOUND also when there is no such slot. */
enum err planning_slot_read(struct service *service, struct arena *arena, const struct caller *caller, struct str slug,
                            instant start, struct planning_group group, struct planning *ret_planning,
                            struct fault *fault);

struct split_window {
    struct str slug;
    day_number day;
    int from_minute, to_minute; /* visits that start between these local times, both included */
    struct planning_group group;
};

struct split_share {
    struct planning_slot slot;
    int persons;
};

/* The best way to split, or why there is none: REFUSED_NO_SPLIT (`largest` persons would fit), REFUSED_BELOW_MINIMUM,
 * REFUSED_SCHOOL_ELSEWHERE, REFUSED_NOT_SOLD_SO, REFUSED_NUMBER. */
struct split_proposal {
    struct monument monument;
    enum refusal refusal;
    int largest;
    struct split_share *shares; /* by start; for place_split */
    size_t count;
    bool can_option; /* all sub-groups may be held by an option … */
    instant option_end; /* … the first of which ends here */
    enum refusal no_option;
};

/* Proposes; holds nothing (PLA-5). ERR_NOT_FOUND: no such monument. */
enum err planning_split(struct service *service, struct arena *arena, const struct caller *caller,
                        struct split_window window, struct split_proposal *ret_proposal, struct fault *fault);

/* The refusal that a state means; REFUSED_NOT for SLOT_FREE. */
enum refusal planning_state_refusal(enum slot_state state);

#endif
