/* rebut/infer.h -- with a model's numbers given, who is how faulty, and who abuses?
 *
 * Alternates two exact steps until they agree: each buyer's posterior given the
 * merchants' fault, and the merchants' fault given what the buyers' requests look
 * like.  Two rules keep it fair:
 *
 *   - trusted exposure: a buyer's weight in a merchant's record is
 *     n / (n + trust_orders) * P(not an abuser | record elsewhere), n the orders
 *     elsewhere; so accounts made for an attack do not make a merchant look bad;
 *   - no request is evidence about itself: a buyer's own orders are left out of the
 *     merchant's fault by which the buyer is judged, the request is left out of its
 *     buyer's record, the buyer out of the ring's.
 *
 * One code path for fitting and scoring; all sums are order-free.
 */
#ifndef REBUT_INFER_H
#define REBUT_INFER_H

#include "rebut/frame.h"
#include "rebut/model.h"

/* One refund-only request's share of the work. */
struct rebut_claim_result {
    double mu, nu;          /* fault and temptation of the order's circumstances */
    double v[REBUT_LEVELS]; /* fault ratios without the buyer's own orders, */
    double counted_fault[REBUT_LEVELS];  /* and the trusted soft counts and the */
    double expected_fault[REBUT_LEVELS]; /* expected ones that they come from */
    double log_marks;                    /* sum of mark weights */
    double log_verdict;    /* of verdicts: log((1 - eps) / eps) each, signed */
    double mean_a, mean_u; /* E[a | others], E[u | others], with the ring's prior */
    double probability;    /* of abuse */
    rebut_fixed counted;   /* what it adds to its unit's soft faults: w (1 - r) */
};

struct rebut_buyer_result {
    double
        log_bf; /* log P(record | abuser) / P(record | not), as the last pass found it */
    double pi;  /* prior P(abuser) after the ring */
    uint32_t group;                        /* the group that moved it, or REBUT_NONE */
    double fault_exposure, abuse_exposure; /* F and A over all its orders */
    float mean_a, mean_u, abuser;
};

/* Sums of one pass over all buyers: of P(abuser), and with it E[a] and E[log a]; of
 * P(no claimant), and with it E[u] and E[log u]. */
struct rebut_pass {
    rebut_total abuser, mean_a, mean_log_a;
    rebut_total ordinary, mean_u, mean_log_u;
};

/* What a pass reads and adds to for every order, side by side so that an order costs one
 * line of cache for its circumstances and one for its unit. */
struct rebut_hot_cell {
    double mu, nu;
    rebut_fixed fault_base, abuse_base;
};
struct rebut_hot_unit {
    double v; /* product of the ratios, nobody left out */
    rebut_fixed expected;
};
/* The entities that hold a unit. */
struct rebut_members {
    uint32_t at[REBUT_LEVELS];
};
/* Scratch, zero between buyers: what the buyer who is judged put into an entity's sums.
 */
struct rebut_own {
    rebut_fixed counted, expected;
};

