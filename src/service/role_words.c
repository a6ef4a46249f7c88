/* The words of roles, a line each. */
#include "service/role_words.h"

static const struct {
    enum msg name, hint;
} words[ROLES] = {
    [ROLE_NONE] = {MSG_none, MSG_none},
    [ROLE_MANAGER] = {MSG_role_manager, MSG_role_manager_hint},
    [ROLE_BOOKER] = {MSG_role_booker, MSG_role_booker_hint},
    [ROLE_ACCOUNTANT] = {MSG_role_accountant, MSG_role_accountant_hint},
    [ROLE_READ_ONLY] = {MSG_role_read_only, MSG_role_read_only_hint},
    [ROLE_ACTING] = {MSG_role_acting, MSG_none},
    [ROLE_ADMINISTRATOR] = {MSG_role_administrator, MSG_role_administrator_hint},
    [ROLE_CUSTOMER_SERVICE] = {MSG_role_customer_service, MSG_role_customer_service_hint},
    [ROLE_MONUMENT_MANAGER] = {MSG_role_monument_manager, MSG_role_monument_manager_hint},
    [ROLE_GATE_AGENT] = {MSG_role_gate_agent, MSG_role_gate_agent_hint},
    [ROLE_STAFF_ACCOUNTANT] = {MSG_role_staff_accountant, MSG_role_staff_accountant_hint},
};

enum msg role_message(enum role role)
{
    return words[role].name;
}

enum msg role_hint(enum role role)
{
    return words[role].hint;
}
