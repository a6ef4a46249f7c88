/* Plannings made from templates, on each engine (OPS-2): what is sold stays, whoever is hit is named. */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/schedule.h"

#define ROOM &stage->service, stage->arena

struct scene {
    struct buyer *buyer;
    struct worker worker;
    const struct staff_caller *caller;
    day_number today;
};

/* The manager of monuments 1 and 2, and a customer. */
static struct scene open_scene(struct stage *stage)
{
    static const int64_t monuments[] = {1, 2};
    struct scene scene = {.buyer = open_shop(stage)};
    scene.worker = worker_of(stage, "m@network.example", ROLE_MONUMENT_MANAGER, monuments, 2);
    scene.today = service_day(&stage->service, stage->now);
    return scene;
}
#define SCENE                                                                                                        \
    struct scene scene = open_scene(stage);                                                                          \
    scene.caller = &scene.worker.head.caller

static struct schedule_answer period(struct stage *stage, const struct scene *scene, struct schedule_period wish)
{
    struct schedule_answer answer = {.refusal = SCHEDULE_STALE};
    if (wish.name.n == 0)
        wish.name = S("Hiver");
    stage_ok(schedule_period_save(ROOM, scene->caller, 1, &wish, &answer, &fault));
    return answer;
}

static struct schedule_answer line(struct stage *stage, const struct scene *scene, int64_t period_id,
                                   struct schedule_line wish)
{
    struct schedule_answer answer = {.refusal = SCHEDULE_STALE};
    stage_ok(schedule_line_save(ROOM, scene->caller, 1, period_id, &wish, &answer, &fault));
    return answer;
}

static const struct schedule_line mornings = {.weekdays = SCHEDULE_EVERY_DAY, .first = 540, .last = 660, .step = 30,
                                              .minutes = 30, .capacity = 40, .for_groups = true};

/* A season of `days` from tomorrow on, five slots a day. */
static int64_t season(struct stage *stage, const struct scene *scene, int days)
{
    struct schedule_answer answer = period(
        stage, scene, (struct schedule_period){.first = scene->today + 1, .last = scene->today + days});
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    assert_int_equal(line(stage, scene, answer.id, mornings).refusal, SCHEDULE_DONE);
    return answer.id;
}

static struct schedule_range range_of(const struct scene *scene, int from, int to)
{
    return (struct schedule_range){.monument_id = 1, .from = scene->today + from, .to = scene->today + to};
}

static struct schedule_preview look(struct stage *stage, const struct scene *scene, struct schedule_range range)
{
    struct schedule_preview preview = {.refusal = SCHEDULE_LINE};
    stage_ok(schedule_preview(ROOM, scene->caller, range, &preview, &fault));
    return preview;
}

static struct schedule_preview apply(struct stage *stage, const struct scene *scene, struct schedule_range range)
{
    struct schedule_preview seen = look(stage, scene, range), done = {.refusal = SCHEDULE_LINE};
    assert_int_equal(seen.refusal, SCHEDULE_DONE);
    stage_ok(schedule_apply(ROOM, scene->caller, range, seen.mark, &done, &fault));
    return done;
}

static int64_t slots_there(struct stage *stage)
{
    return stage_number(stage, "SELECT count(*) FROM slot WHERE monument_id = 1");
}

static struct place_result take(struct stage *stage, const struct scene *scene, instant start, int persons)
{
    struct place_request request = {.monument_id = 1, .start_at = start, .persons = persons,
                                    .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING, .option = true,
                                    .request_key = new_key(stage, scene->buyer)};
    struct place_result result = {0};
    stage_ok(place_hold(ROOM, &scene->buyer->caller, &request, &result, &fault));
    return result;
}

/* ---- the plan ---- */

