/* Requests to monuments without slots, on each engine: asking, answering, paying, what time does (MON-2). */
#include "contract/service_purchase.h"
#include "contract/service_workers.h"

#include "service/documents.h"
#include "service/mails.h"
#include "service/request.h"
#include "service/settings.h"

enum { ABBEY = 3, TEN = 600, NOON = 720 };

struct scene {
    struct stage *stage;
    struct buyer *buyer;
    struct worker manager; /* of the abbey */
    day_number day;        /* asked for: Saturday 12 December 2026 */
    int keys;
};

static struct str key(struct scene *scene)
{
    return str_format(scene->stage->arena, "form-%d", ++scene->keys);
}

static struct scene open_scene(struct stage *stage)
{
    static const int64_t own[] = {ABBEY};
    struct scene scene = {.stage = stage, .buyer = open_shop(stage)};
    stage_script(stage, "UPDATE monument SET hours_summer = '09:00-18:00', hours_winter = '10:00-12:30,14:00-17:00',"
                        " closing_days = 'mon,12-25' WHERE id = 3");
    scene.manager = worker_of(stage, "m@network.example", ROLE_MONUMENT_MANAGER, own, 1);
    assert_true(day_parse(S("2026-12-12"), &scene.day));
    stage_script(stage, "DELETE FROM outbox; DELETE FROM audit");
    return scene;
}

static struct request_wish wish(struct scene *scene)
{
    return (struct request_wish){.monument_id = ABBEY, .day = scene->day, .from = TEN, .to = NOON, .persons = 25,
                                 .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING, .visit_lang = S("en"),
                                 .words = S("Un car de 25 personnes."), .request_key = key(scene)};
}

static struct request_asked ask_for(struct scene *scene, struct request_wish wish)
{
    struct stage *stage = scene->stage;
    struct request_asked asked = {.number = -1};
    stage_ok(request_ask(&stage->service, stage->arena, &scene->buyer->caller, &wish, &asked, &fault));
    return asked;
}

static struct str ask(struct scene *scene)
{
    struct request_asked asked = ask_for(scene, wish(scene));
    assert_int_equal(asked.refusal, REQUEST_REFUSED_NOT);
    return asked.ref;
}

static struct request_view look(struct scene *scene, struct str ref)
{
    struct stage *stage = scene->stage;
    struct request_view view = {.id = 0};
    stage_ok(request_read(&stage->service, stage->arena, &scene->buyer->caller, ref, &view, &fault));
    return view;
}

static instant at(struct scene *scene, int minute)
{
    return instant_of(&scene->stage->service.zone, scene->day, minute);
}

static enum request_refusal desk_with(struct scene *scene, struct str ref, enum request_act act, int64_t turn,
                                      int minute, struct str words, struct str form)
{
    struct stage *stage = scene->stage;
    enum request_refusal refusal = REQUEST_REFUSED_SALE;
    struct request_answer answer = {.ref = ref, .act = act, .turn = turn, .start_at = at(scene, minute),
                                    .words = words, .request_key = form};
    stage_ok(request_desk_answer(&stage->service, stage->arena, &scene->manager.head.caller, &answer, &refusal, &fault));
    return refusal;
}

static enum request_refusal desk(struct scene *scene, struct str ref, enum request_act act, int minute)
{
    return desk_with(scene, ref, act, look(scene, ref).turn, minute, S("Désolés."), key(scene));
}

static enum request_refusal customer_with(struct scene *scene, struct str ref, enum request_act act, int64_t turn)
{
    struct stage *stage = scene->stage;
    enum request_refusal refusal = REQUEST_REFUSED_SALE;
    struct request_answer answer = {.ref = ref, .act = act, .turn = turn, .request_key = key(scene)};
    stage_ok(request_answer(&stage->service, stage->arena, &scene->buyer->caller, &answer, &refusal, &fault));
    return refusal;
}

static enum request_refusal customer(struct scene *scene, struct str ref, enum request_act act)
{
    return customer_with(scene, ref, act, look(scene, ref).turn);
}

static struct request_payment pay_with(struct scene *scene, struct str ref, struct str form)
{
    struct stage *stage = scene->stage;
    struct request_payment payment = {.refusal = REQUEST_REFUSED_SALE};
    stage_ok(request_pay(&stage->service, stage->arena, &scene->buyer->caller, ref, S("v1"), form, &payment, &fault));
    return payment;
}

