/* The public shop's addresses as keyed hashes: importing them and asking for one. */
#include "service/public_email.h"

#include <string.h>

#include "base/limits.h"
#include "domain/checks.h"
#include "store/queries.h"

enum { LONGEST_LINE = 4096, BATCH = 500, HASH_BYTES = 32 };

/* The prefix keeps this use of the secret apart from its others. */
static struct str address_hash(const struct service *service, struct arena *arena, struct str email)
{
    unsigned char hash[HASH_BYTES];
    struct str message = str_join2(arena, S("public-email:"), email_key(arena, email));
    crypto_keyed_hash(service->secret, message, hash, sizeof(hash));
    return str_hex(arena, hash, sizeof(hash));
}

enum err public_email_known(const struct service *service, struct db *db, struct arena *arena, struct str email,
                            bool *ret_known, struct fault *fault)
{
    struct public_email_find_row row;
    return q_public_email_find(db, arena,
                               (struct public_email_find_in){.hash = address_hash(service, arena, email)}, &row,
                               ret_known, fault);
}

struct batch {
    struct str hashes[BATCH];
    size_t n;
    int64_t added;
};

static enum err batch_write(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    (void)arena;
    struct batch *batch = argument;
    batch->added = 0;
    for (size_t i = 0; i < batch->n; i++) {
        int64_t changed = 0;
        enum err err =
            q_public_email_add(db, (struct public_email_add_in){.hash = batch->hashes[i]}, &changed, fault);
        if (err != OK)
            return err;
        batch->added += changed;
    }
    return OK;
}

/* Writes the batch and empties it and its arena. */
static enum err batch_flush(struct service *service, struct arena *arena, struct batch *batch,
                            struct public_email_import *counts, struct fault *fault)
{
    if (batch->n == 0)
        return OK;
    enum err err = service_write(service, arena, batch_write, 0, batch, fault);
    if (err != OK)
        return err;
    counts->added += batch->added;
    counts->known += (int64_t)batch->n - batch->added;
    batch->n = 0;
    arena_reset(arena);
    return OK;
}

/* The first column of a line, without quotes. */
static struct str first_column(struct str line)
{
    size_t end = 0;
    while (end < line.n && !memchr(",;\t", line.p[end], 3))
        end++;
    struct str column = str_trim(str_sub(line, 0, end));
    if (column.n >= 2 && column.p[0] == '"' && column.p[column.n - 1] == '"')
        column = str_trim(str_sub(column, 1, column.n - 2));
    return column;
}

/* Reads a line of at most LONGEST_LINE bytes; of a longer one the rest is skipped. False at the end of the file. */
static bool line_read(FILE *file, char *bytes, struct str *ret_line)
{
    size_t n = 0;
    int c = getc(file);
    if (c == EOF)
        return false;
    for (; c != EOF && c != '\n'; c = getc(file))
        if (n < LONGEST_LINE)
            bytes[n++] = (char)c;
    *ret_line = (struct str){bytes, n};
    return true;
}

static void line_take(const struct service *service, struct arena *arena, struct str line, int64_t number,
                      struct batch *batch, struct public_email_import *counts)
{
    if (number == 1 && str_starts(line, S("\xef\xbb\xbf")))
        line = str_sub(line, 3, line.n);
    struct str email = first_column(line);
    if (check_email(email)) {
        batch->hashes[batch->n++] = address_hash(service, arena, email);
        return;
    }
    bool heading = number == 1 && !str_has(email, S("@"));
    if (str_empty(str_trim(line)) || heading)
        return;
    counts->bad++;
    if (counts->first_bad == 0)
        counts->first_bad = number;
}

static enum err import_lines(struct service *service, struct arena *arena, FILE *file,
                             struct public_email_import *counts, struct fault *fault)
{
    char bytes[LONGEST_LINE];
    struct batch batch = {0};
    struct str line;
    enum err err = OK;
    for (int64_t number = 1; err == OK && line_read(file, bytes, &line); number++) {
        line_take(service, arena, line, number, &batch, counts);
        if (batch.n == BATCH)
            err = batch_flush(service, arena, &batch, counts, fault);
    }
    if (err == OK && ferror(file))
        err = fault_set(fault, ERR_IO, "the file of addresses cannot be read");
    if (err == OK)
        err = batch_flush(service, arena, &batch, counts, fault);
    return err;
}

enum err public_email_import(struct service *service, FILE *file, struct public_email_import *counts,
                             struct fault *fault)
{
    *counts = (struct public_email_import){0};
    struct arena *arena = arena_new();
    enum err err = import_lines(service, arena, file, counts, fault);
    arena_free(&arena);
    return err;
}
