/* A command of the program is a value: one file in this folder, one descriptor,
 * one line in main.c's table, from which the list of commands and `rebut help` come. */
#ifndef REBUT_CMD_COMMAND_H
#define REBUT_CMD_COMMAND_H

#include "rebut/error.h"

struct rebut_command {
    const char *name;
    const char *summary;    /* one line for the list of commands */
    const char *usage_text; /* what `rebut NAME --help` prints, whole */
    int (*run)(int argc,
               char **argv); /* argv[0] is 'rebut NAME'; returns the exit code */
};

extern const struct rebut_command rebut_command_score;
extern const struct rebut_command rebut_command_stream;
extern const struct rebut_command rebut_command_replay;
extern const struct rebut_command rebut_command_fit;
extern const struct rebut_command rebut_command_queue;
extern const struct rebut_command rebut_command_groups;
extern const struct rebut_command rebut_command_report;
extern const struct rebut_command rebut_command_explain;
extern const struct rebut_command rebut_command_terms;
extern const struct rebut_command rebut_command_forecast;
extern const struct rebut_command rebut_command_simulate;
extern const struct rebut_command rebut_command_evaluate;
extern const struct rebut_command rebut_command_audit;
extern const struct rebut_command rebut_command_compare;
extern const struct rebut_command rebut_command_import;
extern const struct rebut_command rebut_command_migrate;
extern const struct rebut_command rebut_command_nightly;
extern const struct rebut_command rebut_command_load;
extern const struct rebut_command rebut_command_doctor;
extern const struct rebut_command rebut_command_keygen;
extern const struct rebut_command rebut_command_verify;
extern const struct rebut_command rebut_command_show;
extern const struct rebut_command rebut_command_decide;
extern const struct rebut_command rebut_command_evidence;
extern const struct rebut_command rebut_command_forms;
extern const struct rebut_command rebut_command_recompute;
extern const struct rebut_command rebut_command_appeals;
extern const struct rebut_command rebut_command_serve;
extern const struct rebut_command rebut_command_token;

/* Print "rebut NAME: message" to stderr and give the exit code that belongs to it. */
int rebut_command_failed(const struct rebut_command *command,
                         const struct rebut_error *err);

/* Print "rebut NAME: message; see 'rebut NAME --help'" and give 2. */
int rebut_command_usage(const struct rebut_command *command, const char *format, ...)
    REBUT_PRINTF(2, 3);

/* Print the usage text on stdout; 0, or 1 when stdout cannot take it. */
int rebut_command_help(const struct rebut_command *command);

/* Flush stdout and give 0, or say that it failed and give 1: the last line of run. */
int rebut_command_done(const struct rebut_command *command);

#endif
