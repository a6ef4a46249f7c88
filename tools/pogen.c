/* pogen: the .po files of i18n/fr and i18n/en → messages.h (an enum of keys) and messages.c (one table a language).
 *
 * The point is that a missing translation, a misspelt key or an argument that one language forgot stops the build and
 * never reaches a reader. Messages are plain text with {name} arguments; the HTML form is escaped here, once.
 *
 * usage: pogen I18N_DIR MESSAGES_H MESSAGES_C DEPFILE */
#include "tool.h"

enum { LANGS = 2, MAX_ARGS = 8 };
static const char *const LANG_NAMES[LANGS] = {"fr", "en"};

struct entry {
    char *key, *one, *many; /* `many` is NULL without plural */
    const char *file;
    int line;
};

struct entries {
    struct entry *p;
    size_t n;
};

struct args {
    char *p[MAX_ARGS];
    size_t n;
};

/* ---- reading ---- */

/* Appends the quoted text at `s` to *target: gettext joins adjacent strings. */
static void read_quoted(const char *s, const char *file, int line, char **target)
{
    struct text text = {0};
    text_c(&text, *target != NULL ? *target : "");
    while (*s == ' ' || *s == '\t')
        s++;
    if (*s != '"')
        die("%s:%d: expected a quoted text", file, line);
    for (s++; *s != '"'; s++) {
        if (*s == '\0')
            die("%s:%d: the text does not end with a quote", file, line);
        if (*s != '\\') {
            text_put(&text, s, 1);
            continue;
        }
        s++;
        if (*s == 'n')
            text_c(&text, "\n");
        else if (*s == 't')
            text_c(&text, "\t");
        else if (*s == '"' || *s == '\\')
            text_put(&text, s, 1);
        else
            die("%s:%d: unknown escape \\%c", file, line, *s);
    }
    for (s++; *s == ' ' || *s == '\r'; s++) {
    }
    if (*s != '\0')
        die("%s:%d: something stands after the closing quote", file, line);
    *target = text.p;
}

static void check_key(const struct entry *entry)
{
    const char *key = entry->key;
    if (!islower((unsigned char)key[0]))
        die("%s:%d: key \"%s\" must begin with a lower-case letter", entry->file, entry->line, key);
    for (const char *c = key; *c != '\0'; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '.' && *c != '_')
            die("%s:%d: key \"%s\" may hold only a-z, 0-9, '.' and '_'", entry->file, entry->line, key);
    if (strstr(key, "__") != NULL)
        die("%s:%d: key \"%s\" must not hold two underscores in a row", entry->file, entry->line, key);
}

static void finish_entry(struct entries *entries, struct entry *entry)
{
    if (entry->key == NULL || entry->key[0] == '\0') { /* nothing yet, or gettext's header */
        memset(entry, 0, sizeof *entry);
        return;
    }
    check_key(entry);
    if (entry->one == NULL || entry->one[0] == '\0')
        die("%s:%d: \"%s\" has no text", entry->file, entry->line, entry->key);
    if (entry->many != NULL && entry->many[0] == '\0')
        die("%s:%d: \"%s\" has no plural text", entry->file, entry->line, entry->key);
    entries->p = must_realloc(entries->p, (entries->n + 1) * sizeof *entries->p);
    entries->p[entries->n++] = *entry;
    memset(entry, 0, sizeof *entry);
}

static bool starts(const char *line, const char *word)
{
    size_t n = strlen(word);
    return strncmp(line, word, n) == 0 && (line[n] == ' ' || line[n] == '\t' || line[n] == '"');
}

static void read_line(char *line, const char *file, int number, struct entries *entries, struct entry *entry,
                      char ***target, char **plural_id)
{
    if (line[0] == '#' || line[0] == '\0' || line[0] == '\r')
        return;
    const char *rest = line;
    if (line[0] == '"') {
        if (*target == NULL)
            die("%s:%d: a text that belongs to nothing", file, number);
    } else if (starts(line, "msgid")) {
        finish_entry(entries, entry);
        *entry = (struct entry){.file = file, .line = number};
        *target = &entry->key;
        rest = line + 5;
    } else if (starts(line, "msgid_plural")) {
        *plural_id = NULL;
        *target = plural_id;
        rest = line + 12;
    } else if (starts(line, "msgstr[0]")) {
        *target = &entry->one;
        rest = line + 9;
    } else if (starts(line, "msgstr[1]")) {
        *target = &entry->many;
        rest = line + 9;
    } else if (starts(line, "msgstr")) {
        *target = &entry->one;
        rest = line + 6;
    } else {
        die("%s:%d: expected msgid, msgid_plural, msgstr, msgstr[0], msgstr[1] or a quoted text", file, number);
    }
    read_quoted(rest, file, number, *target);
}

