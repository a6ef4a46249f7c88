/* One-time codes against the vectors of RFC 6238 and RFC 4226, replays, and secrets that are sealed. */
#include <stdlib.h>

#include "base/crypto.h"
#include "base/totp.h"
#include "unit.h"

static const unsigned char secret[TOTP_SECRET] = "12345678901234567890";

/* RFC 6238, appendix B (SHA-1), of whose eight digits ours are the last six. */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    const struct {
        instant at;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(secret, totp_step(vectors[i].at), code);
        assert_string_equal(code, vectors[i].code);
    }
}

static enum totp_verdict try(const char *typed, instant now, int64_t last_step, int64_t *step)
{
    return totp_verify(secret, str_of(typed), now, last_step, step);
}

static void a_clock_may_be_a_step_off(void **state)
{
    (void)state;
    const instant at = 1111111109; /* 081804, the last second of its step */
    int64_t step = -1;
    assert_int_equal(try("081804", at, 0, &step), TOTP_RIGHT);
    assert_int_equal(step, totp_step(at));
    assert_int_equal(try(" 081 804 ", at + TOTP_SECONDS, 0, &step), TOTP_RIGHT);
    assert_int_equal(step, totp_step(at));
    assert_int_equal(try("081804", at - TOTP_SECONDS, 0, &step), TOTP_RIGHT);
    step = -1;
    assert_int_equal(try("081804", at + 2 * TOTP_SECONDS, 0, &step), TOTP_WRONG);
    assert_int_equal(try("081804", at - 2 * TOTP_SECONDS, 0, &step), TOTP_WRONG);
    assert_int_equal(step, -1);
}

static void a_code_works_once(void **state)
{
    (void)state;
    const instant at = 1111111109;
    int64_t step = 0, later = -1;
    assert_int_equal(try("081804", at, 0, &step), TOTP_RIGHT);
    assert_int_equal(try("081804", at, step, &later), TOTP_REPLAYED);
    assert_int_equal(try("081804", at + TOTP_SECONDS, step, &later), TOTP_REPLAYED);
    assert_int_equal(later, -1);
    /* The next code is a new one; an earlier one than the last is not taken any more. */
    assert_int_equal(try("050471", at + 2, step, &later), TOTP_RIGHT);
    assert_int_equal(later, step + 1);
    assert_int_equal(try("081804", at + 2, later, &step), TOTP_REPLAYED);
}

static void nonsense_is_wrong(void **state)
{
    (void)state;
    const char *const typed[] = {"", "81804", "0818040", "08180a", "......", "081804\n", "000000", "ABCDEFGHIJ",
                                 "0818040818040818040818040818040818040818040818040818040818040818040818040818"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        int64_t step = -1;
        assert_int_equal(try(typed[i], 1111111109, 0, &step), TOTP_WRONG);
        assert_int_equal(step, -1);
    }
    int64_t step = -1;
    assert_int_equal(try("081804", -1, 0, &step), TOTP_WRONG);
}

static void secrets_are_written_and_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    unsigned char read[TOTP_SECRET] = {0};
    struct str text = totp_base32(arena, secret);
    assert_str(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_true(totp_parse(S("gezd gnbv gy3t qojq GEZD GNBV GY3T QOJQ"), read));
    assert_memory_equal(read, secret, TOTP_SECRET);
    assert_false(totp_parse(S(""), read));
    assert_false(totp_parse(S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ"), read));
    assert_false(totp_parse(S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGE"), read));
    assert_false(totp_parse(S("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"), read));
    assert_str(totp_uri(arena, S("Réseau & Cie"), S("a@b.example"), secret),
               "otpauth://totp/R%C3%A9seau%20%26%20Cie:a%40b.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
               "&issuer=R%C3%A9seau%20%26%20Cie&algorithm=SHA1&digits=6&period=30");
    arena_free(&arena);
}

static void a_sealed_secret_opens_for_its_owner_only(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    unsigned char key[CRYPTO_KEY] = {1}, other[CRYPTO_KEY] = {2}, nonce[CRYPTO_NONCE] = {3};
    struct str sealed = crypto_seal(arena, key, nonce, S("person 12"), S("secret")), open = {NULL, 0};
    assert_int_equal(sealed.n, 6 + CRYPTO_SEALED_MORE);
    assert_false(str_has(sealed, S("secret")));
    assert_true(crypto_unseal(arena, key, S("person 12"), sealed, &open));
    assert_str(open, "secret");
    assert_false(crypto_unseal(arena, other, S("person 12"), sealed, &open));
    assert_false(crypto_unseal(arena, key, S("person 13"), sealed, &open));
    assert_false(crypto_unseal(arena, key, S("person 12"), str_sub(sealed, 0, sealed.n - 1), &open));
    assert_false(crypto_unseal(arena, key, S("person 12"), str_sub(sealed, 0, 10), &open));
    assert_false(crypto_unseal(arena, key, S("person 12"), S(""), &open));
    char *bent = (char *)(uintptr_t)str_dup(arena, sealed).p;
    bent[CRYPTO_NONCE] ^= 1;
    assert_false(crypto_unseal(arena, key, S("person 12"), (struct str){bent, sealed.n}, &open));
    assert_str(open, "secret");
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(a_clock_may_be_a_step_off),
        cmocka_unit_test(a_code_works_once),
        cmocka_unit_test(nonsense_is_wrong),
        cmocka_unit_test(secrets_are_written_and_read),
        cmocka_unit_test(a_sealed_secret_opens_for_its_owner_only),
    };
    if (crypto_init(NULL) != OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
