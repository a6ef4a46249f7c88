/* What the printed documents have in common: paper, colours, type sizes, the mark of the house. */
#ifndef GUICHET_DOC_THEME_H
#define GUICHET_DOC_THEME_H

#include "doc/pdf.h"

/* A4 in points; margins that any office printer can do. */
#define A4_WIDTH 595.28
#define A4_HEIGHT 841.89
#define MARGIN 48.0
#define TEXT_WIDTH (A4_WIDTH - 2 * MARGIN)

/* One accent; the greys keep 4.5:1 on white. */
#define COLOR_INK ((struct pdf_color){0x1c, 0x23, 0x26})
#define COLOR_MUTED ((struct pdf_color){0x58, 0x64, 0x69})
#define COLOR_ACCENT ((struct pdf_color){0x1d, 0x4f, 0x5c})
#define COLOR_TINT ((struct pdf_color){0xea, 0xf1, 0xf2})
#define COLOR_RULE ((struct pdf_color){0xc8, 0xd4, 0xd7})
#define COLOR_WHITE ((struct pdf_color){0xff, 0xff, 0xff})
#define COLOR_BLACK ((struct pdf_color){0, 0, 0})

struct pdf_style theme_sans(double size, struct pdf_color color);
struct pdf_style theme_bold(double size, struct pdf_color color);
struct pdf_style theme_serif(double size, struct pdf_color color);

/* An arch, `width` wide and `height` high, its opening in the colour of the paper. */
void theme_arch(struct pdf *pdf, struct pdf_color color, double x, double y, double width, double height);

/* The head of a page: a bar along the edge and the arch (decoration); beside the arch the network's name and, below it,
 * one more line, which may be empty. */
void theme_letterhead(struct pdf *pdf);
void theme_letterhead_text(struct pdf *pdf, struct str network, struct str below);

/* A label and, below it, a value of at most `max_lines` lines; returns the height down to the value's last baseline.
 * `y` is the label's baseline. The label ends with a blank, so that a reader finds two words. */
double theme_pair(struct pdf *pdf, double x, double y, double width, int max_lines, const struct pdf_style *value_style,
                  struct str label, struct str value);
/* What theme_pair returns for a value of so many lines. */
double theme_pair_height(const struct pdf_style *value_style, int lines);

#endif
