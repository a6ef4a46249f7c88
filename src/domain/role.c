/* The table of roles and tasks. */
#include "domain/role.h"

#include "domain/names.h"

/* One letter a role, in the order of the enum: y yes, o only at one's own monuments, - no. First the organisations',
 * then the operator's. */
static const struct {
    const char *name;
    const char organisation[6]; /* manager, booker, accountant, read-only, acting */
    const char staff[6];        /* administrator, customer service, monument manager, gate agent, accountant */
} table[TASKS] = {
    /*                                                    mbaro    acmga */
    [TASK_VIEW]              = {"view",                   "yyyyy", "-----"},
    [TASK_HOLD]              = {"hold",                   "yy--y", "-----"},
    [TASK_ORDER]             = {"order",                  "yy--y", "-----"},
    [TASK_PAY]               = {"pay",                    "yy---", "-----"},
    [TASK_TICKETS]           = {"tickets",                "yy--y", "-----"},
    [TASK_INVOICES]          = {"invoices",               "yyyyy", "-----"},
    [TASK_MAIL_AGAIN]        = {"mail-again",             "yy--y", "-----"},
    [TASK_LEADERS_VIEW]      = {"leaders-view",           "yy-yy", "-----"},
    [TASK_LEADERS]           = {"leaders",                "yy--y", "-----"},
    [TASK_LAYOUTS]           = {"layouts",                "yy--y", "-----"},
    [TASK_STOCK_USE]         = {"stock-use",              "yy--y", "-----"},
    [TASK_REQUEST]           = {"request",                "yy--y", "-----"},
    [TASK_MEMBERS]           = {"members",                "y---y", "-----"},
    [TASK_ORGANISATION]      = {"organisation",           "y---y", "-----"},
    [TASK_OWN_ACCOUNT]       = {"own-account",            "yyyy-", "-----"},

    [TASK_SEARCH]            = {"search",                 "-----", "yy--y"},
    [TASK_CUSTOMER_VIEW]     = {"customer-view",          "-----", "yy--y"},
    [TASK_CUSTOMER_NOTE]     = {"customer-note",          "-----", "yy--y"},
    [TASK_CUSTOMER_CORRECT]  = {"customer-correct",       "-----", "-y---"},
    [TASK_CUSTOMER_UNLOCK]   = {"customer-unlock",        "-----", "yy---"},
    [TASK_ACT_FOR]           = {"act-for",                "-----", "-y---"},
    [TASK_TRANSFER_ALLOW]    = {"transfer-allow",         "-----", "-y---"},
    [TASK_OPTION_EXTEND]     = {"option-extend",          "-----", "-y---"},
    [TASK_OPTION_CANCEL]     = {"option-cancel",          "-----", "-y---"},
    [TASK_RESEND]            = {"resend",                 "-----", "-y---"},
    [TASK_REFUND]            = {"refund",                 "-----", "-y--y"},
    [TASK_TRANSFER_RECORD]   = {"transfer-record",        "-----", "-y--y"},
    [TASK_BANK_IMPORT]       = {"bank-import",            "-----", "-y--y"},
    [TASK_PASS_BOOK]         = {"pass-book",              "-----", "-y---"},
    [TASK_STOCK_GRANT]       = {"stock-grant",            "-----", "-y---"},
    [TASK_STOCK_MANAGE]      = {"stock-manage",           "-----", "yy---"},
    [TASK_LAYOUT_APPROVE]    = {"layout-approve",         "-----", "-y---"},

    [TASK_MONUMENT_VIEW]     = {"monument-view",          "-----", "yyooy"},
    [TASK_PLANNING]          = {"planning",               "-----", "y-o--"},
    [TASK_TARIFFS]           = {"tariffs",                "-----", "y-o--"},
    [TASK_MONUMENT_EDIT]     = {"monument-edit",          "-----", "y-o--"},
    [TASK_DAY_SHEET]         = {"day-sheet",              "-----", "yyoo-"},
    [TASK_REQUEST_ANSWER]    = {"request-answer",         "-----", "-yo--"},
    [TASK_PHONE_BOOKING]     = {"phone-booking",          "-----", "-yo--"},
    [TASK_GATE_SCAN]         = {"gate-scan",              "-----", "--oo-"},
    [TASK_GATE_UNDO]         = {"gate-undo",              "-----", "--oo-"},
    [TASK_CLOSE_SLOT]        = {"close-slot",             "-----", "yyo--"},
    [TASK_CLOSE_DAY]         = {"close-day",              "-----", "yyo--"},
    [TASK_CLOSE_MONUMENT]    = {"close-monument",         "-----", "yy---"},
    [TASK_REPORTS]           = {"reports",                "-----", "yyo-y"},

    [TASK_ACCOUNTING_EXPORT] = {"accounting-export",      "-----", "y---y"},
    [TASK_STAFF]             = {"staff",                  "-----", "y----"},
    [TASK_SETTINGS]          = {"settings",               "-----", "y----"},
    [TASK_AUDIT]             = {"audit",                  "-----", "y----"},
};

static const char *const names[ROLES] = {
    [ROLE_NONE] = "",
    [ROLE_MANAGER] = "manager",
    [ROLE_BOOKER] = "booker",
    [ROLE_ACCOUNTANT] = "accountant",
    [ROLE_READ_ONLY] = "read-only",
    [ROLE_ACTING] = "acting",
    [ROLE_ADMINISTRATOR] = "administrator",
    [ROLE_CUSTOMER_SERVICE] = "customer-service",
    [ROLE_MONUMENT_MANAGER] = "monument-manager",
    [ROLE_GATE_AGENT] = "gate-agent",
    [ROLE_STAFF_ACCOUNTANT] = "accountant",
};

enum may role_may(enum role role, enum task task)
{
    if (role == ROLE_NONE || (int)role >= ROLES || (int)task >= TASKS)
        return MAY_NOT;
    char letter = role_is_staff(role) ? table[task].staff[(int)role - ROLE_FIRST_STAFF]
                                      : table[task].organisation[(int)role - ROLE_MANAGER];
    return letter == 'y' ? MAY : letter == 'o' ? MAY_OWN : MAY_NOT;
}

const char *task_name(enum task task)
{
    return table[task].name;
}

const char *role_name(enum role role)
{
    return names[role];
}

bool role_is_staff(enum role role)
{
    return (int)role >= ROLE_FIRST_STAFF;
}

bool role_has_monuments(enum role role)
{
    return role == ROLE_MONUMENT_MANAGER || role == ROLE_GATE_AGENT;
}

static bool parse(struct str name, enum role first, int count, enum role *ret_role)
{
    int index = 0;
    if (!names_find(&names[first], (size_t)count, name, &index))
        return false;
    *ret_role = (enum role)((int)first + index);
    return true;
}

bool organisation_role_parse(struct str name, enum role *ret_role)
{
    return parse(name, ROLE_MANAGER, ORGANISATION_ROLES, ret_role);
}

bool staff_role_parse(struct str name, enum role *ret_role)
{
    return parse(name, ROLE_ADMINISTRATOR, STAFF_ROLES, ret_role);
}
