/* An organisation's people and their invitations, on each engine: ACC-5. */
#include "contract/service_purchase.h"

#include <pthread.h>

#include "service/mails.h"
#include "service/member.h"
#include "service/public_email.h"

/* ---- steps ---- */

static enum account_refusal invite(struct stage *stage, struct caller caller, const char *email, enum role role)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    struct member_invite in = {.email = str_of(email), .role = role, .lang = LANG_FR};
    stage_ok(member_invite(&stage->service, stage->arena, caller, in, &refusal, &fault));
    return refusal;
}

static struct member_accepted accept(struct stage *stage, struct str token)
{
    struct member_accepted accepted = {.refusal = ACCOUNT_PLACEHOLDER};
    struct member_accept in = {.first_name = S("Paul"), .last_name = S("Renard"), .phone = S("0612345678"),
                               .password = PASSWORD, .lang = LANG_EN};
    stage_ok(member_accept(&stage->service, stage->arena, token, in, &accepted, &fault));
    return accepted;
}

static struct invitation_view view_of(struct stage *stage, struct str token)
{
    struct invitation_view view = {.refusal = ACCOUNT_PLACEHOLDER};
    stage_ok(invitation_check(&stage->service, stage->arena, token, &view, &fault));
    return view;
}

static struct members members_of(struct stage *stage, struct caller caller)
{
    struct members members = {.n = 0};
    stage_ok(member_list(&stage->service, stage->arena, caller, &members, &fault));
    return members;
}

/* Another person of the caller's organisation, signed in. */
static struct sign_in_answer colleague(struct stage *stage, struct caller caller, const char *email, enum role role)
{
    assert_int_equal(invite(stage, caller, email, role), ACCOUNT_REFUSED_NOT);
    assert_int_equal(accept(stage, last_token(stage)).refusal, ACCOUNT_REFUSED_NOT);
    struct sign_in_answer in = sign_in(stage, email, PASSWORD);
    assert_int_equal(in.refusal, ACCOUNT_REFUSED_NOT);
    return in;
}

static enum account_refusal give_role(struct stage *stage, struct caller caller, int64_t person_id, enum role role)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(member_role_change(&stage->service, stage->arena, caller, person_id, role, &refusal, &fault));
    return refusal;
}

static enum account_refusal remove_member(struct stage *stage, struct caller caller, int64_t person_id)
{
    enum account_refusal refusal = ACCOUNT_PLACEHOLDER;
    stage_ok(member_remove(&stage->service, stage->arena, caller, person_id, &refusal, &fault));
    return refusal;
}

/* ---- invitations ---- */

STAGED(from_invitation_to_sign_in)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    assert_int_equal(invite(stage, manager, " Paul@Horizon.example ", ROLE_ACCOUNTANT), ACCOUNT_REFUSED_NOT);
    assert_str(stage_text(stage, "SELECT kind FROM outbox ORDER BY id DESC LIMIT 1"), "invite-member");
    assert_str(stage_text(stage, "SELECT recipient FROM outbox ORDER BY id DESC LIMIT 1"), "Paul@Horizon.example");
    struct str token = last_token(stage);
    assert_false(str_eq(stage_text(stage, "SELECT token_hash FROM invitation"), token));

    struct invitation_view view = view_of(stage, token);
    assert_int_equal(view.refusal, ACCOUNT_REFUSED_NOT);
    assert_false(view.staff);
    assert_str(view.organisation, "Voyages Horizon");
    assert_str(view.inviter, "Zoé Étienne");
    assert_int_equal(view.role, ROLE_ACCOUNTANT);
    struct members members = members_of(stage, manager);
    assert_int_equal(members.n, 1);
    assert_int_equal(members.invitation_count, 1);
    assert_str(members.invitations[0].email, "Paul@Horizon.example");

    struct member_accepted accepted = accept(stage, token);
    assert_int_equal(accepted.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(accepted.organisation_id, manager.organisation_id);
    assert_str(accepted.email, "Paul@Horizon.example");
    struct sign_in_answer in = sign_in(stage, "paul@horizon.example", PASSWORD);
    assert_int_equal(in.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(in.caller.organisation_id, manager.organisation_id);
    assert_int_equal(in.caller.role, ROLE_ACCOUNTANT);
    assert_int_equal(in.caller.lang, LANG_EN);

    members = members_of(stage, manager);
    assert_int_equal(members.n, 2);
    assert_int_equal(members.invitation_count, 0);
    assert_int_equal(members.managers, 1);
    assert_true(members.p[0].self); /* É sorts before R */
    assert_str(members.p[1].last_name, "Renard");
    assert_int_equal(members.p[1].role, ROLE_ACCOUNTANT);
    assert_true(members.p[1].seen_at > 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM organisation"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'member.%'"), 2);

    /* The link has served. */
    assert_int_equal(view_of(stage, token).refusal, ACCOUNT_LINK_USED);
    assert_int_equal(accept(stage, token).refusal, ACCOUNT_LINK_USED);
}

