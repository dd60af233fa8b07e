/* What would `rebut stream` cost if it only parsed?  Lines of standard input by the
 * stream's own feed, each parsed by rebut_event_parse, and counted.
 *
 *     stream_parse <EVENTS
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "rebut/event.h"
#include "rebut/feeds.h"

int main(void)
{
    static char room[REBUT_STREAM_LINE_MAX];
    struct rebut_error err = {0};
    struct rebut_feed *feed = NULL;
    struct rebut_batch batch = {0};
    unsigned long lines = 0, refused = 0;
    if (!rebut_feed_input(&feed, STDIN_FILENO, &err))
        goto failed;
    while (!batch.end) {
        if (!feed->next(feed, 200, &batch, &err))
            goto failed;
        for (size_t i = 0; i < batch.count; i++) {
            struct rebut_event_scratch scratch = {.data = room, .size = sizeof room};
            struct rebut_event event;
            struct rebut_refusal refusal;
            lines++;
            refused +=
                !rebut_event_parse(batch.messages[i].line, &scratch, &event, &refusal);
        }
    }
    feed->close(feed);
    printf("%lu lines, %lu refused\n", lines, refused);
    return 0;
failed:
    fprintf(stderr, "stream_parse: %s\n", err.message);
    return 1;
}
