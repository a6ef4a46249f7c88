/* Who may do what: one table of roles and tasks (OPS-7). The services ask it through service/permit.h; a page
 * that wants to know whether to show a button asks there too.
 *
 * Customers have a role in their organisation (ACC-5), the operator's people one in the network. Nobody sees or does
 * more than the role's work needs: so the administrator runs the network but touches no customer's money, and whoever
 * handles money manages no people. */
#ifndef GUICHET_DOMAIN_ROLE_H
#define GUICHET_DOMAIN_ROLE_H

#include <stdbool.h>

#include "base/str.h"

enum role {
    ROLE_NONE = 0, /* nobody yet: may nothing */
    /* in an organisation */
    ROLE_MANAGER,
    ROLE_BOOKER,
    ROLE_ACCOUNTANT,
    ROLE_READ_ONLY,
    ROLE_ACTING, /* customer service on behalf of an organisation (OPS-1); never stored as somebody's role */
    /* of the operator's people */
    ROLE_ADMINISTRATOR,
    ROLE_CUSTOMER_SERVICE,
    ROLE_MONUMENT_MANAGER,
    ROLE_GATE_AGENT,
    ROLE_STAFF_ACCOUNTANT
};
enum {
    ROLES = ROLE_STAFF_ACCOUNTANT + 1,
    ROLE_FIRST_STAFF = ROLE_ADMINISTRATOR,
    ORGANISATION_ROLES = 4, /* those that a person can be given: ROLE_MANAGER … ROLE_READ_ONLY */
    STAFF_ROLES = ROLES - ROLE_FIRST_STAFF
};

enum task {
    /* a customer's, in their own organisation */
    TASK_VIEW,              /* see cart, options and orders of the organisation, and its account page */
    TASK_HOLD,              /* take places: options and the cart; change them and give them back */
    TASK_ORDER,             /* validate, give up a payment; choose after a closure */
    TASK_PAY,               /* go to the page of payment: customer service never pays in a customer's name (OPS-1) */
    TASK_TICKETS,           /* open and download tickets: whoever holds one is let in */
    TASK_INVOICES,          /* download invoices */
    TASK_MAIL_AGAIN,        /* have confirmations and tickets mailed again (ORD-2) */
    TASK_LEADERS_VIEW,      /* see leaders and contacts: other people's addresses */
    TASK_LEADERS,           /* create, change and remove leaders and contacts (COM-1) */
    TASK_LAYOUTS,           /* upload voucher layouts (TKT-2) */
    TASK_STOCK_USE,         /* book against tickets in stock (STK-1) */
    TASK_REQUEST,           /* ask a monument without slots (MON-2) */
    TASK_MEMBERS,           /* see, invite, change and remove the organisation's people (ACC-5) */
    TASK_ORGANISATION,      /* change name, address and numbers of the organisation */
    TASK_OWN_ACCOUNT,       /* one's own name, password, second factor and sessions */
    /* the operator's: customers */
    TASK_SEARCH,            /* the search box over organisations, people, orders, tickets, invoices, slots */
    TASK_CUSTOMER_VIEW,     /* an organisation's page with its timeline */
    TASK_CUSTOMER_NOTE,     /* add a note to the timeline */
    TASK_CUSTOMER_CORRECT,  /* correct a customer's data */
    TASK_CUSTOMER_UNLOCK,   /* take a lost second factor off a customer's account */
    TASK_ACT_FOR,           /* act on behalf of a customer, visibly marked */
    TASK_TRANSFER_ALLOW,    /* allow transfer for an account or an order (CRT-4) */
    TASK_OPTION_EXTEND,     /* with a reason (OPT-7) */
    TASK_OPTION_CANCEL,
    TASK_RESEND,            /* send any mail of a customer again */
    TASK_REFUND,            /* after a monument's cancellation, through the provider or by transfer */
    TASK_TRANSFER_RECORD,   /* «reçu»: confirms a waiting order (OPS-5) */
    TASK_BANK_IMPORT,       /* statement files, and deciding near matches (CRT-5) */
    TASK_PASS_BOOK,         /* Paris Museum Pass (PMP-1) */
    TASK_STOCK_GRANT,       /* the right of «J'ai déjà un billet» (STK-1) */
    TASK_STOCK_MANAGE,      /* which ticket numbers are in stock */
    TASK_LAYOUT_APPROVE,    /* TKT-2 */
    /* the operator's: monuments */
    TASK_MONUMENT_VIEW,     /* a monument's own pages of the operator's side */
    TASK_PLANNING,          /* templates, capacity, exceptions, opening of sales (OPS-2) */
    TASK_TARIFFS,
    TASK_MONUMENT_EDIT,     /* contact, hours, closing days, texts, photographs */
    TASK_DAY_SHEET,         /* groups of a day with leader and phone */
    TASK_REQUEST_ANSWER,    /* accept, propose, decline (MON-2) */
    TASK_PHONE_BOOKING,     /* bookings taken by telephone, from the same places */
    TASK_GATE_SCAN,         /* OPS-3 */
    TASK_GATE_UNDO,         /* with a reason */
    TASK_CLOSE_SLOT,        /* OPS-4 */
    TASK_CLOSE_DAY,
    TASK_CLOSE_MONUMENT,
    TASK_REPORTS,           /* OPS-6 */
    /* the operator's: the network */
    TASK_ACCOUNTING_EXPORT, /* journal and payments */
    TASK_STAFF,             /* the operator's people: invite, change, disable */
    TASK_SETTINGS,          /* rules and addresses of the network, legal texts */
    TASK_AUDIT              /* read the audit log whole */
};
enum { TASKS = TASK_AUDIT + 1, TASK_FIRST_STAFF = TASK_SEARCH };

enum may {
    MAY_NOT,
    MAY_OWN, /* only at the monuments that one has */
    MAY
};

enum may role_may(enum role role, enum task task);

/* «hold», «gate-scan» …: for the log, the audit and the test. */
const char *task_name(enum task task);

/* The stored word; «accountant» both in organisations and among the operator's people. "" for ROLE_NONE. */
const char *role_name(enum role role);
bool role_is_staff(enum role role);
/* Of monuments: this role is worth nothing without at least one. */
bool role_has_monuments(enum role role);
/* A role that a person of an organisation can have; false for any other word. */
bool organisation_role_parse(struct str name, enum role *ret_role);
/* A role of the operator's people. */
bool staff_role_parse(struct str name, enum role *ret_role);

#endif
