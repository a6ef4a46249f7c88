/* The remainder modulo 97 notices every wrong digit and every two digits that changed places: 97 is prime, and no two
 * powers of ten up to the length of a reference have the same remainder. */
#include "domain/rf_reference.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 0 to 35 of a digit or a capital, else -1. */
static int value_of(char c)
{
    if (is_digit(c))
        return c - '0';
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

static char capital(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* `remainder` continued with `s`, a letter counting as two digits; -1 when a character is neither. */
static int mod97(struct str s, int remainder)
{
    for (size_t i = 0; i < s.n; i++) {
        int value = value_of(s.p[i]);
        if (value < 0)
            return -1;
        remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97;
    }
    return remainder;
}

bool rf_make(struct str body, char ret_rf[RF_SIZE])
{
    if (body.n == 0 || body.n > RF_BODY_MAX)
        return false;
    int remainder = mod97(body, 0);
    if (remainder < 0)
        return false;
    int check = 98 - mod97(S("RF00"), remainder);
    memcpy(ret_rf, "RF", 2);
    ret_rf[2] = (char)('0' + check / 10);
    ret_rf[3] = (char)('0' + check % 10);
    memcpy(ret_rf + 4, body.p, body.n);
    ret_rf[4 + body.n] = '\0';
    return true;
}

bool rf_of_order(int year, int64_t number, char ret_rf[RF_SIZE])
{
    char body[32];
    if (year < 2000 || year > 9999 || number < 1 || number > INT64_C(99999999999999999))
        return false;
    int n = snprintf(body, sizeof body, "%04d%07lld", year, (long long)number);
    return rf_make((struct str){body, (size_t)n}, ret_rf);
}

bool rf_check(struct str rf)
{
    if (rf.n < 5 || rf.n >= RF_SIZE || !str_starts(rf, S("RF")) || !is_digit(rf.p[2]) || !is_digit(rf.p[3]))
        return false;
    /* The rule makes 02 to 98; what has the same remainder beyond them is not a reference. */
    int check = (rf.p[2] - '0') * 10 + (rf.p[3] - '0');
    int body = mod97(str_sub(rf, 4, rf.n), 0);
    return check >= 2 && check <= 98 && body >= 0 && mod97(str_sub(rf, 0, 4), body) == 1;
}

size_t rf_separator(struct str text, size_t at)
{
    /* The bank cuts a long text into lines of its own, so a line end may stand anywhere. */
    static const struct str two_bytes = S("\xC2\xA0"), three_bytes = S("\xE2\x80\xAF");
    char c = text.p[at];
    if (c == ' ' || c == '-' || c == '.' || (c >= '\t' && c <= '\r'))
        return 1;
    if (str_eq(str_sub(text, at, 2), two_bytes))
        return 2;
    return str_eq(str_sub(text, at, 3), three_bytes) ? 3 : 0;
}

bool rf_parse(struct str typed, char ret_rf[RF_SIZE])
{
    char rf[RF_SIZE];
    size_t n = 0;
    for (size_t at = 0; at < typed.n;) {
        size_t gap = rf_separator(typed, at);
        if (gap == 0) {
            if (n == RF_SIZE - 1)
                return false;
            rf[n++] = capital(typed.p[at]);
        }
        at += gap == 0 ? 1 : gap;
    }
    if (!rf_check((struct str){rf, n}))
        return false;
    memcpy(ret_rf, rf, n);
    ret_rf[n] = '\0';
    return true;
}

/* Whether a reference whose last character is `last` may end before `at`: not in the middle of a number or word. */
static bool ends_at(struct str text, size_t at, char last)
{
    if (at == text.n)
        return true;
    int next = value_of(capital(text.p[at]));
    return next < 0 || (is_digit(last) && next >= 10);
}

/* Whether character number `n` of a reference (from 0) can be `c`. */
static bool fits(char c, size_t n)
{
    switch (n) {
    case 0:
        return c == 'R';
    case 1:
        return c == 'F';
    case 2:
    case 3:
        return is_digit(c);
    default:
        return value_of(c) >= 0;
    }
}

/* All readings that begin at `start`. */
static size_t find_from(struct str text, size_t start, size_t max, struct rf_found *ret_found)
{
    char rf[RF_SIZE];
    size_t n = 0, found = 0;
    for (size_t at = start; at < text.n && n < RF_SIZE - 1 && found < max;) {
        size_t gap = n == 0 ? 0 : rf_separator(text, at);
        if (gap != 0) {
            at += gap;
            continue;
        }
        char c = capital(text.p[at]);
        if (!fits(c, n))
            break;
        rf[n++] = c;
        at++;
        if (!ends_at(text, at, c) || !rf_check((struct str){rf, n}))
            continue;
        memcpy(ret_found[found].rf, rf, n);
        ret_found[found].rf[n] = '\0';
        ret_found[found++].start = start;
    }
    return found;
}

size_t rf_find(struct str text, size_t max, struct rf_found *ret_found)
{
    size_t found = 0;
    for (size_t start = 0; start < text.n && found < max; start++)
        found += find_from(text, start, max - found, ret_found + found);
    return found;
}

bool rf_display(struct str rf, char ret_display[RF_DISPLAY])
{
    if (rf.n >= RF_SIZE)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < rf.n; i++) {
        if (i != 0 && i % 4 == 0)
            ret_display[at++] = ' ';
        ret_display[at++] = rf.p[i];
    }
    ret_display[at] = '\0';
    return true;
}
