/* Sessions of the operator's people. */
#include "service/staff_session.h"

#include "base/limits.h"
#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/audit.h"
#include "service/second_factor_parts.h"
#include "service/session_parts.h"
#include "service/settings.h"
#include "store/queries.h"

static enum role role_of(struct str name)
{
    enum role role = ROLE_NONE;
    (void)staff_role_parse(name, &role);
    return role;
}

enum err staff_audit(struct db *db, struct arena *arena, const struct staff_caller *caller, instant now,
                     struct staff_act act, struct fault *fault)
{
    return audit_add(db, arena,
                     (struct audit_row){.at = now,
                                        .person_id = act.person_id,
                                        .staff_id = caller != NULL ? caller->staff_id : 0,
                                        .organisation_id = act.organisation_id,
                                        .act = act.act,
                                        .subject = act.subject,
                                        .detail = act.detail,
                                        .reason = act.reason,
                                        .was = act.was,
                                        .became = act.became},
                     fault);
}

static struct str staff_subject(struct arena *arena, int64_t staff_id)
{
    return str_format(arena, "staff %lld", (long long)staff_id);
}

/* ---- the first step ---- */

struct entering {
    struct str key, token;
    struct staff_by_email_row staff;
    bool found;
    struct factor_state factor;
    instant now;
};

static enum err entering_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct entering *e = argument;
    enum err err = q_staff_by_email(db, arena, (struct staff_by_email_in){.email_key = e->key}, &e->staff, &e->found,
                                    fault);
    if (err == OK && e->found)
        err = factor_state_in(db, arena, (struct factor_owner){.staff_id = e->staff.id}, &e->factor, fault);
    return err;
}

static enum err step_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct entering *e = argument;
    return sign_in_step_open(db, arena, (struct factor_owner){.staff_id = e->staff.id}, e->staff.password_hash,
                             e->token, e->now, fault);
}

enum err staff_sign_in(struct service *service, struct arena *arena, struct sign_in sign_in,
                       struct staff_step *ret_step, struct fault *fault)
{
    struct entering e = {.now = service_now(service)};
    bool usable = check_email(str_trim(sign_in.email)) && sign_in.password.n <= LIMIT_PASSWORD, right = false;
    enum err err = OK;
    if (usable) {
        e.key = email_key(arena, sign_in.email);
        err = service_read(service, arena, entering_read, &e, fault);
    }
    if (err != OK)
        return err;
    bool open = e.found && !e.staff.disabled_at.is;
    /* An empty hash costs the same time. */
    err = password_verify(service->passwords, open ? e.staff.password_hash : S(""), usable ? sign_in.password : S(""),
                          &right, fault);
    if (err != OK)
        return err;
    if (!open || !right) {
        *ret_step = (struct staff_step){.refusal = ACCOUNT_SIGN_IN_WRONG};
        return OK;
    }
    e.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    err = service_write(service, arena, step_write, 0, &e, fault);
    if (err == OK)
        *ret_step = (struct staff_step){.step = e.token, .enrol = !e.factor.on};
    return err;
}

/* ---- the second step ---- */

struct coming {
    struct service *service;
    struct sign_in_code in;
    bool enrol;
    struct str step_hash, token;
    struct factor_draw draw;
    struct sign_in_step_staff_row staff;
    instant now;
    struct factor_setup setup;
    struct staff_entry entry;
};

/* Whose step it is; *ret_found false: nobody's (any more). */
static enum err step_staff(struct db *db, struct arena *arena, struct coming *c, bool *ret_found, struct fault *fault)
{
    return q_sign_in_step_staff(db, arena, (struct sign_in_step_staff_in){.token_hash = c->step_hash, .now = c->now},
                                &c->staff, ret_found, fault);
}

static bool coming_start(struct service *service, struct arena *arena, struct sign_in_code code, bool enrol,
                         struct coming *ret_coming)
{
    *ret_coming = (struct coming){.service = service,
                                  .in = code,
                                  .enrol = enrol,
                                  .now = service_now(service),
                                  .setup = {.refusal = ACCOUNT_STEP_ENDED},
                                  .entry = {.refusal = ACCOUNT_STEP_ENDED}};
    if (code.step.n == 0 || code.step.n > ACCOUNT_TOKEN_LONGEST)
        return false;
    ret_coming->step_hash = account_token_hash(arena, code.step);
    ret_coming->token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    factor_draw(service, arena, &ret_coming->draw);
    return true;
}

