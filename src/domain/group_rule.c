/* Group sizes and the life of an option. */
#include "domain/group_rule.h"

int group_minimum(const struct group_rule *rule, bool guided)
{
    return guided && rule->guide_waives_minimum ? 1 : rule->min_persons;
}

enum group_answer group_check(const struct group_rule *rule, int persons, bool guided)
{
    if (persons < 1 || persons < group_minimum(rule, guided))
        return GROUP_BELOW_MINIMUM;
    return persons > rule->max_persons ? GROUP_ABOVE_MAXIMUM : GROUP_FITS;
}

bool group_sold_online(const struct group_rule *rule, enum audience audience)
{
    return audience == AUDIENCE_ADULTS || rule->school_online;
}

instant group_sales_close(const struct group_rule *rule, instant visit_start)
{
    return visit_start - (instant)rule->sales_close_minutes * 60;
}

instant group_confirm_by(const struct group_rule *rule, const struct zone *zone, instant visit_start)
{
    day_number visit_day = local_of(zone, visit_start).day;
    instant by = instant_of(zone, visit_day - rule->confirm_days_before, rule->confirm_minute);
    return by < visit_start ? by : visit_start;
}

enum option_answer option_end(const struct group_rule *rule, const struct zone *zone, instant placed_at,
                              instant visit_start, instant *ret_end)
{
    if (!rule->has_option || rule->option_days < 1)
        return OPTION_NOT_HERE;
    instant confirm_by = group_confirm_by(rule, zone, visit_start);
    if (placed_at >= confirm_by)
        return OPTION_TOO_LATE;
    struct local_time placed = local_of(zone, placed_at);
    instant end = instant_of(zone, placed.day + rule->option_days, placed.minute) + placed.second;
    *ret_end = end < confirm_by ? end : confirm_by;
    return OPTION_GIVEN;
}
