/* Every role against every service of changes (OPS-7): what a role must not do is refused before anything is read. */
#include "contract/service_order_change.h"

#include "service/leader_replace.h"

struct roles {
    struct stage *stage;
    struct caller caller;
};

#define ROOM &r->stage->service, r->stage->arena
#define NOWHERE S("XXXX-XXXX")

static enum err look(struct roles *r)
{
    struct change_view view;
    return order_change_look(ROOM, &r->caller, NOWHERE, 999999, &view, NULL);
}
static enum err quote(struct roles *r)
{
    struct change_view view = {.monument_id = 1, .leader = LEADER_ACCOMPANYING};
    struct change_quote one;
    return order_change_quote(ROOM, &r->caller, &view, 20, 20000, &one, NULL);
}
static enum err change(struct roles *r)
{
    struct visit_change wish = {.order_ref = NOWHERE, .visit_id = 999999, .request_key = S("key")};
    struct visit_change_result result;
    return order_change(ROOM, &r->caller, &wish, &result, NULL);
}
static enum err notes(struct roles *r)
{
    struct change_notes list;
    return order_change_notes(ROOM, &r->caller, 999999, &list, NULL);
}
static enum err replace_look(struct roles *r)
{
    struct replace_view view;
    return leader_replace_look(ROOM, &r->caller, NOWHERE, 999999, &view, NULL);
}
static enum err replace(struct roles *r)
{
    struct leader_replacement wish = {.order_ref = NOWHERE, .visit_id = 999999, .request_key = S("key")};
    enum replace_refusal refusal;
    return leader_replace(ROOM, &r->caller, &wish, &refusal, NULL);
}

/* Who may: m manager, b booker, a accountant, r read-only, s customer service on the customer's behalf. `own`: what is
 * answered to who may, where the call names a row that does not exist. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
    enum err own;
} services[] = {
    {"order_change_look", "mbs", look, ERR_NOT_FOUND},
    {"order_change_quote", "mbs", quote, OK},
    {"order_change", "mbs", change, ERR_NOT_FOUND},
    {"order_change_notes", "mbars", notes, OK},
    {"leader_replace_look", "mbs", replace_look, ERR_NOT_FOUND},
    {"leader_replace", "mbs", replace, ERR_NOT_FOUND},
};

static char letter_of(enum role role)
{
    switch (role) {
    case ROLE_MANAGER: return 'm';
    case ROLE_BOOKER: return 'b';
    case ROLE_ACCOUNTANT: return 'a';
    case ROLE_READ_ONLY: return 'r';
    case ROLE_ACTING: return 's';
    default: return '-'; /* nobody's, or one of the operator's people without a customer */
    }
}

STAGED(every_role_against_every_service_of_changes)
{
    struct roles r = {.stage = stage};
    struct buyer *buyer = open_shop(stage);
    int64_t written = count(stage, "audit");
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
            char letter = letter_of((enum role)role);
            bool may = letter != '-' && strchr(services[i].may, letter) != NULL;
            r.caller = buyer->caller;
            r.caller.role = (enum role)role;
            enum err err = services[i].call(&r);
            if (err != (may ? services[i].own : ERR_REFUSED))
                fail_msg("%s as «%s»: %s", services[i].name, role_name((enum role)role), err_name(err));
            r.caller.person_id = 0;
            ASSERT_ERR(services[i].call(&r), ERR_NOT_FOUND);
        }
    assert_int_equal(count(stage, "audit"), written);
    assert_int_equal(count(stage, "order_change"), 0);
    assert_int_equal(count(stage, "leader_change"), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_role_against_every_service_of_changes),
    };
    return ENGINES_MAIN(argc, argv, "roles of changes", tests);
}
