/* The only file that speaks to libsodium besides random.c. */
#include "base/crypto.h"

#include <assert.h>
#include <errno.h>
#include <liboath/oath.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"

_Static_assert((int)CRYPTO_DIGEST == (int)crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert((int)CRYPTO_DIGEST == (int)crypto_auth_hmacsha256_BYTES, "HMAC");
_Static_assert((int)CRYPTO_SIGN_SEED == (int)crypto_sign_SEEDBYTES, "Ed25519 seed");
_Static_assert((int)CRYPTO_SIGN_PUBLIC == (int)crypto_sign_PUBLICKEYBYTES, "Ed25519 key");
_Static_assert((int)CRYPTO_KEY == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "XChaCha20 key");
_Static_assert((int)CRYPTO_NONCE == (int)crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "XChaCha20 nonce");
_Static_assert((int)CRYPTO_SEAL == (int)crypto_aead_xchacha20poly1305_ietf_ABYTES, "Poly1305");
_Static_assert((int)CRYPTO_SIGNATURE == (int)crypto_sign_BYTES, "Ed25519 signature");

enum { PASSES = 2, MEMORY = 19 * 1024 * 1024 };

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)(s.n == 0 ? "" : s.p);
}

enum err crypto_init(struct fault *fault)
{
    if (sodium_init() < 0)
        return fault_set(fault, ERR_BUG, "libsodium cannot be used");
    return oath_init() != OATH_OK ? fault_set(fault, ERR_BUG, "liboath cannot be used") : OK; /* for totp.c */
}

void crypto_sha256(struct str message, unsigned char ret_digest[CRYPTO_DIGEST])
{
    (void)crypto_hash_sha256(ret_digest, bytes_of(message), message.n);
}

void crypto_hmac_sha256(struct str key, struct str message, unsigned char ret_mac[CRYPTO_DIGEST])
{
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, bytes_of(key), key.n);
    (void)crypto_auth_hmacsha256_update(&state, bytes_of(message), message.n);
    (void)crypto_auth_hmacsha256_final(&state, ret_mac);
    sodium_memzero(&state, sizeof state);
}

bool crypto_equal(struct str a, struct str b)
{
    return a.n == b.n && sodium_memcmp(bytes_of(a), bytes_of(b), a.n) == 0;
}

void crypto_keyed_hash(const unsigned char key[CRYPTO_KEY], struct str message, unsigned char *ret_hash, size_t size)
{
    int failed = crypto_generichash(ret_hash, size, bytes_of(message), message.n, key, CRYPTO_KEY);
    if (failed != 0)
        abort(); /* only a size out of range does that: a bug */
}

void crypto_wipe(void *bytes, size_t size)
{
    sodium_memzero(bytes, size);
}

void crypto_sign_public(const unsigned char seed[CRYPTO_SIGN_SEED], unsigned char ret_public[CRYPTO_SIGN_PUBLIC])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES];
    (void)crypto_sign_seed_keypair(ret_public, secret, seed);
    sodium_memzero(secret, sizeof secret);
}

void crypto_sign_message(const unsigned char seed[CRYPTO_SIGN_SEED], struct str message,
                         unsigned char ret_signature[CRYPTO_SIGNATURE])
{
    unsigned char secret[crypto_sign_SECRETKEYBYTES], public_key[CRYPTO_SIGN_PUBLIC];
    (void)crypto_sign_seed_keypair(public_key, secret, seed);
    (void)crypto_sign_detached(ret_signature, NULL, bytes_of(message), message.n, secret);
    sodium_memzero(secret, sizeof secret);
}

bool crypto_sign_check(const unsigned char public_key[CRYPTO_SIGN_PUBLIC], struct str message,
                       const unsigned char signature[CRYPTO_SIGNATURE])
{
    return crypto_sign_verify_detached(signature, bytes_of(message), message.n, public_key) == 0;
}

struct str crypto_seal(struct arena *arena, const unsigned char key[CRYPTO_KEY],
                       const unsigned char nonce[CRYPTO_NONCE], struct str about, struct str secret)
{
    unsigned char *sealed = arena_alloc(arena, secret.n + CRYPTO_SEALED_MORE);
    unsigned long long written = 0;
    memcpy(sealed, nonce, CRYPTO_NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + CRYPTO_NONCE, &written, bytes_of(secret), secret.n,
                                                     bytes_of(about), about.n, NULL, nonce, key);
    return (struct str){(const char *)sealed, CRYPTO_NONCE + (size_t)written};
}

