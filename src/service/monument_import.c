/* The import of monuments; see monument_import.h. */
#include "service/monument_import.h"

#include "base/buf.h"
#include "service/monument_work.h"
#include "service/settings.h"
#include "service/staff_session.h"
#include "store/queries.h"

/* ---- the table ---- */

static struct str quoted_field(struct arena *arena, struct str *rest, int *line, bool *ret_closed)
{
    struct buf text = buf_new(IMPORT_BYTES);
    size_t at = 1;
    *ret_closed = false;
    for (; at < rest->n; at++) {
        char c = rest->p[at];
        if (c == '"' && at + 1 < rest->n && rest->p[at + 1] == '"') {
            at++; /* a doubled quote is one */
        } else if (c == '"') {
            at++;
            *ret_closed = true;
            break;
        }
        *line += c == '\n';
        buf_char(&text, c);
    }
    struct str field = str_dup(arena, buf_view(&text));
    buf_free(&text);
    *rest = str_sub(*rest, at, rest->n);
    return field;
}

static struct str plain_field(struct str *rest, char separator)
{
    size_t at = 0;
    while (at < rest->n && rest->p[at] != separator && rest->p[at] != '\n' && rest->p[at] != '\r')
        at++;
    struct str field = str_sub(*rest, 0, at);
    *rest = str_sub(*rest, at, rest->n);
    return field;
}

int csv_record(struct arena *arena, struct str *rest, char separator, struct str *fields, int most, int *line)
{
    while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r')) {
        *line += rest->p[0] == '\n';
        *rest = str_sub(*rest, 1, rest->n);
    }
    for (int count = 0; rest->n > 0;) {
        bool closed = true;
        struct str field = rest->p[0] == '"' ? quoted_field(arena, rest, line, &closed) : plain_field(rest, separator);
        if (!closed)
            return -1;
        if (count < most)
            fields[count] = str_trim(field);
        count++;
        if (rest->n == 0 || rest->p[0] != separator)
            return rest->n == 0 || rest->p[0] == '\n' || rest->p[0] == '\r' ? count : -1;
        *rest = str_sub(*rest, 1, rest->n);
        if (rest->n == 0) { /* the last field is empty and so is the rest */
            if (count < most)
                fields[count] = (struct str){"", 0};
            return count + 1;
        }
    }
    return 0;
}

/* ---- columns ---- */

enum column {
    C_SLUG, C_NAME, C_CITY, C_DEPARTMENT, C_REGION, C_KIND, C_DESCRIPTION_FR, C_DESCRIPTION_EN, C_LATITUDE, C_LONGITUDE,
    C_HOURS_SUMMER, C_HOURS_WINTER, C_CLOSING, C_SLOT_BOOKING, C_FULL, C_GROUP, C_EMAIL, C_PHONE, C_VAT, C_SOURCE,
    COLUMNS
};
enum { REQUIRED = C_FULL }; /* those before it */

static const char *const names[COLUMNS] = {
    "slug", "name", "city", "department", "region", "kind", "description_fr", "description_en", "latitude", "longitude",
    "hours_summer", "hours_winter", "closing_days", "slot_booking", "full_rate_eur", "group_rate_eur", "contact_email",
    "contact_phone", "vat_code", "source"};

struct row {
    int line;
    struct monument monument;
    bool has_full, has_group;
    int64_t full, group;
    struct str vat;
};

struct import {
    struct service *service;
    bool write;
    struct settings settings;
    int columns[COLUMNS]; /* place in the record; -1: not in the table */
    struct row *rows;
    size_t n;
    struct monument_import result;
    day_number today;
};

static void problem(struct import *import, int line, int column, const char *what)
{
    struct import_problems *problems = &import->result.problems;
    if (problems->n == IMPORT_PROBLEMS) {
        problems->more = true;
        return;
    }
    problems->p[problems->n++] = (struct import_problem){line, column < 0 ? "" : names[column], what};
}

