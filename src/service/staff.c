/* The operator's people: adding, changing, disabling. */
#include "service/staff.h"

#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/invitation_parts.h"
#include "service/second_factor_parts.h"

static enum err allowed(const struct staff_caller *caller, struct fault *fault)
{
    /* NULL is the command line: who has that has everything. */
    return caller == NULL ? OK : permit_staff(caller, TASK_STAFF, 0, fault);
}

static struct str subject_of(struct arena *arena, int64_t staff_id)
{
    return str_format(arena, "staff %lld", (long long)staff_id);
}

static struct str name_of(struct arena *arena, struct str first_name, struct str last_name)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first_name), STR_ARG(last_name)));
}

/* Names may be missing until the person has set up the account; both or none. */
static enum account_refusal names_check(struct arena *arena, struct str *first_name, struct str *last_name, bool needed)
{
    struct str no_phone = S("");
    if (!needed && str_trim(*first_name).n == 0 && str_trim(*last_name).n == 0) {
        *first_name = *last_name = S("");
        return ACCOUNT_REFUSED_NOT;
    }
    return account_reach_check(
        arena, (struct account_reach){.first_name = first_name, .last_name = last_name, .phone = &no_phone});
}

static enum account_refusal fields_check(struct arena *arena, struct staff_fields *fields, bool with_email)
{
    enum account_refusal refusal = names_check(arena, &fields->first_name, &fields->last_name, false);
    fields->email = str_trim(fields->email);
    if (refusal != ACCOUNT_REFUSED_NOT)
        return refusal;
    if (with_email && !check_email(fields->email))
        return ACCOUNT_EMAIL;
    if (!role_is_staff(fields->role) || (int)fields->role >= ROLES)
        return ACCOUNT_ROLE;
    if (role_has_monuments(fields->role) && fields->monument_count == 0)
        return ACCOUNT_MONUMENTS;
    if (!role_has_monuments(fields->role))
        fields->monument_count = 0;
    return ACCOUNT_REFUSED_NOT;
}

/* *ret_refusal ACCOUNT_MONUMENTS: one of them does not exist. */
static enum err monuments_set(struct db *db, int64_t staff_id, const struct staff_fields *fields,
                              enum account_refusal *ret_refusal, struct fault *fault)
{
    enum err err = q_staff_monuments_drop(db, (struct staff_monuments_drop_in){.staff_id = staff_id}, NULL, fault);
    for (size_t i = 0; err == OK && i < fields->monument_count; i++) {
        int64_t added = 0;
        bool twice = false;
        for (size_t k = 0; k < i; k++)
            twice = twice || fields->monuments[k] == fields->monuments[i];
        if (twice)
            continue;
        err = q_staff_monument_add(
            db, (struct staff_monument_add_in){.staff_id = staff_id, .monument_id = fields->monuments[i]}, &added,
            fault);
        if (err == OK && added == 0) {
            *ret_refusal = ACCOUNT_MONUMENTS;
            return ERR_REFUSED;
        }
    }
    return err;
}

/* Role and monuments as the audit shows them: «gate-agent 3 7». */
static struct str work_of(struct arena *arena, struct str role, const int64_t *monuments, size_t count)
{
    for (size_t i = 0; i < count && role.n < 300; i++)
        role = str_format(arena, "%.*s %lld", STR_ARG(role), (long long)monuments[i]);
    return role;
}

/* ---- adding, and a new link ---- */

struct adding {
    struct service *service;
    const struct staff_caller *caller;
    struct staff_fields fields;
    bool mail, forget_factor;
    struct str token;
    instant now;
    struct staff_answer answer;
};

static enum err inviter_of(struct db *db, struct arena *arena, const struct staff_caller *caller, struct str *ret_name,
                           struct fault *fault)
{
    struct staff_get_row row;
    if (caller == NULL) {
        *ret_name = S("");
        return OK;
    }
    enum err err = q_staff_get(db, arena, (struct staff_get_in){.id = caller->staff_id}, &row, NULL, fault);
    if (err == OK)
        *ret_name = name_of(arena, row.first_name, row.last_name);
    return err;
}

static enum err link_send(struct db *db, struct arena *arena, struct adding *a, struct fault *fault)
{
    struct invitation invitation = {
        .staff_id = a->answer.staff_id,
        .role = a->fields.role,
        .email = a->fields.email,
        .name = name_of(arena, a->fields.first_name, a->fields.last_name),
        .lang = a->fields.lang,
        .token = a->token,
        .now = a->now,
        .mail = a->mail,
    };
    enum err err = inviter_of(db, arena, a->caller, &invitation.inviter, fault);
    return err != OK ? err : invitation_send(db, arena, &invitation, fault);
}

