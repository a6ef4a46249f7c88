/* Sessions in the database, so that any server can serve them and a person can end them. */
#include "service/session.h"

#include "base/limits.h"
#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/permit.h"
#include "service/second_factor_parts.h"
#include "service/session_parts.h"
#include "service/settings.h"
#include "store/queries.h"

struct str session_header_text(struct str s, size_t most)
{
    s = str_trim(str_sub(s, 0, most));
    /* A cut inside a character leaves at most three bytes too many. */
    for (int i = 0; i < 3 && s.n > 0 && !utf8_valid(s); i++)
        s.n--;
    struct str line = s;
    return account_line(&line, most) ? line : S("");
}

/* ---- signing in ---- */

struct entering {
    const struct sign_in *in;
    struct person_by_email_row person;
    bool found;
    struct factor_state factor;
    struct str token, verify_token;
    instant now;
    struct sign_in_answer answer;
};

static enum err entering_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct entering *e = argument;
    enum err err = q_person_by_email(
        db, arena, (struct person_by_email_in){.email_key = email_key(arena, e->in->email)}, &e->person, &e->found,
        fault);
    if (err == OK && e->found)
        err = factor_state_in(db, arena, (struct factor_owner){.person_id = e->person.id}, &e->factor, fault);
    return err;
}

/* A stored role; a word that is none gives ROLE_NONE, which may nothing. */
static enum role role_of(struct str name)
{
    enum role role = ROLE_NONE;
    (void)organisation_role_parse(name, &role);
    return role;
}

static enum err session_insert(struct db *db, struct arena *arena, struct entering *e, bool *ret_opened,
                               struct fault *fault)
{
    struct settings settings;
    struct session_add_row row;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    e->answer.expires_at = e->now + settings.session_hours * 3600;
    err = q_session_add(db, arena,
                        (struct session_add_in){.token_hash = account_token_hash(arena, e->token),
                                                .person_id = e->person.id,
                                                .password_hash = e->person.password_hash,
                                                .now = e->now,
                                                .expires_at = e->answer.expires_at,
                                                .agent = session_header_text(e->in->agent, SESSION_AGENT_MOST),
                                                .address = session_header_text(e->in->address, SESSION_ADDRESS_MOST)},
                        &row, ret_opened, fault);
    if (err == OK && *ret_opened)
        e->answer.session_id = row.id;
    return err;
}

static enum err entering_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct entering *e = argument;
    e->answer = (struct sign_in_answer){0};
    bool opened = false;
    enum err err = session_insert(db, arena, e, &opened, fault);
    if (err != OK)
        return err;
    if (!opened) { /* the password was changed since it was checked */
        e->answer = (struct sign_in_answer){.refusal = ACCOUNT_SIGN_IN_WRONG};
        return ERR_REFUSED;
    }
    e->answer.token = e->token;
    e->answer.caller = (struct caller){.person_id = e->person.id,
                                       .organisation_id = e->person.organisation_id,
                                       .lang = lang_of(e->person.lang),
                                       .role = role_of(e->person.role)};
    return q_session_trim(db, (struct session_trim_in){.person_id = e->person.id, .keep = SESSIONS_A_PERSON}, NULL,
                          fault);
}

static enum err step_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct entering *e = argument;
    return sign_in_step_open(db, arena, (struct factor_owner){.person_id = e->person.id}, e->person.password_hash,
                             e->token, e->now, fault);
}

static enum err unverified_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct entering *e = argument;
    const struct person_by_email_row *person = &e->person;
    struct account_link link = {
        .kind = ACCOUNT_LINK_VERIFY,
        .person_id = person->id,
        .organisation_id = person->organisation_id,
        .email = person->email,
        .name = str_format(arena, "%.*s %.*s", STR_ARG(person->first_name), STR_ARG(person->last_name)),
        .lang = lang_of(person->lang),
        .token = e->verify_token,
        .now = e->now,
    };
    return account_link_send(db, arena, &link, fault);
}

enum err account_sign_in(struct service *service, struct arena *arena, struct sign_in sign_in,
                         struct sign_in_answer *ret_answer, struct fault *fault)
{
    struct entering e = {.in = &sign_in, .now = service_now(service)};
    bool usable = check_email(str_trim(sign_in.email)) && sign_in.password.n <= LIMIT_PASSWORD;
    enum err err = usable ? service_read(service, arena, entering_read, &e, fault) : OK;
    if (err != OK)
        return err;