static struct str pay(struct scene *scene, struct str ref)
{
    struct stage *stage = scene->stage;
    struct request_payment payment = pay_with(scene, ref, key(scene));
    assert_int_equal(payment.refusal, REQUEST_REFUSED_NOT);
    assert_int_equal(payment.order_refusal, REFUSED_NOT);
    assert_true(payment.to_pay);
    struct payment_page page = {.refusal = REFUSED_FULL};
    stage_ok(payment_open(&stage->service, stage->arena, &scene->buyer->caller, payment.order_ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_NOT);
    return payment.order_ref;
}

static int64_t sent(struct stage *stage, const char *kind)
{
    return stage_number(stage, str_format(stage->arena, "SELECT count(*) FROM outbox WHERE kind = '%s'", kind).p);
}

static int run_timers(struct stage *stage)
{
    int done = 0, all = 0;
    do {
        stage_ok(request_run_timers(&stage->service, stage->arena, &done, &fault));
        all += done;
    } while (done > 0);
    return all;
}

/* ---- asking ---- */

STAGED(a_request_goes_to_the_monument)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene);
    struct request_view view = look(&scene, ref);
    assert_int_equal(view.state, REQUEST_ASKED);
    assert_str(view.monument, "Abbaye");
    assert_int_equal(view.persons, 25);
    assert_int_equal(view.from, TEN);
    assert_int_equal(view.events.n, 1);
    assert_str(view.events.p[0].words, "Un car de 25 personnes.");
    assert_int_equal(view.due_at - stage->now, 5 * DAY - 3 * DAY); /* asked on a Wednesday: 48 hours */
    /* To the contact and to the manager; and to the asker that it was sent. */
    assert_int_equal(sent(stage, "request-new"), 2);
    assert_int_equal(sent(stage, "request-asked"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM outbox WHERE kind = 'request-new'"
                                         " AND recipient IN ('a@m.example', 'm@network.example')"), 2);
    struct request_lines lines = {.n = 0};
    stage_ok(request_list(&stage->service, stage->arena, &scene.buyer->caller, &lines, &fault));
    assert_int_equal(lines.n, 1);
    assert_true(str_eq(lines.p[0].ref, ref));
    struct request_desk list = {.all = true};
    stage_ok(request_desk_list(&stage->service, stage->arena, &scene.manager.head.caller, &list, &fault));
    assert_false(list.all);
    assert_int_equal(list.waiting.n, 1);
}

STAGED(the_same_form_asks_once)
{
    struct scene scene = open_scene(stage);
    struct request_wish form = wish(&scene);
    struct str ref = ask_for(&scene, form).ref;
    assert_true(str_eq(ask_for(&scene, form).ref, ref));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit_request"), 1);
    assert_int_equal(sent(stage, "request-new"), 2);
}

STAGED(what_cannot_be_asked)
{
    struct scene scene = open_scene(stage);
    struct request_wish w = wish(&scene);
    w.monument_id = 1; /* it has slots */
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_SALE);
    w = wish(&scene);
    w.day += 2; /* a Monday */
    struct request_asked asked = ask_for(&scene, w);
    assert_int_equal(asked.refusal, REQUEST_REFUSED_CLOSED);
    assert_int_equal(asked.closed, CLOSED_WEEKDAY);
    w = wish(&scene);
    w.day = service_day(&stage->service, stage->now) + 2;
    asked = ask_for(&scene, w);
    assert_int_equal(asked.refusal, REQUEST_REFUSED_SOON);
    assert_int_equal(asked.number, 3);
    w.day = service_day(&stage->service, stage->now) + 551;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_FAR);
    w = wish(&scene);
    w.from = 750; /* the midday break */
    w.to = 839;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_WINDOW);
    w.to = 840;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_NOT);
    w = wish(&scene);
    w.to = w.from;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_WINDOW);
    w = wish(&scene);
    w.persons = 0;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_NUMBER);
    w = wish(&scene);
    w.leader_id = 999999;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_LEADER);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    w.leader_id = other->guide; /* somebody else's */
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_LEADER);
    w = wish(&scene);
    w.leader_id = scene.buyer->guide;
    assert_int_equal(ask_for(&scene, w).refusal, REQUEST_REFUSED_NOT);
    stage_ok(settings_put(&stage->service, stage->arena, S("request.live_max"), S("2"), &fault));
    asked = ask_for(&scene, wish(&scene));
    assert_int_equal(asked.refusal, REQUEST_REFUSED_CAP);
    assert_int_equal(asked.number, 2);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit_request"), 2);
}

/* ---- answering ---- */

STAGED(accepted_at_a_time_of_the_window)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene);
    assert_int_equal(desk(&scene, ref, REQUEST_ACCEPT, TEN - 1), REQUEST_REFUSED_TIME);
    assert_int_equal(desk(&scene, ref, REQUEST_ACCEPT, NOON + 1), REQUEST_REFUSED_TIME);
    assert_int_equal(look(&scene, ref).state, REQUEST_ASKED);
    assert_int_equal(desk(&scene, ref, REQUEST_ACCEPT, 630), REQUEST_REFUSED_NOT);
    struct request_view view = look(&scene, ref);
    assert_int_equal(view.state, REQUEST_ACCEPTED);
    assert_int_equal(view.start_at, at(&scene, 630));
    assert_int_equal(view.pay_until, at(&scene, 0) - 60); /* the end of the day before */
    assert_true(view.payable);
    assert_int_equal(view.price.total.v, 24 * 900); /* the leader of 25 is free */
    assert_false(view.has_due);
    assert_int_equal(sent(stage, "request-confirmed"), 1);
    assert_int_equal(sent(stage, "request-visit"), 0); /* nobody is named */
    assert_str(stage_text(stage, "SELECT was || ' > ' || substr(became, 1, 8) || ' ' || reason FROM audit"
                                 " WHERE act = 'request.accept'"), "asked > accepted Désolés.");
    struct request_visits visits = {.n = 0};
    stage_ok(request_visits_of_day(&stage->service, stage->arena, &scene.manager.head.caller, ABBEY, scene.day, &visits,
                                   &fault));
    assert_int_equal(visits.n, 1);
    assert_int_equal(visits.p[0].persons, 25);
    assert_str(visits.p[0].organisation, "Voyages Horizon");
    stage_ok(request_visits_of_day(&stage->service, stage->arena, &scene.manager.head.caller, ABBEY, scene.day + 1,
                                   &visits, &fault));
    assert_int_equal(visits.n, 0);
    assert_healthy(stage);
}

