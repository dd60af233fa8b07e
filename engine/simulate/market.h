/* market.h -- who sells what, and how well?
 *
 * Merchants are agents: each day they work off their backlog, drift, learn from goods
 * that came back, start bad batches, and change prices.  A merchant and its SKUs take
 * about half a kilobyte; their number grows with the 0.7th power of the orders.
 */
#ifndef REBUT_SIMULATE_MARKET_H
#define REBUT_SIMULATE_MARKET_H

#include "dice.h"
#include "rebut/error.h"
#include "rebut/event.h"
#include "settings.h"
#include "trades.h"

enum merchant_kind { MERCHANT_GOOD, MERCHANT_POOR, MERCHANT_BAD };
extern const char *const sim_merchant_kind_words[3];

struct merchant {
    uint32_t first_sku, skus;
    enum merchant_kind kind;
    uint8_t trade;
    uint8_t carrier;     /* the usual one */
    uint8_t channels[4]; /* cumulative shares of shelf, live, short, social; of 255 */
    bool campaigns;      /* takes part in festivals */
    bool on_sale;        /* discounts are on now */
    bool learns;         /* improves when goods come back */
    double fault;        /* defects against its trade's usual */
    double packing;      /* the same for breakage */
    double slop;         /* share of parcels with the wrong or too few things */
    double boast;        /* share of goods sold as more than they are */
    double fake;         /* share of counterfeits */
    double handling;     /* hours from order to shipment, median */
    double capacity;     /* parcels a day */
    double backlog;      /* parcels */
    double leniency;     /* 0 fights each request, 1 pays at once */
    double weight;       /* of being ordered from */
    uint32_t backlog_at; /* second */
    uint32_t sold, came_back; /* since it last thought about it */
    uint32_t asked, granted;  /* refund-only */
};

struct sku {
    uint32_t merchant;
    uint32_t price, base_price; /* fen */
    uint32_t weight_g;
    uint32_t batch_until; /* second; until then batch_fault counts */
    double flaw;          /* defects against the merchant's usual */
    double batch_fault;
    double fake; /* share of counterfeits */
};

struct market {
    uint64_t seed;
    struct merchant *merchants;
    uint32_t merchant_count;
    struct sku *skus;
    uint32_t sku_count;
    uint32_t *alias_cut; /* [merchant_count]: Walker's alias table over weights */
    uint32_t *alias;
    uint32_t hosts;
};

REBUT_MUST_CHECK bool sim_market_init(struct market *market, uint64_t seed,
                                      const struct setting *setting, uint64_t orders,
                                      uint32_t days, struct rebut_error *err);
void sim_market_release(struct market *market);

/* A merchant by weight, from any good hash. */
uint32_t sim_market_choose(const struct market *market, uint64_t hash);

/* A SKU of the merchant; few sell most. */
uint32_t sim_market_choose_sku(const struct market *market, uint32_t merchant,
                               struct dice *dice);

/* Through whom a SKU is sold, and how much is promised (0 to 1). */
struct pitch {
    enum rebut_channel channel;
    uint32_t host;   /* or UINT32_MAX */
    uint32_t dealer; /* 0 to 5 of the merchant's, or UINT32_MAX */
    double hype;
};
void sim_market_pitch(const struct market *market, uint32_t merchant, struct dice *dice,
                      struct pitch *ret);

/* Does a merchant's day: backlog, drift, learning, batches.  Prices that change are
 * told one by one. */
typedef void market_price_told(void *to, uint32_t sku);
struct market_today {
    uint32_t second;
    bool festival_soon, festival; /* tomorrow, today */
};
void sim_market_live(struct market *market, uint32_t merchant, struct market_today today,
                     market_price_told *told, void *to);

#endif
