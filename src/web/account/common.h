/* What the pages of accounts share: words of refusals, titles, ways back, the fields of an organisation. */
#ifndef GUICHET_WEB_ACCOUNT_COMMON_H
#define GUICHET_WEB_ACCOUNT_COMMON_H

#include "domain/checks.h"
#include "web/account/views.h"
#include "web/app.h"

/* The message of a refusal; MSG_none for ACCOUNT_REFUSED_NOT. */
enum msg account_refusal_message(enum account_refusal refusal);

/* Puts a refusal beside the field that it is about, or above the form when it has no such field. */
void account_refuse(struct form *form, enum account_refusal refusal);

/* The page's title: «Erreur : Se connecter» when the form was refused, so that a screen reader says so first. */
void account_title(struct page *page, enum msg title, const struct form *form);

/* «validation» or nothing: the page that waits for what is made here, from the query or the form. */
struct str account_back(const struct page *page);
/* Where to go after something was made or changed in the list at `path`: the waiting page, else the list. */
void account_go_back(struct page *page, const char *path);

/* «Firefox, Linux» from what a browser says of itself; a reader knows their devices by that. In the arena. */
struct str device_name(const struct page *page, struct str agent);

/* «+33 1 99 00 24 10» from «+33199002410», «732 829 320 00074» from a SIRET; anything else as it is. In the arena. */
struct str phone_shown(struct arena *arena, struct str phone);
struct str siret_shown(struct arena *arena, struct str siret);

/* «kind» and «country» of an organisation are lists made in the reader's language: before form_blank and form_read. */
void organisation_prepare(const struct page *page, struct organisation_inputs *inputs);
struct str organisation_kind_name(const struct page *page, struct str kind);
struct organisation_fields organisation_typed(const struct organisation_inputs *inputs);
void organisation_fill(struct organisation_inputs *inputs, const struct organisation_fields *fields);
/* A French SIRET with its check digits; a second look beside the form's own, so that all mistakes show at once. */
bool organisation_check(struct page *page, struct form *form, struct organisation_inputs *inputs);
#define ORGANISATION_FIELDS(T)                                                                                       \
    F_TEXT(T, organisation.name, "organisation", MSG_account_organisation_name, .required = true, .max = 200,        \
           .autocomplete = "organization"),                                                                          \
    F_CHOICE(T, organisation.kind, "activite", MSG_account_organisation_kind, .required = true),                     \
    F_CHOICE(T, organisation.country, "pays", MSG_account_country, .required = true, .autocomplete = "country"),     \
    F_TEXT(T, organisation.registration, "numero", MSG_account_registration, .required = true, .max = 40,            \
           .hint = MSG_account_registration_hint),                                                                   \
    F_TEXT(T, organisation.vat_number, "tva", MSG_account_vat_number, .max = 40,                                     \
           .hint = MSG_account_vat_number_hint),                                                                     \
    F_TEXT(T, organisation.address, "adresse", MSG_account_address, .required = true, .max = 300,                    \
           .autocomplete = "street-address"),                                                                        \
    F_TEXT(T, organisation.postcode, "codepostal", MSG_account_postcode, .required = true, .max = 40,                \
           .autocomplete = "postal-code"),                                                                           \
    F_TEXT(T, organisation.city, "ville", MSG_account_city, .required = true, .max = 120,                            \
           .autocomplete = "address-level2")

/* Names are at most 120 characters (account_parts.c). */
#define F_LAST_NAME(T, ...)                                                                                          \
    F_TEXT(T, last_name, "nom", MSG_account_last_name, .required = true, .max = 120, __VA_ARGS__)
#define F_FIRST_NAME(T, ...)                                                                                         \
    F_TEXT(T, first_name, "prenom", MSG_account_first_name, .required = true, .max = 120, __VA_ARGS__)

/* The roles that an organisation's people, or the operator's, can have, each with what it may do. */
struct possibilities organisation_role_possibilities(const struct page *page);
struct possibilities staff_role_possibilities(const struct page *page);

/* The languages in which mails are written; the index is enum lang. */
extern const struct choice lang_choices[LANG_COUNT];

#endif
