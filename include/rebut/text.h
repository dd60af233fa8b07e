/* rebut/text.h -- a borrowed piece of text, and what may be asked of it.
 *
 * A rebut_text owns nothing: `data` belongs to whoever made it and is not
 * NUL-terminated.  {NULL, 0} is "absent"; {non-NULL, 0} is "there and empty".
 */
#ifndef REBUT_TEXT_H
#define REBUT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rebut_text {
    const char *data;
    size_t size; /* bytes */
};

#define REBUT_TEXT(literal) ((struct rebut_text){(literal), sizeof(literal) - 1})

static inline struct rebut_text rebut_text_of(const char *string)
{
    return (struct rebut_text){string, string == NULL ? 0 : strlen(string)};
}

/* memcmp(a, b, size) == 0, of a few bytes without a call. */
static inline bool rebut_text_same(const char *a, const char *b, size_t size)
{
    if (size >= 8 && size <= 16) {
        uint64_t first[2], last[2];
        memcpy(&first[0], a, 8);
        memcpy(&first[1], b, 8);
        memcpy(&last[0], a + size - 8, 8);
        memcpy(&last[1], b + size - 8, 8);
        return ((first[0] ^ first[1]) | (last[0] ^ last[1])) == 0;
    }
    if (size >= 4 && size < 8) {
        uint32_t first[2], last[2];
        memcpy(&first[0], a, 4);
        memcpy(&first[1], b, 4);
        memcpy(&last[0], a + size - 4, 4);
        memcpy(&last[1], b + size - 4, 4);
        return ((first[0] ^ first[1]) | (last[0] ^ last[1])) == 0;
    }
    return size == 0 || memcmp(a, b, size) == 0;
}

static inline bool rebut_text_equal(struct rebut_text a, struct rebut_text b)
{
    return a.size == b.size && rebut_text_same(a.data, b.data, a.size);
}

/* Below, at or above zero as `a` sorts before, with or behind `b`, byte by byte. */
static inline int rebut_text_compare(struct rebut_text a, struct rebut_text b)
{
    const size_t both = a.size < b.size ? a.size : b.size;
    const int order = both == 0 ? 0 : memcmp(a.data, b.data, both);
    return order != 0 ? order : a.size < b.size ? -1 : a.size > b.size;
}

/* Bytes up to the first that is no valid UTF-8 (RFC 3629: no overlongs, surrogates
 * or values over U+10FFFF); equal to text.size when all of it is valid. */
size_t rebut_text_valid_utf8(struct rebut_text text);

/* Decode the code point at *position (valid UTF-8) and move *position past it. */
uint32_t rebut_text_next(struct rebut_text text, size_t *position);

/* Parse a whole decimal int64 ("-12", "0"); false when it is anything else. */
bool rebut_text_int64(struct rebut_text text, int64_t *ret_value);

/* Parse a whole decimal number ("1.5", "-2e3"); false when it is anything else
 * or not finite.  At most 64 bytes. */
bool rebut_text_double(struct rebut_text text, double *ret_value);

#endif
