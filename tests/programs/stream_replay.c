/* Dead letters brought back, as `rebut replay` would:
 *
 *     stream_replay file PATH [REASON]                     lines to standard output
 *     stream_replay outbox CONNINFO STREAM [REASON]
 *     stream_replay topic CONNINFO STREAM CONFIG TOPIC [REASON]
 *
 * Then "REPLAYED CUT OTHER" on standard error. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rebut/letters.h"

static bool print(void *context, const struct rebut_letter *letter,
                  struct rebut_error *err)
{
    (void)context;
    return (fwrite(letter->line.data, 1, letter->line.size, stdout) ==
                letter->line.size &&
            putchar('\n') != EOF) ||
           rebut_fail(err, REBUT_EIO, "cannot write");
}

static bool send(void *context, const struct rebut_letter *letter,
                 struct rebut_error *err)
{
    return rebut_topic_send(context, letter->key, letter->line, err);
}

static bool settle(void *context, struct rebut_error *err)
{
    return rebut_topic_flush(context, 30000, err);
}

static bool replay(int argc, char **argv, struct rebut_letters_counts *counts,
                   struct rebut_error *err)
{
    if (argc >= 3 && strcmp(argv[1], "file") == 0)
        return rebut_letters_read(argv[2], argv[3], print, NULL, counts, err);
    struct rebut_store *store = NULL;
    struct rebut_topic *topic = NULL;
    bool ok = argc >= 4 && rebut_store_open(&store, argv[2], "replay", err);
    if (ok && strcmp(argv[1], "outbox") == 0)
        ok = rebut_letters_to_outbox(store, argv[3], argv[4], counts, err);
    else if (ok)
        ok = argc >= 6 && rebut_topic_open(&topic, argv[4], argv[5], err) &&
             rebut_letters_query(store, argv[3], argv[6], send, settle, topic, counts,
                                 err);
    rebut_topic_close(topic);
    rebut_store_close(store);
    return ok || rebut_fail(err, REBUT_EUSAGE, "see the head of the source");
}

int main(int argc, char **argv)
{
    struct rebut_error err = {0};
    struct rebut_letters_counts counts = {0};
    const bool ok = replay(argc, argv, &counts, &err);
    if (ok)
        fprintf(stderr, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", counts.replayed,
                counts.cut, counts.other);
    else
        fprintf(stderr, "%s\n", err.message);
    return rebut_exit_code(err.code);
}
