/* Steps that the tests of places, orders and payments share: a small network, an agency, and a payer that does what the
 * test says. */
#ifndef GUICHET_TESTS_SERVICE_PURCHASE_H
#define GUICHET_TESTS_SERVICE_PURCHASE_H

#include "contract/service_accounts.h"

#include "service/checkout.h"
#include "service/doctor.h"
#include "service/order.h"
#include "service/payer.h"
#include "service/payment.h"
#include "service/place.h"

/* ---- a payer that keeps one attempt ---- */

struct fake_payer {
    enum err create_error, query_error, expire_error;
    int created, queried, expired;
    struct str last_key, last_reference;
    struct pay_state state; /* what `query` answers */
    struct payer port;
};

static inline enum err fake_create(void *context, struct arena *arena, const struct pay_attempt *attempt,
                                   struct pay_redirect *ret_redirect, struct fault *fault)
{
    struct fake_payer *fake = context;
    fake->created++;
    fake->last_key = str_dup(arena, attempt->idempotency_key);
    fake->last_reference = str_dup(arena, attempt->reference);
    int64_t sum = 0;
    for (size_t i = 0; i < attempt->line_count; i++)
        sum += attempt->lines[i].unit.v * attempt->lines[i].quantity;
    assert_int_equal(sum, attempt->total.v);
    if (fake->create_error != OK)
        return fault_set(fault, fake->create_error, "fake");
    struct str ref = str_join2(arena, S("cs_"), attempt->reference);
    fake->state = (struct pay_state){.outcome = PAY_OPEN, .provider_ref = ref, .attempt_ref = fake->last_reference,
                                     .amount = attempt->total, .currency = S("eur"), .expires_at = attempt->expires_at};
    *ret_redirect = (struct pay_redirect){.url = str_join2(arena, S("https://pay.example/"), ref), .provider_ref = ref,
                                          .expires_at = attempt->expires_at};
    return OK;
}

static inline enum err fake_query(void *context, struct arena *arena, struct str provider_ref,
                                  struct pay_state *ret_state, struct fault *fault)
{
    (void)arena;
    struct fake_payer *fake = context;
    fake->queried++;
    if (fake->query_error != OK)
        return fault_set(fault, fake->query_error, "fake");
    *ret_state = fake->state;
    ret_state->provider_ref = provider_ref;
    return OK;
}

static inline enum err fake_expire(void *context, struct arena *arena, struct str provider_ref, struct fault *fault)
{
    (void)arena;
    (void)provider_ref;
    struct fake_payer *fake = context;
    fake->expired++;
    if (fake->expire_error != OK)
        return fault_set(fault, fake->expire_error, "fake");
    if (fake->state.outcome != PAY_OPEN)
        return fault_set(fault, ERR_REFUSED, "not open");
    fake->state.outcome = PAY_EXPIRED;
    return OK;
}

static inline enum err fake_read(void *context, struct arena *arena, struct str signature, struct str body, instant now,
                                 struct pay_event *ret_event, struct fault *fault)
{
    (void)arena;
    (void)now;
    struct fake_payer *fake = context;
    if (!str_eq(signature, S("signed")))
        return fault_set(fault, ERR_INPUT, "forged");
    *ret_event = (struct pay_event){.event_id = body, .type = S("test"), .kind = PAY_EVENT_ATTEMPT,
                                    .provider_ref = fake->state.provider_ref, .attempt_ref = fake->state.attempt_ref,
                                    .payment_ref = fake->state.payment_ref, .outcome = fake->state.outcome,
                                    .amount = fake->state.amount, .currency = fake->state.currency};
    return OK;
}

/* ---- the network ---- */

enum { HOUR = 3600, DAY = 24 * HOUR };

/* Two monuments with slots (one without options), one for undated tickets. Slots lie 20 days ahead of the stage. */
static inline void small_network(struct stage *stage)
{
    stage_script(stage,
        "INSERT INTO vat_regime VALUES ('outside', 'O', 0, 'TVA non applicable', 'Outside VAT');"
        "INSERT INTO legal_text VALUES ('terms', 'v1', 'fr', 0, 'CGV'), ('terms', 'v1', 'en', 0, 'Terms');"
        "INSERT INTO monument (id, slug, name, city, department, region, kind, description_fr, description_en, latitude_e4,"
        " longitude_e4, hours_summer, hours_winter, closing_days, sale_mode, contact_email, contact_phone, search_text) VALUES"
        " (1, 'chapel', 'Chapelle', 'Paris', 'Paris', 'IdF', 'chapelle', '', '', 0, 0, '', '', '', 'group-slots',"
        "  'c@m.example', '', ''),"
        " (2, 'castle', 'Château', 'Paris', 'Paris', 'IdF', 'château', '', '', 0, 0, '', '', '', 'group-slots',"
        "  'd@m.example', '', ''),"
        " (3, 'abbey', 'Abbaye', 'Paris', 'Paris', 'IdF', 'abbaye', '', '', 0, 0, '', '', '', 'contact', 'a@m.example', '', '');"
        "INSERT INTO group_rule VALUES (1, 8, 1, 26, 60, 1, 1080, 60, 0), (2, 8, 0, 35, NULL, 1, 1080, 60, 1);"
        "INSERT INTO tariff (monument_id, code, audience, min_persons, amount_cents, vat_code, valid_from) VALUES"
        " (1, 'full', 'adults', 1, 1600, 'outside', 0), (1, 'group', 'adults', 20, 1400, 'outside', 0),"
        " (2, 'full', 'adults', 1, 1300, 'outside', 0), (2, 'school', 'school', 1, 500, 'outside', 0),"
        " (3, 'full', 'adults', 1, 900, 'outside', 0);");
    for (int i = 0; i < 4; i++) {
        instant start = stage->now + 20 * DAY + i * HOUR;
        for (int monument = 1; monument <= 2; monument++)
            stage_script(stage, str_format(stage->arena,
                "INSERT INTO slot (monument_id, start_at, day, minutes, capacity, on_sale_from) VALUES (%d, %lld, %d, 30, 50, 0)",
                monument, (long long)start, (int)local_of(&stage->service.zone, start).day).p);
    }
}

