/* Splitting a large group over several slots (PLA-5): 75 persons at 26 a group become three groups of 25.
 *
 * One sub-group a slot, as the FAQ asks («des créneaux différents»), each within the monument's minimum and maximum.
 * Of all ways the best is: the fewest sub-groups; then the most equal sizes (they differ by at most one where the
 * places allow it); then the shortest time from the first to the last; then the earliest. The same input always gives
 * the same answer. */
#ifndef GUICHET_DOMAIN_SPLIT_H
#define GUICHET_DOMAIN_SPLIT_H

#include "base/civil.h"
#include "domain/group_rule.h"

enum { SPLIT_SLOTS = 200 };

/* A slot of the wished window that is on sale. */
struct split_slot {
    instant start; /* no two are equal */
    int left;      /* places */
};

struct split_part {
    size_t slot; /* index among the slots given */
    instant start;
    int persons;
};

struct split {
    size_t count;
    struct split_part parts[SPLIT_SLOTS]; /* by rising start */
};

enum split_answer {
    SPLIT_FOUND,
    SPLIT_IMPOSSIBLE,     /* the window cannot hold the whole group */
    SPLIT_TOO_MANY_SLOTS, /* more than SPLIT_SLOTS: ask for a shorter window */
    SPLIT_BAD_NUMBER      /* persons below 1 */
};

/* `persons` is the whole group with all its leaders; each sub-group has its own leader among them. `guided`: every
 * sub-group has a guide, which may open sizes below the minimum (PLA-3). The slots may be in any order.
 * SPLIT_FOUND fills *ret_split. SPLIT_IMPOSSIBLE fills *ret_largest (may be NULL) with the largest number of persons,
 * below the one asked for, that the window could take. Other outputs are untouched. */
enum split_answer split_group(const struct group_rule *rule, bool guided, int persons, const struct split_slot *slots,
                              size_t count, struct split *ret_split, int *ret_largest);

#endif