static enum err add_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct adding *a = argument;
    const struct staff_fields *f = &a->fields;
    struct staff_add_row row;
    bool added = false;
    a->answer = (struct staff_answer){.refusal = ACCOUNT_REFUSED_NOT};
    enum err err = q_staff_add(db, arena,
                               (struct staff_add_in){.email = f->email,
                                                     .email_key = email_key(arena, f->email),
                                                     .first_name = f->first_name,
                                                     .last_name = f->last_name,
                                                     .lang = lang_code(f->lang),
                                                     .role = str_of(role_name(f->role)),
                                                     .created_at = a->now},
                               &row, &added, fault);
    if (err == OK && !added) {
        a->answer.refusal = ACCOUNT_EMAIL_TAKEN;
        return ERR_REFUSED;
    }
    if (err != OK)
        return err;
    a->answer.staff_id = row.id;
    err = monuments_set(db, row.id, f, &a->answer.refusal, fault);
    if (err == OK)
        err = link_send(db, arena, a, fault);
    if (err != OK)
        return err;
    return staff_audit(
        db, arena, a->caller, a->now,
        (struct staff_act){.act = S("staff.add"),
                           .subject = subject_of(arena, row.id),
                           .detail = f->email,
                           .became = work_of(arena, str_of(role_name(f->role)), f->monuments, f->monument_count)},
        fault);
}

static enum err answer_link(struct arena *arena, struct adding *a, enum err err, struct staff_answer *ret_answer)
{
    if (err != OK && err != ERR_REFUSED)
        return err;
    if (a->answer.refusal == ACCOUNT_REFUSED_NOT)
        a->answer.link = str_format(arena, "%.*s/%.*s%s%.*s", STR_ARG(a->service->public_url),
                                    STR_ARG(lang_code(a->fields.lang)), STAFF_INVITATION_PATH, STR_ARG(a->token));
    *ret_answer = a->answer;
    return OK;
}

enum err staff_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   struct staff_fields fields, bool mail, struct staff_answer *ret_answer, struct fault *fault)
{
    struct adding a = {
        .service = service, .caller = caller, .fields = fields, .mail = mail, .now = service_now(service)};
    enum err err = allowed(caller, fault);
    if (err != OK)
        return err;
    a.answer.refusal = fields_check(arena, &a.fields, true);
    if (a.answer.refusal == ACCOUNT_REFUSED_NOT) {
        a.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
        err = service_write(service, arena, add_write, 0, &a, fault);
    }
    return answer_link(arena, &a, err, ret_answer);
}

static enum err link_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct adding *a = argument;
    struct staff_get_row row;
    int64_t staff_id = a->answer.staff_id;
    enum err err = q_staff_get(db, arena, (struct staff_get_in){.id = staff_id}, &row, NULL, fault);
    if (err != OK)
        return err;
    a->fields = (struct staff_fields){.first_name = row.first_name,
                                      .last_name = row.last_name,
                                      .email = row.email,
                                      .lang = lang_of(row.lang)};
    if (!staff_role_parse(row.role, &a->fields.role))
        return fault_set(fault, ERR_BUG, "role of staff %lld", (long long)staff_id);
    if (a->forget_factor) {
        err = factor_drop_in(db, arena, (struct factor_owner){.staff_id = staff_id}, fault);
        if (err == OK)
            err = q_staff_session_end_others(
                db, (struct staff_session_end_others_in){.staff_id = staff_id, .keep_id = 0}, NULL, fault);
    }
    if (err == OK)
        err = link_send(db, arena, a, fault);
    if (err != OK)
        return err;
    return staff_audit(db, arena, a->caller, a->now,
                       (struct staff_act){.act = a->forget_factor ? S("staff.reset") : S("staff.link"),
                                          .subject = subject_of(arena, staff_id)},
                       fault);
}

enum err staff_link(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t staff_id,
                    bool forget_factor, bool mail, struct staff_answer *ret_answer, struct fault *fault)
{
    struct adding a = {.service = service,
                       .caller = caller,
                       .mail = mail,
                       .forget_factor = forget_factor,
                       .now = service_now(service),
                       .answer = {.staff_id = staff_id}};
    enum err err = allowed(caller, fault);
    if (err != OK)
        return err;
    a.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    err = service_write(service, arena, link_write, 0, &a, fault);
    return answer_link(arena, &a, err, ret_answer);
}

/* ---- changing ---- */

struct changing {
    const struct staff_caller *caller;
    int64_t staff_id;
    struct staff_fields fields;
    bool disabled;
    instant now;
    enum account_refusal refusal;
};

