/* Formats of the two languages; see format.h. Names are here and not in the .po files because they have grammar of their own. */
#include "text/format.h"

#include "text/message.h"

#define NNBSP "\xe2\x80\xaf" /* U+202F: French thousands */
#define NBSP "\xc2\xa0"

static const char *const MONTHS[LANG_COUNT][12] = {
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
     "décembre"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"},
};
static const char *const MONTHS_SHORT_EN[12] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const WEEKDAYS[LANG_COUNT][7] = {
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
};
static const char *const WEEKDAYS_SHORT[LANG_COUNT][7] = {
    {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
    {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
};

struct str weekday_name(enum lang lang, enum weekday weekday)
{
    return str_of(WEEKDAYS[lang][weekday]);
}

struct str weekday_name_short(enum lang lang, enum weekday weekday)
{
    return str_of(WEEKDAYS_SHORT[lang][weekday]);
}

void format_month(struct buf *out, enum lang lang, int year, int month)
{
    buf_c(out, MONTHS[lang][month - 1]);
    buf_char(out, ' ');
    buf_int(out, year);
}

void format_day(struct buf *out, enum lang lang, day_number day)
{
    struct date date = date_of(day);
    buf_str(out, weekday_name(lang, weekday_of(day)));
    buf_char(out, ' ');
    buf_int(out, date.day);
    if (lang == LANG_FR && date.day == 1)
        buf_c(out, "er");
    buf_char(out, ' ');
    format_month(out, lang, date.year, date.month);
}

void format_day_short(struct buf *out, enum lang lang, day_number day)
{
    struct date date = date_of(day);
    if (lang == LANG_EN) {
        buf_int(out, date.day);
        buf_char(out, ' ');
        buf_c(out, MONTHS_SHORT_EN[date.month - 1]);
        buf_char(out, ' ');
    } else {
        buf_int_padded(out, date.day, 2);
        buf_char(out, '/');
        buf_int_padded(out, date.month, 2);
        buf_char(out, '/');
    }
    buf_int_padded(out, date.year, 4);
}

void format_minute(struct buf *out, int minute)
{
    buf_int_padded(out, minute / 60, 2);
    buf_char(out, ':');
    buf_int_padded(out, minute % 60, 2);
}

void format_instant(struct buf *out, enum lang lang, const struct zone *zone, instant at)
{
    struct local_time local = local_of(zone, at);
    format_day(out, lang, local.day);
    buf_c(out, lang == LANG_EN ? " at " : " à ");
    format_minute(out, local.minute);
}

void format_instant_short(struct buf *out, enum lang lang, const struct zone *zone, instant at)
{
    struct local_time local = local_of(zone, at);
    format_day_short(out, lang, local.day);
    buf_char(out, ' ');
    format_minute(out, local.minute);
}

void format_instant_iso(struct buf *out, const struct zone *zone, instant at)
{
    struct local_time local = local_of(zone, at);
    struct date date = date_of(local.day);
    int offset = local.offset < 0 ? -local.offset : local.offset;
    buf_int_padded(out, date.year, 4);
    buf_char(out, '-');
    buf_int_padded(out, date.month, 2);
    buf_char(out, '-');
    buf_int_padded(out, date.day, 2);
    buf_char(out, 'T');
    format_minute(out, local.minute);
    buf_char(out, ':');
    buf_int_padded(out, local.second, 2);
    buf_char(out, local.offset < 0 ? '-' : '+');
    format_minute(out, offset / 60);
}

void format_left(struct buf *out, enum lang lang, int64_t seconds)
{
    enum msg key = MSG_time_days_left;
    int64_t count = seconds / SECONDS_A_DAY;
    if (seconds < 60) {
        msg_write(out, lang, MSG_time_less_than_a_minute, NULL, 0, false);
        return;
    }
    if (seconds < 3600) {
        key = MSG_time_minutes_left;
        count = seconds / 60;
    } else if (seconds < SECONDS_A_DAY) {
        key = MSG_time_hours_left;
        count = seconds / 3600;
    }
    msg_write(out, lang, key, (const struct msg_arg[]){ARG("n", count)}, 1, false);
}

/* Groups of three digits from the left, without sign. */
static void grouped(struct buf *out, uint64_t value, const char *separator)
{
    char digits[24];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (n > 0) {
        buf_char(out, digits[--n]);
        if (n > 0 && n % 3 == 0)
            buf_c(out, separator);
    }
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

void format_count(struct buf *out, enum lang lang, int64_t value)
{
    if (value < 0)
        buf_char(out, '-');
    grouped(out, magnitude(value), lang == LANG_EN ? "," : NNBSP);
}

void format_money(struct buf *out, enum lang lang, struct cents value)
{
    uint64_t all = magnitude(value.v);
    if (value.v < 0)
        buf_char(out, '-');
    if (lang == LANG_EN)
        buf_c(out, "€");
    grouped(out, all / 100, lang == LANG_EN ? "," : NNBSP);
    buf_char(out, lang == LANG_EN ? '.' : ',');
    buf_int_padded(out, (int64_t)(all % 100), 2);
    if (lang == LANG_FR)
        buf_c(out, NBSP "€");
}