STAGED(the_invitation_is_a_mail)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    invite(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    struct mail_job job = {.id = 9, .kind = S("invite-member"), .organisation_id = manager.organisation_id,
                           .recipient = S("paul@horizon.example"), .lang = LANG_FR, .detail = last_token(stage),
                           .created_at = stage->now};
    struct mail_message message = {.text = S("")};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_str(message.subject, "Invitation à rejoindre Voyages Horizon");
    assert_true(str_has(message.text, S("Zoé Étienne")));
    assert_true(str_has(message.text, S("Réservation")));
    assert_true(str_has(message.text, str_join2(stage->arena, S("http://localhost:8080/fr/invitation/"), job.detail)));
    /* One that was withdrawn before it was sent is never sent. */
    stage_ok(member_invitation_withdraw(&stage->service, stage->arena, manager,
                                        members_of(stage, manager).invitations[0].id, &fault));
    ASSERT_ERR(mails_compose(&stage->service, stage->arena, &job, &message, NULL), ERR_NOT_FOUND);
    job.kind = S("invite-staff");
    ASSERT_ERR(mails_compose(&stage->service, stage->arena, &job, &message, NULL), ERR_NOT_FOUND);
}

STAGED(invitations_end)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    struct caller other = member(stage, "b@other.example").caller;
    invite(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    struct str first = last_token(stage);
    invite(stage, manager, "PAUL@horizon.example", ROLE_READ_ONLY);
    struct str second = last_token(stage);
    assert_int_equal(accept(stage, first).refusal, ACCOUNT_LINK_USED); /* replaced */
    assert_int_equal(members_of(stage, manager).invitation_count, 1);

    stage->now += INVITATION_SECONDS;
    assert_int_equal(view_of(stage, second).refusal, ACCOUNT_LINK_EXPIRED);
    assert_int_equal(accept(stage, second).refusal, ACCOUNT_LINK_EXPIRED);
    assert_true(members_of(stage, manager).invitations[0].expired);
    stage->now -= 1;

    int64_t id = members_of(stage, manager).invitations[0].id;
    ASSERT_ERR(member_invitation_withdraw(&stage->service, stage->arena, other, id, NULL), ERR_NOT_FOUND);
    stage_ok(member_invitation_withdraw(&stage->service, stage->arena, manager, id, &fault));
    ASSERT_ERR(member_invitation_withdraw(&stage->service, stage->arena, manager, id, NULL), ERR_NOT_FOUND);
    assert_int_equal(accept(stage, second).refusal, ACCOUNT_LINK_USED);
    assert_int_equal(accept(stage, S("guess")).refusal, ACCOUNT_LINK_UNKNOWN);
    assert_int_equal(accept(stage, S("")).refusal, ACCOUNT_LINK_UNKNOWN);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM person"), 2);

    stage->now += 31 * DAY;
    stage_ok(account_sweep(&stage->service, stage->arena, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM invitation"), 0);
}

STAGED(who_cannot_be_invited)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    member(stage, "b@other.example");
    struct public_email_import counts = {0};
    FILE *file = fmemopen((void *)(uintptr_t) "shop@public.example\n", 20, "r");
    stage_ok(public_email_import(&stage->service, file, &counts, &fault));
    fclose(file);
    int64_t before = mails(stage);
    assert_int_equal(invite(stage, manager, "not an address", ROLE_BOOKER), ACCOUNT_EMAIL);
    assert_int_equal(invite(stage, manager, "shop@public.example", ROLE_BOOKER), ACCOUNT_EMAIL_PUBLIC);
    assert_int_equal(invite(stage, manager, "b@other.example", ROLE_BOOKER), ACCOUNT_EMAIL_TAKEN);
    assert_int_equal(invite(stage, manager, "A@horizon.example", ROLE_BOOKER), ACCOUNT_EMAIL_TAKEN);
    assert_int_equal(invite(stage, manager, "c@horizon.example", ROLE_ACTING), ACCOUNT_ROLE);
    assert_int_equal(invite(stage, manager, "c@horizon.example", ROLE_ADMINISTRATOR), ACCOUNT_ROLE);
    assert_int_equal(invite(stage, manager, "c@horizon.example", ROLE_NONE), ACCOUNT_ROLE);
    assert_int_equal(mails(stage), before);
    for (int i = 0; i < INVITATIONS_AN_HOUR; i++) {
        struct str email = str_format(stage->arena, "p%d@horizon.example", i);
        assert_int_equal(invite(stage, manager, email.p, ROLE_BOOKER), ACCOUNT_REFUSED_NOT);
    }
    assert_int_equal(invite(stage, manager, "late@horizon.example", ROLE_BOOKER), ACCOUNT_OFTEN);
    stage->now += 3601;
    assert_int_equal(invite(stage, manager, "late@horizon.example", ROLE_BOOKER), ACCOUNT_REFUSED_NOT);
}

/* Between the invitation and its acceptance the address got an account of its own. */
STAGED(an_address_taken_meanwhile)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    invite(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    struct str token = last_token(stage);
    struct caller paul = member(stage, "paul@horizon.example").caller;
    assert_int_equal(accept(stage, token).refusal, ACCOUNT_EMAIL_TAKEN);
    assert_int_equal(members_of(stage, manager).n, 1);
    assert_int_equal(view_of(stage, token).refusal, ACCOUNT_REFUSED_NOT); /* nothing was written */
    assert_true(paul.organisation_id != manager.organisation_id);
}

STAGED(accepting_checks_its_fields)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    invite(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    struct str token = last_token(stage);
    const struct member_accept good = {.first_name = S("Paul"), .last_name = S("Renard"), .phone = S("0612345678"),
                                       .password = PASSWORD};
    struct member_accept bad[5] = {good, good, good, good, good};
    bad[0].first_name = S("");
    bad[1].last_name = S("a\nb");
    bad[2].phone = S("call me");
    bad[3].password = S("short");
    bad[4].password = S("Paul@horizon.example");
    const enum account_refusal why[] = {ACCOUNT_FIRST_NAME, ACCOUNT_LAST_NAME, ACCOUNT_PHONE, ACCOUNT_PASSWORD_SHORT,
                                        ACCOUNT_PASSWORD_IS_EMAIL};
    for (size_t i = 0; i < 5; i++) {
        struct member_accepted accepted = {.refusal = ACCOUNT_REFUSED_NOT};
        stage_ok(member_accept(&stage->service, stage->arena, token, bad[i], &accepted, &fault));
        assert_int_equal(accepted.refusal, why[i]);
    }
    assert_int_equal(accept(stage, token).refusal, ACCOUNT_REFUSED_NOT);
}

struct acceptor {
    struct stage *stage;
    struct arena *arena;
    struct str token;
    struct member_accepted accepted;
    pthread_t thread;
    enum err err;
};

static void *accept_at_once(void *argument)
{
    struct acceptor *a = argument;
    struct member_accept in = {.first_name = S("Paul"), .last_name = S("Renard"), .phone = S("0612345678"),
                               .password = PASSWORD};
    a->err = member_accept(&a->stage->service, a->arena, a->token, in, &a->accepted, NULL);
    return NULL;
}

STAGED(two_clicks_make_one_person)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    invite(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    struct acceptor acceptors[4];
    int accepted = 0;
    for (int i = 0; i < 4; i++) {
        acceptors[i] = (struct acceptor){.stage = stage, .arena = arena_new(), .token = last_token(stage)};
        assert_int_equal(pthread_create(&acceptors[i].thread, NULL, accept_at_once, &acceptors[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(acceptors[i].thread, NULL), 0);
        assert_int_equal(acceptors[i].err, OK);
        accepted += acceptors[i].accepted.refusal == ACCOUNT_REFUSED_NOT;
        arena_free(&acceptors[i].arena);
    }
    assert_int_equal(accepted, 1);
    assert_int_equal(members_of(stage, manager).n, 2);
}

/* ---- roles and leaving ---- */

STAGED(the_last_manager_stays)
{
    struct caller manager = member(stage, "a@horizon.example").caller;
    struct sign_in_answer paul = colleague(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    assert_int_equal(give_role(stage, manager, manager.person_id, ROLE_BOOKER), ACCOUNT_LAST_MANAGER);
    assert_int_equal(remove_member(stage, manager, manager.person_id), ACCOUNT_LAST_MANAGER);
    stage_ok(member_leave(&stage->service, stage->arena, manager, &refusal, &fault));
    assert_int_equal(refusal, ACCOUNT_LAST_MANAGER);
    assert_int_equal(give_role(stage, manager, manager.person_id, ROLE_MANAGER), ACCOUNT_REFUSED_NOT);
    assert_int_equal(give_role(stage, manager, paul.caller.person_id, ROLE_ACTING), ACCOUNT_ROLE);

    assert_int_equal(give_role(stage, manager, paul.caller.person_id, ROLE_MANAGER), ACCOUNT_REFUSED_NOT);
    assert_str(stage_text(stage, "SELECT was || ' ' || became FROM audit WHERE act = 'member.role'"), "booker manager");
    assert_int_equal(give_role(stage, manager, manager.person_id, ROLE_READ_ONLY), ACCOUNT_REFUSED_NOT);
    paul.caller.role = ROLE_MANAGER;
    assert_int_equal(members_of(stage, paul.caller).managers, 1);
    assert_int_equal(remove_member(stage, paul.caller, paul.caller.person_id), ACCOUNT_LAST_MANAGER);
    assert_int_equal(remove_member(stage, paul.caller, manager.person_id), ACCOUNT_REFUSED_NOT);
    assert_int_equal(members_of(stage, paul.caller).n, 1);
}

struct demoter {
    struct stage *stage;
    struct service *service;
    struct arena *arena;
    struct caller caller;
    pthread_t thread;
    enum account_refusal refusal;
    enum err err;
};

static void *demote_oneself(void *argument)
{
    struct demoter *d = argument;
    d->err = member_role_change(d->service, d->arena, d->caller, d->caller.person_id, ROLE_BOOKER, &d->refusal, NULL);
    return NULL;
}

/* Two managers step down at the same moment, on two servers. */
STAGED(one_of_two_managers_stays)
{
    struct service second = stage_second(stage);
    struct caller first = member(stage, "a@horizon.example").caller;
    for (int round = 0; round < 5; round++) {
        struct str email = str_format(stage->arena, "p%d@horizon.example", round);
        struct caller other = colleague(stage, first, email.p, ROLE_MANAGER).caller;
        struct demoter demoters[] = {
            {.stage = stage, .service = &stage->service, .arena = arena_new(), .caller = first},
            {.stage = stage, .service = &second, .arena = arena_new(), .caller = other}};
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&demoters[i].thread, NULL, demote_oneself, &demoters[i]), 0);
        for (int i = 0; i < 2; i++) {
            assert_int_equal(pthread_join(demoters[i].thread, NULL), 0);
            assert_int_equal(demoters[i].err, OK);
            arena_free(&demoters[i].arena);
        }
        assert_int_equal((demoters[0].refusal == ACCOUNT_LAST_MANAGER) + (demoters[1].refusal == ACCOUNT_LAST_MANAGER),
                         1);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM person WHERE role = 'manager'"), 1);
        first = demoters[0].refusal == ACCOUNT_LAST_MANAGER ? first : other;
    }
    writer_stop(&second.writer);
}

STAGED(people_of_others_are_not_found)
{
    struct caller a = member(stage, "a@horizon.example").caller;
    struct caller b = member(stage, "b@other.example").caller;
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    ASSERT_ERR(member_role_change(&stage->service, stage->arena, b, a.person_id, ROLE_BOOKER, &refusal, NULL),
               ERR_NOT_FOUND);
    ASSERT_ERR(member_remove(&stage->service, stage->arena, b, a.person_id, &refusal, NULL), ERR_NOT_FOUND);
    assert_int_equal(members_of(stage, b).n, 1);
}

/* «A leaver's orders stay with the organisation»: they are found, their mails go to a manager, options in the leaver's
 * cart are free for the others, nothing lets the leaver in, and the address may open another account. */
STAGED(a_leaver_leaves_everything_there)
{
    struct buyer *shop = open_shop(stage);
    struct caller manager = shop->caller;
    struct sign_in_answer paul = colleague(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    shop->caller = paul.caller;
    struct place_result option = hold_on(stage, shop, 1, 0, 10, true);
    hold_on(stage, shop, 1, 1, 10, false);
    struct str ref = order_to_pay(stage, shop);
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &paul.caller, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 1);
    stage_ok(account_password_forgotten(&stage->service, stage->arena, S("paul@horizon.example"), &fault));
    struct str link = last_token(stage);

    assert_int_equal(remove_member(stage, manager, paul.caller.person_id), ACCOUNT_REFUSED_NOT);
    assert_false(alive(stage, paul.token));
    assert_int_equal(sign_in(stage, "paul@horizon.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(reset(stage, link, S("a brand new password")).refusal, ACCOUNT_LINK_UNKNOWN);
    enum account_refusal refusal = ACCOUNT_REFUSED_NOT;
    ASSERT_ERR(member_remove(&stage->service, stage->arena, manager, paul.caller.person_id, &refusal, NULL),
               ERR_NOT_FOUND);

    /* The payment that was under way goes on, and what it confirms is mailed to the manager. */
    pays(shop, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    shop->caller = manager;
    struct order_view order = order_now(stage, shop, ref);
    assert_str(order.buyer, "Paul Renard");
    assert_str(order.buyer_email, "a@horizon.example");
    assert_str(stage_text(stage, "SELECT recipient FROM outbox WHERE kind = 'order-confirmed'"), "a@horizon.example");
    assert_str(stage_text(stage, "SELECT recipient FROM outbox WHERE kind = 'tickets'"), "a@horizon.example");

    struct option_views options = {.n = 0};
    stage_ok(place_options(&stage->service, stage->arena, &manager, &options, &fault));
    assert_int_equal(options.n, 1);
    assert_false(options.p[0].in_cart);
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &manager, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 1);
    assert_healthy(stage);

    struct caller anew = member(stage, "paul@horizon.example").caller;
    assert_true(anew.organisation_id != manager.organisation_id);
    assert_int_equal(members_of(stage, manager).n, 1);
}

/* An option that ends after its holder has left is told to a manager. */
STAGED(a_leavers_option_is_told_to_a_manager)
{
    struct buyer *shop = open_shop(stage);
    struct caller manager = shop->caller;
    struct sign_in_answer paul = colleague(stage, manager, "paul@horizon.example", ROLE_BOOKER);
    shop->caller = paul.caller;
    struct place_result option = hold_on(stage, shop, 1, 0, 10, true);
    assert_int_equal(remove_member(stage, manager, paul.caller.person_id), ACCOUNT_REFUSED_NOT);
    stage->now = option.ends_at;
    expire_all(stage);
    assert_str(stage_text(stage, "SELECT recipient FROM outbox WHERE kind = 'option-ended'"), "a@horizon.example");
    assert_str(stage_text(stage, "SELECT recipient_name FROM outbox WHERE kind = 'option-ended'"), "Zoé Étienne");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(from_invitation_to_sign_in),
        staged_test(the_invitation_is_a_mail),
        staged_test(invitations_end),
        staged_test(who_cannot_be_invited),
        staged_test(an_address_taken_meanwhile),
        staged_test(accepting_checks_its_fields),
        staged_test(two_clicks_make_one_person),
        staged_test(the_last_manager_stays),
        staged_test(one_of_two_managers_stays),
        staged_test(people_of_others_are_not_found),
        staged_test(a_leaver_leaves_everything_there),
        staged_test(a_leavers_option_is_told_to_a_manager),
    };
    return ENGINES_MAIN(argc, argv, "members", tests);
}
