/* The evaluation as a table for a person, and as JSON for a program. */
#include <math.h>
#include <stdio.h>

#include "evaluation_words.h"
#include "json_value.h"
#include "rebut/table.h"

#define NAME_WIDTH 34

struct printer {
    struct rebut_output *out;
    enum rebut_language language;
};

static void print_name(const struct printer *to, enum rebut_evaluation_word word)
{
    rebut_output_padded(to->out, rebut_evaluation_word(word, to->language), NAME_WIDTH);
}

static void print_count(const struct printer *to, enum rebut_evaluation_word word,
                        size_t count)
{
    print_name(to, word);
    rebut_output_print(to->out, "%8zu\n", count);
}

/* Four decimals, as judges of rankings print; "-" for what cannot be measured. */
static void print_value(const struct printer *to, enum rebut_evaluation_word word,
                        double value)
{
    print_name(to, word);
    if (isfinite(value))
        rebut_output_print(to->out, "%8.4f\n", value);
    else
        rebut_output_print(to->out, "%8s\n", "-");
}

static void print_heading(const struct printer *to, enum rebut_evaluation_word word)
{
    rebut_output_print(to->out, "\n%s\n", rebut_evaluation_word(word, to->language));
}

static void print_groups(const struct printer *to,
                         const struct rebut_error_groups *groups)
{
    static const struct {
        enum rebut_evaluation_word word;
        int width;
    } columns[] = {{WORD_GROUP, NAME_WIDTH},
                   {WORD_FLAGGED, -8},
                   {WORD_OF, -8},
                   {WORD_RATE, -8},
                   {WORD_INTERVAL, -18}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        rebut_output_padded(to->out, rebut_evaluation_word(columns[i].word, to->language),
                            columns[i].width);
    rebut_output_print(to->out, "\n");
    for (size_t i = 0; i < groups->count; i++) {
        const struct rebut_error_group *group = &groups->data[i];
        char words[REBUT_GROUP_WORDS];
        rebut_evaluation_group(group->name, to->language, words);
        rebut_output_padded(to->out, words, NAME_WIDTH);
        rebut_output_print(to->out, "%8zu%8zu%8.4f  %7.4f - %.4f\n", group->hits,
                           group->tries, group->rate, group->interval.low,
                           group->interval.high);
    }
}

static void print_queue(const struct printer *to, const struct rebut_evaluation *it)
{
    print_heading(to, WORD_QUEUE);
    print_count(to, WORD_QUEUE_SIZE, it->queue);
    if (it->queue == 0)
        return;
    print_name(to, WORD_QUEUE_FDP);
    rebut_output_print(to->out, "%8zu%16.4f  %7.4f - %.4f\n", it->queue_false, it->fdp,
                       it->fdp_range.low, it->fdp_range.high);
    print_name(to, WORD_QUEUE_STATED);
    rebut_output_print(to->out, "%24.4f\n", it->stated);
}

bool rebut_evaluation_print(const struct rebut_evaluation *it,
                            enum rebut_language language, struct rebut_output *out)
{
    const struct printer to = {out, language};
    rebut_output_print(out, "%s\n\n", rebut_evaluation_word(WORD_TITLE, language));
    if (isfinite(it->from_day)) {
        print_name(&to, WORD_FROM_DAY);
        rebut_output_print(out, "%8.10g\n", it->from_day);
    }
    print_count(&to, WORD_REQUESTS, it->requests);
    print_count(&to, WORD_ABUSE, it->abuse);
    print_count(&to, WORD_MISSING, it->missing);
    print_count(&to, WORD_UNUSED, it->unused);
    rebut_output_print(out, "\n");
    print_value(&to, WORD_AUC, it->auc);
    print_value(&to, WORD_AP, it->ap);
    print_value(&to, WORD_P100, it->p100);
    print_value(&to, WORD_P300, it->p300);
    print_value(&to, WORD_PK, it->pk);
    print_value(&to, WORD_ECE, it->ece);
    print_value(&to, WORD_BRIER, it->brier);
    print_value(&to, WORD_LOG_LOSS, it->log_loss);
    if (!isfinite(it->auc))
        print_heading(&to, WORD_ONE_CLASS);
    if (it->has_q)
        print_queue(&to, it);
    if (it->abuse > 0) {
        rebut_output_print(out, "\n%s %.4f\n",
                           rebut_evaluation_word(WORD_THRESHOLD, language),
                           it->threshold);
        print_heading(&to, WORD_FALSE_POSITIVES);
        print_groups(&to, &it->false_positives);
        print_heading(&to, WORD_RECALL);
        print_groups(&to, &it->recall);
    }
    return out->cause == 0;
}

static void json_groups(struct rebut_output *out, const char *name,
                        const struct rebut_error_groups *groups)
{
    json_list(out, name);
    for (size_t i = 0; i < groups->count; i++) {
        const struct rebut_error_group *group = &groups->data[i];
        rebut_output_print(out, "%s{\"group\":", json_between(i));
        rebut_output_json(out, rebut_text_of(group->name));
        rebut_output_print(out, ",\"flagged\":%zu,\"of\":%zu", group->hits, group->tries);
        json_value(out, "rate", group->rate);
        json_interval(out, "low", "high", group->interval);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

static void json_queue(struct rebut_output *out, const struct rebut_evaluation *it)
{
    rebut_output_print(out, ",\"queue\":%zu,\"queue_false\":%zu", it->queue,
                       it->queue_false);
    json_value(out, "fdp", it->fdp);
    json_value(out, "fdp_low", it->queue > 0 ? it->fdp_range.low : (double)NAN);
    json_value(out, "fdp_high", it->queue > 0 ? it->fdp_range.high : (double)NAN);
    json_value(out, "fdp_stated", it->stated);
}

static void json_reliability(struct rebut_output *out, const struct rebut_evaluation *it)
{
    json_list(out, "reliability");
    for (size_t i = 0; i < REBUT_EVALUATION_BINS; i++) {
        const struct rebut_reliability *bin = &it->reliability[i];
        rebut_output_print(out, "%s{\"requests\":%zu,\"abuse\":%zu", json_between(i),
                           bin->count, bin->positives);
        json_value(out, "expected", bin->score_sum);
        json_value(out, "low", bin->low);
        json_value(out, "high", bin->high);
        rebut_output_print(out, "}");
    }
    rebut_output_print(out, "]");
}

bool rebut_evaluation_json(const struct rebut_evaluation *it, struct rebut_output *out)
{
    rebut_output_print(out,
                       "{\"requests\":%zu,\"abuse\":%zu,\"missing\":%zu,\"unused\":%zu",
                       it->requests, it->abuse, it->missing, it->unused);
    json_value(out, "from_day", it->from_day);
    json_value(out, "auc", it->auc);
    json_value(out, "ap", it->ap);
    json_value(out, "p100", it->p100);
    json_value(out, "p300", it->p300);
    json_value(out, "pk", it->pk);
    json_value(out, "ece", it->ece);
    json_value(out, "brier", it->brier);
    json_value(out, "log_loss", it->log_loss);
    if (it->has_q)
        json_queue(out, it);
    json_value(out, "threshold", it->threshold);
    json_groups(out, "false_positives", &it->false_positives);
    json_groups(out, "recall", &it->recall);
    json_reliability(out, it);
    return rebut_output_print(out, "}\n");
}
