/* The views of the templates of the gate. */
#ifndef GUICHET_WEB_GATE_VIEWS_H
#define GUICHET_WEB_GATE_VIEWS_H

#include "service/gate.h"
#include "web/app.h"

enum { GATE_LINES = 8 };

/* An answer in the reader's language: never by colour alone. */
struct gate_words {
    struct str title, text;
    const char *tone, *icon; /* «ok», «warn», «bad»; a symbol of icons.svg */
    struct str lines[GATE_LINES];
    struct { struct str *p; size_t n; } more; /* the lines, for the template */
};

struct gate_place_line {
    struct gate_place *place;
    struct safe_url url;
};
struct gate_places_view {
    struct { struct gate_place_line *p; size_t n; } places;
};

/* A group of the day; also the empty pattern that the script fills. */
struct gate_group_view {
    int64_t id;
    struct str when, organisation, leader, slug, gate;
    int persons, arrived, left;
    bool cancelled, complete;
};

struct gate_form {
    struct form head;
    struct text_field code, gate;
    struct choice_field mode;
    struct int_field heads;
};
struct gate_undo_form {
    struct form head;
    struct text_field reason;
};

/* A word of the script: <li data-word="name">text</li>. */
struct gate_word {
    const char *name;
    struct str text;
};

struct gate_page_view {
    struct gate_place place; /* without a slug: the shell that the browser keeps for when there is no network */
    struct gate_form form;
    struct gate_undo_form undo;
    struct { struct gate_group_view *p; size_t n; } groups;
    struct gate_group_view pattern;
    struct { struct gate_word *p; size_t n; } words;
    bool has_answer, several_places;
    struct gate_answer answer;
    struct gate_words said;
    int left;
    int64_t conflicts;
    struct str key, gate;
    struct str decoder, verifier; /* addresses of other people's modules; empty when the build has none */
    struct str shell_script;
};

struct gate_entry_line {
    struct gate_entry *entry;
    enum msg result, act;
    const char *tone;
    struct safe_url url;
};
struct gate_log_view {
    struct gate_place place;
    struct { struct gate_entry_line *p; size_t n; } entries;
};

struct gate_conflict_line {
    struct gate_conflict *conflict;
    struct str what, winner, loser;
};
struct gate_conflicts_view {
    struct gate_place place;
    struct { struct gate_conflict_line *p; size_t n; } conflicts;
};

#endif
