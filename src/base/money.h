/* Money: whole euro cents in a type of its own, so that it is never added to a count. */
#ifndef GUICHET_BASE_MONEY_H
#define GUICHET_BASE_MONEY_H

#include <stdint.h>

struct cents {
    int64_t v;
};

static inline struct cents cents(int64_t v)
{
    return (struct cents){v};
}

static inline struct cents cents_add(struct cents a, struct cents b)
{
    return cents(a.v + b.v);
}

static inline struct cents cents_times(struct cents a, int64_t count)
{
    return cents(a.v * count);
}

#endif
