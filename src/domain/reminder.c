/* Reminders of an option's end. */
#include "domain/reminder.h"

static bool insert(struct reminder_days *list, int days)
{
    size_t at = 0;
    while (at < list->count && list->days[at] < days)
        at++;
    if (at < list->count && list->days[at] == days)
        return true;
    if (list->count == REMINDERS_MAX)
        return false;
    for (size_t i = list->count++; i > at; i--)
        list->days[i] = list->days[i - 1];
    list->days[at] = days;
    return true;
}

bool reminder_days_parse(struct str text, struct reminder_days *ret_days)
{
    struct reminder_days list = {.count = 0};
    bool more = !str_empty(str_trim(text));
    while (more) {
        size_t comma = 0;
        while (comma < text.n && text.p[comma] != ',')
            comma++;
        int64_t days = 0;
        if (!str_int(str_trim(str_sub(text, 0, comma)), &days) || days < 0 || days > REMINDER_DAYS_MAX ||
            !insert(&list, (int)days))
            return false;
        more = comma < text.n;
        text = str_sub(text, comma + 1, text.n);
    }
    *ret_days = list;
    return true;
}

day_number reminder_last_day(const struct zone *zone, instant end)
{
    return local_of(zone, end - 1).day; /* an option lives while now < end */
}

instant reminder_due(const struct zone *zone, instant end, int days, int minute)
{
    day_number last = reminder_last_day(zone, end);
    instant due = instant_of(zone, last - days, minute);
    return due < end ? due : instant_of(zone, last, 0);
}

instant reminder_horizon(const struct zone *zone, instant now, int days, int minute)
{
    day_number today = local_of(zone, now).day;
    instant time_of_day = instant_of(zone, today, minute);
    if (now >= time_of_day)
        return instant_of(zone, today + days + 1, 0);
    return days > 0 ? instant_of(zone, today + days, 0) : time_of_day;
}
