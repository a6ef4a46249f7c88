/* Scans: what is read, what it means, what it changes; see gate.h. */
#include "service/gate.h"

#include <string.h>

#include "service/gate_key.h"
#include "service/gate_parts.h"
#include "service/staff_session.h"

enum { NAME_MOST = 60, KEY_LEAST = 8, KEY_MOST = 40, TYPED_MOST = 40, OLD_SECRET = 16, LATEST_DAYS = 30, REASON_LEAST = 3,
       REASON_MOST = 400 };

static const char *const acts[GATE_ACTS] = {"ticket", "group", "undo"};

const char *gate_act_name(enum gate_act act)
{
    return acts[act];
}

bool gate_act_parse(struct str name, enum gate_act *ret_act)
{
    int index = 0;
    if (!names_find(acts, GATE_ACTS, name, &index))
        return false;
    *ret_act = (enum gate_act)index;
    return true;
}

struct gate_tolerance gate_tolerance_of(const struct settings *settings)
{
    return (struct gate_tolerance){.early = (int)settings->gate_early_minutes, .late = (int)settings->gate_late_minutes,
                                   .rest = (int)settings->gate_rest_minutes};
}

/* ---- one act ---- */

struct scanning {
    const struct service *service;
    const struct staff_caller *caller;
    const struct gate_request *request;
    instant now, at;

    struct str number, secret; /* as read; a secret only from an older code */
    bool is_forged, has_ticket, has_visit;
    struct gate_ticket_row ticket;
    int64_t visit_id;
    struct gate_visit_row visit;

    enum gate_result result;
    int counted, heads;
    int64_t prior_id; /* 0: none */
    bool disputed, wins;
    enum gate_result disputed_why;
    struct gate_answer answer;
};

/* «G1.1234567890123.K7Q2…»: sold before codes were signed. */
static bool read_old(struct scanning *s, struct str code)
{
    char number[TICKET_NUMBER_SIZE];
    struct str rest = str_sub(code, 3, code.n);
    struct str first = str_cut(&rest, '.');
    if (!str_starts(code, S("G1.")) || rest.n != OLD_SECRET || !ticket_number_parse(first, number))
        return false;
    s->secret = rest;
    s->number = first;
    return true;
}

/* What was scanned or typed becomes a number; a code that is none of ours is forged, anything else unknown. */
static enum err read_code(struct scanning *s, struct db *db, struct arena *arena, struct fault *fault)
{
    char number[TICKET_NUMBER_SIZE];
    struct str code = str_trim(s->request->code);
    if (read_old(s, code))
        return OK;
    if (ticket_number_parse(code, number)) {
        s->number = str_dup(arena, str_of(number));
        return OK;
    }
    struct ticket_code signed_code;
    bool genuine = false;
    enum err err = gate_code_check(db, arena, code, &genuine, &signed_code, fault);
    if (err == OK && genuine)
        s->number = str_dup(arena, str_of(signed_code.number));
    s->is_forged = !genuine && code.n > TYPED_MOST;
    return err;
}

/* The visit is locked before anything of it is looked at. */
static enum err find(struct scanning *s, struct db *db, struct arena *arena, struct fault *fault)
{
    struct gate_ticket_visit_row of = {.visit_id = s->request->visit_id};
    enum err err = OK;
    s->has_ticket = false;
    s->has_visit = s->request->visit_id != 0;
    if (!str_empty(s->number))
        err = q_gate_ticket_visit(db, arena, (struct gate_ticket_visit_in){.number = s->number}, &of, &s->has_ticket, fault);
    s->visit_id = of.visit_id;
    if (err != OK || (!s->has_ticket && !s->has_visit))
        return err;
    err = q_gate_visit_lock(db, (struct gate_visit_lock_in){.id = s->visit_id}, NULL, fault);
    if (err == OK && s->has_ticket)
        err = q_gate_ticket(db, arena, (struct gate_ticket_in){.number = s->number}, &s->ticket, NULL, fault);
    if (err == OK)
        err = q_gate_visit(db, arena, (struct gate_visit_in){.id = s->visit_id}, &s->visit, &s->has_visit, fault);
    return err;
}

static bool secret_is_wrong(const struct scanning *s)
{
    return !str_empty(s->secret) && !crypto_equal(s->secret, s->ticket.code);
}

