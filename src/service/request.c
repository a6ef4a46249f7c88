/* The customer's side of requests: asking, answering, saying something. */
#include "service/request.h"

#include "base/limits.h"
#include "domain/reference.h"
#include "service/audit.h"
#include "service/catalogue.h"
#include "service/request_parts.h"

const char *const request_languages[REQUEST_LANGUAGES] = {"fr", "en", "de", "es", "it", "nl", "pt", "ja", "zh"};

const char *request_refusal_word(enum request_refusal refusal)
{
    static const char *const words[] = {"", "sale", "closed", "soon", "far", "window", "number", "cap", "leader",
                                        "changed", "impossible", "time", "words", "talk", "paying", "online"};
    return words[refusal];
}

/* ---- Asking ----------------------------------------------------------------------------------------------------- */

struct asking {
    struct service *service;
    const struct caller *caller;
    const struct request_wish *wish;
    struct settings settings;
    instant now;
    struct request_asked asked;
};

static enum err refuse(struct asking *asking, enum request_refusal refusal, int64_t number)
{
    asking->asked.refusal = refusal;
    asking->asked.number = number;
    return ERR_REFUSED;
}

static bool open_within(const struct opening *opening, int from, int to)
{
    for (size_t i = 0; i < opening->count; i++)
        if (from < opening->intervals[i].to && to >= opening->intervals[i].from)
            return true;
    return false;
}

/* The monument's own days and hours. Hours that cannot be read, or that are on request, are the monument's to judge. */
static enum err check_day(struct asking *asking, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct request_wish *wish = asking->wish;
    struct monument monument;
    enum err err = monument_by_id(db, arena, wish->monument_id, &monument, fault);
    if (err != OK)
        return err;
    struct opening_rules *rules = ARENA_NEW(arena, struct opening_rules);
    if (opening_parse(monument.hours_summer, monument.hours_winter, monument.closing_days, rules, NULL) != OK)
        return OK;
    struct opening opening = opening_of(rules, wish->day);
    if (opening.why != CLOSED_NOT && opening.why != CLOSED_ON_REQUEST) {
        asking->asked.closed = opening.why;
        return refuse(asking, REQUEST_REFUSED_CLOSED, 0);
    }
    if (opening.why == CLOSED_NOT && !open_within(&opening, wish->from, wish->to))
        return refuse(asking, REQUEST_REFUSED_WINDOW, 0);
    return OK;
}

static bool known_language(struct str code)
{
    for (int i = 0; i < REQUEST_LANGUAGES; i++)
        if (str_eq(code, str_of(request_languages[i])))
            return true;
    return false;
}

static enum err check_wish(struct asking *asking, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct request_wish *wish = asking->wish;
    const struct settings *settings = &asking->settings;
    struct monument_for_sale_row monument;
    bool found = false;
    enum err err = q_monument_for_sale(db, arena, (struct monument_for_sale_in){.id = wish->monument_id}, &monument,
                                       &found, fault);
    if (err != OK)
        return err;
    if (!found || !str_eq(monument.sale_mode, S("contact")))
        return refuse(asking, REQUEST_REFUSED_SALE, 0);
    if (wish->persons < 1 || wish->persons > LIMIT_VISIT_PERSONS)
        return refuse(asking, REQUEST_REFUSED_NUMBER, LIMIT_VISIT_PERSONS);
    if (wish->words.n > REQUEST_WORDS_MOST || !utf8_valid(wish->words))
        return refuse(asking, REQUEST_REFUSED_WORDS, REQUEST_WORDS_MOST);
    day_number today = service_day(asking->service, asking->now);
    int64_t lead = settings->request_lead_days > 0 ? settings->request_lead_days : 1; /* today lapses at once */
    if (wish->day < today + lead)
        return refuse(asking, REQUEST_REFUSED_SOON, lead);
    if (wish->day > today + settings->request_horizon_days)
        return refuse(asking, REQUEST_REFUSED_FAR, settings->request_horizon_days);
    if (wish->from < 0 || wish->to > MINUTES_A_DAY || wish->from >= wish->to || !known_language(wish->visit_lang))
        return refuse(asking, REQUEST_REFUSED_WINDOW, 0);
    return check_day(asking, db, arena, fault);
}

