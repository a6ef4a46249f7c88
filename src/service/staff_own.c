/* What the operator's people do for themselves (a new password, new recovery codes), and acting for a customer. */
#include "base/limits.h"
#include "service/account_parts.h"
#include "service/second_factor_parts.h"
#include "service/staff_session.h"
#include "store/queries.h"

static struct str staff_subject(struct arena *arena, int64_t staff_id)
{
    return str_format(arena, "staff %lld", (long long)staff_id);
}

/* ---- a new password ---- */

struct swapping {
    const struct staff_head *head;
    struct str old_hash, new_hash;
    instant now;
};

static enum err swap_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct swapping *s = argument;
    struct staff_get_row row;
    enum err err = q_staff_get(db, arena, (struct staff_get_in){.id = s->head->caller.staff_id}, &row, NULL, fault);
    if (err == OK)
        s->old_hash = row.password_hash;
    return err;
}

static enum err swap_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct swapping *s = argument;
    int64_t staff_id = s->head->caller.staff_id, changed = 0;
    enum err err = q_staff_swap_password(
        db, (struct staff_swap_password_in){.id = staff_id, .old_hash = s->old_hash, .new_hash = s->new_hash}, &changed,
        fault);
    if (err != OK)
        return err;
    if (changed == 0) /* another new password was taken since the old one was checked */
        return ERR_REFUSED;
    err = q_staff_session_end_others(
        db, (struct staff_session_end_others_in){.staff_id = staff_id, .keep_id = s->head->session_id}, NULL, fault);
    if (err != OK)
        return err;
    return staff_audit(
        db, arena, &s->head->caller, s->now,
        (struct staff_act){.act = S("staff.password-change"), .subject = staff_subject(arena, staff_id)}, fault);
}

enum err staff_password_change(struct service *service, struct arena *arena, const struct staff_head *head,
                               struct str old_password, struct str new_password, enum account_refusal *ret_refusal,
                               struct fault *fault)
{
    struct swapping s = {.head = head, .now = service_now(service)};
    enum account_refusal refusal = account_password_check(new_password, head->email);
    bool right = false;
    enum err err = OK;
    if (refusal == ACCOUNT_REFUSED_NOT) {
        err = service_read(service, arena, swap_read, &s, fault);
        if (err == OK && old_password.n <= LIMIT_PASSWORD)
            err = password_verify(service->passwords, s.old_hash, old_password, &right, fault);
        if (!right)
            refusal = ACCOUNT_PASSWORD_WRONG;
    }
    if (err == OK && refusal == ACCOUNT_REFUSED_NOT) {
        err = password_hash(service->passwords, arena, new_password, &s.new_hash, fault);
        if (err == OK)
            err = service_write(service, arena, swap_write, 0, &s, fault);
        if (err == ERR_REFUSED) {
            refusal = ACCOUNT_PASSWORD_WRONG;
            err = OK;
        }
    }
    if (err == OK)
        *ret_refusal = refusal;
    return err;
}

/* ---- new recovery codes ---- */

struct renewing {
    const struct service *service;
    const struct staff_caller *caller;
    struct str code;
    struct factor_draw draw;
    instant now;
    struct factor_codes codes;
};

static enum err renew_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct renewing *r = argument;
    struct factor_owner owner = {.staff_id = r->caller->staff_id};
    r->codes = (struct factor_codes){.refusal = ACCOUNT_CODE_WRONG};
    enum err err = factor_check_in(r->service, db, arena, owner, r->code, r->now, &r->codes.refusal, fault);
    if (err != OK || r->codes.refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = factor_codes_renew_in(r->service, db, arena, owner, &r->draw, &r->codes, fault);
    if (err != OK)
        return err;
    return staff_audit(
        db, arena, r->caller, r->now,
        (struct staff_act){.act = S("staff.factor-codes"), .subject = staff_subject(arena, r->caller->staff_id)},
        fault);
}

enum err staff_codes_renew(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct str code, struct factor_codes *ret_codes, struct fault *fault)
{
    struct renewing r = {.service = service, .caller = caller, .code = code, .now = service_now(service)};
    factor_draw(service, arena, &r.draw);
    enum err err = service_write(service, arena, renew_write, 0, &r, fault);
    if (err == OK)
        *ret_codes = r.codes;
    return err;
}

