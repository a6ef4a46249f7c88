/* Protection of forms against other sites: a hidden value that only a page of ours, for this very session, can know.
 *
 * It is an HMAC of the session's cookie value, so nothing is stored. It is masked with fresh random bytes each time:
 * a compressed page never holds the same secret twice (BREACH). */
#ifndef GUICHET_WEB_CSRF_H
#define GUICHET_WEB_CSRF_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/str.h"

enum { CSRF_BYTES = 16, CSRF_TEXT = 4 * CSRF_BYTES };

/* 64 hexadecimal characters. `key` is the installation's secret; `session` the cookie's value, never empty. */
struct str csrf_token(struct arena *arena, const struct random *random, struct str key, struct str session);
/* Whether `token` was made for this session; false for anything malformed and for an empty session. */
bool csrf_check(struct str key, struct str session, struct str token);

#endif