static enum err check_leader(struct asking *asking, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct request_wish *wish = asking->wish;
    struct leader_usable_row leader;
    bool found = false;
    if (wish->leader_id == 0)
        return OK;
    enum err err = q_leader_usable(db, arena, (struct leader_usable_in){
        .id = wish->leader_id, .organisation_id = asking->caller->organisation_id}, &leader, &found, fault);
    if (err != OK)
        return err;
    bool right_kind = wish->leader == LEADER_ACCOMPANYING || (found && str_eq(leader.kind, S("guide")));
    return found && right_kind && wish->leader != LEADER_NONE ? OK : refuse(asking, REQUEST_REFUSED_LEADER, 0);
}

/* A rule of good conduct, not an invariant: two servers at the same moment may let one too many through. */
static enum err check_cap(struct asking *asking, struct db *db, struct arena *arena, struct fault *fault)
{
    struct request_live_row live;
    enum err err = q_request_live(db, arena, (struct request_live_in){
        .organisation_id = asking->caller->organisation_id}, &live, NULL, fault);
    if (err == OK && live.n >= asking->settings.request_live_max)
        return refuse(asking, REQUEST_REFUSED_CAP, asking->settings.request_live_max);
    return err;
}

static enum err insert(struct asking *asking, struct db *db, struct arena *arena, struct fault *fault)
{
    const struct request_wish *wish = asking->wish;
    const struct zone *zone = &asking->service->zone;
    char reference[REFERENCE_SIZE];
    if (!reference_make(random_code(&asking->service->random, arena, REFERENCE_RANDOM), reference))
        return fault_set(fault, ERR_BUG, "reference");
    struct str ref = str_dup(arena, str_of(reference));
    /* Nobody waits for an answer longer than until the day itself. */
    instant last = instant_of(zone, wish->day, 0);
    instant due = request_hours_after(zone, asking->now, asking->settings.request_answer_hours);
    instant remind = request_hours_after(zone, asking->now, asking->settings.request_remind_hours);
    struct request_insert_row row;
    enum err err = q_request_insert(db, arena, (struct request_insert_in){
        .ref = ref, .organisation_id = asking->caller->organisation_id, .person_id = asking->caller->person_id,
        .monument_id = wish->monument_id, .day = wish->day, .from_minute = wish->from, .to_minute = wish->to,
        .persons = wish->persons, .audience = str_of(audience_name(wish->audience)),
        .leader_kind = str_of(leader_kind_name(wish->leader)),
        .leader_id = {.is = wish->leader_id != 0, .v = wish->leader_id}, .visit_lang = wish->visit_lang,
        .due_at = due < last ? due : last, .remind_at = remind < last ? remind : last,
        .request_key = wish->request_key, .now = asking->now}, &row, NULL, fault);
    if (err != OK)
        return err;
    struct request_change change = {.person_id = asking->caller->person_id, .staff_id = asking->caller->staff_id,
                                    .words = wish->words, .now = asking->now};
    err = request_note(db, arena, row.id, "ask", &change, &change.event_id, fault);
    if (err != OK)
        return err;
    struct request_one_row one;
    err = q_request_one(db, arena, (struct request_one_in){.ref = ref}, &one, NULL, fault);
    if (err == OK)
        err = request_mail_monument(db, arena, &one, "request-new", change.event_id, asking->now, fault);
    if (err == OK)
        err = request_mail_customer(db, arena, &one, "request-asked", change.event_id, asking->now, fault);
    asking->asked.ref = ref;
    return err;
}

static enum err ask_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct asking *asking = argument;
    struct request_by_key_row before;
    bool found = false;
    asking->asked = (struct request_asked){.closed = CLOSED_NOT};
    asking->now = service_now(asking->service);
    enum err err = q_request_by_key(db, arena, (struct request_by_key_in){
        .organisation_id = asking->caller->organisation_id, .request_key = asking->wish->request_key}, &before, &found,
        fault);
    if (err != OK || found) {
        asking->asked.ref = found ? before.ref : S("");
        return err;
    }
    err = settings_read(db, arena, &asking->settings, fault);
    if (err == OK)
        err = check_wish(asking, db, arena, fault);
    if (err == OK)
        err = check_leader(asking, db, arena, fault);
    if (err == OK)
        err = check_cap(asking, db, arena, fault);
    if (err == OK)
        err = insert(asking, db, arena, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = asking->now, .person_id = asking->caller->person_id, .staff_id = asking->caller->staff_id,
        .organisation_id = asking->caller->organisation_id, .act = S("request.ask"), .subject = asking->asked.ref},
        fault);
}

