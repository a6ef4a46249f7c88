/* Splitting amounts that include VAT. */
#include "domain/vat.h"

#include <assert.h>

enum { WHOLE_BP = 10000 };

bool vat_category_parse(struct str letter, enum vat_category *ret_category)
{
    if (letter.n != 1 || (letter.p[0] != VAT_STANDARD && letter.p[0] != VAT_EXEMPT && letter.p[0] != VAT_OUTSIDE))
        return false;
    *ret_category = (enum vat_category)letter.p[0];
    return true;
}

bool vat_regime_holds(const struct vat_regime *regime)
{
    return regime->rate_bp >= 0 && regime->rate_bp <= WHOLE_BP &&
           (regime->rate_bp > 0) == (regime->category == VAT_STANDARD);
}

bool vat_share_invoice(const struct vat_regime *a, const struct vat_regime *b)
{
    return (a->category == VAT_OUTSIDE) == (b->category == VAT_OUTSIDE);
}

struct cents vat_base(struct cents gross, int rate_bp)
{
    /* gross / (1 + rate), as a fraction whose halves go away from zero; the denominator is kept even by doubling. */
    int64_t denominator = WHOLE_BP + rate_bp;
    int64_t size = gross.v < 0 ? -gross.v : gross.v;
    int64_t base = (2 * size * WHOLE_BP + denominator) / (2 * denominator);
    return cents(gross.v < 0 ? -base : base);
}

/* gross * WHOLE_BP = whole * denominator + remainder, the remainder never negative. */
static int64_t exact_whole(struct cents gross, int64_t denominator, int64_t *ret_remainder)
{
    int64_t exact = gross.v * WHOLE_BP;
    int64_t remainder = exact % denominator;
    if (remainder < 0)
        remainder += denominator;
    *ret_remainder = remainder;
    return (exact - remainder) / denominator;
}

/* How many lines of the same regime are served a left-over cent before line `at`. */
static int64_t rank_of(const struct vat_line *lines, size_t count, size_t at, int64_t denominator)
{
    int64_t own, other, rank = 0;
    (void)exact_whole(lines[at].gross, denominator, &own);
    for (size_t i = 0; i < count; i++) {
        if (i == at || lines[i].regime != lines[at].regime)
            continue;
        (void)exact_whole(lines[i].gross, denominator, &other);
        rank += other > own || (other == own && i < at);
    }
    return rank;
}

static void spread(struct vat_line *lines, size_t count, size_t regime, int rate_bp, struct cents base)
{
    int64_t denominator = WHOLE_BP + rate_bp, left = base.v, remainder;
    for (size_t i = 0; i < count; i++)
        if (lines[i].regime == regime)
            left -= exact_whole(lines[i].gross, denominator, &remainder);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].regime != regime)
            continue;
        int64_t whole = exact_whole(lines[i].gross, denominator, &remainder);
        lines[i].net = cents(whole + (rank_of(lines, count, i, denominator) < left));
    }
}

void vat_compute(const struct vat_regime *regimes, size_t regime_count, struct vat_line *lines, size_t line_count,
                 struct vat_total *ret_totals)
{
    for (size_t regime = 0; regime < regime_count; regime++) {
        struct vat_total total = {0};
        for (size_t i = 0; i < line_count; i++) {
            assert(lines[i].regime < regime_count);
            if (lines[i].regime != regime)
                continue;
            total.gross = cents_add(total.gross, lines[i].gross);
            total.lines++;
        }
        total.base = vat_base(total.gross, regimes[regime].rate_bp);
        total.vat = cents(total.gross.v - total.base.v);
        spread(lines, line_count, regime, regimes[regime].rate_bp, total.base);
        ret_totals[regime] = total;
    }
}
