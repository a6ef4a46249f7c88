/* The closure desk on each engine: sales stop, the list is worked off once whatever breaks, everybody is told (OPS-4,
 * COM-4). */
#include "contract/service_closure.h"

#include <pthread.h>

static enum refusal try_hold(struct stage *stage, struct buyer *buyer, int slot_index)
{
    return hold_on(stage, buyer, 1, slot_index, 8, false).refusal;
}

/* ---- closing ---- */

STAGED(sales_stop_with_the_closure)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    int64_t cart = hold_on(stage, buyer, 1, 0, 8, false).visit_id;
    int64_t option = hold_on(stage, buyer, 1, 1, 8, true).visit_id;
    close_it(stage, &caller, the_slot(buyer, 0), "a");
    /* Nothing of the list is done yet, but nothing is sold any more. */
    assert_int_equal(try_hold(stage, buyer, 0), REFUSED_CLOSED);
    assert_int_equal(try_hold(stage, buyer, 1), REFUSED_NOT);
    struct option_change change = {.visit_id = option, .start_at = buyer->slots, .persons = 8, .request_key = S("c")};
    struct place_result result = {0};
    stage_ok(place_change(&stage->service, stage->arena, &buyer->caller, &change, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_CLOSED);
    struct validation_result order = validate(stage, buyer, S("v"));
    assert_int_equal(order.refusal, REFUSED_ENDED);
    assert_int_equal(order.visit_count, 1);
    assert_int_equal(order.visits[0], cart);
    work(stage);
    assert_str(state_of_visit(stage, cart), "cancelled");
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(taken(stage, buyer, 1, 1), 16);
    assert_healthy(stage);
}

STAGED(what_it_refuses)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    day_number day = local_of(&stage->service.zone, buyer->slots).day, today = service_day(&stage->service, stage->now);
    struct {
        struct closure_range range;
        const char *reason;
        enum closure_refusal refusal;
    } cases[] = {
        {{1, CLOSURE_SLOT, buyer->slots + 60, 0, 0, false}, "x", CLOSURE_NOTHING},
        {{1, CLOSURE_SLOT, -5, 0, 0, false}, "x", CLOSURE_NOTHING},
        {{1, CLOSURE_DAYS, 0, today + 1, today + 2, false}, "x", CLOSURE_NOTHING},
        {{1, CLOSURE_DAYS, 0, day, day - 1, false}, "x", CLOSURE_DATES},
        {{1, CLOSURE_DAYS, 0, today - 1, day, false}, "x", CLOSURE_DATES},
        {{1, CLOSURE_DAYS, 0, day - 15, day + 16, false}, "x", CLOSURE_TOO_LONG},
        {{1, CLOSURE_MONUMENT, 0, day, day + 5000, false}, "x", CLOSURE_DATES},
        {{1, CLOSURE_DAYS, 0, day, day, false}, "  ", CLOSURE_REASON},
        {{3, CLOSURE_MONUMENT, 0, today, 0, true}, "x", CLOSURE_NOTHING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct closure_request request = {.range = cases[i].range, .reason_fr = S("x"), .request_key = S("k"),
                                          .reason_en = str_of(cases[i].reason)};
        struct closure_started started = {.refusal = CLOSURE_NOT_REFUSED};
        stage_ok(closure_start(&stage->service, stage->arena, &caller, &request, &started, &fault));
        assert_int_equal(started.refusal, cases[i].refusal);
    }
    assert_int_equal(count(stage, "closure"), 0);
    assert_int_equal(count(stage, "slot WHERE closed_fr IS NOT NULL"), 0);
    assert_int_equal(count(stage, "audit WHERE act = 'closure.start'"), 0);
    /* The longest that is a closure of days. */
    close_it(stage, &caller, (struct closure_range){1, CLOSURE_DAYS, 0, day - 15, day + 15, false}, "long");
    assert_int_equal(count(stage, "slot WHERE closed_fr = 'Fuite d’eau' AND closed_en = 'Water leak'"), 4);
}

