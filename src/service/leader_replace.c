/* Replacing the accompanying person of a confirmed visit (COM-5): the visit, its note, the mails, in one commit. */
#include "service/leader_replace.h"

#include "service/audit.h"
#include "service/outbox.h"
#include "service/permit.h"
#include "store/queries.h"

struct replacing {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    int64_t visit_id;
    const struct leader_replacement *replacement; /* NULL: only looking */
    instant now;
    struct replace_view view;
    struct leader_of_visit_row old;
    enum replace_refusal refusal;
};

static struct str full_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

static enum replace_refusal refusal_of(const struct change_visit_row *row, instant now)
{
    if (!row->start_at.is)
        return REPLACE_UNDATED;
    if (!str_eq(row->order_state, S("confirmed")) || !str_eq(row->state, S("confirmed")))
        return REPLACE_GONE;
    if (row->used > 0)
        return REPLACE_SCANNED;
    return now >= row->start_at.v + row->minutes.v * 60 ? REPLACE_OVER : REPLACE_NOT_REFUSED;
}

/* Those who may: for a guided visit only guides. */
static enum err read_choices(struct replacing *r, struct db *db, struct arena *arena, struct fault *fault)
{
    struct leaders all;
    enum err err = leader_list_in(db, arena, r->caller->organisation_id, &all, fault);
    if (err != OK)
        return err;
    r->view.choices.p = ARENA_ARRAY(arena, all.n + 1, struct leader);
    for (size_t i = 0; i < all.n; i++)
        if (r->view.leader_kind != LEADER_GUIDE || all.p[i].fields.kind == LEADER_GUIDE)
            r->view.choices.p[r->view.choices.n++] = all.p[i];
    return OK;
}

static enum err read_visit(struct replacing *r, struct db *db, struct arena *arena, struct fault *fault)
{
    struct change_visit_row row;
    bool found = false;
    enum err err = q_change_visit(db, arena, (struct change_visit_in){.ref = r->ref, .visit_id = r->visit_id,
        .organisation_id = r->caller->organisation_id}, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "visit");
    err = q_leader_of_visit(db, arena, (struct leader_of_visit_in){.visit_id = r->visit_id}, &r->old, NULL, fault);
    if (err != OK)
        return err;
    r->view = (struct replace_view){
        .order_ref = r->ref, .visit_id = r->visit_id, .monument_slug = row.monument_slug,
        .monument_name = row.monument_name, .kind = row.kind, .start_at = row.start_at.v, .persons = (int)row.persons,
        .leader_id = r->old.leader_id.v, .leader = full_name(arena, r->old.first_name.v, r->old.last_name.v),
        .refusal = refusal_of(&row, r->now)};
    if (!leader_kind_parse(row.leader_kind, &r->view.leader_kind))
        return fault_set(fault, ERR_BUG, "visit %lld has an unknown leader", (long long)r->visit_id);
    return read_choices(r, db, arena, fault);
}

static enum err look(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    return read_visit(argument, db, arena, fault);
}

enum err leader_replace_look(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                             int64_t visit_id, struct replace_view *ret_view, struct fault *fault)
{
    enum err err = permit(caller, TASK_LEADERS, fault);
    if (err != OK)
        return err;
    struct replacing r = {.service = service, .caller = caller, .ref = ref, .visit_id = visit_id,
                          .now = service_now(service)};
    err = service_read(service, arena, look, &r, fault);
    if (err == OK)
        *ret_view = r.view;
    return err;
}

/* ---- The replacement -------------------------------------------------------------------------------------------- */

static enum err refuse(struct replacing *r, enum replace_refusal refusal)
{
    r->refusal = refusal;
    return ERR_REFUSED;
}

/* Among the choices, or why not: of the organisation, not removed, and a guide where the visit has one. */
static enum err find_new(struct replacing *r, struct db *db, struct arena *arena, const struct leader **ret_leader,
                         struct fault *fault)
{
    int64_t id = r->replacement->leader_id;
    for (size_t i = 0; i < r->view.choices.n; i++)
        if (r->view.choices.p[i].id == id) {
            *ret_leader = &r->view.choices.p[i];
            return id == r->view.leader_id ? refuse(r, REPLACE_SAME) : OK;
        }
    struct leader_usable_row usable;
    bool found = false;
    enum err err = q_leader_usable(db, arena, (struct leader_usable_in){.id = id,
        .organisation_id = r->caller->organisation_id}, &usable, &found, fault);
    return err != OK ? err : refuse(r, found ? REPLACE_KIND : REPLACE_MISSING);
}

