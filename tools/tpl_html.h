/* Half of tplgen: where in the HTML a template stands. A value is escaped by its place, so every literal character goes
 * through this small state machine, which also refuses what the Content-Security-Policy would make useless. */
#ifndef GUICHET_TOOLS_TPL_HTML_H
#define GUICHET_TOOLS_TPL_HTML_H

#include "tool.h"

enum { MAX_DEPTH = 24, NAME_MAX_LENGTH = 40 };

/* Where in the HTML the writer stands. */
enum place_kind { IN_TEXT, IN_TAG, IN_VALUE, IN_RAW };

struct place {
    enum place_kind kind;
    char quote;                          /* IN_VALUE */
    char attribute[NAME_MAX_LENGTH + 1]; /* IN_TAG: the last one begun; IN_VALUE: the one being written */
    char tag[NAME_MAX_LENGTH + 1];       /* IN_TAG, IN_VALUE; IN_RAW: script, style, textarea or pre */
    bool after_equals;                   /* IN_TAG: an unquoted value would come now */
    bool closing;                        /* IN_TAG: </…> */
    char head[12];                       /* IN_VALUE: the literal text the value begins with */
    size_t head_n;
    int line;                            /* where the tag began */
};

enum block_kind { BLOCK_IF, BLOCK_ELSE, BLOCK_FOR };

struct block {
    enum block_kind kind;
    int line;
    struct place place;
    char variable[NAME_MAX_LENGTH + 1]; /* BLOCK_FOR */
};

struct template {
    char *name, *file, *source;
    size_t n;
    char *view; /* C type, or NULL for none */
};

struct templates {
    struct template *p;
    size_t n;
};

struct compiler {
    const struct templates *all;
    const struct template *template;
    struct text *out;
    struct text literal; /* HTML not yet written, so that neighbours become one buf_put */
    struct place place;
    struct block blocks[MAX_DEPTH];
    size_t depth;
    size_t at;
    int line;
    int loops;
};

__attribute__((format(printf, 2, 3), noreturn)) static void fail(const struct compiler *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: ", c->template->file, c->line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static bool name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_';
}

