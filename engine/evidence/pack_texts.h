/* Who else wrote (nearly) the same?  Texts by their sets of shingles (rebut/shingle.h):
 * those with the same set are one wording, near wordings meet in a band. */
#ifndef REBUT_EVIDENCE_PACK_TEXTS_H
#define REBUT_EVIDENCE_PACK_TEXTS_H

#include "rebut/grow.h"
#include "rebut/state.h"

/* Shorter texts are everybody's. */
#define PACK_TEXT_LETTERS 8

struct pack_texts {
    struct pack_writer {
        uint64_t digest; /* of the set */
        uint32_t request;
    } * writers; /* [writers_count], by digest */
    uint32_t writers_count;
    REBUT_ARRAY(struct pack_wording) wordings; /* by digest */
    REBUT_ARRAY(uint32_t) sets;
    struct pack_band {
        uint64_t key;
        uint32_t wording;
    } * bands; /* [bands_count], by key, then wording */
    size_t bands_count;
};
struct pack_wording {
    uint64_t digest;
    uint32_t first, end; /* in writers */
    uint32_t set, count; /* in sets */
};

REBUT_MUST_CHECK bool rebut_pack_texts_open(struct pack_texts *ret,
                                            const struct rebut_state *state,
                                            struct rebut_error *err);
void rebut_pack_texts_close(struct pack_texts *texts);

/* Another request with the text, and how much of both sets is not in common, in
 * thousandths.  False ends the search. */
typedef bool rebut_pack_text_visit(void *context, uint32_t request, int distance);

/* Visit the requests of the same and of near wordings, the asked one among them; some
 * more than once. */
void rebut_pack_texts_search(const struct pack_texts *texts, struct rebut_text text,
                             rebut_pack_text_visit *visit, void *context);

#endif
