/* The splitter. Slots are few (SPLIT_SLOTS), so plain sorting and one moving window are enough. */
#include "domain/split.h"

#include <stdlib.h>

/* A usable slot: what one sub-group may have of it, within the monument's maximum. */
struct candidate {
    size_t index;
    instant start;
    int room;
};

struct candidates {
    size_t n;
    struct candidate p[SPLIT_SLOTS];
};

static int by_start(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

/* Largest room first, then earliest. */
static int by_room(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;
    return left->room != right->room ? (left->room < right->room) - (left->room > right->room) : by_start(a, b);
}

static void sort(struct candidate *p, size_t n, int (*order)(const void *, const void *))
{
    qsort(p, n, sizeof *p, order);
}

static void collect(int min, int max, const struct split_slot *slots, size_t count, struct candidates *ret_usable)
{
    ret_usable->n = 0;
    for (size_t i = 0; i < count; i++) {
        int room = slots[i].left < max ? slots[i].left : max;
        if (room >= min)
            ret_usable->p[ret_usable->n++] = (struct candidate){i, slots[i].start, room};
    }
    sort(ret_usable->p, ret_usable->n, by_start);
}

/* How many of `roomiest` (largest first) hold `persons`; 0 when they cannot, or when so many sub-groups would each be
 * below the minimum, and then *ret_largest is the most that some number of sub-groups can hold. */
static size_t fewest_groups(const struct candidates *roomiest, int min, int persons, int *ret_largest)
{
    int64_t held = 0;
    for (size_t k = 1; k <= roomiest->n; k++) {
        *ret_largest = (int)held;
        held += roomiest->p[k - 1].room;
        if (held >= persons) /* one sub-group more raises the sum of the minima: no larger k helps */
            return (int64_t)k * min <= persons ? k : 0;
    }
    *ret_largest = (int)held;
    return 0;
}

static int64_t filled_to(const struct candidate *p, size_t k, int level)
{
    int64_t sum = 0;
    for (size_t i = 0; i < k; i++)
        sum += p[i].room < level ? p[i].room : level;
    return sum;
}

/* How a number of persons lies in k slots when it is poured in like water: each slot has `level` persons or all its
 * room, and `over` slots with room above the level have one more. */
struct filling {
    int level, over;
    int smallest, largest; /* sub-groups */
};

/* `p` holds k slots, largest room first, that together have room for `persons`. */
static struct filling pour(const struct candidate *p, size_t k, int persons)
{
    int low = 0, high = p[0].room;
    while (low < high) { /* the highest level that does not need more persons than there are */
        int middle = low + (high - low + 1) / 2;
        if (filled_to(p, k, middle) <= persons)
            low = middle;
        else
            high = middle - 1;
    }
    struct filling filling = {.level = low, .over = (int)(persons - filled_to(p, k, low))};
    filling.smallest = p[k - 1].room < low ? p[k - 1].room : low;
    filling.largest = filling.over > 0 ? low + 1 : low;
    return filling;
}

/* The k roomiest of the slots from `first` to before `end` (by start), largest first; false when they are too few, too
 * small, or give sizes further apart than `spread`. */
static bool window_holds(const struct candidates *usable, size_t first, size_t end, size_t k, int persons, int spread,
                         struct candidates *ret_window, struct filling *ret_filling)
{
    if (end - first < k)
        return false;
    ret_window->n = 0;
    for (size_t i = first; i < end; i++)
        ret_window->p[ret_window->n++] = usable->p[i];
    sort(ret_window->p, ret_window->n, by_room);
    if (filled_to(ret_window->p, k, ret_window->p[0].room) < persons)
        return false;
    *ret_filling = pour(ret_window->p, k, persons);
    return ret_filling->largest - ret_filling->smallest <= spread;
}

/* Turns the window's best k slots into parts. Room above the largest sub-group is worth nothing, so it is cut off
 * before choosing and the earliest of the slots that serve equally are taken. */
static void settle(struct candidates *window, size_t k, struct filling filling, struct split *ret_split)
{
    for (size_t i = 0; i < window->n; i++)
        if (window->p[i].room > filling.largest)
            window->p[i].room = filling.largest;
    sort(window->p, window->n, by_room);
    sort(window->p, k, by_start);
    int over = filling.over;
    ret_split->count = k;
    for (size_t i = 0; i < k; i++) {
        int persons = window->p[i].room < filling.level ? window->p[i].room : filling.level;
        if (over > 0 && window->p[i].room > filling.level) {
            persons++;
            over--;
        }
        ret_split->parts[i] = (struct split_part){window->p[i].index, window->p[i].start, persons};
    }
}

/* The shortest window, the earliest of equals. Its end moves only forward, because a later first slot never lets an
 * earlier end suffice. */
static void choose(const struct candidates *usable, size_t k, int persons, int spread, struct split *ret_split)
{
    struct candidates window, best;
    struct filling filling, best_filling = {0};
    instant best_span = INT64_MAX;
    size_t end = k;
    for (size_t first = 0; first + k <= usable->n; first++) {
        while (end <= usable->n && !window_holds(usable, first, end, k, persons, spread, &window, &filling))
            end++;
        if (end > usable->n)
            break;
        instant span = usable->p[end - 1].start - usable->p[first].start;
        if (span < best_span) {
            best_span = span;
            best = window;
            best_filling = filling;
        }
    }
    /* The whole window holds k groups with this spread, so at least that one was found. */
    settle(&best, k, best_filling, ret_split);
}

enum split_answer split_group(const struct group_rule *rule, bool guided, int persons, const struct split_slot *slots,
                              size_t count, struct split *ret_split, int *ret_largest)
{
    if (persons < 1)
        return SPLIT_BAD_NUMBER;
    if (count > SPLIT_SLOTS)
        return SPLIT_TOO_MANY_SLOTS;
    int min = group_minimum(rule, guided), largest = 0;
    struct candidates usable;
    collect(min < 1 ? 1 : min, rule->max_persons, slots, count, &usable);
    struct candidates roomiest = usable;
    sort(roomiest.p, roomiest.n, by_room);
    size_t k = fewest_groups(&roomiest, min, persons, &largest);
    if (k == 0) {
        if (ret_largest != NULL)
            *ret_largest = largest;
        return SPLIT_IMPOSSIBLE;
    }
    /* The roomiest slots of all give the most equal sizes that are possible. */
    struct filling equal = pour(roomiest.p, k, persons);
    choose(&usable, k, persons, equal.largest - equal.smallest, ret_split);
    return SPLIT_FOUND;
}
