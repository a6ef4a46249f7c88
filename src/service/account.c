/* Opening an account, reading it, changing it. */
#include "service/account.h"

#include "base/limits.h"
#include "domain/checks.h"
#include "domain/leader.h"
#include "service/account_parts.h"
#include "service/permit.h"
#include "service/public_email.h"
#include "store/queries.h"

struct refusal_words {
    const char *word, *field;
};

/* One line a refusal, in the order of the enum: its message and the form field beside which it is shown. */
static const struct refusal_words refusal_table[] = {
    [ACCOUNT_REFUSED_NOT] = {"", ""},
    [ACCOUNT_ORGANISATION_NAME] = {"organisation-name", "organisation"},
    [ACCOUNT_ORGANISATION_KIND] = {"organisation-kind", "kind"},
    [ACCOUNT_COUNTRY] = {"country", "country"},
    [ACCOUNT_REGISTRATION] = {"registration", "registration"},
    [ACCOUNT_VAT_NUMBER] = {"vat-number", "vat_number"},
    [ACCOUNT_ADDRESS] = {"address", "address"},
    [ACCOUNT_POSTCODE] = {"postcode", "postcode"},
    [ACCOUNT_CITY] = {"city", "city"},
    [ACCOUNT_FIRST_NAME] = {"first-name", "first_name"},
    [ACCOUNT_LAST_NAME] = {"last-name", "last_name"},
    [ACCOUNT_EMAIL] = {"email", "email"},
    [ACCOUNT_EMAIL_PUBLIC] = {"email-public", "email"},
    [ACCOUNT_EMAIL_TAKEN] = {"email-taken", "email"},
    [ACCOUNT_PHONE] = {"phone", "phone"},
    [ACCOUNT_PERSON_KIND] = {"person-kind", "kind"},
    [ACCOUNT_PASSWORD_SHORT] = {"password-short", "password"},
    [ACCOUNT_PASSWORD_LONG] = {"password-long", "password"},
    [ACCOUNT_PASSWORD_IS_EMAIL] = {"password-is-email", "password"},
    [ACCOUNT_PASSWORD_NOT_TEXT] = {"password-not-text", "password"},
    [ACCOUNT_PASSWORD_WRONG] = {"password-wrong", "old_password"},
    [ACCOUNT_SIGN_IN_WRONG] = {"sign-in-wrong", ""},
    [ACCOUNT_UNVERIFIED] = {"unverified", ""},
    [ACCOUNT_LINK_UNKNOWN] = {"link-unknown", ""},
    [ACCOUNT_LINK_EXPIRED] = {"link-expired", ""},
    [ACCOUNT_LINK_USED] = {"link-used", ""},
    [ACCOUNT_LIST_FULL] = {"list-full", ""},
    [ACCOUNT_PLACEHOLDER] = {"placeholder", ""},
    [ACCOUNT_SECOND_FACTOR] = {"second-factor", ""},
    [ACCOUNT_CODE_WRONG] = {"code-wrong", "code"},
    [ACCOUNT_CODE_USED] = {"code-used", "code"},
    [ACCOUNT_CODE_WAIT] = {"code-wait", "code"},
    [ACCOUNT_STEP_ENDED] = {"step-ended", ""},
    [ACCOUNT_FACTOR_ON] = {"factor-on", ""},
    [ACCOUNT_ROLE] = {"role", "role"},
    [ACCOUNT_LAST_MANAGER] = {"last-manager", ""},
    [ACCOUNT_OFTEN] = {"often", ""},
    [ACCOUNT_MONUMENTS] = {"monuments", "monuments"},
    [ACCOUNT_LAST_ADMINISTRATOR] = {"last-administrator", ""},
    [ACCOUNT_CARD] = {"card", "card"},
};
_Static_assert(sizeof(refusal_table) / sizeof(refusal_table[0]) == ACCOUNT_REFUSALS, "one line a refusal");

struct str account_refusal_word(enum account_refusal refusal)
{
    return str_of(refusal_table[refusal].word);
}

struct str account_refusal_field(enum account_refusal refusal)
{
    return str_of(refusal_table[refusal].field);
}

