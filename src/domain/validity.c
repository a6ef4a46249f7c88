/* Ends of validity, in local days. */
#include "domain/validity.h"

static instant last_second(const struct zone *zone, day_number day)
{
    return instant_of(zone, day + 1, 0) - 1;
}

struct validity validity_undated(const struct zone *zone, instant purchased_at, int years)
{
    day_number last = day_add_years(local_of(zone, purchased_at).day, years);
    return (struct validity){purchased_at, last_second(zone, last)};
}

struct validity validity_slot(instant start, int minutes)
{
    return (struct validity){start, start + (instant)minutes * 60 - 1};
}

struct validity validity_day(const struct zone *zone, day_number day)
{
    return (struct validity){instant_of(zone, day, 0), last_second(zone, day)};
}

enum validity_answer validity_at(struct validity validity, instant at)
{
    if (at < validity.from)
        return VALIDITY_NOT_YET;
    return at > validity.until ? VALIDITY_OVER : VALIDITY_NOW;
}
