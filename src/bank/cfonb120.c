/* CFONB120: records of 120 characters, «01» old balance, «04» movement, «05» details of the movement before, «07» new
 * balance. Positions in the comments count from 1, as the banks' tables do.
 *
 * The files are old in kind and travel far: line ends or none, blanks cut off at the ends of lines, Latin-1 or UTF-8,
 * and the national letters é and è in place of { and }, whose codes they had. */
#include <string.h>

#include "bank/parts.h"
#include "domain/checks.h"

enum { RECORD = 120, ACCOUNT = 21, YEAR_TURN = 80 /* two digits below it are of this century */ };

struct records {
    const char *p; /* Latin-1, `count` times RECORD */
    size_t count;
};

struct cfonb {
    struct bank_build *build;
    struct arena *work;
    bool open;    /* between 01 and 07 */
    bool pending; /* a 04 whose details may follow */
    char account[ACCOUNT];
    char currency[3];
    day_number opened;
    struct bank_entry entry;
    struct bank_list text, structured;
    struct bank_note *notes; /* of the file; an entry's are a run of them */
    size_t note_count, first_note;
};

static size_t number_of(const struct cfonb *reader)
{
    return reader->pending ? reader->build->bookings : 0;
}

/* ---- fields ---- */

/* Characters `from` to `to` of a record, from 1, as UTF-8 without the blanks that fill them. */
static struct str field(struct arena *arena, const char *record, size_t from, size_t to)
{
    char *p = arena_alloc(arena, (to - from + 1) * 2 + 1);
    size_t n = 0;
    for (size_t i = from - 1; i < to; i++)
        n += utf8_put((unsigned char)record[i], p + n);
    return bank_clean(arena, (struct str){p, n});
}

/* Tells whether it is all zeros, which banks write for «none». */
static struct str unless_zero(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '0')
            return s;
    return (struct str){"", 0};
}

/* DDMMYY. */
static bool read_day(const char *p, day_number *ret_day)
{
    int parts[3];
    for (size_t i = 0; i < 3; i++) {
        char tens = p[i * 2], ones = p[i * 2 + 1];
        if (tens < '0' || tens > '9' || ones < '0' || ones > '9')
            return false;
        parts[i] = (tens - '0') * 10 + ones - '0';
    }
    struct date date = {parts[2] + (parts[2] < YEAR_TURN ? 2000 : 1900), parts[1], parts[0]};
    if (!date_exists(date))
        return false;
    *ret_day = day_of(date);
    return true;
}

/* The last digit carries the sign. */
static bool read_last_digit(char c, int64_t *ret_digit, bool *ret_negative)
{
    static const char positive[] = "{ABCDEFGHI", negative[] = "}JKLMNOPQR";
    c = c == '\xE9' ? '{' : c == '\xE8' ? '}' : c;
    const char *plus = memchr(positive, c, 10), *minus = memchr(negative, c, 10);
    if (plus == NULL && minus == NULL)
        return false;
    *ret_negative = minus != NULL;
    *ret_digit = plus != NULL ? plus - positive : minus - negative;
    return true;
}

/* 91 to 104: thirteen digits and one with the sign, in the unit that 20 tells: how many decimals. */
static bool read_amount(const char *record, struct cents *ret_amount)
{
    int64_t value = 0, last;
    bool negative;
    char decimals = record[19];
    for (size_t i = 90; i < 103; i++) {
        char c = record[i];
        if (c == ' ' && (i == 90 || record[i - 1] == ' '))
            c = '0'; /* blanks before the number; a blank that follows a digit fails below */
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    if (!read_last_digit(record[103], &last, &negative))
        return false;
    value = value * 10 + last;
    for (; decimals >= '3' && decimals <= '5' && value % 10 == 0; decimals--)
        value /= 10;
    for (; decimals == '0' || decimals == '1'; decimals++)
        value *= 10;
    if ((decimals != '2' && decimals != ' ') || value > BANK_AMOUNT_MAX)
        return false;
    *ret_amount = cents(negative ? -value : value);
    return true;
}

/* Bank, branch and account, the parts of a RIB. */
static void read_account(const char *record, char ret_account[ACCOUNT])
{
    static const struct {
        size_t from, size;
    } parts[] = {{2, 5}, {11, 5}, {21, 11}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t k = 0; k < parts[i].size; k++)
            ret_account[n++] = record[parts[i].from + k];
}

/* Letters count as the digit of their place in A-I, J-R, S-Z (the last from 2 on). */
static int rib_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'R')
        return (c - 'A') % 9 + 1;
    return c >= 'S' && c <= 'Z' ? c - 'S' + 2 : -1;
}

