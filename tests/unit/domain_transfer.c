/* References and codes that a customer pays a transfer with (CRT-4). */
#include <stdio.h>

#include "domain/epc.h"
#include "domain/rf_reference.h"
#include "domain/transfer.h"
#include "unit.h"

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* ---- references ---- */

static void references_are_made(void **state)
{
    (void)state;
    char rf[RF_SIZE], display[RF_DISPLAY];
    assert_true(rf_make(S("539007547034"), rf)); /* the example of the standard's users */
    assert_string_equal(rf, "RF18539007547034");
    assert_true(rf_of_order(2026, 4217, rf));
    assert_string_equal(rf, "RF9120260004217");
    assert_true(rf_display(str_of(rf), display));
    assert_string_equal(display, "RF91 2026 0004 217");
    assert_true(rf_make(S("ABCDEFGHIJKLMNOPQRSTU"), rf)); /* the longest */
    assert_true(rf_check(str_of(rf)));
    assert_true(rf_display(str_of(rf), display));
    assert_int_equal(strlen(display), 25 + 6);
    assert_true(rf_of_order(9999, INT64_C(99999999999999999), rf));
    assert_int_equal(strlen(rf), RF_SIZE - 1);
    static const char *const wrong[] = {"", "ABCDEFGHIJKLMNOPQRSTUV", "12 34", "12a", "12-3", "\xC3\xA9"};
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(rf_make(str_of(wrong[i]), rf));
    assert_false(rf_of_order(1999, 1, rf));
    assert_false(rf_of_order(10000, 1, rf));
    assert_false(rf_of_order(2026, 0, rf));
    assert_false(rf_of_order(2026, INT64_C(100000000000000000), rf));
    assert_false(rf_display(S("RF123456789012345678901234"), display));
}

static void references_are_read(void **state)
{
    (void)state;
    static const char *const good[] = {"RF9120260004217", "rf91 2026 0004 217", " Rf 91-2026.0004-217 ",
                                       "RF91\xC2\xA0""2026\xE2\x80\xAF""0004217", "RF91 2026\r\n0004 217"};
    static const char *const wrong[] = {"", "RF", "RF91", "RF9020260004217", "9120260004217", "RF91/20260004217",
                                        "XRF9120260004217", "RF9120260004217X", "RFAB20260004217",
                                        "RF91202600042170000000000000000000"};
    char rf[RF_SIZE];
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(rf_parse(str_of(good[i]), rf));
        assert_string_equal(rf, "RF9120260004217");
        assert_int_equal(rf_check(str_of(good[i])), i == 0);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(rf_parse(str_of(wrong[i]), rf));
    /* 97 more or less leaves the same remainder but is no check number: 02 to 98 are. */
    char body[16];
    for (int number = 0, seen = 0; seen < 3; number++) {
        (void)snprintf(body, sizeof body, "%d", 1000000 + number);
        assert_true(rf_make(str_of(body), rf));
        int check = (rf[2] - '0') * 10 + rf[3] - '0', other = check <= 2 ? check + 97 : check >= 97 ? check - 97 : -1;
        if (other < 0)
            continue;
        seen++;
        rf[2] = (char)('0' + other / 10);
        rf[3] = (char)('0' + other % 10);
        assert_false(rf_check(str_of(rf)));
    }
}

/* Of 300 references every wrong digit and every two digits that changed places is noticed. */
static void every_slip_is_noticed(void **state)
{
    (void)state;
    for (int64_t number = 1; number < 9000000; number += 30011) {
        char rf[RF_SIZE], wrong[RF_SIZE];
        assert_true(rf_of_order(2026, number, rf));
        assert_true(rf_check(str_of(rf)));
        size_t n = strlen(rf);
        for (size_t i = 2; i < n; i++) {
            memcpy(wrong, rf, sizeof wrong);
            for (char c = '0'; c <= '9'; c++) {
                wrong[i] = c;
                assert_int_equal(rf_check(str_of(wrong)), c == rf[i]);
            }
            for (size_t j = i + 1; j < n; j++) {
                memcpy(wrong, rf, sizeof wrong);
                wrong[i] = rf[j];
                wrong[j] = rf[i];
                assert_int_equal(rf_check(str_of(wrong)), rf[i] == rf[j]);
            }
        }
    }
}

