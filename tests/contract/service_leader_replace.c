/* Who accompanies a confirmed visit is replaced until the gate lets the group in (COM-5); a guide's card. */
#include "contract/service_order_change.h"

#include <pthread.h>

#include "base/log.h"
#include "service/leader_replace.h"

static int64_t leader_new(struct stage *stage, struct buyer *buyer, enum leader_kind kind, const char *name)
{
    struct leader_answer answer = {0};
    stage_ok(leader_create(&stage->service, stage->arena, buyer->caller, (struct leader_fields){
        .kind = kind, .last_name = str_of(name), .first_name = S("Jo"),
        .email = str_format(stage->arena, "%s@guides.example", name), .phone = S("+33612345678")}, &answer, &fault));
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    return answer.id;
}

static enum replace_refusal replace_with(struct stage *stage, const struct caller *caller, struct str ref,
                                         int64_t visit_id, int64_t leader_id, const char *key)
{
    struct leader_replacement replacement = {.order_ref = ref, .visit_id = visit_id, .leader_id = leader_id,
                                             .request_key = str_of(key)};
    enum replace_refusal refusal = REPLACE_NOT_REFUSED;
    stage_ok(leader_replace(&stage->service, stage->arena, caller, &replacement, &refusal, &fault));
    return refusal;
}

static int64_t leader_now(struct stage *stage)
{
    return stage_number(stage, "SELECT leader_id FROM visit WHERE state = 'confirmed'");
}

STAGED(the_new_one_gets_the_visit_and_the_old_one_is_told)
{
    struct buyer *buyer = open_shop(stage);
    stage->service.documents = &no_documents;
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage), martin = leader_new(stage, buyer, LEADER_ACCOMPANYING, "martin"),
            dubois = leader_new(stage, buyer, LEADER_ACCOMPANYING, "dubois");
    /* The placeholder has no address: nobody is told that it goes. */
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "a"), REPLACE_NOT_REFUSED);
    assert_int_equal(leader_now(stage), martin);
    assert_int_equal(count(stage, "outbox WHERE kind = 'leader-released'"), 0);
    struct mail_message told = mail_of_kind(stage, "leader-visit");
    assert_string_equal(told.to.p, "martin@guides.example");
    assert_int_equal(told.attachment_count, 1);
    assert_true(str_has(told.text, S("Chapelle")));
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, dubois, "b"), REPLACE_NOT_REFUSED);
    struct mail_message gone = mail_of_kind(stage, "leader-released");
    assert_string_equal(gone.to.p, "martin@guides.example");
    assert_int_equal(gone.attachment_count, 0);
    assert_false(str_has(gone.text, S("dubois"))); /* nor by whom */
    /* The first form again undoes nothing. */
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "a"), REPLACE_NOT_REFUSED);
    assert_int_equal(leader_now(stage), dubois);
    assert_int_equal(count(stage, "leader_change"), 2);
    assert_int_equal(count(stage, "ticket WHERE state = 'valid'"), 20); /* the tickets stay */
    assert_int_equal(count(stage, "audit WHERE act = 'visit.leader' AND was = 'Jo martin'"
                                  " AND became = 'Jo dubois'"), 1);
    assert_healthy(stage);
}