/* Two people answer the page that both have open: one wins, the other is told; the winner's form again changes nothing. */
STAGED(two_answers_at_once)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene), form = key(&scene);
    int64_t turn = look(&scene, ref).turn;
    assert_int_equal(desk_with(&scene, ref, REQUEST_ACCEPT, turn, 630, S(""), form), REQUEST_REFUSED_NOT);
    assert_int_equal(desk_with(&scene, ref, REQUEST_DECLINE, turn, 0, S("Complet."), key(&scene)), REQUEST_REFUSED_CHANGED);
    assert_int_equal(customer_with(&scene, ref, REQUEST_WITHDRAW, turn), REQUEST_REFUSED_CHANGED);
    assert_int_equal(desk_with(&scene, ref, REQUEST_ACCEPT, turn, 630, S(""), form), REQUEST_REFUSED_NOT);
    assert_int_equal(look(&scene, ref).state, REQUEST_ACCEPTED);
    assert_int_equal(look(&scene, ref).turn, turn + 1);
    assert_int_equal(sent(stage, "request-confirmed"), 1);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'request.accept'"), 1);
}

STAGED(a_proposal_is_taken_or_left)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene);
    assert_int_equal(desk(&scene, ref, REQUEST_PROPOSE, 900), REQUEST_REFUSED_NOT);
    struct request_view view = look(&scene, ref);
    int64_t old = view.turn;
    assert_int_equal(view.state, REQUEST_PROPOSED);
    assert_int_equal(view.start_at, at(&scene, 900));
    assert_int_equal(view.due_at, stage->now + 7 * DAY); /* five working days, from a Wednesday */
    /* Another proposal in its place: the page with the first one accepts nothing. */
    assert_int_equal(desk(&scene, ref, REQUEST_PROPOSE, 930), REQUEST_REFUSED_NOT);
    assert_int_equal(customer_with(&scene, ref, REQUEST_TAKE, old), REQUEST_REFUSED_CHANGED);
    assert_int_equal(customer(&scene, ref, REQUEST_TAKE), REQUEST_REFUSED_NOT);
    view = look(&scene, ref);
    assert_int_equal(view.state, REQUEST_ACCEPTED);
    assert_int_equal(view.start_at, at(&scene, 930));
    assert_int_equal(sent(stage, "request-proposed"), 2);
    assert_int_equal(sent(stage, "request-confirmed"), 1);
    assert_int_equal(sent(stage, "request-told"), 2);

    ref = ask(&scene);
    assert_int_equal(desk(&scene, ref, REQUEST_PROPOSE, 900), REQUEST_REFUSED_NOT);
    assert_int_equal(customer(&scene, ref, REQUEST_LEAVE), REQUEST_REFUSED_NOT);
    assert_int_equal(look(&scene, ref).state, REQUEST_WITHDRAWN);
    assert_int_equal(desk(&scene, ref, REQUEST_ACCEPT, 630), REQUEST_REFUSED_IMPOSSIBLE);
    assert_healthy(stage);
}

STAGED(declining_needs_words)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene);
    assert_int_equal(desk_with(&scene, ref, REQUEST_DECLINE, 1, 0, S(""), key(&scene)), REQUEST_REFUSED_WORDS);
    assert_int_equal(desk_with(&scene, ref, REQUEST_DECLINE, 1, 0, S("Complet ce jour."), key(&scene)),
                     REQUEST_REFUSED_NOT);
    struct request_view view = look(&scene, ref);
    assert_int_equal(view.state, REQUEST_DECLINED);
    assert_str(view.events.p[1].words, "Complet ce jour.");
    assert_int_equal(view.events.p[1].side, REQUEST_SIDE_MONUMENT);
    assert_int_equal(sent(stage, "request-declined"), 1);
}

STAGED(both_sides_can_say_something)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene), form = key(&scene);
    enum request_refusal refusal = REQUEST_REFUSED_SALE;
    for (int i = 0; i < 2; i++) { /* the same form twice is one message */
        stage_ok(request_say(&stage->service, stage->arena, &scene.buyer->caller, ref, S("Avec un fauteuil."), form, &refusal,
                             &fault));
        assert_int_equal(refusal, REQUEST_REFUSED_NOT);
    }
    stage_ok(request_desk_say(&stage->service, stage->arena, &scene.manager.head.caller, ref, S("C’est noté."),
                              key(&scene), &refusal, &fault));
    stage_ok(request_say(&stage->service, stage->arena, &scene.buyer->caller, ref, S(""), key(&scene), &refusal, &fault));
    assert_int_equal(refusal, REQUEST_REFUSED_WORDS);
    struct request_view view = look(&scene, ref);
    assert_int_equal(view.events.n, 3);
    assert_int_equal(view.turn, 1); /* a message changes nothing: whoever answers may go on */
    assert_int_equal(sent(stage, "request-words-desk"), 2);
    assert_int_equal(sent(stage, "request-words"), 1);
}

/* Customer service in the customer's name (OPS-1): the page and the audit say so. */
STAGED(who_acts_for_a_customer_is_marked)
{
    struct scene scene = open_scene(stage);
    scene.buyer->caller.role = ROLE_ACTING;
    scene.buyer->caller.staff_id = worker(stage, "c@network.example", ROLE_CUSTOMER_SERVICE).staff_id;
    struct request_view view = look(&scene, ask(&scene));
    assert_int_equal(view.events.p[0].side, REQUEST_SIDE_CUSTOMER);
    assert_true(view.events.p[0].by_service);
    assert_int_equal(stage_number(stage, "SELECT staff_id FROM audit WHERE act = 'request.ask'"),
                     scene.buyer->caller.staff_id);
}

