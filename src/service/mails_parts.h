/* A mail in the making: what the files of mails share. One file an area writes its kinds of mail and lists them in a
 * table; mails.c finds the kind and writes the whole as text and as HTML. */
#ifndef GUICHET_SERVICE_MAILS_PARTS_H
#define GUICHET_SERVICE_MAILS_PARTS_H

#include "base/buf.h"
#include "base/limits.h"
#include "service/mails.h"
#include "service/settings.h"
#include "store/queries.h"
#include "text/format.h"
#include "text/message.h"

/* An order of LIMIT_CART_VISITS visits has a paragraph for each, and a few more. */
enum { MAIL_PARAGRAPHS = LIMIT_CART_VISITS + 8, MAIL_ATTACHMENTS = 2 };

/* A mail is a greeting, paragraphs, perhaps one link, and the network's signature. */
struct mail_draft {
    struct service *service;
    struct db *db;
    struct arena *arena;
    const struct mail_job *job;
    enum lang lang;
    struct settings settings;
    struct str subject;
    struct str paragraphs[MAIL_PARAGRAPHS];
    size_t count;
    struct str link, link_label;
    struct mail_attachment attachments[MAIL_ATTACHMENTS];
    size_t attachment_count;
    struct buf scratch;
};

/* ERR_NOT_FOUND: what it is about does not exist any more; it is never sent. */
struct mail_kind {
    const char *kind;
    enum err (*draft)(struct mail_draft *draft, struct fault *fault);
};

/* The tables of the areas, each ended by a kind of NULL. */
extern const struct mail_kind mails_of_accounts[];
extern const struct mail_kind mails_of_closures[];
extern const struct mail_kind mails_of_customers[];
extern const struct mail_kind mails_of_options[];
extern const struct mail_kind mails_of_orders[];
extern const struct mail_kind mails_of_rights[];
extern const struct mail_kind mails_of_requests[];
extern const struct mail_kind mails_of_transfers[];
extern const struct mail_kind mails_of_changes[];

/* A paragraph by its message. */
#define SAY(draft, key, ...)                                                                                         \
    mail_say((draft), msg_text((draft)->arena, (draft)->lang, MSG_##key __VA_OPT__(, ) __VA_ARGS__))

void mail_say(struct mail_draft *draft, struct str paragraph);
/* «samedi 12 décembre 2026 à 10 h 30» */
struct str mail_when(struct mail_draft *draft, instant at);
/* The whole address of a page in the reader's language; `path` begins with a slash. */
struct str mail_url(struct mail_draft *draft, struct str path);
/* A document; the bytes are copied, `pdf` stays the caller's. At most MAIL_ATTACHMENTS. */
void mail_attach(struct mail_draft *draft, struct str name, struct buf *pdf);
void mail_attach_as(struct mail_draft *draft, struct str name, struct str content_type, struct buf *bytes);

/* The order of the job. */
enum err mail_order(struct mail_draft *draft, struct order_by_id_row *order, struct fault *fault);
/* A paragraph for each visit of the job's order. */
enum err mail_say_visits(struct mail_draft *draft, struct fault *fault);

#endif
