/* No bytes of a manifest crash whoever verifies; what is read is canonical. */
#include <stdint.h>
#include <stdlib.h>

#include "rebut/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rebut_text bytes = {(const char *)data, size};
    /* Canonical bytes end in the one newline they have. */
    if (rebut_seal_try(bytes) && data[size - 1] != '\n')
        abort();
    return 0;
}
