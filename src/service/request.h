/* Requests to monuments without slots (MON-2): a customer asks for a date, the monument accepts, proposes another time
 * or declines, under a response timer; what is accepted is paid online in one click or at the till.
 *
 * Two people at once: every change names the turn that its page showed, and is one conditional UPDATE. One wins, the
 * other gets REQUEST_REFUSED_CHANGED. A form sent twice (its key) is the same event and changes nothing.
 *
 * When the process dies: each change is one transaction with its event and its mails. Paying has two: the tickets in
 * the customer's cart, bound to the request; then the order of just these. Between the two they are simply in the
 * cart, and the same button finds them again. The payment itself is that of any order (service/payment.h); the
 * transaction that confirms the order also notes the request as paid. */
#ifndef GUICHET_SERVICE_REQUEST_H
#define GUICHET_SERVICE_REQUEST_H

#include "base/buf.h"
#include "domain/audience.h"
#include "domain/document.h"
#include "domain/leader.h"
#include "domain/opening.h"
#include "domain/request_state.h"
#include "domain/tariff.h"
#include "service/permit.h"
#include "service/refusal.h"

enum { REQUEST_WORDS_MOST = 2000, REQUEST_EVENTS_MOST = 200, REQUEST_LANGUAGES = 9 };

/* In which a group may ask to be received: «fr», «en» …; the message is `request.language.<code>`. */
extern const char *const request_languages[REQUEST_LANGUAGES];

/* Each has its message, `request.refused.<word>`. */
enum request_refusal {
    REQUEST_REFUSED_NOT = 0,
    REQUEST_REFUSED_SALE,       /* this monument has slots or dated tickets, or is not there */
    REQUEST_REFUSED_CLOSED,     /* it is closed that day; `closed` says why */
    REQUEST_REFUSED_SOON,       /* before the lead time of `number` days */
    REQUEST_REFUSED_FAR,        /* more than `number` days ahead */
    REQUEST_REFUSED_WINDOW,     /* no opening hour of that day is in the window, or the window is empty */
    REQUEST_REFUSED_NUMBER,     /* of persons */
    REQUEST_REFUSED_CAP,        /* as many open requests as an organisation may have: `number` */
    REQUEST_REFUSED_LEADER,     /* no such accompanying person (any more), or not of this kind */
    REQUEST_REFUSED_CHANGED,    /* somebody was quicker: look again */
    REQUEST_REFUSED_IMPOSSIBLE, /* not in this state */
    REQUEST_REFUSED_TIME,       /* the time to accept is outside the window that was asked for, or past */
    REQUEST_REFUSED_WORDS,      /* words are needed, or too long */
    REQUEST_REFUSED_TALK,       /* enough has been said about this request */
    REQUEST_REFUSED_PAYING,     /* a payment is under way */
    REQUEST_REFUSED_ONLINE      /* it cannot be paid online (any more): at the till */
};
const char *request_refusal_word(enum request_refusal refusal);

/* ---- the customer ---- */

struct request_wish {
    int64_t monument_id;
    day_number day;
    int from, to;           /* minutes of the local day: the visit begins in between, both included */
    int persons;            /* the whole group, leader included */
    enum audience audience;
    enum leader_kind leader;
    int64_t leader_id;      /* 0: not known yet */
    struct str visit_lang;  /* one of request_languages */
    struct str words;       /* may be empty */
    struct str request_key;
};
struct request_asked {
    enum request_refusal refusal;
    struct str ref;         /* «K7Q2-XD4M» */
    enum closed_why closed;
    int64_t number;
};
/* TASK_REQUEST. */
enum err request_ask(struct service *service, struct arena *arena, const struct caller *caller,
                     const struct request_wish *wish, struct request_asked *ret_asked, struct fault *fault);

struct request_line {
    struct str ref, monument, organisation, who;
    day_number day;
    int from, to, persons;
    enum request_state state;
    bool has_start, has_due, escalated;
    instant start_at, due_at, asked_at;
};
struct request_lines {
    struct request_line *p;
    size_t n;
};
/* The organisation's, the newest first. TASK_VIEW. */
enum err request_list(struct service *service, struct arena *arena, const struct caller *caller,
                      struct request_lines *ret_lines, struct fault *fault);

enum request_side { REQUEST_SIDE_CUSTOMER, REQUEST_SIDE_MONUMENT, REQUEST_SIDE_SERVICE, REQUEST_SIDE_TIME };
struct request_event_view {
    instant at;
    struct str act; /* «ask», «message», «remind», «escalate», or the name of an act */
    enum request_side side;
    struct str who;
    bool by_service; /* customer service, in the customer's name (OPS-1) */
    bool has_start;
    instant start_at;
    struct str words;
};
struct request_event_views {
    struct request_event_view *p; /* in their order */
    size_t n;
};

