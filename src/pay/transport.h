/* One bounded HTTP exchange over libcurl, for the connector's calls and the stand-in's notifications.
 *
 * Connections are kept in a small pool, so a call rarely pays for a new TLS handshake. Certificates are verified,
 * redirects are not followed, answers and times are bounded. Safe from several threads. */
#ifndef GUICHET_PAY_TRANSPORT_H
#define GUICHET_PAY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { TRANSPORT_ANSWER_MAX = 1024 * 1024, TRANSPORT_HEADERS_MAX = 8 };

struct transport;

/* `ca_file` may be NULL: the machine's authorities. */
enum err transport_new(const char *ca_file, long connect_timeout_ms, long timeout_ms, struct transport **ret_transport,
                       struct fault *fault);
void transport_free(struct transport **transport);

/* "https://…", or "http://…" to this machine only: a key must never travel unencrypted. No path behind the host. */
bool transport_base_ok(struct str url);

struct exchange {
    const char *url;
    const char *headers[TRANSPORT_HEADERS_MAX]; /* "Name: value", NULL ends */
    bool post;
    struct str body; /* of a post */
};

struct answer {
    int status;
    struct str body; /* in the arena, NUL-terminated */
    bool retry_said; /* the header Stripe-Should-Retry was there … */
    bool retry;      /* … and said this */
};

/* OK with an answer of any status. ERR_IO: nothing was sent. ERR_UNCERTAIN: something was sent, no whole answer came. */
enum err transport_exchange(struct transport *transport, struct arena *arena, const struct exchange *exchange,
                            struct answer *ret_answer, struct fault *fault);

#endif
