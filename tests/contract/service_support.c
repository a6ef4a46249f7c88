/* Customer service acting for a customer, what the doctor says about people, and the demonstration's people, on each
 * engine: OPS-1, OPS-7. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/demo.h"
#include "service/leader.h"
#include "service/member.h"

/* ---- on behalf of a customer ---- */

STAGED(customer_service_acts_for_a_customer)
{
    struct buyer *shop = open_shop(stage);
    struct caller manager = shop->caller;
    struct worker w = worker(stage, "w@network.example", ROLE_CUSTOMER_SERVICE);
    struct caller acting = staff_acting_caller(&w.head);
    assert_int_equal(acting.role, ROLE_NONE);
    ASSERT_ERR(staff_act_for(&stage->service, stage->arena, &w.head, 999, 0, S("asked"), NULL), ERR_NOT_FOUND);
    ASSERT_ERR(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, 999, S("asked"), NULL),
               ERR_NOT_FOUND);
    stage_ok(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, 0, S("asked"), &fault));
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
    assert_true(validate(stage, shop, new_key(stage, shop)).to_pay);
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
    stage_ok(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, paul.person_id,
                           S("asked"), &fault));
    assert_int_equal(head_of(stage, w.token).acting.person_id, paul.person_id);
    stage_ok(member_remove(&stage->service, stage->arena, manager, paul.person_id, &refusal, &fault));
    assert_int_equal(head_of(stage, w.token).acting.organisation_id, 0);

    stage_ok(staff_act_for(&stage->service, stage->arena, &w.head, manager.organisation_id, 0, S("asked"), &fault));
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
        staged_test(customer_service_acts_for_a_customer),
        staged_test(acting_ends_with_the_right_and_with_the_person),
        staged_test(a_customer_who_lost_the_device),
        staged_test(the_doctor_notices),
        staged_test(the_demonstrations_people_sign_in),
    };
    return ENGINES_MAIN(argc, argv, "support", tests);
}
