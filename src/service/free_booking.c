/* A visit that numbers pay: see rights_parts.h. */
#include "base/limits.h"
#include "domain/reference.h"
#include "service/fulfil.h"
#include "service/place_parts.h"
#include "service/rights_parts.h"

/* Between the taking of the places and the confirmation, in the same transaction. */
enum { HELD_SECONDS = 60 };

bool number_seen(const struct str *normals, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_eq(normals[i], normals[index]))
            return true;
    return false;
}

enum err free_booking_replayed(struct db *db, struct arena *arena, struct free_booking *booking, bool *ret_found,
                               struct fault *fault)
{
    struct order_by_request_row row;
    enum err err = q_order_by_request(db, arena,
                                      (struct order_by_request_in){.organisation_id = booking->organisation_id,
                                                                   .request_key = booking->wish.request_key},
                                      &row, ret_found, fault);
    if (err == OK && *ret_found)
        booking->order_ref = row.ref;
    return err;
}

static struct place_request request_of(const struct free_booking *booking)
{
    return (struct place_request){.monument_id = booking->wish.monument_id,
                                  .start_at = booking->wish.start_at,
                                  .persons = booking->wish.persons,
                                  .audience = booking->wish.audience,
                                  .leader = booking->wish.leader};
}

static enum err check_slot(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    const struct right_wish *wish = &booking->wish;
    struct place_result *result = &booking->result;
    bool found = false;
    if (wish->persons < 1 || wish->persons > LIMIT_VISIT_PERSONS) {
        result->refusal = REFUSED_NUMBER;
        return OK;
    }
    enum err err = q_slot_facts(db, arena,
                                (struct slot_facts_in){.monument_id = wish->monument_id, .start_at = wish->start_at},
                                &booking->slot, &found, fault);
    if (err != OK)
        return err;
    if (!found) {
        result->refusal = REFUSED_NO_SLOT;
        return OK;
    }
    result->monument_slug = booking->slot.slug;
    result->monument_name = booking->slot.monument_name;
    struct group_rule rule = place_rule_of(&booking->slot);
    struct place_request request = request_of(booking);
    struct place_part part = {.start_at = wish->start_at, .persons = wish->persons};
    result->refusal = place_check_group(&request, &booking->slot, &rule, wish->persons, result);
    if (result->refusal == REFUSED_NOT)
        result->refusal = place_check_slot(&booking->slot, &rule, &part, 0, booking->now, result);
    return OK;
}

static enum err check_price(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    bool given = false;
    const struct right_wish *wish = &booking->wish;
    enum err err = price_visit(db, arena, &booking->settings,
                               (struct priced){.audience = str_of(audience_name(wish->audience)),
                                               .leader_kind = str_of(leader_kind_name(wish->leader)),
                                               .monument_id = wish->monument_id,
                                               .persons = wish->persons,
                                               .day = (day_number)booking->slot.day},
                               &booking->price, &given, fault);
    if (err != OK)
        return err;
    if (!given) {
        booking->result.refusal = REFUSED_NO_TARIFF;
        return OK;
    }
    for (size_t i = 0; i < booking->price.count; i++)
        if (booking->price.lines[i].role == ROLE_VISITOR)
            booking->needed += booking->price.lines[i].quantity;
    return OK;
}

/* A guide opens small groups and has a free ticket: nobody else takes that place (COM-3, PLA-3). */
static enum err check_people(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    const struct right_wish *wish = &booking->wish;
    struct leader_usable_row leader;
    struct contact_usable_row contact;
    bool found = false;
    enum err err = q_leader_usable(
        db, arena, (struct leader_usable_in){.id = wish->leader_id, .organisation_id = booking->organisation_id},
        &leader, &found, fault);
    if (err != OK)
        return err;
    if (!found || (wish->leader == LEADER_GUIDE && !str_eq(leader.kind, S("guide"))))
        booking->result.refusal = REFUSED_LEADER_MISSING;
    if (wish->contact_id == 0 || booking->result.refusal != REFUSED_NOT)
        return OK;
    err = q_contact_usable(
        db, arena, (struct contact_usable_in){.id = wish->contact_id, .organisation_id = booking->organisation_id},
        &contact, &found, fault);
    if (err == OK && !found)
        booking->result.refusal = REFUSED_CONTACT;
    return err;
}

enum err free_booking_check(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    booking->result = (struct place_result){.start_at = booking->wish.start_at};
    booking->needed = 0;
    enum err err = settings_read(db, arena, &booking->settings, fault);
    if (err == OK)
        err = check_slot(db, arena, booking, fault);
    if (err == OK && booking->result.refusal == REFUSED_NOT)
        err = check_price(db, arena, booking, fault);
    if (err == OK && booking->result.refusal == REFUSED_NOT)
        err = check_people(db, arena, booking, fault);
    return err;
}

