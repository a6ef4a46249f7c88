/* Every role against every service that a signed-in customer, or one of the operator's people, calls: what it must not
 * do is refused before anything is read or written (OPS-7, ACC-5). A service that is not in these tables is one that
 * nobody asked about: add it here. */
#include "contract/service_purchase.h"

#include "base/buf.h"
#include "service/contact.h"
#include "service/leader.h"
#include "service/member.h"
#include "service/second_factor.h"
#include "service/staff.h"

/* What a call may need; most of it names nothing that exists, since only the refusal counts. */
struct roles {
    struct stage *stage;
    struct buyer *buyer;
    struct caller caller;
    struct staff_head head;
    int64_t staff_id; /* one of the operator's people */
};

#define ROOM &r->stage->service, r->stage->arena
#define NOWHERE S("XXXX-XXXX")

/* ---- the customers' services ---- */

static struct place_request a_request(struct roles *r)
{
    return (struct place_request){.monument_id = 1, .start_at = r->buyer->slots, .persons = 10,
                                  .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                  .request_key = new_key(r->stage, r->buyer)};
}

static enum err hold(struct roles *r)
{
    struct place_request request = a_request(r);
    struct place_result result;
    return place_hold(ROOM, &r->caller, &request, &result, NULL);
}
static enum err option(struct roles *r)
{
    struct place_request request = a_request(r);
    struct place_result result;
    request.option = true;
    return place_hold(ROOM, &r->caller, &request, &result, NULL);
}
static enum err split(struct roles *r)
{
    struct place_request request = a_request(r);
    struct place_part part = {.start_at = r->buyer->slots, .persons = 10};
    struct place_result result;
    return place_split(ROOM, &r->caller, &request, &part, 1, &result, NULL);
}
static enum err undated(struct roles *r)
{
    struct place_result result;
    return place_undated(ROOM, &r->caller, 3, 5, LEADER_NONE, new_key(r->stage, r->buyer), &result, NULL);
}
static enum err cancel(struct roles *r)
{
    enum refusal refusal;
    return place_cancel(ROOM, &r->caller, 999999, false, &refusal, NULL);
}
static enum err to_cart(struct roles *r)
{
    int64_t id = 999999;
    int moved;
    return place_options_to_cart(ROOM, &r->caller, &id, 1, &moved, NULL);
}
static enum err again(struct roles *r)
{
    struct place_result result;
    return place_again(ROOM, &r->caller, 999999, &result, NULL);
}
static enum err change(struct roles *r)
{
    struct option_change wish = {.visit_id = 999999, .request_key = new_key(r->stage, r->buyer)};
    struct place_result result;
    return place_change(ROOM, &r->caller, &wish, &result, NULL);
}
static enum err options(struct roles *r)
{
    struct option_views views;
    return place_options(ROOM, &r->caller, &views, NULL);
}
static enum err cart(struct roles *r)
{
    struct cart cart;
    return cart_read(ROOM, &r->caller, &cart, NULL);
}
static enum err order(struct roles *r)
{
    struct validation validation = {.terms_version = S("old"), .request_key = new_key(r->stage, r->buyer)};
    struct validation_result result;
    return order_place(ROOM, &r->caller, &validation, &result, NULL);
}
static enum err keep(struct roles *r)
{
    struct visit_choice choice = {.visit_id = 999999};
    return checkout_keep(ROOM, &r->caller, &choice, 1, NULL);
}
static enum err pay(struct roles *r)
{
    struct payment_page page;
    return payment_open(ROOM, &r->caller, NOWHERE, &page, NULL);
}
static enum err come_back(struct roles *r)
{
    enum settlement settlement;
    return payment_returned(ROOM, &r->caller, NOWHERE, &settlement, NULL);
}
static enum err give_up(struct roles *r)
{
    enum settlement settlement;
    return payment_abandon(ROOM, &r->caller, NOWHERE, &settlement, NULL);
}
static enum err orders(struct roles *r)
{
    struct order_rows rows;
    return order_search(ROOM, &r->caller, 0, 1, &rows, NULL);
}
static enum err one_order(struct roles *r)
{
    struct order_view view;
    return order_read(ROOM, &r->caller, NOWHERE, &view, NULL);
}
static enum err tickets_page(struct roles *r)
{
    struct ticket_sheet sheet;
    return order_ticket_sheet(ROOM, &r->caller, NOWHERE, 1, &sheet, NULL);
}
static enum err tickets_pdf(struct roles *r)
{
    return order_tickets_pdf(ROOM, &r->caller, NOWHERE, 1, NULL, NULL);
}
static enum err invoice(struct roles *r)
{
    return order_invoice_pdf(ROOM, &r->caller, NOWHERE, NULL, NULL);
}
static enum err resend(struct roles *r)
{
    return order_resend(ROOM, &r->caller, NOWHERE, 0, NULL);
}