    /* An empty hash costs the same time, so that the time tells nobody which addresses have an account. */
    bool right = false;
    err = password_verify(service->passwords, e.found ? e.person.password_hash : S(""),
                          usable ? sign_in.password : S(""), &right, fault);
    if (err != OK)
        return err;
    if (!e.found || !right) {
        *ret_answer = (struct sign_in_answer){.refusal = ACCOUNT_SIGN_IN_WRONG};
        return OK;
    }
    if (!e.person.verified_at.is) {
        e.verify_token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
        err = service_write(service, arena, unverified_write, 0, &e, fault);
        if (err == OK)
            *ret_answer = (struct sign_in_answer){.refusal = ACCOUNT_UNVERIFIED};
        return err;
    }
    e.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    if (e.factor.on) {
        err = service_write(service, arena, step_write, 0, &e, fault);
        if (err == OK)
            *ret_answer = (struct sign_in_answer){.refusal = ACCOUNT_SECOND_FACTOR, .step = e.token};
        return err;
    }
    err = service_write(service, arena, entering_write, 0, &e, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_answer = e.answer;
    return OK;
}

/* ---- the second step ---- */

struct coming {
    const struct service *service;
    const struct sign_in_code *in;
    struct str step_hash;
    struct entering entering;
    enum account_refusal refusal;
};

/* The person whose step it is, as the first step would have read it. */
static enum err step_person(struct db *db, struct arena *arena, struct coming *c, bool *ret_found, struct fault *fault)
{
    struct sign_in_step_person_row row;
    enum err err = q_sign_in_step_person(
        db, arena, (struct sign_in_step_person_in){.token_hash = c->step_hash, .now = c->entering.now}, &row, ret_found,
        fault);
    if (err == OK && *ret_found)
        c->entering.person = (struct person_by_email_row){.id = row.id,
                                                          .organisation_id = row.organisation_id,
                                                          .password_hash = row.password_hash,
                                                          .lang = row.lang,
                                                          .role = row.role};
    return err;
}

static enum err coming_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct coming *c = argument;
    bool found = false;
    int64_t ended = 0;
    c->refusal = ACCOUNT_STEP_ENDED;
    c->entering.answer = (struct sign_in_answer){0};
    enum err err = step_person(db, arena, c, &found, fault);
    if (err != OK || !found)
        return err;
    struct factor_owner owner = {.person_id = c->entering.person.id};
    err = factor_check_in(c->service, db, arena, owner, c->in->code, c->entering.now, &c->refusal, fault);
    if (err == ERR_NOT_FOUND) { /* turned off meanwhile: the password alone is enough, but has to be given again */
        c->refusal = ACCOUNT_STEP_ENDED;
        return OK;
    }
    if (err != OK || c->refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = q_sign_in_step_end(db, (struct sign_in_step_end_in){.token_hash = c->step_hash}, &ended, fault);
    if (err != OK)
        return err;
    if (ended == 0) {
        c->refusal = ACCOUNT_STEP_ENDED;
        return ERR_REFUSED;
    }
    return entering_write(db, arena, &c->entering, fault);
}

enum err account_sign_in_code(struct service *service, struct arena *arena, struct sign_in_code code,
                              struct sign_in_answer *ret_answer, struct fault *fault)
{
    struct sign_in browser = {.agent = code.agent, .address = code.address};
    struct coming c = {.service = service,
                       .in = &code,
                       .entering = {.in = &browser, .now = service_now(service)},
                       .refusal = ACCOUNT_STEP_ENDED};
    if (code.step.n > 0 && code.step.n <= ACCOUNT_TOKEN_LONGEST) {
        c.step_hash = account_token_hash(arena, code.step);
        c.entering.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
        enum err err = service_write(service, arena, coming_write, 0, &c, fault);
        if (err != OK && err != ERR_REFUSED)
            return err;
    }
    *ret_answer = c.refusal == ACCOUNT_REFUSED_NOT ? c.entering.answer : (struct sign_in_answer){.refusal = c.refusal};
    return OK;
}

/* ---- who asks ---- */

struct finding {
    struct str token_hash;
    instant now;
    struct session_find_row row;
    bool found;
};

static enum err finding_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct finding *f = argument;
    return q_session_find(db, arena, (struct session_find_in){.token_hash = f->token_hash, .now = f->now}, &f->row,
                          &f->found, fault);
}

