/* No bytes of a reply crash whoever verifies; one that counts holds the hash asked for.
 */
#include <stdint.h>
#include <stdlib.h>

#include "rebut/time.h"
#include "rebut/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char request[REBUT_STAMP_REQUEST];
    struct rebut_stamp stamp = {.at = REBUT_TIME_NONE};
    struct rebut_error err = {0};
    rebut_stamp_request(REBUT_TEXT("rebut"), request);
    const struct rebut_text bytes = {(const char *)data, size};
    if (!rebut_stamp_read(bytes, request, &stamp, &err)) {
        if (err.code == 0 || stamp.at != REBUT_TIME_NONE)
            abort();
        return 0;
    }
    /* The hash begins at the request's byte 24, the nonce at 90. */
    if (memmem(data, size, request + 24, 64) == NULL ||
        memmem(data, size, request + 90, 8) == NULL || stamp.at < REBUT_TIME_MIN ||
        stamp.at > REBUT_TIME_MAX)
        abort();
    return 0;
}
