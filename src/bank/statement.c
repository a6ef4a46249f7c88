/* The frame around both readers: limits, balances, keys. */
#include "bank/statement.h"

#include <stdio.h>
#include <string.h>

#include "bank/parts.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "base/limits.h"

const char *bank_format_name(enum bank_format format)
{
    return format == BANK_CAMT053 ? "camt053" : "cfonb120";
}

const char *bank_trouble_name(enum bank_trouble trouble)
{
    static const char *const names[] = {
        [BANK_UNKNOWN] = "unknown",     [BANK_TOO_LARGE] = "too-large", [BANK_DAMAGED] = "damaged",
        [BANK_FORBIDDEN] = "forbidden", [BANK_FIELD] = "field",         [BANK_BALANCE] = "balance",
    };
    return names[trouble];
}

enum err bank_fail(const struct bank_build *build, enum bank_trouble trouble, int64_t position, size_t entry,
                   const char *format, ...)
{
    enum err err = trouble == BANK_TOO_LARGE ? ERR_LIMIT : ERR_INPUT;
    if (build->problem == NULL)
        return err;
    char text[160], place[64] = "";
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!utf8_valid(str_of(text))) /* what it quotes was cut inside a character */
        for (char *at = text; *at != '\0'; at++)
            *at = (unsigned char)*at < 0x80 ? *at : '?';
    if (position > 0)
        (void)snprintf(place, sizeof place, "at %lld", (long long)position);
    if (entry > 0)
        (void)snprintf(place + strlen(place), sizeof place - strlen(place), ", booking %zu", entry);
    *build->problem = (struct bank_problem){.trouble = trouble, .position = position, .entry = entry};
    return fault_set(&build->problem->fault, err, "bank file%s%s: %s", *place == '\0' ? "" : " ", place, text);
}

/* `items` with room for one more; what it held is copied. */
static void *grown(struct arena *arena, void *items, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return items;
    *capacity = *capacity == 0 ? 8 : *capacity * 2;
    void *more = arena_array(arena, *capacity, size);
    if (n != 0)
        memcpy(more, items, n * size);
    return more;
}

void bank_list_add(struct arena *arena, struct bank_list *list, struct str s)
{
    if (s.n == 0)
        return;
    list->items = grown(arena, list->items, list->n, &list->capacity, sizeof list->items[0]);
    list->items[list->n++] = s;
}

struct str bank_list_join(struct arena *arena, const struct bank_list *list)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->items[i].n + 1;
    char *p = arena_alloc(arena, n + 1);
    for (size_t i = 0; i < list->n; i++) {
        if (i != 0)
            p[at++] = ' ';
        memcpy(p + at, list->items[i].p, list->items[i].n);
        at += list->items[i].n;
    }
    return (struct str){p, at};
}

struct str bank_clean(struct arena *arena, struct str s)
{
    char *p = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool blank = c <= ' ' || c == 0x7F;
        if (c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] <= 0xA0) {
            blank = true; /* U+0080 to U+00A0: controls of the second kind and the hard blank */
            i++;
        }
        if (!blank)
            p[n++] = s.p[i];
        else if (n != 0 && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    n -= n != 0 && p[n - 1] == ' ';
    return (struct str){p, n};
}

enum err bank_add_entry(struct bank_build *build, const struct bank_entry *entry)
{
    if (build->total == LIMIT_BANK_ENTRIES)
        return bank_fail(build, BANK_TOO_LARGE, entry->position, entry->index + 1, "more than %d entries",
                         LIMIT_BANK_ENTRIES);
    build->entries = grown(build->arena, build->entries, build->entry_count, &build->entry_capacity,
                           sizeof build->entries[0]);
    build->entries[build->entry_count++] = *entry;
    build->total++;
    return OK;
}

static void key_text(struct buf *buf, struct str s)
{
    buf_int(buf, (int64_t)s.n); /* so that no two lists of texts run into the same bytes */
    buf_char(buf, ':');
    buf_str(buf, s);
}

static struct str digest_hex(struct arena *arena, struct str bytes)
{
    unsigned char digest[CRYPTO_DIGEST];
    crypto_sha256(bytes, digest);
    return str_hex(arena, digest, sizeof digest);
}

/* References alone are not unique: banks send «NOTPROVIDED» and zeros, and one statement in several pages under one
 * name. The balances tell the pages apart, the index tells the entries of a page apart. */
