/* Places: the commands that take and give them back. */
#include "service/place.h"

#include "base/buf.h"
#include "base/limits.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/permit.h"
#include "service/place_parts.h"

struct hold {
    struct service *service;
    const struct caller *caller;
    const struct place_request *request;
    const struct place_part *parts;
    size_t count;
    struct str key;   /* of this form with what it asks for */
    int64_t visit_id; /* the ended hold that is taken again */
    struct place_result result;
};

static enum err refuse(struct hold *hold, enum refusal refusal)
{
    hold->result.refusal = refusal;
    return ERR_REFUSED;
}

/* A hold of the cart ends with the visit's start at the latest, that of a dated ticket with its day. */
static instant end_of_cart_hold(const struct settings *settings, const struct slot_facts_row *row, instant start,
                                instant now)
{
    instant end = now + settings->cart_hold_minutes * 60;
    instant last = row->whole_day ? start + row->minutes * 60 : start;
    return end < last ? end : last;
}

static enum refusal end_of_hold(struct hold *hold, const struct settings *settings, const struct slot_facts_row *row,
                                const struct group_rule *rule, const struct place_part *part, instant now,
                                instant *ret_end)
{
    if (!hold->request->option) {
        *ret_end = end_of_cart_hold(settings, row, part->start_at, now);
        return REFUSED_NOT;
    }
    switch (option_end(rule, &hold->service->zone, now, part->start_at, ret_end)) {
    case OPTION_GIVEN: return REFUSED_NOT;
    case OPTION_NOT_HERE: return REFUSED_NO_OPTION_HERE;
    case OPTION_TOO_LATE: return REFUSED_OPTION_TOO_LATE;
    }
    return REFUSED_NO_OPTION_HERE;
}

static enum err check_price(struct hold *hold, struct db *db, struct arena *arena, const struct settings *settings,
                            int persons, day_number day, struct fault *fault)
{
    bool given = false;
    enum err err = place_check_price(db, arena, settings, hold->request, persons, day, &given, fault);
    return err == OK && !given ? refuse(hold, REFUSED_NO_TARIFF) : err;
}

/* The form's key and a mark of what it asks for. A page that the back button brings again has its old key: the same
 * question is the same form, another number or another button is not. */
static void set_key(struct hold *hold, struct arena *arena)
{
    enum { MARK = 8, LONGEST = 4096 };
    const struct place_request *request = hold->request;
    struct buf asked = buf_new(LONGEST);
    buf_format(&asked, "%lld %d %d %d", (long long)request->monument_id, request->audience, request->leader, request->option);
    for (size_t i = 0; i < hold->count; i++)
        buf_format(&asked, " %lld %d", (long long)hold->parts[i].start_at, hold->parts[i].persons);
    unsigned char digest[CRYPTO_DIGEST];
    crypto_sha256(buf_view(&asked), digest);
    buf_free(&asked);
    hold->key = str_format(arena, "%.*s.%.*s", STR_ARG(request->request_key), STR_ARG(str_hex(arena, digest, MARK)));
}

static struct str part_key(struct arena *arena, const struct hold *hold, size_t index)
{
    return hold->count == 1 ? hold->key : str_format(arena, "%.*s/%zu", STR_ARG(hold->key), index);
}

static enum err insert_visit(struct hold *hold, struct db *db, struct arena *arena, size_t index, const char *kind,
                             instant now, instant end, struct fault *fault)
{
    const struct place_request *request = hold->request;
    struct visit_insert_row row;
    enum err err = q_visit_insert(db, arena, (struct visit_insert_in){
        .organisation_id = hold->caller->organisation_id, .person_id = hold->caller->person_id,
        .monument_id = request->monument_id, .kind = str_of(kind),
        .start_at = {.is = true, .v = hold->parts[index].start_at}, .persons = hold->parts[index].persons,
        .audience = str_of(audience_name(request->audience)),
        .leader_kind = str_of(leader_kind_name(request->leader)),
        .state = request->option ? S("option") : S("cart"), .placed_at = now, .ends_at = {.is = true, .v = end},
        .in_cart = request->option ? 0 : 1,
        .split_key = {.is = hold->count > 1, .v = hold->key},
        .request_key = part_key(arena, hold, index), .staff_id = {hold->caller->staff_id != 0, hold->caller->staff_id}}, &row, NULL, fault);
    if (err == OK) {
        hold->result.visit_id = row.id;
        hold->result.ends_at = end;
    }
    return err;
}

