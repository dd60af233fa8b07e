/* How long does it take to fill the tables of the state, from files or from a database?
 *
 *     ingest FILE             the events of a file
 *     ingest -d CONNINFO      the tables of schema rebut
 *
 * Prints events, seconds gone and CPU seconds of this process (the server's are not in).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "rebut/ingest.h"
#include "rebut/store_events.h"

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

int main(int argc, char **argv)
{
    const bool is_store = argc == 3 && strcmp(argv[1], "-d") == 0;
    const char *path = argv[argc - 1];
    struct rebut_state state;
    struct rebut_ingested sums;
    struct rebut_error err = {0};
    struct rebut_store *store = NULL;
    struct rebut_store_events events = {.as_of = REBUT_TIME_MAX};
    struct rebut_ingest_job job = {.as_of = REBUT_TIME_MAX};
    if (argc < 2)
        return 2;
    const double start = now();
    rebut_state_init(&state, 0);
    if (is_store &&
        (!rebut_store_open(&store, path, "benchmark", &err) ||
         !rebut_store_run(store, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                          &err) ||
         !rebut_store_events_open(&job.source, store, &events, &err))) {
        fprintf(stderr, "ingest: %s\n", err.message);
        return 1;
    }
    if (!is_store) {
        job.paths = &path;
        job.path_count = 1;
    }
    if (!rebut_ingest(&job, &state, &sums, &err)) {
        fprintf(stderr, "ingest: %s\n", err.message);
        return 1;
    }
    printf("%llu events, %.2f s, %.2f s CPU\n", (unsigned long long)sums.lines,
           now() - start, cpu());
    rebut_source_close(job.source);
    rebut_store_close(store);
    rebut_state_release(&state);
    return 0;
}
