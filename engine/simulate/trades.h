/* trades.h -- what is sold, what goes wrong with it, and in which words. */
#ifndef REBUT_SIMULATE_TRADES_H
#define REBUT_SIMULATE_TRADES_H

#include "phrases.h"

#define TRADES 16

struct trade {
    const char *category;
    double share;                 /* of merchants */
    double price_low, price_high; /* yuan, 10% and 90% */
    double weight_g;
    double breaks;       /* share of parcels broken by an average carrier */
    double defects;      /* share defective at an average good merchant */
    double changed_mind; /* share sent back without a fault */
    double spoils;       /* how much heat adds to defects */
    double returnable;   /* -1 nobody takes it back, +1 easily sent back */
    double fakeable;     /* 0 to 1 */
    /* Each a list that ends with NULL. */
    const char *adjectives[PHRASES_MAX], *nouns[PHRASES_MAX], *variants[PHRASES_MAX];
    const char *defective[PHRASES_MAX], *damaged[PHRASES_MAX], *misdescribed[PHRASES_MAX];
};

extern const struct trade sim_trades[TRADES];

#endif
