/* The trace of who did what: written inside the command that does it, never changed afterwards (OPS-1). */
#ifndef GUICHET_SERVICE_AUDIT_H
#define GUICHET_SERVICE_AUDIT_H

#include "base/civil.h"
#include "base/err.h"
#include "base/str.h"
#include "db/db.h"

struct audit_row {
    instant at;
    int64_t person_id;       /* who; 0: the system itself or somebody who is not signed in */
    int64_t staff_id;        /* which of the operator's people; with person_id: on that person's behalf; 0: none */
    int64_t organisation_id; /* whose data; 0: nobody's */
    struct str act;          /* «account.sign-up», «option.cancel»: room and verb */
    struct str subject;      /* what it was done to: «leader 12», an order's reference */
    struct str detail;       /* may be empty; never a secret */
    struct str reason;       /* why, in the words of who did it; may be empty */
    struct str was, became;  /* what was changed, before and after; may be empty */
};

/* Adds the row; only inside a write command. Errors are the database's. */
enum err audit_add(struct db *db, struct arena *arena, struct audit_row row, struct fault *fault);

#endif
