/* Shapes of e-mails, phones and passwords; numbers with check sums are in numbers.c. */
#include "domain/checks.h"

#include "base/limits.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What the local part may hold unquoted (RFC 5321, atom). */
static bool is_local_character(char c)
{
    return is_letter(c) || is_digit(c) || (c != '\0' && str_find(S("!#$%&'*+-/=?^_`{|}~"), c, 0) != SIZE_MAX);
}

static bool check_local(struct str local)
{
    if (local.n == 0 || local.n > 64 || local.p[0] == '.' || local.p[local.n - 1] == '.')
        return false;
    for (size_t i = 0; i < local.n; i++)
        if (local.p[i] == '.' ? local.p[i - 1] == '.' : !is_local_character(local.p[i]))
            return false;
    return true;
}

static bool check_label(struct str label)
{
    if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
        return false;
    for (size_t i = 0; i < label.n; i++)
        if (!is_letter(label.p[i]) && !is_digit(label.p[i]) && label.p[i] != '-')
            return false;
    return true;
}

static bool check_domain(struct str domain)
{
    size_t labels = 0;
    struct str rest = domain, label = {"", 0};
    if (str_ends(domain, S(".")))
        return false;
    while (rest.n != 0) {
        label = str_cut(&rest, '.');
        if (!check_label(label))
            return false;
        labels++;
    }
    /* The last label has a letter: «a@10.0.0.1» is no address that mail goes to. */
    bool letter = false;
    for (size_t i = 0; i < label.n; i++)
        letter = letter || is_letter(label.p[i]);
    return labels >= 2 && label.n >= 2 && letter;
}

bool check_email(struct str email)
{
    if (email.n > LIMIT_EMAIL)
        return false;
    size_t at = str_find(email, '@', 0);
    return at != SIZE_MAX && check_local(str_sub(email, 0, at)) && check_domain(str_sub(email, at + 1, email.n));
}

struct str email_key(struct arena *arena, struct str email)
{
    return str_lower_ascii(arena, str_trim(email));
}

struct str normal_phone(struct arena *arena, struct str typed)
{
    struct str text = str_trim(typed);
    char *p = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        /* «+33 (0)1 …»: the nought is dialled only inside the country. */
        if (n != 0 && p[0] == '+' && str_eq(str_sub(text, i, 3), S("(0)")))
            i += 2;
        else if (is_digit(c) || (c == '+' && n == 0))
            p[n++] = c;
        else if (str_eq(str_sub(text, i, 2), S("\xC2\xA0")))
            i++;
        else if (c == '\0' || str_find(S(" \t.-/()"), c, 0) == SIZE_MAX)
            return (struct str){"", 0};
    }
    return (struct str){p, n};
}

bool check_phone(struct str phone)
{
    struct str digits = str_starts(phone, S("+")) ? str_sub(phone, 1, phone.n) : phone;
    for (size_t i = 0; i < digits.n; i++)
        if (!is_digit(digits.p[i]))
            return false;
    return digits.n >= 6 && digits.n <= 15;
}

static bool equal_in_any_case(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        /* Letters differ from their other case in one bit. */
        bool same = a.p[i] == b.p[i] || (is_letter(a.p[i]) && is_letter(b.p[i]) && (a.p[i] ^ b.p[i]) == 0x20);
        if (!same)
            return false;
    }
    return true;
}

enum password_answer check_password(struct str password, struct str email, size_t min_length)
{
    if (password.n > LIMIT_PASSWORD)
        return PASSWORD_LONG;
    if (!utf8_valid(password))
        return PASSWORD_NOT_TEXT;
    if (utf8_length(password) < min_length)
        return PASSWORD_SHORT;
    return equal_in_any_case(str_trim(password), str_trim(email)) ? PASSWORD_IS_EMAIL : PASSWORD_GOOD;
}
