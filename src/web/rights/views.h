/* The views of the templates of passes, stock and layouts. */
#ifndef GUICHET_WEB_RIGHTS_VIEWS_H
#define GUICHET_WEB_RIGHTS_VIEWS_H

#include "service/layout.h"
#include "service/pass_booking.h"
#include "service/planning.h"
#include "service/stock.h"
#include "service/stock_booking.h"
#include "web/form.h"
#include "web/page.h"

/* ---- a visit against numbers: the part that passes and stock share ---- */

struct number_row {
    int number; /* 1 and up, as labelled */
    struct str typed, detail;
    enum msg error; /* MSG_none */
    bool good;      /* looked at, and nothing to say */
};
struct number_rows {
    struct number_row *p;
    size_t n;
};
struct rights_person {
    int64_t id;
    struct str name;
    bool selected;
};
struct rights_people {
    struct rights_person *p;
    size_t n;
};
struct numbers_view {
    struct number_rows rows;
    int needed; /* 0: not known */
    int persons;
    int filled, faults;
    enum msg legend, file_error;
    bool looked; /* the numbers were looked at */
    struct rights_people leaders, contacts;
    bool guided, leader_wrong, contact_wrong;
};

/* ---- the customer: a slot against stock ---- */

struct stock_page_view {
    struct numbers_view numbers;
    struct str slug, name, service_email, key, terms_version;
    struct safe_url back; /* the day's planning */
    instant start;
    day_number day;
    int minute, persons;
    bool whole_day, has_right, sent, terms_missing, terms_accepted;
    enum audience audience;
    struct str refusal, refusal_more; /* of the slot or the group; empty when there is none */
};

/* ---- customer service: passes ---- */

struct slot_choice {
    instant start;
    int minute, left;
    bool whole_day, open, selected;
    struct str word;
};
struct slot_choices {
    struct slot_choice *p;
    size_t n;
};
struct monument_choice {
    struct str slug, name;
    bool selected;
};
struct monument_choices {
    struct monument_choice *p;
    size_t n;
};
struct pass_form_view {
    int64_t organisation_id;
    struct str organisation, slug, key, typed_persons, error, error_more;
    struct monument_choices monuments;
    struct slot_choices slots;
    struct rights_people people;
    struct numbers_view numbers;
    day_number day;
    bool has_day, asked, guided, slot_missing, sent;
    int persons;
    enum audience audience;
};

struct right_line {
    struct right_row *row;
    enum msg state;
    const char *tone;
};
struct right_lines {
    struct right_line *p;
    size_t n;
};
struct right_list_view {
    struct right_lines lines;
};
struct rights_reason_form {
    struct form head;
    struct text_field reason;
};
struct right_number_lines {
    struct right_number *p;
    size_t n;
};
struct right_booking_view {
    struct right_booking booking;
    struct right_number_lines numbers;
    struct right_line line;
    struct rights_reason_form form;
    const char *base; /* «/service/pass/», «/service/stock/echanges/» */
    struct safe_url list, cancel;
    enum msg list_name;
};

/* ---- customer service: stock ---- */

struct stock_sums {
    struct stock_sum *p;
    size_t n;
};
struct stock_files {
    struct stock_file *p;
    size_t n;
};
struct stock_line_row {
    struct stock_line *line;
    enum msg why;
};
struct stock_line_rows {
    struct stock_line_row *p;
    size_t n;
};
struct stock_desk_view {
    struct stock_sums sums;
    struct stock_files files;
    struct stock_rights rights;
    struct right_lines exchanges;
    bool may_grant;
    /* one number */
    bool looked;
    struct str typed;
    struct stock_number number;
    enum msg number_state;
    struct rights_reason_form form;
    /* the file that was sent */
    bool imported;
    enum msg import_error;
    struct stock_import import;
    struct stock_line_rows lines;
};
struct stock_right_view {
    struct stock_right right;
    struct rights_reason_form form;
};

/* ---- layouts ---- */

struct layout_line {
    struct layout *layout;
    enum msg state, kind;
    const char *tone;
    int64_t kilobytes;
    bool ends; /* can be withdrawn */
};
struct layout_lines {
    struct layout_line *p;
    size_t n;
};
struct layout_form {
    struct form head;
    struct text_field name, note;
};
struct layouts_view {
    struct layout_lines lines;
    struct layout_form form;
    enum msg file_error;
    struct str key;
    enum tickets_as as;
    bool approved;
};
struct layout_desk_view {
    struct layout_lines waiting, others;
};
struct words_form {
    struct form head;
    struct text_field words;
};
struct layout_view {
    struct layout_line line;
    struct words_form form;
    bool picture, may_approve, may_refuse, may_withdraw;
};

#endif