STAGED(every_refusal_leaves_the_leader)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage), martin = leader_new(stage, buyer, LEADER_ACCOMPANYING, "martin");
    int64_t before = leader_now(stage);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    int64_t foreign = leader_new(stage, other, LEADER_ACCOMPANYING, "foreign");
    stage->service.payer = &buyer->fake.port;
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, 0, "1"), REPLACE_MISSING);
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, foreign, "2"), REPLACE_MISSING);
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, before, "3"), REPLACE_SAME);
    struct leader_replacement replacement = {.order_ref = ref, .visit_id = visit_id, .leader_id = foreign,
                                             .request_key = S("4")};
    enum replace_refusal refusal;
    ASSERT_ERR(leader_replace(&stage->service, stage->arena, &other->caller, &replacement, &refusal, NULL),
               ERR_NOT_FOUND);
    /* A guided visit needs a guide: its price and its size depend on it. */
    stage_script(stage, "UPDATE visit SET leader_kind = 'guide'");
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "5"), REPLACE_KIND);
    stage_script(stage, "UPDATE visit SET leader_kind = 'accompanying'");
    /* The group has begun to enter. */
    stage_script(stage, "UPDATE ticket SET state = 'used' WHERE position = 2");
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "6"), REPLACE_SCANNED);
    stage_script(stage, "UPDATE ticket SET state = 'valid'");
    stage_script(stage, str_format(stage->arena, "INSERT INTO gate_group VALUES (%lld, 3, 0, 0)",
                                   (long long)visit_id).p);
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "7"), REPLACE_SCANNED);
    stage_script(stage, "DELETE FROM gate_group");
    instant now = stage->now;
    stage->now = buyer->slots + 1800;
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "8"), REPLACE_OVER);
    stage->now = now;
    assert_int_equal(leader_now(stage), before);
    assert_int_equal(count(stage, "leader_change"), 0);
    assert_int_equal(count(stage, "outbox WHERE kind LIKE 'leader-%'"), 0);
    struct str undated = undated_order(stage, buyer);
    assert_int_equal(replace_with(stage, &buyer->caller, undated, newest_visit(stage), martin, "9"), REPLACE_UNDATED);
    hold_on(stage, buyer, 1, 1, 20, false);
    struct str unpaid = order_to_pay(stage, buyer);
    assert_int_equal(replace_with(stage, &buyer->caller, unpaid, newest_visit(stage), martin, "10"), REPLACE_GONE);
    assert_healthy(stage);
}

/* Replaced while a change of the visit is being paid: the successor has the new one. */
STAGED(a_change_that_is_paid_keeps_the_new_leader)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage), martin = leader_new(stage, buyer, LEADER_ACCOMPANYING, "martin");
    struct visit_change_result result = change_visit(stage, buyer, ref, visit_id, 0, 25, 4 * 1400);
    open_payment(stage, buyer, result.order_ref);
    assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, martin, "a"), REPLACE_NOT_REFUSED);
    pays(buyer, "pi_2");
    assert_int_equal(notify(stage, "evt_2"), SETTLED_CONFIRMED);
    assert_int_equal(leader_now(stage), martin);
    assert_int_equal(count(stage, "outbox WHERE kind = 'leader-moved' AND recipient = 'martin@guides.example'"), 1);
    assert_healthy(stage);
}

STAGED(a_guides_card_is_kept)
{
    struct buyer *buyer = open_shop(stage);
    struct leader_fields fields = {.kind = LEADER_GUIDE, .last_name = S("Zola"), .first_name = S("Émile"),
                                   .email = S("z@guides.example"), .phone = S("+33612345678"), .card = S("  GC 117 "),
                                   .has_card_until = true, .card_until = 21000};
    struct leader_answer answer = {0};
    stage_ok(leader_create(&stage->service, stage->arena, buyer->caller, fields, &answer, &fault));
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    struct leader_answer same = {0};
    stage_ok(leader_create(&stage->service, stage->arena, buyer->caller, fields, &same, &fault));
    assert_int_equal(same.id, answer.id); /* the same form twice */
    struct leader leader;
    stage_ok(leader_get(&stage->service, stage->arena, buyer->caller, answer.id, &leader, &fault));
    assert_string_equal(leader.fields.card.p, "GC 117");
    assert_true(leader.fields.has_card_until && leader.fields.card_until == 21000);
    fields.card = S("");
    struct leader_answer refused = {0};
    stage_ok(leader_update(&stage->service, stage->arena, buyer->caller, answer.id, fields, &refused, &fault));
    assert_int_equal(refused.refusal, ACCOUNT_CARD); /* a day without a number */
    char long_number[80];
    memset(long_number, '7', sizeof long_number);
    fields.card = (struct str){long_number, sizeof long_number};
    stage_ok(leader_update(&stage->service, stage->arena, buyer->caller, answer.id, fields, &refused, &fault));
    assert_int_equal(refused.refusal, ACCOUNT_CARD);
    /* Who is no guide has no card. */
    fields.card = S("GC 117");
    fields.kind = LEADER_ACCOMPANYING;
    stage_ok(leader_update(&stage->service, stage->arena, buyer->caller, answer.id, fields, &answer, &fault));
    assert_int_equal(answer.refusal, ACCOUNT_REFUSED_NOT);
    stage_ok(leader_get(&stage->service, stage->arena, buyer->caller, answer.id, &leader, &fault));
    assert_true(str_empty(leader.fields.card) && !leader.fields.has_card_until);
}

