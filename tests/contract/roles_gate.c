/* Every role against every service of the gate (OPS-7): what a role must not do is refused before anything is read. */
#include "contract/service_purchase.h"

#include "service/gate.h"

struct roles {
    struct stage *stage;
    struct staff_caller caller;
    int64_t monument;
};

#define ROOM &r->stage->service, r->stage->arena

static enum err places(struct roles *r)
{
    struct gate_places list;
    return gate_places(ROOM, &r->caller, &list, NULL);
}
static enum err place(struct roles *r)
{
    struct gate_place one;
    return gate_place_find(ROOM, &r->caller, r->monument == 1 ? S("chapel") : S("castle"), &one, NULL);
}
static enum err ticket(struct roles *r)
{
    struct gate_request request = {.monument_id = r->monument, .code = S("x"), .device = S("device-one"),
                                   .key = str_format(r->stage->arena, "scan-%d-%lld", r->caller.role, (long long)r->monument)};
    struct gate_answer answer;
    return gate_scan(ROOM, &r->caller, &request, &answer, NULL);
}
static enum err answer(struct roles *r)
{
    struct gate_answer one;
    return gate_answer_read(ROOM, &r->caller, r->monument, 999999, &one, NULL);
}
static enum err undo(struct roles *r)
{
    enum gate_undo_refusal refusal;
    return gate_undo(ROOM, &r->caller, r->monument, 999999, S("reason"), S("device-one"), S("undo-0001"), &refusal, NULL);
}
static enum err day(struct roles *r)
{
    struct gate_day one;
    return gate_day(ROOM, &r->caller, r->monument, &one, NULL);
}
static enum err conflicts(struct roles *r)
{
    struct gate_conflicts list;
    return gate_conflicts(ROOM, &r->caller, r->monument, &list, NULL);
}
static enum err latest(struct roles *r)
{
    struct gate_entries list;
    return gate_latest(ROOM, &r->caller, r->monument, &list, NULL);
}

/* `own`: the answer at one's own monument, which is a missing row where the call names one that does not exist. */
static const struct {
    const char *name;
    enum err (*call)(struct roles *r);
    enum err own;
    bool of_monument;
} services[] = {
    {"gate_places", places, OK, false},
    {"gate_place_find", place, OK, true},
    {"gate_scan", ticket, OK, true},
    {"gate_answer_read", answer, ERR_NOT_FOUND, true},
    {"gate_undo", undo, ERR_NOT_FOUND, true},
    {"gate_day", day, OK, true},
    {"gate_conflicts", conflicts, OK, true},
    {"gate_latest", latest, OK, true},
};

STAGED(every_role_against_every_service_of_the_gate)
{
    static const int64_t own[] = {1};
    struct roles r = {.stage = stage};
    (void)open_shop(stage);
    stage_script(stage, "INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at) VALUES"
                        " ('s@net.example', 's@net.example', 'S', 'T', 'fr', 'gate-agent', 0);");
    int64_t id = stage_number(stage, "SELECT id FROM staff");
    for (int role = 0; role < ROLES; role++)
        for (size_t i = 0; i < sizeof services / sizeof *services; i++)
            for (r.monument = 1; r.monument <= 2; r.monument++) {
                bool may = role == ROLE_MONUMENT_MANAGER || role == ROLE_GATE_AGENT;
                bool foreign = services[i].of_monument && r.monument == 2;
                enum err wanted = !may ? ERR_REFUSED : foreign ? ERR_NOT_FOUND : services[i].own;
                int64_t before = stage_number(stage, "SELECT count(*) FROM gate_scan");
                r.caller = (struct staff_caller){.staff_id = id, .role = (enum role)role, .monuments = own,
                                                 .monument_count = 1};
                enum err err = services[i].call(&r);
                if (err != wanted)
                    fail_msg("%s as «%s» at %lld: %s", services[i].name, role_name((enum role)role),
                             (long long)r.monument, err_name(err));
                if (!may || foreign)
                    assert_int_equal(stage_number(stage, "SELECT count(*) FROM gate_scan"), before);
                r.caller.staff_id = 0;
                ASSERT_ERR(services[i].call(&r), ERR_NOT_FOUND);
            }
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE staff_id IS NOT NULL"), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(every_role_against_every_service_of_the_gate),
    };
    return ENGINES_MAIN(argc, argv, "roles at the gate", tests);
}
