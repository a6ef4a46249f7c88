/* The views of the templates of a monument's own work. */
#ifndef GUICHET_WEB_MONUMENT_VIEWS_H
#define GUICHET_WEB_MONUMENT_VIEWS_H

#include "service/day_sheet.h"
#include "service/monument_work.h"
#include "service/network.h"
#include "service/phone_booking.h"
#include "service/photo.h"
#include "service/request.h"
#include "service/schedule.h"
#include "web/app.h"

/* The head of every page of one monument: where one is, and what the reader's role does here. */
struct work_frame {
    int64_t id;
    struct str name, slug, title;
    const char *tab;
    bool published, planning, tariffs, edit, sheet, phone, rules;
};

struct work_line {
    struct monument_line *line;
    enum msg mode;
    bool published;
};
struct work_lines {
    struct work_line *p;
    size_t n;
};
struct work_list_view {
    struct work_lines lines;
};
struct work_hub_view {
    struct work_frame frame;
};

/* Who holds places: on the day sheet, and where a change would hit them. */
struct group_line {
    struct group *group;
    enum msg state, leader_kind, audience;
    const char *tone;
    struct str leader_phone, contact_phone;
    bool phone, can_edit, can_needs, option;
};
struct group_lines {
    struct group_line *p;
    size_t n;
};

/* ---- planning ---- */

struct plan_day {
    bool outside, today, past;
    int number, slots, left, closed;
    const char *state;
    struct str name, words;
    day_number day;
};
struct plan_days {
    struct plan_day *p;
    size_t n;
};
struct plan_week {
    struct plan_days days;
};
struct plan_weeks {
    struct plan_week *p;
    size_t n;
};
struct plan_head {
    struct str name, abbr;
};
struct plan_heads {
    struct plan_head *p;
    size_t n;
};
struct plan_period {
    const struct schedule_period *period;
    size_t lines;
};
struct plan_periods {
    struct plan_period *p;
    size_t n;
};
struct plan_view {
    struct work_frame frame;
    struct str month;
    day_number previous, next, today, last;
    bool has_slots;
    struct plan_heads heads;
    struct plan_weeks weeks;
    struct plan_periods seasons, exceptions;
    struct schedule_events events;
};

struct season_form {
    struct form head;
    struct text_field name;
    struct day_field first, last, sales_day;
    struct choice_field sales;
    struct int_field sales_months;
    struct time_field sales_minute;
};
struct line_form {
    struct form head;
    struct ids_field weekdays;
    struct time_field first, last;
    struct int_field step, minutes, capacity;
    struct bool_field for_groups;
};
struct line_row {
    const struct schedule_line *line;
    struct str days;
    bool for_groups;
};
struct line_rows {
    struct line_row *p;
    size_t n;
};
struct period_view {
    struct work_frame frame;
    struct season_form form;
    struct line_form line;
    struct line_rows lines;
    int64_t id;
    bool exception, whole_day;
    struct safe_url make; /* what would change in its days */
    struct str refusal;
};
struct line_view {
    struct work_frame frame;
    struct line_form form;
    int64_t id, period_id;
    struct str period, refusal;
};

struct make_form {
    struct form head;
    struct day_field from, to;
    struct bool_field also_by_hand;
};
struct make_month {
    struct str name;
    const int *count;
};
struct make_months {
    struct make_month *p;
    size_t n;
};
struct make_line {
    const struct schedule_change *change;
    enum msg what;
    const char *tone;
    struct str was, becomes;
};
struct make_lines {
    struct make_line *p;
    size_t n;
};
struct make_conflict {
    const struct schedule_change *change;
    struct group_lines groups;
};
struct make_conflicts {
    struct make_conflict *p;
    size_t n;
};
struct make_view {
    struct work_frame frame;
    struct make_form form;
    bool asked, stale, nothing, more, more_conflicts;
    const int *count;
    struct schedule_range range;
    struct str mark;
    struct make_months months;
    struct make_lines lines;
    struct make_conflicts conflicts;
};

struct slot_line {
    const struct schedule_one *slot;
    const char *state;
    struct str words;
};
struct slot_lines {
    struct slot_line *p;
    size_t n;
};
struct plan_day_view {
    struct work_frame frame;
    day_number day, previous, next;
    struct slot_lines slots;
    struct str period, closed;
};
struct slot_form {
    struct form head;
    struct int_field capacity;
    struct bool_field for_groups;
    struct day_field sales_day;
    struct time_field sales_minute;
};
struct plan_slot_view {
    struct work_frame frame;
    struct schedule_one slot;
    struct slot_form form;
    struct group_lines groups;
    bool taken; /* refused because of them */
    struct str refusal;
};
struct event_form {
    struct form head;
    struct day_field day;
    struct time_field from, to;
    struct text_field reason_fr, reason_en;
};
struct event_view {
    struct work_frame frame;
    struct event_form form;
    struct group_lines groups;
    bool taken;
};

