/* The snapshot file, byte by byte, and what its writer and reader share.
 *
 *     header      struct snapshot_header
 *     sections    in the order of the table in snapshot_parts.c, nothing between them
 *     extra       only if the header says so: bytes, and their struct snapshot_checksum
 *
 * A section of rows is the array as it is in memory.  One of ids or texts is, for each
 * block of up to SNAPSHOT_BLOCK of them, their sizes (1 byte each for ids, 4 for texts)
 * and then their bytes.  Private to state's snapshot files, their tests and fuzzer. */
#ifndef REBUT_STATE_SNAPSHOT_PARTS_H
#define REBUT_STATE_SNAPSHOT_PARTS_H

#include "rebut/snapshot.h"

#define SNAPSHOT_MAGIC "rebutst\x1a"
#define SNAPSHOT_VERSION 1
#define SNAPSHOT_SECTIONS 25
#define SNAPSHOT_BLOCK 1024
#define SNAPSHOT_NAME 16

struct snapshot_checksum {
    uint64_t low, high; /* XXH3-128 */
};

struct snapshot_section {
    char name[SNAPSHOT_NAME];
    uint32_t record_size; /* of a row; of the size of an id or text */
    uint32_t count;
    uint64_t bytes;
    struct snapshot_checksum checksum;
};

struct snapshot_header {
    char magic[8];
    uint32_t version;
    uint32_t header_size;
    uint64_t layout; /* see rebut_snapshot_layout */
    uint64_t file_size;
    int64_t as_of, latest;
    uint64_t watermark;
    uint64_t events[REBUT_EVENT_TYPES];
    uint8_t source_digest[REBUT_SNAPSHOT_DIGEST];
    uint32_t section_count;
    uint8_t replaced, source_size, extra, unused;
    char source[REBUT_SNAPSHOT_SOURCE_MAX];
    struct snapshot_section sections[SNAPSHOT_SECTIONS];
    struct snapshot_checksum checksum; /* of all before it */
};

/* What is in a section. */
enum snapshot_kind { SNAPSHOT_ROWS, SNAPSHOT_IDS, SNAPSHOT_TEXTS, SNAPSHOT_WAITING };
struct snapshot_part {
    const char *name;
    enum snapshot_kind kind;
    uint32_t record_size;
    size_t offset;   /* in struct rebut_state; of `waiting`: in the other struct */
    size_t text_max; /* bytes of an id or text */
};
extern const struct snapshot_part rebut_snapshot_parts[SNAPSHOT_SECTIONS];

/* Any REBUT_ARRAY, copied out of its struct and back. */
struct snapshot_array {
    void *data;
    uint32_t count, room;
};

/* Where a part's ids or array are. */
static inline const void *snapshot_place(const struct snapshot_part *part,
                                         const struct rebut_state *state,
                                         const struct rebut_snapshot_about *about)
{
    const void *base = part->kind == SNAPSHOT_WAITING ? (const void *)about : state;
    return (const char *)base + part->offset;
}

struct snapshot_checksum rebut_snapshot_sum(const void *data, size_t size);

/* A number that changes with whatever gives the rows their meaning: places of members,
 * words of the vocabularies, how events are digested. */
uint64_t rebut_snapshot_layout(void);

/* Bytes behind the sections of a header that was checked. */
uint64_t rebut_snapshot_extra(const struct snapshot_header *header);

/* Fails on a machine that lays numbers out in the other order. */
REBUT_MUST_CHECK bool rebut_snapshot_suits_machine(struct rebut_error *err);

/* Can a file of that size, of whose header `got` bytes were read, be used?  Fails with
 * EDATA.  Afterwards no section reaches beyond the file, and no count beyond its section.
 */
REBUT_MUST_CHECK bool rebut_snapshot_check_header(const struct snapshot_header *header,
                                                  size_t got, uint64_t file_size,
                                                  struct rebut_error *err);

/* What the header says itself, into state and *about. */
REBUT_MUST_CHECK bool rebut_snapshot_take_header(const struct snapshot_header *header,
                                                 struct rebut_state *state,
                                                 struct rebut_snapshot_about *about,
                                                 struct rebut_error *err);

/* Is what was read as a whole within its ranges?  Fails with EDATA and names section,
 * row and member.  Never reads out of bounds. */
REBUT_MUST_CHECK bool rebut_snapshot_check(const struct rebut_state *state,
                                           const struct rebut_snapshot_about *about,
                                           struct rebut_error *err);

/* Is this text one that an event could have brought? */
bool rebut_snapshot_text_is_fine(struct rebut_text text, size_t most);

/* Read one file, without falling back.  On failure state and *ret_about are empty. */
REBUT_MUST_CHECK bool rebut_snapshot_read(const char *path, struct rebut_state *state,
                                          struct rebut_snapshot_about *ret_about,
                                          struct rebut_error *err);

/* Write header and sections. */
struct rebut_output;
REBUT_MUST_CHECK bool rebut_snapshot_write(const struct rebut_state *state,
                                           const struct rebut_snapshot_about *about,
                                           struct rebut_output *out,
                                           struct rebut_error *err);

#endif
