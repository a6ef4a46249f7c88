/* Replacing who accompanies a confirmed visit, until the gate lets the group in (COM-5). */
#ifndef GUICHET_SERVICE_LEADER_REPLACE_H
#define GUICHET_SERVICE_LEADER_REPLACE_H

#include "service/leader.h"

enum replace_refusal {
    REPLACE_NOT_REFUSED = 0,
    REPLACE_GONE,    /* the visit is not confirmed (any more) */
    REPLACE_UNDATED, /* tickets without a visit have nobody who accompanies them */
    REPLACE_SCANNED, /* the group has begun to enter */
    REPLACE_OVER,    /* the visit has been */
    REPLACE_MISSING, /* nobody was chosen, or somebody who was removed from the list */
    REPLACE_KIND,    /* a guided visit needs a guide: the price, the size and the proof depend on it (COM-3, PLA-3) */
    REPLACE_SAME     /* it is this person already */
};

/* The visit and whom it may have. */
struct replace_view {
    struct str order_ref;
    int64_t visit_id;
    struct str monument_slug, monument_name, kind;
    instant start_at;
    int persons;
    enum leader_kind leader_kind;
    int64_t leader_id; /* now; 0: nobody */
    struct str leader; /* name */
    struct leaders choices;      /* those of the visit's kind first: a guided visit has only guides */
    enum replace_refusal refusal; /* why nobody can be replaced, whoever is chosen */
};

/* ERR_NOT_FOUND: not a visit of this order of the caller's organisation. */
enum err leader_replace_look(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                             int64_t visit_id, struct replace_view *ret_view, struct fault *fault);

struct leader_replacement {
    struct str order_ref;
    int64_t visit_id, leader_id;
    struct str request_key; /* the same form again does nothing more, and undoes nothing that came after it */
};

/* The new person gets the visit and its tickets by mail, the old one is told; a placeholder has no address. The tickets
 * stay valid: their numbers do not name anybody. Several servers at once: the visit's row is locked. */
enum err leader_replace(struct service *service, struct arena *arena, const struct caller *caller,
                        const struct leader_replacement *replacement, enum replace_refusal *ret_refusal,
                        struct fault *fault);

#endif
