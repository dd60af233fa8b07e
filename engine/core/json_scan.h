/* json_scan.h -- how far does a run of plain string bytes go?  Private to core.
 *
 * With SSE2 (every x86-64) sixteen bytes at a time, else one by one; both look at
 * no byte outside [start, end).
 */
#ifndef REBUT_JSON_SCAN_H
#define REBUT_JSON_SCAN_H

#include "rebut/text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The first byte from p on that is a quote, a backslash or a control character, or
 * `end`; NULL when the bytes before it are no valid UTF-8.  `p` is just behind a
 * quote or an escape. */
const char *rebut_json_scan_long(const char *start, const char *p, const char *end);

#ifdef __SSE2__

/* Bit i is set when byte i is a quote, a backslash or a control character. */
static inline unsigned scan_stops(__m128i bytes)
{
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i controls =
        _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(quotes, backslashes), controls));
}

/* The short ASCII string, by far the most common, without a call. */
static inline const char *scan_string(const char *start, const char *p, const char *end)
{
    if (end - p >= 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        const unsigned stops = scan_stops(bytes);
        const unsigned high = (unsigned)_mm_movemask_epi8(bytes);
        if (stops != 0 && (high & (stops ^ (stops - 1))) == 0)
            return p + __builtin_ctz(stops);
    }
    return rebut_json_scan_long(start, p, end);
}

#else

static inline const char *scan_string(const char *start, const char *p, const char *end)
{
    return rebut_json_scan_long(start, p, end);
}

#endif

#endif
