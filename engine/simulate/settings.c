#include "settings.h"

#include "rebut/simulate.h"

const char *const sim_buyer_kind_words[BUYER_KINDS] = {
    "honest", "serial", "sleeper", "opportunist", "claimant", "ring", "attacker",
};

const struct rebut_simulate_setting_name rebut_simulate_settings[] = {
    {"base", "every kind of buyer and merchant, in likely proportions"},
    {"rare", "a seventh of the abusers"},
    {"weak", "twice the abusers, who ask far more seldom"},
    {"rings", "most abuse comes from groups with a script"},
    {"counterfeit", "many counterfeit sellers, many professional claimants"},
    {"multiply", "abusers hide where merchants are at fault"},
    {"attack", "fresh accounts fall upon small honest merchants"},
    {0},
};

/* In the order of the names above. */
static const struct setting settings[] = {
    {.share = {0, .024, .012, .030, .0080, .0050},
     .greed = 1,
     .attacks = 3,
     .raid_days = 24,
     .bad = .10,
     .poor = .20,
     .fake = .35},
    {.share = {0, .002, .0011, .0045, .0080, .0008},
     .greed = 1,
     .attacks = .5,
     .raid_days = 24,
     .bad = .10,
     .poor = .20,
     .fake = .35},
    {.share = {0, .028, .016, .050, .0080, .0050},
     .greed = .55,
     .attacks = 2,
     .raid_days = 60,
     .bad = .10,
     .poor = .20,
     .fake = .35},
    {.share = {0, .005, .003, .015, .0080, .0250},
     .greed = 1,
     .attacks = 2,
     .raid_days = 20,
     .bad = .10,
     .poor = .20,
     .fake = .35},
    {.share = {0, .010, .006, .025, .0120, .0040},
     .greed = 1,
     .attacks = 2,
     .raid_days = 24,
     .bad = .16,
     .poor = .20,
     .fake = .75},
    {.share = {0, .017, .010, .030, .0080, .0040},
     .greed = 1,
     .attacks = 1,
     .raid_days = 24,
     .bad = .10,
     .poor = .22,
     .fake = .35,
     .hide = 1},
    {.share = {0, .006, .004, .020, .0080, .0030},
     .greed = 1,
     .attacks = 30,
     .raid_days = 24,
     .bad = .10,
     .poor = .20,
     .fake = .35},
};

const struct setting *sim_setting_named(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (strcmp(rebut_simulate_settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}
