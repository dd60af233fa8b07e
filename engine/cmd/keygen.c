/* rebut keygen -- the key that signs evidence, and the secret that names buyers. */
#include <getopt.h>
#include <stdio.h>
#include <time.h>

#include "command.h"
#include "rebut/keys.h"
#include "rebut/time.h"

static const char usage_text[] =
    "usage: rebut keygen --key-dir DIR [--rotate | --revoke ID --reason TEXT [--at "
    "TIME]]\n"
    "\n"
    "Makes a folder with an Ed25519 key that signs bundles of evidence, and the secret "
    "by\n"
    "which buyers get a pseudonym for each merchant.  DIR/public.json is for those who\n"
    "verify; the other files stay with you (mode 0600).\n"
    "\n"
    "  --key-dir DIR   the folder (made if it is not there, mode 0700)\n"
    "  --rotate        make another key, which signs from now on; old ones stay public\n"
    "  --revoke ID     key ID no longer counts\n"
    "  --reason TEXT   why; whoever verifies will read it\n"
    "  --at TIME       from then on (default: now)\n"
    "\n"
    "Losing buyers.key changes every pseudonym; keep a copy where nobody else reads it.\n"
    "Example: rebut keygen --key-dir /etc/rebut/keys\n";

enum {
    OPTION_DIR = 256,
    OPTION_ROTATE,
    OPTION_REVOKE,
    OPTION_REASON,
    OPTION_AT,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"key-dir", required_argument, NULL, OPTION_DIR},
    {"rotate", no_argument, NULL, OPTION_ROTATE},
    {"revoke", required_argument, NULL, OPTION_REVOKE},
    {"reason", required_argument, NULL, OPTION_REASON},
    {"at", required_argument, NULL, OPTION_AT},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct wish {
    const char *folder, *revoke, *reason;
    int64_t at;
    bool rotate;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
}

static int make(const struct wish *wish)
{
    char id[REBUT_KEY_ID_SIZE];
    struct rebut_error err = {0};
    if (!rebut_keys_make(wish->folder, wish->rotate, now_us(), id, &err))
        return rebut_command_failed(&rebut_command_keygen, &err);
    printf("%s\n", id);
    fprintf(stderr,
            "key %s signs from now on; give '%s/public.json' to those who verify\n", id,
            wish->folder);
    return rebut_command_done(&rebut_command_keygen);
}

static int revoke(const struct wish *wish)
{
    struct rebut_error err = {0};
    if (!rebut_keys_revoke(wish->folder, wish->revoke, wish->at, wish->reason, &err))
        return rebut_command_failed(&rebut_command_keygen, &err);
    fprintf(stderr, "key %s no longer counts; hand out '%s/public.json' again\n",
            wish->revoke, wish->folder);
    return 0;
}

static int run(int argc, char **argv)
{
    struct wish wish = {.at = now_us()};
    struct rebut_error err = {0};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_keygen);
        if (letter == '?')
            return 2;
        if (letter == OPTION_DIR)
            wish.folder = optarg;
        else if (letter == OPTION_ROTATE)
            wish.rotate = true;
        else if (letter == OPTION_REVOKE)
            wish.revoke = optarg;
        else if (letter == OPTION_REASON)
            wish.reason = optarg;
        else if (!rebut_time_parse_argument(optarg, &wish.at, &err))
            return rebut_command_usage(&rebut_command_keygen, "%s", err.message);
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_keygen, "unexpected argument '%.40s'",
                                   argv[optind]);
    if (wish.folder == NULL)
        return rebut_command_usage(&rebut_command_keygen, "expected --key-dir DIR");
    if ((wish.revoke == NULL) != (wish.reason == NULL) ||
        (wish.revoke != NULL && wish.rotate))
        return rebut_command_usage(&rebut_command_keygen,
                                   "expected --revoke ID with --reason TEXT, and no "
                                   "--rotate");
    return wish.revoke == NULL ? make(&wish) : revoke(&wish);
}

const struct rebut_command rebut_command_keygen = {
    .name = "keygen",
    .summary = "the key that signs evidence, and the secret that names buyers",
    .usage_text = usage_text,
    .run = run,
};
