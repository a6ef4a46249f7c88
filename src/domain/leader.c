/* Free or not, and the names of leaders and of tickets' roles. */
#include "domain/leader.h"

static const char *const kinds[LEADER_KINDS] = {"none", "guide", "accompanying"};
static const char *const roles[TICKET_ROLES] = {"visitor", "guide", "leader"};

bool leader_is_free(enum leader_kind kind, int persons, int free_above)
{
    return kind == LEADER_GUIDE || (kind == LEADER_ACCOMPANYING && persons > free_above);
}

bool leader_shows_proof(enum leader_kind kind)
{
    return kind == LEADER_GUIDE;
}

const char *leader_kind_name(enum leader_kind kind)
{
    return kinds[kind];
}

bool leader_kind_parse(struct str name, enum leader_kind *ret_kind)
{
    int index;
    if (!names_find(kinds, LEADER_KINDS, name, &index))
        return false;
    *ret_kind = (enum leader_kind)index;
    return true;
}

enum ticket_role leader_role(enum leader_kind kind)
{
    return kind == LEADER_GUIDE ? ROLE_GUIDE : kind == LEADER_ACCOMPANYING ? ROLE_LEADER : ROLE_VISITOR;
}

const char *ticket_role_name(enum ticket_role role)
{
    return roles[role];
}

bool ticket_role_parse(struct str name, enum ticket_role *ret_role)
{
    int index;
    if (!names_find(roles, TICKET_ROLES, name, &index))
        return false;
    *ret_role = (enum ticket_role)index;
    return true;
}
