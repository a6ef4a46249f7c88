/* What customer service does for one customer (OPS-1): notes, options, mails, corrections, and the customer's own pages
 * while somebody acts for them.
 *
 * Each act asks for its task, notes who, when, why, before and after in the audit, in the transaction that does it, and
 * is about one organisation: a row of another one is ERR_NOT_FOUND. When the process dies an act is there with its note
 * and its mail, or not at all. */
#ifndef GUICHET_SERVICE_CUSTOMER_H
#define GUICHET_SERVICE_CUSTOMER_H

#include "service/account.h"
#include "service/permit.h"
#include "service/refusal.h"
#include "service/staff_session.h"

enum { CUSTOMER_NOTE_MOST = 2000 }; /* characters of a note */

/* Who does it, to whom, and why. ERR_INPUT for a reason that is empty or longer than STAFF_REASON_MOST characters: pages
 * check it before. */
struct customer_act {
    const struct staff_caller *caller;
    int64_t organisation_id;
    struct str reason;
    struct str request_key; /* the form's own: one that comes again does nothing again; empty: any time anew */
};

enum customer_refusal {
    CUSTOMER_REFUSED_NOT = 0,
    CUSTOMER_OPTION_ENDED,  /* it is no option any more */
    CUSTOMER_OPTION_PAYING, /* a payment for it is under way */
    CUSTOMER_NOT_LATER,     /* the new end is not after the present one */
    CUSTOMER_AFTER_CONFIRM, /* after the last moment to confirm (OPT-1): may be overridden, and says so */
    CUSTOMER_AFTER_START,   /* after the visit's start: never */
    CUSTOMER_MAIL_WAITING,  /* it has not even gone out the first time */
    CUSTOMER_MAIL_GONE,     /* its link has been used, or nobody waits for it any more */
    CUSTOMER_MAIL_OFTEN     /* too many links in an hour */
};

/* For services of the operator's side, inside a write: notes the form. *ret_first false: it came before. */
enum err staff_form_once(struct db *db, int64_t staff_id, struct str request_key, instant now, bool *ret_first,
                         struct fault *fault);
/* Whether a reason is one: trimmed, not empty, not too long, readable. */
bool staff_reason_good(struct str reason);

/* What the pages of these acts show of the customer (TASK_CUSTOMER_VIEW). */
struct customer_member {
    int64_t id;
    struct str first_name, last_name, email;
    enum role role;
};
struct customer_head {
    struct organisation_fields organisation;
    struct customer_member *people; /* those that have not left */
    size_t people_count;
};
enum err customer_head_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t organisation_id, struct customer_head *ret_head, struct fault *fault);

/* ---- acting on behalf ---- */

/* The session of the customers' pages while `head` acts for a person: its caller is staff_acting_caller's, session_id
 * 0. *ret_found false: it acts for nobody (any more). */
enum err customer_acting_head(struct service *service, struct arena *arena, const struct staff_head *head,
                              struct session_head *ret_session, bool *ret_found, struct fault *fault);

/* Mails the buyer of a pending order the way to its payment, since customer service never pays in a customer's name.
 * `caller` acts on behalf (TASK_ORDER with staff_id). Refusals: REFUSED_PAID, REFUSED_ORDER_ENDED. */
enum err customer_payment_link(struct service *service, struct arena *arena, const struct caller *caller,
                               struct str order_ref, struct str request_key, enum refusal *ret_refusal,
                               struct fault *fault);

/* ---- notes ---- */

/* Adds a note to the timeline (TASK_CUSTOMER_NOTE); act->reason is not used. ERR_INPUT: empty, or longer than
 * CUSTOMER_NOTE_MOST characters. Notes are never changed. */
enum err customer_note_add(struct service *service, struct arena *arena, const struct customer_act *act,
                           struct str body, struct fault *fault);

/* ---- options ---- */

struct customer_option {
    int64_t visit_id;
    struct str monument, holder;
    instant start_at, placed_at, ends_at;
    instant confirm_by; /* the last moment to confirm, as the monument's rules have it */
    int persons;
    enum customer_refusal refusal; /* OPTION_ENDED, OPTION_PAYING: nothing can be done with it */
};

/* TASK_CUSTOMER_VIEW. */
enum err customer_option_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t organisation_id, int64_t visit_id, struct customer_option *ret_option,
                              struct fault *fault);
/* Gives it a later end (OPT-7, TASK_OPTION_EXTEND) and tells the holder. Not after the last moment to confirm, unless
 * `beyond`; never after the visit's start. */
enum err customer_option_extend(struct service *service, struct arena *arena, const struct customer_act *act,
                                int64_t visit_id, instant ends_at, bool beyond, enum customer_refusal *ret_refusal,
                                struct fault *fault);
/* Ends it; its places return at once, the holder is told (TASK_OPTION_CANCEL). */
enum err customer_option_cancel(struct service *service, struct arena *arena, const struct customer_act *act,
                                int64_t visit_id, enum customer_refusal *ret_refusal, struct fault *fault);

/* ---- mails ---- */

struct customer_mail {
    struct str kind, recipient;
    bool link; /* its link is made anew: the old one is worth nothing then */
    bool waiting;
};

enum err customer_mail_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            int64_t organisation_id, int64_t mail_id, struct customer_mail *ret_mail,
                            struct fault *fault);
/* Sends a mail of the timeline again (TASK_RESEND): composed anew from what is true now. What went to who has left the
 * organisation goes to a manager. Mails with a one-time link get a new link. */
enum err customer_mail_resend(struct service *service, struct arena *arena, const struct customer_act *act,
                              int64_t mail_id, enum customer_refusal *ret_refusal, struct fault *fault);

/* ---- corrections (TASK_CUSTOMER_CORRECT) ---- */

enum err customer_correct_organisation(struct service *service, struct arena *arena, const struct customer_act *act,
                                       struct organisation_fields fields, enum account_refusal *ret_refusal,
                                       struct fault *fault);

struct customer_person {
    struct person_fields fields;
    struct str email;
    enum role role;
    bool factor; /* has a second factor */
};
/* TASK_CUSTOMER_VIEW. */
enum err customer_person_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                              int64_t organisation_id, int64_t person_id, struct customer_person *ret_person,
                              struct fault *fault);
/* Name, phone and language; the e-mail does not change (ACC-3). */
enum err customer_correct_person(struct service *service, struct arena *arena, const struct customer_act *act,
                                 int64_t person_id, struct person_fields fields, enum account_refusal *ret_refusal,
                                 struct fault *fault);

#endif
