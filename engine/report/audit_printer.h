/* How the audit's tables are laid out. */
#ifndef REBUT_REPORT_AUDIT_PRINTER_H
#define REBUT_REPORT_AUDIT_PRINTER_H

#include <math.h>

#include "audit_words.h"
#include "rebut/audit.h"
#include "rebut/table.h"

#define NAME_WIDTH 36

struct printer {
    struct rebut_output *out;
    enum rebut_language language;
};

static inline const char *word(const struct printer *to, enum rebut_audit_word which)
{
    return rebut_audit_word(which, to->language);
}

static inline void heading(const struct printer *to, enum rebut_audit_word which)
{
    rebut_output_print(to->out, "\n%s\n", word(to, which));
}

static inline void cell(const struct printer *to, double value)
{
    if (isfinite(value))
        rebut_output_print(to->out, "%10.4f", value);
    else
        rebut_output_print(to->out, "%10s", "-");
}

static inline void interval(const struct printer *to, struct rebut_interval range)
{
    if (isfinite(range.low) && isfinite(range.high))
        rebut_output_print(to->out, "  %7.4f - %7.4f", range.low, range.high);
    else
        rebut_output_print(to->out, "  %17s", "-");
}

static inline void end_line(const struct printer *to)
{
    rebut_output_print(to->out, "\n");
}

/* The heads of a table: a name, then right-aligned columns; ends with AUDIT_WORDS. */
static inline void heads(const struct printer *to, const enum rebut_audit_word *which)
{
    rebut_output_padded(to->out, word(to, *which++), NAME_WIDTH);
    for (; *which != AUDIT_WORDS; which++)
        rebut_output_padded(to->out, word(to, *which),
                            *which == AUDIT_INTERVAL || *which == AUDIT_VENN ? -19 : -10);
    end_line(to);
}

/* Reliability and what it should be; agreement and errors of reviewers; drift. */
void rebut_audit_print_calibration(const struct printer *to,
                                   const struct rebut_audit *it);
void rebut_audit_print_reviewers(const struct printer *to, const struct rebut_audit *it);
void rebut_audit_print_terms(const struct printer *to, const struct rebut_audit *it);

#endif
