/* Steps that the tests of the operator's people share: adding one, setting the account up, signing in. */
#ifndef GUICHET_TESTS_SERVICE_WORKERS_H
#define GUICHET_TESTS_SERVICE_WORKERS_H

#include "contract/service_accounts.h"

#include "base/totp.h"
#include "service/staff.h"

static inline struct staff_answer add_as(struct stage *stage, const struct staff_caller *caller, const char *email,
                                  enum role role, const int64_t *monuments, size_t count)
{
    struct staff_answer answer = {.refusal = ACCOUNT_PLACEHOLDER};
    struct staff_fields fields = {.email = str_of(email), .role = role, .lang = LANG_FR, .monuments = monuments,
                                  .monument_count = count};
    stage_ok(staff_add(&stage->service, stage->arena, caller, fields, caller != NULL, &answer, &fault));
    return answer;
}

static inline struct staff_answer add(struct stage *stage, const char *email, enum role role)
{
    struct staff_answer answer = add_as(stage, NULL, email, role, NULL, 0);
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    return answer;
}

static inline struct str token_of(struct str link)
{
    size_t at = link.n;
    while (at > 0 && link.p[at - 1] != '/')
        at--;
    return str_sub(link, at, link.n);
}

static inline struct staff_step accept(struct stage *stage, struct str link, struct str password)
{
    struct staff_step step = {.refusal = ACCOUNT_PLACEHOLDER};
    struct staff_accept in = {.first_name = S("Inès"), .last_name = S("Valmont"), .password = password};
    stage_ok(staff_accept(&stage->service, stage->arena, token_of(link), in, &step, &fault));
    return step;
}

static inline struct staff_step enter(struct stage *stage, const char *email, struct str password)
{
    struct staff_step step = {.refusal = ACCOUNT_PLACEHOLDER};
    struct sign_in in = {.email = str_of(email), .password = password};
    stage_ok(staff_sign_in(&stage->service, stage->arena, in, &step, &fault));
    return step;
}

static inline struct str code_of(struct stage *stage, struct str secret, int steps)
{
    unsigned char bytes[TOTP_SECRET];
    char code[TOTP_DIGITS + 1];
    assert_true(totp_parse(secret, bytes));
    totp_code(bytes, totp_step(stage->now) + steps, code);
    return str_dup(stage->arena, str_of(code));
}

static inline struct factor_setup enrol(struct stage *stage, struct str step)
{
    struct factor_setup setup = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(staff_enrol_begin(&stage->service, stage->arena, step, &setup, &fault));
    return setup;
}

static inline struct staff_entry give_code(struct stage *stage, struct str step, struct str code, bool enrolling)
{
    struct staff_entry entry = {.refusal = ACCOUNT_PLACEHOLDER};
    struct sign_in_code in = {.step = step, .code = code, .agent = S("Browser/1"), .address = S("192.0.2.1")};
    if (enrolling)
        stage_ok(staff_enrol_confirm(&stage->service, stage->arena, in, &entry, &fault));
    else
        stage_ok(staff_sign_in_code(&stage->service, stage->arena, in, &entry, &fault));
    return entry;
}

static inline bool find(struct stage *stage, struct str token, struct staff_head *ret_head)
{
    bool found = false;
    stage_ok(staff_session_find(&stage->service, stage->arena, token, ret_head, &found, &fault));
    return found;
}

static inline struct staff_head head_of(struct stage *stage, struct str token)
{
    struct staff_head head = {.session_id = 0};
    assert_true(find(stage, token, &head));
    return head;
}

struct worker {
    struct str secret, token;
    struct staff_head head;
    struct factor_codes codes;
    int64_t staff_id;
};

/* One of the operator's people, set up and signed in. */
static inline struct worker worker_of(struct stage *stage, const char *email, enum role role, const int64_t *monuments,
                               size_t count)
{
    struct staff_answer added = add_as(stage, NULL, email, role, monuments, count);
    assert_int_equal(added.refusal, ACCOUNT_REFUSED_NOT);
    struct staff_step step = accept(stage, added.link, PASSWORD);
    assert_int_equal(step.refusal, ACCOUNT_REFUSED_NOT);
    struct worker w = {.staff_id = added.staff_id, .secret = enrol(stage, step.step).secret};
    struct staff_entry entry = give_code(stage, step.step, code_of(stage, w.secret, 0), true);
    assert_int_equal(entry.refusal, ACCOUNT_REFUSED_NOT);
    w.token = entry.token;
    w.codes = entry.codes;
    w.head = head_of(stage, w.token);
    stage->now += TOTP_SECONDS;
    return w;
}

static inline struct worker worker(struct stage *stage, const char *email, enum role role)
{
    return worker_of(stage, email, role, NULL, 0);
}

static inline enum account_refusal disable(struct stage *stage, const struct staff_caller *caller, int64_t id, bool disabled)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(staff_set_disabled(&stage->service, stage->arena, caller, id, disabled, &refusal, &fault));
    return refusal;
}

static inline enum account_refusal update(struct stage *stage, const struct staff_caller *caller, int64_t id, enum role role,
                                   const int64_t *monuments, size_t count)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct staff_fields fields = {.first_name = S("Inès"), .last_name = S("Valmont"), .role = role,
                                  .monuments = monuments, .monument_count = count};
    stage_ok(staff_update(&stage->service, stage->arena, caller, id, fields, &refusal, &fault));
    return refusal;
}

#endif
