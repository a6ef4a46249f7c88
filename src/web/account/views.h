/* The views of the templates of this area. */
#ifndef GUICHET_WEB_ACCOUNT_VIEWS_H
#define GUICHET_WEB_ACCOUNT_VIEWS_H

#include "service/account.h"
#include "service/contact.h"
#include "service/leader.h"
#include "service/member.h"
#include "service/session.h"
#include "web/account/factor.h"
#include "web/form.h"
#include "web/page.h"

struct sign_in_form {
    struct form head;
    struct text_field email, password;
};
struct sign_in_view {
    struct sign_in_form form;
    struct str back; /* the page to go to afterwards */
};

/* A code after the password (ACC-6). */
struct sign_in_code_view {
    struct code_form form;
    struct str step, back;
};

/* What an organisation says of itself: when it registers and when it corrects itself. */
struct organisation_inputs {
    struct text_field name, registration, vat_number, address, postcode, city;
    struct choice_field kind, country;
};
struct sign_up_form {
    struct form head;
    struct organisation_inputs organisation;
    struct text_field first_name, last_name, phone, email, password;
    struct bool_field privacy;
};
struct sign_up_view {
    struct sign_up_form form;
    bool email_public;      /* ACC-2: the address is the public shop's */
    struct str public_shop; /* its address, as text */
};

/* «Vérifiez votre boîte aux lettres», and asking for the link again. */
struct email_form {
    struct form head;
    struct text_field email;
};
struct mailbox_view {
    struct email_form form;
    struct str email; /* where the link went; empty when this browser did not ask for it */
    int64_t hours;    /* how long the link works */
};

/* A link of a mail was opened. */
struct link_view {
    struct str token;
    enum msg refused; /* MSG_none: the link is as good as it looks */
    struct email_form form; /* to ask for another one */
};

struct forgotten_view {
    struct email_form form;
    bool sent;
    int64_t minutes;
};

struct new_password_form {
    struct form head;
    struct text_field password;
};
struct new_password_view {
    struct new_password_form form;
    struct str token, email;
};

/* ---- «Client» ---- */

struct session_line {
    struct session_item *item;
    struct str device;
};
struct session_lines {
    struct session_line *p;
    size_t n;
};
struct client_view {
    struct account account;
    struct str kind, country;
    enum msg registration_label;
    struct str lang_name;
    struct session_lines sessions;
    bool others; /* there is more than this one */
};

struct organisation_form {
    struct form head;
    struct organisation_inputs organisation;
};
struct person_form {
    struct form head;
    struct text_field first_name, last_name, phone;
    struct choice_field lang;
};
struct password_form {
    struct form head;
    struct text_field old_password, new_password;
};
struct client_edit_view {
    struct organisation_form organisation;
    struct person_form person;
    struct password_form password;
    struct str email;
};

struct leader_form {
    struct form head;
    struct choice_field kind;
    struct text_field last_name, first_name, email, phone, card;
    struct day_field card_until;
};
struct leaders_view {
    struct leaders leaders;
    struct leader_form form;
    int64_t edited; /* id of the one that the form changes; 0: the form makes a new one */
    struct str edited_name;
    day_number today;
    struct str back; /* «validation»: the order waits for a new one (COM-2); else empty */
};

struct contact_form {
    struct form head;
    struct choice_field kind, lang;
    struct text_field last_name, first_name, email, phone;
};
struct contact_line {
    struct contact *contact;
    enum msg kind, lang;
};
struct contact_lines {
    struct contact_line *p;
    size_t n;
};
struct contacts_view {
    struct contact_lines contacts;
    struct contact_form form;
    int64_t edited;
    struct str edited_name;
    struct str back;
};

/* «Membres» (ACC-5). */
struct member_line {
    struct member *member;
    enum msg role;
};
struct member_lines {
    struct member_line *p;
    size_t n;
};
struct member_invitation_line {
    struct member_invitation *invitation;
    enum msg role;
};
struct member_invitation_lines {
    struct member_invitation_line *p;
    size_t n;
};
struct member_form {
    struct form head;
    struct text_field email;
    struct choice_field role, lang;
};
struct members_view {
    struct member_lines members;
    struct member_invitation_lines invitations;
    struct member_form form;
};
struct member_role_form {
    struct form head;
    struct choice_field role;
};
/* One of the members: to change the role, or to be removed. */
struct member_view {
    struct member_role_form form;
    int64_t id;
    struct str name, email;
    bool self;
};

/* «Quitter l’organisation» (ACC-5). */
struct member_leave_view {
    struct form head;
    struct str organisation, email;
};

/* «Sécurité» (ACC-6). */
struct factor_start_form {
    struct form head;
    struct text_field password;
};
struct security_view {
    struct factor_state state;
    struct factor_start_form start;
    struct code_form renew, disable;
    struct str email;
};
struct security_setup_view {
    struct code_form form;
    struct factor_view factor;
};
struct security_codes_view {
    struct factor_codes codes;
};

/* «Retirer … ?» */
struct remove_view {
    enum msg title, text, list_title;
    struct str name;
    struct str list; /* «accompagnateurs», «contacts»: part of the addresses */
    int64_t id;
    struct str back;
};

#endif
