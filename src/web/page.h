/* What every page knows about its request and its reader, and what handlers do with it.
 *
 * A handler reads the request, calls one service, fills a view and calls its template:
 *
 *     static void monument_page(struct page *page)
 *     {
 *         struct monument_view v = {.slug = pairs_get(page->request->captures, S("slug"))};
 *         ...
 *         page->title = v.name;
 *         tpl_monument(page_out(page), page, &v);
 *     }
 *
 * Everything here lives in `arena`, as long as the request. */
#ifndef GUICHET_WEB_PAGE_H
#define GUICHET_WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/civil.h"
#include "base/money.h"
#include "base/str.h"
#include "http/http.h"
#include "text/lang.h"
#include "text/markup.h"
#include "text/message.h"

/* An address that may stand in href, src or action: made by the functions here only. */
struct safe_url {
    struct str s;
};

enum flash_kind { FLASH_SUCCESS, FLASH_INFO, FLASH_ERROR };

/* One sentence shown once on the next page: «Option posée.» */
struct flash {
    enum flash_kind kind;
    enum msg message;
};
struct flashes {
    struct flash *p;
    size_t n;
};

struct site;

struct page {
    struct arena *arena;
    struct request *request;
    struct response *response;
    void *app;     /* the program's services, as given to site_new */
    void *session; /* a customer's: what the `begin` hook found for the cookie; NULL for a visitor */
    void *staff_session; /* the same of the operator's people, on their side, or on the customers' while `acting` */

    enum lang lang;
    struct str path;                      /* without the language: «/monuments/arc-de-triomphe» */
    struct safe_url in_lang[LANG_COUNT]; /* this page, with its query, in each language */
    const struct zone *zone;
    instant now;

    /* For the frame; handlers set title, and nav to the menu entry they belong to. */
    struct str title, description;
    struct str nav;
    bool wide;

    bool staff_side; /* an address of the operator's side: its own cookie, sign-in and frame */

    /* The reader; set by the `begin` hook. */
    bool signed_in; /* a customer */
    bool staff;     /* one of the operator's people */
    bool acting;    /* on the customers' side: customer service on a customer's behalf (OPS-1) */
    struct str acting_for; /* on both sides, in whose name; empty: nobody's */
    struct str person_name, organisation_name;
    enum msg role; /* of the operator's people, for the frame */
    int64_t option_count, cart_count;

    bool demonstration;
    struct str network; /* its name in the page's language, from the settings */
    struct str csrf; /* the value of every form's hidden field */
    struct flashes flashes;
    const struct site *site;
};

/* Where templates write. */
static inline struct buf *page_out(struct page *page)
{
    return &page->response->body;
}

/* An address inside the product in the page's language: page_url(page, "/commandes/{}", ref). Each {} takes the next
 * argument (a struct str), percent-encoded as one component. In the arena. */
#define page_url(page, pattern, ...)                                                                                 \
    page_url_of(page, pattern, (const struct str[]){{NULL, 0} __VA_OPT__(, ) __VA_ARGS__},                           \
                sizeof((const struct str[]){{NULL, 0} __VA_OPT__(, ) __VA_ARGS__}) / sizeof(struct str))
/* What page_url calls; parts[0] is ignored. */
struct str page_url_of(const struct page *page, const char *pattern, const struct str *parts, size_t n);

/* The same as something that a template may write into href. */
struct safe_url safe_url_of_path(struct str own_path);
/* https:// or http:// only; anything else becomes «#». */
struct safe_url safe_url_external(struct str url);

/* 303 to an address of page_url. */
void page_redirect(struct page *page, struct str url);
/* Shown once on the page that the reader sees next; kept in a cookie as a kind and a key, so nobody can write words of
 * their own into it. Several may be set in one request. */
void page_flash(struct page *page, enum flash_kind kind, enum msg message);

/* A parameter of the query; empty when it is not there. */
struct str page_query(const struct page *page, const char *name);
/* As a whole number; `fallback` when it is missing or malformed. */
int64_t page_query_int(const struct page *page, const char *name, int64_t fallback);
struct str page_capture(const struct page *page, const char *name);

/* Ends the request with an error page of the site: 404, 403, 409, 503. */
void page_error(struct page *page, int status);

/* Sends bytes as a download or inline document: `file_name` is ASCII. */
void page_document(struct page *page, const char *content_type, struct str file_name, bool download, struct str bytes);

#endif
