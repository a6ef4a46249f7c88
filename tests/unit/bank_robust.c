/* Statement files that were cut off, damaged or made to harm: never a crash, never a wrong amount (CRT-5). The
 * sanitizers watch; every input lies in memory of exactly its size.
 *
 * Usage: bank_robust FOLDER, where the samples lie */
#include "bank_kit.h"
#include "base/limits.h"

static const char *const samples[] = {SAMPLE_CAMT08, SAMPLE_CAMT02, SAMPLE_CFONB};

enum { SAMPLES = sizeof samples / sizeof samples[0], FLIPS = 4000 };

/* Reads a copy of its own size; what is taken must be sound. Returns whether it was. */
static bool read_copy(struct str bytes)
{
    struct arena *arena = arena_new();
    char *copy = malloc(bytes.n == 0 ? 1 : bytes.n);
    assert_non_null(copy);
    if (bytes.n != 0)
        memcpy(copy, bytes.p, bytes.n);
    struct bank_file file = {.statement_count = 77};
    struct bank_problem problem = {.fault.err = OK};
    enum err err = bank_read_any(arena, (struct str){copy, bytes.n}, &file, &problem);
    free(copy); /* what was read does not point into it */
    if (err == OK) {
        kit_sound(&file);
    } else {
        assert_true(err == ERR_INPUT || err == ERR_LIMIT);
        assert_int_equal(problem.fault.err, err);
        assert_true(utf8_valid(str_of(problem.fault.text)) && strlen(problem.fault.text) > 10);
        assert_int_equal(file.statement_count, 77);
    }
    arena_free(&arena);
    return err == OK;
}

/* Everything before the last byte that says something is refused. */
static void cut_at_every_byte(void **state)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < SAMPLES; i++) {
        struct str sample = kit_sample(arena, *state, samples[i]);
        size_t end = str_trim(sample).n;
        size_t first_statement = 0; /* of CFONB: the end of a statement is the end of a file too */
        if (strcmp(samples[i], SAMPLE_CFONB) == 0)
            first_statement = (size_t)((const char *)memmem(sample.p, sample.n, "0000000148910{", 14) - sample.p) + 14;
        for (size_t n = 0; n <= sample.n; n++) {
            bool taken = read_copy(str_sub(sample, 0, n));
            bool whole = n >= end || (first_statement != 0 && n >= first_statement && n <= first_statement + 18);
            if (taken != whole)
                fail_msg("%s cut at %zu of %zu: %s", samples[i], n, end, taken ? "taken" : "refused");
        }
    }
    arena_free(&arena);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void flipped_bytes(void **state)
{
    struct arena *arena = arena_new();
    size_t refused = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        struct str sample = kit_sample(arena, *state, samples[i]);
        char *bytes = arena_alloc(arena, sample.n);
        uint32_t seed = 20261123;
        for (int round = 0; round < FLIPS; round++) {
            memcpy(bytes, sample.p, sample.n);
            for (uint32_t flips = next_random(&seed) % 4; flips < 4; flips++)
                bytes[next_random(&seed) % sample.n] ^= (char)(1 << next_random(&seed) % 8);
            refused += !read_copy((struct str){bytes, sample.n});
        }
    }
    assert_true(refused > 0 && refused < (size_t)FLIPS * SAMPLES); /* both ways were walked */
    arena_free(&arena);
}

/* Pieces moved, repeated and left out: structure rather than bytes. */
static void shuffled_pieces(void **state)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < SAMPLES; i++) {
        struct str sample = kit_sample(arena, *state, samples[i]);
        uint32_t seed = 53;
        for (int round = 0; round < FLIPS / 4; round++) {
            struct buf buf = buf_new(sample.n * 4);
            size_t from = next_random(&seed) % sample.n, length = next_random(&seed) % 400;
            size_t to = next_random(&seed) % sample.n;
            buf_str(&buf, str_sub(sample, 0, to));
            buf_str(&buf, str_sub(sample, from, length));
            buf_str(&buf, str_sub(sample, to + (round % 2 == 0 ? 0 : length), sample.n));
            (void)read_copy(buf_view(&buf));
            buf_free(&buf);
        }
    }
    arena_free(&arena);
}

