/* Fonts: the process's faces, what a document uses of them, and their subsets in the file.
 *
 * A font goes into the file as Type0 with two-byte codes of our own. Code to glyph is /CIDToGIDMap, code to text is
 * /ToUnicode; so a subset may renumber its glyphs, which keeps a few characters of a 45 000 glyph CJK face small. */
#include <stdio.h>
#include <stdlib.h>

#include <hb-ot.h>
#include <hb-subset.h>

#include "doc/pdf_inner.h"

enum face_index {
    FACE_SANS, FACE_SANS_BOLD, FACE_SERIF, FACE_SERIF_BOLD, FACE_ARABIC, FACE_ARABIC_BOLD, FACE_CJK, FACE_FIRST_OPTIONAL
};

static const struct face_file {
    const char *folder, *file;
    bool bold;
} face_files[] = {
    [FACE_SANS] = {"noto", "NotoSans-Regular.ttf", false},
    [FACE_SANS_BOLD] = {"noto", "NotoSans-Bold.ttf", true},
    [FACE_SERIF] = {"noto", "NotoSerif-Regular.ttf", false},
    [FACE_SERIF_BOLD] = {"noto", "NotoSerif-Bold.ttf", true},
    [FACE_ARABIC] = {"noto", "NotoNaskhArabic-Regular.ttf", false},
    [FACE_ARABIC_BOLD] = {"noto", "NotoNaskhArabic-Bold.ttf", true},
    [FACE_CJK] = {"droid", "DroidSansFallbackFull.ttf", false},
    {"nanum", "NanumGothic.ttf", false}, /* Hangul, which the CJK face lacks; package fonts-nanum */
    {"noto", "NotoSansHebrew-Regular.ttf", false},
    {"noto", "NotoSansThai-Regular.ttf", false},
    {"noto", "NotoSansDevanagari-Regular.ttf", false},
    {"noto", "NotoSansArmenian-Regular.ttf", false},
    {"noto", "NotoSansGeorgian-Regular.ttf", false},
    {"noto", "NotoSansBengali-Regular.ttf", false},
    {"noto", "NotoSansTamil-Regular.ttf", false},
    {"noto", "NotoSansEthiopic-Regular.ttf", false},
    {"noto", "NotoSansKhmer-Regular.ttf", false},
    {"noto", "NotoSansSymbols-Regular.ttf", false},
};
enum { FACE_COUNT = sizeof face_files / sizeof *face_files };
_Static_assert((int)FACE_COUNT <= (int)PDF_MAX_FACES, "the table of faces fits");

/* ---- Opening. ---- */

static int table_int16(const unsigned char *table, unsigned offset)
{
    return (int16_t)(table[offset] << 8 | table[offset + 1]);
}

static bool read_metrics(struct doc_face *face)
{
    enum { HEAD_BOUNDS = 36, HEAD_LENGTH = 54 };
    hb_blob_t *blob = hb_face_reference_table(face->face, HB_TAG('h', 'e', 'a', 'd'));
    unsigned length;
    const unsigned char *head = (const unsigned char *)hb_blob_get_data(blob, &length);
    bool good = length >= HEAD_LENGTH;
    int per_em = (int)hb_face_get_upem(face->face);
    for (unsigned i = 0; good && i < 4; i++)
        face->bounds[i] = table_int16(head, HEAD_BOUNDS + 2 * i) * 1000 / per_em;
    hb_blob_destroy(blob);

    hb_font_extents_t extents;
    hb_font_get_h_extents(face->font, &extents);
    face->ascent = extents.ascender;
    face->descent = extents.descender;
    hb_position_t cap;
    face->cap_height = hb_ot_metrics_get_position(face->font, HB_OT_METRICS_TAG_CAP_HEIGHT, &cap) ? cap : 700;
    return good;
}

static void read_name(struct doc_face *face, const char *fallback)
{
    unsigned size = sizeof face->name;
    hb_ot_name_get_utf8(face->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, HB_LANGUAGE_INVALID, &size, face->name);
    if (face->name[0] == '\0')
        (void)snprintf(face->name, sizeof face->name, "%s", fallback);
    /* A name of the file's syntax: letters, digits and the hyphen. */
    size_t kept = 0;
    for (const char *p = face->name; *p != '\0'; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '-')
            face->name[kept++] = *p;
    face->name[kept] = '\0';
}