/* ---- opening ---- */

struct opening {
    const struct service *service;
    const struct sign_up *in;
    struct str password_hash, token;
    instant now;
    struct sign_up_answer answer;
};

/* The two leaders for groups whose real one is not known yet (COM-1). Their names are the FAQ's, in every language. */
static enum err placeholders_add(struct db *db, struct arena *arena, int64_t organisation_id, instant now,
                                 struct fault *fault)
{
    const struct leader_add_in leaders[] = {
        {.kind = str_of(leader_kind_name(LEADER_GUIDE)), .first_name = S("Guide")},
        {.kind = str_of(leader_kind_name(LEADER_ACCOMPANYING)), .first_name = S("Accompagnateur")},
    };
    for (size_t i = 0; i < 2; i++) {
        struct leader_add_in leader = leaders[i];
        struct leader_add_row row;
        leader.organisation_id = organisation_id;
        leader.placeholder = 1;
        leader.last_name = S("Type");
        leader.email = leader.phone = S("");
        leader.created_at = now;
        enum err err = q_leader_add(db, arena, leader, &row, NULL, fault);
        if (err != OK)
            return err;
    }
    return OK;
}

static enum err organisation_insert(struct db *db, struct arena *arena, const struct opening *o, int64_t *ret_id,
                                    struct fault *fault)
{
    const struct organisation_fields *f = &o->in->organisation;
    struct organisation_add_row row;
    enum err err = q_organisation_add(db, arena,
                                      (struct organisation_add_in){.name = f->name,
                                                                   .kind = f->kind,
                                                                   .registration = f->registration,
                                                                   .vat_number = f->vat_number,
                                                                   .address = f->address,
                                                                   .postcode = f->postcode,
                                                                   .city = f->city,
                                                                   .country = f->country,
                                                                   .created_at = o->now},
                                      &row, NULL, fault);
    if (err == OK)
        *ret_id = row.id;
    return err;
}

static enum err person_insert(struct db *db, struct arena *arena, const struct opening *o, int64_t organisation_id,
                              int64_t *ret_id, bool *ret_added, struct fault *fault)
{
    struct person_add_row row;
    bool added = false;
    enum err err = q_person_add(db, arena,
                                (struct person_add_in){.organisation_id = organisation_id,
                                                       .email = o->in->email,
                                                       .email_key = email_key(arena, o->in->email),
                                                       .first_name = o->in->first_name,
                                                       .last_name = o->in->last_name,
                                                       .phone = o->in->phone,
                                                       .password_hash = o->password_hash,
                                                       .lang = lang_code(o->in->lang),
                                                       .created_at = o->now},
                                &row, &added, fault);
    if (err != OK)
        return err;
    *ret_added = added;
    if (added)
        *ret_id = row.id;
    return OK;
}

/* What comes with a new person: placeholders, the link by mail, the trace. */
static enum err opening_finish(struct db *db, struct arena *arena, const struct opening *o, struct fault *fault)
{
    struct account_link link = {
        .kind = ACCOUNT_LINK_VERIFY,
        .person_id = o->answer.person_id,
        .organisation_id = o->answer.organisation_id,
        .email = o->in->email,
        .name = str_format(arena, "%.*s %.*s", STR_ARG(o->in->first_name), STR_ARG(o->in->last_name)),
        .lang = o->in->lang,
        .token = o->token,
        .now = o->now,
    };
    struct caller caller = {.person_id = o->answer.person_id, .organisation_id = o->answer.organisation_id};
    enum err err = placeholders_add(db, arena, caller.organisation_id, o->now, fault);
    if (err == OK)
        err = account_link_send(db, arena, &link, fault);
    if (err == OK)
        err = account_audit(db, arena, caller, o->now, S("account.sign-up"), "person", caller.person_id, fault);
    return err;
}