STAGED(periods_of_a_kind_do_not_overlap)
{
    SCENE;
    int64_t id = season(stage, &scene, 100);
    struct schedule_answer answer = period(
        stage, &scene,
        (struct schedule_period){.name = S("Été"), .first = scene.today + 100, .last = scene.today + 200});
    assert_int_equal(answer.refusal, SCHEDULE_OVERLAP);
    assert_str(answer.other, "Hiver");
    answer = period(stage, &scene, (struct schedule_period){.name = S("Noël"), .exception = true,
                                                            .first = scene.today + 30, .last = scene.today + 30});
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    answer = period(stage, &scene, (struct schedule_period){.id = id, .name = S("Automne"), .first = scene.today + 5,
                                                            .last = scene.today + 50});
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    answer = period(stage, &scene, (struct schedule_period){.first = scene.today + 9, .last = scene.today + 8});
    assert_int_equal(answer.refusal, SCHEDULE_DATES);
    answer = period(stage, &scene, (struct schedule_period){.first = scene.today + 60, .last = scene.today + 60,
                                                            .name = S("  ")});
    assert_int_equal(answer.refusal, SCHEDULE_NO_NAME);
    struct schedule_plan plan;
    stage_ok(schedule_read(ROOM, scene.caller, 1, &plan, &fault));
    assert_int_equal(plan.schedule.periods.n, 2);
    assert_str(plan.schedule.periods.p[0].name, "Automne");
    assert_int_equal(plan.schedule.periods.p[0].lines.n, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act LIKE 'planning.period-%'"), 3);
    struct schedule_period stranger = {.id = id, .name = S("x"), .first = 0, .last = 1};
    ASSERT_ERR(schedule_period_save(ROOM, scene.caller, 2, &stranger, &answer, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(schedule_read(ROOM, scene.caller, 3, &plan, NULL), ERR_NOT_FOUND);
    stage_ok(schedule_period_remove(ROOM, scene.caller, 1, id, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM schedule_line"), 0);
}

STAGED(lines_do_not_clash)
{
    SCENE;
    int64_t id = season(stage, &scene, 10);
    struct schedule_line other = mornings;
    other.first = 660;
    other.last = 720;
    struct schedule_answer answer = line(stage, &scene, id, other);
    assert_int_equal(answer.refusal, SCHEDULE_CLASH);
    assert_int_equal(answer.minute, 660);
    other.first = 690;
    answer = line(stage, &scene, id, other);
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    other.id = answer.id;
    other.first = 660;
    assert_int_equal(line(stage, &scene, id, other).refusal, SCHEDULE_CLASH);
    other.step = 0;
    answer = line(stage, &scene, id, other);
    assert_int_equal(answer.refusal, SCHEDULE_LINE);
    assert_int_equal(answer.line, LINE_STEP);
    stage_ok(schedule_line_remove(ROOM, scene.caller, 1, id, other.id, &fault));
    ASSERT_ERR(schedule_line_remove(ROOM, scene.caller, 1, id, other.id, NULL), ERR_NOT_FOUND);
}

/* ---- slots ---- */

STAGED(slots_come_of_the_plan_once)
{
    SCENE;
    season(stage, &scene, 10);
    assert_int_equal(slots_there(stage), 4);
    struct schedule_preview preview = look(stage, &scene, range_of(&scene, 0, 10));
    assert_int_equal(preview.count[SLOT_ADDED], 50);
    assert_int_equal(slots_there(stage), 4); /* looking writes nothing */
    struct schedule_preview done;
    stage_ok(schedule_apply(ROOM, scene.caller, range_of(&scene, 0, 10), preview.mark, &done, &fault));
    assert_int_equal(done.refusal, SCHEDULE_DONE);
    assert_int_equal(slots_there(stage), 54);
    /* The same form again: nothing is what it showed. */
    stage_ok(schedule_apply(ROOM, scene.caller, range_of(&scene, 0, 10), preview.mark, &done, &fault));
    assert_int_equal(done.refusal, SCHEDULE_STALE);
    assert_int_equal(done.count[SLOT_SAME], 50);
    assert_int_equal(slots_there(stage), 54);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE monument_id = 1 AND capacity = 40"), 50);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'planning.make'"), 1);
    assert_int_equal(look(stage, &scene, range_of(&scene, 9, 8)).refusal, SCHEDULE_DATES);
    assert_int_equal(look(stage, &scene, range_of(&scene, 0, SCHEDULE_DAYS)).refusal, SCHEDULE_DATES);
    assert_int_equal(look(stage, &scene, range_of(&scene, -9, -8)).refusal, SCHEDULE_DATES);
}

STAGED(what_is_sold_stays)
{
    SCENE;
    int64_t id = season(stage, &scene, 10);
    apply(stage, &scene, range_of(&scene, 0, 10));
    instant sold = instant_of(&stage->service.zone, scene.today + 5, 600);
    instant once = instant_of(&stage->service.zone, scene.today + 6, 570);
    assert_int_equal(take(stage, &scene, sold, 20).refusal, REFUSED_NOT);
    struct place_result given_back = take(stage, &scene, once, 12);
    enum refusal refusal;
    stage_ok(place_cancel(ROOM, &scene.buyer->caller, given_back.visit_id, false, &refusal, &fault));

    /* Smaller slots: the one that is sold keeps what is taken, and says who it is. */
    struct schedule_plan plan;
    stage_ok(schedule_read(ROOM, scene.caller, 1, &plan, &fault));
    struct schedule_line smaller = plan.schedule.periods.p[0].lines.p[0];
    smaller.capacity = 15;
    assert_int_equal(line(stage, &scene, id, smaller).refusal, SCHEDULE_DONE);
    struct schedule_preview preview = apply(stage, &scene, range_of(&scene, 0, 10));
    assert_int_equal(preview.count[SLOT_CHANGED], 50);
    assert_int_equal(preview.conflicts.n, 1);
    assert_int_equal(preview.conflicts.p[0].change->start, sold);
    assert_int_equal(preview.conflicts.p[0].change->wanted, 15);
    assert_int_equal(preview.conflicts.p[0].groups.n, 1);
    assert_int_equal(preview.conflicts.p[0].groups.p[0].persons, 20);
    assert_true(preview.conflicts.p[0].groups.p[0].contact_phone.n > 0);
    assert_int_equal(stage_number(stage, "SELECT capacity FROM slot WHERE monument_id = 1 AND taken = 20"), 20);

    /* No slots at ten and half past nine any more: what visits name stays, shut. */
    smaller.first = 660;
    smaller.last = 720;
    assert_int_equal(line(stage, &scene, id, smaller).refusal, SCHEDULE_DONE);
    preview = apply(stage, &scene, range_of(&scene, 0, 10));
    assert_int_equal(preview.count[SLOT_REMOVED], 38);
    assert_int_equal(preview.count[SLOT_RETIRED], 2);
    assert_int_equal(preview.count[SLOT_ADDED], 20);
    assert_int_equal(preview.count[SLOT_SAME], 10);
    assert_int_equal(preview.conflicts.n, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE monument_id = 1 AND for_groups = 0"), 2);
    assert_int_equal(take(stage, &scene, once, 8).refusal, REFUSED_NOT_FOR_GROUPS);
    assert_int_equal(look(stage, &scene, range_of(&scene, 0, 10)).count[SLOT_SAME], 32);
    assert_healthy(stage);
}

STAGED(whoever_books_meanwhile_is_seen)
{
    SCENE;
    int64_t id = season(stage, &scene, 3);
    apply(stage, &scene, range_of(&scene, 0, 3));
    struct schedule_plan plan;
    stage_ok(schedule_read(ROOM, scene.caller, 1, &plan, &fault));
    struct schedule_line smaller = plan.schedule.periods.p[0].lines.p[0];
    smaller.capacity = 10;
    assert_int_equal(line(stage, &scene, id, smaller).refusal, SCHEDULE_DONE);
    struct schedule_preview seen = look(stage, &scene, range_of(&scene, 0, 3)), done;
    assert_int_equal(seen.conflicts.n, 0);
    instant start = instant_of(&stage->service.zone, scene.today + 2, 600);
    assert_int_equal(take(stage, &scene, start, 20).refusal, REFUSED_NOT);
    stage_ok(schedule_apply(ROOM, scene.caller, range_of(&scene, 0, 3), seen.mark, &done, &fault));
    assert_int_equal(done.refusal, SCHEDULE_STALE);
    assert_int_equal(done.conflicts.n, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE monument_id = 1 AND capacity = 10"), 0);
}

STAGED(a_slot_changed_by_hand_is_left_alone)
{
    SCENE;
    season(stage, &scene, 3);
    apply(stage, &scene, range_of(&scene, 0, 3));
    instant start = instant_of(&stage->service.zone, scene.today + 2, 600);
    assert_int_equal(take(stage, &scene, start, 20).refusal, REFUSED_NOT);
    struct schedule_slot_wish wish = {.start = start, .capacity = 19, .for_groups = true};
    struct schedule_answer answer;
    stage_ok(schedule_slot_put(ROOM, scene.caller, 1, &wish, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_TAKEN);
    assert_int_equal(answer.groups.n, 1);
    assert_int_equal(answer.groups.p[0].state, GROUP_OPTION);
    wish.capacity = 20;
    wish.for_groups = false;
    stage_ok(schedule_slot_put(ROOM, scene.caller, 1, &wish, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    struct schedule_preview preview = look(stage, &scene, range_of(&scene, 0, 3));
    assert_int_equal(preview.count[SLOT_KEPT], 1);
    assert_int_equal(preview.count[SLOT_SAME], 14);
    struct schedule_range all = range_of(&scene, 0, 3);
    all.also_by_hand = true;
    assert_int_equal(look(stage, &scene, all).count[SLOT_CHANGED], 1);
    struct schedule_one one;
    stage_ok(schedule_slot(ROOM, scene.caller, 1, start, &one, &fault));
    assert_true(one.by_hand);
    assert_int_equal(one.groups.n, 1);
    stage_ok(schedule_slot_release(ROOM, scene.caller, 1, start, &answer, &fault));
    stage_ok(schedule_slot(ROOM, scene.caller, 1, start, &one, &fault));
    assert_false(one.by_hand);
    assert_int_equal(one.capacity, 40);
    assert_true(one.for_groups);
    wish.capacity = -1;
    stage_ok(schedule_slot_put(ROOM, scene.caller, 1, &wish, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_CAPACITY);
    wish.capacity = 20;
    stage->now = start;
    stage_ok(schedule_slot_put(ROOM, scene.caller, 1, &wish, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_PAST);
    wish.start++;
    ASSERT_ERR(schedule_slot_put(ROOM, scene.caller, 1, &wish, &answer, NULL), ERR_NOT_FOUND);
}

/* ---- private events ---- */

STAGED(a_private_event_closes_what_nobody_holds)
{
    SCENE;
    int64_t id = season(stage, &scene, 3);
    apply(stage, &scene, range_of(&scene, 0, 3));
    instant held = instant_of(&stage->service.zone, scene.today + 2, 600);
    struct place_result place = take(stage, &scene, held, 20);
    struct schedule_event event = {.day = scene.today + 2, .from = 570, .to = 630, .reason_fr = S("Mariage"),
                                   .reason_en = S("Wedding")};
    struct schedule_answer answer;
    stage_ok(schedule_event_add(ROOM, scene.caller, 1, &event, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_TAKEN);
    assert_int_equal(answer.groups.n, 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE closed_fr IS NOT NULL"), 0);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM schedule_event"), 0);
    enum refusal refusal;
    stage_ok(place_cancel(ROOM, &scene.buyer->caller, place.visit_id, false, &refusal, &fault));
    stage_ok(schedule_event_add(ROOM, scene.caller, 1, &event, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    assert_int_equal(
        stage_number(stage, "SELECT count(*) FROM slot WHERE closed_fr = 'Mariage' AND closed_en = 'Wedding'"), 2);
    assert_int_equal(take(stage, &scene, held, 20).refusal, REFUSED_CLOSED);
    assert_int_equal(look(stage, &scene, range_of(&scene, 0, 3)).count[SLOT_SAME], 15);

    /* Slots that come later start closed as well. */
    struct schedule_plan plan;
    stage_ok(schedule_read(ROOM, scene.caller, 1, &plan, &fault));
    struct schedule_line finer = plan.schedule.periods.p[0].lines.p[0];
    finer.step = 10;
    assert_int_equal(line(stage, &scene, id, finer).refusal, SCHEDULE_DONE);
    apply(stage, &scene, range_of(&scene, 0, 3));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE closed_fr = 'Mariage'"), 6);

    stage_ok(schedule_event_remove(ROOM, scene.caller, 1, answer.id, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE closed_fr IS NOT NULL"), 0);
    assert_int_equal(take(stage, &scene, held, 20).refusal, REFUSED_NOT);
    event.reason_en = S(" ");
    stage_ok(schedule_event_add(ROOM, scene.caller, 1, &event, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_REASON);
    event = (struct schedule_event){.day = scene.today + 2, .from = 600, .to = 600, .reason_fr = S("a"),
                                    .reason_en = S("b")};
    stage_ok(schedule_event_add(ROOM, scene.caller, 1, &event, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_WINDOW);
    event.day = scene.today - 1;
    event.to = 660;
    stage_ok(schedule_event_add(ROOM, scene.caller, 1, &event, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_PAST);
    ASSERT_ERR(schedule_event_remove(ROOM, scene.caller, 1, 99999, NULL), ERR_NOT_FOUND);
}

/* What the closure desk closed is its own: neither the plan nor an event opens it. */
STAGED(what_the_desk_closed_stays_closed)
{
    SCENE;
    season(stage, &scene, 3);
    apply(stage, &scene, range_of(&scene, 0, 3));
    stage_script(stage, "UPDATE slot SET closed_fr = 'Grève', closed_en = 'Strike', capacity = 30 WHERE capacity = 40");
    apply(stage, &scene, range_of(&scene, 0, 3));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE closed_fr = 'Grève' AND capacity = 40"), 15);
    struct schedule_event event = {.day = scene.today + 2, .from = 0, .to = 1440, .reason_fr = S("Mariage"),
                                   .reason_en = S("Wedding")};
    struct schedule_answer answer;
    stage_ok(schedule_event_add(ROOM, scene.caller, 1, &event, &answer, &fault));
    assert_int_equal(answer.refusal, SCHEDULE_DONE);
    stage_ok(schedule_event_remove(ROOM, scene.caller, 1, answer.id, &fault));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM slot WHERE closed_fr = 'Grève'"), 15);
}

/* Fifteen months of half hours in one transaction, and a second time nothing. */
STAGED(fifteen_months_at_once)
{
    SCENE;
    struct schedule_answer answer = period(
        stage, &scene, (struct schedule_period){.first = scene.today + 1, .last = scene.today + 457,
                                                .sales = SALES_MONTHS, .sales_months = 12, .sales_minute = 540});
    struct schedule_line half_hours = mornings;
    half_hours.last = 1080;
    assert_int_equal(line(stage, &scene, answer.id, half_hours).refusal, SCHEDULE_DONE);
    struct schedule_preview preview = apply(stage, &scene, range_of(&scene, 0, 457));
    assert_int_equal(preview.count[SLOT_ADDED], 457 * 19);
    assert_int_equal(preview.months.n, 16);
    assert_int_equal(preview.changes.n, SCHEDULE_SHOWN);
    assert_int_equal(look(stage, &scene, range_of(&scene, 0, 457)).count[SLOT_SAME], 457 * 19);
    assert_int_equal(stage_number(stage, "SELECT count(DISTINCT on_sale_from) FROM slot WHERE capacity = 40"), 16);
    struct schedule_day_sums sums;
    stage_ok(schedule_days(ROOM, scene.caller, 1, scene.today, scene.today + 30, &sums, &fault));
    assert_int_equal(sums.n, 31);
    assert_int_equal(sums.p[0].slots, 0);
    assert_int_equal(sums.p[1].slots, 19);
    assert_int_equal(sums.p[1].capacity, 19 * 40);
}

/* The database fails at every step in turn: the planning is the old one or the new one. */
STAGED_FAULTY(a_planning_is_made_whole_or_not)
{
    SCENE;
    season(stage, &scene, 4);
    struct schedule_preview preview = look(stage, &scene, range_of(&scene, 0, 4)), done;
    for (int64_t nth = 1, spoilt = 0;; nth++, spoilt++) {
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        enum err err = schedule_apply(ROOM, scene.caller, range_of(&scene, 0, 4), preview.mark, &done, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        assert_int_equal(slots_there(stage), err == OK ? 24 : 4);
        if (reached && err != OK)
            continue;
        assert_in_range(spoilt, 5, 1000);
        break;
    }
    assert_int_equal(slots_there(stage), 24);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(periods_of_a_kind_do_not_overlap),
        staged_test(lines_do_not_clash),
        staged_test(slots_come_of_the_plan_once),
        staged_test(what_is_sold_stays),
        staged_test(whoever_books_meanwhile_is_seen),
        staged_test(a_slot_changed_by_hand_is_left_alone),
        staged_test(a_private_event_closes_what_nobody_holds),
        staged_test(what_the_desk_closed_stays_closed),
        staged_test(fifteen_months_at_once),
        staged_test(a_planning_is_made_whole_or_not),
    };
    return ENGINES_MAIN(argc, argv, "schedule", tests);
}