static enum err decide(struct scanning *s, struct db *db, struct arena *arena, struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    if (!s->has_visit) {
        s->result = s->is_forged ? GATE_FORGED : GATE_UNKNOWN;
        return OK;
    }
    if (s->has_ticket && secret_is_wrong(s)) {
        s->result = GATE_FORGED;
        return OK;
    }
    struct gate_facts facts = {.monument_id = s->visit.monument_id, .persons = (int)s->visit.persons,
                               .arrived = (int)s->visit.arrived};
    if (!ticket_kind_parse(s->visit.kind, &facts.kind))
        return fault_set(fault, ERR_BUG, "visit %lld is of no kind", (long long)s->visit_id);
    struct local_time start = local_of(&s->service->zone, s->visit.start_at.v);
    if (s->has_ticket) {
        facts.from = s->ticket.valid_from;
        facts.until = s->ticket.valid_until;
        facts.cancelled = str_eq(s->ticket.state, S("cancelled"));
        /* Any ticket of a group may announce the rest of it, also one that is in already. */
        facts.used = str_eq(s->ticket.state, S("used")) && s->request->act == GATE_ACT_TICKET;
    } else { /* from the day's list: the group as a whole */
        bool whole_day = facts.kind == TICKET_DATED;
        facts.from = whole_day ? instant_of(&s->service->zone, start.day, 0) : s->visit.start_at.v;
        facts.until = whole_day ? instant_of(&s->service->zone, start.day + 1, 0) - 1
                                : s->visit.start_at.v + s->visit.minutes.v * 60 - 1;
        facts.cancelled = !str_eq(s->visit.state, S("confirmed"));
    }
    struct gate_tolerance tolerance = gate_tolerance_of(&settings);
    s->result = gate_decide(&facts, &tolerance, &s->service->zone, s->request->monument_id, s->at);
    return OK;
}

static enum err find_prior(struct scanning *s, struct db *db, struct arena *arena, struct gate_scan_prior_row *ret_prior,
                           struct fault *fault)
{
    bool found = false;
    enum err err = q_gate_scan_prior(db, arena,
                                     (struct gate_scan_prior_in){.ticket_id = s->has_ticket ? s->ticket.id : 0,
                                                                 .visit_id = s->visit_id},
                                     ret_prior, &found, fault);
    s->prior_id = err == OK && found ? ret_prior->id : 0;
    return err;
}

/* Counts heads in, and ends the group's tickets with the last of them. The visit is locked: what was left is left. */
static enum err arrive(struct scanning *s, struct db *db, struct arena *arena, struct fault *fault)
{
    struct gate_arrive_row row;
    bool found = false;
    enum err err = q_gate_arrive(db, arena,
                                 (struct gate_arrive_in){.visit_id = s->visit_id, .heads = s->heads,
                                                         .persons = s->visit.persons, .at = s->at},
                                 &row, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_BUG, "visit %lld has no place for %d more", (long long)s->visit_id, s->heads);
    if (err == OK && s->has_ticket)
        err = q_gate_use(db, (struct gate_use_in){.id = s->ticket.id, .at = s->at}, NULL, fault);
    if (err == OK && row.arrived == s->visit.persons)
        err = q_gate_use_rest(db, (struct gate_use_rest_in){.visit_id = s->visit_id, .at = s->at}, NULL, fault);
    return err;
}

/* Somebody is inside who should not be: the device had no network and let them in. The earlier of two scans of one
 * ticket wins, whichever arrives first. */
static enum err dispute(struct scanning *s, struct db *db, const struct gate_scan_prior_row *prior, struct fault *fault)
{
    s->disputed = true;
    s->disputed_why = s->result;
    s->wins = s->result == GATE_USED && s->prior_id != 0 && prior->own != 0 && s->at < prior->scanned_at &&
              s->request->act == GATE_ACT_TICKET;
    if (!s->wins)
        return OK;
    s->result = GATE_VALID; /* with no head of its own: the ticket's one is counted already */
    return q_gate_use_earlier(db, (struct gate_use_earlier_in){.id = s->ticket.id, .at = s->at}, NULL, fault);
}

/* What the answer changes. */
static enum err take_effect(struct scanning *s, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct gate_request *request = s->request;
    bool group = request->act == GATE_ACT_GROUP;
    int left = s->has_visit ? (int)(s->visit.persons - s->visit.arrived) : 0;
    s->counted = !group ? 1 : request->counted > 0 ? request->counted : left > 0 ? left : 1;
    s->heads = 0;
    if (request->offline && request->told != GATE_VALID) {
        s->result = request->told; /* nobody was let in, whatever is known here */
        return OK;
    }
    if (s->result == GATE_VALID && s->counted > left) {
        s->result = GATE_TOO_MANY;
        if (request->offline) { /* they are inside: as many as there is room for are counted, the others disputed */
            s->disputed = true;
            s->disputed_why = GATE_TOO_MANY;
            s->result = GATE_VALID;
            s->heads = left;
            return arrive(s, db, arena, fault);
        }
    }
    if (s->result == GATE_VALID) {
        s->heads = s->counted;
        return arrive(s, db, arena, fault);
    }
    struct gate_scan_prior_row prior = {0};
    enum err err = s->result == GATE_USED ? find_prior(s, db, arena, &prior, fault) : OK;
    return err != OK || !request->offline ? err : dispute(s, db, &prior, fault);
}

