/* Circumstances of an order as levels of the model's factors. */
#ifndef REBUT_SCORE_FACTORS_H
#define REBUT_SCORE_FACTORS_H

#include "rebut/model.h"

/* A part of a list. */
struct rebut_span {
    uint32_t first, end;
};

/* The state's small vocabularies seen through a model: for each word its level.  It
 * saves looking names up for every order.  Borrowed: state and model. */
struct rebut_lens {
    const struct rebut_state *state;
    const struct rebut_model *model;
    int64_t as_of;
    uint16_t *category, *campaign;     /* [words + 1], 0 = absent */
    uint16_t *carrier;                 /* [(carriers + 1) * (categories + 1)] */
    const struct rebut_price *prices;  /* by item, then time */
    struct rebut_span *prices_of;      /* [skus] */
    uint16_t fixed[REBUT_FACTORS][16]; /* levels of the factors with stated bins */
};

REBUT_MUST_CHECK bool rebut_lens_open(struct rebut_lens *ret,
                                      const struct rebut_state *state,
                                      const struct rebut_model *model, int64_t as_of,
                                      struct rebut_error *err);
void rebut_lens_close(struct rebut_lens *lens);

/* Where each item's prices are in the sealed state; owned by the caller, NULL without
 * memory. */
struct rebut_span *rebut_spans_of_prices(const struct rebut_state *state);

/* The levels of one order, REBUT_FACTORS of them. */
void rebut_lens_levels(const struct rebut_lens *lens, const struct rebut_order *order,
                       uint16_t *ret_level);

/* Bins with stated edges, by factor; shared by marks and explanations. */
int rebut_shipped_bin(const struct rebut_order *order, int64_t as_of);
int rebut_transit_bin(const struct rebut_order *order, int64_t as_of);
/* The largest fall below the unit price paid within 15 days, as a share, 0 to 1. */
double rebut_price_drop(const struct rebut_lens *lens, const struct rebut_order *order);

#endif
