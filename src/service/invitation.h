/* Invitations by mail: into an organisation (ACC-5), or among the operator's people (OPS-7). A link works once and
 * lives INVITATION_SECONDS; inviting the same address again makes the earlier link worthless. */
#ifndef GUICHET_SERVICE_INVITATION_H
#define GUICHET_SERVICE_INVITATION_H

#include "service/account.h"

enum { INVITATION_SECONDS = 7 * SECONDS_A_DAY };

/* Where the links of the mails lead, below /fr and /en; the token follows. */
#define INVITATION_PATH "/invitation/"
#define STAFF_INVITATION_PATH "/equipe/invitation/"

struct invitation_view {
    enum account_refusal refusal; /* ACCOUNT_LINK_UNKNOWN, ACCOUNT_LINK_EXPIRED, ACCOUNT_LINK_USED */
    bool staff;                   /* to one of the operator's people: staff_accept, else member_accept */
    struct str organisation;      /* which one; empty when `staff` */
    enum role role;
    struct str email;
    struct str inviter;           /* who invites; may be empty */
    enum lang lang;
    instant expires_at;
};

/* What an invitation is worth, before its form is shown. Changes nothing. The web room limits its rate by network
 * address. */
enum err invitation_check(struct service *service, struct arena *arena, struct str token,
                          struct invitation_view *ret_view, struct fault *fault);

#endif
