/* rebut/feeds.h -- where a stream's messages come from.  See rebut/transport.h. */
#ifndef REBUT_FEEDS_H
#define REBUT_FEEDS_H

#include "rebut/transport.h"

#define REBUT_STREAM_LINE_MAX                                                            \
    ((size_t)1 << 20)                         /* longer lines are given by their start */
#define REBUT_STREAM_LINE_HEAD ((size_t)1024) /* of which this much is kept */

/* Lines of a descriptor that stays the caller's: pipe, socket, file or terminal.  One
 * partition, 0, assigned by the first call; positions are numbers of lines, from 1, and
 * seek can only go forward.  Whole lines are given as soon as they are there. */
REBUT_MUST_CHECK bool rebut_feed_input(struct rebut_feed **ret, int fd,
                                       struct rebut_error *err);

#endif
