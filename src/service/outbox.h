/* Putting a mail into the outbox, inside the write that causes it: after a crash either both are there or neither. */
#ifndef GUICHET_SERVICE_OUTBOX_H
#define GUICHET_SERVICE_OUTBOX_H

#include "base/civil.h"
#include "base/err.h"
#include "base/str.h"
#include "db/db.h"
#include "text/lang.h"

/* One mail to be composed and sent. What the kind needs to be composed is found by the ids when it is sent. */
struct outbox_row {
    struct str kind;         /* «verify-email», «reset-password», … : the name of the message */
    int64_t organisation_id; /* 0: none; likewise the next two */
    int64_t order_id;
    int64_t visit_id;
    struct str recipient;      /* an e-mail address */
    struct str recipient_name; /* as the mail greets; may be empty */
    enum lang lang;            /* the reader's language (ALL-1) */
    struct str detail;         /* a one-time link's token, else empty; emptied once sent */
    instant now;               /* when it is written */
    instant due;               /* not before this; 0: at once */
};

/* Adds the row; only inside a write command. Errors are the database's. */
enum err outbox_add(struct db *db, struct arena *arena, struct outbox_row row, struct fault *fault);

#endif
