/* What the desk's stored words are called, in the reader's language. */
#ifndef GUICHET_WEB_STAFF_DESK_WORDS_H
#define GUICHET_WEB_STAFF_DESK_WORDS_H

#include "service/desk.h"
#include "web/page.h"

/* The message «desk.<group>.<word>» with dots and hyphens of the word as underscores; MSG_none when there is none. */
enum msg desk_word(const char *group, struct str word);
/* «ok», «warn» or «bad» for the state of an order. */
const char *desk_tone(struct str state);
const char *desk_icon(enum desk_event event);
/* One line that says what happened. In the arena. */
struct str desk_title(const struct page *page, const struct desk_entry *entry);

/* What it was and what it became, in the reader's language. In the arena. */
struct str desk_values(const struct page *page, struct str stored);

/* «visit 12» in the reader's language; anything else (a reference, an address) as it is. In the arena. */
struct str desk_subject(const struct page *page, struct str stored);

#endif
