/* What the pages of transfers, the bank's statements and refunds show. */
#ifndef GUICHET_WEB_TRANSFER_VIEWS_H
#define GUICHET_WEB_TRANSFER_VIEWS_H

#include "service/bank_desk.h"
#include "service/refund_desk.h"
#include "service/transfer.h"
#include "text/markup.h"
#include "web/form.h"

/* ---- on the customer's pages ---- */

/* Virement at validation. */
struct transfer_choice {
    bool allowed, asked, late; /* one of them: it can be chosen, asked for, or neither */
    day_number last_day;
    bool chosen;
    enum msg refused; /* why it cannot be asked for; MSG_none */
    struct str service_email;
};
/* Of an order that waits for its transfer. */
struct transfer_box {
    struct transfer_view t;
    struct str ref, service_email;
    struct html qr;
    instant now;
};
struct refund_line_view {
    const struct refund_view *refund;
    enum msg state;
    const char *tone;
    struct str ref;
};
struct refund_box {
    struct refund_line_view *p;
    size_t n;
    struct str ref;
};

/* ---- «Virements à recevoir» ---- */

struct transfer_desk_view {
    struct transfer_lists lists;
    bool can_import, can_refund;
};

struct received_form {
    struct form head;
    struct text_field amount;
    struct day_field day;
    struct text_field bank_ref, reason;
};
struct answer_form {
    struct form head;
    struct choice_field answer;
    struct text_field reason;
};
struct transfer_order_view {
    struct transfer_detail d;
    enum msg state;
    const char *tone;
    struct received_form received;
    struct answer_form answer;
    struct str key;
    bool can_allow, can_refund;
};
struct why_form {
    struct form head;
    struct text_field reason;
};
struct transfer_account_view {
    struct transfer_account account;
    struct why_form form;
};

/* ---- statements ---- */

struct bank_line {
    const struct bank_row *row;
    enum msg found;
};
struct bank_lines {
    struct bank_line *p;
    size_t n;
};
struct bank_files {
    struct bank_file_row *p;
    size_t n;
};
struct bank_view {
    struct bank_lines proposed, unmatched, matched, dismissed;
    struct bank_files files;
    enum msg file_error;   /* MSG_none */
    int64_t error_line;    /* of the file; 0: the file as a whole */
    struct str error_text; /* what was found there, in English */
};
struct bank_form {
    struct form head;
    struct choice_field choice;
    struct text_field ref, reason;
};
struct bank_entry_view {
    struct bank_line line;
    bool dismissed;
    struct bank_form form;
};

/* ---- refunds ---- */

struct due_line {
    const struct refund_due_row *row;
    enum msg why;
};
struct due_lines {
    struct due_line *p;
    size_t n;
};
struct part_line {
    const struct refund_part_row *row;
    enum msg why;
};
struct part_lines {
    struct part_line *p;
    size_t n;
};
struct done_line {
    const struct refund_done_row *row;
    enum msg why;
};
struct done_lines {
    struct done_line *p;
    size_t n;
};
struct refund_desk_view {
    struct due_lines due;
    struct part_lines to_transfer, stuck, under_way;
    struct done_lines latest;
    struct cents total_due, total_to_transfer;
};
struct refund_due_view {
    struct due_line line;
    struct why_form form;
    struct str key;
};
struct transferred_form {
    struct form head;
    struct day_field day;
    struct text_field bank_ref;
};
struct refund_transferred_view {
    struct part_line line;
    struct transferred_form form;
};
struct remedy_form {
    struct form head;
    struct choice_field remedy;
    struct text_field reason;
};
struct refund_remedy_view {
    struct part_line line;
    struct remedy_form form;
};

struct refund_quantity {
    const struct refund_order_line *line;
    struct str name, tariff, typed;
    bool wrong;
};
struct refund_quantities {
    struct refund_quantity *p;
    size_t n;
};
struct refund_visit_line {
    const struct refund_order_visit *visit;
    struct refund_quantities lines;
};
struct refund_visit_lines {
    struct refund_visit_line *p;
    size_t n;
};
struct refund_order_view {
    struct refund_order order;
    struct refund_visit_lines visits;
    struct why_form form;
    struct str key;
};

#endif
