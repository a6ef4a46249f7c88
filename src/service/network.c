/* Settings, legal texts and VAT regimes by an administrator; see network.h. */
#include "service/network.h"

#include "domain/checks.h"
#include "domain/names.h"
#include "service/staff_session.h"
#include "store/queries.h"

/* ---- checks of single settings ---- */

/* What a value must be beyond its type; nothing for the other keys. `normal`: stored without blanks. */
static const struct {
    const char *key;
    enum network_fault wrong;
    bool normal, optional;
} checks[] = {
    {"network.name_fr", NETWORK_EMPTY, false, false},  {"network.name_en", NETWORK_EMPTY, false, false},
    {"seller.name", NETWORK_EMPTY, false, false},      {"seller.address", NETWORK_EMPTY, false, false},
    {"seller.postcode", NETWORK_EMPTY, false, false},  {"seller.city", NETWORK_EMPTY, false, false},
    {"seller.country", NETWORK_COUNTRY, true, false},  {"seller.siren", NETWORK_SIREN, true, true},
    {"seller.siret", NETWORK_SIRET, true, true},       {"seller.vat_number", NETWORK_VAT_NUMBER, true, true},
    {"seller.iban", NETWORK_IBAN, true, true},         {"seller.bic", NETWORK_BIC, true, true},
    {"contact.groups", NETWORK_EMAIL, false, false},   {"contact.lectures", NETWORK_EMAIL, false, false},
    {"mail.from", NETWORK_EMAIL, false, false},        {"public_shop", NETWORK_URL, false, true},
};

static bool letters(struct str text, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < text.n; i++)
        if (text.p[i] < 'A' || text.p[i] > 'Z')
            return false;
    return text.n >= to;
}

static bool alphanumeric(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!(text.p[i] >= 'A' && text.p[i] <= 'Z') && !(text.p[i] >= '0' && text.p[i] <= '9'))
            return false;
    return true;
}

static bool url_good(struct str text)
{
    if (!str_starts(text, S("https://")) && !str_starts(text, S("http://")))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] <= ' ' || text.p[i] == '"' || text.p[i] == '<' || text.p[i] == '>')
            return false;
    return text.n > sizeof "https://" - 1;
}

static bool value_good(enum network_fault kind, struct str value)
{
    switch (kind) {
    case NETWORK_EMPTY: return value.n > 0;
    case NETWORK_EMAIL: return check_email(value);
    case NETWORK_SIREN: return check_siren(value);
    case NETWORK_SIRET: return check_siret(value);
    case NETWORK_VAT_NUMBER: return check_vat_number(value);
    case NETWORK_IBAN: return check_iban(value);
    case NETWORK_BIC: return (value.n == 8 || value.n == 11) && letters(value, 0, 6) && alphanumeric(value);
    case NETWORK_COUNTRY: return value.n == 2 && letters(value, 0, 2);
    case NETWORK_URL: return url_good(value);
    default: return true;
    }
}

static enum network_fault check_value(struct arena *arena, struct str key, struct str *value)
{
    *value = str_trim(*value);
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        if (!str_eq(key, str_of(checks[i].key)))
            continue;
        if (checks[i].normal)
            *value = normal_number(arena, *value);
        if (value->n == 0 && checks[i].optional)
            return NETWORK_GOOD;
        return value_good(checks[i].wrong, *value) ? NETWORK_GOOD : checks[i].wrong;
    }
    return NETWORK_GOOD;
}

/* ---- settings ---- */

struct setting_work {
    struct service *service;
    const struct staff_caller *caller;
    struct str key, value;
    enum network_fault wrong;
    struct network_settings settings;
};

static enum err settings_list(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct setting_work *work = argument;
    struct setting_all_list rows = {.n = 0};
    enum err err = q_setting_all(db, arena, &rows, fault);
    if (err != OK)
        return err;
    size_t n = settings_count();
    work->settings = (struct network_settings){ARENA_ARRAY(arena, n, struct network_setting), n};
    for (size_t i = 0; i < n; i++) {
        struct network_setting *setting = &work->settings.p[i];
        setting->info = settings_info(i);
        setting->value = str_of(setting->info.default_value);
        for (size_t k = 0; k < rows.n; k++)
            if (str_eq(rows.p[k].key, str_of(setting->info.key))) {
                setting->value = rows.p[k].value;
                setting->changed = !str_eq(rows.p[k].value, str_of(setting->info.default_value));
            }
    }
    return OK;
}

enum err network_settings_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               struct network_settings *ret_settings, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    struct setting_work work = {.service = service};
    if (err == OK)
        err = service_read(service, arena, settings_list, &work, fault);
    if (err == OK)
        *ret_settings = work.settings;
    return err;
}

