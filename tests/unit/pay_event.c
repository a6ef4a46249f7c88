/* Reading the provider's JSON: notifications and answers, well-formed, wrong, and battered. */
#include "unit.h"

#include <stdlib.h>

#include "base/crypto.h"
#include "pay/signature.h"
#include "pay/stripe.h"
#include "pay/stripe_parts.h"

enum { AT = 1795000000 };

static const struct str secret = {"whsec_standin", 13};

#define SESSION(status, payment, amount)                                                                             \
    "{\"id\":\"cs_test_1\",\"object\":\"checkout.session\",\"client_reference_id\":\"A-7\",\"payment_intent\":\"pi_9\","  \
    "\"amount_total\":" amount ",\"currency\":\"eur\",\"expires_at\":1795001800,\"status\":\"" status                   \
    "\",\"payment_status\":\"" payment "\",\"url\":null}"
#define EVENT(type, object)                                                                                           \
    "{\"id\":\"evt_5\",\"object\":\"event\",\"type\":\"" type "\",\"data\":{\"object\":" object "}}"

/* Signed and read. */
static enum err read_event(struct arena *arena, struct str body, struct pay_event *event, struct fault *fault)
{
    return stripe_notification_read(arena, signature_make(arena, body, secret, AT), body, &secret, 1, AT, event, fault);
}

