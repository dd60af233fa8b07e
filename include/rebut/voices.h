/* rebut/voices.h -- what did the reviewers say of one request, in the end?
 *
 * Every reviewer has one voice, the last it used; `unclear` is no word and takes none
 * back; verdicts without a reviewer are of one and the same.  The state's verdicts are
 * sorted by request, then time, so those of a request lie together.
 */
#ifndef REBUT_VOICES_H
#define REBUT_VOICES_H

#include "rebut/state.h"

#define REBUT_VOICES_MAX 64 /* of more verdicts on a request only the last count */

struct rebut_voice {
    uint16_t reviewer;
    uint8_t verdict; /* enum rebut_verdict */
};

struct rebut_voices {
    uint32_t request;
    uint32_t next;    /* the first verdict of the next request */
    int64_t first_at; /* of the first word, `unclear` or not */
    int64_t last_at;  /* of the last voice */
    uint8_t abuse, legitimate;
    uint8_t selection; /* random if one was drawn at random, else the first given */
    double propensity; /* of that verdict; 0 when absent */
    int count;         /* abuse + legitimate */
    struct rebut_voice voice[REBUT_VOICES_MAX];
};

/* Those of the request whose first verdict is at `begin` in state->verdicts. */
void rebut_voices_of(const struct rebut_state *state, uint32_t begin,
                     struct rebut_voices *ret);

#endif