static enum err hold_part(struct hold *hold, struct db *db, struct arena *arena, const struct settings *settings,
                          size_t index, instant now, struct fault *fault)
{
    const struct place_part *part = &hold->parts[index];
    hold->result.start_at = part->start_at;
    if (part->persons < 1 || part->persons > LIMIT_VISIT_PERSONS)
        return refuse(hold, REFUSED_NUMBER);
    struct slot_facts_row row;
    bool found = false;
    enum err err = q_slot_facts(db, arena, (struct slot_facts_in){
        .monument_id = hold->request->monument_id, .start_at = part->start_at}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return refuse(hold, REFUSED_NO_SLOT);
    hold->result.monument_slug = row.slug;
    hold->result.monument_name = row.monument_name;

    struct group_rule rule = place_rule_of(&row);
    instant end = 0;
    enum refusal refusal = place_check_group(hold->request, &row, &rule, part->persons, &hold->result);
    if (refusal == REFUSED_NOT)
        refusal = place_check_slot(&row, &rule, part, 0, now, &hold->result);
    if (refusal == REFUSED_NOT)
        refusal = end_of_hold(hold, settings, &row, &rule, part, now, &end);
    if (refusal != REFUSED_NOT)
        return refuse(hold, refusal);
    err = check_price(hold, db, arena, settings, part->persons, (day_number)row.day, fault);
    if (err != OK)
        return err;

    /* The check above was for the message; this is what decides (PLA-4). */
    struct slot_take_row taken;
    err = q_slot_take(db, arena, (struct slot_take_in){.monument_id = hold->request->monument_id,
        .start_at = part->start_at, .persons = part->persons}, &taken, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return refuse(hold, REFUSED_SHORT);
    return insert_visit(hold, db, arena, index, row.whole_day ? "dated" : "slot", now, end, fault);
}

/* What the same form made before; of what has ended since then it is not said that it is held. */
static enum err replayed(struct hold *hold, struct db *db, struct arena *arena, bool *ret_found, struct fault *fault)
{
    struct visit_by_request_row row;
    enum err err = q_visit_by_request(db, arena, (struct visit_by_request_in){
        .organisation_id = hold->caller->organisation_id, .request_key = part_key(arena, hold, 0)}, &row, ret_found, fault);
    if (err != OK || !*ret_found)
        return err;
    hold->result.visit_id = row.id;
    hold->result.ends_at = row.ends_at.v;
    bool over = str_eq(row.state, S("expired")) || str_eq(row.state, S("cancelled"));
    return over ? refuse(hold, REFUSED_ENDED) : OK;
}

static enum err check_cart_size(struct hold *hold, struct db *db, struct arena *arena, struct fault *fault)
{
    struct cart_size_row size;
    enum err err = q_cart_size(db, arena, (struct cart_size_in){.person_id = hold->caller->person_id}, &size, NULL, fault);
    if (err == OK && size.n + (int64_t)hold->count > LIMIT_CART_VISITS)
        return refuse(hold, REFUSED_CART_FULL);
    return err;
}

/* The network's cap against hoarding (OPT-7); each sub-group of a large group is an option of its own. A rule of good
 * conduct, not an invariant: two servers at the same moment may let one too many through. */
static enum err check_option_cap(struct hold *hold, struct db *db, struct arena *arena, const struct settings *settings,
                                 instant now, struct fault *fault)
{
    struct options_live_row live;
    enum err err = q_options_live(db, arena, (struct options_live_in){
        .organisation_id = hold->caller->organisation_id, .now = now}, &live, NULL, fault);
    hold->result.maximum = (int)settings->options_live_max;
    if (err == OK && live.n + (int64_t)hold->count > settings->options_live_max)
        return refuse(hold, REFUSED_OPTION_CAP);
    return err;
}

static enum err option_placed_mail(struct hold *hold, struct db *db, struct arena *arena, instant now,
                                   struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = hold->caller->person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = S("option-placed"), .organisation_id = hold->caller->organisation_id,
        .visit_id = hold->result.visit_id, .recipient = person.email,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = caller_mail_lang(hold->caller), .now = now}, fault);
}

