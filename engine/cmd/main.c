/* rebut -- whose fault was this refund without return? */
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

/* A line each, so that two who add one do not meet. */
/* clang-format off */
static const struct rebut_command *const commands[] = {
    &rebut_command_score,
    &rebut_command_stream,
    &rebut_command_replay,
    &rebut_command_queue,
    &rebut_command_groups,
    &rebut_command_report,
    &rebut_command_explain,
    &rebut_command_show,
    &rebut_command_decide,
    &rebut_command_evidence,
    &rebut_command_forms,
    &rebut_command_recompute,
    &rebut_command_appeals,
    &rebut_command_terms,
    &rebut_command_audit,
    &rebut_command_fit,
    &rebut_command_compare,
    &rebut_command_forecast,
    &rebut_command_evaluate,
    &rebut_command_simulate,
    &rebut_command_import,
    &rebut_command_migrate,
    &rebut_command_load,
    &rebut_command_nightly,
    &rebut_command_doctor,
    &rebut_command_serve,
    &rebut_command_token,
    &rebut_command_keygen,
    &rebut_command_verify,
};
/* clang-format on */
#define COMMANDS (sizeof commands / sizeof commands[0])

static int print_overview(FILE *out)
{
    fputs("usage: rebut COMMAND [OPTIONS]\n"
          "\n"
          "Separates merchant fault from buyer abuse, refund-only request by request,\n"
          "ranks likely abuse and says why.  No score is a verdict: a person decides.\n"
          "\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n'rebut COMMAND --help' says more; 'rebut --version' names the version.\n"
          "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 unusable data, 75 try again.\n",
          out);
    return fflush(out) == 0 ? 0 : 1;
}

static const struct rebut_command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    fprintf(stderr, "rebut: no command '%.40s'; 'rebut --help' lists them\n", name);
    return 2;
}

int main(int argc, char **argv)
{
    gsl_set_error_handler_off(); /* GSL's own handler aborts the process */
    signal(SIGPIPE, SIG_IGN);    /* a closed pipe is an error of write(2), not a death */
    if (argc < 2) {
        print_overview(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("rebut " REBUT_VERSION);
        return fflush(stdout) == 0 ? 0 : 1;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        if (argc == 2)
            return print_overview(stdout);
        const struct rebut_command *command = find_command(argv[2]);
        return command == NULL ? unknown_command(argv[2]) : rebut_command_help(command);
    }
    const struct rebut_command *command = find_command(argv[1]);
    if (command == NULL)
        return unknown_command(argv[1]);
    /* getopt's complaints begin with argv[0]: let them begin as ours do. */
    char name[64];
    snprintf(name, sizeof name, "rebut %s", command->name);
    argv[1] = name;
    return command->run(argc - 1, argv + 1);
}
