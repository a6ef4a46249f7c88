/* The people of an organisation. */
#include "service/member.h"

#include "domain/checks.h"
#include "service/account_parts.h"
#include "service/audit.h"
#include "service/invitation_parts.h"
#include "service/permit.h"
#include "service/public_email.h"
#include "service/second_factor_parts.h"

/* ---- the list ---- */

struct listing {
    struct caller caller;
    instant now;
    struct members members;
};

static enum err people_read(struct db *db, struct arena *arena, struct listing *l, struct fault *fault)
{
    struct member_list_list rows;
    enum err err = q_member_list(
        db, arena, (struct member_list_in){.organisation_id = l->caller.organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    struct account_sort_name *names = ARENA_ARRAY(arena, rows.n + 1, struct account_sort_name);
    for (size_t i = 0; i < rows.n; i++)
        names[i] = (struct account_sort_name){.last_name = rows.p[i].last_name, .first_name = rows.p[i].first_name};
    size_t *order = account_sorted(arena, names, rows.n);
    l->members.p = ARENA_ARRAY(arena, rows.n + 1, struct member);
    l->members.n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct member_list_row *row = &rows.p[order[i]];
        struct member *m = &l->members.p[i];
        *m = (struct member){.person_id = row->id,
                             .email = row->email,
                             .first_name = row->first_name,
                             .last_name = row->last_name,
                             .phone = row->phone,
                             .created_at = row->created_at,
                             .seen_at = row->seen_at.v,
                             .factor = row->factor > 0,
                             .self = row->id == l->caller.person_id && l->caller.staff_id == 0};
        if (!organisation_role_parse(row->role, &m->role))
            return fault_set(fault, ERR_BUG, "role of person %lld", (long long)row->id);
        l->members.managers += m->role == ROLE_MANAGER;
    }
    return OK;
}

static enum err listing_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *l = argument;
    struct invitation_list_list rows;
    enum err err = people_read(db, arena, l, fault);
    if (err == OK)
        err = q_invitation_list(
            db, arena, (struct invitation_list_in){.organisation_id = l->caller.organisation_id}, &rows, fault);
    if (err != OK)
        return err;
    l->members.invitations = ARENA_ARRAY(arena, rows.n + 1, struct member_invitation);
    l->members.invitation_count = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct invitation_list_row *row = &rows.p[i];
        struct member_invitation *m = &l->members.invitations[i];
        *m = (struct member_invitation){.id = row->id,
                                        .email = row->email,
                                        .inviter = row->inviter,
                                        .created_at = row->created_at,
                                        .expires_at = row->expires_at,
                                        .expired = row->expires_at <= l->now};
        if (!organisation_role_parse(row->role, &m->role))
            return fault_set(fault, ERR_BUG, "role of invitation %lld", (long long)row->id);
    }
    return OK;
}

enum err member_list(struct service *service, struct arena *arena, struct caller caller, struct members *ret_members,
                     struct fault *fault)
{
    struct listing l = {.caller = caller, .now = service_now(service)};
    enum err err = permit(&caller, TASK_MEMBERS, fault);
    if (err == OK)
        err = service_read(service, arena, listing_read, &l, fault);
    if (err == OK)
        *ret_members = l.members;
    return err;
}

/* ---- inviting ---- */

struct inviting {
    const struct service *service;
    struct caller caller;
    struct member_invite in;
    struct str token;
    instant now;
    enum account_refusal refusal;
};

/* Whether this address can be invited, and this organisation may invite once more. The organisation's row is locked, so
 * that of two commands that count the second counts the first. */
static enum err invite_judge(struct db *db, struct arena *arena, struct inviting *i, struct fault *fault)
{
    struct organisation_lock_row lock;
    struct person_by_email_row person;
    struct member_counts_row counts;
    struct invitation_count_row sent;
    int64_t organisation_id = i->caller.organisation_id;
    bool is_public = false, has_account = false;
    enum err err =
        q_organisation_lock(db, arena, (struct organisation_lock_in){.id = organisation_id}, &lock, NULL, fault);
    if (err == OK)
        err = public_email_known(i->service, db, arena, i->in.email, &is_public, fault);
    if (err == OK)
        err = q_person_by_email(db, arena,
                                (struct person_by_email_in){.email_key = email_key(arena, i->in.email)}, &person,
                                &has_account, fault);
    if (err == OK)
        err = q_member_counts(db, arena, (struct member_counts_in){.organisation_id = organisation_id}, &counts, NULL,
                              fault);
    if (err == OK)
        err = q_invitation_count(
            db, arena, (struct invitation_count_in){.organisation_id = organisation_id, .since = i->now - 3600}, &sent,
            NULL, fault);
    if (err == OK)
        i->refusal = is_public                           ? ACCOUNT_EMAIL_PUBLIC
                     : has_account                       ? ACCOUNT_EMAIL_TAKEN
                     : counts.people >= MEMBERS_MOST     ? ACCOUNT_LIST_FULL
                     : sent.n >= INVITATIONS_AN_HOUR     ? ACCOUNT_OFTEN
                                                         : ACCOUNT_REFUSED_NOT;
    return err;
}

