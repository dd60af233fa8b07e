/* A file of entries into appeals: read, held against each other, seen from one moment. */
#include "rebut/appeals.h"

#include <inttypes.h>
#include <stdlib.h>

#include "appeals_entry.h"
#include "folder_file.h"
#include "rebut/calibrate.h"

/* ---- one appeal ---- */

/* May `next` follow `last`, both of one status?  *ret_same: it says nothing new. */
static bool check_again(const struct appeal_entry *last, const struct appeal_entry *next,
                        bool *ret_same, struct rebut_error *err)
{
    const char *word = rebut_words_appeal[next->status];
    *ret_same = rebut_appeal_entry_equal(last, next);
    if (*ret_same || (next->status == REBUT_APPEAL_OPENED && next->at != last->at))
        return true;
    return rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected what line %" PRIu32
                      " says of the same request, '%s', found '%s' with other content",
                      next->line, last->line, word, word);
}

/* May an appeal with `last` (NULL: none) as its newest entry go on with `next`? */
static bool check_step(const struct appeal_entry *last, const struct appeal_entry *next,
                       struct rebut_error *err)
{
    static const int before[REBUT_APPEAL_STATUSES] = {
        [REBUT_APPEAL_OPENED] = -1,
        [REBUT_APPEAL_SUBMITTED] = REBUT_APPEAL_OPENED,
        [REBUT_APPEAL_WON] = REBUT_APPEAL_SUBMITTED,
        [REBUT_APPEAL_LOST] = REBUT_APPEAL_SUBMITTED,
        [REBUT_APPEAL_EXPIRED] = REBUT_APPEAL_OPENED};
    const char *word = rebut_words_appeal[next->status];
    const int wanted = before[next->status];
    if (last == NULL && wanted >= 0)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32 ": expected '%s' before '%s', found none",
                          next->line, rebut_words_appeal[wanted], word);
    if (last != NULL && last->status != wanted)
        return rebut_fail(err, REBUT_EDATA,
                          "line %" PRIu32
                          ": expected '%s' before '%s', found '%s' in line "
                          "%" PRIu32,
                          next->line, rebut_words_appeal[wanted], word,
                          rebut_words_appeal[last->status], last->line);
    return last == NULL || next->at >= last->at ||
           rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected '%s' at or after '%s' of line %" PRIu32
                      ", found it before",
                      next->line, word, rebut_words_appeal[last->status], last->line);
}

static bool check_platform(const struct appeal_entry *first,
                           const struct appeal_entry *next, struct rebut_error *err)
{
    return first == NULL || next->platform.data == NULL ||
           rebut_text_equal(first->platform, next->platform) ||
           rebut_fail(err, REBUT_EDATA,
                      "line %" PRIu32 ": expected the platform of line %" PRIu32
                      ", found another",
                      next->line, first->line);
}

static void put(struct rebut_appeal *appeal, const struct appeal_entry *entry)
{
    appeal->status = entry->status;
    appeal->at[entry->status] = entry->at;
    if (entry->platform.data != NULL)
        appeal->platform = entry->platform;
    if (entry->form.data != NULL)
        appeal->form = entry->form;
    if (entry->reason.data != NULL)
        appeal->reason = entry->reason;
    if (entry->expires != REBUT_TIME_NONE)
        appeal->expires = entry->expires;
    if (entry->amount >= 0)
        appeal->amount = entry->amount;
    if (entry->recovered >= 0)
        appeal->recovered = entry->recovered;
}

static struct rebut_appeal nothing_of(struct rebut_text request_id)
{
    struct rebut_appeal appeal = {.request_id = request_id,
                                  .expires = REBUT_TIME_NONE,
                                  .amount = -1,
                                  .recovered = -1};
    for (int i = 0; i < REBUT_APPEAL_STATUSES; i++)
        appeal.at[i] = REBUT_TIME_NONE;
    return appeal;
}

