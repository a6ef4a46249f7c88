/* sqlgen: makes typed C functions of sql/queries and embeds sql/schema, so that no other code ever builds SQL.
 *
 *   sqlgen queries DIR HEADER SOURCE INCLUDE DEPFILE
 *   sqlgen schema  DIR SOURCE DEPFILE
 *
 * The language is described in sql/README.md. Every mistake that can be seen without a database is an error here, with
 * the file and line. A folder that is missing or empty makes empty output, so that the build works from the first day. */
#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

enum { MAX_FIELDS = 64, MAX_STATEMENTS = 2000, MAX_FILES = 500, MAX_FILE_BYTES = 1 << 20, MAX_COLUMN = 100 };

enum kind { KIND_INT, KIND_TEXT, KIND_BLOB };
enum shape { SHAPE_ONE, SHAPE_MANY, SHAPE_EXEC };

struct place {
    const char *file;
    int line;
};

struct field {
    const char *name;
    enum kind kind;
    bool maybe;
    bool used;
    struct place at;
};

struct fields {
    struct field p[MAX_FIELDS];
    int n;
};

struct text {
    struct arena *arena;
    char *p;
    size_t n;
    size_t capacity;
};

struct statement {
    const char *name;
    const char *why;
    const char *max;
    enum shape shape;
    struct fields in;
    struct fields out;
    struct place at;
    struct place body_at;
    struct text body;
    struct text sqlite;
    struct text postgres;
    struct statement *next;
};

struct program {
    struct arena *arena;
    struct statement *first;
    struct statement **last;
    int count;
};

struct files {
    const char *p[MAX_FILES];
    int n;
};

/* ---- messages and small text ---- */

__attribute__((format(printf, 2, 3), noreturn)) static void die(struct place at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (at.line > 0)
        fprintf(stderr, "%s:%d: error: ", at.file, at.line);
    else
        fprintf(stderr, "%s: error: ", at.file);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void text_add(struct text *text, const char *p, size_t n)
{
    if (text->n + n + 1 > text->capacity) {
        size_t capacity = (text->n + n + 1) * 2;
        char *grown = arena_alloc(text->arena, capacity);
        if (text->n > 0)
            memcpy(grown, text->p, text->n);
        text->p = grown;
        text->capacity = capacity;
    }
    memcpy(text->p + text->n, p, n);
    text->n += n;
    text->p[text->n] = '\0';
}

static void text_char(struct text *text, char c)
{
    text_add(text, &c, 1);
}

static const char *copy(struct arena *arena, const char *p, size_t n)
{
    char *copied = arena_alloc(arena, n + 1);
    memcpy(copied, p, n);
    return copied;
}

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), k = strlen(suffix);
    return n >= k && strcmp(s + n - k, suffix) == 0;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

/* A name in lower case that C accepts as a member. */
static const char *take_name(struct arena *arena, const char **p, struct place at)
{
    static const char *const reserved[] = {"auto", "bool", "break", "case", "char", "const", "continue", "default", "do",
                                           "double", "else", "enum", "extern", "false", "float", "for", "goto", "if",
                                           "inline", "int", "long", "register", "return", "short", "signed", "sizeof",
                                           "static", "struct", "switch", "true", "typedef", "union", "unsigned", "void",
                                           "volatile", "while", "none"};
    const char *start = skip_blanks(*p);
    const char *end = start;
    while (is_name_char(*end))
        end++;
    if (end == start || isdigit((unsigned char)*start))
        die(at, "a name in lower case is expected at «%.20s»", start);
    const char *name = copy(arena, start, (size_t)(end - start));
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            die(at, "«%s» is a word of C and cannot be a name", name);
    *p = end;
    return name;
}

/* ---- files ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The .sql files of a folder in the order of their names. */
static struct files list_folder(struct arena *arena, const char *folder)
{
    struct files files = {.n = 0};
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return files;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.' || !ends(entry->d_name, ".sql"))
            continue;
        if (files.n == MAX_FILES)
            die((struct place){folder, 0}, "more than %d files", MAX_FILES);
        struct text path = {.arena = arena};
        text_add(&path, folder, strlen(folder));
        text_char(&path, '/');
        text_add(&path, entry->d_name, strlen(entry->d_name));
        files.p[files.n++] = path.p;
    }
    closedir(dir);
    qsort(files.p, (size_t)files.n, sizeof *files.p, by_name);
    return files;
}