bool crypto_unseal(struct arena *arena, const unsigned char key[CRYPTO_KEY], struct str about, struct str sealed,
                   struct str *ret_secret)
{
    if (sealed.n < CRYPTO_SEALED_MORE)
        return false;
    const unsigned char *bytes = bytes_of(sealed);
    unsigned char *secret = arena_alloc(arena, sealed.n - CRYPTO_SEALED_MORE + 1);
    unsigned long long written = 0;
    int failed = crypto_aead_xchacha20poly1305_ietf_decrypt(secret, &written, NULL, bytes + CRYPTO_NONCE,
                                                            sealed.n - CRYPTO_NONCE, bytes_of(about), about.n, bytes,
                                                            key);
    if (failed != 0)
        return false;
    *ret_secret = (struct str){(const char *)secret, (size_t)written};
    return true;
}

struct password_gate {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    unsigned free;
    unsigned waiting, max_waiting;
};

struct password_gate *password_gate_new(unsigned at_once, unsigned waiting)
{
    struct password_gate *gate = malloc(sizeof *gate);
    if (gate == NULL)
        abort();
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *gate = (struct password_gate){
        .free = at_once != 0 ? at_once : processors > 0 ? (unsigned)processors : 1,
        .max_waiting = waiting,
    };
    if (pthread_mutex_init(&gate->lock, NULL) != 0 || pthread_cond_init(&gate->freed, NULL) != 0)
        abort();
    return gate;
}

void password_gate_free(struct password_gate **gate)
{
    if (*gate == NULL)
        return;
    (void)pthread_cond_destroy(&(*gate)->freed);
    (void)pthread_mutex_destroy(&(*gate)->lock);
    free(*gate);
    *gate = NULL;
}

static enum err enter(struct password_gate *gate, struct str password, struct fault *fault)
{
    if (password.n > LIMIT_PASSWORD)
        return fault_set(fault, ERR_LIMIT, "a password of %zu bytes", password.n);
    enum err err = OK;
    (void)pthread_mutex_lock(&gate->lock);
    if (gate->free == 0 && gate->waiting >= gate->max_waiting) {
        err = fault_set(fault, ERR_BUSY, "%u password computations wait already", gate->waiting);
    } else {
        gate->waiting++;
        while (gate->free == 0)
            (void)pthread_cond_wait(&gate->freed, &gate->lock);
        gate->waiting--;
        gate->free--;
    }
    (void)pthread_mutex_unlock(&gate->lock);
    return err;
}

static void leave(struct password_gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    gate->free++;
    (void)pthread_cond_signal(&gate->freed);
    (void)pthread_mutex_unlock(&gate->lock);
}

enum err password_hash(struct password_gate *gate, struct arena *arena, struct str password, struct str *ret_hash,
                       struct fault *fault)
{
    enum err err = enter(gate, password, fault);
    if (err != OK)
        return err;
    char hash[crypto_pwhash_STRBYTES];
    int failed = crypto_pwhash_argon2id_str(hash, (const char *)bytes_of(password), password.n, PASSES, MEMORY);
    leave(gate);
    if (failed != 0)
        return fault_set(fault, ERR_BUSY, "no memory for a password computation");
    *ret_hash = str_dup(arena, str_of(hash));
    return OK;
}

enum err password_verify(struct password_gate *gate, struct str hash, struct str password, bool *ret_matches,
                         struct fault *fault)
{
    char kept[crypto_pwhash_STRBYTES] = {0};
    bool known = hash.n != 0 && hash.n < sizeof kept;
    enum err err = enter(gate, password, fault);
    if (err != OK)
        return err;
    int failed;
    errno = 0;
    if (known) {
        memcpy(kept, hash.p, hash.n);
        failed = crypto_pwhash_argon2id_str_verify(kept, (const char *)bytes_of(password), password.n);
    } else { /* the same work for nothing */
        failed = crypto_pwhash_argon2id_str(kept, (const char *)bytes_of(password), password.n, PASSES, MEMORY);
    }
    bool no_memory = failed != 0 && errno == ENOMEM;
    leave(gate);
    if (no_memory)
        return fault_set(fault, ERR_BUSY, "no memory for a password computation");
    *ret_matches = known && failed == 0;
    return OK;
}