/* The entries of one request, in order: all are checked, those up to as_of count. */
static bool make_appeal(const struct appeal_entry *entries, uint32_t count,
                        struct rebut_appeals *to, struct rebut_error *err)
{
    struct rebut_appeal appeal = nothing_of(entries[0].request_id);
    const struct appeal_entry *last = NULL, *placed = NULL;
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct appeal_entry *next = &entries[i];
        bool same = false;
        if (!(last != NULL && last->status == next->status
                  ? check_again(last, next, &same, err)
                  : check_step(last, next, err)) ||
            !check_platform(placed, next, err))
            return false;
        last = next;
        if (placed == NULL && next->platform.data != NULL)
            placed = next;
        if (same || next->at > to->as_of)
            continue;
        put(&appeal, next);
        any = true;
    }
    if (any)
        to->list[to->count++] = appeal;
    return true;
}

static bool make_appeals(struct appeal_entries *entries, struct rebut_appeals *to,
                         struct rebut_error *err)
{
    const struct appeal_entry *all = entries->all.data;
    const uint32_t count = entries->all.count;
    uint32_t appeals = 0;
    if (count == 0)
        return true;
    for (uint32_t i = 0; i < count; i++)
        appeals += i == 0 || !rebut_text_equal(all[i - 1].request_id, all[i].request_id);
    to->list = calloc(appeals, sizeof *to->list);
    if (to->list == NULL)
        return rebut_fail_memory(err, "appeals");
    for (uint32_t i = 0, end = 0; i < count; i = end) {
        while (end < count && rebut_text_equal(all[i].request_id, all[end].request_id))
            end++;
        if (!make_appeal(&all[i], end - i, to, err))
            return false;
    }
    return true;
}

/* ---- all ---- */

static void settle_as_of(const struct appeal_entries *entries,
                         struct rebut_appeals *appeals)
{
    if (appeals->as_of != REBUT_TIME_MAX)
        return;
    appeals->as_of = REBUT_TIME_NONE;
    for (uint32_t i = 0; i < entries->all.count; i++)
        if (entries->all.data[i].at > appeals->as_of)
            appeals->as_of = entries->all.data[i].at;
}

/* Takes `bytes`. */
static bool make(struct rebut_appeals *ret, char *bytes, size_t size, int64_t as_of,
                 struct rebut_error *err)
{
    struct appeal_entries entries = {0};
    struct rebut_appeals made = {
        .as_of = as_of, .bytes = bytes, .decoded = malloc(size + 1)};
    bool ok = made.decoded != NULL || rebut_fail_memory(err, "appeals");
    ok = ok && rebut_appeal_entries_read((struct rebut_text){bytes, size}, made.decoded,
                                         &entries, err);
    if (ok) {
        settle_as_of(&entries, &made);
        ok = make_appeals(&entries, &made, err) && rebut_appeals_learn(&made, NULL, err);
    }
    rebut_appeal_entries_release(&entries);
    if (ok)
        *ret = made;
    else
        rebut_appeals_close(&made);
    return ok;
}

bool rebut_appeals_open(struct rebut_appeals *ret, const char *path, int64_t as_of,
                        struct rebut_error *err)
{
    char *bytes = NULL;
    size_t size = 0;
    *ret = (struct rebut_appeals){0};
    return rebut_file_read(path, REBUT_APPEALS_BYTES, false, &bytes, &size, err) &&
           (make(ret, bytes, size, as_of, err) || rebut_fail_context(err, "'%s'", path));
}

bool rebut_appeals_parse(struct rebut_appeals *ret, struct rebut_text text, int64_t as_of,
                         struct rebut_error *err)
{
    *ret = (struct rebut_appeals){0};
    if (text.size > REBUT_APPEALS_BYTES)
        return rebut_fail(err, REBUT_ELIMIT, "expected at most %zu bytes of appeals",
                          REBUT_APPEALS_BYTES);
    char *bytes = malloc(text.size + 1);
    if (bytes == NULL)
        return rebut_fail_memory(err, "appeals");
    if (text.size > 0)
        memcpy(bytes, text.data, text.size);
    return make(ret, bytes, text.size, as_of, err);
}

void rebut_appeals_close(struct rebut_appeals *appeals)
{
    free(appeals->list);
    free(appeals->submitted_log_odds);
    free(appeals->fit);
    free(appeals->bytes);
    free(appeals->decoded);
    *appeals = (struct rebut_appeals){0};
}

const struct rebut_appeal *rebut_appeals_find(const struct rebut_appeals *appeals,
                                              struct rebut_text request_id)
{
    uint32_t low = 0, high = appeals->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order =
            rebut_text_compare(appeals->list[middle].request_id, request_id);
        if (order == 0)
            return &appeals->list[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
