/* The gate (OPS-3, TKT-6): codes, answers, groups with counted heads, what arrives later from a device without network. */
#include "contract/service_purchase.h"

#include "service/fulfil.h"
#include "service/gate.h"
#include "service/gate_key.h"
#include "service/settings.h"
#include "service/sheets.h"
#include "store/queries.h"

struct gate {
    struct stage *stage;
    struct buyer *buyer;
    struct staff_caller agent;
    int64_t order, visit;
    struct ticket_sheet sheet;
    instant start;
    int keys;
};

static const int64_t own_monuments[] = {1, 3};

static struct staff_caller staff_add_as(struct stage *stage, const char *role, const int64_t *monuments, size_t count)
{
    stage_script(stage, str_format(stage->arena, "INSERT INTO staff (email, email_key, first_name, last_name, lang, role,"
        " created_at) VALUES ('%s@net.example', '%s@net.example', 'Mathieu', 'Prévost', 'fr', '%s', 0);", role, role, role).p);
    int64_t id = stage_number(stage, "SELECT max(id) FROM staff");
    enum role parsed = ROLE_NONE;
    assert_true(staff_role_parse(str_of(role), &parsed));
    for (size_t i = 0; i < count; i++)
        stage_script(stage, str_format(stage->arena, "INSERT INTO staff_monument VALUES (%lld, %lld)", (long long)id,
                                       (long long)monuments[i]).p);
    return (struct staff_caller){.staff_id = id, .role = parsed, .monuments = monuments, .monument_count = count,
                                 .lang = LANG_FR};
}

