/* rebut/model.h -- everything that scoring needs beside the events: one JSON document.
 *
 * Hyperparameters, factor tables, cut-points and mark weights.  A model is a pure
 * function of the events it was fitted on; its version is the BLAKE2b hash of its
 * canonical JSON (sorted keys, no white space), so two models with the same version
 * are the same model.  A model knows no buyer, merchant or order.
 */
#ifndef REBUT_MODEL_H
#define REBUT_MODEL_H

#include "rebut/hierarchy.h"
#include "rebut/honest.h"
#include "rebut/intern.h"
#include "rebut/marks.h"
#include "rebut/posterior.h"
#include "rebut/profile.h"
#include "rebut/ring.h"
#include "rebut/state.h"
#include "rebut/top_layer.h"

/* Circumstances of an order.  Each is a factor with levels; which of the three rates
 * it moves is in the table of engine/score/factors.c. */
enum rebut_factor_id {
    REBUT_FACTOR_CATEGORY,
    REBUT_FACTOR_CHANNEL,
    REBUT_FACTOR_CAMPAIGN,
    REBUT_FACTOR_PRICE,   /* band of the amount paid */
    REBUT_FACTOR_SHIPPED, /* against the promised time */
    REBUT_FACTOR_TRANSIT, /* shipping to delivery */
    REBUT_FACTOR_DROP,    /* price drop within 15 days */
    REBUT_FACTOR_AGE,     /* of the order, as of the scoring */
    REBUT_FACTOR_CARRIER, /* carrier x category */
    REBUT_FACTOR_ACCOUNT, /* age of the account at the order */
    REBUT_FACTORS
};

/* The rates that circumstances move. */
enum rebut_rate_id {
    REBUT_RATE_FAULT,      /* mu: refund-only requests because something went wrong */
    REBUT_RATE_TEMPTATION, /* nu: how tempting to an abuser, mean 1 */
    REBUT_RATE_RETURNS,    /* returns with goods sent back, for a fault */
    REBUT_RATES
};

#define REBUT_FACTOR_LEVELS_MAX 65535

/* One factor: its levels by name, and a multiplier for each rate (NULL for a rate that
 * it does not move).  Level 0 is "other": whatever the model has not seen. */
struct rebut_factor_table {
    struct rebut_intern names; /* of levels 1, 2, …: index + 1 */
    uint32_t levels;
    double *multiplier[REBUT_RATES]; /* [levels] each */
};

/* Prior of the reviewers' error: its mean, how many verdicts it weighs, and the most it
 * can become (at half, a verdict says nothing). */
#define REBUT_REVIEWER_ERROR 0.05
#define REBUT_REVIEWER_ERROR_WEIGHT 30
#define REBUT_REVIEWER_ERROR_MAX 0.45

#define REBUT_PRICE_CUTS 5
#define REBUT_MODEL_VERSION_SIZE 33 /* 32 hex digits and NUL */

struct rebut_model {
    int64_t as_of; /* of the fit; microseconds UTC */
    uint64_t orders, requests, buyers, merchants, verdicts; /* it was fitted on */
    struct rebut_population population;
    struct rebut_ring_prior ring;
    double base[REBUT_RATES]; /* rate of an average order; temptation: scale to mean 1 */
    double rho[REBUT_LEVELS]; /* spread of fault at each level */
    double rho_returns[REBUT_LEVELS]; /* spread of returns at each level */
    /* The prior of fault at each level is the ratio of observed to expected returns with
     * goods, times this, which makes the mean prior, weighed by exposure, 1.  The ratio
     * enters as it is: an exponent fitted to refund-only requests is pulled down by
     * abuse, and buyers of bad merchants pay for it. */
    double service_scale;
    double trust_orders; /* n / (n + this): weight of a buyer with n orders elsewhere */
    double reviewer_error;
    int64_t price_cuts[REBUT_PRICE_CUTS]; /* fen, ascending */
    struct rebut_factor_table factors[REBUT_FACTORS];
    double mark_weights[REBUT_MARKS][REBUT_MARK_BINS]; /* log likelihood ratios */
    struct rebut_top_layer top;                        /* what verdicts have taught */
    struct rebut_honest honest;   /* requests that reviewers called legitimate */
    struct rebut_profile profile; /* of the terms, over the requests of the fit */
    char version[REBUT_MODEL_VERSION_SIZE]; /* set by save and load */
};

/* A model with the starting values and the expert's mark weights, no levels yet. */
void rebut_model_init(struct rebut_model *model);
void rebut_model_release(struct rebut_model *model);

/* Give the factors the levels that occur in the state, and cut the price bands. */
REBUT_MUST_CHECK bool rebut_model_learn_levels(struct rebut_model *model,
                                               const struct rebut_state *state,
                                               struct rebut_error *err);

/* Add a level (multipliers 1) if it is new; give its number. */
REBUT_MUST_CHECK bool rebut_model_add_level(struct rebut_model *model,
                                            enum rebut_factor_id factor,
                                            struct rebut_text name, uint32_t *ret_level,
                                            struct rebut_error *err);

/* The level of a name, 0 when the model does not know it. */
uint32_t rebut_model_level(const struct rebut_model *model, enum rebut_factor_id factor,
                           struct rebut_text name);

/* Does the factor move the rate?  And its name in the document. */
bool rebut_factor_moves(enum rebut_factor_id factor, enum rebut_rate_id rate);
const char *rebut_factor_name(enum rebut_factor_id factor);

/* The whole document with a final newline, canonical, as a malloc'ed string (free it);
 * sets model->version.  NULL when there is no memory. */
char *rebut_model_write(struct rebut_model *model);

/* Read a document.  EDATA says which member is missing, of another type or out of its
 * range.  *ret needs rebut_model_release on success. */
REBUT_MUST_CHECK bool rebut_model_read(struct rebut_text document,
                                       struct rebut_model *ret, struct rebut_error *err);
REBUT_MUST_CHECK bool rebut_model_load(const char *path, struct rebut_model *ret,
                                       struct rebut_error *err);

#endif
