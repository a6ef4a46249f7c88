/* Characters: checking and walking UTF-8, and folding text for search. */
#include "base/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

/* Length of the well-formed sequence at `p` (at most `left` bytes), its code point in *ret; 0 when malformed. */
static size_t decode(const unsigned char *p, size_t left, uint32_t *ret_code_point)
{
    unsigned char first = p[0];
    if (first < 0x80) {
        *ret_code_point = first;
        return 1;
    }
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || left < length)
        return 0;
    uint32_t value = first & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3Fu);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *ret_code_point = value;
    return length;
}

bool utf8_valid(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t code_point;
        size_t length = decode((const unsigned char *)s.p + at, s.n - at, &code_point);
        if (length == 0 || code_point == 0)
            return false;
        at += length;
    }
    return true;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    assert(*at < s.n);
    /* Malformed text moves on by one byte, so that a forgotten check can neither hang nor read past the end. */
    uint32_t code_point = REPLACEMENT;
    size_t length = decode((const unsigned char *)s.p + *at, s.n - *at, &code_point);
    *at += length == 0 ? 1 : length;
    return code_point;
}

size_t utf8_length(struct str s)
{
    size_t count = 0;
    for (size_t at = 0; at < s.n; count++)
        (void)utf8_next(s, &at);
    return count;
}

size_t utf8_put(uint32_t code_point, char out[4])
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

/* Latin letters with diacritics and what they are folded to; in rising order, searched by halves. */
struct fold_range {
    uint16_t first, last;
    char to[3];
};

static const struct fold_range fold_ranges[] = {
    {0x00C0, 0x00C5, "a"}, {0x00C6, 0x00C6, "ae"}, {0x00C7, 0x00C7, "c"}, {0x00C8, 0x00CB, "e"},
    {0x00CC, 0x00CF, "i"}, {0x00D0, 0x00D0, "d"}, {0x00D1, 0x00D1, "n"}, {0x00D2, 0x00D6, "o"},
    {0x00D8, 0x00D8, "o"}, {0x00D9, 0x00DC, "u"}, {0x00DD, 0x00DD, "y"}, {0x00DE, 0x00DE, "th"},
    {0x00DF, 0x00DF, "ss"}, {0x00E0, 0x00E5, "a"}, {0x00E6, 0x00E6, "ae"}, {0x00E7, 0x00E7, "c"},
    {0x00E8, 0x00EB, "e"}, {0x00EC, 0x00EF, "i"}, {0x00F0, 0x00F0, "d"}, {0x00F1, 0x00F1, "n"},
    {0x00F2, 0x00F6, "o"}, {0x00F8, 0x00F8, "o"}, {0x00F9, 0x00FC, "u"}, {0x00FD, 0x00FD, "y"},
    {0x00FE, 0x00FE, "th"}, {0x00FF, 0x00FF, "y"}, {0x0100, 0x0105, "a"}, {0x0106, 0x010D, "c"},
    {0x010E, 0x0111, "d"}, {0x0112, 0x011B, "e"}, {0x011C, 0x0123, "g"}, {0x0124, 0x0127, "h"},
    {0x0128, 0x0131, "i"}, {0x0132, 0x0133, "ij"}, {0x0134, 0x0135, "j"}, {0x0136, 0x0138, "k"},
    {0x0139, 0x0142, "l"}, {0x0143, 0x014B, "n"}, {0x014C, 0x0151, "o"}, {0x0152, 0x0153, "oe"},
    {0x0154, 0x0159, "r"}, {0x015A, 0x0161, "s"}, {0x0162, 0x0167, "t"}, {0x0168, 0x0173, "u"},
    {0x0174, 0x0175, "w"}, {0x0176, 0x0178, "y"}, {0x0179, 0x017E, "z"}, {0x017F, 0x017F, "s"},
    {0x01A0, 0x01A1, "o"}, {0x01AF, 0x01B0, "u"}, {0x01CD, 0x01CE, "a"}, {0x01CF, 0x01D0, "i"},
    {0x01D1, 0x01D2, "o"}, {0x01D3, 0x01DC, "u"}, {0x0218, 0x0219, "s"}, {0x021A, 0x021B, "t"},
    {0x0300, 0x036F, ""}, /* combining marks */
    {0x1E00, 0x1E01, "a"}, {0x1E02, 0x1E07, "b"}, {0x1E08, 0x1E09, "c"}, {0x1E0A, 0x1E13, "d"},
    {0x1E14, 0x1E1D, "e"}, {0x1E1E, 0x1E1F, "f"}, {0x1E20, 0x1E21, "g"}, {0x1E22, 0x1E2B, "h"},
    {0x1E2C, 0x1E2F, "i"}, {0x1E30, 0x1E35, "k"}, {0x1E36, 0x1E3D, "l"}, {0x1E3E, 0x1E43, "m"},
    {0x1E44, 0x1E4B, "n"}, {0x1E4C, 0x1E53, "o"}, {0x1E54, 0x1E57, "p"}, {0x1E58, 0x1E5F, "r"},
    {0x1E60, 0x1E69, "s"}, {0x1E6A, 0x1E71, "t"}, {0x1E72, 0x1E7B, "u"}, {0x1E7C, 0x1E7F, "v"},
    {0x1E80, 0x1E89, "w"}, {0x1E8A, 0x1E8D, "x"}, {0x1E8E, 0x1E8F, "y"}, {0x1E90, 0x1E95, "z"},
    {0x1E96, 0x1E96, "h"}, {0x1E97, 0x1E97, "t"}, {0x1E98, 0x1E98, "w"}, {0x1E99, 0x1E99, "y"},
    {0x1E9E, 0x1E9E, "ss"}, {0x1EA0, 0x1EB7, "a"}, {0x1EB8, 0x1EC7, "e"}, {0x1EC8, 0x1ECB, "i"},
    {0x1ECC, 0x1EE3, "o"}, {0x1EE4, 0x1EF1, "u"}, {0x1EF2, 0x1EF9, "y"},
};

