/* The reader of our own messages; see the header. */
#include "mail/parse.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"

enum { DEPTH_MAX = 4, HEADERS_MAX = 64 * 1024, PARAMETER_SEGMENTS = 32 };

static int base64_value(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c != '\0' ? strchr(alphabet, c) : NULL;
    return at != NULL ? (int)(at - alphabet) : -1;
}

static struct str base64_decode(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.n / 4 * 3 + 4);
    size_t n = 0;
    unsigned bits = 0;
    int held = 0;
    for (size_t i = 0; i < s.n && s.p[i] != '='; i++) {
        int value = base64_value(s.p[i]);
        if (value < 0) {
            continue; /* line ends */
        }
        bits = bits << 6 | (unsigned)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[n++] = (char)(bits >> held & 0xff);
        }
    }
    return (struct str){out, n};
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes written as `mark`XX; with '=' also soft line breaks. CRLF becomes LF. */
static struct str hex_decode(struct arena *arena, struct str s, char mark)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == mark && i + 2 < s.n && hex_value(s.p[i + 1]) >= 0 && hex_value(s.p[i + 2]) >= 0) {
            out[n++] = (char)(hex_value(s.p[i + 1]) * 16 + hex_value(s.p[i + 2]));
            i += 2;
        } else if (mark == '=' && s.p[i] == '=' && i + 1 < s.n && (s.p[i + 1] == '\r' || s.p[i + 1] == '\n')) {
            i += s.p[i + 1] == '\r' && i + 2 < s.n && s.p[i + 2] == '\n' ? 2 : 1;
        } else if (s.p[i] != '\r' || i + 1 == s.n || s.p[i + 1] != '\n') {
            out[n++] = s.p[i];
        }
    }
    return (struct str){out, n};
}

/* Text from a file that anybody could have changed: shown only when it is text. */
static struct str text_only(struct str s)
{
    return utf8_valid(s) ? s : S("?");
}

/* Splits at the first empty line. */
static struct str split_headers(struct str bytes, struct str *ret_body)
{
    for (size_t i = 0; i < bytes.n; i++) {
        if (bytes.p[i] != '\n') {
            continue;
        }
        size_t next = i + 1;
        if (next < bytes.n && bytes.p[next] == '\r') {
            next++;
        }
        if (next < bytes.n && bytes.p[next] == '\n') {
            *ret_body = str_sub(bytes, next + 1, SIZE_MAX);
            return str_sub(bytes, 0, i + 1 < HEADERS_MAX ? i + 1 : HEADERS_MAX);
        }
    }
    *ret_body = (struct str){0};
    return str_sub(bytes, 0, HEADERS_MAX);
}

/* The value of a header, its folded lines joined. */
static struct str header(struct arena *arena, struct str headers, const char *name)
{
    size_t length = strlen(name);
    struct str rest = headers;
    while (rest.n != 0) {
        struct str line = str_cut(&rest, '\n');
        if (line.n <= length || line.p[length] != ':' || strncasecmp(line.p, name, length) != 0) {
            continue;
        }
        struct buf value = buf_new(HEADERS_MAX);
        buf_str(&value, str_trim(str_sub(line, length + 1, SIZE_MAX)));
        while (rest.n != 0 && (rest.p[0] == ' ' || rest.p[0] == '\t')) {
            buf_char(&value, ' ');
            buf_str(&value, str_trim(str_cut(&rest, '\n')));
        }
        struct str copy = str_dup(arena, buf_view(&value));
        buf_free(&value);
        return copy;
    }
    return (struct str){0};
}

/* Encoded words to text; the blank between two of them is not part of it. */
static struct str words_decode(struct arena *arena, struct str s)
{
    static const struct str opening = {"=?UTF-8?B?", 10};
    struct buf out = buf_new(HEADERS_MAX);
    bool after_word = false;
    while (s.n != 0) {
        struct str rest = str_trim(s);
        size_t end = str_find(rest, '?', opening.n);
        if ((after_word || s.p[0] != ' ') && str_starts(rest, opening) && end != SIZE_MAX && end + 1 < rest.n &&
            rest.p[end + 1] == '=') {
            buf_str(&out, base64_decode(arena, str_sub(rest, opening.n, end - opening.n)));
            s = str_sub(rest, end + 2, SIZE_MAX);
            after_word = true;
        } else {
            buf_char(&out, s.p[0]);
            s = str_sub(s, 1, SIZE_MAX);
            after_word = false;
        }
    }
    struct str text = str_dup(arena, buf_view(&out));
    buf_free(&out);
    return text_only(text);
}

static void address(struct arena *arena, struct str value, struct str *ret_name, struct str *ret_address)
{
    size_t open = SIZE_MAX;
    for (size_t at = str_find(value, '<', 0); at != SIZE_MAX; at = str_find(value, '<', at + 1)) {
        open = at; /* the last: a name may hold one */
    }
    if (open == SIZE_MAX) {
        *ret_address = text_only(value);
        return;
    }
    struct str name = str_trim(str_sub(value, 0, open));
    if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"') {
        *ret_name = text_only(str_sub(name, 1, name.n - 2));
    } else {
        *ret_name = words_decode(arena, name);
    }
    struct str rest = str_sub(value, open + 1, SIZE_MAX);
    *ret_address = text_only(str_cut(&rest, '>'));
}