static enum err opening_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct opening *o = argument;
    o->answer = (struct sign_up_answer){0};
    bool known = false;
    enum err err = public_email_known(o->service, db, arena, o->in->email, &known, fault);
    if (err != OK)
        return err;
    if (known) {
        o->answer.refusal = ACCOUNT_EMAIL_PUBLIC;
        return ERR_REFUSED;
    }
    bool added = false;
    err = organisation_insert(db, arena, o, &o->answer.organisation_id, fault);
    if (err == OK)
        err = person_insert(db, arena, o, o->answer.organisation_id, &o->answer.person_id, &added, fault);
    if (err != OK)
        return err;
    if (!added) {
        o->answer = (struct sign_up_answer){.refusal = ACCOUNT_EMAIL_TAKEN};
        return ERR_REFUSED;
    }
    return opening_finish(db, arena, o, fault);
}

static enum account_refusal sign_up_check(struct arena *arena, struct sign_up *in)
{
    enum account_refusal refusal = account_organisation_check(arena, &in->organisation);
    if (refusal == ACCOUNT_REFUSED_NOT)
        refusal = account_reach_check(arena, (struct account_reach){.first_name = &in->first_name,
                                                                    .last_name = &in->last_name,
                                                                    .email = &in->email,
                                                                    .phone = &in->phone,
                                                                    .phone_needed = true});
    if (refusal == ACCOUNT_REFUSED_NOT)
        refusal = account_password_check(in->password, in->email);
    return refusal;
}

struct known_address {
    const struct service *service;
    struct str email;
    bool is_public, has_account;
    struct person_by_email_row person;
};

static enum err known_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct known_address *k = argument;
    enum err err = public_email_known(k->service, db, arena, k->email, &k->is_public, fault);
    if (err == OK)
        err = q_person_by_email(db, arena, (struct person_by_email_in){.email_key = email_key(arena, k->email)},
                                &k->person, &k->has_account, fault);
    return err;
}

/* A form sent twice (a double click, a reload) finds the account that it made itself: not yet verified, an hour old at
 * most, and with the same password. Anybody else is told that the address is taken. */
static enum err taken_or_again(struct service *service, struct arena *arena, const struct sign_up *in,
                               struct sign_up_answer *ret_answer, struct fault *fault)
{
    struct known_address k = {.service = service, .email = in->email};
    enum err err = service_read(service, arena, known_read, &k, fault);
    if (err != OK)
        return err;
    bool same = false;
    if (k.has_account && !k.person.verified_at.is && service_now(service) - k.person.created_at < 3600)
        err = password_verify(service->passwords, k.person.password_hash, in->password, &same, fault);
    if (err != OK)
        return err;
    *ret_answer = same ? (struct sign_up_answer){.person_id = k.person.id,
                                                 .organisation_id = k.person.organisation_id,
                                                 .again = true}
                       : (struct sign_up_answer){.refusal = ACCOUNT_EMAIL_TAKEN};
    return OK;
}

enum err account_sign_up(struct service *service, struct arena *arena, struct sign_up sign_up,
                         struct sign_up_answer *ret_answer, struct fault *fault)
{
    enum account_refusal refusal = sign_up_check(arena, &sign_up);
    struct known_address k = {.service = service, .email = sign_up.email};
    if (refusal == ACCOUNT_REFUSED_NOT) {
        /* Known addresses cost neither a password computation nor a write; the write asks again all the same. */
        enum err err = service_read(service, arena, known_read, &k, fault);
        if (err != OK)
            return err;
        if (k.is_public)
            refusal = ACCOUNT_EMAIL_PUBLIC;
    }
    if (refusal != ACCOUNT_REFUSED_NOT) {
        *ret_answer = (struct sign_up_answer){.refusal = refusal};
        return OK;
    }
    if (k.has_account)
        return taken_or_again(service, arena, &sign_up, ret_answer, fault);

