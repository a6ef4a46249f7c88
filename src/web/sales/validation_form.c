/* What comes with the form of the validation page: choices for each visit, and a contact made on the spot (CRT-2). */
#include "web/sales/validation.h"

#include "web/sales/words.h"

/* ---- Choices ---------------------------------------------------------------------------------------------------- */

static void read_choice(const struct page *page, const char *field, int64_t visit_id, int64_t *id)
{
    struct str name = str_format(page->arena, "%s-%lld", field, (long long)visit_id);
    if (!pairs_has(page->request->form, name))
        return;
    int64_t chosen = 0;
    *id = str_int(pairs_get(page->request->form, name), &chosen) && chosen > 0 ? chosen : 0;
}

void checkout_read_choices(const struct page *page, struct cart *cart)
{
    for (size_t i = 0; i < cart->n; i++) {
        read_choice(page, "accompagnateur", cart->p[i].id, &cart->p[i].leader_id);
        read_choice(page, "contact", cart->p[i].id, &cart->p[i].contact_id);
    }
}

struct visit_choice *checkout_choices(struct page *page, const struct cart *cart)
{
    struct visit_choice *choices = ARENA_ARRAY(page->arena, cart->n + 1, struct visit_choice);
    for (size_t i = 0; i < cart->n; i++)
        choices[i] = (struct visit_choice){cart->p[i].id, cart->p[i].leader_id, cart->p[i].contact_id};
    return choices;
}

struct str checkout_shown(const struct page *page, const struct cart *cart)
{
    struct buf out = buf_new(4096);
    for (size_t i = 0; i < cart->n; i++) {
        buf_int(&out, cart->p[i].id);
        buf_char(&out, '.');
    }
    buf_int(&out, cart->total.v);
    struct str shown = str_dup(page->arena, buf_view(&out));
    buf_free(&out);
    return shown;
}

/* ---- A contact on the spot -------------------------------------------------------------------------------------- */

static const struct choice KINDS[] = {
    {"customer", MSG_checkout_contact_customer},
    {"colleague", MSG_checkout_contact_colleague},
    {"guide", MSG_checkout_contact_guide},
};
static const struct choice LANGS[] = {
    {"fr", MSG_checkout_contact_french},
    {"en", MSG_checkout_contact_english},
};

/* Not `required`: the form around them can be sent without a contact. Whoever creates one is asked for them. */
static const struct field_spec CONTACT[] = {
    F_TEXT(struct new_contact_form, last_name, "nouveau-nom", MSG_checkout_contact_last_name),
    F_TEXT(struct new_contact_form, first_name, "nouveau-prenom", MSG_checkout_contact_first_name),
    F_EMAIL(struct new_contact_form, email, "nouveau-courriel", MSG_checkout_contact_email,
            .hint = MSG_checkout_contact_email_hint),
    F_CHOICE(struct new_contact_form, kind, "nouveau-type", MSG_checkout_contact_kind, CHOICES(KINDS)),
    F_CHOICE(struct new_contact_form, lang, "nouveau-langue", MSG_checkout_contact_lang, CHOICES(LANGS)),
    F_CHOICE(struct new_contact_form, visit, "nouveau-pour", MSG_checkout_contact_for),
};

/* Which visit gets the contact: all, or one of them. */
static void set_visits(struct page *page, const struct cart *cart, struct new_contact_form *form)
{
    struct possibility *p = ARENA_ARRAY(page->arena, cart->n + 1, struct possibility);
    size_t n = 0;
    p[n++] = (struct possibility){.value = S("0"), .label = MSG_checkout_contact_for_all};
    for (size_t i = 0; i < cart->n; i++) {
        struct str when = visit_when(page, cart->p[i].kind, cart->p[i].start_at, 0);
        struct str name = cart->p[i].monument_name;
        p[n++] = (struct possibility){
            .value = str_format(page->arena, "%lld", (long long)cart->p[i].id),
            .text = cart->p[i].has_start ? str_format(page->arena, "%.*s, %.*s", STR_ARG(name), STR_ARG(when)) : name};
    }
    form->visit.f.possible = (struct possibilities){p, n};
}

void new_contact_blank(struct page *page, const struct cart *cart, struct new_contact_form *ret_form)
{
    *ret_form = (struct new_contact_form){.head = {.error = MSG_none}};
    set_visits(page, cart, ret_form);
    form_blank(page->arena, FORM(CONTACT, *ret_form));
    field_set_choice(&ret_form->kind, S("customer"));
    field_set_choice(&ret_form->lang, lang_code(page->lang));
    field_set_choice(&ret_form->visit, S("0"));
}

bool new_contact_read(struct page *page, const struct cart *cart, struct new_contact_form *ret_form)
{
    *ret_form = (struct new_contact_form){.head = {.error = MSG_none}};
    set_visits(page, cart, ret_form);
    form_read(page->arena, page->request->form, FORM(CONTACT, *ret_form));
    struct text_field *texts[] = {&ret_form->last_name, &ret_form->first_name, &ret_form->email};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!texts[i]->f.given)
            form_refuse(&ret_form->head, &texts[i]->f, MSG_form_required);
    return ret_form->head.error_count == 0;
}

bool new_contact_begun(const struct new_contact_form *form)
{
    return form->last_name.f.given || form->first_name.f.given || form->email.f.given;
}

static void choose_contact(struct cart *cart, int64_t contact_id, struct str visit)
{
    int64_t visit_id = 0;
    (void)str_int(visit, &visit_id);
    for (size_t i = 0; i < cart->n; i++)
        if (visit_id == 0 || cart->p[i].id == visit_id)
            cart->p[i].contact_id = contact_id;
}

bool new_contact_create(struct page *page, struct checkout *checkout, struct new_contact_form *form, bool *ret_failed)
{
    struct contact_fields fields = {.last_name = form->last_name.v, .first_name = form->first_name.v,
                                    .email = form->email.v, .lang = form->lang.v == 1 ? LANG_EN : LANG_FR};
    if (!contact_kind_parse(form->kind.value, &fields.kind))
        fields.kind = CONTACT_CUSTOMER;
    struct contact_answer answer = {.refusal = ACCOUNT_REFUSED_NOT};
    struct fault fault = {.err = OK};
    enum err err = contact_create(page_service(page), page->arena, page_caller(page), fields, &answer, &fault);
    *ret_failed = err != OK;
    if (err != OK) {
        page_fail(page, err, &fault);
        return false;
    }
    switch (answer.refusal) {
    case ACCOUNT_REFUSED_NOT: break;
    case ACCOUNT_EMAIL: form_refuse(&form->head, &form->email.f, MSG_form_email); return false;
    case ACCOUNT_FIRST_NAME: form_refuse(&form->head, &form->first_name.f, MSG_checkout_contact_wrong); return false;
    default: form_refuse(&form->head, &form->last_name.f, MSG_checkout_contact_wrong); return false;
    }
    choose_contact(&checkout->cart, answer.id, form->visit.value);
    *ret_failed = !checkout_load_contacts(page, checkout);
    return !*ret_failed;
}
