/* Token buckets of many names in a fixed room: sets of four, of which the one that has
 * been full for longest makes place for a new name. */
#include <stdlib.h>
#include <string.h>

#include "http_parts.h"

#define SETS 8192
#define WAYS 4

struct bucket {
    uint64_t name;
    int64_t at_us;
    double left;
};

struct http_rates {
    pthread_mutex_t lock;
    double each_us, burst;
    struct bucket buckets[SETS][WAYS];
};

struct http_rates *rebut_http_rates_new(int each_second, int burst)
{
    struct http_rates *rates = calloc(1, sizeof *rates);
    if (rates == NULL)
        return NULL;
    pthread_mutex_init(&rates->lock, NULL);
    rates->each_us = each_second / 1e6;
    rates->burst = burst;
    return rates;
}

void rebut_http_rates_free(struct http_rates *rates)
{
    if (rates == NULL)
        return;
    pthread_mutex_destroy(&rates->lock);
    free(rates);
}

/* FNV-1a with a last mixing; names are not secret, and nobody gains by a collision. */
uint64_t rebut_http_rates_name(const void *data, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)data)[i]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    return hash * UINT64_C(0x9e3779b97f4a7c15) | 1;
}

static struct bucket *find(struct http_rates *rates, uint64_t name, int64_t now_us)
{
    struct bucket *set = rates->buckets[(name >> 40) % SETS];
    struct bucket *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].name == name)
            return &set[i];
        if (set[i].at_us < oldest->at_us)
            oldest = &set[i];
    }
    *oldest = (struct bucket){name, now_us, rates->burst};
    return oldest;
}

bool rebut_http_rates_take(struct http_rates *rates, uint64_t name, int cost,
                           int64_t now_us, int *ret_wait)
{
    pthread_mutex_lock(&rates->lock);
    struct bucket *it = find(rates, name, now_us);
    const double grown = it->left + (double)(now_us - it->at_us) * rates->each_us;
    it->left = grown < rates->burst ? grown : rates->burst;
    it->at_us = now_us;
    const bool ok = it->left >= cost;
    if (ok)
        it->left -= cost;
    *ret_wait = ok ? 0 : 1 + (int)((cost - it->left) / rates->each_us / 1e6);
    pthread_mutex_unlock(&rates->lock);
    return ok;
}
