/* Header and sections into an output.  Each section is gone through twice: once for its
 * checksum, which the header needs, and once to be written. */
#include <inttypes.h>
#include <stdlib.h>

#include "rebut/output.h"
#include "snapshot_parts.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Where the bytes of a section go. */
struct target {
    XXH3_state_t sum;
    struct rebut_output *out; /* NULL: they are only summed */
    uint64_t bytes;
};

static bool put(struct target *target, const void *data, size_t size)
{
    if (size == 0)
        return true;
    XXH3_128bits_update(&target->sum, data, size);
    target->bytes += size;
    return target->out == NULL || rebut_output_write(target->out, data, size);
}

static bool fail_text(const struct snapshot_part *part, uint32_t index,
                      struct rebut_error *err)
{
    return rebut_fail(err, REBUT_EINPUT,
                      "section '%s', entry %" PRIu32
                      ": expected UTF-8 of up to %zu bytes "
                      "without NUL",
                      part->name, index, part->text_max);
}

static bool put_ids(struct target *target, const struct snapshot_part *part,
                    const struct rebut_intern *ids, struct rebut_error *err)
{
    unsigned char sizes[SNAPSHOT_BLOCK];
    char bytes[SNAPSHOT_BLOCK * 128];
    _Static_assert(REBUT_LABEL_MAX <= 128 && REBUT_ID_MAX <= 128, "they fit");
    for (uint32_t start = 0; start < ids->count; start += SNAPSHOT_BLOCK) {
        size_t used = 0;
        uint32_t i = 0;
        for (; i < SNAPSHOT_BLOCK && start + i < ids->count; i++) {
            const struct rebut_text id = rebut_intern_text(ids, start + i);
            if (!rebut_snapshot_text_is_fine(id, part->text_max))
                return fail_text(part, start + i, err);
            sizes[i] = (unsigned char)id.size;
            memcpy(bytes + used, id.data, id.size);
            used += id.size;
        }
        if (!put(target, sizes, i) || !put(target, bytes, used))
            break;
    }
    return true;
}

static bool put_texts(struct target *target, const struct snapshot_part *part,
                      const struct rebut_text *texts, uint32_t count,
                      struct rebut_error *err)
{
    uint32_t sizes[SNAPSHOT_BLOCK];
    for (uint32_t start = 0; start < count; start += SNAPSHOT_BLOCK) {
        const uint32_t left = count - start;
        const uint32_t here = left < SNAPSHOT_BLOCK ? left : SNAPSHOT_BLOCK;
        for (uint32_t i = 0; i < here; i++) {
            if (!rebut_snapshot_text_is_fine(texts[start + i], part->text_max))
                return fail_text(part, start + i, err);
            sizes[i] = (uint32_t)texts[start + i].size;
        }
        bool going = put(target, sizes, here * sizeof *sizes);
        for (uint32_t i = 0; going && i < here; i++)
            going = put(target, texts[start + i].data, texts[start + i].size);
        if (!going)
            break;
    }
    return true;
}

/* A failed write is no failure here: the output remembers it for the commit. */
static bool put_part(struct target *target, const struct snapshot_part *part,
                     const void *place, struct rebut_error *err)
{
    struct snapshot_array array;
    XXH3_128bits_reset(&target->sum);
    target->bytes = 0;
    if (part->kind == SNAPSHOT_IDS)
        return put_ids(target, part, place, err);
    memcpy(&array, place, sizeof array);
    if (part->kind != SNAPSHOT_ROWS)
        return put_texts(target, part, array.data, array.count, err);
    put(target, array.data, (size_t)array.count * part->record_size);
    return true;
}

static uint32_t count_of(const struct snapshot_part *part, const void *place)
{
    struct snapshot_array array;
    if (part->kind == SNAPSHOT_IDS)
        return ((const struct rebut_intern *)place)->count;
    memcpy(&array, place, sizeof array);
    return array.count;
}

static struct snapshot_checksum sum_of(const struct target *target)
{
    const XXH128_hash_t hash = XXH3_128bits_digest(&target->sum);
    return (struct snapshot_checksum){hash.low64, hash.high64};
}

static bool fill_header(const struct rebut_state *state,
                        const struct rebut_snapshot_about *about, struct target *target,
                        struct snapshot_header *ret, struct rebut_error *err)
{
    memset(ret, 0, sizeof *ret);
    memcpy(ret->magic, SNAPSHOT_MAGIC, sizeof ret->magic);
    ret->version = SNAPSHOT_VERSION;
    ret->header_size = sizeof *ret;
    ret->layout = rebut_snapshot_layout();
    ret->file_size = sizeof *ret;
    ret->as_of = about->as_of;
    ret->latest = state->latest;
    ret->watermark = about->watermark;
    memcpy(ret->events, about->events, sizeof ret->events);
    memcpy(ret->source_digest, about->source_digest, sizeof ret->source_digest);
    ret->section_count = SNAPSHOT_SECTIONS;
    ret->replaced = state->replaced;
    ret->source_size = (uint8_t)strlen(about->source);
    memcpy(ret->source, about->source, ret->source_size);
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const struct snapshot_part *part = &rebut_snapshot_parts[i];
        const void *place = snapshot_place(part, state, about);
        struct snapshot_section *section = &ret->sections[i];
        if (!put_part(target, part, place, err))
            return false;
        memcpy(section->name, part->name, strlen(part->name));
        section->record_size = part->record_size;
        section->count = count_of(part, place);
        section->bytes = target->bytes;
        section->checksum = sum_of(target);
        ret->file_size += section->bytes;
    }
    ret->extra = about->extra.count > 0;
    if (ret->extra)
        ret->file_size += about->extra.count + sizeof(struct snapshot_checksum);
    ret->checksum = rebut_snapshot_sum(ret, offsetof(struct snapshot_header, checksum));
    return true;
}

bool rebut_snapshot_write(const struct rebut_state *state,
                          const struct rebut_snapshot_about *about,
                          struct rebut_output *out, struct rebut_error *err)
{
    struct snapshot_header header;
    struct target target = {.out = NULL};
    if (!fill_header(state, about, &target, &header, err))
        return false;
    target.out = out;
    rebut_output_write(out, &header, sizeof header);
    for (int i = 0; i < SNAPSHOT_SECTIONS && out->cause == 0; i++) {
        const struct snapshot_part *part = &rebut_snapshot_parts[i];
        if (!put_part(&target, part, snapshot_place(part, state, about), err))
            return false;
        const struct snapshot_checksum sum = sum_of(&target);
        if (out->cause == 0 &&
            memcmp(&sum, &header.sections[i].checksum, sizeof sum) != 0)
            return rebut_fail(err, REBUT_EINPUT,
                              "section '%s' changed while it was being saved",
                              part->name);
    }
    if (about->extra.count > 0) {
        const struct snapshot_checksum sum =
            rebut_snapshot_sum(about->extra.data, about->extra.count);
        rebut_output_write(out, about->extra.data, about->extra.count);
        rebut_output_write(out, &sum, sizeof sum);
    }
    return true;
}