static const struct leader_fields a_leader = {.kind = LEADER_GUIDE};
static const struct contact_fields a_contact = {.kind = CONTACT_GUIDE};

static enum err leaders_list(struct roles *r)
{
    struct leaders list;
    return leader_list(ROOM, r->caller, &list, NULL);
}
static enum err leader_one(struct roles *r)
{
    struct leader leader;
    return leader_get(ROOM, r->caller, r->buyer->guide, &leader, NULL);
}
static enum err leader_new(struct roles *r)
{
    struct leader_answer answer;
    return leader_create(ROOM, r->caller, a_leader, &answer, NULL);
}
static enum err leader_change(struct roles *r)
{
    struct leader_answer answer;
    return leader_update(ROOM, r->caller, r->buyer->guide, a_leader, &answer, NULL);
}
static enum err leader_drop(struct roles *r)
{
    struct leader_answer answer;
    return leader_remove(ROOM, r->caller, 999999, &answer, NULL);
}
static enum err contacts_list(struct roles *r)
{
    struct contacts list;
    return contact_list(ROOM, r->caller, &list, NULL);
}
static enum err contact_one(struct roles *r)
{
    struct contact contact;
    return contact_get(ROOM, r->caller, 999999, &contact, NULL);
}
static enum err contact_new(struct roles *r)
{
    struct contact_answer answer;
    return contact_create(ROOM, r->caller, a_contact, &answer, NULL);
}
static enum err contact_change(struct roles *r)
{
    struct contact_answer answer;
    return contact_update(ROOM, r->caller, 999999, a_contact, &answer, NULL);
}
static enum err contact_drop(struct roles *r)
{
    struct contact_answer answer;
    return contact_remove(ROOM, r->caller, 999999, &answer, NULL);
}
static enum err account(struct roles *r)
{
    struct account account;
    return account_read(ROOM, r->caller, &account, NULL);
}
static enum err organisation(struct roles *r)
{
    enum account_refusal refusal;
    return organisation_update(ROOM, r->caller, (struct organisation_fields){0}, &refusal, NULL);
}
static enum err person(struct roles *r)
{
    enum account_refusal refusal;
    return person_update(ROOM, r->caller, (struct person_fields){0}, &refusal, NULL);
}
static enum err password(struct roles *r)
{
    enum account_refusal refusal;
    return account_password_change(ROOM, r->caller, 0, S(""), S("short"), &refusal, NULL);
}
static enum err sessions(struct roles *r)
{
    struct sessions list;
    return session_list(ROOM, r->caller, 0, &list, NULL);
}
static enum err session_one_end(struct roles *r)
{
    bool ended;
    return session_end(ROOM, r->caller, 999999, &ended, NULL);
}
static enum err session_all_end(struct roles *r)
{
    int64_t ended;
    return session_end_others(ROOM, r->caller, 0, &ended, NULL);
}
static enum err factor_look(struct roles *r)
{
    struct factor_state state;
    return factor_read(ROOM, r->caller, &state, NULL);
}
static enum err factor_start(struct roles *r)
{
    struct factor_setup setup;
    return factor_begin(ROOM, r->caller, S("wrong password!"), &setup, NULL);
}
static enum err factor_first(struct roles *r)
{
    struct factor_codes codes;
    return factor_confirm(ROOM, r->caller, S("000000"), &codes, NULL);
}
static enum err factor_renew(struct roles *r)
{
    struct factor_codes codes;
    return factor_codes_renew(ROOM, r->caller, S("000000"), &codes, NULL);
}
static enum err factor_off(struct roles *r)
{
    enum account_refusal refusal;
    return factor_disable(ROOM, r->caller, S("000000"), &refusal, NULL);
}
static enum err members(struct roles *r)
{
    struct members list;
    return member_list(ROOM, r->caller, &list, NULL);
}
static enum err invite(struct roles *r)
{
    enum account_refusal refusal;
    return member_invite(ROOM, r->caller, (struct member_invite){.email = S("none")}, &refusal, NULL);
}
static enum err withdraw(struct roles *r)
{
    return member_invitation_withdraw(ROOM, r->caller, 999999, NULL);
}
static enum err role_change(struct roles *r)
{
    enum account_refusal refusal;
    return member_role_change(ROOM, r->caller, 999999, ROLE_BOOKER, &refusal, NULL);
}
static enum err member_drop(struct roles *r)
{
    enum account_refusal refusal;
    return member_remove(ROOM, r->caller, 999999, &refusal, NULL);
}
static enum err leave(struct roles *r)
{
    enum account_refusal refusal;
    return member_leave(ROOM, r->caller, &refusal, NULL); /* the last manager stays */
}

