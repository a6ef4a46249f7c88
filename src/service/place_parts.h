/* What placing and changing ask of a slot before they take its places: for the files of places and options only. */
#ifndef GUICHET_SERVICE_PLACE_PARTS_H
#define GUICHET_SERVICE_PLACE_PARTS_H

#include "domain/group_rule.h"
#include "service/place.h"
#include "service/settings.h"
#include "store/queries.h"

struct group_rule place_rule_of(const struct slot_facts_row *row);

/* Everything but the places themselves: who may book how many here, and when (PLA-3, VIS-1). Notes in `result` what the
 * message needs. */
enum refusal place_check_group(const struct place_request *request, const struct slot_facts_row *row,
                               const struct group_rule *rule, int persons, struct place_result *result);

/* Whether the slot has the places now; `own` of those that are taken are the group's already. For the message: what
 * decides is the statement that takes them (PLA-4). */
enum refusal place_check_slot(const struct slot_facts_row *row, const struct group_rule *rule,
                              const struct place_part *part, int own, instant now, struct place_result *result);

/* *ret_given: a tariff is in force for this group on that day. */
enum err place_check_price(struct db *db, struct arena *arena, const struct settings *settings,
                           const struct place_request *request, int persons, day_number day, bool *ret_given,
                           struct fault *fault);

#endif
