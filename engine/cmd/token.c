/* rebut token -- who may ask the server. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "desk.h"
#include "rebut/text.h"
#include "rebut/token.h"

static const char usage_text[] =
    "usage: rebut token create --role ROLE --login NAME [OPTIONS]\n"
    "       rebut token list [--store CONNINFO]\n"
    "       rebut token revoke ID [--store CONNINFO]\n"
    "\n"
    "Gives out, lists and ends the tokens of 'rebut serve'.  A token is printed once; "
    "the\n"
    "database keeps only its hash.\n"
    "\n"
    "  --role ROLE       reviewer, senior, merchant, auditor or admin\n"
    "  --login NAME      in whose name it acts: the same person as that login of the\n"
    "                    database\n"
    "  --merchant ID     of a merchant: whose cases it sees; may be given again\n"
    "  --scope SCOPE     only this of the role's rights; may be given again\n"
    "  --days N          how long it is good (90)\n"
    "  --link            print a code instead, which opens the console once within "
    "--minutes\n"
    "  --minutes N       how long the code is good (60)\n" REBUT_DESK_STORE_HELP
    "                    (default: the PG* environment)\n"
    "\n"
    "Needs a login in rebut_admin, or the owner of the schema.\n"
    "Example: rebut token create --role merchant --login shop7 --merchant m00131\n";

extern const char rebut_sql_token_create[], rebut_sql_token_link[],
    rebut_sql_token_list[], rebut_sql_token_revoke[];

enum {
    OPTION_ROLE = 256,
    OPTION_LOGIN,
    OPTION_MERCHANT,
    OPTION_SCOPE,
    OPTION_DAYS,
    OPTION_LINK,
    OPTION_MINUTES,
    OPTION_STORE,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"role", required_argument, NULL, OPTION_ROLE},
    {"login", required_argument, NULL, OPTION_LOGIN},
    {"merchant", required_argument, NULL, OPTION_MERCHANT},
    {"scope", required_argument, NULL, OPTION_SCOPE},
    {"days", required_argument, NULL, OPTION_DAYS},
    {"link", no_argument, NULL, OPTION_LINK},
    {"minutes", required_argument, NULL, OPTION_MINUTES},
    {"store", required_argument, NULL, OPTION_STORE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

struct wish {
    const char *role, *login, *conninfo, *hours, *minutes, *id;
    char merchants[8192], scopes[1024]; /* arrays of PostgreSQL, still open */
    char hours_text[24];
    bool link;
};

/* Another element of an array of PostgreSQL, in quotes. */
static bool add(char *array, size_t room, const char *text, const char *option,
                struct rebut_error *err)
{
    size_t used = strlen(array);
    const size_t size = strlen(text);
    if (size == 0 || size > 64 || strpbrk(text, "\"\\") != NULL ||
        rebut_text_valid_utf8(rebut_text_of(text)) != size)
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected --%s with 1 to 64 bytes of UTF-8 without quotes",
                          option);
    if (used + size + 5 > room)
        return rebut_fail(err, REBUT_EUSAGE, "too many of --%s", option);
    snprintf(array + used, room - used, "%s\"%s\"", used == 0 ? "{" : ",", text);
    return true;
}

static bool take(struct wish *wish, int letter, struct rebut_error *err)
{
    switch (letter) {
    case OPTION_ROLE:
        wish->role = optarg;
        return rebut_token_scopes(optarg) != NULL ||
               rebut_fail(
                   err, REBUT_EUSAGE,
                   "expected --role reviewer, senior, merchant, auditor or admin, got "
                   "'%.20s'",
                   optarg);
    case OPTION_LOGIN:
        wish->login = optarg;
        return (strlen(optarg) >= 1 && strlen(optarg) <= 63) ||
               rebut_fail(err, REBUT_EUSAGE, "expected --login with 1 to 63 bytes");
    case OPTION_MERCHANT:
        return add(wish->merchants, sizeof wish->merchants, optarg, "merchant", err);
    case OPTION_SCOPE:
        return add(wish->scopes, sizeof wish->scopes, optarg, "scope", err);
    case OPTION_DAYS:
        if (!rebut_desk_count("days", optarg, 3660, err))
            return false;
        int64_t days = 0;
        if (rebut_text_int64(rebut_text_of(optarg), &days))
            snprintf(wish->hours_text, sizeof wish->hours_text, "%lld",
                     (long long)days * 24);
        wish->hours = wish->hours_text;
        return true;
    case OPTION_LINK:
        wish->link = true;
        return true;
    case OPTION_MINUTES:
        wish->minutes = optarg;
        return rebut_desk_count("minutes", optarg, 10080, err);
    default:
        wish->conninfo = optarg;
        return true;
    }
}

/* Scopes that were asked for must be the role's; without any they are all of them. */
static bool settle_scopes(struct wish *wish, struct rebut_error *err)
{
    const char *allowed = rebut_token_scopes(wish->role);
    char word[80];
    if (wish->scopes[0] == '\0') {
        for (const char *at = allowed; *at != '\0';) {
            const char *end = strchrnul(at, ' ');
            snprintf(word, sizeof word, "%.*s", (int)(end - at), at);
            if (!add(wish->scopes, sizeof wish->scopes, word, "scope", err))
                return false;
            at = *end == '\0' ? end : end + 1;
        }
        return true;
    }
    for (const char *at = wish->scopes; (at = strchr(at, '"')) != NULL;) {
        const char *end = strchr(++at, '"');
        snprintf(word, sizeof word, "%.*s", (int)(end - at), at);
        if (!rebut_token_has_scope(allowed, word))
            return rebut_fail(err, REBUT_EUSAGE,
                              "expected --scope among: %s; got '%.40s'", allowed, word);
        at = end + 1;
    }
    return true;
}

