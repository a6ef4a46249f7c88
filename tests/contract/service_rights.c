/* Passes (PMP-1) and tickets from stock (STK-1) on each engine: who may, what is taken, what is left when it fails. */
#include "contract/service_rights.h"

#include "service/refund_desk.h"

#include <pthread.h>

#include "service/day_sheet.h"

static enum number_fault fault_of(const struct right_result *result, size_t index)
{
    assert_true(index < result->count);
    return result->numbers[index].fault;
}

/* ---- passes ---- */

STAGED(passes_book_a_slot_without_money)
{
    struct desk *desk = open_desk(stage);
    struct str *numbers = numbers_from(stage, "PMP", 1, 22);
    struct right_wish wish = wish_for(stage, desk, 1, 0, 22, numbers, 21);
    struct right_result result = book_passes(stage, desk, &wish);
    assert_true(result.done);
    assert_int_equal(result.needed, 21); /* the leader of more than 20 is free (COM-3) */
    assert_int_equal(taken(stage, desk->buyer, 1, 0), 22);
    struct order_view order = order_now(stage, desk->buyer, result.order_ref);
    assert_int_equal(order.state, ORDER_CONFIRMED);
    assert_int_equal(order.total.v, 0);
    assert_str(order.method, "free");
    assert_int_equal(order.visits.p[0].tickets, 22);
    assert_int_equal(count_of(stage, "visit_pass WHERE live = 1"), 21);
    assert_int_equal(count_of(stage, "outbox WHERE kind IN ('order-confirmed', 'tickets')"), 2);
    assert_int_equal(
        count_of(stage, "audit WHERE act = 'pass.book' AND staff_id IS NOT NULL AND person_id IS NOT NULL"), 1);
    assert_healthy(stage);

    /* The gate finds each number on its ticket. */
    struct ticket_sheet sheet;
    stage_ok(order_ticket_sheet(&stage->service, stage->arena, &desk->buyer->caller, result.order_ref,
                                order.visits.p[0].id, &sheet, &fault));
    int shown = 0;
    for (size_t i = 0; i < sheet.ticket_count; i++)
        for (size_t k = 0; k < 21; k++)
            shown += str_has(sheet.tickets[i].proof, numbers[k]);
    assert_int_equal(shown, 21);

    struct day_sheet day;
    stage_ok(day_sheet_read(&stage->service, stage->arena, &desk->service, 1,
                            local_of(&stage->service.zone, wish.start_at).day, &day, &fault));
    assert_true(str_starts(day.slots.p[0].groups.p[0].passes, S("PMP0001, PMP0002, ")));

    struct right_result again = book_passes(stage, desk, &wish); /* the same form */
    assert_true(again.done);
    assert_true(str_eq(again.order_ref, result.order_ref));
    assert_int_equal(count_of(stage, "orders"), 1);
}

STAGED(each_pass_is_looked_at)
{
    struct desk *desk = open_desk(stage);
    stage_script(stage, "INSERT INTO setting VALUES ('pass.masks', 'PMP9999')");
    struct str *numbers = numbers_from(stage, "PMP", 1, 12);
    struct right_wish wish = wish_for(stage, desk, 2, 0, 10, numbers, 10);
    assert_true(book_passes(stage, desk, &wish).done);

    numbers = numbers_from(stage, "PMP", 10, 12); /* PMP0010 was used there */
    numbers[1] = S("pmp 00-11");                  /* another spelling of PMP0011 */
    numbers[2] = S("PMP0011");
    numbers[3] = S("PMP12");
    wish = wish_for(stage, desk, 2, 1, 10, numbers, 11);
    struct right_result result = book_passes(stage, desk, &wish);
    assert_false(result.done);
    assert_int_equal(result.needed, 10);
    assert_int_equal(result.faults, 4);
    assert_int_equal(fault_of(&result, 0), NUMBER_USED);
    assert_int_equal(fault_of(&result, 1), NUMBER_GOOD);
    assert_int_equal(fault_of(&result, 2), NUMBER_TWICE);
    assert_int_equal(fault_of(&result, 3), NUMBER_SHAPE);
    assert_int_equal(fault_of(&result, 10), NUMBER_TOO_MANY);
    assert_str(result.numbers[1].typed, "pmp 00-11");
    assert_int_equal(taken(stage, desk->buyer, 2, 1), 0);

    wish = wish_for(stage, desk, 2, 1, 10, numbers_from(stage, "PMP", 100, 9), 9); /* one missing */
    result = book_passes(stage, desk, &wish);
    assert_false(result.done);
    assert_int_equal(result.faults, 0);
    assert_int_equal(result.needed, 10);

    /* The same passes open another monument, and not a week later. */
    wish = wish_for(stage, desk, 1, 1, 10, numbers_from(stage, "PMP", 1, 10), 10);
    assert_true(book_passes(stage, desk, &wish).done);
    stage_script(stage, "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from)"
                        " SELECT 1, start_at + 6 * 86400, day + 6, 30, 50, 0 FROM slot WHERE monument_id = 2;"
                        "DELETE FROM visit_pass WHERE monument_id = 1");
    wish.start_at += 6 * DAY;
    wish.request_key = S("a week later");
    result = book_passes(stage, desk, &wish);
    assert_int_equal(result.faults, 10);
    assert_int_equal(fault_of(&result, 0), NUMBER_DAYS);
}

