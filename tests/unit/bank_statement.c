/* Statement files of the bank, as banks write them (CRT-5, OPS-5).
 *
 * Usage: bank_statement FOLDER, where the samples lie */
#include "bank_kit.h"
#include "base/limits.h"

/* ---- camt.053 ---- */

static void camt053_in_the_version_of_today(void **state)
{
    struct arena *arena = arena_new();
    struct bank_file file = kit_read(arena, kit_sample(arena, *state, SAMPLE_CAMT08));
    kit_sound(&file);
    assert_int_equal(file.format, BANK_CAMT053);
    assert_int_equal(file.statement_count, 2);
    const struct bank_statement *statement = &file.statements[0];
    assert_str(statement->account, "FR7610071750000000123456717");
    assert_true(statement->is_iban);
    assert_str(statement->id, "2026-0187");
    assert_int_equal(statement->sequence, 187);
    assert_str(statement->currency, "EUR");
    assert_int_equal(statement->opening.v, 1250000);
    assert_int_equal(statement->closing.v, 1489100);
    assert_int_equal(statement->entry_count, 4); /* what is pending is left out */
    const struct bank_entry *entry = &statement->entries[0];
    assert_int_equal(entry->index, 0);
    assert_int_equal(entry->position, 23);
    assert_int_equal(entry->booked, unit_day(2026, 9, 16));
    assert_int_equal(entry->valued, unit_day(2026, 9, 17));
    assert_int_equal(entry->amount.v, 79850);
    assert_true(entry->credit && !entry->reversal && !entry->returned && !entry->batch);
    assert_str(entry->code, "PMNT/RCDT/ESCT");
    assert_str(entry->entry_reference, "101");
    assert_str(entry->servicer_reference, "S101");
    assert_str(entry->end_to_end, "NOTPROVIDED");
    assert_str(entry->text, "Groupe du 13/10 RF91 2026 00 04 217 avec nos remerciements");
    assert_str(entry->payer, "Voyages Œcuménique & Fils SARL");
    assert_str(entry->payer_iban, "FR7630006000011234567890189");
    entry++; /* an amount in the payer's currency does not count */
    assert_int_equal(entry->amount.v, 120000);
    assert_int_equal(entry->structured_count, 1);
    assert_str(entry->structured[0], "RF6420260004218");
    assert_str(entry->payer, "Tour Operator GmbH");
    entry++;
    assert_int_equal(entry->amount.v, -1250);
    assert_false(entry->credit);
    assert_str(entry->text, "FRAIS DE TENUE DE COMPTE");
    entry++;
    assert_true(entry->returned);
    assert_str(entry->return_reason, "AC04");
    assert_int_equal(entry->amount.v, 40500);
    assert_int_equal(file.statements[1].entry_count, 0);
    assert_int_equal(file.statements[1].opening.v, -307);
    arena_free(&arena);
}

static void camt053_in_the_version_of_before(void **state)
{
    struct arena *arena = arena_new();
    struct bank_file file = kit_read(arena, kit_sample(arena, *state, SAMPLE_CAMT02));
    kit_sound(&file);
    assert_int_equal(file.statement_count, 1);
    const struct bank_statement *statement = &file.statements[0];
    assert_int_equal(statement->sequence, 42);
    assert_int_equal(statement->opening.v, 1000); /* a page between interim balances */
    assert_int_equal(statement->entry_count, 5);
    const struct bank_entry *entry = statement->entries;
    for (size_t i = 0; i < 3; i++) { /* a booking of three payments whose amounts are known */
        assert_int_equal(entry[i].index, 0);
        assert_int_equal(entry[i].detail, i);
        assert_false(entry[i].batch);
    }
    assert_int_equal(entry[1].amount.v, 20050);
    assert_str(entry[1].payer, "Agence des Forêts"); /* the file is in Latin-1 */
    assert_str(entry[1].text, "RF6420260004218");
    assert_int_equal(entry[1].valued, entry[1].booked);
    assert_true(entry[3].batch); /* … and of two whose amounts are not */
    assert_int_equal(entry[3].amount.v, 31825);
    assert_str(entry[3].text, "RF9120260004217 ABCD-EFG2");
    assert_str(entry[3].payer, "");
    assert_true(entry[4].reversal);
    assert_int_equal(entry[4].amount.v, -1000);
    arena_free(&arena);
}

