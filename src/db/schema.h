/* The embedded files of sql/schema, made by sqlgen and linked in from the store: what db_migrate applies. */
#ifndef GUICHET_DB_SCHEMA_H
#define GUICHET_DB_SCHEMA_H

#include <stdint.h>

struct db_schema_file {
    int version;       /* 1, 2, 3 … without gaps */
    const char *name;  /* «0001_start.sql» */
    int64_t sum;       /* of the text without remarks and blanks: shows a file edited after it was applied */
    const char *sqlite;
    const char *postgres;
};

extern const struct db_schema_file db_schema_files[];
extern const int db_schema_file_count;

#endif
