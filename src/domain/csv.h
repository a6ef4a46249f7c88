/* Tables as text (RFC 4180): reading the lists that people send, writing those that they take away (STK-1, TKT-2).
 *
 * Writing: commas, CRLF, a quoted field where it has a comma, a quote or a line break. A field that a spreadsheet would
 * take for a formula (it begins with = + - @, a tab or a line break) gets an apostrophe in front: a customer's name
 * must
 * not run in somebody's office. The byte order mark in front is a decision: without it the spreadsheets of half our
 * customers show «ChÃ¢teau»; programs that read UTF-8 know it, and the help page names it.
 *
 * Reading is patient: a byte order mark, commas, semicolons or tabs (the first line that has one decides), CRLF or LF,
 * blank lines. */
#ifndef GUICHET_DOMAIN_CSV_H
#define GUICHET_DOMAIN_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define CSV_MARK "\xEF\xBB\xBF"

/* A whole line with its CRLF. */
void csv_write_line(struct buf *out, const struct str *fields, size_t count);

struct csv_reader {
    struct str rest;
    char separator;
    int line; /* on which the record ends that was read last, counted from 1 */
};

/* `text` must outlive the reader. */
struct csv_reader csv_reader_new(struct str text);

/* The next record that is not blank; its fields are trimmed and live in `arena`. Returns their number, 0 at the end;
 * fields past
 * `most` are counted and left out. A quoted field that never ends takes the rest of the text. */
size_t csv_read_line(struct csv_reader *reader, struct arena *arena, struct str *fields, size_t most);

#endif