/* Who may: m manager, b booker, a accountant, r read-only, s customer service on the customer's behalf. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} customer_services[] = {
    {"place_hold", "mbs", hold},
    {"place_hold, an option", "mbs", option},
    {"place_split", "mbs", split},
    {"place_undated", "mbs", undated},
    {"place_cancel", "mbs", cancel},
    {"place_options_to_cart", "mbs", to_cart},
    {"place_again", "mbs", again},
    {"place_change", "mbs", change},
    {"place_options", "mbars", options},
    {"cart_read", "mbars", cart},
    {"order_place", "mbs", order},
    {"checkout_keep", "mbs", keep},
    {"payment_open", "mb", pay},
    {"payment_returned", "mbars", come_back},
    {"payment_abandon", "mbs", give_up},
    {"order_search", "mbars", orders},
    {"order_read", "mbars", one_order},
    {"order_ticket_sheet", "mbs", tickets_page},
    {"order_tickets_pdf", "mbs", tickets_pdf},
    {"order_invoice_pdf", "mbars", invoice},
    {"order_resend", "mbs", resend},
    {"leader_list", "mbrs", leaders_list},
    {"leader_get", "mbrs", leader_one},
    {"leader_create", "mbs", leader_new},
    {"leader_update", "mbs", leader_change},
    {"leader_remove", "mbs", leader_drop},
    {"contact_list", "mbrs", contacts_list},
    {"contact_get", "mbrs", contact_one},
    {"contact_create", "mbs", contact_new},
    {"contact_update", "mbs", contact_change},
    {"contact_remove", "mbs", contact_drop},
    {"account_read", "mbars", account},
    {"organisation_update", "ms", organisation},
    {"person_update", "mbar", person},
    {"account_password_change", "mbar", password},
    {"session_list", "mbar", sessions},
    {"session_end", "mbar", session_one_end},
    {"session_end_others", "mbar", session_all_end},
    {"factor_read", "mbar", factor_look},
    {"factor_begin", "mbar", factor_start},
    {"factor_confirm", "mbar", factor_first},
    {"factor_codes_renew", "mbar", factor_renew},
    {"factor_disable", "mbar", factor_off},
    {"member_list", "ms", members},
    {"member_invite", "ms", invite},
    {"member_invitation_withdraw", "ms", withdraw},
    {"member_role_change", "ms", role_change},
    {"member_remove", "ms", member_drop},
    {"member_leave", "mbar", leave},
};
enum { CUSTOMER_SERVICES = sizeof customer_services / sizeof *customer_services };

/* How much there is in every table that a service may write. */
static int64_t rows(struct stage *stage)
{
    return stage_number(stage, "SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM orders)"
                               " + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM audit)"
                               " + (SELECT count(*) FROM leader) + (SELECT count(*) FROM contact)"
                               " + (SELECT count(*) FROM session) + (SELECT count(*) FROM invitation)"
                               " + (SELECT count(*) FROM second_factor) + (SELECT count(*) FROM staff)"
                               " + (SELECT CAST(COALESCE(sum(taken), 0) AS BIGINT) FROM slot)");
}

static struct roles roles_open(struct stage *stage)
{
    struct roles r = {.stage = stage, .buyer = open_shop(stage)};
    r.caller = r.buyer->caller;
    return r;
}

