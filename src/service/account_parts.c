/* Checks and writings that accounts, sessions, leaders and contacts share. */
#include "service/account_parts.h"

#include <stdlib.h>

#include "base/limits.h"
#include "domain/checks.h"
#include "service/audit.h"
#include "service/outbox.h"
#include "service/settings.h"
#include "store/queries.h"

enum { LONGEST_NAME = 120, LONGEST_ORGANISATION = 200, LONGEST_ADDRESS = 300, LONGEST_CODE = 40 };

static const char *const organisation_kinds[] = {
    "tour-operator", "agency",       "coach",   "guide", "works-council", "tourist-office",
    "school",        "after-school", "special", "other",
};

/* Member states of the Union: their VAT numbers have a known shape. */
static const char union_countries[] =
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

size_t organisation_kind_count(void)
{
    return sizeof(organisation_kinds) / sizeof(organisation_kinds[0]);
}

struct str organisation_kind(size_t index)
{
    return index < organisation_kind_count() ? str_of(organisation_kinds[index]) : S("");
}

struct str account_token_hash(struct arena *arena, struct str token)
{
    unsigned char digest[CRYPTO_DIGEST];
    crypto_sha256(token, digest);
    return str_hex(arena, digest, sizeof(digest));
}

/* Characters that end a line or cannot be seen. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

bool account_line(struct str *text, size_t most)
{
    struct str s = str_trim(*text);
    if (s.n == 0 || s.n > most * 4 || !utf8_valid(s))
        return false;
    size_t count = 0;
    for (size_t at = 0; at < s.n; count++)
        if (is_control(utf8_next(s, &at)))
            return false;
    if (count > most)
        return false;
    *text = s;
    return true;
}

enum account_refusal account_reach_check(struct arena *arena, struct account_reach reach)
{
    if (!account_line(reach.last_name, LONGEST_NAME))
        return ACCOUNT_LAST_NAME;
    if (!account_line(reach.first_name, LONGEST_NAME))
        return ACCOUNT_FIRST_NAME;
    if (reach.email) {
        *reach.email = str_trim(*reach.email);
        if (!check_email(*reach.email))
            return ACCOUNT_EMAIL;
    }
    struct str typed = str_trim(*reach.phone);
    if (typed.n == 0 && !reach.phone_needed) {
        *reach.phone = typed;
        return ACCOUNT_REFUSED_NOT;
    }
    struct str phone = typed.n <= LONGEST_CODE ? normal_phone(arena, typed) : S("");
    if (!check_phone(phone))
        return ACCOUNT_PHONE;
    *reach.phone = phone;
    return ACCOUNT_REFUSED_NOT;
}

static bool kind_known(struct str kind)
{
    for (size_t i = 0; i < organisation_kind_count(); i++)
        if (str_eq(organisation_kind(i), kind))
            return true;
    return false;
}

static bool country_normal(struct arena *arena, struct str *country)
{
    if (str_trim(*country).n != 2)
        return false;
    struct str code = normal_number(arena, *country);
    if (code.n != 2 || code.p[0] < 'A' || code.p[0] > 'Z' || code.p[1] < 'A' || code.p[1] > 'Z')
        return false;
    *country = code;
    return true;
}

static bool registration_normal(struct arena *arena, struct str country, struct str *registration)
{
    if (!account_line(registration, LONGEST_CODE))
        return false;
    if (!str_eq(country, S("FR")))
        return true;
    struct str siret = normal_number(arena, *registration);
    if (!check_siret(siret))
        return false;
    *registration = siret;
    return true;
}

/* Outside the Union nobody knows the shape of every country's number, so it is taken as it is. */
static bool vat_number_normal(struct arena *arena, struct str country, struct str *vat_number)
{
    *vat_number = str_trim(*vat_number);
    if (vat_number->n == 0)
        return true;
    if (!account_line(vat_number, LONGEST_CODE))
        return false;
    struct str number = normal_number(arena, *vat_number);
    if (check_vat_number(number)) {
        *vat_number = number;
        return true;
    }
    return !str_has(str_of(union_countries), country);
}

