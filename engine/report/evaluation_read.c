/* Where scores meet the truth. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "rebut/csv.h"
#include "rebut/evaluation.h"
#include "rebut/grow.h"
#include "score_lines.h"

#define NONE REBUT_INTERN_NONE
/* The days of the truth have four decimals, so a few seconds come from rounding. */
#define ORIGIN_SLACK REBUT_MINUTE

struct score {
    double probability, q_value;
    int64_t at;          /* or REBUT_TIME_NONE */
    uint64_t truth_line; /* 0: not in the truth */
};

/* A row of the truth, before it is known which rows are judged. */
struct row {
    double day;
    uint32_t id;
    uint8_t label;
    struct rebut_subject subject;
};

struct reading {
    struct rebut_intern ids;
    REBUT_ARRAY(struct score) scores; /* by id; those from `scored` on have no score */
    REBUT_ARRAY(struct row) rows;
    uint32_t scored;
    bool has_q, has_orders;
};

/* Columns of the truth by name; the last three may be missing. */
enum column {
    COLUMN_REQUEST,
    COLUMN_DAY,
    COLUMN_ABUSE,
    COLUMN_BUYER_KIND,
    COLUMN_MERCHANT_KIND,
    COLUMN_DORM,
    COLUMN_REGION,
    COLUMN_CHANNEL,
    COLUMN_ORDERS,
    COLUMNS
};
#define COLUMNS_NEEDED COLUMN_DORM
static const char *const column_names[COLUMNS] = {
    "request_id", "day",    "abuse",   "buyer_kind",     "merchant_kind",
    "dorm",       "region", "channel", "orders_of_buyer"};

static bool put_word(struct rebut_intern *table, struct rebut_text text, uint32_t *ret,
                     struct rebut_error *err)
{
    *ret = NONE;
    if (text.size == 0)
        return true;
    if (text.size > REBUT_INTERN_TEXT_MAX)
        return rebut_fail(err, REBUT_EDATA, "a word of %zu bytes: at most %d", text.size,
                          REBUT_INTERN_TEXT_MAX);
    return rebut_intern_put(table, text, rebut_intern_hash(table, text), ret, err);
}

/* When the request was made, as 'rebut score' says it or as events do. */
static int64_t read_time(json_t *object)
{
    json_t *value = json_object_get(object, "requested_at");
    return rebut_score_time(value != NULL ? value : json_object_get(object, "at"));
}

static bool take_score(void *to, json_t *object, struct rebut_error *err)
{
    struct reading *reading = to;
    struct rebut_text text;
    if (!rebut_score_id(object, &text, err))
        return false;
    struct score score = {.at = read_time(object)};
    if (!rebut_score_share(object, "probability", -1, &score.probability, err) ||
        !rebut_score_share(object, "q_value", 1, &score.q_value, err))
        return false;
    reading->has_q = reading->has_q || json_is_number(json_object_get(object, "q_value"));
    uint32_t index = NONE;
    if (!put_word(&reading->ids, text, &index, err) ||
        !REBUT_ARRAY_MORE(&reading->scores, 1, "scores", err))
        return false;
    if (index != reading->scores.count)
        return rebut_fail(err, REBUT_EDATA, "a request_id that came before");
    reading->scores.data[reading->scores.count++] = score;
    return true;
}

static bool read_scores(struct reading *reading, const char *path,
                        struct rebut_error *err)
{
    if (!rebut_score_lines(path, take_score, reading, err))
        return false;
    reading->scored = reading->scores.count;
    return reading->scored > 0 ||
           rebut_fail(err, REBUT_EDATA, "'%s' has no scores", path);
}

