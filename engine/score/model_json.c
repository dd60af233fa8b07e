/* The model as a document: one table of members serves writing and reading, so that a
 * number cannot be written and not read. */
#include <errno.h>
#include <math.h>
#include <sodium.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "model_json.h"

#define SCHEMA "rebut-model-2"
#define DOCUMENT_MAX ((size_t)256 << 20)

/* A number of the model: where it is and what it may be. */
struct number {
    const char *name;
    size_t offset;
    double low, high;
};

#define NUMBER(name, member, low, high)                                                  \
    {                                                                                    \
        name, offsetof(struct rebut_model, member), low, high                            \
    }

static const struct number numbers[] = {
    NUMBER("abusers", population.pi, 1e-9, 1 - 1e-9),
    NUMBER("abuse_shape", population.alpha, 1e-3, 1e6),
    NUMBER("abuse_rate", population.beta, 1e-3, 1e6),
    NUMBER("readiness_shape", population.kappa, 1e-3, 1e6),
    NUMBER("claimants", population.claimants, 0, .5),
    NUMBER("claimant_shape", population.claimant_shape, 1e-3, 1e6),
    NUMBER("claimant_mean", population.claimant_mean, 1e-3, 1e6),
    NUMBER("ring_theta", ring.theta, 1e-9, 1 - 1e-9),
    NUMBER("ring_pi_hi", ring.pi_hi, 1e-9, 1 - 1e-9),
    NUMBER("ring_lo_share", ring.lo_share, 1e-9, 1),
    NUMBER("base_fault", base[REBUT_RATE_FAULT], 1e-12, 1e6),
    NUMBER("base_temptation", base[REBUT_RATE_TEMPTATION], 1e-12, 1e6),
    NUMBER("base_returns", base[REBUT_RATE_RETURNS], 1e-12, 1e6),
    NUMBER("rho_merchant", rho[REBUT_LEVEL_MERCHANT], 1e-3, 1e6),
    NUMBER("rho_listing", rho[REBUT_LEVEL_LISTING], 1e-3, 1e6),
    NUMBER("rho_merchant_window", rho[REBUT_LEVEL_MERCHANT_WINDOW], 1e-3, 1e6),
    NUMBER("rho_listing_window", rho[REBUT_LEVEL_UNIT], 1e-3, 1e6),
    NUMBER("rho_returns_merchant", rho_returns[REBUT_LEVEL_MERCHANT], 1e-3, 1e6),
    NUMBER("rho_returns_listing", rho_returns[REBUT_LEVEL_LISTING], 1e-3, 1e6),
    NUMBER("rho_returns_merchant_window", rho_returns[REBUT_LEVEL_MERCHANT_WINDOW], 1e-3,
           1e6),
    NUMBER("rho_returns_listing_window", rho_returns[REBUT_LEVEL_UNIT], 1e-3, 1e6),
    NUMBER("service_scale", service_scale, 1e-9, 1e9),
    NUMBER("trust_orders", trust_orders, 0, 1e6),
    NUMBER("reviewer_error", reviewer_error, 1e-6, .5),
    NUMBER("top_intercept", top.intercept, -100, 100),
    NUMBER("top_slope", top.slope, -1, 100),
    NUMBER("top_intercept_variance", top.intercept_variance, 0, 1e6),
    NUMBER("top_slope_variance", top.slope_variance, 0, 1e6),
    NUMBER("top_covariance", top.covariance, -1e6, 1e6),
};
#define NUMBERS (sizeof numbers / sizeof numbers[0])

/* A whole number of the model. */
struct count {
    const char *name;
    size_t offset;
};

static const struct count counts[] = {
    {"orders", offsetof(struct rebut_model, orders)},
    {"requests", offsetof(struct rebut_model, requests)},
    {"buyers", offsetof(struct rebut_model, buyers)},
    {"merchants", offsetof(struct rebut_model, merchants)},
    {"verdicts", offsetof(struct rebut_model, verdicts)},
};
#define COUNTS (sizeof counts / sizeof counts[0])

static const char *const rate_names[REBUT_RATES] = {"fault", "temptation", "returns"};

/* ---- writing ---- */

static json_t *factor_document(const struct rebut_factor_table *table)
{
    json_t *levels = json_object();
    for (uint32_t level = 0; level < table->levels; level++) {
        json_t *rates = json_object();
        char name[REBUT_INTERN_TEXT_MAX + 8] = "";
        if (level > 0) {
            const struct rebut_text text = rebut_intern_text(&table->names, level - 1);
            snprintf(name, sizeof name, "=%.*s", (int)text.size, text.data);
        } else {
            snprintf(name, sizeof name, "other");
        }
        for (int rate = 0; rate < REBUT_RATES; rate++)
            if (table->multiplier[rate] != NULL)
                json_object_set_new(rates, rate_names[rate],
                                    json_real(table->multiplier[rate][level]));
        json_object_set_new(levels, name, rates);
    }
    return levels;
}

