/* How soon does a stream answer?
 *
 *     stream_client ping COUNT EVENTS COMMAND...
 *     stream_client pace RATE SECONDS EVENTS COMMAND...
 *     stream_client first EVENTS COMMAND...
 *     stream_client echo
 *
 * COMMAND reads events and writes a line a refund-only request, `rebut stream` for one;
 * both ends are pipes.  ping: what lies before a request is written, and when the pipe
 * has been empty for a while the request alone; the time is from that write to its
 * answer. pace: RATE lines a second are due, each at its own time, whatever the other end
 * does; the time is from when a request was due to its answer, so that a stop of the
 * other end is counted for every request it holds up (an open loop).  first: from the
 * start of the command to its first answer.  EVENTS lie in memory before the clock
 * starts.  echo: a COMMAND that does nothing but give each refund-only request back, so
 * that a ping of it is what pipes and waking up cost on this machine. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ID_ROOM 65
#define ANSWERS_ROOM ((size_t)1 << 20)

struct request {
    size_t start, end; /* of its line */
    double due;        /* when it is written, or to be */
    char id[ID_ROOM];
};

static struct {
    char *data;
    size_t size, *lines; /* [lines_count + 1]: where each begins */
    size_t lines_count, requests_count;
    struct request *requests;
    double *taken; /* [requests_count]: seconds to the answer, 0: none */
    size_t answered;
    double first_at; /* when the first answer came, whatever it answers */
    int to, from;
    pid_t child;
} run;

static void need(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void wait_for(double seconds)
{
    const struct timespec time = {0, (long)(seconds * 1e9)};
    nanosleep(&time, NULL);
}

/* As the program reads: poll, then read. */
static ssize_t read_some(int fd, char *room, size_t size)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    need(poll(&one, 1, -1) == 1, "poll");
    return read(fd, room, size);
}

/* ---- the events ---- */

static void read_file(const char *path)
{
    struct stat info;
    const int fd = open(path, O_RDONLY);
    need(fd >= 0 && fstat(fd, &info) == 0, path);
    run.data = malloc((size_t)info.st_size + 1);
    need(run.data != NULL, "memory");
    for (ssize_t size = 1; size > 0; run.size += (size_t)size) {
        size = read(fd, run.data + run.size, (size_t)info.st_size - run.size);
        need(size >= 0, path);
    }
    run.data[run.size] = '\0';
    close(fd);
}

static void add_request(size_t start, size_t end)
{
    static const char name[] = "\"request_id\":\"";
    const char *line = run.data + start;
    if (memmem(line, end - start, "\"refund_only\"", 13) == NULL)
        return;
    const char *id = memmem(line, end - start, name, sizeof name - 1);
    if (id == NULL)
        return;
    id += sizeof name - 1;
    struct request *request = &run.requests[run.requests_count++];
    const size_t size = strcspn(id, "\"");
    *request = (struct request){.start = start, .end = end};
    memcpy(request->id, id, size < ID_ROOM - 1 ? size : ID_ROOM - 1);
}