static const char *read_whole(struct arena *arena, const char *path)
{
    struct place at = {path, 0};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        die(at, "%s", strerror(errno));
    char *bytes = arena_alloc(arena, MAX_FILE_BYTES + 1);
    size_t n = fread(bytes, 1, MAX_FILE_BYTES + 1, file);
    if (ferror(file))
        die(at, "cannot be read");
    fclose(file);
    if (n > MAX_FILE_BYTES)
        die(at, "larger than %d bytes", MAX_FILE_BYTES);
    if (memchr(bytes, '\0', n) != NULL)
        die(at, "holds a NUL byte");
    bytes[n] = '\0';
    return bytes;
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        die((struct place){path, 0}, "%s", strerror(errno));
    return file;
}

static void finish_file(FILE *file, const char *path)
{
    if (ferror(file) || fclose(file) != 0)
        die((struct place){path, 0}, "cannot be written");
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* The folder itself is named too: its time changes when a file comes or goes. */
static void write_depfile(const char *path, const char *output, const char *folder, const struct files *files)
{
    FILE *file = create(path);
    fprintf(file, "%s:", output);
    DIR *dir = opendir(folder);
    if (dir != NULL) {
        closedir(dir);
        fprintf(file, " %s", folder);
    }
    for (int i = 0; i < files->n; i++)
        fprintf(file, " %s", files->p[i]);
    fputc('\n', file);
    finish_file(file, path);
}

/* ---- reading the head of a statement ---- */

static struct field *find_field(struct fields *fields, const char *name)
{
    for (int i = 0; i < fields->n; i++)
        if (strcmp(fields->p[i].name, name) == 0)
            return &fields->p[i];
    return NULL;
}

static enum kind take_kind(const char **p, struct place at)
{
    static const char *const words[] = {[KIND_INT] = "int", [KIND_TEXT] = "text", [KIND_BLOB] = "blob"};
    const char *start = skip_blanks(*p);
    for (int kind = KIND_INT; kind <= KIND_BLOB; kind++) {
        size_t n = strlen(words[kind]);
        if (starts(start, words[kind]) && !is_word_char(start[n])) {
            *p = start + n;
            return (enum kind)kind;
        }
    }
    die(at, "a type is expected (int, text or blob) at «%.20s»", start);
}

/* `name type, name type?, …`; a comma at the end of a line is allowed, as is a list that goes on. */
static void read_fields(struct arena *arena, struct fields *fields, const char *p, struct place at)
{
    for (;;) {
        p = skip_blanks(p);
        if (*p == '\0')
            return;
        struct field field = {.at = at};
        field.name = take_name(arena, &p, at);
        field.kind = take_kind(&p, at);
        if (*p == '?') {
            field.maybe = true;
            p++;
        }
        if (find_field(fields, field.name) != NULL)
            die(at, "«%s» is named twice in this list", field.name);
        if (fields->n == MAX_FIELDS)
            die(at, "more than %d names in a list", MAX_FIELDS);
        fields->p[fields->n++] = field;
        p = skip_blanks(p);
        if (*p == ',')
            p++;
        else if (*p != '\0')
            die(at, "a comma is expected at «%.20s»", p);
    }
}

static enum shape take_shape(const char *p, struct place at)
{
    p = skip_blanks(p);
    if (strcmp(p, ":one") == 0)
        return SHAPE_ONE;
    if (strcmp(p, ":many") == 0)
        return SHAPE_MANY;
    if (strcmp(p, ":exec") == 0)
        return SHAPE_EXEC;
    die(at, "«:one», «:many» or «:exec» is expected after the name, not «%.20s»", p);
}

static struct statement *add_statement(struct program *program, const char *p, struct place at)
{
    struct arena *arena = program->arena;
    struct statement *statement = ARENA_NEW(arena, struct statement);
    statement->name = take_name(arena, &p, at);
    statement->shape = take_shape(p, at);
    statement->at = at;
    statement->body.arena = statement->sqlite.arena = statement->postgres.arena = arena;
    for (const struct statement *other = program->first; other != NULL; other = other->next)
        if (strcmp(other->name, statement->name) == 0)
            die(at, "«%s» already stands at %s:%d", statement->name, other->at.file, other->at.line);
    if (program->count++ == MAX_STATEMENTS)
        die(at, "more than %d statements", MAX_STATEMENTS);
    *program->last = statement;
    program->last = &statement->next;
    return statement;
}

static const char *join_why(struct arena *arena, const char *before, const char *more)
{
    struct text text = {.arena = arena};
    if (before != NULL) {
        text_add(&text, before, strlen(before));
        text_char(&text, ' ');
    }
    text_add(&text, more, strlen(more));
    return text.p;
}

/* A number, a name of base/limits.h, or a product of them: «LIMIT_CART_VISITS * 8». */
static const char *read_max(struct arena *arena, const char *p, struct place at)
{
    size_t n = strlen(p);
    bool fine = n > 0 && is_word_char(p[0]) && is_word_char(p[n - 1]);
    for (size_t i = 0; i < n; i++)
        fine = fine && (is_word_char(p[i]) || p[i] == ' ' || p[i] == '*');
    if (!fine)
        die(at, "max: needs a number, a name of base/limits.h or a product of such, not «%.40s»", p);
    return copy(arena, p, n);
}

/* One comment line before the statement's SQL. */
static void read_head_line(struct arena *arena, struct statement *statement, const char *line, struct place at)
{
    const char *p = skip_blanks(line + 2);
    const char *word = p;
    while (is_word_char(*p))
        p++;
    if (p == word || *p != ':')
        return; /* a remark */
    size_t n = (size_t)(p - word);
    p = skip_blanks(p + 1);
    if (n == 2 && starts(word, "in"))
        read_fields(arena, &statement->in, p, at);
    else if (n == 3 && starts(word, "out"))
        read_fields(arena, &statement->out, p, at);
    else if (n == 3 && starts(word, "why"))
        statement->why = join_why(arena, statement->why, p);
    else if (n == 3 && starts(word, "max"))
        statement->max = read_max(arena, p, at);
    else
        die(at, "«%.*s:» is not known; there are name:, why:, in:, out: and max:", (int)n, word);
}

static void read_line(struct program *program, struct statement **current, const char *line, struct place at)
{
    if (starts(line, "-- name:")) {
        *current = add_statement(program, line + strlen("-- name:"), at);
        return;
    }
    struct statement *statement = *current;
    const char *first = skip_blanks(line);
    bool remark = starts(first, "--");
    if (statement == NULL) {
        if (*first != '\0' && !remark)
            die(at, "SQL before the first «-- name:»");
    } else if (statement->body.n == 0 && remark) {
        read_head_line(program->arena, statement, first, at);
    } else if (statement->body.n > 0 || *first != '\0') {
        if (remark && (starts(first, "-- in:") || starts(first, "-- out:")))
            die(at, "in: and out: stand before the SQL");
        if (statement->body.n == 0)
            statement->body_at = at;
        text_add(&statement->body, line, strlen(line));
        text_char(&statement->body, '\n');
    }
}

static void read_queries(struct program *program, const char *path)
{
    struct arena *arena = program->arena;
    const char *p = read_whole(arena, path);
    struct statement *current = NULL;
    for (int number = 1; *p != '\0'; number++) {
        size_t n = strcspn(p, "\n");
        const char *next = p[n] == '\n' ? p + n + 1 : p + n;
        while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
            n--;
        read_line(program, &current, copy(arena, p, n), (struct place){path, number});
        p = next;
    }
}

/* ---- turning the SQL into both texts ---- */

/* The length of a quoted string, quoted name or comment at `p`, 0 when there is none. */
static size_t opaque_length(const char *p, struct place at)
{
    if (*p == '\'' || *p == '"') {
        const char *end = p + 1;
        for (; *end != '\0'; end++) {
            if (*end != *p)
                continue;
            if (end[1] != *p)
                return (size_t)(end + 1 - p);
            end++;
        }
        die(at, "a quote is not closed");
    }
    if (starts(p, "--"))
        return strcspn(p, "\n");
    if (starts(p, "/*")) {
        const char *end = strstr(p + 2, "*/");
        if (end == NULL)
            die(at, "a comment is not closed");
        return (size_t)(end + 2 - p);
    }
    return 0;
}

static int lines_in(const char *p, size_t n)
{
    int lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

static void both_add(struct statement *statement, const char *p, size_t n)
{
    text_add(&statement->sqlite, p, n);
    text_add(&statement->postgres, p, n);
}

static size_t put_parameter(struct statement *statement, const char *p, struct place at)
{
    const char *rest = p + 1;
    const char *name = take_name(statement->body.arena, &rest, at);
    struct field *field = find_field(&statement->in, name);
    if (field == NULL)
        die(at, "the parameter «:%s» is not in the in: list of «%s»", name, statement->name);
    field->used = true;
    char number[16];
    int n = snprintf(number, sizeof number, "%d", (int)(field - statement->in.p) + 1);
    text_char(&statement->sqlite, '?');
    text_add(&statement->sqlite, number, (size_t)n);
    text_char(&statement->postgres, '$');
    text_add(&statement->postgres, number, (size_t)n);
    return (size_t)(rest - p);
}

static void put_blank(struct statement *statement)
{
    if (statement->sqlite.n > 0 && statement->sqlite.p[statement->sqlite.n - 1] != ' ')
        both_add(statement, " ", 1);
}

/* One token that is neither quoted nor blank; returns its length. */
static size_t put_token(struct statement *statement, const char *p, struct place at)
{
    if (starts(p, "::"))
        die(at, "SQLite has no «::»; write CAST(x AS BIGINT)");
    if (*p == '?' || *p == '$')
        die(at, "parameters are written :name");
    if (*p == ';')
        die(at, "one statement a name; «;» only at its end");
    if (*p == ':')
        return put_parameter(statement, p, at);
    both_add(statement, p, 1);
    return 1;
}

static const char *last_semicolon(const char *body)
{
    /* The ending ';' may be followed by remarks only. */
    const char *found = NULL;
    struct place nowhere = {"", 0};
    for (const char *p = body; *p != '\0';) {
        size_t n = opaque_length(p, nowhere);
        if (n > 0) {
            if (*p == '\'' || *p == '"')
                found = NULL;
            p += n;
            continue;
        }
        if (*p == ';' && found == NULL)
            found = p;
        else if (!isspace((unsigned char)*p))
            found = NULL;
        p++;
    }
    return found;
}

static void check_closed(const struct statement *statement)
{
    struct place at = statement->body_at;
    for (const char *p = statement->body.p; *p != '\0'; p++) {
        size_t n = opaque_length(p, at);
        at.line += lines_in(p, n > 0 ? n : 1);
        p += n > 0 ? n - 1 : 0;
    }
}

static void translate(struct statement *statement)
{
    if (statement->body.n == 0)
        die(statement->at, "«%s» has no SQL", statement->name);
    check_closed(statement);
    struct place at = statement->body_at;
    const char *end = last_semicolon(statement->body.p);
    for (const char *p = statement->body.p; *p != '\0' && p != end;) {
        size_t n = opaque_length(p, at);
        if (n > 0 && (*p == '\'' || *p == '"')) {
            both_add(statement, p, n);
        } else if (n > 0 || isspace((unsigned char)*p)) {
            put_blank(statement);
            n = n > 0 ? n : 1;
        } else {
            n = put_token(statement, p, at);
        }
        at.line += lines_in(p, n);
        p += n;
    }
    while (statement->sqlite.n > 0 && statement->sqlite.p[statement->sqlite.n - 1] == ' ') {
        statement->sqlite.p[--statement->sqlite.n] = '\0';
        statement->postgres.p[--statement->postgres.n] = '\0';
    }
}

/* ---- does the SQL give the columns that out: promises? ---- */

struct outline {
    const char *first;     /* the statement's own verb, outside brackets */
    const char *select;    /* what follows its first SELECT, NULL when it has none */
    const char *returning; /* what follows RETURNING, NULL when it has none */
};

static bool is_word(const char *p, size_t n, const char *word)
{
    return n == strlen(word) && strncasecmp(p, word, n) == 0;
}

/* Moves over one item of the SQL and keeps the depth of brackets; returns the length of a word, 0 for all else. */
static size_t step(const char **p, int *depth, struct place at)
{
    size_t n = opaque_length(*p, at);
    if (n == 0 && is_word_char(**p)) {
        while (is_word_char((*p)[n]))
            n++;
        *p += n;
        return n;
    }
    *depth += (**p == '(') - (**p == ')');
    *p += n > 0 ? n : 1;
    return 0;
}

static struct outline outline_of(const struct statement *statement)
{
    struct outline outline = {NULL, NULL, NULL};
    int depth = 0;
    for (const char *p = statement->sqlite.p; *p != '\0';) {
        const char *word = p;
        size_t n = step(&p, &depth, statement->at);
        if (n == 0 || depth != 0)
            continue;
        bool verb = is_word(word, n, "SELECT") || is_word(word, n, "INSERT") || is_word(word, n, "UPDATE") ||
                    is_word(word, n, "DELETE");
        if (verb && outline.first == NULL)
            outline.first = word;
        if (is_word(word, n, "SELECT") && outline.select == NULL)
            outline.select = p;
        if (is_word(word, n, "RETURNING"))
            outline.returning = p;
    }
    if (depth != 0)
        die(statement->at, "the brackets of «%s» do not match", statement->name);
    return outline;
}

static int count_columns(const struct statement *statement, const char *list)
{
    int columns = 1, depth = 0;
    bool item_empty = true;
    for (const char *p = list; *p != '\0';) {
        const char *word = p;
        size_t n = step(&p, &depth, statement->at);
        if (depth != 0 || *word == ' ')
            continue;
        if (n > 0 && (is_word(word, n, "FROM") || is_word(word, n, "UNION") || is_word(word, n, "WHERE") ||
                      is_word(word, n, "ORDER") || is_word(word, n, "LIMIT") || is_word(word, n, "GROUP")))
            break;
        if (is_word(word, n, "DISTINCT"))
            continue;
        if (*word == '*' && (item_empty || word[-1] == '.'))
            die(statement->at, "«*» leaves the columns of «%s» unknown; name them", statement->name);
        item_empty = *word == ',';
        columns += *word == ',';
    }
    return columns;
}

static void check_shape(const struct statement *statement)
{
    struct outline outline = outline_of(statement);
    struct place at = statement->at;
    const char *name = statement->name;
    if (outline.first == NULL)
        die(at, "«%s» is no SELECT, INSERT, UPDATE or DELETE", name);
    bool reads = strncasecmp(outline.first, "SELECT", 6) == 0;
    if (statement->max != NULL && statement->shape != SHAPE_MANY)
        die(at, "max: is for :many only");
    if (statement->shape == SHAPE_EXEC) {
        if (reads || outline.returning != NULL || statement->out.n > 0)
            die(at, "«%s» gives rows: it is :one or :many, not :exec", name);
        return;
    }
    if (statement->out.n == 0)
        die(at, "«%s» needs an out: list (or is :exec)", name);
    const char *list = reads ? outline.select : outline.returning;
    if (list == NULL)
        die(at, "«%s» has an out: list but no RETURNING", name);
    int columns = count_columns(statement, list);
    if (columns != statement->out.n)
        die(at, "«%s» gives %d columns, out: names %d", name, columns, statement->out.n);
}

static void check_statement(struct statement *statement)
{
    translate(statement);
    for (int i = 0; i < statement->in.n; i++)
        if (!statement->in.p[i].used)
            die(statement->in.p[i].at, "the parameter «%s» is never used", statement->in.p[i].name);
    check_shape(statement);
}

/* ---- writing the header ---- */

static const char *c_type(const struct field *field)
{
    if (field->maybe)
        return field->kind == KIND_INT ? "struct maybe_int" : "struct maybe_str";
    return field->kind == KIND_INT ? "int64_t" : "struct str";
}

static void put_struct(FILE *out, const char *name, const char *suffix, const struct fields *fields)
{
    fprintf(out, "struct %s_%s {\n", name, suffix);
    for (int i = 0; i < fields->n; i++)
        fprintf(out, "    %s %s;\n", c_type(&fields->p[i]), fields->p[i].name);
    fputs("};\n", out);
}

static void put_signature(FILE *out, const struct statement *s)
{
    fprintf(out, "enum err q_%s(struct db *db, ", s->name);
    if (s->shape != SHAPE_EXEC)
        fputs("struct arena *arena, ", out);
    if (s->in.n > 0)
        fprintf(out, "struct %s_in in, ", s->name);
    if (s->shape == SHAPE_ONE)
        fprintf(out, "struct %s_row *ret_row, bool *ret_found, struct fault *fault)", s->name);
    else if (s->shape == SHAPE_MANY)
        fprintf(out, "struct %s_list *ret_list, struct fault *fault)", s->name);
    else
        fputs("int64_t *ret_changed, struct fault *fault)", out);
}

static const char *max_of(const struct statement *s)
{
    return s->max == NULL ? "LIMIT_LIST" : s->max;
}

static void put_remark(FILE *out, const struct statement *s)
{
    /* A remark must not end the C comment that it becomes part of. */
    fputs("/* ", out);
    for (const char *p = s->why == NULL ? s->name : s->why; *p != '\0'; p++) {
        fputc(*p, out);
        if ((*p == '*' && p[1] == '/') || (*p == '/' && p[1] == '*'))
            fputc(' ', out);
    }
    if (s->shape == SHAPE_MANY)
        fprintf(out, " (at most %s rows)", max_of(s));
    fputs(" */\n", out);
}

static void put_declarations(FILE *out, const struct statement *s)
{
    fprintf(out, "\n/* ---- %s: %s:%d ---- */\n\n", s->name, last_part(s->at.file), s->at.line);
    if (s->in.n > 0)
        put_struct(out, s->name, "in", &s->in);
    if (s->out.n > 0)
        put_struct(out, s->name, "row", &s->out);
    if (s->shape == SHAPE_MANY)
        fprintf(out, "struct %s_list {\n    struct %s_row *p;\n    size_t n;\n};\n", s->name, s->name);
    put_remark(out, s);
    put_signature(out, s);
    fputs(";\n", out);
}

static void write_header(const struct program *program, const char *path, const char *include)
{
    FILE *out = create(path);
    char guard[200];
    size_t n = 0;
    for (; include[n] != '\0' && n < sizeof guard - 1; n++)
        guard[n] = isalnum((unsigned char)include[n]) ? (char)toupper((unsigned char)include[n]) : '_';
    guard[n] = '\0';
    fprintf(out, "/* Made by sqlgen; see sql/README.md. */\n#ifndef GUICHET_%s\n#define GUICHET_%s\n\n", guard, guard);
    fputs("#include \"base/limits.h\"\n#include \"db/db.h\"\n#include \"db/values.h\"\n\n"
          "/* Every statement, by its id. */\n"
          "extern const struct db_statement *const db_statements[];\nextern const int db_statement_count;\n",
          out);
    for (const struct statement *s = program->first; s != NULL; s = s->next)
        put_declarations(out, s);
    fputs("\n#endif\n", out);
    finish_file(out, path);
}

/* ---- writing the source ---- */

/* A C string literal in lines that fit the page. */
static void put_literal(FILE *out, const char *text, const char *indent)
{
    fputc('"', out);
    int column = 0;
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '\n')
            fputs("\\n", out);
        else if (c == '"' || c == '\\' || (c == '?' && p > text && p[-1] == '?'))
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
        column++;
        if (p[1] != '\0' && (c == '\n' || (column > MAX_COLUMN && c == ' '))) {
            fprintf(out, "\"\n%s\"", indent);
            column = 0;
        }
    }
    fputc('"', out);
}

