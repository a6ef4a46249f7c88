/* Lists of numbers as people send them, tables as they take them away, and what a file is by its bytes (PMP-1, STK-1,
 * TKT-2). */
#include "domain/csv.h"
#include "domain/free_number.h"
#include "domain/layout_kind.h"
#include "unit.h"

static struct str written(struct buf *out, const struct str *fields, size_t count)
{
    buf_clear(out);
    csv_write_line(out, fields, count);
    return buf_view(out);
}

static void a_line_is_written(void **state)
{
    (void)state;
    struct buf out = buf_new(4096);
    const struct str plain[] = {S("0123"), S(""), S("Château"), S("a b")};
    assert_str(written(&out, plain, 4), "0123,,Château,a b\r\n");
    const struct str quoted[] = {S("a,b"), S("say \"x\""), S("two\r\nlines"), S("a;b")};
    assert_str(written(&out, quoted, 4), "\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",\"a;b\"\r\n");
    const struct str formulas[] = {S("=1+1"), S("+33"), S("-2"), S("@sum"), S("\tx"), S("=HYPERLINK(\"x\",1)"),
                                   S("a=b")};
    assert_str(written(&out, formulas, 7), "'=1+1,'+33,'-2,'@sum,'\tx,\"'=HYPERLINK(\"\"x\"\",1)\",a=b\r\n");
    buf_free(&out);
}

static void a_table_is_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str f[3];
    struct csv_reader reader = csv_reader_new(
        S(CSV_MARK "number;monument\r\n\r\n 12 34 ;\"a;b \"\"c\"\"\"\n;\n\"two\nlines\";x;y;z"));
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 2);
    assert_str(f[0], "number");
    assert_str(f[1], "monument");
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 2);
    assert_int_equal(reader.line, 3);
    assert_str(f[0], "12 34");
    assert_str(f[1], "a;b \"c\"");
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 2);
    assert_str(f[0], "");
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 4);
    assert_str(f[0], "two\nlines");
    assert_str(f[2], "y");
    assert_int_equal(reader.line, 6);
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 0);
    reader = csv_reader_new(S("\"a;b\",c\n\"never ends, d\ne"));
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 2);
    assert_str(f[0], "a;b");
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 1);
    assert_str(f[0], "never ends, d\ne");
    reader = csv_reader_new(S("\r\n\n  \n"));
    assert_int_equal(csv_read_line(&reader, arena, f, 3), 0);
    arena_free(&arena);
}

/* What was written is read again, but for the apostrophe. */
static void there_and_back(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf out = buf_new(4096);
    const struct str fields[] = {S("a,b"), S("\"quoted\""), S("two\nlines"), S(""), S("é")};
    csv_write_line(&out, fields, 5);
    csv_write_line(&out, fields, 5);
    struct csv_reader reader = csv_reader_new(buf_view(&out));
    for (int round = 0; round < 2; round++) {
        struct str back[5];
        assert_int_equal(csv_read_line(&reader, arena, back, 5), 5);
        for (size_t i = 0; i < 5; i++)
            assert_true(str_eq(back[i], fields[i]));
    }
    buf_free(&out);
    arena_free(&arena);
}

static void spellings_of_a_number(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(free_number_normal(arena, S(" ab-12 34/5.6\xC2\xA0"
                                           "7\xE2\x80\xAF"
                                           "8 ")),
               "AB12345678");
    assert_str(free_number_normal(arena, S("")), "");
    assert_true(free_number_plausible(S("1234")));
    assert_false(free_number_plausible(S("123")));
    assert_false(free_number_plausible(S("12345\xC3\xA9")));
    assert_false(free_number_plausible(S("123456789012345678901234567890123")));
    assert_true(free_number_fits(S("PMP1234"), S("")));
    assert_true(free_number_fits(S("PMP1234"), S("9999, PMP9999")));
    assert_true(free_number_fits(S("1234"), S("9999, PMP9999")));
    assert_false(free_number_fits(S("PMP123X"), S("9999,PMP9999")));
    assert_false(free_number_fits(S("PMP12345"), S("9999,PMP9999")));
    assert_true(free_number_fits(S("Q1Z9"), S("AXX9")));
    assert_false(free_number_fits(S("11Z9"), S("AXX9")));
    assert_true(free_number_masks_good(S(" ")));
    assert_true(free_number_masks_good(S("9999, AX99")));
    assert_false(free_number_masks_good(S("9999,,99999")));
    assert_false(free_number_masks_good(S("99 99")));
    assert_false(free_number_masks_good(S("999")));
    arena_free(&arena);
}

static void a_pasted_list(void **state)
{
    (void)state;
    struct str rest = S("\r\n 1234 5678\r\n\n;AB-1, C2\t D3 ;;"), number;
    static const char *const expected[] = {"1234 5678", "AB-1", "C2", "D3"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(free_number_next(&rest, &number));
        assert_str(number, expected[i]);
    }
    assert_false(free_number_next(&rest, &number));
}

/* ---- files ---- */

static struct str pdf(struct arena *arena, const char *head, const char *tail)
{
    return str_format(arena, "%s%0900d%s", head, 7, tail);
}

static const char jpeg[] = "\xFF\xD8\xFF\xE0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
                           "\xFF\xC0\x00\x0B\x08\x00\x40\x00\x80\x01\x01\x11\x00"
                           "\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00 picture picture picture \xFF\xD9";
static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x00\0\0\x00\x40\x08\x02\0\0\0ABCD"
                          "\0\0\0\x04IDATabcdABCD\0\0\0\0IENDABCD";

static void expect_kind(struct str bytes, int expected, int line)
{
    enum layout_kind kind = LAYOUT_PDF;
    bool known = layout_kind_of(bytes, &kind);
    if (known != (expected >= 0) || (known && (int)kind != expected))
        fail_msg("line %d: %s, kind %d", line, known ? "known" : "unknown", (int)kind);
}
#define KIND(bytes, expected) expect_kind((bytes), (expected), __LINE__)

static void a_file_by_its_bytes(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str good_jpeg = {jpeg, sizeof jpeg - 1}, good_png = {png, sizeof png - 1};
    KIND(pdf(arena, "%PDF-1.7\n", "\nstartxref\n9\n%%EOF\n"), LAYOUT_PDF);
    KIND(good_png, LAYOUT_PNG);
    KIND(good_jpeg, LAYOUT_JPEG);
    KIND(S(""), -1);
    KIND(S("<html><script>alert(1)</script></html>"), -1);
    KIND(pdf(arena, "<html>%PDF-1.7\n", "\nstartxref\n9\n%%EOF\n"), -1);
    KIND(pdf(arena, "%PDF-1.7\n", "\nstartxref\n9\n%%EOF\n<script>"), -1);
    KIND(pdf(arena, "%PDF-1.7\n", ""), -1);
    for (size_t n = 0; n < good_png.n; n++)
        KIND(str_sub(good_png, 0, n), -1);
    for (size_t n = 0; n < good_jpeg.n; n++)
        KIND(str_sub(good_jpeg, 0, n), -1);
    KIND(str_join2(arena, good_png, S("PK")), -1);
    KIND(str_join2(arena, good_jpeg, S("PK")), -1);
    char wide[sizeof png];
    memcpy(wide, png, sizeof png);
    wide[16] = 1; /* 16 million pixels wide */
    KIND(((struct str){wide, sizeof wide - 1}), -1);
    arena_free(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_written), cmocka_unit_test(a_table_is_read),
        cmocka_unit_test(there_and_back),    cmocka_unit_test(spellings_of_a_number),
        cmocka_unit_test(a_pasted_list),     cmocka_unit_test(a_file_by_its_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
