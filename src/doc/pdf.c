/* The PDF file: objects, object streams, cross-reference stream, catalog and metadata. Content, structure, text and
 * fonts have files of their own. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "doc/pdf_inner.h"

/* ---- Life. ---- */

struct pdf *pdf_new(const struct doc_fonts *fonts, const struct pdf_info *info)
{
    struct arena *arena = arena_new();
    struct pdf *pdf = ARENA_NEW(arena, struct pdf);
    pdf->arena = arena;
    pdf->fonts = fonts;
    pdf->info = *info;
    pdf->file = buf_new(LIMIT_PDF_BYTES);
    pdf->packed = buf_new(LIMIT_PDF_BYTES);
    pdf->small = buf_new(LIMIT_PDF_BYTES);
    pdf->small_index = buf_new(LIMIT_PDF_BYTES);
    pdf->page.bytes = buf_new(PDF_MAX_CONTENT);
    pdf->form.bytes = buf_new(PDF_MAX_CONTENT);
    pdf->path = buf_new(PDF_MAX_CONTENT);
    pdf->current_page = -1;
    pdf->kid_count = 1;
    pdf->object_count = 1;
    if (deflateInit(&pdf->deflate, Z_DEFAULT_COMPRESSION) != Z_OK)
        abort(); /* only for lack of memory */
    if (fonts == NULL)
        pdf_fail(pdf, ERR_BUG, "pdf: no fonts");
    if (!utf8_valid(info->title) || !utf8_valid(info->language) || !utf8_valid(info->author))
        pdf_fail(pdf, ERR_INPUT, "pdf: title, language or author is not UTF-8");
    if (str_empty(info->language) || str_empty(info->title))
        pdf_fail(pdf, ERR_INPUT, "pdf: PDF/UA needs a title and a language");
    pdf->catalog = pdf_object_new(pdf);
    pdf->page_tree = pdf_object_new(pdf);
    pdf->resources = pdf_object_new(pdf);
    buf_c(&pdf->file, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    return pdf;
}

void pdf_free(struct pdf **pdf)
{
    if (*pdf == NULL)
        return;
    struct pdf *p = *pdf;
    deflateEnd(&p->deflate);
    buf_free(&p->file);
    buf_free(&p->packed);
    buf_free(&p->small);
    buf_free(&p->small_index);
    buf_free(&p->page.bytes);
    buf_free(&p->form.bytes);
    buf_free(&p->path);
    pdf_scratch_free(p);
    for (int i = 0; i < PDF_MAX_FACES; i++)
        free(p->uses[i].code_of_glyph);
    struct arena *arena = p->arena; /* the document itself lives in it */
    arena_free(&arena);
    *pdf = NULL;
}

void pdf_fail(struct pdf *pdf, enum err err, const char *format, ...)
{
    if (pdf->err != OK)
        return;
    pdf->err = err;
    pdf->fault.err = err;
    va_list list;
    va_start(list, format);
    (void)vsnprintf(pdf->fault.text, sizeof pdf->fault.text, format, list);
    va_end(list);
}

bool pdf_failed(const struct pdf *pdf)
{
    return pdf->err != OK;
}

bool pdf_grow(struct pdf *pdf, void **array, uint32_t count, uint32_t *capacity, size_t size, uint32_t max)
{
    if (count < *capacity)
        return true;
    if (count >= max) {
        pdf_fail(pdf, ERR_LIMIT, "pdf: more than %" PRIu32 " of a kind", max);
        return false;
    }
    uint32_t wanted = *capacity == 0 ? 64 : *capacity * 2;
    if (wanted > max)
        wanted = max;
    void *larger = arena_array(pdf->arena, wanted, size);
    if (*array != NULL)
        memcpy(larger, *array, count * size);
    *array = larger;
    *capacity = wanted;
    return true;
}

/* ---- Syntax. ---- */

void pdf_put_number(struct buf *buf, double value)
{
    /* Nothing on a page is a million points away; what is not a number would break the file. */
    double bounded = value > -1e6 && value < 1e6 ? value : 0;
    long hundredths = (long)(bounded * 100 + (bounded < 0 ? -0.5 : 0.5));
    char text[24];
    char *end = text + sizeof text, *p = end;
    bool negative = hundredths < 0;
    unsigned long left = (unsigned long)(negative ? -hundredths : hundredths);
    unsigned long fraction = left % 100;
    left /= 100;
    if (fraction % 10 != 0)
        *--p = (char)('0' + fraction % 10);
    if (fraction != 0) {
        *--p = (char)('0' + fraction / 10);
        *--p = '.';
    }
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    if (negative)
        *--p = '-';
    buf_put(buf, p, (size_t)(end - p));
}

void pdf_put_numbers(struct buf *buf, const double *values, size_t count, const char *operator)
{
    for (size_t i = 0; i < count; i++) {
        pdf_put_number(buf, values[i]);
        buf_char(buf, ' ');
    }
    buf_c(buf, operator);
    buf_char(buf, '\n');
}

void pdf_put_hex16(struct buf *buf, uint32_t unit)
{
    static const char digits[] = "0123456789ABCDEF";
    const char text[4] = {digits[unit >> 12 & 15], digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15]};
    buf_put(buf, text, sizeof text);
}