/* ---- one's own sessions ---- */

struct own_reading {
    const struct staff_head *head;
    instant now;
    struct staff_own own;
};

static enum err own_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct own_reading *o = argument;
    struct staff_session_list_list rows;
    struct factor_state state;
    int64_t staff_id = o->head->caller.staff_id;
    enum err err = q_staff_session_list(
        db, arena, (struct staff_session_list_in){.staff_id = staff_id, .now = o->now}, &rows, fault);
    if (err == OK)
        err = factor_state_in(db, arena, (struct factor_owner){.staff_id = staff_id}, &state, fault);
    if (err != OK)
        return err;
    o->own.codes_left = (int64_t)state.codes_left;
    o->own.sessions = (struct sessions){ARENA_ARRAY(arena, rows.n + 1, struct session_item), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        o->own.sessions.p[i] = (struct session_item){
            .id = rows.p[i].id, .created_at = rows.p[i].created_at, .seen_at = rows.p[i].seen_at,
            .expires_at = rows.p[i].expires_at, .agent = rows.p[i].agent, .address = rows.p[i].address,
            .current = rows.p[i].id == o->head->session_id};
    return OK;
}

/* Whoever has a session may see and end what is their own: no task is asked. */
static enum err own_permit(const struct staff_head *head, struct fault *fault)
{
    return head->caller.staff_id != 0 ? OK : fault_set(fault, ERR_NOT_FOUND, "nobody is signed in");
}

enum err staff_own_read(struct service *service, struct arena *arena, const struct staff_head *head,
                        struct staff_own *ret_own, struct fault *fault)
{
    struct own_reading o = {.head = head, .now = service_now(service)};
    enum err err = own_permit(head, fault);
    if (err == OK)
        err = service_read(service, arena, own_read, &o, fault);
    if (err == OK)
        *ret_own = o.own;
    return err;
}

struct ending {
    const struct staff_head *head;
    int64_t session_id, ended;
    instant now;
};

static enum err ending_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct ending *e = argument;
    int64_t staff_id = e->head->caller.staff_id;
    enum err err = e->session_id == 0
                       ? q_staff_session_end_others(db,
                                                    (struct staff_session_end_others_in){
                                                        .staff_id = staff_id, .keep_id = e->head->session_id},
                                                    &e->ended, fault)
                       : q_staff_session_end(
                             db, (struct staff_session_end_in){.id = e->session_id, .staff_id = staff_id}, &e->ended,
                             fault);
    if (err != OK || e->ended == 0)
        return err;
    return staff_audit(db, arena, &e->head->caller, e->now,
                       (struct staff_act){.act = S("staff.sessions-end"), .subject = staff_subject(arena, staff_id)},
                       fault);
}

enum err staff_session_end(struct service *service, struct arena *arena, const struct staff_head *head,
                           int64_t session_id, int64_t *ret_ended, struct fault *fault)
{
    struct ending e = {.head = head, .session_id = session_id, .now = service_now(service)};
    enum err err = own_permit(head, fault);
    if (err == OK)
        err = service_write(service, arena, ending_write, 0, &e, fault);
    if (err == OK)
        *ret_ended = e.ended;
    return err;
}

/* ---- on behalf of a customer ---- */

struct acting {
    const struct staff_head *head;
    int64_t organisation_id, person_id;
    struct str reason;
    instant now;
};

static enum err act_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct acting *a = argument;
    struct staff_act_candidate_row row;
    bool found = false;
    enum err err = q_staff_act_candidate(
        db, arena,
        (struct staff_act_candidate_in){.organisation_id = a->organisation_id, .person_id = a->person_id}, &row,
        &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "no such organisation, or person in it");
    int64_t changed = 0;
    if (err == OK)
        err = q_staff_session_act(db,
                                  (struct staff_session_act_in){.id = a->head->session_id,
                                                                .staff_id = a->head->caller.staff_id,
                                                                .acting_person_id = {.is = true, .v = row.id},
                                                                .acting_since = {.is = true, .v = a->now},
                                                                .reason = a->reason},
                                  &changed, fault);
    if (err == OK && changed == 0)
        return fault_set(fault, ERR_NOT_FOUND, "the session has ended");
    if (err != OK)
        return err;
    return staff_audit(db, arena, &a->head->caller, a->now,
                       (struct staff_act){.act = S("support.act-for"),
                                          .subject = str_format(arena, "person %lld", (long long)row.id),
                                          .organisation_id = a->organisation_id,
                                          .person_id = row.id,
                                          .reason = a->reason},
                       fault);
}