STAGED(monuments_are_the_managers_own)
{
    static const int64_t own[] = {1};
    struct buyer *buyer = open_shop(stage);
    struct staff_caller manager = desk_of(stage, ROLE_MONUMENT_MANAGER, own, 1), caller = desk(stage);
    struct closure_range range = the_day(stage, buyer);
    struct closure_preview preview;
    stage_ok(closure_preview(&stage->service, stage->arena, &manager, &range, &preview, &fault));
    int64_t mine = close_it(stage, &manager, range, "mine");
    range.monument_id = 2;
    int64_t other = close_it(stage, &caller, range, "other");
    struct closure_request request = {.range = range, .reason_fr = S("x"), .reason_en = S("x"), .request_key = S("no")};
    struct closure_started started;
    struct closure_progress progress;
    enum closure_refusal refusal;
    struct closure_lines lines;
    ASSERT_ERR(closure_preview(&stage->service, stage->arena, &manager, &range, &preview, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_start(&stage->service, stage->arena, &manager, &request, &started, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_read(&stage->service, stage->arena, &manager, other, &progress, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_reopen(&stage->service, stage->arena, &manager, other, &refusal, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(closure_read(&stage->service, stage->arena, &manager, 999, &progress, NULL), ERR_NOT_FOUND);
    request.range = (struct closure_range){.monument_id = 1, .scope = CLOSURE_MONUMENT, .from = range.from, .open_end = true};
    ASSERT_ERR(closure_start(&stage->service, stage->arena, &manager, &request, &started, NULL), ERR_REFUSED);
    stage_script(stage, str_format(stage->arena, "INSERT INTO staff_monument VALUES (%lld, 1)",
                                   (long long)manager.staff_id).p);
    stage_ok(closure_list(&stage->service, stage->arena, &manager, &lines, &fault));
    assert_int_equal(lines.n, 1);
    assert_int_equal(lines.p[0].id, mine);
    stage_ok(closure_list(&stage->service, stage->arena, &caller, &lines, &fault));
    assert_int_equal(lines.n, 2);
    /* A closure of the whole monument is not the manager's to end. */
    int64_t whole = close_it(stage, &caller, (struct closure_range){.monument_id = 1, .scope = CLOSURE_MONUMENT,
                                                                    .from = range.from, .open_end = true}, "whole");
    ASSERT_ERR(closure_reopen(&stage->service, stage->arena, &manager, whole, &refusal, NULL), ERR_REFUSED);
    stage_ok(closure_reopen(&stage->service, stage->arena, &manager, mine, &refusal, &fault));
    assert_int_equal(refusal, CLOSURE_NOT_REFUSED);
}

/* ---- whom it hits ---- */

struct hit {
    int64_t cart, option, pending, paid, phone;
    struct str pending_ref;
};

/* One of each way of holding places, in the first slot. */
static struct hit all_ways(struct stage *stage, struct buyer *buyer)
{
    struct hit hit = {0};
    leader_with_mail(stage, buyer);
    hit.paid = bought(stage, buyer, 0, 8, "pi_1");
    hit.pending = hold_on(stage, buyer, 1, 0, 9, false).visit_id;
    hit.pending_ref = order_to_pay(stage, buyer);
    hit.option = hold_on(stage, buyer, 1, 0, 10, true).visit_id;
    hit.cart = hold_on(stage, buyer, 1, 0, 11, false).visit_id;
    stage_script(stage, str_format(stage->arena,
        "UPDATE slot SET taken = taken + 5 WHERE monument_id = 1 AND start_at = %lld;"
        "INSERT INTO phone_booking (monument_id, start_at, persons, audience, leader_kind, organisation, name, phone, email,"
        " lang, needs, state, staff_id, placed_at, changed_at, request_key)"
        " SELECT 1, %lld, 5, 'adults', 'guide', 'Club', 'Anne Roy', '0612345678', 'anne@club.example', 'en', '', 'held',"
        " id, 0, 0, 'p' FROM staff", (long long)buyer->slots, (long long)buyer->slots).p);
    hit.phone = stage_number(stage, "SELECT id FROM phone_booking");
    return hit;
}

STAGED(the_preview_says_whom_it_hits)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    all_ways(stage, buyer);
    hold_on(stage, buyer, 1, 1, 12, true); /* another slot of the day */
    struct closure_preview preview;
    struct closure_range range = the_slot(buyer, 0);
    stage_ok(closure_preview(&stage->service, stage->arena, &caller, &range, &preview, &fault));
    assert_int_equal(preview.refusal, CLOSURE_NOT_REFUSED);
    static const struct {
        const char *was;
        int persons;
        int64_t amount;
    } expected[] = {{"paid", 8, 8 * 1600}, {"pending", 9, 9 * 1600}, {"option", 10, 0}, {"cart", 11, 0}, {"phone", 5, 0}};
    assert_int_equal(preview.sums.n, 5);
    for (size_t i = 0; i < preview.sums.n; i++) {
        assert_str(preview.sums.p[i].was, expected[i].was);
        assert_int_equal(preview.sums.p[i].visits, 1);
        assert_int_equal(preview.sums.p[i].persons, expected[i].persons);
        assert_int_equal(preview.sums.p[i].amount.v, expected[i].amount);
    }
    assert_int_equal(preview.visits, 5);
    assert_int_equal(preview.persons, 43);
    assert_int_equal(preview.back.v, 8 * 1600);
    assert_int_equal(preview.leaders, 1);
    assert_int_equal(preview.slots, 1);
    assert_int_equal(preview.hits.n, 5);
    assert_false(preview.more);
    range = the_day(stage, buyer);
    stage_ok(closure_preview(&stage->service, stage->arena, &caller, &range, &preview, &fault));
    assert_int_equal(preview.visits, 6);
    assert_int_equal(preview.slots, 4);
    assert_int_equal(count(stage, "closure"), 0);
    assert_int_equal(try_hold(stage, buyer, 2), REFUSED_NOT);
}

STAGED(everybody_is_told_and_every_place_is_free)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    struct hit hit = all_ways(stage, buyer);
    int64_t id = close_it(stage, &caller, the_slot(buyer, 0), "a");
    assert_int_equal(close_it(stage, &caller, the_slot(buyer, 0), "a"), id); /* the same form */
    work(stage);
    work(stage);
    assert_str(of_row(stage, "outcome", hit.paid), "choice");
    assert_str(of_row(stage, "choice", hit.paid), "open");
    assert_str(of_row(stage, "outcome", hit.option), "released");
    assert_str(of_row(stage, "outcome", hit.cart), "released");
    assert_str(of_row(stage, "state", hit.pending), "told");
    assert_false(progress_of(stage, &caller, id).line.done);
    buyer->fake.expire_error = ERR_IO; /* the provider is silent: only its own row waits */
    int done = 0;
    ASSERT_ERR(closure_settle(&stage->service, stage->arena, &done, NULL), ERR_IO);
    buyer->fake.expire_error = OK;
    settle(stage);
    work(stage);
    assert_str(of_row(stage, "outcome", hit.pending), "released");
    assert_int_equal(order_now(stage, buyer, hit.pending_ref).state, ORDER_EXPIRED);
    assert_int_equal(taken(stage, buyer, 1, 0), 0);
    assert_int_equal(count(stage, "ticket WHERE state = 'cancelled' AND ended_why = 'closure'"), 8);
    assert_int_equal(count(stage, "ticket WHERE state <> 'cancelled'"), 0);
    /* Each once: the buyer of all four, and their leader where one was known. */
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure' AND recipient = 'a@horizon.example'"), 4);
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure-notice' AND recipient = 'guide@horizon.example'"), 2);
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure-phone' AND recipient = 'anne@club.example' AND lang = 'en'"), 1);
    assert_int_equal(count(stage, "outbox WHERE kind LIKE 'closure%'"), 7);
    assert_int_equal(count(stage, "audit WHERE act = 'closure.visit' AND organisation_id IS NOT NULL AND reason <> ''"), 4);
    struct closure_progress progress = progress_of(stage, &caller, id);
    assert_true(progress.line.done);
    assert_int_equal(progress.total, 5);
    assert_int_equal(progress.worked, 5);
    assert_int_equal(progress.released, 3);
    assert_int_equal(progress.open, 1);
    assert_int_equal(progress.open_amount.v, 8 * 1600);
    assert_int_equal(progress.mails, 6);
    assert_int_equal(progress.rows.n, 4);
    assert_int_equal(progress.bookings.n, 1);
    assert_healthy(stage);
}

STAGED(the_mails_say_what_and_why_and_what_next)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    stage_script(stage, "UPDATE monument SET contact_phone = '+33199004567' WHERE id = 1");
    struct hit hit = all_ways(stage, buyer);
    close_it(stage, &caller, the_slot(buyer, 0), "a");
    work(stage);
    const struct {
        const char *kind;
        int64_t visit;
        enum lang lang;
        const char *says[4];
    } cases[] = {
        {"closure", hit.paid, LANG_FR, {"Chapelle", "Fuite d’eau", "128,00", "/fr/annulations/"}},
        {"closure", hit.paid, LANG_EN, {"Chapelle", "Water leak", "€128.00", "/en/annulations/"}},
        {"closure", hit.option, LANG_FR, {"option", "Fuite d’eau", "+33199004567", "/planning"}},
        {"closure", hit.cart, LANG_EN, {"cart", "Water leak", "c@m.example", "/planning"}},
        {"closure", hit.pending, LANG_EN, {"stopped", "Water leak", "9 people", "/planning"}},
        {"closure-notice", hit.paid, LANG_FR, {"Chapelle", "Fuite d’eau", "8 personnes", "ne vous présentez pas"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str text = mail_text(stage, cases[i].kind, cases[i].visit, cases[i].lang);
        for (size_t n = 0; n < 4; n++)
            if (!str_has(text, str_of(cases[i].says[n])))
                fail_msg("%s %zu does not say «%s»: %.*s", cases[i].kind, i, cases[i].says[n], STR_ARG(text));
    }
    struct mail_job job = {.id = 1, .kind = S("closure-phone"), .recipient = S("x@y.example"), .lang = LANG_EN,
                           .detail = stage_text(stage, "SELECT detail FROM outbox WHERE kind = 'closure-phone'")};
    struct mail_message message;
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    assert_true(str_has(message.text, S("Water leak")));
    job.detail = S("");
    ASSERT_ERR(mails_compose(&stage->service, stage->arena, &job, &message, NULL), ERR_NOT_FOUND);
}

/* A group that is inside stays; one that moved away before its turn is left alone. */
STAGED(who_is_not_there_any_more_is_left_alone)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    int64_t inside = bought(stage, buyer, 0, 8, "pi_1");
    int64_t option = hold_on(stage, buyer, 1, 0, 8, true).visit_id, gone = hold_on(stage, buyer, 1, 0, 8, true).visit_id;
    stage_script(stage, str_format(stage->arena, "UPDATE ticket SET state = 'used' WHERE visit_id = %lld AND position = 1",
                                   (long long)inside).p);
    close_it(stage, &caller, the_slot(buyer, 0), "a");
    struct option_change change = {.visit_id = option, .start_at = buyer->slots + HOUR, .persons = 8, .request_key = S("c")};
    struct place_result result = {0};
    enum refusal refusal;
    stage_ok(place_change(&stage->service, stage->arena, &buyer->caller, &change, &result, &fault));
    assert_int_equal(result.refusal, REFUSED_NOT);
    stage_ok(place_cancel(&stage->service, stage->arena, &buyer->caller, gone, false, &refusal, &fault));
    work(stage);
    assert_str(state_of_visit(stage, inside), "confirmed");
    assert_str(state_of_visit(stage, option), "option");
    assert_int_equal(count(stage, "closure_visit WHERE outcome = 'gone'"), 3);
    assert_int_equal(count(stage, "outbox WHERE kind LIKE 'closure%'"), 0);
    assert_int_equal(count(stage, "closure WHERE state = 'done'"), 1);
}

/* ---- money that comes late ---- */

STAGED(late_money_goes_back)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    int64_t visit = hold_on(stage, buyer, 1, 0, 8, false).visit_id, beside = hold_on(stage, buyer, 2, 1, 8, false).visit_id;
    struct str ref = order_to_pay(stage, buyer);
    int64_t id = close_it(stage, &caller, the_slot(buyer, 0), "a");
    pays(buyer, "pi_late"); /* between the closure and the end of its page */
    work(stage);
    settle(stage);
    work(stage);
    assert_int_equal(order_now(stage, buyer, ref).state, ORDER_EXPIRED);
    assert_str(state_of_visit(stage, visit), "cancelled");
    assert_str(state_of_visit(stage, beside), "cart"); /* the other visit of the order is in the cart again */
    assert_int_equal(count(stage, "ticket"), 0);
    assert_int_equal(count(stage, "payment WHERE state = 'refund-due'"), 1);
    settle(stage);
    assert_int_equal(stage_number(stage, "SELECT sum(amount_cents) FROM refund WHERE reason = 'late'"), 8 * 1600 + 8 * 1300);
    assert_int_equal(count(stage, "refund_part WHERE way = 'provider' AND state = 'waiting'"), 1);
    assert_int_equal(progress_of(stage, &caller, id).refunds, 1);
    assert_healthy(stage);
}

/* The page was closed, but a payment of before comes after all: also when the slot is open again. */
STAGED(later_money_goes_back)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    int64_t visit = hold_on(stage, buyer, 1, 0, 8, false).visit_id;
    order_to_pay(stage, buyer);
    int64_t id = close_it(stage, &caller, the_slot(buyer, 0), "a");
    work(stage);
    settle(stage);
    assert_str(state_of_visit(stage, visit), "cancelled");
    enum closure_refusal refusal = CLOSURE_OPEN;
    stage_ok(closure_reopen(&stage->service, stage->arena, &caller, id, &refusal, &fault));
    pays(buyer, "pi_later");
    assert_int_equal(notify(stage, "evt_later"), SETTLED_REFUND_DUE);
    settle(stage);
    assert_int_equal(count(stage, "refund WHERE reason = 'late'"), 1);
    assert_str(state_of_visit(stage, visit), "cancelled");
    assert_healthy(stage);
}

/* ---- opening again ---- */

STAGED(opened_again_what_was_cancelled_stays_so)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    int64_t early = hold_on(stage, buyer, 1, 0, 8, true).visit_id;
    stage_script(stage, str_format(stage->arena, "UPDATE slot SET closed_fr = 'Privatisé', closed_en = 'Private' WHERE"
                                                 " monument_id = 1 AND start_at = %lld", (long long)(buyer->slots + 3 * HOUR)).p);
    int64_t first = close_it(stage, &caller, the_slot(buyer, 0), "a");
    int64_t second = close_it(stage, &caller, the_day(stage, buyer), "b");
    work(stage);
    assert_str(state_of_visit(stage, early), "cancelled");
    enum closure_refusal refusal = CLOSURE_OPEN;
    stage_ok(closure_reopen(&stage->service, stage->arena, &caller, second, &refusal, &fault));
    assert_int_equal(refusal, CLOSURE_NOT_REFUSED);
    assert_int_equal(try_hold(stage, buyer, 0), REFUSED_CLOSED); /* the first closure stands */
    assert_int_equal(try_hold(stage, buyer, 1), REFUSED_NOT);
    assert_int_equal(try_hold(stage, buyer, 3), REFUSED_CLOSED); /* it was before */
    stage_ok(closure_reopen(&stage->service, stage->arena, &caller, first, &refusal, &fault));
    assert_int_equal(try_hold(stage, buyer, 0), REFUSED_NOT);
    assert_str(state_of_visit(stage, early), "cancelled");
    stage_ok(closure_reopen(&stage->service, stage->arena, &caller, first, &refusal, &fault));
    assert_int_equal(refusal, CLOSURE_OPEN);
    assert_str(stage_text(stage, "SELECT closed_fr FROM slot WHERE closed_fr IS NOT NULL"), "Privatisé");
    assert_healthy(stage);
}

