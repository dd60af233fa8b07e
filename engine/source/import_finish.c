/* When all rows are read: requests find their orders, events their order of time. */
#include <stdio.h>
#include <stdlib.h>

#include "import_match.h"
#include "import_run.h"

bool import_set_aside(struct import_run *run, const struct rebut_aside *aside,
                      struct rebut_error *err)
{
    struct rebut_import_summary *summary = run->summary;
    size_t i = 0;
    while (i < summary->reason_count &&
           strcmp(summary->reasons[i].word, aside->reason) != 0)
        i++;
    if (i == summary->reason_count && i < REBUT_IMPORT_REASONS_MAX) {
        snprintf(summary->reasons[i].word, sizeof summary->reasons[i].word, "%s",
                 aside->reason);
        summary->reason_count++;
    }
    if (i == REBUT_IMPORT_REASONS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "over %d reasons to set rows aside",
                          REBUT_IMPORT_REASONS_MAX);
    summary->reasons[i].rows++;
    summary->aside++;
    if (run->sink->aside(run->sink->context, aside))
        return true;
    return rebut_fail(err, REBUT_EIO, "cannot write what was set aside");
}

/* Give the request its order, or set its row aside. */
static bool close_request(struct import_run *run, struct import_made *request,
                          const char *order_id, struct rebut_error *err)
{
    free(request->line);
    request->line = NULL;
    if (order_id != NULL) {
        if (json_object_set_new(request->open, "order_id", json_string(order_id)) == 0)
            request->line = json_dumps(request->open, JSON_COMPACT);
        return request->line != NULL || rebut_fail_memory(err, "an event");
    }
    run->summary->taken--;
    const struct rebut_aside aside = {
        .line = request->file_line,
        .reason = "no_purchase",
        .field = "order_id",
        .expected = "an earlier purchase of this buyer and item, not all given back",
        .text = request->raw};
    return import_set_aside(run, &aside, err);
}

/* Sort what was made into purchases and notes; counts come back. */
static void list_trades(const struct import_run *run, struct import_trade *purchases,
                        struct import_trade *notes, size_t *ret_purchases,
                        size_t *ret_notes)
{
    *ret_purchases = *ret_notes = 0;
    for (uint32_t i = 0; i < run->made.count; i++) {
        const struct import_made *made = &run->made.data[i];
        if (made->key == IMPORT_NO_KEY && made->open == NULL)
            continue;
        const struct import_trade trade = {
            .at = made->at, .quantity = made->quantity, .key = made->key, .serial = i};
        if (made->open != NULL)
            notes[(*ret_notes)++] = trade;
        else
            purchases[(*ret_purchases)++] = trade;
    }
}

/* Tell each note's request which order it is about, in the order of the file. */
static bool close_requests(struct import_run *run, const struct import_trade *purchases,
                           const struct import_trade *notes, size_t note_count,
                           struct rebut_error *err)
{
    uint32_t *found = calloc((size_t)run->made.count + 1, sizeof *found);
    if (found == NULL)
        return rebut_fail_memory(err, "requests to match");
    for (size_t i = 0; i < note_count; i++) {
        const bool any = notes[i].purchase != IMPORT_NO_PURCHASE;
        found[notes[i].serial] =
            any ? purchases[notes[i].purchase].serial : IMPORT_NO_KEY;
        run->summary->matched += any;
        run->summary->matched_short += any && notes[i].is_short;
    }
    bool ok = true;
    for (uint32_t i = 0; ok && i < run->made.count; i++) {
        struct import_made *made = &run->made.data[i];
        if (made->open != NULL)
            ok = close_request(
                run, made,
                found[i] == IMPORT_NO_KEY ? NULL : run->made.data[found[i]].order_id,
                err);
    }
    free(found);
    return ok;
}

bool import_match_requests(struct import_run *run, struct rebut_error *err)
{
    size_t purchase_count = 0;
    size_t note_count = 0;
    const size_t room = (size_t)run->made.count + 1;
    struct import_trade *purchases = calloc(room, sizeof *purchases);
    struct import_trade *notes = calloc(room, sizeof *notes);
    bool ok = false;
    if (purchases == NULL || notes == NULL) {
        rebut_fail_memory(err, "purchases to match");
    } else {
        list_trades(run, purchases, notes, &purchase_count, &note_count);
        ok = import_match(purchases, purchase_count, notes, note_count, err) &&
             close_requests(run, purchases, notes, note_count, err);
    }
    free(purchases);
    free(notes);
    return ok;
}

/* By time; an order before what may name it; then as in the file. */
static int by_time(const void *a, const void *b, void *context)
{
    const struct import_made *made = context;
    const uint32_t one = *(const uint32_t *)a;
    const uint32_t two = *(const uint32_t *)b;
    if (made[one].at != made[two].at)
        return made[one].at < made[two].at ? -1 : 1;
    const bool one_order = made[one].type == REBUT_EVENT_ORDER;
    const bool two_order = made[two].type == REBUT_EVENT_ORDER;
    if (one_order != two_order)
        return one_order ? -1 : 1;
    return (one > two) - (one < two);
}

bool import_emit(struct import_run *run, struct rebut_error *err)
{
    uint32_t *sorted = calloc((size_t)run->made.count + 1, sizeof *sorted);
    if (sorted == NULL)
        return rebut_fail_memory(err, "events to sort");
    uint32_t count = 0;
    for (uint32_t i = 0; i < run->made.count; i++)
        if (run->made.data[i].line != NULL)
            sorted[count++] = i;
    qsort_r(sorted, count, sizeof *sorted, by_time, run->made.data);
    bool ok = true;
    for (uint32_t i = 0; ok && i < count; i++) {
        const struct import_made *made = &run->made.data[sorted[i]];
        run->summary->events[made->type]++;
        ok = run->sink->event(run->sink->context, rebut_text_of(made->line)) ||
             rebut_fail(err, REBUT_EIO, "cannot write events");
    }
    free(sorted);
    return ok;
}
