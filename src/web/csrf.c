/* See csrf.h: token = pad ‖ (pad xor the first bytes of HMAC-SHA-256(key, "csrf:" session)). */
#include "web/csrf.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"

static void mac_of(struct str key, struct str session, unsigned char ret_mac[CRYPTO_DIGEST])
{
    /* The prefix keeps this use of the key apart from others. */
    struct buf message = buf_new(4096);
    buf_c(&message, "csrf:");
    buf_str(&message, session);
    crypto_hmac_sha256(key, buf_view(&message), ret_mac);
    buf_free(&message);
}

struct str csrf_token(struct arena *arena, const struct random *random, struct str key, struct str session)
{
    assert(session.n > 0);
    unsigned char mac[CRYPTO_DIGEST], bytes[2 * CSRF_BYTES];
    mac_of(key, session, mac);
    random_fill(random, bytes, CSRF_BYTES);
    for (size_t i = 0; i < CSRF_BYTES; i++)
        bytes[CSRF_BYTES + i] = bytes[i] ^ mac[i];
    return str_hex(arena, bytes, sizeof bytes);
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool csrf_check(struct str key, struct str session, struct str token)
{
    unsigned char bytes[2 * CSRF_BYTES], mac[CRYPTO_DIGEST];
    if (session.n == 0 || token.n != CSRF_TEXT)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++) {
        int high = hex_digit(token.p[2 * i]), low = hex_digit(token.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high * 16 + low);
    }
    for (size_t i = 0; i < CSRF_BYTES; i++)
        bytes[CSRF_BYTES + i] ^= bytes[i];
    mac_of(key, session, mac);
    return crypto_equal((struct str){(const char *)mac, CSRF_BYTES},
                        (struct str){(const char *)bytes + CSRF_BYTES, CSRF_BYTES});
}
