/* Names of the languages, and the reader's choice between them. */
#include "text/lang.h"

struct str lang_code(enum lang lang)
{
    return lang == LANG_EN ? S("en") : S("fr");
}

bool lang_parse(struct str code, enum lang *ret_lang)
{
    if (str_eq(code, S("fr")))
        *ret_lang = LANG_FR;
    else if (str_eq(code, S("en")))
        *ret_lang = LANG_EN;
    else
        return false;
    return true;
}

/* Thousandths of «;q=0.8»; 1000 without. */
static int quality(struct str parameters)
{
    struct str rest = str_trim(parameters);
    if (!str_starts(rest, S("q=")))
        return 1000;
    int value = 0, digits = 0;
    bool fraction = false;
    for (size_t i = 2; i < rest.n && digits < 3; i++) {
        if (rest.p[i] == '.') {
            fraction = true;
        } else if (rest.p[i] >= '0' && rest.p[i] <= '9') {
            if (fraction)
                value = value * 10 + (rest.p[i] - '0'), digits++;
            else if (rest.p[i] != '0')
                return 1000;
        } else {
            break;
        }
    }
    for (; digits < 3; digits++)
        value *= 10;
    return value;
}

enum lang lang_accept(struct str accept_language)
{
    int best[LANG_COUNT] = {0};
    struct str rest = accept_language;
    for (int i = 0; i < 20 && rest.n > 0; i++) {
        struct str item = str_cut(&rest, ',');
        struct str tag = str_trim(str_cut(&item, ';'));
        enum lang lang;
        if (!lang_parse(str_sub(tag, 0, 2), &lang) || (tag.n > 2 && tag.p[2] != '-'))
            continue;
        int q = quality(item);
        if (q > best[lang])
            best[lang] = q;
    }
    return best[LANG_EN] > best[LANG_FR] ? LANG_EN : LANG_FR;
}
