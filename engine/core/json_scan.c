#include "json_scan.h"

/* The same one byte at a time: short rests, other processors. */
static const char *scan_bytes(const char *p, const char *end)
{
    const char *stop = p;
    unsigned seen = 0;
    while (stop < end) {
        const unsigned byte = (unsigned char)*stop;
        if (byte == '"' || byte == '\\' || byte < 0x20)
            break;
        seen |= byte;
        stop++;
    }
    const struct rebut_text run = {p, (size_t)(stop - p)};
    return seen >= 0x80 && rebut_text_valid_utf8(run) != run.size ? NULL : stop;
}

#ifdef __SSE2__

/* High bit of byte i: it should continue a sequence and does not, or the reverse.
 * A lead of two or more bytes is >= 0xc0, of three >= 0xe0, of four >= 0xf0; the
 * saturating subtraction leaves the high bit to just those (after Keiser and Lemire,
 * "Validating UTF-8 In Less Than One Instruction Per Byte", 2020). */
static inline __m128i misplaced(const char *p, __m128i bytes)
{
    const __m128i second = _mm_subs_epu8(load16(p - 1), _mm_set1_epi8(0xc0 - 0x80));
    const __m128i third = _mm_subs_epu8(load16(p - 2), _mm_set1_epi8(0xe0 - 0x80));
    const __m128i fourth = _mm_subs_epu8(load16(p - 3), _mm_set1_epi8(0xf0 - 0x80));
    const __m128i wanted = _mm_or_si128(_mm_or_si128(second, third), fourth);
    const __m128i continues = _mm_cmpgt_epi8(_mm_set1_epi8((char)0xc0), bytes);
    return _mm_xor_si128(wanted, continues);
}

/* 0xff where a lead asks for a look at its second byte, or is no lead at all: 0xc0,
 * 0xc1, 0xe0, 0xe1, 0xed and from 0xf0 on.  (Most Chinese is 0xe3 to 0xe9 and 0xef.) */
static inline __m128i picky(__m128i bytes)
{
    const __m128i low = _mm_cmpeq_epi8(_mm_and_si128(bytes, _mm_set1_epi8((char)0xde)),
                                       _mm_set1_epi8((char)0xc0));
    const __m128i ed = _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xed));
    const __m128i four =
        _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8((char)0xf0)), bytes);
    return _mm_or_si128(_mm_or_si128(low, ed), four);
}

/* May `second` (known to continue) follow the picky `lead`?  RFC 3629, section 4. */
static bool second_fits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second < 0xa0;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second < 0x90;
    default:
        return lead == 0xe1 || (lead > 0xf0 && lead < 0xf4);
    }
}

/* Are the picky leads among p[i], for the bits i of `leads`, followed by what they ask?
 */
static bool leads_fit(const char *p, const char *end, unsigned leads)
{
    for (; leads != 0; leads &= leads - 1) {
        const char *lead = p + __builtin_ctz(leads);
        if (end - lead < 2 ||
            !second_fits((unsigned char)lead[0], (unsigned char)lead[1]))
            return false;
    }
    return true;
}

const char *rebut_json_scan_string(const char *start, const char *p, const char *end)
{
    /* Three bytes in front are looked at too: in a text, all are ASCII or part of a
     * sequence that is known to be whole. */
    if (p - start < 3 || end - start < 19)
        return scan_bytes(p, end);
    for (const char *at = p; at < end;) {
        /* The last sixteen overlap with those before. */
        const char *block = end - at >= 16 ? at : end - 16;
        const unsigned before = (unsigned)(at - block);
        const __m128i bytes = load16(block);
        const __m128i stop = stop_bytes(bytes);
        const __m128i wrong = misplaced(block, bytes);
        const __m128i lead = picky(bytes);
        const __m128i any = _mm_or_si128(_mm_or_si128(stop, wrong), lead);
        if ((unsigned)_mm_movemask_epi8(any) >> before != 0) {
            const unsigned stops = (unsigned)_mm_movemask_epi8(stop) >> before;
            const unsigned watched = stops == 0 ? 0xffff : stops ^ (stops - 1);
            if (((unsigned)_mm_movemask_epi8(wrong) >> before & watched) != 0 ||
                !leads_fit(at, end,
                           (unsigned)_mm_movemask_epi8(lead) >> before & watched))
                return NULL;
            if (stops != 0)
                return at + __builtin_ctz(stops);
        }
        at = block + 16;
    }
    return scan_bytes(p, end);
}

#else

const char *rebut_json_scan_string(const char *start, const char *p, const char *end)
{
    (void)start;
    return scan_bytes(p, end);
}

#endif
