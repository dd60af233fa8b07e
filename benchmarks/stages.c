/* What does each stage cost, and does the cost grow in step with the orders?
 *
 *     stages REBUT ROUNDS FIGURES EVENTS...
 *
 * For each file of events, smallest first:
 *
 *     parse   read, split into lines, parse and check: rebut_reader_next to the end
 *     state   the time inside ingest that is not parsing: look ahead, apply, seal
 *     whole   `REBUT score`: everything from the file to the ranking with its reasons
 *
 * A stage runs in a process of its own, so that its peak of memory is its own.  Times
 * are CPU seconds, user and system, medians over ROUNDS (files of more than 3 GB: one).
 * The table goes to standard output, the same as JSON lines to FIGURES ('-': nowhere).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rebut/reader.h"
#include "rebut/state.h"

#define ROUNDS_MAX 99
#define BIG_FILE ((off_t)3000000000)

enum stage { PARSE, STATE, WHOLE, STAGES };
static const char *const stage_names[STAGES] = {"parse", "state", "whole"};

/* What a child tells about its work. */
struct told {
    uint64_t events, refused, orders, buyers, state_bytes;
    double seconds; /* of the stage alone */
};

struct figures {
    struct told told;
    double seconds[STAGES]; /* medians */
    double least[STAGES], most[STAGES];
    double peak[STAGES]; /* bytes of resident memory */
};

static _Noreturn void fail(const char *what, const char *why)
{
    fprintf(stderr, "stages: %s: %s\n", what, why);
    exit(1);
}

static double cpu_seconds(const struct rusage *used)
{
    return (double)used->ru_utime.tv_sec + (double)used->ru_stime.tv_sec +
           1e-6 * (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec);
}

static double own_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- the stages, each in a child ---- */

static void parse_all(const char *path, struct told *told)
{
    struct rebut_reader *reader = NULL;
    struct rebut_block block = {0};
    struct rebut_error err = {0};
    const double start = own_seconds();
    if (!rebut_reader_open(&reader, &path, 1, NULL, &err))
        fail(path, err.message);
    while (!block.end) {
        if (!rebut_reader_next(reader, &block, &err))
            fail(path, err.message);
        told->events += block.count;
        told->refused += block.refused_count;
    }
    rebut_reader_close(reader);
    told->seconds = own_seconds() - start;
}

static void apply_block(struct rebut_state *state, const struct rebut_block *block)
{
    struct rebut_error err = {0};
    struct rebut_ahead ahead[REBUT_BLOCK_MAX];
    rebut_state_look_ahead(state, block->events, block->count, ahead);
    for (size_t i = 0; i < block->count; i++) {
        enum rebut_applied applied = REBUT_APPLIED;
        uint32_t other = 0;
        if (!rebut_state_apply_ahead(state, &ahead[i], &applied, &other, &err))
            fail("state", err.message);
    }
}

/* The clock is read twice for each block of up to 64 events: some 5 ns an event. */
static void fill_state(const char *path, struct told *told)
{
    struct rebut_reader *reader = NULL;
    struct rebut_block block = {0};
    struct rebut_error err = {0};
    struct rebut_state state;
    uint64_t duplicates[REBUT_EVENT_TYPES];
    rebut_state_init(&state, 0);
    if (!rebut_reader_open(&reader, &path, 1, NULL, &err))
        fail(path, err.message);
    /* As rebut_ingest does: room for an order for each KiB of the file. */
    if (!rebut_state_reserve(&state, rebut_reader_place(reader).total / 1024, &err))
        fail(path, err.message);
    while (!block.end) {
        if (!rebut_reader_next(reader, &block, &err))
            fail(path, err.message);
        const double start = own_seconds();
        apply_block(&state, &block);
        told->seconds += own_seconds() - start;
        told->events += block.count;
    }
    rebut_reader_close(reader);
    const double start = own_seconds();
    if (!rebut_state_seal(&state, duplicates, &err))
        fail(path, err.message);
    told->seconds += own_seconds() - start;
    told->orders = state.orders.count;
    told->buyers = state.buyer_ids.count;
    told->state_bytes = rebut_state_bytes(&state);
    rebut_state_release(&state);
}

static _Noreturn void run_child(enum stage stage, const char *program, const char *path,
                                int pipe_end)
{
    struct told told = {0};
    if (stage == WHOLE) {
        execl(program, program, "score", "--quiet", "--input", path, "--output",
              "/dev/null", (char *)NULL);
        fail(program, strerror(errno));
    }
    if (stage == PARSE)
        parse_all(path, &told);
    else
        fill_state(path, &told);
    _exit(write(pipe_end, &told, sizeof told) == (ssize_t)sizeof told ? 0 : 1);
}

