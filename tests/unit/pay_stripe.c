/* The connector against the stand-in, in one process: every call, the repetitions, and what each failure means for
 * money. The stand-in itself is judged by the provider's own client in tests/pay. */
#include "unit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "pay/standin.h"
#include "pay/stripe.h"
#include "pay/transport.h"

enum { NOW = 1795000000 };

struct stage {
    int64_t now; /* the clock of the stand-in */
    struct standin *standin;
    struct stripe *stripe;
    struct payer payer;
    struct transport *browser;
    struct arena *arena;
    char base[64];
};

static int64_t stage_now(void *context)
{
    return __atomic_load_n((const int64_t *)context, __ATOMIC_RELAXED);
}

static struct stripe *connector(const char *base, const char *key)
{
    struct stripe_settings settings = {.base_url = base, .page_origin = base, .key = key,
                                       .webhook_secret = "whsec_standin", .retry_pause_ms = 1, .timeout_ms = 5000};
    struct stripe *stripe = NULL;
    struct fault fault = {0};
    if (stripe_new(&settings, &stripe, &fault) != OK) {
        fail_msg("%s", fault.text);
    }
    return stripe;
}

static int stage_setup(void **state)
{
    struct stage *s = calloc(1, sizeof *s);
    struct fault fault = {0};
    s->now = NOW;
    s->arena = arena_new();
    *state = s;
    struct standin_config config = {.clock = {stage_now, &s->now}, .random = random_system(),
                                    .return_origin = "http://shop.example"};
    if (standin_start(&config, &s->standin, &fault) != OK || transport_new(NULL, 5000, 5000, &s->browser, &fault) != OK) {
        print_error("%s\n", fault.text);
        return 1;
    }
    snprintf(s->base, sizeof s->base, "http://127.0.0.1:%u", (unsigned)standin_port(s->standin));
    s->stripe = connector(s->base, "sk_test_standin");
    s->payer = stripe_payer(s->stripe);
    return 0;
}

static int stage_teardown(void **state)
{
    struct stage *s = *state;
    stripe_free(&s->stripe);
    transport_free(&s->browser);
    standin_stop(&s->standin);
    arena_free(&s->arena);
    free(s);
    return 0;
}

static const struct pay_line lines[] = {
    {{"Adulte groupe – Sainte-Chapelle", 33}, 27, {1350}}, {{"Accompagnateur", 14}, 1, {0}}, {{"A&B=C [1]", 9}, 2, {50}}};

static struct pay_attempt attempt(const char *key)
{
    return (struct pay_attempt){.reference = S("K7Q2-1"), .idempotency_key = str_of(key), .title = S("Commande K7Q2"),
                                .lines = lines, .line_count = 3, .total = {27 * 1350 + 100},
                                .email = S("camille+b2b@agence.example"), .locale = S("fr"),
                                .success_url = S("http://shop.example/fr/paiement/retour?cs={CHECKOUT_SESSION_ID}"),
                                .cancel_url = S("http://shop.example/fr/validation?a=1&b=2"), .expires_at = NOW + 1800};
}

static enum err create(struct stage *s, const struct pay_attempt *a, struct pay_redirect *redirect)
{
    return s->payer.create(s->payer.context, s->arena, a, redirect, NULL);
}

static struct pay_state query(struct stage *s, struct str ref)
{
    struct pay_state state = {0};
    assert_int_equal(s->payer.query(s->payer.context, s->arena, ref, &state, NULL), OK);
    return state;
}

static int visit(struct stage *s, const char *url, const char *form)
{
    struct exchange x = {.url = url, .post = form != NULL, .body = str_of(form)};
    x.headers[0] = form != NULL ? "Content-Type: application/x-www-form-urlencoded" : NULL;
    struct answer answer = {0};
    assert_int_equal(transport_exchange(s->browser, s->arena, &x, &answer, NULL), OK);
    return answer.status;
}

static void pay_it(struct stage *s, struct str url)
{
    assert_int_equal(visit(s, str_c(s->arena, url), "card_number=4242424242424242&card_expiry=12%2F40&card_cvc=123&"
                                                    "card_name=Camille"), 303);
}

