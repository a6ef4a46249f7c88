/* Sessions, accompanying persons and contacts through the services, on each engine: ACC-4, COM-1, CRT-2. */
#include "contract/service_accounts.h"

#include <pthread.h>

#include "base/limits.h"
#include "service/contact.h"
#include "service/leader.h"

/* ---- sessions ---- */

STAGED(sign_in_is_refused)
{
    member(stage, "a@horizon.example");
    int64_t open = stage_number(stage, "SELECT count(*) FROM session");
    assert_int_equal(sign_in(stage, "a@horizon.example", S("wrong password!")).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "nobody@horizon.example", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "nobody@horizon.example", S("")).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "no address", PASSWORD).refusal, ACCOUNT_SIGN_IN_WRONG);
    assert_int_equal(sign_in(stage, "a@horizon.example", S("")).refusal, ACCOUNT_SIGN_IN_WRONG);
    char *longest = calloc(1, 4096);
    assert_non_null(longest);
    memset(longest, 'x', 4095);
    assert_int_equal(sign_in(stage, "a@horizon.example", str_of(longest)).refusal, ACCOUNT_SIGN_IN_WRONG);
    free(longest);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), open);
}

STAGED(session_lives_while_it_is_used)
{
    struct sign_in_answer in = member(stage, "a@horizon.example");
    instant start = stage->now, expires = 0;
    struct session_head head = {0};
    bool found = false;
    stage->now = start + 59;
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_false(head.touch_due);
    stage->now = start + 11 * 3600;
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_true(head.touch_due);
    stage_ok(session_touch(&stage->service, stage->arena, &head, &expires, &fault));
    assert_int_equal(expires, start + 23 * 3600);
    stage_ok(session_find(&stage->service, stage->arena, in.token, &head, &found, &fault));
    assert_false(head.touch_due);
    stage->now = start + 23 * 3600 - 1;
    assert_true(alive(stage, in.token));
    stage->now = start + 23 * 3600;
    assert_false(alive(stage, in.token));
    /* Touching does not bring it back. */
    stage_ok(session_touch(&stage->service, stage->arena, &head, &expires, &fault));
    assert_false(alive(stage, in.token));
    stage_ok(account_sweep(&stage->service, stage->arena, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), 0);
}

STAGED(sessions_are_ones_own)
{
    struct sign_in_answer a = member(stage, "a@horizon.example");
    struct sign_in_answer a2 = sign_in(stage, "a@horizon.example", PASSWORD);
    struct sign_in_answer a3 = sign_in(stage, "a@horizon.example", PASSWORD);
    struct sign_in_answer b = member(stage, "b@other.example");
    struct sessions list = {0};
    stage_ok(session_list(&stage->service, stage->arena, b.caller, b.session_id, &list, &fault));
    assert_int_equal(list.n, 1);
    assert_true(list.p[0].current);
    assert_str(list.p[0].agent, "Browser/1");
    stage_ok(session_list(&stage->service, stage->arena, a.caller, a2.session_id, &list, &fault));
    assert_int_equal(list.n, 3);

    bool ended = true;
    int64_t count = 0;
    stage_ok(session_end(&stage->service, stage->arena, b.caller, a.session_id, &ended, &fault));
    assert_false(ended);
    stage_ok(session_end_others(&stage->service, stage->arena, b.caller, b.session_id, &count, &fault));
    assert_int_equal(count, 0);
    assert_true(alive(stage, a.token));

    stage_ok(session_end(&stage->service, stage->arena, a2.caller, a.session_id, &ended, &fault));
    assert_true(ended);
    assert_false(alive(stage, a.token));
    stage_ok(session_end_others(&stage->service, stage->arena, a2.caller, a2.session_id, &count, &fault));
    assert_int_equal(count, 1);
    assert_false(alive(stage, a3.token));
    assert_true(alive(stage, a2.token));
    stage_ok(session_sign_out(&stage->service, stage->arena, a2.token, &fault));
    stage_ok(session_sign_out(&stage->service, stage->arena, a2.token, &fault));
    assert_false(alive(stage, a2.token));
    assert_true(alive(stage, b.token));
}

STAGED(a_person_has_so_many_sessions)
{
    struct sign_in_answer first = member(stage, "a@horizon.example");
    stage_script(stage, "INSERT INTO session (token_hash, person_id, created_at, seen_at, expires_at, agent, address) "
                        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60) "
                        "SELECT 'filler' || n, (SELECT id FROM person), 1795000000, 1795000001, 1800000000, '', '' "
                        "FROM c;");
    stage->now += 10;
    struct sign_in_answer last = sign_in(stage, "a@horizon.example", PASSWORD);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM session"), SESSIONS_A_PERSON);
    assert_false(alive(stage, first.token));
    assert_true(alive(stage, last.token));
}

