/* The views of the templates of this area. */
#ifndef GUICHET_WEB_REQUEST_VIEWS_H
#define GUICHET_WEB_REQUEST_VIEWS_H

#include "service/request.h"
#include "web/catalogue/views.h"
#include "web/sales/views.h"

/* ---- asking ----------------------------------------------------------------------------------------------------- */

struct request_form {
    struct form head;
    struct day_field day;
    struct time_field from, to;
    struct int_field persons;
    struct choice_field audience, leader, leader_id, visit_lang;
    struct text_field words;
};
struct request_ask_view {
    struct request_form form;
    struct str slug, name, key;
    struct contact_view contact;
    struct fact_rows facts; /* hours and closing days */
    int64_t answer_hours;
    struct str refusal, order_link;
};

/* ---- lists ------------------------------------------------------------------------------------------------------ */

struct request_row {
    struct request_line *line;
    struct state_badge badge;
    bool late; /* its answer is overdue */
};
struct request_rows {
    struct request_row *p;
    size_t n;
};
struct request_list_view {
    struct request_rows rows;
};
struct request_desk_view {
    struct request_rows waiting, others;
    bool all;
};

/* ---- one request ------------------------------------------------------------------------------------------------ */

struct request_event_line {
    struct request_event_view *event;
    enum msg title;
    const char *icon;
    enum msg side; /* MSG_none: time */
};
struct request_event_lines {
    struct request_event_line *p;
    size_t n;
};
struct request_message_form {
    struct form head;
    struct text_field words;
};

/* What both sides' pages show of it. */
struct request_facts {
    struct request_view r;
    struct state_badge badge;
    struct str audience, leader, language;
    enum msg next; /* what happens now */
    struct request_event_lines events;
    struct str key;
    struct str refusal; /* what the service answered to a form */
    struct request_message_form message;
    bool can_say;
};

struct request_page_view {
    struct request_facts f;
    bool can_take, can_withdraw, can_till, confirmed;
    struct sale_lines lines;
    struct str terms_version;
    struct contact_view contact;
};

struct request_accept_form {
    struct form head;
    struct time_field time;
    struct text_field words;
};
struct request_propose_form {
    struct form head;
    struct day_field day;
    struct time_field time;
    struct text_field words;
};
struct request_desk_page_view {
    struct request_facts f;
    struct request_accept_form accept;
    struct request_propose_form propose;
    struct request_message_form decline, cancel;
    bool can_accept, can_propose, can_decline, can_cancel;
    struct str asker_phone, leader_phone;
};

struct request_texts {
    const struct str *p;
    size_t n;
};
struct request_sheet_facts {
    const struct confirmation_fact *p;
    size_t n;
};
struct request_confirmation_view {
    struct confirmation_sheet sheet;
    struct str ref;
    struct request_sheet_facts facts;
    struct request_texts payment, conditions, contact; /* of the sheet */
};

#endif
