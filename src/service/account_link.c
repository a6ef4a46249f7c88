/* One-time links by mail: the verification of an address, and a new password (ACC-1, ACC-4). */
#include "domain/checks.h"
#include "service/account_parts.h"
#include "store/queries.h"

/* ---- asking for a link ---- */

struct request {
    enum account_link_kind kind;
    struct str email, token;
    instant now;
};

static enum err request_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct request *r = argument;
    struct person_by_email_row person;
    bool found = false;
    enum err err = q_person_by_email(db, arena, (struct person_by_email_in){.email_key = email_key(arena, r->email)},
                                     &person, &found, fault);
    if (err != OK || !found || (r->kind == ACCOUNT_LINK_VERIFY && person.verified_at.is))
        return err;
    struct account_link link = {
        .kind = r->kind,
        .person_id = person.id,
        .organisation_id = person.organisation_id,
        .email = person.email,
        .name = str_format(arena, "%.*s %.*s", STR_ARG(person.first_name), STR_ARG(person.last_name)),
        .lang = lang_of(person.lang),
        .token = r->token,
        .now = r->now,
    };
    return account_link_send(db, arena, &link, fault);
}

/* The same work and the same answer whether or not there is such an account. */
static enum err link_request(struct service *service, struct arena *arena, enum account_link_kind kind,
                             struct str email, struct fault *fault)
{
    struct request r = {.kind = kind, .email = str_trim(email), .now = service_now(service)};
    if (!check_email(r.email))
        return OK;
    r.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    return service_write(service, arena, request_write, 0, &r, fault);
}

enum err account_resend_verification(struct service *service, struct arena *arena, struct str email,
                                     struct fault *fault)
{
    return link_request(service, arena, ACCOUNT_LINK_VERIFY, email, fault);
}

enum err account_password_forgotten(struct service *service, struct arena *arena, struct str email,
                                    struct fault *fault)
{
    return link_request(service, arena, ACCOUNT_LINK_RESET, email, fault);
}

/* ---- a link that was clicked ---- */

struct click {
    enum account_link_kind kind;
    struct str token_hash;
    struct str password_hash; /* ACCOUNT_LINK_RESET */
    instant now;
    struct caller caller; /* whose link it is */
    struct link_answer answer;
};

/* Finds the link and says what it is worth; writes nothing. */
static enum err click_judge(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct click *c = argument;
    struct link_find_row row;
    bool found = false;
    c->answer = (struct link_answer){.refusal = ACCOUNT_LINK_UNKNOWN};
    enum err err = q_link_find(
        db, arena, (struct link_find_in){.token_hash = c->token_hash, .kind = account_link_word(c->kind)}, &row,
        &found, fault);
    if (err != OK || !found)
        return err;
    c->caller = (struct caller){.person_id = row.person_id, .organisation_id = row.organisation_id};
    c->answer = (struct link_answer){.email = row.email};
    if (c->kind == ACCOUNT_LINK_VERIFY && row.verified_at.is)
        c->answer.already = true;
    else if (row.used_at.is)
        c->answer.refusal = ACCOUNT_LINK_USED;
    else if (row.expires_at <= c->now)
        c->answer.refusal = ACCOUNT_LINK_EXPIRED;
    return OK;
}

/* Judges and takes the link. Of two clicks at the same moment one takes it; the other sees it used. */
static enum err click_take(struct db *db, struct arena *arena, struct click *c, bool *ret_taken, struct fault *fault)
{
    enum err err = click_judge(db, arena, c, fault);
    if (err != OK || c->answer.refusal != ACCOUNT_REFUSED_NOT || c->answer.already) {
        *ret_taken = false;
        return err;
    }
    struct link_use_row row;
    bool taken = false;
    err = q_link_use(
        db, arena,
        (struct link_use_in){.token_hash = c->token_hash, .kind = account_link_word(c->kind), .now = c->now}, &row,
        &taken, fault);
    if (err != OK)
        return err;
    if (!taken) {
        if (c->kind == ACCOUNT_LINK_VERIFY)
            c->answer.already = true;
        else
            c->answer.refusal = ACCOUNT_LINK_USED;
    }
    *ret_taken = taken;
    return OK;
}

