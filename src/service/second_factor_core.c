/* Second factors inside a transaction: for customers and the operator's people alike. */
#include <string.h>

#include "service/account_parts.h"
#include "service/second_factor_parts.h"
#include "service/settings.h"
#include "store/queries.h"

enum { CODE_LENGTH = 10, CODE_HALF = 5, LONGEST_CODE = 40 };

static struct maybe_int id_or_null(int64_t id)
{
    return (struct maybe_int){.is = id != 0, .v = id};
}

/* One key for sealing and hashing of second factors, so that no other use of the service's secret meets it. */
static void factor_key(const struct service *service, unsigned char ret_key[CRYPTO_KEY])
{
    crypto_keyed_hash(service->secret, S("second factor"), ret_key, CRYPTO_KEY);
}

static struct str about(struct arena *arena, struct factor_owner owner)
{
    return owner.staff_id != 0 ? str_format(arena, "staff %lld", (long long)owner.staff_id)
                               : str_format(arena, "person %lld", (long long)owner.person_id);
}

static enum err factor_find(struct db *db, struct arena *arena, struct factor_owner owner,
                            struct factor_get_row *ret_row, bool *ret_found, struct fault *fault)
{
    return q_factor_get(db, arena,
                        (struct factor_get_in){.person_id = id_or_null(owner.person_id),
                                               .staff_id = id_or_null(owner.staff_id)},
                        ret_row, ret_found, fault);
}

static struct str seal(const struct service *service, struct arena *arena, struct factor_owner owner,
                       const struct factor_draw *draw)
{
    unsigned char key[CRYPTO_KEY];
    factor_key(service, key);
    struct str sealed = crypto_seal(arena, key, draw->nonce, about(arena, owner),
                                    (struct str){(const char *)draw->secret, TOTP_SECRET});
    crypto_wipe(key, sizeof key);
    return sealed;
}

static enum err unseal(const struct service *service, struct arena *arena, struct factor_owner owner, struct str sealed,
                       unsigned char ret_secret[TOTP_SECRET], struct fault *fault)
{
    unsigned char key[CRYPTO_KEY];
    struct str secret;
    factor_key(service, key);
    bool opened = crypto_unseal(arena, key, about(arena, owner), sealed, &secret) && secret.n == TOTP_SECRET;
    crypto_wipe(key, sizeof key);
    if (!opened)
        return fault_set(fault, ERR_BUG, "a second factor (%.*s) does not open: was the service's secret changed?",
                         STR_ARG(about(arena, owner)));
    memcpy(ret_secret, secret.p, TOTP_SECRET);
    return OK;
}

void factor_draw(struct service *service, struct arena *arena, struct factor_draw *ret_draw)
{
    random_fill(&service->random, ret_draw->secret, TOTP_SECRET);
    random_fill(&service->random, ret_draw->nonce, CRYPTO_NONCE);
    for (int i = 0; i < FACTOR_CODES; i++)
        ret_draw->codes[i] = random_code(&service->random, arena, CODE_LENGTH);
}

/* ---- setting up ---- */

enum err factor_state_in(struct db *db, struct arena *arena, struct factor_owner owner, struct factor_state *ret_state,
                         struct fault *fault)
{
    struct factor_get_row row;
    bool found = false;
    enum err err = factor_find(db, arena, owner, &row, &found, fault);
    if (err != OK)
        return err;
    *ret_state = found && row.confirmed_at.is ? (struct factor_state){.on = true, .codes_left = (int)row.codes}
                                              : (struct factor_state){.on = false};
    return OK;
}

static enum err setup_show(struct db *db, struct arena *arena, struct str account,
                           const unsigned char secret[TOTP_SECRET], struct factor_setup *ret_setup, struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    if (err == OK)
        *ret_setup = (struct factor_setup){
            .secret = totp_base32(arena, secret),
            .uri = totp_uri(arena, settings_network_name(&settings, LANG_FR), account, secret)};
    return err;
}

enum err factor_drop_in(struct db *db, struct arena *arena, struct factor_owner owner, struct fault *fault)
{
    struct factor_get_row row;
    bool found = false;
    enum err err = factor_find(db, arena, owner, &row, &found, fault);
    if (err != OK || !found)
        return err;
    err = q_factor_codes_drop(db, (struct factor_codes_drop_in){.factor_id = row.id}, NULL, fault);
    if (err == OK)
        err = q_factor_drop(db, (struct factor_drop_in){.id = row.id}, NULL, fault);
    return err;
}

