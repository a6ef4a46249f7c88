/* One table of pages becomes the routes of the server; see site.h. */
#include "web/site.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "web/asset.h"
#include "web/csrf.h"

struct page_data {
    const struct page_route *page;
    enum lang lang;
};

struct site {
    struct site_config config;
    struct arena *arena; /* routes and their paths, for the site's life */
    struct route *routes;
    size_t route_count;
};

struct site *site_new(const struct site_config *config)
{
    assert(config->csrf_key.n >= 16 && config->sign_in_path != NULL && config->zone != NULL);
    struct site *site = calloc(1, sizeof *site);
    if (site == NULL)
        abort();
    site->config = *config;
    site->arena = arena_new();
    return site;
}

void site_free(struct site **site)
{
    if (*site == NULL)
        return;
    arena_free(&(*site)->arena);
    free(*site);
    *site = NULL;
}

const struct site_config *site_settings(const struct site *site)
{
    return &site->config;
}

/* ---- one request ---- */

/* «/fr/options» without «/fr». */
static struct str path_in_lang(struct str path, enum lang lang)
{
    struct str code = lang_code(lang);
    struct str rest = str_sub(path, code.n + 1, path.n);
    return rest.n == 0 ? S("/") : rest;
}

static void write_path(struct buf *out, struct str path)
{
    struct str rest = str_sub(path, 1, path.n);
    buf_char(out, '/');
    for (;;) {
        size_t slash = str_find(rest, '/', 0);
        buf_url(out, str_sub(rest, 0, slash));
        if (slash >= rest.n)
            return;
        buf_char(out, '/');
        rest = str_sub(rest, slash + 1, rest.n);
    }
}

/* This page with its query in another language, for the switch and for hreflang. */
static struct safe_url in_lang(const struct page *page, enum lang lang)
{
    struct buf out = buf_new(3 * LIMIT_URL);
    buf_char(&out, '/');
    buf_str(&out, lang_code(lang));
    write_path(&out, page->path);
    if (page->request->method == HTTP_GET) {
        for (size_t i = 0; i < page->request->query.n; i++) {
            buf_char(&out, i == 0 ? '?' : '&');
            buf_url(&out, page->request->query.p[i].name);
            buf_char(&out, '=');
            buf_url(&out, page->request->query.p[i].value);
        }
    }
    struct safe_url url = safe_url_of_path(str_dup(page->arena, buf_view(&out)));
    buf_free(&out);
    return url;
}

static void take_flashes(struct page *page)
{
    struct str cookie = pairs_get(page->request->cookies, S(SITE_FLASH_COOKIE));
    if (cookie.n == 0)
        return;
    enum { MOST = 4 };
    page->flashes.p = ARENA_ARRAY(page->arena, MOST, struct flash);
    while (cookie.n > 0 && page->flashes.n < MOST) {
        struct str item = str_cut(&cookie, '+');
        enum msg message;
        if (item.n < 2 || item.p[0] < '0' || item.p[0] > '2' || !msg_find(str_sub(item, 1, item.n), &message))
            continue;
        page->flashes.p[page->flashes.n++] = (struct flash){(enum flash_kind)(item.p[0] - '0'), message};
    }
    response_cookie(page->response, SITE_FLASH_COOKIE, (struct str){"", 0}, -1);
}

/* Only what looks like our own random text is taken from a cookie. */
static struct str clean_cookie(const struct page *page, const char *name)
{
    struct str value = pairs_get(page->request->cookies, str_of(name));
    return value.n <= SITE_COOKIE_MAX ? value : (struct str){NULL, 0};
}

struct str site_session_cookie(const struct page *page)
{
    return clean_cookie(page, page->staff_side || page->acting ? SITE_STAFF_COOKIE : SITE_SESSION_COOKIE);
}

struct str site_staff_cookie(const struct page *page)
{
    return clean_cookie(page, SITE_STAFF_COOKIE);
}

/* The value that the form token belongs to: the session's, else a visitor's random one, made when there is none. */
static struct str form_session(struct site *site, struct page *page, struct str session_cookie)
{
    if (page->signed_in || page->staff)
        return session_cookie;
    struct str visitor = clean_cookie(page, SITE_VISITOR_COOKIE);
    if (visitor.n >= 16)
        return visitor;
    if (page->request->method != HTTP_GET)
        return (struct str){NULL, 0};
    visitor = random_token(&site->config.random, page->arena, 18);
    response_cookie(page->response, SITE_VISITOR_COOKIE, visitor, 0);
    return visitor;
}

static bool may(struct site *site, struct page *page, unsigned flags)
{
    bool staff = (flags & PAGE_STAFF) != 0;
    if (page->acting && (flags & PAGE_OWN) != 0) {
        page_error(page, 403);
        return false;
    }
    if (staff ? page->staff : (flags & PAGE_SIGNED_IN) == 0 || page->signed_in)
        return true;
    struct str back = page->request->method == HTTP_GET ? page->in_lang[page->lang].s
                                                        : page_url(page, staff ? site->config.staff_paths[0] : "/");
    struct str where =
        str_format(page->arena, "%s?retour={}", staff ? site->config.staff_sign_in_path : site->config.sign_in_path);
    page_redirect(page, page_url(page, where.p, back));
    return false;
}

