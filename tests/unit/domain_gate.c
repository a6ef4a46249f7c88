/* Codes of tickets, and what a gate answers to them. */
#include "domain/gate.h"

#include <string.h>

#include "unit.h"

static struct ticket_code sample(void)
{
    struct ticket_code code = {.key_id = 3, .monument_id = 70001, .kind = TICKET_SLOT, .role = ROLE_GUIDE, .tariff = 2,
                               .from = 1795000020, .until = 1795000020 + 1799};
    assert_true(ticket_number_make(TICKET_NUMBER_MAX, code.number));
    return code;
}

static void a_code_comes_back(void **state)
{
    (void)state;
    unsigned char seed[CRYPTO_SIGN_SEED] = {1, 2, 3}, public_key[CRYPTO_SIGN_PUBLIC], body[TICKET_CODE_BODY];
    unsigned char message[TICKET_CODE_MESSAGE], signature[CRYPTO_SIGNATURE], body2[TICKET_CODE_BODY];
    unsigned char signature2[CRYPTO_SIGNATURE];
    char digits[TICKET_CODE_SIZE];
    struct ticket_code code = sample(), back;
    assert_int_equal(crypto_init(NULL), OK);
    crypto_sign_public(seed, public_key);
    assert_true(ticket_code_pack(&code, body));
    ticket_code_message(body, message);
    crypto_sign_message(seed, (struct str){(const char *)message, sizeof message}, signature);
    ticket_code_write(body, signature, digits);
    assert_int_equal(strlen(digits), TICKET_CODE_DIGITS);
    assert_true(ticket_code_read(str_of(digits), body2, signature2));
    assert_memory_equal(body, body2, sizeof body);
    assert_memory_equal(signature, signature2, sizeof signature);
    assert_true(ticket_code_unpack(body2, &back));
    assert_string_equal(back.number, code.number);
    assert_int_equal(back.monument_id, code.monument_id);
    assert_int_equal(back.kind, code.kind);
    assert_int_equal(back.role, code.role);
    assert_int_equal(back.tariff, code.tariff);
    assert_int_equal(back.key_id, code.key_id);
    assert_true(back.from == 1795000020 && back.until == 1795000020 + 1799);
    /* Every digit counts: whichever is changed, the signature does not fit, or it is no code at all. */
    for (size_t i = 0; i < TICKET_CODE_DIGITS; i++) {
        char changed[TICKET_CODE_SIZE];
        memcpy(changed, digits, sizeof changed);
        changed[i] = (char)('0' + (changed[i] - '0' + 1) % 10);
        if (!ticket_code_read(str_of(changed), body2, signature2))
            continue;
        ticket_code_message(body2, message);
        assert_false(crypto_sign_check(public_key, (struct str){(const char *)message, sizeof message}, signature2));
    }
}

static void times_are_rounded_outwards(void **state)
{
    (void)state;
    struct ticket_code code = sample(), back;
    unsigned char body[TICKET_CODE_BODY];
    code.from = 1795000059; /* a purchase at any second */
    code.until = 1795000061;
    assert_true(ticket_code_pack(&code, body) && ticket_code_unpack(body, &back));
    assert_true(back.from <= code.from && code.from - back.from < 60);
    assert_true(back.until >= code.until && back.until - code.until < 60);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    unsigned char body[TICKET_CODE_BODY], signature[CRYPTO_SIGNATURE];
    struct ticket_code code = sample();
    code.key_id = 256;
    assert_false(ticket_code_pack(&code, body));
    code = sample();
    code.key_id = 0;
    assert_false(ticket_code_pack(&code, body));
    code = sample();
    code.monument_id = 1 << 24;
    assert_false(ticket_code_pack(&code, body));
    code = sample();
    code.until = code.from + (INT64_C(60) << 24);
    assert_false(ticket_code_pack(&code, body));
    code = sample();
    code.from = -1;
    assert_false(ticket_code_pack(&code, body));
    char nines[TICKET_CODE_SIZE];
    memset(nines, '9', TICKET_CODE_DIGITS);
    nines[TICKET_CODE_DIGITS] = '\0';
    assert_false(ticket_code_read(str_of(nines), body, signature));
    assert_false(ticket_code_read(str_sub(str_of(nines), 0, TICKET_CODE_DIGITS - 1), body, signature));
    nines[7] = 'a';
    assert_false(ticket_code_read(str_of(nines), body, signature));
    assert_false(ticket_code_read(S(""), body, signature));
    /* Another version, a kind or role that is none, a number that is too large. */
    code = sample();
    assert_true(ticket_code_pack(&code, body));
    static const struct {
        size_t at;
        unsigned char value;
    } wrong[] = {{0, 1}, {0, 3}, {1, 0}, {17, 0xC0}, {17, 0x30}, {2, 0xFF}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        unsigned char other[TICKET_CODE_BODY];
        struct ticket_code back;
        memcpy(other, body, sizeof other);
        other[wrong[i].at] = wrong[i].value;
        assert_false(ticket_code_unpack(other, &back));
    }
    assert_int_equal(ticket_code_tariff(S("pass")), 0);
    assert_true(str_eq(ticket_code_tariff_name(ticket_code_tariff(S("school"))), S("school")));
    assert_true(str_empty(ticket_code_tariff_name(9)));
}