/* What the head of every page counts: live options of the organisation, the person's own cart. */
STAGED(head_counts_options_and_cart)
{
    struct sign_in_answer a = member(stage, "a@horizon.example");
    struct sign_in_answer b = member(stage, "b@other.example");
    stage_script(
        stage,
        "INSERT INTO monument (id, slug, name, city, department, region, kind, description_fr, description_en, "
        "latitude_e4, longitude_e4, hours_summer, hours_winter, closing_days, sale_mode, contact_email, "
        "contact_phone, search_text) "
        "VALUES (1, 'm', 'M', '', '', '', '', '', '', 0, 0, '', '', '', 'group-slots', '', '', '');"
        "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from) "
        "VALUES (1, 1796000000, 20787, 30, 100, 0);"
        "INSERT INTO visit (organisation_id, person_id, monument_id, kind, start_at, persons, audience, leader_kind, "
        "state, placed_at, ends_at, in_cart, request_key) "
        "SELECT p.organisation_id, p.id, 1, 'slot', 1796000000, 10, 'adults', 'guide', v.state, 1795000000, v.ends, "
        "v.in_cart, v.request FROM person p, (SELECT 'option' AS state, 1795000100 AS ends, 0 AS in_cart, 'r1' AS "
        "request UNION ALL SELECT 'option', 1795000100, 1, 'r2' UNION ALL SELECT 'option', 1794999999, 0, 'r3' "
        "UNION ALL SELECT 'cart', 1795000100, 1, 'r4' UNION ALL SELECT 'cancelled', 1795000100, 0, 'r5') v "
        "WHERE p.email = 'a@horizon.example';");
    struct session_head head = {0};
    bool found = false;
    stage_ok(session_find(&stage->service, stage->arena, a.token, &head, &found, &fault));
    assert_int_equal(head.options, 2);
    assert_int_equal(head.cart, 2);
    stage_ok(session_find(&stage->service, stage->arena, b.token, &head, &found, &fault));
    assert_int_equal(head.options + head.cart, 0);
    stage->now += 100;
    stage_ok(session_find(&stage->service, stage->arena, a.token, &head, &found, &fault));
    assert_int_equal(head.options + head.cart, 0);
}

/* ---- leaders and contacts ---- */

static struct leader_fields guide(const char *last_name)
{
    return (struct leader_fields){.kind = LEADER_GUIDE,
                                  .last_name = str_of(last_name),
                                  .first_name = S("Inès"),
                                  .email = S("ines@guides.example"),
                                  .phone = S("+33 6 11 22 33 44")};
}

static struct leaders leaders_of(struct stage *stage, struct caller caller)
{
    struct leaders list = {0};
    stage_ok(leader_list(&stage->service, stage->arena, caller, &list, &fault));
    return list;
}

static struct leader_answer add_leader(struct stage *stage, struct caller caller, struct leader_fields fields)
{
    struct leader_answer answer = {0};
    stage_ok(leader_create(&stage->service, stage->arena, caller, fields, &answer, &fault));
    return answer;
}

STAGED(placeholders_come_with_the_account)
{
    struct caller caller = member(stage, "a@horizon.example").caller;
    struct leaders list = leaders_of(stage, caller);
    assert_int_equal(list.n, 2);
    assert_str(list.p[0].fields.first_name, "Accompagnateur");
    assert_str(list.p[1].fields.first_name, "Guide");
    assert_int_equal(list.p[0].fields.kind, LEADER_ACCOMPANYING);
    assert_int_equal(list.p[1].fields.kind, LEADER_GUIDE);
    for (size_t i = 0; i < 2; i++) {
        struct leader_answer answer = {0};
        assert_str(list.p[i].fields.last_name, "Type");
        assert_true(list.p[i].placeholder);
        stage_ok(leader_update(&stage->service, stage->arena, caller, list.p[i].id, guide("X"), &answer, &fault));
        assert_int_equal(answer.refusal, ACCOUNT_PLACEHOLDER);
        answer.refusal = ACCOUNT_REFUSED_NOT;
        stage_ok(leader_remove(&stage->service, stage->arena, caller, list.p[i].id, &answer, &fault));
        assert_int_equal(answer.refusal, ACCOUNT_PLACEHOLDER);
    }
    assert_int_equal(leaders_of(stage, caller).n, 2);
}

