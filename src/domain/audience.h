/* Who a visit is for: it decides the tariff and what may be bought online (VIS-1). */
#ifndef GUICHET_DOMAIN_AUDIENCE_H
#define GUICHET_DOMAIN_AUDIENCE_H

#include "domain/names.h"

enum audience {
    AUDIENCE_ADULTS,
    AUDIENCE_SCHOOL, /* school and after-school groups */
    AUDIENCE_SPECIAL /* social, medico-social, disability, justice */
};
enum { AUDIENCE_COUNT = AUDIENCE_SPECIAL + 1 };

/* `adults`, `school`, `special`. */
const char *audience_name(enum audience audience);
bool audience_parse(struct str name, enum audience *ret_audience);

/* Schools and special groups pay at once: no option is open to them (VIS-1). */
bool audience_has_options(enum audience audience);

#endif
