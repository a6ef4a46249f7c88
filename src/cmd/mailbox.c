/* Mailbox: the maildir's structs as the port's. */
#include "cmd/mailbox.h"

static struct mailbox_entry entry_of(struct str id, const struct mail_headers *headers)
{
    return (struct mailbox_entry){.id = id, .to = headers->to, .to_name = headers->to_name,
                                  .subject = headers->subject, .date = headers->date};
}

static enum err list(void *context, struct arena *arena, size_t offset, size_t limit, struct mailbox_list *ret_list,
                     struct fault *fault)
{
    struct maildir_list found;
    enum err err = maildir_list(context, arena, offset, limit, &found, fault);
    if (err != OK)
        return err;
    struct mailbox_entry *entries = ARENA_ARRAY(arena, found.n + 1, struct mailbox_entry);
    for (size_t i = 0; i < found.n; i++)
        entries[i] = entry_of(found.p[i].id, &found.p[i].headers);
    *ret_list = (struct mailbox_list){entries, found.n, found.total};
    return OK;
}

static enum err read_one(void *context, struct arena *arena, struct str id, struct mailbox_message *ret_message,
                         struct fault *fault)
{
    struct mail_read message;
    enum err err = maildir_read(context, arena, id, &message, fault);
    if (err != OK)
        return err;
    *ret_message = (struct mailbox_message){
        .head = entry_of(id, &message.headers), .from = message.headers.from, .from_name = message.headers.from_name,
        .text = message.text, .html = message.html, .attachments = message.attachments,
        .attachment_count = message.attachment_count};
    return OK;
}

struct mailbox mailbox_of_maildir(struct maildir *maildir)
{
    return (struct mailbox){.context = maildir, .list = list, .read = read_one};
}