static enum err factor_insert(const struct service *service, struct db *db, struct arena *arena,
                              struct factor_owner owner, const struct factor_draw *draw, instant now, int64_t *ret_id,
                              struct fault *fault)
{
    struct factor_add_row row;
    bool added = false;
    enum err err = q_factor_add(db, arena,
                                (struct factor_add_in){.person_id = id_or_null(owner.person_id),
                                                       .staff_id = id_or_null(owner.staff_id),
                                                       .secret = seal(service, arena, owner, draw),
                                                       .created_at = now},
                                &row, &added, fault);
    if (err == OK && !added)
        return fault_set(fault, ERR_BUSY, "a second factor was made at the same moment");
    if (err == OK)
        *ret_id = row.id;
    return err;
}

enum err factor_begin_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                         struct str account, const struct factor_draw *draw, instant now,
                         struct factor_setup *ret_setup, struct fault *fault)
{
    struct factor_get_row row;
    unsigned char secret[TOTP_SECRET];
    bool found = false;
    int64_t id = 0;
    memcpy(secret, draw->secret, TOTP_SECRET);
    enum err err = factor_find(db, arena, owner, &row, &found, fault);
    if (err != OK)
        return err;
    if (found && row.confirmed_at.is) {
        *ret_setup = (struct factor_setup){.refusal = ACCOUNT_FACTOR_ON};
        return OK;
    }
    if (found && now - row.created_at < FACTOR_SETUP_SECONDS) {
        err = unseal(service, arena, owner, row.secret, secret, fault);
    } else {
        if (found)
            err = factor_drop_in(db, arena, owner, fault);
        if (err == OK)
            err = factor_insert(service, db, arena, owner, draw, now, &id, fault);
    }
    if (err == OK)
        err = setup_show(db, arena, account, secret, ret_setup, fault);
    crypto_wipe(secret, sizeof secret);
    return err;
}

/* ---- recovery codes ---- */

/* Capitals and digits of what was typed; empty when it cannot be a recovery code. */
static struct str code_normal(struct arena *arena, struct str typed)
{
    if (typed.n > LONGEST_CODE)
        return S("");
    char *p = arena_alloc(arena, typed.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-' || c == '\t')
            continue;
        p[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return n == CODE_LENGTH ? (struct str){p, n} : S("");
}

static struct str code_hash(const struct service *service, struct arena *arena, struct str code)
{
    unsigned char key[CRYPTO_KEY], hash[CRYPTO_DIGEST];
    factor_key(service, key);
    crypto_keyed_hash(key, code, hash, sizeof hash);
    crypto_wipe(key, sizeof key);
    return str_hex(arena, hash, sizeof hash);
}

static enum err codes_write(const struct service *service, struct db *db, struct arena *arena, int64_t factor_id,
                            const struct factor_draw *draw, struct factor_codes *ret_codes, struct fault *fault)
{
    struct str *shown = ARENA_ARRAY(arena, FACTOR_CODES, struct str);
    enum err err = q_factor_codes_drop(db, (struct factor_codes_drop_in){.factor_id = factor_id}, NULL, fault);
    for (int i = 0; err == OK && i < FACTOR_CODES; i++) {
        struct str code = draw->codes[i];
        shown[i] = str_format(arena, "%.*s-%.*s", CODE_HALF, code.p, CODE_LENGTH - CODE_HALF, code.p + CODE_HALF);
        err = q_factor_code_add(
            db,
            (struct factor_code_add_in){.factor_id = factor_id, .code_hash = code_hash(service, arena, code)}, NULL,
            fault);
    }
    if (err == OK)
        *ret_codes = (struct factor_codes){.p = shown, .n = FACTOR_CODES};
    return err;
}

/* ---- codes that somebody typed ---- */

static bool must_wait(const struct factor_get_row *row, instant now)
{
    return row->wrong_count >= FACTOR_TRIES && now - row->wrong_since < FACTOR_SECONDS;
}

static enum err note_wrong(struct db *db, int64_t factor_id, instant now, struct fault *fault)
{
    return q_factor_wrong(
        db, (struct factor_wrong_in){.id = factor_id, .now = now, .since = now - FACTOR_SECONDS}, NULL, fault);
}

enum err factor_confirm_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                           struct str account, const struct factor_draw *draw, struct str code, instant now,
                           struct factor_codes *ret_codes, struct fault *fault)
{
    struct factor_get_row row;
    unsigned char secret[TOTP_SECRET];
    bool found = false;
    int64_t step = 0, changed = 0;
    enum err err = factor_find(db, arena, owner, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found || row.confirmed_at.is || now - row.created_at >= FACTOR_SETUP_SECONDS) {
        *ret_codes = (struct factor_codes){.refusal = found && row.confirmed_at.is ? ACCOUNT_FACTOR_ON
                                                                                   : ACCOUNT_STEP_ENDED};
        return OK;
    }
    err = unseal(service, arena, owner, row.secret, secret, fault);
    if (err != OK)
        return err;
    struct factor_codes answer = {.refusal = ACCOUNT_CODE_WRONG};
    if (must_wait(&row, now))
        answer.refusal = ACCOUNT_CODE_WAIT;
    else if (totp_verify(secret, code, now, row.last_step, &step) == TOTP_RIGHT)
        err = q_factor_confirm(db, (struct factor_confirm_in){.id = row.id, .now = now, .step = step}, &changed, fault);
    else
        err = note_wrong(db, row.id, now, fault);
    if (err == OK && changed > 0)
        err = codes_write(service, db, arena, row.id, draw, &answer, fault);
    else if (err == OK)
        err = setup_show(db, arena, account, secret, &answer.setup, fault);
    crypto_wipe(secret, sizeof secret);
    if (err == OK)
        *ret_codes = answer;
    return err;
}

static enum err check_totp(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                           const struct factor_get_row *row, struct str code, instant now,
                           enum account_refusal *ret_refusal, struct fault *fault)
{
    unsigned char secret[TOTP_SECRET];
    int64_t step = 0, changed = 0;
    enum err err = unseal(service, arena, owner, row->secret, secret, fault);
    if (err != OK)
        return err;
    enum totp_verdict verdict = totp_verify(secret, code, now, row->last_step, &step);
    crypto_wipe(secret, sizeof secret);
    if (verdict == TOTP_WRONG) {
        *ret_refusal = ACCOUNT_CODE_WRONG;
        return note_wrong(db, row->id, now, fault);
    }
    if (verdict == TOTP_RIGHT)
        err = q_factor_accept(db, (struct factor_accept_in){.id = row->id, .step = step}, &changed, fault);
    if (err == OK)
        *ret_refusal = changed > 0 ? ACCOUNT_REFUSED_NOT : ACCOUNT_CODE_USED;
    return err;
}

static enum err check_recovery(const struct service *service, struct db *db, struct arena *arena,
                               const struct factor_get_row *row, struct str code, instant now,
                               enum account_refusal *ret_refusal, struct fault *fault)
{
    int64_t changed = 0;
    enum err err = q_factor_code_use(
        db,
        (struct factor_code_use_in){
            .factor_id = row->id, .code_hash = code_hash(service, arena, code), .now = now},
        &changed, fault);
    if (err != OK)
        return err;
    *ret_refusal = changed > 0 ? ACCOUNT_REFUSED_NOT : ACCOUNT_CODE_WRONG;
    return changed > 0 ? q_factor_right(db, (struct factor_right_in){.id = row->id}, NULL, fault)
                       : note_wrong(db, row->id, now, fault);
}

enum err factor_check_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                         struct str code, instant now, enum account_refusal *ret_refusal, struct fault *fault)
{
    struct factor_get_row row;
    bool found = false;
    enum err err = factor_find(db, arena, owner, &row, &found, fault);
    if (err != OK)
        return err;
    if (!found || !row.confirmed_at.is)
        return fault_set(fault, ERR_NOT_FOUND, "no second factor (%.*s)", STR_ARG(about(arena, owner)));
    if (must_wait(&row, now)) {
        *ret_refusal = ACCOUNT_CODE_WAIT;
        return OK;
    }
    struct str recovery = code_normal(arena, code);
    return recovery.n > 0 ? check_recovery(service, db, arena, &row, recovery, now, ret_refusal, fault)
                          : check_totp(service, db, arena, owner, &row, code, now, ret_refusal, fault);
}