/* «Mon, 23 Nov 2026 15:00:00 +0000», as we write it. */
static instant date_read(struct str s)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day, year, hour, minute, second;
    struct str rest = s;
    str_cut(&rest, ' ');
    struct str day_text = str_cut(&rest, ' '), month_text = str_cut(&rest, ' '), year_text = str_cut(&rest, ' ');
    struct str hour_text = str_cut(&rest, ':'), minute_text = str_cut(&rest, ':'), second_text = str_cut(&rest, ' ');
    if (month_text.n != 3 || !str_int(day_text, &day) || !str_int(year_text, &year) || !str_int(hour_text, &hour) ||
        !str_int(minute_text, &minute) || !str_int(second_text, &second) || year < 1970 || year > 9999 || day < 1 ||
        day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
        return 0;
    }
    for (int month = 1; month <= 12; month++) {
        struct date date = {(int)year, month, (int)day};
        if (memcmp(months + 3 * (month - 1), month_text.p, 3) == 0 && date_exists(date)) {
            return (instant)day_of(date) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
        }
    }
    return 0;
}

static struct mail_headers headers_read(struct arena *arena, struct str headers)
{
    struct mail_headers h = {.subject = words_decode(arena, header(arena, headers, "Subject")),
                             .date = date_read(header(arena, headers, "Date"))};
    struct str ignored = {0}, id = header(arena, headers, "Message-ID");
    address(arena, header(arena, headers, "From"), &h.from_name, &h.from);
    address(arena, header(arena, headers, "To"), &h.to_name, &h.to);
    address(arena, header(arena, headers, "Reply-To"), &ignored, &h.reply_to);
    h.message_id = id.n >= 2 && id.p[0] == '<' ? text_only(str_sub(id, 1, id.n - 2)) : text_only(id);
    return h;
}

struct mail_headers mail_parse_headers(struct arena *arena, struct str bytes)
{
    struct str body;
    return headers_read(arena, split_headers(bytes, &body));
}

/* «; name=value» or «; name="value"» of a header; the empty str when absent. */
static struct str parameter(struct str value, struct str name)
{
    str_cut(&value, ';');
    while (value.n != 0) {
        struct str item = str_trim(str_cut(&value, ';'));
        struct str key = str_trim(str_cut(&item, '='));
        if (key.n == name.n && strncasecmp(key.p, name.p, name.n) == 0) {
            item = str_trim(item);
            return item.n >= 2 && item.p[0] == '"' && item.p[item.n - 1] == '"' ? str_sub(item, 1, item.n - 2) : item;
        }
    }
    return (struct str){0};
}

/* A parameter in either form of encode_parameter. */
static struct str parameter_decode(struct arena *arena, struct str value, const char *name)
{
    struct str simple = parameter(value, str_of(name));
    if (simple.n != 0) {
        return text_only(simple);
    }
    struct buf all = buf_new(HEADERS_MAX);
    for (int segment = 0; segment < PARAMETER_SEGMENTS; segment++) {
        struct str part = parameter(value, str_format(arena, "%s*%d*", name, segment));
        if (part.n == 0) {
            break;
        }
        if (segment == 0 && str_starts(part, S("UTF-8''"))) {
            part = str_sub(part, 7, SIZE_MAX);
        }
        buf_str(&all, part);
    }
    struct str decoded = hex_decode(arena, buf_view(&all), '%');
    buf_free(&all);
    return text_only(decoded);
}

static struct str body_decode(struct arena *arena, struct str encoding, struct str body)
{
    if (str_eq(encoding, S("base64"))) {
        return base64_decode(arena, body);
    }
    return str_eq(encoding, S("quoted-printable")) ? hex_decode(arena, body, '=') : body;
}

static void part_read(struct arena *arena, struct str bytes, int depth, struct mail_read *read);

/* Each piece between two «--boundary» lines. */
static void parts_read(struct arena *arena, struct str body, struct str boundary, int depth, struct mail_read *read)
{
    struct str line_start = str_join2(arena, S("--"), boundary);
    struct str rest = body;
    const char *piece = NULL;
    while (rest.n != 0) {
        struct str line = str_cut(&rest, '\n');
        if (!str_starts(line, line_start)) {
            continue;
        }
        if (piece != NULL) {
            size_t n = (size_t)(line.p - piece);
            n -= n >= 1 && piece[n - 1] == '\n';
            n -= n >= 1 && piece[n - 1] == '\r';
            part_read(arena, (struct str){piece, n}, depth, read);
        }
        piece = line.p + line.n + (rest.n != 0);
        if (str_starts(str_sub(line, line_start.n, SIZE_MAX), S("--"))) {
            return;
        }
    }
}

static void part_read(struct arena *arena, struct str bytes, int depth, struct mail_read *read)
{
    struct str body;
    struct str headers = split_headers(bytes, &body);
    struct str type = header(arena, headers, "Content-Type");
    if (str_starts(type, S("multipart/"))) {
        struct str boundary = parameter(type, S("boundary"));
        if (depth < DEPTH_MAX && boundary.n != 0) {
            parts_read(arena, body, boundary, depth + 1, read);
        }
        return;
    }
    struct str decoded = body_decode(arena, header(arena, headers, "Content-Transfer-Encoding"), body);
    struct str disposition = header(arena, headers, "Content-Disposition");
    if (str_starts(disposition, S("attachment"))) {
        if (read->attachment_count < MAIL_ATTACHMENTS_MAX) {
            read->attachments[read->attachment_count++] =
                (struct mail_attachment){parameter_decode(arena, disposition, "filename"), text_only(type), decoded};
        }
    } else if (str_starts(type, S("text/html"))) {
        read->html = text_only(decoded);
    } else if (read->text.n == 0) {
        read->text = text_only(decoded);
    }
}

struct mail_read mail_parse(struct arena *arena, struct str bytes)
{
    struct str body;
    struct mail_read read = {.headers = headers_read(arena, split_headers(bytes, &body)),
                             .attachments = ARENA_ARRAY(arena, MAIL_ATTACHMENTS_MAX, struct mail_attachment)};
    part_read(arena, bytes, 0, &read);
    return read;
}
