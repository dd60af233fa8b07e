/* A handler that counts: what a scorer of streams is to its transport, and no more.
 *
 * A message is a JSON object with "buyer":"b1" and "n":17.  The state of a partition is
 * how many messages each buyer has had; where n is divisible by 20 (or as told) a score
 * says how many: request "r17", {"buyer":"b1","count":3}.  So what it gives shows every
 * message that was lost, doubled or turned around.  A line without a buyer is a dead
 * letter.  Snapshots are files of a folder, written when a commit finds them due.
 */
#ifndef TESTS_COUNTING_H
#define TESTS_COUNTING_H

#include "rebut/loop.h"

#define COUNTING_BUYERS_MAX 100000
#define COUNTING_PARTITIONS_MAX 64

struct counting_partition {
    bool held;
    uint32_t *counts; /* [COUNTING_BUYERS_MAX], by the number in "b1" */
    struct rebut_position at;
    uint64_t since_save;
};

struct counting {
    struct rebut_handler handler;
    const char *folder;   /* of snapshots; NULL: none */
    uint64_t save_every;  /* messages; 0: only when told */
    uint64_t score_every; /* 0: 20 */
    uint64_t handled, saves, loads;
    uint32_t revision;                                /* of its scores */
    bool is_full;                                     /* what `full` says */
    void (*before_commit)(struct counting *counting); /* after each handle; NULL */
    struct counting_partition partitions[COUNTING_PARTITIONS_MAX];
};

void counting_init(struct counting *counting, const char *folder);
void counting_release(struct counting *counting);

#endif
