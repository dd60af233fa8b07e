#include "rebut/shingle.h"

#include <utf8proc.h>

#define LETTERS_MAX (REBUT_SHINGLES_MAX + 1)
/* NFKC makes at most 18 code points of one (UAX #15). */
#define ROOM (LETTERS_MAX + 32)

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static bool is_ideograph(uint32_t point)
{
    return point >= 0x4e00 && point <= 0x9fff;
}

/* A code point that stays what it is in NFKC whatever stands beside it: as a letter, 0
 * for what is dropped.  False for all others. */
static bool simple_letter(uint32_t point, uint32_t *ret_letter)
{
    *ret_letter = 0;
    if (is_ideograph(point))
        *ret_letter = point;
    else if (point >= 'A' && point <= 'Z')
        *ret_letter = point + 'a' - 'A';
    else if (point >= 'a' && point <= 'z')
        *ret_letter = point;
    else if (point >= 0xff21 && point <= 0xff3a) /* full-width capitals */
        *ret_letter = point - 0xff21 + 'a';
    else if (point >= 0xff41 && point <= 0xff5a)
        *ret_letter = point - 0xff41 + 'a';
    else
        return point < 0x80 || (point >= 0x3000 && point <= 0x3020) ||
               (point >= 0xff01 && point <= 0xff20);
    return true;
}

static bool is_letter(uint32_t point)
{
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return true;
    default:
        return false;
    }
}

/* NFKC and case folding of the text's beginning; gives the number of letters. */
static int fold(struct rebut_text text, uint32_t *letters)
{
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT |
                                      UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                                      UTF8PROC_IGNORE;
    utf8proc_int32_t folded[ROOM];
    size_t end = 0;
    for (int points = 0; end < text.size && points < LETTERS_MAX; points++)
        (void)rebut_text_next(text, &end);
    utf8proc_ssize_t count = 0;
    /* When it grows beyond the room, half of the beginning is beginning enough. */
    for (;;) {
        count = utf8proc_decompose((const utf8proc_uint8_t *)text.data,
                                   (utf8proc_ssize_t)end, folded, ROOM, options);
        if (count <= ROOM)
            break;
        for (end /= 2; end > 0 && ((unsigned char)text.data[end] & 0xc0) == 0x80; end--)
            ;
    }
    if (count > 0)
        count = utf8proc_normalize_utf32(folded, count, options);
    int kept = 0;
    for (utf8proc_ssize_t i = 0; i < count && kept < LETTERS_MAX; i++)
        if (is_letter((uint32_t)folded[i]))
            letters[kept++] = (uint32_t)folded[i];
    return kept;
}

static int letters_of(struct rebut_text text, uint32_t *letters)
{
    int count = 0;
    size_t at = 0;
    while (at < text.size && count < LETTERS_MAX) {
        uint32_t letter = 0;
        if (!simple_letter(rebut_text_next(text, &at), &letter))
            return fold(text, letters);
        if (letter != 0)
            letters[count++] = letter;
    }
    return count;
}

/* Shell's sort with Ciura's gaps: at most REBUT_SHINGLES_MAX numbers, mostly thirty or
 * so, where qsort is three times as slow. */
static void sort(uint32_t *numbers, int count)
{
    static const int gaps[] = {57, 23, 10, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof gaps[0]; g++) {
        const int gap = gaps[g];
        for (int i = gap; i < count; i++) {
            const uint32_t number = numbers[i];
            int at = i;
            for (; at >= gap && numbers[at - gap] > number; at -= gap)
                numbers[at] = numbers[at - gap];
            numbers[at] = number;
        }
    }
}

int rebut_shingles(struct rebut_text text, uint32_t ret[REBUT_SHINGLES_MAX])
{
    uint32_t letters[LETTERS_MAX];
    const int count = letters_of(text, letters);
    int pairs = 0, kept = 0;
    for (int i = 1; i < count && pairs < REBUT_SHINGLES_MAX; i++)
        ret[pairs++] = (uint32_t)mix((uint64_t)letters[i - 1] << 32 | letters[i]);
    sort(ret, pairs);
    for (int i = 0; i < pairs; i++)
        if (i == 0 || ret[i] != ret[i - 1])
            ret[kept++] = ret[i];
    return kept;
}

uint64_t rebut_shingle_digest(const uint32_t *set, int count)
{
    uint64_t digest = (uint64_t)count;
    for (int i = 0; i < count; i++)
        digest = mix(digest ^ set[i]) + 0x9e3779b97f4a7c15u;
    return digest == UINT64_MAX ? 0 : digest; /* that one is no key of a map */
}

void rebut_shingle_bands(const uint32_t *set, int count,
                         uint64_t ret[REBUT_SHINGLE_BANDS])
{
    for (int band = 0; band < REBUT_SHINGLE_BANDS; band++) {
        uint64_t key = (uint64_t)band + 1;
        for (int row = 0; row < REBUT_SHINGLE_ROWS; row++) {
            const uint64_t seed = mix((uint64_t)(band * REBUT_SHINGLE_ROWS + row + 1));
            const uint32_t add = (uint32_t)seed, times = (uint32_t)(seed >> 32) | 1;
            uint32_t least = UINT32_MAX;
            for (int i = 0; i < count; i++) {
                uint32_t x = (set[i] ^ add) * times;
                x ^= x >> 15;
                least = x < least ? x : least;
            }
            key = mix(key ^ least) + 1;
        }
        ret[band] = key;
    }
}

bool rebut_shingles_near(const uint32_t *a, int count_a, const uint32_t *b, int count_b)
{
    int common = 0, i = 0, j = 0;
    if (10 * (count_a < count_b ? count_a : count_b) <
        9 * (count_a < count_b ? count_b : count_a))
        return false;
    while (i < count_a && j < count_b) {
        common += a[i] == b[j];
        const bool forward = a[i] <= b[j], behind = b[j] <= a[i];
        i += forward;
        j += behind;
    }
    return 10 * common >= 9 * (count_a + count_b - common);
}
