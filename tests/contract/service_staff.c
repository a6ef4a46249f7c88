/* The operator's people: links, second factor, sessions, monuments, acting for customers, on each engine: OPS-7, ACC-6,
 * OPS-1. */
#include "contract/service_purchase.h"

#include "base/totp.h"
#include "service/demo.h"
#include "service/leader.h"
#include "service/mails.h"
#include "service/member.h"
#include "service/staff.h"

/* ---- steps ---- */

static struct staff_answer add_as(struct stage *stage, const struct staff_caller *caller, const char *email,
                                  enum role role, const int64_t *monuments, size_t count)
{
    struct staff_answer answer = {.refusal = ACCOUNT_PLACEHOLDER};
    struct staff_fields fields = {.email = str_of(email), .role = role, .lang = LANG_FR, .monuments = monuments,
                                  .monument_count = count};
    stage_ok(staff_add(&stage->service, stage->arena, caller, fields, caller != NULL, &answer, &fault));
    return answer;
}

static struct staff_answer add(struct stage *stage, const char *email, enum role role)
{
    struct staff_answer answer = add_as(stage, NULL, email, role, NULL, 0);
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    return answer;
}

static struct str token_of(struct str link)
{
    size_t at = link.n;
    while (at > 0 && link.p[at - 1] != '/')
        at--;
    return str_sub(link, at, link.n);
}

static struct staff_step accept(struct stage *stage, struct str link, struct str password)
{
    struct staff_step step = {.refusal = ACCOUNT_PLACEHOLDER};
    struct staff_accept in = {.first_name = S("Inès"), .last_name = S("Valmont"), .password = password};
    stage_ok(staff_accept(&stage->service, stage->arena, token_of(link), in, &step, &fault));
    return step;
}

static struct staff_step enter(struct stage *stage, const char *email, struct str password)
{
    struct staff_step step = {.refusal = ACCOUNT_PLACEHOLDER};
    struct sign_in in = {.email = str_of(email), .password = password};
    stage_ok(staff_sign_in(&stage->service, stage->arena, in, &step, &fault));
    return step;
}

static struct str code_of(struct stage *stage, struct str secret, int steps)
{
    unsigned char bytes[TOTP_SECRET];
    char code[TOTP_DIGITS + 1];
    assert_true(totp_parse(secret, bytes));
    totp_code(bytes, totp_step(stage->now) + steps, code);
    return str_dup(stage->arena, str_of(code));
}

static struct factor_setup enrol(struct stage *stage, struct str step)
{
    struct factor_setup setup = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(staff_enrol_begin(&stage->service, stage->arena, step, &setup, &fault));
    return setup;
}

static struct staff_entry give_code(struct stage *stage, struct str step, struct str code, bool enrolling)
{
    struct staff_entry entry = {.refusal = ACCOUNT_PLACEHOLDER};
    struct sign_in_code in = {.step = step, .code = code, .agent = S("Browser/1"), .address = S("192.0.2.1")};
    if (enrolling)
        stage_ok(staff_enrol_confirm(&stage->service, stage->arena, in, &entry, &fault));
    else
        stage_ok(staff_sign_in_code(&stage->service, stage->arena, in, &entry, &fault));
    return entry;
}

static bool find(struct stage *stage, struct str token, struct staff_head *ret_head)
{
    bool found = false;
    stage_ok(staff_session_find(&stage->service, stage->arena, token, ret_head, &found, &fault));
    return found;
}

static struct staff_head head_of(struct stage *stage, struct str token)
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
static struct worker worker_of(struct stage *stage, const char *email, enum role role, const int64_t *monuments,
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

static struct worker worker(struct stage *stage, const char *email, enum role role)
{
    return worker_of(stage, email, role, NULL, 0);
}

static enum account_refusal disable(struct stage *stage, const struct staff_caller *caller, int64_t id, bool disabled)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(staff_set_disabled(&stage->service, stage->arena, caller, id, disabled, &refusal, &fault));
    return refusal;
}

static enum account_refusal update(struct stage *stage, const struct staff_caller *caller, int64_t id, enum role role,
                                   const int64_t *monuments, size_t count)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct staff_fields fields = {.first_name = S("Inès"), .last_name = S("Valmont"), .role = role,
                                  .monuments = monuments, .monument_count = count};
    stage_ok(staff_update(&stage->service, stage->arena, caller, id, fields, &refusal, &fault));
    return refusal;
}

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

/* ---- on behalf of a customer ---- */

