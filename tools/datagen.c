/* datagen: the files of data/ as text inside the binary, so that `guichet demo` needs no file at run time.
 *
 * usage: datagen OUT_C HEADER NAME=FILE…   makes `const struct str NAME` of each FILE; HEADER declares them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 100 };

static void die(const char *what, const char *name)
{
    fprintf(stderr, "datagen: %s: %s\n", name, what);
    exit(1);
}

/* One literal in lines of LINE_BYTES; whatever is not plain ASCII is written as three octal digits, which no digit that
 * follows can lengthen. */
static long put_literal(FILE *out, FILE *in)
{
    long count = 0;
    fputs("    \"", out);
    for (int c = fgetc(in); c != EOF; c = fgetc(in), count++) {
        if (count > 0 && count % LINE_BYTES == 0)
            fputs("\"\n    \"", out);
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\' || c == '?')
            fprintf(out, "\\%03o", (unsigned)c);
        else
            fputc(c, out);
    }
    fputs("\"", out);
    return count;
}

static void put_file(FILE *out, const char *argument)
{
    const char *equals = strchr(argument, '=');
    if (!equals)
        die("NAME=FILE is expected", argument);
    FILE *in = fopen(equals + 1, "rb");
    if (!in)
        die("cannot be read", equals + 1);
    int name = (int)(equals - argument);
    fprintf(out, "\nstatic const char %.*s_bytes[] =\n", name, argument);
    long count = put_literal(out, in);
    fprintf(out, ";\nconst struct str %.*s = {%.*s_bytes, %ld};\n", name, argument, name, argument, count);
    if (ferror(in))
        die("cannot be read", equals + 1);
    fclose(in);
}

int main(int count, char **arguments)
{
    if (count < 4)
        die("usage: OUT_C HEADER NAME=FILE...", "arguments");
    FILE *out = fopen(arguments[1], "wb");
    if (!out)
        die("cannot be written", arguments[1]);
    fprintf(out, "/* Made by datagen. */\n#include \"%s\"\n", arguments[2]);
    for (int i = 3; i < count; i++)
        put_file(out, arguments[i]);
    if (ferror(out) || fclose(out) != 0)
        die("cannot be written", arguments[1]);
    return 0;
}