/* The IBAN of a French account: its RIB key follows from the account, the IBAN's from both. */
static void name_account(struct cfonb *reader)
{
    static const struct {
        size_t end;
        int weight;
    } parts[] = {{5, 89}, {10, 15}, {ACCOUNT, 3}};
    struct arena *arena = reader->build->arena;
    int sum = 0;
    struct bank_statement *now = &reader->build->now;
    now->account = str_dup(arena, bank_clean(reader->work, (struct str){reader->account, ACCOUNT}));
    for (size_t i = 0, part = 0; part < 3; part++) {
        int remainder = 0;
        for (; i < parts[part].end; i++) {
            int digit = rib_digit(reader->account[i]);
            if (digit < 0)
                return;
            remainder = (remainder * 10 + digit) % 97;
        }
        sum += parts[part].weight * remainder;
    }
    for (int check = 2; check <= 98 && !now->is_iban; check++) {
        struct str iban = str_format(reader->work, "FR%02d%.*s%02d", check, ACCOUNT, reader->account, 97 - sum % 97);
        now->is_iban = check_iban(iban);
        if (now->is_iban)
            now->account = str_dup(arena, iban);
    }
}

/* ---- records ---- */

static enum err same_account(const struct cfonb *reader, const char *record, int64_t position)
{
    char account[ACCOUNT];
    read_account(record, account);
    if (!reader->open)
        return bank_fail(reader->build, BANK_FIELD, position, 0, "«%.2s» outside of a statement", record);
    if (memcmp(account, reader->account, ACCOUNT) != 0 || memcmp(record + 16, reader->currency, 3) != 0)
        return bank_fail(reader->build, BANK_FIELD, position, number_of(reader), "the account or currency changes");
    return OK;
}

static enum err old_balance(struct cfonb *reader, const char *record, int64_t position)
{
    struct bank_statement *now = &reader->build->now;
    if (reader->open)
        return bank_fail(reader->build, BANK_DAMAGED, position, 0, "«01» before the «07» of the statement before");
    if (!read_day(record + 34, &reader->opened))
        return bank_fail(reader->build, BANK_FIELD, position, 0, "the day of the old balance");
    if (!read_amount(record, &now->opening))
        return bank_fail(reader->build, BANK_FIELD, position, 0, "the amount of the old balance");
    read_account(record, reader->account);
    memcpy(reader->currency, record + 16, 3);
    for (size_t i = 0; i < 3; i++)
        if (reader->currency[i] < 'A' || reader->currency[i] > 'Z')
            return bank_fail(reader->build, BANK_FIELD, position, 0, "the currency");
    now->currency = str_dup(reader->build->arena, (struct str){reader->currency, 3});
    name_account(reader);
    reader->open = true;
    return OK;
}

/* What was gathered for the movement goes into the statement. */
static enum err finish_movement(struct cfonb *reader)
{
    struct arena *arena = reader->build->arena;
    struct bank_entry *entry = &reader->entry;
    if (!reader->pending)
        return OK;
    struct str *structured = ARENA_ARRAY(arena, reader->structured.n + 1, struct str);
    for (size_t i = 0; i < reader->structured.n; i++)
        structured[i] = str_dup(arena, reader->structured.items[i]);
    entry->structured = structured;
    entry->structured_count = reader->structured.n;
    entry->text = bank_list_join(arena, &reader->text);
    entry->notes = reader->notes + reader->first_note;
    entry->note_count = reader->note_count - reader->first_note;
    reader->pending = false;
    return bank_add_entry(reader->build, entry);
}

