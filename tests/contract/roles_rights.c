/* Every role against every service of passes, stock and layouts: what it must not do is refused before anything is
 * read or
 * written (OPS-7, ACC-5). */
#include "contract/service_rights.h"

struct roles {
    struct stage *stage;
    struct desk *desk;
    struct caller caller;
    struct staff_caller staff;
};

#define ROOM &r->stage->service, r->stage->arena
#define NOWHERE S("XXXX-XXXX")

/* ---- the customers' ---- */

static enum err mine(struct roles *r)
{
    bool has = false;
    enum err err = stock_right_mine(ROOM, &r->caller, &has, NULL);
    return err == OK && !has ? ERR_REFUSED : err; /* a question: no instead of a refusal */
}
static enum err check(struct roles *r)
{
    struct right_wish wish = wish_for(r->stage, r->desk, 1, 0, 10, NULL, 0);
    struct right_result result;
    return stock_check(ROOM, &r->caller, &wish, &result, NULL);
}
static enum err book(struct roles *r)
{
    struct right_wish wish = wish_for(r->stage, r->desk, 1, 0, 10, NULL, 0);
    struct right_result result;
    return stock_book(ROOM, &r->caller, &wish, S("v1"), &result, NULL);
}
static enum err send(struct roles *r)
{
    struct layout_upload upload = {.name = S("x"), .bytes = S("nothing known"), .request_key = S("key")};
    enum layout_refusal refusal;
    return layout_send(ROOM, &r->caller, &upload, &refusal, NULL);
}
static enum err list(struct roles *r)
{
    struct layout_page page;
    return layout_list(ROOM, &r->caller, &page, NULL);
}
static enum err withdraw(struct roles *r)
{
    bool done;
    return layout_withdraw(ROOM, &r->caller, 999999, &done, NULL);
}
static enum err choose(struct roles *r)
{
    return layout_choose(ROOM, &r->caller, TICKETS_AS_PDF, NULL);
}
static enum err file(struct roles *r)
{
    struct layout_file bytes;
    return layout_file(ROOM, &r->caller, 999999, &bytes, NULL);
}
static enum err csv(struct roles *r)
{
    return order_tickets_csv(ROOM, &r->caller, NOWHERE, 1, NULL, NULL);
}
static enum err choose_for_order(struct roles *r)
{
    return order_tickets_choose(ROOM, &r->caller, NOWHERE, TICKETS_AS_CSV, NULL);
}

/* m manager, b booker, a accountant, r read-only, s customer service on the customer's behalf. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} customer_services[] = {
    {"stock_right_mine", "mbs", mine}, {"stock_check", "mbs", check},
    {"stock_book", "mbs", book},       {"layout_send", "mbs", send},
    {"layout_list", "mbs", list},      {"layout_withdraw", "mbs", withdraw},
    {"layout_choose", "mbs", choose},  {"layout_file", "mbs", file},
    {"order_tickets_csv", "mbs", csv}, {"order_tickets_choose", "mbs", choose_for_order},
};

static int64_t rows(struct stage *stage)
{
    return stage_number(stage, "SELECT (SELECT count(*) FROM visit) + (SELECT count(*) FROM orders)"
                               " + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM audit)"
                               " + (SELECT count(*) FROM stock_right WHERE revoked_at IS NULL)"
                               " + (SELECT count(*) FROM stock_ticket) + (SELECT count(*) FROM stock_import)"
                               " + (SELECT count(*) FROM layout) + (SELECT count(*) FROM visit_pass)");
}

static struct roles roles_open(struct stage *stage)
{
    struct roles r = {.stage = stage, .desk = open_desk(stage)};
    r.caller = r.desk->buyer->caller;
    set_right(stage, r.desk, true);
    return r;
}

static void judge(struct roles *r, const char *name, const char *as, bool may, enum err err, int64_t before)
{
    if ((err != ERR_REFUSED) != may || (err != OK && err != ERR_REFUSED && err != ERR_NOT_FOUND && err != ERR_INPUT))
        fail_msg("%s as «%s»: %s", name, as, err_name(err));
    if (!may)
        assert_int_equal(rows(r->stage), before);
}

STAGED(every_role_against_every_customer_service)
{
    static const struct {
        enum role role;
        char letter;
    } customers[] = {{ROLE_NONE, '-'},          {ROLE_MANAGER, 'm'},          {ROLE_BOOKER, 'b'},
                     {ROLE_ACCOUNTANT, 'a'},    {ROLE_READ_ONLY, 'r'},        {ROLE_ACTING, 's'},
                     {ROLE_ADMINISTRATOR, '-'}, {ROLE_CUSTOMER_SERVICE, '-'}, {ROLE_STAFF_ACCOUNTANT, '-'}};
    struct roles r = roles_open(stage);
    for (size_t who = 0; who < sizeof customers / sizeof *customers; who++)
        for (size_t i = 0; i < sizeof customer_services / sizeof *customer_services; i++) {
            int64_t before = rows(stage);
            r.caller.role = customers[who].role;
            judge(&r, customer_services[i].name, role_name(r.caller.role),
                  strchr(customer_services[i].may, customers[who].letter) != NULL, customer_services[i].call(&r),
                  before);
        }
}

/* ---- the operator's ---- */

