/* Taking a read connection, handing a command to the writer. */
#include "service/service.h"

enum err service_read(struct service *service, struct arena *arena, service_read_function read, void *argument,
                      struct fault *fault)
{
    struct db *db = NULL;
    enum err err = db_pool_take(service->reads, &db, fault);
    if (err != OK)
        return err;
    /* One transaction, so that a page never shows halves of two states. */
    err = db_begin(db, DB_READ, fault);
    if (err == OK) {
        err = read(db, arena, argument, fault);
        db_rollback(db);
    }
    db_pool_give(service->reads, db);
    return err;
}

enum err service_write(struct service *service, struct arena *arena, write_command write, int64_t order, void *argument,
                       struct fault *fault)
{
    return writer_run(service->writer, write, order, arena, argument, fault);
}
