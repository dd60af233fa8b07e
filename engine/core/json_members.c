#include "json_scan.h"

#define UNKNOWN SIZE_MAX

/* The key with these first bytes, by its hash; it may be another of that hash. */
static inline size_t candidate(const struct rebut_json_keys *keys, uint64_t first)
{
    return (size_t)keys->slots[first * keys->multiplier >> 57] - 1;
}

/* The first bytes of a key of `size` bytes at p, where there are eight. */
static inline uint64_t first_bytes(const char *p, size_t size)
{
    uint64_t first = 0;
    memcpy(&first, p, sizeof first);
    first = le64toh(first);
    return size < 8 ? first & ((UINT64_C(1) << size * 8) - 1) : first;
}

static size_t key_of(const struct rebut_json_keys *keys, struct rebut_text name)
{
    uint64_t first = 0;
    memcpy(&first, name.data, name.size < 8 ? name.size : 8);
    const size_t index = candidate(keys, le64toh(first));
    if (index == UNKNOWN)
        return UNKNOWN;
    const struct rebut_json_key *key = &keys->keys[index];
    const struct rebut_text known = {key->spelled, key->size};
    return rebut_text_equal(known, name) ? index : UNKNOWN;
}

#ifdef __SSE2__

/* Where `wanted` is among 32 bytes, a bit each. */
static inline uint32_t find32(__m128i low, __m128i high, char wanted)
{
    const __m128i all = _mm_set1_epi8(wanted);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, all)) |
           (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, all)) << 16;
}

/* Do 32 bytes begin with `key`, its quote and its colon? */
static inline bool equal32(__m128i low, __m128i high, const struct rebut_json_key *key)
{
    const __m128i low_equal = _mm_cmpeq_epi8(low, load16(key->spelled));
    const __m128i high_equal = _mm_cmpeq_epi8(high, load16(key->spelled + 16));
    const uint32_t equal = (uint32_t)_mm_movemask_epi8(low_equal) |
                           (uint32_t)_mm_movemask_epi8(high_equal) << 16;
    const uint32_t wanted = (UINT32_C(4) << key->size) - 1;
    return (equal & wanted) == wanted;
}

/* As plain_key, for the last 32 bytes of the text. */
static inline size_t last_key(const struct rebut_json_keys *keys, const char *start,
                              const char *at, const char *end, size_t *ret_size)
{
    const int left = (int)(end - at) - 1;
    if (left < 8 || end - start < 32 || *at != '"')
        return UNKNOWN;
    const uint32_t quotes =
        find32(load16(end - 32), load16(end - 16), '"') >> (32 - left);
    const int size = __builtin_ctz(quotes | UINT32_C(1) << 31);
    if (size + 2 > left)
        return UNKNOWN;
    *ret_size = (size_t)size;
    const size_t index = candidate(keys, first_bytes(at + 1, *ret_size));
    if (index == UNKNOWN || memcmp(at + 1, keys->keys[index].spelled, *ret_size + 2) != 0)
        return UNKNOWN;
    return index;
}

/* Does `key` stand plainly at the quote `at`?  True only where there is room to look. */
static inline bool key_stands(const struct rebut_json_key *key, const char *at,
                              const char *end)
{
    return end - at >= 33 && *at == '"' && equal32(load16(at + 1), load16(at + 17), key);
}

/* Find the key at the quote `at` if it is spelled plainly, and its size; else UNKNOWN. */
static inline size_t plain_key(const struct rebut_json_keys *keys, const char *start,
                               const char *at, const char *end, size_t *ret_size)
{
    if (end - at < 33)
        return last_key(keys, start, at, end, ret_size);
    if (*at != '"')
        return UNKNOWN;
    const __m128i low = load16(at + 1), high = load16(at + 17);
    /* The size by the closing quote, not by the table, which takes longer. */
    const size_t size = (size_t)__builtin_ctz(find32(low, high, '"') | UINT32_C(1) << 31);
    *ret_size = size;
    const size_t index = candidate(keys, first_bytes(at + 1, size));
    return index != UNKNOWN && equal32(low, high, &keys->keys[index]) ? index : UNKNOWN;
}

#else

static inline bool key_stands(const struct rebut_json_key *key, const char *at,
                              const char *end)
{
    return (size_t)(end - at) >= key->size + 3 && *at == '"' &&
           memcmp(at + 1, key->spelled, key->size + 2) == 0;
}

static inline size_t plain_key(const struct rebut_json_keys *keys, const char *start,
                               const char *at, const char *end, size_t *ret_size)
{
    (void)keys, (void)start, (void)at, (void)end, (void)ret_size;
    return UNKNOWN;
}

