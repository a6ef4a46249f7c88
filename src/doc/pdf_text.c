/* Text: from UTF-8 to positioned glyphs. The steps are: code points; a face for each; direction (FriBidi); runs of one
 * face and one direction in visual order; shaping (HarfBuzz); writing with the code for each glyph. */
#include "doc/pdf_text.h"

#include <stdlib.h>

static const uint32_t REPLACEMENT = 0xFFFD;

/* ---- Code points. ---- */

bool text_is_blank(uint32_t c)
{
    return c == ' ' || (c >= 0x2000 && c <= 0x200B && c != 0x2007) || c == 0x3000;
}

/* Blanks that a face may lack and that the plain blank stands in for. */
static bool is_any_blank(uint32_t c)
{
    return text_is_blank(c) || c == 0xA0 || c == 0x2007 || c == 0x202F || c == 0x205F;
}

static bool is_line_break(uint32_t c)
{
    return (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Shown by no face, but not missing: joiners, marks of direction, variation selectors. HarfBuzz takes them out. */
static bool is_invisible(uint32_t c)
{
    return c == 0xAD || c == 0x34F || c == 0x61C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static bool is_mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
           (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F);
}

static bool may_run_right_to_left(uint32_t c)
{
    return (c >= 0x590 && c <= 0x8FF) || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0x10800 && c <= 0x10FFF) ||
           (c >= 0x1E800 && c <= 0x1EFFF);
}

static uint32_t cleaned(uint32_t c)
{
    if (is_line_break(c))
        return ' ';
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool no_character = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    return control || no_character ? REPLACEMENT : c;
}

static int decode(struct pdf_scratch *scratch, struct str text)
{
    int count = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t c = utf8_next(text, &at);
        if (c != 0xFEFF) /* a byte order mark; PDF/UA forbids it in /ToUnicode */
            scratch->text[count++] = cleaned(c);
    }
    return count;
}

static void choose_face(const struct pdf *pdf, const struct pdf_style *style, int i)
{
    struct pdf_scratch *scratch = pdf->scratch;
    uint32_t c = scratch->text[i];
    int first = doc_fonts_first(style->family, style->bold);
    int before = i > 0 ? scratch->faces[i - 1] : first;
    scratch->shown[i] = c;
    if (c >= ' ' && c < 0x7F) { /* in every first face */
        scratch->faces[i] = (int8_t)first;
        return;
    }
    hb_codepoint_t glyph;
    bool clings = is_invisible(c) ||
                  (is_mark(c) && hb_font_get_nominal_glyph(pdf->fonts->faces[before].font, c, &glyph) != 0);
    int face = clings ? before : doc_fonts_face_for(pdf->fonts, style->family, style->bold, c);
    if (face == PDF_NO_FACE) {
        face = first;
        scratch->shown[i] = is_any_blank(c) ? ' ' : REPLACEMENT;
    }
    scratch->faces[i] = (int8_t)face;
}

static void find_levels(struct pdf_scratch *scratch)
{
    bool needed = false;
    for (int i = 0; i < scratch->count && !needed; i++)
        needed = may_run_right_to_left(scratch->text[i]);
    FriBidiParType base = FRIBIDI_PAR_WLTR; /* the first strong character decides; left to right when there is none */
    if (needed) {
        fribidi_get_bidi_types(scratch->text, scratch->count, scratch->types);
        fribidi_get_bracket_types(scratch->text, scratch->count, scratch->types, scratch->brackets);
        if (fribidi_get_par_embedding_levels_ex(scratch->types, scratch->brackets, scratch->count, &base,
                                                scratch->levels) == 0)
            abort(); /* only for lack of memory */
    } else {
        memset(scratch->levels, 0, (size_t)scratch->count * sizeof *scratch->levels);
    }
    scratch->right_to_left = needed && FRIBIDI_IS_RTL(base);
}

