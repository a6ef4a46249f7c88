/* Choosing a tariff and writing the price lines. */
#include "domain/tariff.h"

/* Whose tariffs an audience may pay, in order of preference: special groups pay the school tariff where they have none
 * of their own. Nobody falls back to the adults' tariff: better no sale than a wrong price. */
static const struct {
    int count;
    enum audience tried[2];
} preference[AUDIENCE_COUNT] = {
    [AUDIENCE_ADULTS] = {1, {AUDIENCE_ADULTS}},
    [AUDIENCE_SCHOOL] = {1, {AUDIENCE_SCHOOL}},
    [AUDIENCE_SPECIAL] = {2, {AUDIENCE_SPECIAL, AUDIENCE_SCHOOL}},
};

static bool valid_on(const struct tariff *tariff, enum audience audience, day_number day)
{
    return tariff->audience == audience && day >= tariff->valid_from && day <= tariff->valid_to;
}

/* The more specific one; of equals the one that came into force last, so that a new price needs no edit of the old. */
static bool beats(const struct tariff *tariff, const struct tariff *best)
{
    if (best == NULL || tariff->min_persons != best->min_persons)
        return best == NULL || tariff->min_persons > best->min_persons;
    return tariff->valid_from > best->valid_from;
}

const struct tariff *tariff_for(const struct tariff *tariffs, size_t count, enum audience audience, int persons,
                                day_number day)
{
    const struct tariff *best = NULL;
    for (int step = 0; step < preference[audience].count && best == NULL; step++) {
        for (size_t i = 0; i < count; i++) {
            const struct tariff *tariff = &tariffs[i];
            if (valid_on(tariff, preference[audience].tried[step], day) && persons >= tariff->min_persons &&
                beats(tariff, best))
                best = tariff;
        }
    }
    return best;
}

/* The number from which a larger group would pay another rate, or 0. */
static int next_threshold(const struct tariff *tariffs, size_t count, const struct tariff *chosen, day_number day)
{
    int next = 0;
    for (size_t i = 0; i < count; i++) {
        int from = tariffs[i].min_persons;
        if (valid_on(&tariffs[i], chosen->audience, day) && from > chosen->min_persons && (next == 0 || from < next))
            next = from;
    }
    return next;
}

static void explain(struct price_line *line, const struct tariff *tariffs, size_t count, enum audience audience,
                    const struct tariff *chosen, day_number day)
{
    int next = next_threshold(tariffs, count, chosen, day);
    if (audience != AUDIENCE_ADULTS) {
        line->why = audience == AUDIENCE_SCHOOL ? "price.why.school_rate" : "price.why.special_rate";
    } else if (chosen->min_persons > 1) {
        line->why = "price.why.group_rate";
        line->why_number = chosen->min_persons;
    } else {
        line->why = next != 0 ? "price.why.full_rate" : "price.why.only_rate";
        line->why_number = next;
    }
}

static void add_line(struct price *price, struct price_line line)
{
    line.total = cents_times(line.unit, line.quantity);
    price->lines[price->count++] = line;
    price->total = cents_add(price->total, line.total);
}

enum price_answer price_of(const struct tariff *tariffs, size_t count, enum audience audience, int persons,
                           enum leader_kind leader, int free_above, day_number visit_day, struct price *ret_price)
{
    if (persons < 1)
        return PRICE_BAD_NUMBER;
    const struct tariff *tariff = tariff_for(tariffs, count, audience, persons, visit_day);
    if (tariff == NULL)
        return PRICE_NO_TARIFF;
    bool free_leader = leader_is_free(leader, persons, free_above);
    struct price price = {.leader_pays = leader != LEADER_NONE && !free_leader};
    struct price_line line = {.tariff_code = tariff->code, .vat_code = tariff->vat_code};
    if (persons > free_leader) {
        line.role = ROLE_VISITOR;
        line.quantity = persons - free_leader;
        line.unit = tariff->amount;
        explain(&line, tariffs, count, audience, tariff, visit_day);
        add_line(&price, line);
    }
    if (free_leader) {
        line.role = leader_role(leader);
        line.quantity = 1;
        line.unit = cents(0);
        line.why = leader == LEADER_GUIDE ? "price.why.guide_free" : "price.why.leader_free";
        line.why_number = leader == LEADER_GUIDE ? 0 : free_above;
        add_line(&price, line);
    }
    *ret_price = price;
    return PRICE_GIVEN;
}
