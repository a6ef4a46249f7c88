/* Randomness as an argument, so that tests can repeat what they saw. */
#ifndef GUICHET_BASE_RANDOM_H
#define GUICHET_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct random {
    void (*fill)(void *context, void *bytes, size_t size);
    void *context;
};

/* The machine's cryptographic generator (libsodium). */
struct random random_system(void);

void random_fill(const struct random *random, void *bytes, size_t size);

/* `length` characters of an alphabet that people can read aloud and type (digits and capitals without 0 O 1 I L U). */
struct str random_code(const struct random *random, struct arena *arena, size_t length);

/* A secret for links and cookies: `bytes` random bytes in base64url. */
struct str random_token(const struct random *random, struct arena *arena, size_t bytes);

#endif
