/* What verdicts have taught, as members of the model's document. */
#include <math.h>
#include <stdlib.h>

#include "model_json.h"

/* A bound on learned log-odds: far beyond any, and finite. */
#define LOG_ODDS_MAX 1e6

/* ---- writing ---- */

static json_t *bins_document(const struct rebut_top_layer *top)
{
    json_t *marks = json_object();
    for (int mark = 0; mark < REBUT_MARKS; mark++) {
        json_t *bins = json_object();
        for (int bin = 0; bin < rebut_mark_tables[mark].bins; bin++)
            json_object_set_new(bins, rebut_mark_tables[mark].bin[bin].name,
                                json_real(top->bin[mark][bin]));
        json_object_set_new(marks, rebut_mark_tables[mark].name, bins);
    }
    return marks;
}

static json_t *top_document(const struct rebut_top_layer *top)
{
    json_t *document = json_object(), *weights = json_object();
    json_t *selection = json_object(), *judged = json_object();
    for (int id = 0; id < REBUT_TERM_MARKS; id++)
        json_object_set_new(weights, rebut_term_name((enum rebut_term_id)id),
                            json_real(top->weight[id]));
    for (int i = 1; i < REBUT_SELECTIONS; i++) {
        const char *word = rebut_words_selection[i];
        json_object_set_new(selection, word, json_real(top->selection[i]));
        json_object_set_new(judged, word, json_integer((json_int_t)top->verdicts[i]));
    }
    json_object_set_new(document, "weights", weights);
    json_object_set_new(document, "bins", bins_document(top));
    json_object_set_new(document, "selection", selection);
    json_object_set_new(document, "judged", judged);
    return document;
}

static json_t *reals(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_real(values[i]));
    return array;
}

static json_t *profile_document(const struct rebut_profile *profile)
{
    json_t *document = json_object();
    for (int id = 0; id < REBUT_RAW_TERMS; id++) {
        json_t *term = json_object();
        json_object_set_new(term, "cuts",
                            reals(profile->cut[id], REBUT_PROFILE_BINS - 1));
        json_object_set_new(term, "counts",
                            reals(profile->count[id], REBUT_PROFILE_BINS));
        json_object_set_new(document, rebut_term_name((enum rebut_term_id)id), term);
    }
    return document;
}

void rebut_model_write_learned(const struct rebut_model *model, json_t *document)
{
    json_t *honest = json_array();
    for (uint32_t i = 0; i < model->honest.count; i++) {
        const double pair[2] = {model->honest.log_odds[i], model->honest.weight[i]};
        json_array_append_new(honest, reals(pair, 2));
    }
    json_object_set_new(document, "top", top_document(&model->top));
    json_object_set_new(document, "honest", honest);
    json_object_set_new(document, "profile", profile_document(&model->profile));
}

/* ---- reading ---- */

static bool read_bins(struct rebut_top_layer *top, const json_t *marks,
                      struct rebut_error *err)
{
    for (int mark = 0; mark < REBUT_MARKS; mark++) {
        const struct rebut_mark_table *table = &rebut_mark_tables[mark];
        const json_t *bins = json_object_get(marks, table->name);
        for (int bin = 0; bin < table->bins; bin++)
            if (!rebut_model_read_number(bins, table->bin[bin].name, -LOG_ODDS_MAX,
                                         LOG_ODDS_MAX, &top->bin[mark][bin], err))
                return rebut_fail_context(err, "top.bins.%s", table->name);
    }
    return true;
}

static bool read_top(struct rebut_top_layer *top, const json_t *document,
                     struct rebut_error *err)
{
    const json_t *weights = json_object_get(document, "weights");
    for (int id = 0; id < REBUT_TERM_MARKS; id++)
        if (!rebut_model_read_number(weights, rebut_term_name((enum rebut_term_id)id), -1,
                                     LOG_ODDS_MAX, &top->weight[id], err))
            return rebut_fail_context(err, "top.weights");
    for (int i = 1; i < REBUT_SELECTIONS; i++) {
        const char *word = rebut_words_selection[i];
        double judged = 0;
        if (!rebut_model_read_number(json_object_get(document, "selection"), word,
                                     -LOG_ODDS_MAX, LOG_ODDS_MAX, &top->selection[i],
                                     err) ||
            !rebut_model_read_number(json_object_get(document, "judged"), word, 0, 1e12,
                                     &judged, err))
            return rebut_fail_context(err, "top");
        top->verdicts[i] = (uint64_t)judged;
    }
    return read_bins(top, json_object_get(document, "bins"), err);
}

/* Exactly `count` numbers in [low, high]. */
static bool read_reals(const json_t *array, size_t count, double low, double high,
                       double *ret)
{
    bool ok = json_array_size(array) == count;
    for (size_t i = 0; ok && i < count; i++) {
        const json_t *value = json_array_get(array, i);
        ret[i] = json_number_value(value);
        ok = json_is_number(value) && ret[i] >= low && ret[i] <= high;
    }
    return ok;
}

static bool read_honest(struct rebut_model *model, const json_t *pairs,
                        struct rebut_error *err)
{
    const size_t count = json_array_size(pairs);
    if (!json_is_array(pairs) || count > REBUT_HONEST_MAX)
        return rebut_fail(err, REBUT_EDATA, "expected an array 'honest' of at most %d",
                          REBUT_HONEST_MAX);
    if (!rebut_honest_open(&model->honest, (uint32_t)count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        double pair[2];
        if (!read_reals(json_array_get(pairs, i), 2, -LOG_ODDS_MAX, LOG_ODDS_MAX, pair) ||
            !(pair[1] > 0 && pair[1] <= 1))
            return rebut_fail(err, REBUT_EDATA,
                              "expected log-odds and a weight as item %zu of 'honest'",
                              i);
        model->honest.log_odds[i] = pair[0];
        model->honest.weight[i] = pair[1];
    }
    return rebut_honest_sort(&model->honest, err);
}

static bool read_profile(struct rebut_profile *profile, const json_t *document,
                         struct rebut_error *err)
{
    for (int id = 0; id < REBUT_RAW_TERMS; id++) {
        const char *name = rebut_term_name((enum rebut_term_id)id);
        const json_t *term = json_object_get(document, name);
        if (!read_reals(json_object_get(term, "cuts"), REBUT_PROFILE_BINS - 1,
                        -LOG_ODDS_MAX, LOG_ODDS_MAX, profile->cut[id]) ||
            !read_reals(json_object_get(term, "counts"), REBUT_PROFILE_BINS, 0, 1e15,
                        profile->count[id]))
            return rebut_fail(err, REBUT_EDATA,
                              "expected %d numbers 'cuts' and %d 'counts' in profile.%s",
                              REBUT_PROFILE_BINS - 1, REBUT_PROFILE_BINS, name);
    }
    return true;
}

bool rebut_model_read_learned(struct rebut_model *model, const json_t *document,
                              struct rebut_error *err)
{
    return read_top(&model->top, json_object_get(document, "top"), err) &&
           read_honest(model, json_object_get(document, "honest"), err) &&
           read_profile(&model->profile, json_object_get(document, "profile"), err);
}