static enum err enrol_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct coming *c = argument;
    bool found = false;
    c->setup = (struct factor_setup){.refusal = ACCOUNT_STEP_ENDED};
    enum err err = step_staff(db, arena, c, &found, fault);
    if (err != OK || !found)
        return err;
    return factor_begin_in(c->service, db, arena, (struct factor_owner){.staff_id = c->staff.id}, c->staff.email,
                           &c->draw, c->now, &c->setup, fault);
}

enum err staff_enrol_begin(struct service *service, struct arena *arena, struct str step,
                           struct factor_setup *ret_setup, struct fault *fault)
{
    struct coming c;
    enum err err = OK;
    if (coming_start(service, arena, (struct sign_in_code){.step = step}, true, &c))
        err = service_write(service, arena, enrol_write, 0, &c, fault);
    if (err == OK)
        *ret_setup = c.setup;
    return err;
}

static enum err session_open(struct db *db, struct arena *arena, struct coming *c, struct fault *fault)
{
    struct settings settings;
    struct staff_session_add_row row;
    bool opened = false;
    int64_t ended = 0;
    enum err err = q_sign_in_step_end(db, (struct sign_in_step_end_in){.token_hash = c->step_hash}, &ended, fault);
    if (err == OK)
        err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    c->entry.expires_at = c->now + settings.session_hours * 3600;
    if (ended > 0)
        err = q_staff_session_add(
            db, arena,
            (struct staff_session_add_in){.token_hash = account_token_hash(arena, c->token),
                                          .staff_id = c->staff.id,
                                          .password_hash = c->staff.password_hash,
                                          .now = c->now,
                                          .expires_at = c->entry.expires_at,
                                          .agent = session_header_text(c->in.agent, SESSION_AGENT_MOST),
                                          .address = session_header_text(c->in.address, SESSION_ADDRESS_MOST)},
            &row, &opened, fault);
    if (err == OK && !opened) { /* somebody else took the step, or the password was changed meanwhile */
        c->entry = (struct staff_entry){.refusal = ACCOUNT_STEP_ENDED};
        return ERR_REFUSED;
    }
    if (err == OK)
        err = q_staff_session_trim(
            db, (struct staff_session_trim_in){.staff_id = c->staff.id, .keep = SESSIONS_A_PERSON}, NULL, fault);
    if (err != OK)
        return err;
    c->entry.session_id = row.id;
    c->entry.token = c->token;
    c->entry.lang = lang_of(c->staff.lang);
    struct staff_caller self = {.staff_id = c->staff.id};
    return staff_audit(db, arena, &self, c->now,
                       (struct staff_act){.act = c->enrol ? S("staff.enrol") : S("staff.sign-in"),
                                          .subject = staff_subject(arena, c->staff.id)},
                       fault);
}

static enum err coming_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct coming *c = argument;
    bool found = false;
    c->entry = (struct staff_entry){.refusal = ACCOUNT_STEP_ENDED};
    enum err err = step_staff(db, arena, c, &found, fault);
    if (err != OK || !found)
        return err;
    struct factor_owner owner = {.staff_id = c->staff.id};
    if (c->enrol) {
        err = factor_confirm_in(c->service, db, arena, owner, c->staff.email, &c->draw, c->in.code, c->now,
                                &c->entry.codes, fault);
        c->entry.refusal = c->entry.codes.refusal;
    } else {
        err = factor_check_in(c->service, db, arena, owner, c->in.code, c->now, &c->entry.refusal, fault);
        if (err == ERR_NOT_FOUND) { /* taken off meanwhile: sign in again, and set up a new one */
            c->entry.refusal = ACCOUNT_STEP_ENDED;
            return OK;
        }
    }
    return err != OK || c->entry.refusal != ACCOUNT_REFUSED_NOT ? err : session_open(db, arena, c, fault);
}