static void read_heading(struct import *import, const struct str *fields, int count, int line)
{
    for (int c = 0; c < COLUMNS; c++)
        import->columns[c] = -1;
    for (int i = 0; i < count; i++) {
        int column = -1;
        for (int c = 0; c < COLUMNS; c++)
            if (str_eq(fields[i], str_of(names[c])))
                column = c;
        if (column < 0)
            problem(import, line, -1, "the heading has a column that is not known");
        else if (import->columns[column] >= 0)
            problem(import, line, column, "the column is there twice");
        else
            import->columns[column] = i;
    }
    for (int c = 0; c < REQUIRED; c++)
        if (import->columns[c] < 0)
            problem(import, line, c, "the column is missing");
}

static struct str cell(const struct import *import, const struct str *fields, enum column column)
{
    return import->columns[column] < 0 ? (struct str){"", 0} : fields[import->columns[column]];
}

/* «12», «12.5», «12.50» to cents. */
static bool cents_parse(struct str text, int64_t *ret_cents)
{
    struct str rest = text;
    struct str whole = str_cut(&rest, '.');
    int64_t euros = 0, part = 0;
    if (!str_int(whole, &euros) || euros < 0 || euros > PRICE_CENTS / 100 || rest.n > 2 ||
        (rest.n > 0 && (!str_int(rest, &part) || part < 0)))
        return false;
    *ret_cents = euros * 100 + (rest.n == 1 ? part * 10 : part);
    return true;
}

static void read_price(struct import *import, const struct str *fields, enum column column, int line, bool *ret_has,
                       int64_t *ret_cents)
{
    struct str text = cell(import, fields, column);
    if (text.n == 0)
        return;
    if (!cents_parse(text, ret_cents))
        problem(import, line, column, "a price in euros with a point and two decimals at most is expected");
    else
        *ret_has = true;
}

static void check_row(struct import *import, const struct row *row, const struct str *fields)
{
    static const struct {
        enum monument_fault wrong;
        enum column column;
        const char *what;
    } wrongs[] = {
        {MONUMENT_SLUG, C_SLUG, "small letters, digits and hyphens are expected"},
        {MONUMENT_NAME, C_NAME, "1 to 120 characters are expected"},
        {MONUMENT_CITY, C_CITY, "1 to 120 characters are expected"},
        {MONUMENT_DEPARTMENT, C_DEPARTMENT, "1 to 120 characters are expected"},
        {MONUMENT_REGION, C_REGION, "1 to 120 characters are expected"},
        {MONUMENT_KIND, C_KIND, "1 to 120 characters are expected"},
        {MONUMENT_DESCRIPTION_FR, C_DESCRIPTION_FR, "1 to 2000 characters are expected"},
        {MONUMENT_DESCRIPTION_EN, C_DESCRIPTION_EN, "1 to 2000 characters are expected"},
        {MONUMENT_LATITUDE, C_LATITUDE, "degrees with a point, from -90 to 90, are expected"},
        {MONUMENT_LONGITUDE, C_LONGITUDE, "degrees with a point, from -180 to 180, are expected"},
        {MONUMENT_HOURS_SUMMER, C_HOURS_SUMMER, "«10:00-12:30,14:00-17:00», closed or on-request is expected"},
        {MONUMENT_HOURS_WINTER, C_HOURS_WINTER, "«10:00-12:30,14:00-17:00», closed or on-request is expected"},
        {MONUMENT_CLOSING, C_CLOSING, "one of the closing days cannot be read"},
        {MONUMENT_EMAIL, C_EMAIL, "this is not an e-mail address"},
        {MONUMENT_PHONE, C_PHONE, "this is not a telephone number"},
    };
    struct monument m = row->monument;
    if (m.contact_email.n == 0)
        m.contact_email = import->settings.contact_groups;
    if (m.contact_phone.n == 0) /* may be missing here */
        m.contact_phone = S("0000000000");
    enum monument_fault wrong = monument_check(&m);
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++)
        if (wrongs[i].wrong == wrong)
            problem(import, row->line, wrongs[i].column, wrongs[i].what);
    if (!degrees_parse(cell(import, fields, C_LATITUDE), &m.latitude_e4))
        problem(import, row->line, C_LATITUDE, "degrees with a point and four decimals at most are expected");
    if (!degrees_parse(cell(import, fields, C_LONGITUDE), &m.longitude_e4))
        problem(import, row->line, C_LONGITUDE, "degrees with a point and four decimals at most are expected");
    for (size_t i = 0; i < import->n; i++)
        if (str_eq(import->rows[i].monument.slug, m.slug))
            problem(import, row->line, C_SLUG, "the slug is in the table twice");
}

