/* Importing lists of numbers: see stock.h. Looking at the lines needs no writer; only what is new is written, in one
 * command, and a number that somebody else brought meanwhile makes the whole be looked at again. */
#include "domain/csv.h"
#include "domain/free_number.h"
#include "domain/reference.h"
#include "service/staff_session.h"
#include "service/stock.h"
#include "store/queries.h"

enum { COLUMNS_LEAST = 3, COLUMNS = 4, FILE_NAME_MOST = 120, TRIES = 3 };

struct fact {
    struct str number, slug, registration;
    int64_t monument_id, organisation_id;
    day_number expires_on;
    int line;
    bool known; /* in stock with the same facts */
};

struct importing {
    struct service *service;
    const struct staff_caller *caller;
    struct str file_name, hash;
    instant now;
    day_number today;
    struct fact *facts;
    size_t count;
    struct stock_import import;
};

static void blame(struct importing *i, const struct fact *fact, enum stock_line_fault line_fault)
{
    struct stock_lines *lines = &i->import.lines;
    i->import.faults++;
    if (lines->n < STOCK_LINES_SHOWN)
        lines->p[lines->n++] = (struct stock_line){fact->line, fact->number, line_fault};
}

/* ---- what the file says ---- */

/* A line above the numbers that has none: «numéro;monument;échéance». */
static bool is_heading(struct str first)
{
    for (size_t i = 0; i < first.n; i++)
        if (first.p[i] >= '0' && first.p[i] <= '9')
            return false;
    return true;
}

static bool twice(const struct importing *i, struct str number)
{
    for (size_t k = 0; k < i->count; k++)
        if (str_eq(i->facts[k].number, number))
            return true;
    return false;
}

static enum stock_line_fault read_fact(const struct importing *i, struct arena *arena, const struct str *fields,
                                       size_t columns, struct fact *fact)
{
    fact->number = free_number_normal(arena, fields[0]);
    if (columns < COLUMNS_LEAST || columns > COLUMNS)
        return STOCK_LINE_COLUMNS;
    fact->slug = str_lower_ascii(arena, fields[1]);
    fact->registration = columns == COLUMNS ? free_number_normal(arena, fields[3]) : (struct str){NULL, 0};
    if (!free_number_plausible(fact->number))
        return STOCK_LINE_NUMBER;
    if (!day_parse(fields[2], &fact->expires_on))
        return STOCK_LINE_DAY;
    if (fact->expires_on < i->today)
        return STOCK_LINE_PAST;
    return twice(i, fact->number) ? STOCK_LINE_TWICE : STOCK_LINE_GOOD;
}

static void read_file(struct importing *i, struct arena *arena, struct str bytes)
{
    struct csv_reader reader = csv_reader_new(bytes);
    struct str fields[COLUMNS];
    bool first = true;
    for (size_t columns; (columns = csv_read_line(&reader, arena, fields, COLUMNS)) > 0; first = false) {
        if (first && is_heading(fields[0]))
            continue;
        if (i->count == STOCK_FILE_LINES) {
            i->import.too_long = true;
            return;
        }
        struct fact fact = {.line = reader.line};
        enum stock_line_fault line_fault = read_fact(i, arena, fields, columns, &fact);
        if (line_fault == STOCK_LINE_GOOD)
            i->facts[i->count++] = fact;
        else
            blame(i, &fact, line_fault);
    }
    i->import.empty = i->count == 0 && i->import.faults == 0;
}

/* ---- what the database says ---- */

static enum err find_monument(struct db *db, struct arena *arena, struct importing *i, size_t at, bool *ret_found,
                              struct fault *fault)
{
    struct fact *fact = &i->facts[at];
    if (at > 0 && i->facts[at - 1].monument_id != 0 && str_eq(i->facts[at - 1].slug, fact->slug)) {
        fact->monument_id = i->facts[at - 1].monument_id;
        *ret_found = true;
        return OK;
    }
    struct stock_monument_row row;
    enum err err = q_stock_monument(db, arena, (struct stock_monument_in){.slug = fact->slug}, &row, ret_found, fault);
    if (err == OK && *ret_found)
        fact->monument_id = row.id;
    return err;
}

static enum err find_organisation(struct db *db, struct arena *arena, struct fact *fact, bool *ret_found,
                                  struct fault *fault)
{
    struct stock_organisation_row row;
    *ret_found = true;
    if (fact->registration.n == 0)
        return OK;
    enum err err = q_stock_organisation(db, arena, (struct stock_organisation_in){.registration = fact->registration},
                                        &row, ret_found, fault);
    if (err == OK && *ret_found)
        fact->organisation_id = row.id;
    return err;
}

static enum err find_number(struct db *db, struct arena *arena, struct fact *fact, enum stock_line_fault *ret_fault,
                            struct fault *fault)
{
    struct stock_find_row row;
    struct own_ticket_row own;
    bool found = false;
    char number[TICKET_NUMBER_SIZE];
    enum err err = q_stock_find(db, arena, (struct stock_find_in){.number = fact->number}, &row, &found, fault);
    if (err == OK && found) {
        fact->known = row.monument_id == fact->monument_id && row.expires_on == fact->expires_on &&
                      row.organisation_id.v == fact->organisation_id;
        *ret_fault = fact->known ? STOCK_LINE_GOOD : STOCK_LINE_OTHER;
        return OK;
    }
    if (err != OK || !ticket_number_parse(fact->number, number))
        return err;
    err = q_own_ticket(db, arena, (struct own_ticket_in){.number = str_of(number)}, &own, &found, fault);
    if (err == OK && found)
        *ret_fault = STOCK_LINE_OURS;
    return err;
}

