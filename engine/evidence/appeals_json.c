/* The account of appeals as one JSON object. */
#include <inttypes.h>

#include "appeals_sums.h"

static void instant(struct rebut_output *out, int64_t at)
{
    char text[REBUT_TIME_SIZE];
    if (at == REBUT_TIME_NONE) {
        rebut_output_print(out, "null");
        return;
    }
    rebut_time_format(at, 8 * 60, text);
    rebut_output_json(out, rebut_text_of(text));
}

static void named_text(struct rebut_output *out, const char *name, struct rebut_text text)
{
    rebut_output_print(out, ",\"%s\":", name);
    if (text.data == NULL)
        rebut_output_print(out, "null");
    else
        rebut_output_json(out, text);
}

static void named_double(struct rebut_output *out, const char *name, double value)
{
    rebut_output_print(out, ",\"%s\":", name);
    rebut_output_double(out, value);
}

static void put_sum(struct rebut_output *out, const struct appeals_sum *sum)
{
    rebut_output_print(out, "\"statuses\":{");
    for (int i = 0; i < REBUT_APPEAL_STATUSES; i++)
        rebut_output_print(out,
                           "%s\"%s\":{\"count\":%" PRId64 ",\"amount_fen\":%" PRId64
                           ",\"amount_known\":%" PRId64 "}",
                           i == 0 ? "" : ",", rebut_words_appeal[i], sum->count[i],
                           sum->amount[i], sum->amount_known[i]);
    rebut_output_print(out,
                       "},\"recovered_fen\":%" PRId64 ",\"recovered_known\":%" PRId64
                       ",\"success\":{\"decided\":%" PRId64 ",\"won\":%" PRId64,
                       sum->recovered, sum->recovered_known, sum->success.orders,
                       sum->success.requests);
    named_double(out, "share", sum->success.rate);
    named_double(out, "low", sum->success.low);
    named_double(out, "high", sum->success.high);
    rebut_output_print(out, "}");
}

static void put_groups(struct rebut_output *out, const char *name, bool reasons,
                       const struct appeals_group *groups, uint32_t count)
{
    rebut_output_print(out, ",\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++) {
        rebut_output_print(out, "%s{", i == 0 ? "" : ",");
        put_sum(out, &groups[i].sum);
        named_text(out, "platform", groups[i].platform);
        if (reasons)
            named_text(out, "reason", groups[i].reason);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

static void put_due(struct rebut_output *out, const char *name,
                    const struct rebut_appeals *appeals, const uint32_t *due,
                    uint32_t count)
{
    rebut_output_print(out, ",\"%s\":[", name);
    for (uint32_t i = 0; i < count; i++) {
        const struct rebut_appeal *appeal = &appeals->list[due[i]];
        rebut_output_print(out, "%s{\"expires_at\":", i == 0 ? "" : ",");
        instant(out, appeal->expires);
        named_text(out, "request_id", appeal->request_id);
        named_text(out, "platform", appeal->platform);
        if (appeal->amount >= 0)
            rebut_output_print(out, ",\"amount_fen\":%" PRId64 "}", appeal->amount);
        else
            rebut_output_print(out, ",\"amount_fen\":null}");
    }
    rebut_output_print(out, "]");
}

static void put_learned(struct rebut_output *out,
                        const struct rebut_appeals_learned *learned, bool scored)
{
    rebut_output_print(
        out,
        ",\"probability\":{\"assumed\":%s,\"scored\":%s,\"decided\":%" PRIu32
        ",\"won\":%" PRIu32 ",\"unscored\":%" PRIu32 ",\"enough\":%d",
        learned->assumed ? "true" : "false", scored ? "true" : "false", learned->decided,
        learned->won, learned->unscored, REBUT_APPEALS_ENOUGH);
    named_double(out, "intercept", learned->intercept);
    named_double(out, "intercept_sd", learned->intercept_sd);
    named_double(out, "slope", learned->slope);
    named_double(out, "slope_sd", learned->slope_sd);
    named_double(out, "brier", learned->brier);
    named_double(out, "brier_abuse", learned->brier_abuse);
    rebut_output_print(out, ",\"abuse_as_of\":%s}",
                       !scored         ? "null"
                       : learned->kept ? "\"submission\""
                                       : "\"now\"");
}

bool rebut_appeals_write_json(const struct rebut_appeals *appeals, bool scored,
                              struct rebut_output *out, struct rebut_error *err)
{
    struct appeals_sums sums;
    if (!rebut_appeals_sums_open(&sums, appeals, err))
        return false;
    rebut_output_print(out, "{\"schema\":\"rebut-appeals-1\",\"as_of\":");
    instant(out, appeals->as_of);
    rebut_output_print(out, ",\"appeals\":%" PRIu32 ",", appeals->count);
    put_sum(out, &sums.all);
    put_groups(out, "by_platform", false, sums.platforms, sums.platforms_count);
    put_groups(out, "by_reason", true, sums.reasons, sums.reasons_count);
    put_due(out, "due_within_48h", appeals, sums.due + sums.passed, sums.soon);
    put_due(out, "passed", appeals, sums.due, sums.passed);
    put_learned(out, &appeals->learned, scored);
    rebut_output_print(out, "}\n");
    rebut_appeals_sums_close(&sums);
    return true;
}