/* A paid group of `persons` for the first slot of the first monument; the clock stands at that slot. */
static struct gate *gate_open(struct stage *stage, int persons)
{
    struct gate *g = ARENA_NEW(stage->arena, struct gate);
    g->stage = stage;
    g->buyer = open_shop(stage);
    (void)hold_on(stage, g->buyer, 1, 0, persons, false);
    (void)order_to_pay(stage, g->buyer);
    pays(g->buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    g->agent = staff_add_as(stage, "gate-agent", own_monuments, 2);
    g->order = stage_number(stage, "SELECT max(id) FROM orders");
    g->visit = stage_number(stage, "SELECT max(id) FROM visit");
    g->start = g->buyer->slots;
    stage->now = g->start;
    struct db *db = stage->test->db;
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(ticket_sheet_read(&stage->service, db, stage->arena, g->order, g->visit, LANG_FR, &g->sheet, &fault));
    db_rollback(db);
    assert_int_equal(g->sheet.ticket_count, persons);
    return g;
}

static struct gate_request request_of(struct gate *g, struct str code)
{
    return (struct gate_request){.monument_id = 1, .act = GATE_ACT_TICKET, .code = code, .device = S("device-one"),
                                 .key = str_format(g->stage->arena, "scan-%04d", ++g->keys), .gate = S("Nord")};
}

static struct gate_answer ask(struct gate *g, const struct gate_request *request)
{
    struct gate_answer answer = {.scan_id = 0};
    stage_ok(gate_scan(&g->stage->service, g->stage->arena, &g->agent, request, &answer, &fault));
    assert_true(answer.scan_id > 0);
    return answer;
}

static struct gate_answer scan(struct gate *g, struct str code)
{
    struct gate_request request = request_of(g, code);
    return ask(g, &request);
}

static struct gate_answer count_in(struct gate *g, struct str code, int64_t visit, int heads)
{
    struct gate_request request = request_of(g, code);
    request.act = GATE_ACT_GROUP;
    request.visit_id = visit;
    request.counted = heads;
    return ask(g, &request);
}

static struct gate_answer late(struct gate *g, struct str code, const char *device, instant at, enum gate_result told)
{
    struct gate_request request = request_of(g, code);
    request.device = str_of(device);
    request.offline = true;
    request.told = told;
    request.at = at;
    return ask(g, &request);
}

static enum gate_undo_refusal take_back(struct gate *g, int64_t scan_id, const char *reason)
{
    enum gate_undo_refusal refusal = GATE_UNDO_REASON;
    stage_ok(gate_undo(&g->stage->service, g->stage->arena, &g->agent, 1, scan_id, str_of(reason), S("device-one"),
                       str_format(g->stage->arena, "undo-%04d", ++g->keys), &refusal, &fault));
    return refusal;
}

static struct gate_conflicts conflicts(struct gate *g)
{
    struct gate_conflicts list = {.n = 0};
    stage_ok(gate_conflicts(&g->stage->service, g->stage->arena, &g->agent, 1, &list, &fault));
    return list;
}

static struct str qr(struct gate *g, size_t index)
{
    return g->sheet.tickets[index].qr;
}

static struct str sql(struct gate *g, const char *text, size_t index)
{
    char number[TICKET_NUMBER_SIZE];
    assert_true(ticket_number_parse(g->sheet.tickets[index].number, number));
    return str_format(g->stage->arena, text, number);
}

/* ---- codes ---- */

STAGED(a_signed_code_lets_in_once)
{
    struct gate *g = gate_open(stage, 22);
    assert_int_equal(qr(g, 0).n, TICKET_CODE_DIGITS);
    struct gate_answer answer = scan(g, qr(g, 0));
    assert_int_equal(answer.result, GATE_VALID);
    assert_int_equal(answer.role, ROLE_LEADER);
    assert_int_equal(answer.persons, 22);
    assert_int_equal(answer.arrived, 1);
    assert_true(str_eq(answer.number, g->sheet.tickets[0].number));
    assert_true(str_eq(answer.monument, S("Chapelle")));
    stage->now += 61;
    answer = scan(g, qr(g, 0));
    assert_int_equal(answer.result, GATE_USED);
    assert_true(answer.has_prior);
    assert_true(answer.prior_at == g->start);
    assert_true(str_eq(answer.prior_gate, S("Nord")));
    assert_true(str_eq(answer.prior_by, S("Mathieu Prévost")));
    /* By its number, typed in any way. */
    assert_int_equal(scan(g, g->sheet.tickets[0].number).result, GATE_USED);
    assert_int_equal(scan(g, g->sheet.tickets[1].number).result, GATE_VALID);
    assert_int_equal(scan(g, qr(g, 1)).result, GATE_USED);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM gate_scan"), 5);
    assert_healthy(stage);
}

STAGED(what_is_not_ours_is_refused)
{
    struct gate *g = gate_open(stage, 10);
    char changed[TICKET_CODE_SIZE];
    memcpy(changed, qr(g, 0).p, sizeof changed);
    changed[100] = changed[100] == '9' ? '8' : '9';
    assert_int_equal(scan(g, str_of(changed)).result, GATE_FORGED);
    /* Another network's key under the same id. */
    struct gate_signer other = {.key_id = 1, .seed = {42}};
    struct ticket_code code = {.monument_id = 1, .kind = TICKET_SLOT, .from = g->start, .until = g->start + 1799};
    struct str digits;
    assert_true(ticket_number_parse(g->sheet.tickets[0].number, code.number));
    stage_ok(gate_sign(&other, stage->arena, &code, &digits, &fault));
    assert_int_equal(scan(g, digits).result, GATE_FORGED);
    other.key_id = 9; /* or under one that nobody has */
    stage_ok(gate_sign(&other, stage->arena, &code, &digits, &fault));
    assert_int_equal(scan(g, digits).result, GATE_FORGED);
    struct str random_digits = str_format(stage->arena, "%0198d", 7);
    assert_int_equal(scan(g, random_digits).result, GATE_FORGED);
    assert_int_equal(scan(g, S("https://elsewhere.example/ticket/1234567890123456789")).result, GATE_FORGED);
    /* A number that does not exist, one mistyped, nothing at all. */
    char number[TICKET_NUMBER_SIZE];
    assert_true(ticket_number_make(4711, number));
    assert_int_equal(scan(g, str_of(number)).result, GATE_UNKNOWN);
    assert_int_equal(scan(g, S("1234")).result, GATE_UNKNOWN);
    assert_int_equal(scan(g, S("")).result, GATE_UNKNOWN);
    assert_int_equal(scan(g, S("\xff\xfe")).result, GATE_UNKNOWN);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE state <> 'valid'"), 0);
    assert_healthy(stage);
}

STAGED(tickets_sold_before_keep_working)
{
    struct gate *g = gate_open(stage, 10);
    struct str secret = stage_text(stage, sql(g, "SELECT code FROM ticket WHERE number = '%s'", 0).p);
    struct str number = stage_text(stage, sql(g, "SELECT number FROM ticket WHERE number = '%s'", 0).p);
    struct str wrong = str_format(stage->arena, "G1.%.*s.AAAAAAAAAAAAAAAA", STR_ARG(number));
    struct str right = str_format(stage->arena, "G1.%.*s.%.*s", STR_ARG(number), STR_ARG(secret));
    assert_int_equal(scan(g, wrong).result, GATE_FORGED);
    assert_int_equal(scan(g, right).result, GATE_VALID);
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_USED);
}

