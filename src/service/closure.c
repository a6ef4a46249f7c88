/* The closure desk: looking, closing, opening again. */
#include "service/closure.h"

#include "domain/names.h"
#include "service/closure_parts.h"
#include "service/settings.h"
#include "service/staff_session.h"

/* ---- What a range means ------------------------------------------------------------------------------------------ */

static const char *const scopes[CLOSURE_SCOPES] = {"slot", "days", "monument"};

const char *closure_scope_name(enum closure_scope scope)
{
    return scopes[scope];
}

bool closure_scope_parse(struct str name, enum closure_scope *ret_scope)
{
    int index = 0;
    if (!names_find(scopes, CLOSURE_SCOPES, name, &index))
        return false;
    *ret_scope = (enum closure_scope)index;
    return true;
}

enum task closure_task(enum closure_scope scope)
{
    static const enum task tasks[CLOSURE_SCOPES] = {TASK_CLOSE_SLOT, TASK_CLOSE_DAY, TASK_CLOSE_MONUMENT};
    return tasks[scope];
}

enum closure_refusal closure_span_of(const struct service *service, const struct closure_range *range, instant now,
                                     struct closure_span *ret_span)
{
    if (range->scope == CLOSURE_SLOT) {
        if (range->start_at <= 0 || range->start_at >= (instant)1 << 40)
            return CLOSURE_NOTHING;
        *ret_span = (struct closure_span){range->start_at, range->start_at + 1};
        return CLOSURE_NOT_REFUSED;
    }
    day_number today = service_day(service, now), last = day_add_years(today, CLOSURE_YEARS_MOST);
    bool open_end = range->scope == CLOSURE_MONUMENT && range->open_end;
    day_number to = open_end ? last : range->to;
    if (range->from < today || range->from > last || to < range->from || to > last)
        return CLOSURE_DATES;
    if (range->scope == CLOSURE_DAYS && to - range->from >= CLOSURE_DAYS_MOST)
        return CLOSURE_TOO_LONG;
    *ret_span = (struct closure_span){instant_of(&service->zone, range->from, 0), instant_of(&service->zone, to + 1, 0)};
    return CLOSURE_NOT_REFUSED;
}

struct str closure_visit_words(struct service *service, struct arena *arena, instant start, int64_t persons)
{
    struct local_time local = local_of(&service->zone, start);
    struct date date = date_of(local.day);
    return str_format(arena, "%04d-%02d-%02d %02d:%02d, %lld persons", date.year, date.month, date.day,
                      local.minute / 60, local.minute % 60, (long long)persons);
}

/* ---- Looking ----------------------------------------------------------------------------------------------------- */

struct looking {
    struct service *service;
    const struct closure_range *range;
    struct closure_span span;
    instant now;
    struct closure_preview preview;
};

static struct str name_of(struct arena *arena, struct maybe_str first, struct maybe_str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first.v), STR_ARG(last.v)));
}

/* In the order in which a reader thinks of them: what money hangs on first. */
static const char *const ways[] = {"paid", "transfer", "free", "other", "pending", "option", "cart"};
enum { WAYS = sizeof ways / sizeof *ways };

static enum err look_sums(struct looking *l, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_preview *preview = &l->preview;
    struct closure_sums_list rows;
    struct closure_phone_sums_row phone;
    enum err err = q_closure_sums(db, arena, (struct closure_sums_in){.monument_id = l->range->monument_id,
        .from_at = l->span.from, .until_at = l->span.until, .now = l->now}, &rows, fault);
    if (err == OK)
        err = q_closure_phone_sums(db, arena, (struct closure_phone_sums_in){.monument_id = l->range->monument_id,
            .from_at = l->span.from, .until_at = l->span.until, .now = l->now}, &phone, NULL, fault);
    if (err != OK)
        return err;
    preview->sums.p = ARENA_ARRAY(arena, WAYS + 1, struct closure_sum);
    for (size_t way = 0; way < WAYS; way++)
        for (size_t i = 0; i < rows.n; i++) {
            const struct closure_sums_row *row = &rows.p[i];
            if (!str_eq(row->was, str_of(ways[way])))
                continue;
            preview->sums.p[preview->sums.n++] = (struct closure_sum){
                .was = row->was, .visits = (int)row->visits, .persons = (int)row->persons, .orders = (int)row->orders,
                .amount = cents(row->amount_cents)};
            preview->visits += (int)row->visits;
            preview->persons += (int)row->persons;
            if (str_eq(row->was, S("paid")) || str_eq(row->was, S("transfer")))
                preview->back = cents_add(preview->back, cents(row->amount_cents));
        }
    if (phone.bookings == 0)
        return OK;
    preview->sums.p[preview->sums.n++] = (struct closure_sum){
        .was = S("phone"), .visits = (int)phone.bookings, .persons = (int)phone.persons};
    preview->visits += (int)phone.bookings;
    preview->persons += (int)phone.persons;
    return OK;
}

