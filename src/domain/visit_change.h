/* Until when a paid visit may be changed, and what the change costs (OPT-6). The days are data of the network or of the
 * monument. */
#ifndef GUICHET_DOMAIN_VISIT_CHANGE_H
#define GUICHET_DOMAIN_VISIT_CHANGE_H

#include "base/civil.h"
#include "base/money.h"

/* The first moment at which it is too late: the local midnight that ends the day `days_before` the visit's, and never
 * after its start. Three days before a visit on a Friday: all of Tuesday still counts. */
instant change_cutoff(const struct zone *zone, instant visit_start, int days_before);

/* How the money of the old visit is used for the new one. */
struct change_sums {
    struct cents carried;  /* of the old price, what counts for the new one */
    struct cents to_pay;   /* what is missing */
    struct cents returned; /* what is too much; at most one of the two is above 0 */
};
struct change_sums change_sums_of(struct cents old_price, struct cents new_price);

/* Places that a change inside one slot takes anew; the others are those that the group has. */
int change_places_more(int old_persons, int new_persons);

#endif
