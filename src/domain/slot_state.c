/* The state of a slot, in the order in which reasons outweigh each other. */
#include "domain/slot_state.h"

static const char *const names[SLOT_STATES] = {
    [SLOT_FREE] = "free",     [SLOT_SHORT] = "short", [SLOT_FULL] = "full", [SLOT_NOT_FOR_GROUPS] = "not-for-groups",
    [SLOT_CLOSED] = "closed", [SLOT_PAST] = "past",   [SLOT_NOT_ON_SALE] = "not-on-sale",
};

int slot_left(const struct slot_facts *slot)
{
    return slot->taken < slot->capacity ? slot->capacity - slot->taken : 0;
}

enum slot_state slot_state_of(const struct slot_facts *slot, int persons, instant now)
{
    if (now >= slot->start || now > slot->booking_cutoff)
        return SLOT_PAST;
    if (slot->closed)
        return SLOT_CLOSED;
    if (slot->not_for_groups)
        return SLOT_NOT_FOR_GROUPS;
    if (now < slot->on_sale_from)
        return SLOT_NOT_ON_SALE;
    int left = slot_left(slot);
    if (left == 0)
        return SLOT_FULL;
    return left < persons ? SLOT_SHORT : SLOT_FREE;
}

const char *slot_state_name(enum slot_state state)
{
    return names[state];
}

bool slot_state_parse(struct str name, enum slot_state *ret_state)
{
    int index;
    if (!names_find(names, SLOT_STATES, name, &index))
        return false;
    *ret_state = (enum slot_state)index;
    return true;
}
