/* Words, titles and fields of the pages of accounts; see common.h. */
#include "web/account/common.h"

#include "web/account/countries.h"

enum { LONGEST_WORD = 60 };

enum msg account_refusal_message(enum account_refusal refusal)
{
    static const enum msg messages[ACCOUNT_REFUSALS] = {
        [ACCOUNT_REFUSED_NOT] = MSG_none,
        [ACCOUNT_ORGANISATION_NAME] = MSG_account_refusal_organisation_name,
        [ACCOUNT_ORGANISATION_KIND] = MSG_account_refusal_organisation_kind,
        [ACCOUNT_COUNTRY] = MSG_account_refusal_country,
        [ACCOUNT_REGISTRATION] = MSG_account_refusal_registration,
        [ACCOUNT_VAT_NUMBER] = MSG_account_refusal_vat_number,
        [ACCOUNT_ADDRESS] = MSG_account_refusal_address,
        [ACCOUNT_POSTCODE] = MSG_account_refusal_postcode,
        [ACCOUNT_CITY] = MSG_account_refusal_city,
        [ACCOUNT_FIRST_NAME] = MSG_account_refusal_first_name,
        [ACCOUNT_LAST_NAME] = MSG_account_refusal_last_name,
        [ACCOUNT_EMAIL] = MSG_form_email,
        [ACCOUNT_EMAIL_PUBLIC] = MSG_account_refusal_email_public,
        [ACCOUNT_EMAIL_TAKEN] = MSG_account_refusal_email_taken,
        [ACCOUNT_PHONE] = MSG_form_phone,
        [ACCOUNT_PERSON_KIND] = MSG_form_choice,
        [ACCOUNT_PASSWORD_SHORT] = MSG_account_refusal_password_short,
        [ACCOUNT_PASSWORD_LONG] = MSG_account_refusal_password_long,
        [ACCOUNT_PASSWORD_IS_EMAIL] = MSG_account_refusal_password_is_email,
        [ACCOUNT_PASSWORD_NOT_TEXT] = MSG_account_refusal_password_not_text,
        [ACCOUNT_PASSWORD_WRONG] = MSG_account_refusal_password_wrong,
        [ACCOUNT_SIGN_IN_WRONG] = MSG_account_refusal_sign_in_wrong,
        [ACCOUNT_UNVERIFIED] = MSG_account_refusal_unverified,
        [ACCOUNT_LINK_UNKNOWN] = MSG_account_refusal_link_unknown,
        [ACCOUNT_LINK_EXPIRED] = MSG_account_refusal_link_expired,
        [ACCOUNT_LINK_USED] = MSG_account_refusal_link_used,
        [ACCOUNT_LIST_FULL] = MSG_account_refusal_list_full,
        [ACCOUNT_PLACEHOLDER] = MSG_account_refusal_placeholder,
        [ACCOUNT_SECOND_FACTOR] = MSG_account_refusal_second_factor,
        [ACCOUNT_CODE_WRONG] = MSG_account_refusal_code_wrong,
        [ACCOUNT_CODE_USED] = MSG_account_refusal_code_used,
        [ACCOUNT_CODE_WAIT] = MSG_account_refusal_code_wait,
        [ACCOUNT_STEP_ENDED] = MSG_account_refusal_step_ended,
        [ACCOUNT_FACTOR_ON] = MSG_account_refusal_factor_on,
        [ACCOUNT_ROLE] = MSG_account_refusal_role,
        [ACCOUNT_LAST_MANAGER] = MSG_account_refusal_last_manager,
        [ACCOUNT_OFTEN] = MSG_account_refusal_often,
        [ACCOUNT_MONUMENTS] = MSG_account_refusal_monuments,
        [ACCOUNT_LAST_ADMINISTRATOR] = MSG_account_refusal_last_administrator,
        [ACCOUNT_CARD] = MSG_account_refusal_card,
    };
    return messages[refusal];
}

/* The services' words for fields, and the names of the parameters of our forms. */
static const struct {
    const char *word, *parameter;
} parameters[] = {
    {"organisation", "organisation"}, {"kind", "activite"},     {"kind", "fonction"},  {"country", "pays"},
    {"registration", "numero"},       {"vat_number", "tva"},    {"address", "adresse"}, {"postcode", "codepostal"},
    {"city", "ville"},                {"first_name", "prenom"}, {"last_name", "nom"},  {"email", "courriel"},
    {"phone", "telephone"},           {"password", "motdepasse"}, {"old_password", "ancien"},
    {"code", "code"},                 {"role", "role"},         {"monuments", "monuments"},
    {"card", "carte"},
};

static struct field *field_named(struct form *form, struct str word)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        for (size_t k = 0; k < form->fields.n && str_eq(word, str_of(parameters[i].word)); k++)
            if (str_eq(str_of(form->fields.p[k]->spec->name), str_of(parameters[i].parameter)))
                return form->fields.p[k];
    return NULL;
}

void account_refuse(struct form *form, enum account_refusal refusal)
{
    struct field *field = field_named(form, account_refusal_field(refusal));
    if (field != NULL)
        form_refuse(form, field, account_refusal_message(refusal));
    else
        form_refuse_all(form, account_refusal_message(refusal));
}

void account_title(struct page *page, enum msg title, const struct form *form)
{
    page->title = msg_text(page->arena, page->lang, title);
    if (form != NULL && form->error_count > 0)
        page->title = msg_text(page->arena, page->lang, MSG_account_error_title, ARG("title", page->title));
}

/* ---- ways back ---- */