static enum err look_hits(struct looking *l, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_preview *preview = &l->preview;
    struct closure_hits_list rows;
    struct closure_phone_hits_list phone;
    enum err err = q_closure_hits(db, arena, (struct closure_hits_in){.monument_id = l->range->monument_id,
        .from_at = l->span.from, .until_at = l->span.until, .now = l->now}, &rows, fault);
    if (err == OK)
        err = q_closure_phone_hits(db, arena, (struct closure_phone_hits_in){.monument_id = l->range->monument_id,
            .from_at = l->span.from, .until_at = l->span.until, .now = l->now}, &phone, fault);
    if (err != OK)
        return err;
    preview->hits.p = ARENA_ARRAY(arena, rows.n + phone.n + 1, struct closure_hit);
    for (size_t i = 0; i < rows.n; i++) {
        const struct closure_hits_row *row = &rows.p[i];
        preview->hits.p[preview->hits.n++] = (struct closure_hit){
            .was = row->was, .organisation = row->organisation, .ref = row->ref.v,
            .leader = name_of(arena, row->leader_first, row->leader_last), .phone = row->leader_phone.v,
            .start_at = row->start_at, .persons = (int)row->persons, .amount = cents(row->amount_cents)};
    }
    for (size_t i = 0; i < phone.n; i++) {
        const struct closure_phone_hits_row *row = &phone.p[i];
        preview->hits.p[preview->hits.n++] = (struct closure_hit){
            .was = S("phone"), .organisation = row->organisation, .leader = row->name, .phone = row->phone,
            .start_at = row->start_at, .persons = (int)row->persons};
    }
    preview->more = preview->hits.n < (size_t)preview->visits;
    return OK;
}

static enum err look(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *l = argument;
    struct closure_preview *preview = &l->preview;
    struct closure_monument_row monument;
    bool found = false;
    enum err err = q_closure_monument(db, arena, (struct closure_monument_in){.id = l->range->monument_id}, &monument,
                                      &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "monument %lld", (long long)l->range->monument_id);
    preview->monument = monument.name;
    preview->slug = monument.slug;
    preview->refusal = closure_span_of(l->service, l->range, l->now, &l->span);
    if (preview->refusal != CLOSURE_NOT_REFUSED)
        return OK;
    preview->from_at = l->span.from;
    preview->until_at = l->span.until;
    struct closure_reach_row reach;
    err = q_closure_reach(db, arena, (struct closure_reach_in){.monument_id = l->range->monument_id,
        .from_at = l->span.from, .until_at = l->span.until, .now = l->now}, &reach, NULL, fault);
    if (err != OK)
        return err;
    preview->slots = (int)reach.slots;
    preview->days = (int)reach.days;
    preview->closed = (int)reach.closed;
    preview->leaders = (int)reach.leaders;
    if (reach.slots == 0) {
        preview->refusal = CLOSURE_NOTHING;
        return OK;
    }
    err = look_sums(l, db, arena, fault);
    return err == OK ? look_hits(l, db, arena, fault) : err;
}

enum err closure_preview(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct closure_range *range, struct closure_preview *ret_preview, struct fault *fault)
{
    struct looking l = {.service = service, .range = range, .now = service_now(service)};
    enum err err = permit_staff(caller, closure_task(range->scope), range->monument_id, fault);
    if (err == OK)
        err = service_read(service, arena, look, &l, fault);
    if (err == OK)
        *ret_preview = l.preview;
    return err;
}

/* ---- Closing ----------------------------------------------------------------------------------------------------- */

struct closing {
    struct service *service;
    const struct staff_caller *caller;
    const struct closure_request *request;
    struct closure_started started;
};

