/* stream.h -- a small platform's events, taken by a live state, and what it holds of each
 * buyer as text.  Used with cmocka. */
#ifndef TESTS_UNIT_LIVE_STREAM_H
#define TESTS_UNIT_LIVE_STREAM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../state/dump.h"
#include "rebut/live.h"

#define START INT64_C(1767225600000000)
#define HOUR (3600 * REBUT_SECOND)

struct stream {
    char **lines;
    struct rebut_event *events;
    size_t count, room;
};

static uint64_t chance = 1;

static inline unsigned pick(unsigned bound)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((chance >> 33) % bound);
}

static inline void say(struct stream *stream, const char *format, ...) REBUT_PRINTF(2, 3);
static inline void say(struct stream *stream, const char *format, ...)
{
    va_list words;
    struct rebut_refusal refusal;
    struct rebut_event_scratch scratch = {NULL, 0, 0};
    if (stream->count == stream->room) {
        stream->room = stream->room * 2 + 64;
        stream->lines = realloc(stream->lines, stream->room * sizeof *stream->lines);
        stream->events = realloc(stream->events, stream->room * sizeof *stream->events);
        if (stream->lines == NULL || stream->events == NULL)
            abort();
    }
    va_start(words, format);
    if (vasprintf(&stream->lines[stream->count], format, words) < 0)
        abort();
    va_end(words);
    for (char *at = stream->lines[stream->count]; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    if (!rebut_event_parse(rebut_text_of(stream->lines[stream->count]), &scratch,
                           &stream->events[stream->count], &refusal))
        fail_msg("%s: %s %s", stream->lines[stream->count], refusal.reason,
                 refusal.field);
    stream->count++;
}

static inline void stream_free(struct stream *stream)
{
    for (size_t i = 0; i < stream->count; i++)
        free(stream->lines[i]);
    free(stream->lines);
    free(stream->events);
    *stream = (struct stream){0};
}

static inline void stream_swap(struct stream *stream, size_t a, size_t b)
{
    char *line = stream->lines[a];
    const struct rebut_event event = stream->events[a];
    stream->lines[a] = stream->lines[b];
    stream->events[a] = stream->events[b];
    stream->lines[b] = line;
    stream->events[b] = event;
}

static inline void stream_shuffle(struct stream *stream)
{
    for (size_t i = stream->count; i > 1; i--)
        stream_swap(stream, i - 1, pick((unsigned)i));
}

/* ---- events; times in milliseconds from START ---- */

static inline long long ms(int64_t at)
{
    return (long long)(START / 1000 + at);
}

static inline void say_order(struct stream *stream, unsigned order, unsigned buyer,
                             int64_t at, unsigned amount)
{
    say(stream,
        "{'type':'order','at':%lld,'order_id':'order-number-%u','buyer_id':'b%u',"
        "'merchant_id':'m%u','sku_id':'sku-with-a-long-name-%u','category':'c%u',"
        "'device_id':'d%u','address_id':'a%u','host_id':'h%u','channel':'shelf','amount':"
        "%u}",
        ms(at), order, buyer, order % 5, order % 7, order % 3, (order + buyer) % 4,
        buyer % 3, order % 2, amount);
}

static inline void say_request(struct stream *stream, unsigned request, unsigned order,
                               int64_t at, const char *kind)
{
    say(stream,
        "{'type':'request','at':%lld,'request_id':'r%u','order_id':'order-number-%u',"
        "'kind':'%s','reason':'quality','amount':%u,'text':'broken %u',"
        "'photos':['00112233445566%02x']}",
        ms(at), request, order, kind, 100 + request, request, request % 256);
}

static inline void say_parcel(struct stream *stream, const char *type, unsigned order,
                              int64_t at)
{
    say(stream, "{'type':'%s','at':%lld,'order_id':'order-number-%u'%s}", type, ms(at),
        order, strcmp(type, "shipment") == 0 ? ",'carrier':'sf'" : ",'signed_by':'self'");
}

static inline void say_contact(struct stream *stream, unsigned order, int64_t at)
{
    say(stream,
        "{'type':'contact','at':%lld,'order_id':'order-number-%u','by':'buyer',"
        "'kind':'message'}",
        ms(at), order);
}

static inline void say_outcome(struct stream *stream, unsigned request, int64_t at)
{
    say(stream,
        "{'type':'outcome','at':%lld,'request_id':'r%u','outcome':'granted',"
        "'by':'platform'}",
        ms(at), request);
}

static inline void say_verdict(struct stream *stream, unsigned request, int64_t at)
{
    say(stream,
        "{'type':'verdict','at':%lld,'request_id':'r%u','verdict':'%s','by':'v%u'}",
        ms(at), request, pick(2) == 0 ? "abuse" : "legitimate", pick(3));
}

/* One order, and what follows; some of it twice, some of it otherwise. */
static inline void say_story(struct stream *stream, unsigned order, unsigned buyers)
{
    const int64_t hour = 3600000;
    const int64_t at = pick(40) * hour;
    const unsigned buyer = pick(buyers);
    say_order(stream, order, buyer, at, 5000);
    if (pick(8) == 0) /* the same id with other content, even another buyer */
        say_order(stream, order, pick(buyers), at + (int64_t)pick(5) * hour - 2 * hour,
                  5000 + pick(3));
    for (unsigned i = pick(3); i > 0; i--)
        say_parcel(stream, "shipment", order, at + pick(30) * hour);
    for (unsigned i = pick(3); i > 0; i--)
        say_parcel(stream, "delivery", order, at + pick(60) * hour);
    for (unsigned i = pick(3); i > 0; i--)
        say_contact(stream, order, at + pick(60) * hour);
    if (pick(2) == 0)
        return;
    say_request(stream, order, order, at + (int64_t)pick(50) * hour - hour,
                pick(4) > 0 ? "refund_only" : "return_refund");
    if (pick(8) == 0)
        say_request(stream, order, 1 + pick(order), at + pick(50) * hour, "refund_only");
    for (unsigned i = pick(3); i > 0; i--)
        say_outcome(stream, order, at + pick(90) * hour);
    for (unsigned i = pick(3); i > 0; i--)
        say_verdict(stream, order, at + pick(90) * hour);
}

static inline void say_world(struct stream *stream, unsigned orders, unsigned buyers)
{
    for (unsigned order = 1; order <= orders; order++)
        say_story(stream, order, buyers);
    const size_t count = stream->count;
    for (size_t i = 0; i < count / 5; i++) /* and many come twice */
        say(stream, "%s", stream->lines[pick((unsigned)count)]);
}

/* ---- into the tables ---- */

static inline struct rebut_live *live_of(struct rebut_live_options options,
                                         const struct rebut_live_night *night)
{
    struct rebut_live *live = NULL;
    struct rebut_error err = {0};
    if (!rebut_live_new(&live, &options, night, &err))
        fail_msg("%s", err.message);
    return live;
}

static inline enum rebut_live_became
take_at(struct rebut_live *live, const struct stream *stream, size_t i, int64_t now)
{
    const struct rebut_live_message message = {.event = &stream->events[i],
                                               .line = rebut_text_of(stream->lines[i]),
                                               .major = (int64_t)i,
                                               .now = now};
    enum rebut_live_became became = REBUT_LIVE_BECAME;
    struct rebut_error err = {0};
    if (!rebut_live_apply(live, &message, &became, &err))
        fail_msg("%s", err.message);
    return became;
}

static inline enum rebut_live_became take(struct rebut_live *live,
                                          const struct stream *stream, size_t i)
{
    return take_at(live, stream, i, REBUT_TIME_NONE);
}

/* All the events that pass, as a batch takes them: orphans again until none is left. */
static inline void state_of(const struct stream *stream,
                            bool (*passes)(const struct rebut_event *, const void *),
                            const void *context, bool seal, struct rebut_state *ret)
{
    bool *done = calloc(stream->count + 1, sizeof *done);
    uint64_t duplicates[REBUT_EVENT_TYPES];
    struct rebut_error err = {0};
    rebut_state_init(ret, 99);
    ret->keeps_keys = true;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < stream->count; i++) {
            enum rebut_applied applied = REBUT_APPLIED;
            uint32_t other = 0;
            if (done[i] || (passes != NULL && !passes(&stream->events[i], context)))
                continue;
            if (!rebut_state_apply(ret, &stream->events[i], &applied, &other, &err))
                fail_msg("%s", err.message);
            done[i] = applied != REBUT_ORPHAN;
            more = more || done[i];
        }
    }
    free(done);
    if (seal)
        assert_true(rebut_state_seal(ret, duplicates, &err));
}

