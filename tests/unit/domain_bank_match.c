/* Which order a transfer that arrived is for (CRT-5, OPS-5): by a reference, never by an amount alone. */
#include <stdio.h>

#include "domain/bank_match.h"
#include "domain/rf_reference.h"
#include "unit.h"

static const struct str lake[] = {{"FR7630006000011234567890189", 27}, {"DE89370400440532013000", 22}};

enum { FIRST, SECOND, THIRD, PAID, CANDIDATES };

static const struct match_candidate open_orders[CANDIDATES] = {
    [FIRST] = {1, {"K7Q2-XD4M", 9}, {"RF9120260004217", 15}, {"PF2026-000119", 13}, {79850}, lake, 2},
    [SECOND] = {2, {"ABCD-EFG2", 9}, {"RF6420260004218", 15}, {"", 0}, {120000}, lake, 1},
    [THIRD] = {3, {"WXYZ-2345", 9}, {"", 0}, {"", 0}, {120000}, NULL, 0},
    [PAID] = {4, {"PPPP-2222", 9}, {"RF4420260000019", 15}, {"", 0}, {0}, lake, 1},
};

static struct bank_match of_text(const char *text, int64_t amount)
{
    struct bank_transfer transfer = {.amount = {amount}, .text = str_of(text)};
    return bank_match_of(&transfer, open_orders, CANDIDATES);
}

static void assert_match(struct bank_match match, enum bank_match_kind kind, size_t named)
{
    assert_string_equal(bank_match_name(match.kind), bank_match_name(kind));
    if (kind == MATCH_NONE)
        return;
    assert_true(match.named_count >= 1);
    assert_int_equal(match.named[0], named);
}

static void a_reference_and_the_amount_settle(void **state)
{
    (void)state;
    static const char *const texts[] = {"RF9120260004217", "vir rf91 2026 0004 217 billets 13/10", "K7Q2-XD4M",
                                        "commande k7q2 xd4m.", "N\xC2\xB0K7Q2XD4M", "facture PF2026-000119 merci",
                                        "pf 2026 000119", "RF91 2026 0004 217 / K7Q2-XD4M / PF2026-000119",
                                        "K7Q2-\nXD4M"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bank_match match = of_text(texts[i], 79850);
        assert_match(match, MATCH_EXACT, FIRST);
        assert_int_equal(match.named_count, 1);
        assert_int_equal(match.settles.v, 79850);
        assert_int_equal(match.excess.v, 0);
        assert_false(match.unknown_reference);
    }
    const struct str structured[] = {S("NOTPROVIDED"), S("RF6420260004218")};
    struct bank_transfer transfer = {.amount = {120000}, .references = structured, .reference_count = 2};
    assert_match(bank_match_of(&transfer, open_orders, CANDIDATES), MATCH_EXACT, SECOND);
    transfer.text = S("RF64 2026 0004 218"); /* said twice */
    assert_match(bank_match_of(&transfer, open_orders, CANDIDATES), MATCH_EXACT, SECOND);
}

static void another_amount_is_a_state(void **state)
{
    (void)state;
    struct bank_match match = of_text("RF9120260004217", 79849);
    assert_match(match, MATCH_PART, FIRST);
    assert_int_equal(match.settles.v, 79849);
    assert_int_equal(match.excess.v, 0);
    match = of_text("K7Q2-XD4M", 80000);
    assert_match(match, MATCH_OVER, FIRST);
    assert_int_equal(match.settles.v, 79850);
    assert_int_equal(match.excess.v, 150);
    match = of_text("RF44 2026 0000 019", 5000); /* paid already: all of it is too much */
    assert_match(match, MATCH_OVER, PAID);
    assert_int_equal(match.settles.v, 0);
    assert_int_equal(match.excess.v, 5000);
}

static void an_amount_alone_is_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "billets", "RF91 2026 0004 218", "K7Q2-XD4N", "K7Q2-XD4M2", "AK7Q2-XD4M",
                                        "PF2026-00011", "PF2026-0001191", "K7Q2", "RF91202600042171"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bank_match match = of_text(texts[i], 79850);
        assert_match(match, MATCH_NONE, 0);
        assert_int_equal(match.named_count, 0);
    }
}