STAGED(a_new_key_signs_and_the_old_one_stays_good)
{
    struct gate *g = gate_open(stage, 10);
    struct str first = qr(g, 0);
    int key_id = 0;
    stage_ok(gate_key_rotate(&stage->service, stage->arena, &key_id, &fault));
    assert_int_equal(key_id, 2);
    struct db *db = stage->test->db;
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(ticket_sheet_read(&stage->service, db, stage->arena, g->order, g->visit, LANG_EN, &g->sheet, &fault));
    db_rollback(db);
    assert_false(str_eq(first, qr(g, 0)));
    assert_int_equal(scan(g, first).result, GATE_VALID);
    assert_int_equal(scan(g, qr(g, 1)).result, GATE_VALID);
    /* Another server with the same secret signs alike; one with another secret says so and signs nothing. */
    struct gate_signer signer;
    struct service stranger = stage->service;
    stranger.secret[0] ^= 1;
    stage_ok(db_begin(db, DB_READ, &fault));
    assert_int_equal(gate_signer_read(&stranger, db, stage->arena, &signer, NULL), ERR_BUG);
    stage_ok(gate_signer_read(&stage->service, db, stage->arena, &signer, &fault));
    assert_int_equal(signer.key_id, 2);
    db_rollback(db);
    stage_ok(gate_key_ensure(&stage->service, stage->arena, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM gate_key"), 2);
}

/* ---- answers ---- */

STAGED(where_and_when)
{
    struct gate *g = gate_open(stage, 10);
    struct gate_request request = request_of(g, qr(g, 0));
    request.monument_id = 3;
    struct gate_answer answer = ask(g, &request);
    assert_int_equal(answer.result, GATE_WRONG_MONUMENT);
    assert_true(str_eq(answer.monument, S("Chapelle")));
    stage->now = g->start - 15 * 60 - 1;
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_WRONG_SLOT);
    stage->now = g->start - DAY;
    answer = scan(g, qr(g, 0));
    assert_int_equal(answer.result, GATE_WRONG_DAY);
    assert_true(answer.from == g->start);
    stage->now = g->start + DAY;
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_EXPIRED);
    /* The tolerance is a setting. */
    stage_ok(settings_put(&stage->service, stage->arena, S("gate.early_minutes"), S("90"), &fault));
    stage->now = g->start - 80 * 60;
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_VALID);
    stage_script(stage, sql(g, "UPDATE ticket SET state = 'cancelled', ended_at = 1, ended_why = 'replaced' WHERE number = '%s'", 1).p);
    answer = scan(g, qr(g, 1));
    assert_int_equal(answer.result, GATE_CANCELLED);
    assert_true(str_eq(answer.ended_why, S("replaced")));
    stage_script(stage, sql(g, "UPDATE ticket SET state = 'valid', ended_at = NULL, ended_why = '' WHERE number = '%s'", 1).p);
    assert_healthy(stage);
}

