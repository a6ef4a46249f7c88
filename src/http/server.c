/* The server: libmicrohttpd's callbacks turned into one blocking function call a request.
 *
 * The library calls us four times a request: when it knows the target (`target_known`), when it knows the headers, for each
 * piece of the body and at the end of it (`on_request`), and when the answer is sent or the client is gone (`completed`).
 * One `struct connection` serves all requests of a connection; its thread is the only one that touches it.
 *
 * What the library refuses by itself (a broken request line, headers beyond its memory pool) gets its own bare answer. */
#include <arpa/inet.h>
#include <assert.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/random.h"
#include "http/http.h"
#include "http/parse.h"
#include "http/response.h"
#include "http/route.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_BYTES = 2 * 1024 * 1024 }; /* sanitizers' frames are several times larger */
#else
enum { STACK_BYTES = 256 * 1024 };
#endif
enum {
    TIMEOUT_SECONDS = 20,
    STOP_SECONDS = 30,               /* for running requests, when the server stops */
    POOL_BYTES = 32 * 1024,          /* the library's memory a connection: request line and headers */
    KEEP_BYTES = 256 * 1024,         /* larger buffers go back after the request */
    DISCARD_FACTOR = 4               /* how much of a too long body is read and dropped for the sake of a clean 413 */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct router *router;
    struct http_config config;
    char *trusted_proxy;
    http_handler not_found;
    void *context;
    char csp[512];
    struct random random;
    size_t body_max;
    uint16_t port;
    atomic_bool stopping;
    atomic_int long_bodies; /* posts above body_max that are being read or answered */
    atomic_llong requests, errors_4xx, errors_5xx, open_connections;
    pthread_mutex_t mutex; /* guards `running` */
    pthread_cond_t quiet;
    int running;
};

struct connection {
    struct http_server *server;
    struct arena *arena;
    struct buf body, packed;
    struct request request;
    struct response response;
    struct str target;
    const char *route;   /* pattern, for the log */
    int64_t started_us, answered_us;
    size_t sent_bytes, header_bytes, discarded;
    int refused;         /* status that ends the request before any handler; 0 */
    bool begun, head, bad_header, long_body;
    unsigned hosts, lengths, encodings;
};

/* ---- requests ---- */

const struct upload *uploads_get(struct uploads uploads, struct str field)
{
    for (size_t i = 0; i < uploads.n; i++)
        if (str_eq(uploads.p[i].field, field))
            return &uploads.p[i];
    return NULL;
}

struct str pairs_get(struct pairs pairs, struct str name)
{
    for (size_t i = 0; i < pairs.n; i++)
        if (str_eq(pairs.p[i].name, name))
            return pairs.p[i].value;
    return (struct str){NULL, 0};
}

bool pairs_has(struct pairs pairs, struct str name)
{
    for (size_t i = 0; i < pairs.n; i++)
        if (str_eq(pairs.p[i].name, name))
            return true;
    return false;
}

struct str request_header(const struct request *request, const char *lower_case_name)
{
    return pairs_get(request->headers, str_of(lower_case_name));
}

static void *target_known(void *context, const char *uri, struct MHD_Connection *mhd)
{
    (void)context;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct connection *c = info == NULL ? NULL : info->socket_context;
    if (c == NULL)
        return NULL;
    size_t n = strlen(uri);
    c->refused = n > LIMIT_URL ? 414 : 0;
    c->target = str_dup(c->arena, str_sub((struct str){uri, n}, 0, LIMIT_URL));
    return c;
}

static void take_header(struct connection *c, struct str name, struct str value)
{
    struct pairs *headers = &c->request.headers;
    c->header_bytes += name.n + value.n;
    if (headers->n == HTTP_HEADERS_MAX || c->header_bytes > HTTP_HEADER_BYTES_MAX) {
        c->refused = c->refused != 0 ? c->refused : 431;
        return;
    }
    for (size_t i = 0; i < value.n; i++)
        if (((unsigned char)value.p[i] < 0x20 && value.p[i] != '\t') || value.p[i] == 0x7f)
            c->bad_header = true;
    if (!utf8_valid(value)) /* old Latin-1 in some harmless field: as if it were not there */
        return;
    struct str lower = str_lower_ascii(c->arena, name);
    c->hosts += str_eq(lower, S("host"));
    c->lengths += str_eq(lower, S("content-length"));
    c->encodings += str_eq(lower, S("transfer-encoding"));
    headers->p[headers->n++] = (struct pair){lower, str_dup(c->arena, value)};
}

