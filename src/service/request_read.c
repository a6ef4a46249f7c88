/* Requests as pages show them, on both sides, and the visits of a day. */
#include "service/request_parts.h"

#include "domain/role.h"

enum { NEWEST_DAYS = 180 }; /* how far back customer service's list of decided requests goes */

/* ---- one request ------------------------------------------------------------------------------------------------ */

static struct request_event_view event_view(struct arena *arena, const struct request_events_row *row)
{
    enum role role = ROLE_NONE;
    bool staff = row->staff_role.is && staff_role_parse(row->staff_role.v, &role);
    bool customer = row->first_name.is; /* also when customer service acts for one */
    return (struct request_event_view){
        .at = row->at, .act = row->act, .has_start = row->start_at.is, .start_at = row->start_at.v,
        .words = row->words, .by_service = customer && staff,
        .side = customer ? REQUEST_SIDE_CUSTOMER : !staff ? REQUEST_SIDE_TIME
                : role == ROLE_MONUMENT_MANAGER ? REQUEST_SIDE_MONUMENT : REQUEST_SIDE_SERVICE,
        .who = customer ? request_name(arena, row->first_name.v, row->last_name.v)
                        : request_name(arena, row->staff_first_name.v, row->staff_last_name.v)};
}

static enum err read_events(struct db *db, struct arena *arena, struct request_view *view, struct fault *fault)
{
    struct request_events_list rows;
    enum err err = q_request_events(db, arena, (struct request_events_in){.request_id = view->id}, &rows, fault);
    if (err != OK)
        return err;
    view->events = (struct request_event_views){ARENA_ARRAY(arena, rows.n + 1, struct request_event_view), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        view->events.p[i] = event_view(arena, &rows.p[i]);
    return OK;
}

static void fill_names(struct arena *arena, const struct request_names_row *names, struct request_view *view)
{
    view->monument_slug = names->monument_slug;
    view->monument = names->monument_name;
    view->monument_kind = names->monument_kind;
    view->city = names->city;
    view->contact_email = names->contact_email;
    view->contact_phone = names->contact_phone;
    view->organisation = names->organisation;
    view->asker = request_name(arena, names->first_name, names->last_name);
    view->asker_email = names->email;
    view->asker_phone = names->phone;
    view->lang = lang_of(names->lang);
    view->leader_name = request_name(arena, names->leader_first.v, names->leader_last.v);
    view->leader_email = names->leader_email.v;
    view->leader_phone = names->leader_phone.v;
    view->order_ref = names->order_ref.v;
    view->paying = names->order_state.is && str_eq(names->order_state.v, S("pending"));
    view->voided = names->visit_state.is && view->state == REQUEST_PAID && !str_eq(names->visit_state.v, S("confirmed"));
}

enum err request_view_fill(struct service *service, struct db *db, struct arena *arena,
                           const struct request_one_row *row, struct request_view *ret_view, struct fault *fault)
{
    struct request_view view = {
        .id = row->id, .monument_id = row->monument_id, .organisation_id = row->organisation_id,
        .visit_id = row->visit_id.v, .day = (day_number)row->day, .from = (int)row->from_minute,
        .to = (int)row->to_minute, .persons = (int)row->persons, .visit_lang = row->visit_lang, .turn = row->turn,
        .has_start = row->start_at.is, .start_at = row->start_at.v, .has_due = row->due_at.is, .due_at = row->due_at.v,
        .escalated = row->escalated_at.is, .asked_at = row->asked_at, .changed_at = row->changed_at,
        .has_pay_until = row->pay_until.is, .pay_until = row->pay_until.v};
    if (!request_state_parse(row->state, &view.state) || !audience_parse(row->audience, &view.audience) ||
        !leader_kind_parse(row->leader_kind, &view.leader))
        return fault_set(fault, ERR_BUG, "request %lld has an unknown word", (long long)row->id);
    struct request_names_row names;
    enum err err = q_request_names(db, arena, (struct request_names_in){.id = row->id}, &names, NULL, fault);
    if (err != OK)
        return err;
    fill_names(arena, &names, &view);
    instant now = service_now(service);
    if ((view.state == REQUEST_ACCEPTED || view.state == REQUEST_TILL) && view.has_pay_until && now < view.pay_until) {
        struct settings settings;
        err = settings_read(db, arena, &settings, fault);
        if (err == OK)
            err = request_price(db, arena, &settings, row, service_day(service, now), &view.price, &view.payable,
                                fault);
        view.payable = view.payable && !view.paying;
    }
    if (err == OK)
        err = read_events(db, arena, &view, fault);
    if (err == OK)
        *ret_view = view;
    return err;
}

struct reading {
    struct service *service;
    const struct caller *caller;
    const struct staff_caller *staff;
    struct str ref;
    struct request_view view;
};

static enum err read_one(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *reading = argument;
    struct request_one_row row;
    bool found = false;
    enum err err = q_request_one(db, arena, (struct request_one_in){.ref = reading->ref}, &row, &found, fault);
    if (err == OK && !found)
        err = fault_set(fault, ERR_NOT_FOUND, "request");
    if (err == OK)
        err = reading->caller != NULL
                  ? request_own(&row, reading->caller->organisation_id, fault)
                  : permit_staff(reading->staff, TASK_REQUEST_ANSWER, row.monument_id, fault);
    if (err == OK)
        err = request_view_fill(reading->service, db, arena, &row, &reading->view, fault);
    reading->view.ref = reading->ref;
    return err;
}

enum err request_read(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                      struct request_view *ret_view, struct fault *fault)
{
    struct reading reading = {.service = service, .caller = caller, .ref = ref};
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, read_one, &reading, fault);
    if (err == OK)
        *ret_view = reading.view;
    return err;
}

