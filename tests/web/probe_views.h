/* The views of the templates that only tests use. */
#ifndef GUICHET_TESTS_PROBE_VIEWS_H
#define GUICHET_TESTS_PROBE_VIEWS_H

#include "web/form.h"
#include "web/page.h"

struct probe_item {
    struct str name;
    const char *c;
    int n;
    bool on;
    struct cents price;
};
struct probe_items {
    struct probe_item *p;
    size_t n;
};
struct probe_words {
    struct str *p;
    size_t n;
};

struct probe_view {
    struct str evil; /* <b>"&' */
    struct str empty;
    struct html ready;
    struct safe_url elsewhere;
    struct probe_items items;
    struct probe_words words;
    int64_t count;
    day_number day;
    int minute;
    instant at;
    enum msg label;
    const struct probe_item *one;
};

struct probe_form {
    struct form head;
    struct text_field name, email, phone, password, story;
    struct int_field persons;
    struct day_field day;
    struct time_field time;
    struct choice_field kind, guide;
    struct bool_field terms;
    struct ids_field picks;
};

struct probe_form_view {
    struct probe_form form;
};

#endif
