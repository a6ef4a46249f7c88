/* The views of the templates of the operator's side. */
#ifndef GUICHET_WEB_STAFF_VIEWS_H
#define GUICHET_WEB_STAFF_VIEWS_H

#include "service/audit_log.h"
#include "service/desk.h"
#include "service/invitation.h"
#include "service/staff.h"
#include "web/account/factor.h"
#include "web/account/views.h"
#include "web/app.h"

struct staff_code_view {
    struct code_form form;
    struct str step, back;
};
struct staff_enrol_view {
    struct code_form form;
    struct factor_view factor;
    struct str step, back;
};
struct staff_codes_view {
    struct factor_codes codes;
    struct safe_url next;
};

/* One's own access. */
struct staff_own_view {
    struct password_form password;
    struct code_form renew;
    struct session_lines sessions;
    struct str name, email;
    int64_t codes_left;
    bool others; /* sessions besides this one */
};

/* The audit. */
struct audit_form {
    struct form head;
    struct day_field from, to;
    struct choice_field staff;
    struct text_field email;
};
struct audit_row_line {
    struct audit_line *line;
    struct str act, subject, was, became;
};
struct audit_row_lines {
    struct audit_row_line *p;
    size_t n;
};
struct audit_view {
    struct audit_form form;
    struct audit_row_lines lines;
    bool searched, unknown, more;
    struct safe_url older;
};

/* One thing that the reader's role can do, on the first page. */
struct staff_task {
    const char *path; /* below the language */
    const char *icon;
    enum msg title, text;
    struct safe_url url;
};
struct staff_tasks {
    struct staff_task *p;
    size_t n;
};
struct staff_home_view {
    struct staff_tasks tasks;
    enum msg role, role_hint;
    struct str first_name, monuments;
};

/* The operator's people. */
struct people_line {
    struct staff_member *member;
    enum msg role;
    struct str monuments;
    bool disabled;
};
struct people_lines {
    struct people_line *p;
    size_t n;
};
struct people_view {
    struct people_lines people;
};
struct staff_person_form {
    struct form head;
    struct text_field first_name, last_name, email;
    struct choice_field lang, role;
    struct ids_field monuments;
};
struct staff_person_view {
    struct staff_person_form form;
    struct staff_member member;
    struct str name;
    bool disabled, self;
};

/* The desk of customer service. */
struct desk_form {
    struct form head;
    struct text_field text;
};
struct desk_hit_line {
    struct desk_hit *hit;
    enum msg kind;
    const char *icon;
    struct safe_url url;
};
struct desk_hit_lines {
    struct desk_hit_line *p;
    size_t n;
};
struct desk_search_view {
    struct desk_form form;
    struct desk_hit_lines hits;
    bool searched, more;
};
struct desk_order_line {
    struct desk_order *order;
    enum msg state;
    const char *tone;
};
struct desk_order_lines {
    struct desk_order_line *p;
    size_t n;
};
struct desk_orders_view {
    struct desk_order_lines orders;
};
struct desk_person_line {
    struct desk_person *person;
    enum msg role;
    struct str phone;
};
struct desk_person_lines {
    struct desk_person_line *p;
    size_t n;
};
struct desk_entry_line {
    struct desk_entry *entry;
    const char *icon;
    struct str title; /* «Option posée, Arc de triomphe» */
    struct str subject, was, became;
    int64_t organisation_id;
    bool has_amount;
    bool is_option;  /* one that may be extended or cancelled */
    bool resendable; /* a mail that can go out again; not those to customer service itself */
};
struct desk_entry_lines {
    struct desk_entry_line *p;
    size_t n;
};
struct desk_customer_view {
    int64_t id;
    struct desk_customer customer;
    struct str kind, country;
    struct desk_person_lines people;
    struct desk_entry_lines entries;
};

/* An invitation was followed. */
struct invitation_form {
    struct form head;
    struct text_field first_name, last_name, phone, password;
};
struct invitation_page_view {
    struct invitation_view invitation;
    struct invitation_form form;
    struct str token, role;
    enum msg refused;
};

#endif
