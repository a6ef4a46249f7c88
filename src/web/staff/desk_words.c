/* The words of the desk; see desk_words.h. */
#include "web/staff/desk_words.h"

enum { LONGEST_KEY = 80 };

enum msg desk_word(const char *group, struct str word)
{
    struct buf key = buf_new(LONGEST_KEY);
    buf_c(&key, "desk.");
    buf_c(&key, group);
    buf_char(&key, '.');
    for (size_t i = 0; i < word.n; i++)
        buf_char(&key, word.p[i] == '.' || word.p[i] == '-' ? '_' : word.p[i]);
    enum msg message = MSG_none;
    (void)msg_find(buf_view(&key), &message);
    buf_free(&key);
    return message;
}

const char *desk_tone(struct str state)
{
    return str_eq(state, S("confirmed")) ? "ok" : str_eq(state, S("pending")) ? "warn" : "bad";
}

const char *desk_icon(enum desk_event event)
{
    static const char *const icons[] = {[DESK_EVENT_ORDER] = "orders", [DESK_EVENT_VISIT] = "option",
                                        [DESK_EVENT_PAYMENT] = "card", [DESK_EVENT_REFUND] = "refund",
                                        [DESK_EVENT_MAIL] = "mail", [DESK_EVENT_NOTE] = "info",
                                        [DESK_EVENT_ACT] = "edit"};
    return icons[event];
}

/* The word in the reader's language, else as it is stored: better a strange word than a line that says nothing. */
static struct str said(const struct page *page, const char *group, struct str word)
{
    enum msg message = desk_word(group, word);
    return message == MSG_none ? word : msg_text(page->arena, page->lang, message);
}

struct str desk_title(const struct page *page, const struct desk_entry *entry)
{
    switch (entry->event) {
    case DESK_EVENT_ORDER:
        return msg_text(page->arena, page->lang, MSG_desk_order, ARG("ref", entry->ref),
                        ARG("state", said(page, "state", entry->word)));
    case DESK_EVENT_VISIT:
        return msg_text(page->arena, page->lang, MSG_desk_visit, ARG("monument", entry->label),
                        ARG("n", entry->persons), ARG("state", said(page, "visit_state", entry->word)));
    case DESK_EVENT_PAYMENT:
        return msg_text(page->arena, page->lang, MSG_desk_payment, ARG("ref", entry->ref),
                        ARG("state", said(page, "payment_state", entry->word)));
    case DESK_EVENT_MAIL:
        return msg_text(page->arena, page->lang, MSG_desk_mail, ARG("what", said(page, "mail", entry->word)),
                        ARG("recipient", entry->label));
    case DESK_EVENT_REFUND:
        return msg_text(page->arena, page->lang, MSG_desk_refund, ARG("ref", entry->ref),
                        ARG("why", said(page, "refund", entry->word)));
    case DESK_EVENT_NOTE: return msg_text(page->arena, page->lang, MSG_desk_note);
    case DESK_EVENT_ACT: return said(page, "act", entry->word);
    }
    return entry->word;
}

/* Before or after an act, as it is stored: lines «word: value», of which the words are said in the reader's language;
 * anything else as it is. */
struct str desk_values(const struct page *page, struct str stored)
{
    enum { LONGEST = 16 * 1024 };
    struct buf out = buf_new(LONGEST);
    struct str rest = stored;
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), value = line, word = str_cut(&value, ':');
        enum msg message = word.n < line.n && word.n < LONGEST_KEY / 2 ? desk_word("field", word) : MSG_none;
        if (message != MSG_none) {
            buf_str(&out, msg_text(page->arena, page->lang, message));
            buf_c(&out, page->lang == LANG_FR ? "\u00a0:" : ":");
            line = value;
        }
        buf_str(&out, line);
        if (rest.n > 0)
            buf_c(&out, ", ");
    }
    struct str text = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return text;
}

struct str desk_subject(const struct page *page, struct str stored)
{
    struct str rest = stored, word = str_cut(&rest, ' ');
    enum msg message = word.n < LONGEST_KEY / 2 && word.n < stored.n ? desk_word("subject", word) : MSG_none;
    if (message == MSG_none)
        return stored;
    struct str said_word = msg_text(page->arena, page->lang, message);
    return str_format(page->arena, "%.*s %.*s", STR_ARG(said_word), STR_ARG(rest));
}