STAGED(customer_service_acts_for_a_customer)
{
    struct buyer *shop = open_shop(stage);
    struct caller manager = shop->caller;
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct caller acting = staff_acting_caller(&w.head);
    assert_int_equal(acting.role, ROLE_NONE);
    ASSERT_ERR(staff_act_for(&stage->service, stage->arena, &w.head, 999, 0, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, 999, NULL),
               ERR_NOT_FOUND);
    stage_ok(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, 0, &fault));
    struct staff_head head = head_of(stage, w.token);
    assert_int_equal(head.acting.organisation_id, manager.organisation_id);
    assert_str(head.acting.organisation, "Voyages Horizon");
    assert_str(head.acting.first_name, "Zoé");
    assert_int_equal(head.caller.acting_organisation_id, manager.organisation_id);

    acting = staff_acting_caller(&head);
    assert_int_equal(acting.role, ROLE_ACTING);
    shop->caller = acting;
    struct place_result option = hold_on(stage, shop, 1, 0, 10, true);
    assert_int_equal(option.refusal, REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT staff_id FROM audit WHERE act = 'option.place'"), w.staff_id);
    assert_int_equal(stage_number(stage, "SELECT person_id FROM audit WHERE act = 'option.place'"), manager.person_id);
    enum refusal refusal = REFUSED_NOT;
    stage_ok(place_cancel(&stage->service, stage->arena, &acting, option.visit_id, false, &refusal, &fault));
    assert_int_equal(stage_number(stage, "SELECT staff_id FROM audit WHERE act = 'option.cancel'"), w.staff_id);
    hold_on(stage, shop, 1, 0, 10, false);
    order_to_pay(stage, shop);
    assert_int_equal(stage_number(stage, "SELECT staff_id FROM audit WHERE act = 'order.place'"), w.staff_id);
    struct leader_answer leader = {.id = 0};
    stage_ok(leader_create(&stage->service, stage->arena, acting,
                           (struct leader_fields){.kind = LEADER_GUIDE, .last_name = S("Zola"), .first_name = S("É"),
                                                  .email = S("z@guides.example"), .phone = S("0612345678")},
                           &leader, &fault));
    assert_int_equal(leader.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT staff_id FROM audit WHERE act = 'leader.create'"), w.staff_id);
    /* Nobody's password is theirs. */
    struct factor_state state;
    ASSERT_ERR(factor_read(&stage->service, stage->arena, acting, &state, NULL), ERR_REFUSED);

    stage_ok(staff_act_end(&stage->service, stage->arena, &head, &fault));
    head = head_of(stage, w.token);
    assert_int_equal(head.acting.organisation_id, 0);
    stage_ok(staff_act_end(&stage->service, stage->arena, &head, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'support.act-%'"), 2);
    /* The customer's own acts carry no mark. */
    shop->caller = manager;
    hold_on(stage, shop, 1, 1, 10, true);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'option.place' AND staff_id IS NULL"),
                     1);
}

STAGED(acting_ends_with_the_right_and_with_the_person)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    struct worker boss = worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(member_invite(&stage->service, stage->arena, manager,
                           (struct member_invite){.email = S("p@horizon.example"), .role = ROLE_READ_ONLY}, &refusal,
                           &fault));
    struct member_accepted paul = {.person_id = 0};
    stage_ok(member_accept(&stage->service, stage->arena, last_token(stage),
                           (struct member_accept){.first_name = S("Paul"), .last_name = S("R"),
                                                  .phone = S("0612345678"), .password = PASSWORD},
                           &paul, &fault));
    stage_ok(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, paul.person_id, &fault));
    assert_int_equal(head_of(stage, w.token).acting.person_id, paul.person_id);
    stage_ok(member_remove(&stage->service, stage->arena, manager, paul.person_id, &refusal, &fault));
    assert_int_equal(head_of(stage, w.token).acting.organisation_id, 0);

    stage_ok(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, 0, &fault));
    assert_int_equal(update(stage, &boss.head.caller, w.staff_id, ROLE_STAFF_ACCOUNTANT, NULL, 0), ACCOUNT_REFUSED_NOT);
    struct staff_head head = head_of(stage, w.token);
    assert_int_equal(head.acting.organisation_id, 0);
    assert_int_equal(staff_acting_caller(&head).role, ROLE_NONE);
}

STAGED(a_customer_who_lost_the_device)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct factor_setup setup = {.refusal = ACCOUNT_PLACEHOLDER};
    struct factor_codes codes = {.n = 0};
    stage_ok(factor_begin(&stage->service, stage->arena, in.caller, PASSWORD, &setup, &fault));
    stage_ok(factor_confirm(&stage->service, stage->arena, in.caller, code_of(stage, setup.secret, 0), &codes, &fault));
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_SECOND_FACTOR);
    ASSERT_ERR(staff_customer_unlock(&stage->service, stage->arena, &w.head.caller, in.caller.organisation_id, 999,
                                     S("lost"), NULL),
               ERR_NOT_FOUND);
    stage_ok(staff_customer_unlock(&stage->service, stage->arena, &w.head.caller, in.caller.organisation_id,
                                   in.caller.person_id, S("telephone lost, called back"), &fault));
    assert_false(alive(stage, in.token));
    assert_int_equal(sign_in(stage, "a@horizon.example", PASSWORD).refusal, ACCOUNT_REFUSED_NOT);
    assert_str(stage_text(stage, "SELECT reason FROM audit WHERE act = 'support.unlock'"),
               "telephone lost, called back");
}

