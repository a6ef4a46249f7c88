/* Every role of both sides against every service of closures: what it must not do is refused before anything is read or
 * written (OPS-7, OPS-4, ORD-4). */
#include "contract/service_closure.h"

struct roles {
    struct stage *stage;
    struct caller caller;
    struct staff_caller staff;
};

#define ROOM &r->stage->service, r->stage->arena

static struct closure_range nowhere(enum closure_scope scope)
{
    return (struct closure_range){.monument_id = 1, .scope = scope, .start_at = 1, .from = 1, .to = 1};
}

static enum err preview_of(struct roles *r, enum closure_scope scope)
{
    struct closure_range range = nowhere(scope);
    struct closure_preview preview;
    return closure_preview(ROOM, &r->staff, &range, &preview, NULL);
}
static enum err preview_slot(struct roles *r)
{
    return preview_of(r, CLOSURE_SLOT);
}
static enum err preview_days(struct roles *r)
{
    return preview_of(r, CLOSURE_DAYS);
}
static enum err preview_monument(struct roles *r)
{
    return preview_of(r, CLOSURE_MONUMENT);
}
static enum err start_of(struct roles *r, enum closure_scope scope)
{
    struct closure_request request = {.range = nowhere(scope), .reason_fr = S("x"), .reason_en = S("x"), .request_key = S("k")};
    struct closure_started started;
    return closure_start(ROOM, &r->staff, &request, &started, NULL);
}
static enum err start_slot(struct roles *r)
{
    return start_of(r, CLOSURE_SLOT);
}
static enum err start_days(struct roles *r)
{
    return start_of(r, CLOSURE_DAYS);
}
static enum err start_monument(struct roles *r)
{
    return start_of(r, CLOSURE_MONUMENT);
}
static enum err reopen(struct roles *r)
{
    enum closure_refusal refusal;
    return closure_reopen(ROOM, &r->staff, 999999, &refusal, NULL);
}
static enum err monuments(struct roles *r)
{
    struct closure_monuments list;
    return closure_monuments(ROOM, &r->staff, &list, NULL);
}
static enum err slots(struct roles *r)
{
    struct closure_slots list;
    return closure_slots(ROOM, &r->staff, 1, 1, &list, NULL);
}
static enum err list(struct roles *r)
{
    struct closure_lines lines;
    return closure_list(ROOM, &r->staff, &lines, NULL);
}
static enum err one(struct roles *r)
{
    struct closure_progress progress;
    return closure_read(ROOM, &r->staff, 999999, &progress, NULL);
}

/* a administrator, c customer service, m monument manager, g gate agent, n accountant. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} staff_services[] = {
    {"closure_preview, a slot", "acm", preview_slot},
    {"closure_preview, days", "acm", preview_days},
    {"closure_preview, a monument", "ac", preview_monument},
    {"closure_start, a slot", "acm", start_slot},
    {"closure_start, days", "acm", start_days},
    {"closure_start, a monument", "ac", start_monument},
    {"closure_reopen", "acm", reopen},
    {"closure_monuments", "acm", monuments},
    {"closure_slots", "acm", slots},
    {"closure_list", "acm", list},
    {"closure_read", "acm", one},
};

static enum err choices(struct roles *r)
{
    struct closure_choices choices;
    return closure_choices(ROOM, &r->caller, &choices, NULL);
}
static enum err choice(struct roles *r)
{
    struct closure_choice choice;
    return closure_choice_read(ROOM, &r->caller, 999999, &choice, NULL);
}
static enum err choice_slots(struct roles *r)
{
    struct choice_slots slots;
    return closure_choice_slots(ROOM, &r->caller, 999999, 1, 1, &slots, NULL);
}
static enum err notes(struct roles *r)
{
    struct closure_notes notes;
    return closure_notes(ROOM, &r->caller, S("XXXX-XXXX"), &notes, NULL);
}
static enum err choose_slot(struct roles *r)
{
    struct choice_result result;
    return closure_choose_slot(ROOM, &r->caller, 999999, 1, 1, &result, NULL);
}
static enum err choose_refund(struct roles *r)
{
    struct choice_result result;
    return closure_choose_refund(ROOM, &r->caller, 999999, &result, NULL);
}

/* m manager, b booker, a accountant, r read-only, s customer service on the customer's behalf. */
static const struct {
    const char *name, *may;
    enum err (*call)(struct roles *r);
} customer_services[] = {
    {"closure_choices", "mbars", choices},
    {"closure_choice_read", "mbars", choice},
    {"closure_choice_slots", "mbars", choice_slots},
    {"closure_notes", "mbars", notes},
    {"closure_choose_slot", "mbs", choose_slot},
    {"closure_choose_refund", "mbs", choose_refund},
};

static int64_t rows(struct stage *stage)
{
    return stage_number(stage, "SELECT (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)"
                               " + (SELECT count(*) FROM closure)");
}

STAGED(every_staff_role)
{
    static const char letters[] = {'-', '-', '-', '-', '-', '-', 'a', 'c', 'm', 'g', 'n'};
    static const int64_t own[] = {1};
    _Static_assert(sizeof letters == ROLES, "a letter a role");
    open_shop(stage);
    struct roles r = {.stage = stage};
    int64_t id = desk(stage).staff_id, before = rows(stage);
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof staff_services / sizeof *staff_services; i++) {
            bool may = strchr(staff_services[i].may, letters[role]) != NULL;
            r.staff = (struct staff_caller){.staff_id = id, .role = (enum role)role, .monuments = own, .monument_count = 1};
            enum err err = staff_services[i].call(&r);
            if ((err != ERR_REFUSED) != may)
                fail_msg("%s as «%s»: %s", staff_services[i].name, role_name((enum role)role), err_name(err));
            assert_int_equal(rows(stage), before);
            r.staff.staff_id = 0; /* nobody, whatever the role says */
            ASSERT_ERR(staff_services[i].call(&r), ERR_NOT_FOUND);
        }
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
            bool may = strchr(customer_services[i].may, letters[role]) != NULL;
            r.caller = buyer->caller;
            r.caller.role = (enum role)role;
            enum err err = customer_services[i].call(&r);
            if ((err != ERR_REFUSED) != may)
                fail_msg("%s as «%s»: %s", customer_services[i].name, role_name((enum role)role), err_name(err));
            assert_int_equal(rows(stage), before);
            r.caller = (struct caller){.role = (enum role)role};
            ASSERT_ERR(customer_services[i].call(&r), ERR_NOT_FOUND);
        }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_staff_role),
        staged_test(every_customer_role),
    };
    return ENGINES_MAIN(argc, argv, "roles of closures", tests);
}