/* A booking whose payments do not add up to it is not taken apart. */
static void payments_that_do_not_add_up(void **state)
{
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CAMT02);
    static const char *const changes[][2] = {
        {">200.50<", ">200.51<"}, {">200.50<", ">x<"}, {"\"EUR\">200.50", "\"CHF\">200.50"}};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct bank_file file = kit_read(arena, kit_replace(arena, sample, changes[i][0], changes[i][1]));
        assert_int_equal(file.statements[0].entry_count, 3);
        assert_true(file.statements[0].entries[0].batch);
        assert_int_equal(file.statements[0].entries[0].amount.v, 60050);
        assert_int_equal(file.statements[0].entries[0].structured_count, 3); /* the end-to-end references */
    }
    arena_free(&arena);
}

static void camt053_that_is_refused(void **state)
{
    static const struct {
        const char *old, *new;
        enum bank_trouble trouble;
    } changes[] = {
        {">14891<", ">14891.01<", BANK_BALANCE},
        {">798.50</Amt>\n        <CdtDbtInd>CRDT", ">798.50</Amt>\n        <CdtDbtInd>DBIT", BANK_BALANCE},
        {"<Cd>PDNG<", "<Cd>BOOK<", BANK_BALANCE},
        {">798.50</Amt>\n        <Cdt", ">798.505</Amt>\n        <Cdt", BANK_FIELD},
        {">798.50</Amt>\n        <Cdt", ">-798.50</Amt>\n        <Cdt", BANK_FIELD},
        {">798.50</Amt>\n        <Cdt", ">798,50</Amt>\n        <Cdt", BANK_FIELD},
        {">798.50</Amt>\n        <Cdt", ">7.985E2</Amt>\n        <Cdt", BANK_FIELD},
        {">798.50</Amt>\n        <Cdt", "></Amt>\n        <Cdt", BANK_FIELD},
        {">798.50</Amt>\n        <Cdt", ">99999999999999999999</Amt>\n        <Cdt", BANK_FIELD},
        {"\"EUR\">798.50", "\"USD\">798.50", BANK_FIELD},
        {"<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>", "<CdtDbtInd>C</CdtDbtInd>\n        <Sts>", BANK_FIELD},
        {"<BookgDt><Dt>2026-09-16", "<BookgDt><Dt>2026-02-30", BANK_FIELD},
        {"<DtTm>2026-09-17T00:00", "<DtTm>17/09/2026 00:00", BANK_FIELD},
        {"<Cd>OPBD<", "<Cd>OPAV<", BANK_FIELD},
        {"<Cd>CLBD<", "<Cd>CLAV<", BANK_FIELD},
        {"<Id>2026-0187</Id>", "", BANK_FIELD},
        {"<IBAN>FR7610071750000000123456717</IBAN>", "", BANK_FIELD},
        {"<BkToCstmrStmt>", "<BkToCstmrAcctRpt>", BANK_UNKNOWN},
        {"<Document ", "<Invoice ", BANK_UNKNOWN},
        {"&amp;", "&euro;", BANK_DAMAGED},
        {"&amp;", "&#0;", BANK_DAMAGED},
        {"</Ntry>", "", BANK_DAMAGED},
        {"\xC5\x92", "\xC5", BANK_DAMAGED},
        {"UTF-8", "UTF-7", BANK_FIELD},
        {"UTF-8", "UTF-16", BANK_FIELD},
        {"UTF-8", "EBCDIC-FR", BANK_FIELD},
    };
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CAMT08);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        kit_refused(arena, kit_replace(arena, sample, changes[i].old, changes[i].new), changes[i].trouble);
    /* Where: by line and by booking, since many banks write the whole file in one line. */
    struct bank_file file;
    struct bank_problem problem;
    struct str wrong = kit_replace(arena, sample, ">1200.00</Amt>\n        <Cdt", ">1200.0.0</Amt>\n        <Cdt");
    assert_int_equal(bank_read_any(arena, wrong, &file, &problem), ERR_INPUT);
    assert_int_equal(problem.entry, 2);
    assert_int_equal(problem.position, 51);
    assert_non_null(strstr(problem.fault.text, "1200.0.0"));
    arena_free(&arena);
}

