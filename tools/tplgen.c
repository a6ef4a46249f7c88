/* tplgen: src/web/templates/NAME.html → void tpl_NAME(...) in templates.c, declared in templates.h.
 *
 * The language is described in tools/README.md. What this program is for: a value from outside can reach a page only
 * through an escaping function chosen by its place, and a template that reads a field that does not exist, names an unknown
 * message or forgets an {{end}} stops the build with the template's own file and line.
 *
 * usage: tplgen TEMPLATE_DIR TEMPLATES_H TEMPLATES_C DEPFILE [INCLUDE VIEWS]
 * INCLUDE is the header's name for #include («web/templates.h»), VIEWS the header that declares the views. */
#include "tpl_html.h"

/* ---- C output ---- */

static void flush(struct compiler *c)
{
    if (c->literal.n == 0)
        return;
    text_c(c->out, "    buf_put(out, ");
    text_literal(c->out, c->literal.p, c->literal.n);
    text_format(c->out, ", %zu);\n", c->literal.n);
    c->literal.n = 0;
}

/* Begins a statement made from the template's current line, so that the C compiler's errors point there. */
static void statement(struct compiler *c)
{
    flush(c);
    text_format(c->out, "#line %d \"%s\"\n", c->line, c->template->file);
}

static void indent_none(struct compiler *c, const char *text)
{
    text_format(c->out, "    %s\n", text);
}

/* ---- expressions ---- */

static bool is_pointer_name(const struct compiler *c, const char *name, size_t n)
{
    if (n == 1 && name[0] == 'v')
        return true;
    if (n == 4 && strncmp(name, "page", 4) == 0)
        return true;
    for (size_t i = 0; i < c->depth; i++) {
        const struct block *block = &c->blocks[i];
        if (block->kind == BLOCK_FOR && strlen(block->variable) == n && strncmp(block->variable, name, n) == 0)
            return true;
    }
    return false;
}

/* The end of «name.field->x[3](a)» beginning at `s`. */
static const char *chain_end(const struct compiler *c, const char *s)
{
    while (*s == '(' || *s == '*' || *s == '&')
        fail(c, "'has' is followed by a field, as in: has v.title");
    while (name_part(*s) || *s == '.' || (s[0] == '-' && s[1] == '>') || *s == '[' || *s == '(') {
        if (*s == '[' || *s == '(') {
            char open = *s, close = open == '[' ? ']' : ')';
            int depth = 0;
            do {
                if (*s == '\0')
                    fail(c, "a bracket is not closed");
                depth += *s == open ? 1 : *s == close ? -1 : 0;
                s++;
            } while (depth > 0);
        } else {
            s += *s == '-' ? 2 : 1;
        }
    }
    return s;
}

static const char *copy_quoted(const struct compiler *c, struct text *out, const char *s)
{
    char quote = *s;
    const char *begin = s++;
    while (*s != quote) {
        if (*s == '\0')
            fail(c, "a quote is not closed");
        s += *s == '\\' && s[1] != '\0' ? 2 : 1;
    }
    s++;
    text_put(out, begin, (size_t)(s - begin));
    return s;
}

static void translate(const struct compiler *c, const char *source, size_t n, struct text *out);

static const char *translate_name(const struct compiler *c, const char *s, char before, struct text *out)
{
    const char *begin = s;
    while (name_part(*s))
        s++;
    size_t n = (size_t)(s - begin);
    if (before == '.' || before == '>') {
        text_put(out, begin, n);
    } else if (n == 3 && strncmp(begin, "has", 3) == 0 && *s == ' ') {
        while (*s == ' ')
            s++;
        const char *end = chain_end(c, s);
        if (end == s)
            fail(c, "'has' is followed by a field, as in: has v.title");
        text_c(out, "TPL_HAS(");
        translate(c, s, (size_t)(end - s), out);
        text_c(out, ")");
        s = end;
    } else if (is_pointer_name(c, begin, n)) {
        if (*s == '.') {
            text_put(out, begin, n);
            text_c(out, "->");
            s++;
            if (!name_start(*s))
                fail(c, "a field's name must follow '.'");
        } else {
            text_format(out, "(*%.*s)", (int)n, begin);
        }
    } else {
        text_put(out, begin, n);
    }
    return s;
}

