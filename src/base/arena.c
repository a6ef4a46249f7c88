/* Arena: a chain of blocks, each twice as large as the one before up to a ceiling. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 1024 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) unsigned char data[];
};

struct arena {
    struct block *head;
    size_t used;
};

static void *allocate_or_die(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        abort();
    return memory;
}

static struct block *block_new(size_t size, struct block *next)
{
    struct block *block = allocate_or_die(sizeof *block + size);
    block->next = next;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *arena_new(void)
{
    struct arena *arena = allocate_or_die(sizeof *arena);
    arena->head = block_new(FIRST_BLOCK, NULL);
    arena->used = 0;
    return arena;
}

static void free_chain(struct block *block)
{
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(struct arena **arena)
{
    if (*arena == NULL)
        return;
    free_chain((*arena)->head);
    free(*arena);
    *arena = NULL;
}

void arena_reset(struct arena *arena)
{
    free_chain(arena->head->next);
    arena->head->next = NULL;
#ifndef NDEBUG
    /* Whoever still points here reads nonsense at once rather than stale data by luck. */
    memset(arena->head->data, 0xA5, arena->head->used);
#endif
    arena->head->used = 0;
    arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        abort();
    size_t rounded = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct block *head = arena->head;
    if (head->size - head->used < rounded) {
        size_t next_size = head->size < LARGEST_BLOCK ? head->size * 2 : LARGEST_BLOCK;
        if (next_size < rounded)
            next_size = rounded;
        head = block_new(next_size, head);
        arena->head = head;
    }
    void *memory = head->data + head->used;
    head->used += rounded;
    arena->used += rounded;
    memset(memory, 0, size);
    return memory;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        abort();
    return arena_alloc(arena, count * size);
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
