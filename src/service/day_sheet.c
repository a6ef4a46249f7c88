/* The day sheet; see day_sheet.h. */
#include "service/day_sheet.h"

#include "base/limits.h"
#include "service/catalogue.h"
#include "service/pass_booking.h"
#include "service/staff_session.h"
#include "store/queries.h"

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static enum group_state state_of(const struct groups_of_visits_row *row)
{
    if (str_eq(row->state, S("confirmed")))
        return GROUP_CONFIRMED;
    if (row->order_id.is)
        return GROUP_PAYING;
    return str_eq(row->state, S("option")) ? GROUP_OPTION : GROUP_CART;
}

static struct group of_visit(struct arena *arena, const struct groups_of_visits_row *row)
{
    struct group group = {
        .state = state_of(row), .id = row->id, .start = row->start_at, .ends_at = row->ends_at.v,
        .persons = (int)row->persons, .organisation_id = row->organisation_id, .organisation = row->organisation,
        .country = row->country, .order_ref = row->order_ref.v,
        .contact = full_name(arena, row->first_name, row->last_name), .contact_phone = row->phone,
        .contact_email = row->email, .needs = row->needs};
    /* The columns' CHECKs allow these words only. */
    (void)audience_parse(row->audience, &group.audience);
    (void)leader_kind_parse(row->leader_kind, &group.leader_kind);
    /* «Guide Type» says that somebody will come, not who. */
    if (row->leader_last.is && row->leader_placeholder.v == 0) {
        group.leader = full_name(arena, row->leader_first.v, row->leader_last.v);
        group.leader_phone = row->leader_phone.v;
        group.leader_email = row->leader_email.v;
        group.leader_card = row->leader_card.v;
        group.has_card_until = row->card_until.is;
        group.card_until = (day_number)row->card_until.v;
    }
    return group;
}

static struct group of_phone(const struct groups_of_phone_row *row)
{
    struct group group = {
        .state = GROUP_PHONE, .id = row->id, .start = row->start_at, .persons = (int)row->persons,
        .organisation_id = row->organisation_id.v, .organisation = row->organisation, .contact = row->name,
        .contact_phone = row->phone, .contact_email = row->email, .needs = row->needs};
    (void)audience_parse(row->audience, &group.audience);
    (void)leader_kind_parse(row->leader_kind, &group.leader_kind);
    return group;
}

enum err groups_read(struct db *db, struct arena *arena, int64_t monument_id, instant from, instant until,
                     struct groups *ret_groups, struct fault *fault)
{
    struct groups_of_visits_list visits = {.n = 0};
    struct groups_of_phone_list phones = {.n = 0};
    enum err err = q_groups_of_visits(
        db, arena, (struct groups_of_visits_in){.monument_id = monument_id, .from_at = from, .until_at = until},
        &visits, fault);
    if (err == OK)
        err = q_groups_of_phone(
            db, arena, (struct groups_of_phone_in){.monument_id = monument_id, .from_at = from, .until_at = until},
            &phones, fault);
    if (err != OK)
        return err;
    struct groups groups = {.p = ARENA_ARRAY(arena, visits.n + phones.n + 1, struct group),
                            .more = visits.n >= LIMIT_LIST || phones.n >= LIMIT_LIST};
    for (size_t v = 0, p = 0; v < visits.n || p < phones.n;) {
        bool phone = v == visits.n || (p < phones.n && phones.p[p].start_at < visits.p[v].start_at);
        groups.p[groups.n++] = phone ? of_phone(&phones.p[p]) : of_visit(arena, &visits.p[v]);
        *(phone ? &p : &v) += 1;
    }
    *ret_groups = groups;
    return OK;
}

/* ---- the sheet ---- */

struct reading {
    const struct service *service;
    enum lang lang;
    struct day_sheet sheet;
};

