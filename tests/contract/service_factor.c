/* A customer's second factor, on each engine: ACC-6. */
#include "contract/service_accounts.h"

#include "base/totp.h"
#include "service/second_factor.h"

/* The code of the stage's clock, `steps` steps later, from the secret as the page showed it. */
static struct str code_of(struct stage *stage, struct str secret, int steps)
{
    unsigned char bytes[TOTP_SECRET];
    char code[TOTP_DIGITS + 1];
    assert_true(totp_parse(secret, bytes));
    totp_code(bytes, totp_step(stage->now) + steps, code);
    return str_dup(stage->arena, str_of(code));
}

static struct factor_setup begin(struct stage *stage, struct caller caller)
{
    struct factor_setup setup = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(factor_begin(&stage->service, stage->arena, caller, PASSWORD, &setup, &fault));
    return setup;
}

static struct factor_codes confirm(struct stage *stage, struct caller caller, struct str code)
{
    struct factor_codes codes = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(factor_confirm(&stage->service, stage->arena, caller, code, &codes, &fault));
    return codes;
}

static struct sign_in_answer give_code(struct stage *stage, struct str step, struct str code)
{
    struct sign_in_answer answer = {.refusal = ACCOUNT_PLACEHOLDER};
    struct sign_in_code in = {.step = step, .code = code, .agent = S("Browser/1"), .address = S("192.0.2.1")};
    stage_ok(account_sign_in_code(&stage->service, stage->arena, in, &answer, &fault));
    return answer;
}

/* An account whose second factor is on; *ret_codes are its recovery codes. */
static struct str secured(struct stage *stage, struct caller caller, struct factor_codes *ret_codes)
{
    struct factor_setup setup = begin(stage, caller);
    *ret_codes = confirm(stage, caller, code_of(stage, setup.secret, 0));
    assert_int_equal(ret_codes->refusal, ACCOUNT_REFUSED_NOT);
    stage->now += TOTP_SECONDS;
    return setup.secret;
}

STAGED(setting_up_a_second_factor)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_setup setup = {.refusal = ACCOUNT_REFUSED_NOT};
    struct factor_state state = {.on = true};
    stage_ok(factor_begin(&stage->service, stage->arena, in.caller, S("wrong password!"), &setup, &fault));
    assert_int_equal(setup.refusal, ACCOUNT_PASSWORD_WRONG);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM second_factor"), 0);
    assert_int_equal(confirm(stage, in.caller, S("123456")).refusal, ACCOUNT_STEP_ENDED);

    setup = begin(stage, in.caller);
    assert_int_equal(setup.secret.n, 32);
    assert_true(str_starts(setup.uri, S("otpauth://totp/")));
    assert_true(str_has(setup.uri, setup.secret));
    assert_true(str_eq(begin(stage, in.caller).secret, setup.secret)); /* the page may be shown again */
    /* Not on before the first code: signing in is as it was. */
    stage_ok(factor_read(&stage->service, stage->arena, in.caller, &state, &fault));
    assert_false(state.on);
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_REFUSED_NOT);

    struct factor_codes refused = confirm(stage, in.caller, code_of(stage, setup.secret, 5));
    assert_int_equal(refused.refusal, ACCOUNT_CODE_WRONG);
    assert_true(str_eq(refused.setup.secret, setup.secret));
    struct factor_codes codes = confirm(stage, in.caller, code_of(stage, setup.secret, 0));
    assert_int_equal(codes.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(codes.n, FACTOR_CODES);
    assert_int_equal(codes.p[0].n, 11);
    stage_ok(factor_read(&stage->service, stage->arena, in.caller, &state, &fault));
    assert_true(state.on);
    assert_int_equal(state.codes_left, FACTOR_CODES);

    /* Never shown again, and nothing readable is kept. */
    assert_int_equal(begin(stage, in.caller).refusal, ACCOUNT_FACTOR_ON);
    assert_int_equal(confirm(stage, in.caller, code_of(stage, setup.secret, 1)).refusal, ACCOUNT_FACTOR_ON);
    assert_int_equal(stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM recovery_code "
                                                    "WHERE code_hash LIKE '%%%.5s%%'", codes.p[0].p).p), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'account.factor-on'"), 1);
}

