/* The monuments of a network from a table (OPS-2), so that a real network starts without the demonstration: all of it
 * or nothing, and twice the same changes nothing.
 *
 * The table is that of data/monuments.csv (data/README.md says what its columns hold), with ';' or ',' between
 * fields and the columns in any order. A monument is known by its slug. What is there already gets the facts of the
 * table; its prices, group rules and publication are kept, because people change them on the pages. A monument with
 * slots does not change how it sells. */
#ifndef GUICHET_SERVICE_MONUMENT_IMPORT_H
#define GUICHET_SERVICE_MONUMENT_IMPORT_H

#include "service/service.h"

enum { IMPORT_BYTES = 8 * 1024 * 1024, IMPORT_ROWS = 2000, IMPORT_PROBLEMS = 50 };

struct import_problem {
    int line;           /* of the file, where the row begins */
    const char *column; /* "" when it is about the whole row */
    const char *what;   /* a sentence */
};
struct import_problems {
    struct import_problem *p;
    size_t n;
    bool more;
};

struct monument_import {
    struct import_problems problems; /* with any of them nothing is written */
    int added, changed, same, rows;
};

/* `write` false: only looks. ERR_LIMIT: longer than IMPORT_BYTES. */
enum err monument_import(struct service *service, struct arena *arena, struct str csv, bool write,
                         struct monument_import *ret_import, struct fault *fault);

/* ---- reading a table; for the tests too ---- */

enum { CSV_COLUMNS = 40 };

/* Cuts one record into at most `most` fields; *line is the line at which the next one begins. The number of fields;
 * 0 at the end; -1 when a quote is not closed. Texts live in `arena`. */
int csv_record(struct arena *arena, struct str *rest, char separator, struct str *fields, int most, int *line);

#endif
