/* Addresses for machines: the payment provider's notifications, health, metrics. */
#include "base/limits.h"
#include "base/log.h"
#include "service/payer.h"
#include "service/payment.h"
#include "store/queries.h"
#include "web/app.h"
#include "web/monument/photo_file.h"

static struct app *app_of(void *context)
{
    return site_settings(context)->app;
}

static void answer(struct response *response, int status, const char *text)
{
    response->status = status;
    response->content_type = S("text/plain; charset=utf-8");
    buf_c(&response->body, text);
}

/* CRT-3. A forged notification is a 400; a failure of ours a 500, so that the provider sends it again. */
static void notification(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)route_data;
    struct app *app = app_of(context);
    enum settlement settlement = SETTLED_NOTHING;
    struct fault fault = {.err = OK};
    struct str signature = request_header(request, app->service->payer->signature_header);
    enum err err = payment_notified(app->service, request->arena, signature, request->body, &settlement, &fault);
    if (err == OK) {
        answer(response, 200, "ok\n");
        return;
    }
    LOG(LOG_WARNING, "payment.notification", LOG_TEXT("request", request->id), LOG_TEXT("error", str_of(err_name(err))),
        LOG_TEXT("detail", str_of(fault.text)));
    answer(response, err == ERR_INPUT ? 400 : 500, err == ERR_INPUT ? "refused\n" : "try again\n");
}

struct outbox_state {
    instant now;
    struct outbox_counts_row counts;
};

static enum err read_outbox(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct outbox_state *state = argument;
    return q_outbox_counts(db, arena, (struct outbox_counts_in){.now = state->now}, &state->counts, NULL, fault);
}

static void health(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)route_data;
    struct app *app = app_of(context);
    struct fault fault = {.err = OK};
    struct outbox_state outbox = {.now = service_now(app->service)};
    bool database = service_read(app->service, request->arena, read_outbox, &outbox, &fault) == OK;
    struct writer_stats writer = writer_stats(app->service->writer);
    bool queue = writer.waiting < LIMIT_WRITE_QUEUE;
    struct buf jobs = buf_new(1024);
    bool working = app->healthy == NULL || app->healthy(app->context, &jobs);
    response->status = database && queue && working ? 200 : 503;
    response->content_type = S("application/json");
    buf_format(&response->body, "{\"status\":\"%s\",\"database\":%s,\"queue\":{\"waiting\":%lld,\"ok\":%s},"
               "\"mails\":{\"waiting\":%lld,\"late\":%lld,\"failed\":%lld}",
               response->status == 200 ? "ok" : "failing", database ? "true" : "false", (long long)writer.waiting,
               queue ? "true" : "false", (long long)outbox.counts.waiting, (long long)outbox.counts.late,
               (long long)outbox.counts.failed);
    buf_str(&response->body, buf_view(&jobs));
    buf_c(&response->body, "}\n");
    buf_free(&jobs);
}

static void metric(struct buf *out, const char *name, const char *kind, int64_t value)
{
    buf_format(out, "# TYPE guichet_%s %s\nguichet_%s %lld\n", name, kind, name, (long long)value);
}

static void metrics(void *context, struct request *request, struct response *response, const void *route_data)
{
    (void)request;
    (void)route_data;
    struct app *app = app_of(context);
    struct writer_stats writer = writer_stats(app->service->writer);
    struct buf *out = &response->body;
    response->content_type = S("text/plain; version=0.0.4; charset=utf-8");
    if (app->server != NULL && *app->server != NULL) {
        struct http_stats http = http_stats(*app->server);
        metric(out, "http_requests_total", "counter", http.requests);
        metric(out, "http_errors_4xx_total", "counter", http.errors_4xx);
        metric(out, "http_errors_5xx_total", "counter", http.errors_5xx);
        metric(out, "http_open_connections", "gauge", http.open_connections);
    }
    metric(out, "write_commands_total", "counter", writer.commands);
    metric(out, "write_batches_total", "counter", writer.batches);
    metric(out, "write_refused_total", "counter", writer.refused);
    metric(out, "write_retried_total", "counter", writer.retried);
    metric(out, "write_waiting", "gauge", writer.waiting);
    if (app->metrics != NULL)
        app->metrics(app->context, out);
}

const struct route machine_routes[] = {
    {.method = HTTP_POST, .path = "/paiement/notification", .handler = notification},
    {.method = HTTP_GET, .path = "/healthz", .handler = health},
    {.method = HTTP_GET, .path = "/metrics", .handler = metrics},
    {.method = HTTP_GET, .path = "/photos/{fichier}", .handler = photo_file},
};
const size_t machine_route_count = sizeof machine_routes / sizeof *machine_routes;
