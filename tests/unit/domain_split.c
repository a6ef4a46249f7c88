/* The splitter: examples, properties for every size, and every small case against trying all ways. */
#include <stdlib.h>

#include "domain/split.h"
#include "unit.h"

static const struct group_rule chapelle = {.min_persons = 8, .guide_waives_minimum = true, .max_persons = 26};

static struct split found(bool guided, int persons, const struct split_slot *slots, size_t count)
{
    struct split split;
    if (split_group(&chapelle, guided, persons, slots, count, &split, NULL) != SPLIT_FOUND)
        fail_msg("%d persons are not split", persons);
    return split;
}

static void check_part(struct split_part part, size_t slot, int persons)
{
    assert_int_equal(part.slot, slot);
    assert_int_equal(part.persons, persons);
}

static void seventy_five(void **state)
{
    (void)state;
    struct split_slot slots[10]; /* 10:00 to 14:30, all empty */
    for (size_t i = 0; i < 10; i++)
        slots[i] = (struct split_slot){.start = 36000 + (instant)i * 1800, .left = 26};
    struct split split = found(false, 75, slots, 10);
    assert_int_equal(split.count, 3);
    for (size_t i = 0; i < 3; i++) {
        check_part(split.parts[i], i, 25);
        assert_true(split.parts[i].start == slots[i].start);
    }
    split = found(false, 76, slots, 10); /* the one more is in the earliest */
    check_part(split.parts[0], 0, 26);
    check_part(split.parts[1], 1, 25);
    check_part(split.parts[2], 2, 25);
    split = found(false, 26, slots, 10);
    assert_int_equal(split.count, 1);
    assert_int_equal(found(false, 27, slots, 10).count, 2);
    /* The order in which the slots come does not matter. */
    struct split_slot turned[10];
    for (size_t i = 0; i < 10; i++)
        turned[i] = slots[9 - i];
    split = found(false, 75, turned, 10);
    check_part(split.parts[0], 9, 25);
    check_part(split.parts[2], 7, 25);
}

static void close_together(void **state)
{
    (void)state;
    /* Early but far apart, or later and side by side: side by side. */
    const struct split_slot slots[] = {{1000, 26}, {2000, 3}, {3000, 20}, {4000, 26}, {5000, 26}, {6000, 26}};
    struct split split = found(false, 50, slots, 6);
    assert_int_equal(split.count, 2);
    check_part(split.parts[0], 3, 25);
    check_part(split.parts[1], 4, 25);
    /* Equal sizes go before closeness. */
    const struct split_slot uneven[] = {{1000, 26}, {2000, 20}, {9000, 23}};
    split = found(false, 46, uneven, 3);
    check_part(split.parts[0], 0, 23);
    check_part(split.parts[1], 2, 23);
    /* Fewer sub-groups go before everything. */
    const struct split_slot few[] = {{1000, 20}, {2000, 20}, {3000, 20}, {90000, 26}, {190000, 26}};
    split = found(false, 52, few, 5);
    assert_int_equal(split.count, 2);
    check_part(split.parts[0], 3, 26);
    check_part(split.parts[1], 4, 26);
    /* Where places do not allow equal sizes they are as equal as they can be. */
    const struct split_slot tight[] = {{1000, 10}, {2000, 26}, {3000, 24}};
    split = found(false, 55, tight, 3);
    check_part(split.parts[0], 0, 10);
    check_part(split.parts[1], 1, 23);
    check_part(split.parts[2], 2, 22);
}

static void refusals(void **state)
{
    (void)state;
    const struct split_slot slots[] = {{1000, 26}, {2000, 7}, {3000, 12}};
    struct split split = {.count = 77};
    int largest = 5;
    /* 7 places are below the minimum of 8: unusable without a guide. */
    assert_int_equal(split_group(&chapelle, false, 39, slots, 3, &split, &largest), SPLIT_IMPOSSIBLE);
    assert_int_equal(largest, 38);
    assert_int_equal(split_group(&chapelle, true, 46, slots, 3, &split, &largest), SPLIT_IMPOSSIBLE);
    assert_int_equal(largest, 45);
    assert_int_equal(split_group(&chapelle, false, 10, slots, 0, &split, &largest), SPLIT_IMPOSSIBLE);
    assert_int_equal(largest, 0);
    /* Places enough, but not for two groups of 8. */
    const struct split_slot narrow[] = {{1000, 9}, {2000, 9}};
    assert_int_equal(split_group(&chapelle, false, 15, narrow, 2, &split, &largest), SPLIT_IMPOSSIBLE);
    assert_int_equal(largest, 9);
    assert_int_equal(split_group(&chapelle, false, 7, narrow, 2, &split, NULL), SPLIT_IMPOSSIBLE);
    largest = 5;
    assert_int_equal(split_group(&chapelle, false, 0, slots, 3, &split, &largest), SPLIT_BAD_NUMBER);
    static struct split_slot many[SPLIT_SLOTS + 1];
    assert_int_equal(split_group(&chapelle, false, 30, many, SPLIT_SLOTS + 1, &split, &largest), SPLIT_TOO_MANY_SLOTS);
    assert_int_equal(largest, 5);
    assert_int_equal(split.count, 77);
    assert_int_equal(found(true, 45, slots, 3).count, 3);
}

static int spread_of(const struct split *split)
{
    int low = split->parts[0].persons, high = low;
    for (size_t i = 1; i < split->count; i++) {
        low = split->parts[i].persons < low ? split->parts[i].persons : low;
        high = split->parts[i].persons > high ? split->parts[i].persons : high;
    }
    return high - low;
}

