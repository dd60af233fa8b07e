#include "people.h"

#include <stdlib.h>
#include <string.h>

/* Orders a buyer in 120 days; longer worlds have more of both. */
#define ORDERS_A_BUYER 8.0

/* Buyers at each level of activity, of 1000: most order once or twice. */
static const double by_level[LEVELS] = {170, 165, 150, 130, 110, 90,
                                        70,  50,  32,  19,  10,  4};
/* The same for people who live by it. */
static const double by_level_busy[LEVELS] = {60,  80, 110, 130, 150, 150,
                                             130, 90, 55,  28,  12,  5};

const char *const sim_region_codes[REGIONS] = {
    "CN-GD", "CN-SD", "CN-HA", "CN-JS", "CN-SC", "CN-HE", "CN-HN", "CN-ZJ",
    "CN-AH", "CN-HB", "CN-GX", "CN-YN", "CN-JX", "CN-LN", "CN-FJ", "CN-SN",
    "CN-GZ", "CN-SX", "CN-CQ", "CN-HL", "CN-XJ", "CN-GS", "CN-SH", "CN-JL",
    "CN-NM", "CN-BJ", "CN-TJ", "CN-HI", "CN-NX", "CN-QH", "CN-XZ",
};
/* Parcels received, in 1000. */
static const double by_region[REGIONS] = {
    131, 72, 66, 88, 55, 50, 43, 86, 38, 40, 28, 24, 26, 30, 41, 28,
    19,  21, 24, 17, 13, 12, 51, 13, 13, 48, 14, 8,  5,  3,  2,
};

/* Cumulative counts, so that the rounded parts add up to the rounded whole. */
static void add_segments(struct people *people, enum buyer_kind kind, double buyers)
{
    const double *levels =
        kind == BUYER_HONEST || kind == BUYER_OPPORTUNIST ? by_level : by_level_busy;
    const uint64_t before = people->segment_count == 0
                                ? 0
                                : people->segments[people->segment_count - 1].until;
    uint64_t until = before;
    uint32_t given = 0;
    double part = 0, weight = 64;
    for (int level = 0; level < LEVELS; level++, weight *= 1.5) {
        part += levels[level] / 1000;
        const uint32_t up_to = (uint32_t)(buyers * part + .5);
        if (up_to == given)
            continue;
        until += (uint64_t)(up_to - given) * (uint64_t)weight;
        people->segments[people->segment_count++] =
            (struct segment){people->count, up_to - given, kind, until};
        people->count += up_to - given;
        given = up_to;
    }
}

static bool make_rings(struct people *people, struct rebut_error *err)
{
    const uint32_t members = people->ring_members;
    people->rings = malloc((members / 2 + 1) * sizeof *people->rings);
    people->ring_of = malloc((members + 1) * sizeof *people->ring_of);
    if (people->rings == NULL || people->ring_of == NULL)
        return rebut_fail_memory(err, "the rings");
    struct dice dice = dice_for(people->seed, 0x4149);
    for (uint32_t member = 0; member < members;) {
        const uint32_t wanted = 4 + dice_below(&dice, 5) + dice_below(&dice, 10) / 2;
        const uint32_t left = members - member;
        const uint32_t count = left < wanted + 4 ? left : wanted;
        /* Every ring shares something, but not always what is easy to see. */
        uint8_t style = (uint8_t)(1 + dice_below(&dice, 15));
        if (style == SHARE_PHOTOS && dice_chance(&dice, .5))
            style |= SHARE_PAYMENT;
        people->rings[people->ring_count] =
            (struct ring){people->ring_first + member, count, style};
        for (uint32_t i = 0; i < count; i++)
            people->ring_of[member + i] = people->ring_count;
        people->ring_count++;
        member += count;
    }
    return true;
}

static bool make_attacks(struct people *people, double attacks, struct rebut_error *err)
{
    people->attack_count = (uint32_t)(attacks + .5);
    people->attacks = malloc((people->attack_count + 1) * sizeof *people->attacks);
    if (people->attacks == NULL)
        return rebut_fail_memory(err, "the attacks");
    struct dice dice = dice_for(people->seed, 0xa77ac);
    for (uint32_t i = 0; i < people->attack_count; i++) {
        const uint32_t count = 8 + dice_below(&dice, 22);
        const double when = .05 + .85 * dice_fraction(&dice);
        people->attacks[i] =
            (struct attack){people->count, count, (uint32_t)(when * people->seconds)};
        people->count += count;
    }
    return true;
}

bool sim_people_init(struct people *people, uint64_t seed, const struct setting *setting,
                     uint64_t orders, uint32_t days, struct rebut_error *err)
{
    *people = (struct people){.seed = hash_of(seed, 0xb0b), .seconds = days * 86400};
    const double each = clamp(ORDERS_A_BUYER * sqrt(days / 120.0), 1.5, 40);
    const double buyers = (double)orders / each + 1;
    double honest = 1;
    for (int kind = BUYER_SERIAL; kind < BUYER_ATTACKER; kind++)
        honest -= setting->share[kind];
    add_segments(people, BUYER_HONEST, buyers * honest);
    for (enum buyer_kind kind = BUYER_SERIAL; kind < BUYER_ATTACKER; kind++) {
        if (kind == BUYER_RING)
            people->ring_first = people->count;
        add_segments(people, kind, buyers * setting->share[kind]);
    }
    people->ring_members = people->count - people->ring_first;
    people->dorms = (uint32_t)(buyers * .03 / 45) + 1;
    people->families = (uint32_t)(buyers * .16 / 2.6) + 1;
    if (!make_rings(people, err) ||
        !make_attacks(people, setting->attacks * (double)orders / 100000, err))
        return false;
    people->memory = calloc(people->count, sizeof *people->memory);
    if (people->memory == NULL)
        return rebut_fail_memory(err, "the buyers");
    return true;
}