STAGED(leaders_are_made_changed_and_removed)
{
    struct caller caller = member(stage, "a@horizon.example").caller;
    struct leader_answer zola = add_leader(stage, caller, guide("Zola"));
    struct leader_answer emile = add_leader(stage, caller, guide("Émile"));
    assert_int_equal(add_leader(stage, caller, guide("Zola")).id, zola.id);
    struct leaders list = leaders_of(stage, caller);
    assert_int_equal(list.n, 4);
    assert_int_equal(list.p[2].id, emile.id); /* É sorts with E */
    assert_int_equal(list.p[3].id, zola.id);
    assert_str(list.p[3].fields.phone, "+33611223344");

    struct leader_answer answer = {0};
    struct leader_fields changed = guide("Zola");
    changed.kind = LEADER_ACCOMPANYING;
    stage_ok(leader_update(&stage->service, stage->arena, caller, zola.id, changed, &answer, &fault));
    struct leader leader = {0};
    stage_ok(leader_get(&stage->service, stage->arena, caller, zola.id, &leader, &fault));
    assert_int_equal(leader.fields.kind, LEADER_ACCOMPANYING);

    stage_ok(leader_remove(&stage->service, stage->arena, caller, zola.id, &answer, &fault));
    assert_int_equal(answer.id, zola.id);
    stage_ok(leader_remove(&stage->service, stage->arena, caller, zola.id, &answer, &fault));
    assert_int_equal(answer.id, 0);
    assert_int_equal(leader_get(&stage->service, stage->arena, caller, zola.id, &leader, NULL), ERR_NOT_FOUND);
    assert_int_equal(leaders_of(stage, caller).n, 3);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'leader.%'"), 4);
}