/* False when the file is not there or is not a TrueType font with outlines that we can subset. */
static bool open_face(const char *path, const struct face_file *file, struct doc_face *face)
{
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
    if (blob == NULL)
        return false;
    face->face = hb_face_create(blob, 0);
    hb_blob_destroy(blob);
    hb_blob_t *outlines = hb_face_reference_table(face->face, HB_TAG('g', 'l', 'y', 'f'));
    bool good = hb_blob_get_length(outlines) > 0;
    hb_blob_destroy(outlines);
    if (good) {
        face->glyph_count = hb_face_get_glyph_count(face->face);
        face->font = hb_font_create(face->face);
        hb_font_set_scale(face->font, 1000, 1000);
        good = read_metrics(face);
    }
    if (!good) {
        hb_font_destroy(face->font);
        hb_face_destroy(face->face);
        *face = (struct doc_face){0};
        return false;
    }
    read_name(face, file->file);
    face->bold = file->bold;
    hb_face_make_immutable(face->face);
    hb_font_make_immutable(face->font);
    return true;
}

enum err doc_fonts_open(const char *directory, struct doc_fonts **ret_fonts, struct fault *fault)
{
    const char *root = directory != NULL ? directory : "/usr/share/fonts/truetype";
    struct doc_fonts *fonts = calloc(1, sizeof *fonts);
    if (fonts == NULL)
        abort();
    fonts->count = FACE_COUNT;
    for (int i = 0; i < FACE_COUNT; i++) {
        const struct face_file *file = &face_files[i];
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s/%s", root, file->folder, file->file);
        if (open_face(path, file, &fonts->faces[i]))
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", root, file->file);
        if (open_face(path, file, &fonts->faces[i]) || i >= FACE_FIRST_OPTIONAL)
            continue;
        doc_fonts_free(&fonts);
        return fault_set(fault, ERR_IO, "fonts: no %s in %s (packages fonts-noto-core, fonts-droid-fallback)",
                         file->file, root);
    }
    *ret_fonts = fonts;
    return OK;
}

void doc_fonts_free(struct doc_fonts **fonts)
{
    if (*fonts == NULL)
        return;
    for (int i = 0; i < (*fonts)->count; i++) {
        hb_font_destroy((*fonts)->faces[i].font);
        hb_face_destroy((*fonts)->faces[i].face);
    }
    free(*fonts);
    *fonts = NULL;
}

/* ---- Choosing. ---- */

int doc_fonts_first(enum pdf_family family, bool bold)
{
    return (family == PDF_SERIF ? FACE_SERIF : FACE_SANS) + (bold ? 1 : 0);
}

static bool shows(const struct doc_fonts *fonts, int face, uint32_t code_point)
{
    hb_codepoint_t glyph;
    return fonts->faces[face].font != NULL &&
           hb_font_get_nominal_glyph(fonts->faces[face].font, code_point, &glyph) != 0 && glyph != 0;
}

int doc_fonts_face_for(const struct doc_fonts *fonts, enum pdf_family family, bool bold, uint32_t code_point)
{
    int first = doc_fonts_first(family, bold);
    if (shows(fonts, first, code_point))
        return first;
    const int others[] = {doc_fonts_first(PDF_SANS, bold), FACE_ARABIC + (bold ? 1 : 0), FACE_CJK};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (shows(fonts, others[i], code_point))
            return others[i];
    for (int i = FACE_FIRST_OPTIONAL; i < fonts->count; i++)
        if (shows(fonts, i, code_point))
            return i;
    return PDF_NO_FACE;
}

/* ---- Codes. ---- */

static bool use_face(struct pdf *pdf, int face)
{
    struct pdf_face_use *use = &pdf->uses[face];
    if (use->code_of_glyph != NULL)
        return true;
    use->object = pdf_object_new(pdf);
    use->count = 1;
    /* Zeroed by the system page by page as it is touched: a face of 45 000 glyphs costs what is used of it. */
    use->code_of_glyph = calloc(pdf->fonts->faces[face].glyph_count, sizeof *use->code_of_glyph);
    if (use->code_of_glyph == NULL)
        abort();
    return !pdf_failed(pdf);
}

