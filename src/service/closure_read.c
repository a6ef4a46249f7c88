/* What the desk sees of closures: what may be closed, the list, the progress of one. */
#include "service/closure_parts.h"

struct reading {
    struct service *service;
    const struct staff_caller *caller;
    bool all;
    int64_t id; /* of a closure, or of a monument */
    instant from, until;
    struct closure_monuments monuments;
    struct closure_slots slots;
    struct closure_lines lines;
    struct closure_progress progress;
};

/* ---- What may be closed ------------------------------------------------------------------------------------------ */

static enum err monuments_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_monuments_list rows;
    enum err err = q_closure_monuments(db, arena, (struct closure_monuments_in){.all_monuments = r->all,
        .staff_id = r->caller->staff_id}, &rows, fault);
    if (err != OK)
        return err;
    r->monuments = (struct closure_monuments){ARENA_ARRAY(arena, rows.n + 1, struct closure_monument), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        r->monuments.p[i] = (struct closure_monument){rows.p[i].id, rows.p[i].name};
    return OK;
}

enum err closure_monuments(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct closure_monuments *ret_monuments, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller};
    enum err err = permit_staff_list(caller, TASK_CLOSE_SLOT, &r.all, fault);
    if (err == OK)
        err = service_read(service, arena, monuments_read, &r, fault);
    if (err == OK)
        *ret_monuments = r.monuments;
    return err;
}

static enum err slots_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_slots_of_day_list rows;
    instant now = service_now(r->service);
    enum err err = q_closure_slots_of_day(db, arena, (struct closure_slots_of_day_in){.monument_id = r->id,
        .from_at = r->from, .until_at = r->until}, &rows, fault);
    if (err != OK)
        return err;
    r->slots = (struct closure_slots){ARENA_ARRAY(arena, rows.n + 1, struct closure_slot), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct closure_slots_of_day_row *row = &rows.p[i];
        r->slots.p[i] = (struct closure_slot){
            .start_at = row->start_at, .minutes = (int)row->minutes, .capacity = (int)row->capacity,
            .taken = (int)row->taken, .whole_day = row->whole_day != 0, .closed = row->closed != 0,
            .over = row->start_at + row->minutes * 60 <= now};
    }
    return OK;
}

enum err closure_slots(struct service *service, struct arena *arena, const struct staff_caller *caller,
                       int64_t monument_id, day_number day, struct closure_slots *ret_slots, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller, .id = monument_id,
                        .from = instant_of(&service->zone, day, 0), .until = instant_of(&service->zone, day + 1, 0)};
    enum err err = permit_staff(caller, TASK_CLOSE_SLOT, monument_id, fault);
    if (err == OK)
        err = service_read(service, arena, slots_read, &r, fault);
    if (err == OK)
        *ret_slots = r.slots;
    return err;
}

/* ---- The list ---------------------------------------------------------------------------------------------------- */

static struct str reason_in(enum lang lang, struct str fr, struct str en)
{
    return lang == LANG_FR ? fr : en;
}

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct closure_list_list rows;
    enum err err = q_closure_list(db, arena, (struct closure_list_in){.all_monuments = r->all,
        .staff_id = r->caller->staff_id}, &rows, fault);
    if (err != OK)
        return err;
    r->lines = (struct closure_lines){ARENA_ARRAY(arena, rows.n + 1, struct closure_line), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct closure_list_row *row = &rows.p[i];
        struct closure_line *line = &r->lines.p[i];
        *line = (struct closure_line){
            .id = row->id, .monument_id = row->monument_id, .monument = row->monument,
            .reason = reason_in(r->caller->lang, row->reason_fr, row->reason_en), .from_at = row->from_at,
            .until_at = row->until_at, .created_at = row->created_at, .open_end = row->open_end != 0,
            .done = str_eq(row->state, S("done")), .reopened = row->reopened_at.is, .visits = (int)row->visits,
            .todo = (int)row->todo, .open_choices = (int)row->open_choices};
        if (!closure_scope_parse(row->scope, &line->scope))
            return fault_set(fault, ERR_BUG, "scope of closure %lld", (long long)row->id);
    }
    return OK;
}

