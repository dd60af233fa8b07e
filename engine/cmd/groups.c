/* rebut groups -- accounts that act together, as leads for a person. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rebut/groups_write.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut groups --input PATH [OPTIONS]\n"
    "\n"
    "Groups of 2 to 100 accounts whose probable abuse meets at the same merchants in "
    "the\n"
    "same weeks more often than chance makes it, whether or not they share a device,\n"
    "address or payment account.  For a risk team, once a night.  Chance is measured by\n"
    "dealing the accounts anew among the requests; of the groups listed, at most a "
    "tenth\n"
    "is expected to be chance.  Often there is none.\n"
    "\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again\n"
    "  --as-of TIME      use events up to TIME only (default: the last event)\n"
    "  --since TIME      groups with a request at TIME or later (default: all)\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --format FORM     ndjson (default) or table\n"
    "  --lang LANG       language of the sentences: zh (default) or en\n"
    "  --rejects FILE    lines set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "A group is a lead for a person: it is evidence against nobody and enters no score.\n"
    "Example: rebut groups --input events.ndjson.gz --format table --lang en\n";

enum { OPTION_FORMAT = 256 };

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {NULL, 0, NULL, 0}};

static void print_account(const struct rebut_groups *groups)
{
    uint32_t accounts = 0;
    for (uint32_t i = 0; i < groups->count; i++)
        accounts += groups->list[i].count;
    fprintf(stderr,
            "%" PRIu32 " requests of %" PRIu32 " accounts with a probability of %.2g or "
            "more; ",
            groups->considered, groups->accounts, REBUT_GROUPS_LEAST);
    if (groups->count == 0)
        fprintf(stderr, "none found: no group is denser than chance makes\n");
    else
        fprintf(stderr,
                "%" PRIu32 " groups of %" PRIu32 " accounts, leads for a person\n",
                groups->count, accounts);
}

static bool write_groups(struct rebut_work *work,
                         const struct rebut_work_options *options, void *own,
                         struct rebut_error *err)
{
    const bool table = *(const bool *)own;
    struct rebut_scores scores;
    struct rebut_groups groups = {0};
    struct rebut_output out;
    bool ok = false;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, INT64_MIN, err))
        return false;
    if (!rebut_groups_open(&groups, &scores, options->since, err) ||
        !rebut_output_open(&out, options->output, err))
        goto done;
    if (table)
        rebut_groups_write_table(&groups, &scores, options->language, &out);
    else
        rebut_groups_write_ndjson(&groups, &scores, options->language, &out);
    ok = rebut_work_commit(work, &out, err);
    rebut_output_release(&out);
    if (ok && !options->quiet)
        print_account(&groups);
done:
    rebut_groups_close(&groups);
    rebut_scores_close(&scores);
    return ok;
}

static bool take_format(void *own, int letter, const char *value, struct rebut_error *err)
{
    bool *table = own;
    (void)letter; /* the only one */
    *table = strcmp(value, "table") == 0;
    return *table || strcmp(value, "ndjson") == 0 ||
           rebut_fail(err, REBUT_EUSAGE,
                      "expected '--format ndjson' or '--format table', got '%.20s'",
                      value);
}

static int run(int argc, char **argv)
{
    bool table = false;
    const struct rebut_work_line line = {&rebut_command_groups, long_options, take_format,
                                         &table, false};
    return rebut_work_run(&line, argc, argv, write_groups);
}

const struct rebut_command rebut_command_groups = {
    .name = "groups",
    .summary = "accounts that act together though they share no key, as leads",
    .usage_text = usage_text,
    .run = run,
};
