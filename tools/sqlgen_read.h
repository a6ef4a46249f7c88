/* Half of sqlgen: reading statements, checking them, and turning their SQL into a text for each engine. */
#ifndef GUICHET_TOOLS_SQLGEN_READ_H
#define GUICHET_TOOLS_SQLGEN_READ_H

#include <strings.h>

#include "tool.h"

enum { MAX_FIELDS = 64 };

enum kind { KIND_INT, KIND_TEXT, KIND_BLOB };
enum shape { SHAPE_ONE, SHAPE_MANY, SHAPE_EXEC };

struct place {
    const char *file;
    int line; /* 0: the file as a whole */
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
    struct statement *first;
    struct statement **last;
    int count;
};

/* ---- messages and small text ---- */

__attribute__((format(printf, 2, 3), noreturn)) static void stop_at(struct place at, const char *format, ...)
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

static void text_char(struct text *text, char c)
{
    text_put(text, &c, 1);
}

static char *copy(const char *p, size_t n)
{
    struct text text = {0};
    text_put(&text, p, n);
    return text.p;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static const char *read_whole(const char *path)
{
    struct text text = {0};
    if (!read_file(path, &text))
        stop_at((struct place){path, 0}, "%s", strerror(errno));
    if (memchr(text.p, '\0', text.n) != NULL)
        stop_at((struct place){path, 0}, "holds a NUL byte");
    return text.p;
}

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
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
static const char *take_name(const char **p, struct place at)
{
    static const char *const reserved[] = {
        "auto", "bool", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum",
        "extern", "false", "float", "for", "goto", "if", "inline", "int", "long", "register", "return", "short",
        "signed", "sizeof", "static", "struct", "switch", "true", "typedef", "union", "unsigned", "void", "volatile",
        "while", "none",
    };
    const char *start = skip_blanks(*p);
    const char *end = start;
    while (is_name_char(*end))
        end++;
    if (end == start || isdigit((unsigned char)*start))
        stop_at(at, "a name in lower case is expected at «%.20s»", start);
    const char *name = copy(start, (size_t)(end - start));
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            stop_at(at, "«%s» is a word of C and cannot be a name", name);
    *p = end;
    return name;
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
    stop_at(at, "a type is expected (int, text or blob) at «%.20s»", start);
}

/* `name type, name type?, …`; a comma at the end of a line is allowed, as is a list that goes on. */
static void read_fields(struct fields *fields, const char *p, struct place at)
{
    for (;;) {
        p = skip_blanks(p);
        if (*p == '\0')
            return;
        struct field field = {.at = at};
        field.name = take_name(&p, at);
        field.kind = take_kind(&p, at);
        if (*p == '?') {
            field.maybe = true;
            p++;
        }
        if (find_field(fields, field.name) != NULL)
            stop_at(at, "«%s» is named twice in this list", field.name);
        if (fields->n == MAX_FIELDS)
            stop_at(at, "more than %d names in a list", MAX_FIELDS);
        fields->p[fields->n++] = field;
        p = skip_blanks(p);
        if (*p == ',')
            p++;
        else if (*p != '\0')
            stop_at(at, "a comma is expected at «%.20s»", p);
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
    stop_at(at, "«:one», «:many» or «:exec» is expected after the name, not «%.20s»", p);
}

static struct statement *add_statement(struct program *program, const char *p, struct place at)
{
    struct statement *statement = must_realloc(NULL, sizeof *statement);
    *statement = (struct statement){.at = at};
    statement->name = take_name(&p, at);
    statement->shape = take_shape(p, at);
    for (const struct statement *other = program->first; other != NULL; other = other->next)
        if (strcmp(other->name, statement->name) == 0)
            stop_at(at, "«%s» already stands at %s:%d", statement->name, other->at.file, other->at.line);
    program->count++;
    *program->last = statement;
    program->last = &statement->next;
    return statement;
}

static const char *join_why(const char *before, const char *more)
{
    struct text text = {0};
    if (before != NULL) {
        text_put(&text, before, strlen(before));
        text_char(&text, ' ');
    }
    text_put(&text, more, strlen(more));
    return text.p;
}

/* A number, a name of base/limits.h, or a product of them: «LIMIT_CART_VISITS * 8». */
static const char *read_max(const char *p, struct place at)
{
    size_t n = strlen(p);
    bool fine = n > 0 && is_word_char(p[0]) && is_word_char(p[n - 1]);
    for (size_t i = 0; i < n; i++)
        fine = fine && (is_word_char(p[i]) || p[i] == ' ' || p[i] == '*');
    if (!fine)
        stop_at(at, "max: needs a number, a name of base/limits.h or a product of such, not «%.40s»", p);
    return copy(p, n);
}

/* One comment line before the statement's SQL. */
static void read_head_line(struct statement *statement, const char *line, struct place at)
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
        read_fields(&statement->in, p, at);
    else if (n == 3 && starts(word, "out"))
        read_fields(&statement->out, p, at);
    else if (n == 3 && starts(word, "why"))
        statement->why = join_why(statement->why, p);
    else if (n == 3 && starts(word, "max"))
        statement->max = read_max(p, at);
    else
        stop_at(at, "«%.*s:» is not known; there are name:, why:, in:, out: and max:", (int)n, word);
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
            stop_at(at, "SQL before the first «-- name:»");
    } else if (statement->body.n == 0 && remark) {
        read_head_line(statement, first, at);
    } else if (statement->body.n > 0 || *first != '\0') {
        if (remark && (starts(first, "-- in:") || starts(first, "-- out:")))
            stop_at(at, "in: and out: stand before the SQL");
        if (statement->body.n == 0)
            statement->body_at = at;
        text_put(&statement->body, line, strlen(line));
        text_char(&statement->body, '\n');
    }
}