STAGED(a_pass_is_to_be_shown)
{
    struct gate *g = gate_open(stage, 10);
    stage_script(stage, "UPDATE orders SET settled_by = 'pass'");
    struct gate_answer answer = scan(g, qr(g, 0));
    assert_int_equal(answer.result, GATE_VALID);
    assert_true(str_eq(answer.tariff_code, S("pass")));
    struct gate_day day;
    stage_ok(gate_day(&stage->service, stage->arena, &g->agent, 1, &day, &fault));
    assert_true(str_eq(day.tickets.p[0].tariff_code, S("pass")));
}

STAGED(a_scan_that_comes_again_is_the_same_one)
{
    struct gate *g = gate_open(stage, 10);
    struct gate_request request = request_of(g, qr(g, 0));
    struct gate_answer first = ask(g, &request), again = ask(g, &request);
    assert_int_equal(again.scan_id, first.scan_id);
    assert_int_equal(again.result, GATE_VALID);
    assert_int_equal(again.arrived, 1);
    request.monument_id = 3; /* the key is the device's, also at the other gate */
    struct gate_answer answer;
    assert_int_equal(gate_scan(&stage->service, stage->arena, &g->agent, &request, &answer, NULL), ERR_NOT_FOUND);
    request.key = S("short");
    assert_int_equal(gate_scan(&stage->service, stage->arena, &g->agent, &request, &answer, NULL), ERR_INPUT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM gate_scan"), 1);
}

/* ---- groups ---- */

STAGED(a_group_arrives_with_counted_heads)
{
    struct gate *g = gate_open(stage, 26);
    bool scanned = true;
    struct db *db = stage->test->db;
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(gate_group_scanned(db, stage->arena, g->visit, &scanned, &fault));
    db_rollback(db);
    assert_false(scanned);
    struct gate_answer answer = count_in(g, qr(g, 0), 0, 23);
    assert_int_equal(answer.result, GATE_VALID);
    assert_int_equal(answer.heads, 23);
    assert_int_equal(answer.arrived, 23);
    stage_ok(db_begin(db, DB_READ, &fault));
    stage_ok(gate_group_scanned(db, stage->arena, g->visit, &scanned, &fault));
    db_rollback(db);
    assert_true(scanned);
    assert_healthy(stage);
    /* The leader's own paper was that of the act; a late arrival comes with another one, once, after the slot. */
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_USED);
    stage->now = g->start + 100 * 60;
    assert_int_equal(scan(g, qr(g, 25)).result, GATE_VALID);
    assert_int_equal(scan(g, qr(g, 25)).result, GATE_USED);
    /* Three more would be one too many; the last two come from the day's list. */
    answer = count_in(g, S(""), g->visit, 3);
    assert_int_equal(answer.result, GATE_TOO_MANY);
    assert_int_equal(answer.arrived, 24);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE state = 'used'"), 2);
    answer = count_in(g, S(""), g->visit, 0);
    assert_int_equal(answer.result, GATE_VALID);
    assert_int_equal(answer.counted, 2);
    assert_int_equal(answer.arrived, 26);
    /* Complete: nobody enters on what is left of the papers. */
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE state = 'used'"), 26);
    answer = scan(g, qr(g, 10));
    assert_int_equal(answer.result, GATE_USED);
    assert_true(answer.has_prior && answer.prior_act == GATE_ACT_GROUP);
    assert_int_equal(count_in(g, qr(g, 3), 0, 1).result, GATE_USED);
    assert_healthy(stage);
}

