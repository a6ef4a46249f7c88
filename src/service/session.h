/* Sessions: signing in and out, who a request comes from, and ending what is open elsewhere (ACC-4).
 *
 * The cookie's token is random and only its hash is stored. A session ends after the setting `session.hours` without
 * use. */
#ifndef GUICHET_SERVICE_SESSION_H
#define GUICHET_SERVICE_SESSION_H

#include "service/account.h"

enum { SESSION_TOUCH_SECONDS = 60, SESSIONS_A_PERSON = 50 };

struct sign_in {
    struct str email, password;
    struct str agent;   /* the browser's name for itself, cut to 200 characters */
    struct str address; /* the client's network address */
};

struct sign_in_answer {
    enum account_refusal refusal; /* ACCOUNT_SIGN_IN_WRONG, ACCOUNT_UNVERIFIED, ACCOUNT_SECOND_FACTOR */
    struct str step;              /* ACCOUNT_SECOND_FACTOR: for account_sign_in_code, in a hidden field */
    struct str token;             /* for the cookie; never logged */
    int64_t session_id;
    instant expires_at;
    struct caller caller; /* `lang` is the person's own */
};

/* Opens a session. Takes the same time whether or not the account exists. An account whose address is not verified is
 * told so only with the right password, and gets its link again. */
enum err account_sign_in(struct service *service, struct arena *arena, struct sign_in sign_in,
                         struct sign_in_answer *ret_answer, struct fault *fault);

/* The second step, for who has a second factor (ACC-6). */
struct sign_in_code {
    struct str step; /* of the first step's answer; lives ten minutes */
    struct str code; /* of the app, or a recovery code */
    struct str agent, address;
};

/* Opens the session. Refusals: ACCOUNT_CODE_WRONG, ACCOUNT_CODE_USED, ACCOUNT_CODE_WAIT (the step lives on), and
 * ACCOUNT_STEP_ENDED: sign in again. The web room limits its rate by network address. */
enum err account_sign_in_code(struct service *service, struct arena *arena, struct sign_in_code code,
                              struct sign_in_answer *ret_answer, struct fault *fault);

/* Who asks, and what the head of every page shows. */
struct session_head {
    int64_t session_id;
    struct caller caller; /* `lang` is the person's own; the web room puts the page's there */
    struct str email, first_name, last_name, organisation;
    bool transfer_allowed; /* CRT-4 */
    int64_t options;       /* live options of the organisation (OPT-2) */
    int64_t cart;          /* visits in the person's cart that still hold their places or need none */
    bool touch_due;        /* session_touch is to be called: SESSION_TOUCH_SECONDS have passed since the last */
};

/* *ret_found false: no such session (any more). */
enum err session_find(struct service *service, struct arena *arena, struct str token, struct session_head *ret_head,
                      bool *ret_found, struct fault *fault);

/* Prolongs a session that is in use; *ret_expires_at is for the cookie. Its failure need not fail the request. */
enum err session_touch(struct service *service, struct arena *arena, const struct session_head *head,
                       instant *ret_expires_at, struct fault *fault);

/* Signs out. OK also when the session has ended already. */
enum err session_sign_out(struct service *service, struct arena *arena, struct str token, struct fault *fault);

struct session_item {
    int64_t id;
    instant created_at, seen_at, expires_at;
    struct str agent, address;
    bool current;
};
struct sessions {
    struct session_item *p;
    size_t n;
};

/* The caller's open sessions, last used first; `current_id` marks the one that asks. */
enum err session_list(struct service *service, struct arena *arena, struct caller caller, int64_t current_id,
                      struct sessions *ret_sessions, struct fault *fault);

/* Ends one of the caller's own sessions; *ret_ended false: there is no such session of the caller's. */
enum err session_end(struct service *service, struct arena *arena, struct caller caller, int64_t session_id,
                     bool *ret_ended, struct fault *fault);

/* Ends all the caller's sessions but `keep_id`; gives how many. */
enum err session_end_others(struct service *service, struct arena *arena, struct caller caller, int64_t keep_id,
                            int64_t *ret_ended, struct fault *fault);

#endif
