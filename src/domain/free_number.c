/* Numbers of passes and of tickets in stock. */
#include "domain/free_number.h"

#include <string.h>

#include "base/arena.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* U+00A0, U+2007, U+202F: what spreadsheets and mails put between groups of digits. */
static size_t wide_blank(struct str s, size_t at)
{
    static const char *const blanks[] = {"\xC2\xA0", "\xE2\x80\x87", "\xE2\x80\xAF"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (str_starts(str_sub(s, at, s.n), str_of(blanks[i])))
            return strlen(blanks[i]);
    return 0;
}

struct str free_number_normal(struct arena *arena, struct str typed)
{
    char *p = arena_alloc(arena, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        size_t wide = wide_blank(typed, i);
        if (wide > 0)
            i += wide - 1;
        else if (strchr(" \t\r\n-./'", c) == NULL)
            p[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    p[n] = '\0';
    return (struct str){p, n};
}

bool free_number_plausible(struct str normal)
{
    for (size_t i = 0; i < normal.n; i++)
        if (!is_digit(normal.p[i]) && !is_letter(normal.p[i]))
            return false;
    return normal.n >= FREE_NUMBER_LEAST && normal.n <= FREE_NUMBER_MOST;
}

static bool fits_one(struct str normal, struct str mask)
{
    if (normal.n != mask.n)
        return false;
    for (size_t i = 0; i < mask.n; i++) {
        char m = mask.p[i], c = normal.p[i];
        bool fits = m == '9' ? is_digit(c) : m == 'A' ? is_letter(c) : m == 'X' ? is_digit(c) || is_letter(c) : m == c;
        if (!fits)
            return false;
    }
    return true;
}

bool free_number_fits(struct str normal, struct str masks)
{
    if (!free_number_plausible(normal))
        return false;
    if (str_trim(masks).n == 0)
        return true;
    while (masks.n > 0)
        if (fits_one(normal, str_trim(str_cut(&masks, ','))))
            return true;
    return false;
}

bool free_number_masks_good(struct str masks)
{
    if (str_trim(masks).n == 0)
        return true;
    while (masks.n > 0)
        if (!free_number_plausible(str_trim(str_cut(&masks, ','))))
            return false;
    return true;
}

bool free_number_next(struct str *rest, struct str *ret_typed)
{
    while (rest->n > 0) {
        size_t end = 0;
        while (end < rest->n && memchr("\n\r,;\t", rest->p[end], 5) == NULL)
            end++;
        struct str typed = str_trim(str_sub(*rest, 0, end));
        *rest = str_sub(*rest, end < rest->n ? end + 1 : end, rest->n);
        if (typed.n > 0) {
            *ret_typed = typed;
            return true;
        }
    }
    return false;
}