static enum err invite_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct inviting *i = argument;
    struct member_get_row inviter;
    enum err err = q_member_get(
        db, arena,
        (struct member_get_in){.id = i->caller.person_id, .organisation_id = i->caller.organisation_id}, &inviter, NULL,
        fault);
    if (err == OK)
        err = invite_judge(db, arena, i, fault);
    if (err != OK)
        return err;
    if (i->refusal != ACCOUNT_REFUSED_NOT)
        return ERR_REFUSED;
    struct invitation invitation = {
        .organisation_id = i->caller.organisation_id,
        .role = i->in.role,
        .email = i->in.email,
        .inviter = str_format(arena, "%.*s %.*s", STR_ARG(inviter.first_name), STR_ARG(inviter.last_name)),
        .lang = i->in.lang,
        .token = i->token,
        .now = i->now,
        .mail = true,
    };
    err = invitation_send(db, arena, &invitation, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena,
                     (struct audit_row){.at = i->now,
                                        .person_id = i->caller.person_id,
                                        .staff_id = i->caller.staff_id,
                                        .reason = i->caller.why,
                                        .organisation_id = i->caller.organisation_id,
                                        .act = S("member.invite"),
                                        .subject = i->in.email,
                                        .became = str_of(role_name(i->in.role))},
                     fault);
}

static bool role_of_members(enum role role)
{
    return role >= ROLE_MANAGER && role < ROLE_MANAGER + ORGANISATION_ROLES;
}

enum err member_invite(struct service *service, struct arena *arena, struct caller caller, struct member_invite invite,
                       enum account_refusal *ret_refusal, struct fault *fault)
{
    struct inviting i = {.service = service, .caller = caller, .in = invite, .now = service_now(service)};
    enum err err = permit(&caller, TASK_MEMBERS, fault);
    if (err != OK)
        return err;
    i.in.email = str_trim(invite.email);
    if (!check_email(i.in.email))
        i.refusal = ACCOUNT_EMAIL;
    else if (!role_of_members(invite.role))
        i.refusal = ACCOUNT_ROLE;
    if (i.refusal == ACCOUNT_REFUSED_NOT) {
        i.token = random_token(&service->random, arena, ACCOUNT_TOKEN_BYTES);
        err = service_write(service, arena, invite_write, 0, &i, fault);
    }
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_refusal = i.refusal;
    return OK;
}

struct withdrawing {
    struct caller caller;
    int64_t id;
    instant now;
};

static enum err withdraw_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct withdrawing *w = argument;
    int64_t changed = 0;
    enum err err = q_invitation_withdraw(
        db,
        (struct invitation_withdraw_in){
            .id = w->id, .organisation_id = w->caller.organisation_id, .now = w->now},
        &changed, fault);
    if (err == OK && changed == 0)
        return fault_set(fault, ERR_NOT_FOUND, "no such open invitation of the organisation");
    return err != OK ? err
                     : account_audit(db, arena, w->caller, w->now, S("member.withdraw"), "invitation", w->id, fault);
}

enum err member_invitation_withdraw(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                                    struct fault *fault)
{
    struct withdrawing w = {.caller = caller, .id = id, .now = service_now(service)};
    enum err err = permit(&caller, TASK_MEMBERS, fault);
    return err != OK ? err : service_write(service, arena, withdraw_write, 0, &w, fault);
}

/* ---- accepting ---- */

struct accepting {
    const struct service *service;
    struct str token;
    struct member_accept in;
    struct str password_hash;
    instant now;
    struct member_accepted answer;
};

