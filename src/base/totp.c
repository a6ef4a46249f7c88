/* The only file that speaks to liboath besides crypto.c, which prepares it. */
#include "base/totp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"

enum { BASE32_LENGTH = TOTP_SECRET / 5 * 8, LONGEST_TYPED = 64, LONGEST_URI = 2048 };
_Static_assert(TOTP_SECRET % 5 == 0, "base32 without padding");

int64_t totp_step(instant at)
{
    return at / TOTP_SECONDS;
}

void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char ret_code[TOTP_DIGITS + 1])
{
    int failed = oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, TOTP_DIGITS, false,
                                    OATH_HOTP_DYNAMIC_TRUNCATION, ret_code);
    if (failed != OATH_OK)
        abort(); /* only a number of digits out of range does that: a bug */
}

/* What was typed without its blanks; the number of characters, LONGEST_TYPED when there are too many. */
static size_t without_blanks(struct str typed, char ret_text[LONGEST_TYPED])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.n && n < LONGEST_TYPED; i++)
        if (typed.p[i] != ' ' && typed.p[i] != '\t')
            ret_text[n++] = typed.p[i];
    return n;
}

enum totp_verdict totp_verify(const unsigned char secret[TOTP_SECRET], struct str typed, instant now, int64_t last_step,
                              int64_t *ret_step)
{
    char text[LONGEST_TYPED], code[TOTP_DIGITS + 1];
    struct str given = {text, without_blanks(typed, text)};
    int64_t found = -1;
    if (given.n != TOTP_DIGITS || now < 0)
        return TOTP_WRONG;
    /* All of them every time, so that the time does not tell which one fits. */
    for (int64_t step = totp_step(now) - TOTP_LEEWAY; step <= totp_step(now) + TOTP_LEEWAY; step++) {
        totp_code(secret, step, code);
        if (step >= 0 && crypto_equal(given, (struct str){code, TOTP_DIGITS}))
            found = step;
    }
    crypto_wipe(code, sizeof code);
    if (found < 0)
        return TOTP_WRONG;
    if (found <= last_step)
        return TOTP_REPLAYED;
    *ret_step = found;
    return TOTP_RIGHT;
}

struct str totp_base32(struct arena *arena, const unsigned char secret[TOTP_SECRET])
{
    char *text = NULL;
    size_t length = 0;
    if (oath_base32_encode((const char *)secret, TOTP_SECRET, &text, &length) != OATH_OK)
        abort(); /* out of memory */
    struct str base32 = str_dup(arena, (struct str){text, length});
    crypto_wipe(text, length);
    free(text);
    return base32;
}

bool totp_parse(struct str base32, unsigned char ret_secret[TOTP_SECRET])
{
    char text[LONGEST_TYPED], *secret = NULL;
    size_t length = without_blanks(base32, text), size = 0;
    if (length != BASE32_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
    if (oath_base32_decode(text, length, &secret, &size) != OATH_OK)
        return false;
    bool whole = size == TOTP_SECRET;
    if (whole)
        memcpy(ret_secret, secret, TOTP_SECRET);
    crypto_wipe(secret, size);
    free(secret);
    return whole;
}

struct str totp_uri(struct arena *arena, struct str issuer, struct str account, const unsigned char secret[TOTP_SECRET])
{
    struct buf out = buf_new(LONGEST_URI);
    buf_c(&out, "otpauth://totp/");
    buf_url(&out, issuer);
    buf_char(&out, ':');
    buf_url(&out, account);
    buf_c(&out, "?secret=");
    buf_str(&out, totp_base32(arena, secret));
    buf_c(&out, "&issuer=");
    buf_url(&out, issuer);
    buf_format(&out, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_SECONDS);
    struct str uri = str_dup(arena, buf_view(&out));
    crypto_wipe(out.p, out.n);
    buf_free(&out);
    return uri;
}