static json_t *marks_document(const struct rebut_model *model)
{
    json_t *marks = json_object();
    for (int mark = 0; mark < REBUT_MARKS; mark++) {
        json_t *bins = json_object();
        for (int bin = 0; bin < rebut_mark_tables[mark].bins; bin++)
            json_object_set_new(bins, rebut_mark_tables[mark].bin[bin].name,
                                json_real(model->mark_weights[mark][bin]));
        json_object_set_new(marks, rebut_mark_tables[mark].name, bins);
    }
    return marks;
}

static json_t *document_of(const struct rebut_model *model)
{
    json_t *document = json_object();
    json_t *values = json_object();
    json_t *factors = json_object();
    json_t *cuts = json_array();
    json_object_set_new(document, "schema", json_string(SCHEMA));
    json_object_set_new(document, "as_of", json_integer(model->as_of));
    for (size_t i = 0; i < COUNTS; i++) {
        uint64_t value = 0;
        memcpy(&value, (const char *)model + counts[i].offset, sizeof value);
        json_object_set_new(document, counts[i].name, json_integer((json_int_t)value));
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        double value = 0;
        memcpy(&value, (const char *)model + numbers[i].offset, sizeof value);
        json_object_set_new(values, numbers[i].name, json_real(value));
    }
    for (int f = 0; f < REBUT_FACTORS; f++)
        json_object_set_new(factors, rebut_factor_name((enum rebut_factor_id)f),
                            factor_document(&model->factors[f]));
    for (int i = 0; i < REBUT_PRICE_CUTS; i++)
        json_array_append_new(cuts, json_integer(model->price_cuts[i]));
    json_object_set_new(document, "numbers", values);
    json_object_set_new(document, "factors", factors);
    json_object_set_new(document, "price_cuts", cuts);
    json_object_set_new(document, "marks", marks_document(model));
    rebut_model_write_learned(model, document);
    return document;
}

static void set_version(struct rebut_model *model, const char *document, size_t size)
{
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)document, size, NULL, 0);
    sodium_bin2hex(model->version, sizeof model->version, hash, sizeof hash);
}

char *rebut_model_write(struct rebut_model *model)
{
    json_t *document = document_of(model);
    char *text =
        json_dumps(document, JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(document);
    if (text == NULL)
        return NULL;
    const size_t size = strlen(text);
    set_version(model, text, size);
    char *line = realloc(text, size + 2);
    if (line == NULL) {
        free(text);
        return NULL;
    }
    memcpy(line + size, "\n", 2);
    return line;
}

/* ---- reading ---- */

bool rebut_model_read_number(const json_t *object, const char *name, double low,
                             double high, double *ret, struct rebut_error *err)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_number(value))
        return rebut_fail(err, REBUT_EDATA, "expected a number '%s', got %s", name,
                          value == NULL ? "nothing" : "another type");
    const double number = json_number_value(value);
    if (!(number >= low && number <= high))
        return rebut_fail(err, REBUT_EDATA, "expected '%s' in [%g, %g], got %g", name,
                          low, high, number);
    *ret = number;
    return true;
}

static bool read_count(const json_t *object, const char *name, int64_t low, int64_t *ret,
                       struct rebut_error *err)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value) || json_integer_value(value) < low)
        return rebut_fail(err, REBUT_EDATA, "expected a whole number '%s', at least %lld",
                          name, (long long)low);
    *ret = json_integer_value(value);
    return true;
}

static bool read_level(struct rebut_model *model, int factor, const char *name,
                       const json_t *rates, struct rebut_error *err)
{
    struct rebut_factor_table *table = &model->factors[factor];
    const size_t size = strlen(name);
    uint32_t level = 0;
    if (strcmp(name, "other") != 0 &&
        !(name[0] == '=' && size > 1 && size <= REBUT_INTERN_TEXT_MAX + 1))
        return rebut_fail(err, REBUT_EDATA,
                          "expected levels 'other' and '=NAME' of '%s', got '%.40s'",
                          rebut_factor_name((enum rebut_factor_id)factor), name);
    if (name[0] == '=' && !rebut_model_add_level(model, (enum rebut_factor_id)factor,
                                                 rebut_text_of(name + 1), &level, err))
        return false;
    for (int rate = 0; rate < REBUT_RATES; rate++)
        if (rebut_factor_moves((enum rebut_factor_id)factor, (enum rebut_rate_id)rate) &&
            table->multiplier[rate] != NULL &&
            !rebut_model_read_number(rates, rate_names[rate], 1e-12, 1e12,
                                     &table->multiplier[rate][level], err))
            return rebut_fail_context(err, "level '%s' of '%s'", name,
                                      rebut_factor_name((enum rebut_factor_id)factor));
    return true;
}

static bool read_factors(struct rebut_model *model, json_t *factors,
                         struct rebut_error *err)
{
    for (int f = 0; f < REBUT_FACTORS; f++) {
        const char *name = rebut_factor_name((enum rebut_factor_id)f);
        json_t *levels = json_object_get(factors, name);
        const char *level = NULL;
        json_t *rates = NULL;
        if (!json_is_object(levels))
            return rebut_fail(err, REBUT_EDATA, "expected an object 'factors.%s'", name);
        json_object_foreach(levels, level, rates)
        {
            if (!read_level(model, f, level, rates, err))
                return false;
        }
        /* "other" came before its table had room when it was the first: once more. */
        rates = json_object_get(levels, "other");
        if ((rates != NULL) != (model->factors[f].levels > 0))
            return rebut_fail(err, REBUT_EDATA,
                              "expected 'other' and other levels of '%s', or none", name);
        if (rates != NULL && !read_level(model, f, "other", rates, err))
            return false;
    }
    return true;
}

