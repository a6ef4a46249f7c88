/* The port to the mail. The service composes what to say; `mail/` knows how it travels (SMTP, or a maildir in the
 * demonstration).
 *
 * Sending is at least once: the outbox may send a message again after a crash or an uncertain end, so the Message-ID
 * and the date belong to the outbox row and stay the same at every try (TKT-4). */
#ifndef GUICHET_SERVICE_MAILER_H
#define GUICHET_SERVICE_MAILER_H

#include <stddef.h>

#include "base/civil.h"
#include "base/err.h"
#include "base/str.h"

struct mail_attachment {
    struct str name;         /* any UTF-8 file name */
    struct str content_type; /* "application/pdf", may have parameters */
    struct str bytes;
};

/* Texts are UTF-8 with '\n' line ends. Addresses are bare («a@b.example»), ASCII, at most LIMIT_EMAIL. Line breaks in
 * names and subjects become spaces: nothing a customer types can add a header. */
struct mail_message {
    struct str from, from_name;
    struct str envelope_from; /* where bounces go; empty: `from` */
    struct str to, to_name;
    struct str reply_to;      /* may be empty */
    struct str subject;
    struct str text;          /* never empty */
    struct str html;          /* may be empty */
    const struct mail_attachment *attachments;
    size_t attachment_count;
    struct str message_id;    /* without angle brackets: «confirmation.ABC123.1@guichet.example» */
    instant date;
};

enum mail_result {
    MAIL_SENT,      /* the next host has taken responsibility */
    MAIL_TEMPORARY, /* not taken, try again later */
    MAIL_PERMANENT, /* never to be taken: tell a person */
    MAIL_UNCERTAIN  /* sent, but the answer was lost: trying again may deliver it twice */
};

struct mail_outcome {
    enum mail_result result;
    int code;         /* SMTP answer, 0 when there was none */
    char detail[200]; /* the answer or the reason, for the outbox row */
};

/* Safe from several threads. OK means that `ret_outcome` says how it ended; ERR_INPUT (an address or text that cannot be
 * a mail) and ERR_LIMIT (over LIMIT_MAIL_BYTES) mean that this message can never be sent. */
struct mailer {
    const char *name;
    void *context;
    enum err (*send)(void *context, const struct mail_message *message, struct mail_outcome *ret_outcome,
                     struct fault *fault);
};

#endif
