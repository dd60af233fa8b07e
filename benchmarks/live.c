/* What does a live state cost: an event, a view, a byte, and the longest standstill?
 *
 *     live ORDERS BUYERS
 *
 * Made-up events, in order of time, each order with a shipment and a delivery, every
 * tenth with a contact and a request.  Then views of requests, a snapshot by a child with
 * the events that follow it, and the largest resident memory.  JSON lines on standard
 * output.  Times are of the processor, in this thread, so that a busy machine does not
 * count; `clock` says how long the whole stood still.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "rebut/live_snapshot.h"

static uint64_t chance = 1;

static uint32_t pick(uint32_t bound)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((chance >> 33) % bound);
}

static double read_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static double now_us(void)
{
    return read_us(CLOCK_THREAD_CPUTIME_ID);
}

static _Noreturn void fail(const struct rebut_error *err)
{
    fprintf(stderr, "live: %s\n", err->message);
    exit(1);
}

/* An event with room for its ids. */
struct made {
    struct rebut_event event;
    char ids[8][24];
};

static struct rebut_text id_of(struct made *made, int place, char kind, uint32_t number)
{
    const int size =
        snprintf(made->ids[place], sizeof made->ids[place], "%c%09u", kind, number);
    return (struct rebut_text){made->ids[place], (size_t)size};
}

struct run {
    struct rebut_live *live;
    uint64_t events, due;
    double spent_us, longest_us;
    uint64_t over_1ms, over_5ms;
    int64_t at;
};

static void take(struct run *run, const struct rebut_event *event)
{
    const struct rebut_live_message message = {
        .event = event, .line = REBUT_TEXT("{}"), .now = REBUT_TIME_NONE};
    enum rebut_live_became became = REBUT_LIVE_APPLIED;
    struct rebut_live_due due;
    struct rebut_error err = {0};
    uint32_t revision = 0;
    const double begin = now_us();
    if (!rebut_live_apply(run->live, &message, &became, &err))
        fail(&err);
    const double spent = now_us() - begin;
    run->spent_us += spent;
    run->longest_us = spent > run->longest_us ? spent : run->longest_us;
    run->over_1ms += spent > 1000;
    run->over_5ms += spent > 5000;
    run->events++;
    while (rebut_live_next(run->live, &due)) {
        rebut_live_scored(run->live, due.request, 1, &revision);
        run->due++;
    }
}

static void one_order(struct run *run, uint32_t number, uint32_t buyers)
{
    static const struct rebut_event empty = {.quantity = 1,
                                             .weight_g = -1,
                                             .promised_ship_at = REBUT_TIME_NONE,
                                             .account_created_at = REBUT_TIME_NONE};
    struct made made = {.event = empty};
    struct rebut_event *event = &made.event;
    const uint32_t buyer = pick(buyers);
    event->type = REBUT_EVENT_ORDER;
    event->at = run->at += 1000;
    event->order_id = id_of(&made, 0, 'o', number);
    event->buyer_id = id_of(&made, 1, 'b', buyer);
    event->merchant_id = id_of(&made, 2, 'm', pick(2000));
    event->sku_id = id_of(&made, 3, 's', pick(100000));
    event->device_id = id_of(&made, 4, 'd', buyer);
    event->address_id = id_of(&made, 5, 'a', buyer);
    event->payment_id = id_of(&made, 6, 'p', buyer);
    event->category = REBUT_TEXT("food");
    event->channel = REBUT_CHANNEL_SHELF;
    event->amount = 5000;
    take(run, event);
    event->type = REBUT_EVENT_SHIPMENT;
    event->at = run->at += 1000;
    event->carrier = REBUT_TEXT("sf");
    take(run, event);
    event->type = REBUT_EVENT_DELIVERY;
    event->at = run->at += 1000;
    event->signed_by = REBUT_SIGNED_SELF;
    take(run, event);
    if (number % 10 != 0)
        return;
    event->type = REBUT_EVENT_CONTACT;
    event->party = REBUT_PARTY_BUYER;
    event->contact_kind = REBUT_CONTACT_MESSAGE;
    take(run, event);
    event->type = REBUT_EVENT_REQUEST;
    event->at = run->at += 1000;
    event->request_id = id_of(&made, 7, 'r', number);
    event->request_kind = REBUT_KIND_REFUND_ONLY;
    event->reason = REBUT_REASON_QUALITY;
    event->text = REBUT_TEXT("broken when it came");
    take(run, event);
}

