/* The views of the templates of this area. */
#ifndef GUICHET_WEB_CATALOGUE_VIEWS_H
#define GUICHET_WEB_CATALOGUE_VIEWS_H

#include "domain/audience.h"
#include "domain/slot_state.h"
#include "service/catalogue.h"
#include "service/place.h"
#include "service/planning.h"
#include "web/form.h"
#include "web/page.h"

/* ---- cards and map ---------------------------------------------------------------------------------------------- */

struct monument_card {
    struct str slug, name, place, kind, text;
    struct safe_url picture, link;
    struct str alt; /* of a photograph; a drawing says nothing */
    enum sale_mode mode;
    bool has_price;
    struct cents price;               /* the lowest price of a group of adults; 0: free entry */
    struct str minimum, maximum, option; /* the booking rules in words, where there are some */
};
struct monument_cards {
    struct monument_card *p;
    size_t n;
};

/* A monument on the map. Coordinates are in the frame of assets/svg/map-france.svg, with one decimal. */
struct map_dot {
    struct str slug, name, city, x, y;
    enum sale_mode mode;
};
struct map_dots {
    struct map_dot *p;
    size_t n;
};
struct map_view {
    struct map_dots country, inset; /* the inset shows Paris and what lies around it */
};

/* ---- welcome ---------------------------------------------------------------------------------------------------- */

struct welcome_option {
    struct str name;
    instant start, ends;
    int persons;
};
struct welcome_options {
    struct welcome_option *p;
    size_t n;
};
struct welcome_order {
    struct str ref, monument;
    int persons, visits;
    bool confirmed;
};
struct welcome_orders {
    struct welcome_order *p;
    size_t n;
};
struct welcome_view {
    int64_t monuments;
    struct monument_cards planning; /* those with a planning */
    struct str lectures, first_name;
    struct welcome_options options;
    struct welcome_orders orders;
};

/* ---- the catalogue ---------------------------------------------------------------------------------------------- */

struct facet_option {
    struct str value, label;
    int64_t count;
    bool selected;
};
struct facet_options {
    struct facet_option *p;
    size_t n;
};
struct monuments_view {
    struct str text;
    bool filtered;
    struct facet_options regions, kinds, modes;
    struct monument_cards cards;
    struct map_view map;
};

/* ---- one monument ----------------------------------------------------------------------------------------------- */

struct fact_row {
    struct str label, value;
};
struct fact_rows {
    struct fact_row *p;
    size_t n;
};
struct price_row {
    struct str name, who, validity;
    struct cents amount;
};
struct price_rows {
    struct price_row *p;
    size_t n;
};
struct tickets_form {
    struct form head;
    struct int_field persons;
    struct choice_field leader;
};
struct contact_view {
    struct str email, phone, phone_plain, place;
};
/* A photograph of the monument's page. */
struct monument_photo {
    struct safe_url large, small;
    struct str alt, credit;
};
struct monument_photos {
    struct monument_photo *p;
    size_t n;
};

struct monument_view {
    struct monument_photos photos; /* the first stands for the drawing */
    struct str slug, name, kind, text;
    struct safe_url picture, here; /* `here`: this page, for the way back from the sign-in page */
    enum sale_mode mode;
    struct contact_view contact;
    struct str minimum, maximum, option;
    int max_persons;
    bool school_online, opens_guide;
    struct fact_rows facts; /* hours and closing days */
    bool closed_today;
    struct str today;
    struct price_rows prices, announced;
    int leader_free_above;
    struct str vat_note, lectures;
    bool sold; /* a tariff is in force */
    struct tickets_form form;
    struct str key;
    struct str refusal; /* what the service answered to the form; empty when there is nothing to say */
};

/* ---- planning --------------------------------------------------------------------------------------------------- */

enum planning_kind { PLANNING_MONTH, PLANNING_WEEK, PLANNING_DAY };

/* What a reader asked the planning for. */
struct planning_query {
    struct str slug;
    enum planning_kind kind;
    bool has_day;
    day_number day;
    struct str typed; /* the number of persons as it was typed */
    bool bad_number;
    struct planning_group group;
};

struct slot_view {
    const char *state; /* data-state */
    struct str anchor, time, word, why, note; /* `time`: «10:30», or the day of a dated ticket */
    day_number day;
    int minute, end, left;
    bool whole_day, can_cart, can_option, served;
    instant start;
    struct safe_url link; /* the day's page at this slot */
    int suggest;          /* a number of persons that this slot would take; 0: none to propose */
    struct safe_url suggest_link;
    struct str refused; /* the answer to a form sent for this slot */
};
struct slot_views {
    struct slot_view *p;
    size_t n;
};

struct day_view {
    bool outside; /* a square of the month's table without a day */
    bool today;
    day_number day;
    int number, left;
    const char *state;
    struct str anchor, name, abbr, word, detail, date;
    struct safe_url link;
    bool bars; /* draw the day's slots */
    struct slot_views slots;
};
struct day_views {
    struct day_view *p;
    size_t n;
};
struct week_view {
    struct day_views days;
};
struct week_views {
    struct week_view *p;
    size_t n;
};

struct sum_line {
    struct str text;
};
struct sum_lines {
    struct sum_line *p;
    size_t n;
};

struct named_link {
    struct str name;
    struct safe_url link;
};
struct named_links {
    struct named_link *p;
    size_t n;
};

/* The frame around plannings and the splitter: title, rules, the group's form. */
struct planning_frame {
    struct str slug, name;
    struct safe_url back; /* this page, for the way back from the sign-in page */
    bool dated;
    struct str minimum, maximum, option;
    const char *view; /* «mois», «semaine», «jour» */
    day_number day;
    struct str typed;
    bool bad_number;
    enum audience audience;
    bool guided;
    struct contact_view contact;
    struct named_links school_here; /* plannings that are open to schools */
};

struct planning_view {
    struct planning_frame f;
    enum refusal verdict;
    int persons, min_persons, max_persons;
    struct safe_url with_guide, public_shop, single; /* `single`: the planning for a group of the maximum */
    struct str shop_text;
    bool guide_helps;
    struct str refusal, refusal_more; /* the answer to a form that was sent */
    struct safe_url refusal_link;
    bool shows; /* there is something to look at below */
    enum planning_kind kind;
    struct str heading, earlier_name, later_name;
    bool has_earlier, has_later;
    struct safe_url earlier, later, month, week, day;
    struct week_views weeks;   /* month */
    struct day_views days;     /* week */
    struct day_view one;       /* day */
    struct named_links next;   /* the nearest slots that suit */
    struct str price;          /* «Pour 25 personnes : 336,00 €» */
    struct sum_lines price_lines;
    bool has_stock;            /* «J’ai déjà un billet» (STK-1) */
    struct str key;
    int split_from, split_to; /* minutes, for the splitter's form */
    day_number split_day;
};

/* ---- splitter --------------------------------------------------------------------------------------------------- */

struct split_form {
    struct form head;
    struct day_field day;
    struct time_field from, to;
    struct int_field persons;
    struct choice_field audience;
    struct bool_field guided;
};
struct split_group_view {
    instant start;
    int minute, persons;
    struct str price;
};
struct split_groups_view {
    struct split_group_view *p;
    size_t n;
};
struct split_view {
    struct planning_frame f;
    struct split_form form;
    bool proposed; /* there is a proposal */
    struct str heading, plan, spread;
    struct split_groups_view groups;
    struct str from, to; /* as the form sends them again */
    struct cents total;
    bool priced, can_option;
    struct str option_note;
    struct str refusal, refusal_more;
    struct str key;
    struct safe_url planning;
};

#endif
