/* What the gate reads: answers, the day's list, the last acts, conflicts; see gate.h. */
#include "service/gate_parts.h"

enum { CONFLICT_DAYS = 30 };

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static struct str shown(struct arena *arena, struct str number)
{
    char display[TICKET_NUMBER_DISPLAY];
    return ticket_number_display(number, display) ? str_dup(arena, str_of(display)) : number;
}

/* ---- one answer ---- */

static enum err answer_ticket(struct db *db, struct arena *arena, struct str number, struct gate_answer *answer,
                              struct fault *fault)
{
    struct gate_ticket_row row;
    enum err err = q_gate_ticket(db, arena, (struct gate_ticket_in){.number = number}, &row, &answer->has_ticket, fault);
    if (err != OK || !answer->has_ticket)
        return err;
    (void)ticket_role_parse(row.role, &answer->role);
    answer->proof = answer->role == ROLE_GUIDE;
    answer->tariff_code = row.tariff_code;
    answer->from = row.valid_from;
    answer->until = row.valid_until;
    answer->ended_why = row.ended_why;
    return OK;
}

static enum err answer_visit(struct db *db, struct arena *arena, int64_t visit_id, struct gate_answer *answer,
                             struct fault *fault)
{
    struct gate_visit_row row;
    enum err err = q_gate_visit(db, arena, (struct gate_visit_in){.id = visit_id}, &row, NULL, fault);
    if (err != OK)
        return err;
    (void)ticket_kind_parse(row.kind, &answer->kind);
    answer->visit_id = visit_id;
    answer->monument = row.monument;
    answer->organisation = row.organisation;
    answer->leader = full_name(arena, row.leader_first.v, row.leader_last.v);
    if (row.leader_card.is)
        answer->leader_card = row.leader_card.v;
    answer->has_card_until = row.card_until.is;
    answer->card_until = (day_number)row.card_until.v;
    answer->persons = (int)row.persons;
    answer->arrived = (int)row.arrived;
    if (!answer->has_ticket && row.start_at.is) {
        answer->from = row.start_at.v;
        answer->until = row.start_at.v + row.minutes.v * 60 - 1;
    }
    return OK;
}

static enum err answer_prior(struct db *db, struct arena *arena, int64_t prior_id, struct gate_answer *answer,
                             struct fault *fault)
{
    struct gate_scan_who_row row;
    enum err err = q_gate_scan_who(db, arena, (struct gate_scan_who_in){.id = prior_id}, &row, &answer->has_prior, fault);
    if (err != OK || !answer->has_prior)
        return err;
    (void)gate_act_parse(row.act, &answer->prior_act);
    answer->prior_at = row.scanned_at;
    answer->prior_gate = row.gate;
    answer->prior_by = full_name(arena, row.first_name, row.last_name);
    return OK;
}

enum err gate_answer_in(struct db *db, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                        int64_t scan_id, struct gate_answer *ret_answer, struct fault *fault)
{
    struct gate_scan_get_row row;
    bool found = false;
    struct gate_answer answer = {.scan_id = scan_id};
    enum err err = q_gate_scan_get(db, arena, (struct gate_scan_get_in){.id = scan_id, .monument_id = monument_id}, &row,
                                   &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "scan %lld", (long long)scan_id);
    if (err == OK && (!gate_act_parse(row.act, &answer.act) || !gate_result_parse(row.result, &answer.result)))
        return fault_set(fault, ERR_BUG, "scan %lld", (long long)scan_id);
    if (err == OK && row.ticket_id.is)
        err = answer_ticket(db, arena, row.number, &answer, fault);
    if (err == OK && row.visit_id.is)
        err = answer_visit(db, arena, row.visit_id.v, &answer, fault);
    if (err == OK && row.prior_id.is)
        err = answer_prior(db, arena, row.prior_id.v, &answer, fault);
    if (err != OK)
        return err;
    answer.at = row.scanned_at;
    answer.number = shown(arena, row.number);
    answer.reason = row.reason;
    answer.offline = !str_empty(row.told);
    answer.undone = row.undone > 0;
    answer.may_undo = row.heads > 0 && row.undone == 0 && row.disputed == 0 &&
                      staff_may(caller, TASK_GATE_UNDO, monument_id);
    answer.counted = (int)row.counted;
    answer.heads = (int)row.heads;
    *ret_answer = answer;
    return OK;
}