static enum err movement(struct cfonb *reader, const char *record, int64_t position)
{
    struct arena *arena = reader->build->arena;
    enum err err = finish_movement(reader);
    if (err != OK)
        return err;
    arena_reset(reader->work);
    reader->text = reader->structured = (struct bank_list){0};
    reader->first_note = reader->note_count;
    reader->pending = true;
    struct bank_entry *entry = &reader->entry;
    *entry = (struct bank_entry){.index = reader->build->bookings++, .position = position};
    if (!read_day(record + 34, &entry->booked))
        return bank_fail(reader->build, BANK_FIELD, position, entry->index + 1, "the booking day");
    if (memcmp(record + 42, "      ", 6) == 0 || memcmp(record + 42, "000000", 6) == 0)
        entry->valued = entry->booked;
    else if (!read_day(record + 42, &entry->valued))
        return bank_fail(reader->build, BANK_FIELD, position, entry->index + 1, "the value day");
    if (!read_amount(record, &entry->amount))
        return bank_fail(reader->build, BANK_FIELD, position, entry->index + 1, "the amount");
    entry->credit = entry->amount.v > 0;
    entry->code = field(arena, record, 33, 34);
    entry->return_reason = unless_zero(field(arena, record, 41, 42));
    entry->returned = entry->return_reason.n != 0;
    entry->entry_reference = unless_zero(field(arena, record, 82, 88));
    entry->servicer_reference = field(arena, record, 105, 120);
    bank_list_add(reader->work, &reader->text, field(reader->work, record, 49, 79));
    return OK;
}

/* 46 to 48 say what 49 to 118 are. Every record is kept as a note; some have a place of their own beside. */
static enum err detail(struct cfonb *reader, const char *record, int64_t position)
{
    if (!reader->pending)
        return bank_fail(reader->build, BANK_DAMAGED, position, 0, "«05» that follows no «04»");
    struct arena *arena = reader->build->arena;
    struct bank_entry *entry = &reader->entry;
    struct str qualifier = field(arena, record, 46, 48), text = field(arena, record, 49, 118);
    struct str first = field(arena, record, 49, 83);
    reader->notes[reader->note_count++] = (struct bank_note){qualifier, text};
    if (str_eq(qualifier, S("NPY")))
        entry->payer = text;
    else if (str_eq(qualifier, S("NPO")) || str_eq(qualifier, S("NBE")))
        entry->payer = entry->payer.n != 0 ? entry->payer : text;
    else if (str_eq(qualifier, S("IPY")) && check_iban(normal_number(reader->work, first)))
        entry->payer_iban = normal_number(arena, first);
    else if (str_eq(qualifier, S("RCN")))
        entry->end_to_end = first;
    else if (str_eq(qualifier, S("REF")))
        entry->servicer_reference = entry->servicer_reference.n != 0 ? entry->servicer_reference : text;
    else if (str_eq(qualifier, S("LCS")))
        bank_list_add(reader->work, &reader->structured, first);
    else if (str_eq(qualifier, S("LIB")) || str_eq(qualifier, S("LCC")) || str_eq(qualifier, S("LC2")))
        bank_list_add(reader->work, &reader->text, text);
    return OK;
}

static enum err new_balance(struct cfonb *reader, const char *record, int64_t position)
{
    struct bank_build *build = reader->build;
    day_number closed;
    enum err err = finish_movement(reader);
    if (err != OK)
        return err;
    if (!read_day(record + 34, &closed))
        return bank_fail(build, BANK_FIELD, position, 0, "the day of the new balance");
    if (!read_amount(record, &build->now.closing))
        return bank_fail(build, BANK_FIELD, position, 0, "the amount of the new balance");
    struct str from = day_iso(reader->work, reader->opened), to = day_iso(reader->work, closed);
    build->now.id = str_format(build->arena, "%.*s/%.*s", STR_ARG(from), STR_ARG(to));
    reader->open = false;
    return bank_end_statement(build, position);
}