static struct maybe_int id_or_null(bool is, int64_t id)
{
    return (struct maybe_int){.is = is && id != 0, .v = id};
}

static enum err store(struct scanning *s, struct db *db, struct arena *arena, int64_t *ret_id, struct fault *fault)
{
    const struct gate_request *request = s->request;
    struct gate_scan_add_row row;
    bool lost = s->disputed && !s->wins;
    enum err err = q_gate_scan_add(
        db, arena,
        (struct gate_scan_add_in){
            .monument_id = request->monument_id, .device = request->device, .scan_key = request->key,
            .gate = str_sub(request->gate, 0, NAME_MOST), .staff_id = s->caller->staff_id,
            .act = str_of(gate_act_name(request->act)), .number = s->number,
            .ticket_id = id_or_null(s->has_ticket, s->has_ticket ? s->ticket.id : 0),
            .visit_id = id_or_null(s->has_visit, s->visit_id), .result = str_of(gate_result_name(s->result)),
            .counted = s->counted, .heads = s->heads, .prior_id = id_or_null(!s->wins, s->prior_id), .reason = S(""),
            .told = str_of(request->offline ? gate_result_name(request->told) : ""), .scanned_at = s->at, .now = s->now},
        &row, NULL, fault);
    if (err == OK && s->disputed)
        err = q_gate_conflict_add(db,
                                  (struct gate_conflict_add_in){
                                      .monument_id = request->monument_id, .why = str_of(gate_result_name(s->disputed_why)),
                                      .winner_id = id_or_null(true, s->wins ? row.id : s->prior_id),
                                      .loser_id = lost ? row.id : s->prior_id, .now = s->now},
                                  NULL, fault);
    if (err == OK)
        *ret_id = row.id;
    return err;
}

/* One act, one transaction: if the program ends before it is committed the device sends it again with the same key and
 * finds nothing; if it ends after, the device finds what was stored. Nothing leaves the database. */
static enum err scan_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct scanning *s = argument;
    const struct gate_request *request = s->request;
    *s = (struct scanning){.service = s->service, .caller = s->caller, .request = request, .now = s->now, .at = s->at};
    struct gate_scan_sent_row sent;
    bool again = false;
    enum err err = q_gate_scan_sent(db, arena,
                                    (struct gate_scan_sent_in){.device = request->device, .scan_key = request->key}, &sent,
                                    &again, fault);
    int64_t id = sent.id;
    if (err == OK && again && sent.monument_id != request->monument_id)
        return fault_set(fault, ERR_NOT_FOUND, "a scan of another monument");
    if (err == OK && !again)
        err = read_code(s, db, arena, fault);
    if (err == OK && !again)
        err = find(s, db, arena, fault);
    if (err == OK && !again)
        err = decide(s, db, arena, fault);
    if (err == OK && !again)
        err = take_effect(s, db, arena, fault);
    if (err == OK && !again)
        err = store(s, db, arena, &id, fault);
    return err != OK ? err : gate_answer_in(db, arena, s->caller, request->monument_id, id, &s->answer, fault);
}

static bool is_word(struct str word)
{
    if (word.n < KEY_LEAST || word.n > KEY_MOST)
        return false;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return true;
}

enum err gate_scan(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   const struct gate_request *request, struct gate_answer *ret_answer, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_GATE_SCAN, request->monument_id, fault);
    if (err != OK)
        return err;
    if (!is_word(request->device) || !is_word(request->key) || !utf8_valid(request->gate) || request->counted < 0 ||
        request->counted > 10000 || request->act == GATE_ACT_UNDO)
        return fault_set(fault, ERR_INPUT, "a scan without device and key");
    struct scanning s = {.service = service, .caller = caller, .request = request, .now = service_now(service)};
    /* A clock that goes wrong may not put a scan into the future, nor into another year. */
    s.at = !request->offline || request->at > s.now ? s.now
           : request->at < s.now - LATEST_DAYS * SECONDS_A_DAY ? s.now - LATEST_DAYS * SECONDS_A_DAY : request->at;
    err = service_write(service, arena, scan_write, 0, &s, fault);
    if (err == OK)
        *ret_answer = s.answer;
    return err;
}

/* ---- taking back ---- */

struct undoing {
    const struct staff_caller *caller;
    int64_t monument_id, scan_id;
    struct str reason, device, key;
    instant now;
    enum gate_undo_refusal refusal;
};

static enum gate_undo_refusal undo_refusal(const struct gate_scan_get_row *scan)
{
    return scan->undone > 0 ? GATE_UNDO_BEFORE
           : scan->disputed > 0 ? GATE_UNDO_DISPUTED
           : scan->heads <= 0 || str_eq(scan->act, S("undo")) ? GATE_UNDO_NOBODY : GATE_UNDO_DONE;
}

