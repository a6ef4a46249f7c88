/* Paid visits before their change: what may be changed, until when, what it would cost (OPT-6). Reads only. */
#include "service/order_change_parts.h"

#include "domain/validity.h"
#include "service/permit.h"
#include "service/pricing.h"

/* ---- One visit -------------------------------------------------------------------------------------------------- */

static enum change_refusal refusal_of(const struct change_visit_row *row, const struct change_view *view, instant now)
{
    if (!row->start_at.is)
        return CHANGE_UNDATED;
    if (!str_eq(row->order_state, S("confirmed")) || !str_eq(row->state, S("confirmed")))
        return CHANGE_GONE;
    if (row->used > 0)
        return CHANGE_SCANNED;
    if (now >= view->start_at + view->minutes * 60)
        return CHANGE_OVER;
    return CHANGE_NOT_REFUSED;
}

/* Whether the money of the visit is here to be carried over: not with a pass or a ticket in stock, and not when a part
 * of it went back already. */
static enum err check_money(struct db *db, struct arena *arena, struct change_state *state, struct fault *fault)
{
    struct change_money_row money;
    enum err err = q_change_money(db, arena, (struct change_money_in){.order_id = state->row.order_id}, &money, NULL,
                                  fault);
    if (err == OK && (state->row.credited > 0 || state->row.price_cents == 0 ||
                      money.left_cents < state->row.price_cents))
        state->view.refusal = CHANGE_DESK;
    return err;
}

static enum err check_others(struct db *db, struct arena *arena, struct change_state *state, struct fault *fault)
{
    struct change_of_visit_row other;
    bool found = false;
    enum err err = q_change_of_visit(db, arena, (struct change_of_visit_in){.visit_id = state->view.visit_id}, &other,
                                     &found, fault);
    if (err != OK || !found)
        return err;
    state->view.change_ref = other.new_order_ref;
    if (state->view.refusal == CHANGE_NOT_REFUSED && str_eq(other.state, S("pending")))
        state->view.refusal = CHANGE_PAYING;
    return OK;
}

enum err order_change_state(struct service *service, struct db *db, struct arena *arena, const struct caller *caller,
                            struct str ref, int64_t visit_id, instant now, struct change_state *ret_state,
                            struct fault *fault)
{
    struct change_state state;
    struct settings settings;
    bool found = false;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = q_change_visit(db, arena, (struct change_visit_in){.ref = ref, .visit_id = visit_id,
            .organisation_id = caller->organisation_id}, &state.row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "visit");
    const struct change_visit_row *row = &state.row;
    state.view = (struct change_view){
        .order_ref = ref, .visit_id = visit_id, .monument_id = row->monument_id, .monument_slug = row->monument_slug,
        .monument_name = row->monument_name, .kind = row->kind, .start_at = row->start_at.v,
        .minutes = (int)row->minutes.v, .persons = (int)row->persons, .price = cents(row->price_cents),
        .days_before = (int)(row->days_before.is ? row->days_before.v : settings.change_days_before)};
    if (!audience_parse(row->audience, &state.view.audience) ||
        !leader_kind_parse(row->leader_kind, &state.view.leader))
        return fault_set(fault, ERR_BUG, "visit %lld has an unknown audience or leader", (long long)visit_id);
    if (row->start_at.is)
        state.view.until = change_cutoff(&service->zone, state.view.start_at, state.view.days_before);
    state.view.refusal = refusal_of(row, &state.view, now);
    state.view.late = now >= state.view.until;
    if (state.view.refusal == CHANGE_NOT_REFUSED)
        err = check_money(db, arena, &state, fault);
    if (err == OK)
        err = check_others(db, arena, &state, fault);
    if (err != OK)
        return err;
    if (state.view.refusal == CHANGE_NOT_REFUSED && state.view.late && caller->staff_id == 0)
        state.view.refusal = CHANGE_LATE;
    *ret_state = state;
    return OK;
}

struct looking {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    int64_t visit_id;
    struct change_state state;
};

static enum err look(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct looking *looking = argument;
    return order_change_state(looking->service, db, arena, looking->caller, looking->ref, looking->visit_id,
                              service_now(looking->service), &looking->state, fault);
}

enum err order_change_look(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                           int64_t visit_id, struct change_view *ret_view, struct fault *fault)
{
    enum err err = permit(caller, TASK_ORDER, fault);
    if (err != OK)
        return err;
    struct looking looking = {.service = service, .caller = caller, .ref = ref, .visit_id = visit_id};
    err = service_read(service, arena, look, &looking, fault);
    if (err == OK)
        *ret_view = looking.state.view;
    return err;
}

/* ---- Its price -------------------------------------------------------------------------------------------------- */

