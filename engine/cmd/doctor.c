/* rebut doctor -- is all there that the nightly run needs? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "command.h"
#include "rebut/doctor.h"
#include "rebut/text.h"
#include "rebut/time.h"

static const char usage_text[] =
    "usage: rebut doctor [OPTIONS]\n"
    "\n"
    "Looks at what a nightly run needs and at how the last ones went: connection, "
    "clock,\n"
    "schema, privileges, the events' tables, the state file and its disk, the last run,\n"
    "rows set aside, drift and the queue.  Changes nothing.\n"
    "\n"
    "  --store CONNINFO     libpq's (default: the PG* environment)\n"
    "  --source-schema NAME where the events' tables or views are (rebut)\n"
    "  --state FILE         the state file of 'rebut nightly'\n"
    "  --late HOURS         a last good run longer ago is ill (36)\n"
    "\n"
    "A line a check on standard output: ok, watch or ill.  Exit code 0 when none is "
    "ill,\n"
    "else 1.\n"
    "Example: rebut doctor --store service=rebut --state /var/lib/rebut/state\n";

enum { OPTION_STORE = 256, OPTION_SCHEMA, OPTION_STATE, OPTION_LATE, OPTION_HELP };

static const struct option long_options[] = {
    {"store", required_argument, NULL, OPTION_STORE},
    {"source-schema", required_argument, NULL, OPTION_SCHEMA},
    {"state", required_argument, NULL, OPTION_STATE},
    {"late", required_argument, NULL, OPTION_LATE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0}};

static const char *const health_words[] = {"ok", "watch", "ill"};

static int print(const struct rebut_doctor_job *job)
{
    struct rebut_finding findings[REBUT_FINDINGS_MAX];
    const size_t count = rebut_doctor(job, findings);
    int ill = 0;
    for (size_t i = 0; i < count; i++) {
        printf("%-6s %-11s %s\n", health_words[findings[i].health], findings[i].check,
               findings[i].words);
        ill += findings[i].health == REBUT_ILL;
    }
    const int code = rebut_command_done(&rebut_command_doctor);
    return code != 0 ? code : ill > 0 ? 1 : 0;
}

static int run(int argc, char **argv)
{
    struct rebut_doctor_job job = {.late_hours = 36};
    struct timespec now;
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        switch (letter) {
        case OPTION_STORE:
            job.conninfo = optarg;
            break;
        case OPTION_SCHEMA:
            job.source_schema = optarg;
            break;
        case OPTION_STATE:
            job.state_path = optarg;
            break;
        case OPTION_LATE:
            if (!rebut_text_double(rebut_text_of(optarg), &job.late_hours) ||
                !(job.late_hours > 0))
                return rebut_command_usage(&rebut_command_doctor,
                                           "expected --late with hours, got '%.20s'",
                                           optarg);
            break;
        case OPTION_HELP:
            return rebut_command_help(&rebut_command_doctor);
        default:
            return 2;
        }
    }
    if (optind < argc)
        return rebut_command_usage(&rebut_command_doctor, "unexpected argument '%.40s'",
                                   argv[optind]);
    clock_gettime(CLOCK_REALTIME, &now);
    job.now_us = (int64_t)now.tv_sec * REBUT_SECOND + now.tv_nsec / 1000;
    return print(&job);
}

const struct rebut_command rebut_command_doctor = {
    .name = "doctor",
    .summary = "is all there that a nightly run needs, and did the last one go well?",
    .usage_text = usage_text,
    .run = run,
};
