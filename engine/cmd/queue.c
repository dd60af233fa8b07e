/* rebut queue -- the requests that people should look at next. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "queue_plan.h"
#include "queue_store.h"
#include "rebut/score_write.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut queue --input PATH [OPTIONS]\n"
    "       rebut queue --store CONNINFO [--claim N | --second N | --request ID | "
    "--mine]\n"
    "\n"
    "From files (--input): draws a queue.\n"
    "\n"
    "Of the refund-only requests that no reviewer has judged, those worth a look: the\n"
    "share of wrong accusations among them stays under a bound, the most recoverable\n"
    "stand first, and some are drawn at random, because only these show how much abuse\n"
    "there is and whether the bound holds.  Put `selection` and `propensity` of a slot\n"
    "into the verdict's event; 'rebut audit' reads them.\n"
    "\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again\n"
    "  --fdr SHARE       bound on the share of wrong accusations (0.10)\n"
    "  --budget N        slots in all (100)\n"
    "  --random SHARE    of the slots, drawn at random (0.05)\n"
    "  --seed N          of the draw (default: from the as-of time)\n"
    "  --even WHOM       flag honest buyers of these groups at one rate: record "
    "(default:\n"
    "                    buyers with one order and others), merchant (by thirds of the\n"
    "                    merchants' fault), both, or none\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --since TIME      requests made at TIME or later (default: all)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --lang LANG       language of the sentences: zh (default) or en\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "From the database (--store): prints the open queue that the last nightly run drew,\n"
    "without what is decided, suppressed or in the hands of another; computes nothing.\n"
    "What it prints are the same members, as far as reviewers see them.  Then 'rebut "
    "show'\n"
    "and 'rebut decide'.\n"
    "\n" REBUT_DESK_STORE_HELP
    "                    ('' for the PG* environment); needs a login in rebut_reviewer\n"
    "  --claim N         take the next N into your hands, and print them\n"
    "  --second N        take N that others have decided, by lot, without their verdict\n"
    "  --request ID      take this one, in the queue or beside it (an appeal)\n"
    "  --lease MINUTES   for so long (default: the setting 'lease', 30 minutes)\n"
    "  --mine            print what you have in hand\n"
    "  --output FILE     where to write (default: standard output)\n"
    "\n"
    "A slot is no verdict: a person decides.\n"
    "Example: rebut queue --input events.ndjson.gz --fdr 0.05 --budget 200\n"
    "         rebut queue --store service=rebut --claim 5 --lease 60\n";

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    REBUT_QUEUE_LONG_OPTIONS,
    REBUT_QUEUE_STORE_LONG_OPTIONS,
    {NULL, 0, NULL, 0}};

static void print_account(const struct rebut_queue *queue,
                          const struct rebut_queue_plan *plan)
{
    fprintf(stderr,
            "%" PRIu32 " requests not judged; %" PRIu32
            " keep the bound of %.3g (%" PRIu32 " by probability alone)\n"
            "%" PRIu32 " slots: %" PRIu32 " ranked, %" PRIu32
            " drawn at random; among the ranked %.1f %% wrong accusations expected, "
            "%.2f yuan to recover\n",
            queue->candidates, queue->bounded, plan->fdr, queue->bounded_uneven,
            queue->count, queue->count - queue->drawn, queue->drawn, 100 * queue->stated,
            queue->recovery / 100);
}

static bool write_queue(struct rebut_work *work, const struct rebut_work_options *options,
                        void *own, struct rebut_error *err)
{
    struct rebut_queue_wish *wish = own;
    struct rebut_scores scores;
    struct rebut_queue queue;
    struct rebut_output out;
    if (!wish->seeded)
        wish->plan.seed = (uint64_t)work->as_of;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, options->since, err))
        return false;
    bool ok = rebut_queue_open(&queue, &scores, &wish->plan, err);
    if (ok) {
        ok = rebut_output_open(&out, options->output, err);
        if (ok) {
            rebut_queue_write_ndjson(&queue, &scores, options->language, &out);
            ok = rebut_work_commit(work, &out, err);
            rebut_output_release(&out);
        }
        if (ok && !options->quiet)
            print_account(&queue, &wish->plan);
        rebut_queue_close(&queue);
    }
    rebut_scores_close(&scores);
    return ok;
}

static bool take_option(void *own, int letter, const char *value, struct rebut_error *err)
{
    if (letter < REBUT_OPTION_DESK)
        return rebut_queue_option(own, letter, value, err);
    return rebut_fail(err, REBUT_EUSAGE,
                      "--claim, --second, --request, --lease and --mine need --store");
}

static int run(int argc, char **argv)
{
    if (rebut_queue_is_store(argc, argv))
        return rebut_queue_store_run(argc, argv);
    struct rebut_queue_wish wish = REBUT_QUEUE_WISH;
    const struct rebut_work_line line = {&rebut_command_queue, long_options, take_option,
                                         &wish, false};
    return rebut_work_run(&line, argc, argv, write_queue);
}

const struct rebut_command rebut_command_queue = {
    .name = "queue",
    .summary = "the requests worth a look, wrong accusations bounded, some at random",
    .usage_text = usage_text,
    .run = run,
};