static bool name_part(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool one_of(const char *word, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static bool is_url_attribute(const char *name)
{
    static const char *const names[] = {"href",   "src",  "action", "formaction", "poster", "cite",
                                        "srcset", "data", "ping",   "manifest",   "xlink:href", "background", NULL};
    return one_of(name, names);
}

static void begin_attribute(struct compiler *c, const char *s, size_t n)
{
    if (n > NAME_MAX_LENGTH)
        fail(c, "an attribute's name is longer than %d", NAME_MAX_LENGTH);
    for (size_t i = 0; i < n; i++)
        c->place.attribute[i] = (char)tolower((unsigned char)s[i]);
    c->place.attribute[n] = '\0';
    const char *name = c->place.attribute;
    if (name[0] == 'o' && name[1] == 'n')
        fail(c, "%s: the Content-Security-Policy forbids script in attributes; use assets/js", name);
    if (strcmp(name, "style") == 0 || strcmp(name, "srcdoc") == 0)
        fail(c, "%s: the Content-Security-Policy forbids this attribute; use a class", name);
}

static void end_tag(struct compiler *c)
{
    static const char *const raw[] = {"script", "style", "textarea", "pre", NULL};
    char tag[NAME_MAX_LENGTH + 1];
    strcpy(tag, c->place.tag);
    bool closing = c->place.closing;
    int line = c->place.line;
    c->place = (struct place){.kind = IN_TEXT};
    if (closing || !one_of(tag, raw))
        return;
    if (strcmp(tag, "style") == 0)
        fail(c, "<style>: the Content-Security-Policy forbids inline styles; use assets/css");
    c->place.kind = IN_RAW;
    c->place.line = line;
    strcpy(c->place.tag, tag);
}

/* Takes what is in a tag, outside of quoted values. Returns the characters consumed. */
static size_t in_tag(struct compiler *c, const char *s)
{
    if (blank(*s)) {
        size_t n = 0;
        while (blank(s[n]))
            c->line += s[n++] == '\n';
        text_c(&c->literal, " ");
        if (!c->place.after_equals)
            c->place.attribute[0] = '\0';
        return n;
    }
    if (*s == '"' || *s == '\'') {
        if (!c->place.after_equals)
            fail(c, "a quote inside a tag must follow '='");
        c->place.kind = IN_VALUE;
        c->place.quote = *s;
        c->place.after_equals = false;
        c->place.head_n = 0;
        text_put(&c->literal, s, 1);
        return 1;
    }
    if (*s == '<')
        fail(c, "'<' inside a tag: is a '>' missing?");
    text_put(&c->literal, s, 1);
    if (*s == '>') {
        end_tag(c);
        return 1;
    }
    if (*s == '=') {
        c->place.after_equals = true;
        return 1;
    }
    if (*s == '/')
        return 1;
    size_t n = 1;
    while (s[n] != '\0' && !blank(s[n]) && strchr("=>/\"'<{", s[n]) == NULL)
        n++;
    if (c->place.after_equals) { /* an unquoted literal value: up to blank or '>' */
        while (s[n] != '\0' && !blank(s[n]) && strchr(">\"'<{", s[n]) == NULL)
            n++;
        if (s[n] == '{' && s[n + 1] == '{')
            fail(c, "a value in an unquoted attribute: put quotes around it");
        c->place.after_equals = false;
    } else {
        begin_attribute(c, s, n);
    }
    text_put(&c->literal, s + 1, n - 1);
    return n;
}

static size_t in_value(struct compiler *c, const char *s)
{
    if (*s == c->place.quote) {
        c->place.kind = IN_TAG;
        c->place.attribute[0] = '\0';
        c->place.quote = '\0';
    } else if (c->place.head_n < sizeof c->place.head - 1) {
        c->place.head[c->place.head_n++] = (char)tolower((unsigned char)*s);
    }
    c->place.head[c->place.head_n] = '\0';
    c->line += *s == '\n';
    text_put(&c->literal, s, 1);
    return 1;
}

static size_t in_raw(struct compiler *c, const char *s)
{
    size_t n = strlen(c->place.tag);
    c->line += *s == '\n';
    if (s[0] == '<' && s[1] == '/' && strncasecmp(s + 2, c->place.tag, n) == 0)
        c->place = (struct place){.kind = IN_TEXT};
    else {
        text_put(&c->literal, s, 1);
        return 1;
    }
    return 0;
}

static size_t begin_tag(struct compiler *c, const char *s)
{
    size_t n = 1;
    struct place place = {.kind = IN_TAG, .line = c->line};
    if (s[n] == '/') {
        place.closing = true;
        n++;
    }
    if (s[n] == '!') { /* <!doctype html> */
        n++;
    } else if (!isalpha((unsigned char)s[n])) {
        fail(c, "'<' in text is written &lt;");
    }
    size_t begin = n;
    while (isalnum((unsigned char)s[n]) || s[n] == '-' || s[n] == ':')
        n++;
    if (n - begin > NAME_MAX_LENGTH)
        fail(c, "a tag's name is longer than %d", NAME_MAX_LENGTH);
    if (s[n] == '{' && s[n + 1] == '{' && strncmp(s + n, "{{if ", 5) != 0) /* «<li{{if v.on}} class="on"{{end}}>» */
        fail(c, "a tag's name must not be made of a value");
    for (size_t i = begin; i < n; i++)
        place.tag[i - begin] = (char)tolower((unsigned char)s[i]);
    place.tag[n - begin] = '\0';
    c->place = place;
    text_put(&c->literal, s, n);
    return n;
}

/* A run of white space in text: one blank, or one line break when it holds any. Indentation so costs nothing and words
 * never grow together. */
static size_t white_space(struct compiler *c, const char *s)
{
    size_t n = 0;
    bool line_break = false;
    while (blank(s[n])) {
        line_break |= s[n] == '\n';
        c->line += s[n++] == '\n';
    }
    /* At a line's start the line break before was written already, or belonged to a directive that vanished. */
    bool at_line_start = c->at > 0 && c->template->source[c->at - 1] == '\n';
    bool doubled = c->literal.n > 0 && c->literal.p[c->literal.n - 1] == '\n';
    if (!doubled && !at_line_start)
        text_c(&c->literal, line_break ? "\n" : " ");
    return n;
}

static size_t in_text(struct compiler *c, const char *s)
{
    if (strncmp(s, "<!--", 4) == 0) {
        const char *end = strstr(s, "-->");
        if (end == NULL)
            fail(c, "<!-- is not closed");
        for (const char *p = s; p < end; p++)
            c->line += *p == '\n';
        return (size_t)(end + 3 - s); /* readers of the page have no use for it */
    }
    if (*s == '<')
        return begin_tag(c, s);
    if (blank(*s))
        return white_space(c, s);
    text_put(&c->literal, s, 1);
    return 1;
}

#endif
