/* The signature of notifications, against vectors made by the provider's own client (generateTestHeaderString). */
#include "unit.h"

#include "base/crypto.h"
#include "pay/signature.h"

enum { AT = 1795000000 };

#define BODY "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"checkout.session.expired\"}"
static const struct str body = {BODY, sizeof BODY - 1};
static const struct str secrets[] = {{"whsec_standin", 13}, {"whsec_previous", 14}};
#define V1 "v1=f0844bba76d001579bac31cca85017e300284f28f0974758eaa416ce735c4ef8"
#define V1_PREVIOUS "v1=99a1cfa9cb861017dfa80d35061d3ae9e48a256c32136c55e85e1ed8085b15b1"
#define V1_WRONG "v1=0000000000000000000000000000000000000000000000000000000000000000"

static enum err check(const char *header, instant now)
{
    return signature_check(str_of(header), body, secrets, 2, now, NULL);
}

static void makes_what_the_client_makes(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(signature_make(arena, body, secrets[0], AT), "t=1795000000," V1);
    assert_str(signature_make(arena, S("{\n  \"nom\": \"Élodie Œuvré — 27 €\"\n}"), secrets[0], AT),
               "t=1795000000,v1=c8d450953abd6b2e0fcdba816dd6c5f5d954b6eb3e2ccbb77a12054b5ac65d9e");
    assert_str(signature_make(arena, S(""), secrets[0], AT),
               "t=1795000000,v1=a93a6203e363cce5e2a0007d7cdd014f9f2320e9dac3abe77182b6479df181c2");
    arena_free(&arena);
}

static void takes_both_secrets_and_any_order(void **state)
{
    (void)state;
    assert_int_equal(check("t=1795000000," V1, AT), OK);
    assert_int_equal(check("t=1795000000," V1_PREVIOUS, AT), OK);
    assert_int_equal(check(V1 ",t=1795000000", AT), OK);
    assert_int_equal(check("v0=abc, " V1_WRONG ", t=1795000000 ," V1 ",v9=x", AT), OK);
}

static void refuses_what_is_forged(void **state)
{
    (void)state;
    assert_int_equal(check("t=1795000000," V1_WRONG, AT), ERR_INPUT);
    assert_int_equal(check("t=1795000001," V1, AT), ERR_INPUT); /* the time is signed too */
    assert_int_equal(check("t=01795000000," V1, AT), ERR_INPUT);
    assert_int_equal(check("t=1795000000,v0=f0844bba76d001579bac31cca85017e300284f28f0974758eaa416ce735c4ef8", AT),
                     ERR_INPUT);
    assert_int_equal(check("t=1795000000,v1=f0844bba", AT), ERR_INPUT);
    assert_int_equal(check("t=1795000000,t=1795000000," V1, AT), ERR_INPUT);
    assert_int_equal(signature_check(S("t=1795000000," V1), S(BODY " "), secrets, 2, AT, NULL), ERR_INPUT);
    struct str none[] = {S(""), {0}};
    assert_int_equal(signature_check(S("t=1795000000," V1), body, none, 2, AT, NULL), ERR_INPUT);
    assert_int_equal(signature_check(S("t=1795000000," V1), body, secrets, 0, AT, NULL), ERR_INPUT);
}

static void an_empty_secret_signs_nothing(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str header = signature_make(arena, body, S(""), AT);
    struct str none[] = {S("")};
    assert_int_equal(signature_check(header, body, none, 1, AT, NULL), ERR_INPUT);
    arena_free(&arena);
}

static void refuses_old_and_early(void **state)
{
    (void)state;
    assert_int_equal(check("t=1795000000," V1, AT + 300), OK);
    assert_int_equal(check("t=1795000000," V1, AT + 301), ERR_INPUT);
    assert_int_equal(check("t=1795000000," V1, AT - 300), OK);
    assert_int_equal(check("t=1795000000," V1, AT - 301), ERR_INPUT);
}

static void refuses_headers_that_are_none(void **state)
{
    (void)state;
    static const char *const headers[] = {"", ",", "t=", "t=,v1=", "v1=x", "t=x," V1, "t=-1," V1, "=", "t=1795000000",
                                          "t=99999999999999999999," V1, ",,,,,,t=1", "v1", "t"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        struct fault fault = {0};
        assert_int_equal(signature_check(str_of(headers[i]), body, secrets, 2, AT, &fault), ERR_INPUT);
        assert_int_equal(fault.err, ERR_INPUT);
    }
    char flood[5000];
    memset(flood, ',', sizeof flood);
    assert_int_equal(signature_check((struct str){flood, sizeof flood}, body, secrets, 2, AT, NULL), ERR_INPUT);
    assert_int_equal(signature_check((struct str){0}, body, secrets, 2, AT, NULL), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_what_the_client_makes), cmocka_unit_test(takes_both_secrets_and_any_order),
        cmocka_unit_test(refuses_what_is_forged),      cmocka_unit_test(an_empty_secret_signs_nothing),
        cmocka_unit_test(refuses_old_and_early),       cmocka_unit_test(refuses_headers_that_are_none),
    };
    return crypto_init(NULL) != OK || cmocka_run_group_tests(tests, NULL, NULL);
}