/* The person as it was; and whether the network could lose its last administrator by a change of this one. */
static enum err change_read(struct db *db, struct arena *arena, const struct changing *c, struct staff_get_row *ret_row,
                            bool *ret_last, struct fault *fault)
{
    struct staff_administrators_row administrators;
    enum err err = q_staff_lock_administrators(db, NULL, fault);
    if (err == OK)
        err = q_staff_get(db, arena, (struct staff_get_in){.id = c->staff_id}, ret_row, NULL, fault);
    if (err == OK)
        err = q_staff_administrators(db, arena, &administrators, NULL, fault);
    if (err == OK)
        *ret_last = str_eq(ret_row->role, S("administrator")) && !ret_row->disabled_at.is &&
                    ret_row->password_hash.n > 0 && administrators.n <= 1;
    return err;
}

static enum err work_before(struct db *db, struct arena *arena, const struct changing *c,
                            const struct staff_get_row *row, struct str *ret_work, struct fault *fault)
{
    struct staff_monuments_list monuments;
    enum err err =
        q_staff_monuments(db, arena, (struct staff_monuments_in){.staff_id = c->staff_id}, &monuments, fault);
    if (err != OK)
        return err;
    int64_t *ids = ARENA_ARRAY(arena, monuments.n + 1, int64_t);
    for (size_t i = 0; i < monuments.n; i++)
        ids[i] = monuments.p[i].monument_id;
    *ret_work = work_of(arena, row->role, ids, monuments.n);
    return OK;
}

static enum err update_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *c = argument;
    const struct staff_fields *f = &c->fields;
    struct staff_get_row row;
    struct str was = S("");
    bool last = false;
    c->refusal = ACCOUNT_REFUSED_NOT;
    enum err err = change_read(db, arena, c, &row, &last, fault);
    if (err == OK && last && f->role != ROLE_ADMINISTRATOR) {
        c->refusal = ACCOUNT_LAST_ADMINISTRATOR;
        return ERR_REFUSED;
    }
    if (err == OK)
        err = work_before(db, arena, c, &row, &was, fault);
    if (err == OK)
        err = q_staff_change(db,
                             (struct staff_change_in){.id = c->staff_id,
                                                      .first_name = f->first_name,
                                                      .last_name = f->last_name,
                                                      .lang = lang_code(f->lang),
                                                      .role = str_of(role_name(f->role))},
                             NULL, fault);
    if (err == OK)
        err = monuments_set(db, c->staff_id, f, &c->refusal, fault);
    if (err != OK)
        return err;
    return staff_audit(
        db, arena, c->caller, c->now,
        (struct staff_act){.act = S("staff.update"),
                           .subject = subject_of(arena, c->staff_id),
                           .was = was,
                           .became = work_of(arena, str_of(role_name(f->role)), f->monuments, f->monument_count)},
        fault);
}

enum err staff_update(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t staff_id,
                      struct staff_fields fields, enum account_refusal *ret_refusal, struct fault *fault)
{
    struct changing c = {.caller = caller, .staff_id = staff_id, .fields = fields, .now = service_now(service)};
    enum err err = allowed(caller, fault);
    if (err != OK)
        return err;
    c.refusal = fields_check(arena, &c.fields, false);
    if (c.refusal == ACCOUNT_REFUSED_NOT)
        err = service_write(service, arena, update_write, 0, &c, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_refusal = c.refusal;
    return OK;
}

static enum err disable(struct db *db, const struct changing *c, int64_t *ret_changed, struct fault *fault)
{
    enum err err = q_staff_disable(db, (struct staff_disable_in){.id = c->staff_id, .now = c->now}, ret_changed, fault);
    if (err == OK)
        err = q_staff_session_end_others(
            db, (struct staff_session_end_others_in){.staff_id = c->staff_id, .keep_id = 0}, NULL, fault);
    if (err == OK)
        err = q_invitation_replace_staff(
            db, (struct invitation_replace_staff_in){.staff_id = c->staff_id, .now = c->now}, NULL, fault);
    return err;
}

static enum err disable_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *c = argument;
    struct staff_get_row row;
    bool last = false;
    int64_t changed = 0;
    c->refusal = ACCOUNT_REFUSED_NOT;
    enum err err = change_read(db, arena, c, &row, &last, fault);
    if (err == OK && last && c->disabled) {
        c->refusal = ACCOUNT_LAST_ADMINISTRATOR;
        return OK;
    }
    if (err == OK)
        err = c->disabled ? disable(db, c, &changed, fault)
                          : q_staff_enable(db, (struct staff_enable_in){.id = c->staff_id}, &changed, fault);
    if (err != OK || changed == 0)
        return err;
    return staff_audit(db, arena, c->caller, c->now,
                       (struct staff_act){.act = c->disabled ? S("staff.disable") : S("staff.enable"),
                                          .subject = subject_of(arena, c->staff_id)},
                       fault);
}