static bool reason_good(struct str reason)
{
    return !str_empty(str_trim(reason)) && utf8_valid(reason) && utf8_length(reason) <= CLOSURE_REASON_MOST;
}

/* The end of the local day, so many days on. */
static instant choose_until(const struct service *service, const struct settings *settings, instant now)
{
    day_number last = service_day(service, now) + (day_number)settings->closure_choice_days;
    return instant_of(&service->zone, last + 1, 0);
}

static enum err insert_closure(struct closing *c, struct db *db, struct arena *arena, const struct closure_span *span,
                               instant now, struct fault *fault)
{
    const struct closure_request *request = c->request;
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    struct closure_insert_row row;
    err = q_closure_insert(db, arena, (struct closure_insert_in){
        .monument_id = request->range.monument_id, .scope = str_of(closure_scope_name(request->range.scope)),
        .from_at = span->from, .until_at = span->until,
        .open_end = request->range.scope == CLOSURE_MONUMENT && request->range.open_end,
        .reason_fr = str_trim(request->reason_fr), .reason_en = str_trim(request->reason_en),
        .choose_until = choose_until(c->service, &settings, now),
        .refund_by_default = settings.closure_refund_by_default, .staff_id = c->caller->staff_id,
        .request_key = request->request_key, .now = now}, &row, NULL, fault);
    if (err == OK)
        c->started.closure_id = row.id;
    return err;
}

/* The order counts: the slots are locked and closed before anybody looks who is in them. Whoever took places at the same
 * moment has either committed, and is seen, or waits and finds the slot closed (PLA-4). */
static enum err close_slots(struct closing *c, struct db *db, const struct closure_span *span, instant now,
                            int64_t *ret_slots, struct fault *fault)
{
    const struct closure_request *request = c->request;
    int64_t id = c->started.closure_id, monument = request->range.monument_id;
    enum err err = q_closure_slots_lock(db, (struct closure_slots_lock_in){.monument_id = monument,
        .from_at = span->from, .until_at = span->until, .now = now}, ret_slots, fault);
    if (err != OK || *ret_slots == 0)
        return err;
    err = q_closure_slots_note(db, (struct closure_slots_note_in){.closure_id = id, .monument_id = monument,
        .from_at = span->from, .until_at = span->until, .now = now}, NULL, fault);
    if (err == OK)
        err = q_closure_slots_inherit(db, (struct closure_slots_inherit_in){.closure_id = id}, NULL, fault);
    if (err == OK)
        err = q_closure_slots_close(db, (struct closure_slots_close_in){.closure_id = id, .monument_id = monument,
            .from_at = span->from, .until_at = span->until, .reason_fr = str_trim(request->reason_fr),
            .reason_en = str_trim(request->reason_en)}, NULL, fault);
    if (err == OK)
        err = q_closure_visits_list(db, (struct closure_visits_list_in){.closure_id = id}, NULL, fault);
    if (err == OK)
        err = q_closure_bookings_list(db, (struct closure_bookings_list_in){.closure_id = id}, NULL, fault);
    return err;
}

static enum err start_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct closing *c = argument;
    const struct closure_request *request = c->request;
    instant now = service_now(c->service);
    c->started = (struct closure_started){0};
    struct closure_by_key_row before;
    struct closure_monument_row monument;
    struct closure_span span;
    bool found = false;
    enum err err = q_closure_by_key(db, arena, (struct closure_by_key_in){.request_key = request->request_key}, &before,
                                    &found, fault);
    if (err != OK)
        return err;
    if (found) {
        c->started.closure_id = before.id;
        return OK;
    }
    err = q_closure_monument(db, arena, (struct closure_monument_in){.id = request->range.monument_id}, &monument,
                             &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "monument %lld", (long long)request->range.monument_id);
    c->started.refusal = closure_span_of(c->service, &request->range, now, &span);
    if (c->started.refusal == CLOSURE_NOT_REFUSED && (!reason_good(request->reason_fr) || !reason_good(request->reason_en)))
        c->started.refusal = CLOSURE_REASON;
    if (c->started.refusal != CLOSURE_NOT_REFUSED)
        return ERR_REFUSED;
    int64_t slots = 0;
    err = insert_closure(c, db, arena, &span, now, fault);
    if (err == OK)
        err = close_slots(c, db, &span, now, &slots, fault);
    if (err == OK && slots == 0) {
        c->started = (struct closure_started){.refusal = CLOSURE_NOTHING};
        return ERR_REFUSED;
    }
    if (err != OK)
        return err;
    return staff_audit(db, arena, c->caller, now, (struct staff_act){
        .act = S("closure.start"), .subject = str_format(arena, "closure %lld", (long long)c->started.closure_id),
        .detail = str_format(arena, "%.*s, %s, %lld slots", STR_ARG(monument.name),
                             closure_scope_name(request->range.scope), (long long)slots),
        .reason = str_trim(request->reason_fr), .was = S("open"),
        .became = str_format(arena, "closed %.*s to %.*s", STR_ARG(day_iso(arena, service_day(c->service, span.from))),
                             STR_ARG(day_iso(arena, service_day(c->service, span.until - 1))))}, fault);
}