static enum err setting_find(const struct setting_work *work, struct str *ret_was, struct fault *fault)
{
    for (size_t i = 0; i < work->settings.n; i++)
        if (str_eq(str_of(work->settings.p[i].info.key), work->key)) {
            *ret_was = work->settings.p[i].value;
            return OK;
        }
    return fault_set(fault, ERR_NOT_FOUND, "there is no setting %.*s", STR_ARG(str_sub(work->key, 0, 60)));
}

static enum err setting_audit(const struct setting_work *work, struct db *db, struct arena *arena, struct str was,
                              struct str became, struct fault *fault)
{
    return staff_audit(db, arena, work->caller, service_now(work->service),
                       (struct staff_act){.act = S("setting.change"), .was = was, .became = became,
                                          .subject = str_format(arena, "setting %.*s", STR_ARG(work->key))},
                       fault);
}

static enum err setting_put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct setting_work *work = argument;
    struct str was = {NULL, 0}, value = work->value;
    work->wrong = NETWORK_GOOD;
    enum err err = settings_list(db, arena, work, fault);
    if (err == OK)
        err = setting_find(work, &was, fault);
    if (err != OK)
        return err;
    work->wrong = check_value(arena, work->key, &value);
    if (work->wrong != NETWORK_GOOD)
        return ERR_REFUSED;
    if (str_eq(was, value))
        return OK;
    err = settings_put_in(db, arena, work->key, value, fault);
    if (err == ERR_INPUT) {
        work->wrong = NETWORK_TYPE;
        return ERR_REFUSED;
    }
    return err == OK ? setting_audit(work, db, arena, was, value, fault) : err;
}

enum err network_setting_put(struct service *service, struct arena *arena, const struct staff_caller *caller,
                             struct str key, struct str value, enum network_fault *ret_wrong, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    if (err != OK)
        return err;
    struct setting_work work = {.service = service, .caller = caller, .key = key, .value = value};
    err = service_write(service, arena, setting_put, 0, &work, fault);
    if (err != OK && (err != ERR_REFUSED || work.wrong == NETWORK_GOOD))
        return err;
    *ret_wrong = work.wrong;
    return OK;
}

static enum err setting_reset(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct setting_work *work = argument;
    struct str was = {NULL, 0};
    enum err err = settings_list(db, arena, work, fault);
    if (err == OK)
        err = setting_find(work, &was, fault);
    if (err == OK)
        err = q_setting_drop(db, (struct setting_drop_in){.key = work->key}, NULL, fault);
    return err == OK ? setting_audit(work, db, arena, was, S(""), fault) : err;
}

enum err network_setting_reset(struct service *service, struct arena *arena, const struct staff_caller *caller,
                               struct str key, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    struct setting_work work = {.service = service, .caller = caller, .key = key};
    return err == OK ? service_write(service, arena, setting_reset, 0, &work, fault) : err;
}

/* ---- legal texts ---- */

static const char *const kind_names[] = {"terms", "privacy", "accessibility"};
enum { KINDS = sizeof kind_names / sizeof *kind_names };

struct str legal_kind_name(enum legal_kind kind)
{
    return str_of(kind_names[kind]);
}

bool legal_kind_parse(struct str name, enum legal_kind *ret_kind)
{
    int index = 0;
    if (!names_find(kind_names, KINDS, name, &index))
        return false;
    *ret_kind = (enum legal_kind)index;
    return true;
}

struct text_work {
    struct service *service;
    const struct staff_caller *caller;
    struct network_text_new text;
    instant effective_at;
    enum lang lang; /* of an import */
    struct str body;
    bool added;
    enum network_fault wrong;
    struct network_texts texts;
};

static enum err texts_list(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct text_work *work = argument;
    struct network_texts_list rows = {.n = 0};
    enum err err = q_network_texts(db, arena, &rows, fault);
    if (err != OK)
        return err;
    instant now = service_now(work->service);
    struct network_texts *texts = &work->texts;
    *texts = (struct network_texts){.p = ARENA_ARRAY(arena, rows.n + 1, struct network_text)};
    bool forced[KINDS] = {false};
    for (size_t i = 0; i < rows.n; i++) {
        struct network_text text = {.version = rows.p[i].version, .effective_at = rows.p[i].effective_at};
        (void)legal_kind_parse(rows.p[i].kind, &text.kind);
        struct network_text *last = texts->n == 0 ? NULL : &texts->p[texts->n - 1];
        if (last == NULL || last->kind != text.kind || !str_eq(last->version, text.version)) {
            text.announced = text.effective_at > now;
            text.in_force = !text.announced && !forced[text.kind];
            forced[text.kind] = forced[text.kind] || text.in_force;
            last = &texts->p[texts->n++];
            *last = text;
        }
        *(lang_of(rows.p[i].lang) == LANG_EN ? &last->en : &last->fr) = true;
    }
    return OK;
}

