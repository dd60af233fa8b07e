#include "rebut/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool rebut_fail(struct rebut_error *err, enum rebut_code code, const char *format, ...)
{
    if (err == NULL || err->code != REBUT_OK)
        return false;
    va_list words;
    va_start(words, format);
    vsnprintf(err->message, sizeof err->message, format, words);
    va_end(words);
    err->code = code;
    return false;
}

bool rebut_fail_context(struct rebut_error *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    char cause[sizeof err->message];
    memcpy(cause, err->message, sizeof cause);
    va_list words;
    va_start(words, format);
    const int used = vsnprintf(err->message, sizeof err->message, format, words);
    va_end(words);
    if (used >= 0 && (size_t)used < sizeof err->message)
        snprintf(err->message + used, sizeof err->message - (size_t)used, ": %s", cause);
    return false;
}

bool rebut_fail_memory(struct rebut_error *err, const char *what)
{
    return rebut_fail(err, REBUT_ENOMEM, "no memory for %s", what);
}

int rebut_exit_code(enum rebut_code code)
{
    switch (code) {
    case REBUT_OK:
        return 0;
    case REBUT_EUSAGE:
        return 2;
    case REBUT_EDATA:
    case REBUT_ELIMIT:
        return 3;
    case REBUT_ETRY:
    case REBUT_EFENCED:
        return 75; /* EX_TEMPFAIL of sysexits.h */
    default:
        return 1;
    }
}
