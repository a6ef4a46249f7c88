/* Changing an option in place (OPT-6): one transaction takes the new places, moves the option and frees the old ones,
 * so whatever fails, the group has either what it had or what it asked for. */
#include "base/limits.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/permit.h"
#include "service/place_parts.h"

struct moving {
    struct service *service;
    const struct caller *caller;
    const struct option_change *change;
    struct str key; /* of this form with what it asks for */
    struct visit_of_row visit;
    struct place_request request; /* as if the option were placed anew */
    struct place_part part;
    struct slot_facts_row slot;
    bool same_slot;
    instant now, end;
    struct place_result result;
};

static enum err refuse(struct moving *moving, enum refusal refusal)
{
    moving->result.refusal = refusal;
    return ERR_REFUSED;
}

/* The option as it is; refused when it is none that can be changed. */
static enum err read_option(struct moving *moving, struct db *db, struct arena *arena, struct fault *fault)
{
    struct visit_of_row *visit = &moving->visit;
    bool found = false;
    enum err err = q_visit_of(db, arena, (struct visit_of_in){
        .id = moving->change->visit_id, .organisation_id = moving->caller->organisation_id}, visit, &found, fault);
    if (err != OK)
        return err;
    if (!found || !visit->start_at.is)
        return fault_set(fault, ERR_NOT_FOUND, "option");
    moving->result.monument_slug = visit->monument_slug;
    moving->result.monument_name = visit->monument_name;
    moving->result.ends_at = visit->ends_at.v;
    if (str_eq(visit->state, S("option")) && visit->order_id.is)
        return refuse(moving, REFUSED_PAYING);
    if (!str_eq(visit->state, S("option")) || visit->ends_at.v <= moving->now)
        return refuse(moving, REFUSED_ENDED);
    moving->request = (struct place_request){.monument_id = visit->monument_id, .option = true};
    if (!audience_parse(visit->audience, &moving->request.audience) ||
        !leader_kind_parse(visit->leader_kind, &moving->request.leader))
        return fault_set(fault, ERR_BUG, "visit %lld has an unknown audience or leader",
                         (long long)moving->change->visit_id);
    return OK;
}

/* The life of an option counts from its placing and no change makes it longer; one that customer service has extended
 * keeps what it has. The last moment to confirm is that of the new visit. */
static enum refusal new_end(struct moving *moving, const struct group_rule *rule)
{
    const struct zone *zone = &moving->service->zone;
    instant end = 0, confirm_by = group_confirm_by(rule, zone, moving->part.start_at);
    switch (option_end(rule, zone, moving->visit.placed_at, moving->part.start_at, &end)) {
    case OPTION_GIVEN: break;
    case OPTION_NOT_HERE: return REFUSED_NO_OPTION_HERE;
    case OPTION_TOO_LATE: return REFUSED_OPTION_TOO_LATE;
    }
    instant kept = moving->visit.ends_at.v < confirm_by ? moving->visit.ends_at.v : confirm_by;
    moving->end = end > kept ? end : kept;
    return moving->end > moving->now ? REFUSED_NOT : REFUSED_OPTION_TOO_LATE;
}

static enum err check(struct moving *moving, struct db *db, struct arena *arena, struct fault *fault)
{
    bool found = false, given = false;
    const struct place_part *part = &moving->part;
    if (part->persons < 1 || part->persons > LIMIT_VISIT_PERSONS)
        return refuse(moving, REFUSED_NUMBER);
    enum err err = q_slot_facts(db, arena, (struct slot_facts_in){
        .monument_id = moving->visit.monument_id, .start_at = part->start_at}, &moving->slot, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return refuse(moving, REFUSED_NO_SLOT);
    struct group_rule rule = place_rule_of(&moving->slot);
    int own = moving->same_slot ? (int)moving->visit.persons : 0;
    enum refusal refusal = place_check_group(&moving->request, &moving->slot, &rule, part->persons, &moving->result);
    if (refusal == REFUSED_NOT)
        refusal = place_check_slot(&moving->slot, &rule, part, own, moving->now, &moving->result);
    if (refusal == REFUSED_NOT)
        refusal = new_end(moving, &rule);
    if (refusal != REFUSED_NOT)
        return refuse(moving, refusal);
    struct settings settings;
    err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = place_check_price(db, arena, &settings, &moving->request, part->persons, (day_number)moving->slot.day,
                                &given, fault);
    return err == OK && !given ? refuse(moving, REFUSED_NO_TARIFF) : err;
}

/* Only what the option does not have yet: in its own slot the difference. */
static enum err take_new(struct moving *moving, struct db *db, struct arena *arena, struct fault *fault)
{
    int64_t persons = moving->part.persons - (moving->same_slot ? moving->visit.persons : 0);
    if (persons <= 0)
        return OK;
    struct slot_take_row taken;
    bool found = false;
    enum err err = q_slot_take(db, arena, (struct slot_take_in){.monument_id = moving->visit.monument_id,
        .start_at = moving->part.start_at, .persons = persons}, &taken, &found, fault);
    return err == OK && !found ? refuse(moving, REFUSED_SHORT) : err;
}

static enum err free_old(struct moving *moving, struct db *db, struct fault *fault)
{
    int64_t persons = moving->visit.persons - (moving->same_slot ? moving->part.persons : 0);
    if (persons <= 0)
        return OK;
    return q_slot_give(db, (struct slot_give_in){.monument_id = moving->visit.monument_id,
        .start_at = moving->visit.start_at.v, .persons = persons}, NULL, fault);
}

static enum err move_option(struct moving *moving, struct db *db, struct arena *arena, struct fault *fault)
{
    struct option_move_row row;
    bool found = false;
    enum err err = q_option_move(db, arena, (struct option_move_in){
        .id = moving->change->visit_id, .was_start_at = moving->visit.start_at.v, .was_persons = moving->visit.persons,
        .was_ends_at = moving->visit.ends_at.v, .start_at = moving->part.start_at, .persons = moving->part.persons,
        .kind = moving->slot.whole_day ? S("dated") : S("slot"), .ends_at = moving->end, .now = moving->now}, &row,
        &found, fault);
    if (err == OK && !found) /* another server was quicker: look again */
        return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)moving->change->visit_id);
    if (err != OK)
        return err;
    return q_option_change_note(db, (struct option_change_note_in){
        .visit_id = moving->change->visit_id, .request_key = moving->key, .start_at = moving->part.start_at,
        .persons = moving->part.persons, .now = moving->now}, NULL, fault);
}

