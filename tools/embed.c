/* embed: every file below assets/ → asset_files.c (bytes, content type, ETag, versioned address) and asset_files.h (an enum),
 * so that the product is one binary and a template that names a file which does not exist does not compile.
 *
 * The version in the address is a hash of the content: browsers may keep such an answer for ever.
 *
 * usage: embed ASSET_DIR ASSET_FILES_H ASSET_FILES_C DEPFILE */
#include "tool.h"

struct type {
    const char *extension, *content_type;
};

static const struct type TYPES[] = {
    {".css", "text/css; charset=utf-8"},   {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},             {".png", "image/png"},
    {".jpg", "image/jpeg"},                {".webp", "image/webp"},
    {".ico", "image/x-icon"},              {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"}, {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
};

struct asset {
    char *name; /* below the folder: css/guichet.css */
    struct text bytes;
    uint64_t hash;
    const char *content_type;
};

struct assets {
    struct asset *p;
    size_t n;
};

static const char *content_type_of(const char *name)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (ends_with(name, TYPES[i].extension))
            return TYPES[i].content_type;
    return NULL;
}

/* FNV-1a: tells versions of our own files apart, nothing more. */
static uint64_t hash_of(const struct text *bytes)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < bytes->n; i++)
        hash = (hash ^ (unsigned char)bytes->p[i]) * 1099511628211u;
    return hash;
}

static void add_file(struct assets *assets, const char *path, const char *name)
{
    struct asset asset = {.content_type = content_type_of(name)};
    if (asset.content_type == NULL)
        return; /* README, licences: sources, not for the browser */
    for (const char *c = name; *c != '\0'; c++)
        if (!isalnum((unsigned char)*c) && strchr("-_./", *c) == NULL)
            die("%s: an asset's name holds only letters, digits, '-', '_' and '.'", path);
    if (!read_file(path, &asset.bytes))
        die("%s: cannot read", path);
    asset.name = strdup(name);
    asset.hash = hash_of(&asset.bytes);
    assets->p = must_realloc(assets->p, (assets->n + 1) * sizeof *assets->p);
    assets->p[assets->n++] = asset;
}

static void walk(struct assets *assets, const char *directory, const char *prefix, struct file_list *inputs)
{
    file_list_add(inputs, strdup(directory));
    struct file_list names = names_in(directory);
    for (size_t i = 0; i < names.n; i++) {
        char *path = path_join(directory, names.p[i]);
        char *name = prefix[0] == '\0' ? strdup(names.p[i]) : path_join(prefix, names.p[i]);
        struct stat status;
        if (stat(path, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode)) {
            walk(assets, path, name, inputs);
            continue;
        }
        file_list_add(inputs, path);
        add_file(assets, path, name);
    }
}

static int compare_assets(const void *a, const void *b)
{
    return strcmp(((const struct asset *)a)->name, ((const struct asset *)b)->name);
}

static void write_c_name(struct text *out, const char *name)
{
    for (const char *c = name; *c != '\0'; c++)
        text_format(out, "%c", isalnum((unsigned char)*c) ? *c : '_');
}

static void write_header(struct text *out, const struct assets *assets)
{
    text_c(out, "/* Made by tools/embed from assets/; do not edit. */\n#ifndef GUICHET_WEB_ASSET_FILES_H\n"
                "#define GUICHET_WEB_ASSET_FILES_H\n\nenum asset_id {\n");
    for (size_t i = 0; i < assets->n; i++) {
        text_c(out, "    ASSET_");
        write_c_name(out, assets->p[i].name);
        text_c(out, ",\n");
    }
    text_c(out, "    ASSET_COUNT\n};\n\n#endif\n");
}

static void write_bytes(struct text *out, const struct text *bytes)
{
    enum { A_LINE = 80 };
    text_c(out, "    {");
    for (size_t at = 0; at < bytes->n || at == 0; at += A_LINE) {
        size_t n = bytes->n - at < A_LINE ? bytes->n - at : A_LINE;
        text_c(out, "\n     ");
        text_literal(out, bytes->p + at, n);
    }
    text_format(out, ", %zu},\n", bytes->n);
}

static void write_str(struct text *out, const char *s)
{
    text_c(out, "{");
    text_literal(out, s, strlen(s));
    text_format(out, ", %zu}, ", strlen(s));
}

static void write_code(struct text *out, const struct assets *assets)
{
    text_c(out, "/* Made by tools/embed from assets/; do not edit. */\n#include \"web/asset.h\"\n\n"
                "/* One more than there are, so that the table is never empty. */\n"
                "const struct asset asset_table[ASSET_COUNT + 1] = {\n");
    for (size_t i = 0; i < assets->n; i++) {
        const struct asset *asset = &assets->p[i];
        char url[400];
        snprintf(url, sizeof url, "/assets/%s?v=%08x", asset->name, (unsigned)(asset->hash & 0xffffffffu));
        text_c(out, "    {");
        write_str(out, asset->name);
        write_str(out, url);
        write_str(out, asset->content_type);
        snprintf(url, sizeof url, "\"%016llx\"", (unsigned long long)asset->hash);
        write_str(out, url);
        text_c(out, "\n");
        write_bytes(out, &asset->bytes);
        text_c(out, "    },\n");
    }
    text_c(out, "    {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}},\n};\n");
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("usage: embed ASSET_DIR ASSET_FILES_H ASSET_FILES_C DEPFILE");
    struct assets assets = {0};
    struct file_list inputs = {0};
    walk(&assets, argv[1], "", &inputs);
    if (assets.n > 0)
        qsort(assets.p, assets.n, sizeof *assets.p, compare_assets);
    struct text header = {0}, code = {0};
    write_header(&header, &assets);
    write_code(&code, &assets);
    write_if_changed(argv[2], &header);
    write_if_changed(argv[3], &code);
    write_depfile(argv[4], argv[2], &inputs);
    return 0;
}
