/* Changing a paid visit (OPT-6): the new places, the supplementary order and, when nothing is to be paid, the change
 * itself, in one transaction. */
#include "service/order_change_parts.h"

#include "base/limits.h"
#include "domain/reference.h"
#include "service/audit.h"
#include "service/fulfil.h"
#include "service/payer.h"
#include "service/permit.h"
#include "service/place_parts.h"

/* After the provider's page has closed its notification may still be on its way. */
enum { NOTIFICATION_GRACE = 120 };

struct making {
    struct service *service;
    const struct caller *caller;
    const struct visit_change *change;
    instant now;
    struct settings settings;
    struct change_state old;
    struct slot_facts_row slot;
    bool same_slot;
    struct change_quote quote;
    struct change_sums sums;
    int64_t order_id, visit_id; /* the new ones */
    struct visit_change_result result;
};

static enum err refuse(struct making *making, enum change_refusal refusal)
{
    making->result.refusal = refusal;
    return ERR_REFUSED;
}

static enum err refuse_place(struct making *making, enum refusal refusal)
{
    making->result.place.refusal = refusal;
    return refuse(making, CHANGE_PLACES);
}

/* ---- What is asked ---------------------------------------------------------------------------------------------- */

static enum err read_old(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct visit_change *change = making->change;
    enum err err = settings_read(db, arena, &making->settings, fault);
    if (err == OK)
        err = order_change_state(making->service, db, arena, making->caller, change->order_ref, change->visit_id,
                                 making->now, &making->old, fault);
    /* Looked at first, so that nobody locks another organisation's visit; what counts is the look after the lock. */
    if (err == OK)
        err = q_change_lock(db, (struct change_lock_in){.visit_id = change->visit_id}, NULL, fault);
    if (err == OK)
        err = order_change_state(making->service, db, arena, making->caller, change->order_ref, change->visit_id,
                                 making->now, &making->old, fault);
    if (err != OK)
        return err;
    const struct change_view *old = &making->old.view;
    making->result.place = (struct place_result){.visit_id = old->visit_id, .monument_slug = old->monument_slug,
                                                 .monument_name = old->monument_name, .start_at = change->start_at};
    if (old->refusal == CHANGE_PAYING || old->refusal == CHANGE_GONE)
        making->result.order_ref = old->change_ref;
    if (old->refusal == CHANGE_NOT_REFUSED && old->late && str_empty(change->reason))
        return refuse(making, CHANGE_LATE);
    making->same_slot = old->start_at == change->start_at;
    if (old->refusal == CHANGE_NOT_REFUSED && making->same_slot && old->persons == change->persons)
        return refuse(making, CHANGE_SAME);
    return old->refusal != CHANGE_NOT_REFUSED ? refuse(making, old->refusal) : OK;
}

