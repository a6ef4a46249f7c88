/* The PDF writer: errors that stick, lines that break where they may, and no input that it falls over. What the files
 * say is checked by tests/doc/check.mjs with other readers. */
#include "doc/pdf.h"
#include "base/limits.h"
#include "unit.h"

static const struct pdf_style plain = {.family = PDF_SANS, .size = 10};

static int open_fonts(void **state)
{
    struct doc_fonts *fonts = NULL;
    if (doc_fonts_open(NULL, &fonts, NULL) != OK)
        return -1;
    *state = fonts;
    return 0;
}

static int close_fonts(void **state)
{
    struct doc_fonts *fonts = *state;
    doc_fonts_free(&fonts);
    doc_fonts_free(&fonts);
    return 0;
}

static struct pdf *begin(const struct doc_fonts *fonts)
{
    struct pdf *pdf = pdf_new(fonts, &(struct pdf_info){.title = S("Essai"), .language = S("fr")});
    pdf_open(pdf, PDF_DOCUMENT);
    pdf_page_begin(pdf, 400, 400);
    pdf_begin(pdf, PDF_P);
    return pdf;
}

/* Ends what begin() began. The bytes replace what `out` held. */
static enum err end(struct pdf *pdf, struct buf *out)
{
    pdf_end(pdf);
    pdf_page_end(pdf);
    pdf_close(pdf);
    buf_clear(out);
    struct fault fault = {0};
    enum err err = pdf_finish(pdf, out, &fault);
    assert_true((err == OK) == (fault.text[0] == '\0'));
    assert_true((err == OK) == (out->n > 0));
    pdf_free(&pdf);
    assert_null(pdf);
    return err;
}

static enum err write_text(const struct doc_fonts *fonts, struct str text, struct buf *out)
{
    struct pdf *pdf = begin(fonts);
    pdf_text(pdf, &plain, 10, 20, PDF_LEFT, text);
    return end(pdf, out);
}

static void broken_text_is_refused(void **state)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    assert_int_equal(write_text(*state, S("Hélène"), &out), OK);
    assert_int_equal(write_text(*state, S("H\xE9l\xE8ne"), &out), ERR_INPUT);
    assert_int_equal(write_text(*state, S("cut \xE2\x82"), &out), ERR_INPUT);
    assert_int_equal(write_text(*state, S("surrogate \xED\xA0\x80"), &out), ERR_INPUT);
    assert_int_equal(write_text(*state, S("a\0b"), &out), ERR_INPUT);
    static char long_text[PDF_TEXT_MAX + 1];
    memset(long_text, 'x', sizeof long_text);
    assert_int_equal(write_text(*state, (struct str){long_text, PDF_TEXT_MAX}, &out), OK);
    assert_int_equal(write_text(*state, (struct str){long_text, PDF_TEXT_MAX + 1}, &out), ERR_LIMIT);
    buf_free(&out);
}

static void other_broken_texts_are_refused(void **state)
{
    const struct str bad = S("\xFF");
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct pdf *pdf = begin(*state);
    pdf_text_as(pdf, &plain, 0, 10, PDF_LEFT, S("1 2"), bad);
    assert_int_equal(end(pdf, &out), ERR_INPUT);
    pdf = begin(*state);
    pdf_bookmark(pdf, 1, 0, bad);
    assert_int_equal(end(pdf, &out), ERR_INPUT);
    pdf = begin(*state);
    pdf_alt(pdf, bad, 0, 0, 1, 1);
    assert_int_equal(end(pdf, &out), ERR_INPUT);
    pdf = pdf_new(*state, &(struct pdf_info){.title = bad, .language = S("fr")});
    assert_int_equal(pdf_finish(pdf, &out, NULL), ERR_INPUT);
    pdf_free(&pdf);
    pdf = pdf_new(*state, &(struct pdf_info){.title = S("no language")});
    assert_int_equal(pdf_finish(pdf, &out, NULL), ERR_INPUT);
    pdf_free(&pdf);
    buf_free(&out);
}

static void the_first_error_stays(void **state)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct fault fault;
    buf_c(&out, "before");
    struct pdf *pdf = begin(*state);
    assert_false(pdf_failed(pdf));
    pdf_fail(pdf, ERR_IO, "the first of %d", 2);
    pdf_fail(pdf, ERR_LIMIT, "the second");
    assert_true(pdf_failed(pdf));
    assert_int_equal((int)pdf_text(pdf, &plain, 0, 0, PDF_LEFT, S("nothing")), 0);
    assert_int_equal(pdf_finish(pdf, &out, &fault), ERR_IO);
    assert_string_equal(fault.text, "the first of 2");
    assert_str(buf_view(&out), "before");
    pdf_free(&pdf);
    pdf_free(&pdf);
    buf_free(&out);
}