static void no_doors_to_elsewhere(void **state)
{
    static const char *const heads[] = {
        "<!DOCTYPE Document [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n<Document ",
        "<!DOCTYPE Document SYSTEM \"http://127.0.0.1:9/camt.dtd\">\n<Document ",
        "<!DOCTYPE Document [<!ENTITY % a SYSTEM \"file:///etc/hostname\"> %a;]>\n<Document ",
        "<!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY d \"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<Document ",
        "<!DOCTYPE Document>\n<Document ",
    };
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CAMT08);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct str file = kit_replace(arena, sample, "<Document ", heads[i]);
        kit_refused(arena, i < 4 ? kit_replace(arena, file, "Fils", i == 3 ? "&d;" : "&a;") : file, BANK_FORBIDDEN);
    }
    /* The same hidden in two bytes a character. */
    struct str hidden = kit_replace(arena, sample, "<Document ", heads[0]);
    char *wide = arena_alloc(arena, hidden.n * 2 + 2);
    memcpy(wide, "\xFF\xFE", 2);
    for (size_t i = 0; i < hidden.n; i++)
        wide[2 + i * 2] = hidden.p[i];
    struct bank_file file;
    struct bank_problem problem;
    assert_int_equal(bank_read_camt053(arena, (struct str){wide, hidden.n * 2 + 2}, &file, &problem), ERR_INPUT);
    assert_string_equal(bank_trouble_name(problem.trouble), "field");
    arena_free(&arena);
}

/* ---- CFONB120 ---- */

static void cfonb120_record_by_record(void **state)
{
    struct arena *arena = arena_new();
    struct bank_file file = kit_read(arena, kit_sample(arena, *state, SAMPLE_CFONB));
    kit_sound(&file);
    assert_int_equal(file.format, BANK_CFONB120);
    assert_int_equal(file.statement_count, 2);
    const struct bank_statement *statement = &file.statements[0];
    assert_str(statement->account, "FR7610071750000000123456717"); /* computed */
    assert_true(statement->is_iban);
    assert_str(statement->id, "2026-09-15/2026-09-17");
    assert_str(statement->currency, "EUR");
    assert_int_equal(statement->opening.v, 1250000);
    assert_int_equal(statement->closing.v, 1489100);
    assert_int_equal(statement->entry_count, 4);
    const struct bank_entry *entry = statement->entries;
    assert_int_equal(entry->position, 2);
    assert_int_equal(entry->booked, unit_day(2026, 9, 16));
    assert_int_equal(entry->valued, unit_day(2026, 9, 16));
    assert_int_equal(entry->amount.v, 79850);
    assert_true(entry->credit);
    assert_str(entry->code, "05");
    assert_str(entry->entry_reference, "0000001");
    assert_str(entry->servicer_reference, "6259ABC");
    assert_str(entry->end_to_end, "NOTPROVIDED");
    assert_str(entry->payer, "VOYAGES OECUMÉNIQUE ET FILS SARL"); /* the file is in Latin-1 */
    assert_str(entry->text, "VIR SEPA RECU VOYAGES OECUMENIQ GROUPE DU 13 OCTOBRE, 28 PERSONNES, MERCI D'AVANCE, "
                            "NOTRE RF91 2026 00 04 217");
    assert_int_equal(entry->note_count, 5);
    assert_str(entry->notes[4].qualifier, "ZZZ");
    assert_str(entry->notes[4].text, "INCONNU");
    entry++;
    assert_int_equal(entry->index, 1);
    assert_str(entry->entry_reference, ""); /* zeros */
    assert_str(entry->servicer_reference, "SE778");
    assert_str(entry->end_to_end, "PO-77812");
    assert_str(entry->payer_iban, "DE89370400440532013000");
    assert_int_equal(entry->structured_count, 1);
    assert_str(entry->structured[0], "RF6420260004218");
    assert_int_equal(entry->note_count, 5);
    entry++;
    assert_int_equal(entry->amount.v, -1250);
    assert_false(entry->credit);
    assert_int_equal(entry->valued, entry->booked); /* no value day */
    entry++;
    assert_true(entry->returned);
    assert_str(entry->return_reason, "04");
    assert_int_equal(file.statements[1].entry_count, 0);
    assert_int_equal(file.statements[1].opening.v, -307);
    arena_free(&arena);
}

