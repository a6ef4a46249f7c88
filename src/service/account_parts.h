/* What the services of accounts, sessions, leaders and contacts share; nobody else includes it. */
#ifndef GUICHET_SERVICE_ACCOUNT_PARTS_H
#define GUICHET_SERVICE_ACCOUNT_PARTS_H

#include "service/account.h"

/* Bytes of randomness in a link or cookie, and characters of the longest token that is looked up at all. */
enum { ACCOUNT_TOKEN_BYTES = 32, ACCOUNT_TOKEN_LONGEST = 64 };

/* What the database keeps of a token: SHA-256 in hexadecimal. A token is random, so no key or salt is needed. */
struct str account_token_hash(struct arena *arena, struct str token);

/* Trims *text and says whether it is 1 to `most` characters of one line: names are printed on invoices and tickets and
 * stand in the headers of mails, where a line break would be somebody else's line. */
bool account_line(struct str *text, size_t most);

/* First and last name, e-mail and phone as accounts, leaders and contacts have them: normalised in place, phone and
 * e-mail checked. `phone_needed` false lets the phone be empty. */
struct account_reach {
    struct str *first_name, *last_name, *email, *phone;
    bool phone_needed;
};
enum account_refusal account_reach_check(struct arena *arena, struct account_reach reach);

/* Normalises `fields` in place and checks each (ACC-1). */
enum account_refusal account_organisation_check(struct arena *arena, struct organisation_fields *fields);

enum account_refusal account_password_check(struct str password, struct str email);

/* The order of `count` people as indices: by rank, then by last and first name as a reader expects them. Done here
 * because engines and their locales sort differently. */
struct account_sort_name {
    int rank;
    struct str last_name, first_name;
};
size_t *account_sorted(struct arena *arena, const struct account_sort_name *names, size_t count);

enum account_link_kind { ACCOUNT_LINK_VERIFY, ACCOUNT_LINK_RESET };
struct str account_link_word(enum account_link_kind kind);

/* To whom a one-time link goes. */
struct account_link {
    enum account_link_kind kind;
    int64_t person_id, organisation_id;
    struct str email, name;
    enum lang lang;
    struct str token; /* drawn before the write, so that a repeated run mails the same */
    instant now;
};

/* Writes the link and its mail into the transaction that is open. At most ACCOUNT_LINKS_AN_HOUR are sent to a person;
 * beyond them nothing is written and the answer is OK all the same. */
enum { ACCOUNT_LINKS_AN_HOUR = 5 };
enum err account_link_send(struct db *db, struct arena *arena, const struct account_link *link, struct fault *fault);

/* Adds an act of the caller to the audit; `subject` is «leader 12» made of `what` and `id`. */
enum err account_audit(struct db *db, struct arena *arena, struct caller caller, instant now, struct str act,
                       const char *what, int64_t id, struct fault *fault);

#endif