STAGED(passes_keep_the_rules_of_the_slot)
{
    struct desk *desk = open_desk(stage);
    struct right_wish wish = wish_for(stage, desk, 2, 0, 5, numbers_from(stage, "P", 1, 5), 5);
    struct right_result result = book_passes(stage, desk, &wish);
    assert_int_equal(result.refusal, REFUSED_BELOW_MINIMUM);
    wish = wish_for(stage, desk, 1, 0, 20, numbers_from(stage, "P", 1, 20), 20);
    wish.leader_id = 0;
    assert_int_equal(book_passes(stage, desk, &wish).refusal, REFUSED_LEADER_MISSING);
    wish.leader_id = desk->buyer->guide;
    wish.contact_id = 999999;
    assert_int_equal(book_passes(stage, desk, &wish).refusal, REFUSED_CONTACT);
    wish.contact_id = 0;
    stage_script(stage, "UPDATE slot SET taken = 40 WHERE monument_id = 1");
    assert_int_equal(book_passes(stage, desk, &wish).refusal, REFUSED_SHORT);
    stage_script(stage, "UPDATE slot SET taken = 0 WHERE monument_id = 1");
    struct right_result nothing;
    assert_int_equal(pass_book(&stage->service, stage->arena, &desk->service, 999999, 0, &wish, &nothing, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(count_of(stage, "orders"), 0);
    assert_healthy(stage);
}

STAGED(a_cancelled_booking_gives_everything_back)
{
    struct desk *desk = open_desk(stage);
    struct str *numbers = numbers_from(stage, "P", 1, 10);
    struct right_wish wish = wish_for(stage, desk, 2, 0, 10, numbers, 10);
    struct right_result booked = book_passes(stage, desk, &wish);
    bool done = false;
    assert_int_equal(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_PASS, booked.visit_id,
                                          S("  "), &done, NULL),
                     ERR_INPUT);
    assert_int_equal(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_STOCK, booked.visit_id,
                                          S("why"), &done, NULL),
                     ERR_NOT_FOUND);
    stage_ok(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_PASS, booked.visit_id,
                                  S("the group is ill"), &done, &fault));
    assert_true(done);
    assert_int_equal(taken(stage, desk->buyer, 2, 0), 0);
    assert_int_equal(count_of(stage, "visit_pass WHERE live = 1"), 0);
    assert_int_equal(count_of(stage, "ticket WHERE state = 'valid'"), 0);
    assert_int_equal(count_of(stage, "outbox WHERE kind = 'right-cancelled' AND detail = 'the group is ill'"), 1);
    assert_int_equal(count_of(stage, "audit WHERE act = 'pass.cancel' AND reason = 'the group is ill'"), 1);
    stage_ok(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_PASS, booked.visit_id,
                                  S("again"), &done, &fault));
    assert_false(done);
    assert_healthy(stage);
    wish.request_key = S("another form");
    assert_true(book_passes(stage, desk, &wish).done);
    struct right_booking booking;
    stage_ok(right_booking_read(&stage->service, stage->arena, &desk->service, RIGHT_PASS, booked.visit_id, &booking,
                                &fault));
    assert_false(booking.live);
    assert_int_equal(booking.count, 10);
    assert_true(booking.numbers[0].ended);
    struct right_rows rows;
    stage_ok(right_booking_list(&stage->service, stage->arena, &desk->service, RIGHT_PASS, &rows, &fault));
    assert_int_equal(rows.n, 2);
}

