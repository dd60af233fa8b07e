#include "rebut/text.h"

#include <math.h>
#include <stdlib.h>

/* Bytes of the UTF-8 sequence at p (left bytes remain), or 0 when it is not valid. */
static size_t sequence_size(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2)
        return 0;
    if (p[0] < 0xe0)
        return left >= 2 && (p[1] & 0xc0) == 0x80 ? 2 : 0;
    if (p[0] < 0xf0) {
        if (left < 3 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
            return 0;
        if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0))
            return 0;
        return 3;
    }
    if (p[0] > 0xf4 || left < 4 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80 ||
        (p[3] & 0xc0) != 0x80)
        return 0;
    if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] >= 0x90))
        return 0;
    return 4;
}

size_t rebut_text_valid_utf8(struct rebut_text text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    size_t at = 0;
    while (at < text.size) {
        const size_t step = sequence_size(bytes + at, text.size - at);
        if (step == 0)
            break;
        at += step;
    }
    return at;
}

uint32_t rebut_text_next(struct rebut_text text, size_t *position)
{
    const unsigned char *p = (const unsigned char *)text.data + *position;
    if (p[0] < 0x80) {
        *position += 1;
        return p[0];
    }
    if (p[0] < 0xe0) {
        *position += 2;
        return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
    }
    if (p[0] < 0xf0) {
        *position += 3;
        return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 |
               (p[2] & 0x3f);
    }
    *position += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
           (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

bool rebut_text_int64(struct rebut_text text, int64_t *ret_value)
{
    size_t at = 0;
    const bool negative = text.size > 0 && text.data[0] == '-';
    if (negative)
        at = 1;
    if (at == text.size || text.size - at > 19)
        return false;
    uint64_t value = 0;
    for (; at < text.size; at++) {
        const unsigned digit = (unsigned char)text.data[at] - (unsigned)'0';
        if (digit > 9)
            return false;
        value = value * 10 + digit;
    }
    if (value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        return false;
    *ret_value = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

bool rebut_text_double(struct rebut_text text, double *ret_value)
{
    char copy[65];
    if (text.size == 0 || text.size >= sizeof copy)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (strchr("0123456789+-.eE", text.data[i]) == NULL || text.data[i] == '\0')
            return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    char *end = NULL;
    const double value = strtod(copy, &end);
    if (end != copy + text.size || !isfinite(value))
        return false;
    *ret_value = value;
    return true;
}
