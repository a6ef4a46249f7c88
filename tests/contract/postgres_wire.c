/* Integers as PostgreSQL sends them, byte by byte as its protocol gives them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/postgres_wire.h"

static void assert_number(unsigned type, const char *bytes, size_t size, int64_t expected)
{
    struct db_value value = {.type = DB_NULL};
    assert_true(wire_get(type, bytes, size, &value));
    assert_int_equal(value.type, DB_INT);
    assert_int_equal(value.number, expected);
}

static void integers(void **state)
{
    (void)state;
    assert_number(WIRE_INT2, "\xff\xfe", 2, -2);
    assert_number(WIRE_INT4, "\x00\x00\x01\x00", 4, 256);
    assert_number(WIRE_INT4, "\x80\x00\x00\x00", 4, INT32_MIN);
    assert_number(WIRE_INT8, "\x7f\xff\xff\xff\xff\xff\xff\xff", 8, INT64_MAX);
    assert_number(WIRE_BOOL, "\x01", 1, 1);
    static const int64_t numbers[] = {0, 1, -1, INT64_MIN, INT64_MAX, 0x0102030405060708};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        unsigned char bytes[8];
        wire_put_int8(bytes, numbers[i]);
        assert_number(WIRE_INT8, (const char *)bytes, 8, numbers[i]);
    }
}

static void numerics(void **state)
{
    (void)state;
    assert_number(WIRE_NUMERIC, "\0\0" "\0\0" "\0\0" "\0\0", 8, 0);
    assert_number(WIRE_NUMERIC, "\0\1" "\0\0" "\0\0" "\0\0" "\0\x2a", 10, 42);
    assert_number(WIRE_NUMERIC, "\0\1" "\0\0" "\x40\0" "\0\0" "\0\x2a", 10, -42);
    assert_number(WIRE_NUMERIC, "\0\1" "\0\1" "\0\0" "\0\0" "\0\x05", 10, 50000); /* zeros at the end are not sent */
    assert_number(WIRE_NUMERIC, "\0\2" "\0\1" "\0\0" "\0\0" "\0\x05" "\0\x07", 12, 50007);
    assert_number(WIRE_NUMERIC, "\0\5" "\0\4" "\x40\0" "\0\0" "\3\x9a" "\x0d\x2c" "\1\x70" "\x15\x65" "\x16\xb0", 18,
                  INT64_MIN);
}

static void refused(void **state)
{
    (void)state;
    struct db_value value = {.type = DB_NULL};
    assert_false(wire_get(WIRE_INT8, "\0\0\0\1", 4, &value));                                   /* too short */
    assert_false(wire_get(WIRE_NUMERIC, "\0\1" "\xff\xff" "\0\0" "\0\1" "\x13\x88", 10, &value)); /* 0.5 */
    assert_false(wire_get(WIRE_NUMERIC, "\0\0" "\0\0" "\xc0\0" "\0\0", 8, &value));               /* not a number */
    assert_false(wire_get(WIRE_NUMERIC, "\0\1" "\0\5" "\0\0" "\0\0" "\0\1", 10, &value));         /* 10^20 */
    assert_false(wire_get(WIRE_NUMERIC, "\0\5" "\0\4" "\0\0" "\0\0" "\3\x9a" "\x0d\x2c" "\1\x70" "\x15\x65" "\x16\xb0",
                          18, &value)); /* 2^63 */
    assert_false(wire_get(WIRE_NUMERIC, "\0\2" "\0\1" "\0\0" "\0\0" "\0\x05", 10, &value)); /* a digit is missing */
    assert_false(wire_get(WIRE_NUMERIC, "\0", 1, &value));
    assert_false(wire_get(701, "\0\0\0\0\0\0\0\0", 8, &value)); /* floating point */
    assert_int_equal(value.type, DB_NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(integers), cmocka_unit_test(numerics),
                                              cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
