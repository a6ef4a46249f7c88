/* When an option's holder is reminded of its end (OPT-7). Days are calendar days before the option's last day, data of
 * the network: «7,2,0» means a week and two days before, and on the day itself. */
#ifndef GUICHET_DOMAIN_REMINDER_H
#define GUICHET_DOMAIN_REMINDER_H

#include "base/civil.h"
#include "base/str.h"

enum { REMINDERS_MAX = 8, REMINDER_DAYS_MAX = 60 };

struct reminder_days {
    int days[REMINDERS_MAX]; /* ascending, none twice */
    size_t count;
};

/* Numbers of days from 0 to REMINDER_DAYS_MAX with commas between them, in any order; an empty text is no reminder. */
bool reminder_days_parse(struct str text, struct reminder_days *ret_days);

/* The local day on which an option lives last that ends at `end`. */
day_number reminder_last_day(const struct zone *zone, instant end);

/* The moment of the reminder `days` before the last day of an option that ends at `end`: at local `minute`, on the last
 * day at its beginning when the option has ended by `minute`. */
instant reminder_due(const struct zone *zone, instant end, int days, int minute);

/* The reminder of `days` is due at `now` for the live options that end at this moment or before, and for no other. */
instant reminder_horizon(const struct zone *zone, instant now, int days, int minute);

#endif
