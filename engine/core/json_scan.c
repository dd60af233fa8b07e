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

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* High bit of byte i: it should continue a sequence and does not, or the reverse.
 * A lead of two or more bytes is >= 0xc0, of three >= 0xe0, of four >= 0xf0; the
 * saturating subtraction leaves the high bit to just those (after Lemire and Keiser,
 * "Validating UTF-8 In Less Than One Instruction Per Byte", 2020). */
static inline __m128i misplaced(const char *p, __m128i bytes)
{
    const __m128i second = _mm_subs_epu8(load(p - 1), _mm_set1_epi8(0xc0 - 0x80));
    const __m128i third = _mm_subs_epu8(load(p - 2), _mm_set1_epi8(0xe0 - 0x80));
    const __m128i fourth = _mm_subs_epu8(load(p - 3), _mm_set1_epi8(0xf0 - 0x80));
    const __m128i wanted = _mm_or_si128(_mm_or_si128(second, third), fourth);
    const __m128i continues = _mm_cmpgt_epi8(_mm_set1_epi8((char)0xc0), bytes);
    return _mm_xor_si128(wanted, continues);
}

/* Bit i: byte i is a lead whose second byte has a narrower range, or no lead at all:
 * 0xc0, 0xc1, 0xe0, 0xed, 0xf0 and above. */
static inline unsigned picky_leads(__m128i bytes)
{
    const __m128i overlong = _mm_cmpeq_epi8(
        _mm_and_si128(bytes, _mm_set1_epi8((char)0xfe)), _mm_set1_epi8((char)0xc0));
    const __m128i e0 = _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xe0));
    const __m128i ed = _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xed));
    const __m128i four =
        _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8((char)0xf0)), bytes);
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(overlong, e0), _mm_or_si128(ed, four)));
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
        return lead > 0xf0 && lead < 0xf4;
    }
}

const char *rebut_json_scan_long(const char *start, const char *p, const char *end)
{
    /* Three bytes in front are looked at: in a text, all are ASCII or part of a
     * sequence that is known to be whole. */
    if (p - start < 3)
        return scan_bytes(p, end);
    while (end - p >= 16) {
        const __m128i bytes = load(p);
        const unsigned stops = scan_stops(bytes);
        unsigned watched = stops == 0 ? 0xffff : stops ^ (stops - 1);
        const unsigned wrong = (unsigned)_mm_movemask_epi8(misplaced(p, bytes));
        if ((wrong & watched) != 0)
            return NULL;
        for (watched &= picky_leads(bytes); watched != 0; watched &= watched - 1) {
            const char *lead = p + __builtin_ctz(watched);
            if (end - lead < 2 || !second_fits((unsigned char)lead[0], (unsigned char)lead[1]))
                return NULL;
        }
        if (stops != 0)
            return p + __builtin_ctz(stops);
        p += 16;
    }
    /* The rest may begin inside a sequence: go back to its lead. */
    for (int back = 1; back <= 3 && ((unsigned char)p[-back] & 0x80) != 0; back++)
        if (((unsigned char)p[-back] & 0x40) != 0) {
            p -= back;
            break;
        }
    return scan_bytes(p, end);
}

#else

const char *rebut_json_scan_long(const char *start, const char *p, const char *end)
{
    (void)start;
    return scan_bytes(p, end);
}

#endif
