/* The shape of what tools/pogen makes; only message.c reads it. */
#ifndef GUICHET_TEXT_MESSAGE_TABLE_H
#define GUICHET_TEXT_MESSAGE_TABLE_H

#include "base/str.h"
#include "text/lang.h"
#include "text/messages.h"

struct message_form {
    struct str plain, html;
};
struct message_row {
    struct message_form one, many; /* many.plain.p is NULL for a message without plural */
};

extern const struct message_row message_table[LANG_COUNT][MSG_COUNT];
/* In the enum's order, which is the byte order of the keys after MSG_none. */
extern const struct str message_names[MSG_COUNT];

#endif
