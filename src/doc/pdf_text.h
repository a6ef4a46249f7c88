/* Between the two halves of the text code: pdf_text.c makes runs and writes glyphs, pdf_block.c breaks lines. */
#ifndef GUICHET_DOC_PDF_TEXT_H
#define GUICHET_DOC_PDF_TEXT_H

#include <fribidi.h>

#include "doc/pdf_inner.h"

/* Part of a text in one face and one direction; positions are indexes of code points. */
struct text_run {
    int from, to;
    int face;
    FriBidiLevel level; /* odd runs right to left */
};

/* The text being worked on. One a document, reused; large, but touched only as far as the text is long. */
struct pdf_scratch {
    hb_buffer_t *buffer;
    const struct text_run *shaped; /* whose glyphs the buffer holds, or NULL */
    int count;
    bool right_to_left; /* the paragraph */
    uint32_t text[PDF_TEXT_MAX];  /* the code points, for extraction */
    uint32_t shown[PDF_TEXT_MAX]; /* what is drawn for each: itself or a replacement */
    int8_t faces[PDF_TEXT_MAX];
    FriBidiLevel levels[PDF_TEXT_MAX];
    FriBidiCharType types[PDF_TEXT_MAX];
    FriBidiBracketType brackets[PDF_TEXT_MAX];
    int32_t advances[PDF_TEXT_MAX]; /* thousandths of the size, by the first code point of a cluster */
    struct text_run runs[PDF_TEXT_MAX];
    int run_count;
};

/* Takes `text` into the scratch: code points, faces, levels. NULL when the document has failed (now or before). */
struct pdf_scratch *text_take(struct pdf *pdf, const struct pdf_style *style, struct str text);
/* Cuts the code points from..to into runs, in the order in which they stand from left to right. */
void text_runs(struct pdf_scratch *scratch, int from, int to);
/* Width of the runs in points. */
double text_runs_width(struct pdf *pdf, const struct pdf_style *style);
/* Writes the runs with their left end at x; a content stream must be there. */
void text_runs_draw(struct pdf *pdf, const struct pdf_style *style, double x, double y);
/* Fills advances for the whole text. */
void text_measure(struct pdf *pdf);

bool text_is_blank(uint32_t code_point);

#endif