static enum MHD_Result each_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size)
{
    (void)kind;
    take_header(context, (struct str){name, name_size}, (struct str){value != NULL ? value : "", value_size});
    return MHD_YES;
}

static struct str address_text(struct arena *arena, const struct sockaddr *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (address != NULL && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, text, sizeof text);
    else if (address != NULL && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, text, sizeof text);
    struct str peer = str_dup(arena, str_of(text));
    return str_starts(peer, S("::ffff:")) && str_find(peer, '.', 0) != SIZE_MAX ? str_sub(peer, 7, peer.n) : peer;
}

/* Behind the trusted proxy the last address of X-Forwarded-For is the one that the proxy itself saw. */
static struct str peer_of(struct connection *c, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct str peer = address_text(c->arena, info == NULL ? NULL : info->client_addr);
    if (c->server->trusted_proxy == NULL || !str_eq(peer, str_of(c->server->trusted_proxy)))
        return peer;
    struct str forwarded = {NULL, 0};
    for (size_t i = 0; i < c->request.headers.n; i++)
        if (str_eq(c->request.headers.p[i].name, S("x-forwarded-for")))
            forwarded = c->request.headers.p[i].value;
    while (str_find(forwarded, ',', 0) != SIZE_MAX)
        str_cut(&forwarded, ',');
    forwarded = str_trim(forwarded);
    return forwarded.n > 0 && forwarded.n < INET6_ADDRSTRLEN ? forwarded : peer;
}

static struct str new_id(struct connection *c)
{
    unsigned char bytes[8];
    random_fill(&c->server->random, bytes, sizeof bytes);
    return str_hex(c->arena, bytes, sizeof bytes);
}

static void parse_all_cookies(struct connection *c)
{
    for (size_t i = 0; i < c->request.headers.n; i++)
        if (str_eq(c->request.headers.p[i].name, S("cookie")))
            c->request.cookies = parse_cookies(c->arena, c->request.headers.p[i].value);
}

static bool framing_is_clear(const struct connection *c, const char *version)
{
    /* Two opinions about where the body ends are how requests are smuggled past a proxy. */
    if (c->lengths > 1 || c->encodings > 1 || (c->lengths > 0 && c->encodings > 0))
        return false;
    return c->hosts == 1 || (c->hosts == 0 && strcmp(version, "HTTP/1.0") == 0);
}

/* A page that takes files takes a longer body, a few of them at the same time, and only with a stated length: what all
 * connections together can make us keep stays bounded. */
static int make_room(struct connection *c, size_t length)
{
    struct http_server *server = c->server;
    if (length <= server->body_max)
        return 0;
    struct route_match match = router_find(server->router, c->arena, c->request.method, c->request.path);
    if (match.route == NULL || length > match.route->body_max)
        return 413;
    c->long_body = true;
    if (atomic_fetch_add(&server->long_bodies, 1) >= LIMIT_UPLOADS_AT_ONCE)
        return 503;
    c->body.max = length;
    return 0;
}

/* Headers are there, the body is not. */
static void begin_request(struct connection *c, struct MHD_Connection *mhd, const char *method, const char *version)
{
    struct http_server *server = c->server;
    c->begun = true;
    c->started_us = clock_monotonic_us();
    c->route = "-";
    pthread_mutex_lock(&server->mutex);
    server->running++;
    pthread_mutex_unlock(&server->mutex);
    atomic_fetch_add(&server->requests, 1);
    struct request *request = &c->request;
    *request = (struct request){.arena = c->arena, .path = S("/")};
    request->id = new_id(c);
    request->headers.p = ARENA_ARRAY(c->arena, HTTP_HEADERS_MAX, struct pair);
    MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, each_header, c);
    c->head = strcmp(method, "HEAD") == 0;
    request->method = c->head || strcmp(method, "GET") == 0 ? HTTP_GET
                      : strcmp(method, "POST") == 0         ? HTTP_POST
                                                            : HTTP_OTHER;
    request->peer = peer_of(c, mhd);
    parse_all_cookies(c);
    int64_t length = 0;
    struct str length_text = request_header(request, "content-length");
    if (length_text.p != NULL && !str_int(str_trim(length_text), &length))
        c->bad_header = true;
    if (c->refused == 0 && (c->bad_header || length < 0 || !framing_is_clear(c, version)))
        c->refused = 400;
    if (c->refused == 0 && !parse_target(c->arena, c->target, &request->path, &request->query))
        c->refused = 400;
    if (c->refused == 0)
        c->refused = make_room(c, (size_t)length);
}