/* A template expression as a C expression. */
static void translate(const struct compiler *c, const char *source, size_t n, struct text *out)
{
    char *copy = strndup(source, n);
    char before = '\0';
    for (const char *s = copy; *s != '\0';) {
        const char *begin = s;
        if (*s == '"' || *s == '\'') {
            s = copy_quoted(c, out, s);
        } else if (name_start(*s)) {
            s = translate_name(c, s, before, out);
        } else if (isdigit((unsigned char)*s)) {
            while (name_part(*s) || *s == '.')
                s++;
            text_put(out, begin, (size_t)(s - begin));
        } else if (*s == ';' || *s == '{' || *s == '}' || *s == '#') {
            fail(c, "'%c' has no place in an expression", *s);
        } else {
            text_put(out, s++, 1);
        }
        /* «a.b->c»: after '.' or "->" comes a field, whatever it is called */
        before = s[-1] == '.' || (s - copy >= 2 && s[-1] == '>' && s[-2] == '-') ? '.' : '\0';
        if (isdigit((unsigned char)*begin))
            before = '\0';
    }
}

static char *expression(const struct compiler *c, const char *source)
{
    struct text out = {0};
    while (blank(*source))
        source++;
    if (*source == '\0')
        fail(c, "an expression is missing");
    translate(c, source, strlen(source), &out);
    return out.p;
}

/* ---- directives ---- */

static void check_value_place(const struct compiler *c)
{
    const struct place *place = &c->place;
    if (place->kind == IN_TAG)
        fail(c, "a value inside a tag must stand in a quoted attribute value");
    if (place->kind == IN_RAW && (strcmp(place->tag, "script") == 0 || strcmp(place->tag, "style") == 0))
        fail(c, "a value inside <%s> is not allowed; put it into a data- attribute", place->tag);
}

static bool in_url(const struct compiler *c)
{
    return c->place.kind == IN_VALUE && is_url_attribute(c->place.attribute);
}

static void write_value(struct compiler *c, const char *source)
{
    check_value_place(c);
    const char *macro = "TPL_OUT";
    if (in_url(c)) {
        if (c->place.head_n == 0)
            macro = "TPL_SAFE_URL";
        else if (c->place.head[0] == '#' || strcmp(c->place.head, "tel:") == 0)
            macro = "TPL_COMPONENT";
        else if (strcmp(c->place.head, "mailto:") == 0)
            macro = "TPL_MAILTO";
        else
            fail(c, "%s holds {{url …}}, {{asset …}}, a whole struct safe_url, or a value after '#', tel: or mailto:",
                 c->place.attribute);
    }
    statement(c);
    text_format(c->out, "    %s(out, page, %s);\n", macro, expression(c, source));
}

/* The end of one argument: a blank outside of brackets and quotes. */
static const char *word_end(const struct compiler *c, const char *s)
{
    int depth = 0;
    for (; *s != '\0' && (depth > 0 || !blank(*s)); s++) {
        if (*s == '(' || *s == '[')
            depth++;
        else if (*s == ')' || *s == ']')
            depth--;
        else if (*s == '"' || *s == '\'') {
            struct text ignored = {0};
            s = copy_quoted(c, &ignored, s) - 1;
        }
    }
    if (depth != 0)
        fail(c, "a bracket is not closed");
    return s;
}

static const char *skip_blanks(const char *s)
{
    while (blank(*s))
        s++;
    return s;
}

/* Writes the arguments as «ARG("n", …), …» and, for a key known here, a mention of each argument's constant, which the C
 * compiler does not find when the message has no such argument. */
