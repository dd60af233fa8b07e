/* rebut verify -- is this evidence whole, and as it was signed? */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "rebut/seal.h"
#include "rebut/time.h"
#include "verify_exact.h"

static const char usage_text[] =
    "usage: rebut verify PATH --keys FILE [OPTIONS]\n"
    "\n"
    "Checks a bundle of evidence, offline: the signature of its manifest, whether the "
    "key\n"
    "is known and counted then, and every file's size and hash; what is missing, added,\n"
    "renamed or taken from the end; and that a time stamp there (manifest.tsr) is of "
    "this\n"
    "signature, but for the authority's own.  Says all that is wrong and where.\n"
    "\n"
    "  PATH             a bundle's folder, its manifest.json, or one file of it\n"
    "  --keys FILE      public keys (public.json), or a key folder\n"
    "  --previous PATH  the bundle before: this one must follow it\n"
    "  --exact PATH     the platform's edition of these packs, a folder or one pack: "
    "does\n"
    "                   each shop's pack carry its hash, and come of it by rounding?\n"
    "  --lang LANG      zh (default) or en\n"
    "  --json           one JSON object instead of lines\n"
    "\n"
    "Exit code 0 when all is as it was signed, 1 when something is not, 3 when the keys\n"
    "cannot be read.  Whether the numbers within are right: 'rebut recompute'.\n"
    "Example: rebut verify evidence/ --keys shop-public.json\n";

enum {
    OPTION_KEYS = 256,
    OPTION_PREVIOUS,
    OPTION_LANG,
    OPTION_JSON,
    OPTION_HELP,
    OPTION_EXACT
};

