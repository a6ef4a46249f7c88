/* SMTP over libcurl; the only file of this room that knows it. */
#include "mail/smtp.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "mail/compose.h"

struct smtp {
    pthread_mutex_t mutex; /* of the handle */
    CURL *handle;
    char *url, *user, *password, *ca_file;
    enum smtp_tls tls;
    long connect_timeout_ms, timeout_ms;
};

/* One message on its way: what is left to send, and the host's last line. */
struct passage {
    struct str left;
    bool all_given;
    char answer[160];
};

static char *copy(const char *text)
{
    char *c = text != NULL ? strdup(text) : NULL;
    if (text != NULL && c == NULL) {
        abort();
    }
    return c;
}

/* Letters, digits and what host names and addresses have besides; so it can go into the URL as it is. */
static bool host_ok(const char *host)
{
    if (host == NULL || *host == '\0' || strlen(host) > 253) {
        return false;
    }
    return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == strlen(host);
}

static bool on_this_machine(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 || strcmp(host, "[::1]") == 0;
}

static char *url_of(const struct smtp_settings *s)
{
    unsigned port = s->port != 0 ? s->port : s->tls == SMTP_TLS_IMPLICIT ? 465U : s->tls == SMTP_TLS_NONE ? 25U : 587U;
    char url[640];
    snprintf(url, sizeof url, "%s://%s:%u/%s", s->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp", s->host, port,
             s->hello != NULL ? s->hello : "");
    return copy(url);
}

enum err smtp_new(const struct smtp_settings *settings, struct smtp **ret_smtp, struct fault *fault)
{
    if (!host_ok(settings->host) || (settings->hello != NULL && !host_ok(settings->hello))) {
        return fault_set(fault, ERR_INPUT, "smtp: host or greeting name is malformed");
    }
    if (settings->tls == SMTP_TLS_NONE && !on_this_machine(settings->host)) {
        return fault_set(fault, ERR_INPUT, "smtp: without TLS only to this machine");
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return fault_set(fault, ERR_BUG, "libcurl does not start");
    }
    struct smtp *s = calloc(1, sizeof *s);
    if (s == NULL) {
        abort();
    }
    pthread_mutex_init(&s->mutex, NULL);
    s->handle = curl_easy_init();
    if (s->handle == NULL) {
        abort();
    }
    s->url = url_of(settings);
    s->user = copy(settings->user);
    s->password = copy(settings->password);
    s->ca_file = copy(settings->ca_file);
    s->tls = settings->tls;
    s->connect_timeout_ms = settings->connect_timeout_ms ? settings->connect_timeout_ms : 10000;
    s->timeout_ms = settings->timeout_ms ? settings->timeout_ms : 60000;
    *ret_smtp = s;
    return OK;
}

void smtp_free(struct smtp **smtp)
{
    struct smtp *s = *smtp;
    if (s == NULL) {
        return;
    }
    curl_easy_cleanup(s->handle);
    pthread_mutex_destroy(&s->mutex);
    free(s->url);
    free(s->user);
    free(s->password);
    free(s->ca_file);
    free(s);
    curl_global_cleanup();
    *smtp = NULL;
}

static size_t on_read(char *room, size_t size, size_t count, void *user)
{
    struct passage *p = user;
    size_t n = size * count < p->left.n ? size * count : p->left.n;
    memcpy(room, p->left.p, n);
    p->left = str_sub(p->left, n, SIZE_MAX);
    p->all_given = p->left.n == 0;
    return n;
}

/* Every line of the host comes here. The last one counts, but a refusal is not overwritten by the farewell. */
static size_t on_line(char *line, size_t size, size_t count, void *user)
{
    struct passage *p = user;
    struct str s = str_trim((struct str){line, size * count});
    size_t n = 0;
    if (p->answer[0] == '4' || p->answer[0] == '5') {
        return size * count;
    }
    for (size_t i = 0; i < s.n && n + 1 < sizeof p->answer; i++) {
        p->answer[n++] = s.p[i] >= ' ' && s.p[i] < 127 ? s.p[i] : '?';
    }
    p->answer[n] = '\0';
    return size * count;
}