static enum err pass_make(struct roles *r)
{
    struct right_wish wish = wish_for(r->stage, r->desk, 1, 0, 10, NULL, 0);
    struct right_result result;
    return pass_book(ROOM, &r->staff, 999999, 0, &wish, &result, NULL);
}
static enum err pass_form(struct roles *r)
{
    struct pass_choices choices;
    return pass_choices(ROOM, &r->staff, 999999, &choices, NULL);
}
static enum err passes(struct roles *r)
{
    struct right_rows found;
    return right_booking_list(ROOM, &r->staff, RIGHT_PASS, &found, NULL);
}
static enum err pass_one(struct roles *r)
{
    struct right_booking booking;
    return right_booking_read(ROOM, &r->staff, RIGHT_PASS, 999999, &booking, NULL);
}
static enum err pass_end(struct roles *r)
{
    bool done;
    return right_booking_cancel(ROOM, &r->staff, RIGHT_PASS, 999999, S("why"), &done, NULL);
}
static enum err exchanges(struct roles *r)
{
    struct right_rows found;
    return right_booking_list(ROOM, &r->staff, RIGHT_STOCK, &found, NULL);
}
static enum err exchange_one(struct roles *r)
{
    struct right_booking booking;
    return right_booking_read(ROOM, &r->staff, RIGHT_STOCK, 999999, &booking, NULL);
}
static enum err exchange_end(struct roles *r)
{
    bool done;
    return right_booking_cancel(ROOM, &r->staff, RIGHT_STOCK, 999999, S("why"), &done, NULL);
}
static enum err rights(struct roles *r)
{
    struct stock_rights found;
    return stock_right_list(ROOM, &r->staff, &found, NULL);
}
static enum err right_one(struct roles *r)
{
    struct stock_right right;
    return stock_right_read(ROOM, &r->staff, 999999, &right, NULL);
}
static enum err right_give(struct roles *r)
{
    bool changed;
    return stock_right_set(ROOM, &r->staff, 999999, true, S("why"), &changed, NULL);
}
static enum err file_in(struct roles *r)
{
    struct stock_import result;
    return stock_import(ROOM, &r->staff, S("x.csv"), S("A001;chapel;2027-12-31\n"), &result, NULL);
}
static enum err stock(struct roles *r)
{
    struct stock_overview overview;
    return stock_overview(ROOM, &r->staff, &overview, NULL);
}
static enum err number(struct roles *r)
{
    struct stock_number found;
    return stock_look(ROOM, &r->staff, S("A001"), &found, NULL);
}
static enum err number_out(struct roles *r)
{
    bool done;
    return stock_withdraw(ROOM, &r->staff, S("nothing9"), true, S("why"), &done, NULL);
}
static enum err desk_list(struct roles *r)
{
    struct layouts found;
    return layout_desk(ROOM, &r->staff, &found, NULL);
}
static enum err desk_one(struct roles *r)
{
    struct layout layout;
    return layout_read(ROOM, &r->staff, 999999, &layout, NULL);
}
static enum err desk_file(struct roles *r)
{
    struct layout_file bytes;
    return layout_desk_file(ROOM, &r->staff, 999999, &bytes, NULL);
}
static enum err decide(struct roles *r)
{
    bool done;
    return layout_decide(ROOM, &r->staff, 999999, LAYOUT_STATE_WAITING, LAYOUT_STATE_APPROVED, S(""), &done, NULL);
}

