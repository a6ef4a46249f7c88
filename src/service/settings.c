/* Settings and legal texts: see settings.h. */
#include "service/settings.h"

#include <string.h>

#include "domain/free_number.h"
#include "store/queries.h"

enum setting_type { SETTING_TEXT, SETTING_NUMBER, SETTING_ZONE, SETTING_DAYS, SETTING_MASKS };

struct setting_rule {
    const char *key;
    enum setting_type type;
    size_t field; /* offset in struct settings */
    const char *value;
    int64_t least, most;
    const char *what;
};

#define TEXT(key, field, value, what) {key, SETTING_TEXT, offsetof(struct settings, field), value, 0, 400, what}
#define NUMBER(key, field, value, least, most, what)                                                                  \
    {key, SETTING_NUMBER, offsetof(struct settings, field), value, least, most, what}

static const struct setting_rule rules[] = {
    {"zone", SETTING_ZONE, offsetof(struct settings, zone_text), "CET-1CEST,M3.5.0,M10.5.0/3", 1, 100,
     "local time of the visits, in the POSIX form"},
    TEXT("network.name_fr", network_name_fr, "Réseau des monuments", "name of the network in French"),
    TEXT("network.name_en", network_name_en, "Réseau des monuments", "name of the network in English"),
    TEXT("seller.name", seller_name, "Réseau national des monuments", "who sells, as printed on invoices"),
    TEXT("seller.address", seller_address, "12 rue de l’Exemple", "street of the seller"),
    TEXT("seller.postcode", seller_postcode, "75004", "postcode of the seller"),
    TEXT("seller.city", seller_city, "Paris", "city of the seller"),
    TEXT("seller.country", seller_country, "FR", "country of the seller, two letters"),
    TEXT("seller.siren", seller_siren, "999999998", "SIREN of the seller (the default is fictional)"),
    TEXT("seller.siret", seller_siret, "99999999800019", "SIRET of the seller (the default is fictional)"),
    TEXT("seller.vat_number", seller_vat_number, "FR11999999998", "VAT number of the seller (fictional default)"),
    TEXT("seller.vat_note_fr", seller_vat_note_fr, "TVA non applicable, article 256 B du CGI",
         "mention on invoices of admissions, French"),
    TEXT("seller.vat_note_en", seller_vat_note_en, "VAT not applicable, article 256 B of the French tax code (CGI)",
         "mention on invoices of admissions, English"),
    TEXT("seller.bank", seller_bank, "Banque de démonstration", "bank of the seller"),
    TEXT("seller.iban", seller_iban, "FR7699999000010001234567809", "account of the seller (fictional default)"),
    TEXT("seller.bic", seller_bic, "DEMOFRPPXXX", "BIC of the seller's bank (fictional default)"),
    TEXT("contact.groups", contact_groups, "billetterie.reservations-groupes@monuments-nationaux.fr",
         "customer service of group sales"),
    TEXT("contact.lectures", contact_lectures, "visites-conferences@monuments-nationaux.fr",
         "service of the lecture visits (CAT-4)"),
    TEXT("mail.from", mail_from, "billetterie@monuments.example", "sender of mails"),
    TEXT("public_shop", public_shop, "https://tickets.monuments.example", "address of the public ticket shop"),
    NUMBER("cart.hold_minutes", cart_hold_minutes, "20", 1, 1440, "minutes for which a cart holds places (CRT-1)"),
    /* Providers take 30 minutes to 24 hours from the moment in which the call arrives. */
    NUMBER("payment.minutes", payment_minutes, "31", 31, 1430, "minutes that a payment page stays open"),
    NUMBER("payment.link_minutes", payment_link_minutes, "1420", 31, 1430,
           "minutes to pay an order that customer service placed for the customer (OPS-1)"),
    NUMBER("option.confirm_days_before", confirm_days_before, "1", 0, 60,
           "an option ends so many days before the visit at the latest (OPT-1)"),
    NUMBER("option.confirm_minute", confirm_minute, "1080", 0, 1440, "at this minute of that day (1080 is 18:00)"),
    NUMBER("option.live_max", options_live_max, "100", 1, 10000,
           "live options of one organisation at most, each sub-group of a large group counted (OPT-7)"),
    {"option.reminder_days", SETTING_DAYS, offsetof(struct settings, reminder_text), "7,2,0", 0, 60,
     "days before an option's last day on which its holder is reminded, 0 is that day; empty for none (OPT-7)"},
    NUMBER("option.reminder_minute", reminder_minute, "480", 0, 1439, "at this minute of those days (480 is 8:00)"),
    NUMBER("change.days_before", change_days_before, "3", 0, 365,
           "a paid visit is changed so many days before it at the latest (OPT-6)"),
    NUMBER("change.refund", change_refund, "1", 0, 1,
           "1: a change that costs less gives the difference back; 0: only customer service makes such a change (ORD-3)"),
    NUMBER("sales.close_minutes", sales_close_minutes, "30", 0, 10080, "no sale later than this before the start"),
    {"pass.masks", SETTING_MASKS, offsetof(struct settings, pass_masks), "", 0, 400,
     "shapes of a Paris Museum Pass's number, with commas between them: 9 a digit, A a letter, X either; empty for any (PMP-1)"},
    NUMBER("pass.days", pass_days, "6", 1, 366,
           "the days on which one pass is booked lie within so many days: the longest pass (PMP-1)"),
    NUMBER("transfer.days", transfer_days, "10", 1, 90, "days for which places wait for a bank transfer (CRT-4)"),
    NUMBER("transfer.lead_days", transfer_lead_days, "3", 0, 90,
           "a transfer is there so many days before the visit at the latest (CRT-4)"),
    NUMBER("transfer.least_days", transfer_least_days, "2", 0, 90,
           "with fewer days left than that, a transfer is not offered (CRT-4)"),
    NUMBER("transfer.reminder_days", transfer_reminder_days, "3", 0, 90,
           "days before the deadline on which who has not paid is reminded (OPS-5)"),
    NUMBER("transfer.answer_days", transfer_answer_days, "2", 0, 30,
           "days for which places wait for the answer to a request to pay by transfer (CRT-4)"),
    NUMBER("transfer.asked_max", transfer_asked_max, "3", 0, 1000,
           "such requests of one organisation that may wait at once (CRT-4)"),
    NUMBER("transfer.school", transfer_school, "1", 0, 1,
           "1: school and special groups pay by transfer without asking; 0: like everybody (VIS-1)"),
    NUMBER("leader.free_above", leader_free_above, "20", 0, 1000,
           "the leader of a group of more than so many persons has a free ticket (COM-3)"),
    NUMBER("group_tariff.from", group_tariff_from, "20", 1, 1000, "persons from which the group tariff applies"),
    NUMBER("ticket.validity_years", ticket_validity_years, "3", 1, 20, "validity of undated tickets (TKT-3)"),
    NUMBER("request.lead_days", request_lead_days, "3", 0, 365,
           "a monument without slots is asked so many days before the visit at the latest (MON-2)"),
    NUMBER("request.horizon_days", request_horizon_days, "550", 1, 3650, "and so many days before it at the earliest"),
    NUMBER("request.live_max", request_live_max, "50", 1, 10000, "open requests of one organisation at most (MON-2)"),
    NUMBER("request.remind_hours", request_remind_hours, "24", 1, 2400,
           "hours, week-ends not counted, after which a monument that has not answered is reminded (MON-2)"),
    NUMBER("request.answer_hours", request_answer_hours, "48", 1, 2400,
           "hours, week-ends not counted, after which customer service takes the request over (MON-2)"),
    NUMBER("request.proposal_hours", request_proposal_hours, "120", 1, 2400,
           "hours, week-ends not counted, for which a monument's proposal stands (MON-2)"),
    NUMBER("request.pay_days_before", request_pay_days_before, "1", 0, 365,
           "an accepted request can be paid online until the end of the day so many days before the visit (MON-2)"),
    NUMBER("gate.early_minutes", gate_early_minutes, "15", 0, 1440,
           "a gate lets in so many minutes before the slot begins (OPS-3)"),
    NUMBER("gate.late_minutes", gate_late_minutes, "30", 0, 1440, "and so many after it ends"),
    NUMBER("gate.rest_minutes", gate_rest_minutes, "120", 0, 1440,
           "and so many after it ends for the rest of a group of which somebody is in"),
    NUMBER("closure.choice_days", closure_choice_days, "14", 1, 365,
           "days that a customer has to choose another slot or the refund after a closure (ORD-4)"),
    NUMBER("closure.refund_by_default", closure_refund_by_default, "1", 0, 1,
           "1: without an answer in that time the money goes back, 0: the choice stays open"),
    NUMBER("session.hours", session_hours, "12", 1, 720, "a session ends after so many hours without use"),
    NUMBER("link.verify_hours", verify_link_hours, "48", 1, 720, "life of the link that verifies an address"),
    NUMBER("link.reset_minutes", reset_link_minutes, "60", 5, 1440, "life of the link for a new password"),
};
enum { RULES = sizeof(rules) / sizeof(rules[0]) };

