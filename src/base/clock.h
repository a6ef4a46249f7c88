/* Time as an argument: nobody but the root of the program asks the machine what time it is. */
#ifndef GUICHET_BASE_CLOCK_H
#define GUICHET_BASE_CLOCK_H

#include <stdint.h>

#include "base/err.h"

/* `now` returns seconds since 1970-01-01T00:00:00Z. Safe from several threads. */
struct clock {
    int64_t (*now)(void *context);
    void *context;
};

static inline int64_t clock_now(const struct clock *clock)
{
    return clock->now(clock->context);
}

/* The machine's own clock. */
struct clock clock_system(void);

/* A clock that demonstration and tests can move. `path` names a file that is read again at each call; it holds either
 * an offset in seconds (`+86400`, `-3600`) to the machine's clock, or a fixed instant (`@1795000000`). A file that is
 * missing or unreadable means offset zero. `path` must outlive the clock. Refused in production by the caller. */
struct clock clock_movable(const char *path);

/* Monotonic microseconds, for durations in the log only. */
int64_t clock_monotonic_us(void);

#endif