enum err session_find(struct service *service, struct arena *arena, struct str token, struct session_head *ret_head,
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
    if (!f.found)
        return OK;
    const struct session_find_row *row = &f.row;
    *ret_head = (struct session_head){
        .session_id = row->id,
        .caller = {.person_id = row->person_id,
                   .organisation_id = row->organisation_id,
                   .lang = lang_of(row->lang),
                   .role = role_of(row->role)},
        .email = row->email,
        .first_name = row->first_name,
        .last_name = row->last_name,
        .organisation = row->organisation,
        .transfer_allowed = row->transfer_allowed != 0,
        .options = row->options,
        .cart = row->cart,
        .touch_due = f.now - row->seen_at >= SESSION_TOUCH_SECONDS,
    };
    return OK;
}

struct touching {
    const struct session_head *head;
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
    return q_session_touch(db,
                           (struct session_touch_in){.id = t->head->session_id,
                                                     .person_id = t->head->caller.person_id,
                                                     .now = t->now,
                                                     .seen_before = t->now - SESSION_TOUCH_SECONDS,
                                                     .expires_at = t->expires_at},
                           NULL, fault);
}

enum err session_touch(struct service *service, struct arena *arena, const struct session_head *head,
                       instant *ret_expires_at, struct fault *fault)
{
    struct touching t = {.head = head, .now = service_now(service)};
    enum err err = service_write(service, arena, touching_write, 0, &t, fault);
    if (err == OK)
        *ret_expires_at = t.expires_at;
    return err;
}

/* ---- ending ---- */

static enum err sign_out_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    const struct str *token_hash = argument;
    return q_session_end_token(db, (struct session_end_token_in){.token_hash = *token_hash}, NULL, fault);
}

enum err session_sign_out(struct service *service, struct arena *arena, struct str token, struct fault *fault)
{
    if (token.n == 0 || token.n > ACCOUNT_TOKEN_LONGEST)
        return OK;
    struct str token_hash = account_token_hash(arena, token);
    return service_write(service, arena, sign_out_write, 0, &token_hash, fault);
}

struct listing {
    struct caller caller;
    int64_t current_id;
    instant now;
    struct sessions sessions;
};

static enum err listing_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    struct session_list_list rows = {0};
    enum err err = q_session_list(
        db, arena, (struct session_list_in){.person_id = l->caller.person_id, .now = l->now}, &rows, fault);
    if (err != OK)
        return err;
    l->sessions = (struct sessions){.p = ARENA_ARRAY(arena, rows.n, struct session_item), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct session_list_row *row = &rows.p[i];
        l->sessions.p[i] = (struct session_item){.id = row->id,
                                                 .created_at = row->created_at,
                                                 .seen_at = row->seen_at,
                                                 .expires_at = row->expires_at,
                                                 .agent = row->agent,
                                                 .address = row->address,
                                                 .current = row->id == l->current_id};
    }
    return OK;
}

enum err session_list(struct service *service, struct arena *arena, struct caller caller, int64_t current_id,
                      struct sessions *ret_sessions, struct fault *fault)
{
    struct listing l = {.caller = caller, .current_id = current_id, .now = service_now(service)};
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    if (err == OK)
        err = service_read(service, arena, listing_read, &l, fault);
    if (err == OK)
        *ret_sessions = l.sessions;
    return err;
}

struct ending {
    int64_t person_id;
    int64_t session_id; /* the one that ends, or the one that stays */
    int64_t ended;
};

static enum err end_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    struct ending *e = argument;
    return q_session_end(db, (struct session_end_in){.id = e->session_id, .person_id = e->person_id}, &e->ended,
                         fault);
}

enum err session_end(struct service *service, struct arena *arena, struct caller caller, int64_t session_id,
                     bool *ret_ended, struct fault *fault)
{
    struct ending e = {.person_id = caller.person_id, .session_id = session_id};
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    if (err == OK)
        err = service_write(service, arena, end_write, 0, &e, fault);
    if (err == OK)
        *ret_ended = e.ended > 0;
    return err;
}

static enum err end_others_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    struct ending *e = argument;
    return q_session_end_others(
        db, (struct session_end_others_in){.person_id = e->person_id, .keep_id = e->session_id}, &e->ended, fault);
}

enum err session_end_others(struct service *service, struct arena *arena, struct caller caller, int64_t keep_id,
                            int64_t *ret_ended, struct fault *fault)
{
    struct ending e = {.person_id = caller.person_id, .session_id = keep_id};
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    if (err == OK)
        err = service_write(service, arena, end_others_write, 0, &e, fault);
    if (err == OK)
        *ret_ended = e.ended;
    return err;
}