static void find_lines(void)
{
    size_t count = 0;
    for (const char *at = run.data; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    run.lines = malloc((count + 1) * sizeof *run.lines);
    run.requests = malloc((count + 1) * sizeof *run.requests);
    need(run.lines != NULL && run.requests != NULL, "memory");
    for (size_t start = 0; run.lines_count < count;) {
        const size_t end = (size_t)(strchr(run.data + start, '\n') - run.data) + 1;
        run.lines[run.lines_count++] = start;
        add_request(start, end);
        start = run.lines[run.lines_count] = end;
    }
    run.taken = calloc(run.requests_count + 1, sizeof *run.taken);
    need(run.taken != NULL, "memory");
}

/* ---- the other end ---- */

static void start(char **command)
{
    int in[2], out[2];
    need(pipe(in) == 0 && pipe(out) == 0, "pipe");
    fcntl(in[1], F_SETPIPE_SZ, 1 << 20);
    run.child = fork();
    need(run.child >= 0, "fork");
    if (run.child == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        close(out[0]);
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    run.to = in[1];
    run.from = out[0];
}

static void send_bytes(size_t from, size_t to)
{
    while (from < to) {
        const ssize_t size = write(run.to, run.data + from, to - from);
        need(size > 0, "write");
        from += (size_t)size;
    }
}

/* Requests are answered in order; what is answered again is passed over. */
static void take_answer(const char *line, double at)
{
    const char *id = strstr(line, "\"request_id\":\"");
    for (size_t i = run.answered;
         id != NULL && i < run.requests_count && i < run.answered + 4096; i++) {
        const size_t size = strlen(run.requests[i].id);
        if (memcmp(id + 14, run.requests[i].id, size) != 0 || id[14 + size] != '"')
            continue;
        run.taken[i] = at - run.requests[i].due;
        run.answered = i + 1;
        return;
    }
}

/* Read once, take whole lines; false at the end. */
static bool take_answers(void)
{
    static char room[ANSWERS_ROOM + 1];
    static size_t kept;
    const ssize_t size = read(run.from, room + kept, ANSWERS_ROOM - kept);
    const double at = now();
    if (size <= 0)
        return false;
    if (run.first_at == 0)
        run.first_at = at;
    room[kept += (size_t)size] = '\0';
    char *line = room;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        take_answer(line, at);
    }
    kept -= (size_t)(line - room);
    memmove(room, line, kept);
    return true;
}

static void *take_all(void *unused)
{
    while (take_answers())
        ;
    return unused;
}

/* ---- what is measured ---- */

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Of the requests in [first, end). */
static void report(const char *what, size_t first, size_t end)
{
    static const double shares[] = {.5, .9, .99, .999, 1};
    double *taken = malloc((end - first + 1) * sizeof *taken);
    size_t count = 0, worst = first;
    need(taken != NULL, "memory");
    for (size_t i = first; i < end; i++) {
        worst = run.taken[i] > run.taken[worst] ? i : worst;
        if (run.taken[i] > 0)
            taken[count++] = run.taken[i] * 1e6;
    }
    qsort(taken, count, sizeof *taken, compare);
    printf("{\"name\":\"%s\",\"answers\":%zu,\"unanswered\":%zu", what, count,
           end - first - count);
    for (size_t i = 0; count > 0 && i < sizeof shares / sizeof *shares; i++)
        printf(",\"p%g_us\":%.1f", shares[i] * 100,
               taken[(size_t)(shares[i] * (double)(count - 1))]);
    printf(",\"slowest\":\"%s\"}\n", run.requests[worst].id);
    free(taken);
}

static void ping(size_t count)
{
    size_t at = 0, i = 0;
    for (; i < run.requests_count && i < count; i++) {
        int waiting = 1;
        send_bytes(at, run.requests[i].start);
        while (waiting > 0) {
            wait_for(2e-4);
            need(ioctl(run.to, FIONREAD, &waiting) == 0, "FIONREAD");
        }
        wait_for(2e-4);
        run.requests[i].due = now();
        send_bytes(run.requests[i].start, run.requests[i].end);
        while (run.answered <= i)
            need(take_answers(), "the other end has closed");
        at = run.requests[i].end;
    }
    report("ping", i / 10, i); /* the first tenth warms up */
}

static void pace(double rate, double seconds)
{
    pthread_t reader;
    size_t count = (size_t)(rate * seconds), sent = 0, last = 0;
    if (count > run.lines_count)
        count = run.lines_count;
    const double begin = now() + .1;
    for (size_t line = 0; line < count && last < run.requests_count; line++)
        if (run.lines[line] == run.requests[last].start)
            run.requests[last++].due = begin + (double)line / rate;
    need(pthread_create(&reader, NULL, take_all, NULL) == 0, "thread");
    while (sent < count) {
        const double gone = now() - begin;
        size_t due = gone < 0 ? 0 : (size_t)(gone * rate) + 1;
        due = due > count ? count : due;
        if (due == sent) {
            wait_for(5e-5);
            continue;
        }
        send_bytes(run.lines[sent], run.lines[due]);
        sent = due;
    }
    fprintf(stderr, "%zu lines in %.2f s\n", count, now() - begin);
    close(run.to);
    pthread_join(reader, NULL);
    report("pace", 0, last);
    report("pace, without the first tenth", last / 10, last);
}

static void first(double begin)
{
    pthread_t reader;
    need(pthread_create(&reader, NULL, take_all, NULL) == 0, "thread");
    send_bytes(0, run.size);
    close(run.to);
    pthread_join(reader, NULL);
    printf("{\"name\":\"first\",\"seconds\":%.3f}\n", run.first_at - begin);
}

/* Whole lines only: what ping writes is read whole. */
static void echo(void)
{
    static char room[(size_t)1 << 20];
    for (ssize_t size; (size = read_some(STDIN_FILENO, room, sizeof room)) > 0;) {
        char *end = room + size, *last = memrchr(room, '\n', (size_t)size - 1);
        char *line = last == NULL ? room : last + 1;
        if (memmem(line, (size_t)(end - line), "\"refund_only\"", 13) != NULL)
            need(write(STDOUT_FILENO, line, (size_t)(end - line)) == end - line, "write");
    }
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "echo") == 0) {
        echo();
        return 0;
    }
    const int given = strcmp(mode, "first") == 0 ? 2 : strcmp(mode, "ping") == 0 ? 3 : 4;
    if (argc < given + 2) {
        fprintf(stderr, "usage: stream_client ping COUNT | pace RATE SECONDS | first  "
                        "EVENTS COMMAND...; or: echo\n");
        return 2;
    }
    read_file(argv[given]);
    find_lines();
    const double begin = now();
    start(argv + given + 1);
    if (given == 2) {
        first(begin);
    } else {
        /* The other end reads its night first: a blank line is taken when it is ready. */
        int waiting = 1;
        need(write(run.to, "\n", 1) == 1, "write");
        for (; waiting > 0; wait_for(1e-2))
            need(ioctl(run.to, FIONREAD, &waiting) == 0, "FIONREAD");
        if (given == 3)
            ping((size_t)atol(argv[2]));
        else
            pace(atof(argv[2]), atof(argv[3]));
    }
    if (given == 3)
        close(run.to);
    int status = 0;
    struct rusage used;
    need(wait4(run.child, &status, 0, &used) == run.child && status == 0, "the command");
    fprintf(stderr, "CPU %.2f s, peak %.0f MB\n",
            (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
                (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
            (double)used.ru_maxrss / 1e3);
    return 0;
}
