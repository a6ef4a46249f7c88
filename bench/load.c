/* A bounded load of HTTP requests on one machine, for script/bench: so many connections that are kept open, each sending
 * its next request when it has the whole answer (closed loop), or at a fixed rate of arrival whatever the server does
 * (--rate, open loop: a slow answer makes the next ones late, and that lateness counts).
 *
 *   load --port N --clients N --seconds N --request FILE [--who FILE] [--slots FILE] [--rate N] [--warm N]
 *
 * FILE holds one request as it goes over the wire, with LF line ends and these words in it: @COOKIE@ and @CSRF@ of
 * somebody (a line «cookie csrf» of --who, another for each request), @SLOT@ one of the lines of --slots, @KEY@ never the same twice,
 * @LENGTH@ the length of the body. Prints one line of JSON: answers by status, seconds, latencies in microseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MOST = 8192, LINES_MOST = 200000, REQUEST_MOST = 8192, HEAD_MOST = 16384, SAMPLES_MOST = 8000000, STATUSES = 600 };

struct lines {
    char **p;
    size_t n;
};

struct client {
    int fd;
    const char *cookie, *csrf;
    char out[REQUEST_MOST];
    size_t out_n, out_done;
    char head[HEAD_MOST]; /* of the answer, until its end is found */
    size_t head_n;
    bool in_body, busy;
    size_t body_left;
    int status;
    int64_t asked_at;
};

struct options {
    int port, clients, seconds, warm;
    double rate;
    const char *request;
    struct lines who, csrf, slots; /* who: the cookies */
};

static struct options options = {.clients = 1, .seconds = 5, .warm = 1};
static uint32_t *samples;
static size_t sample_count;
static int64_t statuses[STATUSES], broken;
static uint64_t keys, run_mark;
static uint64_t dice = 88172645463325252u;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail(path);
    size_t room = 1 << 20, n = 0;
    char *text = malloc(room + 1);
    while (text != NULL) {
        n += fread(text + n, 1, room - n, file);
        if (n < room)
            break;
        room *= 2;
        text = realloc(text, room + 1);
    }
    if (text == NULL)
        fail("memory");
    text[n] = 0;
    fclose(file);
    return text;
}

static struct lines read_lines(const char *path)
{
    struct lines lines = {.p = calloc(LINES_MOST, sizeof *lines.p)};
    char *rest = read_file(path);
    for (char *line = strtok_r(rest, "\n", &rest); line != NULL && lines.n < LINES_MOST; line = strtok_r(NULL, "\n", &rest))
        lines.p[lines.n++] = line;
    return lines;
}

static uint64_t throw_dice(void)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return dice;
}

static size_t put(char *out, size_t n, const char *text, size_t length)
{
    if (n + length >= REQUEST_MOST) {
        errno = EMSGSIZE;
        fail("request");
    }
    memcpy(out + n, text, length);
    return n + length;
}

/* Copies a part of the request, its words replaced; `lines` says whether a line ends with CR LF. */
static size_t fill(char *out, const char *from, const char *to, const struct client *client, size_t body, bool lines)
{
    size_t n = 0;
    while (from < to) {
        char word[40];
        int length = 0;
        if (*from == '\n' && lines) {
            n = put(out, n, "\r\n", 2);
            from++;
        } else if (strncmp(from, "@COOKIE@", 8) == 0) {
            n = put(out, n, client->cookie, strlen(client->cookie));
            from += 8;
        } else if (strncmp(from, "@CSRF@", 6) == 0) {
            n = put(out, n, client->csrf, strlen(client->csrf));
            from += 6;
        } else if (strncmp(from, "@SLOT@", 6) == 0) {
            const char *slot = options.slots.p[throw_dice() % options.slots.n];
            n = put(out, n, slot, strlen(slot));
            from += 6;
        } else if (strncmp(from, "@KEY@", 5) == 0) {
            length = snprintf(word, sizeof word, "%016llx%08llx", (unsigned long long)run_mark, (unsigned long long)++keys);
            n = put(out, n, word, (size_t)length);
            from += 5;
        } else if (strncmp(from, "@LENGTH@", 8) == 0) {
            length = snprintf(word, sizeof word, "%zu", body);
            n = put(out, n, word, (size_t)length);
            from += 8;
        } else {
            n = put(out, n, from++, 1);
        }
    }
    return n;
}