enum err closure_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      struct closure_lines *ret_lines, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller};
    enum err err = permit_staff_list(caller, TASK_CLOSE_SLOT, &r.all, fault);
    if (err == OK)
        err = service_read(service, arena, list_read, &r, fault);
    if (err == OK)
        *ret_lines = r.lines;
    return err;
}

/* ---- One closure ------------------------------------------------------------------------------------------------- */

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static enum err read_head(struct reading *r, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_progress *progress = &r->progress;
    struct closure_of_row row;
    bool found = false;
    enum err err = q_closure_of(db, arena, (struct closure_of_in){.id = r->id}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "closure %lld", (long long)r->id);
    err = permit_staff(r->caller, TASK_CLOSE_SLOT, row.monument_id, fault);
    if (err != OK)
        return err;
    progress->line = (struct closure_line){
        .id = r->id, .monument_id = row.monument_id, .monument = row.monument,
        .reason = reason_in(r->caller->lang, row.reason_fr, row.reason_en), .from_at = row.from_at,
        .until_at = row.until_at, .created_at = row.created_at, .open_end = row.open_end != 0,
        .done = str_eq(row.state, S("done")), .reopened = row.reopened_at.is};
    if (!closure_scope_parse(row.scope, &progress->line.scope))
        return fault_set(fault, ERR_BUG, "scope of closure %lld", (long long)r->id);
    progress->slug = row.slug;
    progress->reason_fr = row.reason_fr;
    progress->reason_en = row.reason_en;
    progress->closed_by = full_name(arena, row.staff_first, row.staff_last);
    progress->reopened_by = full_name(arena, row.reopened_first.v, row.reopened_last.v);
    progress->done_at = row.done_at.v;
    progress->reopened_at = row.reopened_at.v;
    progress->choose_until = row.choose_until;
    progress->refund_by_default = row.refund_by_default != 0;
    progress->slots = (int)row.slots;
    return OK;
}

static void count(struct closure_progress *progress, const struct closure_counts_row *row)
{
    int n = (int)row->visits;
    const struct {
        struct str word;
        int *of;
    } outcomes[] = {{S("released"), &progress->released}, {S("gone"), &progress->gone}, {S("spared"), &progress->spared},
                    {S("call"), &progress->call}},
      chosen[] = {{S("open"), &progress->open}, {S("moved"), &progress->moved}, {S("refund"), &progress->chose_refund},
                  {S("default"), &progress->defaulted}, {S("waived"), &progress->waived}};
    progress->total += n;
    progress->worked += str_eq(row->state, S("done")) ? n : 0;
    progress->problems += (int)row->problems;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        *outcomes[i].of += str_eq(row->outcome, outcomes[i].word) ? n : 0;
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        *chosen[i].of += str_eq(row->choice, chosen[i].word) ? n : 0;
    if (str_eq(row->choice, S("open")))
        progress->open_amount = cents_add(progress->open_amount, cents(row->amount_cents));
}

static enum err read_counts(struct reading *r, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_progress *progress = &r->progress;
    struct closure_counts_list counts;
    struct closure_mails_list mails;
    struct closure_refunds_list refunds;
    enum err err = q_closure_counts(db, arena, (struct closure_counts_in){.id = r->id}, &counts, fault);
    if (err == OK)
        err = q_closure_mails(db, arena, (struct closure_mails_in){.id = r->id}, &mails, fault);
    if (err == OK)
        err = q_closure_refunds(db, arena, (struct closure_refunds_in){.id = r->id}, &refunds, fault);
    if (err != OK)
        return err;
    for (size_t i = 0; i < counts.n; i++)
        count(progress, &counts.p[i]);
    for (size_t i = 0; i < mails.n; i++) {
        int n = (int)mails.p[i].mails;
        progress->mails += n;
        progress->mails_sent += str_eq(mails.p[i].state, S("sent")) ? n : 0;
        progress->mails_failed += str_eq(mails.p[i].state, S("failed")) ? n : 0;
    }
    bool sending = false;
    for (size_t i = 0; i < refunds.n; i++) {
        const struct closure_refunds_row *row = &refunds.p[i];
        bool done = str_eq(row->state, S("done")), by_hand = str_eq(row->way, S("transfer"));
        bool failed = str_eq(row->state, S("failed")) || str_eq(row->state, S("unclear"));
        progress->refunds += (int)row->parts;
        progress->refunds_done += done ? (int)row->parts : 0;
        progress->refunds_failed += failed ? (int)row->parts : 0;
        progress->refunds_by_hand += by_hand && !done ? (int)row->parts : 0;
        struct cents *sum = done ? &progress->refunded : &progress->to_refund;
        *sum = cents_add(*sum, cents(failed ? 0 : row->amount_cents));
        sending = sending || (!done && !failed && !by_hand);
    }
    progress->moving = !progress->line.done || sending || progress->mails > progress->mails_sent + progress->mails_failed;
    return OK;
}