static void references_are_found_in_a_text(void **state)
{
    (void)state;
    static const char *const with[] = {
        "RF9120260004217", "VIR SEPA VOYAGES RF91 2026 0004 217 MERCI", "surf rf91 2026 0004 217 billets 13/10",
        "/INV/RF9120260004217/2026", "FACTURERF9120260004217.", "ref:rf91-2026-0004-217,merci", "RF RF9120260004217",
        "RF9120260004217MERCI", "paiement\nRF91 2026 00\n04 217\n", "\xC3\xA9RF9120260004217\xC3\xA9"};
    static const char *const without[] = {"", "R", "RF", "RF91 2026 0004 218", "SURF RF91", "RF91202600042175",
                                          "RF91 2026 0004 21 79", "RF91 2026/0004 217", "9120260004217",
                                          "PERF 91 2026 0004 218"};
    struct rf_found found[8];
    for (size_t i = 0; i < COUNT(with); i++) {
        size_t n = rf_find(str_of(with[i]), COUNT(found), found);
        if (n != 1 || strcmp(found[0].rf, "RF9120260004217") != 0)
            fail_msg("«%s»: %zu", with[i], n);
    }
    for (size_t i = 0; i < COUNT(without); i++)
        if (rf_find(str_of(without[i]), COUNT(found), found) != 0)
            fail_msg("«%s»: %s", without[i], found[0].rf);
    const struct str two = S("RF91 2026 0004 217 et RF18539007547034 et RF18539007547034");
    assert_int_equal(rf_find(two, COUNT(found), found), 3);
    assert_string_equal(found[0].rf, "RF9120260004217");
    assert_string_equal(found[1].rf, "RF18539007547034");
    assert_int_equal(found[1].start, 22);
    assert_int_equal(rf_find(two, 2, found), 2);
    assert_int_equal(rf_find(two, 0, found), 0);
    /* A number behind the reference can make a second reading: both are given, with one start. */
    char longer[32], text[64];
    int extra = -1;
    for (int digits = 10; digits < 1000 && extra < 0; digits++) {
        (void)snprintf(longer, sizeof longer, "RF9120260004217%d", digits);
        extra = rf_check(str_of(longer)) ? digits : -1;
    }
    (void)snprintf(text, sizeof text, "RF91 2026 0004 217 %d billets", extra);
    assert_int_equal(rf_find(str_of(text), COUNT(found), found), 2);
    assert_int_equal(found[0].start, found[1].start);
}

/* ---- the EPC code ---- */

static const struct epc_transfer transfer_sample = {
    .name = {"EP des Monuments d\xE2\x80\x99" "Exemple", 28},
    .iban = {"FR76 1007 1750 0000 0012 3456 717", 33},
    .bic = {"TRPUFRP1", 8},
    .amount = {79850},
    .rf = {"RF91 2026 0004 217", 18},
};

static void a_payload_is_written(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct str payload;
    struct epc_transfer transfer = transfer_sample;
    assert_int_equal(epc_payload(arena, &transfer, &payload, NULL), OK);
    assert_str(payload, "BCD\n002\n1\nSCT\nTRPUFRP1\nEP des Monuments d\xE2\x80\x99" "Exemple\n"
                        "FR7610071750000000123456717\nEUR798.50\n\nRF9120260004217");
    transfer.bic = transfer.rf = S("");
    transfer.amount = cents(5);
    transfer.text = S("Commande K7Q2-XD4M");
    assert_int_equal(epc_payload(arena, &transfer, &payload, NULL), OK);
    assert_str(payload, "BCD\n002\n1\nSCT\n\nEP des Monuments d\xE2\x80\x99" "Exemple\nFR7610071750000000123456717\n"
                        "EUR0.05\n\n\nCommande K7Q2-XD4M");
    transfer.text = S("");
    assert_int_equal(epc_payload(arena, &transfer, &payload, NULL), OK);
    assert_true(str_ends(payload, S("\nEUR0.05")));
    arena_free(&arena);
}

static void assert_refused(const struct epc_transfer *transfer, enum err expected)
{
    struct arena *arena = arena_new();
    struct str payload = S("untouched");
    assert_int_equal(epc_payload(arena, transfer, &payload, NULL), expected);
    assert_str(payload, "untouched");
    arena_free(&arena);
}