void sim_people_release(struct people *people)
{
    free(people->memory);
    free(people->rings);
    free(people->ring_of);
    free(people->attacks);
    *people = (struct people){0};
}

static const struct segment *find_segment(const struct people *people, uint64_t weight)
{
    uint32_t low = 0, high = people->segment_count - 1;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (people->segments[middle].until > weight)
            high = middle;
        else
            low = middle + 1;
    }
    return &people->segments[low];
}

uint32_t sim_people_choose(const struct people *people, struct dice *dice,
                           uint32_t second, enum buyer_kind *ret_kind)
{
    const uint64_t all = people->segments[people->segment_count - 1].until;
    uint32_t buyer = 0;
    /* An account made later in the window cannot order yet: ask somebody else. */
    for (int tries = 0; tries < 8; tries++) {
        __extension__ typedef unsigned __int128 wide;
        const uint64_t weight = (uint64_t)((wide)dice_bits(dice) * all >> 64);
        const struct segment *segment = find_segment(people, weight);
        buyer = segment->first + dice_below(dice, segment->count);
        *ret_kind = segment->kind;
        if (sim_people_created(people, buyer, segment->kind) <= (int64_t)second)
            break;
    }
    return buyer;
}

int64_t sim_people_created(const struct people *people, uint32_t buyer,
                           enum buyer_kind kind)
{
    struct dice dice = dice_for(people->seed ^ 0xc4ea7ed, buyer);
    const double place = dice_fraction(&dice);
    const double within = dice_fraction(&dice);
    const double year = 365.0 * 86400;
    if (kind == BUYER_ATTACKER) {
        for (uint32_t i = 0; i < people->attack_count; i++) {
            const struct attack *attack = &people->attacks[i];
            if (buyer - attack->first < attack->count)
                return (int64_t)attack->at - (int64_t)(3600 + within * 12 * 86400);
        }
    }
    const bool young = kind == BUYER_SERIAL || kind == BUYER_RING;
    if (place < (young ? .16 : .10)) /* made while we watch */
        return (int64_t)(within * people->seconds * .9);
    if (place < (young ? .45 : .25))
        return -(int64_t)(within * year);
    return -(int64_t)(within * within * 7 * year + within * year);
}

static uint32_t region_of(uint64_t hash)
{
    double left = fraction_of(scramble(hash)) * 1109;
    for (uint32_t region = 0; region < REGIONS; region++) {
        left -= by_region[region];
        if (left < 0)
            return region;
    }
    return 0;
}

/* Groups are numbered apart from each other and from single buyers. */
enum group { GROUP_SELF, GROUP_DORM, GROUP_FAMILY, GROUP_TWIN, GROUP_RING, GROUP_OFFICE };

static uint64_t key_of(enum group group, uint64_t number)
{
    return (uint64_t)group << 36 | number;
}

static void live_in_ring(const struct people *people, uint32_t buyer, struct home *ret)
{
    ret->ring = people->ring_of[buyer - people->ring_first];
    const struct ring *ring = &people->rings[ret->ring];
    /* A large ring has more than one telephone. */
    const uint64_t key = (uint64_t)ret->ring * 4 + (buyer - ring->first) / 6 % 4;
    if (ring->style & SHARE_DEVICE)
        ret->device = key_of(GROUP_RING, key);
    if (ring->style & SHARE_ADDRESS) {
        ret->address = key_of(GROUP_RING, key);
        ret->region = region_of(hash_of(people->seed, ret->address));
    }
    if (ring->style & SHARE_PAYMENT)
        ret->payment = key_of(GROUP_RING, key);
}

void sim_people_home(const struct people *people, uint32_t buyer, enum buyer_kind kind,
                     struct dice *dice, struct home *ret)
{
    const uint64_t hash = hash_of(people->seed ^ 0x40e, buyer);
    const uint32_t kind_of_home = hash & 1023;
    const uint64_t self = key_of(GROUP_SELF, buyer);
    const bool elsewhere = dice_chance(dice, .07);
    *ret = (struct home){self, self, self, 0, NO_RING, false};

    if ((hash_of(people->seed ^ 0x7314, buyer / 2) & 1023) < 30 &&
        kind != BUYER_ATTACKER) {
        /* One person with two accounts. */
        ret->device = ret->address = ret->payment = key_of(GROUP_TWIN, buyer / 2);
    } else if (kind_of_home < 31) {
        ret->dorm = true;
        ret->address = key_of(GROUP_DORM, below_of(hash, people->dorms));
        if (hash >> 10 & 1) /* room mates lend each other a telephone */
            ret->device =
                key_of(GROUP_DORM, (ret->address & 0xfffffff) * 8 + (hash >> 11 & 7));
    } else if (kind_of_home < 31 + 164) {
        ret->address = key_of(GROUP_FAMILY, below_of(hash, people->families));
        if ((hash >> 10 & 3) == 0)
            ret->device = ret->address;
        if ((hash >> 12 & 3) == 0)
            ret->payment = ret->address;
    }
    ret->region = region_of(hash_of(people->seed, ret->address));
    if (kind == BUYER_RING)
        live_in_ring(people, buyer, ret);
    else if (elsewhere && !ret->dorm)
        ret->address = key_of(GROUP_OFFICE, buyer);
}
