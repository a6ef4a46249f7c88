/* `guichet monuments import` and `guichet texts import`: setting a real network up from files. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/commands.h"
#include "service/monument_import.h"
#include "service/network.h"

/* The file whole, in the arena; false after saying why. */
static bool read_file(struct arena *arena, const char *path, struct str *ret_text)
{
    char piece[16 * 1024];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        perror(path);
        return false;
    }
    struct buf text = buf_new(IMPORT_BYTES);
    size_t n = 0;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        buf_put(&text, piece, n);
    bool good = ferror(file) == 0 && !text.overflowed;
    fclose(file);
    *ret_text = str_dup(arena, buf_view(&text));
    buf_free(&text);
    if (!good)
        fprintf(stderr, "%s cannot be read, or is longer than %d bytes\n", path, IMPORT_BYTES);
    return good;
}

static int say_import(const struct monument_import *import, bool wrote)
{
    for (size_t i = 0; i < import->problems.n; i++) {
        const struct import_problem *p = &import->problems.p[i];
        fprintf(stderr, "line %d%s%s: %s\n", p->line, p->column[0] == '\0' ? "" : ", column ", p->column, p->what);
    }
    if (import->problems.more)
        fputs("and more\n", stderr);
    if (import->problems.n > 0) {
        fputs("nothing was written\n", stderr);
        return 1;
    }
    printf("%d monuments: %d added, %d changed, %d the same%s\n", import->rows, import->added, import->changed,
           import->same, wrote ? "" : " (nothing was written)");
    return 0;
}

int command_monuments(struct config *config, int argc, char **argv)
{
    bool check = argc == 3 && strcmp(argv[2], "--check") == 0;
    if ((argc != 2 && !check) || strcmp(argv[0], "import") != 0) {
        fputs("usage: guichet monuments import FILE.csv [--check]\n"
              "       the columns are those of data/monuments.csv; --check only looks\n", stderr);
        return 2;
    }
    struct root *root = NULL;
    struct arena *arena = arena_new();
    struct fault fault = {.err = OK};
    struct monument_import import;
    struct str csv;
    int code = 1;
    if (read_file(arena, argv[1], &csv)) {
        if (root_open(config, 0, &root, &fault) != OK ||
            monument_import(root_service(root), arena, csv, !check, &import, &fault) != OK)
            code = command_failed(&fault);
        else
            code = say_import(&import, !check);
    }
    root_close(&root);
    arena_free(&arena);
    return code;
}

int command_texts(struct config *config, int argc, char **argv)
{
    enum legal_kind kind;
    enum lang lang;
    day_number day;
    if (argc != 6 || strcmp(argv[0], "import") != 0 || !legal_kind_parse(str_of(argv[1]), &kind) ||
        !lang_parse(str_of(argv[2]), &lang) || !day_parse(str_of(argv[4]), &day)) {
        fputs(
            "usage: guichet texts import KIND LANG VERSION DATE FILE\n"
            "       KIND is terms, privacy or accessibility, LANG fr or en, DATE the first day in force (2027-01-15)\n",
            stderr);
        return 2;
    }
    struct root *root = NULL;
    struct arena *arena = arena_new();
    struct fault fault = {.err = OK};
    enum network_fault wrong = NETWORK_GOOD;
    struct str body;
    bool added = false;
    int code = 1;
    if (read_file(arena, argv[5], &body)) {
        if (root_open(config, 0, &root, &fault) != OK ||
            network_text_import(root_service(root), arena, kind, lang, str_of(argv[3]), day, body, &wrong, &added,
                                &fault) != OK)
            code = command_failed(&fault);
        else if (wrong != NETWORK_GOOD)
            fputs(wrong == NETWORK_VERSION ? "guichet: a version has letters, digits, dots and hyphens\n"
                                           : "guichet: the text is empty, too long or not UTF-8\n", stderr);
        else {
            puts(added ? "added" : "this version is there already: a version never changes");
            code = 0;
        }
    }
    root_close(&root);
    arena_free(&arena);
    return code;
}
