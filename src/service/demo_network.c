/* The demonstration's monuments, rules and prices, from the embedded monuments.csv and the table of the FAQ. */
#include "base/buf.h"
#include "base/limits.h"
#include "service/demo_parts.h"
#include "store/queries.h"

/* ---- the table ---- */

enum column {
    C_SLUG, C_NAME, C_CITY, C_DEPARTMENT, C_REGION, C_KIND, C_DESCRIPTION_FR, C_DESCRIPTION_EN, C_LATITUDE,
    C_LONGITUDE, C_HOURS_SUMMER, C_HOURS_WINTER, C_CLOSING_DAYS, C_FULL_RATE, C_GROUP_RATE, C_SLOT_BOOKING, C_SOURCE,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    "slug", "name", "city", "department", "region", "kind", "description_fr", "description_en", "latitude",
    "longitude", "hours_summer", "hours_winter", "closing_days", "full_rate_eur", "group_rate_eur", "slot_booking",
    "source"};

/* A field up to ';' or the end of the line; *rest begins behind it, at the separator. */
static struct str csv_field(struct arena *arena, struct str *rest)
{
    size_t at = 0;
    bool quoted = rest->n > 0 && rest->p[0] == '"';
    struct buf text = buf_new(LIMIT_REQUEST_BODY);
    for (at = quoted ? 1 : 0; at < rest->n; at++) {
        char c = rest->p[at];
        if (quoted && c == '"') {
            if (at + 1 < rest->n && rest->p[at + 1] == '"') {
                at++; /* a doubled quote is one */
            } else {
                at++;
                break;
            }
        } else if (!quoted && (c == ';' || c == '\n' || c == '\r')) {
            break;
        }
        buf_char(&text, c);
    }
    struct str field = str_dup(arena, buf_view(&text));
    buf_free(&text);
    *rest = str_sub(*rest, at, rest->n);
    return field;
}

size_t demo_csv_line(struct arena *arena, struct str *rest, struct str *fields, size_t most)
{
    size_t count = 0;
    while (rest->n > 0 && (rest->p[0] == '\n' || rest->p[0] == '\r'))
        *rest = str_sub(*rest, 1, rest->n);
    if (rest->n == 0)
        return 0;
    for (;;) {
        struct str field = csv_field(arena, rest);
        if (count < most)
            fields[count] = field;
        count++;
        if (rest->n == 0 || rest->p[0] != ';')
            return count;
        *rest = str_sub(*rest, 1, rest->n);
    }
}

/* «48.874» as a whole number of 10^-decimals; false when it is not such a number. */
static bool decimal(struct str text, int decimals, int64_t *ret_value)
{
    struct str rest = text;
    bool negative = str_starts(text, S("-"));
    struct str whole = str_cut(&rest, '.');
    int64_t value = 0, part = 0;
    if (!str_int(whole, &value) || rest.n > (size_t)decimals || (rest.n > 0 && (!str_int(rest, &part) || part < 0)))
        return false;
    for (size_t i = rest.n; i < (size_t)decimals; i++)
        part *= 10;
    for (int i = 0; i < decimals; i++)
        value *= 10;
    *ret_value = negative ? value - part : value + part;
    return true;
}

/* ---- addresses ---- */

/* Fictional numbers: the regulator keeps these ranges for films, one for each part of the country. */
static struct str phone_of(struct arena *arena, struct str region, size_t index)
{
    static const struct {
        const char *region, *range;
    } ranges[] = {
        {"Île-de-France", "01 99 00"},
        {"Bretagne", "02 61 91"},
        {"Centre-Val de Loire", "02 61 91"},
        {"Normandie", "02 61 91"},
        {"Pays de la Loire", "02 61 91"},
        {"Bourgogne-Franche-Comté", "03 53 01"},
        {"Grand Est", "03 53 01"},
        {"Hauts-de-France", "03 53 01"},
        {"Auvergne-Rhône-Alpes", "04 65 71"},
        {"Provence-Alpes-Côte d'Azur", "04 65 71"},
    };
    const char *range = "05 36 49"; /* Nouvelle-Aquitaine, Occitanie */
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (str_eq(str_of(ranges[i].region), region))
            range = ranges[i].range;
    return str_format(arena, "%s %02zu %02zu", range, 10 + index / 50, 10 + index % 50);
}

