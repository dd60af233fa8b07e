/* rebut/night.h -- what does everybody else say, as of the last night?
 *
 *     rebut_night_open(&night, &state, &model, as_of, err)       once, read-only from
 * here rebut_eye_open(&eye, night, err)                           one a partition
 *     rebut_eye_judge(&eye, own, as_of, request, &judged, err)   for each request
 *     rebut_score_write_line(judged.scores, judged.score, language, &out)
 *
 * A night is a whole scoring that is kept: merchants, items, windows, rings, pictures,
 * words, reasons, and the ranked list.  Against it the requests of one buyer are judged
 * from the buyer's own facts, which may be newer, older, or of a buyer that the night
 * never saw.  What the buyer itself put into the night's sums is left out, as in a
 * scoring.
 *
 * So a score is a function of the night and the buyer's facts alone: of a request that
 * the night knew, with what the night knew, it is the night's own to the last bit.  Rank
 * and q-values are those that the request would have in the night's list, in its place. A
 * merchant, item or window that the night did not know is at its prior; a picture or text
 * of today that others showed today is not seen; a pair of accounts is seen from the
 * night after.
 *
 * Memory: that of a scoring.  One thread: a judgement leaves the buyer's own out of the
 * tables and puts it back.
 */
#ifndef REBUT_NIGHT_H
#define REBUT_NIGHT_H

#include "rebut/score.h"

struct rebut_night;

/* Score the sealed state as of `as_of`.  State and model are borrowed.  Fails as a
 * scoring does: EDATA where there are no orders, EMATH, ENOMEM. */
REBUT_MUST_CHECK bool rebut_night_open(struct rebut_night **ret,
                                       const struct rebut_state *state,
                                       const struct rebut_model *model, int64_t as_of,
                                       struct rebut_error *err);
/* The same in an image (rebut/image.h), with the same state and model: made when it is
 * taken; what a judgement leaves out for the moment is written in pages of its own. */
REBUT_MUST_CHECK bool rebut_night_image(struct rebut_night **night,
                                        const struct rebut_state *state,
                                        const struct rebut_model *model,
                                        struct rebut_image *image,
                                        struct rebut_error *err);
void rebut_night_close(struct rebut_night *night); /* NULL is allowed */

/* The night's own list. */
const struct rebut_scores *rebut_night_scores(const struct rebut_night *night);

/* Who asks: facts with one set of small vocabularies, which may only grow. */
struct rebut_eye;
REBUT_MUST_CHECK bool rebut_eye_open(struct rebut_eye **ret, struct rebut_night *night,
                                     struct rebut_error *err);
void rebut_eye_close(struct rebut_eye *eye); /* NULL is allowed */

/* A judgement; valid until the next one of the eye. */
struct rebut_judged {
    const struct rebut_scores *scores; /* of the buyer alone */
    const struct rebut_score *score;
};

/* Judge a refund-only request of `own`: a sealed state with the facts of one buyer, none
 * later than as_of.  Its prices are not asked (the night's are). */
REBUT_MUST_CHECK bool rebut_eye_judge(struct rebut_eye *eye,
                                      const struct rebut_state *own, int64_t as_of,
                                      uint32_t request, struct rebut_judged *ret,
                                      struct rebut_error *err);

#endif