static enum err tell(struct replacing *r, struct db *db, struct arena *arena, int64_t order_id, enum lang lang,
                     struct str kind, struct str email, struct str name, struct fault *fault)
{
    if (str_empty(email))
        return OK;
    return outbox_add(db, arena, (struct outbox_row){
        .kind = kind, .organisation_id = r->caller->organisation_id, .order_id = order_id, .visit_id = r->visit_id,
        .recipient = email, .recipient_name = name, .lang = lang, .now = r->now}, fault);
}

static enum err note(struct replacing *r, struct db *db, struct arena *arena, const struct leader *leader,
                     struct fault *fault)
{
    struct str name = full_name(arena, leader->fields.first_name, leader->fields.last_name);
    struct order_of_row order;
    enum err err = q_order_of(db, arena, (struct order_of_in){.ref = r->ref,
        .organisation_id = r->caller->organisation_id}, &order, NULL, fault);
    if (err == OK)
        err = tell(r, db, arena, order.id, lang_of(order.lang), S("leader-visit"), leader->fields.email, name, fault);
    if (err == OK && r->old.leader_id.is)
        err = tell(r, db, arena, order.id, lang_of(order.lang), S("leader-released"), r->old.email.v, r->view.leader,
                   fault);
    if (err == OK)
        err = q_leader_change_note(db, (struct leader_change_note_in){
            .visit_id = r->visit_id, .request_key = r->replacement->request_key, .old_leader_id = r->old.leader_id,
            .new_leader_id = leader->id, .person_id = r->caller->person_id,
            .staff_id = {.is = r->caller->staff_id != 0, .v = r->caller->staff_id}, .now = r->now}, NULL, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = r->now, .person_id = r->caller->person_id, .staff_id = r->caller->staff_id, .reason = r->caller->why,
        .organisation_id = r->caller->organisation_id, .act = S("visit.leader"), .subject = r->ref,
        .detail = str_format(arena, "visit %lld", (long long)r->visit_id), .was = r->view.leader, .became = name},
        fault);
}

static enum err replace_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct replacing *r = argument;
    r->now = service_now(r->service);
    r->refusal = REPLACE_NOT_REFUSED;
    enum err err = read_visit(r, db, arena, fault);
    /* Looked at first, so that nobody locks another organisation's visit; what counts is the look after the lock. */
    if (err == OK)
        err = q_change_lock(db, (struct change_lock_in){.visit_id = r->visit_id}, NULL, fault);
    if (err == OK)
        err = read_visit(r, db, arena, fault);
    struct leader_change_find_row before;
    bool done = false;
    if (err == OK)
        err = q_leader_change_find(db, arena, (struct leader_change_find_in){
            .visit_id = r->visit_id, .request_key = r->replacement->request_key}, &before, &done, fault);
    if (err != OK || done)
        return err;
    if (r->view.refusal != REPLACE_NOT_REFUSED)
        return refuse(r, r->view.refusal);
    const struct leader *leader = NULL;
    err = find_new(r, db, arena, &leader, fault);
    int64_t changed = 0;
    if (err == OK)
        err = q_leader_replace(db, (struct leader_replace_in){.visit_id = r->visit_id, .leader_id = leader->id},
                               &changed, fault);
    if (err == OK && changed != 1)
        return fault_set(fault, ERR_BUG, "visit %lld is locked and yet has ended", (long long)r->visit_id);
    return err == OK ? note(r, db, arena, leader, fault) : err;
}

enum err leader_replace(struct service *service, struct arena *arena, const struct caller *caller,
                        const struct leader_replacement *replacement, enum replace_refusal *ret_refusal,
                        struct fault *fault)
{
    enum err err = permit(caller, TASK_LEADERS, fault);
    if (err != OK)
        return err;
    struct replacing r = {.service = service, .caller = caller, .ref = replacement->order_ref,
                          .visit_id = replacement->visit_id, .replacement = replacement};
    err = service_write(service, arena, replace_command, 0, &r, fault);
    if (err == ERR_CONFLICT) /* the same form twice at once: the second finds what the first noted */
        err = service_write(service, arena, replace_command, 0, &r, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_refusal = r.refusal;
    return OK;
}
