/* rebut appeals -- what became of a merchant's appeals, and what they teach. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "desk.h"
#include "rebut/appeals_print.h"
#include "rebut/appeals_store.h"
#include "work.h"

static const char usage_text[] =
    "usage: rebut appeals --appeals FILE [--input PATH] [OPTIONS]\n"
    "       rebut appeals --store CONNINFO [--list] [OPTIONS]\n"
    "       rebut appeals --store CONNINFO --record FILE\n"
    "       rebut appeals --store CONNINFO --ask ID [--reason TEXT]\n"
    "\n"
    "Prints the account of a merchant's appeals: counts and money by status, recovered,\n"
    "the share that succeeds with its interval, by platform and reason, what is due "
    "within\n"
    "48 hours, and how likely an appeal is to succeed, as learned from those decided.\n"
    "\n"
    "  --appeals FILE    NDJSON, an entry a line: request_id, status (opened, "
    "submitted,\n"
    "                    won, lost, expired), at; and, where known, amount and "
    "recovered\n"
    "                    (fen), platform, form, reason, expires_at\n"
    "  --input PATH      events (see 'rebut score --help'); may be given again.  "
    "Without\n"
    "                    them nothing is learned: P(abuse) is not known\n"
    "  --store CONNINFO  or the appeals of a database ('' for the PG* environment): a\n"
    "                    merchant's login sees its own, engine and auditor see all.  No\n"
    "                    events are needed: P(abuse) is kept as it was at submission\n"
    "  --list            print their entries, as the file has them\n"
    "  --record FILE     write the file's entries into the database, once each however\n"
    "                    often (a reviewer's or loader's login)\n"
    "  --ask ID          ask for a person to look at this request (a merchant's login):\n"
    "                    the clock starts; asked again, it says since when\n"
    "  --reason TEXT     with --ask: the form's reason, to 255 bytes\n"
    "  --model FILE      a model written by 'rebut fit' (default: fit one)\n"
    "  --as-of TIME      use what was known at TIME (default: the last event, or "
    "without\n"
    "                    events the last entry; of a database: now)\n"
    "  --json            one JSON object instead of tables\n"
    "  --lang LANG       zh (default) or en\n"
    "  --output FILE     where to write (default: standard output)\n"
    "  --rejects FILE    lines of events set aside, with the reason\n"
    "  --quiet           no progress, no account of lines\n"
    "\n"
    "Entries in any order; a line said twice changes nothing, one that contradicts "
    "another\n"
    "is refused, with the file.  Expired appeals tell nothing of success.  With fewer "
    "than\n"
    "30 decided, P(appeal) is taken to be P(abuse), and said to be assumed.\n"
    "Example: rebut appeals --appeals appeals.ndjson --input events.ndjson.gz --lang "
    "en\n";

enum {
    OPTION_APPEALS = 256,
    OPTION_JSON,
    OPTION_LIST,
    OPTION_RECORD,
    OPTION_ASK,
    OPTION_REASON
};

static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    {"appeals", required_argument, NULL, OPTION_APPEALS},
    {"json", no_argument, NULL, OPTION_JSON},
    {"store", required_argument, NULL, REBUT_OPTION_STORE},
    {"list", no_argument, NULL, OPTION_LIST},
    {"record", required_argument, NULL, OPTION_RECORD},
    {"ask", required_argument, NULL, OPTION_ASK},
    {"reason", required_argument, NULL, OPTION_REASON},
    {NULL, 0, NULL, 0}};

struct wish {
    const char *file, *record, *ask, *reason;
    bool json, list;
};

static bool take_option(void *own, int letter, const char *value, struct rebut_error *err)
{
    struct wish *wish = own;
    switch (letter) {
    case OPTION_JSON:
        wish->json = true;
        return true;
    case OPTION_LIST:
        wish->list = true;
        return true;
    case OPTION_RECORD:
        wish->record = value;
        return true;
    case OPTION_ASK:
        wish->ask = value;
        return rebut_desk_request(value, err);
    case OPTION_REASON:
        wish->reason = value;
        return true;
    default:
        wish->file = value;
        return true;
    }
}

static bool put(const struct wish *wish, const struct rebut_appeals *appeals, bool scored,
                enum rebut_language language, struct rebut_output *out,
                struct rebut_error *err)
{
    return wish->json ? rebut_appeals_write_json(appeals, scored, out, err)
                      : rebut_appeals_print(appeals, scored, language, out, err);
}

/* From the file alone. */
static bool account(const struct wish *wish, const struct rebut_work_options *options,
                    struct rebut_error *err)
{
    struct rebut_appeals appeals;
    struct rebut_output out;
    if (!rebut_appeals_open(&appeals, wish->file, options->as_of, err))
        return false;
    bool ok = rebut_output_open(&out, options->output, err);
    if (ok) {
        ok = put(wish, &appeals, false, options->language, &out, err) &&
             rebut_output_commit(&out, err);
        rebut_output_release(&out);
    }
    rebut_appeals_close(&appeals);
    return ok;
}