size_t settings_count(void)
{
    return RULES;
}

struct setting_info settings_info(size_t index)
{
    const struct setting_rule *rule = &rules[index < RULES ? index : 0];
    return (struct setting_info){.key = rule->key, .default_value = rule->value, .what = rule->what,
                                 .is_number = rule->type == SETTING_NUMBER, .least = rule->least,
                                 .most = rule->most};
}

static const struct setting_rule *rule_of(struct str key)
{
    for (size_t i = 0; i < RULES; i++)
        if (str_eq(str_of(rules[i].key), key))
            return &rules[i];
    return NULL;
}

/* Checks `value` against its rule and, when `settings` is given, sets the field. */
static enum err setting_apply(const struct setting_rule *rule, struct str value, struct settings *settings,
                              struct fault *fault)
{
    struct settings ignored;
    char *field = (char *)(settings ? settings : &ignored) + rule->field;
    if (rule->type == SETTING_NUMBER) {
        int64_t number = 0;
        if (!str_int(value, &number) || number < rule->least || number > rule->most)
            return fault_set(fault, ERR_INPUT, "setting %s: a number from %lld to %lld is expected", rule->key,
                             (long long)rule->least, (long long)rule->most);
        memcpy(field, &number, sizeof(number));
        return OK;
    }
    if ((int64_t)value.n < rule->least || (int64_t)value.n > rule->most || !utf8_valid(value))
        return fault_set(fault, ERR_INPUT, "setting %s: a text of %lld to %lld bytes is expected", rule->key,
                         (long long)rule->least, (long long)rule->most);
    if (rule->type == SETTING_ZONE) {
        struct zone zone;
        enum err err = zone_parse(value, &zone, fault);
        if (err != OK)
            return err;
        if (settings)
            settings->zone = zone;
    }
    if (rule->type == SETTING_DAYS) {
        struct reminder_days days;
        if (!reminder_days_parse(value, &days))
            return fault_set(fault, ERR_INPUT, "setting %s: at most %d numbers from 0 to %d with commas between them",
                             rule->key, REMINDERS_MAX, REMINDER_DAYS_MAX);
        if (settings)
            settings->reminder_days = days;
    }
    if (rule->type == SETTING_MASKS && !free_number_masks_good(value))
        return fault_set(fault, ERR_INPUT, "setting %s: shapes of 4 to 32 capitals and digits with commas between them",
                         rule->key);
    memcpy(field, &value, sizeof(value));
    return OK;
}