enum err request_desk_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct str ref, struct request_view *ret_view, struct fault *fault)
{
    struct reading reading = {.service = service, .staff = caller, .ref = ref};
    bool all = false;
    enum err err = permit_staff_list(caller, TASK_REQUEST_ANSWER, &all, fault);
    if (err == OK)
        err = service_read(service, arena, read_one, &reading, fault);
    if (err == OK)
        *ret_view = reading.view;
    return err;
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

struct listing {
    struct service *service;
    int64_t organisation_id, staff_id;
    bool all;
    struct request_lines lines;
    struct request_desk desk;
};

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *listing = argument;
    struct request_list_list rows;
    enum err err = q_request_list(db, arena, (struct request_list_in){.organisation_id = listing->organisation_id},
                                  &rows, fault);
    if (err != OK)
        return err;
    struct request_lines lines = {ARENA_ARRAY(arena, rows.n + 1, struct request_line), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct request_list_row *row = &rows.p[i];
        lines.p[i] = (struct request_line){
            .ref = row->ref, .monument = row->monument_name, .day = (day_number)row->day, .from = (int)row->from_minute,
            .to = (int)row->to_minute, .persons = (int)row->persons, .has_start = row->start_at.is,
            .start_at = row->start_at.v, .has_due = row->due_at.is, .due_at = row->due_at.v,
            .asked_at = row->asked_at, .who = request_name(arena, row->first_name, row->last_name)};
        if (!request_state_parse(row->state, &lines.p[i].state))
            return fault_set(fault, ERR_BUG, "request with an unknown state");
    }
    listing->lines = lines;
    return OK;
}

enum err request_list(struct service *service, struct arena *arena, const struct caller *caller,
                      struct request_lines *ret_lines, struct fault *fault)
{
    enum err err = permit(caller, TASK_VIEW, fault);
    struct listing listing = {.organisation_id = err == OK ? caller->organisation_id : 0};
    if (err == OK)
        err = service_read(service, arena, list_read, &listing, fault);
    if (err == OK)
        *ret_lines = listing.lines;
    return err;
}

/* The three statements of the desk have the same columns. */
#define DESK_LINE(row)                                                                                                \
    (struct request_line)                                                                                             \
    {                                                                                                                 \
        .ref = (row)->ref, .monument = (row)->monument_name, .organisation = (row)->organisation,                     \
        .day = (day_number)(row)->day, .from = (int)(row)->from_minute, .to = (int)(row)->to_minute,                  \
        .persons = (int)(row)->persons, .has_start = (row)->start_at.is, .start_at = (row)->start_at.v,               \
        .has_due = (row)->due_at.is, .due_at = (row)->due_at.v, .escalated = (row)->escalated_at.is,                  \
        .asked_at = (row)->asked_at, .state = state_of((row)->state)                                                  \
    }

/* A state that this release does not know is one that is over. */
static enum request_state state_of(struct str word)
{
    enum request_state state = REQUEST_LAPSED;
    (void)request_state_parse(word, &state);
    return state;
}

static void add_line(struct request_desk *desk, struct request_line line, bool waiting)
{
    struct request_lines *lines = waiting ? &desk->waiting : &desk->others;
    lines->p[lines->n++] = line;
}

static struct request_desk desk_new(struct arena *arena, size_t most, bool all)
{
    return (struct request_desk){.waiting = {ARENA_ARRAY(arena, most + 1, struct request_line), 0},
                                 .others = {ARENA_ARRAY(arena, most + 1, struct request_line), 0}, .all = all};
}

