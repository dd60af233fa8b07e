/* The tables as text that does not depend on the numbers that ids happened to get: a line
 * an entry, sorted.  Two states that hold the same give the same text. */
#ifndef TESTS_UNIT_STATE_DUMP_H
#define TESTS_UNIT_STATE_DUMP_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rebut/state.h"

struct dump {
    char **lines;
    size_t count, room;
};

static inline FILE *dump_begin(char **line, size_t *size)
{
    FILE *file = open_memstream(line, size);
    if (file == NULL)
        abort();
    return file;
}

static inline void dump_end(struct dump *dump, FILE *file, char **line)
{
    if (fclose(file) != 0)
        abort();
    if (dump->count == dump->room) {
        dump->room = dump->room * 2 + 64;
        dump->lines = realloc(dump->lines, dump->room * sizeof *dump->lines);
        if (dump->lines == NULL)
            abort();
    }
    dump->lines[dump->count++] = *line;
    *line = NULL;
}

static inline void dump_id(FILE *file, const struct rebut_intern *ids, uint32_t index)
{
    const struct rebut_text text = rebut_intern_text(ids, index);
    fprintf(file, " %.*s", (int)text.size, text.data);
}

/* A word numbered from 1; 0 is absent. */
static inline void dump_word(FILE *file, const struct rebut_intern *words, uint32_t index)
{
    if (index == 0)
        fputs(" -", file);
    else
        dump_id(file, words, index - 1);
}

static inline void dump_order(struct dump *dump, const struct rebut_state *state,
                              uint32_t i)
{
    const struct rebut_order *order = &state->orders.data[i];
    char *line = NULL;
    size_t size = 0;
    FILE *file = dump_begin(&line, &size);
    fputs("order", file);
    dump_id(file, &state->order_ids, i);
    fprintf(file, " %" PRId64 " %" PRId64 " %d %d.%u %d.%u %d %u %x %x %x %u %u",
            order->at, order->amount, order->promised_s, order->shipped_s,
            order->shipped_ms, order->delivered_s, order->delivered_ms,
            order->account_age_s, order->quantity, order->digest, order->shipment_digest,
            order->delivery_digest, order->channel, order->signed_by);
    dump_id(file, &state->buyer_ids, order->buyer);
    dump_id(file, &state->merchant_ids, order->merchant);
    dump_id(file, &state->sku_ids, order->sku);
    dump_word(file, &state->hosts, order->host);
    dump_word(file, &state->categories, order->category);
    dump_word(file, &state->campaigns, order->campaign);
    dump_word(file, &state->regions, order->region);
    dump_word(file, &state->carriers, order->carrier);
    dump_word(file, &state->distributors, order->distributor);
    dump_end(dump, file, &line);
}

static inline void dump_request(struct dump *dump, const struct rebut_state *state,
                                uint32_t i)
{
    const struct rebut_request *request = &state->requests.data[i];
    char *line = NULL;
    size_t size = 0;
    FILE *file = dump_begin(&line, &size);
    fputs("request", file);
    dump_id(file, &state->request_ids, i);
    dump_id(file, &state->order_ids, request->order);
    fprintf(file, " %" PRId64 " %" PRId64 " %" PRIx64 " %u %u", request->at,
            request->amount, request->digest, request->kind, request->reason);
    for (uint32_t p = 0; p < request->photo_count; p++)
        fprintf(file, " %" PRIx64, state->photos.data[request->photo_first + p]);
    if (request->text != REBUT_NONE)
        fprintf(file, " '%.*s'", (int)state->texts.data[request->text].size,
                state->texts.data[request->text].data);
    dump_end(dump, file, &line);
}

static inline void dump_lists(struct dump *dump, const struct rebut_state *state)
{
    char *line = NULL;
    size_t size = 0;
    for (uint32_t i = 0; i < state->contacts.count; i++) {
        const struct rebut_contact *contact = &state->contacts.data[i];
        FILE *file = dump_begin(&line, &size);
        fprintf(file, "contact %" PRId64 " %" PRIx64 " %u %u", contact->at,
                contact->digest, contact->party, contact->kind);
        dump_id(file, &state->order_ids, contact->order);
        dump_end(dump, file, &line);
    }
    for (uint32_t i = 0; i < state->outcomes.count; i++) {
        const struct rebut_outcome_seen *outcome = &state->outcomes.data[i];
        FILE *file = dump_begin(&line, &size);
        fprintf(file, "outcome %" PRId64 " %" PRIx64 " %u %u", outcome->at,
                outcome->digest, outcome->outcome, outcome->by);
        dump_id(file, &state->request_ids, outcome->request);
        dump_end(dump, file, &line);
    }
    for (uint32_t i = 0; i < state->verdicts.count; i++) {
        const struct rebut_verdict_seen *verdict = &state->verdicts.data[i];
        FILE *file = dump_begin(&line, &size);
        fprintf(file, "verdict %" PRId64 " %" PRIx64 " %g %u %u", verdict->at,
                verdict->digest, verdict->propensity, verdict->verdict,
                verdict->selection);
        dump_word(file, &state->reviewers, verdict->reviewer);
        dump_id(file, &state->request_ids, verdict->request);
        dump_end(dump, file, &line);
    }
    for (uint32_t i = 0; i < state->prices.count; i++) {
        const struct rebut_price *price = &state->prices.data[i];
        FILE *file = dump_begin(&line, &size);
        fprintf(file, "price %" PRId64 " %" PRId64, price->at, price->price);
        dump_id(file, &state->sku_ids, price->sku);
        dump_end(dump, file, &line);
    }
}

static inline void dump_links(struct dump *dump, const struct rebut_state *state)
{
    char *line = NULL;
    size_t size = 0;
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        for (uint32_t i = 0; i < state->links[kind].count; i++) {
            const struct rebut_link *link = &state->links[kind].data[i];
            FILE *file = dump_begin(&line, &size);
            fprintf(file, "link %d", kind);
            dump_id(file, &state->buyer_ids, link->buyer);
            dump_id(file, &state->key_ids[kind], link->key);
            dump_end(dump, file, &line);
        }
    }
}

static inline int dump_compare(const void *left, const void *right)
{
    char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

/* The caller frees it. */
static inline char *dump_state(const struct rebut_state *state)
{
    struct dump dump = {0};
    char *all = NULL;
    size_t size = 0;
    FILE *file = dump_begin(&all, &size);
    for (uint32_t i = 0; i < state->orders.count; i++)
        dump_order(&dump, state, i);
    for (uint32_t i = 0; i < state->requests.count; i++)
        dump_request(&dump, state, i);
    dump_lists(&dump, state);
    dump_links(&dump, state);
    if (dump.count > 0)
        qsort(dump.lines, dump.count, sizeof *dump.lines, dump_compare);
    fprintf(file, "latest %" PRId64 " photos %" PRIu32 "\n", state->latest,
            state->photos.count);
    for (size_t i = 0; i < dump.count; i++) {
        fprintf(file, "%s\n", dump.lines[i]);
        free(dump.lines[i]);
    }
    free(dump.lines);
    if (fclose(file) != 0)
        abort();
    return all;
}

#endif
