/* The network's settings, legal texts and VAT regimes: pages of the administrator. */
#include "templates.h"
#include "web/monument/common.h"

#define SETTINGS "/service/reglages"
#define TEXTS "/service/textes"

/* ---- settings ---- */

static struct str setting_label(const struct page *page, struct str key)
{
    enum msg label;
    if (msg_find(str_join2(page->arena, S("setting."), key), &label))
        return msg_text(page->arena, page->lang, label);
    return key;
}

/* Settings stand together by the first part of their keys. */
static const struct {
    const char *prefix;
    enum msg group;
} groups[] = {
    {"network.", MSG_net_group_network},    {"zone", MSG_net_group_network},        {"public_shop", MSG_net_group_network},
    {"seller.", MSG_net_group_seller},      {"contact.", MSG_net_group_contact},    {"mail.", MSG_net_group_contact},
    {"cart.", MSG_net_group_sales},         {"payment.", MSG_net_group_sales},      {"option.", MSG_net_group_options},
    {"sales.", MSG_net_group_sales},        {"leader.", MSG_net_group_sales},       {"group_tariff.", MSG_net_group_sales},
    {"ticket.", MSG_net_group_sales},       {"pass.", MSG_net_group_sales},         {"transfer.", MSG_net_group_transfers},
    {"request.", MSG_net_group_requests},   {"gate.", MSG_net_group_gate},          {"change.", MSG_net_group_after},
    {"closure.", MSG_net_group_after},      {"session.", MSG_net_group_security},   {"link.", MSG_net_group_security},
};

static enum msg group_of(struct str key)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (str_starts(key, str_of(groups[i].prefix)))
            return groups[i].group;
    return MSG_net_group_other;
}