/* The rules of the monument, anew: size of the group, slot, sub-groups in different slots (PLA-3, PLA-5, VIS-1). */
static enum err check_slot(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct change_view *old = &making->old.view;
    const struct place_part part = {.start_at = making->change->start_at, .persons = making->change->persons};
    bool found = false;
    if (part.persons < 1 || part.persons > LIMIT_VISIT_PERSONS)
        return refuse_place(making, REFUSED_NUMBER);
    enum err err = q_slot_facts(db, arena, (struct slot_facts_in){.monument_id = old->monument_id,
        .start_at = part.start_at}, &making->slot, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return refuse_place(making, REFUSED_NO_SLOT);
    struct group_rule rule = place_rule_of(&making->slot);
    struct place_request request = {.monument_id = old->monument_id, .audience = old->audience, .leader = old->leader};
    enum refusal refusal = place_check_group(&request, &making->slot, &rule, part.persons, &making->result.place);
    if (refusal == REFUSED_NOT)
        refusal = place_check_slot(&making->slot, &rule, &part, making->same_slot ? old->persons : 0, making->now,
                                   &making->result.place);
    if (refusal != REFUSED_NOT)
        return refuse_place(making, refusal);
    if (!making->old.row.split_key.is)
        return OK;
    struct change_split_in_slot_row others;
    err = q_change_split_in_slot(db, arena, (struct change_split_in_slot_in){
        .organisation_id = making->caller->organisation_id, .split_key = making->old.row.split_key.v,
        .monument_id = old->monument_id, .start_at = part.start_at, .visit_id = old->visit_id}, &others, NULL, fault);
    return err == OK && others.n > 0 ? refuse(making, CHANGE_SPLIT) : err;
}

static enum err check_price(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = order_change_price(db, arena, &making->old.view, making->change->persons,
                                      (day_number)making->slot.day, &making->quote, fault);
    if (err != OK)
        return err;
    if (!making->quote.given)
        return refuse_place(making, REFUSED_NO_TARIFF);
    making->result.difference = making->quote.difference;
    /* ORD-3: whether customers are given back anything is the network's decision; customer service decides itself. */
    if (making->quote.no_credit && making->caller->staff_id == 0)
        return refuse(making, CHANGE_CREDIT);
    if (making->quote.difference != making->change->difference)
        return refuse(making, CHANGE_PRICE);
    making->sums = change_sums_of(making->old.view.price, making->quote.price.total);
    return OK;
}

/* ---- What is made ----------------------------------------------------------------------------------------------- */

/* Only what the group does not have yet: in its own slot the difference. The statement decides (PLA-4). */
static enum err take_places(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    int persons = making->change->persons;
    int more = making->same_slot ? change_places_more(making->old.view.persons, persons) : persons;
    if (more == 0)
        return OK;
    struct slot_take_row taken;
    bool found = false;
    enum err err = q_slot_take(db, arena, (struct slot_take_in){.monument_id = making->old.view.monument_id,
        .start_at = making->change->start_at, .persons = more}, &taken, &found, fault);
    return err == OK && !found ? refuse_place(making, REFUSED_SHORT) : err;
}

static enum err insert_order(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    char reference[REFERENCE_SIZE];
    if (!reference_make(random_code(&making->service->random, arena, REFERENCE_RANDOM), reference))
        return fault_set(fault, ERR_BUG, "order reference");
    making->result.order_ref = str_dup(arena, str_of(reference));
    making->result.to_pay = making->sums.to_pay.v > 0;
    /* The terms are those that were accepted with the order that it changes. */
    struct order_insert_row order;
    enum err err = q_order_insert(db, arena, (struct order_insert_in){
        .ref = making->result.order_ref, .organisation_id = making->caller->organisation_id,
        .person_id = making->caller->person_id, .method = making->result.to_pay ? S("card") : making->old.row.method,
        .total_cents = making->quote.price.total.v, .lang = lang_code(caller_mail_lang(making->caller)),
        .terms_version = making->old.row.terms_version, .request_key = making->change->request_key, .now = making->now,
        .staff_id = {making->caller->staff_id != 0, making->caller->staff_id}}, &order, NULL, fault);
    if (err == OK)
        making->order_id = order.id;
    return err;
}

static enum err insert_lines(struct making *making, struct db *db, struct fault *fault)
{
    enum err err = OK;
    for (size_t i = 0; err == OK && i < making->quote.price.count; i++) {
        const struct price_line *line = &making->quote.price.lines[i];
        err = q_order_line_insert(db, (struct order_line_insert_in){
            .order_id = making->order_id, .visit_id = making->visit_id, .position = (int64_t)i + 1,
            .tariff_code = line->tariff_code, .role = str_of(ticket_role_name(line->role)), .quantity = line->quantity,
            .unit_cents = line->unit.v, .vat_code = line->vat_code, .why = str_of(line->why),
            .why_number = line->why_number}, NULL, fault);
    }
    return err;
}

/* The successor is a hold of its order, in nobody's cart. */
static enum err insert_visit(struct making *making, struct db *db, struct arena *arena, instant pay_until,
                             struct fault *fault)
{
    const struct change_view *old = &making->old.view;
    int persons = making->change->persons;
    instant end = pay_until < making->change->start_at ? pay_until : making->change->start_at;
    struct visit_insert_row visit;
    enum err err = q_visit_insert(db, arena, (struct visit_insert_in){
        .organisation_id = making->caller->organisation_id, .person_id = making->caller->person_id,
        .monument_id = old->monument_id, .kind = making->slot.whole_day ? S("dated") : S("slot"),
        .start_at = {.is = true, .v = making->change->start_at}, .persons = persons,
        .audience = str_of(audience_name(old->audience)), .leader_kind = str_of(leader_kind_name(old->leader)),
        .state = S("cart"), .placed_at = making->now, .ends_at = {.is = true, .v = end}, .in_cart = 0,
        .split_key = making->old.row.split_key,
        .request_key = str_join2(arena, making->change->request_key, S(".change"))}, &visit, NULL, fault);
    if (err != OK)
        return err;
    making->visit_id = visit.id;
    int lent = making->same_slot ? persons - change_places_more(old->persons, persons) : 0;
    return q_change_visit_bind(db, (struct change_visit_bind_in){
        .id = visit.id, .old_id = old->visit_id, .order_id = making->order_id, .pay_until = pay_until,
        .leader_id = making->old.row.leader_id, .contact_id = making->old.row.contact_id, .lent_persons = lent}, NULL, fault);
}

static struct str in_words(struct making *making, struct arena *arena, instant start, int persons, struct cents price)
{
    struct local_time local = local_of(&making->service->zone, start);
    struct date date = date_of(local.day);
    return str_format(arena, "%04d-%02d-%02d %02d:%02d, %d persons, %lld cents", date.year, date.month, date.day,
                      local.minute / 60, local.minute % 60, persons, (long long)price.v);
}

/* Why customer service did it: what was typed for this change, else why it acts for the customer at all. */
static struct str reason_of(const struct making *making)
{
    if (making->caller->staff_id == 0)
        return (struct str){0};
    return str_empty(making->change->reason) ? making->caller->why : making->change->reason;
}

static enum err note(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct caller *caller = making->caller;
    const struct change_view *old = &making->old.view;
    struct change_insert_row inserted;
    enum err err = q_change_insert(db, arena, (struct change_insert_in){
        .organisation_id = caller->organisation_id, .person_id = caller->person_id,
        .staff_id = {.is = caller->staff_id != 0, .v = caller->staff_id},
        .reason = reason_of(making), .old_order_id = making->old.row.order_id,
        .old_visit_id = old->visit_id, .new_order_id = making->order_id, .new_visit_id = making->visit_id,
        .carried_cents = making->sums.carried.v, .returned_cents = making->sums.returned.v, .now = making->now},
        &inserted, NULL, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = making->now, .person_id = caller->person_id, .staff_id = caller->staff_id,
        .organisation_id = caller->organisation_id, .act = S("order.change"), .subject = old->order_ref,
        .detail = str_format(arena, "visit %lld, order %.*s", (long long)old->visit_id,
                             STR_ARG(making->result.order_ref)),
        .reason = reason_of(making),
        .was = in_words(making, arena, old->start_at, old->persons, old->price),
        .became = in_words(making, arena, making->change->start_at, making->change->persons,
                           making->quote.price.total)}, fault);
}