static void fault_set_on(struct stage *s, const char *what)
{
    assert_int_equal(visit(s, str_format(s->arena, "%s/_ctl?%s", s->base, what).p, NULL), 200);
}

static void from_page_to_refund(void **state)
{
    struct stage *s = *state;
    struct pay_attempt a = attempt("k1");
    struct pay_redirect redirect, again;
    assert_int_equal(create(s, &a, &redirect), OK);
    assert_true(str_starts(redirect.url, str_of(s->base)));
    assert_int_equal(redirect.expires_at, NOW + 1800);
    assert_int_equal(create(s, &a, &again), OK);
    assert_true(str_eq(again.provider_ref, redirect.provider_ref));
    struct pay_state open = query(s, redirect.provider_ref);
    assert_int_equal(open.outcome, PAY_OPEN);
    assert_int_equal(open.amount.v, 36550);
    assert_str(open.attempt_ref, "K7Q2-1");
    assert_str(open.payment_ref, "");
    pay_it(s, redirect.url);
    struct pay_state paid = query(s, redirect.provider_ref);
    assert_int_equal(paid.outcome, PAY_PAID);
    assert_true(str_starts(paid.payment_ref, S("pi_")));
    assert_int_equal(s->payer.expire(s->payer.context, s->arena, redirect.provider_ref, NULL), ERR_REFUSED);
    struct pay_refund refund, twice;
    assert_int_equal(s->payer.refund(s->payer.context, s->arena, paid.payment_ref, cents(1350), S("r1"), &refund, NULL), OK);
    assert_int_equal(refund.outcome, PAY_REFUND_DONE);
    assert_int_equal(s->payer.refund(s->payer.context, s->arena, paid.payment_ref, cents(1350), S("r1"), &twice, NULL), OK);
    assert_true(str_eq(refund.refund_ref, twice.refund_ref));
    assert_int_equal(s->payer.refund(s->payer.context, s->arena, paid.payment_ref, cents(1351), S("r1"), &twice, NULL),
                     ERR_CONFLICT);
    assert_int_equal(s->payer.refund(s->payer.context, s->arena, paid.payment_ref, cents(36550), S("r2"), &twice, NULL),
                     ERR_REFUSED);
}

static void closing(void **state)
{
    struct stage *s = *state;
    struct pay_attempt a = attempt("k1");
    struct pay_redirect redirect;
    assert_int_equal(create(s, &a, &redirect), OK);
    assert_int_equal(s->payer.expire(s->payer.context, s->arena, redirect.provider_ref, NULL), OK);
    assert_int_equal(s->payer.expire(s->payer.context, s->arena, redirect.provider_ref, NULL), OK); /* replayed */
    assert_int_equal(query(s, redirect.provider_ref).outcome, PAY_EXPIRED);
    a = attempt("k2");
    assert_int_equal(create(s, &a, &redirect), OK);
    __atomic_store_n(&s->now, NOW + 1800, __ATOMIC_RELAXED);
    assert_int_equal(query(s, redirect.provider_ref).outcome, PAY_EXPIRED);
}

static void too_many_lines_become_one(void **state)
{
    struct stage *s = *state;
    struct pay_line many[STRIPE_LINES_MAX + 1];
    for (size_t i = 0; i < STRIPE_LINES_MAX + 1; i++) {
        many[i] = (struct pay_line){S("Adulte"), 1, cents(100)};
    }
    struct pay_attempt a = attempt("k1");
    struct pay_redirect redirect;
    a.lines = many;
    a.line_count = STRIPE_LINES_MAX + 1;
    a.total = cents((STRIPE_LINES_MAX + 1) * 100);
    assert_int_equal(create(s, &a, &redirect), OK);
    assert_int_equal(query(s, redirect.provider_ref).amount.v, 6100);
    a.line_count = STRIPE_LINES_MAX;
    a.total = cents(STRIPE_LINES_MAX * 100);
    a.idempotency_key = S("k2");
    assert_int_equal(create(s, &a, &redirect), OK);
    assert_int_equal(query(s, redirect.provider_ref).amount.v, 6000);
}