static void without_fonts_it_fails_at_the_end(void **state)
{
    (void)state;
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    assert_int_equal(write_text(NULL, S("text"), &out), ERR_BUG);
    buf_free(&out);
}

static void fonts_that_are_not_there(void **state)
{
    (void)state;
    struct doc_fonts *const untouched = (struct doc_fonts *)(uintptr_t)1;
    struct doc_fonts *fonts = untouched;
    struct fault fault;
    assert_int_equal(doc_fonts_open("/nowhere", &fonts, &fault), ERR_IO);
    assert_ptr_equal(fonts, untouched);
    assert_non_null(strstr(fault.text, "NotoSans-Regular.ttf"));
}

static void too_small_a_buffer_stays_as_it_was(void **state)
{
    struct buf out = buf_new(1000);
    assert_int_equal(write_text(*state, S("text"), &out), ERR_LIMIT);
    assert_false(out.overflowed);
    buf_free(&out);
}

static void a_link_needs_its_page(void **state)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    for (int target = 0; target < 2; target++) {
        struct pdf *pdf = begin(*state);
        pdf_end(pdf);
        pdf_begin(pdf, PDF_LINK);
        pdf_text(pdf, &plain, 10, 20, PDF_LEFT, S("there"));
        pdf_mark_end(pdf);
        pdf_link_page(pdf, 10, 10, 50, 12, target, S("there"));
        pdf_mark(pdf);
        assert_int_equal(end(pdf, &out), target == 0 ? OK : ERR_BUG);
    }
    buf_free(&out);
}

/* ---- Lines. ---- */

static int lines_of(const struct doc_fonts *fonts, double width, int max_lines, struct str text)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct pdf *pdf = begin(fonts);
    const struct pdf_block block = {
        .style = &plain, .x = 10, .y = 20, .width = width, .leading = 12, .max_lines = max_lines};
    int measured = pdf_block_lines(pdf, &block, text), drawn = pdf_block_draw(pdf, &block, text);
    assert_int_equal(measured, drawn);
    assert_int_equal(end(pdf, &out), OK);
    buf_free(&out);
    return drawn;
}

static double width_of(const struct doc_fonts *fonts, struct str text)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct pdf *pdf = begin(fonts);
    double width = pdf_text_width(pdf, &plain, text);
    assert_int_equal(end(pdf, &out), OK);
    buf_free(&out);
    return width;
}

static void lines_break_where_they_may(void **state)
{
    const struct doc_fonts *fonts = *state;
    assert_int_equal(lines_of(fonts, 100, 0, S("")), 0);
    assert_int_equal(lines_of(fonts, 100, 0, S("mot")), 1);
    assert_int_equal(lines_of(fonts, width_of(fonts, S("deux mots")), 0, S("deux mots")), 1);
    assert_int_equal(lines_of(fonts, width_of(fonts, S("deux mots")) - 1, 0, S("deux mots")), 2);
    /* Blanks at a line's end need no room; a non-breaking blank does not break. */
    assert_int_equal(lines_of(fonts, width_of(fonts, S("deux")), 0, S("deux   ")), 1);
    assert_int_equal(lines_of(fonts, width_of(fonts, S("à 11,00 €")), 0, S("à 11,00\u00a0€")), 1);
    assert_int_equal(lines_of(fonts, width_of(fonts, S("un à 11,00")), 0, S("un à 11,00\u00a0€")), 2);
    /* A hyphen inside a word breaks after it. */
    assert_int_equal(lines_of(fonts, width_of(fonts, S("Sainte-")), 0, S("Sainte-Chap")), 2);
    /* French: no colon at the start of a line, so that the word before goes with it. */
    assert_int_equal(lines_of(fonts, width_of(fonts, S("un deux")), 0, S("un deux : x")), 2);
    /* A word too long for any line is cut. */
    assert_true(lines_of(fonts, 50, 0, S("anticonstitutionnellement-et-au-del\xC3\xA0")) >= 3);
    assert_int_equal(lines_of(fonts, 0, 0, S("abc")), 3);
}

static void ideographs_break_between_each_other(void **state)
{
    const struct doc_fonts *fonts = *state;
    const struct str four = S("春秋国际");
    assert_int_equal(lines_of(fonts, width_of(fonts, four), 0, four), 1);
    assert_int_equal(lines_of(fonts, width_of(fonts, S("春秋")), 0, four), 2);
    assert_int_equal(lines_of(fonts, width_of(fonts, S("春")), 0, four), 4);
    /* A full stop does not begin a line: 秋 goes down with it, and 国 further. */
    assert_int_equal(lines_of(fonts, width_of(fonts, S("春秋")), 0, S("春秋。国")), 3);
}

