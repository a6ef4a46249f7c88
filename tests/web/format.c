/* Dates, times, numbers and money in the reader's language; messages and their plurals. */
#include "kit.h"

#include "text/format.h"
#include "text/message.h"

#define SHOW(expected, call)                                                                                         \
    do {                                                                                                             \
        struct buf out_ = buf_new(1000), *out = &out_;                                                               \
        call;                                                                                                        \
        assert_str(buf_view(out), expected);                                                                         \
        buf_free(out);                                                                                               \
    } while (0)

static void money(void **state)
{
    (void)state;
    SHOW("1\u202f234,50\u00a0€", format_money(out, LANG_FR, cents(123450)));
    SHOW("€1,234.50", format_money(out, LANG_EN, cents(123450)));
    SHOW("0,05\u00a0€", format_money(out, LANG_FR, cents(5)));
    SHOW("-€1,000,000.00", format_money(out, LANG_EN, cents(-100000000)));
    SHOW("-92\u202f233\u202f720\u202f368\u202f547\u202f758,08\u00a0€", format_money(out, LANG_FR, cents(INT64_MIN)));
    SHOW("999", format_count(out, LANG_FR, 999));
    SHOW("1\u202f000", format_count(out, LANG_FR, 1000));
    SHOW("-12,345", format_count(out, LANG_EN, -12345));
}

static void days(void **state)
{
    (void)state;
    day_number first = unit_day(2027, 1, 1);
    SHOW("vendredi 1er janvier 2027", format_day(out, LANG_FR, first));
    SHOW("Friday 1 January 2027", format_day(out, LANG_EN, first));
    SHOW("01/01/2027", format_day_short(out, LANG_FR, first));
    SHOW("1 Jan 2027", format_day_short(out, LANG_EN, first));
    SHOW("août 2026", format_month(out, LANG_FR, 2026, 8));
    assert_str(weekday_name_short(LANG_FR, SUNDAY), "dim.");
    assert_str(weekday_name(LANG_EN, MONDAY), "Monday");
}

static void instants(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant summer = instant_of(&paris, unit_day(2026, 7, 14), 15 * 60);
    SHOW("mardi 14 juillet 2026 à 15:00", format_instant(out, LANG_FR, &paris, summer));
    SHOW("14 Jul 2026 15:00", format_instant_short(out, LANG_EN, &paris, summer));
    SHOW("2026-07-14T15:00:00+02:00", format_instant_iso(out, &paris, summer));
}

static void time_left(void **state)
{
    (void)state;
    SHOW("29 jours", format_left(out, LANG_FR, 30 * 86400 - 1));
    SHOW("1 jour", format_left(out, LANG_FR, 86400));
    SHOW("23 hours", format_left(out, LANG_EN, 86399));
    SHOW("1 minute", format_left(out, LANG_EN, 119));
    SHOW("moins d’une minute", format_left(out, LANG_FR, 59));
    SHOW("moins d’une minute", format_left(out, LANG_FR, -5));
}

static void messages(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(msg_text(arena, LANG_FR, MSG_form_too_long, ARG("n", 0)), "Écrivez au plus 0 caractère.");
    assert_str(msg_text(arena, LANG_EN, MSG_form_too_long, ARG("n", 0)), "Enter at most 0 characters.");
    assert_str(msg_text(arena, LANG_EN, MSG_form_too_long, ARG("n", 1)), "Enter at most 1 character.");
    assert_str(msg_text(arena, LANG_FR, MSG_form_min, ARG("n", S("<b>"))), "Le nombre doit être au moins <b>.");
    assert_str(msg_text(arena, LANG_FR, MSG_none), "");
    SHOW("Le nombre doit être au moins &lt;b&gt;.",
         msg_write(out, LANG_FR, MSG_form_min, (const struct msg_arg[]){ARG("n", S("<b>"))}, 1, true));
    SHOW("Le nombre doit être au moins <b>.",
         msg_write(out, LANG_FR, MSG_form_min, (const struct msg_arg[]){ARG("n", ((struct html){S("<b>")}))}, 1, true));
    arena_free(&arena);
}

static void names(void **state)
{
    (void)state;
    for (int key = 1; key < MSG_COUNT; key++) {
        enum msg found = MSG_none;
        assert_true(msg_find(msg_name((enum msg)key), &found));
        assert_int_equal(found, key);
    }
    enum msg found;
    assert_false(msg_find(S(""), &found));
    assert_false(msg_find(S("none"), &found));
    assert_false(msg_find(S("zzz.none"), &found));
}

static void languages(void **state)
{
    (void)state;
    assert_int_equal(lang_accept((struct str){NULL, 0}), LANG_FR);
    assert_int_equal(lang_accept(S("en")), LANG_EN);
    assert_int_equal(lang_accept(S("en-US,en;q=0.9,fr;q=0.8")), LANG_EN);
    assert_int_equal(lang_accept(S("fr;q=0.9, en;q=0.9")), LANG_FR);
    assert_int_equal(lang_accept(S("en;q=0")), LANG_FR);
    assert_int_equal(lang_accept(S("eng, frr")), LANG_FR);
    assert_int_equal(lang_accept(S(";;;,,,=q")), LANG_FR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money),    cmocka_unit_test(days),  cmocka_unit_test(instants),  cmocka_unit_test(time_left),
        cmocka_unit_test(messages), cmocka_unit_test(names), cmocka_unit_test(languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
