/* rebut migrate -- make the schema of the database what this program needs. */
#include <getopt.h>
#include <stdio.h>

#include "command.h"
#include "rebut/store.h"

static const char usage_text[] =
    "usage: rebut migrate [--store CONNINFO] [--check]\n"
    "\n"
    "Makes the schema 'rebut' in a PostgreSQL database, or brings it up to date: "
    "numbered\n"
    "migrations, each in a transaction of its own, never backwards.  What was applied "
    "is\n"
    "remembered with a checksum; a database that another program changed is refused.\n"
    "\n"
    "  --store CONNINFO  libpq's: 'dbname=shop host=db1', a URI, or 'service=rebut'\n"
    "                    (default: the PG* environment)\n"
    "  --check           change nothing; exit code 3 when a migration is missing\n"
    "\n"
    "Needs a login that may create schemas and roles; 'rebut nightly' needs less.\n"
    "Example: rebut migrate --store service=rebut\n";

enum { OPTION_STORE = 256, OPTION_CHECK, OPTION_HELP };

static const struct option long_options[] = {
    {"store", required_argument, NULL, OPTION_STORE},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

static void say_applied(const struct rebut_migration *migration)
{
    fprintf(stderr, "applied %04d %s\n", migration->number, migration->name);
}

static bool migrate(const char *conninfo, bool check, struct rebut_error *err)
{
    struct rebut_store *store = NULL;
    struct rebut_schema schema = {0};
    bool ok = rebut_store_open(&store, conninfo, "migrate", err);
    if (ok && check)
        ok = rebut_schema_require(store, err);
    else if (ok)
        ok = rebut_schema_migrate(store, say_applied, &schema, err);
    if (ok)
        fprintf(stderr, "the schema is up to date: migration %d\n",
                rebut_migrations_count);
    rebut_store_close(store);
    return ok;
}

static int run(int argc, char **argv)
{
    const char *conninfo = NULL;
    bool check = false;
    int letter = 0;
    struct rebut_error err = {0};
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (letter == OPTION_HELP)
            return rebut_command_help(&rebut_command_migrate);
        if (letter == '?')
            return 2;
        if (letter == OPTION_STORE)
            conninfo = optarg;
        check = check || letter == OPTION_CHECK;
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_migrate, "unexpected argument '%.40s'",
                                   argv[optind]);
    return migrate(conninfo, check, &err)
               ? 0
               : rebut_command_failed(&rebut_command_migrate, &err);
}

const struct rebut_command rebut_command_migrate = {
    .name = "migrate",
    .summary = "make or update the schema in PostgreSQL",
    .usage_text = usage_text,
    .run = run,
};
