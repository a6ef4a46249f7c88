/* Kinds of files by their bytes: see layout_kind.h. */
#include "domain/layout_kind.h"

#include <stdint.h>
#include <string.h>

#include "domain/names.h"

enum { SIDE_LEAST = 16, SIDE_MOST = 20000, PDF_END_WITHIN = 1024 };

static const char *const names[LAYOUT_KINDS] = {"pdf", "png", "jpeg"};

const char *layout_kind_name(enum layout_kind kind)
{
    return names[kind];
}

bool layout_kind_parse(struct str name, enum layout_kind *ret_kind)
{
    int index = 0;
    if (!names_find(names, LAYOUT_KINDS, name, &index))
        return false;
    *ret_kind = (enum layout_kind)index;
    return true;
}

const char *layout_kind_type(enum layout_kind kind)
{
    static const char *const types[LAYOUT_KINDS] = {"application/pdf", "image/png", "image/jpeg"};
    return types[kind];
}

static uint32_t big_endian(struct str bytes, size_t at, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)bytes.p[at + i];
    return value;
}

static bool side_good(uint32_t side)
{
    return side >= SIDE_LEAST && side <= SIDE_MOST;
}

static bool is_pdf(struct str bytes)
{
    if (bytes.n < 64 || !(str_starts(bytes, S("%PDF-1.")) || str_starts(bytes, S("%PDF-2."))))
        return false;
    size_t from = bytes.n > PDF_END_WITHIN ? bytes.n - PDF_END_WITHIN : 0;
    struct str end = str_sub(bytes, from, bytes.n);
    return str_has(end, S("startxref")) && str_ends(str_trim(bytes), S("%%EOF"));
}

/* Walks the chunks: length, name, bytes, sum. */
static bool is_png(struct str bytes)
{
    enum { SIGNATURE = 8, FRAME = 12, HEAD = 13 };
    if (bytes.n < SIGNATURE + FRAME + HEAD || memcmp(bytes.p, "\x89PNG\r\n\x1a\n", SIGNATURE) != 0)
        return false;
    bool first = true;
    for (size_t at = SIGNATURE; bytes.n - at >= FRAME;) {
        uint32_t length = big_endian(bytes, at, 4);
        struct str name = str_sub(bytes, at + 4, 4);
        if (length > bytes.n - at - FRAME)
            return false;
        if (first && (!str_eq(name, S("IHDR")) || length != HEAD || !side_good(big_endian(bytes, at + 8, 4)) ||
                      !side_good(big_endian(bytes, at + 12, 4))))
            return false;
        first = false;
        at += FRAME + length;
        if (str_eq(name, S("IEND")))
            return at == bytes.n;
    }
    return false;
}

/* A start of frame: C0 to CF but for the tables among them. */
static bool is_frame(unsigned char marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Walks the segments up to the picture's data. */
static bool is_jpeg(struct str bytes)
{
    if (bytes.n < 64 || memcmp(bytes.p, "\xFF\xD8\xFF", 3) != 0 || memcmp(bytes.p + bytes.n - 2, "\xFF\xD9", 2) != 0)
        return false;
    bool framed = false;
    for (size_t at = 2; at + 4 <= bytes.n;) {
        unsigned char marker = (unsigned char)bytes.p[at + 1];
        if ((unsigned char)bytes.p[at] != 0xFF)
            return false;
        if (marker == 0xFF) { /* filling */
            at++;
            continue;
        }
        uint32_t length = big_endian(bytes, at + 2, 2);
        if (length < 2 || length > bytes.n - at - 2)
            return false;
        if (marker == 0xDA)
            return framed;
        if (is_frame(marker)) {
            if (length < 8 || !side_good(big_endian(bytes, at + 5, 2)) || !side_good(big_endian(bytes, at + 7, 2)))
                return false;
            framed = true;
        }
        at += 2 + length;
    }
    return false;
}

bool layout_kind_of(struct str bytes, enum layout_kind *ret_kind)
{
    bool (*const looks[LAYOUT_KINDS])(struct str) = {is_pdf, is_png, is_jpeg};
    for (int kind = 0; kind < LAYOUT_KINDS; kind++)
        if (looks[kind](bytes)) {
            *ret_kind = (enum layout_kind)kind;
            return true;
        }
    return false;
}