/* ---- answers ---- */

static void fail_with(struct connection *c, int status)
{
    response_begin(&c->response, c->arena, c->server->config.https_outside);
    c->response.status = status;
    if (c->server->config.error_page != NULL)
        c->server->config.error_page(c->server->context, &c->request, &c->response, status);
    if (c->response.body.n == 0 || c->response.body.overflowed)
        response_plain(&c->response, status, c->request.id);
}

static bool parse_form(struct connection *c)
{
    struct request *request = &c->request;
    struct str type = str_lower_ascii(c->arena, request_header(request, "content-type"));
    if (str_starts(type, S("application/x-www-form-urlencoded")))
        return parse_urlencoded(c->arena, request->body, &request->form);
    if (str_starts(type, S("multipart/form-data")))
        return parse_multipart(c->arena, request_header(request, "content-type"), request->body, &request->form,
                               &request->files);
    return true;
}

static void run_handler(struct connection *c)
{
    struct request *request = &c->request;
    struct http_server *server = c->server;
    struct route_match match = router_find(server->router, c->arena, request->method, request->path);
    response_begin(&c->response, c->arena, server->config.https_outside);
    if (match.route != NULL) {
        c->route = match.route->path;
        request->captures = match.captures;
        match.route->handler(server->context, request, &c->response, match.route->data);
    } else if (match.get || match.post) {
        fail_with(c, 405);
        response_header(&c->response, "Allow", match.get && match.post ? S("GET, HEAD, POST")
                                               : match.get             ? S("GET, HEAD")
                                                                       : S("POST"));
    } else {
        c->response.status = 404;
        server->not_found(server->context, request, &c->response, NULL);
    }
    if (c->response.body.overflowed) {
        LOG(LOG_ERROR, "response_overflow", LOG_TEXT("id", request->id), LOG_TEXT("route", str_of(c->route)));
        fail_with(c, 500);
    }
}

static void security_headers(struct connection *c)
{
    struct response *response = &c->response;
    response_default(response, "Content-Security-Policy", str_of(c->server->csp));
    response_default(response, "X-Content-Type-Options", S("nosniff"));
    response_default(response, "Referrer-Policy", S("same-origin"));
    response_default(response, "Permissions-Policy",
                     S("camera=(self), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"));
    response_default(response, "Cross-Origin-Opener-Policy", S("same-origin"));
    response_default(response, "Cross-Origin-Resource-Policy", S("same-origin"));
    response_default(response, "Cache-Control", S("no-store"));
    response_default(response, "X-Request-Id", c->request.id);
    if (c->server->config.https_outside)
        response_default(response, "Strict-Transport-Security", S("max-age=31536000; includeSubDomains"));
}

static void count_status(struct http_server *server, int status)
{
    if (status >= 500)
        atomic_fetch_add(&server->errors_5xx, 1);
    else if (status >= 400)
        atomic_fetch_add(&server->errors_4xx, 1);
}

static enum MHD_Result send_answer(struct connection *c, struct MHD_Connection *mhd)
{
    struct response *response = &c->response;
    bool packed = response_gzip(response, request_header(&c->request, "accept-encoding"), &c->packed);
    struct str body = buf_view(packed ? &c->packed : &response->body);
    security_headers(c);
    /* The bytes stay ours and outlive the response: `completed` is called after it is sent. */
    struct MHD_Response *mhd_response =
        MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)(body.n > 0 ? body.p : ""), MHD_RESPMEM_PERSISTENT);
    if (mhd_response == NULL)
        return MHD_NO;
    bool has_body = response->status != 304 && response->status != 204;
    if (has_body)
        MHD_add_response_header(mhd_response, "Content-Type", str_c(c->arena, response->content_type));
    for (size_t i = 0; i < response->headers.n; i++)
        MHD_add_response_header(mhd_response, response->headers.p[i].name.p, response->headers.p[i].value.p);
    if (atomic_load(&c->server->stopping))
        MHD_add_response_header(mhd_response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(mhd, (unsigned)response->status, mhd_response);
    MHD_destroy_response(mhd_response);
    count_status(c->server, response->status);
    c->sent_bytes = c->head ? 0 : body.n;
    c->answered_us = clock_monotonic_us();
    return result;
}

static enum MHD_Result refuse_now(struct connection *c, struct MHD_Connection *mhd)
{
    fail_with(c, c->refused);
    return send_answer(c, mhd);
}

