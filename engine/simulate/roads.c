#include "roads.h"

const char *const sim_carrier_codes[CARRIERS] = {"sf", "zto",   "sto", "yto",
                                                 "jt", "yunda", "ems", "jd"};
const char *const sim_carrier_prefixes[CARRIERS] = {"SF", "7", "77", "YT",
                                                    "JT", "4", "EI", "JDVC"};

static const double base_hours[CARRIERS] = {38, 58, 62, 58, 64, 62, 76, 36};
static const double base_roughness[CARRIERS] = {.55, 1, 1.2, 1, 1.45, 1.2, .9, .6};
static const double base_loss[CARRIERS] = {.0004, .0011, .0016, .0011,
                                           .0020, .0015, .0012, .0004};

void sim_roads_init(struct roads *roads, uint64_t seed)
{
    roads->seed = hash_of(seed, 0x40ad);
    for (uint32_t carrier = 0; carrier < CARRIERS; carrier++) {
        for (uint32_t region = 0; region < REGIONS; region++) {
            struct dice dice = dice_for(roads->seed, carrier * REGIONS + region);
            const double far = region >= 28 || region == 20 || region == 24 ? 1.7 : 1;
            const double depot = exp(.25 * dice_normal(&dice));
            const double rough = exp(.3 * dice_normal(&dice));
            const double loss = exp(.6 * dice_normal(&dice));
            roads->speed[carrier][region] = base_hours[carrier] * far * depot;
            roads->roughness[carrier][region] = base_roughness[carrier] * rough;
            roads->loss[carrier][region] = base_loss[carrier] * loss;
        }
    }
}

/* Rain, snow, a depot that burnt: one region, three days. */
static double storm_hours(const struct roads *roads, uint32_t region, uint32_t second)
{
    const uint64_t about = (uint64_t)(second / (3 * 86400)) * REGIONS + region;
    const uint64_t hash = hash_of(roads->seed ^ 0x5704, about);
    const double chance = fraction_of(hash);
    return chance < .03 ? 24 + 72 * (chance / .03) : 0;
}

void sim_roads_travel(const struct roads *roads, uint32_t carrier, uint32_t region,
                      uint32_t second, const struct day *day, struct dice *dice,
                      struct journey *ret)
{
    const double crowd = day->rush > 1.15 ? 1 + .22 * (day->rush - 1.15) : 1;
    const double luck = exp(.30 * dice_normal(dice));
    const bool mishap = dice_chance(dice, .012);
    const double mishap_hours = dice_wait(dice) * 60;
    ret->hours = roads->speed[carrier][region] * crowd * luck +
                 storm_hours(roads, region, second) + (mishap ? 30 + mishap_hours : 0);
    ret->hours = clamp(ret->hours, 7, 24 * 40);
    ret->roughness = roads->roughness[carrier][region] * (.7 + .3 * crowd);
    ret->lost = dice_chance(dice, roads->loss[carrier][region] * crowd);
}

double sim_roads_mood(const struct roads *roads, uint32_t region, uint32_t second)
{
    const uint64_t about = (uint64_t)(second / (14 * 86400)) * REGIONS + region;
    return .08 * normal_of(hash_of(roads->seed ^ 0x300d, about)) +
           .05 * normal_of(hash_of(roads->seed ^ 0x300e, region));
}