/* ---- day sheet ---- */

struct sheet_slot {
    const struct day_slot *slot;
    struct group_lines groups;
    bool whole_day, for_groups;
    int left;
};
struct sheet_slots {
    struct sheet_slot *p;
    size_t n;
};
struct sheet_form {
    struct form head;
    struct day_field day;
};
struct sheet_view {
    struct work_frame frame;
    struct day_sheet sheet;
    struct sheet_slots slots; /* that have groups, or all */
    struct request_visits visits; /* agreed with the monument, outside slots (MON-2) */
    struct sheet_form form;
    day_number previous, next, today;
    struct safe_url other; /* all slots, or those with groups only */
    bool all;
};
struct needs_form {
    struct form head;
    struct text_field needs;
};
struct needs_view {
    struct work_frame frame;
    struct group group;
    struct needs_form form;
};

struct own_needs_view { /* by the customer */
    struct group group;
    struct needs_form form;
    struct safe_url back;
};

/* ---- telephone ---- */

struct phone_list_view {
    struct work_frame frame;
    struct phone_lines lines;
};
struct phone_form {
    struct form head;
    struct choice_field slot, audience, leader, lang;
    struct int_field persons;
    struct text_field organisation, name, phone, email, needs;
};
struct phone_cancel_form {
    struct form head;
    struct text_field reason;
};
struct phone_view {
    struct work_frame frame;
    struct sheet_form day;
    struct phone_form form;
    struct phone_cancel_form cancel;
    struct phone_booking booking;
    int64_t id;
    bool held, linked, has_price, no_slots;
    struct str key, refusal;
};

/* ---- prices, rules, facts, photographs ---- */

struct rate_form {
    struct form head;
    struct choice_field kind, vat;
    struct int_field persons;
    struct text_field amount;
    struct day_field from;
};
struct rate_row {
    const struct rate_kept *row;
    struct str name, audience;
    bool open, first; /* `first` of its kind */
};
struct rate_rows {
    struct rate_row *p;
    size_t n;
};
struct rate_view {
    struct work_frame frame;
    struct rate_rows rows;
    struct rate_form form;
    bool unsold;
};
struct rate_end_view {
    struct work_frame frame;
    struct sheet_form form;
    struct rate_row row;
    int64_t id;
};
struct rule_form {
    struct form head;
    struct int_field minimum, maximum, option_days, confirm_days, sales_close;
    struct bool_field guide, school;
    struct time_field confirm_minute;
};
struct rule_view {
    struct work_frame frame;
    struct rule_form form;
    bool contact;
};
struct facts_form {
    struct form head;
    struct text_field name, city, department, region, kind, description_fr, description_en, latitude, longitude,
        hours_summer, hours_winter, closing, email, phone;
    struct bool_field published;
};
struct facts_view {
    struct work_frame frame;
    struct facts_form form;
};
struct photo_form {
    struct form head;
    struct text_field alt_fr, alt_en, credit;
};
struct photo_line {
    const struct photo *photo;
    struct safe_url card, large;
    bool first;
    struct photo_form form;
};
struct photo_lines {
    struct photo_line *p;
    size_t n;
};
struct photo_view {
    struct work_frame frame;
    struct photo_lines photos;
    struct photo_form form;
    enum msg file_error;
    struct str key;
    bool full;
};

/* ---- the network ---- */

struct net_line {
    struct str key, label, value;
    bool changed, heading;
    enum msg group;
};
struct net_lines {
    struct net_line *p;
    size_t n;
};
struct net_view {
    struct net_lines lines;
};
struct net_form {
    struct form head;
    struct text_field value;
};
struct net_edit_view {
    struct net_form form;
    struct str key, label, fallback;
    int64_t least, most;
    bool number, changed;
};
struct text_line {
    const struct network_text *text;
    enum msg kind;
    struct safe_url fr, en;
};
struct text_lines {
    struct text_line *p;
    size_t n;
};
struct text_list_view {
    struct text_lines lines;
};
struct text_form {
    struct form head;
    struct choice_field kind;
    struct text_field version, body_fr, body_en;
    struct day_field from;
};
struct text_view {
    struct text_form form;
};
struct vat_form {
    struct form head;
    struct text_field code, mention_fr, mention_en, rate;
    struct choice_field kind;
};
struct vat_view {
    struct vat_form form;
    struct vat_choices regimes;
};

#endif
