/* roads.h -- what happens to a parcel between two doors? */
#ifndef REBUT_SIMULATE_ROADS_H
#define REBUT_SIMULATE_ROADS_H

#include "demand.h"
#include "dice.h"
#include "people.h"

#define CARRIERS 8

extern const char *const sim_carrier_codes[CARRIERS];
extern const char *const sim_carrier_prefixes[CARRIERS]; /* of tracking numbers */

struct roads {
    uint64_t seed;
    double speed[CARRIERS][REGIONS];     /* times the usual hours */
    double roughness[CARRIERS][REGIONS]; /* times the usual breakage */
    double loss[CARRIERS][REGIONS];      /* share lost */
};

void sim_roads_init(struct roads *roads, uint64_t seed);

struct journey {
    double hours;     /* from shipment to signature */
    double roughness; /* times the usual breakage */
    bool lost;
};
void sim_roads_travel(const struct roads *roads, uint32_t carrier, uint32_t region,
                      uint32_t second, const struct day *day, struct dice *dice,
                      struct journey *ret);

/* How a region feels that fortnight: added to tolerance, no model knows why. */
double sim_roads_mood(const struct roads *roads, uint32_t region, uint32_t second);

#endif
