/* Encoded words, parameters, quoted-printable and base64; see the header. */
#include "mail/encode.h"

#include <string.h>

enum {
    LINE_MAX_CHARS = 76,
    WORD_SOURCE = 39, /* UTF-8 bytes in one encoded word: 52 + 12 characters, so name and word fit a line */
    BASE64_SOURCE = 57,
    PARAMETER_LINE = 60
};

static const char hex[] = "0123456789ABCDEF";

static bool control(char c)
{
    return (unsigned char)c < ' ' || c == 127;
}

/* Bytes of the code point that starts at `at`. */
static size_t step(struct str s, size_t at)
{
    size_t n = at;
    utf8_next(s, &n);
    return n - at;
}

static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (control(s.p[i]) || (unsigned char)s.p[i] > 126) {
            return false;
        }
    }
    return s.n == 0 || (s.p[0] != ' ' && s.p[s.n - 1] != ' ' && !str_has(s, S("=?")));
}

/* Encoded words of base64, cut between code points, one a line. */
static void words(struct buf *out, struct str s)
{
    size_t at = 0;
    do {
        char piece[WORD_SOURCE];
        size_t n = 0;
        while (at < s.n && n + step(s, at) <= WORD_SOURCE) {
            size_t length = step(s, at);
            for (size_t i = 0; i < length; i++) {
                piece[n++] = control(s.p[at + i]) ? ' ' : s.p[at + i];
            }
            at += length;
        }
        buf_c(out, "=?UTF-8?B?");
        buf_base64(out, piece, n);
        buf_c(out, at < s.n ? "?=\r\n " : "?=");
    } while (at < s.n);
}

void encode_header(struct buf *out, const char *name, struct str value)
{
    buf_c(out, name);
    buf_c(out, ": ");
    if (plain(value) && strlen(name) + 2 + value.n <= LINE_MAX_CHARS) {
        buf_str(out, value);
    } else {
        words(out, value);
    }
    buf_c(out, "\r\n");
}

void encode_address(struct buf *out, const char *header, struct str display, struct str address)
{
    buf_c(out, header);
    buf_c(out, ": ");
    size_t start = out->n;
    if (display.n != 0) {
        if (plain(display) && display.n <= 50 && !str_has(display, S("\"")) && !str_has(display, S("\\"))) {
            buf_char(out, '"');
            buf_str(out, display);
            buf_char(out, '"');
        } else {
            words(out, display);
        }
        /* After encoded words a new line, so that the address never makes the line longer. */
        buf_c(out, out->n - start + address.n + strlen(header) + 5 <= LINE_MAX_CHARS ? " " : "\r\n ");
    }
    buf_char(out, '<');
    buf_str(out, address);
    buf_c(out, ">\r\n");
}

static bool parameter_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
           c == '_';
}

static bool parameter_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!parameter_char(s.p[i])) {
            return false;
        }
    }
    return s.n != 0 && s.n <= PARAMETER_LINE;
}

static void percent(struct buf *out, char c, size_t *column)
{
    if (parameter_char(c)) {
        buf_char(out, c);
        *column += 1;
    } else {
        unsigned char byte = control(c) ? ' ' : (unsigned char)c;
        buf_char(out, '%');
        buf_char(out, hex[byte >> 4]);
        buf_char(out, hex[byte & 15]);
        *column += 3;
    }
}

void encode_parameter(struct buf *out, const char *name, struct str value)
{
    if (parameter_plain(value)) {
        buf_format(out, ";\r\n %s=\"%.*s\"", name, STR_ARG(value));
        return;
    }
    size_t column = PARAMETER_LINE;
    int segment = 0;
    for (size_t at = 0; at < value.n || segment == 0;) {
        size_t length = at < value.n ? step(value, at) : 0;
        if (segment == 0 || column + 3 * length > PARAMETER_LINE) {
            buf_format(out, ";\r\n %s*%d*=%s", name, segment, segment == 0 ? "UTF-8''" : "");
            column = segment == 0 ? 7 : 0;
            segment++;
        }
        for (size_t i = 0; i < length; i++) {
            percent(out, value.p[at + i], &column);
        }
        at += length;
    }
}

/* Whether the byte at `at` must be written as =XX. */
static bool qp_encoded(struct str s, size_t at, size_t column)
{
    char c = s.p[at];
    if (c == '=' || (unsigned char)c > 126 || (control(c) && c != '\t')) {
        return true;
    }
    if (c == ' ' || c == '\t') {
        size_t next = at + 1;
        return next == s.n || s.p[next] == '\n' || s.p[next] == '\r';
    }
    return column == 0 && (c == '.' || c == 'F' || c == '-');
}

void encode_quoted_printable(struct buf *out, struct str s)
{
    size_t column = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') {
            continue;
        }
        if (c == '\n') {
            buf_c(out, "\r\n");
            column = 0;
            continue;
        }
        bool encoded = qp_encoded(s, i, column);
        if (column + (encoded ? 3 : 1) > LINE_MAX_CHARS - 1) {
            buf_c(out, "=\r\n");
            column = 0;
            encoded = qp_encoded(s, i, column);
        }
        if (encoded) {
            char text[3] = {'=', hex[(unsigned char)c >> 4], hex[(unsigned char)c & 15]};
            buf_put(out, text, sizeof text);
            column += 3;
        } else {
            buf_char(out, c);
            column++;
        }
    }
    if (column != 0 || s.n == 0) {
        buf_c(out, "\r\n");
    }
}

void encode_base64_lines(struct buf *out, struct str bytes)
{
    for (size_t at = 0; at < bytes.n; at += BASE64_SOURCE) {
        struct str line = str_sub(bytes, at, BASE64_SOURCE);
        buf_base64(out, line.p, line.n);
        buf_c(out, "\r\n");
    }
}