/* The sample without line ends, with other line ends, without blanks at the ends of lines, in UTF-8, with the national
 * letters of old: always the same entries. */
static void one_file_in_many_coats(void **state)
{
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CFONB);
    struct bank_file first = kit_read(arena, sample);
    enum { COATS = 6 };
    struct buf coats[COATS];
    for (size_t i = 0; i < COATS; i++)
        coats[i] = buf_new(65536);
    buf_str(&coats[3], S("\xEF\xBB\xBF"));
    for (struct str rest = sample; rest.n != 0;) {
        struct str line = str_sub(str_cut(&rest, '\n'), 0, 120);
        buf_str(&coats[0], line);
        buf_str(&coats[1], line);
        buf_str(&coats[1], S("\n\n"));
        buf_str(&coats[2], str_trim(line));
        buf_char(&coats[2], '\n');
        for (size_t i = 0; i < line.n; i++) {
            char letter[4];
            buf_put(&coats[3], letter, utf8_put((unsigned char)line.p[i], letter));
            buf_char(&coats[4], i != 103 ? line.p[i] : line.p[i] == '{' ? '\xE9' : line.p[i] == '}' ? '\xE8' : line.p[i]);
        }
        buf_str(&coats[3], S("\r\n"));
        buf_str(&coats[5], line);
    }
    buf_str(&coats[5], S("\r\n\x1A"));
    for (size_t i = 0; i < COATS; i++) {
        struct bank_file file = kit_read(arena, buf_view(&coats[i]));
        kit_sound(&file);
        assert_false(str_eq(file.hash, first.hash));
        assert_int_equal(file.statement_count, first.statement_count);
        assert_int_equal(file.statements[0].entry_count, first.statements[0].entry_count);
        for (size_t j = 0; j < first.statements[0].entry_count; j++) {
            assert_true(str_eq(file.statements[0].entries[j].key, first.statements[0].entries[j].key));
            assert_true(str_eq(file.statements[0].entries[j].payer, first.statements[0].entries[j].payer));
        }
        buf_free(&coats[i]);
    }
    arena_free(&arena);
}

