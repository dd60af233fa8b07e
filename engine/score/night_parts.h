/* The night and who asks it, part by part: night.c opens and closes, night_marks.c finds
 * marks, night_judge.c judges and places. */
#ifndef REBUT_SCORE_NIGHT_PARTS_H
#define REBUT_SCORE_NIGHT_PARTS_H

#include "frame_parts.h"
#include "mark_context.h"
#include "rebut/map.h"
#include "rebut/night.h"

struct rebut_night {
    const struct rebut_state *state;
    const struct rebut_model *model;
    struct rebut_frame frame;
    struct rebut_shared shared;
    struct rebut_inference inference;
    struct rebut_scores scores;
    struct rebut_span *prices_of; /* [skus] */
    /* The frame's entities by what they are, numbered as in the frame: merchant and item;
     * merchant and window; listing and window. */
    struct rebut_map listings, windows, units;
    uint32_t *group_of_key[REBUT_KEYS]; /* [keys]: or REBUT_NONE */
    uint32_t *at_address;               /* [addresses]: accounts */
    double *wrong_before;               /* [count + 1]: 1 - prudent of those above */
    uint32_t *tested_before;            /* [count + 1] */
    double *honest_p; /* [honest + 1]: p-values by place, NaN until asked for */
    void *scratch[REBUT_LEVELS + 1]; /* of an inference that lies in an image */
};

/* What the night said of a request, for when its buyer is judged again.  `key` is a
 * digest of all that the answer depends on; 0: none. */
#define REBUT_RECALLED 4096
struct rebut_recalled {
    uint64_t key;
    struct rebut_fitting wording[REBUT_TOPICS];
    struct rebut_reason_view reasons;
    uint8_t near, photo; /* on others' orders */
};

/* The buyer as the night knows it, and its orders in the night's numbers. */
struct rebut_eye {
    struct rebut_night *night;
    const struct rebut_state *own;
    struct rebut_lens lens;
    uint32_t lens_words[3]; /* categories, campaigns, carriers that it was made for */
    struct rebut_known known;
    REBUT_ARRAY(uint32_t) groups; /* of the night, ascending */
    REBUT_ARRAY(struct rebut_order)
    orders; /* [own orders]: merchant, item, category of
               the night, or REBUT_NONE and 0 */
    REBUT_ARRAY(struct rebut_members) entities; /* [own orders]: of the night */
    REBUT_ARRAY(struct rebut_span) prices_of;   /* [own items] */
    /* The night's numbers of the own items, merchants, and categories (which only grow);
     * or REBUT_NONE. */
    REBUT_ARRAY(uint32_t) skus;
    REBUT_ARRAY(uint32_t) merchants;
    REBUT_ARRAY(uint32_t) categories;
    struct rebut_recalled *recalled; /* [REBUT_RECALLED] */
    struct rebut_said *said;
    struct rebut_wording_left left; /* the buyer's own words, while the night is asked */
    REBUT_ARRAY(uint8_t) photo;
    REBUT_ARRAY(uint8_t) near;
    REBUT_ARRAY(struct rebut_eye_wording { struct rebut_fitting on[REBUT_TOPICS]; })
    wording;
    REBUT_ARRAY(struct rebut_reason_view) reasons; /* [claims] */
    REBUT_ARRAY(struct rebut_turn_step) steps;     /* [own orders] */
    REBUT_ARRAY(uint8_t) episode;                  /* [own merchants] */
    struct rebut_frame frame;
    struct rebut_inference inference;
    struct rebut_scores scores;
    struct rebut_score score;
    bool crowded, has_frame, has_inference, has_lens;
};

/* Who the buyer of `own` is, whose company it keeps, and where its orders stand. */
REBUT_MUST_CHECK bool rebut_eye_recognise(struct rebut_eye *eye,
                                          const struct rebut_state *own,
                                          struct rebut_error *err);

/* The marks of the eye's frame. */
REBUT_MUST_CHECK bool rebut_eye_marks(struct rebut_eye *eye, struct rebut_error *err);

/* Rank, q-values and answer in the night's list. */
void rebut_eye_place(struct rebut_eye *eye);

/* The night's number of a text, or REBUT_NONE. */
static inline uint32_t rebut_night_find(const struct rebut_intern *of_night,
                                        const struct rebut_intern *own, uint32_t index)
{
    const struct rebut_text text = rebut_intern_text(own, index);
    return rebut_intern_find(of_night, text, rebut_intern_hash(of_night, text));
}

#endif