/* ---- the right and the stock ---- */

STAGED(the_right_comes_and_goes_with_a_reason)
{
    struct desk *desk = open_desk(stage);
    struct caller *caller = &desk->buyer->caller;
    bool has = true;
    stage_ok(stock_right_mine(&stage->service, stage->arena, caller, &has, &fault));
    assert_false(has);
    bool changed = false;
    assert_int_equal(stock_right_set(&stage->service, stage->arena, &desk->service, caller->organisation_id, true,
                                     S(" "), &changed, NULL),
                     ERR_INPUT);
    assert_int_equal(
        stock_right_set(&stage->service, stage->arena, &desk->service, 999999, true, S("why"), &changed, NULL),
        ERR_NOT_FOUND);
    assert_true(set_right(stage, desk, true));
    assert_false(set_right(stage, desk, true));
    stage_ok(stock_right_mine(&stage->service, stage->arena, caller, &has, &fault));
    assert_true(has);
    assert_true(set_right(stage, desk, false));
    assert_true(set_right(stage, desk, true));
    struct stock_rights rights;
    stage_ok(stock_right_list(&stage->service, stage->arena, &desk->service, &rights, &fault));
    assert_int_equal(rights.n, 2);
    assert_int_equal(count_of(stage, "audit WHERE act IN ('stock.grant', 'stock.revoke') AND reason = 'by telephone'"),
                     3);
    assert_int_equal(count_of(stage, "outbox WHERE kind IN ('stock-granted', 'stock-revoked')"), 3);
}

STAGED(a_list_comes_in_whole_or_not_at_all)
{
    struct desk *desk = open_desk(stage);
    struct stock_import bad = import(
        stage, desk,
        "numéro;monument;échéance\nA001;chapel;2027-12-31\nA-001;chapel;2027-12-31\nA002;nowhere;2027-12-31\n"
        "A003;chapel;31/12/2027\nA004;chapel;2026-01-01\nA05\n!!;chapel;2027-12-31\nA006;chapel;2027-12-31;none\n");
    assert_false(bad.done);
    assert_int_equal(bad.faults, 7);
    /* What can be seen in the file alone comes first, then what the database says. */
    static const struct {
        int line;
        enum stock_line_fault fault;
    } expected[] = {{3, STOCK_LINE_TWICE},       {5, STOCK_LINE_DAY},    {6, STOCK_LINE_PAST},
                    {7, STOCK_LINE_COLUMNS},     {8, STOCK_LINE_NUMBER}, {4, STOCK_LINE_MONUMENT},
                    {9, STOCK_LINE_ORGANISATION}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_int_equal(bad.lines.p[i].line, expected[i].line);
        assert_int_equal(bad.lines.p[i].fault, expected[i].fault);
    }
    assert_int_equal(count_of(stage, "stock_ticket"), 0);

    const char *good = "\xEF\xBB\xBFnumber,monument,last_day\r\nA001,chapel,2027-12-31\r\nA002,castle,2028-02-29\r\n";
    struct stock_import first = import(stage, desk, good);
    assert_true(first.done);
    assert_int_equal(first.added, 2);
    struct stock_import second = import(stage, desk, good);
    assert_true(second.same_file);
    assert_false(second.done);
    struct stock_import third = import(stage, desk, "a 001;CHAPEL;2027-12-31\nA003;chapel;2027-12-31\n");
    assert_true(third.done);
    assert_int_equal(third.added, 1);
    assert_int_equal(third.known, 1);
    struct stock_import other = import(stage, desk, "A001;castle;2027-12-31\n");
    assert_int_equal(other.lines.p[0].fault, STOCK_LINE_OTHER);
    assert_true(import(stage, desk, "number;monument;day\n").empty);
    assert_true(import(stage, desk, "\xFF\xFE").empty);
    assert_int_equal(count_of(stage, "stock_ticket"), 3);
    struct stock_overview overview;
    stage_ok(stock_overview(&stage->service, stage->arena, &desk->service, &overview, &fault));
    assert_int_equal(overview.sum_count, 2);
    assert_int_equal(overview.file_count, 2);
    struct stock_number number;
    stage_ok(stock_look(&stage->service, stage->arena, &desk->service, S("a-001"), &number, &fault));
    assert_true(number.found);
    assert_str(number.state, "available");
}