static const struct {
    enum role role;
    char letter;
} customers[] = {{ROLE_NONE, '-'},      {ROLE_MANAGER, 'm'},    {ROLE_BOOKER, 'b'}, {ROLE_ACCOUNTANT, 'a'},
                 {ROLE_READ_ONLY, 'r'}, {ROLE_ACTING, 's'},     /* and the other side's, which is always wrong */
                 {ROLE_ADMINISTRATOR, '-'}, {ROLE_CUSTOMER_SERVICE, '-'}, {ROLE_MONUMENT_MANAGER, '-'},
                 {ROLE_GATE_AGENT, '-'}, {ROLE_STAFF_ACCOUNTANT, '-'}};

STAGED(every_role_against_every_customer_service)
{
    struct roles r = roles_open(stage);
    for (size_t who = 0; who < sizeof customers / sizeof *customers; who++)
        for (size_t i = 0; i < CUSTOMER_SERVICES; i++) {
            bool may = strchr(customer_services[i].may, customers[who].letter) != NULL;
            int64_t before = may ? 0 : rows(stage);
            r.caller.role = customers[who].role;
            enum err err = customer_services[i].call(&r);
            if ((err != ERR_REFUSED) != may)
                fail_msg("%s as «%s»: %s", customer_services[i].name, role_name(r.caller.role), err_name(err));
            if (err != OK && err != ERR_REFUSED && err != ERR_NOT_FOUND)
                fail_msg("%s as «%s»: %s", customer_services[i].name, role_name(r.caller.role), err_name(err));
            if (!may)
                assert_int_equal(rows(stage), before);
        }
}

STAGED(nobody_against_every_customer_service)
{
    struct roles r = roles_open(stage);
    int64_t before = rows(stage);
    struct caller nobodies[] = {{.role = ROLE_MANAGER},
                                {.role = ROLE_MANAGER, .organisation_id = r.caller.organisation_id},
                                {.role = ROLE_MANAGER, .person_id = r.caller.person_id}};
    for (size_t who = 0; who < sizeof nobodies / sizeof *nobodies; who++)
        for (size_t i = 0; i < CUSTOMER_SERVICES; i++) {
            r.caller = nobodies[who];
            enum err err = customer_services[i].call(&r);
            if (err != ERR_NOT_FOUND)
                fail_msg("%s as nobody: %s", customer_services[i].name, err_name(err));
        }
    assert_int_equal(rows(stage), before);
}

/* The role is the person's own, read from the database at sign-in and with each request. */
STAGED(a_changed_role_counts_at_once)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    assert_int_equal(in.caller.role, ROLE_MANAGER);
    const char *const words[] = {"booker", "accountant", "read-only", "manager"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct session_head head = {.session_id = 0};
        bool found = false;
        stage_script(stage, str_format(stage->arena, "UPDATE person SET role = '%s'", words[i]).p);
        stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
        assert_true(found);
        assert_string_equal(role_name(head.caller.role), words[i]);
        assert_string_equal(role_name(sign_in(stage, "a@horizon.example", PASSWORD).caller.role), words[i]);
    }
}

/* ---- the operator's services ---- */

static enum err people_list(struct roles *r)
{
    struct staff_list list;
    return staff_list(ROOM, &r->head.caller, &list, NULL);
}
static enum err people_read(struct roles *r)
{
    struct staff_member member;
    return staff_read(ROOM, &r->head.caller, r->staff_id, &member, NULL);
}
static enum err people_add(struct roles *r)
{
    struct staff_answer answer;
    return staff_add(ROOM, &r->head.caller, (struct staff_fields){.email = S("none")}, false, &answer, NULL);
}
static enum err people_link(struct roles *r)
{
    struct staff_answer answer;
    return staff_link(ROOM, &r->head.caller, 999999, true, true, &answer, NULL);
}
static enum err people_update(struct roles *r)
{
    enum account_refusal refusal;
    struct staff_fields fields = {.role = ROLE_ADMINISTRATOR};
    return staff_update(ROOM, &r->head.caller, 999999, fields, &refusal, NULL);
}
static enum err people_disable(struct roles *r)
{
    enum account_refusal refusal;
    return staff_set_disabled(ROOM, &r->head.caller, 999999, true, &refusal, NULL);
}
static enum err act_for(struct roles *r)
{
    return staff_act_for(ROOM, &r->head, 999999, 0, S("asked"), NULL);
}
static enum err unlock(struct roles *r)
{
    return staff_customer_unlock(ROOM, &r->head.caller, 999999, 999999, S("lost"), NULL);
}

