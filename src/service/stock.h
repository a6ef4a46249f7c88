/* «J’ai déjà un billet» (STK-1), customer service's side: the right of an account, granted with a reason and revocable;
 * and which ticket numbers are in stock. The customer's side is service/stock_booking.h. */
#ifndef GUICHET_SERVICE_STOCK_H
#define GUICHET_SERVICE_STOCK_H

#include "service/permit.h"

enum { STOCK_REASON_MOST = 1200, STOCK_FILE_LINES = 5000, STOCK_FILE_BYTES = 512 * 1024, STOCK_LINES_SHOWN = 50 };

/* ---- the right (TASK_STOCK_GRANT) ---- */

struct stock_right {
    int64_t organisation_id;
    struct str organisation;
    bool live;
    instant granted_at, revoked_at;
    struct str granted_by, reason, revoked_why;
};
struct stock_rights {
    struct stock_right *p;
    size_t n;
};

/* The newest 200 grants, revoked ones among them. */
enum err stock_right_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct stock_rights *ret_rights, struct fault *fault);
/* Of one organisation; `live` false when it has none. ERR_NOT_FOUND: no such organisation. */
enum err stock_right_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          int64_t organisation_id, struct stock_right *ret_right, struct fault *fault);
/* With a reason of 1 to STOCK_REASON_MOST bytes (else ERR_INPUT); the organisation's managers are told by mail.
 * *ret_changed false: it has (or has not) the right already. ERR_NOT_FOUND: no such organisation. */
enum err stock_right_set(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         int64_t organisation_id, bool grant, struct str reason, bool *ret_changed,
                         struct fault *fault);

/* ---- the numbers (TASK_STOCK_MANAGE) ---- */

enum stock_line_fault {
    STOCK_LINE_GOOD = 0,
    STOCK_LINE_COLUMNS,      /* not three or four columns */
    STOCK_LINE_NUMBER,       /* no number of 4 to 32 letters and digits */
    STOCK_LINE_TWICE,        /* a second time in the file */
    STOCK_LINE_MONUMENT,     /* no monument of that name in addresses */
    STOCK_LINE_DAY,          /* no date of the form 2027-12-31 */
    STOCK_LINE_PAST,         /* expired already */
    STOCK_LINE_ORGANISATION, /* no customer with this registration number */
    STOCK_LINE_OTHER,        /* in stock already, with another monument, day or organisation */
    STOCK_LINE_OURS          /* a number that this system sold itself: it needs no import */
};
enum { STOCK_LINE_FAULTS = STOCK_LINE_OURS + 1 };

struct stock_line {
    int line;
    struct str number;
    enum stock_line_fault fault;
};
struct stock_lines {
    struct stock_line *p; /* the first STOCK_LINES_SHOWN faulty lines */
    size_t n;
};
struct stock_import {
    bool done;
    bool same_file; /* this very file came in before: nothing was done */
    bool too_long, empty;
    int added, known; /* numbers that are new, and that were in stock with the same facts */
    int faults;       /* faulty lines: then nothing was done */
    struct stock_lines lines;
};

/* A table as text (domain/csv.h) with the columns number, monument (as in its address), last day (ISO), and if it has a
 * fourth the registration number of the one customer who may use it. A first line without a digit is a heading. The
 * file
 * comes in whole or not at all, and once. */
enum err stock_import(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      struct str file_name, struct str bytes, struct stock_import *ret_import, struct fault *fault);

struct stock_sum {
    struct str monument;
    int available, used, expired, withdrawn;
};
struct stock_file {
    struct str name, staff;
    int added, known;
    instant at;
};
struct stock_overview {
    struct stock_sum *sums;
    size_t sum_count;
    struct stock_file *files;
    size_t file_count;
};
enum err stock_overview(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        struct stock_overview *ret_overview, struct fault *fault);

struct stock_number {
    bool found;
    struct str number, monument, state; /* `available`, `used`, `expired`, `withdrawn` */
    day_number expires_on;
    struct str used_by, order_ref; /* when used */
    instant used_at;
};
/* One number in any spelling. */
enum err stock_look(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str typed,
                    struct stock_number *ret_number, struct fault *fault);
/* Takes an unused number out of stock, or back into it, with a reason. *ret_done false: it is not in that state. */
enum err stock_withdraw(struct service *service, struct arena *arena, const struct staff_caller *caller,
                        struct str typed, bool withdraw, struct str reason, bool *ret_done, struct fault *fault);

#endif