enum err closure_start(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       const struct closure_request *request, struct closure_started *ret_started, struct fault *fault)
{
    struct closing c = {.service = service, .caller = caller, .request = request};
    enum err err = permit_staff(caller, closure_task(request->range.scope), request->range.monument_id, fault);
    if (err != OK)
        return err;
    if (str_empty(request->request_key))
        return fault_set(fault, ERR_INPUT, "a closure without a request key");
    err = service_write(service, arena, start_command, request->range.start_at, &c, fault);
    if (err == ERR_CONFLICT) /* the same form twice at the same moment: the second finds what the first made */
        err = service_write(service, arena, start_command, request->range.start_at, &c, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_started = c.started;
    return OK;
}

/* ---- Opening again ----------------------------------------------------------------------------------------------- */

struct reopening {
    struct service *service;
    const struct staff_caller *caller;
    int64_t id;
    enum closure_refusal refusal;
};

/* The monument decides whose it is; a stranger's closure is none. */
static enum err may_reopen(const struct reopening *r, const struct closure_of_row *closure, struct fault *fault)
{
    enum closure_scope scope = CLOSURE_MONUMENT;
    if (!closure_scope_parse(closure->scope, &scope))
        return fault_set(fault, ERR_BUG, "scope of closure %lld", (long long)r->id);
    enum err err = permit_staff(r->caller, TASK_CLOSE_SLOT, closure->monument_id, fault);
    return err == OK ? permit_staff(r->caller, closure_task(scope), closure->monument_id, fault) : err;
}

static enum err reopen_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reopening *r = argument;
    instant now = service_now(r->service);
    r->refusal = CLOSURE_NOT_REFUSED;
    struct closure_of_row closure;
    bool found = false;
    enum err err = q_closure_of(db, arena, (struct closure_of_in){.id = r->id}, &closure, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "closure %lld", (long long)r->id);
    if (err == OK)
        err = may_reopen(r, &closure, fault);
    int64_t changed = 0;
    if (err == OK)
        err = q_closure_reopen(db, (struct closure_reopen_in){.id = r->id, .now = now, .staff_id = r->caller->staff_id},
                               &changed, fault);
    if (err == OK && changed == 0) {
        r->refusal = CLOSURE_OPEN;
        return OK;
    }
    if (err == OK)
        err = q_closure_spare(db, (struct closure_spare_in){.closure_id = r->id}, NULL, fault);
    if (err == OK)
        err = q_closure_spare_bookings(db, (struct closure_spare_bookings_in){.closure_id = r->id}, NULL, fault);
    if (err == OK)
        err = q_closure_slots_open(db, (struct closure_slots_open_in){.closure_id = r->id,
            .monument_id = closure.monument_id, .from_at = closure.from_at, .until_at = closure.until_at}, NULL, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, r->caller, now, (struct staff_act){
        .act = S("closure.reopen"), .subject = str_format(arena, "closure %lld", (long long)r->id),
        .detail = closure.monument, .was = S("closed"), .became = S("open")}, fault);
}

enum err closure_reopen(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        int64_t closure_id, enum closure_refusal *ret_refusal, struct fault *fault)
{
    struct reopening r = {.service = service, .caller = caller, .id = closure_id};
    bool all = false;
    enum err err = permit_staff_list(caller, TASK_CLOSE_SLOT, &all, fault);
    if (err == OK)
        err = service_write(service, arena, reopen_command, 0, &r, fault);
    if (err == OK)
        *ret_refusal = r.refusal;
    return err;
}
