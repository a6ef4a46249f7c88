/* Reads what was typed into typed fields; see form.h. */
#include "web/form.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

enum { LONG_TEXT_MAX = 4000, PHONE_MIN_DIGITS = 6, PHONE_MAX = 30, IDS_MAX = LIMIT_LIST };

static struct field *field_at(struct form *form, const struct field_spec *spec)
{
    return (struct field *)(void *)((char *)form + spec->offset);
}

/* ---- possibilities ---- */

static void fixed_possibilities(struct arena *arena, struct field *field)
{
    const struct field_spec *spec = field->spec;
    if (spec->choices == NULL || field->possible.p != NULL)
        return;
    field->possible.p = ARENA_ARRAY(arena, spec->choice_count, struct possibility);
    field->possible.n = spec->choice_count;
    for (size_t i = 0; i < spec->choice_count; i++)
        field->possible.p[i] =
            (struct possibility){.value = str_of(spec->choices[i].value), .label = spec->choices[i].label};
}

static int select_value(struct field *field, struct str value)
{
    int found = -1;
    for (size_t i = 0; i < field->possible.n; i++) {
        struct possibility *possibility = &field->possible.p[i];
        bool same = str_eq(possibility->value, value) && value.p != NULL;
        possibility->selected = same;
        if (same && found < 0)
            found = (int)i;
    }
    return found;
}

/* ---- what each kind accepts ---- */

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return true;
    return false;
}

bool email_plausible(struct str s)
{
    size_t at = str_find(s, '@', 0);
    if (at == SIZE_MAX || at == 0 || at > 64 || s.n > LIMIT_EMAIL || has_control(s))
        return false;
    for (size_t i = 0; i < at; i++)
        if ((unsigned char)s.p[i] >= 0x80 || strchr(" ()<>,;:\\\"[]@", s.p[i]) != NULL)
            return false;
    struct str domain = str_sub(s, at + 1, s.n);
    if (str_find(domain, '.', 0) == SIZE_MAX)
        return false;
    while (domain.n > 0) {
        bool more = str_find(domain, '.', 0) != SIZE_MAX;
        struct str part = str_cut(&domain, '.');
        if (part.n == 0 || part.n > 63 || part.p[0] == '-' || part.p[part.n - 1] == '-' || (more && domain.n == 0))
            return false;
        for (size_t i = 0; i < part.n; i++) {
            char c = part.p[i];
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
                return false;
        }
    }
    return true;
}

bool phone_plausible(struct str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (strchr(" .-()/", c) == NULL && !(c == '+' && i == 0))
            return false;
    }
    return digits >= PHONE_MIN_DIGITS && s.n <= PHONE_MAX;
}

static void refuse(struct field *field, enum msg error, int64_t n)
{
    field->error = error;
    field->error_n = n;
}

static int64_t text_max(const struct field_spec *spec)
{
    if (spec->max > 0)
        return spec->max;
    return spec->kind == FIELD_LONG_TEXT ? LONG_TEXT_MAX : spec->kind == FIELD_PASSWORD ? LIMIT_PASSWORD
                                                                                        : LIMIT_TEXT_FIELD;
}

/* A one-line field holds one line: other blanks and control characters become spaces. Long text keeps its lines. */
static struct str clean_text(struct arena *arena, struct str s, bool lines)
{
    char *copy = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (lines && c == '\r') {
            if (i + 1 < s.n && s.p[i + 1] == '\n')
                continue;
            c = '\n';
        }
        bool control = (unsigned char)c < 0x20 || c == 0x7f;
        copy[n++] = control && !(lines && c == '\n') ? ' ' : c;
    }
    return str_trim((struct str){copy, n});
}

static void read_text(struct field *field, struct str value)
{
    struct text_field *text = (struct text_field *)(void *)field;
    int64_t length = (int64_t)utf8_length(value);
    if (length > text_max(field->spec) || (field->spec->kind == FIELD_PASSWORD && value.n > LIMIT_PASSWORD))
        refuse(field, MSG_form_too_long, text_max(field->spec));
    else if (length < field->spec->min)
        refuse(field, MSG_form_too_short, field->spec->min);
    else if (field->spec->kind == FIELD_EMAIL && !email_plausible(value))
        refuse(field, MSG_form_email, 0);
    else if (field->spec->kind == FIELD_PHONE && !phone_plausible(value))
        refuse(field, MSG_form_phone, 0);
    else
        text->v = value;
}

static bool out_of_bounds(struct field *field, int64_t value, enum msg low, enum msg high)
{
    if (!field_has_bounds(field))
        return false;
    if (value < field->spec->min)
        refuse(field, low, field->spec->min);
    else if (value > field->spec->max)
        refuse(field, high, field->spec->max);
    else
        return false;
    return true;
}