uint16_t pdf_code_for(struct pdf *pdf, int face, uint32_t glyph, const uint32_t *text, size_t length)
{
    assert(length >= 1 && length <= PDF_CODE_TEXT);
    if (!use_face(pdf, face) || glyph >= pdf->fonts->faces[face].glyph_count)
        return 0;
    struct pdf_face_use *use = &pdf->uses[face];
    uint16_t head = use->code_of_glyph[glyph];
    for (uint32_t code = head; code != 0; code = use->codes[code].next)
        if (use->codes[code].length == length && memcmp(use->codes[code].text, text, length * sizeof *text) == 0)
            return (uint16_t)code;
    if (!pdf_grow(pdf, (void **)&use->codes, use->count, &use->capacity, sizeof *use->codes, PDF_MAX_CODES))
        return 0;
    uint32_t code = use->count++;
    use->codes[code] = (struct pdf_code){.glyph = glyph, .next = head, .length = (uint8_t)length};
    memcpy(use->codes[code].text, text, length * sizeof *text);
    use->code_of_glyph[glyph] = (uint16_t)code;
    return (uint16_t)code;
}

/* ---- Subsets. ---- */

static void drop_tables(hb_subset_input_t *input)
{
    /* A PDF reader takes glyphs by number: it needs outlines and widths, no names, no layout, no character map. */
    static const hb_tag_t tables[] = {
        HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'), HB_TAG('k', 'e', 'r', 'n'),
        HB_TAG('n', 'a', 'm', 'e'), HB_TAG('p', 'o', 's', 't'), HB_TAG('O', 'S', '/', '2'), HB_TAG('c', 'm', 'a', 'p'),
        HB_TAG('D', 'S', 'I', 'G'), HB_TAG('g', 'a', 's', 'p'), HB_TAG('F', 'F', 'T', 'M'), HB_TAG('S', 'T', 'A', 'T'),
        HB_TAG('M', 'A', 'T', 'H'), HB_TAG('m', 'e', 't', 'a'), HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'),
        HB_TAG('V', 'O', 'R', 'G'), HB_TAG('B', 'A', 'S', 'E'), HB_TAG('J', 'S', 'T', 'F'), HB_TAG('P', 'C', 'L', 'T'),
        HB_TAG('h', 'd', 'm', 'x'), HB_TAG('L', 'T', 'S', 'H'), HB_TAG('V', 'D', 'M', 'X'), HB_TAG('m', 'o', 'r', 'x')};
    hb_set_t *drop = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        hb_set_add(drop, tables[i]);
}

/* Writes the outlines and the map from codes to the subset's glyphs. */
static bool write_subset(struct pdf *pdf, const struct doc_face *face, const struct pdf_face_use *use, int file_object,
                         int map_object, uint32_t *ret_checksum)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (input == NULL)
        abort();
    for (uint32_t code = 1; code < use->count; code++)
        hb_set_add(hb_subset_input_glyph_set(input), use->codes[code].glyph);
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
    drop_tables(input);
    hb_subset_plan_t *plan = hb_subset_plan_create_or_fail(face->face, input);
    hb_face_t *subset = plan == NULL ? NULL : hb_subset_plan_execute_or_fail(plan);
    if (subset != NULL) {
        hb_blob_t *blob = hb_face_reference_blob(subset);
        unsigned length;
        const char *bytes = hb_blob_get_data(blob, &length);
        *ret_checksum = (uint32_t)crc32(0, (const Bytef *)bytes, length);
        pdf_write_stream(pdf, file_object, str_format(pdf->arena, "/Length1 %u", length), (struct str){bytes, length},
                         false);
        hb_blob_destroy(blob);

        unsigned char *map = arena_alloc(pdf->arena, 2 * (size_t)use->count);
        const hb_map_t *new_of_old = hb_subset_plan_old_to_new_glyph_mapping(plan);
        for (uint32_t code = 1; code < use->count; code++) {
            hb_codepoint_t glyph = hb_map_get(new_of_old, use->codes[code].glyph);
            map[2 * code] = (unsigned char)(glyph >> 8);
            map[2 * code + 1] = (unsigned char)glyph;
        }
        pdf_write_stream(pdf, map_object, S(""), (struct str){(const char *)map, 2 * (size_t)use->count}, false);
    }
    hb_face_destroy(subset);
    hb_subset_plan_destroy(plan);
    hb_subset_input_destroy(input);
    return subset != NULL;
}

static const char to_unicode_head[] =
    "/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)"
    "/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
    "1 begincodespacerange<0000><FFFF>endcodespacerange\n";

