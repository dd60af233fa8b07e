/* One thread and a ring of ranges, for the whole process: growth happens everywhere, and
 * whose memory it is does not matter here. */
#include "rebut/touch.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "rebut/huge.h"

#define RANGES 256 /* that wait; more are forgotten */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t asked, idle;
    pthread_t thread;
    bool started, stopping, busy;
    struct range {
        uintptr_t from, to;
    } ranges[RANGES]; /* a ring */
    unsigned first, count;
    uint64_t touched;
} touch = {.lock = PTHREAD_MUTEX_INITIALIZER,
           .asked = PTHREAD_COND_INITIALIZER,
           .idle = PTHREAD_COND_INITIALIZER};

static bool is_child; /* of a fork: it has no such thread, and maybe a lock for ever */

static void become_child(void)
{
    is_child = true;
}

/* Up to the end of a large page; false: the system does not do it. */
static bool touch_piece(uintptr_t from, uintptr_t to)
{
#ifdef MADV_POPULATE_WRITE
    return madvise((void *)from, to - from, MADV_POPULATE_WRITE) == 0; /* NOLINT */
#else
    (void)from, (void)to;
    return false;
#endif
}

/* Take the next piece from the ring; called and left with the lock. */
static void work(void)
{
    struct range *range = &touch.ranges[touch.first];
    const uintptr_t end = (range->from / REBUT_HUGE_PAGE + 1) * REBUT_HUGE_PAGE;
    const struct range piece = {range->from, end < range->to ? end : range->to};
    range->from = piece.to;
    if (range->from == range->to) {
        touch.first = (touch.first + 1) % RANGES;
        touch.count--;
    }
    touch.busy = true;
    pthread_mutex_unlock(&touch.lock);
    const bool done = touch_piece(piece.from, piece.to);
    pthread_mutex_lock(&touch.lock);
    touch.busy = false;
    if (done)
        touch.touched += piece.to - piece.from;
}

static void *run(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&touch.lock);
    while (!touch.stopping) {
        if (touch.count > 0) {
            work();
            continue;
        }
        pthread_cond_broadcast(&touch.idle);
        pthread_cond_wait(&touch.asked, &touch.lock);
    }
    pthread_mutex_unlock(&touch.lock);
    return NULL;
}

/* Signals are not its, and a caller of real-time priority comes before it. */
static bool start_thread(void)
{
    const struct sched_param none = {0};
    pthread_attr_t attributes;
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_sigmask(SIG_BLOCK, &all, &before);
    const bool ok =
        pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED) == 0 &&
        pthread_attr_setschedpolicy(&attributes, SCHED_OTHER) == 0 &&
        pthread_attr_setschedparam(&attributes, &none) == 0 &&
        pthread_create(&touch.thread, &attributes, run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return ok;
}

void rebut_touch_start(void)
{
    static bool is_told;
    if (touch.started || is_child ||
        (!is_told && pthread_atfork(NULL, NULL, become_child) != 0))
        return;
    is_told = true;
    touch.stopping = false;
    touch.first = touch.count = 0;
    touch.touched = 0;
    touch.started = start_thread();
}

void rebut_touch_stop(void)
{
    if (!touch.started || is_child)
        return;
    pthread_mutex_lock(&touch.lock);
    touch.stopping = true;
    pthread_cond_signal(&touch.asked);
    pthread_mutex_unlock(&touch.lock);
    pthread_join(touch.thread, NULL);
    touch.started = false;
}

void rebut_touch(const void *data, size_t size)
{
    const uintptr_t page = 4096;
    const uintptr_t from = ((uintptr_t)data + page - 1) & -page;
    const uintptr_t to = ((uintptr_t)data + size) & -page;
    if (!touch.started || is_child || from >= to ||
        pthread_mutex_trylock(&touch.lock) != 0)
        return;
    if (touch.count < RANGES)
        touch.ranges[(touch.first + touch.count++) % RANGES] = (struct range){from, to};
    pthread_cond_signal(&touch.asked);
    pthread_mutex_unlock(&touch.lock);
}

uint64_t rebut_touch_settle(void)
{
    if (!touch.started || is_child)
        return 0;
    pthread_mutex_lock(&touch.lock);
    while (!touch.stopping && (touch.count > 0 || touch.busy))
        pthread_cond_wait(&touch.idle, &touch.lock);
    const uint64_t touched = touch.touched;
    pthread_mutex_unlock(&touch.lock);
    return touched;
}
