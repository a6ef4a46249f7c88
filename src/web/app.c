/* App: sessions at the start of a request, error pages at its end, and what pages ask in between. */
#include "web/app.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "service/customer.h"
#include "service/role_words.h"
#include "templates.h"
#include "web/views.h"

/* ---- The network's name ------------------------------------------------------------------------------------------ */

enum { NAMES_SECONDS = 5, NAME_BYTES = 200 };

struct network_names {
    pthread_mutex_t lock;
    int64_t read_us; /* monotonic; 0: never */
    char name[LANG_COUNT][NAME_BYTES];
};

struct network_names *network_names_new(void)
{
    struct network_names *names = calloc(1, sizeof *names);
    if (names == NULL)
        abort();
    pthread_mutex_init(&names->lock, NULL);
    return names;
}

void network_names_free(struct network_names **names)
{
    if (*names == NULL)
        return;
    pthread_mutex_destroy(&(*names)->lock);
    free(*names);
    *names = NULL;
}

/* A failure leaves the names that were read last: the page itself will say what is wrong. */
static void read_names(struct page *page, struct network_names *names)
{
    struct settings settings;
    if (settings_load(page_service(page), page->arena, &settings, NULL) != OK)
        return;
    for (int i = 0; i < LANG_COUNT; i++) {
        struct str name = str_sub(settings_network_name(&settings, (enum lang)i), 0, NAME_BYTES - 1);
        memcpy(names->name[i], name.p, name.n);
        names->name[i][name.n] = '\0';
    }
    names->read_us = clock_monotonic_us();
}

static struct str network_name(struct page *page)
{
    struct network_names *names = page_app(page)->names;
    pthread_mutex_lock(&names->lock);
    if (names->read_us == 0 || clock_monotonic_us() - names->read_us > NAMES_SECONDS * 1000000)
        read_names(page, names);
    struct str name = str_dup(page->arena, str_of(names->name[page->lang]));
    pthread_mutex_unlock(&names->lock);
    return name;
}

/* ---- Who asks --------------------------------------------------------------------------------------------------- */

/* A visitor's page is better than none; pages that need a reader ask for a sign-in. */
static void log_session_failure(const struct page *page, enum err err, const struct fault *fault)
{
    LOG(LOG_ERROR, "session", LOG_TEXT("request", page->request->id), LOG_TEXT("error", str_of(err_name(err))),
        LOG_TEXT("detail", str_of(fault->text)));
}

static struct str full_name(const struct page *page, struct str first, struct str last)
{
    return str_format(page->arena, "%.*s %.*s", STR_ARG(first), STR_ARG(last));
}

/* «Voyages Lumière (Claire Morel)» */
static struct str acting_name(const struct page *page, const struct staff_head *head)
{
    const struct staff_acting *acting = &head->acting;
    if (acting->organisation_id == 0)
        return (struct str){NULL, 0};
    return str_format(page->arena, "%.*s (%.*s %.*s)", STR_ARG(acting->organisation), STR_ARG(acting->first_name),
                      STR_ARG(acting->last_name));
}

static void begin_staff(struct page *page, struct str cookie)
{
    struct staff_head *head = ARENA_NEW(page->arena, struct staff_head);
    bool found = false;
    struct fault fault = {.err = OK};
    enum err err = staff_session_find(page_service(page), page->arena, cookie, head, &found, &fault);
    if (err != OK)
        log_session_failure(page, err, &fault);
    if (err != OK || !found)
        return;
    page->staff_session = head;
    page->staff = true;
    page->person_name = full_name(page, head->first_name, head->last_name);
    page->role = role_message(head->caller.role);
    page->acting_for = acting_name(page, head);
    instant expires_at = 0;
    if (head->touch_due && staff_session_touch(page_service(page), page->arena, head, &expires_at, &fault) == OK)
        site_set_session(page, cookie, expires_at - page->now);
}

static void show_reader(struct page *page, struct session_head *head)
{
    page->session = head;
    page->signed_in = true;
    page->person_name = full_name(page, head->first_name, head->last_name);
    page->organisation_name = head->organisation;
    page->option_count = head->options;
    page->cart_count = head->cart;
}

/* The customers' pages as one of them, for customer service that acts on their behalf (OPS-1). While it does so it goes
 * before a customer's own session in the same browser, so that no form is sent in the wrong name; when it ends that
 * session is there as it was. false: nobody acts here. */