static enum err changed_mail(struct moving *moving, struct db *db, struct arena *arena, struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = moving->caller->person_id}, &person,
                                     NULL, fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = S("option-changed"), .organisation_id = moving->caller->organisation_id,
        .visit_id = moving->change->visit_id, .recipient = person.email,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = caller_mail_lang(moving->caller), .now = moving->now}, fault);
}

static struct str in_words(struct moving *moving, struct arena *arena, instant start, int64_t persons)
{
    struct local_time local = local_of(&moving->service->zone, start);
    struct date date = date_of(local.day);
    return str_format(arena, "%04d-%02d-%02d %02d:%02d, %lld persons", date.year, date.month, date.day,
                      local.minute / 60, local.minute % 60, (long long)persons);
}

static enum err note_change(struct moving *moving, struct db *db, struct arena *arena, struct fault *fault)
{
    enum err err = changed_mail(moving, db, arena, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = moving->now, .person_id = moving->caller->person_id, .staff_id = moving->caller->staff_id,
        .reason = moving->caller->why,
        .organisation_id = moving->caller->organisation_id, .act = S("option.change"),
        .subject = str_format(arena, "visit %lld", (long long)moving->change->visit_id),
        .was = in_words(moving, arena, moving->visit.start_at.v, moving->visit.persons),
        .became = in_words(moving, arena, moving->part.start_at, moving->part.persons)}, fault);
}

static enum err change_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct moving *moving = argument;
    moving->now = service_now(moving->service);
    moving->result = (struct place_result){.visit_id = moving->change->visit_id, .start_at = moving->change->start_at};
    moving->part = (struct place_part){.start_at = moving->change->start_at, .persons = moving->change->persons};
    enum err err = read_option(moving, db, arena, fault);
    if (err != OK)
        return err;
    moving->same_slot = moving->visit.start_at.v == moving->part.start_at;
    if (moving->same_slot && moving->visit.persons == moving->part.persons)
        return OK;
    bool done = false;
    struct option_change_find_row before;
    err = q_option_change_find(db, arena, (struct option_change_find_in){
        .visit_id = moving->change->visit_id, .request_key = moving->key}, &before, &done, fault);
    if (err != OK || done) /* this form again, after a later change: it does not undo that one */
        return err;
    err = check(moving, db, arena, fault);
    if (err == OK)
        err = take_new(moving, db, arena, fault);
    if (err == OK)
        err = move_option(moving, db, arena, fault);
    if (err == OK)
        err = free_old(moving, db, fault);
    if (err == OK)
        err = note_change(moving, db, arena, fault);
    if (err == OK)
        moving->result.ends_at = moving->end;
    return err;
}

enum err place_change(struct service *service, struct arena *arena, const struct caller *caller,
                      const struct option_change *change, struct place_result *ret_result, struct fault *fault)
{
    enum err err = permit(caller, TASK_HOLD, fault);
    if (err != OK)
        return err;
    struct moving moving = {.service = service, .caller = caller, .change = change,
                            .key = str_format(arena, "%.*s.%lld.%d", STR_ARG(change->request_key),
                                              (long long)change->start_at, change->persons)};
    err = service_write(service, arena, change_command, change->start_at, &moving, fault);
    if (err == ERR_CONFLICT) /* the same form twice at the same moment: the second finds what the first made */
        err = service_write(service, arena, change_command, change->start_at, &moving, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_result = moving.result;
    return OK;
}
