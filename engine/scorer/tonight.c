/* A night from disk. */
#include <stdio.h>
#include <string.h>

#include "rebut/scorer.h"
#include "rebut/snapshot.h"

static bool load_state(struct rebut_tonight *tonight, const char *snapshot,
                       struct rebut_error *err)
{
    struct rebut_snapshot_about about = {0};
    uint64_t duplicates[REBUT_EVENT_TYPES];
    if (!rebut_snapshot_load(snapshot, &tonight->state, &about, err))
        return false;
    tonight->as_of = about.as_of;
    if (about.fell_back)
        snprintf(tonight->damage, sizeof tonight->damage, "%s", about.damage);
    rebut_snapshot_about_release(&about);
    tonight->state.keeps_keys = true;
    return rebut_state_seal(&tonight->state, duplicates, err);
}

bool rebut_tonight_open(struct rebut_tonight *ret, const char *snapshot,
                        const char *model, struct rebut_error *err)
{
    *ret = (struct rebut_tonight){0};
    rebut_state_init(&ret->state, 0);
    if (load_state(ret, snapshot, err) && rebut_model_load(model, &ret->model, err) &&
        rebut_live_night_open(&ret->buyers, &ret->state, err) &&
        rebut_night_open(&ret->night, &ret->state, &ret->model, ret->as_of, err))
        return true;
    rebut_tonight_close(ret);
    return false;
}

void rebut_tonight_close(struct rebut_tonight *tonight)
{
    rebut_night_close(tonight->night);
    rebut_live_night_close(tonight->buyers);
    rebut_model_release(&tonight->model);
    rebut_state_release(&tonight->state);
    *tonight = (struct rebut_tonight){0};
}