/* With the scores of the events. */
static bool account_scored(struct rebut_work *work,
                           const struct rebut_work_options *options,
                           const struct wish *wish, struct rebut_error *err)
{
    struct rebut_scores scores;
    struct rebut_appeals appeals;
    struct rebut_output out;
    if (!rebut_scores_open(&scores, &work->inference, &work->model, INT64_MIN, err))
        return false;
    bool ok = rebut_appeals_open(&appeals, wish->file, work->as_of, err) &&
              rebut_appeals_learn_scores(&appeals, &scores, err);
    if (ok)
        ok = rebut_output_open(&out, options->output, err);
    if (ok) {
        ok = put(wish, &appeals, true, options->language, &out, err) &&
             rebut_work_commit(work, &out, err);
        rebut_output_release(&out);
    }
    rebut_appeals_close(&appeals);
    rebut_scores_close(&scores);
    return ok;
}

/* ---- in a database ---- */

static bool record(struct rebut_store *store, const struct wish *wish,
                   const struct rebut_work_options *options, struct rebut_error *err)
{
    struct rebut_appeals_recorded recorded;
    const bool ok = rebut_appeals_record(store, wish->record, &recorded, err);
    if (!options->quiet)
        fprintf(stderr, "%" PRIu32 " entries written, %" PRIu32 " known already\n",
                recorded.written, recorded.known);
    return ok;
}

static bool ask(struct rebut_store *store, const struct wish *wish,
                const struct rebut_work_options *options, struct rebut_output *out,
                struct rebut_error *err)
{
    const bool zh = options->language == REBUT_CHINESE;
    struct rebut_appeal_asked asked;
    char since[REBUT_TIME_SIZE], until[REBUT_TIME_SIZE] = "-";
    if (!rebut_appeals_ask(store, wish->ask, wish->reason, &asked, err))
        return false;
    rebut_time_format(asked.submitted, 8 * 60, since);
    if (asked.answer_by != REBUT_TIME_NONE)
        rebut_time_format(asked.answer_by, 8 * 60, until);
    rebut_output_print(out,
                       zh ? "%s  %s，应于 %s 前由人工答复\n"
                          : "%s  %s, a person should answer by %s\n",
                       since,
                       zh ? asked.again ? "此前已提出申诉" : "已提出申诉"
                       : asked.again ? "had been asked before"
                                     : "asked for a person",
                       until);
    return true;
}

static bool account_store(struct rebut_store *store, const struct wish *wish,
                          const struct rebut_work_options *options,
                          struct rebut_output *out, struct rebut_error *err)
{
    struct rebut_appeals appeals;
    struct timespec clock = {0};
    clock_gettime(CLOCK_REALTIME, &clock);
    const int64_t now = clock.tv_sec * REBUT_SECOND + clock.tv_nsec / 1000;
    if (!rebut_appeals_read(&appeals, store,
                            options->as_of == REBUT_TIME_MAX ? now : options->as_of, err))
        return false;
    const bool ok = rebut_appeals_learn_scores(&appeals, NULL, err) &&
                    put(wish, &appeals, true, options->language, out, err);
    rebut_appeals_close(&appeals);
    return ok;
}

static bool at_the_store(const struct wish *wish,
                         const struct rebut_work_options *options,
                         struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    struct rebut_output out;
    if (!rebut_output_open(&out, options->output, err)) /* before anything is written */
        return false;
    /* Not rebut_desk_open: a merchant may not read which migrations there are. */
    bool ok = rebut_store_open(&store, options->store, "appeals", err);
    if (ok)
        ok = wish->record != NULL ? record(store, wish, options, err)
             : wish->ask != NULL  ? ask(store, wish, options, &out, err)
             : wish->list         ? rebut_appeals_list(store, &out, err)
                                  : account_store(store, wish, options, &out, err);
    ok = ok && rebut_output_commit(&out, err);
    rebut_output_release(&out);
    rebut_store_close(store);
    return ok;
}

static int check_line(const struct wish *wish, const struct rebut_work_options *options)
{
    const int ways = wish->list + (wish->record != NULL) + (wish->ask != NULL);
    if ((wish->file == NULL) == (options->store == NULL))
        return rebut_command_usage(&rebut_command_appeals,
                                   "expected --appeals FILE or --store CONNINFO");
    if (ways > 0 && options->store == NULL)
        return rebut_command_usage(&rebut_command_appeals,
                                   "expected --store with --list, --record and --ask");
    if (ways > 1)
        return rebut_command_usage(&rebut_command_appeals,
                                   "expected one of --list, --record and --ask");
    if (wish->reason != NULL && wish->ask == NULL)
        return rebut_command_usage(&rebut_command_appeals,
                                   "expected --ask with --reason");
    return -1;
}

static int run(int argc, char **argv)
{
    struct wish wish = {0};
    const struct rebut_work_line line = {&rebut_command_appeals, long_options,
                                         take_option, &wish, true};
    struct rebut_work_options options;
    struct rebut_work work;
    struct rebut_error err = {0};
    bool ok = false;
    int code = rebut_work_read_line(&line, argc, argv, &options);
    if (code < 0)
        code = check_line(&wish, &options);
    if (code >= 0)
        return code;
    if (options.store != NULL)
        ok = at_the_store(&wish, &options, &err);
    else if (options.input_count == 0)
        ok = account(&wish, &options, &err);
    else {
        ok = rebut_work_open(&work, &options, true, &err) &&
             account_scored(&work, &options, &wish, &err);
        rebut_work_close(&work);
    }
    return ok ? 0 : rebut_command_failed(&rebut_command_appeals, &err);
}

const struct rebut_command rebut_command_appeals = {
    .name = "appeals",
    .summary = "what became of appeals, what is due, how likely the next succeeds",
    .usage_text = usage_text,
    .run = run,
};
