/* The views of the templates of the operator's side. */
#ifndef GUICHET_WEB_STAFF_VIEWS_H
#define GUICHET_WEB_STAFF_VIEWS_H

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