static void read_queries(struct program *program, const char *path)
{
    const char *p = read_whole(path);
    struct statement *current = NULL;
    for (int number = 1; *p != '\0'; number++) {
        size_t n = strcspn(p, "\n");
        const char *next = p[n] == '\n' ? p + n + 1 : p + n;
        while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t' || p[n - 1] == '\r'))
            n--;
        read_line(program, &current, copy(p, n), (struct place){path, number});
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
        stop_at(at, "a quote is not closed");
    }
    if (starts(p, "--"))
        return strcspn(p, "\n");
    if (starts(p, "/*")) {
        const char *end = strstr(p + 2, "*/");
        if (end == NULL)
            stop_at(at, "a comment is not closed");
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
    text_put(&statement->sqlite, p, n);
    text_put(&statement->postgres, p, n);
}

static size_t put_parameter(struct statement *statement, const char *p, struct place at)
{
    const char *rest = p + 1;
    const char *name = take_name(&rest, at);
    struct field *field = find_field(&statement->in, name);
    if (field == NULL)
        stop_at(at, "the parameter «:%s» is not in the in: list of «%s»", name, statement->name);
    field->used = true;
    char number[16];
    int n = snprintf(number, sizeof number, "%d", (int)(field - statement->in.p) + 1);
    text_char(&statement->sqlite, '?');
    text_put(&statement->sqlite, number, (size_t)n);
    text_char(&statement->postgres, '$');
    text_put(&statement->postgres, number, (size_t)n);
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
        stop_at(at, "SQLite has no «::»; write CAST(x AS BIGINT)");
    if (*p == '?' || *p == '$')
        stop_at(at, "parameters are written :name");
    if (*p == ';')
        stop_at(at, "one statement a name; «;» only at its end");
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
        stop_at(statement->at, "«%s» has no SQL", statement->name);
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
        stop_at(statement->at, "the brackets of «%s» do not match", statement->name);
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
            stop_at(statement->at, "«*» leaves the columns of «%s» unknown; name them", statement->name);
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
        stop_at(at, "«%s» is no SELECT, INSERT, UPDATE or DELETE", name);
    bool reads = strncasecmp(outline.first, "SELECT", 6) == 0;
    if (statement->max != NULL && statement->shape != SHAPE_MANY)
        stop_at(at, "max: is for :many only");
    if (statement->shape == SHAPE_EXEC) {
        if (reads || outline.returning != NULL || statement->out.n > 0)
            stop_at(at, "«%s» gives rows: it is :one or :many, not :exec", name);
        return;
    }
    if (statement->out.n == 0)
        stop_at(at, "«%s» needs an out: list (or is :exec)", name);
    const char *list = reads ? outline.select : outline.returning;
    if (list == NULL)
        stop_at(at, "«%s» has an out: list but no RETURNING", name);
    int columns = count_columns(statement, list);
    if (columns != statement->out.n)
        stop_at(at, "«%s» gives %d columns, out: names %d", name, columns, statement->out.n);
}

static void check_statement(struct statement *statement)
{
    translate(statement);
    for (int i = 0; i < statement->in.n; i++)
        if (!statement->in.p[i].used)
            stop_at(statement->in.p[i].at, "the parameter «%s» is never used", statement->in.p[i].name);
    check_shape(statement);
}

#endif