enum err request_ask(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct request_wish *wish, struct request_asked *ret_asked, struct fault *fault)
{
    enum err err = permit(caller, TASK_REQUEST, fault);
    if (err != OK)
        return err;
    struct asking asking = {.service = service, .caller = caller, .wish = wish};
    err = service_write(service, arena, ask_command, 0, &asking, fault);
    if (err == ERR_CONFLICT) /* the same form twice at the same moment: the second finds what the first made */
        err = service_write(service, arena, ask_command, 0, &asking, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_asked = asking.asked;
    return OK;
}

/* ---- Answering -------------------------------------------------------------------------------------------------- */

struct answering {
    const struct caller *caller;
    struct str ref;
    struct request_change change;
    bool words_only;
};

static enum err answer_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct answering *answering = argument;
    struct request_change *change = &answering->change;
    struct request_one_row row;
    change->now = service_now(change->service);
    change->refusal = REQUEST_REFUSED_NOT;
    enum err err = request_find(db, arena, answering->ref, &row, fault);
    if (err == OK)
        err = request_own(&row, answering->caller->organisation_id, fault);
    if (err != OK)
        return err;
    if (answering->words_only) {
        err = request_add_words(db, arena, &row, change, fault);
        return err != OK || change->before
                   ? err : request_mail_monument(db, arena, &row, "request-words-desk", change->event_id, change->now, fault);
    }
    err = request_apply(db, arena, &row, change, fault);
    if (err != OK || change->before)
        return err;
    err = request_mail_change(db, arena, &row, change, fault);
    if (err != OK)
        return err;
    return audit_add(db, arena, (struct audit_row){
        .at = change->now, .person_id = answering->caller->person_id, .staff_id = answering->caller->staff_id,
        .organisation_id = row.organisation_id,
        .act = str_format(arena, "request.%s", request_act_name(change->act)), .subject = answering->ref,
        .was = row.state, .became = str_of(request_state_name(change->became))}, fault);
}

static enum err run(struct answering *answering, struct service *service, struct arena *arena,
                    enum request_refusal *ret_refusal, struct fault *fault)
{
    answering->change.service = service;
    answering->change.person_id = answering->caller->person_id;
    answering->change.staff_id = answering->caller->staff_id;
    enum err err = service_write(service, arena, answer_command, 0, answering, fault);
    if (err == ERR_CONFLICT) /* the same form twice at the same moment */
        err = service_write(service, arena, answer_command, 0, answering, fault);
    if (err == OK || (err == ERR_REFUSED && answering->change.refusal != REQUEST_REFUSED_NOT)) {
        *ret_refusal = answering->change.refusal;
        return OK;
    }
    return err;
}

enum err request_answer(struct service *service, struct arena *arena, const struct caller *caller,
                        const struct request_answer *answer, enum request_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit(caller, TASK_REQUEST, fault);
    if (err != OK)
        return err;
    bool own = answer->act == REQUEST_TAKE || answer->act == REQUEST_LEAVE || answer->act == REQUEST_WITHDRAW ||
               answer->act == REQUEST_CHOOSE_TILL;
    if (!own || answer->turn <= 0)
        return fault_set(fault, ERR_INPUT, "not an act of a customer");
    struct answering answering = {.caller = caller, .ref = answer->ref,
                                  .change = {.act = answer->act, .turn = answer->turn, .words = answer->words,
                                             .key = answer->request_key}};
    return run(&answering, service, arena, ret_refusal, fault);
}

enum err request_say(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                     struct str words, struct str request_key, enum request_refusal *ret_refusal, struct fault *fault)
{
    enum err err = permit(caller, TASK_REQUEST, fault);
    if (err != OK)
        return err;
    struct answering answering = {.caller = caller, .ref = ref, .words_only = true,
                                  .change = {.words = words, .key = request_key}};
    return run(&answering, service, arena, ret_refusal, fault);
}
