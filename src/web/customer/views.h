/* The views of the pages of customer service for one customer. */
#ifndef GUICHET_WEB_CUSTOMER_VIEWS_H
#define GUICHET_WEB_CUSTOMER_VIEWS_H

#include "service/customer.h"
#include "service/desk.h"
#include "web/account/views.h"
#include "web/form.h"
#include "web/sales/views.h"
#include "web/staff/views.h"

/* At the top of each of these pages: whose it is. */
struct customer_page_head {
    int64_t id;
    struct str name, key; /* `key`: of the form to be shown */
    struct customer_head customer;
};

struct acting_form {
    struct form head;
    struct choice_field person;
    struct text_field reason;
};
struct acting_view {
    struct customer_page_head of;
    struct acting_form form;
};

struct note_form {
    struct form head;
    struct text_field body;
};
struct note_view {
    struct customer_page_head of;
    struct note_form form;
};

struct extend_form {
    struct form head;
    struct day_field day;
    struct time_field time;
    struct bool_field beyond;
    struct text_field reason;
};
struct reason_form {
    struct form head;
    struct text_field reason;
};
struct option_desk_view {
    struct customer_page_head of;
    struct customer_option option;
    enum msg over; /* why nothing can be done with it; MSG_none */
    bool may_extend, may_cancel;
    struct extend_form extend;
    struct reason_form cancel;
};

struct resend_view {
    struct customer_page_head of;
    int64_t mail_id;
    struct customer_mail mail;
    struct str what;
    struct reason_form form;
};

struct correct_organisation_form {
    struct form head;
    struct organisation_inputs organisation;
    struct text_field reason;
};
struct correct_organisation_view {
    struct customer_page_head of;
    struct correct_organisation_form form;
};
struct correct_person_form {
    struct form head;
    struct text_field first_name, last_name, phone;
    struct choice_field lang;
    struct text_field reason;
};
struct correct_person_view {
    struct customer_page_head of;
    int64_t person_id;
    struct customer_person person;
    struct str name;
    struct correct_person_form form;
    struct reason_form unlock;
};

/* ---- the slots of a day ---- */

struct desk_group_line {
    struct desk_group *group;
    enum msg state;
    struct str phone;
};
struct desk_group_lines {
    struct desk_group_line *p;
    size_t n;
};
struct desk_slot_line {
    struct desk_slot *slot;
    struct desk_group_lines groups;
};
struct desk_slot_lines {
    struct desk_slot_line *p;
    size_t n;
};
struct desk_slots_view {
    struct desk_slots slots;
    struct desk_slot_lines lines;
    size_t busy; /* slots with groups */
};

/* ---- one order ---- */

struct order_act {
    struct safe_url url;
    enum msg label;
    const char *icon;
};
struct order_acts {
    struct order_act *p;
    size_t n;
};
struct desk_ticket_line {
    struct desk_ticket *ticket;
    enum msg state, why;
    const char *tone;
};
struct desk_ticket_lines {
    struct desk_ticket_line *p;
    size_t n;
};
struct desk_visit_line {
    struct sale_visit visit;
    struct str leader, recipient, recipient_email;
    enum msg state;
    bool in_slot;
    int capacity, taken;
    struct desk_ticket_lines tickets;
};
struct desk_visit_lines {
    struct desk_visit_line *p;
    size_t n;
};
struct desk_refund_line {
    struct refund_view *refund;
    enum msg why;
};
struct desk_refund_lines {
    struct desk_refund_line *p;
    size_t n;
};
struct desk_order_page_view {
    struct desk_order_view *order;
    struct state_badge state;
    enum msg method;
    struct order_acts acts;
    struct desk_visit_lines visits;
    struct payment_rows payments;
    struct desk_refund_lines refunds;
    struct desk_entry_lines entries;
};

#endif
