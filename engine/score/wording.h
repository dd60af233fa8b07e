/* Do the words of a request fit what it is about?
 *
 * For each pair of neighbouring characters, how often it occurs in requests on one topic
 * (a category of goods, or a stated reason) against how often it would if topics did
 * not matter:
 *
 *     log (c + s) / (e + s),   c counted, e expected, s = 1/2
 *
 * without all that the same buyer wrote.  A pair that nobody else wrote has c = e = 0
 * and says nothing: rare words are no fault.
 */
#ifndef REBUT_SCORE_WORDING_H
#define REBUT_SCORE_WORDING_H

#include "rebut/map.h"
#include "rebut/state.h"

enum rebut_topic { REBUT_TOPIC_CATEGORY, REBUT_TOPIC_REASON, REBUT_TOPICS };

/* One request's text against its topic: the least and the most fitting pair. */
struct rebut_fitting {
    float least,
        most; /* log ratios; least is NaN when there is no text of two characters */
};

/* How often something was written: by all, and by the buyer who is left out. */
struct rebut_wording_count {
    uint32_t all, own;
};
/* How many pairs. */
struct rebut_wording_volume {
    uint64_t all, own;
};

/* What was written in the requests of a state (both kinds). */
struct rebut_wording {
    const struct rebut_state *state; /* borrowed */
    struct rebut_map pairs;          /* two code points -> number */
    REBUT_ARRAY(struct rebut_wording_count) pair_counts;
    struct rebut_wording_volume total;
    struct rebut_wording_topics {
        struct rebut_map cells; /* pair number and topic -> number */
        REBUT_ARRAY(struct rebut_wording_count) cell_counts;
        struct rebut_wording_volume *volumes; /* [count] */
        uint32_t count;
    } topics[REBUT_TOPICS];
    uint32_t *buyer_requests; /* requests in order of their buyers */
    uint32_t *buyer_first;    /* [buyers + 2] */
};

REBUT_MUST_CHECK bool rebut_wording_open(struct rebut_wording *ret,
                                         const struct rebut_state *state,
                                         struct rebut_error *err);
/* The same in an image (rebut/image.h), of the same state; counts change. */
REBUT_MUST_CHECK bool rebut_wording_image(struct rebut_wording *wording,
                                          const struct rebut_state *state,
                                          struct rebut_image *image,
                                          struct rebut_error *err);
void rebut_wording_close(struct rebut_wording *wording);

/* What is left out for the moment: all zero at first, used again and again. */
struct rebut_wording_left {
    REBUT_ARRAY(uint32_t *) counts; /* of pairs and cells, more than once some */
    REBUT_ARRAY(uint64_t *) volumes;
};
void rebut_wording_left_release(struct rebut_wording_left *left);

/* Leave out what a buyer of the state wrote, one buyer at a time.  Fails with ENOMEM, and
 * then all is in. */
REBUT_MUST_CHECK bool rebut_wording_leave_out(struct rebut_wording *wording,
                                              uint32_t buyer,
                                              struct rebut_wording_left *left,
                                              struct rebut_error *err);
/* Have it in again. */
void rebut_wording_have_in(struct rebut_wording_left *left);

/* A text against its category (of the state from 1; 0 for none) and its reason, without
 * what is left out; REBUT_NONE is a topic that nobody wrote about and says nothing. */
void rebut_wording_fit(const struct rebut_wording *wording, struct rebut_text text,
                       const uint32_t topics[REBUT_TOPICS],
                       struct rebut_fitting ret[REBUT_TOPICS]);

/* Fill ret[requests] for the state's own requests, each without its buyer's; ENOMEM. */
REBUT_MUST_CHECK bool rebut_wording_all(struct rebut_wording *wording,
                                        struct rebut_fitting (*ret)[REBUT_TOPICS],
                                        struct rebut_error *err);

#endif