static enum err hold_audit(const struct hold *hold, struct db *db, struct arena *arena, struct str act, instant now,
                           struct fault *fault)
{
    return audit_add(db, arena, (struct audit_row){
        .at = now, .person_id = hold->caller->person_id, .staff_id = hold->caller->staff_id,
        .reason = hold->caller->why, .organisation_id = hold->caller->organisation_id, .act = act,
        .subject = str_format(arena, "visit %lld", (long long)hold->result.visit_id)}, fault);
}

static enum err hold_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct hold *hold = argument;
    instant now = service_now(hold->service);
    hold->result = (struct place_result){0};
    bool found = false;
    enum err err = replayed(hold, db, arena, &found, fault);
    if (err != OK || found)
        return err;
    struct settings settings;
    err = settings_read(db, arena, &settings, fault);
    if (err == OK && !hold->request->option)
        err = check_cart_size(hold, db, arena, fault);
    else if (err == OK)
        err = check_option_cap(hold, db, arena, &settings, now, fault);
    for (size_t i = 0; err == OK && i < hold->count; i++)
        err = hold_part(hold, db, arena, &settings, i, now, fault);
    if (err != OK)
        return err;
    if (hold->request->option) {
        err = option_placed_mail(hold, db, arena, now, fault);
        if (err != OK)
            return err;
    }
    return hold_audit(hold, db, arena, hold->request->option ? S("option.place") : S("cart.hold"), now, fault);
}

static enum err run_hold(struct hold *hold, struct arena *arena, int64_t order, write_command command,
                         struct place_result *ret_result, struct fault *fault)
{
    enum err err = service_write(hold->service, arena, command, order, hold, fault);
    if (err == ERR_CONFLICT) /* the same form twice at the same moment: the second finds what the first made */
        err = service_write(hold->service, arena, command, order, hold, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_result = hold->result;
    return OK;
}

enum err place_hold(struct service *service, struct arena *arena, const struct caller *caller,
                    const struct place_request *request, struct place_result *ret_result, struct fault *fault)
{
    enum err may = permit(caller, TASK_HOLD, fault);
    if (may != OK)
        return may;
    struct place_part part = {.start_at = request->start_at, .persons = request->persons};
    struct hold hold = {.service = service, .caller = caller, .request = request, .parts = &part, .count = 1};
    set_key(&hold, arena);
    return run_hold(&hold, arena, request->start_at, hold_command, ret_result, fault);
}

enum err place_split(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct place_request *request, const struct place_part *parts, size_t count,
                     struct place_result *ret_result, struct fault *fault)
{
    enum err may = permit(caller, TASK_HOLD, fault);
    if (may != OK)
        return may;
    if (count == 0 || count > LIMIT_CART_VISITS) {
        *ret_result = (struct place_result){.refusal = REFUSED_NUMBER};
        return OK;
    }
    struct hold hold = {.service = service, .caller = caller, .request = request, .parts = parts, .count = count};
    set_key(&hold, arena);
    return run_hold(&hold, arena, parts[0].start_at, hold_command, ret_result, fault);
}

/* ---- Undated tickets -------------------------------------------------------------------------------------------- */

static enum err undated_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct hold *hold = argument;
    const struct place_request *request = hold->request;
    instant now = service_now(hold->service);
    hold->result = (struct place_result){0};
    bool found = false;
    enum err err = replayed(hold, db, arena, &found, fault);
    if (err != OK || found)
        return err;
    struct monument_for_sale_row monument;
    err = q_monument_for_sale(db, arena, (struct monument_for_sale_in){.id = request->monument_id}, &monument, &found, fault);
    if (err != OK)
        return err;
    if (!found || !str_eq(monument.sale_mode, S("contact")))
        return refuse(hold, REFUSED_NOT_SOLD_SO);
    hold->result.monument_slug = monument.slug;
    hold->result.monument_name = monument.name;
    if (request->persons < 1 || request->persons > LIMIT_VISIT_PERSONS)
        return refuse(hold, REFUSED_NUMBER);
    struct settings settings;
    err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = check_cart_size(hold, db, arena, fault);
    if (err == OK)
        err = check_price(hold, db, arena, &settings, request->persons, service_day(hold->service, now), fault);
    if (err != OK)
        return err;
    struct visit_insert_row row;
    err = q_visit_insert(db, arena, (struct visit_insert_in){
        .organisation_id = hold->caller->organisation_id, .person_id = hold->caller->person_id,
        .monument_id = request->monument_id, .kind = S("undated"), .persons = request->persons,
        .audience = S("adults"), .leader_kind = str_of(leader_kind_name(request->leader)), .state = S("cart"),
        .placed_at = now, .in_cart = 1, .request_key = hold->key,
        .staff_id = {hold->caller->staff_id != 0, hold->caller->staff_id}}, &row, NULL, fault);
    if (err != OK)
        return err;
    hold->result.visit_id = row.id;
    return hold_audit(hold, db, arena, S("cart.hold"), now, fault);
}

