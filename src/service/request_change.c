/* Changing a request, whoever does it: the check, the one conditional UPDATE, the event. */
#include "service/request_parts.h"

#include "service/pricing.h"

static enum err refuse(struct request_change *change, enum request_refusal refusal)
{
    change->refusal = refusal;
    return ERR_REFUSED;
}

static struct maybe_int id_or_null(int64_t id)
{
    return (struct maybe_int){.is = id != 0, .v = id};
}

struct str request_name(struct arena *arena, struct str first, struct str last)
{
    return str_trim(str_format(arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last)));
}

enum err request_find(struct db *db, struct arena *arena, struct str ref, struct request_one_row *ret_row,
                      struct fault *fault)
{
    bool found = false;
    enum err err = q_request_one(db, arena, (struct request_one_in){.ref = ref}, ret_row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "request");
    err = q_request_lock(db, (struct request_lock_in){.id = ret_row->id}, NULL, fault);
    /* Read again behind the lock: what another server has just committed is seen. */
    return err != OK ? err : q_request_one(db, arena, (struct request_one_in){.ref = ref}, ret_row, NULL, fault);
}

enum err request_own(const struct request_one_row *row, int64_t organisation_id, struct fault *fault)
{
    return row->organisation_id == organisation_id ? OK : fault_set(fault, ERR_NOT_FOUND, "request");
}

/* Pages have one key for their several forms: what is done once is an act of the page. */
static struct maybe_str key_of(struct arena *arena, const char *act, struct str key)
{
    return (struct maybe_str){.is = key.n > 0, .v = str_format(arena, "%s %.*s", act, STR_ARG(key))};
}

enum err request_note(struct db *db, struct arena *arena, int64_t request_id, const char *act,
                      const struct request_change *change, int64_t *ret_event_id, struct fault *fault)
{
    struct request_event_add_row event;
    enum err err = q_request_event_add(db, arena, (struct request_event_add_in){
        .request_id = request_id, .at = change->now, .act = str_of(act), .person_id = id_or_null(change->person_id),
        .staff_id = id_or_null(change->staff_id), .start_at = id_or_null(change->start_at), .words = change->words,
        .request_key = key_of(arena, act, change->key)}, &event, NULL, fault);
    if (err == OK)
        *ret_event_id = event.id;
    return err;
}

/* The same form again, whatever became of the request since: it did what it did. */
static enum err done_before(struct db *db, struct arena *arena, int64_t request_id, struct request_change *change,
                            const char *act, struct fault *fault)
{
    struct request_event_by_key_row event;
    bool found = false;
    change->before = false;
    if (str_empty(change->key))
        return OK;
    enum err err = q_request_event_by_key(db, arena, (struct request_event_by_key_in){
        .request_id = request_id, .request_key = key_of(arena, act, change->key).v}, &event, &found, fault);
    change->before = err == OK && found;
    return err;
}

enum err request_price(struct db *db, struct arena *arena, const struct settings *settings,
                       const struct request_one_row *row, day_number today, struct price *ret_price, bool *ret_given,
                       struct fault *fault)
{
    struct monument_for_sale_row monument;
    bool found = false;
    *ret_given = false;
    enum err err = q_monument_for_sale(db, arena, (struct monument_for_sale_in){.id = row->monument_id}, &monument,
                                       &found, fault);
    if (err != OK || !found || !str_eq(monument.sale_mode, S("contact")))
        return err;
    bool school_online = monument.school_online.is && monument.school_online.v != 0;
    if (!str_eq(row->audience, S("adults")) && !school_online)
        return OK;
    return price_visit(db, arena, settings, (struct priced){
        .audience = row->audience, .leader_kind = row->leader_kind, .monument_id = row->monument_id,
        .persons = (int)row->persons, .day = today}, ret_price, ret_given, fault);
}

/* What a change does besides the state. */
struct becoming {
    enum request_state state;
    struct maybe_int start_at, due_at, pay_until;
};

/* A visit that becomes confirmed: until when it can be paid online, if at all. */
static enum err confirm(struct db *db, struct arena *arena, const struct settings *settings,
                        const struct request_one_row *row, const struct request_change *change,
                        struct becoming *becoming, bool *ret_online, struct fault *fault)
{
    const struct zone *zone = &change->service->zone;
    instant until = request_pay_until(zone, becoming->start_at.v, settings->request_pay_days_before);
    struct price price;
    bool given = false;
    enum err err = request_price(db, arena, settings, row, service_day(change->service, change->now), &price, &given,
                                 fault);
    *ret_online = given && until > change->now;
    becoming->pay_until = (struct maybe_int){.is = *ret_online, .v = until};
    return err;
}

static bool in_window(const struct zone *zone, const struct request_one_row *row, instant start)
{
    struct local_time local = local_of(zone, start);
    return local.day == row->day && local.minute >= row->from_minute && local.minute <= row->to_minute;
}