static void read_po(const char *file, struct entries *entries)
{
    struct text text = {0};
    if (!read_file(file, &text))
        die("%s: cannot read", file);
    struct entry entry = {0};
    char **target = NULL, *plural_id = NULL;
    int number = 0;
    for (char *line = text.p, *next; line != NULL && *line != '\0'; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        read_line(line, file, ++number, entries, &entry, &target, &plural_id);
    }
    finish_entry(entries, &entry);
}

/* ---- checking ---- */

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static void sort_unique(struct entries *entries)
{
    if (entries->n > 0)
        qsort(entries->p, entries->n, sizeof *entries->p, compare_entries);
    for (size_t i = 1; i < entries->n; i++) {
        const struct entry *a = &entries->p[i - 1], *b = &entries->p[i];
        if (strcmp(a->key, b->key) == 0)
            die("%s:%d: \"%s\" is also at %s:%d", b->file, b->line, b->key, a->file, a->line);
    }
}

static void args_add(struct args *args, const char *name, size_t n, const struct entry *entry)
{
    for (size_t i = 0; i < args->n; i++)
        if (strlen(args->p[i]) == n && strncmp(args->p[i], name, n) == 0)
            return;
    if (args->n == MAX_ARGS)
        die("%s:%d: \"%s\" has more than %d arguments", entry->file, entry->line, entry->key, MAX_ARGS);
    args->p[args->n++] = strndup(name, n);
}

static void args_of_text(const struct entry *entry, const char *text, struct args *args)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '}')
            die("%s:%d: \"%s\": a '}' without '{'", entry->file, entry->line, entry->key);
        if (*c != '{')
            continue;
        const char *name = ++c;
        while (islower((unsigned char)*c) || *c == '_')
            c++;
        if (*c != '}' || c == name)
            die("%s:%d: \"%s\": an argument is written {name} in lower case", entry->file, entry->line, entry->key);
        args_add(args, name, (size_t)(c - name), entry);
    }
}

static struct args args_of(const struct entry *entry)
{
    struct args args = {0};
    args_of_text(entry, entry->one, &args);
    if (entry->many != NULL) {
        args_of_text(entry, entry->many, &args);
        args_add(&args, "n", 1, entry); /* it chooses the form even where the text does not show it */
    }
    if (args.n > 0)
        qsort(args.p, args.n, sizeof *args.p, compare_names);
    return args;
}

static void check_same_args(const struct entry *a, const struct entry *b)
{
    struct args left = args_of(a), right = args_of(b);
    bool same = left.n == right.n;
    for (size_t i = 0; same && i < left.n; i++)
        same = strcmp(left.p[i], right.p[i]) == 0;
    if (!same)
        die("%s:%d: \"%s\" has other arguments than at %s:%d", b->file, b->line, b->key, a->file, a->line);
}

static void check_same_keys(const struct entries *fr, const struct entries *en)
{
    for (size_t i = 0, j = 0; i < fr->n || j < en->n; i++, j++) {
        const struct entry *a = i < fr->n ? &fr->p[i] : NULL, *b = j < en->n ? &en->p[j] : NULL;
        int order = a == NULL ? 1 : b == NULL ? -1 : strcmp(a->key, b->key);
        if (order < 0)
            die("%s:%d: \"%s\" is missing in English", a->file, a->line, a->key);
        if (order > 0)
            die("%s:%d: \"%s\" is missing in French", b->file, b->line, b->key);
        check_same_args(a, b);
    }
}

static char *c_name(const char *key)
{
    char *name = strdup(key);
    for (char *c = name; *c != '\0'; c++)
        if (*c == '.')
            *c = '_';
    return name;
}

static void check_c_names(const struct entries *entries)
{
    char **names = must_realloc(NULL, (entries->n + 1) * sizeof *names);
    for (size_t i = 0; i < entries->n; i++)
        names[i] = c_name(entries->p[i].key);
    if (entries->n > 0)
        qsort(names, entries->n, sizeof *names, compare_names);
    for (size_t i = 1; i < entries->n; i++)
        if (strcmp(names[i], names[i - 1]) == 0)
            die("two message keys give the same C name MSG_%s", names[i]);
}