    struct opening o = {.service = service, .in = &sign_up, .now = service_now(service)};
    o.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
    enum err err = password_hash(service->passwords, arena, sign_up.password, &o.password_hash, fault);
    if (err == OK)
        err = service_write(service, arena, opening_write, 0, &o, fault);
    if (err == ERR_REFUSED && o.answer.refusal == ACCOUNT_EMAIL_TAKEN)
        return taken_or_again(service, arena, &sign_up, ret_answer, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_answer = o.answer;
    return OK;
}

/* ---- reading and changing ---- */

struct reading {
    struct caller caller;
    struct account account;
};

static enum err account_read_in(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct reading *r = argument;
    struct account_of_row row;
    bool found = false;
    enum err err = q_account_of(db, arena,
                                (struct account_of_in){.person_id = r->caller.person_id,
                                                       .organisation_id = r->caller.organisation_id},
                                &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no such person in the organisation");
    r->account = (struct account){
        .organisation = {.name = row.name,
                         .kind = row.kind,
                         .country = row.country,
                         .registration = row.registration,
                         .vat_number = row.vat_number,
                         .address = row.address,
                         .postcode = row.postcode,
                         .city = row.city},
        .transfer_allowed = row.transfer_allowed != 0,
        .first_name = row.first_name,
        .last_name = row.last_name,
        .email = row.email,
        .phone = row.phone,
        .lang = lang_of(row.lang),
        .created_at = row.created_at,
    };
    return OK;
}

enum err account_read(struct service *service, struct arena *arena, struct caller caller, struct account *ret_account,
                      struct fault *fault)
{
    struct reading r = {.caller = caller};
    enum err err = permit(&caller, TASK_VIEW, fault);
    if (err == OK)
        err = service_read(service, arena, account_read_in, &r, fault);
    if (err == OK)
        *ret_account = r.account;
    return err;
}

struct organisation_edit {
    struct caller caller;
    const struct organisation_fields *fields;
    instant now;
};

static enum err organisation_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct organisation_edit *e = argument;
    const struct organisation_fields *f = e->fields;
    int64_t changed = 0;
    enum err err = q_organisation_change(db,
                                         (struct organisation_change_in){.id = e->caller.organisation_id,
                                                                         .name = f->name,
                                                                         .kind = f->kind,
                                                                         .registration = f->registration,
                                                                         .vat_number = f->vat_number,
                                                                         .address = f->address,
                                                                         .postcode = f->postcode,
                                                                         .city = f->city,
                                                                         .country = f->country},
                                         &changed, fault);
    if (err != OK)
        return err;
    if (changed == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no such organisation");
    return account_audit(db, arena, e->caller, e->now, S("organisation.update"), "organisation",
                         e->caller.organisation_id, fault);
}

enum err organisation_update(struct service *service, struct arena *arena, struct caller caller,
                             struct organisation_fields fields, enum account_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit(&caller, TASK_ORGANISATION, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = account_organisation_check(arena, &fields);
    if (refusal == ACCOUNT_REFUSED_NOT) {
        struct organisation_edit e = {.caller = caller, .fields = &fields, .now = service_now(service)};
        err = service_write(service, arena, organisation_write, 0, &e, fault);
    }
    if (err == OK)
        *ret_refusal = refusal;
    return err;
}

struct person_edit {
    struct caller caller;
    const struct person_fields *fields;
    instant now;
};

static enum err person_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct person_edit *e = argument;
    int64_t changed = 0;
    enum err err = q_person_change(db,
                                   (struct person_change_in){.id = e->caller.person_id,
                                                             .organisation_id = e->caller.organisation_id,
                                                             .first_name = e->fields->first_name,
                                                             .last_name = e->fields->last_name,
                                                             .phone = e->fields->phone,
                                                             .lang = lang_code(e->fields->lang)},
                                   &changed, fault);
    if (err != OK)
        return err;
    if (changed == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no such person in the organisation");
    return account_audit(db, arena, e->caller, e->now, S("person.update"), "person", e->caller.person_id, fault);
}

enum err person_update(struct service *service, struct arena *arena, struct caller caller, struct person_fields fields,
                       enum account_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = account_reach_check(arena, (struct account_reach){.first_name = &fields.first_name,
                                                                                     .last_name = &fields.last_name,
                                                                                     .phone = &fields.phone,
                                                                                     .phone_needed = true});
    if (refusal == ACCOUNT_REFUSED_NOT) {
        struct person_edit e = {.caller = caller, .fields = &fields, .now = service_now(service)};
        err = service_write(service, arena, person_write, 0, &e, fault);
    }
    if (err == OK)
        *ret_refusal = refusal;
    return err;
}

/* ---- a new password ---- */

struct password_swap {
    struct caller caller;
    int64_t session_id;
    struct str email, old_hash, new_hash;
    instant now;
};

static enum err password_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct password_swap *s = argument;
    struct person_password_row row;
    bool found = false;
    enum err err = q_person_password(
        db, arena,
        (struct person_password_in){.id = s->caller.person_id, .organisation_id = s->caller.organisation_id}, &row,
        &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no such person in the organisation");
    s->email = row.email;
    s->old_hash = row.password_hash;
    return OK;
}

static enum err password_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct password_swap *s = argument;
    int64_t person_id = s->caller.person_id, changed = 0;
    enum err err = q_person_swap_password(
        db, (struct person_swap_password_in){.id = person_id, .old_hash = s->old_hash, .new_hash = s->new_hash},
        &changed, fault);
    if (err != OK)
        return err;
    /* Another new password was taken since the old one was checked, so the old one is wrong by now. */
    if (changed == 0)
        return ERR_REFUSED;
    err = q_session_end_others(
        db, (struct session_end_others_in){.person_id = person_id, .keep_id = s->session_id}, NULL, fault);
    if (err == OK)
        err = q_link_spend_all(db,
                               (struct link_spend_all_in){.person_id = person_id,
                                                          .kind = account_link_word(ACCOUNT_LINK_RESET),
                                                          .now = s->now},
                               NULL, fault);
    if (err == OK)
        err = account_audit(db, arena, s->caller, s->now, S("account.password-change"), "person", person_id, fault);
    return err;
}

enum err account_password_change(struct service *service, struct arena *arena, struct caller caller, int64_t session_id,
                                 struct str old_password, struct str new_password, enum account_refusal *ret_refusal,
                                 struct fault *fault)
{
    struct password_swap s = {.caller = caller, .session_id = session_id, .now = service_now(service)};
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    if (err == OK)
        err = service_read(service, arena, password_read, &s, fault);
    if (err != OK)
        return err;
    enum account_refusal refusal = account_password_check(new_password, s.email);
    bool right = false;
    if (refusal == ACCOUNT_REFUSED_NOT && old_password.n <= LIMIT_PASSWORD)
        err = password_verify(service->passwords, s.old_hash, old_password, &right, fault);
    if (err == OK && refusal == ACCOUNT_REFUSED_NOT && !right)
        refusal = ACCOUNT_PASSWORD_WRONG;
    if (err == OK && refusal == ACCOUNT_REFUSED_NOT) {
        err = password_hash(service->passwords, arena, new_password, &s.new_hash, fault);
        if (err == OK)
            err = service_write(service, arena, password_write, 0, &s, fault);
        if (err == ERR_REFUSED) {
            refusal = ACCOUNT_PASSWORD_WRONG;
            err = OK;
        }
    }
    if (err == OK)
        *ret_refusal = refusal;
    return err;
}

/* ---- housekeeping ---- */

static enum err sweep_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    const instant *now = argument;
    enum err err = q_session_sweep(db, (struct session_sweep_in){.now = *now}, NULL, fault);
    /* A link that ended is still told from one that never was, for a month. */
    if (err == OK)
        err = q_link_sweep(db, (struct link_sweep_in){.before = *now - 30 * SECONDS_A_DAY}, NULL, fault);
    if (err == OK)
        err = q_invitation_sweep(db, (struct invitation_sweep_in){.before = *now - 30 * SECONDS_A_DAY}, NULL, fault);
    if (err == OK)
        err = q_sign_in_step_sweep(db, (struct sign_in_step_sweep_in){.now = *now}, NULL, fault);
    if (err == OK)
        err = q_staff_session_sweep(db, (struct staff_session_sweep_in){.now = *now}, NULL, fault);
    return err;
}

enum err account_sweep(struct service *service, struct arena *arena, struct fault *fault)
{
    instant now = service_now(service);
    return service_write(service, arena, sweep_write, 0, &now, fault);
}