static void read_row(struct import *import, const struct str *fields, int line)
{
    struct row row = {.line = line,
                      .vat = cell(import, fields, C_VAT),
                      .monument = {.slug = cell(import, fields, C_SLUG), .name = cell(import, fields, C_NAME),
                                   .city = cell(import, fields, C_CITY),
                                   .department = cell(import, fields, C_DEPARTMENT),
                                   .region = cell(import, fields, C_REGION), .kind = cell(import, fields, C_KIND),
                                   .description_fr = cell(import, fields, C_DESCRIPTION_FR),
                                   .description_en = cell(import, fields, C_DESCRIPTION_EN),
                                   .hours_summer = cell(import, fields, C_HOURS_SUMMER),
                                   .hours_winter = cell(import, fields, C_HOURS_WINTER),
                                   .closing_days = cell(import, fields, C_CLOSING),
                                   .contact_email = cell(import, fields, C_EMAIL),
                                   .contact_phone = cell(import, fields, C_PHONE), .mode = SALE_CONTACT}};
    struct str booking = cell(import, fields, C_SLOT_BOOKING);
    if (str_eq(booking, S("group-planning")))
        row.monument.mode = SALE_GROUP_SLOTS;
    else if (str_eq(booking, S("dated-ticket")))
        row.monument.mode = SALE_DATED;
    else if (!str_eq(booking, S("no")))
        problem(import, line, C_SLOT_BOOKING, "group-planning, dated-ticket or no is expected");
    (void)degrees_parse(cell(import, fields, C_LATITUDE), &row.monument.latitude_e4);
    (void)degrees_parse(cell(import, fields, C_LONGITUDE), &row.monument.longitude_e4);
    read_price(import, fields, C_FULL, line, &row.has_full, &row.full);
    read_price(import, fields, C_GROUP, line, &row.has_group, &row.group);
    check_row(import, &row, fields);
    if (row.vat.n == 0)
        row.vat = S("outside");
    import->rows[import->n++] = row;
}

static void read_table(struct import *import, struct arena *arena, struct str csv)
{
    struct str rest = csv, fields[CSV_COLUMNS];
    int line = 1, start = 1;
    if (str_starts(rest, S("\xef\xbb\xbf")))
        rest = str_sub(rest, 3, rest.n);
    size_t end = str_find(rest, '\n', 0);
    char separator = str_find(str_sub(rest, 0, end == SIZE_MAX ? rest.n : end), ';', 0) == SIZE_MAX ? ',' : ';';
    int heading = csv_record(arena, &rest, separator, fields, CSV_COLUMNS, &line);
    if (heading <= 0 || heading > CSV_COLUMNS) {
        problem(import, 1, -1, "the table has no heading that can be read");
        return;
    }
    read_heading(import, fields, heading, 1);
    import->rows = ARENA_ARRAY(arena, IMPORT_ROWS, struct row);
    bool readable = import->result.problems.n == 0; /* without its columns every row would be wrong */
    while (readable) {
        while (rest.n > 0 && (rest.p[0] == '\n' || rest.p[0] == '\r')) {
            line += rest.p[0] == '\n';
            rest = str_sub(rest, 1, rest.n);
        }
        start = line;
        int count = csv_record(arena, &rest, separator, fields, CSV_COLUMNS, &line);
        if (count == 0)
            break;
        if (count != heading) {
            problem(import, start, -1, count < 0 ? "a quote is not closed, or text follows it"
                                                 : "the row has not as many fields as the heading");
            if (count < 0)
                break;
            continue;
        }
        if (import->n == IMPORT_ROWS) {
            problem(import, start, -1, "the table has more than 2000 rows");
            break;
        }
        read_row(import, fields, start);
    }
    import->result.rows = (int)import->n;
}

/* ---- writing ---- */