static void lines_past_the_maximum_are_cut(void **state)
{
    const struct str text = S("un texte bien trop long pour la place qu’il a, et de loin");
    assert_true(lines_of(*state, 80, 0, text) > 2);
    assert_int_equal(lines_of(*state, 80, 2, text), 2);
    assert_int_equal(lines_of(*state, 80, 1, S("محمد بن عبد الله بن عبد المطلب بن هاشم")), 1);
    assert_int_equal(lines_of(*state, 1, 1, text), 1);
}

static void assert_close(double actual, double expected)
{
    assert_true(actual > expected - 1e-6 && actual < expected + 1e-6);
}

static void widths_add_up(void **state)
{
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    struct pdf *pdf = begin(*state);
    struct pdf_style spaced = plain, large = plain;
    spaced.tracking = 2;
    large.size = 20;
    double width = pdf_text_width(pdf, &plain, S("12345"));
    assert_true(width > 20 && width < 40);
    assert_close(pdf_text_width(pdf, &spaced, S("12345")), width + 10);
    assert_close(pdf_text_width(pdf, &large, S("12345")), 2 * width);
    /* Digits are all as wide: numbers stand in columns. */
    assert_close(pdf_text_width(pdf, &plain, S("11111")), width);
    assert_close(pdf_text(pdf, &plain, 200, 50, PDF_RIGHT, S("12345")), width);
    assert_int_equal(end(pdf, &out), OK);
    buf_free(&out);
}

/* ---- Anything at all. ---- */

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static uint32_t any_code_point(uint32_t *seed)
{
    static const uint32_t ranges[][2] = {{1, 0x7F},        {0x80, 0x24F},     {0x300, 0x36F},     {0x590, 0x8FF},
                                         {0x900, 0xDFF},   {0x2000, 0x206F},  {0x3000, 0x30FF},   {0x4E00, 0x9FFF},
                                         {0xAC00, 0xD7A3}, {0xF900, 0xFFFF},  {0x10000, 0x10FFFF}, {0x1F300, 0x1FAFF}};
    uint32_t pick = chance(seed) % (sizeof ranges / sizeof *ranges);
    return ranges[pick][0] + chance(seed) % (ranges[pick][1] - ranges[pick][0] + 1);
}

static void any_characters_are_written(void **state)
{
    enum { ROUNDS = 60, TEXTS = 20, LENGTH = 60 };
    uint32_t seed = 2026;
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        struct pdf *pdf = begin(*state);
        struct pdf_style style = plain;
        for (int i = 0; i < TEXTS; i++) {
            char bytes[4 * LENGTH];
            size_t n = 0;
            for (uint32_t left = chance(&seed) % LENGTH; left > 0; left--)
                n += utf8_put(any_code_point(&seed), bytes + n);
            style.bold = i % 2 == 0;
            style.family = i % 3 == 0 ? PDF_SERIF : PDF_SANS;
            const struct pdf_block block = {.style = &style,
                                            .width = chance(&seed) % 300,
                                            .leading = 12,
                                            .align = (enum pdf_align)(i % 3),
                                            .max_lines = i % 4};
            int measured = pdf_block_lines(pdf, &block, (struct str){bytes, n});
            assert_int_equal(pdf_block_draw(pdf, &block, (struct str){bytes, n}), measured);
            pdf_text(pdf, &style, 10, 10, PDF_CENTER, (struct str){bytes, n});
        }
        assert_int_equal(end(pdf, &out), OK);
    }
    buf_free(&out);
}

static void any_bytes_are_written_or_refused(void **state)
{
    uint32_t seed = 7;
    int written = 0, refused = 0;
    struct buf out = buf_new(LIMIT_PDF_BYTES);
    for (int round = 0; round < 400; round++) {
        char bytes[12];
        size_t n = chance(&seed) % sizeof bytes;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)(chance(&seed) % (round % 2 == 0 ? 256 : 128));
        enum err err = write_text(*state, (struct str){bytes, n}, &out);
        assert_true(err == OK || err == ERR_INPUT);
        written += err == OK;
        refused += err == ERR_INPUT;
    }
    assert_true(written > 20 && refused > 20);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_text_is_refused),
        cmocka_unit_test(other_broken_texts_are_refused),
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(without_fonts_it_fails_at_the_end),
        cmocka_unit_test(fonts_that_are_not_there),
        cmocka_unit_test(too_small_a_buffer_stays_as_it_was),
        cmocka_unit_test(a_link_needs_its_page),
        cmocka_unit_test(lines_break_where_they_may),
        cmocka_unit_test(ideographs_break_between_each_other),
        cmocka_unit_test(lines_past_the_maximum_are_cut),
        cmocka_unit_test(widths_add_up),
        cmocka_unit_test(any_characters_are_written),
        cmocka_unit_test(any_bytes_are_written_or_refused),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
