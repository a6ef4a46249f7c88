/* The demonstration's requests to a monument without slots (MON-2): one to be answered, one with a proposal, one that is
 * confirmed and can be paid. */
#include "domain/reference.h"
#include "domain/request_state.h"
#include "service/demo_parts.h"
#include "store/queries.h"

enum { FIRST_DAY = 21, APART = 9, TEN = 600, MINUTES_OPEN = 120 };

struct demo_request {
    const char *code; /* of which its reference is made */
    const char *slug;
    int64_t organisation_id, person_id;
    int persons;
    const char *lang, *words, *answer;
    enum request_state state;
};

/* A day on which the monument is open, `ahead` days from now or a little later. */
static day_number open_day(const struct demo *demo, const struct monument *monument, int ahead)
{
    struct opening_rules rules;
    day_number day = demo->today + ahead;
    if (opening_parse(monument->hours_summer, monument->hours_winter, monument->closing_days, &rules, NULL) != OK)
        return day;
    for (int i = 0; i < 14 && opening_of(&rules, day + i).why != CLOSED_NOT; i++)
        ahead++;
    return demo->today + ahead;
}

static enum err add_event(const struct demo *demo, struct db *db, struct arena *arena, int64_t id, const char *act,
                          const struct demo_request *request, instant start, struct fault *fault)
{
    struct request_event_add_row event;
    bool ask = start == 0;
    return q_request_event_add(db, arena, (struct request_event_add_in){
        .request_id = id, .at = demo->now - (ask ? 7200 : 3600), .act = str_of(act),
        .person_id = {.is = ask, .v = request->person_id}, .start_at = {.is = !ask, .v = start},
        .words = str_of(ask ? request->words : request->answer)}, &event, NULL, fault);
}

static enum err add_request(const struct demo *demo, struct db *db, struct arena *arena, const struct demo_request *request,
                            const struct monument *monument, int ahead, struct fault *fault)
{
    const struct settings *settings = &demo->settings;
    day_number day = open_day(demo, monument, ahead);
    instant asked = demo->now - 7200, start = instant_of(&settings->zone, day, TEN + 30);
    struct request_insert_row row;
    char reference[REFERENCE_SIZE];
    if (!reference_make(str_of(request->code), reference))
        return fault_set(fault, ERR_BUG, "reference");
    struct str ref = str_dup(arena, str_of(reference));
    enum err err = q_request_insert(db, arena, (struct request_insert_in){
        .ref = ref, .organisation_id = request->organisation_id, .person_id = request->person_id,
        .monument_id = monument->id, .day = day, .from_minute = TEN, .to_minute = TEN + MINUTES_OPEN,
        .persons = request->persons, .audience = S("adults"), .leader_kind = S("accompanying"),
        .visit_lang = str_of(request->lang),
        .due_at = request_hours_after(&settings->zone, asked, settings->request_answer_hours),
        .remind_at = request_hours_after(&settings->zone, asked, settings->request_remind_hours),
        .request_key = ref, .now = asked}, &row, NULL, fault);
    if (err == OK)
        err = add_event(demo, db, arena, row.id, "ask", request, 0, fault);
    if (err != OK || request->state == REQUEST_ASKED)
        return err;
    bool proposed = request->state == REQUEST_PROPOSED;
    start += proposed ? 4 * 3600 : 0;
    err = q_request_move(db, (struct request_move_in){
        .id = row.id, .was_state = S("asked"), .was_turn = 1, .state = str_of(request_state_name(request->state)),
        .start_at = {.is = true, .v = start},
        .due_at = {.is = proposed, .v = request_hours_after(&settings->zone, demo->now, settings->request_proposal_hours)},
        .pay_until = {.is = !proposed, .v = request_pay_until(&settings->zone, start, settings->request_pay_days_before)},
        .now = demo->now - 3600}, NULL, fault);
    return err != OK ? err : add_event(demo, db, arena, row.id, proposed ? "propose" : "accept", request, start, fault);
}

enum err demo_add_requests(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    struct person_by_email_row agency;
    size_t accounts = 0;
    enum err err = q_person_by_email(db, arena, (struct person_by_email_in){
        .email_key = demo_accounts(&accounts)[0].email}, &agency, NULL, fault);
    if (err != OK)
        return err;
    const struct demo_customer *hamburg = &demo->customers[3];
    const struct demo_request requests[] = {
        {"DEMAND2", "basilique-saint-denis", hamburg->organisation_id, hamburg->person_id, 34, "de",
         "We arrive by coach from Lille and could come at any time of the morning.", "", REQUEST_ASKED},
        {"DEMAND3", "basilique-saint-denis", agency.organisation_id, agency.id, 28, "fr",
         "Groupe d’amis du patrimoine, deux personnes en fauteuil roulant.",
         "Une messe a lieu le matin : nous vous accueillons volontiers l’après-midi.", REQUEST_PROPOSED},
        {"DEMAND4", "basilique-saint-denis", agency.organisation_id, agency.id, 25, "en", "",
         "Bienvenue ! Rendez-vous à l’accueil du transept sud.", REQUEST_ACCEPTED},
    };
    for (size_t i = 0; err == OK && i < sizeof requests / sizeof *requests; i++)
        for (size_t m = 0; err == OK && m < demo->monument_count; m++)
            if (str_eq(demo->monuments[m].slug, str_of(requests[i].slug)))
                err = add_request(demo, db, arena, &requests[i], &demo->monuments[m], FIRST_DAY + (int)i * APART, fault);
    return err;
}
