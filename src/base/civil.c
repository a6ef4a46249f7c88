/* Days, weekdays and Easter; the time zone is in zone.c. */
#include "base/civil.h"

#include <assert.h>

/* Days are counted in years that begin on 1 March, so that the leap day is the last of its year. */
enum { DAYS_400_YEARS = 146097, DAYS_TO_1970 = 719468 /* from 0000-03-01 */ };

day_number day_of(struct date date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int month_from_march = (date.month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_400_YEARS + day_of_era - DAYS_TO_1970;
}

struct date date_of(day_number day)
{
    int shifted = day + DAYS_TO_1970;
    int era = (shifted >= 0 ? shifted : shifted - (DAYS_400_YEARS - 1)) / DAYS_400_YEARS;
    int day_of_era = shifted - era * DAYS_400_YEARS;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct date){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

enum weekday weekday_of(day_number day)
{
    int from_monday = (day + THURSDAY) % 7; /* 1970-01-01 was a Thursday */
    return (enum weekday)(from_monday < 0 ? from_monday + 7 : from_monday);
}

int days_in_month(int year, int month)
{
    assert(month >= 1 && month <= 12);
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool date_exists(struct date date)
{
    return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

static day_number day_clamped(int year, int month, int day)
{
    int last = days_in_month(year, month);
    return day_of((struct date){year, month, day < last ? day : last});
}

day_number day_add_years(day_number day, int years)
{
    struct date date = date_of(day);
    return day_clamped(date.year + years, date.month, date.day);
}

day_number day_add_months(day_number day, int months)
{
    struct date date = date_of(day);
    int month = date.year * 12 + date.month - 1 + months;
    int year = (month >= 0 ? month : month - 11) / 12;
    return day_clamped(year, month - year * 12 + 1, date.day);
}

/* The Gregorian computus in the form of Meeus, Jones and Butcher; the letters are those of the published algorithm. */
day_number easter_sunday(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int n = h + l - 7 * m + 114;
    return day_of((struct date){year, n / 31, n % 31 + 1});
}

/* `count` digits at `from`, or -1. */
static int digits_at(struct str s, size_t from, size_t count)
{
    int value = 0;
    for (size_t i = from; i < from + count; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return -1;
        value = value * 10 + (s.p[i] - '0');
    }
    return value;
}

bool day_parse(struct str s, day_number *ret_day)
{
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    struct date date = {digits_at(s, 0, 4), digits_at(s, 5, 2), digits_at(s, 8, 2)};
    if (date.year < 0 || !date_exists(date))
        return false;
    *ret_day = day_of(date);
    return true;
}

struct str day_iso(struct arena *arena, day_number day)
{
    struct date date = date_of(day);
    return str_format(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}

bool minute_parse(struct str s, int *ret_minute)
{
    if (s.n != 5 || s.p[2] != ':')
        return false;
    int hour = digits_at(s, 0, 2), minute = digits_at(s, 3, 2);
    if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > MINUTES_A_DAY)
        return false;
    *ret_minute = hour * 60 + minute;
    return true;
}
