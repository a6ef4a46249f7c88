/* PostgreSQL's binary forms, between the wire and C. Apart from the engine so that they are tested alone. */
#ifndef GUICHET_DB_POSTGRES_WIRE_H
#define GUICHET_DB_POSTGRES_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

/* The types that statements meet; the numbers are fixed in PostgreSQL's catalogue. */
enum wire_type {
    WIRE_BOOL = 16,
    WIRE_BYTEA = 17,
    WIRE_CHAR = 18,
    WIRE_NAME = 19,
    WIRE_INT8 = 20,
    WIRE_INT2 = 21,
    WIRE_INT4 = 23,
    WIRE_TEXT = 25,
    WIRE_UNKNOWN = 705,
    WIRE_BPCHAR = 1042,
    WIRE_VARCHAR = 1043,
    WIRE_NUMERIC = 1700
};

/* Eight bytes, the highest first. */
void wire_put_int8(unsigned char out[8], int64_t value);

/* A value of type `type` from its binary form. Booleans, integers of any size and whole numerics (sums of bigint)
 * become DB_INT. False when the type is another or a numeric does not fit; *ret_value is untouched then.
 * Text and bytes are not copied. */
bool wire_get(unsigned type, const void *bytes, size_t size, struct db_value *ret_value);

#endif