struct looking {
    const struct service *service;
    const struct staff_caller *caller;
    int64_t monument_id, scan_id;
    instant now;
    struct str slug;
    struct gate_place place;
    struct gate_places places;
    struct gate_answer answer;
    struct gate_day day;
    struct gate_conflicts conflicts;
    struct gate_entries entries;
};

static enum err answer_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    return gate_answer_in(db, arena, l->caller, l->monument_id, l->scan_id, &l->answer, fault);
}

enum err gate_answer_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          int64_t monument_id, int64_t scan_id, struct gate_answer *ret_answer, struct fault *fault)
{
    struct looking l = {.caller = caller, .monument_id = monument_id, .scan_id = scan_id};
    enum err err = permit_staff(caller, TASK_GATE_SCAN, monument_id, fault);
    if (err == OK)
        err = service_read(service, arena, answer_read, &l, fault);
    if (err == OK)
        *ret_answer = l.answer;
    return err;
}

/* ---- which gates ---- */

static enum err places_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct gate_monuments_list rows;
    enum err err = q_gate_monuments(db, arena, (struct gate_monuments_in){.staff_id = l->caller->staff_id}, &rows, fault);
    if (err != OK)
        return err;
    l->places = (struct gate_places){ARENA_ARRAY(arena, rows.n + 1, struct gate_place), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        l->places.p[i] = (struct gate_place){rows.p[i].id, rows.p[i].slug, rows.p[i].name};
    return OK;
}

enum err gate_places(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     struct gate_places *ret_places, struct fault *fault)
{
    struct looking l = {.caller = caller};
    bool all = false;
    enum err err = permit_staff_list(caller, TASK_GATE_SCAN, &all, fault);
    if (err == OK)
        err = service_read(service, arena, places_read, &l, fault);
    if (err == OK)
        *ret_places = l.places;
    return err;
}

static enum err place_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct gate_monument_row row;
    bool found = false;
    enum err err = q_gate_monument(db, arena, (struct gate_monument_in){.slug = l->slug}, &row, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "monument");
    if (err == OK)
        l->place = (struct gate_place){row.id, str_dup(arena, l->slug), row.name};
    return err;
}

enum err gate_place_find(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str slug,
                         struct gate_place *ret_place, struct fault *fault)
{
    struct looking l = {.slug = slug};
    bool all = false;
    enum err err = permit_staff_list(caller, TASK_GATE_SCAN, &all, fault);
    if (err == OK)
        err = service_read(service, arena, place_read, &l, fault);
    if (err == OK)
        err = permit_staff(caller, TASK_GATE_SCAN, l.place.id, fault);
    if (err == OK)
        *ret_place = l.place;
    return err;
}

/* ---- the day ---- */

static enum err day_visits(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    struct gate_day_visits_list rows;
    enum err err = q_gate_day_visits(db, arena,
                                     (struct gate_day_visits_in){.monument_id = l->monument_id, .from_at = l->day.from,
                                                                 .until_at = l->day.until},
                                     &rows, fault);
    if (err != OK)
        return err;
    l->day.visits.p = ARENA_ARRAY(arena, rows.n + 1, struct gate_visit);
    l->day.visits.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct gate_day_visits_row *row = &rows.p[i];
        struct gate_visit *visit = &l->day.visits.p[i];
        *visit = (struct gate_visit){.id = row->id, .start_at = row->start_at.v, .minutes = (int)row->minutes.v,
                                     .persons = (int)row->persons, .arrived = (int)row->arrived,
                                     .leader = full_name(arena, row->leader_first.v, row->leader_last.v),
                                     .organisation = row->organisation,
                                     .cancelled = !str_eq(row->state, S("confirmed"))};
        if (!ticket_kind_parse(row->kind, &visit->kind))
            return fault_set(fault, ERR_BUG, "visit %lld is of no kind", (long long)row->id);
    }
    return OK;
}