/* What a private event had closed is the event's again, unless it is over; a planning leaves what the desk closed. */
STAGED(private_events_come_back_with_the_end)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    for (int i = 0; i < 2; i++)
        stage_script(stage, str_format(stage->arena,
            "INSERT INTO schedule_event (monument_id, day, from_minute, to_minute, reason_fr, reason_en, created_at)"
            " VALUES (1, 0, 0, 60, 'Dîner %d', 'Dinner %d', 0);"
            "UPDATE slot SET closed_fr = 'Dîner %d', closed_en = 'Dinner %d', event_id = (SELECT max(id) FROM schedule_event)"
            " WHERE monument_id = 1 AND start_at = %lld", i, i, i, i, (long long)(buyer->slots + i * HOUR)).p);
    int64_t id = close_it(stage, &caller, the_day(stage, buyer), "a");
    assert_int_equal(count(stage, "slot WHERE event_id IS NOT NULL"), 0);
    stage_script(stage, "DELETE FROM schedule_event WHERE reason_fr = 'Dîner 1'");
    enum closure_refusal refusal = CLOSURE_OPEN;
    stage_ok(closure_reopen(&stage->service, stage->arena, &caller, id, &refusal, &fault));
    assert_int_equal(count(stage, "slot WHERE closed_fr = 'Dîner 0' AND event_id IS NOT NULL"), 1);
    assert_int_equal(count(stage, "slot WHERE closed_fr IS NOT NULL"), 1);
    assert_int_equal(try_hold(stage, buyer, 1), REFUSED_NOT);
}

