/* VAT of prices that include it (INV-1). Regimes are data: who sells what decides the category.
 *
 * A rate's base is computed once on the sum of its lines and then spread over them, so that the customer's total is
 * always the sum of the ticket prices and the lines add up to the base exactly. */
#ifndef GUICHET_DOMAIN_VAT_H
#define GUICHET_DOMAIN_VAT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/money.h"
#include "base/str.h"

enum vat_category {
    VAT_STANDARD = 'S', /* taxed, at any rate above 0 */
    VAT_EXEMPT = 'E',
    VAT_OUTSIDE = 'O' /* outside VAT: admissions of a public body, art. 256 B CGI */
};

struct vat_regime {
    struct str code;
    enum vat_category category;
    int rate_bp; /* basis points: 1000 is 10 % */
    struct str mention_fr, mention_en; /* the legal ground to print; empty for VAT_STANDARD */
};

bool vat_category_parse(struct str letter, enum vat_category *ret_category);

/* A rate above 0 with S and only with S. */
bool vat_regime_holds(const struct vat_regime *regime);

/* What is outside VAT cannot stand on one invoice with anything else (EN 16931, BR-O-11 and following). */
bool vat_share_invoice(const struct vat_regime *a, const struct vat_regime *b);

/* The base of an amount that includes VAT, rounded half away from zero to the cent. */
struct cents vat_base(struct cents gross, int rate_bp);

struct vat_line {
    struct cents gross; /* in: VAT included; negative on a credit note */
    size_t regime;      /* in: index among the regimes */
    struct cents net;   /* out: this line's share of its rate's base */
};

struct vat_total {
    struct cents gross, base, vat; /* gross = base + vat */
    size_t lines;                  /* how many lines have this regime; 0: not on the invoice */
};

/* Fills `net` of every line and the total of every regime (`totals` has `regime_count` entries). The base is spread by
 * largest remainder; of equal remainders the earlier line gets the cent. At most some hundred lines: the work grows
 * with their square. */
void vat_compute(const struct vat_regime *regimes, size_t regime_count, struct vat_line *lines, size_t line_count,
                 struct vat_total *ret_totals);

#endif