static void limits_of_a_payload(void **state)
{
    (void)state;
    char many[EPC_TEXT_MAX * 2 + 2];
    memset(many, 'x', sizeof many);
    struct arena *arena = arena_new();
    struct str payload;
    struct epc_transfer transfer = transfer_sample;
    transfer.name = (struct str){many, EPC_NAME_MAX};
    transfer.amount = cents(INT64_C(99999999999));
    transfer.rf = S("");
    transfer.text = (struct str){many, EPC_TEXT_MAX};
    assert_int_equal(epc_payload(arena, &transfer, &payload, NULL), OK);
    assert_true(payload.n <= EPC_PAYLOAD_MAX);
    arena_free(&arena);
#define REFUSED(field, value)                    \
    do {                                         \
        struct epc_transfer bad = transfer;      \
        bad.field = (value);                     \
        assert_refused(&bad, ERR_INPUT);         \
    } while (0)
    REFUSED(name, ((struct str){many, EPC_NAME_MAX + 1}));
    REFUSED(name, S("  "));
    REFUSED(name, S("Nom\nFR7630006000011234567890189"));
    REFUSED(name, S("Nom\xFF"));
    REFUSED(iban, S("FR7610071750000000123456718"));
    REFUSED(iban, S(""));
    REFUSED(bic, S("TRPUFRP"));
    REFUSED(bic, S("TRPU2RP1"));
    REFUSED(amount, cents(0));
    REFUSED(amount, cents(-1));
    REFUSED(amount, cents(INT64_C(100000000000)));
    REFUSED(rf, S("RF9120260004217")); /* beside a text */
    REFUSED(text, ((struct str){many, EPC_TEXT_MAX + 1}));
    REFUSED(text, S("a\xE2\x80\xA8" "b")); /* a line end of its own kind */
    transfer.text = S("");
    REFUSED(rf, S("RF9020260004217"));
    /* All fields within their limits in characters, yet too many bytes. */
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = i % 2 == 0 ? '\xC3' : '\xA9';
    transfer.text = (struct str){many, EPC_TEXT_MAX * 2};
    assert_refused(&transfer, ERR_LIMIT);
}

/* CRT-4: some days, never past the lead time before the visit, to the end of a local day. */
static void deadlines(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    struct transfer_rule rule = {.days = 10, .lead_days = 3, .least_days = 2};
    day_number today = unit_day(2026, 10, 20); /* five days before the clocks go back */
    instant now = instant_of(&paris, today, 23 * 60 + 59), due = 7;
    assert_true(transfer_deadline(&paris, now, rule, 0, &due));
    assert_true(due == instant_of(&paris, today + 11, 0));
    assert_int_equal(local_of(&paris, due - 1).day, today + 10);
    assert_true(transfer_deadline(&paris, now, rule, instant_of(&paris, today + 60, 600), &due));
    assert_true(due == instant_of(&paris, today + 11, 0));
    assert_true(transfer_deadline(&paris, now, rule, instant_of(&paris, today + 8, 600), &due));
    assert_true(due == instant_of(&paris, today + 6, 0)); /* the fifth day is the last: three before the visit */
    assert_true(transfer_deadline(&paris, now, rule, instant_of(&paris, today + 5, 0), &due));
    assert_true(due == instant_of(&paris, today + 3, 0));
    instant kept = due;
    assert_false(transfer_deadline(&paris, now, rule, instant_of(&paris, today + 4, 1439), &due));
    assert_false(transfer_deadline(&paris, now, rule, instant_of(&paris, today, 0), &due));
    assert_true(due == kept);
    rule.least_days = 0;
    assert_true(transfer_deadline(&paris, now, rule, instant_of(&paris, today + 3, 600), &due));
    assert_true(due == instant_of(&paris, today + 1, 0)); /* until this midnight */
    assert_false(transfer_deadline(&paris, now, rule, instant_of(&paris, today + 2, 600), &due));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_are_made),            cmocka_unit_test(references_are_read),
        cmocka_unit_test(every_slip_is_noticed),          cmocka_unit_test(references_are_found_in_a_text),
        cmocka_unit_test(a_payload_is_written),           cmocka_unit_test(limits_of_a_payload),
        cmocka_unit_test(deadlines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
