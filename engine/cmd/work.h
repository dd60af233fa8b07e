/* From inputs to an inference: what score, explain, fit and forecast have in common. */
#ifndef REBUT_CMD_WORK_H
#define REBUT_CMD_WORK_H

#include <getopt.h>

#include "command.h"
#include "rebut/ingest.h"
#include "rebut/score.h"

#define REBUT_WORK_INPUTS_MAX 1000

/* Options that these commands share; `rebut_work_option` fills them. */
struct rebut_work_options {
    const char *inputs[REBUT_WORK_INPUTS_MAX];
    size_t input_count;
    int64_t as_of, since;       /* REBUT_TIME_MAX and INT64_MIN when not given */
    const char *store, *schema; /* instead of inputs: a database, and where in it */
    const char *model, *rejects, *output;
    const char *night; /* the state of a night (rebut/scorer.h); NULL: none */
    const char *keep;  /* write what is known there (rebut/snapshot.h); NULL: do not */
    enum rebut_language language;
    bool quiet;
};

struct rebut_work {
    struct rebut_state state;
    struct rebut_rejects rejects; /* open until rebut_work_commit */
    struct rebut_ingested ingested;
    struct rebut_model model;
    struct rebut_frame frame;
    struct rebut_inference inference;
    int64_t as_of;
    bool has_rejects, has_model, has_frame, has_inference;
};

/* Letters of the shared options for getopt_long; a command adds its own above 255. */
enum {
    REBUT_OPTION_INPUT = 'i',
    REBUT_OPTION_AS_OF = 'a',
    REBUT_OPTION_SINCE = 's',
    REBUT_OPTION_MODEL = 'm',
    REBUT_OPTION_OUTPUT = 'o',
    REBUT_OPTION_REJECTS = 'r',
    REBUT_OPTION_LANG = 'l',
    REBUT_OPTION_QUIET = 'q',
    REBUT_OPTION_HELP = 'h',
    REBUT_OPTION_STORE = 'd',
    REBUT_OPTION_SCHEMA = 'c',
    REBUT_OPTION_KEEP = 'k',
    REBUT_OPTION_NIGHT = 'n'
};

#define REBUT_WORK_LONG_OPTIONS                                                          \
    {"input", required_argument, NULL, REBUT_OPTION_INPUT},                              \
        {"as-of", required_argument, NULL, REBUT_OPTION_AS_OF},                          \
        {"model", required_argument, NULL, REBUT_OPTION_MODEL},                          \
        {"output", required_argument, NULL, REBUT_OPTION_OUTPUT},                        \
        {"rejects", required_argument, NULL, REBUT_OPTION_REJECTS},                      \
        {"quiet", no_argument, NULL, REBUT_OPTION_QUIET},                                \
    {                                                                                    \
        "help", no_argument, NULL, REBUT_OPTION_HELP                                     \
    }

/* Of those that read a database as well. */
#define REBUT_WORK_STORE_OPTIONS                                                         \
    {"store", required_argument, NULL, REBUT_OPTION_STORE},                              \
    {                                                                                    \
        "source-schema", required_argument, NULL, REBUT_OPTION_SCHEMA                    \
    }

/* A command's own options: take one, with `own` from the line below; EUSAGE when its
 * value is no good. */
typedef bool rebut_own_option(void *own, int letter, const char *value,
                              struct rebut_error *err);

/* What a command's line is read with. */
struct rebut_work_line {
    const struct rebut_command *command;
    const struct option *long_options; /* getopt_long's; letters above 255 are own */
    rebut_own_option *take;            /* NULL when there are none */
    void *own;
    bool no_input; /* the command may do without events */
};

/* Read the command line into *options (whatever it held is forgotten).  -1 to go on, or
 * the exit code when help was asked for or the line is no good (words printed). */
int rebut_work_read_line(const struct rebut_work_line *line, int argc, char **argv,
                         struct rebut_work_options *options);

/* Read the inputs into work->state, no more.  Prints the account of lines to stderr
 * unless quiet. */
REBUT_MUST_CHECK bool rebut_work_read(struct rebut_work *work,
                                      const struct rebut_work_options *options,
                                      struct rebut_error *err);

/* Read, then fit (or load) the model, then infer.  With `infer` false it stops at the
 * fitted model. */
REBUT_MUST_CHECK bool rebut_work_open(struct rebut_work *work,
                                      const struct rebut_work_options *options,
                                      bool infer, struct rebut_error *err);

/* What a command writes from an inference; `own` is the line's. */
typedef bool rebut_work_write(struct rebut_work *work,
                              const struct rebut_work_options *options, void *own,
                              struct rebut_error *err);

/* The whole of a command that reads, infers and writes: its exit code. */
int rebut_work_run(const struct rebut_work_line *line, int argc, char **argv,
                   rebut_work_write *write);

/* Let the rejects and the output appear, in this order, or neither of them when the
 * first fails. */
REBUT_MUST_CHECK bool rebut_work_commit(struct rebut_work *work, struct rebut_output *out,
                                        struct rebut_error *err);
void rebut_work_close(struct rebut_work *work);

#endif
