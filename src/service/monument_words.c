/* Words for a monument's data: see monument_words.h. */
#include "service/monument_words.h"

#include "base/buf.h"
#include "text/format.h"
#include "text/message.h"

enum { WORDS_MAX = 2000 };

static struct str taken(struct arena *arena, struct buf *buf)
{
    struct str text = str_dup(arena, buf_view(buf));
    buf_free(buf);
    return text;
}

struct str words_money(struct arena *arena, enum lang lang, struct cents amount)
{
    struct buf buf = buf_new(WORDS_MAX);
    format_money(&buf, lang, amount);
    return taken(arena, &buf);
}

struct str words_day(struct arena *arena, enum lang lang, day_number day)
{
    struct buf buf = buf_new(WORDS_MAX);
    format_day(&buf, lang, day);
    return taken(arena, &buf);
}

struct str words_day_short(struct arena *arena, enum lang lang, day_number day)
{
    struct buf buf = buf_new(WORDS_MAX);
    format_day_short(&buf, lang, day);
    return taken(arena, &buf);
}

struct str words_minute(struct arena *arena, int minute)
{
    struct buf buf = buf_new(WORDS_MAX);
    format_minute(&buf, minute);
    return taken(arena, &buf);
}

/* ---- days of the year ---- */

struct str words_month_day(struct arena *arena, enum lang lang, int month_day)
{
    int day = month_day % 100;
    struct buf buf = buf_new(WORDS_MAX);
    format_month(&buf, lang, 2000, month_day / 100);
    struct str rest = taken(arena, &buf);
    struct str month = str_cut(&rest, ' ');
    const char *first = lang == LANG_FR && day == 1 ? "er" : "";
    return str_format(arena, "%d%s %.*s", day, first, STR_ARG(month));
}

/* The month and day before or after one; the year is one without 29 February. */
static int month_day_beside(int month_day, int by)
{
    struct date date = {.year = 2001, .month = month_day / 100, .day = month_day % 100};
    date = date_of(day_of(date) + by);
    return date.month * 100 + date.day;
}

static struct str span(struct arena *arena, enum lang lang, enum msg key, int from, int to)
{
    return msg_text(arena, lang, key, ARG("from", words_month_day(arena, lang, from)),
                    ARG("to", words_month_day(arena, lang, to)));
}

struct str words_season(struct arena *arena, enum lang lang, const struct opening_rules *rules,
                        enum opening_season season)
{
    if (season == OPENING_SUMMER)
        return span(arena, lang, MSG_opening_summer, rules->summer_from, rules->summer_to);
    return span(arena, lang, MSG_opening_winter, month_day_beside(rules->summer_to, 1),
                month_day_beside(rules->summer_from, -1));
}

/* ---- hours and closing days ---- */

struct str words_hours(struct arena *arena, enum lang lang, const struct opening_hours *hours)
{
    if (hours->kind == HOURS_CLOSED)
        return msg_text(arena, lang, MSG_opening_closed);
    if (hours->kind == HOURS_ON_REQUEST)
        return msg_text(arena, lang, MSG_opening_on_request);
    struct str text = {0};
    for (size_t i = 0; i < hours->count; i++) {
        struct str part = msg_text(arena, lang, MSG_opening_interval,
                                   ARG("from", words_minute(arena, hours->intervals[i].from)),
                                   ARG("to", words_minute(arena, hours->intervals[i].to)));
        text = i == 0 ? part : msg_text(arena, lang, MSG_opening_and, ARG("a", text), ARG("b", part));
    }
    return text;
}

static struct str closing_text(struct arena *arena, enum lang lang, const struct closing *closing)
{
    enum msg weekday = closing->in_summer && closing->in_winter ? MSG_closing_weekday
                       : closing->in_winter ? MSG_closing_weekday_winter : MSG_closing_weekday_summer;
    switch (closing->why) {
    case CLOSED_DATE: return words_month_day(arena, lang, closing->from);
    case CLOSED_PERIOD: return span(arena, lang, MSG_closing_period, closing->from, closing->to);
    case CLOSED_EASTER_MONDAY: return msg_text(arena, lang, MSG_closing_easter_monday);
    case CLOSED_WEEKDAY: return msg_text(arena, lang, weekday, ARG("day", weekday_name(lang, closing->weekday)));
    case CLOSED_NOT:
    case CLOSED_SEASON:
    case CLOSED_ON_REQUEST: break;
    }
    return str_of(closing->token);
}

struct str words_closings(struct arena *arena, enum lang lang, const struct opening_rules *rules)
{
    struct buf buf = buf_new(WORDS_MAX);
    for (size_t i = 0; i < rules->closing_count; i++) {
        if (i > 0)
            buf_c(&buf, ", ");
        buf_str(&buf, closing_text(arena, lang, &rules->closings[i]));
    }
    return taken(arena, &buf);
}

struct str words_closed_why(struct arena *arena, enum lang lang, enum closed_why why)
{
    static const enum msg keys[] = {
        [CLOSED_NOT] = MSG_none, [CLOSED_DATE] = MSG_closed_why_date, [CLOSED_PERIOD] = MSG_closed_why_period,
        [CLOSED_EASTER_MONDAY] = MSG_closed_why_date, [CLOSED_WEEKDAY] = MSG_closed_why_weekday,
        [CLOSED_SEASON] = MSG_closed_why_season, [CLOSED_ON_REQUEST] = MSG_closed_why_on_request};
    return why == CLOSED_NOT ? (struct str){0} : msg_text(arena, lang, keys[why]);
}

/* ---- booking rules ---- */

struct str words_minimum(struct arena *arena, enum lang lang, const struct group_rule *rule)
{
    return msg_text(arena, lang, rule->guide_waives_minimum ? MSG_rule_minimum_or_guide : MSG_rule_minimum,
                    ARG("n", rule->min_persons));
}

struct str words_maximum(struct arena *arena, enum lang lang, const struct group_rule *rule, bool dated)
{
    return msg_text(arena, lang, dated ? MSG_rule_maximum_day : MSG_rule_maximum, ARG("n", rule->max_persons));
}

struct str words_option(struct arena *arena, enum lang lang, const struct group_rule *rule)
{
    if (!rule->has_option)
        return msg_text(arena, lang, MSG_rule_no_option);
    return msg_text(arena, lang, MSG_rule_option, ARG("n", rule->option_days));
}

/* ---- tariffs ---- */

struct str words_tariff_for(struct arena *arena, enum lang lang, const struct tariff *tariff,
                            const struct tariff *tariffs, size_t count)
{
    if (tariff->audience == AUDIENCE_SCHOOL)
        return msg_text(arena, lang, MSG_tariff_for_school);
    if (tariff->audience == AUDIENCE_SPECIAL)
        return msg_text(arena, lang, MSG_tariff_for_special);
    if (tariff->min_persons > 1)
        return msg_text(arena, lang, MSG_tariff_for_from, ARG("n", tariff->min_persons));
    int next = 0; /* the size at which another tariff takes over */
    for (size_t i = 0; i < count; i++)
        if (tariffs[i].audience == tariff->audience && tariffs[i].min_persons > tariff->min_persons &&
            (next == 0 || tariffs[i].min_persons < next))
            next = tariffs[i].min_persons;
    if (next == 0)
        return msg_text(arena, lang, MSG_tariff_for_all);
    return msg_text(arena, lang, MSG_tariff_for_below, ARG("n", next));
}
