#include "world.h"

/* A bijection of 32 bits: two buyers never get one id. */
static uint32_t shuffle32(uint32_t x, uint64_t seed)
{
    x ^= (uint32_t)seed;
    x = (x ^ x >> 16) * 0x7feb352du;
    x = (x ^ x >> 15) * 0x846ca68bu;
    return x ^ x >> 16 ^ (uint32_t)(seed >> 32);
}

/* The same for 40 bits. */
static uint64_t shuffle40(uint64_t x, uint64_t seed)
{
    const uint64_t mask = (UINT64_C(1) << 40) - 1;
    x = (x ^ seed) & mask;
    x = (x ^ x >> 20) * UINT64_C(0xd6e8feb86659fd93) & mask;
    x = (x ^ x >> 19) * UINT64_C(0xa0761d6478bd642f) & mask;
    return x ^ x >> 20;
}

void sim_put_order_id(struct lines *lines, uint32_t order)
{
    PUT(lines, "o");
    sim_put_number(lines, (uint64_t)order + 1, 9);
}

void sim_put_request_id(struct lines *lines, uint32_t request)
{
    PUT(lines, "r");
    sim_put_number(lines, (uint64_t)request + 1, 8);
}

void sim_put_buyer_id(const struct world *world, struct lines *lines, uint32_t buyer)
{
    PUT(lines, "b");
    sim_put_number(lines, shuffle32(buyer, world->people.seed), 10);
}

void sim_put_merchant_id(struct lines *lines, uint32_t merchant)
{
    PUT(lines, "m");
    sim_put_number(lines, merchant, 5);
}

void sim_put_sku_id(const struct world *world, struct lines *lines, uint32_t sku)
{
    const uint32_t merchant = world->market.skus[sku].merchant;
    sim_put_merchant_id(lines, merchant);
    PUT(lines, "-s");
    sim_put_number(lines, sku - world->market.merchants[merchant].first_sku, 2);
}

void sim_put_key(const struct world *world, struct lines *lines, char letter,
                 uint64_t key)
{
    put_bytes(lines, &letter, 1);
    sim_put_hex(lines, shuffle40(key, world->seed ^ (uint64_t)letter << 17), 10);
}

void sim_put_host_id(const struct world *world, struct lines *lines, uint32_t host)
{
    PUT(lines, "h");
    sim_put_hex(lines, shuffle32(host, world->market.seed), 8);
}

void sim_put_distributor(const struct world *world, struct lines *lines,
                         uint32_t merchant, uint32_t dealer)
{
    static const char *const areas[] = {"east", "south", "north", "west", "central"};
    static const char *const names[] = {"zhang", "wang", "li",    "zhao", "chen", "liu",
                                        "yang",  "zhou", "huang", "wu",   "xu",   "sun"};
    const uint64_t hash = hash_of(world->market.seed ^ 0xdea2, merchant * 8 + dealer);
    PUT(lines, "hq");
    sim_put_number(lines, merchant, 5);
    PUT(lines, "/");
    put_string(lines, areas[below_of(hash, 5)]);
    PUT(lines, "/");
    put_string(lines, names[(hash & 0xffff) % 12]);
    sim_put_number(lines, dealer, 1);
}

uint64_t sim_sku_hash(const struct world *world, uint32_t sku)
{
    return hash_of(world->market.seed ^ 0x5c4, sku);
}
