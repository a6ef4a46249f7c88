/* What the files of requests share; nobody else includes it. */
#ifndef GUICHET_SERVICE_REQUEST_PARTS_H
#define GUICHET_SERVICE_REQUEST_PARTS_H

#include "service/request.h"
#include "service/settings.h"
#include "store/queries.h"

/* One change of a request, whoever makes it. */
struct request_change {
    struct service *service;
    enum request_act act;
    int64_t turn;           /* that the page showed; 0: time, which acts on what there is */
    instant start_at;       /* ACCEPT, PROPOSE */
    int64_t person_id, staff_id;
    struct str words, key;  /* `key` empty: none */
    instant now;
    /* what came of it */
    enum request_refusal refusal; /* set: the change returned ERR_REFUSED, and nothing was changed */
    bool before;            /* the same form did it already: nothing is to be said again */
    enum request_state became;
    int64_t event_id;
};

/* Inside a write command: checks the change, makes it, writes its event. The request is locked until the commit. */
enum err request_apply(struct db *db, struct arena *arena, const struct request_one_row *row,
                       struct request_change *change, struct fault *fault);

/* A message, inside a write command; `refusal` and `before` as above. */
enum err request_add_words(struct db *db, struct arena *arena, const struct request_one_row *row,
                           struct request_change *change, struct fault *fault);

/* An event that changes nothing: «ask», «remind», «escalate». */
enum err request_note(struct db *db, struct arena *arena, int64_t request_id, const char *act,
                      const struct request_change *change, int64_t *ret_event_id, struct fault *fault);

/* Finds and locks a request inside a write command. ERR_NOT_FOUND. */
enum err request_find(struct db *db, struct arena *arena, struct str ref, struct request_one_row *ret_row,
                      struct fault *fault);

/* The rows are those of a request of this organisation (else ERR_NOT_FOUND). */
enum err request_own(const struct request_one_row *row, int64_t organisation_id, struct fault *fault);

/* Of a request that was read: what its page shows. */
enum err request_view_fill(struct service *service, struct db *db, struct arena *arena,
                           const struct request_one_row *row, struct request_view *ret_view, struct fault *fault);

/* Whether the visit of a request can be paid online: VIS-1 leaves schools and special groups to the monument unless its
 * rule says otherwise, and a tariff must be in force. */
enum err request_price(struct db *db, struct arena *arena, const struct settings *settings,
                       const struct request_one_row *row, day_number today, struct price *ret_price, bool *ret_given,
                       struct fault *fault);

/* ---- mails: rows of the outbox, whose detail is the event they are about ---- */

/* To the asker; for a leaver to a manager of the organisation. */
enum err request_mail_customer(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                               int64_t event_id, instant now, struct fault *fault);
/* To the accompanying person, when one with an address is named; in the asker's language. */
enum err request_mail_leader(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                             int64_t event_id, instant now, struct fault *fault);
/* To the monument's reservation service and to its managers. */
enum err request_mail_monument(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                               int64_t event_id, instant now, struct fault *fault);
enum err request_mail_service(struct db *db, struct arena *arena, const struct request_one_row *row, const char *kind,
                              int64_t event_id, instant now, struct fault *fault);
/* What the two sides are told of a change: the other side, and of a confirmed visit its accompanying person. */
enum err request_mail_change(struct db *db, struct arena *arena, const struct request_one_row *row,
                             const struct request_change *change, struct fault *fault);

/* The confirmation in a language; ERR_NOT_FOUND when the visit is not confirmed (any more). */
enum err request_sheet_read(struct service *service, struct db *db, struct arena *arena, int64_t request_id,
                            enum lang lang, struct confirmation_sheet *ret_sheet, struct fault *fault);

/* «Jeanne Martin» */
struct str request_name(struct arena *arena, struct str first, struct str last);

#endif
