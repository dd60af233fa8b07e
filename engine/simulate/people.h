/* people.h -- who orders?
 *
 * A buyer is a number.  Buyers of one kind and one level of activity stand together (a
 * segment), so choosing a buyer by weight needs no table of buyers; everything else
 * about a buyer is a hash of that number, but for the few bytes that experience adds.
 * What is printed as buyer_id is the number scrambled, and says nothing.
 */
#ifndef REBUT_SIMULATE_PEOPLE_H
#define REBUT_SIMULATE_PEOPLE_H

#include "dice.h"
#include "rebut/error.h"
#include "settings.h"

#define LEVELS 12 /* of activity, each half as much again as the one before */
#define REGIONS 31
#define NO_RING UINT32_MAX

struct segment {
    uint32_t first, count;
    enum buyer_kind kind;
    uint64_t until; /* cumulative weight, up to and with this one */
};

/* What a buyer remembers. */
struct memory {
    uint16_t orders;
    uint16_t rest_until; /* day before which an abuser lies low */
    uint8_t asked;       /* refund-only requests so far, at most 255 */
    int8_t nerve;        /* grows with money given, falls with refusals */
};

struct ring {
    uint32_t first, count;
    uint8_t style; /* what its members share: bits of SHARE_* */
};
#define SHARE_DEVICE 1
#define SHARE_ADDRESS 2
#define SHARE_PAYMENT 4
#define SHARE_PHOTOS 8

/* A concentrated attack: fresh accounts first .. first + count - 1. */
struct attack {
    uint32_t first, count;
    uint32_t at; /* second */
};

struct people {
    uint64_t seed;
    uint32_t count; /* with the attackers, who are last */
    struct segment segments[BUYER_KINDS * LEVELS];
    uint32_t segment_count;
    struct memory *memory; /* [count] */
    struct ring *rings;
    uint32_t ring_count;
    uint32_t ring_first; /* the first buyer of kind ring */
    uint32_t *ring_of;   /* [buyers of kind ring] */
    uint32_t ring_members;
    struct attack *attacks;
    uint32_t attack_count;
    uint32_t dorms, families;
    uint32_t seconds; /* the length of the simulation */
};

REBUT_MUST_CHECK bool sim_people_init(struct people *people, uint64_t seed,
                                      const struct setting *setting, uint64_t orders,
                                      uint32_t days, struct rebut_error *err);
void sim_people_release(struct people *people);

/* Somebody whose account exists at that second. */
uint32_t sim_people_choose(const struct people *people, struct dice *dice,
                           uint32_t second, enum buyer_kind *ret_kind);

/* Where somebody lives and what the account hangs on.  Keys are numbers that stand
 * for a device, an address, a payment account; equal means shared. */
struct home {
    uint64_t device, address, payment;
    uint32_t region;
    uint32_t ring; /* or NO_RING */
    bool dorm;
};
void sim_people_home(const struct people *people, uint32_t buyer, enum buyer_kind kind,
                     struct dice *dice, struct home *ret);

/* Seconds from the start to the account's making: mostly negative. */
int64_t sim_people_created(const struct people *people, uint32_t buyer,
                           enum buyer_kind kind);

/* A lasting trait in [0, 1), one for each name. */
enum trait {
    TRAIT_TOLERANCE = 1, /* how much goes wrong before a complaint */
    TRAIT_HASSLE,        /* how much a parcel to the post office costs */
    TRAIT_GREED,
    TRAIT_TURN,     /* when a sleeper turns */
    TRAIT_EXPERT,   /* knows a counterfeit */
    TRAIT_REASON,   /* an abuser's favourite reason */
    TRAIT_STYLE,    /* of writing */
    TRAIT_PATIENCE, /* with delays */
    TRAIT_HASTE,    /* asks at once, or waits as others do */
    TRAIT_BUDGET,
};
static inline uint64_t people_trait_bits(const struct people *people, uint32_t buyer,
                                         enum trait trait)
{
    return hash_of(people->seed ^ ((uint64_t)trait << 56), buyer);
}
static inline double people_trait(const struct people *people, uint32_t buyer,
                                  enum trait trait)
{
    return fraction_of(people_trait_bits(people, buyer, trait));
}

extern const char *const sim_region_codes[REGIONS];

#endif
