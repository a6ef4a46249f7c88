/* The port to the demonstration's mailbox: what would have been sent, for the page «Courriels envoyés». */
#ifndef GUICHET_SERVICE_MAILBOX_H
#define GUICHET_SERVICE_MAILBOX_H

#include "service/mailer.h"

struct mailbox_entry {
    struct str id; /* for `read`; letters, digits, '.', '-' only */
    struct str to, to_name, subject;
    instant date;
};
struct mailbox_list {
    struct mailbox_entry *p;
    size_t n, total;
};
struct mailbox_message {
    struct mailbox_entry head;
    struct str from, from_name, text, html;
    struct mail_attachment *attachments;
    size_t attachment_count;
};

struct mailbox {
    void *context;
    /* From `offset`, at most `limit`, the newest first. */
    enum err (*list)(void *context, struct arena *arena, size_t offset, size_t limit, struct mailbox_list *ret_list,
                     struct fault *fault);
    /* ERR_NOT_FOUND when there is no such message. */
    enum err (*read)(void *context, struct arena *arena, struct str id, struct mailbox_message *ret_message,
                     struct fault *fault);
};

#endif
