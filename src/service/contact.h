/* Contacts: people to whom the tickets of a visit can be attributed instead of the buyer (CRT-2).
 *
 * All of them are the organisation's: another one's is not found. */
#ifndef GUICHET_SERVICE_CONTACT_H
#define GUICHET_SERVICE_CONTACT_H

#include "service/account.h"

enum contact_kind { CONTACT_CUSTOMER, CONTACT_COLLEAGUE, CONTACT_GUIDE };
enum { CONTACT_KINDS = CONTACT_GUIDE + 1 };

/* `customer`, `colleague`, `guide`. */
const char *contact_kind_name(enum contact_kind kind);
bool contact_kind_parse(struct str name, enum contact_kind *ret_kind);

struct contact_fields {
    enum contact_kind kind;
    struct str last_name, first_name, email;
    struct str phone; /* may be empty */
    enum lang lang;   /* of the mail that brings the tickets (ALL-1) */
};

struct contact {
    int64_t id;
    struct contact_fields fields;
};
struct contacts {
    struct contact *p;
    size_t n;
};

/* By name; at most LIMIT_CONTACTS. */
enum err contact_list(struct service *service, struct arena *arena, struct caller caller, struct contacts *ret_contacts,
                      struct fault *fault);
/* The same inside a transaction that is open. */
enum err contact_list_in(struct db *db, struct arena *arena, int64_t organisation_id, struct contacts *ret_contacts,
                         struct fault *fault);

/* ERR_NOT_FOUND: not there, removed, or another organisation's. */
enum err contact_get(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                     struct contact *ret_contact, struct fault *fault);

struct contact_answer {
    enum account_refusal refusal;
    int64_t id;
};

/* «Créer»; the same form sent twice gives the same contact. */
enum err contact_create(struct service *service, struct arena *arena, struct caller caller,
                        struct contact_fields fields, struct contact_answer *ret_answer, struct fault *fault);
/* ERR_NOT_FOUND as contact_get. */
enum err contact_update(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                        struct contact_fields fields, struct contact_answer *ret_answer, struct fault *fault);
/* Out of the list; orders that went to the contact keep it. Asked for twice it is done once: the answer's id is 0 when
 * there was no such contact of the organisation (any more). */
enum err contact_remove(struct service *service, struct arena *arena, struct caller caller, int64_t id,
                        struct contact_answer *ret_answer, struct fault *fault);

#endif