STAGED(leader_fields_are_checked)
{
    struct caller caller = member(stage, "a@horizon.example").caller;
    struct leader_fields fields = guide("Zola");
    fields.phone = S("");
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_PHONE);
    fields = guide("");
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_LAST_NAME);
    fields = guide("Zola");
    fields.email = S("ines");
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_EMAIL);
    fields = guide("Zola");
    fields.kind = LEADER_NONE;
    assert_int_equal(add_leader(stage, caller, fields).refusal, ACCOUNT_PERSON_KIND);
    assert_int_equal(leader_create(&stage->service, stage->arena, (struct caller){0}, guide("Zola"),
                                   &(struct leader_answer){0}, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(leaders_of(stage, caller).n, 2);
}

/* All but one of the lines that an organisation may have; two are the placeholders. */
#define MANY_LEADERS                                                                                                 \
    "INSERT INTO leader (organisation_id, kind, last_name, first_name, email, phone, created_at) "                  \
    "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 497) "                                \
    "SELECT (SELECT id FROM organisation), 'guide', 'Nr ' || n, 'X', 'x@y.example', '0102030405', 0 FROM c;"

STAGED(leaders_are_bounded)
{
    struct caller caller = member(stage, "a@horizon.example").caller;
    stage_script(stage, MANY_LEADERS);
    struct leader_answer last = add_leader(stage, caller, guide("Last"));
    assert_int_equal(last.refusal, ACCOUNT_REFUSED_NOT);
    assert_int_equal(add_leader(stage, caller, guide("Too many")).refusal, ACCOUNT_LIST_FULL);
    assert_int_equal(add_leader(stage, caller, guide("Last")).id, last.id);
    assert_int_equal(leaders_of(stage, caller).n, LIMIT_LEADERS);
}

struct adding {
    struct service *service;
    struct caller caller;
    const char *last_name;
    pthread_t thread;
    struct leader_answer answer;
    enum err err;
};

static void *add_one(void *argument)
{
    struct adding *a = argument;
    struct arena *arena = arena_new();
    a->err = leader_create(a->service, arena, a->caller, guide(a->last_name), &a->answer, NULL);
    arena_free(&arena);
    return NULL;
}

/* The last free line of the list, and a form sent twice, through two servers at once. */
STAGED(two_servers_count_leaders_together)
{
    struct caller caller = member(stage, "a@horizon.example").caller;
    stage_script(stage, MANY_LEADERS);
    struct service other = stage_second(stage);
    const char *const names[] = {"One", "Two", "Three", "Four", "One", "Two", "Three", "Four"};
    struct adding adding[8];
    int added = 0;
    for (int i = 0; i < 8; i++) {
        adding[i] = (struct adding){
            .service = i < 4 ? &stage->service : &other, .caller = caller, .last_name = names[i]};
        assert_int_equal(pthread_create(&adding[i].thread, NULL, add_one, &adding[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(adding[i].thread, NULL);
        assert_int_equal(adding[i].err, OK);
        added += adding[i].answer.refusal == ACCOUNT_REFUSED_NOT;
    }
    writer_stop(&other.writer);
    assert_in_range(added, 1, 2); /* the one that got the line, and its double */
    assert_int_equal(leaders_of(stage, caller).n, LIMIT_LEADERS);
}

STAGED(leaders_of_others_are_not_found)
{
    struct caller a = member(stage, "a@horizon.example").caller;
    struct caller b = member(stage, "b@other.example").caller;
    int64_t id = add_leader(stage, a, guide("Zola")).id;
    struct leader leader = {0};
    struct leader_answer answer = {.id = -1};
    assert_int_equal(leader_get(&stage->service, stage->arena, b, id, &leader, NULL), ERR_NOT_FOUND);
    assert_int_equal(leader_update(&stage->service, stage->arena, b, id, guide("Mine"), &answer, NULL), ERR_NOT_FOUND);
    stage_ok(leader_remove(&stage->service, stage->arena, b, id, &answer, &fault));
    assert_int_equal(answer.id, 0);
    assert_int_equal(leaders_of(stage, b).n, 2);
    stage_ok(leader_get(&stage->service, stage->arena, a, id, &leader, &fault));
    assert_str(leader.fields.last_name, "Zola");
    /* Nor a person under another organisation's name. */
    struct caller mixed = {.person_id = a.person_id, .organisation_id = b.organisation_id, .role = ROLE_MANAGER};
    struct account account = {0};
    assert_int_equal(account_read(&stage->service, stage->arena, mixed, &account, NULL), ERR_NOT_FOUND);
}

static struct contact_fields colleague(const char *last_name)
{
    return (struct contact_fields){.kind = CONTACT_COLLEAGUE,
                                   .last_name = str_of(last_name),
                                   .first_name = S("Li"),
                                   .email = S("li@horizon.example"),
                                   .phone = S(""),
                                   .lang = LANG_EN};
}

STAGED(contacts_are_ones_own)
{
    struct caller a = member(stage, "a@horizon.example").caller;
    struct caller b = member(stage, "b@other.example").caller;
    struct contact_answer answer = {0}, again = {0};
    stage_ok(contact_create(&stage->service, stage->arena, a, colleague("王"), &answer, &fault));
    stage_ok(contact_create(&stage->service, stage->arena, a, colleague("王"), &again, &fault));
    assert_int_equal(answer.id, again.id);
    int64_t id = answer.id;
    struct contacts list = {0};
    stage_ok(contact_list(&stage->service, stage->arena, a, &list, &fault));
    assert_int_equal(list.n, 1);
    assert_str(list.p[0].fields.last_name, "王");
    assert_int_equal(list.p[0].fields.kind, CONTACT_COLLEAGUE);
    assert_int_equal(list.p[0].fields.lang, LANG_EN);

    struct contact contact = {0};
    stage_ok(contact_list(&stage->service, stage->arena, b, &list, &fault));
    assert_int_equal(list.n, 0);
    assert_int_equal(contact_get(&stage->service, stage->arena, b, id, &contact, NULL), ERR_NOT_FOUND);
    assert_int_equal(contact_update(&stage->service, stage->arena, b, id, colleague("X"), &answer, NULL),
                     ERR_NOT_FOUND);
    stage_ok(contact_remove(&stage->service, stage->arena, b, id, &answer, &fault));
    assert_int_equal(answer.id, 0);

    stage_ok(contact_update(&stage->service, stage->arena, a, id, colleague("Wang"), &answer, &fault));
    stage_ok(contact_get(&stage->service, stage->arena, a, id, &contact, &fault));
    assert_str(contact.fields.last_name, "Wang");
    stage_ok(contact_remove(&stage->service, stage->arena, a, id, &answer, &fault));
    assert_int_equal(answer.id, id);
    assert_int_equal(contact_get(&stage->service, stage->arena, a, id, &contact, NULL), ERR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(sign_in_is_refused),
        staged_test(session_lives_while_it_is_used),
        staged_test(sessions_are_ones_own),
        staged_test(a_person_has_so_many_sessions),
        staged_test(head_counts_options_and_cart),
        staged_test(placeholders_come_with_the_account),
        staged_test(leaders_are_made_changed_and_removed),
        staged_test(leader_fields_are_checked),
        staged_test(leaders_are_bounded),
        staged_test(two_servers_count_leaders_together),
        staged_test(leaders_of_others_are_not_found),
        staged_test(contacts_are_ones_own),
    };
    return ENGINES_MAIN(argc, argv, "people", tests);
}
