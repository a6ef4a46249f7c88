/* The inside of a PDF document, shared by the files pdf_*.c of this room and nobody else. */
#ifndef GUICHET_DOC_PDF_INNER_H
#define GUICHET_DOC_PDF_INNER_H

#include <assert.h>
#include <string.h>

#include <hb.h>
#define ZLIB_CONST /* input is not written to */
#include <zlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "doc/pdf.h"

enum {
    PDF_MAX_OBJECTS = 400 * 1000,
    PDF_MAX_ELEMENTS = 200 * 1000, /* structure elements, and marks */
    PDF_MAX_PAGES = 4000,
    PDF_MAX_FORMS = 1000,
    PDF_MAX_DEPTH = 16,            /* open elements */
    PDF_MAX_CONTENT = 1024 * 1024, /* bytes of one page or form before compression */
    PDF_OBJECTS_A_STREAM = 200,
    PDF_MAX_FACES = 32,
    PDF_MAX_CODES = 65535 /* two-byte codes of one face; 0 is .notdef and never written */
};

/* ---- Faces. ---- */

struct doc_face {
    hb_face_t *face;
    hb_font_t *font; /* immutable; its scale is 1000, so that positions are thousandths of the size, as in a PDF */
    char name[64];   /* PostScript name */
    unsigned glyph_count;
    int ascent, descent, cap_height, bounds[4]; /* thousandths */
    bool bold;       /* its strokes are bold already */
};

struct doc_fonts {
    struct doc_face faces[PDF_MAX_FACES]; /* .face is NULL for an optional one that is not installed */
    int count;
};

enum { PDF_NO_FACE = -1 };

/* The face to show `code_point` in, or PDF_NO_FACE. */
int doc_fonts_face_for(const struct doc_fonts *fonts, enum pdf_family family, bool bold, uint32_t code_point);
/* The first face of a style, which has U+FFFD. */
int doc_fonts_first(enum pdf_family family, bool bold);

/* What a document uses of a face. A code stands for a glyph and the text it shows, so that a glyph which shows
 * different texts (a dotless letter, a blank) still extracts correctly; codes are given out in order of first use. */
struct pdf_code {
    uint32_t glyph;
    uint32_t next; /* another code of the same glyph; 0 ends */
    uint8_t length;
    uint32_t text[4];
};
enum { PDF_CODE_TEXT = 4 };

struct pdf_face_use {
    struct pdf_code *codes; /* codes[0] unused */
    uint32_t count, capacity;
    uint16_t *code_of_glyph; /* head of the chain; NULL until the face is used */
    int object;
};

/* The code for a glyph that shows `length` (1 to PDF_CODE_TEXT) code points. 0 after a failure. */
uint16_t pdf_code_for(struct pdf *pdf, int face, uint32_t glyph, const uint32_t *text, size_t length);
/* Subsets and writes all used faces; appends «/Fn object» pairs to `resources`. */
void pdf_write_fonts(struct pdf *pdf, struct buf *resources);

/* ---- A content stream being written, and the graphics state that it is known to have. ---- */

struct pdf_content {
    struct buf bytes;
    double height;
    bool fill_known;
    struct pdf_color fill;
    int face; /* PDF_NO_FACE: unknown */
    double size;
    bool tracking_known;
    double tracking;
};

/* ---- Structure. ---- */

enum pdf_kid_kind { KID_ELEMENT, KID_MARK, KID_ANNOTATION };

struct pdf_kid {
    enum pdf_kid_kind kind;
    uint32_t index;
    uint32_t next; /* 0 ends */
};

struct pdf_element {
    enum pdf_tag tag;
    uint32_t parent;           /* the first element is its own parent */
    uint32_t first, last;      /* kids, 0 is none */
    struct str attributes;     /* ready to write */
};

struct pdf_mark_entry {
    uint32_t element;
    uint32_t page;
};

struct pdf_annotation {
    int page;
    double x1, y1, x2, y2; /* as the file has them: from the lower left */
    struct str uri;        /* or empty: */
    int target;
    struct str description;
    uint32_t element;
    int object;
};

struct pdf_bookmark_entry {
    int level;
    int page;
    double y; /* from the lower left */
    struct str title;
};

struct pdf_page {
    int object;
    double width, height;
    uint32_t first_mark, mark_count;
};

