/* The bytes of a snapshot changed by hand: make its checksums right again, so that what
 * is behind them is tried. */
#ifndef TESTS_SNAPSHOT_FILE_H
#define TESTS_SNAPSHOT_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../../engine/state/snapshot_parts.h"

/* Where a section begins, or 0 when the header's sizes do not fit the file. */
static inline size_t snapshot_begin(const struct snapshot_header *header, size_t size,
                                    int section)
{
    size_t at = sizeof *header;
    for (int i = 0; i <= section; i++) {
        if (header->sections[i].bytes > size - at)
            return 0;
        if (i < section)
            at += (size_t)header->sections[i].bytes;
    }
    return at;
}

static inline void snapshot_seal_header(uint8_t *data)
{
    struct snapshot_header header;
    memcpy(&header, data, sizeof header);
    header.checksum =
        rebut_snapshot_sum(&header, offsetof(struct snapshot_header, checksum));
    memcpy(data, &header, sizeof header);
}

/* Every checksum as the bytes are now. */
static inline void snapshot_repair(uint8_t *data, size_t size)
{
    struct snapshot_header header;
    if (size < sizeof header)
        return;
    memcpy(&header, data, sizeof header);
    for (int i = 0; i < SNAPSHOT_SECTIONS; i++) {
        const size_t at = snapshot_begin(&header, size, i);
        if (at != 0)
            header.sections[i].checksum =
                rebut_snapshot_sum(data + at, (size_t)header.sections[i].bytes);
    }
    memcpy(data, &header, sizeof header);
    snapshot_seal_header(data);
}

#endif
