/* Changing an option in place (OPT-6): more or fewer persons, another slot; all or nothing, whatever fails. */
#include "contract/service_purchase.h"

#include <pthread.h>

#include "base/log.h"
#include "service/mails.h"
#include "service/option.h"

static struct place_result change_with(struct stage *stage, struct buyer *buyer, int64_t visit_id, int slot_index,
                                       int persons, const char *key)
{
    struct option_change change = {.visit_id = visit_id, .start_at = buyer->slots + slot_index * HOUR,
                                   .persons = persons, .request_key = str_of(key)};
    struct place_result result = {0};
    stage_ok(place_change(&stage->service, stage->arena, &buyer->caller, &change, &result, &fault));
    return result;
}

static struct place_result change_to(struct stage *stage, struct buyer *buyer, int64_t visit_id, int slot_index,
                                     int persons)
{
    return change_with(stage, buyer, visit_id, slot_index, persons, new_key(stage, buyer).p);
}

static struct option_view only_option(struct stage *stage, struct buyer *buyer)
{
    struct option_views options = {0};
    stage_ok(place_options(&stage->service, stage->arena, &buyer->caller, &options, &fault));
    assert_int_equal(options.n, 1);
    return options.p[0];
}

static void slot_at(struct stage *stage, instant start)
{
    stage_script(stage, str_format(stage->arena,
        "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from)"
        " VALUES (1, %lld, %d, 30, 50, 0)",
        (long long)start, (int)local_of(&stage->service.zone, start).day).p);
}

STAGED(persons_change_in_the_same_slot)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    hold_on(stage, buyer, 2, 0, 10, false); /* another monument's slot at that time is not touched */
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    hold_on(stage, other, 1, 0, 25, true); /* 5 places are left */
    struct place_result result = change_to(stage, buyer, option.visit_id, 0, 25);
    assert_int_equal(result.refusal, REFUSED_NOT); /* only the difference is needed */
    assert_int_equal(result.ends_at, option.ends_at);
    assert_int_equal(taken(stage, buyer, 1, 0), 50);
    result = change_to(stage, buyer, option.visit_id, 0, 26);
    assert_int_equal(result.refusal, REFUSED_SHORT);
    assert_int_equal(result.left, 25);
    assert_int_equal(change_to(stage, buyer, option.visit_id, 0, 12).refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, buyer, 1, 0), 37);
    assert_int_equal(taken(stage, buyer, 2, 0), 10);
    struct option_view now = only_option(stage, buyer);
    assert_int_equal(now.id, option.visit_id);
    assert_int_equal(now.persons, 12);
    assert_int_equal(now.ends_at, option.ends_at);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-changed'"), 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'option.change'"
                                         " AND was LIKE '%25 persons' AND became LIKE '%12 persons'"), 1);
    assert_healthy(stage);
}

STAGED(another_slot_is_taken_before_the_old_one_is_freed)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    assert_int_equal(change_to(stage, buyer, option.visit_id, 2, 24).refusal, REFUSED_NOT);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 2), 24);
    assert_int_equal(only_option(stage, buyer).start_at, buyer->slots + 2 * HOUR);
    assert_healthy(stage);
    /* The mail says what it has become. */
    struct mail_message message = {.date = 0};
    struct mail_job job = {.id = 1, .kind = S("option-changed"), .lang = LANG_EN, .recipient = S("a@horizon.example"),
                           .visit_id = option.visit_id, .created_at = stage->now};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_true(str_has(message.text, S("24 people")) || str_has(message.text, S("24 persons")));
    assert_true(str_has(message.text, S("/en/options")));
    /* What it was is free for others at once. */
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    assert_int_equal(hold_on(stage, other, 1, 0, 26, true).refusal, REFUSED_NOT);
    assert_int_equal(hold_on(stage, other, 1, 0, 24, true).refusal, REFUSED_NOT);
}

static void unchanged(struct stage *stage, struct buyer *buyer, struct place_result option)
{
    struct option_view now = only_option(stage, buyer);
    assert_int_equal(now.persons, 20);
    assert_int_equal(now.start_at, buyer->slots);
    assert_int_equal(now.ends_at, option.ends_at);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM option_change"), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-changed'"), 0);
    assert_healthy(stage);
}