STAGED(opened_before_its_turn_a_visit_is_spared)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    int64_t visit = bought(stage, buyer, 0, 8, "pi_1");
    int64_t id = close_it(stage, &caller, the_slot(buyer, 0), "a");
    enum closure_refusal refusal = CLOSURE_OPEN;
    stage_ok(closure_reopen(&stage->service, stage->arena, &caller, id, &refusal, &fault));
    work(stage);
    assert_str(state_of_visit(stage, visit), "confirmed");
    assert_str(of_row(stage, "outcome", visit), "spared");
    assert_int_equal(count(stage, "outbox WHERE kind LIKE 'closure%'"), 0);
    assert_int_equal(try_hold(stage, buyer, 0), REFUSED_NOT);
    assert_true(progress_of(stage, &caller, id).line.done);
    assert_healthy(stage);
}

/* A planning that makes slots in a closed time, or opens one by hand, does not sell there. */
STAGED(new_slots_of_a_closed_time_are_closed)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    day_number day = local_of(&stage->service.zone, buyer->slots).day;
    int64_t id = close_it(stage, &caller, (struct closure_range){.monument_id = 1, .scope = CLOSURE_MONUMENT,
                                                                 .from = day, .open_end = true}, "a");
    work(stage);
    assert_true(progress_of(stage, &caller, id).line.done);
    stage_script(stage, str_format(stage->arena,
        "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from) VALUES (1, %lld, %d, 30, 50, 0);"
        "UPDATE slot SET closed_fr = NULL, closed_en = NULL WHERE monument_id = 1 AND start_at = %lld",
        (long long)(buyer->slots + 30 * DAY), (int)day + 30, (long long)buyer->slots).p);
    int64_t quick = hold_on(stage, buyer, 1, 0, 8, true).visit_id; /* in the moment before the job's round */
    work(stage);
    work(stage);
    assert_str(state_of_visit(stage, quick), "cancelled");
    assert_int_equal(count(stage, "slot WHERE monument_id = 1 AND closed_fr IS NULL"), 0);
    assert_int_equal(count(stage, "closure_slot"), 5);
    assert_healthy(stage);
}