enum err place_undated(struct service *service, struct arena *arena, const struct caller *caller, int64_t monument_id,
                       int persons, enum leader_kind leader, struct str request_key, struct place_result *ret_result,
                       struct fault *fault)
{
    enum err may = permit(caller, TASK_HOLD, fault);
    if (may != OK)
        return may;
    struct place_request request = {.monument_id = monument_id, .persons = persons, .audience = AUDIENCE_ADULTS,
                                    .leader = leader, .request_key = request_key};
    struct place_part part = {.persons = persons};
    struct hold hold = {.service = service, .caller = caller, .request = &request, .parts = &part, .count = 1};
    set_key(&hold, arena);
    return run_hold(&hold, arena, 0, undated_command, ret_result, fault);
}

/* ---- Ending, moving, taking again ------------------------------------------------------------------------------- */

struct change {
    struct service *service;
    const struct caller *caller;
    int64_t visit_id;
    bool keep_option;
    enum refusal refusal;
};

static enum err give_back(struct db *db, int64_t monument_id, struct maybe_int start_at, int64_t persons,
                          struct fault *fault)
{
    if (!start_at.is)
        return OK;
    return q_slot_give(db, (struct slot_give_in){.monument_id = monument_id, .start_at = start_at.v, .persons = persons},
                       NULL, fault);
}

static enum err cancel_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct change *change = argument;
    const struct caller *caller = change->caller;
    instant now = service_now(change->service);
    change->refusal = REFUSED_NOT;
    struct visit_of_row visit;
    bool found = false;
    enum err err = q_visit_of(db, arena, (struct visit_of_in){
        .id = change->visit_id, .organisation_id = caller->organisation_id}, &visit, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "visit");
    if (str_eq(visit.state, S("expired")) && visit.in_cart)
        return q_visit_forget(db, (struct visit_forget_in){.id = change->visit_id,
            .organisation_id = caller->organisation_id}, NULL, fault);
    bool live = str_eq(visit.state, S("option")) || str_eq(visit.state, S("cart"));
    if (!live || visit.order_id.is) {
        change->refusal = live ? REFUSED_PAYING : REFUSED_ENDED;
        return OK;
    }
    if (change->keep_option && str_eq(visit.state, S("option")))
        return q_visit_cart_flag(db, (struct visit_cart_flag_in){.id = change->visit_id,
            .organisation_id = caller->organisation_id, .person_id = visit.person_id, .in_cart = 0, .now = now}, NULL, fault);
    struct visit_release_row released;
    err = q_visit_release(db, arena, (struct visit_release_in){.id = change->visit_id,
        .organisation_id = caller->organisation_id, .state = S("cancelled"), .now = now}, &released, &found, fault);
    if (err != OK)
        return err;
    if (!found) /* another server was quicker: look again */
        return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)change->visit_id);
    err = give_back(db, released.monument_id, released.start_at, released.persons, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = now, .person_id = caller->person_id, .staff_id = caller->staff_id, .reason = caller->why,
        .organisation_id = caller->organisation_id,
        .act = str_eq(visit.state, S("option")) ? S("option.cancel") : S("cart.remove"),
        .subject = str_format(arena, "visit %lld", (long long)change->visit_id)}, fault);
}

enum err place_cancel(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                      bool keep_option, enum refusal *ret_refusal, struct fault *fault)
{
    enum err may = permit(caller, TASK_HOLD, fault);
    if (may != OK)
        return may;
    struct change change = {.service = service, .caller = caller, .visit_id = visit_id, .keep_option = keep_option};
    enum err err = service_write(service, arena, cancel_command, 0, &change, fault);
    if (err == OK)
        *ret_refusal = change.refusal;
    return err;
}

struct to_cart {
    struct service *service;
    const struct caller *caller;
    const int64_t *ids;
    size_t count;
    int moved;
};

