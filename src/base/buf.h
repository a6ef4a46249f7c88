/* A growing byte buffer that is born with a maximum. Passing the maximum sets `overflowed` and drops the rest, so
 * writers need not check each append; the one who sends the buffer checks once. */
#ifndef GUICHET_BASE_BUF_H
#define GUICHET_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
    char *p;
    size_t n;
    size_t capacity;
    size_t max;
    bool overflowed;
};

/* An empty buffer that will hold at most `max` bytes. Owns its memory; free with buf_free. */
struct buf buf_new(size_t max);
void buf_free(struct buf *buf);
/* Empties it, keeps the memory. */
void buf_clear(struct buf *buf);

void buf_put(struct buf *buf, const void *bytes, size_t size);
void buf_char(struct buf *buf, char c);
void buf_str(struct buf *buf, struct str s);
/* A NUL-terminated text. */
void buf_c(struct buf *buf, const char *text);
void buf_int(struct buf *buf, int64_t value);
/* `value` with at least `width` digits, zero-filled: dates and times. */
void buf_int_padded(struct buf *buf, int64_t value, int width);
__attribute__((format(printf, 2, 3))) void buf_format(struct buf *buf, const char *format, ...);

/* What is in it, valid until the next append. */
struct str buf_view(const struct buf *buf);

/* A JSON string with its quotes; control characters and the characters that end a script are escaped. */
void buf_json(struct buf *buf, struct str s);
/* HTML text or attribute value: & < > " ' become references. */
void buf_html(struct buf *buf, struct str s);
/* One URL component: everything but unreserved characters percent-encoded. */
void buf_url(struct buf *buf, struct str s);
void buf_base64(struct buf *buf, const void *bytes, size_t size);
/* URL-safe alphabet, no padding. */
void buf_base64url(struct buf *buf, const void *bytes, size_t size);

#endif