/* ---- two servers, and a database that breaks ---- */

struct server {
    struct service service;
    int done;
    enum err err;
};

static void *work_it(void *context)
{
    struct server *server = context;
    struct arena *arena = arena_new();
    int done = 0;
    do {
        server->err = closure_work(&server->service, arena, &done, NULL);
        server->done += done;
    } while (server->err == OK && done > 0);
    arena_free(&arena);
    return NULL;
}

STAGED(two_servers_do_no_row_twice)
{
    enum { VISITS = 24 };
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    stage_script(stage, "UPDATE slot SET capacity = 1000");
    for (int i = 0; i < VISITS; i++)
        hold_on(stage, buyer, 1, i % 4, 8, true);
    close_it(stage, &caller, the_day(stage, buyer), "a");
    struct server servers[2] = {{.service = stage->service}, {.service = stage_second(stage)}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work_it, &servers[i]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(servers[i].err, OK);
    }
    writer_stop(&servers[1].service.writer);
    assert_int_equal(servers[0].done + servers[1].done, VISITS);
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure'"), VISITS);
    assert_int_equal(count(stage, "closure_visit WHERE outcome = 'released'"), VISITS);
    assert_int_equal(stage_number(stage, "SELECT sum(taken) FROM slot"), 0);
    assert_healthy(stage);
}

