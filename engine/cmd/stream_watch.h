/* A stream as others see it: /healthz, /readyz and /metrics (OpenMetrics) on an address.
 *
 * The stream is one thread and publishes its figures now and then; the server's threads
 * give out what was published last.  Names of reasons and counts only: no ids. */
#ifndef REBUT_CMD_STREAM_WATCH_H
#define REBUT_CMD_STREAM_WATCH_H

#include "rebut/loop.h"
#include "rebut/scorer.h"
#include "stream_night.h"

struct rebut_stream_watch;

/* Listen on `address` (rebut/http_server.h); not ready yet. */
REBUT_MUST_CHECK bool rebut_stream_watch_open(struct rebut_stream_watch **ret,
                                              const char *address,
                                              const struct rebut_log *log,
                                              int64_t (*now_us)(void),
                                              struct rebut_error *err);
void rebut_stream_watch_close(struct rebut_stream_watch *watch); /* NULL is allowed */

/* What stands now; ready from the first time on. */
void rebut_stream_watch_publish(struct rebut_stream_watch *watch,
                                const struct rebut_loop_counts *loop,
                                const struct rebut_scorer *scorer,
                                const struct rebut_stream_night_facts *night);

#endif