static bool read_settings(struct page *page, struct network_settings *ret_settings)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = network_settings_read(page_service(page), page->arena, &caller, ret_settings, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

void net_page(struct page *page)
{
    static const enum msg order[] = {MSG_net_group_network, MSG_net_group_seller,  MSG_net_group_contact,
                                     MSG_net_group_sales,   MSG_net_group_options, MSG_net_group_transfers,
                                     MSG_net_group_after,   MSG_net_group_requests, MSG_net_group_gate,
                                     MSG_net_group_security, MSG_net_group_other};
    struct network_settings settings = {.n = 0};
    if (!read_settings(page, &settings))
        return;
    struct net_view view = {.lines = {ARENA_ARRAY(page->arena, settings.n + 1, struct net_line), 0}};
    for (size_t g = 0; g < sizeof order / sizeof *order; g++) {
        bool first = true;
        for (size_t i = 0; i < settings.n; i++) {
            const struct network_setting *setting = &settings.p[i];
            struct str key = str_of(setting->info.key);
            if (group_of(key) != order[g])
                continue;
            view.lines.p[view.lines.n++] =
                (struct net_line){.key = key, .label = setting_label(page, key), .value = setting->value,
                                  .changed = setting->changed, .heading = first, .group = order[g]};
            first = false;
        }
    }
    page->nav = S("service-reglages");
    account_title(page, MSG_net_title, NULL);
    tpl_monument_settings(page_out(page), page, &view);
}

static const struct field_spec VALUE[] = {
    F_TEXT(struct net_form, value, "valeur", MSG_net_value, .max = 400),
};

/* The setting of the address. false: the page has ended. */
static bool find_setting(struct page *page, struct net_edit_view *view, struct str *ret_value)
{
    struct network_settings settings = {.n = 0};
    struct str key = page_capture(page, "cle");
    if (!read_settings(page, &settings))
        return false;
    for (size_t i = 0; i < settings.n; i++) {
        const struct network_setting *setting = &settings.p[i];
        if (!str_eq(str_of(setting->info.key), key))
            continue;
        view->key = str_of(setting->info.key);
        view->label = setting_label(page, view->key);
        view->fallback = str_of(setting->info.default_value);
        view->least = setting->info.least;
        view->most = setting->info.most;
        view->number = setting->info.is_number;
        view->changed = setting->changed;
        *ret_value = setting->value;
        return true;
    }
    page_error(page, 404);
    return false;
}

static void show_setting(struct page *page, struct net_edit_view *view)
{
    page->nav = S("service-reglages");
    page->title = view->label;
    if (view->form.head.error_count > 0)
        page->title = msg_text(page->arena, page->lang, MSG_account_error_title, ARG("title", page->title));
    tpl_monument_setting(page_out(page), page, view);
}

void net_edit_page(struct page *page)
{
    struct net_edit_view view = {.number = false};
    struct str value;
    if (!find_setting(page, &view, &value))
        return;
    form_blank(page->arena, FORM(VALUE, view.form));
    field_set_text(&view.form.value, value);
    show_setting(page, &view);
}

static enum msg fault_message(enum network_fault wrong)
{
    switch (wrong) {
    case NETWORK_EMPTY: return MSG_form_required;
    case NETWORK_EMAIL: return MSG_form_email;
    case NETWORK_SIREN: return MSG_net_wrong_siren;
    case NETWORK_SIRET: return MSG_net_wrong_siret;
    case NETWORK_VAT_NUMBER: return MSG_net_wrong_vat_number;
    case NETWORK_IBAN: return MSG_net_wrong_iban;
    case NETWORK_BIC: return MSG_net_wrong_bic;
    case NETWORK_COUNTRY: return MSG_net_wrong_country;
    case NETWORK_URL: return MSG_net_wrong_url;
    default: return MSG_net_wrong_type;
    }
}

void net_edit_sent(struct page *page)
{
    struct net_edit_view view = {.number = false};
    struct staff_caller caller = page_staff_caller(page);
    enum network_fault wrong = NETWORK_GOOD;
    struct fault fault = {.err = OK};
    struct str value;
    if (!find_setting(page, &view, &value))
        return;
    if (form_read(page->arena, page->request->form, FORM(VALUE, view.form))) {
        enum err err = network_setting_put(page_service(page), page->arena, &caller, view.key, view.form.value.v,
                                           &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == NETWORK_GOOD) {
            page_flash(page, FLASH_SUCCESS, MSG_net_kept);
            page_redirect(page, page_url(page, SETTINGS));
            return;
        }
        form_refuse(&view.form.head, &view.form.value.f, fault_message(wrong));
    }
    page->response->status = 422;
    show_setting(page, &view);
}

void net_reset(struct page *page)
{
    struct net_edit_view view = {.number = false};
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    struct str value;
    if (!find_setting(page, &view, &value))
        return;
    enum err err = network_setting_reset(page_service(page), page->arena, &caller, view.key, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    page_flash(page, FLASH_SUCCESS, MSG_net_kept);
    page_redirect(page, page_url(page, SETTINGS));
}

/* ---- legal texts ---- */

static const enum msg kind_names[] = {[LEGAL_TERMS] = MSG_net_terms, [LEGAL_PRIVACY] = MSG_net_privacy,
                                      [LEGAL_ACCESSIBILITY] = MSG_net_accessibility};
static const char *const kind_paths[] = {[LEGAL_TERMS] = "/cgv", [LEGAL_PRIVACY] = "/confidentialite",
                                         [LEGAL_ACCESSIBILITY] = "/accessibilite"};

static struct safe_url text_url(const struct page *page, const struct network_text *text, const char *lang)
{
    return safe_url_of_path(str_format(page->arena, "/%s%s?version=%.*s", lang, kind_paths[text->kind],
                                       STR_ARG(text->version)));
}

void text_list_page(struct page *page)
{
    struct staff_caller caller = page_staff_caller(page);
    struct network_texts texts = {.n = 0};
    struct fault fault = {.err = OK};
    enum err err = network_texts_read(page_service(page), page->arena, &caller, &texts, &fault);
    if (err != OK) {
        page_fail(page, err, &fault);
        return;
    }
    struct text_list_view view = {.lines = {ARENA_ARRAY(page->arena, texts.n + 1, struct text_line), texts.n}};
    for (size_t i = 0; i < texts.n; i++)
        view.lines.p[i] = (struct text_line){&texts.p[i], kind_names[texts.p[i].kind],
                                             text_url(page, &texts.p[i], "fr"), text_url(page, &texts.p[i], "en")};
    page->nav = S("service-reglages");
    account_title(page, MSG_net_texts, NULL);
    tpl_monument_texts(page_out(page), page, &view);
}

static const struct choice kinds[] = {
    {"terms", MSG_net_terms}, {"privacy", MSG_net_privacy}, {"accessibility", MSG_net_accessibility}};

static const struct field_spec TEXT[] = {
    F_CHOICE(struct text_form, kind, "texte", MSG_net_text_kind, .required = true, CHOICES(kinds)),
    F_TEXT(struct text_form, version, "version", MSG_net_text_version, .required = true, .max = NETWORK_VERSION_MOST,
           .hint = MSG_net_text_version_hint),
    F_DAY(struct text_form, from, "du", MSG_net_text_from, .required = true, .hint = MSG_net_text_from_hint),
    F_LONG_TEXT(struct text_form, body_fr, "corps_fr", MSG_net_text_fr, .required = true, .max = NETWORK_BODY_MOST,
                .hint = MSG_net_text_body_hint),
    F_LONG_TEXT(struct text_form, body_en, "corps_en", MSG_net_text_en, .required = true, .max = NETWORK_BODY_MOST),
};

static void show_text(struct page *page, struct text_view *view)
{
    page->nav = S("service-reglages");
    account_title(page, MSG_net_text_new, &view->form.head);
    tpl_monument_text_new(page_out(page), page, view);
}

/* The version in force, to start from. */
static struct str body_now(struct page *page, enum legal_kind kind, enum lang lang)
{
    struct legal_text text = {.body = {NULL, 0}};
    (void)legal_text_load(page_service(page), page->arena, kind, lang, page->now, &text, NULL);
    return text.body;
}

void text_new_page(struct page *page)
{
    struct text_view view = {.form = {.kind = {.v = 0}}};
    enum legal_kind kind = LEGAL_TERMS;
    if (!page_staff_need(page, TASK_SETTINGS))
        return;
    (void)legal_kind_parse(page_query(page, "texte"), &kind);
    form_blank(page->arena, FORM(TEXT, view.form));
    field_set_choice(&view.form.kind, legal_kind_name(kind));
    field_set_text(&view.form.body_fr, body_now(page, kind, LANG_FR));
    field_set_text(&view.form.body_en, body_now(page, kind, LANG_EN));
    show_text(page, &view);
}

static void refuse_text(struct text_form *form, enum network_fault wrong)
{
    switch (wrong) {
    case NETWORK_VERSION: form_refuse(&form->head, &form->version.f, MSG_net_wrong_version); break;
    case NETWORK_VERSION_TAKEN: form_refuse(&form->head, &form->version.f, MSG_net_version_taken); break;
    case NETWORK_BODY_FR: form_refuse_n(&form->head, &form->body_fr.f, MSG_form_too_long, NETWORK_BODY_MOST); break;
    case NETWORK_BODY_EN: form_refuse_n(&form->head, &form->body_en.f, MSG_form_too_long, NETWORK_BODY_MOST); break;
    default: form_refuse(&form->head, &form->from.f, MSG_net_wrong_date); break;
    }
}

void text_new_sent(struct page *page)
{
    struct text_view view = {.form = {.kind = {.v = 0}}};
    struct staff_caller caller = page_staff_caller(page);
    enum network_fault wrong = NETWORK_GOOD;
    struct fault fault = {.err = OK};
    if (!page_staff_need(page, TASK_SETTINGS))
        return;
    if (form_read(page->arena, page->request->form, FORM(TEXT, view.form))) {
        struct text_form *form = &view.form;
        struct network_text_new text = {.kind = (enum legal_kind)form->kind.v, .version = form->version.v,
                                        .body_fr = form->body_fr.v, .body_en = form->body_en.v,
                                        .effective = form->from.v};
        enum err err = network_text_add(page_service(page), page->arena, &caller, &text, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == NETWORK_GOOD) {
            page_flash(page, FLASH_SUCCESS, MSG_net_text_added);
            page_redirect(page, page_url(page, TEXTS));
            return;
        }
        refuse_text(form, wrong);
    }
    page->response->status = 422;
    show_text(page, &view);
}

/* ---- VAT regimes ---- */

static const struct choice vat_kinds[] = {
    {"taxed", MSG_net_vat_taxed}, {"exempt", MSG_net_vat_exempt}, {"outside", MSG_net_vat_outside}};
enum { VAT_TAXED };

static const struct field_spec VAT[] = {
    F_TEXT(struct vat_form, code, "code", MSG_net_vat_code, .required = true, .max = NETWORK_VERSION_MOST,
           .hint = MSG_net_vat_code_hint),
    F_CHOICE(struct vat_form, kind, "regime", MSG_net_vat_kind, .required = true, .radio = true, CHOICES(vat_kinds)),
    F_TEXT(struct vat_form, rate, "taux", MSG_net_vat_rate, .max = 6, .hint = MSG_net_vat_rate_hint),
    F_TEXT(struct vat_form, mention_fr, "mention_fr", MSG_net_vat_mention_fr, .max = 300,
           .hint = MSG_net_vat_mention_hint),
    F_TEXT(struct vat_form, mention_en, "mention_en", MSG_net_vat_mention_en, .max = 300),
};

static bool read_regimes(struct page *page, struct vat_choices *ret_regimes)
{
    struct staff_caller caller = page_staff_caller(page);
    struct fault fault = {.err = OK};
    enum err err = network_vat_list(page_service(page), page->arena, &caller, ret_regimes, &fault);
    if (err != OK)
        page_fail(page, err, &fault);
    return err == OK;
}

static void show_vat(struct page *page, struct vat_view *view)
{
    page->nav = S("service-reglages");
    account_title(page, MSG_net_vat, &view->form.head);
    tpl_monument_vat(page_out(page), page, view);
}

void vat_page(struct page *page)
{
    struct vat_view view = {.regimes = {NULL, 0}};
    if (!read_regimes(page, &view.regimes))
        return;
    form_blank(page->arena, FORM(VAT, view.form));
    show_vat(page, &view);
}

/* «10», «5,5», «20.00» percent to basis points. */
static int rate_typed(struct str text)
{
    struct str rest = str_trim(text);
    struct str whole = str_cut(&rest, str_find(rest, ',', 0) == SIZE_MAX ? '.' : ',');
    int64_t percent = 0, part = 0;
    if (!str_int(whole, &percent) || percent < 0 || percent > 100 || rest.n > 2 ||
        (rest.n > 0 && (!str_int(rest, &part) || part < 0)))
        return -1;
    return (int)(percent * 100 + (rest.n == 1 ? part * 10 : part));
}

void vat_sent(struct page *page)
{
    struct vat_view view = {.regimes = {NULL, 0}};
    struct staff_caller caller = page_staff_caller(page);
    enum network_fault wrong = NETWORK_GOOD;
    struct fault fault = {.err = OK};
    if (!read_regimes(page, &view.regimes))
        return;
    if (form_read(page->arena, page->request->form, FORM(VAT, view.form))) {
        struct vat_form *form = &view.form;
        bool taxed = form->kind.v == VAT_TAXED;
        struct network_vat vat = {.code = form->code.v, .mention_fr = form->mention_fr.v,
                                  .mention_en = form->mention_en.v, .exempt = str_eq(form->kind.value, S("exempt")),
                                  .rate_bp = taxed ? rate_typed(form->rate.v) : 0};
        enum err err = OK;
        if (taxed && vat.rate_bp <= 0)
            wrong = NETWORK_RATE;
        else
            err = network_vat_add(page_service(page), page->arena, &caller, &vat, &wrong, &fault);
        if (err != OK) {
            page_fail(page, err, &fault);
            return;
        }
        if (wrong == NETWORK_GOOD) {
            page_flash(page, FLASH_SUCCESS, MSG_net_vat_added);
            page_redirect(page, page_url(page, "/service/tva"));
            return;
        }
        form_refuse(&form->head,
                    wrong == NETWORK_RATE      ? &form->rate.f
                    : wrong == NETWORK_MENTION ? &form->mention_fr.f
                                               : &form->code.f,
                    wrong == NETWORK_RATE      ? MSG_net_wrong_rate
                    : wrong == NETWORK_MENTION ? MSG_net_wrong_mention
                                               : MSG_net_wrong_code);
    }
    page->response->status = 422;
    show_vat(page, &view);
}
