/* Which tariff a visit pays and why (INV-1, COM-3, VIS-1): tariffs are data, a short table chooses, every line says
 * why it is so.
 *
 * Of the tariffs of the audience that are valid on the day of the visit, the one with the highest `min_persons` that
 * the group reaches applies to all of it: «group» from 20, «full» below. The number compared is the whole group, its
 * leader included, since every leader counts (COM-3): a guide with 19 visitors is a group of 20, of whom 19 pay. */
#ifndef GUICHET_DOMAIN_TARIFF_H
#define GUICHET_DOMAIN_TARIFF_H

#include "base/civil.h"
#include "base/money.h"
#include "domain/audience.h"
#include "domain/leader.h"

/* `valid_to` of a tariff that is valid until further notice. */
#define TARIFF_NO_END INT32_MAX

struct tariff {
    struct str code; /* `full`, `group`, `school` */
    enum audience audience;
    int min_persons;
    struct cents amount; /* a person, VAT included */
    struct str vat_code;
    day_number valid_from, valid_to; /* both included */
};

struct price_line {
    struct str tariff_code; /* the tariff's, also on a free leader's line */
    struct str vat_code;
    enum ticket_role role;
    int quantity;      /* always above 0 */
    struct cents unit; /* 0 for a free leader */
    struct cents total;
    const char *why; /* message key, a literal: `price.why.…` */
    int why_number;  /* the number in that message, 0 when it has none */
};

enum { PRICE_LINES = 2 };

struct price {
    struct price_line lines[PRICE_LINES]; /* visitors (a paying leader among them), then the free leader */
    size_t count;
    struct cents total;
    /* A leader who pays is one of the visitors' line; this says so, with the number above which it would be free. */
    bool leader_pays;
};

enum price_answer {
    PRICE_GIVEN,
    PRICE_NO_TARIFF, /* nothing is sold to this audience on this day */
    PRICE_BAD_NUMBER /* persons below 1 */
};

/* The texts of the lines live as long as those of `tariffs`. The keys are:
 *   price.why.full_rate        below the group rate, which starts at why_number
 *   price.why.only_rate        this monument has one rate for all sizes
 *   price.why.group_rate       from why_number persons
 *   price.why.school_rate      school groups
 *   price.why.special_rate     special groups, which pay the school tariff unless they have their own
 *   price.why.guide_free       guide-lecturer, free on proof
 *   price.why.leader_free      leader of a group of more than why_number
 * and for price.leader_pays, on the page, price.why.leader_pays with `free_above`. */
enum price_answer price_of(const struct tariff *tariffs, size_t count, enum audience audience, int persons,
                           enum leader_kind leader, int free_above, day_number visit_day, struct price *ret_price);

/* The tariff that applies, or NULL: for showing a price before a number of leaders is known. */
const struct tariff *tariff_for(const struct tariff *tariffs, size_t count, enum audience audience, int persons,
                                day_number day);

#endif
