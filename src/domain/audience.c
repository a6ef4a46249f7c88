/* Names of audiences and what is open to them. */
#include "domain/audience.h"

static const char *const names[AUDIENCE_COUNT] = {"adults", "school", "special"};

const char *audience_name(enum audience audience)
{
    return names[audience];
}

bool audience_parse(struct str name, enum audience *ret_audience)
{
    int index;
    if (!names_find(names, AUDIENCE_COUNT, name, &index))
        return false;
    *ret_audience = (enum audience)index;
    return true;
}

bool audience_has_options(enum audience audience)
{
    return audience == AUDIENCE_ADULTS;
}