static void put_types(FILE *out, const char *name, const char *suffix, const struct fields *fields)
{
    static const char *const words[] = {[KIND_INT] = "DB_INT", [KIND_TEXT] = "DB_TEXT", [KIND_BLOB] = "DB_BLOB"};
    if (fields->n == 0)
        return;
    fprintf(out, "static const enum db_type %s_%s[] = {", name, suffix);
    for (int i = 0; i < fields->n; i++)
        fprintf(out, "%s%s", i > 0 ? ", " : "", words[fields->p[i].kind]);
    fputs("};\n", out);
}

static void put_nullable(FILE *out, const struct statement *s)
{
    if (s->out.n == 0)
        return;
    fprintf(out, "static const bool %s_nullable[] = {", s->name);
    for (int i = 0; i < s->out.n; i++)
        fprintf(out, "%s%s", i > 0 ? ", " : "", s->out.p[i].maybe ? "true" : "false");
    fputs("};\n", out);
}

static void put_statement(FILE *out, const struct statement *s, int id)
{
    fprintf(out, "\n/* ---- %s: %s:%d ---- */\n\n", s->name, last_part(s->at.file), s->at.line);
    put_types(out, s->name, "parameters", &s->in);
    put_types(out, s->name, "columns", &s->out);
    put_nullable(out, s);
    fprintf(out, "static const struct db_statement statement_%s = {\n    .name = \"%s\",\n    .sqlite =\n        ", s->name,
            s->name);
    put_literal(out, s->sqlite.p, "        ");
    fputs(",\n    .postgres =\n        ", out);
    put_literal(out, s->postgres.p, "        ");
    fprintf(out, ",\n    .id = %d,\n", id);
    if (s->in.n > 0)
        fprintf(out, "    .parameter_count = %d,\n    .parameter_types = %s_parameters,\n", s->in.n, s->name);
    if (s->out.n > 0)
        fprintf(out, "    .column_count = %d,\n    .column_types = %s_columns,\n    .column_nullable = %s_nullable,\n",
                s->out.n, s->name, s->name);
    fputs("};\n\n", out);
}