static enum MHD_Result take_body(struct connection *c, const char *data, size_t *size)
{
    buf_put(&c->body, data, *size);
    if (c->body.overflowed) {
        c->refused = 413;
        c->discarded += *size;
    }
    *size = 0;
    /* A body without a stated length that never ends is cut off; up to there it is dropped, so that 413 can be read. */
    return c->discarded > DISCARD_FACTOR * c->server->body_max ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *mhd, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **request_state)
{
    (void)context;
    (void)url;
    struct connection *c = *request_state;
    if (c == NULL)
        return MHD_NO;
    if (!c->begun) {
        begin_request(c, mhd, method, version);
        return c->refused != 0 ? refuse_now(c, mhd) : MHD_YES;
    }
    if (*size > 0)
        return take_body(c, data, size);
    c->request.body = buf_view(&c->body);
    if (c->refused == 0 && !parse_form(c))
        c->refused = 400;
    if (c->refused != 0)
        return refuse_now(c, mhd);
    run_handler(c);
    return send_answer(c, mhd);
}

static void log_request(const struct connection *c, bool sent)
{
    static const char *const methods[] = {"GET", "POST", "OTHER"};
    int status = c->answered_us == 0 ? 499 : c->response.status; /* 499: the client left before the answer */
    int64_t end = c->answered_us == 0 ? clock_monotonic_us() : c->answered_us;
    LOG(status >= 500 ? LOG_ERROR : LOG_INFO, "request", LOG_TEXT("id", c->request.id),
        LOG_TEXT("method", c->head ? S("HEAD") : str_of(methods[c->request.method])),
        LOG_TEXT("route", str_of(c->route)), LOG_INT("status", status), LOG_INT("us", end - c->started_us),
        LOG_INT("bytes", c->sent_bytes), LOG_INT("sent", sent));
}

static void shrink(struct buf *buf)
{
    size_t max = buf->max;
    if (buf->capacity > KEEP_BYTES) {
        buf_free(buf);
        *buf = buf_new(max);
    }
    buf_clear(buf);
}

static void completed(void *context, struct MHD_Connection *mhd, void **request_state,
                      enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)mhd;
    struct connection *c = *request_state;
    if (c == NULL)
        return;
    struct http_server *server = c->server;
    bool begun = c->begun;
    if (begun)
        log_request(c, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    c->body.max = server->body_max;
    if (c->long_body)
        atomic_fetch_sub(&server->long_bodies, 1);
    shrink(&c->body);
    shrink(&c->packed);
    shrink(&c->response.body);
    arena_reset(c->arena);
    *c = (struct connection){
        .server = server, .arena = c->arena, .body = c->body, .packed = c->packed, .response = {.body = c->response.body}};
    *request_state = NULL;
    if (!begun)
        return;
    pthread_mutex_lock(&server->mutex);
    if (--server->running == 0)
        pthread_cond_broadcast(&server->quiet);
    pthread_mutex_unlock(&server->mutex);
}

static void connection_changed(void *context, struct MHD_Connection *mhd, void **socket_context,
                               enum MHD_ConnectionNotificationCode code)
{
    (void)mhd;
    struct http_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct connection *c = calloc(1, sizeof *c);
        if (c == NULL)
            abort();
        c->server = server;
        c->arena = arena_new();
        c->body = buf_new(server->body_max);
        c->packed = buf_new(LIMIT_RESPONSE);
        c->response.body = buf_new(LIMIT_RESPONSE);
        *socket_context = c;
        atomic_fetch_add(&server->open_connections, 1);
        return;
    }
    struct connection *c = *socket_context;
    if (c == NULL)
        return;
    *socket_context = NULL;
    atomic_fetch_sub(&server->open_connections, 1);
    buf_free(&c->body);
    buf_free(&c->packed);
    buf_free(&c->response.body);
    arena_free(&c->arena);
    free(c);
}

/* ---- start and stop ---- */

static void library_log(void *context, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
static void library_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    char text[256];
    vsnprintf(text, sizeof text, format, arguments);
    LOG(LOG_DEBUG, "http_library", LOG_TEXT("text", str_trim(str_of(text))));
}

/* The library decodes nothing: parse_target does, and refuses what is malformed. */
static size_t keep_encoded(void *context, struct MHD_Connection *mhd, char *text)
{
    (void)context;
    (void)mhd;
    return strlen(text);
}