/* The row's request as an index of `ids`, adding one that has no score. */
static bool find_request(struct reading *reading, struct rebut_text id, uint64_t line,
                         uint32_t *ret, struct rebut_error *err)
{
    if (id.size == 0)
        return rebut_fail(err, REBUT_EDATA, "expected a request_id, found none");
    if (!put_word(&reading->ids, id, ret, err))
        return false;
    if (*ret == reading->scores.count) {
        if (!REBUT_ARRAY_MORE(&reading->scores, 1, "requests", err))
            return false;
        reading->scores.data[reading->scores.count++] =
            (struct score){.q_value = 1, .at = REBUT_TIME_NONE};
    }
    struct score *score = &reading->scores.data[*ret];
    if (score->truth_line != 0)
        return rebut_fail(err, REBUT_EDATA, "the request of line %" PRIu64 " again",
                          score->truth_line);
    score->truth_line = line;
    return true;
}

static bool take_row(struct reading *reading, struct rebut_intern *words,
                     const struct rebut_csv *csv, const size_t *columns,
                     struct rebut_error *err)
{
    struct row row = {0};
    struct rebut_text cells[COLUMNS];
    for (int i = 0; i < COLUMNS; i++)
        cells[i] = rebut_csv_field(csv, columns[i]);
    if (!find_request(reading, cells[COLUMN_REQUEST], csv->row_line, &row.id, err))
        return false;
    if (!rebut_text_double(cells[COLUMN_DAY], &row.day))
        return rebut_fail(err, REBUT_EDATA, "expected a number in 'day'");
    if (!rebut_text_equal(cells[COLUMN_ABUSE], REBUT_TEXT("0")) &&
        !rebut_text_equal(cells[COLUMN_ABUSE], REBUT_TEXT("1")))
        return rebut_fail(err, REBUT_EDATA, "expected 0 or 1 in 'abuse'");
    row.label = cells[COLUMN_ABUSE].data[0] == '1';
    row.subject.dorm = rebut_text_equal(cells[COLUMN_DORM], REBUT_TEXT("1"));
    row.subject.one_order = rebut_text_equal(cells[COLUMN_ORDERS], REBUT_TEXT("1"));
    if (!put_word(words, cells[COLUMN_BUYER_KIND], &row.subject.buyer_kind, err) ||
        !put_word(words, cells[COLUMN_MERCHANT_KIND], &row.subject.merchant_kind, err) ||
        !put_word(words, cells[COLUMN_REGION], &row.subject.region, err) ||
        !put_word(words, cells[COLUMN_CHANNEL], &row.subject.channel, err) ||
        !REBUT_ARRAY_MORE(&reading->rows, 1, "requests", err))
        return false;
    reading->rows.data[reading->rows.count++] = row;
    return true;
}

static bool read_rows(struct reading *reading, struct rebut_intern *words,
                      struct rebut_csv *csv, struct rebut_error *err)
{
    size_t columns[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        columns[i] = rebut_csv_column(csv, rebut_text_of(column_names[i]));
        if (columns[i] == REBUT_CSV_NO_COLUMN && i < COLUMNS_NEEDED)
            return rebut_fail(err, REBUT_EDATA, "expected one column '%s'",
                              column_names[i]);
    }
    reading->has_orders = columns[COLUMN_ORDERS] != REBUT_CSV_NO_COLUMN;
    for (;;) {
        const enum rebut_csv_step step = rebut_csv_next(csv, err);
        if (step == REBUT_CSV_END)
            return true;
        if (step == REBUT_CSV_BAD || !take_row(reading, words, csv, columns, err))
            return rebut_fail_context(err, "line %" PRIu64, csv->row_line);
    }
}

static bool read_truth(struct reading *reading, struct rebut_intern *words,
                       const char *path, struct rebut_error *err)
{
    struct rebut_csv csv;
    const struct rebut_csv_options options = {.encoding = REBUT_ENCODING_UTF8};
    if (!rebut_csv_open(&csv, path, &options, err))
        return false;
    const bool ok = read_rows(reading, words, &csv, err);
    rebut_csv_release(&csv);
    return ok || rebut_fail_context(err, "'%s'", path);
}