static bool click_start(struct service *service, struct arena *arena, enum account_link_kind kind, struct str token,
                        struct click *ret_click)
{
    *ret_click = (struct click){.kind = kind,
                                .now = service_now(service),
                                .answer = {.refusal = ACCOUNT_LINK_UNKNOWN}};
    if (token.n == 0 || token.n > ACCOUNT_TOKEN_LONGEST)
        return false;
    ret_click->token_hash = account_token_hash(arena, token);
    return true;
}

static enum err verify_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct click *c = argument;
    bool taken = false;
    enum err err = click_take(db, arena, c, &taken, fault);
    if (err != OK || !taken)
        return err;
    err = q_person_verify(db, (struct person_verify_in){.id = c->caller.person_id, .now = c->now}, NULL, fault);
    if (err != OK)
        return err;
    return account_audit(db, arena, c->caller, c->now, S("account.verify"), "person", c->caller.person_id, fault);
}

enum err account_verify(struct service *service, struct arena *arena, struct str token, struct link_answer *ret_answer,
                        struct fault *fault)
{
    struct click c;
    enum err err = OK;
    if (click_start(service, arena, ACCOUNT_LINK_VERIFY, token, &c)) {
        /* Guessed and old links are answered without going through the writer. */
        err = service_read(service, arena, click_judge, &c, fault);
        if (err == OK && c.answer.refusal == ACCOUNT_REFUSED_NOT && !c.answer.already)
            err = service_write(service, arena, verify_write, 0, &c, fault);
    }
    if (err == OK)
        *ret_answer = c.answer;
    return err;
}

enum err account_reset_check(struct service *service, struct arena *arena, struct str token,
                             struct link_answer *ret_answer, struct fault *fault)
{
    struct click c;
    enum err err = OK;
    if (click_start(service, arena, ACCOUNT_LINK_RESET, token, &c))
        err = service_read(service, arena, click_judge, &c, fault);
    if (err == OK)
        *ret_answer = c.answer;
    return err;
}

static enum err reset_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct click *c = argument;
    bool taken = false;
    enum err err = click_take(db, arena, c, &taken, fault);
    if (err != OK || !taken)
        return err;
    int64_t person_id = c->caller.person_id;
    struct person_reset_password_row row;
    err = q_person_reset_password(
        db, arena,
        (struct person_reset_password_in){.id = person_id, .password_hash = c->password_hash, .now = c->now}, &row,
        NULL, fault);
    if (err == OK)
        err = q_link_spend_all(
            db,
            (struct link_spend_all_in){
                .person_id = person_id, .kind = account_link_word(ACCOUNT_LINK_RESET), .now = c->now},
            NULL, fault);
    if (err == OK)
        err = q_session_end_others(db, (struct session_end_others_in){.person_id = person_id, .keep_id = 0}, NULL,
                                   fault);
    if (err == OK)
        err = account_audit(db, arena, c->caller, c->now, S("account.password-reset"), "person", person_id, fault);
    return err;
}

enum err account_password_reset(struct service *service, struct arena *arena, struct str token, struct str password,
                                struct link_answer *ret_answer, struct fault *fault)
{
    struct click c;
    enum err err = OK;
    if (click_start(service, arena, ACCOUNT_LINK_RESET, token, &c))
        err = service_read(service, arena, click_judge, &c, fault);
    if (err == OK && c.answer.refusal == ACCOUNT_REFUSED_NOT)
        c.answer.refusal = account_password_check(password, c.answer.email);
    if (err == OK && c.answer.refusal == ACCOUNT_REFUSED_NOT) {
        /* Before the queue: the writer must never wait for a password computation. */
        err = password_hash(service->passwords, arena, password, &c.password_hash, fault);
        if (err == OK)
            err = service_write(service, arena, reset_write, 0, &c, fault);
    }
    if (err == OK)
        *ret_answer = c.answer;
    return err;
}