static enum err price_add(const struct import *import, struct db *db, struct arena *arena, int64_t id,
                          const struct row *row, struct str code, int64_t persons, int64_t amount, struct fault *fault)
{
    struct tariff_kind_list there = {.n = 0};
    struct tariff_add_row added;
    enum err err = q_tariff_kind(
        db, arena, (struct tariff_kind_in){.monument_id = id, .audience = S("adults"), .code = code}, &there, fault);
    if (err != OK || there.n > 0)
        return err;
    return q_tariff_add(db, arena,
                        (struct tariff_add_in){.monument_id = id, .code = code, .audience = S("adults"),
                                               .min_persons = persons, .amount_cents = amount, .vat_code = row->vat,
                                               .valid_from = import->today},
                        &added, NULL, fault);
}

static enum err row_add(struct import *import, struct db *db, struct arena *arena, const struct row *row,
                        int64_t *ret_id, struct fault *fault)
{
    const struct monument *m = &row->monument;
    struct monument_add_row added;
    import->result.added++;
    enum err err = q_monument_add(
        db, arena,
        (struct monument_add_in){
            .slug = m->slug, .name = m->name, .city = m->city, .department = m->department, .region = m->region,
            .kind = m->kind, .description_fr = m->description_fr, .description_en = m->description_en,
            .latitude_e4 = m->latitude_e4, .longitude_e4 = m->longitude_e4, .hours_summer = m->hours_summer,
            .hours_winter = m->hours_winter, .closing_days = m->closing_days,
            .sale_mode = str_of(sale_mode_name(m->mode)),
            .contact_email = m->contact_email.n > 0 ? m->contact_email : import->settings.contact_groups,
            .contact_phone = m->contact_phone,
            .search_text = monument_search_text(arena, m->name, m->city, m->department, m->region, m->kind)},
        &added, NULL, fault);
    if (err == OK)
        *ret_id = added.id;
    return err;
}

static bool facts_same(const struct monument *a, const struct monument *b)
{
    return str_eq(a->name, b->name) && str_eq(a->city, b->city) && str_eq(a->department, b->department) &&
           str_eq(a->region, b->region) && str_eq(a->kind, b->kind) && str_eq(a->description_fr, b->description_fr) &&
           str_eq(a->description_en, b->description_en) && a->latitude_e4 == b->latitude_e4 &&
           a->longitude_e4 == b->longitude_e4 && str_eq(a->hours_summer, b->hours_summer) &&
           str_eq(a->hours_winter, b->hours_winter) && str_eq(a->closing_days, b->closing_days) &&
           str_eq(a->contact_email, b->contact_email) && str_eq(a->contact_phone, b->contact_phone) &&
           a->mode == b->mode;
}

static enum err mode_put(struct import *import, struct db *db, struct arena *arena, const struct row *row, int64_t id,
                         struct fault *fault)
{
    struct monument_has_slots_row slots;
    enum err err = q_monument_has_slots(db, arena, (struct monument_has_slots_in){.monument_id = id}, &slots, NULL,
                                        fault);
    if (err == OK && slots.n > 0)
        problem(import, row->line, C_SLOT_BOOKING, "the monument has slots: how it sells cannot change");
    else if (err == OK)
        err = q_monument_mode_put(
            db, (struct monument_mode_put_in){.id = id, .sale_mode = str_of(sale_mode_name(row->monument.mode))}, NULL,
            fault);
    return err;
}

static enum err row_put(struct import *import, struct db *db, struct arena *arena, const struct row *row,
                        const struct monument_of_slug_row *there, struct fault *fault)
{
    struct monument was, m = row->monument;
    enum err err = monument_by_id(db, arena, there->id, &was, fault);
    if (err != OK)
        return err;
    if (m.contact_email.n == 0)
        m.contact_email = was.contact_email;
    if (m.contact_phone.n == 0)
        m.contact_phone = was.contact_phone;
    if (facts_same(&m, &was)) {
        import->result.same++;
        return OK;
    }
    import->result.changed++;
    if (m.mode != was.mode)
        err = mode_put(import, db, arena, row, there->id, fault);
    if (err != OK)
        return err;
    return q_monument_put(
        db,
        (struct monument_put_in){
            .id = there->id, .name = m.name, .city = m.city, .department = m.department, .region = m.region,
            .kind = m.kind, .description_fr = m.description_fr, .description_en = m.description_en,
            .latitude_e4 = m.latitude_e4, .longitude_e4 = m.longitude_e4, .hours_summer = m.hours_summer,
            .hours_winter = m.hours_winter, .closing_days = m.closing_days, .contact_email = m.contact_email,
            .contact_phone = m.contact_phone, .published = there->published,
            .search_text = monument_search_text(arena, m.name, m.city, m.department, m.region, m.kind)},
        NULL, fault);
}

