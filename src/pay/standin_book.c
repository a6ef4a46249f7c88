/* Tables in memory and their journal; see the header. */
#include "pay/standin_book.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct book {
    pthread_mutex_t mutex;
    json_t *tables[BOOK_TABLES];
    json_t *change; /* [[table, id, value], …] */
    int fd;         /* -1: memory only */
};

static const char *const table_names[BOOK_TABLES] = {"sessions", "payments", "refunds", "events", "keys", "deliveries"};

const char *book_table_name(enum book_table table)
{
    return table_names[table];
}

static bool apply(struct book *book, const json_t *change)
{
    size_t i;
    json_t *row;
    json_array_foreach(change, i, row) {
        const char *table = json_string_value(json_array_get(row, 0));
        const char *id = json_string_value(json_array_get(row, 1));
        json_t *value = json_array_get(row, 2);
        int t = 0;
        while (table != NULL && t < BOOK_TABLES && strcmp(table, table_names[t]) != 0) {
            t++;
        }
        if (table == NULL || id == NULL || value == NULL || t == BOOK_TABLES) {
            return false;
        }
        json_object_set(book->tables[t], id, value);
    }
    return json_is_array(change);
}

/* Reads line by line; what stands behind the last whole line was cut by a crash and is taken away, so that the next
 * line does not stick to it. */
static enum err replay(struct book *book, const char *path, struct fault *fault)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    char *line = NULL;
    size_t room = 0;
    off_t good = 0;
    ssize_t n;
    enum err err = OK;
    while (err == OK && (n = getline(&line, &room, file)) > 0 && line[n - 1] == '\n') {
        json_t *change = json_loadb(line, (size_t)n, 0, NULL);
        if (change == NULL || !apply(book, change)) {
            err = fault_set(fault, ERR_INPUT, "%s: broken line at byte %lld", path, (long long)good);
        }
        json_decref(change);
        good += n;
    }
    free(line);
    fclose(file);
    if (err == OK && ftruncate(book->fd, good) != 0) {
        err = fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno));
    }
    return err;
}

enum err book_open(const char *path, struct book **ret_book, struct fault *fault)
{
    struct book *book = calloc(1, sizeof *book);
    if (book == NULL) {
        abort();
    }
    pthread_mutex_init(&book->mutex, NULL);
    for (int t = 0; t < BOOK_TABLES; t++) {
        book->tables[t] = json_object();
    }
    book->change = json_array();
    book->fd = -1;
    enum err err = OK;
    if (path != NULL) {
        book->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        err = book->fd < 0 ? fault_set(fault, ERR_IO, "%s: %s", path, strerror(errno)) : replay(book, path, fault);
    }
    if (err != OK) {
        book_close(&book);
        return err;
    }
    *ret_book = book;
    return OK;
}

void book_close(struct book **book)
{
    struct book *b = *book;
    if (b == NULL) {
        return;
    }
    for (int t = 0; t < BOOK_TABLES; t++) {
        json_decref(b->tables[t]);
    }
    json_decref(b->change);
    if (b->fd >= 0) {
        close(b->fd);
    }
    pthread_mutex_destroy(&b->mutex);
    free(b);
    *book = NULL;
}

void book_lock(struct book *book)
{
    pthread_mutex_lock(&book->mutex);
}

void book_unlock(struct book *book)
{
    pthread_mutex_unlock(&book->mutex);
}

json_t *book_get(const struct book *book, enum book_table table, const char *id)
{
    return json_object_get(book->tables[table], id);
}

json_t *book_rows(const struct book *book, enum book_table table)
{
    return book->tables[table];
}

void book_put(struct book *book, enum book_table table, const char *id, json_t *value)
{
    json_array_append_new(book->change, json_pack("[s, s, o]", table_names[table], id, value));
}

void book_abandon(struct book *book)
{
    json_array_clear(book->change);
}

static bool full(const struct book *book)
{
    for (int t = 0; t < BOOK_TABLES; t++) {
        if (json_object_size(book->tables[t]) + json_array_size(book->change) > BOOK_ROWS_MAX) {
            return true;
        }
    }
    return false;
}

/* One write(2) a line. A short write (disk full) is taken back, so that the journal ends with a whole line. */
static enum err journal(const struct book *book, struct fault *fault)
{
    if (book->fd < 0) {
        return OK;
    }
    char *text = json_dumps(book->change, JSON_COMPACT);
    if (text == NULL) {
        return fault_set(fault, ERR_BUG, "stand-in: the change is not JSON");
    }
    size_t n = strlen(text);
    text[n++] = '\n'; /* takes the place of the NUL */
    off_t end = lseek(book->fd, 0, SEEK_END);
    ssize_t done = write(book->fd, text, n);
    free(text);
    if (done == (ssize_t)n) {
        return OK;
    }
    if (end >= 0 && ftruncate(book->fd, end) != 0) {
        return fault_set(fault, ERR_IO, "stand-in's journal: broken line left: %s", strerror(errno));
    }
    return fault_set(fault, ERR_IO, "stand-in's journal: %s", done < 0 ? strerror(errno) : "disk full");
}

enum err book_commit(struct book *book, struct fault *fault)
{
    enum err err = full(book) ? fault_set(fault, ERR_LIMIT, "stand-in: its book is full") : journal(book, fault);
    if (err == OK) {
        apply(book, book->change);
    }
    json_array_clear(book->change);
    return err;
}
