/* The views of the templates of this area. */
#ifndef GUICHET_WEB_SALES_VIEWS_H
#define GUICHET_WEB_SALES_VIEWS_H

#include "domain/document.h"
#include "service/refusal.h"
#include "service/ticket_csv.h"
#include "web/change/order_views.h"
#include "web/closure/note.h"
#include "web/form.h"
#include "web/page.h"
#include "web/transfer/views.h"

/* ---- a visit, as the cart, the validation and the order show it -------------------------------------------------- */

struct sale_line {
    struct str text, why; /* «24 billets, tarif groupe adulte»; why it costs that */
    struct cents amount;
    bool free;
};
struct sale_lines {
    struct sale_line *p;
    size_t n;
};

struct sale_visit {
    int64_t id;
    struct str slug, name;
    struct str when; /* «jeudi 18 mars 2027 à 9:30»; for undated tickets how long they are valid */
    struct str head; /* the same with a capital */
    struct str what; /* «Créneau de groupe, 25 personnes» */
    struct str part; /* «Sous-groupe 1 sur 3, 75 personnes en tout»; empty: not a part of a larger group */
    struct safe_url picture;
    struct sale_lines lines;
    struct cents total;
};

/* ---- options ----------------------------------------------------------------------------------------------------- */

struct option_row {
    int64_t id;
    struct str slug, name, when, head, order_ref; /* `head` is `when` with a capital */
    int persons;
    instant ends_at;
    int64_t left; /* seconds */
    bool soon, ticked, in_cart, paying;
    bool by_service; /* placed by customer service */
};
struct option_rows {
    struct option_row *p;
    size_t n;
};
/* The sub-groups of one large group, or a single option. */
struct option_group {
    int persons;
    struct option_rows rows;
};
struct option_groups {
    struct option_group *p;
    size_t n;
};
struct options_view {
    struct option_groups groups;
    enum msg error; /* beside the button */
    bool can_pay;   /* at least one may be ticked */
};
struct ticked_form {
    struct form head;
    struct ids_field options;
};
struct option_cancel_view {
    struct option_row option;
};

/* Changing one in place: what is wished, and the slots of that day. */
struct option_wish_form {
    struct form head;
    struct int_field persons;
    struct day_field day;
};
struct change_slot {
    instant start;
    int minute;
    struct str word; /* places left, or why it cannot be chosen */
    bool whole_day, possible, current, chosen;
};
struct change_slots {
    struct change_slot *p;
    size_t n;
};
struct option_change_view {
    int64_t id;
    struct str slug, name, head, order_ref, key;
    int persons;
    instant ends_at;
    bool paying;
    struct option_wish_form form;
    bool asked, any; /* the slots of that day were looked up; at least one may be chosen */
    struct change_slots slots;
    struct str refusal; /* empty: nothing was refused */
};

/* ---- cart -------------------------------------------------------------------------------------------------------- */

struct cart_row {
    struct sale_visit visit;
    bool option, ended, held, priced;
    instant ends_at;
    int64_t left;
    int share;        /* hundredths of the hold that are left */
    enum msg refusal; /* why its places could not be taken again */
    int places_left;  /* with it, when it helps to know; else 0 */
};
struct cart_rows {
    struct cart_row *p;
    size_t n;
};
struct cart_view {
    struct cart_rows visits;
    struct cents total;
    int persons;
    bool can_order;
    struct str vat_note;
};

/* ---- validation -------------------------------------------------------------------------------------------------- */

struct person_choice {
    int64_t id;
    struct str name;
};
struct person_choices {
    struct person_choice *p;
    size_t n;
};
struct validation_row {
    struct sale_visit visit;
    bool needs_leader, guide, ended, priced;
    bool leader_missing, contact_gone; /* refused for it */
    int64_t leader_id, contact_id;
    struct safe_url in_cart; /* the visit on the page of the cart */
};
struct validation_rows {
    struct validation_row *p;
    size_t n;
};
/* «Créer»: a contact made on the spot. */
struct new_contact_form {
    struct form head;
    struct text_field last_name, first_name, email;
    struct choice_field kind, lang, visit;
};
struct validation_view {
    struct validation_rows visits;
    struct person_choices guides, leaders, contacts;
    struct cents total;
    bool hold;         /* places are held, until: */
    instant first_end;
    int64_t left;
    struct str buyer_email, service_email, terms_version, key, shown;
    struct transfer_choice transfer;
    struct safe_url leaders_page; /* and back again */
    bool terms_accepted, terms_missing;
    struct new_contact_form contact;
    bool contact_open;

    /* what was refused, if anything */
    enum refusal refusal;
    enum msg problem; /* of the form itself; MSG_none */
    enum msg heading; /* of the summary: what was refused */
};

/* ---- orders ------------------------------------------------------------------------------------------------------ */

/* An order's or payment's state in words, with the tone and icon of its badge. */
enum badge_icon { BADGE_CLOCK, BADGE_CHECK, BADGE_CROSS, BADGE_REFUND };
struct state_badge {
    enum msg word;
    const char *tone; /* «ok», «warn», «bad», «none» */
    enum badge_icon icon;
};

struct period_form {
    struct form head;
    struct day_field from, to;
};
struct order_item {
    struct str ref, what;
    bool by_service;
    instant at;
    struct state_badge state;
    struct cents total;
};
struct order_items {
    struct order_item *p;
    size_t n;
};
struct orders_view {
    struct period_form period;
    struct order_items orders;
    bool searched, all; /* all: no more than the list holds */
    day_number from, to;
};

struct order_visit_row {
    struct sale_visit visit;
    int tickets;
    bool at_slot; /* the monument expects the group: it may say what it needs (OPS-2) */
    struct str leader, recipient, recipient_email;
    struct change_row change; /* what may be changed of it (OPT-6, COM-5) */
    struct closure_note_view closed; /* what a closure did to it (ORD-4) */
};
struct order_visit_rows {
    struct order_visit_row *p;
    size_t n;
};
struct payment_row {
    instant at;
    bool transfer;
    struct state_badge state;
    enum msg reason; /* MSG_none: nothing to explain */
    struct cents amount;
};
struct payment_rows {
    struct payment_row *p;
    size_t n;
};
struct order_page_view {
    struct str ref, buyer, invoice, terms_version;
    struct str key; /* for the way to the payment, sent by who acts for the buyer */
    bool by_service;
    instant created_at;
    struct state_badge state;
    struct cents total;
    bool pending, payable, confirmed, expired, refund_due, interrupted;
    instant pay_until;
    int64_t left;
    struct order_visit_rows visits;
    struct payment_rows payments;
    struct cents refund; /* what waits for its refund */
    bool refund_over;    /* a transfer of more than was due */
    struct transfer_box transfer;
    struct refund_box refunds;
    struct tickets_choice csv; /* ticket numbers as a list (TKT-2) */
    struct change_head change; /* it replaces a visit of another order; `due` is to be paid in any case */
    struct str service_email;
};
struct order_return_view {
    struct str ref;
};

/* ---- tickets ----------------------------------------------------------------------------------------------------- */

struct ticket_item {
    const struct sheet_ticket *ticket;
    struct html qr;
};
struct ticket_items {
    struct ticket_item *p;
    size_t n;
};
struct tickets_view {
    const struct ticket_sheet *sheet;
    struct ticket_items tickets;
    struct safe_url pdf, back, earlier, later; /* `back` empty for a reader who came by a link */
    int page, pages;
};

#endif