static bool on_staff_side(const struct site_config *config, struct str path)
{
    for (size_t i = 0; config->staff_paths[i] != NULL; i++) {
        struct str begin = str_of(config->staff_paths[i]);
        if (str_starts(path, begin) && (path.n == begin.n || path.p[begin.n] == '/'))
            return true;
    }
    return false;
}

static struct page new_page(struct site *site, struct request *request, struct response *response, enum lang lang)
{
    struct page page = {.arena = request->arena,
                        .request = request,
                        .response = response,
                        .app = site->config.app,
                        .lang = lang,
                        .zone = site->config.zone,
                        .now = clock_now(&site->config.clock),
                        .demonstration = site->config.demonstration,
                        .site = site};
    enum lang in_path;
    bool has_lang = lang_parse(str_sub(request->path, 1, 2), &in_path) &&
                    (request->path.n == 3 || (request->path.n > 3 && request->path.p[3] == '/'));
    page.path = has_lang ? path_in_lang(request->path, in_path) : S("/");
    page.staff_side = on_staff_side(&site->config, page.path);
    for (int l = 0; l < LANG_COUNT; l++)
        page.in_lang[l] = in_lang(&page, (enum lang)l);
    return page;
}

/* A request for a page, from top to bottom. */
static void serve(void *context, struct request *request, struct response *response, const void *route_data)
{
    struct site *site = context;
    const struct page_data *data = route_data;
    struct page page = new_page(site, request, response, data->lang);
    if (site->config.begin != NULL)
        site->config.begin(&page, site_session_cookie(&page));
    struct str session = form_session(site, &page, site_session_cookie(&page));
    if (session.n > 0)
        page.csrf = csrf_token(page.arena, &site->config.random, site->config.csrf_key, session);
    bool forged = request->method == HTTP_POST && (data->page->flags & PAGE_NO_CSRF) == 0 &&
                  !csrf_check(site->config.csrf_key, session, pairs_get(request->form, S("csrf")));
    if (request->method == HTTP_GET)
        take_flashes(&page);
    if (forged)
        page_error(&page, 403);
    else if (may(site, &page, data->page->flags))
        data->page->handler(&page);
    if (site->config.end != NULL)
        site->config.end(&page);
}

static void serve_root(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)context;
    (void)route_data;
    bool english = lang_accept(request_header(request, "accept-language")) == LANG_EN;
    response_header(response, "Vary", S("Accept-Language"));
    response_redirect(response, english ? S("/en/") : S("/fr/"));
}

void site_error_page(void *context, struct request *request, struct response *response, int status)
{
    struct site *site = context;
    enum lang lang;
    if (!lang_parse(str_sub(request->path, 1, 2), &lang))
        lang = lang_accept(request_header(request, "accept-language"));
    struct page page = new_page(site, request, response, lang);
    page_error(&page, status);
}

/* An unknown address still knows its reader, so that the frame shows their menu. */
void site_not_found(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)route_data;
    struct site *site = context;
    enum lang lang;
    if (!lang_parse(str_sub(request->path, 1, 2), &lang))
        lang = lang_accept(request_header(request, "accept-language"));
    struct page page = new_page(site, request, response, lang);
    if (site->config.begin != NULL)
        site->config.begin(&page, site_session_cookie(&page));
    struct str session = form_session(site, &page, site_session_cookie(&page));
    if (session.n > 0)
        page.csrf = csrf_token(page.arena, &site->config.random, site->config.csrf_key, session);
    page_error(&page, 404);
    if (site->config.end != NULL)
        site->config.end(&page);
}

void site_set_session(struct page *page, struct str value, int64_t max_age_seconds)
{
    response_cookie(page->response, page->staff_side || page->acting ? SITE_STAFF_COOKIE : SITE_SESSION_COOKIE, value,
                    value.n == 0 ? -1 : max_age_seconds);
}

/* ---- routes ---- */

static void add_page(struct site *site, const struct page_route *page)
{
    for (int i = 0; i < LANG_COUNT; i++) {
        enum lang lang = (enum lang)i;
        struct page_data *data = ARENA_NEW(site->arena, struct page_data);
        *data = (struct page_data){page, lang};
        struct str path = str_format(site->arena, "/%.*s%s", STR_ARG(lang_code(lang)), page->path);
        site->routes[site->route_count++] =
            (struct route){.method = page->method, .path = path.p, .handler = serve, .data = data,
                           .body_max = (page->flags & PAGE_UPLOAD) != 0 ? LIMIT_UPLOAD : 0};
    }
}

const struct route *site_routes(struct site *site, const struct route *more, size_t more_count, size_t *ret_count)
{
    size_t pages = 0;
    for (size_t i = 0; i < SITE_TABLES; i++)
        pages += site->config.tables[i].n;
    site->routes = ARENA_ARRAY(site->arena, LANG_COUNT * pages + more_count + 2, struct route);
    site->route_count = 0;
    for (size_t i = 0; i < SITE_TABLES; i++)
        for (size_t k = 0; k < site->config.tables[i].n; k++)
            add_page(site, &site->config.tables[i].p[k]);
    site->routes[site->route_count++] = (struct route){.method = HTTP_GET, .path = "/", .handler = serve_root};
    site->routes[site->route_count++] = (struct route){.method = HTTP_GET, .path = ASSET_ROUTE, .handler = asset_handler};
    for (size_t i = 0; i < more_count; i++)
        site->routes[site->route_count++] = more[i];
    *ret_count = site->route_count;
    return site->routes;
}
