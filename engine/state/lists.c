#include "rebut/lists.h"

/* The first entry whose member is not below `owner`. */
#define FIND_FIRST(list, member, owner, ret_first)                                       \
    do {                                                                                 \
        uint32_t low = 0, high = (list).count;                                           \
        while (low < high) {                                                             \
            const uint32_t middle = low + (high - low) / 2;                              \
            if ((list).data[middle].member < (owner))                                    \
                low = middle + 1;                                                        \
            else                                                                         \
                high = middle;                                                           \
        }                                                                                \
        *(ret_first) = low;                                                              \
    } while (0)

uint32_t rebut_state_first_contact(const struct rebut_state *state, uint32_t order)
{
    uint32_t first = 0;
    FIND_FIRST(state->contacts, order, order, &first);
    return first;
}

uint32_t rebut_state_first_outcome(const struct rebut_state *state, uint32_t request)
{
    uint32_t first = 0;
    FIND_FIRST(state->outcomes, request, request, &first);
    return first;
}

uint32_t rebut_state_first_verdict(const struct rebut_state *state, uint32_t request)
{
    uint32_t first = 0;
    FIND_FIRST(state->verdicts, request, request, &first);
    return first;
}