static void write_to_unicode(struct pdf *pdf, const struct pdf_face_use *use, int object, struct buf *text)
{
    enum { ENTRIES_A_BLOCK = 100 }; /* as the format allows */
    buf_clear(text);
    buf_c(text, to_unicode_head);
    for (uint32_t code = 1; code < use->count;) {
        uint32_t count = use->count - code < ENTRIES_A_BLOCK ? use->count - code : ENTRIES_A_BLOCK;
        buf_format(text, "%u beginbfchar\n", count);
        for (uint32_t end = code + count; code < end; code++) {
            buf_char(text, '<');
            pdf_put_hex16(text, code);
            buf_c(text, "><");
            for (int i = 0; i < use->codes[code].length; i++)
                pdf_put_utf16(text, use->codes[code].text[i]);
            buf_c(text, ">\n");
        }
        buf_c(text, "endbfchar\n");
    }
    buf_c(text, "endcmap CMapName currentdict/CMap defineresource pop end end\n");
    pdf_write_stream(pdf, object, S(""), buf_view(text), false);
}

static void write_descriptor(struct pdf *pdf, const struct doc_face *face, const char *name, int object,
                             int file_object, struct buf *text)
{
    enum { FLAG_SYMBOLIC = 4 };
    buf_clear(text);
    buf_format(text,
               "<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
               "/CapHeight %d/StemV %d/FontFile2 %d 0 R>>",
               name, FLAG_SYMBOLIC, face->bounds[0], face->bounds[1], face->bounds[2], face->bounds[3], face->ascent,
               face->descent, face->cap_height, face->bold ? 140 : 80, file_object);
    pdf_write_small(pdf, object, buf_view(text));
}

static void write_descendant(struct pdf *pdf, const struct doc_face *face, const struct pdf_face_use *use,
                             const char *name, int object, int descriptor, int map_object, struct buf *text)
{
    buf_clear(text);
    buf_format(text,
               "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
               "/Supplement 0>>/CIDToGIDMap %d 0 R/FontDescriptor %d 0 R/W[1[",
               name, map_object, descriptor);
    for (uint32_t code = 1; code < use->count; code++) {
        buf_int(text, hb_font_get_glyph_h_advance(face->font, use->codes[code].glyph));
        buf_char(text, ' ');
    }
    buf_c(text, "]]>>");
    pdf_write_small(pdf, object, buf_view(text));
}

static void write_face(struct pdf *pdf, int index, struct buf *text)
{
    const struct doc_face *face = &pdf->fonts->faces[index];
    const struct pdf_face_use *use = &pdf->uses[index];
    int file = pdf_object_new(pdf), map = pdf_object_new(pdf), to_unicode = pdf_object_new(pdf);
    int descriptor = pdf_object_new(pdf), descendant = pdf_object_new(pdf);
    if (pdf_failed(pdf))
        return;
    uint32_t checksum = 0;
    if (!write_subset(pdf, face, use, file, map, &checksum)) {
        pdf_fail(pdf, ERR_BUG, "pdf: no subset of %s", face->name);
        return;
    }
    char name[80], tag[7] = "AAAAAA";
    for (int i = 0; i < 6; i++, checksum /= 26)
        tag[i] = (char)('A' + checksum % 26);
    (void)snprintf(name, sizeof name, "%s+%s", tag, face->name);
    write_to_unicode(pdf, use, to_unicode, text);
    write_descriptor(pdf, face, name, descriptor, file, text);
    write_descendant(pdf, face, use, name, descendant, descriptor, map, text);
    buf_clear(text);
    buf_format(text,
               "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
               name, descendant, to_unicode);
    pdf_write_small(pdf, use->object, buf_view(text));
}

void pdf_write_fonts(struct pdf *pdf, struct buf *resources)
{
    struct buf text = buf_new(LIMIT_PDF_BYTES);
    for (int i = 0; i < PDF_MAX_FACES && !pdf_failed(pdf); i++) {
        if (pdf->uses[i].code_of_glyph == NULL || pdf->uses[i].count <= 1)
            continue;
        write_face(pdf, i, &text);
        buf_format(resources, "/F%d %d 0 R", i, pdf->uses[i].object);
    }
    if (text.overflowed)
        pdf_fail(pdf, ERR_LIMIT, "pdf: a font is too long");
    buf_free(&text);
}