STAGED(others_find_nothing)
{
    struct scene scene = open_scene(stage);
    static const int64_t elsewhere[] = {1, 2};
    struct str ref = ask(&scene);
    struct buyer *other = buyer_new(stage, "b@horizon.example");
    struct worker stranger = worker_of(stage, "s@network.example", ROLE_MONUMENT_MANAGER, elsewhere, 2);
    struct service *service = &stage->service;
    struct request_view view;
    struct request_payment payment;
    struct confirmation_sheet sheet;
    struct request_visits visits;
    enum request_refusal refusal;
    struct request_answer answer = {.ref = ref, .act = REQUEST_WITHDRAW, .turn = 1, .request_key = S("x")};
    ASSERT_ERR(request_read(service, stage->arena, &other->caller, ref, &view, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_answer(service, stage->arena, &other->caller, &answer, &refusal, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_say(service, stage->arena, &other->caller, ref, S("?"), S("x"), &refusal, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_pay(service, stage->arena, &other->caller, ref, S("v1"), S("x"), &payment, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_confirmation(service, stage->arena, &other->caller, ref, &sheet, NULL), ERR_NOT_FOUND);
    answer.act = REQUEST_DECLINE;
    answer.words = S("Non.");
    const struct staff_caller *caller = &stranger.head.caller;
    ASSERT_ERR(request_desk_read(service, stage->arena, caller, ref, &view, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_desk_answer(service, stage->arena, caller, &answer, &refusal, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_desk_say(service, stage->arena, caller, ref, S("?"), S("x"), &refusal, NULL), ERR_NOT_FOUND);
    ASSERT_ERR(request_visits_of_day(service, stage->arena, caller, ABBEY, scene.day, &visits, NULL), ERR_NOT_FOUND);
    struct request_desk list = {.all = true};
    stage_ok(request_desk_list(service, stage->arena, caller, &list, &fault));
    assert_int_equal(list.waiting.n + list.others.n, 0);
    assert_int_equal(look(&scene, ref).events.n, 1);
    /* Not confirmed: there is nothing to print yet. */
    ASSERT_ERR(request_confirmation(service, stage->arena, &scene.buyer->caller, ref, &sheet, NULL), ERR_NOT_FOUND);
    /* The wrong side's acts are no acts. */
    answer = (struct request_answer){.ref = ref, .act = REQUEST_ACCEPT, .turn = 1, .start_at = at(&scene, 630)};
    ASSERT_ERR(request_answer(service, stage->arena, &scene.buyer->caller, &answer, &refusal, NULL), ERR_INPUT);
    answer.act = REQUEST_PAY;
    ASSERT_ERR(request_desk_answer(service, stage->arena, &scene.manager.head.caller, &answer, &refusal, NULL), ERR_INPUT);
}

/* ---- paying ---- */

static struct str accepted(struct scene *scene)
{
    struct str ref = ask(scene);
    assert_int_equal(desk(scene, ref, REQUEST_ACCEPT, 630), REQUEST_REFUSED_NOT);
    return ref;
}

STAGED(paid_in_one_click)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    /* What else lies in the cart stays there. */
    struct place_result tickets = {.refusal = REFUSED_FULL};
    stage_ok(place_undated(&stage->service, stage->arena, &scene.buyer->caller, ABBEY, 4, LEADER_NONE, key(&scene), &tickets,
                           &fault));
    struct str form = key(&scene);
    struct request_payment first = pay_with(&scene, ref, form);
    assert_true(first.to_pay);
    assert_int_equal(pay_with(&scene, ref, form).refusal, REQUEST_REFUSED_PAYING); /* a double click */
    assert_true(str_eq(pay_with(&scene, ref, form).order_ref, first.order_ref));
    struct str order = first.order_ref;
    struct payment_page page = {.refusal = REFUSED_FULL};
    stage_ok(payment_open(&stage->service, stage->arena, &scene.buyer->caller, order, &page, &fault));
    assert_true(look(&scene, ref).paying);
    assert_int_equal(customer(&scene, ref, REQUEST_WITHDRAW), REQUEST_REFUSED_PAYING);
    assert_int_equal(desk(&scene, ref, REQUEST_CANCEL, 0), REQUEST_REFUSED_PAYING);
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    struct request_view view = look(&scene, ref);
    assert_int_equal(view.state, REQUEST_PAID);
    assert_true(str_eq(view.order_ref, order));
    struct order_view sold = order_now(stage, scene.buyer, order);
    assert_int_equal(sold.visits.n, 1);
    assert_int_equal(sold.visits.p[0].tickets, 25);
    assert_int_equal(sold.total.v, 24 * 900);
    assert_true(sold.invoice.n > 0);
    struct cart cart = {.n = 0};
    stage_ok(cart_read(&stage->service, stage->arena, &scene.buyer->caller, &cart, &fault));
    assert_int_equal(cart.n, 1);
    assert_int_equal(pay_with(&scene, ref, key(&scene)).refusal, REQUEST_REFUSED_IMPOSSIBLE);
    assert_int_equal(customer(&scene, ref, REQUEST_WITHDRAW), REQUEST_REFUSED_IMPOSSIBLE); /* ORD-3 */
    assert_int_equal(sent(stage, "tickets"), 1);
    struct confirmation_sheet sheet = {.fact_count = 0};
    stage_ok(request_confirmation(&stage->service, stage->arena, &scene.buyer->caller, ref, &sheet, &fault));
    assert_true(str_has(sheet.payment.p[0], order));
    assert_true(str_has(sheet.validity, S("12 décembre 2026 à 10:30")));
    assert_healthy(stage);
}

STAGED(a_payment_that_was_given_up)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene), order = pay(&scene, ref);
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_abandon(&stage->service, stage->arena, &scene.buyer->caller, order, &settlement, &fault));
    assert_true(look(&scene, ref).payable);
    struct str again = pay(&scene, ref);
    assert_false(str_eq(again, order));
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit WHERE kind = 'undated'"), 1);
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(look(&scene, ref).state, REQUEST_PAID);
    assert_healthy(stage);
}

/* Between its two steps: the tickets are in the cart, and may leave it or be paid with all the rest. */
STAGED(tickets_in_the_cart_are_just_that)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    struct request_payment payment = {.refusal = REQUEST_REFUSED_SALE};
    stage_ok(request_pay(&stage->service, stage->arena, &scene.buyer->caller, ref, S("old"), key(&scene), &payment, &fault));
    assert_int_equal(payment.order_refusal, REFUSED_TERMS);
    struct cart cart = {.n = 0};
    stage_ok(cart_read(&stage->service, stage->arena, &scene.buyer->caller, &cart, &fault));
    assert_int_equal(cart.n, 1);
    enum refusal refusal = REFUSED_FULL;
    stage_ok(place_cancel(&stage->service, stage->arena, &scene.buyer->caller, cart.p[0].id, false, &refusal, &fault));
    assert_int_equal(refusal, REFUSED_NOT);
    (void)pay(&scene, ref); /* new ones */
    stage->now += 2 * HOUR;
    expire_all(stage);
    struct str order = order_to_pay(stage, scene.buyer); /* the whole cart */
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_true(str_eq(look(&scene, ref).order_ref, order));
    assert_int_equal(look(&scene, ref).state, REQUEST_PAID);
    assert_healthy(stage);
}

STAGED(a_colleague_pays)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    struct request_payment payment = {.refusal = REQUEST_REFUSED_SALE};
    stage_ok(request_pay(&stage->service, stage->arena, &scene.buyer->caller, ref, S("old"), key(&scene), &payment, &fault));
    stage_script(stage, str_format(stage->arena, "INSERT INTO person (organisation_id, email, email_key, first_name,"
        " last_name, phone, password_hash, lang, created_at, verified_at) VALUES (%lld, 'c@horizon.example',"
        " 'c@horizon.example', 'C', 'D', '', '', 'fr', 0, 0)", (long long)scene.buyer->caller.organisation_id).p);
    scene.buyer->caller.person_id = stage_number(stage, "SELECT id FROM person WHERE email_key = 'c@horizon.example'");
    (void)pay(&scene, ref);
    assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit"), 1);
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(look(&scene, ref).state, REQUEST_PAID);
}