static size_t message_args(struct compiler *c, const char *s, const char *key, struct text *args, struct text *checks)
{
    size_t n = 0;
    for (s = skip_blanks(s); *s != '\0'; s = skip_blanks(s), n++) {
        const char *begin = s;
        while (name_part(*s))
            s++;
        int length = (int)(s - begin);
        if (length == 0 || *s != '=')
            fail(c, "a message's argument is written name=value, at: %s", begin);
        const char *value = ++s;
        s = word_end(c, s);
        if (s == value)
            fail(c, "a message's argument has no value");
        if (key != NULL)
            text_format(checks, " (void)MSGARG_%s__%.*s;", key, length, begin);
        text_format(args, "%sARG(\"%.*s\", ", n > 0 ? ", " : "", length, begin);
        translate(c, value, (size_t)(s - value), args);
        text_c(args, ")");
    }
    return n;
}

/* {{t key a=x}} and {{message expr a=x}}. With a known key the arguments are checked at compile time. */
static void write_message(struct compiler *c, const char *s, bool known)
{
    check_value_place(c);
    if (in_url(c))
        fail(c, "%s holds an address; use {{url …}}", c->place.attribute);
    const char *end = word_end(c, s);
    if (end == s)
        fail(c, "the message's key is missing");
    char *key = strndup(s, (size_t)(end - s));
    struct text args = {0}, checks = {0};
    for (char *p = key; known && *p != '\0'; p++) {
        if (!name_part(*p) && *p != '.')
            fail(c, "\"%s\" is not a message key; for a key that is computed use {{message …}}", key);
        if (*p == '.')
            *p = '_';
    }
    size_t n = message_args(c, end, known ? key : NULL, &args, &checks);
    statement(c);
    if (known)
        text_format(c->out, "    _Static_assert(MSGARGS_%s == %zu, \"the message takes another number of arguments\");%s\n"
                    "#line %d \"%s\"\n", key, n, n > 0 ? checks.p : "", c->line, c->template->file);
    text_format(c->out, "    msg_write(out, page->lang, %s%s, ", known ? "MSG_" : "", known ? key : expression(c, key));
    if (n == 0)
        text_c(c->out, "NULL, 0, true);\n");
    else
        text_format(c->out, "(const struct msg_arg[]){%s}, %zu, true);\n", args.p, n);
}

static const struct template *find_template(const struct compiler *c, const char *name, size_t n)
{
    for (size_t i = 0; i < c->all->n; i++) {
        const struct template *template = &c->all->p[i];
        if (strlen(template->name) == n && strncmp(template->name, name, n) == 0)
            return template;
    }
    fail(c, "there is no template %.*s.html", (int)n, name);
}

static void write_use(struct compiler *c, const char *s)
{
    if (c->place.kind != IN_TEXT)
        fail(c, "{{use}} stands in text, not inside a tag");
    const char *begin = s;
    while (name_part(*s))
        s++;
    const struct template *used = find_template(c, begin, (size_t)(s - begin));
    s = skip_blanks(s);
    if (used->view == NULL && *s != '\0')
        fail(c, "%s.html takes no view", used->name);
    if (used->view != NULL && *s == '\0')
        fail(c, "%s.html needs a view of type %s", used->name, used->view);
    statement(c);
    if (used->view == NULL)
        text_format(c->out, "    tpl_%s(out, page);\n", used->name);
    else
        text_format(c->out, "    tpl_%s(out, page, &(%s));\n", used->name, expression(c, s));
}

static void literal_html(struct compiler *c, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '&')
            text_c(&c->literal, "&amp;");
        else if (isalnum((unsigned char)s[i]) || strchr("-._~/?=+%:;,@#!$*", s[i]) != NULL)
            text_put(&c->literal, &s[i], 1);
        else
            fail(c, "'%c' in an address must be percent-encoded", s[i]);
    }
}

