/* The second factor: one-time codes of an app, and recovery codes for who lost the device (ACC-6). Optional for
 * customers; the operator's people cannot sign in without (service/staff_session.h).
 *
 * The secret is shown until its first code was given and never again; the database keeps it sealed under the service's
 * key, and of recovery codes only keyed hashes. A code of the app works once, a recovery code too. After
 * FACTOR_TRIES wrong codes in FACTOR_SECONDS none is looked at until that time is over, on all servers. */
#ifndef GUICHET_SERVICE_SECOND_FACTOR_H
#define GUICHET_SERVICE_SECOND_FACTOR_H

#include "service/account.h"

enum { FACTOR_TRIES = 5, FACTOR_SECONDS = 900, FACTOR_CODES = 10, FACTOR_SETUP_SECONDS = 3600 };

struct factor_state {
    bool on;
    int codes_left; /* recovery codes that were not used */
};

/* Whether the caller has a second factor. */
enum err factor_read(struct service *service, struct arena *arena, struct caller caller, struct factor_state *ret_state,
                     struct fault *fault);

/* What the page of setting up shows: the QR code of `uri`, and the secret to type. */
struct factor_setup {
    enum account_refusal refusal; /* ACCOUNT_PASSWORD_WRONG, ACCOUNT_FACTOR_ON, ACCOUNT_STEP_ENDED */
    struct str secret;            /* base32 */
    struct str uri;               /* otpauth://totp/… */
};

/* Begins setting up; asked again within FACTOR_SETUP_SECONDS it shows the same secret. Nothing changes for signing in
 * until factor_confirm. */
enum err factor_begin(struct service *service, struct arena *arena, struct caller caller, struct str password,
                      struct factor_setup *ret_setup, struct fault *fault);

/* Shown once: the reader is asked to keep them. */
struct factor_codes {
    enum account_refusal refusal; /* ACCOUNT_CODE_WRONG, ACCOUNT_CODE_USED, ACCOUNT_CODE_WAIT, ACCOUNT_STEP_ENDED */
    struct str *p;                /* «K7QPX-2MNRT» */
    size_t n;
    struct factor_setup setup;    /* when a code was refused while setting up: to show the page again */
};

/* The first code of the app turns the second factor on. ACCOUNT_STEP_ENDED: setting up was not begun, or long ago. */
enum err factor_confirm(struct service *service, struct arena *arena, struct caller caller, struct str code,
                        struct factor_codes *ret_codes, struct fault *fault);

/* New recovery codes; the old ones are worth nothing then. Needs a code. */
enum err factor_codes_renew(struct service *service, struct arena *arena, struct caller caller, struct str code,
                            struct factor_codes *ret_codes, struct fault *fault);

/* Turns it off again; needs a code or a recovery code. */
enum err factor_disable(struct service *service, struct arena *arena, struct caller caller, struct str code,
                        enum account_refusal *ret_refusal, struct fault *fault);

#endif
