/* Time-based one-time codes (RFC 6238) for the second factor (ACC-6): six digits, a new one every thirty seconds,
 * HMAC-SHA-1, which is what the authenticator apps of all makers understand.
 *
 * A secret is TOTP_SECRET random bytes. Nothing here keeps state: the caller stores the last step that was accepted, so
 * that a code that somebody read over a shoulder is worth nothing a second time. */
#ifndef GUICHET_BASE_TOTP_H
#define GUICHET_BASE_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil.h"
#include "base/str.h"

enum {
    TOTP_SECRET = 20, /* bytes, the length that RFC 4226 recommends */
    TOTP_DIGITS = 6,
    TOTP_SECONDS = 30, /* of one step */
    TOTP_LEEWAY = 1    /* steps that a clock may be early or late */
};

/* The step that `at` lies in. */
int64_t totp_step(instant at);

/* The code of a step; `ret_code` gets six digits and a NUL. */
void totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char ret_code[TOTP_DIGITS + 1]);

enum totp_verdict {
    TOTP_RIGHT,
    TOTP_WRONG,
    TOTP_REPLAYED /* a code of now, but of a step that was accepted already: wait for the next one */
};

/* Judges what a person typed (blanks are ignored). Codes of the step of `now` and of TOTP_LEEWAY steps around it are
 * right when their step is later than `last_step`, which is the one to store then: *ret_step. */
enum totp_verdict totp_verify(const unsigned char secret[TOTP_SECRET], struct str typed, instant now, int64_t last_step,
                              int64_t *ret_step);

/* The secret as people type it into an app: base32 without padding, in the arena. */
struct str totp_base32(struct arena *arena, const unsigned char secret[TOTP_SECRET]);
/* The opposite; blanks and lower case are accepted. false when it is not TOTP_SECRET bytes in base32. */
bool totp_parse(struct str base32, unsigned char ret_secret[TOTP_SECRET]);

/* otpauth://totp/… for a QR code: `issuer` names the service, `account` the person. In the arena. */
struct str totp_uri(struct arena *arena, struct str issuer, struct str account,
                    const unsigned char secret[TOTP_SECRET]);

#endif