/* People type «1 200»: blanks between digits are no mistake. */
static struct str without_blanks(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ')
            continue;
        if (i + 1 < s.n && memcmp(s.p + i, "\xc2\xa0", 2) == 0) {
            i++;
            continue;
        }
        if (i + 2 < s.n && memcmp(s.p + i, "\xe2\x80\xaf", 3) == 0) {
            i += 2;
            continue;
        }
        copy[n++] = s.p[i];
    }
    return (struct str){copy, n};
}

static void read_int(struct arena *arena, struct field *field, struct str value)
{
    int64_t number;
    if (!str_int(without_blanks(arena, value), &number))
        refuse(field, MSG_form_number, 0);
    else if (!out_of_bounds(field, number, MSG_form_min, MSG_form_max))
        ((struct int_field *)(void *)field)->v = number;
}

/* «23/11/2026», for browsers without a date picker. */
static bool day_parse_french(struct str s, day_number *ret_day)
{
    struct str rest = s;
    int64_t day, month, year;
    if (!str_int(str_cut(&rest, '/'), &day) || !str_int(str_cut(&rest, '/'), &month) || rest.n != 4 ||
        !str_int(rest, &year))
        return false;
    if (day < 1 || day > 31 || month < 1 || month > 12 || year < 1000)
        return false;
    struct date date = {.year = (int)year, .month = (int)month, .day = (int)day};
    if (!date_exists(date))
        return false;
    *ret_day = day_of(date);
    return true;
}

static void read_day(struct field *field, struct str value)
{
    day_number day;
    if (!day_parse(value, &day) && !day_parse_french(value, &day))
        refuse(field, MSG_form_day, 0);
    else if (!out_of_bounds(field, day, MSG_form_day_early, MSG_form_day_late))
        ((struct day_field *)(void *)field)->v = day;
}

static void read_time(struct field *field, struct str value)
{
    int minute;
    if (!minute_parse(value, &minute))
        refuse(field, MSG_form_time, 0);
    else if (!out_of_bounds(field, minute, MSG_form_time, MSG_form_time))
        ((struct time_field *)(void *)field)->v = minute;
}

static void read_choice(struct field *field, struct str value)
{
    struct choice_field *choice = (struct choice_field *)(void *)field;
    int index = select_value(field, value);
    choice->v = index;
    if (index < 0) {
        refuse(field, MSG_form_choice, 0);
        return;
    }
    choice->value = field->possible.p[index].value;
}

static void read_ids(struct arena *arena, struct pairs sent, struct field *field)
{
    struct ids_field *ids = (struct ids_field *)(void *)field;
    size_t count = 0;
    for (size_t i = 0; i < sent.n; i++)
        count += str_eq(sent.p[i].name, str_of(field->spec->name));
    ids->v = (struct ids){.p = ARENA_ARRAY(arena, count + 1, int64_t)};
    for (size_t i = 0; i < field->possible.n; i++)
        field->possible.p[i].selected = false;
    for (size_t i = 0; i < sent.n; i++) {
        if (!str_eq(sent.p[i].name, str_of(field->spec->name)))
            continue;
        bool possible = field->possible.p == NULL;
        for (size_t k = 0; k < field->possible.n; k++) {
            if (!str_eq(field->possible.p[k].value, sent.p[i].value))
                continue;
            possible = true;
            field->possible.p[k].selected = true;
        }
        int64_t id;
        if (!possible || !str_int(sent.p[i].value, &id) || ids->v.n == IDS_MAX) {
            refuse(field, MSG_form_choice, 0);
            return;
        }
        ids->v.p[ids->v.n++] = id;
    }
    field->given = ids->v.n > 0;
    if (field->spec->required && !field->given)
        refuse(field, field->spec->required_error != MSG_none ? field->spec->required_error : MSG_form_choice, 0);
}

static void read_bool(struct pairs sent, struct field *field)
{
    bool ticked = pairs_has(sent, str_of(field->spec->name));
    field->ticked = ticked;
    field->given = ticked;
    ((struct bool_field *)(void *)field)->v = ticked;
    if (!ticked && field->spec->required)
        refuse(field, field->spec->required_error != MSG_none ? field->spec->required_error : MSG_form_must_tick, 0);
}

/* What an optional field that is left blank means. */
static void read_nothing(struct field *field)
{
    if (field->spec->required)
        refuse(field, field->spec->required_error != MSG_none ? field->spec->required_error : MSG_form_required, 0);
    switch (field->spec->kind) {
    case FIELD_TEXT:
    case FIELD_LONG_TEXT:
    case FIELD_EMAIL:
    case FIELD_PHONE:
    case FIELD_PASSWORD:
        ((struct text_field *)(void *)field)->v = (struct str){NULL, 0};
        break;
    case FIELD_CHOICE:
        ((struct choice_field *)(void *)field)->v = -1;
        select_value(field, (struct str){NULL, 0});
        break;
    default:
        break;
    }
}