static void compose(struct client *client)
{
    if (options.who.n > 0) {
        size_t who = throw_dice() % options.who.n;
        client->cookie = options.who.p[who];
        client->csrf = options.csrf.p[who];
    }
    char body[REQUEST_MOST];
    const char *blank = strstr(options.request, "\n\n");
    const char *end = options.request + strlen(options.request);
    const char *start = blank == NULL ? end : blank + 2;
    while (end > start && end[-1] == '\n')
        end--;
    size_t body_n = fill(body, start, end, client, 0, false);
    size_t n = fill(client->out, options.request, start, client, body_n, true);
    client->out_n = put(client->out, n, body, body_n);
    client->out_done = 0;
}

static void dial(struct client *client, int epoll)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&to, sizeof to) != 0)
        fail("connect");
    int one = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(client->fd, F_SETFL, fcntl(client->fd, F_GETFL) | O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event) != 0)
        fail("epoll");
}

/* Requests are far smaller than a socket's buffer, so a short write means that the peer is gone. */
static bool ask(struct client *client, int64_t at)
{
    compose(client);
    client->head_n = 0;
    client->in_body = false;
    client->busy = true;
    client->asked_at = at;
    return send(client->fd, client->out, client->out_n, MSG_NOSIGNAL) == (ssize_t)client->out_n;
}

static void redial(struct client *client, int epoll)
{
    broken++;
    close(client->fd);
    client->busy = false;
    dial(client, epoll);
}

static void answered(struct client *client, int64_t now, bool counting)
{
    client->busy = false;
    if (!counting)
        return;
    if (client->status > 0 && client->status < STATUSES)
        statuses[client->status]++;
    if (sample_count < SAMPLES_MOST)
        samples[sample_count++] = (uint32_t)(now - client->asked_at);
}

/* Bytes behind the head that was completed by them; -1: not complete yet. */
static ssize_t head_end(struct client *client, size_t before)
{
    size_t from = before > 3 ? before - 3 : 0;
    client->head[client->head_n] = 0;
    char *end = strstr(client->head + from, "\r\n\r\n");
    if (end == NULL)
        return -1;
    client->status = atoi(client->head + 9);
    char *length = strcasestr(client->head, "\r\ncontent-length:");
    client->body_left = length == NULL || length > end ? 0 : strtoull(length + 17, NULL, 10);
    return client->head + client->head_n - (end + 4);
}

