#include "rebut/worklist.h"

#include <math.h>
#include <stdlib.h>

#include "rebut/time.h"
#include "worklist_parts.h"

#define NEAR_HOURS 72.0 /* a deadline this far off weighs 1 */

void rebut_worklist_open(struct rebut_worklist *list, int64_t as_of)
{
    *list = (struct rebut_worklist){.as_of = as_of};
}

void rebut_worklist_release(struct rebut_worklist *list)
{
    for (uint32_t i = 0; i < list->rows.count; i++)
        free(list->rows.data[i].texts);
    free(list->rows.data);
    *list = (struct rebut_worklist){0};
}

static double weigh(int64_t as_of, int64_t deadline)
{
    if (deadline == REBUT_TIME_NONE)
        return 1;
    if (deadline < as_of)
        return 0;
    const double left = ((double)deadline - (double)as_of) / (double)REBUT_HOUR;
    return 0.5 + NEAR_HOURS / (NEAR_HOURS + left);
}

/* Fen, rounded half up; the ends of int64 stay where they are. */
static int64_t whole_fen(double fen)
{
    const double rounded = floor(fen + 0.5);
    if (rounded >= 0x1p63)
        return INT64_MAX;
    return rounded <= -0x1p63 ? INT64_MIN : (int64_t)rounded;
}

/* What the records say of the reason given, and how many facts the whole sheet has. */
static void count_records(const struct rebut_pack *pack, struct rebut_worklist_row *row)
{
    bool supports = false, contradicts = false;
    for (uint32_t i = 0; i < pack->sheet.count; i++) {
        const struct rebut_pack_claim *claim = &pack->sheet.list[i];
        row->supports += claim->supports.count;
        row->contradicts += claim->contradicts.count;
        if (claim->kind != REBUT_CLAIMED_REASON)
            continue;
        supports = supports || claim->supports.count > 0;
        contradicts = contradicts || claim->contradicts.count > 0;
    }
    row->records = supports      ? (contradicts ? WORKLIST_DISAGREE : WORKLIST_BEAR_OUT)
                   : contradicts ? WORKLIST_CONTRADICT
                                 : WORKLIST_SILENT;
}

/* The row's texts in one block. */
static bool keep_texts(struct rebut_worklist_row *row,
                       const struct rebut_pack_header *header, const char *file)
{
    enum { TEXTS = 5 };
    const struct rebut_text texts[TEXTS] = {header->request_id, header->order_id,
                                            header->merchant_id, header->sku_id,
                                            rebut_text_of(file)};
    const char **const places[TEXTS] = {&row->request, &row->order, &row->merchant,
                                        &row->item, &row->file};
    char safe[TEXTS][WORKLIST_CELL];
    size_t sizes[TEXTS], all = 0;
    row->id_size = header->request_id.size < REBUT_WORKLIST_TEXT ? header->request_id.size
                                                                 : REBUT_WORKLIST_TEXT;
    for (int i = 0; i < TEXTS; i++) {
        sizes[i] = worklist_safe(texts[i], safe[i]) + 1;
        all += sizes[i];
    }
    row->texts = malloc(row->id_size + all);
    if (row->texts == NULL)
        return false;
    if (row->id_size > 0)
        memcpy(row->texts, header->request_id.data, row->id_size);
    char *at = row->texts + row->id_size;
    for (int i = 0; i < TEXTS; i++) {
        memcpy(at, safe[i], sizes[i]);
        *places[i] = at;
        at += sizes[i];
    }
    return true;
}

static struct rebut_worklist_row row_of(const struct rebut_worklist *list,
                                        const struct rebut_pack *pack, double appeal)
{
    const struct rebut_pack_score *score = &pack->score;
    const struct rebut_pack_header *header = &pack->header;
    struct rebut_worklist_row row = {
        .asked = header->asked,
        .deadline = header->expires,
        .probability = score->probability,
        .low = score->low,
        .high = score->high,
        .q_value = score->q_value,
        .appeal = appeal,
        .weight = weigh(list->as_of, header->expires),
        .shop_explains = pack->shop.explains,
        .reason = (uint8_t)header->reason,
        .answer = (uint8_t)score->answer,
    };
    count_records(pack, &row);
    const double p = isnan(appeal) ? score->probability : appeal;
    row.has_expected = isfinite(p);
    if (row.has_expected) {
        const double expected = (double)row.asked * p;
        row.expected = whole_fen(expected);
        row.value = expected * row.weight;
    }
    return row;
}

bool rebut_worklist_add(struct rebut_worklist *list, const struct rebut_pack *pack,
                        const char *file, double appeal, struct rebut_error *err)
{
    if (!(isnan(appeal) || (appeal >= 0 && appeal <= 1)))
        return rebut_fail(err, REBUT_EINPUT, "bad probability of an appeal: %g", appeal);
    if (list->rows.count >= REBUT_WORKLIST_ROWS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "a worklist has at most %d rows",
                          REBUT_WORKLIST_ROWS_MAX);
    if (!REBUT_ARRAY_MORE(&list->rows, 1, "rows of a worklist", err))
        return false;
    struct rebut_worklist_row row = row_of(list, pack, appeal);
    if (!keep_texts(&row, &pack->header, file))
        return rebut_fail_memory(err, "a row of a worklist");
    list->rows.data[list->rows.count++] = row;
    list->ordered = false;
    return true;
}

static int compare_rows(const void *left, const void *right)
{
    const struct rebut_worklist_row *a = left, *b = right;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    const int order = rebut_text_compare((struct rebut_text){a->texts, a->id_size},
                                         (struct rebut_text){b->texts, b->id_size});
    return order != 0 ? order : strcmp(a->file, b->file);
}

void worklist_sort(struct rebut_worklist *list)
{
    if (!list->ordered && list->rows.count > 1)
        qsort(list->rows.data, list->rows.count, sizeof *list->rows.data, compare_rows);
    list->ordered = true;
}