void pdf_put_utf16(struct buf *buf, uint32_t code_point)
{
    if (code_point > 0xFFFF) {
        uint32_t rest = code_point - 0x10000;
        pdf_put_hex16(buf, 0xD800 + (rest >> 10));
        pdf_put_hex16(buf, 0xDC00 + (rest & 0x3FF));
    } else {
        pdf_put_hex16(buf, code_point);
    }
}

void pdf_put_text(struct buf *buf, struct str text)
{
    buf_c(buf, "<FEFF");
    for (size_t at = 0; at < text.n;)
        pdf_put_utf16(buf, utf8_next(text, &at));
    buf_char(buf, '>');
}

void pdf_put_reference(struct buf *buf, int object)
{
    buf_int(buf, object);
    buf_c(buf, " 0 R");
}

/* ---- Objects. ---- */

int pdf_object_new(struct pdf *pdf)
{
    if (!PDF_ROOM(pdf, object, PDF_MAX_OBJECTS))
        return 0;
    pdf->objects[pdf->object_count] = (struct pdf_object){.place = PLACE_NOWHERE};
    return (int)pdf->object_count++;
}

static void place_object(struct pdf *pdf, int object, struct pdf_object place)
{
    assert(pdf->objects[object].place == PLACE_NOWHERE && "an object is written once");
    pdf->objects[object] = place;
}

