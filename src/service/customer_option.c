/* Options at the desk: a later end, or none (OPS-1, OPT-7). */
#include "service/customer.h"

#include "service/outbox.h"
#include "service/place_parts.h"
#include "store/queries.h"

struct treating {
    struct service *service;
    struct customer_act act;
    int64_t visit_id;
    instant now, ends_at;
    bool beyond;
    struct customer_option_row row;
    struct customer_option option;
    enum customer_refusal refusal;
};

static enum customer_refusal state_refusal(const struct customer_option_row *row, instant now)
{
    if (!str_eq(row->state, S("option")) || !row->start_at.is || !row->ends_at.is)
        return CUSTOMER_OPTION_ENDED;
    if (row->order_id.is)
        return CUSTOMER_OPTION_PAYING;
    return row->ends_at.v <= now ? CUSTOMER_OPTION_ENDED : CUSTOMER_REFUSED_NOT;
}

/* The visit with its rules. A slot that is not there any more leaves the visit's start as the only bound. */
static enum err look(struct db *db, struct arena *arena, struct treating *t, struct fault *fault)
{
    bool found = false;
    enum err err = q_customer_option(
        db, arena, (struct customer_option_in){.id = t->visit_id, .organisation_id = t->act.organisation_id}, &t->row,
        &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "visit %lld of the organisation", (long long)t->visit_id);
    if (err != OK)
        return err;
    const struct customer_option_row *row = &t->row;
    t->option = (struct customer_option){
        .visit_id = t->visit_id, .monument = row->monument_name, .persons = (int)row->persons,
        .holder = str_format(arena, "%.*s %.*s", STR_ARG(row->first_name), STR_ARG(row->last_name)),
        .start_at = row->start_at.v, .placed_at = row->placed_at, .ends_at = row->ends_at.v,
        .confirm_by = row->start_at.v, .refusal = state_refusal(row, t->now)};
    if (!row->start_at.is)
        return OK;
    struct slot_facts_row facts;
    err = q_slot_facts(db, arena,
                       (struct slot_facts_in){.monument_id = row->monument_id, .start_at = row->start_at.v}, &facts,
                       &found, fault);
    if (err == OK && found && facts.confirm_days_before.is) {
        struct group_rule rule = place_rule_of(&facts);
        t->option.confirm_by = group_confirm_by(&rule, &t->service->zone, row->start_at.v);
    }
    return err;
}

static enum err look_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    return look(db, arena, argument, fault);
}

enum err customer_option_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t organisation_id, int64_t visit_id, struct customer_option *ret_option,
                              struct fault *fault)
{
    struct treating t = {.service = service, .act = {.caller = caller, .organisation_id = organisation_id},
                         .visit_id = visit_id, .now = service_now(service)};
    enum err err = permit_staff(caller, TASK_CUSTOMER_VIEW, 0, fault);
    if (err == OK)
        err = service_read(service, arena, look_read, &t, fault);
    if (err == OK)
        *ret_option = t.option;
    return err;
}

static enum err tell(struct db *db, struct arena *arena, const struct treating *t, struct str kind, struct fault *fault)
{
    struct person_for_mail_row person;
    enum err err = q_person_for_mail(db, arena, (struct person_for_mail_in){.id = t->row.person_id}, &person, NULL,
                                     fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = kind, .organisation_id = t->act.organisation_id, .visit_id = t->visit_id, .recipient = person.email,
        .recipient_name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = lang_of(person.lang), .now = t->now}, fault);
}

static struct str as_text(struct arena *arena, const struct zone *zone, instant at)
{
    struct local_time local = local_of(zone, at);
    struct str day = day_iso(arena, local.day);
    return str_format(arena, "%.*s %02d:%02d", STR_ARG(day), local.minute / 60, local.minute % 60);
}

static enum err note(struct db *db, struct arena *arena, const struct treating *t, struct str act, struct str became,
                     struct fault *fault)
{
    return staff_audit(db, arena, t->act.caller, t->now, (struct staff_act){
        .act = act, .subject = str_format(arena, "visit %lld", (long long)t->visit_id),
        .organisation_id = t->act.organisation_id, .reason = t->act.reason, .detail = t->option.monument,
        .was = as_text(arena, &t->service->zone, t->row.ends_at.v), .became = became}, fault);
}

