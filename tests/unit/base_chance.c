/* Clock, randomness and cryptography: what comes into the program as arguments or goes out as secrets. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "base/random.h"
#include "unit.h"

static void write_clock(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(file), 0);
}

/* Whether the movable clock is `offset` away from the machine's: both are read around each other. */
static bool is_moved_by(const struct clock *clock, int64_t offset)
{
    int64_t before = (int64_t)time(NULL), seen = clock_now(clock), after = (int64_t)time(NULL);
    return seen - offset >= before - 1 && seen - offset <= after + 1;
}

static void clock_is_moved_by_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/guichet-clock-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    struct clock clock = clock_movable(path);
    write_clock(path, "@1795000000\n");
    assert_true(clock_now(&clock) == 1795000000);
    write_clock(path, "+86400");
    assert_true(is_moved_by(&clock, 86400));
    write_clock(path, "-3600\n");
    assert_true(is_moved_by(&clock, -3600));
    const char *const unreadable[] = {"", "tomorrow", "@", "+", "+-5x", "@99999999999999999999", "9223372036854775807"};
    for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++) {
        write_clock(path, unreadable[i]);
        assert_true(is_moved_by(&clock, 0));
    }
    assert_int_equal(unlink(path), 0);
    assert_true(is_moved_by(&clock, 0));
    struct clock machine = clock_system();
    assert_true(is_moved_by(&machine, 0));
}

/* A generator that counts, so that codes are known. */
static void count_up(void *context, void *bytes, size_t size)
{
    unsigned char *next = context;
    for (size_t i = 0; i < size; i++)
        ((unsigned char *)bytes)[i] = (*next)++;
}

static void codes_are_fair(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    unsigned char next = 0;
    struct random random = {count_up, &next};
    assert_str(random_code(&random, arena, 8), "23456789");
    /* Counting visits every byte equally often, so a fair code has each letter equally often. */
    next = 0;
    struct str code = random_code(&random, arena, 240 * 10);
    int seen[256] = {0};
    for (size_t i = 0; i < code.n; i++)
        seen[(unsigned char)code.p[i]]++;
    for (const char *c = "23456789ABCDEFGHJKMNPQRSTVWXYZ"; *c != '\0'; c++)
        assert_int_equal(seen[(unsigned char)*c], 80);
    next = 0;
    assert_str(random_token(&random, arena, 6), "AAECAwQF");
    struct random machine = random_system();
    assert_int_equal(random_token(&machine, arena, 32).n, 43);
    assert_false(str_eq(random_code(&machine, arena, 20), random_code(&machine, arena, 20)));
    arena_free(&arena);
}

static void digests(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    unsigned char digest[CRYPTO_DIGEST];
    crypto_sha256(S("abc"), digest);
    assert_str(str_hex(arena, digest, sizeof digest),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    crypto_hmac_sha256(S("Jefe"), S("what do ya want for nothing?"), digest); /* RFC 4231, case 2 */
    assert_str(str_hex(arena, digest, sizeof digest),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_true(crypto_equal(S("abc"), S("abc")));
    assert_false(crypto_equal(S("abc"), S("abd")));
    assert_false(crypto_equal(S("abc"), S("abcd")));
    assert_true(crypto_equal(S(""), (struct str){NULL, 0}));
    unsigned char key[CRYPTO_KEY] = {1}, other[CRYPTO_KEY] = {2}, a[16], b[16];
    crypto_keyed_hash(key, S("a@b.example"), a, sizeof a);
    crypto_keyed_hash(key, S("a@b.example"), b, sizeof b);
    assert_memory_equal(a, b, sizeof a);
    crypto_keyed_hash(other, S("a@b.example"), b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    arena_free(&arena);
}

static void signatures(void **state)
{
    (void)state;
    unsigned char seed[CRYPTO_SIGN_SEED] = {7}, public_key[CRYPTO_SIGN_PUBLIC], signature[CRYPTO_SIGNATURE];
    crypto_sign_public(seed, public_key);
    crypto_sign_message(seed, S("ticket"), signature);
    assert_true(crypto_sign_check(public_key, S("ticket"), signature));
    assert_false(crypto_sign_check(public_key, S("tickets"), signature));
    signature[5] ^= 1;
    assert_false(crypto_sign_check(public_key, S("ticket"), signature));
}

static void passwords(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct password_gate *gate = password_gate_new(1, 4);
    struct str hash;
    struct fault fault;
    bool matches = false;
    assert_int_equal(password_hash(gate, arena, S("correct horse é"), &hash, &fault), OK);
    assert_true(str_starts(hash, S("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(password_verify(gate, hash, S("correct horse é"), &matches, &fault), OK);
    assert_true(matches);
    assert_int_equal(password_verify(gate, hash, S("correct horse"), &matches, &fault), OK);
    assert_false(matches);
    matches = true;
    assert_int_equal(password_verify(gate, S(""), S("correct horse"), &matches, &fault), OK);
    assert_false(matches);
    matches = true;
    assert_int_equal(password_verify(gate, S("not a hash"), S("correct horse"), &matches, &fault), OK);
    assert_false(matches);
    char long_password[LIMIT_PASSWORD + 1];
    memset(long_password, 'x', sizeof long_password);
    assert_int_equal(password_hash(gate, arena, (struct str){long_password, sizeof long_password}, &hash, &fault),
                     ERR_LIMIT);
    password_gate_free(&gate);
    assert_null(gate);
    password_gate_free(&gate);
    arena_free(&arena);
}

/* More threads than the gate lets in at once: all wait their turn and get their answer. */
static void *hash_and_verify(void *argument)
{
    struct password_gate *gate = argument;
    struct arena *arena = arena_new();
    struct str hash;
    bool matches = false;
    bool done = password_hash(gate, arena, S("a long password"), &hash, NULL) == OK &&
                password_verify(gate, hash, S("a long password"), &matches, NULL) == OK && matches;
    arena_free(&arena);
    return done ? gate : NULL;
}

static void the_gate_lets_all_through_in_turn(void **state)
{
    (void)state;
    struct password_gate *gate = password_gate_new(1, 4);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_and_verify, gate), 0);
    for (int i = 0; i < 4; i++) {
        void *done = NULL;
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_ptr_equal(done, gate);
    }
    password_gate_free(&gate);
}

static int initialise(void **state)
{
    (void)state;
    return crypto_init(NULL) == OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_is_moved_by_a_file), cmocka_unit_test(codes_are_fair), cmocka_unit_test(digests),
        cmocka_unit_test(signatures),               cmocka_unit_test(passwords),
        cmocka_unit_test(the_gate_lets_all_through_in_turn),
    };
    return cmocka_run_group_tests(tests, initialise, NULL);
}
