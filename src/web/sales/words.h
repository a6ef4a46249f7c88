/* How the pages of this area say what a visit is, when it is and what it costs. */
#ifndef GUICHET_WEB_SALES_WORDS_H
#define GUICHET_WEB_SALES_WORDS_H

#include "domain/slot_state.h"
#include "service/checkout.h"
#include "service/order.h"
#include "service/place.h"
#include "web/app.h"
#include "web/sales/views.h"

/* «jeudi 18 mars 2027 à 9:30», the day alone for `dated`; «billets non datés, valables 3 ans» for `undated`. */
struct str visit_when(const struct page *page, struct str kind, instant start_at, int64_t validity_years);

/* The same at the head of a line, with a capital. */
struct str visit_when_head(const struct page *page, struct str kind, instant start_at, int64_t validity_years);

/* A visit of the cart; `part` is filled when more of its large group lie in the same cart. */
struct sale_visit sale_visit_of_cart(const struct page *page, const struct settings *settings, const struct cart *cart,
                                     size_t index);
struct sale_visit sale_visit_of_order(const struct page *page, const struct settings *settings,
                                      const struct order_view *order, size_t index);

/* The lines of a price, each with its why. */
struct sale_lines sale_lines_of_price(const struct page *page, const struct settings *settings,
                                      const struct price *price);

/* «8 places libres», or why the slot cannot be taken. */
struct str slot_state_words(const struct page *page, enum slot_state state, int left);

/* A refusal of places in words, with the numbers that help. */
struct str place_refusal_words(const struct page *page, const struct place_result *result);

/* The id of {id} or {visit} in the address; false when it is no number, and the page has ended with 404. */
bool captured_id(struct page *page, const char *name, int64_t *ret_id);
/* The order's reference of the address in its stored form. False when it is none: the page has ended with 404. */
bool captured_reference(struct page *page, struct str *ret_ref);

/* The cart of the reader, or the page has ended. */
bool read_cart(struct page *page, struct cart *ret_cart);


/* Customer service, acting for a customer, never pays in the customer's name: mails the buyer the way to the payment and
 * goes to the order's page (OPS-1). */
void order_mail_link(struct page *page, struct str ref, struct str key);

#endif