static enum err desk_own(struct db *db, struct arena *arena, struct listing *listing, struct fault *fault)
{
    struct request_desk_own_list rows;
    enum err err = q_request_desk_own(db, arena, (struct request_desk_own_in){.staff_id = listing->staff_id}, &rows,
                                      fault);
    if (err != OK)
        return err;
    listing->desk = desk_new(arena, rows.n, false);
    for (size_t i = 0; i < rows.n; i++) {
        struct request_line line = DESK_LINE(&rows.p[i]);
        add_line(&listing->desk, line, line.state == REQUEST_ASKED);
    }
    /* What is to be answered first stands first; an insertion sort of the few that wait. */
    struct request_lines *waiting = &listing->desk.waiting;
    for (size_t i = 1; i < waiting->n; i++)
        for (size_t k = i; k > 0 && waiting->p[k].due_at < waiting->p[k - 1].due_at; k--) {
            struct request_line line = waiting->p[k];
            waiting->p[k] = waiting->p[k - 1];
            waiting->p[k - 1] = line;
        }
    return OK;
}

static enum err desk_all(struct db *db, struct arena *arena, struct listing *listing, struct fault *fault)
{
    struct request_desk_open_list open;
    struct request_desk_newest_list newest;
    instant since = service_now(listing->service) - (instant)NEWEST_DAYS * SECONDS_A_DAY;
    enum err err = q_request_desk_open(db, arena, &open, fault);
    if (err == OK)
        err = q_request_desk_newest(db, arena, (struct request_desk_newest_in){.since = since}, &newest, fault);
    if (err != OK)
        return err;
    listing->desk = desk_new(arena, open.n + newest.n, true);
    for (int escalated = 1; escalated >= 0; escalated--)
        for (size_t i = 0; i < open.n; i++) {
            struct request_line line = DESK_LINE(&open.p[i]);
            /* An escalated request that was answered since waits for the customer. */
            line.escalated = line.escalated && line.state == REQUEST_ASKED;
            if (line.escalated == (escalated != 0))
                add_line(&listing->desk, line, true);
        }
    for (size_t i = 0; i < newest.n; i++)
        add_line(&listing->desk, DESK_LINE(&newest.p[i]), false);
    return OK;
}

static enum err desk_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *listing = argument;
    return listing->all ? desk_all(db, arena, listing, fault) : desk_own(db, arena, listing, fault);
}

enum err request_desk_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct request_desk *ret_desk, struct fault *fault)
{
    struct listing listing = {.service = service};
    enum err err = permit_staff_list(caller, TASK_REQUEST_ANSWER, &listing.all, fault);
    if (err != OK)
        return err;
    listing.staff_id = caller->staff_id;
    err = service_read(service, arena, desk_read, &listing, fault);
    if (err == OK)
        *ret_desk = listing.desk;
    return err;
}

/* ---- the day sheet ---------------------------------------------------------------------------------------------- */

struct day_reading {
    struct request_visits_of_day_in asked;
    struct request_visits visits;
};

static enum err day_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct day_reading *reading = argument;
    struct request_visits_of_day_list rows;
    enum err err = q_request_visits_of_day(db, arena, reading->asked, &rows, fault);
    if (err != OK)
        return err;
    struct request_visits visits = {ARENA_ARRAY(arena, rows.n + 1, struct request_visit), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct request_visits_of_day_row *row = &rows.p[i];
        visits.p[i] = (struct request_visit){
            .ref = row->ref, .state = state_of(row->state), .start_at = row->start_at, .persons = (int)row->persons,
            .visit_lang = row->visit_lang, .organisation = row->organisation,
            .booker = request_name(arena, row->first_name, row->last_name), .booker_phone = row->phone,
            .leader_name = request_name(arena, row->leader_first.v, row->leader_last.v),
            .leader_phone = row->leader_phone.v, .order_ref = row->order_ref.v};
        if (!audience_parse(row->audience, &visits.p[i].audience) ||
            !leader_kind_parse(row->leader_kind, &visits.p[i].leader))
            return fault_set(fault, ERR_BUG, "request with an unknown word");
    }
    reading->visits = visits;
    return OK;
}

enum err request_visits_of_day(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t monument_id, day_number day, struct request_visits *ret_visits,
                               struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_DAY_SHEET, monument_id, fault);
    struct day_reading reading = {.asked = {.monument_id = monument_id,
                                            .from_at = instant_of(&service->zone, day, 0),
                                            .to_at = instant_of(&service->zone, day + 1, 0)}};
    if (err == OK)
        err = service_read(service, arena, day_read, &reading, fault);
    if (err == OK)
        *ret_visits = reading.visits;
    return err;
}
