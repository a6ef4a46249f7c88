/* Randomness: the machine's generator, and the codes and tokens made from any generator. */
#include "base/random.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/buf.h"

/* libsodium is made ready by crypto_init at the program's start; randombytes_buf works without it too. */
static void system_fill(void *context, void *bytes, size_t size)
{
    (void)context;
    randombytes_buf(bytes, size);
}

struct random random_system(void)
{
    return (struct random){.fill = system_fill};
}

void random_fill(const struct random *random, void *bytes, size_t size)
{
    random->fill(random->context, bytes, size);
}

struct str random_code(const struct random *random, struct arena *arena, size_t length)
{
    static const char alphabet[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    enum { LETTERS = sizeof alphabet - 1, FAIR = 256 / LETTERS * LETTERS };
    char *p = arena_alloc(arena, length + 1);
    for (size_t n = 0; n < length;) {
        unsigned char bytes[32];
        random_fill(random, bytes, sizeof bytes);
        /* Bytes past the last whole multiple are thrown away, or the first letters would come more often. */
        for (size_t i = 0; i < sizeof bytes && n < length; i++)
            if (bytes[i] < FAIR)
                p[n++] = alphabet[bytes[i] % LETTERS];
    }
    return (struct str){p, length};
}

struct str random_token(const struct random *random, struct arena *arena, size_t bytes)
{
    unsigned char *secret = arena_alloc(arena, bytes);
    random_fill(random, secret, bytes);
    struct buf buf = buf_new(bytes * 2 + 4);
    buf_base64url(&buf, secret, bytes);
    struct str token = str_dup(arena, buf_view(&buf));
    sodium_memzero(secret, bytes);
    buf_free(&buf);
    return token;
}