STAGED(at_the_till)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    assert_int_equal(customer(&scene, ref, REQUEST_CHOOSE_TILL), REQUEST_REFUSED_NOT);
    assert_int_equal(look(&scene, ref).state, REQUEST_TILL);
    assert_int_equal(sent(stage, "request-told"), 2);
    (void)pay(&scene, ref); /* who changes their mind before the deadline still pays online */
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(look(&scene, ref).state, REQUEST_PAID);
    /* VIS-1: schools pay at the monument. */
    struct request_wish school = wish(&scene);
    school.audience = AUDIENCE_SCHOOL;
    ref = ask_for(&scene, school).ref;
    assert_int_equal(desk(&scene, ref, REQUEST_ACCEPT, 630), REQUEST_REFUSED_NOT);
    assert_int_equal(look(&scene, ref).state, REQUEST_TILL);
    assert_int_equal(pay_with(&scene, ref, key(&scene)).refusal, REQUEST_REFUSED_ONLINE);
    struct confirmation_sheet sheet = {.fact_count = 0};
    stage_ok(request_confirmation(&stage->service, stage->arena, &scene.buyer->caller, ref, &sheet, &fault));
    assert_true(str_has(sheet.payment.p[0], S("caisse")));
    assert_healthy(stage);
}

STAGED(withdrawn_and_cancelled)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    struct request_payment payment = {.refusal = REQUEST_REFUSED_SALE};
    stage_ok(request_pay(&stage->service, stage->arena, &scene.buyer->caller, ref, S("old"), key(&scene), &payment, &fault));
    assert_int_equal(customer(&scene, ref, REQUEST_WITHDRAW), REQUEST_REFUSED_NOT);
    assert_str(stage_text(stage, "SELECT state FROM visit"), "cancelled");
    /* Cancelled by the monument after it was paid: the customer is told, customer service refunds. */
    ref = accepted(&scene);
    (void)pay(&scene, ref);
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_int_equal(desk(&scene, ref, REQUEST_CANCEL, 0), REQUEST_REFUSED_NOT);
    assert_int_equal(look(&scene, ref).state, REQUEST_CANCELLED);
    assert_int_equal(sent(stage, "request-cancelled"), 1);
    assert_int_equal(sent(stage, "request-refund"), 1);
    assert_healthy(stage);
}

/* The money of an order that had expired arrives after the request was withdrawn. */
STAGED(late_money_is_told)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    (void)pay(&scene, ref);
    stage->now += 2 * HOUR;
    scene.buyer->fake.state.outcome = PAY_EXPIRED;
    expire_all(stage);
    assert_int_equal(customer(&scene, ref, REQUEST_WITHDRAW), REQUEST_REFUSED_NOT);
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_late"), SETTLED_CONFIRMED);
    assert_int_equal(look(&scene, ref).state, REQUEST_WITHDRAWN);
    assert_int_equal(sent(stage, "request-paid-late"), 1);
}

