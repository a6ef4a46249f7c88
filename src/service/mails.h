/* The mails of the product: from an outbox row to a message in the reader's language, with its documents. */
#ifndef GUICHET_SERVICE_MAILS_H
#define GUICHET_SERVICE_MAILS_H

#include "service/mailer.h"
#include "service/service.h"

struct mail_job {
    int64_t id;
    struct str kind;
    int64_t organisation_id, order_id, visit_id; /* 0: none */
    struct str recipient, recipient_name;
    enum lang lang;
    struct str detail;
    int64_t tries;
    instant created_at;
};

/* Composes; the texts and attachments live in `arena`. The same job gives the same bytes at every try. ERR_NOT_FOUND
 * when what it is about does not exist (any more): such a mail is never sent. */
enum err mails_compose(struct service *service, struct arena *arena, const struct mail_job *job,
                      struct mail_message *ret_message, struct fault *fault);

/* Sends what is due, at most 50 mails; *ret_sent counts those that were taken. A mail that is refused for good stays in
 * the table as failed; one that was not taken is tried again after 1, 5, 15, 60, 240 minutes and then every eight hours
 * for two days (TKT-4). */
enum err mails_send_due(struct service *service, struct arena *arena, int *ret_sent, struct fault *fault);

#endif
