/* What a planning says of one slot: exactly one state, with its reason (PLA-1, PLA-2). */
#ifndef GUICHET_DOMAIN_SLOT_STATE_H
#define GUICHET_DOMAIN_SLOT_STATE_H

#include "base/civil.h"
#include "domain/names.h"

enum slot_state {
    SLOT_FREE,           /* the whole group fits */
    SLOT_SHORT,          /* places are left, but fewer than asked for */
    SLOT_FULL,
    SLOT_NOT_FOR_GROUPS,
    SLOT_CLOSED,
    SLOT_PAST,           /* begun, or too near for a sale */
    SLOT_NOT_ON_SALE     /* sales have not opened yet */
};
enum { SLOT_STATES = SLOT_NOT_ON_SALE + 1 };

struct slot_facts {
    instant start;
    int capacity, taken; /* persons */
    bool closed;
    bool not_for_groups;
    instant on_sale_from;   /* from this second on */
    instant booking_cutoff; /* last second of sale: group_sales_close */
};

/* Places left, never below 0. */
int slot_left(const struct slot_facts *slot);

/* The state for a group of `persons` at `now`; fewer than 1 asks for one place. Where several would apply the one that
 * no waiting or choosing mends comes first: past, closed, not for groups, not on sale, full, short. */
enum slot_state slot_state_of(const struct slot_facts *slot, int persons, instant now);

/* `free`, `short`, `full`, `not-for-groups`, `closed`, `past`, `not-on-sale`: also the pages' data-state. */
const char *slot_state_name(enum slot_state state);
bool slot_state_parse(struct str name, enum slot_state *ret_state);

#endif
