/* The only file of this room that knows libcurl. */
#include "pay/transport.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

enum { POOL = 8 /* idle connections kept */ };

struct transport {
    pthread_mutex_t mutex;
    CURL *idle[POOL];
    size_t idle_count;
    char *ca_file;
    long connect_timeout_ms, timeout_ms;
};

enum err transport_new(const char *ca_file, long connect_timeout_ms, long timeout_ms, struct transport **ret_transport,
                       struct fault *fault)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return fault_set(fault, ERR_BUG, "libcurl does not start");
    }
    struct transport *t = calloc(1, sizeof *t);
    if (t == NULL) {
        abort();
    }
    pthread_mutex_init(&t->mutex, NULL);
    t->ca_file = ca_file != NULL ? strdup(ca_file) : NULL;
    t->connect_timeout_ms = connect_timeout_ms;
    t->timeout_ms = timeout_ms;
    *ret_transport = t;
    return OK;
}

void transport_free(struct transport **transport)
{
    struct transport *t = *transport;
    if (t == NULL) {
        return;
    }
    for (size_t i = 0; i < t->idle_count; i++) {
        curl_easy_cleanup(t->idle[i]);
    }
    pthread_mutex_destroy(&t->mutex);
    free(t->ca_file);
    free(t);
    curl_global_cleanup();
    *transport = NULL;
}

bool transport_base_ok(struct str url)
{
    bool secure = str_starts(url, S("https://"));
    if (!secure && !str_starts(url, S("http://"))) {
        return false;
    }
    struct str host = str_sub(url, secure ? 8 : 7, SIZE_MAX);
    if (host.n == 0) {
        return false;
    }
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (c <= ' ' || c >= 127 || strchr("/?#@\\\"'", c) != NULL) {
            return false;
        }
    }
    if (secure) {
        return true;
    }
    static const struct str here[] = {{"localhost", 9}, {"127.0.0.1", 9}, {"[::1]", 5}};
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
        if (str_starts(host, here[i]) && (host.n == here[i].n || host.p[here[i].n] == ':')) {
            return true;
        }
    }
    return false;
}

static CURL *handle_take(struct transport *t)
{
    CURL *handle = NULL;
    pthread_mutex_lock(&t->mutex);
    if (t->idle_count != 0) {
        handle = t->idle[--t->idle_count];
    }
    pthread_mutex_unlock(&t->mutex);
    return handle != NULL ? handle : curl_easy_init();
}

static void handle_give(struct transport *t, CURL *handle)
{
    curl_easy_reset(handle); /* forgets the request (its pointers are dying), keeps the connection */
    pthread_mutex_lock(&t->mutex);
    if (t->idle_count < POOL) {
        t->idle[t->idle_count++] = handle;
        handle = NULL;
    }
    pthread_mutex_unlock(&t->mutex);
    curl_easy_cleanup(handle);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
    struct buf *body = user;
    buf_put(body, bytes, size * count);
    return body->overflowed ? 0 : size * count; /* 0 ends the exchange */
}

static void prepare(struct transport *t, CURL *handle, const struct exchange *x, struct curl_slist *headers,
                    struct buf *body, char reason[CURL_ERROR_SIZE])
{
    curl_easy_setopt(handle, CURLOPT_URL, x->url);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, t->connect_timeout_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, t->timeout_ms);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, reason);
    if (t->ca_file != NULL) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, t->ca_file);
    }
    if (x->post) {
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.n);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, x->body.n != 0 ? x->body.p : "");
    }
}

static struct curl_slist *header_list(const struct exchange *x)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no pause before the body */
    for (size_t i = 0; i < TRANSPORT_HEADERS_MAX && x->headers[i] != NULL; i++) {
        list = curl_slist_append(list, x->headers[i]);
    }
    return list;
}

static void answer_take(CURL *handle, struct arena *arena, const struct buf *body, struct answer *answer)
{
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    *answer = (struct answer){.status = (int)status, .body = str_dup(arena, buf_view(body))};
    struct curl_header *said;
    if (curl_easy_header(handle, "stripe-should-retry", 0, CURLH_HEADER, -1, &said) == CURLHE_OK) {
        answer->retry_said = true;
        answer->retry = strcasecmp(said->value, "true") == 0;
    }
}

enum err transport_exchange(struct transport *t, struct arena *arena, const struct exchange *x,
                            struct answer *ret_answer, struct fault *fault)
{
    CURL *handle = handle_take(t);
    if (handle == NULL) {
        return fault_set(fault, ERR_IO, "libcurl gives no handle");
    }
    struct curl_slist *headers = header_list(x);
    struct buf body = buf_new(TRANSPORT_ANSWER_MAX);
    char reason[CURL_ERROR_SIZE] = "";
    prepare(t, handle, x, headers, &body, reason);
    CURLcode code = curl_easy_perform(handle);
    enum err err = OK;
    if (code == CURLE_OK) {
        answer_take(handle, arena, &body, ret_answer);
    } else {
        long sent = 0;
        curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &sent);
        err = fault_set(fault, sent == 0 ? ERR_IO : ERR_UNCERTAIN, "%s",
                        reason[0] != '\0' ? reason : curl_easy_strerror(code));
    }
    handle_give(t, handle);
    curl_slist_free_all(headers);
    buf_free(&body);
    return err;
}