static enum err to_cart_audit(const struct to_cart *move, struct db *db, struct arena *arena, int64_t visit_id,
                              struct fault *fault)
{
    if (move->caller->staff_id == 0) /* a customer's own clicks are not noted */
        return OK;
    return audit_add(db, arena, (struct audit_row){
        .at = service_now(move->service), .person_id = move->caller->person_id, .staff_id = move->caller->staff_id,
        .reason = move->caller->why, .organisation_id = move->caller->organisation_id, .act = S("option.to-cart"),
        .subject = str_format(arena, "visit %lld", (long long)visit_id)}, fault);
}

static enum err to_cart_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct to_cart *move = argument;
    move->moved = 0;
    for (size_t i = 0; i < move->count; i++) {
        struct cart_size_row size;
        enum err err = q_cart_size(db, arena, (struct cart_size_in){.person_id = move->caller->person_id}, &size, NULL, fault);
        if (err != OK || size.n >= LIMIT_CART_VISITS)
            return err;
        int64_t changed = 0;
        err = q_visit_cart_flag(db, (struct visit_cart_flag_in){
            .id = move->ids[i], .organisation_id = move->caller->organisation_id,
            .person_id = move->caller->person_id, .in_cart = 1, .now = service_now(move->service)}, &changed, fault);
        if (err != OK)
            return err;
        move->moved += (int)changed;
        if (changed > 0)
            err = to_cart_audit(move, db, arena, move->ids[i], fault);
        if (err != OK)
            return err;
    }
    return OK;
}

enum err place_options_to_cart(struct service *service, struct arena *arena, const struct caller *caller,
                               const int64_t *visit_ids, size_t count, int *ret_moved, struct fault *fault)
{
    enum err may = permit(caller, TASK_HOLD, fault);
    if (may != OK)
        return may;
    struct to_cart move = {.service = service, .caller = caller, .ids = visit_ids,
                           .count = count < LIMIT_CART_VISITS ? count : LIMIT_CART_VISITS};
    enum err err = service_write(service, arena, to_cart_command, 0, &move, fault);
    if (err == OK)
        *ret_moved = move.moved;
    return err;
}

static enum err again_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct hold *hold = argument;
    int64_t visit_id = hold->visit_id;
    instant now = service_now(hold->service);
    hold->result = (struct place_result){.visit_id = visit_id};
    struct visit_of_row visit;
    bool found = false;
    enum err err = q_visit_of(db, arena, (struct visit_of_in){
        .id = visit_id, .organisation_id = hold->caller->organisation_id}, &visit, &found, fault);
    if (err != OK)
        return err;
    if (!found || !visit.start_at.is)
        return fault_set(fault, ERR_NOT_FOUND, "visit");
    if (!str_eq(visit.state, S("expired")) || !visit.in_cart)
        return refuse(hold, REFUSED_ENDED);
    struct place_request request = {.monument_id = visit.monument_id};
    if (!audience_parse(visit.audience, &request.audience) || !leader_kind_parse(visit.leader_kind, &request.leader))
        return fault_set(fault, ERR_BUG, "visit %lld has an unknown audience or leader", (long long)visit_id);
    struct place_part part = {.start_at = visit.start_at.v, .persons = (int)visit.persons};
    struct slot_facts_row row;
    err = q_slot_facts(db, arena, (struct slot_facts_in){.monument_id = visit.monument_id,
        .start_at = part.start_at}, &row, &found, fault);
    if (err != OK)
        return err;
    enum refusal refusal = REFUSED_NO_SLOT;
    if (found) {
        struct group_rule rule = place_rule_of(&row);
        refusal = place_check_group(&request, &row, &rule, part.persons, &hold->result);
        if (refusal == REFUSED_NOT)
            refusal = place_check_slot(&row, &rule, &part, 0, now, &hold->result);
    }
    hold->result.start_at = part.start_at;
    hold->result.monument_slug = visit.monument_slug;
    hold->result.monument_name = visit.monument_name;
    if (refusal != REFUSED_NOT)
        return refuse(hold, refusal);
    struct slot_take_row taken;
    err = q_slot_take(db, arena, (struct slot_take_in){.monument_id = visit.monument_id, .start_at = part.start_at,
        .persons = part.persons}, &taken, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return refuse(hold, REFUSED_SHORT);
    struct settings settings;
    err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    hold->result.ends_at = end_of_cart_hold(&settings, &row, part.start_at, now);
    struct visit_revive_row revived;
    err = q_visit_revive(db, arena, (struct visit_revive_in){.id = visit_id,
        .organisation_id = hold->caller->organisation_id, .ends_at = hold->result.ends_at}, &revived, &found, fault);
    if (err == OK && !found)
        return refuse(hold, REFUSED_ENDED);
    return err != OK ? err : hold_audit(hold, db, arena, S("cart.hold"), now, fault);
}