STAGED(a_slot_against_stock)
{
    struct desk *desk = open_desk(stage);
    struct str *numbers = stocked(stage, desk, "S", "chapel", 21);
    struct right_wish wish = wish_for(stage, desk, 1, 0, 22, numbers, 21);
    struct right_result result = book_stock(stage, desk, &wish);
    assert_true(result.no_right);
    assert_false(result.done);
    assert_int_equal(count_of(stage, "orders"), 0);
    set_right(stage, desk, true);
    stage_ok(stock_book(&stage->service, stage->arena, &desk->buyer->caller, &wish, S("v0"), &result, &fault));
    assert_true(result.terms_missing);
    stage_ok(stock_check(&stage->service, stage->arena, &desk->buyer->caller, &wish, &result, &fault));
    assert_int_equal(result.faults, 0);
    assert_int_equal(result.needed, 21);
    assert_int_equal(count_of(stage, "orders"), 0);
    result = book_stock(stage, desk, &wish);
    assert_true(result.done);
    assert_int_equal(count_of(stage, "stock_ticket WHERE state = 'used'"), 21);
    assert_int_equal(count_of(stage, "ticket_exchange WHERE returned_at IS NULL"), 21);
    assert_int_equal(count_of(stage, "ticket WHERE state = 'valid'"), 22);
    assert_int_equal(taken(stage, desk->buyer, 1, 0), 22);
    assert_int_equal(count_of(stage, "payment_attempt"), 0);
    assert_healthy(stage);
    assert_true(str_eq(book_stock(stage, desk, &wish).order_ref, result.order_ref)); /* the same form */
    wish.request_key = S("another form");
    wish.start_at += HOUR;
    result = book_stock(stage, desk, &wish);
    assert_int_equal(result.faults, 21);
    assert_int_equal(fault_of(&result, 20), NUMBER_USED);
    struct stock_number number;
    stage_ok(stock_look(&stage->service, stage->arena, &desk->service, S("s0001"), &number, &fault));
    assert_str(number.state, "used");
    assert_true(number.order_ref.n > 0);
    assert_healthy(stage);
}

STAGED(each_number_has_its_own_answer)
{
    struct desk *desk = open_desk(stage);
    set_right(stage, desk, true);
    stocked(stage, desk, "S", "chapel", 8);
    assert_true(
        import(stage, desk, "CASTLE1;castle;2027-12-31\nOLD1;chapel;2026-11-30\nGONE1;chapel;2027-12-31\n").done);
    bool done = false;
    stage_ok(stock_withdraw(&stage->service, stage->arena, &desk->service, S("gone1"), true, S("lost"), &done, &fault));
    assert_true(done);
    stage_script(stage,
                 "INSERT INTO organisation (name, kind, registration, address, postcode, city, country, created_at)"
                 " VALUES ('Other', 'agency', '40483304800022', '', '', '', 'FR', 0)");
    assert_true(import(stage, desk, "OTHER1;chapel;2027-12-31;404 833 048 00022\n").done);
    const struct str typed[] = {S("S0001"), S("s-0001"), S("nobody1"), S("OTHER1"), S("castle 1"),
                                S("OLD1"),  S("GONE1"),  S("?"),       S("S0002"),  S("S0003")};
    struct right_wish wish = wish_for(stage, desk, 1, 0, 9, typed, 10);
    struct right_result result = book_stock(stage, desk, &wish);
    static const enum number_fault expected[] = {NUMBER_GOOD,     NUMBER_TWICE,   NUMBER_UNKNOWN, NUMBER_UNKNOWN,
                                                 NUMBER_MONUMENT, NUMBER_EXPIRED, NUMBER_ENDED,   NUMBER_SHAPE,
                                                 NUMBER_GOOD,     NUMBER_TOO_MANY};
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(fault_of(&result, i), expected[i]);
    assert_str(result.numbers[4].detail, "Château");
    assert_str(result.numbers[1].typed, "s-0001");
    assert_false(result.done);
    assert_int_equal(count_of(stage, "stock_ticket WHERE state = 'used'"), 0);
    assert_int_equal(taken(stage, desk->buyer, 1, 0), 0);
}

