/* What a gate answers to a ticket (OPS-3): pure rules over what is known of it. The page of the gate has the same rules in
 * assets/js/gate-rules.js for when it has no network; tests/browser compares the two. */
#ifndef GUICHET_DOMAIN_GATE_H
#define GUICHET_DOMAIN_GATE_H

#include "base/civil.h"
#include "domain/ticket_code.h"

enum gate_result {
    GATE_VALID,
    GATE_USED,           /* or the whole group is in */
    GATE_WRONG_SLOT,     /* today, but at another hour */
    GATE_WRONG_DAY,      /* a later day */
    GATE_WRONG_MONUMENT,
    GATE_CANCELLED,
    GATE_EXPIRED,        /* an earlier day, or past its validity */
    GATE_UNKNOWN,        /* no such number */
    GATE_FORGED,         /* not signed by this network, or the secret of an older code is wrong */
    GATE_TOO_MANY,       /* more heads than the group has left */
    GATE_UNDONE          /* an act was taken back */
};
enum { GATE_RESULTS = GATE_UNDONE + 1 };

/* The stored word: «wrong-slot». */
const char *gate_result_name(enum gate_result result);
bool gate_result_parse(struct str name, enum gate_result *ret_result);

/* Minutes; settings of the network. */
struct gate_tolerance {
    int early; /* before the slot begins */
    int late;  /* after it ends */
    int rest;  /* after it ends, for the rest of a group of which somebody is in */
};

struct gate_facts {
    int64_t monument_id;
    enum ticket_kind kind;
    instant from, until; /* validity, both included */
    bool used, cancelled;
    int persons, arrived; /* of the group */
};

/* Never GATE_UNKNOWN, GATE_FORGED, GATE_TOO_MANY, GATE_UNDONE: those are found before or after. */
enum gate_result gate_decide(const struct gate_facts *facts, const struct gate_tolerance *tolerance,
                             const struct zone *zone, int64_t gate_monument_id, instant at);

#endif
