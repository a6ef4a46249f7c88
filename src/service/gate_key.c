/* Keys: making, sealing, signing, checking; see gate_key.h. */
#include "service/gate_key.h"

#include <string.h>

#include "store/queries.h"

enum { KEYS_MOST = 255 };

/* One key for sealing these, so that no other use of the service's secret meets it. */
static void sealing_key(const struct service *service, unsigned char ret_key[CRYPTO_KEY])
{
    crypto_keyed_hash(service->secret, S("gate keys"), ret_key, CRYPTO_KEY);
}

static struct str about(struct arena *arena, int64_t id)
{
    return str_format(arena, "gate key %lld", (long long)id);
}

static enum err key_add(const struct service *service, struct db *db, struct arena *arena, int64_t id, instant now,
                        struct fault *fault)
{
    unsigned char seed[CRYPTO_SIGN_SEED], public_key[CRYPTO_SIGN_PUBLIC], key[CRYPTO_KEY], nonce[CRYPTO_NONCE];
    random_fill(&service->random, seed, sizeof seed);
    random_fill(&service->random, nonce, sizeof nonce);
    crypto_sign_public(seed, public_key);
    sealing_key(service, key);
    struct str sealed =
        crypto_seal(arena, key, nonce, about(arena, id), (struct str){(const char *)seed, sizeof seed});
    crypto_wipe(key, sizeof key);
    crypto_wipe(seed, sizeof seed);
    return q_gate_key_add(db,
                          (struct gate_key_add_in){.id = id, .sealed = sealed, .now = now,
                                                   .public_key = {(const char *)public_key, sizeof public_key}},
                          NULL, fault);
}

enum err gate_key_ensure_in(const struct service *service, struct db *db, struct arena *arena, instant now,
                            struct fault *fault)
{
    struct gate_key_signing_row row;
    bool found = false;
    enum err err = q_gate_key_signing(db, arena, &row, &found, fault);
    return err != OK || found ? err : key_add(service, db, arena, 1, now, fault);
}

struct making {
    const struct service *service;
    instant now;
    bool found;
    int key_id;
};

static enum err look(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct making *m = argument;
    struct gate_key_signing_row row;
    return q_gate_key_signing(db, arena, &row, &m->found, fault);
}

static enum err make(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct making *m = argument;
    return gate_key_ensure_in(m->service, db, arena, m->now, fault);
}

enum err gate_key_ensure(struct service *service, struct arena *arena, struct fault *fault)
{
    struct making m = {.service = service, .now = service_now(service)};
    enum err err = service_read(service, arena, look, &m, fault);
    return err != OK || m.found ? err : service_write(service, arena, make, 0, &m, fault);
}

static enum err rotate(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct making *m = argument;
    struct gate_key_last_row last;
    enum err err = q_gate_key_last(db, arena, &last, NULL, fault);
    if (err != OK)
        return err;
    if (last.id >= KEYS_MOST)
        return fault_set(fault, ERR_LIMIT, "there are %d keys already", KEYS_MOST);
    err = q_gate_key_retire(db, (struct gate_key_retire_in){.now = m->now}, NULL, fault);
    m->key_id = (int)last.id + 1;
    return err != OK ? err : key_add(m->service, db, arena, m->key_id, m->now, fault);
}

enum err gate_key_rotate(struct service *service, struct arena *arena, int *ret_key_id, struct fault *fault)
{
    struct making m = {.service = service, .now = service_now(service)};
    enum err err = service_write(service, arena, rotate, 0, &m, fault);
    if (err == OK)
        *ret_key_id = m.key_id;
    return err;
}

/* ---- signing and checking ---- */

enum err gate_signer_read(const struct service *service, struct db *db, struct arena *arena,
                          struct gate_signer *ret_signer, struct fault *fault)
{
    struct gate_key_signing_row row;
    bool found = false;
    enum err err = q_gate_key_signing(db, arena, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_BUG, "there is no key to sign tickets with");
    unsigned char key[CRYPTO_KEY];
    struct str seed;
    sealing_key(service, key);
    bool opened = crypto_unseal(arena, key, about(arena, row.id), row.sealed, &seed) && seed.n == CRYPTO_SIGN_SEED;
    crypto_wipe(key, sizeof key);
    if (!opened)
        return fault_set(fault, ERR_BUG, "gate key %lld does not open: was the service's secret changed?",
                         (long long)row.id);
    ret_signer->key_id = (int)row.id;
    memcpy(ret_signer->seed, seed.p, CRYPTO_SIGN_SEED);
    return OK;
}

void gate_signer_wipe(struct gate_signer *signer)
{
    crypto_wipe(signer->seed, sizeof signer->seed);
}

enum err gate_sign(const struct gate_signer *signer, struct arena *arena, struct ticket_code *code,
                   struct str *ret_digits, struct fault *fault)
{
    unsigned char body[TICKET_CODE_BODY], message[TICKET_CODE_MESSAGE], signature[CRYPTO_SIGNATURE];
    char digits[TICKET_CODE_SIZE];
    code->key_id = signer->key_id;
    if (!ticket_code_pack(code, body))
        return fault_set(fault, ERR_BUG, "ticket %s does not fit into a code", code->number);
    ticket_code_message(body, message);
    crypto_sign_message(signer->seed, (struct str){(const char *)message, sizeof message}, signature);
    ticket_code_write(body, signature, digits);
    *ret_digits = str_dup(arena, str_of(digits));
    return OK;
}

enum err gate_code_check(struct db *db, struct arena *arena, struct str digits, bool *ret_genuine,
                         struct ticket_code *ret_code, struct fault *fault)
{
    unsigned char body[TICKET_CODE_BODY], message[TICKET_CODE_MESSAGE], signature[CRYPTO_SIGNATURE];
    struct ticket_code code;
    struct gate_key_get_row row;
    bool found = false;
    *ret_genuine = false;
    if (!ticket_code_read(digits, body, signature) || !ticket_code_unpack(body, &code))
        return OK;
    enum err err = q_gate_key_get(db, arena, (struct gate_key_get_in){.id = code.key_id}, &row, &found, fault);
    if (err != OK || !found || row.public_key.n != CRYPTO_SIGN_PUBLIC)
        return err;
    ticket_code_message(body, message);
    if (!crypto_sign_check((const unsigned char *)row.public_key.p,
                           (struct str){(const char *)message, sizeof message}, signature))
        return OK;
    *ret_genuine = true;
    *ret_code = code;
    return OK;
}

static enum err signing(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct making *m = argument;
    struct gate_signer signer;
    enum err err = gate_signer_read(m->service, db, arena, &signer, fault);
    if (err == OK) {
        m->key_id = signer.key_id;
        gate_signer_wipe(&signer);
    }
    return err;
}

enum err gate_key_signing(struct service *service, struct arena *arena, int *ret_key_id, struct fault *fault)
{
    struct making m = {.service = service};
    enum err err = service_read(service, arena, signing, &m, fault);
    if (err == OK)
        *ret_key_id = m.key_id;
    return err;
}