STAGED(setting_up_that_was_left_begins_anew)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_setup first = begin(stage, in.caller);
    stage->now += FACTOR_SETUP_SECONDS;
    assert_int_equal(confirm(stage, in.caller, code_of(stage, first.secret, 0)).refusal, ACCOUNT_STEP_ENDED);
    struct factor_setup second = begin(stage, in.caller);
    assert_false(str_eq(first.secret, second.secret));
    assert_int_equal(confirm(stage, in.caller, code_of(stage, first.secret, 0)).refusal, ACCOUNT_CODE_WRONG);
    assert_int_equal(confirm(stage, in.caller, code_of(stage, second.secret, 0)).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(signing_in_takes_two_steps)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_codes codes;
    struct str secret = secured(stage, in.caller, &codes);
    assert_true(alive(stage, in.token)); /* who turned it on stays signed in */
    int64_t open = stage_number(stage, "SELECT count(*) FROM session");

    assert_int_equal(sign_in(stage, "a@horizon.example", S("wrong password!")).refusal, ACCOUNT_SIGN_IN_WRONG);
    struct sign_in_answer step = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(step.refusal, ACCOUNT_SECOND_FACTOR);
    assert_true(step.step.n > 0);
    assert_int_equal(step.token.n, 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), open);
    assert_false(alive(stage, step.step)); /* the step is no session */

    assert_int_equal(give_code(stage, step.step, S("12345")).refusal, ACCOUNT_CODE_WRONG);
    assert_int_equal(give_code(stage, S("guess"), code_of(stage, secret, 0)).refusal, ACCOUNT_STEP_ENDED);
    assert_int_equal(give_code(stage, S(""), code_of(stage, secret, 0)).refusal, ACCOUNT_STEP_ENDED);
    struct sign_in_answer second = give_code(stage, step.step, code_of(stage, secret, 0));
    assert_int_equal(second.refusal, ACCOUNT_REFUSED_NOT);
    assert_true(alive(stage, second.token));
    assert_int_equal(second.caller.role, ROLE_MANAGER);
    /* The step has served, and so has the code. */
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 1)).refusal, ACCOUNT_STEP_ENDED);
    struct sign_in_answer again = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(give_code(stage, again.step, code_of(stage, secret, 0)).refusal, ACCOUNT_CODE_USED);
    assert_int_equal(give_code(stage, again.step, code_of(stage, secret, 1)).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(a_step_lives_ten_minutes_and_one_password)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_codes codes;
    struct str secret = secured(stage, in.caller, &codes);
    struct sign_in_answer step = sign_in(stage, "a@horizon.example", PASSWORD);
    stage->now += 600;
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 0)).refusal, ACCOUNT_STEP_ENDED);
    stage_ok(account_sweep(&stage->service, stage->arena, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM sign_in_step"), 0);

    step = sign_in(stage, "a@horizon.example", PASSWORD);
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(account_password_change(&stage->service, stage->arena, in.caller, in.session_id, PASSWORD,
                                     S("a brand new password"), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 0)).refusal, ACCOUNT_STEP_ENDED);
}