static void fill_slot(struct reading *reading, const struct planning_slots_row *row, const struct groups *groups,
                      struct day_slot *slot)
{
    struct str closed = reading->lang == LANG_EN ? row->closed_en.v : row->closed_fr.v;
    *slot = (struct day_slot){.start = row->start_at, .minute = local_of(&reading->service->zone, row->start_at).minute,
                              .minutes = (int)row->minutes, .capacity = (int)row->capacity, .taken = (int)row->taken,
                              .whole_day = row->whole_day != 0, .for_groups = row->for_groups != 0,
                              .closed = row->closed_fr.is ? closed : (struct str){NULL, 0}};
    for (size_t i = 0; i < groups->n; i++) {
        struct group *group = &groups->p[i];
        if (group->start != row->start_at || group->state == GROUP_CART)
            continue;
        if (slot->groups.n == 0)
            slot->groups.p = group;
        slot->groups.n++;
        slot->persons += group->persons;
    }
    reading->sheet.groups += (int)slot->groups.n;
    reading->sheet.persons += slot->persons;
}

/* Groups of carts go to the end of their slot, so that the others lie together. */
static void carts_last(struct groups *groups)
{
    for (size_t i = 1; i < groups->n; i++) {
        struct group moved = groups->p[i];
        size_t at = i;
        for (; at > 0 && groups->p[at - 1].start == moved.start && groups->p[at - 1].state == GROUP_CART &&
               moved.state != GROUP_CART; at--)
            groups->p[at] = groups->p[at - 1];
        groups->p[at] = moved;
    }
}

/* What the gate compares with what a group shows (PMP-1). */
static enum err passes_read(struct db *db, struct arena *arena, struct group *group, struct fault *fault)
{
    struct pass_numbers numbers;
    if (group->state != GROUP_CONFIRMED)
        return OK;
    enum err err = pass_numbers_read(db, arena, group->id, &numbers, fault);
    for (size_t i = 0; err == OK && i < numbers.n; i++)
        group->passes = i == 0 ? numbers.p[0]
                               : str_format(arena, "%.*s, %.*s", STR_ARG(group->passes), STR_ARG(numbers.p[i]));
    return err;
}

static enum err sheet_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *reading = argument;
    struct day_sheet *sheet = &reading->sheet;
    struct monument monument;
    struct planning_slots_list rows = {.n = 0};
    struct groups groups = {.n = 0};
    instant from = instant_of(&reading->service->zone, sheet->day, 0);
    instant until = instant_of(&reading->service->zone, sheet->day + 1, 0);
    enum err err = monument_by_id(db, arena, sheet->monument_id, &monument, fault);
    if (err == OK)
        err = q_planning_slots(
            db, arena,
            (struct planning_slots_in){.monument_id = sheet->monument_id, .from_at = from, .until_at = until}, &rows,
            fault);
    if (err == OK)
        err = groups_read(db, arena, sheet->monument_id, from, until, &groups, fault);
    for (size_t i = 0; err == OK && i < groups.n; i++)
        err = passes_read(db, arena, &groups.p[i], fault);
    if (err != OK)
        return err;
    carts_last(&groups);
    sheet->monument = monument.name;
    sheet->slug = monument.slug;
    sheet->groups = sheet->persons = 0;
    sheet->slots = (struct day_slots){.p = ARENA_ARRAY(arena, rows.n + 1, struct day_slot), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++)
        fill_slot(reading, &rows.p[i], &groups, &sheet->slots.p[i]);
    return OK;
}

enum err day_sheet_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t monument_id, day_number day, struct day_sheet *ret_sheet, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_DAY_SHEET, monument_id, fault);
    if (err != OK)
        return err;
    struct reading reading = {.service = service, .lang = caller->lang,
                              .sheet = {.monument_id = monument_id, .day = day}};
    err = service_read(service, arena, sheet_read, &reading, fault);
    if (err == OK)
        *ret_sheet = reading.sheet;
    return err;
}

/* ---- what a group needs ---- */

struct needing {
    struct service *service;
    const struct staff_caller *staff;
    const struct caller *customer;
    int64_t monument_id, visit_id;
    struct str needs;
    struct group group;
};