static enum err plan(struct db *db, struct arena *arena, const struct request_one_row *row,
                     struct request_change *change, struct becoming *becoming, struct fault *fault)
{
    enum request_state state = REQUEST_LAPSED;
    struct settings settings;
    bool online = false;
    if (!request_state_parse(row->state, &state))
        return fault_set(fault, ERR_BUG, "request %lld has an unknown state", (long long)row->id);
    *becoming = (struct becoming){.start_at = row->start_at, .pay_until = row->pay_until};
    if (!request_after(state, change->act, true, &becoming->state))
        return refuse(change, REQUEST_REFUSED_IMPOSSIBLE);
    enum err err = settings_read(db, arena, &settings, fault);
    if (err != OK)
        return err;
    const struct zone *zone = &change->service->zone;
    if (change->act == REQUEST_ACCEPT || change->act == REQUEST_PROPOSE) {
        if (change->start_at <= change->now ||
            (change->act == REQUEST_ACCEPT && !in_window(zone, row, change->start_at)))
            return refuse(change, REQUEST_REFUSED_TIME);
        becoming->start_at = (struct maybe_int){.is = true, .v = change->start_at};
    }
    if (change->act == REQUEST_TAKE) {
        if (row->start_at.v <= change->now)
            return refuse(change, REQUEST_REFUSED_TIME);
        change->start_at = row->start_at.v;
    }
    if (becoming->state == REQUEST_PROPOSED) {
        instant due = request_hours_after(zone, change->now, settings.request_proposal_hours);
        becoming->due_at = (struct maybe_int){.is = true, .v = due < change->start_at ? due : change->start_at};
    } else if (becoming->state == REQUEST_ACCEPTED) {
        err = confirm(db, arena, &settings, row, change, becoming, &online, fault);
        (void)request_after(state, change->act, online, &becoming->state);
    }
    return err;
}

/* The tickets that lie in a cart for a visit that does not take place leave it. */
static enum err release(struct db *db, struct arena *arena, const struct request_one_row *row,
                        struct request_change *change, struct fault *fault)
{
    struct visit_of_row visit;
    struct visit_release_row released;
    bool found = false;
    if (!row->visit_id.is || (change->act != REQUEST_WITHDRAW && change->act != REQUEST_CANCEL))
        return OK;
    enum err err = q_visit_of(db, arena, (struct visit_of_in){.id = row->visit_id.v,
        .organisation_id = row->organisation_id}, &visit, &found, fault);
    if (err != OK || !found || !str_eq(visit.state, S("cart")))
        return err;
    if (visit.order_id.is)
        return refuse(change, REQUEST_REFUSED_PAYING);
    err = q_visit_release(db, arena, (struct visit_release_in){.id = row->visit_id.v,
        .organisation_id = row->organisation_id, .state = S("cancelled"), .now = change->now}, &released, &found,
        fault);
    return err == OK && !found ? fault_set(fault, ERR_BUSY, "the tickets have changed meanwhile") : err;
}

enum err request_apply(struct db *db, struct arena *arena, const struct request_one_row *row,
                       struct request_change *change, struct fault *fault)
{
    struct becoming becoming;
    int64_t changed = 0;
    change->refusal = REQUEST_REFUSED_NOT;
    enum err err = done_before(db, arena, row->id, change, request_act_name(change->act), fault);
    if (err != OK || change->before)
        return err;
    if (change->turn != 0 && change->turn != row->turn)
        return refuse(change, REQUEST_REFUSED_CHANGED);
    bool must_say = change->act == REQUEST_DECLINE || change->act == REQUEST_CANCEL;
    if (change->words.n > REQUEST_WORDS_MOST || (must_say && str_empty(change->words)))
        return refuse(change, REQUEST_REFUSED_WORDS);
    err = plan(db, arena, row, change, &becoming, fault);
    if (err == OK)
        err = release(db, arena, row, change, fault);
    if (err != OK)
        return err;
    err = q_request_move(db, (struct request_move_in){
        .id = row->id, .was_state = row->state, .was_turn = row->turn,
        .state = str_of(request_state_name(becoming.state)), .start_at = becoming.start_at, .due_at = becoming.due_at,
        .pay_until = becoming.pay_until, .now = change->now}, &changed, fault);
    if (err != OK)
        return err;
    if (changed != 1)
        return refuse(change, REQUEST_REFUSED_CHANGED);
    change->became = becoming.state;
    return request_note(db, arena, row->id, request_act_name(change->act), change, &change->event_id, fault);
}

enum err request_add_words(struct db *db, struct arena *arena, const struct request_one_row *row,
                           struct request_change *change, struct fault *fault)
{
    struct request_event_count_row events;
    change->refusal = REQUEST_REFUSED_NOT;
    enum err err = done_before(db, arena, row->id, change, "message", fault);
    if (err != OK || change->before)
        return err;
    if (str_empty(change->words) || change->words.n > REQUEST_WORDS_MOST)
        return refuse(change, REQUEST_REFUSED_WORDS);
    err = q_request_event_count(db, arena, (struct request_event_count_in){.request_id = row->id}, &events, NULL,
                                fault);
    if (err != OK)
        return err;
    if (events.n >= REQUEST_EVENTS_MOST)
        return refuse(change, REQUEST_REFUSED_TALK);
    return request_note(db, arena, row->id, "message", change, &change->event_id, fault);
}