static const struct option long_options[] = {
    {"keys", required_argument, NULL, OPTION_KEYS},
    {"previous", required_argument, NULL, OPTION_PREVIOUS},
    {"exact", required_argument, NULL, OPTION_EXACT},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct wish {
    const char *path, *keys, *previous, *exact;
    enum rebut_language language;
    bool json;
};

/* A path as a bundle's folder and, when it is a file of it, that file's name. */
static void split(const char *path, char *ret_folder, size_t size, const char **ret_only)
{
    struct stat there;
    *ret_only = NULL;
    snprintf(ret_folder, size, "%s", path);
    if (stat(path, &there) == 0 && S_ISDIR(there.st_mode))
        return;
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const int before = slash == NULL || slash == path ? 1 : (int)(slash - path);
    snprintf(ret_folder, size, "%.*s", before, slash == NULL ? "." : path);
    if (strncmp(name, "manifest.", strlen("manifest.")) != 0)
        *ret_only = name;
}

/* What a time stamp says, and what nobody has checked. */
static void print_stamp(const struct rebut_verification *found, bool english)
{
    char at[REBUT_TIME_SIZE];
    if (found->stamp == REBUT_STAMP_WANTED)
        puts(english ? "time stamp: asked for in manifest.tsq, no manifest.tsr yet"
                     : "时间戳：已生成请求 manifest.tsq，尚无回复 manifest.tsr");
    if (found->stamp != REBUT_STAMP_FITS)
        return;
    rebut_time_format(found->stamped_at, 8 * 60, at);
    printf(english ? "time stamp: %s by manifest.tsr, whose hash and nonce fit; the "
                     "authority's own signature was NOT checked here.\n"
                     "Check it in the bundle's folder: "
                   : "时间戳：manifest.tsr 所载时间为 %s，哈希与随机数相符；"
                     "此处未核对时间戳机构自身的签名。\n在该文件夹中核对：",
           at);
    puts("openssl ts -verify -data manifest.sig -in manifest.tsr -CAfile AUTHORITY.pem");
}

static void print_lines(const struct rebut_verification *found,
                        enum rebut_language language)
{
    const bool english = language == REBUT_ENGLISH;
    for (size_t i = 0; i < found->count; i++) {
        char words[600];
        rebut_fault_sentence(&found->list[i], language, words, sizeof words);
        puts(words);
    }
    if (found->found > found->count)
        printf(english ? "… and %" PRIu64 " more\n" : "……另有 %" PRIu64 " 处\n",
               found->found - found->count);
    print_stamp(found, english);
    if (found->found > 0)
        printf(english ? "NOT as it was signed: %" PRIu64 " findings\n"
                       : "与签名时不符：共 %" PRIu64 " 处\n",
               found->found);
    else
        printf(english ? "as it was signed: %" PRIu64 " files, key %s, as of %s\n"
                       : "与签名时一致：%" PRIu64 " 个文件，密钥 %s，截至 %s\n",
               found->files, found->key, found->as_of);
}

static bool print_json(const struct rebut_verification *found,
                       const struct exact_account *exact, struct rebut_error *err)
{
    struct rebut_output out;
    if (!rebut_output_open(&out, NULL, err))
        return false;
    rebut_output_print(&out, "{\"as_of\":");
    rebut_output_json(&out, rebut_text_of(found->as_of));
    if (exact->asked)
        rebut_output_print(&out, ",\"exact\":{\"checked\":%u,\"wrong\":%u}",
                           exact->checked, exact->wrong);
    rebut_output_print(&out, ",\"files\":%" PRIu64 ",\"findings\":[", found->files);
    for (size_t i = 0; i < found->count; i++) {
        const struct rebut_finding_of_seal *finding = &found->list[i];
        rebut_output_print(&out, "%s{\"detail\":", i > 0 ? "," : "");
        rebut_output_json(&out, rebut_text_of(finding->detail));
        rebut_output_print(
            &out, ",\"fault\":\"%s\",\"where\":", rebut_words_fault[finding->fault]);
        rebut_output_json(&out, rebut_text_of(finding->where));
        rebut_output_print(&out, "}");
    }
    rebut_output_print(
        &out, "],\"found\":%" PRIu64 ",\"good\":%s,\"key\":\"%s\",\"manifest\":\"%s\",",
        found->found, found->found == 0 && exact->wrong == 0 ? "true" : "false",
        found->key, found->hash);
    if (found->stamp == REBUT_STAMP_FITS)
        rebut_output_print(&out,
                           "\"timestamp\":{\"at_us\":%" PRId64
                           ",\"authority_checked\":false,\"state\":\"fits\"}}\n",
                           found->stamped_at);
    else
        rebut_output_print(&out, "\"timestamp\":%s}\n",
                           found->stamp == REBUT_STAMP_WANTED ? "{\"state\":\"wanted\"}"
                                                              : "null");
    const bool ok = rebut_output_commit(&out, err);
    rebut_output_release(&out);
    return ok;
}

/* The hash of the bundle before, which must have a manifest. */
static bool hash_previous(const struct wish *wish, char ret[REBUT_SEAL_HEX],
                          struct rebut_error *err)
{
    char folder[4096], path[4200];
    const char *only = NULL;
    uint64_t bytes = 0;
    split(wish->previous, folder, sizeof folder, &only);
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    return rebut_seal_hash(path, ret, &bytes, err);
}

static int verify(const struct wish *wish)
{
    struct rebut_public_keys keys = {0};
    struct rebut_verification found = {0};
    struct exact_account exact = {.asked = wish->exact != NULL};
    struct rebut_error err = {0};
    char folder[4096], previous[REBUT_SEAL_HEX];
    const char *only = NULL;
    int code = -1;
    split(wish->path, folder, sizeof folder, &only);
    if (!rebut_public_keys_load(wish->keys, &keys, &err)) {
        err.code = REBUT_EDATA;
        code = rebut_command_failed(&rebut_command_verify, &err);
    } else if ((wish->previous != NULL && !hash_previous(wish, previous, &err)) ||
               !rebut_seal_verify(folder, &keys, only,
                                  wish->previous == NULL ? NULL : previous, &found,
                                  &err)) {
        code = rebut_command_failed(&rebut_command_verify, &err);
    } else if (wish->exact != NULL &&
               !verify_exact(folder, only, wish->exact,
                             wish->json ? NULL : &wish->language, &exact, &err)) {
        code = rebut_command_failed(&rebut_command_verify, &err);
    } else if (wish->json) {
        if (!print_json(&found, &exact, &err))
            code = rebut_command_failed(&rebut_command_verify, &err);
    } else {
        print_lines(&found, wish->language);
        if (rebut_command_done(&rebut_command_verify) != 0)
            code = 1;
    }
    if (code < 0)
        code = found.found == 0 && exact.wrong == 0 ? 0 : 1;
    rebut_verification_release(&found);
    rebut_public_keys_release(&keys);
    return code;
}

static int run(int argc, char **argv)
{
    struct wish wish = {.language = REBUT_CHINESE};
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_verify);
        if (letter == '?')
            return 2;
        if (letter == OPTION_KEYS)
            wish.keys = optarg;
        else if (letter == OPTION_PREVIOUS)
            wish.previous = optarg;
        else if (letter == OPTION_EXACT)
            wish.exact = optarg;
        else if (letter == OPTION_JSON)
            wish.json = true;
        else if (!rebut_language_parse(optarg, &wish.language))
            return rebut_command_usage(&rebut_command_verify,
                                       "expected --lang zh or en, got '%.20s'", optarg);
    }
    if (optind + 1 != argc)
        return rebut_command_usage(&rebut_command_verify, "expected one PATH");
    wish.path = argv[optind];
    if (wish.keys == NULL)
        return rebut_command_usage(&rebut_command_verify, "expected --keys FILE");
    return verify(&wish);
}

const struct rebut_command rebut_command_verify = {
    .name = "verify",
    .summary = "is this evidence whole, and as it was signed? offline",
    .usage_text = usage_text,
    .run = run,
};