static const char *converter(const struct field *field)
{
    static const char *const plain[] = {[KIND_INT] = "int", [KIND_TEXT] = "text", [KIND_BLOB] = "blob"};
    static const char *const maybe[] = {[KIND_INT] = "maybe_int", [KIND_TEXT] = "maybe_text", [KIND_BLOB] = "maybe_blob"};
    return field->maybe ? maybe[field->kind] : plain[field->kind];
}

static void put_reader(FILE *out, const struct statement *s)
{
    fprintf(out, "static struct %s_row read_%s(const struct db_value *columns)\n{\n    return (struct %s_row){\n",
            s->name, s->name, s->name);
    for (int i = 0; i < s->out.n; i++)
        fprintf(out, "        .%s = db_get_%s(&columns[%d]),\n", s->out.p[i].name, converter(&s->out.p[i]), i);
    fputs("    };\n}\n\n", out);
}

/* Writes the array of parameters; returns the C expression that names it. */
static const char *put_parameters(FILE *out, const struct statement *s)
{
    if (s->in.n == 0)
        return "NULL";
    fputs("    const struct db_value parameters[] = {\n", out);
    for (int i = 0; i < s->in.n; i++)
        fprintf(out, "        db_put_%s(in.%s),\n", converter(&s->in.p[i]), s->in.p[i].name);
    fputs("    };\n", out);
    return "parameters";
}

