/* The monument's side of requests, and customer service's: accept, propose, decline, cancel, say something. */
#include "service/request.h"

#include "service/request_parts.h"
#include "service/staff_session.h"

struct answering {
    const struct staff_caller *caller;
    struct str ref;
    struct request_change change;
    bool words_only;
};

/* Every act of the operator's people: who, why, before, after (OPS-1). */
static enum err note_act(struct db *db, struct arena *arena, const struct answering *answering,
                         const struct request_one_row *row, struct fault *fault)
{
    const struct request_change *change = &answering->change;
    struct str became = answering->words_only ? row->state : str_of(request_state_name(change->became));
    if (change->start_at != 0)
        became = str_format(arena, "%.*s %lld", STR_ARG(became), (long long)change->start_at);
    return staff_audit(db, arena, answering->caller, change->now, (struct staff_act){
        .act = answering->words_only ? S("request.message")
                                     : str_format(arena, "request.%s", request_act_name(change->act)),
        .subject = answering->ref, .organisation_id = row->organisation_id, .reason = change->words, .was = row->state,
        .became = became}, fault);
}

static enum err answer_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct answering *answering = argument;
    struct request_change *change = &answering->change;
    struct request_one_row row;
    change->now = service_now(change->service);
    change->refusal = REQUEST_REFUSED_NOT;
    enum err err = request_find(db, arena, answering->ref, &row, fault);
    if (err == OK) /* another monument's request: not found */
        err = permit_staff(answering->caller, TASK_REQUEST_ANSWER, row.monument_id, fault);
    if (err == OK)
        err = answering->words_only ? request_add_words(db, arena, &row, change, fault)
                                    : request_apply(db, arena, &row, change, fault);
    if (err != OK || change->before)
        return err;
    err = answering->words_only
              ? request_mail_customer(db, arena, &row, "request-words", change->event_id, change->now, fault)
              : request_mail_change(db, arena, &row, change, fault);
    return err != OK ? err : note_act(db, arena, answering, &row, fault);
}

static enum err run(struct answering *answering, struct service *service, struct arena *arena,
                    enum request_refusal *ret_refusal, struct fault *fault)
{
    answering->change.service = service;
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

enum err request_desk_answer(struct service *service, struct arena *arena, const struct staff_caller *caller,
                             const struct request_answer *answer, enum request_refusal *ret_refusal,
                             struct fault *fault)
{
    bool all = false;
    enum err err = permit_staff_list(caller, TASK_REQUEST_ANSWER, &all, fault);
    if (err != OK)
        return err;
    bool own = answer->act == REQUEST_ACCEPT || answer->act == REQUEST_PROPOSE || answer->act == REQUEST_DECLINE ||
               answer->act == REQUEST_CANCEL;
    if (!own || answer->turn <= 0)
        return fault_set(fault, ERR_INPUT, "not an act of a monument");
    bool fixes = answer->act == REQUEST_ACCEPT || answer->act == REQUEST_PROPOSE;
    struct answering answering = {.caller = caller, .ref = answer->ref,
                                  .change = {.act = answer->act, .turn = answer->turn, .words = answer->words,
                                             .start_at = fixes ? answer->start_at : 0, .key = answer->request_key}};
    return run(&answering, service, arena, ret_refusal, fault);
}

enum err request_desk_say(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct str ref, struct str words, struct str request_key,
                          enum request_refusal *ret_refusal, struct fault *fault)
{
    bool all = false;
    enum err err = permit_staff_list(caller, TASK_REQUEST_ANSWER, &all, fault);
    if (err != OK)
        return err;
    struct answering answering = {.caller = caller, .ref = ref, .words_only = true,
                                  .change = {.words = words, .key = request_key}};
    return run(&answering, service, arena, ret_refusal, fault);
}