/* {{url "/a/" v.b}} with the language, {{path "/a"}} without. */
static void write_url(struct compiler *c, const char *s, bool with_lang)
{
    check_value_place(c);
    if (c->place.kind == IN_VALUE && c->place.head_n > 0 && in_url(c))
        fail(c, "{{url}} must begin the attribute's value");
    s = skip_blanks(s);
    if (s[0] != '"' || s[1] != '/' || s[2] == '/')
        fail(c, "an address begins with a literal part: \"/…\"");
    if (with_lang) {
        statement(c);
        indent_none(c, "tpl_lang(out, page);");
    }
    for (; *s != '\0'; s = skip_blanks(s)) {
        const char *end = word_end(c, s);
        if (*s == '"') {
            literal_html(c, s + 1, (size_t)(end - s) - 2);
        } else {
            struct text expr = {0};
            translate(c, s, (size_t)(end - s), &expr);
            statement(c);
            text_format(c->out, "    TPL_COMPONENT(out, page, %s);\n", expr.p);
        }
        s = end;
    }
    /* whatever follows is no longer the head of the value */
    c->place.head_n = 0;
    if (c->place.kind == IN_VALUE) {
        strcpy(c->place.head, "/");
        c->place.head_n = 1;
    }
}

static void write_asset(struct compiler *c, const char *s)
{
    check_value_place(c);
    s = skip_blanks(s);
    size_t n = strlen(s);
    if (n < 3 || s[0] != '"' || s[n - 1] != '"')
        fail(c, "an asset is written {{asset \"css/name.css\"}}");
    char *name = strndup(s + 1, n - 2);
    for (char *p = name; *p != '\0'; p++)
        if (!name_part(*p))
            *p = '_';
    statement(c);
    text_format(c->out, "    buf_str(out, asset_table[ASSET_%s].url);\n", name);
}

/* ---- blocks ---- */

static struct block *push_block(struct compiler *c, enum block_kind kind)
{
    if (c->depth == MAX_DEPTH)
        fail(c, "blocks are nested more than %d deep", MAX_DEPTH);
    if (c->place.kind == IN_TAG && c->place.after_equals)
        fail(c, "{{if}} after '=': put quotes around the value");
    struct block *block = &c->blocks[c->depth++];
    *block = (struct block){.kind = kind, .line = c->line, .place = c->place};
    return block;
}

/* A branch must end in the same place of the HTML as it began, whichever way it goes. */
static void check_same_place(struct compiler *c, const struct block *block)
{
    static const char *const names[] = {"text", "a tag", "an attribute's value", "a raw element"};
    struct place *now = &c->place;
    const struct place *then = &block->place;
    bool same = now->kind == then->kind && now->quote == then->quote && strcmp(now->tag, then->tag) == 0 &&
                !now->after_equals && (now->kind != IN_VALUE || strcmp(now->attribute, then->attribute) == 0);
    if (!same)
        fail(c, "the branch begun on line %d in %s ends in %s", block->line, names[then->kind], names[now->kind]);
}

static struct block *top_block(struct compiler *c, const char *directive)
{
    if (c->depth == 0)
        fail(c, "{{%s}} without {{if}} or {{for}}", directive);
    struct block *block = &c->blocks[c->depth - 1];
    check_same_place(c, block);
    return block;
}

static void write_if(struct compiler *c, const char *s)
{
    push_block(c, BLOCK_IF);
    statement(c);
    text_format(c->out, "    if (%s) {\n", expression(c, s));
}

static void write_else(struct compiler *c, const char *condition)
{
    struct block *block = top_block(c, condition == NULL ? "else" : "elif");
    if (block->kind != BLOCK_IF)
        fail(c, "{{else}} belongs to an {{if}}; the block of line %d is none or has its {{else}}", block->line);
    statement(c);
    c->place = block->place;
    if (condition != NULL) {
        text_format(c->out, "    } else if (%s) {\n", expression(c, condition));
        return;
    }
    indent_none(c, "} else {");
    block->kind = BLOCK_ELSE;
}

