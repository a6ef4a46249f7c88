/* What both readers share: building a file's statements, saying what is wrong. For this room alone. */
#ifndef GUICHET_BANK_PARTS_H
#define GUICHET_BANK_PARTS_H

#include "bank/statement.h"

/* A hundred thousand million euros: no balance is larger, and no sum of entries can overflow. */
#define BANK_AMOUNT_MAX INT64_C(10000000000000)

struct bank_list {
    struct str *items;
    size_t n, capacity;
};

/* Adds what is not empty. */
void bank_list_add(struct arena *arena, struct bank_list *list, struct str s);
struct str bank_list_join(struct arena *arena, const struct bank_list *list);

/* Without blanks at the ends, runs of blanks and control characters as one blank. `s` is UTF-8. */
struct str bank_clean(struct arena *arena, struct str s);

/* A file being read. `arena` takes the result, `work` what is needed up to the end of a booking. */
struct bank_build {
    struct arena *arena;
    struct arena *work;
    struct bank_problem *problem;
    struct bank_statement *statements;
    size_t statement_count, statement_capacity;
    struct bank_statement now; /* the statement being read, its entries apart */
    struct bank_entry *entries;
    size_t entry_count, entry_capacity;
    size_t bookings; /* of the statement being read */
    size_t total;    /* entries of the file */
};

/* Fills `build->problem` and returns the error to return. `entry` counts from 1. */
__attribute__((format(printf, 5, 6))) enum err bank_fail(const struct bank_build *build, enum bank_trouble trouble,
                                                         int64_t position, size_t entry, const char *format, ...);

/* Appends to the statement being read; index, detail and amounts are the caller's. */
enum err bank_add_entry(struct bank_build *build, const struct bank_entry *entry);
/* Checks the balances, gives every entry its key, and begins the next statement. */
enum err bank_end_statement(struct bank_build *build, int64_t position);

/* One of the two readers, between the checks that both need. */
typedef enum err bank_reader(struct bank_build *build, struct str bytes);
enum err bank_read(struct arena *arena, struct str bytes, enum bank_format format, bank_reader *reader,
                   struct bank_file *ret_file, struct bank_problem *problem);

#endif