static enum sale_mode mode_of(struct str slot_booking)
{
    if (str_eq(slot_booking, S("group-planning")))
        return SALE_GROUP_SLOTS;
    return str_eq(slot_booking, S("dated-ticket")) ? SALE_DATED : SALE_CONTACT;
}

/* ---- rules (the FAQ's table) ---- */

static const struct {
    const char *slug;
    struct group_rule rule; /* last confirmation and end of sales come from the settings */
} faq_rules[] = {
    {"arc-de-triomphe",
     {.min_persons = 7, .max_persons = 35, .has_option = true, .option_days = 30, .school_online = true}},
    {"chateau-de-vincennes", {.min_persons = 8, .max_persons = 35}},
    {"conciergerie",
     {.min_persons = 8, .guide_waives_minimum = true, .max_persons = 26, .has_option = true, .option_days = 60}},
    {"sainte-chapelle",
     {.min_persons = 8, .guide_waives_minimum = true, .max_persons = 26, .has_option = true, .option_days = 60}},
    {"carcassonne", {.min_persons = 1, .max_persons = 400}},
};

static enum err rule_add(const struct demo *demo, struct db *db, struct monument *monument, struct fault *fault)
{
    for (size_t i = 0; i < sizeof(faq_rules) / sizeof(faq_rules[0]); i++) {
        if (!str_eq(str_of(faq_rules[i].slug), monument->slug))
            continue;
        struct group_rule *rule = &monument->rule;
        *rule = faq_rules[i].rule;
        rule->confirm_days_before = (int)demo->settings.confirm_days_before;
        rule->confirm_minute = (int)demo->settings.confirm_minute;
        rule->sales_close_minutes = (int)demo->settings.sales_close_minutes;
        monument->has_rule = true;
        return q_demo_group_rule_add(
            db,
            (struct demo_group_rule_add_in){
                .monument_id = monument->id, .min_persons = rule->min_persons,
                .guide_waives_minimum = rule->guide_waives_minimum, .max_persons = rule->max_persons,
                .option_days = {.is = rule->has_option, .v = rule->option_days},
                .confirm_days_before = rule->confirm_days_before, .confirm_minute = rule->confirm_minute,
                .sales_close_minutes = rule->sales_close_minutes, .school_online = rule->school_online},
            NULL, fault);
    }
    return OK;
}

/* ---- prices ---- */

enum { SCHOOL_CENTS = 250, RISE_CENTS = 100 };

static enum err tariff_add(struct db *db, const struct monument *monument, const char *code, enum audience audience,
                           int64_t min_persons, int64_t amount, day_number from, struct maybe_int to,
                           struct fault *fault)
{
    return q_demo_tariff_add(db,
                             (struct demo_tariff_add_in){
                                 .monument_id = monument->id, .code = str_of(code),
                                 .audience = str_of(audience_name(audience)), .min_persons = min_persons,
                                 .amount_cents = amount, .vat_code = S("outside"), .valid_from = from, .valid_to = to},
                             NULL, fault);
}

/* Two monuments announce the prices of the next season, so that validity dates show. */
static bool prices_rise(struct str slug)
{
    return str_eq(slug, S("conciergerie")) || str_eq(slug, S("abbaye-mont-saint-michel"));
}

static enum err tariffs_add(const struct demo *demo, struct db *db, const struct monument *monument, int64_t full,
                            int64_t group, struct fault *fault)
{
    day_number from = day_of((struct date){2025, 1, 1});
    day_number rise = day_of((struct date){date_of(demo->today).year + 1, 4, 1});
    bool rises = prices_rise(monument->slug);
    struct maybe_int to = {.is = rises, .v = rise - 1}, open = {.is = false};
    int64_t threshold = demo->settings.group_tariff_from;
    enum err err = tariff_add(db, monument, "full", AUDIENCE_ADULTS, 1, full, from, to, fault);
    if (err == OK)
        err = tariff_add(db, monument, "group", AUDIENCE_ADULTS, threshold, group, from, to, fault);
    if (err == OK && rises)
        err = tariff_add(db, monument, "full", AUDIENCE_ADULTS, 1, full + RISE_CENTS, rise, open, fault);
    if (err == OK && rises)
        err = tariff_add(db, monument, "group", AUDIENCE_ADULTS, threshold, group + RISE_CENTS, rise, open, fault);
    if (err == OK && monument->has_rule && monument->rule.school_online) {
        err = tariff_add(db, monument, "school", AUDIENCE_SCHOOL, 1, SCHOOL_CENTS, from, open, fault);
        if (err == OK)
            err = tariff_add(db, monument, "school", AUDIENCE_SPECIAL, 1, SCHOOL_CENTS, from, open, fault);
    }
    return err;
}