/* Undated tickets sold here for a monument that has slots now. */
static struct str *undated(struct stage *stage, struct desk *desk, int persons)
{
    struct place_result held = {.refusal = REFUSED_NOT};
    stage_ok(place_undated(&stage->service, stage->arena, &desk->buyer->caller, 3, persons, LEADER_NONE,
                           new_key(stage, desk->buyer), &held, &fault));
    (void)order_to_pay(stage, desk->buyer);
    pays(desk->buyer, "pi_undated");
    notify(stage, "evt_undated");
    struct str *numbers = ARENA_ARRAY(stage->arena, (size_t)persons, struct str);
    for (int i = 0; i < persons; i++)
        numbers[i] = stage_text(
            stage, str_format(stage->arena,
                              "SELECT number FROM ticket WHERE visit_id = %lld ORDER BY position LIMIT 1 OFFSET %d",
                              (long long)held.visit_id, i)
                       .p);
    stage_script(stage,
                 "UPDATE monument SET sale_mode = 'group-slots' WHERE id = 3;"
                 "INSERT INTO group_rule (monument_id, min_persons, guide_waives_minimum, max_persons, option_days,"
                 " confirm_days_before, confirm_minute, sales_close_minutes, school_online)"
                 " VALUES (3, 8, 1, 26, 60, 1, 1080, 60, 0);"
                 "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from)"
                 " SELECT 3, start_at, day, 30, 50, 0 FROM slot WHERE monument_id = 1");
    return numbers;
}

STAGED(undated_tickets_become_dated)
{
    struct desk *desk = open_desk(stage);
    set_right(stage, desk, true);
    struct str *numbers = undated(stage, desk, 9);
    struct right_wish wish = wish_for(stage, desk, 3, 0, 8, numbers, 8);
    struct right_result result = book_stock(stage, desk, &wish);
    for (size_t i = 0; i < result.count; i++)
        assert_int_equal(fault_of(&result, i), NUMBER_GOOD);
    assert_true(result.done);
    assert_int_equal(count_of(stage, "ticket WHERE state = 'cancelled' AND ended_why = 'exchanged'"), 8);
    assert_int_equal(count_of(stage, "ticket WHERE state = 'valid'"), 9);
    assert_healthy(stage);

    wish = wish_for(stage, desk, 1, 1, 8, numbers + 1, 8); /* used ones, and one of another monument */
    result = book_stock(stage, desk, &wish);
    assert_int_equal(fault_of(&result, 0), NUMBER_USED);
    assert_int_equal(fault_of(&result, 7), NUMBER_MONUMENT);
    struct str dated = stage_text(stage, "SELECT number FROM ticket WHERE tariff_code = 'stock' ORDER BY id LIMIT 1");
    wish.numbers = &dated;
    wish.count = 1;
    result = book_stock(stage, desk, &wish);
    assert_int_equal(fault_of(&result, 0), NUMBER_DATED);
    struct stock_import ours = import(stage, desk,
                                      str_format(stage->arena, "%.*s;chapel;2027-12-31\n", STR_ARG(numbers[8])).p);
    assert_int_equal(ours.lines.p[0].fault, STOCK_LINE_OURS);

    /* The monument closes: the old tickets are good again. */
    stage_script(stage, "UPDATE slot SET closed_fr = 'x', closed_en = 'x' WHERE monument_id = 3");
    bool done = false;
    stage_ok(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_STOCK,
                                  stage_number(stage, "SELECT visit_id FROM ticket_exchange LIMIT 1"), S("closed"),
                                  &done, &fault));
    assert_true(done);
    assert_int_equal(count_of(stage, "ticket WHERE state = 'valid'"), 9);
    assert_healthy(stage);
}

