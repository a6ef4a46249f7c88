/* Reads messages back: those that compose.c made, for the demonstration's page «Courriels envoyés». It never fails on
 * bytes that are not ours; it shows what it can. */
#ifndef GUICHET_MAIL_PARSE_H
#define GUICHET_MAIL_PARSE_H

#include "service/mailer.h"

struct mail_headers {
    struct str from, from_name, to, to_name, reply_to, subject, message_id;
    instant date; /* 0 when it cannot be read */
};

struct mail_read {
    struct mail_headers headers;
    struct str text, html; /* decoded, '\n' line ends */
    struct mail_attachment *attachments;
    size_t attachment_count; /* at most MAIL_ATTACHMENTS_MAX */
};

enum { MAIL_ATTACHMENTS_MAX = 32 };

/* Everything lives in the arena or points into `bytes`. */
struct mail_headers mail_parse_headers(struct arena *arena, struct str bytes);
struct mail_read mail_parse(struct arena *arena, struct str bytes);

#endif