static void arguments_that_are_wrong(void **state)
{
    struct stage *s = *state;
    struct pay_redirect redirect;
    struct pay_attempt a = attempt("k1");
    a.total = cents(a.total.v - 1);
    assert_int_equal(create(s, &a, &redirect), ERR_INPUT);
    a = attempt("");
    assert_int_equal(create(s, &a, &redirect), ERR_INPUT);
    a = attempt("k\r\nX: y");
    assert_int_equal(create(s, &a, &redirect), ERR_INPUT);
    a = attempt("k1");
    a.line_count = 0;
    a.total = cents(0);
    assert_int_equal(create(s, &a, &redirect), ERR_INPUT); /* nothing to pay never goes to the provider */
    struct pay_line huge = {S("x"), INT64_MAX, {2}};
    a.lines = &huge;
    a.line_count = 1;
    assert_int_equal(create(s, &a, &redirect), ERR_INPUT);
    a = attempt("k1");
    a.expires_at = NOW + 60;
    assert_int_equal(create(s, &a, &redirect), ERR_REFUSED); /* the provider says so */
    struct pay_state unknown;
    assert_int_equal(s->payer.query(s->payer.context, s->arena, S("cs_test_none"), &unknown, NULL), ERR_NOT_FOUND);
    assert_int_equal(s->payer.query(s->payer.context, s->arena, S("../refunds"), &unknown, NULL), ERR_NOT_FOUND);
    struct pay_refund refund;
    assert_int_equal(s->payer.refund(s->payer.context, s->arena, S("pi_none"), cents(1), S("r"), &refund, NULL),
                     ERR_NOT_FOUND);
    assert_int_equal(s->payer.refund(s->payer.context, s->arena, S("pi_none"), cents(0), S("r"), &refund, NULL), ERR_INPUT);
}

static void repeats_and_gives_up(void **state)
{
    struct stage *s = *state;
    struct pay_attempt a = attempt("k1");
    struct pay_redirect redirect, again;
    fault_set_on(s, "fail=2");
    assert_int_equal(create(s, &a, &redirect), OK);
    fault_set_on(s, "lose=1");
    a.idempotency_key = S("k2");
    assert_int_equal(create(s, &a, &again), OK);
    fault_set_on(s, "fail=3");
    a.idempotency_key = S("k3");
    struct fault fault = {0};
    assert_int_equal(s->payer.create(s->payer.context, s->arena, &a, &again, &fault), ERR_UNCERTAIN);
    assert_int_equal(fault.err, ERR_UNCERTAIN);
    assert_null(strstr(fault.text, "sk_test"));
    struct pay_state unknown;
    fault_set_on(s, "fail=3");
    assert_int_equal(s->payer.query(s->payer.context, s->arena, redirect.provider_ref, &unknown, NULL), ERR_IO);
    assert_int_equal(query(s, redirect.provider_ref).outcome, PAY_OPEN);
}

static void a_wrong_key_is_certainly_not_done(void **state)
{
    struct stage *s = *state;
    struct stripe *stranger = connector(s->base, "sk_wrong");
    struct payer payer = stripe_payer(stranger);
    struct pay_attempt a = attempt("k1");
    struct pay_redirect redirect;
    assert_int_equal(payer.create(payer.context, s->arena, &a, &redirect, NULL), ERR_IO);
    stripe_free(&stranger);
}

/* A host that reads a call and hangs up, or does not listen at all. */
struct silent {
    int listener;
    pthread_t thread;
};

static void *hang_up(void *argument)
{
    const struct silent *host = argument;
    int client;
    while ((client = accept(host->listener, NULL, NULL)) >= 0) {
        char call[4096];
        ssize_t n = read(client, call, sizeof call);
        (void)n;
        close(client);
    }
    return NULL;
}

