#include "rebut/frame.h"

#include <stdlib.h>

#include "frame_parts.h"

bool rebut_is_fault_return(const struct rebut_request *request)
{
    if (request->kind != REBUT_KIND_RETURN_REFUND)
        return false;
    switch (request->reason) {
    case REBUT_REASON_DAMAGED:
    case REBUT_REASON_QUALITY:
    case REBUT_REASON_NOT_AS_DESCRIBED:
    case REBUT_REASON_COUNTERFEIT:
    case REBUT_REASON_WRONG_ITEM:
    case REBUT_REASON_MISSING_ITEM:
        return true;
    default:
        return false;
    }
}

void rebut_frame_release(struct rebut_frame *frame)
{
    free(frame->rows);
    free(frame->buyer_rows);
    free(frame->claims);
    free(frame->buyer_claims);
    free(frame->cells);
    free(frame->unit_merchant);
    free(frame->unit_listing);
    free(frame->unit_window);
    free(frame->unit_returns);
    free(frame->merchant_orders);
    free(frame->group_members);
    free(frame->groups);
    *frame = (struct rebut_frame){0};
}

void rebut_frame_describe(struct rebut_frame *frame)
{
    struct rebut_hierarchy *hierarchy = &frame->hierarchy;
    hierarchy->units = frame->units;
    hierarchy->entities[REBUT_LEVEL_MERCHANT] = frame->merchants;
    hierarchy->entities[REBUT_LEVEL_LISTING] = frame->listings;
    hierarchy->entities[REBUT_LEVEL_MERCHANT_WINDOW] = frame->windows;
    hierarchy->entities[REBUT_LEVEL_UNIT] = frame->units;
    hierarchy->member[REBUT_LEVEL_MERCHANT] = frame->unit_merchant;
    hierarchy->member[REBUT_LEVEL_LISTING] = frame->unit_listing;
    hierarchy->member[REBUT_LEVEL_MERCHANT_WINDOW] = frame->unit_window;
}

bool rebut_frame_build_shared(struct rebut_frame *ret, struct rebut_shared *ret_shared,
                              const struct rebut_state *state, int64_t as_of,
                              const struct rebut_model *model, struct rebut_error *err)
{
    struct rebut_lens lens = {0};
    bool ok = false;
    *ret = (struct rebut_frame){.state = state, .as_of = as_of};
    *ret_shared = (struct rebut_shared){0};
    if (state->orders.count == 0)
        return rebut_fail(err, REBUT_EDATA,
                          "no orders up to the as-of time: requests mean nothing without "
                          "the orders that had none");
    if (!rebut_lens_open(&lens, state, model, as_of, err))
        goto done;
    if (!rebut_frame_rows(ret, &lens, err) || !rebut_frame_claims(ret, err) ||
        !rebut_frame_groups(ret, err) || !rebut_shared_open(ret_shared, ret, err) ||
        !rebut_frame_marks(ret, &lens, ret_shared, err))
        goto done;
    rebut_frame_describe(ret);
    ok = true;
done:
    rebut_lens_close(&lens);
    if (!ok) {
        rebut_shared_close(ret_shared);
        rebut_frame_release(ret);
    }
    return ok;
}

bool rebut_frame_build(struct rebut_frame *ret, const struct rebut_state *state,
                       int64_t as_of, const struct rebut_model *model,
                       struct rebut_error *err)
{
    struct rebut_shared shared;
    if (!rebut_frame_build_shared(ret, &shared, state, as_of, model, err))
        return false;
    rebut_shared_close(&shared);
    return true;
}
