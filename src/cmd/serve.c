/* Serving: pages, notifications, jobs, until a signal ends it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "cmd/commands.h"
#include "cmd/mailbox.h"
#include "job/jobs.h"
#include "service/payer.h"
#include "web/app.h"

/* A round of jobs is about a second; after a minute without one something is wrong. */
enum { JOBS_LATE_SECONDS = 60, LIMITER_KEYS = 20000 };

struct serving {
    struct app app;
    struct site *site;
    struct http_server *server;
    struct jobs *jobs;
    struct mailbox mailbox;
};

static bool jobs_healthy(void *context, struct buf *out)
{
    struct serving *serving = context;
    struct jobs_stats stats = jobs_stats(serving->jobs);
    int64_t age = (clock_monotonic_us() - stats.last_round_us) / 1000000;
    buf_format(out, ",\"jobs\":{\"last_round_seconds\":%lld,\"failures\":%lld,\"ok\":%s}", (long long)age,
               (long long)stats.failures, age < JOBS_LATE_SECONDS ? "true" : "false");
    return age < JOBS_LATE_SECONDS;
}

static void jobs_metrics(void *context, struct buf *out)
{
    struct serving *serving = context;
    struct jobs_stats stats = jobs_stats(serving->jobs);
    buf_format(out,
               "# TYPE guichet_job_rounds_total counter\nguichet_job_rounds_total %lld\n"
               "# TYPE guichet_job_failures_total counter\nguichet_job_failures_total %lld\n"
               "# TYPE guichet_options_ended_total counter\nguichet_options_ended_total %lld\n"
               "# TYPE guichet_mails_sent_total counter\nguichet_mails_sent_total %lld\n"
               "# TYPE guichet_payments_asked_total counter\nguichet_payments_asked_total %lld\n",
               (long long)stats.rounds, (long long)stats.failures, (long long)stats.options_ended,
               (long long)stats.mails_sent, (long long)stats.payments_asked);
}

static struct site *new_site(struct serving *serving, struct service *service)
{
    const struct site_config config = {
        .tables = {{account_pages, account_page_count}, {catalogue_pages, catalogue_page_count},
                   {sales_pages, sales_page_count}, {info_pages, info_page_count}, {staff_pages, staff_page_count},
                   {transfer_pages, transfer_page_count}, {customer_pages, customer_page_count},
                   {monument_pages, monument_page_count}, {request_pages, request_page_count},
                   {gate_pages, gate_page_count}, {closure_pages, closure_page_count},
                   {change_pages, change_page_count}, {rights_pages, rights_page_count}},
        .app = &serving->app, .zone = &service->zone, .clock = service->clock, .random = service->random,
        .csrf_key = {(const char *)service->secret, sizeof service->secret}, .demonstration = service->demonstration,
        .sign_in_path = "/connexion", .staff_paths = {"/service", "/equipe"},
        .staff_sign_in_path = "/service/connexion", .begin = app_begin, .end = app_end, .error = app_error};
    return site_new(&config);
}

static enum err start(const struct config *config, struct root *root, struct serving *serving, struct fault *fault)
{
    struct service *service = root_service(root);
    serving->app = (struct app){.service = service, .limits = rate_limiter_new(LIMITER_KEYS), .names = network_names_new(),
                                .server = &serving->server,
                                .healthy = jobs_healthy, .metrics = jobs_metrics, .context = serving};
    if (service->demonstration && root_maildir(root) != NULL) {
        serving->mailbox = mailbox_of_maildir(root_maildir(root));
        serving->app.mailbox = &serving->mailbox;
    }
    serving->site = new_site(serving, service);
    enum err err = jobs_start(service, &serving->jobs, fault);
    if (err != OK)
        return err;
    size_t count = 0;
    const struct route *routes = site_routes(serving->site, machine_routes, machine_route_count, &count);
    const struct http_config http = {
        .address = config->listen, .port = (uint16_t)config->port,
        .https_outside = strncmp(config->public_url, "https://", 8) == 0,
        .trusted_proxy = *config->trusted_proxy == '\0' ? NULL : config->trusted_proxy, .body_max = LIMIT_REQUEST_BODY,
        .error_page = site_error_page};
    return http_start(&http, routes, count, site_not_found, serving->site, service->payer->page_origin, &serving->server,
                      fault);
}

static void stop(struct serving *serving)
{
    http_stop(&serving->server);
    jobs_stop(&serving->jobs);
    site_free(&serving->site);
    rate_limiter_free(&serving->app.limits);
    network_names_free(&serving->app.names);
}

static sigset_t end_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void serve_block_signals(void)
{
    sigset_t signals = end_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int serve_until_signal(const struct config *config, struct root *root, void (*ready)(void *context, uint16_t port),
                       void *context)
{
    struct serving serving = {.jobs = NULL};
    struct fault fault = {.err = OK};
    if (start(config, root, &serving, &fault) != OK) {
        stop(&serving);
        return command_failed(&fault);
    }
    if (ready != NULL)
        ready(context, http_port(serving.server));
    sigset_t signals = end_signals();
    int received = 0;
    sigwait(&signals, &received);
    stop(&serving);
    return 0;
}

static void say_ready(void *context, uint16_t port)
{
    const struct config *config = context;
    printf("guichet: serving on %s (port %u)\n", config->public_url, (unsigned)port);
    fflush(stdout);
}

int command_serve(struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 0) {
        fputs("usage: guichet serve\n", stderr);
        return 2;
    }
    struct root *root = NULL;
    struct fault fault = {.err = OK};
    if (root_open(config, ROOT_WITH_OUTSIDE, &root, &fault) != OK)
        return command_failed(&fault);
    int code = serve_until_signal(config, root, say_ready, config);
    root_close(&root);
    return code;
}
