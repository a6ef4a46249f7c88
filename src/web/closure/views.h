/* The views of the templates of closures. */
#ifndef GUICHET_WEB_CLOSURE_VIEWS_H
#define GUICHET_WEB_CLOSURE_VIEWS_H

#include "service/closure.h"
#include "service/closure_choice.h"
#include "web/closure/note.h"
#include "web/form.h"
#include "web/page.h"

/* ---- the desk ---- */

struct closure_card {
    struct closure_line *line;
    struct str when;
    enum msg state;
    const char *tone;
};
struct closure_cards {
    struct closure_card *p;
    size_t n;
};
struct closure_list_view {
    struct closure_cards closures;
};

struct closure_where_form {
    struct form head;
    struct choice_field monument, scope;
    struct day_field from, to;
    struct bool_field open_end;
};
struct closure_why_form {
    struct form head;
    struct text_field reason_fr, reason_en, word;
};
struct closure_slot_line {
    instant start_at;
    int minute, free, taken;
    bool whole_day, closed, over;
};
struct closure_slot_lines {
    struct closure_slot_line *p;
    size_t n;
};
struct closure_sum_line {
    struct closure_sum *sum;
    enum msg way, next; /* how they hold places; what happens to them */
    bool has_amount;
};
struct closure_sum_lines {
    struct closure_sum_line *p;
    size_t n;
};
struct closure_hit_line {
    struct closure_hit *hit;
    enum msg way;
    struct str phone;
    bool has_amount;
};
struct closure_hit_lines {
    struct closure_hit_line *p;
    size_t n;
};
struct closure_new_view {
    struct closure_where_form where;
    struct closure_why_form why;
    struct closure_slot_lines slots; /* to choose from */
    struct closure_preview preview;
    struct closure_sum_lines sums;
    struct closure_hit_lines hits;
    struct str when, key, word;
    instant start_at;
    bool choose_slot; /* the day is known, the slot is not */
    bool shown;       /* the preview is */
    int64_t choice_days;
    bool refund_by_default;
};

struct closure_row_line {
    struct closure_row *row;
    enum msg way, state;
    const char *tone;
    struct str phone;
    bool has_amount, linked;
};
struct closure_row_lines {
    struct closure_row_line *p;
    size_t n;
};
struct closure_progress_view {
    struct closure_progress progress;
    struct closure_row_lines rows, bookings;
    struct str when;
    enum msg state;
    const char *tone;
    int percent, left_alone;
    day_number last_day; /* of the term */
    bool may_reopen, more_rows;
};

/* ---- the customer ---- */

struct choice_line {
    struct closure_choice *choice;
    struct str when;
};
struct choice_lines {
    struct choice_line *p;
    size_t n;
};
struct choices_view {
    struct choice_lines choices;
};
struct choice_wish_form {
    struct form head;
    struct int_field persons;
    struct day_field day;
};
struct choice_slot_line {
    instant start_at;
    int minute;
    bool whole_day, possible, chosen;
    struct str word;
};
struct choice_slot_lines {
    struct choice_slot_line *p;
    size_t n;
};
struct choice_view {
    struct closure_choice choice;
    struct choice_wish_form form;
    struct choice_slot_lines slots;
    struct str when, new_when, refusal, service_email;
    bool asked, any, over, may;
    day_number last_day; /* of the term */
};

#endif