static enum err check_fact(struct db *db, struct arena *arena, struct importing *i, size_t at, struct fault *fault)
{
    struct fact *fact = &i->facts[at];
    enum stock_line_fault line_fault = STOCK_LINE_GOOD;
    bool found = false;
    enum err err = find_monument(db, arena, i, at, &found, fault);
    if (err == OK && !found)
        line_fault = STOCK_LINE_MONUMENT;
    if (err == OK && line_fault == STOCK_LINE_GOOD) {
        err = find_organisation(db, arena, fact, &found, fault);
        line_fault = err == OK && !found ? STOCK_LINE_ORGANISATION : STOCK_LINE_GOOD;
    }
    if (err == OK && line_fault == STOCK_LINE_GOOD)
        err = find_number(db, arena, fact, &line_fault, fault);
    if (err == OK && line_fault != STOCK_LINE_GOOD)
        blame(i, fact, line_fault);
    i->import.known += err == OK && fact->known;
    return err;
}

static enum err look_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct importing *i = argument;
    struct stock_import_by_hash_row row;
    enum err err = q_stock_import_by_hash(db, arena, (struct stock_import_by_hash_in){.hash = i->hash}, &row,
                                          &i->import.same_file, fault);
    if (err == OK && i->import.same_file) {
        i->import.added = (int)row.added;
        i->import.known = (int)row.known;
        return OK;
    }
    for (size_t at = 0; err == OK && at < i->count; at++)
        err = check_fact(db, arena, i, at, fault);
    return err;
}

/* ---- writing ---- */

static enum err import_command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct importing *i = argument;
    struct stock_import_add_row row;
    int64_t added = (int64_t)i->count - i->import.known;
    enum err err = q_stock_import_add(db, arena,
                                      (struct stock_import_add_in){.hash = i->hash,
                                                                   .file_name = i->file_name,
                                                                   .added = added,
                                                                   .known = i->import.known,
                                                                   .staff_id = i->caller->staff_id,
                                                                   .now = i->now},
                                      &row, NULL, fault);
    for (size_t at = 0; err == OK && at < i->count; at++) {
        const struct fact *fact = &i->facts[at];
        if (!fact->known)
            err = q_stock_add(
                db,
                (struct stock_add_in){.number = fact->number,
                                      .monument_id = fact->monument_id,
                                      .organisation_id = {.is = fact->organisation_id != 0, .v = fact->organisation_id},
                                      .expires_on = fact->expires_on,
                                      .import_id = row.id,
                                      .now = i->now},
                NULL, fault);
    }
    if (err == OK)
        err = staff_audit(db, arena, i->caller, i->now,
                          (struct staff_act){.act = S("stock.import"),
                                             .subject = i->file_name,
                                             .detail = str_format(arena, "%lld", (long long)added)},
                          fault);
    return err;
}

/* The name is shown to people and kept: what it is called, without control characters. */
static struct str clean_name(struct arena *arena, struct str name)
{
    struct str cut = str_sub(str_trim(name), 0, FILE_NAME_MOST);
    while (cut.n > 0 && !utf8_valid(cut))
        cut.n--;
    char *p = arena_alloc(arena, cut.n + 1);
    for (size_t i = 0; i < cut.n; i++)
        p[i] = (unsigned char)cut.p[i] < ' ' || cut.p[i] == 127 ? ' ' : cut.p[i];
    return (struct str){p, cut.n};
}

static enum err run(struct importing *i, struct arena *arena, struct str bytes, struct fault *fault)
{
    i->count = 0;
    i->import = (struct stock_import){.lines = {.p = ARENA_ARRAY(arena, STOCK_LINES_SHOWN, struct stock_line)}};
    read_file(i, arena, bytes);
    if (i->import.too_long || i->import.empty)
        return OK;
    enum err err = service_read(i->service, arena, look_read, i, fault);
    if (err != OK || i->import.same_file || i->import.faults > 0)
        return err;
    err = service_write(i->service, arena, import_command, 0, i, fault);
    i->import.added = (int)i->count - i->import.known;
    i->import.done = err == OK;
    return err;
}

enum err stock_import(struct service *service, struct arena *arena, const struct staff_caller *caller,
                      struct str file_name, struct str bytes, struct stock_import *ret_import, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_STOCK_MANAGE, 0, fault);
    if (err != OK)
        return err;
    if (bytes.n > STOCK_FILE_BYTES || !utf8_valid(bytes)) {
        *ret_import = (struct stock_import){.too_long = bytes.n > STOCK_FILE_BYTES,
                                            .empty = bytes.n <= STOCK_FILE_BYTES};
        return OK;
    }
    unsigned char digest[CRYPTO_DIGEST];
    crypto_sha256(bytes, digest);
    struct importing i = {.service = service,
                          .caller = caller,
                          .file_name = clean_name(arena, file_name),
                          .hash = str_hex(arena, digest, sizeof digest),
                          .now = service_now(service),
                          .facts = ARENA_ARRAY(arena, STOCK_FILE_LINES, struct fact)};
    i.today = service_day(service, i.now);
    err = run(&i, arena, bytes, fault);
    for (int again = 1; err == ERR_CONFLICT && again < TRIES; again++)
        err = run(&i, arena, bytes, fault);
    if (err == OK)
        *ret_import = i.import;
    return err;
}