enum err settings_read(struct db *db, struct arena *arena, struct settings *ret_settings, struct fault *fault)
{
    struct setting_all_list rows = {0};
    enum err err = q_setting_all(db, arena, &rows, fault);
    struct settings settings = {0};
    for (size_t i = 0; err == OK && i < RULES; i++)
        err = setting_apply(&rules[i], str_of(rules[i].value), &settings, fault);
    for (size_t i = 0; err == OK && i < rows.n; i++) {
        /* A key of another version of the program is not this one's business. */
        const struct setting_rule *rule = rule_of(rows.p[i].key);
        if (rule)
            err = setting_apply(rule, rows.p[i].value, &settings, fault);
    }
    if (err == OK)
        *ret_settings = settings;
    return err;
}

static enum err load(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    return settings_read(db, arena, argument, fault);
}

enum err settings_load(struct service *service, struct arena *arena, struct settings *ret_settings,
                       struct fault *fault)
{
    struct settings settings;
    enum err err = service_read(service, arena, load, &settings, fault);
    if (err == OK)
        *ret_settings = settings;
    return err;
}

enum err settings_put_in(struct db *db, struct arena *arena, struct str key, struct str value, struct fault *fault)
{
    (void)arena;
    const struct setting_rule *rule = rule_of(key);
    if (!rule)
        return fault_set(fault, ERR_INPUT, "there is no setting %.*s", STR_ARG(str_sub(key, 0, 60)));
    enum err err = setting_apply(rule, value, NULL, fault);
    if (err != OK)
        return err;
    return q_setting_put(db, (struct setting_put_in){.key = key, .value = value}, NULL, fault);
}

struct put {
    struct str key, value;
};

static enum err put(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    const struct put *p = argument;
    return settings_put_in(db, arena, p->key, p->value, fault);
}

enum err settings_put(struct service *service, struct arena *arena, struct str key, struct str value,
                      struct fault *fault)
{
    struct put p = {.key = key, .value = value};
    return service_write(service, arena, put, 0, &p, fault);
}

struct str settings_network_name(const struct settings *settings, enum lang lang)
{
    return lang == LANG_EN ? settings->network_name_en : settings->network_name_fr;
}

struct str settings_vat_note(const struct settings *settings, enum lang lang)
{
    return lang == LANG_EN ? settings->seller_vat_note_en : settings->seller_vat_note_fr;
}