/* a administrator, c customer service, m monument manager, g gate agent, n accountant. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} staff_services[] = {
    {"pass_book", "c", pass_make},
    {"pass_choices", "c", pass_form},
    {"right_booking_list, passes", "c", passes},
    {"right_booking_read, passes", "c", pass_one},
    {"right_booking_cancel, passes", "c", pass_end},
    {"right_booking_list, stock", "c", exchanges},
    {"right_booking_read, stock", "c", exchange_one},
    {"right_booking_cancel, stock", "c", exchange_end},
    {"stock_right_list", "c", rights},
    {"stock_right_read", "c", right_one},
    {"stock_right_set", "c", right_give},
    {"stock_import", "ac", file_in},
    {"stock_overview", "ac", stock},
    {"stock_look", "ac", number},
    {"stock_withdraw", "ac", number_out},
    {"layout_desk", "c", desk_list},
    {"layout_read", "c", desk_one},
    {"layout_desk_file", "c", desk_file},
    {"layout_decide", "c", decide},
};

STAGED(every_role_against_every_staff_service)
{
    static const struct {
        enum role role;
        char letter;
    } people[] = {{ROLE_ADMINISTRATOR, 'a'}, {ROLE_CUSTOMER_SERVICE, 'c'}, {ROLE_MONUMENT_MANAGER, 'm'},
                  {ROLE_GATE_AGENT, 'g'},    {ROLE_STAFF_ACCOUNTANT, 'n'}, {ROLE_NONE, '-'},
                  {ROLE_MANAGER, '-'}};
    static const int64_t monuments[] = {1, 2, 3};
    struct roles r = roles_open(stage);
    for (size_t who = 0; who < sizeof people / sizeof *people; who++) {
        r.staff = (struct staff_caller){.staff_id = r.desk->service.staff_id,
                                        .role = people[who].role,
                                        .monuments = monuments,
                                        .monument_count = 3};
        for (size_t i = 0; i < sizeof staff_services / sizeof *staff_services; i++) {
            int64_t before = rows(stage);
            judge(&r, staff_services[i].name, role_name(people[who].role),
                  strchr(staff_services[i].may, people[who].letter) != NULL, staff_services[i].call(&r), before);
        }
    }
}

STAGED(nobody_against_every_service)
{
    struct roles r = roles_open(stage);
    int64_t before = rows(stage);
    r.caller = (struct caller){.role = ROLE_MANAGER};
    r.staff = (struct staff_caller){.role = ROLE_CUSTOMER_SERVICE};
    for (size_t i = 0; i < sizeof customer_services / sizeof *customer_services; i++) {
        enum err err = customer_services[i].call(&r);
        if (err != ERR_NOT_FOUND && err != ERR_REFUSED)
            fail_msg("%s as nobody: %s", customer_services[i].name, err_name(err));
    }
    for (size_t i = 0; i < sizeof staff_services / sizeof *staff_services; i++)
        if (staff_services[i].call(&r) != ERR_NOT_FOUND)
            fail_msg("%s as nobody", staff_services[i].name);
    assert_int_equal(rows(stage), before);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {staged_test(every_role_against_every_customer_service),
                                              staged_test(every_role_against_every_staff_service),
                                              staged_test(nobody_against_every_service)};
    return ENGINES_MAIN(argc, argv, "roles_rights", tests);
}
