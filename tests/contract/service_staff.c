/* The operator's people: links, second factor, sessions, monuments, on each engine: OPS-7, ACC-6. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/mails.h"
#include "service/member.h"

/* ---- the first administrator ---- */

STAGED(from_the_command_line_to_the_first_session)
{
    struct staff_answer added = add(stage, " First@Network.example ", ROLE_ADMINISTRATOR);
    assert_true(str_starts(added.link, S("http://localhost:8080/fr/equipe/invitation/")));
    assert_int_equal(mails(stage), 0); /* the command line shows the link */
    assert_int_equal(enter(stage, "first@network.example", S("")).refusal, ACCOUNT_SIGN_IN_WRONG);

    struct invitation_view view = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(invitation_check(&stage->service, stage->arena, token_of(added.link), &view, &fault));
    assert_int_equal(view.refusal, ACCOUNT_REFUSED_NOT);
    assert_true(view.staff);
    assert_int_equal(view.role, ROLE_ADMINISTRATOR);
    assert_str(view.email, "First@Network.example");

    assert_int_equal(accept(stage, added.link, S("short")).refusal, ACCOUNT_PASSWORD_SHORT);
    struct staff_step step = accept(stage, added.link, PASSWORD);
    assert_int_equal(step.refusal, ACCOUNT_REFUSED_NOT);
    assert_true(step.enrol);
    assert_int_equal(accept(stage, added.link, PASSWORD).refusal, ACCOUNT_LINK_USED);

    struct factor_setup setup = enrol(stage, step.step);
    assert_int_equal(setup.refusal, ACCOUNT_REFUSED_NOT);
    assert_true(str_eq(enrol(stage, step.step).secret, setup.secret));
    struct staff_entry entry = give_code(stage, step.step, S("12345"), true);
    assert_int_equal(entry.refusal, ACCOUNT_CODE_WRONG);
    assert_true(str_eq(entry.codes.setup.secret, setup.secret));
    entry = give_code(stage, step.step, code_of(stage, setup.secret, 0), true);
    assert_int_equal(entry.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(entry.codes.n, FACTOR_CODES);
    assert_int_equal(entry.expires_at, stage->now + 12 * HOUR);

    struct staff_head head = head_of(stage, entry.token);
    assert_int_equal(head.caller.role, ROLE_ADMINISTRATOR);
    assert_int_equal(head.caller.staff_id, added.staff_id);
    assert_str(head.first_name, "Inès");
    assert_int_equal(head.acting.organisation_id, 0);
    assert_int_equal(enrol(stage, step.step).refusal, ACCOUNT_STEP_ENDED);
}

STAGED(nobody_signs_in_without_the_second_factor)
{
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    assert_int_equal(enter(stage, "w@network.example", S("wrong password!")).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(enter(stage, "nobody@network.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    struct staff_step step = enter(stage, "W@network.example", PASSWORD);
    assert_int_equal(step.refusal, ACCOUNT_REFUSED_NOT);
    assert_false(step.enrol);
    /* Neither is the step a session, nor can the factor be set up anew with it. */
    struct staff_head head;
    assert_false(find(stage, step.step, &head));
    assert_int_equal(enrol(stage, step.step).refusal, ACCOUNT_FACTOR_ON);
    assert_int_equal(give_code(stage, step.step, code_of(stage, w.secret, 0), true).refusal, ACCOUNT_FACTOR_ON);
    assert_int_equal(give_code(stage, step.step, S("000"), false).refusal, ACCOUNT_CODE_WRONG);
    struct staff_entry entry = give_code(stage, step.step, code_of(stage, w.secret, 0), false);
    assert_int_equal(entry.refusal, ACCOUNT_REFUSED_NOT);
    assert_true(find(stage, entry.token, &head));
    /* A code works once, a recovery code too. */
    step = enter(stage, "w@network.example", PASSWORD);
    assert_int_equal(give_code(stage, step.step, code_of(stage, w.secret, 0), false).refusal, ACCOUNT_CODE_USED);
    assert_int_equal(give_code(stage, step.step, w.codes.p[0], false).refusal, ACCOUNT_REFUSED_NOT);
    step = enter(stage, "w@network.example", PASSWORD);
    assert_int_equal(give_code(stage, step.step, w.codes.p[0], false).refusal, ACCOUNT_CODE_WRONG);
}

/* The two sides' cookies, steps and links are worth nothing on the other side, even with one address on both. */
STAGED(the_two_sides_do_not_mix)
{
    struct sign_in_answer customer = member(stage, "same@network.example");
    struct worker w = worker(stage, "same@network.example", ROLE_ADMINISTRATOR);
    struct staff_head head;
    assert_false(find(stage, customer.token, &head));
    assert_false(alive(stage, w.token));
    struct staff_step step = enter(stage, "same@network.example", PASSWORD);
    struct sign_in_answer answer = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(account_sign_in_code(&stage->service, stage->arena,
                                  (struct sign_in_code){.step = step.step, .code = code_of(stage, w.secret, 0)},
                                  &answer, &fault));
    assert_int_equal(answer.refusal, ACCOUNT_STEP_ENDED);

    struct staff_answer added = add(stage, "new@network.example", ROLE_STAFF_ACCOUNTANT);
    struct member_accepted accepted = {.refusal = ACCOUNT_PLACEHOLDER};
    struct member_accept in = {.first_name = S("A"), .last_name = S("B"), .phone = S("0612345678"),
                               .password = PASSWORD};
    stage_ok(member_accept(&stage->service, stage->arena, token_of(added.link), in, &accepted, &fault));
    assert_int_equal(accepted.refusal, ACCOUNT_LINK_UNKNOWN);
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(member_invite(&stage->service, stage->arena, customer.caller,
                           (struct member_invite){.email = S("c@horizon.example"), .role = ROLE_BOOKER}, &refusal,
                           &fault));
    assert_int_equal(accept(stage, last_token(stage), PASSWORD).refusal, ACCOUNT_LINK_UNKNOWN);
}

/* ---- sessions ---- */

STAGED(a_session_lives_while_it_is_used)
{
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    instant start = stage->now - TOTP_SECONDS, expires = 0;
    struct staff_head head;
    stage->now = start + 11 * HOUR;
    head = head_of(stage, w.token);
    assert_true(head.touch_due);
    stage_ok(staff_session_touch(&stage->service, stage->arena, &head, &expires, &fault));
    assert_int_equal(expires, start + 23 * HOUR);
    assert_false(head_of(stage, w.token).touch_due);
    stage->now = start + 23 * HOUR;
    assert_false(find(stage, w.token, &head));
    stage_ok(account_sweep(&stage->service, stage->arena, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM staff_session"), 0);
}

STAGED(signing_out_and_a_new_password)
{
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct staff_step step = enter(stage, "w@network.example", PASSWORD);
    struct staff_entry other = give_code(stage, step.step, w.codes.p[0], false);
    struct staff_head head;
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(staff_password_change(&stage->service, stage->arena, &w.head, S("wrong password!"),
                                   S("a brand new password"), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_PASSWORD_WRONG);
    stage_ok(staff_password_change(&stage->service, stage->arena, &w.head, PASSWORD, S("short"), &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_PASSWORD_SHORT);
    stage_ok(staff_password_change(&stage->service, stage->arena, &w.head, PASSWORD, S("a brand new password"),
                                   &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_REFUSED_NOT);
    assert_true(find(stage, w.token, &head));
    assert_false(find(stage, other.token, &head));
    assert_int_equal(enter(stage, "w@network.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    stage_ok(staff_sign_out(&stage->service, stage->arena, w.token, &fault));
    stage_ok(staff_sign_out(&stage->service, stage->arena, w.token, &fault));
    assert_false(find(stage, w.token, &head));
}

/* ---- the list ---- */

STAGED(an_administrator_invites_and_changes)
{
    small_network(stage);
    struct worker boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    const struct staff_caller *caller = &boss.head.caller;
    static const int64_t two[] = {1, 3, 1}, unknown[] = {1, 99}, one[] = {2};
    assert_int_equal(add_as(stage, caller, "BOSS@network.example", ROLE_ADMINISTRATOR, NULL, 0).refusal,
                     ACCOUNT_EMAIL_TAKEN);
    assert_int_equal(add_as(stage, caller, "none", ROLE_ADMINISTRATOR, NULL, 0).refusal, ACCOUNT_EMAIL);
    assert_int_equal(add_as(stage, caller, "g@network.example", ROLE_MANAGER, NULL, 0).refusal, ACCOUNT_ROLE);
    assert_int_equal(add_as(stage, caller, "g@network.example", ROLE_GATE_AGENT, NULL, 0).refusal, ACCOUNT_MONUMENTS);
    assert_int_equal(add_as(stage, caller, "g@network.example", ROLE_GATE_AGENT, unknown, 2).refusal,
                     ACCOUNT_MONUMENTS);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM staff"), 1);

    struct staff_answer added = add_as(stage, caller, "g@network.example", ROLE_GATE_AGENT, two, 3);
    assert_int_equal(added.refusal, ACCOUNT_REFUSED_NOT);
    assert_str(stage_text(stage, "SELECT kind FROM outbox"), "invite-staff");
    struct mail_job job = {.id = 9, .kind = S("invite-staff"), .recipient = S("g@network.example"), .lang = LANG_EN,
                           .detail = last_token(stage), .created_at = stage->now};
    struct mail_message message = {.text = S("")};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_true(str_has(message.text, S("Gate agent")));
    assert_true(str_has(message.text, str_join2(stage->arena, S("/en/equipe/invitation/"), job.detail)));

    struct staff_list list = {.n = 0};
    stage_ok(staff_list(&stage->service, stage->arena, caller, &list, &fault));
    assert_int_equal(list.n, 2);
    struct staff_member agent = {.id = 0};
    stage_ok(staff_read(&stage->service, stage->arena, caller, added.staff_id, &agent, &fault));
    assert_false(agent.is_set_up || agent.factor);
    assert_int_equal(agent.monument_count, 2);
    assert_str(agent.monuments[0].slug, "abbey"); /* by name: Abbaye, Chapelle */

    struct staff_step step = accept(stage, added.link, PASSWORD);
    struct str secret = enrol(stage, step.step).secret;
    struct staff_entry entry = give_code(stage, step.step, code_of(stage, secret, 0), true);
    struct staff_head head = head_of(stage, entry.token);
    assert_int_equal(head.caller.monument_count, 2);
    assert_true(staff_may(&head.caller, TASK_GATE_SCAN, 3));
    assert_false(staff_may(&head.caller, TASK_GATE_SCAN, 2));

    /* What is changed counts at once, in the session that is open. */
    assert_int_equal(update(stage, caller, added.staff_id, ROLE_MONUMENT_MANAGER, one, 1), ACCOUNT_REFUSED_NOT);
    head = head_of(stage, entry.token);
    assert_true(staff_may(&head.caller, TASK_PLANNING, 2));
    assert_false(staff_may(&head.caller, TASK_PLANNING, 3));
    assert_str(stage_text(stage, "SELECT was || ' > ' || became FROM audit WHERE act = 'staff.update'"),
               "gate-agent 1 3 > monument-manager 2");
    assert_int_equal(update(stage, caller, added.staff_id, ROLE_MONUMENT_MANAGER, unknown, 2), ACCOUNT_MONUMENTS);
    assert_int_equal(head_of(stage, entry.token).caller.monument_count, 1);
    assert_int_equal(update(stage, caller, added.staff_id, ROLE_STAFF_ACCOUNTANT, two, 3), ACCOUNT_REFUSED_NOT);
    assert_int_equal(head_of(stage, entry.token).caller.monument_count, 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM staff_monument"), 0);
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct staff_fields fields = {.role = ROLE_STAFF_ACCOUNTANT};
    ASSERT_ERR(staff_update(&stage->service, stage->arena, caller, 999, fields, &refusal, NULL), ERR_NOT_FOUND);
}

STAGED(disabled_people_are_out)
{
    struct worker boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct staff_step step = enter(stage, "w@network.example", PASSWORD);
    struct staff_answer link = {.refusal = ACCOUNT_PLACEHOLDER};
    struct staff_head head;
    stage_ok(staff_link(&stage->service, stage->arena, &boss.head.caller, w.staff_id, false, false, &link, &fault));
    assert_int_equal(disable(stage, &boss.head.caller, w.staff_id, true), ACCOUNT_REFUSED_NOT);
    assert_int_equal(disable(stage, &boss.head.caller, w.staff_id, true), ACCOUNT_REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'staff.disable'"), 1);
    assert_false(find(stage, w.token, &head));
    assert_int_equal(enter(stage, "w@network.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(give_code(stage, step.step, w.codes.p[0], false).refusal, ACCOUNT_STEP_ENDED);
    assert_int_equal(accept(stage, link.link, S("a brand new password")).refusal, ACCOUNT_LINK_USED);
    assert_int_equal(disable(stage, &boss.head.caller, w.staff_id, false), ACCOUNT_REFUSED_NOT);
    assert_int_equal(enter(stage, "w@network.example", PASSWORD).refusal, ACCOUNT_REFUSED_NOT);
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    ASSERT_ERR(staff_set_disabled(&stage->service, stage->arena, NULL, 999, true, &refusal, NULL), ERR_NOT_FOUND);
}

STAGED(the_last_administrator_stays)
{
    struct worker boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    const struct staff_caller *caller = &boss.head.caller;
    struct staff_answer second = add(stage, "second@network.example", ROLE_ADMINISTRATOR);
    /* Who was only invited cannot sign in yet, and does not count. */
    assert_int_equal(disable(stage, caller, boss.staff_id, true), ACCOUNT_LAST_ADMINISTRATOR);
    assert_int_equal(update(stage, caller, boss.staff_id, ROLE_STAFF_ACCOUNTANT, NULL, 0), ACCOUNT_LAST_ADMINISTRATOR);
    assert_int_equal(update(stage, caller, boss.staff_id, ROLE_ADMINISTRATOR, NULL, 0), ACCOUNT_REFUSED_NOT);
    assert_int_equal(disable(stage, NULL, boss.staff_id, true), ACCOUNT_LAST_ADMINISTRATOR);
    assert_int_equal(accept(stage, second.link, PASSWORD).refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(disable(stage, caller, boss.staff_id, true), ACCOUNT_REFUSED_NOT);
    assert_int_equal(disable(stage, NULL, second.staff_id, true), ACCOUNT_LAST_ADMINISTRATOR);
}

STAGED(a_lost_device_and_a_lost_password)
{
    struct worker boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct staff_answer answer = {.refusal = ACCOUNT_PLACEHOLDER};
    struct staff_head head;
    /* A new password by link leaves the factor: whoever reads the mails does not get in. */
    stage_ok(staff_link(&stage->service, stage->arena, &boss.head.caller, w.staff_id, false, true, &answer, &fault));
    assert_str(stage_text(stage, "SELECT recipient_name FROM outbox"), "Inès Valmont");
    assert_true(find(stage, w.token, &head));
    struct staff_step step = accept(stage, answer.link, S("a brand new password"));
    assert_false(step.enrol);
    assert_false(find(stage, w.token, &head));
    assert_int_equal(give_code(stage, step.step, w.codes.p[0], false).refusal, ACCOUNT_REFUSED_NOT);

    struct str token = give_code(stage, enter(stage, "w@network.example", S("a brand new password")).step,
                                 w.codes.p[1], false).token;
    stage_ok(staff_link(&stage->service, stage->arena, &boss.head.caller, w.staff_id, true, false, &answer, &fault));
    assert_false(find(stage, token, &head));
    step = accept(stage, answer.link, PASSWORD);
    assert_true(step.enrol);
    assert_int_equal(give_code(stage, step.step, w.codes.p[2], false).refusal, ACCOUNT_STEP_ENDED);
    struct str secret = enrol(stage, step.step).secret;
    assert_false(str_eq(secret, w.secret));
    assert_int_equal(give_code(stage, step.step, code_of(stage, secret, 0), true).refusal, ACCOUNT_REFUSED_NOT);
    ASSERT_ERR(staff_link(&stage->service, stage->arena, NULL, 999, false, false, &answer, NULL), ERR_NOT_FOUND);
}

STAGED(renewing_recovery_codes)
{
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct factor_codes codes = {.n = 0};
    stage_ok(staff_codes_renew(&stage->service, stage->arena, &w.head.caller, S("1"), &codes, &fault));
    assert_int_equal(codes.refusal, ACCOUNT_CODE_WRONG);
    stage_ok(staff_codes_renew(&stage->service, stage->arena, &w.head.caller, code_of(stage, w.secret, 0), &codes,
                               &fault));
    assert_int_equal(codes.n, FACTOR_CODES);
    struct staff_step step = enter(stage, "w@network.example", PASSWORD);
    assert_int_equal(give_code(stage, step.step, w.codes.p[0], false).refusal, ACCOUNT_CODE_WRONG);
    assert_int_equal(give_code(stage, step.step, codes.p[0], false).refusal, ACCOUNT_REFUSED_NOT);
}

STAGED(the_command_line_names_people_and_monuments)
{
    small_network(stage);
    struct staff_answer added = add(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    int64_t id = 0;
    stage_ok(staff_id_of_email(&stage->service, stage->arena, S(" BOSS@network.example"), &id, &fault));
    assert_int_equal(id, added.staff_id);
    stage_ok(staff_monument_id(&stage->service, stage->arena, S("abbey"), &id, &fault));
    assert_int_equal(id, 3);
    ASSERT_ERR(staff_monument_id(&stage->service, stage->arena, S("tower"), &id, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(staff_id_of_email(&stage->service, stage->arena, S("x@y.example"), &id, NULL), ERR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(from_the_command_line_to_the_first_session),
        staged_test(nobody_signs_in_without_the_second_factor),
        staged_test(the_two_sides_do_not_mix),
        staged_test(a_session_lives_while_it_is_used),
        staged_test(signing_out_and_a_new_password),
        staged_test(an_administrator_invites_and_changes),
        staged_test(disabled_people_are_out),
        staged_test(the_last_administrator_stays),
        staged_test(a_lost_device_and_a_lost_password),
        staged_test(renewing_recovery_codes),
        staged_test(the_command_line_names_people_and_monuments),
    };
    return ENGINES_MAIN(argc, argv, "staff", tests);
}
