/* The pool of read connections: a stack, so that the few in use are the warm ones. A place whose connection is not open
 * (not yet, or no longer) holds NULL and is opened by whoever takes it. */
#include "db/db.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct db_pool {
    struct db_source source;
    pthread_mutex_t lock;
    pthread_cond_t given;
    size_t size;
    size_t free_count;
    struct db *free[];
};

static void put_back(struct db_pool *pool, struct db *db)
{
    pthread_mutex_lock(&pool->lock);
    assert(pool->free_count < pool->size);
    pool->free[pool->free_count++] = db;
    pthread_cond_signal(&pool->given);
    pthread_mutex_unlock(&pool->lock);
}

enum err db_pool_open_from(struct db_source source, size_t size, struct db_pool **ret_pool, struct fault *fault)
{
    assert(size > 0);
    struct db *first; /* shows at once whether the address is good */
    enum err err = source.open(source.context, &first, fault);
    if (err != OK)
        return err;
    struct db_pool *pool = calloc(1, sizeof *pool + size * sizeof *pool->free);
    if (pool == NULL)
        abort();
    pool->source = source;
    pool->size = pool->free_count = size;
    pool->free[size - 1] = first;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->given, NULL);
    *ret_pool = pool;
    return OK;
}

enum err db_pool_open(const char *where, size_t size, struct db_pool **ret_pool, struct fault *fault)
{
    return db_pool_open_from(db_source_at(where), size, ret_pool, fault);
}

void db_pool_close(struct db_pool **pool)
{
    if (*pool == NULL)
        return;
    assert((*pool)->free_count == (*pool)->size);
    for (size_t i = 0; i < (*pool)->size; i++)
        db_close(&(*pool)->free[i]);
    pthread_cond_destroy(&(*pool)->given);
    pthread_mutex_destroy(&(*pool)->lock);
    free(*pool);
    *pool = NULL;
}

enum err db_pool_take(struct db_pool *pool, struct db **ret_db, struct fault *fault)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->free_count == 0)
        pthread_cond_wait(&pool->given, &pool->lock);
    struct db *db = pool->free[--pool->free_count];
    pthread_mutex_unlock(&pool->lock);
    if (db == NULL) {
        enum err err = pool->source.open(pool->source.context, &db, fault);
        if (err != OK) {
            put_back(pool, NULL);
            return err;
        }
    }
    *ret_db = db;
    return OK;
}

void db_pool_give(struct db_pool *pool, struct db *db)
{
    db_rollback(db);
    if (db->broken)
        db_close(&db);
    put_back(pool, db);
}