enum err staff_set_disabled(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t staff_id, bool disabled, enum account_refusal *ret_refusal, struct fault *fault)
{
    struct changing c = {.caller = caller, .staff_id = staff_id, .disabled = disabled, .now = service_now(service)};
    enum err err = allowed(caller, fault);
    if (err == OK)
        err = service_write(service, arena, disable_write, 0, &c, fault);
    if (err == OK)
        *ret_refusal = c.refusal;
    return err;
}

/* ---- accepting ---- */

struct accepting {
    struct service *service;
    struct str token;
    struct staff_accept in;
    struct str email, password_hash, step;
    instant now;
    struct staff_step answer;
};

static enum err accept_judge(struct db *db, struct arena *arena, struct accepting *a,
                             struct invitation_find_row *ret_row, struct fault *fault)
{
    a->answer = (struct staff_step){.refusal = ACCOUNT_LINK_UNKNOWN};
    return invitation_judge(db, arena, a->token, true, a->now, ret_row, &a->answer.refusal, fault);
}

static enum err accept_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct accepting *a = argument;
    struct invitation_find_row row = {.id = 0};
    enum err err = accept_judge(db, arena, a, &row, fault);
    if (err == OK)
        a->email = row.email;
    return err;
}

/* Names and password into the row; whoever was signed in with the old password is not any more. */
static enum err set_up(struct db *db, struct arena *arena, struct accepting *a, int64_t staff_id,
                       const struct staff_get_row *row, struct fault *fault)
{
    enum err err = q_staff_change(db,
                                  (struct staff_change_in){.id = staff_id,
                                                           .first_name = a->in.first_name,
                                                           .last_name = a->in.last_name,
                                                           .lang = row->lang,
                                                           .role = row->role},
                                  NULL, fault);
    if (err == OK)
        err = q_staff_password(
            db, (struct staff_password_in){.id = staff_id, .password_hash = a->password_hash}, NULL, fault);
    if (err == OK)
        err = q_staff_session_end_others(
            db, (struct staff_session_end_others_in){.staff_id = staff_id, .keep_id = 0}, NULL, fault);
    if (err == OK)
        err = sign_in_step_open(db, arena, (struct factor_owner){.staff_id = staff_id}, a->password_hash, a->step,
                                a->now, fault);
    if (err != OK)
        return err;
    struct staff_caller self = {.staff_id = staff_id};
    return staff_audit(db, arena, &self, a->now,
                       (struct staff_act){.act = S("staff.set-up"), .subject = subject_of(arena, staff_id)}, fault);
}

static enum err accept_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct accepting *a = argument;
    struct invitation_find_row row;
    struct staff_get_row staff;
    struct factor_state factor = {.on = false};
    enum err err = accept_judge(db, arena, a, &row, fault);
    if (err != OK || a->answer.refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = invitation_take(db, &row, a->now, &a->answer.refusal, fault);
    if (err != OK || a->answer.refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = q_staff_get(db, arena, (struct staff_get_in){.id = row.staff_id.v}, &staff, NULL, fault);
    if (err == OK && staff.disabled_at.is) {
        a->answer.refusal = ACCOUNT_LINK_USED;
        return OK;
    }
    if (err == OK)
        err = set_up(db, arena, a, row.staff_id.v, &staff, fault);
    if (err == OK)
        err = factor_state_in(db, arena, (struct factor_owner){.staff_id = row.staff_id.v}, &factor, fault);
    if (err == OK)
        a->answer = (struct staff_step){.step = a->step, .enrol = !factor.on};
    return err;
}

enum err staff_accept(struct service *service, struct arena *arena, struct str token, struct staff_accept accept,
                      struct staff_step *ret_step, struct fault *fault)
{
    struct accepting a = {.service = service, .token = token, .in = accept, .now = service_now(service)};
    enum err err = service_read(service, arena, accept_read, &a, fault);
    if (err == OK && a.answer.refusal == ACCOUNT_REFUSED_NOT)
        a.answer.refusal = names_check(arena, &a.in.first_name, &a.in.last_name, true);
    if (err == OK && a.answer.refusal == ACCOUNT_REFUSED_NOT)
        a.answer.refusal = account_password_check(accept.password, a.email);
    if (err == OK && a.answer.refusal == ACCOUNT_REFUSED_NOT) {
        a.step = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
        err = password_hash(service->passwords, arena, accept.password, &a.password_hash, fault);
        if (err == OK)
            err = service_write(service, arena, accept_write, 0, &a, fault);
    }
    if (err == OK)
        *ret_step = a.answer;
    return err;
}
