/* The site: turns one table of pages into the server's routes, in each language, and does for each request what all
 * pages need: language, session, protection of forms, who may, flash messages. It should read on one screen:
 * see `serve` in site.c. */
#ifndef GUICHET_WEB_SITE_H
#define GUICHET_WEB_SITE_H

#include "base/clock.h"
#include "base/random.h"
#include "http/http.h"
#include "web/page.h"

typedef void (*page_handler)(struct page *page);

enum {
    PAGE_SIGNED_IN = 1, /* visitors are sent to the sign-in page, and back afterwards */
    PAGE_STAFF = 2,     /* the operator's people only: who is not signed in is sent to their own sign-in page */
    PAGE_NO_CSRF = 4,   /* a POST that no browser session makes */
    PAGE_UPLOAD = 8,    /* a POST with files: up to LIMIT_UPLOAD bytes, page->request->files */
    PAGE_OWN = 16       /* of a person's own: not for customer service that acts on a customer's behalf (OPS-1) */
};

/* path without language: «/monuments/{slug}»; it is served below /fr and /en. */
struct page_route {
    enum http_method method;
    const char *path;
    page_handler handler;
    unsigned flags;
};

struct page_routes {
    const struct page_route *p;
    size_t n;
};

enum { SITE_COOKIE_MAX = 200, SITE_TABLES = 24 };
#define SITE_SESSION_COOKIE "guichet_session" /* set by sign-in, means a row of the database */
#define SITE_STAFF_COOKIE "guichet_service"   /* the same for the operator's people, on their side only */
#define SITE_VISITOR_COOKIE "guichet_visitor" /* random, means nothing; protects forms before sign-in */
#define SITE_FLASH_COOKIE "guichet_flash"

struct site_config {
    /* One table for each area of the product, so that areas do not meet in one file. */
    struct page_routes tables[SITE_TABLES];
    void *app;
    const struct zone *zone;
    struct clock clock;
    struct random random;
    struct str csrf_key;
    bool demonstration;
    const char *sign_in_path; /* «/connexion» */
    /* Where the operator's side begins: these addresses and all below them. NULL ends the list. */
    const char *staff_paths[4];
    const char *staff_sign_in_path; /* «/service/connexion» */
    /* Before the handler: finds the session of the cookie value (may be empty; on the operator's side it is the
     * operator's cookie), fills the page's reader part and `session` or `staff_session`. */
    void (*begin)(struct page *page, struct str session_cookie);
    /* After the handler, always: gives the connection back. May be NULL. */
    void (*end)(struct page *page);
    /* Writes an error page; the response's status is set already. NULL: one plain sentence. */
    void (*error)(struct page *page, int status);
};

/* The site keeps a copy of the config; its strings must outlive it. */
struct site *site_new(const struct site_config *config);
void site_free(struct site **site);

/* The server's routes: every page in each language, «/» (to the reader's language) and the assets. More routes (API,
 * notifications) are given as `more`. Owned by the site. `context` of the routes is the site itself. */
const struct route *site_routes(struct site *site, const struct route *more, size_t more_count, size_t *ret_count);
void site_not_found(void *site, struct request *request, struct response *response, const void *route_data);
/* For http_config.error_page. */
void site_error_page(void *site, struct request *request, struct response *response, int status);

const struct site_config *site_settings(const struct site *site);

/* Sign-in gives a new session cookie value, sign-out the empty one: a customer's, or on the operator's side theirs. */
void site_set_session(struct page *page, struct str value, int64_t max_age_seconds);
/* The value of the session cookie that the request goes by; may be empty. On the customers' side it is theirs, or the
 * operator's while `page->acting`: the two never mix. */
struct str site_session_cookie(const struct page *page);
/* The operator's cookie, on whichever side: for the `begin` hook, which sets `page->acting`. */
struct str site_staff_cookie(const struct page *page);

#endif