static void read_field(struct arena *arena, struct pairs sent, struct field *field)
{
    enum field_kind kind = field->spec->kind;
    if (kind == FIELD_BOOL) {
        read_bool(sent, field);
        return;
    }
    if (kind == FIELD_IDS) {
        read_ids(arena, sent, field);
        return;
    }
    struct str value = pairs_get(sent, str_of(field->spec->name));
    if (kind != FIELD_PASSWORD)
        value = clean_text(arena, value, kind == FIELD_LONG_TEXT);
    field->given = value.n > 0;
    field->typed = kind == FIELD_PASSWORD ? (struct str){NULL, 0} : value;
    if (!field->given)
        read_nothing(field);
    else if (kind == FIELD_INT)
        read_int(arena, field, value);
    else if (kind == FIELD_DAY)
        read_day(field, value);
    else if (kind == FIELD_TIME)
        read_time(field, value);
    else if (kind == FIELD_CHOICE)
        read_choice(field, value);
    else
        read_text(field, value);
}

/* ---- whole forms ---- */

static void prepare(struct arena *arena, const struct field_spec *specs, size_t n, struct form *form)
{
    *form = (struct form){.fields = {.p = ARENA_ARRAY(arena, n, struct field *), .n = n}};
    for (size_t i = 0; i < n; i++) {
        struct field *field = field_at(form, &specs[i]);
        struct possibilities possible = field->possible;
        struct str typed = field->typed;
        *field = (struct field){.spec = &specs[i], .possible = possible, .typed = typed};
        field->id = str_format(arena, "f-%s", specs[i].name);
        fixed_possibilities(arena, field);
        form->fields.p[i] = field;
    }
}

void form_blank(struct arena *arena, const struct field_spec *specs, size_t n, struct form *ret_form)
{
    prepare(arena, specs, n, ret_form);
    for (size_t i = 0; i < n; i++)
        if (specs[i].kind == FIELD_CHOICE)
            ((struct choice_field *)(void *)field_at(ret_form, &specs[i]))->v = -1;
}

bool form_read(struct arena *arena, struct pairs sent, const struct field_spec *specs, size_t n, struct form *ret_form)
{
    prepare(arena, specs, n, ret_form);
    ret_form->sent = true;
    for (size_t i = 0; i < n; i++) {
        struct field *field = ret_form->fields.p[i];
        read_field(arena, sent, field);
        ret_form->error_count += field->error != MSG_none;
    }
    return ret_form->error_count == 0;
}

void form_refuse_n(struct form *form, struct field *field, enum msg error, int64_t n)
{
    assert(error != MSG_none);
    form->error_count += field->error == MSG_none;
    refuse(field, error, n);
}

void form_refuse(struct form *form, struct field *field, enum msg error)
{
    form_refuse_n(form, field, error, 0);
}

void form_refuse_all(struct form *form, enum msg error)
{
    assert(error != MSG_none);
    form->error_count += form->error == MSG_none;
    form->error = error;
}

void field_set_text(struct text_field *field, struct str value)
{
    field->v = value;
    if (field->f.spec == NULL || field->f.spec->kind != FIELD_PASSWORD)
        field->f.typed = value;
}

void field_set_int(struct arena *arena, struct int_field *field, int64_t value)
{
    field->v = value;
    field->f.typed = str_format(arena, "%lld", (long long)value);
}

void field_set_day(struct arena *arena, struct day_field *field, day_number value)
{
    field->v = value;
    field->f.typed = day_iso(arena, value);
}

void field_set_time(struct arena *arena, struct time_field *field, int value)
{
    field->v = value;
    field->f.typed = str_format(arena, "%02d:%02d", value / 60, value % 60);
}

void field_set_choice(struct choice_field *field, struct str value)
{
    field->v = select_value(&field->f, value);
    field->value = field->v >= 0 ? value : (struct str){NULL, 0};
    field->f.typed = field->value;
}

void field_set_bool(struct bool_field *field, bool value)
{
    field->v = value;
    field->f.ticked = value;
}

const char *field_input_type(const struct field *field)
{
    switch (field->spec->kind) {
    case FIELD_EMAIL:
        return "email";
    case FIELD_PHONE:
        return "tel";
    case FIELD_PASSWORD:
        return "password";
    case FIELD_DAY:
        return "date";
    case FIELD_TIME:
        return "time";
    default:
        return "text"; /* numbers too: type=number loses what was typed wrong and scrolls by accident */
    }
}

const char *field_input_mode(const struct field *field)
{
    return field->spec->kind == FIELD_INT ? "numeric" : "";
}

int64_t field_max_length(const struct field *field)
{
    switch (field->spec->kind) {
    case FIELD_TEXT:
    case FIELD_LONG_TEXT:
    case FIELD_PASSWORD:
        return text_max(field->spec);
    case FIELD_EMAIL:
        return LIMIT_EMAIL;
    case FIELD_PHONE:
        return PHONE_MAX;
    default:
        return 0;
    }
}

bool field_has_bounds(const struct field *field)
{
    return field->spec->min != 0 || field->spec->max != 0;
}
