/* The people of an organisation (ACC-5): a manager invites them by mail, gives them a role, and removes who leaves.
 * What a leaver ordered stays with the organisation; so an address that changes hurts nobody (ACC-3).
 *
 * All of them are the organisation's: another one's is not found. The caller needs TASK_MEMBERS. */
#ifndef GUICHET_SERVICE_MEMBER_H
#define GUICHET_SERVICE_MEMBER_H

#include "service/account.h"
#include "service/invitation.h"

enum { MEMBERS_MOST = 200, INVITATIONS_AN_HOUR = 20 };

struct member {
    int64_t person_id;
    struct str email, first_name, last_name, phone;
    enum role role;
    instant created_at;
    instant seen_at; /* of the last session that is open; 0: none */
    bool factor;     /* has a second factor */
    bool self;       /* the caller */
};

struct member_invitation {
    int64_t id;
    struct str email, inviter;
    enum role role;
    instant created_at, expires_at;
    bool expired;
};

struct members {
    struct member *p; /* by name */
    size_t n;
    struct member_invitation *invitations; /* those that wait, the newest first */
    size_t invitation_count;
    size_t managers;
};

enum err member_list(struct service *service, struct arena *arena, struct caller caller, struct members *ret_members,
                     struct fault *fault);

struct member_invite {
    struct str email;
    enum role role;
    enum lang lang; /* of the mail */
};

/* Mails an invitation. Refusals: ACCOUNT_EMAIL, ACCOUNT_EMAIL_PUBLIC and ACCOUNT_EMAIL_TAKEN (ACC-2), ACCOUNT_ROLE,
 * ACCOUNT_LIST_FULL, ACCOUNT_OFTEN. */
enum err member_invite(struct service *service, struct arena *arena, struct caller caller, struct member_invite invite,
                       enum account_refusal *ret_refusal, struct fault *fault);

/* Asked for twice it is done once. ERR_NOT_FOUND: no such open invitation of the organisation. */
enum err member_invitation_withdraw(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                                    struct fault *fault);

struct member_accept {
    struct str first_name, last_name, phone, password;
    enum lang lang;
};

struct member_accepted {
    enum account_refusal refusal; /* of a field, ACCOUNT_LINK_…, ACCOUNT_EMAIL_PUBLIC, ACCOUNT_EMAIL_TAKEN */
    int64_t person_id, organisation_id;
    struct str email; /* to sign in with */
};

/* Who was invited becomes one of the organisation's people; the address is verified by the link. */
enum err member_accept(struct service *service, struct arena *arena, struct str token, struct member_accept accept,
                       struct member_accepted *ret_accepted, struct fault *fault);

/* Refusals: ACCOUNT_ROLE, ACCOUNT_LAST_MANAGER. ERR_NOT_FOUND: not one of the organisation's people. */
enum err member_role_change(struct service *service, struct arena *arena, struct caller caller, int64_t person_id,
                            enum role role, enum account_refusal *ret_refusal, struct fault *fault);

/* Ends sessions, links and second factor of who leaves; options in the leaver's cart go back to the list, the address
 * is free for a new account. Refusal: ACCOUNT_LAST_MANAGER. ERR_NOT_FOUND as above. */
enum err member_remove(struct service *service, struct arena *arena, struct caller caller, int64_t person_id,
                       enum account_refusal *ret_refusal, struct fault *fault);

/* The caller leaves, whatever the role. */
enum err member_leave(struct service *service, struct arena *arena, struct caller caller,
                      enum account_refusal *ret_refusal, struct fault *fault);

#endif
