/* Accounts of tourism professionals: an organisation and its person (ACC-1 to ACC-4).
 *
 * A refusal is in the answer and names the field it belongs to; a failure is an `enum err`. ERR_BUSY (too many password
 * computations or writes at once) means «come back in a moment». Texts of answers live in the arena.
 *
 * The web room limits the rate of: account_sign_up, account_sign_in, account_resend_verification,
 * account_password_forgotten, account_verify, account_reset_check, account_password_reset (by network address, the
 * first four also by e-mail) and account_password_change (by person): ACC-2 rests on it. */
#ifndef GUICHET_SERVICE_ACCOUNT_H
#define GUICHET_SERVICE_ACCOUNT_H

#include "service/service.h"

/* Why a form about an account, a leader or a contact is refused. Each has a message (`account.refusal.<word>`). */
enum account_refusal {
    ACCOUNT_REFUSED_NOT = 0,
    ACCOUNT_ORGANISATION_NAME, /* missing, too long or not readable text; likewise the fields below */
    ACCOUNT_ORGANISATION_KIND,
    ACCOUNT_COUNTRY,
    ACCOUNT_REGISTRATION,      /* in France a SIRET with its check digits, elsewhere any register's number */
    ACCOUNT_VAT_NUMBER,        /* may be empty */
    ACCOUNT_ADDRESS,
    ACCOUNT_POSTCODE,
    ACCOUNT_CITY,
    ACCOUNT_FIRST_NAME,
    ACCOUNT_LAST_NAME,
    ACCOUNT_EMAIL,             /* not an address */
    ACCOUNT_EMAIL_PUBLIC,      /* ACC-2: known to the public ticket shop; another address is needed */
    ACCOUNT_EMAIL_TAKEN,       /* ACC-2: has an account here; another address is needed */
    ACCOUNT_PHONE,
    ACCOUNT_PERSON_KIND,       /* of a leader or a contact */
    ACCOUNT_PASSWORD_SHORT,    /* fewer than PASSWORD_MIN characters */
    ACCOUNT_PASSWORD_LONG,     /* more than LIMIT_PASSWORD bytes */
    ACCOUNT_PASSWORD_IS_EMAIL,
    ACCOUNT_PASSWORD_NOT_TEXT, /* not well-formed UTF-8 */
    ACCOUNT_PASSWORD_WRONG,    /* the old password is not the one in force */
    ACCOUNT_SIGN_IN_WRONG,     /* no account with this e-mail and password, without saying which is wrong */
    ACCOUNT_UNVERIFIED,        /* the password is right, but the e-mail waits for its link, which was sent again */
    ACCOUNT_LINK_UNKNOWN,
    ACCOUNT_LINK_EXPIRED,
    ACCOUNT_LINK_USED,
    ACCOUNT_LIST_FULL,         /* LIMIT_LEADERS or LIMIT_CONTACTS */
    ACCOUNT_PLACEHOLDER,       /* «Guide Type» and «Accompagnateur Type» are not edited or removed */
    ACCOUNT_SECOND_FACTOR,     /* the password is right; a code is asked for next (ACC-6) */
    ACCOUNT_CODE_WRONG,        /* neither a code of now nor a recovery code that is left */
    ACCOUNT_CODE_USED,         /* this code was used already: wait for the next one */
    ACCOUNT_CODE_WAIT,         /* too many wrong codes: none is looked at for a while */
    ACCOUNT_STEP_ENDED,        /* what was begun is over: sign in, or begin, again */
    ACCOUNT_FACTOR_ON,         /* there is a second factor already */
    ACCOUNT_ROLE,              /* not a role that can be given here */
    ACCOUNT_LAST_MANAGER,      /* an organisation keeps at least one manager (ACC-5) */
    ACCOUNT_OFTEN,             /* too many invitations in an hour */
    ACCOUNT_MONUMENTS,         /* this role needs at least one monument, and one that exists */
    ACCOUNT_LAST_ADMINISTRATOR, /* the network keeps at least one administrator */
    ACCOUNT_CARD               /* number of a guide's card: not readable, too long, or a day without a number (COM-5) */
};
enum { ACCOUNT_REFUSALS = ACCOUNT_CARD + 1 };

