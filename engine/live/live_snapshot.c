/* What a live state has beside its tables, as bytes behind the sections of a snapshot:
 * a header, then buyers of whom all is known, scored requests, held scores and orphans,
 * each a row, an orphan's bytes behind its row.  Chains are made anew from the tables. */
#include "rebut/live_snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "parts.h"
#include "rebut/snapshot.h"

#define EXTRA_VERSION 2
#define EXTRA_KNOWN 2 /* from this version on; before it all buyers were known */

struct extra_header {
    char magic[8];
    uint32_t version, scored, held, orphans;
    int64_t major, minor, watermark;
    uint64_t held_numbers, orphan_numbers;
    uint8_t night[32];
};
struct extra_scored {
    uint64_t digest;
    uint32_t request, revision;
};
struct extra_held {
    int64_t at;
    uint64_t number;
    uint32_t request, unused;
};
struct extra_orphan {
    int64_t at, major, minor;
    uint64_t number;
    uint32_t line_size;
    uint16_t id_size, by_request;
};
_Static_assert(sizeof(struct extra_header) == 8 + 4 * 4 + 5 * 8 + 32, "no padding");
_Static_assert(sizeof(struct extra_orphan) == 4 * 8 + 4 + 2 * 2, "no padding");

static const char magic[8] = "rebutlv";

/* ---- out ---- */

static bool put(struct rebut_snapshot_about *about, const void *data, size_t size,
                struct rebut_error *err)
{
    if (!REBUT_ARRAY_MORE(&about->extra, size, "bytes of a snapshot", err))
        return false;
    memcpy(about->extra.data + about->extra.count, data, size);
    about->extra.count += (uint32_t)size;
    return true;
}

static bool put_header(const struct rebut_live *live, const struct rebut_live_about *of,
                       struct rebut_snapshot_about *about, struct rebut_error *err)
{
    struct extra_header header = {.version = EXTRA_VERSION,
                                  .held = live->held.moments.count,
                                  .orphans = live->orphans.count,
                                  .major = of->major,
                                  .minor = of->minor,
                                  .watermark = live->watermark,
                                  .held_numbers = live->held_numbers,
                                  .orphan_numbers = live->orphans.numbers};
    memcpy(header.magic, magic, sizeof magic);
    memcpy(header.night, of->night, sizeof header.night);
    for (uint32_t i = 0; i < live->requests.count; i++)
        header.scored += live->requests.data[i].scored;
    return put(about, &header, sizeof header, err);
}

static bool put_orphans(const struct rebut_live *live, struct rebut_snapshot_about *about,
                        struct rebut_error *err)
{
    for (uint32_t i = 0; i < live->orphans.places.count; i++) {
        const struct live_orphan *orphan = &live->orphans.places.data[i];
        const struct extra_orphan row = {
            orphan->at,        orphan->major,   orphan->minor,     orphan->number,
            orphan->line_size, orphan->id_size, orphan->by_request};
        if (orphan->number == 0)
            continue;
        if (!put(about, &row, sizeof row, err) ||
            !put(about, orphan->bytes, orphan->line_size + (size_t)orphan->id_size, err))
            return false;
    }
    return true;
}

/* How many, then each. */
static bool put_known(const struct rebut_live *live, struct rebut_snapshot_about *about,
                      struct rebut_error *err)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < live->buyers.count; i++)
        count += live->buyers.data[i].known;
    bool ok = put(about, &count, sizeof count, err);
    for (uint32_t i = 0; ok && i < live->buyers.count; i++)
        ok = !live->buyers.data[i].known || put(about, &i, sizeof i, err);
    return ok;
}

static bool put_all(const struct rebut_live *live, const struct rebut_live_about *of,
                    struct rebut_snapshot_about *about, struct rebut_error *err)
{
    if (!put_header(live, of, about, err) || !put_known(live, about, err))
        return false;
    for (uint32_t i = 0; i < live->requests.count; i++) {
        const struct live_request *request = &live->requests.data[i];
        const struct extra_scored row = {request->digest, i, request->revision};
        if (request->scored && !put(about, &row, sizeof row, err))
            return false;
    }
    for (uint32_t i = 0; i < live->held.moments.count; i++) {
        const struct live_moment *moment = &live->held.moments.data[i];
        const struct extra_held row = {moment->at, moment->number, moment->what, 0};
        if (!put(about, &row, sizeof row, err))
            return false;
    }
    return put_orphans(live, about, err);
}

