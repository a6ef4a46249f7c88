/* Reading hours and closing days, and answering for one day. */
#include "domain/opening.h"

#include <string.h>

static bool parse_interval(struct str text, struct opening_interval *ret_interval)
{
    struct str to = str_trim(text);
    struct str from = str_cut(&to, '-');
    struct opening_interval interval;
    if (!minute_parse(from, &interval.from) || !minute_parse(to, &interval.to) || interval.from >= interval.to)
        return false;
    *ret_interval = interval;
    return true;
}

static enum err parse_hours(struct str text, struct opening_hours *ret_hours, struct fault *fault)
{
    struct opening_hours hours = {.kind = HOURS_OPEN};
    struct str rest = str_trim(text);
    if (str_eq(rest, S("closed")) || str_eq(rest, S("on-request"))) {
        hours.kind = str_eq(rest, S("closed")) ? HOURS_CLOSED : HOURS_ON_REQUEST;
        *ret_hours = hours;
        return OK;
    }
    do {
        struct str part = str_cut(&rest, ',');
        struct opening_interval interval;
        if (hours.count == OPENING_INTERVALS)
            return fault_set(fault, ERR_LIMIT, "more than %d opening intervals a day", OPENING_INTERVALS);
        bool after_last = parse_interval(part, &interval) &&
                          (hours.count == 0 || interval.from > hours.intervals[hours.count - 1].to);
        if (!after_last)
            return fault_set(fault, ERR_INPUT, "opening hours «%.*s»", (int)(part.n < 60 ? part.n : 60), part.p);
        hours.intervals[hours.count++] = interval;
    } while (rest.n != 0);
    *ret_hours = hours;
    return OK;
}

/* «05-01» to 501. 29 February may be written: 2000 had one. */
static bool parse_month_day(struct str text, int *ret_month_day)
{
    if (text.n != 5 || text.p[2] != '-')
        return false;
    int64_t month, day;
    if (!str_int(str_sub(text, 0, 2), &month) || !str_int(str_sub(text, 3, 2), &day) || month < 1 || day < 1 ||
        month > 12 || !date_exists((struct date){2000, (int)month, (int)day}))
        return false;
    *ret_month_day = (int)(month * 100 + day);
    return true;
}

static bool parse_weekday(struct str text, struct closing *closing)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct str season = text;
    struct str name = str_cut(&season, '@');
    bool has_season = name.n != text.n;
    for (int i = MONDAY; i <= SUNDAY; i++) {
        if (!str_eq(name, str_of(names[i])))
            continue;
        if (has_season && !str_eq(season, S("winter")) && !str_eq(season, S("summer")))
            return false;
        closing->why = CLOSED_WEEKDAY;
        closing->weekday = (enum weekday)i;
        closing->in_summer = !has_season || str_eq(season, S("summer"));
        closing->in_winter = !has_season || str_eq(season, S("winter"));
        return true;
    }
    return false;
}

static bool parse_closing(struct str token, struct closing *ret_closing)
{
    struct closing closing = {.in_summer = true, .in_winter = true};
    if (token.n >= OPENING_TOKEN)
        return false;
    memcpy(closing.token, token.p, token.n);
    struct str to = token;
    struct str from = str_cut(&to, '/');
    if (str_eq(token, S("easter-monday"))) {
        closing.why = CLOSED_EASTER_MONDAY;
    } else if (from.n != token.n) {
        closing.why = CLOSED_PERIOD;
        if (!parse_month_day(from, &closing.from) || !parse_month_day(to, &closing.to))
            return false;
    } else if (parse_month_day(token, &closing.from)) {
        closing.why = CLOSED_DATE;
    } else if (!parse_weekday(token, &closing)) {
        return false;
    }
    *ret_closing = closing;
    return true;
}

enum err opening_parse(struct str hours_summer, struct str hours_winter, struct str closing_days,
                       struct opening_rules *ret_rules, struct fault *fault)
{
    struct opening_rules rules = {.summer_from = OPENING_SUMMER_FROM, .summer_to = OPENING_SUMMER_TO};
    enum err err = parse_hours(hours_summer, &rules.summer, fault);
    if (err == OK)
        err = parse_hours(hours_winter, &rules.winter, fault);
    if (err != OK)
        return err;
    struct str rest = str_trim(closing_days);
    while (rest.n != 0) {
        struct str token = str_trim(str_cut(&rest, ','));
        if (rules.closing_count == OPENING_CLOSINGS)
            return fault_set(fault, ERR_LIMIT, "more than %d closing days", OPENING_CLOSINGS);
        if (!parse_closing(token, &rules.closings[rules.closing_count]))
            return fault_set(fault, ERR_INPUT, "closing day «%.*s»", (int)(token.n < 60 ? token.n : 60), token.p);
        rules.closing_count++;
    }
    *ret_rules = rules;
    return OK;
}

static bool in_period(int month_day, int from, int to)
{
    return from <= to ? month_day >= from && month_day <= to : month_day >= from || month_day <= to;
}

static bool closes(const struct closing *closing, day_number day, struct date date, enum opening_season season)
{
    int month_day = date.month * 100 + date.day;
    switch (closing->why) {
    case CLOSED_DATE: return month_day == closing->from;
    case CLOSED_PERIOD: return in_period(month_day, closing->from, closing->to);
    case CLOSED_EASTER_MONDAY: return day == easter_sunday(date.year) + 1;
    case CLOSED_WEEKDAY:
        return weekday_of(day) == closing->weekday &&
               (season == OPENING_SUMMER ? closing->in_summer : closing->in_winter);
    case CLOSED_NOT:
    case CLOSED_SEASON:
    case CLOSED_ON_REQUEST: break; /* never said by a token */
    }
    return false;
}

struct opening opening_of(const struct opening_rules *rules, day_number day)
{
    struct date date = date_of(day);
    bool summer = in_period(date.month * 100 + date.day, rules->summer_from, rules->summer_to);
    struct opening opening = {.season = summer ? OPENING_SUMMER : OPENING_WINTER, .token = ""};
    for (size_t i = 0; i < rules->closing_count; i++) {
        if (closes(&rules->closings[i], day, date, opening.season)) {
            opening.why = rules->closings[i].why;
            opening.token = rules->closings[i].token;
            return opening;
        }
    }
    const struct opening_hours *hours = summer ? &rules->summer : &rules->winter;
    if (hours->kind != HOURS_OPEN) {
        opening.why = hours->kind == HOURS_CLOSED ? CLOSED_SEASON : CLOSED_ON_REQUEST;
        return opening;
    }
    opening.intervals = hours->intervals;
    opening.count = hours->count;
    return opening;
}

const char *closed_why_name(enum closed_why why)
{
    static const char *const names[] = {
        [CLOSED_NOT] = "open",       [CLOSED_DATE] = "date",     [CLOSED_PERIOD] = "period",
        [CLOSED_EASTER_MONDAY] = "easter-monday",                [CLOSED_WEEKDAY] = "weekday",
        [CLOSED_SEASON] = "season",  [CLOSED_ON_REQUEST] = "on-request",
    };
    return names[why];
}