static void cfonb120_that_is_refused(void **state)
{
    static const struct {
        const char *old, *new;
        enum bank_trouble trouble;
        int64_t position;
    } changes[] = {
        {"0000000148910{", "0000000148910A", BANK_BALANCE, 16},
        {"0000000007985{", "0000000007985}", BANK_BALANCE, 16},
        {"0000000007985{", "00000000079850", BANK_FIELD, 2},
        {"0000000007985{", "000000000 7985", BANK_FIELD, 2},
        {"0000000007985{", "00000000079.5{", BANK_FIELD, 2},
        {"160926  160926", "310926  160926", BANK_FIELD, 2},
        {"160926  160926", "160926  160A26", BANK_FIELD, 2},
        {"00001234567  150926", "00001234567  150026", BANK_FIELD, 1},
        {"EUR2 00001234567  150926", "EUR9 00001234567  150926", BANK_FIELD, 1},
        {"EUR2 00001234567  150926", "eur2 00001234567  150926", BANK_FIELD, 1},
        {"EUR2 00001234567  150926", "USD2 00001234567  150926", BANK_FIELD, 2},
        {"0568", "056", BANK_FIELD, 2}, /* all that follows stands one place too far left */
        {"75000EUR2 00001234567  150926", "75001EUR2 00001234567  150926", BANK_FIELD, 2},
        {"\n07", "\n08", BANK_DAMAGED, 16},
        {"\n07", "\n01", BANK_DAMAGED, 16},
        {"\n04", "\n05", BANK_DAMAGED, 2},
    };
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CFONB);
    struct bank_file file;
    struct bank_problem problem;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct str wrong = kit_replace(arena, sample, changes[i].old, changes[i].new);
        kit_refused(arena, wrong, changes[i].trouble);
        (void)bank_read_any(arena, wrong, &file, &problem);
        assert_int_equal(problem.position, changes[i].position);
    }
    kit_refused(arena, str_join2(arena, str_sub(sample, 0, 121), S("4")), BANK_DAMAGED);
    kit_refused(arena, str_sub(sample, 0, 120), BANK_DAMAGED);
    kit_refused(arena, str_sub(sample, 0, 122), BANK_DAMAGED);
    kit_refused(arena, kit_replace(arena, sample, "\r\n04", "x\r\n04"), BANK_DAMAGED);
    struct str movement = str_sub(sample, 122, sample.n); /* begins with a movement */
    assert_int_equal(bank_read_cfonb120(arena, movement, &file, &problem), ERR_INPUT);
    assert_int_equal(problem.trouble, BANK_FIELD);
    arena_free(&arena);
}

/* Amounts by the number of decimals that a record tells. */
static void decimals_of_a_record(void **state)
{
    struct arena *arena = arena_new();
    struct str sample = kit_sample(arena, *state, SAMPLE_CFONB);
    static const struct {
        const char *fee, *decimals;
    } same[] = {{"0000000000125}", "2"}, {"0000000001250}", "3"}, {"0000000012500}", "4"}, {"0000000000125}", " "}};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct str changed = kit_replace(arena, sample, "0000000000125}", same[i].fee);
        char record[32];
        (void)snprintf(record, sizeof record, "EUR%s 0000123456718", same[i].decimals);
        struct bank_file file = kit_read(arena, kit_replace(arena, changed, "EUR2 0000123456718", record));
        assert_int_equal(file.statements[0].entries[2].amount.v, -1250);
    }
    kit_refused(arena, kit_replace(arena, sample, "EUR2 0000123456718", "EUR0 0000123456718"), BANK_BALANCE);
    kit_refused(arena, kit_replace(arena, kit_replace(arena, sample, "0000000000125}", "0000000000125J"),
                                   "EUR2 0000123456718", "EUR3 0000123456718"), BANK_FIELD);
    arena_free(&arena);
}

/* ---- both ---- */

static void the_format_is_recognised(void **state)
{
    (void)state;
    static const char *const unknown[] = {"", " ", "\n\n", "PK\x03\x04", "%PDF-1.7", "date;montant\n", "04", "{}"};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        kit_refused(arena, str_of(unknown[i]), BANK_UNKNOWN);
    kit_refused(arena, S("<"), BANK_DAMAGED);
    kit_refused(arena, S("<html><body/></html>"), BANK_UNKNOWN);
    kit_refused(arena, S("<Document/>"), BANK_FIELD);
    assert_string_equal(bank_format_name(BANK_CAMT053), "camt053");
    assert_string_equal(bank_format_name(BANK_CFONB120), "cfonb120");
    arena_free(&arena);
}