/* Run a stage once; gives its CPU seconds. */
static double run_stage(enum stage stage, const char *program, const char *path,
                        struct figures *figures)
{
    int ends[2], status = 0;
    struct rusage used;
    struct told told = {0};
    fflush(NULL);
    if (pipe(ends) != 0)
        fail("pipe", strerror(errno));
    const pid_t child = fork();
    if (child < 0)
        fail("fork", strerror(errno));
    if (child == 0) {
        close(ends[0]);
        run_child(stage, program, path, ends[1]);
    }
    close(ends[1]);
    const ssize_t size = read(ends[0], &told, sizeof told);
    close(ends[0]);
    if (wait4(child, &status, 0, &used) != child || status != 0)
        fail(stage_names[stage], "the stage failed");
    if (stage != WHOLE && size != (ssize_t)sizeof told)
        fail(stage_names[stage], "the stage told nothing");
    if (stage == STATE)
        figures->told = told;
    figures->peak[stage] = (double)used.ru_maxrss * 1024;
    return stage == WHOLE ? cpu_seconds(&used) : told.seconds;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- measure and print ---- */

static struct figures measure(const char *program, const char *path, int rounds)
{
    static double seconds[STAGES][ROUNDS_MAX];
    struct figures figures = {0};
    struct stat about;
    if (stat(path, &about) != 0)
        fail(path, strerror(errno));
    if (about.st_size > BIG_FILE)
        rounds = 1;
    /* The stages in turns, so that what else the machine does falls on all of them. */
    for (int round = 0; round < rounds; round++)
        for (int stage = 0; stage < STAGES; stage++)
            seconds[stage][round] = run_stage((enum stage)stage, program, path, &figures);
    for (int stage = 0; stage < STAGES; stage++) {
        qsort(seconds[stage], (size_t)rounds, sizeof **seconds, compare);
        figures.seconds[stage] = seconds[stage][rounds / 2];
        figures.least[stage] = seconds[stage][0];
        figures.most[stage] = seconds[stage][rounds - 1];
    }
    if (figures.told.events == 0 || figures.told.orders == 0)
        fail(path, "no orders");
    return figures;
}

static void print_figures(const struct figures *now, const struct figures *before)
{
    const struct told *told = &now->told;
    const double events = (double)told->events;
    printf("\n%" PRIu64 " orders, %" PRIu64 " buyers, %" PRIu64 " events\n", told->orders,
           told->buyers, told->events);
    printf("%-7s %10s %19s %9s %11s %9s %9s %7s\n", "stage", "CPU s", "least - most",
           "ns/event", "events/s", "peak MB", "B/order", "growth");
    for (int stage = 0; stage < STAGES; stage++) {
        printf("%-7s %10.3f %9.3f-%9.3f %9.1f %11.0f %9.1f %9.1f", stage_names[stage],
               now->seconds[stage], now->least[stage], now->most[stage],
               now->seconds[stage] * 1e9 / events, events / now->seconds[stage],
               now->peak[stage] / 1e6, now->peak[stage] / (double)told->orders);
        if (before != NULL)
            printf(" %7.2f", now->seconds[stage] / before->seconds[stage]);
        printf("\n");
    }
    const double bytes = (double)told->state_bytes;
    printf("state holds %.1f MB: %.1f bytes an order, %.1f a buyer, %.1f an event\n",
           bytes / 1e6, bytes / (double)told->orders, bytes / (double)told->buyers,
           bytes / events);
}

static void write_figures(FILE *to, const struct figures *figures)
{
    const struct told *told = &figures->told;
    for (int stage = 0; stage < STAGES; stage++)
        fprintf(to,
                "{\"stage\":\"%s\",\"orders\":%" PRIu64 ",\"buyers\":%" PRIu64
                ",\"events\":%" PRIu64 ",\"cpu_s\":%.6f,\"cpu_s_least\":%.6f,"
                "\"cpu_s_most\":%.6f,\"ns_per_event\":%.2f,\"peak_bytes\":%.0f,"
                "\"state_bytes\":%" PRIu64 "}\n",
                stage_names[stage], told->orders, told->buyers, told->events,
                figures->seconds[stage], figures->least[stage], figures->most[stage],
                figures->seconds[stage] * 1e9 / (double)told->events,
                figures->peak[stage], told->state_bytes);
}

int main(int count, char **arguments)
{
    if (count < 5)
        fail("usage", "stages REBUT ROUNDS FIGURES EVENTS...");
    const int rounds = atoi(arguments[2]);
    if (rounds < 1 || rounds > ROUNDS_MAX)
        fail("ROUNDS", "expected 1 to 99");
    FILE *to = strcmp(arguments[3], "-") == 0 ? NULL : fopen(arguments[3], "a");
    if (to == NULL && strcmp(arguments[3], "-") != 0)
        fail(arguments[3], strerror(errno));
    struct figures before = {0};
    for (int i = 4; i < count; i++) {
        const struct figures now = measure(arguments[1], arguments[i], rounds);
        print_figures(&now, i == 4 ? NULL : &before);
        if (to != NULL)
            write_figures(to, &now);
        before = now;
    }
    if (to != NULL && fclose(to) != 0)
        fail(arguments[3], strerror(errno));
    return 0;
}
