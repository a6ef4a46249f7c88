/* Accompanying persons of an organisation. */
#include "service/leader.h"

#include "base/limits.h"
#include "service/account_parts.h"
#include "service/permit.h"
#include "store/queries.h"

/* ---- reading ---- */

static struct leader leader_of(int64_t id, struct str kind, int64_t placeholder, struct leader_fields fields)
{
    struct leader leader = {.id = id, .fields = fields, .placeholder = placeholder != 0};
    if (!leader_kind_parse(kind, &leader.fields.kind))
        leader.fields.kind = LEADER_ACCOMPANYING; /* the schema knows only the two */
    return leader;
}

enum err leader_list_in(struct db *db, struct arena *arena, int64_t organisation_id, struct leaders *ret_leaders,
                        struct fault *fault)
{
    struct leader_list_list rows = {0};
    enum err err =
        q_leader_list(db, arena, (struct leader_list_in){.organisation_id = organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    struct account_sort_name *names = ARENA_ARRAY(arena, rows.n, struct account_sort_name);
    for (size_t i = 0; i < rows.n; i++)
        names[i] = (struct account_sort_name){.rank = rows.p[i].placeholder != 0 ? 0 : 1,
                                              .last_name = rows.p[i].last_name,
                                              .first_name = rows.p[i].first_name};
    const size_t *order = account_sorted(arena, names, rows.n);
    struct leaders leaders = {.p = ARENA_ARRAY(arena, rows.n, struct leader), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct leader_list_row *row = &rows.p[order[i]];
        leaders.p[i] = leader_of(row->id, row->kind, row->placeholder,
                                 (struct leader_fields){.last_name = row->last_name,
                                                        .first_name = row->first_name,
                                                        .email = row->email,
                                                        .phone = row->phone,
                                                        .card = row->card_number,
                                                        .has_card_until = row->card_until.is,
                                                        .card_until = (day_number)row->card_until.v});
    }
    *ret_leaders = leaders;
    return OK;
}

struct listing {
    int64_t organisation_id;
    struct leaders leaders;
};

static enum err listing_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    return leader_list_in(db, arena, l->organisation_id, &l->leaders, fault);
}

enum err leader_list(struct service *service, struct arena *arena, struct caller caller, struct leaders *ret_leaders,
                     struct fault *fault)
{
    struct listing l = {.organisation_id = caller.organisation_id};
    enum err err = permit(&caller, TASK_LEADERS_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, listing_read, &l, fault);
    if (err == OK)
        *ret_leaders = l.leaders;
    return err;
}

struct getting {
    int64_t id, organisation_id;
    struct leader leader;
};

static enum err getting_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct getting *g = argument;
    struct leader_get_row row;
    bool found = false;
    enum err err = q_leader_get(db, arena,
                                (struct leader_get_in){.id = g->id, .organisation_id = g->organisation_id}, &row,
                                &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no such leader in the organisation");
    g->leader = leader_of(row.id, row.kind, row.placeholder,
                          (struct leader_fields){.last_name = row.last_name,
                                                 .first_name = row.first_name,
                                                 .email = row.email,
                                                 .phone = row.phone,
                                                 .card = row.card_number,
                                                 .has_card_until = row.card_until.is,
                                                 .card_until = (day_number)row.card_until.v});
    return OK;
}

enum err leader_get(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                    struct leader *ret_leader, struct fault *fault)
{
    struct getting g = {.id = id, .organisation_id = caller.organisation_id};
    enum err err = permit(&caller, TASK_LEADERS_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, getting_read, &g, fault);
    if (err == OK)
        *ret_leader = g.leader;
    return err;
}

/* ---- writing ---- */

struct edit {
    struct caller caller;
    int64_t id;
    const struct leader_fields *fields;
    instant now;
    struct leader_answer answer;
};

enum { LONGEST_CARD = 60 };

static struct maybe_int card_until(const struct leader_fields *fields)
{
    return (struct maybe_int){.is = fields->has_card_until, .v = fields->card_until};
}

static enum account_refusal fields_check(struct arena *arena, struct leader_fields *fields)
{
    if (fields->kind != LEADER_GUIDE && fields->kind != LEADER_ACCOMPANYING)
        return ACCOUNT_PERSON_KIND;
    /* Only a guide has a professional card; whoever becomes somebody else loses it. */
    if (fields->kind != LEADER_GUIDE) {
        fields->card = (struct str){0};
        fields->has_card_until = false;
    }
    fields->card = str_trim(fields->card);
    if (!str_empty(fields->card) && !account_line(&fields->card, LONGEST_CARD))
        return ACCOUNT_CARD;
    if (str_empty(fields->card) && fields->has_card_until)
        return ACCOUNT_CARD;
    return account_reach_check(arena, (struct account_reach){.first_name = &fields->first_name,
                                                             .last_name = &fields->last_name,
                                                             .email = &fields->email,
                                                             .phone = &fields->phone,
                                                             .phone_needed = true});
}

/* The rows are counted and compared under the organisation's lock, so that two servers cannot both add the last. */
static enum err room_check(struct db *db, struct arena *arena, struct edit *e, bool *ret_same, struct fault *fault)
{
    int64_t organisation_id = e->caller.organisation_id;
    const struct leader_fields *f = e->fields;
    struct organisation_lock_row lock;
    struct leader_same_row same;
    struct leader_count_row count;
    enum err err = q_organisation_lock(db, arena, (struct organisation_lock_in){.id = organisation_id}, &lock, NULL,
                                       fault);
    if (err == OK)
        err = q_leader_same(db, arena,
                            (struct leader_same_in){.organisation_id = organisation_id,
                                                    .kind = str_of(leader_kind_name(f->kind)),
                                                    .last_name = f->last_name,
                                                    .first_name = f->first_name,
                                                    .email = f->email,
                                                    .phone = f->phone,
                                                    .card_number = f->card,
                                                    .card_until = f->has_card_until ? f->card_until : 0},
                            &same, ret_same, fault);
    if (err == OK && *ret_same)
        e->answer.id = same.id;
    if (err != OK || *ret_same)
        return err;
    err = q_leader_count(db, arena, (struct leader_count_in){.organisation_id = organisation_id}, &count, NULL, fault);
    if (err == OK && count.n >= LIMIT_LEADERS) {
        e->answer.refusal = ACCOUNT_LIST_FULL;
        return ERR_REFUSED;
    }
    return err;
}

static enum err create_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct edit *e = argument;
    const struct leader_fields *f = e->fields;
    bool same = false;
    e->answer = (struct leader_answer){0};
    enum err err = room_check(db, arena, e, &same, fault);
    if (err != OK || same)
        return err;
    struct leader_add_row row;
    err = q_leader_add(db, arena,
                       (struct leader_add_in){.organisation_id = e->caller.organisation_id,
                                              .kind = str_of(leader_kind_name(f->kind)),
                                              .last_name = f->last_name,
                                              .first_name = f->first_name,
                                              .email = f->email,
                                              .phone = f->phone,
                                              .card_number = f->card,
                                              .card_until = card_until(f),
                                              .created_at = e->now},
                       &row, NULL, fault);
    if (err != OK)
        return err;
    e->answer.id = row.id;
    return account_audit(db, arena, e->caller, e->now, S("leader.create"), "leader", row.id, fault);
}

