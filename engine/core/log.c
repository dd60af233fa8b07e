#include "rebut/log.h"

#include <stdarg.h>

#include "rebut/time.h"

static void begin(const struct rebut_log *log, const char *level, const char *event)
{
    char at[REBUT_TIME_SIZE];
    putc_unlocked('{', log->to);
    if (log->now_us != NULL) {
        rebut_time_format(log->now_us(), 0, at);
        fprintf(log->to, "\"at\":\"%s\",", at);
    }
    fprintf(log->to, "\"level\":\"%s\",\"event\":\"%s\"", level, event);
}

void rebut_log(const struct rebut_log *log, const char *level, const char *event,
               const char *members, ...)
{
    if (log == NULL || log->to == NULL)
        return;
    va_list values;
    va_start(values, members);
    flockfile(log->to);
    begin(log, level, event);
    vfprintf(log->to, members, values);
    fputs("}\n", log->to);
    fflush(log->to);
    funlockfile(log->to);
    va_end(values);
}

void rebut_log_error(const struct rebut_log *log, const char *event,
                     const struct rebut_error *err)
{
    if (log == NULL || log->to == NULL)
        return;
    flockfile(log->to);
    begin(log, "error", event);
    fprintf(log->to, ",\"exit_code\":%d,\"message\":\"", rebut_exit_code(err->code));
    for (const char *c = err->message; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(log->to, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            fprintf(log->to, "\\u%04x", (unsigned)(unsigned char)*c);
        else
            putc_unlocked(*c, log->to);
    }
    fputs("\"}\n", log->to);
    fflush(log->to);
    funlockfile(log->to);
}