STAGED(what_was_let_in_is_taken_back_with_a_reason)
{
    struct gate *g = gate_open(stage, 10);
    struct gate_answer one = scan(g, qr(g, 0)), rest = count_in(g, qr(g, 1), 0, 9);
    assert_int_equal(rest.arrived, 10);
    assert_true(rest.may_undo);
    assert_int_equal(take_back(g, rest.scan_id, "  "), GATE_UNDO_REASON);
    assert_int_equal(take_back(g, rest.scan_id, "Groupe d'à côté"), GATE_UNDO_DONE);
    assert_int_equal(take_back(g, rest.scan_id, "Groupe d'à côté"), GATE_UNDO_BEFORE);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE state = 'used'"), 1);
    assert_healthy(stage);
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_USED);
    assert_int_equal(scan(g, qr(g, 1)).result, GATE_VALID);
    assert_int_equal(take_back(g, one.scan_id, "mauvaise file"), GATE_UNDO_DONE);
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_VALID);
    int64_t refused = scan(g, qr(g, 0)).scan_id;
    assert_int_equal(take_back(g, refused, "rien"), GATE_UNDO_NOBODY);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'gate.undo' AND staff_id IS NOT NULL"), 2);
    assert_true(str_eq(stage_text(stage, "SELECT was FROM audit WHERE act = 'gate.undo' ORDER BY id LIMIT 1"), S("10")));
    assert_true(str_eq(stage_text(stage, "SELECT became FROM audit WHERE act = 'gate.undo' ORDER BY id LIMIT 1"), S("1")));
    assert_healthy(stage);
    enum gate_undo_refusal refusal;
    assert_int_equal(gate_undo(&stage->service, stage->arena, &g->agent, 3, one.scan_id, S("ailleurs"), S("device-one"),
                               S("undo-9999"), &refusal, NULL), ERR_NOT_FOUND);
}

/* ---- without a network ---- */

STAGED(the_earlier_of_two_gates_wins)
{
    struct gate *g = gate_open(stage, 10);
    stage->now = g->start + 600;
    assert_int_equal(scan(g, qr(g, 0)).result, GATE_VALID);
    stage->now = g->start + 1800;
    /* The other gate had let the same paper in five minutes before, without a network. */
    struct gate_answer answer = late(g, qr(g, 0), "device-two", g->start + 300, GATE_VALID);
    assert_int_equal(answer.result, GATE_VALID);
    assert_int_equal(answer.arrived, 1);
    struct gate_conflicts list = conflicts(g);
    assert_int_equal(list.n, 1);
    assert_true(list.p[0].has_winner);
    assert_true(str_eq(list.p[0].winner.device, S("device-two")));
    assert_true(str_eq(list.p[0].loser.device, S("device-one")));
    assert_int_equal(list.p[0].why, GATE_USED);
    assert_true(stage_number(stage, sql(g, "SELECT used_at FROM ticket WHERE number = '%s'", 0).p) == g->start + 300);
    /* And one after it: that one loses. */
    answer = late(g, qr(g, 0), "device-three", g->start + 900, GATE_VALID);
    assert_int_equal(answer.result, GATE_USED);
    list = conflicts(g);
    assert_int_equal(list.n, 2);
    assert_true(str_eq(list.p[0].loser.device, S("device-three")));
    assert_healthy(stage);
    assert_int_equal(take_back(g, answer.scan_id, "essai"), GATE_UNDO_DISPUTED);
    int64_t first = stage_number(stage, "SELECT min(id) FROM gate_scan");
    assert_int_equal(take_back(g, first, "essai"), GATE_UNDO_DISPUTED);
}

STAGED(what_the_device_could_not_know)
{
    struct gate *g = gate_open(stage, 10);
    stage->now = g->start + 1000;
    /* Refused there: nobody went in, whatever is known here. */
    assert_int_equal(late(g, qr(g, 0), "device-two", g->start, GATE_UNKNOWN).result, GATE_UNKNOWN);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM ticket WHERE state = 'used'"), 0);
    /* Let in there at the right hour: good, although it arrives much later. */
    stage->now = g->start + DAY;
    assert_int_equal(late(g, qr(g, 0), "device-two", g->start + 60, GATE_VALID).result, GATE_VALID);
    assert_int_equal(conflicts(g).n, 0);
    /* Cancelled meanwhile. */
    stage_script(stage, sql(g, "UPDATE ticket SET state = 'cancelled', ended_at = 1, ended_why = 'replaced' WHERE number = '%s'", 1).p);
    assert_int_equal(late(g, qr(g, 1), "device-two", g->start + 70, GATE_VALID).result, GATE_CANCELLED);
    assert_int_equal(conflicts(g).n, 1);
    assert_int_equal(conflicts(g).p[0].why, GATE_CANCELLED);
    assert_false(conflicts(g).p[0].has_winner);
    stage_script(stage, sql(g, "UPDATE ticket SET state = 'valid', ended_at = NULL, ended_why = '' WHERE number = '%s'", 1).p);
    /* Two gates counted the same group: as many as there are places are in, the others are shown. */
    struct gate_request request = request_of(g, qr(g, 2));
    request.act = GATE_ACT_GROUP;
    request.counted = 8;
    request.offline = true;
    request.told = GATE_VALID;
    request.at = g->start + 80;
    assert_int_equal(ask(g, &request).heads, 8);
    request.key = S("scan-other");
    request.device = S("device-three");
    request.counted = 7;
    request.at = g->start + 90;
    struct gate_answer answer = ask(g, &request);
    assert_int_equal(answer.heads, 1);
    assert_int_equal(answer.arrived, 10);
    assert_int_equal(conflicts(g).p[0].why, GATE_TOO_MANY);
    assert_int_equal(conflicts(g).p[0].counted, 7);
    assert_healthy(stage);
}