static bool begin_acting(struct page *page)
{
    struct str cookie = site_staff_cookie(page);
    struct staff_head *head = ARENA_NEW(page->arena, struct staff_head);
    struct session_head *session = ARENA_NEW(page->arena, struct session_head);
    bool found = false;
    struct fault fault = {.err = OK};
    if (str_empty(cookie))
        return false;
    enum err err = staff_session_find(page_service(page), page->arena, cookie, head, &found, &fault);
    if (err == OK && found)
        err = customer_acting_head(page_service(page), page->arena, head, session, &found, &fault);
    if (err != OK)
        log_session_failure(page, err, &fault);
    if (err != OK || !found)
        return false;
    page->acting = true;
    page->staff_session = head;
    page->acting_for = acting_name(page, head);
    show_reader(page, session);
    instant expires_at = 0;
    if (head->touch_due && staff_session_touch(page_service(page), page->arena, head, &expires_at, &fault) == OK)
        site_set_session(page, cookie, expires_at - page->now);
    return true;
}

static void begin_customer(struct page *page, struct str session_cookie)
{
    struct session_head *head = ARENA_NEW(page->arena, struct session_head);
    bool found = false;
    struct fault fault = {.err = OK};
    enum err err = session_find(page_service(page), page->arena, session_cookie, head, &found, &fault);
    if (err != OK)
        log_session_failure(page, err, &fault);
    if (err != OK || !found)
        return;
    show_reader(page, head);
    if (!head->touch_due)
        return;
    instant expires_at = 0;
    if (session_touch(page_service(page), page->arena, head, &expires_at, &fault) == OK)
        site_set_session(page, session_cookie, expires_at - page->now);
}

void app_begin(struct page *page, struct str session_cookie)
{
    page->demonstration = page_service(page)->demonstration;
    page->network = network_name(page);
    if (page->staff_side && !str_empty(session_cookie))
        begin_staff(page, session_cookie);
    else if (!page->staff_side && !begin_acting(page) && !str_empty(session_cookie))
        begin_customer(page, session_cookie);
}

void app_end(struct page *page)
{
    (void)page; /* services take and give their connections themselves */
}

struct caller page_caller(const struct page *page)
{
    const struct session_head *session = page_session(page);
    if (session == NULL)
        return (struct caller){.lang = page->lang};
    struct caller caller = session->caller;
    caller.lang = page->lang;
    return caller;
}

bool page_may(const struct page *page, enum task task)
{
    struct caller caller = page_caller(page);
    return caller_may(&caller, task);
}

struct staff_caller page_staff_caller(const struct page *page)
{
    const struct staff_head *head = page_staff(page);
    struct staff_caller caller = head == NULL ? (struct staff_caller){.role = ROLE_NONE} : head->caller;
    caller.lang = page->lang;
    return caller;
}

bool page_staff_may(const struct page *page, enum task task)
{
    struct staff_caller caller = page_staff_caller(page);
    bool all = false;
    return permit_staff_list(&caller, task, &all, NULL) == OK;
}

bool page_staff_need(struct page *page, enum task task)
{
    if (page_staff_may(page, task))
        return true;
    page_error(page, 404);
    return false;
}

/* ---- Ends ------------------------------------------------------------------------------------------------------- */

/* A role that may not: another page than that of a form which is too old. */
static void show_role_refused(struct page *page)
{
    struct error_view view = {.status = 403,
                              .title = page->acting ? MSG_acting_refused_title : MSG_member_refused_title,
                              .text = page->acting ? MSG_acting_refused_text : MSG_member_refused_text,
                              .request_id = page->request->id};
    buf_clear(&page->response->body);
    page->response->status = view.status;
    page->title = msg_text(page->arena, page->lang, view.title);
    tpl_error(page_out(page), page, &view);
}

void page_fail(struct page *page, enum err err, const struct fault *fault)
{
    int refused = page->staff_side ? 404 : 403; /* on the operator's side nobody learns what exists */
    int status = err == ERR_NOT_FOUND ? 404
                 : err == ERR_REFUSED ? refused
                 : err == ERR_BUSY || err == ERR_LIMIT || err == ERR_UNCERTAIN ? 503 : 500;
    if (status >= 500)
        LOG(LOG_ERROR, "page.failed", LOG_TEXT("request", page->request->id), LOG_TEXT("error", str_of(err_name(err))),
            LOG_TEXT("detail", str_of(fault != NULL ? fault->text : "")));
    if (status == 403)
        show_role_refused(page);
    else
        page_error(page, status);
}

