/* The confirmation page: where and when in large letters, for which day alone it is valid, then who comes, how it is
 * paid, what to bring and whom to call. Texts that would not fit on the page are cut. */
#include "doc/confirmation.h"

#include "doc/theme.h"

enum { MAX_FACTS = 12, MAX_LINES = 12, LINES_A_TEXT = 4 };

static const double BOTTOM = 770; /* nothing but the foot below */
static const double PANEL_PADDING = 16, COLUMN_GAP = 24;

struct layout {
    struct pdf *pdf;
    const struct confirmation_sheet *sheet;
    double y;
};

static void draw_head(struct layout *l)
{
    struct pdf *pdf = l->pdf;
    const struct confirmation_sheet *s = l->sheet;
    const struct pdf_style title = theme_bold(13, COLOR_ACCENT), label = theme_sans(9, COLOR_MUTED);
    const struct pdf_style number = theme_bold(15, COLOR_INK);
    pdf_artifact(pdf);
    theme_letterhead(pdf);
    pdf_artifact_end(pdf);
    pdf_begin(pdf, PDF_P);
    theme_letterhead_text(pdf, s->network, S(""));
    pdf_end(pdf);
    pdf_begin(pdf, PDF_P);
    double width = pdf_text_width(pdf, &label, s->labels.reference), right = A4_WIDTH - MARGIN;
    pdf_text(pdf, &label, right, 44, PDF_RIGHT, s->labels.reference);
    pdf_text(pdf, &label, right - width, 44, PDF_RIGHT, S(" "));
    pdf_text(pdf, &number, right, 62, PDF_RIGHT, s->reference);
    pdf_end(pdf);
    pdf_begin(pdf, PDF_H1);
    pdf_text(pdf, &title, MARGIN, 104, PDF_LEFT, s->title);
    pdf_end(pdf);
}

static void draw_monument(struct layout *l)
{
    const struct confirmation_sheet *s = l->sheet;
    struct pdf_style name = theme_serif(30, COLOR_INK);
    const struct pdf_style place = theme_sans(11, COLOR_MUTED);
    struct pdf_block block = {.style = &name, .x = MARGIN, .y = 142, .width = TEXT_WIDTH, .max_lines = 2};
    while (name.size > 18 && pdf_text_width(l->pdf, &name, s->monument) > 2 * TEXT_WIDTH)
        name.size -= 2;
    block.leading = name.size * 1.12;
    pdf_begin(l->pdf, PDF_H2);
    int lines = pdf_block_draw(l->pdf, &block, s->monument);
    pdf_end(l->pdf);
    l->y = block.y + (lines > 1 ? block.leading : 0) + 20;
    if (str_empty(s->place))
        return;
    pdf_begin(l->pdf, PDF_P);
    pdf_text(l->pdf, &place, MARGIN, l->y, PDF_LEFT, s->place);
    pdf_end(l->pdf);
    l->y += 20;
}

/* Day and time on a tint, with the sentence that binds the paper to them. */
static void draw_when(struct layout *l)
{
    struct pdf *pdf = l->pdf;
    const struct confirmation_sheet *s = l->sheet;
    const struct pdf_style date = theme_bold(17, COLOR_INK), time = theme_bold(26, COLOR_ACCENT);
    const struct pdf_style note = theme_bold(10.5, COLOR_INK), heading = theme_sans(8.5, COLOR_MUTED);
    const struct pdf_block block = {.style = &note, .x = MARGIN + PANEL_PADDING, .width = TEXT_WIDTH - 2 * PANEL_PADDING,
                                    .leading = 14, .max_lines = 3};
    int lines = pdf_block_lines(pdf, &block, s->validity);
    double height = 78 + 16 + lines * block.leading + 8, x = MARGIN + PANEL_PADDING, top = l->y;
    pdf_artifact(pdf);
    pdf_round_rect(pdf, COLOR_TINT, MARGIN, top, TEXT_WIDTH, height, 4);
    pdf_artifact_end(pdf);
    pdf_begin(pdf, PDF_P);
    theme_pair(pdf, x, top + 24, 330, 1, &date, s->labels.date, s->date);
    pdf_end(pdf);
    pdf_begin(pdf, PDF_P);
    theme_pair(pdf, x + 360, top + 24, TEXT_WIDTH - 360 - 2 * PANEL_PADDING, 1, &time, s->labels.time, s->time);
    pdf_end(pdf);
    pdf_begin(pdf, PDF_P);
    double after = pdf_text(pdf, &heading, x, top + 78, PDF_LEFT, s->labels.validity);
    pdf_text(pdf, &heading, x + after, top + 78, PDF_LEFT, S(" "));
    struct pdf_block sentence = block;
    sentence.y = top + 94;
    pdf_block_draw(pdf, &sentence, s->validity);
    pdf_end(pdf);
    l->y = top + height + 26;
}