/* The refusal's word («email-taken») and the name of the form field it is shown beside («email»; empty: the form). */
struct str account_refusal_word(enum account_refusal refusal);
struct str account_refusal_field(enum account_refusal refusal);

/* The kinds of organisation that may register: «agency», «school», …; labels: messages `organisation.kind.<word>`. */
size_t organisation_kind_count(void);
struct str organisation_kind(size_t index);

struct organisation_fields {
    struct str name;
    struct str kind;
    struct str country;      /* ISO 3166 alpha-2 */
    struct str registration; /* SIRET in France, with or without blanks */
    struct str vat_number;   /* may be empty */
    struct str address, postcode, city;
};

struct sign_up {
    struct organisation_fields organisation;
    struct str first_name, last_name, email, phone, password;
    enum lang lang;
};

struct sign_up_answer {
    enum account_refusal refusal;
    int64_t person_id;
    int64_t organisation_id;
    bool again; /* the same form arrived before: nothing was written now, and the answer to the customer is the same */
};

/* Opens an account and mails the link that verifies its address (ACC-1, ACC-2); with it come the two placeholder
 * leaders (COM-1). Of several sign-ups with one address at the same moment exactly one succeeds. */
enum err account_sign_up(struct service *service, struct arena *arena, struct sign_up sign_up,
                         struct sign_up_answer *ret_answer, struct fault *fault);

struct link_answer {
    enum account_refusal refusal; /* ACCOUNT_LINK_… */
    bool already;                 /* verified by an earlier click: not a refusal */
    struct str email;             /* whose link it is; empty when unknown */
};

/* The link of the first mail was clicked (ACC-1). */
enum err account_verify(struct service *service, struct arena *arena, struct str token, struct link_answer *ret_answer,
                        struct fault *fault);

/* Mails a new verification link if there is such an account and it needs one; the answer never tells. */
enum err account_resend_verification(struct service *service, struct arena *arena, struct str email,
                                     struct fault *fault);

/* Mails a link for a new password if there is such an account (ACC-4); the answer never tells. */
enum err account_password_forgotten(struct service *service, struct arena *arena, struct str email,
                                    struct fault *fault);

/* What the link of that mail is worth, before the form for the new password is shown. Changes nothing. */
enum err account_reset_check(struct service *service, struct arena *arena, struct str token,
                             struct link_answer *ret_answer, struct fault *fault);

/* Takes the new password, once; ends every session and every other such link; verifies the address, which the mail has
 * just proved. */
enum err account_password_reset(struct service *service, struct arena *arena, struct str token, struct str password,
                                struct link_answer *ret_answer, struct fault *fault);

/* Takes a new password of the signed-in person and ends the person's other sessions than `session_id`. */
enum err account_password_change(struct service *service, struct arena *arena, struct caller caller, int64_t session_id,
                                 struct str old_password, struct str new_password, enum account_refusal *ret_refusal,
                                 struct fault *fault);

struct account {
    struct organisation_fields organisation;
    bool transfer_allowed; /* CRT-4 */
    struct str first_name, last_name, email, phone;
    enum lang lang; /* of the person's mails */
    instant created_at;
};

/* The signed-in person and the organisation. ERR_NOT_FOUND when the caller is nobody's member. */
enum err account_read(struct service *service, struct arena *arena, struct caller caller, struct account *ret_account,
                      struct fault *fault);

/* Changes the organisation of the caller. */
enum err organisation_update(struct service *service, struct arena *arena, struct caller caller,
                             struct organisation_fields fields, enum account_refusal *ret_refusal, struct fault *fault);

struct person_fields {
    struct str first_name, last_name, phone;
    enum lang lang;
};

/* Changes the caller's own data; the e-mail of an account does not change (ACC-3). */
enum err person_update(struct service *service, struct arena *arena, struct caller caller, struct person_fields fields,
                       enum account_refusal *ret_refusal, struct fault *fault);

/* Forgets links and sessions that ended; for the housekeeping job. */
enum err account_sweep(struct service *service, struct arena *arena, struct fault *fault);

#endif
