/* PostgreSQL's binary forms. Integers are big-endian; a numeric is a list of digits to the base 10 000. */
#include "db/postgres_wire.h"

enum { NUMERIC_BASE = 10000, NUMERIC_HEAD = 8, NUMERIC_POSITIVE = 0x0000, NUMERIC_NEGATIVE = 0x4000 };
enum { LARGEST_WEIGHT = 4 }; /* five digits to the base 10 000 hold every int64_t */

void wire_put_int8(unsigned char out[8], int64_t value)
{
    uint64_t bits = (uint64_t)value;
    for (int i = 7; i >= 0; i--) {
        out[i] = (unsigned char)(bits & 0xff);
        bits >>= 8;
    }
}

static uint64_t get_bits(const unsigned char *p, size_t n)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++)
        bits = bits << 8 | p[i];
    return bits;
}

static bool get_integer(const unsigned char *p, size_t size, size_t expected, int64_t *ret_number)
{
    if (size != expected)
        return false;
    uint64_t bits = get_bits(p, size);
    uint64_t sign = (uint64_t)1 << (size * 8 - 1);
    *ret_number = (int64_t)((bits ^ sign) - sign);
    return true;
}

/* The digit that counts base^position, 0 where none is written. */
static int digit_at(const unsigned char *p, int digits, int weight, int position)
{
    int at = weight - position;
    return at < 0 || at >= digits ? 0 : (int)get_bits(p + NUMERIC_HEAD + 2 * at, 2);
}

static bool get_numeric(const unsigned char *p, size_t size, int64_t *ret_number)
{
    if (size < NUMERIC_HEAD)
        return false;
    int digits = (int)get_bits(p, 2);
    int weight = (int16_t)get_bits(p + 2, 2);
    unsigned sign = (unsigned)get_bits(p + 4, 2);
    bool known = sign == NUMERIC_POSITIVE || sign == NUMERIC_NEGATIVE;
    if (!known || size != NUMERIC_HEAD + 2 * (size_t)digits || (digits > 0 && weight > LARGEST_WEIGHT))
        return false;
    for (int i = weight + 1 > 0 ? weight + 1 : 0; i < digits; i++)
        if (get_bits(p + NUMERIC_HEAD + 2 * i, 2) != 0)
            return false; /* a fraction */
    int64_t number = 0;
    for (int position = weight; position >= 0 && digits > 0; position--) {
        int digit = digit_at(p, digits, weight, position);
        if (__builtin_mul_overflow(number, NUMERIC_BASE, &number) ||
            __builtin_add_overflow(number, sign == NUMERIC_NEGATIVE ? -digit : digit, &number))
            return false;
    }
    *ret_number = number;
    return true;
}

static bool get_number(unsigned type, const unsigned char *p, size_t size, int64_t *ret_number)
{
    switch (type) {
    case WIRE_INT8:
        return get_integer(p, size, 8, ret_number);
    case WIRE_INT4:
        return get_integer(p, size, 4, ret_number);
    case WIRE_INT2:
        return get_integer(p, size, 2, ret_number);
    case WIRE_BOOL:
        return get_integer(p, size, 1, ret_number);
    case WIRE_NUMERIC:
        return get_numeric(p, size, ret_number);
    default:
        return false;
    }
}

bool wire_get(unsigned type, const void *bytes, size_t size, struct db_value *ret_value)
{
    int64_t number;
    switch (type) {
    case WIRE_BYTEA:
    case WIRE_TEXT:
    case WIRE_VARCHAR:
    case WIRE_BPCHAR:
    case WIRE_NAME:
    case WIRE_CHAR:
    case WIRE_UNKNOWN:
        *ret_value = (struct db_value){.type = type == WIRE_BYTEA ? DB_BLOB : DB_TEXT, .bytes = {bytes, size}};
        return true;
    default:
        if (!get_number(type, bytes, size, &number))
            return false;
        *ret_value = (struct db_value){.type = DB_INT, .number = number};
        return true;
    }
}