static void an_entry_keeps_its_key(void **state)
{
    struct arena *arena = arena_new();
    static const char *const samples[] = {SAMPLE_CAMT08, SAMPLE_CAMT02, SAMPLE_CFONB};
    struct str keys[64];
    size_t n = 0;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct str sample = kit_sample(arena, *state, samples[i]);
        struct bank_file file = kit_read(arena, sample), again = kit_read(arena, sample);
        assert_true(str_eq(file.hash, again.hash));
        for (size_t j = 0; j < file.statements[0].entry_count; j++) {
            assert_true(str_eq(file.statements[0].entries[j].key, again.statements[0].entries[j].key));
            keys[n++] = file.statements[0].entries[j].key;
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(keys[i], keys[j]));
    /* The same entries in another page of one statement are others. */
    struct str sample = kit_sample(arena, *state, SAMPLE_CAMT08);
    struct str page = kit_replace(arena, kit_replace(arena, sample, ">12500.00<", ">12600.00<"), ">14891<", ">14991<");
    struct bank_file file = kit_read(arena, sample), other = kit_read(arena, page);
    assert_false(str_eq(file.statements[0].entries[0].key, other.statements[0].entries[0].key));
    arena_free(&arena);
}

/* From the file to the order: what the import does for each entry. */
static void entries_find_their_orders(void **state)
{
    struct arena *arena = arena_new();
    const struct match_candidate orders[] = {
        {1, S("K7Q2-XD4M"), S("RF9120260004217"), S(""), {79850}, NULL, 0},
        {2, S("ABCD-EFG2"), S("RF6420260004218"), S(""), {120000}, NULL, 0},
    };
    static const enum bank_match_kind expected[] = {MATCH_EXACT, MATCH_EXACT, MATCH_NONE, MATCH_NONE};
    static const char *const samples[] = {SAMPLE_CAMT08, SAMPLE_CFONB};
    for (size_t i = 0; i < 2; i++) {
        struct bank_file file = kit_read(arena, kit_sample(arena, *state, samples[i]));
        for (size_t j = 0; j < file.statements[0].entry_count; j++) {
            struct bank_transfer transfer = bank_transfer_of(arena, &file.statements[0].entries[j]);
            struct bank_match match = bank_match_of(&transfer, orders, 2);
            assert_string_equal(bank_match_name(match.kind), bank_match_name(expected[j]));
            if (match.kind == MATCH_EXACT)
                assert_int_equal(match.named[0], j);
        }
    }
    struct bank_file file = kit_read(arena, kit_sample(arena, *state, SAMPLE_CAMT02));
    struct bank_transfer transfer = bank_transfer_of(arena, &file.statements[0].entries[3]);
    assert_int_equal(bank_match_of(&transfer, orders, 2).kind, MATCH_REVIEW);
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: bank_statement FOLDER\n");
        return 2;
    }
#define IN_FOLDER(test) cmocka_unit_test_prestate(test, argv[1])
    const struct CMUnitTest tests[] = {
        IN_FOLDER(camt053_in_the_version_of_today),
        IN_FOLDER(camt053_in_the_version_of_before),
        IN_FOLDER(payments_that_do_not_add_up),
        IN_FOLDER(camt053_that_is_refused),
        IN_FOLDER(no_doors_to_elsewhere),
        IN_FOLDER(cfonb120_record_by_record),
        IN_FOLDER(one_file_in_many_coats),
        IN_FOLDER(cfonb120_that_is_refused),
        IN_FOLDER(decimals_of_a_record),
        IN_FOLDER(the_format_is_recognised),
        IN_FOLDER(an_entry_keeps_its_key),
        IN_FOLDER(entries_find_their_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