enum err staff_act_for(struct service *service, struct arena *arena, const struct staff_head *head,
                       int64_t organisation_id, int64_t person_id, struct str reason, struct fault *fault)
{
    struct acting a = {.head = head, .organisation_id = organisation_id, .person_id = person_id,
                       .reason = reason, .now = service_now(service)};
    enum err err = permit_staff(&head->caller, TASK_ACT_FOR, 0, fault);
    if (err == OK && (reason.n == 0 || utf8_length(reason) > STAFF_REASON_MOST))
        return fault_set(fault, ERR_INPUT, "a reason of 1 to %d characters", STAFF_REASON_MOST);
    return err != OK ? err : service_write(service, arena, act_write, 0, &a, fault);
}

static enum err act_end_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct acting *a = argument;
    const struct staff_acting *acting = &a->head->acting;
    enum err err = q_staff_session_act(
        db, (struct staff_session_act_in){.id = a->head->session_id, .staff_id = a->head->caller.staff_id,
                                          .reason = S("")}, NULL,
        fault);
    if (err != OK || acting->organisation_id == 0)
        return err;
    return staff_audit(db, arena, &a->head->caller, a->now,
                       (struct staff_act){.act = S("support.act-end"),
                                          .subject = str_format(arena, "person %lld", (long long)acting->person_id),
                                          .organisation_id = acting->organisation_id,
                                          .person_id = acting->person_id},
                       fault);
}

enum err staff_act_end(struct service *service, struct arena *arena, const struct staff_head *head, struct fault *fault)
{
    struct acting a = {.head = head, .now = service_now(service)};
    return service_write(service, arena, act_end_write, 0, &a, fault);
}

struct caller staff_acting_caller(const struct staff_head *head)
{
    if (head->acting.organisation_id == 0)
        return (struct caller){.lang = head->caller.lang};
    return (struct caller){.person_id = head->acting.person_id,
                           .organisation_id = head->acting.organisation_id,
                           .lang = head->caller.lang,
                           .role = ROLE_ACTING,
                           .staff_id = head->caller.staff_id,
                           .why = head->acting.reason,
                           .own_lang = head->acting.lang};
}

/* ---- a customer's lost second factor ---- */

struct unlocking {
    const struct staff_caller *caller;
    int64_t organisation_id, person_id;
    struct str reason;
    instant now;
};

static enum err unlock_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct unlocking *u = argument;
    struct member_get_row row;
    bool found = false;
    enum err err = q_member_get(
        db, arena, (struct member_get_in){.id = u->person_id, .organisation_id = u->organisation_id}, &row, &found,
        fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "no such person in the organisation");
    if (err == OK)
        err = factor_drop_in(db, arena, (struct factor_owner){.person_id = u->person_id}, fault);
    if (err == OK)
        err = q_session_end_others(db, (struct session_end_others_in){.person_id = u->person_id, .keep_id = 0}, NULL,
                                   fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, u->caller, u->now,
                       (struct staff_act){.act = S("support.unlock"),
                                          .subject = str_format(arena, "person %lld", (long long)u->person_id),
                                          .organisation_id = u->organisation_id,
                                          .reason = u->reason},
                       fault);
}

enum err staff_customer_unlock(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t organisation_id, int64_t person_id, struct str reason, struct fault *fault)
{
    struct unlocking u = {.caller = caller,
                          .organisation_id = organisation_id,
                          .person_id = person_id,
                          .reason = reason,
                          .now = service_now(service)};
    enum err err = permit_staff(caller, TASK_CUSTOMER_UNLOCK, 0, fault);
    return err != OK ? err : service_write(service, arena, unlock_write, 0, &u, fault);
}
