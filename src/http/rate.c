/* Rate limits in bounded memory: a table of small sets, each key in one set, the stalest entry leaving when its set is full.
 *
 * The window slides by weighing the last window's count by how much of it still lies within the last `seconds`. So a burst
 * gets exactly `max`, and a steady stream on average the same. */
#include <pthread.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/random.h"
#include "http/http.h"

enum { WAYS = 8, HASH = 16 };

struct entry {
    unsigned char hash[HASH];
    int64_t window; /* number of the window that `count` belongs to */
    int64_t touched;
    int count, before;
    bool used;
};

struct rate_limiter {
    pthread_mutex_t mutex;
    unsigned char key[CRYPTO_KEY]; /* secret, so that nobody can aim at one set */
    size_t sets;
    struct entry *entries;
};

struct rate_limiter *rate_limiter_new(size_t max_keys)
{
    struct rate_limiter *limiter = calloc(1, sizeof *limiter);
    if (limiter == NULL)
        abort();
    limiter->sets = max_keys / WAYS + 1;
    limiter->entries = calloc(limiter->sets * WAYS, sizeof *limiter->entries);
    if (limiter->entries == NULL)
        abort();
    struct random random = random_system();
    random_fill(&random, limiter->key, sizeof limiter->key);
    pthread_mutex_init(&limiter->mutex, NULL);
    return limiter;
}

void rate_limiter_free(struct rate_limiter **limiter)
{
    if (*limiter == NULL)
        return;
    pthread_mutex_destroy(&(*limiter)->mutex);
    free((*limiter)->entries);
    free(*limiter);
    *limiter = NULL;
}

static bool same_hash(const unsigned char *a, const unsigned char *b)
{
    unsigned char difference = 0;
    for (size_t i = 0; i < HASH; i++)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

static struct entry *find_entry(struct rate_limiter *limiter, const unsigned char hash[HASH])
{
    size_t number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | hash[i];
    struct entry *set = limiter->entries + number % limiter->sets * WAYS;
    struct entry *stalest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used && same_hash(set[i].hash, hash))
            return &set[i];
        if (!set[i].used || (stalest->used && set[i].touched < stalest->touched))
            stalest = &set[i];
    }
    *stalest = (struct entry){.used = true, .window = -2};
    for (size_t i = 0; i < HASH; i++)
        stalest->hash[i] = hash[i];
    return stalest;
}

bool rate_limiter_allow(struct rate_limiter *limiter, struct str key, int max, int seconds, int64_t now)
{
    unsigned char hash[HASH];
    crypto_keyed_hash(limiter->key, key, hash, sizeof hash);
    int64_t window = now / seconds;
    pthread_mutex_lock(&limiter->mutex);
    struct entry *entry = find_entry(limiter, hash);
    if (entry->window != window) {
        entry->before = entry->window == window - 1 ? entry->count : 0;
        entry->count = 0;
        entry->window = window;
    }
    entry->touched = now;
    int64_t weighed = (int64_t)entry->before * (seconds - now % seconds) / seconds + entry->count;
    bool allowed = weighed < max;
    entry->count += allowed;
    pthread_mutex_unlock(&limiter->mutex);
    return allowed;
}