static struct str key_of(const struct bank_build *build, const struct bank_entry *entry)
{
    struct buf buf = buf_new(LIMIT_BANK_FILE);
    const struct bank_statement *now = &build->now;
    const struct str texts[] = {now->account, now->id, now->currency, entry->entry_reference,
                                entry->servicer_reference, entry->end_to_end};
    const int64_t numbers[] = {now->sequence,     now->opening.v, now->closing.v,       (int64_t)entry->index,
                               (int64_t)entry->detail, entry->booked,  entry->amount.v};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        key_text(&buf, texts[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        buf_int(&buf, numbers[i]);
        buf_char(&buf, ';');
    }
    struct str key = digest_hex(build->arena, buf_view(&buf));
    buf_free(&buf);
    return key;
}

enum err bank_end_statement(struct bank_build *build, int64_t position)
{
    struct bank_statement *now = &build->now;
    int64_t sum = now->opening.v;
    for (size_t i = 0; i < build->entry_count; i++)
        sum += build->entries[i].amount.v;
    if (sum != now->closing.v)
        return bank_fail(build, BANK_BALANCE, position, 0,
                         "opening balance %lld and %zu entries give %lld cents, the closing balance is %lld",
                         (long long)now->opening.v, build->entry_count, (long long)sum, (long long)now->closing.v);
    for (size_t i = 0; i < build->entry_count; i++)
        build->entries[i].key = key_of(build, &build->entries[i]);
    now->entries = build->entries;
    now->entry_count = build->entry_count;
    build->statements = grown(build->arena, build->statements, build->statement_count, &build->statement_capacity,
                              sizeof build->statements[0]);
    build->statements[build->statement_count++] = *now;
    *now = (struct bank_statement){0};
    build->entries = NULL;
    build->entry_count = build->entry_capacity = build->bookings = 0;
    return OK;
}

enum err bank_read(struct arena *arena, struct str bytes, enum bank_format format, bank_reader *reader,
                   struct bank_file *ret_file, struct bank_problem *problem)
{
    struct bank_build build = {.arena = arena, .problem = problem};
    if (bytes.n > LIMIT_BANK_FILE)
        return bank_fail(&build, BANK_TOO_LARGE, 0, 0, "%zu bytes, at most %d", bytes.n, LIMIT_BANK_FILE);
    build.work = arena_new();
    enum err err = reader(&build, bytes);
    arena_free(&build.work);
    if (err == OK && build.statement_count == 0)
        err = bank_fail(&build, BANK_FIELD, 0, 0, "no statement in it");
    if (err != OK)
        return err;
    *ret_file = (struct bank_file){.format = format,
                                   .hash = digest_hex(arena, bytes),
                                   .statements = build.statements,
                                   .statement_count = build.statement_count};
    return OK;
}

enum err bank_read_any(struct arena *arena, struct str bytes, struct bank_file *ret_file, struct bank_problem *problem)
{
    const struct bank_build build = {.problem = problem};
    size_t at = str_starts(bytes, S("\xEF\xBB\xBF")) ? 3 : 0;
    while (at < bytes.n && (bytes.p[at] == ' ' || (bytes.p[at] >= '\t' && bytes.p[at] <= '\r')))
        at++;
    struct str head = str_sub(bytes, at, 2);
    if (str_starts(head, S("<")))
        return bank_read_camt053(arena, bytes, ret_file, problem);
    if (str_eq(head, S("01")))
        return bank_read_cfonb120(arena, bytes, ret_file, problem);
    return bank_fail(&build, BANK_UNKNOWN, 0, 0, "neither camt.053 nor CFONB120");
}

struct bank_transfer bank_transfer_of(struct arena *arena, const struct bank_entry *entry)
{
    struct str *references = ARENA_ARRAY(arena, entry->structured_count + 1, struct str);
    for (size_t i = 0; i < entry->structured_count; i++)
        references[i] = entry->structured[i];
    references[entry->structured_count] = entry->end_to_end;
    return (struct bank_transfer){
        .amount = entry->amount,
        .returned = entry->returned || entry->reversal,
        .batch = entry->batch,
        .references = references,
        .reference_count = entry->structured_count + 1,
        .text = entry->text,
        .payer_iban = entry->payer_iban,
    };
}
