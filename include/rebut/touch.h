/* rebut/touch.h -- memory that is there before it is needed.
 *
 *     rebut_touch_start()          once a process; then
 *     rebut_touch(data, size)      "this will be written soon"
 *     rebut_touch_stop()
 *
 * The first write to a page makes the system find and clear one: some 4 ms for a large
 * page (rebut/huge.h) of a virtual machine whose host gives memory only then.  A thread
 * beside the caller's does it ahead of time (MADV_POPULATE_WRITE, Linux 5.14), piece by
 * piece.
 *
 * What is there keeps its content, so nothing has to be right about a range but that it
 * was ours: it may be written, moved or freed meanwhile.  Only advice: not started, too
 * much asked at once, or after a fork in the child, nothing happens.  Any thread may ask;
 * it never waits.
 */
#ifndef REBUT_TOUCH_H
#define REBUT_TOUCH_H

#include <stddef.h>
#include <stdint.h>

void rebut_touch_start(void);
void rebut_touch_stop(
    void); /* what is asked and not done is left; may be started again */

void rebut_touch(const void *data, size_t size);

/* Wait until all that was asked is done: how many bytes since the start.  0 where the
 * system does not do it. */
uint64_t rebut_touch_settle(void);

#endif