/* ---- time ---- */

STAGED(reminded_then_escalated_each_once)
{
    struct scene scene = open_scene(stage);
    struct str ref = ask(&scene);
    instant asked = stage->now;
    struct service second = stage_second(stage);
    stage->now = asked + DAY - 1;
    assert_int_equal(run_timers(stage), 0);
    stage->now = asked + DAY;
    assert_int_equal(run_timers(stage), 1);
    int done = -1;
    stage_ok(request_run_timers(&second, stage->arena, &done, &fault));
    assert_int_equal(done, 0);
    assert_int_equal(sent(stage, "request-reminder"), 2);
    assert_int_equal(sent(stage, "request-escalated"), 0);
    stage->now = asked + 2 * DAY;
    stage_ok(request_run_timers(&second, stage->arena, &done, &fault));
    assert_int_equal(done, 1);
    assert_int_equal(run_timers(stage), 0);
    assert_int_equal(sent(stage, "request-escalated"), 1);
    assert_str(stage_text(stage, "SELECT recipient FROM outbox WHERE kind = 'request-escalated'"),
               "billetterie.reservations-groupes@monuments-nationaux.fr");
    struct request_view view = look(&scene, ref);
    assert_true(view.escalated);
    assert_int_equal(view.events.n, 3);
    assert_int_equal(view.events.p[2].side, REQUEST_SIDE_TIME);
    /* Customer service has it first, and answers in the monument's place. */
    struct str later = ask(&scene);
    struct worker service = worker(stage, "c@network.example", ROLE_CUSTOMER_SERVICE);
    struct request_desk list = {.all = false};
    stage_ok(request_desk_list(&stage->service, stage->arena, &service.head.caller, &list, &fault));
    assert_true(list.all);
    assert_int_equal(list.waiting.n, 2);
    assert_true(str_eq(list.waiting.p[0].ref, ref) && list.waiting.p[0].escalated);
    assert_true(str_eq(list.waiting.p[1].ref, later));
    scene.manager = service;
    assert_int_equal(desk(&scene, ref, REQUEST_ACCEPT, 630), REQUEST_REFUSED_NOT);
    assert_int_equal(look(&scene, ref).events.p[3].side, REQUEST_SIDE_SERVICE);
    writer_stop(&second.writer);
}

STAGED(after_a_standstill_customer_service_alone)
{
    struct scene scene = open_scene(stage);
    (void)ask(&scene);
    stage->now += 10 * DAY;
    assert_int_equal(run_timers(stage), 1);
    assert_int_equal(sent(stage, "request-reminder"), 0);
    assert_int_equal(sent(stage, "request-escalated"), 1);
}

STAGED(what_nobody_answers_lapses)
{
    struct scene scene = open_scene(stage);
    struct str unanswered = ask(&scene), proposed = ask(&scene);
    assert_int_equal(desk(&scene, proposed, REQUEST_PROPOSE, 900), REQUEST_REFUSED_NOT);
    stage->now = look(&scene, proposed).due_at;
    assert_int_equal(run_timers(stage), 2); /* and an escalation */
    assert_int_equal(look(&scene, proposed).state, REQUEST_LAPSED);
    assert_int_equal(customer(&scene, proposed, REQUEST_TAKE), REQUEST_REFUSED_IMPOSSIBLE);
    stage->now = at(&scene, 0) - 1;
    assert_int_equal(run_timers(stage), 0);
    stage->now = at(&scene, 0);
    assert_int_equal(run_timers(stage), 1);
    assert_int_equal(look(&scene, unanswered).state, REQUEST_LAPSED);
    assert_int_equal(sent(stage, "request-lapsed"), 2);
    assert_int_equal(run_timers(stage), 0);
}

STAGED(after_the_deadline_the_till)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    stage->now = at(&scene, 0) - 120;
    struct str order = pay(&scene, ref);
    stage->now = at(&scene, 0);
    assert_int_equal(run_timers(stage), 0); /* it is being paid */
    scene.buyer->fake.state.outcome = PAY_EXPIRED;
    stage->now += HOUR;
    expire_all(stage);
    (void)order;
    assert_int_equal(run_timers(stage), 1);
    assert_int_equal(look(&scene, ref).state, REQUEST_TILL);
    assert_false(look(&scene, ref).payable);
    assert_int_equal(pay_with(&scene, ref, key(&scene)).refusal, REQUEST_REFUSED_ONLINE);
    assert_int_equal(sent(stage, "request-till"), 1);
    assert_int_equal(run_timers(stage), 0);
    /* Accepted when online payment has closed already. */
    stage_ok(settings_put(&stage->service, stage->arena, S("request.pay_days_before"), S("30"), &fault));
    scene.day += 7;
    ref = accepted(&scene);
    assert_int_equal(look(&scene, ref).state, REQUEST_TILL);
    assert_healthy(stage);
}

