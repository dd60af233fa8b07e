/* Is this the header of a file that this build can read?  Each thing is named that is
 * not: what was expected, and what came. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "snapshot_parts.h"

static bool expect(const char *what, uint64_t came, uint64_t expected,
                   struct rebut_error *err)
{
    return came == expected ||
           rebut_fail(err, REBUT_EDATA, "%s: expected %" PRIu64 ", came %" PRIu64, what,
                      expected, came);
}

static bool check_section(const struct snapshot_section *section,
                          const struct snapshot_part *part, struct rebut_error *err)
{
    char name[SNAPSHOT_NAME] = {0};
    char what[SNAPSHOT_NAME + 64];
    memcpy(name, part->name, strlen(part->name));
    if (memcmp(section->name, name, sizeof name) != 0)
        return rebut_fail(err, REBUT_EDATA, "expected a section '%s', came '%.*s'", name,
                          (int)strnlen(section->name, SNAPSHOT_NAME), section->name);
    snprintf(what, sizeof what, "section '%s', bytes of a record", name);
    if (!expect(what, section->record_size, part->record_size, err))
        return false;
    const uint64_t least = (uint64_t)section->count * part->record_size;
    snprintf(what, sizeof what, "section '%s', bytes of %" PRIu32 " entries", name,
             section->count);
    if (part->kind == SNAPSHOT_ROWS)
        return expect(what, section->bytes, least, err);
    return section->bytes >= least ||
           rebut_fail(err, REBUT_EDATA,
                      "%s: expected at least %" PRIu64 ", came %" PRIu64, what, least,
                      section->bytes);
}

static bool check_sizes(const struct snapshot_header *header, uint64_t file_size,
                        struct rebut_error *err)
{
    uint64_t left = file_size - sizeof *header;
    if (!expect("bytes of the file", file_size, header->file_size, err))
        return false;
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const struct snapshot_section *section = &header->sections[i];
        if (!check_section(section, &rebut_snapshot_parts[i], err))
            return false;
        if (section->bytes > left)
            return rebut_fail(err, REBUT_EDATA,
                              "section '%s': expected at most %" PRIu64
                              " bytes, came %" PRIu64,
                              rebut_snapshot_parts[i].name, left, section->bytes);
        left -= section->bytes;
    }
    if (header->extra == 0)
        return expect("bytes behind the last section", left, 0, err);
    const uint64_t most = UINT32_MAX + (uint64_t)sizeof(struct snapshot_checksum);
    return (left > sizeof(struct snapshot_checksum) && left < most) ||
           rebut_fail(err, REBUT_EDATA,
                      "bytes behind the last section: expected more than %zu, "
                      "came %" PRIu64,
                      sizeof(struct snapshot_checksum), left);
}

uint64_t rebut_snapshot_extra(const struct snapshot_header *header)
{
    uint64_t left = header->file_size - sizeof *header;
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++)
        left -= header->sections[i].bytes;
    return left;
}

bool rebut_snapshot_check_header(const struct snapshot_header *header, size_t got,
                                 uint64_t file_size, struct rebut_error *err)
{
    const size_t first = offsetof(struct snapshot_header, layout);
    if (got < first || memcmp(header->magic, SNAPSHOT_MAGIC, sizeof header->magic) != 0)
        return rebut_fail(err, REBUT_EDATA,
                          "expected a snapshot of rebut, came other bytes (%" PRIu64
                          " of them)",
                          file_size);
    if (!expect("version of the format", header->version, SNAPSHOT_VERSION, err) ||
        !expect("bytes of the header", header->header_size, sizeof *header, err))
        return false;
    if (got < sizeof *header)
        return expect("bytes of the file's header", got, sizeof *header, err);
    const struct snapshot_checksum sum =
        rebut_snapshot_sum(header, offsetof(struct snapshot_header, checksum));
    if (memcmp(&sum, &header->checksum, sizeof sum) != 0)
        return rebut_fail(err, REBUT_EDATA,
                          "the header is damaged: expected checksum %016" PRIx64
                          "%016" PRIx64 ", came %016" PRIx64 "%016" PRIx64,
                          header->checksum.high, header->checksum.low, sum.high, sum.low);
    if (header->layout != rebut_snapshot_layout())
        return rebut_fail(err, REBUT_EDATA,
                          "a build with other rows or words wrote it: expected layout "
                          "%016" PRIx64 ", came %016" PRIx64,
                          rebut_snapshot_layout(), header->layout);
    return expect("number of sections", header->section_count, SNAPSHOT_SECTIONS, err) &&
           check_sizes(header, file_size, err);
}

bool rebut_snapshot_take_header(const struct snapshot_header *header,
                                struct rebut_state *state,
                                struct rebut_snapshot_about *about,
                                struct rebut_error *err)
{
    static const char zeros[REBUT_SNAPSHOT_SOURCE_MAX];
    if (header->replaced > 1 || header->extra > 1 || header->unused != 0 ||
        header->source_size > REBUT_SNAPSHOT_SOURCE_MAX ||
        memcmp(header->source + header->source_size, zeros,
               REBUT_SNAPSHOT_SOURCE_MAX - header->source_size) != 0 ||
        memchr(header->source, '\0', header->source_size) != NULL)
        return rebut_fail(
            err, REBUT_EDATA,
            "the header: expected flags of 0 or 1 and a text as the source");
    state->latest = header->latest;
    state->replaced = header->replaced != 0;
    about->as_of = header->as_of;
    about->watermark = header->watermark;
    memcpy(about->events, header->events, sizeof about->events);
    memcpy(about->source_digest, header->source_digest, sizeof about->source_digest);
    memcpy(about->source, header->source, header->source_size);
    return true;
}
