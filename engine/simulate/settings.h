/* settings.h -- what differs from one kind of platform to the next. */
#ifndef REBUT_SIMULATE_SETTINGS_H
#define REBUT_SIMULATE_SETTINGS_H

enum buyer_kind {
    BUYER_HONEST,
    BUYER_SERIAL,      /* orders in order to keep goods and money */
    BUYER_SLEEPER,     /* honest until a day, then as above */
    BUYER_OPPORTUNIST, /* needs an excuse: a delay, a scratch, a stranger's signature */
    BUYER_CLAIMANT,    /* seeks counterfeits for a living, and is entitled */
    BUYER_RING,        /* of a group with a script */
    BUYER_ATTACKER,    /* a fresh account made for one target */
    BUYER_KINDS
};

extern const char *const sim_buyer_kind_words[BUYER_KINDS];

struct setting {
    double
        share[BUYER_KINDS]; /* of buyers; honest is what is left, attackers are extra */
    double greed;           /* of the abusers; 1 in base */
    double attacks;         /* concentrated attacks in 10^5 orders */
    double raid_days;       /* between two raids of a ring, on average */
    double bad, poor;       /* shares of merchants */
    double fake;            /* share of the bad who sell counterfeits */
    double hide; /* how far abusers seek the company of honest complaints; 0 in base */
};

/* NULL when there is no such name. */
const struct setting *sim_setting_named(const char *name);

#endif
