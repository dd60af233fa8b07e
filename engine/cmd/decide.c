/* rebut decide -- a person's verdict on a request, its undoing, or the case given back.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "desk.h"
#include "rebut/cases.h"
#include "rebut/language.h"
#include "rebut/time.h"

static const char usage_text[] =
    "usage: rebut decide --request ID --verdict VERDICT [--note TEXT|-] [OPTIONS]\n"
    "       rebut decide --request ID --undo | --release [OPTIONS]\n"
    "\n"
    "Decides a request that you have in hand ('rebut queue --store … --claim').  For "
    "some\n"
    "minutes, which it names, the decision may be undone; then it becomes a verdict, "
    "from\n"
    "which the next fit learns.\n"
    "\n"
    "  --request ID      the request\n"
    "  --verdict WORD    abuse, legitimate or unclear\n"
    "  --note TEXT       why, at most 16384 bytes; - reads it from standard input, "
    "where\n"
    "                    no list of processes shows it\n"
    "  --undo            take your decision back; the case is in your hands again\n"
    "  --release         give the case back undecided\n" REBUT_DESK_STORE_HELP
    "                    (default: the PG* environment)\n"
    "  --lang LANG       zh (default) or en\n"
    "\n"
    "Exit codes: 75 when another has the case in hand or has decided it, 1 when it is "
    "not\n"
    "in your hands or can no longer be undone.  Needs a login in rebut_reviewer.\n"
    "Example: rebut decide --request r000123 --verdict legitimate --store "
    "service=rebut\n";

enum {
    OPTION_REQUEST = 256,
    OPTION_VERDICT,
    OPTION_NOTE,
    OPTION_UNDO,
    OPTION_RELEASE,
    OPTION_STORE,
    OPTION_LANG,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"request", required_argument, NULL, OPTION_REQUEST},
    {"verdict", required_argument, NULL, OPTION_VERDICT},
    {"note", required_argument, NULL, OPTION_NOTE},
    {"undo", no_argument, NULL, OPTION_UNDO},
    {"release", no_argument, NULL, OPTION_RELEASE},
    {"store", required_argument, NULL, OPTION_STORE},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

#define NOTE_MAX 16384

struct wish {
    const char *request, *verdict, *note, *conninfo;
    bool undo, release;
    enum rebut_language language;
};

/* ---- the note ---- */

