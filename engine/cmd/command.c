#include "command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int rebut_command_failed(const struct rebut_command *command,
                         const struct rebut_error *err)
{
    fprintf(stderr, "rebut %s: %s\n", command->name, err->message);
    return rebut_exit_code(err->code);
}

int rebut_command_usage(const struct rebut_command *command, const char *format, ...)
{
    va_list words;
    fprintf(stderr, "rebut %s: ", command->name);
    va_start(words, format);
    vfprintf(stderr, format, words);
    va_end(words);
    fprintf(stderr, "; see 'rebut %s --help'\n", command->name);
    return 2;
}

int rebut_command_done(const struct rebut_command *command)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    fprintf(stderr, "rebut %s: cannot write standard output: %s\n", command->name,
            strerror(errno));
    return 1;
}

int rebut_command_help(const struct rebut_command *command)
{
    fputs(command->usage_text, stdout);
    return rebut_command_done(command);
}
