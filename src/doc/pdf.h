/* A small writer of tagged PDF 1.7, valid PDF/UA-1, for tickets, invoices and the sales manual.
 *
 * The page is written top down: x grows to the right and y grows downwards from the top left corner, in points (1/72
 * inch); a text's y is its baseline. Everything drawn on a page belongs either to a structure element (pdf_mark) or to
 * an artifact (decoration); drawing outside both is a bug and asserted, because PDF/UA has no third case.
 *
 * What a page shares with others is drawn once into a form and then placed on each page; a whole form is the content of
 * the element it is placed in.
 *
 * Errors are sticky: the first one is kept, later calls do nothing, pdf_finish returns it. The same calls give the same
 * bytes: there is no clock and no chance in here. A document is used by one thread; fonts are shared by all.
 *
 * Factur-X (INV-1) will need PDF/A-3 on top: an attachment (an embedded file stream, its file specification, /AF and
 * /Names in the catalog), an output intent with an ICC profile, and pdfaid lines in the XMP. Their places are
 * write_catalog and write_metadata in pdf.c; all else (embedded fonts, tags, ids) is as PDF/A-3a asks already. */
#ifndef GUICHET_DOC_PDF_H
#define GUICHET_DOC_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/civil.h"
#include "base/err.h"
#include "base/str.h"

/* ---- Fonts: opened once a process, then only read, from any thread. ---- */

struct doc_fonts;

/* Opens the faces of the Debian packages fonts-noto-core and fonts-droid-fallback. `directory` holds them as there
 * (noto/, droid/) or side by side; NULL is /usr/share/fonts/truetype. The Latin, Arabic and CJK faces must be there
 * (ERR_IO otherwise); faces for other scripts are used when they are, Korean from fonts-nanum. The caller owns
 * *ret_fonts. */
enum err doc_fonts_open(const char *directory, struct doc_fonts **ret_fonts, struct fault *fault);
void doc_fonts_free(struct doc_fonts **fonts);

/* ---- The document. ---- */

struct pdf;

struct pdf_info {
    struct str title;
    struct str language; /* BCP 47 */
    struct str author;   /* may be empty */
    instant created;     /* 0 leaves the dates out */
};

/* Never NULL. Texts of `info` and `fonts` must outlive the document; NULL fonts give ERR_BUG at pdf_finish. */
struct pdf *pdf_new(const struct doc_fonts *fonts, const struct pdf_info *info);
/* Appends the finished file to `out`, or leaves `out` as it was. ERR_INPUT for text that is not UTF-8, ERR_LIMIT for a
 * document past a maximum. Nothing but pdf_free may follow. */
enum err pdf_finish(struct pdf *pdf, struct buf *out, struct fault *fault);
void pdf_free(struct pdf **pdf);
/* Makes the document fail with this error unless it has failed already. */
__attribute__((format(printf, 3, 4))) void pdf_fail(struct pdf *pdf, enum err err, const char *format, ...);
bool pdf_failed(const struct pdf *pdf);

void pdf_page_begin(struct pdf *pdf, double width, double height);
void pdf_page_end(struct pdf *pdf);
/* Pages begun so far. */
int pdf_page_count(const struct pdf *pdf);

/* ---- Forms: drawn once, placed often. Not nested; no tags inside. Coordinates are those of a page so large. ---- */

void pdf_form_begin(struct pdf *pdf, double width, double height);
int pdf_form_end(struct pdf *pdf);
/* Moved right by dx and down by dy. */
void pdf_form_place(struct pdf *pdf, int form, double dx, double dy);

/* ---- Structure. ---- */

enum pdf_tag {
    PDF_DOCUMENT, PDF_SECT, PDF_DIV, PDF_H1, PDF_H2, PDF_H3, PDF_P, PDF_FIGURE, PDF_TABLE, PDF_TR, PDF_TH, PDF_TD,
    PDF_L, PDF_LI, PDF_LBODY, PDF_LINK, PDF_TOC, PDF_TOCI
};
enum pdf_scope { PDF_SCOPE_COLUMN, PDF_SCOPE_ROW };