/* Compresses into pdf->packed. One deflate state serves all streams: making one costs more than a page. */
static void pack(struct pdf *pdf, struct str bytes)
{
    unsigned char chunk[16 * 1024];
    buf_clear(&pdf->packed);
    z_stream *z = &pdf->deflate;
    deflateReset(z);
    z->next_in = (const Bytef *)bytes.p;
    z->avail_in = (uInt)bytes.n;
    int status;
    do {
        z->next_out = chunk;
        z->avail_out = sizeof chunk;
        status = deflate(z, Z_FINISH);
        buf_put(&pdf->packed, chunk, sizeof chunk - z->avail_out);
    } while (status == Z_OK || (status == Z_BUF_ERROR && z->avail_out == 0));
    assert(status == Z_STREAM_END);
    if (pdf->packed.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: a stream is too long");
}

void pdf_write_stream(struct pdf *pdf, int object, struct str dictionary, struct str bytes, bool plain)
{
    if (pdf_failed(pdf))
        return;
    if (!plain)
        pack(pdf, bytes);
    struct str data = plain ? bytes : buf_view(&pdf->packed);
    place_object(pdf, object, (struct pdf_object){.place = PLACE_FILE, .where = (uint32_t)pdf->file.n});
    buf_format(&pdf->file, "%d 0 obj\n<<%.*s%s/Length %zu>>\nstream\n", object, STR_ARG(dictionary),
               plain ? "" : "/Filter/FlateDecode", data.n);
    buf_str(&pdf->file, data);
    buf_c(&pdf->file, "\nendstream\nendobj\n");
}

static void flush_small(struct pdf *pdf)
{
    if (pdf->small_count == 0 || pdf_failed(pdf))
        return;
    size_t first = pdf->small_index.n;
    buf_str(&pdf->small_index, buf_view(&pdf->small));
    if (pdf->small_index.overflowed) {
        pdf_fail(pdf, ERR_LIMIT, "pdf: an object is too long");
        return;
    }
    struct str dictionary =
        str_format(pdf->arena, "/Type/ObjStm/N %d/First %zu", pdf->small_count, first);
    int object = pdf->small_object;
    pdf->small_count = 0;
    pdf_write_stream(pdf, object, dictionary, buf_view(&pdf->small_index), false);
    buf_clear(&pdf->small);
    buf_clear(&pdf->small_index);
}

void pdf_write_small(struct pdf *pdf, int object, struct str text)
{
    if (pdf_failed(pdf))
        return;
    if (pdf->small_count == 0)
        pdf->small_object = pdf_object_new(pdf);
    if (pdf_failed(pdf))
        return;
    place_object(pdf, object,
                 (struct pdf_object){.place = PLACE_STREAM,
                                     .where = (uint32_t)pdf->small_object,
                                     .index = (uint32_t)pdf->small_count});
    buf_int(&pdf->small_index, object);
    buf_char(&pdf->small_index, ' ');
    buf_int(&pdf->small_index, (int64_t)pdf->small.n);
    buf_char(&pdf->small_index, ' ');
    buf_str(&pdf->small, text);
    buf_char(&pdf->small, '\n');
    if (pdf->small.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: an object is too long");
    if (++pdf->small_count == PDF_OBJECTS_A_STREAM)
        flush_small(pdf);
}

/* ---- The end of the file. ---- */

static void write_resources(struct pdf *pdf)
{
    struct buf text = buf_new(64 * 1024);
    buf_c(&text, "<</Font<<");
    pdf_write_fonts(pdf, &text);
    buf_c(&text, ">>/XObject<<");
    for (uint32_t i = 0; i < pdf->form_count; i++)
        buf_format(&text, "/X%u %d 0 R", i, pdf->forms[i]);
    buf_c(&text, ">>>>");
    pdf_write_small(pdf, pdf->resources, buf_view(&text));
    buf_free(&text);
}

static void write_pages(struct pdf *pdf)
{
    if (pdf->page_count != (uint32_t)pdf->pages_begun || pdf->pages_begun == 0)
        pdf_fail(pdf, ERR_BUG, "pdf: no page, or a link to a page that is not there");
    struct buf text = buf_new(LIMIT_PDF_BYTES);
    buf_format(&text, "<</Type/Pages/Count %d/Kids[", pdf->pages_begun);
    for (uint32_t i = 0; i < pdf->page_count; i++) {
        pdf_put_reference(&text, pdf->pages[i].object);
        buf_char(&text, ' ');
    }
    buf_c(&text, "]>>");
    pdf_write_small(pdf, pdf->page_tree, buf_view(&text));
    buf_free(&text);
}

/* «2026-11-23T15:00:00Z» or, as PDF dates have it, «D:20261123150000Z». */
static struct str timestamp(struct pdf *pdf, const char *format)
{
    instant at = pdf->info.created;
    instant day = at >= 0 ? at / SECONDS_A_DAY : -((SECONDS_A_DAY - 1 - at) / SECONDS_A_DAY);
    int second = (int)(at - day * SECONDS_A_DAY);
    struct date date = date_of((day_number)day);
    return str_format(pdf->arena, format, date.year, date.month, date.day, second / 3600, second / 60 % 60,
                      second % 60);
}

static const char xmp_head[] =
    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
    "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
    "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
    "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
    "<pdfuaid:part>1</pdfuaid:part>\n<pdf:Producer>guichet</pdf:Producer>\n";

/* XML has no control characters, escaped or not; a title needs none. */
static void put_xml(struct buf *out, struct str text)
{
    for (size_t at = 0, from = 0; at < text.n; from = at) {
        uint32_t c = utf8_next(text, &at);
        if (c >= 0x20 && c != 0xFFFE && c != 0xFFFF)
            buf_html(out, str_sub(text, from, at - from));
    }
}

static int write_metadata(struct pdf *pdf)
{
    struct buf xmp = buf_new(64 * 1024);
    buf_c(&xmp, xmp_head);
    buf_c(&xmp, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    put_xml(&xmp, pdf->info.title);
    buf_c(&xmp, "</rdf:li></rdf:Alt></dc:title>\n");
    if (!str_empty(pdf->info.author)) {
        buf_c(&xmp, "<dc:creator><rdf:Seq><rdf:li>");
        put_xml(&xmp, pdf->info.author);
        buf_c(&xmp, "</rdf:li></rdf:Seq></dc:creator>\n");
    }
    if (pdf->info.created != 0) {
        struct str iso = timestamp(pdf, "%04d-%02d-%02dT%02d:%02d:%02dZ");
        buf_format(&xmp, "<xmp:CreateDate>%.*s</xmp:CreateDate>\n<xmp:ModifyDate>%.*s</xmp:ModifyDate>\n",
                   STR_ARG(iso), STR_ARG(iso));
    }
    buf_c(&xmp, "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>");
    int object = pdf_object_new(pdf);
    pdf_write_stream(pdf, object, S("/Type/Metadata/Subtype/XML"), buf_view(&xmp), true);
    buf_free(&xmp);
    return object;
}

static int write_information(struct pdf *pdf)
{
    struct buf text = buf_new(64 * 1024);
    buf_c(&text, "<</Producer(guichet)/Title");
    pdf_put_text(&text, pdf->info.title);
    if (!str_empty(pdf->info.author)) {
        buf_c(&text, "/Author");
        pdf_put_text(&text, pdf->info.author);
    }
    if (pdf->info.created != 0) {
        struct str at = timestamp(pdf, "D:%04d%02d%02d%02d%02d%02dZ");
        buf_format(&text, "/CreationDate(%.*s)/ModDate(%.*s)", STR_ARG(at), STR_ARG(at));
    }
    buf_c(&text, ">>");
    int object = pdf_object_new(pdf);
    pdf_write_small(pdf, object, buf_view(&text));
    buf_free(&text);
    return object;
}

static void write_catalog(struct pdf *pdf)
{
    struct buf text = buf_new(64 * 1024);
    buf_format(&text, "<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang", pdf->page_tree, write_metadata(pdf));
    pdf_put_text(&text, pdf->info.language);
    buf_c(&text, "/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>");
    pdf_write_structure(pdf, &text);
    buf_c(&text, ">>");
    pdf_write_small(pdf, pdf->catalog, buf_view(&text));
    buf_free(&text);
}

/* One row of the cross-reference stream: a type byte, four bytes and two bytes, big end first. */
enum { XREF_ROW = 7 };

static void xref_row(const struct pdf_object *object, uint32_t number, unsigned char row[XREF_ROW])
{
    uint32_t wide = object->where, narrow = object->index;
    unsigned char type = object->place == PLACE_FILE ? 1 : object->place == PLACE_STREAM ? 2 : 0;
    if (number == 0)
        narrow = 65535;
    row[0] = type;
    row[1] = (unsigned char)(wide >> 24);
    row[2] = (unsigned char)(wide >> 16);
    row[3] = (unsigned char)(wide >> 8);
    row[4] = (unsigned char)wide;
    row[5] = (unsigned char)(narrow >> 8);
    row[6] = (unsigned char)narrow;
}

/* The file's identifier comes from its content, so that the same document has the same one. */
static void put_identifier(struct buf *out, struct str content)
{
    uint32_t words[4] = {(uint32_t)crc32(0, (const Bytef *)content.p, (uInt)content.n),
                         (uint32_t)adler32(1, (const Bytef *)content.p, (uInt)content.n), 0, (uint32_t)content.n};
    words[2] = (uint32_t)crc32(words[1], (const Bytef *)content.p, (uInt)content.n);
    buf_format(out, "%08" PRIX32 "%08" PRIX32 "%08" PRIX32 "%08" PRIX32, words[0], words[1], words[2], words[3]);
}

static void write_xref(struct pdf *pdf, int information)
{
    int object = pdf_object_new(pdf);
    if (pdf_failed(pdf))
        return;
    size_t offset = pdf->file.n;
    pdf->objects[object] = (struct pdf_object){.place = PLACE_FILE, .where = (uint32_t)offset};
    struct buf rows = buf_new(PDF_MAX_OBJECTS * (XREF_ROW + 1));
    unsigned char before[XREF_ROW] = {0}, row[XREF_ROW];
    for (uint32_t i = 0; i < pdf->object_count; i++) {
        /* Predictor «up»: each byte less the one above; rows of an object stream become all but equal. */
        unsigned char coded[XREF_ROW + 1] = {2};
        xref_row(&pdf->objects[i], i, row);
        for (int k = 0; k < XREF_ROW; k++)
            coded[k + 1] = (unsigned char)(row[k] - before[k]);
        memcpy(before, row, sizeof row);
        buf_put(&rows, coded, sizeof coded);
    }
    struct buf identifier = buf_new(64);
    put_identifier(&identifier, buf_view(&pdf->file));
    struct str id = buf_view(&identifier);
    struct str dictionary = str_format(
        pdf->arena,
        "/Type/XRef/Size %" PRIu32 "/W[1 4 2]/DecodeParms<</Predictor 12/Columns %d>>/Root %d 0 R/Info %d 0 R"
        "/ID[<%.*s><%.*s>]", pdf->object_count, XREF_ROW, pdf->catalog, information, STR_ARG(id), STR_ARG(id));
    pdf->objects[object].place = PLACE_NOWHERE; /* written now */
    pdf_write_stream(pdf, object, dictionary, buf_view(&rows), false);
    buf_format(&pdf->file, "startxref\n%zu\n%%%%EOF\n", offset);
    buf_free(&identifier);
    buf_free(&rows);
}

enum err pdf_finish(struct pdf *pdf, struct buf *out, struct fault *fault)
{
    assert(!pdf->finished && "a document is finished once");
    pdf->finished = true;
    if (!pdf_failed(pdf))
        write_resources(pdf);
    if (!pdf_failed(pdf))
        write_catalog(pdf);
    if (!pdf_failed(pdf))
        write_pages(pdf);
    int information = pdf_failed(pdf) ? 0 : write_information(pdf);
    flush_small(pdf);
    write_xref(pdf, information);
    if (!pdf_failed(pdf) && (pdf->file.overflowed || pdf->file.n > out->max - out->n))
        pdf_fail(pdf, ERR_LIMIT, "pdf: the document is too long");
    if (pdf_failed(pdf)) {
        if (fault != NULL)
            *fault = pdf->fault;
        return pdf->err;
    }
    buf_str(out, buf_view(&pdf->file));
    return OK;
}