static void prepare(struct smtp *s, const char *from, struct curl_slist *to, struct passage *p, size_t size)
{
    CURL *h = s->handle;
    curl_easy_reset(h); /* the connection stays */
    curl_easy_setopt(h, CURLOPT_URL, s->url);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(h, CURLOPT_PROXY, "");
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_USE_SSL, s->tls == SMTP_TLS_NONE ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
    curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, s->connect_timeout_ms);
    curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, s->timeout_ms);
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(h, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
    curl_easy_setopt(h, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(h, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(h, CURLOPT_READDATA, p);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_line);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, p);
    if (s->ca_file != NULL) {
        curl_easy_setopt(h, CURLOPT_CAINFO, s->ca_file);
    }
    if (s->user != NULL) {
        curl_easy_setopt(h, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(h, CURLOPT_PASSWORD, s->password != NULL ? s->password : "");
    }
}

/* 354 is the host's «go on»: with all bytes given and nothing after it, the message may have been taken. */
static enum mail_result result_of(CURLcode code, long answer, bool all_given)
{
    if (code == CURLE_OK) {
        return MAIL_SENT;
    }
    if (code == CURLE_LOGIN_DENIED) {
        return MAIL_TEMPORARY;
    }
    if (answer == 354 && all_given) {
        return MAIL_UNCERTAIN;
    }
    return answer >= 500 && answer <= 599 ? MAIL_PERMANENT : MAIL_TEMPORARY;
}

static struct mail_outcome pass(struct smtp *s, struct str from, struct str to, struct str bytes)
{
    struct passage p = {.left = bytes};
    char sender[LIMIT_EMAIL + 3], recipient[LIMIT_EMAIL + 3], reason[CURL_ERROR_SIZE] = "";
    snprintf(sender, sizeof sender, "<%.*s>", STR_ARG(from));
    snprintf(recipient, sizeof recipient, "<%.*s>", STR_ARG(to));
    struct curl_slist *recipients = curl_slist_append(NULL, recipient);
    long answer = 0;
    pthread_mutex_lock(&s->mutex);
    prepare(s, sender, recipients, &p, bytes.n);
    curl_easy_setopt(s->handle, CURLOPT_ERRORBUFFER, reason);
    CURLcode code = curl_easy_perform(s->handle);
    curl_easy_getinfo(s->handle, CURLINFO_RESPONSE_CODE, &answer);
    curl_easy_reset(s->handle);
    pthread_mutex_unlock(&s->mutex);
    curl_slist_free_all(recipients);
    struct mail_outcome outcome = {.result = result_of(code, answer, p.all_given), .code = (int)answer};
    const char *why = reason[0] != '\0' ? reason : curl_easy_strerror(code);
    if (code == CURLE_OK || answer >= 400) {
        snprintf(outcome.detail, sizeof outcome.detail, "%s", p.answer);
    } else {
        snprintf(outcome.detail, sizeof outcome.detail, "%.180s", why);
    }
    return outcome;
}

static enum err send_message(void *context, const struct mail_message *message, struct mail_outcome *ret_outcome,
                             struct fault *fault)
{
    struct buf bytes = buf_new(LIMIT_MAIL_BYTES);
    enum err err = mail_compose(message, &bytes, fault);
    if (err == OK) {
        struct str sender = message->envelope_from.n != 0 ? message->envelope_from : message->from;
        *ret_outcome = pass(context, sender, message->to, buf_view(&bytes));
    }
    buf_free(&bytes);
    return err;
}

struct mailer smtp_mailer(struct smtp *smtp)
{
    return (struct mailer){.name = "smtp", .context = smtp, .send = send_message};
}
