/* The common look of the printed documents. */
#include "doc/theme.h"

struct pdf_style theme_sans(double size, struct pdf_color color)
{
    return (struct pdf_style){.family = PDF_SANS, .size = size, .color = color};
}

struct pdf_style theme_bold(double size, struct pdf_color color)
{
    return (struct pdf_style){.family = PDF_SANS, .bold = true, .size = size, .color = color};
}

struct pdf_style theme_serif(double size, struct pdf_color color)
{
    return (struct pdf_style){.family = PDF_SERIF, .bold = true, .size = size, .color = color};
}

/* A round arch standing on its base: up, over, down. */
static void arch_outline(struct pdf *pdf, double x, double top, double width, double bottom)
{
    double r = width / 2, k = r * 0.4477; /* the handles of a quarter circle end here */
    pdf_move(pdf, x, bottom);
    pdf_to(pdf, x, top + r);
    pdf_curve(pdf, x, top + k, x + k, top, x + r, top);
    pdf_curve(pdf, x + width - k, top, x + width, top + k, x + width, top + r);
    pdf_to(pdf, x + width, bottom);
}

void theme_arch(struct pdf *pdf, struct pdf_color color, double x, double y, double width, double height)
{
    double wall = width * 0.17;
    arch_outline(pdf, x, y, width, y + height);
    arch_outline(pdf, x + wall, y + wall, width - 2 * wall, y + height);
    pdf_fill(pdf, color);
    arch_outline(pdf, x + 2 * wall, y + 2 * wall, width - 4 * wall, y + height);
    pdf_fill(pdf, color);
}

void theme_letterhead(struct pdf *pdf)
{
    pdf_rect(pdf, COLOR_ACCENT, 0, 0, A4_WIDTH, 7);
    theme_arch(pdf, COLOR_ACCENT, MARGIN, 33, 22, 28);
}

void theme_letterhead_text(struct pdf *pdf, struct str network, struct str below)
{
    const struct pdf_style name = theme_bold(11.5, COLOR_ACCENT), small = theme_sans(9.5, COLOR_MUTED);
    const struct pdf_block block = {
        .style = &name, .x = MARGIN + 33, .y = 46, .width = 300, .leading = 13, .max_lines = 1};
    pdf_block_draw(pdf, &block, network);
    if (str_empty(below))
        return;
    double blank = pdf_text_width(pdf, &small, S(" "));
    pdf_text(pdf, &small, MARGIN + 33 - blank, 60, PDF_LEFT, S(" "));
    pdf_text(pdf, &small, MARGIN + 33, 60, PDF_LEFT, below);
}

static double pair_gap(const struct pdf_style *value_style)
{
    return value_style->size * 1.05 + 3;
}

static double pair_leading(const struct pdf_style *value_style)
{
    return value_style->size * 1.3;
}

double theme_pair_height(const struct pdf_style *value_style, int lines)
{
    return pair_gap(value_style) + (lines > 1 ? lines - 1 : 0) * pair_leading(value_style);
}

double theme_pair(struct pdf *pdf, double x, double y, double width, int max_lines, const struct pdf_style *value_style,
                  struct str label, struct str value)
{
    const struct pdf_style label_style = theme_sans(8.5, COLOR_MUTED);
    double after = pdf_text(pdf, &label_style, x, y, PDF_LEFT, label);
    pdf_text(pdf, &label_style, x + after, y, PDF_LEFT, S(" "));
    const struct pdf_block block = {.style = value_style,
                                    .x = x,
                                    .y = y + pair_gap(value_style),
                                    .width = width,
                                    .leading = pair_leading(value_style),
                                    .max_lines = max_lines};
    return theme_pair_height(value_style, pdf_block_draw(pdf, &block, value));
}
