/* Forms as tables of typed fields.
 *
 * A form is a struct whose first member is `struct form head` and whose other members are typed fields; a table tells what
 * each one is. Reading fills the typed values, or the errors; the template shows both. Example:
 *
 *     struct leader_form {
 *         struct form head;
 *         struct text_field last_name, email;
 *         struct int_field persons;
 *     };
 *     static const struct field_spec LEADER[] = {
 *         F_TEXT(struct leader_form, last_name, "nom", MSG_leader_last_name, .required = true, .autocomplete = "family-name"),
 *         F_EMAIL(struct leader_form, email, "courriel", MSG_leader_email, .required = true),
 *         F_INT(struct leader_form, persons, "personnes", MSG_leader_persons, .min = 1, .max = LIMIT_VISIT_PERSONS),
 *     };
 *
 *     struct leader_form form = {0};
 *     form_blank(page->arena, FORM(LEADER, form));                  // GET
 *     if (form_read(page->arena, page->request->form, FORM(LEADER, form)))  // POST
 *         ... form.email.v, form.persons.v ...
 *
 * In the template: {{use error_summary v.form.head}} and {{field v.form.email}}. */
#ifndef GUICHET_WEB_FORM_H
#define GUICHET_WEB_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/str.h"
#include "http/http.h"
#include "text/message.h"

enum field_kind {
    FIELD_TEXT,      /* one line, trimmed; min and max count characters */
    FIELD_LONG_TEXT, /* several lines, trimmed, line breaks are \n */
    FIELD_EMAIL,
    FIELD_PHONE,
    FIELD_PASSWORD, /* neither trimmed nor ever sent back */
    FIELD_INT,
    FIELD_DAY,  /* min and max are day numbers */
    FIELD_TIME, /* minutes since midnight */
    FIELD_CHOICE,
    FIELD_BOOL, /* a tick; `required` means that it must be ticked */
    FIELD_IDS   /* any number of ticks with row ids as values */
};

/* One possibility of a FIELD_CHOICE or FIELD_IDS. `text` when the words come from data, `label` when they are ours. */
struct possibility {
    struct str value;
    struct str text;
    enum msg label;
    bool selected; /* set when the form is read or filled */
};
struct possibilities {
    struct possibility *p;
    size_t n;
};

struct choice {
    const char *value;
    enum msg label;
};

struct field_spec {
    const char *name; /* of the parameter, French where a reader sees it in the address */
    enum field_kind kind;
    size_t offset; /* of the field in the form's struct */
    enum msg label, hint;
    bool required;
    bool radio; /* FIELD_CHOICE as radio buttons */
    int64_t min, max; /* both 0: no bounds of its own */
    const struct choice *choices; /* FIELD_CHOICE with fixed possibilities; their index is the typed value */
    size_t choice_count;
    const char *autocomplete; /* WCAG 1.3.5 */
    enum msg required_error;  /* MSG_none: the general sentence */
};

/* What a template shows of any field. */
struct field {
    const struct field_spec *spec;
    struct str id;    /* «f-nom», for label, error and summary */
    struct str typed; /* what the person typed, kept when it is wrong */
    bool given;       /* something was sent that is not blank */
    bool ticked;      /* FIELD_BOOL */
    struct possibilities possible;
    enum msg error;
    int64_t error_n; /* the error's {n} */
};

/* Typed fields. The value `v` keeps what it was (a default) when an optional field is left blank. */
struct text_field {
    struct field f;
    struct str v; /* empty when blank */
};
struct int_field {
    struct field f;
    int64_t v;
};
struct day_field {
    struct field f;
    day_number v;
};
struct time_field {
    struct field f;
    int v;
};
struct choice_field {
    struct field f;
    int v; /* index of the possibility; -1 when none is chosen */
    struct str value;
};
struct bool_field {
    struct field f;
    bool v;
};
struct ids {
    int64_t *p;
    size_t n;
};
struct ids_field {
    struct field f;
    struct ids v;
};

struct field_list {
    struct field **p;
    size_t n;
};

/* The head of every form: its errors. */
struct form {
    struct field_list fields; /* in the table's order */
    size_t error_count;       /* fields with an error, plus one for `error` */
    enum msg error;           /* about the form as a whole; MSG_none when there is none */
    bool sent;
};