static enum err needs_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct needing *needing = argument;
    struct visit_needs_of_row row;
    bool found = false;
    enum err err = q_visit_needs_of(
        db, arena, (struct visit_needs_of_in){.id = needing->visit_id, .monument_id = needing->monument_id}, &row,
        &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no visit %lld at monument %lld", (long long)needing->visit_id,
                         (long long)needing->monument_id);
    needing->group = (struct group){.id = needing->visit_id, .start = row.start_at.v, .persons = (int)row.persons,
                                    .organisation_id = row.organisation_id, .organisation = row.organisation,
                                    .needs = row.needs};
    return OK;
}

enum err day_sheet_needs_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t monument_id, int64_t visit_id, struct group *ret_group, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_DAY_SHEET, monument_id, fault);
    struct needing needing = {.service = service, .monument_id = monument_id, .visit_id = visit_id};
    if (err == OK)
        err = service_read(service, arena, needs_read, &needing, fault);
    if (err == OK)
        *ret_group = needing.group;
    return err;
}

static enum err needs_put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct needing *needing = argument;
    enum err err = needs_read(db, arena, needing, fault);
    if (err != OK || str_eq(needing->group.needs, needing->needs))
        return err;
    err = q_visit_needs_put(db,
                            (struct visit_needs_put_in){.id = needing->visit_id, .monument_id = needing->monument_id,
                                                        .needs = needing->needs},
                            NULL, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, needing->staff, service_now(needing->service),
                       (struct staff_act){.act = S("visit.needs"),
                                          .subject = str_format(arena, "visit %lld", (long long)needing->visit_id),
                                          .organisation_id = needing->group.organisation_id,
                                          .was = needing->group.needs, .became = needing->needs},
                       fault);
}

static enum err needs_check(struct str needs, struct fault *fault)
{
    return utf8_valid(needs) && utf8_length(needs) <= NEEDS_MOST
               ? OK : fault_set(fault, ERR_INPUT, "needs of more than %d characters", NEEDS_MOST);
}

enum err day_sheet_needs_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                             int64_t monument_id, int64_t visit_id, struct str needs, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_DAY_SHEET, monument_id, fault);
    struct needing needing = {.service = service, .staff = caller, .monument_id = monument_id, .visit_id = visit_id,
                              .needs = str_trim(needs)};
    if (err == OK)
        err = needs_check(needing.needs, fault);
    return err == OK ? service_write(service, arena, needs_put, 0, &needing, fault) : err;
}

static enum err needs_mine(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct needing *needing = argument;
    struct visit_needs_mine_row row;
    bool found = false;
    enum err err = q_visit_needs_mine(db, arena,
                                      (struct visit_needs_mine_in){
                                          .id = needing->visit_id, .organisation_id = needing->customer->organisation_id},
                                      &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "visit");
    needing->group = (struct group){.id = needing->visit_id, .start = row.start_at, .persons = (int)row.persons,
                                    .organisation = row.monument, .order_ref = row.order_ref.v, .needs = row.needs};
    return OK;
}

enum err visit_needs_read(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                          struct group *ret_group, struct fault *fault)
{
    enum err err = permit(caller, TASK_HOLD, fault);
    struct needing needing = {.customer = caller, .visit_id = visit_id};
    if (err == OK)
        err = service_read(service, arena, needs_mine, &needing, fault);
    if (err == OK)
        *ret_group = needing.group;
    return err;
}

static enum err needs_say(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    struct needing *needing = argument;
    int64_t changed = 0;
    enum err err = q_visit_needs_own(db,
                                     (struct visit_needs_own_in){.id = needing->visit_id,
                                                                 .organisation_id = needing->customer->organisation_id,
                                                                 .needs = needing->needs},
                                     &changed, fault);
    return err == OK && changed == 0 ? fault_set(fault, ERR_NOT_FOUND, "visit") : err;
}

enum err visit_needs_say(struct service *service, struct arena *arena, const struct caller *caller, int64_t visit_id,
                         struct str needs, struct fault *fault)
{
    enum err err = permit(caller, TASK_HOLD, fault);
    struct needing needing = {.service = service, .customer = caller, .visit_id = visit_id, .needs = str_trim(needs)};
    if (err == OK)
        err = needs_check(needing.needs, fault);
    return err == OK ? service_write(service, arena, needs_say, 0, &needing, fault) : err;
}