enum err network_texts_read(struct service *service, struct arena *arena, const struct staff_caller *caller,
                            struct network_texts *ret_texts, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    struct text_work work = {.service = service};
    if (err == OK)
        err = service_read(service, arena, texts_list, &work, fault);
    if (err == OK)
        *ret_texts = work.texts;
    return err;
}

static bool version_good(struct str version)
{
    for (size_t i = 0; i < version.n; i++) {
        char c = version.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '.' && c != '-')
            return false;
    }
    return version.n > 0 && version.n <= NETWORK_VERSION_MOST;
}

static bool body_good(struct str body)
{
    return body.n > 0 && utf8_valid(body) && utf8_length(body) <= NETWORK_BODY_MOST;
}

static enum err text_insert(const struct text_work *work, struct db *db, enum lang lang, struct str body,
                            int64_t *ret_changed, struct fault *fault)
{
    return q_network_text_add(db,
                              (struct network_text_add_in){.kind = legal_kind_name(work->text.kind),
                                                           .version = work->text.version, .lang = lang_code(lang),
                                                           .effective_at = work->effective_at, .body = body},
                              ret_changed, fault);
}

static enum network_fault text_check(struct text_work *work, instant newest)
{
    const struct network_text_new *text = &work->text;
    instant now = service_now(work->service);
    day_number today = service_day(work->service, now);
    work->effective_at = text->effective == today ? now : instant_of(&work->service->zone, text->effective, 0);
    if (!version_good(text->version))
        return NETWORK_VERSION;
    /* One that began earlier than what is there would never be shown. */
    if (text->effective < today || work->effective_at <= newest)
        return NETWORK_DATE;
    if (!body_good(text->body_fr))
        return NETWORK_BODY_FR;
    return body_good(text->body_en) ? NETWORK_GOOD : NETWORK_BODY_EN;
}

static enum err text_audit(const struct text_work *work, struct db *db, struct arena *arena, struct fault *fault)
{
    struct str kind = legal_kind_name(work->text.kind);
    return staff_audit(db, arena, work->caller, service_now(work->service),
                       (struct staff_act){.act = S("text.add"),
                                          .subject = str_format(arena, "%.*s %.*s", STR_ARG(kind),
                                                                STR_ARG(work->text.version)),
                                          .became = day_iso(arena, work->text.effective)},
                       fault);
}

static enum err text_add(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct text_work *work = argument;
    struct network_text_newest_row newest = {.effective_at = {.is = false}};
    int64_t fr = 0, en = 0;
    work->wrong = NETWORK_GOOD;
    enum err err = q_network_text_newest(
        db, arena, (struct network_text_newest_in){.kind = legal_kind_name(work->text.kind)}, &newest, NULL, fault);
    if (err != OK)
        return err;
    work->wrong = text_check(work, newest.effective_at.is ? newest.effective_at.v : INT64_MIN);
    if (work->wrong != NETWORK_GOOD)
        return ERR_REFUSED;
    err = text_insert(work, db, LANG_FR, work->text.body_fr, &fr, fault);
    if (err == OK)
        err = text_insert(work, db, LANG_EN, work->text.body_en, &en, fault);
    if (err == OK && (fr == 0 || en == 0)) {
        work->wrong = NETWORK_VERSION_TAKEN;
        return ERR_REFUSED;
    }
    return err == OK ? text_audit(work, db, arena, fault) : err;
}

enum err network_text_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          const struct network_text_new *text, enum network_fault *ret_wrong, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    if (err != OK)
        return err;
    struct text_work work = {.service = service, .caller = caller, .text = *text};
    work.text.version = str_trim(text->version);
    work.text.body_fr = str_trim(text->body_fr);
    work.text.body_en = str_trim(text->body_en);
    err = service_write(service, arena, text_add, 0, &work, fault);
    if (err != OK && (err != ERR_REFUSED || work.wrong == NETWORK_GOOD))
        return err;
    *ret_wrong = work.wrong;
    return OK;
}

static enum err text_import(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct text_work *work = argument;
    int64_t changed = 0;
    enum err err = text_insert(work, db, work->lang, work->body, &changed, fault);
    work->added = changed > 0;
    return err == OK && work->added ? text_audit(work, db, arena, fault) : err;
}