static enum err come_in(struct service *service, struct arena *arena, struct sign_in_code code, bool enrol,
                        struct staff_entry *ret_entry, struct fault *fault)
{
    struct coming c;
    enum err err = OK;
    if (coming_start(service, arena, code, enrol, &c))
        err = service_write(service, arena, coming_write, 0, &c, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_entry = c.entry;
    return OK;
}

enum err staff_enrol_confirm(struct service *service, struct arena *arena, struct sign_in_code code,
                             struct staff_entry *ret_entry, struct fault *fault)
{
    return come_in(service, arena, code, true, ret_entry, fault);
}

enum err staff_sign_in_code(struct service *service, struct arena *arena, struct sign_in_code code,
                            struct staff_entry *ret_entry, struct fault *fault)
{
    return come_in(service, arena, code, false, ret_entry, fault);
}

/* ---- who asks ---- */

struct finding {
    struct str token_hash;
    instant now;
    bool found;
    struct staff_head head;
};

static enum err monuments_read(struct db *db, struct arena *arena, struct staff_caller *caller, struct fault *fault)
{
    struct staff_monuments_list rows;
    enum err err =
        q_staff_monuments(db, arena, (struct staff_monuments_in){.staff_id = caller->staff_id}, &rows, fault);
    if (err != OK)
        return err;
    int64_t *ids = ARENA_ARRAY(arena, rows.n + 1, int64_t);
    for (size_t i = 0; i < rows.n; i++)
        ids[i] = rows.p[i].monument_id;
    caller->monuments = ids;
    caller->monument_count = rows.n;
    return OK;
}

static struct staff_head head_of(const struct staff_session_find_row *row, instant now)
{
    struct staff_head head = {
        .session_id = row->id,
        .caller = {.staff_id = row->staff_id, .role = role_of(row->role), .lang = lang_of(row->lang)},
        .email = row->email,
        .first_name = row->first_name,
        .last_name = row->last_name,
        .touch_due = now - row->seen_at >= SESSION_TOUCH_SECONDS,
    };
    /* Acting ends with the right to act, and when the person in whose name has left. */
    if (!row->acting_person_id.is || !staff_may(&head.caller, TASK_ACT_FOR, 0))
        return head;
    head.acting = (struct staff_acting){.organisation_id = row->acting_organisation_id.v,
                                        .person_id = row->acting_person_id.v,
                                        .organisation = row->acting_organisation.v,
                                        .first_name = row->acting_first_name.v,
                                        .last_name = row->acting_last_name.v,
                                        .lang = lang_of(row->acting_lang.v),
                                        .reason = row->acting_reason,
                                        .since = row->acting_since.v};
    head.caller.acting_organisation_id = head.acting.organisation_id;
    return head;
}

static enum err finding_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct finding *f = argument;
    struct staff_session_find_row row;
    enum err err = q_staff_session_find(
        db, arena, (struct staff_session_find_in){.token_hash = f->token_hash, .now = f->now}, &row, &f->found, fault);
    if (err != OK || !f->found)
        return err;
    f->head = head_of(&row, f->now);
    return role_has_monuments(f->head.caller.role) ? monuments_read(db, arena, &f->head.caller, fault) : OK;
}

enum err staff_session_find(struct service *service, struct arena *arena, struct str token, struct staff_head *ret_head,
                            bool *ret_found, struct fault *fault)
{
    struct finding f = {.now = service_now(service)};
    if (token.n > 0 && token.n <= ACCOUNT_TOKEN_LONGEST) {
        f.token_hash = account_token_hash(arena, token);
        enum err err = service_read(service, arena, finding_read, &f, fault);
        if (err != OK)
            return err;
    }
    *ret_found = f.found;
    if (f.found)
        *ret_head = f.head;
    return OK;
}

struct touching {
    int64_t session_id;
    instant now, expires_at;
};

static enum err touching_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct touching *t = argument;
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    t->expires_at = t->now + settings.session_hours * 3600;
    return q_staff_session_touch(db,
                                 (struct staff_session_touch_in){.id = t->session_id,
                                                                 .now = t->now,
                                                                 .seen_before = t->now - SESSION_TOUCH_SECONDS,
                                                                 .expires_at = t->expires_at},
                                 NULL, fault);
}

enum err staff_session_touch(struct service *service, struct arena *arena, const struct staff_head *head,
                             instant *ret_expires_at, struct fault *fault)
{
    struct touching t = {.session_id = head->session_id, .now = service_now(service)};
    enum err err = service_write(service, arena, touching_write, 0, &t, fault);
    if (err == OK)
        *ret_expires_at = t.expires_at;
    return err;
}

static enum err sign_out_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    const struct str *token_hash = argument;
    return q_staff_session_end_token(db, (struct staff_session_end_token_in){.token_hash = *token_hash}, NULL, fault);
}

enum err staff_sign_out(struct service *service, struct arena *arena, struct str token, struct fault *fault)
{
    if (token.n == 0 || token.n > ACCOUNT_TOKEN_LONGEST)
        return OK;
    struct str token_hash = account_token_hash(arena, token);
    return service_write(service, arena, sign_out_write, 0, &token_hash, fault);
}