static void tell(const char *stage, const struct run *run)
{
    printf("{\"stage\":\"%s\",\"events\":%" PRIu64 ",\"us_an_event\":%.3f,"
           "\"longest_us\":%.0f,\"over_1ms\":%" PRIu64 ",\"over_5ms\":%" PRIu64
           ",\"state_mb\":%.1f}\n",
           stage, run->events, run->spent_us / (double)run->events, run->longest_us,
           run->over_1ms, run->over_5ms, (double)rebut_live_bytes(run->live) / 1e6);
}

static void views(const struct run *run, const char *stage, uint32_t requests,
                  uint32_t first, uint32_t among)
{
    struct rebut_live_view view = {0};
    struct rebut_error err = {0};
    uint64_t orders = 0;
    const double begin = now_us();
    for (uint32_t i = 0; i < requests; i++) {
        if (!rebut_live_view(run->live, first + pick(among), &view, &err))
            fail(&err);
        orders += view.state.orders.count;
    }
    printf("{\"stage\":\"%s\",\"us_a_view\":%.3f,\"orders_a_view\":%.1f}\n", stage,
           (now_us() - begin) / requests, (double)orders / requests);
    rebut_live_view_release(&view);
}

static void snapshot(struct run *run, uint32_t first, uint32_t buyers)
{
    const struct rebut_live_about about = {.major = 1};
    struct rebut_live_save save;
    struct rebut_error err = {0};
    bool done = false;
    const char *path = "/tmp/rebut-bench.snapshot";
    const double begin = now_us(), clock = read_us(CLOCK_MONOTONIC);
    if (!rebut_live_save_begin(run->live, &about, path, &save, &err))
        fail(&err);
    const double forked = now_us() - begin;
    const double stood = read_us(CLOCK_MONOTONIC) - clock;
    *run = (struct run){.live = run->live, .at = run->at};
    while (!done) {
        for (int i = 0; i < 200; i++)
            one_order(run, first++, buyers);
        if (!rebut_live_save_end(&save, false, &done, &err))
            fail(&err);
    }
    printf("{\"stage\":\"snapshot\",\"fork_us\":%.0f,\"fork_clock_us\":%.0f,\"whole_s\":%"
           ".2f}\n",
           forked, stood, (read_us(CLOCK_MONOTONIC) - clock) / 1e6);
    tell("meanwhile", run);
    remove(path);
    remove("/tmp/rebut-bench.snapshot.1");
}

int main(int argc, char **argv)
{
    const struct rebut_live_options options = REBUT_LIVE_OPTIONS;
    struct run run = {.at = INT64_C(1767225600000000)};
    struct rebut_error err = {0};
    struct rusage used;
    if (argc != 3) {
        fprintf(stderr, "usage: live ORDERS BUYERS\n");
        return 2;
    }
    const uint32_t orders = (uint32_t)strtoul(argv[1], NULL, 10);
    const uint32_t buyers = (uint32_t)strtoul(argv[2], NULL, 10);
    if (!rebut_live_new(&run.live, &options, NULL, &err))
        fail(&err);
    for (uint32_t i = 0; i < orders; i++)
        one_order(&run, i, buyers);
    tell("apply", &run);
    const uint32_t requests = orders / 10;
    views(&run, "views of any request", 200000, 0, requests);
    views(&run, "views of the last 10,000 requests", 200000, requests - 10000, 10000);
    views(&run, "views of the last 100 requests", 200000, requests - 100, 100);
    snapshot(&run, orders, buyers);
    getrusage(RUSAGE_SELF, &used);
    printf("{\"stage\":\"end\",\"resident_mb\":%.0f}\n", (double)used.ru_maxrss / 1024);
    rebut_live_free(run.live);
    return 0;
}
