/* Steps that the tests of closures share: the desk, a bought visit, closing, working off. */
#ifndef GUICHET_TESTS_SERVICE_CLOSURE_H
#define GUICHET_TESTS_SERVICE_CLOSURE_H

#include "contract/service_purchase.h"

#include "base/log.h"
#include "service/closure.h"
#include "service/closure_choice.h"
#include "service/mails.h"

/* One of the operator's people, in the table and as a caller. */
static inline struct staff_caller desk_of(struct stage *stage, enum role role, const int64_t *monuments, size_t count)
{
    stage_script(stage, str_format(stage->arena,
        "INSERT INTO staff (email, email_key, first_name, last_name, lang, role, created_at) VALUES"
        " ('%d@net.example', '%d@net.example', 'Paul', 'Vidal', 'fr', '%s', 0)", (int)role, (int)role, role_name(role)).p);
    return (struct staff_caller){
        .staff_id = stage_number(stage, "SELECT max(id) FROM staff"), .role = role, .monuments = monuments,
        .monument_count = count, .lang = LANG_FR};
}

static inline struct staff_caller desk(struct stage *stage)
{
    return desk_of(stage, ROLE_CUSTOMER_SERVICE, NULL, 0);
}

/* An order by card of one visit at the chapel: 14 euros a person from 20 on, 16 below. Gives the visit. */
static inline int64_t bought(struct stage *stage, struct buyer *buyer, int slot_index, int persons, const char *payment)
{
    assert_int_equal(hold_on(stage, buyer, 1, slot_index, persons, false).refusal, REFUSED_NOT);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, payment);
    assert_int_equal(notify(stage, str_format(stage->arena, "evt_%s", payment).p), SETTLED_CONFIRMED);
    return stage_number(stage, str_format(stage->arena,
        "SELECT v.id FROM visit v JOIN orders o ON o.id = v.order_id WHERE o.ref = '%.*s'", STR_ARG(ref)).p);
}

/* The leader of the buyer's visits has an address. */
static inline void leader_with_mail(struct stage *stage, struct buyer *buyer)
{
    stage_script(stage, str_format(stage->arena,
        "UPDATE leader SET email = 'guide@horizon.example', placeholder = 0 WHERE id = %lld", (long long)buyer->guide).p);
}

static inline struct closure_range the_slot(struct buyer *buyer, int slot_index)
{
    return (struct closure_range){.monument_id = 1, .scope = CLOSURE_SLOT, .start_at = buyer->slots + slot_index * HOUR};
}

static inline struct closure_range the_day(struct stage *stage, struct buyer *buyer)
{
    day_number day = local_of(&stage->service.zone, buyer->slots).day;
    return (struct closure_range){.monument_id = 1, .scope = CLOSURE_DAYS, .from = day, .to = day};
}

static inline int64_t close_it(struct stage *stage, const struct staff_caller *caller, struct closure_range range,
                               const char *key)
{
    struct closure_request request = {.range = range, .reason_fr = S("Fuite d’eau"), .reason_en = S("Water leak"),
                                      .request_key = str_of(key)};
    struct closure_started started = {.refusal = CLOSURE_DATES};
    stage_ok(closure_start(&stage->service, stage->arena, caller, &request, &started, &fault));
    assert_int_equal(started.refusal, CLOSURE_NOT_REFUSED);
    return started.closure_id;
}

static inline void work(struct stage *stage)
{
    int done = 0;
    do {
        stage_ok(closure_work(&stage->service, stage->arena, &done, &fault));
    } while (done > 0);
}

static inline void settle(struct stage *stage)
{
    int done = 0;
    do {
        stage_ok(closure_settle(&stage->service, stage->arena, &done, &fault));
    } while (done > 0);
}

static inline struct closure_progress progress_of(struct stage *stage, const struct staff_caller *caller, int64_t id)
{
    struct closure_progress progress = {.total = -1};
    stage_ok(closure_read(&stage->service, stage->arena, caller, id, &progress, &fault));
    return progress;
}

static inline int64_t count(struct stage *stage, const char *from)
{
    return stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM %s", from).p);
}

/* One column of the list. */
static inline struct str of_row(struct stage *stage, const char *column, int64_t visit_id)
{
    return stage_text(stage, str_format(stage->arena, "SELECT %s FROM closure_visit WHERE visit_id = %lld", column,
                                        (long long)visit_id).p);
}

static inline struct str state_of_visit(struct stage *stage, int64_t visit_id)
{
    return stage_text(stage, str_format(stage->arena, "SELECT state FROM visit WHERE id = %lld", (long long)visit_id).p);
}

/* Composes every mail of the outbox of that kind in both languages; the last one's text. */
static inline struct str mail_text(struct stage *stage, const char *kind, int64_t visit_id, enum lang lang)
{
    struct mail_job job = {.id = 1, .kind = str_of(kind), .visit_id = visit_id, .recipient = S("x@y.example"),
                           .lang = lang, .created_at = stage->now};
    struct mail_message message = {.subject = S("")};
    job.order_id = stage_number(stage, str_format(stage->arena, "SELECT COALESCE(order_id, 0) FROM visit WHERE id = %lld",
                                                  (long long)visit_id).p);
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_true(message.subject.n > 0);
    return message.text;
}

#endif
