/* Finding a day in a text; see when.h. */
#include "domain/when.h"

#include "base/buf.h"

/* A word of one or two letters («à», «le», «on») joins others and names nothing. */
enum { WORDS = 16, LONGEST = 400, SHORT = 2 };

struct words {
    struct str p[WORDS];
    size_t n;
};

static struct words split(struct str text)
{
    struct words words = {.n = 0};
    while (text.n > 0 && words.n < WORDS) {
        struct str word = str_cut(&text, ' ');
        while (word.n > 0 && (word.p[word.n - 1] == ',' || word.p[word.n - 1] == ';'))
            word.n--;
        if (word.n > 0)
            words.p[words.n++] = word;
    }
    return words;
}

/* A number of at most `digits` digits and nothing else. */
static bool number(struct str s, size_t digits, int *ret_value)
{
    int value = 0;
    if (s.n == 0 || s.n > digits)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        value = value * 10 + (s.p[i] - '0');
    }
    *ret_value = value;
    return true;
}

/* 1 to 12; 0 when it names no month. Folded: no accents. */
static int month_named(struct str word)
{
    static const char *const names[2][12] = {
        {"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
         "decembre"},
        {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"}};
    for (int lang = 0; lang < 2; lang++)
        for (int i = 0; i < 12; i++)
            if (str_eq(word, str_of(names[lang][i])))
                return i + 1;
    return 0;
}

static bool day_from(int year, int month, int day, day_number *ret_day)
{
    struct date date = {.year = year, .month = month, .day = day};
    if (year < 1900 || !date_exists(date))
        return false;
    *ret_day = day_of(date);
    return true;
}

/* «12/12/2026» and «12.12.2026» are one word. */
static bool day_word(struct str word, day_number *ret_day)
{
    char separator = str_find(word, '/', 0) != SIZE_MAX ? '/' : '.';
    struct str rest = word, first = str_cut(&rest, separator), second = str_cut(&rest, separator);
    int day, month, year;
    return number(first, 2, &day) && number(second, 2, &month) && rest.n == 4 && number(rest, 4, &year) &&
           day_from(year, month, day, ret_day);
}

/* «2026 12 12» and «12 décembre 2026» are three. */
static bool day_words(const struct str *words, day_number *ret_day)
{
    int a, b, c;
    if (!number(words[0], 4, &a) || !number(words[2], 4, &c))
        return false;
    if (words[0].n == 4 && words[2].n <= 2 && number(words[1], 2, &b))
        return day_from(a, b, c, ret_day);
    int month = month_named(words[1]);
    return month > 0 && words[2].n == 4 && words[0].n <= 2 && day_from(c, month, a, ret_day);
}

static bool minute_word(struct str word, int *ret_minute)
{
    bool clock = str_find(word, ':', 0) != SIZE_MAX;
    if (!clock && str_find(word, 'h', 0) == SIZE_MAX)
        return false;
    struct str rest = word, hours = str_cut(&rest, clock ? ':' : 'h');
    int hour = 0, minute = 0;
    if (!number(hours, 2, &hour) || hour > 23 || (rest.n > 0 && (!number(rest, 2, &minute) || minute > 59)))
        return false;
    *ret_minute = hour * 60 + minute;
    return true;
}

bool when_find(struct arena *arena, struct str folded, struct when *ret_when)
{
    struct words words = split(folded);
    struct when when = {.has_minute = false};
    bool found = false;
    struct buf rest = buf_new(LONGEST);
    for (size_t i = 0; i < words.n; i++) {
        if (!found && day_word(words.p[i], &when.day)) {
            found = true;
        } else if (!found && i + 2 < words.n && day_words(&words.p[i], &when.day)) {
            found = true;
            i += 2;
        } else if (!when.has_minute && minute_word(words.p[i], &when.minute)) {
            when.has_minute = true;
        } else if (words.p[i].n > SHORT) {
            if (!str_empty(buf_view(&rest)))
                buf_char(&rest, ' ');
            buf_str(&rest, words.p[i]);
        }
    }
    when.rest = str_dup(arena, buf_view(&rest));
    buf_free(&rest);
    if (found)
        *ret_when = when;
    return found;
}