static enum err accept_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct accepting *a = argument;
    struct invitation_find_row row = {.id = 0};
    enum err err = invitation_judge(db, arena, a->token, false, a->now, &row, &a->answer.refusal, fault);
    if (err == OK)
        a->answer.email = row.email;
    return err;
}

static enum err newcomer_add(struct db *db, struct arena *arena, struct accepting *a,
                             const struct invitation_find_row *row, struct fault *fault)
{
    struct member_add_row added;
    bool found = false;
    enum err err = q_member_add(db, arena,
                                (struct member_add_in){.organisation_id = row->organisation_id.v,
                                                       .email = row->email,
                                                       .email_key = row->email_key,
                                                       .first_name = a->in.first_name,
                                                       .last_name = a->in.last_name,
                                                       .phone = a->in.phone,
                                                       .password_hash = a->password_hash,
                                                       .lang = lang_code(a->in.lang),
                                                       .role = row->role,
                                                       .now = a->now},
                                &added, &found, fault);
    if (err != OK)
        return err;
    if (!found) {
        a->answer.refusal = ACCOUNT_EMAIL_TAKEN;
        return ERR_REFUSED;
    }
    a->answer.person_id = added.id;
    a->answer.organisation_id = row->organisation_id.v;
    a->answer.email = row->email;
    struct caller caller = {.person_id = added.id, .organisation_id = row->organisation_id.v};
    return account_audit(db, arena, caller, a->now, S("member.accept"), "person", added.id, fault);
}

static enum err accept_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct accepting *a = argument;
    struct invitation_find_row row;
    bool is_public = false;
    a->answer = (struct member_accepted){.refusal = ACCOUNT_LINK_UNKNOWN};
    enum err err = invitation_judge(db, arena, a->token, false, a->now, &row, &a->answer.refusal, fault);
    if (err != OK || a->answer.refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = invitation_take(db, &row, a->now, &a->answer.refusal, fault);
    if (err != OK || a->answer.refusal != ACCOUNT_REFUSED_NOT)
        return err;
    err = public_email_known(a->service, db, arena, row.email, &is_public, fault);
    if (err == OK && is_public) {
        a->answer.refusal = ACCOUNT_EMAIL_PUBLIC;
        return ERR_REFUSED;
    }
    return err != OK ? err : newcomer_add(db, arena, a, &row, fault);
}

static enum account_refusal accept_check(struct arena *arena, struct accepting *a)
{
    enum account_refusal refusal = account_reach_check(arena, (struct account_reach){.first_name = &a->in.first_name,
                                                                                     .last_name = &a->in.last_name,
                                                                                     .phone = &a->in.phone,
                                                                                     .phone_needed = true});
    return refusal != ACCOUNT_REFUSED_NOT ? refusal : account_password_check(a->in.password, a->answer.email);
}

enum err member_accept(struct service *service, struct arena *arena, struct str token, struct member_accept accept,
                       struct member_accepted *ret_accepted, struct fault *fault)
{
    struct accepting a = {.service = service, .token = token, .in = accept, .now = service_now(service)};
    enum err err = service_read(service, arena, accept_read, &a, fault);
    if (err == OK && a.answer.refusal == ACCOUNT_REFUSED_NOT)
        a.answer.refusal = accept_check(arena, &a);
    if (err == OK && a.answer.refusal == ACCOUNT_REFUSED_NOT) {
        err = password_hash(service->passwords, arena, accept.password, &a.password_hash, fault);
        if (err == OK)
            err = service_write(service, arena, accept_write, 0, &a, fault);
    }
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_accepted = a.answer;
    return OK;
}

/* ---- roles and leaving ---- */

struct changing {
    struct caller caller;
    int64_t person_id;
    enum role role; /* ROLE_NONE: leaves */
    instant now;
    enum account_refusal refusal;
};

static enum err change_audit(struct db *db, struct arena *arena, const struct changing *c, struct str was,
                             struct fault *fault)
{
    bool leaves = c->role == ROLE_NONE;
    return audit_add(db, arena,
                     (struct audit_row){.at = c->now,
                                        .person_id = c->caller.person_id,
                                        .staff_id = c->caller.staff_id,
                                        .reason = c->caller.why,
                                        .organisation_id = c->caller.organisation_id,
                                        .act = leaves ? S("member.remove") : S("member.role"),
                                        .subject = str_format(arena, "person %lld", (long long)c->person_id),
                                        .was = was,
                                        .became = leaves ? S("") : str_of(role_name(c->role))},
                     fault);
}

