/* Roles as possibilities of a form: the role's name and what it may do (ACC-5, OPS-7). */
#include "service/role_words.h"
#include "web/account/common.h"

static struct possibilities roles_between(const struct page *page, enum role first, size_t n)
{
    struct possibilities roles = {.p = ARENA_ARRAY(page->arena, n, struct possibility), .n = n};
    for (size_t i = 0; i < n; i++) {
        enum role role = (enum role)((size_t)first + i);
        struct str name = msg_text(page->arena, page->lang, role_message(role));
        struct str what = msg_text(page->arena, page->lang, role_hint(role));
        roles.p[i] = (struct possibility){
            .value = str_of(role_name(role)),
            .text = msg_text(page->arena, page->lang, MSG_member_role_choice, ARG("role", name), ARG("what", what))};
    }
    return roles;
}

struct possibilities organisation_role_possibilities(const struct page *page)
{
    return roles_between(page, ROLE_MANAGER, ORGANISATION_ROLES);
}

struct possibilities staff_role_possibilities(const struct page *page)
{
    return roles_between(page, ROLE_ADMINISTRATOR, STAFF_ROLES);
}
