/* Text as pointer and length: comparing, cutting, copying, numbers. What concerns characters is in utf8.c. */
#include "base/str.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str str_of(const char *c)
{
    return c == NULL ? (struct str){"", 0} : (struct str){c, strlen(c)};
}

bool str_eq(struct str a, struct str b)
{
    /* memcmp must not see NULL, even for no bytes. */
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    int order = shorter == 0 ? 0 : memcmp(a.p, b.p, shorter);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_empty(struct str s)
{
    return s.n == 0;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

bool str_has(struct str s, struct str needle)
{
    return needle.n == 0 || (s.n >= needle.n && memmem(s.p, s.n, needle.p, needle.n) != NULL);
}

size_t str_find(struct str s, char c, size_t from)
{
    if (from >= s.n)
        return SIZE_MAX;
    const char *found = memchr(s.p + from, c, s.n - from);
    return found == NULL ? SIZE_MAX : (size_t)(found - s.p);
}

struct str str_sub(struct str s, size_t from, size_t count)
{
    if (from >= s.n)
        return (struct str){"", 0};
    size_t left = s.n - from;
    return (struct str){s.p + from, count < left ? count : left};
}

/* Bytes of white space at the start of what is left: 0 when there is none, 2 for U+00A0. */
static size_t blank_at_start(struct str s)
{
    if (s.n != 0 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
        return 1;
    return str_starts(s, S("\xC2\xA0")) ? 2 : 0;
}

static size_t blank_at_end(struct str s)
{
    if (s.n != 0 && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
        return 1;
    return str_ends(s, S("\xC2\xA0")) ? 2 : 0;
}

struct str str_trim(struct str s)
{
    for (size_t blank; (blank = blank_at_start(s)) != 0;) {
        s.p += blank;
        s.n -= blank;
    }
    for (size_t blank; (blank = blank_at_end(s)) != 0;)
        s.n -= blank;
    return s;
}

struct str str_cut(struct str *rest, char c)
{
    struct str whole = *rest;
    size_t at = str_find(whole, c, 0);
    if (at == SIZE_MAX) {
        *rest = (struct str){"", 0};
        return whole;
    }
    *rest = (struct str){whole.p + at + 1, whole.n - at - 1};
    return (struct str){whole.p, at};
}

struct str str_dup(struct arena *arena, struct str s)
{
    return str_join2(arena, s, (struct str){"", 0});
}

const char *str_c(struct arena *arena, struct str s)
{
    return str_dup(arena, s).p;
}

struct str str_format(struct arena *arena, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0)
        abort(); /* a broken format is a bug */
    char *p = arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(p, (size_t)length + 1, format, again);
    va_end(again);
    return (struct str){p, (size_t)length};
}

struct str str_join2(struct arena *arena, struct str a, struct str b)
{
    if (a.n > SIZE_MAX / 4 || b.n > SIZE_MAX / 4)
        abort();
    char *p = arena_alloc(arena, a.n + b.n + 1); /* set to zero, so it ends with NUL */
    if (a.n != 0)
        memcpy(p, a.p, a.n);
    if (b.n != 0)
        memcpy(p + a.n, b.p, b.n);
    return (struct str){p, a.n + b.n};
}

bool str_int(struct str s, int64_t *ret_value)
{
    size_t at = 0;
    bool negative = s.n != 0 && s.p[0] == '-';
    if (negative)
        at = 1;
    if (at == s.n)
        return false;
    /* Counted downwards, since the smallest number has no positive twin. */
    int64_t value = 0;
    for (; at < s.n; at++) {
        if (s.p[at] < '0' || s.p[at] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, s.p[at] - '0', &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow((int64_t)0, value, &value))
        return false;
    *ret_value = value;
    return true;
}

struct str str_lower_ascii(struct arena *arena, struct str s)
{
    char *p = arena_alloc(arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + ('a' - 'A') : s.p[i]);
    return (struct str){p, s.n};
}

struct str str_hex(struct arena *arena, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *byte = bytes;
    if (size > SIZE_MAX / 4)
        abort();
    char *p = arena_alloc(arena, size * 2 + 1);
    for (size_t i = 0; i < size; i++) {
        p[2 * i] = digits[byte[i] >> 4];
        p[2 * i + 1] = digits[byte[i] & 15];
    }
    return (struct str){p, size * 2};
}
