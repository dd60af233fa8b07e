/* rebut recompute -- every number of an evidence pack again, from the pack alone. */
#include "rebut/recompute.h"

#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "command.h"
#include "rebut/output.h"
#include "rebut/pack_json.h"

static const char usage_text[] =
    "usage: rebut recompute [--quiet] PACK.json...\n"
    "\n"
    "Makes every number of an evidence pack again from the inputs that it carries, "
    "without\n"
    "events, model, database or network: each line of the sum with its sentence, the\n"
    "log-odds, the probability and its interval, the expected recovery, the records of\n"
    "buyer, item, shop and category with their intervals.  Prints a line a number: "
    "whether\n"
    "it agrees to the digits stated, its name, what is stated and what comes out.\n"
    "\n"
    "  --quiet           only what differs, and one line a pack\n"
    "\n"
    "A pack names its wording.  Where that is not this version's, a sentence that is not "
    "the\n"
    "same is told as an older wording and is no difference: packs outlive wordings.\n"
    "\n"
    "Rank, q-values and the borders of the answers are made by the other requests and "
    "are\n"
    "no part of it.  That nobody has changed the inputs too is what 'rebut verify' "
    "says.\n"
    "Exit code 0: all agree; 1: at least one differs; 3: no readable pack.\n"
    "Example: rebut recompute packs/pack-0123….json\n";

struct printer {
    bool quiet;
};

static void put_number(const char *label, double value)
{
    char text[REBUT_DOUBLE_SIZE];
    rebut_double_text(value, text);
    printf("  %s %s", label, isfinite(value) ? text : "-");
}

static void put_text(const char *label, struct rebut_text text)
{
    /* Control characters would do more than be read. */
    printf("  %s \"", label);
    for (size_t i = 0; i < text.size; i++) {
        const unsigned char byte = (unsigned char)text.data[i];
        putchar(byte < 0x20 || byte == 0x7f ? '?' : byte);
    }
    putchar('"');
}

static void print_one(void *context, const struct rebut_recomputed *one)
{
    const struct printer *printer = context;
    if (one->equal && printer->quiet)
        return;
    printf("%s  %s",
           one->equal ? "equal  "
           : one->worded
               ? (one->figures ? "older wording" : "older wording, other figures")
               : "DIFFERS",
           one->name);
    if (one->is_text && !one->equal) {
        put_text("stated", one->stated_text);
        put_text("recomputed", one->found_text);
    } else if (!one->is_text) {
        put_number("stated", one->stated);
        put_number("recomputed", one->found);
    }
    putchar('\n');
}

static bool recompute(const char *path, struct printer *printer, uint32_t *ret_wrong,
                      struct rebut_error *err)
{
    struct rebut_pack pack;
    struct rebut_recompute_sum sum;
    if (!rebut_pack_load(path, &pack, err))
        return false;
    const bool ok = rebut_recompute(&pack, print_one, printer, &sum, err) ||
                    rebut_fail_context(err, "'%s'", path);
    rebut_pack_release(&pack);
    if (!ok)
        return false;
    *ret_wrong += sum.wrong;
    if (sum.wrong == 0)
        printf("%s: all %" PRIu32 " figures agree", path, sum.count);
    else
        printf("%s: %" PRIu32 " of %" PRIu32 " figures differ, the first is %s", path,
               sum.wrong, sum.count, sum.first_wrong);
    if (sum.worded > 0)
        printf("; older wording: %" PRIu32 " %s, %" PRIu32 " of them with other figures",
               sum.worded, sum.worded == 1 ? "sentence" : "sentences", sum.unlike);
    putchar('\n');
    return true;
}

static int run(int argc, char **argv)
{
    static const struct option long_options[] = {{"quiet", no_argument, NULL, 'q'},
                                                 {"help", no_argument, NULL, 'h'},
                                                 {NULL, 0, NULL, 0}};
    struct printer printer = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == 'h')
            return rebut_command_help(&rebut_command_recompute);
        if (letter == '?')
            return 2;
        printer.quiet = true;
    }
    if (optind == argc)
        return rebut_command_usage(&rebut_command_recompute, "expected PACK.json");
    uint32_t wrong = 0;
    int code = 0;
    for (int i = optind; i < argc; i++) {
        struct rebut_error err = {0};
        if (recompute(argv[i], &printer, &wrong, &err))
            continue;
        rebut_command_failed(&rebut_command_recompute, &err);
        code = err.code == REBUT_ENOMEM ? 1 : 3;
    }
    const int done = rebut_command_done(&rebut_command_recompute);
    return done != 0 ? done : code != 0 ? code : wrong > 0;
}

const struct rebut_command rebut_command_recompute = {
    .name = "recompute",
    .summary = "every number of an evidence pack again, from the pack alone",
    .usage_text = usage_text,
    .run = run,
};