static void put_one(FILE *out, const struct statement *s)
{
    put_signature(out, s);
    fputs("\n{\n", out);
    const char *parameters = put_parameters(out, s);
    fprintf(out,
            "    struct db_value columns[%d];\n"
            "    bool found;\n"
            "    enum err err = db_run_one(db, &statement_%s, %s, arena, columns, &found, fault);\n"
            "    if (err != OK)\n"
            "        return err;\n"
            "    if (!found && ret_found == NULL)\n"
            "        return fault_set(fault, ERR_NOT_FOUND, \"%s: no row\");\n"
            "    if (found)\n"
            "        *ret_row = read_%s(columns);\n"
            "    if (ret_found != NULL)\n"
            "        *ret_found = found;\n"
            "    return OK;\n"
            "}\n",
            s->out.n, s->name, parameters, s->name, s->name);
}

static void put_many(FILE *out, const struct statement *s)
{
    const char *name = s->name;
    fprintf(out,
            "static void take_%s(void *context, const struct db_value *columns)\n{\n"
            "    struct %s_row *row = db_rows_add(context, sizeof(struct %s_row));\n"
            "    *row = read_%s(columns);\n}\n\n",
            name, name, name, name);
    put_signature(out, s);
    fputs("\n{\n", out);
    const char *parameters = put_parameters(out, s);
    fprintf(out,
            "    struct db_rows rows = {.arena = arena};\n"
            "    enum err err = db_run_many(db, &statement_%s, %s, arena, %s, take_%s, &rows, fault);\n"
            "    if (err != OK)\n"
            "        return err;\n"
            "    *ret_list = (struct %s_list){.p = rows.p, .n = rows.n};\n"
            "    return OK;\n"
            "}\n",
            name, parameters, max_of(s), name, name);
}