static enum err take_places(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    const struct right_wish *wish = &booking->wish;
    struct slot_take_row taken;
    bool found = false;
    enum err err = q_slot_take(
        db, arena,
        (struct slot_take_in){.monument_id = wish->monument_id, .start_at = wish->start_at, .persons = wish->persons},
        &taken, &found, fault);
    if (err != OK)
        return err;
    if (!found) {
        booking->result.refusal = REFUSED_SHORT;
        return ERR_REFUSED;
    }
    struct visit_insert_row visit;
    err = q_visit_insert(db, arena,
                         (struct visit_insert_in){.organisation_id = booking->organisation_id,
                                                  .person_id = booking->person_id,
                                                  .monument_id = wish->monument_id,
                                                  .kind = booking->slot.whole_day ? S("dated") : S("slot"),
                                                  .start_at = {.is = true, .v = wish->start_at},
                                                  .persons = wish->persons,
                                                  .audience = str_of(audience_name(wish->audience)),
                                                  .leader_kind = str_of(leader_kind_name(wish->leader)),
                                                  .state = S("cart"),
                                                  .placed_at = booking->now,
                                                  .ends_at = {.is = true, .v = booking->now + HELD_SECONDS},
                                                  .in_cart = 1,
                                                  .request_key = str_join2(arena, S("right."), wish->request_key)},
                         &visit, NULL, fault);
    if (err == OK)
        booking->visit_id = visit.id;
    return err;
}

static enum err insert_order(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    char reference[REFERENCE_SIZE];
    if (!reference_make(random_code(&booking->service->random, arena, REFERENCE_RANDOM), reference))
        return fault_set(fault, ERR_BUG, "order reference");
    booking->order_ref = str_dup(arena, str_of(reference));
    struct order_insert_row order;
    enum err err = q_order_insert(db, arena,
                                  (struct order_insert_in){.ref = booking->order_ref,
                                                           .organisation_id = booking->organisation_id,
                                                           .person_id = booking->person_id,
                                                           .method = S("free"),
                                                           .total_cents = 0,
                                                           .lang = lang_code(booking->lang),
                                                           .terms_version = booking->terms_version,
                                                           .request_key = booking->wish.request_key,
                                                           .now = booking->now},
                                  &order, NULL, fault);
    if (err != OK)
        return err;
    booking->order_id = order.id;
    return q_order_settled_by(db, (struct order_settled_by_in){.id = order.id, .settled_by = booking->settled_by}, NULL,
                              fault);
}

/* As sold for money, but for the price: a number stands for each person who would pay. */
static enum err insert_lines(struct db *db, struct arena *arena, const struct free_booking *booking,
                             struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < booking->price.count; i++) {
        const struct price_line *line = &booking->price.lines[i];
        bool by_number = line->role == ROLE_VISITOR;
        struct str why = by_number ? str_join2(arena, S("price.why."), booking->settled_by) : str_of(line->why);
        err = q_order_line_insert(
            db,
            (struct order_line_insert_in){.order_id = booking->order_id,
                                          .visit_id = booking->visit_id,
                                          .position = (int64_t)i + 1,
                                          .tariff_code = by_number ? booking->settled_by : line->tariff_code,
                                          .role = str_of(ticket_role_name(line->role)),
                                          .quantity = line->quantity,
                                          .unit_cents = 0,
                                          .vat_code = line->vat_code,
                                          .why = why,
                                          .why_number = by_number ? 0 : line->why_number},
            NULL, fault);
    }
    return err;
}

enum err free_booking_make(struct db *db, struct arena *arena, struct free_booking *booking, struct fault *fault)
{
    const struct right_wish *wish = &booking->wish;
    int64_t changed = 0;
    bool done = false;
    enum err err = take_places(db, arena, booking, fault);
    if (err == OK)
        err = insert_order(db, arena, booking, fault);
    if (err == OK)
        err = insert_lines(db, arena, booking, fault);
    if (err == OK)
        err = q_visit_to_order(
            db,
            (struct visit_to_order_in){.id = booking->visit_id,
                                       .organisation_id = booking->organisation_id,
                                       .order_id = booking->order_id,
                                       .pay_until = booking->now + HELD_SECONDS,
                                       .leader_id = {.is = true, .v = wish->leader_id},
                                       .contact_id = {.is = wish->contact_id != 0, .v = wish->contact_id},
                                       .now = booking->now},
            &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUG, "visit %lld could not join its order", (long long)booking->visit_id);
    if (err == OK)
        err = order_fulfil(booking->service, db, arena, booking->order_id, booking->now, &done, fault);
    return err == OK && !done ? fault_set(fault, ERR_BUG, "an order of numbers was not fulfilled") : err;
}