static void check_sound(const struct split *split, int persons, int min, const struct split_slot *slots, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < split->count; i++) {
        const struct split_part *part = &split->parts[i];
        assert_true(part->slot < count);
        assert_true(part->start == slots[part->slot].start);
        assert_true(i == 0 || part->start > split->parts[i - 1].start); /* so no slot twice */
        assert_in_range(part->persons, min, chapelle.max_persons);
        assert_true(part->persons <= slots[part->slot].left);
        sum += part->persons;
    }
    assert_int_equal(sum, persons);
}

/* All sizes from 1 to 300 on an empty day: sums, bounds, the fewest groups, balance, closeness. */
static void every_size(void **state)
{
    (void)state;
    struct split_slot slots[40];
    for (size_t i = 0; i < 40; i++)
        slots[i] = (struct split_slot){.start = (instant)i * 900, .left = 26};
    for (int persons = 1; persons <= 300; persons++) {
        struct split split;
        enum split_answer answer = split_group(&chapelle, persons < 8, persons, slots, 40, &split, NULL);
        assert_int_equal(answer, SPLIT_FOUND);
        check_sound(&split, persons, persons < 8 ? 1 : 8, slots, 40);
        assert_int_equal(split.count, (persons + 25) / 26);
        assert_int_equal(spread_of(&split), persons % (int)split.count != 0);
        assert_true(split.parts[0].slot == 0 && split.parts[split.count - 1].slot == split.count - 1);
    }
}

/* Tries all ways to give `persons` to slots from `at` on; keeps the best by count, spread, span. */
struct trial {
    const struct split_slot *slots;
    size_t n;
    int min;
    size_t used;
    int low, high;
    instant first, last;
    int64_t best; /* count, spread and span in one number; INT64_MAX: none */
};

static void try_all(struct trial *trial, size_t at, int persons)
{
    if (at == trial->n) {
        if (persons != 0 || trial->used == 0)
            return;
        int64_t score = ((int64_t)trial->used * 100 + (trial->high - trial->low)) * 1000000 + trial->last - trial->first;
        trial->best = score < trial->best ? score : trial->best;
        return;
    }
    try_all(trial, at + 1, persons);
    struct trial kept = *trial;
    int room = trial->slots[at].left < chapelle.max_persons ? trial->slots[at].left : chapelle.max_persons;
    for (int size = trial->min; size <= room && size <= persons; size++) {
        trial->used = kept.used + 1;
        trial->low = kept.used == 0 || size < kept.low ? size : kept.low;
        trial->high = kept.used == 0 || size > kept.high ? size : kept.high;
        trial->first = kept.used == 0 ? trial->slots[at].start : kept.first;
        trial->last = trial->slots[at].start;
        try_all(trial, at + 1, persons - size);
    }
    int64_t best = trial->best;
    *trial = kept;
    trial->best = best;
}

static int64_t best_score(int min, int persons, const struct split_slot *slots, size_t n)
{
    struct trial trial = {.slots = slots, .n = n, .min = min, .best = INT64_MAX};
    try_all(&trial, 0, persons);
    return trial.best;
}

static void is_the_best_of_all_ways(void **state)
{
    (void)state;
    uint32_t seed = 12345; /* a small generator of our own, so that every run tries the same cases */
    for (int round = 0; round < 2500; round++) {
        struct split_slot slots[5];
        size_t n = 1 + (size_t)round % 5;
        instant start = 0;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1664525u + 1013904223u;
            start += 900 * (1 + (instant)(seed >> 28));
            slots[i] = (struct split_slot){start, (int)(seed >> 16 & 31) - 2};
        }
        seed = seed * 1664525u + 1013904223u;
        int persons = 1 + (int)(seed >> 16 & 63);
        bool guided = round % 3 == 0;
        int min = guided ? 1 : 8, largest = -1;
        struct split split;
        int64_t best = best_score(min, persons, slots, n);
        if (split_group(&chapelle, guided, persons, slots, n, &split, &largest) == SPLIT_FOUND) {
            check_sound(&split, persons, min, slots, n);
            instant span = split.parts[split.count - 1].start - split.parts[0].start;
            assert_true(best == ((int64_t)split.count * 100 + spread_of(&split)) * 1000000 + span);
            continue;
        }
        assert_true(best == INT64_MAX);
        assert_in_range(largest, 0, persons - 1);
        assert_true(largest == 0 || best_score(min, largest, slots, n) != INT64_MAX);
        for (int more = largest + 1; more < persons; more++)
            assert_true(best_score(min, more, slots, n) == INT64_MAX);
    }
}

static void the_largest_day(void **state)
{
    (void)state;
    static struct split_slot slots[SPLIT_SLOTS];
    static struct split split;
    for (size_t i = 0; i < SPLIT_SLOTS; i++)
        slots[i] = (struct split_slot){.start = (instant)i * 300, .left = 1 + (int)(i * 7 % 30)};
    int largest = 0;
    assert_int_equal(split_group(&chapelle, true, 1000, slots, SPLIT_SLOTS, &split, &largest), SPLIT_FOUND);
    check_sound(&split, 1000, 1, slots, SPLIT_SLOTS);
    assert_int_equal(split_group(&chapelle, true, 100000, slots, SPLIT_SLOTS, &split, &largest), SPLIT_IMPOSSIBLE);
    int sum = 0;
    for (size_t i = 0; i < SPLIT_SLOTS; i++)
        sum += slots[i].left < 26 ? slots[i].left : 26;
    assert_int_equal(largest, sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seventy_five), cmocka_unit_test(close_together),          cmocka_unit_test(refusals),
        cmocka_unit_test(every_size),   cmocka_unit_test(is_the_best_of_all_ways), cmocka_unit_test(the_largest_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
