/* Registration, VAT and bank account numbers and their check sums. */
#include <string.h>

#include "domain/checks.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

struct str normal_number(struct arena *arena, struct str typed)
{
    char *p = arena_alloc(arena, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (str_eq(str_sub(typed, i, 2), S("\xC2\xA0"))) {
            i++;
            continue;
        }
        if (c == ' ' || c == '.' || c == '-' || (c >= '\t' && c <= '\r'))
            continue;
        p[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    return (struct str){p, n};
}

static bool luhn(struct str digits)
{
    int sum = 0;
    for (size_t i = 0; i < digits.n; i++) {
        int value = digits.p[i] - '0';
        if ((digits.n - i) % 2 == 0)
            value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return sum % 10 == 0;
}

bool check_siren(struct str siren)
{
    return siren.n == 9 && all_digits(siren) && luhn(siren);
}

bool check_siret(struct str siret)
{
    if (siret.n != 14 || !all_digits(siret) || !check_siren(siren_of(siret)))
        return false;
    if (luhn(siret))
        return true;
    /* La Poste has more establishments than its Luhn numbers: there the plain sum is a multiple of 5. */
    int sum = 0;
    for (size_t i = 0; i < siret.n; i++)
        sum += siret.p[i] - '0';
    return str_starts(siret, S("356000000")) && sum % 5 == 0;
}

struct str siren_of(struct str siret)
{
    return str_sub(siret, 0, 9);
}

/* `#` a digit, `A` a capital, `?` either, anything else itself. */
static bool has_shape(struct str s, const char *shape)
{
    if (s.n != strlen(shape))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool fits = shape[i] == '#'   ? is_digit(c)
                    : shape[i] == 'A' ? is_capital(c)
                    : shape[i] == '?' ? is_digit(c) || is_capital(c)
                                      : c == shape[i];
        if (!fits)
            return false;
    }
    return true;
}

/* Several rows for a country mean several shapes. Greece writes EL. A shape's own letters that mean something else
 * above («A» in none of them) do not occur. */
static const struct {
    char country[3];
    const char *shape;
} vat_shapes[] = {
    {"AT", "U########"},   {"BE", "##########"},   {"BG", "#########"},    {"BG", "##########"},   {"CY", "########A"},
    {"CZ", "########"},    {"CZ", "#########"},    {"CZ", "##########"},   {"DE", "#########"},    {"DK", "########"},
    {"EE", "#########"},   {"EL", "#########"},    {"ES", "?#######?"},    {"FI", "########"},     {"FR", "??#########"},
    {"HR", "###########"}, {"HU", "########"},     {"IE", "#?#####A"},     {"IE", "#######AA"},    {"IT", "###########"},
    {"LT", "#########"},   {"LT", "############"}, {"LU", "########"},     {"LV", "###########"},  {"MT", "########"},
    {"NL", "?????????B##"}, {"PL", "##########"},  {"PT", "#########"},    {"RO", "##"},           {"RO", "###"},
    {"RO", "####"},        {"RO", "#####"},        {"RO", "######"},       {"RO", "#######"},      {"RO", "########"},
    {"RO", "#########"},   {"RO", "##########"},   {"SE", "############"}, {"SI", "########"},     {"SK", "##########"},
    {"XI", "#########"},   {"XI", "############"},
};

/* The key of a French number follows from the SIREN; keys with letters cannot be computed and pass by their shape. */
static bool french_key(struct str number)
{
    int64_t key, siren;
    /* Numbers that begin with 000 are Monaco's, which are no SIREN. */
    bool monaco = str_eq(str_sub(number, 4, 3), S("000"));
    if ((!monaco && !check_siren(str_sub(number, 4, 9))) || !str_int(str_sub(number, 4, 9), &siren))
        return false;
    return !str_int(str_sub(number, 2, 2), &key) || key == (12 + 3 * (siren % 97)) % 97;
}

bool check_vat_number(struct str number)
{
    for (size_t i = 0; i < sizeof vat_shapes / sizeof vat_shapes[0]; i++)
        if (str_starts(number, str_of(vat_shapes[i].country)) &&
            has_shape(str_sub(number, 2, number.n), vat_shapes[i].shape))
            return !str_starts(number, S("FR")) || french_key(number);
    return false;
}

bool check_iban(struct str iban)
{
    if (iban.n < 15 || iban.n > 34 || !has_shape(str_sub(iban, 0, 4), "AA##"))
        return false;
    if (str_starts(iban, S("FR")) && iban.n != 27)
        return false;
    /* Country and check digits are read last; a letter counts as two digits, A as 10. */
    int remainder = 0;
    for (size_t i = 0; i < iban.n; i++) {
        char c = iban.p[(i + 4) % iban.n];
        if (is_digit(c))
            remainder = (remainder * 10 + (c - '0')) % 97;
        else if (is_capital(c))
            remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
        else
            return false;
    }
    return remainder == 1;
}
