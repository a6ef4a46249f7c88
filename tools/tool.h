/* What the generators share: reading a file whole, a growing text, C literals, and writing an output only when it changed
 * (so that ninja does not compile everything again after a touched comment).
 *
 * A generator runs for some milliseconds and ends; the process itself is its arena, nothing is freed. */
#ifndef GUICHET_TOOLS_TOOL_H
#define GUICHET_TOOLS_TOOL_H

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

/* A growing text, always NUL-terminated once something was added. */
struct text {
    char *p;
    size_t n, capacity;
};

struct file_list {
    char **p;
    size_t n;
};

__attribute__((format(printf, 1, 2), noreturn)) static inline void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static inline void *must_realloc(void *memory, size_t size)
{
    void *result = realloc(memory, size);
    if (result == NULL)
        die("out of memory");
    return result;
}

static inline void text_put(struct text *text, const char *bytes, size_t n)
{
    if (text->n + n + 1 > text->capacity) {
        text->capacity = (text->n + n + 1) * 2;
        text->p = must_realloc(text->p, text->capacity);
    }
    if (n > 0)
        memcpy(text->p + text->n, bytes, n);
    text->n += n;
    text->p[text->n] = '\0';
}

static inline void text_c(struct text *text, const char *c)
{
    text_put(text, c, strlen(c));
}

__attribute__((format(printf, 2, 3))) static inline void text_format(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n < 0)
        die("bad format");
    char *line = must_realloc(NULL, (size_t)n + 1);
    vsnprintf(line, (size_t)n + 1, format, again);
    va_end(again);
    text_put(text, line, (size_t)n);
    free(line);
}

/* A C string literal with its quotes. Octal escapes always have three digits, so a digit may follow; '?' is escaped
 * because c17 knows trigraphs. */
static inline void text_literal(struct text *text, const char *bytes, size_t n)
{
    text_c(text, "\"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n')
            text_c(text, "\\n");
        else if (c == '"' || c == '\\' || c == '?')
            text_format(text, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            text_format(text, "\\%03o", c);
        else
            text_put(text, (const char *)&bytes[i], 1);
    }
    text_c(text, "\"");
}

static inline bool read_file(const char *path, struct text *ret_text)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    char chunk[16384];
    size_t n;
    text_put(ret_text, "", 0);
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
        text_put(ret_text, chunk, n);
    bool good = !ferror(file);
    fclose(file);
    return good;
}

static inline void write_if_changed(const char *path, const struct text *text)
{
    struct text old = {0};
    if (read_file(path, &old) && old.n == text->n && memcmp(old.p, text->p, text->n) == 0)
        return;
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(text->p, 1, text->n, file) != text->n || fclose(file) != 0)
        die("%s: cannot write: %s", path, strerror(errno));
}

static inline char *path_join(const char *directory, const char *name)
{
    struct text path = {0};
    text_format(&path, "%s/%s", directory, name);
    return path.p;
}

static inline int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static inline void file_list_add(struct file_list *list, char *path)
{
    list->p = must_realloc(list->p, (list->n + 1) * sizeof *list->p);
    list->p[list->n++] = path;
}

/* The names in a directory, sorted, without hidden ones and editors' backups. A directory that is missing is empty. */
static inline struct file_list names_in(const char *directory)
{
    struct file_list list = {0};
    DIR *dir = opendir(directory);
    if (dir == NULL)
        return list;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        size_t n = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || entry->d_name[0] == '#' || entry->d_name[n - 1] == '~')
            continue;
        file_list_add(&list, strdup(entry->d_name));
    }
    closedir(dir);
    if (list.n > 0)
        qsort(list.p, list.n, sizeof *list.p, compare_names);
    return list;
}

static inline bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

/* A make rule that tells ninja what the output was made from. Directories are named too: their time changes when a
 * file is added or removed, so a new template or message file needs no reconfiguration. */
static inline void write_depfile(const char *path, const char *target, const struct file_list *inputs)
{
    struct text rule = {0};
    text_format(&rule, "%s:", target);
    for (size_t i = 0; i < inputs->n; i++) {
        text_c(&rule, " ");
        for (const char *c = inputs->p[i]; *c != '\0'; c++)
            text_format(&rule, *c == ' ' ? "\\%c" : "%c", *c);
    }
    text_c(&rule, "\n");
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(rule.p, 1, rule.n, file) != rule.n || fclose(file) != 0)
        die("%s: cannot write: %s", path, strerror(errno));
}

#endif