struct str account_back(const struct page *page)
{
    struct pairs sent = page->request->method == HTTP_POST ? page->request->form : page->request->query;
    bool waits = str_eq(pairs_get(sent, S("retour")), S("validation"));
    return waits ? S("validation") : (struct str){NULL, 0};
}

void account_go_back(struct page *page, const char *path)
{
    page_redirect(page, page_url(page, account_back(page).n > 0 ? "/validation" : path));
}

/* ---- devices ---- */

struct named_mark {
    const char *mark, *name;
};

static struct str find_mark(struct str agent, const struct named_mark *marks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(agent, str_of(marks[i].mark)))
            return str_of(marks[i].name);
    return (struct str){NULL, 0};
}

struct str device_name(const struct page *page, struct str agent)
{
    /* The first that fits wins: Edge calls itself Chrome too, and Chrome calls itself Safari. */
    static const struct named_mark browsers[] = {{"Firefox/", "Firefox"}, {"Edg", "Edge"}, {"OPR/", "Opera"},
                                                 {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"}};
    static const struct named_mark systems[] = {{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"},
                                                {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}};
    struct str browser = find_mark(agent, browsers, sizeof browsers / sizeof *browsers);
    struct str system = find_mark(agent, systems, sizeof systems / sizeof *systems);
    if (browser.n == 0)
        browser = msg_text(page->arena, page->lang, MSG_account_unknown_browser);
    return system.n == 0 ? browser
                         : str_format(page->arena, "%.*s, %.*s", STR_ARG(browser), STR_ARG(system));
}

/* ---- numbers as people read them ---- */

/* Groups of the given lengths, a blank between them; a length of 0 ends the list. */
static struct str grouped(struct arena *arena, struct str text, const size_t *lengths)
{
    struct buf out = buf_new(2 * LONGEST_WORD);
    for (size_t at = 0; at < text.n; at += *lengths++) {
        if (*lengths == 0) {
            buf_str(&out, str_sub(text, at, text.n));
            break;
        }
        if (at > 0)
            buf_char(&out, ' ');
        buf_str(&out, str_sub(text, at, *lengths));
    }
    struct str shown = str_dup(arena, buf_view(&out));
    buf_free(&out);
    return shown;
}

struct str phone_shown(struct arena *arena, struct str phone)
{
    static const size_t abroad[] = {3, 1, 2, 2, 2, 2, 0}, at_home[] = {2, 2, 2, 2, 2, 0};
    if (str_starts(phone, S("+33")) && phone.n == 12)
        return grouped(arena, phone, abroad);
    return str_starts(phone, S("0")) && phone.n == 10 ? grouped(arena, phone, at_home) : phone;
}

struct str siret_shown(struct arena *arena, struct str siret)
{
    static const size_t lengths[] = {3, 3, 3, 5, 0};
    return check_siret(siret) ? grouped(arena, siret, lengths) : siret;
}

/* ---- organisations ---- */

const struct choice lang_choices[LANG_COUNT] = {{"fr", MSG_account_lang_fr}, {"en", MSG_account_lang_en}};

/* `works-council` has the message organisation.kind.works_council. */
static enum msg kind_message(struct str kind)
{
    char name[LONGEST_WORD] = "organisation.kind.";
    size_t n = sizeof "organisation.kind." - 1;
    for (size_t i = 0; i < kind.n && n < sizeof name; i++)
        name[n++] = kind.p[i] == '-' ? '_' : kind.p[i];
    enum msg message = MSG_none;
    (void)msg_find((struct str){name, n}, &message);
    return message;
}

struct str organisation_kind_name(const struct page *page, struct str kind)
{
    enum msg message = kind_message(kind);
    return message == MSG_none ? kind : msg_text(page->arena, page->lang, message);
}

void organisation_prepare(const struct page *page, struct organisation_inputs *inputs)
{
    size_t n = organisation_kind_count();
    struct possibilities *kinds = &inputs->kind.f.possible;
    *kinds = (struct possibilities){.p = ARENA_ARRAY(page->arena, n, struct possibility), .n = n};
    for (size_t i = 0; i < n; i++)
        kinds->p[i] = (struct possibility){.value = organisation_kind(i),
                                           .text = organisation_kind_name(page, organisation_kind(i))};
    inputs->country.f.possible = country_possibilities(page->arena, page->lang);
}

struct organisation_fields organisation_typed(const struct organisation_inputs *inputs)
{
    return (struct organisation_fields){.name = inputs->name.v, .kind = inputs->kind.value,
                                        .country = inputs->country.value, .registration = inputs->registration.v,
                                        .vat_number = inputs->vat_number.v, .address = inputs->address.v,
                                        .postcode = inputs->postcode.v, .city = inputs->city.v};
}

void organisation_fill(struct organisation_inputs *inputs, const struct organisation_fields *fields)
{
    field_set_text(&inputs->name, fields->name);
    field_set_choice(&inputs->kind, fields->kind);
    field_set_choice(&inputs->country, fields->country);
    field_set_text(&inputs->registration, fields->registration);
    field_set_text(&inputs->vat_number, fields->vat_number);
    field_set_text(&inputs->address, fields->address);
    field_set_text(&inputs->postcode, fields->postcode);
    field_set_text(&inputs->city, fields->city);
}

bool organisation_check(struct page *page, struct form *form, struct organisation_inputs *inputs)
{
    bool french = str_eq(inputs->country.value, S("FR"));
    if (!french || inputs->registration.v.n == 0 ||
        check_siret(normal_number(page->arena, inputs->registration.v)))
        return true;
    form_refuse(form, &inputs->registration.f, MSG_account_refusal_siret);
    return false;
}