/* ---- faults and servers ---- */

STAGED_FAULTY(replacing_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t visit_id = newest_visit(stage), leaders[] = {leader_new(stage, buyer, LEADER_ACCOMPANYING, "martin"),
                                                         leader_new(stage, buyer, LEADER_ACCOMPANYING, "dubois")};
    int64_t spoilt = 0;
    for (int64_t nth = 1;; nth++) {
        int64_t before = leader_now(stage), to = leaders[nth % 2];
        const char *key = str_format(stage->arena, "form-%lld", (long long)nth).p;
        struct leader_replacement replacement = {.order_ref = ref, .visit_id = visit_id, .leader_id = to,
                                                 .request_key = str_of(key)};
        enum replace_refusal refusal;
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        (void)leader_replace(&stage->service, stage->arena, &buyer->caller, &replacement, &refusal, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        bool replaced = leader_now(stage) == to;
        assert_true(replaced || leader_now(stage) == before);
        assert_int_equal(count(stage, "outbox WHERE kind = 'leader-visit'"), nth - !replaced);
        assert_int_equal(replace_with(stage, &buyer->caller, ref, visit_id, to, key), REPLACE_NOT_REFUSED);
        assert_int_equal(leader_now(stage), to);
        assert_int_equal(count(stage, "outbox WHERE kind = 'leader-visit'"), nth);
        assert_int_equal(count(stage, "leader_change"), nth);
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, 10, 1000);
    assert_healthy(stage);
}

struct swapper {
    struct service *service;
    const struct caller *caller;
    struct str ref;
    int64_t visit_id;
    const int64_t *leaders;
    int number, done;
    pthread_t thread;
};

enum { SWAPS = 25 };

static void *swap(void *context)
{
    struct swapper *swapper = context;
    struct arena *arena = arena_new();
    for (int i = 0; i < SWAPS; i++) {
        struct leader_replacement replacement = {
            .order_ref = swapper->ref, .visit_id = swapper->visit_id,
            .leader_id = swapper->leaders[(i + swapper->number) % 2],
            .request_key = str_format(arena, "swap-%d-%d", swapper->number, i)};
        enum replace_refusal refusal = REPLACE_MISSING;
        if (leader_replace(swapper->service, arena, swapper->caller, &replacement, &refusal, NULL) == OK)
            swapper->done += refusal == REPLACE_NOT_REFUSED;
    }
    arena_free(&arena);
    return NULL;
}

/* Each replacement tells the one who really was there before: the chain of notes has no break. */
STAGED(two_servers_replace_the_same_leader)
{
    struct buyer *buyer = open_shop(stage);
    struct service second = stage_second(stage);
    struct str ref = bought(stage, buyer, 0, 20, "1");
    int64_t leaders[] = {leader_new(stage, buyer, LEADER_ACCOMPANYING, "martin"),
                         leader_new(stage, buyer, LEADER_ACCOMPANYING, "dubois")};
    struct swapper swappers[2];
    for (int i = 0; i < 2; i++)
        swappers[i] = (struct swapper){.service = i == 0 ? &stage->service : &second, .caller = &buyer->caller,
                                       .ref = ref, .visit_id = newest_visit(stage), .leaders = leaders, .number = i};
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&swappers[i].thread, NULL, swap, &swappers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(swappers[i].thread, NULL);
    writer_stop(&second.writer);
    int done = swappers[0].done + swappers[1].done;
    assert_true(done > 0);
    assert_int_equal(count(stage, "leader_change"), done);
    assert_int_equal(count(stage, "outbox WHERE kind = 'leader-visit'"), done);
    assert_int_equal(count(stage, "leader_change WHERE old_leader_id = new_leader_id"), 0);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(the_new_one_gets_the_visit_and_the_old_one_is_told),
        staged_test(every_refusal_leaves_the_leader),
        staged_test(a_change_that_is_paid_keeps_the_new_leader),
        staged_test(a_guides_card_is_kept),
        staged_test(replacing_survives_any_fault),
        staged_test(two_servers_replace_the_same_leader),
    };
    return ENGINES_MAIN(argc, argv, "service_leader_replace", tests);
}