/* The money of a ticket that was exchanged is in its successor: it neither goes back nor lets anybody in besides. */
STAGED(an_exchanged_ticket_is_not_refunded_and_stays_ended)
{
    struct desk *desk = open_desk(stage);
    set_right(stage, desk, true);
    struct str *numbers = undated(stage, desk, 9);
    int64_t old = stage_number(stage, "SELECT min(visit_id) FROM ticket");
    struct right_wish wish = wish_for(stage, desk, 3, 0, 8, numbers, 8);
    assert_true(book_stock(stage, desk, &wish).done);
    struct refund_choice choice = {.quantity = 9, .position = 1};
    struct refund_order_request request = {
        .choices = &choice, .choice_count = 1, .reason = S("geste"), .request_key = S("all"),
        .ref = stage_text(stage, "SELECT o.ref FROM orders o JOIN order_line l ON l.order_id = o.id ORDER BY o.id LIMIT 1")};
    struct refund_order_made made = {.refusal = REFUND_DESK_REASON};
    stage_ok(refund_order_pay(&stage->service, stage->arena, &desk->service, &request, &made, &fault));
    assert_int_equal(made.refusal, REFUND_DESK_TOO_MUCH);
    choice.quantity = 1; /* the one that was not exchanged: nobody is left of the visit */
    stage_ok(refund_order_pay(&stage->service, stage->arena, &desk->service, &request, &made, &fault));
    assert_int_equal(made.refusal, REFUND_DESK_NOT_REFUSED);
    assert_int_equal(made.voided, 1);
    bool done = false;
    stage_ok(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_STOCK,
                                  stage_number(stage, "SELECT visit_id FROM ticket_exchange LIMIT 1"), S("closed"),
                                  &done, &fault));
    assert_true(done);
    assert_int_equal(count_of(stage, str_format(stage->arena, "ticket WHERE state = 'valid' AND visit_id = %lld",
                                                (long long)old).p), 0);
    /* Given back to nobody, their money can be. */
    choice.quantity = 8;
    request.request_key = S("rest");
    stage_ok(refund_order_pay(&stage->service, stage->arena, &desk->service, &request, &made, &fault));
    assert_int_equal(made.refusal, REFUND_DESK_NOT_REFUSED);
    assert_healthy(stage);
}

STAGED(somebody_elses_ticket_is_unknown)
{
    struct desk *desk = open_desk(stage);
    struct str *numbers = undated(stage, desk, 8);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    other->slots = desk->buyer->slots;
    desk->buyer = other;
    set_right(stage, desk, true);
    struct right_wish wish = wish_for(stage, desk, 3, 0, 8, numbers, 8);
    struct right_result result = book_stock(stage, desk, &wish);
    assert_int_equal(result.faults, 8);
    assert_int_equal(fault_of(&result, 0), NUMBER_UNKNOWN);
    assert_int_equal(count_of(stage, "ticket WHERE state = 'valid'"), 8);
}

/* ---- two desks at once ---- */

struct racer {
    struct service *service;
    struct desk *desk;
    struct right_wish wish;
    bool passes;
    enum err err;
    struct fault fault;
    struct right_result result;
};

static void *race(void *argument)
{
    struct racer *racer = argument;
    struct arena *arena = arena_new();
    racer->err = racer->passes ? pass_book(racer->service, arena, &racer->desk->service,
                                           racer->desk->buyer->caller.organisation_id, 0, &racer->wish, &racer->result,
                                           &racer->fault)
                               : stock_book(racer->service, arena, &racer->desk->buyer->caller, &racer->wish, S("v1"),
                                            &racer->result, &racer->fault);
    arena_free(&arena);
    return NULL;
}

