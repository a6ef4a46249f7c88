/* Rate limits: how many in a burst, how many over time, and that the table stays as small as it was born. */
#include "kit.h"

#include <pthread.h>
#include <stdatomic.h>

static int burst(struct rate_limiter *limiter, struct str key, int tries, int max, int64_t now)
{
    int allowed = 0;
    for (int i = 0; i < tries; i++)
        allowed += rate_limiter_allow(limiter, key, max, 60, now);
    return allowed;
}

static void a_burst_gets_its_maximum(void **state)
{
    (void)state;
    struct rate_limiter *limiter = rate_limiter_new(100);
    assert_int_equal(burst(limiter, S("a"), 50, 10, 6000), 10);
    assert_int_equal(burst(limiter, S("b"), 50, 10, 6000), 10);
    assert_int_equal(burst(limiter, S("a"), 50, 10, 6059), 0);
    assert_int_equal(burst(limiter, S("a"), 50, 10, 6060), 0); /* the whole last window still counts */
    assert_int_equal(burst(limiter, S("a"), 50, 10, 6090), 5); /* half of it does */
    assert_int_equal(burst(limiter, S("a"), 50, 10, 6300), 10);
    rate_limiter_free(&limiter);
    assert_null(limiter);
}

static void many_keys_do_not_grow_it(void **state)
{
    (void)state;
    struct rate_limiter *limiter = rate_limiter_new(64);
    struct arena *arena = arena_new();
    for (int i = 0; i < 10000; i++) {
        assert_true(rate_limiter_allow(limiter, str_format(arena, "key %d", i), 1, 60, 6000));
    }
    arena_free(&arena);
    rate_limiter_free(&limiter);
}

struct crowd {
    struct rate_limiter *limiter;
    atomic_int allowed;
};

static void *push(void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; i < 1000; i++)
        atomic_fetch_add(&crowd->allowed, rate_limiter_allow(crowd->limiter, S("same"), 100, 60, 6000));
    return NULL;
}

static void a_crowd_gets_no_more(void **state)
{
    (void)state;
    struct crowd crowd = {.limiter = rate_limiter_new(64)};
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, push, &crowd), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.allowed), 100);
    rate_limiter_free(&crowd.limiter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_gets_its_maximum),
        cmocka_unit_test(many_keys_do_not_grow_it),
        cmocka_unit_test(a_crowd_gets_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
