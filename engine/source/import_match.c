#include <stdint.h>
#include <stdlib.h>

#include "import_match.h"

static int by_time(const void *a, const void *b)
{
    const struct import_trade *one = a;
    const struct import_trade *two = b;
    if (one->at != two->at)
        return one->at < two->at ? -1 : 1;
    return (one->serial > two->serial) - (one->serial < two->serial);
}

static int by_key_and_time(const void *a, const void *b)
{
    const struct import_trade *one = a;
    const struct import_trade *two = b;
    if (one->key != two->key)
        return one->key < two->key ? -1 : 1;
    return by_time(a, b);
}

/* How many purchases come before the end of (key, at): binary search. */
static size_t find_end(const struct import_trade *purchases, size_t count, uint32_t key,
                       int64_t at)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct import_trade *there = &purchases[middle];
        if (there->key < key || (there->key == key && there->at <= at))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The nearest of 0 … place that is not used up; 0 is the end.  Shortens the way for
 * those that come after: next[i] <= i leads left over what is used up. */
static uint32_t find_left(uint32_t *next, uint32_t place)
{
    uint32_t left = place;
    while (next[left] != left)
        left = next[left];
    while (next[place] != left) {
        const uint32_t step = next[place];
        next[place] = left;
        place = step;
    }
    return left;
}

bool import_match(struct import_trade *purchases, size_t purchase_count,
                  struct import_trade *notes, size_t note_count, struct rebut_error *err)
{
    if (purchase_count >= UINT32_MAX)
        return rebut_fail(err, REBUT_ELIMIT, "too many purchases");
    if (purchase_count > 0)
        qsort(purchases, purchase_count, sizeof *purchases, by_key_and_time);
    if (note_count > 0)
        qsort(notes, note_count, sizeof *notes, by_time);
    uint32_t *next = calloc(purchase_count + 1, sizeof *next); /* places from 1 */
    if (next == NULL)
        return rebut_fail_memory(err, "purchases to match");
    for (size_t i = 0; i <= purchase_count; i++)
        next[i] = (uint32_t)i;
    for (size_t i = 0; i < note_count; i++) {
        struct import_trade *note = &notes[i];
        note->purchase = IMPORT_NO_PURCHASE;
        note->is_short = false;
        const uint32_t end =
            (uint32_t)find_end(purchases, purchase_count, note->key, note->at);
        const uint32_t place = find_left(next, end);
        if (place == 0 || purchases[place - 1].key != note->key)
            continue;
        struct import_trade *purchase = &purchases[place - 1];
        note->purchase = place - 1;
        note->is_short = note->quantity > purchase->quantity;
        purchase->quantity -= note->is_short ? purchase->quantity : note->quantity;
        if (purchase->quantity == 0)
            next[place] = place - 1;
    }
    free(next);
    return true;
}
