/* The order of the questions is the order in which an agent wants to know. */
#include "domain/gate.h"

#include "domain/names.h"

static const char *const names[GATE_RESULTS] = {
    [GATE_VALID] = "valid",
    [GATE_USED] = "used",
    [GATE_WRONG_SLOT] = "wrong-slot",
    [GATE_WRONG_DAY] = "wrong-day",
    [GATE_WRONG_MONUMENT] = "wrong-monument",
    [GATE_CANCELLED] = "cancelled",
    [GATE_EXPIRED] = "expired",
    [GATE_UNKNOWN] = "unknown",
    [GATE_FORGED] = "forged",
    [GATE_TOO_MANY] = "too-many",
    [GATE_UNDONE] = "undone",
};

const char *gate_result_name(enum gate_result result)
{
    return names[result];
}

bool gate_result_parse(struct str name, enum gate_result *ret_result)
{
    int index = 0;
    if (!names_find(names, GATE_RESULTS, name, &index))
        return false;
    *ret_result = (enum gate_result)index;
    return true;
}

static enum gate_result when(const struct gate_facts *facts, const struct gate_tolerance *tolerance,
                             const struct zone *zone, instant at)
{
    bool slot = facts->kind == TICKET_SLOT;
    int late = facts->arrived > 0 && tolerance->rest > tolerance->late ? tolerance->rest : tolerance->late;
    instant from = facts->from - (slot ? tolerance->early * 60 : 0);
    instant until = facts->until + (slot ? late * 60 : 0);
    if (at >= from && at <= until)
        return GATE_VALID;
    if (facts->kind == TICKET_UNDATED)
        return at > until ? GATE_EXPIRED : GATE_WRONG_DAY;
    day_number day = local_of(zone, facts->from).day, today = local_of(zone, at).day;
    return day > today ? GATE_WRONG_DAY : day < today ? GATE_EXPIRED : GATE_WRONG_SLOT;
}

enum gate_result gate_decide(const struct gate_facts *facts, const struct gate_tolerance *tolerance,
                             const struct zone *zone, int64_t gate_monument_id, instant at)
{
    if (facts->cancelled)
        return GATE_CANCELLED;
    if (facts->monument_id != gate_monument_id)
        return GATE_WRONG_MONUMENT;
    if (facts->used || facts->arrived >= facts->persons)
        return GATE_USED;
    return when(facts, tolerance, zone, at);
}
