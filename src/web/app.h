/* What the pages of the product share: the services, who asks, limits, and the common ends of a request. */
#ifndef GUICHET_WEB_APP_H
#define GUICHET_WEB_APP_H

#include "http/http.h"
#include "service/mailbox.h"
#include "service/refusal.h"
#include "service/service.h"
#include "service/session.h"
#include "service/settings.h"
#include "service/staff_session.h"
#include "web/form.h"
#include "web/page.h"
#include "web/site.h"

/* The network's name stands on every page: read from the settings every few seconds, not for every page. */
struct network_names;
struct network_names *network_names_new(void);
void network_names_free(struct network_names **names);

/* Made by the root of the program; read-only while the server runs. */
struct app {
    struct service *service;
    struct rate_limiter *limits;
    const struct mailbox *mailbox; /* NULL outside the demonstration */
    struct network_names *names;
    struct http_server *const *server; /* for the metrics; set once it listens */
    /* Health and metrics of what the web room does not know (jobs): appended by the root. */
    bool (*healthy)(void *context, struct buf *out);
    void (*metrics)(void *context, struct buf *out);
    void *context;
};

static inline struct app *page_app(const struct page *page)
{
    return page->app;
}

static inline struct service *page_service(const struct page *page)
{
    return page_app(page)->service;
}

/* The session of a signed-in reader; NULL for a visitor. */
static inline const struct session_head *page_session(const struct page *page)
{
    return page->session;
}

/* The same of the operator's people, on their side. */
static inline const struct staff_head *page_staff(const struct page *page)
{
    return page->staff_session;
}

/* Who asks, in the language of the page. */
struct caller page_caller(const struct page *page);
/* Whether to show a link or a button to the customer who reads. */
bool page_may(const struct page *page, enum task task);
/* Who of the operator's people asks; nobody, who may nothing, when none is signed in. */
struct staff_caller page_staff_caller(const struct page *page);
/* Whether to show a link or a button: a task that is not about one monument, or about some of them. */
bool page_staff_may(const struct page *page, enum task task);
/* true when the caller's role has this task; else the page has ended with 404: nobody learns what exists. */
bool page_staff_need(struct page *page, enum task task);

/* The network's settings, read once a request. On failure the page has ended and NULL is returned. */
const struct settings *page_settings(struct page *page);

/* Ends the request for a failure of a service: 404 for ERR_NOT_FOUND; 403 for ERR_REFUSED (the reader's role may not; on
 * the operator's side 404); 503 for BUSY, LIMIT and UNCERTAIN; else 500, which is logged with the request's id. */
void page_fail(struct page *page, enum err err, const struct fault *fault);

/* true when `key` (with the area's `what`) may do this once more: `max` times in `seconds`. Else the page has ended with 429. */
bool page_allow(struct page *page, const char *what, struct str key, int max, int seconds);

/* The hidden key of a form that must act once only: send it back with the form, pass it to the service. */
struct str page_request_key(const struct page *page); /* a new one, for a form to be shown */
struct str page_sent_key(const struct page *page);    /* the one that came with the form; empty when missing or malformed */

/* «refusal.full» …: the message of a refusal of places, cart or order. */
enum msg refusal_message(enum refusal refusal);

/* The areas' tables of pages; each lies in its folder. */
extern const struct page_route account_pages[];
extern const size_t account_page_count;
extern const struct page_route catalogue_pages[];
extern const size_t catalogue_page_count;
extern const struct page_route sales_pages[];
extern const size_t sales_page_count;
extern const struct page_route info_pages[];
extern const size_t info_page_count;
extern const struct page_route staff_pages[];
extern const size_t staff_page_count;
extern const struct page_route transfer_pages[];
extern const size_t transfer_page_count;
extern const struct page_route customer_pages[];
extern const size_t customer_page_count;
extern const struct page_route monument_pages[];
extern const size_t monument_page_count;
extern const struct page_route request_pages[];
extern const size_t request_page_count;
extern const struct page_route gate_pages[];
extern const size_t gate_page_count;
extern const struct page_route closure_pages[];
extern const size_t closure_page_count;
extern const struct page_route change_pages[];
extern const size_t change_page_count;
extern const struct page_route rights_pages[];
extern const size_t rights_page_count;

/* The hooks of site_config. */
void app_begin(struct page *page, struct str session_cookie);
void app_end(struct page *page);
void app_error(struct page *page, int status);

/* Routes without a language: notifications of the payment provider, health, metrics. `context` of their handlers is the
 * site. */
extern const struct route machine_routes[];
extern const size_t machine_route_count;

#endif