static enum err row_write(struct import *import, struct db *db, struct arena *arena, const struct row *row,
                          struct fault *fault)
{
    struct monument_of_slug_row there;
    bool found = false;
    int64_t id = 0;
    enum err err = q_monument_of_slug(db, arena, (struct monument_of_slug_in){.slug = row->monument.slug}, &there,
                                      &found, fault);
    if (err == OK)
        err = found ? row_put(import, db, arena, row, &there, fault) : row_add(import, db, arena, row, &id, fault);
    if (found)
        id = there.id;
    if (err == OK && row->has_full)
        err = price_add(import, db, arena, id, row, S("full"), 1, row->full, fault);
    if (err == OK && row->has_group)
        err = price_add(import, db, arena, id, row, S("group"), import->settings.group_tariff_from, row->group, fault);
    return err;
}

/* «outside» is there from the first import on; any other regime an administrator makes first. */
static enum err regimes_check(struct import *import, struct db *db, struct arena *arena, struct fault *fault)
{
    struct vat_regimes_list regimes = {.n = 0};
    enum err err = q_vat_regime_add(db,
                                    (struct vat_regime_add_in){.code = S("outside"), .category = S("O"), .rate_bp = 0,
                                                               .mention_fr = import->settings.seller_vat_note_fr,
                                                               .mention_en = import->settings.seller_vat_note_en},
                                    NULL, fault);
    if (err == OK)
        err = q_vat_regimes(db, arena, &regimes, fault);
    for (size_t i = 0; err == OK && i < import->n; i++) {
        bool known = false;
        for (size_t k = 0; k < regimes.n; k++)
            known = known || str_eq(regimes.p[k].code, import->rows[i].vat);
        if (!known)
            problem(import, import->rows[i].line, C_VAT, "there is no such VAT regime");
    }
    return err;
}

struct asked {
    struct service *service;
    struct str csv;
    bool write;
    struct monument_import result;
};

/* A refusal undoes what was written, whether it is for problems or because somebody only looks. */
static enum err command(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct asked *asked = argument;
    struct import *import = ARENA_NEW(arena, struct import);
    *import = (struct import){.service = asked->service, .write = asked->write,
                              .today = service_day(asked->service, service_now(asked->service))};
    import->result.problems.p = ARENA_ARRAY(arena, IMPORT_PROBLEMS, struct import_problem);
    enum err err = settings_read(db, arena, &import->settings, fault);
    if (err == OK)
        read_table(import, arena, asked->csv);
    if (err == OK && import->result.problems.n == 0)
        err = regimes_check(import, db, arena, fault);
    for (size_t i = 0; err == OK && import->result.problems.n == 0 && i < import->n; i++)
        err = row_write(import, db, arena, &import->rows[i], fault);
    asked->result = import->result;
    if (err != OK)
        return err;
    if (import->result.problems.n > 0 || !asked->write)
        return ERR_REFUSED;
    return staff_audit(db, arena, NULL, service_now(asked->service),
                       (struct staff_act){.act = S("monument.import"), .subject = S("monuments"),
                                          .became = str_format(arena, "%d added, %d changed, %d the same",
                                                               import->result.added, import->result.changed,
                                                               import->result.same)},
                       fault);
}

enum err monument_import(struct service *service, struct arena *arena, struct str csv, bool write,
                         struct monument_import *ret_import, struct fault *fault)
{
    if (csv.n > IMPORT_BYTES)
        return fault_set(fault, ERR_LIMIT, "a table of more than %d bytes", IMPORT_BYTES);
    if (!utf8_valid(csv))
        return fault_set(fault, ERR_INPUT, "the table is not UTF-8");
    struct asked asked = {.service = service, .csv = csv, .write = write};
    enum err err = service_write(service, arena, command, 0, &asked, fault);
    if (err != OK && err != ERR_REFUSED)
        return err;
    *ret_import = asked.result;
    return OK;
}
