/* A day inside the text of a search box (OPS-1). */
#include "domain/when.h"
#include "unit.h"

static void check(struct arena *arena, const char *text, const char *day, int minute, const char *rest)
{
    struct when when = {.day = 0};
    struct str folded = str_fold(arena, str_of(text));
    if (!when_find(arena, folded, &when))
        fail_msg("no day in «%s»", text);
    assert_str(day_iso(arena, when.day), day);
    assert_int_equal(when.has_minute ? when.minute : -1, minute);
    assert_str(when.rest, rest);
}

static void days_are_found_in_every_dress(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    check(arena, "Conciergerie 12/12/2026", "2026-12-12", -1, "conciergerie");
    check(arena, "2026-12-12 Sainte-Chapelle", "2026-12-12", -1, "sainte chapelle");
    check(arena, "3.1.2027 arc", "2027-01-03", -1, "arc");
    check(arena, "Conciergerie, 12 décembre 2026 à 10h30", "2026-12-12", 630, "conciergerie");
    check(arena, "arc 1 August 2027 9:05", "2027-08-01", 545, "arc");
    check(arena, "29/02/2028 10h", "2028-02-29", 600, "");
    arena_free(&arena);
}

static void what_is_no_day_is_none(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct when when = {.day = 7};
    const char *const texts[] = {"", "conciergerie", "29/02/2027", "31/04/2027", "2026 13 01", "12/12/26",
                                 "1234 5678 9012 3", "10h30", "12 brumaire 2026", "12/12/2026/1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (when_find(arena, str_fold(arena, str_of(texts[i])), &when))
            fail_msg("a day in «%s»", texts[i]);
    assert_int_equal(when.day, 7);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_found_in_every_dress),
        cmocka_unit_test(what_is_no_day_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