/* The day of `time`: every scored request says when day 0 began, and all must agree. */
static bool find_day(const struct reading *reading, int64_t time, double *ret,
                     struct rebut_error *err)
{
    int64_t least = INT64_MAX;
    int64_t most = INT64_MIN;
    for (uint32_t i = 0; i < reading->rows.count; i++) {
        const struct row *row = &reading->rows.data[i];
        const int64_t at = reading->scores.data[row->id].at;
        if (at == REBUT_TIME_NONE || !(fabs(row->day) < 1e6))
            continue;
        const int64_t origin = at - (int64_t)(row->day * (double)REBUT_DAY);
        least = origin < least ? origin : least;
        most = origin > most ? origin : most;
    }
    if (least > most)
        return rebut_fail(err, REBUT_EDATA,
                          "no score has a 'requested_at': name a day instead of a time");
    if (most - least > ORIGIN_SLACK)
        return rebut_fail(err, REBUT_EDATA,
                          "the days of the truth and the times of the scores disagree by "
                          "%" PRId64 " s: name a day instead of a time",
                          (most - least) / REBUT_SECOND);
    *ret = (double)(time - least - (most - least) / 2) / (double)REBUT_DAY;
    return true;
}

static bool make_arrays(struct rebut_evaluation *it, size_t room, struct rebut_error *err)
{
    room += 1; /* calloc(0) may be NULL */
    it->probability = calloc(room, sizeof *it->probability);
    it->q_value = calloc(room, sizeof *it->q_value);
    it->label = calloc(room, sizeof *it->label);
    it->flagged = calloc(room, sizeof *it->flagged);
    it->order = calloc(room, sizeof *it->order);
    it->work = calloc(room, sizeof *it->work);
    it->subjects = calloc(room, sizeof *it->subjects);
    return (it->probability != NULL && it->q_value != NULL && it->label != NULL &&
            it->flagged != NULL && it->order != NULL && it->work != NULL &&
            it->subjects != NULL) ||
           rebut_fail_memory(err, "requests to evaluate");
}

/* Keep the rows from the day on, each with its score. */
static bool join(struct rebut_evaluation *it, const struct reading *reading,
                 struct rebut_error *err)
{
    if (!make_arrays(it, reading->rows.count, err))
        return false;
    for (uint32_t i = 0; i < reading->rows.count; i++) {
        const struct row *row = &reading->rows.data[i];
        if (!(row->day >= it->from_day))
            continue;
        const struct score *score = &reading->scores.data[row->id];
        it->probability[it->requests] = score->probability;
        it->q_value[it->requests] = score->q_value;
        it->label[it->requests] = row->label;
        it->subjects[it->requests] = row->subject;
        it->requests++;
        it->abuse += row->label;
        it->missing += row->id >= reading->scored;
    }
    it->unused = reading->scored - (it->requests - it->missing);
    it->has_q = reading->has_q;
    it->has_orders = reading->has_orders;
    if (it->requests > 0)
        return true;
    return rebut_fail(err, REBUT_EDATA, "the truth has no requests%s",
                      isfinite(it->from_day) ? " from then on" : "");
}

void rebut_evaluation_init(struct rebut_evaluation *it)
{
    *it = (struct rebut_evaluation){.from_day = -(double)INFINITY};
    rebut_intern_init(&it->words, 0);
}

void rebut_evaluation_release(struct rebut_evaluation *it)
{
    free(it->probability);
    free(it->q_value);
    free(it->label);
    free(it->flagged);
    free(it->order);
    free(it->work);
    free(it->subjects);
    free(it->false_positives.data);
    free(it->recall.data);
    rebut_intern_release(&it->words);
    rebut_evaluation_init(it);
}

bool rebut_evaluation_read(struct rebut_evaluation *it, const char *scores_path,
                           const char *truth_path,
                           const struct rebut_evaluation_from *from,
                           struct rebut_error *err)
{
    struct reading reading = {0};
    rebut_intern_init(&reading.ids, 0);
    it->from_day = from->day;
    const bool ok = read_scores(&reading, scores_path, err) &&
                    read_truth(&reading, &it->words, truth_path, err) &&
                    (from->time == REBUT_TIME_NONE ||
                     find_day(&reading, from->time, &it->from_day, err)) &&
                    join(it, &reading, err);
    rebut_intern_release(&reading.ids);
    free(reading.scores.data);
    free(reading.rows.data);
    return ok;
}
