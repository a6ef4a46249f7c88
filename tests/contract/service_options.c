/* Reminders of an option's end (OPT-7) and the cap on live options, with a clock that is moved. */
#include "contract/service_purchase.h"

#include "base/log.h"
#include "service/mails.h"
#include "service/option.h"
#include "service/settings.h"

static int64_t reminders(struct stage *stage)
{
    return stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'option-reminder'");
}

static void remind_all(struct stage *stage, struct service *service)
{
    int noted = 0;
    do {
        stage_ok(option_remind(service, stage->arena, &noted, &fault));
    } while (noted > 0);
}

/* How many reminders are mailed when the clock says so. */
static int64_t reminded_at(struct stage *stage, instant at)
{
    int64_t before = reminders(stage);
    stage->now = at;
    expire_all(stage);
    remind_all(stage, &stage->service);
    return reminders(stage) - before;
}

static instant local(struct stage *stage, instant end, int days_before, int minute)
{
    return instant_of(&stage->service.zone, local_of(&stage->service.zone, end).day - days_before, minute);
}

enum { EIGHT = 8 * 60 };

/* An option that ends 19 days on at 18:00, the last moment to confirm. */
static struct place_result long_option(struct stage *stage, struct buyer *buyer)
{
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    assert_int_equal(option.refusal, REFUSED_NOT);
    assert_true(option.ends_at == local(stage, buyer->slots, 1, 1080));
    return option;
}

static struct mail_message composed(struct stage *stage, enum err expected)
{
    struct mail_message message = {.date = 0};
    struct mail_job job = {
        .id = 1, .kind = S("option-reminder"), .lang = LANG_FR, .recipient = S("a@horizon.example"),
        .visit_id = stage_number(stage, "SELECT max(visit_id) FROM outbox WHERE kind = 'option-reminder'"),
        .created_at = stage_number(stage, "SELECT max(created_at) FROM outbox WHERE kind = 'option-reminder'")};
    ASSERT_ERR(mails_compose(&stage->service, stage->arena, &job, &message, NULL), expected);
    return message;
}

static bool says(struct str text, const char *words)
{
    return str_has(text, str_of(words));
}

STAGED(three_reminders_each_once)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    static const int days[] = {7, 2, 0};
    static const char *const said[] = {"dans 7 jours", "dans 2 jours", "aujourd’hui"};
    assert_int_equal(reminded_at(stage, stage->now), 0);
    for (size_t i = 0; i < 3; i++) {
        instant due = local(stage, option.ends_at, days[i], EIGHT);
        assert_int_equal(reminded_at(stage, due - 1), 0);
        assert_int_equal(reminded_at(stage, due), 1);
        struct str text = composed(stage, OK).text;
        if (!says(text, said[i]) || !says(text, "Chapelle") || !says(text, "/fr/options"))
            fail_msg("%.*s", STR_ARG(text));
        assert_int_equal(reminded_at(stage, due + 1), 0);
    }
    assert_int_equal(reminded_at(stage, option.ends_at - 1), 0);
    assert_int_equal(reminded_at(stage, option.ends_at), 0);
    assert_int_equal(reminders(stage), 3);
    composed(stage, ERR_NOT_FOUND); /* a mail that waited until the option had ended is not sent */
    assert_healthy(stage);
}

STAGED(another_server_sends_none_again)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    struct service second = stage_second(stage);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 7, EIGHT)), 1);
    remind_all(stage, &second);
    assert_int_equal(reminders(stage), 1);
    stage->now = local(stage, option.ends_at, 2, EIGHT);
    remind_all(stage, &second);
    remind_all(stage, &stage->service);
    assert_int_equal(reminders(stage), 2);
    writer_stop(&second.writer);
}