STAGED(the_doctor_compares_requests_and_tickets)
{
    struct scene scene = open_scene(stage);
    struct str ref = accepted(&scene);
    (void)pay(&scene, ref);
    pays(scene.buyer, "pi_1");
    assert_int_equal(notify(stage, "evt_1"), SETTLED_CONFIRMED);
    assert_healthy(stage);
    static const char *const ills[] = {
        "UPDATE visit_request SET state = 'till'", "UPDATE visit_request SET state = 'paid', persons = 24",
        "UPDATE visit_request SET persons = 25, monument_id = 1",
        "UPDATE visit_request SET monument_id = 3, state = 'asked', due_at = 1, visit_id = NULL, day = 20000"};
    for (size_t i = 0; i < sizeof ills / sizeof *ills; i++) {
        int findings = 0;
        stage_script(stage, ills[i]);
        stage_ok(doctor_check(&stage->service, stage->arena, NULL, &findings, &fault));
        assert_int_equal(findings, 1);
    }
}

/* ---- mails ---- */

static enum err print_confirmation(void *context, const struct confirmation_sheet *sheet, struct buf *out,
                                   struct fault *fault)
{
    (void)context;
    (void)fault;
    buf_format(out, "%%PDF %.*s %.*s", STR_ARG(sheet->reference), STR_ARG(sheet->language));
    return OK;
}

static struct mail_message mail_of(struct stage *stage, const char *kind)
{
    struct mail_job job = {.id = 1, .kind = str_of(kind), .created_at = stage->now};
    const char *from = str_format(stage->arena, " FROM outbox WHERE kind = '%s' ORDER BY id DESC LIMIT 1", kind).p;
    job.recipient = stage_text(stage, str_format(stage->arena, "SELECT recipient%s", from).p);
    job.recipient_name = stage_text(stage, str_format(stage->arena, "SELECT recipient_name%s", from).p);
    job.detail = stage_text(stage, str_format(stage->arena, "SELECT detail%s", from).p);
    job.lang = str_eq(stage_text(stage, str_format(stage->arena, "SELECT lang%s", from).p), S("en")) ? LANG_EN : LANG_FR;
    struct mail_message message = {.text = S("")};
    stage_ok(mails_compose(&stage->service, stage->arena, &job, &message, &fault));
    return message;
}

STAGED(mails_say_what_happened_in_their_readers_language)
{
    struct scene scene = open_scene(stage);
    struct documents documents = {.confirmation = print_confirmation};
    stage->service.documents = &documents;
    stage_script(stage, "UPDATE person SET lang = 'en';"
                        "UPDATE leader SET email = 'guide@guides.example', first_name = 'Irène' WHERE kind = 'guide'");
    struct request_wish w = wish(&scene);
    w.leader = LEADER_GUIDE;
    w.leader_id = stage_number(stage, "SELECT min(id) FROM leader WHERE kind = 'guide'");
    struct str ref = ask_for(&scene, w).ref;
    struct mail_message mail = mail_of(stage, "request-new");
    assert_true(str_has(mail.text, S("Abbaye, samedi 12 décembre 2026 entre 10:00 et 12:00, 25 personnes")));
    assert_true(str_has(mail.text, S("Un car de 25 personnes.")));
    assert_true(str_has(mail.text, S("a@horizon.example")));
    assert_true(str_has(mail.text, str_join2(stage->arena, S("/fr/service/demandes/"), ref)));
    assert_int_equal(desk(&scene, ref, REQUEST_PROPOSE, 900), REQUEST_REFUSED_NOT);
    mail = mail_of(stage, "request-proposed");
    assert_true(str_has(mail.text, S("Saturday 12 December 2026 at 15:00")));
    assert_true(str_has(mail.text, str_join2(stage->arena, S("/en/demandes/"), ref)));
    assert_int_equal(customer(&scene, ref, REQUEST_TAKE), REQUEST_REFUSED_NOT);
    mail = mail_of(stage, "request-confirmed");
    assert_int_equal(mail.attachment_count, 1);
    assert_true(str_starts(mail.attachments[0].bytes, str_format(stage->arena, "%%PDF %.*s en", STR_ARG(ref))));
    mail = mail_of(stage, "request-visit");
    assert_str(mail.to, "guide@guides.example");
    assert_int_equal(mail.attachment_count, 1);
    assert_true(str_has(mail.text, S("Voyages Horizon")));
    mail = mail_of(stage, "request-told");
    assert_true(str_has(mail.text, S("la visite est confirmée")));
    /* Answered in the meantime: the reminder that waits in the outbox is not sent. */
    struct mail_job stale = {.id = 1, .kind = S("request-reminder"), .recipient = S("a@m.example"), .lang = LANG_FR,
                             .detail = S("1"), .created_at = stage->now};
    struct mail_message none;
    stale.detail = stage_text(stage, "SELECT detail FROM outbox WHERE kind = 'request-new' LIMIT 1");
    ASSERT_ERR(mails_compose(&stage->service, stage->arena, &stale, &none, NULL), ERR_NOT_FOUND);
    stage->service.documents = NULL;
}

/* ---- faults ---- */

/* Whatever operation fails, and also when only its answer is lost: the same form again ends with one request, one
 * answer, and each mail once. */
