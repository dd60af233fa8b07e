/* limits.h -- what may stand in a field, whether a line or a row says it.  Private to
 * event; the one validator behind rebut_event_parse and rebut_event_from_row. */
#ifndef REBUT_EVENT_LIMITS_H
#define REBUT_EVENT_LIMITS_H

#include <endian.h>
#include <stddef.h>

#include "field.h"

/* ---- an event before its fields and after them ---- */

/* memset of a size that is known when compiling becomes "rep stos" with gcc, which takes
 * some 50 cycles to begin: hide it. */
static inline void zero(void *start, size_t size)
{
    __asm__("" : "+r"(size));
    memset(start, 0, size);
}

/* All but the photos, which photo_count governs. */
static inline void clear(struct rebut_event *event)
{
    const size_t behind = offsetof(struct rebut_event, photo_count);
    zero(event, offsetof(struct rebut_event, photos));
    zero((char *)event + behind, sizeof *event - behind);
    event->quantity = 1;
    event->weight_g = -1;
    event->promised_ship_at = REBUT_TIME_NONE;
    event->account_created_at = REBUT_TIME_NONE;
}

/* What stands for a field that did not come and is no plain zero. */
static inline void complete(struct rebut_event *event)
{
    if (event->type == REBUT_EVENT_VERDICT && event->selection == REBUT_SELECTION_NONE)
        event->selection = REBUT_SELECTION_RANKED;
}

/* ---- one field ---- */

/* Why a text of so many bytes may not stand there; NULL: it may. */
static inline const char *fault_of_size(const struct kind *kind, size_t size)
{
    if (size > (size_t)kind->most)
        return "too_long";
    return size < (size_t)kind->least ? "bad_value" : NULL;
}

static inline bool is_within(const struct kind *kind, int64_t value)
{
    return value >= kind->least && value <= kind->most;
}

static inline bool is_fraction(double value)
{
    return value > 0 && value <= 1;
}

static inline bool find_word(const struct vocabulary *vocabulary, struct rebut_text text,
                             unsigned *ret_word)
{
    if (text.size == 0)
        return false;
    const unsigned hash = (unsigned char)text.data[0] +
                          (unsigned char)text.data[text.size - 1] +
                          4 * (unsigned)text.size;
    const unsigned word = vocabulary->slots[hash % 32].value;
    if (vocabulary->slots[hash % 32].size != text.size ||
        !rebut_text_same(vocabulary->words[word], text.data, text.size))
        return false;
    *ret_word = word;
    return true;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* What eight hexadecimal digits mean; *bad gets high bits where there is none.  Eight
 * bytes at once, without a branch: the digits of a hash cannot be predicted. */
static inline uint64_t hex8(const char *bytes, uint64_t *bad)
{
    uint64_t letters = 0;
    memcpy(&letters, bytes, sizeof letters);
    letters = be64toh(letters);
    const uint64_t plain = letters & EACH(0x7f);
    const uint64_t lower = plain | EACH(0x20);
    const uint64_t digit = (plain + EACH(0x80 - '0')) & ~(plain + EACH(0x7f - '9'));
    const uint64_t letter = (lower + EACH(0x80 - 'a')) & ~(lower + EACH(0x7f - 'f'));
    *bad |= letters | ~(digit | letter);
    uint64_t value = (letters & EACH(0x0f)) + (letters >> 6 & EACH(0x01)) * 9;
    value = (value | value >> 4) & UINT64_C(0x00ff00ff00ff00ff);
    value = (value | value >> 8) & UINT64_C(0x0000ffff0000ffff);
    return (value | value >> 16) & UINT32_MAX;
}

static inline bool find_photo(struct rebut_text text, uint64_t *ret_photo)
{
    uint64_t bad = 0;
    if (text.size != 16)
        return false;
    *ret_photo = hex8(text.data, &bad) << 32 | hex8(text.data + 8, &bad);
    return (bad & EACH(0x80)) == 0;
}

#endif