/* With nothing to pay the change is made now; else an attempt waits to be sent to the provider. */
static enum err finish(struct making *making, struct db *db, struct arena *arena, instant expires_at,
                       struct fault *fault)
{
    if (!making->result.to_pay) {
        bool done = false;
        enum err err = order_fulfil(making->service, db, arena, making->order_id, making->now, &done, fault);
        /* What was there a moment ago is not any more: another server was quicker, so look again. */
        if (err == OK && !done)
            return fault_set(fault, ERR_BUSY, "change of visit %lld", (long long)making->change->visit_id);
        return err;
    }
    struct attempt_insert_row attempt;
    return q_attempt_insert(db, arena, (struct attempt_insert_in){
        .order_id = making->order_id, .number = 1, .provider = str_of(making->service->payer->name),
        .amount_cents = making->sums.to_pay.v, .now = making->now, .expires_at = expires_at}, &attempt, NULL, fault);
}

static enum err make(struct making *making, struct db *db, struct arena *arena, struct fault *fault)
{
    /* Who was not there when it was asked for needs time to read the mail with the way to the payment (OPS-1). */
    int64_t minutes = making->caller->staff_id != 0 ? making->settings.payment_link_minutes
                                                    : making->settings.payment_minutes;
    instant expires_at = making->now + minutes * 60;
    enum err err = take_places(making, db, arena, fault);
    if (err == OK)
        err = insert_order(making, db, arena, fault);
    if (err == OK)
        err = insert_visit(making, db, arena, expires_at + NOTIFICATION_GRACE, fault);
    if (err == OK)
        err = insert_lines(making, db, fault);
    if (err == OK)
        err = note(making, db, arena, fault);
    return err == OK ? finish(making, db, arena, expires_at, fault) : err;
}

static enum err change_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct making *making = argument;
    making->now = service_now(making->service);
    making->result = (struct visit_change_result){.refusal = CHANGE_NOT_REFUSED};
    struct order_by_request_row before;
    bool found = false;
    enum err err = q_order_by_request(db, arena, (struct order_by_request_in){
        .organisation_id = making->caller->organisation_id, .request_key = making->change->request_key}, &before,
        &found, fault);
    if (err != OK)
        return err;
    if (found) { /* this form again: its change, whatever has become of it */
        making->result.order_ref = before.ref;
        making->result.to_pay = str_eq(before.state, S("pending"));
        return OK;
    }
    err = read_old(making, db, arena, fault);
    if (err == OK)
        err = check_slot(making, db, arena, fault);
    if (err == OK)
        err = check_price(making, db, arena, fault);
    return err == OK ? make(making, db, arena, fault) : err;
}

enum err order_change(struct service *service, struct arena *arena, const struct caller *caller,
                      const struct visit_change *change, struct visit_change_result *ret_result, struct fault *fault)
{
    enum err err = permit(caller, TASK_ORDER, fault);
    if (err != OK)
        return err;
    struct making making = {.service = service, .caller = caller, .change = change};
    err = service_write(service, arena, change_command, change->start_at, &making, fault);
    if (err == ERR_CONFLICT) /* the same form, or another change, at the same moment: look at what the first made */
        err = service_write(service, arena, change_command, change->start_at, &making, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_result = making.result;
    return OK;
}