static bool read_marks(struct rebut_model *model, const json_t *marks,
                       struct rebut_error *err)
{
    for (int mark = 0; mark < REBUT_MARKS; mark++) {
        const struct rebut_mark_table *table = &rebut_mark_tables[mark];
        const json_t *bins = json_object_get(marks, table->name);
        for (int bin = 0; bin < table->bins; bin++)
            if (!rebut_model_read_number(
                    bins, table->bin[bin].name, -REBUT_MARK_WEIGHT_MAX - 1,
                    REBUT_MARK_WEIGHT_MAX + 1, &model->mark_weights[mark][bin], err))
                return rebut_fail_context(err, "marks.%s", table->name);
    }
    return true;
}

static bool read_cuts(struct rebut_model *model, const json_t *cuts,
                      struct rebut_error *err)
{
    bool ok = json_array_size(cuts) == REBUT_PRICE_CUTS;
    for (size_t i = 0; ok && i < REBUT_PRICE_CUTS; i++) {
        const json_t *cut = json_array_get(cuts, i);
        model->price_cuts[i] = json_integer_value(cut);
        ok = json_is_integer(cut) &&
             (i == 0 || model->price_cuts[i - 1] <= model->price_cuts[i]);
    }
    return ok || rebut_fail(err, REBUT_EDATA,
                            "expected %d ascending whole numbers 'price_cuts'",
                            REBUT_PRICE_CUTS);
}

static bool read_document(struct rebut_model *model, json_t *document,
                          struct rebut_error *err)
{
    const char *schema = json_string_value(json_object_get(document, "schema"));
    if (schema == NULL || strcmp(schema, SCHEMA) != 0)
        return rebut_fail(err, REBUT_EDATA, "expected schema '" SCHEMA "', got '%.40s'",
                          schema == NULL ? "" : schema);
    if (!read_count(document, "as_of", INT64_MIN, &model->as_of, err))
        return false;
    for (size_t i = 0; i < COUNTS; i++) {
        int64_t value = 0;
        if (!read_count(document, counts[i].name, 0, &value, err))
            return false;
        memcpy((char *)model + counts[i].offset, &value, sizeof value);
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        double value = 0;
        if (!rebut_model_read_number(json_object_get(document, "numbers"),
                                     numbers[i].name, numbers[i].low, numbers[i].high,
                                     &value, err))
            return false;
        memcpy((char *)model + numbers[i].offset, &value, sizeof value);
    }
    return read_cuts(model, json_object_get(document, "price_cuts"), err) &&
           read_factors(model, json_object_get(document, "factors"), err) &&
           read_marks(model, json_object_get(document, "marks"), err) &&
           rebut_model_read_learned(model, document, err);
}

bool rebut_model_read(struct rebut_text document, struct rebut_model *ret,
                      struct rebut_error *err)
{
    json_error_t cause;
    if (document.size > DOCUMENT_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "a model has at most %zu bytes, got %zu",
                          DOCUMENT_MAX, document.size);
    json_t *parsed =
        json_loadb(document.data, document.size, JSON_REJECT_DUPLICATES, &cause);
    if (parsed == NULL)
        return rebut_fail(err, REBUT_EDATA, "no JSON: %s at line %d", cause.text,
                          cause.line);
    rebut_model_init(ret);
    const bool ok = read_document(ret, parsed, err);
    json_decref(parsed);
    if (!ok) {
        rebut_model_release(ret);
        return false;
    }
    /* The version is of the canonical form, however the file was laid out. */
    char *canonical = rebut_model_write(ret);
    if (canonical == NULL) {
        rebut_model_release(ret);
        return rebut_fail_memory(err, "a model");
    }
    free(canonical);
    return true;
}

bool rebut_model_load(const char *path, struct rebut_model *ret, struct rebut_error *err)
{
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    size_t size = 0, room = 0;
    bool ok = false;
    if (file == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot read model '%s': %s", path,
                          strerror(errno));
    do {
        room = room == 0 ? 65536 : room * 2;
        char *grown = realloc(data, room);
        if (grown == NULL) {
            rebut_fail_memory(err, "a model");
            goto done;
        }
        data = grown;
        size += fread(data + size, 1, room - size, file);
    } while (size == room && size <= DOCUMENT_MAX);
    if (ferror(file)) {
        rebut_fail(err, REBUT_EIO, "cannot read model '%s': %s", path, strerror(errno));
        goto done;
    }
    ok = rebut_model_read((struct rebut_text){data, size}, ret, err) ||
         rebut_fail_context(err, "model '%s'", path);
done:
    fclose(file);
    free(data);
    return ok;
}