enum err network_text_import(struct service *service, struct arena *arena, enum legal_kind kind, enum lang lang,
                             struct str version, day_number effective, struct str body, enum network_fault *ret_wrong,
                             bool *ret_added, struct fault *fault)
{
    struct text_work work = {.service = service, .lang = lang, .body = str_trim(body),
                             .effective_at = instant_of(&service->zone, effective, 0),
                             .text = {.kind = kind, .version = version, .effective = effective}};
    if (!version_good(version) || !body_good(work.body)) {
        *ret_wrong = !version_good(version) ? NETWORK_VERSION : lang == LANG_EN ? NETWORK_BODY_EN : NETWORK_BODY_FR;
        return OK;
    }
    enum err err = service_write(service, arena, text_import, 0, &work, fault);
    if (err == OK) {
        *ret_wrong = NETWORK_GOOD;
        *ret_added = work.added;
    }
    return err;
}

/* ---- VAT ---- */

struct vat_work {
    struct service *service;
    const struct staff_caller *caller;
    struct network_vat vat;
    enum network_fault wrong;
};

static enum network_fault vat_check(const struct network_vat *vat)
{
    if (!version_good(vat->code))
        return NETWORK_CODE;
    if (vat->rate_bp < 0 || vat->rate_bp > 10000)
        return NETWORK_RATE;
    /* What is not taxed says on which ground, on every invoice. */
    bool texts = utf8_valid(vat->mention_fr) && utf8_valid(vat->mention_en) && vat->mention_fr.n <= 400 &&
                 vat->mention_en.n <= 400;
    bool given = vat->mention_fr.n > 0 && vat->mention_en.n > 0;
    return texts && (vat->rate_bp > 0 || given) ? NETWORK_GOOD : NETWORK_MENTION;
}

static enum err vat_add(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct vat_work *work = argument;
    const struct network_vat *vat = &work->vat;
    int64_t changed = 0;
    work->wrong = NETWORK_GOOD;
    const char *category = vat->rate_bp > 0 ? "S" : vat->exempt ? "E" : "O";
    enum err err = q_vat_regime_add(db,
                                    (struct vat_regime_add_in){.code = vat->code, .category = str_of(category),
                                                               .rate_bp = vat->rate_bp, .mention_fr = vat->mention_fr,
                                                               .mention_en = vat->mention_en},
                                    &changed, fault);
    if (err == OK && changed == 0) {
        work->wrong = NETWORK_CODE;
        return ERR_REFUSED;
    }
    if (err != OK)
        return err;
    return staff_audit(db, arena, work->caller, service_now(work->service),
                       (struct staff_act){.act = S("vat.add"),
                                          .subject = str_format(arena, "VAT regime %.*s", STR_ARG(vat->code)),
                                          .became = str_format(arena, "%s, %d basis points", category, vat->rate_bp)},
                       fault);
}

enum err network_vat_add(struct service *service, struct arena *arena, const struct staff_caller *caller,
                         const struct network_vat *vat, enum network_fault *ret_wrong, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    if (err != OK)
        return err;
    struct vat_work work = {.service = service, .caller = caller, .vat = *vat};
    work.vat.mention_fr = str_trim(vat->mention_fr);
    work.vat.mention_en = str_trim(vat->mention_en);
    work.wrong = vat_check(&work.vat);
    if (work.wrong == NETWORK_GOOD)
        err = service_write(service, arena, vat_add, 0, &work, fault);
    if (err != OK && (err != ERR_REFUSED || work.wrong == NETWORK_GOOD))
        return err;
    *ret_wrong = work.wrong;
    return OK;
}

struct vat_reading {
    enum lang lang;
    struct vat_choices regimes;
};

static enum err vat_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct vat_reading *reading = argument;
    struct vat_regimes_list rows = {.n = 0};
    enum err err = q_vat_regimes(db, arena, &rows, fault);
    if (err != OK)
        return err;
    reading->regimes = (struct vat_choices){ARENA_ARRAY(arena, rows.n + 1, struct vat_choice), rows.n};
    for (size_t i = 0; i < rows.n; i++)
        reading->regimes.p[i] = (struct vat_choice){
            .code = rows.p[i].code, .rate_bp = (int)rows.p[i].rate_bp,
            .mention = reading->lang == LANG_EN ? rows.p[i].mention_en : rows.p[i].mention_fr};
    return OK;
}

enum err network_vat_list(struct service *service, struct arena *arena, const struct staff_caller *caller,
                          struct vat_choices *ret_regimes, struct fault *fault)
{
    enum err err = permit_staff(caller, TASK_SETTINGS, 0, fault);
    if (err != OK)
        return err;
    struct vat_reading reading = {.lang = caller->lang};
    err = service_read(service, arena, vat_read, &reading, fault);
    if (err == OK)
        *ret_regimes = reading.regimes;
    return err;
}