bool rebut_live_save(const struct rebut_live *live, const struct rebut_live_about *about,
                     const char *path, struct rebut_error *err)
{
    const int64_t latest = live->state.latest;
    struct rebut_snapshot_about whole = {
        .as_of = latest > live->watermark ? latest : live->watermark};
    if (live->due_first < live->due.count || live->dead_first < live->dead.count)
        return rebut_fail(err, REBUT_EINPUT,
                          "cannot save the state of a stream while scores are due");
    if (whole.as_of == REBUT_TIME_NONE)
        whole.as_of = REBUT_TIME_MIN;
    memcpy(whole.source, "a stream", sizeof "a stream");
    const bool ok = put_all(live, about, &whole, err) &&
                    rebut_snapshot_save(&live->state, &whole, path, err);
    rebut_snapshot_about_release(&whole);
    return ok;
}

/* ---- in ---- */

struct input {
    const unsigned char *data;
    size_t left;
};

static bool take(struct input *in, void *ret, size_t size)
{
    if (size > in->left)
        return false;
    memcpy(ret, in->data, size);
    in->data += size;
    in->left -= size;
    return true;
}

static bool is_time(int64_t at)
{
    return at >= REBUT_TIME_MIN && at <= REBUT_TIME_MAX;
}

static bool take_known(struct rebut_live *live, struct input *in, uint32_t version)
{
    uint32_t count = 0, buyer = 0;
    if (version < EXTRA_KNOWN) {
        for (uint32_t i = 0; i < live->buyers.count; i++)
            live->buyers.data[i].known = true;
        return true;
    }
    bool ok = take(in, &count, sizeof count) && count <= live->buyers.count;
    for (uint32_t i = 0; ok && i < count; i++) {
        ok = take(in, &buyer, sizeof buyer) && buyer < live->buyers.count &&
             !live->buyers.data[buyer].known;
        if (ok)
            live->buyers.data[buyer].known = true;
    }
    return ok;
}

static bool take_scored(struct rebut_live *live, struct input *in, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct extra_scored row;
        if (!take(in, &row, sizeof row) || row.request >= live->requests.count ||
            row.revision >= 1U << 29 || live->requests.data[row.request].scored)
            return false;
        struct live_request *request = &live->requests.data[row.request];
        request->scored = 1;
        request->revision = row.revision & ((1U << 29) - 1);
        request->digest = row.digest;
        live_note_score(live, live_buyer_of(live, row.request),
                        live_as_of(live, row.request));
    }
    return true;
}

static bool take_held(struct rebut_live *live, struct input *in, uint32_t count,
                      bool *ret_fits, struct rebut_error *err)
{
    *ret_fits = false;
    for (uint32_t i = 0; i < count; i++) {
        struct extra_held row;
        if (!take(in, &row, sizeof row) || row.request >= live->requests.count ||
            row.at < REBUT_TIME_MIN || row.number > live->held_numbers ||
            row.unused != 0 || live->requests.data[row.request].held ||
            live->requests.data[row.request].scored)
            return true;
        live->requests.data[row.request].held = 1;
        if (!rebut_live_heap_put(
                &live->held, (struct live_moment){row.at, row.number, row.request}, err))
            return false;
    }
    *ret_fits = true;
    return true;
}

static bool take_orphans(struct rebut_live *live, struct input *in, uint32_t count,
                         bool *ret_fits, struct rebut_error *err)
{
    *ret_fits = false;
    for (uint32_t i = 0; i < count; i++) {
        struct extra_orphan row;
        if (!take(in, &row, sizeof row) || !is_time(row.at) || row.number == 0 ||
            row.number > live->orphans.numbers || row.line_size > REBUT_LINE_MAX ||
            row.id_size < 1 || row.id_size > REBUT_ID_MAX || row.by_request > 1 ||
            in->left < row.line_size + (size_t)row.id_size)
            return true;
        const struct live_orphan orphan = {.at = row.at,
                                           .major = row.major,
                                           .minor = row.minor,
                                           .number = row.number,
                                           .line_size = row.line_size,
                                           .id_size = row.id_size,
                                           .by_request = row.by_request};
        if (!rebut_live_put_orphan(live, &orphan, (const char *)in->data, err))
            return false;
        in->data += row.line_size + (size_t)row.id_size;
        in->left -= row.line_size + (size_t)row.id_size;
    }
    *ret_fits = true;
    return true;
}