struct request_view {
    int64_t id, monument_id, organisation_id, visit_id;
    struct str ref, monument_slug, monument, monument_kind, city, contact_email, contact_phone;
    struct str organisation, asker, asker_email, asker_phone, leader_name, leader_email, leader_phone;
    enum lang lang; /* the asker's */
    day_number day;
    int from, to, persons;
    enum audience audience;
    enum leader_kind leader;
    struct str visit_lang;
    enum request_state state;
    int64_t turn;
    bool has_start, has_due, escalated;
    instant start_at, due_at, asked_at, changed_at;
    bool has_pay_until;  /* it was offered to be paid online */
    instant pay_until;
    bool payable;        /* «Payer» may be offered */
    struct price price;  /* when payable */
    struct str order_ref; /* being paid, or paid */
    bool paying, voided; /* voided: was paid, and its tickets were cancelled since */
    struct request_event_views events;
};
/* ERR_NOT_FOUND: no such request of this organisation. TASK_VIEW. */
enum err request_read(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                      struct request_view *ret_view, struct fault *fault);

/* What somebody does to a request, on either side. */
struct request_answer {
    struct str ref;
    enum request_act act;
    int64_t turn;           /* that the page showed */
    instant start_at;       /* ACCEPT, PROPOSE */
    struct str words;       /* needed for DECLINE and CANCEL */
    struct str request_key;
};
/* TAKE, LEAVE, WITHDRAW, CHOOSE_TILL. TASK_REQUEST. */
enum err request_answer(struct service *service, struct arena *arena, const struct caller *caller,
                        const struct request_answer *answer, enum request_refusal *ret_refusal, struct fault *fault);
/* A message to the monument. TASK_REQUEST. */
enum err request_say(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                     struct str words, struct str request_key, enum request_refusal *ret_refusal, struct fault *fault);

struct request_payment {
    enum request_refusal refusal;
    enum refusal order_refusal; /* of the order: terms, tariff, cart */
    struct str order_ref;       /* go on with payment_open; set also with REQUEST_REFUSED_PAYING */
    bool to_pay;                /* false: nothing was to be paid, or an order of before */
};
/* Online, in one click: an order of just this visit's tickets. TASK_ORDER. */
enum err request_pay(struct service *service, struct arena *arena, const struct caller *caller, struct str ref,
                     struct str terms_version, struct str request_key, struct request_payment *ret_payment,
                     struct fault *fault);

/* The reservation confirmation, for its page and as PDF, in the caller's language. ERR_NOT_FOUND: no such request of
 * this organisation, or not confirmed. TASK_VIEW. */
enum err request_confirmation(struct service *service, struct arena *arena, const struct caller *caller,
                              struct str ref, struct confirmation_sheet *ret_sheet, struct fault *fault);
enum err request_confirmation_pdf(struct service *service, struct arena *arena, const struct caller *caller,
                                  struct str ref, struct buf *out, struct fault *fault);

/* ---- the monument, and customer service: TASK_REQUEST_ANSWER ---- */

struct request_desk {
    struct request_lines waiting; /* for customer service the escalated first, for a monument what it is to answer */
    struct request_lines others;  /* answered or decided, the newest first */
    bool all;                     /* of every monument */
};
enum err request_desk_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct request_desk *ret_desk, struct fault *fault);
/* ERR_NOT_FOUND also for the request of a monument that is not the caller's. */
enum err request_desk_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           struct str ref, struct request_view *ret_view, struct fault *fault);
/* ACCEPT, PROPOSE, DECLINE, CANCEL. */
enum err request_desk_answer(struct service *service, struct arena *arena, const struct staff_caller *caller,
                             const struct request_answer *answer, enum request_refusal *ret_refusal,
                             struct fault *fault);
enum err request_desk_say(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct str ref, struct str words, struct str request_key,
                          enum request_refusal *ret_refusal, struct fault *fault);

/* ---- the day sheet: TASK_DAY_SHEET ---- */

struct request_visit {
    struct str ref;
    enum request_state state; /* accepted and till: to be paid; paid */
    instant start_at;
    int persons;
    enum audience audience;
    enum leader_kind leader;
    struct str visit_lang, organisation, booker, booker_phone;
    struct str leader_name, leader_phone; /* empty: not named */
    struct str order_ref;                 /* of the tickets, once paid */
};
struct request_visits {
    struct request_visit *p;
    size_t n;
};
/* Confirmed visits of a local day by time. ERR_NOT_FOUND: not the caller's monument. */
enum err request_visits_of_day(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               int64_t monument_id, day_number day, struct request_visits *ret_visits,
                               struct fault *fault);

/* ---- for other parts of the service ---- */

/* Inside the write command that confirms a visit's order: a request's visit is paid. What was withdrawn or cancelled
 * meanwhile stays so, and customer service is told that its money arrived. Any other visit: nothing. */
enum err request_paid(struct db *db, struct arena *arena, int64_t visit_id, instant now, struct fault *fault);

/* Job: reminders, escalations, lapsed requests, deadlines of payment; each once. *ret_done counts; bounded, so call
 * again while it is not 0. One that fails does not stop the others. */
enum err request_run_timers(struct service *service, struct arena *arena, int *ret_done, struct fault *fault);

#endif