/* What stands before both acts: the form's key, the option, and whether it can be treated. ERR_REFUSED undoes the key. */
static enum err begin(struct db *db, struct arena *arena, struct treating *t, bool *ret_first, struct fault *fault)
{
    t->refusal = CUSTOMER_REFUSED_NOT;
    enum err err = staff_form_once(db, t->act.caller->staff_id, t->act.request_key, t->now, ret_first, fault);
    if (err == OK)
        err = look(db, arena, t, fault);
    if (err == OK && *ret_first)
        t->refusal = t->option.refusal;
    return err;
}

static enum customer_refusal end_refusal(const struct treating *t)
{
    return t->ends_at <= t->option.ends_at ? CUSTOMER_NOT_LATER
           : t->ends_at > t->option.start_at ? CUSTOMER_AFTER_START
           : t->ends_at > t->option.confirm_by && !t->beyond ? CUSTOMER_AFTER_CONFIRM
                                                             : CUSTOMER_REFUSED_NOT;
}

static enum err extend_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct treating *t = argument;
    bool first = false;
    enum err err = begin(db, arena, t, &first, fault);
    if (err != OK || !first)
        return err;
    if (t->refusal == CUSTOMER_REFUSED_NOT)
        t->refusal = end_refusal(t);
    if (t->refusal != CUSTOMER_REFUSED_NOT)
        return ERR_REFUSED;
    int64_t changed = 0;
    err = q_customer_option_extend(
        db, (struct customer_option_extend_in){.id = t->visit_id, .organisation_id = t->act.organisation_id,
                                               .was_ends_at = t->row.ends_at.v, .ends_at = t->ends_at, .now = t->now},
        &changed, fault);
    if (err == OK && changed == 0) /* another server was quicker: look again */
        return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)t->visit_id);
    if (err == OK)
        err = note(db, arena, t, S("customer.option-extend"), as_text(arena, &t->service->zone, t->ends_at), fault);
    return err != OK ? err : tell(db, arena, t, S("option-extended"), fault);
}

static enum err cancel_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct treating *t = argument;
    struct visit_release_row released;
    bool first = false, found = false;
    enum err err = begin(db, arena, t, &first, fault);
    if (err != OK || !first)
        return err;
    if (t->refusal != CUSTOMER_REFUSED_NOT)
        return ERR_REFUSED;
    err = q_visit_release(db, arena,
                          (struct visit_release_in){.id = t->visit_id, .organisation_id = t->act.organisation_id,
                                                    .state = S("cancelled"), .now = t->now},
                          &released, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_BUSY, "visit %lld has changed meanwhile", (long long)t->visit_id);
    if (err == OK)
        err = q_slot_give(db,
                          (struct slot_give_in){.monument_id = released.monument_id, .start_at = released.start_at.v,
                                                .persons = released.persons},
                          NULL, fault);
    if (err == OK)
        err = note(db, arena, t, S("customer.option-cancel"), S(""), fault);
    return err != OK ? err : tell(db, arena, t, S("option-cancelled"), fault);
}

static enum err treat(struct treating *t, struct arena *arena, enum task task, write_command write,
                      enum customer_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit_staff(t->act.caller, task, 0, fault);
    if (err == OK && !staff_reason_good(t->act.reason))
        return fault_set(fault, ERR_INPUT, "a reason is needed");
    t->act.reason = str_trim(t->act.reason);
    t->now = service_now(t->service);
    bool asked = err == OK;
    if (asked)
        err = service_write(t->service, arena, write, 0, t, fault);
    if (err == ERR_REFUSED && asked && t->refusal != CUSTOMER_REFUSED_NOT)
        err = OK;
    if (err == OK)
        *ret_refusal = t->refusal;
    return err;
}

enum err customer_option_extend(struct service *service, struct arena *arena, const struct customer_act *act,
                                int64_t visit_id, instant ends_at, bool beyond, enum customer_refusal *ret_refusal,
                                struct fault *fault)
{
    struct treating t = {.service = service, .act = *act, .visit_id = visit_id, .ends_at = ends_at, .beyond = beyond};
    return treat(&t, arena, TASK_OPTION_EXTEND, extend_write, ret_refusal, fault);
}

enum err customer_option_cancel(struct service *service, struct arena *arena, const struct customer_act *act,
                                int64_t visit_id, enum customer_refusal *ret_refusal, struct fault *fault)
{
    struct treating t = {.service = service, .act = *act, .visit_id = visit_id};
    return treat(&t, arena, TASK_OPTION_CANCEL, cancel_write, ret_refusal, fault);
}
