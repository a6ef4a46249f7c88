/* The handlers of closures, for the table in pages.c. */
#ifndef GUICHET_WEB_CLOSURE_PAGES_H
#define GUICHET_WEB_CLOSURE_PAGES_H

#include "web/app.h"

/* The desk (OPS-4). */
void closure_list_page(struct page *page);
void closure_new_page(struct page *page);
void closure_sent(struct page *page);
void closure_page(struct page *page);
void closure_reopen_sent(struct page *page);

/* The customer's choice (ORD-4). */
void choices_page(struct page *page);
void choice_page(struct page *page);
void choice_slot_sent(struct page *page);
void choice_refund_sent(struct page *page);

#endif
