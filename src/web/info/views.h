/* The views of the templates of this area. */
#ifndef GUICHET_WEB_INFO_VIEWS_H
#define GUICHET_WEB_INFO_VIEWS_H

#include "web/form.h"
#include "web/page.h"

/* ---- help ------------------------------------------------------------------------------------------------------- */

struct help_question {
    const char *anchor; /* where links from other pages lead, in both languages */
    enum msg question;
};
struct help_questions {
    const struct help_question *p;
    size_t n;
};
struct help_group {
    const char *id;
    enum msg title;
    struct help_questions questions;
};
struct help_groups {
    const struct help_group *p;
    size_t n;
};

/* One line of the table of rules (PLA-3), in words. */
struct help_rule {
    struct str name, minimum, maximum, option;
    struct safe_url planning;
};
struct help_rules {
    struct help_rule *p;
    size_t n;
};

struct help_link {
    struct str name;
    struct safe_url link;
};
struct help_links {
    struct help_link *p;
    size_t n;
};

struct help_view {
    struct help_groups groups;
    struct help_rules rules;        /* of the monuments with a planning */
    struct help_links school;       /* the plannings that school and special groups may use (VIS-1) */
    struct str slots, timed;        /* «A, B et C»: with a planning; with a planning or dated tickets */
    struct str service, lectures;   /* addresses */
    struct str shop_text;
    struct safe_url shop;
    struct str leader_missing;      /* the refusal as the customer has read it (COM-2) */
    int64_t leader_free_above, validity_years;
};

/* ---- legal texts ------------------------------------------------------------------------------------------------ */

struct legal_paragraph {
    bool heading;
    struct str text;
};
struct legal_paragraphs {
    struct legal_paragraph *p;
    size_t n;
};
struct legal_choice {
    struct str version;
    day_number since;
    bool shown;
};
struct legal_choices {
    struct legal_choice *p;
    size_t n;
};
struct legal_view {
    enum msg title;
    const char *path; /* without the language */
    struct str version, service;
    day_number since;
    bool in_force;
    struct legal_paragraphs paragraphs;
    struct legal_choices versions; /* all of them; a list is shown when there are several */
};

/* ---- mails of the demonstration --------------------------------------------------------------------------------- */

struct mail_line {
    struct str subject, to;
    instant date;
    struct safe_url link;
};
struct mail_lines {
    struct mail_line *p;
    size_t n;
};
struct mails_view {
    struct mail_lines mails;
    size_t total;
    int64_t page, pages;
    struct safe_url newer, older; /* empty where there are none */
};

/* A stretch of a mail's text; with a link when it is an address of this site. */
struct mail_piece {
    struct str text;
    struct safe_url link;
};
struct mail_pieces {
    struct mail_piece *p;
    size_t n;
};
struct mail_enclosure {
    struct str name, size;
    struct safe_url link;
};
struct mail_enclosures {
    struct mail_enclosure *p;
    size_t n;
};
struct mail_view {
    struct str subject, from, to;
    instant date;
    struct mail_pieces body;
    struct mail_enclosures enclosures;
};

#endif
