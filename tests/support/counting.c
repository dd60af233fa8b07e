#include "counting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void path_of(const struct counting *counting, uint32_t partition, char path[256])
{
    snprintf(path, 256, "%s/partition-%" PRIu32, counting->folder, partition);
}

static bool read_state(const struct counting *counting, uint32_t partition,
                       struct counting_partition *state)
{
    char path[256];
    path_of(counting, partition, path);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    const bool ok = fread(&state->at, sizeof state->at, 1, file) == 1 &&
                    fread(state->counts, sizeof *state->counts, COUNTING_BUYERS_MAX,
                          file) == COUNTING_BUYERS_MAX;
    fclose(file);
    return ok;
}

static bool load(struct rebut_handler *handler, uint32_t partition,
                 struct rebut_position stored, struct rebut_position *ret_from,
                 struct rebut_error *err)
{
    struct counting *counting = (struct counting *)handler;
    if (partition >= COUNTING_PARTITIONS_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "too many partitions");
    struct counting_partition *state = &counting->partitions[partition];
    free(state->counts);
    *state = (struct counting_partition){.at = REBUT_POSITION_NONE};
    state->counts = calloc(COUNTING_BUYERS_MAX, sizeof *state->counts);
    if (state->counts == NULL)
        return rebut_fail_memory(err, "counts");
    if (counting->folder != NULL && read_state(counting, partition, state)) {
        if (rebut_position_compare(state->at, stored) > 0)
            return rebut_fail(err, REBUT_EDATA, "a snapshot of the future");
        counting->loads++;
    }
    state->held = true;
    *ret_from = state->at;
    return true;
}

static bool save(struct rebut_handler *handler, uint32_t partition,
                 struct rebut_error *err)
{
    struct counting *counting = (struct counting *)handler;
    struct counting_partition *state = &counting->partitions[partition];
    counting->saves++;
    state->since_save = 0;
    if (counting->folder == NULL || state->at.major < 0)
        return true;
    char path[256], temp[300];
    path_of(counting, partition, path);
    snprintf(temp, sizeof temp, "%s.%ld", path, (long)getpid());
    FILE *file = fopen(temp, "wb");
    if (file == NULL)
        return rebut_fail(err, REBUT_EIO, "cannot write a snapshot");
    fwrite(&state->at, sizeof state->at, 1, file);
    fwrite(state->counts, sizeof *state->counts, COUNTING_BUYERS_MAX, file);
    return (fclose(file) == 0 && rename(temp, path) == 0) ||
           rebut_fail(err, REBUT_EIO, "cannot write a snapshot");
}

static void drop(struct rebut_handler *handler, uint32_t partition)
{
    struct counting_partition *state =
        &((struct counting *)handler)->partitions[partition];
    free(state->counts);
    *state = (struct counting_partition){0};
}

static bool committed(struct rebut_handler *handler, struct rebut_error *err)
{
    struct counting *counting = (struct counting *)handler;
    for (uint32_t i = 0; i < COUNTING_PARTITIONS_MAX; i++)
        if (counting->save_every > 0 &&
            counting->partitions[i].since_save >= counting->save_every &&
            !save(handler, i, err))
            return false;
    return true;
}

static bool number_after(struct rebut_text line, const char *key, uint64_t *ret)
{
    const char *found = memmem(line.data, line.size, key, strlen(key));
    if (found == NULL)
        return false;
    *ret = 0;
    for (found += strlen(key);
         found < line.data + line.size && *found >= '0' && *found <= '9'; found++)
        *ret = *ret * 10 + (uint64_t)(*found - '0');
    return true;
}

static bool give(const struct rebut_message *message, uint64_t n, uint64_t buyer,
                 uint32_t count, uint32_t revision, struct rebut_effects *effects)
{
    char request[32], who[32], json[128];
    snprintf(request, sizeof request, "r%" PRIu64, n);
    snprintf(who, sizeof who, "b%" PRIu64, buyer);
    snprintf(json, sizeof json, "{\"buyer\":\"%s\",\"count\":%" PRIu32 "}", who, count);
    const struct rebut_stream_score score = {.position = message->position,
                                             .partition = message->partition,
                                             .revision = revision,
                                             .request_id = rebut_text_of(request),
                                             .order_id = REBUT_TEXT("o1"),
                                             .buyer_id = rebut_text_of(who),
                                             .merchant_id = REBUT_TEXT("m1"),
                                             .model_id = REBUT_TEXT("counting"),
                                             .answer = REBUT_TEXT("undetermined"),
                                             .requested_at = (int64_t)n,
                                             .as_of = (int64_t)n,
                                             .amount = 100,
                                             .probability = .5,
                                             .low = .25,
                                             .high = .75,
                                             .expected_recovery = 50,
                                             .log_odds = 0,
                                             .json = rebut_text_of(json)};
    return effects->score(effects, &score);
}

static bool handle_one(struct counting *counting, const struct rebut_message *message,
                       struct rebut_effects *effects)
{
    struct counting_partition *state = &counting->partitions[message->partition];
    uint64_t buyer = 0, n = 0;
    if (message->bytes > message->line.size ||
        !number_after(message->line, "\"buyer\":\"b", &buyer) ||
        !number_after(message->line, "\"n\":", &n) || buyer >= COUNTING_BUYERS_MAX) {
        const struct rebut_dead_letter letter = {.message = message,
                                                 .reason = "no_buyer",
                                                 .field = "buyer",
                                                 .expected = "b1",
                                                 .position = message->position};
        return effects->dead(effects, &letter);
    }
    const uint32_t count = ++state->counts[buyer];
    const uint64_t every = counting->score_every == 0 ? 20 : counting->score_every;
    return n % every != 0 || give(message, n, buyer, count, counting->revision, effects);
}

static bool handle(struct rebut_handler *handler, const struct rebut_message *messages,
                   size_t count, struct rebut_effects *effects, struct rebut_error *err)
{
    struct counting *counting = (struct counting *)handler;
    for (size_t i = 0; i < count; i++) {
        struct counting_partition *state = &counting->partitions[messages[i].partition];
        if (!state->held)
            return rebut_fail(err, REBUT_EINPUT, "a message of a partition not held");
        if (rebut_position_compare(messages[i].position, state->at) <= 0)
            return rebut_fail(err, REBUT_EINPUT, "positions went back");
        state->at = messages[i].position;
        state->since_save++;
        (void)handle_one(counting, &messages[i], effects); /* the commit tells */
        counting->handled++;
    }
    if (counting->before_commit != NULL)
        counting->before_commit(counting);
    return true;
}

static bool full(const struct rebut_handler *handler, uint32_t partition)
{
    (void)partition;
    return ((const struct counting *)handler)->is_full;
}

void counting_init(struct counting *counting, const char *folder)
{
    *counting = (struct counting){.handler = {.load = load,
                                              .handle = handle,
                                              .committed = committed,
                                              .save = save,
                                              .drop = drop,
                                              .full = full},
                                  .folder = folder};
}

void counting_release(struct counting *counting)
{
    for (uint32_t i = 0; i < COUNTING_PARTITIONS_MAX; i++)
        drop(&counting->handler, i);
}