STAGED(a_clock_that_goes_wrong)
{
    struct gate *g = gate_open(stage, 10);
    assert_int_equal(late(g, qr(g, 0), "device-two", stage->now + DAY, GATE_VALID).result, GATE_VALID);
    assert_true(stage_number(stage, "SELECT scanned_at FROM gate_scan") == g->start);
}

/* ---- lists ---- */

STAGED(the_list_of_the_day)
{
    struct gate *g = gate_open(stage, 10);
    (void)count_in(g, qr(g, 0), 0, 4);
    struct gate_day day;
    stage_ok(gate_day(&stage->service, stage->arena, &g->agent, 1, &day, &fault));
    assert_int_equal(day.visits.n, 1);
    assert_int_equal(day.visits.p[0].persons, 10);
    assert_int_equal(day.visits.p[0].arrived, 4);
    assert_true(day.visits.p[0].start_at == g->start);
    assert_int_equal(day.tickets.n, 10);
    assert_true(str_eq(day.tickets.p[0].state, S("used")));
    assert_true(str_eq(day.tickets.p[1].state, S("valid")));
    assert_int_equal(day.keys.n, 1);
    assert_int_equal(day.keys.p[0].public_key.n, CRYPTO_SIGN_PUBLIC);
    assert_int_equal(day.tolerance.early, 15);
    assert_int_equal(day.ended.n, 0);
    /* A visit that moved away: its old codes are still signed for today. */
    stage_script(stage, sql(g, "UPDATE ticket SET state = 'cancelled', ended_at = 1, ended_why = 'replaced' WHERE number = '%s'", 1).p);
    stage_ok(gate_day(&stage->service, stage->arena, &g->agent, 1, &day, &fault));
    assert_int_equal(day.ended.n, 1);
    assert_true(str_eq(day.ended.p[0].ended_why, S("replaced")));
    stage->now += DAY;
    stage_ok(gate_day(&stage->service, stage->arena, &g->agent, 1, &day, &fault));
    assert_int_equal(day.visits.n + day.tickets.n + day.ended.n, 0);
    struct gate_entries entries;
    stage_ok(gate_latest(&stage->service, stage->arena, &g->agent, 1, &entries, &fault));
    assert_int_equal(entries.n, 1);
    assert_int_equal(entries.p[0].heads, 4);
    struct gate_places places;
    stage_ok(gate_places(&stage->service, stage->arena, &g->agent, &places, &fault));
    assert_int_equal(places.n, 2);
    struct gate_place place;
    stage_ok(gate_place_find(&stage->service, stage->arena, &g->agent, S("chapel"), &place, &fault));
    assert_int_equal(place.id, 1);
    assert_int_equal(gate_place_find(&stage->service, stage->arena, &g->agent, S("castle"), &place, NULL), ERR_NOT_FOUND);
    assert_int_equal(gate_place_find(&stage->service, stage->arena, &g->agent, S("nowhere"), &place, NULL), ERR_NOT_FOUND);
}

