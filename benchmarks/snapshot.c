/* What does it cost to save what is known, and to have it back the next night?
 *
 *     snapshot EVENTS FILE [ROUNDS]
 *
 * Events are read into tables that are not sealed; these are saved to FILE and loaded
 * again, ROUNDS (3) times; FILE stays.  Printed are medians with least and most of the
 * seconds by the clock, forcing to disk included, and of CPU; bytes an order; and what
 * reading the events took.  The peak of memory of the last load is in a process of its
 * own, which does nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rebut/reader.h"
#include "rebut/snapshot.h"

#define ROUNDS_MAX 99

struct spent {
    double wall, cpu;
};

static void need(bool ok, const struct rebut_error *err)
{
    if (ok)
        return;
    fprintf(stderr, "snapshot: %s\n", err->message);
    exit(1);
}

static struct spent now(void)
{
    struct timespec wall, cpu;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return (struct spent){(double)wall.tv_sec + 1e-9 * (double)wall.tv_nsec,
                          (double)cpu.tv_sec + 1e-9 * (double)cpu.tv_nsec};
}

static struct spent since(struct spent start)
{
    const struct spent end = now();
    return (struct spent){end.wall - start.wall, end.cpu - start.cpu};
}

static int ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void print(const char *what, const struct spent *rounds, int count)
{
    double wall[ROUNDS_MAX], cpu[ROUNDS_MAX];
    for (int i = 0; i < count; i++) {
        wall[i] = rounds[i].wall;
        cpu[i] = rounds[i].cpu;
    }
    qsort(wall, (size_t)count, sizeof *wall, ascending);
    qsort(cpu, (size_t)count, sizeof *cpu, ascending);
    printf("%-5s %8.3f s (%.3f - %.3f), CPU %8.3f s (%.3f - %.3f)\n", what,
           wall[count / 2], wall[0], wall[count - 1], cpu[count / 2], cpu[0],
           cpu[count - 1]);
}

static void apply_block(struct rebut_state *state, const struct rebut_block *block,
                        struct rebut_error *err)
{
    struct rebut_ahead ahead[REBUT_BLOCK_MAX];
    rebut_state_look_ahead(state, block->events, block->count, ahead);
    for (size_t i = 0; i < block->count; i++) {
        enum rebut_applied applied = REBUT_APPLIED;
        uint32_t other = 0;
        need(rebut_state_apply_ahead(state, &ahead[i], &applied, &other, err), err);
    }
}

static void fill(struct rebut_state *state, const char *path, struct rebut_error *err)
{
    struct rebut_reader *reader = NULL;
    struct rebut_block block = {0};
    const struct spent start = now();
    rebut_state_init(state, 0);
    need(rebut_reader_open(&reader, &path, 1, NULL, err), err);
    while (!block.end) {
        need(rebut_reader_next(reader, &block, err), err);
        apply_block(state, &block, err);
    }
    rebut_reader_close(reader);
    const struct spent spent = since(start);
    print("read", &spent, 1);
}

static struct spent load(const char *path, struct rebut_error *err)
{
    struct rebut_state state;
    struct rebut_snapshot_about about;
    rebut_state_init(&state, 0);
    const struct spent start = now();
    need(rebut_snapshot_load(path, &state, &about, err), err);
    const struct spent spent = since(start);
    rebut_snapshot_about_release(&about);
    rebut_state_release(&state);
    return spent;
}

/* The peak of a process that loads and does nothing else: this program anew. */
static void print_peak(const char *program, const char *path)
{
    struct rusage used;
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        execl(program, program, path, (char *)NULL);
        _exit(1);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0)
        exit(1);
    printf("peak of a process that loads: %.1f MB\n", (double)used.ru_maxrss * 1024e-6);
}

static void print_sizes(const struct rebut_state *state, const char *path)
{
    struct stat there;
    if (stat(path, &there) != 0)
        exit(1);
    const double orders = state->orders.count;
    printf("%.0f orders: file %.1f MB, %.1f bytes an order; tables %.1f MB, %.1f\n",
           orders, (double)there.st_size / 1e6, (double)there.st_size / orders,
           (double)rebut_state_bytes(state) / 1e6,
           (double)rebut_state_bytes(state) / orders);
}

int main(int count, char **arguments)
{
    struct rebut_error err = {0};
    struct rebut_state state;
    const struct rebut_snapshot_about about = {.as_of = REBUT_TIME_MAX,
                                               .source = "a file of events"};
    struct spent saves[ROUNDS_MAX], loads[ROUNDS_MAX];
    const int rounds = count > 3 ? (int)strtol(arguments[3], NULL, 10) : 3;
    if (count < 2 || count > 4 || rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: snapshot EVENTS FILE [ROUNDS]\n", stderr);
        return 2;
    }
    if (count == 2) {
        load(arguments[1], &err);
        return 0;
    }
    fill(&state, arguments[1], &err);
    for (int round = 0; round < rounds; round++) {
        const struct spent start = now();
        need(rebut_snapshot_save(&state, &about, arguments[2], &err), &err);
        saves[round] = since(start);
        loads[round] = load(arguments[2], &err);
    }
    print("save", saves, rounds);
    print("load", loads, rounds);
    print_sizes(&state, arguments[2]);
    rebut_state_release(&state);
    print_peak(arguments[0], arguments[2]);
    return 0;
}