enum err place_again(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                     struct place_result *ret_result, struct fault *fault)
{
    enum err may = permit(caller, TASK_HOLD, fault);
    if (may != OK)
        return may;
    struct hold hold = {.service = service, .caller = caller, .visit_id = visit_id};
    return run_hold(&hold, arena, 0, again_command, ret_result, fault);
}

/* ---- The list of options ---------------------------------------------------------------------------------------- */

struct options_read {
    int64_t organisation_id;
    instant now;
    struct option_list_list rows;
};

static enum err read_options(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct options_read *read = argument;
    return q_option_list(db, arena, (struct option_list_in){.organisation_id = read->organisation_id, .now = read->now},
                         &read->rows, fault);
}

enum err place_options(struct service *service, struct arena *arena, const struct caller *caller,
                       struct option_views *ret_options, struct fault *fault)
{
    enum err may = permit(caller, TASK_VIEW, fault);
    if (may != OK)
        return may;
    struct options_read read = {.organisation_id = caller->organisation_id, .now = service_now(service)};
    enum err err = service_read(service, arena, read_options, &read, fault);
    if (err != OK)
        return err;
    struct option_view *views = ARENA_ARRAY(arena, read.rows.n + 1, struct option_view);
    for (size_t i = 0; i < read.rows.n; i++) {
        const struct option_list_row *row = &read.rows.p[i];
        views[i] = (struct option_view){
            .id = row->id, .monument_slug = row->monument_slug, .monument_name = row->monument_name,
            .start_at = row->start_at, .placed_at = row->placed_at, .ends_at = row->ends_at,
            .minutes = (int)row->minutes, .persons = (int)row->persons, .audience = row->audience,
            .leader_kind = row->leader_kind, .in_cart = row->in_cart != 0, .paying = row->order_id.is,
            .order_ref = row->order_ref.v, .split_key = row->split_key.v, .by_service = row->staff_id.is};
    }
    *ret_options = (struct option_views){views, read.rows.n};
    return OK;
}

/* ---- Job -------------------------------------------------------------------------------------------------------- */

struct expire {
    int64_t visit_id;
    instant now;
    bool ended;
};

struct due {
    instant now;
    struct visits_due_list visits;
};

static enum err read_due(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct due *due = argument;
    return q_visits_due(db, arena, (struct visits_due_in){.now = due->now}, &due->visits, fault);
}

static enum err expire_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct expire *expire = argument;
    struct visit_expire_row ended;
    bool found = false;
    enum err err = q_visit_expire(db, arena, (struct visit_expire_in){.id = expire->visit_id, .now = expire->now},
                                  &ended, &found, fault);
    expire->ended = found;
    if (err != OK || !found)
        return err;
    err = q_slot_give(db, (struct slot_give_in){.monument_id = ended.monument_id, .start_at = ended.start_at,
                                                .persons = ended.persons}, NULL, fault);
    if (err != OK || !ended.was_option)
        return err;
    struct person_for_mail_row person;
    err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = ended.person_id}, &person, NULL, fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = S("option-ended"), .organisation_id = ended.organisation_id, .visit_id = expire->visit_id,
        .recipient = person.email,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = lang_of(person.lang), .now = expire->now}, fault);
}

enum err place_expire(struct service *service, struct arena *arena, int *ret_ended, struct fault *fault)
{
    struct due due = {.now = service_now(service)};
    enum err first = service_read(service, arena, read_due, &due, fault);
    if (first != OK)
        return first;
    int ended = 0;
    for (size_t i = 0; i < due.visits.n; i++) {
        struct expire expire = {.visit_id = due.visits.p[i].id, .now = due.now};
        /* One that cannot be ended must not keep the others alive. */
        struct fault own = {.err = OK};
        enum err err = service_write(service, arena, expire_command, due.visits.p[i].start_at, &expire, &own);
        ended += err == OK && expire.ended;
        if (err != OK && first == OK && fault != NULL)
            *fault = own;
        first = first != OK ? first : err;
    }
    *ret_ended = ended;
    return ended > 0 ? OK : first;
}
