/* The routes that every server has. */
#include <inttypes.h>
#include <string.h>

#include "http_parts.h"

static void answer_alive(struct rebut_http_call *call)
{
    rebut_output_print(&call->out, "{\"status\":\"ok\"}\n");
}

static void answer_ready(struct rebut_http_call *call)
{
    const struct rebut_http *http = call->core->http;
    struct rebut_error err = {0};
    if (atomic_load(&http->draining))
        rebut_http_refuse(call, 503, "ending", NULL, "the server is about to end");
    else if (http->options.ready != NULL && !http->options.ready(call->app, &err))
        rebut_http_refuse(call, 503, "not-ready", NULL, "%.300s", err.message);
    else
        answer_alive(call);
}

static void answer_openapi(struct rebut_http_call *call)
{
    rebut_http_openapi(&call->core->http->options, &call->out);
}

static void write_entry(const struct http_entry *entry, bool histogram,
                        struct rebut_output *out)
{
    const char *method = entry->route == NULL ? "-" : entry->route->method;
    const char *pattern = entry->route == NULL ? "(none)" : entry->route->pattern;
    uint64_t sum = 0;
    for (int i = 0; !histogram && i < 6; i++) {
        const uint64_t count = atomic_load(&entry->by_class[i]);
        if (count > 0)
            rebut_output_print(out,
                               "rebut_http_requests_total{method=\"%s\",route=\"%s\","
                               "status=\"%dxx\"} %" PRIu64 "\n",
                               method, pattern, i, count);
    }
    if (!histogram)
        return;
    for (int i = 0; i <= HTTP_BUCKETS; i++)
        sum += atomic_load(&entry->buckets[i]);
    if (sum == 0)
        return;
    sum = 0;
    for (int i = 0; i <= HTTP_BUCKETS; i++) {
        sum += atomic_load(&entry->buckets[i]);
        rebut_output_print(out,
                           "rebut_http_seconds_bucket{method=\"%s\",route=\"%s\",le=\"",
                           method, pattern);
        if (i < HTTP_BUCKETS)
            rebut_output_double(out, (double)rebut_http_bounds_us[i] / 1e6);
        rebut_output_print(out, "%s\"} %" PRIu64 "\n", i < HTTP_BUCKETS ? "" : "+Inf",
                           sum);
    }
    rebut_output_print(out, "rebut_http_seconds_sum{method=\"%s\",route=\"%s\"} ", method,
                       pattern);
    rebut_output_double(out, (double)atomic_load(&entry->sum_us) / 1e6);
    rebut_output_print(
        out, "\nrebut_http_seconds_count{method=\"%s\",route=\"%s\"} %" PRIu64 "\n",
        method, pattern, sum);
}

static void answer_metrics(struct rebut_http_call *call)
{
    struct rebut_http *http = call->core->http;
    struct rebut_output *out = &call->out;
    rebut_output_print(out, "# TYPE rebut_http_requests counter\n");
    for (int i = 0; i < http->entry_count; i++)
        write_entry(&http->entries[i], false, out);
    rebut_output_print(out, "# TYPE rebut_http_seconds histogram\n");
    for (int i = 0; i < http->entry_count; i++)
        write_entry(&http->entries[i], true, out);
    pthread_mutex_lock(&http->lock);
    const int peers = http->peer_count;
    pthread_mutex_unlock(&http->lock);
    rebut_output_print(out,
                       "# TYPE rebut_http_connections gauge\nrebut_http_connections %d\n"
                       "# TYPE rebut_http_active gauge\nrebut_http_active %d\n",
                       peers, atomic_load(&http->active));
    if (http->options.metrics != NULL)
        http->options.metrics(call->app, out);
    rebut_output_print(out, "# EOF\n");
}

const struct rebut_http_route rebut_http_routes_own[] = {
    {"GET", "/healthz", "isAlive", "The process is alive", NULL, NULL, REBUT_HTTP_NO_BODY,
     200, NULL, "Status", answer_alive, NULL},
    {"GET", "/readyz", "isReady", "It can answer requests now", NULL, NULL,
     REBUT_HTTP_NO_BODY, 200, NULL, "Status", answer_ready, NULL},
    {"GET", "/metrics", "readMetrics", "Counters for a monitor, as OpenMetrics", NULL,
     NULL, REBUT_HTTP_NO_BODY, 200,
     "application/openmetrics-text; version=1.0.0; charset=utf-8", NULL, answer_metrics,
     NULL},
    {"GET", "/v1/openapi.json", "readContract", "This document", NULL, NULL,
     REBUT_HTTP_NO_BODY, 200, NULL, "Document", answer_openapi, NULL},
};
const int rebut_http_routes_own_count =
    sizeof rebut_http_routes_own / sizeof *rebut_http_routes_own;
