/* Finds a message, chooses its form and puts its arguments in. */
#include "text/message.h"

#include <assert.h>
#include <string.h>

#include "text/format.h"
#include "text/message_table.h"

enum { MESSAGE_MAX = 64 * 1024 };

struct msg_arg msg_arg_str(const char *name, struct str value)
{
    return (struct msg_arg){.name = name, .kind = MSG_ARG_TEXT, .text = value};
}

struct msg_arg msg_arg_c(const char *name, const char *value)
{
    return msg_arg_str(name, str_of(value));
}

struct msg_arg msg_arg_number(const char *name, int64_t value)
{
    return (struct msg_arg){.name = name, .kind = MSG_ARG_NUMBER, .number = value};
}

struct msg_arg msg_arg_size(const char *name, size_t value)
{
    return msg_arg_number(name, value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

struct msg_arg msg_arg_cents(const char *name, struct cents value)
{
    return (struct msg_arg){.name = name, .kind = MSG_ARG_CENTS, .number = value.v};
}

struct msg_arg msg_arg_html(const char *name, struct html value)
{
    return (struct msg_arg){.name = name, .kind = MSG_ARG_HTML, .text = value.s};
}

static const struct msg_arg *find_arg(const struct msg_arg *args, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(args[i].name) == name.n && memcmp(args[i].name, name.p, name.n) == 0)
            return &args[i];
    return NULL;
}

static void write_arg(struct buf *out, enum lang lang, const struct msg_arg *arg, bool html)
{
    switch (arg->kind) {
    case MSG_ARG_NUMBER:
        format_count(out, lang, arg->number);
        break;
    case MSG_ARG_CENTS:
        format_money(out, lang, cents(arg->number));
        break;
    case MSG_ARG_HTML:
        assert(html && "markup has no place in plain text");
        if (html)
            buf_str(out, arg->text);
        break;
    case MSG_ARG_TEXT:
        if (html)
            buf_html(out, arg->text);
        else
            buf_str(out, arg->text);
        break;
    }
}

static const struct message_form *choose_form(enum lang lang, const struct message_row *row, const struct msg_arg *args,
                                              size_t n)
{
    if (row->many.plain.p == NULL)
        return &row->one;
    const struct msg_arg *count = find_arg(args, n, S("n"));
    assert(count != NULL && count->kind == MSG_ARG_NUMBER);
    if (count == NULL)
        return &row->many;
    bool singular = count->number == 1 || (lang == LANG_FR && count->number == 0);
    return singular ? &row->one : &row->many;
}

void msg_write(struct buf *out, enum lang lang, enum msg key, const struct msg_arg *args, size_t n, bool html)
{
    assert(key < MSG_COUNT);
    if (key >= MSG_COUNT)
        return;
    const struct message_form *form = choose_form(lang, &message_table[lang][key], args, n);
    struct str rest = html ? form->html : form->plain;
    for (;;) {
        size_t open = str_find(rest, '{', 0);
        buf_str(out, str_sub(rest, 0, open));
        if (open >= rest.n)
            return;
        size_t close = str_find(rest, '}', open);
        struct str name = str_sub(rest, open + 1, close - open - 1);
        const struct msg_arg *arg = find_arg(args, n, name);
        assert(arg != NULL && "the message has an argument that was not given");
        if (arg != NULL)
            write_arg(out, lang, arg, html);
        else
            buf_str(out, str_sub(rest, open, close + 1 - open));
        rest = str_sub(rest, close + 1, rest.n);
    }
}

struct str msg_text_of(struct arena *arena, enum lang lang, enum msg key, const struct msg_arg *args, size_t n)
{
    struct buf out = buf_new(MESSAGE_MAX);
    msg_write(&out, lang, key, args + 1, n - 1, false);
    struct str text = str_dup(arena, buf_view(&out));
    buf_free(&out);
    return text;
}

struct str msg_name(enum msg key)
{
    return key < MSG_COUNT ? message_names[key] : message_names[MSG_none];
}

bool msg_find(struct str name, enum msg *ret_key)
{
    size_t low = 1, high = MSG_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(message_names[middle], name);
        if (order == 0) {
            *ret_key = (enum msg)middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
