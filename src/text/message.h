/* Messages in the reader's language. Keys are an enum made by tools/pogen from the .po files of i18n/fr and i18n/en, so a
 * misspelt key does not compile. For pages, mails and documents alike. */
#ifndef GUICHET_TEXT_MESSAGE_H
#define GUICHET_TEXT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"
#include "text/lang.h"
#include "text/markup.h"
#include "text/messages.h"

enum msg_arg_kind { MSG_ARG_TEXT, MSG_ARG_NUMBER, MSG_ARG_CENTS, MSG_ARG_HTML };

/* One {name} of a message. Make it with ARG("name", value): text, whole numbers, cents, and html in HTML only. */
struct msg_arg {
    const char *name;
    enum msg_arg_kind kind;
    struct str text;
    int64_t number;
};

struct msg_arg msg_arg_str(const char *name, struct str value);
struct msg_arg msg_arg_c(const char *name, const char *value);
struct msg_arg msg_arg_number(const char *name, int64_t value);
struct msg_arg msg_arg_size(const char *name, size_t value);
struct msg_arg msg_arg_cents(const char *name, struct cents value);
struct msg_arg msg_arg_html(const char *name, struct html value);

/* A bool is refused by the compiler: what would it say? */
#define ARG(name, value)                                                                                             \
    _Generic((value),                                                                                                \
        struct str: msg_arg_str,                                                                                     \
        const char *: msg_arg_c,                                                                                     \
        char *: msg_arg_c,                                                                                           \
        short: msg_arg_number,                                                                                       \
        unsigned short: msg_arg_number,                                                                              \
        int: msg_arg_number,                                                                                         \
        unsigned: msg_arg_number,                                                                                    \
        long: msg_arg_number,                                                                                        \
        long long: msg_arg_number,                                                                                   \
        unsigned long: msg_arg_size,                                                                                 \
        struct cents: msg_arg_cents,                                                                                 \
        struct html: msg_arg_html)(name, value)

/* Writes a message. The argument {n} chooses the plural form (French: 0 and 1 are singular; English: only 1). With `html`
 * the text and its arguments are escaped for HTML text and attributes. A missing argument is written as its name in
 * brackets, in debug builds an assertion fails. */
void msg_write(struct buf *out, enum lang lang, enum msg key, const struct msg_arg *args, size_t n, bool html);

/* The message as plain text in the arena: msg_text(arena, lang, MSG_mail_hello, ARG("name", name)). */
#define msg_text(arena, lang, key, ...)                                                                              \
    msg_text_of(arena, lang, key, (const struct msg_arg[]){{.name = ""} __VA_OPT__(, ) __VA_ARGS__},                 \
                sizeof((const struct msg_arg[]){{.name = ""} __VA_OPT__(, ) __VA_ARGS__}) / sizeof(struct msg_arg))
/* What msg_text calls; args[0] is ignored. */
struct str msg_text_of(struct arena *arena, enum lang lang, enum msg key, const struct msg_arg *args, size_t n);

/* The key as written in the .po files («planning.title»), and back; for cookies and columns that keep a key. */
struct str msg_name(enum msg key);
bool msg_find(struct str name, enum msg *ret_key);

#endif