STAGED(the_doctor_looks_at_the_gate)
{
    static const char *const corruptions[] = {
        "UPDATE gate_group SET arrived = arrived + 1",
        "UPDATE gate_group SET arrived = 99",
        "UPDATE ticket SET state = 'used', used_at = 1 WHERE state = 'valid'",
        "UPDATE ticket SET state = 'valid', used_at = NULL WHERE state = 'used'",
        "UPDATE ticket SET used_at = NULL WHERE state = 'used'",
        "UPDATE gate_scan SET heads = 0",
        "DELETE FROM gate_scan",
    };
    struct gate *g = gate_open(stage, 10);
    (void)scan(g, qr(g, 0));
    assert_healthy(stage);
    struct db *db = stage->test->db;
    for (size_t i = 0; i < sizeof corruptions / sizeof *corruptions; i++) {
        struct doctor_gate_used_list used;
        struct doctor_gate_counts_list counts;
        stage_ok(db_begin(db, DB_WRITE, &fault));
        stage_ok(db->engine->script(db, corruptions[i], &fault));
        stage_ok(q_doctor_gate_used(db, stage->arena, &used, &fault));
        stage_ok(q_doctor_gate_counts(db, stage->arena, &counts, &fault));
        db_rollback(db);
        if (used.n + counts.n == 0)
            fail_msg("not noticed: %s", corruptions[i]);
    }
}

/* ---- failures ---- */

/* Whichever operation fails, done or not: the act is there whole or not at all, and sending it again ends well. */
STAGED_FAULTY(a_failure_leaves_all_or_nothing)
{
    struct gate *g = gate_open(stage, 26);
    struct fail_plan *plan = &stage->test->plan;
    for (int done = 0; done < 2; done++)
        for (int64_t nth = 1, spoilt = 1; spoilt; nth++) {
            struct gate_request request = request_of(g, qr(g, 0));
            struct gate_answer answer = {.scan_id = 0};
            *plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .times = 1, .err = ERR_IO, .done = done == 1};
            enum err err = gate_scan(&stage->service, stage->arena, &g->agent, &request, &answer, NULL);
            spoilt = plan->seen >= nth;
            plan->operation = FAIL_NOTHING;
            assert_true(spoilt || err == OK);
            assert_int_equal(ask(g, &request).result, GATE_VALID);
            assert_int_equal(stage_number(stage, "SELECT count(*) FROM gate_scan"), 1);
            assert_healthy(stage);
            assert_true(nth < 200);
            stage_script(stage, "DELETE FROM gate_scan; DELETE FROM gate_group;"
                                "UPDATE ticket SET state = 'valid', used_at = NULL;");
        }
}

/* Of an undated group, who came with exchanged tickets comes with another visit (STK-1). */
STAGED(exchanged_tickets_leave_fewer_to_count_in)
{
    struct gate *g = gate_open(stage, 20);
    stage_script(stage, str_format(stage->arena,
        "UPDATE ticket SET state = 'cancelled', ended_why = 'exchanged', ended_at = 0 WHERE position > 12"
        " AND visit_id = %lld", (long long)g->visit).p);
    assert_int_equal(count_in(g, qr(g, 0), 0, 20).result, GATE_TOO_MANY);
    assert_int_equal(count_in(g, qr(g, 0), 0, 12).result, GATE_VALID);
    assert_int_equal(scan(g, qr(g, 1)).result, GATE_USED);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(a_signed_code_lets_in_once),
        staged_test(what_is_not_ours_is_refused),
        staged_test(tickets_sold_before_keep_working),
        staged_test(a_new_key_signs_and_the_old_one_stays_good),
        staged_test(where_and_when),
        staged_test(a_pass_is_to_be_shown),
        staged_test(a_scan_that_comes_again_is_the_same_one),
        staged_test(a_group_arrives_with_counted_heads),
        staged_test(what_was_let_in_is_taken_back_with_a_reason),
        staged_test(the_earlier_of_two_gates_wins),
        staged_test(what_the_device_could_not_know),
        staged_test(a_clock_that_goes_wrong),
        staged_test(the_list_of_the_day),
        staged_test(the_doctor_looks_at_the_gate),
        staged_test(exchanged_tickets_leave_fewer_to_count_in),
        staged_test(a_failure_leaves_all_or_nothing),
    };
    return ENGINES_MAIN(argc, argv, "the gate", tests);
}
