/* What every unit test includes: cmocka, which wants its standard headers before it, and comparing of texts. */
#ifndef GUICHET_TESTS_UNIT_H
#define GUICHET_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "base/str.h"

#define assert_str(actual, expected) unit_same_text((actual), (expected), __FILE__, __LINE__)

static inline void unit_same_text(struct str actual, const char *expected, const char *file, int line)
{
    if (!str_eq(actual, str_of(expected))) {
        print_error("«%.*s» is not «%s»\n", STR_ARG(actual), expected);
        _fail(file, line);
    }
}

/* Europe/Paris. */
static inline struct zone unit_paris(void)
{
    struct zone zone;
    if (zone_parse(S("CET-1CEST,M3.5.0,M10.5.0/3"), &zone, NULL) != OK)
        fail_msg("the zone of Paris is not understood");
    return zone;
}

static inline day_number unit_day(int year, int month, int day)
{
    return day_of((struct date){year, month, day});
}

#endif