/* Whatever operation fails, wherever the work stands: each row ends done, each mail was written once. */
STAGED_FAULTY(the_work_survives_any_fault)
{
    struct buyer *buyer = open_shop(stage);
    struct staff_caller caller = desk(stage);
    leader_with_mail(stage, buyer);
    stage_script(stage, "UPDATE slot SET capacity = 1000");
    int visits = 0;
    for (int i = 0; i < 12; i++, visits += 2) {
        hold_on(stage, buyer, 1, i % 4, 8, true);
        bought(stage, buyer, i % 4, 8, str_format(stage->arena, "pi_%d", i).p);
    }
    int64_t id = 0;
    struct fail_plan *plan = &stage->test->plan;
    for (int n = 1; n <= 12; n++) {
        struct closure_request request = {.range = the_day(stage, buyer), .reason_fr = S("x"), .reason_en = S("x"),
                                          .request_key = S("a")};
        struct closure_started started = {0};
        *plan = (struct fail_plan){.nth = n, .err = n % 2 ? ERR_DB : ERR_BUSY, .operation = FAIL_ANY};
        enum err err = closure_start(&stage->service, stage->arena, &caller, &request, &started, NULL);
        plan->operation = FAIL_NOTHING;
        id = err == OK ? started.closure_id : id;
    }
    id = close_it(stage, &caller, the_day(stage, buyer), "a");
    assert_int_equal(count(stage, "closure"), 1);
    for (int n = 1; n <= 120; n++) {
        int done = 0;
        *plan = (struct fail_plan){.nth = n, .err = n % 2 ? ERR_DB : ERR_BUSY, .operation = FAIL_ANY};
        (void)closure_work(&stage->service, stage->arena, &done, NULL);
        plan->operation = FAIL_NOTHING;
    }
    work(stage);
    assert_true(progress_of(stage, &caller, id).line.done);
    assert_int_equal(count(stage, "closure_visit WHERE state = 'done'"), visits);
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure'"), visits);
    assert_int_equal(count(stage, "outbox WHERE kind = 'closure-notice'"), visits / 2);
    assert_int_equal(count(stage, "slot WHERE monument_id = 1 AND taken <> 0"), 0);
    assert_healthy(stage);
}

int main(int argc, char **argv)
{
    log_threshold(LOG_ERROR);
    static const struct CMUnitTest tests[] = {
        staged_test(sales_stop_with_the_closure),
        staged_test(what_it_refuses),
        staged_test(monuments_are_the_managers_own),
        staged_test(the_preview_says_whom_it_hits),
        staged_test(everybody_is_told_and_every_place_is_free),
        staged_test(the_mails_say_what_and_why_and_what_next),
        staged_test(who_is_not_there_any_more_is_left_alone),
        staged_test(late_money_goes_back),
        staged_test(later_money_goes_back),
        staged_test(opened_again_what_was_cancelled_stays_so),
        staged_test(private_events_come_back_with_the_end),
        staged_test(opened_before_its_turn_a_visit_is_spared),
        staged_test(new_slots_of_a_closed_time_are_closed),
        staged_test(two_servers_do_no_row_twice),
        staged_test(the_work_survives_any_fault),
    };
    return ENGINES_MAIN(argc, argv, "closures", tests);
}