static enum err make_address(const struct http_config *config, struct sockaddr_storage *ret_address,
                             unsigned *ret_flags, struct fault *fault)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)ret_address;
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, config->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(config->port);
        *ret_flags = 0;
        return OK;
    }
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET6, config->address, &v6->sin6_addr) != 1)
        return fault_set(fault, ERR_INPUT, "%s is not an IP address", config->address);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(config->port);
    *ret_flags = MHD_USE_DUAL_STACK;
    return OK;
}

/* Whatever goes into the policy must not be able to end a directive. */
static enum err make_policy(struct http_server *server, const char *extra_form_action, struct fault *fault)
{
    const char *extra = extra_form_action != NULL ? extra_form_action : "";
    for (const char *c = extra; *c != '\0'; c++)
        if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || *c == ';' || *c == ',')
            return fault_set(fault, ERR_INPUT, "the form-action origin holds a character that it must not");
    int n = snprintf(server->csp, sizeof server->csp,
                     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
                     "connect-src 'self'; manifest-src 'self'; form-action 'self'%s%s; base-uri 'none'; "
                     "frame-ancestors 'none'",
                     extra[0] != '\0' ? " " : "", extra);
    return n > 0 && (size_t)n < sizeof server->csp ? OK : fault_set(fault, ERR_LIMIT, "the form-action origin is too long");
}

static enum err start_daemon(struct http_server *server, struct fault *fault)
{
    struct sockaddr_storage address;
    unsigned flags = 0;
    enum err err = make_address(&server->config, &address, &flags, fault);
    if (err != OK)
        return err;
    int timeout = server->config.timeout_seconds > 0 ? server->config.timeout_seconds : TIMEOUT_SECONDS;
    server->daemon = MHD_start_daemon(
        flags | MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ITC |
            MHD_USE_ERROR_LOG,
        server->config.port, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, library_log, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server,
        MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_URI_LOG_CALLBACK, target_known, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL, MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)LIMIT_CONNECTIONS_A_PEER, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)timeout, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_END);
    if (server->daemon == NULL)
        return fault_set(fault, ERR_IO, "cannot listen on %s port %u: is another server running there?",
                         server->config.address, server->config.port);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info == NULL ? server->config.port : info->port;
    return OK;
}

static void server_free(struct http_server **server)
{
    router_free(&(*server)->router);
    pthread_cond_destroy(&(*server)->quiet);
    pthread_mutex_destroy(&(*server)->mutex);
    free((*server)->trusted_proxy);
    free(*server);
    *server = NULL;
}

enum err http_start(const struct http_config *config, const struct route *routes, size_t route_count,
                    http_handler not_found, void *context, const char *extra_form_action,
                    struct http_server **ret_server, struct fault *fault)
{
    assert(not_found != NULL);
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        abort();
    server->config = *config;
    server->trusted_proxy = config->trusted_proxy != NULL ? strdup(config->trusted_proxy) : NULL;
    server->not_found = not_found;
    server->context = context;
    server->random = random_system();
    server->body_max = config->body_max > 0 ? config->body_max : LIMIT_REQUEST_BODY;
    pthread_mutex_init(&server->mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->quiet, &monotonic);
    pthread_condattr_destroy(&monotonic);
    enum err err = make_policy(server, extra_form_action, fault);
    if (err == OK)
        err = router_new(routes, route_count, &server->router, fault);
    if (err == OK)
        err = start_daemon(server, fault);
    if (err != OK) {
        server_free(&server);
        return err;
    }
    *ret_server = server;
    return OK;
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

static void wait_for_requests(struct http_server *server)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += STOP_SECONDS;
    pthread_mutex_lock(&server->mutex);
    int result = 0;
    while (server->running > 0 && result == 0)
        result = pthread_cond_timedwait(&server->quiet, &server->mutex, &until);
    pthread_mutex_unlock(&server->mutex);
}

void http_stop(struct http_server **server)
{
    if (*server == NULL)
        return;
    atomic_store(&(*server)->stopping, true);
    /* Closed at once, so that a proxy sees a refusal and goes to another server instead of waiting in the backlog. */
    MHD_socket listening = MHD_quiesce_daemon((*server)->daemon);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    wait_for_requests(*server);
    MHD_stop_daemon((*server)->daemon);
    server_free(server);
}

struct http_stats http_stats(const struct http_server *server)
{
    return (struct http_stats){.requests = atomic_load(&server->requests),
                               .errors_4xx = atomic_load(&server->errors_4xx),
                               .errors_5xx = atomic_load(&server->errors_5xx),
                               .open_connections = atomic_load(&server->open_connections)};
}
