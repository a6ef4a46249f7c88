/* The operator's people (OPS-7): an administrator invites them, gives them a role and monuments, disables who leaves.
 * `guichet user` does the same from the command line; there the caller is NULL.
 *
 * Nobody's password is ever set by somebody else: who is added gets a link for the first one. Pages: TASK_STAFF. */
#ifndef GUICHET_SERVICE_STAFF_H
#define GUICHET_SERVICE_STAFF_H

#include "service/invitation.h"
#include "service/permit.h"
#include "service/staff_session.h"

struct staff_fields {
    struct str first_name, last_name; /* may be empty until the person has set up the account */
    struct str email;                 /* does not change later */
    enum lang lang;
    enum role role;
    const int64_t *monuments; /* of a monument manager or a gate agent; ignored for others */
    size_t monument_count;
};

struct staff_answer {
    enum account_refusal refusal; /* of a field, ACCOUNT_EMAIL_TAKEN, ACCOUNT_ROLE, ACCOUNT_MONUMENTS, ACCOUNT_OFTEN */
    int64_t staff_id;
    struct str link; /* where the person sets the account up; lives INVITATION_SECONDS; never logged */
};

/* Adds one and makes the link; `mail` sends it. */
enum err staff_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                   struct staff_fields fields, bool mail, struct staff_answer *ret_answer, struct fault *fault);

/* A new link, for who lost the first one or the password; the old link is worth nothing then. `forget_factor`, for who
 * lost the device too, ends the sessions and has a new second factor set up at the next sign-in. ERR_NOT_FOUND. */
enum err staff_link(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t staff_id,
                    bool forget_factor, bool mail, struct staff_answer *ret_answer, struct fault *fault);

/* Names, language, role and monuments; the e-mail stays. Refusals also ACCOUNT_LAST_ADMINISTRATOR. ERR_NOT_FOUND. */
enum err staff_update(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t staff_id,
                      struct staff_fields fields, enum account_refusal *ret_refusal, struct fault *fault);

/* Disabled: sessions end at once and nobody signs in; what the person did stays. Refusal: ACCOUNT_LAST_ADMINISTRATOR.
 * Asked for twice it is done once. ERR_NOT_FOUND. */
enum err staff_set_disabled(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t staff_id, bool disabled, enum account_refusal *ret_refusal, struct fault *fault);

struct staff_monument {
    int64_t id;
    struct str slug, name;
};
struct staff_member {
    int64_t id;
    struct str email, first_name, last_name;
    enum lang lang;
    enum role role;
    struct staff_monument *monuments;
    size_t monument_count;
    instant created_at, disabled_at; /* 0: not disabled */
    instant seen_at;                 /* of the last session that is open; 0: none */
    bool is_set_up;                  /* has a password */
    bool factor;                     /* has a second factor */
};
struct staff_list {
    struct staff_member *p; /* by name, those that are disabled last */
    size_t n;
};

enum err staff_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                    struct staff_list *ret_list, struct fault *fault);
/* One of them. ERR_NOT_FOUND. */
enum err staff_read(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t staff_id,
                    struct staff_member *ret_member, struct fault *fault);

/* For the command line, which names people by address and monuments by their slug. ERR_NOT_FOUND. */
enum err staff_id_of_email(struct service *service, struct arena *arena, struct str email, int64_t *ret_staff_id,
                           struct fault *fault);
enum err staff_monument_id(struct service *service, struct arena *arena, struct str slug, int64_t *ret_monument_id,
                           struct fault *fault);

struct staff_accept {
    struct str first_name, last_name, password;
};

/* The link was followed: takes names and password, and goes on as staff_sign_in does after the right password.
 * Refusals: of a field, ACCOUNT_LINK_…. What the link is worth: invitation_check. */
enum err staff_accept(struct service *service, struct arena *arena, struct str token, struct staff_accept accept,
                      struct staff_step *ret_step, struct fault *fault);

#endif
