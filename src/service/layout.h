/* Voucher layouts («maquettes», TKT-2): the customer sends one, customer service looks at it and approves or refuses it
 * with words; while one is approved the organisation's orders give the list of their ticket numbers.
 *
 * What a file is, is seen in its bytes (domain/layout_kind.h). The bytes lie in the database, so that every server has
 * them and one backup is whole; pages give them away as a download only, whatever they hold. */
#ifndef GUICHET_SERVICE_LAYOUT_H
#define GUICHET_SERVICE_LAYOUT_H

#include "domain/layout_kind.h"
#include "service/permit.h"

enum {
    LAYOUT_BYTES = 5 * 1024 * 1024,
    LAYOUT_NAME = 320, /* bytes */
    LAYOUT_WORDS = 2000,
    LAYOUT_NOTE = 4000,
    LAYOUT_WAITING = 5, /* of one organisation at most */
    LAYOUT_KEPT = 60
};

enum layout_state { LAYOUT_STATE_WAITING, LAYOUT_STATE_APPROVED, LAYOUT_STATE_REFUSED, LAYOUT_STATE_WITHDRAWN };
enum { LAYOUT_STATES = LAYOUT_STATE_WITHDRAWN + 1 };
/* `waiting`, `approved`, `refused`, `withdrawn`. */
const char *layout_state_name(enum layout_state state);

/* What the mails with tickets carry. */
enum tickets_as { TICKETS_AS_PDF, TICKETS_AS_CSV, TICKETS_AS_BOTH };
enum { TICKETS_AS = TICKETS_AS_BOTH + 1 };
/* `pdf`, `csv`, `both`. */
const char *tickets_as_name(enum tickets_as as);
bool tickets_as_parse(struct str name, enum tickets_as *ret_as);

struct layout {
    int64_t id, organisation_id;
    struct str organisation, name, note, words;
    enum layout_kind kind;
    enum layout_state state;
    int64_t size;
    instant uploaded_at, decided_at;
};
struct layouts {
    struct layout *p;
    size_t n;
};

/* ---- the customer (TASK_LAYOUTS) ---- */

enum layout_refusal {
    LAYOUT_REFUSED_NOT = 0,
    LAYOUT_MISSING, /* no file */
    LAYOUT_TOO_LARGE,
    LAYOUT_NOT_KNOWN, /* neither PDF nor PNG nor JPEG, or a broken one */
    LAYOUT_NO_NAME,
    LAYOUT_TOO_MANY, /* wait for an answer first */
};

struct layout_upload {
    struct str name, note, bytes, request_key;
};
/* Customer service gets a mail. The same form again finds the first. */
enum err layout_send(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct layout_upload *upload, enum layout_refusal *ret_refusal, struct fault *fault);

struct layout_page {
    struct layouts layouts; /* the newest first */
    enum tickets_as as;     /* the organisation's choice */
    bool approved;          /* one is: lists of numbers go out */
};
enum err layout_list(struct service *service, struct arena *arena, const struct caller *caller,
                     struct layout_page *ret_page, struct fault *fault);
/* The customer takes a waiting or approved one back. ERR_NOT_FOUND: not this organisation's. *ret_done false: over
 * already. */
enum err layout_withdraw(struct service *service, struct arena *arena, const struct caller *caller, int64_t id,
                         bool *ret_done, struct fault *fault);
/* For the whole organisation. */
enum err layout_choose(struct service *service, struct arena *arena, const struct caller *caller, enum tickets_as as,
                       struct fault *fault);

struct layout_file {
    enum layout_kind kind;
    struct str bytes;
};
/* ERR_NOT_FOUND: not this organisation's. */
enum err layout_file(struct service *service, struct arena *arena, const struct caller *caller, int64_t id,
                     struct layout_file *ret_file, struct fault *fault);

/* ---- customer service (TASK_LAYOUT_APPROVE) ---- */

/* What waits, the oldest last; then what was decided. */
enum err layout_desk(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     struct layouts *ret_layouts, struct fault *fault);
enum err layout_read(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                     struct layout *ret_layout, struct fault *fault);
enum err layout_desk_file(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                          struct layout_file *ret_file, struct fault *fault);
/* From the state that the page showed: waiting becomes approved or refused, approved becomes withdrawn, and refused may
 * be approved after all. Who sent it is told by mail, with the words, which are needed for a refusal and a withdrawal
 * (ERR_INPUT). *ret_done false: it was not in that state any more, nothing was done. */
enum err layout_decide(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                       enum layout_state was, enum layout_state became, struct str words, bool *ret_done,
                       struct fault *fault);

#endif