static enum err day_tickets(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    struct gate_day_tickets_list rows;
    enum err err = q_gate_day_tickets(db, arena,
                                      (struct gate_day_tickets_in){.monument_id = l->monument_id, .from_at = l->day.from,
                                                                   .until_at = l->day.until},
                                      &rows, fault);
    if (err != OK)
        return err;
    l->day.tickets.p = ARENA_ARRAY(arena, rows.n + 1, struct gate_ticket);
    l->day.tickets.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct gate_day_tickets_row *row = &rows.p[i];
        struct gate_ticket *ticket = &l->day.tickets.p[i];
        *ticket = (struct gate_ticket){.visit_id = row->visit_id, .number = row->number, .tariff_code = row->tariff_code,
                                       .state = row->state, .ended_why = row->ended_why, .from = row->valid_from,
                                       .until = row->valid_until, .used_at = row->used_at.is ? row->used_at.v : 0};
        (void)ticket_role_parse(row->role, &ticket->role);
    }
    return OK;
}

static enum err day_ended(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    struct gate_day_ended_list moved;
    struct gate_day_undated_list undated = {0};
    enum err err = q_gate_day_ended(db, arena,
                                    (struct gate_day_ended_in){.monument_id = l->monument_id, .from_at = l->day.from,
                                                               .until_at = l->day.until},
                                    &moved, fault);
    if (err == OK)
        err = q_gate_day_undated(db, arena,
                                 (struct gate_day_undated_in){.monument_id = l->monument_id, .now = l->day.now}, &undated,
                                 fault);
    if (err != OK)
        return err;
    l->day.ended.p = ARENA_ARRAY(arena, moved.n + undated.n + 1, struct gate_ticket);
    l->day.ended.n = moved.n + undated.n;
    for (size_t i = 0; i < moved.n; i++)
        l->day.ended.p[i] = (struct gate_ticket){.number = moved.p[i].number, .state = S("cancelled"),
                                                 .ended_why = moved.p[i].ended_why};
    for (size_t i = 0; i < undated.n; i++)
        l->day.ended.p[moved.n + i] = (struct gate_ticket){
            .number = undated.p[i].number, .state = undated.p[i].state, .ended_why = undated.p[i].ended_why,
            .used_at = undated.p[i].used_at.is ? undated.p[i].used_at.v : 0};
    return OK;
}

static enum err day_keys(struct db *db, struct arena *arena, struct looking *l, struct fault *fault)
{
    struct gate_keys_list rows;
    enum err err = q_gate_keys(db, arena, &rows, fault);
    if (err != OK)
        return err;
    l->day.keys.p = ARENA_ARRAY(arena, rows.n + 1, struct gate_key);
    l->day.keys.n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        l->day.keys.p[i] = (struct gate_key){(int)rows.p[i].id, rows.p[i].public_key};
    return OK;
}

static enum err conflicts_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct gate_conflicts_list rows;
    struct gate_conflicts_in in = {.monument_id = l->monument_id, .since = l->now - CONFLICT_DAYS * SECONDS_A_DAY};
    enum err err = q_gate_conflicts(db, arena, in, &rows, fault);
    if (err != OK)
        return err;
    l->conflicts = (struct gate_conflicts){ARENA_ARRAY(arena, rows.n + 1, struct gate_conflict), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct gate_conflicts_row *row = &rows.p[i];
        struct gate_conflict *conflict = &l->conflicts.p[i];
        *conflict = (struct gate_conflict){
            .id = row->id, .number = shown(arena, row->number), .organisation = row->organisation.v,
            .counted = (int)row->counted, .heads = (int)row->heads, .has_winner = row->winner_id.is,
            .loser = {.gate = row->loser_gate, .device = row->loser_device, .at = row->loser_at,
                      .by = full_name(arena, row->loser_first, row->loser_last)}};
        if (conflict->has_winner)
            conflict->winner = (struct gate_side){.gate = row->winner_gate.v, .device = row->winner_device.v,
                                                  .at = row->winner_at.v,
                                                  .by = full_name(arena, row->winner_first.v, row->winner_last.v)};
        (void)gate_result_parse(row->why, &conflict->why);
    }
    return OK;
}

