/* What a slot is asked before its places are taken: see place_parts.h. */
#include "service/place_parts.h"

#include "domain/slot_state.h"
#include "service/pricing.h"

struct group_rule place_rule_of(const struct slot_facts_row *row)
{
    return (struct group_rule){
        .min_persons = (int)row->min_persons.v, .guide_waives_minimum = row->guide_waives_minimum.v != 0,
        .max_persons = (int)row->max_persons.v, .has_option = row->option_days.is,
        .option_days = (int)row->option_days.v, .confirm_days_before = (int)row->confirm_days_before.v,
        .confirm_minute = (int)row->confirm_minute.v, .sales_close_minutes = (int)row->sales_close_minutes.v,
        .school_online = row->school_online.v != 0};
}

static enum refusal refusal_of_state(enum slot_state state)
{
    switch (state) {
    case SLOT_FREE: return REFUSED_NOT;
    case SLOT_SHORT: return REFUSED_SHORT;
    case SLOT_FULL: return REFUSED_FULL;
    case SLOT_NOT_FOR_GROUPS: return REFUSED_NOT_FOR_GROUPS;
    case SLOT_CLOSED: return REFUSED_CLOSED;
    case SLOT_PAST: return REFUSED_PAST;
    case SLOT_NOT_ON_SALE: return REFUSED_NOT_ON_SALE;
    }
    return REFUSED_CLOSED;
}

enum refusal place_check_group(const struct place_request *request, const struct slot_facts_row *row,
                               const struct group_rule *rule, int persons, struct place_result *result)
{
    if (!row->max_persons.is || str_eq(row->sale_mode, S("contact")))
        return REFUSED_NOT_SOLD_SO;
    result->minimum = rule->min_persons;
    result->maximum = rule->max_persons;
    if (!group_sold_online(rule, request->audience))
        return REFUSED_SCHOOL_ELSEWHERE;
    if (request->option && !audience_has_options(request->audience))
        return REFUSED_NO_OPTION_SCHOOL;
    switch (group_check(rule, persons, request->leader == LEADER_GUIDE)) {
    case GROUP_FITS: return REFUSED_NOT;
    case GROUP_BELOW_MINIMUM:
        result->guide_helps = rule->guide_waives_minimum;
        return REFUSED_BELOW_MINIMUM;
    case GROUP_ABOVE_MAXIMUM: return REFUSED_ABOVE_MAXIMUM;
    }
    return REFUSED_NUMBER;
}

enum refusal place_check_slot(const struct slot_facts_row *row, const struct group_rule *rule,
                              const struct place_part *part, int own, instant now, struct place_result *result)
{
    struct slot_facts facts = {
        .start = part->start_at, .capacity = (int)row->capacity, .taken = (int)row->taken - own,
        .closed = row->closed_fr.is, .not_for_groups = row->for_groups == 0, .on_sale_from = row->on_sale_from,
        .booking_cutoff = group_sales_close(rule, part->start_at)};
    /* A dated ticket is sold through its day, up to the closing time less the same margin. */
    if (row->whole_day) {
        facts.start = part->start_at + row->minutes * 60;
        facts.booking_cutoff = group_sales_close(rule, facts.start);
    }
    result->left = slot_left(&facts);
    return refusal_of_state(slot_state_of(&facts, part->persons, now));
}

enum err place_check_price(struct db *db, struct arena *arena, const struct settings *settings,
                           const struct place_request *request, int persons, day_number day, bool *ret_given,
                           struct fault *fault)
{
    struct price price;
    *ret_given = false;
    return price_visit(db, arena, settings, (struct priced){
        .audience = str_of(audience_name(request->audience)), .leader_kind = str_of(leader_kind_name(request->leader)),
        .monument_id = request->monument_id, .persons = persons, .day = day}, &price, ret_given, fault);
}