/* What the act let in goes out again; tickets that it used are good again. */
static enum err take_back(const struct undoing *u, struct db *db, struct arena *arena,
                          const struct gate_scan_get_row *scan, struct gate_leave_row *ret_left, struct fault *fault)
{
    struct gate_scan_add_row row;
    bool found = false;
    enum err err = q_gate_leave(db, arena, (struct gate_leave_in){.visit_id = scan->visit_id.v, .heads = scan->heads},
                                ret_left, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_BUG, "visit %lld has fewer than %lld in", (long long)scan->visit_id.v,
                         (long long)scan->heads);
    if (err == OK)
        err = q_gate_scan_add(
            db, arena,
            (struct gate_scan_add_in){.monument_id = u->monument_id, .device = u->device, .scan_key = u->key,
                                      .gate = scan->gate, .staff_id = u->caller->staff_id, .act = S("undo"),
                                      .number = scan->number, .ticket_id = scan->ticket_id, .visit_id = scan->visit_id,
                                      .result = S("undone"), .counted = scan->heads, .heads = -scan->heads,
                                      .prior_id = {.is = true, .v = u->scan_id}, .reason = u->reason, .told = S(""),
                                      .scanned_at = u->now, .now = u->now},
            &row, NULL, fault);
    return err != OK ? err
                     : q_gate_release(db, (struct gate_release_in){.visit_id = scan->visit_id.v}, NULL, fault);
}

static enum err undo_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct undoing *u = argument;
    struct gate_scan_get_row scan;
    struct gate_scan_sent_row sent;
    struct gate_leave_row left;
    bool found = false, again = false;
    struct gate_scan_get_in in = {.id = u->scan_id, .monument_id = u->monument_id};
    enum err err = q_gate_scan_sent(db, arena, (struct gate_scan_sent_in){.device = u->device, .scan_key = u->key}, &sent,
                                    &again, fault);
    u->refusal = GATE_UNDO_DONE;
    if (err != OK || again)
        return err;
    err = q_gate_scan_get(db, arena, in, &scan, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "scan %lld", (long long)u->scan_id);
    if (err == OK && scan.visit_id.is) { /* locked, then read again */
        err = q_gate_visit_lock(db, (struct gate_visit_lock_in){.id = scan.visit_id.v}, NULL, fault);
        if (err == OK)
            err = q_gate_scan_get(db, arena, in, &scan, NULL, fault);
    }
    if (err != OK)
        return err;
    u->refusal = undo_refusal(&scan);
    if (u->refusal != GATE_UNDO_DONE)
        return OK;
    err = take_back(u, db, arena, &scan, &left, fault);
    if (err != OK)
        return err;
    struct str subject = scan.ticket_id.is ? str_format(arena, "ticket %.*s", STR_ARG(scan.number))
                                           : str_format(arena, "visit %lld", (long long)scan.visit_id.v);
    return staff_audit(db, arena, u->caller, u->now,
                       (struct staff_act){.act = S("gate.undo"), .subject = subject,
                                          .detail = str_format(arena, "scan %lld", (long long)u->scan_id),
                                          .reason = u->reason,
                                          .was = str_format(arena, "%lld", (long long)(left.arrived + scan.heads)),
                                          .became = str_format(arena, "%lld", (long long)left.arrived)},
                       fault);
}

enum err gate_undo(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t monument_id,
                   int64_t scan_id, struct str reason, struct str device, struct str key,
                   enum gate_undo_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_GATE_UNDO, monument_id, fault);
    if (err != OK)
        return err;
    if (!is_word(device) || !is_word(key))
        return fault_set(fault, ERR_INPUT, "an undo without device and key");
    struct undoing u = {.caller = caller, .monument_id = monument_id, .scan_id = scan_id, .reason = str_trim(reason),
                        .device = device, .key = key, .now = service_now(service), .refusal = GATE_UNDO_REASON};
    if (u.reason.n >= REASON_LEAST && u.reason.n <= REASON_MOST && utf8_valid(u.reason))
        err = service_write(service, arena, undo_write, 0, &u, fault);
    if (err == OK)
        *ret_refusal = u.refusal;
    return err;
}

enum err gate_group_scanned(struct db *db, struct arena *arena, int64_t visit_id, bool *ret_scanned, struct fault *fault)
{
    struct gate_arrived_row row = {.arrived = 0};
    enum err err = q_gate_arrived(db, arena, (struct gate_arrived_in){.visit_id = visit_id}, &row, NULL, fault);
    if (err == ERR_NOT_FOUND)
        err = OK;
    if (err == OK)
        *ret_scanned = row.arrived > 0;
    return err;
}