/* Nothing was changed: a placeholder is refused, anything else is not there (ERR_NOT_FOUND). */
static enum err unchanged(struct db *db, struct arena *arena, struct edit *e, struct fault *fault)
{
    struct getting g = {.id = e->id, .organisation_id = e->caller.organisation_id};
    enum err err = getting_read(db, arena, &g, fault);
    if (err != OK)
        return err;
    e->answer.refusal = ACCOUNT_PLACEHOLDER;
    return ERR_REFUSED;
}

static enum err update_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct edit *e = argument;
    const struct leader_fields *f = e->fields;
    int64_t changed = 0;
    e->answer = (struct leader_answer){.id = e->id};
    enum err err = q_leader_change(db,
                                   (struct leader_change_in){.id = e->id,
                                                             .organisation_id = e->caller.organisation_id,
                                                             .kind = str_of(leader_kind_name(f->kind)),
                                                             .last_name = f->last_name,
                                                             .first_name = f->first_name,
                                                             .email = f->email,
                                                             .phone = f->phone,
                                                             .card_number = f->card,
                                                             .card_until = card_until(f)},
                                   &changed, fault);
    if (err != OK)
        return err;
    if (changed == 0)
        return unchanged(db, arena, e, fault);
    return account_audit(db, arena, e->caller, e->now, S("leader.update"), "leader", e->id, fault);
}

static enum err remove_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct edit *e = argument;
    int64_t changed = 0;
    e->answer = (struct leader_answer){0};
    enum err err = q_leader_remove(
        db, (struct leader_remove_in){.id = e->id, .organisation_id = e->caller.organisation_id, .now = e->now},
        &changed, fault);
    if (err != OK)
        return err;
    if (changed == 0) {
        /* Not there (any more) is what was asked for. */
        err = unchanged(db, arena, e, fault);
        return err == ERR_NOT_FOUND ? OK : err;
    }
    e->answer.id = e->id;
    return account_audit(db, arena, e->caller, e->now, S("leader.remove"), "leader", e->id, fault);
}

static enum err edit_run(struct service *service, struct arena *arena, write_command command, struct edit *e,
                         struct leader_answer *ret_answer, struct fault *fault)
{
    e->now = service_now(service);
    enum err err = service_write(service, arena, command, 0, e, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_answer = e->answer;
    return OK;
}

enum err leader_create(struct service *service, struct arena *arena, struct caller caller, struct leader_fields fields,
                       struct leader_answer *ret_answer, struct fault *fault)
{
    enum err err = permit(&caller, TASK_LEADERS, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = fields_check(arena, &fields);
    if (refusal != ACCOUNT_REFUSED_NOT) {
        *ret_answer = (struct leader_answer){.refusal = refusal};
        return OK;
    }
    struct edit e = {.caller = caller, .fields = &fields};
    return edit_run(service, arena, create_write, &e, ret_answer, fault);
}

enum err leader_update(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                       struct leader_fields fields, struct leader_answer *ret_answer, struct fault *fault)
{
    enum err err = permit(&caller, TASK_LEADERS, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = fields_check(arena, &fields);
    if (refusal != ACCOUNT_REFUSED_NOT) {
        *ret_answer = (struct leader_answer){.refusal = refusal};
        return OK;
    }
    struct edit e = {.caller = caller, .id = id, .fields = &fields};
    return edit_run(service, arena, update_write, &e, ret_answer, fault);
}

enum err leader_remove(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                       struct leader_answer *ret_answer, struct fault *fault)
{
    struct edit e = {.caller = caller, .id = id};
    enum err err = permit(&caller, TASK_LEADERS, fault);
    return err != OK ? err : edit_run(service, arena, remove_write, &e, ret_answer, fault);
}