/* ---- answers ---- */

static const struct gate_tolerance tolerance = {.early = 15, .late = 20, .rest = 60};

static enum gate_result at(struct gate_facts facts, instant when)
{
    struct zone paris = unit_paris();
    return gate_decide(&facts, &tolerance, &paris, 7, when);
}

static void slots_have_a_tolerance(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant start = instant_of(&paris, unit_day(2026, 12, 1), 10 * 60);
    struct gate_facts facts = {.monument_id = 7, .kind = TICKET_SLOT, .from = start, .until = start + 1799, .persons = 26};
    assert_int_equal(at(facts, start), GATE_VALID);
    assert_int_equal(at(facts, start - 15 * 60), GATE_VALID);
    assert_int_equal(at(facts, start - 15 * 60 - 1), GATE_WRONG_SLOT);
    assert_int_equal(at(facts, start + 1799 + 20 * 60), GATE_VALID);
    assert_int_equal(at(facts, start + 1800 + 20 * 60), GATE_WRONG_SLOT);
    /* The rest of a group that has begun to enter. */
    facts.arrived = 23;
    assert_int_equal(at(facts, start + 1799 + 60 * 60), GATE_VALID);
    assert_int_equal(at(facts, start + 1800 + 60 * 60), GATE_WRONG_SLOT);
    assert_int_equal(at(facts, start - 15 * 60 - 1), GATE_WRONG_SLOT);
    facts.arrived = 26;
    assert_int_equal(at(facts, start), GATE_USED);
    facts.arrived = 0;
    assert_int_equal(at(facts, start - SECONDS_A_DAY), GATE_WRONG_DAY);
    assert_int_equal(at(facts, start + SECONDS_A_DAY), GATE_EXPIRED);
    /* A slot just after midnight is open before it. */
    facts.from = instant_of(&paris, unit_day(2026, 12, 2), 5);
    facts.until = facts.from + 1799;
    assert_int_equal(at(facts, facts.from - 10 * 60), GATE_VALID);
    assert_int_equal(at(facts, facts.from - 20 * 60), GATE_WRONG_DAY);
}

static void days_and_years_have_none(void **state)
{
    (void)state;
    struct zone paris = unit_paris();
    instant day = instant_of(&paris, unit_day(2026, 12, 1), 0);
    struct gate_facts facts = {.monument_id = 7, .kind = TICKET_DATED, .from = day, .until = day + SECONDS_A_DAY - 1,
                               .persons = 4};
    assert_int_equal(at(facts, day), GATE_VALID);
    assert_int_equal(at(facts, day + SECONDS_A_DAY - 1), GATE_VALID);
    assert_int_equal(at(facts, day - 1), GATE_WRONG_DAY);
    assert_int_equal(at(facts, day + SECONDS_A_DAY), GATE_EXPIRED);
    facts.kind = TICKET_UNDATED;
    facts.until = day + 1000 * SECONDS_A_DAY;
    assert_int_equal(at(facts, facts.until), GATE_VALID);
    assert_int_equal(at(facts, facts.until + 1), GATE_EXPIRED);
}

static void what_an_agent_wants_to_know_first(void **state)
{
    (void)state;
    struct gate_facts facts = {.monument_id = 8, .kind = TICKET_UNDATED, .from = 0, .until = 100, .used = true,
                               .cancelled = true, .persons = 1};
    assert_int_equal(at(facts, 200), GATE_CANCELLED);
    facts.cancelled = false;
    assert_int_equal(at(facts, 200), GATE_WRONG_MONUMENT);
    facts.monument_id = 7;
    assert_int_equal(at(facts, 200), GATE_USED);
    facts.used = false;
    assert_int_equal(at(facts, 200), GATE_EXPIRED);
    for (int i = 0; i < GATE_RESULTS; i++) {
        enum gate_result back;
        assert_true(gate_result_parse(str_of(gate_result_name((enum gate_result)i)), &back));
        assert_int_equal(back, i);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_comes_back),
        cmocka_unit_test(times_are_rounded_outwards),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(slots_have_a_tolerance),
        cmocka_unit_test(days_and_years_have_none),
        cmocka_unit_test(what_an_agent_wants_to_know_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