STAGED(a_refusal_leaves_everything)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    hold_on(stage, other, 1, 1, 25, true);
    hold_on(stage, other, 1, 1, 25, true);
    hold_on(stage, other, 1, 2, 26, true);
    stage_script(stage, str_format(stage->arena, "UPDATE slot SET closed_fr = 'Tempête', closed_en = 'Storm' WHERE"
                                   " monument_id = 1 AND start_at = %lld", (long long)(buyer->slots + 3 * HOUR)).p);
    static const struct {
        int slot_index, persons;
        enum refusal refusal;
    } cases[] = {
        {1, 20, REFUSED_FULL},          {2, 25, REFUSED_SHORT},        {3, 20, REFUSED_CLOSED},
        {9, 20, REFUSED_NO_SLOT},       {0, 7, REFUSED_BELOW_MINIMUM}, {0, 27, REFUSED_ABOVE_MAXIMUM},
        {0, 0, REFUSED_NUMBER},         {0, 1001, REFUSED_NUMBER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct place_result result = change_to(stage, buyer, option.visit_id, cases[i].slot_index, cases[i].persons);
        assert_int_equal(result.refusal, cases[i].refusal);
        unchanged(stage, buyer, option);
    }
    assert_int_equal(change_to(stage, buyer, option.visit_id, 0, 20).refusal, REFUSED_NOT); /* nothing to do */
    unchanged(stage, buyer, option);
    stage_script(stage, "DELETE FROM tariff WHERE monument_id = 1");
    assert_int_equal(change_to(stage, buyer, option.visit_id, 2, 20).refusal, REFUSED_NO_TARIFF);
    stage_script(stage, "UPDATE group_rule SET option_days = NULL WHERE monument_id = 1");
    assert_int_equal(change_to(stage, buyer, option.visit_id, 2, 20).refusal, REFUSED_NO_OPTION_HERE);
    unchanged(stage, buyer, option);
}

STAGED(the_life_of_an_option_never_grows)
{
    struct buyer *buyer = open_shop(stage);
    const struct zone *zone = &stage->service.zone;
    stage_script(stage, "UPDATE group_rule SET option_days = 10 WHERE monument_id = 1");
    instant placed = stage->now;
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    assert_true(option.ends_at - placed == 10 * DAY);
    slot_at(stage, buyer->slots + 30 * DAY);
    slot_at(stage, buyer->slots - 15 * DAY); /* five days from the placing */
    slot_at(stage, buyer->slots - 19 * DAY + 12 * HOUR);
    stage->now += 3 * DAY;
    /* Later: ten days from the placing all the same. */
    assert_int_equal(change_to(stage, buyer, option.visit_id, 30 * 24, 20).ends_at, option.ends_at);
    /* Sooner: the last moment to confirm that visit. And back again: what it was, no more. */
    struct place_result sooner = change_to(stage, buyer, option.visit_id, -15 * 24, 20);
    assert_int_equal(sooner.refusal, REFUSED_NOT);
    assert_true(sooner.ends_at == instant_of(zone, local_of(zone, buyer->slots - 15 * DAY).day - 1, 1080));
    assert_int_equal(change_to(stage, buyer, option.visit_id, 0, 20).ends_at, option.ends_at);
    /* A visit whose last moment to confirm has come. */
    assert_int_equal(change_to(stage, buyer, option.visit_id, -19 * 24 + 12, 20).refusal, REFUSED_PAST);
    stage->now = sooner.ends_at;
    assert_int_equal(change_to(stage, buyer, option.visit_id, -15 * 24, 20).refusal, REFUSED_OPTION_TOO_LATE);
    assert_int_equal(only_option(stage, buyer).ends_at, option.ends_at);
    /* What customer service has added stays, up to the last moment to confirm. */
    instant extended = option.ends_at + 4 * DAY;
    stage_script(stage, str_format(stage->arena, "UPDATE visit SET ends_at = %lld WHERE state = 'option'",
                                   (long long)extended).p);
    assert_int_equal(change_to(stage, buyer, option.visit_id, 1, 22).ends_at, extended);
    assert_healthy(stage);
}

