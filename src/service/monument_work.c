/* A monument's facts and rules; see monument_work.h. */
#include "service/monument_work.h"

#include <stdlib.h>

#include "base/limits.h"
#include "domain/checks.h"
#include "service/staff_session.h"
#include "store/queries.h"

/* ---- lists ---- */

struct listing {
    const struct staff_caller *caller;
    bool all;
    struct monument_lines lines;
};

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct monument_line *)a)->search_text, ((const struct monument_line *)b)->search_text);
}

static enum err list_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct listing *listing = argument;
    struct monument_work_all_list rows = {.n = 0};
    enum err err = q_monument_work_all(db, arena, &rows, fault);
    if (err != OK)
        return err;
    listing->lines = (struct monument_lines){.p = ARENA_ARRAY(arena, rows.n + 1, struct monument_line)};
    for (size_t i = 0; i < rows.n; i++) {
        const struct monument_work_all_row *row = &rows.p[i];
        if (!listing->all && !staff_has_monument(listing->caller, row->id))
            continue;
        struct monument_line *line = &listing->lines.p[listing->lines.n++];
        *line = (struct monument_line){.id = row->id, .slug = row->slug, .name = row->name, .city = row->city,
                                       .search_text = row->search_text, .published = row->published != 0};
        (void)sale_mode_parse(row->sale_mode, &line->mode);
    }
    if (listing->lines.n > 1)
        qsort(listing->lines.p, listing->lines.n, sizeof *listing->lines.p, by_name);
    return OK;
}

enum err monument_work_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            struct monument_lines *ret_lines, struct fault *fault)
{
    struct listing listing = {.caller = caller};
    enum err err = permit_staff_list(caller, TASK_MONUMENT_VIEW, &listing.all, fault);
    if (err == OK)
        err = service_read(service, arena, list_read, &listing, fault);
    if (err == OK)
        *ret_lines = listing.lines;
    return err;
}

struct working {
    struct service *service;
    const struct staff_caller *caller;
    int64_t id;
    struct monument_work work;
    struct monument wish;
    bool published;
    struct group_rule rule;
    int wrong;
};

static enum err work_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct working *working = argument;
    struct monument_work_flags_row flags = {.published = 0};
    enum err err = monument_by_id(db, arena, working->id, &working->work.monument, fault);
    if (err == OK)
        err = q_monument_work_flags(db, arena, (struct monument_work_flags_in){.id = working->id}, &flags, NULL, fault);
    working->work.published = flags.published != 0;
    return err;
}

enum err monument_work_read(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                            struct monument_work *ret_work, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_MONUMENT_VIEW, id, fault);
    struct working working = {.id = id};
    if (err == OK)
        err = service_read(service, arena, work_read, &working, fault);
    if (err == OK)
        *ret_work = working.work;
    return err;
}

/* ---- facts ---- */

static bool text_good(struct str text, size_t least, size_t most)
{
    return utf8_valid(text) && utf8_length(text) >= least && utf8_length(text) <= most;
}

bool degrees_parse(struct str text, int *ret_e4)
{
    struct str rest = str_trim(text);
    bool negative = str_starts(rest, S("-"));
    if (negative)
        rest = str_sub(rest, 1, rest.n);
    struct str whole = str_cut(&rest, '.');
    int64_t degrees = 0, part = 0;
    if (whole.n == 0 || whole.p[0] == '-' || !str_int(whole, &degrees) || degrees > 180 || rest.n > 4 ||
        (rest.n > 0 && (rest.p[0] == '-' || !str_int(rest, &part))))
        return false;
    for (size_t i = rest.n; i < 4; i++)
        part *= 10;
    *ret_e4 = (int)(negative ? -(degrees * 10000 + part) : degrees * 10000 + part);
    return true;
}

struct str degrees_text(struct arena *arena, int e4)
{
    int whole = abs(e4);
    return str_format(arena, "%s%d.%04d", e4 < 0 ? "-" : "", whole / 10000, whole % 10000);
}

static bool hours_good(struct str summer, struct str winter, struct str closing)
{
    struct opening_rules rules;
    return utf8_valid(summer) && utf8_valid(winter) && utf8_valid(closing) && summer.n <= LIMIT_TEXT_FIELD &&
           winter.n <= LIMIT_TEXT_FIELD && closing.n <= LIMIT_TEXT_FIELD &&
           opening_parse(summer, winter, closing, &rules, NULL) == OK;
}

