/* The demonstration network: 101 monuments, the rules of the FAQ, plannings of 15 months, two accounts, and
 * the operator's people.
 *
 * Everything is fictional but the monuments: addresses end in .example, telephone numbers are of the ranges reserved
 * for films, registration numbers are not given to anybody. */
#ifndef GUICHET_SERVICE_DEMO_H
#define GUICHET_SERVICE_DEMO_H

#include "service/service.h"

struct demo_options {
    uint64_t seed; /* of the pattern of plannings; the same seed on the same day gives the same plannings */
    int months;    /* of plannings from today on; 0: 15 */
    bool quiet;    /* no options of other customers: every place of an open slot is left, for tests */
};

/* Fills an empty database in one transaction: legal texts, monuments, rules, tariffs, slots, accounts. Does nothing and
 * sets *ret_seeded (may be NULL) to false when there is a monument already. Errors: the database's, ERR_BUSY of the
 * password gate, ERR_BUG when the embedded data cannot be read. */
enum err demo_seed(struct service *service, struct demo_options options, bool *ret_seeded, struct fault *fault);

struct demo_account {
    struct str what, email, password; /* «agency», «school»: the kind of its organisation */
};

/* The accounts that the seed makes, for printing and for tests. Static. */
const struct demo_account *demo_accounts(size_t *ret_count);

/* One of the agency's other people; the password is the agency's. */
struct demo_member {
    struct str role, email;
};
const struct demo_member *demo_members(size_t *ret_count);

/* One of the operator's people for each role, with the secret of the second factor in base32, to be typed into an app or
 * given to `guichet user code`. The password is the same for all. */
struct demo_staff {
    struct str role, email, secret;
};
const struct demo_staff *demo_staff(size_t *ret_count);
struct str demo_staff_password(void);

/* An address that the seed makes known to the public shop, so that its refusal can be seen (ACC-2). */
struct str demo_public_email(void);

#endif
