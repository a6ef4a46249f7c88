/* multipart/form-data (RFC 7578), fields and files: whole in memory, every step bounded by the body's own length. */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "http/parse.h"

enum { BOUNDARY_MAX = 70, PART_HEADERS_MAX = 16 };

static size_t find(struct str s, struct str needle, size_t from)
{
    if (from > s.n || s.n - from < needle.n)
        return SIZE_MAX;
    const char *at = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return at == NULL ? SIZE_MAX : (size_t)(at - s.p);
}

/* The part's Content-Disposition; false when its headers are malformed or have none. */
static bool disposition_of(struct str headers, struct str *ret_value)
{
    static const char name[] = "content-disposition:";
    for (size_t i = 0; i < PART_HEADERS_MAX && headers.n > 0; i++) {
        size_t end = find(headers, S("\r\n"), 0);
        struct str line = str_sub(headers, 0, end);
        headers = end == SIZE_MAX ? (struct str){NULL, 0} : str_sub(headers, end + 2, headers.n);
        if (line.n >= sizeof name - 1 && strncasecmp(line.p, name, sizeof name - 1) == 0) {
            *ret_value = str_sub(line, sizeof name - 1, line.n);
            return true;
        }
    }
    return false;
}

static bool take_part(struct arena *arena, struct str part, struct pairs *pairs, struct uploads *files)
{
    size_t blank = find(part, S("\r\n\r\n"), 0);
    struct str disposition;
    if (blank == SIZE_MAX || !disposition_of(str_sub(part, 0, blank), &disposition))
        return false;
    disposition = str_trim(disposition);
    struct str name = header_parameter(arena, disposition, S("name"));
    if (!str_starts(disposition, S("form-data")) || name.p == NULL || !utf8_valid(name))
        return false;
    struct str value = str_sub(part, blank + 4, part.n);
    struct str file_name = header_parameter(arena, disposition, S("filename"));
    if (file_name.p != NULL) {
        if (file_name.n == 0 && value.n == 0) /* a file input without a file */
            return true;
        if (!utf8_valid(file_name) || files->n == LIMIT_UPLOAD_FILES)
            return false;
        files->p[files->n++] = (struct upload){name, file_name, value};
        return true;
    }
    if (!utf8_valid(value) || pairs->n == LIMIT_FORM_FIELDS)
        return false;
    pairs->p[pairs->n++] = (struct pair){name, value};
    return true;
}

bool parse_multipart(struct arena *arena, struct str content_type, struct str body, struct pairs *ret_pairs,
                     struct uploads *ret_files)
{
    struct str boundary = header_parameter(arena, content_type, S("boundary"));
    if (boundary.n == 0 || boundary.n > BOUNDARY_MAX)
        return false;
    struct str delimiter = str_join2(arena, S("\r\n--"), boundary);
    struct str first = str_sub(delimiter, 2, delimiter.n);
    if (!str_starts(body, first))
        return false;
    struct pairs pairs = {.p = ARENA_ARRAY(arena, LIMIT_FORM_FIELDS, struct pair)};
    struct uploads files = {.p = ARENA_ARRAY(arena, LIMIT_UPLOAD_FILES, struct upload)};
    size_t at = first.n;
    for (size_t parts = 0; parts <= LIMIT_FORM_FIELDS + LIMIT_UPLOAD_FILES; parts++) {
        struct str after = str_sub(body, at, 2);
        if (str_eq(after, S("--"))) {
            *ret_pairs = pairs;
            *ret_files = files;
            return true;
        }
        if (!str_eq(after, S("\r\n")))
            return false;
        size_t end = find(body, delimiter, at);
        if (end == SIZE_MAX || !take_part(arena, str_sub(body, at + 2, end > at + 2 ? end - at - 2 : 0), &pairs, &files))
            return false;
        at = end + delimiter.n;
    }
    return false;
}