enum pdf_marking { MARKING_NONE, MARKING_ELEMENT, MARKING_ARTIFACT, MARKING_FORM };

/* ---- The document. ---- */

enum pdf_place { PLACE_NOWHERE, PLACE_FILE, PLACE_STREAM };

struct pdf_object {
    enum pdf_place place;
    uint32_t where; /* offset in the file, or number of the object stream */
    uint32_t index; /* in the object stream */
};

struct pdf_scratch; /* of the text code: shaping buffer and working arrays */

struct pdf {
    const struct doc_fonts *fonts;
    struct pdf_info info;
    struct arena *arena;
    enum err err;
    struct fault fault;
    bool finished;

    struct buf file;
    struct buf packed; /* of the stream being written */
    z_stream deflate;
    struct pdf_object *objects;
    uint32_t object_count, object_capacity;
    struct buf small, small_index; /* object stream being filled, its head */
    int small_count, small_object;

    struct pdf_page *pages;
    uint32_t page_count, page_capacity; /* with those only referred to */
    int pages_begun;
    int current_page; /* -1 between pages */

    struct pdf_content page, form;
    struct pdf_content *now; /* where drawing goes; NULL between */
    int *forms;
    uint32_t form_count, form_capacity;
    double form_width; /* of the form being written */
    struct buf path;   /* of the path being drawn: its colour is known at its end, but must be written before it */

    enum pdf_marking marking;
    struct pdf_element *elements;
    uint32_t element_count, element_capacity;
    struct pdf_kid *kids; /* kids[0] unused */
    uint32_t kid_count, kid_capacity;
    struct pdf_mark_entry *marks;
    uint32_t mark_count, mark_capacity;
    uint32_t open[PDF_MAX_DEPTH];
    int depth;
    struct pdf_annotation *annotations;
    uint32_t annotation_count, annotation_capacity;
    struct pdf_bookmark_entry *bookmarks;
    uint32_t bookmark_count, bookmark_capacity;

    struct pdf_face_use uses[PDF_MAX_FACES];
    struct pdf_scratch *scratch;
    int catalog, page_tree, resources; /* object numbers */
};

/* Room for one more of `size` bytes in an array of the document's arena. False, and the document fails, past `max`. */
bool pdf_grow(struct pdf *pdf, void **array, uint32_t count, uint32_t *capacity, size_t size, uint32_t max);
#define PDF_ROOM(pdf, array, max)                                                                                    \
    pdf_grow((pdf), (void **)&(pdf)->array##s, (pdf)->array##_count, &(pdf)->array##_capacity,                       \
             sizeof *(pdf)->array##s, (max))

/* Objects. A new number; then exactly one of the two writes it. */
int pdf_object_new(struct pdf *pdf);
void pdf_write_small(struct pdf *pdf, int object, struct str text);
/* `dictionary` without << >>; /Length and, unless `plain`, /Filter are added. */
void pdf_write_stream(struct pdf *pdf, int object, struct str dictionary, struct str bytes, bool plain);
/* The object of a page, also of one not begun yet. */
int pdf_page_object(struct pdf *pdf, int page);

/* Syntax. Numbers have at most two decimals, whatever the locale. */
void pdf_put_number(struct buf *buf, double value);
void pdf_put_numbers(struct buf *buf, const double *values, size_t count, const char *operator);
void pdf_put_hex16(struct buf *buf, uint32_t unit);
void pdf_put_utf16(struct buf *buf, uint32_t code_point);
/* A text string: UTF-16BE in hexadecimal. */
void pdf_put_text(struct buf *buf, struct str text);
/* «12 0 R» */
void pdf_put_reference(struct buf *buf, int object);

/* The content stream to draw in, or NULL when the document has failed. */
struct pdf_content *pdf_drawing(struct pdf *pdf);
void pdf_set_fill(struct pdf_content *content, struct pdf_color color);
/* A state of which nothing is known, for a form or after a restore. */
void pdf_content_unknown(struct pdf_content *content);

/* Writes the structure tree, parent tree, annotations and outline; appends their entries to the catalog. */
void pdf_write_structure(struct pdf *pdf, struct buf *catalog);
/* Gives annotations their objects and writes «/Annots[…]» for a page. */
void pdf_write_page_annotations(struct pdf *pdf, int page, struct buf *out);

void pdf_scratch_free(struct pdf *pdf);

#endif