static struct str legal_word(enum legal_kind kind)
{
    switch (kind) {
    case LEGAL_TERMS: return S("terms");
    case LEGAL_PRIVACY: return S("privacy");
    case LEGAL_ACCESSIBILITY: break;
    }
    return S("accessibility");
}

static struct str lang_word(enum lang lang)
{
    return lang == LANG_EN ? S("en") : S("fr");
}

enum err legal_text_current(struct db *db, struct arena *arena, enum legal_kind kind, enum lang lang, instant at,
                            struct legal_text *ret_text, struct fault *fault)
{
    struct legal_text_at_row row;
    bool found = false;
    enum err err = q_legal_text_at(
        db, arena, (struct legal_text_at_in){.kind = legal_word(kind), .lang = lang_word(lang), .at = at}, &row, &found,
        fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no legal text %.*s", STR_ARG(legal_word(kind)));
    *ret_text = (struct legal_text){.version = row.version, .body = row.body, .effective_at = row.effective_at};
    return OK;
}

struct legal_reading {
    enum legal_kind kind;
    enum lang lang;
    instant at;
    struct legal_text text;
};

static enum err legal_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct legal_reading *reading = argument;
    return legal_text_current(db, arena, reading->kind, reading->lang, reading->at, &reading->text, fault);
}

enum err legal_text_load(struct service *service, struct arena *arena, enum legal_kind kind, enum lang lang, instant at,
                         struct legal_text *ret_text, struct fault *fault)
{
    struct legal_reading reading = {.kind = kind, .lang = lang, .at = at};
    enum err err = service_read(service, arena, legal_read, &reading, fault);
    if (err == OK)
        *ret_text = reading.text;
    return err;
}

enum err legal_text_of_version(struct db *db, struct arena *arena, enum legal_kind kind, enum lang lang,
                               struct str version, struct legal_text *ret_text, struct fault *fault)
{
    struct legal_text_version_row row;
    bool found = false;
    enum err err = q_legal_text_version(
        db, arena,
        (struct legal_text_version_in){.kind = legal_word(kind), .lang = lang_word(lang), .version = version}, &row,
        &found, fault);
    if (err != OK)
        return err;
    if (!found)
        return fault_set(fault, ERR_NOT_FOUND, "no such version of %.*s", STR_ARG(legal_word(kind)));
    *ret_text = (struct legal_text){
        .version = str_dup(arena, version), .body = row.body, .effective_at = row.effective_at};
    return OK;
}

struct legal_asked {
    enum legal_kind kind;
    enum lang lang;
    struct str version;
    instant at;
    struct legal_page page;
};

static enum err legal_versions(struct db *db, struct arena *arena, const struct legal_asked *asked,
                               struct legal_version_list *ret_list, struct fault *fault)
{
    struct legal_text_versions_list rows;
    enum err err = q_legal_text_versions(
        db, arena, (struct legal_text_versions_in){.kind = legal_word(asked->kind), .lang = lang_word(asked->lang)},
        &rows, fault);
    if (err != OK)
        return err;
    struct legal_version_list list = {.p = ARENA_ARRAY(arena, rows.n + 1, struct legal_version), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++)
        list.p[i] = (struct legal_version){rows.p[i].version, rows.p[i].effective_at};
    *ret_list = list;
    return OK;
}

static enum err legal_page_read(struct db *db, struct arena *arena, void *argument, struct fault *fault)
{
    struct legal_asked *asked = argument;
    struct legal_text current = {0};
    enum err err = legal_text_current(db, arena, asked->kind, asked->lang, asked->at, &current, fault);
    bool has_current = err == OK;
    if (err == ERR_NOT_FOUND && !str_empty(asked->version))
        err = OK; /* nothing is in force yet, but a version that was asked for may be announced */
    asked->page.text = current;
    if (err == OK && !str_empty(asked->version))
        err = legal_text_of_version(db, arena, asked->kind, asked->lang, asked->version, &asked->page.text, fault);
    if (err != OK)
        return err;
    asked->page.in_force = has_current && str_eq(asked->page.text.version, current.version);
    return legal_versions(db, arena, asked, &asked->page.versions, fault);
}

enum err legal_page_load(struct service *service, struct arena *arena, enum legal_kind kind, enum lang lang,
                         struct str version, instant at, struct legal_page *ret_page, struct fault *fault)
{
    struct legal_asked asked = {.kind = kind, .lang = lang, .version = version, .at = at};
    enum err err = service_read(service, arena, legal_page_read, &asked, fault);
    if (err == OK)
        *ret_page = asked.page;
    return err;
}