static const char *folded_latin(uint32_t c)
{
    size_t low = 0, high = sizeof fold_ranges / sizeof fold_ranges[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > fold_ranges[middle].last)
            low = middle + 1;
        else if (c < fold_ranges[middle].first)
            high = middle;
        else
            return fold_ranges[middle].to;
    }
    return NULL;
}

static bool is_separator(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
           c == 0x205F || c == 0x3000 ||                            /* blanks */
           c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0xAD || /* hyphens and dashes */
           c == '\'' || c == '`' || c == 0xB4 || c == 0x2018 || c == 0x2019 || c == 0x02BC; /* apostrophes */
}

/* Lower case of the alphabets whose cases are a fixed distance apart; anything else as it is. */
static uint32_t lower(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c + 0x20;
    if ((c >= 0x0391 && c <= 0x03A9) || (c >= 0x0410 && c <= 0x042F)) /* Greek, Cyrillic */
        return c + 0x20;
    if (c >= 0x0400 && c <= 0x040F)
        return c + 0x50;
    return c;
}

struct str str_fold(struct arena *arena, struct str s)
{
    if (s.n > SIZE_MAX / 8)
        abort();
    /* The result is longer only where a malformed byte becomes the three of U+FFFD. */
    char *p = arena_alloc(arena, s.n * 3 + 1);
    size_t n = 0;
    bool gap = false; /* a separator waits: written only between two other characters, so none stands at the ends */
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);
        if (is_separator(c)) {
            gap = n != 0;
            continue;
        }
        const char *latin = c < 0x80 ? NULL : folded_latin(c);
        char own[4];
        size_t length = latin != NULL ? strlen(latin) : utf8_put(lower(c), own);
        if (length == 0)
            continue;
        if (gap)
            p[n++] = ' ';
        gap = false;
        memcpy(p + n, latin != NULL ? latin : own, length);
        n += length;
    }
    return (struct str){p, n};
}
