/* Addresses, forms and cookies; see parse.h. */
#include "http/parse.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool percent_decode(struct arena *arena, struct str raw, bool plus, struct str *ret_text)
{
    char *text = arena_alloc(arena, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '+' && plus) {
            c = ' ';
        } else if (c == '%') {
            if (i + 2 >= raw.n)
                return false;
            int high = hex_value(raw.p[i + 1]), low = hex_value(raw.p[i + 2]);
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        text[n++] = c;
    }
    struct str decoded = {text, n};
    if (!utf8_valid(decoded)) /* refuses NUL too */
        return false;
    *ret_text = decoded;
    return true;
}

bool parse_urlencoded(struct arena *arena, struct str raw, struct pairs *ret_pairs)
{
    size_t count = raw.n > 0;
    for (size_t i = 0; i < raw.n; i++)
        count += raw.p[i] == '&';
    if (count > LIMIT_FORM_FIELDS)
        return false;
    struct pairs pairs = {.p = ARENA_ARRAY(arena, count + 1, struct pair)};
    for (struct str rest = raw; rest.n > 0;) {
        struct str value = str_cut(&rest, '&');
        if (value.n == 0)
            continue;
        struct str name = str_cut(&value, '=');
        struct pair *pair = &pairs.p[pairs.n++];
        if (!percent_decode(arena, name, true, &pair->name) || !percent_decode(arena, value, true, &pair->value))
            return false;
    }
    *ret_pairs = pairs;
    return true;
}

static bool good_path(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] < 0x20 || path.p[i] == 0x7f || path.p[i] == '\\')
            return false;
    for (struct str rest = str_sub(path, 1, path.n); rest.n > 0;) {
        struct str segment = str_cut(&rest, '/');
        if (str_eq(segment, S(".")) || str_eq(segment, S("..")))
            return false;
    }
    return true;
}

/* «http://host/path»: clients of proxies may send the whole address (RFC 9112, 3.2.2). */
static struct str without_authority(struct str raw)
{
    size_t scheme = str_starts(raw, S("http://")) ? 7 : str_starts(raw, S("https://")) ? 8 : 0;
    if (scheme == 0)
        return raw;
    size_t slash = str_find(raw, '/', scheme);
    return slash == SIZE_MAX ? S("/") : str_sub(raw, slash, raw.n);
}

static bool has_encoded_slash(struct str raw)
{
    for (size_t i = 0; i + 2 < raw.n; i++)
        if (raw.p[i] == '%' && raw.p[i + 1] == '2' && (raw.p[i + 2] == 'f' || raw.p[i + 2] == 'F'))
            return true;
    return false;
}

bool parse_target(struct arena *arena, struct str raw, struct str *ret_path, struct pairs *ret_query)
{
    struct str query = without_authority(raw);
    struct str path = str_cut(&query, '?');
    struct pairs pairs;
    if (path.n == 0 || path.p[0] != '/' || has_encoded_slash(path) || str_find(raw, '#', 0) != SIZE_MAX)
        return false;
    if (!percent_decode(arena, path, false, &path) || !good_path(path) || !parse_urlencoded(arena, query, &pairs))
        return false;
    *ret_path = path;
    *ret_query = pairs;
    return true;
}

static bool cookie_name_char(char c)
{
    return (unsigned char)c > 0x20 && (unsigned char)c < 0x7f && strchr("()<>@,;:\\\"/[]?={}", c) == NULL;
}

static bool cookie_value_char(char c)
{
    return (unsigned char)c > 0x20 && (unsigned char)c < 0x7f && strchr("\",;\\", c) == NULL;
}

static bool all_of(struct str s, bool (*good)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!good(s.p[i]))
            return false;
    return true;
}

struct pairs parse_cookies(struct arena *arena, struct str header)
{
    struct pairs pairs = {.p = ARENA_ARRAY(arena, HTTP_COOKIES_MAX, struct pair)};
    for (struct str rest = header; rest.n > 0 && pairs.n < HTTP_COOKIES_MAX;) {
        struct str value = str_cut(&rest, ';');
        if (str_find(value, '=', 0) == SIZE_MAX)
            continue;
        struct str name = str_trim(str_cut(&value, '='));
        value = str_trim(value);
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            value = str_sub(value, 1, value.n - 2);
        if (name.n > 0 && all_of(name, cookie_name_char) && all_of(value, cookie_value_char))
            pairs.p[pairs.n++] = (struct pair){name, value};
    }
    return pairs;
}

static bool same_word(struct str a, struct str b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

/* Takes the quoted text at the start of *rest, without its quotes and backslashes. */
static struct str quoted(struct arena *arena, struct str *rest)
{
    char *text = arena_alloc(arena, rest->n + 1);
    size_t n = 0, i = 1;
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        if (rest->p[i] == '\\' && i + 1 < rest->n)
            i++;
        text[n++] = rest->p[i];
    }
    *rest = str_sub(*rest, i + 1, rest->n);
    return (struct str){text, n};
}

struct str header_parameter(struct arena *arena, struct str header, struct str name)
{
    struct str rest = header;
    size_t semicolon = str_find(rest, ';', 0);
    rest = semicolon == SIZE_MAX ? (struct str){NULL, 0} : str_sub(rest, semicolon + 1, rest.n);
    while (rest.n > 0) {
        rest = str_trim(rest);
        size_t equals = 0;
        while (equals < rest.n && rest.p[equals] != '=' && rest.p[equals] != ';')
            equals++;
        struct str found = str_trim(str_sub(rest, 0, equals));
        bool has_value = equals < rest.n && rest.p[equals] == '=';
        rest = str_trim(str_sub(rest, equals + 1, rest.n));
        struct str value = {NULL, 0};
        if (has_value && rest.n > 0 && rest.p[0] == '"') {
            value = quoted(arena, &rest);
            str_cut(&rest, ';');
        } else if (has_value) {
            value = str_trim(str_cut(&rest, ';'));
        }
        if (same_word(found, name))
            return value;
    }
    return (struct str){NULL, 0};
}

bool accepts_gzip(struct str accept_encoding)
{
    for (struct str rest = accept_encoding; rest.n > 0;) {
        struct str item = str_cut(&rest, ',');
        struct str coding = str_trim(str_cut(&item, ';'));
        struct str weight = str_trim(item);
        if (!same_word(coding, S("gzip")))
            continue;
        return !(same_word(weight, S("q=0")) || same_word(weight, S("q=0.0")) || same_word(weight, S("q=0.00")) ||
                 same_word(weight, S("q=0.000")));
    }
    return false;
}
