/* Check characters by Luhn's rule, in base 10 and in the base of the code alphabet: it notices every single wrong
 * character and nearly every pair that changed places. */
#include "domain/reference.h"

#include <string.h>

/* The alphabet of random_code. */
static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char decimal[] = "0123456789";

static int value_of(char c, const char *alphabet)
{
    const char *found = c == '\0' ? NULL : strchr(alphabet, c);
    return found == NULL ? -1 : (int)(found - alphabet);
}

/* The character that follows `text` (all of it in the alphabet) to make the sum a multiple of the base. */
static char check_character(const char *text, size_t n, const char *alphabet)
{
    int base = (int)strlen(alphabet), sum = 0;
    for (size_t i = 0; i < n; i++) {
        int value = value_of(text[i], alphabet);
        if ((n - i) % 2 == 1)
            value = value * 2 / base + value * 2 % base;
        sum += value;
    }
    return alphabet[(base - sum % base) % base];
}

/* Copies what is not a blank, hyphen or U+00A0, in upper case. False when it is not exactly `n` characters of the
 * alphabet, the last of them the check character. */
static bool read_checked(struct str typed, const char *alphabet, size_t n, char *out)
{
    size_t count = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-' || c == '\t' || str_starts(str_sub(typed, i, 2), S("\xC2\xA0"))) {
            i += c == '\xC2';
            continue;
        }
        c = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        if (count == n || value_of(c, alphabet) < 0)
            return false;
        out[count++] = c;
    }
    return count == n && check_character(out, n - 1, alphabet) == out[n - 1];
}

static void write_reference(const char *eight, char ret_reference[REFERENCE_SIZE])
{
    memcpy(ret_reference, eight, 4);
    ret_reference[4] = '-';
    memcpy(ret_reference + 5, eight + 4, 4);
    ret_reference[9] = '\0';
}

bool reference_make(struct str code, char ret_reference[REFERENCE_SIZE])
{
    char eight[REFERENCE_RANDOM + 1];
    if (code.n != REFERENCE_RANDOM)
        return false;
    for (size_t i = 0; i < code.n; i++) {
        if (value_of(code.p[i], letters) < 0)
            return false;
        eight[i] = code.p[i];
    }
    eight[REFERENCE_RANDOM] = check_character(eight, REFERENCE_RANDOM, letters);
    write_reference(eight, ret_reference);
    return true;
}

bool reference_parse(struct str typed, char ret_reference[REFERENCE_SIZE])
{
    char eight[REFERENCE_RANDOM + 1];
    if (!read_checked(typed, letters, sizeof eight, eight))
        return false;
    write_reference(eight, ret_reference);
    return true;
}

bool ticket_number_make(int64_t value, char ret_number[TICKET_NUMBER_SIZE])
{
    if (value < 0 || value > TICKET_NUMBER_MAX)
        return false;
    enum { DIGITS = TICKET_NUMBER_SIZE - 2 };
    for (int i = DIGITS - 1; i >= 0; i--) {
        ret_number[i] = (char)('0' + value % 10);
        value /= 10;
    }
    ret_number[DIGITS] = check_character(ret_number, DIGITS, decimal);
    ret_number[DIGITS + 1] = '\0';
    return true;
}

bool ticket_number_parse(struct str typed, char ret_number[TICKET_NUMBER_SIZE])
{
    char number[TICKET_NUMBER_SIZE] = {0};
    if (!read_checked(typed, decimal, TICKET_NUMBER_SIZE - 1, number))
        return false;
    memcpy(ret_number, number, sizeof number);
    return true;
}

bool ticket_number_display(struct str number, char ret_display[TICKET_NUMBER_DISPLAY])
{
    if (number.n != TICKET_NUMBER_SIZE - 1)
        return false;
    for (size_t i = 0, at = 0; i < number.n; i++) {
        if (i != 0 && i % 4 == 0)
            ret_display[at++] = ' ';
        ret_display[at++] = number.p[i];
    }
    ret_display[TICKET_NUMBER_DISPLAY - 1] = '\0';
    return true;
}
