/* How long the places of an order wait for a bank transfer (CRT-4): some days, but never so long that they could not be
 * sold again before the visit. All numbers are settings. */
#ifndef GUICHET_DOMAIN_TRANSFER_H
#define GUICHET_DOMAIN_TRANSFER_H

#include <stdbool.h>

#include "base/civil.h"

struct transfer_rule {
    int days;       /* that a transfer may take, today not counted */
    int lead_days;  /* the money is there so many days before the first visit's day at the latest */
    int least_days; /* with fewer days left a transfer is not offered */
};

/* The end of the last day, as an instant. `first_start` is that of the earliest visit, 0 when none has a date. false when
 * too little time is left. */
bool transfer_deadline(const struct zone *zone, instant now, struct transfer_rule rule, instant first_start,
                       instant *ret_due);

#endif
