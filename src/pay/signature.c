/* Makes and checks the signature of notifications; see the header for its form. */
#include "pay/signature.h"

#include <inttypes.h>
#include <string.h>

#include "base/crypto.h"

enum {
    HEADER_MAX = 4096, /* bytes looked at */
    V1_MAX = 16,       /* signatures in one header */
    HEX_LENGTH = 64
};

static void mac_hex(struct str body, struct str secret, struct str stamp, struct arena *arena, char out[HEX_LENGTH])
{
    size_t n = stamp.n + 1 + body.n;
    char *message = arena_alloc(arena, n);
    memcpy(message, stamp.p, stamp.n);
    message[stamp.n] = '.';
    if (body.n != 0) {
        memcpy(message + stamp.n + 1, body.p, body.n);
    }
    unsigned char mac[CRYPTO_DIGEST];
    crypto_hmac_sha256(secret, (struct str){message, n}, mac);
    memcpy(out, str_hex(arena, mac, sizeof mac).p, HEX_LENGTH);
}

/* The stamp exactly as written (it is what was signed) and the v1 elements. */
static enum err header_read(struct str header, struct str *ret_stamp, struct str v1[V1_MAX], size_t *ret_count,
                            struct fault *fault)
{
    if (header.n == 0 || header.n > HEADER_MAX) {
        return fault_set(fault, ERR_INPUT, "notification: signature header missing or too long");
    }
    struct str stamp = {0};
    size_t count = 0;
    while (header.n != 0) {
        struct str item = str_trim(str_cut(&header, ','));
        if (str_starts(item, S("t="))) {
            if (stamp.p != NULL) {
                return fault_set(fault, ERR_INPUT, "notification: two times in the signature header");
            }
            stamp = str_sub(item, 2, SIZE_MAX);
        } else if (str_starts(item, S("v1=")) && count < V1_MAX) {
            v1[count++] = str_sub(item, 3, SIZE_MAX);
        }
    }
    if (stamp.n == 0 || count == 0) {
        return fault_set(fault, ERR_INPUT, "notification: signature header without time or signature");
    }
    *ret_stamp = stamp;
    *ret_count = count;
    return OK;
}

enum err signature_check(struct str header, struct str body, const struct str *secrets, size_t secret_count,
                         instant now, struct fault *fault)
{
    struct str stamp;
    struct str v1[V1_MAX];
    size_t count = 0;
    enum err err = header_read(header, &stamp, v1, &count, fault);
    if (err != OK) {
        return err;
    }
    int64_t at;
    if (!str_int(stamp, &at) || at < 0) {
        return fault_set(fault, ERR_INPUT, "notification: the signature's time is not a number");
    }
    struct arena *arena = arena_new();
    bool good = false;
    for (size_t s = 0; s < secret_count; s++) {
        if (secrets[s].n == 0) {
            continue;
        }
        char want[HEX_LENGTH];
        mac_hex(body, secrets[s], stamp, arena, want);
        for (size_t i = 0; i < count; i++) {
            good |= crypto_equal(v1[i], (struct str){want, HEX_LENGTH});
        }
    }
    arena_free(&arena);
    if (!good) {
        return fault_set(fault, ERR_INPUT, "notification: the signature is not ours");
    }
    if (at < now - SIGNATURE_TOLERANCE || at > now + SIGNATURE_TOLERANCE) {
        return fault_set(fault, ERR_INPUT, "notification: signed at %" PRId64 ", too far from now", at);
    }
    return OK;
}

struct str signature_make(struct arena *arena, struct str body, struct str secret, instant at)
{
    struct str stamp = str_format(arena, "%" PRId64, at);
    char hex[HEX_LENGTH];
    mac_hex(body, secret, stamp, arena, hex);
    return str_format(arena, "t=%.*s,v1=%.*s", STR_ARG(stamp), HEX_LENGTH, hex);
}
