/* Cryptography for every room, so that libsodium's and liboath's headers stay in this one.
 *
 * Nothing here is invented: each function is one construction of libsodium under the name of what it is for. Keys and
 * digests are byte arrays of a fixed size. No function fails unless it says so. */
#ifndef GUICHET_BASE_CRYPTO_H
#define GUICHET_BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum {
    CRYPTO_KEY = 32,         /* bytes of a key for crypto_hmac_sha256 and crypto_keyed_hash */
    CRYPTO_DIGEST = 32,      /* bytes of a SHA-256 or HMAC */
    CRYPTO_SIGN_SEED = 32,   /* what is kept secret of a signing key */
    CRYPTO_SIGN_PUBLIC = 32,
    CRYPTO_SIGNATURE = 64
};

/* Once, before any other function here and before other threads start. ERR_BUG when the library is unusable. */
enum err crypto_init(struct fault *fault);

void crypto_sha256(struct str message, unsigned char ret_digest[CRYPTO_DIGEST]);

/* `key` may have any length (a payment provider's signing secret is text). */
void crypto_hmac_sha256(struct str key, struct str message, unsigned char ret_mac[CRYPTO_DIGEST]);

/* Whether two byte strings are equal, in a time that depends only on their length. Different lengths are unequal. */
bool crypto_equal(struct str a, struct str b);

/* BLAKE2b with a key, `size` bytes from 16 to 64: the public shop's e-mail addresses are kept as this alone (ACC-2). */
void crypto_keyed_hash(const unsigned char key[CRYPTO_KEY], struct str message, unsigned char *ret_hash, size_t size);

/* Forgets a secret in a way that the compiler does not remove. */
void crypto_wipe(void *bytes, size_t size);

/* Ed25519, for codes that a gate checks without a network (TKT-6). The public key follows from the seed. */
void crypto_sign_public(const unsigned char seed[CRYPTO_SIGN_SEED], unsigned char ret_public[CRYPTO_SIGN_PUBLIC]);
void crypto_sign_message(const unsigned char seed[CRYPTO_SIGN_SEED], struct str message,
                         unsigned char ret_signature[CRYPTO_SIGNATURE]);
bool crypto_sign_check(const unsigned char public_key[CRYPTO_SIGN_PUBLIC], struct str message,
                       const unsigned char signature[CRYPTO_SIGNATURE]);

/* A secret that the database keeps without being able to read it (ACC-6): XChaCha20-Poly1305. `about` says whose it is
 * («person 12») and must be the same when it is opened, so that a row copied to somebody else opens nothing. */
enum { CRYPTO_NONCE = 24, CRYPTO_SEAL = 16, CRYPTO_SEALED_MORE = CRYPTO_NONCE + CRYPTO_SEAL };
/* `nonce` is random and never used twice; the result, in the arena, is CRYPTO_SEALED_MORE bytes longer. */
struct str crypto_seal(struct arena *arena, const unsigned char key[CRYPTO_KEY],
                       const unsigned char nonce[CRYPTO_NONCE], struct str about, struct str secret);
/* false when it was not sealed so: another key, another `about`, or changed. The secret lies in the arena. */
bool crypto_unseal(struct arena *arena, const unsigned char key[CRYPTO_KEY], struct str about, struct str sealed,
                   struct str *ret_secret);

/* Passwords are kept as Argon2id (19 MiB, two passes, one lane). That is heavy on purpose, so a gate lets only so many
 * run at once and makes the others wait; a crowd of sign-ins can neither fill the memory nor starve the sales. */
struct password_gate;

/* `at_once` computations at a time, 0 for the number of processors. `waiting` callers at most wait, beyond them
 * ERR_BUSY. The caller owns it and frees it after the last thread that uses it has ended. */
struct password_gate *password_gate_new(unsigned at_once, unsigned waiting);
/* Accepts a pointer to NULL. */
void password_gate_free(struct password_gate **gate);

/* The text to keep in the database, in the arena. ERR_LIMIT past LIMIT_PASSWORD bytes, ERR_BUSY when the gate is
 * crowded or memory is short. */
enum err password_hash(struct password_gate *gate, struct arena *arena, struct str password, struct str *ret_hash,
                       struct fault *fault);

/* Whether `password` is the one of `hash`. An empty hash (no such account) costs the same time and never matches, so
 * that the time tells nobody which addresses have an account. Errors as password_hash. */
enum err password_verify(struct password_gate *gate, struct str hash, struct str password, bool *ret_matches,
                         struct fault *fault);

#endif
