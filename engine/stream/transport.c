#include "rebut/transport.h"

int rebut_position_compare(struct rebut_position a, struct rebut_position b)
{
    if (a.major != b.major)
        return a.major < b.major ? -1 : 1;
    return a.minor < b.minor ? -1 : a.minor > b.minor;
}
