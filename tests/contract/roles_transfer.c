/* Every role of both sides against every service of transfers, statements and refunds: what it must not do is refused
 * before anything is read or written (OPS-7, CRT-4, OPS-5, ORD-4). */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "base/buf.h"
#include "service/bank_desk.h"
#include "service/refund_desk.h"
#include "service/transfer.h"

struct roles {
    struct stage *stage;
    struct caller caller;
    struct staff_caller staff;
};

#define ROOM &r->stage->service, r->stage->arena
#define NOWHERE S("XXXX-XXXX")

/* ---- the operator's people ---- */

static enum err list(struct roles *r)
{
    struct transfer_lists lists;
    return transfer_list(ROOM, &r->staff, &lists, NULL);
}
static enum err one(struct roles *r)
{
    struct transfer_detail detail;
    return transfer_read(ROOM, &r->staff, NOWHERE, &detail, NULL);
}
static enum err record(struct roles *r)
{
    struct transfer_record record = {.ref = NOWHERE, .reason = S("x"), .request_key = S("k")};
    struct transfer_outcome outcome;
    return transfer_record(ROOM, &r->staff, &record, &outcome, NULL);
}
static enum err decide_order(struct roles *r)
{
    enum transfer_refusal refusal;
    return transfer_decide_order(ROOM, &r->staff, NOWHERE, true, S("x"), &refusal, NULL);
}
static enum err account(struct roles *r)
{
    struct transfer_account account;
    return transfer_account_read(ROOM, &r->staff, 999999, &account, NULL);
}
static enum err allow_account(struct roles *r)
{
    enum transfer_refusal refusal;
    return transfer_allow_account(ROOM, &r->staff, 999999, true, S("x"), &refusal, NULL);
}
static enum err import(struct roles *r)
{
    struct bank_import result;
    return bank_import(ROOM, &r->staff, S("x"), S("no statement"), &result, NULL);
}
static enum err entries(struct roles *r)
{
    struct bank_lists lists;
    return bank_list(ROOM, &r->staff, &lists, NULL);
}
static enum err decide_entry(struct roles *r)
{
    struct bank_decision decision = {.entry_id = 999999, .reason = S("x")};
    struct bank_decided decided;
    return bank_decide(ROOM, &r->staff, &decision, &decided, NULL);
}
static enum err refunds(struct roles *r)
{
    struct refund_lists lists;
    return refund_desk_list(ROOM, &r->staff, &lists, NULL);
}
static enum err pay(struct roles *r)
{
    struct refund_due_pay pay = {.payment_id = 999999, .reason = S("x"), .request_key = S("k")};
    enum refund_desk_refusal refusal;
    return refund_desk_pay(ROOM, &r->staff, &pay, &refusal, NULL);
}
static enum err order(struct roles *r)
{
    struct refund_order order;
    return refund_order_read(ROOM, &r->staff, NOWHERE, &order, NULL);
}
static enum err pay_order(struct roles *r)
{
    struct refund_order_request request = {.ref = NOWHERE, .reason = S("x"), .request_key = S("k")};
    struct refund_order_made made;
    return refund_order_pay(ROOM, &r->staff, &request, &made, NULL);
}
static enum err transferred(struct roles *r)
{
    struct refund_transferred done = {.part_id = 999999, .bank_ref = S("x"),
                                      .day = service_day(&r->stage->service, r->stage->now)};
    enum refund_desk_refusal refusal;
    return refund_desk_transferred(ROOM, &r->staff, &done, &refusal, NULL);
}
static enum err remedy(struct roles *r)
{
    enum refund_desk_refusal refusal;
    return refund_desk_remedy(ROOM, &r->staff, 999999, REFUND_SEND_AGAIN, S("x"), &refusal, NULL);
}

/* a administrator, c customer service, m monument manager, g gate agent, n accountant. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} staff_services[] = {
    {"transfer_list", "cn", list},
    {"transfer_read", "cn", one},
    {"transfer_record", "cn", record},
    {"transfer_decide_order", "c", decide_order},
    {"transfer_account_read", "c", account},
    {"transfer_allow_account", "c", allow_account},
    {"bank_import", "cn", import},
    {"bank_list", "cn", entries},
    {"bank_decide", "cn", decide_entry},
    {"refund_desk_list", "cn", refunds},
    {"refund_desk_pay", "cn", pay},
    {"refund_order_read", "cn", order},
    {"refund_order_pay", "cn", pay_order},
    {"refund_desk_transferred", "cn", transferred},
    {"refund_desk_remedy", "cn", remedy},
};

/* ---- customers ---- */