enum account_refusal account_organisation_check(struct arena *arena, struct organisation_fields *fields)
{
    if (!account_line(&fields->name, LONGEST_ORGANISATION))
        return ACCOUNT_ORGANISATION_NAME;
    if (!kind_known(fields->kind))
        return ACCOUNT_ORGANISATION_KIND;
    if (!country_normal(arena, &fields->country))
        return ACCOUNT_COUNTRY;
    if (!registration_normal(arena, fields->country, &fields->registration))
        return ACCOUNT_REGISTRATION;
    if (!vat_number_normal(arena, fields->country, &fields->vat_number))
        return ACCOUNT_VAT_NUMBER;
    if (!account_line(&fields->address, LONGEST_ADDRESS))
        return ACCOUNT_ADDRESS;
    if (!account_line(&fields->postcode, LONGEST_CODE))
        return ACCOUNT_POSTCODE;
    if (!account_line(&fields->city, LONGEST_NAME))
        return ACCOUNT_CITY;
    return ACCOUNT_REFUSED_NOT;
}

enum account_refusal account_password_check(struct str password, struct str email)
{
    switch (check_password(password, email, PASSWORD_MIN)) {
    case PASSWORD_GOOD: return ACCOUNT_REFUSED_NOT;
    case PASSWORD_SHORT: return ACCOUNT_PASSWORD_SHORT;
    case PASSWORD_LONG: return ACCOUNT_PASSWORD_LONG;
    case PASSWORD_IS_EMAIL: return ACCOUNT_PASSWORD_IS_EMAIL;
    case PASSWORD_NOT_TEXT: break;
    }
    return ACCOUNT_PASSWORD_NOT_TEXT;
}

struct sort_item {
    int rank;
    struct str last_name, first_name; /* folded */
    size_t index;
};

static int sort_compare(const void *a, const void *b)
{
    const struct sort_item *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    int order = str_cmp(x->last_name, y->last_name);
    if (order == 0)
        order = str_cmp(x->first_name, y->first_name);
    if (order != 0)
        return order;
    return x->index < y->index ? -1 : x->index > y->index;
}

size_t *account_sorted(struct arena *arena, const struct account_sort_name *names, size_t count)
{
    struct sort_item *items = ARENA_ARRAY(arena, count, struct sort_item);
    size_t *order = ARENA_ARRAY(arena, count, size_t);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct sort_item){.rank = names[i].rank,
                                      .last_name = str_fold(arena, names[i].last_name),
                                      .first_name = str_fold(arena, names[i].first_name),
                                      .index = i};
    if (count > 1)
        qsort(items, count, sizeof(items[0]), sort_compare);
    for (size_t i = 0; i < count; i++)
        order[i] = items[i].index;
    return order;
}

struct str account_link_word(enum account_link_kind kind)
{
    return kind == ACCOUNT_LINK_VERIFY ? S("verify") : S("reset");
}

enum err account_link_send(struct db *db, struct arena *arena, const struct account_link *link, struct fault *fault)
{
    struct settings settings;
    enum err err = settings_read(db, arena, &settings, fault);
    struct link_count_row sent;
    if (err == OK)
        err = q_link_count(db, arena,
                           (struct link_count_in){.person_id = link->person_id,
                                                  .kind = account_link_word(link->kind),
                                                  .since = link->now - 3600},
                           &sent, NULL, fault);
    if (err != OK || sent.n >= ACCOUNT_LINKS_AN_HOUR)
        return err;

    bool verify = link->kind == ACCOUNT_LINK_VERIFY;
    int64_t life = verify ? settings.verify_link_hours * 3600 : settings.reset_link_minutes * 60;
    err = q_link_add(db,
                     (struct link_add_in){.token_hash = account_token_hash(arena, link->token),
                                          .kind = account_link_word(link->kind),
                                          .person_id = link->person_id,
                                          .created_at = link->now,
                                          .expires_at = link->now + life},
                     NULL, fault);
    if (err != OK)
        return err;
    return outbox_add(db, arena,
                      (struct outbox_row){.kind = verify ? S("verify-email") : S("reset-password"),
                                          .organisation_id = link->organisation_id,
                                          .recipient = link->email,
                                          .recipient_name = link->name,
                                          .lang = link->lang,
                                          .detail = link->token,
                                          .now = link->now},
                      fault);
}

enum err account_audit(struct db *db, struct arena *arena, struct caller caller, instant now, struct str act,
                       const char *what, int64_t id, struct fault *fault)
{
    return audit_add(db, arena,
                     (struct audit_row){.at = now,
                                        .person_id = caller.person_id,
                                        .staff_id = caller.staff_id,
                                        .reason = caller.why,
                                        .organisation_id = caller.organisation_id,
                                        .act = act,
                                        .subject = str_format(arena, "%s %lld", what, (long long)id)},
                     fault);
}