/* Everything that would let the leaver in again, or keep the organisation from its places. */
static enum err leave(struct db *db, struct arena *arena, const struct changing *c, struct str key, struct fault *fault)
{
    int64_t organisation_id = c->caller.organisation_id;
    enum err err = q_member_leave(
        db,
        (struct member_leave_in){
            .id = c->person_id,
            .organisation_id = organisation_id,
            /* No address has a blank, so this key meets none. */
            .email_key = str_format(arena, "left %lld %.*s", (long long)c->person_id, STR_ARG(key)),
            .now = c->now},
        NULL, fault);
    if (err == OK)
        err = q_member_leave_cart(
            db, (struct member_leave_cart_in){.person_id = c->person_id, .organisation_id = organisation_id}, NULL,
            fault);
    if (err == OK)
        err = q_session_end_others(db, (struct session_end_others_in){.person_id = c->person_id, .keep_id = 0}, NULL,
                                   fault);
    if (err == OK)
        err = q_link_drop_all(db, (struct link_drop_all_in){.person_id = c->person_id}, NULL, fault);
    return err != OK ? err : factor_drop_in(db, arena, (struct factor_owner){.person_id = c->person_id}, fault);
}

static enum err change_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct changing *c = argument;
    int64_t organisation_id = c->caller.organisation_id;
    struct organisation_lock_row lock;
    struct member_get_row row;
    struct member_counts_row counts;
    bool found = false;
    c->refusal = ACCOUNT_REFUSED_NOT;
    enum err err =
        q_organisation_lock(db, arena, (struct organisation_lock_in){.id = organisation_id}, &lock, NULL, fault);
    if (err == OK)
        err = q_member_get(db, arena,
                           (struct member_get_in){.id = c->person_id, .organisation_id = organisation_id}, &row, &found,
                           fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "no such person in the organisation");
    if (err == OK)
        err = q_member_counts(db, arena, (struct member_counts_in){.organisation_id = organisation_id}, &counts, NULL,
                              fault);
    if (err != OK || str_eq(row.role, str_of(role_name(c->role))))
        return err;
    if (str_eq(row.role, S("manager")) && counts.managers <= 1) {
        c->refusal = ACCOUNT_LAST_MANAGER;
        return OK;
    }
    err = c->role == ROLE_NONE ? leave(db, arena, c, row.email_key, fault)
                               : q_member_role(db,
                                               (struct member_role_in){.id = c->person_id,
                                                                       .organisation_id = organisation_id,
                                                                       .role = str_of(role_name(c->role))},
                                               NULL, fault);
    return err != OK ? err : change_audit(db, arena, c, row.role, fault);
}

static enum err change_run(struct service *service, struct arena *arena, struct changing *c,
                           enum account_refusal *ret_refusal, struct fault *fault)
{
    c->now = service_now(service);
    enum err err = service_write(service, arena, change_write, 0, c, fault);
    if (err == OK)
        *ret_refusal = c->refusal;
    return err;
}

enum err member_role_change(struct service *service, struct arena *arena, struct caller caller, int64_t person_id,
                            enum role role, enum account_refusal *ret_refusal, struct fault *fault)
{
    struct changing c = {.caller = caller, .person_id = person_id, .role = role};
    enum err err = permit(&caller, TASK_MEMBERS, fault);
    if (err != OK)
        return err;
    if (role_of_members(role))
        return change_run(service, arena, &c, ret_refusal, fault);
    *ret_refusal = ACCOUNT_ROLE;
    return OK;
}

enum err member_remove(struct service *service, struct arena *arena, struct caller caller, int64_t person_id,
                       enum account_refusal *ret_refusal, struct fault *fault)
{
    struct changing c = {.caller = caller, .person_id = person_id};
    enum err err = permit(&caller, TASK_MEMBERS, fault);
    return err != OK ? err : change_run(service, arena, &c, ret_refusal, fault);
}

enum err member_leave(struct service *service, struct arena *arena, struct caller caller,
                      enum account_refusal *ret_refusal, struct fault *fault)
{
    struct changing c = {.caller = caller, .person_id = caller.person_id};
    enum err err = permit(&caller, TASK_OWN_ACCOUNT, fault);
    return err != OK ? err : change_run(service, arena, &c, ret_refusal, fault);
}