static enum err offer(struct roles *r)
{
    struct transfer_terms terms;
    return transfer_offer(ROOM, &r->caller, &terms, NULL);
}
static enum err own(struct roles *r)
{
    struct transfer_view view;
    return transfer_of_order(ROOM, &r->caller, NOWHERE, &view, NULL);
}
static enum err give_up(struct roles *r)
{
    bool done;
    return transfer_give_up(ROOM, &r->caller, NOWHERE, &done, NULL);
}
static enum err proforma(struct roles *r)
{
    return transfer_proforma_pdf(ROOM, &r->caller, NOWHERE, NULL, NULL);
}
static enum err credit_note(struct roles *r)
{
    return credit_note_pdf(ROOM, &r->caller, NOWHERE, S("AV2026-000001"), NULL, NULL);
}
static enum err own_refunds(struct roles *r)
{
    struct refund_views views;
    return refund_of_order(ROOM, &r->caller, NOWHERE, &views, NULL);
}

/* m manager, b booker, a accountant, r read-only, s customer service on the customer's behalf. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} customer_services[] = {
    {"transfer_offer", "mbs", offer},
    {"transfer_of_order", "mbars", own},
    {"transfer_give_up", "mbs", give_up},
    {"transfer_proforma_pdf", "mbars", proforma},
    {"credit_note_pdf", "mbars", credit_note},
    {"refund_of_order", "mbars", own_refunds},
};

static int64_t rows(struct stage *stage)
{
    return stage_number(stage, "SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)"
                               " + (SELECT count(*) FROM refund) + (SELECT count(*) FROM bank_file)"
                               " + (SELECT count(*) FROM transfer_receipt)");
}

STAGED(every_staff_role)
{
    static const char letters[] = {'-', '-', '-', '-', '-', '-', 'a', 'c', 'm', 'g', 'n'};
    static const int64_t own_monuments[] = {1};
    _Static_assert(sizeof letters == ROLES, "a letter a role");
    open_shop(stage);
    struct roles r = {.stage = stage};
    int64_t id = worker(stage, "ines@m.example", ROLE_CUSTOMER_SERVICE).staff_id, before = rows(stage);
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof staff_services / sizeof *staff_services; i++) {
            r.staff = (struct staff_caller){.staff_id = id, .role = (enum role)role, .monuments = own_monuments,
                                            .monument_count = 1, .lang = LANG_FR};
            bool may = letters[role] != '-' && strchr(staff_services[i].may, letters[role]) != NULL;
            enum err err = staff_services[i].call(&r);
            if ((err == ERR_REFUSED || (err == ERR_NOT_FOUND && role == ROLE_NONE)) == may)
                fail_msg("%s as %s: %s", staff_services[i].name, role_name((enum role)role), err_name(err));
            if (!may)
                assert_int_equal(rows(stage), before);
        }
    assert_int_equal(rows(stage), before); /* nothing of all this exists */
}

STAGED(every_customer_role)
{
    static const char letters[] = {'-', 'm', 'b', 'a', 'r', 's', '-', '-', '-', '-', '-'};
    _Static_assert(sizeof letters == ROLES, "a letter a role");
    struct buyer *buyer = open_shop(stage);
    struct roles r = {.stage = stage};
    int64_t before = rows(stage);
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof customer_services / sizeof *customer_services; i++) {
            r.caller = buyer->caller;
            r.caller.role = (enum role)role;
            bool may = letters[role] != '-' && strchr(customer_services[i].may, letters[role]) != NULL;
            enum err err = customer_services[i].call(&r);
            if ((err == ERR_REFUSED) == may)
                fail_msg("%s as %s: %s", customer_services[i].name, role_name((enum role)role), err_name(err));
            assert_int_equal(rows(stage), before);
        }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_staff_role),
        staged_test(every_customer_role),
    };
    return ENGINES_MAIN(argc, argv, "roles of transfers", tests);
}
