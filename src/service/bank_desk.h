/* The bank's statements (CRT-5, OPS-5): files come in, entries find their orders, a person decides what does not.
 *
 * Entries are stored before anything is decided about them, each under its own key; deciding is one transaction an
 * entry with all that follows for its order. So a file may be sent twice, the process may die anywhere: the next
 * import, or the job, goes on where it ended, and no entry counts twice. Only what names one order and is exactly what
 * is due settles by itself; a transfer is never matched by its amount alone. */
#ifndef GUICHET_SERVICE_BANK_DESK_H
#define GUICHET_SERVICE_BANK_DESK_H

#include "bank/statement.h"
#include "service/permit.h"
#include "service/transfer.h"

enum bank_refusal {
    BANK_NOT_REFUSED = 0,
    BANK_FILE,      /* it cannot be read: `problem` */
    BANK_NOT_OURS,  /* no statement of our account in euros */
    BANK_REASON,    /* a reason is needed */
    BANK_NO_ORDER,  /* there is no such order */
    BANK_DECIDED    /* somebody has decided already */
};

struct bank_import {
    enum bank_refusal refusal;
    struct bank_problem problem;
    bool known;             /* this very file came before, and nothing of it was missing */
    size_t entries, fresh;  /* of our account; new ones */
    size_t skipped;         /* statements of other accounts or currencies */
    size_t matched, proposed, unmatched, aside; /* of the new ones */
};
/* TASK_BANK_IMPORT. `name` is what the browser calls the file: shown, never opened. */
enum err bank_import(struct service *service, struct arena *arena, const struct staff_caller *caller, struct str name,
                     struct str bytes, struct bank_import *ret_import, struct fault *fault);

/* Job: entries that an import did not come to. */
enum err bank_match_step(struct service *service, struct arena *arena, int *ret_done, struct fault *fault);

struct bank_row {
    int64_t id;
    day_number booked;
    struct cents amount;
    struct str payer, payer_iban, text;
    struct str found;        /* part, over, proposed, review, none; exact in the list of what is done */
    struct str ref, organisation; /* of the proposed or matched order; may be empty */
    bool confirmed;          /* that order is paid already */
    struct cents order_total;
    bool by_hand;            /* the same amount was recorded by a person for that order: perhaps this money */
    struct str by, reason;   /* of what is done; by empty: the rule */
};
struct bank_rows {
    struct bank_row *p;
    size_t n;
};
struct bank_file_row {
    struct str name, format, by;
    instant imported_at;
    int64_t entries;
};
struct bank_lists {
    struct bank_rows proposed, unmatched, matched, dismissed; /* the last two of the last 60 days */
    struct bank_file_row *files;
    size_t file_count;
};
enum err bank_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   struct bank_lists *ret_lists, struct fault *fault);

enum bank_choice {
    BANK_ACCEPT,  /* the proposed order */
    BANK_ASSIGN,  /* the order that `ref` names */
    BANK_COUNTED, /* the money that a person has recorded already */
    BANK_DISMISS, /* no order's */
    BANK_REOPEN   /* what was dismissed is looked at again */
};
struct bank_decision {
    int64_t entry_id;
    enum bank_choice choice;
    struct str ref, reason;
};
struct bank_decided {
    enum bank_refusal refusal;
    struct transfer_outcome outcome; /* of ACCEPT and ASSIGN */
};
/* ERR_NOT_FOUND: no such entry. */
enum err bank_decide(struct service *service, struct arena *arena, const struct staff_caller *caller,
                     const struct bank_decision *decision, struct bank_decided *ret_decided, struct fault *fault);

#endif