static void put_exec(FILE *out, const struct statement *s)
{
    put_signature(out, s);
    fputs("\n{\n", out);
    const char *parameters = put_parameters(out, s);
    fprintf(out, "    return db_run_exec(db, &statement_%s, %s, ret_changed, fault);\n}\n", s->name, parameters);
}

static void put_function(FILE *out, const struct statement *s)
{
    if (s->out.n > 0)
        put_reader(out, s);
    if (s->shape == SHAPE_ONE)
        put_one(out, s);
    else if (s->shape == SHAPE_MANY)
        put_many(out, s);
    else
        put_exec(out, s);
}

static void write_source(const struct program *program, const char *path, const char *include)
{
    FILE *out = create(path);
    fprintf(out, "/* Made by sqlgen; see sql/README.md. */\n#include \"%s\"\n", include);
    int id = 0;
    for (const struct statement *s = program->first; s != NULL; s = s->next) {
        put_statement(out, s, id++);
        put_function(out, s);
    }
    fputs("\nconst struct db_statement *const db_statements[] = {\n", out);
    for (const struct statement *s = program->first; s != NULL; s = s->next)
        fprintf(out, "    &statement_%s,\n", s->name);
    fprintf(out, "    NULL,\n};\nconst int db_statement_count = %d;\n", program->count);
    finish_file(out, path);
}

