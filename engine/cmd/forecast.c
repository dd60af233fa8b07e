/* rebut forecast -- which orders will come back as refund-only requests? */
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/forecast.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut forecast --input PATH [OPTIONS]\n"
    "       rebut forecast --input PATH --as-of TIME --score-orders FILE [OPTIONS]\n"
    "\n"
    "Gives each recent order the expected number of refund-only requests, by fault and\n"
    "by abuse, with 90 % intervals: what to pack on video, insure, or look into before\n"
    "shipping.  With --score-orders it judges itself: orders of FILE placed after the\n"
    "as-of time are forecast from what came before, and held against what followed.\n"
    "\n"
    "  --input PATH         events (see 'rebut score --help'); may be given again\n"
    "  --as-of TIME         use events up to TIME only (default: the last event)\n"
    "  --since TIME         orders placed at TIME or later (default: the last 7 days)\n"
    "  --score-orders FILE  events with later orders and requests; may be the input\n"
    "  --splits N           parts of the time judged, 1 to 12 (default 4)\n"
    "  --model FILE         a model written by 'rebut fit' (default: fit one)\n"
    "  --output FILE        where to write (default: standard output)\n"
    "  --rejects FILE       lines set aside, with the reason\n"
    "  --quiet              no progress, no account of lines\n"
    "\n"
    "Example: rebut forecast --input 2026.ndjson.gz --as-of 2026-06-01 \\\n"
    "             --score-orders 2026.ndjson.gz\n";

enum { OPTION_SCORE_ORDERS = 256, OPTION_SPLITS };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"score-orders", required_argument, NULL, OPTION_SCORE_ORDERS},
    {"splits", required_argument, NULL, OPTION_SPLITS},
    {NULL, 0, NULL, 0}};

#define SPLITS_MAX 12

struct request {
    struct rebut_work_options options;
    const char *score_orders;
    int splits;
};

static void write_figure(struct rebut_output *out, const char *name, double value)
{
    rebut_output_print(out, ",\"%s\":", name);
    rebut_output_double(out, value);
}

static void write_split(const struct rebut_forecast_split *split, const char *part,
                        struct rebut_output *out)
{
    char from[REBUT_TIME_SIZE], to[REBUT_TIME_SIZE];
    rebut_time_format(split->from, 0, from);
    rebut_time_format(split->to, 0, to);
    rebut_output_print(
        out,
        "{\"part\":\"%s\",\"after\":\"%s\",\"until\":\"%s\",\"orders\":%" PRIu64
        ",\"requested\":%" PRIu64,
        part, from, to, split->orders, split->requested);
    write_figure(out, "expected", split->expected);
    write_figure(out, "auc", split->auc);
    write_figure(out, "ap", split->ap);
    write_figure(out, "auc_buyer_rate", split->auc_buyer);
    write_figure(out, "ap_buyer_rate", split->ap_buyer);
    write_figure(out, "auc_item_rate", split->auc_item);
    write_figure(out, "ap_item_rate", split->ap_item);
    rebut_output_print(out, "}\n");
}

static void print_split(const struct rebut_forecast_split *split, const char *part)
{
    fprintf(stderr,
            "%-6s %8" PRIu64 " orders %7" PRIu64 " requests %9.1f expected   "
            "AUC %.3f (by buyer %.3f, by item %.3f)   AP %.3f (%.3f, %.3f)\n",
            part, split->orders, split->requested, split->expected, split->auc,
            split->auc_buyer, split->auc_item, split->ap, split->ap_buyer,
            split->ap_item);
}

static bool judge(struct rebut_forecaster *forecaster, const struct request *request,
                  struct rebut_work *work, struct rebut_output *out,
                  struct rebut_error *err)
{
    struct rebut_forecast_split splits[SPLITS_MAX + 1];
    struct rebut_ingested ingested;
    struct rebut_state later;
    const struct rebut_ingest_job job = {
        .paths = &request->score_orders, .path_count = 1, .as_of = REBUT_TIME_MAX};
    rebut_state_init(&later, 0);
    const bool ok = rebut_ingest(&job, &later, &ingested, err) &&
                    rebut_forecaster_look_at(forecaster, &later, err) &&
                    rebut_forecast_judge(forecaster, work->as_of, later.latest,
                                         request->splits, splits, err);
    for (int i = 0; ok && i <= request->splits; i++) {
        char part[16] = "all";
        if (i < request->splits)
            snprintf(part, sizeof part, "%d", i + 1);
        write_split(&splits[i], part, out);
        if (!request->options.quiet)
            print_split(&splits[i], part);
    }
    rebut_state_release(&later);
    return ok;
}

static bool list(struct rebut_forecaster *forecaster, const struct request *request,
                 struct rebut_work *work, struct rebut_output *out,
                 struct rebut_error *err)
{
    const int64_t since = request->options.since == INT64_MIN
                              ? work->as_of - 7 * REBUT_DAY
                              : request->options.since;
    return rebut_forecaster_look_at(forecaster, &work->state, err) &&
           rebut_forecast_write(forecaster, since, work->as_of, out, err);
}

static bool forecast(const struct request *request, struct rebut_work *work,
                     struct rebut_error *err)
{
    struct rebut_forecaster *forecaster = NULL;
    struct rebut_output out;
    if (!rebut_forecaster_new(&forecaster, &work->inference, &work->model, err))
        return false;
    bool ok = rebut_output_open(&out, request->options.output, err);
    if (ok) {
        ok = request->score_orders != NULL ? judge(forecaster, request, work, &out, err)
                                           : list(forecaster, request, work, &out, err);
        ok = ok && rebut_work_commit(work, &out, err);
        rebut_output_release(&out);
    }
    rebut_forecaster_free(forecaster);
    return ok;
}

static bool take_judging(void *own, int letter, const char *value,
                         struct rebut_error *err)
{
    struct request *request = own;
    int64_t splits = 0;
    if (letter == OPTION_SCORE_ORDERS) {
        request->score_orders = value;
        return true;
    }
    if (!rebut_text_int64(rebut_text_of(value), &splits) || splits < 1 ||
        splits > SPLITS_MAX)
        return rebut_fail(err, REBUT_EUSAGE, "expected '--splits' 1 to %d, got '%.20s'",
                          SPLITS_MAX, value);
    request->splits = (int)splits;
    return true;
}

static int run(int argc, char **argv)
{
    struct request request = {.splits = 4};
    const struct rebut_work_line line = {&rebut_command_forecast, long_options,
                                         take_judging, &request, false};
    struct rebut_work work;
    struct rebut_error err = {0};
    const int code = rebut_work_read_line(&line, argc, argv, &request.options);
    if (code >= 0)
        return code;
    if (request.score_orders != NULL && request.options.as_of == REBUT_TIME_MAX)
        return rebut_command_usage(&rebut_command_forecast,
                                   "--score-orders needs --as-of TIME");
    const bool ok = rebut_work_open(&work, &request.options, true, &err) &&
                    forecast(&request, &work, &err);
    rebut_work_close(&work);
    return ok ? 0 : rebut_command_failed(&rebut_command_forecast, &err);
}

const struct rebut_command rebut_command_forecast = {
    .name = "forecast",
    .summary = "expected refund-only requests of orders, by fault and by abuse",
    .usage_text = usage_text,
    .run = run,
};
