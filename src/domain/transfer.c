/* The deadline of a transfer. */
#include "domain/transfer.h"

bool transfer_deadline(const struct zone *zone, instant now, struct transfer_rule rule, instant first_start,
                       instant *ret_due)
{
    day_number today = local_of(zone, now).day;
    day_number last = today + rule.days;
    if (first_start != 0) {
        day_number limit = local_of(zone, first_start).day - rule.lead_days;
        if (limit < last)
            last = limit;
    }
    if (last < today + rule.least_days || last < today)
        return false;
    *ret_due = instant_of(zone, last + 1, 0);
    return true;
}
