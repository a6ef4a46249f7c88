/* A maildir as the way out: the demonstration's mail goes into a folder instead of the world, and a page shows it.
 *
 * A message is written to tmp/ and renamed into new/, so a reader never sees half of one. The file's name follows from
 * the Message-ID: sending the same message again after a crash replaces it instead of doubling it. */
#ifndef GUICHET_MAIL_MAILDIR_H
#define GUICHET_MAIL_MAILDIR_H

#include "mail/parse.h"
#include "service/mailer.h"

struct maildir;

/* Makes `path` with tmp, new and cur where they are missing; its parent must exist. */
enum err maildir_open(const char *path, struct maildir **ret_maildir, struct fault *fault);
void maildir_close(struct maildir **maildir);

/* The port; valid until maildir_close. A full disk is MAIL_TEMPORARY. */
struct mailer maildir_mailer(struct maildir *maildir);

struct maildir_entry {
    struct str id; /* for maildir_read; letters, digits, '.', '-' only */
    struct mail_headers headers;
};
struct maildir_list {
    struct maildir_entry *p;
    size_t n;
    size_t total; /* messages in the folder, at most MAILDIR_SEEN_MAX */
};

enum { MAILDIR_SEEN_MAX = 100000 };

/* Messages from `offset`, at most `limit` (and LIMIT_LIST), the one that arrived last first. Reads only these. */
enum err maildir_list(struct maildir *maildir, struct arena *arena, size_t offset, size_t limit,
                      struct maildir_list *ret_list, struct fault *fault);

/* ERR_NOT_FOUND when there is no such message or `id` is not an id. */
enum err maildir_read(struct maildir *maildir, struct arena *arena, struct str id, struct mail_read *ret_message,
                      struct fault *fault);
/* The same, as the bytes that would have travelled. */
enum err maildir_bytes(struct maildir *maildir, struct arena *arena, struct str id, struct str *ret_bytes,
                       struct fault *fault);

#endif
