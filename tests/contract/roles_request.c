/* Every role against every service of requests (OPS-7, MON-2): what it must not do is refused before anything is read or
 * written. In the manner of service_roles.c. */
#include "contract/service_purchase.h"

#include "service/request.h"

struct roles {
    struct stage *stage;
    struct caller caller;
    struct staff_caller staff;
};

#define ROOM &r->stage->service, r->stage->arena
#define NOWHERE S("XXXX-XXXX")

/* ---- the customers' services ---- */

static enum err ask(struct roles *r)
{
    struct request_wish wish = {.monument_id = 1, .visit_lang = S("fr"), .request_key = S("k")}; /* it has slots */
    struct request_asked asked;
    return request_ask(ROOM, &r->caller, &wish, &asked, NULL);
}
static enum err list(struct roles *r)
{
    struct request_lines lines;
    return request_list(ROOM, &r->caller, &lines, NULL);
}
static enum err look(struct roles *r)
{
    struct request_view view;
    return request_read(ROOM, &r->caller, NOWHERE, &view, NULL);
}
static enum err answer(struct roles *r)
{
    struct request_answer answer = {.ref = NOWHERE, .act = REQUEST_WITHDRAW, .turn = 1};
    enum request_refusal refusal;
    return request_answer(ROOM, &r->caller, &answer, &refusal, NULL);
}
static enum err say(struct roles *r)
{
    enum request_refusal refusal;
    return request_say(ROOM, &r->caller, NOWHERE, S("words"), S("k"), &refusal, NULL);
}
static enum err pay(struct roles *r)
{
    struct request_payment payment;
    return request_pay(ROOM, &r->caller, NOWHERE, S("v1"), S("k"), &payment, NULL);
}
static enum err confirmation(struct roles *r)
{
    struct confirmation_sheet sheet;
    return request_confirmation(ROOM, &r->caller, NOWHERE, &sheet, NULL);
}
static enum err confirmation_pdf(struct roles *r)
{
    return request_confirmation_pdf(ROOM, &r->caller, NOWHERE, NULL, NULL);
}

/* m manager, b booker, a accountant, r read-only, s customer service on the customer's behalf. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} customer_services[] = {
    {"request_ask", "mbs", ask},
    {"request_list", "mbars", list},
    {"request_read", "mbars", look},
    {"request_answer", "mbs", answer},
    {"request_say", "mbs", say},
    {"request_pay", "mbs", pay},
    {"request_confirmation", "mbars", confirmation},
    {"request_confirmation_pdf", "mbars", confirmation_pdf},
};

/* ---- the operator's ---- */

static enum err desk_list(struct roles *r)
{
    struct request_desk desk;
    return request_desk_list(ROOM, &r->staff, &desk, NULL);
}
static enum err desk_look(struct roles *r)
{
    struct request_view view;
    return request_desk_read(ROOM, &r->staff, NOWHERE, &view, NULL);
}
static enum err desk_answer(struct roles *r)
{
    struct request_answer answer = {.ref = NOWHERE, .act = REQUEST_DECLINE, .turn = 1, .words = S("no")};
    enum request_refusal refusal;
    return request_desk_answer(ROOM, &r->staff, &answer, &refusal, NULL);
}
static enum err desk_say(struct roles *r)
{
    enum request_refusal refusal;
    return request_desk_say(ROOM, &r->staff, NOWHERE, S("words"), S("k"), &refusal, NULL);
}
static enum err day(struct roles *r)
{
    struct request_visits visits;
    return request_visits_of_day(ROOM, &r->staff, 3, 20000, &visits, NULL);
}

/* a administrator, c customer service, m monument manager, g gate agent, n accountant. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} staff_services[] = {
    {"request_desk_list", "cm", desk_list},
    {"request_desk_read", "cm", desk_look},
    {"request_desk_answer", "cm", desk_answer},
    {"request_desk_say", "cm", desk_say},
    {"request_visits_of_day", "acmg", day},
};

static int64_t rows(struct stage *stage)
{
    return stage_number(stage, "SELECT (SELECT count(*) FROM visit_request) + (SELECT count(*) FROM visit_request_event)"
                               " + (SELECT count(*) FROM visit) + (SELECT count(*) FROM orders)"
                               " + (SELECT count(*) FROM outbox) + (SELECT count(*) FROM audit)");
}

/* In the order of the enum. */
static const char customer_letters[ROLES] = {'-', 'm', 'b', 'a', 'r', 's', '-', '-', '-', '-', '-'};
static const char staff_letters[ROLES] = {'-', '-', '-', '-', '-', '-', 'a', 'c', 'm', 'g', 'n'};

STAGED(every_role_against_the_customers_side)
{
    struct roles r = {.stage = stage, .caller = open_shop(stage)->caller};
    struct caller known = r.caller;
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof customer_services / sizeof *customer_services; i++) {
            bool may = strchr(customer_services[i].may, customer_letters[role]) != NULL;
            int64_t before = rows(stage);
            r.caller = known;
            r.caller.role = (enum role)role;
            enum err err = customer_services[i].call(&r);
            if ((err != ERR_REFUSED) != may || (err != OK && err != ERR_REFUSED && err != ERR_NOT_FOUND))
                fail_msg("%s as «%s»: %s", customer_services[i].name, role_name(r.caller.role), err_name(err));
            assert_int_equal(rows(stage), before);
            r.caller.person_id = 0; /* nobody, whatever the role says */
            ASSERT_ERR(customer_services[i].call(&r), ERR_NOT_FOUND);
        }
}

STAGED(every_role_against_the_monuments_side)
{
    static const int64_t monuments[] = {1, 2, 3};
    struct roles r = {.stage = stage};
    (void)open_shop(stage);
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof staff_services / sizeof *staff_services; i++) {
            bool may = strchr(staff_services[i].may, staff_letters[role]) != NULL;
            int64_t before = rows(stage);
            r.staff = (struct staff_caller){.staff_id = 1, .role = (enum role)role, .monuments = monuments,
                                            .monument_count = 3};
            enum err err = staff_services[i].call(&r);
            if ((err != ERR_REFUSED) != may || (err != OK && err != ERR_REFUSED && err != ERR_NOT_FOUND))
                fail_msg("%s as «%s»: %s", staff_services[i].name, role_name((enum role)role), err_name(err));
            assert_int_equal(rows(stage), before);
            r.staff.staff_id = 0;
            ASSERT_ERR(staff_services[i].call(&r), ERR_NOT_FOUND);
        }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_role_against_the_customers_side),
        staged_test(every_role_against_the_monuments_side),
    };
    return ENGINES_MAIN(argc, argv, "roles of requests", tests);
}