#endif

/* Find the key at the quote `at`, in any spelling; *ret_behind is behind its colon. */
static inline bool find_key(struct rebut_json *json, const struct rebut_json_keys *keys,
                            const char *at, size_t *ret_index, const char **ret_behind)
{
    size_t size = 0;
    *ret_index = plain_key(keys, json->start, at, json->end, &size);
    if (*ret_index != UNKNOWN) {
        *ret_behind = at + size + 3;
        return true;
    }
    struct rebut_text name;
    json->at = at;
    if (!rebut_json_read_key(json, &name))
        return false;
    *ret_index = key_of(keys, name);
    *ret_behind = json->at;
    return true;
}

/* Read the plain value at `at`, without a call if it is short; NULL: not that plain. */
static inline const char *plain_value(const char *start, const char *at, const char *end,
                                      struct rebut_json_value *ret_value)
{
    if (at == end)
        return NULL;
    if (*at == '"') {
        const char *stop = scan_short(start, at + 1, end);
        if (stop == NULL) {
            stop = rebut_json_scan_string(start, at + 1, end);
            if (stop == NULL || stop == end || *stop != '"')
                return NULL;
        }
        ret_value->kind = REBUT_JSON_STRING;
        ret_value->text = (struct rebut_text){at + 1, (size_t)(stop - at - 1)};
        return stop + 1;
    }
    if (!is_digit(*at))
        return NULL;
    const char *stop = scan_number(at, end, &ret_value->kind);
    if (stop != NULL)
        ret_value->text = (struct rebut_text){at, (size_t)(stop - at)};
    return stop;
}

/* Step over the array of plain strings and numbers at `at`; NULL: not that plain. */
static inline const char *plain_array(const struct rebut_json *json, const char *at)
{
    struct rebut_json_value ignored;
    if (at == json->end || *at != '[' || json->nesting == json->nesting_max)
        return NULL;
    do {
        at = plain_value(json->start, at + 1, json->end, &ignored);
        if (at == NULL || at == json->end)
            return NULL;
    } while (*at == ',');
    return *at == ']' ? at + 1 : NULL;
}

bool rebut_json_members(struct rebut_json *json, const struct rebut_json_keys *keys,
                        struct rebut_json_value *ret_values, uint64_t *ret_seen,
                        uint64_t *ret_repeated)
{
    uint64_t seen = 0;
    uint64_t repeated = 0;
    size_t place = 0; /* in keys->order, of the key that is expected next */
    if (!rebut_json_open(json, REBUT_JSON_OBJECT))
        return false;
    /* The first key, and whatever follows a less usual spelling, goes the long way. */
    bool more = rebut_json_next_place(json, '}');
    const char *const start = json->start, *const end = json->end;
    const char *at = scan_space(json->at, end);
    while (more) {
        size_t index = keys->order[place];
        const struct rebut_json_key *expected = &keys->keys[index];
        if (key_stands(expected, at, end)) {
            /* The processor need not wait to know the size. */
            at += expected->size + 3;
            place = place + 1 < keys->order_size ? place + 1 : 0;
        } else {
            if (!find_key(json, keys, at, &index, &at))
                return false;
            place = index == UNKNOWN ? place : keys->next[index];
        }
        if (at < end && *at == ' ')
            at = scan_space(at, end);

        /* Filled in place: a copy of what was just stored would have to wait for it. */
        const uint64_t bit = index == UNKNOWN ? 0 : UINT64_C(1) << index;
        const bool wanted = (bit & ~seen) != 0;
        struct rebut_json_value ignored;
        struct rebut_json_value *value = wanted ? &ret_values[index] : &ignored;
        const char *behind = plain_value(start, at, end, value);
        if (behind == NULL && (behind = plain_array(json, at)) != NULL) {
            value->kind = REBUT_JSON_ARRAY;
            value->text = (struct rebut_text){at, (size_t)(behind - at)};
        }
        if (behind == NULL) {
            json->at = at;
            if (wanted ? !rebut_json_value(json, value) : !rebut_json_skip(json))
                return false;
            behind = json->at;
        }
        repeated |= seen & bit;
        seen |= bit;

        at = behind;
        if (end - at >= 2 && *at == ',') {
            at++;
            if (*at == ' ')
                at = scan_space(at, end);
            continue;
        }
        json->at = at;
        more = rebut_json_next_place(json, '}');
        at = scan_space(json->at, end);
    }
    *ret_seen = seen;
    *ret_repeated = repeated;
    return json->fault == REBUT_JSON_FINE;
}
