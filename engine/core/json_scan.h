/* json_scan.h -- the inner loops of the JSON parser.  Private to core.
 *
 * Runs of string bytes are looked at sixteen at a time with SSE2 (every x86-64), else
 * one by one; no byte outside [start, end) is touched either way.
 */
#ifndef REBUT_JSON_SCAN_H
#define REBUT_JSON_SCAN_H

#include <endian.h>

#include "rebut/json.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Record the first fault, and where it is.  Always returns false. */
bool rebut_json_fail(struct rebut_json *json, enum rebut_json_fault fault, const char *at,
                     const char *expected);

/* Step to the next value, over a comma if it is not the first; false at `closer`, which
 * is stepped over, or on a fault. */
bool rebut_json_next_place(struct rebut_json *json, char closer);

/* Read a key and its colon. */
bool rebut_json_read_key(struct rebut_json *json, struct rebut_text *ret_key);

/* Read the string whose opening quote is at json->at; NULL ret_text only checks it. */
bool rebut_json_read_string(struct rebut_json *json, struct rebut_text *ret_text);

/* The first byte from p on that is a quote, a backslash or a control character, or
 * `end`; NULL when the bytes before it are no valid UTF-8.  `p` is just behind a
 * quote or an escape. */
const char *rebut_json_scan_string(const char *start, const char *p, const char *end);

#ifdef __SSE2__

static inline __m128i load16(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* 0xff where a byte is a quote, a backslash or a control character. */
static inline __m128i stop_bytes(__m128i bytes)
{
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i controls =
        _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
    return _mm_or_si128(_mm_or_si128(quotes, backslashes), controls);
}

/* 0xff where a byte is none of the plain ASCII of a string. */
static inline __m128i special_bytes(__m128i bytes)
{
    const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const __m128i others = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)); /* 0x80 is < 0 */
    return _mm_or_si128(_mm_or_si128(quotes, backslashes), others);
}

/* The closing quote of the short ASCII string, by far the most common, that begins at p;
 * NULL when it is none.  Two steps are made at once: whether one would do cannot be
 * predicted. */
static inline const char *scan_short(const char *start, const char *p, const char *end)
{
    const ptrdiff_t left = end - p;
    uint32_t special = 0;
    if (left > 0 && (signed char)*p < 0)
        return NULL;
    if (left >= 32)
        special = (uint32_t)_mm_movemask_epi8(special_bytes(load16(p))) |
                  (uint32_t)_mm_movemask_epi8(special_bytes(load16(p + 16))) << 16;
    else if (left > 16)
        special = (uint32_t)_mm_movemask_epi8(special_bytes(load16(p))) |
                  (uint32_t)_mm_movemask_epi8(special_bytes(load16(end - 16)))
                      << (left - 16);
    else if (end - start >= 16)
        special =
            (uint32_t)_mm_movemask_epi8(special_bytes(load16(end - 16))) >> (16 - left);
    if (special == 0)
        return NULL;
    const char *stop = p + __builtin_ctz(special);
    return *stop == '"' ? stop : NULL;
}

#else

static inline const char *scan_short(const char *start, const char *p, const char *end)
{
    (void)start;
    while (p < end && *p != '"' && *p != '\\' && (signed char)*p >= 0x20)
        p++;
    return p < end && *p == '"' ? p : NULL;
}

#endif

static inline const char *scan_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static inline bool is_digit(char c)
{
    return (unsigned char)c - (unsigned)'0' <= 9;
}

/* Eight bytes at once while there are eight: how many digits a number has cannot be
 * predicted. */
static inline const char *scan_digits(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t bytes = 0;
        memcpy(&bytes, p, sizeof bytes);
        bytes = le64toh(bytes) ^ UINT64_C(0x3030303030303030);
        /* High bits: bytes over 9.  A carry reaches only what stands behind one. */
        const uint64_t others = ((bytes + UINT64_C(0x7676767676767676)) | bytes) &
                                UINT64_C(0x8080808080808080);
        if (others != 0)
            return p + __builtin_ctzll(others) / 8;
        p += 8;
    }
    while (p < end && is_digit(*p))
        p++;
    return p;
}

/* The end of the number that starts at p < end, or NULL when it is none. */
static inline const char *scan_number(const char *p, const char *end,
                                      enum rebut_json_kind *ret_kind)
{
    p += *p == '-';
    if (p == end || !is_digit(*p))
        return NULL;
    p = *p == '0' ? p + 1 : scan_digits(p, end);
    *ret_kind = REBUT_JSON_INTEGER;
    if (p < end && *p == '.') {
        const char *fraction = p + 1;
        p = scan_digits(fraction, end);
        *ret_kind = REBUT_JSON_REAL;
        if (p == fraction)
            return NULL;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char *exponent = p + 1;
        if (exponent < end && (*exponent == '+' || *exponent == '-'))
            exponent++;
        p = scan_digits(exponent, end);
        *ret_kind = REBUT_JSON_REAL;
        if (p == exponent)
            return NULL;
    }
    return p;
}

#endif
