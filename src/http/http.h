/* The web server: the only room that knows libmicrohttpd.
 *
 * A thread per connection, bounded; handlers are plain blocking functions. A request is read whole (bounded), its
 * arena is reset after the answer. The server knows nothing of languages, sessions' meaning or tickets: `web/` and
 * `api/` bring their routes and a `before` step. */
#ifndef GUICHET_HTTP_HTTP_H
#define GUICHET_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct pair {
    struct str name, value;
};
struct pairs {
    struct pair *p;
    size_t n;
};

/* A file that came with a form. What the client calls it, and what type it says, proves nothing: look at the bytes. */
struct upload {
    struct str field, file_name, bytes;
};
struct uploads {
    struct upload *p;
    size_t n;
};

enum http_method { HTTP_GET, HTTP_POST, HTTP_OTHER };

/* One request, read whole. All text lives in `arena`. */
struct request {
    struct arena *arena;
    enum http_method method; /* HEAD is given to handlers as GET; the server drops the body */
    struct str path;         /* percent-decoded, valid UTF-8, starts with '/' */
    struct pairs query;      /* decoded */
    struct pairs form;       /* application/x-www-form-urlencoded or multipart/form-data body, decoded */
    struct uploads files;    /* of a multipart body; a file input that was left empty is not among them */
    struct str body;         /* the raw bytes, for signed notifications */
    struct pairs headers;    /* names in lower case */
    struct pairs cookies;
    struct pairs captures;   /* {name} parts of the route's path */
    struct str peer;         /* address of the client; behind a trusted proxy, the one it forwards */
    struct str id;           /* request id for the log and error pages */
};

/* First value of that name, or the empty str (whose p is NULL when the name is absent). */
struct str pairs_get(struct pairs pairs, struct str name);
bool pairs_has(struct pairs pairs, struct str name);
/* The first file of that field, or NULL. */
const struct upload *uploads_get(struct uploads uploads, struct str field);
struct str request_header(const struct request *request, const char *lower_case_name);

/* The answer being built. */
struct response {
    struct arena *arena;
    int status;              /* 200 unless set */
    struct str content_type; /* "text/html; charset=utf-8" unless set */
    struct buf body;
    struct pairs headers;    /* added with response_header */
    bool https;              /* cookies are Secure */
};

/* A value with control characters is dropped with a line in the log: it came from outside and wanted to be two headers.
 * Security headers and Cache-Control (no-store) are set by the server unless the handler sets them itself. */
void response_header(struct response *response, const char *name, struct str value);
/* 303 to a path of ours, or to an absolute http(s) URL; what is neither («//elsewhere») becomes «/». */
void response_redirect(struct response *response, struct str location);
void response_redirect_external(struct response *response, struct str url);
/* HttpOnly; SameSite=Lax; Path=/; Secure when the server was told that it is behind https. max_age 0 means until
 * the browser closes, a negative one removes the cookie. The value may hold only characters that RFC 6265 allows. */
void response_cookie(struct response *response, const char *name, struct str value, int64_t max_age_seconds);

typedef void (*http_handler)(void *context, struct request *request, struct response *response, const void *route_data);

/* A route: path with {name} captures («/{lang}/monuments/{slug}»); a capture is one non-empty segment. A last segment
 * {name*} takes the rest of the path. A literal wins over a capture. The log shows this path, never the one sent. */
struct route {
    enum http_method method;
    const char *path;
    http_handler handler;
    const void *data;
    size_t body_max; /* of a page that takes files, when it is more than the server's; 0: the server's */
};

struct http_config {
    const char *address;     /* "127.0.0.1", "0.0.0.0", "::" */
    uint16_t port;           /* 0 picks a free one */
    bool https_outside;      /* a proxy speaks TLS for us: Secure cookies, HSTS */
    const char *trusted_proxy; /* address whose X-Forwarded-For is believed, or NULL */
    size_t body_max;         /* 0 is LIMIT_REQUEST_BODY; a longer body needs a route that takes one, a stated length
                              * and one of LIMIT_UPLOADS_AT_ONCE turns, else 413 or 503 */
    int timeout_seconds;     /* silence after which a connection is closed; 0 is 20 */
    /* Writes the body for 400, 405, 413, 414, 431 and 500; the request may be read only in part. NULL: plain text. */
    void (*error_page)(void *context, struct request *request, struct response *response, int status);
};

struct http_server;

/* Routes are matched in a table sorted at start; unknown path → `not_found`, known path with another method → 405. Security
 * headers (CSP without inline, nosniff, frame-ancestors none, referrer policy, permissions policy) are put on every answer;
 * `extra_form_action` is one more origin allowed in CSP form-action (the payment provider's hosted page), or NULL. */
enum err http_start(const struct http_config *config, const struct route *routes, size_t route_count,
                    http_handler not_found, void *context, const char *extra_form_action,
                    struct http_server **ret_server, struct fault *fault);
uint16_t http_port(const struct http_server *server);
/* Stops accepting, lets running requests finish, frees. */
void http_stop(struct http_server **server);

struct http_stats {
    int64_t requests, errors_4xx, errors_5xx, open_connections;
};
struct http_stats http_stats(const struct http_server *server);

/* Sliding-window rate limits kept in memory, bounded in size; safe from several threads.
 * true when `key` did fewer than `max` things in the last `seconds`, and counts this one. */
struct rate_limiter;
struct rate_limiter *rate_limiter_new(size_t max_keys);
void rate_limiter_free(struct rate_limiter **limiter);
bool rate_limiter_allow(struct rate_limiter *limiter, struct str key, int max, int seconds, int64_t now);

#endif