/* One line of a table. The member must have the type that belongs to the kind, else it does not compile. */
#define FIELD_IS(type, member, member_type)                                                                          \
    (0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((type *)0)->member), member_type) ? 1 : -1]))
#define FIELD_LINE(type, member, member_type, name_, kind_, label_, ...)                                             \
    {                                                                                                                \
        .name = (name_), .kind = (kind_), .label = (label_),                                                         \
        .offset = offsetof(type, member) + FIELD_IS(type, member, member_type) __VA_OPT__(, ) __VA_ARGS__            \
    }
#define F_TEXT(t, m, name, label, ...) FIELD_LINE(t, m, struct text_field, name, FIELD_TEXT, label, __VA_ARGS__)
#define F_LONG_TEXT(t, m, name, label, ...) FIELD_LINE(t, m, struct text_field, name, FIELD_LONG_TEXT, label, __VA_ARGS__)
#define F_EMAIL(t, m, name, label, ...) FIELD_LINE(t, m, struct text_field, name, FIELD_EMAIL, label, __VA_ARGS__)
#define F_PHONE(t, m, name, label, ...) FIELD_LINE(t, m, struct text_field, name, FIELD_PHONE, label, __VA_ARGS__)
#define F_PASSWORD(t, m, name, label, ...) FIELD_LINE(t, m, struct text_field, name, FIELD_PASSWORD, label, __VA_ARGS__)
#define F_INT(t, m, name, label, ...) FIELD_LINE(t, m, struct int_field, name, FIELD_INT, label, __VA_ARGS__)
#define F_DAY(t, m, name, label, ...) FIELD_LINE(t, m, struct day_field, name, FIELD_DAY, label, __VA_ARGS__)
#define F_TIME(t, m, name, label, ...) FIELD_LINE(t, m, struct time_field, name, FIELD_TIME, label, __VA_ARGS__)
#define F_CHOICE(t, m, name, label, ...) FIELD_LINE(t, m, struct choice_field, name, FIELD_CHOICE, label, __VA_ARGS__)
#define F_BOOL(t, m, name, label, ...) FIELD_LINE(t, m, struct bool_field, name, FIELD_BOOL, label, __VA_ARGS__)
#define F_IDS(t, m, name, label, ...) FIELD_LINE(t, m, struct ids_field, name, FIELD_IDS, label, __VA_ARGS__)

/* .choices and .choice_count of a fixed table of possibilities. */
#define CHOICES(table) .choices = (table), .choice_count = sizeof(table) / sizeof((table)[0])

/* The three arguments that the functions below take for a table and its form. */
#define FORM(table, form) (table), sizeof(table) / sizeof((table)[0]), &(form).head

/* An empty form to show; values set before the call with field_set_… or `v` of text fields are shown. */
void form_blank(struct arena *arena, const struct field_spec *specs, size_t n, struct form *ret_form);

/* Reads what was sent (a form's fields, or a query) into the typed fields. true when all is well. When false every wrong
 * field has its error and all that was typed is kept, passwords excepted. Possibilities of a CHOICE or IDS field
 * that come from data are set in `f.possible` before; what is not among them is refused. */
bool form_read(struct arena *arena, struct pairs sent, const struct field_spec *specs, size_t n, struct form *ret_form);

/* An error that only the service could find: form_refuse(&form.head, &form.email.f, MSG_account_email_known). */
void form_refuse(struct form *form, struct field *field, enum msg error);
void form_refuse_n(struct form *form, struct field *field, enum msg error, int64_t n);
/* An error about the whole form. */
void form_refuse_all(struct form *form, enum msg error);

/* Values of an existing thing, for a form that changes it; after form_blank. */
void field_set_text(struct text_field *field, struct str value);
void field_set_int(struct arena *arena, struct int_field *field, int64_t value);
void field_set_day(struct arena *arena, struct day_field *field, day_number value);
void field_set_time(struct arena *arena, struct time_field *field, int value);
void field_set_choice(struct choice_field *field, struct str value);
void field_set_bool(struct bool_field *field, bool value);

/* What the templates of fields need; see templates/field.html. */
const char *field_input_type(const struct field *field);
const char *field_input_mode(const struct field *field);
int64_t field_max_length(const struct field *field);
bool field_has_bounds(const struct field *field);

/* The same rules outside of a form. */
bool email_plausible(struct str s);
bool phone_plausible(struct str s);

#endif
