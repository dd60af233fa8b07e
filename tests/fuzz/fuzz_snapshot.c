/* Can a crafted snapshot do harm?
 *
 * The input is a snapshot whose checksums, version and layout are made right first, so
 * that everything behind them is tried.  What is refused leaves nothing.  What is
 * accepted is saved again, to the same bytes; one event of each type is applied; and the
 * state is sealed and scored to the end, with the sanitizers watching.
 *
 * The corpus was written by `benchmarks/snapshot EVENTS FILE` from a few orders.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/snapshot_file.h"
#include "rebut/learn.h"
#include "rebut/score_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__,            \
                    #condition);                                                         \
            abort();                                                                     \
        }                                                                                \
    } while (0)

static char path[64], previous[72];

static void remove_files(void)
{
    unlink(path);
    unlink(previous);
}

static void write_file(const uint8_t *data, size_t size)
{
    if (path[0] == '\0') {
        const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        snprintf(path, sizeof path, "%s/rebut-fuzz-%ld", folder, (long)getpid());
        snprintf(previous, sizeof previous, "%s.1", path);
        atexit(remove_files);
    }
    FILE *file = fopen(path, "wb");
    HOLDS(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

/* What a build of today would have written around these bytes. */
static void repair(uint8_t *data, size_t size)
{
    struct snapshot_header header;
    if (size < sizeof header)
        return;
    memcpy(&header, data, sizeof header);
    memcpy(header.magic, SNAPSHOT_MAGIC, sizeof header.magic);
    header.version = SNAPSHOT_VERSION;
    header.header_size = sizeof header;
    header.layout = rebut_snapshot_layout();
    header.file_size = size;
    memcpy(data, &header, sizeof header);
    snapshot_repair(data, size);
}

/* The same bytes again. */
static void check_saved(const struct rebut_state *state,
                        const struct rebut_snapshot_about *about, const uint8_t *data,
                        size_t size)
{
    struct rebut_error err = {0};
    uint8_t *again = malloc(size + 1);
    HOLDS(again != NULL);
    HOLDS(rebut_snapshot_save(state, about, path, &err));
    FILE *file = fopen(path, "rb");
    HOLDS(file != NULL && fread(again, 1, size + 1, file) == size);
    HOLDS(memcmp(again, data, size) == 0);
    fclose(file);
    free(again);
}

static void apply_some(struct rebut_state *state)
{
    for (int type = 0; type < REBUT_EVENT_TYPES; type++) {
        enum rebut_applied applied = REBUT_APPLIED;
        uint32_t other = 0;
        struct rebut_event event = {.type = (enum rebut_event_type)type,
                                    .at = 0, /* earlier than all: it replaces */
                                    .quantity = 1,
                                    .promised_ship_at = REBUT_TIME_NONE,
                                    .account_created_at = REBUT_TIME_NONE,
                                    .order_id = REBUT_TEXT("o1"),
                                    .request_id = REBUT_TEXT("r1"),
                                    .buyer_id = REBUT_TEXT("b1"),
                                    .merchant_id = REBUT_TEXT("m1"),
                                    .sku_id = REBUT_TEXT("s1")};
        if (state->orders.count > 0)
            event.order_id = rebut_intern_text(&state->order_ids, 0);
        if (state->requests.count > 0)
            event.request_id = rebut_intern_text(&state->request_ids, 0);
        if (!rebut_state_apply(state, &event, &applied, &other, NULL))
            return;
    }
}

static void score(struct rebut_state *state)
{
    uint64_t duplicates[REBUT_EVENT_TYPES];
    struct rebut_model model;
    struct rebut_frame frame = {0};
    struct rebut_inference inference = {0};
    struct rebut_scores scores = {0};
    struct rebut_output out;
    HOLDS(rebut_state_seal(state, duplicates, NULL));
    HOLDS(rebut_output_open(&out, "/dev/null", NULL));
    rebut_model_init(&model);
    if (rebut_model_learn_levels(&model, state, NULL) &&
        rebut_frame_build(&frame, state, REBUT_TIME_MAX, &model, NULL) &&
        rebut_infer_open(&inference, &frame, NULL) &&
        rebut_infer(&inference, &model, NULL) &&
        rebut_scores_open(&scores, &inference, &model, INT64_MIN, NULL))
        rebut_scores_write_ndjson(&scores, REBUT_CHINESE, &out);
    rebut_output_release(&out);
    rebut_scores_close(&scores);
    rebut_infer_close(&inference);
    rebut_frame_release(&frame);
    rebut_model_release(&model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rebut_state state;
    struct rebut_snapshot_about about;
    struct rebut_error err = {0};
    uint8_t *copy = malloc(size + 1);
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    repair(copy, size);
    write_file(copy, size);
    rebut_state_init(&state, 618);
    if (rebut_snapshot_load(path, &state, &about, &err)) {
        HOLDS(!about.fell_back);
        check_saved(&state, &about, copy, size);
        apply_some(&state);
        score(&state);
        rebut_snapshot_about_release(&about);
    } else {
        HOLDS(err.code == REBUT_EDATA && err.message[0] != '\0');
        HOLDS(state.orders.data == NULL && about.waiting.data == NULL);
    }
    rebut_state_release(&state);
    unlink(previous);
    free(copy);
    return 0;
}