/* a administrator, c customer service, m monument manager, g gate agent, n accountant. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} staff_services[] = {
    {"staff_list", "a", people_list},
    {"staff_read", "a", people_read},
    {"staff_add", "a", people_add},
    {"staff_link", "a", people_link},
    {"staff_update", "a", people_update},
    {"staff_set_disabled", "a", people_disable},
    {"staff_act_for", "c", act_for},
    {"staff_customer_unlock", "ac", unlock},
};
enum { STAFF_SERVICES = sizeof staff_services / sizeof *staff_services };

STAGED(every_role_against_every_staff_service)
{
    struct roles r = roles_open(stage);
    /* In the order of the enum. */
    static const char letters[] = {'-', '-', '-', '-', '-', '-', 'a', 'c', 'm', 'g', 'n'};
    static const int64_t every_monument[] = {1, 2, 3};
    _Static_assert(sizeof letters == ROLES, "a letter a role");
    stage_script(stage, "INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at) VALUES"
                        " ('s@net.example', 's@net.example', 'S', 'T', 'fr', 'gate-agent', 0);");
    r.staff_id = stage_number(stage, "SELECT id FROM staff");
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < STAFF_SERVICES; i++) {
            bool may = strchr(staff_services[i].may, letters[role]) != NULL;
            int64_t before = rows(stage);
            r.head = (struct staff_head){.caller = {.staff_id = r.staff_id, .role = (enum role)role,
                                                    .monuments = every_monument, .monument_count = 3}};
            enum err err = staff_services[i].call(&r);
            if ((err != ERR_REFUSED) != may)
                fail_msg("%s as «%s»: %s", staff_services[i].name, role_name((enum role)role), err_name(err));
            assert_int_equal(rows(stage), before);
            r.head.caller.staff_id = 0; /* nobody, whatever the role says */
            ASSERT_ERR(staff_services[i].call(&r), ERR_NOT_FOUND);
        }
}

/* ---- the check itself ---- */

STAGED(monuments_are_ones_own)
{
    (void)stage;
    static const int64_t own[] = {2, 5};
    struct staff_caller agent = {.staff_id = 1, .role = ROLE_GATE_AGENT, .monuments = own, .monument_count = 2};
    assert_int_equal(permit_staff(&agent, TASK_GATE_SCAN, 2, NULL), OK);
    assert_int_equal(permit_staff(&agent, TASK_GATE_SCAN, 5, NULL), OK);
    assert_int_equal(permit_staff(&agent, TASK_GATE_SCAN, 3, NULL), ERR_NOT_FOUND);
    assert_int_equal(permit_staff(&agent, TASK_GATE_SCAN, 0, NULL), ERR_REFUSED);
    assert_int_equal(permit_staff(&agent, TASK_PLANNING, 2, NULL), ERR_REFUSED);
    assert_false(staff_may(&agent, TASK_GATE_SCAN, 3));
    bool all = true;
    assert_int_equal(permit_staff_list(&agent, TASK_DAY_SHEET, &all, NULL), OK);
    assert_false(all);
    assert_int_equal(permit_staff_list(&agent, TASK_REPORTS, &all, NULL), ERR_REFUSED);
    struct staff_caller service = {.staff_id = 1, .role = ROLE_CUSTOMER_SERVICE};
    assert_int_equal(permit_staff_list(&service, TASK_DAY_SHEET, &all, NULL), OK);
    assert_true(all);
    assert_int_equal(permit_staff(&service, TASK_DAY_SHEET, 3, NULL), OK);
    assert_int_equal(permit_staff(NULL, TASK_DAY_SHEET, 3, NULL), ERR_NOT_FOUND);
    assert_int_equal(permit_staff_list(NULL, TASK_DAY_SHEET, &all, NULL), ERR_NOT_FOUND);
    assert_int_equal(permit(NULL, TASK_VIEW, NULL), ERR_NOT_FOUND);
    agent.staff_id = 0;
    assert_int_equal(permit_staff_list(&agent, TASK_DAY_SHEET, &all, NULL), ERR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_role_against_every_customer_service),
        staged_test(nobody_against_every_customer_service),
        staged_test(a_changed_role_counts_at_once),
        staged_test(every_role_against_every_staff_service),
        staged_test(monuments_are_ones_own),
    };
    return ENGINES_MAIN(argc, argv, "roles", tests);
}