STAGED(a_short_life_skips_what_was_over)
{
    struct buyer *buyer = open_shop(stage);
    stage_script(stage, "UPDATE group_rule SET option_days = 5 WHERE monument_id = 1");
    struct place_result option = hold_on(stage, buyer, 1, 0, 20, true);
    assert_int_equal(reminded_at(stage, stage->now), 0);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 2, EIGHT)), 1);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 0, EIGHT)), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM option_reminder WHERE mailed = 0 AND days = 7"), 1);
    /* Placed on its last day: nobody needs to be told. */
    stage->now = local(stage, buyer->slots, 1, 12 * 60);
    option = hold_on(stage, buyer, 1, 1, 20, true);
    assert_int_equal(option.refusal, REFUSED_NOT);
    assert_int_equal(reminded_at(stage, option.ends_at - 60), 0);
}

STAGED(after_a_pause_only_the_last_is_sent)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 1, EIGHT)), 1);
    assert_true(says(composed(stage, OK).text, "demain"));
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 0, EIGHT)), 1);
    assert_int_equal(reminders(stage), 2);
}

STAGED(none_while_it_is_being_paid)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    int moved = 0;
    stage->now = local(stage, option.ends_at, 7, EIGHT) - 60;
    stage_ok(place_options_to_cart(&stage->service, stage->arena, &buyer->caller, &option.visit_id, 1, &moved, &fault));
    assert_int_equal(moved, 1);
    struct str ref = order_to_pay(stage, buyer);
    assert_int_equal(reminded_at(stage, stage->now + 120), 0);
    /* Given up: it is an option again, and the reminder is due. */
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &buyer->caller, ref, &settlement, &fault));
    assert_int_equal(settlement, SETTLED_CLOSED);
    assert_int_equal(reminded_at(stage, stage->now + 1), 1);
    /* A reminder that waits for the mail host meanwhile is not sent either, and a paid one is reminded of nothing. */
    stage->now += DAY;
    order_to_pay(stage, buyer);
    composed(stage, ERR_NOT_FOUND);
    pays(buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 2, EIGHT)), 0);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 0, EIGHT)), 0);
    assert_healthy(stage);
}

STAGED(a_large_group_is_reminded_once)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = {.monument_id = 1, .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                    .option = true, .request_key = S("split")};
    const struct place_part parts[] = {{buyer->slots, 25}, {buyer->slots + HOUR, 24}};
    struct place_result result = {0};
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 2, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    assert_int_equal(reminded_at(stage, local(stage, result.ends_at, 7, EIGHT)), 1);
    struct str text = composed(stage, OK).text;
    assert_true(says(text, "25 personnes"));
    assert_true(says(text, "24 personnes"));
    assert_int_equal(reminded_at(stage, local(stage, result.ends_at, 2, EIGHT)), 1);
}

STAGED(their_days_are_data)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    struct service *service = &stage->service;
    stage_ok(settings_put(service, stage->arena, S("option.reminder_days"), S("3"), &fault));
    stage_ok(settings_put(service, stage->arena, S("option.reminder_minute"), S("600"), &fault));
    ASSERT_ERR(settings_put(service, stage->arena, S("option.reminder_days"), S("7;2"), NULL), ERR_INPUT);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 7, EIGHT)), 0);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 3, 600) - 1), 0);
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 3, 600)), 1);
    stage_ok(settings_put(service, stage->arena, S("option.reminder_days"), S(""), &fault));
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 0, 600)), 0);
}

STAGED(what_has_been_cancelled_is_not_reminded_of)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    hold_on(stage, buyer, 2, 0, 10, false); /* nor is a hold in the cart */
    enum refusal refusal = REFUSED_NOT;
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 7, EIGHT)), 1);
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, option.visit_id, false, &refusal, &fault));
    assert_int_equal(reminded_at(stage, local(stage, option.ends_at, 2, EIGHT)), 0);
}

