/* Paragraphs: where a text may be broken, and its lines. Greedy, ragged, without hyphenation. */
#include "doc/pdf_text.h"

static bool is_ideographic(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF && c != 0x3000) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF01 && c <= 0xFF60) || (c >= 0x20000 && c <= 0x3FFFD);
}

static bool is_one_of(uint32_t c, const uint32_t *list)
{
    for (; *list != 0; list++)
        if (c == *list)
            return true;
    return false;
}

/* What East Asian typography lets no line begin with, or end with. */
static bool may_begin_line(uint32_t c)
{
    static const uint32_t closing[] = {
        0x3001, 0x3002, 0x3005, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0x3041, 0x3043, 0x3045, 0x3047,
        0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x309D, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30C3, 0x30E3, 0x30E5,
        0x30E7, 0x30FB, 0x30FC, 0xFF01, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D, '!',    ')',
        ',',    '.',    ':',    ';',    '?',    ']',    '}',    0x2019, 0x201D, 0xBB,   0};
    return !is_one_of(c, closing);
}

static bool may_end_line(uint32_t c)
{
    static const uint32_t opening[] = {0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0xFF08, 0xFF3B, 0xFF5B,
                                       '(',    '[',    '{',    0x2018, 0x201C, 0xAB,   0};
    return !is_one_of(c, opening);
}

/* French sets a blank before «:» and inside guillemets; there no line ends. */
static bool is_french_blank(uint32_t before, uint32_t after)
{
    return before == 0xAB || after == 0xBB || after == ':' || after == ';' || after == '!' || after == '?';
}

/* May a line end after the code point i? */
static bool may_break_after(const struct pdf_scratch *scratch, int i)
{
    uint32_t c = scratch->text[i], next = scratch->text[i + 1];
    if (text_is_blank(next))
        return false; /* the break comes after the last blank */
    if (text_is_blank(c))
        return c == 0x200B || i == 0 || !is_french_blank(scratch->text[i - 1], next);
    if (c == '-' || c == 0x2010 || c == 0x2013 || c == 0x2014)
        return !(next >= '0' && next <= '9') && i > 0 && !text_is_blank(scratch->text[i - 1]);
    if (is_ideographic(c) || is_ideographic(next))
        return may_begin_line(next) && may_end_line(c) && c != 0xA0 && next != 0xA0 && c != 0x202F && next != 0x202F;
    return false;
}

/* The end (exclusive, trailing blanks included) of the line that begins at `from`; width in thousandths. */
static int line_end(const struct pdf_scratch *scratch, int from, int64_t width)
{
    int64_t used = 0;
    int broken = from; /* end of the line at the last opportunity */
    for (int i = from; i < scratch->count; i++) {
        used += scratch->advances[i];
        if (used > width && !text_is_blank(scratch->text[i])) {
            if (broken > from)
                return broken;
            return i > from ? i : i + 1; /* a word longer than the line is cut */
        }
        if (i + 1 < scratch->count && may_break_after(scratch, i))
            broken = i + 1;
    }
    return scratch->count;
}

/* In thousandths of the size, with a hair of room so that what was measured to fit does. */
static int64_t room(const struct pdf_block *block, double width)
{
    double thousandths = width * 1000 / block->style->size + 1;
    return thousandths > 1 ? (int64_t)thousandths : 1;
}

int pdf_block_lines(struct pdf *pdf, const struct pdf_block *block, struct str text)
{
    struct pdf_scratch *scratch = text_take(pdf, block->style, text);
    if (scratch == NULL)
        return 0;
    text_measure(pdf);
    int lines = 0;
    for (int at = 0; at < scratch->count && !(block->max_lines > 0 && lines == block->max_lines); lines++)
        at = line_end(scratch, at, room(block, block->width));
    return lines;
}

static int without_blanks(const struct pdf_scratch *scratch, int from, int to)
{
    while (to > from && text_is_blank(scratch->text[to - 1]))
        to--;
    return to;
}

/* Draws the code points from..to. The blank at a line's end is drawn too, so that a reader of the text finds the words
 * of two lines apart, but it takes no part in the alignment. Returns where the visible part starts and ends. */
static void draw_line(struct pdf *pdf, const struct pdf_block *block, double y, int from, int to, double ends[2])
{
    struct pdf_scratch *scratch = pdf->scratch;
    text_runs(scratch, from, without_blanks(scratch, from, to));
    double width = text_runs_width(pdf, block->style);
    double x = block->x;
    if (block->align != PDF_LEFT)
        x += (block->width - width) / (block->align == PDF_CENTER ? 2 : 1);
    ends[0] = x;
    ends[1] = x + width;
    int visible = without_blanks(scratch, from, to);
    int end = visible < to ? visible + 1 : to;
    if (end > visible) {
        text_runs(scratch, from, end);
        if (scratch->right_to_left)
            x -= text_runs_width(pdf, block->style) - width;
    }
    text_runs_draw(pdf, block->style, x, y);
}

static void draw_cut_line(struct pdf *pdf, const struct pdf_block *block, double y, int from)
{
    struct pdf_scratch *scratch = pdf->scratch;
    const struct str dots = S("\xE2\x80\xA6");
    bool right_to_left = scratch->right_to_left;
    int64_t left = room(block, block->width) - (int64_t)1100; /* «…» is about an em wide */
    int to = from;
    for (; to < scratch->count && left >= scratch->advances[to]; to++)
        left -= scratch->advances[to];
    double ends[2];
    draw_line(pdf, block, y, from, without_blanks(scratch, from, to), ends);
    pdf_text(pdf, block->style, ends[right_to_left ? 0 : 1], y, right_to_left ? PDF_RIGHT : PDF_LEFT, dots);
}

int pdf_block_draw(struct pdf *pdf, const struct pdf_block *block, struct str text)
{
    struct pdf_scratch *scratch = text_take(pdf, block->style, text);
    if (scratch == NULL)
        return 0;
    text_measure(pdf);
    int lines = 0;
    double y = block->y;
    for (int from = 0; from < scratch->count && !pdf_failed(pdf); y += block->leading) {
        int to = line_end(scratch, from, room(block, block->width));
        lines++;
        if (lines == block->max_lines && to < scratch->count) {
            draw_cut_line(pdf, block, y, from);
            break;
        }
        double ends[2];
        draw_line(pdf, block, y, from, to, ends);
        from = to;
    }
    return lines;
}