static bool check_create(struct wish *wish, struct rebut_error *err)
{
    if (wish->role == NULL || wish->login == NULL)
        return rebut_fail(err, REBUT_EUSAGE, "expected --role ROLE and --login NAME");
    if ((strcmp(wish->role, "merchant") == 0) != (wish->merchants[0] != '\0'))
        return rebut_fail(err, REBUT_EUSAGE,
                          "--merchant goes with --role merchant, which needs it");
    if (wish->minutes != NULL && !wish->link)
        return rebut_fail(err, REBUT_EUSAGE, "--minutes goes with --link");
    if (!settle_scopes(wish, err))
        return false;
    strncat(wish->scopes, "}", sizeof wish->scopes - strlen(wish->scopes) - 1);
    if (wish->merchants[0] != '\0')
        strncat(wish->merchants, "}",
                sizeof wish->merchants - strlen(wish->merchants) - 1);
    return true;
}

static bool create(struct rebut_store *store, const struct wish *wish,
                   struct rebut_error *err)
{
    struct rebut_token token, code;
    if (!rebut_token_make(REBUT_TOKEN_PREFIX, &token, err))
        return false;
    const char *const parameters[] = {token.id,
                                      token.hash,
                                      wish->role,
                                      wish->login,
                                      wish->merchants[0] == '\0' ? NULL : wish->merchants,
                                      wish->scopes,
                                      wish->hours == NULL ? "2160" : wish->hours};
    if (!rebut_store_do(store, rebut_sql_token_create, parameters, 7, NULL, err))
        return false;
    if (!wish->link) {
        puts(token.text);
        return true;
    }
    if (!rebut_token_make(REBUT_LINK_PREFIX, &code, err))
        return false;
    const char *const of_code[] = {code.id, code.hash, token.id,
                                   wish->minutes == NULL ? "60" : wish->minutes};
    if (!rebut_store_do(store, rebut_sql_token_link, of_code, 4, NULL, err))
        return false;
    puts(code.text);
    return true;
}

static bool list(struct rebut_store *store, struct rebut_error *err)
{
    struct rebut_rows rows = {0};
    if (!rebut_store_query(store, rebut_sql_token_list, NULL, 0, &rows, err))
        return false;
    for (int row = 0; row < rows.count; row++)
        puts(rebut_rows_get(&rows, row, 0));
    rebut_rows_release(&rows);
    return true;
}

static bool work(const char *verb, const struct wish *wish, struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    if (!rebut_desk_open(&store, wish->conninfo, "token", err))
        return false;
    const bool ok =
        strcmp(verb, "create") == 0 ? create(store, wish, err)
        : strcmp(verb, "list") == 0
            ? list(store, err)
            : rebut_store_do(store, rebut_sql_token_revoke, &wish->id, 1, NULL, err);
    rebut_store_close(store);
    return ok;
}

static bool check_words(const char *verb, int argc, char **argv, struct wish *wish,
                        struct rebut_error *err)
{
    const bool revoke = strcmp(verb, "revoke") == 0;
    if (revoke && optind < argc)
        wish->id = argv[optind++];
    if (optind < argc)
        return rebut_fail(err, REBUT_EUSAGE, "unexpected argument '%.40s'", argv[optind]);
    if (revoke && (wish->id == NULL || strlen(wish->id) != 12))
        return rebut_fail(err, REBUT_EUSAGE,
                          "expected the id of a token: the twelve characters in its "
                          "middle");
    return strcmp(verb, "create") != 0 || check_create(wish, err);
}

static int run(int argc, char **argv)
{
    static struct wish wish;
    struct rebut_error err = {0};
    int letter = 0;
    if (argc < 2 || strcmp(argv[1], "--help") == 0)
        return argc < 2 ? rebut_command_usage(&rebut_command_token,
                                              "expected create, list or revoke")
                        : rebut_command_help(&rebut_command_token);
    const char *verb = argv[1];
    if (strcmp(verb, "create") != 0 && strcmp(verb, "list") != 0 &&
        strcmp(verb, "revoke") != 0)
        return rebut_command_usage(&rebut_command_token,
                                   "expected create, list or revoke, got '%.20s'", verb);
    argc--, argv++;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_token);
        if (letter == '?')
            return 2;
        if (!take(&wish, letter, &err))
            return rebut_command_usage(&rebut_command_token, "%s", err.message);
    }
    if (!check_words(verb, argc, argv, &wish, &err))
        return rebut_command_usage(&rebut_command_token, "%s", err.message);
    return work(verb, &wish, &err) ? rebut_command_done(&rebut_command_token)
                                   : rebut_command_failed(&rebut_command_token, &err);
}

const struct rebut_command rebut_command_token = {
    .name = "token",
    .summary = "give out, list and revoke the tokens of 'rebut serve'",
    .usage_text = usage_text,
    .run = run,
};