static enum err take_record(struct cfonb *reader, const char *record, int64_t position)
{
    struct str kind = {record, 2};
    if (str_eq(kind, S("01")))
        return old_balance(reader, record, position);
    bool is_movement = str_eq(kind, S("04")), is_detail = str_eq(kind, S("05"));
    if (!is_movement && !is_detail && !str_eq(kind, S("07")))
        return bank_fail(reader->build, BANK_DAMAGED, position, 0, "a record that begins with neither 01, 04, 05 nor 07");
    enum err err = same_account(reader, record, position);
    if (err != OK)
        return err;
    return is_movement ? movement(reader, record, position)
           : is_detail ? detail(reader, record, position)
                       : new_balance(reader, record, position);
}

/* ---- the file ---- */

/* A file that was saved as UTF-8 again as one byte a character; as it is when it is not UTF-8 beyond ASCII. */
static struct str one_byte_characters(struct arena *arena, struct str bytes)
{
    if (str_starts(bytes, S("\xEF\xBB\xBF")))
        bytes = str_sub(bytes, 3, bytes.n);
    if (!utf8_valid(bytes))
        return bytes;
    char *p = arena_alloc(arena, bytes.n + 1);
    size_t n = 0;
    for (size_t at = 0; at < bytes.n;) {
        uint32_t c = utf8_next(bytes, &at);
        p[n++] = (char)(c < 0x100 ? c : '?');
    }
    return (struct str){p, n};
}

static bool is_blank(struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] != ' ')
            return false;
    return true;
}

/* Lines of at most RECORD characters, filled with blanks; or no lines, and the length a multiple of RECORD. */
static enum err split(struct bank_build *build, struct arena *arena, struct str bytes, struct records *ret_records)
{
    while (bytes.n != 0 && (bytes.p[bytes.n - 1] == '\x1A' || bytes.p[bytes.n - 1] == '\n' ||
                            bytes.p[bytes.n - 1] == '\r'))
        bytes.n--; /* an end-of-file character of old */
    bool lines = str_find(bytes, '\n', 0) != SIZE_MAX;
    if (!lines && bytes.n > RECORD && bytes.n % RECORD != 0)
        return bank_fail(build, BANK_DAMAGED, (int64_t)(bytes.n / RECORD) + 1, 0,
                         "%zu characters are not a multiple of %d", bytes.n, RECORD);
    size_t most = bytes.n / RECORD + 1;
    for (size_t at = 0; lines && at < bytes.n; at++)
        most += bytes.p[at] == '\n';
    char *p = arena_array(arena, most, RECORD);
    memset(p, ' ', most * RECORD);
    size_t count = 0;
    for (struct str rest = bytes; rest.n != 0;) {
        struct str line = lines ? str_cut(&rest, '\n') : str_sub(rest, 0, RECORD);
        if (!lines)
            rest = str_sub(rest, RECORD, rest.n);
        if (line.n != 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n > RECORD && !is_blank(str_sub(line, RECORD, line.n)))
            return bank_fail(build, BANK_DAMAGED, (int64_t)count + 1, 0, "a line of %zu characters", line.n);
        if (!is_blank(line))
            memcpy(p + RECORD * count++, line.p, line.n < RECORD ? line.n : RECORD);
    }
    *ret_records = (struct records){p, count};
    return OK;
}

static enum err read_records(struct bank_build *build, struct str bytes)
{
    struct records records = {0};
    /* The records outlive the movements, for which the build's own arena is emptied again and again. */
    struct arena *whole = arena_new();
    enum err err = split(build, whole, one_byte_characters(whole, bytes), &records);
    struct cfonb reader = {.build = build, .work = build->work};
    if (err == OK)
        reader.notes = ARENA_ARRAY(build->arena, records.count, struct bank_note);
    for (size_t i = 0; err == OK && i < records.count; i++)
        err = take_record(&reader, records.p + i * RECORD, (int64_t)i + 1);
    if (err == OK && reader.open)
        err = bank_fail(build, BANK_DAMAGED, (int64_t)records.count, 0, "it ends before the «07» of its statement");
    arena_free(&whole);
    return err;
}

enum err bank_read_cfonb120(struct arena *arena, struct str bytes, struct bank_file *ret_file,
                            struct bank_problem *problem)
{
    return bank_read(arena, bytes, BANK_CFONB120, read_records, ret_file, problem);
}