enum err order_change_price(struct db *db, struct arena *arena, const struct change_view *view, int persons,
                            day_number day, struct change_quote *ret_quote, struct fault *fault)
{
    struct settings settings;
    struct change_quote quote = {.given = false};
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = price_visit(db, arena, &settings, (struct priced){
            .audience = str_of(audience_name(view->audience)), .leader_kind = str_of(leader_kind_name(view->leader)),
            .monument_id = view->monument_id, .persons = persons, .day = day}, &quote.price, &quote.given, fault);
    if (err != OK)
        return err;
    if (quote.given)
        quote.difference = quote.price.total.v - view->price.v;
    quote.no_credit = quote.difference < 0 && settings.change_refund == 0;
    *ret_quote = quote;
    return OK;
}

struct quoting {
    const struct change_view *view;
    int persons;
    day_number day;
    struct change_quote quote;
};

static enum err quote_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct quoting *quoting = argument;
    return order_change_price(db, arena, quoting->view, quoting->persons, quoting->day, &quoting->quote, fault);
}

enum err order_change_quote(struct service *service, struct arena *arena, const struct caller *caller,
                            const struct change_view *view, int persons, day_number day,
                            struct change_quote *ret_quote, struct fault *fault)
{
    enum err err = permit(caller, TASK_ORDER, fault);
    if (err != OK)
        return err;
    struct quoting quoting = {.view = view, .persons = persons, .day = day};
    err = service_read(service, arena, quote_in, &quoting, fault);
    if (err == OK)
        *ret_quote = quoting.quote;
    if (err == OK && caller->staff_id != 0)
        ret_quote->no_credit = false;
    return err;
}

/* ---- An order's page -------------------------------------------------------------------------------------------- */

struct noting {
    struct service *service;
    const struct caller *caller;
    int64_t order_id;
    instant now;
    struct change_notes notes;
};

static struct change_visit_note visit_note(const struct noting *noting, const struct settings *settings,
                                           const struct change_order_visits_row *row)
{
    instant until = change_cutoff(&noting->service->zone, row->start_at.v,
                                  (int)(row->days_before.is ? row->days_before.v : settings->change_days_before));
    bool guided = str_eq(row->leader_kind, S("guide")), over = noting->now >= row->start_at.v + row->minutes.v * 60;
    struct change_visit_note note = {.visit_id = row->id, .confirmed = str_eq(row->state, S("confirmed")),
                                     .until = until};
    bool open = note.confirmed && row->used == 0 && !over;
    note.changeable = open && (noting->now < until || noting->caller->staff_id != 0) &&
                      caller_may(noting->caller, TASK_ORDER);
    note.leader_replaceable = open && caller_may(noting->caller, TASK_LEADERS);
    note.card_missing = open && guided && str_empty(row->card_number.v);
    note.card_expired = open && guided && row->card_until.is &&
                        row->card_until.v < service_day(noting->service, row->start_at.v);
    return note;
}

static enum err notes_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct noting *noting = argument;
    struct settings settings;
    struct changes_of_order_list changes;
    struct change_order_visits_list visits;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        err = q_changes_of_order(db, arena, (struct changes_of_order_in){.order_id = noting->order_id,
            .organisation_id = noting->caller->organisation_id}, &changes, fault);
    if (err == OK)
        err = q_change_order_visits(db, arena, (struct change_order_visits_in){.order_id = noting->order_id,
            .organisation_id = noting->caller->organisation_id}, &visits, fault);
    if (err != OK)
        return err;
    struct change_notes *notes = &noting->notes;
    notes->p = ARENA_ARRAY(arena, changes.n + 1, struct change_note);
    notes->visits = ARENA_ARRAY(arena, visits.n + 1, struct change_visit_note);
    for (size_t i = 0; i < changes.n; i++) {
        const struct changes_of_order_row *row = &changes.p[i];
        notes->p[notes->n++] = (struct change_note){
            .visit_id = row->from_here ? row->old_visit_id : row->new_visit_id, .from_here = row->from_here != 0,
            .pending = str_eq(row->state, S("pending")), .done = str_eq(row->state, S("done")),
            .other_ref = row->from_here ? row->new_order_ref : row->old_order_ref,
            .carried = cents(row->carried_cents), .returned = cents(row->returned_cents)};
    }
    for (size_t i = 0; i < visits.n; i++)
        notes->visits[notes->visit_count++] = visit_note(noting, &settings, &visits.p[i]);
    return OK;
}

enum err order_change_notes(struct service *service, struct arena *arena, const struct caller *caller,
                            int64_t order_id, struct change_notes *ret_notes, struct fault *fault)
{
    enum err err = permit(caller, TASK_VIEW, fault);
    if (err != OK)
        return err;
    struct noting noting = {.service = service, .caller = caller, .order_id = order_id, .now = service_now(service)};
    err = service_read(service, arena, notes_in, &noting, fault);
    if (err == OK)
        *ret_notes = noting.notes;
    return err;
}
