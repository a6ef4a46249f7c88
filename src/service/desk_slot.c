/* The slots of one monument on one day, with the groups that hold places in them; see desk.h. */
#include "service/desk_parts.h"
#include "store/queries.h"

struct slot_reading {
    const struct service *service;
    const struct staff_caller *caller;
    struct str slug;
    struct desk_slots slots;
};

static struct desk_group group_of(struct arena *arena, const struct desk_slot_visits_row *row, bool leaders)
{
    struct desk_group group = {.organisation_id = row->organisation_id, .organisation = row->organisation,
                               .state = row->state, .ref = row->ref.v, .persons = (int)row->persons};
    if (leaders) {
        group.leader = str_trim(str_format(arena, "%.*s %.*s", STR_ARG(row->leader_first.v), STR_ARG(row->leader_last.v)));
        group.leader_phone = row->leader_phone.v;
    }
    return group;
}

static struct desk_slot slot_of(struct arena *arena, const struct slot_reading *r, const struct desk_slots_row *row,
                                const struct desk_slot_visits_list *visits)
{
    struct desk_slot slot = {.start_at = row->start_at, .minutes = (int)row->minutes, .capacity = (int)row->capacity,
                             .taken = (int)row->taken, .whole_day = row->whole_day != 0,
                             .for_groups = row->for_groups != 0, .closed = row->closed_fr.is,
                             .why_closed = r->caller->lang == LANG_FR ? row->closed_fr.v : row->closed_en.v,
                             .groups = ARENA_ARRAY(arena, visits->n + 1, struct desk_group)};
    for (size_t i = 0; i < visits->n; i++)
        if (visits->p[i].start_at == row->start_at)
            slot.groups[slot.group_count++] = group_of(arena, &visits->p[i], r->slots.leaders);
    return slot;
}

static enum err slots_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct slot_reading *r = argument;
    struct desk_monument_row monument;
    struct desk_slots_list slots;
    struct desk_slot_visits_list visits;
    bool found = false;
    instant from = instant_of(&r->service->zone, r->slots.day, 0);
    instant to = instant_of(&r->service->zone, r->slots.day + 1, 0);
    enum err err = q_desk_monument(db, arena, (struct desk_monument_in){.slug = r->slug}, &monument, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "monument");
    if (err == OK)
        err = q_desk_slots(db, arena,
                           (struct desk_slots_in){.monument_id = monument.id, .from_at = from, .to_at = to}, &slots,
                           fault);
    if (err == OK)
        err = q_desk_slot_visits(
            db, arena, (struct desk_slot_visits_in){.monument_id = monument.id, .from_at = from, .to_at = to}, &visits,
            fault);
    if (err != OK)
        return err;
    r->slots.name = monument.name;
    r->slots.city = monument.city;
    r->slots.leaders = staff_may(r->caller, TASK_DAY_SHEET, monument.id);
    r->slots.p = ARENA_ARRAY(arena, slots.n + 1, struct desk_slot);
    r->slots.n = slots.n;
    for (size_t i = 0; i < slots.n; i++)
        r->slots.p[i] = slot_of(arena, r, &slots.p[i], &visits);
    return OK;
}

enum err desk_slots(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    struct str monument_slug, day_number day, struct desk_slots *ret_slots, struct fault *fault)
{
    struct slot_reading r = {.service = service, .caller = caller, .slug = monument_slug, .slots.day = day};
    enum err err = permit_staff(caller, TASK_SEARCH, 0, fault);
    if (err == OK)
        err = service_read(service, arena, slots_read, &r, fault);
    if (err == OK)
        *ret_slots = r.slots;
    return err;
}