static void a_lost_network(void **state)
{
    struct stage *s = *state;
    struct silent host = {.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(bind(host.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(host.listener, (struct sockaddr *)&address, &size), 0);
    struct stripe *away = connector(str_format(s->arena, "http://127.0.0.1:%u", ntohs(address.sin_port)).p, "sk_test");
    struct payer payer = stripe_payer(away);
    struct pay_attempt a = attempt("k1");
    struct pay_redirect redirect;
    struct pay_state unknown;
    assert_int_equal(payer.create(payer.context, s->arena, &a, &redirect, NULL), ERR_IO); /* nobody listens */
    assert_int_equal(listen(host.listener, 8), 0);
    assert_int_equal(pthread_create(&host.thread, NULL, hang_up, &host), 0);
    assert_int_equal(payer.create(payer.context, s->arena, &a, &redirect, NULL), ERR_UNCERTAIN);
    assert_int_equal(payer.query(payer.context, s->arena, S("cs_test_1"), &unknown, NULL), ERR_IO);
    stripe_free(&away);
    shutdown(host.listener, SHUT_RDWR);
    pthread_join(host.thread, NULL);
    close(host.listener);
}

static void settings_that_would_betray(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://api.example", "ftp://127.0.0.1", "https://", "https://a.example/v1", "api.example",
                                      "http://127.0.0.1.example", "http://localhost@evil.example", "https://a b",
                                      "http://localhostile.example", "https://a.example?x", ""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(transport_base_ok(str_of(bad[i])));
    }
    assert_true(transport_base_ok(S("http://localhost:8081")));
    assert_true(transport_base_ok(S("http://[::1]:8081")));
    assert_true(transport_base_ok(S("https://api.stripe.com")));
    struct stripe *stripe = NULL;
    struct stripe_settings settings = {.key = "sk", .webhook_secret = ""};
    assert_int_equal(stripe_new(&settings, &stripe, NULL), ERR_INPUT);
    settings = (struct stripe_settings){.key = "sk\r\nX: y", .webhook_secret = "whsec"};
    assert_int_equal(stripe_new(&settings, &stripe, NULL), ERR_INPUT);
    settings = (struct stripe_settings){.key = "sk", .webhook_secret = "whsec", .base_url = "http://api.example"};
    assert_int_equal(stripe_new(&settings, &stripe, NULL), ERR_INPUT);
    assert_null(stripe);
}

struct crowd {
    struct stage *stage;
    struct str ref;
};

static void *same_attempt(void *argument)
{
    struct crowd *c = argument;
    struct stage *s = c->stage;
    struct arena *arena = arena_new();
    struct pay_attempt a = attempt("one");
    struct pay_redirect redirect = {0};
    if (s->payer.create(s->payer.context, arena, &a, &redirect, NULL) == OK) {
        char *copy = calloc(1, redirect.provider_ref.n + 1);
        memcpy(copy, redirect.provider_ref.p, redirect.provider_ref.n);
        c->ref = str_of(copy);
    }
    arena_free(&arena);
    return NULL;
}

static void sixteen_threads_one_session(void **state)
{
    struct crowd crowd[16];
    pthread_t threads[16];
    for (int i = 0; i < 16; i++) {
        crowd[i] = (struct crowd){.stage = *state};
        assert_int_equal(pthread_create(&threads[i], NULL, same_attempt, &crowd[i]), 0);
    }
    for (int i = 0; i < 16; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < 16; i++) {
        assert_true(crowd[i].ref.n != 0 && str_eq(crowd[i].ref, crowd[0].ref));
    }
    for (int i = 0; i < 16; i++) {
        free((char *)(uintptr_t)crowd[i].ref.p);
    }
}

int main(void)
{
#define ON_STAGE(f) cmocka_unit_test_setup_teardown(f, stage_setup, stage_teardown)
    const struct CMUnitTest tests[] = {
        ON_STAGE(from_page_to_refund),      ON_STAGE(closing),
        ON_STAGE(too_many_lines_become_one), ON_STAGE(arguments_that_are_wrong),
        ON_STAGE(repeats_and_gives_up),     ON_STAGE(a_wrong_key_is_certainly_not_done),
        ON_STAGE(a_lost_network),           cmocka_unit_test(settings_that_would_betray),
        ON_STAGE(sixteen_threads_one_session),
    };
    return crypto_init(NULL) != OK || cmocka_run_group_tests(tests, NULL, NULL);
}
