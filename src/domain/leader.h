/* The accompanying person of a visit (COM-3).
 *
 * A guide-lecturer is free and shows a proof at the gate. The leader of a group of MORE than 20 is free; in a group of
 * 20 or fewer the leader pays. Both count: «persons» is the whole group with the leader included, and that is the
 * number compared with 20 (the FAQ says «groupe de plus de 20 personnes»). So a group of 20 pays 20 places and a group
 * of 21 pays 20 places. Every leader, free or not, has a ticket. */
#ifndef GUICHET_DOMAIN_LEADER_H
#define GUICHET_DOMAIN_LEADER_H

#include "domain/names.h"

enum leader_kind {
    LEADER_NONE,        /* undated tickets, bought without a visit */
    LEADER_GUIDE,       /* guide-lecturer with a professional card */
    LEADER_ACCOMPANYING
};
enum { LEADER_KINDS = LEADER_ACCOMPANYING + 1 };

/* The FAQ's number, where nothing else is set. */
enum { LEADER_FREE_ABOVE = 20 };

/* Whether the leader of `persons` (leader included) has a free ticket; `free_above` is the largest group whose leader
 * still pays. */
bool leader_is_free(enum leader_kind kind, int persons, int free_above);

/* Whether the ticket says that a proof must be shown at the gate. */
bool leader_shows_proof(enum leader_kind kind);

/* `none`, `guide`, `accompanying`. */
const char *leader_kind_name(enum leader_kind kind);
bool leader_kind_parse(struct str name, enum leader_kind *ret_kind);

/* Whose ticket it is. */
enum ticket_role { ROLE_VISITOR, ROLE_GUIDE, ROLE_LEADER };
enum { TICKET_ROLES = ROLE_LEADER + 1 };

/* The role of the leader's own ticket; ROLE_VISITOR for LEADER_NONE. */
enum ticket_role leader_role(enum leader_kind kind);

/* `visitor`, `guide`, `leader`. */
const char *ticket_role_name(enum ticket_role role);
bool ticket_role_parse(struct str name, enum ticket_role *ret_role);

#endif
