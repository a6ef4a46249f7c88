/* What people type into forms. */
#include "base/limits.h"
#include "domain/checks.h"
#include "unit.h"

#define EACH(list) size_t i = 0; i < sizeof(list) / sizeof(list)[0]; i++

static void emails(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b.fr", "Jean.Dupont+groupes@agence-voyages.example", "x_y@sub.domain.co.uk",
                                       "o'neil@b.example", "1@2.example", "a@xn--bcher-kva.example"};
    static const char *const wrong[] = {"", "a", "@b.fr", "a@", "a@b", "a@b.", "a@.fr", "a@b..fr", ".a@b.fr", "a.@b.fr",
                                        "a..b@b.fr", "a b@b.fr", "a@b c.fr", "a@-b.fr", "a@b-.fr", "a@10.0.0.1", "a@b.c",
                                        "a@b@c.fr", "a@b.fr\n", "a\r\nBcc: x@y.fr", "é@b.fr", "<a@b.fr>", "a@b_c.fr"};
    for (EACH(good))
        assert_true(check_email(str_of(good[i])));
    for (EACH(wrong))
        assert_false(check_email(str_of(wrong[i])));
    assert_false(check_email(S("a\0b@c.fr")));
    char address[300];
    memset(address, 'a', sizeof address);
    memcpy(address + 64, "@b.example", 10);
    assert_true(check_email((struct str){address, 74}));
    memcpy(address + 65, "@b.example", 10);
    address[64] = 'a';
    assert_false(check_email((struct str){address, 75})); /* 65 before the @ */
    struct arena *arena = arena_new();
    assert_str(email_key(arena, S(" Jean.DUPONT@Agence.example ")), "jean.dupont@agence.example");
    arena_free(&arena);
}

static void registrations(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(normal_number(arena, S(" 732 829 320\xC2\xA0 00074")), "73282932000074");
    assert_str(normal_number(arena, S("fr-83.404.833.048")), "FR83404833048");
    assert_true(check_siret(S("73282932000074")));
    assert_false(check_siret(S("73282932000075")));
    assert_false(check_siret(S("7328293200007")));
    assert_false(check_siret(S("7328293200007A")));
    assert_true(check_siret(S("35600000000048")));  /* La Poste's head office, by Luhn */
    assert_true(check_siret(S("35600000049837")));  /* … and an establishment by its own rule */
    assert_false(check_siret(S("35600000049838")));
    assert_true(check_siren(S("732829320")));
    assert_false(check_siren(S("732829321")));
    assert_false(check_siren(S("")));
    assert_str(siren_of(S("73282932000074")), "732829320");
    arena_free(&arena);
}

static void vat_numbers(void **state)
{
    (void)state;
    static const char *const good[] = {"FR83404833048", "FR44732829320", "FRK7399859412", "FR53000004605", "ATU12345678",
                                       "BE0428759497", "DE136695976", "ESX1234567X", "IE8D79739I", "IE3628739UA",
                                       "NL123456789B13", "EL123456789", "XI123456789", "SE556188840401", "RO18547290"};
    static const char *const wrong[] = {"", "FR", "FR84404833048", "FR83404833049", "FR8340483304", "AT12345678", "GR123456789",
                                        "DE13669597", "US123456789", "GB123456789", "DE136695976 ", "fr83404833048", "RO1"};
    for (EACH(good))
        assert_true(check_vat_number(str_of(good[i])));
    for (EACH(wrong))
        assert_false(check_vat_number(str_of(wrong[i])));
}

static void phones(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    assert_str(normal_phone(arena, S(" 01 44\xC2\xA0""54.19-33 ")), "0144541933");
    assert_str(normal_phone(arena, S("+33 (0)1 44 54 19 33")), "+33144541933");
    assert_str(normal_phone(arena, S("(01) 44/54")), "014454");
    assert_str(normal_phone(arena, S("01 44 ext 5")), "");
    assert_str(normal_phone(arena, S("01+44")), "");
    assert_str(normal_phone(arena, S("")), "");
    assert_true(check_phone(S("+33144541933")));
    assert_true(check_phone(S("123456")));
    assert_false(check_phone(S("12345")));
    assert_true(check_phone(S("123456789012345")));
    assert_false(check_phone(S("1234567890123456")));
    assert_false(check_phone(S("+")));
    assert_false(check_phone(S("33+144541933")));
    arena_free(&arena);
}

static void ibans(void **state)
{
    (void)state;
    assert_true(check_iban(S("FR1420041010050500013M02606")));
    assert_true(check_iban(S("DE89370400440532013000")));
    assert_true(check_iban(S("GB82WEST12345698765432")));
    assert_false(check_iban(S("FR1420041010050500013M02607")));
    assert_false(check_iban(S("FR142004101005050001302606")));
    assert_false(check_iban(S("DE89 3704 0044 0532 0130 00")));
    assert_false(check_iban(S("1189370400440532013000")));
    assert_false(check_iban(S("")));
}

static void passwords(void **state)
{
    (void)state;
    const struct str email = S("jean@agence.example");
    assert_int_equal(check_password(S("12345678901"), email, PASSWORD_MIN), PASSWORD_SHORT);
    assert_int_equal(check_password(S("123456789012"), email, PASSWORD_MIN), PASSWORD_GOOD);
    assert_int_equal(check_password(S("ééééééééééé"), email, PASSWORD_MIN), PASSWORD_SHORT); /* 11 characters, 22 bytes */
    assert_int_equal(check_password(S("éééééééééééé"), email, PASSWORD_MIN), PASSWORD_GOOD);
    assert_int_equal(check_password(S("Jean@Agence.example"), email, PASSWORD_MIN), PASSWORD_IS_EMAIL);
    assert_int_equal(check_password(S("jean@agence.example1"), email, PASSWORD_MIN), PASSWORD_GOOD);
    assert_int_equal(check_password(S("12345678901\xFF"), email, PASSWORD_MIN), PASSWORD_NOT_TEXT);
    char bytes[LIMIT_PASSWORD + 1];
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(check_password((struct str){bytes, LIMIT_PASSWORD}, email, PASSWORD_MIN), PASSWORD_GOOD);
    assert_int_equal(check_password((struct str){bytes, LIMIT_PASSWORD + 1}, email, PASSWORD_MIN), PASSWORD_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emails), cmocka_unit_test(registrations), cmocka_unit_test(vat_numbers),
        cmocka_unit_test(phones), cmocka_unit_test(ibans),         cmocka_unit_test(passwords),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
