/* Text as pointer and length. A `struct str` never owns its bytes; whoever made it says how long they live.
 * Strings made by the functions here that take an arena are also NUL-terminated, so `.p` can go to a C library. */
#ifndef GUICHET_BASE_STR_H
#define GUICHET_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct str {
    const char *p;
    size_t n;
};

/* A literal as a str. */
#define S(literal) ((struct str){("" literal), sizeof(literal) - 1})

/* For printf: `printf("%.*s", STR_ARG(s))`. */
#define STR_ARG(s) (int)(s).n, (s).p

/* A NUL-terminated C string as a str; NULL gives the empty str. */
struct str str_of(const char *c);

bool str_eq(struct str a, struct str b);
/* Byte order, as memcmp; shorter first. */
int str_cmp(struct str a, struct str b);
bool str_empty(struct str s);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str needle);

/* Index of the first `c` at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, char c, size_t from);

/* The part from `from` of at most `count` bytes; positions past the end are clamped. */
struct str str_sub(struct str s, size_t from, size_t count);

/* Without ASCII white space and U+00A0 at both ends. */
struct str str_trim(struct str s);

/* Cuts `*rest` at the first `c`: returns what is before it, leaves what is after; the whole when there is none. */
struct str str_cut(struct str *rest, char c);

/* Copies, NUL-terminated, into the arena. */
struct str str_dup(struct arena *arena, struct str s);
const char *str_c(struct arena *arena, struct str s);

/* printf into the arena. */
__attribute__((format(printf, 2, 3), nonnull(2))) struct str str_format(struct arena *arena, const char *format, ...);
struct str str_join2(struct arena *arena, struct str a, struct str b);

/* Whole decimal number with optional '-', nothing else; false when not so or out of range. */
bool str_int(struct str s, int64_t *ret_value);

/* Well-formed UTF-8 without NUL, surrogates or over-long forms. */
bool utf8_valid(struct str s);
/* Decodes the code point at *at (which must lie inside valid text) and moves *at past it. */
uint32_t utf8_next(struct str s, size_t *at);
/* Number of code points of valid text. */
size_t utf8_length(struct str s);
/* Writes one code point as UTF-8 (1 to 4 bytes) and returns the count. */
size_t utf8_put(uint32_t code_point, char out[4]);

/* For searching and for comparing e-mails: lower case, Latin diacritics removed (é→e, œ→oe), other text kept,
 * runs of blanks, hyphens and apostrophes folded to one space. */
struct str str_fold(struct arena *arena, struct str s);

/* ASCII lower case only. */
struct str str_lower_ascii(struct arena *arena, struct str s);

/* Lower-case hexadecimal. */
struct str str_hex(struct arena *arena, const void *bytes, size_t size);

#endif
