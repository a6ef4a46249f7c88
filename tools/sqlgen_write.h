/* Half of sqlgen: writing the typed C functions. */
#ifndef GUICHET_TOOLS_SQLGEN_WRITE_H
#define GUICHET_TOOLS_SQLGEN_WRITE_H

#include "sqlgen_read.h"

enum { MAX_COLUMN = 100 };

/* An output is made in memory and replaces the file only when it differs. */
struct output {
    FILE *file;
    char *p;
    size_t n;
};

static void output_open(struct output *output)
{
    output->file = open_memstream(&output->p, &output->n);
    if (output->file == NULL)
        die("out of memory");
}

static void output_close(struct output *output, const char *path)
{
    if (fclose(output->file) != 0)
        die("out of memory");
    struct text text = {.p = output->p, .n = output->n};
    write_if_changed(path, &text);
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
    fprintf(out, "\n/* ---- %s: %s ---- */\n\n", s->name, last_part(s->at.file));
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
    struct output output = {0};
    output_open(&output);
    FILE *out = output.file;
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
    output_close(&output, path);
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
    fprintf(out, "\n/* ---- %s: %s ---- */\n\n", s->name, last_part(s->at.file));
    put_types(out, s->name, "parameters", &s->in);
    put_types(out, s->name, "columns", &s->out);
    put_nullable(out, s);
    fprintf(out, "static const struct db_statement statement_%s = {\n    .name = \"%s\",\n    .sqlite =\n        ",
            s->name, s->name);
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
    static const char *const maybe[] = {
        [KIND_INT] = "maybe_int", [KIND_TEXT] = "maybe_text", [KIND_BLOB] = "maybe_blob"};
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
    struct output output = {0};
    output_open(&output);
    FILE *out = output.file;
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
    output_close(&output, path);
}

#endif
