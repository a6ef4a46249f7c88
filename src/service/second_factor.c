/* A customer's own second factor (ACC-6). */
#include "service/second_factor.h"

#include "base/limits.h"
#include "service/account_parts.h"
#include "service/permit.h"
#include "service/second_factor_parts.h"
#include "store/queries.h"

struct work {
    struct service *service;
    struct caller caller;
    struct factor_owner owner;
    struct factor_draw draw;
    struct str email, password_hash, code;
    instant now;
    struct factor_state state;
    struct factor_setup setup;
    struct factor_codes codes;
    enum account_refusal refusal;
};

static enum err work_start(struct service *service, struct arena *arena, struct caller caller, struct work *ret_work,
                           struct fault *fault)
{
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    if (err != OK)
        return err;
    *ret_work = (struct work){.service = service,
                              .caller = caller,
                              .owner = {.person_id = caller.person_id},
                              .now = service_now(service)};
    factor_draw(service, arena, &ret_work->draw);
    return OK;
}

/* The person's address and password; ERR_NOT_FOUND when the caller is nobody's member. */
static enum err work_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct work *w = argument;
    struct person_password_row row;
    bool found = false;
    enum err err = q_person_password(
        db, arena,
        (struct person_password_in){.id = w->caller.person_id, .organisation_id = w->caller.organisation_id}, &row,
        &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "no such person in the organisation");
    if (err != OK)
        return err;
    w->email = row.email;
    w->password_hash = row.password_hash;
    return factor_state_in(db, arena, w->owner, &w->state, fault);
}

enum err factor_read(struct service *service, struct arena *arena, struct caller caller, struct factor_state *ret_state,
                     struct fault *fault)
{
    struct work w;
    enum err err = work_start(service, arena, caller, &w, fault);
    if (err == OK)
        err = service_read(service, arena, work_read, &w, fault);
    if (err == OK)
        *ret_state = w.state;
    return err;
}

static enum err begin_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct work *w = argument;
    return factor_begin_in(w->service, db, arena, w->owner, w->email, &w->draw, w->now, &w->setup, fault);
}

enum err factor_begin(struct service *service, struct arena *arena, struct caller caller, struct str password,
                      struct factor_setup *ret_setup, struct fault *fault)
{
    struct work w;
    bool right = false;
    enum err err = work_start(service, arena, caller, &w, fault);
    if (err == OK)
        err = service_read(service, arena, work_read, &w, fault);
    if (err == OK && password.n <= LIMIT_PASSWORD)
        err = password_verify(service->passwords, w.password_hash, password, &right, fault);
    if (err != OK)
        return err;
    if (right)
        err = service_write(service, arena, begin_write, 0, &w, fault);
    else
        w.setup = (struct factor_setup){.refusal = ACCOUNT_PASSWORD_WRONG};
    if (err == OK)
        *ret_setup = w.setup;
    return err;
}

static enum err confirm_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct work *w = argument;
    w->codes = (struct factor_codes){.refusal = ACCOUNT_REFUSED_NOT};
    enum err err = work_read(db, arena, w, fault);
    if (err == OK)
        err = factor_confirm_in(w->service, db, arena, w->owner, w->email, &w->draw, w->code, w->now, &w->codes, fault);
    if (err == OK && w->codes.refusal == ACCOUNT_REFUSED_NOT)
        err = account_audit(db, arena, w->caller, w->now, S("account.factor-on"), "person", w->caller.person_id, fault);
    return err;
}

/* A code is asked for before anything changes. */
static enum err check(struct db *db, struct arena *arena, struct work *w, struct fault *fault)
{
    enum err err = work_read(db, arena, w, fault);
    return err != OK ? err
                     : factor_check_in(w->service, db, arena, w->owner, w->code, w->now, &w->refusal, fault);
}

static enum err renew_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct work *w = argument;
    enum err err = check(db, arena, w, fault);
    w->codes = (struct factor_codes){.refusal = w->refusal};
    if (err != OK || w->refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = factor_codes_renew_in(w->service, db, arena, w->owner, &w->draw, &w->codes, fault);
    if (err == OK)
        err = account_audit(db, arena, w->caller, w->now, S("account.factor-codes"), "person", w->caller.person_id,
                            fault);
    return err;
}

static enum err disable_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct work *w = argument;
    enum err err = check(db, arena, w, fault);
    if (err != OK || w->refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = factor_drop_in(db, arena, w->owner, fault);
    if (err == OK)
        err = account_audit(db, arena, w->caller, w->now, S("account.factor-off"), "person", w->caller.person_id,
                            fault);
    return err;
}

static enum err run(struct service *service, struct arena *arena, struct caller caller, struct str code,
                    write_command command, struct work *ret_work, struct fault *fault)
{
    enum err err = work_start(service, arena, caller, ret_work, fault);
    if (err != OK)
        return err;
    ret_work->code = code;
    return service_write(service, arena, command, 0, ret_work, fault);
}

enum err factor_confirm(struct service *service, struct arena *arena, struct caller caller, struct str code,
                        struct factor_codes *ret_codes, struct fault *fault)
{
    struct work w;
    enum err err = run(service, arena, caller, code, confirm_write, &w, fault);
    if (err == OK)
        *ret_codes = w.codes;
    return err;
}

enum err factor_codes_renew(struct service *service, struct arena *arena, struct caller caller, struct str code,
                            struct factor_codes *ret_codes, struct fault *fault)
{
    struct work w;
    enum err err = run(service, arena, caller, code, renew_write, &w, fault);
    if (err == OK)
        *ret_codes = w.codes;
    return err;
}

enum err factor_disable(struct service *service, struct arena *arena, struct caller caller, struct str code,
                        enum account_refusal *ret_refusal, struct fault *fault)
{
    struct work w;
    enum err err = run(service, arena, caller, code, disable_write, &w, fault);
    if (err == OK)
        *ret_refusal = w.refusal;
    return err;
}
