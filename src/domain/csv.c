/* Tables as text: see csv.h. */
#include "domain/csv.h"

#include <string.h>

/* ---- writing ---- */

static bool is_formula(struct str field)
{
    return field.n > 0 && memchr("=+-@\t\r\n", field.p[0], 7) != NULL;
}

static bool needs_quotes(struct str field)
{
    for (size_t i = 0; i < field.n; i++)
        if (memchr(",\"\r\n;", field.p[i], 5) != NULL)
            return true;
    return false;
}

static void write_field(struct buf *out, struct str field)
{
    bool quoted = needs_quotes(field);
    if (quoted)
        buf_char(out, '"');
    if (is_formula(field))
        buf_char(out, '\'');
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"')
            buf_char(out, '"');
        buf_char(out, field.p[i]);
    }
    if (quoted)
        buf_char(out, '"');
}

void csv_write_line(struct buf *out, const struct str *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_char(out, ',');
        write_field(out, fields[i]);
    }
    buf_c(out, "\r\n");
}

/* ---- reading ---- */

static char separator_of(struct str text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == ';' || c == ',' || c == '\t'))
            return c;
    }
    return ',';
}

struct csv_reader csv_reader_new(struct str text)
{
    if (str_starts(text, S(CSV_MARK)))
        text = str_sub(text, 3, text.n);
    return (struct csv_reader){.rest = text, .separator = separator_of(text)};
}

static int line_ends(struct str text)
{
    int count = 0;
    for (size_t i = 0; i < text.n; i++)
        count += text.p[i] == '\n';
    return count;
}

/* The record's bytes, without its line end; quotes may hold line ends. */
static struct str cut_record(struct csv_reader *reader)
{
    struct str text = reader->rest;
    bool quoted = false;
    size_t i = 0;
    while (i < text.n && (quoted || text.p[i] != '\n')) {
        if (text.p[i] == '"')
            quoted = !quoted;
        i++;
    }
    struct str record = str_sub(text, 0, i);
    reader->rest = i < text.n ? str_sub(text, i + 1, text.n) : (struct str){NULL, 0};
    if (record.n > 0 && record.p[record.n - 1] == '\r')
        record.n--;
    return record;
}

/* Without its quotes; doubled ones become one. */
static struct str plain(struct arena *arena, struct str field)
{
    field = str_trim(field);
    if (field.n == 0 || field.p[0] != '"')
        return field;
    char *p = arena_alloc(arena, field.n + 1);
    size_t n = 0;
    for (size_t i = 1; i < field.n; i++) {
        if (field.p[i] != '"')
            p[n++] = field.p[i];
        else if (i + 1 < field.n && field.p[i + 1] == '"')
            p[n++] = field.p[i++];
    }
    return str_trim((struct str){p, n});
}

static size_t split_record(const struct csv_reader *reader, struct arena *arena, struct str record, struct str *fields,
                           size_t most)
{
    bool quoted = false;
    size_t count = 0, start = 0;
    for (size_t i = 0; i <= record.n; i++) {
        bool ends = i == record.n;
        if (!ends && record.p[i] == '"')
            quoted = !quoted;
        if (!ends && (quoted || record.p[i] != reader->separator))
            continue;
        if (count < most)
            fields[count] = plain(arena, str_sub(record, start, i - start));
        count++;
        start = i + 1;
    }
    return count;
}

size_t csv_read_line(struct csv_reader *reader, struct arena *arena, struct str *fields, size_t most)
{
    while (reader->rest.n > 0) {
        struct str record = cut_record(reader);
        reader->line += 1 + line_ends(record);
        if (str_trim(record).n > 0)
            return split_record(reader, arena, record, fields, most);
    }
    return 0;
}