/* Two columns of facts; the higher of two beside each other sets the row. */
static void draw_facts(struct layout *l)
{
    const struct pdf_style value = theme_bold(11, COLOR_INK);
    const double width = (TEXT_WIDTH - COLUMN_GAP) / 2;
    double row = 0;
    size_t count = l->sheet->fact_count < MAX_FACTS ? l->sheet->fact_count : MAX_FACTS;
    for (size_t i = 0; i < count; i++) {
        const struct confirmation_fact *fact = &l->sheet->facts[i];
        bool second = i % 2 != 0;
        pdf_begin(l->pdf, PDF_P);
        double height = theme_pair(l->pdf, second ? MARGIN + width + COLUMN_GAP : MARGIN, l->y, width, 2, &value,
                                   fact->label, fact->value);
        pdf_end(l->pdf);
        row = second && row > height ? row : height;
        if (second || i + 1 == count)
            l->y += row + 22;
    }
}

/* A heading and its lines, as a list or not. Left out when there is nothing to say or no room for a line of it. */
static void draw_section(struct layout *l, struct str heading, struct sheet_texts texts, bool list)
{
    struct pdf *pdf = l->pdf;
    const struct pdf_style strong = theme_bold(10, COLOR_ACCENT), text = theme_sans(10, COLOR_INK);
    const double indent = list ? 12 : 0;
    struct pdf_block first = {.style = &text, .width = TEXT_WIDTH - indent, .leading = 13.5, .max_lines = LINES_A_TEXT};
    if (texts.n == 0 || l->y + 26 + pdf_block_lines(pdf, &first, texts.p[0]) * first.leading > BOTTOM)
        return;
    l->y += 8;
    pdf_open(pdf, PDF_SECT);
    pdf_begin(pdf, PDF_H2);
    pdf_text(pdf, &strong, MARGIN, l->y, PDF_LEFT, heading);
    pdf_end(pdf);
    l->y += 18;
    if (list)
        pdf_open(pdf, PDF_L);
    for (size_t i = 0; i < texts.n && i < MAX_LINES; i++) {
        struct pdf_block block = first;
        block.x = MARGIN + indent;
        block.y = l->y;
        if (l->y + pdf_block_lines(pdf, &block, texts.p[i]) * block.leading > BOTTOM)
            break;
        if (list) {
            pdf_artifact(pdf);
            pdf_round_rect(pdf, COLOR_ACCENT, MARGIN + 1, l->y - 5.5, 4, 4, 2);
            pdf_artifact_end(pdf);
            pdf_open(pdf, PDF_LI);
        }
        pdf_begin(pdf, list ? PDF_LBODY : PDF_P);
        l->y += pdf_block_draw(pdf, &block, texts.p[i]) * block.leading + 2;
        pdf_end(pdf);
        if (list)
            pdf_close(pdf);
    }
    if (list)
        pdf_close(pdf);
    pdf_close(pdf);
    l->y += 8;
}

static void draw_foot(struct layout *l)
{
    const struct pdf_style small = theme_sans(8, COLOR_MUTED);
    struct pdf_block block = {.style = &small, .x = MARGIN, .y = A4_HEIGHT - 40, .width = TEXT_WIDTH, .leading = 10,
                              .max_lines = 2};
    pdf_artifact(l->pdf);
    pdf_line(l->pdf, COLOR_RULE, 0.6, 0, MARGIN, A4_HEIGHT - 54, A4_WIDTH - MARGIN, A4_HEIGHT - 54);
    pdf_artifact_end(l->pdf);
    if (str_empty(l->sheet->seller))
        return;
    pdf_begin(l->pdf, PDF_P);
    pdf_block_draw(l->pdf, &block, l->sheet->seller);
    pdf_end(l->pdf);
}

enum err doc_confirmation_pdf(const struct doc_fonts *fonts, const struct confirmation_sheet *sheet, struct buf *out,
                              struct fault *fault)
{
    struct arena *arena = arena_new();
    const struct pdf_info info = {
        .title = str_format(arena, "%.*s %.*s", STR_ARG(sheet->title), STR_ARG(sheet->reference)),
        .language = sheet->language, .author = sheet->network, .created = sheet->issued};
    struct layout l = {.pdf = pdf_new(fonts, &info), .sheet = sheet};
    pdf_open(l.pdf, PDF_DOCUMENT);
    pdf_page_begin(l.pdf, A4_WIDTH, A4_HEIGHT);
    draw_head(&l);
    draw_monument(&l);
    draw_when(&l);
    draw_facts(&l);
    draw_section(&l, sheet->labels.payment, sheet->payment, false);
    draw_section(&l, sheet->labels.conditions, sheet->conditions, true);
    draw_section(&l, sheet->labels.contact, sheet->contact, false);
    draw_foot(&l);
    pdf_page_end(l.pdf);
    pdf_close(l.pdf);
    enum err err = pdf_finish(l.pdf, out, fault);
    pdf_free(&l.pdf);
    arena_free(&arena);
    return err;
}