static struct pdf_scratch *scratch_of(struct pdf *pdf)
{
    if (pdf->scratch == NULL) {
        pdf->scratch = malloc(sizeof *pdf->scratch);
        if (pdf->scratch == NULL)
            abort();
        pdf->scratch->buffer = hb_buffer_create();
        hb_buffer_set_cluster_level(pdf->scratch->buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
    }
    return pdf->scratch;
}

void pdf_scratch_free(struct pdf *pdf)
{
    if (pdf->scratch != NULL)
        hb_buffer_destroy(pdf->scratch->buffer);
    free(pdf->scratch);
    pdf->scratch = NULL;
}

struct pdf_scratch *text_take(struct pdf *pdf, const struct pdf_style *style, struct str text)
{
    if (text.n > PDF_TEXT_MAX)
        pdf_fail(pdf, ERR_LIMIT, "pdf: a text of %zu bytes is too long", text.n);
    else if (!utf8_valid(text))
        pdf_fail(pdf, ERR_INPUT, "pdf: a text is not UTF-8");
    if (pdf_failed(pdf))
        return NULL;
    struct pdf_scratch *scratch = scratch_of(pdf);
    scratch->shaped = NULL;
    scratch->count = decode(scratch, text);
    for (int i = 0; i < scratch->count; i++)
        choose_face(pdf, style, i);
    find_levels(scratch);
    return scratch;
}

/* ---- Runs. ---- */

static void reverse(struct text_run *runs, int from, int to)
{
    for (to--; from < to; from++, to--) {
        struct text_run run = runs[from];
        runs[from] = runs[to];
        runs[to] = run;
    }
}

/* Rule L2 of the bidirectional algorithm, on runs: from the highest level down to the lowest odd one, turn round every
 * series at that level or above. Inside a run HarfBuzz does it. */
static void reorder(struct pdf_scratch *scratch)
{
    int highest = 0;
    for (int i = 0; i < scratch->run_count; i++)
        highest = scratch->runs[i].level > highest ? scratch->runs[i].level : highest;
    for (int level = highest; level > 0; level--)
        for (int i = 0; i < scratch->run_count;) {
            int from = i;
            while (i < scratch->run_count && scratch->runs[i].level >= level)
                i++;
            reverse(scratch->runs, from, i);
            i += i == from;
        }
}

void text_runs(struct pdf_scratch *scratch, int from, int to)
{
    scratch->run_count = 0;
    scratch->shaped = NULL;
    int text_end = to; /* rule L1: blanks at the end of a line stand where the paragraph ends */
    while (text_end > from && text_is_blank(scratch->text[text_end - 1]))
        text_end--;
    struct text_run *run = NULL;
    for (int i = from; i < to; i++) {
        FriBidiLevel level = i < text_end ? scratch->levels[i] : (FriBidiLevel)scratch->right_to_left;
        if (run == NULL || run->level != level || run->face != scratch->faces[i]) {
            run = &scratch->runs[scratch->run_count++];
            *run = (struct text_run){.from = i, .face = scratch->faces[i], .level = level};
        }
        run->to = i + 1;
    }
    reorder(scratch);
}

static void shape(struct pdf *pdf, const struct text_run *run)
{
    struct pdf_scratch *scratch = pdf->scratch;
    if (scratch->shaped == run)
        return;
    hb_buffer_t *buffer = scratch->buffer;
    hb_buffer_clear_contents(buffer);
    hb_buffer_set_flags(buffer, HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES);
    hb_buffer_add_codepoints(buffer, scratch->shown, scratch->count, (unsigned)run->from, run->to - run->from);
    hb_buffer_set_direction(buffer, run->level % 2 != 0 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    /* Without a language HarfBuzz would ask the process's locale, and the same document could differ. */
    hb_buffer_set_language(buffer, hb_language_from_string(pdf->info.language.p, (int)pdf->info.language.n));
    hb_buffer_guess_segment_properties(buffer);
    /* Optional ligatures are left out from right to left: readers turn the letters of one glyph round (poppler). */
    const hb_feature_t no_ligatures = {HB_TAG('l', 'i', 'g', 'a'), 0, HB_FEATURE_GLOBAL_START, HB_FEATURE_GLOBAL_END};
    hb_shape(pdf->fonts->faces[run->face].font, buffer, &no_ligatures, run->level % 2 != 0 ? 1 : 0);
    scratch->shaped = run;
}

double text_runs_width(struct pdf *pdf, const struct pdf_style *style)
{
    int64_t thousandths = 0, glyphs = 0;
    for (int r = 0; r < pdf->scratch->run_count; r++) {
        shape(pdf, &pdf->scratch->runs[r]);
        unsigned count;
        const hb_glyph_position_t *at = hb_buffer_get_glyph_positions(pdf->scratch->buffer, &count);
        for (unsigned i = 0; i < count; i++)
            thousandths += at[i].x_advance;
        glyphs += count;
    }
    return (double)thousandths * style->size / 1000 + (double)glyphs * style->tracking;
}

void text_measure(struct pdf *pdf)
{
    struct pdf_scratch *scratch = pdf->scratch;
    memset(scratch->advances, 0, (size_t)scratch->count * sizeof *scratch->advances);
    text_runs(scratch, 0, scratch->count);
    for (int r = 0; r < scratch->run_count; r++) {
        shape(pdf, &scratch->runs[r]);
        unsigned count;
        const hb_glyph_info_t *glyphs = hb_buffer_get_glyph_infos(scratch->buffer, &count);
        const hb_glyph_position_t *at = hb_buffer_get_glyph_positions(scratch->buffer, &count);
        for (unsigned i = 0; i < count; i++)
            scratch->advances[glyphs[i].cluster] += at[i].x_advance;
    }
}

/* ---- Writing glyphs. ---- */

/* A TJ operator being written: «[<00010002>-20<0003>]TJ». Moves are in thousandths of the size. */
struct shower {
    struct pdf *pdf;
    struct buf *out;
    const struct pdf_style *style;
    bool open;
    int move; /* to the right, due before the next glyph */
    int rise;
};

static void show_close(struct shower *shower)
{
    if (shower->open)
        buf_c(shower->out, ">]TJ\n");
    shower->open = false;
}

static void show_code(struct shower *shower, uint16_t code)
{
    if (!shower->open)
        buf_c(shower->out, shower->move == 0 ? "[<" : "[");
    if (shower->move != 0) {
        if (shower->open)
            buf_char(shower->out, '>');
        buf_int(shower->out, -shower->move); /* TJ numbers move to the left */
        buf_char(shower->out, '<');
        shower->move = 0;
    }
    shower->open = true;
    pdf_put_hex16(shower->out, code);
}

static void show_glyph(struct shower *shower, const struct doc_face *face, uint16_t code, uint32_t glyph,
                       const hb_glyph_position_t *at)
{
    if (at->y_offset != shower->rise) {
        show_close(shower);
        shower->rise = at->y_offset;
        pdf_put_number(shower->out, at->y_offset * shower->style->size / 1000);
        buf_c(shower->out, " Ts\n");
    }
    shower->move += at->x_offset;
    show_code(shower, code);
    shower->move += at->x_advance - at->x_offset - hb_font_get_glyph_h_advance(face->font, glyph);
}

static void show_span_start(struct shower *shower, const uint32_t *text, int length)
{
    show_close(shower);
    buf_c(shower->out, "/Span<</ActualText<FEFF");
    for (int i = 0; i < length; i++)
        pdf_put_utf16(shower->out, text[i]);
    buf_c(shower->out, ">>>BDC\n");
}

static void show_span_end(struct shower *shower)
{
    show_close(shower);
    buf_c(shower->out, "EMC\n");
}

/* Glyphs first..end show the code points from..to, as a whole. */
static void show_cluster(struct shower *shower, const struct text_run *run, unsigned first, unsigned end, int from,
                         int to)
{
    struct pdf_scratch *scratch = shower->pdf->scratch;
    const hb_glyph_info_t *glyphs = hb_buffer_get_glyph_infos(scratch->buffer, NULL);
    const hb_glyph_position_t *at = hb_buffer_get_glyph_positions(scratch->buffer, NULL);
    const struct doc_face *face = &shower->pdf->fonts->faces[run->face];
    /* One glyph can say all its text in /ToUnicode; several share it by /ActualText around them. */
    bool together = end - first > 1 || to - from > PDF_CODE_TEXT;
    if (together)
        show_span_start(shower, scratch->text + from, to - from);
    for (unsigned i = first; i < end; i++) {
        uint16_t code = pdf_code_for(shower->pdf, run->face, glyphs[i].codepoint, scratch->text + from,
                                     together ? 1 : (size_t)(to - from));
        show_glyph(shower, face, code, glyphs[i].codepoint, &at[i]);
    }
    if (together)
        show_span_end(shower);
}

static void show_run(struct shower *shower, const struct text_run *run)
{
    shape(shower->pdf, run);
    unsigned count;
    const hb_glyph_info_t *glyphs = hb_buffer_get_glyph_infos(shower->pdf->scratch->buffer, &count);
    bool backwards = run->level % 2 != 0;
    int before = run->to; /* in a backward run: the cluster to the left begins here */
    for (unsigned first = 0, end; first < count; first = end) {
        int from = (int)glyphs[first].cluster;
        for (end = first + 1; end < count && (int)glyphs[end].cluster == from;)
            end++;
        int to = backwards ? before : end < count ? (int)glyphs[end].cluster : run->to;
        before = from;
        show_cluster(shower, run, first, end, from, to);
    }
}

static void set_font(struct pdf_content *content, int face, double size)
{
    if (content->face == face && content->size == size)
        return;
    content->face = face;
    content->size = size;
    buf_c(&content->bytes, "/F");
    buf_int(&content->bytes, face);
    buf_char(&content->bytes, ' ');
    pdf_put_numbers(&content->bytes, &size, 1, "Tf");
}

static void set_tracking(struct pdf_content *content, double tracking)
{
    if (content->tracking_known && content->tracking == tracking)
        return;
    content->tracking_known = true;
    content->tracking = tracking;
    pdf_put_numbers(&content->bytes, &tracking, 1, "Tc");
}

/* Stands in for a bold face that is not there: the outline is drawn as well. */
static void set_thickened(struct pdf_content *content, const struct pdf_style *style, bool on)
{
    struct buf *out = &content->bytes;
    if (!on) {
        buf_c(out, "0 Tr\n");
        return;
    }
    const double thickness = style->size * 0.03;
    pdf_put_numbers(out, (const double[]){style->color.r / 255.0, style->color.g / 255.0, style->color.b / 255.0}, 3,
                    "RG");
    pdf_put_numbers(out, &thickness, 1, "w 2 Tr");
}

void text_runs_draw(struct pdf *pdf, const struct pdf_style *style, double x, double y)
{
    struct pdf_content *content = pdf_drawing(pdf);
    struct pdf_scratch *scratch = pdf->scratch;
    if (content == NULL || scratch->run_count == 0)
        return;
    struct shower shower = {.pdf = pdf, .out = &content->bytes, .style = style};
    pdf_set_fill(content, style->color);
    set_tracking(content, style->tracking);
    buf_c(shower.out, "BT\n");
    for (int r = 0; r < scratch->run_count; r++) {
        const struct text_run *run = &scratch->runs[r];
        bool thicken = style->bold && !pdf->fonts->faces[run->face].bold;
        if (run->face != content->face || style->size != content->size || thicken)
            show_close(&shower);
        set_font(content, run->face, style->size);
        if (r == 0)
            pdf_put_numbers(shower.out, (const double[]){x, content->height - y}, 2, "Td");
        if (thicken)
            set_thickened(content, style, true);
        show_run(&shower, run);
        if (thicken) {
            show_close(&shower);
            set_thickened(content, style, false);
        }
    }
    show_close(&shower);
    if (shower.rise != 0)
        buf_c(shower.out, "0 Ts\n");
    buf_c(shower.out, "ET\n");
}

/* ---- One line. ---- */

static double left_end(double x, double width, enum pdf_align align)
{
    return align == PDF_LEFT ? x : align == PDF_RIGHT ? x - width : x - width / 2;
}

double pdf_text(struct pdf *pdf, const struct pdf_style *style, double x, double y, enum pdf_align align,
                struct str text)
{
    struct pdf_scratch *scratch = text_take(pdf, style, text);
    if (scratch == NULL)
        return 0;
    text_runs(scratch, 0, scratch->count);
    double width = text_runs_width(pdf, style);
    text_runs_draw(pdf, style, left_end(x, width, align), y);
    return width;
}

double pdf_text_width(struct pdf *pdf, const struct pdf_style *style, struct str text)
{
    struct pdf_scratch *scratch = text_take(pdf, style, text);
    if (scratch == NULL)
        return 0;
    text_runs(scratch, 0, scratch->count);
    return text_runs_width(pdf, style);
}

double pdf_text_as(struct pdf *pdf, const struct pdf_style *style, double x, double y, enum pdf_align align,
                   struct str text, struct str actual)
{
    if (!utf8_valid(actual))
        pdf_fail(pdf, ERR_INPUT, "pdf: a text is not UTF-8");
    struct pdf_content *content = pdf_drawing(pdf);
    if (content == NULL)
        return 0;
    buf_c(&content->bytes, "/Span<</ActualText");
    pdf_put_text(&content->bytes, actual);
    buf_c(&content->bytes, ">>BDC\n");
    double width = pdf_text(pdf, style, x, y, align, text);
    buf_c(&content->bytes, "EMC\n");
    return width;
}
