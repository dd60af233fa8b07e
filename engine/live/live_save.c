/* A save by a forked child: it has the memory of the moment and shares what nobody
 * writes to, so that the parent only stands still while its page tables are copied. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parts.h"
#include "rebut/live_snapshot.h"

/* What the child says before it ends: nothing when it is done. */
struct last_words {
    uint32_t code;
    char message[sizeof(((struct rebut_error *)NULL)->message)];
};

static void be_child(const struct rebut_live *live, const struct rebut_live_about *about,
                     const char *path, int words, pid_t parent)
{
    struct rebut_error why = {0};
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* whoever comes after the parent writes himself */
    signal(SIGPIPE, SIG_IGN);
    bool ok = getppid() == parent && rebut_live_save(live, about, path, &why);
    if (!ok) {
        struct last_words last = {.code = why.code};
        memcpy(last.message, why.message, sizeof last.message);
        ok = write(words, &last, sizeof last) == (ssize_t)sizeof last;
    }
    _exit(why.code == REBUT_OK && ok ? 0 : 1);
}

bool rebut_live_save_begin(const struct rebut_live *live,
                           const struct rebut_live_about *about, const char *path,
                           struct rebut_live_save *ret_save, struct rebut_error *err)
{
    int ends[2];
    const pid_t parent = getpid();
    *ret_save = (struct rebut_live_save){0};
    if (live->due_first < live->due.count || live->dead_first < live->dead.count)
        return rebut_fail(err, REBUT_EINPUT,
                          "cannot save the state of a stream while scores are due");
    if (pipe2(ends, O_CLOEXEC) != 0)
        return rebut_fail(err, REBUT_EIO, "cannot save '%s': %s", path, strerror(errno));
    const pid_t child = fork();
    if (child == 0)
        be_child(live, about, path, ends[1], parent);
    const int cause = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return rebut_fail(err, REBUT_EIO, "cannot save '%s': %s", path, strerror(cause));
    }
    *ret_save = (struct rebut_live_save){child, ends[0]};
    return true;
}

static bool say_why(int status, int words, struct rebut_error *err)
{
    struct last_words last = {0};
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        return rebut_fail(err, REBUT_EIO,
                          "the process that saved a snapshot ended by signal %d",
                          WTERMSIG(status));
    if (read(words, &last, sizeof last) != (ssize_t)sizeof last ||
        last.code == REBUT_OK || last.code > REBUT_ETRY)
        return rebut_fail(err, REBUT_EIO,
                          "the process that saved a snapshot failed without a word");
    last.message[sizeof last.message - 1] = '\0';
    return rebut_fail(err, (enum rebut_code)last.code, "%s", last.message);
}

bool rebut_live_save_end(struct rebut_live_save *save, bool wait, bool *ret_done,
                         struct rebut_error *err)
{
    int status = 0;
    pid_t ended = 0;
    *ret_done = true;
    if (save->child == 0)
        return true;
    do
        ended = waitpid(save->child, &status, wait ? 0 : WNOHANG);
    while (ended < 0 && errno == EINTR);
    *ret_done = ended != 0;
    if (ended == 0)
        return true;
    const bool ok = ended == save->child
                        ? say_why(status, save->words, err)
                        : rebut_fail(err, REBUT_EIO, "cannot wait for a snapshot: %s",
                                     strerror(errno));
    close(save->words);
    *save = (struct rebut_live_save){0};
    return ok;
}
