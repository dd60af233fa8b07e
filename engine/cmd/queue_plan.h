/* The options that plan a queue: of 'rebut queue' and 'rebut nightly'. */
#ifndef REBUT_CMD_QUEUE_PLAN_H
#define REBUT_CMD_QUEUE_PLAN_H

#include <getopt.h>

#include "rebut/queue.h"

/* The plan, and whether the seed was given. */
struct rebut_queue_wish {
    struct rebut_queue_plan plan;
    bool seeded;
};
#define REBUT_QUEUE_WISH                                                                 \
    {                                                                                    \
        .plan = {                                                                        \
            .fdr = .10,                                                                  \
            .budget = 100,                                                               \
            .random_share = .05,                                                         \
            .even = REBUT_EVEN_RECORD                                                    \
        }                                                                                \
    }

/* Letters of getopt_long, above those of the commands themselves. */
enum {
    REBUT_OPTION_FDR = 512,
    REBUT_OPTION_BUDGET,
    REBUT_OPTION_RANDOM,
    REBUT_OPTION_SEED,
    REBUT_OPTION_EVEN
};
#define REBUT_QUEUE_LONG_OPTIONS                                                         \
    {"fdr", required_argument, NULL, REBUT_OPTION_FDR},                                  \
        {"budget", required_argument, NULL, REBUT_OPTION_BUDGET},                        \
        {"random", required_argument, NULL, REBUT_OPTION_RANDOM},                        \
        {"seed", required_argument, NULL, REBUT_OPTION_SEED},                            \
    {                                                                                    \
        "even", required_argument, NULL, REBUT_OPTION_EVEN                               \
    }

/* Take one of them; `own` is a struct rebut_queue_wish.  EUSAGE when its value is no
 * good. */
bool rebut_queue_option(void *own, int letter, const char *value,
                        struct rebut_error *err);

#endif