static struct error_view error_view_of(const struct page *page, int status)
{
    struct error_view view = {.status = status, .title = MSG_error_failed_title, .text = MSG_error_failed_text,
                              .request_id = page->request->id};
    switch (status) {
    case 400: view.title = MSG_error_bad_title, view.text = MSG_error_bad_text; break;
    case 403: view.title = MSG_error_forbidden_title, view.text = MSG_error_forbidden_text; break;
    case 404: view.title = MSG_error_missing_title, view.text = MSG_error_missing_text; break;
    case 405: view.title = MSG_error_method_title, view.text = MSG_error_method_text; break;
    case 409: view.title = MSG_error_conflict_title, view.text = MSG_error_conflict_text; break;
    case 413: case 414: case 431: view.title = MSG_error_large_title, view.text = MSG_error_large_text; break;
    case 429: view.title = MSG_error_often_title, view.text = MSG_error_often_text; break;
    case 503: view.title = MSG_error_busy_title, view.text = MSG_error_busy_text; break;
    default: break;
    }
    if (status == 403 && page->acting)
        view.title = MSG_acting_refused_title, view.text = MSG_acting_refused_text;
    return view;
}

void app_error(struct page *page, int status)
{
    struct error_view view = error_view_of(page, status);
    if (str_empty(page->network)) /* a request that could not be read was never begun */
        page->network = network_name(page);
    page->title = msg_text(page->arena, page->lang, view.title);
    tpl_error(page_out(page), page, &view);
}

bool page_allow(struct page *page, const char *what, struct str key, int max, int seconds)
{
    struct str name = str_format(page->arena, "%s:%.*s", what, STR_ARG(key));
    if (rate_limiter_allow(page_app(page)->limits, name, max, seconds, page->now))
        return true;
    page_error(page, 429);
    return false;
}

/* ---- In between ------------------------------------------------------------------------------------------------- */

const struct settings *page_settings(struct page *page)
{
    struct settings *settings = ARENA_NEW(page->arena, struct settings);
    struct fault fault = {.err = OK};
    enum err err = settings_load(page_service(page), page->arena, settings, &fault);
    if (err == OK)
        return settings;
    page_fail(page, err, &fault);
    return NULL;
}

struct str page_request_key(const struct page *page)
{
    return random_token(&page_service(page)->random, page->arena, 12);
}

struct str page_sent_key(const struct page *page)
{
    struct str key = pairs_get(page->request->form, S("cle"));
    if (key.n < 8 || key.n > 40)
        return (struct str){0};
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!fine)
            return (struct str){0};
    }
    return key;
}

enum msg refusal_message(enum refusal refusal)
{
    switch (refusal) {
    case REFUSED_NOT: return MSG_none;
    case REFUSED_NO_SLOT: return MSG_refusal_no_slot;
    case REFUSED_FULL: return MSG_refusal_full;
    case REFUSED_SHORT: return MSG_refusal_short;
    case REFUSED_NOT_FOR_GROUPS: return MSG_refusal_not_for_groups;
    case REFUSED_CLOSED: return MSG_refusal_closed;
    case REFUSED_PAST: return MSG_refusal_past;
    case REFUSED_NOT_ON_SALE: return MSG_refusal_not_on_sale;
    case REFUSED_BELOW_MINIMUM: return MSG_refusal_below_minimum;
    case REFUSED_ABOVE_MAXIMUM: return MSG_refusal_above_maximum;
    case REFUSED_NO_OPTION_HERE: return MSG_refusal_no_option_here;
    case REFUSED_NO_OPTION_SCHOOL: return MSG_refusal_no_option_school;
    case REFUSED_SCHOOL_ELSEWHERE: return MSG_refusal_school_elsewhere;
    case REFUSED_OPTION_TOO_LATE: return MSG_refusal_option_too_late;
    case REFUSED_NO_TARIFF: return MSG_refusal_no_tariff;
    case REFUSED_NO_SPLIT: return MSG_refusal_no_split;
    case REFUSED_NOT_SOLD_SO: return MSG_refusal_not_sold_so;
    case REFUSED_ENDED: return MSG_refusal_ended;
    case REFUSED_CART_FULL: return MSG_refusal_cart_full;
    case REFUSED_OPTION_CAP: return MSG_refusal_option_cap;
    case REFUSED_NUMBER: return MSG_refusal_number;
    case REFUSED_PAYING: return MSG_refusal_paying;
    case REFUSED_CART_EMPTY: return MSG_refusal_cart_empty;
    case REFUSED_LEADER_MISSING: return MSG_refusal_leader_missing;
    case REFUSED_TERMS: return MSG_refusal_terms;
    case REFUSED_CONTACT: return MSG_refusal_contact;
    case REFUSED_TRANSFER: return MSG_refusal_transfer;
    case REFUSED_TRANSFER_LATE: return MSG_refusal_transfer_late;
    case REFUSED_TRANSFER_ASKED: return MSG_refusal_transfer_asked;
    case REFUSED_PAID: return MSG_refusal_paid;
    case REFUSED_ORDER_ENDED: return MSG_refusal_order_ended;
    case REFUSED_PROVIDER: return MSG_refusal_provider;
    }
    return MSG_none;
}