static inline uint32_t index_of(const struct rebut_intern *ids, struct rebut_text id)
{
    return rebut_intern_find(ids, id, rebut_intern_hash(ids, id));
}

static inline uint32_t request_of(const struct rebut_live *live, unsigned number)
{
    char id[32];
    snprintf(id, sizeof id, "r%u", number);
    return index_of(&rebut_live_state(live)->request_ids, rebut_text_of(id));
}

/* What a view has of its own, byte by byte; the caller frees it. */
static inline char *bytes_of(const struct rebut_state *small, size_t *ret_size)
{
    char *bytes = NULL;
    FILE *file = open_memstream(&bytes, ret_size);
    if (file == NULL)
        abort();
#define PUT(array)                                                                       \
    fwrite(&(array).count, sizeof(array).count, 1, file);                                \
    if ((array).count > 0)                                                               \
    fwrite((array).data, sizeof *(array).data, (array).count, file)
    PUT(small->orders);
    PUT(small->requests);
    PUT(small->contacts);
    PUT(small->outcomes);
    PUT(small->verdicts);
    PUT(small->photos);
    for (int kind = 0; kind < REBUT_KEYS; kind++) {
        PUT(small->links[kind]);
    }
#undef PUT
    for (uint32_t i = 0; i < small->texts.count; i++)
        fwrite(small->texts.data[i].data, 1, small->texts.data[i].size, file);
    const struct rebut_intern *ids[] = {
        &small->order_ids, &small->request_ids, &small->buyer_ids,  &small->merchant_ids,
        &small->sku_ids,   &small->key_ids[0],  &small->key_ids[1], &small->key_ids[2]};
    for (size_t table = 0; table < sizeof ids / sizeof *ids; table++)
        for (uint32_t i = 0; i < ids[table]->count; i++) {
            const struct rebut_text text = rebut_intern_text(ids[table], i);
            fprintf(file, "%.*s,", (int)text.size, text.data);
        }
    fprintf(file, "%" PRId64 " %d", small->latest, small->sealed);
    if (fclose(file) != 0)
        abort();
    return bytes;
}

#endif
