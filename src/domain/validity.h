/* How long a ticket is valid (TKT-3). */
#ifndef GUICHET_DOMAIN_VALIDITY_H
#define GUICHET_DOMAIN_VALIDITY_H

#include "base/civil.h"

enum { VALIDITY_YEARS = 3 };

/* Both ends included: `until` is the last valid second, so its local day is the day to print. */
struct validity {
    instant from, until;
};

/* Undated: from the purchase to the end of the same local day `years` later; 29 February becomes 28 February. */
struct validity validity_undated(const struct zone *zone, instant purchased_at, int years);

/* A slot's ticket: only its date and slot. */
struct validity validity_slot(instant start, int minutes);

/* A dated ticket: only its local day, whole. */
struct validity validity_day(const struct zone *zone, day_number day);

enum validity_answer { VALIDITY_NOW, VALIDITY_NOT_YET, VALIDITY_OVER };

enum validity_answer validity_at(struct validity validity, instant at);

#endif