static void make_queries(struct arena *arena, char **argv)
{
    const char *folder = argv[0], *header = argv[1], *source = argv[2], *include = argv[3], *depfile = argv[4];
    struct program program = {.arena = arena};
    program.last = &program.first;
    struct files files = list_folder(arena, folder);
    for (int i = 0; i < files.n; i++)
        read_queries(&program, files.p[i]);
    for (struct statement *s = program.first; s != NULL; s = s->next)
        check_statement(s);
    write_header(&program, header, include);
    write_source(&program, source, include);
    write_depfile(depfile, header, folder, &files);
}

/* ---- the schema ---- */

struct word {
    const char *name;
    const char *sqlite;
    const char *postgres;
};

/* What the two engines spell differently; sql/README.md lists it. */
static const struct word schema_words[] = {
    {"{id}", "INTEGER PRIMARY KEY", "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"},
    {"{int}", "INTEGER", "BIGINT"},
    {"{blob}", "BLOB", "BYTEA"},
    {"{table}", "STRICT", ""},
    {"{clustered}", "STRICT, WITHOUT ROWID", ""},
};

struct schema {
    struct text sqlite;
    struct text postgres;
    uint64_t sum; /* of what the engine reads: remarks and blanks do not count */
};

static void sum_bytes(struct schema *schema, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        schema->sum = (schema->sum ^ (unsigned char)p[i]) * 0x100000001b3u; /* FNV-1a */
}

