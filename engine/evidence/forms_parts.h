/* The members of a form's file, one table for reading and writing. */
#ifndef REBUT_EVIDENCE_FORMS_PARTS_H
#define REBUT_EVIDENCE_FORMS_PARTS_H

#include "rebut/forms.h"

/* Numbers lie from `least` to `most`; zh and en name the fact to a reader. */
struct form_number {
    const char *member;
    int64_t least, most;
    const char *zh, *en;
};
struct form_words {
    const char *member;
    const char *zh, *en;
};
extern const struct form_number rebut_form_number_members[REBUT_FORM_NUMBERS];
extern const struct form_words rebut_form_words_members[REBUT_FORM_WORDS];

#endif
