/* rebut/form_text.h -- what to write in a platform's form about one request.
 *
 * A pure function of form, pack and language.  Neutral words: what the buyer claims, what
 * the records hold against it, what in them is in the buyer's favour, what is attached,
 * and the request to verify.  Where the records bear the claim out, contradict nothing,
 * or point at the shop itself, the text says first that they support no appeal, and why.
 *
 * No id and no text from outside is in it.  Whole sentences only: where the form has a
 * limit the lightest are left out until the rest fits, counted in Unicode code points.
 */
#ifndef REBUT_FORM_TEXT_H
#define REBUT_FORM_TEXT_H

#include "rebut/forms.h"
#include "rebut/pack.h"

/* Why the facts support no appeal; bits. */
enum rebut_form_doubt {
    REBUT_DOUBT_BORNE_OUT = 1,  /* the records bear the claim out */
    REBUT_DOUBT_LEGITIMATE = 2, /* the answer is "likely legitimate" */
    REBUT_DOUBT_SHOP = 4,       /* the shop's own record explains such requests */
    REBUT_DOUBT_NOTHING = 8,    /* no record contradicts it, nor is abuse likely */
    REBUT_DOUBTS = 4
};

struct rebut_form_text {
    char *text; /* UTF-8, NUL-terminated; owned */
    size_t size;
    int64_t points;     /* code points of it */
    int64_t limit;      /* the form's, or -1: unknown */
    int reason;         /* in form->reasons, or -1: a person must choose */
    unsigned doubts;    /* bits of enum rebut_form_doubt; 0: an appeal has ground */
    int sentences_left; /* sentences that did not fit */
};

/* Does the pack alone show it?
 * SIGNED: the claim is "not received", the parcel was signed for before the request by
 * the buyer, or it is not said by whom, and the address is not one that 20 accounts or
 * more share.  Lockers and others who sign are left out: a buyer may honestly have got
 * nothing (of such requests on the simulated platform 6 of 46 and 9 of 16 were abuse,
 * of those signed for by the buyer 20 of 20).
 * PICTURE: a request about another order with the same picture was strictly earlier; of
 * another shop's only the day is known, so that day must be over.  Another buyer's, or
 * the same buyer's: the form's reason asks for no more, and one picture cannot show two
 * parcels.  Orders of one buyer that may have been one parcel are left out. */
bool rebut_form_proven(const struct rebut_pack *pack, enum rebut_form_proof proof);
/* Of PICTURE: whose the earlier request was; another buyer's first.  REBUT_WHERES when
 * there was none. */
enum rebut_pack_where rebut_form_picture(const struct rebut_pack *pack);

/* Is this fact a record (a signature, a price, a picture on another order), and not how
 * often something is seen? */
bool rebut_form_is_record(const struct rebut_pack_fact *fact);

unsigned rebut_form_doubts(const struct rebut_pack *pack);

/* Make it.  ELIMIT when not even the shortest text fits in the form; ENOMEM. */
REBUT_MUST_CHECK bool rebut_form_text_make(const struct rebut_form *form,
                                           const struct rebut_pack *pack,
                                           enum rebut_language language,
                                           struct rebut_form_text *ret,
                                           struct rebut_error *err);
void rebut_form_text_release(struct rebut_form_text *text);

/* The whole file: the form, the reason to choose, what else it takes, the length, then,
 * under a line, the text. */
REBUT_MUST_CHECK bool rebut_form_text_write(const struct rebut_form *form,
                                            const struct rebut_pack *pack,
                                            enum rebut_language language,
                                            struct rebut_output *out,
                                            struct rebut_error *err);

#endif