/* Two servers, the same eight numbers in opposite orders, two slots: one gets them. */
static void race_for(struct stage *stage, bool passes)
{
    struct desk *desk = open_desk(stage);
    struct service second = stage_second(stage);
    enum { ROUNDS = 12, N = 8 };
    set_right(stage, desk, true);
    struct str *all = stocked(stage, desk, "R", "castle", ROUNDS * N);
    for (int round = 0; round < ROUNDS; round++) {
        struct str backwards[N];
        struct str *numbers = all + round * N;
        for (int i = 0; i < N; i++)
            backwards[i] = numbers[N - 1 - i];
        struct racer racers[2] = {
            {.service = &stage->service,
             .desk = desk,
             .passes = passes,
             .wish = wish_for(stage, desk, 2, 0, N, numbers, N)},
            {.service = &second, .desk = desk, .passes = passes, .wish = wish_for(stage, desk, 2, 1, N, backwards, N)}};
        pthread_t threads[2];
        int done = 0;
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        for (int i = 0; i < 2; i++) {
            if (racers[i].err != OK)
                fail_msg("round %d: %s %s", round, err_name(racers[i].err), racers[i].fault.text);
            done += racers[i].result.done;
            if (!racers[i].result.done)
                assert_int_equal(racers[i].result.faults, N);
        }
        assert_int_equal(done, 1);
        stage_script(stage, "UPDATE slot SET capacity = capacity + 8 WHERE monument_id = 2");
    }
    writer_stop(&second.writer);
    assert_int_equal(count_of(stage, "orders"), ROUNDS);
    assert_healthy(stage);
}

STAGED(a_number_goes_to_one_desk_only)
{
    race_for(stage, false);
}

STAGED(a_pass_goes_to_one_desk_only)
{
    race_for(stage, true);
}

/* ---- failing between any two statements ---- */

/* Every operation spoilt in turn, before it is done and after: all of the exchange or nothing of it, and the same form
 * ends with one order whatever was lost. */
STAGED_FAULTY(a_failure_leaves_nothing_half_done)
{
    struct desk *desk = open_desk(stage);
    set_right(stage, desk, true);
    struct str *numbers = stocked(stage, desk, "S", "castle", 8);
    struct fail_plan *plan = &stage->test->plan;
    for (int done = 0; done < 2; done++) {
        bool spoilt = true;
        for (int64_t nth = 1; spoilt; nth++) {
            struct right_wish wish = wish_for(stage, desk, 2, 0, 8, numbers, 8);
            struct right_result result = {.done = false};
            *plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .times = 1, .err = ERR_IO, .done = done == 1};
            enum err err = stock_book(&stage->service, stage->arena, &desk->buyer->caller, &wish, S("v1"), &result,
                                      NULL);
            spoilt = plan->seen >= nth;
            plan->operation = FAIL_NOTHING;
            int64_t used = count_of(stage, "stock_ticket WHERE state = 'used'");
            int64_t standing = count_of(stage, "visit WHERE state = 'confirmed'");
            if (used != 8 * standing || taken(stage, desk->buyer, 2, 0) != used ||
                (err == OK && result.done && standing != 1))
                fail_msg("operation %lld: %lld used, %lld visits", (long long)nth, (long long)used,
                         (long long)standing);
            result = book_stock(stage, desk, &wish);
            assert_true(result.done);
            assert_int_equal(count_of(stage, "visit WHERE state = 'confirmed'"), 1);
            assert_healthy(stage);
            bool ended = false;
            int64_t visit = stage_number(stage, "SELECT id FROM visit WHERE state = 'confirmed'");
            stage_ok(right_booking_cancel(&stage->service, stage->arena, &desk->service, RIGHT_STOCK, visit, S("again"),
                                          &ended, &fault));
            assert_true(ended);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {staged_test(passes_book_a_slot_without_money),
                                              staged_test(each_pass_is_looked_at),
                                              staged_test(passes_keep_the_rules_of_the_slot),
                                              staged_test(a_cancelled_booking_gives_everything_back),
                                              staged_test(the_right_comes_and_goes_with_a_reason),
                                              staged_test(a_list_comes_in_whole_or_not_at_all),
                                              staged_test(a_slot_against_stock),
                                              staged_test(each_number_has_its_own_answer),
                                              staged_test(undated_tickets_become_dated),
                                              staged_test(an_exchanged_ticket_is_not_refunded_and_stays_ended),
                                              staged_test(somebody_elses_ticket_is_unknown),
                                              staged_test(a_number_goes_to_one_desk_only),
                                              staged_test(a_pass_goes_to_one_desk_only),
                                              staged_test(a_failure_leaves_nothing_half_done)};
    return ENGINES_MAIN(argc, argv, "service_rights", tests);
}