struct rebut_inference {
    const struct rebut_frame *frame;
    void *memory;                               /* of all arrays below */
    double *mu, *nu;                            /* [cells] */
    struct rebut_entity *fault[REBUT_LEVELS];   /* psi from service facts */
    struct rebut_entity *returns[REBUT_LEVELS]; /* returns with goods */
    struct rebut_claim_result *claims;          /* [claims] */
    struct rebut_buyer_result *buyers;          /* [buyers] */
    rebut_fixed *unit_counted, *unit_expected;  /* [units]: w (1 - r); w mu E[u] */
    rebut_fixed *cell_fault, *cell_fault_base;  /* [cells]: 1 - r; base v E[u] */
    rebut_fixed *cell_abuse, *cell_abuse_base;  /* [cells]: r; E[a] */
    struct rebut_hot_cell *hot_cells;           /* [cells], of the pass under way */
    struct rebut_hot_unit *hot_units;           /* [units] */
    struct rebut_members *members;              /* [units] */
    struct rebut_own *own[REBUT_LEVELS];        /* beside fault */
    rebut_fixed *clean_expected; /* [units]: of buyers without requests; their trust
                                  hardly moves: a scoring finds it anew in every
                                  other pass, a fit in all (else it learns late) */
    double *unit_v;              /* [units]: product of fault ratios */
    uint32_t *judged;            /* [judged_count]: buyers with requests */
    uint32_t judged_count;
    int passes;                 /* since the start */
    rebut_fixed *sums;          /* scratch of the hierarchy */
    double *v;                  /* [largest number of rows of a buyer] */
    struct rebut_claim *record; /* [largest number of claims of a buyer] */
    struct rebut_claim *elsewhere;
    double rho[REBUT_LEVELS];    /* with which the fault ratios were made */
    uint32_t *buyer_group_first; /* [buyers + 1] */
    uint32_t *buyer_groups;      /* groups of each buyer */
    rebut_fixed *group_sums;     /* [groups]: sum of the members' lam */
};

REBUT_MUST_CHECK bool rebut_infer_open(struct rebut_inference *ret,
                                       const struct rebut_frame *frame,
                                       struct rebut_error *err);
void rebut_infer_close(struct rebut_inference *inference);

/* Start from service facts alone: rates from the model's factors, every merchant at
 * its prior. */
REBUT_MUST_CHECK bool rebut_infer_start(struct rebut_inference *inference,
                                        const struct rebut_model *model,
                                        struct rebut_error *err);

/* One pass over all buyers.  With *ret the sums that a fit needs are made: those of the
 * pass and cell_*; NULL leaves them out, in all passes since the start or in none. */
REBUT_MUST_CHECK bool rebut_infer_pass(struct rebut_inference *inference,
                                       const struct rebut_model *model,
                                       struct rebut_pass *ret, struct rebut_error *err);

/* The merchants' fault from what the last pass found. */
void rebut_infer_fault(struct rebut_inference *inference,
                       const struct rebut_model *model);

/* The model's rate for the circumstances of a cell: base times multipliers. */
double rebut_infer_rate(const struct rebut_frame *frame, const struct rebut_model *model,
                        enum rebut_rate_id rate, uint32_t cell);

/* Parts of the start, for the fit: fault and temptation of all cells from the model's
 * factors; observed over expected returns (which leaves their counts in unit_counted and
 * unit_expected until the next pass); priors of fault from service facts. */
void rebut_infer_rates(struct rebut_inference *inference,
                       const struct rebut_model *model);
void rebut_infer_returns(struct rebut_inference *inference,
                         const struct rebut_model *model);
void rebut_infer_priors(struct rebut_inference *inference,
                        const struct rebut_model *model);

/* Members of the group that moved the buyer's prior (itself among them), 0 for none. */
uint32_t rebut_ring_size(const struct rebut_inference *inference, uint32_t buyer);

/* Judge every buyer with requests once more and count nobody: from here on the results
 * follow from the merchants' fault, what each order and claim put into it, the rings'
 * sums and the buyers' log_bf, which all stay as they are.  A stream judges from the
 * same (rebut/night.h). */
REBUT_MUST_CHECK bool rebut_infer_settle(struct rebut_inference *inference,
                                         const struct rebut_model *model,
                                         struct rebut_error *err);
/* The same for one buyer. */
REBUT_MUST_CHECK bool rebut_judge_buyer(struct rebut_inference *inference,
                                        const struct rebut_model *model, uint32_t buyer,
                                        struct rebut_error *err);

/* Passes that a scoring takes after the start. */
#define REBUT_INFER_PASSES 3

/* Start, all passes, and settle: what `rebut score` shows. */
REBUT_MUST_CHECK bool rebut_infer(struct rebut_inference *inference,
                                  const struct rebut_model *model,
                                  struct rebut_error *err);

#endif
