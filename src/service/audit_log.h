/* The audit read whole by the administrator: who, when, why, before, after (OPS-1, OPS-7). */
#ifndef GUICHET_SERVICE_AUDIT_LOG_H
#define GUICHET_SERVICE_AUDIT_LOG_H

#include "service/permit.h"

enum { AUDIT_PAGE = 200 }; /* lines at once */

struct audit_question {
    day_number from, to;  /* local days, both included */
    int64_t staff_id;     /* one of the operator's people; 0: anybody */
    struct str email;     /* a customer's person; empty: anybody */
    int64_t before_id;    /* only lines older than this one, for the next page; 0: from the newest */
};

struct audit_line {
    int64_t id;
    instant at;
    struct str act, subject, detail, reason, was, became;
    int64_t organisation_id; /* 0: nobody's */
    struct str organisation;
    struct str person; /* of a customer; may be empty */
    struct str staff;  /* of the operator's people; with `person`: on that person's behalf */
};
struct audit_lines {
    struct audit_line *p; /* the newest first */
    size_t n;
    bool more;
    bool unknown; /* nobody has this e-mail: no lines */
};

/* TASK_AUDIT. */
enum err audit_log(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   const struct audit_question *question, struct audit_lines *ret_lines, struct fault *fault);

#endif
