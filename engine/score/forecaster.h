/* What the two files of the forecast share. */
#ifndef REBUT_SCORE_FORECASTER_H
#define REBUT_SCORE_FORECASTER_H

#include "factors.h"
#include "rebut/forecast.h"
#include "rebut/map.h"

struct rebut_forecaster {
    const struct rebut_inference *inference;
    const struct rebut_model *model;
    const struct rebut_state *later;     /* whose orders are asked about */
    struct rebut_lens lens;              /* of `later` */
    struct rebut_map listings;           /* merchant and SKU -> number */
    uint32_t *listing_of;                /* [listings]: of each number */
    uint32_t *current_unit;              /* [listings]: in the window of as_of, or none */
    uint32_t *current_window;            /* [merchants]: likewise */
    uint32_t *sku_orders, *sku_requests; /* [skus] */
    uint16_t mature;                     /* level of an order older than 14 days */
    double logistics;                    /* mean multiplier of what is not known yet */
    double mean_rate;                    /* requests an order */
};

#endif