/* ---- the doctor ---- */

static int findings(struct stage *stage)
{
    int count = -1;
    stage_ok(doctor_check(&stage->service, stage->arena, NULL, &count, &fault));
    return count;
}

/* What a hand in the database would leave, and how it is mended again. */
STAGED(the_doctor_notices)
{
    static const int64_t one[] = {1};
    static const char *const harm[][2] = {
        {"UPDATE person SET role = 'booker'", "UPDATE person SET role = 'manager' WHERE left_at IS NULL"},
        {"UPDATE person SET password_hash = 'x' WHERE left_at IS NOT NULL",
         "UPDATE person SET password_hash = '' WHERE left_at IS NOT NULL"},
        {"INSERT INTO session (token_hash, person_id, created_at, seen_at, expires_at, agent, address) "
         "SELECT 'x', id, 0, 0, 1, '', '' FROM person WHERE left_at IS NOT NULL",
         "DELETE FROM session WHERE token_hash = 'x'"},
        {"UPDATE second_factor SET confirmed_at = NULL", "UPDATE second_factor SET confirmed_at = 1"},
        {"UPDATE staff SET disabled_at = 1", "UPDATE staff SET disabled_at = NULL"},
        {"DELETE FROM staff_monument", "INSERT INTO staff_monument SELECT id, 2 FROM staff WHERE role = 'gate-agent'"},
        {"UPDATE staff SET role = 'accountant' WHERE role = 'gate-agent'",
         "UPDATE staff SET role = 'gate-agent' WHERE role = 'accountant'"},
    };
    small_network(stage);
    struct caller manager = member(stage, "a@horizon.example").caller;
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct member_accepted paul = {.person_id = 0};
    stage_ok(member_invite(&stage->service, stage->arena, manager,
                           (struct member_invite){.email = S("p@horizon.example"), .role = ROLE_MANAGER}, &refusal,
                           &fault));
    stage_ok(member_accept(&stage->service, stage->arena, last_token(stage),
                           (struct member_accept){.first_name = S("Paul"), .last_name = S("R"),
                                                  .phone = S("0612345678"), .password = PASSWORD},
                           &paul, &fault));
    stage_ok(member_remove(&stage->service, stage->arena, manager, paul.person_id, &refusal, &fault));
    worker(stage, "boss@network.example", ROLE_ADMINISTRATOR);
    worker_of(stage, "gate@network.example", ROLE_GATE_AGENT, one, 1);
    assert_healthy(stage);
    for (size_t i = 0; i < sizeof harm / sizeof *harm; i++) {
        stage_script(stage, harm[i][0]);
        if (findings(stage) == 0)
            fail_msg("not noticed: %s", harm[i][0]);
        stage_script(stage, harm[i][1]);
        assert_healthy(stage);
    }
}

/* ---- the demonstration ---- */

STAGED(the_demonstrations_people_sign_in)
{
    size_t staff_count = 0, member_count = 0, account_count = 0;
    const struct demo_staff *staff = demo_staff(&staff_count);
    const struct demo_member *members = demo_members(&member_count);
    const struct demo_account *accounts = demo_accounts(&account_count);
    bool seeded = false;
    stage_ok(demo_seed(&stage->service, (struct demo_options){.seed = 1, .months = 1, .quiet = true}, &seeded, &fault));
    assert_true(seeded);
    assert_int_equal(staff_count, STAFF_ROLES);
    for (size_t i = 0; i < staff_count; i++) {
        struct staff_step step = enter(stage, staff[i].email.p, demo_staff_password());
        assert_int_equal(step.refusal, ACCOUNT_REFUSED_NOT);
        struct staff_entry entry = give_code(stage, step.step, code_of(stage, staff[i].secret, 0), false);
        assert_int_equal(entry.refusal, ACCOUNT_REFUSED_NOT);
        struct staff_head head = head_of(stage, entry.token);
        assert_string_equal(role_name(head.caller.role), staff[i].role.p);
        assert_int_equal(head.caller.monument_count, role_has_monuments(head.caller.role) ? 3 : 0);
    }
    assert_int_equal(member_count, ORGANISATION_ROLES - 1); /* the manager is the account itself */
    for (size_t i = 0; i < member_count; i++) {
        struct sign_in_answer in = sign_in(stage, members[i].email.p, accounts[0].password);
        assert_int_equal(in.refusal, ACCOUNT_REFUSED_NOT);
        assert_string_equal(role_name(in.caller.role), members[i].role.p);
    }
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
        staged_test(customer_service_acts_for_a_customer),
        staged_test(acting_ends_with_the_right_and_with_the_person),
        staged_test(a_customer_who_lost_the_device),
        staged_test(the_doctor_notices),
        staged_test(the_demonstrations_people_sign_in),
    };
    return ENGINES_MAIN(argc, argv, "staff", tests);
}