static size_t put_word(struct schema *schema, const char *p, struct place at)
{
    for (size_t i = 0; i < sizeof schema_words / sizeof *schema_words; i++) {
        const struct word *word = &schema_words[i];
        if (!starts(p, word->name))
            continue;
        text_add(&schema->sqlite, word->sqlite, strlen(word->sqlite));
        text_add(&schema->postgres, word->postgres, strlen(word->postgres));
        return strlen(word->name);
    }
    die(at, "«%.12s» is not a word of the schema; there are {id}, {int}, {blob}, {table} and {clustered}", p);
}

static void translate_schema(struct schema *schema, const char *p, const char *path)
{
    struct place at = {path, 1};
    while (*p != '\0') {
        size_t n = opaque_length(p, at);
        bool remark = n > 0 && *p != '\'' && *p != '"';
        if (!remark && !isspace((unsigned char)*p))
            sum_bytes(schema, p, n > 0 ? n : 1);
        if (*p == '{') {
            n = put_word(schema, p, at);
        } else {
            n = n > 0 ? n : 1;
            text_add(&schema->sqlite, p, n);
            text_add(&schema->postgres, p, n);
        }
        at.line += lines_in(p, n);
        p += n;
    }
}

static void check_schema_name(const char *path, int number)
{
    const char *name = last_part(path);
    char expected[16];
    snprintf(expected, sizeof expected, "%04d_", number);
    if (!starts(name, expected))
        die((struct place){path, 0}, "a file %s….sql is expected here: schema files are numbered without gaps", expected);
}

static void put_schema_file(FILE *out, struct arena *arena, const char *path, int number)
{
    check_schema_name(path, number);
    struct schema schema = {.sqlite = {.arena = arena}, .postgres = {.arena = arena}, .sum = 0xcbf29ce484222325u};
    translate_schema(&schema, read_whole(arena, path), path);
    if (schema.sqlite.n == 0)
        die((struct place){path, 0}, "is empty");
    fprintf(out, "    {\n        .version = %d,\n        .name = \"%s\",\n        .sum = %lldLL,\n        .sqlite =\n            ",
            number, last_part(path), (long long)(schema.sum >> 1));
    put_literal(out, schema.sqlite.p, "            ");
    fputs(",\n        .postgres =\n            ", out);
    put_literal(out, schema.postgres.p, "            ");
    fputs(",\n    },\n", out);
}

static void make_schema(struct arena *arena, char **argv)
{
    const char *folder = argv[0], *source = argv[1], *depfile = argv[2];
    struct files files = list_folder(arena, folder);
    FILE *out = create(source);
    fputs("/* Made by sqlgen of sql/schema. */\n#include \"db/schema.h\"\n\n"
          "const struct db_schema_file db_schema_files[] = {\n",
          out);
    for (int i = 0; i < files.n; i++)
        put_schema_file(out, arena, files.p[i], i + 1);
    fprintf(out, "    {.version = 0},\n};\nconst int db_schema_file_count = %d;\n", files.n);
    finish_file(out, source);
    write_depfile(depfile, source, folder, &files);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    if (argc == 7 && strcmp(argv[1], "queries") == 0) {
        make_queries(arena, argv + 2);
    } else if (argc == 5 && strcmp(argv[1], "schema") == 0) {
        make_schema(arena, argv + 2);
    } else {
        fputs("usage: sqlgen queries DIR HEADER SOURCE INCLUDE DEPFILE\n       sqlgen schema DIR SOURCE DEPFILE\n", stderr);
        arena_free(&arena);
        return 2;
    }
    arena_free(&arena);
    return 0;
}
