/* The growing buffer and the escapes of the formats that are written with it. */
#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 512 };

struct buf buf_new(size_t max)
{
    return (struct buf){.max = max};
}

void buf_free(struct buf *buf)
{
    free(buf->p);
    *buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf)
{
    buf->n = 0;
    buf->overflowed = false;
}

/* Makes room for `size` more bytes. Once one piece did not fit nothing more is taken, not even a smaller one:
 * the content is always an unbroken beginning. */
static bool reserve(struct buf *buf, size_t size)
{
    if (buf->overflowed || size > buf->max - buf->n) {
        buf->overflowed = true;
        return false;
    }
    size_t needed = buf->n + size;
    if (needed <= buf->capacity)
        return true;
    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity;
    while (capacity < needed)
        capacity = capacity > buf->max / 2 ? buf->max : capacity * 2;
    if (capacity > buf->max)
        capacity = buf->max;
    char *p = realloc(buf->p, capacity);
    if (p == NULL)
        abort(); /* as the arena: a machine out of memory ends the process */
    buf->p = p;
    buf->capacity = capacity;
    return true;
}

void buf_put(struct buf *buf, const void *bytes, size_t size)
{
    if (size == 0 || !reserve(buf, size))
        return;
    memcpy(buf->p + buf->n, bytes, size);
    buf->n += size;
}

void buf_char(struct buf *buf, char c)
{
    buf_put(buf, &c, 1);
}

void buf_str(struct buf *buf, struct str s)
{
    buf_put(buf, s.p, s.n);
}

void buf_c(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}

void buf_int(struct buf *buf, int64_t value)
{
    buf_int_padded(buf, value, 1);
}

void buf_int_padded(struct buf *buf, int64_t value, int width)
{
    char digits[40];
    size_t at = sizeof digits;
    size_t least = width > 30 ? 30 : width < 1 ? 1 : (size_t)width;
    uint64_t left = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    while (left != 0 || sizeof digits - at < least) {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    }
    if (value < 0)
        digits[--at] = '-';
    buf_put(buf, digits + at, sizeof digits - at);
}

void buf_format(struct buf *buf, const char *format, ...)
{
    char small[256];
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(small, sizeof small, format, list);
    va_end(list);
    if (length < 0)
        abort(); /* a broken format is a bug */
    if ((size_t)length < sizeof small) {
        buf_put(buf, small, (size_t)length);
    } else {
        char *large = malloc((size_t)length + 1);
        if (large == NULL)
            abort();
        (void)vsnprintf(large, (size_t)length + 1, format, again);
        buf_put(buf, large, (size_t)length);
        free(large);
    }
    va_end(again);
}

struct str buf_view(const struct buf *buf)
{
    return buf->n == 0 ? (struct str){"", 0} : (struct str){buf->p, buf->n};
}

void buf_html(struct buf *buf, struct str s)
{
    static const struct {
        char text[7];
        unsigned char n;
    } references[] = {{"", 0}, {"&amp;", 5}, {"&lt;", 4}, {"&gt;", 4}, {"&quot;", 6}, {"&#39;", 5}};
    static const unsigned char reference_of[256] = {['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5};
    const unsigned char *p = (const unsigned char *)s.p;
    size_t run = 0; /* start of the bytes that need nothing */
    for (size_t i = 0; i < s.n; i++) {
        unsigned char reference = reference_of[p[i]];
        if (__builtin_expect(reference == 0, 1))
            continue;
        buf_put(buf, s.p + run, i - run);
        buf_put(buf, references[reference].text, references[reference].n);
        run = i + 1;
    }
    if (run < s.n)
        buf_put(buf, s.p + run, s.n - run);
}

/* Bytes that a JSON string cannot carry as they are; bytes from 0x80 are looked at as characters. */
static bool json_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

static void json_escape(struct buf *buf, uint32_t c)
{
    switch (c) {
    case '"': buf_put(buf, "\\\"", 2); return;
    case '\\': buf_put(buf, "\\\\", 2); return;
    case '\n': buf_put(buf, "\\n", 2); return;
    case '\r': buf_put(buf, "\\r", 2); return;
    case '\t': buf_put(buf, "\\t", 2); return;
    default: break;
    }
    /* U+2028 and U+2029 end a line of JavaScript. */
    if (c < 0x80 || c == 0x2028 || c == 0x2029) {
        static const char digits[] = "0123456789abcdef";
        char escape[6] = {'\\', 'u', digits[c >> 12 & 15], digits[c >> 8 & 15], digits[c >> 4 & 15], digits[c & 15]};
        buf_put(buf, escape, sizeof escape);
        return;
    }
    char bytes[4];
    buf_put(buf, bytes, utf8_put(c, bytes));
}

void buf_json(struct buf *buf, struct str s)
{
    buf_char(buf, '"');
    for (size_t at = 0; at < s.n;) {
        size_t run = at;
        while (at < s.n && json_plain((unsigned char)s.p[at]))
            at++;
        if (at > run)
            buf_put(buf, s.p + run, at - run);
        if (at < s.n)
            json_escape(buf, utf8_next(s, &at)); /* malformed bytes become U+FFFD: JSON must be UTF-8 */
    }
    buf_char(buf, '"');
}

static bool url_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void buf_url(struct buf *buf, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (url_unreserved(c))
            buf_put(buf, &c, 1);
        else
            buf_put(buf, (char[3]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
}

static void base64(struct buf *buf, const unsigned char *bytes, size_t size, const char *alphabet, bool padded)
{
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i < 3 ? size - i : 3;
        uint32_t three = (uint32_t)bytes[i] << 16;
        if (left > 1)
            three |= (uint32_t)bytes[i + 1] << 8;
        if (left > 2)
            three |= bytes[i + 2];
        char four[4] = {alphabet[three >> 18], alphabet[three >> 12 & 63], alphabet[three >> 6 & 63],
                        alphabet[three & 63]};
        for (size_t pad = left + 1; pad < 4; pad++)
            four[pad] = '=';
        buf_put(buf, four, padded ? 4 : left + 1);
    }
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void buf_base64(struct buf *buf, const void *bytes, size_t size)
{
    base64(buf, bytes, size, LETTERS "+/", true);
}

void buf_base64url(struct buf *buf, const void *bytes, size_t size)
{
    base64(buf, bytes, size, LETTERS "-_", false);
}
