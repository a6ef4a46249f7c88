/* What time does to requests, as a job: the monument is reminded, then customer service takes over; what nobody answered
 * lapses; online payment closes. Each step is a transaction of its own with its row or its change of state, so that
 * a crash between two of them repeats none and leaves none out. */
#include "service/request_parts.h"

struct timers {
    struct service *service;
    instant now;
    struct requests_to_remind_list remind;
    struct requests_to_escalate_list escalate;
    struct requests_to_lapse_list lapse;
    struct requests_to_close_list close;
};

static enum err read_due(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct timers *t = argument;
    enum err err = q_requests_to_lapse(db, arena, (struct requests_to_lapse_in){
        .now = t->now, .today = service_day(t->service, t->now)}, &t->lapse, fault);
    if (err == OK)
        err = q_requests_to_escalate(db, arena, (struct requests_to_escalate_in){.now = t->now}, &t->escalate, fault);
    if (err == OK)
        err = q_requests_to_remind(db, arena, (struct requests_to_remind_in){.now = t->now}, &t->remind, fault);
    if (err == OK)
        err = q_requests_to_close(db, arena, (struct requests_to_close_in){.now = t->now}, &t->close, fault);
    return err;
}

/* One step of one request. */
struct step {
    struct service *service;
    int64_t request_id;
    instant now;
    enum request_act act; /* of `move` */
    const char *name;     /* of `notice`: as stored */
    bool done;
};

static enum err find(struct db *db, struct arena *arena, const struct step *step, struct request_one_row *ret_row,
                     struct fault *fault)
{
    struct request_by_id_row row;
    enum err err = q_request_by_id(db, arena, (struct request_by_id_in){.id = step->request_id}, &row, NULL, fault);
    return err != OK ? err : request_find(db, arena, row.ref, ret_row, fault);
}

/* Reminder and escalation: only while the monument has not answered. */
static enum err notice_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct step *step = argument;
    struct request_one_row row;
    int64_t added = 0;
    step->done = false;
    enum err err = find(db, arena, step, &row, fault);
    if (err != OK || !str_eq(row.state, S("asked")))
        return err;
    err = q_request_notice_add(db, (struct request_notice_add_in){
        .request_id = row.id, .step = str_of(step->name), .now = step->now}, &added, fault);
    if (err != OK || added == 0) /* another server was quicker */
        return err;
    step->done = true;
    bool escalation = str_eq(str_of(step->name), S("escalation"));
    struct request_change change = {.now = step->now};
    err = request_note(db, arena, row.id, escalation ? "escalate" : "remind", &change, &change.event_id, fault);
    if (err != OK)
        return err;
    if (!escalation)
        return request_mail_monument(db, arena, &row, "request-reminder", change.event_id, step->now, fault);
    err = q_request_escalate(db, (struct request_escalate_in){.id = row.id, .now = step->now}, NULL, fault);
    return err != OK ? err : request_mail_service(db, arena, &row, "request-escalated", change.event_id, step->now, fault);
}

/* Lapse, and the end of online payment: looked at again inside the transaction, since a person may have been quicker. */
static enum err move_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct step *step = argument;
    struct request_one_row row;
    step->done = false;
    enum err err = find(db, arena, step, &row, fault);
    if (err != OK)
        return err;
    day_number today = service_day(step->service, step->now);
    bool lapses = (str_eq(row.state, S("asked")) && row.day <= today) ||
                  (str_eq(row.state, S("proposed")) && row.due_at.v <= step->now);
    bool closes = str_eq(row.state, S("accepted")) && row.pay_until.v <= step->now;
    if (step->act == REQUEST_LET_LAPSE ? !lapses : !closes)
        return OK;
    struct request_change change = {.service = step->service, .act = step->act, .now = step->now};
    err = request_apply(db, arena, &row, &change, fault);
    if (err == OK)
        err = request_mail_change(db, arena, &row, &change, fault);
    step->done = err == OK;
    return err;
}

/* One that fails must not stop the others: its error is kept and told at the end. */
struct outcome {
    int done;
    enum err first;
};

static void run(struct timers *t, struct arena *arena, write_command command, struct step step, struct outcome *outcome,
                struct fault *fault)
{
    struct fault own = {.err = OK};
    step.service = t->service;
    step.now = t->now;
    enum err err = service_write(t->service, arena, command, 0, &step, &own);
    outcome->done += err == OK && step.done;
    if (err != OK && outcome->first == OK) {
        outcome->first = err;
        if (fault != NULL)
            *fault = own;
    }
}

enum err request_run_timers(struct service *service, struct arena *arena, int *ret_done, struct fault *fault)
{
    struct timers t = {.service = service, .now = service_now(service)};
    struct outcome outcome = {.first = service_read(service, arena, read_due, &t, fault)};
    if (outcome.first != OK)
        return outcome.first;
    for (size_t i = 0; i < t.lapse.n; i++)
        run(&t, arena, move_command, (struct step){.request_id = t.lapse.p[i].id, .act = REQUEST_LET_LAPSE}, &outcome,
            fault);
    for (size_t i = 0; i < t.escalate.n; i++)
        run(&t, arena, notice_command, (struct step){.request_id = t.escalate.p[i].id, .name = "escalation"}, &outcome,
            fault);
    for (size_t i = 0; i < t.remind.n; i++)
        run(&t, arena, notice_command, (struct step){.request_id = t.remind.p[i].id, .name = "reminder"}, &outcome,
            fault);
    for (size_t i = 0; i < t.close.n; i++)
        run(&t, arena, move_command, (struct step){.request_id = t.close.p[i].id, .act = REQUEST_CLOSE_ONLINE},
            &outcome, fault);
    *ret_done = outcome.done;
    return outcome.done > 0 ? OK : outcome.first;
}
