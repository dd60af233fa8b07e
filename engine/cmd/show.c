/* rebut show -- the case of one request from the database, for the person who decides. */
#include <getopt.h>
#include <stdio.h>

#include "command.h"
#include "desk.h"
#include "rebut/review.h"

static const char usage_text[] =
    "usage: rebut show --request ID [OPTIONS]\n"
    "\n"
    "Prints the case of one scored request from the database: the answer, who has it in\n"
    "hand, what happened and what was written, each reason as a sentence, what buyer "
    "and\n"
    "merchant did elsewhere, what is unknown.  What happened is shown to whoever has "
    "the\n"
    "case in hand or has decided it.  In a second review the first verdict is nowhere.\n"
    "\n"
    "  --request ID      the request\n" REBUT_DESK_STORE_HELP
    "                    (default: the PG* environment)\n"
    "  --lang LANG       zh (default) or en; the reasons stay in the language of the "
    "run\n"
    "  --json            one JSON object instead of a page\n"
    "  --output FILE     where to write (default: standard output)\n"
    "\n"
    "Needs a login in rebut_reviewer.\n"
    "Example: rebut show --request r000123 --store service=rebut --lang en\n";

enum {
    OPTION_REQUEST = 256,
    OPTION_STORE,
    OPTION_LANG,
    OPTION_JSON,
    OPTION_OUTPUT,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"request", required_argument, NULL, OPTION_REQUEST},
    {"store", required_argument, NULL, OPTION_STORE},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"json", no_argument, NULL, OPTION_JSON},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct wish {
    const char *request, *conninfo, *output;
    enum rebut_language language;
    bool json;
};

static bool write_sheet(const struct wish *wish, const struct rebut_case_sheet *sheet,
                        struct rebut_output *out, struct rebut_error *err)
{
    if (!wish->json)
        return rebut_review_page(sheet, wish->language, out, err);
    rebut_review_json(sheet, out);
    return true;
}

static bool show(const struct wish *wish, struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    struct rebut_case_sheet sheet = {0};
    struct rebut_output out;
    if (!rebut_output_open(&out, wish->output, err))
        return false;
    const bool ok = rebut_desk_open(&store, wish->conninfo, "show", err) &&
                    rebut_cases_sheet(store, wish->request, &sheet, err) &&
                    write_sheet(wish, &sheet, &out, err) &&
                    rebut_output_commit(&out, err);
    rebut_output_release(&out);
    rebut_case_sheet_release(&sheet);
    rebut_store_close(store);
    return ok;
}

static bool take(struct wish *wish, int letter, struct rebut_error *err)
{
    switch (letter) {
    case OPTION_REQUEST:
        wish->request = optarg;
        return rebut_desk_request(optarg, err);
    case OPTION_STORE:
        wish->conninfo = optarg;
        return true;
    case OPTION_OUTPUT:
        wish->output = optarg;
        return true;
    case OPTION_JSON:
        wish->json = true;
        return true;
    default:
        return rebut_language_parse(optarg, &wish->language) ||
               rebut_fail(err, REBUT_EUSAGE, "expected --lang zh or en, got '%.20s'",
                          optarg);
    }
}

static int run(int argc, char **argv)
{
    struct wish wish = {.language = REBUT_CHINESE};
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_show);
        if (letter == '?')
            return 2;
        if (!take(&wish, letter, &err))
            return rebut_command_usage(&rebut_command_show, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_show, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (wish.request == NULL)
        return rebut_command_usage(&rebut_command_show, "expected --request ID");
    return show(&wish, &err) ? 0 : rebut_command_failed(&rebut_command_show, &err);
}

const struct rebut_command rebut_command_show = {
    .name = "show",
    .summary = "the case of one request from the database, for who decides",
    .usage_text = usage_text,
    .run = run,
};