static void write_for(struct compiler *c, const char *s)
{
    s = skip_blanks(s);
    const char *begin = s;
    while (name_part(*s))
        s++;
    size_t n = (size_t)(s - begin);
    if (n == 0 || n > NAME_MAX_LENGTH || !name_start(*begin) || is_pointer_name(c, begin, n))
        fail(c, "{{for}} needs a new name for the element: {{for slot in v.slots}}");
    s = skip_blanks(s);
    if (strncmp(s, "in", 2) != 0 || !blank(s[2]))
        fail(c, "{{for}} is written {{for slot in v.slots}}");
    char *list = expression(c, s + 2);
    struct block *block = push_block(c, BLOCK_FOR);
    snprintf(block->variable, sizeof block->variable, "%.*s", (int)n, begin);
    const char *name = block->variable;
    statement(c);
    text_format(c->out,
                "    for (size_t %s_index = 0; %s_index < (%s).n; %s_index++) { "
                "__typeof__(*(%s).p) const *%s = &(%s).p[%s_index]; (void)%s;\n",
                name, name, list, name, list, name, list, name, name);
}

static void write_end(struct compiler *c)
{
    (void)top_block(c, "end");
    flush(c);
    indent_none(c, "}");
    c->depth--;
}

static void run_if(struct compiler *c, const char *rest, const char *function)
{
    (void)function;
    write_if(c, rest);
}

static void run_elif(struct compiler *c, const char *rest, const char *function)
{
    (void)function;
    write_else(c, rest);
}

static void run_bare(struct compiler *c, const char *rest, const char *function)
{
    if (*rest != '\0')
        fail(c, "{{else}} and {{end}} stand alone; another condition is {{elif}}");
    if (strcmp(function, "end") == 0)
        write_end(c);
    else
        write_else(c, NULL);
}

static void run_for(struct compiler *c, const char *rest, const char *function)
{
    (void)function;
    write_for(c, rest);
}

static void run_message(struct compiler *c, const char *rest, const char *function)
{
    write_message(c, rest, function != NULL);
}

static void run_use(struct compiler *c, const char *rest, const char *function)
{
    (void)function;
    write_use(c, rest);
}

static void run_url(struct compiler *c, const char *rest, const char *function)
{
    write_url(c, rest, function != NULL);
}

static void run_asset(struct compiler *c, const char *rest, const char *function)
{
    (void)function;
    write_asset(c, rest);
}

static void run_field(struct compiler *c, const char *rest, const char *function)
{
    if (c->place.kind != IN_TEXT)
        fail(c, "{{field}} stands in text, not inside a tag");
    statement(c);
    text_format(c->out, "    %s(out, page, &(%s).f);\n", function, expression(c, rest));
}

static void run_format(struct compiler *c, const char *rest, const char *function)
{
    check_value_place(c);
    if (in_url(c))
        fail(c, "%s holds an address; use {{url …}}", c->place.attribute);
    statement(c);
    text_format(c->out, "    %s(out, page, %s);\n", function, expression(c, rest));
}

struct verb {
    const char *word;
    void (*run)(struct compiler *c, const char *rest, const char *function);
    const char *function; /* the C function that writes it, or a mark for `run` */
};

static const struct verb VERBS[] = {
    {"if", run_if, NULL},
    {"elif", run_elif, NULL},
    {"else", run_bare, "else"},
    {"end", run_bare, "end"},
    {"for", run_for, NULL},
    {"t", run_message, "known"},
    {"message", run_message, NULL},
    {"use", run_use, NULL},
    {"url", run_url, "with language"},
    {"path", run_url, NULL},
    {"asset", run_asset, NULL},
    {"field", run_field, "tpl_any_field"},
    {"day", run_format, "tpl_day"},
    {"day_short", run_format, "tpl_day_short"},
    {"day_iso", run_format, "tpl_day_iso"},
    {"minute", run_format, "tpl_minute"},
    {"at", run_format, "tpl_at"},
    {"at_short", run_format, "tpl_at_short"},
    {"at_iso", run_format, "tpl_at_iso"},
    {"left", run_format, "tpl_left"},
};

