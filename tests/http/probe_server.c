/* A small server for the black-box tests of the http room: routes that show what the server made of a request.
 *
 * Prints its port. Commands on standard input: «go» lets /wait answer, «stop» stops the server as a signal would. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/limits.h"
#include "http/http.h"

struct probe {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool go;
    struct http_server *server;
};

static void write_pairs(struct buf *out, struct pairs pairs)
{
    buf_char(out, '[');
    for (size_t i = 0; i < pairs.n; i++) {
        buf_c(out, i > 0 ? ",[" : "[");
        buf_json(out, pairs.p[i].name);
        buf_char(out, ',');
        buf_json(out, pairs.p[i].value);
        buf_char(out, ']');
    }
    buf_char(out, ']');
}

static void echo(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)data;
    response->content_type = S("application/json");
    buf_c(&response->body, "{\"path\":");
    buf_json(&response->body, request->path);
    buf_c(&response->body, ",\"peer\":");
    buf_json(&response->body, request->peer);
    buf_c(&response->body, ",\"captures\":");
    write_pairs(&response->body, request->captures);
    buf_c(&response->body, ",\"query\":");
    write_pairs(&response->body, request->query);
    buf_c(&response->body, ",\"form\":");
    write_pairs(&response->body, request->form);
    buf_c(&response->body, ",\"cookies\":");
    write_pairs(&response->body, request->cookies);
    buf_c(&response->body, ",\"files\":[");
    for (size_t i = 0; i < request->files.n; i++) {
        const struct upload *file = &request->files.p[i];
        buf_c(&response->body, i > 0 ? ",[" : "[");
        buf_json(&response->body, file->field);
        buf_char(&response->body, ',');
        buf_json(&response->body, file->file_name);
        buf_format(&response->body, ",%zu]", file->bytes.n);
    }
    buf_format(&response->body, "],\"body\":%zu}", request->body.n);
}

static void redirect(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)data;
    response_redirect(response, pairs_get(request->query, S("to")));
}

static void header(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)data;
    response_header(response, "X-Value", pairs_get(request->query, S("value")));
    response_cookie(response, "probe", pairs_get(request->query, S("cookie")), 60);
    buf_c(&response->body, "ok");
}

static void sized(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)data;
    int64_t size = 0;
    str_int(pairs_get(request->query, S("n")), &size);
    for (int64_t i = 0; i < size; i++)
        buf_char(&response->body, (char)('a' + i % 26));
}

static void wait_for_go(void *context, struct request *request, struct response *response, const void *data)
{
    (void)request;
    (void)data;
    struct probe *probe = context;
    puts("waiting");
    fflush(stdout);
    pthread_mutex_lock(&probe->mutex);
    while (!probe->go)
        pthread_cond_wait(&probe->changed, &probe->mutex);
    pthread_mutex_unlock(&probe->mutex);
    buf_c(&response->body, "waited");
}

static void not_found(void *context, struct request *request, struct response *response, const void *data)
{
    (void)context;
    (void)request;
    (void)data;
    buf_c(&response->body, "nothing here");
}

static const struct route ROUTES[] = {
    {HTTP_GET, "/", echo, NULL},
    {HTTP_GET, "/echo/{value}", echo, NULL},
    {HTTP_GET, "/echo/fixed", echo, NULL},
    {HTTP_GET, "/rest/{path*}", echo, NULL},
    {HTTP_POST, "/form", echo, NULL},
    {HTTP_POST, "/upload", echo, NULL, 2 * LIMIT_REQUEST_BODY},
    {HTTP_GET, "/both", echo, NULL},
    {HTTP_POST, "/both", echo, NULL},
    {HTTP_GET, "/secret/{token}", echo, NULL},
    {HTTP_GET, "/redirect", redirect, NULL},
    {HTTP_GET, "/header", header, NULL},
    {HTTP_GET, "/sized", sized, NULL},
    {HTTP_GET, "/wait", wait_for_go, NULL},
};

static void *stop(void *context)
{
    struct probe *probe = context;
    http_stop(&probe->server);
    puts("stopped");
    fflush(stdout);
    exit(0);
}

int main(int argc, char **argv)
{
    struct probe probe = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    bool https = argc > 1 && strcmp(argv[1], "--proxy") == 0;
    struct http_config config = {
        .address = "127.0.0.1", .https_outside = https, .trusted_proxy = https ? "127.0.0.1" : NULL, .timeout_seconds = 2};
    struct fault fault = {0};
    if (crypto_init(&fault) != OK || http_start(&config, ROUTES, sizeof ROUTES / sizeof ROUTES[0], not_found, &probe,
                                                "https://pay.example", &probe.server, &fault) != OK) {
        fprintf(stderr, "%s\n", fault.text);
        return 1;
    }
    printf("%u\n", http_port(probe.server));
    fflush(stdout);
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL) {
        pthread_t thread;
        if (strcmp(line, "go\n") == 0) {
            pthread_mutex_lock(&probe.mutex);
            probe.go = true;
            pthread_cond_broadcast(&probe.changed);
            pthread_mutex_unlock(&probe.mutex);
        } else if (strcmp(line, "stop\n") == 0 && pthread_create(&thread, NULL, stop, &probe) == 0) {
            pthread_detach(thread);
        }
    }
    exit(0); /* the test is gone */
}
