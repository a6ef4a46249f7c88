/* Accompanying persons: «Client › Créer / gérer un accompagnateur» (COM-1).
 *
 * All of them are the organisation's: another one's is not found. «Guide Type» and «Accompagnateur Type» are made with
 * the account and stay as they are. */
#ifndef GUICHET_SERVICE_LEADER_H
#define GUICHET_SERVICE_LEADER_H

#include "domain/leader.h"
#include "service/account.h"

struct leader_fields {
    enum leader_kind kind; /* LEADER_GUIDE or LEADER_ACCOMPANYING */
    struct str last_name, first_name, email, phone;
    struct str card;       /* number of a guide's professional card, as printed; may be empty (COM-5) */
    bool has_card_until;
    day_number card_until; /* its last day */
};

struct leader {
    int64_t id;
    struct leader_fields fields;
    bool placeholder; /* e-mail and phone are empty */
};
struct leaders {
    struct leader *p;
    size_t n;
};

/* Placeholders first, then by name; at most LIMIT_LEADERS. */
enum err leader_list(struct service *service, struct arena *arena, struct caller caller, struct leaders *ret_leaders,
                     struct fault *fault);
/* The same inside a transaction that is open (validation of an order, COM-2). */
enum err leader_list_in(struct db *db, struct arena *arena, int64_t organisation_id, struct leaders *ret_leaders,
                        struct fault *fault);

/* ERR_NOT_FOUND: not there, removed, or another organisation's. */
enum err leader_get(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                    struct leader *ret_leader, struct fault *fault);

struct leader_answer {
    enum account_refusal refusal;
    int64_t id;
};

/* The same form sent twice gives the same leader. */
enum err leader_create(struct service *service, struct arena *arena, struct caller caller, struct leader_fields fields,
                       struct leader_answer *ret_answer, struct fault *fault);
/* ERR_NOT_FOUND as leader_get. */
enum err leader_update(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                       struct leader_fields fields, struct leader_answer *ret_answer, struct fault *fault);
/* Out of the list; visits that name the leader keep the name. Asked for twice it is done once: the answer's id is 0
 * when there was no such leader of the organisation (any more). */
enum err leader_remove(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                       struct leader_answer *ret_answer, struct fault *fault);

#endif