/* Read all of standard input; its last line end does not belong to the note. */
static bool read_note(char ret_note[NOTE_MAX + 2], struct rebut_error *err)
{
    size_t size = fread(ret_note, 1, NOTE_MAX + 2, stdin);
    if (ferror(stdin))
        return rebut_fail(err, REBUT_EIO, "cannot read the note from standard input");
    if (size > 0 && size < NOTE_MAX + 2 && ret_note[size - 1] == '\n')
        size--;
    if (size > NOTE_MAX)
        return rebut_fail(err, REBUT_EUSAGE, "expected a note of at most %d bytes",
                          NOTE_MAX);
    if (memchr(ret_note, '\0', size) != NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected a note without NUL bytes");
    ret_note[size] = '\0';
    return true;
}

/* Its words are in no message. */
static bool check_note(const char *note, struct rebut_error *err)
{
    const struct rebut_text text = rebut_text_of(note);
    if (text.size > NOTE_MAX)
        return rebut_fail(err, REBUT_EUSAGE, "expected a note of at most %d bytes",
                          NOTE_MAX);
    const size_t valid = rebut_text_valid_utf8(text);
    return valid == text.size ||
           rebut_fail(err, REBUT_EUSAGE, "expected a note in UTF-8; its byte %zu is not",
                      valid + 1);
}

/* ---- what is done ---- */

/* "2026-11-25 18:10" in China. */
static void minute_of(int64_t time, char ret_text[REBUT_TIME_SIZE])
{
    rebut_time_format(time, 8 * 60, ret_text);
    ret_text[19] = '\0';
    ret_text[10] = ' ';
}

static void say_decided(const struct wish *wish, int64_t until)
{
    static const char *const words[][2] = {
        {"abuse", "滥用"}, {"legitimate", "正当"}, {"unclear", "不能判断"}};
    const bool zh = wish->language == REBUT_CHINESE;
    const char *verdict = wish->verdict;
    char when[REBUT_TIME_SIZE];
    for (int i = 0; zh && i < 3; i++)
        if (strcmp(words[i][0], wish->verdict) == 0)
            verdict = words[i][1];
    minute_of(until, when);
    printf(zh ? "请求 %s：裁定为%s，%s（北京时间）前可撤销\n"
              : "request %s: %s; may be undone until %s (UTC+8)\n",
           wish->request, verdict, when);
}

static void say_undone(const struct wish *wish, int64_t until)
{
    char when[REBUT_TIME_SIZE];
    minute_of(until, when);
    printf(wish->language == REBUT_CHINESE
               ? "请求 %s：裁定已撤销，由您继续经手，至 %s（北京时间）\n"
               : "request %s: undone; in your hands again until %s (UTC+8)\n",
           wish->request, when);
}

static bool act(const struct wish *wish, struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    int64_t until = 0;
    bool ok = rebut_desk_open(&store, wish->conninfo, "decide", err);
    if (ok && wish->undo) {
        ok = rebut_cases_undo(store, wish->request, &until, err);
        if (ok)
            say_undone(wish, until);
    } else if (ok && wish->release) {
        ok = rebut_cases_give_back(store, wish->request, err);
        if (ok)
            printf(wish->language == REBUT_CHINESE ? "请求 %s：已交还，未裁定\n"
                                                   : "request %s: given back undecided\n",
                   wish->request);
    } else if (ok) {
        ok = rebut_cases_decide(store, wish->request, wish->verdict, wish->note, &until,
                                err);
        if (ok)
            say_decided(wish, until);
    }
    rebut_store_close(store);
    return ok;
}

/* ---- the command line ---- */

static bool take_verdict(struct wish *wish, const char *value, struct rebut_error *err)
{
    wish->verdict = value;
    return strcmp(value, "abuse") == 0 || strcmp(value, "legitimate") == 0 ||
           strcmp(value, "unclear") == 0 ||
           rebut_fail(err, REBUT_EUSAGE,
                      "expected --verdict abuse, legitimate or unclear, got '%.20s'",
                      value);
}

static bool take(struct wish *wish, int letter, struct rebut_error *err)
{
    switch (letter) {
    case OPTION_REQUEST:
        wish->request = optarg;
        return rebut_desk_request(optarg, err);
    case OPTION_VERDICT:
        return take_verdict(wish, optarg, err);
    case OPTION_NOTE:
        wish->note = optarg;
        return true;
    case OPTION_UNDO:
        wish->undo = true;
        return true;
    case OPTION_RELEASE:
        wish->release = true;
        return true;
    case OPTION_STORE:
        wish->conninfo = optarg;
        return true;
    default:
        return rebut_language_parse(optarg, &wish->language) ||
               rebut_fail(err, REBUT_EUSAGE, "expected --lang zh or en, got '%.20s'",
                          optarg);
    }
}

static bool check(const struct wish *wish, struct rebut_error *err)
{
    if (wish->request == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected --request ID");
    if ((wish->verdict != NULL) + wish->undo + wish->release != 1)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected one of --verdict, --undo and --release");
    if (wish->note != NULL && wish->verdict == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "--note goes with --verdict");
    return true;
}

static int run(int argc, char **argv)
{
    static char note[NOTE_MAX + 2];
    struct wish wish = {.language = REBUT_CHINESE};
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_decide);
        if (letter == '?')
            return 2;
        if (!take(&wish, letter, &err))
            return rebut_command_usage(&rebut_command_decide, "%s", err.message);
    }
    if (optind < argc) /* it may be a note that was not quoted: not repeated */
        return rebut_command_usage(&rebut_command_decide,
                                   "expected options alone; is the note quoted?");
    if (!check(&wish, &err))
        return rebut_command_usage(&rebut_command_decide, "%s", err.message);
    if (wish.note != NULL && strcmp(wish.note, "-") == 0) {
        if (!read_note(note, &err))
            return rebut_command_failed(&rebut_command_decide, &err);
        wish.note = note;
    }
    if (wish.note != NULL && !check_note(wish.note, &err))
        return rebut_command_failed(&rebut_command_decide, &err);
    return act(&wish, &err) ? rebut_command_done(&rebut_command_decide)
                            : rebut_command_failed(&rebut_command_decide, &err);
}

const struct rebut_command rebut_command_decide = {
    .name = "decide",
    .summary = "decide a request that you have in hand, or undo it, or give it back",
    .usage_text = usage_text,
    .run = run,
};