STAGED(wrong_codes_are_counted)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_codes codes;
    struct str secret = secured(stage, in.caller, &codes);
    struct sign_in_answer step = sign_in(stage, "a@horizon.example", PASSWORD);
    for (int i = 0; i < FACTOR_TRIES; i++)
        assert_int_equal(give_code(stage, step.step, i % 2 ? S("ABCDE-FGHJK") : S("999")).refusal, ACCOUNT_CODE_WRONG);
    /* Not even the right one, nor a recovery code, nor from another step. */
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 0)).refusal, ACCOUNT_CODE_WAIT);
    assert_int_equal(give_code(stage, sign_in(stage, "a@horizon.example", PASSWORD).step, codes.p[0]).refusal,
                     ACCOUNT_CODE_WAIT);
    stage->now += FACTOR_SECONDS;
    step = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 0)).refusal, ACCOUNT_REFUSED_NOT);
    /* The right one began a new count. */
    step = sign_in(stage, "a@horizon.example", PASSWORD);
    for (int i = 0; i < FACTOR_TRIES - 1; i++)
        assert_int_equal(give_code(stage, step.step, S("999")).refusal, ACCOUNT_CODE_WRONG);
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 1)).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(recovery_codes_work_once)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_codes codes, newer = {.n = 0};
    struct factor_state state = {.on = false};
    struct str secret = secured(stage, in.caller, &codes);
    struct str typed = str_lower_ascii(stage->arena, str_format(stage->arena, " %.*s ", STR_ARG(codes.p[3])));
    struct sign_in_answer step = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(give_code(stage, step.step, typed).refusal, ACCOUNT_REFUSED_NOT);
    step = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(give_code(stage, step.step, typed).refusal, ACCOUNT_CODE_WRONG);
    stage_ok(factor_read(&stage->service, stage->arena, in.caller, &state, &fault));
    assert_int_equal(state.codes_left, FACTOR_CODES - 1);

    stage_ok(factor_codes_renew(&stage->service, stage->arena, in.caller, S("999999"), &newer, &fault));
    assert_int_equal(newer.refusal, ACCOUNT_CODE_WRONG);
    stage_ok(factor_codes_renew(&stage->service, stage->arena, in.caller, code_of(stage, secret, 0), &newer, &fault));
    assert_int_equal(newer.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(newer.n, FACTOR_CODES);
    assert_int_equal(give_code(stage, step.step, codes.p[4]).refusal, ACCOUNT_CODE_WRONG);
    assert_int_equal(give_code(stage, step.step, newer.p[4]).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(turning_it_off)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_codes codes;
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct str secret = secured(stage, in.caller, &codes);
    struct sign_in_answer step = sign_in(stage, "a@horizon.example", PASSWORD);
    stage_ok(factor_disable(&stage->service, stage->arena, in.caller, S("999999"), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_CODE_WRONG);
    stage_ok(factor_disable(&stage->service, stage->arena, in.caller, code_of(stage, secret, 0), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM recovery_code"), 0);
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 1)).refusal, ACCOUNT_STEP_ENDED);
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_REFUSED_NOT);
    ASSERT_ERR(factor_disable(&stage->service, stage->arena, in.caller, codes.p[0], &refusal, NULL), ERR_NOT_FOUND);
}

/* A database that was copied to another service, or a row to another person, opens nothing. */
STAGED(a_secret_opens_with_its_own_key_only)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct factor_codes codes;
    struct str secret = secured(stage, in.caller, &codes);
    struct sign_in_answer answer;
    struct sign_in_code code = {.step = sign_in(stage, "a@horizon.example", PASSWORD).step,
                                .code = code_of(stage, secret, 0)};
    stage->service.secret[0] ^= 1;
    ASSERT_ERR(account_sign_in_code(&stage->service, stage->arena, code, &answer, NULL), ERR_BUG);
    stage->service.secret[0] ^= 1;
    assert_int_equal(give_code(stage, code.step, code.code).refusal, ACCOUNT_REFUSED_NOT);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(setting_up_a_second_factor),
        staged_test(setting_up_that_was_left_begins_anew),
        staged_test(signing_in_takes_two_steps),
        staged_test(a_step_lives_ten_minutes_and_one_password),
        staged_test(wrong_codes_are_counted),
        staged_test(recovery_codes_work_once),
        staged_test(turning_it_off),
        staged_test(a_secret_opens_with_its_own_key_only),
    };
    return ENGINES_MAIN(argc, argv, "second factor", tests);
}