static struct pay_event good(struct arena *arena, const char *body)
{
    struct pay_event event = {0};
    struct fault fault = {0};
    if (read_event(arena, str_of(body), &event, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
    return event;
}

static void a_payment(void **state)
{
    struct arena *arena = *state;
    struct pay_event e = good(arena, EVENT("checkout.session.completed", SESSION("complete", "paid", "37800")));
    assert_str(e.event_id, "evt_5");
    assert_str(e.type, "checkout.session.completed");
    assert_int_equal(e.kind, PAY_EVENT_ATTEMPT);
    assert_int_equal(e.outcome, PAY_PAID);
    assert_str(e.provider_ref, "cs_test_1");
    assert_str(e.attempt_ref, "A-7");
    assert_str(e.payment_ref, "pi_9");
    assert_int_equal(e.amount.v, 37800);
    assert_str(e.currency, "eur");
}

static void other_ends_of_an_attempt(void **state)
{
    struct arena *arena = *state;
    assert_int_equal(good(arena, EVENT("checkout.session.expired", SESSION("expired", "unpaid", "1"))).outcome, PAY_EXPIRED);
    assert_int_equal(good(arena, EVENT("checkout.session.completed", SESSION("complete", "unpaid", "1"))).outcome, PAY_OPEN);
    assert_int_equal(good(arena, EVENT("checkout.session.async_payment_failed", SESSION("complete", "unpaid", "1"))).outcome,
                     PAY_FAILED);
    assert_int_equal(good(arena, EVENT("checkout.session.async_payment_succeeded", SESSION("complete", "paid", "1"))).outcome,
                     PAY_PAID);
    /* Never «expired» while the provider has the money. */
    assert_int_equal(good(arena, EVENT("checkout.session.expired", SESSION("expired", "paid", "1"))).outcome, PAY_PAID);
}

static void refunds_and_disputes(void **state)
{
    struct arena *arena = *state;
    struct pay_event e = good(arena, EVENT("refund.created", "{\"id\":\"re_1\",\"payment_intent\":{\"id\":\"pi_9\"},"
                                                             "\"amount\":1350,\"currency\":\"eur\",\"status\":\"pending\"}"));
    assert_int_equal(e.kind, PAY_EVENT_REFUND);
    assert_int_equal(e.refund, PAY_REFUND_PENDING);
    assert_str(e.refund_ref, "re_1");
    assert_str(e.payment_ref, "pi_9");
    assert_int_equal(e.amount.v, 1350);
    e = good(arena, EVENT("refund.failed", "{\"id\":\"re_1\",\"payment_intent\":\"pi_9\",\"amount\":1350,"
                                           "\"currency\":\"eur\",\"status\":\"failed\"}"));
    assert_int_equal(e.refund, PAY_REFUND_FAILED);
    e = good(arena, EVENT("charge.dispute.created", "{\"payment_intent\":\"pi_9\",\"amount\":5,\"currency\":\"eur\"}"));
    assert_int_equal(e.kind, PAY_EVENT_DISPUTE);
    assert_str(e.payment_ref, "pi_9");
    assert_int_equal(good(arena, EVENT("charge.refunded", "{}")).kind, PAY_EVENT_OTHER);
    assert_int_equal(good(arena, EVENT("something.of.the.future", "{\"amount\":-1}")).kind, PAY_EVENT_OTHER);
}

static void what_is_no_event(void **state)
{
    static const char *const bodies[] = {
        "", "{", "null", "[]", "\"x\"", "{}", "{\"id\":\"evt_1\"}",
        "{\"id\":\"evt_5\",\"object\":\"event\",\"type\":\"x\"}",
        "{\"id\":\"evt_5\",\"object\":\"event\",\"type\":\"x\",\"data\":{\"object\":[]}}",
        "{\"id\":7,\"object\":\"event\",\"type\":\"x\",\"data\":{\"object\":{}}}",
        "{\"id\":\"evt_5\",\"id\":\"evt_6\",\"object\":\"event\",\"type\":\"x\",\"data\":{\"object\":{}}}",
        EVENT("x", "{}") "x",
        EVENT("checkout.session.completed", "{}"),
        EVENT("checkout.session.completed", SESSION("complete", "paid", "-1")),
        EVENT("checkout.session.completed", SESSION("complete", "paid", "378.00")),
        EVENT("checkout.session.completed", SESSION("complete", "paid", "\"37800\"")),
        EVENT("checkout.session.completed", SESSION("complete", "paid", "null")),
        EVENT("checkout.session.completed", SESSION("complete", "paid", "99999999999999999999")),
        EVENT("checkout.session.completed", SESSION("of the future", "unpaid", "1")),
        EVENT("refund.created", "{\"id\":\"re_1\",\"amount\":1,\"currency\":\"eur\",\"status\":\"dancing\"}"),
        EVENT("refund.created", "{\"id\":\"re_1\",\"amount\":1,\"currency\":\"e\",\"status\":\"pending\"}"),
    };
    struct arena *arena = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct pay_event event = {.event_id = S("untouched")};
        struct fault fault = {0};
        if (read_event(arena, str_of(bodies[i]), &event, &fault) != ERR_INPUT) {
            fail_msg("taken: %s", bodies[i]);
        }
        assert_str(event.event_id, "untouched");
        assert_true(fault.text[0] != '\0');
    }
}

static void deep_and_large(void **state)
{
    struct arena *arena = *state;
    size_t n = 200000;
    char *deep = arena_alloc(arena, n);
    memset(deep, '[', n);
    struct pay_event event;
    assert_int_equal(read_event(arena, (struct str){deep, n}, &event, NULL), ERR_INPUT);
    char *large = arena_alloc(arena, STRIPE_NOTIFICATION_MAX + 1);
    memset(large, ' ', STRIPE_NOTIFICATION_MAX + 1);
    assert_int_equal(read_event(arena, (struct str){large, STRIPE_NOTIFICATION_MAX + 1}, &event, NULL), ERR_INPUT);
}

/* Every byte of a good notification changed, and every length: it is read or refused, and a paid event never becomes one
 * with another amount type. The sanitizers watch. */
static void battered(void **state)
{
    (void)state;
    static const char whole[] = EVENT("checkout.session.completed", SESSION("complete", "paid", "37800"));
    static const char bad[] = {'\0', '"', '{', '}', '\\', '\x80', '9', ' '};
    for (size_t i = 0; i < sizeof whole - 1; i++) {
        for (size_t b = 0; b < sizeof bad; b++) {
            struct arena *arena = arena_new();
            char *copy = arena_alloc(arena, sizeof whole);
            memcpy(copy, whole, sizeof whole);
            copy[i] = bad[b];
            struct pay_event event = {0};
            enum err err = read_event(arena, (struct str){copy, sizeof whole - 1}, &event, NULL);
            assert_true(err == OK || err == ERR_INPUT);
            assert_true(err != OK || event.event_id.n != 0);
            assert_int_equal(read_event(arena, (struct str){whole, i}, &event, NULL), ERR_INPUT);
            arena_free(&arena);
        }
    }
}

static void answers(void **state)
{
    struct arena *arena = *state;
    struct pay_state s;
    assert_int_equal(stripe_state_read(arena, S(SESSION("open", "unpaid", "37800")), &s, NULL), OK);
    assert_int_equal(s.outcome, PAY_OPEN);
    assert_int_equal(s.expires_at, 1795001800);
    assert_int_equal(stripe_state_read(arena, S("<html>"), &s, NULL), ERR_IO);
    struct pay_redirect redirect;
    assert_int_equal(stripe_redirect_read(arena, S(SESSION("open", "unpaid", "37800")), &redirect, NULL), ERR_UNCERTAIN);
    struct pay_refund refund;
    assert_int_equal(stripe_refund_read(arena, S("{\"id\":\"re_1\",\"status\":\"succeeded\"}"), &refund, NULL), OK);
    assert_int_equal(refund.outcome, PAY_REFUND_DONE);
    assert_int_equal(stripe_refund_read(arena, S("{\"id\":\"re_1\"}"), &refund, NULL), ERR_UNCERTAIN);
    assert_str(stripe_error_read(arena, S("{\"error\":{\"type\":\"idempotency_error\"}}")).type, "idempotency_error");
    assert_str(stripe_error_read(arena, S("Bad Gateway")).type, "");
}

static int arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int arena_teardown(void **state)
{
    struct arena *arena = *state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_payment),        WITH_ARENA(other_ends_of_an_attempt), WITH_ARENA(refunds_and_disputes),
        WITH_ARENA(what_is_no_event), WITH_ARENA(deep_and_large),           cmocka_unit_test(battered),
        WITH_ARENA(answers),
    };
    return crypto_init(NULL) != OK || cmocka_run_group_tests(tests, NULL, NULL);
}
