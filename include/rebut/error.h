/* rebut/error.h -- how a function says that it failed, and why.
 *
 * A fallible function returns bool (true = done) and takes, last, a caller-owned
 * struct rebut_error.  The first cause wins: a later rebut_fail on the same struct
 * changes nothing.  Callers on the way up may put words in front with
 * rebut_fail_context.  A NULL err is allowed and means "no interest in the words".
 *
 * Messages are lower case, have no full stop, name the subject in 'single quotes',
 * and say what was expected and what came.  They never hold a buyer's text or ids.
 */
#ifndef REBUT_ERROR_H
#define REBUT_ERROR_H

#include <stdbool.h>

#define REBUT_MUST_CHECK __attribute__((warn_unused_result))
#define REBUT_PRINTF(words, first) __attribute__((format(printf, words, first)))

enum rebut_code {
    REBUT_OK = 0,
    REBUT_EINPUT,  /* an argument or a number is out of its stated domain */
    REBUT_EMATH,   /* the arithmetic has no finite answer */
    REBUT_EDATA,   /* data or a document cannot be used: exit code 3 */
    REBUT_EUSAGE,  /* the command line cannot be used: exit code 2 */
    REBUT_EIO,     /* the system refused: file, pipe, disk */
    REBUT_ENOMEM,  /* no memory */
    REBUT_ELIMIT,  /* a stated limit was passed */
    REBUT_ETRY,    /* it may succeed later: server away, lock held: exit code 75 */
    REBUT_EFENCED, /* another has taken over what this was about: exit code 75 */
};

struct rebut_error {
    enum rebut_code code;
    char message[480];
};

/* Record `code` and the words if nothing is recorded yet.  Always returns false. */
bool rebut_fail(struct rebut_error *err, enum rebut_code code, const char *format, ...)
    REBUT_PRINTF(3, 4);

/* Put "words: " in front of the recorded message.  Always returns false. */
bool rebut_fail_context(struct rebut_error *err, const char *format, ...)
    REBUT_PRINTF(2, 3);

/* No memory for `what`.  Always returns false. */
bool rebut_fail_memory(struct rebut_error *err, const char *what);

/* The process's exit code for a failure: 1, 2, 3 or 75. */
int rebut_exit_code(enum rebut_code code);

#endif