static enum err read_rows(struct reading *r, struct db *db, struct arena *arena, struct fault *fault)
{
    struct closure_progress *progress = &r->progress;
    struct closure_rows_list rows;
    struct closure_booking_rows_list bookings;
    enum err err = q_closure_rows(db, arena, (struct closure_rows_in){.id = r->id}, &rows, fault);
    if (err == OK)
        err = q_closure_booking_rows(db, arena, (struct closure_booking_rows_in){.id = r->id}, &bookings, fault);
    if (err != OK)
        return err;
    progress->rows = (struct closure_rows){ARENA_ARRAY(arena, rows.n + 1, struct closure_row), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct closure_rows_row *row = &rows.p[i];
        progress->rows.p[i] = (struct closure_row){
            .visit_id = row->visit_id, .organisation_id = row->organisation_id, .organisation = row->organisation,
            .ref = row->ref.v, .leader = full_name(arena, row->leader_first.v, row->leader_last.v),
            .leader_phone = row->leader_phone.v, .phone = row->buyer_phone, .was = row->was, .state = row->state,
            .outcome = row->outcome, .choice = row->choice, .problem = row->problem, .start_at = row->start_at,
            .new_start_at = row->new_start_at.v, .persons = (int)row->persons, .new_persons = (int)row->new_persons.v,
            .amount = cents(row->amount_cents), .failed = row->failed > 0 || !str_empty(row->problem)};
    }
    progress->bookings = (struct closure_rows){ARENA_ARRAY(arena, bookings.n + 1, struct closure_row), bookings.n};
    for (size_t i = 0; i < bookings.n; i++) {
        const struct closure_booking_rows_row *row = &bookings.p[i];
        bool done = str_eq(row->state, S("done"));
        progress->bookings.p[i] = (struct closure_row){
            .organisation = row->organisation, .leader = row->name, .phone = row->phone, .was = S("phone"),
            .state = row->state, .outcome = row->outcome, .start_at = row->start_at, .persons = (int)row->persons};
        progress->worked += done;
        progress->call += str_eq(row->outcome, S("call"));
        progress->gone += str_eq(row->outcome, S("gone"));
        progress->spared += str_eq(row->outcome, S("spared"));
    }
    progress->total += (int)bookings.n;
    return OK;
}

static enum err one_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    enum err err = read_head(r, db, arena, fault);
    if (err == OK)
        err = read_counts(r, db, arena, fault);
    if (err == OK)
        err = read_rows(r, db, arena, fault);
    r->progress.line.visits = r->progress.total;
    r->progress.line.todo = r->progress.total - r->progress.worked;
    r->progress.line.open_choices = r->progress.open;
    return err;
}

enum err closure_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      int64_t closure_id, struct closure_progress *ret_progress, struct fault *fault)
{
    struct reading r = {.service = service, .caller = caller, .id = closure_id};
    enum err err = permit_staff_list(caller, TASK_CLOSE_SLOT, &r.all, fault);
    if (err == OK)
        err = service_read(service, arena, one_read, &r, fault);
    if (err == OK)
        *ret_progress = r.progress;
    return err;
}
