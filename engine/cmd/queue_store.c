#include "queue_store.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "desk.h"
#include "queue_plan.h"
#include "rebut/review.h"
#include "work.h"

/* The options of the other form too, so that they can be refused in words. */
static const struct option long_options[] = {
    REBUT_WORK_LONG_OPTIONS,
    {"since", required_argument, NULL, REBUT_OPTION_SINCE},
    {"lang", required_argument, NULL, REBUT_OPTION_LANG},
    REBUT_QUEUE_LONG_OPTIONS,
    REBUT_QUEUE_STORE_LONG_OPTIONS,
    {NULL, 0, NULL, 0}};

struct wish {
    const char *conninfo, *output, *minutes;
    const char *what; /* of a claim */
    enum rebut_claim_kind kind;
    int ways; /* how many of --claim, --second, --request, --mine were given */
};

static bool take_claim(struct wish *wish, enum rebut_claim_kind kind, const char *what)
{
    wish->kind = kind;
    wish->what = what;
    wish->ways++;
    return true;
}

static bool take(struct wish *wish, int letter, int place, struct rebut_error *err)
{
    switch (letter) {
    case REBUT_OPTION_DESK:
        wish->conninfo = optarg;
        return true;
    case REBUT_OPTION_OUTPUT:
        wish->output = optarg;
        return true;
    case REBUT_OPTION_CLAIM:
        return rebut_desk_count("claim", optarg, 100000, err) &&
               take_claim(wish, REBUT_CLAIM_NEXT, optarg);
    case REBUT_OPTION_SECOND:
        return rebut_desk_count("second", optarg, 100000, err) &&
               take_claim(wish, REBUT_CLAIM_SECOND, optarg);
    case REBUT_OPTION_REQUEST:
        return rebut_desk_request(optarg, err) &&
               take_claim(wish, REBUT_CLAIM_REQUEST, optarg);
    case REBUT_OPTION_MINE:
        wish->ways++;
        return true;
    case REBUT_OPTION_LEASE:
        wish->minutes = optarg;
        return rebut_desk_count("lease", optarg, 525600, err);
    default:
        return rebut_fail(err, REBUT_EUSAGE,
                          "--%s belongs to a queue from files; with --store the queue is "
                          "the one that the last nightly run drew",
                          long_options[place].name);
    }
}

static bool check(const struct wish *wish, struct rebut_error *err)
{
    if (wish->ways > 1)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected one of --claim, --second, --request and --mine");
    if (wish->minutes != NULL && wish->what == NULL)
        return rebut_fail(err, REBUT_EUSAGE,
                          "--lease goes with --claim, --second or --request");
    return true;
}

static bool read_rows(struct rebut_store *store, const struct wish *wish,
                      struct rebut_rows *ret, struct rebut_error *err)
{
    if (wish->what != NULL)
        return rebut_cases_claim(store, wish->kind, wish->what, wish->minutes, ret, err);
    if (wish->ways == 1)
        return rebut_cases_mine(store, NULL, ret, err);
    return rebut_cases_queue(store, ret, err);
}

static bool write_rows(const struct wish *wish, struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    struct rebut_rows rows = {0};
    struct rebut_output out;
    if (!rebut_output_open(&out, wish->output, err)) /* before anything is claimed */
        return false;
    bool ok = rebut_desk_open(&store, wish->conninfo, "queue", err) &&
              read_rows(store, wish, &rows, err);
    if (ok) {
        rebut_review_lines(&rows, &out);
        ok = rebut_output_commit(&out, err);
    }
    if (ok && rows.count == 0 && wish->what != NULL)
        fputs("nothing to claim: all is decided, suppressed or held\n", stderr);
    rebut_output_release(&out);
    rebut_rows_release(&rows);
    rebut_store_close(store);
    return ok;
}

bool rebut_queue_is_store(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--store") == 0 || strncmp(argv[i], "--store=", 8) == 0)
            return true;
    return false;
}

int rebut_queue_store_run(int argc, char **argv)
{
    struct wish wish = {0};
    struct rebut_error err = {0};
    int letter = 0, place = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, &place)) != -1) {
        if (letter == REBUT_OPTION_HELP)
            return rebut_command_help(&rebut_command_queue);
        if (letter == '?')
            return 2;
        if (!take(&wish, letter, place, &err))
            return rebut_command_usage(&rebut_command_queue, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_queue, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (!check(&wish, &err))
        return rebut_command_usage(&rebut_command_queue, "%s", err.message);
    return write_rows(&wish, &err) ? 0 : rebut_command_failed(&rebut_command_queue, &err);
}