static bool slug_good(struct str slug)
{
    if (slug.n == 0 || slug.n > MONUMENT_TEXT || slug.p[0] == '-' || slug.p[slug.n - 1] == '-')
        return false;
    for (size_t i = 0; i < slug.n; i++)
        if (!(slug.p[i] >= 'a' && slug.p[i] <= 'z') && !(slug.p[i] >= '0' && slug.p[i] <= '9') && slug.p[i] != '-')
            return false;
    return true;
}

enum monument_fault monument_check(const struct monument *m)
{
    struct arena *arena = arena_new();
    bool phone = check_phone(normal_phone(arena, m->contact_phone));
    arena_free(&arena);
    const struct {
        bool good;
        enum monument_fault wrong;
    } checks[] = {
        {slug_good(m->slug), MONUMENT_SLUG},
        {text_good(m->name, 1, MONUMENT_TEXT), MONUMENT_NAME},
        {text_good(m->city, 1, MONUMENT_TEXT), MONUMENT_CITY},
        {text_good(m->department, 1, MONUMENT_TEXT), MONUMENT_DEPARTMENT},
        {text_good(m->region, 1, MONUMENT_TEXT), MONUMENT_REGION},
        {text_good(m->kind, 1, MONUMENT_TEXT), MONUMENT_KIND},
        {text_good(m->description_fr, 1, MONUMENT_DESCRIPTION), MONUMENT_DESCRIPTION_FR},
        {text_good(m->description_en, 1, MONUMENT_DESCRIPTION), MONUMENT_DESCRIPTION_EN},
        {m->latitude_e4 >= -900000 && m->latitude_e4 <= 900000, MONUMENT_LATITUDE},
        {m->longitude_e4 >= -1800000 && m->longitude_e4 <= 1800000, MONUMENT_LONGITUDE},
        {hours_good(m->hours_summer, S("closed"), S("")), MONUMENT_HOURS_SUMMER},
        {hours_good(S("closed"), m->hours_winter, S("")), MONUMENT_HOURS_WINTER},
        {hours_good(S("closed"), S("closed"), m->closing_days), MONUMENT_CLOSING},
        {check_email(m->contact_email), MONUMENT_EMAIL},
        {phone, MONUMENT_PHONE},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!checks[i].good)
            return checks[i].wrong;
    return MONUMENT_GOOD;
}

static struct str facts_text(struct arena *arena, const struct monument *m, bool published)
{
    return str_format(arena, "%.*s; %.*s; %.*s; %.*s; %.*s; %.*s | %.*s | %.*s; %.*s %.*s; %s %.*s %.*s; %.*s // %.*s",
                      STR_ARG(m->name), STR_ARG(m->city), STR_ARG(m->department), STR_ARG(m->region), STR_ARG(m->kind),
                      STR_ARG(m->hours_summer), STR_ARG(m->hours_winter), STR_ARG(m->closing_days),
                      STR_ARG(m->contact_email), STR_ARG(m->contact_phone), published ? "published" : "not published",
                      STR_ARG(degrees_text(arena, m->latitude_e4)), STR_ARG(degrees_text(arena, m->longitude_e4)),
                      STR_ARG(m->description_fr), STR_ARG(m->description_en));
}

static enum err audit(const struct working *working, struct db *db, struct arena *arena, struct staff_act act,
                      struct fault *fault)
{
    act.subject = str_format(arena, "monument %.*s", STR_ARG(working->work.monument.slug));
    return staff_audit(db, arena, working->caller, service_now(working->service), act, fault);
}

static enum err facts_put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct working *working = argument;
    struct monument m = working->wish;
    enum err err = work_read(db, arena, working, fault);
    if (err != OK)
        return err;
    m.slug = working->work.monument.slug;
    working->wrong = (int)monument_check(&m);
    if (working->wrong != MONUMENT_GOOD)
        return ERR_REFUSED;
    err = q_monument_put(
        db,
        (struct monument_put_in){
            .id = working->id, .name = m.name, .city = m.city, .department = m.department, .region = m.region,
            .kind = m.kind, .description_fr = m.description_fr, .description_en = m.description_en,
            .latitude_e4 = m.latitude_e4, .longitude_e4 = m.longitude_e4, .hours_summer = m.hours_summer,
            .hours_winter = m.hours_winter, .closing_days = m.closing_days, .contact_email = m.contact_email,
            .contact_phone = m.contact_phone, .published = working->published,
            .search_text = monument_search_text(arena, m.name, m.city, m.department, m.region, m.kind)},
        NULL, fault);
    if (err != OK)
        return err;
    return audit(working, db, arena,
                 (struct staff_act){.act = S("monument.change"),
                                    .was = facts_text(arena, &working->work.monument, working->work.published),
                                    .became = facts_text(arena, &m, working->published)},
                 fault);
}