static bool link_rows(struct rebut_live *live, struct rebut_error *err)
{
    const struct rebut_state *state = &live->state;
    if (!rebut_live_extend(live, err))
        return false;
    for (uint32_t i = 0; i < state->orders.count; i++)
        rebut_live_link(live, LIVE_ORDERS,
                        &live->buyers.data[state->orders.data[i].buyer].orders, i);
    for (uint32_t i = 0; i < state->requests.count; i++)
        rebut_live_link(live, LIVE_REQUESTS,
                        &live->orders.data[state->requests.data[i].order].requests, i);
    for (uint32_t i = 0; i < state->contacts.count; i++)
        rebut_live_link(live, LIVE_CONTACTS,
                        &live->orders.data[state->contacts.data[i].order].contacts, i);
    for (uint32_t i = 0; i < state->outcomes.count; i++)
        rebut_live_link(live, LIVE_OUTCOMES,
                        &live->requests.data[state->outcomes.data[i].request].outcomes,
                        i);
    for (uint32_t i = 0; i < state->verdicts.count; i++)
        rebut_live_link(live, LIVE_VERDICTS,
                        &live->requests.data[state->verdicts.data[i].request].verdicts,
                        i);
    return true;
}

static bool take_extra(struct rebut_live *live, const struct rebut_snapshot_about *about,
                       struct rebut_live_about *ret, struct rebut_error *err)
{
    struct input in = {about->extra.data, about->extra.count};
    struct extra_header header;
    bool held_fit = false, orphans_fit = false;
    if (!take(&in, &header, sizeof header) ||
        memcmp(header.magic, magic, sizeof magic) != 0 || header.version < 1 ||
        header.version > EXTRA_VERSION)
        return rebut_fail(err, REBUT_EDATA,
                          "expected the state of a stream of version 1 to %d behind the "
                          "sections, came %" PRIu32 " bytes of something else",
                          EXTRA_VERSION, about->extra.count);
    if (header.watermark != REBUT_TIME_NONE && !is_time(header.watermark))
        return rebut_fail(err, REBUT_EDATA, "the watermark is no time: %" PRId64,
                          header.watermark);
    live->watermark = header.watermark;
    live->held_numbers = header.held_numbers;
    live->orphans.numbers = header.orphan_numbers;
    ret->major = header.major;
    ret->minor = header.minor;
    memcpy(ret->night, header.night, sizeof ret->night);
    const bool known_fit = take_known(live, &in, header.version);
    const bool scored_fit = known_fit && take_scored(live, &in, header.scored);
    if (!take_held(live, &in, scored_fit ? header.held : 0, &held_fit, err) ||
        !take_orphans(live, &in, held_fit ? header.orphans : 0, &orphans_fit, err))
        return false;
    return (scored_fit && held_fit && orphans_fit && in.left == 0) ||
           rebut_fail(err, REBUT_EDATA, "what waits: the %s do not fit",
                      !known_fit    ? "buyers"
                      : !scored_fit ? "scores"
                      : !held_fit   ? "held scores"
                                    : "events without an order");
}

static bool load_one(const char *path, const struct rebut_live_options *options,
                     const struct rebut_live_night *night, struct rebut_live **ret_live,
                     struct rebut_live_about *ret_about, struct rebut_error *err)
{
    struct rebut_live *live = NULL;
    struct rebut_snapshot_about about = {0};
    *ret_about = (struct rebut_live_about){0};
    if (!rebut_live_new(&live, options, night, err))
        return false;
    bool ok = rebut_snapshot_load(path, &live->state, &about, err);
    if (ok && (!link_rows(live, err) || !take_extra(live, &about, ret_about, err)))
        ok = rebut_fail_context(err, "cannot use snapshot '%s'", path);
    ret_about->fell_back = about.fell_back;
    memcpy(ret_about->damage, about.damage, sizeof ret_about->damage);
    rebut_snapshot_about_release(&about);
    if (ok)
        *ret_live = live;
    else
        rebut_live_free(live);
    return ok;
}

bool rebut_live_load(const char *path, const struct rebut_live_options *options,
                     const struct rebut_live_night *night, struct rebut_live **ret_live,
                     struct rebut_live_about *ret_about, struct rebut_error *err)
{
    struct rebut_error first = {0}, second = {0};
    char *previous = NULL;
    if (load_one(path, options, night, ret_live, ret_about, &first))
        return true;
    if (first.code != REBUT_EDATA || ret_about->fell_back)
        return rebut_fail(err, first.code, "%s", first.message);
    if (asprintf(&previous, "%s.1", path) < 0)
        return rebut_fail_memory(err, "the name of a snapshot");
    const bool ok =
        load_one(previous, options, night, ret_live, ret_about, &second) ||
        rebut_fail(err, first.code, "%.230s; %.230s", first.message, second.message);
    free(previous);
    ret_about->fell_back = ok;
    if (ok)
        memcpy(ret_about->damage, first.message, sizeof ret_about->damage);
    return ok;
}