struct buyer {
    struct caller caller;
    int64_t guide; /* a placeholder leader */
    struct fake_payer fake;
    instant slots; /* start of the first slot */
    int keys;
};

static inline struct buyer *buyer_new(struct stage *stage, const char *email)
{
    struct buyer *buyer = ARENA_NEW(stage->arena, struct buyer);
    struct sign_in_answer in = member(stage, email);
    buyer->caller = in.caller;
    buyer->caller.lang = LANG_FR;
    buyer->guide = stage_number(stage, str_format(stage->arena,
        "SELECT min(id) FROM leader WHERE organisation_id = %lld", (long long)in.caller.organisation_id).p);
    buyer->fake.port = (struct payer){.name = "stripe", .context = &buyer->fake, .create = fake_create,
                                      .query = fake_query, .expire = fake_expire, .read_notification = fake_read};
    stage->service.payer = &buyer->fake.port;
    return buyer;
}

static inline struct buyer *open_shop(struct stage *stage)
{
    small_network(stage);
    instant slots = stage->now + 20 * DAY;
    struct buyer *buyer = buyer_new(stage, "a@horizon.example");
    buyer->slots = slots;
    return buyer;
}

/* ---- steps ---- */

static inline struct str new_key(struct stage *stage, struct buyer *buyer)
{
    return str_format(stage->arena, "key-%d", ++buyer->keys);
}

static inline struct place_result hold_on(struct stage *stage, struct buyer *buyer, int monument, int slot_index,
                                          int persons, bool option)
{
    struct place_request request = {.monument_id = monument, .start_at = buyer->slots + slot_index * HOUR,
                                    .persons = persons, .audience = AUDIENCE_ADULTS, .leader = LEADER_ACCOMPANYING,
                                    .option = option, .request_key = new_key(stage, buyer)};
    struct place_result result = {0};
    stage_ok(place_hold(&stage->service, stage->arena, &buyer->caller, &request, &result, &fault));
    return result;
}

static inline struct validation_result validate(struct stage *stage, struct buyer *buyer, struct str key)
{
    struct cart cart = {0};
    stage_ok(cart_read(&stage->service, stage->arena, &buyer->caller, &cart, &fault));
    struct visit_choice *choices = ARENA_ARRAY(stage->arena, cart.n + 1, struct visit_choice);
    for (size_t i = 0; i < cart.n; i++)
        choices[i] = (struct visit_choice){.visit_id = cart.p[i].id, .leader_id = buyer->guide};
    struct validation validation = {.choices = choices, .choice_count = cart.n, .terms_version = S("v1"), .request_key = key};
    struct validation_result result = {0};
    stage_ok(order_place(&stage->service, stage->arena, &buyer->caller, &validation, &result, &fault));
    return result;
}

static inline struct str order_to_pay(struct stage *stage, struct buyer *buyer)
{
    struct validation_result result = validate(stage, buyer, new_key(stage, buyer));
    assert_int_equal(result.refusal, REFUSED_NOT);
    assert_true(result.to_pay);
    struct payment_page page = {0};
    stage_ok(payment_open(&stage->service, stage->arena, &buyer->caller, result.order_ref, &page, &fault));
    assert_int_equal(page.refusal, REFUSED_NOT);
    assert_true(page.url.n > 0);
    return result.order_ref;
}

static inline enum settlement notify(struct stage *stage, const char *event)
{
    enum settlement settlement = SETTLED_NOTHING;
    stage_ok(payment_notified(&stage->service, stage->arena, S("signed"), str_of(event), &settlement, &fault));
    return settlement;
}

static inline void pays(struct buyer *buyer, const char *payment_ref)
{
    buyer->fake.state.outcome = PAY_PAID;
    buyer->fake.state.payment_ref = str_of(payment_ref);
}

static inline void expire_all(struct stage *stage)
{
    int ended = 0, asked = 0, orders = 0;
    stage_ok(payment_reconcile(&stage->service, stage->arena, &asked, &orders, &fault));
    do {
        stage_ok(place_expire(&stage->service, stage->arena, &ended, &fault));
    } while (ended > 0);
}

static inline int64_t taken(struct stage *stage, struct buyer *buyer, int monument, int slot_index)
{
    return stage_number(stage, str_format(stage->arena, "SELECT taken FROM slot WHERE monument_id = %d AND start_at = %lld",
                                          monument, (long long)(buyer->slots + slot_index * HOUR)).p);
}

static inline void assert_healthy(struct stage *stage)
{
    int findings = -1;
    stage_ok(doctor_check(&stage->service, stage->arena, NULL, &findings, &fault));
    assert_int_equal(findings, 0);
}

static inline struct order_view order_now(struct stage *stage, struct buyer *buyer, struct str ref)
{
    struct order_view view = {0};
    stage_ok(order_read(&stage->service, stage->arena, &buyer->caller, ref, &view, &fault));
    return view;
}

#endif