/* ---- monuments ---- */

static enum err monument_add(struct demo *demo, struct db *db, struct arena *arena, const struct str *f,
                             struct fault *fault)
{
    int64_t latitude = 0, longitude = 0, full = 0, group = 0;
    if (!decimal(f[C_LATITUDE], 4, &latitude) || !decimal(f[C_LONGITUDE], 4, &longitude) ||
        !decimal(f[C_FULL_RATE], 2, &full) || !decimal(f[C_GROUP_RATE], 2, &group))
        return fault_set(fault, ERR_BUG, "monuments.csv: numbers of %.*s", STR_ARG(f[C_SLUG]));
    struct opening_rules ignored;
    if (opening_parse(f[C_HOURS_SUMMER], f[C_HOURS_WINTER], f[C_CLOSING_DAYS], &ignored, fault) != OK)
        return ERR_BUG;
    size_t index = demo->monument_count;
    if (index >= DEMO_MONUMENTS)
        return fault_set(fault, ERR_BUG, "monuments.csv: more than %d monuments", DEMO_MONUMENTS);
    struct monument *m = &demo->monuments[index];
    *m = (struct monument){.slug = f[C_SLUG], .name = f[C_NAME], .region = f[C_REGION],
                           .hours_summer = f[C_HOURS_SUMMER], .hours_winter = f[C_HOURS_WINTER],
                           .closing_days = f[C_CLOSING_DAYS], .mode = mode_of(f[C_SLOT_BOOKING])};
    struct demo_monument_add_row row;
    enum err err = q_demo_monument_add(
        db, arena,
        (struct demo_monument_add_in){
            .slug = m->slug, .name = m->name, .city = f[C_CITY], .department = f[C_DEPARTMENT], .region = m->region,
            .kind = f[C_KIND], .description_fr = f[C_DESCRIPTION_FR], .description_en = f[C_DESCRIPTION_EN],
            .latitude_e4 = latitude, .longitude_e4 = longitude, .hours_summer = m->hours_summer,
            .hours_winter = m->hours_winter, .closing_days = m->closing_days,
            .sale_mode = str_of(sale_mode_name(m->mode)),
            .contact_email = str_format(arena, "reservation.%.*s@monuments.example", STR_ARG(m->slug)),
            .contact_phone = phone_of(arena, m->region, index),
            .search_text = monument_search_text(arena, m->name, f[C_CITY], f[C_DEPARTMENT], m->region, f[C_KIND])},
        &row, NULL, fault);
    if (err != OK)
        return err;
    m->id = row.id;
    demo->monument_count++;
    err = rule_add(demo, db, m, fault);
    return err == OK ? tariffs_add(demo, db, m, full, group, fault) : err;
}

static enum err heading_check(const struct str *fields, size_t count, struct fault *fault)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (count != COLUMNS || !str_eq(fields[i], str_of(column_names[i])))
            return fault_set(fault, ERR_BUG, "monuments.csv: column %zu is not «%s»", i + 1, column_names[i]);
    return OK;
}

enum err demo_add_network(struct demo *demo, struct db *db, struct arena *arena, struct fault *fault)
{
    struct str fields[COLUMNS], rest = demo_monuments_csv;
    demo->monument_count = 0;
    enum err err = heading_check(fields, demo_csv_line(arena, &rest, fields, COLUMNS), fault);
    if (err == OK)
        err = q_demo_vat_regime_add(db,
                                    (struct demo_vat_regime_add_in){.code = S("outside"), .category = S("O"),
                                                                    .rate_bp = 0,
                                                                    .mention_fr = demo->settings.seller_vat_note_fr,
                                                                    .mention_en = demo->settings.seller_vat_note_en},
                                    NULL, fault);
    while (err == OK) {
        size_t count = demo_csv_line(arena, &rest, fields, COLUMNS);
        if (count == 0)
            break;
        if (count != COLUMNS)
            return fault_set(fault, ERR_BUG, "monuments.csv: a line of %zu fields", count);
        err = monument_add(demo, db, arena, fields, fault);
    }
    return err;
}
