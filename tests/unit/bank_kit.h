/* What the tests of statement files share: the samples, which lie in the folder that the test is started with. */
#ifndef GUICHET_TESTS_BANK_KIT_H
#define GUICHET_TESTS_BANK_KIT_H

#include <stdio.h>
#include <stdlib.h>

#include "bank/statement.h"
#include "base/buf.h"
#include "unit.h"

#define SAMPLE_CAMT08 "camt053-08.xml"
#define SAMPLE_CAMT02 "camt053-02.xml"
#define SAMPLE_CFONB "cfonb120.txt"

static inline struct str kit_sample(struct arena *arena, const char *folder, const char *name)
{
    FILE *file = fopen(str_c(arena, str_format(arena, "%s/%s", folder, name)), "rbe");
    char *bytes = arena_alloc(arena, 65536);
    if (file == NULL)
        fail_msg("%s/%s cannot be read", folder, name);
    size_t n = fread(bytes, 1, 65536, file);
    (void)fclose(file);
    assert_true(n > 0 && n < 65536);
    return (struct str){bytes, n};
}

static inline struct bank_file kit_read(struct arena *arena, struct str bytes)
{
    struct bank_file file;
    struct bank_problem problem;
    if (bank_read_any(arena, bytes, &file, &problem) != OK)
        fail_msg("%s", problem.fault.text);
    return file;
}

/* `bytes` with the first `old` as `new`. */
static inline struct str kit_replace(struct arena *arena, struct str bytes, const char *old, const char *new)
{
    const char *at = memmem(bytes.p, bytes.n, old, strlen(old));
    if (at == NULL)
        fail_msg("«%s» is not in the sample", old);
    size_t before = (size_t)(at - bytes.p);
    struct str first = str_join2(arena, str_sub(bytes, 0, before), str_of(new));
    return str_join2(arena, first, str_sub(bytes, before + strlen(old), bytes.n));
}

static inline void kit_refused(struct arena *arena, struct str bytes, enum bank_trouble trouble)
{
    struct bank_file file = {.statement_count = 77};
    struct bank_problem problem;
    enum err err = bank_read_any(arena, bytes, &file, &problem);
    if (err == OK || problem.trouble != trouble)
        fail_msg("%s, not %s: %s", err == OK ? "taken" : bank_trouble_name(problem.trouble),
                 bank_trouble_name(trouble), err == OK ? "" : problem.fault.text);
    assert_int_equal(err, trouble == BANK_TOO_LARGE ? ERR_LIMIT : ERR_INPUT);
    assert_int_equal(problem.fault.err, err);
    assert_int_equal(file.statement_count, 77);
    assert_int_equal(bank_read_any(arena, bytes, &file, NULL), err); /* who does not want to know why */
}

/* What holds for every file that is taken: balances, sides, keys, texts. */
static inline void kit_sound(const struct bank_file *file)
{
    assert_int_equal(file->hash.n, 64);
    assert_true(file->statement_count > 0);
    for (size_t i = 0; i < file->statement_count; i++) {
        const struct bank_statement *statement = &file->statements[i];
        int64_t sum = statement->opening.v;
        assert_true(utf8_valid(statement->account) && utf8_valid(statement->id) && statement->currency.n == 3);
        for (size_t j = 0; j < statement->entry_count; j++) {
            const struct bank_entry *entry = &statement->entries[j];
            sum += entry->amount.v;
            assert_int_equal(entry->key.n, 64);
            assert_int_equal(entry->credit, entry->amount.v == 0 ? entry->credit : entry->amount.v > 0);
            assert_true(utf8_valid(entry->text) && utf8_valid(entry->payer) && utf8_valid(entry->payer_iban));
        }
        assert_int_equal(sum, statement->closing.v);
    }
}

#endif