static void directive(struct compiler *c, char *body)
{
    size_t n = strlen(body);
    while (n > 0 && blank(body[n - 1]))
        body[--n] = '\0';
    const char *s = skip_blanks(body);
    if (*s == '!')
        return;
    size_t length = 0;
    while (name_part(s[length]))
        length++;
    /* A verb is a word alone or followed by a blank and something that is no operator. */
    if (s[length] == '\0' || blank(s[length])) {
        for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++) {
            if (strlen(VERBS[i].word) == length && strncmp(VERBS[i].word, s, length) == 0) {
                VERBS[i].run(c, skip_blanks(s + length), VERBS[i].function);
                return;
            }
        }
        if (length == 4 && strncmp(s, "view", 4) == 0)
            fail(c, "{{view}} stands on the first line only");
    }
    write_value(c, s);
}

/* ---- a whole template ---- */

static bool is_control(const char *s)
{
    static const char *const words[] = {"if", "elif", "else", "end", "for", "!", NULL};
    s = skip_blanks(s);
    if (*s == '!')
        return true;
    size_t n = 0;
    while (name_part(s[n]))
        n++;
    for (const char *const *word = words; *word != NULL; word++)
        if (strlen(*word) == n && strncmp(*word, s, n) == 0)
            return true;
    return false;
}

/* A control directive alone on its line takes the whole line with it. */
static size_t swallow_line(struct compiler *c, size_t begin, size_t end)
{
    const char *source = c->template->source;
    size_t left = begin, right = end;
    while (left > 0 && (source[left - 1] == ' ' || source[left - 1] == '\t'))
        left--;
    if (left > 0 && source[left - 1] != '\n')
        return end;
    while (source[right] == ' ' || source[right] == '\t' || source[right] == '\r')
        right++;
    if (source[right] != '\n')
        return end;
    c->line++;
    return right + 1;
}

static size_t take_directive(struct compiler *c, const char *s)
{
    const char *source = c->template->source;
    const char *end = strstr(s, "}}");
    if (end == NULL)
        fail(c, "{{ is not closed");
    char *body = strndup(s + 2, (size_t)(end - s) - 2);
    if (strstr(body, "{{") != NULL)
        fail(c, "{{ inside {{");
    size_t begin_at = (size_t)(s - source), end_at = (size_t)(end - source) + 2;
    directive(c, body);
    for (const char *p = body; *p != '\0'; p++)
        c->line += *p == '\n';
    bool may_swallow = is_control(body) && (c->place.kind == IN_TEXT);
    return (may_swallow ? swallow_line(c, begin_at, end_at) : end_at) - begin_at;
}

static void compile_body(struct compiler *c)
{
    const char *source = c->template->source;
    while (source[c->at] != '\0') {
        const char *s = source + c->at;
        if (s[0] == '{' && s[1] == '{')
            c->at += take_directive(c, s);
        else if (c->place.kind == IN_TEXT)
            c->at += in_text(c, s);
        else if (c->place.kind == IN_TAG)
            c->at += in_tag(c, s);
        else if (c->place.kind == IN_VALUE)
            c->at += in_value(c, s);
        else
            c->at += in_raw(c, s);
    }
    if (c->depth > 0) {
        c->line = c->blocks[c->depth - 1].line;
        fail(c, "this block has no {{end}}");
    }
    if (c->place.kind != IN_TEXT) {
        c->line = c->place.line;
        fail(c, "the template ends inside <%s>", c->place.tag);
    }
    flush(c);
}

static void prototype(struct text *out, const struct template *template)
{
    text_format(out, "void tpl_%s(struct buf *out, const struct page *page", template->name);
    if (template->view != NULL)
        text_format(out, ", const %s *v", template->view);
    text_c(out, ")");
}

