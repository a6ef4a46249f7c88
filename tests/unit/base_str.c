/* Text: comparing, cutting, numbers, UTF-8, folding. */
#include "unit.h"

static void compares(void **state)
{
    (void)state;
    assert_true(str_eq(S("a"), S("a")));
    assert_false(str_eq(S("a"), S("ab")));
    assert_true(str_eq((struct str){NULL, 0}, S("")));
    assert_true(str_cmp(S("a"), S("ab")) < 0);
    assert_true(str_cmp(S("b"), S("ab")) > 0);
    assert_true(str_cmp(S("\xC3"), S("z")) > 0);
    assert_int_equal(str_cmp(S("x"), S("x")), 0);
    assert_true(str_starts(S("order"), S("or")));
    assert_false(str_starts(S("o"), S("or")));
    assert_true(str_ends(S("order"), S("er")));
    assert_false(str_ends(S("r"), S("er")));
    assert_true(str_has(S("one slot"), S("e s")));
    assert_true(str_has(S(""), S("")));
    assert_false(str_has(S("slot"), S("slots")));
    assert_str(str_of(NULL), "");
}

static void cuts(void **state)
{
    (void)state;
    struct str rest = S("a,b,,c");
    assert_str(str_cut(&rest, ','), "a");
    assert_str(str_cut(&rest, ','), "b");
    assert_str(str_cut(&rest, ','), "");
    assert_str(str_cut(&rest, ','), "c");
    assert_str(rest, "");
    assert_str(str_cut(&rest, ','), "");
    assert_str(str_sub(S("slot"), 1, 2), "lo");
    assert_str(str_sub(S("slot"), 2, SIZE_MAX), "ot");
    assert_str(str_sub(S("slot"), 9, 1), "");
    assert_int_equal(str_find(S("slot"), 'o', 0), 2);
    assert_true(str_find(S("slot"), 'o', 3) == SIZE_MAX);
    assert_true(str_find(S("slot"), 's', 99) == SIZE_MAX);
    assert_str(str_trim(S(" \t\xC2\xA0 a b\xC2\xA0\r\n")), "a b");
    assert_str(str_trim(S(" \xC2\xA0")), "");
    assert_str(str_trim(S("\xC3\xA0")), "\xC3\xA0"); /* à ends with the byte of U+00A0 but is no blank */
}

static void copies(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str part = str_dup(arena, str_sub(S("abcdef"), 1, 3));
    assert_str(part, "bcd");
    assert_int_equal(part.p[part.n], '\0');
    assert_string_equal(str_c(arena, S("abc")), "abc");
    assert_str(str_format(arena, "%d places, %s", 7, "é"), "7 places, é");
    assert_str(str_join2(arena, S("a"), (struct str){NULL, 0}), "a");
    assert_str(str_hex(arena, "\x00\xFF\x1a", 3), "00ff1a");
    assert_str(str_lower_ascii(arena, S("ÀB@C")), "Àb@c");
    arena_free(&arena);
}

static void reads_numbers(void **state)
{
    (void)state;
    int64_t value = 5;
    assert_true(str_int(S("-0"), &value));
    assert_int_equal(value, 0);
    assert_true(str_int(S("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(str_int(S("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    const char *const wrong[] = {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808",
                                 "-9223372036854775809", "99999999999999999999", "--1"};
    value = 42;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(str_int(str_of(wrong[i]), &value));
        assert_int_equal(value, 42);
    }
}

static void knows_utf8(void **state)
{
    (void)state;
    assert_true(utf8_valid(S("é œ 東京 عربى \xF0\x9F\x8E\xAB")));
    const struct str wrong[] = {
        S("\xC0\xAF"), S("\xC1\xBF"),         /* over-long */
        S("\xE0\x80\xAF"), S("\xF0\x80\x80\xAF"),
        S("\xED\xA0\x80"),                    /* surrogate */
        S("\xF4\x90\x80\x80"), S("\xF5\x80\x80\x80"), /* past U+10FFFF */
        S("\x80"), S("\xC3"), S("a\xE2\x82"), S("\xC3("), S("\0"), S("\xFE"),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(utf8_valid(wrong[i]));
    assert_int_equal(utf8_length(S("été")), 3);
    /* Every code point goes there and back. */
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char bytes[4];
        size_t at = 0;
        struct str one = {bytes, utf8_put(c, bytes)};
        assert_true(utf8_next(one, &at) == c && at == one.n);
    }
    /* A forgotten check ends all the same. */
    struct str broken = S("a\xE2\x82");
    assert_int_equal(utf8_length(broken), 3);
}

static void folds(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(str_fold(arena, S("Château de Vincennes")), "chateau de vincennes");
    assert_str(str_fold(arena, S("SAINTE-CHAPELLE")), "sainte chapelle");
    assert_str(str_fold(arena, S("l’Île d'Œuf\xC2\xA0 – Ærø")), "l ile d oeuf aero");
    assert_str(str_fold(arena, S("e\xCC\x81te\xCC\x81")), "ete"); /* combining accents */
    assert_str(str_fold(arena, S(" - ça ' ")), "ca");
    assert_str(str_fold(arena, S("Łódź ẞ Việt Nguyễn")), "lodz ss viet nguyen");
    assert_str(str_fold(arena, S("МОСКВА ΑΒΓ 東京")), "москва αβγ 東京");
    assert_str(str_fold(arena, S("× ÷")), "× ÷"); /* signs among the letters of Latin-1 */
    assert_str(str_fold(arena, S("--")), "");
    assert_str(str_fold(arena, S("\xFF\xFF\xFF")), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    arena_free(&arena);
}

static void arena_keeps_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    char *small = arena_alloc(arena, 10);
    memset(small, 'x', 10);
    char *large = arena_alloc(arena, 3 * 1024 * 1024);
    assert_int_equal(large[3 * 1024 * 1024 - 1], 0);
    assert_int_equal((uintptr_t)large % 16, 0);
    assert_int_equal(small[9], 'x');
    assert_true(arena_used(arena) >= 3 * 1024 * 1024 + 10);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    assert_int_equal(((char *)arena_alloc(arena, 64))[63], 0);
    arena_free(&arena);
    assert_null(arena);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares),      cmocka_unit_test(cuts),       cmocka_unit_test(copies),
        cmocka_unit_test(reads_numbers), cmocka_unit_test(knows_utf8), cmocka_unit_test(folds),
        cmocka_unit_test(arena_keeps_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