/* Whatever operation fails, and also when only its answer is lost: afterwards each reminder was written exactly once. */
static void remind_with_faults(struct stage *stage, bool done)
{
    struct buyer *buyer = open_shop(stage);
    struct place_result option = long_option(stage, buyer);
    hold_on(stage, buyer, 1, 1, 20, true);
    stage->now = local(stage, option.ends_at, 7, EIGHT);
    int64_t round = 0;
    for (int64_t nth = 1;; nth++, round++) {
        stage_script(stage, "DELETE FROM option_reminder; DELETE FROM outbox");
        stage->test->plan = (struct fail_plan){.operation = done ? FAIL_COMMIT : FAIL_ANY, .nth = nth, .err = ERR_DB,
                                               .done = done};
        int noted = 0;
        (void)option_remind(&stage->service, stage->arena, &noted, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        remind_all(stage, &stage->service);
        assert_int_equal(reminders(stage), 2);
        if (!reached)
            break;
    }
    assert_in_range(round, done ? 2 : 10, 1000);
}

STAGED_FAULTY(reminding_survives_any_fault)
{
    remind_with_faults(stage, false);
}

STAGED_FAULTY(reminding_survives_lost_answers)
{
    remind_with_faults(stage, true);
}

/* ---- the cap ---- */

STAGED(live_options_have_a_cap)
{
    struct buyer *buyer = open_shop(stage);
    stage_ok(settings_put(&stage->service, stage->arena, S("option.live_max"), S("2"), &fault));
    hold_on(stage, buyer, 2, 0, 10, false); /* a cart is no option */
    struct place_result first = hold_on(stage, buyer, 1, 0, 10, true);
    assert_int_equal(hold_on(stage, buyer, 1, 1, 10, true).refusal, REFUSED_NOT);
    struct place_result third = hold_on(stage, buyer, 1, 2, 10, true);
    assert_int_equal(third.refusal, REFUSED_OPTION_CAP);
    assert_int_equal(third.maximum, 2);
    assert_int_equal(taken(stage, buyer, 1, 2), 0);
    assert_int_equal(hold_on(stage, buyer, 1, 2, 10, false).refusal, REFUSED_NOT); /* whoever pays may */
    /* Another organisation has its own count. */
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = buyer->slots;
    assert_int_equal(hold_on(stage, other, 1, 2, 10, true).refusal, REFUSED_NOT);
    /* One that was cancelled, and one that has ended, make room. */
    enum refusal refusal = REFUSED_NOT;
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, first.visit_id, false, &refusal, &fault));
    struct place_result again = hold_on(stage, buyer, 1, 3, 10, true);
    assert_int_equal(again.refusal, REFUSED_NOT);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 10, true).refusal, REFUSED_OPTION_CAP);
    stage_script(stage, str_format(stage->arena, "UPDATE visit SET ends_at = %lld WHERE id = %lld",
                                   (long long)stage->now, (long long)again.visit_id).p);
    assert_int_equal(hold_on(stage, buyer, 1, 0, 10, true).refusal, REFUSED_NOT);
}

STAGED(parts_of_a_large_group_count)
{
    struct buyer *buyer = open_shop(stage);
    struct place_request request = {.monument_id = 1, .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                    .option = true, .request_key = S("split")};
    const struct place_part parts[] = {{buyer->slots, 25}, {buyer->slots + HOUR, 25}, {buyer->slots + 2 * HOUR, 25}};
    struct place_result result = {0};
    stage_ok(settings_put(&stage->service, stage->arena, S("option.live_max"), S("3"), &fault));
    struct place_result single = hold_on(stage, buyer, 1, 3, 10, true);
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 3, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_OPTION_CAP);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    enum refusal refusal = REFUSED_NOT;
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, single.visit_id, false, &refusal, &fault));
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 3, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    /* The same form again finds what it made, cap or not. */
    stage_ok(place_split(&stage->service, stage->arena, &buyer->caller, &request, parts, 3, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(three_reminders_each_once),
        staged_test(another_server_sends_none_again),
        staged_test(a_short_life_skips_what_was_over),
        staged_test(after_a_pause_only_the_last_is_sent),
        staged_test(none_while_it_is_being_paid),
        staged_test(a_large_group_is_reminded_once),
        staged_test(their_days_are_data),
        staged_test(what_has_been_cancelled_is_not_reminded_of),
        staged_test(reminding_survives_any_fault),
        staged_test(reminding_survives_lost_answers),
        staged_test(live_options_have_a_cap),
        staged_test(parts_of_a_large_group_count),
    };
    return ENGINES_MAIN(argc, argv, "service_options", tests);
}