static void compile(const struct templates *all, const struct template *template, struct text *out)
{
    struct compiler c = {.all = all, .template = template, .out = out, .line = 1};
    prototype(out, template);
    text_c(out, "\n{\n    (void)page;\n");
    if (template->view != NULL)
        text_c(out, "    (void)v;\n");
    const char *first_end = strchr(template->source, '\n');
    c.at = first_end == NULL ? template->n : (size_t)(first_end - template->source) + 1;
    c.line = 2;
    compile_body(&c);
    text_c(out, "}\n\n");
}

/* The first line: {{view struct x}} or {{view none}}. */
static void read_view(struct template *template)
{
    struct compiler c = {.template = template, .line = 1};
    const char *s = template->source;
    if (strncmp(s, "{{view ", 7) != 0)
        fail(&c, "the first line must be {{view struct …}} or {{view none}}");
    const char *end = strstr(s, "}}");
    const char *line_end = strchr(s, '\n');
    if (end == NULL || (line_end != NULL && line_end < end) || (line_end != NULL && *skip_blanks(end + 2) != '\0' &&
        skip_blanks(end + 2) < line_end))
        fail(&c, "{{view …}} must stand alone on the first line");
    char *view = strndup(s + 7, (size_t)(end - s) - 7);
    if (strcmp(view, "none") == 0)
        return;
    if (strncmp(view, "struct ", 7) != 0)
        fail(&c, "a view is a struct: {{view struct planning_view}}");
    for (const char *p = view + 7; *p != '\0'; p++)
        if (!name_part(*p))
            fail(&c, "\"%s\" is not the name of a struct", view);
    template->view = view;
}

static struct templates read_templates(const char *directory, struct file_list *inputs)
{
    struct templates all = {0};
    struct file_list names = names_in(directory);
    file_list_add(inputs, strdup(directory));
    for (size_t i = 0; i < names.n; i++) {
        if (!ends_with(names.p[i], ".html"))
            continue;
        struct template template = {.file = path_join(directory, names.p[i])};
        template.name = strndup(names.p[i], strlen(names.p[i]) - 5);
        struct compiler c = {.template = &template, .line = 1};
        for (const char *p = template.name; *p != '\0'; p++)
            if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && *p != '_')
                fail(&c, "a template's file name holds only a-z, 0-9 and '_'");
        struct text source = {0};
        if (!read_file(template.file, &source))
            die("%s: cannot read", template.file);
        if (strlen(source.p) != source.n)
            fail(&c, "the file holds a NUL byte");
        template.source = source.p;
        template.n = source.n;
        file_list_add(inputs, template.file);
        read_view(&template);
        all.p = must_realloc(all.p, (all.n + 1) * sizeof *all.p);
        all.p[all.n++] = template;
    }
    return all;
}

int main(int argc, char **argv)
{
    if (argc != 5 && argc != 7)
        die("usage: tplgen TEMPLATE_DIR TEMPLATES_H TEMPLATES_C DEPFILE [INCLUDE VIEWS]");
    const char *include = argc == 7 ? argv[5] : "web/templates.h", *views = argc == 7 ? argv[6] : "web/views.h";
    struct file_list inputs = {0};
    struct templates all = read_templates(argv[1], &inputs);
    struct text header = {0}, code = {0};
    text_format(&header, "/* Made by tools/tplgen; do not edit. */\n#pragma once\n\n"
                "#include \"web/page.h\"\n#include \"%s\"\n\n", views);
    text_format(&code, "/* Made by tools/tplgen; do not edit. */\n#include \"%s\"\n\n#include \"web/out.h\"\n\n", include);
    for (size_t i = 0; i < all.n; i++) {
        prototype(&header, &all.p[i]);
        text_c(&header, ";\n");
        compile(&all, &all.p[i], &code);
    }
    write_if_changed(argv[2], &header);
    write_if_changed(argv[3], &code);
    write_depfile(argv[4], argv[2], &inputs);
    return 0;
}
