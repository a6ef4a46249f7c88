/* A monument's rules for groups (PLA-3, OPT-1, VIS-1): all data, read from the database.
 *
 * «Persons» is everywhere the whole group with its guide or leader included, because the maximum includes the guide
 * and every leader, free or not, counts (COM-3). */
#ifndef GUICHET_DOMAIN_GROUP_RULE_H
#define GUICHET_DOMAIN_GROUP_RULE_H

#include "base/civil.h"
#include "domain/audience.h"

struct group_rule {
    int min_persons;           /* group booking starts here */
    bool guide_waives_minimum; /* with a guide a group of any size may book */
    int max_persons;           /* of one group in one slot, leader included */
    bool has_option;
    int option_days;           /* life of an option, whole days from its placing */
    int confirm_days_before;   /* an option is confirmed at the latest so many days before the visit … */
    int confirm_minute;        /* … at this local time */
    int sales_close_minutes;   /* nothing is sold later than this before the start */
    bool school_online;        /* school and special groups may book online here */
};

/* Where nothing else is set: the day before at 18:00. */
enum { CONFIRM_DAYS_BEFORE = 1, CONFIRM_MINUTE = 18 * 60 };

enum group_answer { GROUP_FITS, GROUP_BELOW_MINIMUM, GROUP_ABOVE_MAXIMUM };

/* Whether a group of `persons` may book here; `guided`: a guide accompanies it (PLA-3). Fewer than 1 is below any
 * minimum. */
enum group_answer group_check(const struct group_rule *rule, int persons, bool guided);

/* The smallest group that may book: min_persons, or 1 where a guide opens it. */
int group_minimum(const struct group_rule *rule, bool guided);

/* Whether this audience books online at this monument at all (VIS-1); if not, the monument's contact is shown. */
bool group_sold_online(const struct group_rule *rule, enum audience audience);

/* The last moment at which something may be sold for a visit that starts at `visit_start`; at that very second it
 * still may. */
instant group_sales_close(const struct group_rule *rule, instant visit_start);

/* The last moment at which an option may be confirmed; never after the visit's start (OPT-1). */
instant group_confirm_by(const struct group_rule *rule, const struct zone *zone, instant visit_start);

enum option_answer {
    OPTION_GIVEN,
    OPTION_NOT_HERE, /* this monument has no options */
    OPTION_TOO_LATE  /* the last moment to confirm has come */
};

/* When an option placed at `placed_at` ends: `option_days` later at the same local wall clock time, or at the last
 * moment to confirm when that comes first (OPT-1). The option lives while now < end. Days are calendar days: over a
 * change of the clock one of them has 23 or 25 hours. */
enum option_answer option_end(const struct group_rule *rule, const struct zone *zone, instant placed_at,
                              instant visit_start, instant *ret_end);

#endif
