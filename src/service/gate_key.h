/* The keys that sign the codes of tickets (TKT-6). Made once, kept in the database sealed with the service's key: all
 * servers of a network sign with the same one, and a copy of the database alone signs nothing. */
#ifndef GUICHET_SERVICE_GATE_KEY_H
#define GUICHET_SERVICE_GATE_KEY_H

#include "domain/ticket_code.h"
#include "service/service.h"

struct gate_signer {
    int key_id;
    unsigned char seed[CRYPTO_SIGN_SEED]; /* a secret: gate_signer_wipe */
};

/* When a program begins: makes the first key unless there is one. */
enum err gate_key_ensure(struct service *service, struct arena *arena, struct fault *fault);
/* The same inside a write command: whoever issues tickets calls it. */
enum err gate_key_ensure_in(const struct service *service, struct db *db, struct arena *arena, instant now,
                            struct fault *fault);
/* A new key signs from now on; codes of the old ones stay good. ERR_LIMIT after 255 of them. */
enum err gate_key_rotate(struct service *service, struct arena *arena, int *ret_key_id, struct fault *fault);

/* Which key signs. ERR_BUG as below. */
enum err gate_key_signing(struct service *service, struct arena *arena, int *ret_key_id, struct fault *fault);

/* ERR_BUG when there is no key, or it was sealed with another secret than this service's. */
enum err gate_signer_read(const struct service *service, struct db *db, struct arena *arena,
                          struct gate_signer *ret_signer, struct fault *fault);
void gate_signer_wipe(struct gate_signer *signer);

/* The digits of a ticket's code; `code->key_id` is set here. ERR_BUG when something does not fit. */
enum err gate_sign(const struct gate_signer *signer, struct arena *arena, struct ticket_code *code,
                   struct str *ret_digits, struct fault *fault);
/* *ret_genuine says whether the digits were signed by one of the keys; then *ret_code is what they say. */
enum err gate_code_check(struct db *db, struct arena *arena, struct str digits, bool *ret_genuine,
                         struct ticket_code *ret_code, struct fault *fault);

#endif
