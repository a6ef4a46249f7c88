/* The machine's clock, and one that can be moved through a file. */
#include "base/clock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

static int64_t system_now(void *context)
{
    (void)context;
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

struct clock clock_system(void)
{
    return (struct clock){.now = system_now};
}

static int64_t movable_now(void *context)
{
    const char *path = context;
    int64_t machine = system_now(NULL);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return machine;
    char text[64];
    ssize_t size = read(file, text, sizeof text);
    (void)close(file);
    if (size <= 0)
        return machine;
    struct str line = str_trim((struct str){text, (size_t)size});
    bool fixed = str_starts(line, S("@"));
    int64_t value;
    if (!str_int(fixed || str_starts(line, S("+")) ? str_sub(line, 1, line.n) : line, &value))
        return machine;
    /* A slip of the finger must not overflow: more than 10 000 years either way counts as unreadable. */
    if (value > INT64_C(315576000000) || value < -INT64_C(315576000000))
        return machine;
    return fixed ? value : machine + value;
}

struct clock clock_movable(const char *path)
{
    return (struct clock){.now = movable_now, .context = (void *)(uintptr_t)path};
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