static void a_known_account_proposes(void **state)
{
    (void)state;
    struct bank_transfer transfer = {.amount = {79850}, .text = S("merci"), .payer_iban = lake[1]};
    struct bank_match match = bank_match_of(&transfer, open_orders, CANDIDATES);
    assert_match(match, MATCH_PROPOSED, FIRST);
    assert_int_equal(match.settles.v, 0); /* only a person settles it */
    transfer.amount = cents(79851);
    assert_match(bank_match_of(&transfer, open_orders, CANDIDATES), MATCH_NONE, 0);
    transfer.amount = cents(120000); /* this account paid for FIRST alone */
    assert_match(bank_match_of(&transfer, open_orders, CANDIDATES), MATCH_NONE, 0);
    transfer.payer_iban = S("FR7610071750000000123456717");
    transfer.amount = cents(79850);
    assert_match(bank_match_of(&transfer, open_orders, CANDIDATES), MATCH_NONE, 0);
    /* Two orders of that amount: which one is not to be guessed. */
    struct match_candidate twins[2] = {open_orders[FIRST], open_orders[SECOND]};
    twins[1].due = twins[0].due;
    transfer.payer_iban = lake[0];
    assert_match(bank_match_of(&transfer, twins, 2), MATCH_NONE, 0);
    assert_match(bank_match_of(&transfer, twins, 1), MATCH_PROPOSED, 0);
    /* It quotes something that is not open: then it is not for what is. */
    transfer.text = S("RF18539007547034");
    match = bank_match_of(&transfer, twins, 1);
    assert_match(match, MATCH_NONE, 0);
    assert_true(match.unknown_reference);
}

static void several_go_to_a_person(void **state)
{
    (void)state;
    struct bank_match match = of_text("RF9120260004217 + RF6420260004218", 79850);
    assert_match(match, MATCH_REVIEW, FIRST);
    assert_int_equal(match.named_count, 2);
    assert_int_equal(match.named[1], SECOND);
    assert_int_equal(match.settles.v, 0);
    assert_match(of_text("K7Q2-XD4M et ABCD-EFG2", 79850), MATCH_REVIEW, FIRST);
    assert_match(of_text("RF9120260004217 et WXYZ-2345", 79850), MATCH_REVIEW, FIRST);
    assert_match(of_text("K7Q2-XD4M et RF18539007547034", 79850), MATCH_REVIEW, FIRST);
    struct bank_transfer batch = {.amount = {79850}, .text = S("K7Q2-XD4M"), .batch = true};
    assert_match(bank_match_of(&batch, open_orders, CANDIDATES), MATCH_REVIEW, FIRST);
    batch.text = S("");
    batch.payer_iban = lake[1];
    assert_match(bank_match_of(&batch, open_orders, CANDIDATES), MATCH_NONE, 0);
    /* More references than are listed. */
    struct match_candidate many[MATCH_NAMED + 4];
    static char rfs[MATCH_NAMED + 4][RF_SIZE];
    char text[1000] = "";
    for (size_t i = 0; i < MATCH_NAMED + 4; i++) {
        assert_true(rf_of_order(2027, (int64_t)i + 1, rfs[i]));
        many[i] = (struct match_candidate){.order_id = (int64_t)i, .rf = str_of(rfs[i]), .due = {100}};
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s, ", rfs[i]);
    }
    struct bank_transfer transfer = {.amount = {100}, .text = str_of(text)};
    match = bank_match_of(&transfer, many, MATCH_NAMED + 4);
    assert_match(match, MATCH_REVIEW, 0);
    assert_int_equal(match.named_count, MATCH_NAMED);
}

/* A number behind the reference may give a second reading with right check digits; only one of them is an order. */
static void words_that_follow_do_no_harm(void **state)
{
    (void)state;
    int readings = 0;
    for (int tail = 0; tail < 1000; tail++) {
        char text[64];
        struct rf_found found[4];
        (void)snprintf(text, sizeof text, "RF91 2026 0004 217 %d personnes", tail);
        readings += rf_find(str_of(text), 4, found) > 1;
        struct bank_match match = of_text(text, 79850);
        assert_match(match, MATCH_EXACT, FIRST);
        assert_int_equal(match.named_count, 1);
    }
    assert_true(readings > 0);
}

static void what_is_no_payment(void **state)
{
    (void)state;
    struct bank_transfer transfer = {.amount = {79850}, .text = S("K7Q2-XD4M"), .returned = true};
    assert_match(bank_match_of(&transfer, open_orders, CANDIDATES), MATCH_NONE, 0);
    assert_match(of_text("K7Q2-XD4M", 0), MATCH_NONE, 0);
    assert_match(of_text("K7Q2-XD4M", -79850), MATCH_NONE, 0);
    transfer = (struct bank_transfer){.amount = {79850}, .text = S("K7Q2-XD4M")};
    assert_match(bank_match_of(&transfer, open_orders, 0), MATCH_NONE, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_and_the_amount_settle), cmocka_unit_test(another_amount_is_a_state),
        cmocka_unit_test(an_amount_alone_is_nothing),        cmocka_unit_test(a_known_account_proposes),
        cmocka_unit_test(several_go_to_a_person),            cmocka_unit_test(words_that_follow_do_no_harm),
        cmocka_unit_test(what_is_no_payment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
