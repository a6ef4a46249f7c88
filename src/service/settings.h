/* Settings: rules and addresses of the network that an operator changes without a programmer.
 *
 * One table in settings.c lists every key with its type, default and bounds; a row of the table `setting` wins over the
 * default. Reading takes one short query, so a request reads them when it needs them and never sees half a change.
 * The legal texts live here too: they are data of the network in the same sense. */
#ifndef GUICHET_SERVICE_SETTINGS_H
#define GUICHET_SERVICE_SETTINGS_H

#include "domain/reminder.h"
#include "service/service.h"

struct settings {
    struct str network_name_fr, network_name_en;
    struct str zone_text; /* POSIX form */
    struct zone zone;     /* the same, parsed */

    /* who sells: printed on invoices, tickets and terms */
    struct str seller_name, seller_address, seller_postcode, seller_city, seller_country;
    struct str seller_siren, seller_siret, seller_vat_number, seller_vat_note_fr, seller_vat_note_en;
    struct str seller_bank, seller_iban, seller_bic;

    struct str contact_groups;   /* customer service (the FAQ) */
    struct str contact_lectures; /* lecture visits (CAT-4) */
    struct str mail_from;
    struct str public_shop;      /* address of the public ticket shop, as text (ACC-2) */

    int64_t cart_hold_minutes;   /* how long a cart holds places (CRT-1) */
    int64_t payment_minutes;     /* how long a payment session lives; a provider may want at least 30 */
    int64_t payment_link_minutes; /* the same of an order that customer service placed: the customer gets a mail first */
    int64_t confirm_days_before; /* default of group_rule.confirm_days_before (OPT-1) */
    int64_t confirm_minute;      /* default of group_rule.confirm_minute, minutes since midnight */
    int64_t sales_close_minutes; /* default of group_rule.sales_close_minutes */
    int64_t change_days_before;  /* a paid visit is changed so many days before it at the latest; default of change_rule (OPT-6) */
    int64_t change_refund;       /* 1: a change that costs less gives the difference back; 0: it is refused */
    struct str pass_masks;       /* shapes of a pass's number, domain/free_number.h (PMP-1) */
    int64_t pass_days;           /* the days on which one pass is booked lie no further apart than this */
    int64_t options_live_max;    /* live options of one organisation at most (OPT-7) */
    struct str reminder_text;    /* days before an option's last day, with commas between them (OPT-7) */
    struct reminder_days reminder_days; /* the same, parsed */
    int64_t reminder_minute;     /* of the local day, when reminders go out */
    int64_t transfer_days, transfer_lead_days, transfer_least_days; /* see domain/transfer.h (CRT-4) */
    int64_t transfer_reminder_days; /* before the deadline, when who has not paid is reminded (OPS-5) */
    int64_t transfer_answer_days;   /* how long places wait for customer service's answer to a request */
    int64_t transfer_asked_max;     /* requests of one organisation that may wait at once */
    int64_t transfer_school;        /* school and special groups need not ask (VIS-1) */
    int64_t leader_free_above;   /* the leader of a group of more than so many is free (COM-3) */
    int64_t group_tariff_from;   /* persons from which the group tariff applies: default of tariff.min_persons */
    int64_t ticket_validity_years; /* undated tickets (TKT-3) */
    int64_t request_lead_days, request_horizon_days, request_live_max; /* asking a monument (MON-2) */
    int64_t request_remind_hours, request_answer_hours, request_proposal_hours; /* of working days */
    int64_t request_pay_days_before; /* online payment of an accepted request ends so many days before the visit */
    int64_t gate_early_minutes, gate_late_minutes, gate_rest_minutes; /* around a slot (OPS-3) */
    int64_t closure_choice_days; /* so many days a customer has to choose after a closure (ORD-4) */
    int64_t closure_refund_by_default; /* 1: without an answer the money goes back then; 0: the choice stays open */
    int64_t session_hours;       /* a session ends after so many hours without use */
    int64_t verify_link_hours, reset_link_minutes;
};

/* All settings with defaults where no row is; texts live in `arena`. ERR_DB…; ERR_INPUT when a stored value does not
 * have its type (somebody wrote the table by hand). */
enum err settings_read(struct db *db, struct arena *arena, struct settings *ret_settings, struct fault *fault);
/* The same on a read connection of the pool. */
enum err settings_load(struct service *service, struct arena *arena, struct settings *ret_settings,
                       struct fault *fault);

/* Stores one value. ERR_INPUT: no such key, wrong type or out of bounds; the fault says what is expected. */
enum err settings_put(struct service *service, struct arena *arena, struct str key, struct str value,
                      struct fault *fault);
/* The same inside a transaction that is open. */
enum err settings_put_in(struct db *db, struct arena *arena, struct str key, struct str value, struct fault *fault);

/* One line of the table of settings, for `guichet settings` and for the documentation. */
struct setting_info {
    const char *key, *default_value, *what;
    bool is_number;
    int64_t least, most; /* of a number; bytes of a text */
};
size_t settings_count(void);
struct setting_info settings_info(size_t index);

struct str settings_network_name(const struct settings *settings, enum lang lang);
struct str settings_vat_note(const struct settings *settings, enum lang lang);

enum legal_kind { LEGAL_TERMS, LEGAL_PRIVACY, LEGAL_ACCESSIBILITY };

/* Paragraphs separated by blank lines; a paragraph that starts with «## » is a heading. */
struct legal_text {
    struct str version, body;
    instant effective_at;
};

/* The version in force at `at`. ERR_NOT_FOUND when there is none. */
enum err legal_text_current(struct db *db, struct arena *arena, enum legal_kind kind, enum lang lang, instant at,
                            struct legal_text *ret_text, struct fault *fault);
/* The same on a read connection of the pool. */
enum err legal_text_load(struct service *service, struct arena *arena, enum legal_kind kind, enum lang lang, instant at,
                         struct legal_text *ret_text, struct fault *fault);
struct legal_version {
    struct str version;
    instant effective_at;
};
struct legal_version_list {
    struct legal_version *p;
    size_t n;
};
/* What the page of a legal text shows: one version, and which others there are, the newest first. */
struct legal_page {
    struct legal_text text;
    bool in_force; /* at the moment asked about */
    struct legal_version_list versions;
};
/* The page of `version`; an empty one is the version in force at `at`. ERR_NOT_FOUND when there is no such version. */
enum err legal_page_load(struct service *service, struct arena *arena, enum legal_kind kind, enum lang lang,
                         struct str version, instant at, struct legal_page *ret_page, struct fault *fault);
/* A version that an order accepted (CRT-2). ERR_NOT_FOUND. */
enum err legal_text_of_version(struct db *db, struct arena *arena, enum legal_kind kind, enum lang lang,
                               struct str version, struct legal_text *ret_text, struct fault *fault);

#endif