enum err factor_codes_renew_in(const struct service *service, struct db *db, struct arena *arena,
                               struct factor_owner owner, const struct factor_draw *draw,
                               struct factor_codes *ret_codes, struct fault *fault)
{
    struct factor_get_row row;
    bool found = false;
    enum err err = factor_find(db, arena, owner, &row, &found, fault);
    if (err == OK && !found)
        return fault_set(fault, ERR_NOT_FOUND, "no second factor");
    return err != OK ? err : codes_write(service, db, arena, row.id, draw, ret_codes, fault);
}

enum err factor_install_in(const struct service *service, struct db *db, struct arena *arena, struct factor_owner owner,
                           const struct factor_draw *draw, instant now, struct fault *fault)
{
    int64_t id = 0;
    enum err err = factor_insert(service, db, arena, owner, draw, now, &id, fault);
    if (err == OK)
        err = q_factor_confirm(db, (struct factor_confirm_in){.id = id, .now = now, .step = 1}, NULL, fault);
    return err;
}

enum err sign_in_step_open(struct db *db, struct arena *arena, struct factor_owner owner, struct str password_hash,
                           struct str token, instant now, struct fault *fault)
{
    return q_sign_in_step_add(db,
                              (struct sign_in_step_add_in){.token_hash = account_token_hash(arena, token),
                                                           .person_id = id_or_null(owner.person_id),
                                                           .staff_id = id_or_null(owner.staff_id),
                                                           .password_hash = password_hash,
                                                           .created_at = now,
                                                           .expires_at = now + SIGN_IN_STEP_SECONDS},
                              NULL, fault);
}
