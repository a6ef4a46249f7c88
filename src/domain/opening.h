/* When a monument is open: hours by season and closing days, as its data gives them, and what they mean on one day
 * (CAT-1, PLA-1: a closed slot says why).
 *
 * Hours:        `10:00-12:30,14:00-17:00` | `closed` | `on-request`
 * Closing days: comma list of `MM-DD` | `MM-DD/MM-DD` (both days included, may pass the year's end) |
 *               `easter-monday` | `mon` … `sun`, the last optionally `@winter` or `@summer` */
#ifndef GUICHET_DOMAIN_OPENING_H
#define GUICHET_DOMAIN_OPENING_H

#include "base/civil.h"
#include "base/err.h"
#include "base/str.h"

enum { OPENING_INTERVALS = 4, OPENING_CLOSINGS = 40, OPENING_TOKEN = 24 };

enum opening_season { OPENING_SUMMER, OPENING_WINTER };

/* Minutes since local midnight; `to` is the closing time and may be 24:00. */
struct opening_interval {
    int from, to;
};

enum opening_hours_kind { HOURS_OPEN, HOURS_CLOSED, HOURS_ON_REQUEST };

struct opening_hours {
    enum opening_hours_kind kind;
    size_t count; /* intervals, in rising order, not touching; 0 unless HOURS_OPEN */
    struct opening_interval intervals[OPENING_INTERVALS];
};

/* Why a monument is closed on a day; each has its message. */
enum closed_why {
    CLOSED_NOT, /* it is open */
    CLOSED_DATE,
    CLOSED_PERIOD,
    CLOSED_EASTER_MONDAY,
    CLOSED_WEEKDAY,
    CLOSED_SEASON,    /* shut the whole season */
    CLOSED_ON_REQUEST /* opened for groups on request or for events only */
};

/* One closing token. Month and day are kept as month * 100 + day, so that they compare in calendar order. */
struct closing {
    enum closed_why why;
    int from, to;         /* CLOSED_DATE, CLOSED_PERIOD */
    enum weekday weekday; /* CLOSED_WEEKDAY */
    bool in_summer, in_winter;
    char token[OPENING_TOKEN]; /* as written, NUL-terminated */
};

/* A value without pointers: it may be copied and kept. */
struct opening_rules {
    struct opening_hours summer, winter;
    int summer_from, summer_to; /* month * 100 + day, both included; may pass the year's end */
    size_t closing_count;
    struct closing closings[OPENING_CLOSINGS];
};

/* The default summer, 1 April to 30 September; a monument's data may say otherwise. */
enum { OPENING_SUMMER_FROM = 401, OPENING_SUMMER_TO = 930 };

/* Reads a monument's three fields; the season is the default one and may be changed afterwards. ERR_INPUT names the
 * token that cannot be read, ERR_LIMIT too many of them. */
enum err opening_parse(struct str hours_summer, struct str hours_winter, struct str closing_days,
                       struct opening_rules *ret_rules, struct fault *fault);

/* One day's answer. `intervals` and `token` point into the rules. */
struct opening {
    enum closed_why why; /* CLOSED_NOT: open in the intervals */
    enum opening_season season;
    const struct opening_interval *intervals;
    size_t count;      /* 0 when closed */
    const char *token; /* the token that closes the day; "" when open or when the season's hours close it */
};

/* A closing day goes before the season's hours; among closing days the first written wins. */
struct opening opening_of(const struct opening_rules *rules, day_number day);

/* `open`, `date`, `period`, `easter-monday`, `weekday`, `season`, `on-request`: for message keys. */
const char *closed_why_name(enum closed_why why);

#endif