STAGED(reminders_follow_the_new_end)
{
    struct buyer *buyer = open_shop(stage);
    int noted = 0;
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    slot_at(stage, buyer->slots + 10 * DAY);
    stage->now = option.ends_at - 5 * DAY;
    stage_ok(option_remind(&stage->service, stage->arena, &noted, &fault));
    assert_int_equal(noted, 1);
    /* Fewer persons: the same end, and no reminder for what was said. */
    assert_int_equal(change_to(stage, buyer, option.visit_id, 0, 10).refusal, REFUSED_NOT);
    stage_ok(option_remind(&stage->service, stage->arena, &noted, &fault));
    assert_int_equal(noted, 0);
    struct place_result later = change_to(stage, buyer, option.visit_id, 10 * 24, 10);
    assert_true(later.ends_at > option.ends_at);
    stage->now = later.ends_at - 6 * DAY;
    stage_ok(option_remind(&stage->service, stage->arena, &noted, &fault));
    assert_int_equal(noted, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-reminder'"), 2);
}

STAGED(what_cannot_be_changed)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    struct place_result cart = hold_on(stage, buyer, 2, 0, 10, false);
    assert_int_equal(change_to(stage, buyer, cart.visit_id, 1, 10).refusal, REFUSED_ENDED);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    struct option_change change = {.visit_id = option.visit_id, .start_at = buyer->slots, .persons = 10,
                                   .request_key = S("k")};
    struct place_result result;
    ASSERT_ERR(place_change(&stage->service, stage->arena, &other->caller, &change, &result, NULL), ERR_NOT_FOUND);
    struct caller reader = buyer->caller;
    reader.role = ROLE_READ_ONLY;
    ASSERT_ERR(place_change(&stage->service, stage->arena, &reader, &change, &result, NULL), ERR_REFUSED);
    stage->service.payer = &buyer->fake.port;
    int moved = 0;
    enum refusal refusal = REFUSED_NOT;
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, cart.visit_id, false, &refusal, &fault));
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option.visit_id, 1, &moved, &fault));
    order_to_pay(stage, buyer);
    assert_int_equal(change_to(stage, buyer, option.visit_id, 1, 10).refusal, REFUSED_PAYING);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(change_to(stage, buyer, option.visit_id, 1, 10).refusal, REFUSED_ENDED);
    assert_int_equal(taken(stage, buyer, 1, 0), 20);
    struct place_result second = hold_on(stage, buyer, 1, 1, 10, true);
    stage->now = second.ends_at;
    assert_int_equal(change_to(stage, buyer, second.visit_id, 1, 12).refusal, REFUSED_ENDED);
    assert_int_equal(taken(stage, buyer, 1, 1), 10);
}

STAGED(in_the_cart_it_stays_there_with_its_new_price)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 10, true);
    int moved = 0;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(change_to(stage, buyer, option.visit_id, 1, 24).refusal, REFUSED_NOT);
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    assert_int_equal(cart.n, 1);
    assert_int_equal(cart.total.v, 23 * 1400);
    struct str ref = order_to_pay(stage, buyer);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(order_now(stage, buyer, ref).total.v, 23 * 1400);
    assert_healthy(stage);
}

STAGED(the_same_form_changes_once)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    for (int i = 0; i < 3; i++)
        assert_int_equal(change_with(stage, buyer, option.visit_id, 1, 22, "form").refusal, REFUSED_NOT);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-changed'"), 1);
    /* The page of the back button with another number is another change; the first form again undoes nothing. */
    assert_int_equal(change_with(stage, buyer, option.visit_id, 1, 23, "form").refusal, REFUSED_NOT);
    assert_int_equal(change_with(stage, buyer, option.visit_id, 1, 22, "form").refusal, REFUSED_NOT);
    assert_int_equal(only_option(stage, buyer).persons, 23);
    assert_int_equal(taken(stage, buyer, 1, 1), 23);
    assert_healthy(stage);
}

/* ---- faults ---- */

