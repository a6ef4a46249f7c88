/* Pricing: rows of the tariff table to the domain's rule. */
#include "service/pricing.h"

#include "store/queries.h"
#include "text/message.h"

enum err price_visit(struct db *db, struct arena *arena, const struct settings *settings, struct priced visit,
                     struct price *ret_price, bool *ret_given, struct fault *fault)
{
    enum audience audience;
    enum leader_kind leader;
    if (!audience_parse(visit.audience, &audience) || !leader_kind_parse(visit.leader_kind, &leader))
        return fault_set(fault, ERR_BUG, "visit with an unknown audience or leader");

    struct tariffs_for_pricing_list rows;
    enum err err = q_tariffs_for_pricing(db, arena, (struct tariffs_for_pricing_in){
        .monument_id = visit.monument_id, .day = visit.day}, &rows, fault);
    if (err != OK)
        return err;
    struct tariff *tariffs = ARENA_ARRAY(arena, rows.n + 1, struct tariff);
    for (size_t i = 0; i < rows.n; i++) {
        const struct tariffs_for_pricing_row *row = &rows.p[i];
        tariffs[i] = (struct tariff){.code = row->code, .min_persons = (int)row->min_persons,
                                     .amount = cents(row->amount_cents), .vat_code = row->vat_code,
                                     .valid_from = (day_number)row->valid_from,
                                     .valid_to = row->valid_to.is ? (day_number)row->valid_to.v : TARIFF_NO_END};
        if (!audience_parse(row->audience, &tariffs[i].audience))
            return fault_set(fault, ERR_BUG, "tariff with an unknown audience");
    }
    *ret_given = price_of(tariffs, rows.n, audience, visit.persons, leader, (int)settings->leader_free_above, visit.day,
                          ret_price) == PRICE_GIVEN;
    return OK;
}

struct str tariff_label(struct arena *arena, enum lang lang, struct str code)
{
    enum msg key;
    if (!msg_find(str_join2(arena, S("tariff."), code), &key))
        return code;
    return msg_text(arena, lang, key);
}

struct str price_why(struct arena *arena, enum lang lang, struct str why, int64_t number)
{
    enum msg key;
    if (!msg_find(why, &key))
        return (struct str){0};
    return msg_text(arena, lang, key, ARG("n", number));
}