static void ask_with_faults(struct stage *stage, enum fail_operation operation, bool done)
{
    struct scene scene = open_scene(stage);
    stage_ok(settings_put(&stage->service, stage->arena, S("request.live_max"), S("10000"), &fault));
    int64_t spoilt = 0;
    for (int64_t nth = 1;; nth++) {
        struct request_wish form = wish(&scene);
        struct request_asked asked = {.number = 0};
        struct fail_plan plan = {.operation = operation, .nth = nth, .err = ERR_DB, .done = done};
        stage->test->plan = plan;
        (void)request_ask(&stage->service, stage->arena, &scene.buyer->caller, &form, &asked, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        struct str ref = ask_for(&scene, form).ref;
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit_request"), nth);
        assert_int_equal(sent(stage, "request-new"), 2 * nth);

        struct str answer_form = key(&scene);
        struct request_answer answer = {.ref = ref, .act = REQUEST_ACCEPT, .turn = 1, .start_at = at(&scene, 630),
                                        .request_key = answer_form};
        enum request_refusal refusal = REQUEST_REFUSED_SALE;
        stage->test->plan = plan;
        (void)request_desk_answer(&stage->service, stage->arena, &scene.manager.head.caller, &answer, &refusal, NULL);
        reached = reached || stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        assert_int_equal(desk_with(&scene, ref, REQUEST_ACCEPT, 1, 630, S(""), answer_form), REQUEST_REFUSED_NOT);
        assert_int_equal(look(&scene, ref).turn, 2);
        assert_int_equal(sent(stage, "request-confirmed"), nth);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM audit WHERE act = 'request.accept'"), nth);
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, operation == FAIL_ANY ? 10 : 1, 1000);
    assert_healthy(stage);
}

STAGED_FAULTY(asking_survives_any_fault)
{
    ask_with_faults(stage, FAIL_ANY, false);
}

STAGED_FAULTY(asking_survives_lost_answers)
{
    ask_with_faults(stage, FAIL_COMMIT, true);
}

/* Paying in one click, spoilt at each operation, then clicked again: one set of tickets, one order. */
STAGED_FAULTY(paying_survives_any_fault)
{
    struct scene scene = open_scene(stage);
    int64_t spoilt = 0;
    for (int64_t nth = 1;; nth++) {
        struct str ref = accepted(&scene), form = key(&scene);
        struct request_payment payment = {.refusal = REQUEST_REFUSED_SALE};
        stage->test->plan = (struct fail_plan){.operation = FAIL_ANY, .nth = nth, .err = ERR_DB};
        (void)request_pay(&stage->service, stage->arena, &scene.buyer->caller, ref, S("v1"), form, &payment, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        payment = pay_with(&scene, ref, form);
        assert_true(payment.order_ref.n > 0);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM visit"), nth);
        assert_int_equal(stage_number(stage, "SELECT count(*) FROM orders"), nth);
        if (!reached)
            break;
        spoilt++;
    }
    assert_in_range(spoilt, 10, 1000);
    assert_healthy(stage);
}

static void timers_with_faults(struct stage *stage, bool done)
{
    struct scene scene = open_scene(stage);
    (void)ask(&scene);
    struct str ref = ask(&scene);
    assert_int_equal(desk(&scene, ref, REQUEST_PROPOSE, 900), REQUEST_REFUSED_NOT);
    instant due = look(&scene, ref).due_at;
    int64_t round = 0;
    for (int64_t nth = 1;; nth++, round++) {
        stage_script(stage, str_format(stage->arena, "DELETE FROM visit_request_notice; DELETE FROM outbox;"
            " UPDATE visit_request SET state = 'proposed', due_at = %lld, escalated_at = NULL WHERE ref = '%.*s'",
            (long long)due, STR_ARG(ref)).p);
        stage->now = due;
        stage->test->plan = (struct fail_plan){.operation = done ? FAIL_COMMIT : FAIL_ANY, .nth = nth, .err = ERR_DB,
                                               .done = done};
        int noted = 0;
        (void)request_run_timers(&stage->service, stage->arena, &noted, NULL);
        bool reached = stage->test->plan.seen >= nth;
        stage->test->plan = (struct fail_plan){.operation = FAIL_NOTHING};
        run_timers(stage);
        assert_int_equal(sent(stage, "request-escalated"), 1);
        assert_int_equal(sent(stage, "request-lapsed"), 1);
        if (!reached)
            break;
    }
    assert_in_range(round, done ? 2 : 10, 1000);
}

STAGED_FAULTY(timers_survive_any_fault)
{
    timers_with_faults(stage, false);
}

STAGED_FAULTY(timers_survive_lost_answers)
{
    timers_with_faults(stage, true);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        staged_test(a_request_goes_to_the_monument),
        staged_test(the_same_form_asks_once),
        staged_test(what_cannot_be_asked),
        staged_test(accepted_at_a_time_of_the_window),
        staged_test(two_answers_at_once),
        staged_test(a_proposal_is_taken_or_left),
        staged_test(declining_needs_words),
        staged_test(both_sides_can_say_something),
        staged_test(who_acts_for_a_customer_is_marked),
        staged_test(others_find_nothing),
        staged_test(paid_in_one_click),
        staged_test(a_payment_that_was_given_up),
        staged_test(tickets_in_the_cart_are_just_that),
        staged_test(a_colleague_pays),
        staged_test(at_the_till),
        staged_test(withdrawn_and_cancelled),
        staged_test(late_money_is_told),
        staged_test(reminded_then_escalated_each_once),
        staged_test(after_a_standstill_customer_service_alone),
        staged_test(what_nobody_answers_lapses),
        staged_test(after_the_deadline_the_till),
        staged_test(the_doctor_compares_requests_and_tickets),
        staged_test(mails_say_what_happened_in_their_readers_language),
        staged_test(asking_survives_any_fault),
        staged_test(asking_survives_lost_answers),
        staged_test(paying_survives_any_fault),
        staged_test(timers_survive_any_fault),
        staged_test(timers_survive_lost_answers),
    };
    return ENGINES_MAIN(argc, argv, "request", tests);
}
