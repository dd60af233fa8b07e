/* rebut/ring.h -- does this account keep bad company?
 *
 * Accounts that share a device, an address or a payment account form a group of 2 to
 * 100 (more is public: a dormitory, a forwarder).  A group is hi with probability
 * theta; a member of a hi group abuses with probability pi_hi, of another with
 * lo_share * pi.  What the *other* members' records say moves the odds that the
 * group is hi, and so this account's prior.  A household of honest buyers lowers it.
 *
 * Pure arithmetic: no allocation; any thread may call it.
 */
#ifndef REBUT_RING_H
#define REBUT_RING_H

#define REBUT_RING_MIN 2
#define REBUT_RING_MAX 100

struct rebut_ring_prior {
    double theta;    /* P(group is hi), 0.02 */
    double pi_hi;    /* P(abuser) in a hi group, 0.5 */
    double lo_share; /* P(abuser) in another, as a share of pi, 0.7 */
};

/* lam = log of how much more likely the member's record is in a hi group than in
 * another; log_bf as in rebut_posterior, finite. */
double rebut_ring_member(const struct rebut_ring_prior *prior, double pi, double log_bf);

/* The member's prior P(abuser) when the other members' lam sum to `others`. */
double rebut_ring_pi(const struct rebut_ring_prior *prior, double pi, double others);

#endif
