/* A day, and perhaps a time, inside what somebody typed into a search box: «conciergerie 12/12/2026 10h30». */
#ifndef GUICHET_DOMAIN_WHEN_H
#define GUICHET_DOMAIN_WHEN_H

#include "base/civil.h"
#include "base/str.h"

struct when {
    day_number day;
    bool has_minute;
    int minute;      /* since midnight */
    struct str rest; /* the other words of three letters and more, one blank between them; in the arena */
};

/* `folded`: through str_fold, which makes blanks of hyphens. Days as «2026-12-12», «12/12/2026», «12.12.2026»,
 * «12 décembre 2026» or «12 December 2026»; times as «10:30», «10h30», «10h». false: no day that exists. */
bool when_find(struct arena *arena, struct str folded, struct when *ret_when);

#endif