/* No other digit or sign in the amount of a movement or balance is taken. */
static void wrong_digits_of_cfonb120(void **state)
{
    static const char letters[] = "0123456789{ABCDEFGHI}JKLMNOPQR -+.";
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CFONB);
    char *bytes = arena_alloc(arena, sample.n);
    memcpy(bytes, sample.p, sample.n);
    for (size_t record = 0; record + 122 <= sample.n; record += 122) {
        if (memcmp(bytes + record, "05", 2) == 0)
            continue;
        for (size_t at = record + 90; at < record + 104; at++) {
            char right = bytes[at];
            for (const char *wrong = letters; *wrong != '\0'; wrong++) {
                /* A blank before the first digit is a nought. */
                bool same = *wrong == right || (*wrong == ' ' && at == record + 90);
                bytes[at] = *wrong;
                if (read_copy((struct str){bytes, sample.n}) != same)
                    fail_msg("record %zu, place %zu: %c", record / 122 + 1, at - record + 1, *wrong);
            }
            bytes[at] = right;
        }
    }
    arena_free(&arena);
}

static void a_statement_head(struct buf *buf, const char *kind, char sign)
{
    buf_format(buf, "%s10071    75000EUR2 00001234567  160926%50s%013d%c%16s", kind, "", 0, sign, "");
}

static void too_much(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf buf = buf_new(LIMIT_BANK_FILE + 1);
    for (int extra = 0; extra < 2; extra++) {
        buf_clear(&buf);
        a_statement_head(&buf, "01", '{');
        for (int i = 0; i < LIMIT_BANK_ENTRIES + extra; i++)
            a_statement_head(&buf, "04", '{');
        a_statement_head(&buf, "07", '{');
        if (extra == 0)
            assert_true(read_copy(buf_view(&buf)));
        else
            kit_refused(arena, buf_view(&buf), BANK_TOO_LARGE);
    }
    /* As many payments in one booking, then one more. */
    for (int extra = 0; extra < 2; extra++) {
        buf_clear(&buf);
        buf_c(&buf, "<Document><BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>FR76</IBAN></Id><Ccy>EUR</Ccy></Acct>");
        buf_c(&buf, "<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>0</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                    "</Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy='EUR'>200</Amt>"
                    "<CdtDbtInd>CRDT</CdtDbtInd></Bal><Ntry><Amt Ccy='EUR'>200</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                    "<BookgDt><Dt>2026-09-16</Dt></BookgDt><NtryDtls>");
        for (int i = 0; i < LIMIT_BANK_ENTRIES + extra; i++)
            buf_c(&buf, "<TxDtls><Amt Ccy='EUR'>0.01</Amt></TxDtls>");
        buf_c(&buf, "</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>");
        if (extra == 0)
            assert_true(read_copy(buf_view(&buf)));
        else
            kit_refused(arena, buf_view(&buf), BANK_TOO_LARGE);
    }
    buf_clear(&buf);
    while (!buf.overflowed && buf.n <= LIMIT_BANK_FILE)
        buf_char(&buf, '<');
    kit_refused(arena, buf_view(&buf), BANK_TOO_LARGE);
    buf_free(&buf);
    arena_free(&arena);
}

static void too_deep_and_too_long(void **state)
{
    (void)state;
    struct arena *arena = arena_new();
    struct buf buf = buf_new(LIMIT_BANK_FILE);
    buf_c(&buf, "<Document><BkToCstmrStmt>");
    for (int i = 0; i < 100; i++)
        buf_c(&buf, "<a>");
    for (int i = 0; i < 100; i++)
        buf_c(&buf, "</a>");
    buf_c(&buf, "</BkToCstmrStmt></Document>");
    kit_refused(arena, buf_view(&buf), BANK_FIELD);
    buf_clear(&buf);
    buf_c(&buf, "<Document><BkToCstmrStmt><Stmt><Id>");
    for (int i = 0; i < 5000; i++)
        buf_char(&buf, 'x');
    buf_c(&buf, "</Id></Stmt></BkToCstmrStmt></Document>");
    kit_refused(arena, buf_view(&buf), BANK_FIELD);
    buf_clear(&buf);
    buf_c(&buf, "<Document><BkToCstmrStmt><");
    for (int i = 0; i < 5000; i++)
        buf_char(&buf, 'x');
    buf_c(&buf, "/></BkToCstmrStmt></Document>");
    kit_refused(arena, buf_view(&buf), BANK_FIELD);
    buf_free(&buf);
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: bank_robust FOLDER\n");
        return 2;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(cut_at_every_byte, argv[1]),
        cmocka_unit_test_prestate(flipped_bytes, argv[1]),
        cmocka_unit_test_prestate(shuffled_pieces, argv[1]),
        cmocka_unit_test_prestate(wrong_digits_of_cfonb120, argv[1]),
        cmocka_unit_test(too_much),
        cmocka_unit_test(too_deep_and_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