/* ---- writing ---- */

static void escape_html(struct text *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '&')
            text_c(out, "&amp;");
        else if (*c == '<')
            text_c(out, "&lt;");
        else if (*c == '>')
            text_c(out, "&gt;");
        else if (*c == '"')
            text_c(out, "&quot;");
        else if (*c == '\'')
            text_c(out, "&#39;");
        else
            text_put(out, c, 1);
    }
}

static void write_str(struct text *out, const char *text)
{
    if (text == NULL) {
        text_c(out, "{NULL, 0}");
        return;
    }
    text_c(out, "{");
    text_literal(out, text, strlen(text));
    text_format(out, ", %zu}", strlen(text));
}

static void write_form(struct text *out, const char *text)
{
    struct text html = {0};
    if (text != NULL)
        escape_html(&html, text);
    text_c(out, "{");
    write_str(out, text);
    text_c(out, ", ");
    write_str(out, text == NULL ? NULL : html.p);
    text_c(out, "}");
}

static void write_header(struct text *out, const struct entries *entries)
{
    text_c(out, "/* Made by tools/pogen from i18n/; do not edit. */\n#ifndef GUICHET_TEXT_MESSAGES_H\n"
                "#define GUICHET_TEXT_MESSAGES_H\n\n"
                "/* MSG_none writes nothing: a field without a hint, a form without an error. */\n"
                "enum msg {\n    MSG_none,\n");
    for (size_t i = 0; i < entries->n; i++)
        text_format(out, "    MSG_%s,\n", c_name(entries->p[i].key));
    text_c(out, "    MSG_COUNT\n};\n\n"
                "/* What each message takes, so that templates are checked by the compiler. */\nenum {\n");
    for (size_t i = 0; i < entries->n; i++) {
        struct args args = args_of(&entries->p[i]);
        char *name = c_name(entries->p[i].key);
        text_format(out, "    MSGARGS_%s = %zu,\n", name, args.n);
        for (size_t k = 0; k < args.n; k++)
            text_format(out, "    MSGARG_%s__%s = %zu,\n", name, args.p[k], k);
    }
    text_c(out, "    MSGARGS_none = 0\n};\n\n#endif\n");
}

static void write_code(struct text *out, const struct entries *langs)
{
    text_c(out, "/* Made by tools/pogen from i18n/; do not edit. */\n#include \"text/message_table.h\"\n\n"
                "const struct str message_names[MSG_COUNT] = {\n    {\"none\", 4},\n");
    for (size_t i = 0; i < langs[0].n; i++)
        text_format(out, "    {\"%s\", %zu},\n", langs[0].p[i].key, strlen(langs[0].p[i].key));
    text_c(out, "};\n\nconst struct message_row message_table[LANG_COUNT][MSG_COUNT] = {\n");
    for (size_t lang = 0; lang < LANGS; lang++) {
        text_format(out, "    { /* %s */\n    {{{\"\", 0}, {\"\", 0}}, {{NULL, 0}, {NULL, 0}}},\n", LANG_NAMES[lang]);
        for (size_t i = 0; i < langs[lang].n; i++) {
            text_c(out, "    {");
            write_form(out, langs[lang].p[i].one);
            text_c(out, ", ");
            write_form(out, langs[lang].p[i].many);
            text_c(out, "},\n");
        }
        text_c(out, "    },\n");
    }
    text_c(out, "};\n");
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("usage: pogen I18N_DIR MESSAGES_H MESSAGES_C DEPFILE");
    struct entries langs[LANGS] = {{0}};
    struct file_list inputs = {0};
    for (size_t lang = 0; lang < LANGS; lang++) {
        char *directory = path_join(argv[1], LANG_NAMES[lang]);
        file_list_add(&inputs, directory);
        struct file_list names = names_in(directory);
        for (size_t i = 0; i < names.n; i++) {
            if (!ends_with(names.p[i], ".po"))
                continue;
            char *file = path_join(directory, names.p[i]);
            file_list_add(&inputs, file);
            read_po(file, &langs[lang]);
        }
        sort_unique(&langs[lang]);
    }
    check_same_keys(&langs[0], &langs[1]);
    check_c_names(&langs[0]);
    struct text header = {0}, code = {0};
    write_header(&header, &langs[0]);
    write_code(&code, langs);
    write_if_changed(argv[2], &header);
    write_if_changed(argv[3], &code);
    write_depfile(argv[4], argv[2], &inputs);
    return 0;
}
