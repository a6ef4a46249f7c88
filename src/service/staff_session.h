/* Signing in of the operator's people: password, then always the second factor (ACC-6); and on whose behalf customer
 * service acts (OPS-1).
 *
 * Their sessions lie in a table of their own and their cookie is another one: a customer's cookie never opens the
 * operator's side, nor the other way round. The web room limits the rate of staff_sign_in (by network address and by
 * e-mail), of staff_sign_in_code, staff_enrol_confirm and staff_accept (by network address). */
#ifndef GUICHET_SERVICE_STAFF_SESSION_H
#define GUICHET_SERVICE_STAFF_SESSION_H

#include "service/permit.h"
#include "service/second_factor.h"
#include "service/session.h"

/* What stands between the password and the session. */
struct staff_step {
    enum account_refusal refusal; /* ACCOUNT_SIGN_IN_WRONG */
    struct str step;              /* for the next call, in a hidden field; lives ten minutes */
    bool enrol;                   /* no second factor yet: staff_enrol_begin; else staff_sign_in_code */
};

/* Takes the same time whether or not there is such a person. Disabled or not set up: ACCOUNT_SIGN_IN_WRONG too. */
enum err staff_sign_in(struct service *service, struct arena *arena, struct sign_in sign_in,
                       struct staff_step *ret_step, struct fault *fault);

/* What the page of setting up the second factor shows. Refusals: ACCOUNT_STEP_ENDED, ACCOUNT_FACTOR_ON (somebody was
 * quicker: sign in again). */
enum err staff_enrol_begin(struct service *service, struct arena *arena, struct str step,
                           struct factor_setup *ret_setup, struct fault *fault);

struct staff_entry {
    enum account_refusal refusal; /* ACCOUNT_CODE_…, ACCOUNT_STEP_ENDED: sign in again */
    struct str token;             /* for the cookie; never logged */
    int64_t session_id;
    instant expires_at;
    enum lang lang;
    struct factor_codes codes;    /* of staff_enrol_confirm: recovery codes, shown once; or, refused, the setup again */
};

/* The first code of the app: turns the second factor on and opens the session. */
enum err staff_enrol_confirm(struct service *service, struct arena *arena, struct sign_in_code code,
                             struct staff_entry *ret_entry, struct fault *fault);
/* A code of the app, or a recovery code: opens the session. */
enum err staff_sign_in_code(struct service *service, struct arena *arena, struct sign_in_code code,
                            struct staff_entry *ret_entry, struct fault *fault);

/* Whom customer service acts for; organisation_id 0: nobody. */
struct staff_acting {
    int64_t organisation_id, person_id;
    struct str organisation, first_name, last_name;
    enum lang lang; /* the person's own */
    struct str reason;
    instant since;
};

/* Who asks, and what the head of every page of the operator's side shows. */
struct staff_head {
    int64_t session_id;
    struct staff_caller caller; /* `lang` is the person's own; the web room puts the page's there */
    struct str email, first_name, last_name;
    struct staff_acting acting;
    bool touch_due; /* staff_session_touch is to be called */
};

/* *ret_found false: no such session (any more). */
enum err staff_session_find(struct service *service, struct arena *arena, struct str token, struct staff_head *ret_head,
                            bool *ret_found, struct fault *fault);
enum err staff_session_touch(struct service *service, struct arena *arena, const struct staff_head *head,
                             instant *ret_expires_at, struct fault *fault);
/* OK also when the session has ended already. */
enum err staff_sign_out(struct service *service, struct arena *arena, struct str token, struct fault *fault);

/* A new password of the signed-in person; ends the person's other sessions. */
enum err staff_password_change(struct service *service, struct arena *arena, const struct staff_head *head,
                               struct str old_password, struct str new_password, enum account_refusal *ret_refusal,
                               struct fault *fault);
/* New recovery codes; needs a code. */
enum err staff_codes_renew(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct str code, struct factor_codes *ret_codes, struct fault *fault);

struct staff_own {
    struct sessions sessions; /* of the person who asks, last used first */
    int64_t codes_left;       /* recovery codes that have not been used */
};
enum err staff_own_read(struct service *service, struct arena *arena, const struct staff_head *head,
                        struct staff_own *ret_own, struct fault *fault);
/* Ends one of one's own other sessions, or with 0 all of them. *ret_ended: how many. */
enum err staff_session_end(struct service *service, struct arena *arena, const struct staff_head *head,
                           int64_t session_id, int64_t *ret_ended, struct fault *fault);

/* ---- on behalf of a customer ---- */

enum { STAFF_REASON_MOST = 300 }; /* characters of a reason */

/* From now on this session acts for the organisation (TASK_ACT_FOR), in the name of `person_id`, or with 0 of its first
 * manager: that person's cart and that person as the buyer. `reason` stands in the audit with every act made so; empty or
 * too long: ERR_INPUT, pages check before. ERR_NOT_FOUND: no such organisation or person in it. */
enum err staff_act_for(struct service *service, struct arena *arena, const struct staff_head *head,
                       int64_t organisation_id, int64_t person_id, struct str reason, struct fault *fault);
/* OK also when it acts for nobody. */
enum err staff_act_end(struct service *service, struct arena *arena, const struct staff_head *head,
                       struct fault *fault);

/* The caller for the customers' services while customer service acts: role ROLE_ACTING, marked with staff_id. Without
 * an organisation a caller that may nothing. */
struct caller staff_acting_caller(const struct staff_head *head);

/* Takes a lost second factor off a customer's account and ends the person's sessions (TASK_CUSTOMER_UNLOCK), with a
 * reason. ERR_NOT_FOUND: no such person in the organisation. */
enum err staff_customer_unlock(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t organisation_id, int64_t person_id, struct str reason, struct fault *fault);

/* ---- for services of the operator's side ---- */

/* An act for the audit, inside the write that does it (OPS-1). */
struct staff_act {
    struct str act, subject;
    int64_t organisation_id; /* whose data; 0: nobody's */
    int64_t person_id;       /* in whose name, while acting for a customer; else 0 */
    struct str detail, reason, was, became;
};
/* `caller` NULL: the command line. */
enum err staff_audit(struct db *db, struct arena *arena, const struct staff_caller *caller, instant now,
                     struct staff_act act, struct fault *fault);

#endif
