/* The rule of changes of paid visits: see visit_change.h. */
#include "domain/visit_change.h"

instant change_cutoff(const struct zone *zone, instant visit_start, int days_before)
{
    instant midnight = instant_of(zone, local_of(zone, visit_start).day - days_before + 1, 0);
    return midnight < visit_start ? midnight : visit_start;
}

struct change_sums change_sums_of(struct cents old_price, struct cents new_price)
{
    bool dearer = new_price.v > old_price.v;
    return (struct change_sums){
        .carried = dearer ? old_price : new_price,
        .to_pay = dearer ? cents(new_price.v - old_price.v) : cents(0),
        .returned = dearer ? cents(0) : cents(old_price.v - new_price.v)};
}

int change_places_more(int old_persons, int new_persons)
{
    return new_persons > old_persons ? new_persons - old_persons : 0;
}