/* Reads what is there. true: the answer is whole. */
static bool receive(struct client *client, bool *ret_gone)
{
    static char sink[1 << 18];
    for (;;) {
        ssize_t got = client->in_body ? recv(client->fd, sink, sizeof sink, 0)
                                      : recv(client->fd, client->head + client->head_n, HEAD_MOST - 1 - client->head_n, 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return false;
        if (got <= 0) {
            *ret_gone = true;
            return false;
        }
        size_t rest = (size_t)got;
        if (!client->in_body) {
            size_t before = client->head_n;
            client->head_n += (size_t)got;
            ssize_t behind = head_end(client, before);
            if (behind < 0)
                continue;
            client->in_body = true;
            rest = (size_t)behind;
        }
        client->body_left -= rest < client->body_left ? rest : client->body_left;
        if (client->body_left == 0)
            return true;
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static uint32_t percentile(double part)
{
    return sample_count == 0 ? 0 : samples[(size_t)(part * (double)(sample_count - 1))];
}

static void report(double seconds)
{
    qsort(samples, sample_count, sizeof *samples, by_size);
    printf("{\"seconds\": %.3f, \"answers\": %zu, \"per_second\": %.1f, \"broken\": %lld, \"statuses\": {", seconds,
           sample_count, (double)sample_count / seconds, (long long)broken);
    bool first = true;
    for (int i = 0; i < STATUSES; i++)
        if (statuses[i] > 0) {
            printf("%s\"%d\": %lld", first ? "" : ", ", i, (long long)statuses[i]);
            first = false;
        }
    printf("}, \"p50\": %u, \"p90\": %u, \"p99\": %u, \"most\": %u}\n", percentile(0.5), percentile(0.9), percentile(0.99),
           percentile(1));
}

static struct client *idle_client(struct client *clients, int *next)
{
    for (int i = 0; i < options.clients; i++) {
        struct client *client = &clients[(*next + i) % options.clients];
        if (!client->busy) {
            *next = (*next + i + 1) % options.clients;
            return client;
        }
    }
    return NULL;
}

static void run(struct client *clients, int epoll)
{
    int64_t begin = now_us(), count_from = begin + (int64_t)options.warm * 1000000;
    int64_t end = count_from + (int64_t)options.seconds * 1000000;
    double every = options.rate > 0 ? 1e6 / options.rate : 0;
    double due = (double)begin;
    int next = 0;
    for (int i = 0; every == 0 && i < options.clients; i++)
        if (!ask(&clients[i], now_us()))
            redial(&clients[i], epoll);
    struct epoll_event events[512];
    for (int64_t now = now_us(); now < end; now = now_us()) {
        while (every > 0 && due <= (double)now) {
            struct client *client = idle_client(clients, &next);
            if (client == NULL)
                break;
            if (!ask(client, (int64_t)due))
                redial(client, epoll);
            due += every;
        }
        int wait = every > 0 ? 1 : 100;
        int n = epoll_wait(epoll, events, 512, wait);
        for (int i = 0; i < n; i++) {
            struct client *client = events[i].data.ptr;
            bool gone = false;
            bool whole = receive(client, &gone);
            int64_t at = now_us();
            if (gone)
                redial(client, epoll);
            else if (whole)
                answered(client, at, at >= count_from && at < end);
            if ((whole || gone) && every == 0 && !ask(client, at))
                redial(client, epoll);
        }
    }
    report((double)options.seconds);
}

static void read_options(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const char *name = argv[i], *value = argv[i + 1];
        if (strcmp(name, "--port") == 0)
            options.port = atoi(value);
        else if (strcmp(name, "--clients") == 0)
            options.clients = atoi(value);
        else if (strcmp(name, "--seconds") == 0)
            options.seconds = atoi(value);
        else if (strcmp(name, "--warm") == 0)
            options.warm = atoi(value);
        else if (strcmp(name, "--rate") == 0)
            options.rate = atof(value);
        else if (strcmp(name, "--request") == 0)
            options.request = read_file(value);
        else if (strcmp(name, "--who") == 0)
            options.who = read_lines(value);
        else if (strcmp(name, "--slots") == 0)
            options.slots = read_lines(value);
    }
    if (options.port == 0 || options.request == NULL || options.clients < 1 || options.clients > CLIENTS_MOST) {
        fprintf(stderr, "load --port N --clients N --seconds N --request FILE [--who FILE] [--slots FILE] [--rate N] [--warm N]\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    run_mark = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
    samples = calloc(SAMPLES_MOST, sizeof *samples);
    struct client *clients = calloc((size_t)options.clients, sizeof *clients);
    int epoll = epoll_create1(0);
    options.csrf = (struct lines){.p = calloc(options.who.n + 1, sizeof *options.csrf.p), .n = options.who.n};
    for (size_t i = 0; i < options.who.n; i++) {
        char *space = strchr(options.who.p[i], ' ');
        options.csrf.p[i] = space == NULL ? "" : space + 1;
        if (space != NULL)
            *space = 0;
    }
    if (samples == NULL || clients == NULL || epoll < 0)
        fail("memory");
    for (int i = 0; i < options.clients; i++) {
        dial(&clients[i], epoll);
    }
    run(clients, epoll);
    return 0;
}
