/* What the two halves of the validation page share: what it shows, and what came with its form. */
#ifndef GUICHET_WEB_SALES_VALIDATION_H
#define GUICHET_WEB_SALES_VALIDATION_H

#include "service/checkout.h"
#include "service/contact.h"
#include "service/leader.h"
#include "web/app.h"
#include "web/sales/views.h"

/* All that the page is made of; `cart` carries the choices, stored ones first and then those of the form. */
struct checkout {
    const struct settings *settings;
    struct cart cart;
    struct leaders leaders;
    struct contacts contacts;
    struct legal_text terms;
};

/* Reads it all, or the page has ended. */
bool checkout_load(struct page *page, struct checkout *ret_checkout);
/* The list of contacts anew, after one was made. */
bool checkout_load_contacts(struct page *page, struct checkout *checkout);

/* The choices that came with the form go into `cart`; a visit that the form does not know keeps its stored ones. */
void checkout_read_choices(const struct page *page, struct cart *cart);
/* The same as the service takes them; as many as the cart has visits. */
struct visit_choice *checkout_choices(struct page *page, const struct cart *cart);

/* What the buyer looked at: sent with the form, so that a visit put into the cart in another window is not bought
 * unseen. */
struct str checkout_shown(const struct page *page, const struct cart *cart);

/* An empty form for a contact, or what was typed into it: true when it can be created. */
void new_contact_blank(struct page *page, const struct cart *cart, struct new_contact_form *ret_form);
bool new_contact_read(struct page *page, const struct cart *cart, struct new_contact_form *ret_form);
bool new_contact_begun(const struct new_contact_form *form);
/* Creates it and chooses it for the visit that was asked for, or for all. false: the form holds the errors, or, with
 * *ret_failed, the page has ended. */
bool new_contact_create(struct page *page, struct checkout *checkout, struct new_contact_form *form, bool *ret_failed);

#endif
