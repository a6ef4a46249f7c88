/* Roles and tasks: the whole matrix as a reader would write it down, and words read back (OPS-7, ACC-5). */
#include <stdio.h>

#include "base/buf.h"
#include "domain/role.h"
#include "unit.h"

/* For each task who may; «of» a role: only at its own monuments. Written from the requirements, not from the table. */
static const char expected[] =
    "view: manager booker accountant read-only acting\n"
    "hold: manager booker acting\n"
    "order: manager booker acting\n"
    "pay: manager booker\n"
    "tickets: manager booker acting\n"
    "invoices: manager booker accountant read-only acting\n"
    "mail-again: manager booker acting\n"
    "leaders-view: manager booker read-only acting\n"
    "leaders: manager booker acting\n"
    "layouts: manager booker acting\n"
    "stock-use: manager booker acting\n"
    "request: manager booker acting\n"
    "members: manager acting\n"
    "organisation: manager acting\n"
    "own-account: manager booker accountant read-only\n"
    "search: ADMINISTRATOR CUSTOMER-SERVICE ACCOUNTANT\n"
    "customer-view: ADMINISTRATOR CUSTOMER-SERVICE ACCOUNTANT\n"
    "customer-note: ADMINISTRATOR CUSTOMER-SERVICE ACCOUNTANT\n"
    "customer-correct: CUSTOMER-SERVICE\n"
    "customer-unlock: ADMINISTRATOR CUSTOMER-SERVICE\n"
    "act-for: CUSTOMER-SERVICE\n"
    "transfer-allow: CUSTOMER-SERVICE\n"
    "option-extend: CUSTOMER-SERVICE\n"
    "option-cancel: CUSTOMER-SERVICE\n"
    "resend: CUSTOMER-SERVICE\n"
    "refund: CUSTOMER-SERVICE ACCOUNTANT\n"
    "transfer-record: CUSTOMER-SERVICE ACCOUNTANT\n"
    "bank-import: CUSTOMER-SERVICE ACCOUNTANT\n"
    "pass-book: CUSTOMER-SERVICE\n"
    "stock-grant: CUSTOMER-SERVICE\n"
    "stock-manage: ADMINISTRATOR CUSTOMER-SERVICE\n"
    "layout-approve: CUSTOMER-SERVICE\n"
    "monument-view: ADMINISTRATOR CUSTOMER-SERVICE own:MONUMENT-MANAGER own:GATE-AGENT ACCOUNTANT\n"
    "planning: ADMINISTRATOR own:MONUMENT-MANAGER\n"
    "tariffs: ADMINISTRATOR own:MONUMENT-MANAGER\n"
    "monument-edit: ADMINISTRATOR own:MONUMENT-MANAGER\n"
    "day-sheet: ADMINISTRATOR CUSTOMER-SERVICE own:MONUMENT-MANAGER own:GATE-AGENT\n"
    "request-answer: CUSTOMER-SERVICE own:MONUMENT-MANAGER\n"
    "phone-booking: CUSTOMER-SERVICE own:MONUMENT-MANAGER\n"
    "gate-scan: own:MONUMENT-MANAGER own:GATE-AGENT\n"
    "gate-undo: own:MONUMENT-MANAGER own:GATE-AGENT\n"
    "close-slot: ADMINISTRATOR CUSTOMER-SERVICE own:MONUMENT-MANAGER\n"
    "close-day: ADMINISTRATOR CUSTOMER-SERVICE own:MONUMENT-MANAGER\n"
    "close-monument: ADMINISTRATOR CUSTOMER-SERVICE\n"
    "reports: ADMINISTRATOR CUSTOMER-SERVICE own:MONUMENT-MANAGER ACCOUNTANT\n"
    "accounting-export: ADMINISTRATOR ACCOUNTANT\n"
    "staff: ADMINISTRATOR\n"
    "settings: ADMINISTRATOR\n"
    "audit: ADMINISTRATOR\n";

static void put_role(struct buf *out, enum role role, enum may may)
{
    if (may == MAY_NOT)
        return;
    buf_c(out, may == MAY_OWN ? " own:" : " ");
    for (const char *c = role_name(role); *c != '\0'; c++)
        buf_char(out, role_is_staff(role) && *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
}

static void the_matrix_is_as_written_down(void **state)
{
    (void)state;
    struct buf out = buf_new(16 * 1024);
    for (int task = 0; task < TASKS; task++) {
        buf_c(&out, task_name((enum task)task));
        buf_char(&out, ':');
        for (int role = 0; role < ROLES; role++)
            put_role(&out, (enum role)role, role_may((enum role)role, (enum task)task));
        buf_char(&out, '\n');
    }
    buf_char(&out, '\0');
    assert_string_equal(out.p, expected);
    buf_free(&out);
}

static void nobody_may_nothing(void **state)
{
    (void)state;
    for (int task = 0; task < TASKS; task++)
        assert_int_equal(role_may(ROLE_NONE, (enum task)task), MAY_NOT);
    assert_int_equal(role_may((enum role)ROLES, TASK_VIEW), MAY_NOT);
    assert_int_equal(role_may(ROLE_MANAGER, (enum task)TASKS), MAY_NOT);
}

/* A customer never does the operator's work and the operator's people never book as themselves. */
static void the_two_sides_do_not_mix(void **state)
{
    (void)state;
    for (int task = 0; task < TASKS; task++)
        for (int role = 1; role < ROLES; role++)
            if (role_is_staff((enum role)role) != (task >= TASK_FIRST_STAFF))
                assert_int_equal(role_may((enum role)role, (enum task)task), MAY_NOT);
}

/* Only roles that have monuments are limited to them, and they may nothing elsewhere. */
static void own_monuments_belong_to_their_roles(void **state)
{
    (void)state;
    for (int task = 0; task < TASKS; task++)
        for (int role = 1; role < ROLES; role++) {
            enum may may = role_may((enum role)role, (enum task)task);
            assert_true(role_has_monuments((enum role)role) ? may != MAY : may != MAY_OWN);
        }
}

static void words_are_read_back(void **state)
{
    (void)state;
    for (int role = ROLE_MANAGER; role < ROLES; role++) {
        enum role read = ROLE_NONE;
        struct str name = str_of(role_name((enum role)role));
        if (role == ROLE_ACTING) {
            assert_false(organisation_role_parse(name, &read));
            assert_false(staff_role_parse(name, &read));
        } else {
            assert_true(role_is_staff((enum role)role) ? staff_role_parse(name, &read)
                                                       : organisation_role_parse(name, &read));
            assert_int_equal(read, role);
        }
    }
    enum role read = ROLE_NONE;
    assert_false(organisation_role_parse(S("administrator"), &read));
    assert_false(staff_role_parse(S("manager"), &read));
    assert_false(organisation_role_parse(S(""), &read));
    assert_false(staff_role_parse(S("Administrator"), &read));
    assert_int_equal(read, ROLE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_matrix_is_as_written_down),
        cmocka_unit_test(nobody_may_nothing),
        cmocka_unit_test(the_two_sides_do_not_mix),
        cmocka_unit_test(own_monuments_belong_to_their_roles),
        cmocka_unit_test(words_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
