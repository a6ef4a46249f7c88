/* The few operations that every caller spells the same, whatever the engine. */
#include "db/db.h"

enum err db_open(const char *where, struct db **ret_db, struct fault *fault)
{
    struct str address = str_of(where);
    bool postgres = str_starts(address, S("postgresql://")) || str_starts(address, S("postgres://"));
    return (postgres ? &db_postgres : &db_sqlite)->open(where, ret_db, fault);
}

static enum err open_at(void *context, struct db **ret_db, struct fault *fault)
{
    return db_open(context, ret_db, fault);
}

struct db_source db_source_at(const char *where)
{
    return (struct db_source){.open = open_at, .context = (void *)(uintptr_t)where};
}

void db_close(struct db **db)
{
    if (*db == NULL)
        return;
    (*db)->engine->close(*db);
    *db = NULL;
}

enum err db_begin(struct db *db, enum db_mode mode, struct fault *fault)
{
    return db->engine->begin(db, mode, fault);
}

enum err db_commit(struct db *db, struct fault *fault)
{
    return db->engine->commit(db, fault);
}

void db_rollback(struct db *db)
{
    db->engine->rollback(db);
}