static enum err run(struct working *working, struct arena *arena, write_command command, struct fault *fault)
{
    enum err err = service_write(working->service, arena, command, 0, working, fault);
    return err == ERR_REFUSED && working->wrong != 0 ? OK : err;
}

enum err monument_work_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                           const struct monument *monument, bool published, enum monument_fault *ret_wrong,
                           struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_MONUMENT_EDIT, monument->id, fault);
    struct working working = {.service = service, .caller = caller, .id = monument->id, .wish = *monument,
                              .published = published};
    if (err == OK)
        err = run(&working, arena, facts_put, fault);
    if (err == OK)
        *ret_wrong = (enum monument_fault)working.wrong;
    return err;
}

/* ---- rules ---- */

enum rule_fault rule_check(const struct group_rule *rule)
{
    if (rule->min_persons < 1 || rule->min_persons > LIMIT_VISIT_PERSONS)
        return RULE_MINIMUM;
    if (rule->max_persons < rule->min_persons || rule->max_persons > LIMIT_VISIT_PERSONS)
        return RULE_MAXIMUM;
    if (rule->has_option && (rule->option_days < 1 || rule->option_days > RULE_OPTION_DAYS))
        return RULE_OPTION;
    if (rule->confirm_days_before < 0 || rule->confirm_days_before > RULE_CONFIRM_MOST)
        return RULE_CONFIRM_DAYS;
    if (rule->confirm_minute < 0 || rule->confirm_minute > MINUTES_A_DAY)
        return RULE_CONFIRM_MINUTE;
    return rule->sales_close_minutes < 0 || rule->sales_close_minutes > RULE_SALES_CLOSE_MOST ? RULE_SALES_CLOSE
                                                                                            : RULE_GOOD;
}

static struct str rule_text(struct arena *arena, const struct group_rule *rule)
{
    return str_format(
        arena,
        "%d to %d persons%s, option %d days, confirmed %d days before at %02d:%02d, sales close %d "
        "minutes before, school %s",
        rule->min_persons, rule->max_persons, rule->guide_waives_minimum ? " (any number with a guide)" : "",
        rule->has_option ? rule->option_days : 0, rule->confirm_days_before, rule->confirm_minute / 60,
        rule->confirm_minute % 60, rule->sales_close_minutes, rule->school_online ? "online" : "not online");
}

static enum err rule_put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct working *working = argument;
    const struct group_rule *rule = &working->rule;
    enum err err = work_read(db, arena, working, fault);
    if (err != OK)
        return err;
    working->wrong = (int)(working->work.monument.mode == SALE_CONTACT ? RULE_NOT_HERE : rule_check(rule));
    if (working->wrong != RULE_GOOD)
        return ERR_REFUSED;
    err = q_group_rule_put(
        db,
        (struct group_rule_put_in){
            .monument_id = working->id, .min_persons = rule->min_persons,
            .guide_waives_minimum = rule->guide_waives_minimum, .max_persons = rule->max_persons,
            .option_days = {.is = rule->has_option, .v = rule->option_days},
            .confirm_days_before = rule->confirm_days_before, .confirm_minute = rule->confirm_minute,
            .sales_close_minutes = rule->sales_close_minutes, .school_online = rule->school_online},
        NULL, fault);
    if (err != OK)
        return err;
    const struct monument *was = &working->work.monument;
    return audit(working, db, arena,
                 (struct staff_act){.act = S("monument.rule"),
                                    .was = was->has_rule ? rule_text(arena, &was->rule) : S(""),
                                    .became = rule_text(arena, rule)},
                 fault);
}

enum err monument_rule_put(struct service *service, struct arena *arena, const struct staff_caller *caller, int64_t id,
                           const struct group_rule *rule, enum rule_fault *ret_wrong, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    struct working working = {.service = service, .caller = caller, .id = id, .rule = *rule};
    if (err == OK)
        err = run(&working, arena, rule_put, fault);
    if (err == OK)
        *ret_wrong = (enum rule_fault)working.wrong;
    return err;
}
