/* The signature on the provider's notifications, made and checked in one place: the connector checks it, the stand-in
 * makes it. Header: «t=UNIX,v1=HEX[,v1=HEX…]»; HEX = HMAC-SHA-256(key = the whole secret, message = t "." raw body). */
#ifndef GUICHET_PAY_SIGNATURE_H
#define GUICHET_PAY_SIGNATURE_H

#include <stddef.h>

#include "base/civil.h"
#include "base/err.h"
#include "base/str.h"

enum { SIGNATURE_TOLERANCE = 300 /* seconds, both ways */ };

/* OK when any v1 was made with any of the secrets and the time is within the tolerance; ERR_INPUT else, and `fault`
 * says which rule failed. Elements come in any order, unknown schemes are skipped, several v1 occur while a secret is
 * being replaced. Empty secrets never match. */
enum err signature_check(struct str header, struct str body, const struct str *secrets, size_t secret_count,
                         instant now, struct fault *fault);

/* The header value for a body sent at `at`. */
struct str signature_make(struct arena *arena, struct str body, struct str secret, instant at);

#endif