static enum err day_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    l->day.tolerance = gate_tolerance_of(&settings);
    err = day_visits(db, arena, l, fault);
    if (err == OK)
        err = day_tickets(db, arena, l, fault);
    if (err == OK)
        err = day_ended(db, arena, l, fault);
    if (err == OK)
        err = day_keys(db, arena, l, fault);
    if (err == OK)
        err = conflicts_read(db, arena, l, fault);
    l->day.conflicts = (int64_t)l->conflicts.n;
    return err;
}

enum err gate_day(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                  struct gate_day *ret_day, struct fault *fault)
{
    struct looking l = {.service = service, .caller = caller, .monument_id = monument_id, .now = service_now(service)};
    l.day.now = l.now;
    l.day.day = service_day(service, l.now);
    l.day.from = instant_of(&service->zone, l.day.day, 0);
    l.day.until = instant_of(&service->zone, l.day.day + 1, 0);
    enum err err = permit_staff(caller, TASK_GATE_SCAN, monument_id, fault);
    if (err == OK)
        err = service_read(service, arena, day_read, &l, fault);
    if (err == OK)
        *ret_day = l.day;
    return err;
}

enum err gate_conflicts(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t monument_id, struct gate_conflicts *ret_conflicts, struct fault *fault)
{
    struct looking l = {.monument_id = monument_id, .now = service_now(service)};
    enum err err = permit_staff(caller, TASK_GATE_SCAN, monument_id, fault);
    if (err == OK)
        err = service_read(service, arena, conflicts_read, &l, fault);
    if (err == OK)
        *ret_conflicts = l.conflicts;
    return err;
}

static enum err latest_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct gate_latest_list rows;
    struct gate_latest_in in = {
        .monument_id = l->monument_id,
        .since = instant_of(&l->service->zone, service_day(l->service, l->now) - 1, 0)};
    enum err err = q_gate_latest(db, arena, in, &rows, fault);
    if (err != OK)
        return err;
    l->entries = (struct gate_entries){ARENA_ARRAY(arena, rows.n + 1, struct gate_entry), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct gate_latest_row *row = &rows.p[i];
        struct gate_entry *entry = &l->entries.p[i];
        *entry = (struct gate_entry){.id = row->id, .number = shown(arena, row->number), .gate = row->gate,
                                     .by = full_name(arena, row->staff_first, row->staff_last),
                                     .organisation = row->organisation.v, .reason = row->reason,
                                     .counted = (int)row->counted, .heads = (int)row->heads, .at = row->scanned_at,
                                     .offline = !str_empty(row->told), .undone = row->undone > 0};
        if (!gate_act_parse(row->act, &entry->act) || !gate_result_parse(row->result, &entry->result))
            return fault_set(fault, ERR_BUG, "scan %lld", (long long)row->id);
    }
    return OK;
}

enum err gate_latest(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                     struct gate_entries *ret_entries, struct fault *fault)
{
    struct looking l = {.service = service, .monument_id = monument_id, .now = service_now(service)};
    enum err err = permit_staff(caller, TASK_GATE_SCAN, monument_id, fault);
    if (err == OK)
        err = service_read(service, arena, latest_read, &l, fault);
    if (err == OK)
        *ret_entries = l.entries;
    return err;
}
