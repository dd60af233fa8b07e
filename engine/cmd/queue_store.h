/* 'rebut queue --store': the queue that the last nightly run drew, and who takes what of
 * it.  It computes nothing; the queue from files is in queue.c. */
#ifndef REBUT_CMD_QUEUE_STORE_H
#define REBUT_CMD_QUEUE_STORE_H

#include <getopt.h>
#include <stdbool.h>

#include "rebut/error.h"

/* Letters of the options of this form alone, above those of queue_plan.h. */
enum {
    REBUT_OPTION_DESK = 768, /* --store */
    REBUT_OPTION_CLAIM,
    REBUT_OPTION_SECOND,
    REBUT_OPTION_REQUEST,
    REBUT_OPTION_MINE,
    REBUT_OPTION_LEASE
};
#define REBUT_QUEUE_STORE_LONG_OPTIONS                                                   \
    {"store", required_argument, NULL, REBUT_OPTION_DESK},                               \
        {"claim", required_argument, NULL, REBUT_OPTION_CLAIM},                          \
        {"second", required_argument, NULL, REBUT_OPTION_SECOND},                        \
        {"request", required_argument, NULL, REBUT_OPTION_REQUEST},                      \
        {"mine", no_argument, NULL, REBUT_OPTION_MINE},                                  \
    {                                                                                    \
        "lease", required_argument, NULL, REBUT_OPTION_LEASE                             \
    }

/* Does the command line ask for this form?  It has --store. */
bool rebut_queue_is_store(int argc, char **argv);

/* The command in this form, its exit code. */
int rebut_queue_store_run(int argc, char **argv);

#endif
