/* The handlers of this area, for the table in pages.c. */
#ifndef GUICHET_WEB_CUSTOMER_PAGES_H
#define GUICHET_WEB_CUSTOMER_PAGES_H

#include "web/page.h"

/* On behalf of a customer. */
void acting_page(struct page *page);
void acting_sent(struct page *page);
void acting_ended(struct page *page);

/* Notes. */
void note_page(struct page *page);
void note_sent(struct page *page);

/* Options. */
void option_desk_page(struct page *page);
void option_extended(struct page *page);
void option_desk_cancelled(struct page *page);

/* Mails sent again. */
void resend_page(struct page *page);
void resend_sent(struct page *page);

/* Corrections, and a lost second factor. */
void correct_organisation_page(struct page *page);
void correct_organisation_sent(struct page *page);
void correct_person_page(struct page *page);
void correct_person_sent(struct page *page);
void unlock_page(struct page *page);
void unlock_sent(struct page *page);

/* The slots of a day. */
void desk_slots_page(struct page *page);

/* One order. */
void desk_order_page(struct page *page);

#endif