/* Elements nest; everything is inside one PDF_DOCUMENT. */
void pdf_open(struct pdf *pdf, enum pdf_tag tag);
void pdf_close(struct pdf *pdf);
/* For the innermost open element. */
void pdf_alt(struct pdf *pdf, struct str text, double x, double y, double width, double height);
void pdf_scope(struct pdf *pdf, enum pdf_scope scope);
/* What is drawn between belongs to the innermost open element; an element may have several, also on several pages. */
void pdf_mark(struct pdf *pdf);
void pdf_mark_end(struct pdf *pdf);
/* What is drawn between is decoration or a repeated heading. */
void pdf_artifact(struct pdf *pdf);
void pdf_artifact_end(struct pdf *pdf);
/* An element with one mark: pdf_open + pdf_mark, pdf_mark_end + pdf_close. */
void pdf_begin(struct pdf *pdf, enum pdf_tag tag);
void pdf_end(struct pdf *pdf);

/* A clickable area for the innermost open element, which must be a PDF_LINK: to an address, or to a page of this
 * document (counted from 0; it may come later). `description` is said by screen readers. */
void pdf_link_uri(struct pdf *pdf, double x, double y, double width, double height, struct str uri,
                  struct str description);
void pdf_link_page(struct pdf *pdf, double x, double y, double width, double height, int page, struct str description);
/* A bookmark to the current page at height y; level 1 is the outermost. */
void pdf_bookmark(struct pdf *pdf, int level, double y, struct str title);

/* ---- Drawing. ---- */

struct pdf_color {
    uint8_t r, g, b;
};

void pdf_rect(struct pdf *pdf, struct pdf_color fill, double x, double y, double width, double height);
void pdf_round_rect(struct pdf *pdf, struct pdf_color fill, double x, double y, double width, double height,
                    double radius);
/* `dash` is the length of dashes and gaps; 0 draws a whole line. */
void pdf_line(struct pdf *pdf, struct pdf_color color, double thickness, double dash, double x1, double y1, double x2,
              double y2);

/* A path of straight lines and curves, filled at the end (even-odd, so that an inner path is a hole). */
void pdf_move(struct pdf *pdf, double x, double y);
void pdf_to(struct pdf *pdf, double x, double y);
void pdf_curve(struct pdf *pdf, double x1, double y1, double x2, double y2, double x, double y);
void pdf_fill(struct pdf *pdf, struct pdf_color color);

/* A square of `side` × `side` modules, one byte each (0 or 1), drawn `size` points wide with its top left at x, y. */
void pdf_modules(struct pdf *pdf, struct pdf_color color, double x, double y, double size, const uint8_t *modules,
                 int side);

/* ---- Text. ---- */

enum pdf_family { PDF_SANS, PDF_SERIF };
enum pdf_align { PDF_LEFT, PDF_CENTER, PDF_RIGHT };

struct pdf_style {
    enum pdf_family family;
    bool bold;
    double size;
    double tracking; /* extra space after each glyph, in points; below a tenth of size, or readers see blanks */
    struct pdf_color color;
};

enum { PDF_TEXT_MAX = 16 * 1024 }; /* bytes of one text */

/* One line; x is its left end, middle or right end. Returns its width. Line breaks in it count as blanks, characters
 * that no font has are shown as U+FFFD. */
double pdf_text(struct pdf *pdf, const struct pdf_style *style, double x, double y, enum pdf_align align,
                struct str text);
double pdf_text_width(struct pdf *pdf, const struct pdf_style *style, struct str text);
/* As pdf_text, but readers and searches find `actual` in its place. */
double pdf_text_as(struct pdf *pdf, const struct pdf_style *style, double x, double y, enum pdf_align align,
                   struct str text, struct str actual);

/* A paragraph, broken into lines at blanks, after hyphens and between ideographs. */
struct pdf_block {
    const struct pdf_style *style;
    double x, y;      /* y is the first baseline */
    double width;
    double leading;   /* from baseline to baseline */
    enum pdf_align align;
    int max_lines;    /* 0 is no limit; what does not fit is cut with «…» */
};
/* Number of lines it takes, 0 for an empty text. Draws nothing. */
int pdf_block_lines(struct pdf *pdf, const struct pdf_block *block, struct str text);
/* Returns the number of lines drawn. */
int pdf_block_draw(struct pdf *pdf, const struct pdf_block *block, struct str text);

#endif
