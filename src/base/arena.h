/* Memory that lives as long as one request or one job, and goes at once.
 *
 * An arena is used by one thread. Allocation never returns NULL: a machine out of memory ends the process, which its
 * supervisor restarts; nothing durable depends on memory. What bounds an arena is that every input and every list
 * read into it has a maximum (base/limits.h). */
#ifndef GUICHET_BASE_ARENA_H
#define GUICHET_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A new, empty arena; the caller owns it. */
struct arena *arena_new(void);

/* Frees the arena and all that was allocated from it; *arena becomes NULL. Accepts a pointer to NULL. */
void arena_free(struct arena **arena);

/* Forgets all allocations and keeps one block for the next use. */
void arena_reset(struct arena *arena);

/* `size` bytes, aligned for any type, set to zero. Lives until the arena is reset or freed. */
void *arena_alloc(struct arena *arena, size_t size);

/* An array of `count` elements; a product that would overflow ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

/* Bytes handed out since the last reset, for tests and metrics. */
size_t arena_used(const struct arena *arena);

#endif