static void change_with_faults(struct stage *stage, enum fail_operation operation, bool done, bool breaks)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    int slot_index = 0, persons = 20;
    int64_t spoilt = 0;
    for (int64_t nth = 1;; nth++) {
        int to_slot = 1 - slot_index, to_persons = persons == 20 ? 24 : 20;
        const char *key = str_format(stage->arena, "form-%lld", (long long)nth).p;
        struct option_change change = {.visit_id = option.visit_id, .start_at = buyer->slots + to_slot * HOUR,
                                       .persons = to_persons, .request_key = str_of(key)};
        struct place_result result = {0};
        stage->test->plan = (struct fail_plan){.operation = operation, .nth = nth, .err = ERR_DB, .done = done,
                                               .breaks = breaks};
        (void)place_change(&stage->service, stage->arena, &buyer->caller, &change, &result, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        /* What it had or what it asked for, never both and never neither. */
        struct option_view now = only_option(stage, buyer);
        bool moved = now.start_at == change.start_at;
        assert_int_equal(now.persons, moved ? to_persons : persons);
        assert_int_equal(taken(stage, buyer, 1, to_slot), moved ? to_persons : 0);
        assert_int_equal(taken(stage, buyer, 1, slot_index), moved ? 0 : persons);
        assert_int_equal(change_with(stage, buyer, option.visit_id, to_slot, to_persons, key).refusal, REFUSED_NOT);
        assert_int_equal(taken(stage, buyer, 1, to_slot), to_persons);
        assert_int_equal(taken(stage, buyer, 1, slot_index), 0);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-changed'"), nth);
        slot_index = to_slot;
        persons = to_persons;
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, operation == FAIL_ANY ? 10 : 1, 1000);
    assert_healthy(stage);
}

STAGED_FAULTY(changing_survives_any_fault)
{
    change_with_faults(stage, FAIL_ANY, false, false);
}

STAGED_FAULTY(changing_survives_lost_connections)
{
    change_with_faults(stage, FAIL_ANY, false, true);
}

STAGED_FAULTY(changing_survives_lost_answers)
{
    change_with_faults(stage, FAIL_COMMIT, true, false);
}

/* ---- two servers ---- */

struct swapper {
    struct service *service;
    const struct caller *caller;
    int64_t visit_id;
    instant slots;
    int first, changed;
    pthread_t thread;
};

enum { SWAPS = 30 };

static void *swap(void *context)
{
    struct swapper *swapper = context;
    struct arena *arena = arena_new();
    for (int i = 0; i < SWAPS; i++) {
        struct option_change change = {.visit_id = swapper->visit_id, .persons = 20 + i % 3,
                                       .start_at = swapper->slots + (swapper->first + i + 1) % 2 * HOUR,
                                       .request_key = str_format(arena, "swap-%d", i)};
        struct place_result result = {0};
        if (place_change(swapper->service, arena, swapper->caller, &change, &result, NULL) == OK)
            swapper->changed += result.refusal == REFUSED_NOT;
    }
    arena_free(&arena);
    return NULL;
}

/* Two options trade their slots back and forth on two servers, so that each waits for what the other frees. */
STAGED(two_servers_trade_slots)
{
    struct buyer *buyer = open_shop(stage);
    struct service second = stage_second(stage);
    struct swapper swappers[2];
    for (int i = 0; i < 2; i++) {
        swappers[i] = (struct swapper){
            .service = i == 0 ? &stage->service : &second, .caller = &buyer->caller, .first = i, .slots = buyer->slots,
            .visit_id = hold_on(stage, buyer, 1, i, 20, true).visit_id};
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&swappers[i].thread, NULL, swap, &swappers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(swappers[i].thread, NULL);
    writer_stop(&second.writer);
    assert_true(swappers[0].changed > 0 && swappers[1].changed > 0);
    assert_int_equal(taken(stage, buyer, 1, 0) + taken(stage, buyer, 1, 1),
                     stage_number(stage, "SELECT sum(persons) FROM visit WHERE state = 'option'"));
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(persons_change_in_the_same_slot),
        staged_test(another_slot_is_taken_before_the_old_one_is_freed),
        staged_test(a_refusal_leaves_everything),
        staged_test(the_life_of_an_option_never_grows),
        staged_test(reminders_follow_the_new_end),
        staged_test(what_cannot_be_changed),
        staged_test(in_the_cart_it_stays_there_with_its_new_price),
        staged_test(the_same_form_changes_once),
        staged_test(changing_survives_any_fault),
        staged_test(changing_survives_lost_connections),
        staged_test(changing_survives_lost_answers),
        staged_test(two_servers_trade_slots),
    };
    return ENGINES_MAIN(argc, argv, "service_change", tests);
}
