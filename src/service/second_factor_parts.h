/* What the services of second factors, sessions and the operator's people share; nobody else includes it. */
#ifndef GUICHET_SERVICE_SECOND_FACTOR_PARTS_H
#define GUICHET_SERVICE_SECOND_FACTOR_PARTS_H

#include "base/totp.h"
#include "service/second_factor.h"

/* Whose factor: one of the two is 0. */
struct factor_owner {
    int64_t person_id, staff_id;
};

/* All that is random about setting up, drawn before the write, so that a repeated run makes the same. */
struct factor_draw {
    unsigned char secret[TOTP_SECRET];
    unsigned char nonce[CRYPTO_NONCE];
    struct str codes[FACTOR_CODES];
};
void factor_draw(struct service *service, struct arena *arena, struct factor_draw *ret_draw);

/* All of these run inside a transaction that is open; answers that refuse are OK and keep what was counted. */
enum err factor_state_in(struct db *db, struct arena *arena, struct factor_owner owner, struct factor_state *ret_state,
                         struct fault *fault);
/* `account` is the name beside the codes in the app: the e-mail address. */
enum err factor_begin_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                         struct str account, const struct factor_draw *draw, instant now,
                         struct factor_setup *ret_setup, struct fault *fault);
enum err factor_confirm_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                           struct str account, const struct factor_draw *draw, struct str code, instant now,
                           struct factor_codes *ret_codes, struct fault *fault);
/* Takes a code of the app or a recovery code. ERR_NOT_FOUND: there is no factor that is on. */
enum err factor_check_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                         struct str code, instant now, enum account_refusal *ret_refusal, struct fault *fault);
enum err factor_codes_renew_in(const struct service *service, struct db *db, struct arena *arena,
                               struct factor_owner owner, const struct factor_draw *draw,
                               struct factor_codes *ret_codes, struct fault *fault);
/* OK also when there is none. */
enum err factor_drop_in(struct db *db, struct arena *arena, struct factor_owner owner, struct fault *fault);

/* A factor that is on with a secret that is known: the demonstration's. Without recovery codes. */
enum err factor_install_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                           const struct factor_draw *draw, instant now, struct fault *fault);

/* The step between password and factor. */
enum { SIGN_IN_STEP_SECONDS = 600 };
enum err sign_in_step_open(struct db *db, struct arena *arena, struct factor_owner owner, struct str password_hash,
                           struct str token, instant now, struct fault *fault);

#endif
